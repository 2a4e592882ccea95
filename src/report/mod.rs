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
mod papers;
mod periods;
mod proof;
pub mod returning;
mod tables;
mod template;
mod turns;
mod vocabulary;
pub mod workbook;

pub use facts::{Demands, Marked, Subject, Whole};
pub use markup::Lengths;
pub use papers::{PAPERS, Paper, REPORTS, Whom};
pub use template::Templates;
pub use vocabulary::{FormSubject, form_sections, run_values, unit_values};

use crate::error::Result;
use crate::model::Report;
use std::collections::BTreeSet;

/// The table of figures with their proofs, as templates name it.
const PROOFS: &str = "数字出处";

/// How many activities are named under an item of a list that is short, and of one that is long.
const TOLD: [(usize, usize); 3] = [(8, 3), (18, 2), (usize::MAX, 1)];

/// A document about one unit, and how long it is. Where its text is longer than `most` characters, fewer
/// activities are named.
///
/// # Errors
/// [`crate::error::Error::Template`] where the template names something unknown or breaks the markup.
pub fn of_unit(
    templates: &Templates,
    paper: &Paper,
    subject: &Subject<'_>,
    most: Option<usize>,
) -> Result<(Report, Lengths)> {
    let items = subject.list.items.len();
    let mut told = TOLD.iter().find(|(short, _)| items <= *short).map_or(1, |(_, told)| *told);
    let evidence = choice::Evidence::number(subject.result);
    let template = paper.template();
    loop {
        let (facts, proofs) = facts::facts(subject, &evidence, told);
        let text = templates.render(&template, &facts, &subject.result.unit.name)?;
        let (mut placed, mut proofs) = (BTreeSet::new(), Some(proofs));
        let mut table = |name: &str| match name {
            _ if !placed.insert(name.to_owned()) => None,
            PROOFS => proofs.take().map(proof::Proofs::table),
            name => tables::of_unit(subject, &evidence, name),
        };
        let written = markup::parse(&template, &text, &mut table, &subject.result.unit.name)?;
        if told == 0 || most.is_none_or(|most| written.1.total <= most) {
            return Ok(written);
        }
        told -= 1;
    }
}

/// A document about all units, and how long it is.
///
/// # Errors
/// [`crate::error::Error::Template`] where the template names something unknown or breaks the markup.
pub fn of_bureau(templates: &Templates, paper: &Paper, whole: &Whole<'_>) -> Result<(Report, Lengths)> {
    let (facts, proofs) = facts::bureau(whole);
    let name = paper.template();
    let text = templates.render(&name, &facts, &whole.scope.bureau)?;
    let mut tables = tables::of_bureau(whole);
    tables.insert(PROOFS.to_owned(), proofs.table());
    markup::parse(&name, &text, &mut |name| tables.remove(name), &whole.scope.bureau)
}
