//! What lies behind an input: one file, or all files of an archive, each as if it lay in a folder.
//!
//! In: an input. Out: whatever the caller makes of each file, in the order of their names. Never here: what
//! a file's cells mean, and more than one member of an archive in memory per thread.

use super::apart;
use super::inputs::Input;
use super::reading;
use super::table_rules::TableRules;
use crate::ingest::{self, Allowance, Bundle, Member, limits};
use crate::model::{Date, FileError, Finding, Place, Submission, rules as codes};
use crate::seeds::Catalogue;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// How many names of members a message lists.
const NAMES: usize = 5;

/// A file that was found, on disk or in an archive.
#[derive(Debug)]
pub struct Source<'a> {
    /// Name relative to the folder that was asked for; an archive's name stands as a folder in it.
    pub name: String,
    /// Name relative to the folder of submissions, by which rules know it.
    pub submitted: String,
    /// The day on which it was last changed, where an archive tells it.
    pub modified: Option<Date>,
    /// What there is to read.
    pub content: Content<'a>,
}

/// What there is to read of a file.
#[derive(Debug)]
pub enum Content<'a> {
    /// Its bytes.
    Bytes(&'a [u8]),
    /// An archive, whose members come after it: how many, and what was noticed of it as a whole.
    Archive {
        /// How many files lie right in it.
        members: usize,
        /// What was noticed.
        findings: Vec<Finding>,
        /// The archive itself.
        store: Store<'a>,
    },
    /// Why it cannot be read.
    Refused(FileError, String),
    /// Why it cannot be opened on disk.
    Unopened(String),
    /// A lock file.
    LockFile,
}

/// Where the bytes of an archive lie.
#[derive(Debug, Clone, Copy)]
pub enum Store<'a> {
    /// On disk.
    Disk(&'a Path),
    /// In memory.
    Memory(&'a [u8]),
}

/// Bytes of an archive that can be read at any place.
enum Reader<'a> {
    Disk(BufReader<File>),
    Memory(Cursor<&'a [u8]>),
}

impl<'a> Store<'a> {
    fn reader(self) -> io::Result<Reader<'a>> {
        Ok(match self {
            Self::Disk(path) => Reader::Disk(BufReader::new(File::open(path)?)),
            Self::Memory(bytes) => Reader::Memory(Cursor::new(bytes)),
        })
    }

    /// Bytes and SHA-256 in hexadecimal.
    ///
    /// # Errors
    /// Where the disk gives no bytes.
    pub fn fingerprint(self) -> io::Result<(u64, String)> {
        let mut digest = Sha256::new();
        let mut reader = self.reader()?;
        let mut piece = vec![0; 64 * 1024];
        let mut size = 0;
        loop {
            let read = reader.read(&mut piece)?;
            if read == 0 {
                return Ok((size, hexadecimal(&digest.finalize())));
            }
            size += read as u64;
            digest.update(piece.get(..read).unwrap_or_default());
        }
    }
}

/// Bytes as hexadecimal digits.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Disk(file) => file.read(into),
            Self::Memory(bytes) => bytes.read(into),
        }
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Disk(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}

impl Source<'_> {
    /// Bytes and SHA-256; nothing where it cannot be opened.
    #[must_use]
    pub fn fingerprint(&self) -> (u64, String) {
        let store = match &self.content {
            Content::Bytes(bytes) => Store::Memory(bytes),
            Content::Archive { store, .. } => *store,
            Content::Refused(..) | Content::Unopened(_) | Content::LockFile => return (0, String::new()),
        };
        store.fingerprint().unwrap_or_default()
    }

    /// How many files lie in it, where it is an archive.
    #[must_use]
    pub fn members(&self) -> Option<usize> {
        if let Content::Archive { members, .. } = self.content { Some(members) } else { None }
    }

    /// What it gives, read by the rules that hold for it. Activities that stand in it twice are not told.
    #[must_use]
    pub fn submission(&self, rules: &TableRules, catalogue: &Catalogue) -> Submission {
        match &self.content {
            Content::Bytes(bytes) => {
                apart::read(&self.name, bytes, &rules.for_file(&self.submitted), catalogue)
            }
            Content::Refused(..) | Content::Archive { .. } | Content::Unopened(_) | Content::LockFile => {
                self.unread(catalogue)
            }
        }
    }

    /// What is told of it without looking into its bytes.
    #[must_use]
    pub fn unread(&self, catalogue: &Catalogue) -> Submission {
        let place = Place::file(self.name.as_str());
        let findings = match &self.content {
            Content::Refused(error, message) => {
                let file: Arc<str> = Arc::from(self.name.as_str());
                return reading::unreadable(&file, *error, message.clone(), Vec::new(), catalogue);
            }
            Content::Archive { findings, .. } => findings.clone(),
            Content::Unopened(message) => vec![
                Finding::at(&codes::CORRUPT, &place, message.clone())
                    .hint("请确认文件没有被其他程序占用、有读取权限，再运行一次。"),
            ],
            Content::LockFile => {
                vec![Finding::at(&codes::LOCK_FILE, &place, "办公软件留下的临时文件，已跳过")]
            }
            Content::Bytes(_) => Vec::new(),
        };
        Submission::told(self.name.as_str(), findings)
    }
}

/// Inputs by their names.
pub type ByName<'i> = BTreeMap<&'i str, &'i Input>;

/// The inputs by their names.
#[must_use]
pub fn by_name(inputs: &[Input]) -> ByName<'_> {
    inputs.iter().map(|input| (input.name.as_str(), input)).collect()
}

/// The bytes of the file of this name, on disk or in an archive; none where it is not there.
#[must_use]
pub fn bytes_of(inputs: &ByName<'_>, name: &str) -> Option<Vec<u8>> {
    // The file itself, or the archive in whose name the path goes on.
    let mut ends = name.match_indices('/').map(|(at, _)| at).chain([name.len()]);
    let input = ends.find_map(|end| inputs.get(name.get(..end)?))?;
    match name.strip_prefix(input.name.as_str())?.strip_prefix('/') {
        None => std::fs::read(&input.path).ok(),
        Some(inner) => inside(Store::Disk(&input.path), inner, 1),
    }
}

/// Calls `look` for every file behind an input: the file itself, or an archive and then its members.
pub fn each<T: Send>(input: &Input, look: &(impl Fn(Source<'_>) -> T + Sync)) -> Vec<T> {
    let alone = |content: Content<'_>| {
        let (name, submitted) = (input.name.clone(), input.submitted.clone());
        vec![look(Source { name, submitted, modified: None, content })]
    };
    if ingest::is_lock_file(&input.name) {
        return alone(Content::LockFile);
    }
    let opened = |path: &Path| -> io::Result<(u64, Vec<u8>)> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut head = Vec::new();
        file.take(4).read_to_end(&mut head)?;
        Ok((size, head))
    };
    let unopened = |error: &io::Error| alone(Content::Unopened(format!("文件打不开（{error}）")));
    let (size, head) = match opened(&input.path) {
        Ok(opened) => opened,
        Err(error) => return unopened(&error),
    };
    let archive = Archive {
        store: Store::Disk(&input.path),
        name: input.name.clone(),
        submitted: input.submitted.clone(),
        modified: None,
        depth: 1,
    };
    let large = size > limits::FILE_BYTES as u64;
    if ingest::claims_bundle(&input.name, &head)
        && let Some(found) = archive.walk(&mut Allowance::default(), look)
    {
        return found;
    }
    if large {
        // The reader says the same of bytes; these are not even loaded.
        let message = format!("文件超过 {} MB，没有读取", limits::FILE_BYTES / 1024 / 1024);
        return alone(Content::Refused(FileError::TooLarge, message));
    }
    match std::fs::read(&input.path) {
        Ok(bytes) if ingest::is_bundle(&bytes) => {
            let archive = Archive { store: Store::Memory(&bytes), ..archive };
            archive.walk(&mut Allowance::default(), look).unwrap_or_else(|| alone(Content::Bytes(&bytes)))
        }
        Ok(bytes) => alone(Content::Bytes(&bytes)),
        Err(error) => unopened(&error),
    }
}

/// The bytes of a file in an archive or in the archives inside it.
fn inside(store: Store<'_>, name: &str, depth: usize) -> Option<Vec<u8>> {
    let mut reader = store.reader().ok()?;
    let bundle = Bundle::open(&mut reader, &mut Allowance::default()).ok()??;
    if let Some(member) = bundle.members.iter().find(|member| member.name == name) {
        return member.bytes(&mut reader).ok();
    }
    if depth >= limits::ARCHIVE_DEPTH {
        return None;
    }
    bundle.members.iter().find_map(|member| {
        let inner = name.strip_prefix(&*member.name)?.strip_prefix('/')?;
        inside(Store::Memory(&member.bytes(&mut reader).ok()?), inner, depth + 1)
    })
}

/// An archive whose members are looked at.
struct Archive<'a> {
    store: Store<'a>,
    name: String,
    submitted: String,
    modified: Option<Date>,
    /// 1 for an archive on disk, 2 for an archive inside one.
    depth: usize,
}

/// What became of a member on the first pass.
enum Met<T> {
    Read(T),
    /// It is an archive itself; its bytes are taken again when its turn comes.
    Archive,
}

impl Archive<'_> {
    /// Looks at the archive and at each member; `None` where it is a workbook or document after all.
    fn walk<T: Send>(
        &self,
        allowance: &mut Allowance,
        look: &(impl Fn(Source<'_>) -> T + Sync),
    ) -> Option<Vec<T>> {
        let own = |content: Content<'_>| {
            let (name, submitted) = (self.name.clone(), self.submitted.clone());
            look(Source { name, submitted, modified: self.modified, content })
        };
        let opened = match self.store.reader() {
            Ok(reader) => Bundle::open(reader, allowance),
            Err(error) => return Some(vec![own(Content::Unopened(format!("文件打不开（{error}）")))]),
        };
        let bundle = match opened {
            Ok(bundle) => bundle?,
            Err((error, message)) => return Some(vec![own(Content::Refused(error, message))]),
        };
        if bundle.members.is_empty() && bundle.skipped.is_empty() {
            let message = "压缩包里没有任何文件".to_owned();
            return Some(vec![own(Content::Refused(FileError::Empty, message))]);
        }
        let (members, findings) = (bundle.members.len(), self.findings(&bundle));
        let mut found = vec![own(Content::Archive { members, findings, store: self.store })];
        let met: Vec<Met<T>> = bundle
            .members
            .par_iter()
            .map_init(|| self.store.reader(), |reader, member| self.member(member, reader, look))
            .collect();
        // Archives one after the other: what is left to unpack must not depend on who comes first.
        for (member, met) in bundle.members.iter().zip(met) {
            match met {
                Met::Read(own) => found.push(own),
                Met::Archive => found.extend(self.inner(member, allowance, look)),
            }
        }
        Some(found)
    }

    fn member<T>(
        &self,
        member: &Member,
        reader: &mut io::Result<Reader<'_>>,
        look: &impl Fn(Source<'_>) -> T,
    ) -> Met<T> {
        let bytes = match reader {
            Ok(reader) => member.bytes(reader),
            Err(error) => Err((FileError::Corrupt, format!("文件打不开（{error}）"))),
        };
        Met::Read(match bytes {
            Ok(bytes) if ingest::claims_bundle(&member.name, &bytes) || ingest::is_bundle(&bytes) => {
                return Met::Archive;
            }
            Ok(bytes) => self.look_at(member, Content::Bytes(&bytes), look),
            Err((error, message)) => self.look_at(member, Content::Refused(error, message), look),
        })
    }

    fn inner<T: Send>(
        &self,
        member: &Member,
        allowance: &mut Allowance,
        look: &(impl Fn(Source<'_>) -> T + Sync),
    ) -> Vec<T> {
        let refused =
            |error, message: String| vec![self.look_at(member, Content::Refused(error, message), look)];
        if self.depth >= limits::ARCHIVE_DEPTH {
            let message = format!("压缩包里套压缩包超过{}层，没有读取", limits::ARCHIVE_DEPTH);
            return refused(FileError::TooLarge, message);
        }
        let bytes = match self.store.reader() {
            Ok(mut reader) => member.bytes(&mut reader),
            Err(error) => Err((FileError::Corrupt, format!("文件打不开（{error}）"))),
        };
        match bytes {
            Ok(bytes) => {
                let archive = Archive {
                    store: Store::Memory(&bytes),
                    name: format!("{}/{}", self.name, member.name),
                    submitted: format!("{}/{}", self.submitted, member.name),
                    modified: member.modified,
                    depth: self.depth + 1,
                };
                let as_file = || vec![self.look_at(member, Content::Bytes(&bytes), look)];
                archive.walk(allowance, look).unwrap_or_else(as_file)
            }
            Err((error, message)) => refused(error, message),
        }
    }

    fn look_at<T>(&self, member: &Member, content: Content<'_>, look: &impl Fn(Source<'_>) -> T) -> T {
        look(Source {
            name: format!("{}/{}", self.name, member.name),
            submitted: format!("{}/{}", self.submitted, member.name),
            modified: member.modified,
            content,
        })
    }

    /// What is told of the archive as a whole.
    fn findings(&self, bundle: &Bundle) -> Vec<Finding> {
        let place = Place::file(self.name.as_str());
        let list = |names: &[String]| {
            let shown: Vec<String> = names.iter().take(NAMES).map(|name| format!("“{name}”")).collect();
            format!("{}{}", shown.join("、"), if names.len() > NAMES { "等" } else { "" })
        };
        let mut findings = Vec::new();
        if !bundle.skipped.is_empty() {
            let names = list(&bundle.skipped);
            let message = format!("跳过了图片、临时文件、系统文件{}个：{names}", bundle.skipped.len());
            findings.push(Finding::at(&codes::ARCHIVE_SKIPPED, &place, message));
        }
        if !bundle.renamed.is_empty() {
            let names = list(&bundle.renamed);
            let message = format!("有{}个文件的名称不规范，改称{names}", bundle.renamed.len());
            findings.push(Finding::at(&codes::ARCHIVE_NAMES, &place, message));
        }
        findings
    }
}
