//! The facts of one unit under the names that a template uses.

use super::choice::{Evidence, telling};
use super::numerals::chinese;
use super::periods::listed;
use crate::model::{
    Activity, Class, DutyList, HostRole, ItemScore, Points, Precision, Requirement, RequirementScore, Scope,
    State, UnitResult, within_quotes,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Whose report is written, and from what.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The unit with its activities and points.
    pub result: &'a UnitResult,
    /// The list that it answers to.
    pub list: &'a DutyList,
    /// What the list's items demand.
    pub requirements: &'a [Requirement],
    /// Bureau, year, last day of the data.
    pub scope: &'a Scope,
}

/// Everything a template may name.
#[derive(Debug, Serialize)]
pub(super) struct Facts {
    单位: String,
    局名: String,
    年度: i32,
    书记: Option<String>,
    党员人数: Option<u32>,
    截至: String,
    角色: String,
    主体: &'static str,
    活动数: usize,
    人次: u32,
    未填人数: usize,
    条目数: usize,
    有记录条目数: usize,
    要求数: usize,
    达标数: usize,
    待核分: String,
    条目: Vec<ItemFacts>,
    类别: Vec<CategoryFacts>,
    问题: Vec<Shortfall>,
    缺项数: usize,
    待核活动数: usize,
    文件: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CategoryFacts {
    名称: String,
    序: String,
    条目: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct ItemFacts {
    序: String,
    号: u32,
    编号: String,
    标题: String,
    次数: usize,
    首次: Option<String>,
    末次: Option<String>,
    月数: usize,
    人次: u32,
    学时: Option<String>,
    类型: Vec<KindCount>,
    未分类: usize,
    要求: Vec<Demand>,
    达标组: Vec<MetGroup>,
    未达: Vec<usize>,
    不适用: Vec<usize>,
    亮点: Vec<Highlight>,
    待核: usize,
    表: String,
    月度表: Option<String>,
}

#[derive(Debug, Serialize)]
struct KindCount {
    名称: String,
    次数: usize,
}

#[expect(clippy::struct_excessive_bools, reason = "a template asks each of them by name")]
#[derive(Debug, Clone, Serialize)]
struct Demand {
    名称: String,
    周期: &'static str,
    次: u32,
    方式: &'static str,
    应: u32,
    已: u32,
    缺: String,
    缺数: u32,
    达标: bool,
    不适用: bool,
    自定: bool,
    看有无: bool,
    依据: String,
    限度: String,
}

#[derive(Debug, Serialize)]
struct MetGroup {
    周期: &'static str,
    名称: String,
    个数: usize,
    自定: bool,
    看有无: bool,
}

#[derive(Debug, Serialize)]
struct Highlight {
    日期: String,
    类型: Option<String>,
    名称: String,
    主持: Option<String>,
    授课: bool,
    本人: bool,
    实到: Option<u32>,
    应到: Option<u32>,
    地点: Option<String>,
    锚: Option<String>,
    号: Option<usize>,
}

/// The demands of one item that are not met.
#[derive(Debug, Serialize)]
struct Shortfall {
    序: String,
    条目序: String,
    条目标题: String,
    分值: String,
    /// With a count: 应有几次、有几次、缺哪几期.
    次数: Vec<Demand>,
    /// Without any record at all.
    全无: Vec<Demand>,
    首项: String,
    经核实: Vec<String>,
}

/// The facts of a unit.
pub(super) fn facts(subject: &Subject<'_>, evidence: &Evidence) -> Facts {
    let Subject { result, list, scope, .. } = *subject;
    let order = evidence.order();
    let present = |indexes: &[usize]| -> u32 {
        indexes.iter().filter_map(|&i| result.activities.get(i)?.attended).fold(0, u32::saturating_add)
    };
    let items: Vec<ItemFacts> = result
        .card
        .items
        .iter()
        .enumerate()
        .map(|(at, score)| item(subject, evidence, at, score, &present))
        .collect();
    let demands = || items.iter().flat_map(|i| &i.要求).filter(|d| !d.不适用);
    let waiting =
        result.card.items.iter().flat_map(|i| &i.review).collect::<std::collections::BTreeSet<_>>().len();
    Facts {
        单位: full_name(&scope.bureau, &result.unit.name),
        局名: scope.bureau.clone(),
        年度: scope.year,
        书记: result.unit.secretary.clone(),
        党员人数: result.unit.members,
        截至: scope.until.chinese(),
        角色: list.role.clone(),
        主体: if list.role.contains("支部") { "支部" } else { "本单位" },
        活动数: order.len(),
        人次: present(order),
        未填人数: order
            .iter()
            .filter(|&&i| result.activities.get(i).is_some_and(|a| a.attended.is_none()))
            .count(),
        条目数: items.len(),
        有记录条目数: items.iter().filter(|i| i.次数 > 0).count(),
        要求数: demands().count(),
        达标数: demands().filter(|d| d.达标).count(),
        待核分: result.card.pending.to_string(),
        类别: list
            .categories
            .iter()
            .enumerate()
            .map(|(at, category)| CategoryFacts {
                名称: category.name.clone(),
                序: chinese(at + 1),
                条目: (0..list.items.len())
                    .filter(|&i| list.items.get(i).is_some_and(|item| item.category == Some(at)))
                    .collect(),
            })
            .collect(),
        问题: shortfalls(subject, &items),
        缺项数: items.iter().map(|i| i.未达.len()).sum(),
        条目: items,
        待核活动数: waiting,
        文件: result.files.iter().map(ToString::to_string).collect(),
    }
}

/// The unit's name with the bureau before it, unless it already stands there.
pub(super) fn full_name(bureau: &str, unit: &str) -> String {
    if bureau.is_empty() || unit.contains(bureau) || unit.contains('市') || unit.contains('县') {
        unit.to_owned()
    } else {
        format!("{bureau}{unit}")
    }
}

fn item(
    subject: &Subject<'_>,
    evidence: &Evidence,
    at: usize,
    score: &ItemScore,
    present: &dyn Fn(&[usize]) -> u32,
) -> ItemFacts {
    let Subject { result, list, .. } = *subject;
    let duty = list.items.get(at);
    let rows: Vec<(usize, &Activity)> =
        score.activities.iter().filter_map(|&i| Some((i, result.activities.get(i)?))).collect();
    let mut dates: Vec<_> = rows.iter().filter_map(|(_, a)| a.date.start.filter(|_| a.date.valid)).collect();
    dates.sort_unstable();
    let mut months: Vec<u32> = dates.iter().map(|d| d.month()).collect();
    months.dedup();
    let minutes: u32 = rows.iter().filter_map(|(_, a)| a.minutes).fold(0, u32::saturating_add);
    let demands: Vec<Demand> = score.requirements.iter().map(|r| demand(subject.requirements, r)).collect();
    let monthly = score.requirements.iter().filter(|r| r.period == crate::model::Period::Month).count();
    let chosen = telling(result, &score.item, &score.activities, if rows.len() > 20 { 4 } else { 3 });
    ItemFacts {
        序: chinese(at + 1),
        号: duty.map_or(0, |d| d.number),
        编号: score.item.to_string(),
        标题: duty.map_or_else(String::new, |d| d.short().to_owned()),
        次数: rows.len(),
        首次: dates.first().map(|d| format!("{}月{}日", d.month(), d.day())),
        末次: dates.last().map(|d| format!("{}月{}日", d.month(), d.day())),
        月数: months.len(),
        人次: present(&score.activities),
        学时: (minutes > 0).then(|| hours(minutes)),
        类型: kind_counts(&rows),
        未分类: rows.iter().filter(|(_, a)| a.kinds.is_empty()).count(),
        达标组: met_groups(&demands),
        未达: indexes(&demands, |d| !d.达标 && !d.不适用),
        不适用: indexes(&demands, |d| d.不适用),
        要求: demands,
        亮点: chosen
            .iter()
            .filter_map(|&i| Some(highlight(subject, evidence, i, result.activities.get(i)?)))
            .collect(),
        待核: score.review.len(),
        表: format!("佐证 {}", score.item),
        月度表: (monthly > 1).then(|| format!("月度 {}", score.item)),
    }
}

fn indexes(demands: &[Demand], test: impl Fn(&Demand) -> bool) -> Vec<usize> {
    demands.iter().enumerate().filter(|(_, d)| test(d)).map(|(i, _)| i).collect()
}

/// Hours with at most one decimal: `1.5`, `12`.
pub(super) fn hours(minutes: u32) -> String {
    let tenths = (minutes + 3) / 6;
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

fn kind_counts(rows: &[(usize, &Activity)]) -> Vec<KindCount> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, activity) in rows {
        for kind in &activity.kinds {
            *counts.entry(kind.as_str()).or_default() += 1;
        }
    }
    let mut counts: Vec<_> =
        counts.into_iter().map(|(name, count)| KindCount { 名称: name.to_owned(), 次数: count }).collect();
    counts.sort_by(|a, b| b.次数.cmp(&a.次数).then_with(|| a.名称.cmp(&b.名称)));
    counts
}

fn demand(requirements: &[Requirement], score: &RequirementScore) -> Demand {
    let rule = requirements.iter().find(|r| r.id == score.id);
    let due: Vec<_> = score.dues.iter().filter(|d| d.state != State::NotApplicable).collect();
    let missing: Vec<_> = due.iter().copied().filter(|d| d.state != State::Recorded).collect();
    let required: u32 = due.iter().map(|d| d.required).sum();
    let met: u32 = due.iter().map(|d| d.found.min(d.required)).sum();
    Demand {
        名称: score.name.clone(),
        周期: score.period.every(),
        次: rule.map_or(1, |r| r.minimum),
        方式: score.class.as_str(),
        应: required,
        已: met,
        缺: listed(score.period, &missing),
        缺数: required - met,
        达标: required > 0 && missing.is_empty(),
        不适用: due.is_empty(),
        自定: score.class == Class::Interval,
        看有无: matches!(score.class, Class::Existence | Class::Narrative),
        依据: rule.map_or_else(String::new, |r| r.source.clone()),
        限度: rule.map_or_else(String::new, |r| r.limits.clone()),
    }
}

/// Demands that are met, those of one rhythm in one group.
fn met_groups(demands: &[Demand]) -> Vec<MetGroup> {
    let mut groups: Vec<MetGroup> = Vec::new();
    for demand in demands.iter().filter(|d| d.达标) {
        let same = groups
            .iter_mut()
            .find(|g| g.周期 == demand.周期 && g.自定 == demand.自定 && g.看有无 == demand.看有无);
        if let Some(group) = same {
            group.名称 += "、";
            group.名称 += &demand.名称;
            group.个数 += 1;
        } else {
            groups.push(MetGroup {
                周期: demand.周期,
                名称: demand.名称.clone(),
                个数: 1,
                自定: demand.自定,
                看有无: demand.看有无,
            });
        }
    }
    groups
}

fn highlight(subject: &Subject<'_>, evidence: &Evidence, index: usize, activity: &Activity) -> Highlight {
    let secretary = subject.result.unit.secretary.as_deref();
    let own = activity.host.as_deref().is_some_and(|host| secretary.is_some_and(|name| host.contains(name)));
    Highlight {
        日期: short_date(activity),
        类型: activity.kinds.first().map(ToString::to_string),
        名称: within_quotes(&shortened(&activity.title, 36)),
        主持: activity.host.clone(),
        授课: activity.host_role == Some(HostRole::Lecturer)
            || activity.kinds.first().is_some_and(|k| k.as_str() == "党课"),
        本人: own,
        实到: activity.attended,
        应到: activity.expected,
        地点: activity.location.clone(),
        锚: evidence.anchor(index),
        号: evidence.number_of(index),
    }
}

/// `3月5日`, `3月`, `第2季度`, or nothing where the date is unknown.
fn short_date(activity: &Activity) -> String {
    let date = &activity.date;
    match (date.start, date.end, date.precision) {
        (Some(start), Some(end), Precision::Day)
            if end.month() == start.month() && end.day() > start.day() =>
        {
            format!("{}月{}日至{}日", start.month(), start.day(), end.day())
        }
        (Some(start), _, Precision::Day) => format!("{}月{}日", start.month(), start.day()),
        (Some(start), _, Precision::Month) => format!("{}月", start.month()),
        (Some(start), _, Precision::Quarter) => format!("第{}季度", start.quarter()),
        (Some(start), _, Precision::Half) => {
            (if start.month() <= 6 { "上半年" } else { "下半年" }).to_owned()
        }
        _ => String::new(),
    }
}

/// At most `limit` characters, cut at a mark of punctuation where there is one near the end.
pub(super) fn shortened(text: &str, limit: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= limit {
        return text.trim_end_matches(['。', '；', '，', '、']).to_owned();
    }
    let head = chars.get(..limit).unwrap_or(&chars);
    let cut =
        head.iter().rposition(|c| "，。；、（ ".contains(*c)).filter(|at| *at * 2 > limit).unwrap_or(limit);
    let kept: String = head.iter().take(cut).collect();
    format!("{kept}……")
}

/// Items with demands that are not met: what was found not held weighs most, then points.
fn shortfalls(subject: &Subject<'_>, items: &[ItemFacts]) -> Vec<Shortfall> {
    let mut found: Vec<(Points, Points, Shortfall)> = Vec::new();
    for (score, facts) in subject.result.card.items.iter().zip(items) {
        let mut missing: Vec<(Points, &Demand)> = score
            .requirements
            .iter()
            .zip(&facts.要求)
            .filter(|(_, demand)| !demand.达标 && !demand.不适用)
            .map(|(requirement, demand)| (requirement.pending + requirement.lost, demand))
            .collect();
        missing.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
        let Some((_, first)) = missing.first() else { continue };
        let lost: Points = score.requirements.iter().map(|r| r.lost).sum();
        let weight: Points = missing.iter().map(|(points, _)| *points).sum();
        let not_held = |r: &&RequirementScore| r.dues.iter().any(|due| due.state == State::NotHeld);
        let pick = |counted: bool| {
            let wanted = |demand: &&Demand| (demand.应 > 1 && demand.已 > 0) == counted;
            missing.iter().map(|(_, demand)| *demand).filter(wanted).cloned().collect()
        };
        let shortfall = Shortfall {
            序: String::new(),
            条目序: facts.序.clone(),
            条目标题: facts.标题.clone(),
            分值: weight.to_string(),
            次数: pick(true),
            全无: pick(false),
            首项: first.名称.clone(),
            经核实: score.requirements.iter().filter(not_held).map(|r| r.name.clone()).collect(),
        };
        found.push((lost, weight, shortfall));
    }
    found.sort_by_key(|(lost, weight, _)| std::cmp::Reverse((*lost, *weight)));
    let ordered = found.into_iter().enumerate();
    ordered.map(|(at, (.., shortfall))| Shortfall { 序: chinese(at + 1), ..shortfall }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_are_cut_at_punctuation() {
        assert_eq!(shortened("学习党章。", 10), "学习党章");
        assert_eq!(shortened("一二三四五六七，八九十十一", 10), "一二三四五六七……");
        assert_eq!(shortened("一二三四五六七八九十", 5), "一二三四五……");
    }

    #[test]
    fn hours_have_one_decimal_at_most() {
        for (minutes, text) in [(60, "1"), (90, "1.5"), (100, "1.7"), (45, "0.8")] {
            assert_eq!(hours(minutes), text);
        }
    }

    #[test]
    fn the_bureau_stands_before_a_branch_once() {
        assert_eq!(full_name("青岚市水务局", "机关第一党支部"), "青岚市水务局机关第一党支部");
        assert_eq!(full_name("青岚市水务局", "青岚市水务局机关第一党支部"), "青岚市水务局机关第一党支部");
        assert_eq!(full_name("", "机关第一党支部"), "机关第一党支部");
    }
}
