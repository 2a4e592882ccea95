//! A line's points as formulas: the figures of its rule bound to the cells that hold them.
//!
//! In: a line, where it stands, and an end of its interval. Out: formulas over cells. Never here: the rules
//! themselves, which are [`formula::rules`](crate::formula::rules).

use super::places::{LinePlaces, Places, UnitPlaces, activity, check};
use super::terms::{Term, at, call, choose, criterion, is_blank, pair, plus, sum_of_points, text, times};
use crate::formula::rules::{self, Applies, End, Role};
use crate::model::{Absent, Expr, Figure, Function, Line, Op, RequirementId, Rounding, Spot};
use std::collections::BTreeSet;

/// A line on a unit.
#[derive(Clone, Copy)]
pub(in super::super) struct OnUnit<'a> {
    pub places: &'a Places,
    pub unit: &'a UnitPlaces,
    /// The unit's index.
    pub index: usize,
    pub line: &'a Line,
    pub at: &'a LinePlaces,
    /// Requirements whose evidence counts for its checks.
    pub evidence: &'a [RequirementId],
    pub absent: Absent,
    pub role: Role,
    pub rounding: Rounding,
}

/// What stands where no 考核分 is given on the sheet that it is copied from.
pub(in super::super) const NOT_GIVEN: &str = "—";

/// What stands for the attendance of a row that has none.
pub(in super::super) const NO_ATTENDANCE: i64 = -1000;

impl OnUnit<'_> {
    /// 适用.
    pub(in super::super) fn base(&self) -> Term {
        let points = at(self.here(check::POINTS));
        if self.given_away() {
            return points;
        }
        self.applies().map_or(points.clone(), |applies| choose(applies, points, Expr::Whole(0)))
    }

    /// 得分 or 最高.
    pub(in super::super) fn points(&self, end: End) -> Term {
        let rule = rules::line(self.line, self.role, self.rounding, end);
        let bound = rule.bind(&|figure| self.figure(*figure, end));
        let otherwise = if self.given_away() { at(self.here(check::POINTS)) } else { Expr::Whole(0) };
        match self.applies() {
            Some(applies) if self.given_away() || rules::applies(&self.line.mode) == Applies::Owed => {
                choose(applies, bound, otherwise)
            }
            _ => bound,
        }
    }

    /// 计分 or 计分最高: the score by the rule, unless a person has given one and the line applies.
    pub(in super::super) fn counted(&self, column: u16) -> Term {
        let given = at(self.here(check::JUDGED));
        let mut by_rule = vec![is_blank(given.clone()), pair(Op::Eq, given.clone(), text(NOT_GIVEN))];
        if let Some(applies) = self.applies() {
            let applies = if self.given_away() {
                applies
            } else {
                pair(Op::Ne, at(self.here(check::BASE)), Expr::Whole(0))
            };
            by_rule.push(call(Function::Not, [applies]));
        }
        let within =
            call(Function::Min, [at(self.here(check::POINTS)), call(Function::Max, [Expr::Whole(0), given])]);
        choose(call(Function::Or, by_rule), at(self.here(column)), within)
    }

    /// Whether full marks are given where the line does not apply.
    fn given_away(&self) -> bool {
        self.absent == Absent::Full && self.role == Role::Earned
    }

    /// Whether the line applies; none where it always does.
    fn applies(&self) -> Option<Term> {
        let has_checks = !self.at.groups.iter().all(|(first, end)| first == end);
        match rules::applies(&self.line.mode) {
            Applies::Required => {
                let groups = (0..self.at.groups.len()).map(|group| self.over(group, check::REQUIRED));
                Some(pair(Op::Ne, plus(groups), Expr::Whole(0)))
            }
            Applies::Owed if has_checks => {
                let column = check::VERDICT + self.places.shift;
                let area = Spot::area(self.at.first, column, self.at.end() - 1, column + 11);
                let owed = times(pair(Op::Ne, at(area), text("—")), Expr::Whole(1));
                Some(pair(Op::Gt, call(Function::SumProduct, [owed]), Expr::Whole(0)))
            }
            Applies::Owed => None,
            Applies::Value => Some(pair(Op::Ne, self.figure(Figure::Value, End::Low), text(""))),
        }
    }

    /// A cell of the line's first row, on the sheet itself.
    fn here(&self, column: u16) -> Spot {
        Spot { sheet: None, ..self.places.check(self.at.first, column) }
    }

    /// A column summed over a group of checks.
    fn over(&self, group: usize, column: u16) -> Term {
        let Some(&(first, end)) = self.at.groups.get(group) else { return Expr::Whole(0) };
        match end.saturating_sub(first) {
            0 => Expr::Whole(0),
            1 => at(Spot { sheet: None, ..self.places.check(first, column) }),
            _ => call(Function::Sum, [at(Spot { sheet: None, ..self.places.checks((first, end), column) })]),
        }
    }

    fn figure(&self, figure: Figure, end: End) -> Term {
        match figure {
            Figure::Base => at(self.here(check::POINTS)),
            Figure::Required(group) => self.over(group, check::REQUIRED),
            Figure::Met(group) => match end {
                End::Low => self.over(group, check::MET),
                End::High => pair(Op::Add, self.over(group, check::MET), self.over(group, check::OPEN)),
            },
            Figure::Count => self.count(end),
            Figure::Present => self.attendance(activity::ATTENDED),
            Figure::Expected => self.attendance(activity::EXPECTED),
            Figure::Under => self.under(end),
            Figure::Deepest => self.farthest(true),
            Figure::Shallowest => self.farthest(false),
            other => self.places.facts.figure(other, self, end),
        }
    }

    /// How many activities count, whatever their period.
    fn count(&self, end: End) -> Term {
        let column = check::RECORDED + self.places.shift;
        let area = Spot::area(self.at.first, column, self.at.end() - 1, column + 11);
        match end {
            End::Low => call(Function::Sum, [at(area)]),
            // A row of another period, or without a date, may turn out to belong to one.
            End::High => {
                let all = |slot, id| call(Function::CountIf, [slot, id]);
                let slots = self.places.slots;
                let sure = self.each(self.evidence, slots.valid_at(), slots.counting(), all);
                let open = self.each(self.evidence, slots.open_at(), slots.open, all);
                plus([sure, open, self.over(0, check::OPEN)])
            }
        }
    }

    /// 应到 or 实到 of all activities that count and of which both are known.
    fn attendance(&self, column: u16) -> Term {
        let Some(figures) = self.places.activities(self.unit, column) else { return Expr::Whole(0) };
        let known = self.column(self.places.slots.attendance_at() + 1);
        self.each_counting(|slot, id| {
            let criteria =
                [at(figures), slot, id, known.clone(), criterion(Op::Gt, Expr::Whole(NO_ATTENDANCE))];
            call(Function::SumIfs, criteria)
        })
    }

    fn under(&self, end: End) -> Term {
        let low = self.column(self.places.slots.attendance_at());
        let count =
            |slot, id| call(Function::CountIfs, [slot, id, low.clone(), criterion(Op::Eq, Expr::Whole(1))]);
        let sure = self.each_counting(count);
        match end {
            End::Low => pair(Op::Add, sure, self.each_open(count)),
            End::High => sure,
        }
    }

    /// The largest or smallest absence among rows in review; where there is none, what changes nothing.
    fn farthest(&self, deepest: bool) -> Term {
        let big = || Expr::Whole(-NO_ATTENDANCE);
        let absence = self.column(self.places.slots.attendance_at() + 1);
        let reach = |slot: Term, id: Term| {
            let known = pair(Op::Gt, absence.clone(), Expr::Whole(NO_ATTENDANCE));
            let far = pair(if deepest { Op::Add } else { Op::Sub }, big(), absence.clone());
            times(times(pair(Op::Eq, slot, id), known), far)
        };
        let mut reaches = Vec::new();
        for id in self.distinct() {
            for slot in 0..self.places.slots.open {
                let area = self.column(self.places.slots.open_at() + slot);
                let far = call(Function::Max, [reach(area, text(id.as_str()))]);
                reaches.push(call(Function::SumProduct, [far]));
            }
        }
        let most = if reaches.is_empty() { Expr::Whole(0) } else { call(Function::Max, reaches) };
        if deepest { pair(Op::Sub, most, big()) } else { pair(Op::Sub, big(), most) }
    }

    /// A column of the unit's rows of 活动.
    fn column(&self, column: u16) -> Term {
        self.places.activities(self.unit, column).map_or(Expr::Whole(0), at)
    }

    /// A count over every slot that counts and every requirement, summed.
    fn each_counting(&self, count: impl Fn(Term, Term) -> Term) -> Term {
        let slots = self.places.slots;
        self.each(self.distinct(), slots.valid_at(), slots.counting(), count)
    }

    /// A count over every slot in review.
    fn each_open(&self, count: impl Fn(Term, Term) -> Term) -> Term {
        let slots = self.places.slots;
        self.each(self.distinct(), slots.open_at(), slots.open, count)
    }

    /// The requirements whose evidence counts, each once.
    fn distinct(&self) -> BTreeSet<&RequirementId> {
        self.evidence.iter().collect()
    }

    fn each<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a RequirementId>,
        first: u16,
        columns: u16,
        count: impl Fn(Term, Term) -> Term,
    ) -> Term {
        let mut terms = Vec::new();
        for id in ids {
            for slot in 0..columns {
                if let Some(area) = self.places.activities(self.unit, first + slot) {
                    terms.push(count(at(area), criterion(Op::Eq, text(id.as_str()))));
                }
            }
        }
        plus(terms)
    }
}

/// The sums of a block's lines: what counts at an end, or what applies.
pub(in super::super) fn block_sum(places: &Places, rows: (usize, usize), column: u16) -> Term {
    sum_of_points(at(places.checks(rows, column)))
}
