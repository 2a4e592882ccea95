//! Properties of scoring over made-up units.

use crate::made::list;
use proptest::prelude::*;
use shuzhi::model::{
    Absent, Activity, ActivityVerdict, BlockId, BlockKind, By, Class, Counted, Counts, Date, DateSpan,
    Decision, Exemption, External, ItemId, KindId, Line, LineId, ListId, Match, Mode, Origin, Period,
    PersonGoal, PersonHours, Place, Points, Precision, Proof, Requirement, RequirementId, Rounding, Scheme,
    SchemeBlock, Scope, ScoreCard, State, StatedKind, Unit, Verdict,
};
use shuzhi::scoring::{Assessment, Case, JointRule, Verdicts, score, scores};
use std::collections::BTreeMap;

/// The text of the items.
const TEXT: &str = "严肃开展党内组织生活。";

fn requirement(id: &str, item: &str, kind: &str, period: Period, exempt: Option<Exemption>) -> Requirement {
    Requirement {
        id: RequirementId::from(id),
        item: ItemId::from(item),
        name: kind.to_owned(),
        class: Class::Counted,
        period,
        minimum: 1,
        window: (1, 12),
        counts: Counts { kinds: vec![KindId::from(kind)], ..Counts::default() },
        exempt,
        each: None,
        hours: None,
        origin: None,
        source: "严肃开展".into(),
        limits: String::new(),
    }
}

fn requirements() -> Vec<Requirement> {
    vec![
        requirement("ZB-1a", "ZB-1", "支委会", Period::Month, Some(Exemption::NoCommittee)),
        requirement("ZB-1b", "ZB-1", "党课", Period::Quarter, None),
        requirement("ZB-2a", "ZB-2", "谈心谈话", Period::Half, None),
    ]
}

fn activity(kind: &str, month: u32, precision: Precision) -> (Activity, Vec<Match>) {
    let start = Date::new(2023, month, 1).unwrap();
    let end = Date::last_of_month(2023, month).unwrap();
    let end = if precision == Precision::Day { start } else { end };
    let item = if kind == "谈心谈话" { "ZB-2" } else { "ZB-1" };
    let activity = Activity {
        date: DateSpan::new(start, end, precision, ""),
        stated: Some(StatedKind { raw: kind.to_owned(), kind: Some(KindId::from(kind)) }),
        kinds: vec![KindId::from(kind)],
        title: format!("{kind}第{month}次"),
        ..Activity::blank(Place::sheet("台账.xlsx", "一").at(month, 1))
    };
    let matches = vec![Match {
        item: ItemId::from(item),
        confidence: 950,
        decision: Decision::Link,
        evidence: Vec::new(),
    }];
    (activity, matches)
}

fn card(unit: &Unit, rows: &[(Activity, Vec<Match>)], verdicts: &Verdicts) -> ScoreCard {
    let (list, requirements) = (list(TEXT), requirements());
    let points: BTreeMap<RequirementId, Points> = [("ZB-1a", 60), ("ZB-1b", 25), ("ZB-2a", 15)]
        .map(|(id, points)| (RequirementId::from(id), Points::whole(points)))
        .into();
    let scope = Scope { bureau: String::new(), year: 2023, until: Date::new(2023, 12, 31).unwrap() };
    let rules = Assessment::new(&list, &requirements, &points, scope);
    let (activities, matches): (Vec<_>, Vec<_>) = rows.iter().cloned().unzip();
    let counted = vec![Counted::Yes; activities.len()];
    let case = Case {
        unit,
        activities: &activities,
        matches: &matches,
        counted: &counted,
        rulings: &[],
        answers: &[],
        hours: &[],
    };
    score(&rules, &case, verdicts).0
}

/// The case of a unit with one activity that counts.
fn of_one<'a>(unit: &'a Unit, activity: &'a Activity, matches: &'a Vec<Match>) -> Case<'a> {
    Case {
        unit,
        activities: std::slice::from_ref(activity),
        matches: std::slice::from_ref(matches),
        counted: &[Counted::Yes],
        rulings: &[],
        answers: &[],
        hours: &[],
    }
}

/// A line for each requirement, by share.
fn scheme() -> Scheme {
    let line = |(id, full): (&str, i64)| Line {
        id: LineId::from(id),
        project: String::new(),
        content: String::new(),
        standard: String::new(),
        basis: String::new(),
        points: Points::whole(full),
        mode: Mode::Share,
        checks: vec![vec![RequirementId::from(id)]],
        list: None,
    };
    let block = SchemeBlock {
        id: BlockId::from("清单"),
        name: "责任清单".into(),
        kind: BlockKind::Weighted(Points::whole(100)),
        groups: Vec::new(),
        absent: Absent::Rescale,
        in_rank: true,
        in_grade: true,
        lines: [("ZB-1a", 60), ("ZB-1b", 25), ("ZB-2a", 15)].map(line).into(),
    };
    Scheme {
        name: "缺省".into(),
        note: String::new(),
        example: false,
        rounding: Rounding::default(),
        blocks: vec![block],
        ceiling: None,
        ties: Vec::new(),
        grades: Vec::new(),
        awards: Vec::new(),
        vetoes: Vec::new(),
    }
}

fn unit() -> Unit {
    Unit::named("某支部", ListId::from("ZB"))
}

#[test]
fn every_month_is_looked_at_by_itself() {
    // Fourteen meetings in ten months: two months are empty all the same.
    let mut rows: Vec<_> = (1..=10).map(|month| activity("支委会", month, Precision::Day)).collect();
    rows.extend((1..=4).map(|month| activity("支委会", month, Precision::Day)));
    let card = card(&unit(), &rows, &Verdicts::new());
    let meeting = &card.items[0].requirements[0];
    assert_eq!(meeting.earned, Points::whole(50));
    assert_eq!(meeting.pending, Points::whole(10));
    assert_eq!(meeting.lost, Points::ZERO);
    let open: Vec<&str> =
        meeting.dues.iter().filter(|d| d.state == State::Unverified).map(|d| d.label.as_str()).collect();
    assert_eq!(open, ["11月", "12月"]);
}

#[test]
fn only_what_was_found_not_held_is_lost() {
    let verdicts: Verdicts = [
        ((RequirementId::from("ZB-1b"), 0), Verdict::Held),
        ((RequirementId::from("ZB-1b"), 1), Verdict::NotHeld),
        ((RequirementId::from("ZB-1b"), 2), Verdict::NotApplicable),
    ]
    .into();
    let card = card(&unit(), &[], &verdicts);
    let lecture = &card.items[0].requirements[1];
    // Three quarters count: one held, one lost, one open.
    assert_eq!(lecture.earned, Points::from_hundredths(833));
    assert_eq!(lecture.pending, Points::from_hundredths(834));
    assert_eq!(lecture.lost, Points::from_hundredths(833));
}

#[test]
fn a_branch_without_committee_is_scored_on_the_rest() {
    let small = Unit { members: Some(5), ..unit() };
    let rows: Vec<_> = [2, 5, 8, 11].map(|month| activity("党课", month, Precision::Day)).into();
    let card = card(&small, &rows, &Verdicts::new());
    assert_eq!(card.items[0].requirements[0].base, Points::ZERO);
    assert_eq!(card.items[0].requirements[1].base, Points::whole(25));
    assert_eq!((card.earned, card.base), (Points::whole(25), Points::whole(40)));
    // Of what applies: 25 of 40 points.
    let score = &scores(&scheme(), &[(&small, &card)], &External::default())[0];
    assert_eq!(score.total.low, Points::from_hundredths(6250));
    assert_eq!(score.total.high, Points::whole(100));
}

#[test]
fn a_date_of_a_quarter_does_not_prove_a_month() {
    let (mut row, matches) = activity("支委会", 1, Precision::Quarter);
    row.date.end = Date::new(2023, 3, 31);
    let card = card(&unit(), &[(row, matches)], &Verdicts::new());
    let meeting = &card.items[0].requirements[0];
    assert_eq!(meeting.earned, Points::ZERO);
    assert_eq!(
        meeting.dues.iter().map(|d| d.doubtful).collect::<Vec<_>>(),
        [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    );
}

fn rows() -> impl Strategy<Value = Vec<(Activity, Vec<Match>)>> {
    let kind = prop_oneof![Just("支委会"), Just("党课"), Just("谈心谈话")];
    prop::collection::vec(
        (kind, 1_u32..=12).prop_map(|(kind, month)| activity(kind, month, Precision::Day)),
        0..40,
    )
}

proptest! {
    #[test]
    fn totals_are_the_sum_of_their_parts(rows in rows()) {
        let card = card(&unit(), &rows, &Verdicts::new());
        prop_assert_eq!(card.base, Points::whole(100));
        prop_assert_eq!(card.earned + card.pending + card.lost, card.base);
        for item in &card.items {
            prop_assert_eq!(item.earned + item.pending + item.lost, item.base);
            prop_assert_eq!(item.requirements.iter().map(|r| r.earned).sum::<Points>(), item.earned);
            for requirement in &item.requirements {
                prop_assert!(requirement.earned >= Points::ZERO && requirement.earned <= requirement.base);
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(mut rows in rows()) {
        let before = card(&unit(), &rows, &Verdicts::new());
        rows.reverse();
        let after = card(&unit(), &rows, &Verdicts::new());
        let points = |card: &ScoreCard| card.items.iter().map(|i| (i.earned, i.pending, i.lost)).collect::<Vec<_>>();
        prop_assert_eq!(points(&before), points(&after));
    }

    #[test]
    fn another_activity_never_lowers_a_score(rows in rows(), month in 1_u32..=12) {
        let before = card(&unit(), &rows, &Verdicts::new());
        let mut more = rows;
        more.push(activity("支委会", month, Precision::Day));
        prop_assert!(card(&unit(), &more, &Verdicts::new()).earned >= before.earned);
    }
}

#[test]
fn a_period_that_is_not_owed_counts_neither_way() {
    let young = Unit { founded: Date::new(2023, 7, 1), ..unit() };
    let rows: Vec<_> = (4..=9).map(|month| activity("支委会", month, Precision::Day)).collect();
    let card = card(&young, &rows, &Verdicts::new());
    let meeting = &card.items[0].requirements[0];
    let may = &meeting.dues[4];
    assert_eq!((may.state, may.owed), (State::Recorded, false));
    let check = &card.checks[0];
    assert_eq!((check.tally.required, check.tally.met, check.tally.open), (6, 3, 3));
    assert_eq!((check.recorded, meeting.earned), (6, Points::whole(30)));
}

fn judged(requirements: &[Requirement], case: &Case<'_>, joint: JointRule) -> (ScoreCard, Vec<Vec<Proof>>) {
    let (list, points) = (list(TEXT), BTreeMap::new());
    let scope = Scope { bureau: String::new(), year: 2023, until: Date::new(2023, 12, 31).unwrap() };
    score(&Assessment::new(&list, requirements, &points, scope).joint(joint), case, &Verdicts::new())
}

#[test]
fn a_persons_word_about_an_activity_outweighs_its_matches() {
    let unit = unit();
    let requirements = requirements();
    let (activity, mut matches) = activity("支委会", 3, Precision::Day);
    matches[0].decision = Decision::Review;
    let assign = |id: &str| Some(ActivityVerdict::Assign(vec![id.to_owned()]));
    for (answer, expected) in [
        (None, [("ZB-1a", false, false)].as_slice()),
        (Some(ActivityVerdict::Confirm), &[("ZB-1a", true, true)]),
        (Some(ActivityVerdict::Reject), &[]),
        // The requirement itself, whatever the form; an item, where the form fits.
        (assign("ZB-2a"), &[("ZB-2a", true, true)]),
        (assign("ZB-1"), &[("ZB-1a", true, true)]),
        (assign("ZB-2"), &[]),
    ] {
        let case = Case { answers: std::slice::from_ref(&answer), ..of_one(&unit, &activity, &matches) };
        let (card, proofs) = judged(&requirements, &case, JointRule::Each);
        let told: Vec<_> = proofs[0].iter().map(|p| (p.requirement.as_str(), p.sure, p.decided)).collect();
        assert_eq!(told, expected, "{answer:?}");
        let met: u32 = card.checks.iter().map(|check| check.tally.met).sum();
        assert_eq!(met, u32::from(expected.iter().any(|(_, sure, _)| *sure)), "{answer:?}");
    }
}

#[test]
fn a_joint_event_counts_for_each_kind_or_once() {
    let requirements = requirements();
    let unit = unit();
    let (mut activity, matches) = activity("支委会", 3, Precision::Day);
    activity.kinds.push(KindId::from("党课"));
    let case = of_one(&unit, &activity, &matches);
    for (rule, lectures) in [(JointRule::Each, 1), (JointRule::Once, 0)] {
        let (card, proofs) = judged(&requirements, &case, rule);
        let joint: Vec<_> = proofs[0].iter().map(|p| (p.requirement.as_str(), p.joint)).collect();
        assert_eq!(joint, [("ZB-1a", false), ("ZB-1b", true)]);
        assert_eq!((card.checks[0].tally.met, card.checks[1].tally.met), (1, lectures));
    }
}

#[test]
fn every_name_of_a_list_is_checked_by_itself() {
    let unit = unit();
    let each = |name: &str| Requirement {
        id: RequirementId::from(format!("ZB-1b·{name}").as_str()),
        period: Period::Year,
        counts: Counts {
            kinds: vec![KindId::from("党课")],
            by: By::Named(vec![name.to_owned()]),
            ..Counts::default()
        },
        origin: Some(Origin::Each(RequirementId::from("ZB-1b"))),
        ..requirement("ZB-1b", "ZB-1", "党课", Period::Year, None)
    };
    let (requirements, checks) = (requirements(), [each("何岸"), each("陶青")]);
    let (mut activity, matches) = activity("党课", 3, Precision::Day);
    activity.host = Some("何岸".into());
    let (list, points) = (list(TEXT), BTreeMap::new());
    let scope = Scope { bureau: String::new(), year: 2023, until: Date::new(2023, 12, 31).unwrap() };
    let rules = Assessment::new(&list, &requirements, &points, scope).with_checks(&checks);
    let case = of_one(&unit, &activity, &matches);
    let (card, _) = score(&rules, &case, &Verdicts::new());
    let lecture = &card.items[0].requirements[1];
    let told: Vec<_> = lecture.dues.iter().map(|due| (due.label.as_str(), due.state)).collect();
    assert_eq!(told, [("何岸", State::Recorded), ("陶青", State::Unverified)]);
}

#[test]
fn training_hours_are_counted_by_person() {
    let goal = PersonGoal { hours: 32, officers: false, trainings: 0 };
    let mut requirements = requirements();
    requirements.push(Requirement {
        hours: Some(goal),
        ..requirement("ZB-2b", "ZB-2", "教育培训", Period::Year, None)
    });
    let row = |person: &str, hundredths: u32| PersonHours {
        unit: "某支部".into(),
        person: person.into(),
        role: String::new(),
        hundredths,
        trainings: 0,
        place: Place::file("学时.xlsx"),
    };
    let hours = [row("何岸", 1600), row("陶青", 3199), row("何岸", 1600)];
    for (hours, tally, told) in [
        (&hours[..], (2, 1, 1), "学时或集中培训未达到的：陶青"),
        (&[], (1, 0, 1), "这些行不能证明每人32学时"),
    ] {
        let case = Case {
            unit: &unit(),
            activities: &[],
            matches: &[],
            counted: &[],
            rulings: &[],
            answers: &[],
            hours,
        };
        let (card, _) = judged(&requirements, &case, JointRule::Each);
        let trained = card.checks.iter().find(|check| check.id.as_str() == "ZB-2b").unwrap();
        assert_eq!((trained.tally.required, trained.tally.met, trained.tally.open), tally);
        let reason = &card.items[1].requirements[1].reason;
        assert!(reason.contains(told), "{reason}");
    }
}
