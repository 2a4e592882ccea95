//! The results on disk: written aside, then swapped in one step, so that old results stay whole.

use super::inputs::RESULTS;
use crate::error::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Results that are being written beside the old ones.
#[derive(Debug)]
pub struct Staging {
    name: String,
    /// What is left out in front of every name; empty but for the folder of one county.
    within: String,
    target: PathBuf,
    aside: PathBuf,
    done: bool,
}

impl Staging {
    /// Begins to write the results of a folder.
    ///
    /// # Errors
    /// [`Error::File`] where the folder cannot be written.
    pub fn begin(folder: &Path) -> Result<Self> {
        Self::begin_as(folder, RESULTS)
    }

    /// Begins to write another folder of that name in the same way.
    ///
    /// # Errors
    /// [`Error::File`] where the folder cannot be written.
    pub fn begin_as(folder: &Path, name: &str) -> Result<Self> {
        Self::begin_within(folder, name, "")
    }

    /// The same for results of which only those below `within` are written, which becomes the folder itself.
    ///
    /// # Errors
    /// [`Error::File`] where the folder cannot be written.
    pub fn begin_within(folder: &Path, name: &str, within: &str) -> Result<Self> {
        let aside = folder.join(format!(".{name}-正在写入"));
        let target = folder.join(name);
        let fail = |error: std::io::Error| Error::File {
            path: folder.to_owned(),
            message: format!("不能写入（{error}）。请检查文件夹是否只读、磁盘是否已满"),
        };
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(fail)?;
        }
        fs::create_dir_all(&aside).map_err(fail)?;
        Ok(Self { name: name.to_owned(), within: within.to_owned(), target, aside, done: false })
    }

    /// Writes one file, `name` relative to the results, with `/`.
    ///
    /// # Errors
    /// [`Error::File`] where it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let name = name.strip_prefix(self.within.as_str()).unwrap_or(name);
        let path = self.aside.join(name);
        let fail = |error: std::io::Error| Error::File {
            path: self.target.join(name),
            message: format!("写不进去（{error}）。请检查磁盘是否已满"),
        };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(fail)?;
        }
        fs::write(&path, bytes).map_err(fail)
    }

    /// Puts the new results in the place of the old ones.
    ///
    /// # Errors
    /// [`Error::File`] where the old results are in use; they then stay as they were.
    pub fn finish(mut self) -> Result<PathBuf> {
        let name = self.name.clone();
        let old = self.target.with_file_name(format!(".{name}-上一次"));
        let fail = |error: std::io::Error| Error::File {
            path: self.target.clone(),
            message: format!(
                "原来的“{name}”文件夹换不下来（{error}），可能其中的文件正在 WPS 或 Excel 中打开。请关闭后重新运行；原来的{name}没有改动"
            ),
        };
        if old.exists() {
            fs::remove_dir_all(&old).map_err(fail)?;
        }
        let had_old = self.target.exists();
        if had_old {
            fs::rename(&self.target, &old).map_err(fail)?;
        }
        if let Err(error) = fs::rename(&self.aside, &self.target) {
            if had_old {
                // The old results go back to their place; should that fail too, they lie beside, whole.
                let _ = fs::rename(&old, &self.target);
            }
            return Err(fail(error));
        }
        if had_old {
            // Left-overs of the old results do no harm and are removed at the next run.
            let _ = fs::remove_dir_all(&old);
        }
        self.done = true;
        Ok(self.target.clone())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}

/// Writes one file beside and swaps it in, so that the old one stays whole; makes its folder.
///
/// # Errors
/// Where it cannot be written, as when an office program has it open.
pub fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let aside = path.with_file_name(format!(".{name}.正在写入"));
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = folder.and_then(|()| fs::write(&aside, bytes)).and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_results_replace_old_ones_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        for round in ["一", "二"] {
            let staging = Staging::begin(folder.path()).unwrap();
            staging.write(&format!("报告/{round}.txt"), round.as_bytes()).unwrap();
            staging.finish().unwrap();
        }
        let results = folder.path().join(RESULTS);
        assert!(!results.join("报告/一.txt").exists());
        assert_eq!(fs::read_to_string(results.join("报告/二.txt")).unwrap(), "二");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside");
    }

    #[test]
    fn results_that_are_not_finished_leave_the_old_ones() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::begin(folder.path()).unwrap();
        staging.write("一.txt", b"1").unwrap();
        staging.finish().unwrap();
        let staging = Staging::begin(folder.path()).unwrap();
        staging.write("二.txt", b"2").unwrap();
        drop(staging);
        assert!(folder.path().join(RESULTS).join("一.txt").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_cannot_be_written_leaves_the_old_results() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::begin(folder.path()).unwrap();
        staging.write("一.txt", b"1").unwrap();
        staging.finish().unwrap();
        // A file stands where the new results would be written.
        fs::write(folder.path().join(format!(".{RESULTS}-正在写入")), b"").unwrap();
        let message = Staging::begin(folder.path()).unwrap_err().to_string();
        assert!(message.contains("不能写入"), "{message}");
        assert!(folder.path().join(RESULTS).join("一.txt").exists());
    }
}
