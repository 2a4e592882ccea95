//! Which duty item an activity proves, how surely, and why.

use super::ItemId;

/// What the program proposes for a pair of activity and item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Taken as proof.
    Link,
    /// A person should look.
    Review,
    /// Shown only as the nearest miss; never in a match list.
    NonLink,
}

impl Decision {
    /// The word of the stable line format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Review => "review",
            Self::NonLink => "none",
        }
    }
}

/// What sort of sign an evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceSource {
    /// The kind of the activity.
    Kind,
    /// A phrase of the item.
    Phrase,
    /// Likeness to the item's text.
    Similar,
    /// Words whose weight was learned from labelled rows.
    Learned,
    /// Words whose weight was learned from the office's own decisions.
    Office,
    /// A reviewer's decision.
    Reviewer,
}

/// One reason, with its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What sort of sign.
    pub source: EvidenceSource,
    /// A whole sentence in Chinese, naming the words that fired and where they stand.
    pub sentence: String,
    /// What it added to (or took from) the decision, in hundredths of a logit; for order and display.
    pub weight: i32,
}

/// What a person decided about the items of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ruling {
    /// The items that the program had proposed are right.
    Confirmed,
    /// These items and no others.
    Changed,
    /// It proves no item.
    NoProof,
}

impl Ruling {
    /// Every ruling, in the order in which a person chooses from them.
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::Changed, Self::NoProof];

    /// The word by which a person gives it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "确认",
            Self::Changed => "改为",
            Self::NoProof => "不是佐证",
        }
    }
}

/// An item that an activity proves or may prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The item.
    pub item: ItemId,
    /// How likely it is right, in thousandths; [`Match::DECIDED`] where a person has decided.
    pub confidence: u16,
    /// What is proposed.
    pub decision: Decision,
    /// Why, the strongest first.
    pub evidence: Vec<Evidence>,
}

impl Match {
    /// The confidence of what a person has decided; no answer of the program reaches it.
    pub const DECIDED: u16 = 1000;

    /// The confidence for a reader: `93%`, or `人工` where a person has decided.
    #[must_use]
    pub fn surety(&self) -> String {
        if self.confidence >= Self::DECIDED {
            "人工".to_owned()
        } else {
            format!("{}%", self.confidence / 10)
        }
    }
}
