//! Units as they come from scoring, one by one, and then in the order of their standings.
//!
//! In: units that were assessed, in any order. Out: results, scores and sketches in order, and what an assessment
//! says about one unit. Never here: what an activity proves, arithmetic.

use super::assess::Assessed;
use super::cases::{Cases, Lies, put_aside};
use super::persons::Persons;
use super::shelf::{Shelf, Slot};
use super::units::{Resolution, Units};
use super::{likeness, marking, review};
use crate::alike::Sketched;
use crate::error::Result;
use crate::model::{Finding, Standing, Unit, UnitResult, UnitScore};
use std::collections::BTreeMap;

/// A unit that is assessed.
pub(super) struct Scored {
    pub(super) result: UnitResult,
    pub(super) placed: Vec<review::Placed>,
    pub(super) findings: Vec<Finding>,
    /// How many of the reviewer's entries are about its demands.
    pub(super) found: usize,
    /// What is compared of its records; nothing where that is put aside.
    pub(super) sketched: Vec<Sketched>,
    /// Whom its material names.
    pub(super) persons: Persons,
    /// Where its parts lie, once they are put aside.
    pub(super) slots: Option<Slots>,
}

/// Where the parts of a unit that was put aside lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    /// The whole of its result and score.
    pub(super) whole: Lies,
    /// What is compared of its records.
    pub(super) sketches: Slot,
    /// Their runs.
    pub(super) runs: Slot,
}

impl Scored {
    /// Puts the whole, and what is compared of its records, on the shelf.
    ///
    /// # Errors
    /// Where the shelf cannot be written.
    pub(super) fn put_aside(
        &mut self,
        score: &mut UnitScore,
        sketched: &[(Sketched, Vec<u64>)],
        shelf: &Shelf,
    ) -> Result<()> {
        let sketches = shelf.put_bytes(&likeness::sketches(sketched))?;
        let runs = shelf.put_bytes(&likeness::runs(sketched))?;
        let whole = put_aside(shelf, &mut self.result, score)?;
        self.slots = Some(Slots { whole, sketches, runs });
        Ok(())
    }
}

/// Results, scores, sketches, standings and places on the shelf, all in the order of the standings.
pub(super) type InOrder =
    (Vec<UnitResult>, Vec<UnitScore>, Vec<Sketched>, Vec<Standing>, Vec<Standing>, Vec<Option<Slots>>);

/// Ranks the units, each with its score, and brings everything into the order of their standings.
pub(super) fn in_order(
    mut scored: Vec<Scored>,
    mut scores: Vec<UnitScore>,
    marks: &marking::Marks,
) -> InOrder {
    let (standings, overall) = marks.rank(&scores);
    let order: BTreeMap<_, usize> =
        standings.iter().enumerate().map(|(at, standing)| (standing.unit.clone(), at)).collect();
    scored.sort_by_key(|own| order.get(&own.result.unit.name).copied());
    scores.sort_by_key(|score| order.get(&score.unit).copied());
    let (mut results, mut sketched, mut slots) = (Vec::new(), Vec::new(), Vec::new());
    for (at, own) in scored.into_iter().enumerate() {
        results.push(own.result);
        sketched.extend(own.sketched.into_iter().map(|sketched| sketched.moved_to(at)));
        slots.push(own.slots);
    }
    (results, scores, sketched, standings, overall, slots)
}

impl Assessed {
    /// The units with everything that was found out about them.
    #[must_use]
    pub fn cases(&self) -> Cases<'_> {
        let (results, scores, books) = (&self.results, &self.scores, &self.matchers);
        Cases { results, scores, aside: self.aside.as_ref(), books }
    }

    /// The unit that a name means, as an index into the results; aliases and short forms are taken too.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        if let Some(at) = self.results.iter().position(|result| *result.unit.name == *name) {
            return Some(at);
        }
        let units: Vec<Unit> = self.results.iter().map(|result| result.unit.clone()).collect();
        match Units::new(units, &self.scope.bureau, &crate::model::ListId::from("")).resolve(name) {
            Resolution::Known(at) | Resolution::Guessed(at) => Some(at),
            Resolution::Unknown => None,
        }
    }
}
