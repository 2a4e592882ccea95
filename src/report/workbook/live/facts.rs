//! Where that stands which people have entered beside the ledgers: 评分数据, 票数, 打分, 加减分.
//!
//! In: the external scores and the lines that want them. Out: the terms of the figures that rules take from
//! them. Never here: the rules; the sheets themselves.

use super::super::Overview;
use super::line::OnUnit;
use super::terms::{Term, at, call, choose, criterion, pair, plus, text};
use crate::formula::rules::End;
use crate::model::{Event, Expr, Figure, Function, LineId, Mode, Op, Spot};
use std::collections::{BTreeMap, BTreeSet};

/// What 状态 may say.
pub(super) const STATES: [&str; 3] = ["属实", "待核", "不实"];
/// Points for one time.
pub(super) const EACH: u16 = 4;
pub(super) const STATE: u16 = 9;
pub(super) const SAME_CASE: u16 = 11;
pub(super) const SCORE: u16 = 12;
/// First grade of 票数, first rater of 打分.
pub(super) const FIRST: u16 = 3;
pub(super) const FIRST_RATER: u16 = 2;
/// The figure of 评分数据.
pub(super) const VALUE: u16 = 3;
/// 组内最高 and 组内名次, for either end, where a book holds one unit only.
pub(super) const PEERS: u16 = 4;

/// Indexes of the sheets, where they are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in super::super) struct FactSheets {
    pub values: Option<usize>,
    pub votes: Option<usize>,
    pub raters: Option<usize>,
    pub events: Option<usize>,
}

impl FactSheets {
    /// Gives each sheet that is wanted the next index.
    pub(in super::super) fn number(facts: &Facts, next: &mut usize) -> Self {
        let mut take = |wanted: bool| {
            wanted.then(|| {
                *next += 1;
                *next - 1
            })
        };
        Self {
            values: take(!facts.values.is_empty()),
            votes: take(!facts.votes.is_empty()),
            raters: take(!facts.raters.is_empty()),
            events: take(!facts.event_rows.is_empty()),
        }
    }
}

/// Where the facts of all units stand.
#[derive(Debug, Default)]
pub(in super::super) struct Facts {
    pub sheets: FactSheets,
    /// By column word: rows of the groups, in order of units.
    pub(super) values: BTreeMap<String, Vec<usize>>,
    /// Rows of a unit's group: first and last unit.
    pub(super) groups: Vec<(usize, usize)>,
    /// First row of each unit and line; its classes follow.
    pub(super) votes: BTreeMap<(usize, LineId), usize>,
    pub(super) grades: u16,
    pub(super) raters: BTreeMap<(usize, LineId), usize>,
    pub(super) seats: u16,
    /// Rows of a unit and line, and the row after the last.
    pub(super) events: BTreeMap<(usize, LineId), (usize, usize)>,
    /// Events in order of their rows, as indexes into the external ones.
    pub(super) event_rows: Vec<usize>,
    /// A book of one unit, which does not hold its peers' values.
    pub(super) alone: bool,
}

impl Facts {
    /// The facts that the scheme wants.
    pub(in super::super) fn of(overview: &Overview<'_>, alone: bool) -> Self {
        let mut facts = Self { alone, ..Self::default() };
        let scores = overview.scores;
        for score in scores {
            let first = scores.iter().position(|other| other.group == score.group).unwrap_or(0);
            let last = scores.iter().rposition(|other| other.group == score.group).unwrap_or(first);
            facts.groups.push((first, last));
        }
        let words: BTreeSet<&str> =
            overview.scheme.lines().filter_map(|(_, line)| line.mode.column()).collect();
        for (at, word) in words.iter().enumerate() {
            let rows = (0..scores.len()).map(|unit| at * scores.len() + unit).collect();
            facts.values.insert((*word).to_owned(), rows);
        }
        let (mut vote_row, mut rater_row) = (0, 0);
        for (unit, score) in scores.iter().enumerate() {
            for line in score.lines() {
                let key = || (unit, line.line.clone());
                match overview.scheme.line(&line.line).map(|line| &line.mode) {
                    Some(Mode::Votes { grades, classes, .. }) => {
                        facts.grades = facts.grades.max(u16::try_from(grades.len()).unwrap_or(0));
                        facts.votes.insert(key(), vote_row);
                        vote_row += classes.len();
                    }
                    Some(Mode::Raters { .. }) => {
                        let given = overview.external.raters.get(&(score.unit.clone(), line.line.clone()));
                        let seats = given.map_or(0, Vec::len).max(3);
                        facts.seats = facts.seats.max(u16::try_from(seats).unwrap_or(u16::MAX));
                        facts.raters.insert(key(), rater_row);
                        rater_row += 1;
                    }
                    _ => {}
                }
                let of_line = |event: &Event| event.unit == score.unit && event.line == line.line;
                let events = overview.external.events.iter().enumerate().filter(|(_, event)| of_line(event));
                let first = facts.event_rows.len();
                facts.event_rows.extend(events.map(|(index, _)| index));
                if facts.event_rows.len() > first {
                    facts.events.insert(key(), (first, facts.event_rows.len()));
                }
            }
        }
        facts
    }

    /// A figure that a rule takes from these sheets.
    pub(in super::super) fn figure(&self, figure: Figure, on: &OnUnit<'_>, end: End) -> Term {
        let key = (on.index, on.line.id.clone());
        match (figure, &on.line.mode) {
            (Figure::Events, mode) => self.events(&key, mode, end),
            (Figure::Class(class), _) => match (self.sheets.votes, self.votes.get(&key)) {
                (Some(sheet), Some(row)) => {
                    let column = FIRST + self.grades + 1 + u16::from(end == End::High);
                    at(Spot::cell(row + class, column).on(sheet))
                }
                _ => Expr::Whole(0),
            },
            (figure, Mode::Raters { .. }) => {
                let Some(area) = self.seats(&key) else { return Expr::Whole(0) };
                let function = match figure {
                    Figure::Raters => Function::CountA,
                    Figure::Highest => Function::Max,
                    Figure::Lowest => Function::Min,
                    _ => Function::Sum,
                };
                call(function, [at(area)])
            }
            (Figure::Value, mode) => self.value(on.index, mode).map_or_else(|| text(""), at),
            (Figure::Best, mode) => self.best(on.index, mode, end),
            (Figure::Place, mode) => self.place(on.index, mode, end),
            _ => Expr::Whole(0),
        }
    }

    /// The cell of a column's value.
    fn value(&self, unit: usize, mode: &Mode) -> Option<Spot> {
        self.value_of(unit, mode.column()?)
    }

    /// The cell of a column's value.
    pub(in super::super) fn value_of(&self, unit: usize, word: &str) -> Option<Spot> {
        let row = *self.values.get(word)?.get(unit)?;
        Some(Spot::cell(row, VALUE).on(self.sheets.values?))
    }

    /// The values of the unit's group.
    fn group(&self, unit: usize, mode: &Mode) -> Option<Spot> {
        let rows = self.values.get(mode.column()?)?;
        let (first, last) = *self.groups.get(unit)?;
        Some(Spot::area(*rows.get(first)?, VALUE, *rows.get(last)?, VALUE).on(self.sheets.values?).fixed())
    }

    /// A cell of what only the program knows in a book of one unit.
    fn peer(&self, unit: usize, mode: &Mode, column: u16) -> Term {
        self.value(unit, mode).map_or(Expr::Whole(0), |spot| {
            let column = PEERS + column;
            at(Spot { col: column, last_col: column, ..spot })
        })
    }

    fn best(&self, unit: usize, mode: &Mode, end: End) -> Term {
        if self.alone {
            return self.peer(unit, mode, u16::from(end == End::High));
        }
        let Some(area) = self.group(unit, mode) else { return Expr::Whole(0) };
        let best = call(Function::Max, [at(area)]);
        match (mode, end) {
            // A value that is missing may turn out the best there can be, or beyond all bounds.
            (Mode::RatioToBest { full, .. }, End::Low) => {
                let missing = call(Function::CountIf, [at(area), criterion(Op::Eq, text(""))]);
                let most =
                    full.map_or(Expr::Whole(0), |full| call(Function::Max, [at(area), Expr::Points(full)]));
                choose(pair(Op::Gt, missing, Expr::Whole(0)), most, best)
            }
            _ => best,
        }
    }

    fn place(&self, unit: usize, mode: &Mode, end: End) -> Term {
        if self.alone {
            return self.peer(unit, mode, 2 + u16::from(end == End::High));
        }
        let (Some(area), Some(own)) = (self.group(unit, mode), self.value(unit, mode)) else {
            return Expr::Whole(0);
        };
        let ahead = call(Function::CountIf, [at(area), criterion(Op::Gt, at(own))]);
        let missing = call(Function::CountIf, [at(area), criterion(Op::Eq, text(""))]);
        match end {
            End::Low => plus([Expr::Whole(1), ahead, missing]),
            End::High => plus([Expr::Whole(1), ahead]),
        }
    }

    fn seats(&self, key: &(usize, LineId)) -> Option<Spot> {
        let row = *self.raters.get(key)?;
        Some(Spot::area(row, FIRST_RATER, row, FIRST_RATER + self.seats - 1).on(self.sheets.raters?))
    }

    fn events(&self, key: &(usize, LineId), mode: &Mode, end: End) -> Term {
        let (Some(sheet), Some(&(first, after))) = (self.sheets.events, self.events.get(key)) else {
            return Expr::Whole(0);
        };
        let area = |column: u16| at(Spot::area(first, column, after - 1, column).on(sheet).fixed());
        let in_state =
            |state: &str| call(Function::SumIfs, [area(SCORE), area(STATE), criterion(Op::Eq, text(state))]);
        let deducts = matches!(mode, Mode::DeductEvents { .. });
        // What is open counts where it makes the end what it is.
        let sum = if deducts == (end == End::Low) {
            plus([in_state(STATES[0]), in_state(STATES[1])])
        } else {
            in_state(STATES[0])
        };
        call(Function::Round, [sum, Expr::Whole(2)])
    }
}
