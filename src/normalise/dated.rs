//! The date of a row: one column or several, actual before planned, with what the ledger knows.

use super::date_parts;
use super::dates::{self, DateContext, DateReading};
use super::record::Row;
use super::scan::{Cursor, Token, pieces};
use super::text;
use crate::model::{DateSpan, Field, GridValue};

/// The date of a row, and whether it is only planned.
pub(super) fn date_of(row: &Row<'_>) -> (DateReading, bool) {
    let (mut date, planned) = written(row);
    let single_day = date.span.start == date.span.end;
    if date.minutes.is_none() && single_day {
        date.minutes = between_columns(row);
    }
    let unwritten = date.span.start.is_none() && date.span.valid && date.span.raw.is_empty();
    let dateless = !row.table.headings.iter().any(|h| {
        matches!(h.field, Field::Date | Field::DateStart | Field::Day | Field::PlannedDate | Field::Month)
    });
    // Without any date column the month of the sheet or section is what is known.
    if let Some(month) = row.context().month.filter(|_| unwritten && dateless) {
        date = dates::from_text(&format!("{month}月"), row.context());
    }
    (date, planned)
}

/// Minutes between the times of day of a first and a last column.
fn between_columns(row: &Row<'_>) -> Option<u32> {
    let (GridValue::Text(start), GridValue::Text(end)) =
        (row.value(Field::DateStart)?, row.value(Field::DateEnd)?)
    else {
        return None;
    };
    date_parts::clock_range_in(&format!("{start}至{end}"))
}

/// The date as its columns give it.
fn written(row: &Row<'_>) -> (DateReading, bool) {
    let context = row.context();
    let own_year = row.value(Field::Year).and_then(number).and_then(|n| i32::try_from(n).ok());
    let context = DateContext {
        year: own_year
            .map(|y| if y < 100 { y + 2000 } else { y })
            .filter(|y| (1900..2200).contains(y))
            .or(context.year),
        ..context
    };
    let of_month = row.value(Field::Month).map(|value| month_cell(value, context));
    let (month, year) = of_month.as_ref().map_or((None, None), |(reading, month)| (*month, reading.year));
    let context = DateContext {
        month: month.or(context.month),
        year: own_year.and(context.year).or(year).or(context.year),
        ..context
    };
    if let Some(day) = row.value(Field::Day) {
        // A month that does not exist, or of the lunar calendar, leaves no day.
        if let Some((reading, None)) = of_month.filter(|(reading, _)| !reading.span.valid) {
            let raw = format!("{}{}", reading.span.raw, text::of(day).unwrap_or_default());
            return (DateReading::unreadable(raw), false);
        }
        return (with_year(day_cell(day, context), own_year), false);
    }
    let read = |field: Field| {
        let (heading, value) = row.find(field)?;
        let months = heading.text.contains('月') && !heading.text.contains('日');
        let reading = dates::read(Some(value), DateContext { months, ..context });
        let empty = reading.span.start.is_none() && reading.span.valid && reading.minutes.is_none();
        Some((reading, empty))
    };
    let time = |mut reading: DateReading| {
        if reading.minutes.is_none() {
            reading.minutes =
                row.value(Field::Time).and_then(text::of).and_then(|t| date_parts::clock_range_in(&t));
        }
        reading
    };
    if let Some((start, _)) = read(Field::DateStart) {
        let joined = read(Field::DateEnd).map_or_else(|| start.clone(), |(end, _)| join(&start, &end));
        if joined.span.start.is_some() || !joined.span.valid || row.value(Field::Date).is_none() {
            return (time(joined), false);
        }
    }
    match read(Field::Date) {
        Some((reading, false)) => (time(reading), false),
        actual => {
            if let Some((reading, false)) = read(Field::PlannedDate) {
                (time(reading), row.table.headings.iter().any(|h| h.field == Field::Date))
            } else {
                let blank = actual.map_or_else(DateReading::blank, |(reading, _)| reading);
                let of_month = of_month.map(|(reading, _)| reading).filter(|r| r.span.start.is_some());
                (time(of_month.map_or(blank, |reading| with_year(reading, own_year))), false)
            }
        }
    }
}

/// What a cell of a month column says, and the month where it is a single one.
fn month_cell(value: &GridValue, context: DateContext) -> (DateReading, Option<u32>) {
    let reading = dates::read(Some(value), DateContext { months: true, month: None, ..context });
    let month = match (reading.span.start, reading.span.end) {
        (Some(first), Some(last)) => (first.month() == last.month()).then_some(first.month()),
        _ => month_number(value),
    };
    (reading, month)
}

/// A cell of a day column, which may hold more than a number: 廿一, 中旬, 8-10, 20日—22日.
fn day_cell(day: &GridValue, context: DateContext) -> DateReading {
    let text = match day {
        GridValue::Number(number) if number.fract() == 0.0 && (0.0..100.0).contains(number) => {
            number.to_string()
        }
        GridValue::Text(text) => text.trim().to_owned(),
        _ => return dates::read(Some(day), context),
    };
    let bare = text.strip_prefix('月').unwrap_or(&text);
    let whole =
        bare.contains(['年', '月', '每', '#']) || bare.chars().filter(char::is_ascii_digit).count() > 6;
    match context.month.filter(|_| !whole) {
        Some(month) if dates::says_nothing(bare) => dates::from_text(&format!("{month}月"), context),
        Some(month) => {
            let number = pieces(bare).last().is_some_and(|p| matches!(p.token, Token::Num { .. }));
            dates::from_text(&format!("{month}月{bare}{}", if number { "日" } else { "" }), context)
        }
        None => dates::read(Some(day), context),
    }
}

fn with_year(mut reading: DateReading, year: Option<i32>) -> DateReading {
    reading.year = reading.year.or(year);
    reading
}

fn join(start: &DateReading, end: &DateReading) -> DateReading {
    let mut joined = start.clone();
    match (start.span.start, end.span.end) {
        (Some(_), Some(last)) => {
            if start.span.end.is_some_and(|first| last >= first) {
                joined.span.end = Some(last);
            }
        }
        (None, Some(_)) if start.span.valid => return end.clone(),
        _ => joined.span.valid &= end.span.valid,
    }
    joined
}

pub(super) fn number(value: &GridValue) -> Option<u32> {
    let text = text::of(value)?;
    let digits: String = pieces(&text).first().and_then(|p| match p.token {
        Token::Num { value, .. } => Some(value.to_string()),
        Token::Ch(_) => None,
    })?;
    digits.parse().ok()
}

/// The month of a cell such as `3`, `三月` or `元月`, where no year is known.
fn month_number(value: &GridValue) -> Option<u32> {
    let text = text::of(value)?;
    let pieces = pieces(&text);
    let cursor = Cursor::new(&pieces);
    let (month, _) = cursor.number(0).filter(|(month, _)| (1..=12).contains(month))?;
    (cursor.ahead(1).is_none() || cursor.is(1, '月')).then_some(month)
}

/// A date outside the year of the ledger is kept and marked.
pub(super) fn checked_year(row: &Row<'_>, mut span: DateSpan) -> DateSpan {
    if let (Some(year), Some(start), Some(end)) = (row.table.year, span.start, span.end)
        && start.year() != year
        && end.year() != year
    {
        span.valid = false;
    }
    span
}
