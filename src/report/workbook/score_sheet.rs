//! The book 评分表 of one unit: line by line what was asked, what was done, and how the points came about.

use super::live;
use super::live::facts::{FactSheets, Facts};
use super::live::places::{LinePlaces, Places, Sheets, check};
use super::live::terms::{Term, at, call, choose, count, pair, points, text};
use super::live::totals::{Part, Totals};
use super::{Made, Overview, column, rules, state};
use crate::formula::rules::End;
use crate::model::{
    Align, Allow, BlockKind, BlockScore, Book, Cached, Cell, CellStyle, Column, EntryRule, Expr, Function,
    LineScore, NumberLook, Op, Points, SchemeBlock, Sheet, SheetLink, Spot, Tally,
};

const POINTS: u16 = 4;
const HIGH: u16 = 12;
const OWN: u16 = 13;
const JUDGED: u16 = 14;
const COUNTED: u16 = 15;
const WIDTH: usize = 17;
/// So many rows still print legibly on one page.
const ONE_PAGE: usize = 40;

/// The book of the one unit that the overview shows.
#[must_use]
pub fn score_book(overview: &Overview<'_>, compare: bool) -> Made {
    let unit = overview.results.first().map_or("", |result| &*result.unit.name);
    let mut facts = Facts::of(overview, true);
    let mut next = 3;
    facts.sheets = FactSheets::number(&facts, &mut next);
    let live = overview.results.iter().all(|result| result.activities.len() <= live::LIVE_OWN_ACTIVITIES);
    let sheets = Sheets { params: next, checks: 1, activities: 2, judged: Some((0, JUDGED)) };
    let places = Places::new(overview, sheets, 0, live, facts);
    let title = format!("{unit}{}年度党建工作考核评分表", overview.scope.year);
    let mut all = vec![
        sheet(overview, &places, &title),
        live::checks::sheet(overview, &places),
        live::activities::sheet(overview, &places, "活动"),
    ];
    all.extend(places.facts.sheets(overview));
    all.push(live::params::sheet(overview, &places.params));
    all.push(rules::sheet(overview));
    let book =
        Book { title, author: overview.scope.bureau.clone(), sheets: all, names: live::names(&places) };
    Made::finish(book, compare)
}

fn sheet(overview: &Overview<'_>, places: &Places, title: &str) -> Sheet {
    let mut rows = Vec::new();
    let mut merges = Vec::new();
    let (Some(score), Some(unit)) = (overview.scores.first(), places.units.first()) else {
        return Sheet::default();
    };
    let starts: Vec<usize> = score
        .blocks
        .iter()
        .scan(0, |row, block| {
            let start = *row;
            *row += block.lines.len() + 1;
            Some(start)
        })
        .collect();
    let subtotal =
        |nth: usize| starts.get(nth).zip(score.blocks.get(nth)).map_or(0, |(start, b)| start + b.lines.len());
    let cell = |nth: usize, part: Part| {
        let column = match part {
            Part::Applicable => POINTS,
            Part::Points(End::Low) => COUNTED,
            Part::Points(End::High) => HIGH,
        };
        at(Spot::cell(subtotal(nth), column))
    };
    let totals = Totals { overview, places, unit, score, cell: &cell };
    let mut number = 0;
    for (nth, (block_score, block_places)) in score.blocks.iter().zip(&unit.blocks).enumerate() {
        let Some(block) = overview.scheme.blocks.iter().find(|block| block.id == block_score.block) else {
            continue;
        };
        let first = rows.len();
        for (line, line_places) in block_score.lines.iter().zip(&block_places.lines) {
            number += 1;
            rows.push(line_cells(overview, places, number, block, line, line_places));
        }
        merges.push((first, rows.len(), 1));
        rows.push(subtotal_cells(&totals, nth, block, block_score));
    }
    let ends = rows.len();
    let mut line = |label: &str, low: Cell, high: Cell, remark: &str| {
        let mut cells = vec![Cell::default(); WIDTH];
        let mut put = |column: u16, cell: Cell| {
            if let Some(slot) = cells.get_mut(usize::from(column)) {
                *slot = cell;
            }
        };
        put(2, Cell::text(label).style(CellStyle::Strong));
        put(COUNTED, low.style(CellStyle::Strong));
        put(HIGH, high);
        put(16, Cell::text(remark));
        rows.push(cells);
    };
    let before = |column: u16| at(Spot::cell(ends, column));
    line(
        "计分板块合计",
        points(totals.before(End::Low), score.before.low),
        points(totals.before(End::High), score.before.high),
        "不含加分、扣分；整个板块不适用的，权重折算到其余板块",
    );
    let standing = overview.standings.first();
    let place = standing.map_or_else(String::new, |standing| {
        let settled = standing.best == standing.worst;
        let range = if settled { String::new() } else { format!("（{}）", standing.interval()) };
        let group =
            if standing.group.is_empty() { String::new() } else { format!("{}组内", standing.group) };
        format!("写出时{group}第{}名{range}", standing.rank)
    });
    line(
        "总分",
        points(totals.total(&before(COUNTED), End::Low), score.total.low),
        points(totals.total(&before(HIGH), End::High), score.total.high),
        &place,
    );
    if let Some(grade) = standing.and_then(|standing| standing.grade.as_ref()) {
        line("等次建议（写出时）", Cell::text(&*grade.name), Cell::default(), &grade.reason);
    }
    let open = overview.questions.len();
    let mut notes = vec![
        format!("数据截至{}。得分是有记录支撑的分数；待核是没有找到记录、尚未核实的，不等于没有开展，核实后写进核对表。", overview.scope.until.chinese()),
        "浅黄色的格由人填写：自评分供对照；考核分填了就按考核分计，空着按得分计。改“活动”中的佐证编号、日期，或“逐项”中的结论，得分随之重算。".to_owned(),
    ];
    if overview.scheme.example {
        notes.insert(0, format!("采用的计分方案“{}”是示例，不是任何单位的规定。", overview.scheme.name));
    }
    Sheet {
        name: "评分表".into(),
        title: format!("{title}{}", state(open)),
        notes,
        columns: columns(),
        rows,
        frozen: 3,
        landscape: true,
        pages: if ends <= ONE_PAGE { (1, 1) } else { (1, 0) },
        protected: true,
        signature: Some(
            "考核组：                    单位（盖章）：                    日期：        年    月    日"
                .into(),
        ),
        entries: entries(ends),
        merges,
        ..Sheet::default()
    }
}

pub(super) fn columns() -> Vec<Column> {
    let number =
        |title: &str, group: &str| Column { group: group.to_owned(), ..column(title, 8, Align::Right) };
    let mut columns = vec![
        column("序号", 5, Align::Centre),
        column("板块", 11, Align::Centre),
        column("项目", 18, Align::Left),
        column("要求", 30, Align::Left),
        column("分值", 8, Align::Right),
        column("评分标准", 22, Align::Left),
    ];
    columns
        .extend(["应完成", "已完成", "待核", "缺"].map(|title| Column { width: 7, ..number(title, "次数") }));
    columns.extend(["扣分", "得分", "最高可得"].map(|title| number(title, "按规则")));
    columns.extend(["自评分", "考核分", "计入得分"].map(|title| number(title, "认定")));
    columns.push(column("依据或扣分原因", 42, Align::Left));
    columns
}

fn entries(rows: usize) -> Vec<EntryRule> {
    let Some(last) = rows.checked_sub(1) else { return Vec::new() };
    let rule = |column: u16, title: &str, message: &str| EntryRule {
        area: Spot::area(0, column, last, column),
        allow: Allow::Points(Points::ZERO, Points::whole(1000)),
        title: title.to_owned(),
        message: message.to_owned(),
    };
    vec![
        rule(OWN, "自评分", "单位自评的分数，供对照，不参加计算。"),
        rule(JUDGED, "考核分", "考核组认定的分数，不超过分值；空着就按得分计。"),
    ]
}

fn line_cells(
    overview: &Overview<'_>,
    places: &Places,
    number: i64,
    block: &SchemeBlock,
    score: &LineScore,
    line_places: &LinePlaces,
) -> Vec<Cell> {
    let line = overview.scheme.line(&score.line);
    let first = line_places.first;
    let there = |column: u16| at(places.check(first, column));
    let tally = score.tallies.first().copied().unwrap_or_default();
    let group = line_places.groups.first().copied().filter(|(from, to)| to > from);
    let sum = |column: u16| {
        group.map_or(Expr::Whole(0), |rows| call(Function::Sum, [at(places.checks(rows, column))]))
    };
    let counts = |cell: fn(Tally) -> u32, column: u16| {
        if group.is_some() { count(sum(column), cell(tally)) } else { Cell::default() }
    };
    let missing = pair(Op::Sub, pair(Op::Sub, sum(check::REQUIRED), sum(check::MET)), sum(check::OPEN));
    let lost = tally.required.saturating_sub(tally.met).saturating_sub(tally.open);
    let deduction = matches!(block.kind, BlockKind::Deduction(_));
    // What is open is never shown as taken off.
    let (off, off_value) = if deduction {
        (there(check::CEILING), score.counted.high)
    } else {
        let off = pair(Op::Sub, there(check::BASE), there(check::CEILING));
        (call(Function::Round, [off, Expr::Whole(2)]), score.base - score.counted.high)
    };
    let applies = |term: Term, value: Points| {
        let none = pair(Op::Eq, there(check::BASE), Expr::Whole(0));
        let value =
            if score.base == Points::ZERO { Cached::Text("不适用".into()) } else { Cached::Points(value) };
        Cell::formula(choose(none, text("不适用"), term), Some(value), NumberLook::Points)
    };
    let value = |points: Option<Points>| points.map_or_else(Cell::default, Cell::points);
    let full = line.map_or(Points::ZERO, |line| line.points);
    let link = SheetLink { sheet: places.sheets.checks, row: first };
    vec![
        Cell::count(number),
        Cell::text(&*block.name),
        Cell::text(line.map_or("", |line| &line.project)).link(link),
        Cell::text(line.map_or("", |line| &line.content)),
        points(there(check::POINTS), full),
        Cell::text(line.map_or("", |line| &line.standard)),
        counts(|tally| tally.required, check::REQUIRED),
        counts(|tally| tally.met, check::MET),
        counts(|tally| tally.open, check::OPEN),
        if group.is_some() { count(missing, lost) } else { Cell::default() },
        if matches!(block.kind, BlockKind::Bonus(_)) { Cell::default() } else { points(off, off_value) },
        applies(there(check::LOW), score.rule.low),
        applies(there(check::HIGH), score.rule.high),
        value(score.own).open(),
        value(score.judged).open(),
        points(there(check::COUNTED), score.counted.low).style(CellStyle::Strong),
        Cell::text(&*score.reason),
    ]
}

fn subtotal_cells(totals: &Totals<'_>, nth: usize, block: &SchemeBlock, score: &BlockScore) -> Vec<Cell> {
    let mut cells = vec![Cell::default(); WIDTH];
    let mut put = |column: u16, cell: Cell| {
        if let Some(slot) = cells.get_mut(usize::from(column)) {
            *slot = cell.style(CellStyle::Strong);
        }
    };
    let how = match block.kind {
        BlockKind::Weighted(_) => "小计（按权重折合）",
        BlockKind::Bonus(_) => "加分小计",
        BlockKind::Deduction(_) => "扣分小计",
    };
    put(1, Cell::text(&*block.name));
    put(2, Cell::text(how));
    put(POINTS, points(totals.applicable(nth), score.applicable));
    put(HIGH, points(totals.block(nth, End::High), score.points.high));
    put(COUNTED, points(totals.block(nth, End::Low), score.points.low));
    cells
}
