//! Formats that depend on values.
//!
//! In: the highlights of a sheet. Out: conditional formats of the worksheet. Never here: values.

use rust_xlsxwriter::{ConditionalFormatFormula, Formula, Worksheet, XlsxError};

use super::sheet::Plan;
use super::{formula, looks};
use crate::model::{Highlight, Spot, When};

/// Conditional formats over the areas of a sheet's highlights.
pub(super) fn colour(
    worksheet: &mut Worksheet,
    plan: &Plan<'_>,
    own: usize,
    all: &[Plan<'_>],
) -> Result<(), XlsxError> {
    for highlight in &plan.sheet().highlights {
        let Highlight { area, when, style } = highlight;
        let rule = ConditionalFormatFormula::new()
            .set_rule(Formula::new(format!("={}", condition(*area, when, own, all))))
            .set_format(looks::highlight(*style));
        let (first, last) = (plan.row(area.row), plan.row(area.last_row));
        worksheet.add_conditional_format(first, area.col, last, area.last_col, &rule)?;
    }
    Ok(())
}

/// The condition, written for the area's first cell; text is no number, though Excel would rank it above all.
fn condition(area: Spot, when: &When, own: usize, all: &[Plan<'_>]) -> String {
    let first = formula::place(&Spot::cell(area.row, area.col), own, all);
    match when {
        When::Is(text) => format!("{first}=\"{}\"", text.replace('"', "\"\"")),
        When::AtLeast(least) => format!("AND(ISNUMBER({first}),{first}>={least})"),
        When::Below(bound) => format!("AND(ISNUMBER({first}),{first}<{bound})"),
        When::Holds(expr) => formula::text(expr, own, all),
    }
}
