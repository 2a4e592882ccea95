//! What is still open about the units: all of it, or, in a run over many units, what weighs most, the rest on the shelf.
//!
//! In: the questions of each unit. Out: those that can be listed, how many there are of each unit, and those of one unit.
//! Never here: what an answer changes.

use super::cases::{Aside, Cases};
use super::shelf::Slot;
use crate::error::Result;
use crate::model::{Points, Question, Stake, Subject, UnitName};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// In a run over many units, so many questions about activities, and so many others, stay at hand; no sheet lists more.
const LISTED: usize = 10_000;

/// Questions in the order in which they are asked.
#[derive(Debug, Default)]
pub struct OpenQuestions {
    /// All of them, or the first ones in a run over many units.
    pub listed: Vec<Question>,
    /// How many there are of each unit.
    pub counts: BTreeMap<UnitName, u32>,
    /// Where those of each unit lie, in the order of the results; nothing where all are listed.
    slots: Vec<Slot>,
}

impl OpenQuestions {
    /// All of them, in the order in which they are asked.
    #[must_use]
    pub fn all(listed: Vec<Question>) -> Self {
        let mut counts = BTreeMap::new();
        for question in &listed {
            *counts.entry(question.unit.clone()).or_default() += 1;
        }
        Self { listed, counts, slots: Vec::new() }
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.values().map(|count| usize::try_from(*count).unwrap_or(usize::MAX)).sum()
    }

    /// Those of the n-th unit.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn of_unit(&self, at: usize, cases: Cases<'_>) -> Result<Vec<Question>> {
        if let (Some(slot), Some(aside)) = (self.slots.get(at), cases.aside) {
            return aside.shelf().get(*slot);
        }
        let Some(result) = cases.results.get(at) else { return Ok(Vec::new()) };
        Ok(self.listed.iter().filter(|question| question.unit == result.unit.name).cloned().collect())
    }
}

/// The questions of one unit on their way.
pub(super) enum Own {
    Held(Vec<Question>),
    /// Where they lie, and of each what it weighs and whether it is about an activity.
    Put(Slot, Vec<(Stake, Points, bool)>),
}

impl Own {
    /// Keeps the questions of a unit, on a shelf where there is one.
    ///
    /// # Errors
    /// Where the shelf cannot be written.
    pub(super) fn keep(questions: Vec<Question>, aside: Option<&Aside>) -> Result<Self> {
        let Some(aside) = aside else { return Ok(Self::Held(questions)) };
        let weights = questions.iter().map(|question| {
            let about_activity = matches!(question.subject, Subject::Match(_));
            (question.weight, question.stake, about_activity)
        });
        let weights = weights.collect();
        Ok(Self::Put(aside.shelf().put(&questions)?, weights))
    }
}

/// Brings the questions of all units, parallel to the results, into the order in which they are asked; `turns`: of each
/// unit its turn among questions of equal weight.
///
/// # Errors
/// Where the shelf cannot be read.
pub(super) fn in_order(own: Vec<Own>, turns: &[u32], cases: Cases<'_>) -> Result<OpenQuestions> {
    let Some(aside) = cases.aside else {
        let mut held: Vec<(u32, Vec<Question>)> = Vec::new();
        for (turn, own) in turns.iter().zip(own) {
            if let Own::Held(questions) = own {
                held.push((*turn, questions));
            }
        }
        held.sort_by_key(|(turn, _)| *turn);
        let mut listed: Vec<Question> = held.into_iter().flat_map(|(_, questions)| questions).collect();
        // Stable: questions of equal weight stay in the order of their units.
        listed.sort_by_key(Question::order);
        return Ok(OpenQuestions::all(listed));
    };
    let mut counts = BTreeMap::new();
    let mut slots = Vec::with_capacity(own.len());
    let (mut order, mut of_activities) = (Vec::new(), Vec::new());
    for ((unit, result), (own, turn)) in (0_u32..).zip(cases.results).zip(own.into_iter().zip(turns)) {
        let Own::Put(slot, weights) = own else { continue };
        slots.push(slot);
        if !weights.is_empty() {
            counts.insert(result.unit.name.clone(), u32::try_from(weights.len()).unwrap_or(u32::MAX));
        }
        for (at, (weight, stake, about_activity)) in (0_u32..).zip(weights) {
            let order = if about_activity { &mut of_activities } else { &mut order };
            order.push((weight, Reverse(stake), *turn, at, unit));
            if order.len() > 4 * LISTED {
                first(order);
            }
        }
    }
    first(&mut order);
    first(&mut of_activities);
    order.append(&mut of_activities);
    order.sort_unstable();
    let mut wanted: BTreeMap<u32, Vec<(u32, usize)>> = BTreeMap::new();
    for (place, (.., at, unit)) in order.iter().enumerate() {
        wanted.entry(*unit).or_default().push((*at, place));
    }
    let mut listed: Vec<Option<Question>> = vec![None; order.len()];
    for (unit, places) in wanted {
        let slot = usize::try_from(unit).ok().and_then(|unit| slots.get(unit));
        let questions: Vec<Question> =
            slot.map(|slot| aside.shelf().get(*slot)).transpose()?.unwrap_or_default();
        for (at, place) in places {
            let question = usize::try_from(at).ok().and_then(|at| questions.get(at));
            if let (Some(question), Some(free)) = (question, listed.get_mut(place)) {
                *free = Some(question.clone());
            }
        }
    }
    Ok(OpenQuestions { listed: listed.into_iter().flatten().collect(), counts, slots })
}

/// Leaves those that are listed, in any order.
fn first<T: Ord>(order: &mut Vec<T>) {
    if order.len() > LISTED {
        order.select_nth_unstable(LISTED);
        order.truncate(LISTED);
    }
}
