//! Answers of the learned weights as probabilities, and what a second look makes of them.
//!
//! In: scores of the items of a list. Out: probabilities, and what those for the others say of each item.
//! Never here: features.

use super::math;
use std::array::from_fn;

/// How much the first look's answers for other lists weigh.
const OTHER_SHARE: f32 = 0.3;
/// Log-odds below which an answer says nothing.
const SILENT: f32 = -7.0;

/// How many scores become probabilities at a time.
const LANES: usize = 4;

/// Turns scores into probabilities; small ones are none.
pub(super) fn answer(scores: &mut [f32]) {
    answer_from(SILENT, scores);
}

/// The same where scores below `least` are none.
#[allow(clippy::cast_possible_truncation, reason = "a probability")]
pub(super) fn answer_from(least: f32, scores: &mut [f32]) {
    let mut heard = scores.iter_mut().filter_map(|score| {
        let silent = *score < least;
        if silent {
            *score = 0.0;
        }
        (!silent).then_some(score)
    });
    loop {
        let batch: [Option<&mut f32>; LANES] = from_fn(|_| heard.next());
        let [Some(_), ..] = batch else { return };
        let scores: [f64; LANES] = from_fn(|at| batch[at].as_ref().map_or(0.0, |score| f64::from(**score)));
        let answers = math::sigmoids(scores);
        for (score, answer) in batch.into_iter().flatten().zip(answers) {
            *score = answer as f32;
        }
    }
}

/// One score as a probability; a small one is none.
pub(super) fn of_one(score: f32) -> f32 {
    let mut one = [score];
    answer(&mut one);
    one[0]
}

/// The value of a first look's answer.
pub(super) fn other_value(answer: f32) -> f32 {
    OTHER_SHARE * answer.sqrt()
}

/// Log-odds as a confidence in thousandths, never certain.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 1 and 999")]
pub(super) fn confidence(z: f64) -> u16 {
    math::nearest(math::sigmoid(z) * 1000.0).clamp(1.0, 999.0) as u16
}

/// Log-odds that are surely too low for a confidence.
#[allow(clippy::cast_possible_truncation, reason = "a bound with room")]
pub(super) fn below(confidence: u16) -> f32 {
    let least = (f64::from(confidence.min(999)) - 0.5) / 1000.0;
    if least <= 0.0 { f32::NEG_INFINITY } else { (math::ln(least / (1.0 - least)) - 0.01) as f32 }
}

/// The answers for the items of a list, and what the second look at each makes of the others.
#[derive(Debug)]
pub(super) struct Answers {
    /// Of each item; 0 says nothing.
    given: Vec<f32>,
    sum: f32,
    /// The greatest, and which item's it is.
    greatest: (f32, usize),
    /// The greatest of the others.
    next: f32,
}

impl Answers {
    pub(super) fn new(scores: &[f32]) -> Self {
        let mut given = scores.to_vec();
        answer(&mut given);
        let (mut greatest, mut next) = ((0.0_f32, usize::MAX), 0.0_f32);
        for (at, &answer) in given.iter().enumerate() {
            if answer > greatest.0 {
                (greatest, next) = ((answer, at), greatest.0);
            } else {
                next = next.max(answer);
            }
        }
        Self { sum: given.iter().sum(), given, greatest, next }
    }

    /// Those that say anything, with their items.
    pub(super) fn given(&self) -> impl Iterator<Item = (usize, f32)> {
        self.given.iter().copied().enumerate().filter(|(_, answer)| *answer > 0.0)
    }

    fn others(&self, item: usize) -> impl Iterator<Item = (usize, f32)> {
        self.given().filter(move |(at, _)| *at != item)
    }

    /// The greatest of the answers for the others.
    pub(super) fn greatest(&self, item: usize) -> f32 {
        if item == self.greatest.1 { self.next } else { self.greatest.0 }
    }

    /// The sum of the answers for the others.
    pub(super) fn sum(&self, item: usize) -> f32 {
        self.sum - self.given.get(item).copied().unwrap_or(0.0)
    }

    /// The signs of the second look at one item: the answers for the others, the greatest, the sum.
    pub(super) fn signs(&self, item: usize) -> Vec<(u32, f32)> {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut signs: Vec<(u32, f32)> = self.others(item).map(|(at, answer)| (place(at), answer)).collect();
        signs.push((place(self.given.len()), self.greatest(item)));
        signs.push((place(self.given.len() + 1), self.sum(item)));
        signs
    }

    /// What the second look adds to the score of an item: a constant, then a weight of each answer, then
    /// those of the greatest and the sum.
    pub(super) fn second(&self, weights: &[f32], item: usize) -> f32 {
        let weight = |at: usize| weights.get(at + 1).copied().unwrap_or(0.0);
        self.second_of(weights, self.others(item).map(|(at, answer)| answer * weight(at)).sum(), item)
    }

    /// The same where it is known what the answers for the others add up to.
    pub(super) fn second_of(&self, weights: &[f32], others: f32, item: usize) -> f32 {
        let Some((constant, weights)) = weights.split_first() else { return 0.0 };
        let weight = |at: usize| weights.get(at).copied().unwrap_or(0.0);
        let items = self.given.len();
        constant + others + self.greatest(item) * weight(items) + self.sum(item) * weight(items + 1)
    }
}
