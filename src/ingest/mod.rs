//! Files of any spreadsheet format, read into grids.
//!
//! In: a file's bytes and its name. Out: the cells of its sheets as they stand, or why there are
//! none. Never here: what a cell means, and reading from disk.

mod aligned;
mod archive;
mod binary;
mod bundle;
mod cells;
mod compound;
mod delimited;
mod format;
mod html;
pub mod limits;
mod markup;
mod number_format;
mod ods;
mod package;
mod spreadsheetml;
mod text;
mod xls;
mod xlsb;
mod xlsx;

pub use bundle::{Allowance, Bundle, Member, is_system};

use crate::model::{FileError, Finding, Grid, GridCell, GridValue, Outcome, Place, rules};
use cells::Room;
use format::Format;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why a file gave no grids, with a sentence for the reader.
pub type Unreadable = (FileError, String);

/// What a file gave.
pub type Reading = Result<Vec<Grid>, Unreadable>;

/// Whether a file name is that of a lock file, which office programs leave beside an open document.
#[must_use]
pub fn is_lock_file(name: &str) -> bool {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("~$") || name.starts_with(".~")
}

/// The grids of a file. `file` is its name as it will stand in every place.
///
/// The format is told by the bytes; a misleading extension gives a note (R012).
#[must_use]
pub fn read(file: &Arc<str>, bytes: &[u8]) -> Outcome<Reading> {
    let mut findings = Vec::new();
    let reading = read_any(file, bytes, &mut Room::new(), &mut findings);
    Outcome::new(reading, findings)
}

/// The same within the limits of a light reading; `None` where the file needs more than these.
#[must_use]
pub fn read_lightly(file: &Arc<str>, bytes: &[u8]) -> Option<Outcome<Reading>> {
    let (mut room, mut findings) = (Room::light(), Vec::new());
    let reading = read_any(file, bytes, &mut room, &mut findings);
    (!room.needs_more()).then(|| Outcome::new(reading, findings))
}

fn read_any(file: &Arc<str>, bytes: &[u8], room: &mut Room, findings: &mut Vec<Finding>) -> Reading {
    if bytes.is_empty() {
        return Err((FileError::Empty, "文件是空的（0 字节），没有任何内容".to_owned()));
    }
    if bytes.len() > limits::FILE_BYTES {
        let message = format!("文件超过 {} MB，没有读取", limits::FILE_BYTES / 1024 / 1024);
        return Err((FileError::TooLarge, message));
    }
    if !bytes.starts_with(b"PK") {
        room.take_file(bytes.len())?;
    }
    let format = format::sniff(bytes);
    if !format::extension_fits(format, file) {
        findings.push(Finding::at(
            &rules::WRONG_EXTENSION,
            &Place::file(Arc::clone(file)),
            "文件的扩展名与实际格式不一致，已按实际格式读取",
        ));
    }
    let mut grids = match format {
        Format::Xlsx => xlsx::read(file, bytes, room, findings),
        Format::Xlsb => xlsb::read(file, bytes, room, findings),
        Format::Xls => xls::read(file, bytes, room, findings),
        Format::Ods => ods::read(file, bytes, room),
        Format::Text => text::read(file, bytes, room),
        Format::Encrypted => Err((FileError::Encrypted, "文件设有打开密码，请取消密码后重新报送".to_owned())),
        Format::Damaged => Err(corrupt("文件不完整")),
        Format::Other(_)
            if promises_workbook(file) && !matches!(format, Format::Other(n) if n != "不认识的文件") =>
        {
            Err(corrupt("内容不是电子表格"))
        }
        Format::Packed(name) => {
            Err((FileError::Packed, format!("这是 {name} 压缩包，程序打不开，其中的文件没有读取")))
        }
        Format::Bundle => Err((FileError::Unsupported, "这是压缩包，不是电子表格，没有读取".to_owned())),
        Format::Other(name) => Err((FileError::Unsupported, format!("这是{name}，不是电子表格，没有读取"))),
    }?;
    if grids.iter().all(|grid| grid.rows.is_empty()) {
        return Err((FileError::Empty, "文件里没有任何内容".to_owned()));
    }
    tell_apart(&mut grids);
    grids.iter().try_for_each(within)?;
    Ok(grids)
}

/// An error where a row is wider or a cell longer than those of any ledger: the stages that follow look at
/// a row's cells by pairs, and show its texts.
fn within(grid: &Grid) -> Result<(), Unreadable> {
    let sheet = &grid.place.sheet;
    let of = if sheet.is_empty() { String::new() } else { format!("工作表“{sheet}”") };
    for row in &grid.rows {
        if row.cells.len() > limits::ROW_CELLS {
            let most = limits::ROW_CELLS;
            return Err(too_large(&format!("{of}第{}行有内容的单元格多于{most}个", row.number)));
        }
        let long =
            |cell: &&GridCell| matches!(&cell.value, GridValue::Text(t) if t.len() > limits::CELL_BYTES);
        if let Some(cell) = row.cells.iter().find(long) {
            let at = grid.place.at(row.number, cell.col).a1();
            // Only text files have quotes, and sheets without name.
            let why = if sheet.is_empty() { "（多半是引号没有成对）" } else { "" };
            return Err(too_large(&format!("{of}单元格{at}的内容太长{why}")));
        }
    }
    Ok(())
}

/// Gives sheets of the same name names of their own: a place names its sheet and nothing else.
fn tell_apart(grids: &mut [Grid]) {
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    for grid in grids {
        let name = Arc::clone(&grid.place.sheet);
        let mut number = 1;
        while !seen.insert(Arc::clone(&grid.place.sheet)) {
            number += 1;
            grid.place.sheet = format!("{name}（{number}）").into();
        }
    }
}

/// Whether bytes are an archive of files and no workbook or document.
#[must_use]
pub fn is_bundle(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") && format::sniff(bytes) == Format::Bundle
}

/// Whether bytes and name are those of an archive, be it whole or not; only the first bytes are looked at.
#[must_use]
pub fn claims_bundle(name: &str, head: &[u8]) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    extension.eq_ignore_ascii_case("zip") && head.starts_with(b"PK")
}

/// The format that the bytes show, for a reader; empty where there are no bytes to look at.
#[must_use]
pub fn format_name(bytes: &[u8]) -> &'static str {
    if bytes.is_empty() || bytes.len() > limits::FILE_BYTES {
        return "";
    }
    match format::sniff(bytes) {
        Format::Xlsx => "Excel 工作簿（xlsx）",
        Format::Xlsb => "Excel 二进制工作簿（xlsb）",
        Format::Xls => "Excel 97—2003 工作簿（xls）",
        Format::Ods => "ODF 电子表格（ods）",
        Format::Text => "文本（csv、txt 或网页）",
        Format::Encrypted => "设有密码的工作簿",
        Format::Damaged => "损坏的文件",
        Format::Bundle => "zip 压缩包",
        Format::Packed(_) => "压缩包",
        Format::Other(name) => name,
    }
}

fn promises_workbook(file: &str) -> bool {
    let extension = file.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    matches!(extension.as_str(), "xlsx" | "xlsm" | "xls" | "xlsb" | "ods" | "et")
}

/// What is said of a sheet that is listed but not there.
const SHEET_MISSING: &str = "工作簿里登记了这张工作表，文件中却没有它的内容";

/// A damaged file, with what is known about it.
fn corrupt(what: &str) -> Unreadable {
    (FileError::Corrupt, format!("文件已损坏，不能读取（{what}），请重新报送"))
}

/// A file beyond a limit.
fn too_large(what: &str) -> Unreadable {
    (FileError::TooLarge, format!("{what}，超出程序能安全读取的大小，没有读取"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_are_told_by_their_names() {
        for (name, lock) in
            [("a/~$台账.xlsx", true), (".~台账.xlsx", true), ("a~$.xlsx", false), ("台账.xlsx", false)]
        {
            assert_eq!(is_lock_file(name), lock, "{name}");
        }
    }

    #[test]
    fn sheets_of_one_name_are_told_apart() {
        let mut grids =
            ["一", "二", "一", "一", "一（2）"].map(|name| Grid::empty("a.ods".into(), name.into()));
        tell_apart(&mut grids);
        assert_eq!(
            grids.map(|g| g.place.sheet.to_string()),
            ["一", "二", "一（2）", "一（3）", "一（2）（2）"]
        );
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (name, bytes, error) in [
            ("a.xlsx", &b""[..], FileError::Empty),
            ("a.xlsx", b"PK\x03\x04", FileError::Corrupt),
            ("a.xlsx", b"\x00\x01\x02\x03\x00\x00\x07", FileError::Corrupt),
            ("a.pdf", b"%PDF-1.7", FileError::Unsupported),
            ("a.csv", b"\n\n , ,\n", FileError::Empty),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileError::Corrupt),
        ] {
            let outcome = read(&Arc::from(name), bytes);
            assert_eq!(outcome.value.unwrap_err().0, error, "{name}");
        }
    }
}
