//! The values of one record, with merges and 同上 resolved.

use super::context::Lexicon;
use super::view::{View, is_one_of};
use crate::model::{Field, GridValue, Heading, KindId};
use crate::seeds::text::fold;

/// The values of a record by heading; 同上 takes what the record above has.
pub(super) fn of(
    view: &View<'_>,
    index: usize,
    headings: &[Heading],
    previous: &[Option<GridValue>],
    lexicon: Lexicon<'_>,
) -> Vec<Option<GridValue>> {
    let mut values = Vec::with_capacity(headings.len());
    for (at, heading) in headings.iter().enumerate() {
        if heading.field == Field::Kind && is_tick_column(view, index, heading, headings, lexicon) {
            values.push(ticked_kinds(view, index, headings, lexicon));
            continue;
        }
        let shown = view.shown(index, heading.col);
        let value = if shown.is_some_and(|v| is_same(v, lexicon)) {
            previous.get(at).cloned().flatten()
        } else {
            shown.cloned()
        };
        let value = value.map(|v| without_key(v, heading, lexicon));
        values.push(value.map(|v| dated_since(v, heading.field, view.grid.since_1904)));
    }
    values
}

/// The kind that heads a column in which it is ticked.
pub(super) fn kind_of_heading(heading: &Heading, lexicon: Lexicon<'_>) -> Option<KindId> {
    lexicon.kinds.exact(heading.leaf())
}

/// Whether a column of kinds is one of several in which kinds are ticked, in this row too.
fn is_tick_column(
    view: &View<'_>,
    index: usize,
    heading: &Heading,
    headings: &[Heading],
    lexicon: Lexicon<'_>,
) -> bool {
    let headed = |h: &&Heading| {
        matches!(h.field, Field::Kind | Field::Ignored) && kind_of_heading(h, lexicon).is_some()
    };
    view.own(index, heading.col).is_none_or(|value| is_tick(value, lexicon))
        && headed(&heading)
        && headings.iter().filter(headed).count() >= 2
}

/// Whether a value is nothing but a tick.
pub(super) fn is_tick(value: &GridValue, lexicon: Lexicon<'_>) -> bool {
    is_one_of(value, &lexicon.headers.words.ticked)
}

/// The kinds that a row ticks, as if they were written out.
fn ticked_kinds(
    view: &View<'_>,
    index: usize,
    headings: &[Heading],
    lexicon: Lexicon<'_>,
) -> Option<GridValue> {
    let kinds: Vec<String> = headings
        .iter()
        .filter(|heading| matches!(heading.field, Field::Kind | Field::Ignored))
        .filter(|heading| view.own(index, heading.col).is_some_and(|value| is_tick(value, lexicon)))
        .filter_map(|heading| kind_of_heading(heading, lexicon))
        .map(|kind| kind.to_string())
        .collect();
    (!kinds.is_empty()).then(|| GridValue::Text(kinds.join("、").into()))
}

/// The meaning of the key with which a value begins (`主持：张三`), and what follows the key.
pub(super) fn keyed<'v>(value: &'v GridValue, lexicon: Lexicon<'_>) -> Option<(Field, &'v str)> {
    let GridValue::Text(text) = value else { return None };
    let (key, rest) = text.trim_start().split_once(['：', ':'])?;
    // 12:30 has no key.
    let sound = key.len() <= 24 && !rest.trim().is_empty() && !key.ends_with(|c: char| c.is_ascii_digit());
    let field = sound.then(|| lexicon.headers.whole(&fold(key))).flatten()?;
    (!matches!(field, Field::Ignored | Field::Unknown)).then_some((field, rest.trim()))
}

/// A value without a key that says again what its column is.
fn without_key(value: GridValue, heading: &Heading, lexicon: Lexicon<'_>) -> GridValue {
    let person = |field: Field| matches!(field, Field::Host | Field::Lecturer | Field::Recorder);
    let bare = heading.text.is_empty();
    if !(bare || person(heading.field) || heading.field == Field::Location) {
        return value;
    }
    match keyed(&value, lexicon) {
        Some((field, rest)) if field == heading.field || person(field) && person(heading.field) => {
            GridValue::Text(rest.into())
        }
        _ => value,
    }
}

/// Whether a value only points at the one above: 同上, 〃.
fn is_same(value: &GridValue, lexicon: Lexicon<'_>) -> bool {
    matches!(value, GridValue::Text(text) if text.len() <= 40 && text.chars().count() <= 6)
        && is_one_of(value, &lexicon.headers.words.same_as_above)
}

/// A bare number in a date column of a workbook that counts from 1904, as a date of the common system.
fn dated_since(value: GridValue, field: Field, since_1904: bool) -> GridValue {
    let dated = matches!(field, Field::Date | Field::PlannedDate | Field::DateStart | Field::DateEnd);
    match value {
        GridValue::Number(number) if since_1904 && dated && (20_000.0..60_000.0).contains(&number) => {
            GridValue::Serial(number + 1462.0)
        }
        other => other,
    }
}
