//! From what was handed in to points and ranks.

use super::gather::{Gathered, HandedIn, InputRecord, gather};
use super::settings::Settings;
use super::table_rules::TableRules;
use super::units::{Resolution, Units};
use super::watch::Watch;
use super::{inputs, register, review, rules};
use crate::error::Result;
use crate::matching::RowText;
use crate::model::{
    Activity, Counted, Date, Decision, Excluded, External, Finding, Leeway, Match, Precision, Question,
    Scheme, Scope, Standing, Unit, UnitResult, UnitScore, rules as codes, within_quotes,
};
use crate::report::workbook::{FileRows, ListRules};
use crate::scoring::{Asked, Assessment, Case, leeway, questions, rank, score, scores};
use crate::seeds::Catalogue;
use crate::seeds::text::fold;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A whole assessment, before anything is written.
#[derive(Debug)]
pub struct Assessed {
    /// Bureau, year, last day of the data.
    pub scope: Scope,
    /// The units in order of group, rank and name.
    pub results: Vec<UnitResult>,
    /// Ranks within groups, parallel to the results.
    pub standings: Vec<Standing>,
    /// Ranks over all groups.
    pub overall: Vec<Standing>,
    /// The rules in use, by list.
    pub rules: Vec<ListRules>,
    /// What was noticed, gravest first.
    pub findings: Vec<Finding>,
    /// What was read, file by file.
    pub files: Vec<FileRows>,
    /// Rows left out.
    pub excluded: Vec<Excluded>,
    /// The files themselves.
    pub inputs: Vec<InputRecord>,
    /// What the reviewer has entered.
    pub entries: review::Entries,
    /// False where a review sheet is there but could not be read: it must not be overwritten.
    pub may_write_review: bool,
    /// Scheme and settings in words.
    pub notes: Vec<String>,
    /// The scheme in use.
    pub scheme: Scheme,
    /// The points of each unit, parallel to the results.
    pub scores: Vec<UnitScore>,
    /// What is still open, most weighty first.
    pub questions: Vec<Question>,
    /// How far weights may shift.
    pub leeway: Vec<Leeway>,
    /// What people have entered beside the ledgers.
    pub external: External,
}

/// Reads, matches, scores and ranks a folder.
///
/// # Errors
/// What stops a run: no such folder, broken settings, register or lists.
pub fn assess(folder: &Path, catalogue: &Catalogue, watch: &dyn Watch) -> Result<Assessed> {
    let settings = Settings::load(folder)?;
    let table_rules = TableRules::of(&settings, catalogue)?;
    let mut findings = Vec::new();
    let units = register::load(folder, &settings)?.drain_into(&mut findings);
    let main_list = rules::main_list(folder, &settings, catalogue)?;
    let dropped = rules::dropped(folder).filter(|_| settings.list.is_none());
    if let Some(name) = &dropped {
        let message = format!("没有设定清单，采用放在文件夹里的“{name}”（{}）", main_list.title);
        findings.push(Finding::general(&codes::OWN_LIST, message));
    }
    let mut aside = aside(&settings);
    aside.extend(dropped);
    let inputs = inputs::find(folder, &aside.iter().map(String::as_str).collect::<Vec<_>>())?;
    if inputs.is_empty() {
        findings.push(Finding::general(&codes::NO_FILES, format!("“{}”里没有报送文件", folder.display())));
    }
    let units = Units::new(units, &settings.bureau, &main_list.id);
    let gathered = gather(&inputs, units, &table_rules, catalogue, watch);
    let Gathered { units, handed_in, findings: read_findings, files, excluded, inputs } = gathered;
    findings.extend(read_findings);

    let scope = scope(&settings, &handed_in, &mut findings);
    let books = rules::books(folder, &settings, catalogue, &main_list, units.all())?;
    findings.extend(books.iter().flat_map(|book| rules::wording(&book.list_rules.list)));
    let (entries, may_write_review) = read_review(folder, &mut findings);

    watch.stage("对照条目并计分", units.all().len());
    let assessments: Vec<Assessment<'_>> = books
        .iter()
        .map(|book| &book.list_rules)
        .map(|rules| Assessment::new(&rules.list, &rules.requirements, &rules.points, scope.clone()))
        .collect();
    let scored: Vec<(UnitResult, Vec<Finding>)> = units
        .all()
        .par_iter()
        .zip(handed_in)
        .filter_map(|(unit, handed_in)| {
            let at = books.iter().position(|book| book.list_rules.list.id == unit.list).unwrap_or(0);
            let (book, assessment) = (books.get(at)?, assessments.get(at)?);
            let result = assess_unit(unit, handed_in, book, assessment, scope.year, &entries);
            watch.step();
            Some(result)
        })
        .collect();
    let (mut results, told): (Vec<UnitResult>, Vec<Vec<Finding>>) = scored.into_iter().unzip();
    let told: Vec<Finding> = told.into_iter().flatten().collect();
    // Against the year that is assessed, not against the ledger's own: the reader's word is set aside.
    let other_years: BTreeSet<_> = told.iter().filter_map(row_of_other_year).collect();
    findings.retain(|finding| row_of_other_year(finding).is_none_or(|row| !other_years.contains(&row)));
    findings.extend(told);
    unknown_entries(&entries, units.all(), &mut findings);

    let scheme = rules::model_scheme(&books);
    let cards: Vec<_> = results.iter().map(|result| (&result.unit, &result.card)).collect();
    let external = External::default();
    let mut points = scores(&scheme, &cards, &external);
    let standings = rank(&scheme, &points, false);
    let overall = rank(&scheme, &points, true);
    let asked: Vec<Asked<'_>> = results
        .iter()
        .map(|result| Asked {
            unit: &result.unit,
            card: &result.card,
            proofs: &result.proofs,
            counted: &result.counted,
        })
        .collect();
    let questions = questions(&scheme, &asked, &external, &points, &standings);
    let leeway = leeway(&scheme, &points);
    let order: BTreeMap<_, usize> =
        standings.iter().enumerate().map(|(at, standing)| (standing.unit.clone(), at)).collect();
    results.sort_by_key(|result| order.get(&result.unit.name).copied());
    points.sort_by_key(|score| order.get(&score.unit).copied());
    findings.sort_by(Finding::order);
    let mut notes = rules::notes(&settings, &books, catalogue);
    notes.extend(table_rules.notes());
    let rules = books.into_iter().map(|book| book.list_rules).collect();
    Ok(Assessed {
        scheme,
        scores: points,
        questions,
        leeway,
        external,
        scope,
        results,
        standings,
        overall,
        rules,
        findings,
        files,
        excluded,
        inputs,
        entries,
        may_write_review,
        notes,
    })
}

/// The row of which a finding says that it lies in another year.
fn row_of_other_year(finding: &Finding) -> Option<(Arc<str>, Arc<str>, u32)> {
    let place = finding.place.as_ref().filter(|_| finding.rule == &codes::OTHER_YEAR)?;
    Some((place.file.clone(), place.sheet.clone(), place.row))
}

/// Files of the folder itself that are no submissions.
fn aside(settings: &Settings) -> Vec<String> {
    let mut aside = vec![super::settings::FILE.to_owned(), register::FILE.to_owned()];
    aside.extend(settings.register.iter().map(|at| at.value.clone()));
    aside.extend(settings.list.iter().map(|at| at.value.clone()));
    aside
}

/// Year and last day: as set, else the year of most activities, told as a guess.
fn scope(settings: &Settings, handed_in: &[HandedIn], findings: &mut Vec<Finding>) -> Scope {
    let year = settings.year.unwrap_or_else(|| {
        let mut years: BTreeMap<i32, usize> = BTreeMap::new();
        for activity in handed_in.iter().flat_map(|h| &h.activities) {
            if let Some(start) = activity.date.start {
                *years.entry(start.year()).or_default() += 1;
            }
        }
        let year = years.iter().max_by_key(|(year, count)| (**count, **year)).map_or(2000, |(year, _)| *year);
        if !years.is_empty() {
            let message = format!("没有设定考核年度，按多数活动的日期定为{year}年");
            findings.push(Finding::general(&codes::YEAR_GUESSED, message));
        }
        year
    });
    let until = settings.until.or_else(|| Date::last_of_month(year, 12)).unwrap_or_default();
    Scope { bureau: settings.bureau.clone(), year, until }
}

fn read_review(folder: &Path, findings: &mut Vec<Finding>) -> (review::Entries, bool) {
    let path = folder.join(inputs::REVIEW).join(review::FILE);
    if !path.is_file() {
        return (review::Entries::new(), true);
    }
    let read = std::fs::read(&path).map_err(|error| format!("打不开（{error}）"));
    match read.and_then(|bytes| review::read(&bytes)) {
        Ok(entries) => (entries, true),
        Err(message) => {
            let message = format!("核对表没有采用：{message}。核对表保持原样，没有改动");
            let place = crate::model::Place::file(format!("{}/{}", inputs::REVIEW, review::FILE));
            findings.push(Finding::at(&codes::UNREADABLE_REVIEW, &place, message));
            (review::Entries::new(), false)
        }
    }
}

fn unknown_entries(entries: &review::Entries, units: &[Unit], findings: &mut Vec<Finding>) {
    let mut told: Vec<&str> = Vec::new();
    for (unit, ..) in entries.keys() {
        if !units.iter().any(|known| *known.name == **unit) && !told.contains(&unit.as_str()) {
            told.push(unit);
            let message = format!("核对表中的单位“{unit}”不在本次考核的单位中，其各行没有采用");
            findings.push(Finding::general(&codes::BAD_VERDICT, message));
        }
    }
}

fn assess_unit(
    unit: &Unit,
    mut handed_in: HandedIn,
    book: &rules::RuleBook,
    assessment: &Assessment<'_>,
    year: i32,
    entries: &review::Entries,
) -> (UnitResult, Vec<Finding>) {
    let mut findings = Vec::new();
    let counted = counted(&handed_in.activities, year, &mut findings);
    let matches: Vec<Vec<Match>> = handed_in
        .activities
        .iter()
        .map(|activity| {
            let mut matches = book.matcher.matches(&RowText::from(activity));
            book.forms.admit(&activity.kinds, &mut matches);
            matches
        })
        .collect();
    let verdicts = review::verdicts(entries, &unit.name, &book.list_rules.requirements, &mut findings);
    let case = Case {
        unit,
        activities: &handed_in.activities,
        matches: &matches,
        counted: &counted,
        answers: &[],
        hours: &[],
    };
    let (card, proofs) = score(assessment, &case, &verdicts);
    tell_coarse(&handed_in.activities, &counted, &mut findings);
    tell_unmatched(unit, &matches, &counted, &mut findings);
    handed_in.files.dedup();
    let result = UnitResult {
        unit: unit.clone(),
        files: handed_in.files,
        activities: handed_in.activities,
        proofs,
        fingerprints: Vec::new(),
        matches,
        counted,
        card,
    };
    (result, findings)
}

/// Whether each activity takes part: not when it repeats an earlier one of the unit, lies in another
/// year, or is only planned.
fn counted(activities: &[Activity], year: i32, findings: &mut Vec<Finding>) -> Vec<Counted> {
    // First and last day, kind, and folded title.
    type Sameness = (Option<Date>, Option<Date>, Option<String>, String);
    let mut seen: BTreeMap<Sameness, usize> = BTreeMap::new();
    activities
        .iter()
        .enumerate()
        .map(|(index, activity)| {
            if activity.planned {
                return Counted::Planned;
            }
            let date = &activity.date;
            if let Some(start) = date.start
                && start.year() != year
            {
                let message =
                    format!("“{}”的日期{}不在{year}年度", within_quotes(&activity.title), date.display());
                findings.push(Finding::at(&codes::OTHER_YEAR, &activity.place, message));
                return Counted::OtherYear;
            }
            if date.start.is_none() || date.precision != Precision::Day {
                return Counted::Yes;
            }
            let kind = activity.kinds.first().map(ToString::to_string);
            let key = (date.start, date.end, kind, fold(&activity.title));
            if let Some(&first) = seen.get(&key) {
                let other = activities.get(first).map_or_else(String::new, |a| a.place.to_string());
                let message = format!(
                    "“{}”与{other}的一条日期、类型、名称都相同，只计一次",
                    within_quotes(&activity.title)
                );
                findings.push(Finding::at(&codes::DUPLICATE, &activity.place, message));
                return Counted::Duplicate(first);
            }
            seen.insert(key, index);
            Counted::Yes
        })
        .collect()
}

fn tell_coarse(activities: &[Activity], counted: &[Counted], findings: &mut Vec<Finding>) {
    for (activity, counted) in activities.iter().zip(counted) {
        let coarse = matches!(activity.date.precision, Precision::Quarter | Precision::Half);
        if coarse && *counted == Counted::Yes {
            let message = format!(
                "“{}”只写了{}，不能证明是哪个月",
                within_quotes(&activity.title),
                activity.date.display()
            );
            findings.push(Finding::at(&codes::COARSE_DATE, &activity.place, message));
        }
    }
}

fn tell_unmatched(unit: &Unit, matches: &[Vec<Match>], counted: &[Counted], findings: &mut Vec<Finding>) {
    let rows = || matches.iter().zip(counted).filter(|(_, counted)| **counted == Counted::Yes);
    let none = rows().filter(|(matches, _)| matches.is_empty()).count();
    let doubtful = rows()
        .filter(|(matches, _)| !matches.is_empty() && matches.iter().all(|m| m.decision == Decision::Review))
        .count();
    if none > 0 {
        let message = format!("“{}”有{none}条活动没有对应到任何条目，见排名表“活动清单”", unit.name);
        findings.push(Finding::general(&codes::UNMATCHED, message));
    }
    if doubtful > 0 {
        let message =
            format!("“{}”有{doubtful}条活动对应哪一条目把握不够，暂不计分，见排名表“活动清单”", unit.name);
        findings.push(Finding::general(&codes::DOUBTFUL_MATCH, message));
    }
}

impl Assessed {
    /// The unit that a name means, as an index into the results; aliases and short forms are taken too.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        if let Some(at) = self.results.iter().position(|result| *result.unit.name == *name) {
            return Some(at);
        }
        let units: Vec<Unit> = self.results.iter().map(|result| result.unit.clone()).collect();
        match Units::new(units, &self.scope.bureau, &crate::model::ListId::from("")).resolve(name) {
            Resolution::Known(at) | Resolution::Guessed(at) => Some(at),
            Resolution::Unknown => None,
        }
    }
}
