//! The sheet 排名: who stands where, computed from the sheet 得分.

use super::live::places::Places;
use super::live::terms::{Term, at, call, choose, count, derived, is_blank, pair, plus, points, text, times};
use super::live::totals::{Part, TotalSheet, block_index, rank_of};
use super::{Overview, awards, column, state};
use crate::formula::rules::End;
use crate::model::{
    Align, AwardPlace, Cached, Cell, CellStyle, Column, Counted, Expr, Function, Highlight, NumberLook, Op,
    Points, Sheet, SheetLink, Spot, Standing, State, UnitResult, When,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where links of the sheet lead.
#[derive(Clone, Copy)]
pub(super) struct Links<'a> {
    pub activities: usize,
    pub gaps: usize,
    pub first_gap: &'a BTreeMap<Arc<str>, usize>,
}

/// Columns that other sheets name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub rank: u16,
    pub unit: u16,
}

/// Where the columns of an overview stand.
pub(super) fn columns_of(overview: &Overview<'_>) -> Columns {
    let group = u16::from(grouped(overview));
    Columns { rank: group, unit: group + 1 }
}

fn grouped(overview: &Overview<'_>) -> bool {
    overview.standings.windows(2).any(|pair| matches!(pair, [a, b] if a.group != b.group))
}

fn several_blocks(overview: &Overview<'_>) -> bool {
    overview.scheme.blocks.len() > 1
}

pub(super) fn sheet(
    overview: &Overview<'_>,
    places: &Places,
    totals: TotalSheet,
    award_rows: &awards::Rows,
    title: &str,
    links: Links<'_>,
) -> Sheet {
    let rows = overview
        .standings
        .iter()
        .zip(overview.results)
        .enumerate()
        .map(|(row, (standing, result))| {
            cells(overview, places, totals, award_rows, links, row, standing, result)
        })
        .collect();
    let mut notes = vec![
        format!(
            "数据截至{}。总分是有记录支撑的分数；待核分是没有找到记录、尚未核实的部分，不等于没有开展。",
            overview.scope.until.chinese()
        ),
        format!(
            "名次按总分排列，{}；最好、最差名次是待核事项全部有结论后名次可能变动的范围。改动活动、结论、权重后名次随之重算，行的次序不变，按名次排列见“图表”。",
            if overview.scheme.ties.is_empty() {
                "同分同名次"
            } else {
                "同分的依次比较“参数”所列各项"
            }
        ),
        "点单位看活动，点总分看得分的由来，点待核分看缺项。".to_owned(),
    ];
    if overview.scheme.example {
        notes.insert(0, format!("采用的计分方案“{}”是示例，不是任何单位的规定。", overview.scheme.name));
    }
    Sheet {
        name: "排名".into(),
        title: format!("{title}{}", state(overview.questions.len())),
        notes,
        columns: columns(overview),
        rows,
        frozen: columns_of(overview).unit + 1,
        filter: true,
        landscape: true,
        protected: true,
        highlights: highlights(overview),
        signature: Some(
            "考核组：                    单位（盖章）：                    日期：        年    月    日"
                .into(),
        ),
        ..Sheet::default()
    }
}

/// Proposals by what they say.
fn highlights(overview: &Overview<'_>) -> Vec<Highlight> {
    let names = u16::try_from(awards::names(overview).len()).unwrap_or(0);
    let last = overview.standings.len().saturating_sub(1);
    let titles = columns(overview);
    let first = titles.iter().position(|column| awards::names(overview).contains(&column.title));
    let Some(first) = first.and_then(|first| u16::try_from(first).ok()) else { return Vec::new() };
    let area = Spot::area(0, first, last, first + names.max(1) - 1);
    let is = |place: AwardPlace, style: CellStyle| Highlight {
        area,
        when: When::Is(place.as_str().into()),
        style,
    };
    vec![
        is(AwardPlace::In, CellStyle::Good),
        is(AwardPlace::Tied, CellStyle::Doubtful),
        is(AwardPlace::NotEligible, CellStyle::Muted),
    ]
}

fn columns(overview: &Overview<'_>) -> Vec<Column> {
    let mut columns = Vec::new();
    if grouped(overview) {
        columns.push(column("组别", 14, Align::Centre));
    }
    columns.push(column("名次", 7, Align::Centre));
    columns.push(column("单位", 28, Align::Left));
    if several_blocks(overview) {
        columns.extend(overview.scheme.blocks.iter().map(|block| column(&block.name, 10, Align::Right)));
    }
    columns.extend(["总分", "待核分", "最高可达"].map(|title| column(title, 10, Align::Right)));
    columns.extend(["最好名次", "最差名次"].map(|title| column(title, 7, Align::Centre)));
    if !overview.scheme.grades.is_empty() {
        columns.push(column("等次建议", 12, Align::Centre));
    }
    columns.extend(awards::names(overview).iter().map(|name| column(name, 14, Align::Centre)));
    if grouped(overview) {
        columns.push(column("全局位次", 7, Align::Centre));
    }
    if !overview.external.last_year.is_empty() {
        columns.push(column("上年名次", 7, Align::Centre));
        columns.push(column("升降", 7, Align::Centre));
    }
    columns.push(column("计入活动", 8, Align::Right));
    columns.push(column("待核事项", 8, Align::Right));
    columns.push(column("备注", 28, Align::Left));
    columns
}

#[expect(clippy::too_many_arguments, reason = "one row draws on the whole book")]
fn cells(
    overview: &Overview<'_>,
    places: &Places,
    totals: TotalSheet,
    award_rows: &awards::Rows,
    links: Links<'_>,
    row: usize,
    standing: &Standing,
    result: &UnitResult,
) -> Vec<Cell> {
    let link = |cell: Cell, sheet: usize, row: Option<usize>| Cell {
        link: row.map(|row| SheetLink { sheet, row }),
        ..cell
    };
    let total = |column: u16| at(totals.cell(row, column));
    let here = columns_of(overview);
    let rank_style = if standing.rank <= 3 { CellStyle::Strong } else { CellStyle::Plain };
    let own = overview.scores.get(row);
    let mut cells = Vec::new();
    if grouped(overview) {
        cells.push(Cell::text(&*standing.group));
    }
    let rank = rank_of(overview, totals, row, grouped(overview));
    cells.push(count(rank, standing.rank).style(rank_style));
    let activities = places.units.get(row).filter(|unit| unit.activities.1 > 0).map(|unit| unit.activities.0);
    cells.push(link(Cell::text(&*standing.unit), links.activities, activities));
    if several_blocks(overview) {
        for block in &overview.scheme.blocks {
            let score = own.and_then(|own| own.blocks.iter().find(|score| score.block == block.id));
            cells.push(match (score, block_index(overview, &block.id)) {
                (Some(score), Some(index)) => {
                    let cell = total(TotalSheet::block(index, Part::Points(End::Low)));
                    let applies = total(TotalSheet::block(index, Part::Applicable));
                    let none = score.applicable == Points::ZERO;
                    let shown = choose(pair(Op::Eq, applies, Expr::Whole(0)), text("不适用"), cell);
                    let value = if none {
                        Cached::Text("不适用".into())
                    } else {
                        Cached::Points(score.points.low)
                    };
                    Cell::formula(shown, Some(value), NumberLook::Points)
                }
                _ => Cell::text("—").style(CellStyle::Muted),
            });
        }
    }
    let (low, high) = (totals.total(End::Low), totals.total(End::High));
    cells.push(link(points(total(low), standing.total).style(CellStyle::Strong), totals.index, Some(row)));
    let open = standing.ceiling - standing.total;
    let pending =
        points(call(Function::Round, [pair(Op::Sub, total(high), total(low)), Expr::Whole(2)]), open);
    let pending = if open > Points::ZERO { pending.style(CellStyle::Doubtful) } else { pending };
    cells.push(link(pending, links.gaps, links.first_gap.get(&standing.unit).copied()));
    cells.push(points(total(high), standing.ceiling));
    cells.push(count(best(overview, totals, row), standing.best));
    cells.push(count(worst(overview, totals, row), standing.worst));
    if !overview.scheme.grades.is_empty() {
        cells.push(standing.grade.as_ref().map_or_else(Cell::default, |grade| {
            let tied = if grade.tied { "（并列待定）" } else { "" };
            Cell::text(format!("{}{tied}", grade.name))
        }));
    }
    for name in awards::names(overview) {
        let awarded = standing.awards.iter().find(|awarded| awarded.award == name);
        cells.push(match (awarded, award_rows.proposal(&name, &standing.unit)) {
            (Some(awarded), Some(spot)) => {
                Cell::formula(at(spot), Some(Cached::Text(awarded.place.as_str().into())), NumberLook::Text)
            }
            _ => Cell::text("—").style(CellStyle::Muted),
        });
    }
    if grouped(overview) {
        let overall =
            overview.overall.iter().find(|other| other.unit == standing.unit).map_or(0, |other| other.rank);
        cells.push(count(rank_of(overview, totals, row, false), overall));
    }
    if !overview.external.last_year.is_empty() {
        let last = overview.external.last_year.get(&standing.unit).and_then(|(rank, _)| *rank);
        let column = u16::try_from(cells.len()).unwrap_or(u16::MAX);
        cells.push(last.map_or_else(Cell::default, Cell::count));
        let last = at(Spot::cell(row, column));
        let moved = pair(Op::Sub, last.clone(), at(Spot::cell(row, here.rank)));
        cells.push(derived(choose(is_blank(last), text("—"), moved), NumberLook::Whole));
    }
    let counted = result.counted.iter().filter(|c| **c == Counted::Yes).count();
    cells.push(Cell::count(i64::try_from(counted).unwrap_or(i64::MAX)));
    cells.push(Cell::count(i64::from(open_demands(result))));
    cells.push(Cell::text(remark(result)));
    cells
}

/// How many others of a group are ahead in any case, and one.
fn best(overview: &Overview<'_>, totals: TotalSheet, row: usize) -> Term {
    let at_column = Area { overview, totals };
    let (low, high) = (totals.total(End::Low), totals.total(End::High));
    let above = pair(Op::Gt, at_column.all(low), at_column.own(row, high));
    let mut ahead = times(above, Expr::Whole(1));
    if !overview.scheme.ties.is_empty() {
        let settled = times(at_column.own(row, totals.settled()), at_column.all(totals.settled()));
        let equal = pair(Op::Eq, at_column.all(low), at_column.own(row, low));
        let sure = times(times(settled, equal), at_column.ahead_by_ties(row, 0));
        ahead = plus([ahead, sure]);
    }
    plus([call(Function::SumProduct, [at_column.in_group(row, ahead)]), Expr::Whole(1)])
}

/// How many others of a group may be ahead, and one.
fn worst(overview: &Overview<'_>, totals: TotalSheet, row: usize) -> Term {
    let at_column = Area { overview, totals };
    let (low, high) = (totals.total(End::Low), totals.total(End::High));
    let above = pair(Op::Gt, at_column.all(high), at_column.own(row, low));
    let mut ahead = times(above, Expr::Whole(1));
    if !overview.scheme.ties.is_empty() {
        let equal = pair(Op::Eq, at_column.all(high), at_column.own(row, low));
        let settled = times(at_column.own(row, totals.settled()), at_column.all(totals.settled()));
        let not_behind = pair(Op::Sub, Expr::Whole(1), at_column.ahead_by_ties(row, 0));
        let behind = times(settled, not_behind);
        ahead = plus([ahead, times(equal, pair(Op::Sub, Expr::Whole(1), behind))]);
    }
    let others = pair(Op::Ne, at_column.all(TotalSheet::UNIT), at_column.own(row, TotalSheet::UNIT));
    let ahead = times(others, ahead);
    plus([call(Function::SumProduct, [at_column.in_group(row, ahead)]), Expr::Whole(1)])
}

/// Columns of 得分 over all units.
pub(super) struct Area<'a> {
    pub overview: &'a Overview<'a>,
    pub totals: TotalSheet,
}

impl Area<'_> {
    /// The column over all units.
    pub(super) fn all(&self, column: u16) -> Term {
        let last = self.overview.scores.len().saturating_sub(1);
        at(Spot::area(0, column, last, column).on(self.totals.index).fixed())
    }

    /// The column at a unit.
    pub(super) fn own(&self, row: usize, column: u16) -> Term {
        at(self.totals.cell(row, column))
    }

    /// A product over the units of the unit's group only.
    pub(super) fn in_group(&self, row: usize, term: Term) -> Term {
        if !grouped(self.overview) {
            return term;
        }
        let same = pair(Op::Eq, self.all(TotalSheet::GROUP), self.own(row, TotalSheet::GROUP));
        times(same, term)
    }

    /// Whether what decides between equal totals, from the n-th on, is greater.
    pub(super) fn ahead_by_ties(&self, row: usize, tie: u16) -> Term {
        if usize::from(tie) >= self.overview.scheme.ties.len() {
            return Expr::Whole(0);
        }
        let column = self.totals.tie(tie, End::Low);
        let greater = pair(Op::Gt, self.all(column), self.own(row, column));
        if usize::from(tie) + 1 == self.overview.scheme.ties.len() {
            return times(greater, Expr::Whole(1));
        }
        let equal = pair(Op::Eq, self.all(column), self.own(row, column));
        plus([times(greater, Expr::Whole(1)), times(equal, self.ahead_by_ties(row, tie + 1))])
    }
}

/// How many demands of the unit wait for a person, period by period.
fn open_demands(result: &UnitResult) -> u32 {
    let dues = result.card.items.iter().flat_map(|i| &i.requirements).flat_map(|r| &r.dues);
    u32::try_from(dues.filter(|due| due.state == State::Unverified).count()).unwrap_or(u32::MAX)
}

fn remark(result: &UnitResult) -> String {
    let mut remarks = Vec::new();
    if result.files.is_empty() {
        remarks.push("未报送，或报送文件不能读取".to_owned());
    }
    if result.files.len() > 1 {
        remarks.push(format!("报送{}份，合并计算", result.files.len()));
    }
    if let Some(day) = result.unit.founded {
        remarks.push(format!("{}成立", day.chinese()));
    }
    if let Some(day) = result.unit.dissolved {
        remarks.push(format!("{}撤销", day.chinese()));
    }
    remarks.join("；")
}
