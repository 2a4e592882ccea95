//! From lines to blocks, and from blocks to the total.

use super::field::Field;
use super::lines::{Ruled, by_name, points, ruled};
use crate::formula::rules::{self, End};
use crate::formula::{Fault, Value};
use crate::model::{
    BlockKind, BlockScore, Bounds, CheckScore, Condition, Expr, External, FactState, Figure, LineScore,
    Measure, Points, Scheme, SchemeBlock, ScoreCard, Tally, Unit, UnitScore,
};
use std::collections::BTreeMap;

/// What a value that nobody has stated may at most turn out to be, for a condition.
const UNBOUNDED: Points = Points::whole(100_000);

/// The points of all units under a scheme, in the order of the units.
#[must_use]
pub fn scores(scheme: &Scheme, units: &[(&Unit, &ScoreCard)], external: &External) -> Vec<UnitScore> {
    let members: Vec<&Unit> = units.iter().map(|(unit, _)| *unit).collect();
    let ledger = Ledger::new(scheme, &members, external);
    units.iter().map(|(unit, card)| ledger.score(unit, card)).collect()
}

/// A scheme with its rules written out, and what all units have in common.
pub struct Ledger<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) external: &'a External,
    pub(super) field: Field<'a>,
    lines: Vec<Vec<Ruled<'a>>>,
    before: Expr<Figure>,
    total: Expr<Figure>,
    rules: Vec<Expr<Figure>>,
}

impl<'a> Ledger<'a> {
    /// The rules of a scheme for these units; the score of each needs nothing else of the others.
    pub fn new(scheme: &'a Scheme, units: &[&'a Unit], external: &'a External) -> Self {
        let mut columns: Vec<&str> = scheme.lines().filter_map(|(_, line)| line.mode.column()).collect();
        columns.sort_unstable();
        columns.dedup();
        Self {
            scheme,
            external,
            field: Field::new(units, &columns, external),
            lines: ruled(scheme),
            before: rules::before(scheme.rounding),
            total: rules::total(scheme.ceiling, scheme.rounding),
            rules: scheme.blocks.iter().map(|block| rules::block(block.kind, scheme.rounding)).collect(),
        }
    }

    /// The lines that are for a unit, block by block.
    pub(super) fn lines_for(&self, unit: &Unit) -> impl Iterator<Item = (usize, Vec<&Ruled<'a>>)> {
        let blocks = self.scheme.blocks.iter().zip(&self.lines).enumerate();
        blocks
            .filter(|(_, (block, _))| is_for(block, unit))
            .map(|(at, (_, lines))| (at, lines.iter().filter(|line| line.is_for(unit)).collect()))
    }

    /// The points of a unit with this card.
    #[must_use]
    pub fn score(&self, unit: &Unit, card: &ScoreCard) -> UnitScore {
        let checks = by_name(card);
        let blocks: Vec<(usize, Vec<LineScore>)> = self
            .lines_for(unit)
            .map(|(at, lines)| {
                let score = |line: &&Ruled<'_>| line.score(unit, &checks, self.external, &self.field);
                (at, lines.iter().map(score).collect())
            })
            .collect();
        self.finish(unit, &checks, blocks)
    }

    /// Blocks, total and what is compared, from the lines of a unit.
    pub(super) fn finish(
        &self,
        unit: &Unit,
        checks: &BTreeMap<&str, &CheckScore>,
        blocks: Vec<(usize, Vec<LineScore>)>,
    ) -> UnitScore {
        let blocks: Vec<BlockScore> =
            blocks.into_iter().filter_map(|(at, lines)| self.block(at, lines)).collect();
        let own = |fact: &&crate::model::VetoFact| fact.unit == unit.name && fact.state != FactState::False;
        let (before, total) = self.both(&blocks, |block| block.in_rank);
        let (_, for_grade) = self.both(&blocks, |block| block.in_grade);
        let mut score = UnitScore {
            unit: unit.name.clone(),
            group: unit.group.clone(),
            before,
            total,
            for_grade,
            blocks,
            ties: Vec::new(),
            measures: Vec::new(),
            vetoes: self.external.vetoes.iter().filter(own).cloned().collect(),
        };
        score.ties = self.scheme.ties.iter().map(|of| self.measure(of, unit, checks, &score)).collect();
        for condition in conditions(self.scheme) {
            if score.measures.iter().all(|(text, _)| *text != condition.text) {
                let value = self.measure(&condition.measure, unit, checks, &score);
                score.measures.push((condition.text.clone(), value));
            }
        }
        score
    }

    fn block(&self, at: usize, lines: Vec<LineScore>) -> Option<BlockScore> {
        let (block, rule) = (self.scheme.blocks.get(at)?, self.rules.get(at)?);
        let applicable: Points = lines.iter().map(|line| line.base).sum();
        let earned = Bounds {
            low: lines.iter().map(|line| line.counted.low).sum(),
            high: lines.iter().map(|line| line.counted.high).sum(),
        };
        let weight = match block.kind {
            BlockKind::Weighted(weight) if applicable > Points::ZERO => weight,
            _ => Points::ZERO,
        };
        let end = |earned: Points| {
            points(rule, &|figure: &Figure| match figure {
                Figure::Weight => Ok(Value::points(weight)),
                Figure::Earned => Ok(Value::points(earned)),
                Figure::Applicable => Ok(Value::points(applicable)),
                _ => Err(Fault::Unknown),
            })
            .unwrap_or_default()
        };
        let points = Bounds { low: end(earned.low), high: end(earned.high) };
        Some(BlockScore { block: block.id.clone(), weight, applicable, earned, points, lines })
    }

    /// Both ends of the weighted blocks together, and of the total, over the blocks that are picked.
    fn both(&self, blocks: &[BlockScore], pick: impl Fn(&SchemeBlock) -> bool + Copy) -> (Bounds, Bounds) {
        let (low, high) = (self.combined(blocks, pick, End::Low), self.combined(blocks, pick, End::High));
        (Bounds { low: low.0, high: high.0 }, Bounds { low: low.1, high: high.1 })
    }

    /// The weighted blocks together, and the total, at one end.
    fn combined(
        &self,
        blocks: &[BlockScore],
        pick: impl Fn(&SchemeBlock) -> bool,
        end: End,
    ) -> (Points, Points) {
        let zero = Points::ZERO;
        let (mut sum, mut weights, mut applicable, mut bonus, mut deduction) = (zero, zero, zero, zero, zero);
        for score in blocks {
            let Some(block) = self.scheme.blocks.iter().find(|block| block.id == score.block) else {
                continue;
            };
            if !pick(block) {
                continue;
            }
            let points = if end == End::Low { score.points.low } else { score.points.high };
            match block.kind {
                BlockKind::Weighted(weight) => {
                    sum += points;
                    weights += weight;
                    applicable += score.weight;
                }
                BlockKind::Bonus(_) => bonus += points,
                BlockKind::Deduction(_) => deduction += points,
            }
        }
        let before = points(&self.before, &|figure: &Figure| match figure {
            Figure::Blocks => Ok(Value::points(sum)),
            Figure::Weights => Ok(Value::points(weights)),
            Figure::WeightsApplicable => Ok(Value::points(applicable)),
            _ => Err(Fault::Unknown),
        })
        .unwrap_or_default();
        let total = points(&self.total, &|figure: &Figure| match figure {
            Figure::Before => Ok(Value::points(before)),
            Figure::Bonus => Ok(Value::points(bonus)),
            Figure::Deduction => Ok(Value::points(deduction)),
            _ => Err(Fault::Unknown),
        })
        .unwrap_or_default();
        (before, total)
    }

    fn measure(
        &self,
        of: &Measure,
        unit: &Unit,
        checks: &BTreeMap<&str, &CheckScore>,
        score: &UnitScore,
    ) -> Bounds {
        match of {
            Measure::Total => score.total,
            Measure::BeforeBonus => score.before,
            Measure::Block(id) => {
                let block = score.blocks.iter().find(|block| block.block == *id);
                block.map_or_else(Bounds::default, |block| block.points)
            }
            Measure::Line(id) => {
                let line = score.lines().find(|line| line.line == *id);
                line.map_or_else(Bounds::default, |line| line.counted)
            }
            Measure::Completion(names) => completion(names, checks),
            Measure::Column(column) => self
                .field
                .value(&unit.name, column)
                .map_or(Bounds { low: Points::ZERO, high: UNBOUNDED }, Bounds::settled),
        }
    }
}

/// Whether a block is for a unit.
pub(super) fn is_for(block: &SchemeBlock, unit: &Unit) -> bool {
    block.groups.is_empty() || block.groups.contains(&unit.group)
}

/// Every condition that a scheme names.
pub(super) fn conditions(scheme: &Scheme) -> impl Iterator<Item = &Condition> {
    let grades = scheme.grades.iter().flat_map(|grade| &grade.conditions);
    grades.chain(scheme.awards.iter().flat_map(|award| &award.conditions))
}

/// ROUND(100×已完成/应完成, 2) over requirements or the requirements of whole items.
fn completion(names: &[String], checks: &BTreeMap<&str, &CheckScore>) -> Bounds {
    let mut sum = Tally::default();
    for check in checks.values().filter(|check| check.id == check.evidence) {
        let id = check.id.as_str();
        let (base, listed) = id.split_once('·').map_or((id, false), |(base, _)| (base, true));
        let item = base.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let named = names.iter().any(|name| name == base || name == item || name == id);
        // Where every name of a list is checked, the requirement as a whole is not counted beside them.
        let mark = format!("{id}·");
        let split = !listed
            && checks
                .range(mark.as_str()..)
                .next()
                .is_some_and(|(other, check)| other.starts_with(&mark) && check.evidence == check.id);
        if named && !split {
            sum.required = sum.required.saturating_add(check.tally.required);
            sum.met = sum.met.saturating_add(check.tally.met);
            sum.open = sum.open.saturating_add(check.tally.open);
        }
    }
    let rate = |met: u32| {
        points(&rules::completion_rate(), &|figure: &Figure| match figure {
            Figure::Required(0) => Ok(Value::whole(i64::from(sum.required))),
            Figure::Met(0) => Ok(Value::whole(i64::from(met))),
            _ => Err(Fault::Unknown),
        })
        .unwrap_or_default()
    };
    Bounds { low: rate(sum.met), high: rate(sum.met.saturating_add(sum.open)) }
}
