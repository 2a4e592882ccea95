//! Records of like text over all units: found, and told as findings that ask for a look.

use super::review;
use super::watch::Watch;
use crate::alike::{self, Ledger};
use crate::model::{
    Activity, AlikeGroup, AlikePair, Alikes, Finding, RecordAt, Relation, Rule, UnitResult, rules as codes,
    within_quotes,
};
use crate::seeds::Catalogue;
use std::collections::BTreeMap;

/// Groups that are told one by one; the rest is told as a number.
const TOLD: usize = 100;
/// Characters of a title in a message.
const TITLE: usize = 30;

/// The records of like text, their units by the index of the result.
pub(super) fn search(results: &[UnitResult], catalogue: &Catalogue, watch: &dyn Watch) -> Alikes {
    watch.stage("查找雷同记录", 1);
    let ledgers: Vec<Ledger<'_>> = results
        .iter()
        .map(|UnitResult { unit, activities, counted, .. }| {
            // What a person stated in the review workbook comes last; it is no record of the unit.
            let own =
                activities.iter().take_while(|activity| *activity.place.file != *review::name()).count();
            Ledger {
                unit,
                activities: activities.get(..own).unwrap_or(activities),
                counted: counted.get(..own).unwrap_or(counted),
            }
        })
        .collect();
    let alikes = alike::search(&ledgers, &catalogue.kinds);
    watch.step();
    alikes
}

/// For each group and relation one finding, at the second record of its first pair.
pub(super) fn findings(alikes: &Alikes, results: &[UnitResult]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut untold: BTreeMap<Relation, (usize, usize)> = BTreeMap::new();
    for (number, group) in (1..).zip(&alikes.groups) {
        for (relation, count) in &group.counts {
            let told = (number <= TOLD).then(|| finding(number, group, *relation, *count, results)).flatten();
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
    findings
}

fn finding(
    number: usize,
    group: &AlikeGroup,
    relation: Relation,
    count: usize,
    results: &[UnitResult],
) -> Option<Finding> {
    let pair = group.pairs.iter().find(|pair| pair.relation == relation)?;
    let (first_unit, first) = record(results, pair.first)?;
    let (second_unit, second) = record(results, pair.second)?;
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
    Some(Finding::at(rule_of(relation), &second.place, message))
}

fn rule_of(relation: Relation) -> &'static Rule {
    match relation {
        Relation::Months => &codes::ALIKE_MONTHS,
        Relation::Units => &codes::ALIKE_UNITS,
        Relation::Joint => &codes::ALIKE_JOINT,
    }
}

fn record(results: &[UnitResult], at: RecordAt) -> Option<(&str, &Activity)> {
    let result = results.get(at.unit)?;
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
