//! The sheet 活动对应 as it is written: what is open first, then what a person has decided.

use super::super::cases::{Case, Cases, Part};
use super::rows::{DOUBTFUL, LINKED, NO_ITEM, Row};
use super::settle::{Placed, alike, content, kind};
use super::{Asked, order_of};
use crate::error::Error;
use crate::model::{
    Align, Cell, CellStyle, Column, Counted, Decision, Match, Question, Ruling, Sheet, Subject, UnitResult,
};
use std::collections::{BTreeMap, BTreeSet};

/// The sheet's name.
pub(super) const SHEET: &str = "活动对应";
/// Most rows that are listed for a decision; decided rows come on top of them.
const MOST_OPEN: usize = 2000;
/// Blank rows at the end, for rows that a person adds.
const BLANK_ROWS: usize = 20;
/// How many sentences tell why.
const SENTENCES: usize = 2;

/// The column of the conclusion; the items to which it is changed stand in the next.
const VERDICT: usize = 8;

/// A line of the sheet before it is in its order.
struct Line<'a> {
    order: Order,
    /// The unit, as an index into the results.
    unit: Option<usize>,
    activities: Vec<usize>,
    entry: Option<(&'a Row, &'a Placed)>,
    question: Option<&'a Question>,
    /// The question's place in the order of what it can change.
    asked: usize,
}

impl Line<'_> {
    /// Whether it waits for a person and nobody has written anything.
    fn is_open(&self) -> bool {
        self.entry.is_none() && matches!(self.order, Order::Doubtful(_) | Order::WithoutItem(_))
    }

    fn key(&self) -> (u8, usize, Order) {
        let class = match self.order {
            Order::Refused => 0,
            Order::Doubtful(_) | Order::WithoutItem(_) => 1,
            Order::Adopted => 2,
            Order::Elsewhere => 3,
        };
        (class, self.asked, self.order)
    }
}

/// Lines in their order, of the open ones so many as are listed at most; how many open ones fell away.
fn listed(lines: &mut Vec<Line<'_>>) -> usize {
    lines.sort_by_key(Line::key);
    let before = lines.len();
    let mut room = MOST_OPEN;
    lines.retain(|line| {
        let listed = !line.is_open() || room > 0;
        room = room.saturating_sub(usize::from(line.is_open()));
        listed
    });
    before - lines.len()
}

/// Refused decisions, then what is open (doubtful by falling confidence, then without item by falling
/// nearness), then what was adopted, then what means no row of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Refused,
    Doubtful(std::cmp::Reverse<u16>),
    WithoutItem(std::cmp::Reverse<u16>),
    Adopted,
    Elsewhere,
}

/// The sheet to be written.
///
/// # Errors
/// Where a unit cannot be taken from the shelf.
pub(super) fn sheet(
    cases: Cases<'_>,
    entries: &[Row],
    placed: &[Placed],
    asked: &Asked<'_>,
    title: String,
) -> Result<Sheet, Error> {
    let mut lines = Vec::new();
    let mut by_activity: BTreeMap<(&str, usize), Vec<&Placed>> = BTreeMap::new();
    for placed in placed {
        match &placed.means {
            Some((unit, activity)) => by_activity.entry((unit, *activity)).or_default().push(placed),
            None => lines.extend(entries.get(placed.row).map(|row| Line {
                order: Order::Elsewhere,
                unit: None,
                activities: Vec::new(),
                entry: Some((row, placed)),
                question: None,
                asked: usize::MAX,
            })),
        }
    }
    let mut unlisted = 0;
    let look = |_: usize, case: &Case<'_>| -> Vec<(Vec<usize>, Option<Order>)> {
        let groups = alike(&case.result.activities).into_iter();
        groups
            .map(|activities| {
                let open = open(&case.result, &activities);
                (activities, open)
            })
            .collect()
    };
    cases.each(Part::Recorded, look, |unit, groups| {
        let Some(name) = cases.results.get(unit).map(|brief| &brief.unit.name) else { return };
        for (activities, open) in groups {
            let written: Vec<&Placed> =
                activities.iter().filter_map(|at| by_activity.remove(&(&**name, *at))).flatten().collect();
            let (turn, question) = activities
                .iter()
                .map(|at| order_of(asked, name, &Subject::Match(*at)))
                .min_by_key(|(turn, _)| *turn)
                .unwrap_or((usize::MAX, None));
            let entered = distinct(entries, &written);
            if entered.is_empty()
                && let Some(order) = open
            {
                lines.push(Line { order, unit: Some(unit), activities, entry: None, question, asked: turn });
                continue;
            }
            for (row, placed) in entered {
                let order = match open {
                    _ if !placed.refused.is_empty() => Order::Refused,
                    Some(order) if placed.ruling.is_none() => order,
                    _ => Order::Adopted,
                };
                lines.push(Line {
                    order,
                    unit: Some(unit),
                    activities: activities.clone(),
                    entry: Some((row, placed)),
                    question,
                    asked: turn,
                });
            }
        }
        if lines.len() > 4 * MOST_OPEN {
            unlisted += listed(&mut lines);
        }
    })?;
    unlisted += listed(&mut lines);
    let all = unlisted + lines.iter().filter(|line| line.is_open()).count();
    let mut rows: Vec<Vec<Cell>> = vec![Vec::new(); lines.len()];
    let mut by_unit: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        by_unit.entry(line.unit).or_default().push(at);
    }
    for (unit, own) in by_unit {
        let shown: BTreeSet<usize> =
            own.iter().filter_map(|at| lines.get(*at)?.activities.first().copied()).collect();
        let case = unit.map(|unit| cases.told_where(unit, |at| shown.contains(&at))).transpose()?.flatten();
        for at in own {
            if let (Some(line), Some(row)) = (lines.get(at), rows.get_mut(at)) {
                *row = cells(line, case.as_ref().map(|case| &*case.result));
            }
        }
    }
    rows.extend(std::iter::repeat_n(Vec::new(), BLANK_ROWS));
    Ok(Sheet {
        name: SHEET.into(),
        title,
        notes: notes(all),
        columns: columns(),
        rows,
        frozen: 1,
        filter: true,
        landscape: true,
        ..Sheet::default()
    })
}

/// The rows of a person that mean one activity, without those that say the same once more.
fn distinct<'a>(entries: &'a [Row], written: &[&'a Placed]) -> Vec<(&'a Row, &'a Placed)> {
    let mut distinct: Vec<(&Row, &Placed)> = Vec::new();
    for placed in written {
        let Some(row) = entries.get(placed.row) else { continue };
        let says = |row: &Row| [row.verdict(), row.items(), row.note()].map(str::to_owned);
        let again = distinct.iter().any(|(other, first)| {
            says(other) == says(row) && first.refused.is_empty() && placed.refused.is_empty()
        });
        if !again {
            distinct.push((row, placed));
        }
    }
    distinct
}

/// Whether an activity waits for a person, and how urgently.
fn open(result: &UnitResult, activities: &[usize]) -> Option<Order> {
    let counted = |at: &&usize| result.counted.get(**at) == Some(&Counted::Yes);
    let at = *activities.iter().find(counted)?;
    if result.rulings.get(at).is_some_and(Option::is_some) {
        return None;
    }
    let matches = result.matches.get(at)?;
    if matches.is_empty() {
        let next = result.next.get(at).and_then(Option::as_ref);
        return Some(Order::WithoutItem(std::cmp::Reverse(next.map_or(0, |next| next.confidence))));
    }
    let doubtful = matches.iter().filter(|found| found.decision == Decision::Review);
    doubtful.map(|found| found.confidence).max().map(|most| Order::Doubtful(std::cmp::Reverse(most)))
}

fn cells(line: &Line<'_>, result: Option<&UnitResult>) -> Vec<Cell> {
    let first = line.activities.first().copied();
    let activity = result.zip(first).and_then(|(result, at)| result.activities.get(at));
    let row = line.entry.map(|(row, _)| row);
    let mut cells: Vec<Cell> = match (result, activity, row) {
        (Some(result), Some(activity), _) => vec![
            Cell::text(&*result.unit.name),
            // A row is known again by the day that stands in the ledger, not by the corrected one.
            Cell::text(match row.filter(|row| !row.corrected().is_empty()) {
                Some(row) => row.date().to_owned(),
                None => activity.date.display(),
            }),
            Cell::text(kind(activity)),
            Cell::text(&*activity.title),
            Cell::text(content(activity)),
        ],
        (_, _, Some(row)) => {
            [row.unit(), row.date(), row.kind(), row.title(), row.content()].map(Cell::text).into()
        }
        _ => Vec::new(),
    };
    let (matches, next) = result.zip(first).map_or((&[][..], None), |(result, at)| {
        let matches = result.matches.get(at).map_or(&[][..], Vec::as_slice);
        (matches, result.next.get(at).and_then(Option::as_ref))
    });
    // What a person saw when deciding stays as it was: a 确认 confirms that and nothing else.
    let proposed = match row.filter(|row| !row.verdict().is_empty() || activity.is_none()) {
        Some(row) => row.proposed().to_owned(),
        None => proposed(matches),
    };
    cells.push(Cell::text(proposed));
    cells.push(why(line, matches, next));
    cells.push(Cell::text(next.map_or_else(String::new, |next| format!("{} {}", next.item, next.surety()))));
    let entered = |text: fn(&Row) -> &str| Cell::text(row.map_or("", text));
    cells.extend([entered(Row::verdict), entered(Row::items), entered(Row::corrected), entered(Row::note)]);
    cells.push(Cell::text(match activity {
        Some(activity) if line.activities.len() > 1 => {
            format!("{}等{}处", activity.place, line.activities.len())
        }
        Some(activity) => activity.place.to_string(),
        None => row.map_or_else(String::new, |row| row.source().to_owned()),
    }));
    cells.push(Cell::text(line.question.map_or("", |question| question.weight.as_str())));
    cells.push(line.question.map_or_else(Cell::default, |question| Cell::points(question.stake)));
    cells
}

/// The items that the program proposes, links and doubtful ones told apart.
fn proposed(matches: &[Match]) -> String {
    let told = |wanted: Decision, word: &str| {
        let items: Vec<String> = matches
            .iter()
            .filter(|found| found.decision == wanted)
            .map(|found| format!("{}（{}）", found.item, found.surety()))
            .collect();
        (!items.is_empty()).then(|| format!("{word}：{}", items.join("、")))
    };
    let lines: Vec<String> =
        [told(Decision::Link, LINKED), told(Decision::Review, DOUBTFUL)].into_iter().flatten().collect();
    if lines.is_empty() { NO_ITEM.to_owned() } else { lines.join("\n") }
}

/// Why the program proposes what it does; for a decision, what became of it.
fn why(line: &Line<'_>, matches: &[Match], next: Option<&Match>) -> Cell {
    if let Some((_, placed)) = line.entry {
        match &placed.ruling {
            _ if line.activities.is_empty() => {
                return Cell::text(&*placed.refused).style(CellStyle::Muted);
            }
            _ if !placed.refused.is_empty() => {
                return Cell::text(format!("没有采用：{}", placed.refused)).style(CellStyle::Bad);
            }
            Some((_, items)) if items.is_empty() => {
                return Cell::text("已采用：不算任何条目").style(CellStyle::Good);
            }
            Some((_, items)) => {
                let names: Vec<&str> = items.iter().map(crate::model::ItemId::as_str).collect();
                return Cell::text(format!("已采用：{}", names.join("、"))).style(CellStyle::Good);
            }
            None => {}
        }
    }
    let doubtful = matches.iter().find(|found| found.decision == Decision::Review);
    let told = doubtful.or(matches.first()).or(next);
    let sentences: Vec<&str> = told
        .map_or(&[][..], |found| &found.evidence)
        .iter()
        .filter(|evidence| evidence.weight > 0)
        .take(SENTENCES)
        .map(|evidence| evidence.sentence.as_str())
        .collect();
    Cell::text(sentences.join("\n"))
}

fn notes(open: usize) -> Vec<String> {
    let mut notes = vec![
        "请只填“结论”“改为条目”“更正日期”“依据或说明”四列，其他列由程序生成。结论写 确认：程序的判断里列出的条目（包括待核的）全部算数，不多不少；改为：只算“改为条目”里写的条目或要求（如 ZB-3 或 ZB-3a）；不是佐证：不算任何条目。留空表示还没有核。".to_owned(),
        "填好保存后再运行一次，结论压过程序的判断，每次运行都会保留。核了一批以后运行 shuzhi learn 文件夹，程序会照着学，同样写法的活动不用一条一条改。".to_owned(),
    ];
    let left = open.saturating_sub(MOST_OPEN);
    let listed = if left == 0 {
        format!("这里列出把握不够的和没有对应条目的活动，共{open}项。")
    } else {
        format!(
            "把握不够的和没有对应条目的活动共{open}项，这里列出最要紧的{MOST_OPEN}项，还有{left}项没有列出。"
        )
    };
    notes.push(format!(
        "{listed}程序已经认定的活动也可以改：从排名表“活动清单”把单位、日期、活动名称、活动内容抄到本表最后的空行里，再写“改为”或“不是佐证”。"
    ));
    notes
}

fn columns() -> Vec<Column> {
    let mut columns: Vec<Column> = [
        ("单位", 19, Align::Left),
        ("日期", 11, Align::Centre),
        ("类型", 11, Align::Centre),
        ("活动名称", 24, Align::Left),
        ("活动内容", 28, Align::Left),
        ("程序的判断", 19, Align::Left),
        ("理由", 38, Align::Left),
        ("其次", 11, Align::Centre),
        ("结论", 10, Align::Centre),
        ("改为条目", 11, Align::Centre),
        ("更正日期", 11, Align::Centre),
        ("依据或说明", 18, Align::Left),
        ("出处", 24, Align::Left),
    ]
    .map(|(title, width, align)| Column::new(title, width, align))
    .into();
    if let Some(verdict) = columns.get_mut(VERDICT) {
        verdict.choices = Ruling::ALL.map(|ruling| ruling.as_str().to_owned()).into();
    }
    if let Some(items) = columns.get_mut(VERDICT + 1) {
        items.prompt = String::from("结论是“改为”时填写，如 ZB-3、ZB-4，几个条目用“、”隔开。");
    }
    columns
}
