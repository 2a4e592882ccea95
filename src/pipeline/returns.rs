//! 退回意见: a letter for each unit that must correct or send something, and its own sheets with marks.
//!
//! In: a [`Roll`]. Out: the folder 退回意见, written aside and swapped in one step. Never here: wording, what
//! is wrong.

use super::apart;
use super::inputs::RETURNS;
use super::outputs::{Staging, claim};
use super::roll::{Roll, UnitRoll};
use super::run::{file_names, templates};
use super::sources::{self, ByName};
use super::watch::Watch;
use crate::error::Result;
use crate::render::{self, Stationery};
use crate::report::returning::{Correction, Letter, ReturnedFile, letter, marked_book};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// Where; none where nothing was to be written and nothing lay there.
    pub folder: Option<PathBuf>,
    /// Letters to units that have to correct something.
    pub corrections: usize,
    /// Letters to units that have sent nothing.
    pub reminders: usize,
    /// Workbooks with marks.
    pub workbooks: usize,
}

/// Writes the letters and workbooks of all units that get something back.
///
/// # Errors
/// What stops the writing; the old folder then stays as it was.
pub fn write(folder: &Path, roll: &Roll, watch: &dyn Watch) -> Result<Returned> {
    let units: Vec<&UnitRoll> = roll.units.iter().filter(|unit| unit.is_returned()).collect();
    let mut returned = Returned { folder: None, corrections: 0, reminders: 0, workbooks: 0 };
    if units.is_empty() && !folder.join(RETURNS).exists() {
        return Ok(returned);
    }
    let templates = templates(folder, &roll.settings.papers)?;
    let paper = Stationery::new(&roll.settings.papers.fonts, None)?;
    let names = file_names(units.iter().map(|unit| &*unit.name), &mut Vec::new());
    let inputs = sources::by_name(&roll.inputs);
    let claim = claim(folder)?;
    let staging = Staging::begin(&claim, RETURNS, watch)?;
    watch.stage("写退回意见", units.len());
    let written: Vec<(bool, bool)> = units
        .par_iter()
        .zip(&names)
        .map(|(unit, name)| {
            let corrections = Correction::among(&unit.findings);
            let to = Letter {
                unit: &unit.name,
                bureau: &roll.settings.bureau,
                year: roll.year,
                corrections: &corrections,
                workbook: false,
            };
            let book = marked_book(&to, files(&corrections, &inputs));
            if let Some(book) = &book {
                staging.write(&format!("{name}.xlsx"), &render::xlsx(book)?)?;
            }
            let mut report = letter(&templates, &Letter { workbook: book.is_some(), ..to })?;
            report.remarks = roll.settings.papers.remarks;
            staging.write(&format!("{name}.docx"), &paper.docx(&report)?)?;
            watch.step();
            Ok((corrections.is_empty(), book.is_some()))
        })
        .collect::<Result<_>>()?;
    returned.folder = Some(staging.finish()?);
    returned.reminders = written.iter().filter(|(reminder, _)| *reminder).count();
    returned.corrections = written.len() - returned.reminders;
    returned.workbooks = written.iter().filter(|(_, book)| *book).count();
    Ok(returned)
}

/// The sheets of those files in which something is to be corrected, as far as they can be read again.
fn files(corrections: &[Correction], inputs: &ByName<'_>) -> Vec<ReturnedFile> {
    let names: BTreeSet<&Arc<str>> = corrections.iter().map(|own| &own.place.file).collect();
    let read = |file: &Arc<str>| {
        let bytes = sources::bytes_of(inputs, file)?;
        let grids = apart::sheets(file, &bytes).value.ok()?;
        Some(ReturnedFile { file: file.clone(), grids })
    };
    names.into_iter().filter_map(read).collect()
}
