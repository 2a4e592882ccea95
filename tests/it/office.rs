//! Word and Excel files, part by part.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use quick_xml::events::Event;
use shuzhi::model::{
    Align, Block, Book, Cell, CellStyle, ColorScale, Column, Date, Orientation, Points, Report, ReportColumn,
    ReportRow, ReportTable, Sheet, SheetLink, Span, Value,
};
use shuzhi::render::{Fonts, Stationery, docx, file_name, xlsx, xlsx_dated};

fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    parts(bytes).remove(name).unwrap_or_else(|| panic!("no part {name}"))
}

/// The words of a document, one after another.
pub(crate) fn words(bytes: &[u8]) -> String {
    let document = part(bytes, "word/document.xml");
    let texts =
        document.split("<w:t").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</w:t>"));
    texts.map(|(text, _)| text).collect()
}

/// A line for each paragraph, row and section, so that a difference can be read.
fn lined(xml: &str) -> String {
    let mut text = xml.to_owned();
    for tag in ["<w:p>", "<w:tbl>", "<w:tr>", "<w:sectPr>", "<w:style ", "<row ", "<mergeCells", "</w:body>"]
    {
        text = text.replace(tag, &format!("\n{tag}"));
    }
    text
}

/// The text of all `w:t` of a part.
fn text_of(xml: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut inside, mut text) = (false, String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => inside = tag.name().as_ref() == "w:t",
            Event::End(_) => inside = false,
            Event::Text(piece) if inside => text.push_str(&piece),
            Event::GeneralRef(name) if inside => text.push(match &*name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                other => panic!("unknown entity {other}"),
            }),
            Event::Eof => return text,
            _ => {}
        }
    }
}

fn check_well_formed(bytes: &[u8]) {
    for (name, xml) in parts(bytes) {
        let mut reader = quick_xml::Reader::from_str(&xml);
        reader.config_mut().check_end_names = true;
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
        let forbidden = |c: char| (c < ' ' && !"\n\r\t".contains(c)) || matches!(c, '\u{fffe}' | '\u{ffff}');
        assert!(!xml.contains(forbidden), "{name}");
    }
}

fn text(text: &str) -> Block {
    Block::Paragraph(vec![Span::Text(text.into())])
}

fn table(rows: Vec<ReportRow>) -> ReportTable {
    let column = |title: &str, weight, centred| ReportColumn { title: title.into(), weight, centred };
    ReportTable {
        caption: "表1  依据".into(),
        columns: vec![column("序号", 1, true), column("活动", 3, false)],
        rows,
        ..ReportTable::default()
    }
}

fn row(anchor: Option<&str>, cells: &[&str]) -> ReportRow {
    ReportRow { anchor: anchor.map(Into::into), cells: cells.iter().map(|cell| (*cell).into()).collect() }
}

fn link(text: &str, anchor: &str) -> Span {
    Span::Link { text: text.into(), anchor: anchor.into() }
}

fn small() -> Report {
    Report {
        title: vec!["某某支部书记".into(), "述职报告".into()],
        author: "某某支部".into(),
        blocks: vec![
            Block::Salutation("党组：".into()),
            Block::Heading { level: 1, text: "一、履职情况".into() },
            Block::Paragraph(vec![
                Span::Text("全年开会".into()),
                link("12次", "行一"),
                Span::Text("，原因是".into()),
                Span::Blank("【待补：原因分析】".into()),
                Span::Text("。".into()),
            ]),
            Block::AttachmentNote(vec!["依据明细".into(), "待补清单。".into()]),
            Block::Signature {
                name: "某某局机关第一党支部委员会".into(), date: "2023年12月31日".into()
            },
            Block::Attachment {
                label: "附件1".into(),
                title: "依据明细".into(),
                orientation: Orientation::Landscape,
            },
            Block::Table(table(vec![row(Some("行一"), &["1", "党课"]), row(None, &["2"])])),
        ],
        ..Report::default()
    }
}

#[test]
fn a_report_becomes_this_body() {
    insta::assert_snapshot!(lined(&part(&docx(&small()).unwrap(), "word/document.xml")));
}

#[test]
fn the_fixed_parts_are_these() {
    let parts = parts(&docx(&small()).unwrap());
    let names: Vec<&str> = parts.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/app.xml",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/comments.xml",
            "word/document.xml",
            "word/fontTable.xml",
            "word/footer1.xml",
            "word/footer2.xml",
            "word/settings.xml",
            "word/styles.xml",
            "word/theme/theme1.xml",
        ]
    );
    let fixed = ["docProps/core.xml", "word/footer1.xml", "word/footer2.xml", "word/settings.xml"]
        .map(|name| format!("{name}\n{}", parts[name]))
        .join("\n\n");
    insta::assert_snapshot!(fixed);
    insta::assert_snapshot!("styles", lined(&parts["word/styles.xml"]));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let first = docx(&small()).unwrap();
    let _other = docx(&Report { blocks: vec![text("别的")], ..Report::default() }).unwrap();
    assert_eq!(docx(&small()).unwrap(), first);
    let fresh = Stationery::new(&Fonts::default(), None).unwrap();
    assert_eq!(fresh.docx(&small()).unwrap(), first, "paper made a second time in the same process");
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(|| docx(&small()).unwrap())).collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), first);
    }
}

#[test]
fn the_caller_chooses_faces_and_day() {
    let fonts = Fonts { text: "仿宋_GB2312".into(), ..Fonts::default() };
    let bytes = Stationery::new(&fonts, Date::new(2023, 12, 31)).unwrap().docx(&small()).unwrap();
    let parts = parts(&bytes);
    assert!(parts["docProps/core.xml"].contains(">2023-12-31T00:00:00Z<"));
    for name in ["word/document.xml", "word/styles.xml", "word/fontTable.xml", "word/theme/theme1.xml"] {
        assert!(parts[name].contains("\"仿宋_GB2312\""), "{name}");
        assert!(!parts[name].contains("\"仿宋\""), "{name}");
    }
}

#[test]
fn every_run_names_its_face_four_times() {
    let document = part(&docx(&small()).unwrap(), "word/document.xml");
    let runs: Vec<&str> = document.split("<w:r>").skip(1).collect();
    assert!(runs.len() > 10);
    for run in runs {
        let properties = run.split("</w:rPr>").next().unwrap();
        for script in ["w:ascii=", "w:hAnsi=", "w:eastAsia=", "w:cs="] {
            assert!(properties.contains(script), "{script} in {properties}");
        }
        assert!(!properties.contains("Theme"));
    }
}

#[test]
fn links_lead_to_bookmarks_that_exist() {
    let twice = table(vec![row(Some("甲"), &["1"]), row(Some("甲"), &["2"]), row(Some("乙"), &["3"])]);
    let unseen = ReportTable { columns: vec![], rows: vec![row(Some("丙"), &[])], ..ReportTable::default() };
    let report = Report {
        blocks: vec![
            Block::Paragraph(vec![link("一", "甲"), link("二", "乙"), link("三", "丙"), link("", "甲")]),
            Block::Table(unseen),
            Block::Table(twice),
        ],
        ..Report::default()
    };
    let document = part(&docx(&report).unwrap(), "word/document.xml");
    let named = |tag: &str| -> Vec<&str> {
        document.split(tag).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    };
    assert_eq!(named("<w:hyperlink w:anchor=\""), ["R1", "R2"]);
    assert_eq!(named("w:name=\""), ["R1", "R2"]);
    assert_eq!(named("<w:bookmarkStart w:id=\""), named("<w:bookmarkEnd w:id=\""));
    assert!(text_of(&document).starts_with("一二三"), "a link without a row stays as text");
}

#[test]
fn sections_follow_the_orientation_of_attachments() {
    use Orientation::{Landscape, Portrait};
    // Orientations of the attachments; whether text precedes; sections; page breaks within sections.
    for (attachments, text_first, sections, breaks) in [
        (vec![], true, vec![Portrait], 0),
        (vec![Portrait], true, vec![Portrait], 1),
        (vec![Landscape], true, vec![Portrait, Landscape], 0),
        (vec![Landscape, Landscape], true, vec![Portrait, Landscape], 1),
        (vec![Landscape, Portrait], true, vec![Portrait, Landscape, Portrait], 0),
        (vec![Landscape], false, vec![Landscape], 0),
        (vec![Portrait, Landscape], false, vec![Portrait, Landscape], 0),
    ] {
        let mut blocks = if text_first { vec![text("正文")] } else { vec![] };
        for orientation in &attachments {
            blocks.push(Block::Attachment {
                label: "附件1".into(),
                title: "表".into(),
                orientation: *orientation,
            });
            blocks.push(Block::Table(table(vec![row(None, &["1", "二"])])));
        }
        let bytes = docx(&Report { blocks, ..Report::default() }).unwrap();
        let document = part(&bytes, "word/document.xml");
        let lies: Vec<Orientation> = document
            .split("<w:sectPr>")
            .skip(1)
            .map(|rest| {
                let section = rest.split("</w:sectPr>").next().unwrap();
                assert!(section.contains("w:type=\"default\" r:id=\"rId4\""));
                assert!(section.contains("w:type=\"even\" r:id=\"rId5\""));
                assert!(!section.contains("w:start="), "page numbers run on");
                if section.contains("landscape") { Landscape } else { Portrait }
            })
            .collect();
        assert_eq!(lies, sections, "{attachments:?}");
        assert_eq!(document.matches("<w:pageBreakBefore/>").count(), breaks, "{attachments:?}");
        assert!(!document.contains("</w:tbl><w:sectPr>"), "a table must not stand last");
        assert!(!document.contains("</w:tbl><w:tbl>"), "two tables must not touch");
    }
}

#[test]
fn tables_fill_the_width_and_keep_their_rows() {
    let tall = "字".repeat(5000);
    let rows = vec![row(None, &["1", "短"]), row(None, &["2", &tall]), row(None, &[])];
    for (orientation, width) in [(Orientation::Portrait, 8844), (Orientation::Landscape, 12_756)] {
        let blocks = vec![
            Block::Attachment { label: "附件".into(), title: String::new(), orientation },
            Block::Table(table(rows.clone())),
        ];
        let document = part(&docx(&Report { blocks, ..Report::default() }).unwrap(), "word/document.xml");
        assert!(document.contains(&format!("<w:tblW w:w=\"{width}\" w:type=\"dxa\"/>")));
        assert!(document.contains("<w:tblLayout w:type=\"fixed\"/>"));
        assert_eq!(document.matches("<w:tblHeader/>").count(), 1);
        assert_eq!(document.matches("<w:cantSplit/>").count(), 3, "head and rows, but not the tall one");
        let widths: usize = document
            .split("<w:gridCol w:w=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(widths, width);
        assert_eq!(document.matches("<w:tc>").count(), 8, "missing cells are filled up");
    }
}

#[test]
fn name_and_date_stand_as_the_standard_wants() {
    // In hundredths of a character: the date begins two characters to the right of the name.
    for (name, date, want) in [
        ("某某局机关第一党支部委员会", "2023年12月31日", vec!["200", "600"]),
        ("甲", "2023年12月31日", vec!["1000", "200"]),
        ("某某局机关党委", "2023年1月1日", vec!["300", "200"]),
        ("", "2023年12月31日", vec!["200"]),
        ("某某局机关党委", "", vec!["200"]),
        (&"某".repeat(200), "2023年12月31日", vec!["200", "200"]),
    ] {
        let signature = Block::Signature { name: name.into(), date: date.into() };
        let bytes = docx(&Report { blocks: vec![signature], ..Report::default() }).unwrap();
        let document = part(&bytes, "word/document.xml");
        let right: Vec<&str> =
            document.split("w:rightChars=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(right, want, "{name} {date}");
    }
}

#[test]
fn a_signature_never_stands_alone_on_its_page() {
    let signature = || Block::Signature { name: "甲".into(), date: "2023年12月31日".into() };
    let note = || Block::AttachmentNote(vec!["目录".into()]);
    let heading = || Block::Heading { level: 1, text: "一、甲".into() };
    for (blocks, kept) in [
        (vec![signature()], 1),
        (vec![text("完。"), signature()], 2),
        (vec![text("完。"), note(), signature()], 3),
        (vec![text("始。"), text("完。"), note()], 1),
        (vec![heading(), signature(), signature()], 4),
    ] {
        let document = part(&docx(&Report { blocks, ..Report::default() }).unwrap(), "word/document.xml");
        assert_eq!(document.matches("<w:keepNext/>").count(), kept, "{document}");
        assert!(!document.contains("<w:keepNext/><w:keepNext/>"));
    }
}

#[test]
fn an_empty_report_is_still_a_document() {
    let bytes = docx(&Report::default()).unwrap();
    check_well_formed(&bytes);
    let document = part(&bytes, "word/document.xml");
    assert_eq!(document.matches("<w:p>").count(), 1);
    assert_eq!(document.matches("<w:sectPr>").count(), 1);
}

fn column(group: &str, title: &str, width: u16, align: Align) -> Column {
    Column::new(title, width, align).under(group)
}

fn value(value: Value) -> Cell {
    Cell { value, ..Cell::default() }
}

fn book() -> Book {
    Book {
        names: Vec::new(),
        title: "排名".into(),
        author: "某某机关党委".into(),
        sheets: vec![
            Sheet {
                name: "排名".into(),
                title: "评分排名表".into(),
                notes: vec!["数据截至2023年12月31日。".into()],
                columns: vec![
                    column("", "单位", 20, Align::Left),
                    column("得分", "组织", 8, Align::Right),
                    column("得分", "教育", 8, Align::Right),
                    column("", "日期", 12, Align::Centre),
                ],
                rows: vec![
                    vec![
                        Cell::text("第一支部").link(SheetLink { sheet: 1, row: 1 }),
                        Cell::points(Points::from_hundredths(1250)).style(CellStyle::Strong),
                        value(Value::Rate(1, 3)),
                        value(Value::Date(Date::new(2023, 3, 5).unwrap())),
                    ],
                    vec![
                        Cell::text("=SUM(A1)").style(CellStyle::Bad),
                        Cell::count(12).link(SheetLink { sheet: 0, row: 0 }),
                        value(Value::Decimal(f64::NAN)),
                    ],
                ],
                frozen: 1,
                filter: true,
                landscape: true,
                scales: vec![ColorScale { first: 1, last: 2 }],
                signature: Some("组长：".into()),
                ..Sheet::default()
            },
            Sheet {
                name: "明细's".into(),
                columns: vec![column("", "内容", 10, Align::Left)],
                rows: vec![vec![Cell::text("甲")], vec![Cell::text("支部党员大会支部党员大会")]],
                ..Sheet::default()
            },
        ],
    }
}

#[test]
fn a_book_becomes_these_sheets() {
    let parts = parts(&xlsx(&book()).unwrap());
    insta::assert_snapshot!("sheet1", lined(&parts["xl/worksheets/sheet1.xml"]));
    insta::assert_snapshot!("sheet2", lined(&parts["xl/worksheets/sheet2.xml"]));
    insta::assert_snapshot!("workbook", parts["xl/workbook.xml"]);
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    assert_eq!(xlsx(&book()).unwrap(), xlsx(&book()).unwrap());
    let dated = xlsx_dated(&book(), Date::new(2023, 12, 31)).unwrap();
    assert!(part(&dated, "docProps/core.xml").contains(">2023-12-31T00:00:00Z<"));
}

#[test]
fn values_come_back_as_they_went_in() {
    let mut workbook = Xlsx::new(Cursor::new(xlsx(&book()).unwrap())).unwrap();
    assert_eq!(workbook.sheet_names(), ["排名", "明细's"]);
    let range = workbook.worksheet_range("排名").unwrap();
    let at = |row, column| range.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(at(4, 0), Data::String("第一支部".into()));
    assert_eq!(at(4, 1), Data::Float(12.5));
    assert_eq!(at(4, 2), Data::Float(1.0 / 3.0));
    assert!(matches!(at(4, 3), Data::DateTime(day) if (day.as_f64() - 44_990.0).abs() < 1e-9));
    assert_eq!(at(5, 0), Data::String("=SUM(A1)".into()));
    assert_eq!(at(5, 1), Data::Float(12.0), "a linked number stays a number");
    assert_eq!(at(5, 2), Data::Empty, "what is no number is not written");
    assert_eq!(workbook.worksheet_formula("排名").unwrap().used_cells().count(), 0);
}

#[test]
fn links_lead_to_the_cell_of_their_row() {
    let sheet = part(&xlsx(&book()).unwrap(), "xl/worksheets/sheet1.xml");
    let links: Vec<&str> =
        sheet.split("<hyperlink ").skip(1).map(|rest| rest.split("/>").next().unwrap()).collect();
    assert_eq!(links.len(), 2);
    assert!(links[0].starts_with("ref=\"A5\" location=\"'明细''s'!A3\""), "{}", links[0]);
    assert!(links[1].starts_with("ref=\"B6\" location=\"'排名'!A5\""), "{}", links[1]);
}

#[test]
fn links_to_nowhere_are_left_out() {
    let mut book = book();
    for link in [SheetLink { sheet: 7, row: 0 }, SheetLink { sheet: 1, row: 2 }] {
        book.sheets[0].rows = vec![vec![Cell::text("甲").link(link)]];
        assert!(!part(&xlsx(&book).unwrap(), "xl/worksheets/sheet1.xml").contains("<hyperlink"));
    }
}

#[test]
fn text_like_a_formula_is_marked_as_text() {
    for (text, quoted) in [("=1+1", true), ("+1", true), ("-1", true), ("@A1", true), ("甲", false)] {
        let sheet = Sheet {
            columns: vec![column("", "甲", 10, Align::Left)],
            rows: vec![vec![Cell::text(text)]],
            ..Sheet::default()
        };
        let bytes = xlsx(&Book { sheets: vec![sheet], ..Book::default() }).unwrap();
        let parts = parts(&bytes);
        assert_eq!(parts["xl/styles.xml"].contains("quotePrefix=\"1\""), quoted, "{text}");
        assert!(parts["xl/sharedStrings.xml"].contains(&format!(">{text}<")), "{text}");
        assert!(!parts["xl/worksheets/sheet1.xml"].contains("<f>"), "{text}");
    }
}

#[test]
fn values_to_choose_from_are_offered_beneath_the_head() {
    let short = || vec!["已开展".to_owned(), "未开展".to_owned()];
    for (choices, rows, want) in [
        (short(), 3, Some("sqref=\"A2:A4\"><formula1>\"已开展,未开展\"</formula1>")),
        (short(), 0, None),
        (vec![], 3, None),
        (vec!["字".repeat(100); 3], 3, None),
    ] {
        let sheet = Sheet {
            columns: vec![Column { choices, ..column("", "结论", 10, Align::Left) }],
            rows: vec![vec![]; rows],
            ..Sheet::default()
        };
        let sheet = part(
            &xlsx(&Book { sheets: vec![sheet], ..Book::default() }).unwrap(),
            "xl/worksheets/sheet1.xml",
        );
        assert_eq!(sheet.contains("<dataValidation "), want.is_some());
        assert!(want.is_none_or(|want| sheet.contains(want)), "{sheet}");
    }
}

#[test]
fn columns_are_wide_enough_for_their_numbers() {
    for (cell, least) in [
        (Cell::count(123_456_789), 10.0),
        (Cell::points(Points::from_hundredths(12_345)), 6.5),
        (value(Value::Date(Date::new(2023, 12, 31).unwrap())), 11.0),
        (value(Value::Rate(2, 1)), 6.5),
    ] {
        let sheet = Sheet {
            columns: vec![column("", "数", 1, Align::Right)],
            rows: vec![vec![cell.clone()]],
            ..Sheet::default()
        };
        let sheet = part(
            &xlsx(&Book { sheets: vec![sheet], ..Book::default() }).unwrap(),
            "xl/worksheets/sheet1.xml",
        );
        let width: f64 = sheet.split(" width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        assert!(width >= least, "{cell:?}: {width}");
    }
}

#[test]
fn rows_are_high_enough_for_their_text() {
    // Text, width that is asked for, least height in points, least width.
    for (text, width, height, wide) in [
        ("支部党员大会".to_owned(), 12, 12.0, 12.0),
        ("支部党员大会".to_owned(), 8, 24.0, 8.0),
        ("一\n二\n三".to_owned(), 8, 36.0, 8.0),
        ("字".repeat(600), 30, 300.0, 35.0),
        ("字".repeat(30_000), 30, 408.0, 110.0),
    ] {
        let sheet = Sheet {
            columns: vec![column("", "甲", width, Align::Left)],
            rows: vec![vec![Cell::text(text.clone())]],
            ..Sheet::default()
        };
        let bytes = xlsx(&Book { sheets: vec![sheet], ..Book::default() }).unwrap();
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        let number = |tag: &str, of: &str| -> f64 {
            let rest = &sheet[sheet.find(of).unwrap()..];
            rest.split(tag).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        assert!(number(" ht=\"", "<row r=\"2\"") >= height, "{text:.30}");
        assert!(number(" width=\"", "<col ") >= wide, "{text:.30}");
    }
}

#[test]
fn large_sheets_are_written_row_by_row_with_all_their_features() {
    let mut large = book();
    let row = large.sheets[0].rows[0].clone();
    large.sheets[0].rows = vec![row; 20_001];
    let large = part(&xlsx(&large).unwrap(), "xl/worksheets/sheet1.xml");
    let usual = part(&xlsx(&book()).unwrap(), "xl/worksheets/sheet1.xml");
    let head = |sheet: &str| {
        let start = sheet.find("<row r=\"1\"").unwrap();
        sheet[start..sheet.find("<row r=\"5\"").unwrap()].replace(" spans=\"1:4\"", "")
    };
    assert_eq!(head(&large), head(&usual));
    for cell in ["A5", "D20005", "A20007"] {
        assert_eq!(large.matches(&format!("<c r=\"{cell}\"")).count(), 1, "{cell}");
    }
    assert_eq!(large.matches("<mergeCell ").count(), usual.matches("<mergeCell ").count());
    for feature in
        ["<pane ", "<autoFilter ", "<conditionalFormatting ", "<hyperlinks>", "fitToWidth", "<oddFooter>"]
    {
        assert_eq!(large.contains(feature), usual.contains(feature), "{feature}");
    }
    assert!(large.contains("'明细''s'!A3"));
}

#[test]
fn books_without_anything_still_open() {
    for book in [
        Book::default(),
        Book { sheets: vec![Sheet::default()], ..Book::default() },
        Book {
            sheets: vec![Sheet { title: "标题".into(), notes: vec!["说明".into()], ..Sheet::default() }],
            ..Book::default()
        },
        Book {
            sheets: vec![Sheet {
                columns: vec![column("", "甲", 0, Align::Left)],
                filter: true,
                frozen: 9,
                scales: vec![ColorScale { first: 3, last: 9 }],
                ..Sheet::default()
            }],
            ..Book::default()
        },
    ] {
        let bytes = xlsx(&book).unwrap();
        check_well_formed(&bytes);
        assert_eq!(Xlsx::new(Cursor::new(bytes)).unwrap().sheet_names().len(), 1);
    }
}

#[test]
fn too_many_rows_are_refused_in_words() {
    let sheet = Sheet {
        columns: vec![column("", "甲", 5, Align::Left)],
        rows: vec![vec![]; 1_048_576],
        ..Sheet::default()
    };
    let error = xlsx(&Book { title: "大表".into(), sheets: vec![sheet], ..Book::default() }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "写不出 大表：行数或列数超过 Excel 的上限（1048576 行、16384 列），请分单位或分年度输出"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_file_that_opens(nasty in "\\PC*|[\\x00-\\x20\u{fffe}\u{ffff}&<>\"'=+@_x0-9D甲𠮷]{0,40}") {
        let report = Report {
            title: vec![nasty.clone()],
            author: nasty.clone(),
            blocks: vec![
                Block::Salutation(nasty.clone()),
                Block::Paragraph(vec![Span::Text(nasty.clone()), Span::Blank(nasty.clone()), link(&nasty, &nasty)]),
                Block::AttachmentNote(vec![nasty.clone(), nasty.clone()]),
                Block::Signature { name: nasty.clone(), date: nasty.clone() },
                Block::Table(table(vec![row(Some(&nasty), &[&nasty, &nasty])])),
            ],
            ..Report::default()
        };
        check_well_formed(&docx(&report).unwrap());

        let sheet = |name: &str| Sheet {
            name: name.into(),
            title: nasty.clone(),
            columns: vec![column(&nasty, &nasty, 10, Align::Left), column("", "乙", 10, Align::Left)],
            rows: vec![vec![Cell::text(nasty.clone()).link(SheetLink { sheet: 0, row: 0 })]],
            signature: Some(nasty.clone()),
            ..Sheet::default()
        };
        let sheets = vec![sheet(&nasty), sheet(&nasty)];
        let bytes = xlsx(&Book { title: nasty.clone(), author: nasty.clone(), sheets, names: Vec::new() }).unwrap();
        check_well_formed(&bytes);
        let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
        prop_assert_eq!(workbook.sheet_names().len(), 2);
        prop_assert!(workbook.worksheet_range_at(0).unwrap().is_ok());
    }

    #[test]
    fn any_unit_has_a_file_name(unit in "\\PC*|[\\x00-\\x20./\\\\:*?\"<>|conul1]{0,120}") {
        let name = file_name(&unit);
        prop_assert!(!name.is_empty() && name.chars().count() <= 80 && name.len() <= 240);
        prop_assert!(!name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']));
        prop_assert!(!name.chars().any(char::is_control));
        prop_assert!(!name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']));
        prop_assert_eq!(file_name(&unit), name);
    }
}
