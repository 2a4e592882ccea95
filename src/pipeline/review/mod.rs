//! The review workbook (核对表.xlsx): what a person decided, read before a run and merged forward after it.
//!
//! In: the workbook of the last run as a person has filled it in. Out: decisions on demands (sheet 核对),
//! on rows (sheet 活动对应) and on names of units (sheet 单位对应), and the workbook to be written. Never here: losing anything that a person wrote.

mod demands;
mod names;
mod row_sheet;
mod rows;
mod settle;

pub use demands::{Decided, Entries, Entry, Held, Key, verdicts, with_demand};
pub use names::{Doubt, NameRow, confirm};
pub use rows::Row;
pub(super) use settle::homeless;
pub use settle::{Placed, Settled, settle};

use super::cases::Cases;
use super::form;
use super::inputs::REVIEW;
use crate::error::Error;
use crate::model::{Book, Grid, Question, Subject, UnitName, within_quotes};
use std::collections::{BTreeMap, BTreeSet};

/// The review workbook's name.
pub const FILE: &str = "核对表.xlsx";

/// The name under which places in the workbook are told.
#[must_use]
pub fn name() -> String {
    format!("{REVIEW}/{FILE}")
}

/// What a person has entered.
#[derive(Debug, Clone, Default)]
pub struct Reviewed {
    /// On demands.
    pub entries: Entries,
    /// On rows, in the order of the sheet.
    pub rows: Vec<Row>,
    /// On names of units, in the order of the sheet.
    pub names: Vec<NameRow>,
    /// Sheets and columns of a person's own, in words: they are not written again.
    pub strange: Vec<String>,
}

/// What a review workbook holds. A sheet that is not there at all holds nothing: older workbooks have one.
///
/// # Errors
/// A sentence that says why the workbook cannot be used; it must then not be overwritten.
pub fn read(bytes: &[u8]) -> Result<Reviewed, String> {
    let grids = form::sheets(&name(), bytes)?;
    let demands = form::find_where(&grids, &demands::COLUMNS, demands::REQUIRED, |grid| !is_gone(grid));
    let gone = form::find_where(&grids, &demands::COLUMNS, demands::REQUIRED, is_gone);
    let rows = form::find(&grids, &rows::COLUMNS, rows::REQUIRED);
    let names = form::find(&grids, &names::COLUMNS, names::REQUIRED);
    for form in [&demands, &gone, &rows, &names].into_iter().flatten() {
        if let (Some(grid), Some(name)) = (grids.get(form.sheet), form.doubled.first()) {
            let sheet = &grid.place.sheet;
            return Err(format!("工作表“{sheet}”有两列都叫“{name}”，不知道用哪一列。请删去或改名其中一列"));
        }
    }
    let mut reviewed = Reviewed::default();
    for (at, grid) in grids.iter().enumerate() {
        let form = [&demands, &gone, &rows, &names].into_iter().flatten().find(|form| form.sheet == at);
        if let Some(form) = form {
            let columns = form.strange.iter().map(|column| within_quotes(column));
            let told = columns.map(|column| format!("工作表“{}”的“{column}”一列", grid.place.sheet));
            reviewed.strange.extend(told);
            continue;
        }
        if &*grid.place.sheet == names::UNITS || !grid.rows.iter().any(|row| !row.cells.is_empty()) {
            continue;
        }
        // A sheet of ours without one of its columns must not be taken for one that holds nothing.
        if demands.is_none() && looks_like(grid, demands::SHEET, &["要求编号", "结论"]) {
            let missing = form::missing(&demands::COLUMNS, demands::REQUIRED);
            return Err(format!("工作表“{}”{missing}", grid.place.sheet));
        }
        if rows.is_none() && looks_like(grid, row_sheet::SHEET, &["活动名称", "结论"]) {
            let missing = form::missing(&rows::COLUMNS, rows::REQUIRED);
            return Err(format!("工作表“{}”{missing}", grid.place.sheet));
        }
        if names.is_none() && looks_like(grid, names::SHEET, &["写法", "确认为"]) {
            let missing = form::missing(&names::COLUMNS, names::REQUIRED);
            return Err(format!("工作表“{}”{missing}", grid.place.sheet));
        }
        reviewed.strange.push(format!("工作表“{}”", grid.place.sheet));
    }
    if demands.is_none() && rows.is_none() && names.is_none() {
        return Err(form::missing(&demands::COLUMNS, demands::REQUIRED));
    }
    let answered = [demands, gone].into_iter().flatten().flat_map(|form| form.rows).collect::<Vec<_>>();
    reviewed.entries = demands::entries(&answered);
    reviewed.rows = rows.map(|form| rows::filled(form.rows)).unwrap_or_default();
    reviewed.names = names.map(|form| names::rows(&form.rows)).unwrap_or_default();
    Ok(reviewed)
}

/// Whether a sheet holds the answers whose question is gone.
fn is_gone(grid: &Grid) -> bool {
    &*grid.place.sheet == demands::GONE
}

fn looks_like(grid: &Grid, name: &str, headings: &[&str]) -> bool {
    &*grid.place.sheet == name || form::heads(grid, headings)
}

/// Open questions by unit and subject, with their place in the order of what they can change.
type Asked<'a> = BTreeMap<(&'a UnitName, &'a Subject), (usize, &'a Question)>;

/// The place of a question in the order, and the question; the last place where nothing is asked.
fn order_of<'a>(asked: &Asked<'a>, unit: &UnitName, subject: &Subject) -> (usize, Option<&'a Question>) {
    asked.get(&(unit, subject)).map_or((usize::MAX, None), |(order, question)| (*order, Some(*question)))
}

/// The workbook to be written: what is open, and everything that a person has entered.
///
/// # Errors
/// Where a unit cannot be taken from the shelf.
pub fn book(
    cases: Cases<'_>,
    reviewed: &Reviewed,
    placed: &[Placed],
    doubts: &[Doubt],
    questions: &[Question],
    bureau: &str,
    year: i32,
) -> Result<Book, Error> {
    let title = format!("{bureau}{year}年度党建考核核对表");
    let entered: BTreeSet<&str> = reviewed.entries.keys().map(|(unit, ..)| unit.as_str()).collect();
    // Of many units only those are looked up that can be listed.
    let listed = |at: usize, question: &Question| {
        cases.aside.is_none()
            || at < demands::MOST_OPEN
            || matches!(question.subject, Subject::Match(_))
            || entered.contains(&*question.unit)
    };
    let questions = questions.iter().enumerate().filter(|(at, question)| listed(*at, question));
    let asked: Asked<'_> = questions.map(|(at, q)| ((&q.unit, &q.subject), (at, q))).collect();
    let (demands, gone) = demands::sheets(cases, &reviewed.entries, &asked, &title)?;
    let mut book = Book {
        names: Vec::new(),
        title: title.clone(),
        author: bureau.to_owned(),
        sheets: vec![
            demands,
            row_sheet::sheet(
                cases,
                &reviewed.rows,
                placed,
                &asked,
                format!("{bureau}{year}年度活动对应条目核对表"),
            )?,
        ],
    };
    let mut units: Vec<_> = cases.results.iter().map(|result| result.unit.name.clone()).collect();
    units.sort();
    let title = format!("{bureau}{year}年度单位名称核对表");
    let at = book.sheets.len();
    book.sheets.extend(names::sheets(&reviewed.names, doubts, &units, title, at).into_iter().flatten());
    book.sheets.extend(gone);
    Ok(book)
}
