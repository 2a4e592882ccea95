//! The workbooks of a run.
//!
//! In: what the workbooks show, and a file name for each unit. Out: the files, and formulas that do not come
//! to the program's own figures as findings. Never here: what is shown.

use super::counties::home;
use super::outputs::Staging;
use super::watch::Watch;
use crate::error::Result;
use crate::formula::Mismatch;
use crate::model::{Finding, Question, Standing, UnitName, UnitScore, rules};
use crate::render;
use crate::report::workbook::{
    Made, Overview, VERIFY_UNITS, county_book, meetings_book, ranking_book, score_book,
};
use crate::scoring::rank;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The folder of the units' own books.
pub const SCORE_SHEETS: &str = "评分表";
/// The ranking workbook.
pub const RANKING: &str = "排名表.xlsx";
/// County bureaus side by side.
pub const COUNTIES: &str = "县区局对比表.xlsx";
/// 三会一课 by month.
pub const MEETINGS: &str = "三会一课统计表.xlsx";
/// What was noticed and read of one county, whose ranking workbook does not tell it.
pub const AUDIT: &str = "问题提示.xlsx";
/// A group of county bureaus has one of these in its name, where the settings name none.
const COUNTY_WORDS: [&str; 2] = ["县", "区局"];
/// So many differing formulas are told of each workbook.
const TOLD: usize = 5;

/// Writes all workbooks; `compared`: the groups that stand in the book of county bureaus.
///
/// # Errors
/// What stops the writing of a file.
pub(super) fn write(
    overview: &Overview<'_>,
    names: &[String],
    compared: Option<&[String]>,
    staging: &Staging,
    watch: &dyn Watch,
) -> Result<Vec<Finding>> {
    watch.stage("写排名表", 3);
    let mut findings = put(&ranking_book(overview), RANKING, staging)?;
    watch.step();
    findings.extend(counties(overview, compared, staging)?);
    watch.step();
    findings.extend(put(&meetings_book(overview), MEETINGS, staging)?);
    watch.step();
    findings.extend(score_sheets(overview, names, staging, watch)?);
    Ok(findings)
}

/// Writes the book of each unit, into the folder of its county where it has one.
///
/// # Errors
/// What stops the writing of a file.
pub(super) fn score_sheets(
    overview: &Overview<'_>,
    names: &[String],
    staging: &Staging,
    watch: &dyn Watch,
) -> Result<Vec<Finding>> {
    watch.stage("写评分表", overview.results.len());
    let compare = overview.results.len() <= VERIFY_UNITS;
    let mut questions: BTreeMap<&UnitName, Vec<Question>> = BTreeMap::new();
    for question in overview.questions {
        questions.entry(&question.unit).or_default().push(question.clone());
    }
    let told: Vec<Vec<Finding>> = names
        .par_iter()
        .enumerate()
        .map(|(unit, name)| {
            let Some(own) = of_unit(overview, unit, &questions) else { return Ok(Vec::new()) };
            let home = own.results.first().map(|result| home(&result.unit)).unwrap_or_default();
            let file = format!("{home}{SCORE_SHEETS}/{name}.xlsx");
            let told = put(&score_book(&own, compare), &file, staging)?;
            watch.step();
            Ok(told)
        })
        .collect::<Result<_>>()?;
    Ok(told.into_iter().flatten().collect())
}

/// What is shown of one unit; `questions` are those of all units.
fn of_unit<'a>(
    overview: &Overview<'a>,
    unit: usize,
    questions: &'a BTreeMap<&UnitName, Vec<Question>>,
) -> Option<Overview<'a>> {
    let one = unit..=unit;
    let (results, standings) = (overview.results.get(one.clone())?, overview.standings.get(one.clone())?);
    let (scores, result) = (overview.scores.get(one)?, results.first()?);
    let list = overview.rules.iter().position(|rules| rules.list.id == result.card.list);
    let rules = list.and_then(|at| overview.rules.get(at..=at)).unwrap_or(overview.rules);
    let questions = questions.get(&result.unit.name).map_or(&[][..], Vec::as_slice);
    Some(Overview { results, standings, rules, scores, questions, ..*overview })
}

/// The book of county bureaus, where there are at least two.
fn counties(overview: &Overview<'_>, compared: Option<&[String]>, staging: &Staging) -> Result<Vec<Finding>> {
    let is_one = |group: &str| match compared {
        Some(groups) => groups.iter().any(|known| known == group),
        None => COUNTY_WORDS.iter().any(|word| group.contains(word)),
    };
    let chosen: Vec<usize> = overview
        .scores
        .iter()
        .enumerate()
        .filter(|(_, score)| is_one(&score.group))
        .map(|(index, _)| index)
        .collect();
    if chosen.len() < 2 {
        return Ok(Vec::new());
    }
    let results: Vec<_> = chosen.iter().filter_map(|at| overview.results.get(*at)).cloned().collect();
    let standings: Vec<Standing> =
        chosen.iter().filter_map(|at| overview.standings.get(*at)).cloned().collect();
    let scores: Vec<UnitScore> = chosen.iter().filter_map(|at| overview.scores.get(*at)).cloned().collect();
    let own = Overview { results: &results, standings: &standings, scores: &scores, ..*overview };
    put(&county_book(&own, &rank(overview.scheme, &scores, true)), COUNTIES, staging)
}

pub(super) fn put(made: &Made, file: &str, staging: &Staging) -> Result<Vec<Finding>> {
    staging.write(file, &render::xlsx(&made.book)?)?;
    Ok(made.wrong.iter().take(TOLD).map(|wrong| told(wrong, file)).collect())
}

/// A formula that does not come to the program's figure.
fn told(wrong: &Mismatch, file: &str) -> Finding {
    let shown = |value: String| value.chars().take(60).collect::<String>();
    let message = format!(
        "{file}〔{}〕第{}行第{}列的公式算出{}，程序的数是{}",
        wrong.name,
        wrong.row + 1,
        wrong.col + 1,
        shown(format!("{:?}", wrong.computed)),
        shown(format!("{:?}", wrong.cached)),
    );
    Finding::general(&rules::BOOK_DIFFERS, message)
}
