//! Learning from the decisions of one office: what must be added to the program's own answers.
//!
//! For every item a logistic regression over the features of the decided rows, with the row's present
//! log-odds as its known part, an L2 penalty, and no constant: a row that shares nothing with the decided
//! ones keeps its answer.

use super::solve::{Problem, Vector, solve_without_constant};
use crate::matching::own::{Correction, Rarity, STEPS};
use crate::matching::{Matcher, RowText, Seen, features};
use crate::model::ItemId;
use crate::seeds::Weights;
use std::collections::{BTreeMap, BTreeSet};

/// What an error on a decided row costs, against the penalty on weights.
const COST: f64 = 16.0;
/// Weights below this many steps are not kept.
const LEAST_STEPS: i32 = 5;

/// A row on which a person has decided, with exactly the items that it proves.
#[derive(Debug, Clone)]
pub struct Decided<'a> {
    /// Its text.
    pub row: RowText<'a>,
    /// Its items.
    pub items: BTreeSet<ItemId>,
}

/// What an office's decisions add to the answers of a matcher that knows none of them. The order of the
/// rows does not matter; rows that contradict each other pull both ways.
#[must_use]
pub fn correct(matcher: &Matcher, decided: &[Decided<'_>], weights: Option<&Weights>) -> Correction {
    let mut decided: Vec<&Decided<'_>> = decided.iter().collect();
    decided.sort_by_key(|one| (one.row.kind, one.row.title, one.row.description, one.row.kinds, &one.items));
    let rarity = Rarity::new(weights);
    let mut places: BTreeMap<u32, u32> = BTreeMap::new();
    let mut keys: Vec<u32> = Vec::new();
    let mut vectors: Vec<Vector> = Vec::new();
    let mut offsets: Vec<Vec<f64>> = Vec::new();
    let mut seen = Seen::default();
    for one in &decided {
        matcher.see(&one.row, &mut seen);
        let mut vector: Vector = Vec::new();
        for (value, feature) in rarity.felt(&features::features(&seen.folded, &seen.signs)) {
            let next = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            let place = *places.entry(feature.key).or_insert(next);
            if place == next {
                keys.push(feature.key);
            }
            vector.push((place, value));
        }
        vector.sort_unstable_by_key(|(place, _)| *place);
        vectors.push(vector);
        offsets.push(matcher.scores(&seen).into_iter().map(f64::from).collect());
    }
    let rows: Vec<&Vector> = vectors.iter().collect();
    let cost = vec![COST; rows.len()];
    let mut correction = Correction::default();
    for (at, item) in matcher.items.iter().enumerate() {
        let truth: Vec<bool> = decided.iter().map(|one| one.items.contains(&item.id)).collect();
        let offset: Vec<f64> = offsets.iter().map(|of| of.get(at).copied().unwrap_or(0.0)).collect();
        let problem = Problem { rows: &rows, truth: &truth, offset: &offset, cost: &cost, width: keys.len() };
        let solution = solve_without_constant(&problem);
        let learned: BTreeMap<u32, i32> = keys
            .iter()
            .zip(&solution.weights)
            .map(|(key, weight)| (*key, steps(*weight)))
            .filter(|(_, steps)| steps.abs() >= LEAST_STEPS)
            .collect();
        if !learned.is_empty() {
            correction.items.insert(item.id.clone(), learned);
        }
    }
    correction
}

#[allow(clippy::cast_possible_truncation, reason = "a few logits")]
fn steps(weight: f64) -> i32 {
    (weight * f64::from(STEPS)).round() as i32
}
