//! Formats of cells.
//!
//! In: what a cell is. Out: its format, made once for each kind. Never here: values.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::model::{Align, CellStyle};

/// Size of the cells' text in points; at this size two digits of Excel's units hold a Chinese
/// character with a little to spare.
pub(super) const TEXT_SIZE: f64 = 10.0;
/// Size of a sheet's title in points.
pub(super) const TITLE_SIZE: f64 = 16.0;
/// Size of the notes in points.
pub(super) const NOTE_SIZE: f64 = 10.0;

/// Keeps numbers off the text of the next column.
const RIGHT_INDENT: u8 = 1;
/// What an indent takes of the width, in units.
pub(super) const INDENT_WIDTH: f64 = 1.5;

const FACE: &str = "宋体";
const HEAD_FACE: &str = "黑体";
const LINK: Color = Color::RGB(0x001F_3864);
/// Cells for people.
const OPEN: u32 = 0x00FF_FBE6;
/// Headings of columns that must be filled in.
const REQUIRED: u32 = 0x00C0_0000;
/// Cells of a submission that somebody should look at.
const MARKED: u32 = 0x00FF_EB3B;
const BORDER: Color = Color::RGB(0x0080_8080);

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    Text,
    /// Text that a program could take for a formula when it is edited.
    Quoted,
    Whole,
    Hundredths,
    Decimal,
    Day,
    /// A clock time.
    Clock,
    /// A day with a clock time.
    Moment,
    Share,
}

/// Everything that decides a cell's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Look {
    pub shown: Shown,
    pub align: Place,
    pub style: CellStyle,
    pub linked: bool,
    /// Whether a person may write here.
    pub open: bool,
    /// Whether the row is too low for its text, which then begins at the top.
    pub overfull: bool,
}

/// [`Align`] in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Left,
    Centre,
    Right,
}

impl From<Align> for Place {
    fn from(align: Align) -> Self {
        match align {
            Align::Left => Self::Left,
            Align::Centre => Self::Centre,
            Align::Right => Self::Right,
        }
    }
}

/// The formats of a book so far.
#[derive(Debug, Default)]
pub(super) struct Looks {
    cells: BTreeMap<Look, Format>,
}

impl Looks {
    pub(super) fn cell(&mut self, look: Look) -> &Format {
        self.cells.entry(look).or_insert_with(|| cell(look))
    }
}

fn base(size: f64) -> Format {
    Format::new()
        .set_font_name(FACE)
        .set_font_size(size)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn cell(look: Look) -> Format {
    let format = base(TEXT_SIZE)
        .set_border(FormatBorder::Thin)
        .set_border_color(BORDER)
        .set_align(match look.align {
            Place::Left => FormatAlign::Left,
            Place::Centre => FormatAlign::Center,
            Place::Right => FormatAlign::Right,
        })
        .set_indent(if look.align == Place::Right { RIGHT_INDENT } else { 0 })
        .set_align(if look.overfull { FormatAlign::Top } else { FormatAlign::VerticalCenter });
    // A number cannot be wrapped; some programs set it off its place where it is allowed.
    let text = matches!(look.shown, Shown::Text | Shown::Quoted);
    let format = if text { format } else { format.unset_text_wrap() };
    let format = match look.shown {
        Shown::Text | Shown::Decimal => format,
        Shown::Quoted => format.set_quote_prefix(),
        Shown::Whole => format.set_num_format("0"),
        Shown::Hundredths => format.set_num_format("0.00"),
        Shown::Day => format.set_num_format("yyyy-mm-dd"),
        Shown::Clock => format.set_num_format("hh:mm"),
        Shown::Moment => format.set_num_format("yyyy-mm-dd hh:mm"),
        Shown::Share => format.set_num_format("0.0%"),
    };
    let format = if look.open { format.set_unlocked() } else { format };
    let format = match look.style {
        CellStyle::Plain if look.open => format.set_background_color(Color::RGB(OPEN)),
        style => styled(format, style),
    };
    if look.linked { format.set_font_color(LINK).set_underline(FormatUnderline::Single) } else { format }
}

fn filled(format: Format, fill: u32, ink: u32) -> Format {
    format.set_background_color(Color::RGB(fill)).set_font_color(Color::RGB(ink))
}

fn styled(format: Format, style: CellStyle) -> Format {
    match style {
        CellStyle::Plain => format,
        CellStyle::Good => filled(format, 0x00E2_EFDA, 0x0037_5623),
        CellStyle::Doubtful => filled(format, 0x00FF_F2CC, 0x007F_6000),
        CellStyle::Bad => filled(format, 0x00FB_E0DD, 0x009C_0006),
        CellStyle::Muted => filled(format, 0x00F2_F2F2, 0x007F_7F7F),
        CellStyle::Strong => format.set_bold(),
    }
}

/// A cell of a submission: as plain as it can be, yellow where something is the matter with it.
pub(super) fn submitted(shown: Shown, marked: bool, centred: bool) -> Format {
    let align = if centred { Place::Centre } else { Place::Left };
    let look = Look { shown, align, style: CellStyle::Plain, linked: false, open: false, overfull: false };
    let format = cell(look);
    if marked { format.set_background_color(Color::RGB(MARKED)) } else { format }
}

/// What a conditional format lays over a cell.
pub(super) fn highlight(style: CellStyle) -> Format {
    styled(Format::new(), style)
}

pub(super) fn title() -> Format {
    base(TITLE_SIZE).set_bold().set_align(FormatAlign::Center)
}

pub(super) fn note() -> Format {
    base(NOTE_SIZE).set_align(FormatAlign::Left)
}

pub(super) fn signature() -> Format {
    base(TEXT_SIZE).set_align(FormatAlign::Left)
}

/// A heading; red where the column must be filled in.
pub(super) fn head(required: bool) -> Format {
    let format = base(TEXT_SIZE)
        .set_font_name(HEAD_FACE)
        .set_align(FormatAlign::Center)
        .set_border(FormatBorder::Thin)
        .set_border_color(BORDER)
        .set_background_color(Color::RGB(0x00EA_EFF7));
    if required { format.set_font_color(Color::RGB(REQUIRED)).set_bold() } else { format }
}
