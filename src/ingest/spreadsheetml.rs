//! Spreadsheet XML of 2003.

use super::cells::{Cells, Room};
use super::markup::{Token, decode, tokens};
use super::{Reading, corrupt, limits, too_large};
use crate::model::{GridValue, Hidden, Merge, Visibility};
use std::sync::Arc;

/// The grids of a workbook.
pub(super) fn read(file: &Arc<str>, text: &str, room: &mut Room) -> Reading {
    let mut grids = Vec::new();
    let mut cells = Cells::default();
    let mut name = String::new();
    let (mut row, mut col) = (0_u32, 0_u32);
    let mut kind = String::new();
    let mut value: Option<String> = None;
    let mut in_visible = false;
    let mut open = false;
    for token in tokens(text) {
        match token {
            Token::Open { tag, closed } => match tag.name {
                "Worksheet" => {
                    name = tag.attribute("Name").map(std::borrow::Cow::into_owned).unwrap_or_default();
                    cells = Cells::default();
                    (row, col) = (0, 0);
                    open = !closed;
                }
                "Row" => {
                    row = tag.number("Index").unwrap_or(row.saturating_add(1)).min(limits::ROWS);
                    col = 0;
                    if tag.attribute("Hidden").is_some_and(|h| h == "1") {
                        cells.hidden.insert(row, Hidden::ByHand);
                    }
                }
                "Cell" => {
                    col = tag.number("Index").unwrap_or(col.saturating_add(1)).min(limits::COLS);
                    let right = tag.number("MergeAcross").unwrap_or(0).min(limits::COLS);
                    let down = tag.number("MergeDown").unwrap_or(0).min(limits::ROWS);
                    if right + down > 0 {
                        cells.merges.push(Merge {
                            top: row,
                            left: col,
                            bottom: row + down,
                            right: col + right,
                        });
                        if cells.merges.len() > limits::MERGES {
                            return Err(too_large("合并单元格太多"));
                        }
                    }
                }
                "Data" if !closed => {
                    kind = tag.attribute("Type").map(std::borrow::Cow::into_owned).unwrap_or_default();
                    value = Some(String::new());
                }
                "Visible" => in_visible = !closed,
                _ => {}
            },
            Token::Text(text) => {
                if let Some(so_far) = &mut value {
                    so_far.push_str(&decode(text));
                } else if in_visible && text.trim() == "SheetHidden" {
                    cells.visibility = Visibility::Hidden;
                } else if in_visible && text.trim() == "SheetVeryHidden" {
                    cells.visibility = Visibility::VeryHidden;
                }
            }
            Token::Close("Data") => {
                if let Some(text) = value.take() {
                    let value = typed(&kind, text);
                    room.take(&value)?;
                    cells.push(row, col, value);
                }
            }
            Token::Close("Visible") => in_visible = false,
            Token::Close("Worksheet") => {
                grids.push(std::mem::take(&mut cells).grid(file, &name));
                open = false;
                if grids.len() > limits::SHEETS {
                    return Err(too_large("工作表太多"));
                }
            }
            Token::Close(_) => {}
        }
    }
    if open {
        return Err(corrupt("工作表内容不完整"));
    }
    if grids.is_empty() {
        return Err(corrupt("没有工作表"));
    }
    Ok(grids)
}

fn typed(kind: &str, text: String) -> GridValue {
    match kind {
        "Number" => text.trim().parse().map_or(GridValue::Text(text.into()), GridValue::Number),
        // `2023-03-05T00:00:00.000` reads as a date once its time is cut off.
        "DateTime" => GridValue::Text(text.split('T').next().unwrap_or_default().into()),
        "Boolean" => GridValue::Bool(text.trim() == "1"),
        "Error" => GridValue::Error(text),
        _ => GridValue::Text(text.into()),
    }
}
