//! Workbooks of Office Open XML: cells through calamine, hidden rows, merges and formulas without
//! result by a pass of our own over the sheet's part.

use super::cells::{Cells, DAYS_1904, parse_range, parse_reference};
use super::markup::{Token, tokens};
use super::package::Package;
use super::{Reading, Unreadable, corrupt, limits, too_large};
use crate::model::{FileError, Finding, GridValue, Hidden, Merge, Place, Visibility, rules};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

/// The grids of a workbook.
pub(super) fn read(file: &Arc<str>, bytes: &[u8], findings: &mut Vec<Finding>) -> Reading {
    let mut package = Package::open(bytes)?;
    check_shared_texts(&mut package)?;
    let parts = sheet_parts(&mut package);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| explain(&error))?;
    let shift = if book.has_1904_epoch() { DAYS_1904 } else { 0.0 };
    let sheets: Vec<calamine::Sheet> =
        book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet).cloned().collect();
    if sheets.is_empty() {
        return Err(corrupt("没有工作表"));
    }
    if sheets.len() > limits::SHEETS {
        return Err(too_large("工作表太多"));
    }
    let mut total = 0;
    let mut grids = Vec::new();
    for sheet in sheets {
        let mut cells = Cells::new(shift > 0.0, visibility(sheet.visible));
        read_cells(&mut book, &sheet.name, shift, total, &mut cells)?;
        total += cells.len();
        if let Some(part) = parts.get(&sheet.name).and_then(|path| package.text(path)) {
            let extras = extras(&part);
            let place = Place::sheet(Arc::clone(file), sheet.name.as_str());
            note_formulas(&extras.formulas, &place, findings);
            cells.hidden = extras.hidden_rows();
            cells.merges = extras.merges;
        }
        grids.push(cells.grid(file, &sheet.name));
    }
    Ok(grids)
}

fn read_cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    shift: f64,
    before: usize,
    cells: &mut Cells,
) -> Result<(), Unreadable> {
    let mut reader = match book.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        Err(XlsxError::WorksheetNotFound(_) | XlsxError::FileNotFound(_)) => return Ok(()),
        Err(error) => return Err(explain(&error)),
    };
    loop {
        let cell = match reader.next_cell() {
            Ok(Some(cell)) => cell,
            Ok(None) => return Ok(()),
            Err(error) => return Err(explain(&error)),
        };
        let (row, col) = cell.get_position();
        let (Some(row), Some(col)) = (row.checked_add(1), col.checked_add(1)) else { continue };
        let value = match cell.get_value() {
            #[expect(clippy::cast_precision_loss, reason = "whole numbers of a ledger are small")]
            DataRef::Int(number) => GridValue::Number(*number as f64),
            DataRef::Float(number) => GridValue::Number(*number),
            DataRef::SharedString(text) => GridValue::Text((*text).to_owned()),
            DataRef::Bool(truth) => GridValue::Bool(*truth),
            DataRef::DateTime(time) => GridValue::Serial(time.as_f64() + shift),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                GridValue::Text(text.clone())
            }
            DataRef::Error(error) => GridValue::Error(error.to_string()),
            DataRef::Empty => continue,
        };
        cells.push(row, col, value);
        if before + cells.len() > limits::CELLS {
            return Err(too_large("单元格太多"));
        }
    }
}

fn visibility(visible: SheetVisible) -> Visibility {
    match visible {
        SheetVisible::Visible => Visibility::Visible,
        SheetVisible::Hidden => Visibility::Hidden,
        SheetVisible::VeryHidden => Visibility::VeryHidden,
    }
}

fn explain(error: &XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => (FileError::Encrypted, "文件设有打开密码，请取消密码后重新报送".to_owned()),
        _ => corrupt("工作簿内容不完整"),
    }
}

/// Refuses a workbook that announces more texts than can be held: the reader would reserve room for them.
fn check_shared_texts(package: &mut Package<'_>) -> Result<(), Unreadable> {
    let Some(path) = package.find("sharedStrings.xml") else { return Ok(()) };
    let head = package.head(&path, 2000).unwrap_or_default();
    for token in tokens(&head) {
        if let Token::Open { tag, .. } = token {
            let announced = ["uniqueCount", "count"].iter().filter_map(|name| tag.attribute(name));
            for number in announced {
                if number
                    .trim()
                    .parse::<u64>()
                    .map_or(!number.trim().is_empty(), |n| n > limits::SHARED_TEXTS)
                {
                    return Err(too_large("文字太多"));
                }
            }
            break;
        }
    }
    Ok(())
}

/// Parts by sheet name.
fn sheet_parts(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let Some(book) = package.find("workbook.xml") else { return BTreeMap::new() };
    let relations = package.relations(&book);
    let text = package.text(&book).unwrap_or_default();
    let mut parts = BTreeMap::new();
    for token in tokens(&text) {
        if let Token::Open { tag, .. } = token
            && tag.is("sheet")
            && let (Some(name), Some(id)) = (tag.attribute("name"), tag.attribute("id"))
            && let Some(path) = relations.get(id.as_ref())
        {
            parts.insert(name.into_owned(), path.clone());
        }
    }
    parts
}

#[derive(Default)]
struct Extras {
    hidden: Vec<u32>,
    filters: Vec<Merge>,
    merges: Vec<Merge>,
    formulas: Vec<(u32, u32)>,
}

impl Extras {
    fn hidden_rows(&self) -> BTreeMap<u32, Hidden> {
        let reason = |row: u32| {
            let filtered = self.filters.iter().any(|range| range.top < row && row <= range.bottom);
            if filtered { Hidden::ByFilter } else { Hidden::ByHand }
        };
        self.hidden.iter().map(|row| (*row, reason(*row))).collect()
    }
}

/// What calamine does not tell about a sheet.
fn extras(part: &str) -> Extras {
    let mut extras = Extras::default();
    let mut row = 0;
    let mut filter = None;
    let mut cell: Option<(u32, u32)> = None;
    let (mut formula, mut valued) = (false, false);
    let mut in_value = false;
    for token in tokens(part) {
        match token {
            Token::Open { tag, closed } => match tag.name {
                "row" => {
                    row = tag.number("r").unwrap_or(row + 1);
                    if tag.attribute("hidden").is_some_and(|h| h == "1" || h == "true") {
                        extras.hidden.push(row);
                    }
                }
                "c" if !closed => {
                    cell = tag.attribute("r").as_deref().and_then(parse_reference);
                    (formula, valued) = (false, false);
                }
                "f" => formula = true,
                "v" => in_value = !closed,
                "is" => valued = true,
                "mergeCell" => {
                    if let Some(range) = tag.attribute("ref").as_deref().and_then(parse_range) {
                        extras.merges.push(range);
                    }
                }
                "autoFilter" => filter = tag.attribute("ref").as_deref().and_then(parse_range),
                "filterColumn" => extras.filters.extend(filter.take()),
                _ => {}
            },
            Token::Close("v") => in_value = false,
            Token::Close("c") => {
                if let (true, false, Some(at)) = (formula, valued, cell) {
                    extras.formulas.push(at);
                }
            }
            Token::Close(_) => {}
            Token::Text(text) => valued |= in_value && !text.is_empty(),
        }
    }
    extras
}

fn note_formulas(formulas: &[(u32, u32)], place: &Place, findings: &mut Vec<Finding>) {
    if let Some((row, col)) = formulas.first() {
        let message = match formulas.len() {
            1 => "这个单元格是公式，但文件里没有保存计算结果，按空白处理".to_owned(),
            n => format!("有{n}个单元格是公式，但文件里没有保存计算结果，按空白处理（这里是第一个）"),
        };
        findings.push(Finding::at(&rules::NO_CACHED_VALUE, &place.at(*row, *col), message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hidden_by_a_filter_are_told_from_those_hidden_by_hand() {
        let part = r#"<sheetData><row r="2" hidden="1"><c r="A2"><v>1</v></c></row>
            <row r="9" hidden="1"/><row r="10"><c r="B10"><f>A1</f><v></v></c><c r="C10"><f>A1</f><v>2</v></c></row>
            </sheetData><autoFilter ref="A1:C5"><filterColumn colId="0"/></autoFilter>
            <mergeCells><mergeCell ref="A1:B2"/></mergeCells>"#;
        let extras = extras(part);
        let rows: Vec<(u32, Hidden)> = extras.hidden_rows().into_iter().collect();
        assert_eq!(rows, [(2, Hidden::ByFilter), (9, Hidden::ByHand)]);
        assert_eq!(extras.formulas, [(10, 2)]);
        assert_eq!(extras.merges.len(), 1);
    }
}
