//! What the targets share: files built around the bytes of a fuzzer, and what must hold of a reading.
//!
//! The tests of the program take this file in as well (`tests/it/mutants.rs`), so it keeps step with it.

pub mod biff;
pub mod office;

use shuzhi::ingest::{self, limits};
use shuzhi::model::{Block, FormRecord, FormSections, FormValue, Span, Submission};
use shuzhi::pipeline::reading::read_submission;
use shuzhi::pipeline::record_lines::records_lines;
use shuzhi::render::form::OfficeTemplate;
use shuzhi::seeds::Catalogue;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::sync::{Arc, LazyLock};
use zip::write::SimpleFileOptions;

/// The built-in lists and wordings.
pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

/// Reads a file whole and checks what is promised of any file.
pub fn read(name: &str, bytes: &[u8]) -> Submission {
    let submission = read_submission(name, bytes, &CATALOGUE);
    let counts = submission.counts;
    assert_eq!(counts.nonblank, counts.activity_rows + counts.excluded, "{counts:?}");
    assert!(records_lines(&submission, true).all(|line| line.starts_with('{') && line.ends_with('}')));
    if let Some((_, message)) = &submission.error {
        assert!(!message.is_empty());
    }
    submission
}

/// Reads the sheets of a file and checks that they are in order; every eighth length goes all the way,
/// which takes many times as long.
pub fn sheets(name: &str, bytes: &[u8]) {
    if bytes.len().is_multiple_of(8) {
        read(name, bytes);
        return;
    }
    let mut names = BTreeSet::new();
    for grid in ingest::read(&Arc::from(name), bytes).value.unwrap_or_default() {
        assert!(grid.rows.is_sorted_by(|one, next| one.number < next.number));
        for row in &grid.rows {
            assert!(!row.cells.is_empty() && (1..=limits::ROWS).contains(&row.number));
            assert!(row.cells.is_sorted_by(|one, next| one.col < next.col));
            assert!(row.cells.iter().all(|cell| (1..=limits::COLS).contains(&cell.col)));
        }
        assert!(
            grid.merges.iter().all(|m| 0 < m.top && m.top <= m.bottom && 0 < m.left && m.left <= m.right)
        );
        assert!(names.insert(grid.place.sheet), "two sheets of one name");
    }
}

/// A package of these parts.
pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of an input, between zero bytes; what is missing is empty.
pub fn split<const N: usize>(data: &[u8]) -> [&[u8]; N] {
    let mut parts = data.splitn(N, |byte| *byte == 0);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// The parts of an input of any bytes: lengths of two bytes stand before it, the last part is the rest.
pub fn split_binary<const N: usize>(data: &[u8]) -> [&[u8]; N] {
    let (lengths, mut rest) = data.split_at(data.len().min(2 * (N - 1)));
    let mut lengths = lengths.chunks_exact(2).map(|pair| usize::from(u16::from_le_bytes([pair[0], pair[1]])));
    std::array::from_fn(|at| {
        let length = if at + 1 == N { rest.len() } else { lengths.next().unwrap_or(0).min(rest.len()) };
        let (part, more) = rest.split_at(length);
        rest = more;
        part
    })
}

const FORM_TYPES: &str = concat!(
    r#"<Types><Override PartName="/word/document.xml" ContentType="wordprocessingml.document.main+xml"/>"#,
    r#"<Override PartName="/word/header1.xml" ContentType="wordprocessingml.header+xml"/>"#,
    r#"<Override PartName="/word/styles.xml" ContentType="wordprocessingml.styles+xml"/></Types>"#,
);

/// Fills a template made of these parts: what can be read can be filled, and what comes out is XML.
pub fn fill(document: &[u8], header: &[u8], styles: &[u8]) {
    let text = |value: &str| FormValue::Text(value.to_owned());
    let entry = |day: &str| FormRecord::from([("日期".to_owned(), text(day)), ("主持".to_owned(), text(""))]);
    let values = FormRecord::from([
        ("单位".to_owned(), text("一<二>\u{1}\n三")),
        ("得分".to_owned(), text("92.5")),
        ("书记".to_owned(), FormValue::Missing),
        ("活动".to_owned(), FormValue::List(Arc::new(vec![entry("3月5日"), entry("4月6日")]))),
    ]);
    let paragraph = Block::Paragraph(vec![Span::Blank("【待补：原因】".to_owned())]);
    let sections = FormSections::from([("履职情况".to_owned(), vec![paragraph])]);
    let package = package(&[
        ("[Content_Types].xml", FORM_TYPES.as_bytes()),
        ("word/document.xml", document),
        ("word/header1.xml", header),
        ("word/styles.xml", styles),
    ]);
    let found = OfficeTemplate::inspect("样例.docx", &package);
    assert_eq!(found.template.is_none(), !found.faults.is_empty());
    // Only loops in loops can make a document too large.
    if let Some(Ok(filled)) = found.template.map(|template| template.fill(&values, &sections)) {
        let again = OfficeTemplate::inspect("样例.docx", &filled);
        // Braces may come together where something between them went, but it is a document.
        assert!(!again.faults.iter().any(|fault| fault.message.contains("损坏")), "{:?}", again.faults);
    }
}

/// The relations of a workbook to one sheet, its texts and its looks.
pub fn relations(extension: &str) -> String {
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" \
             Target=\"{target}.{extension}\"/>"
        )
    };
    let all = [
        relation("rId1", "worksheet", "worksheets/sheet1"),
        relation("rId2", "sharedStrings", "sharedStrings"),
        relation("rId3", "styles", "styles"),
    ];
    format!("<Relationships>{}</Relationships>", all.concat())
}

const WORKBOOK: &str =
    r#"<workbook><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>"#;

/// A workbook of this sheet, these shared texts and looks; an empty workbook part lists the sheet.
pub fn xlsx(sheet: &[u8], texts: &[u8], styles: &[u8], workbook: &[u8]) -> Vec<u8> {
    let workbook = if workbook.is_empty() { WORKBOOK.as_bytes() } else { workbook };
    package(&[
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations("xml").as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", texts),
        ("xl/styles.xml", styles),
    ])
}

/// A compound file around a workbook stream.
pub fn xls(stream: &[u8]) -> Vec<u8> {
    biff::compound("Workbook", stream)
}
