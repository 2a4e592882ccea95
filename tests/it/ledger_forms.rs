//! Forms to be filled in: written for each unit, and read back without a doubt.

use crate::program::inside;
use shuzhi::model::{Cell, Date, Field, Heading, Value};
use shuzhi::pipeline::ledger_forms::{self, columns_of};
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::pipeline::{assess, reading};
use shuzhi::render;
use shuzhi::report::workbook::{FormColumn, LEDGER, ROWS, USUAL, ledger_form};
use shuzhi::seeds::Catalogue;
use std::fs;
use std::path::Path;

const YEAR: i32 = 2024;
/// Names that are hard to read or to store.
const UNITS: [&str; 8] = [
    "机关第一党支部",
    "综合/后勤党支部",
    "CON",
    "中共某某市某局机关委员会（直属）第2支部",
    "甲乙联合党支部",
    "退休干部2023支部",
    "第一党支部（基层）",
    "=党支部",
];

fn kinds(catalogue: &Catalogue) -> Vec<(&str, &[String])> {
    catalogue.kinds.all().iter().map(|kind| (kind.id.as_str(), kind.aliases.as_slice())).collect()
}

fn usual() -> Vec<FormColumn> {
    USUAL.iter().map(|field| FormColumn::usual(*field).unwrap()).collect()
}

fn heading(col: u32, text: &str, field: Field, minutes_per_unit: Option<u32>) -> Heading {
    Heading { col, text: text.into(), field, minutes_per_unit }
}

/// A unit's own way: no kind, another order, minutes, a column of remarks, two that cannot be taken over.
fn own(catalogue: &Catalogue) -> Vec<FormColumn> {
    let headings = [
        heading(1, "会议议题", Field::Title, None),
        heading(2, "基本情况/活动时间", Field::Date, None),
        heading(3, "主要内容", Field::Content, None),
        heading(4, "人数/应到人数", Field::Expected, None),
        heading(5, "人数/参加人数", Field::Attended, None),
        heading(6, "时长（分钟）", Field::Hours, Some(1)),
        heading(7, "召集人", Field::Host, None),
        heading(8, "支部", Field::Unit, None),
        heading(9, "心得", Field::Unknown, None),
        heading(10, "备注", Field::Ignored, None),
        heading(11, "备注", Field::Ignored, None),
    ];
    columns_of(&headings, &catalogue.headers).unwrap()
}

fn titles(columns: &[FormColumn]) -> Vec<&str> {
    columns.iter().map(|column| column.title.as_str()).collect()
}

#[test]
fn last_years_headings_are_kept_where_they_tell_enough() {
    let catalogue = Catalogue::builtin().unwrap();
    assert_eq!(
        titles(&own(&catalogue)).join(" "),
        "会议议题 活动时间 活动类型 主要内容 应到人数 参加人数 时长（分钟） 召集人 备注"
    );
    let odd = [
        heading(1, "时间", Field::Date, None),
        heading(2, "干了些啥事情", Field::Title, None),
        heading(3, "时长", Field::Hours, None),
    ];
    let odd = columns_of(&odd, &catalogue.headers).unwrap();
    assert_eq!(titles(&odd), ["时间", "活动类型", "活动名称", "实到", "时长（小时）"]);
    assert_eq!(columns_of(&[heading(1, "时间", Field::Date, None)], &catalogue.headers), None);
    assert_eq!(columns_of(&[], &catalogue.headers), None);
}

/// What a person writes into a cell of row `at`.
fn entry(field: Field, at: usize, minutes: u32, kinds: &[(&str, &[String])]) -> Value {
    let number = i64::try_from(at).unwrap();
    match field {
        Field::Number => Value::Count(number + 1),
        Field::Date => {
            let first = Date::new(YEAR, 1, 1).unwrap().serial() + number;
            #[expect(clippy::cast_precision_loss, reason = "a day of this century")]
            Value::Date(Date::from_serial(first as f64).unwrap())
        }
        Field::Kind => Value::Text(kinds[at % kinds.len()].0.to_owned()),
        Field::Title => Value::Text(format!("研究第{}号材料", at + 1)),
        Field::Content => Value::Text(format!("逐条讨论，形成意见{}条。", at + 2)),
        Field::Host => Value::Text("程某".to_owned()),
        Field::Recorder => Value::Text("姚某".to_owned()),
        Field::Expected => Value::Count(30),
        Field::Attended => Value::Count(number % 30),
        Field::Hours if minutes == 60 => Value::Decimal(1.5),
        Field::Hours => Value::Count(90),
        Field::Location => Value::Text("二楼会议室".to_owned()),
        _ => Value::Blank,
    }
}

#[test]
fn a_filled_form_is_read_back_row_by_row() {
    let catalogue = Catalogue::builtin().unwrap();
    let kinds = kinds(&catalogue);
    for unit in UNITS {
        for columns in [usual(), own(&catalogue)] {
            for filled in [1, 37, ROWS] {
                let mut book = ledger_form(unit, YEAR, &columns, &kinds);
                for (at, row) in book.sheets[LEDGER].rows.iter_mut().take(filled).enumerate() {
                    for (cell, column) in row.iter_mut().zip(&columns) {
                        cell.value = entry(column.field, at, column.minutes, &kinds);
                    }
                }
                let bytes = render::xlsx(&book).unwrap();
                let read = reading::read_submission("任意.xlsx", &bytes, &catalogue);
                let told: Vec<String> = read.findings.iter().map(ToString::to_string).collect();
                assert!(told.is_empty(), "{unit}: {told:?}");
                assert_eq!(read.activities.len(), filled, "{unit}");
                assert!(read.units.iter().any(|guess| *guess.name == *unit), "{:?}", read.units);
                for (at, activity) in read.activities.iter().enumerate() {
                    let has = |field: Field| columns.iter().any(|column| column.field == field);
                    assert_eq!(activity.place.row, u32::try_from(at).unwrap() + 4);
                    let Value::Date(day) = entry(Field::Date, at, 60, &kinds) else { unreachable!() };
                    assert_eq!((activity.date.start, activity.date.end), (Some(day), Some(day)));
                    let stated = activity.stated.as_ref().unwrap().kind.clone().unwrap();
                    assert_eq!(stated.as_str(), kinds[at % kinds.len()].0);
                    assert_eq!(activity.title, format!("研究第{}号材料", at + 1));
                    assert_eq!(activity.description, Some(format!("逐条讨论，形成意见{}条。", at + 2)));
                    assert_eq!(activity.expected, Some(30));
                    assert_eq!(activity.attended, u32::try_from(at % 30).ok());
                    assert_eq!(activity.minutes, Some(90));
                    assert_eq!(activity.host.as_deref(), Some("程某"));
                    assert_eq!(activity.recorder.is_some(), has(Field::Recorder));
                    assert_eq!(activity.location.is_some(), has(Field::Location));
                    assert!(!activity.planned);
                }
            }
        }
    }
}

#[test]
fn an_empty_form_says_only_that_it_is_empty() {
    let catalogue = Catalogue::builtin().unwrap();
    for columns in [usual(), own(&catalogue)] {
        let bytes = render::xlsx(&ledger_form("机关第一党支部", YEAR, &columns, &kinds(&catalogue))).unwrap();
        let read = reading::read_submission("任意.xlsx", &bytes, &catalogue);
        let codes: Vec<&str> = read.findings.iter().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, ["R005"], "{:?}", read.findings);
    }
}

#[test]
fn a_form_guides_the_hand() {
    let catalogue = Catalogue::builtin().unwrap();
    let book = ledger_form("机关第一党支部", YEAR, &usual(), &kinds(&catalogue));
    let sheet = &book.sheets[LEDGER];
    assert_eq!(sheet.title, "机关第一党支部2024年度党建活动台账");
    assert_eq!(sheet.notes, ["填报单位：机关第一党支部"]);
    assert!(sheet.protected && sheet.landscape && sheet.rows.len() == ROWS);
    let required: Vec<&str> = sheet.columns.iter().filter(|c| c.required).map(|c| c.title.as_str()).collect();
    assert_eq!(required, ["日期", "活动类型", "活动名称", "实到"]);
    let open = |row: &Vec<Cell>| row.iter().map(|cell| cell.open).collect::<Vec<_>>();
    assert!(sheet.rows.iter().all(|row| !open(row)[0] && open(row)[1..].iter().all(|open| *open)));
    let bytes = render::xlsx(&book).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("xl/worksheets/sheet2.xml").unwrap(), &mut xml).unwrap();
    for part in [
        "<sheetProtection sheet=\"1\"",
        "orientation=\"landscape\"",
        "paperSize=\"9\"",
        "type=\"list\"",
        "支委会,党员大会",
        "type=\"date\"",
        "<formula1>45292</formula1><formula2>45657</formula2>",
        "type=\"whole\"",
        "type=\"decimal\"",
        "必填。",
    ] {
        assert!(xml.contains(part), "{part}");
    }
    let validations = xml.matches("<dataValidation ").count();
    assert_eq!(validations, sheet.columns.len() - 1, "each column but the number says what it wants");
}

const NAMES: [&str; 5] =
    ["甲党支部", "综合/后勤党支部", "丙党支部", "第一党支部（机关）", "第一党支部（基层）"];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "单位名称").unwrap();
    for (row, unit) in (1_u32..).zip(NAMES) {
        sheet.write_string(row, 0, unit).unwrap();
    }
    fs::write(folder.path().join("单位名册.xlsx"), workbook.save_to_buffer().unwrap()).unwrap();
    let sent = folder.path().join("报送");
    fs::create_dir(&sent).unwrap();
    fs::write(sent.join("甲党支部.csv"), "活动时间,会议议题,参加人数,备注\n2023-03-05,研究工作,5,\n")
        .unwrap();
    fs::write(sent.join("丙党支部.xlsx"), b"PK\x03\x04").unwrap();
    folder
}

fn write(folder: &Path, year: i32, overwrite: bool) -> ledger_forms::Written {
    let catalogue = Catalogue::builtin().unwrap();
    ledger_forms::write(folder, Some(year), overwrite, &catalogue, &Unwatched).unwrap()
}

#[test]
fn what_somebody_may_have_filled_in_stays() {
    let folder = folder();
    let forms = folder.path().join("填报表");
    let first = write(folder.path(), 2024, false);
    assert_eq!((first.fresh, first.same, first.own_headings), (5, 0, 1));
    let mut names: Vec<_> =
        fs::read_dir(&forms).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let wanted = [
        "丙党支部.xlsx",
        "甲党支部.xlsx",
        "第一党支部（基层）.xlsx",
        "第一党支部（机关）.xlsx",
        "综合_后勤党支部.xlsx",
    ];
    assert_eq!(names, wanted);
    let fresh = fs::read(forms.join("甲党支部.xlsx")).unwrap();
    fs::write(forms.join("甲党支部.xlsx"), b"filled in").unwrap();
    fs::create_dir_all(forms.join("旧/更旧")).unwrap();
    fs::write(forms.join("旧/更旧/去年.txt"), "x").unwrap();
    let again = write(folder.path(), 2024, false);
    assert_eq!((again.fresh, again.same, again.kept.as_slice()), (0, 4, &["甲党支部".to_owned()][..]));
    assert_eq!(fs::read(forms.join("甲党支部.xlsx")).unwrap(), b"filled in");
    assert_eq!(fs::read(forms.join("旧/更旧/去年.txt")).unwrap(), b"x");
    let over = write(folder.path(), 2024, true);
    assert_eq!((over.fresh, over.same, over.kept.len()), (1, 4, 0));
    assert_eq!(fs::read(forms.join("甲党支部.xlsx")).unwrap(), fresh);
    assert_eq!(fs::read(forms.join("旧/更旧/去年.txt")).unwrap(), b"x");
    let beside = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!beside.into_iter().any(|name| name.to_string_lossy().starts_with('.')));
}

#[test]
fn a_form_that_is_sent_back_belongs_to_its_unit() {
    let folder = folder();
    let catalogue = Catalogue::builtin().unwrap();
    let kinds = kinds(&catalogue);
    for unit in NAMES {
        let mut book = ledger_form(unit, YEAR, &usual(), &kinds);
        for (cell, column) in book.sheets[LEDGER].rows[0].iter_mut().zip(usual()) {
            cell.value = entry(column.field, 0, 60, &kinds);
        }
        let name = render::file_name(unit);
        fs::write(folder.path().join(format!("报送/{name}.xlsx")), render::xlsx(&book).unwrap()).unwrap();
    }
    fs::remove_file(folder.path().join("报送/甲党支部.csv")).unwrap();
    let assessed = assess::assess(folder.path(), &catalogue, &Unwatched).unwrap();
    for result in &assessed.results {
        assert_eq!(result.activities.len(), 1, "{}", result.unit.name);
    }
}

#[test]
fn the_command_says_what_it_wrote_and_what_it_lacks() {
    let folder = folder();
    let run = |arguments: &[&str]| inside(folder.path(), &[&["forms"], arguments].concat());
    let (code, text) = run(&[".", "--年度", "2024"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("2024年度填报表在") && text.contains("新写5份"), "{text}");
    let (code, text) = run(&[".", "--year", "2025"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("已有的5份与新写的不同") && text.contains("  甲党支部.xlsx"), "{text}");
    assert!(run(&[".", "--year", "2025", "--覆盖"]).1.contains("新写5份"));
    for (arguments, words) in
        [(&[".", "--year", "20250"][..], "年度“20250”不对"), (&["没有这个文件夹"][..], "没有这个文件夹")]
    {
        let (code, text) = run(arguments);
        assert_eq!(code, Some(2));
        assert!(text.contains(words), "{text}");
    }
    fs::remove_file(folder.path().join("报送/甲党支部.csv")).unwrap();
    assert!(run(&["."]).1.contains("不知道填哪一年的"));
    fs::remove_file(folder.path().join("单位名册.xlsx")).unwrap();
    assert!(run(&["."]).1.contains("没有单位名册"));
}
