//! The documents of both samples: every figure has a source, no two reports sound alike.

use crate::bureau;
use shuzhi::model::{Block, Report, ReportRow, Span};
use shuzhi::pipeline::assess::{Assessed, assess};
use shuzhi::pipeline::papers::{About, Desk, due, name_of};
use shuzhi::pipeline::run::templates;
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::report::{PAPERS, REPORTS};
use shuzhi::seeds::Catalogue;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

struct Document {
    kind: &'static str,
    about: About,
    name: String,
    report: Report,
}

fn both() -> [(PathBuf, &'static str); 2] {
    let samples = bureau::samples().parent().unwrap().to_owned();
    [
        (bureau::samples(), "branches"),
        (samples.join("青岚市水务局2023年度班子和县区局"), "leaders and counties"),
    ]
}

fn documents(folder: &std::path::Path) -> (Assessed, Vec<Document>) {
    let assessed = assess(folder, &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    let templates = templates(folder, &assessed.papers).unwrap();
    let desk = Desk::new(&templates, &assessed);
    let (due, findings) = due(&assessed);
    assert!(findings.is_empty());
    let written = due
        .into_iter()
        .map(|due| {
            let (report, _) = desk.compose(due).unwrap().unwrap();
            Document { kind: due.paper.name, about: due.about, name: name_of(&assessed, due.about), report }
        })
        .collect();
    (assessed, written)
}

/// The part that is read out: everything before the first attachment.
fn body(report: &Report) -> impl Iterator<Item = &Block> {
    report.blocks.iter().take_while(|block| !matches!(block, Block::Attachment { .. }))
}

/// Runs of digits with their decimals: `12`, `95.9`.
fn figures(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut last: Option<usize> = None;
    for (at, c) in text.char_indices() {
        let point = c == '.' && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        if c.is_ascii_digit() || (point && last == Some(at)) {
            if last == Some(at) {
                found.last_mut().unwrap().push(c);
            } else {
                found.push(c.to_string());
            }
            last = Some(at + 1);
        }
    }
    found
}

/// The text without what stands in quotes, and what stood there.
fn quoted(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside, mut quotes) = (String::new(), String::new(), Vec::new());
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '“' | '《' => depth += 1,
            '”' | '》' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    quotes.push(std::mem::take(&mut inside));
                }
            }
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    outside.push_str(&inside);
    (outside, quotes)
}

/// Everything that the ledgers, the register, the lists and the scheme say about anyone.
fn data(assessed: &Assessed) -> String {
    let mut text = String::new();
    let results = assessed.results.iter().chain(assessed.leadership.cases.iter().map(|case| &case.result));
    for result in results {
        text.push_str(&result.unit.name);
        for activity in &result.activities {
            for part in [Some(&activity.title), activity.description.as_ref(), activity.location.as_ref()] {
                text.push_str(part.map_or("", |part| part));
                text.push('\n');
            }
        }
    }
    for task in assessed.tasks.iter().flatten() {
        for part in [&task.problem, &task.measure, &task.progress, &task.deadline] {
            text.push_str(part);
            text.push('\n');
        }
    }
    for rules in &assessed.rules {
        rules.list.items.iter().for_each(|item| text.push_str(&item.text));
    }
    for finding in &assessed.files {
        text.push_str(&finding.file);
    }
    text.push_str(&assessed.scheme.name);
    for standing in &assessed.standings {
        standing.awards.iter().for_each(|award| text.push_str(&award.reason));
    }
    flat(&text)
}

/// Without what a sentence may change: blanks, quotes.
fn flat(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"“”‘’".contains(*c)).collect()
}

/// The numbers that a cell of 佐证号 lists.
fn listed(cell: &str) -> BTreeSet<usize> {
    cell.split('、')
        .filter(|part| !part.is_empty())
        .flat_map(|part| {
            let part = part.trim();
            let (from, to) = part.split_once('至').unwrap_or((part, part));
            from.parse::<usize>().unwrap()..=to.parse::<usize>().unwrap()
        })
        .collect()
}

/// A row of 数字出处 recomputed from the evidence table of the same document.
fn proved(row: &ReportRow, evidence: &BTreeMap<usize, &ReportRow>) -> Result<(), String> {
    let anchor = row.anchor.as_deref().unwrap();
    let [_, what, figures_cell, _, numbers] = row.cells.as_slice() else { return Err("five cells".into()) };
    let rows: Vec<&&ReportRow> = listed(numbers).iter().filter_map(|n| evidence.get(n)).collect();
    let said = |before: &str, after: &str| -> Option<u32> {
        let rest = &figures_cell[figures_cell.find(before)? + before.len()..];
        rest[..rest.find(after)?].parse().ok()
    };
    let same = |name: &str, found: Option<u32>, expected: usize| {
        let expected = u32::try_from(expected).unwrap();
        if found == Some(expected) {
            Ok(())
        } else {
            Err(format!("{what}: {name} {found:?} in “{figures_cell}”, {expected} by the evidence"))
        }
    };
    let people = || rows.iter().filter_map(|row| row.cells[4].parse::<usize>().ok()).sum::<usize>();
    let months = || -> usize {
        let months: BTreeSet<&str> = rows
            .iter()
            .filter_map(|row| row.cells[1].get(5..7))
            .filter(|m| m.parse::<u32>().is_ok())
            .collect();
        months.len()
    };
    match anchor.chars().next() {
        Some('t') if anchor == "t1" => {
            same("项", said("", "项"), rows.len())?;
            same("人次", said("项，", "人次"), people())
        }
        Some('p') => same("次", said("", "次"), rows.len()),
        Some('i') => {
            same("项", said("共", "项"), rows.len())?;
            // Dates that are no dates stand in the table as they were written.
            if rows.iter().all(|row| row.cells[1].get(4..5) == Some("-")) {
                same("月", said("分布在", "个月"), months())?;
            }
            if figures_cell.contains("人次") {
                same("人次", said("个月；", "人次"), people())
            } else {
                Ok(())
            }
        }
        Some('r') => same("项", said("，共", "项"), rows.len()),
        _ => Ok(()),
    }
}

/// Whether a figure of the text stands in the row that it leads to.
fn stands_in(figure: &str, row: &ReportRow, text: &str) -> bool {
    let evidence = row.anchor.as_deref().is_some_and(|anchor| anchor.starts_with('e'));
    if evidence {
        // A date: month and day; a head count: the cell itself.
        let date = &row.cells[1];
        if text.contains('月') || text.contains('季') {
            return date.contains(&format!("-{figure:0>2}")) || figures(date).contains(&figure.to_owned());
        }
        return row.cells[4] == figure
            || row.cells[1..].iter().any(|cell| figures(cell).contains(&figure.to_owned()));
    }
    row.cells.iter().any(|cell| figures(cell).contains(&figure.to_owned()))
}

#[test]
fn every_figure_has_a_source_in_the_data_of_its_unit() {
    let mut wrong = Vec::new();
    let (mut seen, mut linked) = (0, 0);
    for (folder, _) in both() {
        let (assessed, documents) = documents(&folder);
        let data = data(&assessed);
        let allowed = format!(
            "{}年 {} {}",
            assessed.scope.year,
            assessed.scope.until.chinese(),
            documents.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(" ")
        );
        let allowed = figures(&allowed);
        for document in &documents {
            let tables = document.report.blocks.iter().filter_map(|block| match block {
                Block::Table(table) => Some(table),
                _ => None,
            });
            let rows: BTreeMap<&str, &ReportRow> =
                tables.flat_map(|t| &t.rows).filter_map(|row| Some((row.anchor.as_deref()?, row))).collect();
            let evidence: BTreeMap<usize, &ReportRow> = rows
                .iter()
                .filter_map(|(anchor, row)| Some((anchor.strip_prefix('e')?.parse().ok()?, *row)))
                .collect();
            let mut tell = |what: String| wrong.push(format!("{} {}: {what}", document.kind, document.name));
            for row in rows.values().filter(|row| row.cells.len() == 5) {
                // The evidence table stands in the documents that list evidence.
                if !evidence.is_empty()
                    && let Err(message) = proved(row, &evidence)
                {
                    tell(message);
                }
            }
            for block in body(&document.report) {
                let spans = match block {
                    Block::Paragraph(spans) => spans.clone(),
                    Block::Heading { text, .. } => {
                        // Labels such as 1. and （1） are no figures.
                        let bare =
                            text.trim_start_matches(|c: char| c.is_ascii_digit() || "（）.".contains(c));
                        vec![Span::Text(bare.to_owned())]
                    }
                    Block::Salutation(text) => vec![Span::Text(text.clone())],
                    _ => Vec::new(),
                };
                for span in &spans {
                    let Span::Link { text, anchor } = span else { continue };
                    for figure in figures(text) {
                        seen += 1;
                        linked += 1;
                        match rows.get(anchor.as_str()) {
                            None => tell(format!("{text} leads to {anchor}, which is not there")),
                            Some(row) if !stands_in(&figure, row, text) => {
                                tell(format!("{figure} of {text} is not in {:?}", row.cells));
                            }
                            Some(_) => {}
                        }
                    }
                }
                let plain: String = spans
                    .iter()
                    .map(|span| match span {
                        Span::Text(text) => text.as_str(),
                        Span::Blank(_) | Span::Note(_) => "",
                        Span::Link { .. } => "〇",
                    })
                    .collect();
                // 附件1, 文件2 are labels.
                let plain = ["附件", "文件"].iter().fold(plain, |text, label| {
                    (1..100).rev().fold(text, |text, n| text.replace(&format!("{label}{n}"), label))
                });
                let (outside, quotes) = quoted(&plain);
                for quote in quotes.iter().filter(|quote| !figures(quote).is_empty()) {
                    seen += 1;
                    let known = flat(quote.trim_end_matches("……"));
                    if !data.contains(&known) {
                        tell(format!("“{quote}” is in no row"));
                    }
                }
                for figure in figures(&outside) {
                    seen += 1;
                    // A title that begins with a verb stands in the sentence without quotes.
                    let around = flat(&outside);
                    let in_title = around.match_indices(&figure).any(|(at, _)| {
                        let from = around[..at].char_indices().rev().nth(1).map_or(0, |(i, _)| i);
                        let to = around[at..]
                            .char_indices()
                            .nth(figure.len() + 3)
                            .map_or(around.len(), |(i, _)| at + i);
                        data.contains(&around[from..to])
                    });
                    if !allowed.contains(&figure) && !in_title {
                        tell(format!("{figure} in “{outside}” leads nowhere"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(linked > 3000, "{linked} of {seen} figures lead to a row");
}

/// The sentences of the part that is read out, figures masked.
/// but those that are for the greater part wording of the duty list.
fn sentences(report: &Report, duties: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for block in body(report) {
        let Block::Paragraph(spans) = block else { continue };
        let text: String = spans
            .iter()
            .map(|span| match span {
                Span::Text(text) | Span::Link { text, .. } => text.as_str(),
                Span::Blank(_) | Span::Note(_) => "",
            })
            .collect();
        for sentence in text.split(['。', '；']) {
            let masked: String = sentence.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            let mut masked = masked;
            while masked.contains("00") {
                masked = masked.replace("00", "0");
            }
            let length = masked.chars().count();
            let bare = duties.iter().fold(masked.clone(), |text, duty| text.replace(duty.as_str(), ""));
            // What leads to a blank is no sentence before it is filled.
            if length > 4 && !masked.ends_with(['，', '：']) && bare.chars().count() * 2 > length {
                found.insert(masked);
            }
        }
    }
    found
}

#[test]
fn no_two_reports_share_more_than_a_quarter_of_their_sentences() {
    let mut all: Vec<(String, BTreeSet<String>)> = Vec::new();
    for (folder, _) in both() {
        let (assessed, documents) = documents(&folder);
        let rules =
            assessed.rules.iter().chain(assessed.leadership.rules.iter().map(|book| &book.list_rules));
        let mut duties: Vec<String> = rules
            .flat_map(|rules| {
                let items = rules.list.items.iter().map(|item| item.short().to_owned());
                items.chain(rules.requirements.iter().map(|requirement| requirement.name.clone()))
            })
            .collect();
        // The longest first: 支部书记讲党课 holds 党课.
        duties.sort_by_key(|duty| std::cmp::Reverse(duty.chars().count()));
        for document in documents {
            let report = PAPERS.iter().any(|paper| paper.name == document.kind && paper.folder == REPORTS);
            let active = match document.about {
                About::Unit(at) => !assessed.results[at].activities.is_empty(),
                About::Leader(_) => true,
                About::Bureau => false,
            };
            if report && active {
                all.push((document.name, sentences(&document.report, &duties)));
            }
        }
    }
    assert!(all.len() >= 12, "{}", all.len());
    let mut most = (0, String::new());
    for (at, (name, own)) in all.iter().enumerate() {
        for (other, theirs) in &all[at + 1..] {
            let shared = own.intersection(theirs).count();
            let share = shared * 100 / own.len().min(theirs.len());
            if share > most.0 {
                let which: Vec<&String> = own.intersection(theirs).collect();
                most = (
                    share,
                    format!("{name} and {other}: {shared} of {} and {}: {which:#?}", own.len(), theirs.len()),
                );
            }
        }
    }
    assert!(most.0 < 25, "{} % {}", most.0, most.1);
}

#[test]
fn every_kind_of_document_is_written_for_the_samples() {
    let mut kinds = BTreeSet::new();
    for (folder, _) in both() {
        kinds.extend(documents(&folder).1.iter().map(|document| document.kind));
    }
    assert_eq!(kinds.len(), PAPERS.len(), "{kinds:?}");
}

/// Every name that a template may use, read from the definitions of the facts.
#[test]
fn the_guide_names_everything_that_a_template_may_use() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("templates/说明.md")).unwrap();
    let mut names = 0;
    for entry in std::fs::read_dir(root.join("src/report/facts")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines().filter(|line| line.starts_with("    ") && line.ends_with(',')) {
            let line = line.trim().trim_start_matches("pub(super) ");
            let Some((name, _)) = line.split_once(": ") else { continue };
            if name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
                names += 1;
                assert!(guide.contains(&format!("`{name}`")), "{name} is not in templates/说明.md");
            }
        }
    }
    assert!(names > 120, "{names}");
}

#[test]
fn an_unknown_name_is_told_with_template_line_and_the_nearest_name() {
    let folder = bureau::copy();
    let own = folder.path().join("模板");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("考核结果通报.txt"), "# 通报\n共{{ 单位树 }}个单位。\n").unwrap();
    let error = shuzhi::pipeline::run::run(folder.path(), &Unwatched).unwrap_err().to_string();
    assert_eq!(
        error,
        "模板 考核结果通报.txt：第2行：用到了没有的名称“单位树”，是不是“单位数”。可用的名称见 templates/说明.md"
    );
}

fn with_settings(text: &str) -> tempfile::TempDir {
    let folder = bureau::copy();
    let path = folder.path().join("考核.toml");
    let own = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{own}\n{text}")).unwrap();
    folder
}

#[test]
fn the_settings_say_what_is_written_for_whom_and_how_long() {
    let folder = with_settings(
        "[文书]\n写 = [\"述职报告\", \"综合评价意见\"]\n字数上限 = 700\n问题占比下限 = 90\n批注 = \"否\"\n[文书.单位]\n综合评价意见 = [\"机关第一党支部\", \"没有这个支部\"]\n",
    );
    let done = shuzhi::pipeline::run::run(folder.path(), &Unwatched).unwrap();
    let results = folder.path().join("成果");
    let count = |name: &str| std::fs::read_dir(results.join(name)).map_or(0, Iterator::count);
    assert_eq!((count("述职报告"), count("综合评价意见"), done.written), (17, 1, 18));
    assert!(!results.join("考核结果通报.docx").exists());
    let told = |code: &str| -> Vec<String> {
        let own = done.assessed.findings.iter().filter(|finding| finding.rule.code == code);
        own.map(|finding| finding.message.clone()).collect()
    };
    assert_eq!(told("T005"), ["[文书.单位] 里“综合评价意见”写的“没有这个支部”没有这样的单位"]);
    let lengths = told("T004");
    assert!(
        lengths.iter().any(|m| m.contains("机关第一党支部.docx：正文") && m.contains("规定不超过700字")),
        "{lengths:?}"
    );
    assert!(lengths.iter().any(|m| m.contains("规定不少于90%")), "{lengths:?}");
    let bytes = std::fs::read(results.join("述职报告/机关第一党支部.docx")).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let comments = std::io::read_to_string(zip.by_name("word/comments.xml").unwrap()).unwrap();
    assert!(!comments.contains("<w:comment "), "{comments}");
}

#[test]
fn what_is_wrong_in_the_settings_of_documents_is_told() {
    for (text, message) in [
        ("[文书]\n写 = [\"通报\"]", "没有“通报”这种文书，是不是“考核结果通报”？"),
        ("[文书]\n字数 = 3", "没有“字数”这个设置，是不是“字数上限”？"),
        ("[文书]\n问题占比下限 = 120", "“问题占比下限”应为0 到 100 之间的整数"),
        ("[文书.模板]\n考核结果通报 = \"我们的.txt\"", "“我们的.txt”不在“模板”文件夹里"),
    ] {
        let folder = with_settings(text);
        let error = shuzhi::pipeline::run::run(folder.path(), &Unwatched).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_list_of_leaders_or_problems_that_cannot_be_read_stops_nothing() {
    let folder = bureau::copy();
    std::fs::write(folder.path().join("领导名册.xlsx"), b"no workbook").unwrap();
    std::fs::write(folder.path().join("上年整改清单.xlsx"), b"PK\x03\x04").unwrap();
    let assessed = assess(folder.path(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    for name in ["领导名册.xlsx", "上年整改清单.xlsx"] {
        let told = assessed.findings.iter().any(|finding| {
            finding.rule.code == "C009"
                && finding.place.as_ref().is_some_and(|place| *place.file == *name)
                && finding.message.contains("没有采用")
        });
        assert!(told, "{name}");
    }
    assert!(assessed.leadership.cases.is_empty());
}

#[test]
fn county_bureaus_are_not_asked_for_counties_of_their_own() {
    let [_, (folder, _)] = both();
    let assessed = assess(&folder, &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    let mut counties = 0;
    for result in &assessed.results {
        let asked = result.card.items.iter().flat_map(|item| &item.requirements);
        let asked: Vec<_> = asked.filter(|r| r.name.contains("县（区）局")).collect();
        for requirement in asked {
            let owed = requirement.dues.iter().any(|due| due.owed);
            assert_eq!(owed, !result.unit.county, "{} {}", result.unit.name, requirement.id);
        }
        counties += usize::from(result.unit.county);
    }
    assert_eq!(counties, 5);
}

#[test]
fn a_lecture_that_two_ledgers_tell_of_is_one() {
    let [_, (folder, _)] = both();
    let assessed = assess(&folder, &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    for case in &assessed.leadership.cases {
        let mut seen = BTreeSet::new();
        for activity in &case.result.activities {
            let hosts = activity.host.as_deref().is_some_and(|host| host.contains(&*case.leader.name));
            if hosts && let (Some(day), Some(kind)) = (activity.date.start, activity.kinds.first()) {
                assert!(seen.insert((day, kind.clone())), "{}: {day} {kind}", case.leader.name);
            }
        }
    }
    let xi = assessed.leadership.cases.iter().find(|case| &*case.leader.name == "郗景川").unwrap();
    let lectures = xi.result.activities.iter().filter(|a| a.kinds.iter().any(|kind| kind.as_str() == "党课"));
    assert_eq!(lectures.count(), 1);
}
