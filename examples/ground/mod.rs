//! What both learning programs work with: the seeds as they stand in the working copy.
#![allow(clippy::unwrap_used, dead_code)]

use shuzhi::matching::learn::{Ground, Labelled};
use shuzhi::model::DutyList;
use shuzhi::seeds::{KindTable, PhraseTable};
use std::io::Write;

/// The phrase files.
pub(crate) const PHRASES: [&str; 5] = ["topics", "zb", "jw", "dz", "cy"];
/// The files of labelled rows; `judged` are the ones by which the matcher is judged.
pub(crate) const ROWS: [&str; 3] = ["practice", "authored", "judged"];

/// Lists, kinds and phrases.
pub(crate) struct Seeds {
    pub(crate) lists: Vec<DutyList>,
    kinds: KindTable,
    phrases: PhraseTable,
}

impl Seeds {
    pub(crate) fn load() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap();
        let kinds = KindTable::load("kinds.toml", &read("seeds/kinds.toml")).unwrap();
        let lists = shuzhi::seeds::duty_lists::builtin().unwrap();
        let ids = lists.iter().flat_map(|list| list.items.iter().map(|item| item.id.clone())).collect();
        let files: Vec<(String, String)> = PHRASES
            .iter()
            .map(|name| format!("seeds/phrases/{name}.toml"))
            .map(|path| (path.clone(), read(&path)))
            .collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let phrases = PhraseTable::load(&files, &kinds, &ids).unwrap();
        Self { lists, kinds, phrases }
    }

    pub(crate) fn ground(&self) -> Ground<'_> {
        Ground { lists: &self.lists, kinds: &self.kinds, phrases: &self.phrases }
    }
}

/// The labelled rows.
pub(crate) fn rows() -> Vec<Labelled> {
    let mut rows = Vec::new();
    for file in ROWS {
        let text = std::fs::read_to_string(format!("seeds/training/{file}.jsonl")).unwrap();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let mut row: Labelled = serde_json::from_str(line).unwrap();
            row.judged = file == "judged";
            rows.push(row);
        }
    }
    rows
}

/// A file that is not there yet, or one of those that are made again; anything else is not written over.
pub(crate) fn create(path: &str) -> std::io::BufWriter<std::fs::File> {
    let made_again = path.starts_with("docs/") || path == "seeds/weights.bin";
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(made_again)
        .create_new(!made_again)
        .open(path)
        .unwrap();
    std::io::BufWriter::new(file)
}

/// Writes a text.
pub(crate) fn write(path: &str, text: &str) {
    let mut out = create(path);
    out.write_all(text.as_bytes()).unwrap();
    out.flush().unwrap();
}
