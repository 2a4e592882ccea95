//! Which county a unit belongs to.
//!
//! In: the units as the register has them, and where the files lie. Out: [`Unit::county_of`], and findings where
//! it is doubtful. Never here: points, writing.
//!
//! The register has the first word (column 县区, or 县区 of a 支部 in 考核.toml); failing that, the first folder or
//! archive on the way to the unit's files that names a county. A county is a unit that is a county bureau itself
//! ([`Unit::county`]), or a name of the register's column that no unit has.

use super::gather::{Gathered, HandedIn};
use super::inputs::{COUNTY_REDACTED, COUNTY_RESULTS};
use super::masks::Masks;
use super::outputs::{Claim, Staging};
use super::units::{Resolution, Units};
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::model::{CountyRule, Finding, Unit, UnitGuess, UnitName, UnitSource, rules as codes};
use crate::seeds::text::fold;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// The folder of the counties among the results.
pub const FOLDER: &str = "县区";

/// What the name of a place below a city ends with.
const PLACES: [char; 3] = ['县', '区', '旗'];

/// What makes a name that of a branch.
const BRANCH: &str = "支部";

/// The counties of a run, by the names under which files and registers speak of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Counties {
    /// Name, and the folded forms: its own and its aliases.
    all: Vec<(UnitName, Vec<String>)>,
}

/// What a name says of a county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// This one, by name or alias.
    Sure(UnitName),
    /// This one, by a part of its name that no other has.
    Likely(UnitName),
    /// None, or several equally well.
    None,
}

impl Counties {
    /// The counties among units.
    pub(super) fn of(units: &[Unit]) -> Self {
        let mut all: Vec<(UnitName, Vec<String>)> = Vec::new();
        for unit in units.iter().filter(|unit| unit.county) {
            let names = std::iter::once(&*unit.name).chain(unit.aliases.iter().map(String::as_str));
            all.push((unit.name.clone(), names.map(fold).filter(|name| !name.is_empty()).collect()));
        }
        for county in units.iter().filter_map(|unit| unit.county_of.as_ref()) {
            if !all.iter().any(|(name, _)| name == county) {
                all.push((county.clone(), vec![fold(county)]));
            }
        }
        Self { all }
    }

    /// The county that a name means.
    pub(super) fn named(&self, name: &str) -> Named {
        let name = fold(name);
        let known = |fits: &dyn Fn(&str) -> bool| -> Vec<&UnitName> {
            let fitting = self.all.iter().filter(|(_, forms)| forms.iter().any(|form| fits(form)));
            fitting.map(|(county, _)| county).collect()
        };
        match known(&|form| form == name).as_slice() {
            [one] => return Named::Sure((*one).clone()),
            [] => {}
            _ => return Named::None,
        }
        let long = name.chars().count();
        let part = |form: &str| {
            name.contains(form)
                || (long >= 2 && form.starts_with(&name))
                || (long >= 3 && name.contains(PLACES) && form.contains(&name))
                || place(form).is_some_and(|place| name.contains(place))
        };
        match known(&part).as_slice() {
            [one] if !name.is_empty() => Named::Likely((*one).clone()),
            _ => Named::None,
        }
    }

    /// The county in whose folder or archive a file lies: the first on the way that names one.
    pub(super) fn of_file(&self, file: &str) -> Named {
        let Some((folders, _)) = file.rsplit_once('/') else { return Named::None };
        let named = folders.split('/').map(|folder| self.named(without_ending(folder)));
        named.into_iter().find(|named| *named != Named::None).unwrap_or(Named::None)
    }

    /// The folded beginnings that turn the short name of a county's branch into its full one.
    pub(super) fn beginnings(&self, county: &str) -> Vec<String> {
        let forms = self.all.iter().filter(|(name, _)| **name == *county).flat_map(|(_, forms)| forms);
        forms.flat_map(|form| [Some(form.clone()), place(form).map(str::to_owned)]).flatten().collect()
    }
}

impl Named {
    /// The county, however sure.
    pub(super) fn county(self) -> Option<UnitName> {
        match self {
            Self::Sure(county) | Self::Likely(county) => Some(county),
            Self::None => None,
        }
    }
}

/// The place in a name: up to the last 县, 区 or 旗.
fn place(name: &str) -> Option<&str> {
    let at = name.rfind(PLACES)?;
    let end = at + name.get(at..)?.chars().next()?.len_utf8();
    name.get(..end).filter(|place| place.chars().count() >= 2)
}

/// An archive stands as a folder of its name.
fn without_ending(folder: &str) -> &str {
    match folder.rsplit_once('.') {
        Some((name, ending)) if ending.eq_ignore_ascii_case("zip") => name,
        _ => folder,
    }
}

/// Looks up the counties that the register names, before anything is read. A unit without a word of the
/// register, or that names itself or the bureau, is left for the folders.
pub(super) fn registered(units: &mut [Unit], bureau: &str, findings: &mut Vec<Finding>) {
    let written: Vec<Option<UnitName>> = units.iter_mut().map(|unit| unit.county_of.take()).collect();
    if written.iter().all(Option::is_none) {
        return;
    }
    let is_place = |unit: &Unit| unit.county || unit.name.contains(PLACES) || unit.group.contains(PLACES);
    let mut known = Counties::of(units);
    for (at, word) in written.iter().enumerate() {
        let Some(word) = word else { continue };
        let own = units.get(at).is_some_and(|unit| unit.county || unit.name == *word);
        if own || fold(word) == fold(bureau) {
            continue;
        }
        let mut found = known.named(word);
        let mut promoted = false;
        if found == Named::None {
            let exact = units.iter().position(|unit| fold(&unit.name) == fold(word));
            match exact.and_then(|at| units.get_mut(at)) {
                Some(unit) if is_place(unit) => {
                    unit.county = true;
                    promoted = true;
                    found = Named::Sure(unit.name.clone());
                }
                None if word.contains(PLACES) => found = Named::Sure(word.clone()),
                _ => {}
            }
        }
        let Some(unit) = units.get_mut(at) else { continue };
        let told = match &found {
            Named::Sure(_) => None,
            Named::Likely(county) => Some(format!("名册写的是“{word}”，按“{county}”计入")),
            Named::None => Some(format!("名册写的“{word}”看不出是哪个县区，按没有填写处理")),
        };
        if let Some(told) = told {
            let message = format!("“{}”的县区：{told}", unit.name);
            findings.push(Finding::general(&codes::COUNTY_DOUBTFUL, message));
        }
        unit.county_of = found.county();
        let is_new = |county: &UnitName| known.all.iter().all(|(name, _)| name != county);
        if promoted || unit.county_of.as_ref().is_some_and(is_new) {
            known = Counties::of(units);
        }
    }
}

/// Gives units of which the register says nothing to the county in whose folder their files lie, and tells
/// where register and folder differ. County bureaus with branches belong to themselves.
pub(super) fn by_folder(units: &mut Units, handed_in: &[HandedIn], findings: &mut Vec<Finding>) {
    let counties = Counties::of(units.all());
    if counties.all.is_empty() || !units.closed() {
        return;
    }
    let mut taken: BTreeMap<UnitName, Vec<UnitName>> = BTreeMap::new();
    for at in 0..units.all().len() {
        let (Some(unit), Some(handed_in)) = (units.all().get(at), handed_in.get(at)) else { continue };
        if unit.county {
            continue;
        }
        let mut folders: BTreeMap<UnitName, usize> = BTreeMap::new();
        for file in &handed_in.files {
            if let Some(county) = counties.of_file(file).county() {
                *folders.entry(county).or_default() += 1;
            }
        }
        if let Some(county) = &unit.county_of {
            for other in folders.keys().filter(|other| *other != county) {
                let message =
                    format!("“{}”名册中属于“{county}”，台账却在“{other}”的文件夹里，按名册计入", unit.name);
                findings.push(Finding::general(&codes::COUNTY_DOUBTFUL, message));
            }
            continue;
        }
        let most = folders.iter().max_by_key(|(name, files)| (**files, std::cmp::Reverse((*name).clone())));
        let Some((county, _)) = most else { continue };
        let (name, county) = (unit.name.clone(), county.clone());
        if folders.len() > 1 {
            let all: Vec<&str> = folders.keys().map(|name| &**name).collect();
            let message =
                format!("“{name}”的台账在几个县区的文件夹里（{}），按“{county}”计入", all.join("、"));
            findings.push(Finding::general(&codes::COUNTY_DOUBTFUL, message));
        }
        units.set_county(at, county.clone());
        taken.entry(county).or_default().push(name);
    }
    for (county, names) in taken {
        let message = format!("按文件夹计入“{county}”的支部{}个：{}", names.len(), names.join("、"));
        findings.push(Finding::general(&codes::COUNTY_BY_FOLDER, message));
    }
    let with_branches: BTreeSet<UnitName> =
        units.all().iter().filter_map(|unit| unit.county_of.clone()).collect();
    for at in 0..units.all().len() {
        let own = units.all().get(at).filter(|unit| unit.county && with_branches.contains(&unit.name));
        if let Some(name) = own.map(|unit| unit.name.clone()) {
            units.set_county(at, name);
        }
    }
}

/// Whether a unit is a county bureau below which the register has branches: by its word, or by their names.
pub(super) fn has_branches(unit: &Unit, units: &[Unit]) -> bool {
    if !unit.county {
        return false;
    }
    let name = fold(&unit.name);
    let place = place(&name).unwrap_or(&name);
    let below = |other: &Unit| {
        other.name.contains(BRANCH) && !other.county && {
            let other = fold(&other.name);
            other.contains(&name) || other.contains(place)
        }
    };
    let of_it = |other: &Unit| other.is_county_branch() && other.county_of.as_ref() == Some(&unit.name);
    units.iter().any(|other| of_it(other) || below(other))
}

/// What a file says of its unit, without its folder where that is a county and the file names a branch: a branch
/// that nobody knows is not the county bureau in whose folder it lies.
pub(super) fn without_folder<'g>(guesses: &'g [UnitGuess], units: &Units) -> Cow<'g, [UnitGuess]> {
    let of_branch = |guess: &UnitGuess| guess.source != UnitSource::Folder && says_branch(&guess.name);
    let county = |guess: &UnitGuess| {
        guess.source == UnitSource::Folder
            && match units.resolve(&guess.name) {
                Resolution::Known(at) | Resolution::Guessed(at) => !units.may_mean(BRANCH, at),
                Resolution::Unknown => false,
            }
    };
    if guesses.iter().any(of_branch) && guesses.iter().any(county) {
        Cow::Owned(guesses.iter().filter(|guess| !county(guess)).cloned().collect())
    } else {
        Cow::Borrowed(guesses)
    }
}

/// Whether a name is that of a branch.
pub(super) fn says_branch(name: &str) -> bool {
    name.contains(BRANCH)
}

/// The folder of a unit among the results: empty, or that of its county with a stroke at the end.
#[must_use]
pub fn home(unit: &Unit) -> String {
    unit.county_of.as_ref().map_or_else(String::new, |county| format!("{}/", folder(county)))
}

/// The folder of a county among the results.
#[must_use]
pub fn folder(county: &str) -> String {
    format!("{FOLDER}/{}", crate::render::file_name(county))
}

/// How counties are reckoned, in words; nothing where there are none.
pub(super) fn note(rule: CountyRule, units: &[Unit], only: Option<&UnitName>) -> Option<String> {
    if !units.iter().any(Unit::is_county_branch) {
        return None;
    }
    let alone = only.map(|county| format!("只算了“{county}”，名次只在它的单位之间。"));
    Some(format!(
        "县区汇总：本级占{}%，支部平均占{}%；支部平均取{}，未报送的支部{}。{}",
        rule.own,
        100 - rule.own.min(100),
        rule.way.as_str(),
        rule.absent.as_str(),
        alone.unwrap_or_default()
    ))
}

/// Begins to write the results of one county alone, with its names masked where there are masks.
pub(super) fn begin<'a>(
    claim: &'a Claim,
    county: &str,
    masks: Option<&'a Masks>,
    watch: &'a dyn Watch,
) -> Result<Staging<'a>> {
    let within = format!("{}/", folder(county));
    let name = crate::render::file_name(county);
    match masks {
        None => Staging::begin_within(claim, COUNTY_RESULTS, &name, &within, watch),
        Some(masks) => Staging::begin_within(claim, COUNTY_REDACTED, &masks.line(&name), &within, watch)
            .map(|staging| staging.masked(masks)),
    }
}

/// The county that a person means by a name, on the command line.
///
/// # Errors
/// [`Error::File`] with a sentence that names those there are.
pub(super) fn asked(folder: &Path, units: &[Unit], name: &str) -> Result<UnitName> {
    let counties = Counties::of(units);
    let all: Vec<&str> = counties.all.iter().map(|(county, _)| &**county).collect();
    counties.named(name).county().ok_or_else(|| Error::File {
        path: folder.to_owned(),
        message: if all.is_empty() {
            "单位名册里没有县区局，也没有填写“县区”一列，不能只算一个县区".to_owned()
        } else {
            format!("没有“{name}”这个县区，或者不止一个县区像它。有这些县区：{}", all.join("、"))
        },
    })
}

/// Leaves what concerns one county alone, where one is asked for: nobody misses the others' files.
pub(super) fn keep(gathered: &mut Gathered, only: Option<&UnitName>) {
    let Some(county) = only else { return };
    let others: Vec<String> = (gathered.units.all().iter())
        .filter(|unit| !is_of(unit, county))
        .map(|unit| format!("“{}”", unit.name))
        .collect();
    let missing = |finding: &Finding| finding.rule == &codes::NO_SUBMISSION;
    gathered.findings.retain(|finding| {
        !missing(finding) || !others.iter().any(|name| finding.message.starts_with(name.as_str()))
    });
}

/// Whether the name of a file leads away from a county: it lies in the folder of another and is not, by its own
/// name, of one of the county's units.
pub(super) fn lies_elsewhere(units: &Units, county: &UnitName, file: &str) -> bool {
    let Some(other) = Counties::of(units.all()).of_file(file).county() else { return false };
    let stem = file.rsplit('/').next().unwrap_or(file);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let own = |unit: &Unit| unit.county_of.as_ref() == Some(county) && fold(stem).contains(&fold(&unit.name));
    other != *county && !units.all().iter().any(own)
}

/// Whether a unit is of a county: its bureau or one of its branches.
pub(super) fn is_of(unit: &Unit, county: &Arc<str>) -> bool {
    unit.county_of.as_ref() == Some(county) || (unit.county && unit.name == *county)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ListId;

    fn unit(name: &str, county: bool, of: Option<&str>) -> Unit {
        Unit { county, county_of: of.map(Arc::from), ..Unit::named(name, ListId::from("ZB")) }
    }

    fn counties() -> Counties {
        let alias = |mut unit: Unit, alias: &str| {
            unit.aliases.push(alias.to_owned());
            unit
        };
        Counties::of(&[
            alias(unit("东川县水务局", true, None), "东水"),
            unit("西岭县水务局", true, None),
            unit("青岚市临溪区水务局", true, None),
            unit("城关第一党支部", false, Some("北坪县")),
        ])
    }

    #[test]
    fn folders_name_counties_by_name_alias_place_and_beginning() {
        let counties = counties();
        for (file, county) in [
            ("东川县水务局/一支部.xlsx", "东川县水务局"),
            ("东水.zip/一支部.xlsx", "东川县水务局"),
            ("东川县各支部材料.ZIP/一支部.xlsx", "东川县水务局"),
            ("东川/一支部.xlsx", "东川县水务局"),
            ("各县区/西岭县/机关/一支部.xlsx", "西岭县水务局"),
            ("临溪区/一支部.xlsx", "青岚市临溪区水务局"),
            ("北坪县/一支部.xlsx", "北坪县"),
            ("水务局/一支部.xlsx", ""),
            ("县区局/东川县水务局台账.xlsx", ""),
            ("东川县和西岭县/一支部.xlsx", ""),
            ("东川县水务局一支部.xlsx", ""),
        ] {
            let found = counties.of_file(file).county();
            assert_eq!(found.as_deref().unwrap_or_default(), county, "{file}");
        }
    }

    #[test]
    fn the_register_names_counties_and_doubts_are_told() {
        let mut units = vec![
            unit("东川县水务局", false, None),
            unit("机关第一党支部", false, Some("青岚市水务局")),
            unit("东川一支部", false, Some("东川县水务局")),
            unit("东川二支部", false, Some("东川县")),
            unit("北坪支部", false, Some("北坪县水务局")),
            unit("离退休支部", false, Some("机关党委")),
            unit("机关党委", false, None),
        ];
        let mut findings = Vec::new();
        registered(&mut units, "青岚市水务局", &mut findings);
        let of: Vec<&str> = units.iter().map(|unit| unit.county_of.as_deref().unwrap_or("—")).collect();
        assert_eq!(of, ["—", "—", "东川县水务局", "东川县水务局", "北坪县水务局", "—", "—"]);
        assert!(units[0].county);
        let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            told,
            [
                "“东川二支部”的县区：名册写的是“东川县”，按“东川县水务局”计入",
                "“离退休支部”的县区：名册写的“机关党委”看不出是哪个县区，按没有填写处理",
            ]
        );
    }
}
