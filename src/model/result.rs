//! Everything that was found out about one unit.

use super::duty::text_id;
use super::{Activity, Date, Match, RequirementId, Ruling, ScoreCard, Unit};
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

text_id! {
    /// The content of an activity in eight hexadecimal digits, by which the review sheet knows it again.
    Fingerprint
}

/// That an activity proves a requirement, before the period of its date is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The requirement.
    pub requirement: RequirementId,
    /// False: only if a person confirms it (or gives the date that is missing).
    pub sure: bool,
    /// Counts by a further kind of a joint event (“党员大会暨主题党日”), not by its first.
    pub joint: bool,
    /// Whether a person decided it.
    pub decided: bool,
}

/// What a person decided about an activity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActivityAnswer {
    /// What it proves.
    pub verdict: Option<ActivityVerdict>,
    /// 更正日期.
    pub date: Option<Date>,
}

/// What a person says that an activity proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityVerdict {
    /// 确认: whatever was doubtful about it counts.
    Confirm,
    /// 改列: exactly these requirements or items.
    Assign(Vec<String>),
    /// 不是佐证.
    Reject,
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
    /// Which requirements each proves, parallel to `activities`.
    pub proofs: Vec<Vec<Proof>>,
    /// The content of each, parallel to `activities`; empty until the review sheet asks for it.
    pub fingerprints: Vec<Fingerprint>,
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
