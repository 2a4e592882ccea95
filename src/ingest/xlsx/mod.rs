//! Workbooks of Office Open XML, read in one pass.
//!
//! In: a package. Out: its worksheets with cells, merges and what is hidden. A part is read piece by
//! piece, so that a sheet of any length takes no more room than its cells; a stray cell far away
//! costs nothing. Why not calamine: it tells neither hidden rows,
//! filters nor formulas without result, and a second pass for these costs as much again
//! (`benches/reading.rs` compares).

mod formats;
mod sheet;
mod texts;

use super::cells::{Room, hidden_rows, note_faults, note_formulas};
use super::markup::{Token, tokens};
use super::package::{Package, Relation};
use super::{Reading, SHEET_MISSING, Unreadable, corrupt, limits, too_large};
use crate::model::{Finding, Merge, Place, Visibility, rules};
use formats::DateFormats;
use sheet::Sheet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the sheets of a workbook share.
struct Book {
    texts: Vec<Arc<str>>,
    dates: DateFormats,
    since_1904: bool,
}

/// A sheet that the workbook lists.
struct Listed {
    name: String,
    path: String,
    visibility: Visibility,
}

/// The grids of a workbook.
pub(super) fn read(file: &Arc<str>, bytes: &[u8], room: &mut Room, findings: &mut Vec<Finding>) -> Reading {
    let mut package = Package::open(bytes, room)?;
    let path = package.find("workbook.xml").ok_or_else(|| corrupt("没有工作簿内容"))?;
    let relations = package.relations(&path);
    let (listed, since_1904) = listed(&mut package, &path, &relations)?;
    if listed.is_empty() {
        return Err(corrupt("没有工作表"));
    }
    if listed.len() > limits::SHEETS {
        return Err(too_large("工作表太多"));
    }
    let of = |kind: &str| relations.values().find(|r| r.is(kind)).map(|r| r.path.clone());
    let texts = match of("sharedStrings") {
        Some(path) => texts::read(&mut package, &path, room)?,
        None => Vec::new(),
    };
    let dates = match of("styles") {
        Some(path) => formats::read(&mut package, &path)?,
        None => DateFormats::default(),
    };
    let book = Book { texts, dates, since_1904 };
    let mut grids = Vec::new();
    for entry in listed {
        let place = Place::sheet(Arc::clone(file), entry.name.as_str());
        let mut sheet = Sheet::new(&book, entry.visibility, room);
        if package.pieces(&entry.path, |piece| sheet.take(piece))? {
            sheet.check_whole()?;
        } else {
            findings.push(Finding::at(&rules::SHEET_MISSING, &place, SHEET_MISSING));
        }
        note_formulas(&sheet.formulas, &place, findings);
        note_faults(&sheet.faults, &place, findings);
        let (mut cells, hidden, mut filters) = sheet.finish();
        if !hidden.is_empty() {
            filters.extend(table_filters(&mut package, &entry.path));
        }
        cells.hidden = hidden_rows(hidden, &filters);
        grids.push(cells.grid(file, &entry.name));
    }
    Ok(grids)
}

/// The worksheets that the workbook lists, in its order, and whether its dates count from 1904.
fn listed(
    package: &mut Package<'_>,
    path: &str,
    relations: &BTreeMap<String, Relation>,
) -> Result<(Vec<Listed>, bool), Unreadable> {
    let text = package.text(path).ok_or_else(|| corrupt("工作簿内容不完整"))?;
    let mut sheets = Vec::new();
    let mut since_1904 = false;
    for token in tokens(&text) {
        let Token::Open { tag, .. } = token else { continue };
        match tag.name {
            "workbookPr" => since_1904 = tag.attribute("date1904").is_some_and(|v| is_true(&v)),
            "sheet" => {
                let visibility = match tag.attribute("state").as_deref() {
                    Some("hidden") => Visibility::Hidden,
                    Some("veryHidden") => Visibility::VeryHidden,
                    _ => Visibility::Visible,
                };
                let name = tag.attribute("name").unwrap_or_default().into_owned();
                match tag.attribute("id").and_then(|id| relations.get(id.as_ref())) {
                    Some(relation) if relation.is("worksheet") => {
                        sheets.push(Listed { name, path: relation.path.clone(), visibility });
                    }
                    // A chart or a macro sheet holds no cells.
                    Some(_) => {}
                    None => sheets.push(Listed { name, path: String::new(), visibility }),
                }
            }
            _ => {}
        }
    }
    Ok((sheets, since_1904))
}

/// The filters of a sheet's tables, which hide rows just as the sheet's own filter does.
fn table_filters(package: &mut Package<'_>, sheet: &str) -> Vec<Merge> {
    let relations = package.relations(sheet);
    let mut filters = Vec::new();
    for relation in relations.values().filter(|r| r.is("table")) {
        let text = package.text(&relation.path).unwrap_or_default();
        let mut range = None;
        for token in tokens(&text) {
            let Token::Open { tag, .. } = token else { continue };
            match tag.name {
                "autoFilter" => range = tag.attribute("ref").as_deref().and_then(super::cells::parse_range),
                "filterColumn" => filters.extend(range.take()),
                _ => {}
            }
        }
    }
    filters
}

fn is_true(value: &str) -> bool {
    matches!(value.trim(), "1" | "true" | "on")
}
