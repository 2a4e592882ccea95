//! The default points: how many each requirement of the built-in lists can give.
//!
//! In: TOML with points by requirement id. Out: a [`PointTable`] whose points sum to 100 for each list.
//! Never here: what a unit has earned.

use crate::error::Result;
use crate::model::{ListId, Points, Requirement, RequirementId};
use crate::seeds::requirements::{item_of, order, unknown};
use crate::seeds::source::Source;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use toml::Spanned;

/// The name and text of the built-in scheme.
pub const BUILTIN: (&str, &str) =
    ("seeds/schemes/缺省.toml", include_str!("../../../seeds/schemes/缺省.toml"));

/// Full marks of a list.
pub const FULL: Points = Points::whole(100);

/// Points by requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointTable {
    /// Name.
    pub name: String,
    /// Whose scheme it is, for the sheets that show points.
    pub note: String,
    /// Points of each requirement, of every list that the scheme knows.
    pub points: BTreeMap<RequirementId, Points>,
    /// The source words of each requirement, which tell it from another of the same id.
    sources: BTreeMap<RequirementId, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(alias = "名称")]
    name: String,
    #[serde(alias = "说明", default)]
    note: String,
    #[serde(alias = "分值")]
    points: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
}

impl PointTable {
    /// A scheme for the lists that these requirements belong to; keys may be English or `名称`, `说明`, `分值`.
    ///
    /// # Errors
    /// [`crate::error::Error::Seed`] with the line: points for an unknown requirement, no number, more than
    /// two decimals, a requirement without points, a list that does not sum to 100.
    pub fn load(file: &str, text: &str, requirements: &[Requirement]) -> Result<Self> {
        let source = Source::new(file, text);
        let parsed = source.parse::<File>()?;
        let mut points = BTreeMap::new();
        for (id, value) in &parsed.points {
            let key = RequirementId::from(id.get_ref().as_str());
            let line = source.line(&id.span());
            if requirements.iter().all(|r| r.id != key) {
                return Err(unknown(file, line, key.as_str()));
            }
            let written = text.get(value.span()).unwrap_or_default().trim_matches('"');
            let value = Points::parse(written).filter(|p| *p > Points::ZERO).ok_or_else(|| {
                source.error(line, format!("“{key}”的分值“{written}”应是大于0的数，至多两位小数"))
            })?;
            points.insert(key, value);
        }
        let sources = requirements.iter().map(|r| (r.id.clone(), r.source.clone())).collect();
        let scheme = Self { name: parsed.name, note: parsed.note, points, sources };
        let whole = source.text.lines().count();
        if let Some(missing) = requirements.iter().find(|r| !scheme.points.contains_key(&r.id)) {
            return Err(source.error(whole, format!("“{}”（{}）没有分值", missing.id, missing.name)));
        }
        let mut sums: BTreeMap<ListId, Points> = BTreeMap::new();
        for (id, points) in &scheme.points {
            *sums.entry(list_of(id)).or_default() += *points;
        }
        if let Some((list, sum)) = sums.iter().find(|(_, sum)| **sum != FULL) {
            return Err(source.error(whole, format!("清单“{list}”的分值合计是{sum}，应为{FULL}")));
        }
        Ok(scheme)
    }

    /// The built-in scheme 缺省.
    ///
    /// # Errors
    /// Never, unless the program was built with a broken file.
    pub fn builtin(requirements: &[Requirement]) -> Result<Self> {
        Self::load(BUILTIN.0, BUILTIN.1, requirements)
    }

    /// The points of the requirements of one list, as far as the scheme names them.
    #[must_use]
    pub fn points_for(&self, list: &ListId) -> BTreeMap<RequirementId, Points> {
        self.points.iter().filter(|(id, _)| list_of(id) == *list).map(|(id, p)| (id.clone(), *p)).collect()
    }

    /// The points of these requirements (of one list), summing to 100.
    ///
    /// Requirements that the scheme knows keep their proportions, so that what a preset or the office
    /// left out is spread over the rest. Those derived for an item that was rewritten share the points
    /// of that item. Where the scheme knows less than half of them, all weigh the same.
    #[must_use]
    pub fn spread(&self, requirements: &[Requirement]) -> BTreeMap<RequirementId, Points> {
        let is_known = |r: &Requirement| self.sources.get(&r.id) == Some(&r.source);
        if requirements.iter().filter(|r| is_known(r)).count() * 2 < requirements.len() {
            return even(requirements);
        }
        let weight = |r: &Requirement| {
            if is_known(r) {
                return self.points.get(&r.id).map_or(0, |points| points.hundredths());
            }
            let item: Points =
                self.points.iter().filter(|(id, _)| item_of(id) == r.item).map(|(_, p)| *p).sum();
            let sharers = requirements.iter().filter(|other| other.item == r.item).count();
            item.share(1, u32::try_from(sharers).unwrap_or(1)).hundredths().max(1)
        };
        shares(requirements, &requirements.iter().map(weight).collect::<Vec<_>>())
    }
}

/// 100 points spread evenly over requirements, by largest remainder.
#[must_use]
pub fn even(requirements: &[Requirement]) -> BTreeMap<RequirementId, Points> {
    shares(requirements, &vec![1; requirements.len()])
}

/// 100 points in proportion to weights.
fn shares(requirements: &[Requirement], weights: &[i64]) -> BTreeMap<RequirementId, Points> {
    let weights: Vec<Points> = weights.iter().map(|weight| Points::from_hundredths(*weight)).collect();
    requirements.iter().map(|r| r.id.clone()).zip(FULL.apportion(&weights)).collect()
}

/// The list of a requirement: its id up to the last hyphen.
#[must_use]
pub fn list_of(id: &RequirementId) -> ListId {
    ListId::from(id.as_str().rsplit_once('-').map_or(id.as_str(), |(list, _)| list))
}

/// The `[points]` table as it stands in a file of `seeds/schemes/`.
#[must_use]
pub fn canonical(scheme: &PointTable) -> String {
    let mut ids: Vec<&RequirementId> = scheme.points.keys().collect();
    ids.sort_by_key(|id| order(id));
    let mut text = format!("name = \"{}\"\nnote = \"{}\"\n\n[points]\n", scheme.name, scheme.note);
    for id in ids {
        let points = scheme.points.get(id).copied().unwrap_or_default();
        let _ = writeln!(text, "\"{id}\" = {points}");
    }
    text
}
