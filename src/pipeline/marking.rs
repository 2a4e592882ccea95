//! From what is known about each unit to points, ranks, open questions and leeway under a scheme.
//!
//! In: the settings, the rules in use, the folder 评分, the results of the units. Out: [`Marked`]. Never here:
//! what an activity proves, arithmetic.

use super::cases::{Case, Cases, Part};
use super::open_questions::{self, OpenQuestions, Own};
use super::rules::RuleBook;
use super::settings::Settings;
use super::units::Units;
use super::{external, scheme_files};
use crate::error::Result;
use crate::model::{
    External, Finding, Leeway, ListId, Origin, PersonHours, Points, Question, Requirement, RequirementId,
    Scheme, Standing, Unit, UnitName, UnitResult, UnitScore, rules as codes, within_quotes,
};
use crate::scoring::{self, Asked, Ledger};
use crate::seeds::Catalogue;
use crate::seeds::scheme::{Known, Rosters, checks, words};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A scheme ready to be applied, with the figures that it takes from 评分.
#[derive(Debug)]
pub(super) struct Marks {
    pub(super) scheme: Scheme,
    /// Whether it is another than the default.
    pub(super) own: bool,
    pub(super) checks: Vec<Requirement>,
    pub(super) external: External,
    /// Training hours by unit.
    pub(super) hours: BTreeMap<UnitName, Vec<PersonHours>>,
}

impl Marks {
    /// The scheme of a run, its checks, and what stands in 评分.
    pub(super) fn choose(
        folder: &Path,
        settings: &Settings,
        catalogue: &Catalogue,
        books: &[RuleBook],
        units: &Units,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let rules = || books.iter().map(|book| &book.list_rules);
        let requirements: Vec<Requirement> = rules().flat_map(|rules| rules.requirements.clone()).collect();
        let points: BTreeMap<RequirementId, Points> =
            rules().flat_map(|rules| &rules.points).map(|(id, points)| (id.clone(), *points)).collect();
        let known = Known { requirements: &requirements, points: &points };
        let note = catalogue.scheme("").map_or("", |table| table.note.as_str());
        let chosen = scheme_files::choose(folder, settings, note, &known)?;
        let (mut scheme, own) = chosen.drain_into(findings);
        let checks = checks(&mut scheme, &requirements, &rosters(settings, units.all()));
        let groups: BTreeSet<&str> = units.all().iter().map(|unit| unit.group.as_str()).collect();
        let groups: Vec<&str> = groups.into_iter().collect();
        findings.extend(scheme_files::unknown_groups(&scheme, &groups));
        for group in settings.compared.iter().filter(|group| !groups.contains(&group.as_str())) {
            let message = format!("考核.toml 的“对比组别”写的“{group}”在单位名册里没有");
            findings.push(Finding::general(&codes::GROUP_UNKNOWN, message));
        }
        if scheme.awards.is_empty() {
            let message = "计分方案没有写表彰名额，按每组30%、去尾列出建议";
            findings.push(Finding::general(&codes::DEFAULT_AWARD, message));
        }
        let totals = &catalogue.headers.words.totals;
        let external = external::read(folder, &scheme, units, totals).drain_into(findings);
        let mut hours: BTreeMap<UnitName, Vec<PersonHours>> = BTreeMap::new();
        for person in &external.hours {
            hours.entry(person.unit.clone()).or_default().push(person.clone());
        }
        Ok(Self { scheme, own, checks, external, hours })
    }

    /// The checks that concern the units of each list.
    pub(super) fn checks_by_list(&self, books: &[RuleBook]) -> Vec<Vec<Requirement>> {
        let base = |check: &Requirement| match &check.origin {
            Some(Origin::Tier(base) | Origin::Each(base)) => base.clone(),
            None => check.id.clone(),
        };
        let of_book = |book: &RuleBook| {
            let own: BTreeSet<&RequirementId> = book.list_rules.requirements.iter().map(|r| &r.id).collect();
            self.checks.iter().filter(|check| own.contains(&base(check))).cloned().collect()
        };
        books.iter().map(of_book).collect()
    }

    /// The scheme as it scores these units.
    pub(super) fn ledger<'a>(&'a self, units: &[&'a Unit]) -> Ledger<'a> {
        Ledger::new(&self.scheme, units, &self.external)
    }

    /// Ranks within groups, and over all.
    pub(super) fn rank(&self, scores: &[UnitScore]) -> (Vec<Standing>, Vec<Standing>) {
        (scoring::rank(&self.scheme, scores, false), scoring::rank(&self.scheme, scores, true))
    }

    /// What is still open about the units.
    ///
    /// # Errors
    /// Where a unit cannot be taken from the shelf, or its questions cannot be put there.
    pub(super) fn questions(&self, cases: Cases<'_>, standings: &[Standing]) -> Result<OpenQuestions> {
        let units: Vec<&Unit> = cases.results.iter().map(|result| &result.unit).collect();
        let show = |at: usize, ask: &mut dyn FnMut(&Asked<'_>, &UnitScore)| {
            if let Some(Case { result, score }) = cases.part(at, Part::Judged)? {
                let UnitResult { unit, card, proofs, counted, .. } = &*result;
                ask(&Asked { unit, card, proofs, counted }, &score);
            }
            Ok(())
        };
        let keep = |_: usize, questions: Vec<Question>| Own::keep(questions, cases.aside);
        let own =
            scoring::questions(&self.scheme, &units, &self.external, cases.scores, standings, show, keep)?;
        open_questions::in_order(own, &scoring::turns(cases.scores, standings), cases)
    }

    /// How far weights may shift.
    pub(super) fn leeway(&self, scores: &[UnitScore]) -> Vec<Leeway> {
        scoring::leeway(&self.scheme, scores)
    }

    /// The scheme in words, for the sheet 说明.
    pub(super) fn notes(&self, settings: &Settings) -> Vec<String> {
        let scheme = &self.scheme;
        let mut notes = vec![format!("计分方案：{}。{}", scheme.name, scheme.note)];
        if self.own {
            let ties = if scheme.ties.is_empty() {
                "总分相同的名次相同".to_owned()
            } else {
                let ties: Vec<String> = scheme.ties.iter().map(words::measure_text).collect();
                format!("总分相同的依次比 {}", ties.join("、"))
            };
            let how = words::cut_text(scheme.rounding.how);
            notes.push(format!("每个得分保留{}位小数，{how}；{ties}。", scheme.rounding.places));
        }
        let joint = if settings.joint_once { "只计主要的一种" } else { "各算一次" };
        notes.push(format!(
            "一次活动合并了几种类型的（如“党员大会暨主题党日”），{joint}；在考核.toml 的“合并活动”里定，也可以在“参数”里改着试算。"
        ));
        notes
    }
}

/// The names for which requirements are checked one by one: those of the settings, else of the register.
fn rosters(settings: &Settings, units: &[Unit]) -> Rosters {
    let names = |unit: &Unit| -> Vec<String> {
        std::iter::once(unit.name.to_string()).chain(unit.aliases.iter().cloned()).collect()
    };
    let registered = || units.iter().filter(|unit| unit.registered);
    let bureaus = registered().filter(|unit| unit.group.contains('县') || unit.group.contains("区局"));
    let counties = if settings.county_names.is_empty() {
        bureaus.map(names).collect()
    } else {
        settings.county_names.iter().map(|name| vec![name.clone()]).collect()
    };
    let branches = registered().filter(|unit| unit.list == ListId::from("ZB")).map(names).collect();
    Rosters { counties, leaders: settings.leaders.clone(), branches }
}

/// Joint events that count for their main kind only.
pub(super) fn joint_findings(result: &UnitResult) -> Vec<Finding> {
    let rows = result.activities.iter().zip(&result.proofs).zip(&result.counted);
    rows.filter(|((_, proofs), counted)| {
        **counted == crate::model::Counted::Yes && proofs.iter().any(|proof| proof.joint)
    })
    .map(|((activity, proofs), _)| {
        let ids: Vec<&str> =
            proofs.iter().filter(|proof| proof.joint).map(|proof| proof.requirement.as_str()).collect();
        let message =
            format!("“{}”只计主要的一种，没有计入 {}", within_quotes(&activity.title), ids.join("、"));
        Finding::at(&codes::JOINT_ONCE, &activity.place, message)
    })
    .collect()
}
