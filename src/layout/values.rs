//! The values of one record, with merges and 同上 resolved.

use super::context::Lexicon;
use super::view::{View, is_one_of};
use crate::model::{Field, GridValue, Heading, KindId};

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
        values.push(value.map(|v| dated_since(v, heading.field, view.grid.since_1904)));
    }
    values
}

/// The kind that heads a column in which it is ticked.
pub(super) fn kind_of_heading(heading: &Heading, lexicon: Lexicon<'_>) -> Option<KindId> {
    lexicon.kinds.exact(heading.text.rsplit('/').next()?)
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
