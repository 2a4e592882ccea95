//! Templates in an assessment's folder, and on the command line.

use super::{part, sample, templates};
use crate::bureau;
use crate::harness::package;
use crate::program::{shuzhi, text};
use shuzhi::pipeline::run::run;
use shuzhi::pipeline::watch::Unwatched;
use std::fs;

#[test]
fn templates_of_the_folder_are_filled_and_broken_ones_are_told() {
    let folder = bureau::copy();
    let own = folder.path().join("模板");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("本局述职报告.docx"), sample("样例-述职报告.docx")).unwrap();
    fs::write(own.join("考核结果表.docx"), sample("样例-考核结果表.docx")).unwrap();
    fs::write(own.join("旧的.doc"), b"\xd0\xcf\x11\xe0W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0").unwrap();
    fs::write(own.join("坏的.docx"), b"PK").unwrap();
    fs::write(own.join("~$述职报告.docx"), b"x").unwrap();
    let types = b"<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    fs::write(
        own.join("空白.docx"),
        package(&[("[Content_Types].xml", types), ("word/document.xml", b"<w:document/>")]),
    )
    .unwrap();
    let done = run(folder.path(), &Unwatched).unwrap();
    let told = |code: &str| {
        let of_code = done.assessed.findings.iter().filter(|finding| finding.rule.code == code);
        of_code.map(|finding| finding.place.as_ref().unwrap().file.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(told("T002"), ["模板/坏的.docx", "模板/旧的.doc"]);
    assert_eq!(told("T003"), ["模板/空白.docx"]);
    let results = folder.path().join("成果");
    let ranking = fs::read(results.join("考核结果表.docx")).unwrap();
    let text = part(&ranking, "word/document.xml");
    for standing in &done.assessed.standings {
        assert!(text.contains(&*standing.unit) && text.contains(&standing.total.to_string()));
    }
    assert_eq!(fs::read_dir(results.join("本局述职报告")).unwrap().count(), done.assessed.results.len());
    assert!(done.written >= fs::read_dir(results.join("述职报告")).unwrap().count());
    for result in &done.assessed.results {
        let file = results.join("本局述职报告").join(format!("{}.docx", result.unit.name));
        let Ok(bytes) = fs::read(file) else { continue };
        let text = part(&bytes, "word/document.xml");
        super::well_formed(&text);
        assert!(text.contains(&*result.unit.name) && !text.contains("{{"), "{}", result.unit.name);
    }
}

#[test]
fn the_command_lists_placeholders_faults_and_names() {
    let shuzhi = |path: &std::path::Path| {
        let output = shuzhi(&[std::path::Path::new("template"), path]);
        (output.status.code(), text(&output.stdout))
    };
    let (code, text) = shuzhi(&templates().join("样例-述职报告.docx"));
    assert_eq!(code, Some(0), "{text}");
    for words in
        ["正文第1段", "页眉第1段", "{{段落：履职情况}}", "每个单位写一份", "单位名称", "每项有：序号 日期"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("错.docx");
    let whole = sample("样例-考核结果表.docx");
    let body = part(&whole, "word/document.xml").replace("{{局名}}（", "{{局名称}}（{{如有 年度}}");
    fs::write(&path, super::changed(&whole, "word/document.xml", &body)).unwrap();
    let (code, text) = shuzhi(&path);
    assert_eq!(code, Some(1), "{text}");
    for words in
        ["没有“局名称”这个名称，是不是“局名”", "要改的2处", "{{如有 年度}}”后面没有与它相配的“{{完}}”"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
}
