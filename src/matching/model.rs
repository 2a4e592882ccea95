//! Learned weights applied to the features of a row.

use super::features::{Feature, GROUPS, Origin, pair_key};
use super::math;
use crate::model::ListId;
use crate::seeds::Weights;
use crate::seeds::weights::Entry;

/// How much the group of topics and kinds weighs beside the group of character runs.
pub(super) const SIGN_SHARE: f32 = 0.3;
/// How much the group of pairs of topics weighs.
pub(super) const PAIR_SHARE: f32 = 0.25;
/// How much the first look's answers for other lists weigh.
pub(super) const OTHER_SHARE: f32 = 0.3;

/// Log-odds below which the first look's answer is none.
const LEAST_ANSWER: f32 = -4.5;

/// The weights for one list, laid out for speed.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    weights: Weights,
    list: usize,
    /// Indices of the list's items in the weights.
    items: std::ops::Range<usize>,
    /// Open addressing by key; a free place has no rarity.
    features: Vec<Slot>,
    /// Of each feature: weights for the own items, and first-look weights for the others.
    entries: Vec<Entry>,
    /// A bit for each key, modulo their number: most features that no row had before are told by it alone,
    /// without a look into the great table.
    hints: Vec<u64>,
}

/// How many bits the hints have.
const HINTS: usize = 1 << 20;

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u32,
    from: u32,
    count: u8,
    rarity: u8,
}

/// A feature that the weights know, with its value in this row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) feature: Feature,
    entries: &'a [Entry],
    value: f32,
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

    fn of_items(weights: &Weights, list: usize, items: std::ops::Range<usize>) -> Option<Self> {
        let content = weights.content();
        let size = (content.features().len() * 2).next_power_of_two().max(2);
        let mut features = vec![Slot::default(); size];
        let mut entries: Vec<Entry> = Vec::with_capacity(content.entry_count());
        for feature in content.features() {
            let from = entries.len();
            let own = |entry: &&Entry| items.contains(&usize::from(entry.item));
            let (of_own, of_first) = content.entries(feature);
            entries.extend(of_own.iter().filter(own));
            entries.extend(of_first.iter().filter(|entry| !own(entry)));
            let slot = Slot {
                key: feature.key,
                from: u32::try_from(from).ok()?,
                count: u8::try_from(entries.len() - from).ok()?,
                rarity: feature.rarity.max(1),
            };
            let mut place = feature.key as usize & (size - 1);
            while features.get(place).is_some_and(|taken| taken.rarity != 0) {
                place = (place + 1) & (size - 1);
            }
            *features.get_mut(place)? = slot;
        }
        let mut hints = vec![0_u64; HINTS / 64];
        for feature in content.features() {
            if let Some(bits) = hints.get_mut(hint(feature.key) / 64) {
                *bits |= 1 << (hint(feature.key) % 64);
            }
        }
        Some(Self { weights: weights.clone(), list, items, features, entries, hints })
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
    pub(crate) fn second_look(&self, scores: &[f32]) -> Vec<f32> {
        let answers = Answers::new(scores);
        let items = self.weights.content().items.iter().skip(self.items.start);
        let places = scores.iter().enumerate().zip(items);
        places.map(|((at, score), item)| score + answers.second(&item.second, at)).collect()
    }

    /// The calibrated log-odds of a score.
    pub(crate) fn log_odds(&self, score: f32) -> f32 {
        let (slope, constant) =
            self.weights.content().lists.get(self.list).map_or((1.0, 0.0), |list| list.calibration);
        slope * score + constant
    }

    /// Whether the weights may know a feature; where not, they do not.
    pub(crate) fn may_know(&self, key: u32) -> bool {
        self.hints.get(hint(key) / 64).is_some_and(|bits| bits >> (hint(key) % 64) & 1 != 0)
    }

    fn slot(&self, key: u32) -> Option<&Slot> {
        let mask = self.features.len() - 1;
        let mut place = key as usize & mask;
        loop {
            let slot = self.features.get(place)?;
            if slot.rarity == 0 {
                return None;
            }
            if slot.key == key {
                return Some(slot);
            }
            place = (place + 1) & mask;
        }
    }

    /// The features that the weights know, with their values.
    pub(crate) fn known(&self, features: &[Feature]) -> Vec<Known<'_>> {
        let mut known: Vec<Known> = Vec::with_capacity(features.len());
        let mut squares = [0.0_f32; GROUPS];
        for &feature in features {
            let Some(slot) = self.slot(feature.key) else { continue };
            let group = feature.origin.group();
            let value = raw_value(slot.rarity, group);
            squares[group] += value * value;
            let from = slot.from as usize;
            let entries = self.entries.get(from..from + usize::from(slot.count)).unwrap_or(&[]);
            known.push(Known { feature, entries, value });
        }
        let scale = group_scale(squares);
        for known in &mut known {
            known.value *= scale[known.feature.origin.group()];
        }
        known
    }

    /// The score of each item of the list, without its own phrases.
    pub(crate) fn scores(&self, known: &[Known]) -> Vec<f32> {
        let content = self.weights.content();
        let sums = sums(known);
        let mut answers: Vec<(usize, f32)> = Vec::with_capacity(content.items.len());
        for (index, (item, sum)) in content.items.iter().zip(&sums).enumerate() {
            if !self.items.contains(&index) {
                let value = other_value(item.first.0 + item.first.1 * sum);
                if value > 0.0 {
                    answers.push((index, value));
                }
            }
        }
        let items = content.items.iter().zip(&sums).skip(self.items.start).take(self.items.len());
        items
            .map(|(item, sum)| {
                let others =
                    answers.iter().filter_map(|&(at, value)| Some(f32::from(*item.others.get(at)?) * value));
                let others: f32 = others.sum();
                item.own.0 + item.own.1 * sum + item.others_step * others
            })
            .collect()
    }

    /// What each feature adds to the first look's score of an item of the file.
    pub(crate) fn first_shares(&self, known: &[Known], item: usize) -> impl Iterator<Item = (f32, Origin)> {
        let step = self.weights.content().items.get(item).map_or(0.0, |item| item.first.1);
        shares(known, item, step)
    }

    /// The first look's answer for each item of the file, as a probability; small ones are none.
    pub(crate) fn first_answers(&self, known: &[Known]) -> Vec<f32> {
        let sums = sums(known);
        let scores = self.weights.content().items.iter().zip(&sums);
        let scores = scores.map(|(item, sum)| item.first.0 + item.first.1 * sum);
        scores.map(|score| if score < LEAST_ANSWER { 0.0 } else { answer(score) }).collect()
    }

    /// The items of the file, in order.
    pub(crate) fn all_items(&self) -> impl Iterator<Item = &crate::model::ItemId> {
        self.weights.content().items.iter().map(|item| &item.item)
    }

    /// How rare a pair of characters is in the rows that were learned from, from 0 to 1.
    pub(crate) fn rarity(&self, a: char, b: char) -> f32 {
        let most = self.weights.content().rows.max(2);
        let most = math::ln(f64::from(most)) * 16.0;
        let rarity = self.slot(pair_key(a, b)).map_or(most, |slot| f64::from(slot.rarity));
        #[allow(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let rarity = (rarity / most).min(1.0) as f32;
        rarity
    }

    /// What each feature adds to the score of an item (by its place in the list), where it says anything.
    pub(crate) fn shares(&self, known: &[Known], place: usize) -> impl Iterator<Item = (f32, Origin)> {
        let index = self.items.start + place;
        let step = self.weights.content().items.get(index).map_or(0.0, |item| item.own.1);
        shares(known, index, step)
    }
}

/// What the features add up to for each item of the file, in steps.
fn sums(known: &[Known]) -> [f32; 256] {
    // Any item that fits a byte has a place: no check for each of the many additions.
    let mut sums = [0.0_f32; 256];
    for known in known {
        for entry in known.entries {
            sums[usize::from(entry.item)] += known.value * f32::from(entry.steps);
        }
    }
    sums
}

/// What each feature adds to an item of the file, whose steps are so wide.
fn shares(known: &[Known], item: usize, step: f32) -> impl Iterator<Item = (f32, Origin)> {
    known.iter().filter_map(move |known| {
        let entry = known.entries.iter().find(|entry| usize::from(entry.item) == item)?;
        Some((known.value * f32::from(entry.steps) * step, known.feature.origin))
    })
}

fn hint(key: u32) -> usize {
    key as usize % HINTS
}

/// The value of a feature before its group is brought to length one.
pub(super) fn raw_value(rarity: u8, group: usize) -> f32 {
    let rarity = f32::from(rarity) / 16.0;
    match group {
        0 => rarity.sqrt(),
        1 => rarity,
        _ => 1.0,
    }
}

/// The factors that bring the groups to their lengths.
pub(super) fn group_scale([signs, runs, pairs]: [f32; GROUPS]) -> [f32; GROUPS] {
    let inverse = |square: f32| if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 };
    [SIGN_SHARE * inverse(signs), inverse(runs), PAIR_SHARE * inverse(pairs)]
}

/// The value of a first look's answer, from its log-odds.
pub(super) fn other_value(z: f32) -> f32 {
    OTHER_SHARE * answer(z).sqrt()
}

/// Log-odds below which an answer says nothing.
const SILENT: f32 = -7.0;

/// A score as a probability; small ones are none.
#[allow(clippy::cast_possible_truncation, reason = "a probability")]
pub(super) fn answer(score: f32) -> f32 {
    if score < SILENT { 0.0 } else { math::sigmoid(f64::from(score)) as f32 }
}

/// The answers for the items of a list, and what the second look at each makes of the others.
#[derive(Debug)]
pub(super) struct Answers {
    /// Those that say anything.
    given: Vec<(usize, f32)>,
    items: usize,
    sum: f32,
}

impl Answers {
    pub(super) fn new(scores: &[f32]) -> Self {
        let answers = scores.iter().map(|score| answer(*score)).enumerate();
        let given: Vec<(usize, f32)> = answers.filter(|(_, answer)| *answer > 0.0).collect();
        let sum = given.iter().map(|(_, answer)| answer).sum();
        Self { given, items: scores.len(), sum }
    }

    fn others(&self, item: usize) -> impl Iterator<Item = (usize, f32)> {
        self.given.iter().copied().filter(move |(at, _)| *at != item)
    }

    fn greatest(&self, item: usize) -> f32 {
        self.others(item).fold(0.0, |most, (_, answer)| most.max(answer))
    }

    fn sum(&self, item: usize) -> f32 {
        let own = self.given.iter().find(|(at, _)| *at == item);
        self.sum - own.map_or(0.0, |(_, answer)| *answer)
    }

    /// The signs of the second look at one item: the answers for the others, the greatest, the sum.
    pub(super) fn signs(&self, item: usize) -> Vec<(u32, f32)> {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut signs: Vec<(u32, f32)> = self.others(item).map(|(at, answer)| (place(at), answer)).collect();
        signs.push((place(self.items), self.greatest(item)));
        signs.push((place(self.items + 1), self.sum(item)));
        signs
    }

    /// What the second look adds to the score of an item.
    pub(super) fn second(&self, weights: &[f32], item: usize) -> f32 {
        let Some((constant, weights)) = weights.split_first() else { return 0.0 };
        let weight = |at: usize| weights.get(at).copied().unwrap_or(0.0);
        let others: f32 = self.others(item).map(|(at, answer)| answer * weight(at)).sum();
        constant + others + self.greatest(item) * weight(self.items) + self.sum(item) * weight(self.items + 1)
    }
}

/// Log-odds as a confidence in thousandths, never certain.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 1 and 999")]
pub(super) fn confidence(z: f64) -> u16 {
    (math::sigmoid(z) * 1000.0).round().clamp(1.0, 999.0) as u16
}
