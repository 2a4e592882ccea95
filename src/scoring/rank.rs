//! Ranks, with the interval in which they can still move.

use super::award;
use super::before::Before;
use crate::model::{Bounds, Points, Scheme, Standing, UnitScore};
use std::collections::BTreeMap;

/// Ranks by points proved and then by the tie keys of the scheme, each group by itself (or all units
/// together); what is equal shares a rank (1, 2, 2, 4). Within groups, grades and commendations are proposed.
///
/// The result is in order of group, rank and name. `best` and `worst` hold whatever the open questions bring:
/// every total lies between its ends, also where a person declares a demand not applicable.
#[must_use]
pub fn rank(scheme: &Scheme, scores: &[UnitScore], overall: bool) -> Vec<Standing> {
    let mut groups: BTreeMap<&str, Vec<&UnitScore>> = BTreeMap::new();
    for score in scores {
        groups.entry(if overall { "" } else { &score.group }).or_default().push(score);
    }
    let mut standings = Vec::with_capacity(scores.len());
    for (group, members) in groups {
        let mut keys: Vec<Vec<Points>> = members.iter().map(|score| key(score)).collect();
        keys.sort_unstable();
        let before = Before::new(members.iter().copied());
        let ranks: Vec<(u32, u32, u32)> = members
            .iter()
            .map(|score| {
                let own = key(score);
                let ahead = keys.len() - keys.partition_point(|other| *other <= own);
                let (sure, possible) = (before.surely(score), before.possibly(score, true));
                (count(ahead) + 1, count(sure) + 1, count(possible) + 1)
            })
            .collect();
        let mut proposals = if overall { Vec::new() } else { award::proposals(scheme, &members, &ranks) };
        proposals.resize_with(members.len(), Default::default);
        for ((score, (rank, best, worst)), (grade, awards)) in members.iter().zip(ranks).zip(proposals) {
            standings.push(Standing {
                unit: score.unit.clone(),
                group: group.to_owned(),
                total: score.total.low,
                ceiling: score.total.high,
                rank,
                best,
                worst,
                grade,
                awards,
            });
        }
    }
    standings.sort_by(|a, b| (&a.group, a.rank, &a.unit).cmp(&(&b.group, b.rank, &b.unit)));
    standings
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What a unit is ranked by: its total and its tie keys, as far as they are proved.
pub(super) fn key(score: &UnitScore) -> Vec<Points> {
    std::iter::once(score.total.low).chain(score.ties.iter().map(|tie| tie.low)).collect()
}

/// Whether nothing is open about what a unit is ranked by.
pub(super) fn is_settled(score: &UnitScore) -> bool {
    score.total.is_settled() && score.ties.iter().copied().all(Bounds::is_settled)
}

/// Whether one unit comes before another whatever the open questions bring.
pub(super) fn surely_ahead(one: &UnitScore, other: &UnitScore) -> bool {
    one.total.low > other.total.high || (is_settled(one) && is_settled(other) && key(one) > key(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rounding;

    fn scheme() -> Scheme {
        Scheme {
            name: String::new(),
            note: String::new(),
            example: false,
            rounding: Rounding::default(),
            blocks: Vec::new(),
            ceiling: None,
            ties: Vec::new(),
            grades: Vec::new(),
            awards: Vec::new(),
            vetoes: Vec::new(),
        }
    }

    fn score(unit: &str, low: i64, open: i64) -> UnitScore {
        let total = Bounds { low: Points::whole(low), high: Points::whole(low + open) };
        UnitScore {
            unit: unit.into(),
            group: String::new(),
            blocks: Vec::new(),
            before: total,
            total,
            for_grade: total,
            ties: Vec::new(),
            measures: Vec::new(),
            vetoes: Vec::new(),
        }
    }

    #[test]
    fn equal_points_share_a_rank() {
        let scores = [score("丙", 80, 0), score("甲", 90, 0), score("乙", 80, 0), score("丁", 70, 0)];
        let standings = rank(&scheme(), &scores, false);
        let ranks: Vec<_> = standings.iter().map(|s| (s.unit.as_ref(), s.rank)).collect();
        assert_eq!(ranks, [("甲", 1), ("丙", 2), ("乙", 2), ("丁", 4)]);
    }

    #[test]
    fn the_interval_holds_every_settlement() {
        // Every way of giving each unit none, half or all of its open points.
        let scores = [score("甲", 60, 20), score("乙", 70, 4), score("丙", 55, 0), score("丁", 50, 10)];
        let standings = rank(&scheme(), &scores, false);
        for settlement in 0..3_i64.pow(4) {
            let settled: Vec<UnitScore> = (0..4)
                .zip(&scores)
                .map(|(at, before)| {
                    let part = settlement / 3_i64.pow(at) % 3;
                    let open = (before.total.high - before.total.low).hundredths();
                    score(&before.unit, before.total.low.hundredths() / 100 + open / 200 * part, 0)
                })
                .collect();
            for result in rank(&scheme(), &settled, false) {
                let before = standings.iter().find(|s| s.unit == result.unit).unwrap();
                assert!((before.best..=before.worst).contains(&result.rank), "{result:?} {before:?}");
            }
        }
        assert_eq!(
            standings.iter().map(|s| (s.best, s.worst)).collect::<Vec<_>>(),
            [(1, 2), (1, 2), (3, 4), (2, 4)]
        );
    }
}
