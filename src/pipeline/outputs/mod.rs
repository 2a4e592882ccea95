//! The results on disk: written aside, then swapped in one step, so that old results stay whole.
//!
//! In: names and bytes. Out: a folder or a file in its place, or the old one untouched. Never here: a run
//! without a [`Claim`] on its folder, permissions wider than the folder's, what is written. Where names are to be
//! masked, they are masked here, where every byte and every file name of the results passes.

mod claim;
mod modes;
mod refusal;
mod swap;

pub use claim::{Claim, claim, recover};
pub use refusal::refusal;

use super::masks::Masks;
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::render;
use modes::Modes;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Results that are being written beside the old ones.
pub struct Staging<'a> {
    name: String,
    folder: PathBuf,
    /// What is left out in front of every name; empty but for the folder of one county.
    within: String,
    modes: Modes,
    masks: Option<&'a Masks>,
    watch: &'a dyn Watch,
    done: bool,
}

impl<'a> Staging<'a> {
    /// Begins to write a folder of that name.
    ///
    /// # Errors
    /// [`Error::File`] where the folder cannot be written.
    pub fn begin(claim: &'a Claim, name: &str, watch: &'a dyn Watch) -> Result<Self> {
        Self::begin_at(claim.folder().to_owned(), name, "", watch)
    }

    /// Begins to write a folder of that name below another: of results only those below `within`, which becomes
    /// the folder itself.
    ///
    /// # Errors
    /// [`Error::File`] where the folder cannot be written.
    pub(super) fn begin_within(
        claim: &'a Claim,
        below: &str,
        name: &str,
        within: &str,
        watch: &'a dyn Watch,
    ) -> Result<Self> {
        let folder = claim.folder().join(below);
        Modes::of(claim.folder()).make_folder(&folder, true).map_err(|error| {
            let message = format!("不能写入：{}", refusal(&error));
            Error::File { path: folder.clone(), message }
        })?;
        Self::begin_at(folder, name, within, watch)
    }

    fn begin_at(folder: PathBuf, name: &str, within: &str, watch: &'a dyn Watch) -> Result<Self> {
        let target = folder.join(name);
        if fs::symlink_metadata(&target).is_ok() && !target.is_dir() {
            let message = format!("这是一个文件，“{name}”文件夹没有地方放。请把它改名或移走，再运行一次");
            return Err(Error::File { path: target, message });
        }
        let modes = Modes::of(&folder).within(&target);
        let aside = swap::aside(&folder, name);
        swap::remove(&aside).and_then(|()| modes.make_folder(&aside, false)).map_err(|error| {
            let message = format!("不能写入：{}", refusal(&error));
            Error::File { path: folder.clone(), message }
        })?;
        let (name, within) = (name.to_owned(), within.to_owned());
        Ok(Self { name, folder, within, modes, masks: None, watch, done: false })
    }

    /// The same with names masked in whatever is written, and in the names of files and folders.
    #[must_use]
    pub(super) fn masked(mut self, masks: &'a Masks) -> Self {
        self.masks = Some(masks);
        self
    }

    /// Writes one file, `name` relative to the results, with `/`.
    ///
    /// # Errors
    /// [`Error::File`] where it cannot be written, [`Error::Stopped`] where the run was called off,
    /// [`Error::Render`] where its names cannot be masked.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.watch.go_on()?;
        let name = name.strip_prefix(self.within.as_str()).unwrap_or(name);
        match self.masks {
            None => self.put(name, bytes),
            Some(masks) => self.put(&masks.line(name), &render::reworded(bytes, &|text| masks.found(text))?),
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = swap::aside(&self.folder, &self.name).join(name);
        let parent = path.parent().map_or(Ok(()), |parent| self.modes.make_folder(parent, true));
        parent
            .and_then(|()| self.modes.make_file(&path))
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| self.failed(name, &error))
    }

    /// Puts the new results in the place of the old ones.
    ///
    /// # Errors
    /// [`Error::File`] where the old results are in use; they then stay as they were. [`Error::Stopped`] as
    /// long as they have not been replaced.
    pub fn finish(mut self) -> Result<PathBuf> {
        let name = self.name.clone();
        swap::make_durable(&swap::aside(&self.folder, &name)).map_err(|error| self.failed("", &error))?;
        self.watch.go_on()?;
        swap::swap(&self.folder, &name).map_err(|error| {
            let told = refusal(&error);
            let message = format!("原来的“{name}”文件夹换不下来：{told}。原来的{name}没有改动");
            Error::File { path: self.folder.join(&name), message }
        })?;
        self.done = true;
        Ok(self.folder.join(&name))
    }

    fn failed(&self, file: &str, error: &io::Error) -> Error {
        let told = refusal(error);
        let path = self.folder.join(&self.name).join(file);
        Error::File { path, message: format!("写不进去：{told}。原来的{}没有改动", self.name) }
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if !self.done {
            let _ = swap::remove(&swap::aside(&self.folder, &self.name));
        }
    }
}

/// Writes a file of a claimed folder as [`replace`] does; makes the folder that it lies in.
///
/// # Errors
/// As [`replace`].
pub fn replace_in(claim: &Claim, within: &str, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let folder = claim.folder().join(within);
    Modes::of(claim.folder()).make_folder(&folder, true)?;
    let path = folder.join(name);
    replace(&path, bytes)?;
    Ok(path)
}

/// Writes one file beside and swaps it in, so that the old one stays whole; it is on the disk before the old
/// one goes. What is no plain file (a device, a pipe) is written as it is.
///
/// # Errors
/// Where it cannot be written, as when an office program has it open, or when it is marked as read-only.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(standing) if standing.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(standing) if !standing.is_file() => fs::write(path, bytes),
        Ok(standing) if standing.permissions().readonly() => Err(io::ErrorKind::PermissionDenied.into()),
        // A link stays one.
        Ok(_) => put(&fs::canonicalize(path)?, bytes),
        Err(_) => put(path, bytes),
    }
}

/// Writes a new file, whole or not at all.
///
/// # Errors
/// Where it cannot be written, and [`io::ErrorKind::AlreadyExists`] where something of that name lies there.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    put(path, bytes)
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let aside = path.with_file_name(swap::aside_of_file(&name.to_string_lossy()));
    let written = Modes::of(folder)
        .within(path)
        .make_file(&aside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        let _ = fs::remove_file(&aside);
        return written;
    }
    swap::settle(folder);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::inputs::RESULTS;
    use crate::pipeline::watch::Unwatched;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn new_results_replace_old_ones_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        for round in ["一", "二"] {
            let claim = claim(folder.path()).unwrap();
            let staging = Staging::begin(&claim, RESULTS, &Unwatched).unwrap();
            staging.write(&format!("报告/{round}.txt"), round.as_bytes()).unwrap();
            staging.finish().unwrap();
        }
        let results = folder.path().join(RESULTS);
        assert_eq!(names(&results.join("报告")), ["二.txt"]);
        assert_eq!(fs::read_to_string(results.join("报告/二.txt")).unwrap(), "二");
        assert_eq!(names(folder.path()), [RESULTS], "nothing is left beside");
    }

    #[test]
    fn results_that_are_not_finished_leave_the_old_ones() {
        let folder = tempfile::tempdir().unwrap();
        let claim = claim(folder.path()).unwrap();
        let staging = Staging::begin(&claim, RESULTS, &Unwatched).unwrap();
        staging.write("一.txt", b"1").unwrap();
        staging.finish().unwrap();
        let staging = Staging::begin(&claim, RESULTS, &Unwatched).unwrap();
        staging.write("二.txt", b"2").unwrap();
        drop(staging);
        drop(claim);
        assert_eq!(names(&folder.path().join(RESULTS)), ["一.txt"]);
        assert_eq!(names(folder.path()), [RESULTS]);
    }

    /// Says at some point that the run is called off.
    struct CalledOff;

    impl Watch for CalledOff {
        fn stage(&self, _: &str, _: usize) {}
        fn step(&self) {}
        fn stopped(&self) -> bool {
            true
        }
    }

    #[test]
    fn a_run_that_is_called_off_leaves_the_old_results() {
        let folder = tempfile::tempdir().unwrap();
        let claim = claim(folder.path()).unwrap();
        Staging::begin(&claim, RESULTS, &Unwatched).unwrap().finish().unwrap();
        let staging = Staging::begin(&claim, RESULTS, &CalledOff).unwrap();
        assert!(matches!(staging.write("一.txt", b"1"), Err(Error::Stopped)));
        assert!(matches!(staging.finish(), Err(Error::Stopped)));
        drop(claim);
        assert!(names(&folder.path().join(RESULTS)).is_empty());
        assert_eq!(names(folder.path()), [RESULTS]);
    }

    #[test]
    fn a_file_in_the_place_of_the_results_is_told_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(RESULTS), "一").unwrap();
        let claim = claim(folder.path()).unwrap();
        let message = Staging::begin(&claim, RESULTS, &Unwatched).err().unwrap().to_string();
        assert!(message.contains("这是一个文件") && message.contains("移走"), "{message}");
        assert_eq!(fs::read_to_string(folder.path().join(RESULTS)).unwrap(), "一");
    }

    #[test]
    fn single_files_are_replaced_whole_and_new_ones_never_over_others() {
        let folder = tempfile::tempdir().unwrap();
        // 245 bytes: as long as the name of a document can be.
        let path = folder.path().join(format!("{}.docx", "某".repeat(80)));
        replace(&path, b"1").unwrap();
        replace(&path, b"2").unwrap();
        assert_eq!(create(&path, b"3").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"2");
        assert_eq!(names(folder.path()).len(), 1);
        let mut only_read = fs::metadata(&path).unwrap().permissions();
        only_read.set_readonly(true);
        fs::set_permissions(&path, only_read).unwrap();
        assert_eq!(replace(&path, b"4").unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(fs::read(&path).unwrap(), b"2");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_no_wider_than_those_of_the_folder() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let set = |path: &Path, mode: u32| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let folder = tempfile::tempdir().unwrap();
        let results = folder.path().join(RESULTS);
        for (given, of_folder, of_file) in [(0o700, 0o700, 0o600), (0o750, 0o750, 0o640)] {
            let _ = fs::remove_dir_all(&results);
            set(folder.path(), given);
            let claim = claim(folder.path()).unwrap();
            let staging = Staging::begin(&claim, RESULTS, &Unwatched).unwrap();
            staging.write("报告/一.txt", b"1").unwrap();
            staging.finish().unwrap();
            let sheet = replace_in(&claim, "核对", "表.txt", b"1").unwrap();
            for path in [&results, &results.join("报告"), sheet.parent().unwrap()] {
                assert_eq!(mode(path), mode(path) & of_folder, "{}", path.display());
            }
            for path in [&results.join("报告/一.txt"), &sheet] {
                assert_eq!(mode(path), mode(path) & of_file, "{}", path.display());
            }
            fs::remove_dir_all(folder.path().join("核对")).unwrap();
        }
        // What a person has shut to others stays shut.
        set(folder.path(), 0o755);
        set(&results, 0o700);
        let claim = claim(folder.path()).unwrap();
        let staging = Staging::begin(&claim, RESULTS, &Unwatched).unwrap();
        staging.write("一.txt", b"1").unwrap();
        staging.finish().unwrap();
        assert_eq!((mode(&results), mode(&results.join("一.txt"))), (0o700, 0o600));
    }
}
