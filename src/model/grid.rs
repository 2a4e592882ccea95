//! A sheet as it stands in the file: cells, merges and what is hidden, without any meaning.

use super::Place;
use std::sync::Arc;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum GridValue {
    /// Text, as written; cells that share it in the file share it here.
    Text(Arc<str>),
    /// A number that is not formatted as a date.
    Number(f64),
    /// A date or time, as a serial number in the 1900 system (1904 workbooks are already shifted).
    Serial(f64),
    /// True or false.
    Bool(bool),
    /// An error value such as `#REF!`.
    Error(String),
}

/// A cell that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub struct GridCell {
    /// Column from 1.
    pub col: u32,
    /// What it holds.
    pub value: GridValue,
}

/// Why a row or column cannot be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// By hand: not data.
    ByHand,
    /// By a filter: still data.
    ByFilter,
}

/// A row with at least one cell that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub struct GridRow {
    /// Row from 1.
    pub number: u32,
    /// Whether it is hidden.
    pub hidden: Option<Hidden>,
    /// Its cells, by column.
    pub cells: Vec<GridCell>,
}

/// A merged range, all bounds from 1 and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u32,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u32,
}

/// Whether a sheet can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Yes.
    #[default]
    Visible,
    /// Hidden; a user can show it.
    Hidden,
    /// Hidden so that only a macro can show it.
    VeryHidden,
}

/// A sheet: its rows that are not blank, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The file and sheet.
    pub place: Place,
    /// Whether the sheet can be seen.
    pub visibility: Visibility,
    /// Rows in order; blank rows are left out.
    pub rows: Vec<GridRow>,
    /// Merged ranges in order.
    pub merges: Vec<Merge>,
    /// Whether bare numbers that are meant as dates count from 1904.
    pub since_1904: bool,
}

impl Grid {
    /// An empty visible sheet.
    #[must_use]
    pub fn empty(file: Arc<str>, sheet: Arc<str>) -> Self {
        Self {
            place: Place::sheet(file, sheet),
            visibility: Visibility::Visible,
            rows: Vec::new(),
            merges: Vec::new(),
            since_1904: false,
        }
    }
}
