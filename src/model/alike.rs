//! Records whose texts are alike, side by side.

use std::collections::BTreeMap;

/// How two records of like text stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// One unit, different months.
    Months,
    /// Two units, different days.
    Units,
    /// Two units, the same day: it may have been one activity of both.
    Joint,
}

impl Relation {
    /// The relation for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Months => "同一单位不同月份",
            Self::Units => "不同单位",
            Self::Joint => "可能是联合活动",
        }
    }
}

/// A record of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordAt {
    /// Index of its unit among the results.
    pub unit: usize,
    /// Index among the activities of the unit.
    pub activity: usize,
}

/// Two records of like text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlikePair {
    /// How they stand to each other.
    pub relation: Relation,
    /// Runs of three characters that both texts have.
    pub shared: u32,
    /// Runs of three characters that at least one of them has.
    pub all: u32,
    /// One of them.
    pub first: RecordAt,
    /// The other.
    pub second: RecordAt,
}

/// Records of like text, as pairs that hang together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlikeGroup {
    /// The pairs that are shown, by relation and date.
    pub pairs: Vec<AlikePair>,
    /// How many pairs there are of each relation, shown or not.
    pub counts: BTreeMap<Relation, usize>,
}

impl AlikeGroup {
    /// How many pairs are not shown.
    #[must_use]
    pub fn more(&self) -> usize {
        self.counts.values().sum::<usize>().saturating_sub(self.pairs.len())
    }
}

/// What a run holds of records of like text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alikes {
    /// The groups that are shown, the most telling first.
    pub groups: Vec<AlikeGroup>,
    /// How many groups there are beyond these.
    pub more_groups: usize,
    /// How many pairs those hold.
    pub more_pairs: usize,
    /// What was compared, and from what likeness on a pair is told, in words.
    pub terms: String,
}
