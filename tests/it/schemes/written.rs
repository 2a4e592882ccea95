//! The schemes of the worked examples, written out.

use shuzhi::model::{
    Absent, Award, BlockId, BlockKind, Condition, Cut, EventRule, Grade, Line, LineId, Measure, Measured,
    Missing, Mode, Period, Points, Quota, RequirementId, Rounding, Scheme, SchemeBlock, Veto, VetoEffect,
};

pub(crate) fn points(text: &str) -> Points {
    Points::parse(text).unwrap()
}

pub(crate) fn line(id: &str, full: &str, mode: Mode, checks: &[&[&str]]) -> Line {
    let group = |ids: &&[&str]| ids.iter().map(|id| RequirementId::from(*id)).collect();
    Line {
        id: LineId::from(id),
        project: id.to_owned(),
        content: String::new(),
        standard: String::new(),
        basis: String::new(),
        points: points(full),
        mode,
        checks: checks.iter().map(group).collect(),
        list: None,
    }
}

pub(crate) fn block(id: &str, kind: BlockKind, lines: Vec<Line>) -> SchemeBlock {
    SchemeBlock {
        id: BlockId::from(id),
        name: id.to_owned(),
        kind,
        groups: Vec::new(),
        absent: Absent::Rescale,
        in_rank: true,
        in_grade: true,
        lines,
    }
}

pub(crate) fn weighted(id: &str, weight: i64, lines: Vec<Line>) -> SchemeBlock {
    block(id, BlockKind::Weighted(Points::whole(weight)), lines)
}

pub(crate) fn scheme(name: &str, blocks: Vec<SchemeBlock>) -> Scheme {
    Scheme {
        name: name.to_owned(),
        note: String::new(),
        example: true,
        rounding: Rounding::default(),
        blocks,
        ceiling: None,
        ties: Vec::new(),
        grades: Vec::new(),
        awards: Vec::new(),
        vetoes: Vec::new(),
    }
}

fn missing(id: &str, full: &str, per: &str, most: Option<&str>, check: &str) -> Line {
    let mode = Mode::DeductMissing { each: 1, per: points(per), most: most.map(points) };
    line(id, full, mode, &[&[check]])
}

fn grade(name: &str, least: Option<i64>, share: Option<i64>) -> Grade {
    Grade {
        name: name.to_owned(),
        least: least.map(Points::whole),
        share: share.map(|share| Quota::Share(Points::whole(share), Cut::Down)),
        conditions: Vec::new(),
    }
}

fn rule(matter: &str, least: &str, most: &str, per_person: bool, doubles: bool) -> EventRule {
    EventRule { matter: matter.to_owned(), points: (points(least), points(most)), per_person, doubles }
}

fn deducted(id: &str, full: &str, times: u32, once_a_case: bool, rules: Vec<EventRule>) -> Line {
    line(id, full, Mode::DeductEvents { rules, times, once_a_case, most: Some(points(full)) }, &[])
}

fn rewarded(id: &str, full: &str, most: &str, shared: bool, rules: Vec<EventRule>) -> Line {
    line(id, full, Mode::EventPoints { rules, shared, most: Some(points(most)) }, &[])
}

fn one() -> Scheme {
    let a = vec![
        missing("A1", "10", "0.5", None, "ZB-3a"),
        missing("A2", "10", "0.5", None, "ZB-3b"),
        missing("A3", "8", "2", Some("4"), "ZB-2a"),
        missing("A4", "12", "2", None, "ZB-3e"),
    ];
    let b = vec![
        missing("B1", "15", "1", None, "ZB-3c"),
        missing("B2", "5", "1", None, "ZB-4b"),
        missing("B3", "15", "5", None, "ZB-3h"),
    ];
    let c = vec![line("C1", "25", Mode::Judged, &[&["ZB-5a"]])];
    scheme("示例一", vec![weighted("A", 40, a), weighted("B", 35, b), weighted("C", 25, c)])
}

fn tiers(id: &str, full: &str, base: &str, tiers: &[(Period, &str)]) -> Line {
    let names: Vec<String> = tiers.iter().map(|(period, _)| format!("{base}·{}", period.every())).collect();
    let named: Vec<[&str; 1]> = names.iter().map(|name| [name.as_str()]).collect();
    let checks: Vec<&[&str]> = named.iter().map(<[&str; 1]>::as_slice).collect();
    let tiers = tiers.iter().map(|(period, worth)| (*period, 1, points(worth))).collect();
    line(id, full, Mode::Tiers { tiers }, &checks)
}

fn two() -> Scheme {
    let rate = Mode::Rate {
        of: Measured::Attendance,
        least: points("90"),
        step: points("10"),
        per: points("1"),
        up: false,
        most: None,
    };
    let value = Mode::ValueTiers {
        of: Measured::Column("称职以上率".into()),
        tiers: vec![(points("90"), points("15")), (points("80"), points("10"))],
        otherwise: Points::ZERO,
    };
    let (month, quarter, half, year) = (Period::Month, Period::Quarter, Period::Half, Period::Year);
    let a = vec![
        tiers("A1", "20", "ZB-3b", &[(quarter, "20"), (half, "8"), (year, "4")]),
        tiers("A2", "15", "ZB-3a", &[(month, "15"), (quarter, "8"), (year, "3")]),
        tiers("A3", "15", "ZB-3e", &[(half, "15"), (year, "7")]),
        line("A4", "10", rate, &[&["ZB-3b"]]),
    ];
    let b = vec![line("B1", "10", Mode::Share, &[&["ZB-3i"]]), line("B2", "15", value, &[])];
    let c = vec![line("C1", "15", Mode::Judged, &[&["ZB-3g"]])];
    scheme("示例二", vec![weighted("A", 60, a), weighted("B", 25, b), weighted("C", 15, c)])
}

fn three() -> Scheme {
    let fixed = |matter: &str, worth: &str| rule(matter, worth, worth, false, false);
    let person = |matter: &str, worth: &str| rule(matter, worth, worth, true, false);
    let low = Mode::LowMeetings { least: points("80"), per: points("0.5"), most: Some(points("5")) };
    let more = Mode::ActivityPoints { beyond: 1, per: points("0.5"), most: Some(points("2")) };
    let d = vec![
        deducted("D1", "30", 10, false, vec![fixed("未按时上传", "0.1")]),
        deducted("D2", "10", 1, false, vec![person("欠缴党费", "0.1")]),
        deducted("D3", "10", 1, false, vec![fixed("工委批评", "0.5"), fixed("公开通报", "1")]),
        deducted(
            "D4",
            "20",
            1,
            true,
            vec![person("诫勉", "1"), person("轻处分", "3"), person("重处分", "5"), person("移送司法", "8")],
        ),
        deducted("D5", "10", 1, false, vec![rule("工作不实", "0.5", "2", false, true)]),
        line("D6", "5", low, &[&["ZB-3b"]]),
    ];
    let e = vec![
        rewarded(
            "E1",
            "3",
            "3",
            true,
            vec![fixed("县级稿件", "0.5"), fixed("市级稿件", "1"), fixed("省级稿件", "2")],
        ),
        line("E2", "2", more, &[&["ZB-4h"]]),
        rewarded("E3", "5", "5", false, vec![fixed("县级表彰", "1"), fixed("市级表彰", "2")]),
    ];
    let blocks = vec![
        weighted("A", 100, vec![line("A1", "100", Mode::Fixed, &[])]),
        block("D", BlockKind::Deduction(None), d),
        block("E", BlockKind::Bonus(Some(points("10"))), e),
    ];
    scheme("示例三", blocks)
}

fn four() -> Scheme {
    let worth = |name: &str, value: &str| (name.to_owned(), points(value));
    let external =
        Mode::External { column: "业务得分".into(), full: points("120"), missing: Missing::Open };
    let votes = Mode::Votes {
        grades: vec![worth("好", "100"), worth("较好", "80"), worth("一般", "60"), worth("差", "40")],
        classes: vec![worth("领导票", "60"), worth("职工票", "40")],
        fewest: 5,
    };
    let raters = Mode::Raters { full: points("100"), fewest: 3, trim_over: Some(5), limits: Vec::new() };
    let a = vec![
        line("A1", "60", Mode::Share, &[&["ZB-3a", "ZB-3b", "ZB-3c", "ZB-3d"]]),
        line("A2", "40", Mode::Share, &[&["ZB-3e", "ZB-3f"]]),
    ];
    let e = vec![rewarded("E1", "5", "5", false, vec![rule("受表彰", "2", "2", false, false)])];
    let bonus = SchemeBlock { in_grade: false, ..block("E", BlockKind::Bonus(Some(points("5"))), e) };
    let blocks = vec![
        weighted("A", 50, a),
        weighted("B", 30, vec![line("B1", "100", external, &[])]),
        weighted("C", 10, vec![line("C1", "100", votes, &[])]),
        weighted("D", 10, vec![line("D1", "100", raters, &[])]),
        bonus,
    ];
    let grades = vec![
        grade("优秀", Some(90), Some(30)),
        grade("称职", Some(75), None),
        grade("基本称职", Some(60), None),
        grade("不称职", None, None),
    ];
    Scheme { grades, ..scheme("示例四", blocks) }
}

fn five() -> Scheme {
    let all = ["ZB-3a", "ZB-3b", "ZB-3c", "ZB-3d", "ZB-3e"];
    let ranks = Mode::RankPoints {
        column: "业务得分".into(),
        table: ["60", "57", "54", "51"].map(points).to_vec(),
        rest: points("48"),
    };
    let ratio = Mode::RatioToBest { column: "指标完成数".into(), full: None };
    let blocks = vec![
        weighted("A", 60, vec![line("A1", "100", Mode::Share, &[&all])]),
        weighted("B", 30, vec![line("B1", "60", ranks, &[]), line("B2", "40", ratio, &[])]),
        weighted(
            "C",
            10,
            vec![rewarded("C1", "10", "10", true, vec![rule("信息", "0.5", "0.5", false, false)])],
        ),
    ];
    let condition = Condition {
        measure: Measure::Completion(all.map(str::to_owned).to_vec()),
        least: points("90"),
        text: "完成率 ZB-3a、ZB-3b、ZB-3c、ZB-3d、ZB-3e 不低于 90%".into(),
    };
    Scheme {
        ties: vec![Measure::Block(BlockId::from("A"))],
        grades: vec![
            grade("优秀", Some(90), Some(30)),
            grade("良好", Some(80), None),
            grade("一般", None, None),
        ],
        awards: vec![Award {
            name: "先进基层党组织".into(),
            groups: Vec::new(),
            quota: Quota::Share(points("40"), Cut::Down),
            conditions: vec![condition],
        }],
        vetoes: vec![
            Veto { matters: vec!["责任事故".into()], effect: VetoEffect::Cap("一般".into()) },
            Veto { matters: vec!["重处分".into()], effect: VetoEffect::NoAward },
        ],
        ..scheme("示例五", blocks)
    }
}

/// The worked examples: the name of the file in `docs/算例` and the scheme.
pub(crate) fn examples() -> Vec<(&'static str, Scheme)> {
    vec![
        ("示例一_缺次扣分", one()),
        ("示例二_频次分档", two()),
        ("示例三_起评加减", three()),
        ("示例四_分块测评", four()),
        ("示例五_分组争先", five()),
    ]
}
