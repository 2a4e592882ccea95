//! Counties: by which rule the points of branches go into the figure of their county, and what comes of it.
//!
//! In: nothing. Out: plain data. Never here: arithmetic.

use super::{BlockId, Bounds, Points, UnitName};

/// How the points of the branches of a county become one figure (办法).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CountyWay {
    /// 平均分.
    #[default]
    Mean,
    /// 按党员人数加权.
    Weighted,
    /// 中位数.
    Median,
}

impl CountyWay {
    /// All ways, the usual first.
    pub const ALL: [Self; 3] = [Self::Mean, Self::Weighted, Self::Median];

    /// The word of the settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mean => "平均分",
            Self::Weighted => "按党员人数加权",
            Self::Median => "中位数",
        }
    }
}

/// What becomes of a branch that handed in nothing (未报送支部).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum AbsentBranch {
    /// 计零分: counts with nothing; what it may still reach stays open.
    #[default]
    Zero,
    /// 不计入.
    Left,
}

impl AbsentBranch {
    /// Both, the usual first.
    pub const ALL: [Self; 2] = [Self::Zero, Self::Left];

    /// The word of the settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Zero => "计零分",
            Self::Left => "不计入",
        }
    }
}

/// The section 县区汇总 of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountyRule {
    /// 办法.
    pub way: CountyWay,
    /// 本级占比 in per cent; the branches have the rest.
    pub own: u8,
    /// 未报送支部.
    pub absent: AbsentBranch,
}

impl Default for CountyRule {
    fn default() -> Self {
        Self { way: CountyWay::Mean, own: 40, absent: AbsentBranch::Zero }
    }
}

/// A branch among the others of its county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyBranch {
    /// The branch.
    pub unit: UnitName,
    /// The group in which it is ranked over all counties.
    pub group: String,
    /// 党员人数, where known.
    pub members: Option<u32>,
    /// Whether it handed in anything that can be read.
    pub handed: bool,
    /// Its own points.
    pub points: Bounds,
    /// Its points on each block.
    pub blocks: Vec<(BlockId, Points)>,
    /// Its rank in the county; equal points share a rank.
    pub rank: u32,
    /// The best rank that it can still have there.
    pub best: u32,
    /// The worst rank that it can still have there.
    pub worst: u32,
}

/// A county with what its own duties and its branches come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyScore {
    /// The county.
    pub county: UnitName,
    /// 本级得分; none where its bureau is no unit of the run.
    pub own: Option<Bounds>,
    /// Its branches in order of rank and name.
    pub branches: Vec<CountyBranch>,
    /// 支部平均 by the rule; none where no branch counts.
    pub mean: Option<Bounds>,
    /// 汇总得分; none where neither part is there.
    pub total: Option<Bounds>,
    /// Its rank among the counties; zero without total.
    pub rank: u32,
    /// The best rank that it can still have; zero without total.
    pub best: u32,
    /// The worst rank that it can still have; zero without total.
    pub worst: u32,
}

impl CountyScore {
    /// How many of its branches handed in anything.
    #[must_use]
    pub fn handed(&self) -> usize {
        self.branches.iter().filter(|branch| branch.handed).count()
    }
}
