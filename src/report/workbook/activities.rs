//! The sheet 活动清单: every activity with what it proves and where it was read.

use super::{Overview, column};
use crate::model::{
    Activity, Align, Cell, CellStyle, Counted, Decision, Match, Precision, Ruling, Sheet, Value,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The sheet, and the first row of each unit.
pub(super) fn sheet(overview: &Overview<'_>) -> (Sheet, BTreeMap<Arc<str>, usize>) {
    let mut rows = Vec::new();
    let mut first = BTreeMap::new();
    for result in overview.results {
        for ((activity, matches), counted) in
            result.activities.iter().zip(&result.matches).zip(&result.counted)
        {
            first.entry(result.unit.name.clone()).or_insert(rows.len());
            let at = rows.len() - first.get(&result.unit.name).copied().unwrap_or_default();
            let told = Told {
                matches,
                next: result.next.get(at).and_then(Option::as_ref),
                ruling: result.rulings.get(at).copied().flatten(),
            };
            rows.push(row(&result.unit.name, activity, told, status(*counted, activity, &result.activities)));
        }
    }
    let sheet = Sheet {
        name: "活动清单".into(),
        title: "全部活动及对应条目".into(),
        notes: vec!["“对应条目”为程序认定并计分的条目；“待核条目”把握不够，没有计分。把握是排在最前的条目的把握；依据每条目列最主要的一个理由，全部理由用 shuzhi explain 查看。“其次”是排在后面、没有认定的条目和它的把握；没有对应条目的活动，就是最接近的条目。“人工”是核对表里定下来的。".into()],
        columns: vec![
            column("单位", 22, Align::Left),
            column("日期", 13, Align::Centre),
            column("类型", 14, Align::Centre),
            column("活动名称", 34, Align::Left),
            column("内容", 38, Align::Left),
            column("实到", 7, Align::Right),
            column("应到", 7, Align::Right),
            column("时长（小时）", 8, Align::Right),
            column("主持或主讲", 11, Align::Centre),
            column("计入情况", 14, Align::Centre),
            column("对应条目", 11, Align::Centre),
            column("待核条目", 11, Align::Centre),
            column("把握", 8, Align::Right),
            column("其次", 11, Align::Centre),
            column("依据", 40, Align::Left),
            column("文件", 26, Align::Left),
            column("工作表", 12, Align::Left),
            column("单元格", 9, Align::Centre),
        ],
        rows,
        frozen: 4,
        filter: true,
        landscape: true,
        ..Sheet::default()
    };
    (sheet, first)
}

/// What is told about the items of an activity.
#[derive(Clone, Copy)]
struct Told<'a> {
    matches: &'a [Match],
    next: Option<&'a Match>,
    ruling: Option<Ruling>,
}

fn row(unit: &str, activity: &Activity, told: Told<'_>, status: Cell) -> Vec<Cell> {
    let Told { matches, next, ruling } = told;
    let number = |n: Option<u32>| n.map_or_else(Cell::default, Cell::count);
    let items = |decision: Decision| {
        let items: Vec<&str> =
            matches.iter().filter(|m| m.decision == decision).map(|m| m.item.as_str()).collect();
        Cell::text(items.join("、"))
    };
    let best = matches.first();
    let mut evidence: Vec<&str> = matches
        .iter()
        .filter_map(|m| m.evidence.first())
        .map(|evidence| evidence.sentence.as_str())
        .collect();
    evidence.dedup();
    if ruling == Some(Ruling::NoProof) {
        evidence.push("核对表：不是佐证");
    }
    let surety = match best {
        _ if ruling.is_some() => Cell::text("人工"),
        Some(best) => Cell { value: Value::Rate(u32::from(best.confidence), 1000), ..Cell::default() },
        None => Cell::default(),
    };
    let date = match (activity.date.precision, activity.date.start, activity.date.end) {
        (Precision::Day, Some(start), Some(end)) if start == end => {
            Cell { value: Value::Date(start), ..Cell::default() }
        }
        _ => Cell::text(activity.date.display()),
    };
    let date = if activity.date.valid { date } else { date.style(CellStyle::Bad) };
    let hours = activity
        .hours()
        .map_or_else(Cell::default, |hours| Cell { value: Value::Decimal(hours), ..Cell::default() });
    vec![
        Cell::text(unit),
        date,
        Cell::text(activity.kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")),
        Cell::text(&*activity.title),
        Cell::text(activity.description.as_deref().unwrap_or_default()),
        number(activity.attended),
        number(activity.expected),
        hours,
        Cell::text(activity.host.as_deref().unwrap_or_default()),
        status,
        items(Decision::Link),
        doubtful(items(Decision::Review)),
        surety,
        Cell::text(next.map_or_else(String::new, |next| format!("{} {}", next.item, next.surety()))),
        Cell::text(evidence.join("\n")),
        Cell::text(&*activity.place.file),
        Cell::text(&*activity.place.sheet),
        Cell::text(activity.place.a1()),
    ]
}

/// Whether an activity counts; one that repeats another says where that stands.
fn status(counted: Counted, activity: &Activity, activities: &[Activity]) -> Cell {
    let word = counted.as_str();
    let Counted::Duplicate(other) = counted else {
        let status = Cell::text(word);
        return if counted == Counted::Yes { status } else { status.style(CellStyle::Muted) };
    };
    let other = activities.get(other).map(|other| &other.place);
    let at = other.map_or_else(String::new, |other| {
        if other.file != activity.place.file {
            format!("，同{other}")
        } else if other.sheet != activity.place.sheet {
            format!("，同〔{}〕{}", other.sheet, other.a1())
        } else {
            format!("，同{}", other.a1())
        }
    });
    Cell::text(format!("{word}{at}")).style(CellStyle::Muted)
}

/// A cell that asks for a look, where there is something in it.
fn doubtful(cell: Cell) -> Cell {
    if cell.value == Value::Blank { cell } else { cell.style(CellStyle::Doubtful) }
}
