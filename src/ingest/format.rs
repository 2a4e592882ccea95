//! What a file really is, told by its bytes and never by its extension.

use super::compound;
use std::io::{Cursor, Read};

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Office Open XML workbook.
    Xlsx,
    /// Binary workbook of 2007.
    Xlsb,
    /// `OpenDocument` spreadsheet.
    Ods,
    /// Workbook of 97–2003.
    Xls,
    /// A workbook inside an encrypted package.
    Encrypted,
    /// A package or container that is cut off.
    Damaged,
    /// A zip archive of files.
    Bundle,
    /// An archive of another kind.
    Packed(&'static str),
    /// Something else that is no spreadsheet.
    Other(&'static str),
    /// Text of any encoding: csv, txt, html, XML.
    Text,
}

const SIGNATURES: [(&[u8], &str); 7] = [
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"{\\rtf", "RTF 文档"),
    (b"MZ", "程序文件"),
];

/// Archives that are not opened.
const PACKED: [(&[u8], &str); 3] = [(b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gzip")];

/// The kind of the file with these bytes.
pub(super) fn sniff(bytes: &[u8]) -> Format {
    if bytes.starts_with(b"PK") {
        return zipped(bytes);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return container(bytes);
    }
    if let Some((_, name)) = PACKED.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Format::Packed(name);
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(mark, _)| bytes.starts_with(mark))
        && (*name != "图片" && *name != "程序文件" || is_binary(bytes))
    {
        return Format::Other(name);
    }
    if is_binary(bytes) { Format::Other("不认识的文件") } else { Format::Text }
}

fn zipped(bytes: &[u8]) -> Format {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Format::Damaged };
    let has = |part: &dyn Fn(&str) -> bool| archive.file_names().flatten().any(|name| part(&name));
    if has(&|name| name.ends_with("workbook.bin")) {
        return Format::Xlsb;
    }
    if has(&|name| name.ends_with("workbook.xml")) {
        return Format::Xlsx;
    }
    let package = has(&|name| name == "[Content_Types].xml");
    if has(&|name| name == "word/document.xml" || package && name.starts_with("word/")) {
        return Format::Other("Word 文档");
    }
    if has(&|name| name == "ppt/presentation.xml" || package && name.starts_with("ppt/")) {
        return Format::Other("演示文稿");
    }
    let mut kind = String::new();
    if let Ok(part) = archive.by_name("mimetype") {
        // A short read is enough: the type is one line.
        let _ = part.take(200).read_to_string(&mut kind);
    }
    if kind.contains("opendocument.spreadsheet") {
        return Format::Ods;
    }
    let document = !kind.is_empty() || package;
    if document { Format::Other("不认识的文件") } else { Format::Bundle }
}

fn container(bytes: &[u8]) -> Format {
    let names = compound::root_names(bytes);
    // A document can hold a workbook; only what lies at the root says what the file is.
    let holds = |name: &str| {
        if !names.is_empty() {
            return names.iter().any(|n| n.eq_ignore_ascii_case(name));
        }
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide.as_slice())
    };
    if holds("EncryptedPackage") {
        Format::Encrypted
    } else if holds("Workbook") || holds("Book") {
        Format::Xls
    } else if holds("WordDocument") {
        Format::Other("Word 文档")
    } else if holds("PowerPoint Document") {
        Format::Other("演示文稿")
    } else {
        Format::Damaged
    }
}

/// Whether bytes are no text in any encoding that offices use.
fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096).unwrap_or(bytes);
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || looks_wide(head) {
        return false;
    }
    let odd = head.iter().filter(|b| **b < 9 || (14..32).contains(*b)).count();
    odd * 50 > head.len()
}

/// Whether bytes look like UTF-16 without a mark: line ends and digits leave every other byte zero.
pub(super) fn looks_wide(bytes: &[u8]) -> bool {
    let head = bytes.get(..2048).unwrap_or(bytes);
    if head.len() < 8 || head.len() % 2 == 1 && bytes.len() < 2048 {
        return false;
    }
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    even.max(odd) > 4 * even.min(odd) && even.max(odd) * 20 > head.len()
}

/// The formats under which an extension promises a file.
pub(super) fn extension_fits(format: Format, name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    match format {
        Format::Xlsx => matches!(extension.as_str(), "xlsx" | "xlsm" | "xltx" | "xltm" | "et" | "ett"),
        Format::Xlsb => extension == "xlsb",
        Format::Ods => matches!(extension.as_str(), "ods" | "ots"),
        Format::Xls => matches!(extension.as_str(), "xls" | "xlt" | "et" | "ett"),
        Format::Text => matches!(
            extension.as_str(),
            "csv" | "txt" | "tsv" | "html" | "htm" | "mht" | "mhtml" | "xml" | "tab"
        ),
        Format::Encrypted | Format::Damaged | Format::Bundle | Format::Packed(_) | Format::Other(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_decide() {
        for (bytes, format) in [
            (&b"PK\x03\x04cut"[..], Format::Damaged),
            (b"%PDF-1.4", Format::Other("PDF 文件")),
            ("序号,时间".as_bytes(), Format::Text),
            (b"BM is a word here", Format::Text),
            (b"\x00\x01\x02\x03\x04\x05", Format::Other("不认识的文件")),
            (b"1\x00,\x00a\x00\n\x00\x00\x4e,\x00", Format::Text),
        ] {
            assert_eq!(sniff(bytes), format, "{bytes:?}");
        }
    }
}
