//! Presets and an office's own settings: other periods and minimums for requirements, or none.
//!
//! In: rules such as `每季度1次` or `不考核` by requirement id. Out: the requirements as they then hold.
//! Never here: points.

use super::list_words::words;
use super::numbers::number;
use super::requirements::unknown;
use super::source::Source;
use crate::error::Result;
use crate::model::{Class, Period, Requirement, RequirementId};
use serde::Deserialize;
use toml::Spanned;

/// The name and text of the built-in preset `national`.
const NATIONAL: (&str, &str) =
    ("seeds/presets/national.toml", include_str!("../../seeds/presets/national.toml"));

/// What is set for a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// So many in each period.
    Every(Period, u32),
    /// 不考核: left out.
    Off,
}

/// A set of rules with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Name.
    pub name: String,
    /// What it stands for.
    pub note: String,
    /// Its rules, in the order of the file.
    pub overrides: Vec<Override>,
}

/// One rule of a preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The requirement.
    pub id: RequirementId,
    /// What holds instead.
    pub rule: Rule,
    /// Where it comes from.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    note: String,
    #[serde(rename = "override")]
    overrides: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    rule: Spanned<String>,
    source: Spanned<String>,
}

impl Preset {
    /// The preset of a file.
    ///
    /// # Errors
    /// [`crate::error::Error::Seed`] with the line: an unknown requirement, one named twice, a rule that cannot
    /// be read, no source.
    pub fn load(file: &str, text: &str, requirements: &[Requirement]) -> Result<Self> {
        let source = Source::new(file, text);
        let parsed = source.parse::<File>()?;
        let mut overrides: Vec<Override> = Vec::new();
        for entry in parsed.overrides {
            let id = RequirementId::from(entry.id.get_ref().as_str());
            if requirements.iter().all(|r| r.id != id) {
                return Err(unknown(file, source.line(&entry.id.span()), id.as_str()));
            }
            if overrides.iter().any(|o| o.id == id) {
                return Err(source.error_at(&entry.id.span(), format!("“{id}”重复")));
            }
            if entry.source.get_ref().trim().is_empty() {
                return Err(source.error_at(&entry.source.span(), format!("“{id}”没有写明依据")));
            }
            let rule = parse_rule(entry.rule.get_ref())
                .map_err(|message| source.error_at(&entry.rule.span(), message))?;
            overrides.push(Override { id, rule, source: entry.source.into_inner() });
        }
        Ok(Self { name: parsed.name, note: parsed.note, overrides })
    }

    /// The built-in preset 国家规定.
    ///
    /// # Errors
    /// Never, unless the program was built with a broken file.
    pub fn national(requirements: &[Requirement]) -> Result<Self> {
        Self::load(NATIONAL.0, NATIONAL.1, requirements)
    }
}

/// The requirements as a preset has them.
#[must_use]
pub fn apply_preset(requirements: Vec<Requirement>, preset: &Preset) -> Vec<Requirement> {
    preset.overrides.iter().fold(requirements, |requirements, o| apply_rule(requirements, &o.id, o.rule))
}

/// The requirements with another rule for one of them; an id that is not among them changes nothing.
///
/// A rule with a period of its own ends a window within the year.
#[must_use]
pub fn apply_rule(requirements: Vec<Requirement>, id: &RequirementId, rule: Rule) -> Vec<Requirement> {
    let changed = |mut requirement: Requirement| {
        if requirement.id != *id {
            return Some(requirement);
        }
        let Rule::Every(period, minimum) = rule else { return None };
        if period != Period::Year && requirement.class == Class::Calendar {
            requirement.class = Class::Counted;
            requirement.window = (1, 12);
        }
        requirement.period = period;
        requirement.minimum = minimum;
        Some(requirement)
    };
    requirements.into_iter().filter_map(changed).collect()
}

/// A rule as an office writes it: `每季度1次`, `每年不少于12次`, `每月`, `不考核`.
///
/// # Errors
/// What cannot be understood, and how it is written.
pub fn parse_rule(text: &str) -> std::result::Result<Rule, String> {
    let refuse = || {
        Err(format!(
            "“{}”读不懂，请写成“每月1次”“每季度1次”“每半年1次”“每年1次”这样的形式，或者“不考核”",
            text.trim()
        ))
    };
    let folded = super::text::fold(text);
    if matches!(folded.as_str(), "不考核" | "不作考核" | "不计" | "不适用") {
        return Ok(Rule::Off);
    }
    let Ok(words) = words() else { return refuse() };
    let words = &words.derive;
    let periods = [
        (&words.month, Period::Month),
        (&words.quarter, Period::Quarter),
        (&words.half, Period::Half),
        (&words.year, Period::Year),
    ];
    let Some((rest, period)) = periods.into_iter().find_map(|(names, period)| {
        names.iter().find_map(|name| Some((folded.strip_prefix(name.as_str())?, period)))
    }) else {
        return refuse();
    };
    let rest = words.least.iter().find_map(|least| rest.strip_prefix(least.as_str())).unwrap_or(rest);
    if rest.is_empty() {
        return Ok(Rule::Every(period, 1));
    }
    let count =
        words.counters.iter().find_map(|counter| rest.strip_suffix(counter.as_str())).and_then(number);
    match count {
        Some(minimum) if (1..=366).contains(&minimum) => Ok(Rule::Every(period, minimum)),
        _ => refuse(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_an_office_writes_them() {
        for (text, rule) in [
            ("每季度1次", Rule::Every(Period::Quarter, 1)),
            ("每月至少一次", Rule::Every(Period::Month, 1)),
            (" 每 年 不少于１２次 ", Rule::Every(Period::Year, 12)),
            ("每半年两次", Rule::Every(Period::Half, 2)),
            ("每年", Rule::Every(Period::Year, 1)),
            ("不考核", Rule::Off),
        ] {
            assert_eq!(parse_rule(text), Ok(rule), "{text}");
        }
    }

    #[test]
    fn other_wordings_are_refused_with_advice() {
        for text in ["", "3次", "每周1次", "每月0次", "每月若干次", "每月1", "每年999次"] {
            let message = parse_rule(text).unwrap_err();
            assert_eq!(
                message,
                format!(
                    "“{text}”读不懂，请写成“每月1次”“每季度1次”“每半年1次”“每年1次”这样的形式，或者“不考核”"
                )
            );
        }
    }
}
