//! Values as bytes, and the same again from them: what two processes of the program tell each other, and what
//! a long run puts aside.
//!
//! In: a submission, rules, or what was found out about a unit. Out: bytes, and the same again from them. Never
//! here: versions, for both sides are the same program; and trust in an announced length.
//!
//! Why not serde: the model knows no other crate, and names that a million rows share are sent once and are
//! shared again on the other side.

mod results;
mod submission;

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::Arc;

/// How many things are made room for at once on the word of the other side.
const ROOM: usize = 1_024;

/// Where things are told.
pub(super) struct Outgoing<'a, W> {
    to: &'a mut W,
    known: BTreeMap<Arc<str>, u32>,
}

/// From where things are heard.
pub(super) struct Incoming<'a, R> {
    from: &'a mut R,
    known: Vec<Arc<str>>,
}

impl<'a, W: Write> Outgoing<'a, W> {
    /// Tells to a writer.
    pub(super) fn new(to: &'a mut W) -> Self {
        Self { to, known: BTreeMap::new() }
    }
}

impl<'a, R: Read> Incoming<'a, R> {
    /// Hears from a reader.
    pub(super) fn new(from: &'a mut R) -> Self {
        Self { from, known: Vec::new() }
    }
}

/// Something that can be told.
pub(super) trait Wire: Sized {
    /// Tells it.
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()>;
    /// Hears it; an error where what comes is nothing of the kind.
    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self>;
}

fn garbled() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

macro_rules! number {
    ($($number:ty)*) => { $(impl Wire for $number {
        fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
            out.to.write_all(&self.to_le_bytes())
        }

        fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
            let mut bytes = [0; size_of::<Self>()];
            from.from.read_exact(&mut bytes)?;
            Ok(Self::from_le_bytes(bytes))
        }
    })* };
}

/// A struct: its fields one after the other.
macro_rules! fields {
    ($name:ident { $($field:ident),* }) => { impl Wire for $name {
        fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
            $(self.$field.put(out)?;)*
            Ok(())
        }

        fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
            Ok(Self { $($field: Wire::take(from)?),* })
        }
    } };
}

/// One of some values without content: its place among them.
macro_rules! choice {
    ($name:ident { $($value:ident),* }) => { impl Wire for $name {
        fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
            // Each value is named, so that a new one cannot be forgotten.
            match self { $(Self::$value => (),)* }
            place_of(&[$(Self::$value),*], self).put(out)
        }

        fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
            at_place(&[$(Self::$value),*], u8::take(from)?)
        }
    } };
}

use {choice, fields};

fn place_of<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|other| other == one).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn at_place<T: Copy>(all: &[T], at: u8) -> io::Result<T> {
    all.get(usize::from(at)).copied().ok_or_else(garbled)
}

number!(u8 i32 i64);

/// Small numbers take one byte: seven bits each, the lowest first, the last byte below 128.
impl Wire for u64 {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        let (mut bytes, mut length, mut rest) = ([0; 10], 0, *self);
        for byte in &mut bytes {
            length += 1;
            *byte = (rest & 0x7f) as u8 | u8::from(rest > 0x7f) << 7;
            rest >>= 7;
            if rest == 0 {
                break;
            }
        }
        out.to.write_all(bytes.get(..length).unwrap_or(&bytes))
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        let mut number = 0;
        for shift in (0..Self::BITS).step_by(7) {
            let byte = u8::take(from)?;
            let bits = Self::from(byte & 0x7f);
            if bits.leading_zeros() < shift {
                return Err(garbled());
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(garbled())
    }
}

macro_rules! small {
    ($($number:ty)*) => { $(impl Wire for $number {
        fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
            u64::try_from(*self).map_err(|_| garbled())?.put(out)
        }

        fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
            Self::try_from(u64::take(from)?).map_err(|_| garbled())
        }
    })* };
}

small!(u16 u32 usize);

impl Wire for bool {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        u8::from(*self).put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        Ok(u8::take(from)? == 1)
    }
}

impl Wire for String {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.len().put(out)?;
        out.to.write_all(self.as_bytes())
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        let length = usize::take(from)?;
        let mut bytes = vec![0; length.min(ROOM)];
        from.from.read_exact(&mut bytes)?;
        if bytes.len() < length {
            from.from.by_ref().take((length - ROOM) as u64).read_to_end(&mut bytes)?;
        }
        if bytes.len() < length {
            return Err(garbled());
        }
        bytes.shrink_to_fit();
        Self::from_utf8(bytes).map_err(|_| garbled())
    }
}

/// A text that many things share: told once, afterwards by its number.
impl Wire for Arc<str> {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        if let Some(number) = out.known.get(self).copied() {
            return number.put(out);
        }
        let number = u32::try_from(out.known.len() + 1).map_err(|_| garbled())?;
        out.known.insert(Self::clone(self), number);
        0_u32.put(out)?;
        String::from(&**self).put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        let number = usize::try_from(u32::take(from)?).map_err(|_| garbled())?;
        if let Some(at) = number.checked_sub(1) {
            return from.known.get(at).map(Self::clone).ok_or_else(garbled);
        }
        let text: Self = String::take(from)?.into();
        from.known.push(Self::clone(&text));
        Ok(text)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.is_some().put(out)?;
        self.as_ref().map_or(Ok(()), |value| value.put(out))
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        bool::take(from)?.then(|| T::take(from)).transpose()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.len().put(out)?;
        self.iter().try_for_each(|one| one.put(out))
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        let length = usize::take(from)?;
        let mut all = Self::with_capacity(length.min(ROOM));
        for _ in 0..length {
            all.push(T::take(from)?);
        }
        all.shrink_to_fit();
        Ok(all)
    }
}

impl<K: Wire + Ord, V: Wire> Wire for BTreeMap<K, V> {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.len().put(out)?;
        self.iter().try_for_each(|one| one.0.put(out).and_then(|()| one.1.put(out)))
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        (0..usize::take(from)?).map(|_| <(K, V)>::take(from)).collect()
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.0.put(out)?;
        self.1.put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        Ok((A::take(from)?, B::take(from)?))
    }
}
