//! Months or quarters one way, kinds or branches the other, free text in the cells.

use super::axis::{self, Axis, Sense};
use super::context::Lexicon;
use super::draft::Draft;
use super::grouped;
use super::lines::{self, Line};
use super::view::{View, folded};
use super::words;
use crate::model::{Field, GridValue, Heading, Hidden, Reason, Table, TableRow, TableSource};
use crate::seeds::text::fold;
use std::ops::Range;

/// Reads the lines beneath an axis.
pub(super) fn read(
    view: &View<'_>,
    axis: &Axis,
    band: Range<usize>,
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) {
    for line in axis.top..=axis.line {
        draft.leave(line, Reason::Header);
    }
    if let Some(periods) = axis.periods()
        && grouped::read(view, &periods, band.clone(), draft, lexicon)
    {
        return;
    }
    let first = axis.first();
    if lists_persons(view, axis, lexicon) {
        band.for_each(|index| draft.leave(index, Reason::NotActivity));
        return;
    }
    let column = |field: Field| Heading { col: first, text: String::new(), field, minutes_per_unit: None };
    let headings = [Field::Date, Field::Kind, Field::Unit, Field::Title].map(column).to_vec();
    let place = view.place(axis.line, first);
    // The line or column says the month, or nothing does.
    let mut table = Table { month: None, ..draft.table(place, TableSource::Matrix, headings, Vec::new()) };
    let columns = axis::label_columns(view, &band, first);
    let mut above: Option<(u32, Sense)> = None;
    for index in band {
        if view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
            draft.leave(index, Reason::HiddenRow);
            continue;
        }
        let filled = axis.cols.iter().filter(|(col, _)| view.own(index, *col).is_some()).count();
        let own = axis::label(view, index, &columns, lexicon);
        let named = own.as_ref().is_some_and(|l| l.kind.is_some() || l.period.is_some());
        let wording = own.as_ref().and_then(|l| l.other.as_deref().or(l.unit.as_deref()));
        let total = wording.is_some_and(|text| lines::is_total(&fold(text), lexicon));
        // A line without a label right beneath a labelled one goes on with it.
        let goes_on = own.is_none() && above.as_ref().is_some_and(|(row, _)| row + 1 == view.number(index));
        if !named && (filled == 0 || view.cells(index).len() == 1 && !goes_on) {
            match lines::classify(view, index, true, lexicon) {
                Some(Line::Continuation(_)) | None => draft.leave(index, Reason::Placeholder),
                Some(line) => draft.note(index, &line, lexicon),
            }
            continue;
        }
        if total {
            draft.leave(index, Reason::Total);
            continue;
        }
        if !named
            && wording.is_some()
            && lines::classify(view, index, true, lexicon).is_some_and(|l| l == Line::Other(Reason::Note))
        {
            draft.leave(index, Reason::Note);
            continue;
        }
        let label = if goes_on { above.map(|(_, label)| label) } else { own };
        read_line(view, axis, index, label.as_ref(), &mut table, draft, lexicon);
        above = label.map(|label| (view.number(index), label));
    }
    draft.tables.push(table);
}

/// Whether the lines are persons, of whom the cells only say that they came or paid.
fn lists_persons(view: &View<'_>, axis: &Axis, lexicon: Lexicon<'_>) -> bool {
    let headings = (axis.top..=axis.line).flat_map(|line| view.cells(line)).filter(|c| c.col < axis.first());
    let mut texts = headings.filter_map(|cell| folded(&cell.value));
    texts.any(|text| lexicon.headers.words.person_headings.is(&text))
}

fn read_line(
    view: &View<'_>,
    axis: &Axis,
    index: usize,
    label: Option<&Sense>,
    table: &mut Table,
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) {
    let mut counted = 0;
    for (col, across) in &axis.cols {
        let Some(value) = view.own(index, *col) else { continue };
        match held(value, lexicon) {
            Held::No => continue,
            Held::Counted => {
                counted += 1;
                continue;
            }
            Held::Yes => {}
        }
        let sense = label.cloned().unwrap_or_default().with(across);
        let month = sense.period.as_deref().and_then(|p| words::month(p, false));
        // A wording that nobody knows is still what the ledger calls the kind.
        let kind = sense.kind.or_else(|| sense.other.filter(|_| sense.unit.is_none()));
        let text = |t: Option<String>| t.map(GridValue::Text);
        table.rows.push(TableRow {
            row: view.number(index),
            values: vec![text(sense.period), text(kind), text(sense.unit), Some(value.clone())],
            section_kind: None,
            cell: Some(view.place(index, *col)),
            continuation: None,
            month,
            more_rows: Vec::new(),
        });
        draft.take(index);
    }
    draft.leave(index, if counted > 0 { Reason::NotActivity } else { Reason::Placeholder });
}

enum Held {
    Yes,
    No,
    /// Only how often, which is a figure and no activity.
    Counted,
}

fn held(value: &GridValue, lexicon: Lexicon<'_>) -> Held {
    let words = &lexicon.headers.words;
    match value {
        GridValue::Number(_) => return Held::Counted,
        GridValue::Error(_) | GridValue::Bool(_) => return Held::No,
        GridValue::Text(_) | GridValue::Serial(_) => {}
    }
    let Some(short) = folded(value) else { return Held::Yes };
    let bare = short.trim_matches(|c: char| "()。；;.".contains(c));
    if words.nothing.is(&short) || words.not_held.is(bare) {
        return Held::No;
    }
    let count = bare.strip_suffix('次').unwrap_or(bare);
    if !count.is_empty() && count.len() <= 3 && count.chars().all(|c| c.is_ascii_digit()) {
        return Held::Counted;
    }
    Held::Yes
}
