//! Lists in running text: which line is a title, a category, an item, or more of an item.
//!
//! In: lines of a text file, paragraphs of a document, or rows of a sheet. Out: [`Draft`]s that
//! hold every line that is not blank. Never here: how the lines were read from bytes.

use super::list_draft::{Draft, DraftItem, bare_title, refuse};
use super::list_words::{ListWords, words};
use super::numbers::{Mark, Style, mark, number};
use super::text::is_invisible;
use crate::error::Result;
use crate::model::Category;

/// A line that is not blank.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Number from 1.
    pub(crate) at: u32,
    /// The same for messages: `第3行`.
    pub(crate) place: String,
    /// Text without outer blanks and invisible characters.
    pub(crate) text: String,
    /// Whether a blank line stands before it.
    pub(crate) gap: bool,
}

/// The lines of a text that are not blank; `unit` is 行 or 段.
pub(crate) fn lines<'a>(texts: impl Iterator<Item = &'a str>, unit: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut gap = true;
    for (at, text) in (1..).zip(texts) {
        let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
        let text = text.trim();
        if text.is_empty() {
            gap = true;
            continue;
        }
        found.push(Line { at, place: format!("第{at}{unit}"), text: text.to_owned(), gap });
        gap = false;
    }
    found
}

/// A title with the lines up to the next.
struct Section<'a> {
    title: Option<&'a Line>,
    above: Vec<&'a Line>,
    body: Vec<&'a Line>,
}

/// The lists of a text.
///
/// # Errors
/// An item before any title; everything else is found when the drafts are finished.
pub(crate) fn drafts(file: &str, lines: &[Line]) -> Result<Vec<Draft>> {
    let words = words()?;
    let mut drafts = Vec::new();
    let mut carried: Vec<String> = Vec::new();
    let lines = with_whole_titles(words, lines);
    let sections = sections(words, &lines);
    let count = sections.len();
    for (index, section) in sections.into_iter().enumerate() {
        let above = section.above.iter().map(|line| line.text.clone());
        let Some(title) = section.title else {
            carried.extend(above);
            let item = section.body.iter().find_map(|line| {
                mark(&line.text).filter(|m| !m.weak && m.style >= Style::Arabic).map(|_| line)
            });
            if let Some(line) = item {
                let start: String = line.text.chars().take(16).collect();
                let message =
                    format!("“{start}…”前面没有清单标题。请在第一条之前加一行标题，如“党支部书记责任清单”。");
                return Err(refuse(file, &line.place, message));
            }
            carried.extend(section.body.iter().map(|line| line.text.clone()));
            continue;
        };
        carried.extend(above);
        if index == 0 && section.body.is_empty() && count > 1 {
            carried.push(title.text.clone());
            continue;
        }
        let mut draft = Draft {
            title: title.text.clone(),
            place: title.place.clone(),
            preamble: std::mem::take(&mut carried),
            ..Draft::default()
        };
        fill(&mut draft, &section.body);
        drafts.push(draft);
    }
    if drafts.is_empty() {
        let message = "没有找到责任清单。清单应有一行标题（以“清单”结尾），下面逐条编号，如“1.”“2.”。";
        return Err(refuse(file, "", message));
    }
    Ok(drafts)
}

fn sections<'a>(words: &ListWords, lines: &'a [Line]) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    let mut above: Vec<&Line> = Vec::new();
    let mut before: Option<&Line> = None;
    for line in lines {
        let fresh = line.gap
            || !above.is_empty()
            || before.is_none_or(|b| ends_sentence(&b.text))
            || sections.last().is_none_or(|section| section.title.is_none() || section.body.is_empty());
        before = Some(line);
        if is_lead(words, &line.text) {
            above.push(line);
        } else if fresh && is_title(words, &line.text) {
            sections.push(Section { title: Some(line), above: std::mem::take(&mut above), body: Vec::new() });
        } else {
            if sections.is_empty() {
                sections.push(Section { title: None, above: Vec::new(), body: Vec::new() });
            }
            if let Some(section) = sections.last_mut() {
                section.body.append(&mut above);
                section.body.push(line);
            }
        }
    }
    if let Some(section) = sections.last_mut() {
        section.body.append(&mut above);
    }
    sections
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['。', '；', '！', '：', ';', ':', '.', '”', '）', ')'])
}

fn is_lead(words: &ListWords, text: &str) -> bool {
    text.chars().count() <= 8 && words.leads.iter().any(|lead| text.starts_with(lead.as_str()))
}

/// Whether a line is the title of a list: short, no sentence, a known ending; with a number before it
/// only where it names a known role.
pub(crate) fn is_title(words: &ListWords, text: &str) -> bool {
    let bare = bare_title(without_lead(words, text));
    let ends = bare.chars().count() <= 40
        && !bare.contains(['。', '；', '：', '！'])
        && words.titles.iter().any(|ending| bare.ends_with(ending.as_str()));
    ends && mark(bare).is_none_or(|m| m.style < Style::Arabic && names_role(words, bare))
}

/// A title line without `附件1：` before it.
fn without_lead<'t>(words: &ListWords, text: &'t str) -> &'t str {
    let after = words.leads.iter().find_map(|lead| text.strip_prefix(lead.as_str()));
    after.map_or(text, |after| {
        after.trim_start_matches(|c: char| {
            c.is_whitespace() || "：:".contains(c) || number(c.to_string().as_str()).is_some()
        })
    })
}

fn names_role(words: &ListWords, title: &str) -> bool {
    words.role.iter().flat_map(|role| &role.words).any(|word| title.contains(word.as_str()))
}

/// The lines with a title that stands on two lines (`党支部书记` and `责任清单`) on one.
fn with_whole_titles(words: &ListWords, lines: &[Line]) -> Vec<Line> {
    let mut whole: Vec<Line> = Vec::new();
    for line in lines {
        let before = whole.last_mut().filter(|before| {
            !line.gap
                && names_nobody(words, &line.text)
                && mark(&before.text).is_none()
                && is_heading(&before.text)
                && !is_lead(words, &before.text)
                && !is_title(words, &before.text)
        });
        match before {
            Some(before) => before.text.push_str(&line.text),
            None => whole.push(line.clone()),
        }
    }
    whole
}

/// Whether a line is the ending of a title and nothing more.
fn names_nobody(words: &ListWords, text: &str) -> bool {
    let bare = bare_title(text);
    let rest = words.titles.iter().find_map(|ending| bare.strip_suffix(ending.as_str()));
    rest.is_some_and(|rest| matches!(rest, "" | "责任" | "工作" | "岗位" | "工作责任"))
}

fn fill(draft: &mut Draft, body: &[&Line]) {
    let marks = marks(body);
    let style = item_style(&marks);
    let next_is_item =
        |index: usize| marks.get(index + 1).and_then(Option::as_ref).is_some_and(|m| Some(m.style) == style);
    let mut category = None;
    let mut fresh = true;
    let mut signed = false;
    for (index, (line, mark)) in body.iter().zip(&marks).enumerate() {
        signed |= is_signature(body, index, fresh);
        match mark {
            Some(m) if Some(m.style) == style => {
                draft.items.push(DraftItem {
                    category,
                    number: m.number,
                    text: m.rest.to_owned(),
                    at: line.at,
                    place: line.place.clone(),
                });
            }
            Some(m) if Some(m.style) < style => {
                let name = m.rest.trim_end_matches(['。', '：', ':']).to_owned();
                category = Some(draft.categories.len());
                draft.categories.push(Category { label: m.label.to_owned(), name });
            }
            None if fresh && is_heading(&line.text) && next_is_item(index) && !draft.items.is_empty() => {
                category = Some(draft.categories.len());
                draft.categories.push(Category { label: String::new(), name: line.text.clone() });
            }
            _ if in_item(body, &marks, index, style) && !signed => {
                if let Some(item) = draft.items.last_mut() {
                    item.extend(&line.text);
                }
            }
            None if is_heading(&line.text) && next_is_item(index) && category.is_none() => {
                category = Some(draft.categories.len());
                draft.categories.push(Category { label: String::new(), name: line.text.clone() });
            }
            _ => draft.preamble.push(line.text.clone()),
        }
        fresh = ends_sentence(&line.text);
    }
}

/// The mark of each line; one that only a blank makes must go on counting to be one.
fn marks<'a>(body: &[&'a Line]) -> Vec<Option<Mark<'a>>> {
    let mut last = 0;
    body.iter()
        .map(|line| {
            let mark = mark(&line.text)?;
            if mark.weak && mark.number != last + 1 {
                return None;
            }
            if mark.style == Style::Arabic {
                last = mark.number;
            }
            Some(mark)
        })
        .collect()
}

/// The level that carries the items: the outermost of which at least half are more than headings,
/// otherwise the level of `1.`, or what there is in its place.
fn item_style(marks: &[Option<Mark<'_>>]) -> Option<Style> {
    let is_text = |m: &Mark<'_>| {
        m.rest.chars().count() > 30 || m.rest.trim_end_matches(['。', '；']).contains(['。', '；'])
    };
    let inward = [Style::Chinese, Style::ChineseBracket, Style::Arabic, Style::ArabicBracket];
    let usual = [Style::Arabic, Style::ArabicBracket, Style::ChineseBracket, Style::Chinese];
    let of = |style: Style| marks.iter().flatten().filter(move |m| m.style == style);
    let is_present = |style: &Style| of(*style).next().is_some();
    let is_long = |style: &Style| of(*style).filter(|m| is_text(m)).count() * 2 >= of(*style).count();
    let long = inward.into_iter().filter(is_present).find(is_long);
    long.or_else(|| usual.into_iter().find(is_present))
}

/// Whether the last mark of item level or above, before a line, is that of an item.
fn in_item(body: &[&Line], marks: &[Option<Mark<'_>>], index: usize, style: Option<Style>) -> bool {
    debug_assert_eq!(body.len(), marks.len());
    marks
        .iter()
        .take(index)
        .rev()
        .flatten()
        .find(|m| Some(m.style) <= style)
        .is_some_and(|m| Some(m.style) == style)
}

/// A short line that is no sentence.
fn is_heading(text: &str) -> bool {
    text.chars().count() <= 16 && !text.contains(['。', '；', '，', '：'])
}

/// Whether a line is the signature or date after the last item.
fn is_signature(body: &[&Line], index: usize, fresh: bool) -> bool {
    fresh && body.get(index..).unwrap_or_default().iter().all(|line| is_heading(&line.text))
}
