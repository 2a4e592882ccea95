//! A scoring scheme as an Excel form: written as a template, read back as a draft.
//!
//! In: a workbook's bytes, or a scheme. Out: a [`Draft`] with the cell of every part, or the workbook. Never
//! here: whether the parts fit each other.

use super::apart;
use super::form::{self, FormRow};
use super::grids::{exact as number, names, spread_merged};
use crate::model::{Absent, BlockKind, Cut, Grid, Place, Points, Scheme, rules as codes, within_quotes};
use crate::seeds::scheme::draft::{Draft, DraftBlock, DraftLine, Where, Written, absent};
use crate::seeds::scheme::words;
use std::sync::Arc;

pub(super) const LINES: &str = "项目";
pub(super) const SETTINGS: &str = "设置";

/// The columns of the sheet 项目, those that must be there first.
const COLUMNS: [&[&str]; 12] = [
    &["项目编号", "编号"],
    &["项目", "考评项目", "考核项目"],
    &["分值", "标准分", "满分"],
    &["方式", "考评方式", "计分方式"],
    &["评分标准", "评分要点", "考评标准", "计分标准"],
    &["板块编号"],
    &["板块", "板块名称"],
    &["权重"],
    &["类别"],
    &["内容", "考核内容", "考评内容", "工作要求"],
    &["对应要求", "要求编号"],
    &["依据", "考评依据", "佐证材料"],
];
const REQUIRED: usize = 5;
const ID: usize = 0;
const PROJECT: usize = 1;
const POINTS: usize = 2;
const MODE: usize = 3;
const STANDARD: usize = 4;
const BLOCK_ID: usize = 5;
const BLOCK: usize = 6;
const WEIGHT: usize = 7;
const KIND: usize = 8;
const CONTENT: usize = 9;
const CHECKS: usize = 10;
const BASIS: usize = 11;

/// Names of rows of the sheet 设置 that may stand once.
pub(super) const SINGLE: [&str; 8] =
    ["方案名称", "说明", "示例", "小数位数", "取整方式", "总分封顶", "同分", "不适用"];
/// Names of rows that may stand any number of times.
pub(super) const MANY: [&str; 4] = ["板块", "等次", "表彰", "否决"];

/// The draft in a workbook.
///
/// # Errors
/// A sentence that says why the workbook cannot be used at all.
pub fn draft(name: &str, bytes: &[u8]) -> Result<Draft, String> {
    let file: Arc<str> = Arc::from(name);
    let read = apart::sheets(&file, bytes);
    let mut grids = read.value.map_err(|(_, message)| message)?;
    for grid in &mut grids {
        spread_merged(grid);
    }
    let found = form::find(&grids, &COLUMNS, REQUIRED);
    let lines = found.ok_or_else(|| format!("工作表“{LINES}”{}", form::missing(&COLUMNS, REQUIRED)))?;
    let mut reader = Reader { draft: Draft::empty(Where::Cell(Place::file(file))) };
    for finding in read.findings {
        // A formula without result reads as blank: the office should know which cell.
        if finding.rule == &codes::NO_CACHED_VALUE
            && let Some(place) = &finding.place
        {
            let message = format!("{}。请用 WPS 或 Excel 打开、保存后再用，或直接填数", finding.message);
            reader.draft.wrong(&Where::Cell(place.clone()), message);
        }
    }
    for row in &lines.rows {
        reader.row(row);
    }
    reader.whole_percent();
    let settings: Vec<Grid> = grids.into_iter().filter(|grid| grid.place.sheet.contains(SETTINGS)).collect();
    if let Some(form) = form::find(&settings, &[&["名称"], &["内容"]], 2) {
        for row in &form.rows {
            reader.setting(row);
        }
    }
    if reader.draft.name.is_empty() {
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).clone_into(&mut reader.draft.name);
    }
    Ok(reader.draft)
}

struct Reader {
    draft: Draft,
}

impl Reader {
    fn wrong(&mut self, place: Place, message: impl Into<String>) {
        self.draft.wrong(&Where::Cell(place), message);
    }

    fn row(&mut self, row: &FormRow) {
        let text = |column: usize| row.text(column);
        let written =
            |column: usize| Written { value: text(column).to_owned(), at: Where::Cell(row.cell(column)) };
        let is_line = [ID, MODE, STANDARD].iter().any(|column| !text(*column).is_empty());
        let aside =
            |text: &String| ["合计", "小计", "总计", "注", "说明"].iter().any(|w| text.starts_with(w));
        if !is_line && row.texts.iter().any(aside) {
            return;
        }
        self.open_block(row);
        if !is_line && text(PROJECT).is_empty() && text(POINTS).is_empty() {
            return;
        }
        let points = text(POINTS);
        let line = DraftLine {
            id: written(ID),
            project: text(PROJECT).to_owned(),
            content: text(CONTENT).to_owned(),
            points: Written { value: number(points), at: Where::Cell(row.cell(POINTS)) },
            mode: written(MODE),
            requirements: Written {
                value: names(&text(CHECKS).replace(' ', "、")),
                at: Where::Cell(row.cell(CHECKS)),
            },
            standard: written(STANDARD),
            basis: text(BASIS).to_owned(),
        };
        match self.draft.blocks.last_mut() {
            Some(block) => block.lines.push(line),
            None => self.wrong(row.cell(BLOCK_ID), "第一个项目前面没有写板块编号和板块"),
        }
    }

    /// Opens a block where the row names another than the one before.
    fn open_block(&mut self, row: &FormRow) {
        let (id, name) = (row.text(BLOCK_ID), row.text(BLOCK));
        let before = self.draft.blocks.last();
        let same = before.is_some_and(|block| {
            (id.is_empty() || block.id.value == id) && (name.is_empty() || block.name == name)
        });
        if same || (id.is_empty() && name.is_empty()) {
            return;
        }
        let id = if id.is_empty() {
            let count = u32::try_from(self.draft.blocks.len()).unwrap_or(0);
            crate::model::column_letters(count + 1)
        } else {
            id.to_owned()
        };
        let weight = row.text(WEIGHT);
        let weight_at = row.cell(WEIGHT);
        let kind = match (row.text(KIND), number(weight)) {
            ("" | "计分", Some(weight)) => BlockKind::Weighted(weight),
            ("" | "计分", None) => {
                let what = if weight.is_empty() {
                    "没有写权重".to_owned()
                } else {
                    format!("权重“{weight}”不是数")
                };
                let message = format!("板块“{id}”{what}；加分、扣分的板块请在“类别”里写明");
                self.wrong(weight_at.clone(), message);
                BlockKind::Weighted(Points::ZERO)
            }
            (kind @ ("加分" | "扣分"), _) => {
                if !weight.is_empty() {
                    self.wrong(
                        weight_at.clone(),
                        format!("{kind}的板块不写权重，要限制的请在“{SETTINGS}”的“板块”行写封顶"),
                    );
                }
                if kind == "加分" { BlockKind::Bonus(None) } else { BlockKind::Deduction(None) }
            }
            (other, _) => {
                let message = format!("类别“{}”不认识，应为 计分、加分 或 扣分", within_quotes(other));
                self.wrong(row.cell(KIND), message);
                BlockKind::Bonus(None)
            }
        };
        self.draft.blocks.push(DraftBlock {
            id: Written { value: id, at: Where::Cell(row.cell(BLOCK_ID)) },
            name: name.to_owned(),
            kind: Written { value: kind, at: Where::Cell(weight_at) },
            groups: Vec::new(),
            absent: None,
            in_rank: true,
            in_grade: true,
            all: false,
            lines: Vec::new(),
        });
    }

    /// Weights that are shares of one, as cells formatted in per cent hold them.
    fn whole_percent(&mut self) {
        let weights = self.draft.blocks.iter().filter_map(|block| match block.kind.value {
            BlockKind::Weighted(weight) => Some(weight),
            _ => None,
        });
        if weights.sum::<Points>() != Points::whole(1) {
            return;
        }
        for block in &mut self.draft.blocks {
            if let BlockKind::Weighted(weight) = &mut block.kind.value {
                *weight = Points::from_hundredths(weight.hundredths().saturating_mul(100));
            }
        }
    }

    fn setting(&mut self, row: &FormRow) {
        let (name, text) = (row.text(0), row.text(1));
        let (at, name_at) = (row.cell(1), row.cell(0));
        if text.is_empty() {
            return;
        }
        let here = Where::Cell(at.clone());
        match name {
            "方案名称" => text.clone_into(&mut self.draft.name),
            "说明" => text.clone_into(&mut self.draft.note),
            "示例" => match text {
                "是" => self.draft.example = true,
                "否" => self.draft.example = false,
                other => self.wrong(at, format!("“示例”应为 是 或 否，现在是“{}”", within_quotes(other))),
            },
            "小数位数" => match text {
                "1" => self.draft.rounding.places = 1,
                "2" => self.draft.rounding.places = 2,
                other => self.wrong(at, format!("“小数位数”应为 1 或 2，现在是“{}”", within_quotes(other))),
            },
            "取整方式" => match words::cut(text) {
                Some(how @ (Cut::Nearest | Cut::Down)) => self.draft.rounding.how = how,
                _ => self
                    .wrong(at, format!("“取整方式”应为 四舍五入 或 去尾，现在是“{}”", within_quotes(text))),
            },
            "总分封顶" => match number(text) {
                Some(ceiling) => self.draft.ceiling = Some(ceiling),
                None => self.wrong(at, format!("“总分封顶”应为数，现在是“{}”", within_quotes(text))),
            },
            "不适用" => match absent(text) {
                Some(absent) => self.draft.absent = absent,
                None => self.wrong(at, format!("“不适用”应为 折算 或 满分，现在是“{}”", within_quotes(text))),
            },
            "同分" => {
                for part in text.split(['；', ';', '\n']).filter(|part| !part.trim().is_empty()) {
                    match words::measure(part) {
                        Ok(value) => self.draft.ties.push(Written { value, at: here.clone() }),
                        Err(message) => self.draft.wrong(&here, message),
                    }
                }
            }
            "等次" => match words::grade(text) {
                Ok(value) => self.draft.grades.push(Written { value, at: here }),
                Err(message) => self.draft.wrong(&here, message),
            },
            "表彰" => match words::award(text) {
                Ok(value) => self.draft.awards.push(Written { value, at: here }),
                Err(message) => self.draft.wrong(&here, message),
            },
            "否决" => match words::veto(text) {
                Ok(value) => self.draft.vetoes.push(Written { value, at: here }),
                Err(message) => self.draft.wrong(&here, message),
            },
            "板块" => self.block_setting(text, &here),
            other if other.starts_with('注') => {}
            other => {
                let known: Vec<&str> = SINGLE.into_iter().chain(MANY).collect();
                let message =
                    format!("没有“{}”这个设置，可以用的有：{}", within_quotes(other), known.join("、"));
                self.wrong(name_at, message);
            }
        }
    }

    /// `E：封顶5分；不计入等次；组别：机关、直属；不适用满分；全部要求`.
    fn block_setting(&mut self, text: &str, at: &Where) {
        let expected =
            "应写成“E：封顶5分；不计入等次；不计入名次；不适用满分；组别：机关支部；全部要求”，不需要的不写";
        let wrong = || format!("板块的说明“{}”读不懂，{expected}", within_quotes(text));
        let Some((id, rest)) = text.split_once(['：', ':']) else {
            return self.draft.wrong(at, wrong());
        };
        let Some(index) = self.draft.blocks.iter().position(|block| block.id.value == id.trim()) else {
            let ids: Vec<String> = self.draft.blocks.iter().map(|block| block.id.value.clone()).collect();
            let message = format!("工作表“{LINES}”里没有编号为“{}”的板块，有 {}", id.trim(), ids.join("、"));
            return self.draft.wrong(at, message);
        };
        for part in rest.split(['；', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            let Some(block) = self.draft.blocks.get_mut(index) else { return };
            let cap = part.strip_prefix("封顶").and_then(number);
            let groups = part.strip_prefix("组别").map(|rest| rest.trim_start_matches(['：', ':']));
            match (part, &mut block.kind.value, cap, groups) {
                (_, BlockKind::Bonus(most) | BlockKind::Deduction(most), Some(cap), _) => *most = Some(cap),
                (_, _, _, Some(groups)) => block.groups = names(groups),
                ("不计入等次", ..) => block.in_grade = false,
                ("不计入名次", ..) => block.in_rank = false,
                ("不适用满分", ..) => block.absent = Some(Absent::Full),
                ("不适用折算", ..) => block.absent = Some(Absent::Rescale),
                ("全部要求", ..) => block.all = true,
                _ => return self.draft.wrong(at, wrong()),
            }
        }
    }
}

/// The settings of a block in words; empty where there are none.
pub(super) fn block_text(block: &crate::model::SchemeBlock) -> String {
    let mut parts = Vec::new();
    if let BlockKind::Bonus(Some(cap)) | BlockKind::Deduction(Some(cap)) = block.kind {
        parts.push(format!("封顶{cap}分"));
    }
    if !block.in_grade {
        parts.push("不计入等次".to_owned());
    }
    if !block.in_rank {
        parts.push("不计入名次".to_owned());
    }
    if block.absent == Absent::Full {
        parts.push("不适用满分".to_owned());
    }
    if !block.groups.is_empty() {
        parts.push(format!("组别：{}", block.groups.join("、")));
    }
    if parts.is_empty() { String::new() } else { format!("{}：{}", block.id, parts.join("；")) }
}

/// The sheet of settings as rows of name and content.
pub(super) fn setting_rows(scheme: &Scheme) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("方案名称", scheme.name.clone()),
        ("说明", scheme.note.clone()),
        ("示例", (if scheme.example { "是" } else { "否" }).to_owned()),
        ("小数位数", scheme.rounding.places.to_string()),
        ("取整方式", words::cut_text(scheme.rounding.how).to_owned()),
        ("总分封顶", scheme.ceiling.map_or_else(String::new, |ceiling| ceiling.to_string())),
        ("同分", scheme.ties.iter().map(words::measure_text).collect::<Vec<_>>().join("；")),
        ("不适用", "折算".to_owned()),
    ];
    rows.extend(
        scheme.blocks.iter().map(block_text).filter(|text| !text.is_empty()).map(|text| ("板块", text)),
    );
    rows.extend(scheme.grades.iter().map(|grade| ("等次", words::grade_text(grade))));
    rows.extend(scheme.awards.iter().map(|award| ("表彰", words::award_text(award))));
    rows.extend(scheme.vetoes.iter().map(|veto| ("否决", words::veto_text(veto))));
    rows
}
