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

/// An item that an activity proves or may prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The item.
    pub item: ItemId,
    /// How likely it is right, in thousandths.
    pub confidence: u16,
    /// What is proposed.
    pub decision: Decision,
    /// Why, the strongest first.
    pub evidence: Vec<Evidence>,
}
