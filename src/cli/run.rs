//! `shuzhi run`: the whole job, and what it did in a page.

use super::Ending;
use super::discretion::Discretion;
use super::progress::Progress;
use super::redaction;
use super::screen::{Screen, left, right, widest};
use shuzhi::error::Result;
use shuzhi::model::{Finding, Points, Severity, rules};
use shuzhi::pipeline::assess::Assessed;
use shuzhi::pipeline::books;
use shuzhi::pipeline::run::{Done, run_only, run_redacted};
use std::path::Path;

/// How many units of each group, and how many findings of each severity, are shown.
const UNITS: usize = 10;
const FINDINGS: [(Severity, usize); 3] = [(Severity::Error, 20), (Severity::Warning, 8), (Severity::Note, 0)];

/// What is shown and written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// One county alone.
    pub(super) county: Option<&'a str>,
    /// Names on the screen.
    pub(super) names: bool,
    /// Names masked in what is written.
    pub(super) redact: bool,
}

pub(super) fn run(folder: &Path, asked: Asked<'_>, screen: &mut Screen) -> Result<Ending> {
    let Asked { county, names, redact } = asked;
    let progress = Progress::new();
    let outcome =
        if redact { run_redacted(folder, county, &progress) } else { run_only(folder, county, &progress) };
    progress.clear();
    let done = outcome?;
    head(&done.assessed, screen);
    ranking(&done.assessed, screen);
    counties(&done.assessed, screen);
    let all = if done.assessed.only.is_some() { books::AUDIT } else { "排名表“问题提示”" };
    findings(&done.assessed.findings, all, &Discretion::of(&done.assessed.persons, names)?, screen);
    files(&done, screen);
    if let Some(redaction) = &done.redaction {
        redaction::told(redaction, done.assessed.only.is_some(), names, screen);
    }
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

/// The counties with what their branches come to, where there are any.
fn counties(assessed: &Assessed, screen: &mut Screen) {
    let counties = assessed.counties();
    if counties.is_empty() {
        return;
    }
    let width = widest(counties.iter().map(|c| &*c.county)).clamp(8, 44);
    let heads = ["本级", "支部平均", "支部", "报送", "汇总", "待核实"];
    let heads: String = heads.iter().map(|head| right(head, 10)).collect();
    screen.out(&format!("\n  {}{}{heads}", left("县区（名次）", 14), left("县区", width)));
    let shown = |points: Option<Points>| points.map_or_else(|| "—".to_owned(), decimals);
    for county in counties.iter().take(UNITS) {
        let rank = match county.rank {
            0 => "—".to_owned(),
            _ if assessed.only.is_some() => "—".to_owned(),
            rank => rank.to_string(),
        };
        let cells = [
            shown(county.own.map(|own| own.low)),
            shown(county.mean.map(|mean| mean.low)),
            county.branches.len().to_string(),
            county.handed().to_string(),
            shown(county.total.map(|total| total.low)),
            shown(county.total.map(|total| total.high - total.low)),
        ];
        let cells: String = cells.iter().map(|cell| right(cell, 10)).collect();
        screen.out(&format!("  {}{}{cells}", left(&right(&rank, 6), 14), left(&county.county, width)));
    }
    if counties.len() > UNITS {
        screen.out(&format!("  （列{UNITS}个，全部见县区局汇总表）"));
    }
}

/// Points with two decimals, so that they stand under each other.
fn decimals(points: Points) -> String {
    format!("{}.{:02}", points.hundredths() / 100, points.hundredths() % 100)
}

fn findings(findings: &[Finding], all: &str, discreet: &Discretion, screen: &mut Screen) {
    let of = |severity: Severity| findings.iter().filter(move |f| f.rule.severity == severity);
    let counts: Vec<String> = FINDINGS
        .iter()
        .map(|(severity, _)| format!("{}{}条", severity.as_str(), of(*severity).count()))
        .collect();
    screen.out(&format!("\n发现的问题：{}（全部见{all}）", counts.join("，")));
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
    if let Some(county) = &done.assessed.only {
        screen.out(&format!(
            "  只算了“{county}”，成果、核对表没有改动；全局的名次、汇总要运行整个文件夹才更新"
        ));
    } else if done.redaction.is_some() {
        screen.out("  成果、核对表没有改动");
    }
    if done.results.join(books::RANKING).is_file() {
        screen.out(&format!("  {}", shown(books::RANKING)));
    }
    if done.assessed.only.is_none() && !done.assessed.counties().is_empty() {
        screen.out(&format!("  {}（各县区的支部排名、文书在“县区”里）", shown("县区局汇总表.xlsx")));
    }
    screen.out(&format!("  述职报告、考核通报等文书{}份，在 {}", done.written, done.results.display()));
    screen.out(&format!("  {}", shown("运行记录.json")));
    if let Some(review) = &done.review {
        screen.out(&format!("  {}（核实结论填在这里，再运行一次）", review.display()));
    }
}
