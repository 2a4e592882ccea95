//! Everything that was found out about one unit.

use super::{Activity, Date, Match, Ruling, ScoreCard, Unit};
use std::sync::Arc;

/// Whether an activity takes part in scoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// Yes.
    Yes,
    /// No: the same activity as the one at this index.
    Duplicate(usize),
    /// No: held outside the year that is assessed.
    OtherYear,
    /// No: only planned.
    Planned,
}

impl Counted {
    /// The word for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "计入",
            Self::Duplicate(_) => "重复未计",
            Self::OtherYear => "非本年度未计",
            Self::Planned => "计划未计",
        }
    }
}

/// One unit with its activities, what they prove, and its points.
#[derive(Debug, Clone)]
pub struct UnitResult {
    /// The unit.
    pub unit: Unit,
    /// The files it submitted, in order.
    pub files: Vec<Arc<str>>,
    /// Its activities in order of file, sheet and row.
    pub activities: Vec<Activity>,
    /// What each proves, parallel to `activities`.
    pub matches: Vec<Vec<Match>>,
    /// The runner-up of each, or the nearest miss of one without item, parallel to `activities`.
    pub next: Vec<Option<Match>>,
    /// What a person decided about each, parallel to `activities`.
    pub rulings: Vec<Option<Ruling>>,
    /// Whether each takes part, parallel to `activities`.
    pub counted: Vec<Counted>,
    /// Its points.
    pub card: ScoreCard,
}

/// What is assessed: whose bureau, which year, up to which day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The bureau's name; empty where unknown.
    pub bureau: String,
    /// The year.
    pub year: i32,
    /// The last day that the data cover.
    pub until: Date,
}
