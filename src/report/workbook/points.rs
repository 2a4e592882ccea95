//! The sheets 条目得分 and 扣分与待核.

use super::super::periods::listed;
use super::{ListRules, Overview, column};
use crate::model::{
    Align, Cell, CellStyle, ColorScale, Column, Points, RequirementScore, Sheet, State, UnitResult,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Units down, items across, in the order of the ranking.
pub(super) fn matrix(overview: &Overview<'_>) -> Sheet {
    let mut columns = vec![column("单位", 30, Align::Left)];
    let several = overview.rules.len() > 1;
    for rules in overview.rules {
        for item in &rules.list.items {
            let full = full_points(rules, item.id.as_str());
            let label = if several { item.id.to_string() } else { format!("第{}条", item.number) };
            columns.push(Column {
                title: format!("{}\n（{full}分）", item.short()),
                group: label,
                width: 14,
                align: Align::Right,
                choices: Vec::new(),
                prompt: String::new(),
            });
        }
    }
    let items = columns.len() - 1;
    columns.push(column("合计", 10, Align::Right));
    let rows = overview
        .results
        .iter()
        .map(|result| {
            let mut row = vec![Cell::text(&*result.unit.name)];
            for rules in overview.rules {
                for item in &rules.list.items {
                    let score = result.card.items.iter().find(|score| score.item == item.id);
                    row.push(match score {
                        Some(score) if score.base == Points::ZERO => {
                            Cell::text("不适用").style(CellStyle::Muted)
                        }
                        Some(score) => Cell::points(score.earned),
                        None => Cell::default(),
                    });
                }
            }
            row.push(Cell::points(result.card.earned).style(CellStyle::Strong));
            row
        })
        .collect();
    Sheet {
        name: "条目得分".into(),
        title: "各单位分条目得分".into(),
        notes: vec![
            "括号内为该条目的标准分；不适用的要求不计分，总分按适用的分值折算到100分，见“排名”。".into(),
        ],
        columns,
        rows,
        frozen: 1,
        filter: true,
        landscape: true,
        scales: (1..=items)
            .filter_map(|at| u16::try_from(at).ok())
            .map(|at| ColorScale { first: at, last: at })
            .collect(),
        ..Sheet::default()
    }
}

fn full_points(rules: &ListRules, item: &str) -> Points {
    let of_item = |r: &&crate::model::Requirement| r.item.as_str() == item;
    rules.requirements.iter().filter(of_item).filter_map(|r| rules.points.get(&r.id)).copied().sum()
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
