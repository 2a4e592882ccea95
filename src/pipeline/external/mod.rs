//! The folder 评分: scores, votes, events, vetoes and hours that people enter beside the ledgers.
//!
//! In: the files of the folder, a scheme, the units. Out: an [`External`] with the cell of every figure, and
//! findings about whatever was not taken. Never here: what a figure is worth.

mod events;
mod intake;
mod scores;
mod sheet;
mod votes;

use super::apart;
use super::inputs::SCORES;
use super::units::Units;
use crate::ingest;
use crate::model::{
    External, Finding, Grid, Line, Mode, Outcome, Place, Scheme, Unit, Visibility, rules as codes,
    within_quotes,
};
use crate::scoring;
use crate::seeds::headers::WordSet;
use crate::seeds::score_headers::{Meaning, ScoreHeaders};
use intake::Intake;
use scores::{Wanted, Whose};
use sheet::Sheet;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A file of 评分: its name, and its bytes or why it could not be opened.
type File = (String, Result<Vec<u8>, String>);

/// Reads the folder 评分 of an assessment; nothing where there is none.
#[must_use]
pub fn read(folder: &Path, scheme: &Scheme, units: &Units, totals: &WordSet) -> Outcome<External> {
    let files = files(&folder.join(SCORES));
    take(&files, scheme, units, totals)
}

/// The files of the folder and its folders, in order of name.
fn files(folder: &Path) -> Vec<File> {
    let mut found = Vec::new();
    walk(folder, SCORES, &mut found);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<File>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if name.starts_with('.')
            || ingest::is_lock_file(&name)
            || matches!(&*name, "Thumbs.db" | "desktop.ini")
        {
            continue;
        }
        let name = format!("{prefix}/{name}");
        if path.is_dir() {
            walk(&path, &name, found);
        } else {
            found.push((name, std::fs::read(&path).map_err(|error| format!("打不开（{error}）"))));
        }
    }
}

/// The figures of files.
fn take(files: &[File], scheme: &Scheme, units: &Units, totals: &WordSet) -> Outcome<External> {
    let mut intake = Intake::new(scheme, units, totals);
    // Built into the program and tested; without them nothing is read, which would be told as missing.
    let Ok(headers) = ScoreHeaders::builtin() else { return Outcome::clean(External::default()) };
    let wanted = scores::wanted(scheme);
    for (name, bytes) in files {
        let file: Arc<str> = Arc::from(name.as_str());
        let read = bytes.as_ref().map_err(Clone::clone).and_then(|bytes| {
            let outcome = apart::sheets(&file, bytes);
            let missing = outcome.findings.into_iter().filter(|f| f.rule == &codes::NO_CACHED_VALUE);
            intake.findings.extend(missing);
            outcome.value.map_err(|(_, message)| message)
        });
        match read {
            Ok(grids) => {
                for grid in grids.into_iter().filter(|grid| grid.visibility == Visibility::Visible) {
                    one_sheet(&mut intake, grid, &headers, &wanted);
                }
            }
            Err(message) => {
                let message = format!("评分文件没有采用：{message}");
                intake.tell(&codes::UNREADABLE_SCORES, &Place::file(file), message);
            }
        }
    }
    let (mut external, mut findings) = intake.finish();
    scoring::outweigh(scheme, &mut external);
    findings.extend(missing(scheme, &external, &wanted, units.all()));
    Outcome::new(external, findings)
}

/// Takes what a sheet holds, by the layout that its headings show.
fn one_sheet(intake: &mut Intake<'_>, grid: Grid, headers: &ScoreHeaders, wanted: &BTreeMap<String, Wanted>) {
    let (place, blank) = (grid.place.clone(), grid.rows.is_empty());
    let Some(sheet) = Sheet::read(grid, headers) else {
        if !blank {
            let message = "前20行没有找到“单位”一列，这张表没有使用";
            intake.tell(&codes::SCORE_COLUMN_UNUSED, &place, message);
        }
        return;
    };
    let Some(unit) = sheet.column(Meaning::Unit) else { return };
    let mut used: BTreeSet<Meaning> = BTreeSet::new();
    let has = |meaning: Meaning| sheet.column(meaning);
    let vote_lines = votes::lines(intake, &sheet);
    let rater_lines = votes::rater_lines(intake);
    let about = format!("{}{}{}", sheet.place.file, sheet.place.sheet, sheet.title);
    let by_column = !scores::line_columns(intake, &sheet).is_empty();
    if let Some(matter) = has(Meaning::Veto) {
        events::vetoes(intake, &sheet, unit, matter);
        used.extend([Meaning::Veto, Meaning::State, Meaning::Basis, Meaning::Date]);
    } else if let Some(matter) = has(Meaning::Matter).filter(|_| events::any(intake)) {
        events::events(intake, &sheet, unit, matter);
        used.extend([Meaning::Matter, Meaning::Line, Meaning::Project, Meaning::Date, Meaning::Times]);
        used.extend([Meaning::Persons, Meaning::Each, Meaning::Authors, Meaning::Case, Meaning::Doubled]);
        used.extend([Meaning::State, Meaning::Basis, Meaning::Reason]);
    } else if let Some((person, hours)) = has(Meaning::Person).zip(has(Meaning::Hours)) {
        events::hours(intake, &sheet, unit, person, hours);
        used.extend([Meaning::Person, Meaning::Hours, Meaning::Role, Meaning::Trainings]);
    } else if has(Meaning::LastRank).or(has(Meaning::LastPoints)).is_some() {
        scores::last_year(intake, &sheet, unit);
        used.extend([Meaning::LastRank, Meaning::LastPoints]);
    } else if let Some(line) =
        has(Meaning::Line).filter(|_| has(Meaning::Own).or(has(Meaning::Judged)).is_some())
    {
        scores::by_line(intake, &sheet, unit, line);
        used.extend([Meaning::Line, Meaning::Own, Meaning::Judged, Meaning::Reason, Meaning::Project]);
    } else if !vote_lines.is_empty() {
        votes::votes(intake, &sheet, unit, &vote_lines);
        used.extend([Meaning::Class, Meaning::Sent, Meaning::Back, Meaning::Valid, Meaning::Abstain]);
        used.extend([Meaning::Void, Meaning::Line, Meaning::Project]);
    } else if votes::has_raters(&sheet) && !rater_lines.is_empty() {
        votes::raters(intake, &sheet, unit, &rater_lines);
        used.extend([Meaning::Rater, Meaning::Score, Meaning::Line, Meaning::Project]);
    } else if by_column && about.contains("自评") {
        scores::by_column(intake, &sheet, unit, Whose::Own);
    } else if by_column && (about.contains("考核分") || about.contains("考核得分") || about.contains("评定"))
    {
        scores::by_column(intake, &sheet, unit, Whose::Judged);
    } else {
        scores::values(intake, &sheet, unit, wanted);
    }
    tell_unused(intake, &sheet, &used, wanted);
}

/// Columns with figures that nobody asked for.
fn tell_unused(
    intake: &mut Intake<'_>,
    sheet: &Sheet,
    used: &BTreeSet<Meaning>,
    wanted: &BTreeMap<String, Wanted>,
) {
    let line_columns: Vec<u32> = scores::line_columns(intake, sheet).iter().map(|(col, _)| *col).collect();
    let of_votes = !used.contains(&Meaning::Class) && !used.contains(&Meaning::Rater);
    for heading in &sheet.headings {
        let known = match heading.meaning {
            Some(Meaning::Unit | Meaning::Ignored) => true,
            Some(meaning) => used.contains(&meaning),
            None => wanted.contains_key(&heading.folded) || line_columns.contains(&heading.col) || !of_votes,
        };
        let holds = sheet.rows.iter().any(|row| !super::grids::is_blank(row.text(heading.col)));
        if !known && holds {
            let columns: Vec<&str> = wanted.values().map(|wanted| wanted.name.as_str()).collect();
            let message = format!(
                "“{}”一列没有使用。方案要取的列有：{}",
                within_quotes(&heading.text),
                columns.join("、")
            );
            intake.tell(&codes::SCORE_COLUMN_UNUSED, &heading.place, message);
        }
    }
}

/// What the scheme asks for and units lack.
fn missing(
    scheme: &Scheme,
    external: &External,
    wanted: &BTreeMap<String, Wanted>,
    units: &[Unit],
) -> Vec<Finding> {
    let is_for = |line: &Line, unit: &Unit| {
        let block = scheme.blocks.iter().find(|block| block.lines.iter().any(|own| own.id == line.id));
        block.is_some_and(|block| block.groups.is_empty() || block.groups.contains(&unit.group))
            && line.list.as_ref().is_none_or(|list| *list == unit.list)
    };
    let mut findings = Vec::new();
    let mut tell = |what: String, lacking: Vec<&Unit>, asked: usize| {
        if lacking.is_empty() {
            return;
        }
        let whose = if lacking.len() == asked && asked > 1 {
            "各单位都没有".to_owned()
        } else {
            let names: Vec<&str> = lacking.iter().take(5).map(|unit| &*unit.name).collect();
            let more = if lacking.len() > names.len() {
                format!("等{}个单位", lacking.len())
            } else {
                String::new()
            };
            format!("{}{more}没有", names.join("、"))
        };
        findings.push(Finding::general(&codes::SCORE_MISSING, format!("{what}：{whose}")));
    };
    let whole = |line: &Line| format!("项目“{}”（{}）", line.id, line.project);
    for wanted in wanted.values() {
        let lines: Vec<&Line> = wanted.lines.iter().filter_map(|id| scheme.line(id)).collect();
        let asked: Vec<&Unit> =
            units.iter().filter(|unit| lines.iter().any(|line| is_for(line, unit))).collect();
        let lacks = |unit: &&&Unit| !external.values.contains_key(&(unit.name.clone(), wanted.name.clone()));
        let lacking: Vec<&Unit> = asked.iter().filter(lacks).copied().collect();
        tell(format!("“{SCORES}”里缺计分方案要的“{}”", wanted.name), lacking, asked.len());
    }
    for (_, line) in scheme.lines() {
        let asked: Vec<&Unit> = units.iter().filter(|unit| is_for(line, unit)).collect();
        let key = |unit: &Unit| (unit.name.clone(), line.id.clone());
        let has = |unit: &Unit| match &line.mode {
            Mode::Votes { classes, .. } => {
                external.votes.get(&key(unit)).is_some_and(|votes| votes.len() >= classes.len())
            }
            Mode::Raters { .. } => external.raters.contains_key(&key(unit)),
            Mode::Judged => external.judged.contains_key(&key(unit)),
            _ => true,
        };
        let what = match &line.mode {
            Mode::Votes { .. } => "票数",
            Mode::Raters { .. } => "评委打分",
            _ => "考核分",
        };
        let lacking: Vec<&Unit> = asked.iter().filter(|unit| !has(unit)).copied().collect();
        tell(format!("“{SCORES}”里缺{}的{what}", whole(line)), lacking, asked.len());
    }
    findings
}

/// The figures of files given as bytes, for tests and other programs.
#[must_use]
pub fn of_files(
    files: &[(&str, &[u8])],
    scheme: &Scheme,
    units: &Units,
    totals: &WordSet,
) -> Outcome<External> {
    let files: Vec<File> =
        files.iter().map(|(name, bytes)| ((*name).to_owned(), Ok(bytes.to_vec()))).collect();
    take(&files, scheme, units, totals)
}
