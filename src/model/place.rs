//! Where something stands: file, sheet, row and column.

use std::fmt;
use std::sync::Arc;

/// A place in a submission, as exact as it is known.
///
/// `row` and `col` count from 1; 0 means "the whole sheet" (row) or "the whole row" (column).
/// `sheet` is empty for csv, txt and html files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// File name relative to the folder that was read, with `/` between folders.
    pub file: Arc<str>,
    /// Sheet name as written, or empty.
    pub sheet: Arc<str>,
    /// Row from 1, or 0.
    pub row: u32,
    /// Column from 1, or 0.
    pub col: u32,
}

impl Place {
    /// The place of a whole file.
    #[must_use]
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), sheet: Arc::from(""), row: 0, col: 0 }
    }

    /// The place of a whole sheet.
    #[must_use]
    pub fn sheet(file: impl Into<Arc<str>>, sheet: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), sheet: sheet.into(), row: 0, col: 0 }
    }

    /// The same file and sheet at another cell (both from 1).
    #[must_use]
    pub fn at(&self, row: u32, col: u32) -> Self {
        Self { file: self.file.clone(), sheet: self.sheet.clone(), row, col }
    }

    /// The cell in A1 form (`C5`), the row (`第5行`) where no column is known, or an empty text.
    #[must_use]
    pub fn a1(&self) -> String {
        match (self.row, self.col) {
            (0, _) => String::new(),
            (row, 0) => format!("第{row}行"),
            (row, col) => format!("{}{row}", column_letters(col)),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if !self.sheet.is_empty() {
            write!(f, "〔{}〕", self.sheet)?;
        }
        let a1 = self.a1();
        if !a1.is_empty() {
            write!(f, " {a1}")?;
        }
        Ok(())
    }
}

/// The letters of a column counted from 1: 1 is `A`, 27 is `AA`.
#[must_use]
pub fn column_letters(col: u32) -> String {
    let mut rest = col;
    let mut letters = Vec::new();
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The column, from 1, that letters in either case name; `None` beyond `XFD`, the last column of a spreadsheet.
#[must_use]
pub fn column_number(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut col = 0;
    for c in letters.chars() {
        let digit = u32::from(c.to_ascii_uppercase()).checked_sub(u32::from('A')).filter(|d| *d < 26)?;
        col = col * 26 + digit + 1;
    }
    (col <= 16_384).then_some(col)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        for (col, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")] {
            assert_eq!(column_letters(col), letters);
            assert_eq!(column_number(&letters.to_lowercase()), Some(col));
        }
    }

    #[test]
    fn what_names_no_column_is_told() {
        for letters in ["", "XFE", "AAAA", "B2", "列", "@"] {
            assert_eq!(column_number(letters), None, "{letters}");
        }
    }

    #[test]
    fn a_place_says_as_much_as_is_known() {
        let sheet = Place::sheet("台账.xlsx", "一月");
        assert_eq!(sheet.to_string(), "台账.xlsx〔一月〕");
        assert_eq!(sheet.at(5, 3).to_string(), "台账.xlsx〔一月〕 C5");
        assert_eq!(Place::file("台账.csv").at(7, 0).to_string(), "台账.csv 第7行");
    }
}
