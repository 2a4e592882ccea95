//! The ranking workbook: who stands where, and why.
//!
//! In: the results of all units with standings, findings and row counts. Out: a
//! [`Book`]. Never here: formats, colours, files.

mod activities;
mod alike;
mod audit;
mod months;
mod points;
mod ranking;
mod rules;

use crate::model::{
    Alikes, Book, DutyList, Excluded, Finding, Points, Reason, Requirement, RequirementId, RowCounts, Scope,
    Standing, UnitResult,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rules of one list as they were used.
#[derive(Debug, Clone)]
pub struct ListRules {
    /// The list.
    pub list: DutyList,
    /// What its items demand, after preset and settings.
    pub requirements: Vec<Requirement>,
    /// The points of each.
    pub points: BTreeMap<RequirementId, Points>,
}

/// What was read from one file.
#[derive(Debug, Clone)]
pub struct FileRows {
    /// The file.
    pub file: Arc<str>,
    /// The unit to which it was counted; empty where to none.
    pub unit: String,
    /// Rows that add up.
    pub counts: RowCounts,
    /// Activities taken (a row may hold several).
    pub activities: usize,
    /// Rows left out, by reason.
    pub reasons: BTreeMap<Reason, u32>,
    /// Why it could not be read; empty where it was.
    pub error: String,
}

/// Everything the workbook shows.
#[derive(Debug, Clone, Copy)]
pub struct Overview<'a> {
    /// Bureau, year, last day of the data.
    pub scope: &'a Scope,
    /// The units in order of their ranking.
    pub results: &'a [UnitResult],
    /// Ranks within groups, in the same order.
    pub standings: &'a [Standing],
    /// Ranks over all groups, in any order.
    pub overall: &'a [Standing],
    /// The rules in use.
    pub rules: &'a [ListRules],
    /// Records of like text, their units by the index of the result.
    pub alikes: &'a Alikes,
    /// What was noticed, gravest first.
    pub findings: &'a [Finding],
    /// What was read.
    pub files: &'a [FileRows],
    /// Rows left out.
    pub excluded: &'a [Excluded],
    /// The scheme's name and note, and the settings in words.
    pub notes: &'a [String],
}

/// Sheets by their place in the book, so that links find them.
pub(super) const POINTS: usize = 1;
pub(super) const GAPS: usize = 3;
pub(super) const ACTIVITIES: usize = 4;

/// The ranking workbook.
#[must_use]
pub fn ranking_book(overview: &Overview<'_>) -> Book {
    let (activities, first_activity) = activities::sheet(overview);
    let (gaps, first_gap) = points::gaps(overview);
    let title = format!("{}{}年度党建工作考核排名表", overview.scope.bureau, overview.scope.year);
    Book {
        names: Vec::new(),
        title: title.clone(),
        author: overview.scope.bureau.clone(),
        sheets: vec![
            ranking::sheet(overview, &title, &first_activity, &first_gap),
            points::matrix(overview),
            months::sheet(overview),
            gaps,
            activities,
            alike::sheet(overview),
            audit::findings(overview),
            audit::files(overview),
            audit::excluded(overview),
            rules::sheet(overview),
        ],
    }
}

fn column(title: &str, width: u16, align: crate::model::Align) -> crate::model::Column {
    let (group, prompt) = (String::new(), String::new());
    crate::model::Column { title: title.to_owned(), group, width, align, choices: Vec::new(), prompt }
}
