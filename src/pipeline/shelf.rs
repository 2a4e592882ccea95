//! Where a run over many units puts aside what it does not need at the moment, so that memory does not follow
//! the number of rows.
//!
//! In: values. Out: the same values, in any order and as often as wanted. Never here: what they mean. The first
//! ones stay in memory; the others go to a file without a name, which ends with the program however it ends.

use super::wire::{Incoming, Outgoing, Wire};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes that stay in memory.
const KEPT: usize = 1024 * 1024;

/// Where a value was put.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    at: u64,
    length: usize,
}

impl Slot {
    /// Its bytes.
    pub(super) fn length(self) -> usize {
        self.length
    }

    /// So many bytes of it from one on; none where it has not so many.
    pub(super) fn part(self, from: usize, length: usize) -> Option<Self> {
        let whole = from.checked_add(length).is_some_and(|end| end <= self.length);
        whole.then(|| Self { at: self.at + from as u64, length })
    }
}

/// Values put aside.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    kept: Vec<u8>,
    file: Option<File>,
    written: u64,
}

impl Shelf {
    /// An empty shelf for a run over a folder; its file lies there, or with the system's own temporary files
    /// where the folder cannot be written.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), inner: Mutex::default() }
    }

    /// Puts a value aside.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be written, as on a full disk.
    pub(super) fn put(&self, value: &impl Wire) -> Result<Slot> {
        let mut bytes = Vec::new();
        let written = value.put(&mut Outgoing::new(&mut bytes)).and_then(|()| self.write(&bytes));
        written.map_err(|error| self.fault(&error))
    }

    /// Puts bytes aside, of which parts are wanted later.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be written, as on a full disk.
    pub(super) fn put_bytes(&self, bytes: &[u8]) -> Result<Slot> {
        self.write(bytes).map_err(|error| self.fault(&error))
    }

    /// The bytes of a slot or of a part of one.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be read.
    pub(super) fn get_bytes(&self, slot: Slot) -> Result<Vec<u8>> {
        self.read(slot).map_err(|error| self.fault(&error))
    }

    /// The value of a slot.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be read.
    pub(super) fn get<T: Wire>(&self, slot: Slot) -> Result<T> {
        let read = self.read(slot).and_then(|bytes| T::take(&mut Incoming::new(&mut bytes.as_slice())));
        read.map_err(|error| self.fault(&error))
    }

    fn write(&self, bytes: &[u8]) -> io::Result<Slot> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = inner.kept.len();
        if inner.file.is_none() {
            if kept + bytes.len() <= KEPT {
                inner.kept.extend_from_slice(bytes);
                return Ok(Slot { at: kept as u64, length: bytes.len() });
            }
            inner.file = Some(tempfile::tempfile_in(&self.folder).or_else(|_| tempfile::tempfile())?);
        }
        let at = inner.written;
        if let Some(file) = &mut inner.file {
            file.seek(SeekFrom::Start(at))?;
            file.write_all(bytes)?;
        }
        inner.written += bytes.len() as u64;
        Ok(Slot { at: inner.kept.len() as u64 + at, length: bytes.len() })
    }

    fn read(&self, slot: Slot) -> io::Result<Vec<u8>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = inner.kept.len() as u64;
        let Some(at) = slot.at.checked_sub(kept) else {
            let from = usize::try_from(slot.at).unwrap_or(usize::MAX);
            let bytes = from.checked_add(slot.length).and_then(|to| inner.kept.get(from..to));
            return bytes.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        };
        let mut bytes = vec![0; slot.length];
        let Some(file) = &mut inner.file else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn fault(&self, error: &io::Error) -> Error {
        Error::File {
            path: self.folder.clone(),
            message: format!(
                "处理时要暂存的内容写不下或读不出（{error}）。请检查磁盘空间后再运行一次；原来的成果没有改动"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_from_memory_and_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path());
        let value = |number: usize| format!("{number}号").repeat(40_000);
        let slots: Vec<Slot> = (0..150).map(|number| shelf.put(&value(number)).unwrap()).collect();
        assert!(shelf.inner.lock().unwrap().file.is_some(), "some of it lies in the file");
        for (number, slot) in slots.iter().enumerate().rev() {
            assert_eq!(shelf.get::<String>(*slot).unwrap(), value(number));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
    }

    #[test]
    fn what_was_never_put_there_is_no_panic() {
        let shelf = Shelf::new(Path::new("."));
        assert!(shelf.get::<String>(Slot { at: 7, length: 9 }).is_err());
    }
}
