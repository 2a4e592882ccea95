//! The records of a workbook stream, and text that runs on through several of them.

use super::super::binary::u16_at;

const CONTINUE: u16 = 0x003c;

/// A record: its kind and its bytes.
pub(super) type Record<'a> = (u16, &'a [u8]);

/// Iterator over the records of a stream.
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// The records from a place in the stream on.
    pub(super) fn at(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// Where the next record begins.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Whether the stream breaks off inside a record.
    pub(super) fn is_cut(&self) -> bool {
        self.at < self.stream.len()
    }

    /// The bytes of a record just given together with those of the records that continue it.
    pub(super) fn continued(&mut self, body: &'a [u8]) -> Pieces<'a> {
        let mut more = Vec::new();
        while let Some((CONTINUE, body)) = self.peek() {
            more.push(body);
            self.at += 4 + body.len();
        }
        Pieces { now: body, more: more.into_iter() }
    }

    fn peek(&self) -> Option<Record<'a>> {
        let kind = u16_at(self.stream, self.at)?;
        let length = usize::from(u16_at(self.stream, self.at + 2)?);
        let body = self.stream.get(self.at + 4..self.at + 4 + length)?;
        Some((kind, body))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let record = self.peek()?;
        self.at += 4 + record.1.len();
        Some(record)
    }
}

/// The bytes of a record and of those that continue it, taken from the front.
pub(super) struct Pieces<'a> {
    now: &'a [u8],
    more: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Pieces<'a> {
    /// The bytes of a single record.
    pub(super) fn of(body: &'a [u8]) -> Self {
        Self { now: body, more: Vec::new().into_iter() }
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.now.is_empty() && self.more.as_slice().iter().all(|piece| piece.is_empty())
    }

    /// The next byte, wherever it lies.
    pub(super) fn byte(&mut self) -> Option<u8> {
        loop {
            if let Some((first, rest)) = self.now.split_first() {
                self.now = rest;
                return Some(*first);
            }
            self.now = self.more.next()?;
        }
    }

    /// The next number of two bytes.
    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// The next number of four bytes.
    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    /// Passes over bytes; `None` where there are fewer.
    pub(super) fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.now.len() {
            count -= self.now.len();
            self.now = self.more.next()?;
        }
        self.now = self.now.get(count..)?;
        Some(())
    }

    /// Up to `count` bytes of this piece.
    pub(super) fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.now.split_at(count.min(self.now.len()));
        self.now = rest;
        taken
    }

    /// Takes `count` letters of UTF-16, of two bytes or with the upper byte left out; a record
    /// that continues the letters says anew which. `None` where there are fewer.
    pub(super) fn letters(&mut self, mut count: usize, mut wide: bool, out: &mut Vec<u16>) -> Option<()> {
        loop {
            let before = out.len();
            if wide {
                out.extend(self.now.chunks_exact(2).take(count).filter_map(|unit| u16_at(unit, 0)));
            } else {
                out.extend(self.now.iter().take(count).map(|byte| u16::from(*byte)));
            }
            let taken = out.len() - before;
            self.now = self.now.get(taken * if wide { 2 } else { 1 }..)?;
            count -= taken;
            if count == 0 {
                return Some(());
            }
            self.now = self.more.next()?;
            wide = self.byte()? & 1 != 0;
        }
    }
}
