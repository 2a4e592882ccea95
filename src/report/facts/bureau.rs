//! The facts of a whole assessment: groups and ranks, grades, commendations, what many units lack.
//!
//! In: a [`Whole`]. Out: [`BureauFacts`] and the rows that prove their figures. Never here: wording.

use crate::model::{
    AwardPlace, Period, Points, RequirementId, Scheme, Scope, Standing, UnitName, UnitResult,
};
use crate::report::proof::{Count, Proofs, Sourced};
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// How many shared strengths and shared gaps are told.
const SHARED: usize = 6;
/// Of so many units at least a gap must be to be told as shared.
const AT_LEAST: usize = 2;
/// How many units a sentence names.
const NAMED: usize = 5;

/// An assessment as the documents about all units need it.
#[derive(Debug, Clone, Copy)]
pub struct Whole<'a> {
    /// Bureau, year, last day of the data.
    pub scope: &'a Scope,
    /// The scheme in use.
    pub scheme: &'a Scheme,
    /// The units in order of group and rank.
    pub results: &'a [UnitResult],
    /// How many of them meet each requirement.
    pub demands: &'a Demands,
    /// Their places, in the same order.
    pub standings: &'a [Standing],
    /// How many questions are open.
    pub open: usize,
}

/// Everything that a template about all units may name.
#[derive(Debug, Serialize)]
pub(in crate::report) struct BureauFacts {
    局名: String,
    年度: i32,
    截至: String,
    方案: String,
    方案说明: String,
    定: bool,
    待核数: Count,
    单位数: Count,
    报送数: Count,
    未报送: Vec<String>,
    组: Vec<Group>,
    等次: Vec<GradeFacts>,
    表彰: Vec<AwardFacts>,
    长处: Vec<Shared>,
    短处: Vec<Shared>,
}

#[derive(Debug, Serialize)]
struct Group {
    名称: String,
    单位数: Count,
    最高分: Sourced<String>,
    最低分: Sourced<String>,
    平均分: Sourced<String>,
    前列: Vec<String>,
    排名: Vec<Place>,
    表: String,
    测评表: String,
}

#[derive(Debug, Serialize)]
struct Place {
    名次: u32,
    单位: String,
    书记: Option<String>,
    得分: String,
    等次: Option<String>,
}

#[derive(Debug, Serialize)]
struct GradeFacts {
    名称: String,
    单位数: Count,
    单位: Vec<String>,
}

#[derive(Debug, Serialize)]
struct AwardFacts {
    名称: String,
    缺省: bool,
    入围: Vec<AwardGroup>,
    入围数: Count,
    待定: Vec<Pending>,
    表: String,
}

#[derive(Debug, Serialize)]
struct AwardGroup {
    组别: String,
    单位: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Pending {
    单位: String,
    原因: String,
}

/// A requirement that many units meet, or lack.
#[derive(Debug, Serialize)]
struct Shared {
    名称: String,
    周期: &'static str,
    单位数: Count,
    应查数: Count,
    单位: Vec<String>,
    余: bool,
}

/// Whether a unit has handed in anything that was read.
fn submitted(result: &UnitResult) -> bool {
    !result.counted.is_empty()
}

/// How many units meet each requirement, and which lack something; collected unit by unit.
#[derive(Debug, Clone, Default)]
pub struct Demands {
    by_id: BTreeMap<RequirementId, Demand>,
}

#[derive(Debug, Clone)]
struct Demand {
    name: String,
    period: Period,
    asked: usize,
    met: Vec<UnitName>,
    lacking: Vec<UnitName>,
}

impl Demands {
    /// Adds a unit, of which the whole card is there.
    pub fn add(&mut self, result: &UnitResult) {
        if !submitted(result) {
            return;
        }
        let scores = result.card.items.iter().flat_map(|item| &item.requirements);
        for score in scores.filter(|score| score.applies()) {
            let demand = self.by_id.entry(score.id.clone()).or_insert_with(|| Demand {
                name: score.name.clone(),
                period: score.period,
                asked: 0,
                met: Vec::new(),
                lacking: Vec::new(),
            });
            demand.asked += 1;
            let side = if score.missing().is_empty() { &mut demand.met } else { &mut demand.lacking };
            side.push(result.unit.name.clone());
        }
    }

    /// Adds what further units meet and lack.
    pub fn append(&mut self, others: Self) {
        for (id, mut other) in others.by_id {
            match self.by_id.entry(id) {
                Entry::Vacant(free) => drop(free.insert(other)),
                Entry::Occupied(mut own) => {
                    let own = own.get_mut();
                    own.asked += other.asked;
                    own.met.append(&mut other.met);
                    own.lacking.append(&mut other.lacking);
                }
            }
        }
    }
}

/// The facts of an assessment.
pub(in crate::report) fn bureau(whole: &Whole<'_>) -> (BureauFacts, Proofs) {
    let mut proofs = Proofs::default();
    let absent: Vec<String> =
        whole.results.iter().filter(|r| !submitted(r)).map(|r| r.unit.name.to_string()).collect();
    let (all, came) = (whole.results.len(), whole.results.len() - absent.len());
    let units = proofs.add(
        "n1".into(),
        "参评单位",
        format!("{all}个，报送材料的{came}个，没有报送的{}个", absent.len()),
        "单位名册；报送文件夹",
        String::new(),
    );
    let open = proofs.add(
        "n2".into(),
        "待核事项",
        format!("{}项", whole.open),
        "核对表中还没有结论的事项",
        String::new(),
    );
    let groups = groups(whole, &mut proofs);
    let grades = grades(whole, &mut proofs);
    let awards = awards(whole, &mut proofs);
    let (strengths, gaps) = shared(whole, &mut proofs);
    let facts = BureauFacts {
        局名: whole.scope.bureau.clone(),
        年度: whole.scope.year,
        截至: whole.scope.until.chinese(),
        方案: whole.scheme.name.clone(),
        方案说明: whole.scheme.note.clone(),
        定: whole.open == 0,
        待核数: Sourced::new(whole.open, &open),
        单位数: Sourced::new(all, &units),
        报送数: Sourced::new(came, &units),
        未报送: absent,
        组: groups,
        等次: grades,
        表彰: awards,
        长处: strengths,
        短处: gaps,
    };
    (facts, proofs)
}

/// Indexes of the units of each group, in order of their ranks; groups in order of the results.
pub(in crate::report) fn members(whole: &Whole<'_>) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, standing) in whole.standings.iter().enumerate() {
        match groups.iter_mut().find(|(name, _)| *name == standing.group) {
            Some((_, units)) => units.push(at),
            None => groups.push((standing.group.clone(), vec![at])),
        }
    }
    groups
}

/// The name of a group for a reader.
pub(in crate::report) fn group_name(group: &str) -> String {
    if group.is_empty() { "全部单位".to_owned() } else { group.to_owned() }
}

fn groups(whole: &Whole<'_>, proofs: &mut Proofs) -> Vec<Group> {
    let told = |(at, (name, units)): (usize, (String, Vec<usize>))| {
        let places: Vec<Place> = units
            .iter()
            .filter_map(|&i| {
                let (standing, result) = (whole.standings.get(i)?, whole.results.get(i)?);
                Some(Place {
                    名次: standing.rank,
                    单位: result.unit.name.to_string(),
                    书记: result.unit.secretary.clone(),
                    得分: standing.total.to_string(),
                    等次: standing.grade.as_ref().map(|grade| grade.name.clone()),
                })
            })
            .collect();
        let totals = || units.iter().filter_map(|&i| whole.standings.get(i)).map(|s| s.total);
        let (best, worst) = (totals().max().unwrap_or_default(), totals().min().unwrap_or_default());
        let sum: Points = totals().sum();
        let mean = sum.share(1, u32::try_from(units.len()).unwrap_or(1).max(1));
        let shown = group_name(&name);
        let anchor = proofs.add(
            format!("g{}", at + 1),
            format!("{shown}的得分"),
            format!("{}个单位，最高{best}，最低{worst}，平均{mean}", units.len()),
            format!("排名表“{shown}”各单位的得分"),
            String::new(),
        );
        let figure = |points: Points| Sourced::new(points.to_string(), &anchor);
        Group {
            表: format!("排名 {shown}"),
            测评表: format!("测评 {shown}"),
            名称: shown,
            单位数: Sourced::new(units.len(), &anchor),
            最高分: figure(best),
            最低分: figure(worst),
            平均分: figure(mean),
            前列: places.iter().filter(|p| p.名次 <= 3).take(NAMED).map(|p| p.单位.clone()).collect(),
            排名: places,
        }
    };
    members(whole).into_iter().enumerate().map(told).collect()
}

fn grades(whole: &Whole<'_>, proofs: &mut Proofs) -> Vec<GradeFacts> {
    let mut facts = Vec::new();
    for (at, grade) in whole.scheme.grades.iter().enumerate() {
        let units: Vec<String> = whole
            .standings
            .iter()
            .filter(|s| s.grade.as_ref().is_some_and(|g| g.name == grade.name))
            .map(|s| s.unit.to_string())
            .collect();
        let anchor = proofs.add(
            format!("d{}", at + 1),
            format!("等次“{}”", grade.name),
            format!("{}个单位", units.len()),
            "排名表的等次建议",
            String::new(),
        );
        facts.push(GradeFacts {
            名称: grade.name.clone(),
            单位数: Sourced::new(units.len(), &anchor),
            单位: units,
        });
    }
    facts
}

/// The commendation lines of any unit, in order.
pub(in crate::report) fn award_names<'w>(whole: &Whole<'w>) -> Vec<&'w str> {
    let mut names: Vec<&str> = Vec::new();
    for awarded in whole.standings.iter().flat_map(|standing| &standing.awards) {
        if !names.contains(&awarded.award.as_str()) {
            names.push(&awarded.award);
        }
    }
    names
}

fn awards(whole: &Whole<'_>, proofs: &mut Proofs) -> Vec<AwardFacts> {
    let told = |(at, name): (usize, &str)| {
        let mut inside: Vec<AwardGroup> = Vec::new();
        let mut tied = Vec::new();
        for standing in whole.standings {
            let Some(awarded) = standing.awards.iter().find(|awarded| awarded.award == name) else {
                continue;
            };
            let unit = standing.unit.to_string();
            match awarded.place {
                AwardPlace::In => {
                    let group = group_name(&standing.group);
                    match inside.iter_mut().find(|g| g.组别 == group) {
                        Some(found) => found.单位.push(unit),
                        None => inside.push(AwardGroup { 组别: group, 单位: vec![unit] }),
                    }
                }
                AwardPlace::Tied => tied.push(Pending { 单位: unit, 原因: awarded.reason.clone() }),
                AwardPlace::Outside | AwardPlace::NotEligible => {}
            }
        }
        let units: usize = inside.iter().map(|group| group.单位.len()).sum();
        let anchor = proofs.add(
            format!("a{}", at + 1),
            name,
            format!("入围{units}个，并列待定{}个", tied.len()),
            "排名表的表彰建议",
            String::new(),
        );
        // The program's own line says so in brackets, which no decision should carry.
        let default = name.contains("程序缺省");
        AwardFacts {
            名称: if default { "先进基层党组织".to_owned() } else { name.to_owned() },
            缺省: default,
            入围: inside,
            入围数: Sourced::new(units, &anchor),
            待定: tied,
            表: format!("表彰 {name}"),
        }
    };
    award_names(whole).into_iter().enumerate().map(told).collect()
}

/// Requirements that most units meet in full, and those that several lack; the most units first.
fn shared(whole: &Whole<'_>, proofs: &mut Proofs) -> (Vec<Shared>, Vec<Shared>) {
    let mut pick = |strong: bool, letter: char| -> Vec<Shared> {
        let side = |demand: &'_ Demand| if strong { demand.met.len() } else { demand.lacking.len() };
        let mut found: Vec<(&RequirementId, &Demand)> = whole
            .demands
            .by_id
            .iter()
            .filter(|(_, demand)| side(demand) >= AT_LEAST && side(demand) * 2 > demand.asked)
            .collect();
        found.sort_by_key(|(id, demand)| {
            // Share of those who were asked, in thousandths; then how many.
            (std::cmp::Reverse((side(demand) * 1000 / demand.asked.max(1), side(demand))), (*id).clone())
        });
        found
            .into_iter()
            .take(SHARED)
            .map(|(id, demand)| {
                let units = if strong { &demand.met } else { &demand.lacking };
                let word = if strong { "齐全" } else { "有缺" };
                let anchor = proofs.add(
                    format!("{letter}{}", id.as_str().replace('-', "_")),
                    format!("{}（{id}）", demand.name),
                    format!("查{}个单位，{word}{}个", demand.asked, units.len()),
                    "排名表“逐项”",
                    String::new(),
                );
                Shared {
                    名称: demand.name.clone(),
                    周期: demand.period.every(),
                    单位数: Sourced::new(units.len(), &anchor),
                    应查数: Sourced::new(demand.asked, &anchor),
                    单位: units.iter().take(NAMED).map(ToString::to_string).collect(),
                    余: units.len() > NAMED,
                }
            })
            .collect()
    };
    let strengths = pick(true, 'v');
    (strengths, pick(false, 'w'))
}
