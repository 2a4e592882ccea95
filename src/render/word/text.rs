//! Text as it may stand in XML, and runs of it.
//!
//! In: any text. Out: escaped text without a character that XML forbids. Never here: paragraphs.

use std::fmt::{self, Write};

use super::fonts::{Fonts, Style};
use super::skeleton::{BLANK_STYLE, LINK_STYLE};
use crate::model::Span;
use crate::render::legal::legal;

/// What begins and ends a blank that only the author can fill.
const BLANK: (&str, char) = ("【待补", '】');

/// Writes formatted text, which cannot fail in memory.
pub(super) fn add(out: &mut String, text: fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn push_escaped(out: &mut String, character: char) {
    match character {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        other => out.push(other),
    }
}

/// Writes text as it may stand between tags, as much at once as needs no change.
fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (plain, marked) = rest.split_at(at);
        out.push_str(plain);
        let mut marked = marked.chars();
        if let Some(character) = marked.next() {
            push_escaped(out, character);
        }
        rest = marked.as_str();
    }
    out.push_str(rest);
}

/// The text for an attribute or a property: one line, without what XML forbids.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in legal(text).chars() {
        push_escaped(&mut out, if matches!(character, '\n' | '\t') { ' ' } else { character });
    }
    out
}

/// The beginnings of runs in one style, made once for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunOpenings {
    plain: String,
    blank: String,
    link: String,
}

impl RunOpenings {
    /// Openings in the style's face, named for all four kinds of script so that no program
    /// falls back to a theme.
    pub(super) fn new(style: Style, fonts: &Fonts) -> Self {
        let face = escaped(fonts.of(style.setting().face));
        let opening = |character_style: &str, highlight: &str| {
            format!(
                "<w:r><w:rPr>{character_style}<w:rFonts w:hint=\"eastAsia\" w:ascii=\"{face}\" \
                 w:hAnsi=\"{face}\" w:eastAsia=\"{face}\" w:cs=\"{face}\"/>{highlight}</w:rPr>"
            )
        };
        Self {
            plain: opening("", ""),
            blank: opening(
                &format!("<w:rStyle w:val=\"{BLANK_STYLE}\"/>"),
                // A style may not carry it; on the run the author can take it off with one click.
                "<w:highlight w:val=\"yellow\"/>",
            ),
            link: opening(&format!("<w:rStyle w:val=\"{LINK_STYLE}\"/>"), ""),
        }
    }

    /// Writes a span; `bookmark` gives the number of the row that an anchor names.
    pub(super) fn span(&self, out: &mut String, span: &Span, bookmark: impl Fn(&str) -> Option<usize>) {
        match span {
            Span::Text(text) => run(out, &self.plain, text),
            Span::Blank(text) => run(out, &self.blank, text),
            Span::Note(_) => {}
            Span::Link { text, anchor } => match bookmark(anchor) {
                Some(number) if !text.is_empty() => {
                    add(out, format_args!("<w:hyperlink w:anchor=\"R{number}\" w:history=\"1\">"));
                    run(out, &self.link, text);
                    out.push_str("</w:hyperlink>");
                }
                _ => run(out, &self.plain, text),
            },
        }
    }

    /// Writes text in which `【待补：…】` is made visible.
    pub(super) fn text(&self, out: &mut String, text: &str) {
        let mut rest = text;
        while let Some(start) = rest.find(BLANK.0) {
            let (before, blank) = rest.split_at(start);
            let Some(end) = blank.find(BLANK.1) else { break };
            let (blank, after) = blank.split_at(end + BLANK.1.len_utf8());
            run(out, &self.plain, before);
            run(out, &self.blank, blank);
            rest = after;
        }
        run(out, &self.plain, rest);
    }
}

fn run(out: &mut String, opening: &str, text: &str) {
    let text = legal(text);
    if text.is_empty() {
        return;
    }
    out.push_str(opening);
    let mut rest = &*text;
    while let Some(first) = rest.bytes().next() {
        let mark = match first {
            b'\n' => Some("<w:br/>"),
            b'\t' => Some("<w:tab/>"),
            _ => None,
        };
        if let Some(mark) = mark {
            out.push_str(mark);
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let (piece, after) = rest.split_at(rest.find(['\n', '\t']).unwrap_or(rest.len()));
        out.push_str("<w:t xml:space=\"preserve\">");
        push_text(out, piece);
        out.push_str("</w:t>");
        rest = after;
    }
    out.push_str("</w:r>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body_text(text: &str) -> String {
        let mut out = String::new();
        RunOpenings::new(Style::Body, &Fonts::default()).text(&mut out, text);
        let mut rest = out.as_str();
        let mut bare = String::new();
        while let Some(start) = rest.find("<w:rPr>") {
            let end = rest.find("</w:rPr>").unwrap();
            bare.push_str(&rest[..start]);
            bare.push_str(if rest[start..end].contains("Blank") { "[blank]" } else { "" });
            rest = &rest[end + "</w:rPr>".len()..];
        }
        (bare + rest).replace(" xml:space=\"preserve\"", "")
    }

    #[test]
    fn text_is_written_so_that_xml_can_hold_it() {
        for (text, want) in [
            ("", ""),
            ("甲", "<w:r><w:t>甲</w:t></w:r>"),
            ("a<b>&\"c\"", "<w:r><w:t>a&lt;b&gt;&amp;&quot;c&quot;</w:t></w:r>"),
            ("一\n二", "<w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r>"),
            ("一\r\n二\t三", "<w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:tab/><w:t>三</w:t></w:r>"),
            ("一\r二", "<w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r>"),
            ("\0甲\u{1}\u{8}乙\u{1b}\u{fffe}\u{ffff}", "<w:r><w:t>甲乙</w:t></w:r>"),
            ("\u{1}", ""),
            ("𠮷㛃", "<w:r><w:t>𠮷㛃</w:t></w:r>"),
            ("=1+1", "<w:r><w:t>=1+1</w:t></w:r>"),
            (
                "见【待补：原因】后",
                "<w:r><w:t>见</w:t></w:r><w:r>[blank]<w:t>【待补：原因】</w:t></w:r><w:r><w:t>后</w:t></w:r>",
            ),
            ("【待补：没有收尾", "<w:r><w:t>【待补：没有收尾</w:t></w:r>"),
        ] {
            assert_eq!(body_text(text), want, "{text:?}");
        }
    }
}
