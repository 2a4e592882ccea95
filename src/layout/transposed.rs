//! Columns as activities: headings in the first column, one activity in each column beside it.

use super::bands::preamble;
use super::context::Lexicon;
use super::draft::Draft;
use super::header;
use super::lines;
use super::settle;
use super::view::{View, folded};
use crate::model::{Field, GridValue, Heading, Reason, TableRow, TableSource};
use std::collections::{BTreeMap, BTreeSet};

/// Reads a sheet whose headings stand beneath each other.
pub(super) fn read(view: &View<'_>, mut draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let mut by_column: BTreeMap<u32, Vec<(usize, Field, String)>> = BTreeMap::new();
    for index in 0..view.len() {
        let Some(cell) = view.cells(index).iter().take(2).find_map(|cell| {
            let text = folded(&cell.value).filter(|t| t.chars().count() <= 20)?;
            let label = lexicon.headers.label(&text).filter(|label| label.whole || draft.settled())?;
            Some((cell.col, label.field, text))
        }) else {
            continue;
        };
        by_column.entry(cell.0).or_default().push((index, cell.1, cell.2));
    }
    let Some((col, keys)) = by_column.into_iter().max_by_key(|(col, keys)| (keys.len(), u32::MAX - col))
    else {
        return draft;
    };
    // A second run of the same headings is a second table.
    let mut runs: Vec<Vec<(usize, Field, String)>> = Vec::new();
    for key in keys {
        let again = runs.last().is_none_or(|run| run.iter().any(|(_, _, text)| *text == key.2));
        if again {
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push(key);
        }
    }
    let mut from = 0;
    for run in runs {
        let (Some(first), Some(last)) = (run.first().map(|k| k.0), run.last().map(|k| k.0)) else { continue };
        preamble(view, from..first, &mut draft, lexicon);
        one_table(view, col, &run, &mut draft, lexicon);
        from = last + 1;
    }
    for index in from..view.len() {
        if let Some(line) = lines::classify(view, index, true, lexicon) {
            draft.note(index, &line, lexicon);
        }
    }
    draft
}

fn one_table(
    view: &View<'_>,
    col: u32,
    keys: &[(usize, Field, String)],
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) {
    let useful = keys.iter().filter(|(_, field, _)| !matches!(field, Field::Ignored | Field::Number)).count();
    let told = keys.iter().any(|(_, f, _)| matches!(f, Field::Title | Field::Content | Field::Kind));
    let mut columns = BTreeSet::new();
    for (index, field, _) in keys {
        if !matches!(field, Field::Ignored | Field::Number) {
            columns.extend(view.cells(*index).iter().map(|c| c.col).filter(|c| *c > col));
        }
    }
    // With keys among the values it is a form.
    let keys_inside = keys
        .iter()
        .flat_map(|(index, _, _)| view.cells(*index).iter().filter(|c| c.col > col))
        .filter(|c| folded(&c.value).is_some_and(|t| lexicon.headers.whole(&t).is_some()))
        .count();
    let likely = useful >= 3 && told && columns.len() >= 2 && keys_inside <= keys.len() / 3;
    if !likely && !draft.settled() {
        return;
    }
    let (Some(top), Some(last)) = (keys.first().map(|k| k.0), keys.last().map(|k| k.0)) else { return };
    let Some(first) = (top..=last).find(|index| view.cells(*index).len() > 1) else { return };
    let mut headings: Vec<Heading> = keys
        .iter()
        .map(|(index, field, text)| Heading {
            col: view.number(*index),
            text: text.clone(),
            field: *field,
            minutes_per_unit: header::minutes_per_unit(text),
        })
        .collect();
    settle::settle_split_dates(&mut headings);
    settle::settle_periods(&mut headings);
    drop_second(&mut headings);
    let lines: Vec<u32> = (first..=last).map(|i| view.number(i)).collect();
    let mut rows = Vec::new();
    for at in columns {
        let values: Vec<Option<GridValue>> =
            keys.iter().map(|(index, _, _)| across(view, *index, at)).collect();
        let says = |field: Field| {
            headings.iter().zip(&values).any(|(h, v)| {
                h.field == field
                    && v.as_ref()
                        .is_some_and(|v| folded(v).is_none_or(|t| !lexicon.headers.words.nothing.is(&t)))
            })
        };
        if !(says(Field::Title) || says(Field::Content) || says(Field::Date) && says(Field::Kind)) {
            continue;
        }
        rows.push(TableRow {
            row: view.number(first),
            values,
            section_kind: None,
            cell: Some(view.place(first, at)),
            continuation: None,
            month: None,
            more_rows: lines.get(1..).unwrap_or(&[]).to_vec(),
        });
    }
    if rows.is_empty() {
        return;
    }
    for index in top..=last {
        if view.cells(index).len() > 1 { draft.take(index) } else { draft.leave(index, Reason::Header) }
    }
    let taken: BTreeSet<u32> =
        (first..=last).filter(|i| view.cells(*i).len() > 1).map(|i| view.number(i)).collect();
    for row in &mut rows {
        row.more_rows.retain(|r| taken.contains(r));
    }
    let table = draft.table(view.place(first, col), TableSource::Transposed, headings, rows);
    draft.tables.push(table);
}

/// The value of a column, also where a wide merge covers it.
fn across(view: &View<'_>, index: usize, col: u32) -> Option<GridValue> {
    view.shown(index, col).cloned().or_else(|| {
        let left = view.cells(index).iter().rev().find(|c| c.col < col)?;
        (view.right(index, left.col) >= col && view.right(index, left.col) > left.col)
            .then(|| left.value.clone())
    })
}

/// Only the first heading of each meaning is used.
fn drop_second(headings: &mut [Heading]) {
    let mut seen = BTreeSet::new();
    for heading in headings {
        let main = heading.field != Field::Ignored && heading.field != Field::Unknown;
        if main && !seen.insert(heading.field) {
            heading.field = Field::Ignored;
        }
    }
}
