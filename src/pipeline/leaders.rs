//! What the ledgers of all units say about each leader: the activities that he hosted, lectured at or is
//! named in, held against the list of leaders.
//!
//! In: leaders, the results of the units. Out: a [`LeaderCase`] each. Never here: points of units, wording.

use super::cases::{Case, Cases, Part};
use super::gather::HandedIn;
use super::rules::{self, RuleBook};
use super::settings::Settings;
use super::unit_case::{Entered, assess_unit};
use super::units::{Resolution, Units};
use crate::error::Result;
use crate::model::{Activity, Counted, Leader, ListId, Precision, Scope, Unit, UnitResult};
use crate::scoring::Assessment;
use crate::seeds::Catalogue;
use rayon::prelude::*;
use std::path::Path;

/// The list of leaders.
const LIST: &str = "CY";

/// A leader with what was found about him.
#[derive(Debug)]
pub struct LeaderCase {
    /// The leader.
    pub leader: Leader,
    /// His activities held against the list, as if he were a unit.
    pub result: UnitResult,
    /// The branches that he is in touch with, as indexes into the results.
    pub contacts: Vec<usize>,
}

/// The leaders of an office, and the rules they are held against.
#[derive(Debug, Default)]
pub struct Leadership {
    /// The rules; none where there are no leaders.
    pub rules: Option<RuleBook>,
    /// Each leader.
    pub cases: Vec<LeaderCase>,
}

/// Collects what is known about each leader.
pub(super) fn collect(
    folder: &Path,
    settings: &Settings,
    catalogue: &Catalogue,
    leaders: Vec<Leader>,
    units: &Units,
    cases: Cases<'_>,
    scope: &Scope,
) -> Result<Leadership> {
    if leaders.is_empty() {
        return Ok(Leadership::default());
    }
    let list = rules::list(folder, LIST, 0, catalogue)?;
    let book = rules::book(list, settings, catalogue)?;
    let rules = &book.list_rules;
    let assessment = Assessment::new(&rules.list, &rules.requirements, &rules.points, scope.clone());
    let mut named: Vec<HandedIn> = leaders.iter().map(|_| HandedIn::default()).collect();
    let look = |_: usize, case: &Case<'_>| -> Vec<Vec<Activity>> {
        leaders.iter().map(|leader| naming(leader, &case.result)).collect()
    };
    cases.each(Part::Recorded, look, |_, of_unit| {
        for ((leader, handed_in), activities) in leaders.iter().zip(&mut named).zip(of_unit) {
            add_named(leader, activities, handed_in);
        }
    })?;
    let results = cases.results;
    let cases = leaders
        .into_par_iter()
        .zip(named)
        .map(|(leader, handed_in)| {
            let unit = Unit {
                secretary: Some(leader.name.to_string()),
                ..Unit::named(leader.name.clone(), ListId::from(LIST))
            };
            let none = super::review::Entries::default();
            let entered = Entered { entries: &none, rows: &[], hours: &[], checks: &[], told: true };
            let (result, ..) = assess_unit(&unit, handed_in, &book, &assessment, scope.year, entered);
            let contacts = leader
                .contacts
                .iter()
                .filter_map(|name| match units.resolve(name) {
                    Resolution::Known(at) | Resolution::Guessed(at) => units.all().get(at),
                    Resolution::Unknown => None,
                })
                .filter_map(|unit| results.iter().position(|result| result.unit.name == unit.name))
                .collect();
            LeaderCase { leader, result, contacts }
        })
        .collect();
    Ok(Leadership { rules: Some(book), cases })
}

/// A unit's activities that count and in which a leader is named.
fn naming(leader: &Leader, result: &UnitResult) -> Vec<Activity> {
    let name = &*leader.name;
    let names = |activity: &Activity| {
        [activity.host.as_deref(), Some(activity.title.as_str()), activity.description.as_deref()]
            .into_iter()
            .flatten()
            .any(|text| text.contains(name))
    };
    let rows = result.activities.iter().zip(&result.counted);
    let own = rows.filter(|(activity, counted)| **counted == Counted::Yes && names(activity));
    own.map(|(activity, _)| activity.clone()).collect()
}

/// Adds a unit's activities in which a leader is named. What two units have written down of one day and one kind is one
/// activity: nobody hosts two of them at a time.
fn add_named(leader: &Leader, activities: Vec<Activity>, handed_in: &mut HandedIn) {
    for activity in activities {
        if handed_in.activities.iter().any(|other| same_act(&leader.name, other, &activity)) {
            continue;
        }
        if !handed_in.files.contains(&activity.place.file) {
            handed_in.files.push(activity.place.file.clone());
        }
        handed_in.activities.push(activity);
    }
}

/// Whether two ledgers tell of the same activity that this person hosted.
fn same_act(name: &str, one: &Activity, other: &Activity) -> bool {
    let hosts = |activity: &Activity| activity.host.as_deref().is_some_and(|host| host.contains(name));
    one.place.file != other.place.file
        && hosts(one)
        && hosts(other)
        && one.date.precision == Precision::Day
        && one.date.start.is_some()
        && one.date.start == other.date.start
        && one.date.precision == other.date.precision
        && one.kinds.first() == other.kinds.first()
}
