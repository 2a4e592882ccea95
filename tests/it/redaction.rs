//! Results with masked names: nobody is named anywhere, and everything else is as in the usual results.

use crate::bureau::{self, contents};
use crate::forms;
use crate::harness::package;
use crate::many_units;
use crate::program::{shuzhi, text};
use calamine::{Data, Reader, Xlsx};
use shuzhi::pipeline::masks::Masks;
use shuzhi::pipeline::run::{Done, run, run_only, run_redacted};
use shuzhi::pipeline::watch::Unwatched;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use tempfile::TempDir;

fn sample(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    bureau::copy_into(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name), folder.path());
    folder
}

/// The parts of a package; a text is one part.
fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return BTreeMap::from([(String::new(), bytes.to_vec())]);
    };
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// The text of a part without its markup.
fn bare(xml: &str) -> String {
    xml.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect()
}

/// No file names any of these persons, in no part, nor in its name, nor over several runs.
fn nobody_is_named(results: &Path, names: &BTreeSet<String>) -> usize {
    let all = contents(results);
    let finder = aho_corasick::AhoCorasick::new(names).unwrap();
    for (file, bytes) in &all {
        assert!(!finder.is_match(file), "{file}");
        for (part, bytes) in parts(bytes) {
            assert!(!finder.is_match(&part) && !finder.is_match(&bytes), "{file} {part}");
            let Ok(xml) = String::from_utf8(bytes) else { continue };
            for paragraph in xml.split("</w:p>") {
                let text = bare(paragraph);
                assert!(!finder.is_match(&text), "{file} {part}: {text}");
            }
        }
    }
    all.len()
}

/// Sheets by name: each cell with its value and its formula.
type Cells = BTreeMap<(u32, u32), (Data, String)>;

/// What the rules in words say where names are masked.
const NOTE: &str = "姓名已遮盖：留姓，名写作“某”；遮盖后相同的另一人，后面加数字。";

fn is(file: &str, ending: &str) -> bool {
    Path::new(file).extension().is_some_and(|own| own == ending)
}

/// Without the note on names: what stands below it moves up.
fn without_note(cells: Cells) -> Cells {
    let note = |(value, _): &(Data, String)| *value == Data::String(NOTE.to_owned());
    let Some(row) = cells.iter().find(|(_, cell)| note(cell)).map(|(at, _)| at.0) else { return cells };
    let below = cells.into_iter().filter(|(at, _)| at.0 != row);
    below.map(|(at, cell)| ((at.0 - u32::from(at.0 > row), at.1), cell)).collect()
}

fn sheets(bytes: &[u8]) -> BTreeMap<String, Cells> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let names = book.sheet_names();
    let mut sheets = BTreeMap::new();
    for name in names {
        let mut cells = Cells::new();
        let range = book.worksheet_range(&name).unwrap();
        let start = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let at = (start.0 + u32::try_from(row).unwrap(), start.1 + u32::try_from(column).unwrap());
            cells.entry(at).or_insert_with(|| (Data::Empty, String::new())).0 = value.clone();
        }
        let formulas = book.worksheet_formula(&name).unwrap();
        let start = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells() {
            let at = (start.0 + u32::try_from(row).unwrap(), start.1 + u32::try_from(column).unwrap());
            cells.entry(at).or_insert_with(|| (Data::Empty, String::new())).1.clone_from(formula);
        }
        sheets.insert(name, cells);
    }
    sheets
}

/// Every cell is that of the usual results, numbers untouched, texts and formulas masked; how many there were, and how
/// many of them had a name.
fn cells_are_the_same(usual: &[u8], redacted: &[u8], masks: &Masks, file: &str) -> (usize, usize) {
    let (usual, mut redacted) = (sheets(usual), sheets(redacted));
    let (mut seen, mut masked) = (0, 0);
    for (name, cells) in usual {
        let shown = masks.line(&name).into_owned();
        assert!(shown.encode_utf16().count() <= 31, "{file} {shown}");
        let mut others = without_note(redacted.remove(&shown).unwrap());
        for (at, (value, formula)) in cells {
            let (other, other_formula) = others.remove(&at).unwrap();
            seen += 1;
            match (&value, &other) {
                (Data::String(value), Data::String(other)) => {
                    assert_eq!(masks.line(value), other.as_str(), "{file} {name} {at:?}");
                    masked += usize::from(value != other);
                }
                _ => assert_eq!(value, other, "{file} {name} {at:?}"),
            }
            assert_eq!(masks.line(&formula), other_formula, "{file} {name} {at:?}");
        }
        assert!(others.is_empty(), "{file} {name}: {others:?}");
    }
    assert!(redacted.is_empty(), "{file}");
    (seen, masked)
}

/// The known names that are masked.
fn masked(done: &Done) -> BTreeSet<String> {
    let masked = done.redaction.as_ref().unwrap().masks.masked();
    masked.iter().map(|(name, _)| name.clone()).collect()
}

#[test]
fn nobody_is_named_and_all_else_is_as_usual() {
    for (name, leaders) in [("青岚市水务局2023年度班子和县区局", 4), ("青岚市水务局2023年度县区汇总", 0)]
    {
        let folder = sample(name);
        let own = folder.path().join("模板");
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("本局述职报告.docx"), forms::sample("样例-述职报告.docx")).unwrap();
        let done = run_redacted(folder.path(), None, &Unwatched).unwrap();
        let redaction = done.redaction.as_ref().unwrap();
        assert_eq!(done.results, folder.path().join("脱敏成果"));
        for beside in ["成果", "核对"] {
            assert!(!folder.path().join(beside).exists(), "{beside}");
        }
        let names = masked(&done);
        let known: BTreeSet<String> = done
            .assessed
            .results
            .iter()
            .filter_map(|result| result.unit.secretary.clone())
            .chain(done.assessed.leadership.cases.iter().map(|case| case.leader.name.to_string()))
            .collect();
        assert_eq!(done.assessed.leadership.cases.len(), leaders);
        assert!(known.iter().all(|name| names.contains(name)), "{known:?} {names:?}");
        let files = nobody_is_named(&done.results, &names);

        let usual = run(folder.path(), &Unwatched).unwrap();
        let (usual, redacted) = (contents(&usual.results), contents(&done.results));
        assert_eq!(usual.len(), files);
        let (mut seen, mut with_names, mut named_files) = (0, 0, 0);
        for (file, bytes) in &usual {
            let shown = redaction.masks.line(file);
            named_files += usize::from(*shown != **file);
            let other = redacted.get(&*shown).unwrap_or_else(|| panic!("{shown}"));
            if is(file, "xlsx") {
                let (all, masked) = cells_are_the_same(bytes, other, &redaction.masks, file);
                (seen, with_names) = (seen + all, with_names + masked);
            } else if is(file, "docx") {
                for (part, bytes) in parts(bytes) {
                    let other = &parts(other)[&part];
                    match String::from_utf8(bytes) {
                        Ok(xml) => assert_eq!(redaction.masks.line(&xml).as_bytes(), other, "{file} {part}"),
                        Err(picture) => assert_eq!(picture.as_bytes(), other, "{file} {part}"),
                    }
                }
            }
        }
        assert!(seen > 10_000 && with_names > 200, "{seen} {with_names}");
        assert_eq!(named_files, leaders, "reports are named after leaders");
    }
}

/// A folder with these settings and one ledger for each unit: rows of title and host.
fn made(settings: &str, units: &[(&str, &[(&str, &str)])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("报送")).unwrap();
    fs::write(folder.path().join("考核.toml"), format!("年度 = 2023\n单位 = \"青岚市水务局\"\n{settings}"))
        .unwrap();
    for (unit, rows) in units {
        let mut text = format!("填报单位：{unit}\n活动时间,活动类型,活动名称,主持人\n");
        for (month, (title, host)) in (1..).zip(*rows) {
            text += &format!("2023-{month:02}-05,党课,{title},{host}\n");
        }
        fs::write(folder.path().join(format!("报送/{unit}.csv")), text).unwrap();
    }
    folder
}

const UNITS: [(&str, &[(&str, &str)]); 3] = [
    (
        "文明单位党支部",
        &[
            ("文明创建从我做起", "文明"),
            ("高山先进事迹", "高山"),
            ("邢志平3月5日讲党课", "邢志平"),
            ("学习", "央金"),
        ],
    ),
    ("邢志平工作室党支部", &[("邢志华讲党课", "邢志华"), ("邢志讲党课", "邢志"), ("学习", "王 五")]),
    (
        "邢志华工作室党支部",
        &[("学习", "应完成"), ("学习", "方正"), ("学习", "全体党员"), ("学习", "欧阳文静")],
    ),
];

#[test]
fn words_of_the_run_are_left_unless_they_are_said_to_be_names() {
    let folder = made("", &UNITS);
    let done = run_redacted(folder.path(), None, &Unwatched).unwrap();
    let redaction = done.redaction.as_ref().unwrap();
    let shown: Vec<String> =
        redaction.masks.masked().iter().map(|(name, mask)| format!("{name}{mask}")).collect();
    assert_eq!(
        shown,
        ["欧阳文静欧阳某某", "王五王某", "邢志邢某", "邢志华邢某某", "邢志平邢某某2", "高山高某"]
    );
    let words = |words: &BTreeSet<String>| words.iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&redaction.words), "应完成 文明 方正");
    assert_eq!(words(&redaction.unsure), "央金");
    nobody_is_named(&done.results, &masked(&done));
    let files = contents(&done.results);
    for file in ["文明单位党支部", "邢某某2工作室党支部", "邢某某工作室党支部"] {
        assert!(files.contains_key(&format!("评分表/{file}.xlsx")), "{file}");
    }
    let all = |done: &Done| -> String {
        let book = fs::read(done.results.join("排名表.xlsx")).unwrap();
        let cells = sheets(&book).into_values().flat_map(Cells::into_values);
        cells.map(|(value, _)| value.to_string() + "\n").collect()
    };
    let book = all(&done);
    for told in ["邢某某2 3月5日讲党课", "高某先进事迹", "央金", "文明创建", "姓名已遮盖"]
    {
        assert!(book.contains(told), "{told}");
    }
    let usual = run(folder.path(), &Unwatched).unwrap();
    for (file, bytes) in contents(&usual.results).iter().filter(|(file, _)| is(file, "xlsx")) {
        let other = &files[&*redaction.masks.line(file)];
        cells_are_the_same(bytes, other, &redaction.masks, file);
    }

    let settings = "[脱敏]\n姓名 = [\"文明\", \"央金\"]\n不遮盖 = [\"高山\", \"文明创建\"]\n";
    let folder = made(settings, &UNITS);
    let done = run_redacted(folder.path(), None, &Unwatched).unwrap();
    let redaction = done.redaction.as_ref().unwrap();
    assert_eq!((words(&redaction.words), words(&redaction.unsure)), ("应完成 方正".into(), String::new()));
    assert!(done.results.join("评分表/文某单位党支部.xlsx").is_file());
    let book = all(&done);
    for told in ["高山先进事迹", "文明创建从我做起", "央某"] {
        assert!(book.contains(told), "{told}");
    }
    assert!(!book.contains("央金") && !book.contains("文明单位"));
}

#[test]
fn a_unit_that_is_a_person_is_masked_and_has_a_file_of_its_own() {
    let rows: &[(&str, &str)] = &[("学习", "高山")];
    let other: &[(&str, &str)] = &[("学习", "高峰")];
    let folder = made("", &[("高山", rows), ("高峰", other), ("高某", rows)]);
    let done = run_redacted(folder.path(), None, &Unwatched).unwrap();
    let files: Vec<String> =
        contents(&done.results).into_keys().filter(|f| f.starts_with("评分表")).collect();
    assert_eq!(files, ["评分表/高某.xlsx", "评分表/高某2.xlsx", "评分表/高某3.xlsx"]);
    nobody_is_named(&done.results, &masked(&done));
}

#[test]
fn names_of_a_template_are_masked_also_where_they_are_split() {
    let folder = made("", &UNITS);
    let own = folder.path().join("模板");
    fs::create_dir_all(&own).unwrap();
    let types = b"<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let body = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>{{单位名称}}审核人：邢</w:t></w:r><w:r><w:t>志平</w:t></w:r></w:p></w:body></w:document>";
    let picture = [0x89, b'P', b'N', b'G', 0xff, 0xfe, 0];
    let template = package(&[
        ("[Content_Types].xml", types),
        ("word/document.xml", body.as_bytes()),
        ("docProps/core.xml", "<cp:lastModifiedBy>邢志平</cp:lastModifiedBy>".as_bytes()),
        ("word/media/image1.png", &picture),
    ]);
    fs::write(own.join("审核单.docx"), template).unwrap();
    let done = run_redacted(folder.path(), None, &Unwatched).unwrap();
    nobody_is_named(&done.results, &masked(&done));
    let written = fs::read(done.results.join("审核单/邢某某2工作室党支部.docx")).unwrap();
    let parts = parts(&written);
    let text = bare(std::str::from_utf8(&parts["word/document.xml"]).unwrap());
    assert_eq!(text, "青岚市水务局邢某某2工作室党支部审核人：邢某某2");
    assert_eq!(parts["docProps/core.xml"], "<cp:lastModifiedBy>邢某某2</cp:lastModifiedBy>".as_bytes());
    assert_eq!(parts["word/media/image1.png"], picture);
}

#[test]
fn one_county_alone_has_a_folder_of_its_own() {
    let folder = sample("青岚市水务局2023年度县区汇总");
    let done = run_redacted(folder.path(), Some("桐川县"), &Unwatched).unwrap();
    assert_eq!(done.results, folder.path().join("县区脱敏成果/桐川县水务局"));
    let files = nobody_is_named(&done.results, &masked(&done));
    assert!(!folder.path().join("县区成果").exists() && !folder.path().join("脱敏成果").exists());
    let usual = run_only(folder.path(), Some("桐川县"), &Unwatched).unwrap();
    assert_eq!(contents(&usual.results).len(), files);
}

#[test]
fn the_same_inputs_give_the_same_bytes_and_results_are_no_inputs() {
    let folder = made("", &UNITS);
    // Without a folder of submissions whatever lies there is one.
    for entry in fs::read_dir(folder.path().join("报送")).unwrap() {
        let path = entry.unwrap().path();
        fs::rename(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    fs::remove_dir(folder.path().join("报送")).unwrap();
    let one = run_redacted(folder.path(), None, &Unwatched).unwrap();
    let first = contents(&one.results);
    let left = folder.path().join(".脱敏成果-正在写入");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("半.txt"), "半").unwrap();
    let two = run_redacted(folder.path(), None, &Unwatched).unwrap();
    assert_eq!(two.assessed.inputs.len(), UNITS.len());
    assert_eq!(first, contents(&two.results));
    assert!(!left.exists());
}

#[test]
fn the_screen_tells_what_was_masked_and_what_was_not() {
    let folder = made("", &UNITS);
    let dir = folder.path().to_str().unwrap();
    let usual = text(&shuzhi(&["run", dir, "--redact"]).stdout);
    for line in [
        "  成果、核对表没有改动\n",
        "  “脱敏成果”的文书、表格、文件名里遮盖了6个人的姓名（留姓，名写作“某”）\n",
        "  是人名，但清单、方案、表头、字体或单位名称里也有同样的字，没有遮盖：应完成、文明、方正\n",
        "  写在人名的位置，但可能不是姓名，没有遮盖：央金\n",
        "  其中是姓名、要遮盖的，在考核.toml的 [脱敏] 里写 姓名 = [\"应完成\"]，再运行一次\n",
        "  遮盖错了的词、可以写明的人，在考核.toml的 [脱敏] 里写 不遮盖 = [\"…\"]，再运行一次\n",
        "  只在文字叙述、没有算作活动的行里出现的姓名程序认不出，图片里的不会遮盖；公布以前，请把每一份从头到尾看一遍\n",
    ] {
        assert!(usual.contains(line), "{line}{usual}");
    }
    assert!(!usual.contains("高山→高某"));
    let open = text(&shuzhi(&["run", dir, "--脱敏", "--names"]).stdout);
    assert!(open.contains("邢志→邢某、邢志华→邢某某、邢志平→邢某某2、高山→高某"), "{open}");
    assert!(text(&shuzhi(&["run", "--help"]).stdout).contains("--redact"));
}

#[test]
fn nobody_is_named_in_a_run_over_many_units() {
    let folder = tempfile::tempdir().unwrap();
    many_units::folder(folder.path(), many_units::MANY);
    let done = run_redacted(folder.path(), None, &Unwatched).unwrap();
    assert!(done.assessed.aside.is_some());
    assert_eq!(masked(&done), BTreeSet::from(["邢志平".to_owned()]));
    nobody_is_named(&done.results, &masked(&done));
    let book = fs::read(done.results.join("排名表.xlsx")).unwrap();
    let told = sheets(&book).into_values().flat_map(Cells::into_values);
    assert!(told.filter(|(value, _)| value.to_string().contains("邢某某讲上一年的党课")).count() > 100);
}
