//! Events that add or take off points, vetoes, training hours.
//!
//! In: a sheet whose layout is known. Out: events, vetoes and hours in the [`Intake`]. Never here: which row of
//! a case counts.

use super::super::settings::{day, yes_or_no};
use super::intake::{Intake, nearest};
use super::sheet::{Row, Sheet};
use crate::model::{
    Event, EventRule, FactState, Line, Mode, PersonHours, Points, VetoFact, rules as codes, within_quotes,
};
use crate::seeds::score_headers::Meaning;
use crate::seeds::text::fold;

/// What may happen under a line.
fn rules(line: &Line) -> &[EventRule] {
    match &line.mode {
        Mode::DeductEvents { rules, .. } | Mode::EventPoints { rules, .. } => rules,
        _ => &[],
    }
}

/// Whether a line counts events.
fn is_of_events(line: &Line) -> bool {
    !rules(line).is_empty()
}

/// Whether the scheme counts events at all.
pub(super) fn any(intake: &Intake<'_>) -> bool {
    intake.scheme.lines().any(|(_, line)| is_of_events(line))
}

/// 状态: how sure a fact is; `None` (told) where it is written otherwise.
fn state(intake: &mut Intake<'_>, row: &Row, col: Option<u32>) -> Option<FactState> {
    let Some(col) = col else { return Some(FactState::True) };
    match row.text(col) {
        "" | "属实" | "是" | "已核实" => Some(FactState::True),
        "待核" | "待核实" | "核实中" => Some(FactState::Open),
        "不实" | "否" | "不属实" => Some(FactState::False),
        other => {
            let message = format!("状态“{}”应为 属实、待核 或 不实，这一行没有采用", within_quotes(other));
            intake.tell(&codes::SCORE_NOT_UNDERSTOOD, &row.place(col), message);
            None
        }
    }
}

/// The line and rule of a matter.
fn rule_of<'a>(
    intake: &mut Intake<'a>,
    row: &Row,
    matter: u32,
    line_col: Option<u32>,
) -> Option<(&'a Line, &'a EventRule)> {
    let text = row.text(matter);
    let wanted = fold(text);
    let lines = || intake.scheme.lines().map(|(_, line)| line).filter(|line| is_of_events(line));
    let written = line_col.map_or("", |col| row.text(col));
    let among: Vec<&'a Line> = if written.is_empty() {
        lines().collect()
    } else {
        let Some(line) = intake.line(written, is_of_events) else {
            let near = nearest(written, lines().map(|line| line.id.as_str()));
            let message =
                format!("计分方案里没有编号为“{}”的加减分项目，这一行没有采用{near}", within_quotes(written));
            intake.tell(&codes::SCORE_MATTER_UNKNOWN, &row.place(line_col.unwrap_or(matter)), message);
            return None;
        };
        vec![line]
    };
    let found: Vec<(&Line, &EventRule)> = among
        .iter()
        .flat_map(|line| rules(line).iter().map(move |rule| (*line, rule)))
        .filter(|(_, rule)| fold(&rule.matter) == wanted)
        .collect();
    match found.as_slice() {
        [one] => Some(*one),
        [] => {
            let names: Vec<&str> =
                among.iter().flat_map(|line| rules(line)).map(|rule| rule.matter.as_str()).collect();
            let near = nearest(text, names.iter().copied());
            let message = format!(
                "计分方案里没有“{}”这个事项，这一行没有采用{near}{}方案里的事项有 {}",
                within_quotes(text),
                if near.is_empty() { "。" } else { "" },
                names.join("、")
            );
            intake.tell(&codes::SCORE_MATTER_UNKNOWN, &row.place(matter), message);
            None
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|(line, _)| line.id.as_str()).collect();
            let message = format!(
                "“{}”在项目 {} 里都有，请加一列“项目编号”写明是哪一个；这一行没有采用",
                within_quotes(text),
                ids.join("、")
            );
            intake.tell(&codes::SCORE_MATTER_UNKNOWN, &row.place(matter), message);
            None
        }
    }
}

/// What a row is worth for one time and person; `None` (told) where that does not fit the scheme.
fn each(intake: &mut Intake<'_>, row: &Row, col: Option<u32>, rule: &EventRule) -> Option<Points> {
    let (least, most) = rule.points;
    let stated = match col {
        Some(col) if !row.text(col).is_empty() => {
            let value = intake.number(row, col)?;
            Some((Points::from_hundredths(value.hundredths().saturating_abs()), row.place(col)))
        }
        _ => None,
    };
    let refuse = |intake: &mut Intake<'_>, place, message: String| {
        intake.tell(&codes::SCORE_MATTER_UNKNOWN, &place, message);
        None
    };
    match stated {
        None if least == most => Some(least),
        None => {
            let message = format!("“{}”是{least}至{most}分，这一行没有写分值，没有采用", rule.matter);
            refuse(intake, row.place(col.unwrap_or(0)), message)
        }
        Some((value, _)) if least <= value && value <= most => Some(value),
        Some((value, place)) if least == most => {
            let message = format!("方案规定“{}”每次{least}分，这里写的是{value}，没有采用", rule.matter);
            refuse(intake, place, message)
        }
        Some((value, place)) => {
            let message = format!("“{}”应在{least}至{most}分之间，这里写的是{value}，没有采用", rule.matter);
            refuse(intake, place, message)
        }
    }
}

/// Events, one row each.
pub(super) fn events(intake: &mut Intake<'_>, sheet: &Sheet, unit: u32, matter: u32) {
    let column = |meaning: Meaning| sheet.column(meaning);
    let line_col = column(Meaning::Line).or_else(|| column(Meaning::Project));
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        if row.text(matter).is_empty() {
            continue;
        }
        let Some((line, rule)) = rule_of(intake, row, matter, line_col) else { continue };
        let Some(points) = each(intake, row, column(Meaning::Each), rule) else { continue };
        let Some(times) = intake.count(row, column(Meaning::Times), 1) else { continue };
        let Some(persons) = intake.count(row, column(Meaning::Persons), 1) else { continue };
        let Some(authors) = intake.count(row, column(Meaning::Authors), 1) else { continue };
        let Some(state) = state(intake, row, column(Meaning::State)) else { continue };
        if times == 0 || persons == 0 || authors == 0 {
            let col = [Meaning::Times, Meaning::Persons, Meaning::Authors].into_iter().find_map(column);
            let message = "次数、人数、作者数至少是1，这一行没有采用；没有发生的请删去这一行";
            intake.tell(&codes::SCORE_NOT_UNDERSTOOD, &row.place(col.unwrap_or(matter)), message);
            continue;
        }
        let text = |meaning: Meaning| column(meaning).map_or("", |col| row.text(col));
        let doubled = text(Meaning::Doubled);
        let is_doubled = match doubled {
            "" => Some(false),
            "加倍" | "逾期未改" | "逾期" => Some(true),
            other => yes_or_no(other),
        };
        let Some(doubled) = is_doubled else {
            let message = format!("“{}”应为 是 或 否，这一行没有采用", within_quotes(doubled));
            let col = column(Meaning::Doubled).unwrap_or(matter);
            intake.tell(&codes::SCORE_NOT_UNDERSTOOD, &row.place(col), message);
            continue;
        };
        let event = Event {
            unit: name,
            line: line.id.clone(),
            matter: rule.matter.clone(),
            date: day(text(Meaning::Date)),
            each: points,
            times,
            persons,
            authors,
            doubled,
            case: text(Meaning::Case).to_owned(),
            state,
            basis: text(Meaning::Basis).to_owned(),
            place: row.place(matter),
            outweighed: false,
        };
        intake.external.events.push(event);
    }
}

/// Facts that bar a unit, one row each.
pub(super) fn vetoes(intake: &mut Intake<'_>, sheet: &Sheet, unit: u32, matter: u32) {
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        let text = row.text(matter);
        if super::super::grids::is_blank(text) || text == "否" {
            continue;
        }
        let wanted = fold(text);
        let matters = || intake.scheme.vetoes.iter().flat_map(|veto| &veto.matters);
        let Some(known) = matters().find(|known| fold(known) == wanted).cloned() else {
            let names: Vec<&str> = matters().map(String::as_str).collect();
            let named = if names.is_empty() {
                "方案没有写否决事项".to_owned()
            } else {
                format!("方案里的有 {}", names.join("、"))
            };
            let message =
                format!("计分方案里没有“{}”这个否决事项，这一行没有采用。{named}", within_quotes(text));
            intake.tell(&codes::SCORE_MATTER_UNKNOWN, &row.place(matter), message);
            continue;
        };
        let Some(state) = state(intake, row, sheet.column(Meaning::State)) else { continue };
        let basis = sheet.column(Meaning::Basis).map_or("", |col| row.text(col)).to_owned();
        let place = row.place(matter);
        intake.external.vetoes.push(VetoFact { unit: name, matter: known, state, basis, place });
    }
}

/// Training hours, one row for each person or each training; the rows of one person add up.
pub(super) fn hours(intake: &mut Intake<'_>, sheet: &Sheet, unit: u32, person: u32, hours: u32) {
    let text_of =
        |row: &Row, meaning: Meaning| sheet.column(meaning).map_or("", |col| row.text(col)).to_owned();
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        let who = row.text(person).to_owned();
        if who.is_empty() {
            continue;
        }
        let Some(value) = intake.score(row, hours, Some(Points::whole(10_000)), "学时") else { continue };
        let Some(trainings) = intake.count(row, sheet.column(Meaning::Trainings), 0) else { continue };
        let hundredths = u32::try_from(value.hundredths()).unwrap_or(0);
        let known = intake.external.hours.iter_mut().find(|known| known.unit == name && known.person == who);
        match known {
            Some(known) => {
                known.hundredths = known.hundredths.saturating_add(hundredths);
                known.trainings = known.trainings.saturating_add(trainings);
            }
            None => intake.external.hours.push(PersonHours {
                unit: name,
                person: who,
                role: text_of(row, Meaning::Role),
                hundredths,
                trainings,
                place: row.place(hours),
            }),
        }
    }
}
