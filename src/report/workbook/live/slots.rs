//! What each activity proves, as slots that a person may change.
//!
//! In: the proofs of the activities. Out: how many slot columns there are, and what stands in them.
//! Never here: cells.

use super::places::activity;
use crate::model::{Counted, Decision, Match, Mode, Proof};
use crate::report::workbook::Overview;

/// Columns between the slots and the helpers.
const SHOWN: u16 = 6;
/// Fewest columns for what is sure.
const SURE: usize = 2;

/// How many slot columns there are, and whether attendance columns follow them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Slots {
    pub sure: u16,
    pub joint: u16,
    pub open: u16,
    /// 低勤 and 缺勤率 stand there, because the scheme asks for attendance.
    pub attendance: bool,
}

/// What stands in the slots of one activity.
#[derive(Debug, Default)]
pub(in super::super) struct Entries<'a> {
    pub sure: Vec<&'a str>,
    pub joint: Vec<&'a str>,
    pub open: Vec<&'a str>,
}

impl<'a> Entries<'a> {
    /// What an activity proves; an item that it belongs to stands for itself where no requirement follows from it.
    /// What is open about a row that takes no part is not asked.
    pub(in super::super) fn of(proofs: &'a [Proof], matches: &'a [Match], counted: Counted) -> Self {
        let mut entries = Self::default();
        let belongs = |id: &str, item: &str| {
            id.strip_prefix(item).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        for proof in proofs {
            let list = match (proof.sure, proof.joint) {
                (true, false) => &mut entries.sure,
                (true, true) => &mut entries.joint,
                (false, _) => &mut entries.open,
            };
            if !list.contains(&proof.requirement.as_str()) {
                list.push(proof.requirement.as_str());
            }
        }
        for found in matches {
            let item = found.item.as_str();
            if proofs.iter().any(|proof| belongs(proof.requirement.as_str(), item)) {
                continue;
            }
            match found.decision {
                Decision::Link => entries.sure.push(item),
                Decision::Review => entries.open.push(item),
                Decision::NonLink => {}
            }
        }
        if counted != Counted::Yes {
            entries.open.clear();
        }
        entries
    }
}

impl Slots {
    /// As many columns as the fullest row needs, and one more for a person to add to.
    pub(in super::super) fn of(overview: &Overview<'_>) -> Self {
        let (mut sure, mut joint, mut open) = (0, 0, 0);
        for result in overview.results {
            for ((proofs, matches), counted) in result.proofs.iter().zip(&result.matches).zip(&result.counted)
            {
                let entries = Entries::of(proofs, matches, *counted);
                sure = sure.max(entries.sure.len());
                joint = joint.max(entries.joint.len());
                open = open.max(entries.open.len());
            }
        }
        let number = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        Self {
            sure: number((sure + 1).max(SURE)),
            joint: number(joint),
            open: number(open),
            attendance: overview.scheme.lines().any(|(_, line)| wants_attendance(&line.mode)),
        }
    }

    pub(in super::super) fn joint_at(self) -> u16 {
        activity::SLOTS + self.sure
    }

    pub(in super::super) fn open_at(self) -> u16 {
        self.joint_at() + self.joint
    }

    /// Column 起月; 止月 follows it. What is shown of a row (把握 to 单元格) stands before.
    pub(in super::super) fn months_at(self) -> u16 {
        self.open_at() + self.open + SHOWN
    }

    /// First of the columns that say which slots count.
    pub(in super::super) fn valid_at(self) -> u16 {
        self.months_at() + 2
    }

    /// How many slots may count.
    pub(in super::super) fn counting(self) -> u16 {
        self.sure + self.joint
    }

    /// Column 低勤; 缺勤率 follows it.
    pub(in super::super) fn attendance_at(self) -> u16 {
        self.valid_at() + self.counting()
    }

    /// First column after the helpers.
    pub(in super::super) fn end(self) -> u16 {
        self.attendance_at() + if self.attendance { 2 } else { 0 }
    }
}

/// Whether a way of scoring looks at 应到 and 实到.
pub(in super::super) fn wants_attendance(mode: &Mode) -> bool {
    use crate::model::Measured::Attendance;
    match mode {
        Mode::LowMeetings { .. } => true,
        Mode::Rate { of, .. } | Mode::ValueTiers { of, .. } => *of == Attendance,
        _ => false,
    }
}
