//! The points of one unit.

use super::check::{Witness, dues};
use super::evidence::{Proof, Test};
use crate::model::{
    Activity, Counted, Decision, Due, DutyList, ItemScore, Match, Points, Requirement, RequirementId,
    RequirementScore, Ruling, Scope, ScoreCard, State, Unit, Verdict,
};
use crate::seeds::text::fold;
use std::collections::BTreeMap;

/// What persons decided about one unit: by requirement and index of the period.
pub type Verdicts = BTreeMap<(RequirementId, u32), Verdict>;

/// The rules by which the units of one list are scored.
#[derive(Debug)]
pub struct Assessment<'a> {
    list: &'a DutyList,
    scope: Scope,
    tests: Vec<Test<'a>>,
    points: &'a BTreeMap<RequirementId, Points>,
    full: Points,
}

impl<'a> Assessment<'a> {
    /// Rules from a list, its requirements, and the points of each; a requirement without points gives none.
    #[must_use]
    pub fn new(
        list: &'a DutyList,
        requirements: &'a [Requirement],
        points: &'a BTreeMap<RequirementId, Points>,
        scope: Scope,
    ) -> Self {
        let full = requirements.iter().filter_map(|r| points.get(&r.id)).copied().sum();
        Self { list, scope, tests: requirements.iter().map(Test::new).collect(), points, full }
    }
}

/// The activities of a unit with what they prove, as parallel slices.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Its activities.
    pub activities: &'a [Activity],
    /// What each proves.
    pub matches: &'a [Vec<Match>],
    /// What a person decided about each.
    pub rulings: &'a [Option<Ruling>],
    /// Whether each takes part.
    pub counted: &'a [Counted],
}

/// The points of a unit: every requirement checked period by period, points shared out in proportion
/// to what is met, requirements that do not apply given to the others in proportion.
#[must_use]
pub fn score(rules: &Assessment<'_>, case: &Case<'_>, verdicts: &Verdicts) -> ScoreCard {
    let rows: Vec<(usize, &Activity, String, &[Match])> = case
        .activities
        .iter()
        .zip(case.matches)
        .zip(case.counted)
        .enumerate()
        .filter(|(_, (_, counted))| **counted == Counted::Yes)
        .map(|(index, ((activity, matches), _))| (index, activity, text_of(activity), matches.as_slice()))
        .collect();

    let checked: Vec<Vec<Due>> = rules
        .tests
        .iter()
        .map(|test| {
            let witnesses: Vec<Witness<'_>> = rows
                .iter()
                .map(|(index, activity, text, matches)| Witness {
                    index: *index,
                    activity,
                    proof: {
                        let decided = case.rulings.get(*index).is_some_and(Option::is_some);
                        test.proof(case.unit, activity, text, matches, decided)
                    },
                })
                .filter(|witness| witness.proof > Proof::None)
                .collect();
            let id = &test.requirement.id;
            dues(test.requirement, case.unit, &rules.scope, &witnesses, |index| {
                verdicts.get(&(id.clone(), index)).copied()
            })
        })
        .collect();

    let weights: Vec<Points> = rules
        .tests
        .iter()
        .zip(&checked)
        .map(|(test, dues)| {
            let applies = dues.iter().any(|due| due.state != State::NotApplicable);
            if applies {
                rules.points.get(&test.requirement.id).copied().unwrap_or_default()
            } else {
                Points::ZERO
            }
        })
        .collect();
    let bases = rules.full.apportion(&weights);

    let mut scored: Vec<RequirementScore> = rules
        .tests
        .iter()
        .zip(checked)
        .zip(bases)
        .map(|((test, dues), base)| requirement_score(test.requirement, base, dues))
        .collect();

    let items: Vec<ItemScore> = rules
        .list
        .items
        .iter()
        .map(|item| {
            let of_item = |r: &RequirementScore| {
                rules.tests.iter().any(|t| t.requirement.id == r.id && t.requirement.item == item.id)
            };
            let (own, rest) = std::mem::take(&mut scored).into_iter().partition(of_item);
            scored = rest;
            let with = |decision: Decision| {
                rows.iter()
                    .filter(|(_, _, _, ms)| ms.iter().any(|m| m.item == item.id && m.decision == decision))
                    .map(|(index, ..)| *index)
                    .collect()
            };
            item_score(item.id.clone(), own, with(Decision::Link), with(Decision::Review))
        })
        .collect();
    ScoreCard {
        unit: case.unit.name.clone(),
        list: rules.list.id.clone(),
        base: items.iter().map(|i| i.base).sum(),
        earned: items.iter().map(|i| i.earned).sum(),
        pending: items.iter().map(|i| i.pending).sum(),
        lost: items.iter().map(|i| i.lost).sum(),
        checks: Vec::new(),
        items,
    }
}

fn text_of(activity: &Activity) -> String {
    let mut text = activity.stated.as_ref().map(|s| s.raw.clone()).unwrap_or_default();
    text.push(' ');
    text.push_str(&activity.title);
    text.push(' ');
    text.push_str(activity.description.as_deref().unwrap_or_default());
    fold(&text)
}

fn item_score(
    item: crate::model::ItemId,
    requirements: Vec<RequirementScore>,
    activities: Vec<usize>,
    review: Vec<usize>,
) -> ItemScore {
    ItemScore {
        item,
        base: requirements.iter().map(|r| r.base).sum(),
        earned: requirements.iter().map(|r| r.earned).sum(),
        pending: requirements.iter().map(|r| r.pending).sum(),
        lost: requirements.iter().map(|r| r.lost).sum(),
        requirements,
        activities,
        review,
    }
}

/// Points in proportion to what is met; what is open stays pending, what was found not held is lost.
fn requirement_score(requirement: &Requirement, base: Points, dues: Vec<Due>) -> RequirementScore {
    let (mut required, mut met, mut open) = (0_u32, 0_u32, 0_u32);
    for due in dues.iter().filter(|due| due.state != State::NotApplicable) {
        required += due.required;
        let found = due.found.min(due.required);
        met += found;
        if due.state == State::Unverified {
            open += due.required - found;
        }
    }
    let earned = base.share(met, required);
    let reachable = base.share(met + open, required);
    let reason = explain(requirement, base, &dues, (required, met, open));
    RequirementScore {
        id: requirement.id.clone(),
        name: requirement.name.clone(),
        class: requirement.class,
        period: requirement.period,
        base,
        earned,
        pending: reachable - earned,
        lost: base - reachable,
        dues,
        reason,
    }
}

fn explain(requirement: &Requirement, base: Points, dues: &[Due], counts: (u32, u32, u32)) -> String {
    let (required, met, open) = counts;
    if required == 0 {
        return "不适用，分值按比例分摊到其他要求".to_owned();
    }
    let labels = |state: State| {
        dues.iter()
            .filter(|due| due.state == state && due.found < due.required)
            .map(|due| due.label.as_str())
            .collect::<Vec<_>>()
            .join("、")
    };
    let mut reason =
        format!("{}应有{required}次，有记录{met}次，{base}分×{met}/{required}", requirement.name);
    if open > 0 {
        reason += &format!("；无记录待核实{open}次（{}）", labels(State::Unverified));
    }
    let lost = required - met - open;
    if lost > 0 {
        reason += &format!("；经核实未开展{lost}次（{}）", labels(State::NotHeld));
    }
    reason
}
