//! A workbook as sheets of cells ready to show.

use super::{Date, Points};

/// A workbook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    /// Title in the file's properties.
    pub title: String,
    /// Author in the file's properties.
    pub author: String,
    /// Sheets in order.
    pub sheets: Vec<Sheet>,
}

/// A sheet: title line, note lines, one header row, and rows beneath.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Name; made valid and unique when it is written.
    pub name: String,
    /// A centred line over the whole width.
    pub title: String,
    /// Lines under the title, each over the whole width.
    pub notes: Vec<String>,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows of cells, as many as there are columns (fewer are filled up with blanks).
    pub rows: Vec<Vec<Cell>>,
    /// How many columns on the left stay in view.
    pub frozen: u16,
    /// Whether the header gets a filter.
    pub filter: bool,
    /// Landscape print.
    pub landscape: bool,
    /// Colour scales over columns (from 0, first and last).
    pub scales: Vec<ColorScale>,
    /// A line for signatures under the table.
    pub signature: Option<String>,
}

/// A run of columns coloured by value, low to high.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColorScale {
    /// First column, from 0.
    pub first: u16,
    /// Last column, from 0.
    pub last: u16,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Heading above it, merged over neighbours of the same text; empty for none.
    pub group: String,
    /// Width in Excel's units (one Chinese character takes two).
    pub width: u16,
    /// How its cells are set.
    pub align: Align,
    /// Values that a person may choose from a list; empty where the column is not for entering.
    pub choices: Vec<String>,
    /// What a person is told on entering a cell of the column; empty for nothing.
    pub prompt: String,
}

/// How cells are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Flush left, wrapped.
    #[default]
    Left,
    /// Centred.
    Centre,
    /// Flush right (numbers).
    Right,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What it shows.
    pub value: Value,
    /// How it is coloured.
    pub style: CellStyle,
    /// Where a click leads.
    pub link: Option<SheetLink>,
}

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Blank,
    /// Text; never a formula, whatever it begins with.
    Text(String),
    /// A whole number.
    Count(i64),
    /// Points, shown with two decimals.
    Points(Points),
    /// A day.
    Date(Date),
    /// Hours or other decimals, shown with up to two decimals.
    Decimal(f64),
    /// A share, shown as per cent: numerator and denominator.
    Rate(u32, u32),
}

/// How a cell is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CellStyle {
    /// As the rest.
    #[default]
    Plain,
    /// Good: done.
    Good,
    /// Doubtful: a person should look.
    Doubtful,
    /// Bad: not done.
    Bad,
    /// Not applicable.
    Muted,
    /// A total or a leading place.
    Strong,
}

/// A place in the same workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLink {
    /// Index of the sheet in the book.
    pub sheet: usize,
    /// Index of the row among the sheet's rows, from 0; its first cell is shown.
    pub row: usize,
}

impl Cell {
    /// Plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::default() } else { Self { value: Value::Text(text), ..Self::default() } }
    }

    /// A whole number.
    #[must_use]
    pub fn count(count: impl Into<i64>) -> Self {
        Self { value: Value::Count(count.into()), ..Self::default() }
    }

    /// Points.
    #[must_use]
    pub fn points(points: Points) -> Self {
        Self { value: Value::Points(points), ..Self::default() }
    }

    /// The same cell coloured.
    #[must_use]
    pub fn style(mut self, style: CellStyle) -> Self {
        self.style = style;
        self
    }

    /// The same cell with a link.
    #[must_use]
    pub fn link(mut self, link: SheetLink) -> Self {
        self.link = Some(link);
        self
    }
}
