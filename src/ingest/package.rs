//! Zipped workbooks, opened only within the limits and read piece by piece.

use super::cells::Room;
use super::{Unreadable, corrupt, limits, markup, too_large};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Bytes of a part that are unpacked at a time.
const PIECE: usize = 256 * 1024;

/// A zipped workbook.
pub(super) struct Package<'a> {
    archive: zip::ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked: a hostile package names one part a thousand times.
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens a package whose parts, unpacked, stay within the limits.
    pub(super) fn open(bytes: &'a [u8], room: &mut Room) -> Result<Self, Unreadable> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| corrupt("压缩包打不开"))?;
        if archive.len() > limits::PARTS {
            return Err(too_large("文件由太多部分组成"));
        }
        // `decompressed_size` keeps silent where sizes stand behind the parts, the directory does not.
        let mut unpacked = 0_u128;
        for at in 0..archive.len() {
            unpacked += archive.by_index_raw(at).map_or(0, |part| u128::from(part.size()));
        }
        room.take_package(unpacked)?;
        Ok(Self { archive, left: u64::try_from(limits::UNPACKED_BYTES).unwrap_or(u64::MAX) })
    }

    /// The bytes of a part, or `None` where there is no such part.
    pub(super) fn bytes(&mut self, path: &str) -> Option<Vec<u8>> {
        let at = self.index(path)?;
        let part = self.archive.by_index(at).ok()?;
        // A part that grows beyond its word is a trap.
        let size = part.size();
        let left = self.left.checked_sub(size)?;
        let mut bytes = Vec::new();
        part.take(size + 1).read_to_end(&mut bytes).ok()?;
        self.left = left;
        (bytes.len() as u64 == size).then_some(bytes)
    }

    /// The text of a part, or `None` where there is no such part.
    pub(super) fn text(&mut self, path: &str) -> Option<String> {
        let bytes = self.bytes(path)?;
        Some(match String::from_utf8_lossy(&bytes) {
            Cow::Borrowed(_) => String::from_utf8(bytes).unwrap_or_default(),
            Cow::Owned(text) => text,
        })
    }

    /// Hands a part over in pieces that end between tokens; false where there is no such part.
    ///
    /// # Errors
    /// Where the part cannot be unpacked, where a token does not end within the limit, and whatever
    /// `take` returns.
    pub(super) fn pieces(
        &mut self,
        path: &str,
        mut take: impl FnMut(&str) -> Result<(), Unreadable>,
    ) -> Result<bool, Unreadable> {
        let Some(at) = self.index(path) else { return Ok(false) };
        let part = self.archive.by_index(at).map_err(|_| corrupt("有一部分打不开"))?;
        let length = part.size();
        self.left = self.left.checked_sub(length).ok_or_else(|| too_large("文件解压后过大"))?;
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        let mut part = part.take(length.saturating_add(1));
        let mut bytes = Vec::with_capacity(size.min(PIECE) + 1);
        loop {
            let room = PIECE.saturating_sub(bytes.len()).max(PIECE / 4);
            let mut next = part.by_ref().take(u64::try_from(room).unwrap_or(u64::MAX));
            let read = next.read_to_end(&mut bytes).map_err(|_| corrupt("有一部分解不开"))?;
            if part.limit() == 0 {
                return Err(corrupt("有一部分比登记的大"));
            }
            let last = read < room;
            let valid = valid_utf8(&bytes, last);
            let text = valid.as_ref();
            let length = if last { text.len() } else { markup::complete(text) };
            take(text.get(..length).unwrap_or(""))?;
            if last {
                return Ok(true);
            }
            if length == 0 && bytes.len() > limits::TOKEN_BYTES {
                return Err(too_large("一个单元格的内容太长"));
            }
            match valid {
                Cow::Borrowed(_) => {
                    bytes.drain(..length);
                }
                // Bytes that are no text became marks of another length: go on with these.
                Cow::Owned(text) => bytes = text.as_bytes().get(length..).unwrap_or_default().to_vec(),
            }
        }
    }

    /// The number of a part, whatever way its path is written.
    fn index(&self, path: &str) -> Option<usize> {
        let path = path.trim_start_matches('/');
        self.archive.index_for_name(path).or_else(|| {
            let plain = |name: &str| name.replace('\\', "/").to_lowercase();
            let wanted = plain(path);
            self.archive.file_names().position(|name| name.is_ok_and(|name| plain(&name) == wanted))
        })
    }

    /// The path of the part whose name ends like this.
    pub(super) fn find(&self, ending: &str) -> Option<String> {
        self.archive
            .file_names()
            .flatten()
            .find(|name| name.ends_with(ending))
            .map(std::borrow::Cow::into_owned)
    }

    /// The relations of a part, by id.
    pub(super) fn relations(&mut self, part: &str) -> BTreeMap<String, Relation> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let Some(text) = self.text(&format!("{folder}/_rels/{name}.rels")) else { return BTreeMap::new() };
        let mut relations = BTreeMap::new();
        for token in markup::tokens(&text) {
            if let markup::Token::Open { tag, .. } = token
                && let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target"))
            {
                let kind = tag.attribute("Type").unwrap_or_default().into_owned();
                relations.insert(id.into_owned(), Relation { kind, path: resolved(folder, &target) });
            }
        }
        relations
    }
}

/// A part to which another part points.
#[derive(Debug)]
pub(super) struct Relation {
    kind: String,
    /// Where it lies in the package.
    pub(super) path: String,
}

impl Relation {
    /// Whether it is of this type, in the transitional or the strict form.
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

/// The path of a target named from within a folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The bytes as text; a character that is cut at the end waits for its rest unless this is the last piece.
fn valid_utf8(bytes: &[u8], last: bool) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) if !last && error.error_len().is_none() => {
            let (valid, _) = bytes.split_at(error.valid_up_to());
            std::str::from_utf8(valid).map_or(Cow::Borrowed(""), Cow::Borrowed)
        }
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_long_part_comes_whole_in_pieces_that_end_between_tokens() {
        let mut content = String::new();
        while content.len() < PIECE * 3 {
            content.push_str("<c><v>支部委员会研究发展党员工作</v></c><![CDATA[<不是标记>]]>");
        }
        let bytes = zipped("a.xml", content.as_bytes());
        let mut package = Package::open(&bytes, &mut Room::new()).unwrap();
        let (mut joined, mut count) = (String::new(), 0);
        let found = package.pieces("/A.XML", |piece| {
            assert_eq!(piece.matches("<![CDATA[").count(), piece.matches("]]>").count());
            joined.push_str(piece);
            count += 1;
            Ok(())
        });
        assert!(found.unwrap() && count >= 3);
        assert!(joined == content);
        assert!(!package.pieces("b.xml", |_| Ok(())).unwrap());
    }

    #[test]
    fn bytes_that_are_no_text_become_marks_and_lose_nothing_else() {
        let mut content = b"<v>\xff</v>".repeat(PIECE / 10 * 2);
        content.extend("<v>末</v>".as_bytes());
        let bytes = zipped("a.xml", &content);
        let mut joined = String::new();
        let take = |piece: &str| {
            joined.push_str(piece);
            Ok(())
        };
        assert!(Package::open(&bytes, &mut Room::new()).unwrap().pieces("a.xml", take).unwrap());
        assert_eq!(joined.matches("<v>").count(), PIECE / 10 * 2 + 1);
        assert!(joined.ends_with("<v>末</v>"));
    }

    #[test]
    fn targets_are_named_from_where_their_part_lies() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/a.xml", "xl/a.xml"),
            ("xl/worksheets", "../tables/table1.xml", "xl/tables/table1.xml"),
            ("", "xl\\workbook.xml", "xl/workbook.xml"),
        ] {
            assert_eq!(resolved(folder, target), path);
        }
    }
}
