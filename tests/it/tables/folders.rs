//! Whole folders by their rules, through the program as its user meets it.

use super::book;
use crate::bureau;
use crate::program::{inside, shuzhi, text};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder of an office: settings, and two ledgers of the same name under 报送.
fn office(toml: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let strange = book(&[
        ("台账", &["何年何日|大类|干啥|咋干的", "1月5日|支委会|研究工作|讨论", "2月6日||讲课|书记讲"]),
        ("党费", &["姓名|金额", "张三|5"]),
    ]);
    for unit in ["报送/甲支部", "报送/乙支部"] {
        fs::create_dir_all(folder.path().join(unit)).unwrap();
        fs::write(folder.path().join(unit).join("台账.xlsx"), &strange).unwrap();
    }
    if !toml.is_empty() {
        fs::write(folder.path().join("考核.toml"), toml).unwrap();
    }
    folder
}

const RULES: &str = "年度 = 2023\n\n[表格.甲]\n文件 = \"甲支部/*.xlsx\"\n工作表 = \"台账\"\n表头行 = 1\n列 = { C = \"名称\", D = \"内容\" }\n默认年份 = 2023\n默认类型 = \"党课\"\n默认单位 = \"甲党支部\"\n\n[表格.党费]\n文件 = \"*\"\n工作表 = \"党费*\"\n读法 = \"不读\"\n";

/// Lines of `records` for a path, as JSON.
fn records(of: &Path) -> Vec<serde_json::Value> {
    let output = shuzhi(&["records", path(of), "--format", "jsonl", "--excluded"]);
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn rules_hold_for_the_folder_and_for_every_path_inside() {
    let folder = office(RULES);
    let whole = records(folder.path());
    let of_first: Vec<_> = whole.iter().filter(|line| line["file"] == "甲支部/台账.xlsx").collect();
    let titles: Vec<_> = of_first.iter().filter_map(|line| line["title"].as_str()).collect();
    assert_eq!(titles, ["研究工作", "讲课"]);
    assert_eq!((&of_first[0]["date_start"], &of_first[1]["type"]), (&"2023-01-05".into(), &"党课".into()));
    assert_eq!(of_first[0]["unit"], "甲党支部");
    let by_rule = whole.iter().filter(|line| line["excluded"] == "按规则不读").count();
    assert_eq!(by_rule, 4, "党费 of both units");
    // Two records, three rows of no rule's, and nothing else read in the second file.
    assert!(whole.iter().all(|line| line["file"] == "甲支部/台账.xlsx" || line["title"].is_null()));
    for inside in ["报送", "报送/甲支部", "报送/甲支部/台账.xlsx"] {
        let lines = records(&folder.path().join(inside));
        let titles: Vec<_> = lines.iter().filter_map(|line| line["title"].as_str()).collect();
        assert_eq!(titles, ["研究工作", "讲课"], "{inside}");
    }
    let second = records(&folder.path().join("报送/乙支部/台账.xlsx"));
    assert!(second.iter().all(|line| line["title"].is_null()), "the rule speaks of the other unit");
    // A relative path, from inside.
    let (_, shown) = inside(&folder.path().join("报送/甲支部"), &["check", "台账.xlsx"]);
    assert!(shown.contains("按规则 [表格.甲]（考核.toml 第3行）：表头行 1，列 C＝名称、D＝内容"));
    // A file that lies beside the settings, and a folder without 报送.
    let flat = office("");
    fs::remove_dir_all(flat.path().join("报送/乙支部")).unwrap();
    fs::rename(flat.path().join("报送/甲支部"), flat.path().join("甲支部")).unwrap();
    fs::remove_dir(flat.path().join("报送")).unwrap();
    fs::write(flat.path().join("考核.toml"), RULES).unwrap();
    for inside in ["", "甲支部", "甲支部/台账.xlsx"] {
        let lines = records(&flat.path().join(inside));
        assert_eq!(lines.iter().filter(|line| line["title"].is_string()).count(), 2, "{inside}");
    }
}

#[test]
fn rules_without_use_are_told_by_every_command() {
    let toml = format!(
        "{RULES}\n[表格.丙]\n文件 = \"甲支部/台帐.xlsx\"\n读法 = \"不读\"\n\n[表格.丁]\n文件 = \"台账.xlsx\"\n工作表 = 5\n读法 = \"不读\"\n"
    );
    let folder = office(&toml);
    let file = "提醒 C012 [表格.丙]（考核.toml 第17行）：报送材料里没有“甲支部/台帐.xlsx”";
    let sheet = "提醒 C012 [表格.丁]（考核.toml 第21行）：“乙支部/台账.xlsx”等2个文件里没有第5张这样的、有内容的工作表";
    let all = path(folder.path());
    let check = text(&shuzhi(&["check", all]).stdout);
    assert!(check.contains(file) && check.contains(sheet), "{check}");
    assert!(check.contains("名称最接近的是“甲支部/台账.xlsx”"), "{check}");
    assert!(check.contains("文件里有“台账”、“党费”"), "{check}");
    let records = text(&shuzhi(&["records", all]).stderr);
    assert!(records.contains(file) && records.contains(sheet), "{records}");
    let run = text(&shuzhi(&["run", all]).stdout);
    assert!(run.contains(file) && run.contains(sheet), "{run}");
    // Of one file only those rules are told that speak of it.
    let one = text(&shuzhi(&["check", path(&folder.path().join("报送/甲支部/台账.xlsx"))]).stdout);
    assert!(!one.contains("[表格.丙]") && one.contains("[表格.丁]"), "{one}");
}

#[test]
fn broken_settings_stop_every_command_at_their_line() {
    let folder = office("年度 = 2023\n[表格.甲]\n文件 = \"*\"\n列 = { B = \"日其\" }\n");
    for command in ["run", "check", "records"] {
        let output = shuzhi(&[command, path(folder.path())]);
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(
            text(&output.stderr).contains("考核.toml 第4行：[表格.甲] 的B列写的“日其”不认识，是不是“日期”？")
        );
    }
    assert!(!folder.path().join("成果").exists());
}

#[test]
fn a_run_counts_what_the_rules_say() {
    let folder = office(RULES);
    let output = shuzhi(&["run", path(folder.path())]);
    let run = text(&output.stdout);
    // The other unit's ledger is not understood: an error, and no activity.
    assert_eq!(output.status.code(), Some(1), "{run}");
    assert!(run.contains("非空行10＝活动行2＋剔除行8；活动2项"), "{run}");
    assert!(run.contains("甲党支部") && run.contains("R010"), "{run}");
    let explained = text(&shuzhi(&["explain", "甲党支部", "--dir", path(folder.path())]).stdout);
    assert!(explained.contains("甲党支部"), "{explained}");
    let journal = fs::read_to_string(folder.path().join("成果/运行记录.json")).unwrap();
    let journal: serde_json::Value = serde_json::from_str(&journal).unwrap();
    assert_eq!(journal["行数核对"]["相符"], true);
    let notes = journal.to_string();
    let note = "考核.toml 设定：[表格.党费] 文件“*”，工作表“党费*”：读法 不读。";
    assert!(notes.contains(note), "{notes}");
}

#[test]
fn a_unit_that_the_register_does_not_know_is_told() {
    let folder = bureau::copy();
    let settings = folder.path().join("考核.toml");
    let known = fs::read_to_string(&settings).unwrap();
    let rule = "\n[表格.一]\n文件 = \"六支部*\"\n默认单位 = \"第九十九党支部\"\n";
    fs::write(&settings, known + rule).unwrap();
    let run = text(&shuzhi(&["run", path(folder.path())]).stdout);
    assert!(run.contains("C001 [表格.一]（考核.toml 第"), "{run}");
    assert!(run.contains("的默认单位“第九十九党支部”不在单位名册中，没有采用"), "{run}");
}
