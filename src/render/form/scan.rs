//! Placeholders in the text of a part, however Word has split it into runs.
//!
//! In: the elements of a part. Out: each placeholder with the bytes that it takes up. Never here: which of them
//! belong together.

use super::fault::{Fault, shown};
use super::places::Places;
use super::tag::{self, Word};
use super::xml::{Tag, Tree};

/// Placeholders of a part.
const MOST: usize = 20_000;
/// The most characters of a placeholder.
const LONGEST: usize = 400;

/// A placeholder.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// From its first to behind its last character, whatever markup stands between.
    pub start: usize,
    pub end: usize,
    pub paragraph: usize,
    pub word: Word,
    /// As it was typed, in one line.
    pub written: String,
    pub place: String,
    /// Whether it stands in the older copy of a drawing that Word keeps for old programs.
    pub copy: bool,
}

/// A character of a paragraph with the bytes that it takes up.
#[derive(Debug, Clone, Copy)]
struct Letter {
    c: char,
    start: usize,
    end: usize,
}

/// The placeholders of a part in order, and those that are none.
pub(super) fn find(tree: &Tree<'_>, places: &Places) -> (Vec<Found>, Vec<Fault>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for paragraph in (1..tree.len()).filter(|n| tree.tag(*n) == Tag::P) {
        if !has_brace(tree, paragraph) {
            continue;
        }
        if found.len() + faults.len() > MOST {
            faults.push(Fault::new(places.of(tree, paragraph), "占位符太多", "请分成几个模板"));
            break;
        }
        let letters = letters(tree, paragraph);
        let place = || places.of(tree, paragraph);
        let mut at = 0;
        while at < letters.len() && found.len() + faults.len() <= MOST {
            let rest = letters.get(at..).unwrap_or(&[]);
            let start = rest.first().map_or(0, |l| l.start);
            if closing(rest) {
                let message = "这里多了一对“}}”，前面没有与它相配的“{{”";
                faults.push(Fault::new(place(), message, "请补上前面的“{{”，或删去它").at(start));
                at += 2;
                continue;
            }
            if !opening(rest)
                || rest.get(2).is_some_and(|l| brace(l.c) == Some('{'))
                    && opening(rest.get(1..).unwrap_or(&[]))
            {
                at += 1;
                continue;
            }
            let inner = rest.get(2..).unwrap_or(&[]);
            let length = (0..inner.len().min(LONGEST))
                .find(|n| inner.get(*n..).is_some_and(|rest| closing(rest) || opening(rest)));
            let closed = length.filter(|n| inner.get(*n..).is_some_and(closing));
            let Some(length) = closed else {
                let until = length.unwrap_or(inner.len()).min(24);
                let text: String = inner.iter().take(until).map(|l| l.c).collect();
                let message = format!("“{{{{{}”没有写完，后面缺“}}}}”", shown(text.trim()));
                faults.push(Fault::new(place(), message, "一个占位符要写在同一段里，请补全").at(start));
                at += 2 + length.unwrap_or(inner.len());
                continue;
            };
            let text: String = inner.iter().take(length).map(|l| l.c).collect();
            let last = rest.get(length + 3).map_or(0, |l| l.end);
            let written = format!("{{{{{}}}}}", shown(text.trim()));
            match tag::read(&text) {
                Ok(word) => found.push(Found {
                    start,
                    end: last,
                    paragraph,
                    word,
                    written,
                    place: place(),
                    copy: places.is_copy(paragraph),
                }),
                Err(message) => faults.push(
                    Fault::new(
                        place(),
                        format!("“{written}”：{message}"),
                        "写法见“说明.md”里的“本单位自己的 Word 模板”",
                    )
                    .at(start),
                ),
            }
            at += length + 4;
        }
    }
    // A text box stands in the middle of its paragraph.
    found.sort_by_key(|tag| tag.start);
    (found, faults)
}

/// A brace or percent sign in its plain form.
fn brace(c: char) -> Option<char> {
    match c {
        '{' | '｛' => Some('{'),
        '}' | '｝' => Some('}'),
        '%' | '％' => Some('%'),
        _ => None,
    }
}

fn pair(letters: &[Letter]) -> Option<(char, char)> {
    Some((brace(letters.first()?.c)?, brace(letters.get(1)?.c)?))
}

fn opening(letters: &[Letter]) -> bool {
    matches!(pair(letters), Some(('{', '{' | '%')))
}

fn closing(letters: &[Letter]) -> bool {
    matches!(pair(letters), Some(('}' | '%', '}')))
}

/// The elements inside a paragraph that hold its own text, not that of its text boxes.
pub(super) fn texts<'t>(tree: &'t Tree<'_>, paragraph: usize) -> impl Iterator<Item = usize> + use<'t> {
    let end = tree.get(paragraph).after;
    let mut next = paragraph + 1;
    std::iter::from_fn(move || {
        while next < end {
            let at = next;
            let tag = tree.tag(at);
            let skipped = matches!(tag, Tag::P | Tag::Story | Tag::Gone | Tag::PPr | Tag::RPr | Tag::SdtPr);
            next = if skipped { tree.get(at).after } else { at + 1 };
            if tag == Tag::T || tag == Tag::Space {
                return Some(at);
            }
        }
        None
    })
}

/// The text of a `w:t` as it stands in the file; none where it is more than text.
pub(super) fn text_of<'t>(tree: &Tree<'t>, number: usize) -> Option<&'t str> {
    let element = tree.get(number);
    Some(tree.slice(element.inner..element.close)).filter(|text| !text.contains('<'))
}

fn has_brace(tree: &Tree<'_>, paragraph: usize) -> bool {
    let braced = |text: &str| text.contains(['{', '}', '｛', '｝']);
    braced(tree.raw(paragraph)) && texts(tree, paragraph).filter_map(|n| text_of(tree, n)).any(braced)
}

fn letters(tree: &Tree<'_>, paragraph: usize) -> Vec<Letter> {
    let mut letters = Vec::new();
    for number in texts(tree, paragraph) {
        let element = tree.get(number);
        if element.tag == Tag::Space {
            letters.push(Letter { c: ' ', start: element.start, end: element.end });
            continue;
        }
        let Some(text) = text_of(tree, number) else { continue };
        for (at, length, c) in decoded(text) {
            let start = element.inner + at;
            letters.push(Letter { c, start, end: start + length });
        }
    }
    letters
}

/// The characters of a text in a file: where each begins, how many bytes it takes, what it is.
pub(super) fn decoded(text: &str) -> impl Iterator<Item = (usize, usize, char)> + use<'_> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        let entity = (c == '&').then(|| entity(rest)).flatten();
        let (length, c) = entity.unwrap_or((c.len_utf8(), c));
        let start = at;
        at += length;
        Some((start, length, c))
    })
}

fn entity(text: &str) -> Option<(usize, char)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = number
                .strip_prefix(['x', 'X'])
                .map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
            char::from_u32(code)?
        }
    };
    Some((end + 1, c))
}
