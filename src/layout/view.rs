//! A sheet as the readings see it: lines of cells, with what merges put beneath their first cell.

use crate::model::{Excluded, Grid, GridCell, GridRow, GridValue, Merge, Place, Reason};
use crate::seeds::headers::WordSet;
use crate::seeds::text::{fold, is_invisible};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The most cells that merges may fill downwards on one sheet.
const FILLED: usize = 400_000;

/// Bytes of a text gathered from several lines; what goes beyond is no value of a ledger, and
/// gathering it would take time by its square.
pub(super) const GATHERED: usize = 64 * 1024;

/// A sheet.
pub(super) struct View<'g> {
    pub(super) grid: &'g Grid,
    /// First rows of tall merges, by the line and column that they cover.
    below: BTreeMap<(usize, u32), usize>,
    /// Merges by first row and column.
    merges: BTreeMap<(u32, u32), Merge>,
}

impl<'g> View<'g> {
    /// The view of a grid.
    pub(super) fn new(grid: &'g Grid) -> Self {
        let mut view = Self { grid, below: BTreeMap::new(), merges: BTreeMap::new() };
        let mut filled = 0;
        for merge in &grid.merges {
            view.merges.insert((merge.top, merge.left), *merge);
            let first = view.line_at(merge.top);
            let Some(top) = first.filter(|i| view.number(*i) == merge.top) else { continue };
            for index in top + 1..view.len() {
                // Merges may lie over one another: what is filled again counts again.
                filled += 1;
                if view.number(index) > merge.bottom || filled > FILLED {
                    break;
                }
                view.below.insert((index, merge.left), top);
            }
        }
        view
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.grid.rows.len()
    }

    /// The first line at or below a row.
    pub(super) fn line_at(&self, row: u32) -> Option<usize> {
        let index = self.grid.rows.partition_point(|line| line.number < row);
        (index < self.len()).then_some(index)
    }

    /// The line.
    pub(super) fn line(&self, index: usize) -> Option<&'g GridRow> {
        self.grid.rows.get(index)
    }

    /// The row of a line; 0 beyond the end.
    pub(super) fn number(&self, index: usize) -> u32 {
        self.line(index).map_or(0, |line| line.number)
    }

    /// The cells of a line.
    pub(super) fn cells(&self, index: usize) -> &'g [GridCell] {
        self.line(index).map_or(&[], |line| line.cells.as_slice())
    }

    /// What stands in a cell itself.
    pub(super) fn own(&self, index: usize, col: u32) -> Option<&'g GridValue> {
        let cells = self.cells(index);
        let at = cells.binary_search_by_key(&col, |cell| cell.col).ok()?;
        cells.get(at).map(|cell| &cell.value)
    }

    /// What a cell shows: its own value, or that of the tall merge that covers it.
    pub(super) fn shown(&self, index: usize, col: u32) -> Option<&'g GridValue> {
        self.own(index, col).or_else(|| self.own(self.covered_by(index, col)?, col))
    }

    /// The line whose tall merge covers a cell.
    pub(super) fn covered_by(&self, index: usize, col: u32) -> Option<usize> {
        self.below.get(&(index, col)).copied()
    }

    /// The merge that begins in a cell.
    pub(super) fn merge(&self, index: usize, col: u32) -> Option<Merge> {
        self.merges.get(&(self.number(index), col)).copied()
    }

    /// The last column that a cell covers.
    pub(super) fn right(&self, index: usize, col: u32) -> u32 {
        self.merge(index, col).map_or(col, |merge| merge.right)
    }

    /// The first and last column of all cells.
    pub(super) fn place(&self, index: usize, col: u32) -> Place {
        self.grid.place.at(self.number(index), col)
    }

    /// A line left out.
    pub(super) fn excluded(&self, index: usize, reason: Reason) -> Excluded {
        let cells = self.cells(index);
        let col = cells.first().map_or(0, |cell| cell.col);
        let mut text = String::new();
        for cell in cells.iter().take(4) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&text_of(&cell.value));
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(40).collect();
        Excluded { place: self.place(index, col), reason, text }
    }
}

/// The text of a value, without blanks and invisible characters around it.
pub(super) fn text_of(value: &GridValue) -> Cow<'_, str> {
    match value {
        GridValue::Text(text) => {
            let trimmed = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
            if trimmed.contains(is_invisible) {
                Cow::Owned(trimmed.chars().filter(|c| !is_invisible(*c)).collect())
            } else {
                Cow::Borrowed(trimmed)
            }
        }
        GridValue::Number(number) | GridValue::Serial(number) => Cow::Owned(format!("{number}")),
        GridValue::Bool(truth) => Cow::Borrowed(if *truth { "是" } else { "否" }),
        GridValue::Error(error) => Cow::Borrowed(error),
    }
}

/// Whether a value is one of some wordings.
pub(super) fn is_one_of(value: &GridValue, words: &WordSet) -> bool {
    matches!(value, GridValue::Text(text) if text.len() <= SHORT && words.is_written(text))
}

/// Bytes of a text that can be a heading or a word.
const SHORT: usize = 150;

/// The folded text of a short value; `None` where it is too long for a heading or word.
pub(super) fn folded(value: &GridValue) -> Option<String> {
    match value {
        GridValue::Text(text) if text.len() <= SHORT => Some(fold(text)),
        GridValue::Number(_) => Some(text_of(value).into_owned()),
        _ => None,
    }
}
