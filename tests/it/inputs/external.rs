//! The folder 评分: every layout is taken, and whatever is not taken is told with its cell.

use super::schemes::load;
use shuzhi::model::{External, FactState, LineId, ListId, Outcome, Points, Scheme, Unit};
use shuzhi::pipeline::external::of_files;
use shuzhi::pipeline::units::Units;
use shuzhi::seeds::Catalogue;
use shuzhi::seeds::scheme::EXAMPLES;

fn example(at: usize) -> Scheme {
    load(EXAMPLES[at].1, EXAMPLES[at].2).unwrap()
}

fn take(at: usize, files: &[(&str, &str)]) -> Outcome<External> {
    let catalogue = Catalogue::builtin().unwrap();
    let unit = |name: &str, alias: &str| Unit {
        aliases: vec![alias.to_owned()],
        registered: true,
        ..Unit::named(name, ListId::from("ZB"))
    };
    let units =
        vec![unit("机关第一党支部", "甲"), unit("机关第二党支部", "乙"), unit("水文监测站党支部", "丙")];
    let units = Units::new(units, "青岚市水务局", &ListId::from("ZB"));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    of_files(&files, &example(at), &units, &catalogue.headers.words.totals)
}

fn lines(texts: impl Iterator<Item = String>) -> String {
    texts.flat_map(|text| [text, "\n".to_owned()]).collect()
}

fn told(outcome: &Outcome<External>) -> String {
    lines(outcome.findings.iter().map(ToString::to_string))
}

/// Findings but those about what is missing altogether.
fn complaints(at: usize, text: &str) -> String {
    let outcome = take(at, &[("评分/表.csv", text)]);
    lines(outcome.findings.iter().filter(|f| f.rule.code != "S014").map(|f| format!("    {f}")))
}

fn key(unit: &str, line: &str) -> (std::sync::Arc<str>, LineId) {
    (unit.into(), line.into())
}

#[test]
fn scores_are_taken_by_unit_and_column() {
    let outcome = take(
        4,
        &[
            (
                "评分/业务.csv",
                "业务考核结果,,,\n序号,单位,业务得分,名次\n1,机关一支部,95,2\n2,乙,97.5分,1\n3,水文监测站,88.333,3\n,合计,280.5,\n",
            ),
            ("评分/指标.csv", "支部名称,指标完成数,备注\n甲,48,\n乙,—,未报\n丙,50,\n"),
            ("评分/上年.csv", "单位,上年名次,上年得分\n甲,2,91.5\n乙,1,93\n"),
        ],
    );
    let value = |unit: &str, column: &str| {
        outcome.value.values.get(&(unit.into(), column.to_owned())).map(|given| given.value.to_string())
    };
    assert_eq!(value("机关第一党支部", "业务得分").as_deref(), Some("95"));
    assert_eq!(value("机关第二党支部", "业务得分").as_deref(), Some("97.5"));
    assert_eq!(value("水文监测站党支部", "业务得分").as_deref(), Some("88.33"));
    assert_eq!(value("机关第二党支部", "指标完成数"), None);
    assert_eq!(outcome.value.last_year["机关第二党支部"], (Some(1), Some(Points::whole(93))));
    let place = &outcome.value.values[&("机关第一党支部".into(), "业务得分".to_owned())].place;
    assert_eq!(place.to_string(), "评分/业务.csv C3");
    insta::assert_snapshot!(told(&outcome));
}

#[test]
fn votes_and_raters_are_taken() {
    let outcome = take(
        3,
        &[
            (
                "评分/计票.csv",
                "单位,票种,发出票,收回票,有效票,好,较好,一般,差\n甲,领导票,7,6,6,3,2,1,0\n甲,职工,20,20,20,12,5,2,1\n乙,领导票,5,4,4,4,0,0,0\n乙,职工票,20,20,20,20,0,0,0\n",
            ),
            (
                "评分/计票二.csv",
                "单位,领导票,,,,职工票,,,\n,好,较好,一般,差,好,较好,一般,差\n丙,5,1,0,0,10,2,1,0\n",
            ),
            ("评分/打分.csv", "单位,评委1,评委2,评委3\n甲,92,90,88.5\n乙,90,,94\n"),
            ("评分/打分二.csv", "单位,评委,得分\n丙,赵评委,91\n丙,钱评委,93\n"),
        ],
    );
    let votes = |unit: &str| -> Vec<(String, Vec<u32>)> {
        outcome.value.votes[&key(unit, "C1")].iter().map(|v| (v.class.clone(), v.counts.clone())).collect()
    };
    assert_eq!(
        votes("机关第一党支部"),
        [("职工票".to_owned(), vec![12, 5, 2, 1]), ("领导票".to_owned(), vec![3, 2, 1, 0])]
    );
    // A group heading that is not merged stands only over its first column.
    assert_eq!(outcome.value.raters[&key("机关第一党支部", "D1")].len(), 3);
    assert_eq!(outcome.value.raters[&key("机关第二党支部", "D1")].len(), 2);
    assert_eq!(outcome.value.raters[&key("水文监测站党支部", "D1")].len(), 2);
    insta::assert_snapshot!(told(&outcome));
}

#[test]
fn events_and_vetoes_are_taken() {
    let outcome = take(
        2,
        &[(
            "评分/加减分.csv",
            "单位,项目编号,事项,日期,次数,人数,作者数,分值,案号,加倍,状态,依据\n\
             甲,D1,未按时上传,,3,,,,,,,平台\n甲,D1,未按时上传,,2,,,,,,待核,平台\n甲,D2,欠缴党费,,2,2,,,,,,\n\
             甲,,诫勉,2023-05-01,,,,,001,,,决定\n甲,D4,轻处分,,,,,,001,,,决定\n甲,D5,工作不实,,,,,-1.5,,是,,\n\
             甲,E1,市级稿件,,,,3,,,,不实,\n",
        )],
    );
    let events = &outcome.value.events;
    assert_eq!(events.len(), 7);
    assert_eq!((events[1].state, events[1].times), (FactState::Open, 2));
    assert_eq!((events[2].times, events[2].persons), (2, 2));
    assert!(events[3].outweighed && !events[4].outweighed, "of one case the heavier counts");
    assert_eq!((events[5].each, events[5].doubled), (Points::from_hundredths(150), true));
    assert_eq!((events[6].authors, events[6].state), (3, FactState::False));
    assert_eq!(told(&outcome), "");
    let outcome = take(
        4,
        &[("评分/否决.csv", "单位,一票否决事项,状态,依据\n甲,重处分,,决定\n乙,责任事故,待核,通报\n丙,,,\n")],
    );
    let vetoes: Vec<_> =
        outcome.value.vetoes.iter().map(|v| (&*v.unit, v.matter.as_str(), v.state)).collect();
    assert_eq!(
        vetoes,
        [("机关第一党支部", "重处分", FactState::True), ("机关第二党支部", "责任事故", FactState::Open)]
    );
}

#[test]
fn scores_of_lines_and_hours_are_taken() {
    let outcome = take(
        0,
        &[
            (
                "评分/自评.csv",
                "单位,项目编号,自评分,考核分,原因\n甲,A1,9.5,,\n甲,C1,24,21.5,材料齐全\n甲,ZB-3b,9,,\n",
            ),
            ("评分/考核得分.csv", "单位,A2,C1\n乙,8,13\n"),
            (
                "评分/学时.csv",
                "单位,姓名,职务,学时,集中培训次数\n甲,何岸,书记,40,1\n甲,何岸,书记,20.5,\n甲,林渡,党员,30,\n",
            ),
        ],
    );
    let external = &outcome.value;
    assert_eq!(external.own[&key("机关第一党支部", "A1")].value.to_string(), "9.5");
    assert_eq!(external.own[&key("机关第一党支部", "A2")].value.to_string(), "9", "by its requirement");
    assert_eq!(external.judged[&key("机关第一党支部", "C1")].value.to_string(), "21.5");
    assert_eq!(external.judged[&key("机关第二党支部", "C1")].value.to_string(), "13");
    let hours: Vec<_> =
        external.hours.iter().map(|h| (h.person.as_str(), h.hundredths, h.trainings)).collect();
    assert_eq!(hours, [("何岸", 6050, 1), ("林渡", 3000, 0)]);
    insta::assert_snapshot!(told(&outcome));
}

/// An example and a sheet that is wrong.
const WRONG: [(usize, &str); 26] = [
    (3, "单位,业务得分\n机关第三党支部,90\n"),
    (3, "单位,业务得分\n水文站监测支部,90\n"),
    (3, "单位,业务得分\n甲,90\n乙,80\n机关第一党支部,90\n"),
    (3, "单位,业务得分\n甲,121\n乙,-1\n"),
    (3, "单位,业务得分\n甲,约90\n乙,优秀\n"),
    (3, "单位,业务分数,联系电话\n甲,90,12345\n"),
    (3, "姓名,业务得分\n张三,90\n"),
    (3, "单位,票种,有效票,好,较好,一般,差\n甲,领导票,5,3,2,1,0\n"),
    (3, "单位,票种,收回票,有效票,弃权,好,较好,一般,差\n甲,领导票,6,6,1,3,2,1,0\n"),
    (3, "单位,票种,发出票,收回票,有效票,好,较好,一般,差\n甲,领导票,6,7,6,3,2,1,0\n"),
    (3, "单位,票种,好,较好,一般,差\n甲,领导票,2,1,0,0\n"),
    (3, "单位,票种,好,较好,一般,差\n甲,群众票,20,1,0,0\n"),
    (3, "单位,票种,好,较好,一般,差\n甲,领导票,三,1,0,0\n"),
    (3, "单位,票种,好,较好,一般,差\n甲,领导票,5,1,0,0\n甲,领导票,5,1,0,0\n"),
    (3, "单位,评委1,评委2,评委3\n甲,92,101,90\n乙,92,91,90\n丙,92,91,88\n"),
    (2, "单位,事项,分值\n甲,未按时上传,0.2\n"),
    (2, "单位,事项,分值\n甲,工作不实,3\n"),
    (2, "单位,事项,分值\n甲,工作不实,\n"),
    (2, "单位,事项\n甲,市级稿子\n"),
    (2, "单位,项目编号,事项\n甲,E9,县级表彰\n"),
    (2, "单位,项目编号,事项\n甲,E1,县级表彰\n"),
    (2, "单位,事项,状态\n甲,诫勉,也许\n"),
    (4, "单位,否决事项\n甲,安全事故\n"),
    (0, "单位,编号,考核分\n甲,C9,20\n甲,C1,26\n"),
    (1, "单位,称职以上率\n甲,0.865\n"),
    (3, "单位,票种,好,较好,一般,差\n甲,领导票,5.5,1,0,0\n"),
];

#[test]
fn whatever_is_not_taken_is_told_with_its_cell() {
    let mut all = String::new();
    for (at, text) in WRONG {
        let complaints = complaints(at, text);
        assert!(!complaints.is_empty(), "{text}");
        all += &format!("{}\n{complaints}", text.trim_end().replace('\n', " ⏎ "));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_ballot_beyond_the_limits_is_void() {
    let text = EXAMPLES[3].2.replace("有效票不少于3张", "每张票95分以上的不超过1个；有效票不少于3张");
    let scheme = load("计分方案.toml", &text).unwrap();
    let catalogue = Catalogue::builtin().unwrap();
    let units = ["甲支部", "乙支部", "丙支部"].map(|name| Unit::named(name, ListId::from("ZB"))).to_vec();
    let units = Units::new(units, "", &ListId::from("ZB"));
    let csv = "单位,评委1,评委2,评委3,评委4\n甲支部,96,90,88,95\n乙支部,97,90,89,94\n丙支部,90,90,90,93\n";
    let outcome =
        of_files(&[("评分/打分.csv", csv.as_bytes())], &scheme, &units, &catalogue.headers.words.totals);
    assert_eq!(outcome.value.raters[&key("甲支部", "D1")].len(), 2);
    insta::assert_snapshot!(told(&outcome));
}

#[test]
fn files_that_cannot_be_read_are_told() {
    let outcome =
        take(0, &[("评分/坏.xlsx", "PK\u{3}\u{4}"), ("评分/说明.pdf", "%PDF-1.7"), ("评分/空.csv", "")]);
    let told: String = lines(told(&outcome).lines().filter(|line| line.contains("S021")).map(str::to_owned));
    insta::assert_snapshot!(told);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let one = ("评分/甲.csv", "单位,业务得分\n甲,90\n");
    let two = ("评分/乙.csv", "单位,业务得分\n乙,80\n");
    assert_eq!(take(3, &[one, two]).value, take(3, &[two, one]).value);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]

    #[test]
    fn no_sheet_stops_the_program(
        at in 0_usize..5,
        rows in proptest::collection::vec(proptest::collection::vec(proptest::sample::select(vec![
            "", "单位", "甲", "乙", "水文", "业务得分", "指标完成数", "票种", "领导票", "好", "较好", "一般", "差", "评委1", "评委2",
            "评委3", "事项", "诫勉", "信息", "项目编号", "C1", "A1", "E1", "自评分", "考核分", "姓名", "学时", "上年名次", "有效票",
            "5", "-1", "1e300", "99999999999", "NaN", "0.5", "合计", "否决事项", "重处分", "待核", "状态", "分值", "人数", "次数",
        ]), 1..9), 1..8),
    ) {
        let text: String = rows.iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n");
        let outcome = take(at, &[("评分/表.csv", &text)]);
        for finding in &outcome.findings {
            proptest::prop_assert!(!finding.advice().is_empty());
        }
        proptest::prop_assert_eq!(take(at, &[("评分/表.csv", &text)]).value, outcome.value);
    }
}
