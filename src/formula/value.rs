//! What a formula can come to.

use super::Exact;
use crate::model::Points;
use std::sync::Arc;

/// Why a formula comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Division by zero.
    Zero,
    /// An operand of the wrong sort.
    Sort,
    /// Not found (MATCH, INDEX).
    NotFound,
    /// A number out of range.
    Range,
    /// Areas of different shape.
    Shape,
    /// Whole areas where only SUMPRODUCT takes them.
    Area,
    /// A cell that depends on itself.
    Circle,
    /// A figure that is not known.
    Unknown,
    /// Something that this program does not evaluate.
    Unsupported,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An empty cell: 0 among numbers, "" among texts.
    Blank,
    /// Text.
    Text(Arc<str>),
    /// TRUE or FALSE.
    Bool(bool),
    /// A number.
    Number(Exact),
    /// An area.
    Area(Area),
}

/// Values in rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// How many columns.
    pub cols: usize,
    /// Row by row; never an area inside an area.
    pub cells: Vec<Value>,
}

impl Area {
    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len() / self.cols.max(1)
    }

    /// The value at a row and column; an area of one row or column serves for all of them.
    #[must_use]
    pub fn at(&self, row: usize, col: usize) -> Option<&Value> {
        let row = if self.rows() == 1 { 0 } else { row };
        let col = if self.cols == 1 { 0 } else { col };
        if col >= self.cols { None } else { self.cells.get(row * self.cols + col) }
    }
}

impl Value {
    /// A whole number.
    #[must_use]
    pub fn whole(number: impl Into<i64>) -> Self {
        Self::Number(Exact::whole(number))
    }

    /// Points.
    #[must_use]
    pub fn points(points: Points) -> Self {
        Self::Number(Exact::points(points))
    }

    /// The number that an operand of arithmetic is.
    ///
    /// # Errors
    /// [`Fault::Sort`] for text, [`Fault::Area`] for an area.
    pub fn number(&self) -> Result<Exact, Fault> {
        match self {
            Self::Blank => Ok(Exact::ZERO),
            Self::Bool(truth) => Ok(if *truth { Exact::ONE } else { Exact::ZERO }),
            Self::Number(number) => Ok(*number),
            Self::Text(_) => Err(Fault::Sort),
            Self::Area(_) => Err(Fault::Area),
        }
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// As [`Value::number`].
    pub fn truth(&self) -> Result<bool, Fault> {
        Ok(!self.number()?.is_zero())
    }

    /// The text that `&` joins.
    ///
    /// # Errors
    /// [`Fault::Area`] for an area, [`Fault::Unsupported`] for a number with more than two decimals.
    pub fn text(&self) -> Result<Arc<str>, Fault> {
        match self {
            Self::Blank => Ok(Arc::from("")),
            Self::Text(text) => Ok(text.clone()),
            Self::Bool(truth) => Ok(Arc::from(if *truth { "TRUE" } else { "FALSE" })),
            Self::Number(number) => match (number.to_whole(), number.to_points()) {
                (Some(whole), _) => Ok(Arc::from(whole.to_string())),
                (None, Some(points)) => Ok(Arc::from(points.to_string())),
                _ => Err(Fault::Unsupported),
            },
            Self::Area(_) => Err(Fault::Area),
        }
    }
}
