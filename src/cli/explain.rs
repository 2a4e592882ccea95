//! `shuzhi explain`: how a unit's points came about, down to the cell.

use super::Ending;
use super::screen::Screen;
use shuzhi::error::Result;
use shuzhi::model::{Counted, Decision, Due, EvidenceSource, Match, RequirementScore, State, UnitResult};
use shuzhi::pipeline::assess::assess;
use shuzhi::pipeline::run::rules_of;
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::seeds::Catalogue;
use std::path::Path;

/// Most sentences that are shown for a match.
const SENTENCES: usize = 5;
/// Most activities without item that are shown.
const MISSES: usize = 20;

pub(super) fn explain(unit: &str, item: Option<&str>, folder: &Path, screen: &mut Screen) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let assessed = assess(folder, &catalogue, &Unwatched)?;
    let Some(at) = assessed.find(unit) else {
        let names: Vec<&str> = assessed.results.iter().map(|result| &*result.unit.name).collect();
        screen.err(&format!("没有“{unit}”这个单位。本次考核的单位有：{}", names.join("、")));
        return Ok(Ending::WithErrors);
    };
    let (Some(case), Some(standing)) = (assessed.cases().told(at)?, assessed.standings.get(at)) else {
        return Ok(Ending::WithErrors);
    };
    let result = &*case.result;
    let Some(rules) = rules_of(&assessed, result) else { return Ok(Ending::WithErrors) };
    let card = &result.card;
    screen.out(&format!(
        "{}：{}分（满分{}，待核实{}，已扣{}）{}，名次{}（{}～{}）",
        result.unit.name,
        card.earned,
        card.base,
        card.pending,
        card.lost,
        if card.earned == standing.total {
            String::new()
        } else {
            format!("，按适用分值折算总分{}分", standing.total)
        },
        standing.rank,
        standing.best,
        standing.worst
    ));
    let mut shown = 0;
    for score in &card.items {
        let wanted = |id: &str| item.is_none_or(|item| item.eq_ignore_ascii_case(id));
        let whole = wanted(score.item.as_str());
        if !whole && !score.requirements.iter().any(|r| wanted(r.id.as_str())) {
            continue;
        }
        shown += 1;
        let title = rules.list.item(&score.item).map_or("", |item| item.short());
        screen.out(&format!(
            "\n{} {title}：{}分／{}，待核实{}，对应活动{}项",
            score.item,
            score.earned,
            score.base,
            score.pending,
            score.activities.len()
        ));
        for requirement in score.requirements.iter().filter(|r| whole || wanted(r.id.as_str())) {
            requirement_lines(result, requirement, item.is_some(), screen);
        }
        if item.is_some() && whole {
            for &index in score.activities.iter().chain(&score.review) {
                activity_lines(result, index, score.item.as_str(), screen);
            }
        }
    }
    if shown == 0 {
        let items: Vec<&str> = card.items.iter().map(|score| score.item.as_str()).collect();
        screen.err(&format!("没有条目“{}”。可以写 {}", item.unwrap_or_default(), items.join("、")));
        return Ok(Ending::WithErrors);
    }
    without_item(result, item, screen);
    if item.is_none() {
        screen.out("\n写明条目可以看到每项活动的出处和依据，如 shuzhi explain 单位 条目编号");
    }
    Ok(Ending::Clean)
}

fn requirement_lines(
    result: &UnitResult,
    requirement: &RequirementScore,
    detailed: bool,
    screen: &mut Screen,
) {
    screen.out(&format!(
        "  {} {}：{}分／{}。{}",
        requirement.id, requirement.name, requirement.earned, requirement.base, requirement.reason
    ));
    if !detailed {
        return;
    }
    for due in &requirement.dues {
        let places = |indexes: &[usize]| {
            let place = |&i: &usize| result.activities.get(i).map(|a| format!("{}（{}）", a.title, a.place));
            indexes.iter().filter_map(place).collect::<Vec<_>>().join("；")
        };
        let decided = if due.decided { "（核对表）" } else { "" };
        let mut line = format!("    {} {}{decided}", due.label, state(due));
        if !due.evidence.is_empty() {
            line += &format!("：{}", places(&due.evidence));
        }
        if !due.open.is_empty() && due.state == State::Unverified {
            line += &format!("；可能相关：{}", places(&due.open));
        }
        screen.out(&line);
    }
}

fn state(due: &Due) -> String {
    match due.state {
        State::Recorded => format!("有记录{}次", due.found),
        other => other.as_str().to_owned(),
    }
}

fn activity_lines(result: &UnitResult, index: usize, item: &str, screen: &mut Screen) {
    let Some(activity) = result.activities.get(index) else { return };
    let Some(found) = result.matches.get(index).and_then(|ms| ms.iter().find(|m| m.item.as_str() == item))
    else {
        return;
    };
    let review = if found.decision == Decision::Review { "（待核，未计分）" } else { "" };
    screen.out(&format!(
        "    · {} {}{review}，把握{}，{}",
        activity.date.display(),
        activity.title,
        found.surety(),
        activity.place
    ));
    evidence_lines(found, "        ", screen);
    if let Some(next) = result.next.get(index).and_then(Option::as_ref) {
        screen.out(&format!("        {}", next_line(next, false)));
    }
}

/// The sentences of a match with what each weighs, in logits.
pub(super) fn evidence_lines(found: &Match, indent: &str, screen: &mut Screen) {
    for evidence in found.evidence.iter().take(SENTENCES) {
        if evidence.source == EvidenceSource::Reviewer {
            screen.out(&format!("{indent}{}", evidence.sentence));
        } else {
            let sign = if evidence.weight < 0 { '－' } else { '＋' };
            let weight = evidence.weight.unsigned_abs();
            screen.out(&format!("{indent}{sign}{}.{:02} {}", weight / 100, weight % 100, evidence.sentence));
        }
    }
}

/// The item that came next, in words.
pub(super) fn next_line(next: &Match, nearest: bool) -> String {
    format!("{} {} {}", if nearest { "最接近的是" } else { "其次" }, next.item, next.surety())
}

/// Activities that nobody and nothing gave an item, with what each came nearest to.
fn without_item(result: &UnitResult, item: Option<&str>, screen: &mut Screen) {
    let rows = result.activities.iter().enumerate().filter_map(|(at, activity)| {
        let open = result.matches.get(at).is_some_and(Vec::is_empty)
            && result.rulings.get(at).is_some_and(Option::is_none)
            && result.counted.get(at) == Some(&Counted::Yes);
        let next = result.next.get(at).and_then(Option::as_ref);
        let near =
            item.is_none_or(|item| next.is_some_and(|next| next.item.as_str().eq_ignore_ascii_case(item)));
        (open && near).then_some((activity, next))
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|(_, next)| std::cmp::Reverse(next.map_or(0, |next| next.confidence)));
    if rows.is_empty() {
        return;
    }
    let which = item.map_or_else(String::new, |item| format!("、最接近{item}的"));
    screen.out(&format!("\n没有对应条目{which}活动{}项", rows.len()));
    for (activity, next) in rows.iter().take(MISSES) {
        screen.out(&format!("    · {} {}，{}", activity.date.display(), activity.title, activity.place));
        let Some(next) = next else {
            screen.out("        没有接近的条目");
            continue;
        };
        screen.out(&format!("        {}", next_line(next, true)));
        if item.is_some() {
            evidence_lines(next, "        ", screen);
        }
    }
    if rows.len() > MISSES {
        screen.out(&format!("    ……另有{}项，见核对表“活动对应”", rows.len() - MISSES));
    }
}
