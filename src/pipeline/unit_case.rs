//! One unit: what its activities prove, and what its reviewer has decided.
//!
//! In: the activities of a unit, the rules of its list, the reviewer's entries. Out: a [`UnitResult`] and
//! findings. Never here: points under a scheme, other units.

use super::gather::HandedIn;
use super::{answers, review, rules};
use crate::alike;
use crate::model::{
    Activity, Counted, Decision, Finding, Match, PersonHours, Precision, Requirement, Ruling, Unit,
    UnitResult, rules as codes, within_quotes,
};
use crate::scoring::{Assessment, Case, score};

/// What the reviewer has entered for one unit.
#[derive(Clone, Copy)]
pub(super) struct Entered<'a> {
    pub(super) entries: &'a review::Entries,
    pub(super) rows: &'a [(usize, &'a review::Row)],
    /// Training hours of its persons.
    pub(super) hours: &'a [PersonHours],
    /// Every check of the scheme.
    pub(super) checks: &'a [Requirement],
}

/// What is known about one unit.
pub(super) fn assess_unit(
    unit: &Unit,
    mut handed_in: HandedIn,
    book: &rules::RuleBook,
    assessment: &Assessment<'_>,
    year: i32,
    entered: Entered<'_>,
) -> (UnitResult, Vec<review::Placed>, Vec<Finding>) {
    let mut findings = Vec::new();
    let counted = counted(&handed_in.activities, year, &mut findings);
    let activities = &handed_in.activities;
    let settled = review::settle(&unit.name, activities, entered.rows, &book.list_rules.list, &mut findings);
    let answers = activities.iter().zip(&settled.rulings).map(|(activity, ruling)| {
        let answer = answers::decide(answers::answer(activity, book), ruling.as_ref());
        (answer.matches, answer.next)
    });
    let (matches, next): (Vec<Vec<Match>>, Vec<Option<Match>>) = answers.unzip();
    let rulings: Vec<Option<Ruling>> =
        settled.rulings.iter().map(|ruling| ruling.as_ref().map(|(ruling, ..)| *ruling)).collect();
    let verdicts = review::verdicts(entered.entries, &unit.name, entered.checks, &mut findings);
    let case = Case {
        unit,
        activities,
        matches: &matches,
        rulings: &rulings,
        counted: &counted,
        answers: &[],
        hours: entered.hours,
    };
    let (card, proofs) = score(assessment, &case, &verdicts);
    tell_coarse(&handed_in.activities, &counted, &mut findings);
    tell_unmatched(unit, &matches, &rulings, &counted, &mut findings);
    handed_in.files.dedup();
    let result = UnitResult {
        unit: unit.clone(),
        files: handed_in.files,
        activities: handed_in.activities,
        proofs,
        fingerprints: Vec::new(),
        matches,
        next,
        rulings,
        counted,
        card,
    };
    (result, settled.placed, findings)
}

/// Whether each activity takes part: not when it lies in another year, is only planned, or repeats
/// another one of the unit.
fn counted(activities: &[Activity], year: i32, findings: &mut Vec<Finding>) -> Vec<Counted> {
    let alone = |activity: &Activity| {
        let date = &activity.date;
        if activity.planned {
            return Counted::Planned;
        }
        if date.start.is_none_or(|start| start.year() == year) {
            return Counted::Yes;
        }
        let message = format!("“{}”的日期{}不在{year}年度", within_quotes(&activity.title), date.display());
        findings.push(Finding::at(&codes::OTHER_YEAR, &activity.place, message));
        Counted::OtherYear
    };
    let mut counted: Vec<Counted> = activities.iter().map(alone).collect();
    let taking_part = activities.iter().enumerate().zip(&counted);
    let taking_part =
        taking_part.filter(|(_, counted)| **counted == Counted::Yes).map(|(activity, _)| activity);
    for (at, counts) in alike::repeats(taking_part) {
        let (Some(activity), Some(other), Some(slot)) =
            (activities.get(at), activities.get(counts), counted.get_mut(at))
        else {
            continue;
        };
        *slot = Counted::Duplicate(counts);
        let message = format!(
            "“{}”与{}的“{}”是同一项活动（日期、类型相同，名称相同或基本相同），只按那一条计一次",
            within_quotes(&activity.title),
            other.place,
            within_quotes(&other.title)
        );
        findings.push(Finding::at(&codes::DUPLICATE, &activity.place, message));
    }
    counted
}

fn tell_coarse(activities: &[Activity], counted: &[Counted], findings: &mut Vec<Finding>) {
    for (activity, counted) in activities.iter().zip(counted) {
        let coarse = matches!(activity.date.precision, Precision::Quarter | Precision::Half);
        if coarse && *counted == Counted::Yes {
            let message = format!(
                "“{}”只写了{}，不能证明是哪个月",
                within_quotes(&activity.title),
                activity.date.display()
            );
            findings.push(Finding::at(&codes::COARSE_DATE, &activity.place, message));
        }
    }
}

fn tell_unmatched(
    unit: &Unit,
    matches: &[Vec<Match>],
    rulings: &[Option<Ruling>],
    counted: &[Counted],
    findings: &mut Vec<Finding>,
) {
    let rows = || {
        let rows = matches.iter().zip(rulings).zip(counted);
        rows.filter(|((_, ruling), counted)| ruling.is_none() && **counted == Counted::Yes)
            .map(|((matches, _), _)| matches)
    };
    let none = rows().filter(|matches| matches.is_empty()).count();
    let doubtful = rows()
        .filter(|matches| !matches.is_empty() && matches.iter().all(|m| m.decision == Decision::Review))
        .count();
    if none > 0 {
        let message = format!("“{}”有{none}条活动没有对应到任何条目，列在核对表“活动对应”", unit.name);
        findings.push(Finding::general(&codes::UNMATCHED, message));
    }
    if doubtful > 0 {
        let message =
            format!("“{}”有{doubtful}条活动对应哪一条目把握不够，暂不计分，列在核对表“活动对应”", unit.name);
        findings.push(Finding::general(&codes::DOUBTFUL_MATCH, message));
    }
}
