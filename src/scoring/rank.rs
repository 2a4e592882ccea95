//! Ranks within groups, with the interval in which they can still move.

use crate::model::{Points, Standing};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a unit brings to the ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The unit.
    pub unit: Arc<str>,
    /// The group in which it is ranked.
    pub group: String,
    /// Points proved.
    pub earned: Points,
    /// Points still open.
    pub pending: Points,
}

/// Ranks by points proved, each group by itself; equal points share a rank (1, 2, 2, 4).
///
/// The result is in order of group, rank and name. `best` and `worst` hold whatever part of the open
/// points each unit may still get, and also where a person declares a demand not applicable, because
/// then a unit lands between its points proved and its ceiling.
#[must_use]
pub fn rank(entries: &[Entry]) -> Vec<Standing> {
    let mut groups: BTreeMap<&str, (Vec<Points>, Vec<Points>)> = BTreeMap::new();
    for entry in entries {
        let (earned, ceilings) = groups.entry(&entry.group).or_default();
        earned.push(entry.earned);
        ceilings.push(entry.earned + entry.pending);
    }
    for (earned, ceilings) in groups.values_mut() {
        earned.sort_unstable();
        ceilings.sort_unstable();
    }
    let above = |sorted: &[Points], points: Points| {
        u32::try_from(sorted.len() - sorted.partition_point(|other| *other <= points)).unwrap_or(u32::MAX)
    };
    let mut standings: Vec<Standing> = entries
        .iter()
        .filter_map(|entry| {
            let (earned, ceilings) = groups.get(entry.group.as_str())?;
            let ceiling = entry.earned + entry.pending;
            let itself = u32::from(entry.pending > Points::ZERO);
            Some(Standing {
                unit: entry.unit.clone(),
                group: entry.group.clone(),
                total: entry.earned,
                ceiling,
                rank: above(earned, entry.earned) + 1,
                best: above(earned, ceiling) + 1,
                worst: above(ceilings, entry.earned) - itself + 1,
                grade: None,
                awards: Vec::new(),
            })
        })
        .collect();
    standings.sort_by(|a, b| (&a.group, a.rank, &a.unit).cmp(&(&b.group, b.rank, &b.unit)));
    standings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(unit: &str, earned: i64, pending: i64) -> Entry {
        Entry {
            unit: unit.into(),
            group: String::new(),
            earned: Points::whole(earned),
            pending: Points::whole(pending),
        }
    }

    #[test]
    fn equal_points_share_a_rank() {
        let standings =
            rank(&[entry("丙", 80, 0), entry("甲", 90, 0), entry("乙", 80, 0), entry("丁", 70, 0)]);
        let ranks: Vec<_> = standings.iter().map(|s| (s.unit.as_ref(), s.rank)).collect();
        assert_eq!(ranks, [("甲", 1), ("丙", 2), ("乙", 2), ("丁", 4)]);
    }

    #[test]
    fn the_interval_holds_every_settlement() {
        // Every way of giving each unit none, half or all of its open points.
        let entries = [entry("甲", 60, 20), entry("乙", 70, 4), entry("丙", 55, 0), entry("丁", 50, 10)];
        let standings = rank(&entries);
        for settlement in 0..3_usize.pow(4) {
            let settled: Vec<Entry> = entries
                .iter()
                .enumerate()
                .map(|(i, e)| {
                    let part =
                        i64::try_from(settlement / 3_usize.pow(u32::try_from(i).unwrap()) % 3).unwrap();
                    let gained = Points::from_hundredths(e.pending.hundredths() / 2 * part);
                    Entry { earned: e.earned + gained, pending: Points::ZERO, ..e.clone() }
                })
                .collect();
            for result in rank(&settled) {
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
