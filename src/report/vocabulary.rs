//! The values and sections that an office's own Word template may ask for.
//!
//! In: the results of a run or of one unit, and its report. Out: values under the names of
//! [`TERMS`](crate::model::form::TERMS). Never here: templates, and what counts.

use super::choice::Evidence;
use super::facts::{full_name, hours};
use super::numerals::chinese;
use super::periods::listed;
use crate::model::form::NUMBER;
use crate::model::{
    Block, BlockKind, Bounds, Decision, DutyList, FormRecord, FormSections, FormValue, Points, Report,
    RequirementScore, Scheme, Scope, Span, Standing, State, UnitResult, UnitScore,
};
use std::sync::Arc;

/// One unit as a template sees it.
#[derive(Debug, Clone, Copy)]
pub struct FormSubject<'a> {
    /// The unit with its activities and points.
    pub result: &'a UnitResult,
    /// The list that it answers to.
    pub list: &'a DutyList,
    /// Its points under the scheme.
    pub score: Option<&'a UnitScore>,
    /// Its rank.
    pub standing: Option<&'a Standing>,
    /// Bureau, year, last day of the data.
    pub scope: &'a Scope,
    /// The scheme in use.
    pub scheme: &'a Scheme,
}

/// What is the same for all units of a run.
#[must_use]
pub fn run_values(scope: &Scope, standings: &[Standing], scheme: &Scheme) -> FormRecord {
    let ranks = standings.iter().map(|standing| {
        record([
            ("名次", shown(standing.rank)),
            ("单位", shown(&standing.unit)),
            ("组别", shown(&standing.group)),
            ("得分", shown(standing.total)),
            ("待核分", shown(standing.ceiling - standing.total)),
            ("等次", FormValue::or_empty(standing.grade.as_ref().map(|grade| &grade.name))),
            ("排名区间", shown(standing.interval())),
        ])
    });
    let weights = scheme.blocks.iter().filter_map(|block| match block.kind {
        BlockKind::Weighted(points) if block.groups.is_empty() => Some(points),
        _ => None,
    });
    let full: Points = weights.sum();
    let full = if full == Points::ZERO { Points::whole(100) } else { full };
    record([
        ("局名", FormValue::known(Some(&scope.bureau).filter(|name| !name.is_empty()))),
        ("年度", shown(scope.year)),
        ("截至日期", shown(scope.until.chinese())),
        ("参评单位数", shown(standings.len())),
        ("满分", shown(full)),
        ("排名", numbered(ranks)),
    ])
}

/// What one unit has besides.
#[must_use]
pub fn unit_values(subject: &FormSubject<'_>) -> FormRecord {
    let FormSubject { result, list, standing, scope, .. } = *subject;
    let unit = &result.unit;
    let evidence = Evidence::number(result);
    let proofs: Vec<_> = evidence.order().iter().filter_map(|&at| result.activities.get(at)).collect();
    let present = proofs.iter().filter_map(|activity| activity.attended).fold(0, u32::saturating_add);
    let minutes = proofs.iter().filter_map(|activity| activity.minutes).fold(0, u32::saturating_add);
    let demands = || result.card.items.iter().flat_map(|item| &item.requirements).filter(|r| applies(r));
    let (all, met) = (demands().count(), demands().filter(|r| missing(r).is_empty()).count());
    let awards = standing.map_or(&[][..], |standing| &standing.awards);
    let awards: Vec<String> =
        awards.iter().map(|award| format!("{}（{}）", award.award, award.place.as_str())).collect();
    record([
        ("单位名称", shown(full_name(&scope.bureau, &unit.name))),
        ("单位", shown(&unit.name)),
        ("书记", FormValue::known(unit.secretary.as_ref())),
        ("党员人数", FormValue::known(unit.members)),
        ("角色", shown(&list.role)),
        ("得分", FormValue::known(standing.map(|standing| standing.total))),
        ("待核分", FormValue::known(standing.map(|standing| standing.ceiling - standing.total))),
        ("等次", FormValue::known(standing.and_then(|s| s.grade.as_ref()).map(|grade| &grade.name))),
        ("名次", FormValue::known(standing.map(|standing| standing.rank))),
        ("排名区间", FormValue::known(standing.map(Standing::interval))),
        ("组别", shown(standing.map_or(unit.group.as_str(), |standing| &standing.group))),
        ("表彰", shown(awards.join("、"))),
        ("要求数", shown(all)),
        ("达标数", shown(met)),
        ("缺项数", shown(all - met)),
        ("活动数", shown(proofs.len())),
        ("人次", shown(present)),
        ("学时", shown(hours(minutes))),
        ("条目数", shown(result.card.items.len())),
        ("活动", activities(subject, &evidence)),
        ("条目", items(subject)),
        ("问题", problems(subject)),
        ("板块", blocks(subject)),
        ("加分", extras(subject, |kind| matches!(kind, BlockKind::Bonus(_)))),
        ("扣分", extras(subject, |kind| matches!(kind, BlockKind::Deduction(_)))),
    ])
}

/// The sections of a unit, cut out of its report by their headings.
#[must_use]
pub fn form_sections(subject: &FormSubject<'_>, report: &Report) -> FormSections {
    const PARTS: [(&str, &[&str]); 5] = [
        ("履职情况", &["履行职责", "履职", "工作情况"]),
        ("存在问题", &["存在的主要问题", "存在的问题", "存在问题"]),
        ("下一步打算", &["下一步", "今后打算", "努力方向"]),
        ("佐证目录", &["佐证材料目录", "佐证目录"]),
        ("待补清单", &["待补"]),
    ];
    let mut sections = FormSections::new();
    let mut current: Option<&str> = None;
    for block in &report.blocks {
        let title = match block {
            Block::Heading { level: 1, text } => Some(text),
            Block::Attachment { title, .. } => Some(title),
            Block::AttachmentNote(_) | Block::Signature { .. } => {
                current = None;
                continue;
            }
            _ => None,
        };
        if let Some(title) = title {
            let part = PARTS.iter().find(|(_, words)| words.iter().any(|word| title.contains(word)));
            current = part.map(|part| part.0);
        } else if let Some(name) = current {
            sections.entry(name.to_owned()).or_default().push(block.clone());
        }
    }
    sections.insert("三会一课情况".to_owned(), meetings(subject));
    sections
}

#[expect(clippy::needless_pass_by_value, reason = "figures and texts alike")]
fn shown(value: impl ToString) -> FormValue {
    FormValue::Text(value.to_string())
}

fn record<const N: usize>(fields: [(&str, FormValue); N]) -> FormRecord {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn numbered(records: impl Iterator<Item = FormRecord>) -> FormValue {
    let numbered = records.enumerate().map(|(at, mut record)| {
        record.insert(NUMBER.to_owned(), shown(at + 1));
        record
    });
    FormValue::List(Arc::new(numbered.collect()))
}

/// Points, or the ends between which they lie.
fn bounds(bounds: Bounds) -> FormValue {
    if bounds.is_settled() { shown(bounds.low) } else { shown(format!("{}～{}", bounds.low, bounds.high)) }
}

fn applies(requirement: &RequirementScore) -> bool {
    requirement.dues.iter().any(|due| due.state != State::NotApplicable)
}

/// The periods in which nothing, or not enough, is recorded.
fn missing(requirement: &RequirementScore) -> Vec<&crate::model::Due> {
    requirement.dues.iter().filter(|due| matches!(due.state, State::Unverified | State::NotHeld)).collect()
}

/// How many were asked for and how many of these are recorded; a period that need not be served and is
/// recorded counts here.
fn tally(requirement: &RequirementScore) -> (u32, u32) {
    let dues = || requirement.dues.iter().filter(|due| due.state != State::NotApplicable);
    let required = dues().map(|due| due.required).fold(0, u32::saturating_add);
    (required, dues().map(|due| due.found.min(due.required)).fold(0, u32::saturating_add))
}

fn activities(subject: &FormSubject<'_>, evidence: &Evidence) -> FormValue {
    let result = subject.result;
    numbered(evidence.order().iter().filter_map(|&at| {
        let activity = result.activities.get(at)?;
        let items: Vec<&str> = result
            .matches
            .get(at)
            .into_iter()
            .flatten()
            .filter(|found| found.decision == Decision::Link)
            .map(|found| found.item.as_str())
            .collect();
        Some(record([
            ("日期", shown(activity.date.display())),
            ("类型", shown(activity.kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"))),
            ("名称", shown(&activity.title)),
            ("内容", FormValue::or_empty(activity.description.as_ref())),
            ("主持", FormValue::or_empty(activity.host.as_ref())),
            ("应到", FormValue::or_empty(activity.expected)),
            ("实到", FormValue::or_empty(activity.attended)),
            ("地点", FormValue::or_empty(activity.location.as_ref())),
            ("条目", shown(items.join("、"))),
            ("出处", shown(&activity.place)),
        ]))
    }))
}

fn items(subject: &FormSubject<'_>) -> FormValue {
    let items = &subject.result.card.items;
    numbered(items.iter().map(|score| {
        let (required, met) = score
            .requirements
            .iter()
            .map(tally)
            .fold((0_u32, 0_u32), |sum, one| (sum.0.saturating_add(one.0), sum.1.saturating_add(one.1)));
        record([
            ("编号", shown(&score.item)),
            ("标题", shown(subject.list.item(&score.item).map_or("", |item| item.short()))),
            ("分值", shown(score.base)),
            ("应完成", shown(required)),
            ("已完成", shown(met)),
            ("缺", shown(required - met)),
            ("扣分", shown(score.lost)),
            ("待核", shown(score.pending)),
            ("得分", shown(score.earned)),
            ("活动数", shown(score.activities.len())),
        ])
    }))
}

/// What a requirement lacks, in a sentence without full stop.
fn lack(requirement: &RequirementScore) -> String {
    let (required, met) = tally(requirement);
    let missing = missing(requirement);
    let verified = missing.iter().all(|due| due.state == State::NotHeld);
    let sure = if verified { "（经核实未开展）" } else { "" };
    if met == 0 {
        format!("{}没有找到记录{sure}", requirement.name)
    } else {
        let periods = listed(requirement.period, &missing);
        format!("{}应有{required}次，有记录{met}次，缺{periods}{sure}", requirement.name)
    }
}

fn problems(subject: &FormSubject<'_>) -> FormValue {
    let mut found = Vec::new();
    for score in &subject.result.card.items {
        for requirement in score.requirements.iter().filter(|r| applies(r) && !missing(r).is_empty()) {
            found.push((requirement.lost, requirement.pending + requirement.lost, score, requirement));
        }
    }
    found.sort_by_key(|(lost, weight, ..)| std::cmp::Reverse((*lost, *weight)));
    numbered(found.into_iter().map(|(_, weight, score, requirement)| {
        let item = subject.list.item(&score.item);
        let number = item.map_or(0, |item| item.number);
        record([
            ("问题", shown(lack(requirement))),
            ("来源", shown(format!("{}责任清单第{number}条", subject.list.role))),
            ("条目", shown(&score.item)),
            ("分值", shown(weight)),
            ("整改措施", FormValue::Missing),
            ("责任人", FormValue::Missing),
            ("时限", FormValue::Missing),
            ("完成情况", FormValue::Missing),
        ])
    }))
}

fn blocks(subject: &FormSubject<'_>) -> FormValue {
    let of_unit = subject.score.map_or(&[][..], |score| &score.blocks);
    numbered(of_unit.iter().filter_map(|score| {
        let block = subject.scheme.blocks.iter().find(|block| block.id == score.block)?;
        let BlockKind::Weighted(_) = block.kind else { return None };
        Some(record([
            ("名称", shown(&block.name)),
            ("满分", shown(score.weight)),
            ("得分", bounds(score.points)),
        ]))
    }))
}

fn extras(subject: &FormSubject<'_>, wanted: fn(&BlockKind) -> bool) -> FormValue {
    let of_unit = subject.score.map_or(&[][..], |score| &score.blocks);
    let blocks = subject.scheme.blocks.iter().filter(|block| wanted(&block.kind));
    let lines =
        blocks.filter_map(|block| Some((block, of_unit.iter().find(|score| score.block == block.id)?)));
    numbered(lines.flat_map(|(block, score)| {
        score.lines.iter().filter(|line| line.counted.high != Points::ZERO).map(|line| {
            let told = block.lines.iter().find(|of_block| of_block.id == line.line);
            let name =
                told.map_or("", |line| if line.content.is_empty() { &line.project } else { &line.content });
            record([("名称", shown(name)), ("分值", bounds(line.counted)), ("依据", shown(&line.reason))])
        })
    }))
}

/// Every requirement that is checked by period: what was asked for, what is recorded, what is missing.
fn meetings(subject: &FormSubject<'_>) -> Vec<Block> {
    let demands = subject.result.card.items.iter().flat_map(|item| &item.requirements);
    let counted = demands.filter(|r| applies(r) && r.period != crate::model::Period::Year);
    let sentence = |(at, requirement): (usize, &RequirementScore)| {
        let (required, met) = tally(requirement);
        let missing = missing(requirement);
        let rest = if missing.is_empty() {
            "，没有缺项".to_owned()
        } else {
            format!("，缺{}", listed(requirement.period, &missing))
        };
        let every = requirement.period.every();
        let number = chinese(at + 1);
        let text = format!(
            "{number}是{}，{every}应有记录，合计应有{required}次，有记录{met}次{rest}。",
            requirement.name
        );
        Block::Paragraph(vec![Span::Text(text)])
    };
    counted.enumerate().map(sentence).collect()
}
