//! Duty lists (责任清单): the four built in, and those of an office as text.
//!
//! In: text with titles, categories and numbered items. Out: [`DutyList`]s, word for word.
//! Never here: what an item demands.

use super::list_draft::finish;
use super::list_lines::{drafts, lines};
use super::list_words::words;
use crate::error::Result;
use crate::model::{DutyItem, DutyList, Finding, ItemId, ListId, rules};

/// The file that holds the built-in lists.
pub const BUILTIN_FILE: &str = "seeds/duty-lists.txt";

/// The text of the built-in lists, as the office issued it.
pub const BUILTIN_TEXT: &str = include_str!("../../seeds/duty-lists.txt");

/// The four built-in lists: `DZ`, `JW`, `CY` and `ZB`, in the order of their file.
///
/// # Errors
/// Never, unless the program was built with a broken text.
pub fn builtin() -> Result<Vec<DutyList>> {
    parse_text(BUILTIN_FILE, BUILTIN_TEXT)
}

/// The lists of a text; `file` names it in messages and gives an id to a list of an unknown role.
///
/// # Errors
/// [`crate::error::Error::File`] with the line: an item before any title, a title without items, a
/// number that jumps or repeats, an item without text, two lists of one id.
pub fn parse_text(file: &str, text: &str) -> Result<Vec<DutyList>> {
    finish(file, drafts(file, &lines(text.lines(), "行"))?)
}

/// The same list under another id; its items are renamed with it.
#[must_use]
pub fn with_id(list: DutyList, id: &str) -> DutyList {
    let prefix = format!("{}-", list.id);
    let items = list
        .items
        .into_iter()
        .map(|item| {
            let rest = item.id.as_str().strip_prefix(prefix.as_str()).unwrap_or(item.id.as_str()).to_owned();
            DutyItem { id: ItemId::from(format!("{id}-{rest}").as_str()), ..item }
        })
        .collect();
    DutyList { id: ListId::from(id), items, ..list }
}

/// Placeholders and dated terms in a list (C007), in its order; the list is never changed.
#[must_use]
pub fn wording_findings(list: &DutyList) -> Vec<Finding> {
    let groups = words().map(|words| words.wording.as_slice()).unwrap_or_default();
    let mut parts: Vec<(String, &str)> = vec![(format!("{} 清单标题", list.id), &list.title)];
    parts.extend(list.preamble.iter().map(|line| (format!("{} 清单说明", list.id), line.as_str())));
    parts.extend(list.categories.iter().map(|c| (format!("{} 类别“{}”", list.id, c.name), c.name.as_str())));
    parts.extend(list.items.iter().map(|item| (item.id.to_string(), item.text.as_str())));
    let mut findings = Vec::new();
    for (name, text) in parts {
        for group in groups {
            let found = terms(text, &group.words);
            if !found.is_empty() {
                let quoted = found.iter().map(|term| format!("“{term}”")).collect::<Vec<_>>().join("、");
                let message = format!("{name} 中的{quoted}{}。", group.why);
                findings.push(Finding::general(&rules::LIST_WORDING, message));
            }
        }
    }
    findings
}

/// The terms that stand in a text, as they stand there, each once, in its order.
fn terms<'t>(text: &'t str, words: &[String]) -> Vec<&'t str> {
    let small = text.to_ascii_lowercase();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for word in words {
        for (start, _) in small.match_indices(word.as_str()) {
            let end = start + word.len();
            let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let inside = word.is_ascii()
                && (is_letter(small[..start].chars().next_back()) || is_letter(small[end..].chars().next()));
            if !inside && taken.iter().all(|&(s, e)| end <= s || start >= e) {
                taken.push((start, end));
            }
        }
    }
    taken.sort_unstable();
    let mut found: Vec<&str> = Vec::new();
    for (start, end) in taken {
        if let Some(term) = text.get(start..end).filter(|term| !found.contains(term)) {
            found.push(term);
        }
    }
    found
}
