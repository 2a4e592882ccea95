//! Sentences of 评分标准 read into modes, one function for each form.
//!
//! In: the clauses of a plain sentence. Out: a [`Mode`], or nothing where the form does not fit. Never here:
//! messages.

use super::scan::{Scan, plain, whole};
use crate::model::{BallotLimit, EventRule, Measured, Missing, Mode, Period, Points};

const PERIODS: [Period; 4] = [Period::Month, Period::Quarter, Period::Half, Period::Year];

fn only<'a>(clauses: &[&'a str]) -> Option<&'a str> {
    if let [clause] = clauses { Some(clause) } else { None }
}

pub(super) fn share(clauses: &[&str]) -> Option<Mode> {
    (only(clauses)? == "按完成比例得分").then_some(Mode::Share)
}

pub(super) fn judged(clauses: &[&str]) -> Option<Mode> {
    (only(clauses)? == "由考核组评定").then_some(Mode::Judged)
}

pub(super) fn fixed(clauses: &[&str]) -> Option<Mode> {
    whole(only(clauses)?, |s| {
        s.word("起评")?;
        s.number()?;
        s.word("分")
    })
    .map(|()| Mode::Fixed)
}

/// The points that the sentence of 起评分 states.
pub(super) fn starting_points(sentence: &str) -> Option<Points> {
    let text = plain(sentence);
    whole(&text, |s| {
        s.word("起评")?;
        let points = s.number()?;
        s.word("分")?;
        Some(points)
    })
}

/// The most that is taken off.
struct Most(Option<Points>);

/// `扣完为止` or `最多扣{p}分`.
fn most(s: &mut Scan<'_>) -> Option<Most> {
    if s.maybe("扣完为止") {
        return Some(Most(None));
    }
    s.word("最多扣")?;
    let most = s.number()?;
    s.word("分")?;
    Some(Most(Some(most)))
}

pub(super) fn missing(clauses: &[&str]) -> Option<Mode> {
    whole(only(clauses)?, |s| {
        s.one_of(&["每缺", "每少"])?;
        let each = s.count().filter(|each| *each > 0)?;
        s.word("次扣")?;
        let per = s.number()?;
        s.word("分,")?;
        Some(Mode::DeductMissing { each, per, most: most(s)?.0 })
    })
}

pub(super) fn tiers(clauses: &[&str]) -> Option<Mode> {
    let (last, tiers) = clauses.split_last()?;
    if *last != "其余得0分" || tiers.is_empty() {
        return None;
    }
    let tier = |clause: &&str| {
        whole(clause, |s| {
            // 每半年 before 每年: neither begins the other.
            let period = PERIODS.get(s.one_of(&PERIODS.map(Period::every))?)?;
            let times = s.count().filter(|times| *times > 0)?;
            s.word("次得")?;
            let points = s.number()?;
            s.word("分")?;
            Some((*period, times, points))
        })
    };
    Some(Mode::Tiers { tiers: tiers.iter().map(tier).collect::<Option<_>>()? })
}

fn measured(s: &mut Scan<'_>) -> Option<Measured> {
    match s.one_of(&["完成率", "出勤率"]) {
        Some(0) => Some(Measured::Completion),
        Some(_) => Some(Measured::Attendance),
        None => s.quoted().map(Measured::Column),
    }
}

pub(super) fn value_tiers(clauses: &[&str]) -> Option<Mode> {
    let (last, tiers) = clauses.split_last()?;
    let otherwise = whole(last, |s| {
        s.word("其余得")?;
        let points = s.number()?;
        s.word("分")?;
        Some(points)
    })?;
    let mut of = None;
    let mut read = Vec::new();
    for (at, clause) in tiers.iter().enumerate() {
        let mut s = Scan::new(clause);
        if at == 0 {
            s.word("取")?;
            of = Some(measured(&mut s)?);
            s.word(",")?;
        }
        s.word("达到")?;
        let least = s.number()?;
        s.maybe("%");
        s.maybe(",");
        s.word("得")?;
        let points = s.number()?;
        s.word("分")?;
        s.end()?;
        read.push((least, points));
    }
    Some(Mode::ValueTiers { of: of?, tiers: read, otherwise })
}

pub(super) fn rate(clauses: &[&str]) -> Option<Mode> {
    whole(only(clauses)?, |s| {
        let of = measured(s)?;
        s.word("低于")?;
        let least = s.number()?;
        s.word("%的,每低")?;
        let step = s.number().filter(|step| *step > Points::ZERO)?;
        s.word("个百分点扣")?;
        let per = s.number()?;
        s.word("分,不足")?;
        if s.number()? != step {
            return None;
        }
        s.word("个百分点的")?;
        let up = s.one_of(&["不计", "按一步计"])? == 1;
        s.word(",")?;
        Some(Mode::Rate { of, least, step, per, up, most: most(s)?.0 })
    })
}

pub(super) fn low_meetings(clauses: &[&str]) -> Option<Mode> {
    whole(only(clauses)?, |s| {
        s.word("出勤率低于")?;
        let least = s.number()?;
        s.word("%的会议,每次扣")?;
        let per = s.number()?;
        s.word("分,")?;
        Some(Mode::LowMeetings { least, per, most: most(s)?.0 })
    })
}

/// `{事项}每次扣{p}至{p}分`.
fn event(clause: &str, verb: &str) -> Option<EventRule> {
    let (matter, rest, per_person) =
        [("每人次", true), ("每次", false)].iter().find_map(|(word, person)| {
            let (matter, rest) = clause.split_once(&format!("{word}{verb}"))?;
            Some((matter, rest, *person))
        })?;
    let points = whole(rest, |s| {
        let least = s.number()?;
        let most = if s.maybe("至") { s.number()? } else { least };
        s.word("分")?;
        Some((least, most))
    })?;
    let named = !matter.is_empty() && !matter.contains([',', '“', '”']);
    (named && points.0 <= points.1 && points.1 > Points::ZERO).then(|| EventRule {
        matter: matter.to_owned(),
        points,
        per_person,
        doubles: false,
    })
}

pub(super) fn deduct_events(clauses: &[&str]) -> Option<Mode> {
    let (last, before) = clauses.split_last()?;
    let most = whole(last, most)?.0;
    let (mut rules, mut times, mut once_a_case, mut doubles) = (Vec::new(), 1, false, false);
    for clause in before {
        let factor = whole(clause, |s| {
            s.word("扣分乘以")?;
            s.count().filter(|times| (1..=1000).contains(times))
        });
        match (*clause, factor) {
            (_, Some(factor)) => times = factor,
            ("同一案件只扣一次", _) => once_a_case = true,
            ("逾期未改的加倍", _) => doubles = true,
            _ => rules.push(event(clause, "扣")?),
        }
    }
    for rule in &mut rules {
        rule.doubles = doubles;
    }
    (!rules.is_empty()).then_some(Mode::DeductEvents { rules, times, once_a_case, most })
}

pub(super) fn event_points(clauses: &[&str]) -> Option<Mode> {
    let (mut rules, mut shared, mut most) = (Vec::new(), false, None);
    for (at, clause) in clauses.iter().enumerate() {
        let cap = whole(clause, |s| {
            s.word("最多加")?;
            let most = s.number()?;
            s.word("分")?;
            Some(most)
        });
        match (*clause, cap) {
            (_, Some(cap)) if at + 1 == clauses.len() => most = Some(cap),
            ("合作的按人数平分", _) => shared = true,
            _ => rules.push(event(clause, "加")?),
        }
    }
    (!rules.is_empty()).then_some(Mode::EventPoints { rules, shared, most })
}

pub(super) fn activity_points(clauses: &[&str]) -> Option<Mode> {
    whole(only(clauses)?, |s| {
        s.word("超过")?;
        let beyond = s.count()?;
        s.word("次的,每次加")?;
        let per = s.number()?;
        s.word("分")?;
        if s.end().is_some() {
            return Some(Mode::ActivityPoints { beyond, per, most: None });
        }
        s.word(",最多加")?;
        let most = s.number()?;
        s.word("分")?;
        Some(Mode::ActivityPoints { beyond, per, most: Some(most) })
    })
}

/// `{名称}{数}` with a word between and one after, for each part divided by 、.
fn named_numbers(clause: &str, between: &str, after: &str) -> Option<Vec<(String, Points)>> {
    let part = |part: &str| {
        let body = part.strip_suffix(after)?;
        let digits = body.rfind(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let end = digits + body.get(digits..)?.chars().next()?.len_utf8();
        let (name, number) = body.split_at_checked(end)?;
        let name = name.strip_suffix(between).filter(|name| !name.is_empty())?;
        let number = whole(number, Scan::number)?;
        Some((name.to_owned(), number))
    };
    clause.split('、').map(part).collect()
}

/// `有效票不少于{n}张`.
fn fewest(clause: &str) -> Option<u32> {
    whole(clause, |s| {
        s.word("有效票不少于")?;
        let fewest = s.count()?;
        s.word("张")?;
        Some(fewest)
    })
}

pub(super) fn votes(clauses: &[&str]) -> Option<Mode> {
    let [grades, classes, last] = clauses else { return None };
    let grades = named_numbers(grades, "", "分")?;
    let classes = named_numbers(classes, "占", "%")?;
    (grades.len() > 1).then_some(Mode::Votes { grades, classes, fewest: fewest(last)? })
}

pub(super) fn raters(clauses: &[&str]) -> Option<Mode> {
    let [first, middle @ .., last] = clauses else { return None };
    let full = whole(first, |s| {
        s.word("满分")?;
        let full = s.number().filter(|full| *full > Points::ZERO)?;
        s.word("分")?;
        Some(full)
    })?;
    let (mut trim_over, mut limits) = (None, Vec::new());
    for clause in middle {
        let trim = whole(clause, |s| {
            s.word("评委超过")?;
            let over = s.count().filter(|over| *over >= 2)?;
            s.word("人的去掉一个最高分和一个最低分")?;
            Some(over)
        });
        if trim.is_some() {
            trim_over = trim;
            continue;
        }
        limits.push(whole(clause, |s| {
            s.word("每张票")?;
            let score = s.number()?;
            let above = s.one_of(&["分以上的", "分以下的"])? == 0;
            let at_most = s.one_of(&["不超过", "不少于"])? == 0;
            let count = s.count()?;
            s.word("个")?;
            Some(BallotLimit { above, score, at_most, count })
        })?);
    }
    Some(Mode::Raters { full, fewest: fewest(last)?, trim_over, limits })
}

pub(super) fn external(clauses: &[&str]) -> Option<Mode> {
    whole(only(clauses)?, |s| {
        s.word("取")?;
        let column = s.quoted()?;
        s.word(",满分")?;
        let full = s.number().filter(|full| *full > Points::ZERO)?;
        s.word("分折算,没有的")?;
        let missing = match s.one_of(&["按待定", "得0分", "不适用"])? {
            0 => Missing::Open,
            1 => Missing::Zero,
            _ => Missing::NotApplicable,
        };
        Some(Mode::External { column, full, missing })
    })
}

pub(super) fn rank_points(clauses: &[&str]) -> Option<Mode> {
    let [first, last] = clauses else { return None };
    let rest = whole(last, |s| {
        s.word("其余")?;
        s.maybe("得");
        let rest = s.number()?;
        s.word("分")?;
        Some(rest)
    })?;
    let mut s = Scan::new(first);
    s.word("取")?;
    let column = s.quoted()?;
    s.word("在组内的名次:")?;
    let mut table = Vec::new();
    for part in s.rest().split('、') {
        let (place, points) = whole(part, |s| {
            s.word("第")?;
            let place = s.count()?;
            s.word("名")?;
            let points = s.number()?;
            s.word("分")?;
            Some((place, points))
        })?;
        if usize::try_from(place).ok()? != table.len() + 1 {
            return None;
        }
        table.push(points);
    }
    Some(Mode::RankPoints { column, table, rest })
}

pub(super) fn ratio_to_best(clauses: &[&str]) -> Option<Mode> {
    whole(only(clauses)?, |s| {
        s.word("取")?;
        let column = s.quoted()?;
        s.word(",")?;
        let mut full = None;
        if s.maybe("满分") {
            full = Some(s.number()?);
            s.maybe("分");
            s.word(",")?;
        }
        s.word("组内最高的得满分,其余按比例得分")?;
        Some(Mode::RatioToBest { column, full })
    })
}
