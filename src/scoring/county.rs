//! From the points of branches to the figure of their county.
//!
//! In: the rule of the office, a scheme's rounding, of each unit its name, its points and whether it handed in
//! anything. Out: [`CountyScore`]s in order of rank. Never here: which county a branch belongs to, binary
//! fractions.

use super::rank::rank;
use crate::formula::rounded_quotient;
use crate::model::{
    AbsentBranch, Bounds, CountyBranch, CountyRule, CountyScore, CountyWay, Points, Rounding, Scheme,
    Standing, Unit, UnitName, UnitScore,
};
use std::collections::BTreeMap;

/// What the roll-up has to know of a unit.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Its points.
    pub score: &'a UnitScore,
    /// Whether it handed in anything that can be read.
    pub handed: bool,
}

/// The counties of a run, in order of rank and name; none where no unit is the branch of a county.
///
/// Of each branch the points at the low and at the high end go into the two ends of the county's figure, so
/// that whatever the open questions bring lies between. Every figure is rounded as the scheme rounds. Equal
/// totals share a rank (1, 2, 2, 4).
#[must_use]
pub fn county_scores(rule: CountyRule, scheme: &Scheme, units: &[Reported<'_>]) -> Vec<CountyScore> {
    let mut of_county: BTreeMap<&UnitName, (Option<Bounds>, Vec<&Reported<'_>>)> = BTreeMap::new();
    for reported in units {
        let unit = reported.unit;
        match &unit.county_of {
            Some(county) if *county != unit.name => of_county.entry(county).or_default().1.push(reported),
            Some(_) => of_county.entry(&unit.name).or_default().0 = Some(reported.score.total),
            None if unit.county => of_county.entry(&unit.name).or_default().0 = Some(reported.score.total),
            None => {}
        }
    }
    if of_county.values().all(|(_, branches)| branches.is_empty()) {
        return Vec::new();
    }
    let counties = of_county.into_iter().map(|(county, (own, branches))| {
        let branches = ranked(scheme, &branches);
        let mean = mean(rule, scheme.rounding, &branches);
        let total = total(rule, scheme.rounding, own, mean);
        CountyScore { county: county.clone(), own, branches, mean, total, rank: 0, best: 0, worst: 0 }
    });
    let mut counties: Vec<CountyScore> = counties.collect();
    let figures: Vec<UnitScore> =
        counties.iter().filter_map(|c| Some(figure(&c.county, c.total?, Vec::new()))).collect();
    let standings: BTreeMap<UnitName, Standing> =
        rank(scheme, &figures, true).into_iter().map(|standing| (standing.unit.clone(), standing)).collect();
    for county in &mut counties {
        if let Some(standing) = standings.get(&county.county) {
            (county.rank, county.best, county.worst) = (standing.rank, standing.best, standing.worst);
        }
    }
    counties.sort_by(|a, b| (a.rank == 0, a.rank, &a.county).cmp(&(b.rank == 0, b.rank, &b.county)));
    counties
}

/// What a branch weighs in its county; zero where it does not count.
#[must_use]
pub fn branch_weight(rule: CountyRule, branch: &CountyBranch) -> u32 {
    if !branch.handed && rule.absent == AbsentBranch::Left {
        return 0;
    }
    // Who is not counted in the register weighs as a single member, and is told.
    if rule.way == CountyWay::Weighted { branch.members.unwrap_or(1) } else { 1 }
}

/// With which points a branch counts: one that handed in nothing has none, but may still reach its own.
#[must_use]
pub fn branch_points(branch: &CountyBranch) -> Bounds {
    let low = if branch.handed { branch.points.low } else { Points::ZERO };
    Bounds { low, high: branch.points.high.max(low) }
}

/// The branches of a county in order of their rank among themselves.
fn ranked(scheme: &Scheme, branches: &[&Reported<'_>]) -> Vec<CountyBranch> {
    let figures: Vec<UnitScore> = branches
        .iter()
        .map(|branch| figure(&branch.score.unit, branch.score.total, branch.score.ties.clone()))
        .collect();
    let by_name: BTreeMap<&UnitName, &&Reported<'_>> =
        branches.iter().map(|branch| (&branch.score.unit, branch)).collect();
    let of_standing = |standing: Standing| {
        let Reported { unit, score, handed } = *by_name.get(&standing.unit)?;
        let blocks = score.blocks.iter().map(|block| (block.block.clone(), block.points.low)).collect();
        Some(CountyBranch {
            unit: unit.name.clone(),
            group: score.group.clone(),
            members: unit.members,
            handed: *handed,
            points: score.total,
            blocks,
            rank: standing.rank,
            best: standing.best,
            worst: standing.worst,
        })
    };
    rank(scheme, &figures, true).into_iter().filter_map(of_standing).collect()
}

/// A figure to be ranked, without what it was made from.
fn figure(unit: &UnitName, total: Bounds, ties: Vec<Bounds>) -> UnitScore {
    UnitScore {
        unit: unit.clone(),
        group: String::new(),
        blocks: Vec::new(),
        before: total,
        total,
        for_grade: total,
        ties,
        measures: Vec::new(),
        vetoes: Vec::new(),
    }
}

/// 支部平均; none where no branch counts.
fn mean(rule: CountyRule, rounding: Rounding, branches: &[CountyBranch]) -> Option<Bounds> {
    let counted: Vec<(Bounds, i64)> = branches
        .iter()
        .map(|branch| (branch_points(branch), i64::from(branch_weight(rule, branch))))
        .filter(|(_, weight)| *weight > 0)
        .collect();
    if counted.is_empty() {
        return None;
    }
    let at = |end: fn(&Bounds) -> Points| {
        let points = counted.iter().map(|(bounds, weight)| (end(bounds).hundredths(), *weight));
        let (sum, parts) = match rule.way {
            CountyWay::Median => middle(points.map(|(points, _)| points).collect()),
            CountyWay::Mean | CountyWay::Weighted => {
                points.fold((0_i64, 0_i64), |(sum, parts), (points, weight)| {
                    (sum.saturating_add(points.saturating_mul(weight)), parts.saturating_add(weight))
                })
            }
        };
        Points::from_hundredths(rounded_quotient(sum, parts, rounding))
    };
    Some(Bounds { low: at(|bounds| bounds.low), high: at(|bounds| bounds.high) })
}

/// The median as a sum and the number of its parts.
fn middle(mut points: Vec<i64>) -> (i64, i64) {
    points.sort_unstable();
    let half = points.len() / 2;
    let at = |index: usize| points.get(index).copied().unwrap_or_default();
    if points.len() % 2 == 1 {
        (at(half), 1)
    } else {
        (at(half.saturating_sub(1)).saturating_add(at(half)), 2)
    }
}

/// 汇总得分: both parts by their shares, or the one that is there.
fn total(rule: CountyRule, rounding: Rounding, own: Option<Bounds>, mean: Option<Bounds>) -> Option<Bounds> {
    let (Some(own), Some(mean)) = (own, mean) else { return own.or(mean) };
    let share = i64::from(rule.own.min(100));
    let joined = |own: Points, mean: Points| {
        let sum = own.hundredths().saturating_mul(share);
        let sum = sum.saturating_add(mean.hundredths().saturating_mul(100 - share));
        Points::from_hundredths(rounded_quotient(sum, 100, rounding))
    };
    Some(Bounds { low: joined(own.low, mean.low), high: joined(own.high, mean.high) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cut, ListId};
    use proptest::prelude::*;

    fn scheme(rounding: Rounding) -> Scheme {
        Scheme {
            name: String::new(),
            note: String::new(),
            example: false,
            rounding,
            blocks: Vec::new(),
            ceiling: None,
            ties: Vec::new(),
            grades: Vec::new(),
            awards: Vec::new(),
            vetoes: Vec::new(),
        }
    }

    /// Unit, its county (itself: the bureau), members, low, high, whether it handed in.
    type Given = (&'static str, &'static str, Option<u32>, i64, i64, bool);

    fn come(rule: CountyRule, rounding: Rounding, given: &[Given]) -> Vec<CountyScore> {
        let units: Vec<(Unit, UnitScore, bool)> = given
            .iter()
            .map(|(name, county, members, low, high, handed)| {
                let unit = Unit {
                    county: name == county,
                    county_of: Some((*county).into()),
                    members: *members,
                    ..Unit::named(*name, ListId::from("ZB"))
                };
                let total =
                    Bounds { low: Points::from_hundredths(*low), high: Points::from_hundredths(*high) };
                (unit, figure(&(*name).into(), total, Vec::new()), *handed)
            })
            .collect();
        let reported: Vec<Reported<'_>> =
            units.iter().map(|(unit, score, handed)| Reported { unit, score, handed: *handed }).collect();
        county_scores(rule, &scheme(rounding), &reported)
    }

    fn shown(counties: &[CountyScore]) -> Vec<String> {
        let ends = |b: Option<Bounds>| b.map_or_else(|| "—".to_owned(), |b| format!("{}～{}", b.low, b.high));
        let line = |c: &CountyScore| {
            format!(
                "{} {} {} {} {}({},{})",
                c.county,
                ends(c.own),
                ends(c.mean),
                ends(c.total),
                c.rank,
                c.best,
                c.worst
            )
        };
        counties.iter().map(line).collect()
    }

    const COUNTIES: [Given; 7] = [
        ("东县", "东县", None, 8000, 9000, true),
        ("东一", "东县", Some(10), 9000, 9000, true),
        ("东二", "东县", Some(30), 6001, 7000, true),
        ("东三", "东县", None, 500, 10_000, false),
        ("西县", "西县", None, 7000, 7000, true),
        ("北一", "北县", Some(5), 5000, 5000, true),
        ("北二", "北县", Some(5), 6001, 6001, true),
    ];

    #[test]
    fn the_rule_of_the_office_by_hand() {
        let given = COUNTIES;
        let rule = CountyRule::default();
        // East: (90 + 60.01 + 0) / 3 = 50.00(3), high (90 + 70 + 100) / 3 = 86.67; 40 % of 80, 60 % of 50.
        // North: (50 + 60.01) / 2 = 55.005, half up; no bureau of its own. West: no branches.
        assert_eq!(
            shown(&come(rule, Rounding::default(), &given)),
            [
                "西县 70～70 — 70～70 1(1,2)",
                "东县 80～90 50～86.67 62～88 2(1,2)",
                "北县 — 55.01～55.01 55.01～55.01 3(3,3)",
            ]
        );
        // East: (90×10 + 60.01×30) / 40 = 67.5075; North: weights are equal.
        let weighted = CountyRule { way: CountyWay::Weighted, absent: AbsentBranch::Left, ..rule };
        assert_eq!(
            shown(&come(weighted, Rounding::default(), &given)),
            [
                "东县 80～90 67.51～75 72.51～81 1(1,1)",
                "西县 70～70 — 70～70 2(2,2)",
                "北县 — 55.01～55.01 55.01～55.01 3(3,3)"
            ]
        );
        // East: the middle of 0, 60.01 and 90; of 70, 90 and 100 at the high end. To one decimal, cut.
        let median = CountyRule { way: CountyWay::Median, own: 0, ..rule };
        let cut = Rounding { places: 1, how: Cut::Down };
        assert_eq!(
            shown(&come(median, cut, &given)),
            [
                "西县 70～70 — 70～70 1(1,2)",
                "东县 80～90 60～90 60～90 2(1,2)",
                "北县 — 55～55 55～55 3(3,3)"
            ]
        );
    }

    #[test]
    fn equal_totals_share_a_rank_and_without_branches_there_is_no_roll_up() {
        let given = [
            ("甲县", "甲县", None, 7000, 7000, true),
            ("甲一", "甲县", None, 7000, 7000, true),
            ("乙县", "乙县", None, 7000, 7000, true),
            ("丙县", "丙县", None, 6000, 6000, true),
        ];
        let ranks: Vec<u32> =
            come(CountyRule::default(), Rounding::default(), &given).iter().map(|c| c.rank).collect();
        assert_eq!(ranks, [1, 1, 3]);
        assert!(come(CountyRule::default(), Rounding::default(), &given[2..]).is_empty());
    }

    #[test]
    fn a_county_of_which_nothing_counts_has_no_total() {
        let left = CountyRule { absent: AbsentBranch::Left, ..CountyRule::default() };
        let given = [("甲一", "甲县", None, 0, 10_000, false), ("乙一", "乙县", None, 1, 1, true)];
        assert_eq!(
            shown(&come(left, Rounding::default(), &given)),
            ["乙县 — 0.01～0.01 0.01～0.01 1(1,1)", "甲县 — — — 0(0,0)"]
        );
    }

    fn branches() -> impl Strategy<Value = Vec<CountyBranch>> {
        let one = (0..10_000_i64, 0..3000_i64, proptest::option::of(1..90_u32), any::<bool>());
        proptest::collection::vec(one, 1..12).prop_map(|all| {
            let named = all.into_iter().enumerate();
            let branch = |(at, (low, open, members, handed)): (usize, (i64, i64, Option<u32>, bool))| {
                let points =
                    Bounds { low: Points::from_hundredths(low), high: Points::from_hundredths(low + open) };
                CountyBranch {
                    unit: format!("{at}").into(),
                    group: String::new(),
                    members,
                    handed,
                    points,
                    blocks: Vec::new(),
                    rank: 0,
                    best: 0,
                    worst: 0,
                }
            };
            named.map(branch).collect()
        })
    }

    fn rules() -> impl Strategy<Value = CountyRule> {
        let (ways, absent) = (proptest::sample::select(CountyWay::ALL.to_vec()), any::<bool>());
        (ways, 0..=100_u8, absent).prop_map(|(way, own, left)| CountyRule {
            way,
            own,
            absent: if left { AbsentBranch::Left } else { AbsentBranch::Zero },
        })
    }

    proptest! {
        #[test]
        fn a_figure_lies_among_its_branches_in_any_order(
            (rule, all, turn) in (rules(), branches(), 0..12_usize)
        ) {
            let rounding = Rounding::default();
            let found = mean(rule, rounding, &all);
            let counted: Vec<Bounds> = all
                .iter()
                .filter(|b| branch_weight(rule, b) > 0)
                .map(branch_points)
                .collect();
            prop_assert_eq!(found.is_none(), counted.is_empty());
            if let Some(found) = found {
                prop_assert!(found.low >= counted.iter().map(|b| b.low).min().unwrap());
                prop_assert!(found.high <= counted.iter().map(|b| b.high).max().unwrap());
                prop_assert!(found.low <= found.high);
            }
            let mut turned = all;
            let by = turn % turned.len();
            turned.rotate_left(by);
            turned.reverse();
            prop_assert_eq!(mean(rule, rounding, &turned), found);
        }

        #[test]
        fn a_better_branch_never_makes_the_county_worse(
            (rule, all, which, more, own) in
                (rules(), branches(), 0..12_usize, 1..2000_i64, proptest::option::of(0..10_000_i64))
        ) {
            let rounding = Rounding::default();
            let own = own.map(|own| Bounds::settled(Points::from_hundredths(own)));
            let mut better = all.clone();
            let which = which % better.len();
            better[which].points.low += Points::from_hundredths(more);
            better[which].points.high += Points::from_hundredths(more);
            let of = |branches: &[CountyBranch]| total(rule, rounding, own, mean(rule, rounding, branches));
            if let (Some(before), Some(after)) = (of(&all), of(&better)) {
                prop_assert!(after.low >= before.low && after.high >= before.high);
            }
        }

        #[test]
        fn what_settles_lies_between_the_ends((rule, all, part) in (rules(), branches(), 0..=4_i64)) {
            let rounding = Rounding::default();
            let settled: Vec<CountyBranch> = all
                .iter()
                .map(|branch| {
                    let open = (branch.points.high - branch.points.low).hundredths();
                    let points = branch.points.low + Points::from_hundredths(open * part / 4);
                    CountyBranch { points: Bounds::settled(points), ..branch.clone() }
                })
                .collect();
            if let (Some(before), Some(after)) = (mean(rule, rounding, &all), mean(rule, rounding, &settled)) {
                prop_assert!(before.low <= after.low && after.high <= before.high);
            }
        }
    }
}
