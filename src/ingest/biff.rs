//! Hidden rows of .xls workbooks, which the common reader does not tell.
//!
//! In: the bytes of a workbook of 97–2003. Out: hidden rows by sheet, in the order of the sheets;
//! nothing where the file is broken. Never here: cells.

use crate::model::Hidden;
use std::collections::BTreeMap;

const END_OF_CHAIN: u32 = 0xffff_fff0;
const BOUNDSHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const FILTERMODE: u16 = 0x009b;
const END: u16 = 0x000a;

/// The hidden rows, from 1, of every sheet.
pub(super) fn hidden_rows(bytes: &[u8]) -> Vec<BTreeMap<u32, Hidden>> {
    let Some(stream) = workbook_stream(bytes) else { return Vec::new() };
    let mut starts = Vec::new();
    for (kind, body) in Records::at(&stream, 0) {
        if kind == BOUNDSHEET {
            starts.extend(u32_at(body, 0).and_then(|start| usize::try_from(start).ok()));
        } else if kind == END {
            break;
        }
    }
    starts.into_iter().map(|start| sheet_rows(&stream, start)).collect()
}

fn sheet_rows(stream: &[u8], start: usize) -> BTreeMap<u32, Hidden> {
    let mut rows = Vec::new();
    let mut reason = Hidden::ByHand;
    let mut depth = 0;
    for (kind, body) in Records::at(stream, start) {
        match kind {
            // A chart inside the sheet has a beginning and an end of its own.
            0x0809 => depth += 1,
            END => {
                depth -= 1;
                if depth <= 0 {
                    break;
                }
            }
            FILTERMODE => reason = Hidden::ByFilter,
            ROW if depth == 1 && u16_at(body, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                rows.extend(u16_at(body, 0).map(|row| u32::from(row) + 1));
            }
            _ => {}
        }
    }
    rows.into_iter().map(|row| (row, reason)).collect()
}

struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn at(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = u16_at(self.stream, self.at)?;
        let length = usize::from(u16_at(self.stream, self.at + 2)?);
        let body = self.stream.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some((kind, body))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// The bytes of the stream `Workbook` of a compound file.
fn workbook_stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let shift = u32::from(u16_at(bytes, 30)?);
    let size = 1_usize.checked_shl(shift).filter(|size| (512..=4096).contains(size))?;
    let sector = |index: u32| -> Option<&[u8]> {
        let start = usize::try_from(index).ok()?.checked_add(1)?.checked_mul(size)?;
        bytes.get(start..start.checked_add(size)?.min(bytes.len()))
    };
    let table = allocation(bytes, size, &sector)?;
    let chain = |first: u32| -> Vec<u8> {
        let mut out = Vec::new();
        let mut next = first;
        // A chain longer than the file runs in a circle.
        while next < END_OF_CHAIN && out.len() <= bytes.len() {
            let Some(part) = sector(next) else { break };
            out.extend_from_slice(part);
            next = usize::try_from(next).ok().and_then(|n| table.get(n)).copied().unwrap_or(u32::MAX);
        }
        out
    };
    let directory = chain(u32_at(bytes, 48)?);
    let mut small: Option<(u32, usize)> = None;
    let mut root = None;
    for entry in directory.chunks_exact(128) {
        let length = usize::from(u16_at(entry, 64)?).saturating_sub(2).min(64);
        let units = entry.get(..length)?.chunks_exact(2).filter_map(|c| u16_at(c, 0));
        let name: String = char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect();
        let start = u32_at(entry, 116)?;
        let stream_size = usize::try_from(u32_at(entry, 120)?).ok()?;
        if entry.get(66) == Some(&5) {
            root = Some(start);
        }
        if name == "Workbook" || name == "Book" {
            if stream_size >= 4096 {
                let mut stream = chain(start);
                stream.truncate(stream_size);
                return Some(stream);
            }
            small = Some((start, stream_size));
        }
    }
    // A stream below 4 KB lies in the small sectors of the root.
    let (start, stream_size) = small?;
    let container = chain(root?);
    let small_table = chain(u32_at(bytes, 60)?);
    let mut out = Vec::new();
    let mut next = start;
    while next < END_OF_CHAIN && out.len() < stream_size {
        let at = usize::try_from(next).ok()?.checked_mul(64)?;
        out.extend_from_slice(container.get(at..at.checked_add(64)?)?);
        next = u32_at(&small_table, usize::try_from(next).ok()?.checked_mul(4)?)?;
    }
    out.truncate(stream_size);
    Some(out)
}

/// The sector allocation table.
fn allocation<'a>(
    bytes: &'a [u8],
    size: usize,
    sector: &dyn Fn(u32) -> Option<&'a [u8]>,
) -> Option<Vec<u32>> {
    let mut places: Vec<u32> =
        (0..109).filter_map(|i| u32_at(bytes, 76 + i * 4)).filter(|p| *p < END_OF_CHAIN).collect();
    let mut more = u32_at(bytes, 68)?;
    while more < END_OF_CHAIN && places.len() * size <= bytes.len() {
        let Some(part) = sector(more) else { break };
        let per = size / 4 - 1;
        places.extend((0..per).filter_map(|i| u32_at(part, i * 4)).filter(|p| *p < END_OF_CHAIN));
        more = u32_at(part, per * 4)?;
    }
    let mut table = Vec::new();
    for place in places {
        if table.len() * size > bytes.len() * 2 {
            break;
        }
        let Some(part) = sector(place) else { break };
        table.extend(part.chunks_exact(4).filter_map(|c| u32_at(c, 0)));
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_bytes_hide_nothing() {
        for bytes in [&b""[..], &[0xd0; 40], &[0xff; 2048], &[0; 4096]] {
            assert!(hidden_rows(bytes).is_empty());
        }
    }

    #[test]
    fn hidden_rows_of_a_stream_are_found() {
        let record = |kind: u16, body: &[u8]| {
            let length = u16::try_from(body.len()).unwrap();
            [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
        };
        let mut row = [0_u8; 16];
        row[0] = 8;
        row[12] = 0x20;
        let stream = [record(0x0809, &[0; 16]), record(ROW, &row), record(END, &[])].concat();
        assert_eq!(sheet_rows(&stream, 0).into_iter().collect::<Vec<_>>(), [(9, Hidden::ByHand)]);
    }
}
