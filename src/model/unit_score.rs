//! The points of a unit under a scheme, and what is still open about them.
//!
//! In: nothing. Out: plain data. Never here: arithmetic.

use super::{BlockId, Due, LineId, Period, Place, Points, RequirementId, VetoFact};
use std::sync::Arc;

/// The ends between which a figure lies until every open question is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// 得分: what is proved.
    pub low: Points,
    /// 最高可达.
    pub high: Points,
}

impl Bounds {
    /// A figure about which nothing is open.
    #[must_use]
    pub fn settled(points: Points) -> Self {
        Self { low: points, high: points }
    }

    /// Whether nothing is open.
    #[must_use]
    pub fn is_settled(self) -> bool {
        self.low == self.high
    }
}

/// What a check or a group of checks asks for; missing for good is the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// 应完成.
    pub required: u32,
    /// 已完成.
    pub met: u32,
    /// 待核.
    pub open: u32,
}

/// A check of the scheme on one unit: a requirement, or one made from it (a tier, a name of a list).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckScore {
    /// Its name.
    pub id: RequirementId,
    /// The requirement whose evidence counts for it.
    pub evidence: RequirementId,
    /// Short name.
    pub name: String,
    /// The stretch of time.
    pub period: Period,
    /// How many in each such stretch (persons, where hours are asked for).
    pub minimum: u32,
    /// Period by period, in order.
    pub dues: Vec<Due>,
    /// The sum over the owed periods.
    pub tally: Tally,
    /// Activities recorded in a period.
    pub recorded: u32,
    /// Activities that may at most turn out to be recorded.
    pub reachable: u32,
    /// Activities of which both 应到 and 实到 are known.
    pub meetings: Vec<Meeting>,
}

impl CheckScore {
    /// Whether any period is owed.
    #[must_use]
    pub fn applies(&self) -> bool {
        self.dues.iter().any(|due| due.owed)
    }
}

/// The attendance of one activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// Index of the activity.
    pub activity: usize,
    /// 应到.
    pub expected: u32,
    /// 实到.
    pub attended: u32,
    /// False: only if a person confirms that it counts.
    pub sure: bool,
}

/// The points of a unit on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineScore {
    /// Which.
    pub line: LineId,
    /// 适用分值: 分值, or zero where the line does not apply.
    pub base: Points,
    /// One for each group of checks.
    pub tallies: Vec<Tally>,
    /// By the rule.
    pub rule: Bounds,
    /// 自评分.
    pub own: Option<Points>,
    /// 考核分.
    pub judged: Option<Points>,
    /// What counts: `judged` where there is one, else `rule`.
    pub counted: Bounds,
    /// 依据 or 扣分原因 in words.
    pub reason: String,
    /// Whether the value that the line needs is still missing.
    pub missing: bool,
}

/// The points of a unit on one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockScore {
    /// Which.
    pub block: BlockId,
    /// Weight that applies (zero: whole block 不适用).
    pub weight: Points,
    /// Sum of 适用分值.
    pub applicable: Points,
    /// Sum of what counts.
    pub earned: Bounds,
    /// Its part of the total (bonus and deduction: the amount, positive).
    pub points: Bounds,
    /// Its lines.
    pub lines: Vec<LineScore>,
}

/// The points of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitScore {
    /// The unit.
    pub unit: Arc<str>,
    /// The group in which it is ranked.
    pub group: String,
    /// The blocks that are for its group.
    pub blocks: Vec<BlockScore>,
    /// Weighted blocks together, without bonus and deduction.
    pub before: Bounds,
    /// 总分: what it is ranked by.
    pub total: Bounds,
    /// What its grade is read from.
    pub for_grade: Bounds,
    /// What decides between equal totals, in the order of the scheme.
    pub ties: Vec<Bounds>,
    /// Every figure that a condition of the scheme compares, by its wording ([`Condition::text`](super::Condition)).
    pub measures: Vec<(String, Bounds)>,
    /// Facts that bar it.
    pub vetoes: Vec<VetoFact>,
}

impl UnitScore {
    /// Its lines in order.
    pub fn lines(&self) -> impl Iterator<Item = &LineScore> {
        self.blocks.iter().flat_map(|block| &block.lines)
    }
}

/// The grade that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graded {
    /// The grade.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Stands at the quota line with others.
    pub tied: bool,
}

/// Where a unit stands to a commendation line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AwardPlace {
    /// 入围.
    In,
    /// 并列待定.
    Tied,
    /// 未入围.
    Outside,
    /// 不具备条件.
    NotEligible,
}

impl AwardPlace {
    /// The word for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "入围",
            Self::Tied => "并列待定",
            Self::Outside => "未入围",
            Self::NotEligible => "不具备条件",
        }
    }
}

/// What is proposed about a unit and a commendation line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awarded {
    /// The line.
    pub award: String,
    /// Where the unit stands.
    pub place: AwardPlace,
    /// Settled whatever the open questions bring.
    pub firm: bool,
    /// Why.
    pub reason: String,
}

/// An open question with what it can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The unit.
    pub unit: Arc<str>,
    /// What is asked.
    pub subject: Subject,
    /// Points of the total that the answer can bring.
    pub stake: Points,
    /// How much that matters.
    pub weight: Stake,
}

impl Question {
    /// The order in which questions are asked: the most weighty first, then those that can bring the most points.
    #[must_use]
    pub fn order(&self) -> (Stake, std::cmp::Reverse<Points>) {
        (self.weight, std::cmp::Reverse(self.stake))
    }
}

/// What an open question is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A period of a check.
    Due(RequirementId, u32),
    /// An activity, as an index into the unit's activities.
    Match(usize),
    /// A value that a line needs.
    Value(LineId),
    /// An event or a veto that is 待核.
    Fact(Box<Place>),
}

/// What an answer moves, in the order in which questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stake {
    /// Alone moves a unit across a commendation line.
    Decides,
    /// May do so together with others.
    MayDecide,
    /// Moves a rank.
    MovesRank,
    /// Moves points only.
    MovesPoints,
    /// Moves nothing.
    Nothing,
}

impl Stake {
    /// The word for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decides => "可单独改变表彰结果",
            Self::MayDecide => "可能影响表彰结果",
            Self::MovesRank => "影响名次",
            Self::MovesPoints => "只影响得分",
            Self::Nothing => "不影响得分",
        }
    }
}

/// How far a block's weight may go, other weights left as they are, before the commended set changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leeway {
    /// The commendation line.
    pub award: String,
    /// The group.
    pub group: String,
    /// The block.
    pub block: BlockId,
    /// Its weight.
    pub weight: Points,
    /// Smallest weight (steps of 0.01, not below 0) down to which the set is the same.
    pub down: Points,
    /// Who changes one step further down; empty at 0.
    pub down_changes: String,
    /// Largest weight (steps of 0.01, not above 100) up to which the set is the same.
    pub up: Points,
    /// Who changes one step further up; empty at 100.
    pub up_changes: String,
}
