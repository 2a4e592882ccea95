//! What `shuzhi check` shows: words for the terminal, and a page that hides nothing and runs nothing.

use crate::program::shuzhi;
use quick_xml::Reader;
use quick_xml::events::Event;
use shuzhi::model::{Excluded, GridValue};
use shuzhi::pipeline::checking::check_file;
use shuzhi::pipeline::reading::understand_file;
use shuzhi::report::checkpage::{escape, page};
use shuzhi::seeds::Catalogue;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reading")
}

fn fixtures() -> Vec<String> {
    let names =
        fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> =
        names.filter(|name| Path::new(name).extension().is_none_or(|e| e != "jsonl")).collect();
    names.sort();
    assert!(names.len() >= 30, "the fixtures are missing");
    names
}

fn html(name: &str, bytes: &[u8], catalogue: &Catalogue) -> String {
    page(&[check_file(name, bytes, catalogue, true).section])
}

/// The elements of a page; fails where it is not well-formed.
fn elements(name: &str, html: &str) -> Vec<String> {
    let mut reader = Reader::from_str(html);
    let mut elements = Vec::new();
    let mut open = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let tag = start.name().as_ref().to_owned();
                for attribute in start.attributes() {
                    let key = attribute.unwrap_or_else(|error| panic!("{name}: {error}")).key;
                    let key = key.as_ref().to_owned();
                    let known = ["class", "title", "rowspan", "colspan", "lang", "xmlns"];
                    assert!(known.contains(&key.as_str()), "{name}: {key}");
                }
                elements.push(tag.clone());
                open.push(tag);
            }
            Ok(Event::End(_)) => {
                open.pop();
            }
            Ok(Event::Empty(empty)) => {
                elements.push(empty.name().as_ref().to_owned());
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{name}: {error}"),
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    elements
}

#[test]
fn the_terminal_tells_what_was_understood() {
    let catalogue = Catalogue::builtin().unwrap();
    for name in ["01_分段.xlsx", "05_横向.xlsx", "08_季度矩阵.xlsx", "21_表单.xlsx"] {
        let lines = check_file(name, &fixture(name), &catalogue, false).lines;
        insta::assert_snapshot!(name.split('.').next().unwrap(), lines.join("\n"));
    }
}

#[test]
fn a_page_holds_every_text_of_every_layout() {
    let catalogue = Catalogue::builtin().unwrap();
    for name in fixtures() {
        let bytes = fixture(&name);
        let html = html(&name, &bytes, &catalogue);
        for element in elements(&name, &html) {
            assert!(
                !["script", "link", "img", "iframe", "a"].contains(&element.as_str()),
                "{name}: {element}"
            );
        }
        let understood = understand_file(&name, &bytes, &[], &catalogue);
        for cell in understood.grids.iter().flat_map(|g| &g.rows).flat_map(|row| &row.cells) {
            if let GridValue::Text(text) = &cell.value {
                assert!(html.contains(&format!("<div>{}</div>", escape(text))), "{name}: {text}");
            }
        }
        for Excluded { reason, .. } in &understood.submission.excluded {
            let cell = format!("<td class=\"why\">{}</td>", reason.as_str());
            assert!(html.contains(&cell), "{name}: {cell}");
        }
        for finding in &understood.submission.findings {
            assert!(html.contains(&escape(&finding.message)), "{name}: {finding}");
        }
        if !understood.submission.activities.is_empty() {
            let titled =
                ["<td class=\"f-title", "<td class=\"f-text"].iter().any(|class| html.contains(class));
            assert!(titled, "{name}: no cell is coloured as a title");
        }
    }
}

#[test]
fn cells_have_the_colour_of_their_meaning() {
    let catalogue = Catalogue::builtin().unwrap();
    for (name, parts) in [
        (
            "01_分段.xlsx",
            &[
                "<td class=\"f-title h\" title=\"名称\"><div>议题</div>",
                "<td class=\"f-title\" title=\"名称\"><div>研究发展党员</div>",
            ][..],
        ),
        (
            "11_三级表头.xlsx",
            &[
                "<td class=\"f-off h\" rowspan=\"3\" title=\"序号\">",
                "<td class=\"h\" colspan=\"2\"><div>名称及内容</div>",
            ],
        ),
        (
            "05_横向.xlsx",
            &[
                "<td class=\"f-kind h\" title=\"类型\"><div>活动类型</div>",
                "<td class=\"f-kind\" title=\"类型\"><div>支委会</div>",
            ],
        ),
        (
            "08_季度矩阵.xlsx",
            &[
                "<td class=\"f-kind h\" title=\"类型\"><div>支委会</div>",
                "<td class=\"f-date h\" title=\"日期\"><div>第一季度</div>",
                "<td class=\"f-title d\" title=\"提醒 R011",
            ],
        ),
        (
            "21_表单.xlsx",
            &[
                "<td class=\"f-place h\" title=\"地点\"><div>地点</div>",
                "<td class=\"f-place\" title=\"地点\"><div>礼堂</div>",
            ],
        ),
    ] {
        let html = html(name, &fixture(name), &catalogue);
        for part in parts {
            assert!(html.contains(part), "{name}: {part}\n{html}");
        }
    }
}

#[test]
fn a_hostile_file_stays_text() {
    let catalogue = Catalogue::builtin().unwrap();
    let csv = "活动时间,活动类型,活动主题\n2023-03-05,支委会,<script>alert(1)</script>\n\
        2023-04-05,支委会,\"a\"\" onclick='x' & ]]> \u{1b}[31m\u{7}\"\n<b>,\"\"\"><i>\",'\u{ffff}\n";
    let name = "<i onload=x>&.csv";
    let shown = check_file(name, csv.as_bytes(), &catalogue, true);
    let page = page(&[shown.section]);
    for element in elements(name, &page) {
        assert!(!["script", "i", "b"].contains(&element.as_str()), "{element}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains('\u{1b}') && !page.contains('\u{7}') && !page.contains('\u{ffff}'));
    assert!(!shown.lines.iter().any(|line| line.contains(char::is_control)));
}

#[test]
fn a_long_sheet_is_cut_with_a_word() {
    use std::fmt::Write;
    let catalogue = Catalogue::builtin().unwrap();
    let mut csv = format!("活动时间,活动类型,活动主题{}\n", ",备注".repeat(70));
    for n in 0..400 {
        writeln!(csv, "2023-03-05,支委会,学习文件{n}").unwrap();
    }
    let page = html("长.csv", csv.as_bytes(), &catalogue);
    for words in ["只画出前300个非空行，共401行", "只画出前60列，共73列", "只列出前300项，共400项"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("学习文件298") && !page.contains("<div>学习文件299</div>"));
    assert!(page.contains("<th>BH</th>") && !page.contains("<th>BI</th>"));
}

fn check(arguments: &[&Path]) -> Output {
    let arguments: Vec<&Path> = [Path::new("check")].into_iter().chain(arguments.iter().copied()).collect();
    shuzhi(&arguments)
}

#[test]
fn the_command_ends_with_its_code_and_never_writes_over_a_submission() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("好.xlsx"), fixture("01_分段.xlsx")).unwrap();
    assert_eq!(check(&[&at("好.xlsx")]).status.code(), Some(0));
    assert_eq!(check(&[&at("没有.xlsx")]).status.code(), Some(2));
    fs::write(at("坏.xlsx"), b"PK\x03\x04").unwrap();
    let html = at("读取.html");
    let arguments = [folder.path(), Path::new("--html"), &html];
    let first = check(&arguments);
    assert_eq!(first.status.code(), Some(1));
    let text = String::from_utf8(first.stdout.clone()).unwrap();
    assert!(
        text.contains("没有读取：文件已损坏") && text.contains("行数核对：非空行16＝活动行6＋剔除行10"),
        "{text}"
    );
    let page = fs::read(&html).unwrap();
    let second = check(&arguments);
    assert_eq!(
        (second.stdout, fs::read(&html).unwrap()),
        (first.stdout, page),
        "its own page is no submission"
    );
    let own = at("好.xlsx");
    let before = fs::read(&own).unwrap();
    assert_eq!(check(&[folder.path(), Path::new("--html"), &own]).status.code(), Some(2));
    assert_eq!(fs::read(&own).unwrap(), before);
}
