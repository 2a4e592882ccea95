//! The office's own weights: what its decisions on rows add to the scores of the items.
//!
//! In: a correction that was learned from decisions, and the features of a row. Out: log-odds to add,
//! item by item. Never here: learning, files.

use super::features::{Feature, GROUPS, Origin};
use super::table::{group_scale, raw_value};
use crate::model::ItemId;
use crate::seeds::Weights;
use std::collections::BTreeMap;

/// Steps that make one logit.
pub(super) const STEPS: f32 = 1000.0;
/// Rarity, in sixteenths of a nat, of a feature that the built-in weights do not know: as rare as one row
/// among eight thousand.
const UNKNOWN_RARITY: u8 = 144;

/// How much each group of features counts in learning from a few decisions, beside what it counts in the
/// built-in weights: topics and kinds stand in rows of many sorts, so a decision on one row must not move
/// them much.
const SHARES: [f32; GROUPS] = [0.3, 1.0, 0.3];

/// What was learned from an office's decisions for one duty list: beside the built-in weights, for each
/// item, the hash of a feature and its weight in thousandths of a logit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Correction {
    /// Weights by item and feature; nothing stands for 0.
    pub items: BTreeMap<ItemId, BTreeMap<u32, i32>>,
}

impl Correction {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.values().all(BTreeMap::is_empty)
    }
}

/// How rare features are: as the built-in weights know it, else very.
#[derive(Debug, Clone)]
pub(super) struct Rarity(Option<Weights>);

impl Rarity {
    pub(super) fn new(weights: Option<&Weights>) -> Self {
        Self(weights.cloned())
    }

    fn of(&self, key: u32) -> u8 {
        let features = self.0.as_ref().map_or(&[][..], |weights| weights.content().features());
        let found = features.binary_search_by_key(&key, |feature| feature.key).ok();
        found.and_then(|at| features.get(at)).map_or(UNKNOWN_RARITY, |feature| feature.rarity.max(1))
    }

    /// The features with their values: each group has one length whatever the row's, so that what is common
    /// in all rows gets little.
    pub(super) fn felt(&self, features: &[Feature]) -> Vec<(f32, Feature)> {
        let mut squares = [0.0_f32; GROUPS];
        let mut felt: Vec<(f32, Feature)> = Vec::with_capacity(features.len());
        for &feature in features {
            let group = feature.origin.group();
            let value = raw_value(self.of(feature.key), group);
            squares[group] += value * value;
            felt.push((value, feature));
        }
        let scale = group_scale(squares);
        for (value, feature) in &mut felt {
            *value *= scale[feature.origin.group()] * SHARES[feature.origin.group()];
        }
        felt
    }
}

/// A correction laid out for one matcher.
#[derive(Debug)]
pub(super) struct Own {
    rarity: Rarity,
    /// Of each feature: places of items in the list, with logits.
    weights: BTreeMap<u32, Vec<(usize, f32)>>,
    items: usize,
}

impl Own {
    /// The correction for the items of a list, in their order; other items are passed over.
    pub(super) fn new(correction: &Correction, items: &[&ItemId], weights: Option<&Weights>) -> Self {
        let mut own = Self { rarity: Rarity::new(weights), weights: BTreeMap::new(), items: items.len() };
        for (item, features) in &correction.items {
            let Some(place) = items.iter().position(|known| *known == item) else { continue };
            for (&key, &steps) in features {
                #[allow(clippy::cast_precision_loss, reason = "a few thousand steps")]
                own.weights.entry(key).or_default().push((place, steps as f32 / STEPS));
            }
        }
        own
    }

    /// The features of a row with their values.
    pub(super) fn felt(&self, features: &[Feature]) -> Vec<(f32, Feature)> {
        let mut felt = self.rarity.felt(features);
        felt.retain(|(_, feature)| self.weights.contains_key(&feature.key));
        felt
    }

    /// What is added to each item's log-odds.
    pub(super) fn added(&self, felt: &[(f32, Feature)]) -> Vec<f32> {
        let mut added = vec![0.0; self.items];
        for (value, feature) in felt {
            for (place, weight) in self.weights.get(&feature.key).into_iter().flatten() {
                if let Some(sum) = added.get_mut(*place) {
                    *sum += value * weight;
                }
            }
        }
        added
    }

    /// What each feature adds to one item.
    pub(super) fn shares<'a>(
        &'a self,
        felt: &'a [(f32, Feature)],
        item: usize,
    ) -> impl Iterator<Item = (f32, Origin)> {
        felt.iter().filter_map(move |(value, feature)| {
            let weights = self.weights.get(&feature.key)?;
            let (_, weight) = weights.iter().find(|(place, _)| *place == item)?;
            Some((value * weight, feature.origin))
        })
    }
}
