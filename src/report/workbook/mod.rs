//! The workbooks: who stands where, and why, computed in the sheets themselves.
//!
//! In: the results of all units with scores, standings, findings and row counts. Out: [`Book`]s whose formulas
//! carry the program's own figures. Never here: formats, colours, files.

mod alike;
mod audit;
mod awards;
mod charts;
mod county;
mod county_roll;
mod headings;
mod ledger_form;
mod live;
mod meetings;
mod months;
mod points;
mod questions;
mod ranking;
mod rules;
mod score_sheet;
mod wide;

use crate::formula::{self, Mismatch};
use crate::model::{
    Activity, Alikes, Book, DutyList, Excluded, External, Finding, Leeway, Points, Question, Reason,
    RecordAt, Requirement, RequirementId, RowCounts, Scheme, Scope, Standing, UnitName, UnitResult,
    UnitScore,
};
use live::facts::{FactSheets, Facts};
use live::places::{Places, Sheets};
use live::totals::TotalSheet;

pub use county::{BUSINESS, county_book};
pub use county_roll::{CountyRoll, counties_book, county_ranking_book, remark as county_remark};
pub use headings::headings;
pub use ledger_form::{FormColumn, LEDGER, REQUIRED, ROWS, STANDARD, USUAL, ledger_form};
pub use meetings::{MeetingLine, meeting_lines, meetings_book, meetings_book_of};
pub use score_sheet::score_book;
use std::collections::BTreeMap;
use std::sync::Arc;
pub use wide::wide_sheets;

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
    /// Their activities, where the results stand in brief.
    pub records: &'a BTreeMap<RecordAt, Activity>,
    /// What was noticed, gravest first.
    pub findings: &'a [Finding],
    /// What was read.
    pub files: &'a [FileRows],
    /// Rows left out.
    pub excluded: &'a [Excluded],
    /// The scheme's name and note, and the settings in words.
    pub notes: &'a [String],
    /// The scheme in use.
    pub scheme: &'a Scheme,
    /// The points of each unit, in the order of the results.
    pub scores: &'a [UnitScore],
    /// The points of all units, also where a book shows only one.
    pub peers: &'a [UnitScore],
    /// What people have entered beside the ledgers.
    pub external: &'a External,
    /// What is still open, most weighty first; of many units only the first.
    pub questions: &'a [Question],
    /// How many questions there are about each unit.
    pub open: &'a BTreeMap<UnitName, u32>,
    /// How far weights may shift.
    pub leeway: &'a [Leeway],
    /// Whether a joint event counts only for its first kind.
    pub joint_once: bool,
}

impl Overview<'_> {
    /// How many questions are open about the units that are shown.
    pub(super) fn open_questions(&self) -> usize {
        let counts = self.results.iter().filter_map(|result| self.open.get(&result.unit.name));
        counts.map(|count| usize::try_from(*count).unwrap_or(usize::MAX)).sum()
    }
}

/// A workbook, and the formulas in it that do not come to the program's own figures.
#[derive(Debug)]
pub struct Made {
    /// The workbook.
    pub book: Book,
    /// What differs; empty as it should be.
    pub wrong: Vec<Mismatch>,
}

/// Whether so many units with so many activities fit into one workbook that computes everything itself; beyond
/// that the workbook of all holds figures, and each unit's own workbook computes them.
#[must_use]
pub fn fits_one_book(units: usize, activities: usize) -> bool {
    units <= live::LIVE_UNITS && activities <= live::LIVE_ACTIVITIES
}

/// Whether the units that are shown, whose results stand as a whole, fit into one such workbook.
fn is_live(overview: &Overview<'_>) -> bool {
    let activities = overview.results.iter().map(|result| result.activities.len()).sum();
    fits_one_book(overview.results.len(), activities)
}

/// Up to this many units all formulas of a run are computed and compared with the program's figures.
pub const VERIFY_UNITS: usize = 60;

impl Made {
    /// Fills in what formulas come to, and compares all of them where that is asked.
    fn finish(mut book: Book, compare: bool) -> Self {
        let mut wrong = formula::fill(&mut book).err().unwrap_or_default();
        if compare && wrong.is_empty() {
            wrong = formula::verify(&book);
        }
        Self { book, wrong }
    }
}

/// Indexes of the sheets of the ranking workbook that are always there.
const TOTALS: usize = 1;

/// The ranking workbook.
#[must_use]
pub fn ranking_book(overview: &Overview<'_>) -> Made {
    let mut next = TOTALS + 3;
    let mut take = || {
        next += 1;
        next - 1
    };
    let has_awards = !awards::Rows::of(overview, None).is_empty();
    let award_sheet = has_awards.then(&mut take);
    let leeway = awards::leeway(overview);
    if leeway.is_some() {
        take();
    }
    let charts_at = take();
    take();
    let gaps_at = take();
    if !overview.questions.is_empty() {
        take();
    }
    let (checks, activities) = (take(), take());
    let mut facts = Facts::of(overview, false);
    facts.sheets = FactSheets::number(&facts, &mut next);
    let params = next;
    let sheets = Sheets { params, checks, activities, judged: None };
    let live = is_live(overview);
    let places = Places::new(overview, sheets, 1, live, facts);
    let count = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let totals = TotalSheet {
        index: TOTALS,
        blocks: count(overview.scheme.blocks.len()),
        ties: count(overview.scheme.ties.len()),
    };
    let award_rows = awards::Rows::of(overview, award_sheet);
    let (gaps, first_gap) = points::gaps(overview);
    let title = format!("{}{}年度党建工作考核排名表", overview.scope.bureau, overview.scope.year);
    let links = ranking::Links { activities, gaps: gaps_at, first_gap: &first_gap };
    let mut all = vec![
        ranking::sheet(overview, &places, totals, &award_rows, &title, links),
        live::totals::sheet(overview, &places, totals),
        points::matrix(overview, &places, totals),
        months::sheet(overview, &places),
    ];
    if has_awards {
        all.push(awards::sheet(overview, &places, totals, &award_rows, ranking::columns_of(overview)));
    }
    all.extend(leeway);
    all.extend(charts::sheets(overview, &places, totals, ranking::columns_of(overview), charts_at));
    all.push(gaps);
    all.extend(questions::sheet(overview, &places));
    all.extend([
        live::checks::sheet(overview, &places),
        live::activities::sheet(overview, &places, "活动清单"),
    ]);
    all.extend(places.facts.sheets(overview));
    all.push(live::params::sheet(overview, &places.params));
    all.extend([
        alike::sheet(overview),
        audit::findings(overview),
        audit::files(overview),
        audit::excluded(overview),
        rules::sheet(overview),
    ]);
    let book =
        Book { names: live::names(&places), title, author: overview.scope.bureau.clone(), sheets: all };
    Made::finish(book, overview.results.len() <= VERIFY_UNITS)
}

/// What was noticed and read, where no ranking workbook shows it.
#[must_use]
pub fn audit_book(overview: &Overview<'_>) -> Book {
    let sheets = vec![
        audit::findings(overview),
        audit::files(overview),
        audit::excluded(overview),
        rules::sheet(overview),
    ];
    let title = format!("{}{}年度党建工作考核问题提示", overview.scope.bureau, overview.scope.year);
    Book { title, author: overview.scope.bureau.clone(), sheets, names: Vec::new() }
}

/// 定稿, or how much is still open; stands behind a title.
fn state(open: usize) -> String {
    if open == 0 { "（定稿）".to_owned() } else { format!("（征求意见稿，待核{open}项）") }
}

fn column(title: &str, width: u16, align: crate::model::Align) -> crate::model::Column {
    crate::model::Column::new(title, width, align)
}
