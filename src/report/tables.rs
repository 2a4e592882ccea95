//! The tables of a unit's report: evidence by item, months by form, and the whole index of evidence.

use super::choice::{Evidence, telling};
use super::facts::{Subject, shortened};
use super::periods::listed;
use crate::model::{
    Decision, ItemScore, Period, Place, ReportColumn, ReportRow, ReportTable, RequirementScore, State,
};
use std::collections::BTreeMap;

/// How many rows an item's own table shows; the rest stand in the index.
const ROWS_PER_ITEM: usize = 6;

/// Every table that a template may place, by name.
pub(super) fn of_unit(subject: &Subject<'_>, evidence: &Evidence) -> BTreeMap<String, ReportTable> {
    let mut tables = BTreeMap::new();
    let mut number = 0;
    for score in &subject.result.card.items {
        let monthly: Vec<&RequirementScore> =
            score.requirements.iter().filter(|r| r.period == Period::Month).collect();
        if monthly.len() > 1 {
            number += 1;
            tables.insert(format!("月度 {}", score.item), months(&monthly, number));
        }
        if !score.activities.is_empty() {
            number += 1;
            tables.insert(format!("佐证 {}", score.item), of_item(subject, evidence, score, number));
        }
    }
    tables.insert("佐证目录".to_owned(), index(subject, evidence));
    tables.insert("待核实".to_owned(), open_questions(subject));
    tables
}

fn column(title: &str, weight: u32, centred: bool) -> ReportColumn {
    ReportColumn { title: title.to_owned(), weight, centred }
}

fn of_item(subject: &Subject<'_>, evidence: &Evidence, score: &ItemScore, number: usize) -> ReportTable {
    let result = subject.result;
    let chosen = telling(result, &score.item, &score.activities, ROWS_PER_ITEM);
    let rest = score.activities.len() - chosen.len();
    let note = if rest > 0 {
        format!("（列{}项，另{rest}项见附件1）", chosen.len())
    } else {
        String::new()
    };
    let rows = chosen
        .iter()
        .filter_map(|&i| {
            let activity = result.activities.get(i)?;
            let number = evidence.number_of(i).map_or_else(String::new, |n| n.to_string());
            Some(ReportRow {
                anchor: None,
                cells: vec![
                    activity.date.display(),
                    activity.kinds.first().map_or_else(String::new, ToString::to_string),
                    shortened(&activity.title, 40),
                    activity.attended.map_or_else(String::new, |n| n.to_string()),
                    number,
                ],
            })
        })
        .collect();
    ReportTable {
        caption: format!("表{number} 主要活动{note}"),
        columns: vec![
            column("日期", 13, true),
            column("类型", 12, true),
            column("活动名称", 40, false),
            column("实到", 7, true),
            column("佐证号", 8, true),
        ],
        rows,
    }
}

fn months(requirements: &[&RequirementScore], number: usize) -> ReportTable {
    let mut columns = vec![column("形式", 16, false)];
    columns.extend((1..=12).map(|month| column(&format!("{month}月"), 6, true)));
    columns.push(column("达标月", 9, true));
    let rows = requirements
        .iter()
        .map(|requirement| {
            let mut cells = vec![requirement.name.clone()];
            cells.extend(requirement.dues.iter().map(|due| match due.state {
                State::NotApplicable => "—".to_owned(),
                State::Recorded => due.found.to_string(),
                State::Unverified if due.doubtful > 0 => "待核".to_owned(),
                State::Unverified => "无".to_owned(),
                State::NotHeld => "未开展".to_owned(),
            }));
            let due = requirement.dues.iter().filter(|due| due.state != State::NotApplicable).count();
            let met = requirement.dues.iter().filter(|due| due.state == State::Recorded).count();
            cells.push(format!("{met}/{due}"));
            ReportRow { anchor: None, cells }
        })
        .collect();
    ReportTable {
        caption: format!("表{number} 按月开展次数（“无”为没有找到记录，“—”为不适用）"),
        columns,
        rows,
    }
}

fn index(subject: &Subject<'_>, evidence: &Evidence) -> ReportTable {
    let result = subject.result;
    let rows = evidence
        .order()
        .iter()
        .filter_map(|&i| {
            let activity = result.activities.get(i)?;
            let items: Vec<String> = result
                .matches
                .get(i)
                .into_iter()
                .flatten()
                .filter(|m| m.decision == Decision::Link)
                .map(|m| item_number(subject, m.item.as_str()))
                .collect();
            Some(ReportRow {
                anchor: evidence.anchor(i),
                cells: vec![
                    evidence.number_of(i).map_or_else(String::new, |n| n.to_string()),
                    activity.date.display(),
                    activity.kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
                    shortened(&activity.title, 60),
                    items.join("、"),
                    whence(subject, &activity.place),
                ],
            })
        })
        .collect();
    ReportTable {
        caption: String::new(),
        columns: vec![
            column("佐证号", 7, true),
            column("日期", 16, true),
            column("类型", 14, true),
            column("活动名称", 42, false),
            column("对应条目（第几条）", 10, true),
            column("出处（文件、工作表、单元格）", 22, false),
        ],
        rows,
    }
}

/// `3`.
fn item_number(subject: &Subject<'_>, id: &str) -> String {
    let item = subject.list.items.iter().find(|item| item.id.as_str() == id);
    item.map_or_else(|| id.to_owned(), |item| item.number.to_string())
}

/// `文件2〔台账〕A5`; the files are numbered in the order in which the unit handed them in.
fn whence(subject: &Subject<'_>, place: &Place) -> String {
    let files = &subject.result.files;
    let number = files.iter().position(|file| *file == place.file).map_or(0, |at| at + 1);
    let file = if files.len() > 1 { format!("文件{number}") } else { String::new() };
    let sheet = if place.sheet.is_empty() { String::new() } else { format!("〔{}〕", place.sheet) };
    format!("{file}{sheet}{}", place.a1())
}

/// `第3条`.
fn item_label(subject: &Subject<'_>, id: &str) -> String {
    subject
        .list
        .items
        .iter()
        .find(|item| item.id.as_str() == id)
        .map_or_else(|| id.to_owned(), |item| format!("第{}条", item.number))
}

fn open_questions(subject: &Subject<'_>) -> ReportTable {
    let mut rows = Vec::new();
    for score in &subject.result.card.items {
        for requirement in &score.requirements {
            let open: Vec<_> = requirement.dues.iter().filter(|due| due.state == State::Unverified).collect();
            if open.is_empty() {
                continue;
            }
            let doubtful: u32 = requirement.dues.iter().map(|due| due.doubtful).sum();
            let hint = if doubtful > 0 {
                format!("有{doubtful}条可能相关，在核对表确认")
            } else {
                "补报记录，或在核对表注明未开展".to_owned()
            };
            rows.push(ReportRow {
                anchor: None,
                cells: vec![
                    (rows.len() + 1).to_string(),
                    item_label(subject, score.item.as_str()),
                    requirement.name.clone(),
                    listed(requirement.period, &open),
                    requirement.pending.to_string(),
                    hint,
                ],
            });
        }
    }
    ReportTable {
        caption: String::new(),
        columns: vec![
            column("序号", 6, true),
            column("条目", 8, true),
            column("要求", 18, false),
            column("没有记录的期间", 24, false),
            column("涉及分值", 9, true),
            column("怎样处理", 24, false),
        ],
        rows,
    }
}
