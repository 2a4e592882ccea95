//! What duty items demand, as data: loaded from `seeds/requirements/`, or derived from an item's words.
//!
//! In: TOML with one entry for each demand, the duty lists, the kinds. Out: checked [`Requirement`]s.
//! Never here: points, or whether a demand is met.

pub use super::derive::derive;
pub use super::presets::{Override, Preset, Rule, apply_preset, apply_rule, parse_rule};

use super::KindTable;
use super::source::Source;
use super::text::fold;
use crate::error::{Error, Result};
use crate::model::{
    By, Class, Counts, DutyList, Each, Exemption, ItemId, KindId, Period, PersonGoal, Requirement,
    RequirementId,
};
use serde::Deserialize;
use std::fmt::Write as _;
use std::ops::Range;
use toml::Spanned;

/// The built-in files: list, name, text.
pub const BUILTIN: [(&str, &str, &str); 4] = [
    ("DZ", "seeds/requirements/DZ.toml", include_str!("../../seeds/requirements/DZ.toml")),
    ("JW", "seeds/requirements/JW.toml", include_str!("../../seeds/requirements/JW.toml")),
    ("CY", "seeds/requirements/CY.toml", include_str!("../../seeds/requirements/CY.toml")),
    ("ZB", "seeds/requirements/ZB.toml", include_str!("../../seeds/requirements/ZB.toml")),
];

const CLASSES: [(&str, Class); 5] = [
    ("counted", Class::Counted),
    ("calendar", Class::Calendar),
    ("interval", Class::Interval),
    ("existence", Class::Existence),
    ("narrative", Class::Narrative),
];
const PERIODS: [(&str, Period); 4] =
    [("month", Period::Month), ("quarter", Period::Quarter), ("half", Period::Half), ("year", Period::Year)];
const EXEMPTIONS: [(&str, Exemption); 3] = [
    ("no_committee", Exemption::NoCommittee),
    ("no_groups", Exemption::NoGroups),
    ("no_counties", Exemption::NoCounties),
];
const LISTS: [(&str, Each); 3] =
    [("counties", Each::Counties), ("leaders", Each::Leaders), ("branches", Each::Branches)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    requirement: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    name: Spanned<String>,
    class: Spanned<String>,
    period: Spanned<String>,
    minimum: Spanned<u32>,
    window: Option<Spanned<(u32, u32)>>,
    #[serde(default)]
    kinds: Vec<Spanned<String>>,
    #[serde(default)]
    any: Vec<Spanned<String>>,
    #[serde(default)]
    all: Vec<Vec<Spanned<String>>>,
    #[serde(default)]
    not: Vec<Spanned<String>>,
    #[serde(default)]
    by_secretary: bool,
    minutes: Option<u32>,
    #[serde(default)]
    recorder: bool,
    exempt: Option<Spanned<String>>,
    each: Option<Spanned<String>>,
    hours: Option<Spanned<Hours>>,
    source: Spanned<String>,
    #[serde(default)]
    limits: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    least: u32,
    #[serde(default)]
    officers: bool,
    #[serde(default)]
    trainings: u32,
}

/// The requirements of a file for one list. Words are folded as [`fold`] does it.
///
/// # Errors
/// [`Error::Seed`] with the line: an unknown item, kind, class, period or exemption, an id given twice, a
/// `source` that does not stand in the item, an item of the list without requirement.
pub fn load(file: &str, text: &str, list: &DutyList, kinds: &KindTable) -> Result<Vec<Requirement>> {
    let source = Source::new(file, text);
    let mut requirements: Vec<Requirement> = Vec::new();
    for entry in source.parse::<File>()?.requirement {
        let requirement = requirement(&source, entry, list, kinds, &requirements)?;
        requirements.push(requirement);
    }
    if let Some(item) = list.items.iter().find(|item| requirements.iter().all(|r| r.item != item.id)) {
        let line = text.lines().count();
        return Err(source.error(line, format!("“{}”没有一项考核要求，每一条目至少要有一项", item.id)));
    }
    Ok(requirements)
}

fn requirement(
    source: &Source<'_>,
    entry: Entry,
    list: &DutyList,
    kinds: &KindTable,
    before: &[Requirement],
) -> Result<Requirement> {
    let id = RequirementId::from(entry.id.get_ref().as_str());
    let at = |span: Range<usize>, message: String| Err(source.error_at(&span, message));
    let item = item_of(&id);
    let Some(duty) = list.item(&item) else {
        return at(entry.id.span(), format!("清单“{}”没有条目“{item}”", list.title));
    };
    if before.iter().any(|r| r.id == id) {
        return at(entry.id.span(), format!("编号“{id}”重复"));
    }
    if id.as_str().len() != item.as_str().len() + 1 {
        return at(entry.id.span(), format!("编号“{id}”应是条目编号加一个小写字母"));
    }
    if entry.name.get_ref().trim().is_empty() {
        return at(entry.name.span(), format!("“{id}”没有名称"));
    }
    if !duty.text.contains(entry.source.get_ref().as_str()) || entry.source.get_ref().is_empty() {
        let message = format!("“{}”不是条目“{item}”的原文", entry.source.get_ref());
        return at(entry.source.span(), message);
    }
    let class = choose(source, &entry.class, &CLASSES)?;
    let period = choose(source, &entry.period, &PERIODS)?;
    if *entry.minimum.get_ref() == 0 {
        return at(entry.minimum.span(), format!("“{id}”的最少次数应大于0"));
    }
    let window = match &entry.window {
        None => (1, 12),
        Some(window) => {
            let (begin, end) = *window.get_ref();
            if class != Class::Calendar || begin == 0 || begin > end || end > 12 {
                return at(window.span(), "起止月份只用于 calendar，应在1至12之间，先起后止".to_owned());
            }
            (begin, end)
        }
    };
    for kind in &entry.kinds {
        if kinds.get(&KindId::from(kind.get_ref().as_str())).is_none() {
            return at(kind.span(), format!("没有“{}”这一活动类型，见 seeds/kinds.toml", kind.get_ref()));
        }
    }
    for word in entry.any.iter().chain(&entry.not).chain(entry.all.iter().flatten()) {
        if fold(word.get_ref()).is_empty() {
            return at(word.span(), format!("“{id}”的字样不能为空"));
        }
    }
    let exempt = entry.exempt.as_ref().map(|exempt| choose(source, exempt, &EXEMPTIONS)).transpose()?;
    let each = entry.each.as_ref().map(|each| choose(source, each, &LISTS)).transpose()?;
    if let Some(hours) =
        entry.hours.as_ref().filter(|hours| hours.get_ref().least == 0 || period != Period::Year)
    {
        return at(hours.span(), "学时应大于0，并且按年（period = \"year\"）".to_owned());
    }
    let hours = entry.hours.map(|hours| {
        let Hours { least, officers, trainings } = hours.into_inner();
        PersonGoal { hours: least, officers, trainings }
    });
    let folded = |words: &[Spanned<String>]| words.iter().map(|w| fold(w.get_ref())).collect::<Vec<_>>();
    Ok(Requirement {
        id,
        item,
        name: entry.name.into_inner(),
        class,
        period,
        minimum: *entry.minimum.get_ref(),
        window,
        counts: Counts {
            kinds: entry.kinds.iter().map(|kind| KindId::from(kind.get_ref().as_str())).collect(),
            any: folded(&entry.any),
            all: entry.all.iter().map(|group| folded(group)).collect(),
            not: folded(&entry.not),
            by: if entry.by_secretary { By::Secretary } else { By::Anyone },
            minutes: entry.minutes,
            recorder: entry.recorder,
        },
        exempt,
        each,
        hours,
        origin: None,
        source: entry.source.into_inner(),
        limits: entry.limits,
    })
}

/// The item of a requirement: its id without the letter.
#[must_use]
pub fn item_of(id: &RequirementId) -> ItemId {
    ItemId::from(id.as_str().trim_end_matches(|c: char| c.is_ascii_lowercase()))
}

fn choose<T: Copy>(source: &Source<'_>, word: &Spanned<String>, choices: &[(&str, T)]) -> Result<T> {
    choices.iter().find(|(name, _)| name == word.get_ref()).map(|(_, value)| *value).ok_or_else(|| {
        let names = choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("、");
        source.error_at(&word.span(), format!("“{}”应是 {names} 之一", word.get_ref()))
    })
}

/// The requirements that hold for a list: those of `authored` whose source words still stand in the
/// item of that number, and derived ones for every other item.
///
/// So an office that has put its name for `XX` keeps the authored requirements, and one that has
/// rewritten an item gets what the new words say.
#[must_use]
pub fn fit(list: &DutyList, authored: &[Requirement], kinds: &KindTable) -> Vec<Requirement> {
    let derived = derive(list, kinds);
    let mut fitted = Vec::new();
    for item in &list.items {
        let before = fitted.len();
        let of_item = authored.iter().filter(|r| r.item == item.id);
        let total = of_item.clone().count();
        fitted.extend(of_item.filter(|r| stands_in(&r.source, &item.text)).cloned());
        let kept = fitted.len() - before;
        if kept == 0 || kept * 2 < total {
            fitted.truncate(before);
            fitted.extend(derived.iter().filter(|r| r.item == item.id).cloned());
        }
    }
    fitted
}

/// Whether source words stand in a text; a placeholder in them stands for any few characters.
fn stands_in(source: &str, text: &str) -> bool {
    let (source, text) = (fold(source), fold(text));
    let mut parts = source.split("xx");
    let first = parts.next().unwrap_or_default();
    text.match_indices(first).any(|(start, _)| {
        let mut rest = text.get(start + first.len()..).unwrap_or_default();
        parts.clone().all(|part| {
            let near = rest.char_indices().nth(20).map_or(rest.len(), |(at, _)| at);
            let Some(at) = rest.find(part).filter(|at| *at <= near) else { return false };
            rest = rest.get(at + part.len()..).unwrap_or_default();
            true
        })
    })
}

/// The requirements as they stand in a file of `seeds/requirements/`, without comments.
#[must_use]
pub fn canonical(requirements: &[Requirement]) -> String {
    let mut sorted: Vec<&Requirement> = requirements.iter().collect();
    sorted.sort_by_key(|r| order(&r.id));
    let mut text = String::new();
    for (index, r) in sorted.into_iter().enumerate() {
        let quoted = |words: &[String]| {
            format!("[{}]", words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", "))
        };
        text.push_str(if index > 0 { "\n[[requirement]]\n" } else { "[[requirement]]\n" });
        let mut line = |key: &str, value: String| {
            let _ = writeln!(text, "{key} = {value}");
        };
        let name = |value: &str| format!("\"{value}\"");
        line("id", name(r.id.as_str()));
        line("name", name(&r.name));
        line("class", name(name_of(&CLASSES, r.class)));
        line("period", name(name_of(&PERIODS, r.period)));
        line("minimum", r.minimum.to_string());
        if r.window != (1, 12) {
            line("window", format!("[{}, {}]", r.window.0, r.window.1));
        }
        if !r.counts.kinds.is_empty() {
            let kinds: Vec<String> = r.counts.kinds.iter().map(ToString::to_string).collect();
            line("kinds", quoted(&kinds));
        }
        if !r.counts.any.is_empty() {
            line("any", quoted(&r.counts.any));
        }
        if !r.counts.all.is_empty() {
            let groups: Vec<String> = r.counts.all.iter().map(|group| quoted(group)).collect();
            line("all", format!("[{}]", groups.join(", ")));
        }
        if !r.counts.not.is_empty() {
            line("not", quoted(&r.counts.not));
        }
        if r.counts.by == By::Secretary {
            line("by_secretary", "true".to_owned());
        }
        if let Some(minutes) = r.counts.minutes {
            line("minutes", minutes.to_string());
        }
        if r.counts.recorder {
            line("recorder", "true".to_owned());
        }
        if let Some(exempt) = r.exempt {
            line("exempt", name(name_of(&EXEMPTIONS, exempt)));
        }
        if let Some(each) = r.each {
            line("each", name(name_of(&LISTS, each)));
        }
        if let Some(goal) = r.hours {
            let officers = if goal.officers { ", officers = true" } else { "" };
            let trainings =
                if goal.trainings > 0 { format!(", trainings = {}", goal.trainings) } else { String::new() };
            line("hours", format!("{{ least = {}{officers}{trainings} }}", goal.hours));
        }
        line("source", name(&r.source));
        if !r.limits.is_empty() {
            line("limits", name(&r.limits));
        }
    }
    text
}

fn name_of<T: PartialEq + Copy>(choices: &[(&'static str, T)], value: T) -> &'static str {
    choices.iter().find(|(_, choice)| *choice == value).map_or("", |(name, _)| name)
}

/// The order of ids: list, number, letter, so that `ZB-10a` follows `ZB-9b`.
pub(crate) fn order(id: &RequirementId) -> (String, Vec<u32>, String) {
    let (list, rest) = id.as_str().rsplit_once('-').unwrap_or((id.as_str(), ""));
    let number = rest.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let letter = rest.get(number.len()..).unwrap_or_default().to_owned();
    (list.to_owned(), number.split('.').filter_map(|n| n.parse().ok()).collect(), letter)
}

/// An error of a whole set of requirements, named by the file of the first list.
pub(crate) fn unknown(file: &str, line: usize, id: &str) -> Error {
    Error::Seed { file: file.to_owned(), line, message: format!("没有“{id}”这一项考核要求") }
}
