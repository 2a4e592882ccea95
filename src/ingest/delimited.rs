//! Delimited lines (csv, tsv, txt) as one sheet without a name.

use super::cells::{Cells, Room};
use super::{Unreadable, corrupt, limits, too_large};
use crate::model::{Grid, GridValue};
use std::borrow::Cow;
use std::sync::Arc;

/// The stand-in for a delimiter that is longer than a byte.
const STAND_IN: char = '\u{1f}';

/// The grid of a text; a row is a record, so line breaks inside quotes do not count.
pub(super) fn read(file: &Arc<str>, text: &str, room: &mut Room) -> Result<Grid, Unreadable> {
    let (delimiter, text) = with_byte_delimiter(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut cells = Cells::default();
    let mut record = csv::StringRecord::new();
    let mut row: u64 = 0;
    loop {
        let before = reader.position().line();
        if !reader.read_record(&mut record).map_err(|_| corrupt("分隔文本读不懂"))? {
            break;
        }
        let inner: usize = record.iter().map(|field| field.matches('\n').count()).sum();
        let ended = u64::from(reader.position().line() > before);
        // The reader passes over empty lines without counting them; a spreadsheet program shows them as rows.
        let empty = (reader.position().line() - before).saturating_sub(inner as u64 + ended);
        row += 1 + if row == 0 && empty > 0 { empty } else { empty.min(limits::ROWS.into()) };
        let number =
            u32::try_from(row).ok().filter(|n| *n <= limits::ROWS).ok_or_else(|| too_large("行数太多"))?;
        for (index, field) in record.iter().enumerate() {
            if !field.is_empty() {
                let value = GridValue::Text(field.into());
                room.take(&value)?;
                cells.push(number, u32::try_from(index + 1).unwrap_or(u32::MAX), value);
            }
        }
    }
    Ok(cells.grid(file, ""))
}

/// The delimiter as a byte, and the text with a longer delimiter replaced.
fn with_byte_delimiter(text: &str) -> (u8, Cow<'_, str>) {
    match delimiter(text) {
        wide @ ('，' | '；') => (b'\x1f', Cow::Owned(outside_quotes(text, wide))),
        other => (u8::try_from(other).unwrap_or(b','), Cow::Borrowed(text)),
    }
}

fn outside_quotes(text: &str, from: char) -> String {
    let mut quoted = false;
    text.chars()
        .map(|c| {
            quoted ^= c == '"';
            if c == from && !quoted { STAND_IN } else { c }
        })
        .collect()
}

/// The character that splits most of the first lines into the same number of fields.
fn delimiter(text: &str) -> char {
    let mut best = (',', 0);
    for (rank, candidate) in ['\t', ',', ';', '|', '，', '；'].into_iter().enumerate() {
        let counts = counts_by_line(text, candidate);
        let most = counts.iter().copied().max().unwrap_or(0);
        let usual = (1..=most).max_by_key(|n| (counts.iter().filter(|c| *c == n).count(), *n)).unwrap_or(0);
        let agreeing = counts.iter().filter(|c| **c == usual && usual > 0).count();
        // Running text holds full-width commas: they count only where every line agrees.
        if !candidate.is_ascii() && (usual < 2 || agreeing * 10 < counts.len() * 9) {
            continue;
        }
        let score = agreeing * 100 + usual.min(20) * 3 + (6 - rank);
        if agreeing > 0 && score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

fn counts_by_line(text: &str, candidate: char) -> Vec<usize> {
    let mut counts = Vec::new();
    let (mut count, mut quoted, mut blank) = (0, false, true);
    for c in text.chars().take(20_000) {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => {
                if !blank {
                    counts.push(count);
                }
                (count, blank) = (0, true);
                if counts.len() >= 60 {
                    return counts;
                }
            }
            _ => {
                blank &= c.is_whitespace() && c != candidate;
                count += usize::from(c == candidate && !quoted);
            }
        }
    }
    if !blank {
        counts.push(count);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found() {
        for (text, expected) in [
            ("序号\t时间\n1\t3月5日，星期一\n", '\t'),
            ("序号;时间;主题\n1;3,5;a\n2;3,6;b\n", ';'),
            ("序号，时间，主题\n1，3月5日，学习\n", '，'),
            ("3月5日，学习\n4月5日召开支委会，研究，讨论\n", ','),
            ("a|b|c\n1|2|3\n", '|'),
        ] {
            assert_eq!(delimiter(text), expected, "{text}");
        }
    }

    #[test]
    fn a_row_is_a_record_and_empty_lines_count() {
        let text = "标题\n\n序号,主题\n1,\"甲\n乙\"\n\n\n2,丙\n";
        let grid = read(&Arc::from("a.csv"), text, &mut Room::new()).unwrap();
        let rows: Vec<u32> = grid.rows.iter().map(|row| row.number).collect();
        assert_eq!(rows, [1, 3, 4, 7]);
    }
}
