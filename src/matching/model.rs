//! Learned weights applied to the features of a row.

use super::answers::{self, Answers, other_value};
use super::features::{Feature, Origin, pair_key};
use super::math;
use super::table::{Known, Table};
use crate::model::ListId;
use crate::seeds::Weights;
use std::array::from_fn;
use std::ops::Range;

/// Log-odds below which the first look's answer is none.
const LEAST_ANSWER: f32 = -4.5;

/// The weights for one list, laid out for speed.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    weights: Weights,
    list: usize,
    /// Indices of the list's items in the weights.
    items: Range<usize>,
    table: Table,
    /// What the answers for all items of the file weigh for the own items.
    others: Columns,
    /// What the answers for the own items weigh at the second look; none for the item's own answer.
    second: Columns,
}

/// What some signs weigh for each item of a list, side by side.
#[derive(Debug, Clone)]
struct Columns {
    /// Groups of items.
    width: usize,
    weights: Vec<[f32; GROUP]>,
}

/// Items that are added up at a time.
const GROUP: usize = 8;

impl Columns {
    fn new(signs: usize, items: usize, weight: impl Fn(usize, usize) -> f32) -> Self {
        let width = items.div_ceil(GROUP);
        let groups = (0..signs).flat_map(|sign| (0..width).map(move |group| (sign, group)));
        let weights = |(sign, group)| from_fn(|at| weight(sign, group * GROUP + at));
        Self { width, weights: groups.map(weights).collect() }
    }

    /// What signs of some values add up to for each item, and some more after the last.
    fn sums(&self, signs: impl Iterator<Item = (usize, f32)>) -> Vec<f32> {
        let mut sums = vec![[0.0; GROUP]; self.width];
        for (sign, value) in signs {
            let weights = self.weights.get(sign * self.width..(sign + 1) * self.width).unwrap_or(&[]);
            for (sums, weights) in sums.iter_mut().zip(weights) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += value * weight;
                }
            }
        }
        sums.into_flattened()
    }
}

impl Model {
    /// The weights for a list, where they have any.
    pub(crate) fn new(weights: &Weights, list: &ListId) -> Option<Self> {
        let content = weights.content();
        let at = content.lists.iter().position(|known| known.list == *list)?;
        let first = content.items.iter().position(|item| usize::from(item.list) == at)?;
        let count = content.items.iter().filter(|item| usize::from(item.list) == at).count();
        Self::of_items(weights, at, first..first + count)
    }

    /// The first look at the items of all lists, whose answers say something on rows of any list.
    pub(crate) fn first_look(weights: &Weights) -> Option<Self> {
        Self::of_items(weights, usize::MAX, 0..0)
    }

    fn of_items(weights: &Weights, list: usize, items: Range<usize>) -> Option<Self> {
        let content = weights.content();
        let own = content.items.get(items.clone()).unwrap_or(&[]);
        let others = Columns::new(content.items.len(), own.len(), |other, item| {
            own.get(item).and_then(|item| item.others.get(other)).map_or(0.0, |steps| f32::from(*steps))
        });
        let second = Columns::new(own.len(), own.len(), |other, item| {
            let weight = own.get(item).and_then(|weights| weights.second.get(other + 1));
            weight.copied().filter(|_| other != item).unwrap_or(0.0)
        });
        let table = Table::new(content, &items)?;
        Some(Self { weights: weights.clone(), list, items, table, others, second })
    }

    /// The place of an item among the list's items in the weights.
    pub(crate) fn place(&self, item: &crate::model::ItemId) -> Option<usize> {
        let items = self.weights.content().items.get(self.items.clone())?;
        items.iter().position(|known| known.item == *item)
    }

    /// Least confidence of review and link, in thousandths.
    pub(crate) fn thresholds(&self) -> (u16, u16) {
        self.weights.content().lists.get(self.list).map_or((500, 900), |list| (list.review, list.link))
    }

    /// What a point of the item's own phrases adds.
    pub(crate) fn phrase_share(&self) -> f32 {
        self.weights.content().phrase_share
    }

    /// What so many points of a phrase add, in hundredths.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a few hundreds")]
    pub(crate) fn phrase_points(&self, points: i32) -> i32 {
        (points as f32 * self.phrase_share()).round() as i32
    }

    /// The scores (with their phrases) after a second look at what the other items of the list say.
    pub(crate) fn second_look(&self, mut scores: Vec<f32>) -> Vec<f32> {
        let answers = Answers::new(&scores);
        let others = self.second.sums(answers.given());
        let items = self.weights.content().items.get(self.items.clone()).unwrap_or(&[]);
        for (at, ((score, others), item)) in scores.iter_mut().zip(others).zip(items).enumerate() {
            *score += answers.second_of(&item.second, others, at);
        }
        scores
    }

    /// The calibrated log-odds of a score.
    pub(crate) fn log_odds(&self, score: f32) -> f32 {
        let (slope, constant) =
            self.weights.content().lists.get(self.list).map_or((1.0, 0.0), |list| list.calibration);
        slope * score + constant
    }

    /// Whether the weights may know a feature; where not, they do not.
    pub(crate) fn may_know(&self, key: u32) -> bool {
        self.table.may_know(key)
    }

    /// The features that the weights know, with their values, instead of what was known of another row.
    pub(crate) fn known(&self, features: &[Feature], known: &mut Vec<Known>) {
        self.table.known(features, known);
    }

    /// The score of each item of the list, without its own phrases.
    pub(crate) fn scores(&self, known: &[Known]) -> Vec<f32> {
        let sums = self.table.sums(known);
        let own = self.weights.content().items.get(self.items.clone()).unwrap_or(&[]);
        let own_sums = own.iter().zip(sums.iter().skip(self.items.start));
        let mut scores: Vec<f32> = own_sums.map(|(item, sum)| item.own.0 + item.own.1 * sum).collect();
        let mut answers = self.first_scores(sums);
        if let Some(own) = answers.get_mut(self.items.clone()) {
            own.fill(f32::NEG_INFINITY);
        }
        answers::answer(&mut answers);
        let heard = answers.into_iter().enumerate().filter(|(_, answer)| *answer > 0.0);
        let others = self.others.sums(heard.map(|(at, answer)| (at, other_value(answer))));
        for ((score, others), item) in scores.iter_mut().zip(others).zip(own) {
            *score += item.others_step * others;
        }
        scores
    }

    /// The first look's score of each item of the file, from what the features add up to.
    fn first_scores(&self, mut sums: Vec<f32>) -> Vec<f32> {
        for (sum, item) in sums.iter_mut().zip(&self.weights.content().items) {
            *sum = item.first.0 + item.first.1 * *sum;
        }
        sums
    }

    /// What each feature adds to the first look's score of an item of the file.
    pub(crate) fn first_shares(&self, known: &[Known], item: usize) -> impl Iterator<Item = (f32, Origin)> {
        let step = self.weights.content().items.get(item).map_or(0.0, |item| item.first.1);
        self.table.shares(known, item).map(move |(share, origin)| (share * step, origin))
    }

    /// The first look's answer for each item of the file, as a probability; small ones are none.
    pub(crate) fn first_answers(&self, known: &[Known]) -> Vec<f32> {
        let mut answers = self.first_scores(self.table.sums(known));
        answers::answer_from(LEAST_ANSWER, &mut answers);
        answers
    }

    /// The items of the file, in order.
    pub(crate) fn all_items(&self) -> impl Iterator<Item = &crate::model::ItemId> {
        self.weights.content().items.iter().map(|item| &item.item)
    }

    /// How rare a pair of characters is in the rows that were learned from, from 0 to 1.
    pub(crate) fn rarity(&self, a: char, b: char) -> f32 {
        let most = self.weights.content().rows.max(2);
        let most = math::ln(f64::from(most)) * 16.0;
        let rarity = self.table.rarity(pair_key(a, b)).map_or(most, f64::from);
        #[allow(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let rarity = (rarity / most).min(1.0) as f32;
        rarity
    }

    /// What each feature adds to the score of an item (by its place in the list), where it says anything.
    pub(crate) fn shares(&self, known: &[Known], place: usize) -> impl Iterator<Item = (f32, Origin)> {
        let index = self.items.start + place;
        let step = self.weights.content().items.get(index).map_or(0.0, |item| item.own.1);
        self.table.shares(known, index).map(move |(share, origin)| (share * step, origin))
    }
}
