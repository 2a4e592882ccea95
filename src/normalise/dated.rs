//! The date of a row: one column or several, actual before planned, with what the ledger knows.

use super::date_parts;
use super::dates::{self, DateContext, DateReading};
use super::record::Row;
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
    let month = row.value(Field::Month).and_then(|value| month_of(value, context));
    let context = DateContext { month: month.or(context.month), ..context };
    if let Some(day) = row.value(Field::Day) {
        if let (Some(number), Some(month)) = (number(day), context.month) {
            let text = format!("{month}月{number}日");
            return (with_year(dates::from_text(&text, context), own_year), false);
        }
        return (dates::read(Some(day), context), false);
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
                let period = row.value(Field::Month);
                let period =
                    period.map(|value| dates::read(Some(value), DateContext { months: true, ..context }));
                (time(period.filter(|p| p.span.start.is_some()).unwrap_or(blank)), false)
            }
        }
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
    let digits: String = super::scan::pieces(&text).first().and_then(|p| match p.token {
        super::scan::Token::Num { value, .. } => Some(value.to_string()),
        super::scan::Token::Ch(_) => None,
    })?;
    digits.parse().ok()
}

/// The month that a value names: 一季度 names none.
fn month_of(value: &GridValue, context: DateContext) -> Option<u32> {
    let any_year = DateContext { year: context.year.or(Some(2000)), month: None, months: true };
    let span = dates::read(Some(value), any_year).span;
    let (start, end) = (span.start?, span.end?);
    (start.month() == end.month() && start.year() == end.year()).then(|| start.month())
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
