//! The wordings by which duty lists are read: titles, roles, column names, dated terms, periods.
//!
//! In: `seeds/list-words.toml`, built into the program. Out: a checked table, loaded once.
//! Never here: a list.

use super::source::Source;
use super::text::fold;
use crate::error::Result;
use serde::Deserialize;
use std::sync::OnceLock;
use toml::Spanned;

const FILE: &str = "seeds/list-words.toml";
const TEXT: &str = include_str!("../../seeds/list-words.toml");

/// The wordings, folded where they are compared folded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListWords {
    /// Endings of a title line.
    pub(crate) titles: Vec<String>,
    /// Beginnings of lines that stand above a title.
    pub(crate) leads: Vec<String>,
    /// Beginnings of table rows that are no items, folded.
    pub(crate) notes: Vec<String>,
    /// The roles that have an id of their own.
    pub(crate) role: Vec<Role>,
    /// Column names of a list in a table.
    pub(crate) columns: Columns,
    /// Placeholders and dated terms.
    pub(crate) wording: Vec<Wording>,
    /// Words from which requirements are derived.
    pub(crate) derive: DeriveWords,
}

/// A role that a title names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    /// Id of its list.
    pub(crate) id: Spanned<String>,
    /// Its name.
    pub(crate) name: String,
    /// Words of a title that tell it.
    pub(crate) words: Vec<String>,
}

/// Names of the three columns, folded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Columns {
    /// 类别.
    pub(crate) category: Vec<String>,
    /// 序号.
    pub(crate) number: Vec<String>,
    /// 内容.
    pub(crate) text: Vec<String>,
    /// 频次, 时限 and the like, which go on with the text.
    pub(crate) more: Vec<String>,
}

/// Terms that are reported, never changed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wording {
    /// What is the matter with them.
    pub(crate) why: String,
    /// The terms, longest first, ASCII letters small.
    pub(crate) words: Vec<String>,
}

/// Words from which requirements are derived.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeriveWords {
    /// 每月.
    pub(crate) month: Vec<String>,
    /// 每季度.
    pub(crate) quarter: Vec<String>,
    /// 每半年.
    pub(crate) half: Vec<String>,
    /// 每年.
    pub(crate) year: Vec<String>,
    /// 定期, 经常.
    pub(crate) interval: Vec<String>,
    /// 次, 场.
    pub(crate) counters: Vec<String>,
    /// 至少, 不少于.
    pub(crate) least: Vec<String>,
    /// The object begins after these.
    pub(crate) pivots: Vec<String>,
    /// Taken from the front of an object.
    pub(crate) heads: Vec<String>,
    /// Taken from the end of an object.
    pub(crate) tails: Vec<String>,
    /// No objects at all.
    pub(crate) hollow: Vec<String>,
    /// Parts of an object are joined by these.
    pub(crate) joiners: Vec<String>,
    /// Units that ledgers do not show.
    pub(crate) unseen: Vec<String>,
    /// The kind that the secretary must hold in person.
    pub(crate) lecture: String,
    /// The word for the secretary.
    pub(crate) lecturer: String,
    /// 年初 and the like, with first and last month.
    pub(crate) windows: Vec<Spanned<(String, u32, u32)>>,
}

/// The built-in wordings.
pub(crate) fn words() -> Result<&'static ListWords> {
    static WORDS: OnceLock<ListWords> = OnceLock::new();
    if let Some(words) = WORDS.get() {
        return Ok(words);
    }
    let loaded = load(FILE, TEXT)?;
    Ok(WORDS.get_or_init(|| loaded))
}

fn load(file: &str, text: &str) -> Result<ListWords> {
    let source = Source::new(file, text);
    let mut words = source.parse::<ListWords>()?;
    let mut seen: Vec<&str> = Vec::new();
    for role in &words.role {
        let id = role.id.get_ref().as_str();
        if seen.contains(&id) {
            return Err(source.error_at(&role.id.span(), format!("责任人编号“{id}”重复")));
        }
        seen.push(id);
    }
    let columns = &mut words.columns;
    for list in
        [&mut columns.category, &mut columns.number, &mut columns.text, &mut columns.more, &mut words.notes]
    {
        for word in list.iter_mut() {
            *word = fold(word);
        }
    }
    for group in &mut words.wording {
        for word in &mut group.words {
            *word = word.to_ascii_lowercase();
        }
        group.words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    }
    for window in &words.derive.windows {
        let (name, first, last) = window.get_ref();
        if !(1..=12).contains(first) || !(*first..=12).contains(last) {
            let message = format!("“{name}”的起止月份应在1至12之间，且先起后止");
            return Err(source.error_at(&window.span(), message));
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_wordings_hold_together() {
        let words = words().unwrap();
        assert_eq!(words.role.len(), 4);
        assert!(words.columns.text.contains(&"内容".to_owned()));
        let twice = TEXT.replace("id = \"JW\"", "id = \"ZB\"");
        let error = load(FILE, &twice).unwrap_err().to_string();
        assert!(error.ends_with("行：责任人编号“ZB”重复"), "{error}");
    }
}
