//! Whole runs with a scheme, settings and the folder 评分.

use shuzhi::error::Error;
use shuzhi::pipeline::run::{Done, run};
use shuzhi::pipeline::watch::Unwatched;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A folder of three units with a ledger each, and further lines of 考核.toml.
pub(super) fn folder(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("报送")).unwrap();
    let (head, tail) =
        settings.split_once("\n[").map_or((settings, String::new()), |(h, t)| (h, format!("[{t}")));
    let units = ["甲", "乙", "丙"].map(|name| {
        format!(
            "[[支部]]\n名称 = \"{name}村党支部\"\n组别 = \"村支部\"\n书记 = \"何{name}\"\n支委会 = \"是\"\n"
        )
    });
    let text = format!("年度 = 2023\n单位 = \"某县\"\n{head}\n{tail}\n{}", units.join(""));
    fs::write(folder.path().join("考核.toml"), text).unwrap();
    for (unit, months) in [("甲", 12), ("乙", 10), ("丙", 7)] {
        ledger(folder.path(), unit, months);
    }
    folder
}

/// A ledger with a meeting of the branch, of its committee and a 主题党日 in each of the first months.
pub(super) fn ledger(folder: &Path, unit: &str, months: u32) {
    let mut text = format!("填报单位：{unit}村党支部,,,\n日期,活动类型,活动名称,活动内容\n");
    for month in 1..=months {
        for (day, kind, title) in [
            (5, "党员大会", "召开支部党员大会"),
            (12, "支委会", "召开支部委员会"),
            (20, "主题党日", "开展主题党日活动"),
        ] {
            let _ = writeln!(
                text,
                "2023-{month:02}-{day:02},{kind},{title}（{month}月）,{unit}村学习讨论第{month}期"
            );
        }
    }
    fs::write(folder.join(format!("报送/{unit}村党支部.csv")), text).unwrap();
}

pub(super) fn again(folder: &Path) -> Done {
    run(folder, &Unwatched).unwrap()
}

fn refused(settings: &str) -> String {
    let folder = folder(settings);
    let told = run(folder.path(), &Unwatched).unwrap_err().to_string();
    assert!(!folder.path().join("成果").exists(), "nothing is written");
    told
}

fn score(folder: &Path, file: &str, text: &str) {
    fs::create_dir_all(folder.join("评分")).unwrap();
    fs::write(folder.join("评分").join(file), text).unwrap();
}

#[test]
fn a_run_scores_by_an_example() {
    let folder = folder("方案 = \"示例一\"");
    score(folder.path(), "考核分.csv", "单位,编号,考核分\n甲村,C1,20\n乙村党支部,C1,22\n");
    let done = again(folder.path());
    let assessed = &done.assessed;
    assert_eq!(assessed.scheme.name, "示例一 缺次扣分");
    let ranked: Vec<String> = assessed
        .standings
        .iter()
        .zip(&assessed.scores)
        .map(|(standing, score)| {
            let blocks: Vec<String> = score
                .blocks
                .iter()
                .map(|b| format!("{} {}～{}", b.block, b.points.low, b.points.high))
                .collect();
            format!(
                "{} {}（{}～{}） {}～{} {}",
                standing.unit,
                standing.rank,
                standing.best,
                standing.worst,
                standing.total,
                standing.ceiling,
                blocks.join("、")
            )
        })
        .collect();
    let told: Vec<String> =
        assessed.findings.iter().filter(|f| f.rule.code.starts_with("S0")).map(ToString::to_string).collect();
    insta::assert_snapshot!(format!("{}\n\n{}", ranked.join("\n"), told.join("\n")));
    let journal = fs::read_to_string(folder.path().join("成果/运行记录.json")).unwrap();
    let journal: serde_json::Value = serde_json::from_str(&journal).unwrap();
    let first = &journal["单位结果"][0];
    assert_eq!(first["总分"], assessed.standings[0].total.to_string());
    assert_eq!(first["板块"]["C"][0], assessed.scores[0].blocks[2].points.low.to_string());
    assert!(journal["计分规则"].to_string().contains("示例一 缺次扣分"));
}

#[test]
fn points_and_weights_of_the_settings_change_a_scheme() {
    let folder = folder("方案 = \"示例一\"\n[权重]\nA = 30\nB = 45\n[分值]\nA1 = 20");
    let done = again(folder.path());
    let scheme = &done.assessed.scheme;
    assert_eq!(scheme.line(&"A1".into()).unwrap().points.to_string(), "20");
    assert!(format!("{:?}", scheme.blocks[0].kind).contains("3000"));
}

#[test]
fn a_scheme_beside_the_settings_is_taken_and_told() {
    let folder = folder("");
    let text = shuzhi::seeds::scheme::EXAMPLES[1].2;
    fs::write(folder.path().join("本局计分方案.toml"), text).unwrap();
    let done = again(folder.path());
    assert!(done.assessed.scheme.name.starts_with("示例二"));
    let told = done.assessed.findings.iter().find(|f| f.rule.code == "C013").unwrap();
    assert_eq!(
        told.to_string(),
        "说明 C013 本局计分方案.toml：没有设定方案，采用放在文件夹里的“本局计分方案.toml”"
    );
    assert!(done.assessed.checks.iter().any(|check| check.id.as_str() == "ZB-3b·每季度"));
    fs::write(folder.path().join("旧计分方案.toml"), text).unwrap();
    let error = run(folder.path(), &Unwatched).unwrap_err();
    assert!(matches!(error, Error::File { .. }));
    assert!(
        error.to_string().contains("文件夹里有2个计分方案（旧计分方案.toml、本局计分方案.toml）"),
        "{error}"
    );
}

#[test]
fn a_wrong_scheme_stops_the_run() {
    let told: Vec<String> = [
        "方案 = \"示例九\"",
        "方案 = \"示例一\"\n[权重]\nA = 30",
        "方案 = \"示例一\"\n[权重]\nZ = 30",
        "方案 = \"示例一\"\n[分值]\n\"ZB-3a\" = 5",
        "方案 = \"示例二\"\n[分值]\nA1 = 30",
        "[分值]\n\"ZB-33\" = 5",
    ]
    .iter()
    .map(|settings| refused(settings))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn groups_that_nobody_has_are_told() {
    let folder = folder("对比组别 = [\"县区局\"]\n方案 = \"计分方案.toml\"");
    let text =
        shuzhi::seeds::scheme::EXAMPLES[4].2.replace("比例 = \"40%\"", "比例 = \"40%\"\n组别 = [\"机关\"]");
    fs::write(folder.path().join("计分方案.toml"), text).unwrap();
    let done = again(folder.path());
    let told: Vec<String> =
        done.assessed.findings.iter().filter(|f| f.rule.code == "S017").map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_joint_event_counts_once_where_it_is_set() {
    let joint = |settings: &str| {
        let folder = folder(settings);
        let text = "填报单位：丙村党支部,,\n日期,活动类型,活动名称\n2023-03-05,党员大会暨主题党日,党员大会暨主题党日活动\n";
        fs::write(folder.path().join("报送/丙村党支部.csv"), text).unwrap();
        let done = again(folder.path());
        done.assessed.findings.iter().filter(|f| f.rule.code == "S018").count()
    };
    assert_eq!((joint(""), joint("合并活动 = \"各算\""), joint("合并活动 = \"只计一种\"")), (0, 0, 1));
}

#[test]
fn a_unit_named_twice_is_told_with_its_cell() {
    let folder = folder("");
    fs::write(folder.path().join("考核.toml"), "年度 = 2023\n单位 = \"某县\"\n").unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet().set_name("名册").unwrap();
    for (row, cells) in
        (2_u32..).zip([["序号", "单位名称"], ["1", "甲村党支部"], ["2", "乙村党支部"], ["3", "甲村党支部"]])
    {
        page.write(row, 0, cells[0]).unwrap().write(row, 1, cells[1]).unwrap();
    }
    book.save(folder.path().join("单位名册.xlsx")).unwrap();
    let told = run(folder.path(), &Unwatched).unwrap_err().to_string();
    assert!(
        told.ends_with("单位名册.xlsx：名册不能使用：〔名册〕 B6的“甲村党支部”与第1个单位重名，请删去一个，或把不同的单位写出区别"),
        "{told}"
    );
    assert!(!folder.path().join("成果").exists(), "nothing is written");
}
