//! Single activities as a template tells them.
//!
//! In: an activity, its place among the evidence, the secretary's name. Out: [`Act`]. Never here: which
//! activities are told.

use super::Subject;
use crate::model::{Activity, Decision, HostRole, ItemId, Precision, within_quotes};
use crate::report::choice::Evidence;
use crate::report::proof::{Count, Sourced};
use serde::Serialize;

/// Below this confidence a match that stands in the text is to be looked at, in thousandths.
const DOUBTFUL: u16 = 850;

/// Beginnings of titles that tell what was done, so that they can stand in a sentence without quotes.
const VERBS: &[&str] = &[
    "研究",
    "学习",
    "讨论",
    "审议",
    "传达",
    "观看",
    "参观",
    "组织",
    "开展",
    "召开",
    "听取",
    "通报",
    "慰问",
    "走访",
    "重温",
    "交流",
    "签订",
    "报送",
    "汇报",
    "征求",
    "评选",
    "推荐",
    "公示",
    "部署",
    "安排",
    "总结",
    "集中学习",
    "收听",
    "收看",
    "瞻仰",
    "祭扫",
    "帮扶",
    "看望",
    "清理",
    "整理",
    "排查",
    "自查",
    "检查",
    "调研",
    "宣讲",
    "宣传",
    "选举",
    "表决",
    "通过",
    "制定",
    "修订",
    "完善",
    "谈心",
    "观摩",
    "旁听",
    "撰写",
    "落实",
    "商议",
    "协商",
    "酝酿",
    "确定",
    "推选",
    "上报",
    "缴纳",
    "收缴",
    "核对",
    "维护",
    "更新",
    "举办",
    "举行",
    "参加",
    "慰藉",
    "捐赠",
    "植树",
    "巡河",
    "解读",
    "剖析",
    "反馈",
    "督促",
    "督查",
    "督导",
    "专题",
    "汇总",
    "接收",
    "调整",
    "配合",
    "组建",
    "召集",
    "定下",
    "审定",
    "查摆",
    "抽查",
    "核查",
    "发放",
    "编印",
    "传阅",
    "听",
    "念",
    "选",
    "述职",
    "约谈",
    "提醒",
    "公开",
    "研讨",
    "诵读",
    "朗诵",
    "领学",
    "自学",
    "共读",
    "座谈",
    "会商",
];

/// Kinds that are meetings (召开), not activities (开展).
const MEETINGS: &[&str] =
    &["支委会", "党员大会", "组织生活会", "民主评议党员", "民主生活会", "党小组会", "党组会", "机关党委会"];

/// An activity.
#[expect(clippy::struct_excessive_bools, reason = "a template asks each of them by name")]
#[derive(Debug, Serialize)]
pub(super) struct Act {
    日期: Option<Sourced<String>>,
    月: Option<u32>,
    类型: Option<String>,
    会议: bool,
    名称: String,
    /// Begins with a verb.
    动: bool,
    /// Names its own kind.
    含类: bool,
    主持: Option<String>,
    授课: bool,
    本人: bool,
    实到: Option<Count>,
    应到: Option<Count>,
    全到: bool,
    地点: Option<String>,
    单位: Option<String>,
    疑: Option<String>,
    号: Option<usize>,
}

/// An activity as it is told under an item.
pub(super) fn act(subject: &Subject<'_>, evidence: &Evidence, index: usize, item: &ItemId) -> Option<Act> {
    let activity = subject.result.activities.get(index)?;
    let anchor = evidence.anchor(index).unwrap_or_default();
    let kind = activity.kinds.first().map(ToString::to_string);
    let date = short_date(activity);
    let title = clean(&activity.title);
    Some(Act {
        月: activity.date.start.map(crate::model::Date::month),
        日期: (!date.is_empty()).then(|| Sourced::new(date, &anchor)),
        会议: kind.as_deref().is_some_and(|kind| MEETINGS.contains(&kind)),
        动: VERBS.iter().any(|verb| title.starts_with(verb))
            && !title.contains(['“', '：', '—'])
            && !kind.as_deref().is_some_and(|kind| title.starts_with(kind)),
        含类: kind.as_deref().is_some_and(|kind| names_kind(&title, kind)),
        名称: within_quotes(&title),
        类型: kind,
        主持: activity.host.clone().filter(|host| host.chars().count() <= 12),
        授课: lecture(activity),
        本人: own(subject, activity),
        实到: activity.attended.filter(|n| *n > 2).map(|n| Sourced::new(to_usize(n), &anchor)),
        应到: activity.expected.map(|n| Sourced::new(to_usize(n), &anchor)),
        全到: activity.attended.is_some() && activity.attended == activity.expected,
        地点: activity.location.clone().filter(|place| place.chars().count() <= 16),
        单位: activity.unit.as_ref().map(ToString::to_string),
        疑: doubt(subject, index, item),
        号: evidence.number_of(index),
    })
}

/// Whether it is a lecture. That a ledger has one column 主持（主讲）人 for all its rows does not make each of
/// them one.
pub(super) fn lecture(activity: &Activity) -> bool {
    activity.kinds.iter().any(|kind| kind.as_str() == "党课")
        || (activity.kinds.is_empty()
            && activity.host_role == Some(HostRole::Lecturer)
            && activity.title.contains('讲'))
}

/// Whether a title says by itself of what kind it is: three characters of the kind in a row, or its
/// first two where these are not words that stand in every other title.
fn names_kind(title: &str, kind: &str) -> bool {
    let chars: Vec<char> = kind.chars().collect();
    let part = |run: &[char]| title.contains(&run.iter().collect::<String>());
    let common = ["党员", "主题", "支部", "廉政"].iter().any(|word| kind.starts_with(word));
    chars.windows(3).any(part) || (!common && chars.get(..2).is_some_and(part))
}

/// Whether the person who reports hosted or lectured.
pub(super) fn own(subject: &Subject<'_>, activity: &Activity) -> bool {
    let name = subject.author();
    activity.host.as_deref().is_some_and(|host| name.is_some_and(|name| host.contains(name)))
}

pub(super) fn to_usize(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// A title that can stand inside a sentence: without a full stop, at most some 36 characters.
fn clean(title: &str) -> String {
    let flat: String = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let flat = flat.trim_start_matches(|c: char| "+-=*·•、，。；:：".contains(c));
    super::shortened(flat, 36)
}

/// What a person should check before the sentence is read out.
fn doubt(subject: &Subject<'_>, index: usize, item: &ItemId) -> Option<String> {
    let found = subject.result.matches.get(index)?.iter().find(|m| m.item == *item)?;
    let number = subject.list.item(item)?.number;
    (found.decision == Decision::Link && found.confidence < DOUBTFUL).then(|| {
        format!(
            "这项活动归入第{number}条是程序的判断（把握{}），请核实；不对的，在核对表“活动对应”里改。",
            found.surety()
        )
    })
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
