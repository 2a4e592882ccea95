//! Tags and texts of XML and HTML, read leniently.
//!
//! In: a text. Out: tokens. Never here: an error; what is no tag is text.

use std::borrow::Cow;

/// A piece of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<name …>`; `closed` where it ends in `/>`.
    Open { tag: Tag<'a>, closed: bool },
    /// `</name>`, without namespace.
    Close(&'a str),
    /// Text between tags, entities not yet replaced.
    Text(&'a str),
}

/// The name of a tag and the text of its attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Name without namespace.
    pub(super) name: &'a str,
    rest: &'a str,
}

impl<'a> Tag<'a> {
    /// Whether the name is this one, in any case of letters.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of the first attribute whose name without namespace is this one.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.rest;
        while let Some(equals) = rest.find('=') {
            let (before, after) = (rest.get(..equals)?, rest.get(equals + 1..)?.trim_start());
            let key = before.trim().rsplit([' ', '\t', '\n', '\r', ':']).next().unwrap_or("");
            let (value, next) = if let Some(quote @ ('"' | '\'')) = after.chars().next() {
                let inner = after.get(1..)?;
                let end = inner.find(quote).unwrap_or(inner.len());
                (inner.get(..end)?, inner.get(end + 1..).unwrap_or(""))
            } else {
                let end = after.find(|c: char| c.is_whitespace()).unwrap_or(after.len());
                (after.get(..end)?, after.get(end..)?)
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(decode(value));
            }
            rest = next;
        }
        None
    }

    /// An attribute that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }
}

/// The tokens of a text, in order.
pub(super) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { rest: text }
}

/// Iterator over tokens.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                return Some(Token::Text(self.take(end)));
            }
            if self.rest.starts_with("<!--") {
                self.skip_past("-->");
            } else if let Some(inner) = self.rest.strip_prefix("<![CDATA[") {
                let end = inner.find("]]>").unwrap_or(inner.len());
                let text = inner.get(..end).unwrap_or("");
                self.rest = inner.get(end + 3..).unwrap_or("");
                return Some(Token::Text(text));
            } else if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
                self.skip_past(">");
            } else if let Some(token) = self.tag() {
                return Some(token);
            } else {
                let end = self.rest.get(1..).and_then(|r| r.find('<')).map_or(self.rest.len(), |e| e + 1);
                return Some(Token::Text(self.take(end)));
            }
        }
    }
}

impl<'a> Tokens<'a> {
    fn take(&mut self, end: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn skip_past(&mut self, mark: &str) {
        let end = self.rest.find(mark).map_or(self.rest.len(), |at| at + mark.len());
        self.take(end);
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let inner = self.rest.get(1..)?;
        let closing = inner.starts_with('/');
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end = end_of_tag(inner);
        let body = inner.get(..end)?;
        self.rest = inner.get(end + 1..).unwrap_or("");
        let closed = body.ends_with('/');
        let body = body.strip_suffix('/').unwrap_or(body);
        let name_end = body.find(|c: char| c.is_whitespace()).unwrap_or(body.len());
        let (name, rest) = body.split_at_checked(name_end)?;
        let name = name.rsplit(':').next().unwrap_or(name);
        Some(if closing { Token::Close(name) } else { Token::Open { tag: Tag { name, rest }, closed } })
    }
}

/// Where the `>` stands that is not inside quotes.
fn end_of_tag(inner: &str) -> usize {
    let mut quote = None;
    for (at, byte) in inner.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return at,
            _ => {}
        }
    }
    inner.find('>').unwrap_or(inner.len())
}

/// The text with its entities replaced.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at..).unwrap_or("");
        let entity = rest.find(';').filter(|end| *end <= 12).and_then(|end| rest.get(1..end));
        if let Some((name, replacement)) = entity.and_then(|name| Some((name, entity_char(name)?))) {
            out.push(replacement);
            rest = rest.get(name.len() + 2..).unwrap_or("");
        } else {
            out.push('&');
            rest = rest.get(1..).unwrap_or("");
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity_char(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ldquo" => '“',
        "rdquo" => '”',
        "middot" => '·',
        "mdash" => '—',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_markup_still_gives_tokens() {
        let text = "<a b='1' x:c=\"<2>\">x &amp; y<br/><!-- z --><1 & 2</A>tail<";
        let all: Vec<Token<'_>> = tokens(text).collect();
        let Token::Open { tag, closed: false } = all[0] else { panic!("{all:?}") };
        assert_eq!((tag.number("b"), tag.attribute("c").as_deref()), (Some(1), Some("<2>")));
        assert_eq!(all[1], Token::Text("x &amp; y"));
        assert!(matches!(all[2], Token::Open { closed: true, .. }));
        assert_eq!(all[3], Token::Text("<1 & 2"));
        assert_eq!(all[4], Token::Close("A"));
        assert_eq!(decode("&lt;&#19968;&#x4E00;&bad;&"), "<一一&bad;&");
    }
}
