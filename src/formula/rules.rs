//! The scoring rules, each written once: as a formula over figures.
//!
//! The program evaluates them with the figures of a unit; a workbook binds the figures to cells and prints
//! them. What is proved and what could still be reached differ in the figures (已完成, or 已完成＋待核) and
//! in the few places where [`End`] stands.
//!
//! Every figure of points is rounded when it is computed, from figures that are rounded already.

use crate::model::{
    BlockKind, Cut, Expr, Figure, Function, Line, Measured, Missing, Mode, Op, Points, Rounding,
};

/// Which end of an interval is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// What is proved.
    Low,
    /// What could still be reached.
    High,
}

/// What a line's points do in its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// They count for the unit (计分, 加分).
    Earned,
    /// They are the amount that is taken off (扣分).
    TakenOff,
}

impl Role {
    /// The role of the lines of a block.
    #[must_use]
    pub fn of(kind: BlockKind) -> Self {
        match kind {
            BlockKind::Weighted(_) | BlockKind::Bonus(_) => Self::Earned,
            BlockKind::Deduction(_) => Self::TakenOff,
        }
    }
}

/// What must be there for a line to apply; else its 分值 is left out (or given, see [`Absent`](crate::model::Absent)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applies {
    /// Something is required: the sum of 应完成 is not zero.
    Required,
    /// A period is owed, whatever a person answered about it; a line without checks always applies.
    Owed,
    /// The value of the column.
    Value,
}

/// What must be there for a line to apply.
#[must_use]
pub fn applies(mode: &Mode) -> Applies {
    match mode {
        // Both give nothing where nothing is done: only such a line may leave without lowering a block.
        Mode::Share | Mode::Tiers { .. } => Applies::Required,
        Mode::External { missing: Missing::NotApplicable, .. } => Applies::Value,
        _ => Applies::Owed,
    }
}

type E = Expr<Figure>;

fn figure(figure: Figure) -> E {
    E::Leaf(figure)
}

fn whole(number: u32) -> E {
    E::Whole(i64::from(number))
}

fn pair(op: Op, left: E, right: E) -> E {
    E::pair(op, left, right)
}

fn times(left: E, right: E) -> E {
    pair(Op::Mul, left, right)
}

fn over(left: E, right: E) -> E {
    pair(Op::Div, left, right)
}

fn minus(left: E, right: E) -> E {
    pair(Op::Sub, left, right)
}

fn choose(condition: E, then: E, otherwise: E) -> E {
    E::call(Function::If, [condition, then, otherwise])
}

fn round(of: E, places: u32) -> E {
    E::call(Function::Round, [of, whole(places)])
}

/// A figure of points. Cutting first clears away what binary fractions leave behind in a spreadsheet.
fn rounded(of: E, rounding: Rounding) -> E {
    let places = u32::from(rounding.places);
    match rounding.how {
        Cut::Nearest => round(of, places),
        Cut::Down => E::call(Function::RoundDown, [round(of, 9), whole(places)]),
        Cut::Up => E::call(Function::RoundUp, [round(of, 9), whole(places)]),
    }
}

fn sum(parts: impl IntoIterator<Item = E>) -> E {
    parts.into_iter().reduce(|sum, part| pair(Op::Add, sum, part)).unwrap_or(E::Whole(0))
}

/// Nothing at the low end, full marks at the high end; for an amount that is taken off the other way round.
fn open(end: End, role: Role) -> E {
    match (end, role) {
        (End::Low, Role::Earned) | (End::High, Role::TakenOff) => E::Whole(0),
        (End::High, Role::Earned) | (End::Low, Role::TakenOff) => figure(Figure::Base),
    }
}

/// The points of a line by its rule.
#[must_use]
pub fn line(line: &Line, role: Role, rounding: Rounding, end: End) -> Expr<Figure> {
    let base = || figure(Figure::Base);
    match &line.mode {
        Mode::Share => choose(
            pair(Op::Eq, figure(Figure::Required(0)), E::Whole(0)),
            E::Whole(0),
            rounded(over(times(base(), figure(Figure::Met(0))), figure(Figure::Required(0))), rounding),
        ),
        Mode::DeductMissing { each, per, most } => {
            let missing = minus(figure(Figure::Required(0)), figure(Figure::Met(0)));
            let steps = E::call(Function::RoundDown, [over(missing, whole(*each)), E::Whole(0)]);
            taken_off(times(E::Points(*per), steps), *most, role, rounding)
        }
        Mode::Tiers { tiers } => {
            let mut score = E::Whole(0);
            for (at, (_, _, points)) in tiers.iter().enumerate().rev() {
                let (required, met) = (figure(Figure::Required(at)), figure(Figure::Met(at)));
                let all = pair(Op::Ge, met, required.clone());
                let met = E::call(Function::And, [pair(Op::Gt, required, E::Whole(0)), all]);
                score = choose(met, E::Points(*points), score);
            }
            rounded(E::call(Function::Min, [base(), score]), rounding)
        }
        Mode::ValueTiers { of, tiers, otherwise } => {
            let value = measured(of, end);
            let mut score = E::Points(*otherwise);
            for (least, points) in tiers.iter().rev() {
                score = choose(pair(Op::Ge, value.clone(), E::Points(*least)), E::Points(*points), score);
            }
            let score = rounded(E::call(Function::Min, [base(), score]), rounding);
            match of {
                Measured::Completion => score,
                Measured::Attendance => {
                    choose(pair(Op::Eq, figure(Figure::Expected), E::Whole(0)), open(end, role), score)
                }
                Measured::Column(_) => if_given(open(end, role), score),
            }
        }
        Mode::Rate { of, least, step, per, up, most } => {
            let how = if *up { Function::RoundUp } else { Function::RoundDown };
            let below = round(over(shortfall(of, *least, end), E::Points(*step)), 9);
            let steps = E::call(Function::Max, [E::Whole(0), E::call(how, [below, E::Whole(0)])]);
            let score = taken_off(times(E::Points(*per), steps), *most, role, rounding);
            match of {
                Measured::Column(_) => if_given(open(end, role), score),
                Measured::Completion | Measured::Attendance => score,
            }
        }
        Mode::LowMeetings { per, most, .. } => {
            taken_off(times(E::Points(*per), figure(Figure::Under)), *most, role, rounding)
        }
        Mode::DeductEvents { times: multiple, most, .. } => {
            taken_off(times(whole(*multiple), figure(Figure::Events)), *most, role, rounding)
        }
        Mode::EventPoints { most, .. } => added(figure(Figure::Events), *most, rounding),
        Mode::ActivityPoints { beyond, per, most } => {
            let further = E::call(Function::Max, [E::Whole(0), minus(figure(Figure::Count), whole(*beyond))]);
            added(times(E::Points(*per), further), *most, rounding)
        }
        Mode::Votes { grades, classes, .. } => {
            let best = grades.iter().map(|(_, value)| *value).max().unwrap_or(Points::whole(100));
            let parts = classes
                .iter()
                .enumerate()
                .map(|(at, (_, share))| times(E::Points(*share), figure(Figure::Class(at))));
            let mean = rounded(over(sum(parts), E::Whole(100)), rounding);
            rounded(over(times(base(), mean), E::Points(best)), rounding)
        }
        Mode::Raters { full, fewest, .. } => {
            let mean = rounded(mean_of_raters(&line.mode), rounding);
            choose(
                pair(Op::Ge, figure(Figure::Raters), whole((*fewest).max(1))),
                rounded(over(times(base(), mean), E::Points(*full)), rounding),
                open(end, role),
            )
        }
        Mode::External { full, missing, .. } => {
            let score = rounded(over(times(base(), figure(Figure::Value)), E::Points(*full)), rounding);
            if_given(if *missing == Missing::Open { open(end, role) } else { E::Whole(0) }, score)
        }
        Mode::RankPoints { table, rest, .. } => {
            let mut score = E::Points(*rest);
            for (at, points) in table.iter().enumerate().rev() {
                let place = whole(u32::try_from(at + 1).unwrap_or(u32::MAX));
                score = choose(pair(Op::Eq, figure(Figure::Place), place), E::Points(*points), score);
            }
            if_given(open(end, role), rounded(E::call(Function::Min, [base(), score]), rounding))
        }
        Mode::RatioToBest { .. } => {
            let share = over(times(base(), figure(Figure::Value)), figure(Figure::Best));
            let positive = pair(Op::Gt, figure(Figure::Best), E::Whole(0));
            if_given(open(end, role), choose(positive, rounded(share, rounding), E::Whole(0)))
        }
        Mode::Judged => open(end, role),
        Mode::Fixed => base(),
    }
}

fn if_given(otherwise: E, then: E) -> E {
    choose(pair(Op::Eq, figure(Figure::Value), E::Text("".into())), otherwise, then)
}

/// 分值 less an amount, or the amount itself.
fn taken_off(amount: E, most: Option<Points>, role: Role, rounding: Rounding) -> E {
    let base = figure(Figure::Base);
    let mut limits = vec![base.clone()];
    limits.extend(most.map(E::Points));
    limits.push(amount);
    let amount = E::call(Function::Min, limits);
    match role {
        Role::Earned => rounded(minus(base, amount), rounding),
        Role::TakenOff => rounded(amount, rounding),
    }
}

fn added(amount: E, most: Option<Points>, rounding: Rounding) -> E {
    let mut limits = vec![figure(Figure::Base)];
    limits.extend(most.map(E::Points));
    limits.push(amount);
    rounded(E::call(Function::Min, limits), rounding)
}

/// ROUND(100×已完成/应完成, 2), and 100 where nothing is required.
fn completion() -> E {
    let met = over(times(E::Whole(100), figure(Figure::Met(0))), figure(Figure::Required(0)));
    choose(pair(Op::Eq, figure(Figure::Required(0)), E::Whole(0)), E::Whole(100), round(met, 2))
}

/// How far attendance stays below 100 per cent; a row in review may pull it either way, and the mean of rows
/// never leaves the range of its parts. `without`: what holds where no row is sure.
fn absence(without: E, end: End) -> E {
    let rate = over(times(E::Whole(100), figure(Figure::Present)), figure(Figure::Expected));
    let none = pair(Op::Eq, figure(Figure::Expected), E::Whole(0));
    let sure = choose(none, without, round(minus(E::Whole(100), rate), 9));
    match end {
        End::Low => E::call(Function::Max, [sure, figure(Figure::Deepest)]),
        End::High => E::call(Function::Min, [sure, figure(Figure::Shallowest)]),
    }
}

fn measured(of: &Measured, end: End) -> E {
    match of {
        Measured::Completion => completion(),
        Measured::Attendance => round(minus(E::Whole(100), absence(E::Whole(0), end)), 2),
        Measured::Column(_) => figure(Figure::Value),
    }
}

/// How many per cent a rate stays below a threshold.
fn shortfall(of: &Measured, least: Points, end: End) -> E {
    match of {
        Measured::Completion => minus(E::Points(least), completion()),
        Measured::Attendance => {
            let allowed = Points::whole(100) - least;
            minus(absence(E::Points(allowed), end), E::Points(allowed))
        }
        Measured::Column(_) => minus(E::Points(least), figure(Figure::Value)),
    }
}

/// How far the attendance of one activity stays below 100 per cent, as [`Figure::Deepest`] and
/// [`Figure::Shallowest`] want it, over [`Figure::Present`] and [`Figure::Expected`].
#[must_use]
pub fn absence_of_row() -> Expr<Figure> {
    let rate = over(times(E::Whole(100), figure(Figure::Present)), figure(Figure::Expected));
    round(minus(E::Whole(100), rate), 9)
}

/// Whether attendance stays below a threshold (in per cent), over [`Figure::Present`] and [`Figure::Expected`].
#[must_use]
pub fn is_low(least: Points) -> Expr<Figure> {
    let have = times(E::Whole(100), figure(Figure::Present));
    pair(Op::Lt, have, times(E::Points(least), figure(Figure::Expected)))
}

fn mean_of_raters(mode: &Mode) -> E {
    let (all, count) = (figure(Figure::Value), figure(Figure::Raters));
    let mean = over(all.clone(), count.clone());
    let Mode::Raters { trim_over: Some(over_so_many), .. } = mode else { return mean };
    let inner = minus(minus(all, figure(Figure::Highest)), figure(Figure::Lowest));
    let trimmed = over(inner, minus(count.clone(), E::Whole(2)));
    choose(pair(Op::Gt, count, whole((*over_so_many).max(2))), trimmed, mean)
}

/// The points of one row of events, before the cap of its line.
///
/// [`Figure::Persons`] is 1 where the rule does not multiply by persons, [`Figure::Authors`] 1 where it does
/// not share, [`Figure::Doubled`] 2 where the row counts twice.
#[must_use]
pub fn event_row(rounding: Rounding) -> Expr<Figure> {
    let amount = times(figure(Figure::Each), figure(Figure::Times));
    let amount = times(times(amount, figure(Figure::Persons)), figure(Figure::Doubled));
    rounded(over(amount, figure(Figure::Authors)), rounding)
}

/// The value of a class of votes; between its lowest and highest grade where too few voted.
#[must_use]
pub fn class(
    at: usize,
    grades: &[(String, Points)],
    fewest: u32,
    rounding: Rounding,
    end: End,
) -> Expr<Figure> {
    let votes = |grade: usize| figure(Figure::Votes(at, grade));
    let valid = sum((0..grades.len()).map(votes));
    let points = sum(grades.iter().enumerate().map(|(g, (_, value))| times(E::Points(*value), votes(g))));
    let values = grades.iter().map(|(_, value)| *value);
    let edge = match end {
        End::Low => values.min(),
        End::High => values.max(),
    };
    choose(
        pair(Op::Ge, valid.clone(), whole(fewest.max(1))),
        rounded(over(points, valid), rounding),
        E::Points(edge.unwrap_or_default()),
    )
}

/// The part of the total that a block gives: its share of the weight, or the sum of its lines within its cap.
#[must_use]
pub fn block(kind: BlockKind, rounding: Rounding) -> Expr<Figure> {
    match kind {
        BlockKind::Weighted(_) => choose(
            pair(Op::Eq, figure(Figure::Applicable), E::Whole(0)),
            E::Whole(0),
            rounded(
                over(times(figure(Figure::Weight), figure(Figure::Earned)), figure(Figure::Applicable)),
                rounding,
            ),
        ),
        BlockKind::Bonus(cap) | BlockKind::Deduction(cap) => match cap {
            Some(cap) => E::call(Function::Min, [E::Points(cap), figure(Figure::Earned)]),
            None => figure(Figure::Earned),
        },
    }
}

/// The weighted blocks together; the weight of blocks that do not apply goes to the others in proportion.
#[must_use]
pub fn before(rounding: Rounding) -> Expr<Figure> {
    choose(
        pair(Op::Eq, figure(Figure::WeightsApplicable), E::Whole(0)),
        E::Whole(0),
        rounded(
            over(times(figure(Figure::Blocks), figure(Figure::Weights)), figure(Figure::WeightsApplicable)),
            rounding,
        ),
    )
}

/// The total: never below zero, never over the ceiling.
#[must_use]
pub fn total(ceiling: Option<Points>, rounding: Rounding) -> Expr<Figure> {
    let all = pair(Op::Add, figure(Figure::Before), figure(Figure::Bonus));
    let all = rounded(minus(all, figure(Figure::Deduction)), rounding);
    let all = E::call(Function::Max, [E::Whole(0), all]);
    match ceiling {
        Some(ceiling) => E::call(Function::Min, [E::Points(ceiling), all]),
        None => all,
    }
}

/// ROUND(100×已完成/应完成, 2) for conditions, over [`Figure::Met`]`(0)` and [`Figure::Required`]`(0)`.
#[must_use]
pub fn completion_rate() -> Expr<Figure> {
    completion()
}
