//! One sheet's part, taken piece by piece.

use super::super::cells::{Cells, Room, parse_range, parse_reference, serial};
use super::super::markup::{Tag, Token, decode, tokens};
use super::super::{Unreadable, corrupt, limits, too_large};
use super::texts::unescaped;
use super::{Book, is_true};
use crate::model::{GridValue, Merge, Visibility};
use std::sync::Arc;

/// What a cell says that its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Number,
    /// A number of the list of shared texts.
    Shared,
    /// Text, where a formula gave it or the cell holds it itself; also dates written out.
    Text,
    Bool,
    Error,
}

/// Where in a cell the pass stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    /// `<v>`.
    Value,
    /// `<is><t>`.
    Text,
    /// `<is><rPh>`: how the text is pronounced.
    Phonetic,
}

/// A sheet while it is being read.
pub(super) struct Sheet<'b> {
    book: &'b Book,
    cells: Cells,
    hidden: Vec<u32>,
    filters: Vec<Merge>,
    filter: Option<Merge>,
    /// Formulas whose result is not in the file.
    pub(super) formulas: Vec<(u32, u32)>,
    /// Cells whose shared text does not exist.
    pub(super) faults: Vec<(u32, u32)>,
    row: u32,
    col: u32,
    kind: Type,
    style: usize,
    inside: Inside,
    formula: bool,
    value: String,
    room: &'b mut Room,
    whole: bool,
}

impl<'b> Sheet<'b> {
    /// A sheet of which nothing is read yet, in a file with room for so much more.
    pub(super) fn new(book: &'b Book, visibility: Visibility, room: &'b mut Room) -> Self {
        Self {
            book,
            cells: Cells::new(book.since_1904, visibility),
            hidden: Vec::new(),
            filters: Vec::new(),
            filter: None,
            formulas: Vec::new(),
            faults: Vec::new(),
            row: 0,
            col: 0,
            kind: Type::Number,
            style: 0,
            inside: Inside::Nothing,
            formula: false,
            value: String::new(),
            room,
            whole: false,
        }
    }

    /// Takes a piece of the part in.
    pub(super) fn take(&mut self, piece: &str) -> Result<(), Unreadable> {
        for token in tokens(piece) {
            match token {
                Token::Open { tag, closed } => self.open(tag, closed)?,
                Token::Close(name) => self.close(name)?,
                Token::Text(text) => {
                    if matches!(self.inside, Inside::Value | Inside::Text) {
                        self.value.push_str(&decode(text));
                    }
                }
            }
        }
        Ok(())
    }

    /// An error unless the part ended as a sheet ends.
    pub(super) fn check_whole(&self) -> Result<(), Unreadable> {
        if self.whole { Ok(()) } else { Err(corrupt("工作表内容不完整")) }
    }

    /// The cells, the hidden rows, and the ranges that a filter narrows.
    pub(super) fn finish(self) -> (Cells, Vec<u32>, Vec<Merge>) {
        (self.cells, self.hidden, self.filters)
    }

    fn open(&mut self, tag: Tag<'_>, closed: bool) -> Result<(), Unreadable> {
        match tag.name {
            "c" => {
                self.cell(tag);
                if closed {
                    self.end_cell()?;
                }
            }
            "v" if !closed => self.inside = Inside::Value,
            "t" if !closed && self.inside != Inside::Phonetic => self.inside = Inside::Text,
            "rPh" if !closed => self.inside = Inside::Phonetic,
            "f" => self.formula = true,
            "row" => self.begin_row(tag),
            "mergeCell" => {
                if let Some(range) = tag.attribute("ref").as_deref().and_then(parse_range) {
                    self.cells.merges.push(range);
                    if self.cells.merges.len() > limits::MERGES {
                        return Err(too_large("合并单元格太多"));
                    }
                }
            }
            "autoFilter" => self.filter = tag.attribute("ref").as_deref().and_then(parse_range),
            "filterColumn" => self.filters.extend(self.filter.take()),
            "worksheet" => self.whole = closed,
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        match name {
            "c" => self.end_cell()?,
            "v" | "rPh" => self.inside = Inside::Nothing,
            "t" if self.inside == Inside::Text => self.inside = Inside::Nothing,
            "worksheet" => self.whole = true,
            _ => {}
        }
        Ok(())
    }

    fn begin_row(&mut self, tag: Tag<'_>) {
        self.row = self.row.saturating_add(1);
        self.col = 0;
        for (name, value) in tag.attributes() {
            match name {
                "r" => self.row = value.trim().parse().unwrap_or(self.row),
                "hidden" if is_true(value) => self.hidden.push(self.row),
                _ => {}
            }
        }
    }

    fn cell(&mut self, tag: Tag<'_>) {
        self.col = self.col.saturating_add(1);
        self.kind = Type::Number;
        self.style = 0;
        self.formula = false;
        self.inside = Inside::Nothing;
        self.value.clear();
        for (name, value) in tag.attributes() {
            match name {
                "r" => {
                    if let Some((row, col)) = parse_reference(value) {
                        (self.row, self.col) = (row, col);
                    } else {
                        // Beyond the limits of any sheet.
                        self.col = u32::MAX;
                    }
                }
                "s" => self.style = value.trim().parse().unwrap_or(0),
                "t" => {
                    self.kind = match value {
                        "s" => Type::Shared,
                        "str" | "inlineStr" | "d" => Type::Text,
                        "b" => Type::Bool,
                        "e" => Type::Error,
                        _ => Type::Number,
                    }
                }
                _ => {}
            }
        }
    }

    fn end_cell(&mut self) -> Result<(), Unreadable> {
        self.inside = Inside::Nothing;
        if self.value.is_empty() {
            if self.formula && self.kind != Type::Text {
                self.formulas.push((self.row, self.col));
            }
            return Ok(());
        }
        if let Some(value) = self.read_value() {
            self.room.take(&value)?;
            self.cells.push(self.row, self.col, value);
        }
        self.value.clear();
        Ok(())
    }

    fn read_value(&mut self) -> Option<GridValue> {
        let text = self.value.as_str();
        Some(match self.kind {
            Type::Shared => {
                let at = text.trim().parse::<usize>().ok();
                let Some(shared) = at.and_then(|at| self.book.texts.get(at)) else {
                    self.faults.push((self.row, self.col));
                    return None;
                };
                GridValue::Text(Arc::clone(shared))
            }
            Type::Text => GridValue::Text(Arc::from(unescaped(text).as_ref())),
            Type::Bool => GridValue::Bool(is_true(text)),
            Type::Error => GridValue::Error(text.trim().to_owned()),
            Type::Number => match number(text.trim()) {
                Some(number) if self.book.dates.is_date(self.style) => serial(number, self.book.since_1904),
                Some(number) => GridValue::Number(number),
                None => GridValue::Text(Arc::from(text)),
            },
        })
    }
}

/// A number as files write it; most are short and whole.
fn number(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    if (1..=9).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit) {
        let whole = bytes.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        return Some(f64::from(whole));
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::cells::hidden_rows;
    use super::super::formats::DateFormats;
    use super::*;
    use crate::model::Hidden;

    fn book() -> Book {
        Book { texts: vec![Arc::from("支委会")], dates: DateFormats::default(), since_1904: false }
    }

    #[test]
    fn rows_hidden_by_a_filter_are_told_from_those_hidden_by_hand() {
        let part = r#"<worksheet><sheetData><row r="2" hidden="1"><c r="A2"><v>1</v></c></row>
            <row r="9" hidden="1"/><row r="10"><c r="B10"><f>A1</f><v></v></c><c r="C10"><f>A1</f><v>2</v></c></row>
            </sheetData><autoFilter ref="A1:C5"><filterColumn colId="0"/></autoFilter>
            <mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>"#;
        let (book, mut room) = (book(), Room::new());
        let mut sheet = Sheet::new(&book, Visibility::Visible, &mut room);
        sheet.take(part).unwrap();
        sheet.check_whole().unwrap();
        assert_eq!(sheet.formulas, [(10, 2)]);
        let (cells, hidden, filters) = sheet.finish();
        let hidden: Vec<(u32, Hidden)> = hidden_rows(hidden, &filters).into_iter().collect();
        assert_eq!(hidden, [(2, Hidden::ByFilter), (9, Hidden::ByHand)]);
        let grid = cells.grid(&Arc::from("f.xlsx"), "一");
        assert_eq!((grid.rows.len(), grid.merges.len()), (2, 1));
    }

    #[test]
    fn every_way_of_writing_a_cell_is_read() {
        let part = concat!(
            r#"<x:worksheet><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>7</x:v></x:c>"#,
            r#"<x:c t="inlineStr"><x:is><x:r><x:t>支部</x:t></x:r><x:r><x:t xml:space="preserve"> 大会</x:t></x:r>"#,
            r#"<x:rPh><x:t>zhibu</x:t></x:rPh></x:is></x:c><x:c t="str"><x:f>A1</x:f><x:v>a&amp;b_x000D_</x:v></x:c>"#,
            r#"<x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c><x:v>12.50</x:v></x:c>"#,
            r#"<x:c t="d"><x:v>2023-03-05</x:v></x:c><x:c r="XFE1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"#,
        );
        let (book, mut room) = (book(), Room::new());
        let mut sheet = Sheet::new(&book, Visibility::Visible, &mut room);
        sheet.take(part).unwrap();
        sheet.check_whole().unwrap();
        assert_eq!(sheet.faults, [(1, 2)]);
        let grid = sheet.finish().0.grid(&Arc::from("f.xlsx"), "一");
        let texts: Vec<String> =
            grid.rows[0].cells.iter().map(|c| format!("{}{:?}", c.col, c.value)).collect();
        assert_eq!(
            texts,
            [
                "1Text(\"支委会\")",
                "3Text(\"支部 大会\")",
                "4Text(\"a&b\\r\")",
                "5Bool(true)",
                "6Error(\"#N/A\")",
                "7Number(12.5)",
                "8Text(\"2023-03-05\")"
            ]
        );
    }

    #[test]
    fn a_part_that_breaks_off_is_told() {
        let (book, mut room) = (book(), Room::new());
        let mut sheet = Sheet::new(&book, Visibility::Visible, &mut room);
        sheet.take("<worksheet><sheetData><row><c><v>1</v></c></row>").unwrap();
        assert!(sheet.check_whole().is_err());
    }
}
