//! The office's own Word templates: read from 模板, filled, and written beside the other documents.

use super::assess::Assessed;
use super::cases::Case;
use super::counties::home;
use super::inputs::TEMPLATES;
use super::outputs::Staging;
use super::run::rules_of;
use crate::error::Result;
use crate::ingest::is_lock_file;
use crate::model::{Finding, FormSections, Place, Report, rules};
use crate::render;
use crate::render::form::OfficeTemplate;
use crate::report::{FormSubject, form_sections, run_values, unit_values};
use rayon::prelude::*;
use std::path::Path;

/// The ending of a template.
const ENDING: &str = ".docx";

/// Fills every template of `folder/模板`: `成果/<文书名>/<单位>.docx` for each unit, or `成果/<文书名>.docx` where
/// it asks for nothing of a unit. `names` are the file names of the results; `report` gives the report of a result
/// (by index) from which sections are cut. A template that cannot be used is told, and the others are written.
///
/// # Errors
/// Only where the results cannot be written.
pub fn office_templates(
    folder: &Path,
    assessed: &Assessed,
    names: &[String],
    staging: &Staging,
    report: &(dyn Fn(usize) -> Result<Report> + Sync),
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut templates = Vec::new();
    for (name, bytes) in found(&folder.join(TEMPLATES), &mut findings) {
        let inspection = OfficeTemplate::inspect(&name, &bytes);
        let place = Place::file(format!("{TEMPLATES}/{name}"));
        for fault in &inspection.faults {
            let place_in = if fault.place.is_empty() { String::new() } else { format!("{}：", fault.place) };
            let message = format!("{place_in}{}", fault.message);
            findings.push(Finding::at(&rules::BAD_FORM, &place, message).hint(format!("{}。", fault.advice)));
        }
        let Some(template) = inspection.template else { continue };
        if inspection.placeholders.is_empty() {
            let message = "里面没有一个占位符，没有用它写文书";
            findings.push(Finding::at(&rules::EMPTY_FORM, &place, message));
            continue;
        }
        let document = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        templates.push((render::file_name(document), template));
    }
    let shared = run_values(&assessed.scope, &assessed.standings, &assessed.scheme);
    let (of_unit, of_run): (Vec<_>, Vec<_>) =
        templates.iter().partition(|(_, template)| template.is_of_unit());
    for (document, template) in of_run {
        staging.write(&format!("{document}{ENDING}"), &template.fill(&shared, &FormSections::new())?)?;
    }
    if of_unit.is_empty() {
        return Ok(findings);
    }
    let with_sections = of_unit.iter().any(|(_, template)| template.has_sections());
    names.par_iter().enumerate().try_for_each(|(at, name)| {
        let Some(Case { result, score }) = assessed.cases().get(at)? else { return Ok(()) };
        let Some(rules) = rules_of(assessed, &result) else { return Ok(()) };
        let home = home(&result.unit);
        let subject = FormSubject {
            result: &result,
            list: &rules.list,
            score: Some(&score),
            standing: assessed.standings.get(at),
            scope: &assessed.scope,
            scheme: &assessed.scheme,
        };
        let mut values = shared.clone();
        values.extend(unit_values(&subject));
        let sections =
            if with_sections { form_sections(&subject, &report(at)?) } else { FormSections::new() };
        for (document, template) in &of_unit {
            let file = format!("{home}{document}/{name}{ENDING}");
            staging.write(&file, &template.fill(&values, &sections)?)?;
        }
        Ok(())
    })?;
    Ok(findings)
}

/// The files of the folder that are meant as templates, by name.
fn found(folder: &Path, findings: &mut Vec<Finding>) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !is_lock_file(name) && !name.starts_with('.'))
        .collect();
    names.sort();
    let mut files = Vec::new();
    for name in names {
        let lower = name.to_lowercase();
        let word =
            [ENDING, ".doc", ".dotx", ".docm", ".wps", ".rtf", ".odt"].iter().any(|e| lower.ends_with(e));
        if !word {
            continue;
        }
        match std::fs::read(folder.join(&name)) {
            Ok(bytes) => files.push((name, bytes)),
            Err(error) => {
                let place = Place::file(format!("{TEMPLATES}/{name}"));
                findings.push(Finding::at(&rules::BAD_FORM, &place, format!("读不出来（{error}）")));
            }
        }
    }
    files
}
