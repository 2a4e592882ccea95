//! Which activities count for which requirement, and which would if a person confirmed them.

use crate::model::{Activity, Counts, Decision, ItemId, Match, Requirement, Unit};
use crate::seeds::text::fold;

/// How far an activity proves a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// Not at all.
    None,
    /// Only if a person confirms it.
    Doubtful,
    /// Fully.
    Full,
}

/// A requirement whose words are ready for comparison.
#[derive(Debug, Clone)]
pub(super) struct Test<'a> {
    pub(super) requirement: &'a Requirement,
    any: Vec<String>,
    all: Vec<Vec<String>>,
    not: Vec<String>,
}

impl<'a> Test<'a> {
    pub(super) fn new(requirement: &'a Requirement) -> Self {
        let Counts { any, all, not, .. } = &requirement.counts;
        let folded = |words: &Vec<String>| words.iter().map(|w| fold(w)).collect::<Vec<_>>();
        Self { requirement, any: folded(any), all: all.iter().map(folded).collect(), not: folded(not) }
    }

    /// How far an activity with this folded text and these matches proves the requirement.
    pub(super) fn proof(&self, unit: &Unit, activity: &Activity, text: &str, matches: &[Match]) -> Proof {
        let counts = &self.requirement.counts;
        let by_kind = counts.kinds.iter().any(|kind| activity.is_kind(kind));
        let by_word = self.any.iter().any(|word| text.contains(word.as_str()));
        let unconditional = counts.kinds.is_empty() && self.any.is_empty();
        if !(by_kind || by_word || unconditional)
            || self.not.iter().any(|word| text.contains(word.as_str()))
            || !self.all.iter().all(|group| group.iter().any(|word| text.contains(word.as_str())))
        {
            return Proof::None;
        }
        linked(matches, &self.requirement.item, by_kind)
            .min(self.by_whom(unit, activity, text))
            .min(self.how_long(activity))
            .min(if counts.recorder && activity.recorder.is_none() { Proof::None } else { Proof::Full })
    }

    fn by_whom(&self, unit: &Unit, activity: &Activity, text: &str) -> Proof {
        if !self.requirement.counts.by_secretary {
            return Proof::Full;
        }
        let named = match (&activity.host, &unit.secretary) {
            (Some(host), Some(secretary)) if host.contains(secretary.as_str()) => Proof::Full,
            (Some(host), _) if host.contains("书记") && !host.contains("副书记") => Proof::Full,
            (Some(_), Some(_)) => Proof::None,
            _ => Proof::Doubtful,
        };
        if named == Proof::Full {
            return named;
        }
        let in_text = ["书记讲党课", "书记上党课", "书记授课", "书记讲授", "书记为", "书记党课"];
        if in_text.iter().any(|word| text.contains(word)) && !text.contains("副书记") {
            Proof::Full
        } else {
            named
        }
    }

    fn how_long(&self, activity: &Activity) -> Proof {
        match (self.requirement.counts.minutes, activity.minutes) {
            (None, _) => Proof::Full,
            (Some(least), Some(minutes)) if minutes >= least => Proof::Full,
            (Some(_), Some(_)) => Proof::None,
            (Some(_), None) => Proof::Doubtful,
        }
    }
}

/// A link proves, a review is doubtful; a kind that the requirement asks for is at least doubtful.
fn linked(matches: &[Match], item: &ItemId, by_kind: bool) -> Proof {
    match matches.iter().find(|m| m.item == *item).map(|m| m.decision) {
        Some(Decision::Link) => Proof::Full,
        Some(Decision::Review) => Proof::Doubtful,
        _ if by_kind => Proof::Doubtful,
        _ => Proof::None,
    }
}
