//! Which activities count for which requirement, and which would if a person confirmed them.

use crate::model::{Activity, By, Counts, Decision, ItemId, Match, Requirement, Unit};
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

    /// How far an activity with this folded text and these matches proves the requirement; where a person
    /// has `decided` on its items, its kind alone says nothing.
    pub(super) fn proof(
        &self,
        unit: &Unit,
        activity: &Activity,
        text: &str,
        matches: &[Match],
        decided: bool,
    ) -> Proof {
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
        linked(matches, &self.requirement.item, by_kind && !decided)
            .min(self.by_whom(unit, activity, text))
            .min(self.how_long(activity))
            .min(if counts.recorder && activity.recorder.is_none() { Proof::None } else { Proof::Full })
    }

    fn by_whom(&self, unit: &Unit, activity: &Activity, text: &str) -> Proof {
        if self.requirement.counts.by != By::Secretary {
            return Proof::Full;
        }
        let named = match (&activity.host, &unit.secretary) {
            (Some(host), Some(secretary)) if host.contains(secretary.as_str()) => Proof::Full,
            (Some(host), _) if host.contains("书记") && !host.contains("副书记") => Proof::Full,
            (Some(_), Some(_)) => Proof::None,
            _ => Proof::Doubtful,
        };
        if named == Proof::Full || secretary_lectures(text, unit.secretary.as_deref()) {
            return Proof::Full;
        }
        named
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

/// Whether a folded text says that the secretary lectures: 书记 or the secretary's name, and close behind
/// it a word for lecturing; a deputy or the secretary of another body is somebody else.
fn secretary_lectures(text: &str, secretary: Option<&str>) -> bool {
    const LECTURES: [&str; 7] = ["讲党课", "上党课", "讲授", "主讲", "授课", "讲《", "讲“"];
    const OTHERS: [&str; 7] = ["副", "县委", "市委", "区委", "省委", "第一", "纪委"];
    // A name and a title may stand between the person and the verb, the end of a sentence may not.
    let soon = |rest: &str| {
        let near: String =
            rest.chars().take(24).take_while(|c| !matches!(c, '。' | '；' | ';' | ',' | '，')).collect();
        LECTURES.iter().any(|word| near.contains(word))
    };
    let post = text.match_indices("书记").any(|(at, word)| {
        let before = text.get(..at).unwrap_or_default();
        !OTHERS.iter().any(|other| before.ends_with(other))
            && soon(text.get(at + word.len()..).unwrap_or_default())
    });
    let by_name = secretary.map(fold).filter(|name| name.chars().count() >= 2).is_some_and(|name| {
        text.match_indices(name.as_str())
            .any(|(at, word)| soon(text.get(at + word.len()..).unwrap_or_default()))
    });
    post || by_name
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lecture_is_the_secretarys_where_the_text_says_so() {
        for (text, own) in [
            ("书记讲党课：守住底线", true),
            ("支部书记何岸讲授专题党课", true),
            ("书记何岸讲《条例》", true),
            ("何岸以“担当”为题讲党课", true),
            ("副书记讲党课", false),
            ("请市委书记讲党课的视频集中收看", false),
            ("学习书记在全会上的讲话", false),
            ("党课由组织委员主讲", false),
        ] {
            assert_eq!(secretary_lectures(&fold(text), Some("何岸")), own, "{text}");
        }
    }
}
