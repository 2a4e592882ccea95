//! What a run writes about counties: 县区局汇总表, and the folder of each county.
//!
//! In: an assessment, of each unit only what it is, its points and its files' names. Out: workbooks, and findings
//! about what is missing. Never here: arithmetic, what the books show.

use super::assess::Assessed;
use super::books::put;
use super::counties;
use super::outputs::Staging;
use crate::error::Result;
use crate::model::{CountyRule, CountyScore, CountyWay, Finding, rules};
use crate::report::workbook::{CountyRoll, counties_book, county_ranking_book, county_remark};
use crate::scoring::{Reported, county_scores};
use std::collections::BTreeSet;

/// The counties side by side, each with its branches.
pub(super) const ROLL_UP: &str = "县区局汇总表.xlsx";
/// The branches of one county, in its folder.
pub(super) const RANKING: &str = "排名表.xlsx";

impl Assessed {
    /// The counties with their figures, in order of rank; none where no unit is the branch of a county.
    #[must_use]
    pub fn counties(&self) -> Vec<CountyScore> {
        let reported: Vec<Reported<'_>> = self
            .results
            .iter()
            .zip(&self.scores)
            .map(|(result, score)| Reported { unit: &result.unit, score, handed: !result.files.is_empty() })
            .collect();
        county_scores(self.county_rule, &self.scheme, &reported)
    }
}

/// Writes the books of counties; of one county alone only its own.
///
/// # Errors
/// What stops the writing of a file.
pub(super) fn write(assessed: &Assessed, staging: &Staging) -> Result<Vec<Finding>> {
    let counties = assessed.counties();
    if counties.is_empty() {
        return Ok(Vec::new());
    }
    let rule = assessed.county_rule;
    let open_of = |county: &CountyScore| -> usize {
        let branches = county.branches.iter().map(|branch| &branch.unit);
        let counts = branches.chain([&county.county]).filter_map(|unit| assessed.questions.counts.get(unit));
        counts.map(|count| usize::try_from(*count).unwrap_or(usize::MAX)).sum()
    };
    let roll = |counties, open| CountyRoll {
        scope: &assessed.scope,
        scheme: &assessed.scheme,
        rule,
        counties,
        open,
    };
    let mut findings = Vec::new();
    if assessed.only.is_none() {
        let open = counties.iter().map(open_of).sum();
        findings.extend(put(&counties_book(&roll(&counties, open)), ROLL_UP, staging)?);
    }
    let mut taken = BTreeSet::new();
    for at in 0..counties.len() {
        let one = counties.get(at..=at).unwrap_or_default();
        let Some(county) = one.first() else { continue };
        findings.extend(told(rule, county));
        if county.branches.is_empty() {
            continue;
        }
        let mut file = format!("{}/{RANKING}", counties::folder(&county.county));
        // Two counties whose names differ only in what no folder may be called share a folder.
        if !taken.insert(file.to_lowercase()) {
            file = format!("{}/（{}）{RANKING}", counties::folder(&county.county), at + 1);
        }
        findings.extend(put(&county_ranking_book(&roll(one, open_of(county))), &file, staging)?);
    }
    Ok(findings)
}

/// What is missing of a county, as a finding.
fn told(rule: CountyRule, county: &CountyScore) -> Option<Finding> {
    let unknown =
        county.branches.iter().any(|branch| branch.members.is_none()) && rule.way == CountyWay::Weighted;
    if county.own.is_some() && county.mean.is_some() && !unknown {
        return None;
    }
    let message = format!("“{}”的汇总得分：{}", county.county, county_remark(rule, county));
    Some(Finding::general(&rules::COUNTY_PART, message))
}
