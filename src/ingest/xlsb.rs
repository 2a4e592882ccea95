//! Binary workbooks of 2007 (BIFF12 records in a package).
//!
//! In: the bytes of a file. Out: the cells that are there, their merges, what is hidden. Never
//! here: formulas, or room for what the file only announces.

use super::binary::{error, f64_at, u16_at, u32_at, unpacked};
use super::cells::{Cells, Room, hidden_rows, note_faults, serial};
use super::package::Package;
use super::{Reading, SHEET_MISSING, Unreadable, corrupt, limits, number_format, too_large};
use crate::model::{Finding, GridValue, Merge, Place, Visibility, rules};
use std::collections::BTreeMap;
use std::sync::Arc;

const ROW: u16 = 0;
const SST_ITEM: u16 = 19;
const FORMAT: u16 = 44;
const LOOK: u16 = 47;
const CELL_RICH: u16 = 62;
const BEGIN_CELLS: u16 = 145;
const END_CELLS: u16 = 146;
const BOOK: u16 = 153;
const SHEET: u16 = 156;
const FILTER: u16 = 161;
const FILTER_COLUMN: u16 = 163;
const MERGE: u16 = 176;
const BEGIN_LOOKS: u16 = 617;
const END_LOOKS: u16 = 618;

/// What the cells of every sheet need.
#[derive(Default)]
struct Book {
    since_1904: bool,
    /// Whether a cell of this look is a date.
    dates: Vec<bool>,
    texts: Vec<Arc<str>>,
}

/// A sheet as the workbook lists it.
struct Listed {
    relation: String,
    name: String,
    visibility: Visibility,
}

/// The grids of a workbook.
pub(super) fn read(file: &Arc<str>, bytes: &[u8], room: &mut Room, findings: &mut Vec<Finding>) -> Reading {
    let mut package = Package::open(bytes, room)?;
    let path = package.find("workbook.bin").ok_or_else(|| corrupt("没有工作簿内容"))?;
    let relations = package.relations(&path);
    let mut part = |path: &str| package.bytes(path).ok_or_else(|| corrupt("工作簿内容不完整"));
    let mut book = Book::default();
    let listed = list(&part(&path)?, &mut book)?;
    let of = |kind: &str| relations.values().find(|relation| relation.is(kind));
    if let Some(styles) = of("styles") {
        book.dates = dates(&part(&styles.path)?);
    }
    if let Some(texts) = of("sharedStrings") {
        book.texts = shared(&part(&texts.path)?, room)?;
    }
    let mut grids = Vec::new();
    for Listed { relation, name, visibility } in listed {
        let place = Place::sheet(Arc::clone(file), name.as_str());
        let mut sheet = Sheet::new(&book, visibility);
        match relations.get(&relation) {
            Some(target) if target.is("worksheet") => sheet.read(&part(&target.path)?, room)?,
            // A chart or a macro sheet holds no cells.
            Some(_) => continue,
            None => findings.push(Finding::at(&rules::SHEET_MISSING, &place, SHEET_MISSING)),
        }
        note_faults(&sheet.faults, &place, findings);
        grids.push(sheet.finish().grid(file, &name));
    }
    Ok(grids)
}

/// Iterator over the records of a part, each a kind and its bytes.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.0.iter();
        let mut kind = u16::from(*rest.next()?);
        if kind & 0x80 != 0 {
            kind = kind & 0x7f | u16::from(*rest.next()? & 0x7f) << 7;
        }
        let mut length = 0_usize;
        for place in 0..4 {
            let byte = *rest.next()?;
            length |= usize::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let rest = rest.as_slice();
        let body = rest.get(..length)?;
        self.0 = rest.get(length..)?;
        Some((kind, body))
    }
}

/// The text at a place, after its length, and where it ends.
fn text_at(body: &[u8], at: usize) -> Option<(String, usize)> {
    let start = at.checked_add(4)?;
    let length = usize::try_from(u32_at(body, at)?).ok()?.checked_mul(2)?;
    let end = start.checked_add(length)?;
    let units = body.get(start..end)?.chunks_exact(2).filter_map(|unit| u16_at(unit, 0));
    let text = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Some((text, end))
}

/// The sheets, and from where the workbook counts its days.
fn list(part: &[u8], book: &mut Book) -> Result<Vec<Listed>, Unreadable> {
    let mut listed = Vec::new();
    for (kind, body) in Records(part) {
        match kind {
            BOOK if body.first().is_some_and(|flags| flags & 1 != 0) => book.since_1904 = true,
            SHEET => {
                // A sheet without relation has no cells.
                let Some((relation, end)) = text_at(body, 8) else { continue };
                let visibility = match u32_at(body, 0) {
                    Some(0) => Visibility::Visible,
                    Some(1) => Visibility::Hidden,
                    _ => Visibility::VeryHidden,
                };
                let name = text_at(body, end).map(|(name, _)| name).unwrap_or_default();
                listed.push(Listed { relation, name, visibility });
            }
            _ => {}
        }
        if listed.len() > limits::SHEETS {
            return Err(too_large("工作表太多"));
        }
    }
    Ok(listed)
}

/// Whether a cell is a date, by its look.
fn dates(part: &[u8]) -> Vec<bool> {
    let mut formats = BTreeMap::new();
    let mut dates = Vec::new();
    let mut inside = false;
    for (kind, body) in Records(part) {
        match kind {
            FORMAT => {
                if let (Some(number), Some((code, _))) = (u16_at(body, 0), text_at(body, 2)) {
                    formats.insert(number, number_format::shows_date(&code));
                }
            }
            BEGIN_LOOKS => inside = true,
            END_LOOKS => break,
            LOOK if inside => {
                let number = u16_at(body, 2).unwrap_or_default();
                let known = number_format::is_known_date(number.into());
                dates.push(formats.get(&number).copied().unwrap_or(known));
            }
            _ => {}
        }
    }
    dates
}

/// The texts that cells share.
fn shared(part: &[u8], room: &mut Room) -> Result<Vec<Arc<str>>, Unreadable> {
    let mut texts = Vec::new();
    for (kind, body) in Records(part) {
        if kind == SST_ITEM {
            if texts.len() >= limits::SHARED_TEXTS {
                return Err(too_large("文字太多"));
            }
            let (text, _) = text_at(body, 1).ok_or_else(|| corrupt("文字不完整"))?;
            room.take_shared(text.len())?;
            texts.push(text.into());
        }
    }
    Ok(texts)
}

/// A sheet while it is read.
struct Sheet<'a> {
    book: &'a Book,
    cells: Cells,
    row: u32,
    col: u32,
    hidden: Vec<u32>,
    filter: Option<Merge>,
    filters: Vec<Merge>,
    faults: Vec<(u32, u32)>,
}

impl<'a> Sheet<'a> {
    fn new(book: &'a Book, visibility: Visibility) -> Self {
        Self {
            book,
            cells: Cells::new(book.since_1904, visibility),
            row: 0,
            col: 0,
            hidden: Vec::new(),
            filter: None,
            filters: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn read(&mut self, part: &[u8], room: &mut Room) -> Result<(), Unreadable> {
        let mut inside = false;
        let mut ended = false;
        for (kind, body) in Records(part) {
            match kind {
                BEGIN_CELLS => inside = true,
                END_CELLS => (inside, ended) = (false, true),
                MERGE => {
                    self.cells.merges.extend(range(body));
                    if self.cells.merges.len() > limits::MERGES {
                        return Err(too_large("合并单元格太多"));
                    }
                }
                FILTER => self.filter = range(body),
                FILTER_COLUMN => self.filters.extend(self.filter.take()),
                ROW if inside => self.begin_row(body),
                _ if inside => {
                    if let Some(value) = self.cell(kind, body) {
                        room.take(&value)?;
                        self.cells.push(self.row, self.col, value);
                    }
                }
                _ => {}
            }
        }
        if ended { Ok(()) } else { Err(corrupt("工作表内容不完整")) }
    }

    fn begin_row(&mut self, body: &[u8]) {
        self.row = u32_at(body, 0).unwrap_or_default().saturating_add(1);
        self.col = 0;
        if body.get(11).is_some_and(|flags| flags & 0x10 != 0) {
            self.hidden.push(self.row);
        }
    }

    /// The value of a record of a cell. Short records leave out the column: it is the next one.
    fn cell(&mut self, kind: u16, body: &[u8]) -> Option<GridValue> {
        let (kind, look_at) = match kind {
            1..=11 | CELL_RICH => {
                self.col = u32_at(body, 0).unwrap_or_default().saturating_add(1);
                (kind, 4)
            }
            12..=18 => {
                self.col = self.col.saturating_add(1);
                (kind - 11, 0)
            }
            _ => return None,
        };
        let at = look_at + 4;
        let number = |number: f64| {
            let look = u32_at(body, look_at).unwrap_or_default() & 0x00ff_ffff;
            let date = usize::try_from(look).ok().and_then(|look| self.book.dates.get(look));
            match date {
                Some(true) => serial(number, self.book.since_1904),
                _ => GridValue::Number(number),
            }
        };
        match kind {
            2 => u32_at(body, at).map(unpacked).map(number),
            3 | 11 => body.get(at).map(|code| error(*code)),
            4 | 10 => body.get(at).map(|truth| GridValue::Bool(*truth != 0)),
            5 | 9 => f64_at(body, at).map(number),
            6 | 8 => text_at(body, at).map(|(text, _)| GridValue::Text(text.into())),
            7 => {
                let index = u32_at(body, at).and_then(|index| usize::try_from(index).ok());
                let text = index.and_then(|index| self.book.texts.get(index));
                self.faults.extend(text.is_none().then_some((self.row, self.col)));
                text.map(|text| GridValue::Text(Arc::clone(text)))
            }
            CELL_RICH => text_at(body, at + 1).map(|(text, _)| GridValue::Text(text.into())),
            _ => None,
        }
    }

    fn finish(mut self) -> Cells {
        self.cells.hidden = hidden_rows(self.hidden, &self.filters);
        self.cells.later_holds = true;
        self.cells
    }
}

fn range(body: &[u8]) -> Option<Merge> {
    let bound = |at: usize| Some(u32_at(body, at)?.saturating_add(1));
    Some(Merge { top: bound(0)?, bottom: bound(4)?, left: bound(8)?, right: bound(12)? })
}
