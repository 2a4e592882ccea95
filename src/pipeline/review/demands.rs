//! The sheet 核对: what a person decided about demands without record.
//!
//! Every demand without record stands in it with an empty 结论. A conclusion that was entered is kept
//! at every later run, also where the demand has meanwhile been met or the unit is gone.

use super::super::form::FormRow;
use crate::model::{
    Align, Cell, CellStyle, Column, Finding, Requirement, RequirementId, Sheet, State, UnitResult, Verdict,
    rules,
};
use std::collections::BTreeMap;

/// The sheet's name.
pub(super) const SHEET: &str = "核对";
/// Its columns, those that must be there first.
pub(super) const COLUMNS: [&[&str]; 8] = [
    &["单位"],
    &["要求编号"],
    &["期间"],
    &["结论", "核实结论"],
    &["依据或说明", "说明", "备注"],
    &["要求"],
    &["目前状态"],
    &["可能相关的活动"],
];
/// How many of them must be there.
pub(super) const REQUIRED: usize = 4;

/// One entry that a person has filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// 结论, as written.
    pub verdict: String,
    /// 依据或说明, as written.
    pub note: String,
}

/// Unit, requirement and label of the period.
pub type Key = (String, String, String);

/// What the review sheet holds, as written.
pub type Entries = BTreeMap<Key, Entry>;

/// The entries of the sheet's rows; rows in which nothing was filled in are left out.
pub(super) fn entries(rows: &[FormRow]) -> Entries {
    let mut entries = Entries::new();
    for row in rows {
        let [unit, requirement, period, verdict, note] = [0, 1, 2, 3, 4].map(|at| row.text(at).to_owned());
        if !(verdict.is_empty() && note.is_empty()) {
            entries.insert((unit, requirement, period), Entry { verdict, note });
        }
    }
    entries
}

/// The verdicts of one unit; what cannot be understood is told and left as it is.
pub fn verdicts(
    entries: &Entries,
    unit: &str,
    requirements: &[Requirement],
    findings: &mut Vec<Finding>,
) -> BTreeMap<(RequirementId, u32), Verdict> {
    let mut verdicts = BTreeMap::new();
    let from = (unit.to_owned(), String::new(), String::new());
    for ((_, requirement, period), entry) in entries.range(from..).take_while(|((name, ..), _)| name == unit)
    {
        let id = RequirementId::from(requirement.as_str());
        let mut refuse = |what: String| {
            let message = format!("核对表中“{unit}”{requirement}“{period}”一行没有采用：{what}");
            findings.push(Finding::general(&rules::BAD_VERDICT, message));
        };
        if entry.verdict.is_empty() {
            continue;
        }
        let Some(verdict) = verdict(&entry.verdict) else {
            refuse(format!("结论“{}”应为 已开展、未开展 或 不适用", entry.verdict));
            continue;
        };
        let Some(rhythm) = requirements.iter().find(|r| r.id == id).map(|r| r.period) else {
            refuse("没有这个编号的要求".to_owned());
            continue;
        };
        let labels: Vec<String> = (0..rhythm.per_year()).map(|index| rhythm.label(index)).collect();
        match labels.iter().position(|label| label == period).and_then(|at| u32::try_from(at).ok()) {
            Some(index) => {
                verdicts.insert((id, index), verdict);
            }
            None => refuse(format!("期间应为{}之一", labels.join("、"))),
        }
    }
    verdicts
}

fn verdict(text: &str) -> Option<Verdict> {
    match text {
        "已开展" | "有" | "开展" => Some(Verdict::Held),
        "未开展" | "没有" | "无" => Some(Verdict::NotHeld),
        "不适用" => Some(Verdict::NotApplicable),
        _ => None,
    }
}

/// The sheet to be written: every open demand, and every entry that a person has made.
pub(super) fn sheet(results: &[UnitResult], entries: &Entries, title: String) -> Sheet {
    let mut left = entries.clone();
    let mut rows = Vec::new();
    for result in results {
        for requirement in result.card.items.iter().flat_map(|item| &item.requirements) {
            for due in &requirement.dues {
                let key = (result.unit.name.to_string(), requirement.id.to_string(), due.label.clone());
                let entry = left.remove(&key);
                if due.state != State::Unverified && entry.is_none() {
                    continue;
                }
                let open: Vec<String> = due
                    .open
                    .iter()
                    .filter_map(|&i| result.activities.get(i))
                    .take(3)
                    .map(|activity| format!("{}（{}）", activity.title, activity.place))
                    .collect();
                rows.push(row(&key, &requirement.name, due.state.as_str(), open.join("\n"), entry.as_ref()));
            }
        }
    }
    for (key, entry) in &left {
        rows.push(row(key, "", "本次运行中没有这一项", String::new(), Some(entry)));
    }
    let column = |title: &str, width, align, choices: &[&str]| Column {
        title: title.to_owned(),
        group: String::new(),
        width,
        align,
        choices: choices.iter().map(ToString::to_string).collect(),
        prompt: String::new(),
    };
    Sheet {
        name: SHEET.into(),
        title,
        notes: vec![
            "请只填“结论”和“依据或说明”两列，其他列由程序生成。结论为 已开展、未开展 或 不适用，留空表示还没有核实。".into(),
            "填好保存后再运行一次，分数和名次随之更新。填过的内容每次运行都会保留。活动对应哪一条目，在工作表“活动对应”里核。".into(),
        ],
        columns: vec![
            column("单位", 28, Align::Left, &[]),
            column("要求编号", 10, Align::Centre, &[]),
            column("要求", 20, Align::Left, &[]),
            column("期间", 10, Align::Centre, &[]),
            column("目前状态", 16, Align::Centre, &[]),
            column("可能相关的活动", 44, Align::Left, &[]),
            column("结论", 11, Align::Centre, &["已开展", "未开展", "不适用"]),
            column("依据或说明", 36, Align::Left, &[]),
        ],
        rows,
        frozen: 1,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

fn row(key: &Key, name: &str, state: &str, open: String, entry: Option<&Entry>) -> Vec<Cell> {
    let (unit, requirement, period) = key;
    vec![
        Cell::text(unit.as_str()),
        Cell::text(requirement.as_str()),
        Cell::text(name),
        Cell::text(period.as_str()),
        Cell::text(state).style(CellStyle::Muted),
        Cell::text(open),
        Cell::text(entry.map_or("", |entry| entry.verdict.as_str())),
        Cell::text(entry.map_or("", |entry| entry.note.as_str())),
    ]
}
