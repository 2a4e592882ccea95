//! From the points of lines to blocks and totals, as formulas.
//!
//! In: the scores, and where the lines stand. Out: formulas, and the sheet 得分. Never here: the rules
//! themselves, ranks.

use super::super::{Overview, column};
use super::line::block_sum;
use super::places::{Places, UnitPlaces, check};
use super::terms::{Term, at, call, choose, count, is_blank, pair, plus, points, times};
use crate::formula::rules::{self, End};
use crate::model::{
    Align, BlockId, BlockKind, BlockScore, Cell, CellStyle, Column, Expr, Figure, Function, Measure, Op,
    SchemeBlock, Sheet, Spot, UnitScore,
};
use std::collections::BTreeMap;

/// What stands about a block of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Part {
    Applicable,
    Points(End),
}

/// The formulas of a unit's blocks and totals.
#[derive(Clone, Copy)]
pub(in super::super) struct Totals<'a> {
    pub overview: &'a Overview<'a>,
    pub places: &'a Places,
    pub unit: &'a UnitPlaces,
    pub score: &'a UnitScore,
    /// The cell of a part of the unit's n-th block.
    pub cell: &'a dyn Fn(usize, Part) -> Term,
}

impl Totals<'_> {
    fn block_of(&self, score: &BlockScore) -> Option<&SchemeBlock> {
        self.overview.scheme.blocks.iter().find(|block| block.id == score.block)
    }

    /// Sum of 适用 of the n-th block.
    pub(in super::super) fn applicable(&self, nth: usize) -> Term {
        self.unit
            .blocks
            .get(nth)
            .map_or(Expr::Whole(0), |block| block_sum(self.places, block.rows, check::BASE))
    }

    /// The part of the total that the n-th block gives.
    pub(in super::super) fn block(&self, nth: usize, end: End) -> Term {
        let (Some(score), Some(places)) = (self.score.blocks.get(nth), self.unit.blocks.get(nth)) else {
            return Expr::Whole(0);
        };
        let Some(block) = self.block_of(score) else { return Expr::Whole(0) };
        rules::block(block.kind, self.overview.scheme.rounding).bind(&|figure| match figure {
            Figure::Weight => self.weight(&block.id),
            Figure::Earned => block_sum(self.places, places.rows, counted(end)),
            Figure::Applicable => (self.cell)(nth, Part::Applicable),
            _ => Expr::Whole(0),
        })
    }

    fn weight(&self, block: &BlockId) -> Term {
        self.places.params.weights.get(block).map_or(Expr::Whole(0), |row| at(self.places.param(*row)))
    }

    fn blocks(&self, wanted: impl Fn(&SchemeBlock) -> bool) -> Vec<(usize, &SchemeBlock)> {
        let all = self.score.blocks.iter().enumerate();
        all.filter_map(|(nth, score)| Some((nth, self.block_of(score)?)))
            .filter(|(_, block)| wanted(block))
            .collect()
    }

    fn sum(&self, end: End, wanted: impl Fn(&SchemeBlock) -> bool) -> Term {
        plus(self.blocks(wanted).into_iter().map(|(nth, _)| (self.cell)(nth, Part::Points(end))))
    }

    /// 不含加分: the weighted blocks together.
    pub(in super::super) fn before(&self, end: End) -> Term {
        let weighted = |block: &SchemeBlock| matches!(block.kind, BlockKind::Weighted(_)) && block.in_rank;
        rules::before(self.overview.scheme.rounding).bind(&|figure| match figure {
            Figure::Blocks => self.sum(end, weighted),
            Figure::Weights => {
                plus(self.blocks(weighted).into_iter().map(|(_, block)| self.weight(&block.id)))
            }
            Figure::WeightsApplicable => plus(self.blocks(weighted).into_iter().map(|(nth, block)| {
                let none = pair(Op::Eq, (self.cell)(nth, Part::Applicable), Expr::Whole(0));
                choose(none, Expr::Whole(0), self.weight(&block.id))
            })),
            _ => Expr::Whole(0),
        })
    }

    /// 总分, from the cell that holds 不含加分.
    pub(in super::super) fn total(&self, before: &Term, end: End) -> Term {
        let scheme = self.overview.scheme;
        rules::total(scheme.ceiling, scheme.rounding).bind(&|figure| match figure {
            Figure::Before => before.clone(),
            Figure::Bonus => {
                self.sum(end, |block| matches!(block.kind, BlockKind::Bonus(_)) && block.in_rank)
            }
            Figure::Deduction => {
                self.sum(end, |block| matches!(block.kind, BlockKind::Deduction(_)) && block.in_rank)
            }
            _ => Expr::Whole(0),
        })
    }
}

/// The column of 逐项 that counts at an end.
fn counted(end: End) -> u16 {
    match end {
        End::Low => check::COUNTED,
        End::High => check::CEILING,
    }
}

/// Where figures stand on the sheet 得分; one row for each unit, in order of the results.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct TotalSheet {
    pub index: usize,
    pub blocks: u16,
    pub ties: u16,
}

impl TotalSheet {
    pub(in super::super) const GROUP: u16 = 0;
    pub(in super::super) const UNIT: u16 = 1;

    /// A part of a block, by its place in the scheme.
    pub(in super::super) fn block(block: u16, part: Part) -> u16 {
        2 + block * 3
            + match part {
                Part::Applicable => 0,
                Part::Points(End::Low) => 1,
                Part::Points(End::High) => 2,
            }
    }

    fn end(end: End) -> u16 {
        u16::from(end == End::High)
    }

    pub(in super::super) fn before(self, end: End) -> u16 {
        2 + self.blocks * 3 + Self::end(end)
    }

    pub(in super::super) fn total(self, end: End) -> u16 {
        self.before(End::High) + 1 + Self::end(end)
    }

    pub(in super::super) fn tie(self, tie: u16, end: End) -> u16 {
        self.total(End::High) + 1 + tie * 2 + Self::end(end)
    }

    /// Whether nothing about a unit is open.
    pub(in super::super) fn settled(self) -> u16 {
        self.tie(self.ties, End::Low)
    }

    /// A cell, for a formula of another sheet.
    pub(in super::super) fn cell(self, row: usize, column: u16) -> Spot {
        Spot::cell(row, column).on(self.index)
    }
}

/// The place of a block in the scheme.
pub(in super::super) fn block_index(overview: &Overview<'_>, id: &BlockId) -> Option<u16> {
    u16::try_from(overview.scheme.blocks.iter().position(|block| block.id == *id)?).ok()
}

/// The sheet 得分.
pub(in super::super) fn sheet(overview: &Overview<'_>, places: &Places, at_sheet: TotalSheet) -> Sheet {
    let scheme = overview.scheme;
    let mut rows = Vec::new();
    for (row, (score, unit)) in overview.scores.iter().zip(&places.units).enumerate() {
        let here = |column: u16| at(Spot::cell(row, column));
        let cell = |nth: usize, part: Part| {
            let block =
                score.blocks.get(nth).and_then(|block| block_index(overview, &block.block)).unwrap_or(0);
            here(TotalSheet::block(block, part))
        };
        let totals = Totals { overview, places, unit, score, cell: &cell };
        let mut cells = vec![Cell::text(&*score.group), Cell::text(&*score.unit)];
        for block in &scheme.blocks {
            let Some(nth) = score.blocks.iter().position(|own| own.block == block.id) else {
                cells.extend([Cell::default(), Cell::default(), Cell::default()]);
                continue;
            };
            let Some(own) = score.blocks.get(nth) else { continue };
            cells.push(points(totals.applicable(nth), own.applicable));
            cells.push(points(totals.block(nth, End::Low), own.points.low));
            cells.push(points(totals.block(nth, End::High), own.points.high));
        }
        cells.push(points(totals.before(End::Low), score.before.low));
        cells.push(points(totals.before(End::High), score.before.high));
        let before = |end: End| here(at_sheet.before(end));
        cells.push(
            points(totals.total(&before(End::Low), End::Low), score.total.low).style(CellStyle::Strong),
        );
        cells.push(points(totals.total(&before(End::High), End::High), score.total.high));
        let mut settled = vec![pair(Op::Eq, here(at_sheet.total(End::Low)), here(at_sheet.total(End::High)))];
        for (tie, (measure, bounds)) in (0_u16..).zip(scheme.ties.iter().zip(&score.ties)) {
            for (end, value) in [(End::Low, bounds.low), (End::High, bounds.high)] {
                let term = measured(overview, places, at_sheet, row, measure, end);
                cells.push(term.map_or_else(|| Cell::points(value), |term| points(term, value)));
            }
            settled.push(pair(Op::Eq, here(at_sheet.tie(tie, End::Low)), here(at_sheet.tie(tie, End::High))));
        }
        let is = score.total.is_settled() && score.ties.iter().all(|bounds| bounds.is_settled());
        cells.push(count(choose(call(Function::And, settled), Expr::Whole(1), Expr::Whole(0)), u8::from(is)));
        rows.push(cells);
    }
    Sheet {
        name: "得分".into(),
        title: "各单位分板块得分".into(),
        notes: vec!["板块得分＝权重×计分之和÷适用分值之和；“最高”是待核的全部落实后的得分。全部由逐项算出，不在这里改。".into()],
        columns: columns(overview),
        rows,
        frozen: 2,
        filter: true,
        landscape: true,
        protected: true,
        ..Sheet::default()
    }
}

fn columns(overview: &Overview<'_>) -> Vec<Column> {
    let grouped = |group: &str, titles: &[&str]| -> Vec<Column> {
        titles
            .iter()
            .map(|title| Column { group: group.to_owned(), ..column(title, 9, Align::Right) })
            .collect()
    };
    let mut columns = vec![column("组别", 16, Align::Centre), column("单位", 30, Align::Left)];
    for block in &overview.scheme.blocks {
        let weight = match block.kind {
            BlockKind::Weighted(_) => String::new(),
            BlockKind::Bonus(_) => "（加分）".to_owned(),
            BlockKind::Deduction(_) => "（扣分）".to_owned(),
        };
        columns.extend(grouped(&format!("{}{weight}", block.name), &["适用分值", "得分", "最高"]));
    }
    columns.extend(grouped("不含加分", &["得分", "最高"]));
    columns.extend(grouped("总分", &["得分", "最高"]));
    for (nth, _) in overview.scheme.ties.iter().enumerate() {
        columns.extend(grouped(&format!("同分比较{}", nth + 1), &["得分", "最高"]));
    }
    columns.push(column("没有待核", 10, Align::Centre));
    columns
}

/// A measure of a unit as a formula of any sheet but 得分's own cells; none where only the program knows it.
pub(in super::super) fn measured(
    overview: &Overview<'_>,
    places: &Places,
    at_sheet: TotalSheet,
    row: usize,
    measure: &Measure,
    end: End,
) -> Option<Term> {
    let (score, unit) = (overview.scores.get(row)?, places.units.get(row)?);
    let total = |column: u16| at(at_sheet.cell(row, column));
    match measure {
        Measure::Total => Some(total(at_sheet.total(end))),
        Measure::BeforeBonus => Some(total(at_sheet.before(end))),
        Measure::Block(id) => {
            score.blocks.iter().find(|block| block.block == *id)?;
            Some(total(TotalSheet::block(block_index(overview, id)?, Part::Points(end))))
        }
        Measure::Line(id) => {
            let (nth, line) = score.blocks.iter().enumerate().find_map(|(nth, block)| {
                Some((nth, block.lines.iter().position(|line| line.line == *id)?))
            })?;
            let first = unit.blocks.get(nth)?.lines.get(line)?.first;
            Some(at(places.check(first, counted(end))))
        }
        Measure::Completion(ids) => completion(overview, places, row, ids, end),
        Measure::Column(word) => {
            let spot = places.facts.value_of(row, word)?;
            let missing = if end == End::Low { 0 } else { 100_000 };
            Some(choose(is_blank(at(spot)), Expr::Whole(missing), at(spot)))
        }
    }
}

/// 完成率 of requirements or of the requirements of whole items, where all of them stand on 逐项.
fn completion(
    overview: &Overview<'_>,
    places: &Places,
    row: usize,
    names: &[String],
    end: End,
) -> Option<Term> {
    let (result, score, unit) =
        (overview.results.get(row)?, overview.scores.get(row)?, places.units.get(row)?);
    let mut stands: BTreeMap<&str, usize> = BTreeMap::new();
    for (block, block_places) in score.blocks.iter().zip(&unit.blocks) {
        for (line, line_places) in block.lines.iter().zip(&block_places.lines) {
            let checks = super::places::groups(overview.scheme, line, &result.card.checks);
            for (nth, check) in checks.into_iter().flatten().enumerate() {
                stands.entry(check.id.as_str()).or_insert(line_places.first + nth);
            }
        }
    }
    let mut rows = Vec::new();
    let own: Vec<&str> = result
        .card
        .checks
        .iter()
        .filter(|check| check.id == check.evidence)
        .map(|check| check.id.as_str())
        .collect();
    for id in &own {
        let (base, listed) = id.split_once('·').map_or((*id, false), |(base, _)| (base, true));
        let item = base.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let named = names.iter().any(|name| name == base || name == item || name == id);
        // Where every name of a list is checked, the requirement as a whole is not counted beside them.
        let split = !listed && own.iter().any(|other| other.starts_with(&format!("{id}·")));
        if named && !split {
            rows.push(*stands.get(id)?);
        }
    }
    let sum = |column: u16| plus(rows.iter().map(|row| at(places.check(*row, column))));
    Some(rules::completion_rate().bind(&|figure| match (figure, end) {
        (Figure::Required(_), _) => sum(check::REQUIRED),
        (_, End::Low) => sum(check::MET),
        (_, End::High) => pair(Op::Add, sum(check::MET), sum(check::OPEN)),
    }))
}

/// The rank of a unit by its total, in its group or among all.
pub(in super::super) fn rank_of(
    overview: &Overview<'_>,
    totals: TotalSheet,
    row: usize,
    grouped: bool,
) -> Term {
    let area = super::super::ranking::Area { overview, totals };
    let low = totals.total(End::Low);
    let above = times(pair(Op::Gt, area.all(low), area.own(row, low)), Expr::Whole(1));
    let ahead = if overview.scheme.ties.is_empty() {
        above
    } else {
        let equal = pair(Op::Eq, area.all(low), area.own(row, low));
        plus([above, times(equal, area.ahead_by_ties(row, 0))])
    };
    let ahead = if grouped { area.in_group(row, ahead) } else { ahead };
    plus([call(Function::SumProduct, [ahead]), Expr::Whole(1)])
}
