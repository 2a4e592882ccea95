//! The book 三会一课统计表: unit by kind by month, and how many periods were kept.

use super::live::terms::{at, call, choose, criterion, derived, pair, text, times};
use super::months::{colours, shown_of};
use super::{ListRules, Made, Overview, column};
use crate::model::{
    Align, Book, Cached, Cell, CellStyle, Chart, ChartKind, CheckScore, Column, Expr, Function, NumberLook,
    Op, Period, Series, Sheet, Spot, UnitName, UnitResult, Value,
};
use std::collections::BTreeMap;

/// The forms of activity that the book counts, as the seeds name them, and what each is called.
const KINDS: [(&str, &str); 5] = [
    ("党员大会", "支部党员大会"),
    ("支委会", "支部委员会"),
    ("党小组会", "党小组会"),
    ("党课", "党课"),
    ("主题党日", "主题党日"),
];
const MONTHS: u16 = 3;
const DUE: u16 = 15;
const MET: u16 = 16;
const RATE: u16 = 17;
const NONE: &str = "—";

/// The book.
#[must_use]
pub fn meetings_book(overview: &Overview<'_>) -> Made {
    let lines =
        overview.results.iter().flat_map(|result| meeting_lines(overview.rules, result)).collect::<Vec<_>>();
    meetings_book_of(overview, &lines)
}

/// The book of units whose lines were collected one by one.
#[must_use]
pub fn meetings_book_of(overview: &Overview<'_>, lines: &[MeetingLine]) -> Made {
    let title = format!("{}{}年度三会一课统计表", overview.scope.bureau, overview.scope.year);
    let book = Book {
        sheets: vec![summary(overview, lines, &title), sheet(lines, &title), notes()],
        title,
        author: overview.scope.bureau.clone(),
        names: Vec::new(),
    };
    Made::finish(book, true)
}

/// A unit and a kind of meeting, month by month.
#[derive(Debug, Clone)]
pub struct MeetingLine {
    unit: UnitName,
    group: String,
    kind: usize,
    minimum: u32,
    months: [Option<Cached>; 12],
}

/// The lines of a unit: one for each kind for which its list has a check.
#[must_use]
pub fn meeting_lines(rules: &[ListRules], result: &UnitResult) -> Vec<MeetingLine> {
    let mut lines = Vec::new();
    let rules = rules.iter().find(|rules| rules.list.id == result.card.list);
    for (kind, (id, _)) in KINDS.iter().enumerate() {
        let asks = |check: &&CheckScore| {
            let requirement = rules.and_then(|rules| rules.requirements.iter().find(|r| r.id == check.id));
            requirement.is_some_and(|r| {
                r.counts.kinds.iter().any(|kind| kind.as_str() == *id)
                    && matches!(r.period, Period::Month | Period::Quarter)
            })
        };
        if let Some(check) = result.card.checks.iter().find(asks) {
            let month = |month: u32| {
                let due = check.dues.iter().find(|due| check.period.months(due.index).1 == month);
                due.map(shown_of)
            };
            lines.push(MeetingLine {
                unit: result.unit.name.clone(),
                group: result.unit.group.clone(),
                kind,
                minimum: check.minimum,
                months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(month),
            });
        }
    }
    lines
}

fn kind_name(kind: usize) -> &'static str {
    KINDS.get(kind).map_or("", |(_, name)| name)
}

fn sheet(lines: &[MeetingLine], title: &str) -> Sheet {
    let rows: Vec<Vec<Cell>> = lines.iter().enumerate().map(|(row, of)| cells(of, row)).collect();
    let mut columns = vec![
        column("组别", 14, Align::Centre),
        column("单位", 28, Align::Left),
        column("形式", 14, Align::Left),
    ];
    columns.extend(
        (1..=12).map(|month| Column {
            group: "开展次数".into(),
            ..column(&format!("{month}月"), 6, Align::Centre)
        }),
    );
    columns.extend(["应开展月份数", "按时开展月份数", "完成率"].map(|title| column(title, 9, Align::Right)));
    let area = Spot::area(0, MONTHS, rows.len().saturating_sub(1), MONTHS + 11);
    Sheet {
        name: "统计".into(),
        title: title.into(),
        notes: vec!["按季度开展的（党课），一季度的次数记在季末月，应开展、按时开展按季度数；“—”是不要求或不用检查的月份，“已核”是核对表中核实开展的。".into()],
        columns,
        highlights: if rows.is_empty() { Vec::new() } else { colours(area) },
        rows,
        frozen: 3,
        filter: true,
        landscape: true,
        protected: true,
        signature: Some("填表：                    审核：                    日期：        年    月    日".into()),
        ..Sheet::default()
    }
}

fn cells(of: &MeetingLine, row: usize) -> Vec<Cell> {
    let mut cells = vec![Cell::text(&*of.group), Cell::text(&*of.unit), Cell::text(kind_name(of.kind))];
    cells.extend(of.months.iter().map(|month| match month {
        Some(Cached::Whole(count)) => Cell::count(*count),
        Some(Cached::Text(word)) => Cell::text(&**word),
        _ => Cell::text(NONE),
    }));
    let months = || at(Spot::area(row, MONTHS, row, MONTHS + 11));
    let each = Expr::Whole(i64::from(of.minimum));
    let due = times(pair(Op::Ne, months(), text(NONE)), Expr::Whole(1));
    let enough = |term| call(Function::CountIf, [months(), term]);
    let met = pair(Op::Add, enough(criterion(Op::Ge, each)), enough(criterion(Op::Eq, text("已核"))));
    let cell = |column: u16| at(Spot::cell(row, column));
    cells.push(derived(call(Function::SumProduct, [due]), NumberLook::Whole));
    cells.push(derived(met, NumberLook::Whole));
    let rate = pair(Op::Div, cell(MET), cell(DUE));
    cells.push(derived(choose(pair(Op::Eq, cell(DUE), Expr::Whole(0)), text(NONE), rate), NumberLook::Share));
    cells
}

/// Units down, kinds across.
fn summary(overview: &Overview<'_>, lines: &[MeetingLine], title: &str) -> Sheet {
    let kinds: Vec<usize> = (0..KINDS.len()).filter(|kind| lines.iter().any(|of| of.kind == *kind)).collect();
    let mut by_unit: BTreeMap<&str, BTreeMap<usize, usize>> = BTreeMap::new();
    for (row, of) in lines.iter().enumerate() {
        by_unit.entry(&*of.unit).or_default().insert(of.kind, row);
    }
    let there = |row: usize, column: u16| at(Spot::cell(row, column).on(1));
    let mut rows: Vec<Vec<Cell>> = overview
        .results
        .iter()
        .map(|result| {
            let mut cells = vec![Cell::text(&*result.unit.group), Cell::text(&*result.unit.name)];
            cells.extend(kinds.iter().map(|kind| {
                let row = by_unit.get(&*result.unit.name).and_then(|rows| rows.get(kind));
                row.map_or_else(
                    || Cell::text(NONE).style(CellStyle::Muted),
                    |row| derived(there(*row, RATE), NumberLook::Share),
                )
            }));
            cells
        })
        .collect();
    let total = rows.len();
    let last = lines.len().saturating_sub(1);
    let mut cells = vec![Cell::text("合计").style(CellStyle::Strong), Cell::default()];
    for kind in &kinds {
        let area = |column: u16| at(Spot::area(0, column, last, column).on(1).fixed());
        let sum = |column: u16| {
            let of_kind = criterion(Op::Eq, text(kind_name(*kind)));
            call(Function::SumIfs, [area(column), area(2), of_kind])
        };
        let none = pair(Op::Eq, sum(DUE), Expr::Whole(0));
        let rate = choose(none, text(NONE), pair(Op::Div, sum(MET), sum(DUE)));
        cells.push(derived(rate, NumberLook::Share).style(CellStyle::Strong));
    }
    rows.push(cells);
    let mut names = vec![Cell::text("形式").style(CellStyle::Muted), Cell::default()];
    names.extend(kinds.iter().map(|kind| Cell::text(kind_name(*kind)).style(CellStyle::Muted)));
    rows.push(names);
    let mut columns = vec![column("组别", 16, Align::Centre), column("单位", 34, Align::Left)];
    columns.extend(kinds.iter().map(|kind| column(kind_name(*kind), 14, Align::Right)));
    let last_kind = u16::try_from(kinds.len()).unwrap_or(0) + 1;
    let chart = Chart {
        kind: ChartKind::Columns,
        title: "各种形式按时完成率".into(),
        row: total + 3,
        col: 0,
        width: 700,
        height: 300,
        series: vec![Series {
            name: "完成率".into(),
            labels: Spot::area(total + 1, 2, total + 1, last_kind),
            values: Spot::area(total, 2, total, last_kind),
            error_bars: None,
        }],
        stacked_invisible_first: false,
        share: true,
        most: None,
    };
    Sheet {
        name: "汇总".into(),
        title: format!("{title}（完成率汇总）"),
        notes: vec!["完成率＝按时开展的期数÷应开展的期数，由“统计”算出。".into()],
        columns,
        rows,
        frozen: 2,
        landscape: false,
        protected: true,
        charts: if kinds.is_empty() { Vec::new() } else { vec![chart] },
        scales: Vec::new(),
        ..Sheet::default()
    }
}

fn notes() -> Sheet {
    let words = [
        "次数取自各单位台账中认定的活动，与排名表“逐项”相同；修改认定、日期请在排名表或评分表中试算，正式改动写进核对表后再运行一次。",
        "每月至少一次的形式按月数，每季度一次的按季度数；一个月开展几次只算这个月按时开展。",
        "本单位成立前、撤销后和数据截至日以后的月份不用检查；按规定不设支部委员会、党小组的单位不列这两种会议。",
        "没有找到记录的月份是待核，不等于没有开展；核实后在核对表写明结论。",
    ];
    Sheet {
        name: "说明".into(),
        title: "怎样统计".into(),
        columns: vec![column("序号", 6, Align::Centre), column("说明", 90, Align::Left)],
        rows: words
            .iter()
            .zip(1_i64..)
            .map(|(words, number)| {
                vec![Cell { value: Value::Count(number), ..Cell::default() }, Cell::text(*words)]
            })
            .collect(),
        protected: true,
        ..Sheet::default()
    }
}
