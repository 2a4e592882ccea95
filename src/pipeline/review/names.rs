//! The sheet 单位对应 of the review workbook: which unit a doubtful name means, confirmed by a person for good.
//!
//! In: the sheet as a person has filled it in, and the doubts of a run. Out: names for the units to know, and
//! the sheet to be written. Never here: guessing, and losing a row that a person has confirmed.

use super::super::form::FormRow;
use super::super::units::{Resolution, Units, folder_of};
use crate::model::{
    Align, Allow, Cell, CellStyle, Column, EntryRule, Finding, Place, Sheet, Spot, nearest, rules as codes,
    within_quotes,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The sheet's name.
pub(super) const SHEET: &str = "单位对应";
/// The sheet of the units that can be chosen.
pub(super) const UNITS: &str = "可选单位";
/// Its columns, those that must be there first.
pub(super) const COLUMNS: [&[&str]; 5] = [&["写法"], &["文件"], &["程序认为是"], &["确认为"], &["说明"]];
/// How many of them must be there.
pub(super) const REQUIRED: usize = 4;
/// The place of the column of confirmed units.
const CONFIRMED: usize = 3;
/// Most doubts that are listed.
const MOST: usize = 2000;

/// A name of which a run was not sure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// The name as written.
    pub writing: Arc<str>,
    /// The file in which it stands.
    pub file: Arc<str>,
    /// The unit that it most likely means; none where there is no such unit.
    pub proposed: Option<Arc<str>>,
}

/// A row of the sheet as a person has left it.
#[derive(Debug, Clone)]
pub struct NameRow {
    writing: String,
    file: String,
    proposed: String,
    confirmed: String,
    place: Place,
    /// Why it is not used; empty where it is, or is not filled in.
    refused: String,
}

/// The rows in which a name stands.
pub(super) fn rows(rows: &[FormRow]) -> Vec<NameRow> {
    let row = |row: &FormRow| NameRow {
        writing: row.text(0).to_owned(),
        file: row.text(1).to_owned(),
        proposed: row.text(2).to_owned(),
        confirmed: row.text(CONFIRMED).to_owned(),
        place: row.cell(CONFIRMED),
        refused: String::new(),
    };
    rows.iter().filter(|row| !row.text(0).is_empty()).map(row).collect()
}

/// Makes the units know the names that a person has confirmed; what cannot be used is told and kept.
///
/// A name holds everywhere where all rows of it say the same. Where they differ, or one is still open, each
/// holds in the folder or archive of its file only.
pub fn confirm(rows: &mut [NameRow], units: &mut Units, findings: &mut Vec<Finding>) {
    let mut by_name: BTreeMap<String, Vec<&mut NameRow>> = BTreeMap::new();
    for row in rows {
        by_name.entry(units.key(&row.writing)).or_default().push(row);
    }
    for mut own in by_name.into_values() {
        let said = |row: &NameRow| (folder_of(&row.file).to_owned(), row.confirmed.clone());
        let all: BTreeSet<(String, String)> =
            own.iter().filter(|row| !row.confirmed.is_empty()).map(|row| said(row)).collect();
        for row in own.iter_mut().filter(|row| !row.confirmed.is_empty()) {
            let twice = all.iter().filter(|(folder, _)| folder == folder_of(&row.file)).count() > 1;
            row.refused = if twice {
                "同一写法确认为不同的单位，请只留一个".to_owned()
            } else {
                refusal(row, units)
            };
            if !row.refused.is_empty() {
                let message = format!(
                    "单位对应：“{}”确认为“{}”，没有采用：{}",
                    within_quotes(&row.writing),
                    within_quotes(&row.confirmed),
                    row.refused
                );
                findings.push(Finding::at(&codes::BAD_VERDICT, &row.place, message));
            }
        }
        let used = |row: &&&mut NameRow| !row.confirmed.is_empty() && row.refused.is_empty();
        let targets: BTreeSet<&str> = own.iter().filter(used).map(|row| row.confirmed.as_str()).collect();
        let everywhere = targets.len() == 1 && own.iter().filter(used).count() == own.len();
        for row in own.iter().filter(used) {
            let folder = (!everywhere).then(|| folder_of(&row.file));
            units.confirm(&row.writing, folder, &row.confirmed);
        }
    }
}

/// Why a confirmed row cannot be used; empty where it can.
fn refusal(row: &NameRow, units: &Units) -> String {
    // Without a register any name makes a unit.
    if !units.closed() {
        return String::new();
    }
    let Resolution::Known(at) = units.written(&row.confirmed) else {
        let names = units.all().iter().map(|unit| &*unit.name);
        let near = nearest(&row.confirmed, names)
            .map_or_else(String::new, |name| format!("，名称最接近的是“{name}”"));
        return format!("单位名册里没有这个单位（可能改了名或已撤销）{near}，请重新选择");
    };
    match units.written(&row.writing) {
        Resolution::Known(own) if own != at => {
            let name = units.all().get(own).map_or("", |unit| &*unit.name);
            format!("这种写法就是名册里“{name}”的名称或别名，请改名册")
        }
        _ => String::new(),
    }
}

/// The sheets to be written, the list of units on the second; none where there is nothing to confirm. `at` is
/// the place of the first in the book.
pub(super) fn sheets(
    kept: &[NameRow],
    doubts: &[Doubt],
    units: &[Arc<str>],
    title: String,
    at: usize,
) -> Option<[Sheet; 2]> {
    let mut lines: Vec<(u8, [String; 5])> = Vec::new();
    let mut taken: BTreeSet<(String, String)> = BTreeSet::new();
    for row in kept.iter().filter(|row| !row.confirmed.is_empty()) {
        taken.insert((row.writing.clone(), folder_of(&row.file).to_owned()));
        let (order, note) = if row.refused.is_empty() {
            (2, "已确认".to_owned())
        } else {
            (0, format!("没有采用：{}", row.refused))
        };
        let own = [&row.writing, &row.file, &row.proposed, &row.confirmed].map(Clone::clone);
        let [writing, file, proposed, confirmed] = own;
        lines.push((order, [writing, file, proposed, confirmed, note]));
    }
    let mut open: BTreeMap<(String, String), Vec<&Doubt>> = BTreeMap::new();
    for doubt in doubts {
        let key = (doubt.writing.to_string(), folder_of(&doubt.file).to_owned());
        if !taken.contains(&key) {
            open.entry(key).or_default().push(doubt);
        }
    }
    let all = open.len();
    for ((writing, _), own) in open.into_iter().take(MOST) {
        let files: BTreeSet<&str> = own.iter().map(|doubt| &*doubt.file).collect();
        let file = files.first().copied().unwrap_or_default();
        let more = if files.len() > 1 { format!("这里共{}个文件", files.len()) } else { String::new() };
        let proposed = own.iter().find_map(|doubt| doubt.proposed.as_deref()).unwrap_or_default();
        let state = if proposed.is_empty() {
            "名册里没有，没有计入"
        } else {
            "暂按程序的判断计入"
        };
        let note = if more.is_empty() { state.to_owned() } else { format!("{state}；{more}") };
        lines.push((1, [writing, file.to_owned(), proposed.to_owned(), String::new(), note]));
    }
    if lines.is_empty() {
        return None;
    }
    lines.sort();
    lines.dedup();
    let left = all.saturating_sub(MOST);
    let last = lines.len() - 1;
    let cells = |(order, [writing, file, proposed, confirmed, note]): (u8, [String; 5])| {
        let style = if order == 0 { CellStyle::Bad } else { CellStyle::Muted };
        vec![
            Cell::text(writing),
            Cell::text(file),
            Cell::text(proposed),
            Cell::text(confirmed),
            Cell::text(note).style(style),
        ]
    };
    let list = Spot::area(0, 0, units.len().saturating_sub(1), 0).on(at + 1);
    let mut notes = vec![
        "材料里写的单位名称与名册不一致的，在“确认为”里选名册中的单位，保存后再运行一次，以后都照此办理，不用再填；程序的判断对的，也请选一次。".to_owned(),
        "同一写法各行都确认为同一单位的，到处都算；确认为不同单位、或有的还没有确认的，只在“文件”所在的文件夹（压缩包）里算。要改、要撤销，改这里的“确认为”或删去整行。".to_owned(),
    ];
    if left > 0 {
        notes.push(format!("还有{left}种写法没有列出，确认以后会接着列。"));
    }
    let sheet = Sheet {
        name: SHEET.into(),
        title,
        notes,
        columns: [("写法", 28), ("文件", 44), ("程序认为是", 28), ("确认为", 28), ("说明", 36)]
            .map(|(name, width)| Column::new(name, width, Align::Left))
            .into(),
        rows: lines.into_iter().map(cells).collect(),
        frozen: 1,
        filter: true,
        landscape: true,
        entries: vec![EntryRule {
            area: Spot::area(0, 3, last, 3),
            allow: Allow::OneOf(list),
            title: "确认为".into(),
            message: "请选名册中的单位。".into(),
        }],
        ..Sheet::default()
    };
    let list = Sheet {
        name: UNITS.into(),
        notes: vec!["“单位对应”里可以选的单位，由程序生成。".into()],
        columns: vec![Column::new("单位名称", 36, Align::Left)],
        rows: units.iter().map(|name| vec![Cell::text(&**name)]).collect(),
        ..Sheet::default()
    };
    Some([sheet, list])
}
