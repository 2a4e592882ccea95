//! From what was handed in to points and ranks.

use super::cases::{Aside, Cases};
use super::gather::{Gathered, HandedIn, InputRecord, are_many, gather};
use super::leaders::{self, Leadership};
use super::open_questions::OpenQuestions;
use super::persons::Persons;
use super::scored::{Scored, Slots, in_order};
use super::settings::{PaperSettings, RedactSettings, Settings};
use super::shelf::Shelf;
use super::table_rules::TableRules;
use super::unit_case::{Entered, assess_unit};
use super::units::{Resolution, Units};
use super::watch::Watch;
use super::{
    counties, inputs, learning, likeness, marking, office, register, resubmission, review, rules,
    scheme_files,
};
use crate::error::Result;
use crate::model::{
    Alikes, CountyRule, Date, Excluded, External, Finding, Leeway, Rectification, Requirement, Scheme, Scope,
    Standing, Unit, UnitName, UnitResult, UnitScore, rules as codes,
};
use crate::report::workbook::{FileRows, ListRules, fits_one_book};
use crate::scoring::{Assessment, JointRule};
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
    /// The units in order of group, rank and name; in a run over many units in brief, see [`Self::cases`].
    pub results: Vec<UnitResult>,
    /// The wholes of the results, where they stand in brief.
    pub aside: Option<Aside>,
    /// Ranks within groups, parallel to the results.
    pub standings: Vec<Standing>,
    /// Ranks over all groups.
    pub overall: Vec<Standing>,
    /// The scheme in use.
    pub scheme: Scheme,
    /// Its checks.
    pub checks: Vec<Requirement>,
    /// The points of each unit under the scheme, parallel to the results.
    pub scores: Vec<UnitScore>,
    /// What is open, in the order of what it can change.
    pub questions: OpenQuestions,
    /// How far weights may shift.
    pub leeway: Vec<Leeway>,
    /// What stands in 评分.
    pub external: External,
    /// Whether a joint event counts for its main kind only.
    pub joint_once: bool,
    /// 对比组别 of the settings; empty where they name none.
    pub compared: Vec<String>,
    /// The rules in use, by list.
    pub rules: Vec<ListRules>,
    /// The same rules with what matches activities to them.
    pub matchers: Vec<rules::RuleBook>,
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
    /// Names of units of which the program is not sure.
    pub doubts: Vec<review::Doubt>,
    /// False where a review sheet is there but could not be read: it must not be overwritten.
    pub may_write_review: bool,
    /// The county that alone is assessed; none for a whole run.
    pub only: Option<UnitName>,
    /// How branches go into the figure of their county.
    pub county_rule: CountyRule,
    /// Scheme and settings in words.
    pub notes: Vec<String>,
    /// Which documents are written, and how.
    pub papers: PaperSettings,
    /// Which workbooks are written.
    pub books: super::books::Workbooks,
    /// The leaders with what the ledgers say about them.
    pub leadership: Leadership,
    /// Whom the inputs name.
    pub persons: Persons,
    /// What the settings say about names in results that are published.
    pub redact: RedactSettings,
    /// Last year's problems of each unit, parallel to the results.
    pub tasks: Vec<Vec<Rectification>>,
}

/// Reads, matches, scores and ranks a folder.
///
/// # Errors
/// What stops a run: no such folder, broken settings, register or lists.
pub fn assess(folder: &Path, catalogue: &Catalogue, watch: &dyn Watch) -> Result<Assessed> {
    assess_only(folder, catalogue, watch, None)
}

/// The same for one county alone, where one is named: only its files are read, only its units are scored.
///
/// # Errors
/// What stops a run, also a county that is not there.
pub fn assess_only(
    folder: &Path,
    catalogue: &Catalogue,
    watch: &dyn Watch,
    county: Option<&str>,
) -> Result<Assessed> {
    super::outputs::recover(folder);
    let settings = Settings::load(folder)?;
    let table_rules = TableRules::of(&settings, catalogue)?;
    let mut findings = Vec::new();
    let units = register::load(folder, &settings)?.drain_into(&mut findings);
    let main_list = rules::main_list(folder, &settings, catalogue)?;
    if let Some(name) = dropped_list(folder, &settings) {
        let message = format!("没有设定清单，采用放在文件夹里的“{name}”（{}）", main_list.title);
        findings.push(Finding::general(&codes::OWN_LIST, message));
    }
    let aside = aside(folder, &settings)?;
    let mut inputs = inputs::find(folder, &aside.iter().map(String::as_str).collect::<Vec<_>>())?;
    if inputs.is_empty() {
        findings.push(Finding::general(&codes::NO_FILES, format!("“{}”里没有报送文件", folder.display())));
    }
    let units = with_counties(units, &settings, &mut findings);
    let only = county.map(|name| counties::asked(folder, &units, name)).transpose()?;
    let mut units = Units::new(units, &settings.bureau, &main_list.id);
    let (mut reviewed, may_write_review) = read_review(folder, &mut findings);
    review::confirm(&mut reviewed.names, &mut units, &mut findings);
    if let Some(county) = &only {
        inputs.retain(|input| !counties::lies_elsewhere(&units, county, &input.submitted));
    }
    let shelf = Shelf::new(folder);
    let many = are_many(&inputs).then_some(&shelf);
    let mut gathered = gather(&inputs, units, &table_rules, catalogue, many, watch)?;
    watch.go_on()?;
    resubmission::settle(&mut gathered, &settings, many)?;
    counties::by_folder(&mut gathered.units, &gathered.handed_in, &mut gathered.findings);
    counties::keep(&mut gathered, only.as_ref());
    let Gathered { units, mut handed_in, doubts, findings: read_findings, files, excluded, inputs } =
        gathered;
    findings.extend(read_findings);

    if settings.year.is_none() {
        // The year is read off the activities; a run that names it need not look at them together.
        handed_in.iter_mut().try_for_each(|own| own.fetch(&shelf))?;
    }
    let scope = scope(&settings, &handed_in, &mut findings);
    let books = rules::books(folder, &settings, catalogue, &main_list, units.all())?;
    findings.extend(books.iter().flat_map(|book| rules::wording(&book.list_rules.list)));
    let (books, learned) = learning::equip(folder, books, catalogue, &mut findings);
    let (rows, mut placed) = rows_by_unit(&reviewed, &units, &mut findings);

    let marks = marking::Marks::choose(folder, &settings, catalogue, &books, &units, &mut findings)?;

    watch.stage("对照条目并计分", units.all().len());
    let joint = if settings.joint_once { JointRule::Once } else { JointRule::Each };
    let of_list = marks.checks_by_list(&books);
    let assessments: Vec<Assessment<'_>> = books
        .iter()
        .map(|book| &book.list_rules)
        .zip(&of_list)
        .map(|(rules, checks)| {
            Assessment::new(&rules.list, &rules.requirements, &rules.points, scope.clone())
                .with_checks(checks)
                .joint(joint)
        })
        .collect();
    let none = Vec::new();
    let wide = !fits_one_book(units.all().len(), files.iter().map(|file| file.activities).sum());
    let members: Vec<&Unit> = units.all().iter().collect();
    let ledger = marks.ledger(&members);
    let sketcher = likeness::sketcher(catalogue, &files);
    let scored: Vec<Result<(Scored, UnitScore)>> = units
        .all()
        .par_iter()
        .zip(handed_in)
        .enumerate()
        .filter(|(_, (unit, _))| only.as_ref().is_none_or(|county| counties::is_of(unit, county)))
        .filter_map(|(index, (unit, mut handed_in))| {
            if watch.stopped() {
                return None;
            }
            let at = books.iter().position(|book| book.list_rules.list.id == unit.list).unwrap_or(0);
            let (book, assessment) = (books.get(at)?, assessments.get(at)?);
            let entered = Entered {
                entries: &reviewed.entries,
                rows: rows.get(&index).unwrap_or(&none),
                hours: marks.hours.get(&unit.name).map_or(&[], Vec::as_slice),
                checks: of_list.get(at).map_or(&[], Vec::as_slice),
                told: !wide,
            };
            if let Err(error) = handed_in.fetch(&shelf) {
                return Some(Err(error));
            }
            let (result, placed, mut findings) =
                assess_unit(unit, handed_in, book, assessment, scope.year, entered);
            if settings.joint_once {
                findings.extend(marking::joint_findings(&result));
            }
            let mut score = ledger.score(unit, &result.card);
            let found = review::with_demand(&result, &reviewed.entries);
            let sketched = likeness::sketch(&sketcher, index, &result);
            let own = sketched.iter().filter(|_| !wide).map(|(sketched, _)| sketched.clone()).collect();
            let persons = Persons::of_unit(&result);
            let mut scored = Scored { result, placed, findings, found, sketched: own, persons, slots: None };
            if wide && let Err(error) = scored.put_aside(&mut score, &sketched, &shelf) {
                return Some(Err(error));
            }
            watch.step();
            Some(Ok((scored, score)))
        })
        .collect();
    watch.go_on()?;
    let scored: Vec<(Scored, UnitScore)> = scored.into_iter().collect::<Result<_>>()?;
    let (mut scored, scores): (Vec<_>, Vec<_>) = scored.into_iter().unzip();
    let mut told = Vec::new();
    let mut persons = Persons::default();
    persons.add_trained(&marks.external);
    for own in &mut scored {
        placed.append(&mut own.placed);
        told.append(&mut own.findings);
        persons.append(std::mem::take(&mut own.persons));
    }
    placed.sort_by_key(|placed| placed.row);
    // Against the year that is assessed, not against the ledger's own: the reader's word is set aside.
    let other_years: BTreeSet<_> = told.iter().filter_map(row_of_other_year).collect();
    findings.retain(|finding| row_of_other_year(finding).is_none_or(|row| !other_years.contains(&row)));
    findings.extend(told);
    unknown_entries(&reviewed.entries, units.all(), &mut findings);

    let gone = reviewed.entries.len().saturating_sub(scored.iter().map(|own| own.found).sum());
    if gone > 0 && only.is_none() {
        let message = format!("核对表里有{gone}条结论在本次材料中没有对应的期间，没有采用，保留在“已无对应”");
        let place = crate::model::Place::file(review::name());
        findings.push(Finding::at(&codes::ORPHANED_ANSWERS, &place, message));
    }
    let (results, scores, sketched, standings, overall, slots) = in_order(scored, scores, &marks);
    let slots: Vec<Slots> = slots.into_iter().flatten().collect();
    let sketched = if wide { likeness::taken_back(&shelf, &slots)? } else { sketched };
    let aside = wide.then(|| Aside::new(shelf, slots.iter().map(|slots| slots.whole).collect()));
    let cases = Cases { results: &results, scores: &scores, aside: aside.as_ref(), books: &books };
    watch.stage("查找雷同记录", 1);
    let alikes = likeness::search(sketched, &sketcher, cases, &slots)?;
    watch.step();
    findings.extend(likeness::findings(&alikes, cases)?);
    let questions = marks.questions(cases, &standings)?;
    let leeway = marks.leeway(&scores);
    let leaders = office::leaders(folder, &settings, &mut findings);
    for leader in &leaders {
        persons.add(Some(&*leader.name));
    }
    let leadership = leaders::collect(folder, &settings, catalogue, leaders, &units, cases, &scope)?;
    let mut by_unit = office::rectification(folder, &units, &mut findings);
    for task in by_unit.values().flatten() {
        persons.add_perhaps(Some(&task.owner));
    }
    let tasks = results.iter().map(|result| by_unit.remove(&result.unit.name).unwrap_or_default()).collect();
    findings.sort_by(Finding::order);
    let mut notes = marks.notes(&settings);
    notes.extend(rules::notes(&settings, &books, marks.own));
    notes.extend(table_rules.notes());
    notes.push(alikes.terms.clone());
    notes.extend(counties::note(settings.county_rule, units.all(), only.as_ref()));
    notes.extend(learned);
    let rules = books.iter().map(|book| book.list_rules.clone()).collect();
    drop(ledger);
    Ok(Assessed {
        scope,
        results,
        aside,
        standings,
        overall,
        scheme: marks.scheme,
        checks: marks.checks,
        scores,
        questions,
        leeway,
        external: marks.external,
        joint_once: settings.joint_once,
        compared: settings.compared,
        rules,
        matchers: books,
        alikes,
        findings,
        files,
        excluded,
        inputs,
        reviewed,
        placed,
        doubts,
        may_write_review: may_write_review && only.is_none(),
        only,
        county_rule: settings.county_rule,
        notes,
        papers: settings.papers,
        books: settings.books,
        leadership,
        persons,
        redact: settings.redact,
        tasks,
    })
}

/// Marks the units that are county bureaus themselves (of a compared group named after counties, or in 名单), and
/// looks up the counties to which the register says that others belong.
pub(super) fn with_counties(
    mut units: Vec<Unit>,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Vec<Unit> {
    for unit in &mut units {
        let compared = unit.group.contains(['县', '区']) && settings.compared.contains(&unit.group);
        let named = settings.county_names.iter().any(|name| unit.name.ends_with(name.as_str()));
        unit.county = compared || named;
    }
    counties::registered(&mut units, &settings.bureau, findings);
    units
}

/// The row of which a finding says that it lies in another year.
pub(super) fn row_of_other_year(finding: &Finding) -> Option<(Arc<str>, Arc<str>, u32)> {
    let place = finding.place.as_ref().filter(|_| finding.rule == &codes::OTHER_YEAR)?;
    Some((place.file.clone(), place.sheet.clone(), place.row))
}

/// The list that lies in the folder and is taken because the settings name none.
fn dropped_list(folder: &Path, settings: &Settings) -> Option<String> {
    rules::dropped(folder).filter(|_| settings.list.is_none())
}

/// Files of an assessment's folder itself that are no submissions.
///
/// # Errors
/// More than one scheme in the folder.
pub fn aside(folder: &Path, settings: &Settings) -> Result<Vec<String>> {
    let mut aside: Vec<String> =
        [super::settings::FILE, register::FILE, office::LEADERS, office::RECTIFICATION]
            .map(str::to_owned)
            .into();
    aside.extend(settings.register.iter().map(|at| at.value.clone()));
    aside.extend(settings.list.iter().map(|at| at.value.clone()));
    aside.extend(settings.scheme.iter().map(|at| at.value.clone()));
    aside.extend(dropped_list(folder, settings));
    aside.extend(scheme_files::dropped(folder)?);
    Ok(aside)
}

/// Year and last day: as set, else the year of most activities, told as a guess.
pub(super) fn scope(settings: &Settings, handed_in: &[HandedIn], findings: &mut Vec<Finding>) -> Scope {
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

pub(super) fn read_review(folder: &Path, findings: &mut Vec<Finding>) -> (review::Reviewed, bool) {
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

fn unknown_entries(entries: &review::Entries, units: &[Unit], findings: &mut Vec<Finding>) {
    let mut told: Vec<&str> = Vec::new();
    for ((unit, ..), written) in entries {
        if !units.iter().any(|known| *known.name == **unit) && !told.contains(&unit.as_str()) {
            told.push(unit);
            let message = format!("核对表中的单位“{unit}”不在本次考核的单位中，其各行没有采用");
            findings.push(match written.first() {
                Some(entry) => Finding::at(&codes::BAD_VERDICT, &entry.place, message),
                None => Finding::general(&codes::BAD_VERDICT, message),
            });
        }
    }
}
