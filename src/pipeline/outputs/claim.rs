//! One run at a time in a folder.
//!
//! In: a folder. Out: the right to write in it, until it is dropped or the process ends in whatever way.
//! Never here: waiting for long, and a lock that outlives its process.

use super::modes::Modes;
use super::refusal::refusal;
use super::swap;
use crate::error::{Error, Result};
use crate::pipeline::inputs::must_be_folder;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file that the system locks; hidden, and gone when the run is over.
const FILE: &str = ".shuzhi-正在处理";
/// Commands that only put something back or write a single file hold a folder for a moment.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(100);

/// The right to write in a folder; while one process has it, no other gets it.
#[derive(Debug)]
pub struct Claim {
    folder: PathBuf,
    /// Closed last, after the name is gone.
    _file: File,
}

impl Claim {
    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // While it is locked: whoever has opened it meanwhile sees that its name is gone, and begins again.
        #[cfg(not(windows))]
        let _ = std::fs::remove_file(self.folder.join(FILE));
    }
}

/// Claims a folder, puts back results that a killed run has set aside, and removes what it has left.
///
/// # Errors
/// [`Error::File`] where another run has it, or where nothing can be written there.
pub fn claim(folder: &Path) -> Result<Claim> {
    must_be_folder(folder)?;
    let fail = |message: String| Error::File { path: folder.to_owned(), message };
    let cannot = |error: io::Error| fail(format!("不能写入：{}", refusal(&error)));
    for left in (0..TRIES).rev() {
        if let Some(file) = lock(&folder.join(FILE), Modes::of(folder)).map_err(cannot)? {
            let claim = Claim { folder: folder.to_owned(), _file: file };
            swap::tidy(folder).map_err(cannot)?;
            return Ok(claim);
        }
        if left > 0 {
            std::thread::sleep(PAUSE);
        }
    }
    Err(fail("另一个 shuzhi 正在处理这个文件夹，这一次没有运行，什么也没有改动。请等它结束再运行".to_owned()))
}

/// Puts back results that a killed run has set aside, where no other run is at work.
pub fn recover(folder: &Path) {
    if swap::torn(folder) {
        // A folder that cannot be written is told by whoever writes there.
        drop(claim(folder));
    }
}

/// The locked file; none where another process has it.
#[cfg(not(windows))]
fn lock(path: &Path, modes: Modes) -> io::Result<Option<File>> {
    use std::fs::TryLockError;
    loop {
        let file = modes.keep_file(path).or_else(|error| match error.kind() {
            // Left by another user: a lock does not need to be written.
            io::ErrorKind::PermissionDenied => File::open(path).map_err(|_| error),
            _ => Err(error),
        })?;
        match file.try_lock() {
            Ok(()) if !is_at(&file, path) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // Disks without locks (some network shares) take one run at a time on trust.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(Some(file)),
        }
    }
}

/// The opened file; none where another process has it. Nobody else can open it, and the system removes it
/// with the process.
#[cfg(windows)]
fn lock(path: &Path, _: Modes) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    const GENERIC_WRITE: u32 = 0x4000_0000;
    const DELETE: u32 = 0x0001_0000;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    const HIDDEN: u32 = 0x2;
    const SHARING_VIOLATION: i32 = 32;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).access_mode(GENERIC_WRITE | DELETE).share_mode(0);
    options.custom_flags(DELETE_ON_CLOSE).attributes(HIDDEN);
    match options.open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the file still bears this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let here = file.metadata().map(|metadata| (metadata.dev(), metadata.ino()));
    let there = std::fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino()));
    matches!((here, there), (Ok(here), Ok(there)) if here == there)
}

#[cfg(not(any(unix, windows)))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_folder_is_claimed_once_at_a_time_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let held = claim(folder.path()).unwrap();
        let message = claim(folder.path()).unwrap_err().to_string();
        assert!(message.contains("另一个 shuzhi 正在处理这个文件夹"), "{message}");
        drop(held);
        assert!(claim(folder.path()).is_ok());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn no_two_hold_it_however_they_come_and_go() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, turns) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let Ok(Some(file)) = lock(&folder.path().join(FILE), Modes::of(folder.path())) else {
                            continue;
                        };
                        let claim = Claim { folder: folder.path().to_owned(), _file: file };
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        turns.fetch_add(1, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(claim);
                    }
                });
            }
        });
        assert!(turns.load(Ordering::SeqCst) > 0);
        assert!(!folder.path().join(FILE).exists());
    }
}
