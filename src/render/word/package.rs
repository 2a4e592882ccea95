//! The zip package of a document.
//!
//! In: parts by name. Out: the bytes of a package, the same for the same parts. A package can be kept half
//! written and copied, so that what all documents share is deflated once. Never here: what the parts say.

use std::cell::Cell;

use crc32fast::hash;
use flate2::{Compress, Compression, FlushCompress, Status};

use crate::error::{Error, Result};

/// How hard parts are deflated. The body of a report of 60 rows: level 1 takes a fifth of the time of the usual
/// level 6 and half as many bytes more.
const LEVEL: u32 = 1;
/// What the package holds at the front of each part, and of each line of its directory.
const PART: u32 = 0x0403_4b50;
const LINE: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Version 2.0, which knows deflating.
const VERSION: u16 = 20;
const DEFLATED: u16 = 8;
/// The first of January 1980, the day that stands for none.
const NO_DAY: u16 = 0x21;

thread_local! {
    /// The thread's deflater: its tables are larger than many a part.
    static DEFLATER: Cell<Option<Compress>> = const { Cell::new(None) };
}

/// A package to which parts are added.
#[derive(Debug, Clone, Default)]
pub(super) struct Package {
    parts: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Package {
    /// Adds a part. The name is of ASCII.
    ///
    /// # Errors
    /// Only where a part is larger than such a package can say, or cannot be deflated.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let at = size(self.parts.len())?;
        self.parts.extend_from_slice(&PART.to_le_bytes());
        let sizes = self.parts.len() + 2 * 5 + 4;
        let mut head = [0; 26];
        let name_length = u16::try_from(name.len()).map_err(|_| fault("部分的名称过长"))?;
        let fields = [VERSION, 0, DEFLATED, 0, NO_DAY];
        for (place, field) in head.chunks_exact_mut(2).zip(fields) {
            place.copy_from_slice(&field.to_le_bytes());
        }
        set(&mut head, 10, &hash(bytes).to_le_bytes());
        set(&mut head, 18, &size(bytes.len())?.to_le_bytes());
        set(&mut head, 22, &name_length.to_le_bytes());
        self.parts.extend_from_slice(&head);
        self.parts.extend_from_slice(name.as_bytes());
        let begin = self.parts.len();
        deflate(bytes, &mut self.parts)?;
        let packed = size(self.parts.len() - begin)?.to_le_bytes();
        set(&mut head, 14, &packed);
        set(&mut self.parts, sizes, &packed);

        self.directory.extend_from_slice(&LINE.to_le_bytes());
        self.directory.extend_from_slice(&VERSION.to_le_bytes());
        self.directory.extend_from_slice(&head);
        // No remark, first disk, no attributes.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&at.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.count = self.count.checked_add(1).ok_or_else(|| fault("部分过多"))?;
        Ok(())
    }

    /// The whole package.
    ///
    /// # Errors
    /// Only where it is larger than such a package can say.
    pub(super) fn finish(mut self) -> Result<Vec<u8>> {
        let at = size(self.parts.len())?;
        self.parts.extend_from_slice(&self.directory);
        self.parts.extend_from_slice(&END.to_le_bytes());
        self.parts.extend_from_slice(&[0; 4]);
        self.parts.extend_from_slice(&self.count.to_le_bytes());
        self.parts.extend_from_slice(&self.count.to_le_bytes());
        self.parts.extend_from_slice(&size(self.directory.len())?.to_le_bytes());
        self.parts.extend_from_slice(&at.to_le_bytes());
        self.parts.extend_from_slice(&[0; 2]);
        Ok(self.parts)
    }
}

fn set(bytes: &mut [u8], at: usize, field: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + field.len()) {
        place.copy_from_slice(field);
    }
}

fn size(length: usize) -> Result<u32> {
    u32::try_from(length).map_err(|_| fault("内容超过 4 GB"))
}

/// Adds the deflated bytes to `out`.
fn deflate(bytes: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let mut deflater = DEFLATER.take().unwrap_or_else(|| Compress::new(Compression::new(LEVEL), false));
    deflater.reset();
    out.reserve(bytes.len() / 8 + 512);
    loop {
        let read = usize::try_from(deflater.total_in()).unwrap_or(usize::MAX);
        let rest = bytes.get(read..).unwrap_or_default();
        match deflater.compress_vec(rest, out, FlushCompress::Finish) {
            Ok(Status::StreamEnd) => break,
            Ok(Status::Ok | Status::BufError) => out.reserve(rest.len() / 4 + 512),
            Err(error) => return Err(fault(&error.to_string())),
        }
    }
    DEFLATER.set(Some(deflater));
    Ok(())
}

fn fault(message: &str) -> Error {
    Error::Render { document: "Word 文件".into(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_packed_is_what_another_program_unpacks() {
        let long = (0..200_000_u32).flat_map(|at| (at.wrapping_mul(2_654_435_761) >> 7).to_le_bytes());
        let parts: [(&str, Vec<u8>); 4] = [
            ("a.xml", "<甲/>".into()),
            ("b/empty.xml", Vec::new()),
            ("word/long.bin", long.collect()),
            ("word/same.xml", b"<w:p/>".repeat(60_000)),
        ];
        let mut package = Package::default();
        package.put(parts[0].0, &parts[0].1).unwrap();
        let begun = package.clone();
        for (name, bytes) in &parts[1..] {
            package.put(name, bytes).unwrap();
        }
        let packed = package.finish().unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(packed)).unwrap();
        assert_eq!(zip.len(), parts.len());
        for (at, (name, bytes)) in parts.iter().enumerate() {
            let mut part = zip.by_index(at).unwrap();
            assert_eq!(part.name().unwrap(), *name);
            let mut read = Vec::new();
            // Reading to the end also checks the sum.
            part.read_to_end(&mut read).unwrap();
            assert_eq!(&read, bytes);
        }
        let first = begun.finish().unwrap();
        assert_eq!(zip::ZipArchive::new(std::io::Cursor::new(first)).unwrap().len(), 1);
    }
}
