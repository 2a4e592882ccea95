//! Some hundred broken copies of every kind of file, always the same ones: reading comes back, and no row
//! is lost. The fuzz targets in `fuzz/` look further.

use crate::harness::{biff, fill, package, read, sheets};
use shuzhi::seeds::list_files;
use std::io::{Cursor, Read};
use std::path::Path;

/// Numbers that are no numbers: xorshift, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % sides.max(1)
    }
}

/// What often stands where a reader trusts: counts, borders, marks.
const WORDS: [&[u8]; 24] = [
    b"0",
    b"-1",
    b"4294967295",
    b"99999999999999999999",
    b"1e308",
    b"NaN",
    b"A1048577",
    b"XFD1048576",
    b"\xff\xff\xff\xff",
    b"\xfe\xff\xff\xff",
    b"\0\0\0\0",
    b"<",
    b">",
    b"\"",
    b"&",
    b"&#x110000;",
    b"<![CDATA[",
    b"<!--",
    b"</",
    b"/>",
    b"\xe5\xb9",
    "〇".as_bytes(),
    b"\t",
    b"\n",
];

/// A copy with a few wounds.
fn wounded(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(bytes.len());
        let end = (at + 1 + dice.roll(40)).min(bytes.len());
        match dice.roll(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes.get(at..end).unwrap_or_default().to_vec();
                let to = dice.roll(bytes.len());
                bytes.splice(to..to, copy);
            }
            3 | 4 => {
                let word = WORDS[dice.roll(WORDS.len())];
                let end = (at + word.len()).min(bytes.len());
                bytes.splice(at..end, word.iter().copied());
            }
            5 => {
                // A number of many digits in place of one that stands there.
                let digits = bytes.iter().skip(at).position(u8::is_ascii_digit).map(|ahead| at + ahead);
                if let Some(digit) = digits {
                    bytes.splice(digit..=digit, *b"987654321");
                }
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.roll(8);
                }
            }
        }
    }
    bytes
}

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (name, content)
        })
        .collect()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    package(&parts)
}

/// Broken copies of a file: of one of its parts where it is a package, now and then of the package.
fn mutants(bytes: &[u8], count: usize, dice: &mut Dice) -> Vec<Vec<u8>> {
    let parts = if bytes.starts_with(b"PK") { parts(bytes) } else { Vec::new() };
    (0..count)
        .map(|_| {
            if parts.is_empty() || dice.roll(10) == 0 {
                return wounded(bytes, dice);
            }
            let mut parts = parts.clone();
            let chosen = dice.roll(parts.len());
            parts[chosen].1 = wounded(&parts[chosen].1, dice);
            zipped(&parts)
        })
        .collect()
}

/// The smaller half of the fixtures and samples with this ending.
fn small_files(ending: &str) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["tests/fixtures/reading", "tests/fixtures/bad", "samples/青岚市水务局2023年度考核/报送"]
    {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            // One file lays out forty thousand cells each time.
            let large = path.ends_with("repeat_text.ods");
            if !large && path.extension().is_some_and(|extension| extension == ending) {
                files.push(std::fs::read(&path).unwrap());
            }
        }
    }
    files.retain(|bytes| (200..30_000).contains(&bytes.len()));
    files.retain(|bytes| !bytes.starts_with(b"PK") || zip::ZipArchive::new(Cursor::new(bytes)).is_ok());
    files.sort_by_key(Vec::len);
    files.truncate(files.len().div_ceil(2).max(2));
    files
}

fn survive(name: &str, files: &[Vec<u8>], count: usize) {
    assert!(!files.is_empty(), "no {name}");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let each = count.div_ceil(files.len());
    let mut read_whole = 0;
    for (number, bytes) in files.iter().enumerate() {
        for (copy, mutant) in mutants(bytes, each, &mut dice).into_iter().enumerate() {
            let checked = std::panic::catch_unwind(|| {
                sheets(name, &mutant);
                read(name, &mutant).error.is_none()
            });
            let whole = checked.unwrap_or_else(|_| panic!("{name}, file {number}, copy {copy}"));
            read_whole += usize::from(whole);
        }
    }
    // Wounds that all end in the same early refusal would test nothing.
    assert!(read_whole > 0, "no copy of {name} was read");
}

#[test]
fn broken_xlsx_is_read_or_refused() {
    survive("台账.xlsx", &small_files("xlsx"), 400);
}

#[test]
fn broken_xls_is_read_or_refused() {
    let label = |row: u16, text: &str| biff::cell(0x0204, row, row % 7, 0, &biff::wide(text));
    let sheet = biff::Sheet::of((0..40).map(|row| label(row, "三月五日召开支委会")).collect());
    let mut files = small_files("xls");
    files.push(biff::compound("Workbook", &biff::stream(true, &[], &[sheet])));
    survive("台账.xls", &files, 400);
}

#[test]
fn broken_xlsb_is_read_or_refused() {
    survive("台账.xlsb", &small_files("xlsb"), 300);
}

#[test]
fn broken_ods_is_read_or_refused() {
    survive("台账.ods", &small_files("ods"), 300);
}

#[test]
fn broken_text_is_read_or_refused() {
    let files = [small_files("csv"), small_files("txt")].concat();
    survive("台账.csv", &files, 400);
}

#[test]
fn broken_lists_are_read_or_refused() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lists");
    let text = std::fs::read(folder.join("学校党支部.txt")).unwrap();
    for mutant in mutants(&text, 200, &mut dice) {
        let _ = list_files::load("清单.txt", &mutant);
    }
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let cells = |cells: [&str; 2]| cells.map(|text| format!("<w:tc>{}</w:tc>", paragraph(text))).concat();
    let row = |row| format!("<w:tr>{}</w:tr>", cells(row));
    let table = [["序号", "责任内容"], ["1", "认真学习党章。"], ["2", "按期召开会议。"]].map(row).concat();
    let body = format!("{}<w:tbl>{table}</w:tbl>", paragraph("党支部书记责任清单"));
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let docx = zipped(&[("word/document.xml".to_owned(), document.into_bytes())]);
    assert!(list_files::load("清单.docx", &docx).is_ok());
    for mutant in mutants(&docx, 300, &mut dice) {
        let _ = list_files::load("清单.docx", &mutant);
    }
}

#[test]
fn broken_word_templates_are_filled_or_refused() {
    let mut dice = Dice(0x6a09_e667_f3bc_c908);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/form");
    for name in ["rows", "blocks"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let mut parts = text.split("\n----\n").map(str::as_bytes);
        let document = parts.next().unwrap();
        let (header, styles) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        fill(document, header, styles);
        for _ in 0..400 {
            fill(&wounded(document, &mut dice), header, styles);
        }
    }
}
