//! Duty lists of an office in its own files: text, Word documents and workbooks.
//!
//! In: a file name and its bytes. Out: [`DutyList`]s, or one error that says where and what to do.
//! Never here: old binary formats, the network, a guess.

use super::duty_lists::parse_text;
use super::list_docx;
use super::list_draft::{Draft, finish, refuse};
use super::list_table::{self, Block, Row};
use crate::error::{Error, Result};
use crate::model::{DutyList, column_letters};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use std::io::{Cursor, Read};
use std::path::Path;

/// Bytes of a list file.
const FILE_BYTES: usize = 20 * 1024 * 1024;
/// Bytes of a document or workbook once unpacked.
const UNPACKED_BYTES: u64 = 40 * 1024 * 1024;
/// Parts of a document or workbook.
const PARTS: usize = 2_000;
/// Different texts that a workbook says it holds.
const SHARED_TEXTS: u64 = 200_000;
/// Rows of a sheet.
const ROWS: u32 = 5_000;
/// Columns of a sheet; what stands farther right is no list.
const COLS: u32 = 64;

/// The lists of a file; its name serves for messages and for the id of a list of an unknown role.
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
    if let Some(path) = parts.iter().find(|part| part.eq_ignore_ascii_case("xl/sharedStrings.xml")) {
        let mut head = Vec::new();
        let part = archive.by_name(path).map_err(|_| broken())?;
        part.take(2_000).read_to_end(&mut head).map_err(|_| broken())?;
        if shared_texts(&String::from_utf8_lossy(&head)) > SHARED_TEXTS {
            return Err(refuse(name, "", "工作簿的内容过多，不像是责任清单。请核对是否选错了文件。"));
        }
    }
    workbook(name, bytes, broken)
}

/// Whether the parts that are read stay within the limit once unpacked. They are unpacked to see: the reader of
/// workbooks believes whatever sizes an archive declares.
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

/// How many texts a workbook says it holds.
fn shared_texts(head: &str) -> u64 {
    ["uniqueCount", " count"]
        .into_iter()
        .filter_map(|key| {
            let after = head.split_once(key)?.1.trim_start().strip_prefix('=')?.trim_start();
            let digits = after.get(1..)?.split(['"', '\'']).next()?;
            Some(digits.trim().parse().unwrap_or(u64::MAX))
        })
        .max()
        .unwrap_or(0)
}

fn workbook(name: &str, bytes: &[u8], broken: impl Fn() -> Error) -> Result<Vec<Draft>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut found = Vec::new();
    for sheet in sheets {
        let rows = rows(name, &mut book, &sheet, &broken)?;
        if rows.is_empty() {
            continue;
        }
        let title = if is_default_name(&sheet) { stem(name) } else { sheet.as_str() };
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
    Ok(found)
}

fn rows(
    name: &str,
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    broken: impl Fn() -> Error,
) -> Result<Vec<Row>> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|_| broken())?;
    let mut rows: Vec<Row> = Vec::new();
    let mut width = 0;
    while let Some(cell) = reader.next_cell().map_err(|_| broken())? {
        let text = match cell.get_value() {
            DataRef::String(text) => text.clone(),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Int(number) => number.to_string(),
            DataRef::Float(number) => number.to_string(),
            _ => continue,
        };
        let (row, col) = cell.get_position();
        let text: String = text.chars().filter(|c| *c == '\n' || !super::text::is_invisible(*c)).collect();
        if text.trim().is_empty() || col >= COLS {
            continue;
        }
        if row >= ROWS {
            let message = format!("〔{sheet}〕：超过{ROWS}行，不像是责任清单。请核对是否选错了文件。");
            return Err(refuse(name, "", message));
        }
        let at = row + 1;
        if rows.last().is_none_or(|last| last.at < at) {
            rows.push(Row { at, ..Row::default() });
        }
        let Some(here) = rows.iter_mut().rev().find(|row| row.at == at) else { continue };
        here.reach(col + 1, |col| format!("〔{sheet}〕{}{at}", column_letters(col)));
        if let Some(slot) = usize::try_from(col).ok().and_then(|col| here.cells.get_mut(col)) {
            *slot = text;
            width = width.max(col + 1);
        }
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
