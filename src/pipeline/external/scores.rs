//! Scores by unit and column, scores line by line, last year's places.
//!
//! In: a sheet whose layout is known. Out: figures in the [`Intake`]. Never here: votes and events.

use super::intake::{Intake, nearest};
use super::sheet::{Heading, Row, Sheet};
use crate::model::{Line, LineId, Measure, Measured, Mode, Points, Scheme, rules as codes, within_quotes};
use crate::report::workbook::BUSINESS;
use crate::seeds::scheme::checks;
use crate::seeds::score_headers::Meaning;
use crate::seeds::text::fold;
use std::collections::BTreeMap;

/// A column that the scheme takes values from.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// As the scheme names it.
    pub(super) name: String,
    /// The highest value that can be.
    full: Option<Points>,
    /// Whether it is compared with thresholds in per cent.
    rate: bool,
    /// The lines that need it.
    pub(super) lines: Vec<LineId>,
}

/// The columns of a scheme by their folded names.
pub(super) fn wanted(scheme: &Scheme) -> BTreeMap<String, Wanted> {
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    let mut add = |name: &str, line: Option<&Line>, full: Option<Points>, rate: bool| {
        let entry = wanted.entry(fold(name)).or_default();
        name.clone_into(&mut entry.name);
        entry.full = entry.full.or(full);
        entry.rate |= rate;
        entry.lines.extend(line.map(|line| line.id.clone()));
    };
    for (_, line) in scheme.lines() {
        match &line.mode {
            Mode::External { column, full, .. } => add(column, Some(line), Some(*full), false),
            Mode::RatioToBest { column, full } => add(column, Some(line), *full, false),
            Mode::RankPoints { column, .. } => add(column, Some(line), None, false),
            Mode::ValueTiers { of: Measured::Column(column), tiers, .. } => {
                add(column, Some(line), None, tiers.iter().all(|tier| tier.0 > Points::whole(1)));
            }
            Mode::Rate { of: Measured::Column(column), .. } => add(column, Some(line), None, true),
            _ => {}
        }
    }
    let of_grades = scheme.grades.iter().flat_map(|grade| &grade.conditions);
    let conditions = of_grades.chain(scheme.awards.iter().flat_map(|award| &award.conditions));
    for measure in conditions.map(|condition| &condition.measure).chain(&scheme.ties) {
        if let Measure::Column(column) = measure {
            add(column, None, None, false);
        }
    }
    // The comparison of county bureaus takes it even without a scheme's word.
    add(BUSINESS, None, None, false);
    wanted
}

/// The columns of a sheet that the scheme takes values from.
pub(super) fn columns<'s>(
    sheet: &'s Sheet,
    wanted: &'s BTreeMap<String, Wanted>,
) -> Vec<(&'s Heading, &'s Wanted)> {
    let found = sheet.headings.iter().filter_map(|heading| Some((heading, wanted.get(&heading.folded)?)));
    found.collect()
}

/// Unit and values.
pub(super) fn values(intake: &mut Intake<'_>, sheet: &Sheet, unit: u32, wanted: &BTreeMap<String, Wanted>) {
    let columns = columns(sheet, wanted);
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        for (heading, wanted) in &columns {
            let what = format!("“{}”", wanted.name);
            let Some(value) = intake.score(row, heading.col, wanted.full, &what) else { continue };
            // A cell formatted in per cent holds its share of one.
            if wanted.rate
                && value > Points::ZERO
                && value <= Points::whole(1)
                && !row.text(heading.col).contains('%')
            {
                let message =
                    format!("“{}”是{}，像是百分比格式的单元格，没有采用", wanted.name, row.text(heading.col));
                intake.tell(&codes::SCORE_NOT_UNDERSTOOD, &row.place(heading.col), message);
                continue;
            }
            let key = (name.clone(), wanted.name.clone());
            intake.values.entry(key).or_default().push((value, row.place(heading.col)));
        }
    }
}

/// 自评分 or 考核分.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Own,
    Judged,
}

/// Puts one 自评分 or 考核分.
fn put(
    intake: &mut Intake<'_>,
    unit: &crate::model::UnitName,
    line: &Line,
    row: &Row,
    col: u32,
    whose: Whose,
) {
    let what = if whose == Whose::Own { "自评分" } else { "考核分" };
    let Some(value) = intake.score(row, col, Some(line.points), &format!("“{}”的{what}", line.id))
    else {
        return;
    };
    let key = (unit.clone(), line.id.clone());
    let figures = if whose == Whose::Own { &mut intake.own } else { &mut intake.judged };
    figures.entry(key).or_default().push((value, row.place(col)));
}

/// The line that an id means: its own, or that of a requirement or item which only one line asks for.
fn line_of<'a>(intake: &Intake<'a>, text: &str) -> Option<&'a Line> {
    let wanted = fold(text);
    intake.line(text, |_| true).or_else(|| {
        let names = |line: &&Line| {
            checks::named(line).iter().any(|id| {
                fold(id.as_str()) == wanted
                    || fold(crate::seeds::requirements::item_of(id).as_str()) == wanted
            })
        };
        let mut found = intake.scheme.lines().map(|(_, line)| line).filter(names);
        found.next().filter(|_| found.next().is_none())
    })
}

/// Unit, line, and what it or the assessors give for it: one row a line.
pub(super) fn by_line(intake: &mut Intake<'_>, sheet: &Sheet, unit: u32, line: u32) {
    let columns = [(Meaning::Own, Whose::Own), (Meaning::Judged, Whose::Judged)];
    let columns: Vec<(u32, Whose)> =
        columns.iter().filter_map(|(meaning, whose)| Some((sheet.column(*meaning)?, *whose))).collect();
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        let id = row.text(line);
        if id.is_empty() {
            continue;
        }
        let Some(known) = line_of(intake, id) else {
            let near = nearest(id, intake.scheme.lines().map(|(_, line)| line.id.as_str()));
            let message = format!("计分方案里没有编号为“{}”的项目，这一行没有采用{near}", within_quotes(id));
            intake.tell(&codes::SCORE_MATTER_UNKNOWN, &row.place(line), message);
            continue;
        };
        for (col, whose) in &columns {
            put(intake, &name, known, row, *col, *whose);
        }
    }
}

/// The columns whose headings are lines of the scheme.
pub(super) fn line_columns<'a>(intake: &Intake<'a>, sheet: &Sheet) -> Vec<(u32, &'a Line)> {
    let of = |heading: &Heading| {
        let line = intake.scheme.lines().map(|(_, line)| line).find(|line| {
            heading.folded == fold(line.id.as_str())
                || heading.folded == fold(&format!("{}{}", line.id, line.project))
        });
        line.map(|line| (heading.col, line))
    };
    sheet.headings.iter().filter_map(of).collect()
}

/// Unit and a column for each line.
pub(super) fn by_column(intake: &mut Intake<'_>, sheet: &Sheet, unit: u32, whose: Whose) {
    let columns = line_columns(intake, sheet);
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        for (col, line) in &columns {
            put(intake, &name, line, row, *col, whose);
        }
    }
}

/// Last year's places and totals.
pub(super) fn last_year(intake: &mut Intake<'_>, sheet: &Sheet, unit: u32) {
    let (rank, points) = (sheet.column(Meaning::LastRank), sheet.column(Meaning::LastPoints));
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        if let Some(col) = rank.filter(|col| !row.text(*col).is_empty())
            && let Some(rank) = intake.count(row, Some(col), 0).filter(|rank| *rank > 0)
        {
            intake.last_rank.entry(name.clone()).or_default().push((rank, row.place(col)));
        }
        if let Some(col) = points
            && let Some(value) = intake.score(row, col, None, "上年得分")
        {
            intake.last_points.entry(name).or_default().push((value, row.place(col)));
        }
    }
}
