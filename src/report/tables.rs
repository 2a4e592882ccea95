//! The tables of a unit's report: evidence by item, months by form, and the whole index of evidence.

use super::choice::Evidence;
use super::facts::{Subject, Whole, award_names, group_name, members, shortened};
use super::periods::listed;
use crate::model::{
    AwardPlace, Decision, Period, Place, ReportColumn, ReportRow, ReportTable, RequirementScore, Standing,
    State, UnitResult,
};
use std::collections::BTreeMap;

/// Lines for what a person who votes wants to say.
const OPINION_ROWS: usize = 4;

/// The table of this name that a template about a unit may place.
pub(super) fn of_unit(subject: &Subject<'_>, evidence: &Evidence, name: &str) -> Option<ReportTable> {
    let monthly = || -> Vec<&RequirementScore> {
        let all = subject.result.card.items.iter().flat_map(|item| &item.requirements);
        all.filter(|r| r.period == Period::Month && r.dues.iter().any(|due| due.owed)).collect()
    };
    match name {
        "按月开展情况" => Some(months(&monthly())),
        "佐证目录" => Some(index(subject, evidence)),
        "待核实" => Some(open_questions(subject)),
        "整改清单" => Some(rectification(subject)),
        "逐项得分" => Some(by_line(subject)),
        _ => None,
    }
}

fn months(requirements: &[&RequirementScore]) -> ReportTable {
    let mut columns = vec![ReportColumn::new("形式", 16, false)];
    columns.extend((1..=12).map(|month| ReportColumn::new(&format!("{month}月"), 6, true)));
    columns.push(ReportColumn::new("达标月", 9, true));
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
    ReportTable { only_linked: false, by_hand: false, caption: String::new(), columns, rows }
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
                    activity.attended.map_or_else(String::new, |n| n.to_string()),
                    items.join("、"),
                    whence(subject, &activity.place),
                ],
            })
        })
        .collect();
    ReportTable {
        only_linked: false,
        by_hand: false,
        caption: String::new(),
        columns: vec![
            ReportColumn::new("佐证号", 7, true),
            ReportColumn::new("日期", 16, true),
            ReportColumn::new("类型", 14, true),
            ReportColumn::new("活动名称", 38, false),
            ReportColumn::new("实到", 6, true),
            ReportColumn::new("对应条目（第几条）", 10, true),
            ReportColumn::new("出处（文件、工作表、单元格）", 22, false),
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

/// 问题整改清单: what is missing this year, and what is left of last year's problems.
fn rectification(subject: &Subject<'_>) -> ReportTable {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let owner = subject.result.unit.secretary.clone().unwrap_or_else(|| "【待补：责任人】".to_owned());
    for task in subject.tasks.iter().filter(|task| !done(&task.progress)) {
        let left = if task.progress.is_empty() {
            "【待补：完成情况】".to_owned()
        } else {
            task.progress.clone()
        };
        let blank = |text: &str, hint: &str| {
            if text.is_empty() { format!("【待补：{hint}】") } else { text.to_owned() }
        };
        rows.push(vec![
            task.problem.clone(),
            format!("上年整改清单（{}）", task.place.a1()),
            blank(&task.measure, "整改措施"),
            if task.owner.is_empty() { owner.clone() } else { task.owner.clone() },
            blank(&task.deadline, "时限"),
            left,
        ]);
    }
    for item in &subject.result.card.items {
        for requirement in &item.requirements {
            let missing = requirement.missing();
            if missing.is_empty() {
                continue;
            }
            let not_held = missing.iter().any(|due| due.state == State::NotHeld);
            let many = requirement.period != Period::Year;
            let problem = match (many, not_held) {
                (true, true) => {
                    format!(
                        "{}：{}没有开展或没有记录",
                        requirement.name,
                        listed(requirement.period, &missing)
                    )
                }
                (true, false) => {
                    format!("{}：{}没有找到记录", requirement.name, listed(requirement.period, &missing))
                }
                (false, true) => format!("{}：经核实没有开展", requirement.name),
                (false, false) => format!("{}：没有找到记录", requirement.name),
            };
            rows.push(vec![
                problem,
                format!("台账核对（清单{}）", item_label(subject, item.item.as_str())),
                "【待补：整改措施】".to_owned(),
                owner.clone(),
                "【待补：时限】".to_owned(),
                String::new(),
            ]);
        }
    }
    ReportTable {
        only_linked: false,
        by_hand: false,
        caption: String::new(),
        columns: vec![
            ReportColumn::new("序号", 5, true),
            ReportColumn::new("问题", 26, false),
            ReportColumn::new("来源", 14, false),
            ReportColumn::new("整改措施", 18, false),
            ReportColumn::new("责任人", 9, true),
            ReportColumn::new("时限", 14, true),
            ReportColumn::new("完成情况", 14, false),
        ],
        rows: rows
            .into_iter()
            .enumerate()
            .map(|(at, mut cells)| {
                cells.insert(0, (at + 1).to_string());
                ReportRow { anchor: None, cells }
            })
            .collect(),
    }
}

/// Whether last year's list says that a problem is done with.
fn done(progress: &str) -> bool {
    ["已完成", "已整改", "完成整改", "整改完成", "已销号", "已落实"]
        .iter()
        .any(|word| progress.contains(word))
        && !["未", "部分", "基本", "正在"].iter().any(|word| progress.contains(word))
}

/// The lines of the scheme with the unit's points.
fn by_line(subject: &Subject<'_>) -> ReportTable {
    let rows = subject.marked.iter().flat_map(|marked| {
        marked.score.lines().enumerate().filter_map(|(at, line)| {
            let rule = marked.scheme.line(&line.line)?;
            Some(ReportRow {
                anchor: None,
                cells: vec![
                    (at + 1).to_string(),
                    rule.project.clone(),
                    rule.standard.clone(),
                    line.base.to_string(),
                    line.counted.low.to_string(),
                    line.reason.clone(),
                ],
            })
        })
    });
    ReportTable {
        columns: vec![
            ReportColumn::new("序号", 5, true),
            ReportColumn::new("项目", 20, false),
            ReportColumn::new("评分标准", 20, false),
            ReportColumn::new("分值", 8, true),
            ReportColumn::new("得分", 8, true),
            ReportColumn::new("依据", 39, false),
        ],
        rows: rows.collect(),
        ..ReportTable::default()
    }
}

/// Every table that a template about all units may place, by name.
pub(super) fn of_bureau(whole: &Whole<'_>) -> BTreeMap<String, ReportTable> {
    let mut tables = BTreeMap::new();
    let empty = || ReportRow { anchor: None, cells: vec![String::new()] };
    let opinions = ReportTable {
        columns: vec![ReportColumn::new("意见和建议", 100, true)],
        by_hand: true,
        rows: (0..OPINION_ROWS).map(|_| empty()).collect(),
        ..ReportTable::default()
    };
    tables.insert("意见栏".to_owned(), opinions);
    for (group, units) in members(whole) {
        let shown = group_name(&group);
        let rows = |cells: &dyn Fn(usize, &Standing, &UnitResult) -> Vec<String>| -> Vec<ReportRow> {
            let row = |(at, i): (usize, &usize)| {
                let cells = cells(at + 1, whole.standings.get(*i)?, whole.results.get(*i)?);
                Some(ReportRow { anchor: None, cells })
            };
            units.iter().enumerate().filter_map(row).collect()
        };
        let ranking = rows(&|_, standing, _| {
            let settled = standing.best == standing.worst;
            let span = if settled { String::new() } else { standing.interval() };
            vec![
                standing.rank.to_string(),
                standing.unit.to_string(),
                standing.total.to_string(),
                standing.grade.as_ref().map_or_else(String::new, |grade| grade.name.clone()),
                span,
            ]
        });
        tables.insert(
            format!("排名 {shown}"),
            ReportTable {
                only_linked: false,
                by_hand: false,
                caption: format!("{shown}（{}个）", units.len()),
                columns: vec![
                    ReportColumn::new("名次", 10, true),
                    ReportColumn::new("单位", 44, false),
                    ReportColumn::new("得分", 16, true),
                    ReportColumn::new("等次", 14, true),
                    ReportColumn::new("待核后可能的名次", 16, true),
                ],
                rows: ranking,
            },
        );
        let ballot = rows(&|number, standing, result| {
            let mut cells = vec![
                number.to_string(),
                standing.unit.to_string(),
                result.unit.secretary.clone().unwrap_or_default(),
            ];
            cells.extend((0..4).map(|_| String::new()));
            cells
        });
        let mut columns = vec![
            ReportColumn::new("序号", 8, true),
            ReportColumn::new("单位", 36, false),
            ReportColumn::new("述职人", 16, true),
        ];
        columns.extend(["好", "较好", "一般", "差"].map(|grade| ReportColumn::new(grade, 10, true)));
        tables.insert(
            format!("测评 {shown}"),
            ReportTable { columns, rows: ballot, by_hand: true, ..ReportTable::default() },
        );
    }
    for name in award_names(whole) {
        let inside = whole
            .standings
            .iter()
            .filter(|standing| standing.awards.iter().any(|a| a.award == name && a.place == AwardPlace::In));
        let rows = inside.enumerate().map(|(at, standing)| ReportRow {
            anchor: None,
            cells: vec![(at + 1).to_string(), standing.unit.to_string(), group_name(&standing.group)],
        });
        let table = ReportTable {
            only_linked: false,
            by_hand: false,
            caption: String::new(),
            columns: vec![
                ReportColumn::new("序号", 12, true),
                ReportColumn::new("单位", 58, false),
                ReportColumn::new("组别", 30, true),
            ],
            rows: rows.collect(),
        };
        tables.insert(format!("表彰 {name}"), table);
    }
    tables
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
        only_linked: false,
        by_hand: false,
        caption: String::new(),
        columns: vec![
            ReportColumn::new("序号", 6, true),
            ReportColumn::new("条目", 8, true),
            ReportColumn::new("要求", 18, false),
            ReportColumn::new("没有记录的期间", 24, false),
            ReportColumn::new("涉及分值", 9, true),
            ReportColumn::new("怎样处理", 24, false),
        ],
        rows,
    }
}
