//! From a list as read to a duty list: ids, roles, and whether the numbering holds.
//!
//! In: titles, categories and items with the place of each. Out: [`DutyList`]s. Never here: how
//! they were read.

use super::list_words::{ListWords, words};
use crate::error::{Error, Result};
use crate::model::{Category, DutyItem, DutyList, ItemId, ListId};
use std::path::Path;

/// A list as it was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// Title line.
    pub(crate) title: String,
    /// Where the title stands, for messages.
    pub(crate) place: String,
    /// Lines that are nothing else.
    pub(crate) preamble: Vec<String>,
    /// Categories in order.
    pub(crate) categories: Vec<Category>,
    /// Items in order.
    pub(crate) items: Vec<DraftItem>,
}

/// An item as it was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct DraftItem {
    /// Index into the draft's categories.
    pub(crate) category: Option<usize>,
    /// Number as written.
    pub(crate) number: u32,
    /// Text without number.
    pub(crate) text: String,
    /// Line, paragraph or row from 1.
    pub(crate) at: u32,
    /// The same for messages: `第3行`.
    pub(crate) place: String,
}

impl DraftItem {
    /// More text of the item, from its next line.
    pub(crate) fn extend(&mut self, more: &str) {
        let joins_words = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if joins_words(self.text.chars().next_back()) && joins_words(more.chars().next()) {
            self.text.push(' ');
        }
        self.text.push_str(more);
    }
}

/// An error of a list file at a place such as `第3行`; the whole file where that is empty.
pub(crate) fn refuse(file: &str, place: &str, message: impl AsRef<str>) -> Error {
    let message = message.as_ref();
    let message = if place.is_empty() { message.to_owned() } else { format!("{place}：{message}") };
    Error::File { path: file.into(), message }
}

/// The lists, with ids, after all checks.
pub(crate) fn finish(file: &str, drafts: Vec<Draft>) -> Result<Vec<DutyList>> {
    let words = words()?;
    let mut lists: Vec<(DutyList, String)> = Vec::new();
    for draft in drafts {
        let (known, role) = role_of(words, &draft.title);
        let id = if let Some(id) = known { id.to_owned() } else { free_id(file, &lists) };
        let place = draft.place.clone();
        if let Some((other, there)) = lists.iter().find(|(list, _)| list.id.as_str() == id) {
            return Err(refuse(
                file,
                &place,
                format!(
                    "“{}”与{there}的“{}”都是“{role}”的清单，编号同为 {id}。请删去其中一份，或在标题中写明不同的责任人。",
                    draft.title, other.title
                ),
            ));
        }
        lists.push((list(file, draft, &id, role)?, place));
    }
    Ok(lists.into_iter().map(|(list, _)| list).collect())
}

/// The id and name of the role that a title names first; otherwise the title without its ending.
fn role_of<'w>(words: &'w ListWords, title: &str) -> (Option<&'w str>, String) {
    let found = words
        .role
        .iter()
        .flat_map(|role| role.words.iter().filter_map(move |word| Some((title.find(word.as_str())?, role))))
        .min_by_key(|(at, _)| *at);
    if let Some((_, role)) = found {
        return (Some(role.id.get_ref()), role.name.clone());
    }
    let bare = bare_title(title);
    let mut role = bare;
    for ending in &words.titles {
        role = role.strip_suffix(ending.as_str()).unwrap_or(role);
    }
    let role = role.trim_end_matches("责任").trim_end_matches("工作");
    (None, if role.is_empty() { bare.to_owned() } else { role.to_owned() })
}

/// A title without book marks and without a trailing year or 试行 in brackets.
pub(crate) fn bare_title(title: &str) -> &str {
    let mut bare = title.trim();
    if let Some(open) = bare.rfind(['（', '(', '〔'])
        && bare.ends_with(['）', ')', '〕'])
        && open > 0
    {
        bare = bare[..open].trim_end();
    }
    bare.trim_matches(['《', '》', '“', '”', '【', '】']).trim()
}

fn free_id(file: &str, taken: &[(DutyList, String)]) -> String {
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let stem: String = stem.chars().filter(|c| c.is_alphanumeric()).take(12).collect();
    let stem = if stem.is_empty() { "自定".to_owned() } else { stem };
    let is_free = |id: &String| taken.iter().all(|(list, _)| list.id.as_str() != id);
    (1..=taken.len() + 1)
        .map(|n| if n == 1 { stem.clone() } else { format!("{stem}第{n}份") })
        .find(is_free)
        .unwrap_or(stem)
}

fn list(file: &str, draft: Draft, id: &str, role: String) -> Result<DutyList> {
    if draft.items.is_empty() {
        return Err(refuse(
            file,
            &draft.place,
            format!("“{}”下面没有一条编号的责任。请在每条前面写上“1.”“2.”这样的编号。", draft.title),
        ));
    }
    let restarts = numbers_restart(&draft.items);
    check_numbers(file, &draft.items, restarts)?;
    let mut items = Vec::with_capacity(draft.items.len());
    for item in draft.items {
        if item.text.trim().is_empty() {
            let message = format!("第{}条只有编号，没有内容。请补上内容，或删去这个编号。", item.number);
            return Err(refuse(file, &item.place, message));
        }
        let name = match item.category {
            Some(category) if restarts => format!("{id}-{}.{}", category + 1, item.number),
            _ => format!("{id}-{}", item.number),
        };
        items.push(DutyItem {
            id: ItemId::from(name.as_str()),
            number: item.number,
            category: item.category,
            text: item.text,
            line: item.at,
        });
    }
    Ok(DutyList {
        id: ListId::from(id),
        title: draft.title,
        role,
        preamble: draft.preamble,
        categories: draft.categories,
        items,
    })
}

/// Whether the numbers begin at 1 again in each category.
fn numbers_restart(items: &[DraftItem]) -> bool {
    items.windows(2).any(|pair| match pair {
        [before, after] => after.number == 1 && after.category != before.category,
        _ => false,
    })
}

fn check_numbers(file: &str, items: &[DraftItem], restarts: bool) -> Result<()> {
    let mut before: Option<&DraftItem> = None;
    for item in items {
        let before_here = before.filter(|before| !restarts || before.category == item.category);
        let number = item.number;
        let wrong = match before_here {
            None if number == 1 => None,
            None => {
                Some(format!("第一条的编号是“{number}”。请核对前面是否漏了条目；没有漏的，请从1开始编号。"))
            }
            Some(last) if number == last.number.saturating_add(1) => None,
            Some(last) if number > last.number => Some(format!(
                "编号从“{}”跳到“{number}”。请核对是否漏了第{}条；没有漏的，请改正编号。",
                last.number,
                last.number.saturating_add(1)
            )),
            Some(_) => {
                let same = items
                    .iter()
                    .find(|other| other.number == number && (!restarts || other.category == item.category));
                let there = same.map_or("", |other| other.place.as_str());
                Some(format!(
                    "编号“{number}”重复，{there}已经是第{number}条。请改正编号；如果是上一条的小项，请写成“（1）”的形式。"
                ))
            }
        };
        if let Some(message) = wrong {
            return Err(refuse(file, &item.place, message));
        }
        before = Some(item);
    }
    Ok(())
}
