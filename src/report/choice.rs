//! Which activities are evidence, under which number, and which of them are the most telling.

use crate::model::{Activity, Counted, Decision, ItemId, Precision, UnitResult};
use std::collections::{BTreeMap, BTreeSet};

/// The activities that prove something, numbered by date: the numbers of the evidence table.
#[derive(Debug)]
pub(super) struct Evidence {
    numbers: BTreeMap<usize, usize>,
    order: Vec<usize>,
}

impl Evidence {
    /// Numbers every counted activity that is linked to at least one item, in order of date, then of place.
    pub(super) fn number(result: &UnitResult) -> Self {
        let mut order: Vec<usize> = (0..result.activities.len())
            .filter(|&i| {
                result.counted.get(i) == Some(&Counted::Yes)
                    && result.matches.get(i).is_some_and(|ms| ms.iter().any(|m| m.decision == Decision::Link))
            })
            .collect();
        order.sort_by_key(|&i| {
            let date = result.activities.get(i).and_then(|a| a.date.start);
            (date.is_none(), date, i)
        });
        let numbers = order.iter().enumerate().map(|(n, &i)| (i, n + 1)).collect();
        Self { numbers, order }
    }

    /// Indexes of the activities in order of their numbers.
    pub(super) fn order(&self) -> &[usize] {
        &self.order
    }

    /// The number of an activity.
    pub(super) fn number_of(&self, index: usize) -> Option<usize> {
        self.numbers.get(&index).copied()
    }

    /// The anchor of an activity's row.
    pub(super) fn anchor(&self, index: usize) -> Option<String> {
        self.number_of(index).map(|n| format!("e{n}"))
    }
}

/// At most `limit` of the item's activities, the most telling ones, in order of date.
///
/// The rule: first those that are not told under another item (`used`), of them one of each kind, then
/// one of each quarter not yet shown, then the rest; among equals the one that names a person, says
/// more in its title, and had more people present.
pub(super) fn telling(
    result: &UnitResult,
    item: &ItemId,
    indexes: &[usize],
    limit: usize,
    used: &BTreeSet<usize>,
) -> Vec<usize> {
    let mut left: Vec<usize> = indexes.to_vec();
    let mut chosen: Vec<usize> = Vec::new();
    let (mut kinds, mut quarters) = (Vec::new(), Vec::new());
    while chosen.len() < limit {
        let best = left
            .iter()
            .enumerate()
            .filter_map(|(at, &i)| {
                let activity = result.activities.get(i)?;
                let kind = activity.kinds.first().cloned();
                let quarter = activity.date.start.map(crate::model::Date::quarter);
                let fresh = (!used.contains(&i), !kinds.contains(&kind), !quarters.contains(&quarter));
                Some(((fresh, weight(result, item, i, activity), std::cmp::Reverse(i)), at, kind, quarter))
            })
            .max_by(|a, b| a.0.cmp(&b.0));
        let Some((_, at, kind, quarter)) = best else { break };
        chosen.push(left.remove(at));
        kinds.push(kind);
        quarters.push(quarter);
    }
    chosen.sort_by_key(|&i| (result.activities.get(i).and_then(|a| a.date.start), i));
    chosen
}

/// How much an activity tells by itself: surely of this item, dated to the day, a person named, a
/// title of some length (up to 24 characters), persons present.
fn weight(result: &UnitResult, item: &ItemId, index: usize, activity: &Activity) -> (u32, u32) {
    let sure = result
        .matches
        .get(index)
        .and_then(|ms| ms.iter().position(|m| m.item == *item))
        .map_or(0, |at| if at == 0 { 2 } else { 0 });
    let title = u32::try_from(activity.title.chars().count().min(24)).unwrap_or(24) / 6;
    let dated = if activity.date.precision == Precision::Day { 3 } else { 0 };
    (sure + dated + title + u32::from(activity.host.is_some()), activity.attended.unwrap_or(0))
}
