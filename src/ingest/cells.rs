//! Cells as they come from a file, gathered into the rows of a grid.

use super::{Unreadable, limits, too_large};
use crate::model::{
    Finding, Grid, GridCell, GridRow, GridValue, Hidden, Merge, Place, Rule, Visibility, rules,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days between the two starting points of spreadsheet dates.
const DAYS_1904: f64 = 1462.0;

/// The cells of one sheet while it is being read; rows and columns count from 1.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// What came in order, which is nearly always everything.
    rows: Vec<GridRow>,
    /// What came behind something further down or to the right.
    late: Vec<(u32, u32, GridValue)>,
    pub(super) hidden: BTreeMap<u32, Hidden>,
    pub(super) merges: Vec<Merge>,
    pub(super) visibility: Visibility,
    pub(super) since_1904: bool,
    /// Of two values of one cell the later holds, not the first.
    pub(super) later_holds: bool,
}

/// What the cells of a file may still take; texts that many cells share can outgrow any file.
#[derive(Debug)]
pub(super) struct Room {
    cells: usize,
    text: usize,
    light: bool,
    /// Whether more was asked for than there is.
    overflown: bool,
}

impl Room {
    /// Room for the cells of one file.
    pub(super) fn new() -> Self {
        Self { cells: limits::CELLS, text: limits::TEXT_BYTES, light: false, overflown: false }
    }

    /// Room for a light reading.
    pub(super) fn light() -> Self {
        Self { cells: limits::LIGHT_CELLS, text: limits::LIGHT_TEXT, light: true, overflown: false }
    }

    /// Whether a light reading was broken off although the file may well be read.
    pub(super) fn needs_more(&self) -> bool {
        self.light && self.overflown
    }

    /// Takes note of how long a file is that is no package.
    pub(super) fn take_file(&mut self, bytes: usize) -> Result<(), Unreadable> {
        self.unless(self.light && bytes > limits::LIGHT_BYTES, "文件太大")
    }

    /// Takes note of how long a package is once unpacked.
    pub(super) fn take_package(&mut self, unpacked: u128) -> Result<(), Unreadable> {
        let most = if self.light { limits::LIGHT_UNPACKED } else { limits::UNPACKED_BYTES };
        self.unless(unpacked > most, "文件解压后过大")
    }

    /// Takes room for a text that cells may share.
    pub(super) fn take_shared(&mut self, length: usize) -> Result<(), Unreadable> {
        let left = self.text.checked_sub(length);
        self.unless(left.is_none(), "文字太多")?;
        self.text = left.unwrap_or_default();
        Ok(())
    }

    fn unless(&mut self, beyond: bool, what: &str) -> Result<(), Unreadable> {
        self.overflown |= beyond;
        if beyond { Err(too_large(what)) } else { Ok(()) }
    }

    /// Takes room for a cell of this value.
    pub(super) fn take(&mut self, value: &GridValue) -> Result<(), Unreadable> {
        let length = match value {
            GridValue::Text(text) => text.len(),
            GridValue::Error(_) | GridValue::Number(_) | GridValue::Serial(_) | GridValue::Bool(_) => 0,
        };
        self.unless(self.cells == 0, "单元格太多")?;
        self.unless(self.text < length, "文字太多")?;
        self.cells -= 1;
        self.text -= length;
        Ok(())
    }
}

/// A date or time in the 1900 system; a time of day counts from no day.
pub(super) fn serial(number: f64, since_1904: bool) -> GridValue {
    GridValue::Serial(if since_1904 && number >= 1.0 { number + DAYS_1904 } else { number })
}

/// Notes formulas whose result is not in the file, once a sheet.
pub(super) fn note_formulas(formulas: &[(u32, u32)], sheet: &Place, findings: &mut Vec<Finding>) {
    let what = "是公式，但文件里没有保存计算结果，按空白处理";
    note(&rules::NO_CACHED_VALUE, formulas, what, sheet, findings);
}

/// Notes cells that point at a text which is not in the file, once a sheet.
pub(super) fn note_faults(faults: &[(u32, u32)], sheet: &Place, findings: &mut Vec<Finding>) {
    note(&rules::TEXT_MISSING, faults, "的文字在文件里缺失，按空白处理", sheet, findings);
}

fn note(rule: &'static Rule, cells: &[(u32, u32)], what: &str, sheet: &Place, findings: &mut Vec<Finding>) {
    if let Some((row, col)) = cells.first() {
        let message = match cells.len() {
            1 => format!("这个单元格{what}"),
            n => format!("有{n}个单元格{what}（这里是第一个）"),
        };
        findings.push(Finding::at(rule, &sheet.at(*row, *col), message));
    }
}

/// Why these rows cannot be seen: by a filter where they lie below the first row of its range.
pub(super) fn hidden_rows(rows: Vec<u32>, filters: &[Merge]) -> BTreeMap<u32, Hidden> {
    let mut ranges: Vec<(u32, u32)> = filters.iter().map(|range| (range.top, range.bottom)).collect();
    ranges.retain(|(top, bottom)| top < bottom);
    ranges.sort_unstable();
    // Ranges that touch become one, so that each row is looked up once.
    ranges.dedup_by(|next, last| {
        let touches = next.0 <= last.1;
        if touches {
            last.1 = last.1.max(next.1);
        }
        touches
    });
    let why = |row: u32| {
        let at = ranges.partition_point(|range| range.1 < row);
        let filtered = ranges.get(at).is_some_and(|range| range.0 < row);
        if filtered { Hidden::ByFilter } else { Hidden::ByHand }
    };
    rows.into_iter().map(|row| (row, why(row))).collect()
}

impl Cells {
    /// A sheet without cells yet.
    pub(super) fn new(since_1904: bool, visibility: Visibility) -> Self {
        Self { visibility, since_1904, ..Self::default() }
    }

    /// Takes a cell in, unless it is blank or beyond the limits of a sheet.
    pub(super) fn push(&mut self, row: u32, col: u32, value: GridValue) {
        let inside = (1..=limits::ROWS).contains(&row) && (1..=limits::COLS).contains(&col);
        if !inside || is_blank(&value) {
            return;
        }
        let width = self.rows.last().map_or(1, |last| last.cells.len());
        match self.rows.last_mut() {
            Some(last) if last.number == row && last.cells.last().is_none_or(|cell| cell.col < col) => {
                last.cells.push(GridCell { col, value });
            }
            Some(last) if last.number >= row => self.late.push((row, col, value)),
            _ => {
                let mut cells = Vec::with_capacity(width);
                cells.push(GridCell { col, value });
                self.rows.push(GridRow { number: row, hidden: None, cells });
            }
        }
    }

    /// The grid.
    pub(super) fn grid(mut self, file: &Arc<str>, sheet: &str) -> Grid {
        if !self.late.is_empty() {
            self.rows = in_order(self.rows, self.late, self.later_holds);
        }
        if !self.hidden.is_empty() {
            for row in &mut self.rows {
                row.hidden = self.hidden.get(&row.number).copied();
            }
        }
        self.merges.retain(|m| (1..=limits::ROWS).contains(&m.top) && (1..=limits::COLS).contains(&m.left));
        for merge in &mut self.merges {
            merge.bottom = merge.bottom.min(limits::ROWS);
            merge.right = merge.right.min(limits::COLS);
        }
        self.merges.retain(|m| m.top <= m.bottom && m.left <= m.right);
        self.merges.sort_unstable();
        self.merges.dedup();
        Grid {
            place: Place::sheet(Arc::clone(file), sheet),
            visibility: self.visibility,
            rows: self.rows,
            merges: self.merges,
            since_1904: self.since_1904,
        }
    }
}

/// Rows with the cells that came late at their places; of two values for one cell the first stands,
/// or the later one.
fn in_order(rows: Vec<GridRow>, late: Vec<(u32, u32, GridValue)>, later_holds: bool) -> Vec<GridRow> {
    let cells = rows.into_iter().flat_map(|row| {
        let number = row.number;
        row.cells.into_iter().map(move |cell| (number, cell.col, cell.value))
    });
    let mut cells: Vec<(u32, u32, GridValue)> = cells.chain(late).collect();
    if later_holds {
        cells.reverse();
    }
    cells.sort_by_key(|cell| (cell.0, cell.1));
    cells.dedup_by_key(|cell| (cell.0, cell.1));
    let mut rows: Vec<GridRow> = Vec::new();
    for (number, col, value) in cells {
        let cell = GridCell { col, value };
        match rows.last_mut() {
            Some(row) if row.number == number => row.cells.push(cell),
            _ => rows.push(GridRow { number, hidden: None, cells: vec![cell] }),
        }
    }
    rows
}

fn is_blank(value: &GridValue) -> bool {
    match value {
        GridValue::Text(text) => {
            text.chars().all(|c| c.is_whitespace() || c.is_control() || is_weightless(c))
        }
        GridValue::Number(number) | GridValue::Serial(number) => !number.is_finite(),
        GridValue::Bool(_) | GridValue::Error(_) => false,
    }
}

fn is_weightless(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

/// Row and column, both from 1, of a reference such as `$B$7`.
pub(super) fn parse_reference(text: &str) -> Option<(u32, u32)> {
    let (mut row, mut col) = (0_u32, 0_u32);
    for c in text.trim().chars() {
        match c {
            '$' => {}
            'A'..='Z' | 'a'..='z' if row == 0 => {
                let letter = u32::from(c.to_ascii_uppercase()) - u32::from('A') + 1;
                col = col.checked_mul(26)?.checked_add(letter)?;
            }
            '0'..='9' => row = row.checked_mul(10)?.checked_add(c.to_digit(10)?)?,
            _ => return None,
        }
    }
    (row > 0 && col > 0 && row <= limits::ROWS && col <= limits::COLS).then_some((row, col))
}

/// The range of a reference such as `A1:C4` or `B2`.
pub(super) fn parse_range(text: &str) -> Option<Merge> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (top, left) = parse_reference(first)?;
    let (bottom, right) = parse_reference(last)?;
    Some(Merge { top, left, bottom, right })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_within_the_limits() {
        for (text, place) in
            [("B7", Some((7, 2))), ("$XFD$1", Some((1, 16_384))), ("XFE1", None), ("7B", None), ("A0", None)]
        {
            assert_eq!(parse_reference(text), place, "{text}");
        }
        let range = Merge { top: 1, left: 1, bottom: 4, right: 3 };
        assert_eq!(parse_range("A1:C4"), Some(range));
    }

    #[test]
    fn rows_of_many_filters_are_found() {
        let range = |top, bottom| Merge { top, left: 1, bottom, right: 3 };
        let filters = [range(20, 30), range(1, 5), range(4, 4), range(5, 9), range(40, 3)];
        let hidden = hidden_rows(vec![1, 2, 5, 9, 10, 20, 21, 30, 31, 40], &filters);
        let filtered: Vec<u32> =
            hidden.iter().filter(|(_, why)| **why == Hidden::ByFilter).map(|(row, _)| *row).collect();
        assert_eq!(filtered, [2, 5, 9, 21, 30]);
        assert_eq!(hidden.len(), 10);
    }

    #[test]
    fn merges_stay_within_the_limits() {
        let mut cells = Cells::default();
        for (top, left, bottom, right) in
            [(2, 3, u32::MAX, u32::MAX), (5, 1, 4, 9), (0, 1, 2, 2), (limits::ROWS + 1, 1, u32::MAX, 2)]
        {
            cells.merges.push(Merge { top, left, bottom, right });
        }
        let merges = cells.grid(&Arc::from("f.xlsb"), "").merges;
        assert_eq!(merges, [Merge { top: 2, left: 3, bottom: limits::ROWS, right: limits::COLS }]);
    }

    #[test]
    fn cells_become_rows_in_order_and_blanks_are_dropped() {
        let mut cells = Cells::default();
        for (row, col, text) in [(3, 2, "乙"), (3, 1, "甲"), (1, 1, " \u{feff}　"), (0, 1, "外")] {
            cells.push(row, col, GridValue::Text(text.into()));
        }
        let grid = cells.grid(&Arc::from("f.csv"), "");
        assert_eq!(grid.rows.len(), 1);
        assert_eq!(grid.rows[0].cells[0].value, GridValue::Text("甲".into()));
    }
}
