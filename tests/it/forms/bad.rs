//! Files that are no templates, and values that no file can hold.

use super::{changed, part, sample, sections, text, values, well_formed};
use crate::harness::package;
use crate::made::Dice;
use shuzhi::render::form::OfficeTemplate;
use std::io::{Cursor, Write};

const BODY: &str = "word/document.xml";

fn types(kind: &str) -> String {
    format!("<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/{kind}\"/></Types>")
}

fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

#[test]
fn what_is_no_template_says_why_and_what_to_do() {
    let good = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let with =
        |kind: &str, body: &[u8]| package(&[("[Content_Types].xml", types(kind).as_bytes()), (BODY, body)]);
    let deep = "<w:sdt>".repeat(400);
    let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("[Content_Types].xml", types(good).into_bytes()), (BODY, vec![b' '; 65 << 20])] {
        bomb.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        bomb.write_all(&content).unwrap();
    }
    let sample = sample("样例-述职报告.docx");
    let encrypted = std::fs::read(crate::fixture("bad/encrypted.xlsx")).unwrap();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("空文件", Vec::new()),
        ("文本", b"hello".to_vec()),
        ("rtf", b"{\\rtf1}".to_vec()),
        ("doc", ole("WordDocument")),
        ("密码", encrypted),
        ("旧版", ole("Book")),
        ("截断", sample[..sample.len() / 2].to_vec()),
        ("压缩包", package(&[("a.txt", b"a")])),
        ("odt", package(&[("content.xml", b"a")])),
        ("工作簿", with("vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"")),
        ("dotx", with("vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", b"")),
        ("docm", with("vnd.ms-word.document.macroEnabled.main+xml", b"")),
        ("无正文", package(&[("[Content_Types].xml", types(good).as_bytes())])),
        ("空正文", with(good, b"")),
        ("坏正文", with(good, b"<w:document><w:body><w:p></w:body>")),
        ("不是UTF-8", with(good, b"<w:document>\xff</w:document>")),
        ("太深", with(good, deep.as_bytes())),
        ("太大", bomb.finish().unwrap().into_inner()),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(name, bytes)| OfficeTemplate::read(name, bytes).unwrap_err().to_string())
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn hostile_values_give_valid_documents() {
    let template = OfficeTemplate::read("样例.docx", &sample("样例-述职报告.docx")).unwrap();
    let lone = String::from_utf16_lossy(&[0xd800, 0x4e00]);
    for value in [
        "</w:t></w:r></w:p>",
        "]]>&amp;<!--",
        "a\u{0}\u{1}\u{b}b\u{fffe}\u{ffff}",
        &lone,
        "一\n二\r\n三\t四",
        "{{得分}}{% for %}",
        "【待补：】【待补",
        &"长".repeat(200),
        "",
    ] {
        let mut values = values(2);
        values.insert("单位名称".into(), text(value));
        values.insert("局名".into(), text(value));
        let document = template.fill(&values, &sections()).unwrap();
        for part_name in [BODY, "word/header1.xml"] {
            let xml = part(&document, part_name);
            well_formed(&xml);
            assert!(!xml.contains(['\0', '\u{1}', '\u{fffe}']), "{value:?}");
        }
    }
}

#[test]
fn damaged_templates_come_back() {
    let whole = sample("样例-述职报告.docx");
    let body: Vec<char> = part(&whole, BODY).chars().collect();
    let mut dice = Dice(11);
    let mut read = 0;
    for _ in 0..150 {
        let mut wounded = body.clone();
        for _ in 0..=dice.below(3) {
            let at = usize::try_from(dice.below(u32::try_from(wounded.len()).unwrap())).unwrap();
            let end = (at + 1 + usize::try_from(dice.below(60)).unwrap()).min(wounded.len());
            match dice.below(4) {
                0 => drop(wounded.drain(at..end)),
                1 => {
                    let copy = wounded[at..end].to_vec();
                    wounded.splice(at..at, copy);
                }
                2 => drop(wounded.splice(at..at, "{{完}}".chars())),
                _ => drop(wounded.splice(at..at, "{{如有 书记}}".chars())),
            }
        }
        let text: String = wounded.iter().collect();
        let inspection = OfficeTemplate::inspect("坏.docx", &changed(&whole, BODY, &text));
        if let Some(template) = inspection.template {
            well_formed(&part(&template.fill(&values(2), &sections()).unwrap(), BODY));
            read += 1;
        }
    }
    assert!(read > 10, "{read}");
}

#[test]
fn loops_in_loops_come_to_an_end() {
    let inner: String = (0..8).map(|_| "<w:p><w:r><w:t>{{每项 活动}}</w:t></w:r></w:p>").collect();
    let ends: String = (0..8).map(|_| "<w:p><w:r><w:t>{{完}}</w:t></w:r></w:p>").collect();
    let whole = sample("样例-述职报告.docx");
    let body = part(&whole, BODY);
    let start = body.find("<w:body>").unwrap() + 8;
    let body = format!("{}{inner}{ends}{}", &body[..start], &body[body.rfind("<w:sectPr>").unwrap()..]);
    let template = OfficeTemplate::read("套.docx", &changed(&whole, BODY, &body)).unwrap();
    let error = template.fill(&values(300), &sections()).unwrap_err().to_string();
    assert!(error.contains("太大"), "{error}");
}
