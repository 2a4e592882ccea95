//! Lines without any header: columns told by what they hold, or running text, one activity a paragraph.

use super::columns::Shapes;
use super::context::Lexicon;
use super::draft::Draft;
use super::lines::{self, Line};
use super::settle;
use super::values;
use super::view::{View, folded, text_of};
use super::words;
use crate::model::{Field, GridValue, Heading, Hidden, Reason, TableRow, TableSource};
use std::collections::BTreeMap;

/// Reads a sheet without a header.
pub(super) fn read(view: &View<'_>, draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let open: Vec<usize> = (0..view.len()).filter(|i| view.cells(*i).len() >= 2).collect();
    let dated = open.iter().filter(|i| is_dated(view, **i)).count();
    if open.len() >= 2 && dated * 10 >= open.len() * 6 || open.len() == 1 && dated == 1 && view.len() <= 3 {
        columned(view, &open, draft, lexicon)
    } else {
        prose(view, draft, lexicon)
    }
}

/// Reads lines without a header as rows, though few of them may show a date.
pub(super) fn read_rows(view: &View<'_>, draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let open: Vec<usize> = (0..view.len()).filter(|i| view.cells(*i).len() >= 2).collect();
    columned(view, &open, draft, lexicon)
}

/// Whether a line shows a date, be it of its own or of a tall merge.
fn is_dated(view: &View<'_>, index: usize) -> bool {
    let own = view.cells(index).iter().any(|c| words::is_date(&c.value));
    let col = |offset: u32| view.cells(index).first().map_or(offset, |c| c.col.saturating_sub(2) + offset);
    own || (0..6).any(|offset| {
        view.covered_by(index, col(offset)).is_some()
            && view.shown(index, col(offset)).is_some_and(words::is_date)
    })
}

/// A line of short texts right above the first dated line: a header in words that nobody knows.
fn foreign_header(view: &View<'_>, lines: &[usize], lexicon: Lexicon<'_>) -> Option<usize> {
    let first = lines.iter().position(|i| is_dated(view, *i))?;
    let above = *lines.get(first.checked_sub(1)?)?;
    let cells = view.cells(above);
    let below = view.cells(*lines.get(first)?).len();
    let short = cells.iter().all(|cell| match &cell.value {
        GridValue::Text(text) => {
            text.chars().count() <= 20 && !text.starts_with(|c: char| c.is_ascii_digit())
        }
        _ => false,
    });
    let known = cells.iter().any(|c| folded(&c.value).is_some_and(|t| lexicon.headers.whole(&t).is_some()));
    (short && (cells.len() >= 3 || known) && cells.len() * 2 >= below).then_some(above)
}

fn columned(view: &View<'_>, lines: &[usize], mut draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let header = foreign_header(view, lines, lexicon);
    let lines: Vec<usize> = lines.iter().copied().filter(|i| header.is_none_or(|h| *i > h)).collect();
    let lines = lines.as_slice();
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in lines.iter().flat_map(|i| view.cells(*i)) {
        *counts.entry(cell.col).or_insert(0) += 1;
    }
    let mut headings: Vec<Heading> = counts
        .iter()
        .filter(|(_, count)| **count * 4 >= lines.len())
        .map(|(col, _)| Heading {
            col: *col,
            text: String::new(),
            field: Field::Unknown,
            minutes_per_unit: None,
        })
        .collect();
    tell_keyed(view, lines, &mut headings, lexicon);
    let shapes = Shapes::new(view, lines, &headings, lexicon);
    tell_numbers(view, lines, &mut headings, &shapes);
    settle::infer_unknown(&mut headings, &shapes);
    let has = |field: Field| headings.iter().any(|h| h.field == field);
    if !has(Field::Title) || !has(Field::Date) && !draft.settled() {
        return draft;
    }
    // Of title and content the longer is the content.
    let length =
        |field: Field| headings.iter().position(|h| h.field == field).map_or(0, |at| shapes.get(at).length());
    if has(Field::Content) && length(Field::Title) > length(Field::Content) {
        for heading in &mut headings {
            heading.field = match heading.field {
                Field::Title => Field::Content,
                Field::Content => Field::Title,
                other => other,
            };
        }
    }
    if let Some(line) = header {
        draft.leave(line, Reason::Header);
        settle::note_unknown(view, line, &headings, &mut draft.findings);
    }
    for heading in headings.iter_mut().filter(|h| h.field == Field::Unknown) {
        heading.field = Field::Ignored;
    }
    let mut rows = Vec::new();
    let mut previous = Vec::new();
    let first_col = headings.first().map_or(1, |h| h.col);
    for index in 0..view.len() {
        if header == Some(index) {
            continue;
        }
        if view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
            draft.leave(index, Reason::HiddenRow);
            continue;
        }
        let dated = headings.iter().any(|h| h.field == Field::Date && view.shown(index, h.col).is_some());
        let told = headings.iter().any(|h| h.field == Field::Title && view.shown(index, h.col).is_some());
        let leading = view.cells(index).first().and_then(|c| folded(&c.value)).unwrap_or_default();
        if lines::is_total(&leading, lexicon) {
            draft.leave(index, Reason::Total);
        } else if lexicon.headers.words.example_cells.is(&leading) {
            draft.leave(index, Reason::Example);
        } else if view.cells(index).len() >= 2 && told && (dated || draft.settled()) {
            let values = values::of(view, index, &headings, &previous, lexicon);
            previous.clone_from(&values);
            rows.push(draft.record(view.number(index), values));
            draft.take(index);
        } else if let Some(line) = lines::classify(view, index, !rows.is_empty(), lexicon) {
            draft.note(index, &line, lexicon);
        } else if rows.is_empty() && view.cells(index).len() == 1 {
            let text = view.cells(index).first().map(|c| text_of(&c.value).into_owned()).unwrap_or_default();
            draft.note(index, &Line::Title(text), lexicon);
        }
    }
    push(view, headings, rows, TableSource::Rows, first_col, &mut draft);
    draft
}

/// Columns whose cells say themselves what they are: `主持：张三`.
fn tell_keyed(view: &View<'_>, lines: &[usize], headings: &mut [Heading], lexicon: Lexicon<'_>) {
    for heading in headings {
        let mut fields: BTreeMap<Field, usize> = BTreeMap::new();
        let mut cells = 0;
        for value in lines.iter().filter_map(|index| view.own(*index, heading.col)) {
            cells += 1;
            if let Some((field, _)) = values::keyed(value, lexicon) {
                *fields.entry(field).or_insert(0) += 1;
            }
        }
        let most = fields.into_iter().max_by_key(|(_, count)| *count);
        if let Some((field, _)) = most.filter(|(_, count)| *count * 10 >= cells * 7) {
            heading.field = field;
        }
    }
}

/// Columns of whole numbers: the numbering rises; of two others the larger were expected.
pub(super) fn tell_numbers(
    view: &View<'_>,
    lines: &[usize],
    headings: &mut [Heading],
    shapes: &Shapes<'_, '_>,
) {
    let whole: Vec<usize> = (0..shapes.len())
        .filter(|at| {
            let open = headings.get(*at).is_some_and(|h| h.field == Field::Unknown);
            let shape = shapes.get(*at);
            open && shape.mostly(shape.whole_numbers, 8) && !shape.mostly(shape.dates, 5)
        })
        .collect();
    let mut persons = Vec::new();
    for (rank, at) in whole.into_iter().enumerate() {
        let shape = shapes.get(at);
        let rises = shape.mostly(shape.rising, 8);
        let numbering = rank == 0 && at <= 1 && rises;
        if numbering { set(headings, at, Field::Number) } else { persons.push(at) }
    }
    let number = |index: usize, at: usize| match view.own(index, headings.get(at)?.col)? {
        GridValue::Number(number) => Some(*number),
        value => text_of(value).parse().ok(),
    };
    let (first, second) = (persons.first().copied(), persons.get(1).copied());
    let ordered = first.zip(second).is_some_and(|(a, b)| {
        lines.iter().all(|i| number(*i, a).zip(number(*i, b)).is_none_or(|(a, b)| a >= b && b > 0.0))
    });
    match (first, second) {
        (Some(expected), Some(attended)) if ordered => {
            set(headings, expected, Field::Expected);
            set(headings, attended, Field::Attended);
        }
        (Some(attended), _) if headings.iter().all(|h| h.field != Field::Attended) => {
            set(headings, attended, Field::Attended);
        }
        _ => {}
    }
}

fn set(headings: &mut [Heading], at: usize, field: Field) {
    if let Some(heading) = headings.get_mut(at) {
        heading.field = field;
    }
}

/// Paragraphs: each that begins with a date (after a numbering), or names a kind, is an activity.
pub(super) fn prose(view: &View<'_>, mut draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let mut rows: Vec<TableRow> = Vec::new();
    let mut first_col = 1;
    for index in 0..view.len() {
        if view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
            draft.leave(index, Reason::HiddenRow);
            continue;
        }
        let longest = view.cells(index).iter().max_by_key(|c| text_of(&c.value).len());
        let Some(cell) = longest else { continue };
        let GridValue::Text(_) = &cell.value else { continue };
        let text = text_of(&cell.value);
        let (bare, numbered) = words::without_numbering(&text);
        let begins =
            [&*text, bare].into_iter().any(|t| words::starts_like_date(t) || words::starts_with_stretch(t));
        let long = text.chars().count() >= 8;
        // A title begins with a year at most.
        let begins = begins && text.chars().take(14).any(|c| "月日号.．/-季旬".contains(c));
        // `五月（本月开展2项）` begins like a date and is a section all the same.
        let announces = text.ends_with(['）', ')']) && text.contains(['共', '本', '项', '次']);
        if (!(begins && long) || announces)
            && let Some(line) = lines::classify(view, index, !rows.is_empty(), lexicon)
        {
            match line {
                Line::Continuation(text) => {
                    if let Some(last) = rows.last_mut() {
                        last.continuation = Some(text);
                    }
                    draft.leave(index, Reason::Continuation);
                }
                line => draft.note(index, &line, lexicon),
            }
            continue;
        }
        let named = !lexicon.kinds.named_in(&text).is_empty();
        if long
            && (begins
                || named
                    && (numbered
                        || draft.state.section_kind.is_some()
                        || text.contains("召开")
                        || text.contains("开展")))
        {
            first_col = cell.col;
            rows.push(draft.record(view.number(index), vec![Some(cell.value.clone())]));
            draft.take(index);
        } else if rows.is_empty() && view.cells(index).len() == 1 && text.chars().count() <= 40 {
            let title = Line::Title(text.into_owned());
            draft.note(index, &title, lexicon);
        }
    }
    let heading =
        Heading { col: first_col, text: String::new(), field: Field::Title, minutes_per_unit: None };
    push(view, vec![heading], rows, TableSource::Prose, first_col, &mut draft);
    draft
}

fn push(
    view: &View<'_>,
    headings: Vec<Heading>,
    rows: Vec<TableRow>,
    source: TableSource,
    col: u32,
    draft: &mut Draft,
) {
    let Some(first) = rows.first() else { return };
    let table = draft.table(view.grid.place.at(first.row, col), source, headings, rows);
    draft.tables.push(table);
}
