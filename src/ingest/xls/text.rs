//! Text of a workbook stream: UTF-16 since 97, bytes of a code page before.

use super::super::cells::Room;
use super::super::{Unreadable, corrupt, limits, too_large};
use super::records::Pieces;
use encoding_rs::{BIG5, Encoding, GB18030};
use std::sync::Arc;

/// How a workbook writes its text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Writing {
    /// As UTF-16 whose upper bytes may be left out (workbooks since 97).
    Unicode,
    /// As bytes of a code page (workbooks of 5.0 and 95).
    Bytes(&'static Encoding),
}

impl Writing {
    /// The writing of bytes under a code page. All but one are taken for simplified Chinese: the
    /// ledgers are Chinese, and the programs that wrote them often named the page of another tongue.
    pub(super) fn of_page(page: u16) -> Self {
        Self::Bytes(if page == 950 { BIG5 } else { GB18030 })
    }

    /// The text after a length of one byte.
    pub(super) fn short(self, pieces: &mut Pieces<'_>) -> Option<String> {
        let length = pieces.byte()?;
        self.text(usize::from(length), pieces)
    }

    /// The text after a length of two bytes.
    pub(super) fn long(self, pieces: &mut Pieces<'_>) -> Option<String> {
        let length = pieces.u16()?;
        self.text(usize::from(length), pieces)
    }

    /// As much of a text as there is; some programs announce more.
    fn text(self, length: usize, pieces: &mut Pieces<'_>) -> Option<String> {
        match self {
            Self::Bytes(encoding) => {
                Some(encoding.decode_without_bom_handling(pieces.bytes(length)).0.into_owned())
            }
            Self::Unicode if length == 0 => Some(String::new()),
            Self::Unicode => {
                let wide = pieces.byte()? & 1 != 0;
                let mut units = Vec::new();
                let _ = pieces.letters(length, wide, &mut units);
                Some(String::from_utf16_lossy(&units))
            }
        }
    }
}

/// The texts that the cells of a workbook share.
pub(super) fn shared(pieces: &mut Pieces<'_>, room: &mut Room) -> Result<Vec<Arc<str>>, Unreadable> {
    let mut texts = Vec::new();
    let mut units = Vec::new();
    // How many there are is announced here, and often wrongly.
    if pieces.skip(8).is_none() {
        return Ok(texts);
    }
    while !pieces.is_empty() {
        if texts.len() >= limits::SHARED_TEXTS {
            return Err(too_large("文字太多"));
        }
        units.clear();
        one_shared(pieces, &mut units).ok_or_else(|| corrupt("文字不完整"))?;
        let text = String::from_utf16_lossy(&units);
        room.take_shared(text.len())?;
        texts.push(text.into());
    }
    Ok(texts)
}

/// One text: its letters, then what is said of fonts and of pronunciation, which is passed over.
fn one_shared(pieces: &mut Pieces<'_>, units: &mut Vec<u16>) -> Option<()> {
    let length = pieces.u16()?;
    let flags = pieces.byte()?;
    let runs = if flags & 8 == 0 { 0 } else { usize::from(pieces.u16()?) };
    let spoken = if flags & 4 == 0 { 0 } else { usize::try_from(pieces.u32()?).ok()? };
    if length > 0 {
        pieces.letters(usize::from(length), flags & 1 != 0, units)?;
    }
    pieces.skip(runs * 4)?;
    pieces.skip(spoken)
}

#[cfg(test)]
mod tests {
    use super::super::records::Records;
    use super::*;

    /// Shared texts whose bytes are cut into records like this.
    fn table(records: &[&[u8]]) -> Vec<String> {
        let mut stream = Vec::new();
        for (at, body) in records.iter().enumerate() {
            stream.extend((if at == 0 { 0x00fc_u16 } else { 0x3c }).to_le_bytes());
            stream.extend(u16::try_from(body.len()).unwrap().to_le_bytes());
            stream.extend(*body);
        }
        let mut records = Records::at(&stream, 0);
        let (_, body) = records.next().unwrap();
        shared(&mut records.continued(body), &mut Room::new())
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn texts_run_on_through_records() {
        let head = [0_u8; 8];
        let plain = [&head[..], &[3, 0, 0], b"abc", &[1, 0, 1], &[0x2d, 0x4e]].concat();
        assert_eq!(table(&[&plain]), ["abc", "中"]);
        // Letters of one byte go on as letters of two, and the other way round.
        assert_eq!(
            table(&[&[&head[..], &[3, 0, 0], b"a"].concat(), &[1, 0x2d, 0x4e, 0x87, 0x65],]),
            ["a中文"]
        );
        assert_eq!(
            table(&[&[&head[..], &[3, 0, 1], &[0x2d, 0x4e]].concat(), &[0, b'b', b'c'], &[1, 0, 0, b'd']]),
            ["中bc", "d"]
        );
        // A text that ends with its record leaves no mark at the head of the next.
        assert_eq!(table(&[&[&head[..], &[1, 0, 0], b"a"].concat(), &[1, 0, 0, b'b']]), ["a", "b"]);
        // Fonts and pronunciation are passed over, also where they run on.
        let rich = [&head[..], &[1, 0, 0x0c], &[1, 0], &[3, 0, 0, 0], b"a", &[9; 5]].concat();
        assert_eq!(table(&[&rich, &[9, 9, 1, 0, 0, b'b']]), ["a", "b"]);
        // Half of a pair of units stands on either side of a border.
        let pair: Vec<u8> = "𠮷".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(
            table(&[&[&head[..], &[2, 0, 1], &pair[..2]].concat(), &[&[1], &pair[2..]].concat()]),
            ["𠮷"]
        );
    }

    #[test]
    fn a_table_that_breaks_off_is_told() {
        let mut pieces = Pieces::of(&[0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, b'a']);
        assert!(shared(&mut pieces, &mut Room::new()).is_err());
    }

    #[test]
    fn old_text_is_chinese_whatever_page_it_names() {
        let bytes = [4, 0xd6, 0xd0, 0xce, 0xc4];
        for page in [936, 1252, 1200] {
            assert_eq!(Writing::of_page(page).short(&mut Pieces::of(&bytes)).as_deref(), Some("中文"));
        }
        let bytes = [4, 0, 0xa4, 0xa4, 0xa4, 0xe5];
        assert_eq!(Writing::of_page(950).long(&mut Pieces::of(&bytes)).as_deref(), Some("中文"));
    }
}
