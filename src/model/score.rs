//! Points with their proof: requirement by requirement, period by period.

use super::{Awarded, CheckScore, Class, Graded, ItemId, ListId, Period, Points, RequirementId};
use std::sync::Arc;

/// What is known about a demand in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 有记录.
    Recorded,
    /// 无记录待核实: no record, which is not "not done".
    Unverified,
    /// 经核实未开展.
    NotHeld,
    /// 不适用.
    NotApplicable,
}

impl State {
    /// The state for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "有记录",
            Self::Unverified => "无记录待核实",
            Self::NotHeld => "经核实未开展",
            Self::NotApplicable => "不适用",
        }
    }
}

/// What a person decided about one period of one requirement of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// 已开展: counts as recorded.
    Held,
    /// 未开展: deducts.
    NotHeld,
    /// 不适用: is left out, the rest rescaled.
    NotApplicable,
}

/// One demand in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// `3月`, `第2季度`, `全年`.
    pub label: String,
    /// Index of the period in the year, from 0.
    pub index: u32,
    /// How many were asked for.
    pub required: u32,
    /// How many are recorded.
    pub found: u32,
    /// How many more would count if a person confirmed them.
    pub doubtful: u32,
    /// What is known.
    pub state: State,
    /// Whether the state is a person's decision.
    pub decided: bool,
    /// Whether the period had to be served. One that need not be served shows what is recorded, but
    /// counts neither as required nor as met.
    pub owed: bool,
    /// Activities that count, as indexes into the unit's activities.
    pub evidence: Vec<usize>,
    /// Activities that would count if confirmed, as indexes into the unit's activities.
    pub open: Vec<usize>,
}

impl Due {
    /// Whether it counts as required, and as met where it is recorded.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.owed && self.state != State::NotApplicable
    }
}

/// A requirement of one unit with its points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementScore {
    /// Which.
    pub id: RequirementId,
    /// Its short name.
    pub name: String,
    /// How it is checked.
    pub class: Class,
    /// The stretch of time.
    pub period: Period,
    /// What it can give, after rescaling.
    pub base: Points,
    /// What is proved.
    pub earned: Points,
    /// What still depends on 待核实.
    pub pending: Points,
    /// What is lost for good.
    pub lost: Points,
    /// Period by period, in order.
    pub dues: Vec<Due>,
    /// How the points came about, in words.
    pub reason: String,
}

impl RequirementScore {
    /// The periods that count, in order.
    pub fn counted(&self) -> impl Iterator<Item = &Due> {
        self.dues.iter().filter(|due| due.counts())
    }

    /// Whether any period counts.
    #[must_use]
    pub fn applies(&self) -> bool {
        self.counted().next().is_some()
    }

    /// The periods that count and in which too little is recorded, in order.
    #[must_use]
    pub fn missing(&self) -> Vec<&Due> {
        self.counted().filter(|due| due.state != State::Recorded).collect()
    }

    /// How many were asked for over the year, and how many of these are recorded.
    #[must_use]
    pub fn tally(&self) -> (u32, u32) {
        let required = self.counted().map(|due| due.required).fold(0, u32::saturating_add);
        (required, self.counted().map(|due| due.found.min(due.required)).fold(0, u32::saturating_add))
    }
}

/// An item of one unit with its points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemScore {
    /// Which.
    pub item: ItemId,
    /// What it can give, after rescaling.
    pub base: Points,
    /// Sum of the requirements.
    pub earned: Points,
    /// Sum of the requirements.
    pub pending: Points,
    /// Sum of the requirements.
    pub lost: Points,
    /// Its requirements in order.
    pub requirements: Vec<RequirementScore>,
    /// Activities linked to the item, as indexes into the unit's activities.
    pub activities: Vec<usize>,
    /// Activities that may belong to it and wait for a person.
    pub review: Vec<usize>,
}

/// All points of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreCard {
    /// The unit.
    pub unit: Arc<str>,
    /// The list that it answers to.
    pub list: ListId,
    /// Its items in order.
    pub items: Vec<ItemScore>,
    /// Full marks.
    pub base: Points,
    /// Proved.
    pub earned: Points,
    /// Still open.
    pub pending: Points,
    /// Lost for good.
    pub lost: Points,
    /// What the scheme checks, period by period, in order.
    pub checks: Vec<CheckScore>,
}

/// The place of one unit among the others of its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The unit.
    pub unit: Arc<str>,
    /// The group in which it is ranked.
    pub group: String,
    /// What it is ranked by: points proved.
    pub total: Points,
    /// What it could still reach: proved and open.
    pub ceiling: Points,
    /// Rank in its group; equal totals share a rank (1, 2, 2, 4).
    pub rank: u32,
    /// The best rank that settling the open points can give.
    pub best: u32,
    /// The worst rank that settling the open points can give.
    pub worst: u32,
    /// The grade that is proposed; none where the scheme has no grades.
    pub grade: Option<Graded>,
    /// What is proposed about each commendation line that is for its group.
    pub awards: Vec<Awarded>,
}

impl Standing {
    /// The ranks that it can still have: `3`, or `2～5`.
    #[must_use]
    pub fn interval(&self) -> String {
        if self.best == self.worst {
            self.best.to_string()
        } else {
            format!("{}～{}", self.best, self.worst)
        }
    }
}
