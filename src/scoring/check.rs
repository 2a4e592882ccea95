//! A requirement looked at period by period.

use super::evidence::Proof;
use crate::model::{Activity, Due, Exemption, Period, Precision, Requirement, Scope, State, Unit, Verdict};

/// One activity that bears on a requirement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Witness<'a> {
    pub(super) index: usize,
    pub(super) activity: &'a Activity,
    pub(super) proof: Proof,
}

/// Every period of a requirement with what is known about it.
pub(super) fn dues(
    requirement: &Requirement,
    unit: &Unit,
    scope: &Scope,
    witnesses: &[Witness<'_>],
    verdict: impl Fn(u32) -> Option<Verdict>,
) -> Vec<Due> {
    (0..requirement.period.per_year())
        .map(|index| {
            let mut due = Due {
                label: requirement.period.label(index),
                index,
                required: requirement.minimum,
                found: 0,
                doubtful: 0,
                state: State::Unverified,
                decided: false,
                owed: true,
                evidence: Vec::new(),
                open: Vec::new(),
            };
            for witness in witnesses {
                match place(requirement, witness, index, scope.year) {
                    Proof::Full => due.evidence.push(witness.index),
                    Proof::Doubtful => due.open.push(witness.index),
                    Proof::None => {}
                }
            }
            due.found = u32::try_from(due.evidence.len()).unwrap_or(u32::MAX);
            due.doubtful = u32::try_from(due.open.len()).unwrap_or(u32::MAX);
            due.state = if exempt(requirement.exempt, unit) {
                State::NotApplicable
            } else if due.found >= due.required {
                State::Recorded
            } else if is_due(requirement, unit, scope, index) {
                State::Unverified
            } else {
                State::NotApplicable
            };
            settle(&mut due, verdict(index));
            due
        })
        .collect()
}

/// A person's decision outweighs what the program saw.
fn settle(due: &mut Due, verdict: Option<Verdict>) {
    let Some(verdict) = verdict else { return };
    due.decided = true;
    match verdict {
        Verdict::Held => {
            due.found = due.found.max(due.required);
            due.state = State::Recorded;
        }
        Verdict::NotHeld => due.state = State::NotHeld,
        Verdict::NotApplicable => due.state = State::NotApplicable,
    }
}

/// How far a witness proves the requirement in this very period.
fn place(requirement: &Requirement, witness: &Witness<'_>, index: u32, year: i32) -> Proof {
    let date = &witness.activity.date;
    let (first, last) = requirement.period.months(index);
    let (first, last) = (first.max(requirement.window.0), last.min(requirement.window.1));
    let Some(start) = date.start.filter(|_| date.valid) else {
        // Without a date it may belong to any period; only a year-long one needs no more than a nod.
        return if requirement.period == Period::Year {
            witness.proof.min(Proof::Doubtful)
        } else {
            Proof::None
        };
    };
    if start.year() != year {
        return Proof::None;
    }
    let end = date.end.filter(|end| end.year() == year).unwrap_or(start);
    let exact = match date.precision {
        Precision::Day | Precision::None => (start.month(), start.month()),
        _ => (start.month(), end.month()),
    };
    if exact.0 >= first && exact.1 <= last {
        witness.proof
    } else if exact.0 <= last && exact.1 >= first {
        witness.proof.min(Proof::Doubtful)
    } else {
        Proof::None
    }
}

fn exempt(exemption: Option<Exemption>, unit: &Unit) -> bool {
    match exemption {
        // Whether county bureaus exist is a matter of the bureau, not of a unit: the requirement is left out before.
        None | Some(Exemption::NoCounties) => false,
        // Fewer than seven full members elect only a secretary, no committee.
        Some(Exemption::NoCommittee) => {
            unit.committee.map_or_else(|| unit.members.is_some_and(|members| members < 7), |has| !has)
        }
        Some(Exemption::NoGroups) => unit.groups == Some(false),
    }
}

/// Whether the period had to be served: the unit existed through all of it, and it was over by the last
/// day of the data. What was done in a period that need not be served counts all the same.
fn is_due(requirement: &Requirement, unit: &Unit, scope: &Scope, index: u32) -> bool {
    let (first, last) = requirement.period.months(index);
    let (first, last) = (first.max(requirement.window.0), last.min(requirement.window.1));
    let year = scope.year;
    if first > last {
        return false;
    }
    if requirement.period == Period::Year {
        return true;
    }
    let ended = scope.until.year() > year
        || (scope.until.year() == year
            && crate::model::Date::last_of_month(year, last).is_some_and(|day| day <= scope.until));
    let founded =
        unit.founded.is_none_or(|day| day.year() < year || (day.year() == year && day.month() <= first));
    let standing =
        unit.dissolved.is_none_or(|day| day.year() > year || (day.year() == year && day.month() > last));
    ended && founded && standing
}
