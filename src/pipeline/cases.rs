//! What was found out about each unit: all of it in memory, or, in a run over many units, on a shelf from which
//! one unit at a time is taken.
//!
//! In: results with their scores. Out: the same, whole, and in brief what stays in memory of each. Never here:
//! what they mean.

use super::answers;
use super::rules::RuleBook;
use super::shelf::{Shelf, Slot};
use crate::error::Result;
use crate::model::{Activity, Fingerprint, ItemScore, Match, Ruling, ScoreCard, UnitResult, UnitScore};
use rayon::prelude::*;
use std::borrow::Cow;
use std::mem::take;

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

/// What of a unit is looked at; where units are put aside, the rest of it is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its card and score and what each activity proves, without its activities.
    Judged,
    /// Its activities with their matches, without card, proofs and score.
    Recorded,
}

/// Where a unit lies: what was judged, and what was recorded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lies {
    judged: Slot,
    recorded: Slot,
}

/// The wholes of results that stand in memory in brief only.
#[derive(Debug)]
pub struct Aside {
    shelf: Shelf,
    lies: Vec<Lies>,
}

impl Aside {
    /// The wholes on a shelf, in the order of the results.
    pub(super) fn new(shelf: Shelf, lies: Vec<Lies>) -> Self {
        Self { shelf, lies }
    }

    /// The shelf itself.
    pub(super) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// A part of the unit that stands in brief.
    fn case(&self, at: usize, part: Part, brief: &UnitResult) -> Result<Option<Case<'static>>> {
        let Some(lies) = self.lies.get(at) else { return Ok(None) };
        let (mut result, score) = if part == Part::Recorded {
            (without_card(brief), UnitScore::default())
        } else {
            self.shelf.get(lies.judged)?
        };
        if part != Part::Judged {
            let recorded: Recorded = self.shelf.get(lies.recorded)?;
            recorded.into_result(&mut result);
        }
        Ok(Some(Case { result: Cow::Owned(result), score: Cow::Owned(score) }))
    }
}

/// What a unit recorded, with what the program made of it.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) activities: Vec<Activity>,
    pub(super) matches: Vec<Vec<Match>>,
    pub(super) next: Vec<Option<Match>>,
    pub(super) rulings: Vec<Option<Ruling>>,
    pub(super) fingerprints: Vec<Fingerprint>,
}

impl Recorded {
    /// Takes it out of a result.
    fn of(result: &mut UnitResult) -> Self {
        Self {
            activities: take(&mut result.activities),
            matches: take(&mut result.matches),
            next: take(&mut result.next),
            rulings: take(&mut result.rulings),
            fingerprints: take(&mut result.fingerprints),
        }
    }

    fn into_result(self, result: &mut UnitResult) {
        result.activities = self.activities;
        result.matches = self.matches;
        result.next = self.next;
        result.rulings = self.rulings;
        result.fingerprints = self.fingerprints;
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
        self.part(at, Part::Whole)
    }

    /// A part of a unit, or more of it; none where there is no such unit.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn part(self, at: usize, part: Part) -> Result<Option<Case<'a>>> {
        let (Some(result), Some(score)) = (self.results.get(at), self.scores.get(at)) else {
            return Ok(None);
        };
        match self.aside {
            Some(aside) => aside.case(at, part, result),
            None => Ok(Some(Case { result: Cow::Borrowed(result), score: Cow::Borrowed(score) })),
        }
    }

    /// A unit as a whole, its matches with the sentences that say why; none where there is no such unit.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn told(self, at: usize) -> Result<Option<Case<'a>>> {
        Ok(self.get(at)?.map(|case| self.with_sentences(case, |_| true)))
    }

    /// What a unit recorded, the matches of these of its activities with the sentences that say why; none where there
    /// is no such unit.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn told_where(self, at: usize, wanted: impl Fn(usize) -> bool) -> Result<Option<Case<'a>>> {
        Ok(self.part(at, Part::Recorded)?.map(|case| self.with_sentences(case, wanted)))
    }

    fn with_sentences(self, mut case: Case<'a>, wanted: impl Fn(usize) -> bool) -> Case<'a> {
        if self.aside.is_some() {
            let list = &case.result.card.list;
            // The rules of the first list hold for units of none; see the scoring of units.
            let own = self.books.iter().find(|book| book.list_rules.list.id == *list).or(self.books.first());
            if let Some(book) = own {
                answers::tell(case.result.to_mut(), book, wanted);
            }
        }
        case
    }

    /// Looks at a part of every unit, some of them at a time, and adds up what was seen, one after the other in their order.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub fn each<T: Send>(
        self,
        part: Part,
        look: impl Fn(usize, &Case<'a>) -> T + Sync,
        mut add: impl FnMut(usize, T),
    ) -> Result<()> {
        for from in (0..self.results.len()).step_by(AT_A_TIME) {
            let to = self.results.len().min(from + AT_A_TIME);
            let look = |at| Ok(self.part(at, part)?.map(|case| look(at, &case)));
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
pub(super) fn put_aside(shelf: &Shelf, result: &mut UnitResult, score: &mut UnitScore) -> Result<Lies> {
    let brief = brief(result);
    let mut whole = std::mem::replace(result, brief);
    let recorded = shelf.put(&Recorded::of(&mut whole))?;
    let judged = shelf.put(&(whole, score.clone()))?;
    for block in &mut score.blocks {
        block.lines = Vec::new();
    }
    Ok(Lies { judged, recorded })
}

/// A result with nothing but its unit, its list and what counts.
fn without_card(brief: &UnitResult) -> UnitResult {
    let ScoreCard { unit, list, base, earned, pending, lost, .. } = &brief.card;
    UnitResult {
        unit: brief.unit.clone(),
        files: Vec::new(),
        activities: Vec::new(),
        matches: Vec::new(),
        next: Vec::new(),
        rulings: Vec::new(),
        counted: brief.counted.clone(),
        card: ScoreCard {
            unit: unit.clone(),
            list: list.clone(),
            items: Vec::new(),
            base: *base,
            earned: *earned,
            pending: *pending,
            lost: *lost,
            checks: Vec::new(),
        },
        proofs: Vec::new(),
        fingerprints: Vec::new(),
    }
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
