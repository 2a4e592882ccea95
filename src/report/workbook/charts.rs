//! The sheets 图表 and 图表数据: units by rank, the categories of a chosen unit, and the spread of each group.

use super::live::places::{Places, check};
use super::live::terms::{Term, at, call, choose, criterion, derived, pair, plus, text, times, whole};
use super::live::totals::TotalSheet;
use super::ranking::Columns;
use super::{Overview, column};
use crate::formula::rules::End;
use crate::model::{
    Align, Allow, BlockKind, Cell, CellStyle, Chart, ChartKind, EntryRule, Expr, Function, LineId,
    NumberLook, Op, Series, Sheet, Spot,
};
use std::collections::BTreeMap;

/// A group of more units shows the first so many.
const MOST_BARS: usize = 60;
/// Fewest weighted blocks that make a picture by themselves.
const FEWEST_BLOCKS: usize = 3;
/// A picture of more categories cannot be read.
const MOST_CATEGORIES: usize = 12;
const WIDTH: u32 = 700;
/// Pictures of this height together still fit one page.
const PAGE: usize = 80;
const BAR: u32 = 24;

/// Columns of 图表数据.
const UNIQUE: u16 = 3;
const UNIT: u16 = 4;
const TOTAL: u16 = 5;
const GROUP: u16 = 7;
const STATS: u16 = 9;
const LIFTS: u16 = 14;
const CATEGORY: u16 = 20;
const RATE: u16 = 21;

/// Runs of units of one group: first and last index.
fn runs(overview: &Overview<'_>) -> Vec<(String, usize, usize)> {
    let mut runs: Vec<(String, usize, usize)> = Vec::new();
    for (at, standing) in overview.standings.iter().enumerate() {
        match runs.last_mut() {
            Some((group, _, last)) if *group == standing.group => *last = at,
            _ => runs.push((standing.group.clone(), at, at)),
        }
    }
    runs
}

/// Categories of lines: blocks where there are enough, else items of the duty list.
fn categories(overview: &Overview<'_>) -> Vec<(String, Vec<LineId>)> {
    let weighted: Vec<_> =
        overview.scheme.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Weighted(_))).collect();
    let mut found: Vec<(String, Vec<LineId>)> = Vec::new();
    if weighted.len() >= FEWEST_BLOCKS {
        for block in weighted {
            found.push((block.name.clone(), block.lines.iter().map(|line| line.id.clone()).collect()));
        }
        return found;
    }
    let mut lists: BTreeMap<&str, usize> = BTreeMap::new();
    for result in overview.results {
        *lists.entry(result.card.list.as_str()).or_default() += 1;
    }
    let most = lists.iter().max_by_key(|(_, count)| **count).map(|(list, _)| *list);
    let Some(rules) = overview.rules.iter().find(|rules| Some(rules.list.id.as_str()) == most) else {
        return found;
    };
    for (_, line) in overview.scheme.lines() {
        let id = line.checks.iter().flatten().next();
        let requirement = id.and_then(|id| rules.requirements.iter().find(|r| r.id == *id));
        let Some(requirement) = requirement else { continue };
        let item = rules.list.items.iter().find(|item| item.id == requirement.item);
        let name = item.map_or_else(|| line.project.clone(), |item| item.short().to_owned());
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, lines)) => lines.push(line.id.clone()),
            None => found.push((name, vec![line.id.clone()])),
        }
    }
    found.truncate(MOST_CATEGORIES);
    found
}

/// 图表 and 图表数据, at these indexes.
pub(super) fn sheets(
    overview: &Overview<'_>,
    places: &Places,
    totals: TotalSheet,
    ranking: Columns,
    at_sheet: usize,
) -> [Sheet; 2] {
    let (runs, categories) = (runs(overview), categories(overview));
    let data = at_sheet + 1;
    let chosen = Spot::cell(0, 1).on(at_sheet);
    let first = overview.standings.first().map_or("", |standing| &*standing.unit);
    let mut charts = Vec::new();
    let mut row = 2;
    let mut draw = |chart: Chart| {
        let height = chart.height;
        charts.push(Chart { row, ..chart });
        row += usize::try_from(height / 20).unwrap_or(0) + 2;
    };
    // Whiskers do not stretch an axis by themselves, and a rate ends at 100.
    let highest = overview.standings.iter().map(|standing| standing.total.hundredths()).max().unwrap_or(0);
    let most = i32::try_from((highest / 1000 + 1) * 10).unwrap_or(100).max(100);
    let blank = |kind: ChartKind, title: String, height: u32, series: Vec<Series>| Chart {
        kind,
        title,
        row: 0,
        col: 0,
        width: WIDTH,
        height,
        series,
        stacked_invisible_first: kind == ChartKind::StackedColumns,
        share: false,
        most: (kind != ChartKind::Bars).then_some(most),
    };
    let on = |spot: Spot| spot.on(data);
    if let Some(last) = categories.len().checked_sub(1).filter(|last| *last >= 2) {
        let series = Series {
            name: "得分率（%）".into(),
            labels: on(Spot::area(0, CATEGORY, last, CATEGORY)),
            values: on(Spot::area(0, RATE, last, RATE)),
            error_bars: None,
        };
        draw(blank(ChartKind::Radar, "所选单位各类得分率（%）".into(), 420, vec![series]));
    }
    if let Some(last) = runs.len().checked_sub(1) {
        let series = |name: &str, column: u16, bars: Option<(u16, u16)>| Series {
            name: name.into(),
            labels: on(Spot::area(0, GROUP, last, GROUP)),
            values: on(Spot::area(0, column, last, column)),
            error_bars: bars
                .map(|(up, down)| (on(Spot::area(0, up, last, up)), on(Spot::area(0, down, last, down)))),
        };
        // The whiskers hang on the invisible foot (down) and on the upper half of the box (up).
        let boxes = vec![
            series("下四分位", STATS + 1, Some((LIFTS + 4, LIFTS + 2))),
            series("下四分位至中位数", LIFTS, None),
            series("中位数至上四分位", LIFTS + 1, Some((LIFTS + 3, LIFTS + 4))),
        ];
        draw(blank(
            ChartKind::StackedColumns,
            "各组总分分布（箱：上下四分位，线：最高和最低）".into(),
            320,
            boxes,
        ));
    }
    for (group, from, to) in &runs {
        let to = (*to).min(from + MOST_BARS - 1);
        let bars = u32::try_from(to - from + 1).unwrap_or(1);
        let series = Series {
            name: "总分".into(),
            labels: on(Spot::area(*from, UNIT, to, UNIT)),
            values: on(Spot::area(*from, TOTAL, to, TOTAL)),
            error_bars: None,
        };
        let name = if group.is_empty() {
            "各单位总分".to_owned()
        } else {
            format!("{group}：各单位总分")
        };
        draw(blank(ChartKind::Bars, name, 110 + bars * BAR, vec![series]));
    }
    let units = overview.standings.len().saturating_sub(1);
    let pages = if row <= PAGE { (1, 1) } else { (1, 0) };
    let pictures = Sheet {
        pages,
        name: "图表".into(),
        title: "按名次排列、类别和分布".into(),
        notes: vec!["图由“图表数据”画出，随改动变化。在浅黄色的格里选单位，看它各类的得分率。".into()],
        columns: vec![
            column("看哪个单位", 18, Align::Centre),
            column("单位", 40, Align::Left),
            column("", 46, Align::Left),
        ],
        rows: vec![vec![
            Cell::text("所选单位"),
            Cell::text(first).open(),
            Cell::text("改这一格，下面的雷达图随之变。"),
        ]],
        charts,
        protected: true,
        entries: vec![EntryRule {
            area: Spot::cell(0, 1),
            allow: Allow::OneOf(Spot::area(0, ranking.unit, units, ranking.unit).on(0)),
            title: "所选单位".into(),
            message: "从下拉列表选一个单位。".into(),
        }],
        ..Sheet::default()
    };
    let rows = data_rows(overview, places, totals, ranking, &runs, &categories, chosen);
    let mut columns = vec![
        column("组别", 14, Align::Centre),
        column("第几位", 7, Align::Centre),
        column("单位（表中次序）", 26, Align::Left),
        column("唯一序", 7, Align::Centre),
        column("单位（按名次）", 26, Align::Left),
        column("总分", 9, Align::Right),
        column("待核分", 9, Align::Right),
        column("组别", 14, Align::Centre),
        column("单位数", 7, Align::Right),
    ];
    columns.extend(
        ["最低", "下四分位", "中位数", "上四分位", "最高"].map(|title| column(title, 9, Align::Right)),
    );
    columns.extend(["箱下半", "箱上半", "下线", "上线", "零"].map(|title| column(title, 9, Align::Right)));
    columns.push(column("", 3, Align::Left));
    columns.push(column("类别", 24, Align::Left));
    columns.push(column("得分率（%）", 10, Align::Right));
    let data = Sheet {
        name: "图表数据".into(),
        title: "图表所用的数".into(),
        notes: vec!["全部由公式算出：左边按名次排列，中间是各组的分布，右边是所选单位各类的得分率。".into()],
        columns,
        rows,
        landscape: true,
        protected: true,
        ..Sheet::default()
    };
    [pictures, data]
}

fn data_rows(
    overview: &Overview<'_>,
    places: &Places,
    totals: TotalSheet,
    ranking: Columns,
    runs: &[(String, usize, usize)],
    categories: &[(String, Vec<LineId>)],
    chosen: Spot,
) -> Vec<Vec<Cell>> {
    let count = overview.standings.len().max(categories.len());
    (0..count)
        .map(|row| {
            let mut cells = unit_cells(overview, totals, ranking, runs, row);
            cells.extend(runs.get(row).map_or_else(
                || vec![Cell::default(); usize::from(CATEGORY - GROUP)],
                |(group, from, to)| group_cells(totals, group, *from, *to, row),
            ));
            if let Some((name, lines)) = categories.get(row) {
                cells.push(Cell::text(name));
                cells.push(derived(rate(places, lines, chosen), NumberLook::Decimal));
            }
            cells
        })
        .collect()
}

/// The unit that stands at a place, found by its number among all of the group.
fn unit_cells(
    overview: &Overview<'_>,
    totals: TotalSheet,
    ranking: Columns,
    runs: &[(String, usize, usize)],
    row: usize,
) -> Vec<Cell> {
    let (Some(standing), Some((_, from, to))) =
        (overview.standings.get(row), runs.iter().find(|(_, from, to)| (*from..=*to).contains(&row)))
    else {
        return vec![Cell::default(); usize::from(GROUP)];
    };
    let rank = |first: usize, last: usize| at(Spot::area(first, ranking.rank, last, ranking.rank).on(0));
    let own = at(Spot::cell(row, ranking.rank).on(0));
    let unique = if row == *from {
        own
    } else {
        let above = call(Function::CountIf, [rank(*from, row - 1), criterion(Op::Eq, own.clone())]);
        plus([own, above])
    };
    let order = at(Spot::area(*from, UNIQUE, *to, UNIQUE).fixed());
    let place = call(Function::Match, [at(Spot::cell(row, 1)), order, Expr::Whole(0)]);
    let look = |area: Spot| call(Function::Index, [at(area.fixed()), place.clone()]);
    let total = |end: End| {
        let column = totals.total(end);
        Spot::area(*from, column, *to, column).on(totals.index)
    };
    let open = pair(Op::Sub, look(total(End::High)), look(total(End::Low)));
    vec![
        Cell::text(&*standing.group),
        Cell::count(i64::try_from(row - from + 1).unwrap_or(0)),
        Cell::text(&*standing.unit),
        derived(unique, NumberLook::Whole),
        derived(look(Spot::area(*from, 2, *to, 2)), NumberLook::Text),
        derived(look(total(End::Low)), NumberLook::Points),
        derived(call(Function::Round, [open, Expr::Whole(2)]), NumberLook::Points),
    ]
}

/// The spread of a group.
fn group_cells(totals: TotalSheet, group: &str, from: usize, to: usize, row: usize) -> Vec<Cell> {
    let column = totals.total(End::Low);
    let area = || at(Spot::area(from, column, to, column).on(totals.index));
    let quartile = |nth: i64| {
        let value = call(Function::Quartile, [area(), Expr::Whole(nth)]);
        derived(call(Function::Round, [value, Expr::Whole(2)]), NumberLook::Points)
    };
    let here = |column: u16| at(Spot::cell(row, column));
    let less = |more: u16, fewer: u16| {
        let difference = pair(Op::Sub, here(STATS + more), here(STATS + fewer));
        derived(call(Function::Round, [difference, Expr::Whole(2)]), NumberLook::Points)
    };
    let name = if group.is_empty() { "全部单位" } else { group };
    let mut cells = vec![Cell::text(name), Cell::count(i64::try_from(to - from + 1).unwrap_or(0))];
    cells.extend((0..5).map(quartile));
    cells.extend([less(2, 1), less(3, 2), less(1, 0), less(4, 3)]);
    cells.push(Cell::count(0).style(CellStyle::Muted));
    cells.push(Cell::default());
    cells
}

/// What the chosen unit earned of what applies to it in a category, in per cent.
fn rate(places: &Places, lines: &[LineId], chosen: Spot) -> Term {
    let last = places.units.iter().flat_map(|unit| &unit.blocks).map(|block| block.rows.1).max().unwrap_or(1);
    let area = |column: u16| {
        let column = column + places.shift;
        at(Spot::area(0, column, last.saturating_sub(1), column).on(places.sheets.checks).fixed())
    };
    let unit = || at(Spot::area(0, 0, last.saturating_sub(1), 0).on(places.sheets.checks).fixed());
    let sum = |column: u16| {
        plus(lines.iter().map(|line| {
            call(
                Function::SumIfs,
                [
                    area(column),
                    unit(),
                    criterion(Op::Eq, at(chosen.fixed())),
                    area(check::LINE),
                    criterion(Op::Eq, text(line.as_str())),
                ],
            )
        }))
    };
    let none = pair(Op::Eq, sum(check::BASE), Expr::Whole(0));
    let share = pair(Op::Div, times(whole(100), sum(check::COUNTED)), sum(check::BASE));
    choose(none, Expr::Whole(0), call(Function::Round, [share, Expr::Whole(1)]))
}
