//! What a cell holds and how it is shown.
//!
//! In: a [`Value`]. Out: what is written, the kind of format, the width it needs. Never here: rows.

use std::borrow::Cow;

use rust_xlsxwriter::ExcelDateTime;

use super::formula::shown as formula_look;
use super::looks::Shown;
use super::measure::units;
use super::parts;
use crate::model::{Cached, Formula, NumberLook, Value};
use crate::render::legal::legal;

/// Excel's limit for text in a cell, in units of UTF-16.
const LONGEST: usize = 32_767;
/// What stands at the end of text that was cut.
const CUT_MARK: &str = "……（内容过长，此处截断）";
/// Whole numbers beyond this lose digits in Excel.
const EXACT: i64 = 999_999_999_999_999;

/// What is put into a cell.
pub(super) enum Written<'a> {
    Nothing,
    Text(Cow<'a, str>),
    Number(f64),
    Day(ExcelDateTime),
}

pub(super) fn shown(value: &Value) -> (Written<'_>, Shown) {
    let text = |text: String| (Written::Text(Cow::Owned(text)), Shown::Text);
    match value {
        Value::Text(text) => {
            let text = shortened(text);
            let shown = if formula_like(&text) { Shown::Quoted } else { Shown::Text };
            (if text.is_empty() { Written::Nothing } else { Written::Text(text) }, shown)
        }
        Value::Count(count) => exact(*count)
            .map_or_else(|| text(count.to_string()), |number| (Written::Number(number), Shown::Whole)),
        Value::Points(points) => exact(points.hundredths()).map_or_else(
            || text(points.to_string()),
            |number| (Written::Number(number / 100.0), Shown::Hundredths),
        ),
        Value::Date(date) => parts(*date)
            .and_then(|(year, month, day)| ExcelDateTime::from_ymd(year, month, day).ok())
            .map_or_else(|| text(date.to_string()), |day| (Written::Day(day), Shown::Day)),
        Value::Decimal(number) if number.is_finite() => {
            (Written::Number((number * 100.0).round() / 100.0), Shown::Decimal)
        }
        Value::Blank | Value::Decimal(_) => (Written::Nothing, Shown::Text),
        // Written by itself, with its value beside it.
        Value::Formula(formula) => (Written::Nothing, formula_look(formula.look)),
        Value::Rate(_, 0) => text("—".into()),
        Value::Rate(part, whole) => (Written::Number(f64::from(*part) / f64::from(*whole)), Shown::Share),
    }
}

/// The number, where Excel keeps all its digits.
#[expect(clippy::cast_precision_loss, reason = "fifteen digits are exact")]
pub(super) fn exact(number: i64) -> Option<f64> {
    (-EXACT..=EXACT).contains(&number).then_some(number as f64)
}

/// Whether a program could take the text for a formula.
pub(super) fn formula_like(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠', '|', '%'])
}

/// The width that a number or date needs; none for text.
pub(super) fn number_width(value: &Value) -> f64 {
    let text = match value {
        Value::Blank | Value::Text(_) => return 0.0,
        Value::Formula(formula) => return formula_width(formula),
        Value::Count(count) => count.to_string(),
        Value::Points(points) => format!("{}.00", points.hundredths() / 100),
        Value::Date(_) => return 11.5,
        Value::Decimal(number) if number.abs() < 1e9 => format!("{number:.2}"),
        Value::Decimal(_) => return 12.0,
        Value::Rate(part, whole) => format!("{:.1}%", f64::from(*part) / f64::from((*whole).max(1)) * 100.0),
    };
    units(&text) + 1.5
}

/// The width that a formula's value needs, with room for the values that changes may bring.
fn formula_width(formula: &Formula) -> f64 {
    let digits = |number: i64| units(&number.to_string());
    match (&formula.cached, formula.look) {
        (_, NumberLook::Day) => 11.5,
        (_, NumberLook::Text) => 0.0,
        (Some(Cached::Whole(number)), NumberLook::Whole) => digits(*number).max(2.0) + 1.5,
        (_, NumberLook::Whole) => 3.5,
        (Some(Cached::Points(points)), _) => digits(points.hundredths() / 100).max(3.0) + 4.5,
        (Some(Cached::Whole(number)), _) => digits(*number).max(3.0) + 4.5,
        _ => 7.5,
    }
}

/// The text without what no file can hold, cut where Excel would refuse it.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    let text = legal(text);
    // A character takes at least a byte for each unit of UTF-16.
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text;
    }
    let room = LONGEST - CUT_MARK.encode_utf16().count();
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|character| {
            used += character.len_utf16();
            used <= room
        })
        .collect();
    Cow::Owned(kept + CUT_MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_begins_like_a_formula_is_known() {
        for (text, want) in [
            ("=1+1", true),
            ("+1", true),
            ("-1", true),
            ("@SUM(A1)", true),
            ("\t=1", true),
            ("甲=1", false),
            ("2023-03-05", false),
            ("", false),
        ] {
            assert_eq!(formula_like(text), want, "{text}");
        }
    }

    #[test]
    fn overlong_text_is_cut_with_a_mark() {
        let fits = "某".repeat(LONGEST);
        assert_eq!(shortened(&fits), fits);
        for long in ["某".repeat(LONGEST + 1), "𠮷".repeat(LONGEST / 2 + 1)] {
            let cut = shortened(&long);
            assert!(cut.encode_utf16().count() <= LONGEST);
            assert!(cut.encode_utf16().count() > LONGEST - 2);
            assert!(cut.ends_with(CUT_MARK));
        }
    }
}
