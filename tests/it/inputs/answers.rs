//! The review workbook: questions in the order of what they can change, answers that are never lost.

use super::runs::{again, folder, ledger};
use crate::decisions::{lines, workbook};
use shuzhi::pipeline::run::Done;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Line = BTreeMap<String, String>;

const DEMANDS: [&str; 6] = ["单位", "要求编号", "期间", "结论", "开展日期", "依据或说明"];

/// Saves sheets as an office might.
fn save(folder: &Path, sheets: &[(&str, &[&str], &[Line])]) {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, columns, rows) in sheets {
        let page = book.add_worksheet().set_name(*name).unwrap();
        for (col, name) in (0_u16..).zip(*columns) {
            page.write(1, col, *name).unwrap();
            for (at, row) in (2_u32..).zip(*rows) {
                if let Some(text) = row.get(*name).filter(|text| !text.is_empty()) {
                    page.write(at, col, text).unwrap();
                }
            }
        }
    }
    fs::create_dir_all(folder.join("核对")).unwrap();
    book.save(workbook(folder)).unwrap();
}

fn demand(unit: &str, id: &str, period: &str, verdict: &str, date: &str, note: &str) -> Line {
    let texts = [unit, id, period, verdict, date, note];
    DEMANDS.iter().zip(texts).map(|(name, text)| ((*name).to_owned(), text.to_owned())).collect()
}

fn told(done: &Done, codes: &[&str]) -> String {
    let findings = done.assessed.findings.iter().filter(|f| codes.contains(&f.rule.code));
    findings.map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn total(done: &Done, unit: &str) -> String {
    done.assessed.standings.iter().find(|s| &*s.unit == unit).unwrap().total.to_string()
}

#[test]
fn questions_stand_in_the_order_of_what_they_can_change() {
    let folder = folder("方案 = \"示例一\"");
    let done = again(folder.path());
    let rows = lines(folder.path(), "核对");
    let classes = ["可单独改变表彰结果", "可能影响表彰结果", "影响名次", "只影响得分", "不影响得分", ""];
    let places: Vec<usize> =
        rows.iter().map(|row| classes.iter().position(|class| *class == row["影响"]).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(places[0] < 3 && rows.len() > 50);
    let stake = |row: &Line| row["涉及分"].parse::<f64>().unwrap_or(0.0);
    for pair in rows.windows(2).filter(|pair| pair[0]["影响"] == pair[1]["影响"]) {
        assert!(stake(&pair[0]) >= stake(&pair[1]) - 1e-9, "{pair:?}");
    }
    assert_eq!(rows[0]["序号"], "1");
    assert!(!done.assessed.questions.listed.is_empty());
}

#[test]
fn an_answer_with_its_day_counts_and_stays() {
    let folder = folder("方案 = \"示例二\"");
    let before = again(folder.path());
    let before = (total(&before, "丙村党支部"), before.assessed.results.len());
    let answer = demand("丙村党支部", "ZB-3b·每季度", "第4季度", "已开展", "2023-11-08", "有照片");
    save(folder.path(), &[("核对", &DEMANDS, &[answer])]);
    let done = again(folder.path());
    assert_eq!(told(&done, &["S003", "S004", "S019"]), "");
    let result = done.assessed.results.iter().find(|r| &*r.unit.name == "丙村党支部").unwrap();
    let stated = result.activities.last().unwrap();
    assert!(
        stated.title.contains("核对表写明已开展")
            && stated.place.to_string() == "核对/核对表.xlsx〔核对〕 E3"
    );
    let monthly = result.card.checks.iter().find(|check| check.id.as_str() == "ZB-3b").unwrap();
    assert_eq!(monthly.dues[10].found, 1, "the day proves its month too");
    assert_ne!(total(&done, "丙村党支部"), before.0);
    // Sorted otherwise, columns moved, handed in again under another name: the answer holds.
    let mut rows = lines(folder.path(), "核对");
    assert_eq!(rows.iter().filter(|row| row["开展日期"] == "2023-11-08").count(), 1);
    rows.reverse();
    let mut columns: Vec<&str> = DEMANDS.to_vec();
    columns.reverse();
    save(folder.path(), &[("核对", &columns, &rows)]);
    fs::rename(folder.path().join("报送/丙村党支部.csv"), folder.path().join("报送/重报 丙村党支部.csv"))
        .unwrap();
    let third = again(folder.path());
    assert_eq!(told(&third, &["S003", "S004", "S019"]), "");
    assert_eq!(total(&third, "丙村党支部"), total(&done, "丙村党支部"));
    let row = lines(folder.path(), "核对").into_iter().find(|row| row["开展日期"] == "2023-11-08").unwrap();
    assert_eq!((row["结论"].as_str(), row["依据或说明"].as_str()), ("已开展", "有照片"));
}

#[test]
fn what_cannot_be_adopted_is_told_and_kept() {
    let folder = folder("");
    let answers = [
        demand("丙村党支部", "ZB-9z", "11月", "已开展", "", "甲"),
        demand("丙村党支部", "ZB-3b", "11月", "办了", "", "乙"),
        demand("丙村党支部", "ZB-3b", "第4季度", "已开展", "", "丙"),
        demand("丙村党支部", "ZB-3b", "12月", "已开展", "2023-11-30", "丁"),
        demand("丙村党支部", "ZB-3b", "10月", "未开展", "2023-10-30", "戊"),
        demand("丙村党支部", "ZB-3b", "9月", "", "2023-09-30", "己"),
        demand("丙村党支部", "ZB-3c", "9月", "已开展", "九月末", "庚"),
        demand("丙村党支部", "ZB-3c", "10月", "已开展", "", "辛"),
        demand("丙村党支部", "ZB-3c", "10月", "未开展", "", "壬"),
        demand("丁村党支部", "ZB-3c", "10月", "未开展", "", "癸"),
    ];
    save(folder.path(), &[("核对", &DEMANDS, &answers)]);
    let done = again(folder.path());
    insta::assert_snapshot!(told(&done, &["S003", "S004", "S019"]));
    let mut notes: Vec<String> = Vec::new();
    for sheet in ["核对", "已无对应"] {
        notes.extend(lines(folder.path(), sheet).into_iter().map(|row| row["依据或说明"].clone()));
    }
    for answer in &answers {
        assert_eq!(notes.iter().filter(|note| **note == answer["依据或说明"]).count(), 1, "{answer:?}");
    }
    let result = done.assessed.results.iter().find(|r| &*r.unit.name == "丙村党支部").unwrap();
    let decided = result.card.checks.iter().flat_map(|check| &check.dues).filter(|due| due.decided).count();
    assert_eq!(decided, 0);
}

#[test]
fn an_answer_whose_unit_is_away_waits_for_it() {
    let folder = folder("");
    let answer = demand("丙村党支部", "ZB-3b", "11月", "未开展", "", "支部书记确认");
    save(folder.path(), &[("核对", &DEMANDS, &[answer])]);
    let with = fs::read_to_string(folder.path().join("考核.toml")).unwrap();
    let without = with.split("[[支部]]\n名称 = \"丙村").next().unwrap().to_owned();
    fs::write(folder.path().join("考核.toml"), without).unwrap();
    let done = again(folder.path());
    assert!(told(&done, &["S019"]).contains("有1条结论在本次材料中没有对应的期间"));
    let kept = lines(folder.path(), "已无对应");
    assert_eq!((kept.len(), kept[0]["依据或说明"].as_str()), (1, "支部书记确认"));
    fs::write(folder.path().join("考核.toml"), with).unwrap();
    let done = again(folder.path());
    assert_eq!(told(&done, &["S019", "S003"]), "");
    let result = done.assessed.results.iter().find(|r| &*r.unit.name == "丙村党支部").unwrap();
    let check = result.card.checks.iter().find(|check| check.id.as_str() == "ZB-3b").unwrap();
    assert!(check.dues[10].decided);
}

#[test]
fn a_sheet_whose_columns_are_not_as_they_were_is_left_as_it_is() {
    let folder = folder("");
    let answer = demand("丙村党支部", "ZB-3b", "11月", "未开展", "", "");
    let mut messages = String::new();
    for columns in [
        &["单位", "要求编号", "期间", "最后结论", "开展日期"][..],
        &["单位", "要求编号", "结论"],
        &["单位", "期间", "结论"],
        &["单位", "要求编号", "期间", "结论", "期间"],
    ] {
        save(folder.path(), &[("核对", columns, std::slice::from_ref(&answer))]);
        let before = fs::read(workbook(folder.path())).unwrap();
        let done = again(folder.path());
        messages += &format!("{}\n    {}\n", columns.join("、"), told(&done, &["S004", "S003"]));
        assert_eq!(fs::read(workbook(folder.path())).unwrap(), before, "nothing is overwritten");
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn a_row_may_be_given_to_a_requirement_and_another_day() {
    let folder = folder("");
    ledger(folder.path(), "丙", 7);
    let columns = ["单位", "日期", "活动名称", "活动内容", "程序的判断", "结论", "改为条目", "更正日期"];
    let texts = [
        "丙村党支部",
        "2023-03-05",
        "召开支部党员大会（3月）",
        "丙村学习讨论第3期",
        "对应：ZB-3（98%）",
        "改为",
        "ZB-3d",
        "2023-11-05",
    ];
    let row: Line =
        columns.iter().zip(texts).map(|(name, text)| ((*name).to_owned(), text.to_owned())).collect();
    save(folder.path(), &[("活动对应", &columns, &[row])]);
    let state = |done: &Done| {
        let result = done.assessed.results.iter().find(|r| &*r.unit.name == "丙村党支部").unwrap();
        let found = |id: &str, at: usize| {
            result.card.checks.iter().find(|check| check.id.as_str() == id).unwrap().dues[at].found
        };
        (found("ZB-3d", 10), found("ZB-3b", 2), found("ZB-3b", 10))
    };
    let done = again(folder.path());
    assert_eq!(told(&done, &["S003", "S004"]), "");
    assert_eq!(state(&done), (1, 0, 0));
    let kept = lines(folder.path(), "活动对应").into_iter().find(|row| row["结论"] == "改为").unwrap();
    let kept = [&kept["日期"], &kept["改为条目"], &kept["更正日期"]].map(String::as_str);
    assert_eq!(kept, ["2023-03-05", "ZB-3d", "2023-11-05"]);
    assert_eq!(state(&again(folder.path())), (1, 0, 0), "known again by the day of the ledger");
}
