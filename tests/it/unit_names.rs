//! The sheet 单位对应 of the review workbook: a name is confirmed once and holds for good.

use crate::decisions::workbook;
use crate::tables::book;
use calamine::Reader;
use shuzhi::pipeline::run::{Done, run};
use shuzhi::pipeline::watch::Unwatched;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const UNITS: [&str; 3] = ["机关第一党支部", "机关第二党支部", "水文监测站党支部"];

/// A ledger whose title line names a unit.
fn ledger(unit: &str) -> Vec<u8> {
    let named = format!("填报单位：{unit}");
    book(&[("台账", &[&named, "日期|类型|名称", "2023-03-05|支委会|研究工作"])])
}

fn folder(units: &[&str], files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    settings(folder.path(), units);
    for (name, unit) in files {
        let path = folder.path().join("报送").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, ledger(unit)).unwrap();
    }
    folder
}

fn settings(folder: &Path, units: &[&str]) {
    let mut toml = "年度 = 2023\n".to_owned();
    for unit in units {
        toml += &format!("[[支部]]\n名称 = \"{unit}\"\n");
    }
    fs::write(folder.join("考核.toml"), toml).unwrap();
}

fn again(folder: &TempDir) -> Done {
    run(folder.path(), &Unwatched).unwrap()
}

/// Rows of a sheet, all texts; none where there is no such sheet.
fn rows(folder: &TempDir, sheet: &str) -> Vec<Vec<String>> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(workbook(folder.path())).unwrap();
    let Ok(range) = book.worksheet_range(sheet) else { return Vec::new() };
    let rows = range.rows().map(|row| row.iter().map(ToString::to_string).collect());
    rows.skip_while(|row: &Vec<String>| row[0] != "写法").skip(1).collect()
}

/// Saves the sheet as a person would, with other sheets gone but one.
fn save(folder: &TempDir, rows: &[[&str; 4]]) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet().set_name("单位对应").unwrap();
    for (col, name) in (0..).zip(["写法", "文件", "程序认为是", "确认为"]) {
        page.write(1, col, name).unwrap();
    }
    for (at, row) in (2..).zip(rows) {
        for (col, text) in (0..).zip(row) {
            page.write(at, col, *text).unwrap();
        }
    }
    book.save(workbook(folder.path())).unwrap();
}

fn told(done: &Done, code: &str) -> Vec<String> {
    let findings = done.assessed.findings.iter().filter(|finding| finding.rule.code == code);
    findings.map(ToString::to_string).collect()
}

/// Units with their files.
fn counted(done: &Done) -> Vec<String> {
    let mut all: Vec<String> = done
        .assessed
        .results
        .iter()
        .filter(|result| !result.files.is_empty())
        .map(|result| format!("{} {}", result.unit.name, result.files.join("、")))
        .collect();
    all.sort();
    all
}

#[test]
fn a_doubt_is_proposed_confirmed_once_and_never_asked_again() {
    let folder = folder(&UNITS, &[("a.xlsx", "水文监测站"), ("b.xlsx", "河道所支部")]);
    let done = again(&folder);
    assert_eq!((told(&done, "C005").len(), told(&done, "C001").len()), (1, 1));
    assert!(done.assessed.findings.iter().any(|f| f.rule.code == "C005" && f.advice().contains("单位对应")));
    assert_eq!(
        rows(&folder, "单位对应"),
        [
            ["水文监测站", "a.xlsx", "水文监测站党支部", "", "暂按程序的判断计入"],
            ["河道所支部", "b.xlsx", "", "", "名册里没有，没有计入"],
        ]
    );
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(workbook(folder.path())).unwrap();
    let list = book.worksheet_range("可选单位").unwrap();
    assert!(UNITS.iter().all(|unit| list.rows().any(|row| row[0] == *unit)));
    let confirmed = [
        ["水文监测站", "a.xlsx", "水文监测站党支部", "水文监测站党支部"],
        ["河道所支部", "b.xlsx", "", "机关第二党支部"],
    ];
    save(&folder, &confirmed);
    for _ in 0..2 {
        let done = again(&folder);
        assert!(told(&done, "C005").is_empty() && told(&done, "C001").is_empty());
        assert!(told(&done, "S005").is_empty(), "{:?}", told(&done, "S005"));
        assert_eq!(counted(&done), ["机关第二党支部 b.xlsx", "水文监测站党支部 a.xlsx"]);
    }
    // Another file of the same name of unit, and the confirmed files gone: nothing is asked, nothing lost.
    fs::remove_file(folder.path().join("报送/b.xlsx")).unwrap();
    fs::rename(folder.path().join("报送/a.xlsx"), folder.path().join("报送/c.xlsx")).unwrap();
    let done = again(&folder);
    assert_eq!(counted(&done), ["水文监测站党支部 c.xlsx"]);
    let kept: Vec<Vec<String>> = rows(&folder, "单位对应").into_iter().map(|row| row[..4].to_vec()).collect();
    assert_eq!(kept, confirmed);
}

#[test]
fn a_name_of_two_units_holds_in_its_folder() {
    let units = ["城东局第二党支部", "城西局第二党支部"];
    let files = [
        ("城东/一.xlsx", "二支部"),
        ("城东/二.xlsx", "二支部"),
        ("城西/一.xlsx", "二支部"),
        ("城西/二.xlsx", "二支部"),
    ];
    let folder = folder(&units, &files);
    let done = again(&folder);
    assert_eq!(told(&done, "C001").len(), 4);
    let note = "名册里没有，没有计入；这里共2个文件";
    assert_eq!(
        rows(&folder, "单位对应"),
        [["二支部", "城东/一.xlsx", "", "", note], ["二支部", "城西/一.xlsx", "", "", note]]
    );
    // One is confirmed, the other still open: it holds in its folder only.
    save(&folder, &[["二支部", "城东/一.xlsx", "", units[0]], ["二支部", "城西/一.xlsx", "", ""]]);
    let done = again(&folder);
    assert_eq!(counted(&done), ["城东局第二党支部 城东/一.xlsx、城东/二.xlsx"]);
    assert_eq!(rows(&folder, "单位对应").len(), 2);
    save(&folder, &[["二支部", "城东/一.xlsx", "", units[0]], ["二支部", "城西/一.xlsx", "", units[1]]]);
    let done = again(&folder);
    assert_eq!(
        counted(&done),
        ["城东局第二党支部 城东/一.xlsx、城东/二.xlsx", "城西局第二党支部 城西/一.xlsx、城西/二.xlsx"]
    );
}

#[test]
fn what_cannot_be_used_is_told_and_kept() {
    let folder = folder(&UNITS, &[("a.xlsx", "水文监测站"), ("b.xlsx", "二支部台账组")]);
    again(&folder);
    let written = [
        ["二支部台账组", "b.xlsx", "", "机关第二党支部"],
        ["二支部台账组", "x.xlsx", "", "机关第一党支部"],
        ["机关第一党支部", "", "", "机关第二党支部"],
        ["水文监测站", "a.xlsx", "水文监测站党支部", "水文站党支部"],
    ];
    save(&folder, &written);
    let done = again(&folder);
    let mut lines = told(&done, "S003");
    lines.sort();
    assert_eq!(
        lines,
        [
            "提醒 S003 核对/核对表.xlsx〔单位对应〕 D3：单位对应：“二支部台账组”确认为“机关第二党支部”，没有采用：同一写法确认为不同的单位，请只留一个",
            "提醒 S003 核对/核对表.xlsx〔单位对应〕 D4：单位对应：“二支部台账组”确认为“机关第一党支部”，没有采用：同一写法确认为不同的单位，请只留一个",
            "提醒 S003 核对/核对表.xlsx〔单位对应〕 D5：单位对应：“机关第一党支部”确认为“机关第二党支部”，没有采用：这种写法就是名册里“机关第一党支部”的名称或别名，请改名册",
            "提醒 S003 核对/核对表.xlsx〔单位对应〕 D6：单位对应：“水文监测站”确认为“水文站党支部”，没有采用：单位名册里没有这个单位（可能改了名或已撤销），名称最接近的是“水文监测站党支部”，请重新选择",
        ]
    );
    let kept: Vec<Vec<String>> = rows(&folder, "单位对应").into_iter().map(|row| row[..4].to_vec()).collect();
    assert!(written.iter().all(|row| kept.contains(&row.map(str::to_owned).to_vec())), "{kept:?}");
    // The unit is dissolved: what was confirmed is told, and used again when it is back.
    save(&folder, &[["水文监测站", "a.xlsx", "", UNITS[2]]]);
    settings(folder.path(), &UNITS[..2]);
    let done = again(&folder);
    assert!(told(&done, "S003")[0].contains("可能改了名或已撤销"), "{:?}", told(&done, "S003"));
    settings(folder.path(), &UNITS);
    assert!(counted(&again(&folder)).contains(&"水文监测站党支部 a.xlsx".to_owned()));
    // A sheet that lost its column is not taken for an empty one.
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("单位对应").unwrap().write(0, 0, "写法").unwrap();
    book.save(workbook(folder.path())).unwrap();
    let before = fs::read(workbook(folder.path())).unwrap();
    assert_eq!(told(&again(&folder), "S004").len(), 1);
    assert_eq!(fs::read(workbook(folder.path())).unwrap(), before);
}

#[test]
fn without_a_register_a_file_can_be_given_to_a_unit() {
    let folder = folder(&[], &[("甲村党支部.xlsx", "甲村党支部")]);
    let plain = book(&[("台账", &["日期|类型|名称", "2023-04-05|党课|讲党课"])]);
    fs::write(folder.path().join("报送/补充材料.xlsx"), plain).unwrap();
    let done = again(&folder);
    assert_eq!(done.assessed.results.len(), 2);
    assert_eq!(
        rows(&folder, "单位对应"),
        [["补充材料", "补充材料.xlsx", "补充材料", "", "暂按程序的判断计入"]]
    );
    save(&folder, &[["补充材料", "补充材料.xlsx", "补充材料", "甲村党支部"]]);
    let done = again(&folder);
    assert_eq!(done.assessed.results.len(), 1);
    assert!(told(&done, "C005").is_empty());
    assert_eq!(counted(&done), ["甲村党支部 甲村党支部.xlsx、补充材料.xlsx"]);
}
