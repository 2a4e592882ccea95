//! Large files read in a second process: what it gives is what reading in place gives, and where it may not take
//! enough memory the other ledgers are assessed all the same. A test of its own, for a process has one such program.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use shuzhi::ingest::limits;
use shuzhi::model::Severity;
use shuzhi::pipeline::apart;
use shuzhi::pipeline::reading::read_submission;
use shuzhi::pipeline::record_lines::records_lines;
use shuzhi::pipeline::run::run;
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::seeds::Catalogue;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// A ledger of this many activities, each with a long content.
fn ledger(count: usize) -> String {
    let mut text = "时间,类型,主题,内容\n".to_owned();
    let content = "传达学习上级文件精神，研究部署下一步工作。".repeat(40);
    for number in 0..count {
        writeln!(text, "2023-{:02}-{:02},支委会,第{number}次,{content}", number % 12 + 1, number % 28 + 1)
            .unwrap();
    }
    text
}

#[test]
fn a_large_file_is_read_apart_and_may_fail_alone() {
    let large = ledger(2_000);
    assert!(large.len() > limits::LIGHT_BYTES);
    let folder = tempfile::tempdir().unwrap();
    let submissions = folder.path().join("报送");
    fs::create_dir(&submissions).unwrap();
    fs::write(folder.path().join("考核.toml"), "年度 = 2023\n").unwrap();
    fs::write(submissions.join("东山党支部.csv"), &large).unwrap();
    fs::write(submissions.join("西河党支部.csv"), "时间,类型,主题\n2023-03-05,支委会,研究计划\n").unwrap();

    // The program itself: what it tells of the large file is what is read of it in place.
    let catalogue = Catalogue::builtin().unwrap();
    let here: Vec<String> =
        records_lines(&read_submission("东山党支部.csv", large.as_bytes(), &catalogue), true).collect();
    let program = env!("CARGO_BIN_EXE_shuzhi");
    let output = Command::new(program)
        .args(["records", "--excluded", "--format", "jsonl"])
        .arg(submissions.join("东山党支部.csv"))
        .output()
        .unwrap();
    let there = String::from_utf8(output.stdout).unwrap();
    assert_eq!(here.len(), 2_000 + 1);
    assert!(there.lines().eq(here.iter().map(String::as_str)));

    // A program that allows its second process too little memory for this file, and enough to begin.
    let strict = folder.path().join("strict.sh");
    fs::write(&strict, format!("#!/bin/sh\nexec '{program}' read-apart --memory {}\n", 40 << 20)).unwrap();
    fs::set_permissions(&strict, fs::Permissions::from_mode(0o755)).unwrap();
    apart::rely_on(strict);
    let done = run(folder.path(), &Unwatched).unwrap();
    let errors: Vec<String> = done
        .assessed
        .findings
        .iter()
        .filter(|finding| finding.rule.severity == Severity::Error && finding.rule.code == "R030")
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        errors,
        ["错误 R030 东山党支部.csv：读这个文件要用的内存超过上限（600 MB），读取中止，其中的内容没有采用"]
    );
    let read = |name: &str| done.assessed.files.iter().find(|file| &*file.file == name).unwrap().activities;
    assert_eq!((read("东山党支部.csv"), read("西河党支部.csv")), (0, 1));
    assert!(Path::new(&done.results).join("排名表.xlsx").is_file());
}
