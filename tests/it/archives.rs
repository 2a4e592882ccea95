//! Zip archives among the submissions: read as folders of their name, whatever lies in them.

use crate::bureau;
use crate::made::Dice;
use crate::program::{shuzhi, text};
use crate::tables::book;
use shuzhi::ingest::{Allowance, Bundle};
use shuzhi::pipeline::assess::{Assessed, assess};
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::pipeline::{returns, roll};
use shuzhi::seeds::Catalogue;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use tempfile::TempDir;
use zip::write::{FileOptions, SimpleFileOptions};
use zip::{CompressionMethod, ZipWriter};

/// A ledger with one activity of this name.
pub(crate) fn ledger(title: &str) -> Vec<u8> {
    let row = format!("2023-03-05|支委会|{title}|讨论工作");
    book(&[("台账", &["日期|类型|名称|内容", &row])])
}

/// An archive of these members, in this order.
pub(crate) fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored: SimpleFileOptions = FileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in members {
        writer.start_file(*name, stored).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Bytes with every `from` made `to`, of the same length.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> =
        bytes.windows(from.len()).enumerate().filter(|(_, w)| *w == from).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + from.len()].copy_from_slice(to);
    }
    bytes
}

/// The archive with its member marked as encrypted; it holds a single one.
fn encrypted(bytes: Vec<u8>) -> Vec<u8> {
    let mut bytes = bytes;
    for (mark, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = bytes.windows(4).position(|w| w == mark).unwrap();
        bytes[at + flags] |= 1;
    }
    bytes
}

/// A folder with these files under 报送.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join("报送").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn assessed(folder: &Path) -> Assessed {
    assess(folder, &Catalogue::builtin().unwrap(), &Unwatched).unwrap()
}

/// Files that were read, with what stood in the way.
fn files(assessed: &Assessed) -> Vec<String> {
    let files = assessed.files.iter();
    files.map(|file| format!("{} {} {}", file.file, file.activities, file.error).trim().to_owned()).collect()
}

fn told(assessed: &Assessed, code: &str) -> Vec<String> {
    let findings = assessed.findings.iter().filter(|finding| finding.rule.code == code);
    findings
        .map(|f| format!("{}：{}", f.place.as_ref().map_or_else(String::new, ToString::to_string), f.message))
        .collect()
}

#[test]
fn an_archive_is_a_folder_of_its_name() {
    let inner = zipped(&[("三支部/台账.xlsx", &ledger("丙"))]);
    let zip = zipped(&[
        ("二支部\\台账.xlsx", &ledger("乙")),
        ("一支部/", b""),
        ("一支部/台账.xlsx", &ledger("甲")),
        ("县里/补充.zip", &inner),
        ("__MACOSX/一支部/._台账.xlsx", b"\x00\x05"),
        ("一支部/.DS_Store", b"\x00"),
        ("一支部/~$台账.xlsx", b"\x00"),
        ("一支部/照片/1.JPG", b"\xff\xd8\xff"),
        ("Thumbs.db", b"\x00"),
        ("一支部/.~lock.台账.xlsx#", b"x"),
    ]);
    let folder = folder(&[("某县.zip", &zip)]);
    let done = assessed(folder.path());
    assert_eq!(
        files(&done),
        [
            "某县.zip 0",
            "某县.zip/一支部/台账.xlsx 1",
            "某县.zip/二支部/台账.xlsx 1",
            "某县.zip/县里/补充.zip 0",
            "某县.zip/县里/补充.zip/三支部/台账.xlsx 1"
        ]
    );
    let units: Vec<&str> = done.results.iter().map(|result| &*result.unit.name).collect();
    assert_eq!(units.len(), 3, "{units:?}");
    let places: Vec<String> =
        done.results.iter().flat_map(|r| &r.activities).map(|a| a.place.to_string()).collect();
    assert!(places.contains(&"某县.zip/二支部/台账.xlsx〔台账〕 A2".to_owned()), "{places:?}");
    let skipped = told(&done, "R027");
    assert_eq!(skipped.len(), 1, "one note, however much there is: {skipped:?}");
    assert!(skipped[0].starts_with("某县.zip：跳过了图片、临时文件、系统文件6个："), "{skipped:?}");
    assert!(done.files.iter().any(|file| file.unit == "压缩包，其中的文件3个"));
    assert!(done.inputs.iter().all(|input| input.sha256.len() == 64 && input.size > 0));
}

#[test]
fn a_zipped_bureau_scores_as_its_folder() {
    let folder = bureau::copy();
    let before = assessed(folder.path());
    let sent = folder.path().join("报送");
    let mut members = bureau::contents(&sent).into_iter().collect::<Vec<_>>();
    members.retain(|(name, _)| !shuzhi::ingest::is_lock_file(name));
    fs::remove_dir_all(&sent).unwrap();
    fs::create_dir_all(&sent).unwrap();
    members.reverse();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
    fs::write(sent.join("全部.zip"), zipped(&members)).unwrap();
    let after = assessed(folder.path());
    let standings = |done: &Assessed| {
        let line = |s: &shuzhi::model::Standing| format!("{} {} {} {}", s.unit, s.rank, s.total, s.ceiling);
        done.standings.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(standings(&before), standings(&after));
    let errors = |done: &Assessed| done.files.iter().filter(|file| !file.error.is_empty()).count();
    assert!(errors(&before) > 0 && errors(&before) == errors(&after));
}

#[test]
fn names_are_read_in_their_encoding() {
    let gbk = |name: &str| encoding_rs::GB18030.encode(name).0.into_owned();
    let zip = zipped(&[
        ("AAAAAA/BBBB.xlsx", &ledger("甲")),
        // Two bytes that alone would pass for a Latin letter of UTF-8.
        ("CC.xlsx", &ledger("乙")),
        ("机关/台账.xlsx", &ledger("丙")),
    ]);
    let zip = patched(zip, b"AAAAAA", &gbk("一支部"));
    let zip = patched(zip, b"BBBB", &gbk("台账"));
    let zip = patched(zip, b"CC.", &[gbk("模"), b".".to_vec()].concat());
    let unmarked = patched(zipped(&[("AAAAAAAAA.xlsx", &ledger("丁"))]), b"AAAAAAAAA", "一支部".as_bytes());
    let folder = folder(&[("甲.zip", &zip), ("乙.zip", &unmarked)]);
    assert_eq!(
        files(&assessed(folder.path())),
        [
            "乙.zip 0",
            "乙.zip/一支部.xlsx 1",
            "甲.zip 0",
            "甲.zip/一支部/台账.xlsx 1",
            "甲.zip/机关/台账.xlsx 1",
            "甲.zip/模.xlsx 1"
        ]
    );
}

#[test]
fn what_cannot_be_opened_stops_nothing_else() {
    let good = ledger("甲");
    let damaged = patched(zipped(&[("坏.xlsx", &good)]), b"PK\x03\x04", b"PK\x03\x05");
    let sealed = encrypted(zipped(&[("密.xlsx", &good)]));
    let whole = zipped(&[
        ("一支部.xlsx", &good),
        ("照片.rar", b"Rar!\x1a\x07\x00"),
        ("资料.7z", b"7z\xbc\xaf\x27\x1c"),
        ("断.zip", b"PK\x03\x04cut"),
        ("密.zip", &sealed),
        ("坏.zip", &damaged),
        ("空.zip", &zipped(&[])),
        ("小结.docx", &zipped(&[("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")])),
        ("其实是表.zip", &good),
    ]);
    let cut = whole[..whole.len() - 30].to_vec();
    let folder = folder(&[
        ("全.zip", &whole),
        ("断了.zip", &cut),
        ("外.rar", b"Rar!\x1a\x07\x00"),
        ("假的.zip", b"Rar!\x1a\x07\x00"),
        ("二支部.xlsx", &ledger("乙")),
        ("改了名.xlsx", &zipped(&[("三支部.xlsx", &ledger("丙"))])),
    ]);
    let done = assessed(folder.path());
    insta::assert_snapshot!(files(&done).join("\n"));
    let advice: Vec<String> = ["R001", "R002", "R003", "R004", "R006", "R028"]
        .into_iter()
        .flat_map(|code| told(&done, code).into_iter().map(move |line| format!("{code} {line}")))
        .collect();
    insta::assert_snapshot!(advice.join("\n"));
}

#[test]
fn archives_in_archives_end_at_a_stated_depth() {
    let mut zip = zipped(&[("一支部.xlsx", &ledger("甲"))]);
    for _ in 1..3 {
        zip = zipped(&[("内.zip", &zip)]);
    }
    let deeper = zipped(&[("外.zip", &zip), ("二支部.xlsx", &ledger("乙"))]);
    let folder = folder(&[("三层.zip", &zip), ("四层.zip", &deeper)]);
    let done = assessed(folder.path());
    let read = files(&done);
    assert!(read.contains(&"三层.zip/内.zip/内.zip/一支部.xlsx 1".to_owned()), "{read:?}");
    assert!(read.contains(&"四层.zip/二支部.xlsx 1".to_owned()), "{read:?}");
    assert_eq!(told(&done, "R006"), ["四层.zip/外.zip/内.zip/内.zip：压缩包里套压缩包超过3层，没有读取"]);
}

#[test]
fn no_name_leads_out_and_none_is_lost() {
    let zip = zipped(&[
        ("../../外面.xlsx", &ledger("甲")),
        ("/绝对/a.xlsx", &ledger("乙")),
        ("C:\\盘\\b.xlsx", &ledger("丙")),
        ("a\u{1b}[2J.xlsx", &ledger("丁")),
        ("盘/b.xlsx", &ledger("戊")),
        (&format!("{}/c.xlsx", "长".repeat(400)), &ledger("己")),
        (&format!("{}.xlsx", "长".repeat(3000)), &ledger("庚")),
    ]);
    let folder = folder(&[("某县.zip", &zip)]);
    let done = assessed(folder.path());
    let mut names = files(&done);
    let longest = names.iter().position(|name| name.contains(&"长".repeat(3000))).unwrap();
    assert!(names.remove(longest).contains("超过2000个字"));
    names.retain(|name| !name.contains('长'));
    assert_eq!(
        names,
        [
            "某县.zip 0",
            "某县.zip/a[2J.xlsx 1",
            "某县.zip/外面.xlsx 1",
            "某县.zip/盘/b.xlsx 1",
            "某县.zip/盘/b（2）.xlsx 1",
            "某县.zip/绝对/a.xlsx 1"
        ]
    );
    assert!(done.files.iter().any(|file| file.file.contains(&"长".repeat(400)) && file.activities == 1));
    assert_eq!(told(&done, "R029").len(), 1);
    let run = shuzhi(&["run", folder.path().to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(1), "{}", text(&run.stderr));
    let written: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(written.len(), 3, "报送, 成果, 核对 and nothing else: {written:?}");
}

#[test]
fn bombs_are_not_unpacked() {
    let blank = vec![b'\n'; 20 * 1024 * 1024];
    let zip = zipped(&[("炸弹.csv", &blank), ("一支部.xlsx", &ledger("甲"))]);
    let mut overlapping = zipped(&[("a.csv", &blank), ("b.csv", b"x")]);
    // The second member is said to be the first one, to its whole length.
    let entries: Vec<usize> =
        overlapping.windows(4).enumerate().filter(|(_, w)| w == b"PK\x01\x02").map(|(at, _)| at).collect();
    let (first, second) = (entries[0], entries[1]);
    for range in [16..28, 42..46] {
        let from = overlapping[first + range.start..first + range.end].to_vec();
        overlapping[second + range.start..second + range.end].copy_from_slice(&from);
    }
    let folder = folder(&[("某县.zip", &zip), ("重叠.zip", &overlapping)]);
    let done = assessed(folder.path());
    assert_eq!(
        told(&done, "R006"),
        ["某县.zip/炸弹.csv：文件解压后是压缩时的200倍以上，不像表格，超出程序能安全读取的大小，没有读取"]
    );
    assert_eq!(told(&done, "R002"), ["重叠.zip：压缩包里的文件互相重叠，不是正常的压缩包，没有读取"]);
    assert!(files(&done).contains(&"某县.zip/一支部.xlsx 1".to_owned()));
}

#[test]
fn the_order_of_members_changes_nothing() {
    let inner = zipped(&[("丙.xlsx", &ledger("丙"))]);
    let (first, second) = (ledger("甲"), ledger("乙"));
    let mut members: Vec<(&str, &[u8])> =
        vec![("甲.xlsx", &first), ("./甲.xlsx", &second), ("内.zip", &inner), ("坏.xlsx", b"PK\x03\x04")];
    let mut seen = Vec::new();
    for _ in 0..members.len() {
        members.rotate_left(1);
        let folder = folder(&[("某县.zip", &zipped(&members))]);
        let records = shuzhi(&["records", "--format", "jsonl", folder.path().to_str().unwrap()]);
        seen.push(text(&records.stdout));
    }
    assert!(seen[0].contains("某县.zip/甲（2）.xlsx") && seen[0].lines().count() == 4, "{}", seen[0]);
    assert!(seen.iter().all(|lines| *lines == seen[0]));
}

#[test]
fn rules_and_commands_know_the_names_inside() {
    let strange = book(&[("台账", &["何年何日|咋干的", "1月5日|研究工作"])]);
    let zip = zipped(&[("二支部/台账.xlsx", &strange)]);
    let folder = folder(&[("某县.zip", &zip)]);
    let rule = "年度 = 2023\n[表格.乙]\n文件 = \"某县.zip/二支部/*.xlsx\"\n表头行 = 1\n列 = { A = \"日期\", B = \"名称\" }\n默认类型 = \"支委会\"\n";
    fs::write(folder.path().join("考核.toml"), rule).unwrap();
    let path = folder.path().join("报送/某县.zip");
    for asked in [folder.path(), &path] {
        let records = shuzhi(&["records", "--format", "jsonl", asked.to_str().unwrap()]);
        let line: serde_json::Value = serde_json::from_str(text(&records.stdout).trim()).unwrap();
        assert_eq!(
            (&line["file"], &line["cell"]),
            (&"某县.zip/二支部/台账.xlsx".into(), &"A2".into()),
            "{line}"
        );
        assert_eq!(line["title"], "研究工作");
        assert!(records.stderr.is_empty(), "{}", text(&records.stderr));
        let check = shuzhi(&["check", asked.to_str().unwrap()]);
        let shown = text(&check.stdout);
        assert!(shown.contains("某县.zip\n  格式  zip 压缩包，其中的文件1个，分列于后"), "{shown}");
        assert!(
            shown.contains("某县.zip/二支部/台账.xlsx\n") && shown.contains("按规则 [表格.乙]"),
            "{shown}"
        );
    }
    let run = shuzhi(&["run", path.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("放进其中的“报送”，不用解压"), "{}", text(&run.stderr));
}

#[test]
fn no_damage_makes_an_archive_fail_otherwise_than_told() {
    let inner = zipped(&[("丙.xlsx", &ledger("丙"))]);
    let whole = zipped(&[("一支部/甲.xlsx", &ledger("甲")), ("内.zip", &inner), ("乙.csv", b"a,b\n")]);
    let mut dice = Dice(7);
    let (mut opened, mut refused) = (0, 0);
    for _ in 0..3000 {
        let mut bytes = whole.clone();
        for _ in 0..=dice.below(3) {
            let at = if dice.below(2) == 0 { 0 } else { bytes.len().saturating_sub(400) };
            let range = u32::try_from(bytes.len() - at).unwrap();
            let at = at + dice.below(range) as usize;
            bytes[at] = u8::try_from(dice.below(256)).unwrap();
        }
        if dice.below(4) == 0 {
            bytes.truncate(dice.below(u32::try_from(bytes.len()).unwrap()) as usize);
        }
        let Ok(Some(bundle)) = Bundle::open(Cursor::new(&bytes), &mut Allowance::default()) else {
            refused += 1;
            continue;
        };
        opened += 1;
        for member in &bundle.members {
            assert!(!member.name.split('/').any(|part| part.is_empty() || part == ".."), "{}", member.name);
            let _ = member.bytes(&mut Cursor::new(&bytes));
        }
    }
    assert!(opened > 500 && refused > 500, "{opened} {refused}");
}

#[test]
fn the_roll_and_the_letters_look_into_archives_too() {
    let wrong = book(&[("台账", &["日期|类型|名称", "2023年2月30日|支委会|旧", "2023-03-01|支委会|甲"])]);
    let inner = zipped(&[("甲支部20240105.xlsx", &wrong)]);
    let folder = folder(&[
        ("某县.zip", &zipped(&[("一/补充.zip", &inner), ("乙站支部.xlsx", &ledger("乙"))])),
        ("甲支部.xlsx", &wrong),
    ]);
    let toml =
        "年度 = 2023\n重复报送 = \"以新代旧\"\n[[支部]]\n名称 = \"甲支部\"\n[[支部]]\n名称 = \"乙站支部\"\n";
    fs::write(folder.path().join("考核.toml"), toml).unwrap();
    let roll = roll::call(folder.path(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    assert!(roll.unplaced.is_empty(), "{:?}", roll.unplaced);
    let files: Vec<Vec<String>> =
        roll.units.iter().map(|unit| unit.files.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(files, [["某县.zip/一/补充.zip/甲支部20240105.xlsx"], ["某县.zip/乙站支部.xlsx"]]);
    let returned = returns::write(folder.path(), &roll, &Unwatched).unwrap();
    assert!(returned.workbooks >= 1);
    let marked = fs::read(returned.folder.unwrap().join("甲支部.xlsx")).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(Cursor::new(marked)).unwrap();
    let sheets = calamine::Reader::worksheets(&mut book);
    let cells = sheets.iter().flat_map(|(_, range)| range.rows().flatten().map(ToString::to_string));
    assert!(cells.collect::<Vec<_>>().contains(&"2023年2月30日".to_owned()));
}
