//! The values of one record, with merges and 同上 resolved.

use super::context::Lexicon;
use super::view::{View, folded};
use crate::model::{Field, GridValue, Heading};

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

/// Whether a value only points at the one above: 同上, 〃.
fn is_same(value: &GridValue, lexicon: Lexicon<'_>) -> bool {
    matches!(value, GridValue::Text(text) if text.chars().count() <= 6)
        && folded(value).is_some_and(|text| lexicon.headers.words.same_as_above.is(&text))
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
