//! Runs the whole program on each hostile file in full size beside a good ledger, and measures it:
//! `cargo run --release --example hostile -- target/release/shuzhi [name] > table.md` (Linux); with a
//! folder after the name it only writes them there, or `small` ones with that word.
//!
//! Ends with 1 where the good ledger was not read, the exit code is not the promised one, the message is
//! another one, anything lies where it should not, or more memory or time was taken than may be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr, clippy::exit)]

#[path = "../tests/it/hostile/files.rs"]
mod files;

use files::{ALL, End, Hostile, Size};
use shuzhi::ingest::limits;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const GOOD: &str =
    "填报单位：西河党支部,,\n时间,类型,主题\n2023-03-05,支委会,研究计划\n2023-04-06,党课,讲党课\n";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(arguments.next().unwrap_or_else(|| "target/release/shuzhi".into()));
    let wanted = arguments.next().unwrap_or_default();
    if let Some(folder) = arguments.next() {
        // Only written out, for a look at one of them.
        let size = if arguments.next().as_deref() == Some("small") { Size::Small } else { Size::Full };
        for hostile in ALL.iter().filter(|hostile| hostile.file.contains(&wanted)) {
            fs::write(Path::new(&folder).join(hostile.file), (hostile.make)(size)).unwrap();
        }
        return;
    }
    println!(
        "| 文件 | 内容 | 大小 | 处理器用时（秒） | 内存峰值（MB，主进程＋读文件的进程） | 结果 |\n|---|---|---|---|---|---|"
    );
    let mut wrong = 0;
    for hostile in ALL.iter().filter(|hostile| hostile.file.contains(&wanted)) {
        let measured = measure(&program, hostile);
        let size = bytes(measured.size);
        let (main, child) = (measured.main >> 20, measured.child >> 20);
        println!(
            "| {} | {} | {size} | {:.1} | {main}＋{child} | {} |",
            hostile.file, hostile.what, measured.seconds, measured.result
        );
        for fault in &measured.faults {
            wrong += 1;
            eprintln!("{}: {fault}", hostile.file);
        }
    }
    std::process::exit(i32::from(wrong > 0));
}

fn bytes(size: usize) -> String {
    if size < 1 << 20 { format!("{} KB", size.div_ceil(1 << 10)) } else { format!("{} MB", size >> 20) }
}

struct Measured {
    size: usize,
    seconds: f64,
    main: u64,
    child: u64,
    result: String,
    faults: Vec<String>,
}

fn measure(program: &Path, hostile: &Hostile) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("考核");
    fs::create_dir_all(root.join("报送")).unwrap();
    fs::write(root.join("报送/西河党支部.csv"), GOOD).unwrap();
    fs::write(root.join("考核.toml"), "年度 = 2023\n").unwrap();
    let made = (hostile.make)(Size::Full);
    let size = made.len();
    fs::write(root.join("报送").join(hostile.file), made).unwrap();
    let output = folder.path().join("屏幕.txt");
    let mut run = Command::new(program)
        .arg("run")
        .arg(&root)
        .stdout(Stdio::from(fs::File::create(&output).unwrap()))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut peaks: BTreeMap<u32, u64> = BTreeMap::new();
    let mut millis = 0;
    let status = loop {
        if let Some(status) = run.try_wait().unwrap() {
            break status;
        }
        millis = millis.max(worked(&run.id().to_string()));
        for pid in family(run.id()) {
            let peak = peaks.entry(pid).or_default();
            *peak = (*peak).max(high_water(pid));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let seconds = std::time::Duration::from_millis(u64::try_from(millis).unwrap()).as_secs_f64();
    let main = peaks.remove(&run.id()).unwrap_or(0);
    let child = peaks.values().copied().max().unwrap_or(0);
    let screen = fs::read_to_string(&output).unwrap();
    let mut faults = Vec::new();
    let journal: serde_json::Value = fs::read_to_string(root.join("成果/运行记录.json"))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let inputs = journal["输入文件"].as_array().cloned().unwrap_or_default();
    let own = |name: &str| -> Vec<&serde_json::Value> {
        inputs
            .iter()
            .filter(|input| input["文件"].as_str().is_some_and(|file| file.starts_with(name)))
            .collect()
    };
    if own("西河党支部.csv").first().is_none_or(|input| input["活动行"] != 2) {
        faults.push(format!("the good ledger was not read: {}", screen.lines().next().unwrap_or("")));
    }
    let found = own(hostile.file);
    let read: u64 = found.iter().filter_map(|input| input["活动行"].as_u64()).sum();
    let excluded: u64 = found.iter().filter_map(|input| input["剔除行"].as_u64()).sum();
    let errors: Vec<&str> = found.iter().filter_map(|input| input["不能读取的原因"].as_str()).collect();
    let result =
        if errors.is_empty() { format!("读出{read}项，剔除{excluded}行") } else { errors.join("；") };
    let as_promised = match hostile.end {
        End::Read(least) => errors.is_empty() && read >= least as u64,
        End::Refused(words) => words.iter().any(|word| result.contains(word)),
        End::Either => true,
    };
    if !as_promised {
        faults.push(format!("not as promised: {result}"));
    }
    let promised: &[i32] = if errors.is_empty() { &[0, 1] } else { &[1] };
    if !status.code().is_some_and(|code| promised.contains(&code)) {
        faults.push(format!("exit {status:?}"));
    }
    let mut beside: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    beside.sort();
    if beside != ["屏幕.txt", "考核"] {
        faults.push(format!("something lies beside: {beside:?}"));
    }
    if main + child > limits::MEMORY_BYTES + limits::LIGHT_MEMORY || child > limits::MEMORY_BYTES {
        faults.push(format!("too much memory: {}+{} MB", main >> 20, child >> 20));
    }
    if seconds > 30.0 {
        faults.push(format!("too long: {seconds:.0} s"));
    }
    Measured { size, seconds, main, child, result, faults }
}

/// A process and those that it began.
fn family(pid: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let mut all = vec![pid];
    // Children belong to the thread that began them.
    for task in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        all.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
    }
    all.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
    all.sort_unstable();
    all.dedup();
    all
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

/// The most memory that a process ever held, in bytes.
fn high_water(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or(0) * 1024
}
