//! The sheet 待核事项: what is still open, first what can move a unit across a commendation line.

use super::live::places::{Places, groups};
use super::{Overview, column};
use crate::model::{Align, Cell, CellStyle, RequirementId, Sheet, SheetLink, Stake, Subject};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The sheet; none where nothing is open.
pub(super) fn sheet(overview: &Overview<'_>, places: &Places) -> Option<Sheet> {
    if overview.questions.is_empty() {
        return None;
    }
    let index: BTreeMap<&Arc<str>, usize> =
        overview.results.iter().enumerate().map(|(at, result)| (&result.unit.name, at)).collect();
    let rows = overview
        .questions
        .iter()
        .zip(1_i64..)
        .map(|(question, number)| {
            let unit = index.get(&question.unit).copied();
            let told =
                unit.and_then(|unit| told(overview, places, unit, &question.subject)).unwrap_or_default();
            let style = match question.weight {
                Stake::Decides => CellStyle::Bad,
                Stake::MayDecide => CellStyle::Doubtful,
                Stake::Nothing => CellStyle::Muted,
                Stake::MovesRank | Stake::MovesPoints => CellStyle::Plain,
            };
            vec![
                Cell::count(number),
                Cell::text(question.weight.as_str()).style(style),
                Cell::points(question.stake),
                Cell::text(&*question.unit),
                Cell::text(told.kind),
                Cell { link: told.link, ..Cell::text(told.what) },
                Cell::text(told.when),
                Cell::text(told.source),
            ]
        })
        .collect();
    Some(Sheet {
        name: "待核事项".into(),
        title: format!("待核事项（{}项）", overview.questions.len()),
        notes: vec!["先列能改变表彰结果的，再按涉及的分数排。“涉及分”是这一项得到肯定的结论时总分能加多少。结论填在“核对/核对表.xlsx”，再运行一次。点“事项”看原来的行。".into()],
        columns: vec![
            column("序号", 6, Align::Centre),
            column("影响", 18, Align::Centre),
            column("涉及分", 9, Align::Right),
            column("单位", 26, Align::Left),
            column("类别", 14, Align::Centre),
            column("事项", 40, Align::Left),
            column("期间或日期", 14, Align::Centre),
            column("出处", 40, Align::Left),
        ],
        rows,
        frozen: 4,
        filter: true,
        landscape: true,
        ..Sheet::default()
    })
}

#[derive(Default)]
struct Told {
    kind: &'static str,
    what: String,
    when: String,
    source: String,
    link: Option<SheetLink>,
}

fn told(overview: &Overview<'_>, places: &Places, unit: usize, subject: &Subject) -> Option<Told> {
    let (result, at) = (overview.results.get(unit)?, places.units.get(unit)?);
    Some(match subject {
        Subject::Due(id, period) => {
            let check = result.card.checks.iter().find(|check| check.id == *id)?;
            let row = row_of(overview, places, unit, id);
            Told {
                kind: "无记录待核实",
                what: format!("{id} {}", check.name),
                when: check.period.label(*period),
                link: row.map(|row| SheetLink { sheet: places.sheets.checks, row }),
                ..Told::default()
            }
        }
        Subject::Match(activity) => {
            let found = result.activities.get(*activity)?;
            Told {
                kind: "对应待确认",
                what: found.title.clone(),
                when: found.date.display(),
                source: found.place.to_string(),
                link: Some(SheetLink { sheet: places.sheets.activities, row: at.activities.0 + activity }),
            }
        }
        Subject::Value(line) => {
            let name = overview.scheme.line(line).map_or("", |line| line.project.as_str());
            Told { kind: "缺少分数", what: format!("{line} {name}"), ..Told::default() }
        }
        Subject::Fact(place) => {
            let events = overview.external.events.iter().filter(|event| event.place == **place);
            let vetoes = overview.external.vetoes.iter().filter(|fact| fact.place == **place);
            let matter = events.map(|event| &event.matter).chain(vetoes.map(|fact| &fact.matter)).next();
            Told {
                kind: "事项待核",
                what: matter.cloned().unwrap_or_default(),
                source: place.to_string(),
                ..Told::default()
            }
        }
    })
}

/// The row of 逐项 on which a check stands first.
fn row_of(overview: &Overview<'_>, places: &Places, unit: usize, id: &RequirementId) -> Option<usize> {
    let (result, score, at) =
        (overview.results.get(unit)?, overview.scores.get(unit)?, places.units.get(unit)?);
    let lines = score.blocks.iter().zip(&at.blocks).flat_map(|(block, at)| block.lines.iter().zip(&at.lines));
    lines.into_iter().find_map(|(line, at)| {
        let checks = groups(overview.scheme, line, &result.card.checks);
        let nth = checks.into_iter().flatten().position(|check| check.id == *id)?;
        Some(at.first + nth)
    })
}
