//! What a duty item demands, as data: period, minimum, what counts, and who is exempt.

use super::duty::text_id;
use super::{ItemId, KindId};

text_id! {
    /// The name of a requirement: its item and a letter, such as `ZB-3a`.
    RequirementId
}

/// How a requirement can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A number in a period, in the item's own words (每月至少1次).
    Counted,
    /// A date in the year, in the item's own words (每年12月底前).
    Calendar,
    /// 定期, 经常, 及时: the office sets the number; the default is a suggestion.
    Interval,
    /// A document, structure or form of activity must be there.
    Existence,
    /// Rows serve as evidence, a person judges.
    Narrative,
}

impl Class {
    /// The name for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "按次数",
            Self::Calendar => "按时点",
            Self::Interval => "按周期（次数由本单位设定）",
            Self::Existence => "看有无",
            Self::Narrative => "看佐证，由人评定",
        }
    }
}

/// The stretch of time that is looked at by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// Each month.
    Month,
    /// Each quarter.
    Quarter,
    /// Each half-year.
    Half,
    /// The year.
    Year,
}

impl Period {
    /// How many of them make a year.
    #[must_use]
    pub fn per_year(self) -> u32 {
        match self {
            Self::Month => 12,
            Self::Quarter => 4,
            Self::Half => 2,
            Self::Year => 1,
        }
    }

    /// First and last month of the `index`-th period (from 0).
    #[must_use]
    pub fn months(self, index: u32) -> (u32, u32) {
        let length = 12 / self.per_year();
        (index * length + 1, (index + 1) * length)
    }

    /// The period for a reader: `3月`, `第2季度`, `上半年`, `全年`.
    #[must_use]
    pub fn label(self, index: u32) -> String {
        match self {
            Self::Month => format!("{}月", index + 1),
            Self::Quarter => format!("第{}季度", index + 1),
            Self::Half => (if index == 0 { "上半年" } else { "下半年" }).to_owned(),
            Self::Year => "全年".to_owned(),
        }
    }

    /// `每月`, `每季度`, `每半年`, `每年`.
    #[must_use]
    pub fn every(self) -> &'static str {
        match self {
            Self::Month => "每月",
            Self::Quarter => "每季度",
            Self::Half => "每半年",
            Self::Year => "每年",
        }
    }
}

/// Which of the activities matched to the item count for the requirement.
///
/// An activity counts where it has one of `kinds` or one of `any` stands in its text; where both are
/// empty every activity matched to the item counts. Then each group of `all` must have a word in the
/// text, none of `not` may stand there, and the person and duration must be right where asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Kinds that count.
    pub kinds: Vec<KindId>,
    /// Words that count without the kind.
    pub any: Vec<String>,
    /// Groups of words: one of each group must be there too.
    pub all: Vec<Vec<String>>,
    /// Words that rule it out.
    pub not: Vec<String>,
    /// Who must be host or lecturer.
    pub by: By,
    /// Least duration in minutes.
    pub minutes: Option<u32>,
    /// Whether a named recorder is asked for.
    pub recorder: bool,
}

/// Who must be host or lecturer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum By {
    /// Anyone.
    #[default]
    Anyone,
    /// The branch secretary.
    Secretary,
    /// One of these persons, by name.
    Named(Vec<String>),
}

/// A list of which every name is checked by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Each {
    /// Every county bureau.
    Counties,
    /// Every leader.
    Leaders,
    /// Every branch.
    Branches,
}

/// Training hours that every person should reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonGoal {
    /// 学时.
    pub hours: u32,
    /// Secretaries and committee members only.
    pub officers: bool,
    /// Fewest 集中培训 that each must attend.
    pub trainings: u32,
}

/// From what a check is made that is not itself a demand of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The requirement at another frequency: the evidence of the requirement counts.
    Tier(RequirementId),
    /// The requirement for one name of a list: it has evidence of its own.
    Each(RequirementId),
}

/// Who need not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exemption {
    /// A branch without committee (fewer than 7 full members).
    NoCommittee,
    /// A branch without 党小组.
    NoGroups,
    /// Where no county bureaus exist.
    NoCounties,
}

/// One demand of a duty item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Name.
    pub id: RequirementId,
    /// The item it belongs to.
    pub item: ItemId,
    /// Short name for columns: `支部委员会`.
    pub name: String,
    /// How it is checked.
    pub class: Class,
    /// The stretch of time.
    pub period: Period,
    /// How many in each such stretch.
    pub minimum: u32,
    /// Month within which it must be done: first and last (calendar class); `(1, 12)` otherwise.
    pub window: (u32, u32),
    /// What counts.
    pub counts: Counts,
    /// Who is exempt.
    pub exempt: Option<Exemption>,
    /// One check for each name of a list.
    pub each: Option<Each>,
    /// Training hours by person, which rows of persons prove.
    pub hours: Option<PersonGoal>,
    /// None for a demand of a list; else what the check is made from.
    pub origin: Option<Origin>,
    /// The words of the item from which it follows, word for word.
    pub source: String,
    /// What rows of a ledger cannot show about it, for a reader; empty where they show all.
    pub limits: String,
}

impl Requirement {
    /// The requirement whose evidence counts for it.
    #[must_use]
    pub fn evidence(&self) -> &RequirementId {
        match &self.origin {
            Some(Origin::Tier(base)) => base,
            Some(Origin::Each(_)) | None => &self.id,
        }
    }
}
