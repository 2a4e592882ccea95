//! Words that a paragraph holds in several pieces: `<w:t>邢</w:t>…<w:t>志平</w:t>`.
//!
//! In: the XML of a part. Out: the same with such words changed, the new one in the first piece. Never here: words that
//! stand in one piece, which need no reading of the XML; a word that goes on in another paragraph or cell, or after a tab.

use super::{Change, Find};
use quick_xml::Reader;
use quick_xml::escape::{partial_escape, unescape};
use quick_xml::events::Event;
use std::ops::Range;

/// What holds text together: a paragraph of Word or of a drawing, a shared string or an inline one, a comment's text.
const PARAGRAPHS: [&str; 4] = ["p", "si", "is", "text"];
/// What holds a piece of it: `w:t`, `a:t`, `t`.
const PIECE: &str = "t";
/// What keeps pieces apart.
const BREAKS: [&str; 3] = ["br", "cr", "tab"];

/// A piece of text, where it stands, and where it begins in the text of its paragraph.
struct Piece {
    at: Range<usize>,
    text: String,
    from: usize,
}

/// The XML with words changed that stand in several pieces; none where there are none, or where it is no XML.
pub(super) fn joined(xml: &str, find: Find<'_>) -> Option<String> {
    if !xml.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(xml);
    // What stands in no paragraph is one too.
    let mut open: Vec<Paragraph> = vec![Paragraph::default()];
    let mut changes = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if tag.local_name().as_ref() == PIECE => {
                let span = reader.read_to_end(tag.name()).ok()?;
                let at = usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?;
                let text = unescape(xml.get(at.clone())?).ok()?.into_owned();
                open.last_mut()?.push(at, text);
            }
            Event::Start(tag) if PARAGRAPHS.contains(&tag.local_name().as_ref()) => {
                open.push(Paragraph::default());
            }
            Event::Start(tag) | Event::Empty(tag) if BREAKS.contains(&tag.local_name().as_ref()) => {
                open.last_mut()?.whole.push('\n');
            }
            Event::End(tag) if PARAGRAPHS.contains(&tag.local_name().as_ref()) => {
                changes.extend(open.pop()?.changes(find));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    changes.extend(open.into_iter().flat_map(|paragraph| paragraph.changes(find)));
    changes.sort_by_key(|change| change.at.start);
    super::replaced(xml, &changes)
}

#[derive(Default)]
struct Paragraph {
    whole: String,
    pieces: Vec<Piece>,
}

impl Paragraph {
    fn push(&mut self, at: Range<usize>, text: String) {
        let from = self.whole.len();
        self.whole.push_str(&text);
        self.pieces.push(Piece { at, text, from });
    }

    /// The pieces that change, as they stand in the XML.
    fn changes(self, find: Find<'_>) -> Vec<Change> {
        let found = find(&self.whole);
        if found.is_empty() {
            return Vec::new();
        }
        let touched = |piece: &Piece| -> Option<Change> {
            let end = piece.from + piece.text.len();
            let own: Vec<Change> = found
                .iter()
                .filter(|change| change.at.start < end && piece.from < change.at.end)
                .map(|change| {
                    let first = change.at.start >= piece.from;
                    let start = change.at.start.saturating_sub(piece.from);
                    let at = start..change.at.end.min(end) - piece.from;
                    Change { at, to: if first { change.to.clone() } else { String::new() } }
                })
                .collect();
            let text = super::replaced(&piece.text, &own)?;
            Some(Change { at: piece.at.clone(), to: partial_escape(text.as_str()).into_owned() })
        };
        self.pieces.iter().filter_map(touched).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Vec<Change> {
        let found = text.match_indices("邢志平");
        found.map(|(at, word)| Change { at: at..at + word.len(), to: "邢某某".into() }).collect()
    }

    #[test]
    fn words_in_pieces_are_put_together() {
        for (xml, want) in [
            (
                "<w:p><w:r><w:t>由邢</w:t></w:r><w:proofErr/><w:r><w:t>志</w:t></w:r><w:r><w:t>平&amp;主持</w:t></w:r></w:p>",
                Some(
                    "<w:p><w:r><w:t>由邢某某</w:t></w:r><w:proofErr/><w:r><w:t></w:t></w:r><w:r><w:t>&amp;主持</w:t></w:r></w:p>",
                ),
            ),
            ("<w:p><w:t>&#37026;志平</w:t></w:p>", Some("<w:p><w:t>邢某某</w:t></w:p>")),
            ("<w:p><w:t>邢</w:t></w:p><w:p><w:t>志平</w:t></w:p>", None),
            ("<w:p><w:t>邢</w:t><w:br/><w:t>志平</w:t></w:p>", None),
            (
                "<w:p><w:t>邢</w:t><w:pict><w:p><w:t>甲</w:t></w:p></w:pict><w:t>志平</w:t></w:p>",
                Some("<w:p><w:t>邢某某</w:t><w:pict><w:p><w:t>甲</w:t></w:p></w:pict><w:t></w:t></w:p>"),
            ),
            (
                "<sst><si><r><t>邢志</t></r><r><t>平、邢</t></r><r><t>志平</t></r></si></sst>",
                Some("<sst><si><r><t>邢某某</t></r><r><t>、邢某某</t></r><r><t></t></r></si></sst>"),
            ),
            (
                "<w:p><w:t>邢</w:t><w:t/><w:t>志平</w:t></w:p>",
                Some("<w:p><w:t>邢某某</w:t><w:t/><w:t></w:t></w:p>"),
            ),
            ("<w:p><w:t>没有", None),
            ("邢志平", None),
        ] {
            assert_eq!(joined(xml, &find).as_deref(), want, "{xml}");
        }
    }
}
