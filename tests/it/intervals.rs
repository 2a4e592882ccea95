//! Intervals by brute force: small cases with random schemes, settled in every way and in many.

use crate::made::{Dice, all_questions, list};
use crate::schemes::written::{block, line, points, scheme, weighted};
use proptest::prelude::*;
use shuzhi::model::{
    Absent, Activity, ActivityVerdict, Award, BlockId, BlockKind, Class, Condition, Counted, Counts, Cut,
    Date, DateSpan, Decision, DutyList, Event, EventRule, External, FactState, Given, ItemId, KindId, LineId,
    ListId, Match, Measure, Measured, Missing, Mode, Origin, Period, Place, Points, Precision, Proof, Quota,
    Requirement, RequirementId, Scheme, SchemeBlock, Scope, ScoreCard, Stake, Standing, State, StatedKind,
    Subject, Unit, UnitScore, Verdict,
};
use shuzhi::scoring::{Asked, Assessment, Case, Verdicts, leeway, rank, score, scores};
use std::collections::BTreeMap;

impl Dice {
    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(u32::try_from(choices.len()).unwrap())).unwrap()]
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

fn requirement(id: &str, kind: &str, period: Period, minimum: u32, origin: Option<Origin>) -> Requirement {
    let base = id.split('·').next().unwrap();
    Requirement {
        id: RequirementId::from(id),
        item: ItemId::from(base.trim_end_matches(|c: char| c.is_ascii_lowercase())),
        name: id.to_owned(),
        class: Class::Counted,
        period,
        minimum,
        window: (1, 12),
        counts: Counts { kinds: vec![KindId::from(kind)], ..Counts::default() },
        exempt: None,
        each: None,
        hours: None,
        origin,
        source: "开展".into(),
        limits: String::new(),
    }
}

fn requirements(dice: &mut Dice) -> (Vec<Requirement>, Vec<Requirement>) {
    let own = vec![
        requirement("ZB-1a", "支委会", Period::Half, 1 + dice.below(2), None),
        requirement("ZB-2a", "党课", Period::Year, 1 + dice.below(2), None),
    ];
    let tier = |period: Period| {
        let id = format!("ZB-1a·{}", period.every());
        requirement(&id, "支委会", period, 1, Some(Origin::Tier(RequirementId::from("ZB-1a"))))
    };
    (own, vec![tier(Period::Half), tier(Period::Year)])
}

fn activity(dice: &mut Dice, at: u32) -> (Activity, Vec<Match>) {
    let kind = dice.of(&["支委会", "党课"]);
    let month = 1 + dice.below(12);
    let day = Date::new(2023, month, 1).unwrap();
    let date = match dice.below(6) {
        0 => DateSpan::blank(),
        1 => DateSpan::new(
            Date::new(2023, 1, 1).unwrap(),
            Date::new(2023, 12, 31).unwrap(),
            Precision::Half,
            "",
        ),
        _ => DateSpan::new(day, day, Precision::Day, ""),
    };
    let known = dice.coin();
    let activity = Activity {
        date,
        stated: Some(StatedKind { raw: kind.into(), kind: Some(KindId::from(kind)) }),
        kinds: vec![KindId::from(kind)],
        title: format!("{kind}{at}"),
        attended: known.then(|| dice.below(21)),
        expected: Some(20),
        ..Activity::blank(Place::sheet("台账.xlsx", "一").at(at, 1))
    };
    let item = ItemId::from(if kind == "支委会" { "ZB-1" } else { "ZB-2" });
    let decision = dice.of(&[Decision::Link, Decision::Review]);
    (activity, vec![Match { item, confidence: 900, decision, evidence: Vec::new() }])
}

fn event_rule(matter: &str) -> EventRule {
    EventRule { matter: matter.into(), points: (points("2"), points("2")), per_person: false, doubles: false }
}

/// A scheme with a few lines of random modes. `exact`: only modes of which both ends can be reached.
fn random_scheme(dice: &mut Dice, exact: bool) -> Scheme {
    let modes = if exact { 7 } else { 13 };
    let halves: &[&str] = &["ZB-1a"];
    let years: &[&str] = &["ZB-2a"];
    let both: &[&str] = &["ZB-1a", "ZB-2a"];
    let random_line = |dice: &mut Dice, id: &str| {
        let some = dice.of(&[None, Some(points("3"))]);
        let checks = dice.of(&[halves, years, both]);
        let column = || "业务得分".to_owned();
        let (mode, checks): (Mode, Vec<&[&str]>) = match dice.below(modes) {
            0 => (Mode::Share, vec![checks]),
            1 => (
                Mode::DeductMissing { each: 1 + dice.below(2), per: points("1.5"), most: some },
                vec![checks],
            ),
            2 => {
                let tiers = vec![(Period::Half, 1, points("10")), (Period::Year, 1, points("4"))];
                (Mode::Tiers { tiers }, vec![&["ZB-1a·每半年"], &["ZB-1a·每年"]])
            }
            3 => {
                let (least, step, per) = (points("90"), points("10"), points("0.7"));
                (
                    Mode::Rate { of: Measured::Completion, least, step, per, up: dice.coin(), most: some },
                    vec![checks],
                )
            }
            4 => {
                let tiers = vec![(points("90"), points("10")), (points("40"), points("6"))];
                (Mode::ValueTiers { of: Measured::Completion, tiers, otherwise: points("1") }, vec![checks])
            }
            5 => (Mode::Judged, vec![]),
            6 => (Mode::External { column: column(), full: points("100"), missing: Missing::Open }, vec![]),
            7 => {
                let (least, step, per) = (points("90"), points("5"), points("1"));
                (
                    Mode::Rate { of: Measured::Attendance, least, step, per, up: dice.coin(), most: some },
                    vec![checks],
                )
            }
            8 => (Mode::LowMeetings { least: points("80"), per: points("1"), most: some }, vec![checks]),
            9 => {
                let tiers = vec![(points("90"), points("10")), (points("60"), points("6"))];
                (Mode::ValueTiers { of: Measured::Attendance, tiers, otherwise: Points::ZERO }, vec![checks])
            }
            10 => (
                Mode::RankPoints {
                    column: column(),
                    table: vec![points("10"), points("7")],
                    rest: points("2"),
                },
                vec![],
            ),
            11 => (Mode::RatioToBest { column: column(), full: Some(points("100")) }, vec![]),
            _ => (Mode::ActivityPoints { beyond: 1, per: points("2"), most: None }, vec![checks]),
        };
        line(id, "10", mode, &checks)
    };
    let rules = || vec![event_rule("事项")];
    let deduct = Mode::DeductEvents { rules: rules(), times: 2, once_a_case: false, most: Some(points("6")) };
    let bonus = Mode::EventPoints { rules: rules(), shared: false, most: Some(points("5")) };
    let a = vec![random_line(dice, "A1"), random_line(dice, "A2")];
    let b = vec![random_line(dice, "B1")];
    let mut blocks = vec![
        weighted("A", 60, a),
        weighted("B", 40, b),
        block("D", BlockKind::Deduction(None), vec![line("D1", "8", deduct, &[])]),
        block("E", BlockKind::Bonus(Some(points("4"))), vec![line("E1", "5", bonus, &[])]),
    ];
    for block in &mut blocks {
        *block = SchemeBlock { absent: dice.of(&[Absent::Rescale, Absent::Full]), ..block.clone() };
    }
    let condition = Condition {
        measure: Measure::Completion(vec!["ZB-1".into(), "ZB-2a".into()]),
        least: points("50"),
        text: "完成率不低于50%".into(),
    };
    Scheme {
        ceiling: dice.of(&[None, Some(points("90"))]),
        ties: if dice.coin() { vec![Measure::Block(BlockId::from("A"))] } else { Vec::new() },
        awards: vec![Award {
            name: "先进".into(),
            groups: Vec::new(),
            quota: Quota::Share(points("50"), dice.of(&[Cut::Down, Cut::Up])),
            conditions: if dice.coin() { vec![condition] } else { Vec::new() },
        }],
        ..scheme("随机", blocks)
    }
}

/// A unit with its rows and what was answered.
#[derive(Clone)]
struct Submitted {
    unit: Unit,
    activities: Vec<Activity>,
    matches: Vec<Vec<Match>>,
    answers: Vec<Option<ActivityVerdict>>,
    verdicts: Verdicts,
}

struct Rules<'a> {
    list: &'a DutyList,
    requirements: &'a [Requirement],
    checks: &'a [Requirement],
    points: BTreeMap<RequirementId, Points>,
}

impl Rules<'_> {
    fn card(&self, of: &Submitted) -> (ScoreCard, Vec<Vec<Proof>>) {
        let scope = Scope { bureau: String::new(), year: 2023, until: Date::new(2023, 12, 31).unwrap() };
        let rules =
            Assessment::new(self.list, self.requirements, &self.points, scope).with_checks(self.checks);
        let counted = vec![Counted::Yes; of.activities.len()];
        let case = Case {
            unit: &of.unit,
            activities: &of.activities,
            matches: &of.matches,
            counted: &counted,
            rulings: &[],
            answers: &of.answers,
            hours: &[],
        };
        score(&rules, &case, &of.verdicts)
    }

    fn results(
        &self,
        scheme: &Scheme,
        units: &[Submitted],
        external: &External,
    ) -> (Vec<UnitScore>, Vec<Standing>) {
        let cards: Vec<ScoreCard> = units.iter().map(|unit| self.card(unit).0).collect();
        let pairs: Vec<(&Unit, &ScoreCard)> = units.iter().map(|u| &u.unit).zip(&cards).collect();
        let got = scores(scheme, &pairs, external);
        let standings = rank(scheme, &got, false);
        (got, standings)
    }
}

fn given(value: u32) -> Given {
    Given { value: Points::whole(i64::from(value)), place: Place::file("评分.xlsx") }
}

/// One way to settle everything. `pick` says how: 0 badly, 1 well, else by dice.
fn settled(
    case: &Rules<'_>,
    scheme: &Scheme,
    units: &[Submitted],
    external: &External,
    pick: u32,
    dice: &mut Dice,
) -> (Vec<Submitted>, External) {
    let mut external = external.clone();
    let mut units = units.to_vec();
    for unit in &mut units {
        let (card, _) = case.card(unit);
        for check in &card.checks {
            for due in check.dues.iter().filter(|due| due.owed && due.state == State::Unverified) {
                let verdict = match pick {
                    0 => Verdict::NotHeld,
                    1 => Verdict::Held,
                    _ => dice.of(&[Verdict::Held, Verdict::NotHeld, Verdict::NotApplicable]),
                };
                unit.verdicts.insert((check.id.clone(), due.index), verdict);
            }
        }
        for (answer, matches) in unit.answers.iter_mut().zip(&unit.matches) {
            if matches.iter().any(|m| m.decision == Decision::Review) {
                let good = if pick < 2 { pick == 1 } else { dice.coin() };
                *answer = Some(if good { ActivityVerdict::Confirm } else { ActivityVerdict::Reject });
            }
        }
        let name = unit.unit.name.clone();
        let value = |dice: &mut Dice, full: u32| match pick {
            0 => 0,
            1 => full,
            _ => dice.below(full + 1),
        };
        let found = value(dice, 100);
        external.values.entry((name.clone(), "业务得分".into())).or_insert_with(|| given(found));
        for (_, line) in scheme.lines().filter(|(_, line)| line.mode == Mode::Judged) {
            let found = value(dice, 10);
            external.judged.entry((name.clone(), line.id.clone())).or_insert_with(|| given(found));
        }
    }
    for event in external.events.iter_mut().filter(|event| event.state == FactState::Open) {
        let deducted = event.line.as_str() == "D1";
        let holds = if pick < 2 { deducted == (pick == 0) } else { dice.coin() };
        event.state = if holds { FactState::True } else { FactState::False };
    }
    (units, external)
}

fn submitted(dice: &mut Dice, name: &str) -> Submitted {
    let rows = dice.below(5);
    let (activities, matches): (Vec<_>, Vec<_>) = (0..rows).map(|at| activity(dice, at + 2)).unzip();
    Submitted {
        unit: Unit::named(name, ListId::from("ZB")),
        answers: vec![None; activities.len()],
        activities,
        matches,
        verdicts: Verdicts::new(),
    }
}

fn external(dice: &mut Dice, names: &[&str]) -> External {
    let mut external = External::default();
    for name in names {
        if dice.below(3) > 0 {
            external.values.insert(((*name).into(), "业务得分".into()), given(dice.below(101)));
        }
        for line in ["D1", "E1"] {
            for _ in 0..dice.below(3) {
                external.events.push(Event {
                    unit: (*name).into(),
                    line: LineId::from(line),
                    matter: "事项".into(),
                    date: None,
                    each: points("2"),
                    times: 1 + dice.below(2),
                    persons: 1,
                    authors: 1,
                    doubled: false,
                    case: String::new(),
                    state: dice.of(&[FactState::True, FactState::Open, FactState::False]),
                    basis: String::new(),
                    place: Place::sheet("评分.xlsx", "事件")
                        .at(u32::try_from(external.events.len()).unwrap() + 2, 1),
                    outweighed: false,
                });
            }
        }
    }
    external
}

/// A unit's points in a few lines.
fn brief(scheme: &Scheme, score: &UnitScore) -> String {
    let ends = |ends: shuzhi::model::Bounds| format!("{}～{}", ends.low, ends.high);
    let line = |line: &shuzhi::model::LineScore| {
        let mode = &scheme.line(&line.line).unwrap().mode;
        format!(
            "  {} {} of {} {:?} {mode:?}: {}",
            line.line,
            ends(line.counted),
            line.base,
            line.tallies,
            line.reason
        )
    };
    let lines: Vec<String> = score.lines().map(line).collect();
    let blocks: Vec<String> =
        score.blocks.iter().map(|b| format!("{} {}", b.block, ends(b.points))).collect();
    format!("{} {} {}\n{}", score.unit, ends(score.total), blocks.join(" "), lines.join("\n"))
}

const NAMES: [&str; 4] = ["甲", "乙", "丙", "丁"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_settlement_stays_within_the_intervals(seed in any::<u64>(), exact in any::<bool>()) {
        let mut dice = Dice(seed);
        let (list, (requirements, checks)) = (list("开展"), requirements(&mut dice));
        let scheme = random_scheme(&mut dice, exact);
        let case = Rules { list: &list, requirements: &requirements, checks: &checks, points: BTreeMap::new() };
        let names = &NAMES[..2 + usize::try_from(dice.below(3)).unwrap()];
        let units: Vec<Submitted> = names.iter().map(|name| submitted(&mut dice, name)).collect();
        let external = external(&mut dice, names);
        let (open, standings) = case.results(&scheme, &units, &external);
        for score in &open {
            prop_assert!(score.total.low <= score.total.high, "{score:?}");
        }
        for pick in 0..24 {
            let (then, known) = settled(&case, &scheme, &units, &external, pick, &mut dice);
            let (after, places) = case.results(&scheme, &then, &known);
            for (score, before) in after.iter().zip(&open) {
                let told = || format!("{pick} {:?}\nbefore {}\nafter {}", scheme.ties, brief(&scheme, before), brief(&scheme, score));
                prop_assert!(before.total.low <= score.total.low, "{}", told());
                prop_assert!(score.total.high <= before.total.high, "{}", told());
                if exact {
                    let all_dated = units.iter().flat_map(|u| &u.activities).all(|a| a.date.start.is_some());
                    prop_assert!(!all_dated || score.total.is_settled(), "{}", told());
                    if pick == 0 { prop_assert_eq!(score.total.low, before.total.low); }
                    if pick == 1 { prop_assert_eq!(score.total.high, before.total.high); }
                }
            }
            for place in &places {
                let before = standings.iter().find(|s| s.unit == place.unit).unwrap();
                prop_assert!((before.best..=before.worst).contains(&place.rank), "{pick} {before:?} {place:?}");
                for (award, now) in before.awards.iter().zip(&place.awards) {
                    prop_assert!(!award.firm || award.place == now.place, "{pick} {before:?} {place:?}");
                }
            }
        }
    }

    #[test]
    fn the_order_of_rows_and_units_does_not_matter(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let (list, (requirements, checks)) = (list("开展"), requirements(&mut dice));
        let scheme = random_scheme(&mut dice, false);
        let case = Rules { list: &list, requirements: &requirements, checks: &checks, points: BTreeMap::new() };
        let mut units: Vec<Submitted> = NAMES.iter().map(|name| submitted(&mut dice, name)).collect();
        let external = external(&mut dice, &NAMES);
        let asked = |units: &[Submitted]| {
            let cards: Vec<_> = units.iter().map(|unit| case.card(unit)).collect();
            let counted: Vec<Vec<Counted>> = units.iter().map(|u| vec![Counted::Yes; u.activities.len()]).collect();
            let asked: Vec<Asked<'_>> = units.iter().zip(&cards).zip(&counted)
                .map(|((unit, (card, proofs)), counted)| Asked { unit: &unit.unit, card, proofs, counted }).collect();
            let (got, standings) = case.results(&scheme, units, &external);
            let questions = all_questions(&scheme, &asked, &external, &got, &standings);
            let told: Vec<_> = questions.into_iter().map(|question| {
                let subject = match question.subject {
                    Subject::Match(at) => {
                        let of = units.iter().find(|unit| unit.unit.name == question.unit).unwrap();
                        of.activities[at].place.to_string()
                    }
                    other => format!("{other:?}"),
                };
                (question.unit, subject, question.stake, question.weight)
            }).collect();
            let mut got: Vec<_> = got.into_iter().map(|s| (s.unit.clone(), s.before, s.total, s.for_grade, s.ties, s.measures)).collect();
            got.sort_by(|a, b| a.0.cmp(&b.0));
            let mut told = told;
            told.sort();
            (got, standings, told)
        };
        let before = asked(&units);
        units.reverse();
        for unit in &mut units {
            unit.activities.reverse();
            unit.matches.reverse();
        }
        prop_assert_eq!(before, asked(&units));
    }

    #[test]
    fn another_activity_never_lowers_what_rests_on_counts(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let (list, (requirements, checks)) = (list("开展"), requirements(&mut dice));
        let tiers = vec![(Period::Half, 1, points("10")), (Period::Year, 1, points("4"))];
        let missing = Mode::DeductMissing { each: 1, per: points("2"), most: None };
        let lines = vec![
            line("A1", "10", Mode::Share, &[&["ZB-1a", "ZB-2a"]]),
            line("A2", "10", missing, &[&["ZB-1a"]]),
            line("A3", "10", Mode::Tiers { tiers }, &[&["ZB-1a·每半年"], &["ZB-1a·每年"]]),
        ];
        let scheme = scheme("计次", vec![weighted("A", 100, lines)]);
        let case = Rules { list: &list, requirements: &requirements, checks: &checks, points: BTreeMap::new() };
        let mut unit = submitted(&mut dice, "甲");
        let none = External::default();
        let before = case.results(&scheme, std::slice::from_ref(&unit), &none).0.remove(0);
        let (activity, matches) = activity(&mut dice, 90);
        unit.activities.push(activity);
        unit.matches.push(matches);
        unit.answers.push(None);
        let after = case.results(&scheme, std::slice::from_ref(&unit), &none).0.remove(0);
        prop_assert!(after.total.low >= before.total.low && after.total.high >= before.total.high);
        let block = &after.blocks[0];
        prop_assert_eq!(block.earned.low, block.lines.iter().map(|line| line.counted.low).sum::<Points>());
        prop_assert!(block.lines.iter().all(|line| line.counted.high <= line.base));
    }

    #[test]
    fn weights_may_shift_as_far_as_is_said_and_no_further(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let (list, (requirements, checks)) = (list("开展"), requirements(&mut dice));
        let scheme = random_scheme(&mut dice, false);
        let case = Rules { list: &list, requirements: &requirements, checks: &checks, points: BTreeMap::new() };
        let units: Vec<Submitted> = NAMES.iter().map(|name| submitted(&mut dice, name)).collect();
        let external = external(&mut dice, &NAMES);
        let commended = |block: &BlockId, weight: Points| {
            let mut changed = scheme.clone();
            for own in changed.blocks.iter_mut().filter(|own| own.id == *block) {
                own.kind = BlockKind::Weighted(weight);
            }
            let (_, standings) = case.results(&changed, &units, &external);
            let mut names: Vec<_> = standings
                .into_iter()
                .filter(|s| matches!(s.awards[0].place.as_str(), "入围" | "并列待定"))
                .map(|s| s.unit)
                .collect();
            names.sort();
            names
        };
        let (got, _) = case.results(&scheme, &units, &external);
        let step = Points::from_hundredths(1);
        for found in leeway(&scheme, &got) {
            let now = commended(&found.block, found.weight);
            prop_assert_eq!(&commended(&found.block, found.down), &now);
            prop_assert_eq!(&commended(&found.block, found.up), &now);
            if found.down > Points::ZERO {
                prop_assert_ne!(&commended(&found.block, found.down - step), &now, "{:?}", found);
            }
            if found.up < Points::whole(100) {
                prop_assert_ne!(&commended(&found.block, found.up + step), &now, "{:?}", found);
            }
        }
    }
}

#[test]
fn the_question_that_decides_comes_first() {
    let lines = vec![line("A1", "10", Mode::Share, &[&["ZB-1a", "ZB-2a"]])];
    let scheme = Scheme {
        awards: vec![Award {
            name: "先进".into(),
            groups: Vec::new(),
            quota: Quota::Heads(1),
            conditions: Vec::new(),
        }],
        ..scheme("小", vec![weighted("A", 100, lines)])
    };
    let list = list("开展");
    let requirements = vec![
        requirement("ZB-1a", "支委会", Period::Half, 1, None),
        requirement("ZB-2a", "党课", Period::Year, 1, None),
    ];
    let case = Rules { list: &list, requirements: &requirements, checks: &[], points: BTreeMap::new() };
    let unit = |name: &str, held: &[(&str, u32)], not_held: &[(&str, u32)]| {
        let verdicts = held
            .iter()
            .map(|due| (due, Verdict::Held))
            .chain(not_held.iter().map(|due| (due, Verdict::NotHeld)));
        Submitted {
            unit: Unit::named(name, ListId::from("ZB")),
            activities: Vec::new(),
            matches: Vec::new(),
            answers: Vec::new(),
            verdicts: verdicts
                .map(|((id, at), verdict)| ((RequirementId::from(*id), *at), verdict))
                .collect(),
        }
    };
    // 甲 leads with two of three; 乙 has one and two open, one of which draws it level; 丙 cannot catch up.
    let units = [
        unit("甲", &[("ZB-1a", 0), ("ZB-1a", 1)], &[("ZB-2a", 0)]),
        unit("乙", &[("ZB-1a", 0)], &[]),
        unit("丙", &[], &[("ZB-1a", 0), ("ZB-1a", 1)]),
    ];
    let cards: Vec<_> = units.iter().map(|unit| case.card(unit)).collect();
    let none = External::default();
    let asked: Vec<Asked<'_>> = units
        .iter()
        .zip(&cards)
        .map(|(unit, (card, proofs))| Asked { unit: &unit.unit, card, proofs, counted: &[] })
        .collect();
    let (got, standings) = case.results(&scheme, &units, &none);
    let told = all_questions(&scheme, &asked, &none, &got, &standings);
    let told: Vec<_> = told.iter().map(|q| (&*q.unit, q.stake.to_string(), q.weight)).collect();
    assert_eq!(
        told,
        [
            ("乙", "33.4".to_owned(), Stake::Decides),
            ("乙", "33.4".to_owned(), Stake::Decides),
            ("丙", "33.3".to_owned(), Stake::MovesRank)
        ]
    );
}
