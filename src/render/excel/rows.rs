//! The rows of one sheet.
//!
//! In: cells and the plans of all sheets, to which links and formulas lead. Out: written rows. Never here:
//! head, print, formats.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Formula, Url, Worksheet, XlsxError};

use super::looks::{Look, Looks, Place, Shown, TEXT_SIZE};
use super::measure::{HIGHEST, lines, row_height};
use super::sheet::{Plan, indent};
use super::value::{Written, shortened, shown};
use super::{formula, names};
use crate::model::{Cached, Cell, Column, SheetLink, Value};

type Done = Result<(), XlsxError>;

/// Excel's limit for links on a sheet.
const MOST_LINKS: usize = 65_000;

/// The rows of a sheet while they are written.
pub(super) struct Rows<'a, 'b> {
    pub(super) own: usize,
    pub(super) all: &'a [Plan<'a>],
    pub(super) links: usize,
    /// Whether the sheet is written row by row.
    pub(super) large: bool,
    /// Cells of merged runs, whose text does not make a row higher.
    pub(super) spanned: BTreeSet<(usize, u16)>,
    /// Cells under the first of a merged run.
    pub(super) merged: BTreeSet<(usize, u16)>,
    pub(super) looks: &'b mut Looks,
}

impl Rows<'_, '_> {
    pub(super) fn merge(&mut self, worksheet: &mut Worksheet, plan: &Plan<'_>) -> Done {
        for &(first, last, col) in plan.sheet().merges.iter().filter(|(first, last, _)| first < last) {
            let cell = plan.sheet().rows.get(first).and_then(|row| row.get(usize::from(col)));
            let (Some(cell), Some(column)) = (cell, plan.sheet().columns.get(usize::from(col))) else {
                continue;
            };
            let format = self.looks.cell(look(cell, column, shown(&cell.value).1, false, false));
            worksheet.merge_range(plan.row(first), col, plan.row(last), col, "", format)?;
            self.merged.extend((first + 1..=last).map(|row| (row, col)));
        }
        Ok(())
    }

    pub(super) fn write(
        &mut self,
        worksheet: &mut Worksheet,
        plan: &Plan<'_>,
        index: usize,
        cells: &[Cell],
    ) -> Done {
        let blank = Cell::default();
        let row = plan.row(index);
        let tallest = (0_u16..)
            .zip(cells)
            .zip(plan.widths())
            .zip(&plan.sheet().columns)
            .filter(|(((at, _), _), _)| !self.spanned.contains(&(index, *at)))
            .map(|(((_, cell), width), column)| match text_of(&cell.value) {
                Some(text) => lines(&shortened(text), *width - indent(column)),
                None => 1,
            })
            .max()
            .unwrap_or(1);
        let height = row_height(tallest, TEXT_SIZE);
        // The writer keeps every height that it is told: on a long sheet those of one line are the sheet's own.
        if tallest > 1 || !self.large {
            worksheet.set_row_height(row, height)?;
        }
        let overfull = height >= HIGHEST;
        for ((at, column), cell_index) in (0_u16..).zip(&plan.sheet().columns).zip(0..) {
            if self.merged.contains(&(index, at)) {
                continue;
            }
            let cell = cells.get(cell_index).unwrap_or(&blank);
            let target = cell
                .link
                .as_ref()
                .filter(|_| self.links < MOST_LINKS)
                .and_then(|link| target(self.all, link));
            let (written, kind) = shown(&cell.value);
            let format = self.looks.cell(look(cell, column, kind, target.is_some(), overfull));
            if let Some(target) = target {
                self.links += 1;
                // The link writes text of its own, which the value then replaces.
                worksheet.write_url_with_options(row, at, Url::new(target), "", "", Some(format))?;
            }
            if let Value::Formula(formula) = &cell.value {
                let text = formula::text(&formula.expr, self.own, self.all);
                let result = formula.cached.as_ref().map(formula::result).unwrap_or_default();
                worksheet.write_formula_with_format(
                    row,
                    at,
                    Formula::new(text).set_result(result),
                    format,
                )?;
                continue;
            }
            match written {
                Written::Nothing => worksheet.write_blank(row, at, format)?,
                Written::Text(text) => worksheet.write_string_with_format(row, at, &*text, format)?,
                Written::Number(number) => worksheet.write_number_with_format(row, at, number, format)?,
                Written::Day(day) => worksheet.write_datetime_with_format(row, at, &day, format)?,
            };
        }
        Ok(())
    }
}

/// What decides the format of a cell whose value is of such a kind.
fn look(cell: &Cell, column: &Column, kind: Shown, linked: bool, overfull: bool) -> Look {
    let shown = match (&cell.value, column.entered) {
        (Value::Blank, Some(look)) => formula::shown(look),
        _ => kind,
    };
    Look { shown, align: Place::from(column.align), style: cell.style, linked, overfull, open: cell.open }
}

/// The text that a cell shows.
pub(super) fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        Value::Formula(formula) => match &formula.cached {
            Some(Cached::Text(text)) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn target(all: &[Plan<'_>], link: &SheetLink) -> Option<String> {
    let holds = |plan: &&Plan<'_>| plan.sheet().copy.is_some() || link.row < plan.sheet().rows.len();
    let plan = all.get(link.sheet).filter(holds)?;
    Some(names::link_target(plan.name(), plan.row(link.row)))
}
