//! Which activities count for which requirement, and which would if a person confirmed them.

use crate::model::{
    Activity, ActivityVerdict, By, Class, Counts, Decision, ItemId, Match, Origin, Requirement, Unit,
};
use crate::seeds::text::fold;

/// How far an activity proves a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Not at all.
    None,
    /// Only if a person confirms it.
    Doubtful,
    /// Fully.
    Full,
}

/// What was found out about an activity and a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) strength: Strength,
    /// By a further kind of a joint event, not by its first.
    pub(super) joint: bool,
    /// By a person's word.
    pub(super) decided: bool,
}

/// A requirement whose words are ready for comparison.
#[derive(Debug, Clone)]
pub(super) struct Test<'a> {
    pub(super) requirement: &'a Requirement,
    any: Vec<String>,
    all: Vec<Vec<String>>,
    not: Vec<String>,
    names: Vec<String>,
}

impl<'a> Test<'a> {
    pub(super) fn new(requirement: &'a Requirement) -> Self {
        let Counts { any, all, not, by, .. } = &requirement.counts;
        let folded = |words: &[String]| words.iter().map(|w| fold(w)).collect::<Vec<_>>();
        let names = if let By::Named(names) = by { folded(names) } else { Vec::new() };
        let all = all.iter().map(|group| folded(group)).collect();
        Self { requirement, any: folded(any), all, not: folded(not), names }
    }

    /// How far an activity with this folded text and these matches proves the requirement, and what a person
    /// said about it, which outweighs both. The period of its date is not looked at. Where a person has
    /// `ruled` on its items, its kind alone says nothing.
    pub(super) fn found(
        &self,
        unit: &Unit,
        activity: &Activity,
        text: &str,
        matches: &[Match],
        verdict: Option<&ActivityVerdict>,
        ruled: bool,
    ) -> Found {
        let Form { strength: form, by_kind, joint } = self.form(unit, activity, text);
        let by_kind = by_kind && !ruled;
        let strength = match verdict {
            None => form.min(linked(matches, &self.requirement.item, by_kind)),
            Some(ActivityVerdict::Reject) => Strength::None,
            Some(ActivityVerdict::Assign(ids)) => match self.assigned(ids) {
                Strength::Doubtful => form,
                other => return Found { strength: other, joint: false, decided: true },
            },
            Some(ActivityVerdict::Confirm) => {
                match form.min(linked(matches, &self.requirement.item, by_kind)) {
                    Strength::None => Strength::None,
                    Strength::Doubtful | Strength::Full => Strength::Full,
                }
            }
        };
        Found { strength, joint, decided: verdict.is_some() || ruled }
    }

    /// Whether a person has named the requirement itself (fully), or only its item (then its form decides).
    fn assigned(&self, ids: &[String]) -> Strength {
        let named = |id: &str| ids.iter().any(|given| given == id);
        let (own, item) = (self.requirement.evidence().as_str(), self.requirement.item.as_str());
        let of_list = matches!(&self.requirement.origin, Some(Origin::Each(base)) if named(base.as_str()));
        if named(own) {
            Strength::Full
        } else if named(item) || of_list {
            Strength::Doubtful
        } else {
            Strength::None
        }
    }

    /// Kind, words, person and duration: everything but the item that it was matched to.
    fn form(&self, unit: &Unit, activity: &Activity, text: &str) -> Form {
        let counts = &self.requirement.counts;
        let by_kind = counts.kinds.iter().any(|kind| activity.is_kind(kind));
        let by_word = self.any.iter().any(|word| text.contains(word.as_str()));
        let unconditional = counts.kinds.is_empty() && self.any.is_empty();
        if !(by_kind || by_word || unconditional)
            || self.not.iter().any(|word| text.contains(word.as_str()))
            || !self.all.iter().all(|group| group.iter().any(|word| text.contains(word.as_str())))
        {
            return Form { strength: Strength::None, by_kind, joint: false };
        }
        let strength = self.by_whom(unit, activity, text).min(self.how_long(activity)).min(
            if counts.recorder && activity.recorder.is_none() { Strength::None } else { Strength::Full },
        );
        let first = activity.kinds.first().is_some_and(|first| counts.kinds.contains(first));
        let joint = by_kind && !by_word && !first && self.requirement.class == Class::Counted;
        Form { strength, by_kind, joint }
    }

    fn by_whom(&self, unit: &Unit, activity: &Activity, text: &str) -> Strength {
        let host = activity.host.as_deref();
        let (named, told) = match &self.requirement.counts.by {
            By::Anyone => return Strength::Full,
            By::Secretary => (
                match (host, &unit.secretary) {
                    (Some(host), Some(secretary)) if host.contains(secretary.as_str()) => Strength::Full,
                    (Some(host), _) if host.contains("书记") && !host.contains("副书记") => {
                        Strength::Full
                    }
                    (Some(_), Some(_)) => Strength::None,
                    _ => Strength::Doubtful,
                },
                secretary_lectures(text, unit.secretary.as_deref()),
            ),
            By::Named(names) => (
                match host {
                    Some(host) if names.iter().any(|name| host.contains(name.as_str())) => Strength::Full,
                    Some(_) => Strength::None,
                    None => Strength::Doubtful,
                },
                self.names.iter().any(|name| name_lectures(text, name)),
            ),
        };
        if told { Strength::Full } else { named }
    }

    fn how_long(&self, activity: &Activity) -> Strength {
        match (self.requirement.counts.minutes, activity.minutes) {
            (None, _) => Strength::Full,
            (Some(least), Some(minutes)) if minutes >= least => Strength::Full,
            (Some(_), Some(_)) => Strength::None,
            (Some(_), None) => Strength::Doubtful,
        }
    }
}

struct Form {
    strength: Strength,
    by_kind: bool,
    joint: bool,
}

const LECTURES: [&str; 7] = ["讲党课", "上党课", "讲授", "主讲", "授课", "讲《", "讲“"];

/// Whether a word for lecturing follows close behind.
fn soon(rest: &str) -> bool {
    // A name and a title may stand between the person and the verb, the end of a sentence may not.
    let near: String =
        rest.chars().take(24).take_while(|c| !matches!(c, '。' | '；' | ';' | ',' | '，')).collect();
    LECTURES.iter().any(|word| near.contains(word))
}

/// Whether a folded text says that a person of this folded name lectures.
fn name_lectures(text: &str, name: &str) -> bool {
    name.chars().count() >= 2
        && text.match_indices(name).any(|(at, word)| soon(text.get(at + word.len()..).unwrap_or_default()))
}

/// Whether a folded text says that the secretary lectures: 书记 or the secretary's name, and close behind
/// it a word for lecturing; a deputy or the secretary of another body is somebody else.
fn secretary_lectures(text: &str, secretary: Option<&str>) -> bool {
    const OTHERS: [&str; 7] = ["副", "县委", "市委", "区委", "省委", "第一", "纪委"];
    let post = text.match_indices("书记").any(|(at, word)| {
        let before = text.get(..at).unwrap_or_default();
        !OTHERS.iter().any(|other| before.ends_with(other))
            && soon(text.get(at + word.len()..).unwrap_or_default())
    });
    post || secretary.is_some_and(|name| name_lectures(text, &fold(name)))
}

/// A link proves, a review is doubtful; a kind that the requirement asks for is at least doubtful.
fn linked(matches: &[Match], item: &ItemId, by_kind: bool) -> Strength {
    match matches.iter().find(|m| m.item == *item).map(|m| m.decision) {
        Some(Decision::Link) => Strength::Full,
        Some(Decision::Review) => Strength::Doubtful,
        _ if by_kind => Strength::Doubtful,
        _ => Strength::None,
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
