//! The journal of a run (运行记录.json): inputs with hashes, row counts that add up, version, settings.

use super::assess::Assessed;
use crate::model::Severity;
use serde::Serialize;
use std::collections::BTreeMap;

/// The journal's name.
pub const FILE: &str = "运行记录.json";

#[derive(Serialize)]
struct Journal<'a> {
    #[serde(rename = "程序版本")]
    version: &'a str,
    #[serde(rename = "单位")]
    bureau: &'a str,
    #[serde(rename = "年度")]
    year: i32,
    #[serde(rename = "数据截至")]
    until: String,
    #[serde(rename = "计分规则")]
    notes: &'a [String],
    #[serde(rename = "行数核对")]
    rows: Totals,
    #[serde(rename = "问题数")]
    findings: BTreeMap<&'static str, usize>,
    #[serde(rename = "输入文件")]
    inputs: Vec<Input<'a>>,
    #[serde(rename = "单位结果")]
    units: Vec<UnitLine<'a>>,
}

#[derive(Serialize)]
struct Totals {
    #[serde(rename = "非空行")]
    nonblank: u64,
    #[serde(rename = "活动行")]
    activity_rows: u64,
    #[serde(rename = "剔除行")]
    excluded: u64,
    #[serde(rename = "相符")]
    sums: bool,
    #[serde(rename = "活动数")]
    activities: usize,
}

#[derive(Serialize)]
struct Input<'a> {
    #[serde(rename = "文件")]
    file: &'a str,
    #[serde(rename = "字节")]
    size: u64,
    #[serde(rename = "sha256")]
    sha256: &'a str,
    #[serde(rename = "计入单位")]
    unit: &'a str,
    #[serde(rename = "非空行")]
    nonblank: u32,
    #[serde(rename = "活动行")]
    activity_rows: u32,
    #[serde(rename = "剔除行")]
    excluded: u32,
    #[serde(rename = "不能读取的原因", skip_serializing_if = "str::is_empty")]
    error: &'a str,
}

#[derive(Serialize)]
struct UnitLine<'a> {
    #[serde(rename = "单位")]
    unit: &'a str,
    #[serde(rename = "组别")]
    group: &'a str,
    #[serde(rename = "名次")]
    rank: u32,
    #[serde(rename = "得分")]
    earned: String,
    #[serde(rename = "待核实分")]
    pending: String,
    #[serde(rename = "已扣分")]
    lost: String,
    #[serde(rename = "总分")]
    total: String,
    #[serde(rename = "最高可达")]
    ceiling: String,
    #[serde(rename = "最好名次")]
    best: u32,
    #[serde(rename = "最差名次")]
    worst: u32,
    #[serde(rename = "等次", skip_serializing_if = "str::is_empty")]
    grade: &'a str,
    #[serde(rename = "表彰")]
    awards: BTreeMap<&'a str, &'static str>,
    #[serde(rename = "板块")]
    blocks: BTreeMap<&'a str, [String; 2]>,
    #[serde(rename = "待核事项")]
    questions: u32,
    #[serde(rename = "各条目得分")]
    items: BTreeMap<&'a str, String>,
}

/// The journal as JSON, the same for the same inputs.
#[must_use]
pub fn json(assessed: &Assessed) -> String {
    let mut findings = BTreeMap::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let count = assessed.findings.iter().filter(|f| f.rule.severity == severity).count();
        findings.insert(severity.as_str(), count);
    }
    let total = |pick: &dyn Fn(&crate::model::RowCounts) -> u32| -> u64 {
        assessed.files.iter().map(|file| u64::from(pick(&file.counts))).sum()
    };
    let (nonblank, activity_rows, excluded) =
        (total(&|c| c.nonblank), total(&|c| c.activity_rows), total(&|c| c.excluded));
    let open = &assessed.questions.counts;
    let journal = Journal {
        version: env!("CARGO_PKG_VERSION"),
        bureau: &assessed.scope.bureau,
        year: assessed.scope.year,
        until: assessed.scope.until.to_string(),
        notes: &assessed.notes,
        rows: Totals {
            nonblank,
            activity_rows,
            excluded,
            sums: nonblank == activity_rows + excluded,
            activities: assessed.files.iter().map(|file| file.activities).sum(),
        },
        findings,
        inputs: assessed
            .inputs
            .iter()
            .zip(&assessed.files)
            .map(|(input, rows)| Input {
                file: &input.file,
                size: input.size,
                sha256: &input.sha256,
                unit: &rows.unit,
                nonblank: rows.counts.nonblank,
                activity_rows: rows.counts.activity_rows,
                excluded: rows.counts.excluded,
                error: &rows.error,
            })
            .collect(),
        units: assessed
            .results
            .iter()
            .zip(&assessed.standings)
            .zip(&assessed.scores)
            .map(|((result, standing), score)| UnitLine {
                unit: &result.unit.name,
                group: &standing.group,
                rank: standing.rank,
                earned: standing.total.to_string(),
                pending: (standing.ceiling - standing.total).to_string(),
                lost: result.card.lost.to_string(),
                total: standing.total.to_string(),
                ceiling: standing.ceiling.to_string(),
                best: standing.best,
                worst: standing.worst,
                grade: standing.grade.as_ref().map_or("", |grade| grade.name.as_str()),
                awards: standing.awards.iter().map(|a| (a.award.as_str(), a.place.as_str())).collect(),
                blocks: score
                    .blocks
                    .iter()
                    .map(|b| (b.block.as_str(), [b.points.low.to_string(), b.points.high.to_string()]))
                    .collect(),
                questions: open.get(&result.unit.name).copied().unwrap_or(0),
                items: result.card.items.iter().map(|i| (i.item.as_str(), i.earned.to_string())).collect(),
            })
            .collect(),
    };
    // Plain strings and numbers always serialise.
    serde_json::to_string_pretty(&journal).unwrap_or_default() + "\n"
}
