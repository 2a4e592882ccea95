//! The texts that the cells of a workbook share.

use super::super::cells::Room;
use super::super::markup::{Token, decode, tokens};
use super::super::package::Package;
use super::super::{Unreadable, limits, too_large};
use std::borrow::Cow;
use std::sync::Arc;

/// The shared texts, in order.
pub(super) fn read(
    package: &mut Package<'_>,
    path: &str,
    room: &mut Room,
) -> Result<Vec<Arc<str>>, Unreadable> {
    let mut reading = Texts::default();
    package.pieces(path, |piece| reading.take(piece, room))?;
    Ok(reading.done)
}

#[derive(Default)]
struct Texts {
    done: Vec<Arc<str>>,
    text: String,
    in_text: bool,
    phonetic: bool,
}

impl Texts {
    fn take(&mut self, piece: &str, room: &mut Room) -> Result<(), Unreadable> {
        for token in tokens(piece) {
            match token {
                Token::Open { tag, closed } => match tag.name {
                    "si" if closed => self.end()?,
                    "si" => self.text.clear(),
                    "t" => self.in_text = !closed && !self.phonetic,
                    "rPh" => self.phonetic = !closed,
                    _ => {}
                },
                Token::Close("t") => self.in_text = false,
                Token::Close("rPh") => self.phonetic = false,
                Token::Close("si") => self.end()?,
                Token::Close(_) => {}
                Token::Text(text) => {
                    if self.in_text {
                        let text = decode(text);
                        room.take_shared(text.len())?;
                        self.text.push_str(&text);
                    }
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Unreadable> {
        self.done.push(Arc::from(unescaped(&self.text).as_ref()));
        self.text.clear();
        if self.done.len() > limits::SHARED_TEXTS {
            return Err(too_large("文字太多"));
        }
        Ok(())
    }
}

/// A text with its `_x000D_` and the like replaced by the characters that they stand for.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, marked) = rest.split_at(at);
        out.push_str(before);
        let escaped = marked.get(2..6).filter(|_| marked.get(6..7) == Some("_"));
        let code = escaped.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            out.push(c);
            rest = marked.get(7..).unwrap_or("");
        } else {
            out.push_str("_x");
            rest = marked.get(2..).unwrap_or("");
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_readings_left_out() {
        let mut texts = Texts::default();
        let part = "<sst><si><t>支委会</t></si><si/><si><r><rPr><b/></rPr><t>主题</t></r><r><t>党日</t></r>\
                    <rPh sb=\"0\"><t>zhuti</t></rPh></si><si><t xml:space=\"preserve\"> a&lt;b </t></si></sst>";
        texts.take(part, &mut Room::new()).unwrap();
        let texts: Vec<&str> = texts.done.iter().map(AsRef::as_ref).collect();
        assert_eq!(texts, ["支委会", "", "主题党日", " a<b "]);
    }

    #[test]
    fn escapes_become_their_characters() {
        for (text, expected) in [
            ("甲_x000D_乙", "甲\r乙"),
            ("_x005F_x000D_", "_x000D_"),
            ("a_x", "a_x"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_x00文_", "_x00文_"),
        ] {
            assert_eq!(unescaped(text), expected);
        }
    }
}
