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

    /// Names without namespace and values of the attributes, entities not yet replaced.
    pub(super) fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.rest }
    }

    /// The value of the first attribute whose name without namespace is this one.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut attributes = self.attributes();
        attributes.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| decode(value))
    }

    /// An attribute that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }
}

/// Iterator over the attributes of a tag; one without value is passed over.
pub(super) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        // Attributes of a sheet are a few bytes long: no search is quicker than looking at each.
        let equals = self.rest.bytes().position(|byte| byte == b'=')?;
        let (before, after) = self.rest.split_at_checked(equals)?;
        let after = after.get(1..)?.trim_ascii_start();
        let before = before.trim_ascii_end();
        let name = before.rfind([' ', '\t', '\n', '\r', ':']).map_or(before, |at| &before[at + 1..]);
        let quote = after.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''));
        let (value, rest) = if let Some(quote) = quote {
            let inner = after.get(1..)?;
            let end = inner.bytes().position(|byte| byte == quote).unwrap_or(inner.len());
            (inner.get(..end)?, inner.get(end + 1..).unwrap_or(""))
        } else {
            let end = after.find(|c: char| c.is_ascii_whitespace()).unwrap_or(after.len());
            after.split_at_checked(end)?
        };
        self.rest = rest;
        Some((name, value))
    }
}

/// What begins a text in which nothing is markup.
const CDATA: &str = "<![CDATA[";

/// How much of a text that may go on can be cut into tokens already: up to its last `<`, or up to a
/// comment or literal text that is still open.
pub(super) fn complete(text: &str) -> usize {
    let last = memchr::memrchr(b'<', text.as_bytes()).unwrap_or(0);
    let open = [(CDATA, "]]>"), ("<!--", "-->")].into_iter().filter_map(|(begin, end)| {
        let at = text.rfind(begin)?;
        text.get(at..).is_none_or(|rest| !rest.contains(end)).then_some(at)
    });
    open.fold(last, usize::min)
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
            let bytes = self.rest.as_bytes();
            if bytes.first() != Some(&b'<') {
                let end = memchr::memchr(b'<', bytes).unwrap_or(bytes.len());
                return Some(Token::Text(self.take(end)));
            }
            if matches!(bytes.get(1), Some(b'!' | b'?')) {
                if self.rest.starts_with("<!--") {
                    self.skip_past("-->");
                } else if let Some(inner) = self.rest.strip_prefix(CDATA) {
                    let end = inner.find("]]>").unwrap_or(inner.len());
                    let text = inner.get(..end).unwrap_or("");
                    self.rest = inner.get(end + 3..).unwrap_or("");
                    return Some(Token::Text(text));
                } else {
                    self.skip_past(">");
                }
            } else if let Some(token) = self.tag() {
                return Some(token);
            } else {
                let next = bytes.get(1..).and_then(|rest| memchr::memchr(b'<', rest));
                return Some(Token::Text(self.take(next.map_or(bytes.len(), |at| at + 1))));
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
        if !inner.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
            return None;
        }
        let end = end_of_tag(inner.as_bytes());
        let body = inner.get(..end)?;
        self.rest = inner.get(end + 1..).unwrap_or("");
        let (body, closed) = body.strip_suffix('/').map_or((body, false), |body| (body, true));
        let mut name_end = body.len();
        let mut name_start = 0;
        for (at, byte) in body.bytes().enumerate() {
            match byte {
                b':' => name_start = at + 1,
                _ if byte.is_ascii_whitespace() => {
                    name_end = at;
                    break;
                }
                _ => {}
            }
        }
        let (name, rest) = body.split_at_checked(name_end)?;
        let name = name.get(name_start..)?;
        Some(if closing { Token::Close(name) } else { Token::Open { tag: Tag { name, rest }, closed } })
    }
}

/// Where the `>` stands that is not inside quotes.
fn end_of_tag(inner: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = inner.get(at) {
        match byte {
            b'>' => return at,
            b'"' | b'\'' => {
                let rest = inner.get(at + 1..).unwrap_or_default();
                // A quote that nothing closes quotes nothing.
                let Some(length) = rest.iter().position(|next| next == byte) else { break };
                at += length + 2;
            }
            _ => at += 1,
        }
    }
    memchr::memchr(b'>', inner).unwrap_or(inner.len())
}

/// The text with its entities replaced.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
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

    #[test]
    fn a_text_that_goes_on_is_cut_where_tokens_end() {
        for (text, length) in [
            ("<a>一</a><b", 11 - 1),
            ("<a>一", 0),
            ("<a/><![CDATA[<x>", 4),
            ("<a/><![CDATA[<x>]]><b>", 19),
            ("<a/><!-- <x> ", 4),
            ("无", 0),
        ] {
            assert_eq!(complete(text), length, "{text}");
        }
    }

    #[test]
    fn attributes_are_read_however_they_are_written() {
        let text = "<c r='A1' s = \"2\" hidden x:t=s y=\"a>b\"/>";
        let Some(Token::Open { tag, closed: true }) = tokens(text).next() else { panic!("no tag") };
        let all: Vec<(&str, &str)> = tag.attributes().collect();
        assert_eq!(all, [("r", "A1"), ("s", "2"), ("t", "s"), ("y", "a>b")]);
    }
}
