//! Who has submitted, who has not, and what is wrong in what each unit sent.
//!
//! In: an assessment's folder. Out: a [`Roll`], unit by unit. Never here: matching, points, writing.

use super::gather::{Gathered, gather};
use super::inputs::{self, Input, SUBMISSIONS};
use super::settings::Settings;
use super::table_rules::TableRules;
use super::units::Units;
use super::watch::Watch;
use super::{assess, counties, register, resubmission, review, unit_case};
use crate::error::Result;
use crate::ingest;
use crate::model::{Finding, ListId, Severity, UnitName, rules as codes};
use crate::report::returning;
use crate::seeds::Catalogue;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// How far a unit's submission has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Handed {
    /// Activities were read.
    In,
    /// A file is there, but no activity in it.
    Blank,
    /// Files are there, none of which can be read.
    Unreadable,
    /// Nothing is there.
    Nothing,
}

impl Handed {
    /// The state for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "已报送",
            Self::Blank => "没有活动",
            Self::Unreadable => "打不开",
            Self::Nothing => "没有报送",
        }
    }
}

/// One unit.
#[derive(Debug, Clone)]
pub struct UnitRoll {
    /// Its name.
    pub name: Arc<str>,
    /// Its county: of branches, and of county bureaus that have branches.
    pub county: Option<UnitName>,
    /// How far it has come.
    pub handed: Handed,
    /// Its files, readable or not, in order of name.
    pub files: Vec<Arc<str>>,
    /// How many activities were read.
    pub activities: usize,
    /// What is wrong, gravest first.
    pub findings: Vec<Finding>,
}

impl UnitRoll {
    /// How many findings are of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.rule.severity == severity).count()
    }

    /// How many findings only the unit can put right.
    #[must_use]
    pub fn to_correct(&self) -> usize {
        self.findings.iter().filter(|finding| returning::advice(finding).is_some()).count()
    }

    /// Whether it gets a letter.
    #[must_use]
    pub fn is_returned(&self) -> bool {
        self.handed == Handed::Nothing || self.to_correct() > 0
    }
}

/// All units of an assessment.
#[derive(Debug)]
pub struct Roll {
    /// The year, where it is set or can be told from the activities.
    pub year: Option<i32>,
    /// The units, the registered ones first.
    pub units: Vec<UnitRoll>,
    /// Files of which nobody can tell whose they are.
    pub unplaced: Vec<Arc<str>>,
    /// The settings.
    pub settings: Settings,
    /// The files.
    pub inputs: Vec<Input>,
    /// How doubtful sheets are read.
    pub rules: TableRules,
}

/// The headings of [`Roll::rows`].
pub const COLUMNS: [&str; 7] = ["单位", "报送情况", "文件", "活动", "错误", "提醒", "须更正"];

impl Roll {
    /// How many units are in this state.
    #[must_use]
    pub fn count(&self, handed: Handed) -> usize {
        self.units.iter().filter(|unit| unit.handed == handed).count()
    }

    /// A row for each unit, under [`COLUMNS`].
    #[must_use]
    pub fn rows(&self) -> Vec<[String; 7]> {
        let row = |unit: &UnitRoll| {
            let number = |count: usize| count.to_string();
            [
                unit.name.to_string(),
                unit.handed.as_str().to_owned(),
                number(unit.files.len()),
                number(unit.activities),
                number(unit.count(Severity::Error)),
                number(unit.count(Severity::Warning)),
                number(unit.to_correct()),
            ]
        };
        self.units.iter().map(row).collect()
    }

    /// A row for each county: its name, whether its bureau has submitted (empty where it is no unit), how many
    /// branches it has and how many of them have submitted.
    #[must_use]
    pub fn counties(&self) -> Vec<(UnitName, &'static str, usize, usize)> {
        let mut rows: BTreeMap<&UnitName, (&'static str, usize, usize)> = BTreeMap::new();
        for unit in &self.units {
            let Some(county) = &unit.county else { continue };
            let row = rows.entry(county).or_default();
            if unit.name == *county {
                row.0 = unit.handed.as_str();
            } else {
                row.1 += 1;
                row.2 += usize::from(unit.handed == Handed::In);
            }
        }
        rows.into_iter().map(|(county, (own, all, handed))| (county.clone(), own, all, handed)).collect()
    }

    /// The units in a sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let states = [Handed::In, Handed::Blank, Handed::Unreadable, Handed::Nothing];
        let told = states.into_iter().map(|state| (state, self.count(state))).filter(|(_, count)| *count > 0);
        let told: Vec<String> = told.map(|(state, count)| format!("{}{count}个", state.as_str())).collect();
        format!("单位{}个：{}", self.units.len(), told.join("，"))
    }
}

/// Whether a path is the folder of an assessment: with 报送, or with a register.
///
/// # Errors
/// What broken settings say.
pub fn is_assessment(path: &Path) -> Result<bool> {
    if !path.is_dir() {
        return Ok(false);
    }
    if path.join(SUBMISSIONS).is_dir() || path.join(register::FILE).is_file() {
        return Ok(true);
    }
    let settings = Settings::load(path)?;
    Ok(!settings.units.is_empty() || settings.register.is_some())
}

/// Calls the roll.
///
/// # Errors
/// What stops a run: no such folder, broken settings or register.
pub fn call(folder: &Path, catalogue: &Catalogue, watch: &dyn Watch) -> Result<Roll> {
    super::outputs::recover(folder);
    let settings = Settings::load(folder)?;
    let rules = TableRules::of(&settings, catalogue)?;
    let registered = register::load(folder, &settings)?.value;
    let aside = assess::aside(folder, &settings)?;
    let inputs = inputs::find(folder, &aside.iter().map(String::as_str).collect::<Vec<_>>())?;
    let registered = assess::with_counties(registered, &settings, &mut Vec::new());
    let mut units = Units::new(registered, &settings.bureau, &ListId::from(""));
    // What is wrong in the review workbook is told by a run.
    let (mut reviewed, _) = assess::read_review(folder, &mut Vec::new());
    review::confirm(&mut reviewed.names, &mut units, &mut Vec::new());
    let mut gathered = gather(&inputs, units, &rules, catalogue, None, watch)?;
    watch.go_on()?;
    resubmission::settle(&mut gathered, &settings, None)?;
    counties::by_folder(&mut gathered.units, &gathered.handed_in, &mut Vec::new());
    let known = gathered.handed_in.iter().any(|own| own.activities.iter().any(|a| a.date.start.is_some()));
    let year = assess::scope(&settings, &gathered.handed_in, &mut Vec::new()).year;
    let (units, unplaced) = by_unit(gathered, year);
    let year = settings.year.or(known.then_some(year));
    Ok(Roll { year, units, unplaced, settings, inputs, rules })
}

/// Files, activities and findings of each unit, and the files of none.
fn by_unit(gathered: Gathered, year: i32) -> (Vec<UnitRoll>, Vec<Arc<str>>) {
    let Gathered { units, handed_in, findings, files, .. } = gathered;
    let mut at_name: BTreeMap<&str, usize> = BTreeMap::new();
    // By file: the units whose file it is; by row: the unit whose activity stands there.
    let mut of_file: BTreeMap<Arc<str>, BTreeSet<usize>> = BTreeMap::new();
    let mut of_row: BTreeMap<(Arc<str>, Arc<str>, u32), usize> = BTreeMap::new();
    let mut doubts: Vec<Vec<Finding>> = Vec::new();
    for (at, (unit, handed_in)) in units.all().iter().zip(&handed_in).enumerate() {
        at_name.insert(&unit.name, at);
        for file in &handed_in.files {
            of_file.entry(file.clone()).or_default().insert(at);
        }
        for activity in &handed_in.activities {
            let place = &activity.place;
            of_row.insert((place.file.clone(), place.sheet.clone(), place.row), at);
        }
        doubts.push(unit_case::doubts(&handed_in.activities, year));
    }
    let mut unplaced = Vec::new();
    for rows in &files {
        if let Some(at) = at_name.get(rows.unit.as_str()) {
            of_file.entry(rows.file.clone()).or_default().insert(*at);
        }
        // Archives, and files that newer ones replace, say so in the place of a unit.
        if rows.unit.is_empty() && !of_file.contains_key(&rows.file) && !ingest::is_lock_file(&rows.file) {
            unplaced.push(rows.file.clone());
        }
    }
    // The reader held dates against the ledger's own year; what counts is the year of the assessment.
    let other: BTreeSet<_> = doubts.iter().flatten().filter_map(assess::row_of_other_year).collect();
    let mut told = doubts;
    for finding in findings {
        let Some(place) = &finding.place else { continue };
        if assess::row_of_other_year(&finding).is_some_and(|row| other.contains(&row)) {
            continue;
        }
        let owner = of_row.get(&(place.file.clone(), place.sheet.clone(), place.row)).copied();
        let owners = owner.map(|at| BTreeSet::from([at])).or_else(|| of_file.get(&place.file).cloned());
        for at in owners.into_iter().flatten() {
            if let Some(own) = told.get_mut(at) {
                own.push(finding.clone());
            }
        }
    }
    let mut own_files: Vec<Vec<Arc<str>>> = vec![Vec::new(); units.all().len()];
    for (file, owners) in of_file {
        for at in owners {
            if let Some(own) = own_files.get_mut(at) {
                own.push(file.clone());
            }
        }
    }
    let calls = units.all().iter().zip(handed_in).zip(own_files).zip(told);
    let calls = calls.map(|(((unit, handed_in), files), mut findings)| {
        findings.sort_by(Finding::order);
        let blank =
            |finding: &Finding| [codes::HEADER_ONLY.code, codes::EMPTY.code].contains(&finding.rule.code);
        let handed = match (files.is_empty(), handed_in.activities.is_empty()) {
            (true, _) => Handed::Nothing,
            (false, false) => Handed::In,
            (false, true) if !handed_in.files.is_empty() || findings.iter().any(blank) => Handed::Blank,
            (false, true) => Handed::Unreadable,
        };
        let activities = handed_in.activities.len();
        UnitRoll {
            name: unit.name.clone(),
            county: unit.county_of.clone(),
            handed,
            files,
            activities,
            findings,
        }
    });
    (calls.collect(), unplaced)
}
