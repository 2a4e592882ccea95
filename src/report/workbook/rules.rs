//! The sheet 说明: the rules in words.

use super::{Overview, column};
use crate::model::{Align, BlockKind, By, Cell, Class, Mode, Period, Requirement, Scheme, Sheet};

pub(super) fn sheet(overview: &Overview<'_>) -> Sheet {
    let plain = plain(overview.scheme);
    let mut rows = Vec::new();
    for rules in overview.rules {
        for requirement in &rules.requirements {
            let points = rules.points.get(&requirement.id).copied().unwrap_or_default();
            rows.push(vec![
                Cell::text(requirement.item.as_str()),
                Cell::text(requirement.id.as_str()),
                Cell::text(&*requirement.name),
                Cell::text(requirement.class.as_str()),
                Cell::text(how_often(requirement)),
                if plain { Cell::points(points) } else { Cell::text(lines_of(overview.scheme, requirement)) },
                Cell::text(what_counts(requirement)),
                Cell::text(format!("“{}”", requirement.source)),
                Cell::text(&*requirement.limits),
            ]);
        }
    }
    let points = if plain {
        "每项要求按期间逐一检查，得分＝分值×有记录的次数÷应有的次数，四舍五入到0.01分；总分＝100×各项得分之和÷适用分值之和，不设加分。"
    } else {
        "每项要求按期间逐一检查；每个项目按它的评分标准计分（见“参数”）；计分板块得分＝权重×各项目得分之和÷适用分值之和；总分＝各计分板块得分之和＋加分－扣分。"
    };
    let mut notes = vec![
        points.to_owned(),
        "状态有四种：有记录、无记录待核实、经核实未开展、不适用。只有“经核实未开展”才扣分；“不适用”的要求不计入分子和分母。".to_owned(),
        "一次活动可以同时佐证几项要求；同一项活动写在两张工作表或两个文件里的只计一次；不在本年度的、只是计划的不计。只写到季度的活动不能证明某一个月，列入待核实。".to_owned(),
    ];
    notes.extend(overview.notes.iter().cloned());
    Sheet {
        name: "说明".into(),
        title: "计分规则说明".into(),
        notes,
        columns: vec![
            column("条目", 8, Align::Centre),
            column("要求编号", 10, Align::Centre),
            column("要求", 20, Align::Left),
            column("检查方式", 16, Align::Centre),
            column("周期次数", 14, Align::Centre),
            if plain { column("分值", 8, Align::Right) } else { column("用于项目", 12, Align::Centre) },
            column("计入的活动", 46, Align::Left),
            column("清单原文", 46, Align::Left),
            column("台账不能证明的部分", 36, Align::Left),
        ],
        rows,
        frozen: 3,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

/// Whether the scheme only gives each requirement its points by completion.
fn plain(scheme: &Scheme) -> bool {
    let weighted = scheme.blocks.iter().all(|block| matches!(block.kind, BlockKind::Weighted(_)));
    weighted && scheme.blocks.len() == 1 && scheme.lines().all(|(_, line)| line.mode == Mode::Share)
}

/// The lines of the scheme that ask for a requirement.
fn lines_of(scheme: &Scheme, requirement: &Requirement) -> String {
    let asks = |id: &crate::model::RequirementId| {
        id == &requirement.id || id.as_str().split('·').next() == Some(requirement.id.as_str())
    };
    let ids: Vec<&str> = scheme
        .lines()
        .filter(|(_, line)| line.checks.iter().flatten().any(asks))
        .map(|(_, line)| line.id.as_str())
        .collect();
    if ids.is_empty() { "不计分".to_owned() } else { ids.join("、") }
}

fn how_often(requirement: &Requirement) -> String {
    let base = match (requirement.class, requirement.period) {
        (Class::Existence | Class::Narrative, Period::Year) if requirement.minimum == 1 => {
            "全年有记录".to_owned()
        }
        _ => format!("{}至少{}次", requirement.period.every(), requirement.minimum),
    };
    let window = match requirement.window {
        (1, 12) => String::new(),
        (first, last) => format!("（{first}月至{last}月）"),
    };
    let set = if requirement.class == Class::Interval { "（由本单位设定）" } else { "" };
    format!("{base}{window}{set}")
}

fn what_counts(requirement: &Requirement) -> String {
    let counts = &requirement.counts;
    let mut parts = Vec::new();
    if !counts.kinds.is_empty() {
        let kinds: Vec<&str> = counts.kinds.iter().map(crate::model::KindId::as_str).collect();
        parts.push(format!("类型为{}", kinds.join("、")));
    }
    if !counts.any.is_empty() {
        parts.push(format!("写有{}", counts.any.join("、")));
    }
    let mut text =
        if parts.is_empty() { "对应到本条目的活动".to_owned() } else { parts.join("，或") };
    for group in &counts.all {
        text += &format!("；且写有{}", group.join("或"));
    }
    if !counts.not.is_empty() {
        text += &format!("；不含{}", counts.not.join("、"));
    }
    if counts.by == By::Secretary {
        text += "；由书记本人主讲或主持";
    }
    if let Some(minutes) = counts.minutes {
        text += &format!("；每次不少于{}小时", f64::from(minutes) / 60.0);
    }
    if counts.recorder {
        text += "；写明记录人";
    }
    text
}
