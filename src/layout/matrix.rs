//! Months or quarters one way, kinds or branches the other, free text in the cells.

use super::axis::{self, Axis, Sense};
use super::context::Lexicon;
use super::draft::Draft;
use super::form;
use super::grouped;
use super::lines::{self, Line};
use super::view::{View, folded};
use super::words;
use crate::model::{Field, GridValue, Heading, Hidden, Reason, Table, TableRow, TableSource};
use crate::seeds::text::fold;
use std::ops::Range;
use std::sync::Arc;

/// What the edges of a matrix say of a cell.
const EDGES: [Field; 3] = [Field::Date, Field::Kind, Field::Unit];
/// What a cell says that is filled in as a small form: `时间：… 议题：… 人数：…`.
const KEYED: [Field; 9] = [
    Field::Title,
    Field::Content,
    Field::Attended,
    Field::Expected,
    Field::ExpectedAttended,
    Field::Host,
    Field::Lecturer,
    Field::Location,
    Field::Hours,
];

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
    if grouped::read(view, axis, band.clone(), draft, lexicon) {
        return;
    }
    let first = axis.first();
    if lists_persons(view, axis, lexicon) {
        band.for_each(|index| draft.leave(index, Reason::NotActivity));
        return;
    }
    let column = |field: Field| Heading { col: first, text: String::new(), field, minutes_per_unit: None };
    let place = view.place(axis.line, first);
    // The line or column says the month, or nothing does.
    let table = |said: &[Field]| {
        let headings = EDGES.iter().chain(said).copied().map(column).collect();
        Table { month: None, ..draft.table(place.clone(), TableSource::Matrix, headings, Vec::new()) }
    };
    let mut tables = Tables { texts: table(&[Field::Title]), forms: table(&KEYED) };
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
        if !named && wording.is_some_and(|text| is_remark(view, index, &fold(text), lexicon)) {
            draft.leave(index, Reason::Note);
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
        read_line(view, axis, index, label.as_ref(), &mut tables, draft, lexicon);
        above = label.map(|label| (view.number(index), label));
    }
    draft.tables.push(tables.texts);
    draft.tables.extend(Some(tables.forms).filter(|table| !table.rows.is_empty()));
}

/// Whether the lines are persons, of whom the cells only say that they came or paid.
fn lists_persons(view: &View<'_>, axis: &Axis, lexicon: Lexicon<'_>) -> bool {
    let headings = (axis.top..=axis.line).flat_map(|line| view.cells(line)).filter(|c| c.col < axis.first());
    let mut texts = headings.filter_map(|cell| folded(&cell.value));
    texts.any(|text| lexicon.headers.words.person_headings.is(&text))
}

/// Whether a line is a remark on the whole (备注, 存在问题) and tells of nothing that has a date.
fn is_remark(view: &View<'_>, index: usize, label: &str, lexicon: Lexicon<'_>) -> bool {
    let label = label.trim_matches(|c: char| "：:()".contains(c));
    let dated = |value: &GridValue| match value {
        GridValue::Text(text) => words::starts_like_date(words::without_numbering(text).0),
        other => words::is_date(other),
    };
    lexicon.headers.words.remarks.is(label) && !view.cells(index).iter().any(|cell| dated(&cell.value))
}

/// What the cells say: as one text each, and as small forms.
struct Tables {
    texts: Table,
    forms: Table,
}

fn read_line(
    view: &View<'_>,
    axis: &Axis,
    index: usize,
    label: Option<&Sense>,
    tables: &mut Tables,
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
        let text = |t: Option<&Arc<str>>| t.map(|t| GridValue::Text(Arc::clone(t)));
        let edges = [text(sense.period.as_ref()), text(sense.kind_wording()), text(sense.unit.as_ref())];
        let row = TableRow {
            row: view.number(index),
            values: Vec::new(),
            section_kind: None,
            cell: Some(view.place(index, *col)),
            continuation: None,
            month: sense.month(),
            more_rows: Vec::new(),
        };
        draft.take(index);
        let Some(records) = filled_in(value, lexicon) else {
            let values = edges.into_iter().chain([Some(value.clone())]).collect();
            tables.texts.rows.push(TableRow { values, ..row });
            continue;
        };
        for record in records {
            let mut values = edges.to_vec();
            values.resize(EDGES.len() + KEYED.len(), None);
            for (field, value) in record {
                let at = EDGES.iter().chain(&KEYED).position(|f| *f == field);
                if let Some(slot) = at.and_then(|at| values.get_mut(at)) {
                    *slot = Some(value);
                }
            }
            tables.forms.rows.push(TableRow { values, ..row.clone() });
        }
    }
    draft.leave(index, if counted > 0 { Reason::NotActivity } else { Reason::Placeholder });
}

/// The records of a cell that is filled in like a form, a key a line; a key that comes again begins the next.
fn filled_in(value: &GridValue, lexicon: Lexicon<'_>) -> Option<Vec<Vec<(Field, GridValue)>>> {
    let GridValue::Text(text) = value else { return None };
    let mut records: Vec<Vec<(Field, GridValue)>> = vec![Vec::new()];
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let keys = form::inline_keys(words::without_numbering(line).0, lexicon);
        if keys.is_empty() {
            return None;
        }
        for (field, _, value) in keys {
            if records.last().is_some_and(|record| record.iter().any(|(f, _)| *f == field)) {
                records.push(Vec::new());
            }
            records.last_mut()?.push((field, GridValue::Text(value?.into())));
        }
    }
    let told = |record: &Vec<(Field, GridValue)>| {
        record.len() >= 2 && record.iter().any(|(f, _)| matches!(f, Field::Title | Field::Content))
    };
    records.iter().all(told).then_some(records)
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
