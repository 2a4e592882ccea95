//! A document as text and tables ready to show; nothing in it needs computing.

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Title lines, centred; more than one where the title is long.
    pub title: Vec<String>,
    /// The unit that stands as author in the file's properties.
    pub author: String,
    /// How its first pages lie.
    pub orientation: Orientation,
    /// Whether blanks and notes are comments in the margin as well.
    pub remarks: bool,
    /// Its parts in order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The line that names whom it addresses, with its colon.
    Salutation(String),
    /// A heading of level 1–4, its label (一、/（一）/1./（1）) included.
    Heading {
        /// 1–4.
        level: u8,
        /// Text with label.
        text: String,
    },
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A table.
    Table(ReportTable),
    /// `附件：…` after the text, the names in order.
    AttachmentNote(Vec<String>),
    /// A new page with `附件1` and a centred title.
    Attachment {
        /// `附件1`, or `附件` where there is only one.
        label: String,
        /// Its title.
        title: String,
        /// Landscape for wide tables.
        orientation: Orientation,
    },
    /// Author and date, set right.
    Signature {
        /// Unit or person.
        name: String,
        /// `2023年12月31日`, or a visible blank.
        date: String,
    },
}

/// A stretch of text within a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Plain text.
    Text(String),
    /// A visible blank that only the author can fill: `【待补：原因分析】` with its brackets.
    Blank(String),
    /// A figure that leads to a row of an evidence table in the same document.
    Link {
        /// The text shown.
        text: String,
        /// The row's anchor.
        anchor: String,
    },
    /// Something that a person should check about the text before it: a comment in the margin.
    Note(String),
}

/// How a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// Across.
    Landscape,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportTable {
    /// A line above the table; empty for none.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<ReportColumn>,
    /// Its rows.
    pub rows: Vec<ReportRow>,
    /// Whether its rows are high enough to be filled in by hand.
    pub by_hand: bool,
    /// Whether only the rows are kept to which the document leads.
    pub only_linked: bool,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportColumn {
    /// Heading.
    pub title: String,
    /// Share of the width, in relation to the other columns.
    pub weight: u32,
    /// Whether its cells are centred rather than flush left.
    pub centred: bool,
}

impl ReportColumn {
    /// A column of this heading and weight.
    #[must_use]
    pub fn new(title: &str, weight: u32, centred: bool) -> Self {
        Self { title: title.to_owned(), weight, centred }
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportRow {
    /// A name to which a `Span::Link` may lead; unique in the document.
    pub anchor: Option<String>,
    /// Text by column.
    pub cells: Vec<String>,
}
