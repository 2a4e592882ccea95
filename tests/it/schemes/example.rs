//! A worked example: the inputs and the expected figures of its file.

use super::written::points;
use shuzhi::model::{
    Bounds, CheckScore, Due, Event, External, FactState, Given, LineId, ListId, Meeting, Mode, Period, Place,
    Points, RequirementId, Scheme, ScoreCard, State, Tally, Unit, VetoFact, Votes,
};
use std::fs;
use std::path::Path;
use toml::{Table, Value};

pub(crate) struct Expected {
    pub(crate) lines: Vec<(String, Bounds)>,
    pub(crate) blocks: Vec<(String, Bounds)>,
    pub(crate) before: Option<Bounds>,
    pub(crate) total: Bounds,
    pub(crate) ranks: (u32, u32, u32),
    pub(crate) grade: Option<String>,
    pub(crate) award: Option<String>,
}

pub(crate) struct Example {
    pub(crate) cards: Vec<(Unit, ScoreCard)>,
    pub(crate) external: External,
    pub(crate) expected: Vec<Expected>,
    pub(crate) leeway: Vec<(String, Bounds)>,
}

pub(crate) fn same(what: &str, got: Bounds, expected: Bounds) {
    assert_eq!(
        (got.low.to_string(), got.high.to_string()),
        (expected.low.to_string(), expected.high.to_string()),
        "{what}"
    );
}

fn number(value: &Value) -> Points {
    points(&value.to_string())
}

fn count(value: &Value) -> u32 {
    u32::try_from(value.as_integer().unwrap()).unwrap()
}

fn pair(value: &Value) -> Bounds {
    let ends = value.as_array().unwrap();
    Bounds { low: number(&ends[0]), high: number(&ends[1]) }
}

fn table<'a>(from: &'a Table, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    from.get(key).and_then(Value::as_table).into_iter().flatten()
}

fn place() -> Place {
    Place::file("评分.xlsx")
}

pub(crate) fn check(id: &str, tally: Tally) -> CheckScore {
    let due = Due {
        label: "全年".into(),
        index: 0,
        required: tally.required,
        found: tally.met,
        doubtful: 0,
        state: if tally.open > 0 { State::Unverified } else { State::Recorded },
        decided: false,
        owed: true,
        evidence: Vec::new(),
        open: Vec::new(),
    };
    CheckScore {
        id: RequirementId::from(id),
        evidence: RequirementId::from(id.split('·').next().unwrap()),
        name: id.to_owned(),
        period: Period::Year,
        minimum: tally.required,
        dues: vec![due],
        tally,
        recorded: tally.met,
        reachable: tally.met + tally.open,
        meetings: Vec::new(),
    }
}

fn card(unit: &Table) -> ScoreCard {
    let mut checks: Vec<CheckScore> = Vec::new();
    for (id, counts) in table(unit, "检查") {
        let counts = counts.as_array().unwrap();
        let tally = Tally { required: count(&counts[0]), met: count(&counts[1]), open: count(&counts[2]) };
        let mut check = check(id, tally);
        check.dues[0].owed = tally.required > 0;
        checks.push(check);
    }
    for (id, counts) in table(unit, "次数") {
        let counts = counts.as_array().unwrap();
        let (sure, open) = (count(&counts[0]), count(&counts[1]));
        let check = check(id, Tally { required: 1, met: 1, open: 0 });
        checks.push(CheckScore { recorded: sure, reachable: sure + open, ..check });
    }
    for (id, counts) in table(unit, "出勤") {
        let counts = counts.as_array().unwrap();
        let (expected, attended, under) = (count(&counts[0]), count(&counts[1]), count(&counts[2]));
        // Meetings with half of the persons, and one with all the rest.
        let low = (0..under).map(|_| Meeting { activity: 0, expected: 20, attended: 10, sure: true });
        let rest = Meeting {
            activity: 0,
            expected: expected - 20 * under,
            attended: attended - 10 * under,
            sure: true,
        };
        let check = check(id, Tally { required: 1, met: 1, open: 0 });
        checks.push(CheckScore { meetings: low.chain([rest]).collect(), ..check });
    }
    ScoreCard {
        unit: unit["名称"].as_str().unwrap().into(),
        list: ListId::from("ZB"),
        items: Vec::new(),
        base: Points::ZERO,
        earned: Points::ZERO,
        pending: Points::ZERO,
        lost: Points::ZERO,
        checks,
    }
}

fn event(scheme: &Scheme, unit: &Unit, row: &Table) -> Event {
    let line = LineId::from(row["项目"].as_str().unwrap());
    let matter = row["事项"].as_str().unwrap().to_owned();
    let rules = match &scheme.line(&line).unwrap().mode {
        Mode::DeductEvents { rules, .. } | Mode::EventPoints { rules, .. } => rules,
        other => panic!("{other:?}"),
    };
    let fixed = rules.iter().find(|rule| rule.matter == matter).unwrap().points.0;
    let times = |key: &str| row.get(key).map_or(1, count);
    Event {
        unit: unit.name.clone(),
        line,
        matter,
        date: None,
        each: row.get("分值").map_or(fixed, number),
        times: times("次数"),
        persons: times("人数"),
        authors: times("作者数"),
        doubled: row.get("加倍").is_some_and(|yes| yes.as_bool().unwrap()),
        case: row.get("案号").map_or("", |case| case.as_str().unwrap()).to_owned(),
        state: if row.get("状态").is_some() { FactState::Open } else { FactState::True },
        basis: String::new(),
        place: place(),
        outweighed: false,
    }
}

fn read_external(scheme: &Scheme, unit: &Unit, from: &Table, external: &mut External) {
    let given = |value: &Value| Given { value: number(value), place: place() };
    let key = |id: &str| (unit.name.clone(), LineId::from(id));
    for (column, value) in table(from, "数值") {
        external.values.insert((unit.name.clone(), column.clone()), given(value));
    }
    for (id, value) in table(from, "考核分") {
        external.judged.insert(key(id), given(value));
    }
    for (id, classes) in table(from, "票数") {
        let class = |(class, counts): (&String, &Value)| Votes {
            class: class.clone(),
            counts: counts.as_array().unwrap().iter().map(count).collect(),
            place: place(),
        };
        external.votes.insert(key(id), classes.as_table().unwrap().iter().map(class).collect());
    }
    for (id, raters) in table(from, "评委") {
        external.raters.insert(key(id), raters.as_array().unwrap().iter().map(given).collect());
    }
    let rows = |key: &str| from.get(key).and_then(Value::as_array).into_iter().flatten();
    for row in rows("事件") {
        external.events.push(event(scheme, unit, row.as_table().unwrap()));
    }
    for row in rows("否决") {
        external.vetoes.push(VetoFact {
            unit: unit.name.clone(),
            matter: row["事项"].as_str().unwrap().to_owned(),
            state: FactState::True,
            basis: String::new(),
            place: place(),
        });
    }
}

fn expected(from: &Table) -> Expected {
    let pairs = |key: &str| table(from, key).map(|(id, ends)| (id.clone(), pair(ends))).collect();
    let ranks = from.get("名次").map_or((1, 1, 1), |ranks| {
        let ranks: Vec<u32> = ranks.as_array().unwrap().iter().map(count).collect();
        (ranks[0], ranks[1], ranks[2])
    });
    let word = |key: &str| from.get(key).map(|word| word.as_str().unwrap().to_owned());
    Expected {
        lines: pairs("项目"),
        blocks: pairs("板块"),
        before: from.get("不含加分").map(pair),
        total: pair(&from["总分"]),
        ranks,
        grade: word("等次"),
        award: word("表彰"),
    }
}

impl Example {
    pub(crate) fn read(name: &str, scheme: &Scheme) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/算例").join(format!("{name}.md"));
        let text = fs::read_to_string(path).unwrap();
        let fenced = text.split("```toml").nth(1).unwrap().split("```").next().unwrap();
        let file: Table = fenced.parse().unwrap();
        let mut example = Self {
            cards: Vec::new(),
            external: External::default(),
            expected: Vec::new(),
            leeway: Vec::new(),
        };
        for from in file["单位"].as_array().unwrap() {
            let from = from.as_table().unwrap();
            let group = from.get("组别").map_or("", |group| group.as_str().unwrap()).to_owned();
            let unit = Unit { group, ..Unit::named(from["名称"].as_str().unwrap(), ListId::from("ZB")) };
            read_external(scheme, &unit, from, &mut example.external);
            example.expected.push(expected(from["期望"].as_table().unwrap()));
            example.cards.push((unit, card(from)));
        }
        shuzhi::scoring::outweigh(scheme, &mut example.external);
        for shifts in file.get("敏感性").and_then(Value::as_array).into_iter().flatten() {
            let blocks = shifts.as_table().unwrap().iter().filter(|(key, _)| key.is_ascii());
            example.leeway.extend(blocks.map(|(id, ends)| (id.clone(), pair(ends))));
        }
        example
    }

    pub(crate) fn units(&self) -> Vec<(&Unit, &ScoreCard)> {
        self.cards.iter().map(|(unit, card)| (unit, card)).collect()
    }

    pub(crate) fn check_unless_there(&mut self, id: &str, tally: Tally) {
        for (_, card) in &mut self.cards {
            if card.checks.iter().all(|check| check.id.as_str() != id) {
                card.checks.push(check(id, tally));
            }
        }
    }
}
