//! How many of a group come before one, without holding each against each.

use super::rank::{is_settled, key};
use crate::model::{Points, UnitScore};

/// What members are ranked by, each column sorted.
#[derive(Debug, Default)]
pub(super) struct Before {
    lows: Vec<Points>,
    highs: Vec<Points>,
    /// Of those about whom nothing is open.
    settled: Vec<Vec<Points>>,
    /// The upper ends of the others.
    open: Vec<Points>,
    ties: bool,
}

/// How many of a sorted column are greater.
fn above<T: Ord>(sorted: &[T], than: &T) -> usize {
    sorted.len() - sorted.partition_point(|other| other <= than)
}

/// How many of a sorted column are greater or equal.
fn from<T: Ord>(sorted: &[T], least: &T) -> usize {
    sorted.len() - sorted.partition_point(|other| other < least)
}

impl Before {
    pub(super) fn new<'s>(members: impl Iterator<Item = &'s UnitScore>) -> Self {
        let mut all = Self::default();
        for score in members {
            all.lows.push(score.total.low);
            all.highs.push(score.total.high);
            all.ties |= !score.ties.is_empty();
            if is_settled(score) {
                all.settled.push(key(score));
            } else {
                all.open.push(score.total.high);
            }
        }
        all.lows.sort_unstable();
        all.highs.sort_unstable();
        all.settled.sort_unstable();
        all.open.sort_unstable();
        all
    }

    /// Those that come before one whatever the open questions bring.
    pub(super) fn surely(&self, own: &UnitScore) -> usize {
        let by_points = above(&self.lows, &own.total.high);
        if !is_settled(own) {
            return by_points;
        }
        let last_of_points = self.settled.partition_point(|other| other.first() <= Some(&own.total.low));
        let by_key = self.settled.partition_point(|other| *other <= key(own));
        by_points + last_of_points - by_key
    }

    /// Those that can come before one; `counted`: whether the one is itself among the members.
    pub(super) fn possibly(&self, own: &UnitScore, counted: bool) -> usize {
        let by_points = above(&self.highs, &own.total.low) - usize::from(counted && !own.total.is_settled());
        if !self.ties {
            return by_points;
        }
        let equal = from(&self.highs, &own.total.low) - above(&self.highs, &own.total.low);
        let equal = equal - usize::from(counted && own.total.is_settled());
        if !is_settled(own) {
            return by_points + equal;
        }
        let first_of_points = self.settled.partition_point(|other| other.first() < Some(&own.total.low));
        let not_ahead = self.settled.partition_point(|other| *other <= key(own)) - first_of_points;
        by_points + equal - (not_ahead - usize::from(counted))
    }

    /// Those that can come before one or beside it; `counted`: whether the one is itself among the members.
    pub(super) fn beside(&self, own: &UnitScore, counted: bool) -> usize {
        let all = if is_settled(own) {
            from(&self.settled, &key(own)) + from(&self.open, &own.total.low)
        } else {
            from(&self.highs, &own.total.low)
        };
        all - usize::from(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rank::surely_ahead;
    use super::*;
    use crate::model::Bounds;
    use proptest::prelude::*;

    /// Whether one unit can come before another.
    fn possibly_ahead(one: &UnitScore, other: &UnitScore) -> bool {
        if one.total.high != other.total.low {
            return one.total.high > other.total.low;
        }
        // They can come out equal; without tie keys that puts neither before the other.
        let surely_not = is_settled(one) && is_settled(other) && key(other) >= key(one);
        !one.ties.is_empty() && !surely_not
    }

    fn possibly_equal(one: &UnitScore, other: &UnitScore) -> bool {
        if is_settled(one) && is_settled(other) {
            return key(one) == key(other);
        }
        one.total.low <= other.total.high && other.total.low <= one.total.high
    }

    fn scores(ties: bool) -> impl Strategy<Value = Vec<UnitScore>> {
        let bounds = (0..6_i64, 0..3_i64).prop_map(|(low, open)| {
            let open = (open - 1).max(0);
            Bounds { low: Points::whole(low), high: Points::whole(low + open) }
        });
        let score = (bounds.clone(), bounds).prop_map(move |(total, tie)| UnitScore {
            unit: "甲".into(),
            group: String::new(),
            blocks: Vec::new(),
            before: total,
            total,
            for_grade: total,
            ties: if ties { vec![tie] } else { Vec::new() },
            measures: Vec::new(),
            vetoes: Vec::new(),
        });
        proptest::collection::vec(score, 1..14)
    }

    proptest! {
        #[test]
        fn counts_are_those_of_each_against_each(all in prop_oneof![scores(true), scores(false)], skip in 1..3_usize) {
            // Every one, or every other one, is a member.
            let is_member = |at: usize| at.is_multiple_of(skip);
            let members = || all.iter().enumerate().filter(|(at, _)| is_member(*at));
            let before = Before::new(members().map(|(_, score)| score));
            for (at, own) in all.iter().enumerate() {
                let count = |test: &dyn Fn(&UnitScore) -> bool| {
                    members().filter(|(other, score)| *other != at && test(score)).count()
                };
                // A score without ties beside scores with ties does not occur within a scheme.
                prop_assert_eq!(before.surely(own), count(&|other| surely_ahead(other, own)));
                prop_assert_eq!(before.possibly(own, is_member(at)), count(&|other| possibly_ahead(other, own)));
                prop_assert_eq!(
                    before.beside(own, is_member(at)),
                    count(&|other| possibly_ahead(other, own) || possibly_equal(other, own))
                );
            }
        }
    }
}
