//! How the points of a line came about, in words.

use super::lines::{Facts, is_low};
use crate::formula::rules::Role;
use crate::model::{Bounds, FactState, Line, Measured, Mode, Points, Tally};

/// The reason of a line's points: 依据 or 扣分原因.
pub(super) fn reason(
    line: &Line,
    role: Role,
    facts: &Facts,
    applies: bool,
    given_away: bool,
    rule: &Bounds,
    judged: Option<Points>,
) -> String {
    if !applies {
        return if given_away { "不适用，按满分计" } else { "不适用，不计入分母" }.to_owned();
    }
    if let Some(points) = judged {
        return format!("考核组评定{points}分");
    }
    let all = facts.tallies.iter().fold(Tally::default(), |sum, tally| Tally {
        required: sum.required.saturating_add(tally.required),
        met: sum.met.saturating_add(tally.met),
        open: sum.open.saturating_add(tally.open),
    });
    match &line.mode {
        Mode::Share => format!("{}，{}分×{}/{}", counted(all), line.points, all.met, all.required),
        Mode::DeductMissing { each, per, .. } => {
            format!("{}，每缺{each}次扣{per}分", counted(all))
        }
        Mode::Tiers { tiers } => {
            let reached =
                tiers.iter().zip(&facts.tallies).find(|(_, t)| t.required > 0 && t.met >= t.required);
            let mut text = match reached {
                Some(((period, times, points), _)) => {
                    format!("达到“{}{times}次”，得{points}分", period.every())
                }
                None => "没有达到任何一档".to_owned(),
            };
            if all.open > 0 {
                text += &format!("；还有{}次待核实", all.open);
            }
            text
        }
        Mode::ValueTiers { of, .. } | Mode::Rate { of, .. } => measured(of, all, facts),
        Mode::LowMeetings { least, .. } => {
            let low = |sure: bool| {
                let own = facts.meetings.iter().filter(|meeting| meeting.sure == sure);
                own.filter(|meeting| is_low(**meeting, *least).unwrap_or(false)).count()
            };
            let mut text = if facts.meetings.is_empty() {
                "没有写明应到和实到人数的会议，不扣分".to_owned()
            } else {
                format!("出勤率低于{least}%的会议{}次", low(true))
            };
            if low(false) > 0 {
                text += &format!("，待核{}次", low(false));
            }
            text
        }
        Mode::DeductEvents { .. } | Mode::EventPoints { .. } => events(facts, role),
        Mode::ActivityPoints { beyond, per, .. } => {
            let more = facts.reachable.saturating_sub(facts.recorded);
            let open = if more > 0 { format!("，另有{more}次待核") } else { String::new() };
            format!("认定{}次{open}，超过{beyond}次的每次加{per}分", facts.recorded)
        }
        Mode::Votes { .. } => missing_or(rule, "测评票", "按各类票的平均值和比重计算"),
        Mode::Raters { .. } => missing_or(rule, "评委打分", "按评委打分的平均值折算"),
        Mode::External { column, .. }
        | Mode::RankPoints { column, .. }
        | Mode::RatioToBest { column, .. } => match facts.value {
            Some(value) => format!("{column} {value}"),
            None => format!("没有“{column}”的数据"),
        },
        Mode::Judged => "等待考核组评定".to_owned(),
        Mode::Fixed => "起评分".to_owned(),
    }
}

fn counted(tally: Tally) -> String {
    let Tally { required, met, open } = tally;
    let mut text = format!("应完成{required}次，已完成{met}次");
    if open > 0 {
        text += &format!("，待核{open}次");
    }
    let lost = required.saturating_sub(met).saturating_sub(open);
    if lost > 0 {
        text += &format!("，经核实缺{lost}次");
    }
    text
}

fn measured(of: &Measured, tally: Tally, facts: &Facts) -> String {
    match of {
        Measured::Completion => counted(tally),
        Measured::Attendance => {
            let (present, expected) = facts.sums(true);
            let mut text = if expected == 0 {
                "没有写明应到和实到人数的会议".to_owned()
            } else {
                format!("应到{expected}人次，实到{present}人次")
            };
            let review = facts.meetings.iter().filter(|meeting| !meeting.sure).count();
            if review > 0 {
                text += &format!("，另有{review}次会议待核");
            }
            text
        }
        Measured::Column(column) => match facts.value {
            Some(value) => format!("{column} {value}"),
            None => format!("没有“{column}”的数据"),
        },
    }
}

fn events(facts: &Facts, role: Role) -> String {
    let of = |state: FactState| facts.events.iter().filter(move |(_, own)| *own == state);
    let sum = |state| of(state).map(|(points, _)| *points).sum::<Points>();
    let sure = of(FactState::True).count();
    let mut text = if sure == 0 {
        "没有认定的事项".to_owned()
    } else {
        format!("认定{sure}项，合计{}分", sum(FactState::True))
    };
    if of(FactState::Open).count() > 0 {
        let word = if role == Role::TakenOff { "计入得分一侧的" } else { "" };
        text += &format!("；待核{}项，{word}{}分", of(FactState::Open).count(), sum(FactState::Open));
    }
    text
}

fn missing_or(rule: &Bounds, what: &str, known: &str) -> String {
    if rule.is_settled() { known.to_owned() } else { format!("{what}不足，暂按最低计") }
}
