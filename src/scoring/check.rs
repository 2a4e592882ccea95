//! A check looked at period by period.

use super::evidence::Strength;
use crate::model::{
    Activity, CheckScore, Due, Each, Exemption, Meeting, Period, PersonGoal, PersonHours, Precision,
    Requirement, Scope, State, Tally, Unit, Verdict,
};
use std::collections::BTreeMap;

/// One activity that bears on a check.
#[derive(Debug, Clone, Copy)]
pub(super) struct Witness<'a> {
    pub(super) index: usize,
    pub(super) activity: &'a Activity,
    pub(super) strength: Strength,
}

/// Persons of whom training hours are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trained {
    pub(super) persons: u32,
    pub(super) reached: u32,
    /// Those who have not reached the goal.
    pub(super) others: Vec<String>,
}

/// What is known about a unit on a check.
pub(super) fn check(
    requirement: &Requirement,
    unit: &Unit,
    scope: &Scope,
    witnesses: &[Witness<'_>],
    trained: Option<&Trained>,
    verdict: impl Fn(u32) -> Option<Verdict>,
) -> CheckScore {
    let dues: Vec<Due> = (0..requirement.period.per_year())
        .map(|index| {
            let mut due = due(requirement, unit, scope, witnesses, trained, index);
            settle(&mut due, verdict(index));
            due
        })
        .collect();
    let tally = tally(&dues);
    let recorded = dues.iter().map(|due| due.evidence.len()).sum::<usize>();
    let in_year =
        |witness: &&Witness<'_>| witness.activity.date.start.is_none_or(|day| day.year() == scope.year);
    let all = witnesses.iter().filter(in_year);
    let reachable = all.clone().count() + usize::try_from(tally.open).unwrap_or(usize::MAX);
    let meetings = all
        .filter_map(|witness| {
            let (expected, attended) = (witness.activity.expected?, witness.activity.attended?);
            let dated = witness.activity.date.start.is_some() && witness.activity.date.valid;
            let sure = dated && witness.strength == Strength::Full;
            (expected > 0).then_some(Meeting { activity: witness.index, expected, attended, sure })
        })
        .collect();
    CheckScore {
        id: requirement.id.clone(),
        evidence: requirement.evidence().clone(),
        name: requirement.name.clone(),
        period: requirement.period,
        minimum: trained.map_or(requirement.minimum, |trained| trained.persons),
        dues,
        tally,
        recorded: count(recorded),
        reachable: count(reachable),
        meetings,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// 应完成, 已完成 and 待核 over the periods that are owed. 不适用 waives what is missing: what is recorded
/// in such a period counts, or else the answer could lower a score that was proved.
pub(super) fn tally(dues: &[Due]) -> Tally {
    let mut tally = Tally::default();
    for due in dues.iter().filter(|due| due.owed) {
        let met = due.found.min(due.required);
        let required = if due.state == State::NotApplicable { met } else { due.required };
        tally.required = tally.required.saturating_add(required);
        tally.met = tally.met.saturating_add(met);
        if due.state == State::Unverified {
            tally.open = tally.open.saturating_add(due.required - met);
        }
    }
    tally
}

fn due(
    requirement: &Requirement,
    unit: &Unit,
    scope: &Scope,
    witnesses: &[Witness<'_>],
    trained: Option<&Trained>,
    index: u32,
) -> Due {
    let mut due = Due {
        label: requirement.period.label(index),
        index,
        required: requirement.minimum,
        found: 0,
        doubtful: 0,
        state: State::Unverified,
        decided: false,
        owed: !exempt(requirement, unit) && is_due(requirement, unit, scope, index),
        evidence: Vec::new(),
        open: Vec::new(),
    };
    for witness in witnesses {
        match place(requirement, witness, index, scope.year) {
            Strength::Full => due.evidence.push(witness.index),
            Strength::Doubtful => due.open.push(witness.index),
            Strength::None => {}
        }
    }
    due.found = count(due.evidence.len());
    due.doubtful = count(due.open.len());
    if let Some(trained) = trained {
        due.required = trained.persons;
        due.found = trained.reached;
    }
    due.state = if exempt(requirement, unit) {
        State::NotApplicable
    } else if due.found >= due.required {
        State::Recorded
    } else if due.owed {
        State::Unverified
    } else {
        State::NotApplicable
    };
    due
}

/// A person's decision outweighs what the program saw; about a period that is not owed there is nothing to decide.
fn settle(due: &mut Due, verdict: Option<Verdict>) {
    let Some(verdict) = verdict.filter(|_| due.owed) else { return };
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

/// The persons of a unit to whom a goal applies, and how many reach it; none where no rows of persons are known.
pub(super) fn trained(goal: PersonGoal, hours: &[PersonHours]) -> Option<Trained> {
    let officer = |role: &str| ["书记", "委员", "支委", "班子"].iter().any(|word| role.contains(word));
    let mut persons: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for row in hours.iter().filter(|row| !goal.officers || officer(&row.role)) {
        let sums = persons.entry(&row.person).or_default();
        sums.0 += u64::from(row.hundredths);
        sums.1 += u64::from(row.trainings);
    }
    let reaches =
        |sums: &(u64, u64)| sums.0 >= u64::from(goal.hours) * 100 && sums.1 >= u64::from(goal.trainings);
    let others: Vec<String> =
        persons.iter().filter(|(_, sums)| !reaches(sums)).map(|(name, _)| (*name).to_owned()).collect();
    let all = count(persons.len());
    (all > 0).then(|| Trained { persons: all, reached: all - count(others.len()), others })
}

/// How far a witness proves the requirement in this very period.
fn place(requirement: &Requirement, witness: &Witness<'_>, index: u32, year: i32) -> Strength {
    let date = &witness.activity.date;
    let (first, last) = within(requirement, index);
    let Some(start) = date.start.filter(|_| date.valid) else {
        // Without a date it may belong to any period; only a year-long one needs no more than a nod.
        return if requirement.period == Period::Year {
            witness.strength.min(Strength::Doubtful)
        } else {
            Strength::None
        };
    };
    if start.year() != year {
        return Strength::None;
    }
    let end = date.end.filter(|end| end.year() == year).unwrap_or(start);
    let exact = match date.precision {
        Precision::Day | Precision::None => (start.month(), start.month()),
        _ => (start.month(), end.month()),
    };
    if exact.0 >= first && exact.1 <= last {
        witness.strength
    } else if exact.0 <= last && exact.1 >= first {
        witness.strength.min(Strength::Doubtful)
    } else {
        Strength::None
    }
}

/// First and last month of a period within the requirement's window.
fn within(requirement: &Requirement, index: u32) -> (u32, u32) {
    let (first, last) = requirement.period.months(index);
    (first.max(requirement.window.0), last.min(requirement.window.1))
}

fn exempt(requirement: &Requirement, unit: &Unit) -> bool {
    // A county bureau has no county bureaus below it, and its leaders are not those of its superior.
    if unit.county
        && (requirement.exempt == Some(Exemption::NoCounties)
            || matches!(requirement.each, Some(Each::Counties | Each::Leaders)))
    {
        return true;
    }
    match requirement.exempt {
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
/// day of the data.
fn is_due(requirement: &Requirement, unit: &Unit, scope: &Scope, index: u32) -> bool {
    let (first, last) = within(requirement, index);
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
