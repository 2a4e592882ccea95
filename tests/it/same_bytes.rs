//! The same inputs give the same bytes, whatever the machine is like.

use crate::bureau::{self, contents};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Contents = BTreeMap<String, Vec<u8>>;

/// Results and review of a run in this environment; two runs, for the second one reads the review of the first.
fn made(folder: &Path, environment: &[(&str, &str)]) -> Contents {
    for _ in 0..2 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shuzhi"));
        command.args(["run"]).arg(folder).envs(environment.iter().copied());
        let output = command.output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{:?}", output.status);
    }
    let all = contents(folder).into_iter();
    all.filter(|(name, _)| name.starts_with("成果") || name.starts_with("核对")).collect()
}

/// The names of files that are otherwise.
fn different(one: &Contents, other: &Contents) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

#[test]
fn threads_language_and_time_zone_do_not_matter() {
    let folder = bureau::copy();
    let usual = made(folder.path(), &[("RAYON_NUM_THREADS", "1")]);
    assert!(usual.len() > 30, "{} files", usual.len());
    for environment in [
        &[("RAYON_NUM_THREADS", "2"), ("LC_ALL", "C"), ("LANG", "C"), ("TZ", "Pacific/Kiritimati")][..],
        &[("RAYON_NUM_THREADS", "7"), ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8"), ("TZ", "UTC+12")],
        &[
            ("RAYON_NUM_THREADS", "3"),
            ("LC_ALL", "zh_CN.UTF-8"),
            ("TZ", "Asia/Shanghai"),
            ("HOME", "/"),
            ("TMPDIR", "/tmp"),
        ],
    ] {
        let folder = bureau::copy();
        assert_eq!(
            different(&usual, &made(folder.path(), environment)),
            Vec::<String>::new(),
            "{environment:?}"
        );
    }
}

/// Every file below a folder, in the order of their names.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn place_order_and_age_of_the_files_do_not_matter() {
    for sample in
        ["青岚市水务局2023年度考核", "青岚市水务系统2023年度综合考核", "青岚市水务局2023年度班子和县区局"]
    {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample);
        let mut names = Vec::new();
        files(&samples, &mut names);
        let made_from = |name: &str, order: &mut dyn Iterator<Item = &PathBuf>, age: u64| {
            let around = tempfile::tempdir().unwrap();
            let folder = around.path().join(name);
            let day = std::time::UNIX_EPOCH + std::time::Duration::from_secs(age);
            for path in order {
                let target = folder.join(path.strip_prefix(&samples).unwrap());
                fs::create_dir_all(target.parent().unwrap()).unwrap();
                fs::copy(path, &target).unwrap();
                fs::File::options().write(true).open(&target).unwrap().set_modified(day).unwrap();
            }
            made(&folder, &[])
        };
        let one = made_from("考核", &mut names.iter(), 1_000_000_000);
        let other = made_from("另一个 名称.2030", &mut names.iter().rev(), 4_000_000_000);
        assert_eq!(different(&one, &other), Vec::<String>::new(), "{sample}");
    }
}

/// What the machine knows and the inputs do not.
const OF_THE_MACHINE: [&str; 12] = [
    "SystemTime",
    "UNIX_EPOCH",
    "std::env",
    "env::var",
    "Local::",
    "chrono::",
    "time::Offset",
    "gethostname",
    "process::id",
    "thread_rng",
    "RandomState",
    ".modified()",
];

/// Nothing that opens a way out of the machine, and nothing that starts another program.
const WAYS_OUT: [&str; 7] =
    ["std::net", "TcpStream", "UdpSocket", "UnixStream", "TcpListener", "process::Command", "Command::new("];

#[test]
fn no_code_asks_the_machine_or_leaves_it() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let mut seen = 0;
    for path in found.iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs")) {
        let text = fs::read_to_string(path).unwrap();
        let body = text.split("#[cfg(test)]").next().unwrap();
        let code: String = body.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        seen += code.len();
        // Large files are read by a second process of the program itself, which stays on this machine.
        let apart = path.ends_with("pipeline/apart/mod.rs");
        for word in WAYS_OUT.iter().filter(|word| !(apart && word.contains("Command"))) {
            assert!(!code.contains(word), "{} uses {word}", path.display());
        }
        // The program has arguments; the library has none.
        let in_cli = path.components().any(|part| part.as_os_str() == "cli");
        for word in OF_THE_MACHINE.iter().filter(|word| !(in_cli && **word == "std::env")) {
            assert!(!code.contains(word), "{} uses {word}", path.display());
        }
    }
    assert!(seen > 500_000, "the scan sees the sources: {seen}");
}
