//! What two processes of the program tell each other, as bytes.
//!
//! In: a submission, or rules. Out: bytes, and the same again from them. Never here: versions, for both sides
//! are the same program; and trust in an announced length.
//!
//! Why not serde: the model knows no other crate, and names that a million rows share are sent once and are
//! shared again on the other side.

use crate::model::{
    Activity, ColumnRule, Date, DateSpan, Excluded, Field, FileError, Finding, HostRole, KindId, Pattern,
    Place, Precision, Reason, RowCounts, Rule, RuleUse, SheetChoice, StatedKind, Submission, TableRule,
    UnitGuess, UnitSource, Wanted, rules,
};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::Arc;

/// How many things are made room for at once on the word of the other side.
const ROOM: usize = 1_024;

/// Where things are told.
pub(super) struct Outgoing<'a> {
    to: &'a mut dyn Write,
    known: BTreeMap<Arc<str>, u32>,
}

/// From where things are heard.
pub(super) struct Incoming<'a> {
    from: &'a mut dyn Read,
    known: Vec<Arc<str>>,
}

impl<'a> Outgoing<'a> {
    /// Tells to a writer.
    pub(super) fn new(to: &'a mut dyn Write) -> Self {
        Self { to, known: BTreeMap::new() }
    }
}

impl<'a> Incoming<'a> {
    /// Hears from a reader.
    pub(super) fn new(from: &'a mut dyn Read) -> Self {
        Self { from, known: Vec::new() }
    }
}

/// Something that can be told.
pub(super) trait Wire: Sized {
    /// Tells it.
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()>;
    /// Hears it; an error where what comes is nothing of the kind.
    fn take(from: &mut Incoming<'_>) -> io::Result<Self>;
}

fn garbled() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

macro_rules! number {
    ($($number:ty)*) => { $(impl Wire for $number {
        fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
            out.to.write_all(&self.to_le_bytes())
        }

        fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
            let mut bytes = [0; size_of::<Self>()];
            from.from.read_exact(&mut bytes)?;
            Ok(Self::from_le_bytes(bytes))
        }
    })* };
}

/// A struct: its fields one after the other.
macro_rules! fields {
    ($name:ident { $($field:ident),* }) => { impl Wire for $name {
        fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
            $(self.$field.put(out)?;)*
            Ok(())
        }

        fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
            Ok(Self { $($field: Wire::take(from)?),* })
        }
    } };
}

/// One of some values without content: its place among them.
macro_rules! choice {
    ($name:ident { $($value:ident),* }) => { impl Wire for $name {
        fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
            // Each value is named, so that a new one cannot be forgotten.
            match self { $(Self::$value => (),)* }
            place_of(&[$(Self::$value),*], self).put(out)
        }

        fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
            at_place(&[$(Self::$value),*], u8::take(from)?)
        }
    } };
}

fn place_of<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|other| other == one).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn at_place<T: Copy>(all: &[T], at: u8) -> io::Result<T> {
    all.get(usize::from(at)).copied().ok_or_else(garbled)
}

number!(u8 u32 i32 u64);
fields!(Submission { file, units, activities, excluded, findings, error, counts, ruled });
fields!(UnitGuess { name, source });
fields!(Activity {
    place,
    ordinal,
    unit,
    date,
    stated,
    kinds,
    title,
    description,
    attended,
    expected,
    minutes,
    host,
    host_role,
    recorder,
    location,
    planned
});
fields!(Place { file, sheet, row, col });
fields!(DateSpan { start, end, precision, valid, raw });
fields!(StatedKind { raw, kind });
fields!(Excluded { place, reason, text });
fields!(Finding { rule, message, place, hint });
fields!(RowCounts { nonblank, activity_rows, excluded });
fields!(RuleUse { line, title, says, sheets, others, unit });
fields!(TableRule { name, line, file, sheet, reading, header, first, last, columns, year, kind, unit });
fields!(ColumnRule { field, word });
choice!(UnitSource { Rule, UnitLine, Title, FileName, Folder });
choice!(Precision { Day, Month, Quarter, Half, None });
choice!(HostRole { Chair, Lecturer });
choice!(FileError { Encrypted, Corrupt, Unsupported, Packed, Empty, HeaderOnly, TooLarge, BrokenOff });
choice!(Reason {
    Title,
    UnitLine,
    Header,
    Section,
    PageLine,
    Total,
    Note,
    Example,
    Placeholder,
    NotHeld,
    HiddenRow,
    HiddenSheet,
    TemplateSheet,
    IndexSheet,
    NotActivity,
    Continuation,
    Stray,
    ByRule,
    NotUnderstood
});

impl Wire for usize {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        u64::try_from(*self).unwrap_or(u64::MAX).put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        Self::try_from(u64::take(from)?).map_err(|_| garbled())
    }
}

impl Wire for bool {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        u8::from(*self).put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        Ok(u8::take(from)? == 1)
    }
}

impl Wire for String {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        self.len().put(out)?;
        out.to.write_all(self.as_bytes())
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        let length = usize::take(from)?;
        let mut bytes = Vec::with_capacity(length.min(ROOM));
        from.from.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(garbled());
        }
        let mut text = Self::from_utf8(bytes).map_err(|_| garbled())?;
        text.shrink_to_fit();
        Ok(text)
    }
}

/// A text that many things share: told once, afterwards by its number.
impl Wire for Arc<str> {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        if let Some(number) = out.known.get(self).copied() {
            return number.put(out);
        }
        let number = u32::try_from(out.known.len() + 1).map_err(|_| garbled())?;
        out.known.insert(Self::clone(self), number);
        0_u32.put(out)?;
        String::from(&**self).put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
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
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        self.is_some().put(out)?;
        self.as_ref().map_or(Ok(()), |value| value.put(out))
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        bool::take(from)?.then(|| T::take(from)).transpose()
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        self.len().put(out)?;
        self.iter().try_for_each(|one| one.put(out))
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
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
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        self.len().put(out)?;
        self.iter().try_for_each(|one| one.0.put(out).and_then(|()| one.1.put(out)))
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        (0..usize::take(from)?).map(|_| <(K, V)>::take(from)).collect()
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        self.0.put(out)?;
        self.1.put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        Ok((A::take(from)?, B::take(from)?))
    }
}

impl Wire for KindId {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        self.0.put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        Wire::take(from).map(Self)
    }
}

impl Wire for Date {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        (self.year(), (self.month(), self.day())).put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        let (year, (month, day)) = Wire::take(from)?;
        Self::new(year, month, day).ok_or_else(garbled)
    }
}

impl Wire for &'static Rule {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        self.code.to_owned().put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        rules::find(&String::take(from)?).ok_or_else(garbled)
    }
}

impl Wire for Pattern {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        self.as_str().to_owned().put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        String::take(from).map(|text| Self::new(&text))
    }
}

impl Wire for SheetChoice {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        match self {
            Self::Named(pattern) => (None, Some(pattern.clone())),
            Self::Nth(number) => (Some(*number), None),
        }
        .put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        match Wire::take(from)? {
            (None, Some(pattern)) => Ok(Self::Named(pattern)),
            (Some(number), None) => Ok(Self::Nth(number)),
            _ => Err(garbled()),
        }
    }
}

/// Rules name only meanings that an office can give to a column.
impl Wire for Field {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        place_of(&Self::MEANINGS, self).put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        at_place(&Self::MEANINGS, u8::take(from)?)
    }
}

impl Wire for Wanted {
    fn put(&self, out: &mut Outgoing<'_>) -> io::Result<()> {
        place_of(&Self::ALL, self).put(out)
    }

    fn take(from: &mut Incoming<'_>) -> io::Result<Self> {
        at_place(&Self::ALL, u8::take(from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reading::read_ruled;
    use super::*;
    use crate::seeds::Catalogue;

    fn told<T: Wire>(value: &T) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.put(&mut Outgoing::new(&mut bytes)).unwrap();
        bytes
    }

    fn heard<T: Wire>(mut bytes: &[u8]) -> io::Result<T> {
        T::take(&mut Incoming::new(&mut bytes))
    }

    #[test]
    fn a_submission_comes_back_as_it_was() {
        let catalogue = Catalogue::builtin().unwrap();
        let text = "填报单位：东山党支部\n时间,类型,主题,应到,实到,主持人\n2023-03-05,支委会,学习党章,5,4,张三\n\
                    3月,党课,讲党课,,12,\n下半年,主题党日,参观,30,,\n2月30日,党员大会,选举,10,10,\n合计,,,,,\n";
        let submission = read_ruled("甲/台账.csv", text.as_bytes(), &[], &catalogue);
        assert!(submission.activities.len() >= 3 && !submission.excluded.is_empty());
        let bytes = told(&submission);
        let again: Submission = heard(&bytes).unwrap();
        assert_eq!(format!("{again:?}"), format!("{submission:?}"));
        assert!(again.activities.iter().all(|own| Arc::ptr_eq(&own.place.file, &again.file)));
        for cut in (0..bytes.len()).step_by(7) {
            assert!(heard::<Submission>(&bytes[..cut]).is_err());
        }
    }

    #[test]
    fn rules_come_back_as_they_were() {
        let column = |field: Field| ColumnRule { field, word: field.word().to_owned() };
        let mut rule = TableRule::new("甲", 7, "甲/*.xlsx");
        rule.columns =
            Field::MEANINGS.into_iter().zip(1..).map(|(field, col)| (col, column(field))).collect();
        rule.year = Some(2023);
        rule.unit = Some(Arc::from("东山党支部"));
        let mut rules = vec![rule.clone()];
        for wanted in Wanted::ALL {
            rules.push(TableRule { reading: Some(wanted), sheet: Some(SheetChoice::Nth(2)), ..rule.clone() });
        }
        rules.push(TableRule { sheet: Some(SheetChoice::Named(Pattern::new("*月"))), ..rule });
        assert_eq!(heard::<Vec<TableRule>>(&told(&rules)).unwrap(), rules);
    }

    #[test]
    fn an_announced_length_takes_no_room() {
        assert!(heard::<String>(&u64::MAX.to_le_bytes()).is_err());
        assert!(heard::<Vec<Activity>>(&u64::MAX.to_le_bytes()).is_err());
    }
}
