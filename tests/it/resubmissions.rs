//! Several submissions of one unit, and late ones.

use crate::archives::{ledger, zipped};
use crate::tables::book;
use shuzhi::pipeline::assess::{Assessed, assess};
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::seeds::Catalogue;
use std::fs;
use std::io::{Cursor, Write};
use tempfile::TempDir;

const REGISTER: &str = "年度 = 2023\n";
const UNITS: &str = "[[支部]]\n名称 = \"一支部\"\n[[支部]]\n名称 = \"二支部\"\n";

fn folder(settings: &str, files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("考核.toml"), format!("{REGISTER}{settings}\n{UNITS}")).unwrap();
    for (name, bytes) in files {
        let path = folder.path().join("报送").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn assessed(folder: &TempDir) -> Assessed {
    assess(folder.path(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap()
}

/// A ledger of one month with these names.
fn month(month: u32, titles: &[&str]) -> Vec<u8> {
    let mut rows = vec!["日期|类型|名称".to_owned()];
    rows.extend((1..).zip(titles).map(|(day, title)| format!("2023-{month:02}-{day:02}|支委会|{title}")));
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    book(&[("台账", &rows)])
}

fn titles(done: &Assessed, unit: &str) -> Vec<String> {
    let result = done.results.iter().find(|result| *result.unit.name == *unit).unwrap();
    let mut titles: Vec<String> = result.activities.iter().map(|a| a.title.clone()).collect();
    titles.sort();
    titles
}

fn told(done: &Assessed, code: &str) -> Vec<String> {
    let findings = done.findings.iter().filter(|finding| finding.rule.code == code);
    findings.map(ToString::to_string).collect()
}

#[test]
fn both_are_merged_where_nothing_else_is_set() {
    let both: [(&str, &[u8]); 2] =
        [("一支部.xlsx", &month(3, &["甲", "乙"])), ("一支部20240105.xlsx", &month(3, &["甲", "丙"]))];
    for setting in ["", "重复报送 = \"合并\""] {
        let done = assessed(&folder(setting, &both));
        assert_eq!(titles(&done, "一支部"), ["丙", "乙", "甲", "甲"]);
        assert_eq!(
            told(&done, "C002"),
            ["提醒 C002 “一支部”报送了2份材料：“一支部.xlsx”、“一支部20240105.xlsx”"]
        );
        assert!(told(&done, "C014").is_empty());
    }
}

#[test]
fn the_newer_replaces_the_older_by_a_visible_rule() {
    let older = month(3, &["旧"]);
    let newer = month(3, &["新"]);
    for (old_name, new_name, reason) in [
        ("一支部20231230.xlsx", "一支部20240105.xlsx", "名称里的日期 2024-01-05 较晚"),
        ("一支部.xlsx", "一支部2024.1.5.xlsx", "名称里写有日期 2024-01-05"),
        ("一支部20240105.xlsx", "一支部（更正）.xlsx", "名称里写有“更正”"),
        ("一支部 第2次报送.xlsx", "一支部 第三次报送.xlsx", "名称里写有“第三次”"),
        ("z/一支部.xlsx", "补报/一支部.xlsx", "名称里写有“补报”"),
        ("一支部2.xlsx", "一支部10.xlsx", "别的分不出先后，文件名排在后面"),
    ] {
        let folder = folder("重复报送 = \"以新代旧\"", &[(old_name, &older), (new_name, &newer)]);
        let done = assessed(&folder);
        assert_eq!(titles(&done, "一支部"), ["新"], "{old_name} {new_name}");
        assert_eq!(
            told(&done, "C002"),
            [format!(
                "提醒 C002 “一支部”报送了2份材料，计入“{new_name}”；“{old_name}”已被“{new_name}”代替，未计入（{reason}）"
            )]
        );
        let row = done.files.iter().find(|file| *file.file == *old_name).unwrap();
        assert_eq!(row.unit, format!("“一支部”已被“{new_name}”代替，未计入"));
        assert_eq!(done.results.iter().map(|result| result.files.len()).max(), Some(1));
        assert!(done.notes.iter().any(|note| note.contains("重复报送以新代旧")));
    }
    let last = month(3, &["旧", "新"]);
    let done =
        assessed(&folder("重复报送 = \"以新代旧\"", &[("一支部b.xlsx", &older), ("一支部a.xlsx", &last)]));
    assert!(
        told(&done, "C002")[0].ends_with("未计入（活动记到 2023-03-02，较晚）"),
        "{:?}",
        told(&done, "C002")
    );
}

#[test]
fn quarters_are_no_versions_of_each_other() {
    let files: [(&str, &[u8]); 4] = [
        ("一支部一季度.xlsx", &month(3, &["一"])),
        ("一支部二季度.xlsx", &month(5, &["二"])),
        ("一支部二季度（更正）.xlsx", &month(5, &["二正"])),
        ("二支部.xlsx", &month(3, &["三"])),
    ];
    let done = assessed(&folder("重复报送 = \"以新代旧\"", &files));
    assert_eq!(titles(&done, "一支部"), ["一", "二正"]);
    assert_eq!(titles(&done, "二支部"), ["三"]);
    assert_eq!(
        told(&done, "C002"),
        [
            "提醒 C002 “一支部”报送了3份材料，计入“一支部一季度.xlsx”、“一支部二季度（更正）.xlsx”（没有相同的月份，合并计算）；“一支部二季度.xlsx”已被“一支部二季度（更正）.xlsx”代替，未计入（名称里写有“更正”）"
        ]
    );
}

#[test]
fn a_file_of_several_units_is_replaced_unit_by_unit() {
    let all = book(&[(
        "台账",
        &[
            "支部|日期|类型|名称",
            "一支部|2023-03-01|支委会|旧一",
            "二支部|2023-03-01|支委会|旧二",
            "一支部||支委会|缺",
        ],
    )]);
    let files: [(&str, &[u8]); 2] =
        [("汇总20231201.xlsx", &all), ("一支部20240105.xlsx", &month(3, &["新一"]))];
    let done = assessed(&folder("重复报送 = \"以新代旧\"", &files));
    assert_eq!(titles(&done, "一支部"), ["新一"]);
    assert_eq!(titles(&done, "二支部"), ["旧二"]);
    let row = done.files.iter().find(|file| &*file.file == "汇总20231201.xlsx").unwrap();
    assert_eq!(row.unit, "二支部、“一支部”已被“一支部20240105.xlsx”代替，未计入");
    assert!(!told(&done, "N003").is_empty(), "the file still counts for the other unit");
}

#[test]
fn late_files_are_named_with_their_day() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, day) in [("一支部.xlsx", 12), ("二支部.xlsx", 9)] {
        let modified = zip::DateTime::from_date_and_time(2024, 1, day, 8, 0, 0).unwrap();
        let options = zip::write::SimpleFileOptions::default().last_modified_time(modified);
        writer.start_file(name, options).unwrap();
        writer.write_all(&ledger("甲")).unwrap();
    }
    let zip = writer.finish().unwrap().into_inner();
    let dated = zipped(&[("二支部.xlsx", &ledger("乙"))]);
    let files: [(&str, &[u8]); 4] = [
        ("甲.zip", &zip),
        ("补报20240111.zip", &dated),
        ("二支部2024-01-10.xlsx", &ledger("丙")),
        ("看不懂20240201.txt", b"\n"),
    ];
    let late = assessed(&folder("截止日期 = \"2024-01-10\"", &files));
    let mut lines = told(&late, "C014");
    lines.sort();
    assert_eq!(
        lines,
        [
            "提醒 C014 甲.zip/一支部.xlsx：一支部的材料晚于截止日期 2024-01-10：压缩包里记的修改日期是 2024-01-12",
            "提醒 C014 补报20240111.zip/二支部.xlsx：二支部的材料晚于截止日期 2024-01-10：名称里写的日期是 2024-01-11",
        ]
    );
    let plain = assessed(&folder("", &files));
    let totals = |done: &Assessed| done.standings.iter().map(|s| (s.rank, s.total)).collect::<Vec<_>>();
    assert_eq!(totals(&late), totals(&plain), "late files count like others");
}
