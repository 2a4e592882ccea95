//! A sheet of 评分 with its headings found.
//!
//! In: a [`Grid`]. Out: headings with their columns, rows with their cells. Never here: which layout it is.

use super::super::form::shown;
use super::super::grids::{is_blank, spread_merged};
use crate::model::{Grid, GridRow, Place};
use crate::seeds::score_headers::{Meaning, ScoreHeaders};
use crate::seeds::text::fold;
use std::collections::BTreeMap;

/// How far down a header is looked for.
const HEADER_ROWS: usize = 20;
/// Into how many levels a header may be divided.
const LEVELS: usize = 3;

/// A column's heading.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// Column from 1.
    pub(super) col: u32,
    /// As written, without blanks at the ends.
    pub(super) text: String,
    /// Folded.
    pub(super) folded: String,
    /// The folded heading above it in a header of several levels; empty where there is none.
    pub(super) group: String,
    /// What it means; `None` where the headings of this field do not know it.
    pub(super) meaning: Option<Meaning>,
    /// Where it stands.
    pub(super) place: Place,
}

/// A row beneath the header.
#[derive(Debug, Clone)]
pub(super) struct Row {
    place: Place,
    cells: BTreeMap<u32, String>,
}

impl Row {
    /// The trimmed text of a column; empty where blank.
    pub(super) fn text(&self, col: u32) -> &str {
        self.cells.get(&col).map_or("", String::as_str)
    }

    /// Where a cell stands.
    pub(super) fn place(&self, col: u32) -> Place {
        self.place.at(self.place.row, col)
    }
}

/// A sheet with its headings.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// The sheet.
    pub(super) place: Place,
    /// What stands above the header.
    pub(super) title: String,
    /// Headings in order of their columns.
    pub(super) headings: Vec<Heading>,
    /// Rows in which something stands.
    pub(super) rows: Vec<Row>,
}

impl Sheet {
    /// The sheet, where a row of it has a heading for the unit.
    pub(super) fn read(mut grid: Grid, headers: &ScoreHeaders) -> Option<Self> {
        let is_unit = |row: &GridRow| {
            row.cells.len() > 1
                && row.cells.iter().any(|c| headers.meaning(&fold(&shown(&c.value))) == Some(Meaning::Unit))
        };
        let at = grid.rows.iter().take(HEADER_ROWS).position(is_unit)?;
        let levels = levels(&grid, at, headers);
        let title = grid.rows.iter().take(at).flat_map(|row| &row.cells).map(|c| shown(&c.value)).collect();
        let headings = headings(&grid, at, levels, headers);
        spread_merged(&mut grid);
        let rows = grid.rows.iter().skip(at + levels).map(|row| Row {
            place: grid.place.at(row.number, 0),
            cells: row.cells.iter().map(|cell| (cell.col, shown(&cell.value))).collect(),
        });
        let rows = rows.filter(|row| row.cells.values().any(|text| !is_blank(text))).collect();
        Some(Self { place: grid.place.clone(), title, headings, rows })
    }

    /// The first column of a meaning.
    pub(super) fn column(&self, meaning: Meaning) -> Option<u32> {
        self.headings.iter().find(|heading| heading.meaning == Some(meaning)).map(|heading| heading.col)
    }
}

/// How many rows the header takes: as many as the unit's heading is merged over, or one more where the row
/// beneath says nothing about a unit and holds nothing but words.
fn levels(grid: &Grid, at: usize, headers: &ScoreHeaders) -> usize {
    let Some(row) = grid.rows.get(at) else { return 1 };
    let unit = row.cells.iter().find(|c| headers.meaning(&fold(&shown(&c.value))) == Some(Meaning::Unit));
    let Some(unit) = unit else { return 1 };
    let merge = grid.merges.iter().find(|merge| merge.left == unit.col && merge.top == row.number);
    if let Some(merge) = merge.filter(|merge| merge.bottom > merge.top) {
        let within = grid.rows.iter().skip(at).take_while(|row| row.number <= merge.bottom).count();
        return within.clamp(1, LEVELS);
    }
    let is_second = grid.rows.get(at + 1).is_some_and(|next| {
        let texts: Vec<(u32, String)> = next.cells.iter().map(|c| (c.col, shown(&c.value))).collect();
        let blank_unit = texts.iter().all(|(col, text)| *col != unit.col || text.is_empty());
        let words = texts.iter().filter(|(_, text)| !text.is_empty() && text.parse::<f64>().is_err()).count();
        blank_unit && words >= 2 && words == texts.iter().filter(|(_, text)| !text.is_empty()).count()
    });
    if is_second { 2 } else { 1 }
}

fn headings(grid: &Grid, at: usize, levels: usize, headers: &ScoreHeaders) -> Vec<Heading> {
    let rows: Vec<&GridRow> = grid.rows.iter().skip(at).take(levels).collect();
    // What stands at a place of the header, also where it is merged over several columns.
    let text_at = |row: &GridRow, col: u32| {
        let merged = grid
            .merges
            .iter()
            .find(|m| m.top == row.number && m.left <= col && col <= m.right && m.bottom == row.number);
        let from = merged.map_or(col, |merge| merge.left);
        row.cells.iter().find(|cell| cell.col == from).map(|cell| shown(&cell.value)).unwrap_or_default()
    };
    let mut columns: Vec<u32> = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.col).collect();
    columns.sort_unstable();
    columns.dedup();
    let heading = |col: u32| {
        let texts: Vec<(u32, String)> = rows
            .iter()
            .map(|row| (row.number, text_at(row, col)))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let (number, text) = texts.last()?.clone();
        let above = texts.len().checked_sub(2).and_then(|at| texts.get(at)).map(|(_, text)| text.clone());
        // Without merging, what stands above is written over its first column only.
        let left = || {
            let upper = rows.iter().take_while(|row| row.number < number).last()?;
            let before = upper.cells.iter().rev().filter(|cell| cell.col < col);
            before.map(|cell| shown(&cell.value)).find(|text| !text.is_empty())
        };
        let group = above.or_else(left).map(|text| fold(&text)).unwrap_or_default();
        let folded = fold(&text);
        Some(Heading {
            col,
            meaning: headers.meaning(&folded),
            group,
            place: grid.place.at(number, col),
            text,
            folded,
        })
    };
    columns.into_iter().filter_map(heading).collect()
}
