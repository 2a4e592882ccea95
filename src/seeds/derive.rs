//! Requirements from a list's own words, for lists that come without a file of requirements.
//!
//! In: a duty list and the kinds of activity. Out: at least one [`Requirement`] for each item. Never
//! here: a judgement beyond the words of the item.
//!
//! The rule, sentence by sentence and clause by clause:
//! - a count (`1次`) under a period (每月, 每季度, 每半年, 每年; it holds to the end of the sentence) is a
//!   demand by count, of the kind that stands next to it;
//! - a period without count is a demand of one in each; 每年 or a date (`12月底前`, 年初) one in that window;
//! - 定期 or 经常 is a demand whose number the office sets, once a quarter until it does;
//! - an item with none of these is one narrative demand.
//!
//! What counts is the kind that the words name; where they name none, the short object of the clause
//! as a word; where that is long, every activity that was matched to the item.

use super::KindTable;
use super::list_words::{DeriveWords, words};
use super::numbers::{digit, is_chinese_digit, number};
use super::text::fold;
use crate::model::{By, Class, Counts, DutyItem, DutyList, Period, Requirement, RequirementId};
use toml::Spanned;

/// What holds on from one clause to the next of a sentence.
#[derive(Default)]
struct Carried {
    period: Option<Period>,
    object: String,
    clause: String,
}

/// A demand found in a clause.
struct Demand {
    class: Class,
    period: Period,
    minimum: u32,
    window: (u32, u32),
    object: String,
    limits: String,
}

/// The requirements that a list's own words state; see the module's head for the rule.
#[must_use]
pub fn derive(list: &DutyList, kinds: &KindTable) -> Vec<Requirement> {
    let mut requirements = Vec::new();
    for item in &list.items {
        let before = requirements.len();
        if let Ok(words) = words() {
            of_item(&words.derive, item, kinds, &mut requirements);
        }
        if requirements.len() == before {
            requirements.push(narrative(item));
        }
    }
    requirements
}

fn narrative(item: &DutyItem) -> Requirement {
    Requirement {
        id: RequirementId::from(format!("{}a", item.id).as_str()),
        item: item.id.clone(),
        name: shortened(item.short(), 16),
        class: Class::Narrative,
        period: Period::Year,
        minimum: 1,
        window: (1, 12),
        counts: Counts::default(),
        exempt: None,
        each: None,
        hours: None,
        origin: None,
        source: item.short().to_owned(),
        limits: String::new(),
    }
}

fn of_item(words: &DeriveWords, item: &DutyItem, kinds: &KindTable, requirements: &mut Vec<Requirement>) {
    let first = requirements.len();
    for sentence in item.text.split(['。', '；', '！']) {
        let mut carried = Carried::default();
        for clause in sentence.split(['，', ',']) {
            let found = demands(words, &fold(clause), &mut carried);
            if found.is_empty() {
                carried.object = fold(clause);
                clause.clone_into(&mut carried.clause);
            }
            for mut demand in found {
                if demand.object.is_empty() {
                    demand.object.clone_from(&carried.object);
                } else {
                    carried.object.clone_from(&demand.object);
                    clause.clone_into(&mut carried.clause);
                }
                let by_secretary = carried.clause.contains(words.lecturer.as_str());
                let Some(letter) = ('a'..='z').nth(requirements.len() - first) else { return };
                let requirement =
                    requirement(words, item, kinds, clause.trim(), demand, by_secretary, letter);
                let same = |r: &Requirement| r.counts == requirement.counts && r.period == requirement.period;
                if !requirements.get(first..).unwrap_or_default().iter().any(same) {
                    requirements.push(requirement);
                }
            }
        }
    }
}

fn requirement(
    words: &DeriveWords,
    item: &DutyItem,
    kinds: &KindTable,
    clause: &str,
    demand: Demand,
    by_secretary: bool,
    letter: char,
) -> Requirement {
    let named = kinds.named_in(&demand.object);
    let lecture = named.iter().any(|kind| kind.as_str() == words.lecture);
    let by_secretary = lecture && by_secretary;
    let objects = if named.is_empty() { objects(words, &demand.object) } else { Vec::new() };
    let any = objects.iter().map(|object| trimmed(words, object)).collect();
    let name = match (named.first(), objects.as_slice()) {
        (Some(kind), _) if by_secretary => format!("{}{kind}", words.lecturer),
        (Some(kind), _) => kind.to_string(),
        (None, []) => shortened(clause, 16),
        (None, objects) => objects.join("、"),
    };
    Requirement {
        id: RequirementId::from(format!("{}{letter}", item.id).as_str()),
        item: item.id.clone(),
        name,
        class: demand.class,
        period: demand.period,
        minimum: demand.minimum,
        window: demand.window,
        counts: Counts {
            kinds: named,
            any,
            by: if by_secretary { By::Secretary } else { By::Anyone },
            ..Counts::default()
        },
        exempt: None,
        each: None,
        hours: None,
        origin: None,
        source: clause.to_owned(),
        limits: demand.limits,
    }
}

fn demands(words: &DeriveWords, clause: &str, carried: &mut Carried) -> Vec<Demand> {
    let months = window(words, clause);
    let window = months.map(|(months, _)| months);
    let period = period(words, clause);
    if let Some((period, _)) = period {
        carried.period = Some(period);
    }
    let limits = words.unseen.iter().find(|unit| clause.contains(unit.as_str()));
    let limits = limits.map_or(String::new(), |unit| format!("“{unit}”要看到人的记录，活动台账看不出。"));
    let demand = |class, period, minimum, object: &str| Demand {
        class,
        period,
        minimum,
        window: if class == Class::Calendar { window.unwrap_or((1, 12)) } else { (1, 12) },
        object: cut(words, object),
        limits: limits.clone(),
    };
    let counts = counts(words, clause);
    if let (Some(carried), false) = (carried.period, counts.is_empty()) {
        let begin = period.map_or(0, |(_, end)| end);
        return counts
            .iter()
            .enumerate()
            .map(|(at, &(start, end, minimum))| {
                let next = counts.get(at + 1).map_or(clause.len(), |&(start, _, _)| start);
                let last = at.checked_sub(1).and_then(|at| counts.get(at)).map_or(begin, |&(_, end, _)| end);
                let after = clause.get(end..next).unwrap_or_default();
                let after =
                    words.joiners.iter().fold(after, |text, joiner| text.trim_end_matches(joiner.as_str()));
                let before = clause.get(last.min(start)..start).unwrap_or_default();
                let class = if window.is_some() && carried == Period::Year {
                    Class::Calendar
                } else {
                    Class::Counted
                };
                demand(class, carried, minimum, if after.is_empty() { before } else { after })
            })
            .collect();
    }
    if let Some((period, end)) = period {
        let class = if period == Period::Year { Class::Calendar } else { Class::Counted };
        return vec![demand(class, period, 1, clause.get(end..).unwrap_or_default())];
    }
    if let Some((_, end)) = months {
        return vec![demand(Class::Calendar, Period::Year, 1, clause.get(end..).unwrap_or_default())];
    }
    let interval = words.interval.iter().find_map(|word| Some((word, clause.find(word.as_str())?)));
    if let Some((word, at)) = interval {
        let object = clause.get(at + word.len()..).unwrap_or_default();
        let mut found = demand(Class::Interval, Period::Quarter, 1, object);
        found.limits = format!("“{word}”没有写次数，由本单位设定。{}", found.limits);
        return vec![found];
    }
    Vec::new()
}

/// The period that a clause names, and where its wording ends.
fn period(words: &DeriveWords, clause: &str) -> Option<(Period, usize)> {
    let periods = [
        (&words.month, Period::Month),
        (&words.quarter, Period::Quarter),
        (&words.half, Period::Half),
        (&words.year, Period::Year),
    ];
    let in_window = |at: usize| {
        let before = clause.get(..at).unwrap_or_default();
        before.ends_with(['上', '下'])
    };
    periods.into_iter().find_map(|(names, period)| {
        names.iter().find_map(|name| {
            let at = clause.find(name.as_str()).filter(|at| !in_window(*at))?;
            Some((period, at + name.len()))
        })
    })
}

/// The months that a clause names (年初, 上半年, `6月底前`, `12月31日前`), and where the wording ends.
fn window(words: &DeriveWords, clause: &str) -> Option<((u32, u32), usize)> {
    let named =
        words.windows.iter().map(Spanned::get_ref).find_map(|(name, first, last)| {
            Some(((*first, *last), clause.find(name.as_str())? + name.len()))
        });
    let by_month = || {
        clause.match_indices('月').find_map(|(at, _)| {
            let before = clause.get(..at)?;
            let start = before.char_indices().rev().take_while(|(_, c)| is_number_part(*c)).last()?.0;
            let month = number(before.get(start..)?).filter(|month| (1..=12).contains(month))?;
            let after = clause.get(at..)?;
            let ahead =
                after.find('前').filter(|at| after.get(..*at).is_some_and(|t| t.chars().count() <= 6))?;
            Some(((1, month), at + ahead + '前'.len_utf8()))
        })
    };
    named.or_else(by_month)
}

/// Numbers with a counter in a clause: where they begin (with 至少 and the like), where they end, how many.
fn counts(words: &DeriveWords, clause: &str) -> Vec<(usize, usize, u32)> {
    let mut found = Vec::new();
    for counter in &words.counters {
        for (at, _) in clause.match_indices(counter.as_str()) {
            let before = clause.get(..at).unwrap_or_default();
            let Some((start, _)) = before.char_indices().rev().take_while(|(_, c)| is_number_part(*c)).last()
            else {
                continue;
            };
            let Some(count) =
                number(before.get(start..).unwrap_or_default()).filter(|n| (1..=366).contains(n))
            else {
                continue;
            };
            let head = clause.get(..start).unwrap_or_default();
            let after = clause.get(at + counter.len()..).unwrap_or_default();
            if head.ends_with('第') || after.starts_with('性') {
                continue;
            }
            let least = words.least.iter().find(|least| head.ends_with(least.as_str()));
            found.push((start - least.map_or(0, String::len), at + counter.len(), count));
        }
    }
    found.sort_unstable();
    found
}

fn is_number_part(c: char) -> bool {
    digit(c).is_some() || is_chinese_digit(c)
}

/// The part of an object before 至少 and the like, without punctuation at its ends.
fn cut(words: &DeriveWords, object: &str) -> String {
    let object = words.least.iter().fold(object, |text, least| text.trim_start_matches(least.as_str()));
    let end =
        words.least.iter().filter_map(|least| object.find(least.as_str())).min().unwrap_or(object.len());
    let object = object.get(..end).unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    if words.hollow.iter().any(|word| word == object) { String::new() } else { object.to_owned() }
}

/// The short names of what a clause asks for; none where they are too long to stand in a ledger.
fn objects(words: &DeriveWords, object: &str) -> Vec<String> {
    let mut text = object;
    for pivot in &words.pivots {
        if let Some((_, after)) = text.rsplit_once(pivot.as_str())
            && !after.is_empty()
        {
            text = after;
        }
    }
    let parts = words.joiners.iter().fold(vec![text], |parts, joiner| {
        parts.into_iter().flat_map(|part| part.split(joiner.as_str())).collect()
    });
    let found: Vec<String> = parts.into_iter().map(|part| bare(words, part)).collect();
    if found.iter().all(|part| (2..=10).contains(&part.chars().count())) { found } else { Vec::new() }
}

/// A part of an object without the verbs before it.
fn bare(words: &DeriveWords, part: &str) -> String {
    let part: String = part.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut text = part.as_str();
    for head in &words.heads {
        let shorter = text.strip_prefix(head.as_str()).unwrap_or(text);
        if shorter.chars().count() >= 3 {
            text = shorter;
        }
    }
    text.to_owned()
}

/// An object without general words at its end, as rows of a ledger shorten it.
fn trimmed(words: &DeriveWords, object: &str) -> String {
    let mut text = object;
    for tail in &words.tails {
        let shorter = text.strip_suffix(tail.as_str()).unwrap_or(text);
        if shorter.chars().count() >= 3 {
            text = shorter;
        }
    }
    text.to_owned()
}

fn shortened(text: &str, most: usize) -> String {
    let mut short: String = text.chars().take(most).collect();
    if text.chars().count() > most {
        short.push('…');
    }
    short
}
