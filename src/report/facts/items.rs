//! What was done under each duty item, and how its requirements stand.
//!
//! In: the points of an item, the activities behind it. Out: [`ItemFacts`]. Never here: wording.

use super::acts::{Act, act, lecture, own, to_usize};
use super::{Subject, hours};
use crate::model::{Activity, Class, Date, ItemScore, Period, Requirement, RequirementScore};
use crate::report::choice::{Evidence, telling};
use crate::report::numerals::chinese;
use crate::report::periods::listed;
use crate::report::proof::{Count, Proofs, Sourced, numbers};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A duty item.
#[derive(Debug, Serialize)]
pub(super) struct ItemFacts {
    序: String,
    号: u32,
    编号: String,
    pub(super) 标题: String,
    pub(super) 次数: Count,
    首次: Option<Sourced<String>>,
    末次: Option<Sourced<String>>,
    月数: Count,
    人次: Option<Count>,
    学时: Option<Sourced<String>>,
    类型: Vec<KindCount>,
    主持: Count,
    讲课: Count,
    pub(super) 要求: Vec<Demand>,
    逐期齐: Vec<Rhythm>,
    逐期缺: Vec<Demand>,
    有记录: Vec<String>,
    没记录: Vec<String>,
    不适用: Vec<String>,
    pub(super) 未达数: usize,
    亮点: Vec<Act>,
    其余: Count,
    待核: usize,
    /// Whether any activity proves it.
    有记: bool,
}

#[derive(Debug, Serialize)]
struct KindCount {
    名称: String,
    次数: Count,
}

/// Demands of one rhythm that are met in every period.
#[derive(Debug, Serialize)]
struct Rhythm {
    周期: &'static str,
    期: &'static str,
    名称: Vec<String>,
    次数: Vec<Count>,
    相同: bool,
    期数: Count,
    逐个: bool,
    自定: bool,
}

/// A requirement.
#[expect(clippy::struct_excessive_bools, reason = "a template asks each of them by name")]
#[derive(Debug, Clone, Serialize)]
pub(super) struct Demand {
    pub(super) 名称: String,
    周期: &'static str,
    期: &'static str,
    次: Count,
    应: Count,
    已: Count,
    期数: Count,
    齐期数: Count,
    次数: Count,
    缺: Sourced<String>,
    缺数: Count,
    pub(super) 达标: bool,
    pub(super) 不适用: bool,
    自定: bool,
    看有无: bool,
    /// Checked name by name.
    逐个: bool,
    待核: u32,
    依据: String,
    限度: String,
}

impl Demand {
    /// Whether some of several were found.
    /// How many activities would count if a person confirmed them.
    pub(super) fn open(&self) -> u32 {
        self.待核
    }

    /// Whether some of several were found.
    pub(super) fn partly(&self) -> bool {
        *self.应.value() > 1 && *self.已.value() > 0
    }
}

/// Every item in order. An activity is told under one item only, where others will do.
pub(super) fn items(
    subject: &Subject<'_>,
    evidence: &Evidence,
    proofs: &mut Proofs,
    told: usize,
) -> Vec<ItemFacts> {
    let mut used = BTreeSet::new();
    let scores = subject.result.card.items.iter().enumerate();
    scores.map(|(at, score)| item(subject, evidence, proofs, told, &mut used, at, score)).collect()
}

fn item(
    subject: &Subject<'_>,
    evidence: &Evidence,
    proofs: &mut Proofs,
    told: usize,
    used: &mut BTreeSet<usize>,
    at: usize,
    score: &ItemScore,
) -> ItemFacts {
    let Subject { result, list, .. } = *subject;
    let duty = list.items.get(at);
    let number = duty.map_or(0, |d| d.number);
    let rows: Vec<(usize, &Activity)> =
        score.activities.iter().filter_map(|&i| Some((i, result.activities.get(i)?))).collect();
    let anchor = format!("i{number}");
    let mut dated: Vec<(Date, usize)> =
        rows.iter().filter_map(|(i, a)| Some((a.date.start.filter(|_| a.date.valid)?, *i))).collect();
    dated.sort_unstable();
    let mut months: Vec<u32> = dated.iter().map(|(d, _)| d.month()).collect();
    months.dedup();
    let minutes: u32 = rows.iter().filter_map(|(_, a)| a.minutes).fold(0, u32::saturating_add);
    let present = super::present(subject, &score.activities);
    let mine = || rows.iter().filter(|(_, a)| own(subject, a));
    let lectured = mine().filter(|(_, a)| lecture(a)).count();
    let hosted = mine().count() - lectured;
    let kinds = kind_counts(&rows);

    let demands: Vec<Demand> =
        score.requirements.iter().map(|r| demand(subject, evidence, proofs, r)).collect();
    let chosen = telling(result, &score.item, &score.activities, told, used);
    used.extend(&chosen);

    let mut figures = vec![format!("共{}项，分布在{}个月", rows.len(), months.len())];
    if present > 0 {
        figures.push(format!("{present}人次"));
    }
    if minutes > 0 {
        figures.push(format!("{}小时", hours(minutes)));
    }
    figures.extend(kinds.iter().map(|(kind, count)| format!("{kind}{count}次")));
    if hosted + lectured > 0 {
        figures.push(format!("述职人主持{hosted}次、讲课{lectured}次"));
    }
    if rows.len() > chosen.len() {
        figures.push(format!("除正文点到的以外{}项", rows.len() - chosen.len()));
    }
    let anchor = proofs.add(
        anchor,
        format!("第{number}条的佐证"),
        figures.join("；"),
        "右列佐证合计",
        numbers(evidence, &score.activities),
    );
    let day = |(date, i): &(Date, usize)| {
        let day = format!("{}月{}日", date.month(), date.day());
        Sourced::new(day, &evidence.anchor(*i).unwrap_or_default())
    };
    let many = |d: &&Demand| *d.期数.value() > 1 && !d.看有无;
    ItemFacts {
        序: chinese(at + 1),
        号: number,
        编号: score.item.to_string(),
        标题: duty.map_or_else(String::new, |d| d.short().to_owned()),
        次数: Sourced::new(rows.len(), &anchor),
        首次: dated.first().map(day),
        末次: dated.last().map(day),
        月数: Sourced::new(months.len(), &anchor),
        人次: (present > 0).then(|| Sourced::new(to_usize(present), &anchor)),
        学时: (minutes > 0).then(|| Sourced::new(hours(minutes), &anchor)),
        类型: kinds
            .into_iter()
            .map(|(name, count)| KindCount { 名称: name.to_owned(), 次数: Sourced::new(count, &anchor) })
            .collect(),
        主持: Sourced::new(hosted, &anchor),
        讲课: Sourced::new(lectured, &anchor),
        逐期齐: rhythms(&demands),
        逐期缺: demands.iter().filter(many).filter(|d| !d.达标 && d.partly()).cloned().collect(),
        有记录: names(&demands, |d| d.达标 && !many(&d)),
        没记录: names(&demands, |d| {
            let told_by_period = many(&d) && d.partly();
            !(d.达标 || d.不适用 || told_by_period)
        }),
        不适用: names(&demands, |d| d.不适用),
        未达数: demands.iter().filter(|d| !d.达标 && !d.不适用).count(),
        要求: demands,
        亮点: chosen.iter().filter_map(|&i| act(subject, evidence, i, &score.item)).collect(),
        其余: Sourced::new(rows.len() - chosen.len(), &anchor),
        待核: score.review.len(),
        有记: !rows.is_empty(),
    }
}

fn names(demands: &[Demand], test: impl Fn(&Demand) -> bool) -> Vec<String> {
    demands.iter().filter(|d| test(d)).map(|d| d.名称.clone()).collect()
}

fn kind_counts<'a>(rows: &[(usize, &'a Activity)]) -> Vec<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, activity) in rows {
        for kind in &activity.kinds {
            *counts.entry(kind.as_str()).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    counts
}

/// The word for one stretch of a period.
fn span(period: Period) -> &'static str {
    match period {
        Period::Month => "月",
        Period::Quarter => "季度",
        Period::Half => "半年",
        Period::Year => "年",
    }
}

fn demand(
    subject: &Subject<'_>,
    evidence: &Evidence,
    proofs: &mut Proofs,
    score: &RequirementScore,
) -> Demand {
    let rule: Option<&Requirement> = subject.requirements.iter().find(|r| r.id == score.id);
    let due = score.counted().count();
    let missing = score.missing();
    let (required, met) = score.tally();
    let mut behind: Vec<usize> = score.dues.iter().flat_map(|d| d.evidence.iter().copied()).collect();
    behind.sort_unstable();
    behind.dedup();
    let lacks = listed(score.period, &missing);
    let minimum = rule.map_or(1, |r| r.minimum);
    let every = score.period.every();
    let mut figures = format!(
        "{every}{minimum}次，应查{}期、{required}次，有记录{}期、{met}次，共{}项",
        due,
        due - missing.len(),
        behind.len()
    );
    if !missing.is_empty() {
        figures.push_str(&format!("，缺{}次（{lacks}）", required - met));
    }
    let anchor = proofs.add(
        format!("r{}", score.id.as_str().replace('-', "_")),
        format!("{}（{}）", score.name, score.id),
        figures,
        "按佐证日期逐期核对",
        numbers(evidence, &behind),
    );
    let count = |n: u32| Sourced::new(to_usize(n), &anchor);
    Demand {
        名称: score.name.clone(),
        周期: every,
        期: span(score.period),
        次: count(minimum),
        应: count(required),
        已: count(met),
        期数: Sourced::new(due, &anchor),
        齐期数: Sourced::new(due - missing.len(), &anchor),
        次数: Sourced::new(behind.len(), &anchor),
        缺: Sourced::new(lacks, &anchor),
        缺数: count(required - met),
        达标: required > 0 && missing.is_empty(),
        不适用: due == 0,
        自定: score.class == Class::Interval,
        逐个: rule.is_some_and(|r| r.each.is_some()) && due > 1,
        看有无: matches!(score.class, Class::Existence | Class::Narrative),
        待核: score.dues.iter().map(|d| d.doubtful).sum(),
        依据: rule.map_or_else(String::new, |r| r.source.clone()),
        限度: rule.map_or_else(String::new, |r| r.limits.clone()),
    }
}

/// Demands of several periods that are all met, those of one rhythm together.
fn rhythms(demands: &[Demand]) -> Vec<Rhythm> {
    let mut found: Vec<Rhythm> = Vec::new();
    for demand in demands.iter().filter(|d| d.达标 && !d.看有无 && *d.期数.value() > 1) {
        let same = found.iter_mut().find(|rhythm| {
            rhythm.周期 == demand.周期
                && rhythm.逐个 == demand.逐个
                && rhythm.自定 == demand.自定
                && rhythm.期数.value() == demand.期数.value()
        });
        if let Some(rhythm) = same {
            rhythm.相同 &= rhythm.次数.iter().all(|count| count.value() == demand.次数.value());
            rhythm.名称.push(demand.名称.clone());
            rhythm.次数.push(demand.次数.clone());
        } else {
            found.push(Rhythm {
                周期: demand.周期,
                期: demand.期,
                名称: vec![demand.名称.clone()],
                次数: vec![demand.次数.clone()],
                相同: true,
                期数: demand.期数.clone(),
                逐个: demand.逐个,
                自定: demand.自定,
            });
        }
    }
    found
}
