//! The sheets 条目得分 and 扣分与待核.

use super::super::periods::listed;
use super::live::places::{Places, check};
use super::live::terms::{at, call, choose, pair, plus, points, text};
use super::live::totals::TotalSheet;
use super::{Overview, column};
use crate::formula::rules::End;
use crate::model::{
    Align, BlockKind, Cached, Cell, CellStyle, ColorScale, Column, Expr, Function, LineId, LineScore,
    NumberLook, Op, Points, RequirementScore, Sheet, State, UnitResult,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// More lines than these are drawn together by item.
const MOST_LINES: usize = 16;

/// A column of 条目得分.
struct Across {
    group: String,
    title: String,
    full: Points,
    lines: Vec<LineId>,
    /// Whether more is worse.
    taken_off: bool,
}

/// The lines of the scheme, or the items that they belong to where there are many.
fn across(overview: &Overview<'_>) -> Vec<Across> {
    let used: BTreeSet<&LineId> =
        overview.scores.iter().flat_map(|score| score.lines().map(|line| &line.line)).collect();
    let lines: Vec<_> = overview.scheme.lines().filter(|(_, line)| used.contains(&line.id)).collect();
    let many = lines.len() > MOST_LINES;
    let several = overview.rules.len() > 1;
    let mut all: Vec<Across> = Vec::new();
    for (block, line) in lines {
        let item = line.checks.iter().flatten().next().filter(|_| many).and_then(|id| {
            overview.rules.iter().find_map(|rules| {
                let requirement = rules.requirements.iter().find(|r| r.id == *id)?;
                rules.list.items.iter().find(|item| item.id == requirement.item)
            })
        });
        let (group, title) = match item {
            Some(item) if several => (item.id.to_string(), item.short().to_owned()),
            Some(item) => (format!("第{}条", item.number), item.short().to_owned()),
            None => (block.name.clone(), line.project.clone()),
        };
        let new = Across {
            group,
            title,
            full: line.points,
            lines: vec![line.id.clone()],
            taken_off: matches!(block.kind, BlockKind::Deduction(_)),
        };
        let same = |known: &&mut Across| known.group == new.group && known.title == new.title;
        match all.iter_mut().find(|known| item.is_some() && same(known)) {
            Some(known) => {
                known.full += new.full;
                known.lines.extend(new.lines);
            }
            None => all.push(new),
        }
    }
    all
}

/// Units down, lines or items across, in the order of the ranking.
pub(super) fn matrix(overview: &Overview<'_>, places: &Places, totals: TotalSheet) -> Sheet {
    let across = across(overview);
    let mut columns = vec![column("单位", 30, Align::Left)];
    columns.extend(across.iter().map(|across| Column {
        group: across.group.clone(),
        ..column(&format!("{}\n（{}分）", across.title, across.full), 13, Align::Right)
    }));
    columns.push(column("总分", 10, Align::Right));
    let rows = overview
        .scores
        .iter()
        .zip(&places.units)
        .enumerate()
        .map(|(row, (score, unit))| {
            let own: BTreeMap<&LineId, (&LineScore, usize)> = score
                .blocks
                .iter()
                .zip(&unit.blocks)
                .flat_map(|(block, at)| block.lines.iter().zip(&at.lines))
                .map(|(line, at)| (&line.line, (line, at.first)))
                .collect();
            let mut cells = vec![Cell::text(&*score.unit)];
            cells.extend(across.iter().map(|across| {
                let lines: Vec<_> = across.lines.iter().filter_map(|id| own.get(id).copied()).collect();
                if lines.is_empty() {
                    return Cell::default();
                }
                let sum = |column: u16| plus(lines.iter().map(|(_, first)| at(places.check(*first, column))));
                let none = pair(Op::Eq, sum(check::BASE), Expr::Whole(0));
                let earned = call(Function::Round, [sum(check::COUNTED), Expr::Whole(2)]);
                let base: Points = lines.iter().map(|(line, _)| line.base).sum();
                let value = if base == Points::ZERO {
                    Cached::Text("不适用".into())
                } else {
                    Cached::Points(lines.iter().map(|(line, _)| line.counted.low).sum())
                };
                Cell::formula(choose(none, text("不适用"), earned), Some(value), NumberLook::Points)
            }));
            let total = at(totals.cell(row, totals.total(End::Low)));
            cells.push(points(total, score.total.low).style(CellStyle::Strong));
            cells
        })
        .collect();
    Sheet {
        name: "条目得分".into(),
        title: "各单位分条目得分".into(),
        notes: vec![
            "括号内为分值；颜色由低到高为红、黄、绿。不适用的不参加折算，总分是折算后的。由“逐项”算出。"
                .into(),
        ],
        columns,
        rows,
        frozen: 1,
        filter: true,
        landscape: true,
        protected: true,
        scales: (1_u16..)
            .zip(&across)
            .filter(|(_, across)| !across.taken_off)
            .map(|(at, _)| ColorScale { first: at, last: at })
            .collect(),
        ..Sheet::default()
    }
}

/// Every demand that is not met or does not apply, with its points, and the first row of each unit.
pub(super) fn gaps(overview: &Overview<'_>) -> (Sheet, BTreeMap<Arc<str>, usize>) {
    let mut rows = Vec::new();
    let mut first = BTreeMap::new();
    for result in overview.results {
        for score in &result.card.items {
            for requirement in &score.requirements {
                for state in [State::NotHeld, State::Unverified, State::NotApplicable] {
                    if let Some(row) = gap(result, score.item.as_str(), requirement, state) {
                        first.entry(result.unit.name.clone()).or_insert(rows.len());
                        rows.push(row);
                    }
                }
            }
        }
    }
    let sheet = Sheet {
        name: "扣分与待核".into(),
        title: "扣分、待核实和不适用事项".into(),
        notes: vec!["“无记录待核实”不扣分也不计分，核实后在“核对/核对表.xlsx”中写明结论（已开展、未开展或不适用），再运行一次即可更新。".into()],
        columns: vec![
            column("单位", 28, Align::Left),
            column("条目", 8, Align::Centre),
            column("要求编号", 10, Align::Centre),
            column("要求", 18, Align::Left),
            column("周期", 9, Align::Centre),
            column("状态", 15, Align::Centre),
            column("期间", 26, Align::Left),
            column("缺次数", 8, Align::Right),
            column("涉及分值", 10, Align::Right),
            column("分数怎样得来", 46, Align::Left),
            column("可能相关的活动", 36, Align::Left),
        ],
        rows,
        frozen: 1,
        filter: true,
        landscape: true,
        ..Sheet::default()
    };
    (sheet, first)
}

fn gap(result: &UnitResult, item: &str, requirement: &RequirementScore, state: State) -> Option<Vec<Cell>> {
    let dues: Vec<_> = requirement.dues.iter().filter(|due| due.state == state).collect();
    if dues.is_empty() {
        return None;
    }
    let labels = listed(requirement.period, &dues);
    let missing: u32 = dues.iter().map(|due| due.required - due.found.min(due.required)).sum();
    let (points, style) = match state {
        State::NotHeld => (requirement.lost, CellStyle::Bad),
        State::Unverified => (requirement.pending, CellStyle::Doubtful),
        _ => (Points::ZERO, CellStyle::Muted),
    };
    let open: Vec<String> = dues
        .iter()
        .flat_map(|due| &due.open)
        .filter_map(|&i| result.activities.get(i))
        .take(3)
        .map(|activity| format!("{}（{}）", activity.title, activity.place))
        .collect();
    let missing =
        if state == State::NotApplicable { Cell::default() } else { Cell::count(i64::from(missing)) };
    Some(vec![
        Cell::text(&*result.unit.name),
        Cell::text(item),
        Cell::text(requirement.id.as_str()),
        Cell::text(&*requirement.name),
        Cell::text(requirement.period.every()),
        Cell::text(state.as_str()).style(style),
        Cell::text(labels),
        missing,
        Cell::points(points),
        Cell::text(&*requirement.reason),
        Cell::text(open.join("\n")),
    ])
}
