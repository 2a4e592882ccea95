//! Records of like text over all units: found, and told as findings that ask for a look.

use super::cases::{Cases, Part};
use super::review;
use super::scored::Slots;
use super::shelf::Shelf;
use crate::alike::{self, Ledger, Sketched, Sketcher};
use crate::error::Result;
use crate::model::{
    Activity, AlikeGroup, AlikePair, Alikes, Finding, RecordAt, Relation, Rule, UnitResult, rules as codes,
    within_quotes,
};
use crate::report::workbook::FileRows;
use crate::seeds::Catalogue;
use std::collections::BTreeMap;

/// Groups that are told one by one; the rest is told as a number.
const TOLD: usize = 100;
/// Characters of a title in a message.
const TITLE: usize = 30;

/// What looks at the texts of the files of a run.
pub(super) fn sketcher(catalogue: &Catalogue, files: &[FileRows]) -> Sketcher {
    Sketcher::new(&catalogue.kinds, files.iter().map(|file| &file.file))
}

/// The records of a unit that are compared, each with its runs.
pub(super) fn sketch(sketcher: &Sketcher, unit: usize, result: &UnitResult) -> Vec<(Sketched, Vec<u64>)> {
    let UnitResult { unit: of, activities, counted, .. } = result;
    // What a person stated in the review workbook comes last; it is no record of the unit.
    let own = activities.iter().take_while(|activity| *activity.place.file != *review::name()).count();
    let ledger = Ledger {
        unit: of,
        activities: activities.get(..own).unwrap_or(activities),
        counted: counted.get(..own).unwrap_or(counted),
    };
    sketcher.sketch(unit, &ledger)
}

/// The records of a unit as they are put aside.
pub(super) fn sketches(sketched: &[(Sketched, Vec<u64>)]) -> Vec<u8> {
    sketched.iter().flat_map(|(own, _)| own.to_bytes()).collect()
}

/// The records of all units, from where they were put aside.
///
/// # Errors
/// Where the shelf cannot be read.
pub(super) fn taken_back(shelf: &Shelf, slots: &[Slots]) -> Result<Vec<Sketched>> {
    let count = slots.iter().map(|slots| slots.sketches.length() / Sketched::BYTES).sum();
    let mut all = Vec::with_capacity(count);
    for (unit, slots) in slots.iter().enumerate() {
        let bytes = shelf.get_bytes(slots.sketches)?;
        let (own, _) = bytes.as_chunks();
        all.extend(own.iter().map(|own| Sketched::from_bytes(unit, own)));
    }
    Ok(all)
}

/// The runs of a unit's records, one after the other, shortened: as they are put aside.
pub(super) fn runs(sketched: &[(Sketched, Vec<u64>)]) -> Vec<u8> {
    let runs = sketched.iter().flat_map(|(_, runs)| runs);
    runs.flat_map(|run| shortened(*run).to_le_bytes()).collect()
}

/// The runs of a record from what was put aside for its unit.
fn put_aside(bytes: &[u8]) -> Vec<u64> {
    let (runs, _) = bytes.as_chunks();
    runs.iter().map(|run| u64::from(u32::from_le_bytes(*run))).collect()
}

fn shortened(run: u64) -> u32 {
    u32::try_from(run >> 32).unwrap_or_default()
}

/// The records of like text among these, their units by the index of the result; `slots`: where the runs of each
/// unit lie, if they are put aside.
///
/// # Errors
/// Where the shelf cannot be read.
pub(super) fn search(
    sketched: Vec<Sketched>,
    sketcher: &Sketcher,
    cases: Cases<'_>,
    slots: &[Slots],
) -> Result<Alikes> {
    alike::compare(sketched, |at, span| {
        if let (Some(aside), Some(slots)) = (cases.aside, slots.get(at.unit)) {
            let own = slots.runs.part(
                span.start.saturating_mul(size_of::<u32>()),
                span.len().saturating_mul(size_of::<u32>()),
            );
            let own = own.map(|own| aside.shelf().get_bytes(own)).transpose()?;
            return Ok(put_aside(&own.unwrap_or_default()));
        }
        let result = cases.results.get(at.unit);
        let own = result.and_then(|result| Some((&result.unit, result.activities.get(at.activity)?)));
        Ok(own.map_or_else(Vec::new, |(unit, activity)| {
            sketcher.runs(unit, activity).into_iter().map(shortened).map(u64::from).collect()
        }))
    })
}

/// For each group and relation one finding, at the second record of its first pair.
///
/// # Errors
/// Where the shelf cannot be read.
pub(super) fn findings(alikes: &Alikes, cases: Cases<'_>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut untold: BTreeMap<Relation, (usize, usize)> = BTreeMap::new();
    for (number, group) in (1..).zip(&alikes.groups) {
        for (relation, count) in &group.counts {
            let told = if number <= TOLD { finding(number, group, *relation, *count, cases)? } else { None };
            if let Some(finding) = told {
                findings.push(finding);
            } else {
                let untold = untold.entry(*relation).or_default();
                *untold = (untold.0 + 1, untold.1 + count);
            }
        }
    }
    for (relation, (groups, pairs)) in untold {
        let message = format!(
            "雷同，请核实：另有{groups}组、{pairs}条（{}）没有逐组提示，见排名表“雷同记录”",
            relation.as_str()
        );
        findings.push(Finding::general(rule_of(relation), message));
    }
    if alikes.more_groups > 0 {
        let message = format!(
            "雷同，请核实：另有{}组、{}条没有列出，请先核实“雷同记录”里列出的，改正后再运行",
            alikes.more_groups, alikes.more_pairs
        );
        findings.push(Finding::general(&codes::ALIKE_UNITS, message));
    }
    Ok(findings)
}

fn finding(
    number: usize,
    group: &AlikeGroup,
    relation: Relation,
    count: usize,
    cases: Cases<'_>,
) -> Result<Option<Finding>> {
    let Some(pair) = group.pairs.iter().find(|pair| pair.relation == relation) else { return Ok(None) };
    let record_of = |at: RecordAt| cases.part(at.unit, Part::Recorded);
    let (one, two) = (record_of(pair.first)?, record_of(pair.second)?);
    let (Some(one), Some(two)) = (&one, &two) else { return Ok(None) };
    let (Some((first_unit, first)), Some((second_unit, second))) =
        (record(&one.result, pair.first), record(&two.result, pair.second))
    else {
        return Ok(None);
    };
    let opening = if relation == Relation::Joint {
        "雷同，可能是联合活动，请核实"
    } else {
        "雷同，请核实"
    };
    let more = if count > 1 { format!("（本组这样的共{count}条）") } else { String::new() };
    let message = format!(
        "{opening}：“{second_unit}”{}的“{}”与“{first_unit}”{}的“{}”（{}）{}{more}，见排名表“雷同记录”第{number}组",
        second.date.display(),
        short(&second.title),
        first.date.display(),
        short(&first.title),
        first.place,
        likeness(pair),
    );
    Ok(Some(Finding::at(rule_of(relation), &second.place, message)))
}

fn rule_of(relation: Relation) -> &'static Rule {
    match relation {
        Relation::Months => &codes::ALIKE_MONTHS,
        Relation::Units => &codes::ALIKE_UNITS,
        Relation::Joint => &codes::ALIKE_JOINT,
    }
}

fn record(result: &UnitResult, at: RecordAt) -> Option<(&str, &Activity)> {
    Some((&result.unit.name, result.activities.get(at.activity)?))
}

fn likeness(pair: &AlikePair) -> String {
    if pair.shared == pair.all {
        return "文字相同".to_owned();
    }
    format!("文字{}%相同", u64::from(pair.shared) * 100 / u64::from(pair.all.max(1)))
}

fn short(title: &str) -> String {
    let mut short: String = title.chars().take(TITLE).collect();
    if short.len() < title.len() {
        short.push('…');
    }
    within_quotes(&short)
}
