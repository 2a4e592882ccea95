//! Short words for building formulas over cells.
//!
//! In: numbers, text, places. Out: [`Expr`]s. Never here: what a figure means.

use crate::model::{Cached, Cell, Expr, Function, NumberLook, Op, Points, Spot};

/// A formula of a workbook.
pub(in super::super) type Term = Expr<Spot>;

/// A whole number.
pub(in super::super) fn whole(number: usize) -> Term {
    Expr::Whole(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Text.
pub(in super::super) fn text(text: &str) -> Term {
    Expr::Text(text.into())
}

/// A cell or an area.
pub(in super::super) fn at(spot: Spot) -> Term {
    Expr::Leaf(spot)
}

/// Two operands joined.
pub(in super::super) fn pair(op: Op, left: Term, right: Term) -> Term {
    Expr::pair(op, left, right)
}

/// Two operands multiplied.
pub(in super::super) fn times(left: Term, right: Term) -> Term {
    pair(Op::Mul, left, right)
}

/// The sum of terms; zero of none.
pub(in super::super) fn plus(terms: impl IntoIterator<Item = Term>) -> Term {
    terms.into_iter().reduce(|sum, term| pair(Op::Add, sum, term)).unwrap_or(Expr::Whole(0))
}

/// A function of arguments.
pub(in super::super) fn call(function: Function, arguments: impl Into<Vec<Term>>) -> Term {
    Expr::call(function, arguments)
}

/// `IF`.
pub(in super::super) fn choose(condition: Term, then: Term, otherwise: Term) -> Term {
    call(Function::If, [condition, then, otherwise])
}

/// Whether a cell is blank or holds empty text.
pub(in super::super) fn is_blank(term: Term) -> Term {
    pair(Op::Eq, term, text(""))
}

/// A criterion of `COUNTIFS` and `SUMIFS`.
pub(in super::super) fn criterion(op: Op, operand: Term) -> Term {
    Expr::Criterion(op, Box::new(operand))
}

/// A sum of points without the dust that binary fractions leave.
pub(in super::super) fn sum_of_points(area: Term) -> Term {
    call(Function::Round, [call(Function::Sum, [area]), Expr::Whole(2)])
}

/// A cell with a formula that shows points.
pub(in super::super) fn points(expr: Term, cached: Points) -> Cell {
    Cell::formula(expr, Some(Cached::Points(cached)), NumberLook::Points)
}

/// A cell with a formula that shows a whole number.
pub(in super::super) fn count(expr: Term, cached: impl Into<i64>) -> Cell {
    Cell::formula(expr, Some(Cached::Whole(cached.into())), NumberLook::Whole)
}

/// A cell with a formula whose value is filled in before it is written.
pub(in super::super) fn derived(expr: Term, look: NumberLook) -> Cell {
    Cell::formula(expr, None, look)
}
