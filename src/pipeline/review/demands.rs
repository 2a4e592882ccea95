//! The sheet 核对: what a person decided about demands without record.
//!
//! Every demand without record stands in it with an empty 结论. A conclusion that was entered is kept
//! at every later run, also where the demand has meanwhile been met or the unit is gone.

use super::super::cases::{Case, Cases, Part};
use super::super::form::FormRow;
use super::super::settings::day;
use super::{Asked, order_of};
use crate::error::Error;
use crate::model::{
    Align, Cell, CellStyle, Column, Date, Finding, ItemId, Place, Question, Requirement, RequirementId,
    Sheet, State, Subject, UnitResult, Verdict, rules,
};
use std::collections::{BTreeMap, BTreeSet};

/// The sheet's name.
pub(super) const SHEET: &str = "核对";
/// The sheet of answers whose question is gone.
pub(super) const GONE: &str = "已无对应";
/// Its columns, those that must be there first.
pub(super) const COLUMNS: [&[&str]; 12] = [
    &["单位"],
    &["要求编号"],
    &["期间"],
    &["结论", "核实结论"],
    &["依据或说明", "说明", "备注"],
    &["开展日期"],
    &["要求"],
    &["目前状态"],
    &["可能相关的活动"],
    &["序号"],
    &["影响"],
    &["涉及分"],
];
/// How many of them must be there.
pub(super) const REQUIRED: usize = 4;
/// Places of columns in [`COLUMNS`].
const VERDICT: usize = 3;
const DATE: usize = 5;

/// One entry that a person has filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// 结论, as written.
    pub verdict: String,
    /// 依据或说明, as written.
    pub note: String,
    /// 开展日期, as written.
    pub date: String,
    /// Where the conclusion stands.
    pub place: Place,
    date_place: Place,
}

/// Unit, check and label of the period.
pub type Key = (String, String, String);

/// What the review sheet holds, as written; more than one entry where the same line stands there again.
pub type Entries = BTreeMap<Key, Vec<Entry>>;

/// The entries of the sheet's rows; rows in which nothing was filled in are left out.
pub(super) fn entries(rows: &[FormRow]) -> Entries {
    let mut entries = Entries::new();
    for row in rows {
        let [unit, requirement, period, verdict, note, date] =
            [0, 1, 2, VERDICT, 4, DATE].map(|at| row.text(at).to_owned());
        if verdict.is_empty() && note.is_empty() && date.is_empty() {
            continue;
        }
        let entry = Entry { verdict, note, date, place: row.cell(VERDICT), date_place: row.cell(DATE) };
        let known = entries.entry((unit, requirement, period)).or_default();
        let says = |entry: &Entry| (entry.verdict.clone(), entry.note.clone(), entry.date.clone());
        if known.iter().all(|other| says(other) != says(&entry)) {
            known.push(entry);
        }
    }
    entries
}

/// An activity that a person has stated as held, with its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The requirement whose evidence it is.
    pub evidence: RequirementId,
    /// Its item.
    pub item: ItemId,
    /// The name of the demand.
    pub name: String,
    /// The day.
    pub date: Date,
    /// 依据或说明.
    pub note: String,
    /// Where it is stated.
    pub place: Place,
}

/// What persons decided about one unit.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    /// By check and index of the period.
    pub verdicts: BTreeMap<(RequirementId, u32), Verdict>,
    /// Activities that they stated.
    pub held: Vec<Held>,
}

/// The decisions about one unit; what cannot be understood is told and left as it is.
pub fn verdicts(
    entries: &Entries,
    unit: &str,
    checks: &[Requirement],
    year: i32,
    findings: &mut Vec<Finding>,
) -> Decided {
    let mut decided = Decided::default();
    let from = (unit.to_owned(), String::new(), String::new());
    for (key, found) in entries.range(from..).take_while(|((name, ..), _)| name == unit) {
        let (_, requirement, period) = key;
        let refuse = |place: &Place, what: String| {
            let message = format!("“{unit}”{requirement}“{period}”一行没有采用：{what}");
            Finding::at(&rules::BAD_VERDICT, place, message)
        };
        let concluded: Vec<&Entry> = found.iter().filter(|entry| !entry.verdict.is_empty()).collect();
        if let [first, others @ ..] = concluded.as_slice()
            && others.iter().any(|other| (&other.verdict, &other.date) != (&first.verdict, &first.date))
        {
            let places: Vec<String> = concluded.iter().map(|entry| entry.place.a1()).collect();
            let what = format!("同一期间写了不同的结论（{}），请只留一种", places.join("、"));
            findings.extend(concluded.iter().map(|entry| refuse(&entry.place, what.clone())));
            continue;
        }
        for entry in found.iter().filter(|entry| entry.verdict.is_empty() && !entry.date.is_empty()) {
            let what = format!("写了开展日期“{}”，没有写结论。请在“结论”里选“已开展”", entry.date);
            findings.push(refuse(&entry.place, what));
        }
        let Some(entry) = concluded.first() else { continue };
        match understood(entry, requirement, period, checks, year) {
            Ok((id, index, verdict, held)) => {
                decided.verdicts.insert((id, index), verdict);
                decided.held.extend(held);
            }
            Err((place, what)) => findings.push(refuse(&place, what)),
        }
    }
    decided
}

/// What an entry says: the check, the period, the verdict, and the activity where a day is stated.
type Understood = (RequirementId, u32, Verdict, Option<Held>);

fn understood(
    entry: &Entry,
    requirement: &str,
    period: &str,
    checks: &[Requirement],
    year: i32,
) -> Result<Understood, (Place, String)> {
    let wrong = |what: String| (entry.place.clone(), what);
    let verdict = verdict(&entry.verdict)
        .ok_or_else(|| wrong(format!("结论“{}”应为 已开展、未开展 或 不适用", entry.verdict)))?;
    let check = checks.iter().find(|check| check.id.as_str() == requirement);
    let check = check.ok_or_else(|| wrong("没有这个编号的要求".to_owned()))?;
    let labels: Vec<String> = (0..check.period.per_year()).map(|index| check.period.label(index)).collect();
    let at = labels.iter().position(|label| label == period).and_then(|at| u32::try_from(at).ok());
    let index = at.ok_or_else(|| wrong(format!("期间应为{}之一", labels.join("、"))))?;
    if entry.date.is_empty() {
        return Ok((check.id.clone(), index, verdict, None));
    }
    let bad = |what: String| (entry.date_place.clone(), what);
    if verdict != Verdict::Held {
        return Err(bad(format!("结论是“{}”，又写了开展日期“{}”", entry.verdict, entry.date)));
    }
    let date = day(&entry.date)
        .ok_or_else(|| bad(format!("开展日期“{}”看不懂，请写成 {year}-03-15", entry.date)))?;
    let (first, last) = check.period.months(index);
    if date.year() != year || date.month() < first || date.month() > last {
        return Err(bad(format!("开展日期“{}”不在{year}年{period}", entry.date)));
    }
    let held = Held {
        evidence: check.evidence().clone(),
        item: check.item.clone(),
        name: check.name.clone(),
        date,
        note: entry.note.clone(),
        place: entry.date_place.clone(),
    };
    Ok((check.id.clone(), index, verdict, Some(held)))
}

fn verdict(text: &str) -> Option<Verdict> {
    match text {
        "已开展" | "有" | "开展" => Some(Verdict::Held),
        "未开展" | "没有" | "无" => Some(Verdict::NotHeld),
        "不适用" => Some(Verdict::NotApplicable),
        _ => None,
    }
}

/// In a run over many units, so many open demands are listed.
pub(super) const MOST_OPEN: usize = 5000;

/// The column of the activities that may be meant, before the rows are numbered.
const ACTIVITIES: usize = 7;

/// A row of the sheet before it is in its order.
struct Line<'a> {
    order: usize,
    cells: Vec<Cell>,
    question: Option<&'a Question>,
    /// The unit, as an index into the results, and its activities that may be meant.
    unit: usize,
    activities: Vec<usize>,
}

/// The sheets to be written: every open demand in the order of what it can change, with every entry that a
/// person has made; entries whose demand is gone on a sheet of their own.
///
/// # Errors
/// Where a unit cannot be taken from the shelf.
pub(super) fn sheets(
    cases: Cases<'_>,
    entries: &Entries,
    asked: &Asked<'_>,
    title: &str,
) -> Result<(Sheet, Option<Sheet>), Error> {
    let mut left = entries.clone();
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut unlisted = 0;
    let look = |_: usize, case: &Case<'_>| open_demands(&case.result, entries, asked, cases.aside.is_some());
    cases.each(Part::Judged, look, |unit, (demands, skipped)| {
        unlisted += skipped;
        for Open { key, name, state, activities, order, question } in demands {
            let found = left.remove(&key).unwrap_or_default();
            let blank = [None];
            let shown = found.iter().map(Some).collect::<Vec<_>>();
            for entry in if shown.is_empty() { &blank[..] } else { &shown } {
                let cells = row(&key, &name, state, *entry, question);
                lines.push(Line { order, cells, question, unit, activities: activities.clone() });
            }
        }
    })?;
    fill_activities(&mut lines, cases)?;
    lines.sort_by_key(|line| line.order);
    let decides =
        lines.iter().filter_map(|line| line.question).filter(|q| q.weight <= crate::model::Stake::MayDecide);
    let decides = decides.count();
    let mut rows: Vec<Vec<Cell>> = lines.into_iter().map(|line| line.cells).collect();
    let mut gone: Vec<Vec<Cell>> = Vec::new();
    for (key, found) in &left {
        let cells = |entry| row(key, "", "本次运行中没有这一项", Some(entry), None);
        gone.extend(found.iter().map(cells));
    }
    for rows in [&mut rows, &mut gone] {
        for (number, row) in rows.iter_mut().enumerate() {
            row.insert(0, Cell::count(i64::try_from(number + 1).unwrap_or(i64::MAX)));
        }
    }
    let first = if decides == 0 {
        "这里按对结果的影响排列。".to_owned()
    } else {
        format!("这里按对结果的影响排列，最前面的{decides}项可能改变表彰结果，请先核。")
    };
    let rest = if unlisted == 0 {
        String::new()
    } else {
        format!(
            "单位很多，只列影响最大的，另有{unlisted}项没有列出，见各单位的评分表。要对没有列出的下结论，照样子在最后加一行，写明单位、要求编号和期间。"
        )
    };
    let sheet = Sheet {
        name: SHEET.into(),
        title: title.to_owned(),
        notes: vec![
            "请只填“结论”“开展日期”“依据或说明”三列，其他列由程序生成。结论为 已开展、未开展 或 不适用，留空表示还没有核实；已开展的请尽量写开展日期和依据。".into(),
            format!("填好保存后再运行一次，分数和名次随之更新。填过的内容每次运行都会保留。活动对应哪一条目，在工作表“活动对应”里核。{first}{rest}"),
        ],
        columns: vec![
            Column::new("序号", 6, Align::Centre),
            Column::new("影响", 12, Align::Left),
            Column::new("涉及分", 8, Align::Right),
            Column::new("单位", 26, Align::Left),
            Column::new("要求编号", 10, Align::Centre),
            Column::new("要求", 20, Align::Left),
            Column::new("期间", 9, Align::Centre),
            Column::new("目前状态", 14, Align::Centre),
            Column::new("可能相关的活动", 36, Align::Left),
            Column::new("结论", 11, Align::Centre).choosing(&["已开展", "未开展", "不适用"]),
            Column::new("开展日期", 12, Align::Centre),
            Column::new("依据或说明", 30, Align::Left),
        ],
        rows,
        frozen: 4,
        filter: true,
        landscape: true,
        ..Sheet::default()
    };
    let gone = (!gone.is_empty()).then(|| Sheet {
        name: GONE.into(),
        notes: vec![
            "这些结论在本次材料中找不到对应的单位、要求或期间，没有采用，原样保留；材料恢复后会自动采用。不再需要的，可以删去整行。".into(),
        ],
        rows: gone,
        ..sheet.clone()
    });
    Ok((sheet, gone))
}

/// Writes into the lines which activities may be meant.
fn fill_activities(lines: &mut [Line<'_>], cases: Cases<'_>) -> Result<(), Error> {
    let mut by_unit: BTreeMap<usize, Vec<&mut Line<'_>>> = BTreeMap::new();
    for line in lines.iter_mut().filter(|line| !line.activities.is_empty()) {
        by_unit.entry(line.unit).or_default().push(line);
    }
    for (unit, lines) in by_unit {
        let Some(case) = cases.part(unit, Part::Recorded)? else { continue };
        for line in lines {
            let meant = line.activities.iter().filter_map(|at| case.result.activities.get(*at));
            let told = meant.take(3).map(|activity| format!("{}（{}）", activity.title, activity.place));
            let told: Vec<String> = told.collect();
            if let Some(cell) = line.cells.get_mut(ACTIVITIES) {
                *cell = Cell::text(told.join("\n"));
            }
        }
    }
    Ok(())
}

/// A demand that is open, or on which a person has made an entry.
struct Open<'a> {
    key: Key,
    name: String,
    state: &'static str,
    /// Those that may be meant.
    activities: Vec<usize>,
    order: usize,
    question: Option<&'a Question>,
}

/// The demands of a unit that are listed, and how many open ones are not because so `many` weigh more.
fn open_demands<'a>(
    result: &UnitResult,
    entries: &Entries,
    asked: &Asked<'a>,
    many: bool,
) -> (Vec<Open<'a>>, usize) {
    // What is asked name by name is not asked as a whole too.
    let each: BTreeSet<&str> = result
        .card
        .checks
        .iter()
        .filter(|check| check.evidence == check.id)
        .filter_map(|check| check.id.as_str().split_once('·').map(|(base, _)| base))
        .collect();
    let (mut demands, mut unlisted) = (Vec::new(), 0);
    for check in &result.card.checks {
        for due in &check.dues {
            let is_open = due.owed && due.state == State::Unverified && !each.contains(check.id.as_str());
            if !is_open && entries.is_empty() {
                continue;
            }
            let key = (result.unit.name.to_string(), check.id.to_string(), due.label.clone());
            let entered = entries.contains_key(&key);
            if !is_open && !entered {
                continue;
            }
            let (order, question) =
                order_of(asked, &result.unit.name, &Subject::Due(check.id.clone(), due.index));
            if !entered && many && order >= MOST_OPEN {
                unlisted += 1;
                continue;
            }
            demands.push(Open {
                key,
                name: check.name.clone(),
                state: due.state.as_str(),
                activities: due.open.clone(),
                order,
                question,
            });
        }
    }
    (demands, unlisted)
}

/// How many entries find a demand of this unit.
#[must_use]
pub fn with_demand(result: &UnitResult, entries: &Entries) -> usize {
    let unit = &*result.unit.name;
    let own = entries.range((unit.to_owned(), String::new(), String::new())..).map(|(key, _)| key);
    let asked = |(_, id, label): &&Key| {
        let mut checks = result.card.checks.iter().filter(|check| check.id.as_str() == id);
        checks.any(|check| check.dues.iter().any(|due| due.label == *label))
    };
    own.take_while(|(named, ..)| named == unit).filter(asked).count()
}

fn row(key: &Key, name: &str, state: &str, entry: Option<&Entry>, question: Option<&Question>) -> Vec<Cell> {
    let (unit, requirement, period) = key;
    vec![
        Cell::text(question.map_or("", |question| question.weight.as_str())),
        question.map_or_else(Cell::default, |question| Cell::points(question.stake)),
        Cell::text(unit.as_str()),
        Cell::text(requirement.as_str()),
        Cell::text(name),
        Cell::text(period.as_str()),
        Cell::text(state).style(CellStyle::Muted),
        Cell::text(""),
        Cell::text(entry.map_or("", |entry| entry.verdict.as_str())),
        Cell::text(entry.map_or("", |entry| entry.date.as_str())),
        Cell::text(entry.map_or("", |entry| entry.note.as_str())),
    ]
}
