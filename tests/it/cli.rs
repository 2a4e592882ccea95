//! The program as its user meets it: words, exit codes, files.

use crate::bureau;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn shuzhi(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shuzhi"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_main_job_tells_what_it_did() {
    let folder = bureau::copy();
    let output = shuzhi(&["run", path(folder.path())], "");
    assert_eq!(output.status.code(), Some(1), "the samples hold unreadable files: {}", err(&output));
    let text = out(&output);
    for words in [
        "青岚市水务局2023年度党建工作考核",
        "行数核对：非空行",
        "名次区间",
        "发现的问题：错误",
        "排名表.xlsx",
        "核对表.xlsx",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    for name in
        ["成果/排名表.xlsx", "成果/运行记录.json", "成果/述职报告/机关第一党支部.docx", "核对/核对表.xlsx"]
    {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    let journal: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("成果/运行记录.json")).unwrap()).unwrap();
    assert_eq!(journal["行数核对"]["相符"], true);
    let inputs = journal["输入文件"].as_array().unwrap();
    let hashed = inputs.iter().filter(|input| input["sha256"].as_str().unwrap().len() == 64).count();
    assert_eq!((inputs.len(), hashed), (20, 19), "all but the lock file");
}

#[test]
fn a_folder_of_spreadsheets_needs_no_settings() {
    let folder = tempfile::tempdir().unwrap();
    let from = bureau::samples().join("报送/机关第一党支部2023年度活动台账.xlsx");
    fs::copy(from, folder.path().join("台账.xlsx")).unwrap();
    let output = shuzhi(&["run", path(folder.path())], "");
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("2023年度"));
    let reports = fs::read_dir(folder.path().join("成果/述职报告")).unwrap().count();
    assert_eq!(reports, 1);
}

#[test]
fn a_list_put_into_the_folder_is_used_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let from = bureau::samples().join("报送/机关第一党支部2023年度活动台账.xlsx");
    fs::copy(from, folder.path().join("台账.xlsx")).unwrap();
    let list = folder.path().join("学校党支部责任清单.txt");
    fs::copy(bureau::fixture("lists/学校党支部.txt"), &list).unwrap();
    let output = shuzhi(&["run", path(folder.path())], "");
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("读取1个文件"), "the list is no submission: {}", out(&output));
    let explained = out(&shuzhi(&["explain", "一支部", "--dir", path(folder.path())], ""));
    assert!(explained.contains("师德师风"), "{explained}");
    // A broken list stops the run at its line, and nothing is written over.
    fs::write(&list, "某校责任清单\n1.甲\n3.乙\n").unwrap();
    let output = shuzhi(&["run", path(folder.path())], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("第3行"), "{}", err(&output));
}

#[test]
fn what_cannot_run_says_why_and_writes_nothing() {
    let output = shuzhi(&["run", "没有这个文件夹"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("没有这个文件夹"), "{}", err(&output));

    let folder = bureau::copy();
    shuzhi(&["run", path(folder.path())], "");
    let before = bureau::contents(&folder.path().join("成果"));
    fs::write(folder.path().join("考核.toml"), "年度 = 二〇二三\n").unwrap();
    let output = shuzhi(&["run", path(folder.path())], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("考核.toml 第1行"), "{}", err(&output));
    assert_eq!(before, bureau::contents(&folder.path().join("成果")), "the old results stay whole");
}

#[test]
fn decisions_of_the_review_sheet_are_used_and_kept() {
    let folder = bureau::copy();
    shuzhi(&["run", path(folder.path())], "");
    let sheet = folder.path().join("核对/核对表.xlsx");
    let explain = |item: &str| {
        let output = shuzhi(&["explain", "抗旱服务队党支部", item, "--dir", path(folder.path())], "");
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        out(&output)
    };
    assert!(explain("ZB-3b").contains("1月 无记录待核实"), "{}", explain("ZB-3b"));
    // A reviewer's sheet as an office would save it: other columns moved, three verdicts.
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    let rows = [
        ["结论", "单位", "要求编号", "期间", "依据或说明"],
        ["已开展", "抗旱服务队党支部", "ZB-3b", "1月", "有会议记录"],
        ["未开展", "抗旱服务队党支部", "ZB-3b", "2月", ""],
        ["也许", "抗旱服务队党支部", "ZB-3b", "3月", "待问"],
    ];
    for (at, row) in (0_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(row) {
            page.write(at, column, text).unwrap();
        }
    }
    book.save(&sheet).unwrap();
    let text = explain("ZB-3b");
    assert!(
        text.contains("1月 有记录1次（核对表）") && text.contains("2月 经核实未开展（核对表）"),
        "{text}"
    );
    let output = shuzhi(&["run", path(folder.path())], "");
    assert!(out(&output).contains("S003"), "{}", out(&output));
    let again = explain("ZB-3b");
    assert!(again.contains("1月 有记录1次（核对表）"), "kept: {again}");
}

#[test]
fn a_review_sheet_that_cannot_be_read_is_left_alone() {
    let folder = bureau::copy();
    fs::create_dir(folder.path().join("核对")).unwrap();
    let sheet = folder.path().join("核对/核对表.xlsx");
    fs::write(&sheet, "这不是表格").unwrap();
    let output = shuzhi(&["run", path(folder.path())], "");
    assert!(out(&output).contains("核对表保持原样"), "{}", out(&output));
    assert_eq!(fs::read_to_string(&sheet).unwrap(), "这不是表格");
}

#[test]
fn rows_are_matched_line_by_line() {
    let input = "{\"id\":\"a\",\"activity_type\":\"支委会\",\"title\":\"研究发展党员工作\",\"description\":\"\"}\n{\"id\":\"b\"}\n";
    let output = shuzhi(&["match", "--list", "ZB", "--format", "jsonl"], input);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let lines: Vec<serde_json::Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["id"], "a");
    assert_eq!(lines[0]["items"][0]["item"], "ZB-3");
    assert!(!lines[0]["items"][0]["evidence"].as_array().unwrap().is_empty());
    assert_eq!(lines[1]["items"].as_array().unwrap().len(), 0);
    let output = shuzhi(&["match", "--format", "jsonl"], "不是 JSON\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("第1行"), "{}", err(&output));
}

/// Decisions for three rows of the samples, as an office would save them.
fn decide(folder: &Path) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    let head = ["单位", "日期", "活动名称", "活动内容", "程序的判断", "结论", "改为条目"];
    let rows = [
        ["河道管理所党支部", "", "安全生产例会", "", "", "改为", "ZB-5"],
        ["河道管理所党支部", "", "没有这一项", "安全生产例会纪要", "", "改为", "ZB-5"],
        ["河道管理所党支部", "", "没有那一项", "安全生产例会签到", "", "不是佐证", ""],
    ];
    for (at, row) in (0_u32..).zip(std::iter::once(head).chain(rows)) {
        for (column, text) in (0_u16..).zip(row) {
            page.write(at, column, text).unwrap();
        }
    }
    fs::create_dir_all(folder.join("核对")).unwrap();
    book.save(folder.join("核对/核对表.xlsx")).unwrap();
}

#[test]
fn learning_is_shown_first_adopted_when_told_and_undone() {
    let folder = bureau::copy();
    let learn = |more: &[&str]| {
        let output = shuzhi(&[&["learn", path(folder.path())], more].concat(), "");
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        out(&output)
    };
    assert!(learn(&[]).contains("没有可以学的结论"));
    decide(folder.path());
    let own = folder.path().join("核对/本单位学习.json");
    let text = learn(&[]);
    assert!(text.contains("用了3条：确认0条，改为2条，不是佐证1条"), "{text}");
    assert!(text.contains("没有采用") && text.contains("--yes") && !own.exists(), "{text}");
    let wording = |list: &str| {
        let arguments = ["explain", "--text", "安全生产例会", "--list", list, "--dir", path(folder.path())];
        out(&shuzhi(&arguments, ""))
    };
    let before = wording("ZB");
    let text = learn(&["--采用"]);
    assert!(text.contains("已采用") && own.is_file(), "{text}");
    let after = wording("ZB");
    assert!(before != after && after.contains("从本单位的核对结论学到"), "{before}{after}");
    assert!(!wording("JW").contains("核对结论"));
    assert!(learn(&["--yes"]).contains("与现在采用的相同"));
    // Other commands use it as well.
    let line = "{\"id\":\"a\",\"title\":\"安全生产例会\"}\n";
    let matched = out(&shuzhi(&["match", "--dir", path(folder.path())], line));
    assert_ne!(matched, out(&shuzhi(&["match"], line)));
    fs::write(&own, "坏了").unwrap();
    let output = shuzhi(&["learn", path(folder.path())], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("--undo"), "{}", err(&output));
    assert!(err(&shuzhi(&["match", "--dir", path(folder.path())], line)).contains("M003"));
    let text = learn(&["--undo"]);
    assert!(text.contains("已退回到程序自带的权重") && !own.exists(), "{text}");
    assert_eq!(wording("ZB"), before);
    assert!(learn(&["--undo"]).contains("没有采用过"));
    let output = shuzhi(&["learn", path(folder.path()), "--yes", "--undo"], "");
    assert!(output.status.code() == Some(2) && err(&output).contains("不能和"), "{}", err(&output));
}

#[test]
fn many_changes_are_written_to_a_workbook() {
    let folder = bureau::copy();
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (column, text) in
        (0_u16..).zip(["单位", "日期", "活动名称", "活动内容", "程序的判断", "结论", "改为条目"])
    {
        page.write(0, column, text).unwrap();
    }
    let row = |at: u32| format!("2023-{:02}-{:02},其他,领用物料第{at}批,\n", at % 12 + 1, at % 28 + 1);
    let ledger: String = (1..=60).map(row).collect();
    let ledger = format!("活动时间,活动类型,活动名称,主要内容\n{ledger}");
    fs::write(folder.path().join("报送/机关第一党支部补报.csv"), ledger).unwrap();
    for at in 1..=20_u32 {
        let title = format!("领用物料第{at}批");
        for (column, text) in [(0, "机关第一党支部"), (2, &*title), (5, "改为"), (6, "ZB-2")] {
            page.write(at, column, text).unwrap();
        }
    }
    fs::create_dir_all(folder.path().join("核对")).unwrap();
    book.save(folder.path().join("核对/核对表.xlsx")).unwrap();
    let text = out(&shuzhi(&["learn", path(folder.path())], ""));
    let shown = text.lines().filter(|line| line.contains(" → ")).count();
    assert!(shown == 30 && text.contains("以上是前30项"), "{text}");
    assert!(folder.path().join("核对/学习前后.xlsx").is_file());
    assert!(!folder.path().join("核对/本单位学习.json").exists());
}

#[test]
fn explanations_name_the_runner_up_and_the_nearest_miss() {
    let folder = bureau::samples();
    let explain = |arguments: &[&str]| {
        let output = shuzhi(&[&["explain"], arguments, &["--dir", path(&folder)]].concat(), "");
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        out(&output)
    };
    let text = explain(&["机关第一党支部"]);
    assert!(text.contains("没有对应条目活动") && text.contains("最接近的是 ZB-"), "{text}");
    let text = explain(&["机关第一党支部", "ZB-4"]);
    assert!(text.contains("其次 ZB-") && text.contains("＋2.00"), "{text}");
    let text = explain(&["--text", "收缴党费", "--kind", "支委会"]);
    assert!(text.contains("ZB-4") && text.contains("ZB-3") && text.contains("＋"), "{text}");
    assert!(err(&shuzhi(&["explain"], "")).contains("还要写明"));
}

#[test]
fn records_are_lines_for_other_programs() {
    let folder = bureau::samples().join("报送");
    let output = shuzhi(&["records", path(&folder), "--format", "jsonl", "--excluded"], "");
    let text = out(&output);
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().filter(|line| line.get("title").is_some()).count() > 500);
    assert!(lines.iter().any(|line| line["excluded"].is_string()));
    assert!(lines.iter().any(|line| line["error"] == "encrypted"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn lists_rules_and_help_are_chinese() {
    let lists = out(&shuzhi(&["lists"], ""));
    for words in ["党组书记抓党建工作责任清单", "ZB-3", "每月"] {
        assert!(lists.contains(words), "{words}");
    }
    assert!(out(&shuzhi(&["rule", "R001"], "")).contains("文件加密"));
    assert_eq!(shuzhi(&["rule", "R999"], "").status.code(), Some(1));
    let help = out(&shuzhi(&["--help"], ""));
    assert!(help.contains("命令：") && !help.contains("Usage") && !help.contains("Options"), "{help}");
    let help = out(&shuzhi(&["run", "--help"], ""));
    assert!(help.contains("用法：") && !help.contains("Usage") && !help.contains("Print help"), "{help}");
    for (arguments, words) in [
        (&["跑"][..], "没有“跑”这个命令"),
        (&["run"], "还要写明"),
        (&["run", "x", "--快"], "不认识“--快”"),
        (&["records", "x", "--format", "yaml"], "不能是“yaml”"),
    ] {
        let output = shuzhi(arguments, "");
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(words), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn one_document_is_written_by_name() {
    let folder = bureau::copy();
    let dir = path(folder.path()).to_owned();
    let listed = out(&shuzhi(&["report", &dir], ""));
    assert!(listed.contains("党支部书记述职报告：机关第一党支部、"), "{listed}");
    assert!(listed.contains("考核结果通报：全局一份"), "{listed}");
    let target = folder.path().join("一份.docx");
    let written =
        shuzhi(&["report", &dir, "--kind", "述职报告", "--unit", "一支部", "--out", path(&target)], "");
    assert_eq!(written.status.code(), Some(0), "{}", err(&written));
    assert!(out(&written).contains("已写好") && target.is_file());
    for (arguments, message) in [
        (&["--kind", "通报"][..], "没有“通报”这种文书，是不是“考核结果通报”？"),
        (&["--kind", "党支部书记述职报告"], "每个单位一份，还要用 --unit 写明"),
        (&["--kind", "党支部书记述职报告", "--unit", "机关第七党支部"], "没有要给“机关第七党支部”写的"),
        (&["--kind", "机关党委书记述职报告"], "没有要写“机关党委书记述职报告”的单位"),
    ] {
        let wrong = shuzhi(&[&["report", &dir], arguments].concat(), "");
        assert_eq!(wrong.status.code(), Some(1));
        assert!(err(&wrong).contains(message), "{}", err(&wrong));
    }
}

#[test]
fn the_templates_are_written_out_and_left_alone_where_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("模板");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("考核结果通报.txt"), "# 我们的\n").unwrap();
    let written = shuzhi(&["template", "--text", path(&own)], "");
    assert_eq!(written.status.code(), Some(0), "{}", err(&written));
    assert!(out(&written).contains("考核结果通报.txt：已经有了，没有动"));
    assert_eq!(fs::read_to_string(own.join("考核结果通报.txt")).unwrap(), "# 我们的\n");
    for name in ["公用.txt", "述职正文.txt", "党支部书记述职报告.txt", "说明.md"] {
        assert!(own.join(name).is_file(), "{name}");
    }
}
