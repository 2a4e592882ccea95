//! The file of own weights on disk: written aside and swapped in, with the versions before it beside it.

use super::file::Learned;
use crate::error::{Error, Result};
use crate::pipeline::inputs::REVIEW;
use std::fs;
use std::path::{Path, PathBuf};

/// The file's name.
pub(in crate::pipeline) const FILE: &str = "本单位学习.json";
/// Where an adoption that was taken back goes.
const TAKEN_BACK: &str = "本单位学习.已退回.json";
/// How many earlier versions are kept.
pub(super) const VERSIONS: usize = 10;

/// Where the file lies.
#[must_use]
pub fn path(folder: &Path) -> PathBuf {
    folder.join(REVIEW).join(FILE)
}

fn earlier(folder: &Path, version: usize) -> PathBuf {
    folder.join(REVIEW).join(format!("本单位学习.前{version}.json"))
}

/// What the office has learned; `None` where there is no such file.
///
/// # Errors
/// A sentence that says why the file cannot be used.
pub fn load(folder: &Path) -> std::result::Result<Option<Learned>, String> {
    match fs::read(path(folder)) {
        Ok(bytes) => Learned::from_json(&bytes).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("打不开（{error}）")),
    }
}

/// Puts what was learned into use; the version before it is kept.
///
/// # Errors
/// [`Error::File`] where the folder cannot be written.
pub fn adopt(folder: &Path, learned: &Learned) -> Result<PathBuf> {
    let target = path(folder);
    let aside = folder.join(REVIEW).join(format!(".{FILE}.正在写入"));
    let written = fs::create_dir_all(folder.join(REVIEW))
        .and_then(|()| fs::write(&aside, learned.to_json()))
        .and_then(|()| shift(folder))
        .and_then(|()| fs::rename(&aside, &target));
    written.map_err(|error| {
        let _ = fs::remove_file(&aside);
        Error::File {
            path: target.clone(),
            message: format!("写不进去（{error}）。请检查文件夹是否只读、磁盘是否已满"),
        }
    })?;
    Ok(target)
}

/// Moves each version one further back; the oldest goes.
fn shift(folder: &Path) -> std::io::Result<()> {
    if !path(folder).exists() {
        return Ok(());
    }
    for version in (1..VERSIONS).rev() {
        rename_if_there(&earlier(folder, version), &earlier(folder, version + 1))?;
    }
    // The present one stays in its place until the new one replaces it.
    fs::copy(path(folder), earlier(folder, 1)).map(|_| ())
}

fn rename_if_there(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.exists() { fs::rename(from, to) } else { Ok(()) }
}

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// How many decisions the version now in use was learned from; `None` where only the built-in weights
    /// are left, or where that version cannot be read.
    pub examples: Option<usize>,
    /// Whether a version of the office's own is in use.
    pub own: bool,
    /// How many versions lie before it.
    pub left: usize,
    /// Where the version taken back was put.
    pub kept: PathBuf,
}

/// Takes back the last adoption; `None` where nothing was adopted. Decisions are not touched.
///
/// # Errors
/// [`Error::File`] where the folder cannot be written.
pub fn undo(folder: &Path) -> Result<Option<Undone>> {
    let current = path(folder);
    if !current.exists() {
        return Ok(None);
    }
    let kept = folder.join(REVIEW).join(TAKEN_BACK);
    let moved = fs::rename(&current, &kept).and_then(|()| {
        rename_if_there(&earlier(folder, 1), &current)?;
        for version in 1..VERSIONS {
            rename_if_there(&earlier(folder, version + 1), &earlier(folder, version))?;
        }
        Ok(())
    });
    moved.map_err(|error| Error::File {
        path: current.clone(),
        message: format!("退不回去（{error}）。请检查文件夹是否只读"),
    })?;
    let left = (1..=VERSIONS).take_while(|version| earlier(folder, *version).exists()).count();
    let now = load(folder).ok().flatten();
    Ok(Some(Undone { examples: now.map(|learned| learned.examples()), own: current.exists(), left, kept }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Correction;
    use crate::model::ListId;
    use crate::pipeline::learning::LearnedList;

    fn learned(name: usize) -> Learned {
        let list = LearnedList {
            list: ListId::from(format!("L{name}").as_str()),
            text: String::new(),
            weights: String::new(),
            examples: Vec::new(),
            correction: Correction::default(),
        };
        Learned { lists: vec![list] }
    }

    #[test]
    fn undoing_restores_the_bytes_before() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(undo(folder.path()).unwrap(), None);
        for name in 0..VERSIONS + 3 {
            adopt(folder.path(), &learned(name)).unwrap();
        }
        for name in (2..VERSIONS + 2).rev() {
            assert!(undo(folder.path()).unwrap().unwrap().own);
            assert_eq!(fs::read_to_string(path(folder.path())).unwrap(), learned(name).to_json());
        }
        let last = undo(folder.path()).unwrap().unwrap();
        assert!(!last.own && last.left == 0 && last.kept.exists());
        assert_eq!(load(folder.path()).unwrap(), None);
    }
}
