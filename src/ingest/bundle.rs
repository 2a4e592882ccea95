//! Zip archives of submissions: what lies in them, under names that lead nowhere else.
//!
//! In: bytes that can be read at any place. Out: the members in the order of their names, and the bytes of
//! one of them at a time, within the limits. Never here: writing to disk, and what a member's bytes mean.

use super::{Unreadable, limits, too_large};
use crate::model::{Date, FileError};
use encoding_rs::GB18030;
use std::io::{Read, Seek, SeekFrom};
use zip::CompressionMethod;
use zip::read::{Config, OwnedZipFileEntry, ZipReadOptions};
use zip::unstable::read::ZipIterable;

/// Bytes that may stand before the first member: the mark of an archive that was once meant to be split.
const SPLIT_MARK: u64 = 4;

/// What may still be unpacked of an archive and of the archives inside it.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    members: usize,
    bytes: u64,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { members: limits::ARCHIVE_MEMBERS, bytes: limits::ARCHIVE_BYTES }
    }
}

/// An archive that was opened.
#[derive(Debug, Default)]
pub struct Bundle {
    /// The files in it, in the order of their names; no two have the same.
    pub members: Vec<Member>,
    /// Names of what was passed over: pictures, thumbnails, lock files, files of the system.
    pub skipped: Vec<String>,
    /// Names of members whose own name leads out of the archive or steers a terminal.
    pub renamed: Vec<String>,
}

/// A file in an archive.
#[derive(Debug)]
pub struct Member {
    /// Its name inside the archive, with `/` between folders.
    pub name: String,
    /// The day on which it was last changed, as the archive says.
    pub modified: Option<Date>,
    entry: OwnedZipFileEntry,
}

/// Whether a file lies there that nobody hands in: of the system, a lock file, a picture.
fn is_clutter(name: &str) -> bool {
    const PICTURES: [&str; 14] = [
        "jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "heic", "heif", "ico", "svg", "tmp", "lnk",
    ];
    let own = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let extension = own.rsplit_once('.').map_or("", |(_, extension)| extension);
    is_system(name) || super::is_lock_file(&own) || PICTURES.contains(&extension)
}

/// Whether a file or folder is of the operating system's making: `__MACOSX`, `.DS_Store`, `Thumbs.db`.
#[must_use]
pub fn is_system(name: &str) -> bool {
    name.split('/').any(|part| {
        let hidden = part.starts_with('.') && !part.starts_with(".~");
        let known = ["__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini"];
        hidden || known.iter().any(|name| part.eq_ignore_ascii_case(name))
    })
}

impl Bundle {
    /// Opens an archive; `None` where it is a workbook or document and no archive of files.
    ///
    /// # Errors
    /// Where the archive is damaged, or more would be unpacked than is allowed.
    pub fn open<R: Read + Seek>(
        mut reader: R,
        allowance: &mut Allowance,
    ) -> Result<Option<Self>, Unreadable> {
        let length = reader.seek(SeekFrom::End(0)).map_err(|_| damaged())?;
        let mut archive = ZipIterable::try_new(reader, Config::default()).map_err(|_| damaged())?;
        if archive.len() > limits::ARCHIVE_MEMBERS {
            return Err(too_large(&format!("压缩包里的文件多于{}个", limits::ARCHIVE_MEMBERS)));
        }
        let entries: Result<Vec<OwnedZipFileEntry>, _> =
            archive.files().map_err(|_| damaged())?.map(|entry| entry.map(OwnedZipFileEntry::from)).collect();
        let entries = entries.map_err(|_| damaged())?;
        // Of an archive that is cut off, the directory of a member that is an archive itself may be the last.
        if !entries.is_empty() && entries.iter().all(|entry| entry.header_start() > SPLIT_MARK) {
            return Err(damaged());
        }
        if is_document(&entries) {
            return Ok(None);
        }
        let packed: u128 = entries.iter().map(|entry| u128::from(entry.compressed_size())).sum();
        if packed > u128::from(length) {
            return Err((
                FileError::Corrupt,
                "压缩包里的文件互相重叠，不是正常的压缩包，没有读取".to_owned(),
            ));
        }
        let bundle = Self::of(entries);
        let sizes = bundle.members.iter().filter(|member| member.refused().is_none()).map(Member::size);
        let bytes = sizes.fold(0_u64, u64::saturating_add);
        if bundle.members.len() > allowance.members {
            return Err(too_large(&format!(
                "压缩包（连同里面的压缩包）里的文件多于{}个",
                limits::ARCHIVE_MEMBERS
            )));
        }
        if bytes > allowance.bytes {
            let most = limits::ARCHIVE_BYTES / 1024 / 1024;
            return Err(too_large(&format!("压缩包（连同里面的压缩包）解压后超过{most} MB")));
        }
        allowance.members -= bundle.members.len();
        allowance.bytes -= bytes;
        Ok(Some(bundle))
    }

    fn of(entries: Vec<OwnedZipFileEntry>) -> Self {
        let mut bundle = Self::default();
        let coding = Coding::of(&entries);
        let mut members: Vec<(String, bool, OwnedZipFileEntry)> = Vec::new();
        for entry in entries {
            let written = coding.decode(&entry);
            if entry.is_dir() || entry.is_symlink() || (written.ends_with('\\') && entry.size() == 0) {
                continue;
            }
            let (name, changed) = inner_name(&written);
            if is_clutter(&name) {
                bundle.skipped.push(name);
            } else {
                members.push((name, changed, entry));
            }
        }
        // What the members are decides, and never where they stand in the archive.
        members.sort_by(|(a, _, left), (b, _, right)| {
            let key = |entry: &OwnedZipFileEntry| (entry.crc32(), entry.size(), entry.compressed_size());
            (a, key(left), left.name_raw()).cmp(&(b, key(right), right.name_raw()))
        });
        bundle.skipped.sort();
        let mut taken = std::collections::BTreeSet::new();
        for (name, changed, entry) in members {
            let mut own = name.clone();
            let mut number = 1;
            while !taken.insert(own.clone()) {
                number += 1;
                own = numbered(&name, number);
            }
            if changed || number > 1 {
                bundle.renamed.push(own.clone());
            }
            let modified = entry.last_modified().and_then(|day| {
                Date::new(i32::from(day.year()), u32::from(day.month()), u32::from(day.day()))
            });
            bundle.members.push(Member { name: own, modified, entry });
        }
        bundle
    }
}

impl Member {
    /// Its bytes once unpacked, as the archive says.
    fn size(&self) -> u64 {
        self.entry.size()
    }

    /// Why it is not unpacked at all.
    fn refused(&self) -> Option<Unreadable> {
        let size = self.size();
        if self.entry.encrypted() {
            let message = "压缩包设有密码，这个文件解不开，没有读取；请取消压缩密码后重新报送";
            return Some((FileError::Encrypted, message.to_owned()));
        }
        if size > limits::FILE_BYTES as u64 {
            return Some(too_large(&format!("文件解压后超过 {} MB", limits::FILE_BYTES / 1024 / 1024)));
        }
        if size > limits::RATIO_FROM && size / limits::ARCHIVE_RATIO > self.entry.compressed_size() {
            return Some(too_large(&format!(
                "文件解压后是压缩时的{}倍以上，不像表格",
                limits::ARCHIVE_RATIO
            )));
        }
        if self.name.chars().count() > limits::NAME_CHARS {
            return Some(too_large(&format!("文件名（连同文件夹）超过{}个字", limits::NAME_CHARS)));
        }
        if !matches!(self.entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            let message = "压缩包用了程序不认识的压缩方法，这个文件解不开，没有读取";
            return Some((FileError::Packed, message.to_owned()));
        }
        None
    }

    /// Its bytes, read from the archive.
    ///
    /// # Errors
    /// Where it is encrypted, damaged or too large.
    pub fn bytes<R: Read + Seek>(&self, reader: &mut R) -> Result<Vec<u8>, Unreadable> {
        if let Some(refused) = self.refused() {
            return Err(refused);
        }
        let broken = || {
            let message = "压缩包里的这个文件已损坏，解不开，请重新压缩后报送";
            (FileError::Corrupt, message.to_owned())
        };
        let part = self.entry.as_ref().with_reader(reader, ZipReadOptions::new()).map_err(|_| broken())?;
        let mut bytes = Vec::new();
        part.take(self.size() + 1).read_to_end(&mut bytes).map_err(|_| broken())?;
        // A member that grows beyond its word is a trap.
        if bytes.len() as u64 == self.size() { Ok(bytes) } else { Err(broken()) }
    }
}

fn damaged() -> Unreadable {
    let message = "压缩包不完整或已损坏，打不开，其中的文件都没有读取；请重新压缩（zip 格式，不分卷）后报送";
    (FileError::Corrupt, message.to_owned())
}

/// Whether the parts are those of a workbook or document.
fn is_document(entries: &[OwnedZipFileEntry]) -> bool {
    entries.iter().any(|entry| {
        let name = String::from_utf8_lossy(entry.name_raw());
        name == "[Content_Types].xml"
            || name == "mimetype"
            || matches!(&*name, "xl/workbook.xml" | "xl/workbook.bin" | "word/document.xml")
    })
}

/// In which encoding an archive writes the names that it does not mark as UTF-8.
#[derive(Debug, Clone, Copy)]
struct Coding {
    utf8: bool,
}

impl Coding {
    /// One program wrote all names: as soon as one of them is no UTF-8, none of them is.
    fn of(entries: &[OwnedZipFileEntry]) -> Self {
        let mut utf8 = true;
        let mut wide = false;
        for entry in entries.iter().filter(|entry| !marked(entry)) {
            match std::str::from_utf8(entry.name_raw()) {
                // Two bytes of GBK can look like one Greek or Latin letter, three never like a Chinese one.
                Ok(name) => wide |= name.chars().any(|c| c >= '\u{800}'),
                Err(_) => utf8 = false,
            }
        }
        Self { utf8: utf8 && wide }
    }

    fn decode(self, entry: &OwnedZipFileEntry) -> String {
        let raw = entry.name_raw();
        let utf8 = std::str::from_utf8(raw).ok().filter(|name| name.is_ascii() || self.utf8 || marked(entry));
        let gbk = || GB18030.decode_without_bom_handling(raw).0.into_owned();
        utf8.map_or_else(gbk, str::to_owned)
    }
}

/// Whether the archive says that the name is UTF-8.
fn marked(entry: &OwnedZipFileEntry) -> bool {
    entry.flags().as_u16() & 0x0800 != 0
}

/// A name that stays inside the archive, and whether it is another than was written.
fn inner_name(written: &str) -> (String, bool) {
    let steers = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut changed = written.starts_with(['/', '\\']) || written.contains(steers);
    let plain: String = written.chars().filter(|c| !steers(*c)).collect();
    let mut parts: Vec<&str> = Vec::new();
    for part in plain.split(['/', '\\']) {
        let drive = parts.is_empty() && part.len() == 2 && part.ends_with(':');
        match part.trim() {
            "" | "." => {}
            ".." => changed = true,
            _ if drive => changed = true,
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return ("未命名".to_owned(), true);
    }
    (parts.join("/"), changed)
}

/// A name with a number before its extension.
fn numbered(name: &str, number: usize) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => format!("{stem}（{number}）.{extension}"),
        _ => format!("{name}（{number}）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        for (written, name, changed) in [
            ("二支部/台账.xlsx", "二支部/台账.xlsx", false),
            ("二支部\\台账.xlsx", "二支部/台账.xlsx", false),
            ("./a//b.xlsx", "a/b.xlsx", false),
            ("../../etc/passwd", "etc/passwd", true),
            ("/etc/passwd", "etc/passwd", true),
            ("C:\\报送\\a.xlsx", "报送/a.xlsx", true),
            ("a\0b.xlsx", "ab.xlsx", true),
            ("a\u{202e}xslx.exe", "axslx.exe", true),
            ("..", "未命名", true),
            ("a/C:/b", "a/C:/b", false),
        ] {
            assert_eq!(inner_name(written), (name.to_owned(), changed), "{written}");
        }
    }

    #[test]
    fn clutter_is_told_by_name() {
        for (name, clutter) in [
            ("__MACOSX/二支部/._台账.xlsx", true),
            ("二支部/.DS_Store", true),
            ("二支部/thumbs.DB", true),
            ("~$台账.xlsx", true),
            ("二支部/.~台账.xlsx", true),
            ("照片/IMG_1.JPG", true),
            ("二支部/台账.xlsx", false),
            ("二支部/说明.docx", false),
            ("jpg", false),
        ] {
            assert_eq!(is_clutter(name), clutter, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_leads_out(written in "[./\\\\a:C\\x00中]{0,30}") {
            let (name, _) = inner_name(&written);
            let bad = |part: &str| part.is_empty() || part == ".." || part == ".";
            proptest::prop_assert!(!name.split('/').any(bad) && !name.contains('\0'), "{name}");
        }
    }
}
