//! Workbooks of a form that the program knows (register, review sheet), read by their column names.
//!
//! Columns may stand in any order and the header in any of the first rows; unknown columns are left alone.

use crate::ingest;
use crate::model::{Date, Grid, GridValue, Place};
use crate::seeds::text::fold;
use std::sync::Arc;

/// A row of a form: its texts by the caller's columns.
#[derive(Debug, Clone)]
pub(super) struct FormRow {
    /// Where its first cell stands.
    pub(super) place: Place,
    /// Trimmed texts, in the order of the columns asked for; empty where blank or where there is no such column.
    pub(super) texts: Vec<String>,
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
    let file: Arc<str> = Arc::from(name);
    let grids = ingest::read(&file, bytes).value.map_err(|(_, message)| message)?;
    let found = grids.iter().find_map(|grid| header(grid, columns, required).map(|header| (grid, header)));
    let Some((grid, (header_at, at))) = found else {
        let names: Vec<&str> =
            columns.iter().take(required).filter_map(|names| names.first().copied()).collect();
        return Err(format!("没有找到表头。表头应有这些列：{}", names.join("、")));
    };
    let rows = grid.rows.iter().skip(header_at + 1).map(|row| {
        let texts: Vec<String> = at
            .iter()
            .map(|col| {
                let cell = col.and_then(|col| row.cells.iter().find(|cell| cell.col == col));
                cell.map_or_else(String::new, |cell| shown(&cell.value))
            })
            .collect();
        let first = row.cells.first().map_or(1, |cell| cell.col);
        FormRow { place: grid.place.at(row.number, first), texts }
    });
    Ok(rows.filter(|row| row.texts.iter().any(|text| !text.is_empty())).collect())
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
fn shown(value: &GridValue) -> String {
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
