//! Names of sheets that Excel accepts.
//!
//! In: the names of a book. Out: as many names, valid and unique. Never here: cells.

use std::collections::BTreeSet;

use crate::render::legal::legal;

/// Excel's limit, in units of UTF-16.
const LONGEST: usize = 31;

/// A valid name for each, in order; what Excel forbids is replaced, doubles get a number.
pub(super) fn sheet_names<'a>(wanted: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    wanted.map(|name| sheet_name(name, &mut taken)).collect()
}

/// The name of one more sheet, other than those that are taken.
pub(super) fn sheet_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let clean = valid(wanted);
    let clean = if clean.is_empty() { format!("表{}", taken.len() + 1) } else { clean };
    let mut name = clean.clone();
    let mut count = 2_usize;
    while !taken.insert(folded(&name)) {
        let number = format!("({count})");
        name = format!("{}{number}", cut(&clean, LONGEST - number.len()));
        count += 1;
    }
    name
}

/// A cell of another sheet as a link names it.
pub(super) fn link_target(sheet: &str, row: u32) -> String {
    format!("internal:'{}'!A{}", sheet.replace('\'', "''"), row + 1)
}

fn folded(name: &str) -> String {
    name.to_lowercase()
}

fn valid(name: &str) -> String {
    let replaced: String = legal(name)
        .chars()
        .map(|character| match character {
            '[' => '［',
            ']' => '］',
            ':' => '：',
            '*' => '＊',
            '?' => '？',
            '/' => '／',
            '\\' => '＼',
            '\n' | '\t' => ' ',
            other => other,
        })
        .collect();
    let edge = |character: char| character == '\'' || character.is_whitespace();
    let cut = cut(replaced.trim_matches(edge), LONGEST).trim_matches(edge).to_owned();
    // Excel keeps this name for itself.
    if folded(&cut) == "history" { format!("{cut}_") } else { cut }
}

fn cut(text: &str, longest: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += character.len_utf16();
        if used > longest {
            return text.get(..at).unwrap_or(text);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_valid_and_unique() {
        let long = "某".repeat(40);
        let cases: &[(&[&str], &[&str])] = &[
            (&["排名", "明细"], &["排名", "明细"]),
            (&["明细", "明细", "明细"], &["明细", "明细(2)", "明细(3)"]),
            (&["a", "A", "A(2)"], &["a", "A(2)", "A(2)(2)"]),
            (&["一/二:三", "[甲]*?\\"], &["一／二：三", "［甲］＊？＼"]),
            (&["", "  ", "'", "\u{1}"], &["表1", "表2", "表3", "表4"]),
            (&["'甲'乙'"], &["甲'乙"]),
            (&["History", "history"], &["History_", "history_(2)"]),
            (&["表2", ""], &["表2", "表2(2)"]),
        ];
        for (wanted, want) in cases {
            assert_eq!(sheet_names(wanted.iter().copied()), *want, "{wanted:?}");
        }
        let names = sheet_names([long.as_str(), long.as_str()].into_iter());
        assert_eq!(names, ["某".repeat(31), format!("{}(2)", "某".repeat(28))]);
        let pairs = sheet_names(["𠮷".repeat(20).as_str()].into_iter());
        assert_eq!(pairs, ["𠮷".repeat(15)], "counted in units of UTF-16");
    }

    #[test]
    fn a_link_quotes_the_name() {
        assert_eq!(link_target("甲'乙", 4), "internal:'甲''乙'!A5");
    }
}
