//! A workbook as sheets of cells ready to show.

use super::{Date, Expr, Grid, Points, Spot};
use std::sync::Arc;

/// A workbook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    /// Title in the file's properties.
    pub title: String,
    /// Author in the file's properties.
    pub author: String,
    /// Sheets in order.
    pub sheets: Vec<Sheet>,
    /// Names that formulas of the workbook may use: 考核年度, 合并活动.
    pub names: Vec<(String, Spot)>,
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
    /// How many pages wide and tall it is printed; zero: one wide, as many tall as it takes.
    pub pages: (u16, u16),
    /// How many of its columns are printed; none: all.
    pub printed: Option<u16>,
    /// The column with which a second page across begins; none: [`Self::pages`] says how it is printed.
    pub turn: Option<u16>,
    /// A line for signatures under the table.
    pub signature: Option<String>,
    /// Whether all cells but the open ones are locked, without password.
    pub protected: bool,
    /// What may be entered where.
    pub entries: Vec<EntryRule>,
    /// Formats that depend on values.
    pub highlights: Vec<Highlight>,
    /// Charts.
    pub charts: Vec<Chart>,
    /// First row, last row and column of cells of equal text that are written once.
    pub merges: Vec<(usize, usize, u16)>,
    /// A sheet that somebody submitted, drawn again cell by cell in place of columns and rows.
    pub copy: Option<SheetCopy>,
}

/// A submitted sheet with what is doubtful in it; every cell keeps its row and column.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetCopy {
    /// The sheet as it was read.
    pub grid: Grid,
    /// The file it stood in, printed at the head of every page.
    pub source: String,
    /// What is marked and commented.
    pub marks: Vec<CellMark>,
}

/// A cell to look at, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellMark {
    /// Row from 1.
    pub row: u32,
    /// Column from 1; 0 for the whole row.
    pub col: u32,
    /// What the comment says.
    pub note: String,
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
    /// Whether a person must fill it in; its heading says so in red.
    pub required: bool,
    /// How the values are shown that will be entered in its blank cells; none: as the program takes them.
    pub entered: Option<NumberLook>,
}

impl Column {
    /// A column of its own, in which nothing is entered.
    #[must_use]
    pub fn new(title: &str, width: u16, align: Align) -> Self {
        let (group, prompt) = (String::new(), String::new());
        let title = title.to_owned();
        Self { title, group, width, align, choices: Vec::new(), prompt, required: false, entered: None }
    }

    /// The column under a common heading.
    #[must_use]
    pub fn under(self, group: &str) -> Self {
        Self { group: group.to_owned(), ..self }
    }

    /// The column with values to choose from.
    #[must_use]
    pub fn choosing(self, choices: &[&str]) -> Self {
        Self { choices: choices.iter().map(ToString::to_string).collect(), ..self }
    }
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
    /// Whether a person may write here though the sheet is protected; shown in light yellow.
    pub open: bool,
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
    /// A formula with the value that it has.
    Formula(Box<Formula>),
}

/// A formula of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// What is computed.
    pub expr: Expr<Spot>,
    /// The value; `None` is filled in by `formula::fill` before the book is rendered.
    pub cached: Option<Cached>,
    /// How it is shown.
    pub look: NumberLook,
}

/// The value that a formula has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cached {
    /// Empty text.
    Blank,
    /// Text.
    Text(Arc<str>),
    /// A whole number.
    Whole(i64),
    /// Points.
    Points(Points),
    /// Exact numerator and denominator.
    Ratio(i64, i64),
}

/// How the value of a formula is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberLook {
    /// As text.
    Text,
    /// As a whole number.
    Whole,
    /// With two decimals.
    Points,
    /// As per cent.
    Share,
    /// With up to two decimals.
    Decimal,
    /// As a day.
    Day,
}

/// What may be entered in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRule {
    /// Where.
    pub area: Spot,
    /// What.
    pub allow: Allow,
    /// Title of the message that shows when a cell is chosen, at most 32 characters.
    pub title: String,
    /// The message, at most 255 characters.
    pub message: String,
}

/// What an area takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allow {
    /// One of a few words (joined at most 255 units of UTF-16).
    Words(Vec<String>),
    /// One of the cells of an area.
    OneOf(Spot),
    /// A number between points.
    Points(Points, Points),
    /// A whole number between.
    Whole(i64, i64),
    /// A day between.
    Day(Date, Date),
}

/// A format that depends on values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlight {
    /// Where.
    pub area: Spot,
    /// When.
    pub when: When,
    /// How.
    pub style: CellStyle,
}

/// When a format holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// The cell has this text.
    Is(String),
    /// The number is at least this.
    AtLeast(i64),
    /// The number is below this.
    Below(i64),
    /// The formula holds, written for the area's first cell.
    Holds(Expr<Spot>),
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its kind.
    pub kind: ChartKind,
    /// Its title.
    pub title: String,
    /// Row of its upper left corner, as an index among the sheet's rows.
    pub row: usize,
    /// Column of its upper left corner, from 0.
    pub col: u16,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What it shows.
    pub series: Vec<Series>,
    /// Whether the first of stacked series only lifts the others.
    pub stacked_invisible_first: bool,
    /// Whether the values are shares, shown as per cent.
    pub share: bool,
    /// The upper end of the values' axis; none: as high as the values.
    pub most: Option<i32>,
}

/// The kind of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChartKind {
    /// Upright.
    Columns,
    /// Lying.
    Bars,
    /// Upright, one on another.
    StackedColumns,
    /// Around a centre.
    Radar,
}

/// A run of values in a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Names of the values.
    pub labels: Spot,
    /// The values.
    pub values: Spot,
    /// Areas with how far each may go up and down.
    pub error_bars: Option<(Spot, Spot)>,
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

    /// A formula.
    #[must_use]
    pub fn formula(expr: Expr<Spot>, cached: Option<Cached>, look: NumberLook) -> Self {
        Self { value: Value::Formula(Box::new(Formula { expr, cached, look })), ..Self::default() }
    }

    /// The same cell open for a person's entry.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// The same cell with a link.
    #[must_use]
    pub fn link(mut self, link: SheetLink) -> Self {
        self.link = Some(link);
        self
    }
}
