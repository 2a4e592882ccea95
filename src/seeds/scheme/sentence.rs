//! Modes written as sentences of 评分标准, which [`parse`](super::grammar::parse) reads back.
//!
//! In: a [`Mode`]. Out: its sentence. Never here: reading.

use crate::model::{EventRule, Measured, Missing, Mode, Points};
use std::fmt::Write as _;

fn ending(most: Option<Points>) -> String {
    most.map_or_else(|| "扣完为止".to_owned(), |most| format!("最多扣{most}分"))
}

fn of(measured: &Measured) -> String {
    match measured {
        Measured::Completion => "完成率".to_owned(),
        Measured::Attendance => "出勤率".to_owned(),
        Measured::Column(column) => format!("“{column}”"),
    }
}

fn events(rules: &[EventRule], verb: &str) -> String {
    let mut text = String::new();
    for rule in rules {
        let each = if rule.per_person { "每人次" } else { "每次" };
        let (least, most) = rule.points;
        let range = if least == most { String::new() } else { format!("至{most}") };
        let _ = write!(text, "{}{each}{verb}{least}{range}分；", rule.matter);
    }
    text
}

/// The sentence of a mode; `points` is the line's 分值.
#[must_use]
pub fn sentence(mode: &Mode, points: Points) -> String {
    match mode {
        Mode::Share => "按完成比例得分".to_owned(),
        Mode::Judged => "由考核组评定".to_owned(),
        Mode::Fixed => format!("起评{points}分"),
        Mode::DeductMissing { each, per, most } => format!("每缺{each}次扣{per}分，{}", ending(*most)),
        Mode::Tiers { tiers } => {
            let tiers =
                tiers.iter().map(|(period, times, p)| format!("{}{times}次得{p}分；", period.every()));
            tiers.chain(["其余得0分".to_owned()]).collect()
        }
        Mode::ValueTiers { of: measured, tiers, otherwise } => {
            let tiers = tiers.iter().map(|(least, points)| format!("达到{least}得{points}分；"));
            let head = format!("取{}，", of(measured));
            std::iter::once(head).chain(tiers).chain([format!("其余得{otherwise}分")]).collect()
        }
        Mode::Rate { of: measured, least, step, per, up, most } => format!(
            "{}低于{least}%的，每低{step}个百分点扣{per}分，不足{step}个百分点的{}，{}",
            of(measured),
            if *up { "按一步计" } else { "不计" },
            ending(*most)
        ),
        Mode::LowMeetings { least, per, most } => {
            format!("出勤率低于{least}%的会议，每次扣{per}分，{}", ending(*most))
        }
        Mode::DeductEvents { rules, times, once_a_case, most } => {
            let mut text = events(rules, "扣");
            if *times != 1 {
                let _ = write!(text, "扣分乘以{times}；");
            }
            if *once_a_case {
                text.push_str("同一案件只扣一次；");
            }
            if rules.iter().any(|rule| rule.doubles) {
                text.push_str("逾期未改的加倍；");
            }
            text + &ending(*most)
        }
        Mode::EventPoints { rules, shared, most } => {
            let mut text = events(rules, "加");
            if *shared {
                text.push_str("合作的按人数平分；");
            }
            match most {
                Some(most) => text + &format!("最多加{most}分"),
                None => text.trim_end_matches('；').to_owned(),
            }
        }
        Mode::ActivityPoints { beyond, per, most } => {
            let cap = most.map_or_else(String::new, |most| format!("，最多加{most}分"));
            format!("超过{beyond}次的，每次加{per}分{cap}")
        }
        Mode::Votes { grades, classes, fewest } => {
            let grades: Vec<String> = grades.iter().map(|(name, p)| format!("{name}{p}分")).collect();
            let classes: Vec<String> = classes.iter().map(|(name, p)| format!("{name}占{p}%")).collect();
            format!("{}；{}；有效票不少于{fewest}张", grades.join("、"), classes.join("、"))
        }
        Mode::Raters { full, fewest, trim_over, limits } => {
            let mut text = format!("满分{full}分；");
            if let Some(over) = trim_over {
                let _ = write!(text, "评委超过{over}人的去掉一个最高分和一个最低分；");
            }
            for limit in limits {
                let side = if limit.above { "以上" } else { "以下" };
                let bound = if limit.at_most { "不超过" } else { "不少于" };
                let _ = write!(text, "每张票{}分{side}的{bound}{}个；", limit.score, limit.count);
            }
            text + &format!("有效票不少于{fewest}张")
        }
        Mode::External { column, full, missing } => {
            let missing = match missing {
                Missing::Open => "按待定",
                Missing::Zero => "得0分",
                Missing::NotApplicable => "不适用",
            };
            format!("取“{column}”，满分{full}分折算，没有的{missing}")
        }
        Mode::RankPoints { column, table, rest } => {
            let places = table.iter().zip(1..).map(|(points, place)| format!("第{place}名{points}分"));
            let places: Vec<String> = places.collect();
            format!("取“{column}”在组内的名次：{}；其余{rest}分", places.join("、"))
        }
        Mode::RatioToBest { column, full } => {
            let full = full.map_or_else(String::new, |full| format!("满分{full}，"));
            format!("取“{column}”，{full}组内最高的得满分，其余按比例得分")
        }
    }
}
