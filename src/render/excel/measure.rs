//! How much room text takes in a cell.
//!
//! In: text and widths in Excel's units (a digit is one, a Chinese character two). Out: lines,
//! heights in points, widths. Never here: formats, files.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The highest row that Excel allows, in points.
pub(super) const HIGHEST: f64 = 409.0;

/// How many lines a text takes in a cell of this width; a word of Latin letters or digits is broken
/// only where it is longer than a line.
pub(super) fn lines(text: &str, width: f64) -> usize {
    text.split('\n').map(|line| wrapped(line, room(width))).sum()
}

/// A bound for [`lines`] that is quick to find: no text is wider than its bytes, and two lines
/// together are fuller than one.
pub(super) fn at_most(text: &str, width: f64) -> usize {
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    1 + breaks + 2 * text.len() / room(width)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width is positive and small")]
fn room(width: f64) -> usize {
    width.clamp(2.0, 10_000.0).floor() as usize
}

fn wrapped(line: &str, room: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let word = if first.is_ascii_graphic() {
            rest.find(|character: char| !character.is_ascii_graphic()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(word);
        let mut width = word.width_cjk();
        if used > 0 && used + width > room {
            lines += 1;
            used = 0;
        }
        while width > room {
            lines += 1;
            width -= room;
        }
        used += width;
        rest = after;
    }
    lines
}

/// The height of a row that holds so many lines of this size, in points.
pub(super) fn row_height(lines: usize, size: f64) -> f64 {
    let lines = f64::from(u16::try_from(lines).unwrap_or(u16::MAX));
    (lines * size * 1.35 + 6.0).min(HIGHEST)
}

/// The width of one line of text in units.
pub(super) fn units(text: &str) -> f64 {
    let widest =
        text.split('\n').map(|line| line.chars().filter_map(UnicodeWidthChar::width_cjk).sum::<usize>());
    f64::from(u16::try_from(widest.max().unwrap_or(0)).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_a_cell_wraps_them() {
        for (text, width, want) in [
            ("", 10.0, 1),
            ("支部党员大会", 12.0, 1),
            ("支部党员大会", 11.9, 2),
            ("一\n二\n", 10.0, 3),
            ("2023-03-05", 10.0, 1),
            ("见2023-03-05", 11.0, 2),
            ("abcdefghijkl", 6.0, 2),
            ("甲", 0.0, 1),
            ("甲乙", 0.0, 2),
        ] {
            assert_eq!(lines(text, width), want, "{text:?} in {width}");
            assert!(at_most(text, width) >= want, "{text:?} in {width}");
        }
    }

    #[test]
    fn no_row_is_higher_than_allowed() {
        assert!(row_height(1, 10.5) > 18.0);
        assert!(row_height(3, 10.5) > 3.0 * 10.5 * 1.2);
        assert!(row_height(usize::MAX, 10.5) <= 409.0);
    }
}
