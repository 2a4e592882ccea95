//! How far a weight may shift before other units are commended.

use super::award::{Contest, awards_for, chosen};
use crate::formula::rounded_quotient;
use crate::model::{
    Award, BlockKind, Condition, Leeway, Measure, Points, Rounding, Scheme, SchemeBlock, UnitScore,
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The highest weight that is tried, in hundredths; the steps are hundredths.
const HIGHEST: i64 = 10_000;

/// For each commendation line, group and weighted block: the weights, other weights left as they are, at
/// which the same units are commended (or stand tied at the line), and who changes beyond.
///
/// A group in which a single block counts has nothing to shift and is left out.
#[must_use]
pub fn leeway(scheme: &Scheme, scores: &[UnitScore]) -> Vec<Leeway> {
    let mut groups: BTreeMap<&str, Vec<&UnitScore>> = BTreeMap::new();
    for score in scores {
        groups.entry(&score.group).or_default().push(score);
    }
    let mut trials = Vec::new();
    for (group, members) in &groups {
        let own = |block: &&SchemeBlock| {
            let is_for = block.groups.is_empty() || block.groups.iter().any(|g| g == group);
            is_for && block.in_rank && matches!(block.kind, BlockKind::Weighted(_))
        };
        let blocks: Vec<&SchemeBlock> = scheme.blocks.iter().filter(own).collect();
        if blocks.len() < 2 {
            continue;
        }
        for award in awards_for(scheme, group) {
            trials.extend(blocks.iter().map(|block| (*group, members, award.clone(), *block)));
        }
    }
    trials
        .par_iter()
        .filter_map(|(group, members, award, block)| {
            let BlockKind::Weighted(weight) = block.kind else { return None };
            let trial = Trial::new(scheme, award, block, members);
            let before = trial.chosen(weight.hundredths());
            let walk = |steps: &mut dyn Iterator<Item = i64>| {
                let mut last = weight.hundredths();
                for step in steps {
                    let after = trial.chosen(step);
                    if after != before {
                        return (Points::from_hundredths(last), trial.changes(&before, &after));
                    }
                    last = step;
                }
                (Points::from_hundredths(last), String::new())
            };
            let (down, down_changes) = walk(&mut (0..weight.hundredths()).rev());
            let (up, up_changes) = walk(&mut (weight.hundredths() + 1..=HIGHEST));
            let (award, group, block) = (award.name.clone(), (*group).to_owned(), block.id.clone());
            Some(Leeway { award, group, block, weight, down, down_changes, up, up_changes })
        })
        .collect()
}

/// A figure of a unit as a function of one block's weight.
#[derive(Debug, Clone, Copy)]
enum Term {
    Total,
    Before,
    Block,
    Still(i64),
}

/// A unit with what does not change when the block's weight does; everything in hundredths.
struct Member {
    earned: i64,
    applicable: i64,
    blocks: i64,
    weights: i64,
    weights_applicable: i64,
    bonus: i64,
    deduction: i64,
    ties: Vec<Term>,
    conditions: Vec<(Term, i64)>,
    barred: bool,
}

struct Trial<'a> {
    members: &'a [&'a UnitScore],
    figures: Vec<Member>,
    quota: usize,
    rounding: Rounding,
    ceiling: Option<i64>,
}

impl<'a> Trial<'a> {
    fn new(scheme: &Scheme, award: &Award, block: &SchemeBlock, members: &'a [&'a UnitScore]) -> Self {
        let contest = Contest::new(scheme, award, members);
        let member =
            |(at, score): (usize, &&UnitScore)| member(scheme, award, block, score, contest.is_vetoed(at));
        Self {
            members,
            figures: members.iter().enumerate().map(member).collect(),
            quota: usize::try_from(contest.quota).unwrap_or(usize::MAX),
            rounding: scheme.rounding,
            ceiling: scheme.ceiling.map(Points::hundredths),
        }
    }

    /// Who is in, or tied at the line, at a weight.
    fn chosen(&self, weight: i64) -> BTreeSet<usize> {
        let keys: Vec<Option<Vec<i64>>> =
            self.figures.iter().map(|member| self.key(member, weight)).collect();
        chosen(&keys, self.quota)
    }

    /// What a unit is ranked by at a weight; none where it is not eligible then.
    fn key(&self, member: &Member, weight: i64) -> Option<Vec<i64>> {
        let quotient = |num: i64, den: i64| rounded_quotient(num, den, self.rounding);
        let block = if member.applicable == 0 {
            0
        } else {
            quotient(weight.saturating_mul(member.earned), member.applicable)
        };
        let weights = member.weights + weight;
        let applicable = member.weights_applicable + if member.applicable == 0 { 0 } else { weight };
        let before = if applicable == 0 {
            0
        } else {
            quotient((member.blocks + block).saturating_mul(weights), applicable)
        };
        let total = quotient(before + member.bonus - member.deduction, 1).max(0);
        let total = self.ceiling.map_or(total, |ceiling| total.min(ceiling));
        let value = |term: Term| match term {
            Term::Total => total,
            Term::Before => before,
            Term::Block => block,
            Term::Still(points) => points,
        };
        let eligible = !member.barred && member.conditions.iter().all(|(term, least)| value(*term) >= *least);
        eligible.then(|| std::iter::once(total).chain(member.ties.iter().map(|tie| value(*tie))).collect())
    }

    fn changes(&self, before: &BTreeSet<usize>, after: &BTreeSet<usize>) -> String {
        let names = |one: &BTreeSet<usize>, other: &BTreeSet<usize>| {
            let names =
                one.difference(other).filter_map(|at| self.members.get(*at)).map(|score| &*score.unit);
            names.collect::<Vec<_>>().join("、")
        };
        match (names(after, before), names(before, after)) {
            (more, fewer) if fewer.is_empty() => format!("增加{more}"),
            (more, fewer) if more.is_empty() => format!("减少{fewer}"),
            (more, fewer) => format!("{more}替换{fewer}"),
        }
    }
}

fn member(scheme: &Scheme, award: &Award, block: &SchemeBlock, score: &UnitScore, vetoed: bool) -> Member {
    let mut member = Member {
        earned: 0,
        applicable: 0,
        blocks: 0,
        weights: 0,
        weights_applicable: 0,
        bonus: 0,
        deduction: 0,
        ties: Vec::new(),
        conditions: Vec::new(),
        barred: vetoed,
    };
    for own in &score.blocks {
        let Some(of) = scheme.blocks.iter().find(|b| b.id == own.block && b.in_rank) else { continue };
        match of.kind {
            BlockKind::Weighted(_) if of.id == block.id => {
                member.earned = own.earned.low.hundredths();
                member.applicable = own.applicable.hundredths();
            }
            BlockKind::Weighted(weight) => {
                member.blocks += own.points.low.hundredths();
                member.weights += weight.hundredths();
                member.weights_applicable += own.weight.hundredths();
            }
            BlockKind::Bonus(_) => member.bonus += own.points.low.hundredths(),
            BlockKind::Deduction(_) => member.deduction += own.points.low.hundredths(),
        }
    }
    let term = |measure: &Measure, still: Points| match measure {
        Measure::Total => Term::Total,
        Measure::BeforeBonus => Term::Before,
        Measure::Block(id) if *id == block.id => Term::Block,
        _ => Term::Still(still.hundredths()),
    };
    member.ties = scheme.ties.iter().zip(&score.ties).map(|(of, tie)| term(of, tie.low)).collect();
    let condition = |condition: &Condition| {
        let still = score.measures.iter().find(|(text, _)| *text == condition.text);
        let still = still.map_or(Points::ZERO, |(_, bounds)| bounds.low);
        (term(&condition.measure, still), condition.least.hundredths())
    };
    member.conditions = award.conditions.iter().map(condition).collect();
    member
}
