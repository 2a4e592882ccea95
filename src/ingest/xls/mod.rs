//! Workbooks of 97–2003 and of 5.0/95 (BIFF8 and BIFF5), read record by record.
//!
//! In: the bytes of a file. Out: the cells that are there, their merges, what is hidden; formulas
//! without result are noted. Never here: a grid as wide as a stray cell lies far, room for what
//! the file only announces, or any record twice.

mod records;
mod sheet;
mod text;

use super::binary::{u16_at, u32_at};
use super::cells::{Room, note_faults, note_formulas};
use super::compound::Compound;
use super::{Reading, Unreadable, corrupt, limits, number_format, too_large};
use crate::model::{FileError, Finding, Place, Visibility};
use records::{Pieces, Records};
use std::collections::BTreeMap;
use std::sync::Arc;
use text::Writing;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const FILEPASS: u16 = 0x002f;
const CODEPAGE: u16 = 0x0042;
const DATEMODE: u16 = 0x0022;
const FORMAT: u16 = 0x041e;
const XF: u16 = 0x00e0;
const BOUNDSHEET: u16 = 0x0085;
const SST: u16 = 0x00fc;

/// What the cells of every sheet need.
struct Book {
    writing: Writing,
    since_1904: bool,
    /// Whether a cell of this look is a date.
    dates: Vec<bool>,
    texts: Vec<Arc<str>>,
}

/// A sheet as the workbook lists it.
struct Listed {
    start: usize,
    name: String,
    visibility: Visibility,
}

/// The grids of a workbook.
pub(super) fn read(file: &Arc<str>, bytes: &[u8], room: &mut Room, findings: &mut Vec<Finding>) -> Reading {
    let stream = Compound::open(bytes)
        .and_then(|compound| compound.stream(&["Workbook", "Book"]))
        .ok_or_else(|| corrupt("没有工作簿内容"))?;
    let (book, listed) = globals(&stream, room)?;
    let mut grids = Vec::new();
    // Sheets do not overlap; the listing of a hostile file can name one place a thousand times.
    let mut unread = stream.len();
    for Listed { start, name, visibility } in listed {
        let mut sheet = sheet::read(&stream, start, &book, room, &mut unread)?;
        let place = Place::sheet(Arc::clone(file), name.as_str());
        note_formulas(&sheet.formulas, &place, findings);
        note_faults(&sheet.faults, &place, findings);
        sheet.cells.visibility = visibility;
        grids.push(sheet.cells.grid(file, &name));
    }
    Ok(grids)
}

/// What stands before the sheets.
fn globals(stream: &[u8], room: &mut Room) -> Result<(Book, Vec<Listed>), Unreadable> {
    let mut records = Records::at(stream, 0);
    let unicode = match records.next() {
        Some((BOF, body)) => u16_at(body, 0) != Some(0x0500),
        _ => return Err(corrupt("工作簿没有开头")),
    };
    let mut book = Book {
        writing: if unicode { Writing::Unicode } else { Writing::of_page(0) },
        since_1904: false,
        dates: Vec::new(),
        texts: Vec::new(),
    };
    let mut formats = BTreeMap::new();
    let mut looks = Vec::new();
    let mut listed = Vec::new();
    while let Some((kind, body)) = records.next() {
        match kind {
            FILEPASS => {
                return Err((FileError::Encrypted, "文件设有打开密码，请取消密码后重新报送".to_owned()));
            }
            CODEPAGE if !unicode => book.writing = Writing::of_page(u16_at(body, 0).unwrap_or_default()),
            DATEMODE => book.since_1904 = u16_at(body, 0) == Some(1),
            FORMAT => {
                let mut pieces = Pieces::of(body);
                let number = pieces.u16();
                let code =
                    if unicode { book.writing.long(&mut pieces) } else { book.writing.short(&mut pieces) };
                if let (Some(number), Some(code)) = (number, code) {
                    formats.insert(number, number_format::shows_date(&code));
                }
            }
            XF => looks.push(u16_at(body, 2).unwrap_or_default()),
            BOUNDSHEET => listed.extend(listing(body, book.writing)),
            SST => book.texts = text::shared(&mut records.continued(body), room)?,
            EOF => break,
            _ => {}
        }
        if listed.len() > limits::SHEETS {
            return Err(too_large("工作表太多"));
        }
    }
    if records.is_cut() && listed.is_empty() {
        return Err(corrupt("工作簿内容不完整"));
    }
    book.dates = looks
        .into_iter()
        .map(|number| formats.get(&number).copied().unwrap_or(number_format::is_known_date(number.into())))
        .collect();
    Ok((book, listed))
}

/// A sheet of cells, or `None` for charts, macros and whatever else may be listed.
fn listing(body: &[u8], writing: Writing) -> Option<Listed> {
    let start = usize::try_from(u32_at(body, 0)?).ok()?;
    let visibility = match body.get(4)? & 3 {
        0 => Visibility::Visible,
        1 => Visibility::Hidden,
        _ => Visibility::VeryHidden,
    };
    let is_sheet = *body.get(5)? == 0;
    let mut name = writing.short(&mut Pieces::of(body.get(6..)?)).unwrap_or_default();
    name.retain(|c| c != '\0');
    is_sheet.then_some(Listed { start, name, visibility })
}
