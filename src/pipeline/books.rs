//! The workbooks of a run.
//!
//! In: what the workbooks show, and a file name for each unit. Out: the files, and formulas that do not come
//! to the program's own figures as findings. Never here: what is shown.

use super::cases::{Case, Cases, Part};
use super::counties::home;
use super::open_questions::OpenQuestions;
use super::outputs::Staging;
use super::watch::Watch;
use crate::error::Result;
use crate::formula::Mismatch;
use crate::model::{Finding, Question, Standing, UnitResult, UnitScore, rules};
use crate::render;
use crate::report::workbook::{
    Made, Overview, VERIFY_UNITS, county_book, meeting_lines, meetings_book_of, ranking_book, score_book,
    wide_sheets,
};
use crate::scoring::rank;
use rayon::prelude::*;

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

/// A kind of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workbook {
    /// Who stands where.
    Ranking,
    /// County bureaus side by side.
    Counties,
    /// Meetings by month.
    Meetings,
    /// One of each unit.
    ScoreSheets,
}

impl Workbook {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Ranking, Self::Counties, Self::Meetings, Self::ScoreSheets];

    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ranking => "排名表",
            Self::Counties => "县区局对比表",
            Self::Meetings => "三会一课统计表",
            Self::ScoreSheets => SCORE_SHEETS,
        }
    }
}

/// The kinds of workbook that are written; all of them unless the settings say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workbooks(pub Vec<Workbook>);

impl Default for Workbooks {
    fn default() -> Self {
        Self(Workbook::ALL.into())
    }
}

/// What is written: the workbooks, the groups that stand in the book of county bureaus, a file name for each unit.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) books: &'a Workbooks,
    pub(super) questions: &'a OpenQuestions,
    pub(super) compared: Option<&'a [String]>,
    pub(super) names: &'a [String],
}

/// Writes the workbooks that are asked for.
///
/// # Errors
/// What stops the writing of a file.
pub(super) fn write(
    overview: &Overview<'_>,
    cases: Cases<'_>,
    order: Order<'_>,
    staging: &Staging,
    watch: &dyn Watch,
) -> Result<Vec<Finding>> {
    let asked = |book: Workbook| order.books.0.contains(&book);
    let mut findings = Vec::new();
    watch.stage("写排名表", 3);
    if asked(Workbook::Ranking) {
        if cases.aside.is_some() {
            let (title, sheets) = wide_sheets(overview);
            let bytes = render::xlsx_by_sheet(&title, &overview.scope.bureau, sheets)?;
            staging.write(RANKING, &bytes)?;
        } else {
            findings.extend(put(&ranking_book(overview), RANKING, staging)?);
        }
    }
    watch.step();
    if asked(Workbook::Counties) {
        findings.extend(counties(overview, cases, order.compared, staging)?);
    }
    watch.step();
    if asked(Workbook::Meetings) {
        let mut lines = Vec::new();
        let own = |_: usize, case: &Case<'_>| meeting_lines(overview.rules, &case.result);
        cases.each(Part::Whole, own, |_, own| lines.extend(own))?;
        findings.extend(put(&meetings_book_of(overview, &lines), MEETINGS, staging)?);
    }
    watch.step();
    if asked(Workbook::ScoreSheets) {
        findings.extend(score_sheets(overview, cases, order.questions, order.names, staging, watch)?);
    }
    Ok(findings)
}

/// Writes the book of each unit, into the folder of its county where it has one.
///
/// # Errors
/// What stops the writing of a file.
pub(super) fn score_sheets(
    overview: &Overview<'_>,
    cases: Cases<'_>,
    questions: &OpenQuestions,
    names: &[String],
    staging: &Staging<'_>,
    watch: &dyn Watch,
) -> Result<Vec<Finding>> {
    watch.stage("写评分表", overview.results.len());
    let compare = overview.results.len() <= VERIFY_UNITS;
    let told: Vec<Vec<Finding>> = names
        .par_iter()
        .enumerate()
        .map(|(unit, name)| {
            let Some(case) = cases.told(unit)? else { return Ok(Vec::new()) };
            let open = questions.of_unit(unit, cases)?;
            let Some(own) = of_unit(overview, unit, &case, &open) else { return Ok(Vec::new()) };
            let file = format!("{}{SCORE_SHEETS}/{name}.xlsx", home(&case.result.unit));
            let told = put(&score_book(&own, compare), &file, staging)?;
            watch.step();
            Ok(told)
        })
        .collect::<Result<_>>()?;
    Ok(told.into_iter().flatten().collect())
}

/// What is shown of one unit.
fn of_unit<'a>(
    overview: &'a Overview<'_>,
    unit: usize,
    case: &'a Case<'_>,
    questions: &'a [Question],
) -> Option<Overview<'a>> {
    let standings = overview.standings.get(unit..=unit)?;
    let (result, results) = (&case.result, std::slice::from_ref(&*case.result));
    let scores = std::slice::from_ref(&*case.score);
    let list = overview.rules.iter().position(|rules| rules.list.id == result.card.list);
    let rules = list.and_then(|at| overview.rules.get(at..=at)).unwrap_or(overview.rules);
    Some(Overview { results, standings, rules, scores, questions, ..*overview })
}

/// The book of county bureaus, where there are at least two.
fn counties(
    overview: &Overview<'_>,
    cases: Cases<'_>,
    compared: Option<&[String]>,
    staging: &Staging,
) -> Result<Vec<Finding>> {
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
    let own: Vec<Case<'_>> =
        chosen.iter().filter_map(|at| cases.told(*at).transpose()).collect::<Result<_>>()?;
    let (results, scores): (Vec<UnitResult>, Vec<UnitScore>) =
        own.into_iter().map(|case| (case.result.into_owned(), case.score.into_owned())).unzip();
    let standings: Vec<Standing> =
        chosen.iter().filter_map(|at| overview.standings.get(*at)).cloned().collect();
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
