//! Wounds real files and reads them, in processes of their own, so that whatever happens is seen:
//! `cargo run --profile checked --example mutants -- COUNT SEED FOLDER…` (Linux; without folders: fixtures, samples, docs).
//!
//! Tells every panic, every end of a process, every reading that works for over 10 s and every one over the cap of memory,
//! with the number by which `mutants --one NUMBER SEED FOLDER…` makes the same mutant again. Ends with 1 then.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub, clippy::pedantic)]
mod harness;

use shuzhi::ingest::limits;
use shuzhi::pipeline::learning::Learned;
use shuzhi::pipeline::settings::Settings;
use shuzhi::pipeline::sources::{Content, each};
use shuzhi::pipeline::{inputs, own_list, review, scheme_files};
use shuzhi::render::form::OfficeTemplate;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Mutants that one process reads.
const BATCH: usize = 500;
const HANG: Duration = Duration::from_secs(10);
const ENDINGS: [&str; 15] = [
    "xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "txt", "html", "htm", "mht", "xml", "zip", "docx", "toml",
    "json",
];

/// Numbers that are no numbers: xorshift, the same in every run.
struct Dice(u64);

impl Dice {
    fn of(seed: u64, number: usize) -> Self {
        let mut dice = Self((seed << 32 ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..4 {
            let _ = dice.roll(2);
        }
        dice
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % sides.max(1)
    }
}

/// What often stands where a reader trusts: counts, borders, marks.
const WORDS: [&str; 34] = [
    "0",
    "-1",
    "4294967295",
    "99999999999999999999",
    "1e308",
    "NaN",
    "A1048577",
    "XFD1048576",
    "A1:XFD1048576",
    "\0",
    "<",
    ">",
    "\"",
    "&",
    "&#x110000;",
    "<![CDATA[",
    "<!--",
    "</",
    "/>",
    "\t",
    "\n",
    ",",
    "〇",
    "2023-02-30",
    "十二月三十二日",
    "应到99999999999人",
    "９９",
    "=cmd|' /C calc'!A0",
    "../../x",
    "{{单位",
    "{{#每项 活动}}",
    "【待补",
    "\u{202e}",
    "e\u{301}",
];

/// A copy with a few wounds.
fn wounded(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len());
        let end = (at + 1 + dice.roll(60)).min(bytes.len());
        match dice.roll(11) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes.get(at..end).unwrap_or_default().to_vec();
                let to = dice.roll(bytes.len());
                bytes.splice(to..to, copy.repeat(1 + dice.roll(3)));
            }
            3 => {
                let from = dice.roll(other.len());
                let piece =
                    other.get(from..(from + 1 + dice.roll(2_000)).min(other.len())).unwrap_or_default();
                bytes.splice(at..end, piece.iter().copied());
            }
            4 | 5 => {
                let word = WORDS[dice.roll(WORDS.len())].as_bytes();
                let end = (at + word.len()).min(bytes.len());
                bytes.splice(at..end, word.iter().copied());
            }
            6 => {
                let digit = bytes.iter().skip(at).position(u8::is_ascii_digit).map(|ahead| at + ahead);
                if let Some(digit) = digit {
                    bytes.splice(digit..=digit, *b"987654321");
                }
            }
            7 => {
                // A tag goes, or stands twice.
                let open = bytes.iter().skip(at).position(|byte| *byte == b'<').map(|ahead| at + ahead);
                let close = open.and_then(|open| {
                    bytes.iter().skip(open).position(|byte| *byte == b'>').map(|ahead| open + ahead)
                });
                if let (Some(open), Some(close)) = (open, close) {
                    let tag = bytes[open..=close].to_vec();
                    let times = [0, 2, 300][dice.roll(3)];
                    bytes.splice(open..=close, tag.repeat(times));
                }
            }
            8 => {
                // The text of a cell becomes another one.
                let from = bytes.iter().skip(at).position(|byte| *byte == b'>').map(|ahead| at + ahead + 1);
                let to = from.and_then(|from| {
                    bytes.iter().skip(from).position(|byte| *byte == b'<').map(|ahead| from + ahead)
                });
                if let (Some(from), Some(to)) = (from, to) {
                    let word = WORDS[dice.roll(WORDS.len())].repeat(1 + dice.roll(3));
                    bytes.splice(from..to, word.into_bytes());
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

type Parts = Vec<(String, Vec<u8>)>;

fn parts(bytes: &[u8]) -> Option<Parts> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).ok()?;
            let name = part.name().ok()?.into_owned();
            let mut content = Vec::new();
            part.by_ref().take(1 << 26).read_to_end(&mut content).ok()?;
            Some((name, content))
        })
        .collect()
}

/// The mutant of a number, and the name of its file.
fn mutant(corpus: &[(String, Vec<u8>)], seed: u64, number: usize) -> (String, Vec<u8>) {
    let mut dice = Dice::of(seed, number);
    let (name, bytes) = &corpus[dice.roll(corpus.len())];
    let (_, other) = &corpus[dice.roll(corpus.len())];
    let inside = bytes.starts_with(b"PK") && dice.roll(8) > 0;
    let Some(mut own) = inside.then(|| parts(bytes)).flatten().filter(|parts| !parts.is_empty()) else {
        return (name.clone(), wounded(bytes, other, &mut dice));
    };
    // The parts that are read are a few among many.
    let read: Vec<usize> = (0..own.len())
        .filter(|at| {
            let name = &own[*at].0;
            ["sheet", "sharedStrings", "styles", "document", "content.xml", "header", "workbook", "numbering"]
                .iter()
                .any(|word| name.contains(word))
        })
        .collect();
    let chosen =
        if read.is_empty() || dice.roll(5) == 0 { dice.roll(own.len()) } else { read[dice.roll(read.len())] };
    match dice.roll(12) {
        0 => drop(own.remove(chosen)),
        1 => {
            let name = own[dice.roll(own.len())].0.clone();
            own[chosen].0 = name;
        }
        2 => {
            let donor = parts(other).unwrap_or_default();
            if let Some((_, content)) = donor.get(dice.roll(donor.len())) {
                own[chosen].1.clone_from(content);
            }
        }
        _ => own[chosen].1 = wounded(&own[chosen].1, other, &mut dice),
    }
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in own {
        // Two parts of one name cannot be written.
        if writer.start_file(name, options).is_ok() {
            writer.write_all(&content).unwrap();
        }
    }
    (name.clone(), writer.finish().unwrap().into_inner())
}

/// Everything that reads such a file.
fn read(name: &str, bytes: &[u8], room: &Path) {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or("").to_lowercase();
    let text = String::from_utf8_lossy(bytes);
    match ending.as_str() {
        "zip" => {
            let path = room.join("件.zip");
            fs::write(&path, bytes).unwrap();
            for input in inputs::find(room, &[]).unwrap() {
                let _ = each(&input, &|source| match &source.content {
                    Content::Bytes(bytes) => harness::read(&source.name, bytes).activities.len(),
                    _ => 0,
                });
            }
        }
        "docx" => {
            let _ = own_list::load(name, bytes);
            let _ = OfficeTemplate::inspect(name, bytes);
            let _ = harness::read(name, bytes);
        }
        "toml" => {
            let _ = Settings::parse("考核.toml", &text);
            harness::office::scheme(&[&[0], bytes].concat());
            harness::office::seeds(&[&[u8::try_from(bytes.len() % 5).unwrap()], bytes].concat());
        }
        "json" => drop(Learned::from_json(bytes)),
        _ => {
            let _ = harness::read(name, bytes);
            let _ = own_list::load(name, bytes);
            if name.contains("核对") {
                let _ = review::read(bytes);
            }
            if name.contains("方案") || bytes.len().is_multiple_of(16) {
                let _ = scheme_files::draft(name, bytes);
            }
        }
    }
}

fn corpus(folders: &[PathBuf]) -> Vec<(String, Vec<u8>)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, files) } else { files.push(path) }
        }
    }
    let mut files = Vec::new();
    for folder in folders {
        walk(folder, &mut files);
    }
    files.sort();
    let ending = |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    files.retain(|path| ending(path).is_some_and(|ending| ENDINGS.contains(&ending.as_str())));
    let all = files.into_iter().filter_map(|path| {
        let bytes = fs::read(&path).ok()?;
        let name = path.file_name()?.to_string_lossy().into_owned();
        (!bytes.is_empty() && bytes.len() < 2 << 20).then_some((name, bytes))
    });
    all.collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize| arguments.get(at).cloned().unwrap_or_default();
    let folders = |from: usize| -> Vec<PathBuf> {
        let given: Vec<PathBuf> = arguments.iter().skip(from).map(PathBuf::from).collect();
        let usual = ["tests/fixtures", "samples", "docs", "templates", "seeds"].map(PathBuf::from).to_vec();
        if given.is_empty() { usual } else { given }
    };
    match word(0).as_str() {
        "--batch" => {
            batch(word(1).parse().unwrap(), word(2).parse().unwrap(), word(3).parse().unwrap(), &folders(4));
        }
        "--one" => {
            let (name, bytes) =
                mutant(&corpus(&folders(3)), word(2).parse().unwrap(), word(1).parse().unwrap());
            let out = std::env::temp_dir().join(&name);
            fs::write(&out, &bytes).unwrap();
            println!("{}", out.display());
            read(&name, &bytes, tempfile::tempdir().unwrap().path());
        }
        _ => {
            let count = word(0).parse().unwrap_or(20_000);
            let seed = word(1).parse().unwrap_or(1);
            std::process::exit(i32::from(run(count, seed, &folders(2)) > 0));
        }
    }
}

/// Reads the mutants from one number to another, telling each before it is read.
fn batch(seed: u64, from: usize, to: usize, folders: &[PathBuf]) {
    let corpus = corpus(folders);
    let mut out = std::io::stdout();
    for number in from..to {
        let (name, bytes) = mutant(&corpus, seed, number);
        writeln!(out, "at {number} {name}").unwrap();
        out.flush().unwrap();
        // The mark of the most memory begins anew.
        let _ = fs::write("/proc/self/clear_refs", "5");
        let room = tempfile::tempdir().unwrap();
        let begun = worked("self");
        let read = std::panic::catch_unwind(|| read(&name, &bytes, room.path()));
        let (millis, peak) = (worked("self") - begun, high_water());
        writeln!(out, "{} {millis} {peak}", if read.is_ok() { "ok" } else { "panic" }).unwrap();
    }
}

/// Milliseconds that the processors worked for a process and for those of its children that ended: unlike the
/// clock, the same on a loaded machine.
fn worked(pid: &str) -> u128 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    // Hundredths of a second, in the 14th to 17th field.
    fields.split_whitespace().skip(11).take(4).filter_map(|ticks| ticks.parse::<u128>().ok()).sum::<u128>()
        * 10
}

fn high_water() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or(0) * 1024
}

#[derive(Default)]
struct Tally {
    read: usize,
    finds: Vec<String>,
    slowest: u128,
    largest: u64,
    by_ending: BTreeMap<String, usize>,
}

fn run(count: usize, seed: u64, folders: &[PathBuf]) -> usize {
    let files = corpus(folders).len();
    let begun = Instant::now();
    let mut tally = Tally::default();
    let mut from = 0;
    while from < count {
        from = one_batch(seed, from, count.min(from + BATCH), folders, &mut tally);
        eprint!("\r{from}/{count}，发现{}处", tally.finds.len());
    }
    eprintln!();
    let endings: Vec<String> =
        tally.by_ending.iter().map(|(ending, count)| format!("{ending} {count}")).collect();
    println!("底本{files}个，变异{}份（种子{seed}），用时{}秒", tally.read, begun.elapsed().as_secs());
    println!("各种格式：{}", endings.join("，"));
    println!("最慢的一份{}毫秒，内存峰值{} MB", tally.slowest, tally.largest >> 20);
    println!("崩溃、中止、超过10秒、超过内存上限的：{}处", tally.finds.len());
    for find in &tally.finds {
        println!("  {find}");
    }
    tally.finds.len()
}

/// Reads a batch as far as it goes; the number at which the next one begins.
fn one_batch(seed: u64, from: usize, to: usize, folders: &[PathBuf], tally: &mut Tally) -> usize {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--batch", &seed.to_string(), &from.to_string(), &to.to_string()])
        .args(folders)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (tell, told) = mpsc::channel();
    let lines = BufReader::new(child.stdout.take().unwrap());
    let listener = std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    let mut at = (from, String::new());
    let mut open = false;
    // Much more than what is a find: the clock runs on while a loaded machine does other work.
    let patience = HANG * 12;
    loop {
        match told.recv_timeout(patience) {
            Ok(line) => {
                let mut words = line.splitn(3, ' ');
                let (kind, one, two) =
                    (words.next().unwrap(), words.next().unwrap_or(""), words.next().unwrap_or(""));
                if kind == "at" {
                    at = (one.parse().unwrap(), two.to_owned());
                    open = true;
                    continue;
                }
                open = false;
                tally.read += 1;
                let ending = at.1.rsplit('.').next().unwrap_or("").to_lowercase();
                *tally.by_ending.entry(ending).or_default() += 1;
                let (millis, peak): (u128, u64) = (one.parse().unwrap(), two.parse().unwrap());
                tally.slowest = tally.slowest.max(millis);
                tally.largest = tally.largest.max(peak);
                let find = match kind {
                    "panic" => "崩溃".to_owned(),
                    _ if millis > HANG.as_millis() => format!("用了{millis}毫秒"),
                    _ if peak > limits::MEMORY_BYTES => format!("用了{} MB", peak >> 20),
                    _ => continue,
                };
                tally.finds.push(format!("第{}份 {}：{find}", at.0, at.1));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                tally.finds.push(format!("第{}份 {}：挂起", at.0, at.1));
                let _ = child.kill();
                let _ = child.wait();
                let _ = listener.join();
                tally.read += 1;
                return at.0 + 1;
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let status = child.wait().unwrap();
                let _ = listener.join();
                if open {
                    tally.finds.push(format!("第{}份 {}：进程中止（{status}）", at.0, at.1));
                    tally.read += 1;
                    return at.0 + 1;
                }
                return to;
            }
        }
    }
}
