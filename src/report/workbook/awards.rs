//! The sheets 表彰建议 and 敏感性: who is proposed for what and why, and how firm that is.

use super::live::places::Places;
use super::live::terms::{Term, at, call, choose, derived, pair, plus, points, text, times};
use super::live::totals::{TotalSheet, measured};
use super::ranking::Columns;
use super::{Overview, column};
use crate::formula::rules::End;
use crate::model::{
    Align, Award, AwardPlace, Cached, Cell, CellStyle, Cut, Expr, FactState, Function, Highlight, NumberLook,
    Op, Points, Quota, Sheet, Spot, UnitScore, VetoEffect, When,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Per cent of a group that may be commended where a scheme states nothing.
pub(super) const DEFAULT_SHARE: Points = Points::whole(30);
const TOTAL: u16 = 4;
const ELIGIBLE: u16 = 5;
const PLACE: u16 = 6;
const EQUAL: u16 = 7;
const QUOTA: u16 = 8;
const PROPOSAL: u16 = 9;

/// The names of the commendation lines in question.
pub(super) fn names(overview: &Overview<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for awarded in overview.standings.iter().flat_map(|standing| &standing.awards) {
        if !names.contains(&awarded.award) {
            names.push(awarded.award.clone());
        }
    }
    names
}

/// Where each unit stands on 表彰建议.
#[derive(Debug, Default)]
pub(super) struct Rows {
    sheet: Option<usize>,
    of_unit: BTreeMap<(String, Arc<str>), usize>,
    /// In order: the line, the unit's index, first and last row of its group.
    order: Vec<(String, usize, (usize, usize))>,
}

impl Rows {
    /// The rows, on a sheet of this index.
    pub(super) fn of(overview: &Overview<'_>, sheet: Option<usize>) -> Self {
        let mut rows = Self { sheet, ..Self::default() };
        for name in names(overview) {
            let of_award: Vec<usize> = overview
                .standings
                .iter()
                .enumerate()
                .filter(|(_, standing)| standing.awards.iter().any(|awarded| awarded.award == name))
                .map(|(index, _)| index)
                .collect();
            let start = rows.order.len();
            let group = |index: usize| overview.standings.get(index).map(|standing| standing.group.as_str());
            for (nth, index) in of_award.iter().enumerate() {
                let same = |other: &&usize| group(**other) == group(*index);
                let before = of_award.iter().take(nth).rev().take_while(same).count();
                let after = of_award.iter().skip(nth + 1).take_while(same).count();
                let here = start + nth;
                rows.order.push((name.clone(), *index, (here - before, here + after)));
                if let Some(standing) = overview.standings.get(*index) {
                    rows.of_unit.insert((name.clone(), standing.unit.clone()), here);
                }
            }
        }
        rows
    }

    /// Whether there is anything to propose.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The cell that says what is proposed.
    pub(super) fn proposal(&self, award: &str, unit: &Arc<str>) -> Option<Spot> {
        let row = *self.of_unit.get(&(award.to_owned(), unit.clone()))?;
        Some(Spot::cell(row, PROPOSAL).on(self.sheet?))
    }
}

/// The sheet 表彰建议.
pub(super) fn sheet(
    overview: &Overview<'_>,
    places: &Places,
    totals: TotalSheet,
    rows: &Rows,
    ranking: Columns,
) -> Sheet {
    let cells = rows
        .order
        .iter()
        .enumerate()
        .filter_map(|(row, (name, unit, group))| {
            cells(overview, places, totals, ranking, (row, name, *unit, *group))
        })
        .collect();
    let last = rows.order.len().saturating_sub(1);
    let area = Spot::area(0, PROPOSAL, last, PROPOSAL);
    let when = |place: AwardPlace, style: CellStyle| Highlight {
        area,
        when: When::Is(place.as_str().into()),
        style,
    };
    Sheet {
        name: "表彰建议".into(),
        title: "表彰建议及理由".into(),
        notes: vec![
            "名额线上总分（含同分比较）相同的都标“并列待定”，由考核组定；“条件”为1是具备分数、条件且没有一票否决。名次、名额、建议随改动重算，“理由”和“是否已定”是写出时的。".into(),
        ],
        columns: vec![
            column("表彰项目", 20, Align::Left),
            column("组别", 14, Align::Centre),
            column("名次", 7, Align::Centre),
            column("单位", 28, Align::Left),
            column("总分", 9, Align::Right),
            column("条件", 7, Align::Centre),
            column("具备条件者中名次", 9, Align::Centre),
            column("同列", 7, Align::Centre),
            column("名额", 7, Align::Centre),
            column("建议", 12, Align::Centre),
            column("是否已定", 12, Align::Centre),
            column("理由", 60, Align::Left),
        ],
        rows: cells,
        frozen: 4,
        filter: true,
        landscape: true,
        protected: true,
        highlights: vec![
            when(AwardPlace::In, CellStyle::Good),
            when(AwardPlace::Tied, CellStyle::Doubtful),
            when(AwardPlace::NotEligible, CellStyle::Muted),
        ],
        signature: Some("考核组：                    日期：        年    月    日".into()),
        ..Sheet::default()
    }
}

fn cells(
    overview: &Overview<'_>,
    places: &Places,
    totals: TotalSheet,
    ranking: Columns,
    (row, name, unit, (first, last)): (usize, &String, usize, (usize, usize)),
) -> Option<Vec<Cell>> {
    let standing = overview.standings.get(unit)?;
    let awarded = standing.awards.iter().find(|awarded| awarded.award == *name)?;
    let score = overview.scores.get(unit)?;
    let award = overview.scheme.awards.iter().enumerate().find(|(_, award)| award.name == *name);
    let here = |column: u16| at(Spot::cell(row, column));
    let area = |column: u16| at(Spot::area(first, column, last, column));
    let total = at(totals.cell(unit, totals.total(End::Low)));
    let eligible = eligible(overview, places, totals, unit, score, award.map(|(_, award)| award));
    let not = || pair(Op::Eq, here(ELIGIBLE), Expr::Whole(0));
    let above = times(pair(Op::Gt, area(TOTAL), here(TOTAL)), Expr::Whole(1));
    let same = pair(Op::Eq, area(TOTAL), here(TOTAL));
    // Units of a group stand in one run on 得分 too, as far as they stand here.
    let ties = ties(overview, totals, unit, (first, last), row);
    let (ahead, equal) = match ties {
        Some((greater, equal)) => (plus([above, times(same.clone(), greater)]), times(same, equal)),
        None => (above, times(same, Expr::Whole(1))),
    };
    let of_eligible = |term: Term| call(Function::SumProduct, [times(area(ELIGIBLE), term)]);
    let place = choose(not(), text("—"), plus([of_eligible(ahead), Expr::Whole(1)]));
    let equals = choose(not(), text("—"), of_eligible(equal));
    let within = |term: Term| pair(Op::Le, term, here(QUOTA));
    let last_place = pair(Op::Sub, plus([here(PLACE), here(EQUAL)]), Expr::Whole(1));
    let words = |place: AwardPlace| text(place.as_str());
    let proposal = choose(
        not(),
        words(AwardPlace::NotEligible),
        choose(
            within(last_place),
            words(AwardPlace::In),
            choose(within(here(PLACE)), words(AwardPlace::Tied), words(AwardPlace::Outside)),
        ),
    );
    let rank = at(Spot::cell(unit, ranking.rank).on(0));
    let members = overview.standings.iter().filter(|other| other.group == standing.group).count();
    Some(vec![
        Cell::text(name),
        Cell::text(&*standing.group),
        super::live::terms::count(rank, standing.rank),
        Cell::text(&*standing.unit),
        points(total, standing.total),
        // Where nothing that can change decides it, a figure says it better than a formula.
        match eligible {
            Expr::Whole(known) => Cell::count(known),
            formula => derived(formula, NumberLook::Whole),
        },
        derived(place, NumberLook::Whole),
        derived(equals, NumberLook::Whole),
        derived(quota(places, award, members), NumberLook::Whole),
        Cell::formula(proposal, Some(Cached::Text(awarded.place.as_str().into())), NumberLook::Text),
        if awarded.firm {
            Cell::text("已定").style(CellStyle::Good)
        } else {
            Cell::text("待核实").style(CellStyle::Doubtful)
        },
        Cell::text(&*awarded.reason),
    ])
}

/// One where thresholds and conditions are met and nothing bars the unit.
fn eligible(
    overview: &Overview<'_>,
    places: &Places,
    totals: TotalSheet,
    unit: usize,
    score: &UnitScore,
    award: Option<&Award>,
) -> Term {
    let barred = score.vetoes.iter().any(|fact| {
        fact.state != FactState::False
            && overview
                .scheme
                .vetoes
                .iter()
                .any(|veto| veto.effect == VetoEffect::NoAward && veto.matters.contains(&fact.matter))
    });
    if barred {
        return Expr::Whole(0);
    }
    let conditions = award.map_or(&[] as &[_], |award| &award.conditions);
    let mut holds = Vec::new();
    for condition in conditions {
        let value = measured(overview, places, totals, unit, &condition.measure, End::Low).or_else(|| {
            let known = score.measures.iter().find(|(text, _)| *text == condition.text);
            known.map(|(_, bounds)| Expr::Points(bounds.low))
        });
        if let Some(value) = value {
            holds.push(pair(Op::Ge, value, Expr::Points(condition.least)));
        }
    }
    if holds.is_empty() {
        return Expr::Whole(1);
    }
    choose(call(Function::And, holds), Expr::Whole(1), Expr::Whole(0))
}

/// Whether others of the run are greater, and equal, in what decides between equal totals.
fn ties(
    overview: &Overview<'_>,
    totals: TotalSheet,
    unit: usize,
    (first, last): (usize, usize),
    row: usize,
) -> Option<(Term, Term)> {
    let count = u16::try_from(overview.scheme.ties.len()).ok().filter(|count| *count > 0)?;
    let from = unit - (row - first);
    let area = |column: u16| at(Spot::area(from, column, from + (last - first), column).on(totals.index));
    let own = |column: u16| at(totals.cell(unit, column));
    let (mut greater, mut equal) = (Expr::Whole(0), Expr::Whole(1));
    for tie in (0..count).rev() {
        let column = totals.tie(tie, End::Low);
        let same = || pair(Op::Eq, area(column), own(column));
        greater =
            plus([times(pair(Op::Gt, area(column), own(column)), Expr::Whole(1)), times(same(), greater)]);
        equal = times(same(), equal);
    }
    Some((greater, equal))
}

/// How many of a group may be commended.
fn quota(places: &Places, award: Option<(usize, &Award)>, members: usize) -> Term {
    let members = super::live::terms::whole(members);
    let share = |share: Term, cut: Cut| {
        let function = match cut {
            Cut::Nearest => Function::Round,
            Cut::Down => Function::RoundDown,
            Cut::Up => Function::RoundUp,
        };
        let exact = pair(Op::Div, times(members.clone(), share), Expr::Whole(100));
        call(function, [call(Function::Round, [exact, Expr::Whole(9)]), Expr::Whole(0)])
    };
    let Some((nth, award)) = award else {
        // The program's default where a scheme states none.
        let row = places.params.default_award;
        return share(row.map_or(Expr::Points(DEFAULT_SHARE), |row| at(places.param(row))), Cut::Down);
    };
    let cell = places.params.awards.get(nth).map_or(Expr::Whole(0), |row| at(places.param(*row)));
    match award.quota {
        Quota::Share(_, cut) => share(cell, cut),
        Quota::Heads(_) => cell,
    }
}

/// The sheet 敏感性; none where nothing is known.
pub(super) fn leeway(overview: &Overview<'_>) -> Option<Sheet> {
    if overview.leeway.is_empty() {
        return None;
    }
    let block = |id: &crate::model::BlockId| {
        let block = overview.scheme.blocks.iter().find(|block| block.id == *id);
        block.map_or_else(|| id.to_string(), |block| block.name.clone())
    };
    let rows = overview
        .leeway
        .iter()
        .map(|leeway| {
            vec![
                Cell::text(&*leeway.award),
                Cell::text(&*leeway.group),
                Cell::text(block(&leeway.block)),
                Cell::points(leeway.weight),
                Cell::points(leeway.down),
                Cell::text(&*leeway.down_changes),
                Cell::points(leeway.up),
                Cell::text(&*leeway.up_changes),
            ]
        })
        .collect();
    Some(Sheet {
        name: "敏感性".into(),
        title: "权重改动到多少，表彰名单才会变".into(),
        notes: vec!["每次只改一个板块的权重，其余不动，步长0.01，在0到100之间。在两端之内，入围和并列待定的单位不变。本表是写出时的数值，可在“参数”里改一个权重来试。".into()],
        columns: vec![
            column("表彰项目", 22, Align::Left),
            column("组别", 16, Align::Centre),
            column("板块", 18, Align::Left),
            column("现权重", 10, Align::Right),
            column("可降到", 10, Align::Right),
            column("再降一步谁变", 34, Align::Left),
            column("可升到", 10, Align::Right),
            column("再升一步谁变", 34, Align::Left),
        ],
        rows,
        frozen: 3,
        filter: true,
        landscape: true,
        protected: true,
        ..Sheet::default()
    })
}
