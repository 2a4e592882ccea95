//! Lays out a first corpus for every target from the fixtures, the samples and the built-in lists:
//! `cargo run --manifest-path fuzz/Cargo.toml --example seeds`, from the root of the project.

use shuzhi::ingest;
use shuzhi::model::{Grid, GridValue};
use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Longer seeds only slow the fuzzer down.
const LONGEST: usize = 64 * 1024;

fn main() {
    let mut seeds = Seeds::default();
    let mut files = Vec::new();
    for folder in ["tests/fixtures", "samples", "seeds", "fuzz/seeds"] {
        walk(Path::new(folder), &mut files);
    }
    for path in &files {
        seeds.file(path, &fs::read(path).unwrap());
    }
    seeds.constant();
    println!("{} files gave {} seeds under fuzz/corpus", files.len(), seeds.count);
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// Sheets between form feeds, cells between tabs, as some targets take them.
fn tabbed(grids: &[Grid]) -> Vec<u8> {
    let sheet = |grid: &Grid| {
        let row = |cells: &[shuzhi::model::GridCell]| {
            let mut line = String::new();
            let mut col = 1;
            for cell in cells {
                line.push_str(&"\t".repeat(usize::try_from(cell.col.min(60).saturating_sub(col)).unwrap()));
                col = col.max(cell.col.min(60));
                line.push_str(&match &cell.value {
                    GridValue::Text(text) => text.replace(['\t', '\n', '\u{c}'], " "),
                    GridValue::Number(number) | GridValue::Serial(number) => number.to_string(),
                    GridValue::Bool(_) | GridValue::Error(_) => String::new(),
                });
            }
            line
        };
        let rows: Vec<String> = grid.rows.iter().take(60).map(|line| row(&line.cells)).collect();
        format!("{}\n{}", grid.place.sheet, rows.join("\n"))
    };
    grids.iter().map(sheet).collect::<Vec<_>>().join("\u{c}").into_bytes()
}

#[derive(Default)]
struct Seeds {
    count: usize,
    cells: BTreeSet<String>,
}

impl Seeds {
    fn put(&mut self, target: &str, bytes: &[u8]) {
        if bytes.is_empty() || bytes.len() > LONGEST {
            return;
        }
        let folder = Path::new("fuzz/corpus").join(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("seed-{:05}", self.count)), bytes).unwrap();
        self.count += 1;
    }

    fn file(&mut self, path: &Path, bytes: &[u8]) {
        let name = path.to_string_lossy();
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        if let Some(target) = path.parent().filter(|p| p.starts_with("fuzz/seeds")).and_then(Path::file_name)
        {
            // Parts stand apart by a line of their own in these files, by a zero byte in the corpus.
            let text = String::from_utf8_lossy(bytes).replace("\n----\n", "\0");
            return self.put(&target.to_string_lossy(), text.as_bytes());
        }
        match extension.as_str() {
            "toml" => {
                self.put("settings", bytes);
                self.put("scheme", &[&[0], bytes].concat());
                for kind in 0..5 {
                    self.put("seeds", &[&[kind], bytes].concat());
                }
            }
            "zip" => self.put("bundle", bytes),
            "json" if name.contains("学习") => self.put("learned", bytes),
            "txt" if name.contains("lists") || name.contains("duty-lists") => self.list(bytes),
            "py" | "md" | "jsonl" | "json" | "snap" | "bin" => return,
            _ => {}
        }
        self.book(bytes);
        let kind: u8 = match extension.as_str() {
            "xlsx" => 0,
            "xls" => 1,
            "xlsb" => 2,
            "ods" => 3,
            "csv" => 4,
            "txt" => 5,
            _ => 6,
        };
        self.put("submission", &[&[kind], bytes].concat());
        if let Ok(grids) = ingest::read(&Arc::from("甲"), bytes).value {
            self.grids(&grids);
            let tabbed = tabbed(&grids);
            self.put("scheme", &[&[1], tabbed.as_slice()].concat());
            self.put("answers", &tabbed);
            for scheme in 0..6 {
                self.put("scores", &[&[scheme], tabbed.as_slice()].concat());
            }
        }
    }

    /// A list of duties whole, and what stands between its titles.
    fn list(&mut self, bytes: &[u8]) {
        self.put("list_text", bytes);
        for part in String::from_utf8_lossy(bytes).split("\n\n") {
            self.put("list_text", part.as_bytes());
        }
    }

    fn book(&mut self, bytes: &[u8]) {
        if bytes.starts_with(&[0xd0, 0xcf]) {
            self.put("xls", bytes);
            // The stream lies at the beginning of a sector, nearly always in one piece.
            let start =
                bytes.chunks(512).position(|sector| sector.starts_with(&[9, 8]) && sector.get(6) == Some(&5));
            self.put("xls", &bytes[start.unwrap_or(0) * 512..]);
        } else if bytes.starts_with(b"PK") {
            self.zipped(bytes);
        } else if bytes.starts_with(b"<") || bytes.starts_with(b"MIME") {
            self.put("html", bytes);
        } else {
            self.put("text", bytes);
        }
    }

    fn zipped(&mut self, bytes: &[u8]) {
        let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return };
        let mut part = |ending: &str| {
            let name = archive.file_names().flatten().find(|name| name.ends_with(ending))?.into_owned();
            let mut bytes = Vec::new();
            archive.by_name(&name).ok()?.take(LONGEST as u64 + 1).read_to_end(&mut bytes).ok()?;
            Some(bytes)
        };
        if let Some(content) = part("content.xml") {
            self.put("ods", &content);
        } else if let Some(sheet) = part("worksheets/sheet1.xml") {
            let (texts, styles) =
                (part("sharedStrings.xml").unwrap_or_default(), part("styles.xml").unwrap_or_default());
            let joined = [sheet, texts, styles].join(&0);
            self.put("xlsx", &joined);
            self.put("list_xlsx", &joined);
        } else if let Some(sheet) = part("worksheets/sheet1.bin") {
            let parts = ["workbook.bin", "styles.bin", "sharedStrings.bin"]
                .map(|name| part(name).unwrap_or_default());
            let lengths = parts.iter().flat_map(|part| u16::try_from(part.len()).unwrap_or(0).to_le_bytes());
            let bytes: Vec<u8> = lengths.chain(parts.concat()).chain(sheet).collect();
            self.put("xlsb", &bytes);
        }
    }

    /// Headings row by row, and every cell that no file gave before.
    fn grids(&mut self, grids: &[Grid]) {
        for grid in grids {
            let mut lines = Vec::new();
            for row in grid.rows.iter().take(40) {
                let mut line = String::new();
                let mut col = 1;
                for cell in &row.cells {
                    let text = match &cell.value {
                        GridValue::Text(text) => text.to_string(),
                        GridValue::Number(number) | GridValue::Serial(number) => number.to_string(),
                        _ => continue,
                    };
                    for _ in col..cell.col.min(40) {
                        line.push('\t');
                    }
                    col = cell.col;
                    line.push_str(&text.replace(['\t', '\n'], " "));
                    if text.len() < 200 && self.cells.insert(text.clone()) && self.cells.len() % 3 == 0 {
                        let heading = u8::try_from(self.cells.len() / 3 % 12).unwrap();
                        self.put("cell", &[&[heading], text.as_bytes()].concat());
                    }
                }
                lines.push(line);
            }
            for rows in lines.chunks(3).take(2) {
                self.put("header", rows.join("\n").as_bytes());
            }
        }
    }

    fn constant(&mut self) {
        for text in
            ["A1\"B2\"C3\"D4\"A1:C9\"A1:B2\"$B$2:D4", "XFD1048576", "1048577\"ZZZZZZ1\"A0\"A99999999999"]
        {
            self.put("reference", text.as_bytes());
        }
        let times = [
            "3月5日",
            "2023.4.6",
            "2023-04-06至04-08",
            "5-6月",
            "上半年",
            "第三季度",
            "2023年2月30日",
            "45000",
            "9：00-11：30",
            "3月5日、12日",
            "廿五",
        ];
        let counts = [
            "12",
            "12人",
            "十二",
            "应到15人实到12人",
            "15/12",
            "全体党员",
            "80%",
            "１２",
            "12（缺席3）",
            "1,200",
            "-3",
        ];
        let hours = ["2", "2小时", "90分钟", "1.5", "两个半小时", "9:00-11:30", "半天", "0.5天", "2学时"];
        for (heading, texts) in
            [(0, &times[..]), (1, &counts), (3, &counts), (4, &counts), (2, &hours), (5, &hours)]
        {
            for text in texts {
                self.put("cell", &[&[heading], text.as_bytes()].concat());
            }
        }
    }
}
