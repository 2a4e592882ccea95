//! The roll of an assessment, and what goes back to its units.

use crate::program::inside;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use shuzhi::ingest;
use shuzhi::model::{
    Book, CellMark, Grid, GridCell, GridRow, GridValue, Hidden, Merge, Severity, Sheet, SheetCopy,
};
use shuzhi::pipeline::roll::{self, Handed, Roll};
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::pipeline::{reading, returns};
use shuzhi::render;
use shuzhi::seeds::Catalogue;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

/// A unit whose name no file can have as it stands.
const SLASHED: &str = "综合/后勤党支部";

fn register(folder: &Path, units: &[&str]) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "单位名称").unwrap();
    for (row, unit) in (1_u32..).zip(units) {
        sheet.write_string(row, 0, *unit).unwrap();
    }
    fs::write(folder.join("单位名册.xlsx"), workbook.save_to_buffer().unwrap()).unwrap();
}

const HEADER: [&str; 6] = ["日期", "活动类型", "活动名称", "应到", "实到", "时长（小时）"];

/// A ledger with a merged title and these rows of text; a number stays a number.
fn ledger(unit: &str, rows: &[[&str; 6]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("台账").unwrap();
    let title = format!("{unit}2023年度党建活动台账");
    sheet.merge_range(0, 0, 0, 5, &title, &Format::new()).unwrap();
    sheet.write_string(1, 0, format!("填报单位：{unit}")).unwrap();
    for (col, heading) in (0_u16..).zip(HEADER) {
        sheet.write_string(3, col, heading).unwrap();
    }
    for (row, texts) in (4_u32..).zip(rows) {
        for (col, text) in (0_u16..).zip(texts) {
            let day = ExcelDateTime::parse_from_str(text).ok().filter(|_| text.len() == 10);
            if let (Some(day), 0) = (day, col) {
                let format = Format::new().set_num_format("yyyy-mm-dd");
                sheet.write_datetime_with_format(row, col, &day, &format).unwrap();
            } else if let Ok(number) = text.parse::<f64>() {
                sheet.write_number(row, col, number).unwrap();
            } else if !text.is_empty() {
                sheet.write_string(row, col, *text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

const WRONG: [[&str; 6]; 5] = [
    ["2023-01-05", "支委会", "研究年度计划", "5", "5", "1.5"],
    ["2023年2月30日", "党员大会", "=1+1", "24", "24", "1"],
    ["2023-03-08", "主题党日", "植树", "24", "26", "0.3333333333333333"],
    ["", "党课", "学习党章", "24", "22", "2"],
    ["2023-05-09", "支委会", "研究发展党员", "5", "若干", "1"],
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sent = folder.path().join("报送");
    fs::create_dir(&sent).unwrap();
    register(folder.path(), &["第一党支部", SLASHED, "第三党支部", "第四党支部", "第五党支部"]);
    fs::write(folder.path().join("考核.toml"), "年度 = 2023\n单位 = \"某某市某局\"\n").unwrap();
    fs::write(sent.join("一.xlsx"), ledger("第一党支部", &WRONG[..1])).unwrap();
    fs::write(sent.join("综合后勤.xlsx"), ledger(SLASHED, &WRONG)).unwrap();
    fs::write(sent.join("第三党支部.xlsx"), b"PK\x03\x04broken").unwrap();
    fs::write(sent.join("四.xlsx"), ledger("第四党支部", &[])).unwrap();
    fs::write(sent.join("不知谁的.csv"), "日期,活动类型,活动名称\n2023-03-05,支委会,研究工作\n").unwrap();
    fs::write(sent.join("~$一.xlsx"), b"").unwrap();
    folder
}

fn call(folder: &Path) -> Roll {
    roll::call(folder, &Catalogue::builtin().unwrap(), &Unwatched).unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

/// The text of a part of an office file, its markup taken out.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text.split('<').filter_map(|piece| piece.split_once('>').map(|(_, text)| text)).collect()
}

fn raw(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn grids(bytes: &[u8]) -> Vec<Grid> {
    ingest::read(&Arc::from("x.xlsx"), bytes).value.unwrap()
}

/// Every value of a sheet by its place.
fn values(grid: &Grid) -> Vec<(u32, &GridCell)> {
    grid.rows.iter().flat_map(|row| row.cells.iter().map(|cell| (row.number, cell))).collect()
}

#[test]
fn the_roll_tells_who_has_sent_what() {
    let folder = folder();
    assert!(roll::is_assessment(folder.path()).unwrap());
    assert!(!roll::is_assessment(&folder.path().join("报送")).unwrap());
    let roll = call(folder.path());
    let states: Vec<(&str, Handed, usize, usize, usize)> = roll
        .units
        .iter()
        .map(|unit| (&*unit.name, unit.handed, unit.files.len(), unit.activities, unit.to_correct()))
        .collect();
    assert_eq!(
        states,
        [
            ("第一党支部", Handed::In, 1, 1, 0),
            (SLASHED, Handed::In, 1, 5, 4),
            ("第三党支部", Handed::Unreadable, 1, 0, 1),
            ("第四党支部", Handed::Blank, 1, 0, 1),
            ("第五党支部", Handed::Nothing, 0, 0, 0),
        ]
    );
    assert_eq!(roll.units[1].count(Severity::Warning), 4);
    assert_eq!(roll.units[2].count(Severity::Error), 1);
    assert_eq!(roll.summary(), "单位5个：已报送2个，没有活动1个，打不开1个，没有报送1个");
    assert_eq!(roll.unplaced.iter().map(|file| &**file).collect::<Vec<_>>(), ["不知谁的.csv"]);
    assert_eq!(roll.year, Some(2023));
}

#[test]
fn each_unit_gets_its_letter_and_its_own_sheets_marked() {
    let folder = folder();
    let written = returns::write(folder.path(), &call(folder.path()), &Unwatched).unwrap();
    assert_eq!((written.corrections, written.reminders, written.workbooks), (3, 1, 2));
    let made = files(&folder.path().join("退回意见"));
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "第三党支部.docx",
            "第五党支部.docx",
            "第四党支部.docx",
            "第四党支部.xlsx",
            "综合_后勤党支部.docx",
            "综合_后勤党支部.xlsx"
        ]
    );
    let letter = part(&made["综合_后勤党支部.docx"], "word/document.xml");
    for words in [
        "关于退回更正2023年度党建活动台账的函",
        "综合/后勤党支部：",
        "综合后勤.xlsx",
        "有4处需要更正",
        "某某市某局",
        "【待补：报送时限】",
        "实到26人，多于应到24人",
        "E7",
        "核对应到、实到人数。",
    ] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    assert!(!letter.contains("考核.toml"));
    let broken = part(&made["第三党支部.docx"], "word/document.xml");
    assert!(broken.contains("整个文件") && !broken.contains("标成黄色"), "{broken}");
    let reminder = part(&made["第五党支部.docx"], "word/document.xml");
    assert!(
        reminder.contains("关于催报2023年度党建活动台账的函") && !reminder.contains("附件"),
        "{reminder}"
    );

    let book = &made["综合_后勤党支部.xlsx"];
    let sent = grids(&fs::read(folder.path().join("报送/综合后勤.xlsx")).unwrap());
    let back = grids(book);
    assert_eq!(back.iter().map(|grid| &*grid.place.sheet).collect::<Vec<_>>(), ["说明", "台账"]);
    assert_eq!(values(&sent[0]), values(&back[1]), "every value stands where it stood");
    assert_eq!(sent[0].merges, back[1].merges);
    assert!(!raw(book, "xl/worksheets/sheet2.xml").contains("<f>"), "text is text");
    let comments = part(book, "xl/comments1.xml");
    assert!(comments.contains("实到26人，多于应到24人。怎样改：核对应到、实到人数。"), "{comments}");
    let places: Vec<String> = raw(book, "xl/comments1.xml")
        .match_indices("<comment ref=\"")
        .map(|(at, mark)| {
            raw(book, "xl/comments1.xml")[at + mark.len()..].split('"').next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(places, ["A6", "E7", "A8", "E9"]);
    let catalogue = Catalogue::builtin().unwrap();
    let told = |file: &[u8]| {
        let read = reading::read_submission("x.xlsx", file, &catalogue);
        let told: Vec<(String, &str)> =
            read.findings.iter().map(|f| (f.place.as_ref().unwrap().a1(), f.rule.code)).collect();
        (read.activities.len(), told)
    };
    assert_eq!(
        told(book),
        told(&fs::read(folder.path().join("报送/综合后勤.xlsx")).unwrap()),
        "what is mailed back is read like what was sent"
    );
}

#[test]
fn letters_are_swapped_in_as_a_whole_and_are_no_submissions() {
    let folder = folder();
    let first = returns::write(folder.path(), &call(folder.path()), &Unwatched).unwrap();
    let before = files(&folder.path().join("退回意见"));
    assert_eq!(returns::write(folder.path(), &call(folder.path()), &Unwatched).unwrap(), first);
    assert_eq!(files(&folder.path().join("退回意见")), before, "the same again");
    let hidden = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!hidden.into_iter().any(|name| name.to_string_lossy().starts_with('.')), "nothing lies beside");

    // Without 报送 the submissions lie beside the folders of the program.
    for (name, bytes) in files(&folder.path().join("报送")) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    fs::remove_dir_all(folder.path().join("报送")).unwrap();
    fs::create_dir(folder.path().join("填报表")).unwrap();
    fs::write(folder.path().join("填报表/甲.csv"), "日期,活动类型,活动名称\n").unwrap();
    let roll = call(folder.path());
    assert_eq!(roll.inputs.len(), 6, "{:?}", roll.inputs);
    // An old letter does not outlive its cause.
    register(folder.path(), &["第一党支部"]);
    let done = returns::write(folder.path(), &call(folder.path()), &Unwatched).unwrap();
    assert_eq!((done.corrections, done.reminders), (0, 0));
    assert!(files(&folder.path().join("退回意见")).is_empty());
}

#[test]
fn the_command_shows_the_table_and_ends_with_its_code() {
    let folder = folder();
    let run = |arguments: &[&str]| inside(folder.path(), &[&["check"], arguments].concat());
    let (code, text) = run(&[".", "--html", "读.html"]);
    assert_eq!(code, Some(1));
    for line in [
        "单位5个：已报送2个，没有活动1个，打不开1个，没有报送1个",
        "  单位             报送情况    文件    活动    错误    提醒  须更正",
        "  综合/后勤党支部  已报送         1       5       0       4       4",
        "  第五党支部       没有报送       0       0       0       0       0",
        "看不出是哪个单位的文件1个，没有算在上面：\n  不知谁的.csv",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(fs::read_to_string(folder.path().join("读.html")).unwrap().contains("<td>没有报送</td>"));
    assert!(!folder.path().join("退回意见").exists(), "nothing is written unasked");
    for word in ["--return", "--退回"] {
        let (code, text) = run(&[".", word]);
        assert_eq!(code, Some(1));
        assert!(text.contains("退回更正3份（其中2份附标了黄色的原表），催报1份"), "{text}");
    }
    let (code, text) = run(&["报送/一.xlsx", "--return"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("考核文件夹"), "{text}");
}

#[test]
fn an_own_template_words_the_letter() {
    let folder = folder();
    fs::create_dir(folder.path().join("模板")).unwrap();
    let own = "# 更正通知\n{{ 单位 }}有{{ 更正数 }}处。\n%表 更正事项\n";
    fs::write(folder.path().join("模板/退回意见.txt"), own).unwrap();
    returns::write(folder.path(), &call(folder.path()), &Unwatched).unwrap();
    let made = files(&folder.path().join("退回意见"));
    assert!(part(&made["综合_后勤党支部.docx"], "word/document.xml").contains("综合/后勤党支部有4处。"));
    fs::write(folder.path().join("模板/退回意见.txt"), "{{ 更正树 }}").unwrap();
    let error = returns::write(folder.path(), &call(folder.path()), &Unwatched).unwrap_err().to_string();
    assert!(error.contains("退回意见.txt") && error.contains("更正数"), "{error}");
    assert_eq!(files(&folder.path().join("退回意见")), made, "the old letters stay");
}

fn text(col: u32, text: &str) -> GridCell {
    GridCell { col, value: GridValue::Text(text.into()) }
}

#[test]
fn a_hostile_sheet_is_drawn_without_harm() {
    let mut grid = Grid::empty("x.xlsx".into(), "表".into());
    let row = |number, hidden, cells| GridRow { number, hidden, cells };
    grid.rows = vec![
        row(1, None, vec![text(1, "=HYPERLINK(\"x\")"), text(16_384, "右"), text(20_000, "外")]),
        row(
            3,
            Some(Hidden::ByHand),
            vec![
                GridCell { col: 1, value: GridValue::Number(f64::NAN) },
                GridCell { col: 2, value: GridValue::Serial(-3.0) },
                GridCell { col: 3, value: GridValue::Serial(0.5) },
                GridCell { col: 4, value: GridValue::Serial(45_000.25) },
                GridCell { col: 5, value: GridValue::Bool(true) },
                GridCell { col: 6, value: GridValue::Error("#REF!".into()) },
            ],
        ),
        row(1_048_576, None, vec![text(1, "底")]),
        row(2_000_000, None, vec![text(1, "外")]),
    ];
    let merge = |top, left, bottom, right| Merge { top, left, bottom, right };
    grid.merges = vec![
        merge(1, 1, 1, 3),
        merge(1, 2, 2, 4),
        merge(1, 1, 1_048_576, 16_384),
        merge(5, 1, 6, 2),
        merge(3, 1, 3, 2),
        merge(9, 9, 8, 8),
        merge(0, 0, 4, 4),
        merge(2_000_000, 1, 2_000_001, 2),
    ];
    let mark = |row, col, note: &str| CellMark { row, col, note: note.to_owned() };
    let marks = vec![
        mark(1, 0, "全行"),
        mark(6, 2, "合并"),
        mark(6, 2, &"长".repeat(40_000)),
        mark(2, 2, "空格"),
        mark(2_000_000, 1, "外"),
        mark(7, 30_000, "外"),
    ];
    let copy = SheetCopy { grid, source: "甲&乙&D.xlsx".into(), marks };
    let sheet = Sheet { name: "表".into(), copy: Some(copy), ..Sheet::default() };
    let bytes = render::xlsx(&Book { sheets: vec![sheet], ..Book::default() }).unwrap();
    let back = grids(&bytes).remove(0);
    assert_eq!(back.merges, [merge(1, 1, 1, 3), merge(5, 1, 6, 2)]);
    let shown: Vec<(u32, u32, String)> =
        values(&back).into_iter().map(|(row, cell)| (row, cell.col, format!("{:?}", cell.value))).collect();
    let text = |row, col, text: &str| (row, col, format!("Text({text:?})"));
    assert_eq!(
        shown,
        [
            text(1, 1, "=HYPERLINK(\"x\")"),
            text(1, 16_384, "右"),
            text(3, 1, "NaN"),
            text(3, 2, "-3"),
            (3, 3, "Serial(0.5)".into()),
            (3, 4, "Serial(45000.25)".into()),
            (3, 5, "Bool(true)".into()),
            text(3, 6, "#REF!"),
            text(1_048_576, 1, "底"),
        ]
    );
    assert_eq!(back.rows[1].hidden, Some(Hidden::ByHand));
    assert!(raw(&bytes, "xl/worksheets/sheet1.xml").contains("甲&amp;&amp;乙&amp;&amp;D.xlsx"));
    let comments = raw(&bytes, "xl/comments1.xml");
    assert_eq!(comments.matches("<comment ref=").count(), 3);
    assert!(comments.contains("ref=\"A5\"") && comments.contains("…") && comments.len() < 8_000);
}

#[test]
fn a_ledger_in_an_archive_is_marked_like_one_in_a_folder() {
    let folder = folder();
    let sent = folder.path().join("报送");
    fs::remove_file(sent.join("综合后勤.xlsx")).unwrap();
    let mut archive = zip::ZipWriter::new(fs::File::create(sent.join("某县.zip")).unwrap());
    archive.start_file("后勤/综合后勤.xlsx", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut archive, &ledger(SLASHED, &WRONG)).unwrap();
    archive.finish().unwrap();
    let written = returns::write(folder.path(), &call(folder.path()), &Unwatched).unwrap();
    assert_eq!((written.corrections, written.reminders, written.workbooks), (3, 1, 2));
    let made = files(&folder.path().join("退回意见"));
    let letter = part(&made["综合_后勤党支部.docx"], "word/document.xml");
    assert!(letter.contains("某县.zip/后勤/综合后勤.xlsx"), "{letter}");
    let back = grids(&made["综合_后勤党支部.xlsx"]);
    assert_eq!(values(&grids(&ledger(SLASHED, &WRONG))[0]), values(&back[1]));
}
