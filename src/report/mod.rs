//! From points and activities to documents and workbooks that are ready to show.
//!
//! In: [`UnitResult`](crate::model::UnitResult)s, standings, findings, and the wording of
//! `templates/`. Out: [`Report`]s and [`Book`](crate::model::Book)s. Never
//! here: deciding what counts, files, fonts.

mod checkcells;
mod checkgrid;
pub mod checkpage;
mod choice;
mod facts;
mod markup;
mod numerals;
mod periods;
mod tables;
mod template;
mod vocabulary;
pub mod workbook;

pub use facts::Subject;
pub use template::{BRANCH_REPORT, Templates};
pub use vocabulary::{FormSubject, form_sections, run_values, unit_values};

use crate::error::Result;
use crate::model::Report;

/// The 述职 report of one unit.
///
/// # Errors
/// [`crate::error::Error::Template`] where the template names something unknown or breaks the markup.
pub fn branch_report(templates: &Templates, subject: &Subject<'_>) -> Result<Report> {
    let evidence = choice::Evidence::number(subject.result);
    let facts = facts::facts(subject, &evidence);
    let text = templates.render(BRANCH_REPORT, &facts)?;
    let tables = tables::of_unit(subject, &evidence);
    markup::parse(BRANCH_REPORT, &text, tables, &subject.result.unit.name)
}
