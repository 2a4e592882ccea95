//! A scoring scheme: blocks of lines, each line with one way of scoring.
//!
//! In: nothing. Out: plain data. Never here: files, units, arithmetic.

use super::duty::text_id;
use super::{ListId, Period, Points, RequirementId};

text_id! {
    /// The name of a line in a scheme: `A1`; in a scheme made of requirements, the requirement's own id.
    LineId
}
text_id! {
    /// The name of a block: `A`.
    BlockId
}

/// A scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// 名称.
    pub name: String,
    /// 说明.
    pub note: String,
    /// An example of the program: said on every sheet that shows points.
    pub example: bool,
    /// How figures are rounded.
    pub rounding: Rounding,
    /// Blocks in order.
    pub blocks: Vec<SchemeBlock>,
    /// 总分封顶; none: it may pass 100.
    pub ceiling: Option<Points>,
    /// 同分: what decides between equal totals, in order; empty: equal totals share a rank (1, 2, 2, 4).
    pub ties: Vec<Measure>,
    /// Best first; empty: no grades. Only the first may have a share.
    pub grades: Vec<Grade>,
    /// Commendation lines; empty: one of 30 % of each group, cut, said to be the program's default.
    pub awards: Vec<Award>,
    /// 一票否决.
    pub vetoes: Vec<Veto>,
}

impl Scheme {
    /// Every line with its block, in order.
    pub fn lines(&self) -> impl Iterator<Item = (&SchemeBlock, &Line)> {
        self.blocks.iter().flat_map(|block| block.lines.iter().map(move |line| (block, line)))
    }

    /// The line of this name.
    #[must_use]
    pub fn line(&self, id: &LineId) -> Option<&Line> {
        self.lines().map(|(_, line)| line).find(|line| line.id == *id)
    }
}

/// To how many decimals (0–2) every figure of points is rounded, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounding {
    /// Decimals.
    pub places: u8,
    /// 四舍五入 or 去尾.
    pub how: Cut,
}

impl Default for Rounding {
    /// 四舍五入 to two decimals.
    fn default() -> Self {
        Self { places: 2, how: Cut::Nearest }
    }
}

/// What becomes of a part of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cut {
    /// 四舍五入, half away from zero.
    Nearest,
    /// 去尾.
    Down,
    /// 进一 (only for head counts).
    Up,
}

/// A block of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeBlock {
    /// 编号.
    pub id: BlockId,
    /// 名称.
    pub name: String,
    /// What its points do.
    pub kind: BlockKind,
    /// Groups of units that it is for; empty: all.
    pub groups: Vec<String>,
    /// What becomes of lines that do not apply.
    pub absent: Absent,
    /// 计入名次.
    pub in_rank: bool,
    /// 计入等次.
    pub in_grade: bool,
    /// Lines in order.
    pub lines: Vec<Line>,
}

/// What the points of a block do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// 计分: its share of the 100 points.
    Weighted(Points),
    /// 加分: added, at most so much.
    Bonus(Option<Points>),
    /// 扣分: taken off, at most so much.
    Deduction(Option<Points>),
}

/// What becomes of lines that do not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Absent {
    /// 折算: left out of numerator and denominator.
    #[default]
    Rescale,
    /// 满分.
    Full,
}

/// A line of a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 编号.
    pub id: LineId,
    /// 项目.
    pub project: String,
    /// 内容.
    pub content: String,
    /// 评分标准: the sentence that `mode` was read from, as written.
    pub standard: String,
    /// 依据.
    pub basis: String,
    /// 分值.
    pub points: Points,
    /// The way of scoring.
    pub mode: Mode,
    /// Groups of checks: `checks[0]` for most modes, one group for each tier of [`Mode::Tiers`].
    pub checks: Vec<Vec<RequirementId>>,
    /// The list whose units it is for (from its requirements); none: all.
    pub list: Option<ListId>,
}

/// A way of scoring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// 按完成率.
    Share,
    /// 缺次扣分.
    DeductMissing {
        /// For every so many missing …
        each: u32,
        /// … so much off …
        per: Points,
        /// … at most; none: down to zero.
        most: Option<Points>,
    },
    /// 分档 by frequency: the first group of checks that is all met decides; else zero.
    Tiers {
        /// Period, times, points; the points fall, the first equals 分值.
        tiers: Vec<(Period, u32, Points)>,
    },
    /// 分档 by a value.
    ValueTiers {
        /// What is measured.
        of: Measured,
        /// At least `.0` gives `.1`; thresholds fall.
        tiers: Vec<(Points, Points)>,
        /// What anything less gives.
        otherwise: Points,
    },
    /// 达标率.
    Rate {
        /// What is measured.
        of: Measured,
        /// Nothing is taken off from this many per cent on.
        least: Points,
        /// For each so many per cent below …
        step: Points,
        /// … so much off.
        per: Points,
        /// Whether a step that is only begun counts.
        up: bool,
        /// The most that is taken off; none: down to zero.
        most: Option<Points>,
    },
    /// 达标率 by meeting.
    LowMeetings {
        /// Attendance in per cent below which a meeting counts.
        least: Points,
        /// So much off for each.
        per: Points,
        /// The most that is taken off; none: down to zero.
        most: Option<Points>,
    },
    /// 事件扣分 (in a weighted block 分值 minus it; in 扣分 the amount).
    DeductEvents {
        /// What may happen.
        rules: Vec<EventRule>,
        /// 扣分乘以.
        times: u32,
        /// 同一案件只扣一次.
        once_a_case: bool,
        /// The most that is taken off; none: down to zero.
        most: Option<Points>,
    },
    /// 事件加分.
    EventPoints {
        /// What may happen.
        rules: Vec<EventRule>,
        /// 合作的按人数平分.
        shared: bool,
        /// The most that is added; none: 分值.
        most: Option<Points>,
    },
    /// 活动加分.
    ActivityPoints {
        /// Activities that add nothing.
        beyond: u32,
        /// So much for every further one.
        per: Points,
        /// The most that is added; none: 分值.
        most: Option<Points>,
    },
    /// 民主测评.
    Votes {
        /// Grades with their values, best first.
        grades: Vec<(String, Points)>,
        /// Classes with their shares of 100.
        classes: Vec<(String, Points)>,
        /// Fewest valid votes of a class.
        fewest: u32,
    },
    /// 评委打分.
    Raters {
        /// 满分 of a ballot.
        full: Points,
        /// Fewest valid ballots.
        fewest: u32,
        /// With more raters than this the highest and the lowest are dropped.
        trim_over: Option<u32>,
        /// What makes a ballot void.
        limits: Vec<BallotLimit>,
    },
    /// 外部分数.
    External {
        /// The column.
        column: String,
        /// Out of how much.
        full: Points,
        /// What holds where there is none.
        missing: Missing,
    },
    /// 名次计分.
    RankPoints {
        /// The column.
        column: String,
        /// Points by place.
        table: Vec<Points>,
        /// Points of all further places.
        rest: Points,
    },
    /// 比例计分.
    RatioToBest {
        /// The column.
        column: String,
        /// The highest value that can be, where known.
        full: Option<Points>,
    },
    /// 人工评定.
    Judged,
    /// 起评分.
    Fixed,
}

impl Mode {
    /// The column of 评分 that it reads.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::External { column, .. }
            | Self::RankPoints { column, .. }
            | Self::RatioToBest { column, .. }
            | Self::ValueTiers { of: Measured::Column(column), .. }
            | Self::Rate { of: Measured::Column(column), .. } => Some(column),
            _ => None,
        }
    }
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    /// 完成率.
    Completion,
    /// 出勤率.
    Attendance,
    /// A column of 评分.
    Column(String),
}

/// What holds where a value is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// 待定: from zero to full.
    Open,
    /// 得0分.
    Zero,
    /// 不适用.
    NotApplicable,
}

/// Something that may happen and what it is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRule {
    /// 事项 as it must stand in the event sheet.
    pub matter: String,
    /// Least and most; equal where it is fixed, else the row must state a figure between.
    pub points: (Points, Points),
    /// Whether it is multiplied by 人数.
    pub per_person: bool,
    /// Whether rows marked 加倍 count twice.
    pub doubles: bool,
}

/// What makes a ballot void.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotLimit {
    /// Scores of at least `score`, else those below it.
    pub above: bool,
    /// The score.
    pub score: Points,
    /// No more than `count` of them, else no fewer.
    pub at_most: bool,
    /// How many.
    pub count: u32,
}

/// A figure of a unit that conditions and ties compare, in hundredths (per cent or points).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// 总分.
    Total,
    /// 不含加分.
    BeforeBonus,
    /// 板块.
    Block(BlockId),
    /// 项目.
    Line(LineId),
    /// 完成率 of requirements or of whole items: ROUND(100×已完成/应完成, 2).
    Completion(Vec<String>),
    /// 外部.
    Column(String),
}

/// A minimum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What is compared.
    pub measure: Measure,
    /// The least.
    pub least: Points,
    /// As written.
    pub text: String,
}

/// A grade (等次).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// Its name.
    pub name: String,
    /// The least points.
    pub least: Option<Points>,
    /// How many units of a group at most.
    pub share: Option<Quota>,
    /// What else must hold.
    pub conditions: Vec<Condition>,
}

/// How many units of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Per cent in hundredths, and how a part of a head is cut.
    Share(Points, Cut),
    /// So many.
    Heads(u32),
}

/// A commendation line (表彰).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    /// Its name.
    pub name: String,
    /// Groups that it is for; empty: every group.
    pub groups: Vec<String>,
    /// How many units of each group.
    pub quota: Quota,
    /// What else must hold.
    pub conditions: Vec<Condition>,
}

/// 一票否决.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Veto {
    /// 事项.
    pub matters: Vec<String>,
    /// What follows.
    pub effect: VetoEffect,
}

/// What follows from a veto.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VetoEffect {
    /// At most this grade.
    Cap(String),
    /// 不得表彰.
    NoAward,
}
