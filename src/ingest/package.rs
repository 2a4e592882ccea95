//! Zipped workbooks, opened only within the limits.

use super::{Unreadable, corrupt, limits, markup, too_large};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// A zipped workbook.
pub(super) struct Package<'a> {
    archive: zip::ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Package<'a> {
    /// Opens a package whose parts, unpacked, stay within the limits.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| corrupt("压缩包打不开"))?;
        if archive.len() > limits::PARTS {
            return Err(too_large("文件由太多部分组成"));
        }
        // `decompressed_size` keeps silent where sizes stand behind the parts, the directory does not.
        let mut unpacked = 0_u128;
        for at in 0..archive.len() {
            unpacked += archive.by_index_raw(at).map_or(0, |part| u128::from(part.size()));
        }
        if unpacked > limits::UNPACKED_BYTES {
            return Err(too_large("文件解压后过大"));
        }
        Ok(Self { archive })
    }

    /// The text of a part, or `None` where there is no such part.
    pub(super) fn text(&mut self, path: &str) -> Option<String> {
        let path = path.trim_start_matches('/');
        let mut part = self.archive.by_name(path).ok()?;
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).ok()?;
        Some(match String::from_utf8_lossy(&bytes) {
            Cow::Borrowed(_) => String::from_utf8(bytes).unwrap_or_default(),
            Cow::Owned(text) => text,
        })
    }

    /// The beginning of a part.
    pub(super) fn head(&mut self, path: &str, length: u64) -> Option<String> {
        let part = self.archive.by_name(path).ok()?;
        let mut bytes = Vec::new();
        part.take(length).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The path of the part whose name ends like this.
    pub(super) fn find(&self, ending: &str) -> Option<String> {
        self.archive
            .file_names()
            .flatten()
            .find(|name| name.ends_with(ending))
            .map(std::borrow::Cow::into_owned)
    }

    /// Targets by relation id, of the relations that belong to a part.
    pub(super) fn relations(&mut self, part: &str) -> BTreeMap<String, String> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let Some(text) = self.text(&format!("{folder}/_rels/{name}.rels")) else { return BTreeMap::new() };
        let mut targets = BTreeMap::new();
        for token in markup::tokens(&text) {
            if let markup::Token::Open { tag, .. } = token
                && let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target"))
            {
                let path = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("{folder}/{target}"),
                };
                targets.insert(id.into_owned(), path);
            }
        }
        targets
    }
}
