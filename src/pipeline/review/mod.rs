//! The review workbook (核对表.xlsx): what a person decided, read before a run and merged forward after it.
//!
//! In: the workbook of the last run as a person has filled it in. Out: decisions on demands (sheet 核对) and
//! on rows (sheet 活动对应), and the workbook to be written. Never here: losing anything that a person wrote.

mod demands;
mod row_sheet;
mod rows;
mod settle;

pub use demands::{Entries, Entry, Key, verdicts};
pub use rows::Row;
pub(super) use settle::homeless;
pub use settle::{Placed, Settled, settle};

use super::form;
use super::inputs::REVIEW;
use crate::model::{Book, Grid, UnitResult, within_quotes};

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
    /// Sheets and columns of a person's own, in words: they are not written again.
    pub strange: Vec<String>,
}

/// What a review workbook holds. A sheet that is not there at all holds nothing: older workbooks have one.
///
/// # Errors
/// A sentence that says why the workbook cannot be used; it must then not be overwritten.
pub fn read(bytes: &[u8]) -> Result<Reviewed, String> {
    let grids = form::sheets(&name(), bytes)?;
    let demands = form::find(&grids, &demands::COLUMNS, demands::REQUIRED);
    let rows = form::find(&grids, &rows::COLUMNS, rows::REQUIRED);
    if demands.is_none() && rows.is_none() {
        return Err(form::missing(&demands::COLUMNS, demands::REQUIRED));
    }
    let mut reviewed = Reviewed::default();
    for (at, grid) in grids.iter().enumerate() {
        let form = [&demands, &rows].into_iter().flatten().find(|form| form.sheet == at);
        if let Some(form) = form {
            let columns = form.strange.iter().map(|column| within_quotes(column));
            let told = columns.map(|column| format!("工作表“{}”的“{column}”一列", grid.place.sheet));
            reviewed.strange.extend(told);
            continue;
        }
        if !grid.rows.iter().any(|row| !row.cells.is_empty()) {
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
        reviewed.strange.push(format!("工作表“{}”", grid.place.sheet));
    }
    reviewed.entries = demands.map(|form| demands::entries(&form.rows)).unwrap_or_default();
    reviewed.rows = rows.map(|form| rows::filled(form.rows)).unwrap_or_default();
    Ok(reviewed)
}

fn looks_like(grid: &Grid, name: &str, headings: &[&str]) -> bool {
    &*grid.place.sheet == name || form::heads(grid, headings)
}

/// The workbook to be written: what is open, and everything that a person has entered.
#[must_use]
pub fn book(results: &[UnitResult], reviewed: &Reviewed, placed: &[Placed], bureau: &str, year: i32) -> Book {
    let title = format!("{bureau}{year}年度党建考核核对表");
    Book {
        names: Vec::new(),
        title: title.clone(),
        author: bureau.to_owned(),
        sheets: vec![
            demands::sheet(results, &reviewed.entries, title),
            row_sheet::sheet(
                results,
                &reviewed.rows,
                placed,
                format!("{bureau}{year}年度活动对应条目核对表"),
            ),
        ],
    }
}
