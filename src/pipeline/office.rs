//! What an office lays beside its settings for the documents: 领导名册.xlsx and 上年整改清单.xlsx.
//!
//! In: the folder. Out: leaders, last year's problems by unit, findings. Never here: documents.

use super::form;
use super::settings::Settings;
use super::units::{Resolution, Units};
use crate::model::{Finding, Leader, Place, Rectification, UnitName, rules};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The file of leaders.
pub const LEADERS: &str = "领导名册.xlsx";
/// The file of last year's problems.
pub const RECTIFICATION: &str = "上年整改清单.xlsx";

const LEADER_COLUMNS: [&[&str]; 3] = [
    &["姓名", "领导", "领导姓名"],
    &["职务", "现任职务", "党内职务"],
    &["联系支部", "联系党支部", "联系点", "党建联系点"],
];
const TASK_COLUMNS: [&[&str]; 7] = [
    &["单位", "单位名称", "支部", "支部名称", "党支部"],
    &["问题", "存在问题", "主要问题", "问题描述"],
    &["来源", "问题来源"],
    &["整改措施", "措施"],
    &["责任人", "责任领导", "责任单位"],
    &["时限", "整改时限", "完成时限", "完成时间"],
    &["完成情况", "整改情况", "整改进展", "进展"],
];

/// The leaders: of the workbook, else the names of the settings' section 名单.
pub fn leaders(folder: &Path, settings: &Settings, findings: &mut Vec<Finding>) -> Vec<Leader> {
    let rows = rows(folder, LEADERS, &LEADER_COLUMNS, 1, findings);
    if rows.is_empty() {
        let named = |name: &String| Leader {
            name: Arc::from(name.as_str()),
            post: String::new(),
            contacts: Vec::new(),
        };
        return settings.leaders.iter().map(named).collect();
    }
    let mut leaders: Vec<Leader> = Vec::new();
    for row in rows.iter().filter(|row| !row.text(0).is_empty() && !row.text(0).starts_with(['注', '说'])) {
        let name: String = row.text(0).split_whitespace().collect();
        if leaders.iter().any(|leader| *leader.name == *name) {
            let message = format!("“{name}”写了两次，只用前一行");
            findings.push(Finding::at(&rules::BAD_REGISTER, &row.place, message));
            continue;
        }
        leaders.push(Leader {
            name: Arc::from(name),
            post: row.text(1).to_owned(),
            contacts: row
                .text(2)
                .split(['、', '，', ',', '；', ';', '\n'])
                .map(|branch| branch.trim().to_owned())
                .filter(|branch| !branch.is_empty())
                .collect(),
        });
    }
    leaders
}

/// Last year's problems by unit.
pub fn rectification(
    folder: &Path,
    units: &Units,
    findings: &mut Vec<Finding>,
) -> BTreeMap<UnitName, Vec<Rectification>> {
    let mut by_unit: BTreeMap<UnitName, Vec<Rectification>> = BTreeMap::new();
    // Merged cells leave the unit's name in the first row only.
    let mut last = String::new();
    for row in rows(folder, RECTIFICATION, &TASK_COLUMNS, 2, findings) {
        if row.text(1).is_empty() {
            continue;
        }
        if !row.text(0).is_empty() {
            row.text(0).clone_into(&mut last);
        }
        let (Resolution::Known(at) | Resolution::Guessed(at)) = units.resolve(&last) else {
            let message = format!("上年整改清单中的单位“{last}”不在本次考核的单位中，这一行没有采用");
            findings.push(Finding::at(&rules::BAD_REGISTER, &row.place, message));
            continue;
        };
        let Some(unit) = units.all().get(at) else { continue };
        by_unit.entry(unit.name.clone()).or_default().push(Rectification {
            problem: row.text(1).to_owned(),
            source: row.text(2).to_owned(),
            measure: row.text(3).to_owned(),
            owner: row.text(4).to_owned(),
            deadline: row.text(5).to_owned(),
            progress: row.text(6).to_owned(),
            place: row.place.clone(),
        });
    }
    by_unit
}

/// The rows of a workbook that need not be there; what is wrong with it is told.
fn rows(
    folder: &Path,
    name: &str,
    columns: &[&[&str]],
    required: usize,
    findings: &mut Vec<Finding>,
) -> Vec<form::FormRow> {
    let path = folder.join(name);
    if !path.is_file() {
        return Vec::new();
    }
    let bytes = std::fs::read(&path).map_err(|error| format!("读不出来（{error}）"));
    match bytes.and_then(|bytes| form::read(name, &bytes, columns, required)) {
        Ok(rows) => rows,
        Err(message) => {
            let place = Place::file(name);
            findings.push(Finding::at(&rules::BAD_REGISTER, &place, format!("没有采用：{message}")));
            Vec::new()
        }
    }
}
