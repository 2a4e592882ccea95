//! The house holds: who may name whom, what the model may know, how long a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules each module may name; itself is always allowed.
const EDGES: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("formula", &["model"]),
    ("seeds", &["model", "error"]),
    ("ingest", &["model", "error"]),
    ("layout", &["model", "seeds"]),
    ("normalise", &["model", "seeds"]),
    ("matching", &["model", "seeds"]),
    ("scoring", &["model", "seeds", "formula"]),
    ("alike", &["model", "seeds"]),
    ("report", &["model", "error", "formula"]),
    ("render", &["model", "error", "formula"]),
    ("error", &[]),
    (
        "pipeline",
        &[
            "model",
            "seeds",
            "ingest",
            "layout",
            "normalise",
            "matching",
            "scoring",
            "alike",
            "report",
            "render",
            "formula",
            "error",
        ],
    ),
];

/// Lines of a file without its tests.
const LINES: usize = 450;

fn source(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Source files of the library with the module they belong to and their text.
fn library() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .filter_map(|path| {
            let inner = path.strip_prefix(&root).unwrap();
            let module = inner.iter().next()?.to_str()?.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            (!["main", "cli", "lib"].contains(&module.as_str())).then_some((module, path, text))
        })
        .collect()
}

fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// The names that follow `crate::` in code, also inside braces: `use crate::{model::Date, error}`.
fn named(text: &str) -> BTreeSet<String> {
    let code: String = code(text).collect::<Vec<_>>().join("\n");
    let mut names = BTreeSet::new();
    for (at, mark) in code.match_indices("crate::") {
        let rest = &code[at + mark.len()..];
        let list = rest.strip_prefix('{').map(|inner| inner.split('}').next().unwrap_or(inner));
        for part in list.unwrap_or(rest).split(list.map_or('\0', |_| ',')) {
            let name: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                names.insert(name);
            }
        }
    }
    names
}

#[test]
fn stages_name_only_what_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.into_iter().collect();
    let mut seen = 0;
    for (module, path, text) in library() {
        let edges =
            allowed.get(module.as_str()).unwrap_or_else(|| panic!("{module} has no place in the house"));
        for name in named(&text) {
            if allowed.contains_key(name.as_str()) {
                seen += 1;
                assert!(name == module || edges.contains(&name.as_str()), "{} names {name}", path.display());
            }
        }
    }
    assert!(seen > 50, "the scan sees the edges: {seen}");
}

#[test]
fn the_model_knows_no_other_crate() {
    for (module, path, text) in library() {
        if module != "model" {
            continue;
        }
        for line in
            code(&text).map(str::trim).filter(|line| line.starts_with("use ") || line.starts_with("pub use "))
        {
            let root = line.trim_start_matches("pub ").trim_start_matches("use ").split("::").next().unwrap();
            let own = path.file_name().is_some_and(|name| name == "mod.rs");
            assert!(own || ["std", "super", "crate", "self"].contains(&root), "{}: {line}", path.display());
        }
    }
}

#[test]
fn the_library_does_not_print() {
    for (_, path, text) in library() {
        let body = text.split("#[cfg(test)]").next().unwrap();
        for word in [
            "println!",
            "eprintln!",
            "print!(",
            "process::exit",
            "std::env::",
            "SystemTime::now",
            "Instant::now",
        ] {
            assert!(!code(body).any(|line| line.contains(word)), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn a_file_fits_one_thought() {
    for (_, path, text) in library() {
        let body = text.split("#[cfg(test)]").next().unwrap();
        assert!(body.lines().count() <= LINES, "{} has {} lines", path.display(), body.lines().count());
        assert!(text.starts_with("//!"), "{} has no head", path.display());
    }
}
