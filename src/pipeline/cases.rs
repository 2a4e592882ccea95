//! What was found out about each unit: all of it in memory, or, in a run over many units, on a shelf from which
//! one unit at a time is taken.
//!
//! In: results with their scores. Out: the same, whole, and in brief what stays in memory of each. Never here:
//! what they mean.

use super::answers;
use super::rules::RuleBook;
use super::shelf::{Shelf, Slot};
use crate::error::Result;
use crate::model::{ItemScore, ScoreCard, UnitResult, UnitScore};
use rayon::prelude::*;
use std::borrow::Cow;

/// Units that are looked at before what was seen is added up.
const AT_A_TIME: usize = 64;

/// A unit with everything that was found out about it.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// Its activities with what they prove, and its card.
    pub result: Cow<'a, UnitResult>,
    /// Its points.
    pub score: Cow<'a, UnitScore>,
}

/// The wholes of results that stand in memory in brief only.
#[derive(Debug)]
pub struct Aside {
    shelf: Shelf,
    slots: Vec<Slot>,
}

impl Aside {
    /// The wholes on a shelf, in the order of the results.
    pub(super) fn new(shelf: Shelf, slots: Vec<Slot>) -> Self {
        Self { shelf, slots }
    }

    /// The shelf itself.
    pub(super) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    fn case(&self, at: usize) -> Result<Option<Case<'static>>> {
        let Some(slot) = self.slots.get(at) else { return Ok(None) };
        let (result, score) = self.shelf.get(*slot)?;
        Ok(Some(Case { result: Cow::Owned(result), score: Cow::Owned(score) }))
    }
}

/// Results and scores, parallel, with their wholes where they stand in brief.
#[derive(Debug, Clone, Copy)]
pub struct Cases<'a> {
    /// The results.
    pub results: &'a [UnitResult],
    /// The scores.
    pub scores: &'a [UnitScore],
    /// The wholes.
    pub aside: Option<&'a Aside>,
    /// The rules in use, which say why an activity proves what it does.
    pub books: &'a [RuleBook],
}

impl<'a> Cases<'a> {
    /// A unit as a whole; none where there is no such unit.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn get(self, at: usize) -> Result<Option<Case<'a>>> {
        let (Some(result), Some(score)) = (self.results.get(at), self.scores.get(at)) else {
            return Ok(None);
        };
        match self.aside {
            Some(aside) => aside.case(at),
            None => Ok(Some(Case { result: Cow::Borrowed(result), score: Cow::Borrowed(score) })),
        }
    }

    /// A unit as a whole, its matches with the sentences that say why; none where there is no such unit.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn told(self, at: usize) -> Result<Option<Case<'a>>> {
        self.told_where(at, |_| true)
    }

    /// A unit as a whole, the matches of these of its activities with the sentences that say why; none where there
    /// is no such unit.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn told_where(self, at: usize, wanted: impl Fn(usize) -> bool) -> Result<Option<Case<'a>>> {
        let Some(mut case) = self.get(at)? else { return Ok(None) };
        if self.aside.is_some() {
            let list = &case.result.card.list;
            // The rules of the first list hold for units of none; see the scoring of units.
            let own = self.books.iter().find(|book| book.list_rules.list.id == *list).or(self.books.first());
            if let Some(book) = own {
                answers::tell(case.result.to_mut(), book, wanted);
            }
        }
        Ok(Some(case))
    }

    /// Looks at every unit, some of them at a time, and adds up what was seen, one after the other in their order.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn each<T: Send>(
        self,
        look: impl Fn(usize, &Case<'a>) -> T + Sync,
        mut add: impl FnMut(usize, T),
    ) -> Result<()> {
        for from in (0..self.results.len()).step_by(AT_A_TIME) {
            let to = self.results.len().min(from + AT_A_TIME);
            let look = |at| Ok(self.get(at)?.map(|case| look(at, &case)));
            let seen: Vec<Option<T>> = (from..to).into_par_iter().map(look).collect::<Result<_>>()?;
            for (at, seen) in (from..).zip(seen) {
                if let Some(seen) = seen {
                    add(at, seen);
                }
            }
        }
        Ok(())
    }
}

/// Puts a unit on the shelf and leaves of it in memory what comparing units takes.
pub(super) fn put_aside(shelf: &Shelf, result: &mut UnitResult, score: &mut UnitScore) -> Result<Slot> {
    let brief = brief(result);
    let whole = (std::mem::replace(result, brief), score.clone());
    let slot = shelf.put(&whole)?;
    for block in &mut score.blocks {
        block.lines = Vec::new();
    }
    Ok(slot)
}

fn brief(result: &UnitResult) -> UnitResult {
    let ScoreCard { unit, list, base, earned, pending, lost, .. } = &result.card;
    let item = |item: &ItemScore| ItemScore {
        item: item.item.clone(),
        base: item.base,
        earned: item.earned,
        pending: item.pending,
        lost: item.lost,
        requirements: Vec::new(),
        activities: Vec::new(),
        review: Vec::new(),
    };
    let card = ScoreCard {
        unit: unit.clone(),
        list: list.clone(),
        items: result.card.items.iter().map(item).collect(),
        base: *base,
        earned: *earned,
        pending: *pending,
        lost: *lost,
        checks: Vec::new(),
    };
    UnitResult {
        unit: result.unit.clone(),
        files: result.files.clone(),
        activities: Vec::new(),
        matches: Vec::new(),
        next: Vec::new(),
        rulings: Vec::new(),
        counted: result.counted.clone(),
        card,
        proofs: Vec::new(),
        fingerprints: Vec::new(),
    }
}
