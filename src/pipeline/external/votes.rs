//! Votes by grade and scores of raters.
//!
//! In: a sheet whose layout is known. Out: votes and ballots in the [`Intake`]. Never here: what they are worth.

use super::intake::Intake;
use super::sheet::{Heading, Row, Sheet};
use crate::model::{BallotLimit, Line, Mode, Place, Points, UnitName, rules as codes, within_quotes};
use crate::seeds::score_headers::Meaning;
use crate::seeds::text::fold;
use std::collections::BTreeMap;

/// How few units make it a mere chance that a rater gives all the same.
const SAME_FOR_ALL: usize = 3;

fn grades(line: &Line) -> &[(String, Points)] {
    if let Mode::Votes { grades, .. } = &line.mode { grades } else { &[] }
}

fn classes(line: &Line) -> &[(String, Points)] {
    if let Mode::Votes { classes, .. } = &line.mode { classes } else { &[] }
}

fn is_votes(line: &Line) -> bool {
    matches!(line.mode, Mode::Votes { .. })
}

fn is_raters(line: &Line) -> bool {
    matches!(line.mode, Mode::Raters { .. })
}

/// A class by its name, with or without 票 behind it.
fn class<'a>(line: &'a Line, text: &str) -> Option<&'a str> {
    let bare = |text: &str| fold(text).trim_end_matches(['票', '类']).to_owned();
    let wanted = bare(text);
    let mut names = classes(line).iter().map(|(name, _)| name.as_str());
    names.find(|name| !wanted.is_empty() && bare(name) == wanted)
}

/// The headings of a line's grades, in the order of the scheme; with the class where it stands above them.
fn grade_columns<'s>(line: &Line, sheet: &'s Sheet) -> Vec<(Option<String>, Vec<Option<&'s Heading>>)> {
    let is_grade = |heading: &Heading, name: &str| {
        heading.folded == fold(name)
            || heading.folded == format!("{}票", fold(name))
            || heading.folded == format!("{}票数", fold(name))
    };
    let mut groups: Vec<Option<String>> = Vec::new();
    for heading in &sheet.headings {
        if grades(line).iter().any(|(name, _)| is_grade(heading, name)) {
            let group = class(line, &heading.group).map(str::to_owned);
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
    }
    let of_group = |group: &Option<String>| {
        let column = |(name, _): &(String, Points)| {
            sheet.headings.iter().find(|heading| {
                is_grade(heading, name) && class(line, &heading.group).map(str::to_owned) == *group
            })
        };
        grades(line).iter().map(column).collect::<Vec<_>>()
    };
    groups
        .into_iter()
        .map(|group| {
            let columns = of_group(&group);
            (group, columns)
        })
        .collect()
}

/// The lines whose grades stand among the headings of a sheet.
pub(super) fn lines<'a>(intake: &Intake<'a>, sheet: &Sheet) -> Vec<&'a Line> {
    let complete = |line: &&Line| {
        grade_columns(line, sheet).iter().any(|(_, columns)| columns.iter().all(Option::is_some))
    };
    let votes = intake.scheme.lines().map(|(_, line)| line).filter(|line| is_votes(line));
    votes.filter(complete).collect()
}

/// The line of a row: by its project, else the only one.
fn line_of<'a>(
    intake: &mut Intake<'a>,
    row: &Row,
    project: Option<u32>,
    known: &[&'a Line],
) -> Option<&'a Line> {
    if let Some(col) = project.filter(|col| !row.text(*col).is_empty()) {
        let text = row.text(col);
        let found = intake.line(text, |line| known.iter().any(|known| known.id == line.id));
        if found.is_none() {
            let names: Vec<String> = known.iter().map(|l| format!("{} {}", l.id, l.project)).collect();
            let message = format!(
                "“{}”不是这里可以用的项目（{}），这一行没有采用",
                within_quotes(text),
                names.join("、")
            );
            intake.tell(&codes::SCORE_MATTER_UNKNOWN, &row.place(col), message);
        }
        return found;
    }
    if let [only] = known {
        return Some(only);
    }
    let names: Vec<String> = known.iter().map(|line| format!("{} {}", line.id, line.project)).collect();
    let message = format!(
        "方案里有几个这样的项目（{}），请加一列“项目编号”写明是哪一个；这一行没有采用",
        names.join("、")
    );
    intake.tell(&codes::SCORE_MATTER_UNKNOWN, &row.place(0), message);
    None
}

fn project(sheet: &Sheet) -> Option<u32> {
    sheet.column(Meaning::Line).or_else(|| sheet.column(Meaning::Project))
}

/// Votes by unit, class and grade.
pub(super) fn votes<'a>(intake: &mut Intake<'a>, sheet: &Sheet, unit: u32, known: &[&'a Line]) {
    let class_col = sheet.column(Meaning::Class);
    let project = project(sheet);
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        let Some(line) = line_of(intake, row, project, known) else { continue };
        for (above, columns) in grade_columns(line, sheet) {
            let written = class_col.map_or("", |col| row.text(col));
            let named = match (above, written) {
                (Some(above), _) => Some(above),
                (None, "") if classes(line).len() == 1 => classes(line).first().map(|(name, _)| name.clone()),
                (None, written) => class(line, written).map(str::to_owned),
            };
            let Some(named) = named else {
                let all: Vec<&str> = classes(line).iter().map(|(name, _)| name.as_str()).collect();
                let message = format!(
                    "票种“{}”不在计分方案中（{}），这一行没有采用",
                    within_quotes(written),
                    all.join("、")
                );
                intake.tell(&codes::SCORE_MATTER_UNKNOWN, &row.place(class_col.unwrap_or(unit)), message);
                continue;
            };
            if let Some((counts, place)) = counts(intake, row, sheet, &columns) {
                tell_few(intake, line, &name, &named, &counts, &place);
                let key = (name.clone(), line.id.clone(), named);
                intake.votes.entry(key).or_default().push((counts, place));
            }
        }
    }
}

/// The votes of one class where they add up.
fn counts(
    intake: &mut Intake<'_>,
    row: &Row,
    sheet: &Sheet,
    columns: &[Option<&Heading>],
) -> Option<(Vec<u32>, Place)> {
    let mut counts = Vec::new();
    for heading in columns {
        counts.push(intake.count(row, heading.map(|heading| heading.col), 0)?);
    }
    let first = columns.iter().flatten().next()?.col;
    let place = row.place(first);
    if counts.iter().all(|count| *count == 0) {
        return None;
    }
    let mut more = |meaning: Meaning| -> Option<Option<(u32, u32)>> {
        let Some(col) = sheet.column(meaning).filter(|col| !row.text(*col).is_empty()) else {
            return Some(None);
        };
        intake.count(row, Some(col), 0).map(|count| Some((count, col)))
    };
    let (abstain, valid) = (more(Meaning::Abstain)?, more(Meaning::Valid)?);
    let (back, sent) = (more(Meaning::Back)?, more(Meaning::Sent)?);
    let sum = counts.iter().sum::<u32>().saturating_add(abstain.map_or(0, |(count, _)| count));
    let chain =
        [("各等次票数之和", Some((sum, first))), ("有效票", valid), ("收回票", back), ("发出票", sent)];
    let stated: Vec<(&str, u32, u32)> =
        chain.iter().filter_map(|(what, found)| found.map(|(count, col)| (*what, count, col))).collect();
    for pair in stated.windows(2) {
        if let [(less, fewer, _), (more, most, col)] = pair
            && fewer > most
        {
            let message = format!("{less}{fewer}多于{more}{most}，这一组票没有采用");
            intake.tell(&codes::VOTES_DO_NOT_ADD_UP, &row.place(*col), message);
            return None;
        }
    }
    Some((counts, place))
}

fn tell_few(
    intake: &mut Intake<'_>,
    line: &Line,
    unit: &UnitName,
    class: &str,
    counts: &[u32],
    place: &Place,
) {
    let Mode::Votes { fewest, .. } = &line.mode else { return };
    let valid: u32 = counts.iter().sum();
    if valid < *fewest {
        let message =
            format!("“{unit}”的“{class}”有效票{valid}张，少于方案规定的{fewest}张，这一类票的得分按待定处理");
        intake.tell(&codes::TOO_FEW_VOTES, place, message);
    }
}

/// The columns of raters: 评委1, 考官二, or any heading under a merged 评委.
fn rater_columns(sheet: &Sheet) -> Vec<&Heading> {
    const WORDS: [&str; 4] = ["评委", "考官", "评分人", "打分人"];
    let is_rater = |heading: &&Heading| {
        let own = WORDS.iter().any(|word| heading.folded.starts_with(word)) && heading.meaning.is_none();
        let under = WORDS.iter().any(|word| heading.group.starts_with(word));
        own || (under && heading.meaning != Some(Meaning::Unit) && heading.meaning != Some(Meaning::Ignored))
    };
    sheet.headings.iter().filter(is_rater).collect()
}

/// Whether a sheet holds scores of raters, one column each or one row each.
pub(super) fn has_raters(sheet: &Sheet) -> bool {
    rater_columns(sheet).len() >= 3
        || (sheet.column(Meaning::Rater).is_some() && sheet.column(Meaning::Score).is_some())
}

/// The lines that take scores of raters.
pub(super) fn rater_lines<'a>(intake: &Intake<'a>) -> Vec<&'a Line> {
    intake.scheme.lines().map(|(_, line)| line).filter(|line| is_raters(line)).collect()
}

/// One score of one rater.
struct Mark<'a> {
    unit: UnitName,
    line: &'a Line,
    rater: String,
    score: Points,
    place: Place,
}

/// Scores by unit and rater.
pub(super) fn raters<'a>(intake: &mut Intake<'a>, sheet: &Sheet, unit: u32, known: &[&'a Line]) {
    let project = project(sheet);
    let columns = rater_columns(sheet);
    let long = sheet.column(Meaning::Rater).zip(sheet.column(Meaning::Score));
    let mut marks: Vec<Mark<'_>> = Vec::new();
    for row in &sheet.rows {
        let Some(name) = intake.unit(row, unit) else { continue };
        let Some(line) = line_of(intake, row, project, known) else { continue };
        let Mode::Raters { full, .. } = &line.mode else { continue };
        let cells: Vec<(String, u32)> = match long {
            Some((rater, score)) if columns.len() < 3 => vec![(row.text(rater).to_owned(), score)],
            _ => columns.iter().map(|heading| (heading.text.clone(), heading.col)).collect(),
        };
        for (rater, col) in cells {
            let what = format!("“{rater}”打的分");
            if let Some(score) = intake.score(row, col, Some(*full), &what) {
                marks.push(Mark { unit: name.clone(), line, rater, score, place: row.place(col) });
            }
        }
    }
    let mut ballots: BTreeMap<(&str, String), Vec<Mark<'_>>> = BTreeMap::new();
    for mark in marks {
        ballots.entry((mark.line.id.as_str(), mark.rater.clone())).or_default().push(mark);
    }
    for ((_, rater), marks) in ballots {
        let Some(first) = marks.first() else { continue };
        let scores: Vec<Points> = marks.iter().map(|mark| mark.score).collect();
        if let Some(why) = void(first.line, &scores) {
            let message = format!("“{}”的评分票{why}，按废票处理，没有计入", within_quotes(&rater));
            intake.tell(&codes::BALLOT_VOID, &first.place, message);
            continue;
        }
        for mark in marks {
            let key = (mark.unit, mark.line.id.clone(), rater.clone());
            intake.raters.entry(key).or_default().push((mark.score, mark.place));
        }
    }
}

/// Why a rater's scores are void.
fn void(line: &Line, scores: &[Points]) -> Option<String> {
    let Mode::Raters { limits, .. } = &line.mode else { return None };
    for BallotLimit { above, score, at_most, count } in limits {
        let within = scores.iter().filter(|given| if *above { *given >= score } else { *given < score });
        let found = u32::try_from(within.count()).unwrap_or(u32::MAX);
        if (*at_most && found > *count) || (!at_most && found < *count) {
            let side = if *above { "以上" } else { "以下" };
            let bound = if *at_most { "不超过" } else { "不少于" };
            return Some(format!("{score}分{side}的有{found}个，方案规定{bound}{count}个"));
        }
    }
    let same = scores.len() >= SAME_FOR_ALL && scores.windows(2).all(|pair| pair.first() == pair.last());
    same.then(|| "给各单位打的分全部相同".to_owned())
}
