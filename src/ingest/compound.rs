//! Compound files, the containers of the office programs of 97–2003.
//!
//! In: the bytes of a file. Out: the streams that lie directly under its root. Never here: what a
//! stream means. A broken file gives fewer bytes or none; no chain is followed longer than the
//! file has sectors, and nothing is reserved for a size that the file only announces.
//!
//! The reader takes what it needs and judges nothing else: files with a short last sector, or
//! with nonsense in dates and colours that nobody looks at, are in use.

use super::binary::{u16_at, u32_at};

/// Sector numbers from here on are marks, such as the end of a chain.
const MARKS: u32 = 0xffff_fffa;
const HEADER_PLACES: usize = 109;
const ENTRY: usize = 128;
const SMALL_SECTOR: usize = 64;
/// A stream below this size lies in the small sectors.
const SMALL_STREAM: usize = 4096;

/// An opened compound file.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    next: Vec<u32>,
    directory: Vec<u8>,
}

/// A stream or storage of the directory.
struct Entry {
    name: String,
    start: u32,
    size: usize,
}

impl<'a> Compound<'a> {
    /// The file with these bytes, unless they are no compound file or have no directory.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return None;
        }
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector, next: Vec::new(), directory: Vec::new() };
        file.next = file.allocation()?;
        file.directory = file.chain(u32_at(bytes, 48)?, bytes.len());
        (file.directory.len() >= ENTRY).then_some(file)
    }

    /// The names of the streams and storages directly under the root.
    fn names(&self) -> Vec<String> {
        self.root_children().into_iter().filter_map(|id| self.entry(id)).map(|entry| entry.name).collect()
    }

    /// The bytes of the first of these streams that there is: under the root, or where the tree of
    /// names is broken anywhere.
    pub(super) fn stream(&self, names: &[&str]) -> Option<Vec<u8>> {
        let children = self.root_children();
        let anywhere = 0..self.entries();
        let find = |name: &str, ids: &mut dyn Iterator<Item = usize>| {
            ids.filter_map(|id| self.entry(id)).find(|entry| entry.name.eq_ignore_ascii_case(name))
        };
        let entry = names
            .iter()
            .find_map(|name| find(name, &mut children.iter().copied()))
            .or_else(|| names.iter().find_map(|name| find(name, &mut anywhere.clone())))?;
        Some(if entry.size < SMALL_STREAM {
            self.small_chain(entry.start, entry.size)?
        } else {
            self.chain(entry.start, entry.size)
        })
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    /// The bytes of a sector; the last one of a file may be short.
    fn part(&self, index: u32) -> Option<&'a [u8]> {
        let start = usize::try_from(index).ok()?.checked_add(1)?.checked_mul(self.sector)?;
        let part = self.bytes.get(start..start.checked_add(self.sector)?.min(self.bytes.len()))?;
        (!part.is_empty()).then_some(part)
    }

    /// The table that says for every sector which one follows it.
    fn allocation(&self) -> Option<Vec<u32>> {
        let per = self.sector / 4;
        let mut next = Vec::new();
        let take = |index: u32, next: &mut Vec<u32>| {
            if index < MARKS && next.len() < self.sectors() {
                let end = next.len() + per;
                next.extend(numbers(self.part(index).unwrap_or_default()));
                // What follows a piece that is cut off keeps its place.
                next.resize(end, MARKS);
            }
        };
        for at in 0..HEADER_PLACES {
            take(u32_at(self.bytes, 76 + at * 4)?, &mut next);
        }
        // Further places lie in sectors of their own, each naming the next one at its end.
        let mut more = u32_at(self.bytes, 68)?;
        for _ in 0..self.sectors() {
            let Some(part) = (more < MARKS).then(|| self.part(more)).flatten() else { break };
            for index in numbers(part).take(per - 1) {
                take(index, &mut next);
            }
            more = u32_at(part, (per - 1) * 4).unwrap_or(MARKS);
        }
        Some(next)
    }

    /// The sectors from `first` on, joined, up to `size` bytes.
    fn chain(&self, first: u32, size: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut index = first;
        // A chain longer than the file runs in a circle.
        for _ in 0..self.sectors() {
            let Some(part) = (index < MARKS).then(|| self.part(index)).flatten() else { break };
            out.extend_from_slice(part);
            if out.len() >= size {
                break;
            }
            index = follow(&self.next, index);
        }
        out.truncate(size);
        out
    }

    /// The small sectors from `first` on, joined, up to `size` bytes.
    fn small_chain(&self, first: u32, size: usize) -> Option<Vec<u8>> {
        let container = self.chain(self.entry(0)?.start, self.bytes.len());
        let table = self.chain(u32_at(self.bytes, 60)?, self.bytes.len());
        let next: Vec<u32> = numbers(&table).collect();
        let mut out = Vec::new();
        let mut index = first;
        while out.len() < size && index < MARKS {
            let start = usize::try_from(index).ok()?.checked_mul(SMALL_SECTOR)?;
            let end = start.checked_add(SMALL_SECTOR)?.min(container.len());
            let Some(part) = container.get(start..end).filter(|part| !part.is_empty()) else { break };
            out.extend_from_slice(part);
            index = follow(&next, index);
        }
        out.truncate(size);
        Some(out)
    }

    fn entries(&self) -> usize {
        self.directory.len() / ENTRY
    }

    fn entry(&self, id: usize) -> Option<Entry> {
        let bytes = self.raw_entry(id)?;
        let units = bytes.get(..64)?.chunks_exact(2).filter_map(|unit| u16_at(unit, 0));
        let name = char::decode_utf16(units.take_while(|unit| *unit != 0))
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        // The upper half of the size counts only in files of large sectors; it is nonsense in some others.
        let upper = if self.sector == 512 { 0 } else { u32_at(bytes, 124)? };
        let size = u64::from(u32_at(bytes, 120)?) | u64::from(upper) << 32;
        Some(Entry { name, start: u32_at(bytes, 116)?, size: usize::try_from(size).unwrap_or(usize::MAX) })
    }

    fn raw_entry(&self, id: usize) -> Option<&[u8]> {
        let start = id.checked_mul(ENTRY)?;
        self.directory.get(start..start.checked_add(ENTRY)?)
    }

    /// The entries directly under the root: a tree of siblings, taken in without any order.
    fn root_children(&self) -> Vec<usize> {
        let link = |id: usize, at: usize| {
            let id = u32_at(self.raw_entry(id)?, at)?;
            usize::try_from(id).ok().filter(|id| *id < self.entries())
        };
        let mut seen = vec![false; self.entries()];
        let mut open: Vec<usize> = link(0, 76).into_iter().collect();
        let mut found = Vec::new();
        while let Some(id) = open.pop() {
            if let Some(fresh) = seen.get_mut(id).filter(|seen| !**seen) {
                *fresh = true;
                found.push(id);
                open.extend([68, 72].into_iter().filter_map(|at| link(id, at)));
            }
        }
        found
    }
}

/// The names at the root of a compound file; none where it is broken.
pub(super) fn root_names(bytes: &[u8]) -> Vec<String> {
    Compound::open(bytes).map(|file| file.names()).unwrap_or_default()
}

fn follow(next: &[u32], index: u32) -> u32 {
    usize::try_from(index).ok().and_then(|index| next.get(index)).copied().unwrap_or(MARKS)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).filter_map(|number| u32_at(number, 0))
}
