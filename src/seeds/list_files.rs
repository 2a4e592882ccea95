//! Duty lists of an office in its own files: text, Word documents and workbooks.
//!
//! In: a file name and its bytes. Out: [`DutyList`]s, or one error that says where and what to do.
//! Never here: old binary formats, the reading of workbooks, the network, a guess.

use super::duty_lists::parse_text;
use super::list_docx;
use super::list_draft::{Draft, finish, refuse};
use super::list_table::{self, Block, Row};
use crate::error::{Error, Result};
use crate::model::{DutyList, Grid, GridValue, Visibility, column_letters};
use std::io::{Cursor, Read};
use std::path::Path;

/// Bytes of a list file.
const FILE_BYTES: usize = 20 * 1024 * 1024;
/// Bytes of a document or workbook once unpacked.
const UNPACKED_BYTES: u64 = 40 * 1024 * 1024;
/// Parts of a document or workbook.
const PARTS: usize = 2_000;
/// Rows of a sheet.
const ROWS: u32 = 5_000;
/// Columns of a sheet; what stands farther right is no list.
const COLS: u32 = 64;

/// The lists of a text or Word document; the sheets of a workbook are read elsewhere, see [`of_sheets`]. Its name serves for messages and for the id of a list of an unknown role.
///
/// # Errors
/// [`Error::File`] where the format is another one, or with line, paragraph or cell where the list does
/// not hold together.
pub fn load(name: &str, bytes: &[u8]) -> Result<Vec<DutyList>> {
    if bytes.len() > FILE_BYTES {
        return Err(refuse(name, "", "文件过大，责任清单应在20MB以内。请删去图片等无关内容后另存。"));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(refuse(name, "", "文件没有内容。请核对是否选错了文件。"));
    }
    if bytes.starts_with(b"PK") {
        return finish(name, packed(name, bytes)?);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let message = "是旧版 Word 或 Excel 文件，或者设有密码。请取消密码，另存为 .docx 或 .xlsx。";
        return Err(refuse(name, "", message));
    }
    if bytes.starts_with(b"%PDF") || bytes.starts_with(b"{\\rtf") {
        return Err(refuse(name, "", "不支持这种格式。请另存为 .docx、.xlsx 或 .txt。"));
    }
    parse_text(name, &decode(name, bytes)?)
}

/// A text of UTF-8, UTF-16 or GB18030.
fn decode(name: &str, bytes: &[u8]) -> Result<String> {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None => encoding_rs::GB18030,
    };
    let (text, _, broken) = encoding.decode(bytes);
    if broken || text.contains('\0') {
        return Err(refuse(name, "", "文字编码认不出来。请用记事本打开，另存为 UTF-8 编码。"));
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn packed(name: &str, bytes: &[u8]) -> Result<Vec<Draft>> {
    let broken = || refuse(name, "", "文件已损坏，打不开。请用 WPS 或 Office 打开后重新保存。");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > PARTS || !stays_small(&mut archive).map_err(|_| broken())? {
        return Err(refuse(name, "", "文件解压后过大。请删去图片等无关内容后另存。"));
    }
    let parts: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    let has = |path: &str| parts.iter().any(|part| part == path);
    if has("word/document.xml") {
        let mut part = |path: &str| {
            let mut bytes = Vec::new();
            archive.by_name(path).ok()?.read_to_end(&mut bytes).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let document = part("word/document.xml").ok_or_else(broken)?;
        let numbering = part("word/numbering.xml").unwrap_or_default();
        let styles = part("word/styles.xml").unwrap_or_default();
        let blocks = list_docx::blocks(&document, &numbering, &styles).ok_or_else(broken)?;
        return list_table::read(name, blocks, stem(name));
    }
    if !parts.iter().any(|part| part.starts_with("xl/")) {
        let message = "不是 Word 文档或 Excel 工作簿。请另存为 .docx、.xlsx 或 .txt。";
        return Err(refuse(name, "", message));
    }
    Err(refuse(name, "", "工作簿没有读成工作表。"))
}

/// Whether the parts that are read stay within the limit once unpacked.
fn stays_small(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> std::io::Result<bool> {
    let mut left = UNPACKED_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index)?;
        // Pictures are not read.
        if part.name()?.contains("/media/") {
            continue;
        }
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())?;
        let Some(rest) = left.checked_sub(read) else { return Ok(false) };
        left = rest;
    }
    Ok(true)
}

/// Whether a file is a workbook, whose sheets [`of_sheets`] takes.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    let Some(archive) =
        bytes.starts_with(b"PK").then(|| zip::ZipArchive::new(Cursor::new(bytes)).ok()).flatten()
    else {
        return false;
    };
    let has = |is: fn(&str) -> bool| archive.file_names().flatten().any(|part| is(&part));
    has(|part| part.starts_with("xl/")) && !has(|part| part == "word/document.xml")
}

/// The lists in the sheets of a workbook; those that are hidden are passed over.
///
/// # Errors
/// [`Error::File`] with the cell where the list does not hold together, or where there is none.
pub fn of_sheets(name: &str, grids: &[Grid]) -> Result<Vec<DutyList>> {
    let mut found = Vec::new();
    for grid in grids.iter().filter(|grid| grid.visibility == Visibility::Visible) {
        let sheet = &*grid.place.sheet;
        let rows = rows(name, grid)?;
        if rows.is_empty() {
            continue;
        }
        let title = if is_default_name(sheet) { stem(name) } else { sheet };
        let drafts =
            list_table::read(name, vec![Block::Table(rows)], title).map_err(|error| match error {
                Error::File { path, message } if !message.starts_with('〔') => {
                    let advice = "如果这张工作表不是清单，请删去或隐藏。";
                    Error::File { path, message: format!("〔{sheet}〕：{message}{advice}") }
                }
                other => other,
            })?;
        found.extend(drafts);
    }
    if found.is_empty() {
        return Err(refuse(name, "", "工作簿里没有内容。请核对是否选错了文件。"));
    }
    finish(name, found)
}

fn rows(name: &str, grid: &Grid) -> Result<Vec<Row>> {
    let sheet = &grid.place.sheet;
    let mut rows: Vec<Row> = Vec::new();
    let mut width = 0;
    for line in &grid.rows {
        let at = line.number;
        let mut row = Row { at, ..Row::default() };
        for cell in line.cells.iter().filter(|cell| cell.col <= COLS) {
            let text = match &cell.value {
                GridValue::Text(text) => text.to_string(),
                GridValue::Number(number) => number.to_string(),
                GridValue::Serial(_) | GridValue::Bool(_) | GridValue::Error(_) => continue,
            };
            let text: String =
                text.chars().filter(|c| *c == '\n' || !super::text::is_invisible(*c)).collect();
            if text.trim().is_empty() {
                continue;
            }
            row.reach(cell.col, |col| format!("〔{sheet}〕{}{at}", column_letters(col)));
            if let Some(slot) = row.cells.last_mut() {
                *slot = text;
                width = width.max(cell.col);
            }
        }
        if row.cells.is_empty() {
            continue;
        }
        if at > ROWS {
            let message = format!("〔{sheet}〕：超过{ROWS}行，不像是责任清单。请核对是否选错了文件。");
            return Err(refuse(name, "", message));
        }
        rows.push(row);
    }
    for row in &mut rows {
        let at = row.at;
        row.reach(width, |col| format!("〔{sheet}〕{}{at}", column_letters(col)));
    }
    Ok(rows)
}

fn is_default_name(sheet: &str) -> bool {
    let bare = sheet.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    bare.is_empty() || bare.eq_ignore_ascii_case("sheet") || bare == "工作表"
}

fn stem(name: &str) -> &str {
    Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name)
}
