//! What is known about one unit, check by check, and its points on each requirement by itself.

use super::check::{Trained, Witness, check, tally, trained};
use super::evidence::{Found, Strength, Test};
use crate::model::{
    Activity, ActivityVerdict, CheckScore, Counted, Decision, Due, DutyList, ItemScore, Match, Origin,
    PersonHours, Points, Proof, Requirement, RequirementId, RequirementScore, Ruling, Scope, ScoreCard,
    State, Tally, Unit, Verdict,
};
use crate::seeds::text::fold;
use std::collections::BTreeMap;

/// What persons decided about one unit: by check and index of the period.
pub type Verdicts = BTreeMap<(RequirementId, u32), Verdict>;

/// Whether a joint event (“党员大会暨主题党日”) counts for each of its kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum JointRule {
    /// 各算.
    #[default]
    Each,
    /// 只计一种: the first.
    Once,
}

/// The rules by which the units of one list are checked.
#[derive(Debug)]
pub struct Assessment<'a> {
    list: &'a DutyList,
    scope: Scope,
    requirements: usize,
    tests: Vec<Test<'a>>,
    points: &'a BTreeMap<RequirementId, Points>,
    joint: JointRule,
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
        let tests = requirements.iter().map(Test::new).collect();
        Self { list, scope, requirements: requirements.len(), tests, points, joint: JointRule::Each }
    }

    /// The same rules with further checks that a scheme makes of the requirements.
    #[must_use]
    pub fn with_checks(mut self, checks: &'a [Requirement]) -> Self {
        for made in checks {
            if self.tests.iter().all(|test| test.requirement.id != made.id) {
                self.tests.push(Test::new(made));
            }
        }
        self
    }

    /// The same rules with another word on joint events.
    #[must_use]
    pub fn joint(mut self, rule: JointRule) -> Self {
        self.joint = rule;
        self
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
    /// What a person decided about the items of each, which stand in `matches` already; may be shorter where
    /// nobody did.
    pub rulings: &'a [Option<Ruling>],
    /// Whether each takes part.
    pub counted: &'a [Counted],
    /// Which requirements a person said that each proves; may be shorter where nobody did.
    pub answers: &'a [Option<ActivityVerdict>],
    /// Training hours of its persons.
    pub hours: &'a [PersonHours],
}

/// Every check of a unit period by period, the points of each requirement on its own scale (points in
/// proportion to what is met), and what each activity proves.
///
/// What a requirement that does not apply leaves to the others is a matter of the blocks of a scheme
/// ([`scores`](super::scores)), not of the card.
#[must_use]
pub fn score(rules: &Assessment<'_>, case: &Case<'_>, verdicts: &Verdicts) -> (ScoreCard, Vec<Vec<Proof>>) {
    let found = found(rules, case);
    let checked: Vec<(CheckScore, Option<Trained>)> = rules
        .tests
        .iter()
        .map(|test| {
            let column = rules.tests.iter().position(|t| t.requirement.id == *test.requirement.evidence());
            let witnesses = witnesses(rules, case, &found, column);
            let trained = test.requirement.hours.and_then(|goal| trained(goal, case.hours));
            let id = &test.requirement.id;
            let verdict = |index| verdicts.get(&(id.clone(), index)).copied();
            let score =
                check(test.requirement, case.unit, &rules.scope, &witnesses, trained.as_ref(), verdict);
            (score, trained)
        })
        .collect();

    let of_item = |test: &Test<'_>, item: &crate::model::ItemId| test.requirement.item == *item;
    let items: Vec<ItemScore> = rules
        .list
        .items
        .iter()
        .map(|item| {
            let own = rules
                .tests
                .iter()
                .zip(&checked)
                .take(rules.requirements)
                .filter(|(test, _)| of_item(test, &item.id))
                .map(|(test, (score, trained))| {
                    let dues =
                        named(rules, &checked, &test.requirement.id).unwrap_or_else(|| score.dues.clone());
                    let points = rules.points.get(&test.requirement.id).copied().unwrap_or_default();
                    requirement_score(test.requirement, points, dues, trained.as_ref())
                })
                .collect();
            let with = |decision: Decision| {
                let rows = case.matches.iter().zip(case.counted).enumerate();
                rows.filter(|(_, (_, counted))| **counted == Counted::Yes)
                    .filter(|(_, (ms, _))| ms.iter().any(|m| m.item == item.id && m.decision == decision))
                    .map(|(index, _)| index)
                    .collect()
            };
            item_score(item.id.clone(), own, with(Decision::Link), with(Decision::Review))
        })
        .collect();
    let card = ScoreCard {
        unit: case.unit.name.clone(),
        list: rules.list.id.clone(),
        base: items.iter().map(|i| i.base).sum(),
        earned: items.iter().map(|i| i.earned).sum(),
        pending: items.iter().map(|i| i.pending).sum(),
        lost: items.iter().map(|i| i.lost).sum(),
        items,
        checks: checked.into_iter().map(|(score, _)| score).collect(),
    };
    (card, proofs(rules, case, &found))
}

/// What was found about each activity (rows) and each test (columns).
fn found(rules: &Assessment<'_>, case: &Case<'_>) -> Vec<Vec<Found>> {
    let rows = case.activities.iter().zip(case.matches).enumerate();
    rows.map(|(index, (activity, matches))| {
        let text = text_of(activity);
        let verdict = case.answers.get(index).and_then(Option::as_ref);
        let ruled = case.rulings.get(index).is_some_and(Option::is_some);
        let found = |test: &Test<'_>| test.found(case.unit, activity, &text, matches, verdict, ruled);
        rules.tests.iter().map(found).collect()
    })
    .collect()
}

/// The activities that take part and bear on the test of this column.
fn witnesses<'a>(
    rules: &Assessment<'_>,
    case: &Case<'a>,
    found: &[Vec<Found>],
    column: Option<usize>,
) -> Vec<Witness<'a>> {
    let rows = case.activities.iter().zip(case.counted).zip(found).enumerate();
    rows.filter(|(_, ((_, counted), _))| **counted == Counted::Yes)
        .filter_map(|(index, ((activity, _), row))| {
            let found = row.get(column?)?;
            let counts = found.strength > Strength::None && !(found.joint && rules.joint == JointRule::Once);
            counts.then_some(Witness { index, activity, strength: found.strength })
        })
        .collect()
}

/// What each activity proves before its period is looked at. One without a date proves nothing for sure.
fn proofs(rules: &Assessment<'_>, case: &Case<'_>, found: &[Vec<Found>]) -> Vec<Vec<Proof>> {
    let rows = case.activities.iter().zip(found);
    rows.map(|(activity, row)| {
        let dated = activity.date.start.is_some() && activity.date.valid;
        let proven = rules.tests.iter().zip(row).filter(|(test, found)| {
            found.strength > Strength::None && !matches!(test.requirement.origin, Some(Origin::Tier(_)))
        });
        proven
            .map(|(test, found)| Proof {
                requirement: test.requirement.id.clone(),
                sure: found.strength == Strength::Full && dated,
                joint: found.joint,
                decided: found.decided,
            })
            .collect()
    })
    .collect()
}

fn text_of(activity: &Activity) -> String {
    let mut text = activity.stated.as_ref().map(|s| s.raw.clone()).unwrap_or_default();
    text.push(' ');
    text.push_str(&activity.title);
    text.push(' ');
    text.push_str(activity.description.as_deref().unwrap_or_default());
    fold(&text)
}

/// The periods of a requirement that is checked for each name of a list, under these names.
fn named(
    rules: &Assessment<'_>,
    checked: &[(CheckScore, Option<Trained>)],
    id: &RequirementId,
) -> Option<Vec<Due>> {
    let of_list =
        |test: &&Test<'_>| matches!(&test.requirement.origin, Some(Origin::Each(base)) if base == id);
    let mut dues = Vec::new();
    for (test, (score, _)) in rules.tests.iter().zip(checked).filter(|(test, _)| of_list(test)) {
        let name = test.requirement.id.as_str().rsplit('·').next().unwrap_or_default();
        dues.extend(score.dues.iter().map(|due| {
            let label = if score.dues.len() == 1 { name.to_owned() } else { format!("{name}{}", due.label) };
            Due { label, ..due.clone() }
        }));
    }
    (!dues.is_empty()).then_some(dues)
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
fn requirement_score(
    requirement: &Requirement,
    points: Points,
    dues: Vec<Due>,
    trained: Option<&Trained>,
) -> RequirementScore {
    let tally = tally(&dues);
    let base = if tally.required == 0 { Points::ZERO } else { points };
    let earned = base.share(tally.met, tally.required);
    let reachable = base.share(tally.met + tally.open, tally.required);
    let reason = explain(requirement, base, &dues, tally, trained);
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

fn explain(
    requirement: &Requirement,
    base: Points,
    dues: &[Due],
    tally: Tally,
    trained: Option<&Trained>,
) -> String {
    let Tally { required, met, open } = tally;
    if required == 0 {
        return "不适用，不计分，总分按适用的分值折算".to_owned();
    }
    let labels = |state: State| {
        dues.iter()
            .filter(|due| due.owed && due.state == state && due.found < due.required)
            .map(|due| due.label.as_str())
            .collect::<Vec<_>>()
            .join("、")
    };
    let unit = if trained.is_some() { "人" } else { "次" };
    let mut reason =
        format!("{}应有{required}{unit}，有记录{met}{unit}，{base}分×{met}/{required}", requirement.name);
    if open > 0 {
        reason += &format!("；无记录待核实{open}{unit}（{}）", labels(State::Unverified));
    }
    let lost = required - met - open;
    if lost > 0 {
        reason += &format!("；经核实未开展{lost}{unit}（{}）", labels(State::NotHeld));
    }
    match (requirement.hours, trained) {
        (Some(_), Some(Trained { others, .. })) if !others.is_empty() => {
            reason += &format!("；学时或集中培训未达到的：{}", others.join("、"));
        }
        (Some(goal), None) => {
            reason += &format!("；这些行不能证明每人{}学时", goal.hours);
        }
        _ => {}
    }
    reason
}
