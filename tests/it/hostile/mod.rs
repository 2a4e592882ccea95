//! Hostile files through the whole program: each is refused or read, the good ledger beside it is read, and
//! nothing lies where it should not. In full size they run in `.ci/nightly` (`examples/hostile.rs`).

mod files;

use crate::program::{inside, text};
use files::{ALL, End, Size, zipped};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const GOOD: &str =
    "填报单位：西河党支部,,\n时间,类型,主题\n2023-03-05,支委会,研究计划\n2023-04-06,党课,讲党课\n";

/// These take millions of cells to be what they are: only in `.ci/nightly`.
const ONLY_IN_FULL: [&str; 7] = [
    "同一部分.xlsx",
    "格子很多.xlsx",
    "合并太多.xlsx",
    "格子太多.xlsx",
    "空文字.xlsx",
    "三百万行.csv",
    "跨行多.html",
];

/// A folder of an assessment with one good ledger; nothing else lies beside it.
fn assessment() -> (TempDir, PathBuf) {
    let around = tempfile::tempdir().unwrap();
    let folder = around.path().join("考核");
    fs::create_dir_all(folder.join("报送")).unwrap();
    fs::write(folder.join("报送/西河党支部.csv"), GOOD).unwrap();
    fs::write(folder.join("考核.toml"), "年度 = 2023\n").unwrap();
    (around, folder)
}

/// The inputs of the last run by their names' beginning.
fn inputs(folder: &Path) -> Vec<Value> {
    let journal = fs::read_to_string(folder.join("成果/运行记录.json")).unwrap();
    serde_json::from_str::<Value>(&journal).unwrap()["输入文件"].as_array().unwrap().clone()
}

fn of<'i>(inputs: &'i [Value], file: &str) -> Vec<&'i Value> {
    inputs.iter().filter(|input| input["文件"].as_str().unwrap().starts_with(file)).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// The parts of a package that was written.
fn parts(path: &Path) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(fs::read(path).unwrap())).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (name, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

#[test]
fn hostile_files_harm_nothing_beside_them() {
    let (around, folder) = assessment();
    let made = || ALL.iter().filter(|hostile| !ONLY_IN_FULL.contains(&hostile.file));
    for hostile in made() {
        fs::write(folder.join("报送").join(hostile.file), (hostile.make)(Size::Small)).unwrap();
    }
    let (code, said) = inside(&folder, &["run", "."]);
    assert_eq!(code, Some(1), "{said}");
    let inputs = inputs(&folder);
    let mut wrong = Vec::new();
    for hostile in made() {
        let own = of(&inputs, hostile.file);
        let read: u64 = own.iter().filter_map(|input| input["活动行"].as_u64()).sum();
        let errors: Vec<&str> = own.iter().filter_map(|input| input["不能读取的原因"].as_str()).collect();
        let errors = errors.join("；");
        let as_promised = match hostile.end {
            End::Read(least) => errors.is_empty() && read >= least as u64,
            End::Refused(words) => words.iter().any(|word| errors.contains(word)),
            End::Either => !own.is_empty() && (errors.is_empty() || errors.contains('，')),
        };
        if !as_promised {
            wrong.push(format!("{}（{}）：{read}项，{errors}", hostile.file, hostile.what));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(of(&inputs, "西河党支部.csv")[0]["活动行"], 2);
    // Nothing lies outside, and nothing but text came of formulas and links.
    let names = |folder: &Path| -> BTreeSet<String> {
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names(around.path()), BTreeSet::from(["考核".to_owned()]));
    let mut written = Vec::new();
    walk(&folder.join("成果"), &mut written);
    let mut texts = 0;
    for path in written.iter().filter(|path| path.extension().is_some_and(|e| e == "xlsx" || e == "docx")) {
        for (name, part) in parts(path) {
            let evil = ["externalLink", "ddeLink", "vbaProject", "oleObject"];
            assert!(
                !evil.iter().any(|evil| name.contains(evil) || part.contains(evil)),
                "{}: {name}",
                path.display()
            );
            let formulas = part.split("<f>").skip(1).filter_map(|rest| rest.split("</f>").next());
            assert!(
                formulas.into_iter().all(|formula| !formula.contains("cmd|")),
                "{}: {name}",
                path.display()
            );
            texts += usize::from(part.contains("cmd|"));
        }
    }
    assert!(texts > 0, "what looks like a formula is told as text");
}

#[test]
fn hostile_files_of_the_office_are_told_and_do_not_end_the_program() {
    let named = |name: &str| ALL.iter().find(|hostile| hostile.file == name).unwrap();
    let make = |name: &str| (named(name).make)(Size::Small);
    let deep = |open: &str, depth: usize| open.repeat(depth);
    let document = |inner: &str| {
        zipped(&[
            (
                "[Content_Types].xml",
                br#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#,
            ),
            ("word/document.xml", format!("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{inner}</w:body></w:document>").as_bytes()),
        ])
    };
    let books = [
        "炸弹.xlsx",
        "谎报大小.xlsx",
        "炸弹以内.xlsx",
        "格子很多.xlsx",
        "深表.xlsx",
        "实体.xlsx",
        "跨行.xls",
    ];
    let mut cases: Vec<(String, Vec<u8>)> = Vec::new();
    let places = ["评分/数据.xlsx", "计分方案.xlsx", "单位名册.xlsx", "责任清单.xlsx", "核对/核对表.xlsx"];
    for (at, book) in books.into_iter().enumerate() {
        cases.push((places[at % places.len()].into(), make(book)));
    }
    cases.push(("责任清单.xlsx".into(), make("谎报大小.xlsx")));
    let depth = 100_000;
    let nested = document(&(deep("<w:p>", depth) + "{{单位}}"));
    let tables = document(&deep("<w:tbl><w:tr><w:tc>", depth));
    let tags = document(&format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", deep("{{#如果 单位}}", depth / 10)));
    for bytes in [nested, tables, tags] {
        cases.push(("模板/样.docx".into(), bytes));
    }
    cases.push(("责任清单.docx".into(), document(&deep("<w:tbl><w:tr><w:tc>", depth))));
    cases.push(("考核.toml".into(), format!("年度 = {}", deep("[", depth)).into_bytes()));
    cases.push(("计分方案.toml".into(), format!("a = {}", deep("{a=", depth)).into_bytes()));
    cases.push(("核对/本单位学习.json".into(), deep("[", depth).into_bytes()));
    cases.push(("模板/党支部书记述职报告.txt".into(), deep("{% if 1 %}", depth / 10).into_bytes()));
    cases.push(("模板/考核结果通报.txt".into(), format!("{{{{ {} }}}}", deep("(", depth)).into_bytes()));
    let mut failed = Vec::new();
    for (name, bytes) in cases {
        let (around, folder) = assessment();
        let path = folder.join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        let (code, said) = inside(&folder, &["run", "."]);
        // It stops with a message, or goes on with one; it never breaks down.
        let told = match code {
            Some(2) => said.starts_with("不能运行。"),
            Some(0 | 1) => inputs(&folder).iter().any(|input| input["活动行"] == 2),
            _ => false,
        };
        if !told {
            failed.push(format!("{name}: {code:?} {}", said.chars().take(300).collect::<String>()));
        }
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 1);
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The hidden command is given what it is to read and dies of what it asks for: the message of memory, and no
/// answer.
#[test]
fn a_process_that_asks_for_more_than_its_memory_ends() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_shuzhi"))
        .args(["read-apart", "--memory", "1000000"])
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    assert!(!child.wait().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.is_empty() && !text(&output.stderr).is_empty());
}
