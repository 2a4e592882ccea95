//! A submitted sheet drawn again, its doubtful cells yellow and commented.
//!
//! In: a [`SheetCopy`]. Out: a worksheet on which every value stands in its own row and column, texts as texts.
//! Never here: what is doubtful.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{Format, IgnoreError, Note, Workbook, Worksheet, XlsxError};

use super::looks::{self, Shown, TEXT_SIZE};
use super::measure::{lines, row_height, units};
use super::value::{formula_like, shortened};
use crate::model::{CellMark, Date, GridRow, GridValue, Merge, SheetCopy};

type Done = Result<(), XlsxError>;

/// What Excel can hold.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;
/// How many cells of merges are drawn on a sheet; one that needs more was not made by hand.
const MERGED: u64 = 100_000;
/// The last day that Excel knows, as a serial number.
const LAST_DAY: f64 = 2_958_465.0;
/// Rows by which widths are found.
const MEASURED: usize = 300;
const NARROWEST: f64 = 6.0;
const WIDEST: f64 = 42.0;
/// Comments: the longest text, the width in pixels, and how many units of width that is.
const LONGEST_NOTE: usize = 1_500;
const NOTE_PIXELS: u32 = 300;
const NOTE_UNITS: f64 = 40.0;
const NOTE_LINE: u32 = 18;
const TALLEST_NOTE: u32 = 500;

/// Writes the sheet under this name.
pub(super) fn write(workbook: &mut Workbook, name: &str, copy: &SheetCopy) -> Done {
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(name)?;
    let rows: Vec<&GridRow> = copy.grid.rows.iter().filter(|row| holds(row.number, 1)).collect();
    let merges = Merges::of(copy);
    let marks = Marks::of(copy, &merges);
    let widths = widths(&rows, &merges);
    for (col, width) in &widths {
        if let Ok(col) = u16::try_from(col - 1) {
            worksheet.set_column_width(col, *width)?;
        }
    }
    let mut pen = Pen { formats: BTreeMap::new() };
    for merge in merges.drawn.values() {
        let marked = marks.cells.contains(&(merge.top, merge.left));
        let format = pen.format(Shown::Text, marked, merge.right > merge.left);
        let (top, left) = at(merge.top, merge.left);
        let (bottom, right) = at(merge.bottom, merge.right);
        worksheet.merge_range(top, left, bottom, right, "", format)?;
    }
    for row in rows {
        let mut tallest = 1;
        for cell in row.cells.iter().filter(|cell| holds(row.number, cell.col)) {
            let place = (row.number, cell.col);
            let merge = merges.drawn.get(&place);
            let marked = marks.cells.contains(&place);
            pen.value(worksheet, place, &cell.value, marked, merge.is_some_and(|m| m.right > m.left))?;
            if let (GridValue::Text(text), None) = (&cell.value, merge) {
                let width = widths.get(&cell.col).copied().unwrap_or(WIDEST);
                tallest = tallest.max(lines(&shortened(text), width));
            }
        }
        worksheet.set_row_height(row.number - 1, row_height(tallest, TEXT_SIZE))?;
        if row.hidden == Some(crate::model::Hidden::ByHand) {
            worksheet.set_row_hidden(row.number - 1)?;
        }
    }
    for place in marks.cells.difference(&marks.filled) {
        let (row, col) = at(place.0, place.1);
        let wide = merges.drawn.get(place).is_some_and(|m| m.right > m.left);
        worksheet.write_blank(row, col, pen.format(Shown::Text, true, wide))?;
    }
    for (place, text) in &marks.notes {
        let (row, col) = at(place.0, place.1);
        worksheet.insert_note(row, col, &note(text))?;
    }
    dress(worksheet, copy, &widths)
}

fn dress(worksheet: &mut Worksheet, copy: &SheetCopy, widths: &BTreeMap<u32, f64>) -> Done {
    let last_row =
        copy.grid.rows.iter().map(|row| row.number).filter(|row| holds(*row, 1)).max().unwrap_or(1);
    let last_col = widths.keys().max().copied().unwrap_or(1);
    let (row, col) = at(last_row, last_col);
    worksheet.ignore_error_range(0, 0, row, col, IgnoreError::NumberStoredAsText)?;
    let wide = widths.values().sum::<f64>() > 90.0;
    if wide {
        worksheet.set_landscape();
    }
    // An ampersand begins a code of the page's head.
    let head: String = copy.source.replace('&', "&&").chars().take(200).collect();
    worksheet
        .set_paper_size(9)
        .set_margins(0.5, 0.5, 0.8, 0.7, 0.3, 0.35)
        .set_header(format!("&L{head}"))
        .set_footer("&C第 &P 页 共 &N 页")
        .set_print_fit_to_pages(1, 0);
    Ok(())
}

fn note(text: &str) -> Note {
    let text = shortened(text);
    let mut kept: String = text.chars().take(LONGEST_NOTE).collect();
    if kept.len() < text.len() {
        kept.push('…');
    }
    let count = u32::try_from(lines(&kept, NOTE_UNITS)).unwrap_or(u32::MAX).saturating_add(1);
    Note::new(kept)
        .add_author_prefix(false)
        .set_author("退回意见")
        .set_font_name("宋体")
        .set_font_size(10)
        .set_width(NOTE_PIXELS)
        .set_height(count.saturating_mul(NOTE_LINE).clamp(60, TALLEST_NOTE))
}

fn holds(row: u32, col: u32) -> bool {
    (1..=MOST_ROWS).contains(&row) && (1..=MOST_COLUMNS).contains(&col)
}

/// A place from 0, as the writer counts; the caller has asked [`holds`].
fn at(row: u32, col: u32) -> (u32, u16) {
    (row.saturating_sub(1), u16::try_from(col.saturating_sub(1)).unwrap_or(u16::MAX))
}

/// Puts values into cells, in formats made once.
struct Pen {
    formats: BTreeMap<(Shown, bool, bool), Format>,
}

impl Pen {
    fn format(&mut self, shown: Shown, marked: bool, centred: bool) -> &Format {
        self.formats
            .entry((shown, marked, centred))
            .or_insert_with(|| looks::submitted(shown, marked, centred))
    }

    fn value(
        &mut self,
        worksheet: &mut Worksheet,
        place: (u32, u32),
        value: &GridValue,
        marked: bool,
        centred: bool,
    ) -> Done {
        let (row, col) = at(place.0, place.1);
        match value {
            GridValue::Number(number) if number.is_finite() => {
                let format = self.format(Shown::Decimal, marked, centred);
                worksheet.write_number_with_format(row, col, *number, format)?;
            }
            GridValue::Serial(serial) if (0.0..=LAST_DAY).contains(serial) => {
                let shown =
                    match (*serial < 1.0, Date::from_serial(*serial).is_some() && serial.fract() == 0.0) {
                        (true, _) => Shown::Clock,
                        (false, true) => Shown::Day,
                        (false, false) => Shown::Moment,
                    };
                worksheet.write_number_with_format(row, col, *serial, self.format(shown, marked, centred))?;
            }
            GridValue::Bool(truth) => {
                let format = self.format(Shown::Text, marked, centred);
                worksheet.write_boolean_with_format(row, col, *truth, format)?;
            }
            GridValue::Text(text) => self.text(worksheet, (row, col), text, marked, centred)?,
            GridValue::Error(text) => self.text(worksheet, (row, col), text, marked, centred)?,
            GridValue::Number(number) | GridValue::Serial(number) => {
                self.text(worksheet, (row, col), &number.to_string(), marked, centred)?;
            }
        }
        Ok(())
    }

    fn text(
        &mut self,
        worksheet: &mut Worksheet,
        (row, col): (u32, u16),
        text: &str,
        marked: bool,
        centred: bool,
    ) -> Done {
        let text = shortened(text);
        let shown = if formula_like(&text) { Shown::Quoted } else { Shown::Text };
        worksheet.write_string_with_format(row, col, &*text, self.format(shown, marked, centred))?;
        Ok(())
    }
}

/// The merges that are drawn: none that would hide a value, cross another, or cover more than hands can make.
struct Merges {
    /// By their first cell.
    drawn: BTreeMap<(u32, u32), Merge>,
    /// The first cell of each cell that is covered.
    covered: BTreeMap<(u32, u32), (u32, u32)>,
}

impl Merges {
    fn of(copy: &SheetCopy) -> Self {
        let rows = &copy.grid.rows;
        let mut merges = Self { drawn: BTreeMap::new(), covered: BTreeMap::new() };
        let mut left = MERGED;
        for merge in &copy.grid.merges {
            let sound = holds(merge.top, merge.left)
                && holds(merge.bottom, merge.right)
                && merge.top <= merge.bottom
                && merge.left <= merge.right;
            let area = if sound {
                u64::from(merge.bottom - merge.top + 1) * u64::from(merge.right - merge.left + 1)
            } else {
                0
            };
            if area < 2 || area > left {
                continue;
            }
            let corner = (merge.top, merge.left);
            let from = rows.partition_point(|row| row.number < merge.top);
            let to = rows.partition_point(|row| row.number <= merge.bottom);
            let hides = rows.get(from..to).unwrap_or_default().iter().any(|row| {
                let inside = |col: u32| (merge.left..=merge.right).contains(&col);
                row.cells.iter().any(|cell| inside(cell.col) && (row.number, cell.col) != corner)
            });
            let cells = || {
                (merge.top..=merge.bottom)
                    .flat_map(|row| (merge.left..=merge.right).map(move |col| (row, col)))
            };
            if hides || cells().any(|cell| merges.covered.contains_key(&cell)) {
                continue;
            }
            left -= area;
            merges.covered.extend(cells().map(|cell| (cell, corner)));
            merges.drawn.insert(corner, *merge);
        }
        merges
    }
}

/// What is yellow, and what is said about it.
struct Marks {
    cells: BTreeSet<(u32, u32)>,
    /// Those of them that hold a value.
    filled: BTreeSet<(u32, u32)>,
    notes: BTreeMap<(u32, u32), String>,
}

impl Marks {
    fn of(copy: &SheetCopy, merges: &Merges) -> Self {
        let mut marks = Self { cells: BTreeSet::new(), filled: BTreeSet::new(), notes: BTreeMap::new() };
        for mark in &copy.marks {
            marks.add(mark, copy, merges);
        }
        marks
    }

    fn add(&mut self, mark: &CellMark, copy: &SheetCopy, merges: &Merges) {
        let rows = &copy.grid.rows;
        let row = rows.binary_search_by_key(&mark.row, |row| row.number).ok().and_then(|at| rows.get(at));
        let cols = || row.into_iter().flat_map(|row| row.cells.iter().map(|cell| cell.col));
        let (first, last) = match mark.col {
            0 => (cols().min().unwrap_or(1), cols().max().unwrap_or(1).min(MOST_COLUMNS)),
            col => (col, col),
        };
        if !holds(mark.row, first) {
            return;
        }
        for col in first..=last {
            // Of a merged area only the first cell is seen.
            let place = merges.covered.get(&(mark.row, col)).copied().unwrap_or((mark.row, col));
            self.cells.insert(place);
            let row = rows.binary_search_by_key(&place.0, |row| row.number).ok().and_then(|at| rows.get(at));
            if row.is_some_and(|row| row.cells.iter().any(|cell| cell.col == place.1)) {
                self.filled.insert(place);
            }
        }
        let place = merges.covered.get(&(mark.row, first)).copied().unwrap_or((mark.row, first));
        let note = self.notes.entry(place).or_default();
        if !note.is_empty() {
            note.push('\n');
        }
        note.push_str(&mark.note);
    }
}

/// A width for each column up to the last, by the texts of its first rows.
fn widths(rows: &[&GridRow], merges: &Merges) -> BTreeMap<u32, f64> {
    let mut widths: BTreeMap<u32, f64> = BTreeMap::new();
    for row in rows.iter().take(MEASURED) {
        for cell in row.cells.iter().filter(|cell| holds(row.number, cell.col)) {
            let wide =
                merges.drawn.get(&(row.number, cell.col)).is_some_and(|merge| merge.right > merge.left);
            let needed = match &cell.value {
                _ if wide => NARROWEST,
                GridValue::Text(text) => units(text) + 1.5,
                GridValue::Serial(serial) if serial.fract() != 0.0 => 17.0,
                GridValue::Serial(_) => 11.5,
                GridValue::Number(number) => units(&number.to_string()) + 2.0,
                GridValue::Bool(_) | GridValue::Error(_) => 8.0,
            };
            let width = widths.entry(cell.col).or_insert(NARROWEST);
            *width = width.max(needed.clamp(NARROWEST, WIDEST));
        }
    }
    widths
}
