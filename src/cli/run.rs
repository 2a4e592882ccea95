//! `shuzhi run`: the whole job, and what it did in a page.

use super::Ending;
use super::discretion::Discretion;
use super::progress::Progress;
use super::screen::{Screen, left, right, widest};
use shuzhi::error::Result;
use shuzhi::model::{Finding, Points, Severity, rules};
use shuzhi::pipeline::assess::Assessed;
use shuzhi::pipeline::run::{Done, run as run_pipeline};
use std::path::Path;

/// How many units of each group, and how many findings of each severity, are shown.
const UNITS: usize = 10;
const FINDINGS: [(Severity, usize); 3] = [(Severity::Error, 20), (Severity::Warning, 8), (Severity::Note, 0)];

pub(super) fn run(folder: &Path, names: bool, screen: &mut Screen) -> Result<Ending> {
    let progress = Progress::new();
    let outcome = run_pipeline(folder, &progress);
    progress.clear();
    let done = outcome?;
    head(&done.assessed, screen);
    ranking(&done.assessed, screen);
    findings(&done.assessed.findings, &Discretion::of(&done.assessed, names), screen);
    files(&done, screen);
    let errors = done.assessed.findings.iter().any(|f| f.rule.severity == Severity::Error);
    Ok(if errors { Ending::WithErrors } else { Ending::Clean })
}

fn head(assessed: &Assessed, screen: &mut Screen) {
    let scope = &assessed.scope;
    screen.out(&format!(
        "{}{}年度党建工作考核（数据截至{}）",
        scope.bureau,
        scope.year,
        scope.until.chinese()
    ));
    let sum = |pick: &dyn Fn(&shuzhi::model::RowCounts) -> u32| -> u64 {
        assessed.files.iter().map(|file| u64::from(pick(&file.counts))).sum()
    };
    let activities: usize = assessed.files.iter().map(|file| file.activities).sum();
    screen.out(&format!(
        "读取{}个文件；行数核对：非空行{}＝活动行{}＋剔除行{}；活动{activities}项，单位{}个",
        assessed.files.len(),
        sum(&|c| c.nonblank),
        sum(&|c| c.activity_rows),
        sum(&|c| c.excluded),
        assessed.results.len(),
    ));
}

fn ranking(assessed: &Assessed, screen: &mut Screen) {
    let width = widest(assessed.standings.iter().map(|s| &*s.unit)).clamp(8, 44);
    let mut group: Option<&str> = None;
    let mut shown = 0;
    for standing in &assessed.standings {
        if group != Some(&standing.group) {
            group = Some(&standing.group);
            shown = 0;
            let name = if standing.group.is_empty() { "排名" } else { &standing.group };
            screen.out(&format!(
                "\n  {}{}{}{}  名次区间",
                left(&format!("{name}（名次）"), 22),
                left("单位", width),
                right("得分", 10),
                right("待核实", 10)
            ));
        }
        shown += 1;
        if shown > UNITS {
            continue;
        }
        let interval = standing.interval();
        screen.out(&format!(
            "  {}{}{}{}  {interval}",
            left(&right(&standing.rank.to_string(), 6), 22),
            left(&standing.unit, width),
            right(&decimals(standing.total), 10),
            right(&decimals(standing.ceiling - standing.total), 10),
        ));
    }
    if assessed.standings.len() > UNITS {
        screen.out(&format!("  （每组至多列{UNITS}个，全部名次见排名表）"));
    }
}

/// Points with two decimals, so that they stand under each other.
fn decimals(points: Points) -> String {
    format!("{}.{:02}", points.hundredths() / 100, points.hundredths() % 100)
}

fn findings(findings: &[Finding], discreet: &Discretion, screen: &mut Screen) {
    let of = |severity: Severity| findings.iter().filter(move |f| f.rule.severity == severity);
    let counts: Vec<String> = FINDINGS
        .iter()
        .map(|(severity, _)| format!("{}{}条", severity.as_str(), of(*severity).count()))
        .collect();
    screen.out(&format!("\n发现的问题：{}（全部见排名表“问题提示”）", counts.join("，")));
    for (severity, limit) in FINDINGS {
        // What a person has entered and was not adopted comes first.
        let entered = |f: &&Finding| f.rule.code == rules::BAD_VERDICT.code;
        let first = of(severity).filter(entered).chain(of(severity).filter(|f| !entered(f)));
        for finding in first.take(limit) {
            screen.out(&discreet.line(&format!("  {finding}")));
            if severity == Severity::Error {
                screen.out(&discreet.line(&format!("      → {}", finding.advice())));
            }
        }
        let more = of(severity).count().saturating_sub(limit);
        if limit > 0 && more > 0 {
            screen.out(&format!("  ……另有{}{more}条", severity.as_str()));
        }
    }
}

fn files(done: &Done, screen: &mut Screen) {
    let shown = |name: &str| done.results.join(name).display().to_string();
    screen.out("\n写好的文件");
    screen.out(&format!("  {}", shown("排名表.xlsx")));
    screen.out(&format!("  述职报告、考核通报等文书{}份，在 {}", done.written, done.results.display()));
    screen.out(&format!("  {}", shown("运行记录.json")));
    if let Some(review) = &done.review {
        screen.out(&format!("  {}（核实结论填在这里，再运行一次）", review.display()));
    }
}
