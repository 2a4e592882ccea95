//! Figures that carry their proof: each leads to a row that says how it came about.
//!
//! In: figures with the activities behind them. Out: what a template prints as a link, and the rows
//! of 数字出处. Never here: counting.

use super::choice::Evidence;
use crate::model::{ReportColumn, ReportRow, ReportTable};
use serde::Serialize;

/// A figure (or a date, or a list of months) together with the anchor of its row.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(super) struct Sourced<T> {
    数: T,
    据: String,
}

impl<T> Sourced<T> {
    pub(super) fn new(value: T, anchor: &str) -> Self {
        Self { 数: value, 据: anchor.to_owned() }
    }

    pub(super) fn value(&self) -> &T {
        &self.数
    }
}

/// A figure from 0.
pub(super) type Count = Sourced<usize>;

/// The rows of 数字出处 in the order in which they were made.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    rows: Vec<ReportRow>,
}

impl Proofs {
    /// A row; its anchor.
    pub(super) fn add(
        &mut self,
        anchor: String,
        what: impl Into<String>,
        figures: impl Into<String>,
        how: impl Into<String>,
        numbers: String,
    ) -> String {
        let cells = vec![anchor.clone(), what.into(), figures.into(), how.into(), numbers];
        self.rows.push(ReportRow { anchor: Some(anchor.clone()), cells });
        anchor
    }

    /// The table of those rows to which a document leads.
    pub(super) fn table(self) -> ReportTable {
        let column = ReportColumn::new;
        ReportTable {
            caption: String::new(),
            columns: vec![
                column("编号", 5, true),
                column("内容", 19, false),
                column("数字", 31, false),
                column("怎样得出", 18, false),
                column("佐证号", 27, false),
            ],
            rows: self.rows,
            only_linked: true,
            by_hand: false,
        }
    }
}

/// The numbers of some activities in the evidence table, runs drawn together: `1、3至6、9`.
pub(super) fn numbers(evidence: &Evidence, activities: &[usize]) -> String {
    let mut all: Vec<usize> = activities.iter().filter_map(|&i| evidence.number_of(i)).collect();
    all.sort_unstable();
    all.dedup();
    let mut words: Vec<String> = Vec::new();
    for run in all.chunk_by(|a, b| a + 1 == *b) {
        match run {
            [first, _, .., last] => words.push(format!("{first}至{last}")),
            few => words.extend(few.iter().map(ToString::to_string)),
        }
    }
    // The space is where a line may break: some programs tear numbers apart rather than break behind 、.
    words.join("、 ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sourced_figure_has_two_names_for_templates() {
        let json = serde_json::to_string(&Sourced::new(3, "r1")).unwrap();
        assert_eq!(json, r#"{"数":3,"据":"r1"}"#);
    }
}
