//! Where something stands in a document, as a reader counts: paragraphs, tables, rows, cells.

use super::xml::{Tag, Tree};
use std::collections::BTreeMap;

/// The numbers of paragraphs, tables, rows and cells of a part.
#[derive(Debug)]
pub(super) struct Places {
    part: String,
    /// From 1: outer paragraphs and tables in the part, rows in their table, cells in their row.
    numbers: BTreeMap<usize, usize>,
    /// Ranges of elements that repeat a drawing for old programs.
    copies: Vec<(usize, usize)>,
}

impl Places {
    /// Counts the elements of a part; `part` is its name for a reader.
    pub(super) fn count(tree: &Tree<'_>, part: &str) -> Self {
        let mut numbers = BTreeMap::new();
        let mut inner: BTreeMap<usize, usize> = BTreeMap::new();
        let (mut paragraphs, mut tables) = (0, 0);
        let mut copies = Vec::new();
        // Until which element everything stands in a table or a text box.
        let mut inside = 0;
        for number in 1..tree.len() {
            let element = tree.get(number);
            match element.tag {
                Tag::P if number >= inside => {
                    paragraphs += 1;
                    numbers.insert(number, paragraphs);
                    inside = element.after;
                }
                Tag::Tbl if number >= inside => {
                    tables += 1;
                    numbers.insert(number, tables);
                    inside = element.after;
                }
                Tag::Tr | Tag::Tc => {
                    let above = if element.tag == Tag::Tr { Tag::Tbl } else { Tag::Tr };
                    if let Some(around) = tree.around(number).find(|n| tree.tag(*n) == above) {
                        let count = inner.entry(around).or_default();
                        *count += 1;
                        numbers.insert(number, *count);
                    }
                }
                Tag::Other if tree.opening(number).starts_with("<mc:Fallback") => {
                    copies.push((number, element.after));
                }
                _ => {}
            }
        }
        Self { part: part.to_owned(), numbers, copies }
    }

    /// Whether an element stands in the copy of a drawing for old programs.
    pub(super) fn is_copy(&self, number: usize) -> bool {
        let before = self.copies.partition_point(|(start, _)| *start <= number);
        before.checked_sub(1).and_then(|at| self.copies.get(at)).is_some_and(|(_, after)| number < *after)
    }

    /// `正文第3段`, `正文第2个表第3行第1格`, `页眉第1段`, with `的文本框` where it is in one.
    pub(super) fn of(&self, tree: &Tree<'_>, number: usize) -> String {
        let number_of = |n: usize| self.numbers.get(&n).copied().unwrap_or(0);
        let mut chain: Vec<usize> = std::iter::once(number).chain(tree.around(number)).collect();
        chain.reverse();
        let boxed = chain.iter().rposition(|n| tree.tag(*n) == Tag::Story).unwrap_or(0);
        let in_box = chain.iter().take(boxed).any(|n| tree.tag(*n) == Tag::P);
        let suffix = if in_box { "的文本框" } else { "" };
        let table = chain.iter().position(|n| tree.tag(*n) == Tag::Tbl);
        let first = chain.iter().position(|n| tree.tag(*n) == Tag::P);
        let outer = table.filter(|table| first.is_none_or(|first| *table < first));
        let Some(outer) = outer else {
            let paragraph = first.and_then(|at| chain.get(at)).map_or(0, |n| number_of(*n));
            return format!("{}第{paragraph}段{suffix}", self.part);
        };
        let within =
            |tag: Tag| chain.iter().skip(outer).find(|n| tree.tag(**n) == tag).map_or(0, |n| number_of(*n));
        let (table, row, cell) = (within(Tag::Tbl), within(Tag::Tr), within(Tag::Tc));
        format!("{}第{table}个表第{row}行第{cell}格{suffix}", self.part)
    }
}
