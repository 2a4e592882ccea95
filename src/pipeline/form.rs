//! Workbooks of a form that the program knows (register, review sheet), read by their column names.
//!
//! Columns may stand in any order and the header in any of the first rows; unknown columns are left alone.

use super::apart;
use crate::model::{Date, Grid, GridValue, Place, column_letters};
use crate::seeds::text::fold;
use std::sync::Arc;

/// A row of a form: its texts by the caller's columns.
#[derive(Debug, Clone)]
pub(super) struct FormRow {
    /// Where its first cell stands.
    pub(super) place: Place,
    /// Trimmed texts, in the order of the columns asked for; empty where blank or where there is no such column.
    pub(super) texts: Vec<String>,
    cols: Arc<[Option<u32>]>,
}

impl FormRow {
    /// The text of a column.
    pub(super) fn text(&self, column: usize) -> &str {
        self.texts.get(column).map_or("", String::as_str)
    }

    /// Where a column's cell stands.
    pub(super) fn cell(&self, column: usize) -> Place {
        let col = self.cols.get(column).copied().flatten().unwrap_or(self.place.col);
        self.place.at(self.place.row, col)
    }
}

/// A form that was found on a sheet.
#[derive(Debug)]
pub(super) struct Form {
    /// Index of the sheet.
    pub(super) sheet: usize,
    /// Its rows in which something stands.
    pub(super) rows: Vec<FormRow>,
    /// Headings (or letters) of columns that were not asked for and in which something stands.
    pub(super) strange: Vec<String>,
    /// Headings of which there are two.
    pub(super) doubled: Vec<String>,
}

/// How far down a header is looked for.
const HEADER_ROWS: usize = 20;

/// The rows of the first sheet on which all `required` columns are found (the first so many of `columns`).
///
/// # Errors
/// A sentence that says why the file cannot be used.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    columns: &[&[&str]],
    required: usize,
) -> Result<Vec<FormRow>, String> {
    let found = find(&sheets(name, bytes)?, columns, required);
    found.map(|form| form.rows).ok_or_else(|| missing(columns, required))
}

/// The sheets of a workbook; places in it are told under `name`.
///
/// # Errors
/// A sentence that says why the file cannot be used.
pub(super) fn sheets(name: &str, bytes: &[u8]) -> Result<Vec<Grid>, String> {
    let file: Arc<str> = Arc::from(name);
    apart::sheets(&file, bytes).value.map_err(|(_, message)| message)
}

/// Says which columns a header should have.
pub(super) fn missing(columns: &[&[&str]], required: usize) -> String {
    let names: Vec<&str> = columns.iter().take(required).filter_map(|names| names.first().copied()).collect();
    format!("没有找到表头。表头应有这些列：{}", names.join("、"))
}

/// The form on the first sheet that has all required columns.
pub(super) fn find(grids: &[Grid], columns: &[&[&str]], required: usize) -> Option<Form> {
    find_where(grids, columns, required, |_| true)
}

/// The form on the first of the sheets in question that has all required columns.
pub(super) fn find_where(
    grids: &[Grid],
    columns: &[&[&str]],
    required: usize,
    asked: impl Fn(&Grid) -> bool,
) -> Option<Form> {
    let (sheet, (header_at, at)) = grids.iter().enumerate().find_map(|(sheet, grid)| {
        header(grid, columns, required).filter(|_| asked(grid)).map(|header| (sheet, header))
    })?;
    let grid = grids.get(sheet)?;
    let cols: Arc<[Option<u32>]> = Arc::from(at);
    let mut strange: Vec<u32> = Vec::new();
    let mut rows = Vec::new();
    for row in grid.rows.iter().skip(header_at + 1) {
        let mut texts = vec![String::new(); cols.len()];
        for cell in &row.cells {
            let text = shown(&cell.value);
            let own = cols.iter().zip(&mut texts).filter(|(col, _)| **col == Some(cell.col));
            let known = own.map(|(_, place)| place.clone_from(&text)).count() > 0;
            if !known && !text.is_empty() && !strange.contains(&cell.col) {
                strange.push(cell.col);
            }
        }
        if texts.iter().any(|text| !text.is_empty()) {
            let first = row.cells.first().map_or(1, |cell| cell.col);
            rows.push(FormRow { place: grid.place.at(row.number, first), texts, cols: cols.clone() });
        }
    }
    strange.sort_unstable();
    let heading = |col: &u32| {
        let cells = grid.rows.get(header_at).map_or(&[][..], |row| &row.cells);
        let text = cells.iter().find(|cell| cell.col == *col).map(|cell| shown(&cell.value));
        text.filter(|text| !text.is_empty()).unwrap_or_else(|| column_letters(*col))
    };
    let heads = grid.rows.get(header_at).map_or(&[][..], |row| &row.cells);
    let is_twice = |names: &&&[&str]| {
        let known = |text: &str| names.iter().any(|name| fold(name) == text);
        heads.iter().filter(|cell| known(&fold(&shown(&cell.value)))).count() > 1
    };
    let doubled = columns.iter().take(required).filter(is_twice);
    let doubled = doubled.filter_map(|names| names.first()).map(|name| (*name).to_owned()).collect();
    Some(Form { sheet, rows, strange: strange.iter().map(heading).collect(), doubled })
}

/// Whether one of the first rows of a sheet has all these headings.
pub(super) fn heads(grid: &Grid, headings: &[&str]) -> bool {
    grid.rows.iter().take(HEADER_ROWS).any(|row| {
        let has = |name: &&str| row.cells.iter().any(|cell| fold(&shown(&cell.value)) == fold(name));
        headings.iter().all(has)
    })
}

/// The header's index among the rows, and the column of each of the caller's columns.
fn header(grid: &Grid, columns: &[&[&str]], required: usize) -> Option<(usize, Vec<Option<u32>>)> {
    grid.rows.iter().take(HEADER_ROWS).enumerate().find_map(|(index, row)| {
        let cells: Vec<(u32, String)> =
            row.cells.iter().map(|cell| (cell.col, fold(&shown(&cell.value)))).collect();
        let find = |names: &&[&str]| {
            let exact = |name: &&str| cells.iter().find(|(_, text)| *text == fold(name));
            let begins = |name: &&str| cells.iter().find(|(_, text)| text.starts_with(&fold(name)));
            names.iter().find_map(exact).or_else(|| names.iter().find_map(begins)).map(|(col, _)| *col)
        };
        let at: Vec<Option<u32>> = columns.iter().map(find).collect();
        at.iter().take(required).all(Option::is_some).then_some((index, at))
    })
}

/// A cell as text: whole numbers without decimals, days as `2023-05-10`.
pub(super) fn shown(value: &GridValue) -> String {
    match value {
        GridValue::Text(text) => text.trim().to_owned(),
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        GridValue::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            (*number as i64).to_string()
        }
        GridValue::Number(number) => number.to_string(),
        GridValue::Serial(serial) => {
            Date::from_serial(*serial).map_or_else(String::new, |day| day.to_string())
        }
        GridValue::Bool(value) => (if *value { "是" } else { "否" }).to_owned(),
        GridValue::Error(_) => String::new(),
    }
}
