//! The whole job: assess a folder and write its results.

use super::assess::{Assessed, assess_only};
use super::cases::Part;
use super::outputs::{self, Claim, Staging};
use super::redaction::{self, Redaction};
use super::settings::PaperSettings;
use super::watch::Watch;
use super::{books, counties, county_results, inputs, journal, papers, review};
use crate::error::Result;
use crate::model::{Activity, Finding, Place, RecordAt, UnitResult, rules};
use crate::render;
use crate::report::Templates;
use crate::report::workbook::{ListRules, Overview, audit_book};
use crate::seeds::Catalogue;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a run did.
#[derive(Debug)]
pub struct Done {
    /// The assessment.
    pub assessed: Assessed,
    /// The folder of results.
    pub results: PathBuf,
    /// How many documents were written.
    pub written: usize,
    /// The review sheet, where it could be written.
    pub review: Option<PathBuf>,
    /// What was masked, where names are.
    pub redaction: Option<Redaction>,
}

/// Assesses a folder and writes 成果 and the review sheet.
///
/// # Errors
/// What stops a run; the old results then stay as they were.
pub fn run(folder: &Path, watch: &dyn Watch) -> Result<Done> {
    run_only(folder, None, watch)
}

/// The same for one county alone, where one is named: its folder is written below 县区成果; 成果 and the review
/// sheet stay as they are.
///
/// # Errors
/// What stops a run, also a county that is not there.
pub fn run_only(folder: &Path, county: Option<&str>, watch: &dyn Watch) -> Result<Done> {
    work(folder, county, false, watch)
}

/// The same results with the names of persons masked, in 脱敏成果, or below 县区脱敏成果 for one county alone; nothing else
/// is written.
///
/// # Errors
/// As [`run_only`].
pub fn run_redacted(folder: &Path, county: Option<&str>, watch: &dyn Watch) -> Result<Done> {
    work(folder, county, true, watch)
}

fn work(folder: &Path, county: Option<&str>, redact: bool, watch: &dyn Watch) -> Result<Done> {
    let claim = outputs::claim(folder)?;
    let sheet = folder.join(inputs::REVIEW).join(review::FILE);
    let before = std::fs::read(&sheet).ok();
    let catalogue = Catalogue::builtin()?;
    let mut assessed = assess_only(folder, &catalogue, watch, county)?;
    let templates = templates(folder, &assessed.papers)?;
    let redaction = redact.then(|| Redaction::of(&assessed, &catalogue)).transpose()?;
    let masks = redaction.as_ref().map(|redaction| &redaction.masks);
    if redaction.is_some() {
        assessed.notes.push(redaction::NOTE.to_owned());
    }
    // Masked before they are cut and kept apart, so that no two files get one name.
    let shown = |unit: &str| masks.map_or_else(|| unit.to_owned(), |masks| masks.line(unit).into_owned());
    let units: Vec<String> = assessed.results.iter().map(|result| shown(&result.unit.name)).collect();
    let names = file_names(units.iter().map(String::as_str), &mut assessed.findings);
    assessed.findings.sort_by(Finding::order);

    let staging = match (&assessed.only, masks) {
        (None, None) => Staging::begin(&claim, inputs::RESULTS, watch)?,
        (None, Some(masks)) => Staging::begin(&claim, inputs::REDACTED, watch)?.masked(masks),
        (Some(county), masks) => counties::begin(&claim, county, masks, watch)?,
    };
    let desk = papers::Desk::new(&templates, &assessed);
    let (written, mut told) = papers::write(&desk, &names, &staging, watch)?;
    let report = |at: usize| desk.report_of(at);
    let own = super::office_templates(folder, &assessed, &names, &staging, &report)?;
    let records = alike_records(&assessed)?;
    let overview = Overview {
        records: &records,
        scope: &assessed.scope,
        results: &assessed.results,
        standings: &assessed.standings,
        overall: &assessed.overall,
        rules: &assessed.rules,
        alikes: &assessed.alikes,
        findings: &assessed.findings,
        files: &assessed.files,
        excluded: &assessed.excluded,
        notes: &assessed.notes,
        scheme: &assessed.scheme,
        scores: &assessed.scores,
        peers: &assessed.scores,
        external: &assessed.external,
        questions: &assessed.questions.listed,
        open: &assessed.questions.counts,
        leeway: &assessed.leeway,
        joint_once: assessed.joint_once,
    };
    let compared = Some(assessed.compared.as_slice()).filter(|groups| !groups.is_empty());
    let write_books = || {
        if assessed.only.is_none() {
            let order = books::Order {
                books: &assessed.books,
                questions: &assessed.questions,
                compared,
                names: &names,
            };
            return books::write(&overview, assessed.cases(), order, &staging, watch);
        }
        let told =
            books::score_sheets(&overview, assessed.cases(), &assessed.questions, &names, &staging, watch)?;
        staging.write(books::AUDIT, &render::xlsx(&audit_book(&overview))?)?;
        Ok(told)
    };
    // The review sheet is made meanwhile; it is put in its place when the results are.
    let (books, review) =
        rayon::join(write_books, || if redact { Ok(None) } else { review_sheet(&assessed) });
    told.extend(books?);
    let review = review?;
    told.extend(county_results::write(&assessed, &staging)?);
    staging.write(journal::FILE, journal::json(&assessed).as_bytes())?;
    watch.step();
    told.extend(own);
    assessed.findings.extend(told);
    assessed.findings.sort_by(Finding::order);
    let results = staging.finish()?;
    if !redact {
        watch.stage("写核对表", 1);
    }
    let review = review.and_then(|bytes| write_review(&claim, before.as_deref(), &bytes, &mut assessed));
    Ok(Done { assessed, results, written, review, redaction })
}

/// The activities of the records of like text that are shown, where the results stand in brief.
fn alike_records(assessed: &Assessed) -> Result<BTreeMap<RecordAt, Activity>> {
    let mut records = BTreeMap::new();
    if assessed.aside.is_none() {
        return Ok(records);
    }
    let pairs = assessed.alikes.groups.iter().flat_map(|group| &group.pairs);
    let shown: BTreeSet<RecordAt> = pairs.flat_map(|pair| [pair.first, pair.second]).collect();
    let shown: Vec<RecordAt> = shown.into_iter().collect();
    let of_units: Vec<&[RecordAt]> = shown.chunk_by(|one, two| one.unit == two.unit).collect();
    let look = |own: &&[RecordAt]| -> Result<Vec<(RecordAt, Activity)>> {
        let case =
            own.first().map(|first| assessed.cases().part(first.unit, Part::Recorded)).transpose()?.flatten();
        let activities = case.as_ref().map_or(&[][..], |case| &case.result.activities);
        Ok(own.iter().filter_map(|at| Some((*at, activities.get(at.activity)?.clone()))).collect())
    };
    let found: Vec<Vec<(RecordAt, Activity)>> = of_units.par_iter().map(look).collect::<Result<_>>()?;
    records.extend(found.into_iter().flatten());
    Ok(records)
}

/// The templates of a folder: the built-in ones, each replaced by its own where there is one.
///
/// # Errors
/// [`crate::error::Error::Template`] with the line where a template is broken, [`crate::error::Error::File`] where it cannot be read.
pub fn templates(folder: &Path, settings: &PaperSettings) -> Result<Templates> {
    let own = folder.join(inputs::TEMPLATES);
    Templates::load(own.is_dir().then_some(own.as_path()), &settings.templates)
}

/// The rules by which a unit was scored.
#[must_use]
pub fn rules_of<'a>(assessed: &'a Assessed, result: &UnitResult) -> Option<&'a ListRules> {
    assessed.rules.iter().find(|rules| rules.list.id == result.card.list)
}

/// A file name for each unit: valid on Windows, unique without regard to case.
pub(super) fn file_names<'u>(
    units: impl Iterator<Item = &'u str>,
    findings: &mut Vec<Finding>,
) -> Vec<String> {
    let mut taken = BTreeSet::new();
    units
        .map(|unit| {
            let safe = render::file_name(unit);
            let mut name = safe.clone();
            let mut number = 2;
            while !taken.insert(name.to_lowercase()) {
                name = format!("{safe}（{number}）");
                number += 1;
            }
            if name != unit {
                let message = format!("“{unit}”的成果文件名为“{name}”");
                findings.push(Finding::general(&rules::UNIT_NAME_CHANGED, message));
            }
            name
        })
        .collect()
}

/// The review sheet as a file; none where the one that is there must stay.
fn review_sheet(assessed: &Assessed) -> Result<Option<Vec<u8>>> {
    if !assessed.may_write_review {
        return Ok(None);
    }
    let book = review::book(
        assessed.cases(),
        &assessed.reviewed,
        &assessed.placed,
        &assessed.doubts,
        &assessed.questions.listed,
        &assessed.scope.bureau,
        assessed.scope.year,
    )?;
    render::xlsx(&book).map(Some)
}

/// Writes the review sheet beside and swaps it in; a sheet that is open, or is no more as it was `before` the run
/// stays as it is.
fn write_review(
    claim: &Claim,
    before: Option<&[u8]>,
    bytes: &[u8],
    assessed: &mut Assessed,
) -> Option<PathBuf> {
    let path = claim.folder().join(inputs::REVIEW).join(review::FILE);
    let (message, hint) = if std::fs::read(&path).ok().as_deref() == before {
        let written = keep_strange(&path, assessed)
            .and_then(|()| outputs::replace_in(claim, inputs::REVIEW, review::FILE, bytes));
        match written {
            Ok(path) => return Some(path),
            Err(error) => (format!("核对表没有更新，原来的保持不变：{}", outputs::refusal(&error)), ""),
        }
    } else {
        ("核对表在运行期间被改过，没有更新，改过的保持不变".to_owned(), "请再运行一次，新填的结论就会采用。")
    };
    let told = Finding::at(&rules::UNREADABLE_REVIEW, &Place::file(review::name()), message);
    assessed.findings.push(told.hint(hint));
    assessed.findings.sort_by(Finding::order);
    None
}

/// Copies a review workbook that holds sheets or columns of a person's own, before it is replaced.
fn keep_strange(path: &Path, assessed: &mut Assessed) -> std::io::Result<()> {
    if assessed.reviewed.strange.is_empty() {
        return Ok(());
    }
    let free = (1..).map(|number| path.with_file_name(format!("核对表-另存{number}.xlsx")));
    let Some(copy) = free.into_iter().find(|copy| !copy.exists()) else { return Ok(()) };
    outputs::create(&copy, &std::fs::read(path)?)?;
    let name = copy.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let strange = assessed.reviewed.strange.join("、");
    let message = format!("核对表里有程序不认识的{strange}，原来的文件另存为“{name}”");
    assessed.findings.push(Finding::at(&rules::STRANGE_REVIEW, &Place::file(review::name()), message));
    assessed.findings.sort_by(Finding::order);
    Ok(())
}
