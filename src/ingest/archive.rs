//! Web pages saved as one file (单个文件网页, .mht), which programs also save under the name .xls.
//!
//! In: the bytes of a MIME message. Out: the grids of its html parts, one a sheet. Never here: parts
//! that are no html, and fetching anything from elsewhere.

use super::cells::Room;
use super::markup::{self, Token, tokens};
use super::{Reading, corrupt, html, limits, text};
use crate::model::{Grid, Place, Visibility};
use encoding_rs::Encoding;
use std::borrow::Cow;
use std::sync::Arc;

/// How deep parts may lie in parts.
const DEPTH: usize = 3;
/// Bytes of the head of a message or part.
const HEAD: usize = 64 * 1024;

/// Whether bytes begin a MIME message.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(2000)).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let starts = head.trim_start_matches('\u{feff}').trim_start();
    let field = starts.split(['\n', '\r']).next().unwrap_or("");
    let named = field.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    named && head.contains("mime-version:") && head.contains("content-type:")
}

/// A part that holds a page.
struct Page {
    /// The last piece of its address.
    name: String,
    text: String,
}

/// A sheet as the workbook part lists it.
struct Listed {
    name: String,
    page: Option<String>,
    visibility: Visibility,
}

/// The grids of a saved web page.
pub(super) fn read(file: &Arc<str>, bytes: &[u8], room: &mut Room) -> Reading {
    let mut pages = Vec::new();
    gather(bytes, DEPTH, &mut pages);
    let listed: Vec<Listed> = pages.iter().flat_map(|page| sheets(&page.text)).collect();
    let named = |page: &Page| {
        let of = |sheet: &&Listed| sheet.page.as_deref().is_some_and(|p| p.eq_ignore_ascii_case(&page.name));
        listed.iter().find(of)
    };
    let mut tables: Vec<(&Page, Option<&Listed>)> = pages
        .iter()
        .filter(|page| page.text.to_ascii_lowercase().contains("<table"))
        .map(|page| (page, named(page)))
        .collect();
    // Where sheets have pages of their own, the tables of other pages are the tabs to click on.
    if tables.iter().any(|(_, sheet)| sheet.is_some()) {
        tables.retain(|(_, sheet)| sheet.is_some());
    }
    if tables.is_empty() {
        return Err(corrupt("网页里没有表格"));
    }
    let single = tables.len() == 1;
    let mut grids: Vec<Grid> = Vec::new();
    for (page, sheet) in tables {
        let sheet = sheet.or_else(|| listed.first().filter(|_| single && listed.len() == 1));
        let stem = page.name.rsplit_once('.').map_or(page.name.as_str(), |(stem, _)| stem);
        let name = sheet.map_or(if single { "" } else { stem }, |s| s.name.as_str());
        for mut grid in html::read(file, &page.text, room)? {
            grid.place = Place::sheet(Arc::clone(file), name);
            grid.visibility = sheet.map_or(Visibility::Visible, |s| s.visibility);
            grids.push(grid);
        }
    }
    Ok(grids)
}

/// The head of a message or part, its lines unfolded, and the body beneath.
fn head_and_body(bytes: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut rest = bytes;
    while let Some((line, next)) = next_line(rest) {
        if bytes.len() - next.len() > HEAD {
            break;
        }
        let text = String::from_utf8_lossy(line);
        let blank = text.trim().is_empty();
        if blank && !fields.is_empty() {
            return (fields, next);
        }
        rest = next;
        if let (Some((_, value)), true) = (fields.last_mut(), text.starts_with([' ', '\t'])) {
            value.push_str(text.trim());
        } else if let Some((name, value)) = text.split_once(':') {
            let name = name.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
            fields.push((name, value.trim().to_owned()));
        } else if !blank {
            // A part may have no head at all.
            return (fields, bytes);
        }
    }
    (fields, rest)
}

/// The next line without its end, and what follows.
fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let end = bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len());
    let line = bytes.get(..end)?;
    Some((line.strip_suffix(b"\r").unwrap_or(line), bytes.get(end + 1..).unwrap_or(&[])))
}

/// Collects the pages among the parts of a message.
fn gather(bytes: &[u8], depth: usize, pages: &mut Vec<Page>) {
    let (fields, body) = head_and_body(bytes);
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let kind = field("content-type");
    let lower = kind.to_ascii_lowercase();
    if lower.starts_with("multipart/") {
        let Some(boundary) = parameter(kind, "boundary").filter(|b| !b.is_empty() && depth > 0) else {
            return;
        };
        for part in parts(body, &format!("--{boundary}")) {
            if pages.len() < limits::SHEETS {
                gather(part, depth - 1, pages);
            }
        }
        return;
    }
    if !(lower.starts_with("text/html") || lower.starts_with("application/xhtml")) {
        return;
    }
    let decoded = match field("content-transfer-encoding").to_ascii_lowercase().as_str() {
        "quoted-printable" => Cow::Owned(quoted_printable(body)),
        "base64" => Cow::Owned(base64(body)),
        _ => Cow::Borrowed(body),
    };
    let Some(text) = page_text(&decoded, parameter(kind, "charset").as_deref()) else { return };
    let location = field("content-location");
    let name = location.rsplit(['/', '\\']).next().unwrap_or(location).to_owned();
    pages.push(Page { name, text });
}

/// The bodies between the lines that are the mark.
fn parts<'b>(body: &'b [u8], mark: &str) -> Vec<&'b [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut rest = body;
    while let Some((line, next)) = next_line(rest) {
        let at = body.len() - rest.len();
        let text = line.trim_ascii_end();
        let last = text.strip_suffix(b"--").is_some_and(|l| l == mark.as_bytes());
        if last || text == mark.as_bytes() {
            parts.extend(start.take().and_then(|from: usize| body.get(from..at)));
            if last {
                return parts;
            }
            start = Some(body.len() - next.len());
        }
        rest = next;
    }
    // A file that was cut off ends inside its last part.
    parts.extend(start.and_then(|from| body.get(from..)));
    parts
}

/// A parameter of a field: `boundary="…"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|piece| {
        let (key, value) = piece.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The text of a page in the encoding of its part, or else in the one that its bytes show.
fn page_text(bytes: &[u8], charset: Option<&str>) -> Option<String> {
    let label = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    // Programs that write `us-ascii` over other bytes are many.
    let sure = label.filter(|e| !matches!(e.name(), "windows-1252" | "UTF-16LE" | "UTF-16BE"));
    if let Some(encoding) = sure {
        let (text, _, broken) = encoding.decode(bytes);
        if !broken {
            return Some(text.into_owned());
        }
    }
    text::decode(bytes).map(Cow::into_owned)
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((line, next)) = next_line(rest) {
        let line = line.trim_ascii_end();
        let (line, joined) = line.strip_suffix(b"=").map_or((line, false), |line| (line, true));
        let mut at = 0;
        while let Some(byte) = line.get(at) {
            let value = line.get(at + 1..at + 3).filter(|_| *byte == b'=').and_then(hexadecimal);
            out.push(value.unwrap_or(*byte));
            at += if value.is_some() { 3 } else { 1 };
        }
        if !joined {
            out.push(b'\n');
        }
        rest = next;
    }
    out
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn base64(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff).to_le_bytes()[0]);
            bits &= (1 << held) - 1;
        }
    }
    out
}

/// The sheets that a page lists as those of its workbook; the list stands inside a comment.
fn sheets(text: &str) -> Vec<Listed> {
    let mut sheets = Vec::new();
    for block in text.split("<x:ExcelWorksheet>").skip(1).take(limits::SHEETS) {
        let block = block.split("</x:ExcelWorksheet>").next().unwrap_or(block);
        let mut listed = Listed { name: String::new(), page: None, visibility: Visibility::Visible };
        let mut inside = "";
        for token in tokens(block) {
            match token {
                Token::Open { tag, .. } => {
                    inside = if tag.is("Name") {
                        "name"
                    } else if tag.is("Visible") {
                        "visible"
                    } else {
                        ""
                    };
                    if tag.is("WorksheetSource") {
                        let address = tag.attribute("HRef").unwrap_or_default();
                        listed.page = address.rsplit(['/', '\\']).next().map(str::to_owned);
                    }
                }
                Token::Text(text) if inside == "name" => listed.name = markup::decode(text).trim().into(),
                Token::Text(text) if inside == "visible" => {
                    listed.visibility = match text.trim() {
                        "SheetHidden" => Visibility::Hidden,
                        "SheetVeryHidden" => Visibility::VeryHidden,
                        _ => listed.visibility,
                    };
                }
                Token::Close(_) => inside = "",
                Token::Text(_) => {}
            }
        }
        sheets.push(listed);
    }
    sheets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> Vec<String> {
        let grids = read(&Arc::from("a.mht"), bytes, &mut Room::new()).unwrap();
        let cells = |grid: &Grid| {
            let cells = grid.rows.iter().flat_map(|row| row.cells.iter().map(move |c| (row.number, c)));
            cells.map(|(row, c)| format!("{row},{}={:?}", c.col, c.value)).collect::<Vec<_>>().join(" ")
        };
        grids.iter().map(|g| format!("{} {:?} {}", g.place.sheet, g.visibility, cells(g))).collect()
    }

    #[test]
    fn a_page_alone_is_read_in_its_own_encoding() {
        let gbk =
            encoding_rs::GB18030.encode("<table><tr><td>学习</td><td>a=b</td></tr></table>").0.into_owned();
        let mut quoted = String::new();
        for (at, byte) in gbk.iter().enumerate() {
            if at % 20 == 19 {
                quoted.push_str("=\r\n");
            }
            quoted.push_str(&if byte.is_ascii_alphanumeric() {
                char::from(*byte).to_string()
            } else {
                format!("={byte:02X}")
            });
        }
        let message = format!(
            "MIME-Version: 1.0\r\nContent-Type: text/html;\r\n\tcharset=\"gb2312\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n"
        );
        assert!(is_one(message.as_bytes()));
        assert_eq!(shown(message.as_bytes()), [" Visible 1,1=Text(\"学习\") 1,2=Text(\"a=b\")"]);
    }

    #[test]
    fn every_sheet_has_a_part_of_its_own() {
        let list = "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets>\
            <x:ExcelWorksheet><x:Name>一月</x:Name><x:WorksheetSource HRef=\"a.files/sheet001.htm\"/></x:ExcelWorksheet>\
            <x:ExcelWorksheet><x:Name>选项</x:Name><x:WorksheetSource HRef=\"a.files/sheet002.htm\"/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></x:ExcelWorksheet>\
            </x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]--><table><tr><td>tab</table>";
        let message = format!(
            "MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related; boundary=\"--=_X\"\n\npreamble\n\
             ----=_X\nContent-Location: file:///C:/a.htm\nContent-Type: text/html; charset=\"utf-8\"\n\n{list}\n\
             ----=_X\nContent-Location: file:///C:/a.files/sheet001.htm\nContent-Transfer-Encoding: base64\nContent-Type: text/html; charset=\"us-ascii\"\n\nPHRhYmxlPjx0cj48dGQ+JiMyMzM4\nMzs8L3RhYmxlPg==\n\
             ----=_X\nContent-Location: file:///C:/a.files/sheet002.htm\nContent-Type: text/html\n\n<table><tr><td>党课</table>\n\
             ----=_X\nContent-Location: file:///C:/a.files/image.png\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n\
             ----=_X--\n"
        );
        assert_eq!(
            shown(message.as_bytes()),
            ["一月 Visible 1,1=Text(\"字\")", "选项 Hidden 1,1=Text(\"党课\")"]
        );
        // Cut off, it gives what is there.
        assert_eq!(shown(message.get(..message.len() - 120).unwrap().as_bytes()).len(), 2);
    }

    #[test]
    fn other_texts_are_no_saved_pages() {
        for text in ["序号,时间\n", "<html>mime-version: content-type:", "时间：3月5日\nMIME-Version: 1.0"]
        {
            assert!(!is_one(text.as_bytes()), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_fail(tail in "[-=_X\n:;a-c\"/<>t]{0,120}") {
            let head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=X\n\n--X\n";
            let _ = read(&Arc::from("a.mht"), format!("{head}{tail}").as_bytes(), &mut Room::new());
            let _ = quoted_printable(tail.as_bytes());
            let _ = base64(tail.as_bytes());
        }
    }
}
