//! The cells of one sheet.

use super::super::binary::{error, f64_at, u16_at, u32_at, unpacked};
use super::super::cells::{Cells, Room, serial};
use super::super::{Unreadable, corrupt, limits, too_large};
use super::records::{Pieces, Records};
use super::{BOF, Book, EOF};
use crate::model::{GridValue, Hidden, Merge, Visibility};
use std::sync::Arc;

const FORMULA: u16 = 0x0006;
const FILTERMODE: u16 = 0x009b;
const MULRK: u16 = 0x00bd;
const RSTRING: u16 = 0x00d6;
const MERGECELLS: u16 = 0x00e5;
const LABELSST: u16 = 0x00fd;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOLERR: u16 = 0x0205;
const STRING: u16 = 0x0207;
const ROW: u16 = 0x0208;
const RK: u16 = 0x027e;

/// A sheet while it is read.
pub(super) struct Sheet<'a> {
    pub(super) cells: Cells,
    /// Formulas whose result is not in the file.
    pub(super) formulas: Vec<(u32, u32)>,
    /// Cells whose shared text does not exist.
    pub(super) faults: Vec<(u32, u32)>,
    book: &'a Book,
    room: &'a mut Room,
    hidden: Vec<u32>,
    filtered: bool,
    /// A formula whose text is to come in a record of its own.
    awaiting: Option<(u32, u32)>,
}

/// The sheet that begins at a place of the stream, at most as many bytes of it as are `unread`.
pub(super) fn read<'a>(
    stream: &[u8],
    start: usize,
    book: &'a Book,
    room: &'a mut Room,
    unread: &mut usize,
) -> Result<Sheet<'a>, Unreadable> {
    let mut records = Records::at(stream, start);
    if !matches!(records.next(), Some((BOF, _))) {
        return Err(corrupt("工作表没有开头"));
    }
    let mut sheet = Sheet {
        cells: Cells::new(book.since_1904, Visibility::Visible),
        formulas: Vec::new(),
        faults: Vec::new(),
        book,
        room,
        hidden: Vec::new(),
        filtered: false,
        awaiting: None,
    };
    // A chart inside the sheet has a beginning and an end of its own, and cells that are none.
    let mut depth = 1_u32;
    while depth > 0 {
        if records.place() - start > *unread {
            return Err(corrupt("工作表互相重叠"));
        }
        let Some((kind, body)) = records.next() else {
            if records.is_cut() {
                return Err(corrupt("工作表内容不完整"));
            }
            break;
        };
        match kind {
            BOF => depth += 1,
            EOF => depth -= 1,
            STRING if depth == 1 => {
                let text = book.writing.long(&mut records.continued(body)).unwrap_or_default();
                sheet.text_of_formula(text)?;
            }
            _ if depth == 1 => sheet.take(kind, body)?,
            _ => {}
        }
    }
    *unread = unread.saturating_sub(records.place() - start);
    sheet.finish();
    Ok(sheet)
}

impl Sheet<'_> {
    fn take(&mut self, kind: u16, body: &[u8]) -> Result<(), Unreadable> {
        match kind {
            FORMULA => self.formula(body)?,
            MULRK => self.many(body)?,
            MERGECELLS => self.merges(body)?,
            FILTERMODE => self.filtered = true,
            ROW if u16_at(body, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                self.hidden.extend(u16_at(body, 0).map(|row| u32::from(row) + 1));
            }
            LABELSST | LABEL | RSTRING | NUMBER | RK | BOOLERR => {
                let Some(at) = place(body) else { return Ok(()) };
                if let Some(value) = self.single(kind, body, at) {
                    self.push(at, value)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The value of a record that holds one cell; `None` where it holds none.
    fn single(&mut self, kind: u16, body: &[u8], at: (u32, u32)) -> Option<GridValue> {
        match kind {
            LABELSST => {
                let index = u32_at(body, 6).and_then(|index| usize::try_from(index).ok());
                let text = index.and_then(|index| self.book.texts.get(index));
                self.faults.extend(text.is_none().then_some(at));
                text.map(|text| GridValue::Text(Arc::clone(text)))
            }
            LABEL | RSTRING => body
                .get(6..)
                .and_then(|rest| self.book.writing.long(&mut Pieces::of(rest)))
                .map(|text| GridValue::Text(text.into())),
            NUMBER => f64_at(body, 6).map(|number| self.number(number, look(body))),
            RK => u32_at(body, 6).map(|packed| self.number(unpacked(packed), look(body))),
            BOOLERR => match (body.get(6), body.get(7)) {
                (Some(truth), Some(0)) => Some(GridValue::Bool(*truth != 0)),
                (Some(code), Some(_)) => Some(error(*code)),
                _ => None,
            },
            _ => None,
        }
    }

    fn formula(&mut self, body: &[u8]) -> Result<(), Unreadable> {
        self.formulas.extend(self.awaiting.take());
        let (Some(at), Some(result)) = (place(body), body.get(6..14)) else { return Ok(()) };
        match *result {
            [0, .., 0xff, 0xff] => self.awaiting = Some(at),
            [1, _, truth, .., 0xff, 0xff] => self.push(at, GridValue::Bool(truth != 0))?,
            [2, _, code, .., 0xff, 0xff] => self.push(at, error(code))?,
            // An empty text.
            [3, .., 0xff, 0xff] => {}
            [.., 0xff, 0xff] => self.formulas.push(at),
            _ => {
                if let Some(number) = f64_at(body, 6) {
                    self.push(at, self.number(number, look(body)))?;
                }
            }
        }
        Ok(())
    }

    fn text_of_formula(&mut self, text: String) -> Result<(), Unreadable> {
        match self.awaiting.take() {
            Some(at) => self.push(at, GridValue::Text(text.into())),
            None => Ok(()),
        }
    }

    /// Packed numbers side by side.
    fn many(&mut self, body: &[u8]) -> Result<(), Unreadable> {
        let (Some((row, first)), Some(packed)) = (place(body), body.get(4..body.len().saturating_sub(2)))
        else {
            return Ok(());
        };
        for (col, one) in (first..).zip(packed.chunks_exact(6)) {
            if let (Some(look), Some(number)) = (u16_at(one, 0), u32_at(one, 2)) {
                let value = self.number(unpacked(number), look);
                self.push((row, col), value)?;
            }
        }
        Ok(())
    }

    fn merges(&mut self, body: &[u8]) -> Result<(), Unreadable> {
        let ranges = body.get(2..).unwrap_or_default().chunks_exact(8);
        for range in ranges.take(usize::from(u16_at(body, 0).unwrap_or_default())) {
            let bound = |at: usize| u16_at(range, at).map(|bound| u32::from(bound) + 1);
            if let (Some(top), Some(bottom), Some(left), Some(right)) =
                (bound(0), bound(2), bound(4), bound(6))
            {
                self.cells.merges.push(Merge { top, left, bottom, right });
            }
        }
        if self.cells.merges.len() > limits::MERGES {
            Err(too_large("合并单元格太多"))
        } else {
            Ok(())
        }
    }

    fn number(&self, number: f64, look: u16) -> GridValue {
        if self.book.dates.get(usize::from(look)).copied().unwrap_or_default() {
            serial(number, self.book.since_1904)
        } else {
            GridValue::Number(number)
        }
    }

    fn push(&mut self, at: (u32, u32), value: GridValue) -> Result<(), Unreadable> {
        self.room.take(&value)?;
        self.cells.push(at.0, at.1, value);
        Ok(())
    }

    fn finish(&mut self) {
        self.formulas.extend(self.awaiting.take());
        let reason = if self.filtered { Hidden::ByFilter } else { Hidden::ByHand };
        self.cells.hidden = self.hidden.iter().map(|row| (*row, reason)).collect();
        self.cells.later_holds = true;
    }
}

/// Row and column of a cell, from 1.
fn place(body: &[u8]) -> Option<(u32, u32)> {
    Some((u32::from(u16_at(body, 0)?) + 1, u32::from(u16_at(body, 2)?) + 1))
}

/// The number of a cell's look.
fn look(body: &[u8]) -> u16 {
    u16_at(body, 4).unwrap_or_default()
}
