//! From what was handed in to points and ranks.

use super::gather::{Gathered, HandedIn, InputRecord, gather};
use super::settings::Settings;
use super::table_rules::TableRules;
use super::units::{Resolution, Units};
use super::watch::Watch;
use super::{answers, inputs, learning, likeness, register, review, rules};
use crate::alike;
use crate::error::Result;
use crate::model::{
    Activity, Alikes, Counted, Date, Decision, Excluded, External, Finding, Leeway, Match, Precision,
    Question, Ruling, Scheme, Scope, Standing, Unit, UnitResult, UnitScore, rules as codes, within_quotes,
};
use crate::report::workbook::{FileRows, ListRules};
use crate::scoring::{Asked, Assessment, Case, leeway, questions, rank, score, scores};
use crate::seeds::Catalogue;
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
    /// Records of like text, their units by the index of the result.
    pub alikes: Alikes,
    /// What was noticed, gravest first.
    pub findings: Vec<Finding>,
    /// What was read, file by file.
    pub files: Vec<FileRows>,
    /// Rows left out.
    pub excluded: Vec<Excluded>,
    /// The files themselves.
    pub inputs: Vec<InputRecord>,
    /// What the reviewer has entered.
    pub reviewed: review::Reviewed,
    /// Which activities the reviewer's rows mean, and what became of each.
    pub placed: Vec<review::Placed>,
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
    let (reviewed, may_write_review) = read_review(folder, &mut findings);
    let (books, learned) = learning::equip(folder, books, catalogue, &mut findings);
    let (rows, mut placed) = rows_by_unit(&reviewed, &units, &mut findings);

    watch.stage("对照条目并计分", units.all().len());
    let assessments: Vec<Assessment<'_>> = books
        .iter()
        .map(|book| &book.list_rules)
        .map(|rules| Assessment::new(&rules.list, &rules.requirements, &rules.points, scope.clone()))
        .collect();
    let none = Vec::new();
    let scored: Vec<(UnitResult, Vec<review::Placed>, Vec<Finding>)> = units
        .all()
        .par_iter()
        .zip(handed_in)
        .enumerate()
        .filter_map(|(index, (unit, handed_in))| {
            let at = books.iter().position(|book| book.list_rules.list.id == unit.list).unwrap_or(0);
            let (book, assessment) = (books.get(at)?, assessments.get(at)?);
            let entered = Entered { entries: &reviewed.entries, rows: rows.get(&index).unwrap_or(&none) };
            let result = assess_unit(unit, handed_in, book, assessment, scope.year, entered);
            watch.step();
            Some(result)
        })
        .collect();
    let (mut results, mut told) = (Vec::new(), Vec::new());
    for (result, of_unit, findings) in scored {
        results.push(result);
        placed.extend(of_unit);
        told.extend(findings);
    }
    placed.sort_by_key(|placed| placed.row);
    // Against the year that is assessed, not against the ledger's own: the reader's word is set aside.
    let other_years: BTreeSet<_> = told.iter().filter_map(row_of_other_year).collect();
    findings.retain(|finding| row_of_other_year(finding).is_none_or(|row| !other_years.contains(&row)));
    findings.extend(told);
    unknown_entries(&reviewed.entries, units.all(), &mut findings);

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
    let alikes = likeness::search(&results, catalogue, watch);
    findings.extend(likeness::findings(&alikes, &results));
    findings.sort_by(Finding::order);
    let mut notes = rules::notes(&settings, &books, catalogue);
    notes.extend(table_rules.notes());
    notes.push(alikes.terms.clone());
    notes.extend(learned);
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
        alikes,
        findings,
        files,
        excluded,
        inputs,
        reviewed,
        placed,
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

fn read_review(folder: &Path, findings: &mut Vec<Finding>) -> (review::Reviewed, bool) {
    let path = folder.join(inputs::REVIEW).join(review::FILE);
    if !path.is_file() {
        return (review::Reviewed::default(), true);
    }
    let read = std::fs::read(&path).map_err(|error| format!("打不开（{error}）"));
    match read.and_then(|bytes| review::read(&bytes)) {
        Ok(reviewed) => (reviewed, true),
        Err(message) => {
            let message = format!("核对表没有采用：{message}。核对表保持原样，没有改动");
            let place = crate::model::Place::file(review::name());
            findings.push(Finding::at(&codes::UNREADABLE_REVIEW, &place, message));
            (review::Reviewed::default(), false)
        }
    }
}

/// Rows of the review workbook, each with its index.
type Rows<'a> = Vec<(usize, &'a review::Row)>;

/// The reviewer's rows by the unit that they name; rows of no unit are told and placed nowhere.
fn rows_by_unit<'a>(
    reviewed: &'a review::Reviewed,
    units: &Units,
    findings: &mut Vec<Finding>,
) -> (BTreeMap<usize, Rows<'a>>, Vec<review::Placed>) {
    let mut by_unit: BTreeMap<usize, Rows<'_>> = BTreeMap::new();
    let mut placed = Vec::new();
    for (index, row) in reviewed.rows.iter().enumerate() {
        match units.resolve(row.unit()) {
            Resolution::Known(at) | Resolution::Guessed(at) => {
                by_unit.entry(at).or_default().push((index, row));
            }
            Resolution::Unknown => placed.push(review::homeless(index, row, findings)),
        }
    }
    (by_unit, placed)
}

/// What the reviewer has entered for one unit.
#[derive(Clone, Copy)]
struct Entered<'a> {
    entries: &'a review::Entries,
    rows: &'a [(usize, &'a review::Row)],
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
    entered: Entered<'_>,
) -> (UnitResult, Vec<review::Placed>, Vec<Finding>) {
    let mut findings = Vec::new();
    let counted = counted(&handed_in.activities, year, &mut findings);
    let activities = &handed_in.activities;
    let settled = review::settle(&unit.name, activities, entered.rows, &book.list_rules.list, &mut findings);
    let answers = activities.iter().zip(&settled.rulings).map(|(activity, ruling)| {
        let answer = answers::decide(answers::answer(activity, book), ruling.as_ref());
        (answer.matches, answer.next)
    });
    let (matches, next): (Vec<Vec<Match>>, Vec<Option<Match>>) = answers.unzip();
    let rulings: Vec<Option<Ruling>> =
        settled.rulings.iter().map(|ruling| ruling.as_ref().map(|(ruling, ..)| *ruling)).collect();
    let verdicts =
        review::verdicts(entered.entries, &unit.name, &book.list_rules.requirements, &mut findings);
    let case = Case {
        unit,
        activities,
        matches: &matches,
        rulings: &rulings,
        counted: &counted,
        answers: &[],
        hours: &[],
    };
    let (card, proofs) = score(assessment, &case, &verdicts);
    tell_coarse(&handed_in.activities, &counted, &mut findings);
    tell_unmatched(unit, &matches, &rulings, &counted, &mut findings);
    handed_in.files.dedup();
    let result = UnitResult {
        unit: unit.clone(),
        files: handed_in.files,
        activities: handed_in.activities,
        proofs,
        fingerprints: Vec::new(),
        matches,
        next,
        rulings,
        counted,
        card,
    };
    (result, settled.placed, findings)
}

/// Whether each activity takes part: not when it lies in another year, is only planned, or repeats
/// another one of the unit.
fn counted(activities: &[Activity], year: i32, findings: &mut Vec<Finding>) -> Vec<Counted> {
    let alone = |activity: &Activity| {
        let date = &activity.date;
        if activity.planned {
            return Counted::Planned;
        }
        if date.start.is_none_or(|start| start.year() == year) {
            return Counted::Yes;
        }
        let message = format!("“{}”的日期{}不在{year}年度", within_quotes(&activity.title), date.display());
        findings.push(Finding::at(&codes::OTHER_YEAR, &activity.place, message));
        Counted::OtherYear
    };
    let mut counted: Vec<Counted> = activities.iter().map(alone).collect();
    let taking_part = activities.iter().enumerate().zip(&counted);
    let taking_part =
        taking_part.filter(|(_, counted)| **counted == Counted::Yes).map(|(activity, _)| activity);
    for (at, counts) in alike::repeats(taking_part) {
        let (Some(activity), Some(other), Some(slot)) =
            (activities.get(at), activities.get(counts), counted.get_mut(at))
        else {
            continue;
        };
        *slot = Counted::Duplicate(counts);
        let message = format!(
            "“{}”与{}的“{}”是同一项活动（日期、类型相同，名称相同或基本相同），只按那一条计一次",
            within_quotes(&activity.title),
            other.place,
            within_quotes(&other.title)
        );
        findings.push(Finding::at(&codes::DUPLICATE, &activity.place, message));
    }
    counted
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

fn tell_unmatched(
    unit: &Unit,
    matches: &[Vec<Match>],
    rulings: &[Option<Ruling>],
    counted: &[Counted],
    findings: &mut Vec<Finding>,
) {
    let rows = || {
        let rows = matches.iter().zip(rulings).zip(counted);
        rows.filter(|((_, ruling), counted)| ruling.is_none() && **counted == Counted::Yes)
            .map(|((matches, _), _)| matches)
    };
    let none = rows().filter(|matches| matches.is_empty()).count();
    let doubtful = rows()
        .filter(|matches| !matches.is_empty() && matches.iter().all(|m| m.decision == Decision::Review))
        .count();
    if none > 0 {
        let message = format!("“{}”有{none}条活动没有对应到任何条目，列在核对表“活动对应”", unit.name);
        findings.push(Finding::general(&codes::UNMATCHED, message));
    }
    if doubtful > 0 {
        let message =
            format!("“{}”有{doubtful}条活动对应哪一条目把握不够，暂不计分，列在核对表“活动对应”", unit.name);
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
