//! `OpenDocument` spreadsheets, read without ever laying out their repeated blank cells.

use super::cells::{Cells, Room};
use super::markup::{Tag, Token, decode, tokens};
use super::package::Package;
use super::{Reading, Unreadable, corrupt, limits, too_large};
use crate::model::{FileError, GridValue, Hidden, Merge, Visibility};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most copies of a filled row or cell that are taken in.
const REPEATS: usize = 200;

/// The grids of a spreadsheet.
pub(super) fn read(file: &Arc<str>, bytes: &[u8], room: &mut Room) -> Reading {
    let mut package = Package::open(bytes, room)?;
    let manifest = package.text("META-INF/manifest.xml").unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err((FileError::Encrypted, "文件设有打开密码，请取消密码后重新报送".to_owned()));
    }
    let content = package.text("content.xml").ok_or_else(|| corrupt("没有内容"))?;
    let hidden_styles = hidden_styles(&content);
    let mut sheets = Vec::new();
    let mut sheet: Option<Sheet> = None;
    for token in tokens(&content) {
        match token {
            Token::Open { tag, closed } if tag.is("table") => {
                let name = tag.attribute("name").map(std::borrow::Cow::into_owned).unwrap_or_default();
                let mut fresh = Sheet { name, ..Sheet::default() };
                if tag.attribute("style-name").is_some_and(|style| hidden_styles.contains(style.as_ref())) {
                    fresh.cells.visibility = Visibility::Hidden;
                }
                // A table inside another ends it.
                sheets.extend(sheet.take());
                if closed {
                    sheets.push(fresh);
                } else {
                    sheet = Some(fresh);
                }
                if sheets.len() > limits::SHEETS {
                    return Err(too_large("工作表太多"));
                }
            }
            Token::Close("table") => sheets.extend(sheet.take()),
            other => {
                if let Some(sheet) = &mut sheet {
                    sheet.take(other, room)?;
                }
            }
        }
    }
    if sheet.is_some() {
        return Err(corrupt("工作表内容不完整"));
    }
    Ok(sheets.into_iter().map(|sheet| sheet.cells.grid(file, &sheet.name)).collect())
}

/// Styles of tables that are not shown.
fn hidden_styles(content: &str) -> BTreeSet<String> {
    let mut hidden = BTreeSet::new();
    let mut style = None;
    for token in tokens(content) {
        let Token::Open { tag, .. } = token else { continue };
        if tag.is("style") {
            style = tag.attribute("name").map(std::borrow::Cow::into_owned);
        } else if tag.is("table-properties") && tag.attribute("display").is_some_and(|d| d == "false") {
            hidden.extend(style.take());
        } else if tag.is("spreadsheet") {
            break;
        }
    }
    hidden
}

#[derive(Default)]
struct Sheet {
    name: String,
    cells: Cells,
    row: u32,
    row_repeats: u32,
    row_cells: Vec<(u32, GridValue)>,
    col: u32,
    cell: Option<OpenCell>,
    in_note: bool,
}

struct OpenCell {
    repeats: u32,
    typed: Option<GridValue>,
    text: String,
}

impl Sheet {
    fn take(&mut self, token: Token<'_>, room: &mut Room) -> Result<(), Unreadable> {
        match token {
            Token::Open { tag, closed } => match tag.name {
                "table-row" => {
                    self.row = self.row.saturating_add(1).min(limits::ROWS + 1);
                    self.row_repeats = tag.number("number-rows-repeated").unwrap_or(1).clamp(1, limits::ROWS);
                    self.col = 1;
                    let hidden = match tag.attribute("visibility").as_deref() {
                        Some("collapse") => Some(Hidden::ByHand),
                        Some("filter") => Some(Hidden::ByFilter),
                        _ => None,
                    };
                    if let Some(hidden) = hidden {
                        let rows = (self.row..self.row + self.row_repeats).take(REPEATS);
                        self.cells.hidden.extend(rows.map(|row| (row, hidden)));
                    }
                    if closed {
                        self.finish_row(room)?;
                    }
                }
                "table-cell" | "covered-table-cell" => {
                    let cell = self.open_cell(&tag);
                    self.cell = Some(cell);
                    if self.cells.merges.len() > limits::MERGES {
                        return Err(too_large("合并单元格太多"));
                    }
                    if closed {
                        self.finish_cell(room)?;
                    }
                }
                "annotation" => self.in_note = !closed,
                "p" | "line-break" => self.break_line(),
                "s" => self.add_text(" "),
                _ => {}
            },
            Token::Close("annotation") => self.in_note = false,
            Token::Close("table-cell" | "covered-table-cell") => self.finish_cell(room)?,
            Token::Close("table-row") => self.finish_row(room)?,
            Token::Close(_) => {}
            Token::Text(text) => self.add_text(&decode(text)),
        }
        Ok(())
    }

    fn open_cell(&mut self, tag: &Tag<'_>) -> OpenCell {
        let down = tag.number("number-rows-spanned").unwrap_or(1).clamp(1, limits::ROWS);
        let right = tag.number("number-columns-spanned").unwrap_or(1).clamp(1, limits::COLS);
        if down > 1 || right > 1 {
            self.cells.merges.push(Merge {
                top: self.row,
                left: self.col,
                bottom: self.row.saturating_add(down - 1),
                right: self.col.saturating_add(right - 1),
            });
        }
        let typed = match tag.attribute("value-type").as_deref() {
            Some("float" | "percentage" | "currency") => {
                tag.attribute("value").and_then(|v| v.trim().parse().ok()).map(GridValue::Number)
            }
            Some("date") => tag
                .attribute("date-value")
                .map(|d| GridValue::Text(d.split('T').next().unwrap_or_default().into())),
            Some("boolean") => tag.attribute("boolean-value").map(|b| GridValue::Bool(b == "true")),
            _ => None,
        };
        let repeats = tag.number("number-columns-repeated").unwrap_or(1).clamp(1, limits::COLS);
        OpenCell { repeats, typed, text: String::new() }
    }

    fn break_line(&mut self) {
        if let Some(cell) = self.cell.as_mut().filter(|cell| !self.in_note && !cell.text.is_empty()) {
            cell.text.push('\n');
        }
    }

    fn add_text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|_| !self.in_note) {
            cell.text.push_str(text);
        }
    }

    fn finish_cell(&mut self, room: &mut Room) -> Result<(), Unreadable> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let value = match cell.typed {
            _ if cell.text.starts_with('#') && cell.text.ends_with(['!', '?', 'A']) => {
                Some(GridValue::Error(cell.text))
            }
            Some(typed) => Some(typed),
            None if cell.text.trim().is_empty() => None,
            None => Some(GridValue::Text(cell.text.into())),
        };
        let end = self.col.saturating_add(cell.repeats).min(limits::COLS + 1);
        if let Some(value) = value {
            for col in (self.col..end).take(REPEATS) {
                room.take(&value)?;
                self.row_cells.push((col, value.clone()));
            }
        }
        self.col = end;
        Ok(())
    }

    fn finish_row(&mut self, room: &mut Room) -> Result<(), Unreadable> {
        let end = self.row.saturating_add(self.row_repeats.max(1)).min(limits::ROWS + 1);
        for row in (self.row..end).take(REPEATS) {
            for (col, value) in &self.row_cells {
                if row > self.row {
                    room.take(value)?;
                }
                self.cells.push(row, *col, value.clone());
            }
        }
        self.row_cells.clear();
        self.row = end.saturating_sub(1).max(self.row);
        self.row_repeats = 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn book(content: &str) -> Reading {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
        super::read(&Arc::from("a.ods"), &writer.finish().unwrap().into_inner(), &mut Room::new())
    }

    fn cells(content: &str) -> Vec<(String, u32, u32)> {
        let grids = book(content).unwrap();
        let cells = grids.iter().flat_map(|grid| {
            let at = |row: &crate::model::GridRow, col| (grid.place.sheet.to_string(), row.number, col);
            grid.rows.iter().flat_map(move |row| row.cells.iter().map(move |cell| at(row, cell.col)))
        });
        cells.collect()
    }

    const CELL: &str = "<table-cell><p>甲</p></table-cell>";

    #[test]
    fn rows_that_end_without_a_beginning_move_nothing() {
        let text = format!("<table name=\"a\"></table-row></table-row><table-row>{CELL}</table-row></table>");
        assert_eq!(cells(&text), [("a".to_owned(), 1, 1)]);
    }

    #[test]
    fn repeats_stay_within_the_sheet() {
        let (before, far) = ("number-rows-repeated=\"1048575\"", "number-rows-repeated=\"4294967295\"");
        let wide = "number-columns-repeated=\"4294967295\"";
        let text = format!(
            "<table name=\"a\"><table-row {before}/><table-row {far} visibility=\"filter\">{CELL}</table-row></table>\
             <table name=\"b\"><table-row><table-cell {wide}/>{CELL}</table-row></table>"
        );
        assert_eq!(cells(&text), [("a".to_owned(), limits::ROWS, 1)]);
    }

    #[test]
    fn a_table_that_breaks_off_is_told_and_one_inside_another_ends_it() {
        assert!(book(&format!("<table name=\"a\"><table-row>{CELL}</table-row>")).is_err());
        let row = format!("<table-row>{CELL}</table-row>");
        let text = format!("<table name=\"a\">{row}<table name=\"b\">{row}</table></table>");
        assert_eq!(cells(&text), [("a".to_owned(), 1, 1), ("b".to_owned(), 1, 1)]);
    }

    #[test]
    fn texts_that_repeat_beyond_all_bounds_are_refused() {
        let long = "字".repeat(6000);
        let cell = format!("<table-cell number-columns-repeated=\"200\"><p>{long}</p></table-cell>");
        let text =
            format!("<table name=\"a\"><table-row number-rows-repeated=\"200\">{cell}</table-row></table>");
        assert_eq!(book(&text).unwrap_err().0, FileError::TooLarge);
    }
}
