//! From samples to weights: a first look at all lists, then each list with the first look's answers
//! for the others, calibrated on rows that it has not seen.

use super::calibrate::{self, Answer};
use super::solve::{Problem, Solution, Vector, solve};
use super::{Ground, Labelled, Settings, Sign};
use crate::matching::answers::{self, Answers, other_value};
use crate::matching::features::{self, Feature, GROUPS, Origin};
use crate::matching::math::ln;
use crate::matching::table::{group_scale, raw_value};
use crate::matching::{Matcher, Seen, hundredths};
use crate::seeds::Weights;
use crate::seeds::weights::{Content, Entry, ItemWeights, ListWeights};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Least number of rows that a feature must stand in.
const LEAST_ROWS: u32 = 3;
/// Precision that links should have on rows that were not learned from.
const LINK_PRECISION: f64 = 0.985;

/// A row made ready for learning.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) row: usize,
    pub(super) group: usize,
    pub(super) judged: bool,
    list: usize,
    features: Vec<Feature>,
    /// Of each item of the list: points of its own phrases, and whether it is right.
    items: Vec<(i32, bool)>,
}

/// The rows of known lists, made ready.
pub(super) fn samples(
    rows: &[Labelled],
    groups: &[usize],
    ground: &Ground,
    settings: &Settings,
) -> Vec<Sample> {
    let matchers: Vec<Matcher> =
        ground.lists.iter().map(|list| Matcher::new(list, ground.kinds, ground.phrases, None)).collect();
    rows.iter()
        .enumerate()
        .filter_map(|(index, row)| {
            let list = ground.lists.iter().position(|list| list.id.as_str() == row.list)?;
            let (matcher, duties) = (matchers.get(list)?, ground.lists.get(list)?);
            let mut seen = Seen::default();
            matcher.see(&row.text(), &mut seen);
            let points_of = matcher.phrase_points(&seen.hits);
            let items = duties.items.iter().enumerate().map(|(at, item)| {
                let right = row.items.iter().any(|id| id == item.id.as_str());
                let points = points_of.get(at).copied().unwrap_or(0);
                (if settings.without == Some(Sign::Phrases) { 0 } else { points }, right)
            });
            let mut features = features::features(&seen.folded, &seen.signs);
            features.retain(|feature| settings.without != Some(sign_of(feature.origin)));
            features.sort_unstable();
            Some(Sample {
                row: index,
                group: groups.get(index).copied().unwrap_or(index),
                judged: row.judged,
                list,
                features,
                items: items.collect(),
            })
        })
        .collect()
}

fn sign_of(origin: Origin) -> Sign {
    match origin {
        Origin::Kind(_) | Origin::Shape => Sign::Kinds,
        Origin::Topic(..) => Sign::Topics,
        Origin::Run(..) => Sign::Runs,
        Origin::Pair(..) => Sign::Pairs,
    }
}

/// All features of some samples, by ascending key, with their rarity.
struct Dictionary {
    places: BTreeMap<u32, u32>,
    rarity: Vec<u8>,
    keys: Vec<u32>,
}

impl Dictionary {
    fn new(samples: &[&Sample]) -> Self {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for feature in samples.iter().flat_map(|sample| &sample.features) {
            *counts.entry(feature.key).or_default() += 1;
        }
        counts.retain(|_, count| *count >= LEAST_ROWS);
        let all = f64::from(u32::try_from(samples.len()).unwrap_or(u32::MAX));
        let mut dictionary = Self { places: BTreeMap::new(), rarity: Vec::new(), keys: Vec::new() };
        for (place, (key, count)) in (0_u32..).zip(counts) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 1 and 255")]
            let rarity = (ln(all / f64::from(count)) * 16.0).round().clamp(1.0, 255.0) as u8;
            dictionary.places.insert(key, place);
            dictionary.rarity.push(rarity);
            dictionary.keys.push(key);
        }
        dictionary
    }

    /// The features of a sample with their values, as the matcher computes them.
    fn vector(&self, sample: &Sample) -> Vector {
        let mut squares = [0.0_f32; GROUPS];
        let mut found = Vec::new();
        for feature in &sample.features {
            let Some(&place) = self.places.get(&feature.key) else { continue };
            let group = feature.origin.group();
            let value = raw_value(self.rarity.get(place as usize).copied().unwrap_or(1), group);
            squares[group] += value * value;
            found.push((place, value, group));
        }
        let scale = group_scale(squares);
        found.iter().map(|&(place, value, group)| (place, value * scale[group])).collect()
    }
}

/// One item of one list.
#[derive(Debug, Clone, Copy)]
struct Duty {
    list: usize,
    at: usize,
}

/// Weights from samples.
pub(super) fn train(samples: &[&Sample], ground: &Ground, settings: &Settings) -> Weights {
    let dictionary = Dictionary::new(samples);
    let vectors: Vec<Vector> = samples.iter().map(|sample| dictionary.vector(sample)).collect();
    let duties: Vec<Duty> = ground
        .lists
        .iter()
        .enumerate()
        .flat_map(|(list, duties)| (0..duties.items.len()).map(move |at| Duty { list, at }))
        .collect();
    let width = dictionary.keys.len();
    let bench = Bench { samples, settings, width: width + duties.len() };
    let first: Vec<Solution> = duties
        .par_iter()
        .map(|duty| bench.solve(&vectors, *duty, false, &|sample| sample.list == duty.list))
        .collect();
    let first_step: Vec<f32> = first.iter().map(|solution| step(&solution.weights)).collect();
    let extended: Vec<Vector> = samples
        .par_iter()
        .zip(&vectors)
        .map(|(sample, vector)| {
            let mut vector = vector.clone();
            for ((place, duty), solution) in (0_u32..).zip(&duties).zip(&first) {
                if duty.list != sample.list && settings.without != Some(Sign::OtherLists) {
                    #[allow(clippy::cast_possible_truncation, reason = "single precision is kept")]
                    let answer = solution.score(&vector_part(&vector, width)) as f32;
                    let at = u32::try_from(width).unwrap_or(u32::MAX) + place;
                    vector.push((at, other_value(answers::of_one(answer))));
                }
            }
            vector
        })
        .collect();
    let own: Vec<Solution> = duties
        .par_iter()
        .map(|duty| bench.solve(&extended, *duty, true, &|sample| sample.list == duty.list))
        .collect();
    let mut lists: Vec<ListWeights> = Vec::new();
    let mut second: Vec<Vec<f32>> = Vec::new();
    for (list, duties_of) in ground.lists.iter().enumerate() {
        let scores = bench.blind(&extended, list, duties_of.items.len());
        let looks = SecondLook { samples: bench.of_list(list), scores: &scores, settings };
        let looks_twice = settings.without != Some(Sign::SecondLook);
        second.extend(
            (0..duties_of.items.len()).map(|at| if looks_twice { looks.learn(at, None) } else { Vec::new() }),
        );
        let answers = looks.blind(duties_of.items.len());
        let calibration = calibrate::fit(&answers);
        let (review, link) = calibrate::thresholds(&answers, calibration, LINK_PRECISION);
        lists.push(ListWeights { list: duties_of.id.clone(), calibration, review, link });
    }
    let learned = own.iter().zip(first.iter().zip(&first_step)).zip(second);
    let items = duties.iter().zip(learned).map(|(duty, ((own, (first, first_step)), second))| {
        let others = own.weights.get(width..).unwrap_or(&[]);
        let others_step = step(others);
        let id = ground.lists.get(duty.list).and_then(|list| list.items.get(duty.at));
        ItemWeights {
            item: id.map_or_else(|| "".into(), |item| item.id.clone()),
            list: u8::try_from(duty.list).unwrap_or(0),
            own: (single(own.constant), step(own.weights.get(..width).unwrap_or(&[]))),
            first: (single(first.constant), *first_step),
            others_step,
            others: others.iter().map(|weight| steps(*weight, others_step)).collect(),
            second,
        }
    });
    let items: Vec<ItemWeights> = items.collect();
    let entries = |place: usize, solutions: &[Solution], step_of: &dyn Fn(&ItemWeights) -> f32, least: i8| {
        let weights = solutions.iter().zip(&items).enumerate().map(|(index, (solution, item))| Entry {
            item: u8::try_from(index).unwrap_or(0),
            steps: steps(solution.weights.get(place).copied().unwrap_or(0.0), step_of(item)),
        });
        weights.filter(|entry| entry.steps.abs() >= least).collect::<Vec<_>>()
    };
    let mut content = Content {
        rows: u32::try_from(samples.len()).unwrap_or(u32::MAX),
        phrase_share: if settings.without == Some(Sign::Phrases) { 0.0 } else { settings.phrase_share },
        lists,
        ..Content::default()
    };
    for (place, (key, rarity)) in dictionary.keys.iter().zip(&dictionary.rarity).enumerate() {
        let own = entries(place, &own, &|item| item.own.1, LEAST_OWN_STEPS);
        let first = entries(place, &first, &|item| item.first.1, LEAST_FIRST_STEPS);
        content.push_feature(*key, *rarity, &own, &first);
    }
    content.items = items;
    Weights::new(content)
}

/// Least steps that are stored.
const LEAST_OWN_STEPS: i8 = 4;
const LEAST_FIRST_STEPS: i8 = 8;

fn vector_part(vector: &Vector, width: usize) -> Vector {
    vector.iter().copied().filter(|(at, _)| (*at as usize) < width).collect()
}

struct Bench<'a> {
    samples: &'a [&'a Sample],
    settings: &'a Settings,
    width: usize,
}

impl Bench<'_> {
    /// The answer to whether an item is right, from the samples that are wanted.
    fn solve(
        &self,
        vectors: &[Vector],
        duty: Duty,
        phrases: bool,
        wanted: &dyn Fn(&Sample) -> bool,
    ) -> Solution {
        let (mut rows, mut truth, mut offset, mut cost) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (sample, vector) in self.samples.iter().zip(vectors) {
            if !wanted(sample) {
                continue;
            }
            let (points, right) = sample.items.get(duty.at).copied().unwrap_or((0, false));
            rows.push(vector);
            truth.push(right);
            offset.push(if phrases { self.offset(points) } else { 0.0 });
            cost.push(self.settings.cost * if sample.judged { self.settings.judged_cost } else { 1.0 });
        }
        solve(&Problem { rows: &rows, truth: &truth, offset: &offset, cost: &cost, width: self.width })
    }

    fn offset(&self, points: i32) -> f64 {
        f64::from(self.settings.phrase_share * hundredths(points))
    }

    fn of_list(&self, list: usize) -> Vec<&Sample> {
        self.samples.iter().copied().filter(|sample| sample.list == list).collect()
    }

    /// Scores of all samples of a list for each of its items, each from samples of other groups.
    fn blind(&self, vectors: &[Vector], list: usize, items: usize) -> Vec<Vec<f32>> {
        let parts = self.settings.inner_parts;
        let tasks: Vec<(usize, usize)> =
            (0..items).flat_map(|at| (0..parts).map(move |part| (at, part))).collect();
        let solutions: Vec<Solution> = tasks
            .par_iter()
            .map(|&(at, part)| {
                let wanted = |sample: &Sample| sample.list == list && part_of(sample, parts) != part;
                self.solve(vectors, Duty { list, at }, true, &wanted)
            })
            .collect();
        let own = self.samples.iter().zip(vectors).filter(|(sample, _)| sample.list == list);
        own.map(|(sample, vector)| {
            let part = part_of(sample, parts);
            let scores = sample.items.iter().enumerate().map(|(at, &(points, _))| {
                let solution = solutions.get(at * parts + part);
                single(solution.map_or(0.0, |s| s.score(vector)) + self.offset(points))
            });
            scores.collect()
        })
        .collect()
    }
}

/// The part into which a sample is dealt, look-alikes together.
fn part_of(sample: &Sample, parts: usize) -> usize {
    (sample.group * 7 + sample.group / 5) % parts
}

/// The second look at the scores of one list.
struct SecondLook<'a> {
    samples: Vec<&'a Sample>,
    scores: &'a [Vec<f32>],
    settings: &'a Settings,
}

impl SecondLook<'_> {
    /// The weights of the second look at an item; without the samples of a part, if one is given.
    fn learn(&self, item: usize, without: Option<usize>) -> Vec<f32> {
        let (mut rows, mut truth, mut offset, mut cost) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (sample, scores) in self.samples.iter().zip(self.scores) {
            if without == Some(part_of(sample, self.settings.inner_parts)) {
                continue;
            }
            rows.push(Answers::new(scores).signs(item));
            truth.push(sample.items.get(item).is_some_and(|item| item.1));
            offset.push(f64::from(scores.get(item).copied().unwrap_or(0.0)));
            let weight = if sample.judged { self.settings.second_judged } else { 1.0 };
            cost.push(self.settings.second_cost * weight);
        }
        let width = self.scores.first().map_or(0, Vec::len) + 2;
        let rows: Vec<&Vector> = rows.iter().collect();
        let solution = solve(&Problem { rows: &rows, truth: &truth, offset: &offset, cost: &cost, width });
        std::iter::once(solution.constant).chain(solution.weights).map(single).collect()
    }

    /// The second look's answers to all samples, each from samples of other parts.
    fn blind(&self, items: usize) -> Vec<Answer> {
        let parts =
            if self.settings.without == Some(Sign::SecondLook) { 0 } else { self.settings.inner_parts };
        let learned: Vec<Vec<Vec<f32>>> =
            (0..parts).map(|part| (0..items).map(|item| self.learn(item, Some(part))).collect()).collect();
        let mut answers = Vec::new();
        for (sample, scores) in self.samples.iter().zip(self.scores) {
            let given = Answers::new(scores);
            let weight = if sample.judged { self.settings.judged_weight } else { 1.0 };
            for (item, (score, &(_, right))) in scores.iter().zip(&sample.items).enumerate() {
                let weights =
                    learned.get(part_of(sample, self.settings.inner_parts)).and_then(|part| part.get(item));
                let more = weights.map_or(0.0, |weights| given.second(weights, item));
                answers.push(Answer { score: f64::from(score + more), right, weight });
            }
        }
        answers
    }
}

/// The step with which the greatest weight takes 127 steps.
fn step(weights: &[f64]) -> f32 {
    let most = weights.iter().fold(0.0_f64, |most, weight| most.max(weight.abs()));
    single(most / 127.0)
}

#[allow(clippy::cast_possible_truncation, reason = "stored in single precision")]
fn single(value: f64) -> f32 {
    value as f32
}

#[allow(clippy::cast_possible_truncation, reason = "within ±127")]
fn steps(weight: f64, step: f32) -> i8 {
    if step > 0.0 { (weight / f64::from(step)).round().clamp(-127.0, 127.0) as i8 } else { 0 }
}
