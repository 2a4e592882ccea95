//! An office's own Word templates: filled however their runs are split, and left alone everywhere else.

mod bad;
mod documents;
mod folders;
mod splits;

use shuzhi::model::{Block, FormRecord, FormSections, FormValue, ReportColumn, ReportRow, ReportTable, Span};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) fn templates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")
}

pub(crate) fn sample(name: &str) -> Vec<u8> {
    std::fs::read(templates().join(name)).unwrap()
}

/// The parts of a package as they are packed.
pub(crate) fn packed(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut part = zip.by_index_raw(at).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

pub(crate) fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The package with one part changed.
pub(crate) fn changed(bytes: &[u8], name: &str, content: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let part = zip.by_index_raw(at).unwrap();
        if part.name().unwrap() != name {
            out.raw_copy_file(part).unwrap();
        }
    }
    out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    out.write_all(content.as_bytes()).unwrap();
    out.finish().unwrap().into_inner()
}

/// The paragraphs of a part as they stand, innermost ones only.
pub(crate) fn paragraphs(xml: &str) -> Vec<&str> {
    let starts = xml.match_indices("<w:p").filter(|(at, _)| xml[at + 4..].starts_with(['>', ' ']));
    starts
        .filter_map(|(at, _)| {
            let end = xml[at..].find("</w:p>")? + at + 6;
            Some(&xml[at..end])
        })
        .collect()
}

/// The text of each paragraph.
pub(crate) fn texts(xml: &str) -> Vec<String> {
    let text = |paragraph: &&str| {
        let pieces = paragraph.split("<w:t").skip(1).filter(|piece| piece.starts_with(['>', ' ']));
        pieces.filter_map(|piece| piece.split_once('>')?.1.split("</w:t>").next()).collect::<String>()
    };
    paragraphs(xml).iter().map(text).collect()
}

pub(crate) fn well_formed(xml: &str) {
    let mut reader = quick_xml::Reader::from_str(xml);
    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
}

pub(crate) fn text(value: &str) -> FormValue {
    FormValue::Text(value.to_owned())
}

pub(crate) fn record(fields: &[(&str, &str)]) -> FormRecord {
    fields.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect()
}

/// Values of an invented unit with so many activities.
pub(crate) fn values(activities: usize) -> FormRecord {
    let mut values = record(&[
        ("单位名称", "某某市水务局机关第一党支部"),
        ("单位", "机关第一党支部"),
        ("局名", "某某市水务局"),
        ("年度", "2023"),
        ("截至日期", "2023年12月31日"),
        ("参评单位数", "24"),
        ("党员人数", "18"),
        ("得分", "92.5"),
        ("满分", "100"),
        ("待核分", "3"),
        ("名次", "2"),
        ("排名区间", "1～4"),
        ("要求数", "21"),
        ("达标数", "19"),
        ("缺项数", "2"),
        ("活动数", &activities.to_string()),
        ("人次", "812"),
    ]);
    values.insert("书记".into(), FormValue::Missing);
    let list = |count: usize, fields: &dyn Fn(usize) -> FormRecord| {
        FormValue::List(Arc::new((1..=count).map(fields).collect()))
    };
    let activity = |at: usize| {
        let day = format!("2023-{:02}-{:02}", at % 12 + 1, at % 28 + 1);
        let name = format!("学习党章<第{at}讲> & 交流");
        record(&[
            ("序号", &at.to_string()),
            ("日期", &day),
            ("类型", "党课"),
            ("名称", &name),
            ("实到", "17"),
            ("条目", "ZB-3"),
        ])
    };
    let problem = |at: usize| {
        let number = at.to_string();
        record(&[
            ("序号", &number),
            ("问题", "谈心谈话没有找到记录"),
            ("来源", "责任清单第4条"),
            ("分值", "2"),
        ])
    };
    let rank = |at: usize| {
        let number = at.to_string();
        let unit = format!("第{at}党支部");
        record(&[
            ("名次", &number),
            ("单位", &unit),
            ("组别", "机关组"),
            ("得分", "90"),
            ("待核分", "1"),
            ("等次", "优秀"),
            ("排名区间", "1～3"),
        ])
    };
    values.insert("活动".into(), list(activities, &activity));
    values.insert("问题".into(), list(2, &problem));
    values.insert("排名".into(), list(24, &rank));
    values
}

/// Sections with every kind of block that reports have in them.
pub(crate) fn sections() -> FormSections {
    let plain = |text: &str| Block::Paragraph(vec![Span::Text(text.to_owned())]);
    let column = |title: &str, weight| ReportColumn { title: title.to_owned(), weight, centred: true };
    let table = ReportTable {
        caption: "表1 主要活动".into(),
        columns: vec![column("日期", 2), column("名称", 5)],
        rows: vec![ReportRow { anchor: None, cells: vec!["3月5日".into(), "学党章".into()] }],
        ..ReportTable::default()
    };
    let duty = vec![
        Block::Heading { level: 2, text: "（一）组织生活".into() },
        plain("全年开展12次。"),
        Block::Paragraph(vec![
            Span::Link { text: "3月5日".into(), anchor: "e1".into() },
            Span::Text("讲党课，".into()),
            Span::Blank("【待补：效果】".into()),
        ]),
        Block::Table(table),
    ];
    [("履职情况".to_owned(), duty), ("下一步打算".to_owned(), vec![plain("补齐缺项。")])].into()
}
