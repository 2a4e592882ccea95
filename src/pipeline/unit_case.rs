//! One unit: what its activities prove, and what its reviewer has decided.
//!
//! In: the activities of a unit, the rules of its list, the reviewer's entries. Out: a [`UnitResult`] and
//! findings. Never here: points under a scheme, other units.

use super::gather::HandedIn;
use super::{answers, review, rules};
use crate::alike;
use crate::model::{
    Activity, ActivityVerdict, Counted, DateSpan, Decision, Finding, Match, PersonHours, Precision,
    Requirement, Ruling, Unit, UnitResult, rules as codes, within_quotes,
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
    /// Whether matches get the sentences that say why at once; [`answers::tell`] gives them later.
    pub(super) told: bool,
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
    let list = &book.list_rules.list;
    let settled =
        review::settle(&unit.name, &handed_in.activities, entered.rows, list, entered.checks, &mut findings);
    for (activity, date) in handed_in.activities.iter_mut().zip(&settled.dates) {
        if let Some(date) = date {
            activity.date = DateSpan::new(*date, *date, Precision::Day, activity.date.raw.clone());
        }
    }
    let decided = review::verdicts(entered.entries, &unit.name, entered.checks, year, &mut findings);
    handed_in.activities.extend(decided.held.iter().map(stated));
    let counted = counted(&handed_in.activities, year, &mut findings);
    let activities = &handed_in.activities;
    let stated =
        decided.held.iter().map(|held| Some((Ruling::Changed, vec![held.item.clone()], held.note.clone())));
    let ruled: Vec<Option<answers::Decided>> = settled.rulings.into_iter().chain(stated).collect();
    let matched = activities.iter().zip(&ruled).map(|(activity, ruling)| {
        let own = if entered.told { answers::told } else { answers::answer };
        let answer = answers::decide(own(activity, book), ruling.as_ref());
        (answer.matches, answer.next)
    });
    let (matches, next): (Vec<Vec<Match>>, Vec<Option<Match>>) = matched.unzip();
    let rulings: Vec<Option<Ruling>> =
        ruled.iter().map(|ruling| ruling.as_ref().map(|(ruling, ..)| *ruling)).collect();
    let mut said: Vec<Option<ActivityVerdict>> =
        settled.assigned.into_iter().map(|ids| ids.map(ActivityVerdict::Assign)).collect();
    said.extend(
        decided.held.iter().map(|held| Some(ActivityVerdict::Assign(vec![held.evidence.to_string()]))),
    );
    let verdicts = decided.verdicts;
    let case = Case {
        unit,
        activities,
        matches: &matches,
        rulings: &rulings,
        counted: &counted,
        answers: &said,
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

/// An activity that a person has stated in the review workbook.
fn stated(held: &review::Held) -> Activity {
    Activity {
        date: DateSpan::new(held.date, held.date, Precision::Day, held.date.to_string()),
        title: format!("核对表写明已开展：{}", held.name),
        description: Some(held.note.clone()).filter(|note| !note.is_empty()),
        ..Activity::blank(held.place.clone())
    }
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

/// What is doubtful in a unit's activities before anything is matched: other years, repeats, coarse dates.
pub(super) fn doubts(activities: &[Activity], year: i32) -> Vec<Finding> {
    let mut findings = Vec::new();
    let counted = counted(activities, year, &mut findings);
    tell_coarse(activities, &counted, &mut findings);
    findings
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
