//! Words of finished files, changed wherever they stand in them.
//!
//! In: the bytes of a .docx, .xlsx or text, and what finds the words that change. Out: the same file with these words
//! changed in every part that is text, also where a paragraph holds one in several pieces; what has none of them stays byte
//! for byte. Never here: which words.

mod pieces;

use crate::error::{Error, Result};
use std::io::{Cursor, Read, Write};
use std::ops::Range;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// With what a package begins.
const PACKAGE: &[u8] = b"PK\x03\x04";
/// Bytes of a part once unpacked; what an office's own template may hold is less.
const PART_BYTES: u64 = 1 << 30;
/// Packages inside packages: a chart of a document keeps its figures in a workbook.
const DEPTH: usize = 4;
/// How hard changed parts are deflated, as the workbooks are.
const LEVEL: i64 = 2;

/// A stretch of a text and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The bytes that go.
    pub at: Range<usize>,
    /// What comes.
    pub to: String,
}

/// Finds what changes in a text: stretches in order that do not overlap. What comes must be plain text that needs no
/// escaping in XML.
pub type Find<'f> = &'f dyn Fn(&str) -> Vec<Change>;

/// The file with its words changed.
///
/// # Errors
/// [`Error::Render`] where a package cannot be read or written again; it would keep its words.
pub fn reworded(bytes: &[u8], find: Find<'_>) -> Result<Vec<u8>> {
    let fault = |message: String| Error::Render { document: "换过用语的文件".into(), message };
    if bytes.starts_with(PACKAGE) {
        return package(bytes, find, DEPTH).map_err(|error| fault(error.to_string()));
    }
    Ok(text(bytes, find, true).unwrap_or_else(|| bytes.to_vec()))
}

/// A text with its words changed; none where there are none.
pub(super) fn replaced(text: &str, changes: &[Change]) -> Option<String> {
    if changes.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for change in changes {
        out.push_str(text.get(done..change.at.start).unwrap_or_default());
        out.push_str(&change.to);
        done = change.at.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Some(out)
}

fn package(bytes: &[u8], find: Find<'_>, depth: usize) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + 1024)));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::DEFAULT);
    for at in 0..archive.len() {
        let (name, part) = {
            let mut part = archive.by_index(at)?;
            let mut bytes = Vec::new();
            part.by_ref().take(PART_BYTES + 1).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > PART_BYTES {
                return Err(std::io::Error::other("里面有一部分解压后超过1 GB").into());
            }
            (part.name()?.into_owned(), bytes)
        };
        // Cells hold their text whole; to look for pieces there would take as long as all else.
        let whole = name.starts_with("xl/worksheets/");
        let changed = if depth > 0 && part.starts_with(PACKAGE) {
            // What only begins like a package is a picture to us.
            package(&part, find, depth - 1).ok().filter(|changed| *changed != part)
        } else {
            text(&part, find, !whole)
        };
        let new_name = replaced(&name, &find(&name));
        match (changed, new_name) {
            (None, None) => writer.raw_copy_file(archive.by_index_raw(at)?)?,
            (None, Some(name)) => writer.raw_copy_file_rename(archive.by_index_raw(at)?, name)?,
            (Some(part), new_name) => {
                writer.start_file(new_name.unwrap_or(name), options)?;
                writer.write_all(&part)?;
            }
        }
    }
    Ok(writer.finish()?.into_inner())
}

/// A part that is text, with its words changed; none where it is none, or has none of them.
fn text(bytes: &[u8], find: Find<'_>, pieces: bool) -> Option<Vec<u8>> {
    if let Some(wide) = bytes.strip_prefix(&[0xff, 0xfe]) {
        let changed = in_text(&wide_text(wide, u16::from_le_bytes)?, find, pieces)?;
        return Some(
            [0xff, 0xfe].into_iter().chain(changed.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        );
    }
    if let Some(wide) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let changed = in_text(&wide_text(wide, u16::from_be_bytes)?, find, pieces)?;
        return Some(
            [0xfe, 0xff].into_iter().chain(changed.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        );
    }
    in_text(std::str::from_utf8(bytes).ok()?, find, pieces).map(String::into_bytes)
}

fn wide_text(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

fn in_text(text: &str, find: Find<'_>, pieces: bool) -> Option<String> {
    let changed = replaced(text, &find(text));
    if !pieces {
        return changed;
    }
    match pieces::joined(changed.as_deref().unwrap_or(text), find) {
        Some(joined) => Some(joined),
        None => changed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Vec<Change> {
        let found = text.match_indices("志平");
        found.map(|(at, word)| Change { at: at..at + word.len(), to: "某某".into() }).collect()
    }

    fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn part(package: &[u8], name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut archive = ZipArchive::new(Cursor::new(package)).unwrap();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn every_part_that_is_text_is_changed_and_nothing_else() {
        let wide = |text: &str| -> Vec<u8> {
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
        };
        let picture = [0x89, b'P', b'N', b'G', 0xff, 0xfe, 0];
        let inner = packed(&[("xl/sharedStrings.xml", "<si><t>邢志平</t></si>".as_bytes())]);
        let package = packed(&[
            ("word/document.xml", "<w:p><w:t>邢志平</w:t></w:p>".as_bytes()),
            ("customXml/item1.xml", &wide("<甲>志平</甲>")),
            ("word/embeddings/1.xlsx", &inner),
            ("word/media/志平.png", &picture),
            ("empty.xml", b""),
        ]);
        let changed = reworded(&package, &find).unwrap();
        assert_eq!(part(&changed, "word/document.xml"), "<w:p><w:t>邢某某</w:t></w:p>".as_bytes());
        assert_eq!(part(&changed, "customXml/item1.xml"), wide("<甲>某某</甲>"));
        let inner = part(&changed, "word/embeddings/1.xlsx");
        assert_eq!(part(&inner, "xl/sharedStrings.xml"), "<si><t>邢某某</t></si>".as_bytes());
        assert_eq!(part(&changed, "word/media/某某.png"), picture);
        assert_eq!(reworded(&package, &find).unwrap(), changed, "the same bytes");
        assert_eq!(reworded("{\"甲\":\"志平\"}".as_bytes(), &find).unwrap(), "{\"甲\":\"某某\"}".as_bytes());
        assert_eq!(reworded(&picture, &find).unwrap(), picture);
    }

    #[test]
    fn a_package_that_cannot_be_read_is_not_passed_on() {
        assert!(reworded(b"PK\x03\x04 damaged", &find).is_err());
    }
}
