//! Text files: the encoding is found, then html, spreadsheet XML, aligned or delimited lines are read.

use super::cells::Room;
use super::{Reading, aligned, archive, corrupt, delimited, html, spreadsheetml};
use crate::model::FileError;
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::sync::Arc;

/// The grids of a text file.
pub(super) fn read(file: &Arc<str>, bytes: &[u8], room: &mut Room) -> Reading {
    if archive::is_one(bytes) {
        return archive::read(file, bytes, room);
    }
    let text = decode(bytes).ok_or_else(|| corrupt("文字编码无法识别"))?;
    let head: String = text.trim_start().chars().take(4000).collect::<String>().to_ascii_lowercase();
    if head.starts_with('<') {
        if head.contains("urn:schemas-microsoft-com:office:spreadsheet") {
            return spreadsheetml::read(file, &text, room);
        }
        if ["<html", "<table", "<!doctype html", "<meta", "<body", "<tr"]
            .iter()
            .any(|mark| head.contains(mark))
        {
            return html::read(file, &text, room);
        }
        return Err((FileError::Unsupported, "这不是电子表格，没有读取".to_owned()));
    }
    if let Some(grid) = aligned::read(file, &text, room) {
        return Ok(vec![grid?]);
    }
    Ok(vec![delimited::read(file, &text, room)?])
}

/// The text, by its mark, as UTF-8, as UTF-16, or as GB18030.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return Some(UTF_8.decode_without_bom_handling(rest).0);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return Some(UTF_16LE.decode_without_bom_handling(rest).0);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return Some(UTF_16BE.decode_without_bom_handling(rest).0);
    }
    if super::format::looks_wide(bytes) {
        let even = bytes.iter().step_by(2).filter(|b| **b == 0).count();
        let odd = bytes.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
        let encoding = if even < odd { UTF_16LE } else { UTF_16BE };
        return Some(encoding.decode_without_bom_handling(bytes).0);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => return Some(Cow::Borrowed(text)),
        // Cut off inside the last character.
        Err(error) if error.valid_up_to() + 4 > bytes.len() && error.valid_up_to() > 16 => {
            return Some(String::from_utf8_lossy(bytes));
        }
        Err(_) => {}
    }
    let (text, _) = GB18030.decode_without_bom_handling(bytes);
    let lost = text.chars().filter(|c| *c == '\u{fffd}').count();
    (lost * 20 <= text.chars().count()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_found() {
        let text = "序号,时间,主题\n1,3月5日,学习\n";
        let gbk = GB18030.encode(text).0.into_owned();
        let wide = |mark: bool| -> Vec<u8> {
            let start = if mark { "\u{feff}" } else { "" };
            start
                .chars()
                .chain(text.chars())
                .collect::<String>()
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect()
        };
        let marked = [&[0xef, 0xbb, 0xbf][..], text.as_bytes()].concat();
        for bytes in [text.as_bytes().to_vec(), gbk, wide(true), wide(false), marked] {
            assert_eq!(decode(&bytes).as_deref(), Some(text), "{bytes:?}");
        }
    }
}
