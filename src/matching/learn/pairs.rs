//! What the signs of a pair weigh, learned from the built-in lists, each taken for unknown in turn:
//! without its phrases, and without what its rows taught about its own items.

use super::calibrate::{self, Answer};
use super::dense::{self, Case};
use super::{Blind, Ground, Labelled};
use crate::matching::Matcher;
use crate::matching::features::{self, Feature};
use crate::matching::lexicon::{Lexicon, Signs};
use crate::matching::pairs::{Pairs, Values, first_scores, prior, relative, standing};
use crate::matching::row::Folded;
use crate::model::DutyList;
use crate::seeds::Weights;
use crate::seeds::pair_weights::{PairWeights, Relative, Sign};
use rayon::prelude::*;

/// Precision that links should have on lists that were not learned from.
const LINK_PRECISION: f64 = 0.9;
/// How many shorter lists are made of each list, so that its size and company are not learned.
const SHORTER: u64 = 3;
/// Share of the items that a shorter list keeps, in percent.
const KEPT: u64 = 60;
/// Least items of a shorter list.
const LEAST: usize = 3;
/// What all rows of a list weigh together.
const LIST_WEIGHT: f64 = 2000.0;
/// How many rows a judged row weighs.
const JUDGED: f64 = 3.0;
/// The penalty on the weights.
const PENALTY: f64 = 100.0;

/// The answers to one row for one list.
#[derive(Debug)]
struct Question {
    values: Vec<Values>,
    right: Vec<bool>,
    weight: f64,
}

/// A list, whole or shortened, with the rows that were labelled for it.
#[derive(Debug)]
struct Lesson {
    list: usize,
    whole: bool,
    questions: Vec<Question>,
}

/// Weights of the signs, from rows of the built-in lists and what was learned of these.
#[must_use]
pub fn learn_pairs(rows: &[Labelled], ground: &Ground, weights: &Weights) -> PairWeights {
    let lessons = lessons(rows, ground, weights);
    let lists: Vec<usize> = (0..ground.lists.len()).collect();
    learn(&lessons, &lists, &|_| true)
}

/// Answers the judged rows of each list as if the list were unknown, with weights of the signs (only those
/// in `used`) that were learned from the other lists.
#[must_use]
pub fn leave_lists_out(
    rows: &[Labelled],
    ground: &Ground,
    weights: &Weights,
    used: &(dyn Fn(Sign) -> bool + Sync),
) -> Vec<Blind> {
    let lessons = lessons(rows, ground, weights);
    let all: Vec<usize> = (0..ground.lists.len()).collect();
    let answers: Vec<Vec<Blind>> = all
        .par_iter()
        .map(|&out| {
            let others: Vec<usize> = all.iter().copied().filter(|list| *list != out).collect();
            let weights = weights.clone().with_pairs(learn(&lessons, &others, used));
            let Some(list) = ground.lists.get(out) else { return Vec::new() };
            let matcher = Matcher::stranger(list, ground.kinds, ground.phrases, &weights);
            let own = rows.iter().enumerate().filter(|(_, row)| row.judged && row.list == list.id.as_str());
            own.map(|(row, labelled)| Blind {
                row,
                matches: matcher.matches(&labelled.text()),
                confidences: matcher.confidences(&labelled.text()),
            })
            .collect()
        })
        .collect();
    let mut answers: Vec<Blind> = answers.into_iter().flatten().collect();
    answers.sort_by_key(|answer| answer.row);
    answers
}

/// A row made ready for any list.
struct Ready {
    folded: Folded,
    signs: Signs,
    features: Vec<Feature>,
}

fn lessons(rows: &[Labelled], ground: &Ground, weights: &Weights) -> Vec<Lesson> {
    let lexicon = Lexicon::new(ground.kinds, ground.phrases, &[]);
    let ready: Vec<Ready> = rows
        .par_iter()
        .map(|row| {
            let text = row.text();
            let folded = Folded::new(&text);
            let mut signs = Signs::default();
            lexicon.scan(&text, &folded, 0, &mut signs);
            let features = features::features(&folded, &signs);
            Ready { folded, signs, features }
        })
        .collect();
    let tasks: Vec<(usize, u64)> =
        (0..ground.lists.len()).flat_map(|list| (0..=SHORTER).map(move |turn| (list, turn))).collect();
    tasks
        .par_iter()
        .filter_map(|&(at, turn)| {
            let whole = ground.lists.get(at)?;
            let list = if turn == 0 { whole.clone() } else { shortened(whole, turn) };
            let pairs = Pairs::new(&list, ground.kinds, ground.phrases, &lexicon, weights, Some(&whole.id))?;
            let own: Vec<(&Labelled, &Ready)> =
                rows.iter().zip(&ready).filter(|(row, _)| row.list == whole.id.as_str()).collect();
            let weight = |row: &Labelled| if row.judged { JUDGED } else { 1.0 };
            let all: f64 = own.iter().map(|(row, _)| weight(row)).sum();
            let share = if turn == 0 { 0.5 } else { 0.5 / f64::from(u32::try_from(SHORTER).unwrap_or(1)) };
            let questions = own.iter().map(|(row, ready)| Question {
                values: pairs.look(&ready.folded, &ready.signs, &ready.features).values,
                right: list
                    .items
                    .iter()
                    .map(|item| row.items.iter().any(|id| id == item.id.as_str()))
                    .collect(),
                weight: weight(row) * share * LIST_WEIGHT / all.max(1.0),
            });
            Some(Lesson { list: at, whole: turn == 0, questions: questions.collect() })
        })
        .collect()
}

/// The list with some of its items only, always the same in the same turn.
fn shortened(list: &DutyList, turn: u64) -> DutyList {
    let mut dice = turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ list.items.len() as u64;
    let mut short = list.clone();
    short.items.retain(|_| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % 100 < KEPT
    });
    if short.items.len() < LEAST {
        short.items = list.items.iter().take(LEAST).cloned().collect();
    }
    short
}

/// Whether a sign may only speak for an item.
fn speaks(sign: usize) -> bool {
    let other = [Sign::Nonevent, Sign::Beside];
    !Sign::ALL.get(sign).is_some_and(|sign| other.contains(sign))
}

/// Weights from some lists, calibrated on each of them with weights from the others.
fn learn(lessons: &[Lesson], lists: &[usize], used: &(dyn Fn(Sign) -> bool + Sync)) -> PairWeights {
    let blind: Vec<Vec<Answer>> = lists
        .par_iter()
        .map(|&out| {
            let weights = fit(lessons, &|list| lists.contains(&list) && list != out, used);
            let own = lessons.iter().filter(|lesson| lesson.list == out);
            own.flat_map(|lesson| &lesson.questions)
                .flat_map(|question| {
                    let scores = first_scores(&weights, &question.values);
                    let score = |item| f64::from(relative(&weights.relative, &scores, item));
                    let answer = |(item, right): (usize, &bool)| Answer {
                        score: score(item),
                        right: *right,
                        weight: question.weight,
                    };
                    question.right.iter().enumerate().map(answer).collect::<Vec<_>>()
                })
                .collect()
        })
        .collect();
    let blind: Vec<Answer> = blind.into_iter().flatten().collect();
    let calibration = calibrate::fit(&blind);
    let (review, link) = calibrate::thresholds(&blind, calibration, LINK_PRECISION);
    let mut weights = fit(lessons, &|list| lists.contains(&list), used);
    let (slope, constant) = calibration;
    let Relative { constant: old, own, ahead, behind, best } = weights.relative;
    weights.relative = Relative {
        constant: old * slope + constant,
        own: own * slope,
        ahead: ahead * slope,
        behind: behind * slope,
        best: best * slope,
    };
    PairWeights { review, link, ..weights }
}

/// Weights from the lessons of some lists, not calibrated.
fn fit(
    lessons: &[Lesson],
    wanted: &dyn Fn(usize) -> bool,
    used: &(dyn Fn(Sign) -> bool + Sync),
) -> PairWeights {
    let questions: Vec<&Question> =
        lessons.iter().filter(|lesson| wanted(lesson.list)).flat_map(|lesson| &lesson.questions).collect();
    let rows: usize = lessons
        .iter()
        .filter(|lesson| wanted(lesson.list) && lesson.whole)
        .map(|lesson| lesson.questions.len())
        .sum();
    let cases: Vec<Case> = questions
        .iter()
        .flat_map(|question| {
            let offset = f64::from(prior(question.values.len()));
            question.values.iter().zip(&question.right).map(move |(values, right)| Case {
                signs: values,
                offset,
                right: *right,
                weight: question.weight,
            })
        })
        .collect();
    let is_used = |sign: usize| Sign::ALL.get(sign).is_some_and(|sign| used(*sign));
    let (constant, signs) = dense::solve(&cases, Sign::ALL.len(), PENALTY, speaks, is_used);
    let mut weights = PairWeights {
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
        review: 500,
        link: 900,
        constant: single(constant),
        signs: signs.into_iter().map(single).collect(),
        relative: Relative { constant: 0.0, own: 1.0, ahead: 0.0, behind: 0.0, best: 0.0 },
    };
    let standings: Vec<([f32; 4], bool, f64)> = questions
        .iter()
        .flat_map(|question| {
            let scores = first_scores(&weights, &question.values);
            let of = |(item, right): (usize, &bool)| (standing(&scores, item), *right, question.weight);
            question.right.iter().enumerate().map(of).collect::<Vec<_>>()
        })
        .collect();
    let cases: Vec<Case> = standings
        .iter()
        .map(|(signs, right, weight)| Case { signs, offset: 0.0, right: *right, weight: *weight })
        .collect();
    let (constant, signs) = dense::solve(&cases, 4, PENALTY, |sign| sign == 0, |_| true);
    if let [own, ahead, behind, best] = signs[..] {
        weights.relative = Relative {
            constant: single(constant),
            own: single(own),
            ahead: single(ahead),
            behind: single(behind),
            best: single(best),
        };
    }
    weights
}

#[allow(clippy::cast_possible_truncation, reason = "kept in single precision")]
fn single(value: f64) -> f32 {
    value as f32
}
