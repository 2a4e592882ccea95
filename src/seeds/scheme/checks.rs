//! The checks of a scheme: requirements of a list, and those made from them for a tier or for one name.
//!
//! In: a scheme, the requirements in use, the names of lists. Out: every check once, and the lines naming them.
//! Never here: evidence.

use crate::model::{By, Class, Each, Mode, Origin, Period, Requirement, RequirementId, Scheme};
use crate::seeds::text::fold;
use std::collections::BTreeSet;

/// The names for which a requirement is checked one by one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rosters {
    /// County bureaus, each with the names under which it is written.
    pub counties: Vec<Vec<String>>,
    /// Leaders.
    pub leaders: Vec<String>,
    /// Branches, each with the names under which it is written.
    pub branches: Vec<Vec<String>>,
}

/// The groups of checks of a line: one group, for tiers one for each.
#[must_use]
pub(super) fn groups(mode: &Mode, ids: &[RequirementId]) -> Vec<Vec<RequirementId>> {
    match mode {
        Mode::Tiers { tiers } => tiers
            .iter()
            .map(|(period, times, _)| ids.iter().map(|id| tier_id(id, *period, *times)).collect())
            .collect(),
        _ if ids.is_empty() => Vec::new(),
        _ => vec![ids.to_vec()],
    }
}

/// The requirements that a line names, whatever checks are made from them.
#[must_use]
pub fn named(line: &crate::model::Line) -> Vec<RequirementId> {
    let mut named: Vec<RequirementId> = Vec::new();
    for id in line.checks.iter().flatten() {
        let base = id.as_str().split_once('·').map_or(id.as_str(), |(base, _)| base);
        if !named.iter().any(|known| known.as_str() == base) {
            named.push(base.into());
        }
    }
    named
}

fn tier_id(id: &RequirementId, period: Period, times: u32) -> RequirementId {
    let times = if times == 1 { String::new() } else { format!("{times}次") };
    RequirementId::from(format!("{id}·{}{times}", period.every()).as_str())
}

/// Every check that the scheme needs for the units of these requirements, in the order of its lines; then
/// the requirements that no line names, which reports still show.
///
/// A requirement to be met for each name of a list becomes a check for every name that is known; the lines of
/// the scheme then name these.
pub fn checks(scheme: &mut Scheme, requirements: &[Requirement], rosters: &Rosters) -> Vec<Requirement> {
    let mut checks: Vec<Requirement> = Vec::new();
    let mut taken = BTreeSet::new();
    for line in scheme.blocks.iter_mut().flat_map(|block| &mut block.lines) {
        let tiers: Vec<(Period, u32)> = match &line.mode {
            Mode::Tiers { tiers } => tiers.iter().map(|(period, times, _)| (*period, *times)).collect(),
            _ => Vec::new(),
        };
        for (at, group) in line.checks.iter_mut().enumerate() {
            let mut own = Vec::new();
            for id in group.iter() {
                let base = id.as_str().split_once('·').map_or(id.as_str(), |(base, _)| base);
                let Some(requirement) = requirements.iter().find(|r| r.id.as_str() == base) else { continue };
                match tiers.get(at) {
                    Some((period, times)) => own.push(tier(requirement, *period, *times)),
                    None => own.extend(each(requirement, rosters)),
                }
            }
            *group = own.iter().map(|check| check.id.clone()).collect();
            checks.extend(own.into_iter().filter(|check| taken.insert(check.id.clone())));
        }
    }
    let named: BTreeSet<String> = checks
        .iter()
        .map(|check| check.id.as_str().split('·').next().unwrap_or_default().to_owned())
        .collect();
    checks.extend(requirements.iter().filter(|r| !named.contains(r.id.as_str())).cloned());
    checks
}

/// The requirement at the frequency of a tier.
fn tier(requirement: &Requirement, period: Period, times: u32) -> Requirement {
    Requirement {
        id: tier_id(&requirement.id, period, times),
        name: format!("{}（{}{times}次）", requirement.name, period.every()),
        class: Class::Counted,
        period,
        minimum: times,
        window: (1, 12),
        each: None,
        origin: Some(Origin::Tier(requirement.id.clone())),
        ..requirement.clone()
    }
}

/// The requirement, or one for each name of its list.
fn each(requirement: &Requirement, rosters: &Rosters) -> Vec<Requirement> {
    let mut names: Vec<Vec<String>> = match requirement.each {
        Some(Each::Counties) => rosters.counties.clone(),
        Some(Each::Branches) => rosters.branches.clone(),
        Some(Each::Leaders) => rosters.leaders.iter().map(|name| vec![name.clone()]).collect(),
        None => Vec::new(),
    };
    // A spreadsheet would take these for placeholders.
    names.retain(|names| names.first().is_some_and(|name| !name.contains(['*', '?', '~', '·'])));
    if names.is_empty() {
        return vec![requirement.clone()];
    }
    let person = requirement.each == Some(Each::Leaders);
    names
        .into_iter()
        .filter_map(|names| {
            let name = names.first()?.clone();
            let mut check = Requirement {
                id: RequirementId::from(format!("{}·{name}", requirement.id).as_str()),
                name: format!("{}（{name}）", requirement.name),
                each: None,
                origin: Some(Origin::Each(requirement.id.clone())),
                ..requirement.clone()
            };
            if person {
                check.counts.by = By::Named(names);
            } else {
                check.counts.all.push(names.iter().map(|name| fold(name)).collect());
            }
            Some(check)
        })
        .collect()
}
