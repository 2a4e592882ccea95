//! Files of every layout, read whole and compared with what a clerk would write down.
//!
//! `UPDATE_READING=1 cargo test --test it reading` writes the expected lines anew; review them as a diff.

#![allow(clippy::unwrap_used, clippy::format_push_string)]

use proptest::prelude::*;
use shuzhi::model::Submission;
use shuzhi::pipeline::reading::read_submission;
use shuzhi::pipeline::record_lines::records_lines;
use shuzhi::seeds::Catalogue;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reading")
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|e| e != "jsonl"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() >= 30, "the fixtures are missing");
    files
}

/// Activities, rows left out and findings of a file, one a line.
fn lines(submission: &Submission) -> String {
    let mut text = records_lines(submission, true).collect::<Vec<_>>().join("\n");
    for unit in &submission.units {
        text.push_str(&format!("\nunit {} {:?}", unit.name, unit.source));
    }
    for finding in &submission.findings {
        text.push_str(&format!("\n{finding}"));
    }
    text.push('\n');
    text
}

#[test]
fn every_layout_reads_as_expected() {
    let wordings = Catalogue::builtin().unwrap();
    let update = std::env::var_os("UPDATE_READING").is_some();
    for (name, bytes) in fixtures() {
        let found = lines(&read_submission(&name, &bytes, &wordings));
        let path = folder().join(format!("{name}.jsonl"));
        if update {
            std::fs::write(&path, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{name}");
    }
}

fn adds_up(submission: &Submission) -> bool {
    let counts = submission.counts;
    counts.nonblank == counts.activity_rows + counts.excluded
}

#[test]
fn no_row_is_lost() {
    let wordings = Catalogue::builtin().unwrap();
    for (name, bytes) in fixtures() {
        let submission = read_submission(&name, &bytes, &wordings);
        assert!(adds_up(&submission), "{name}: {:?}", submission.counts);
        let first_lines: std::collections::BTreeSet<_> =
            submission.activities.iter().map(|a| (a.place.sheet.clone(), a.place.row)).collect();
        let left_out: std::collections::BTreeSet<_> =
            submission.excluded.iter().map(|e| (e.place.sheet.clone(), e.place.row)).collect();
        assert_eq!(first_lines.intersection(&left_out).count(), 0, "{name}");
    }
}

#[test]
fn reading_twice_gives_the_same_bytes() {
    let wordings = Catalogue::builtin().unwrap();
    for (name, bytes) in fixtures() {
        let once = lines(&read_submission(&name, &bytes, &wordings));
        assert_eq!(once, lines(&read_submission(&name, &bytes, &wordings)), "{name}");
    }
}

/// A cell of a ledger, sensible or not.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        2 => prop::sample::select(vec![
            "序号", "时间", "活动类型", "活动主题", "主要内容", "参加人数", "主持人", "地点", "备注", "姓名", "月份",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "3月5日", "2023.4.6", "一季度", "2月30日", "同上", "支委会", "党课", "主题党日", "1月", "2月", "3月", "未开展",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "红山县某局党支部2023年台账", "填报单位：某党支部", "合计", "注：说明", "一、支委会", "例", "第1页 共2页",
            "1.3月5日召开支委会；2.4月6日讲党课", "主要内容：学习", "学习党章", "时间：3月5日",
        ]).prop_map(str::to_owned),
        1 => "[0-9]{1,4}",
        1 => "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sheet_is_read_without_loss(rows in prop::collection::vec(prop::collection::vec(cell(), 1..8), 1..16)) {
        let text = rows.iter().map(|row| {
            row.iter().map(|c| format!("\"{}\"", c.replace('"', "'"))).collect::<Vec<_>>().join(",")
        }).collect::<Vec<_>>().join("\n");
        let wordings = wordings();
        let submission = read_submission("台账.csv", text.as_bytes(), wordings);
        prop_assert!(adds_up(&submission), "{:?}", submission.counts);
    }

    #[test]
    fn any_bytes_give_a_submission(bytes in prop::collection::vec(any::<u8>(), 0..300), head in 0_usize..4) {
        let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table>"];
        let bytes = [heads[head], bytes.as_slice()].concat();
        let submission = read_submission("台账.xlsx", &bytes, wordings());
        prop_assert!(adds_up(&submission));
    }
}

fn wordings() -> &'static Catalogue {
    static WORDINGS: std::sync::LazyLock<Catalogue> =
        std::sync::LazyLock::new(|| Catalogue::builtin().unwrap());
    &WORDINGS
}
