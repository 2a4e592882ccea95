//! Tables turned into activities in normal form.
//!
//! In: a table with its headings, with header wordings and kinds. Out: one activity or more for
//! every row, and a finding for every value that could not be read. Never here: leaving a row out,
//! matching, and cells that no heading explains.

mod asides;
mod counts;
mod date_parts;
mod date_words;
mod dated;
mod dates;
mod free;
mod hours;
mod record;
mod scan;
mod text;
mod told;

use crate::model::{Activity, Outcome, Table};
use crate::seeds::{HeaderTable, KindTable};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What holds for a whole file.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// Header wordings and words.
    pub headers: &'a HeaderTable,
    /// Kinds.
    pub kinds: &'a KindTable,
    /// The unit that the file reports for, for rows that name none.
    pub unit: Option<&'a Arc<str>>,
    /// The year that most dates of the file state, for tables that state none.
    pub usual_year: Option<i32>,
}

/// The activities of a table, in order; every row gives at least one.
#[must_use]
pub fn activities(table: &Table, scope: Scope<'_>) -> Outcome<Vec<Activity>> {
    let mut out = Outcome::clean(Vec::new());
    for row in &table.rows {
        record::read(table, row, scope, &mut out);
    }
    out
}

/// The year that most written dates of some tables state, of equally frequent ones the latest; none
/// where every table states its own.
#[must_use]
pub fn usual_year(tables: &[Table]) -> Option<i32> {
    if tables.iter().all(|table| table.year.is_some()) {
        return None;
    }
    let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
    for table in tables {
        if let Some(year) = table.year {
            *counts.entry(year).or_insert(0) += 1;
        }
        for row in table.rows.iter().take(500) {
            for year in record::years(table, row) {
                *counts.entry(year).or_insert(0) += 1;
            }
        }
    }
    counts.into_iter().max_by_key(|(year, count)| (*count, *year)).map(|(year, _)| year)
}
