//! Who may read what is written: nobody whom the folder itself shuts out.
//!
//! In: the folder, and what is replaced. Out: files and folders whose permissions are no wider than either.
//! Never here: Windows, where what lies in a folder inherits its permissions.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// The widest permissions that may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Modes(u32);

#[cfg(unix)]
impl Modes {
    /// Those of a folder or file.
    pub(super) fn of(path: &Path) -> Self {
        use std::os::unix::fs::PermissionsExt;
        Self(std::fs::metadata(path).map_or(0o700, |metadata| metadata.permissions().mode() & 0o777))
    }

    fn for_folder(self) -> DirBuilder {
        use std::os::unix::fs::DirBuilderExt;
        let mut builder = DirBuilder::new();
        // Its owner can always write into it: the program has just made it for that.
        builder.mode(self.0 | 0o700);
        builder
    }

    fn for_file(self) -> OpenOptions {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = OpenOptions::new();
        options.mode(self.0 & 0o666 | 0o600);
        options
    }
}

#[cfg(not(unix))]
impl Modes {
    /// Those of a folder or file.
    pub(super) fn of(_: &Path) -> Self {
        Self(0o777)
    }

    fn for_folder(self) -> DirBuilder {
        DirBuilder::new()
    }

    fn for_file(self) -> OpenOptions {
        OpenOptions::new()
    }
}

impl Modes {
    /// Also no wider than what stands there already, as where a person has shut it to others.
    pub(super) fn within(self, standing: &Path) -> Self {
        if standing.exists() { Self(self.0 & Self::of(standing).0) } else { self }
    }

    /// Makes a folder, and those above it where asked.
    pub(super) fn make_folder(self, path: &Path, above: bool) -> io::Result<()> {
        self.for_folder().recursive(above).create(path)
    }

    /// Opens a file to be written from its beginning.
    pub(super) fn make_file(self, path: &Path) -> io::Result<File> {
        self.for_file().write(true).create(true).truncate(true).open(path)
    }

    /// Opens a file as it is, making it where it is not there.
    #[cfg(not(windows))]
    pub(super) fn keep_file(self, path: &Path) -> io::Result<File> {
        self.for_file().write(true).create(true).truncate(false).open(path)
    }
}
