//! One sheet: title, notes, head, rows, and how it is printed.
//!
//! In: a [`Sheet`] and the plans of all sheets, to which its links lead. Out: a worksheet of the
//! workbook. Never here: names of sheets, formats.

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    ConditionalFormat3ColorScale, DataValidation, Format, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::entries::LONGEST_LIST;
use super::looks::{self, INDENT_WIDTH, Looks, NOTE_SIZE, TEXT_SIZE, TITLE_SIZE};
use super::measure::{at_most, lines, row_height};
use super::rows::{Rows, text_of};
use super::value::{number_width, shortened};
use super::{chart, copy, entries, highlights};
use crate::model::{Align, Column, Sheet, Value};
use crate::render::legal::legal;

type Done = Result<(), XlsxError>;

/// From this many rows on a sheet is written row by row, so that memory does not follow its size: one whose cells
/// are merged downwards, which is lost then, and one in which nothing is.
const LARGE: usize = 20_000;
const LARGE_PLAIN: usize = 5_000;
/// Excel's limit for rows.
const MOST_ROWS: u32 = 1_048_576;
/// Excel's limit for columns.
const MOST_COLUMNS: usize = 16_384;
/// How many lines the highest row holds.
const MOST_LINES: usize = 29;
/// What is seen of a sheet at once, in units of width.
const SEEN: f64 = 170.0;
/// What a row without text takes on a screen.
const ROW_PIXELS: u32 = 20;
/// What fits across a page of A4 between its margins, in pixels, upright and landscape, with a little to spare.
const PAGE_ACROSS: (f64, f64) = (625.0, 925.0);
/// A column is not widened beyond this for long text.
const WIDEST: f64 = 110.0;

/// Where the parts of a sheet stand.
pub(super) struct Plan<'a> {
    sheet: &'a Sheet,
    name: &'a str,
    widths: Vec<f64>,
    /// First row of the head, from 0.
    head: u32,
    /// First row of the rows.
    first: u32,
}

impl<'a> Plan<'a> {
    pub(super) fn new(sheet: &'a Sheet, name: &'a str) -> Self {
        let head = u32::from(!sheet.title.is_empty()) + length(sheet.notes.len());
        let head_rows = match (sheet.columns.is_empty(), two_levels(sheet)) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        Self { sheet, name, widths: widths(sheet), head, first: head + head_rows }
    }

    fn last_column(&self) -> u16 {
        u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    /// The last column that is printed.
    fn printed(&self) -> u16 {
        self.sheet.printed.map_or(self.last_column(), |count| count.max(1) - 1).min(self.last_column())
    }

    /// The columns that title and notes stand over, first and last: of a sheet that is two pages wide, as many
    /// of the first page as can be seen at once, without those that the second page repeats.
    fn headline(&self) -> (u16, u16) {
        let Some(turn) = self.sheet.turn else { return (0, self.last_column()) };
        let first = self.sheet.frozen.min(turn.saturating_sub(1));
        let mut width = 0.0;
        let seen = self.widths.iter().take(usize::from(turn)).skip(usize::from(first)).take_while(|own| {
            width += **own;
            width <= SEEN
        });
        (first, first + u16::try_from(seen.count().max(1) - 1).unwrap_or(0))
    }

    /// What title and notes have to stand in.
    fn width(&self) -> f64 {
        let (first, last) = self.headline();
        self.stretch(first, last + 1)
    }

    /// The widths of the columns from one to before another.
    fn stretch(&self, from: u16, to: u16) -> f64 {
        self.widths.get(usize::from(from)..usize::from(to)).unwrap_or_default().iter().sum()
    }

    /// The scale in per cent at which both pages of a sheet that turns at this column hold their columns.
    fn scale(&self, turn: u16) -> u16 {
        let pixels = |width: f64, columns: u16| width * 7.0 + f64::from(columns) * 5.0;
        let (kept, end) = (self.sheet.frozen.min(turn), self.printed() + 1);
        let left = pixels(self.stretch(0, turn), turn);
        let right = pixels(self.stretch(0, kept) + self.stretch(turn, end), kept + end.saturating_sub(turn));
        let page = if self.sheet.landscape { PAGE_ACROSS.1 } else { PAGE_ACROSS.0 };
        let percent =
            (10_u16..=100).rev().find(|percent| left.max(right) * f64::from(*percent) / 100.0 <= page);
        percent.unwrap_or(10)
    }

    /// The last row that a chart covers.
    fn charts_end(&self) -> u32 {
        let end =
            |chart: &crate::model::Chart| self.row(chart.row).saturating_add(chart.height / ROW_PIXELS + 1);
        self.sheet.charts.iter().map(end).max().unwrap_or(0)
    }

    pub(super) fn widths(&self) -> &[f64] {
        &self.widths
    }

    pub(super) fn sheet(&self) -> &'a Sheet {
        self.sheet
    }

    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// Where a row of the sheet's rows stands, from 0.
    pub(super) fn row(&self, index: usize) -> u32 {
        self.first.saturating_add(length(index))
    }
}

/// Writes the sheet that a plan describes.
pub(super) fn write(workbook: &mut Workbook, own: usize, all: &[Plan<'_>], looks: &mut Looks) -> Done {
    let Some(plan) = all.get(own) else { return Ok(()) };
    let sheet = plan.sheet;
    if let Some(submitted) = &sheet.copy {
        return copy::write(workbook, plan.name, submitted);
    }
    // Said before the work, not after a million rows; a signature stands two rows further down.
    let rows = u64::from(plan.first) + sheet.rows.len() as u64 + 2;
    if rows > u64::from(MOST_ROWS) || sheet.columns.len() > MOST_COLUMNS {
        return Err(XlsxError::RowColumnLimitError);
    }
    let large = sheet.rows.len() > if sheet.merges.is_empty() { LARGE_PLAIN } else { LARGE };
    let worksheet = if large { workbook.add_worksheet_with_low_memory()? } else { workbook.add_worksheet() };
    worksheet.set_name(plan.name)?;
    if large {
        worksheet.set_default_row_height(row_height(1, TEXT_SIZE));
    }
    // A formula without a value shows nothing; the writer would take it for zero.
    worksheet.set_formula_result_default("");
    for (column, width) in (0_u16..).zip(&plan.widths) {
        worksheet.set_column_width(column, *width)?;
    }
    let mut row = 0;
    if !sheet.title.is_empty() {
        over_all(worksheet, plan, row, &sheet.title, TITLE_SIZE, &looks::title())?;
        row += 1;
    }
    for note in &sheet.notes {
        over_all(worksheet, plan, row, note, NOTE_SIZE, &looks::note())?;
        row += 1;
    }
    write_head(worksheet, plan)?;
    let spanned = sheet.merges.iter().flat_map(|(first, last, col)| (*first..=*last).map(|row| (row, *col)));
    let mut rows =
        Rows { own, all, links: 0, large, spanned: spanned.collect(), merged: BTreeSet::new(), looks };
    // A sheet that is written row by row cannot merge downwards.
    if !large {
        rows.merge(worksheet, plan)?;
    }
    for (index, cells) in sheet.rows.iter().enumerate() {
        rows.write(worksheet, plan, index, cells)?;
    }
    let end = plan.first.saturating_add(length(sheet.rows.len()));
    if let Some(signature) = &sheet.signature {
        over_all(worksheet, plan, end + 1, signature, TEXT_SIZE, &looks::signature())?;
    }
    dress(worksheet, plan, own, all, end)
}

/// A line over the whole width of the table.
fn over_all(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    row: u32,
    text: &str,
    size: f64,
    format: &Format,
) -> Done {
    let text = shortened(text);
    // A larger face takes proportionally more of the width.
    let count = lines(&text, plan.width() * TEXT_SIZE / size);
    let air = if size > TEXT_SIZE { 6.0 } else { 0.0 };
    sheet.set_row_height(row, row_height(count, size) + air)?;
    let (first, last) = plan.headline();
    if first == last {
        sheet.write_string_with_format(row, first, &*text, format)?;
    } else {
        sheet.merge_range(row, first, row, last, &text, format)?;
    }
    Ok(())
}

fn write_head(worksheet: &mut Worksheet, plan: &Plan<'_>) -> Done {
    let columns = &plan.sheet.columns;
    if columns.is_empty() {
        return Ok(());
    }
    let format = looks::head(false);
    let required = looks::head(true);
    let of = |column: &Column| if column.required { &required } else { &format };
    let top = plan.head;
    let bottom = plan.first - 1;
    let high = |count: usize| row_height(count, TEXT_SIZE) + 4.0;
    let title_lines = columns
        .iter()
        .zip(&plan.widths)
        .map(|(column, width)| lines(&legal(&column.title), *width))
        .max()
        .unwrap_or(1);
    if top == bottom {
        worksheet.set_row_height(top, high(title_lines))?;
        for (at, column) in (0_u16..).zip(columns) {
            worksheet.write_string_with_format(top, at, &*shortened(&column.title), of(column))?;
        }
        return Ok(());
    }
    let groups = groups(plan.sheet);
    let group_lines = groups
        .iter()
        .map(|group| {
            let width = plan.widths.get(usize::from(group.first)..=usize::from(group.last));
            lines(&legal(group.title), width.unwrap_or_default().iter().sum())
        })
        .max()
        .unwrap_or(1);
    worksheet.set_row_height(top, high(group_lines))?;
    worksheet.set_row_height(bottom, high(title_lines))?;
    for group in &groups {
        if group.title.is_empty() {
            worksheet.merge_range(top, group.first, bottom, group.first, &shortened(group.below), &format)?;
        } else if group.first == group.last {
            worksheet.write_string_with_format(top, group.first, &*shortened(group.title), &format)?;
        } else {
            worksheet.merge_range(top, group.first, top, group.last, &shortened(group.title), &format)?;
        }
    }
    for (at, column) in (0_u16..).zip(columns).filter(|(_, column)| !column.group.is_empty()) {
        worksheet.write_string_with_format(bottom, at, &*shortened(&column.title), of(column))?;
    }
    Ok(())
}

/// Neighbouring columns under one heading; a column without one stands alone.
struct Group<'a> {
    title: &'a str,
    below: &'a str,
    first: u16,
    last: u16,
}

fn groups(sheet: &Sheet) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (at, column) in (0_u16..).zip(&sheet.columns) {
        match groups.last_mut() {
            Some(group) if !column.group.is_empty() && group.title == column.group => group.last = at,
            _ => groups.push(Group { title: &column.group, below: &column.title, first: at, last: at }),
        }
    }
    groups
}

/// Drop-down lists over the columns in which a person enters one of a few values, and what to enter in others.
fn offer_choices(worksheet: &mut Worksheet, plan: &Plan<'_>, end: u32) -> Done {
    for (at, column) in (0_u16..).zip(&plan.sheet.columns) {
        let told = column.prompt.encode_utf16().count();
        if column.choices.is_empty() && (1..=LONGEST_LIST).contains(&told) {
            let prompt = DataValidation::new().set_input_message(&*column.prompt)?;
            worksheet.add_data_validation(plan.first, at, end - 1, at, &prompt)?;
        }
        let length = column.choices.join(",").encode_utf16().count();
        // Excel calls a file with a longer list damaged.
        if length == 0 || length > LONGEST_LIST {
            continue;
        }
        let choices = DataValidation::new()
            .allow_list_strings(&column.choices)?
            .set_error_title("填写有误")?
            .set_error_message("请从下拉列表中选择，或者留空。")?;
        worksheet.add_data_validation(plan.first, at, end - 1, at, &choices)?;
    }
    Ok(())
}

/// Everything that concerns the sheet as a whole: panes, filter, colours, print.
fn dress(worksheet: &mut Worksheet, plan: &Plan<'_>, own: usize, all: &[Plan<'_>], end: u32) -> Done {
    let sheet = plan.sheet;
    let last_column = plan.last_column();
    let last_row = if sheet.signature.is_some() { end + 1 } else { end.saturating_sub(1) };
    if !sheet.columns.is_empty() {
        worksheet.set_freeze_panes(plan.first, sheet.frozen.min(last_column))?;
        worksheet.set_repeat_rows(plan.head, plan.first - 1)?;
        if sheet.filter {
            worksheet.autofilter(
                plan.first - 1,
                0,
                end.saturating_sub(1).max(plan.first - 1),
                last_column,
            )?;
        }
    }
    if !sheet.rows.is_empty() {
        offer_choices(worksheet, plan, end)?;
        entries::offer(worksheet, plan, own, all)?;
        highlights::colour(worksheet, plan, own, all)?;
        worksheet.ignore_error_range(plan.first, 0, end - 1, last_column, IgnoreError::NumberStoredAsText)?;
        for scale in &sheet.scales {
            let (first, last) = (scale.first.min(scale.last), scale.last.max(scale.first).min(last_column));
            if first <= last {
                let colours = ConditionalFormat3ColorScale::new()
                    .set_minimum_color("FBE0DD")
                    .set_midpoint_color("FFF9E5")
                    .set_maximum_color("D5E8C8");
                worksheet.add_conditional_format(plan.first, first, end - 1, last, &colours)?;
            }
        }
    }
    chart::draw(worksheet, plan, own, all)?;
    if sheet.protected {
        entries::lock(worksheet);
    }
    if sheet.landscape {
        worksheet.set_landscape();
    } else {
        worksheet.set_portrait();
    }
    worksheet
        .set_paper_size(9)
        .set_print_center_horizontally(true)
        .set_margins(0.5, 0.5, 0.7, 0.7, 0.3, 0.35)
        .set_footer("&C第 &P 页 共 &N 页")
        .set_print_area(0, 0, last_row.max(plan.charts_end()), plan.printed())?;
    match sheet.turn {
        Some(turn) => {
            worksheet.set_print_scale(plan.scale(turn)).set_vertical_page_breaks(&[turn.into()])?;
            if sheet.frozen > 0 {
                worksheet.set_repeat_columns(0, sheet.frozen.min(last_column + 1) - 1)?;
            }
        }
        None => {
            worksheet.set_print_fit_to_pages(sheet.pages.0.max(1), sheet.pages.1);
        }
    }
    Ok(())
}

fn two_levels(sheet: &Sheet) -> bool {
    sheet.columns.iter().any(|column| !column.group.is_empty())
}

/// The widths that were asked for, but no narrower than the widest number, which Excel would
/// otherwise show as `####`, and wide enough for the longest text to fit into the highest row.
fn widths(sheet: &Sheet) -> Vec<f64> {
    let mut widths: Vec<f64> =
        sheet.columns.iter().map(|column| f64::from(column.width.clamp(3, 200))).collect();
    for row in &sheet.rows {
        for ((cell, width), column) in row.iter().zip(&mut widths).zip(&sheet.columns) {
            let indent = indent(column);
            match &cell.value {
                Value::Text(text) => *width = text_width(text, *width - indent) + indent,
                Value::Formula(_) if text_of(&cell.value).is_some() => {}
                value => *width = width.max(number_width(value) + indent),
            }
        }
    }
    if widths.is_empty() { vec![80.0] } else { widths }
}

/// What a column's indent takes of its width.
pub(super) fn indent(column: &Column) -> f64 {
    if column.align == Align::Right { INDENT_WIDTH } else { 0.0 }
}

/// The width at which a text fits into the highest row, or the widest that still prints well.
fn text_width(text: &str, width: f64) -> f64 {
    let mut width = width;
    while width < WIDEST && at_most(text, width) > MOST_LINES && lines(text, width) > MOST_LINES {
        width += 5.0;
    }
    width
}

fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
