//! The branch report of a made-up unit, as text.

use shuzhi::model::{
    Activity, Block, Counted, Date, DateSpan, Decision, Evidence, EvidenceSource, HostRole, ItemId, KindId,
    ListId, Match, Place, Precision, Report, Scope, Span, StatedKind, Unit, UnitResult,
};
use shuzhi::report::{Paper, Subject, Templates, of_unit};
use shuzhi::scoring::{Assessment, Case, Verdicts, score};
use shuzhi::seeds::Catalogue;
use std::collections::BTreeMap;

/// Month, day, kind, title, items.
type Row = (u32, u32, &'static str, &'static str, &'static [&'static str]);

const ROWS: [Row; 16] = [
    (1, 10, "支委会", "研究全年工作安排", &["ZB-3"]),
    (1, 12, "主题党日", "重温入党誓词", &["ZB-3", "ZB-1"]),
    (2, 8, "支委会", "讨论组织生活会方案", &["ZB-3"]),
    (2, 20, "党课", "从“两路”精神看担当", &["ZB-3"]),
    (3, 5, "主题党日", "到河道清理垃圾", &["ZB-3", "ZB-5"]),
    (3, 15, "支委会", "研究发展对象", &["ZB-3", "ZB-4"]),
    (3, 31, "廉政自省日", "学习通报", &["ZB-3", "ZB-7"]),
    (4, 2, "党员大会", "讨论预备党员转正", &["ZB-3", "ZB-4"]),
    (5, 6, "谈心谈话", "与青年党员个别谈心", &["ZB-3", "ZB-4"]),
    (6, 28, "", "向机关党委报送上半年思想政治工作情况报告", &["ZB-2"]),
    (7, 1, "主题党日", "# 标题一样的文字 %表 和 [[链接]]", &["ZB-3"]),
    (8, 9, "支委会", "研究党费收缴", &["ZB-3", "ZB-4"]),
    (9, 3, "党员大会", "学习二十大报告", &["ZB-3", "ZB-1"]),
    (10, 12, "党课", "守住底线", &["ZB-3", "ZB-7"]),
    (11, 22, "", "在公开栏公示党费使用情况", &["ZB-6"]),
    (12, 20, "组织生活会", "年度组织生活会和民主评议党员", &["ZB-3", "ZB-4"]),
];

fn activity(at: usize, row: &Row, list: &str) -> (Activity, Vec<Match>) {
    let (month, day, kind, title, items) = *row;
    let date = Date::new(2023, month, day).unwrap();
    let stated =
        (!kind.is_empty()).then(|| StatedKind { raw: kind.to_owned(), kind: Some(KindId::from(kind)) });
    let activity = Activity {
        date: DateSpan::new(date, date, Precision::Day, ""),
        kinds: stated.iter().filter_map(|s| s.kind.clone()).collect(),
        stated,
        title: title.to_owned(),
        attended: (at % 5 != 4).then_some(18),
        expected: Some(20),
        minutes: Some(90),
        host: Some(if at.is_multiple_of(3) { "陶青" } else { "何岸" }.to_owned()),
        host_role: Some(if kind == "党课" { HostRole::Lecturer } else { HostRole::Chair }),
        ..Activity::blank(Place::sheet("台账.xlsx", "台账").at(u32::try_from(at).unwrap() + 4, 1))
    };
    let matches = items
        .iter()
        .map(|item| Match {
            item: ItemId::from(item.replace("ZB", list).as_str()),
            confidence: 930,
            decision: Decision::Link,
            evidence: vec![Evidence {
                source: EvidenceSource::Kind,
                sentence: "类型相符".into(),
                weight: 100,
            }],
        })
        .collect();
    (activity, matches)
}

fn report(rows: &[Row]) -> Report {
    report_on("ZB", rows)
}

fn report_on(name: &str, rows: &[Row]) -> Report {
    let catalogue = Catalogue::builtin().unwrap();
    let list = catalogue.list(&ListId::from(name)).unwrap().clone();
    let requirements = catalogue.requirements_for(&list);
    let points = catalogue.scheme("").unwrap().spread(&requirements);
    let scope =
        Scope { bureau: "青岚市水务局".into(), year: 2023, until: Date::new(2023, 12, 31).unwrap() };
    let unit = Unit {
        secretary: Some("陶青".into()),
        members: Some(20),
        ..Unit::named("机关第一党支部", ListId::from("ZB"))
    };
    let (activities, matches): (Vec<_>, Vec<_>) =
        rows.iter().enumerate().map(|(at, row)| activity(at, row, name)).unzip();
    let counted = vec![Counted::Yes; activities.len()];
    let rules = Assessment::new(&list, &requirements, &points, scope.clone());
    let case = Case {
        unit: &unit,
        activities: &activities,
        matches: &matches,
        rulings: &[],
        counted: &counted,
        answers: &[],
        hours: &[],
    };
    let (card, proofs) = score(&rules, &case, &Verdicts::new());
    let files = vec!["台账.xlsx".into()];
    let fingerprints = Vec::new();
    let (next, rulings) = (Vec::new(), Vec::new());
    let result =
        UnitResult { unit, files, activities, matches, next, rulings, counted, card, proofs, fingerprints };
    let subject = Subject::new(&result, &list, &requirements, &scope);
    let paper = Paper::of_role(&list.role).unwrap();
    of_unit(&Templates::load(None, &BTreeMap::new()).unwrap(), paper, &subject, None).unwrap().0
}

/// The document as plain text, one block a line.
fn text(report: &Report) -> String {
    let mut lines: Vec<String> = report.title.iter().map(|line| format!("［标题］{line}")).collect();
    for block in &report.blocks {
        lines.push(match block {
            Block::Salutation(text) => format!("［称谓］{text}"),
            Block::Heading { level, text } => format!("［标题{level}］{text}"),
            Block::Paragraph(spans) => spans
                .iter()
                .map(|span| match span {
                    Span::Text(text) => text.clone(),
                    Span::Blank(text) => format!("〈{text}〉"),
                    Span::Link { text, anchor } => format!("{text}〔{anchor}〕"),
                    Span::Note(text) => format!("［批注：{text}］"),
                })
                .collect(),
            Block::Table(table) => {
                let mut lines = vec![format!("［表］{}", table.caption)];
                lines.push(table.columns.iter().map(|c| c.title.as_str()).collect::<Vec<_>>().join(" | "));
                lines.extend(table.rows.iter().map(|row| row.cells.join(" | ")));
                lines.join("\n")
            }
            Block::AttachmentNote(names) => format!("［附件说明］{}", names.join("；")),
            Block::Attachment { label, title, .. } => format!("［附件］{label} {title}"),
            Block::Signature { name, date } => format!("［落款］{name} {date}"),
        });
    }
    lines.join("\n")
}

#[test]
fn a_middling_branch() {
    let report = report(&ROWS);
    if let Ok(path) = std::env::var("SHUZHI_WRITE_REPORT") {
        std::fs::write(path, shuzhi::render::docx(&report).unwrap()).unwrap();
    }
    insta::assert_snapshot!(text(&report));
}

#[test]
fn a_branch_without_any_activity_says_so() {
    insta::assert_snapshot!(text(&report(&[])));
}

#[test]
fn every_list_gives_a_report_with_a_section_for_each_item_that_has_a_row() {
    for (list, items) in [("DZ", 17), ("JW", 23), ("CY", 5), ("ZB", 7)] {
        // The rows prove items 1 to 7; items without a row are named together.
        let told = items.min(7);
        for (rows, items) in [(&ROWS[..], told), (&[], 0)] {
            let report = report_on(list, rows);
            let categories = usize::from((list == "DZ" || list == "JW") && items > 0);
            let level = 2 + u8::try_from(categories).unwrap();
            let before_problems = report.blocks.iter().take_while(
                |block| !matches!(block, Block::Heading { level: 1, text } if text.starts_with("二、")),
            );
            let sections = before_problems
                .filter(|block| matches!(block, Block::Heading { level: l, .. } if *l == level));
            assert_eq!(sections.count(), items, "{list}");
        }
    }
}

#[test]
fn every_link_leads_to_a_row() {
    let report = report(&ROWS);
    let anchors: Vec<&String> = report
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table(table) => Some(table.rows.iter().filter_map(|row| row.anchor.as_ref())),
            _ => None,
        })
        .flatten()
        .collect();
    let mut links = 0;
    for block in &report.blocks {
        let Block::Paragraph(spans) = block else { continue };
        for span in spans {
            if let Span::Link { anchor, .. } = span {
                links += 1;
                assert_eq!(anchors.iter().filter(|a| **a == anchor).count(), 1, "{anchor}");
            }
        }
    }
    assert!(links >= 10, "{links}");
}
