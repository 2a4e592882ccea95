//! The value of a formula, as a spreadsheet would give it, but exactly.

use super::functions::call;
use super::{Area, Exact, Fault, Value};
use crate::model::{Expr, Function, Op};
use std::cmp::Ordering;

/// What a formula is evaluated over: the value of each leaf.
pub trait Leaves<L> {
    /// The value of a leaf.
    ///
    /// # Errors
    /// Where the leaf has none.
    fn leaf(&self, leaf: &L) -> Result<Value, Fault>;
}

impl<L, F: Fn(&L) -> Result<Value, Fault>> Leaves<L> for F {
    fn leaf(&self, leaf: &L) -> Result<Value, Fault> {
        self(leaf)
    }
}

/// The value of a formula.
///
/// # Errors
/// What Excel shows as an error, and what this program does not evaluate.
pub fn evaluate<L>(expr: &Expr<L>, leaves: &impl Leaves<L>) -> Result<Value, Fault> {
    value(expr, leaves, false)
}

/// `areas`: whether operators take whole areas, as they do inside SUMPRODUCT. Elsewhere Excel would take one
/// cell of the area, which is never meant.
pub(super) fn value<L>(expr: &Expr<L>, leaves: &impl Leaves<L>, areas: bool) -> Result<Value, Fault> {
    match expr {
        Expr::Whole(number) => Ok(Value::whole(*number)),
        Expr::Points(points) => Ok(Value::points(*points)),
        Expr::Text(text) => Ok(Value::Text(text.clone())),
        Expr::Leaf(leaf) => leaves.leaf(leaf),
        Expr::Pair(op, pair) => {
            let (left, right) = (value(&pair.0, leaves, areas)?, value(&pair.1, leaves, areas)?);
            joined(*op, &left, &right, areas)
        }
        Expr::Call(function, arguments) => {
            call(*function, arguments, leaves, areas || *function == Function::SumProduct)
        }
        Expr::Criterion(..) => Err(Fault::Unsupported),
    }
}

fn joined(op: Op, left: &Value, right: &Value, areas: bool) -> Result<Value, Fault> {
    if !matches!(left, Value::Area(_)) && !matches!(right, Value::Area(_)) {
        return pair(op, left, right);
    }
    if !areas {
        return Err(Fault::Area);
    }
    let shape = |value: &Value| match value {
        Value::Area(area) => (area.rows(), area.cols),
        _ => (1, 1),
    };
    let ((rows, cols), (more_rows, more_cols)) = (shape(left), shape(right));
    let fits = |a: usize, b: usize| a == b || a == 1 || b == 1;
    if !fits(rows, more_rows) || !fits(cols, more_cols) {
        return Err(Fault::Shape);
    }
    let (rows, cols) = (rows.max(more_rows), cols.max(more_cols));
    let at = |value: &Value, row: usize, col: usize| match value {
        Value::Area(area) => area.at(row, col).cloned().ok_or(Fault::Shape),
        single => Ok(single.clone()),
    };
    let mut cells = Vec::with_capacity(rows * cols);
    for row in 0..rows {
        for col in 0..cols {
            cells.push(pair(op, &at(left, row, col)?, &at(right, row, col)?)?);
        }
    }
    Ok(Value::Area(Area { cols, cells }))
}

fn pair(op: Op, left: &Value, right: &Value) -> Result<Value, Fault> {
    let numbers = || Ok::<_, Fault>((left.number()?, right.number()?));
    let within = |number: Option<Exact>| number.map(Value::Number).ok_or(Fault::Range);
    match op {
        Op::Add => numbers().and_then(|(a, b)| within(a.plus(b))),
        Op::Sub => numbers().and_then(|(a, b)| within(a.minus(b))),
        Op::Mul => numbers().and_then(|(a, b)| within(a.times(b))),
        Op::Div => {
            numbers().and_then(|(a, b)| if b.is_zero() { Err(Fault::Zero) } else { within(a.over(b)) })
        }
        Op::Join => Ok(Value::Text(format!("{}{}", left.text()?, right.text()?).into())),
        Op::Eq => Ok(Value::Bool(same(left, right))),
        Op::Ne => Ok(Value::Bool(!same(left, right))),
        Op::Lt => Ok(Value::Bool(order(left, right)? == Ordering::Less)),
        Op::Le => Ok(Value::Bool(order(left, right)? != Ordering::Greater)),
        Op::Gt => Ok(Value::Bool(order(left, right)? == Ordering::Greater)),
        Op::Ge => Ok(Value::Bool(order(left, right)? != Ordering::Less)),
    }
}

/// Equality: text without case, a blank cell like 0 and like "".
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Blank, Value::Blank) => true,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => alike(a, b),
        (Value::Blank, Value::Number(number)) | (Value::Number(number), Value::Blank) => number.is_zero(),
        (Value::Blank, Value::Text(text)) | (Value::Text(text), Value::Blank) => text.is_empty(),
        (Value::Blank, Value::Bool(truth)) | (Value::Bool(truth), Value::Blank) => !truth,
        _ => false,
    }
}

/// Whether two texts differ in nothing but capitals. Most that differ do so at the first character.
pub(super) fn alike(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    // Of all capitals only this one turns by its place into one small letter or another.
    if a.contains('Σ') || b.contains('Σ') {
        return a.to_lowercase() == b.to_lowercase();
    }
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

/// Numbers come before text, text before TRUE and FALSE. Two texts are in no order here: theirs depends on
/// the language of the office program.
fn order(left: &Value, right: &Value) -> Result<Ordering, Fault> {
    let sort = |value: &Value| match value {
        Value::Blank | Value::Number(_) => 0,
        Value::Text(_) => 1,
        Value::Bool(_) => 2,
        Value::Area(_) => 3,
    };
    match (left, right) {
        (Value::Text(a), Value::Text(b)) if alike(a, b) => Ok(Ordering::Equal),
        (Value::Text(_), Value::Text(_) | Value::Blank) | (Value::Blank, Value::Text(_)) => {
            Err(Fault::Unsupported)
        }
        (Value::Bool(a), Value::Bool(b)) => Ok(a.cmp(b)),
        _ if sort(left) == 0 && sort(right) == 0 => Ok(left.number()?.cmp(&right.number()?)),
        _ => Ok(sort(left).cmp(&sort(right))),
    }
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn capitals_make_no_difference() {
        let texts = [
            "", "ZB-3", "zb-3", "ZB-3a", "党课", "党课1", "ΟΔΟΣ", "οδος", "οδοσ", "İ", "i\u{307}", "ẞ", "ß",
            "Ａ", "ａ",
        ];
        for a in texts {
            for b in texts {
                assert_eq!(alike(a, b), a.to_lowercase() == b.to_lowercase(), "{a} {b}");
            }
        }
    }
}
