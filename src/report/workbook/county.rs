//! The book 县区局对比表: the county bureaus side by side, Party building and business work.

use super::live::facts::{FactSheets, Facts};
use super::live::places::{Places, Sheets};
use super::live::terms::{
    at, call, choose, count, criterion, derived, is_blank, pair, plus, points, text, times,
};
use super::live::totals::{self, Part, TotalSheet, block_index, rank_of};
use super::{Made, Overview, column, is_live, live, rules, state};
use crate::formula::rules::End;
use crate::model::{
    Align, Allow, Book, Cell, CellStyle, Chart, ChartKind, Column, EntryRule, Expr, Function, NumberLook, Op,
    Points, SchemeBlock, Series, Sheet, Spot, Standing,
};

/// The column of 评分 that holds business work.
pub const BUSINESS: &str = "业务得分";
const UNIT: u16 = 1;
const PARTY: u16 = 2;
const PARTY_RANK: u16 = 4;
const WORK: u16 = 5;
const WORK_RANK: u16 = 6;
const BOTH: u16 = 7;

/// The book of the units that the overview shows; `overall` ranks them among each other.
#[must_use]
pub fn county_book(overview: &Overview<'_>, ranks: &[Standing]) -> Made {
    let mut facts = Facts::of(overview, false);
    let mut next = 4;
    facts.sheets = FactSheets::number(&facts, &mut next);
    let sheets = Sheets { params: next, checks: 2, activities: 3, judged: None };
    let mut places = Places::new(overview, sheets, 1, is_live(overview), facts);
    let in_scheme = (0..overview.results.len()).any(|row| places.facts.value_of(row, BUSINESS).is_some());
    // A total that holds business work already is not mixed with it again.
    let weights = (!in_scheme).then(|| places.params.mix());
    let number = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let totals = TotalSheet {
        index: 1,
        blocks: number(overview.scheme.blocks.len()),
        ties: number(overview.scheme.ties.len()),
    };
    let title = format!("{}{}年度县区局对比表", overview.scope.bureau, overview.scope.year);
    let mut all = vec![
        sheet(overview, &places, totals, ranks, weights, &title),
        totals::sheet(overview, &places, totals),
        live::checks::sheet(overview, &places),
        live::activities::sheet(overview, &places, "活动"),
    ];
    all.extend(places.facts.sheets(overview));
    all.push(live::params::sheet(overview, &places.params));
    all.push(rules::sheet(overview));
    let book =
        Book { title, author: overview.scope.bureau.clone(), sheets: all, names: live::names(&places) };
    Made::finish(book, overview.results.len() <= super::VERIFY_UNITS)
}

fn sheet(
    overview: &Overview<'_>,
    places: &Places,
    at_totals: TotalSheet,
    ranks: &[Standing],
    weights: Option<(usize, usize)>,
    title: &str,
) -> Sheet {
    let last = overview.scores.len().saturating_sub(1);
    let area = |column: u16| at(Spot::area(0, column, last, column).fixed());
    let mut rows = Vec::new();
    for (row, (score, standing)) in overview.scores.iter().zip(overview.standings).enumerate() {
        let here = |column: u16| at(Spot::cell(row, column));
        let total = |end: End| at(at_totals.cell(row, at_totals.total(end)));
        let own = ranks.iter().find(|other| other.unit == score.unit).map_or(0, |other| other.rank);
        let given =
            overview.external.values.get(&(score.unit.clone(), BUSINESS.to_owned())).map(|given| given.value);
        let work = match places.facts.value_of(row, BUSINESS) {
            Some(spot) => derived(choose(is_blank(at(spot)), text("—"), at(spot)), NumberLook::Points),
            None => given.map_or_else(Cell::default, Cell::points).open(),
        };
        let none =
            |column: u16| call(Function::Or, [is_blank(here(column)), pair(Op::Eq, here(column), text("—"))]);
        let ranked = |column: u16| {
            let ahead = call(Function::CountIf, [area(column), criterion(Op::Gt, here(column))]);
            derived(choose(none(column), text("—"), plus([ahead, Expr::Whole(1)])), NumberLook::Whole)
        };
        let mixed = weights.map(|(party, business)| {
            let (party, business) = (at(places.param(party)), at(places.param(business)));
            let sum = plus([times(here(PARTY), party.clone()), times(here(WORK), business.clone())]);
            call(Function::Round, [pair(Op::Div, sum, plus([party, business])), Expr::Whole(2)])
        });
        let range = standing.interval();
        let proposals: Vec<String> = standing
            .awards
            .iter()
            .map(|awarded| format!("{}：{}", awarded.award, awarded.place.as_str()))
            .collect();
        let mut cells = vec![
            Cell::text(&*score.group),
            Cell::text(&*score.unit),
            points(total(End::Low), score.total.low).style(CellStyle::Strong),
            points(total(End::High), score.total.high),
            count(rank_of(overview, at_totals, row, false), own).style(CellStyle::Strong),
            work,
            ranked(WORK),
        ];
        if let Some(mixed) = mixed {
            cells.push(derived(choose(none(WORK), text("—"), mixed), NumberLook::Points));
            cells.push(ranked(BOTH));
        } else {
            cells.extend(
                overview.scheme.blocks.iter().map(|block| block_cell(overview, at_totals, row, block)),
            );
        }
        cells.extend([
            derived(
                choose(none(WORK), text("—"), pair(Op::Sub, here(PARTY_RANK), here(WORK_RANK))),
                NumberLook::Whole,
            ),
            Cell::text(range),
            Cell::text(proposals.join("\n")),
        ]);
        rows.push(cells);
    }
    let open = EntryRule {
        area: Spot::area(0, WORK, last, WORK),
        allow: Allow::Points(Points::ZERO, Points::whole(1000)),
        title: BUSINESS.into(),
        message: "业务工作考核得分；空着的只排党建名次。".into(),
    };
    let notes = if weights.is_some() {
        "位次差＝党建名次－业务名次：正数是党建落后于业务，负数是党建先于业务。综合＝（党建得分×党建权重＋业务得分×业务权重）÷两权重之和，权重在“参数”里改。"
    } else {
        "总分按计分方案算，已经含有业务得分，所以不再另算综合；党建、业务等各板块的得分列在后面。业务得分在“评分数据”里改。位次差＝总分名次－业务名次：正数是总分落后于业务，负数是总分先于业务。"
    };
    let chart = Chart {
        kind: ChartKind::Columns,
        title: format!("{}与业务得分", measured(weights.is_some())),
        row: last + 3,
        col: 0,
        width: 1000,
        height: 360,
        series: [(measured(weights.is_some()), PARTY), ("业务得分", WORK)]
            .into_iter()
            .map(|(name, column)| Series {
                name: name.into(),
                labels: Spot::area(0, UNIT, last, UNIT),
                values: Spot::area(0, column, last, column),
                error_bars: None,
            })
            .collect(),
        stacked_invisible_first: false,
        share: false,
        most: None,
    };
    Sheet {
        name: "对比".into(),
        title: format!("{title}{}", state(overview.open_questions())),
        notes: vec![notes.to_owned()],
        columns: columns(overview, weights.is_some()),
        rows,
        frozen: 2,
        filter: false,
        landscape: true,
        protected: true,
        entries: if weights.is_some() { vec![open] } else { Vec::new() },
        charts: vec![chart],
        signature: Some(
            "考核组：                    单位（盖章）：                    日期：        年    月    日"
                .into(),
        ),
        ..Sheet::default()
    }
}

/// What stands beside business work: Party building alone, or a total that holds both.
fn measured(alone: bool) -> &'static str {
    if alone { "党建得分" } else { "总分" }
}

/// What a unit has of a block.
fn block_cell(overview: &Overview<'_>, totals: TotalSheet, row: usize, block: &SchemeBlock) -> Cell {
    let scores = overview.scores.get(row).map_or(&[][..], |score| &score.blocks);
    let score = scores.iter().find(|score| score.block == block.id);
    match (score, block_index(overview, &block.id)) {
        (Some(score), Some(index)) => {
            points(at(totals.cell(row, TotalSheet::block(index, Part::Points(End::Low)))), score.points.low)
        }
        _ => Cell::text("—").style(CellStyle::Muted),
    }
}

fn columns(overview: &Overview<'_>, alone: bool) -> Vec<Column> {
    let number =
        |title: &str, group: &str| Column { group: group.to_owned(), ..column(title, 9, Align::Right) };
    let mut columns = vec![column("组别", 14, Align::Centre), column("单位", 26, Align::Left)];
    let group = if alone { "党建工作" } else { "总分（含业务）" };
    columns.extend(["得分", "最高可达", "名次"].map(|title| number(title, group)));
    columns.extend(["得分", "名次"].map(|title| number(title, "业务工作")));
    if alone {
        columns.extend(["得分", "名次"].map(|title| number(title, "综合")));
    } else {
        columns.extend(overview.scheme.blocks.iter().map(|block| number(&block.name, "各板块得分")));
    }
    columns.push(column("位次差", 8, Align::Right));
    columns.push(column("组内名次区间", 9, Align::Centre));
    columns.push(column("表彰建议（写出时）", 34, Align::Left));
    columns
}
