//! The sentences that say why an item of a list that the program does not know is proved.

use super::evidence::Words;
use super::lexicon::Signs;
use super::pairs::{Looks, Pairs};
use crate::model::Evidence;
use crate::seeds::pair_weights::PairWeights;

/// What the sentences are made from.
pub(crate) struct Told<'a> {
    pub(crate) pairs: &'a Pairs,
    pub(crate) weights: &'a PairWeights,
    pub(crate) looks: &'a Looks,
    pub(crate) words: &'a Words<'a>,
}

impl Told<'_> {
    pub(crate) fn of_item(&self, _item: usize, _number: u32, _signs: &Signs) -> Vec<Evidence> {
        Vec::new()
    }
}
