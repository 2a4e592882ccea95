//! Records of like text: pairs over units and months, and one activity that was entered twice.

use proptest::prelude::*;
use shuzhi::alike::{LIKE, Ledger, PAIRS, search};
use shuzhi::model::{
    Activity, Alikes, Counted, Date, DateSpan, KindId, ListId, Place, Precision, Relation, Unit,
};
use shuzhi::pipeline::assess::assess;
use shuzhi::pipeline::run::run;
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::seeds::{Catalogue, KindTable};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::sync::LazyLock;

static KINDS: LazyLock<KindTable> = LazyLock::new(|| Catalogue::builtin().unwrap().kinds);

const LONG: &str = "组织党员到河堤清理垃圾和杂草，分成三组沿岸巡查，发现两处护坡松动并报告管理站，午后在堤上开会总结，约定每季度再来一次";

/// Unit, month, day, title, content.
type Line = (usize, u32, u32, String, String);

fn line(unit: usize, month: u32, day: u32, title: &str, content: &str) -> Line {
    (unit, month, day, title.to_owned(), content.to_owned())
}

fn activity(row: u32, (unit, month, day, title, content): &Line) -> Activity {
    let date = Date::new(2023, *month, *day).unwrap();
    Activity {
        date: DateSpan::new(date, date, Precision::Day, ""),
        kinds: vec![KindId::from("主题党日")],
        title: title.clone(),
        description: Some(content.clone()).filter(|content| !content.is_empty()),
        ..Activity::blank(Place::sheet(format!("{unit}.xlsx"), "台账").at(row, 1))
    }
}

/// The activities of each unit, in the order of the lines.
fn by_unit(lines: &[Line]) -> Vec<Vec<Activity>> {
    let count = lines.iter().map(|line| line.0 + 1).max().unwrap_or(0);
    let mut units = vec![Vec::new(); count];
    for (row, line) in (1..).zip(lines) {
        units[line.0].push(activity(row, line));
    }
    units
}

fn found(units: &[Vec<Activity>], names: &[&str]) -> Alikes {
    let named: Vec<Unit> = names.iter().map(|name| Unit::named(*name, ListId::from("ZB"))).collect();
    let counted: Vec<Vec<Counted>> = units.iter().map(|unit| vec![Counted::Yes; unit.len()]).collect();
    let ledgers: Vec<Ledger<'_>> = named
        .iter()
        .zip(units)
        .zip(&counted)
        .map(|((unit, activities), counted)| Ledger { unit, activities, counted })
        .collect();
    search(&ledgers, &KINDS)
}

const NAMES: [&str; 6] = ["东河支部", "西山支部", "南湖支部", "北城支部", "中心支部", "港口支部"];

/// Each pair as places and relation, whatever the indices of its units are.
fn pairs(units: &[Vec<Activity>], alikes: &Alikes) -> BTreeSet<(String, String, Relation, u32, u32)> {
    let place = |at: shuzhi::model::RecordAt| units[at.unit][at.activity].place.to_string();
    let pairs = alikes.groups.iter().flat_map(|group| &group.pairs);
    pairs.map(|pair| (place(pair.first), place(pair.second), pair.relation, pair.shared, pair.all)).collect()
}

fn relations(lines: &[Line]) -> Vec<Relation> {
    let units = by_unit(lines);
    let alikes = found(&units, &NAMES[..units.len()]);
    alikes.groups.iter().flat_map(|group| &group.pairs).map(|pair| pair.relation).collect()
}

#[test]
fn what_is_told_and_what_is_not() {
    use Relation::{Joint, Months, Units};
    let with = |from: &str, to: &str| LONG.replace(from, to);
    let documents = "学习《关于新形势下党内政治生活的若干准则》《中国共产党纪律处分条例》《中国共产党廉洁自律准则》《中国共产党党员权利保障条例》";
    for (lines, expected) in [
        // One unit, month after month.
        (vec![line(0, 3, 5, "护河", LONG), line(0, 4, 6, "护河", LONG)], vec![Months]),
        (
            vec![
                line(0, 3, 5, "3月护河", &format!("3月5日上午{LONG}")),
                line(0, 4, 16, "4月护河", &format!("4月16日{}", with("三组", "四组"))),
            ],
            vec![Months],
        ),
        (vec![line(0, 3, 5, "护河", LONG), line(0, 3, 6, "护河", LONG)], vec![]),
        // Two units.
        (vec![line(0, 3, 5, "护河", LONG), line(1, 5, 9, "护河", LONG)], vec![Units]),
        (vec![line(0, 3, 5, "护河", LONG), line(1, 3, 5, "护河", LONG)], vec![Joint]),
        (vec![line(0, 3, 5, "护河", LONG), line(1, 3, 9, "护河", &with("午后", "傍晚"))], vec![Units]),
        (
            vec![
                line(0, 3, 5, "护河", &format!("东河支部{LONG}")),
                line(1, 5, 9, "护河", &format!("西山支部{LONG}")),
            ],
            vec![Units],
        ),
        // Of one unit in two months, and of another on the day of the second.
        (
            vec![line(0, 3, 5, "护河", LONG), line(0, 4, 6, "护河", LONG), line(1, 4, 6, "护河", LONG)],
            vec![Months, Joint],
        ),
        // Formulas are no finding.
        (vec![line(0, 3, 5, "召开支委会", ""), line(0, 4, 5, "召开支委会", "")], vec![]),
        (
            vec![
                line(0, 3, 5, "缴纳党费", "全体党员按时足额缴纳党费"),
                line(1, 4, 5, "缴纳党费", "全体党员按时足额缴纳党费"),
            ],
            vec![],
        ),
        (vec![line(0, 3, 5, documents, ""), line(1, 4, 5, documents, "")], vec![]),
        (vec![line(0, 3, 5, "学习", documents), line(1, 4, 5, "学习", documents)], vec![]),
        (
            vec![
                line(0, 3, 5, "深入学习贯彻习近平新时代中国特色社会主义思想主题教育工作会议精神", ""),
                line(1, 4, 5, "深入学习贯彻习近平新时代中国特色社会主义思想主题教育工作会议精神", ""),
            ],
            vec![],
        ),
        // Different texts.
        (
            vec![
                line(0, 3, 5, "护河", LONG),
                line(
                    1,
                    5,
                    9,
                    "访贫",
                    "走访结对的五户老人，修好一盏灯、一段水管，带去米面油，听他们讲当年修渠的旧事，记下三条愿望回来商量",
                ),
            ],
            vec![],
        ),
    ] {
        assert_eq!(relations(&lines), expected, "{lines:?}");
    }
}

#[test]
fn what_repeats_or_is_only_planned_is_not_compared() {
    let units = by_unit(&[line(0, 3, 5, "护河", LONG), line(1, 5, 5, "护河", LONG)]);
    let unit = Unit::named("东河支部", ListId::from("ZB"));
    for (counted, pairs) in
        [(Counted::Yes, 1), (Counted::OtherYear, 1), (Counted::Planned, 0), (Counted::Duplicate(0), 0)]
    {
        let counted = [counted];
        let ledgers = [
            Ledger { unit: &unit, activities: &units[0], counted: &[Counted::Yes] },
            Ledger { unit: &unit, activities: &units[1], counted: &counted },
        ];
        assert_eq!(search(&ledgers, &KINDS).groups.len(), pairs);
    }
}

#[test]
fn a_text_that_thousands_share_is_one_group_with_its_number() {
    let mut lines: Vec<Line> = Vec::new();
    for at in 0..3_000_u32 {
        lines.push(line(usize::try_from(at % 6).unwrap(), at % 12 + 1, at % 28 + 1, "护河", LONG));
    }
    let units = by_unit(&lines);
    let alikes = found(&units, &NAMES);
    let [group] = &alikes.groups[..] else { panic!("{} groups", alikes.groups.len()) };
    assert_eq!(group.pairs.len(), PAIRS);
    assert_eq!(group.counts.values().sum::<usize>(), group.more() + PAIRS);
    // Every record but the first ones of a unit's month stands beside some other.
    assert!(group.counts.values().sum::<usize>() > 2_000, "{:?}", group.counts);
}

/// Sentences of which made-up texts are put together.
const CLAUSES: [&str; 12] = [
    "到东村修好两段水渠",
    "为老人量血压送药",
    "清理河堤杂草垃圾",
    "听支部老党员讲旧事",
    "商量下季度的帮扶名单",
    "检查仓库消防器材",
    "逐条对照找差距",
    "青年党员交流读书笔记",
    "给学校讲防溺水知识",
    "排查泵站用电隐患",
    "整理去年的会议记录",
    "和物业一起劝导停车",
];

/// Lines whose texts are put together of few clauses, so that many are alike.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    let one = (0..6_usize, 1..=12_u32, 1..=28_u32, prop::collection::vec(0..CLAUSES.len(), 3..8));
    prop::collection::vec(one, 1..40).prop_map(|lines| {
        let text =
            |clauses: Vec<usize>| clauses.into_iter().map(|at| CLAUSES[at]).collect::<Vec<_>>().join("，");
        lines
            .into_iter()
            .map(|(unit, month, day, clauses)| (unit, month, day, "主题党日".to_owned(), text(clauses)))
            .collect()
    })
}

/// Likeness as it is defined, slowly: runs of three characters of the content, which here holds
/// neither dates nor names.
fn likeness(one: &str, two: &str) -> (usize, usize) {
    let runs = |text: &str| {
        let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        chars.windows(3).map(<[char]>::to_vec).collect::<BTreeSet<_>>()
    };
    let digits = |text: &str| text.replace(['两', '一'], "#");
    let (one, two) = (runs(&digits(one).replace('#', "0")), runs(&digits(two).replace('#', "0")));
    (one.intersection(&two).count(), one.union(&two).count())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn pairs_do_not_depend_on_the_order_of_rows_and_units(lines in lines(), turn in 0..40_usize) {
        let units = by_unit(&lines);
        let names = &NAMES[..units.len()];
        let alikes = found(&units, names);
        let mut turned = units.clone();
        let mut turned_names = names.to_vec();
        for activities in &mut turned {
            let by = turn % activities.len().max(1);
            activities.rotate_left(by);
        }
        let by = turn % turned.len();
        turned.rotate_left(by);
        turned_names.rotate_left(by);
        prop_assert_eq!(pairs(&units, &alikes), pairs(&turned, &found(&turned, &turned_names)));
    }

    #[test]
    fn every_pair_is_as_like_as_it_says(lines in lines()) {
        let units = by_unit(&lines);
        let alikes = found(&units, &NAMES[..units.len()]);
        let content = |at: shuzhi::model::RecordAt| units[at.unit][at.activity].description.clone().unwrap();
        for pair in alikes.groups.iter().flat_map(|group| &group.pairs) {
            let (shared, all) = likeness(&content(pair.first), &content(pair.second));
            prop_assert_eq!((pair.shared as usize, pair.all as usize), (shared, all));
            prop_assert!(shared * LIKE.1 as usize >= all * LIKE.0 as usize);
        }
    }

    #[test]
    fn a_copy_with_another_date_is_always_found(
        lines in lines(),
        (from, to) in (0..6_usize, 0..6_usize),
        (month, later) in (1..=11_u32, 1..=11_u32),
    ) {
        let mut lines = lines;
        let later = (month + later - 1).min(12).max(month + 1);
        let text = "支部书记带队查看七个村的饮水工程，水泵房的门锁坏了当场换好，村民反映的水压问题列入下月检修，回来写成清单贴在公示栏";
        lines.push(line(from, month, 3, "查看工程", text));
        lines.push(line(to, later, 4, &format!("{later}月查看工程"), text));
        let units = by_unit(&lines);
        let names = &NAMES[..units.len()];
        let expected = if from == to { Relation::Months } else { Relation::Units };
        let alikes = found(&units, names);
        let told = alikes.groups.iter().flat_map(|group| &group.pairs).any(|pair| {
            let title = |at: shuzhi::model::RecordAt| units[at.unit][at.activity].title.clone();
            pair.relation == expected && title(pair.first).contains("查看") && title(pair.second).contains("查看")
        });
        prop_assert!(told);
    }
}

/// A folder with one csv for each name.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("报送")).unwrap();
    fs::write(folder.path().join("考核.toml"), "年度 = 2023\n单位 = \"某局\"\n").unwrap();
    for (name, rows) in files {
        let text = format!("日期,类型,名称,内容\n{rows}");
        fs::write(folder.path().join("报送").join(format!("{name}.csv")), text).unwrap();
    }
    folder
}

#[test]
fn the_same_activity_in_two_files_counts_once_and_stays_in_the_list() {
    let one = "2023年3月5日,支委会,研究发展党员工作,\n2023年3月5日,支委会,研究党费收缴使用,\n";
    let two = "3.5,支委会,研究发展党员工作,讨论了两名积极分子的材料，同意列为发展对象\n2023-03-20,支委会,研究评先推优,\n";
    let folder = folder(&[("甲支部", one), ("甲支部（补报）", two)]);
    let toml = "年度 = 2023\n单位 = \"某局\"\n[表格.一]\n文件 = \"甲支部*.csv\"\n默认单位 = \"甲支部\"\n";
    fs::write(folder.path().join("考核.toml"), toml).unwrap();
    let assessed = assess(folder.path(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    let result = assessed.results.iter().find(|result| &*result.unit.name == "甲支部").unwrap();
    assert_eq!(result.activities.len(), 4, "{:?}", assessed.findings);
    let of = |title: &str| -> Vec<Counted> {
        result
            .activities
            .iter()
            .zip(&result.counted)
            .filter(|(a, _)| a.title == title)
            .map(|(_, c)| *c)
            .collect()
    };
    assert_eq!(of("研究党费收缴使用"), [Counted::Yes]);
    assert_eq!(of("研究评先推优"), [Counted::Yes]);
    let twice = of("研究发展党员工作");
    assert_eq!(twice.iter().filter(|c| **c == Counted::Yes).count(), 1, "{twice:?}");
    assert!(twice.iter().any(|c| matches!(c, Counted::Duplicate(_))), "{twice:?}");
    let told: Vec<String> =
        assessed.findings.iter().filter(|f| f.rule.code == "N006").map(ToString::to_string).collect();
    assert!(
        matches!(&told[..], [one] if one.contains("甲支部.csv") && one.contains("甲支部（补报）.csv")),
        "{told:?}"
    );
}

#[test]
fn look_alikes_are_told_with_both_places_and_change_no_points() {
    let mut rows: BTreeMap<&str, String> = BTreeMap::new();
    for (unit, month, day, content) in [
        ("甲支部", 3, 5, LONG),
        ("甲支部", 4, 5, LONG),
        ("乙支部", 6, 9, LONG),
        ("丙支部", 6, 9, LONG),
        ("丙支部", 7, 9, "看望三位老党员"),
    ] {
        writeln!(rows.entry(unit).or_default(), "2023-{month}-{day},主题党日,护河,\"{content}\"").unwrap();
    }
    let files: Vec<(&str, &str)> = rows.iter().map(|(unit, rows)| (*unit, rows.as_str())).collect();
    let folder = folder(&files);
    let done = run(folder.path(), &Unwatched).unwrap();
    let told: Vec<String> = done
        .assessed
        .findings
        .iter()
        .filter(|finding| finding.rule.code.starts_with('D'))
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(done.results.join("排名表.xlsx")).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "雷同记录").unwrap();
    let rows: Vec<String> =
        sheet.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")).collect();
    insta::assert_snapshot!(rows.join("\n"));
    let rules = calamine::Reader::worksheet_range(&mut book, "说明").unwrap();
    assert!(rules.rows().flatten().any(|cell| cell.to_string().contains("80%以上")));
    // Other texts in their places give the same points.
    let other = rows_of_their_own(folder.path());
    for (one, two) in done.assessed.results.iter().zip(&other.results) {
        assert_eq!((&one.unit.name, one.card.earned), (&two.unit.name, two.card.earned));
    }
}

/// The same folder with contents that are not alike.
fn rows_of_their_own(folder: &std::path::Path) -> shuzhi::pipeline::assess::Assessed {
    for entry in fs::read_dir(folder.join("报送")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap().replace(LONG, "清理河道");
        fs::write(&path, text).unwrap();
    }
    let assessed = assess(folder, &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    assert!(assessed.alikes.groups.is_empty());
    assessed
}
