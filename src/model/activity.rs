//! One activity that was held, in normal form, with the place it was read from.

use super::{DateSpan, KindId, Kinds, Place};
use std::sync::Arc;

/// A kind that the ledger states: in its type column, sheet name, section row, or before the title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedKind {
    /// The wording.
    pub raw: String,
    /// The canonical kind; `None` where no kind has such a wording.
    pub kind: Option<KindId>,
}

/// In what part the person named under `host` acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostRole {
    /// 主持人, 召集人.
    Chair,
    /// 主讲, 授课人.
    Lecturer,
}

/// One activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Where it was read: row of its first line, column of its first cell.
    pub place: Place,
    /// Counts the activities that share a row, from 1.
    pub ordinal: u32,
    /// The unit as written, in the row or else in the ledger.
    pub unit: Option<Arc<str>>,
    /// When it was held.
    pub date: DateSpan,
    /// The kind that is stated, if any.
    pub stated: Option<StatedKind>,
    /// Every kind it is: the stated one, and those that the title names (“党员大会暨主题党日”).
    pub kinds: Kinds,
    /// Title or topic, clean.
    pub title: String,
    /// Content, clean.
    pub description: Option<String>,
    /// Persons present.
    pub attended: Option<u32>,
    /// Persons expected.
    pub expected: Option<u32>,
    /// Duration in minutes (one 学时 counts 60).
    pub minutes: Option<u32>,
    /// Chair or lecturer, without inner blanks.
    pub host: Option<String>,
    /// The part of `host`.
    pub host_role: Option<HostRole>,
    /// Who kept the minutes.
    pub recorder: Option<String>,
    /// Place, as written.
    pub location: Option<String>,
    /// True where the row only plans the activity: no evidence.
    pub planned: bool,
}

impl Activity {
    /// An activity of which nothing is known but its place.
    #[must_use]
    pub fn blank(place: Place) -> Self {
        Self {
            place,
            ordinal: 1,
            unit: None,
            date: DateSpan::blank(),
            stated: None,
            kinds: Kinds::new(),
            title: String::new(),
            description: None,
            attended: None,
            expected: None,
            minutes: None,
            host: None,
            host_role: None,
            recorder: None,
            location: None,
            planned: false,
        }
    }

    /// Whether it is of this kind.
    #[must_use]
    pub fn is_kind(&self, kind: &KindId) -> bool {
        self.kinds.contains(kind)
    }

    /// Duration in hours, for output.
    #[must_use]
    pub fn hours(&self) -> Option<f64> {
        self.minutes.map(|minutes| f64::from(minutes) / 60.0)
    }
}
