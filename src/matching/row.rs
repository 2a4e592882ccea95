//! The text of one activity in the form in which it is looked at.

use crate::model::{Activity, KindId};
use crate::seeds::text::fold_onto;

/// What the matcher looks at: borrowed, empty where nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct RowText<'a> {
    /// The kind as the ledger states it.
    pub kind: &'a str,
    /// Title or topic.
    pub title: &'a str,
    /// Content.
    pub description: &'a str,
    /// The kinds that are already known; where empty they are found in the text.
    pub kinds: &'a [KindId],
}

impl<'a> From<&'a Activity> for RowText<'a> {
    fn from(activity: &'a Activity) -> Self {
        Self {
            kind: activity.stated.as_ref().map_or("", |stated| stated.raw.as_str()),
            title: &activity.title,
            description: activity.description.as_deref().unwrap_or(""),
            kinds: &activity.kinds,
        }
    }
}

/// A part of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Kind,
    Title,
    Description,
}

impl Part {
    pub(crate) const ALL: [Self; 3] = [Self::Kind, Self::Title, Self::Description];

    /// The part's bit in a set of parts.
    pub(crate) fn bit(self) -> u8 {
        1 << self as u8
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kind => "类型",
            Self::Title => "活动名称",
            Self::Description => "活动内容",
        }
    }
}

/// The first of the parts of a set.
pub(crate) fn first_part(bits: u8) -> Part {
    Part::ALL.into_iter().find(|part| bits & part.bit() != 0).unwrap_or(Part::Description)
}

/// Kind, title and description, folded, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    ends: [usize; 3],
}

impl Folded {
    pub(crate) fn new(row: &RowText) -> Self {
        let mut folded = Self::default();
        folded.fill(row);
        folded
    }

    /// Takes a row instead of another.
    pub(crate) fn fill(&mut self, row: &RowText) {
        self.text.clear();
        for (end, part) in self.ends.iter_mut().zip([row.kind, row.title, row.description]) {
            fold_onto(&mut self.text, part);
            *end = self.text.len();
            // Folded text has no line feed: no word reaches over it.
            self.text.push('\n');
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The part in which a byte stands.
    pub(crate) fn part_at(&self, at: usize) -> Part {
        match self.ends {
            [kind, _, _] if at < kind => Part::Kind,
            [_, title, _] if at < title => Part::Title,
            _ => Part::Description,
        }
    }

    /// The text of a part, with the byte at which it begins.
    pub(crate) fn part(&self, part: Part) -> (usize, &str) {
        let [kind, title, description] = self.ends;
        let (from, to) = match part {
            Part::Kind => (0, kind),
            Part::Title => (kind + 1, title),
            Part::Description => (title + 1, description),
        };
        (from, self.text.get(from..to).unwrap_or(""))
    }
}
