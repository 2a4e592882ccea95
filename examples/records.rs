//! Prints the activities of every file of a folder as JSON lines; a stand-in for `shuzhi records`.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used)]

use shuzhi::ingest::is_lock_file;
use shuzhi::pipeline::reading::{Wordings, read_submission, records_lines};
use std::path::{Path, PathBuf};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let excluded = args.iter().any(|a| a == "--excluded");
    let findings = args.iter().any(|a| a == "--findings");
    let wordings = Wordings::embedded().expect("built-in wordings");
    for root in args.iter().filter(|a| !a.starts_with("--")) {
        let mut files = Vec::new();
        collect(Path::new(root), &mut files);
        files.sort();
        for path in files {
            let name = path.strip_prefix(root).ok().filter(|p| !p.as_os_str().is_empty()).unwrap_or(&path);
            let name = name.to_string_lossy().replace('\\', "/");
            if is_lock_file(&name) {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let submission = read_submission(&name, &bytes, &wordings);
            for line in records_lines(&submission, excluded) {
                println!("{line}");
            }
            if findings {
                let counts = submission.counts;
                eprintln!("{name}: {:?} {counts:?}", submission.units.iter().map(|u| &*u.name).collect::<Vec<_>>());
                for finding in &submission.findings {
                    eprintln!("  {finding}");
                }
            }
        }
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), files);
        }
    } else {
        files.push(path.to_path_buf());
    }
}
