//! Binary workbooks (.xls and .xlsb), whose reader is guarded: it may panic on broken files.

use super::biff;
use super::cells::{Cells, DAYS_1904};
use super::package::Package;
use super::{Reading, Unreadable, corrupt, limits, too_large};
use crate::model::{FileError, GridValue, Merge, Visibility};
use calamine::{Data, Dimensions, Reader, SheetType, SheetVisible, Xls, XlsError, XlsOptions, Xlsb};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The grids of a workbook of 97–2003.
pub(super) fn read_xls(file: &Arc<str>, bytes: &[u8]) -> Reading {
    guarded(bytes, || {
        let mut options = XlsOptions::default();
        if !has_modern_stream(bytes) {
            // Workbooks of 95 name a code page that is often wrong; here they are Chinese.
            options.force_codepage = Some(936);
        }
        let mut book = Xls::new_with_options(Cursor::new(bytes), options).map_err(|error| match error {
            XlsError::Password => (FileError::Encrypted, "文件设有打开密码，请取消密码后重新报送".to_owned()),
            _ => corrupt("工作簿内容不完整"),
        })?;
        let since_1904 = book.has_1904_epoch();
        let shift = if since_1904 { DAYS_1904 } else { 0.0 };
        let sheets: Vec<calamine::Sheet> = book.sheets_metadata().to_vec();
        let hidden = biff::hidden_rows(bytes);
        let mut grids = Vec::new();
        let mut total = 0;
        for (at, sheet) in
            sheets.iter().enumerate().filter(|(_, s)| s.typ == SheetType::WorkSheet).take(limits::SHEETS)
        {
            let Ok(range) = book.worksheet_range(&sheet.name) else { continue };
            let mut cells = Cells::new(since_1904, visibility(sheet.visible));
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, col, data) in range.used_cells() {
                let at =
                    |offset: usize, start: u32| u32::try_from(offset).unwrap_or(u32::MAX - 1 - start) + start;
                let (row, col) = (at(row, top), at(col, left));
                if let Some(value) = value(data, shift) {
                    cells.push(row.saturating_add(1), col.saturating_add(1), value);
                }
                if total + cells.len() > limits::CELLS {
                    return Err(too_large("单元格太多"));
                }
            }
            total += cells.len();
            cells.hidden = hidden.get(at).cloned().unwrap_or_default();
            cells.merges =
                book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default().iter().map(merge).collect();
            grids.push(cells.grid(file, &sheet.name));
        }
        Ok(grids)
    })
}

/// The grids of a binary workbook of 2007.
pub(super) fn read_xlsb(file: &Arc<str>, bytes: &[u8]) -> Reading {
    Package::open(bytes)?;
    guarded(bytes, || {
        let mut book: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(|_| corrupt("工作簿内容不完整"))?;
        let since_1904 = book.has_1904_epoch();
        let shift = if since_1904 { DAYS_1904 } else { 0.0 };
        let sheets: Vec<calamine::Sheet> = book.sheets_metadata().to_vec();
        let mut grids = Vec::new();
        let mut total = 0;
        for sheet in sheets.iter().filter(|s| s.typ == SheetType::WorkSheet).take(limits::SHEETS) {
            let mut cells = Cells::new(since_1904, visibility(sheet.visible));
            let mut reader = book.worksheet_cells_reader(&sheet.name).map_err(|_| corrupt("工作表打不开"))?;
            while let Some(cell) = reader.next_cell().map_err(|_| corrupt("工作表内容不完整"))? {
                let (row, col) = cell.get_position();
                if let Some(value) = value(&Data::from(cell.get_value().clone()), shift) {
                    cells.push(row.saturating_add(1), col.saturating_add(1), value);
                }
                if total + cells.len() > limits::CELLS {
                    return Err(too_large("单元格太多"));
                }
            }
            total += cells.len();
            grids.push(cells.grid(file, &sheet.name));
        }
        Ok(grids)
    })
}

/// Runs a reader that may panic on broken input, within a tighter limit.
fn guarded(bytes: &[u8], read: impl FnOnce() -> Reading) -> Reading {
    if bytes.len() > limits::BINARY_BYTES {
        return Err(too_large("旧格式的文件过大"));
    }
    let broken = |_| -> Unreadable { corrupt("工作簿内容不完整") };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| Err(broken(panic)))
}

fn has_modern_stream(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wide.len()).any(|window| window == wide.as_slice())
}

fn value(data: &Data, shift: f64) -> Option<GridValue> {
    Some(match data {
        #[expect(clippy::cast_precision_loss, reason = "whole numbers of a ledger are small")]
        Data::Int(number) => GridValue::Number(*number as f64),
        Data::Float(number) => GridValue::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            GridValue::Text(text.as_str().into())
        }
        Data::Bool(truth) => GridValue::Bool(*truth),
        Data::DateTime(time) => GridValue::Serial(time.as_f64() + shift),
        Data::Error(error) => GridValue::Error(error.to_string()),
        Data::Empty => return None,
    })
}

fn visibility(visible: SheetVisible) -> Visibility {
    match visible {
        SheetVisible::Visible => Visibility::Visible,
        SheetVisible::Hidden => Visibility::Hidden,
        SheetVisible::VeryHidden => Visibility::VeryHidden,
    }
}

fn merge(range: &Dimensions) -> Merge {
    Merge {
        top: range.start.0.saturating_add(1),
        left: range.start.1.saturating_add(1),
        bottom: range.end.0.saturating_add(1),
        right: range.end.1.saturating_add(1),
    }
}
