//! A formula as a spreadsheet reads it, and the value that is kept with it.
//!
//! In: an [`Expr`] over places of the book and the plans of its sheets. Out: its text in Excel's own
//! grammar. Never here: computing it.

use std::fmt::{Display, Write};

use super::sheet::Plan;
use super::value::exact;
use crate::model::{Cached, Expr, Function, NumberLook, Op, Spot};
use crate::render::excel::looks::Shown;
use crate::render::legal::legal;

/// The formula as text, without the leading `=`.
pub(super) fn text(expr: &Expr<Spot>, own: usize, all: &[Plan<'_>]) -> String {
    let mut out = String::new();
    push(expr, 0, own, all, &mut out);
    out
}

/// The value as the file keeps it; text that reads as a number would become one.
pub(super) fn result(cached: &Cached) -> String {
    match cached {
        Cached::Blank => String::new(),
        Cached::Text(text) => legal(text).into_owned(),
        Cached::Whole(number) => number.to_string(),
        Cached::Points(points) => points.to_string(),
        Cached::Ratio(part, whole) => match (exact(*part), exact(*whole)) {
            (Some(part), Some(whole)) if whole != 0.0 => (part / whole).to_string(),
            _ => String::new(),
        },
    }
}

/// The format in which a formula's value is shown.
pub(super) fn shown(look: NumberLook) -> Shown {
    match look {
        NumberLook::Text => Shown::Text,
        NumberLook::Whole => Shown::Whole,
        NumberLook::Points => Shown::Hundredths,
        NumberLook::Share => Shown::Share,
        NumberLook::Decimal => Shown::Decimal,
        NumberLook::Day => Shown::Day,
    }
}

/// A place as a formula names it: `'逐项'!$A$1:$B$3`, without the sheet where it is the formula's own.
pub(super) fn place(spot: &Spot, own: usize, all: &[Plan<'_>]) -> String {
    let mut out = String::new();
    push_place(spot, own, all, &mut out);
    out
}

fn push_place(spot: &Spot, own: usize, all: &[Plan<'_>], out: &mut String) {
    let sheet = spot.sheet.unwrap_or(own);
    let Some(plan) = all.get(sheet) else { return out.push_str("NA()") };
    if sheet != own {
        push_quoted(plan.name(), out);
        out.push('!');
    }
    push_cell(spot.fixed, spot.col, plan.row(spot.row) + 1, out);
    if (spot.row, spot.col) != (spot.last_row, spot.last_col) {
        out.push(':');
        push_cell(spot.fixed, spot.last_col, plan.row(spot.last_row) + 1, out);
    }
}

/// `B3` or `$B$3`; the column counts from 0, the row from 1.
fn push_cell(fixed: bool, col: u16, row: u32, out: &mut String) {
    let fix = if fixed { "$" } else { "" };
    out.push_str(fix);
    push_column(u32::from(col), out);
    out.push_str(fix);
    push_number(row, out);
}

/// The letters of a column: digits of base 26 without a zero.
fn push_column(col: u32, out: &mut String) {
    if let Some(higher) = (col / 26).checked_sub(1) {
        push_column(higher, out);
    }
    out.extend(char::from_digit(col % 26 + 10, 36).map(|letter| letter.to_ascii_uppercase()));
}

fn push_number(number: impl Display, out: &mut String) {
    // Nothing that is written into memory fails.
    let _ = write!(out, "{number}");
}

/// A sheet's name in quotes.
pub(super) fn quoted(sheet: &str) -> String {
    let mut out = String::new();
    push_quoted(sheet, &mut out);
    out
}

fn push_quoted(sheet: &str, out: &mut String) {
    out.push('\'');
    for (at, piece) in sheet.split('\'').enumerate() {
        out.push_str(if at > 0 { "''" } else { "" });
        out.push_str(piece);
    }
    out.push('\'');
}

/// How tightly an operator binds.
fn strength(op: Op) -> u8 {
    match op {
        Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => 1,
        Op::Join => 2,
        Op::Add | Op::Sub => 3,
        Op::Mul | Op::Div => 4,
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Add => "+",
        Op::Sub => "-",
        Op::Mul => "*",
        Op::Div => "/",
        Op::Eq => "=",
        Op::Ne => "<>",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::Join => "&",
    }
}

fn name(function: Function) -> &'static str {
    match function {
        Function::If => "IF",
        Function::And => "AND",
        Function::Or => "OR",
        Function::Not => "NOT",
        Function::IfError => "IFERROR",
        Function::Sum => "SUM",
        Function::SumProduct => "SUMPRODUCT",
        Function::SumIfs => "SUMIFS",
        Function::CountIf => "COUNTIF",
        Function::CountIfs => "COUNTIFS",
        Function::CountA => "COUNTA",
        Function::Max => "MAX",
        Function::Min => "MIN",
        Function::Sign => "SIGN",
        Function::Round => "ROUND",
        Function::RoundDown => "ROUNDDOWN",
        Function::RoundUp => "ROUNDUP",
        Function::Year => "YEAR",
        Function::Month => "MONTH",
        Function::Index => "INDEX",
        Function::Match => "MATCH",
        Function::Large => "LARGE",
        Function::Quartile => "QUARTILE",
        Function::Text => "TEXT",
    }
}

fn string(text: &str) -> String {
    format!("\"{}\"", legal(text).replace('"', "\"\""))
}

/// Writes the formula; in brackets where it binds no tighter than `outer`.
fn push(expr: &Expr<Spot>, outer: u8, own: usize, all: &[Plan<'_>], out: &mut String) {
    match expr {
        Expr::Whole(number) => push_number(number, out),
        Expr::Points(points) => push_number(points, out),
        Expr::Text(text) => out.push_str(&string(text)),
        Expr::Leaf(spot) => push_place(spot, own, all, out),
        Expr::Pair(op, pair) => {
            let own_strength = strength(*op);
            let bracket = own_strength <= outer;
            if bracket {
                out.push('(');
            }
            // On the left an equal strength needs no brackets: operators group from the left.
            push(&pair.0, own_strength - 1, own, all, out);
            out.push_str(sign(*op));
            push(&pair.1, own_strength, own, all, out);
            if bracket {
                out.push(')');
            }
        }
        Expr::Call(function, arguments) => {
            out.push_str(name(*function));
            out.push('(');
            for (at, argument) in arguments.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                push(argument, 0, own, all, out);
            }
            out.push(')');
        }
        Expr::Criterion(op, operand) => criterion(*op, operand, own, all, out),
    }
}

fn criterion(op: Op, operand: &Expr<Spot>, own: usize, all: &[Plan<'_>], out: &mut String) {
    let literal = match operand {
        Expr::Whole(number) => Some(number.to_string()),
        Expr::Points(points) => Some(points.to_string()),
        Expr::Text(text) => Some(legal(text).into_owned()),
        _ => None,
    };
    match (op, literal) {
        (Op::Eq, _) => push(operand, 0, own, all, out),
        (_, Some(literal)) => out.push_str(&string(&format!("{}{literal}", sign(op)))),
        (_, None) => {
            out.push_str(&string(sign(op)));
            out.push('&');
            push(operand, strength(Op::Join), own, all, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Points, Sheet};

    fn sheets() -> [Sheet; 2] {
        let column = Column::new("甲", 8, crate::model::Align::Left);
        let rows = vec![vec![crate::model::Cell::default()]; 4];
        let first = Sheet {
            title: "题".into(),
            columns: vec![column.clone()],
            rows: rows.clone(),
            ..Sheet::default()
        };
        let second = Sheet { notes: vec!["注".into(); 3], columns: vec![column], rows, ..Sheet::default() };
        [first, second]
    }

    #[test]
    fn brackets_stand_where_they_are_needed_and_places_are_moved() {
        let [first, second] = sheets();
        let plans = [Plan::new(&first, "一"), Plan::new(&second, "二'表")];
        let cell = |row, col| Expr::Leaf(Spot::cell(row, col));
        let whole = Expr::Whole;
        let pair = Expr::pair;
        let cases: Vec<(Expr<Spot>, &str)> = vec![
            (pair(Op::Sub, whole(1), pair(Op::Sub, whole(2), whole(3))), "1-(2-3)"),
            (pair(Op::Sub, pair(Op::Sub, whole(1), whole(2)), whole(3)), "1-2-3"),
            (pair(Op::Mul, pair(Op::Add, cell(0, 0), whole(2)), cell(1, 1)), "(A3+2)*B4"),
            (
                pair(Op::Mul, pair(Op::Eq, cell(0, 0), Expr::Text("a\"b".into())), whole(2)),
                "(A3=\"a\"\"b\")*2",
            ),
            (Expr::Leaf(Spot::area(0, 0, 2, 27).on(1).fixed()), "'二''表'!$A$5:$AB$7"),
            (Expr::Leaf(Spot::cell(0, 0).on(0).fixed()), "$A$3"),
            (
                Expr::call(
                    Function::CountIfs,
                    vec![
                        Expr::Leaf(Spot::area(0, 0, 3, 0)),
                        Expr::Criterion(Op::Eq, Box::new(cell(0, 2))),
                        Expr::Leaf(Spot::area(0, 1, 3, 1)),
                        Expr::Criterion(Op::Ge, Box::new(whole(3))),
                        Expr::Leaf(Spot::area(0, 1, 3, 1)),
                        Expr::Criterion(Op::Le, Box::new(pair(Op::Add, cell(0, 2), whole(1)))),
                    ],
                ),
                "COUNTIFS(A3:A6,C3,B3:B6,\">=3\",B3:B6,\"<=\"&C3+1)",
            ),
            (pair(Op::Join, Expr::Text("第".into()), pair(Op::Eq, whole(1), whole(2))), "\"第\"&(1=2)"),
            (Expr::Points(Points::from_hundredths(-50)), "-0.5"),
        ];
        for (expr, want) in cases {
            assert_eq!(text(&expr, 0, &plans), want);
        }
    }

    #[test]
    fn columns_are_named_as_the_writer_names_them() {
        for col in 0..16_384 {
            let mut name = String::new();
            push_column(u32::from(col), &mut name);
            assert_eq!(name, rust_xlsxwriter::utility::column_number_to_name(col));
        }
    }

    #[test]
    fn a_value_is_kept_as_the_formula_gives_it() {
        for (cached, want) in [
            (Cached::Blank, ""),
            (Cached::Text("—".into()), "—"),
            (Cached::Whole(-3), "-3"),
            (Cached::Points(Points::from_hundredths(733)), "7.33"),
            (Cached::Ratio(1, 4), "0.25"),
            (Cached::Ratio(1, 0), ""),
        ] {
            assert_eq!(result(&cached), want);
        }
    }
}
