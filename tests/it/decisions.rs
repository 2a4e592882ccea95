//! The sheet 活动对应 of the review workbook: what a person decides about rows holds, and nothing is lost.

use crate::bureau;
use calamine::Reader;
use shuzhi::model::{Decision, Finding, Match, Ruling, Severity};
use shuzhi::pipeline::run::{Done, run};
use shuzhi::pipeline::watch::Unwatched;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A row of a sheet by its column names.
type Line = BTreeMap<String, String>;

pub(crate) const COLUMNS: [&str; 12] = [
    "单位",
    "日期",
    "类型",
    "活动名称",
    "活动内容",
    "程序的判断",
    "理由",
    "其次",
    "结论",
    "改为条目",
    "依据或说明",
    "出处",
];

pub(crate) fn workbook(folder: &Path) -> PathBuf {
    folder.join("核对/核对表.xlsx")
}

/// The rows of a sheet of the review workbook in which something stands.
pub(crate) fn lines(folder: &Path, sheet: &str) -> Vec<Line> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(workbook(folder)).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let rows: Vec<Vec<String>> =
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let head = rows.iter().position(|row| row.iter().any(|cell| cell == "结论")).unwrap();
    let names = rows[head].clone();
    rows[head + 1..]
        .iter()
        .filter(|row| row.iter().any(|cell| !cell.is_empty()))
        .map(|row| names.iter().cloned().zip(row.iter().cloned()).collect())
        .collect()
}

/// Saves a workbook with one sheet as an office might: these columns in this order.
pub(crate) fn save(folder: &Path, columns: &[&str], rows: &[Line]) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet().set_name("活动对应").unwrap();
    for (col, name) in (0_u16..).zip(columns) {
        page.write(2, col, *name).unwrap();
        for (at, row) in (3_u32..).zip(rows) {
            if let Some(text) = row.get(*name).filter(|text| !text.is_empty()) {
                page.write(at, col, text).unwrap();
            }
        }
    }
    fs::create_dir_all(folder.join("核对")).unwrap();
    book.save(workbook(folder)).unwrap();
}

pub(crate) fn line(pairs: &[(&str, &str)]) -> Line {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn again(folder: &Path) -> Done {
    run(folder, &Unwatched).unwrap()
}

/// Matches and ruling of an activity.
fn answer<'a>(done: &'a Done, unit: &str, title: &str) -> (&'a [Match], Option<Ruling>) {
    let result = done.assessed.results.iter().find(|result| *result.unit.name == *unit).unwrap();
    let at = result.activities.iter().position(|activity| activity.title == title).unwrap();
    (&result.matches[at], result.rulings[at])
}

fn linked(matches: &[Match]) -> Vec<&str> {
    assert!(matches.iter().all(|m| m.decision == Decision::Link && m.surety() == "人工"), "{matches:?}");
    matches.iter().map(|found| found.item.as_str()).collect()
}

fn told<'a>(done: &'a Done, code: &str) -> Vec<&'a Finding> {
    done.assessed.findings.iter().filter(|finding| finding.rule.code == code).collect()
}

/// Rows of the samples that wait for a person: two doubtful ones, one without item.
fn open(folder: &Path) -> (Line, Line, Line) {
    let rows = lines(folder, "活动对应");
    let once = |row: &&Line| rows.iter().filter(|other| other["活动名称"] == row["活动名称"]).count() == 1;
    let mut doubtful = rows.iter().filter(|row| row["程序的判断"].contains("待核：")).filter(once).cloned();
    let none = rows.iter().filter(|row| row["程序的判断"] == "没有对应的条目").find(once).cloned();
    (doubtful.next().unwrap(), doubtful.next().unwrap(), none.unwrap())
}

#[test]
fn open_rows_are_listed_with_their_reasons() {
    let folder = bureau::copy();
    let done = again(folder.path());
    let rows = lines(folder.path(), "活动对应");
    assert!(rows.len() > 50);
    let doubtful = rows.iter().take_while(|row| row["程序的判断"].contains("待核")).count();
    assert!(doubtful > 10 && rows[doubtful..].iter().all(|row| row["程序的判断"] == "没有对应的条目"));
    assert!(rows[..doubtful].iter().all(|row| !row["理由"].is_empty() && row["结论"].is_empty()));
    assert!(rows.iter().any(|row| row["其次"].ends_with('%')));
    let unmatched: usize =
        done.assessed.results.iter().flat_map(|result| &result.matches).filter(|m| m.is_empty()).count();
    assert!(rows.len() - doubtful <= unmatched && rows.len() - doubtful > unmatched / 2);
}

#[test]
fn decisions_hold_and_are_kept() {
    let folder = bureau::copy();
    again(folder.path());
    let (mut confirmed, mut changed, mut none) = open(folder.path());
    confirmed.insert("结论".into(), "确认".into());
    changed.insert("结论".into(), "改为".into());
    changed.insert("改为条目".into(), "第6条、zb-7".into());
    changed.insert("依据或说明".into(), "看过原始记录".into());
    none.insert("结论".into(), "不是佐证".into());
    let kept = [confirmed.clone(), changed.clone(), none.clone()];
    // Columns moved about, most of the sheet gone, the rows in another order.
    let mut columns = COLUMNS;
    columns.reverse();
    save(folder.path(), &columns, &[none.clone(), confirmed.clone(), changed.clone()]);
    let done = again(folder.path());
    let shown: Vec<&str> = confirmed["程序的判断"]
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|part| part.starts_with("ZB-"))
        .collect();
    assert!(shown.len() >= 2);
    let (matches, ruling) = answer(&done, &confirmed["单位"], &confirmed["活动名称"]);
    assert_eq!((linked(matches), ruling), (shown, Some(Ruling::Confirmed)));
    let (matches, ruling) = answer(&done, &changed["单位"], &changed["活动名称"]);
    assert_eq!((linked(matches), ruling), (vec!["ZB-6", "ZB-7"], Some(Ruling::Changed)));
    assert!(matches[0].evidence[0].sentence.contains("核对表：改为（看过原始记录）"));
    let (matches, ruling) = answer(&done, &none["单位"], &none["活动名称"]);
    assert_eq!((linked(matches), ruling), (vec![], Some(Ruling::NoProof)));
    assert!(told(&done, "S003").is_empty() && told(&done, "S005").is_empty());

    // The workbook that the run wrote says the same, also after one more run, byte for byte.
    let bytes = fs::read(workbook(folder.path())).unwrap();
    again(folder.path());
    assert!(bytes == fs::read(workbook(folder.path())).unwrap());
    let rows = lines(folder.path(), "活动对应");
    for decided in &kept {
        let row = rows.iter().find(|row| row["活动名称"] == decided["活动名称"]).unwrap();
        for column in ["程序的判断", "结论", "改为条目", "依据或说明"] {
            assert_eq!(row[column], decided[column], "{column}");
        }
        assert!(row["理由"].starts_with("已采用"));
    }
}

#[test]
fn what_was_confirmed_is_what_was_shown() {
    let folder = bureau::copy();
    again(folder.path());
    let (mut row, ..) = open(folder.path());
    row.insert("结论".into(), "确认".into());
    row.insert("程序的判断".into(), "对应：ZB-6（91%）\n待核：ZB-2（50%）".into());
    save(folder.path(), &COLUMNS, &[row.clone()]);
    let done = again(folder.path());
    assert_eq!(linked(answer(&done, &row["单位"], &row["活动名称"]).0), ["ZB-6", "ZB-2"]);
}

#[test]
fn a_row_added_by_hand_overrules_a_sure_link_and_the_form_of_the_activity() {
    let folder = bureau::copy();
    let done = again(folder.path());
    let result = &done.assessed.results[0];
    let count = |title: &str| result.activities.iter().filter(|a| a.title == title).count();
    let at = (0..result.activities.len())
        .find(|&at| {
            let activity = &result.activities[at];
            count(&activity.title) == 1 && activity.kinds.iter().any(|kind| kind.as_str() == "支委会")
        })
        .unwrap();
    let (unit, title) = (result.unit.name.to_string(), result.activities[at].title.clone());
    assert!(result.matches[at].iter().any(|m| m.item.as_str() == "ZB-3"));
    let row = line(&[("单位", &unit), ("活动名称", &title), ("结论", "不是佐证")]);
    save(folder.path(), &COLUMNS, &[row]);
    let done = again(folder.path());
    let (matches, ruling) = answer(&done, &unit, &title);
    assert_eq!((linked(matches), ruling), (vec![], Some(Ruling::NoProof)));
    // Neither does its kind make it a possible proof of a demand.
    let result = done.assessed.results.iter().find(|result| *result.unit.name == *unit).unwrap();
    let dues = result.card.items.iter().flat_map(|item| &item.requirements).flat_map(|r| &r.dues);
    assert!(dues.into_iter().all(|due| !due.evidence.contains(&at) && !due.open.contains(&at)));
}

/// The samples with one unit's ledger alone.
fn one_unit() -> tempfile::TempDir {
    let folder = bureau::copy();
    for entry in fs::read_dir(folder.path().join("报送")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && !path.to_string_lossy().contains("水文监测站") {
            fs::remove_file(path).unwrap();
        }
    }
    folder
}

#[test]
fn rows_that_cannot_be_used_say_why_and_are_kept() {
    let folder = one_unit();
    again(folder.path());
    let (row, ..) = open(folder.path());
    let with = |pairs: &[(&str, &str)]| {
        let mut row = row.clone();
        row.extend(line(pairs));
        row
    };
    let unit = row["单位"].as_str();
    for (rows, words, cell) in [
        (vec![with(&[("结论", "也许")])], "结论“也许”不认识", "I4"),
        (vec![with(&[("结论", "改为")])], "没有写改为哪些条目", "J4"),
        (vec![with(&[("结论", "改为"), ("改为条目", "ZB-9")])], "清单里没有条目“ZB-9”", "J4"),
        (vec![with(&[("改为条目", "ZB-3")])], "没有写结论", "I4"),
        (vec![with(&[("结论", "确认"), ("改为条目", "ZB-3")])], "又写了改为条目", "J4"),
        (vec![with(&[("结论", "确认"), ("程序的判断", "")])], "“程序的判断”是空的", "I4"),
        (vec![with(&[("结论", "确认"), ("程序的判断", "对应：QQ-1（9%）")])], "“QQ-1”", "F4"),
        (
            vec![with(&[("结论", "确认")]), with(&[("结论", "不是佐证"), ("依据或说明", "甲")])],
            "不同的结论",
            "I5",
        ),
        (vec![with(&[("结论", "不是佐证"), ("单位", "没有的单位")])], "不在本次考核的单位中", "A4"),
        (vec![with(&[("结论", "不是佐证"), ("活动名称", "改了名的活动")])], "本次运行中没有这一行", "D4"),
        (
            vec![line(&[("单位", "机关第一党支部"), ("活动名称", "重名的活动"), ("结论", "不是佐证")])],
            "可能是这几行",
            "D4",
        ),
    ] {
        let ledger = "活动时间,活动类型,活动名称,主要内容\n2023-03-04,主题党日,重名的活动,甲\n2023-04-05,主题党日,重名的活动,乙\n";
        fs::write(folder.path().join("报送/机关第一党支部补报.csv"), ledger).unwrap();
        save(folder.path(), &COLUMNS, &rows);
        let done = again(folder.path());
        let findings = told(&done, "S003");
        assert_eq!(findings.len(), rows.len(), "{words}: {findings:?}");
        let finding = findings.iter().find(|f| f.place.as_ref().unwrap().a1() == cell);
        let finding = finding.unwrap_or_else(|| panic!("{words}: {findings:?}"));
        assert!(finding.message.contains(words), "{words}: {finding}");
        assert_eq!(&*finding.place.as_ref().unwrap().file, "核对/核对表.xlsx");
        assert_eq!(&*finding.place.as_ref().unwrap().sheet, "活动对应");
        if cell != "A4" && unit == row["单位"] {
            let title = &rows[0]["活动名称"];
            let results = done.assessed.results.iter().filter(|result| *result.unit.name == *unit);
            let at = results.flat_map(|r| r.activities.iter().zip(&r.rulings));
            assert!(at.filter(|(a, _)| a.title == *title).all(|(_, ruling)| ruling.is_none()), "{words}");
        }
        // Every cell that a person filled in stands in the new workbook, however often it is written.
        again(folder.path());
        let written = lines(folder.path(), "活动对应");
        for entered in &rows {
            let filled = |name: &&&str| {
                let own = ["单位", "活动名称", "结论", "改为条目", "依据或说明"].contains(*name);
                own && entered.get(**name).is_some_and(|text| !text.is_empty())
            };
            let columns: Vec<&&str> = COLUMNS.iter().filter(filled).collect();
            let kept = written.iter().any(|row| columns.iter().all(|name| row[**name] == entered[**name]));
            assert!(kept, "{words}");
        }
        assert!(written.iter().any(|row| row["理由"].contains(words)), "{words}");
    }
}

#[test]
fn a_ledger_handed_in_again_keeps_its_decisions() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("报送")).unwrap();
    let ledger = folder.path().join("报送/甲支部.csv");
    let head = "活动时间,活动类型,活动名称,主要内容\n";
    let rows = ["2023-03-04,其他,河岸巡看,“三人”看了四处\n", "2023-05-06,其他,清点仓库,\n"];
    fs::write(&ledger, format!("{head}{}{}", rows[0], rows[1])).unwrap();
    again(folder.path());
    let mut row = lines(folder.path(), "活动对应").into_iter().find(|r| r["活动名称"] == "河岸巡看").unwrap();
    row.extend(line(&[("结论", "改为"), ("改为条目", "5")]));
    save(folder.path(), &COLUMNS, &[row]);
    // Other rows before it, blanks and quotes of another office program.
    let again_in = rows[0].replace(['“', '”'], "\"\"").replace("河岸", "河 岸");
    let again_in = again_in.replace("\"\"三人\"\"看了四处", "\"\"\"三人\"\"看了四处\"");
    fs::write(&ledger, format!("{head}{}{again_in}", rows[1])).unwrap();
    let done = again(folder.path());
    let result = &done.assessed.results[0];
    assert_eq!(result.rulings, [None, Some(Ruling::Changed)], "{:?}", result.activities);
    // Gone, and back again.
    fs::write(&ledger, format!("{head}{}", rows[1])).unwrap();
    let done = again(folder.path());
    assert_eq!(told(&done, "S003").len(), 1);
    let last = lines(folder.path(), "活动对应").pop().unwrap();
    assert_eq!((last["理由"].as_str(), last["结论"].as_str()), ("本次运行中没有这一行", "改为"));
    fs::write(&ledger, format!("{head}{}{}", rows[0], rows[1])).unwrap();
    assert_eq!(again(folder.path()).assessed.results[0].rulings, [Some(Ruling::Changed), None]);
}

#[test]
fn a_workbook_without_a_necessary_column_is_left_alone() {
    let folder = one_unit();
    again(folder.path());
    let (mut row, ..) = open(folder.path());
    row.insert("结论".into(), "确认".into());
    for gone in ["单位", "活动名称", "程序的判断", "改为条目", "结论"] {
        let columns: Vec<&str> = COLUMNS.into_iter().filter(|name| *name != gone).collect();
        save(folder.path(), &columns, &[row.clone()]);
        let before = fs::read(workbook(folder.path())).unwrap();
        let done = again(folder.path());
        let findings = told(&done, "S004");
        assert!(findings.len() == 1 && findings[0].rule.severity == Severity::Error, "{gone}");
        assert!(before == fs::read(workbook(folder.path())).unwrap(), "{gone}");
    }
}

#[test]
fn what_a_person_added_beside_the_columns_is_put_aside() {
    let folder = bureau::copy();
    again(folder.path());
    let (mut row, ..) = open(folder.path());
    row.extend(line(&[("结论", "确认"), ("谁核的", "某同志")]));
    let columns: Vec<&str> = COLUMNS.into_iter().chain(["谁核的"]).collect();
    save(folder.path(), &columns, &[row.clone()]);
    let before = fs::read(workbook(folder.path())).unwrap();
    let done = again(folder.path());
    assert!(told(&done, "S005")[0].message.contains("谁核的"));
    assert!(before == fs::read(folder.path().join("核对/核对表-另存1.xlsx")).unwrap());
    assert_eq!(answer(&done, &row["单位"], &row["活动名称"]).1, Some(Ruling::Confirmed));
    assert!(told(&again(folder.path()), "S005").is_empty());
}

#[test]
fn more_rows_than_anyone_reads_are_counted_and_can_be_decided_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("报送")).unwrap();
    let row = |at: u32| format!("2023-{:02}-{:02},其他,领用物料第{at}批,\n", at % 12 + 1, at % 28 + 1);
    let ledger: String = (1..=2100).map(row).collect();
    let ledger = format!("活动时间,活动类型,活动名称,主要内容\n{ledger}");
    fs::write(folder.path().join("报送/甲支部.csv"), ledger).unwrap();
    let done = again(folder.path());
    let open = done.assessed.results[0].matches.iter().filter(|matches| matches.is_empty()).count();
    assert!(open > 2050, "{open}");
    let rows = lines(folder.path(), "活动对应");
    assert_eq!(rows.len(), 2000);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(workbook(folder.path())).unwrap();
    let range = book.worksheet_range("活动对应").unwrap();
    let told = format!("还有{}项没有列出", open - 2000);
    assert!(range.rows().take(5).flatten().any(|cell| cell.to_string().contains(&told)));
    let listed = |title: &str| rows.iter().any(|row| row["活动名称"] == title);
    let result = &done.assessed.results[0];
    let left = result.activities.iter().zip(&result.matches);
    let left = left.filter(|(a, matches)| matches.is_empty() && !listed(&a.title)).map(|(a, _)| &a.title);
    let title = left.map(String::clone).next_back().unwrap();
    let unit = result.unit.name.to_string();
    let by_hand = line(&[("单位", &unit), ("活动名称", &title), ("结论", "改为"), ("改为条目", "ZB-5")]);
    save(folder.path(), &COLUMNS, &[by_hand]);
    let done = again(folder.path());
    assert_eq!(linked(answer(&done, &unit, &title).0), ["ZB-5"]);
    let rows = lines(folder.path(), "活动对应");
    assert!(rows.len() == 2001 && rows[2000]["活动名称"] == title);
}
