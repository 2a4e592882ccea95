//! What is missing, most serious first, and what became of last year's problems.
//!
//! In: the requirements of each item, last year's list. Out: [`Shortfall`]s and [`Task`]s. Never here: wording.

use super::Subject;
use super::items::{Demand, ItemFacts};
use crate::model::{Points, RequirementScore, State};
use crate::report::numerals::chinese;
use crate::report::proof::{Count, Proofs, Sourced};
use serde::Serialize;

/// The demands of one item that are not met.
#[derive(Debug, Serialize)]
pub(super) struct Shortfall {
    序: String,
    条目序: String,
    条目标题: String,
    分值: Sourced<String>,
    /// With a count: 应有几次、有几次、缺哪几期.
    次数: Vec<Demand>,
    /// Without any record at all.
    全无: Vec<Demand>,
    首项: String,
    项数: usize,
    待核: Count,
    经核实: Vec<String>,
}

/// A problem of last year.
#[derive(Debug, Serialize)]
pub(super) struct Task {
    序: String,
    问题: String,
    来源: String,
    措施: String,
    责任人: String,
    时限: String,
    进展: String,
    /// The requirement of this year that the problem names.
    本年: Option<Demand>,
}

/// Items with demands that are not met: what was found not held weighs most, then points.
pub(super) fn shortfalls(subject: &Subject<'_>, items: &[ItemFacts], proofs: &mut Proofs) -> Vec<Shortfall> {
    let all = subject.result.card.items.iter().zip(items).zip(&subject.list.items).enumerate();
    let mut found: Vec<_> = all
        .filter_map(|(at, ((score, facts), duty))| {
            let mut missing: Vec<(Points, &Demand)> = score
                .requirements
                .iter()
                .zip(&facts.要求)
                .filter(|(_, demand)| !demand.达标 && !demand.不适用)
                .map(|(requirement, demand)| (requirement.pending + requirement.lost, demand))
                .collect();
            missing.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
            let lost: Points = score.requirements.iter().map(|r| r.lost).sum();
            let weight: Points = missing.iter().map(|(points, _)| *points).sum();
            (!missing.is_empty()).then_some((lost, weight, at, score, facts, duty, missing))
        })
        .collect();
    found.sort_by_key(|(lost, weight, at, ..)| (std::cmp::Reverse((*lost, *weight)), *at));
    let order = found.into_iter().enumerate();
    order
        .filter_map(|(place, (_, weight, at, score, facts, duty, missing))| {
            let not_held = |r: &&RequirementScore| r.dues.iter().any(|due| due.state == State::NotHeld);
            let pick = |counted: bool| {
                let wanted = |demand: &&Demand| demand.partly() == counted;
                missing.iter().map(|(_, demand)| *demand).filter(wanted).cloned().collect()
            };
            let open: u32 = missing.iter().map(|(_, demand)| demand.open()).sum();
            let anchor = proofs.add(
                format!("q{}", duty.number),
                format!("第{}条的缺项", duty.number),
                format!("{}项要求有缺，关系{weight}分，可能相关的记录{open}条", facts.未达数),
                "缺项的待核分和扣分合计",
                String::new(),
            );
            Some(Shortfall {
                序: chinese(place + 1),
                条目序: chinese(at + 1),
                条目标题: duty.short().to_owned(),
                分值: Sourced::new(weight.to_string(), &anchor),
                次数: pick(true),
                全无: pick(false),
                首项: missing.first()?.1.名称.clone(),
                项数: missing.len(),
                待核: Sourced::new(super::acts::to_usize(open), &anchor),
                经核实: score.requirements.iter().filter(not_held).map(|r| r.name.clone()).collect(),
            })
        })
        .collect()
}

/// Last year's problems, each with the requirement of this year whose name stands in it.
pub(super) fn tasks(subject: &Subject<'_>, items: &[ItemFacts]) -> Vec<Task> {
    let demands = || items.iter().flat_map(|item| &item.要求).filter(|d| !d.不适用);
    subject
        .tasks
        .iter()
        .enumerate()
        .map(|(at, task)| Task {
            序: chinese(at + 1),
            问题: task.problem.trim_end_matches(['。', '；']).to_owned(),
            来源: task.source.clone(),
            措施: task.measure.trim_end_matches(['。', '；']).to_owned(),
            责任人: task.owner.clone(),
            时限: task.deadline.clone(),
            进展: task.progress.trim_end_matches(['。', '；']).to_owned(),
            // The longest name: 支部书记讲党课 rather than 党课.
            本年: demands()
                .filter(|d| task.problem.contains(&d.名称))
                .max_by_key(|d| d.名称.chars().count())
                .cloned(),
        })
        .collect()
}
