//! Schemes in TOML: the examples hold together, and whatever is wrong is told with its line.

use shuzhi::error::Result;
use shuzhi::model::{BlockKind, Mode, Period, Points, RequirementId, Scheme};
use shuzhi::seeds::Catalogue;
use shuzhi::seeds::scheme::{self, EXAMPLES, Known, Rosters, checks, grammar};
use std::collections::BTreeMap;

/// The scheme of a text, or what is wrong with it.
pub(crate) fn load(file: &str, text: &str) -> std::result::Result<Scheme, String> {
    let catalogue = Catalogue::builtin().unwrap();
    let points: BTreeMap<RequirementId, Points> = BTreeMap::new();
    let known = Known { requirements: &catalogue.requirements, points: &points };
    let draft: Result<_> = scheme::toml::draft(file, text);
    let draft = draft.map_err(|error| error.to_string())?;
    scheme::build(&draft, &known).map_err(|problems| problems.to_string())
}

#[test]
fn every_example_holds_together() {
    for (short, file, text) in EXAMPLES {
        let scheme = load(file, text).unwrap();
        assert!(scheme.example && scheme.name.starts_with(short), "{file}");
        assert!(scheme.note.contains("不是任何单位的规定"), "{file}");
        for (_, line) in scheme.lines() {
            assert_eq!(
                grammar::parse(grammar::word(&line.mode), &line.standard),
                Ok(line.mode.clone()),
                "{file}"
            );
            assert_eq!(grammar::sentence(&line.mode, line.points), line.standard, "{file}: canonical");
        }
    }
}

#[test]
fn every_way_of_scoring_stands_in_an_example() {
    let seen: Vec<&str> = EXAMPLES
        .iter()
        .flat_map(|(_, file, text)| {
            load(file, text).unwrap().lines().map(|(_, l)| l.mode.clone()).collect::<Vec<_>>()
        })
        .map(|mode| grammar::word(&mode))
        .collect();
    for word in grammar::words() {
        assert!(seen.contains(&word), "{word} stands in no example");
    }
}

#[test]
fn tiers_make_checks_of_their_own() {
    let mut scheme = load(EXAMPLES[1].1, EXAMPLES[1].2).unwrap();
    let catalogue = Catalogue::builtin().unwrap();
    let made = checks(&mut scheme, &catalogue.requirements, &Rosters::default());
    let find = |id: &str| made.iter().find(|check| check.id.as_str() == id).unwrap();
    for (id, period) in
        [("ZB-3b·每季度", Period::Quarter), ("ZB-3b·每半年", Period::Half), ("ZB-3b·每年", Period::Year)]
    {
        assert_eq!((find(id).period, find(id).minimum, find(id).window), (period, 1, (1, 12)));
        assert_eq!(find(id).evidence().as_str(), "ZB-3b");
    }
    assert!(
        made.iter().any(|check| check.id.as_str() == "ZB-3b"),
        "attendance asks for the requirement itself"
    );
    assert!(made.iter().any(|check| check.id.as_str() == "ZB-7a"), "what no line names is checked too");
    let ids: Vec<_> =
        scheme.line(&"A2".into()).unwrap().checks.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(ids, ["ZB-3a·每月", "ZB-3a·每季度", "ZB-3a·每年"]);
    assert!(matches!(scheme.line(&"A1".into()).unwrap().mode, Mode::Tiers { .. }));
}

#[test]
fn a_file_of_points_is_a_scheme() {
    let scheme = load("计分方案.toml", "名称 = \"本局\"\n[分值]\nZB-3a = 10\n").unwrap();
    assert_eq!(scheme.blocks.len(), 1);
    assert_eq!(scheme.blocks[0].kind, BlockKind::Weighted(Points::whole(100)));
    assert_eq!(scheme.line(&"ZB-3a".into()).unwrap().points, Points::whole(10));
}

/// Each replaces one text of an example by another, which makes it wrong.
const WRONG: [(usize, &str, &str); 34] = [
    (0, "权重 = 25", "权重 = 20"),
    (0, "权重 = 25", "权重 = \"二十五\""),
    (0, "编号 = \"A2\"", "编号 = \"A1\""),
    (0, "编号 = \"A2\"", "编号 = \"A*\""),
    (0, "编号 = \"B\"\n", "编号 = \"A\"\n"),
    (0, "分值 = 8\n", "分值 = 0\n"),
    (0, "分值 = 8\n", ""),
    (0, "分值 = 8\n", "分值 = 3\n"),
    (0, "方式 = \"人工评定\"", "方式 = \"人工打分\""),
    (0, "每缺1次扣0.5分，扣完为止", "每缺扣一点"),
    (0, "要求 = [\"ZB-3a\"]", "要求 = [\"ZB-3z\"]"),
    (0, "要求 = [\"ZB-3a\"]", "要求 = [\"XX-1a\"]"),
    (0, "要求 = [\"ZB-3a\"]\n", ""),
    (0, "要求 = [\"ZB-3a\"]", "要求 = [\"ZB-3a\", \"JW-17a\"]"),
    (0, "类别", "类型"),
    (0, "项目 = \"党课\"", "项 = \"党课\""),
    (1, "每季度1次得20分；每半年1次得8分", "每季度1次得18分；每半年1次得8分"),
    (1, "每半年1次得8分；每年1次得4分", "每半年1次得4分；每年1次得8分"),
    (1, "达到80得10分", "达到95得10分"),
    (2, "封顶 = 10", "权重 = 10"),
    (2, "标准 = \"起评100分", "标准 = \"起评90分"),
    (2, "最多扣30分", "最多扣40分"),
    (2, "类别 = \"扣分\"", "类别 = \"加分\""),
    (3, "职工票占40%", "职工票占50%"),
    (3, "比例 = \"30%\"", "比例 = \"130%\""),
    (3, "分数 = 75", "分数 = 95"),
    (3, "名称 = \"称职\"\n分数 = 75", "名称 = \"称职\"\n分数 = 75\n比例 = \"50%\""),
    (4, "同分 = [\"板块 A\"]", "同分 = [\"板块 Z\"]"),
    (4, "等次最高为“一般”", "等次最高为“合格”"),
    (4, "完成率 ZB-3a、ZB-3b、ZB-3c、ZB-3d、ZB-3e 不低于 90%", "完成率 ZB-33 不低于 90%"),
    (4, "完成率 ZB-3a、ZB-3b、ZB-3c、ZB-3d、ZB-3e 不低于 90%", "完成率超过90%"),
    (4, "第1名60分、第2名57分", "第1名60分、第2名67分"),
    (4, "比例 = \"40%\"", "比例 = \"四成\""),
    (4, "[[表彰]]", "[[表扬]]"),
];

#[test]
fn whatever_is_wrong_is_told_with_its_line() {
    let mut told = String::new();
    for (at, from, to) in WRONG {
        let (_, _, text) = EXAMPLES[at];
        let wrong =
            if text.contains(from) { text.replacen(from, to, 1) } else { format!("{from} = 1\n{text}") };
        let message = load("计分方案.toml", &wrong).expect_err(to);
        told += &format!("{} → {}\n    {message}\n", from.replace('\n', "⏎"), to.replace('\n', "⏎"));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let text = EXAMPLES[0].2.replace("扣完为止", "为止").replace("权重 = 40", "权重 = 50");
    insta::assert_snapshot!(load("计分方案.toml", &text).unwrap_err());
}

#[test]
fn weights_must_sum_for_every_group() {
    let text = EXAMPLES[0].2.replacen("权重 = 40", "权重 = 40\n组别 = [\"机关\", \"直属\"]", 1);
    insta::assert_snapshot!(load("计分方案.toml", &text).unwrap_err());
}
