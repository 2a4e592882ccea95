//! The file of own weights on disk: written aside and swapped in, with the versions before it beside it.

use super::file::Learned;
use crate::error::{Error, Result};
use crate::pipeline::inputs::REVIEW;
use crate::pipeline::outputs::{self, Claim};
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
/// [`Error::File`] where the folder cannot be written, or where another run has it.
pub fn adopt(folder: &Path, learned: &Learned) -> Result<PathBuf> {
    let claim = outputs::claim(folder)?;
    let written =
        shift(&claim).and_then(|()| outputs::replace_in(&claim, REVIEW, FILE, learned.to_json().as_bytes()));
    written.map_err(|error| Error::File {
        path: path(folder),
        message: format!("写不进去：{}", outputs::refusal(&error)),
    })
}

/// Copies the present version to the first place of the earlier ones and moves those one further back, as far
/// as the first free place; where all are taken the oldest goes. The present one stays in its place.
fn shift(claim: &Claim) -> std::io::Result<()> {
    let folder = claim.folder();
    let Ok(present) = fs::read(path(folder)) else { return Ok(()) };
    let free = (1..VERSIONS).find(|version| !earlier(folder, *version).exists()).unwrap_or(VERSIONS);
    for version in (1..free).rev() {
        fs::rename(earlier(folder, version), earlier(folder, version + 1))?;
    }
    outputs::replace(&earlier(folder, 1), &present)
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
    let claim = outputs::claim(folder)?;
    let kept = folder.join(REVIEW).join(TAKEN_BACK);
    // At every moment what is in use is either the version taken back or the one before it.
    let moved = fs::read(&current)
        .and_then(|present| outputs::replace_in(&claim, REVIEW, TAKEN_BACK, &present))
        .and_then(|_| match (1..=VERSIONS).find(|version| earlier(folder, *version).exists()) {
            None => fs::remove_file(&current),
            Some(first) => {
                fs::rename(earlier(folder, first), &current)?;
                for version in first..VERSIONS {
                    rename_if_there(&earlier(folder, version + 1), &earlier(folder, version - first + 1))?;
                }
                Ok(())
            }
        });
    moved.map_err(|error| Error::File {
        path: current.clone(),
        message: format!("退不回去：{}", outputs::refusal(&error)),
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

    /// A run that is killed between two steps leaves a gap in the row of earlier versions.
    #[test]
    fn a_gap_among_earlier_versions_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        for name in 0..4 {
            adopt(folder.path(), &learned(name)).unwrap();
        }
        fs::remove_file(earlier(folder.path(), 1)).unwrap();
        undo(folder.path()).unwrap();
        assert_eq!(fs::read_to_string(path(folder.path())).unwrap(), learned(1).to_json());
        assert!(earlier(folder.path(), 1).exists() && !earlier(folder.path(), 2).exists());
        fs::rename(earlier(folder.path(), 1), earlier(folder.path(), 2)).unwrap();
        adopt(folder.path(), &learned(9)).unwrap();
        assert_eq!(fs::read_to_string(earlier(folder.path(), 1)).unwrap(), learned(1).to_json());
        assert_eq!(fs::read_to_string(earlier(folder.path(), 2)).unwrap(), learned(0).to_json());
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
