//! New results for old in one step, and what a run that was killed has left.
//!
//! In: a folder written aside, and the one that it replaces. Out: the new one in its place. At no moment do
//! neither the old nor the new results lie whole on disk. Never here: what is written.

use crate::pipeline::inputs::{COUNTY_REDACTED, COUNTY_RESULTS, FORMS, REDACTED, RESULTS, RETURNS, REVIEW};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The ending of files and folders that are being written.
const WRITING: &str = "正在写入";
/// The folders that are replaced as a whole.
const WHOLE: [&str; 4] = [RESULTS, RETURNS, FORMS, REDACTED];

/// Where the new folder of that name is written.
pub(super) fn aside(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}-{WRITING}"))
}

/// Where the old folder waits while the new one takes its place, where the two cannot be exchanged.
fn set_aside(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}-上一次"))
}

/// The name under which a single file is written: short, for its own name may be as long as names can be.
pub(super) fn aside_of_file(name: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(name.as_bytes());
    let hash = digest.iter().take(4).fold(0_u32, |hash, byte| hash << 8 | u32::from(*byte));
    format!(".shuzhi-{hash:08x}.{WRITING}")
}

/// Whether a swap was cut short in this folder: the results are out of their place.
pub(super) fn torn(folder: &Path) -> bool {
    WHOLE.iter().any(|name| set_aside(folder, name).exists() && !present(&folder.join(name)))
}

fn present(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Puts back what a killed run has set aside and removes what it has left half written.
pub(super) fn tidy(folder: &Path) -> io::Result<()> {
    for name in WHOLE {
        let (old, target) = (set_aside(folder, name), folder.join(name));
        if old.exists() && !present(&target) {
            fs::rename(&old, &target)?;
        }
        // What cannot be removed now is told by whoever needs the place.
        let _ = remove(&old).and_then(|()| remove(&aside(folder, name)));
    }
    for place in [COUNTY_RESULTS, COUNTY_REDACTED] {
        tidy_counties(&folder.join(place))?;
    }
    let Ok(entries) = fs::read_dir(folder.join(REVIEW)) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(&format!(".{WRITING}")) {
            let _ = remove(&entry.path());
        }
    }
    Ok(())
}

/// The same for the folders of single counties, which have names of their own.
fn tidy_counties(place: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(place) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let Some(hidden) = name.strip_prefix('.') else { continue };
        if hidden.ends_with(&format!("-{WRITING}")) {
            let _ = remove(&entry.path());
        } else if let Some(county) = hidden.strip_suffix("-上一次") {
            if present(&place.join(county)) {
                let _ = remove(&entry.path());
            } else {
                fs::rename(entry.path(), place.join(county))?;
            }
        }
    }
    Ok(())
}

/// Removes a file or a folder with all that lies in it, where there is one.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Puts the folder written aside in the place of the one of that name.
pub(super) fn swap(folder: &Path, name: &str) -> io::Result<()> {
    let (new, target) = (aside(folder, name), folder.join(name));
    if !present(&target) {
        fs::rename(&new, &target)?;
    } else if !target.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    } else if exchange(&new, &target)? {
        settle(folder);
        // What is left of the old results does no harm; the next run removes it.
        let _ = remove(&new);
    } else {
        in_two_steps(folder, name)?;
    }
    settle(folder);
    Ok(())
}

/// The old folder out and the new one in; where the second step is not reached, [`tidy`] undoes the first.
fn in_two_steps(folder: &Path, name: &str) -> io::Result<()> {
    let (new, target, old) = (aside(folder, name), folder.join(name), set_aside(folder, name));
    remove(&old)?;
    fs::rename(&target, &old)?;
    if let Err(error) = fs::rename(&new, &target) {
        // Should this fail too, the old results lie beside, whole, and the next command puts them back.
        let _ = fs::rename(&old, &target);
        return Err(error);
    }
    settle(folder);
    let _ = remove(&old);
    Ok(())
}

/// Exchanges two folders in one step; false where system or disk cannot.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        // Network shares and old kernels.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP | Errno::PERM) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Waits until all that was written to the disk of this folder would survive a loss of power.
///
/// One call for the whole disk: a call for each of some thousand files takes many times as long. Elsewhere
/// than on Linux there is no such call, and the results, which the next run makes anew, are left to the system.
#[cfg(target_os = "linux")]
pub(super) fn make_durable(folder: &Path) -> io::Result<()> {
    rustix::fs::syncfs(fs::File::open(folder)?).map_err(io::Error::from)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn make_durable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Lets the names in a folder survive a loss of power, as far as the system can.
#[cfg(unix)]
pub(super) fn settle(folder: &Path) {
    // Some file systems refuse this of folders; the swap itself is done.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(not(unix))]
pub(super) fn settle(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(folder: &Path, name: &str, content: &str) {
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::write(folder.join(name).join("一.txt"), content).unwrap();
    }

    fn content(folder: &Path) -> String {
        fs::read_to_string(folder.join(RESULTS).join("一.txt")).unwrap()
    }

    /// Both ways of swapping, and what lies there after each step of the slow one.
    #[test]
    fn either_the_old_or_the_new_results_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        made(folder, RESULTS, "旧");
        made(folder, ".成果-正在写入", "新");
        in_two_steps(folder, RESULTS).unwrap();
        assert_eq!(content(folder), "新");
        // Killed while the new one was being written.
        made(folder, ".成果-正在写入", "半");
        assert!(!torn(folder));
        tidy(folder).unwrap();
        assert_eq!(content(folder), "新");
        // Killed between the two steps.
        made(folder, ".成果-正在写入", "更新");
        fs::rename(folder.join(RESULTS), folder.join(".成果-上一次")).unwrap();
        assert!(torn(folder));
        tidy(folder).unwrap();
        assert_eq!(content(folder), "新");
        // Killed after the second step, and while the old one was being removed.
        made(folder, ".成果-上一次", "旧");
        tidy(folder).unwrap();
        assert_eq!(content(folder), "新");
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
    }

    #[test]
    fn a_file_in_the_place_of_the_results_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(RESULTS), "一").unwrap();
        made(folder.path(), ".成果-正在写入", "新");
        assert_eq!(swap(folder.path(), RESULTS).unwrap_err().kind(), io::ErrorKind::NotADirectory);
        assert_eq!(fs::read_to_string(folder.path().join(RESULTS)).unwrap(), "一");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn folders_are_exchanged_in_one_step_here() {
        let folder = tempfile::tempdir().unwrap();
        made(folder.path(), RESULTS, "旧");
        made(folder.path(), ".成果-正在写入", "新");
        assert!(exchange(&folder.path().join(".成果-正在写入"), &folder.path().join(RESULTS)).unwrap());
        assert_eq!(content(folder.path()), "新");
    }
}
