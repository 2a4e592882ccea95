//! Months or quarters one way, kinds (or units) the other, free text in the cells.

use super::context::{self, Lexicon};
use super::draft::Draft;
use super::grouped;
use super::lines::{self, Line};
use super::view::{View, folded, text_of};
use super::words;
use crate::model::{Field, GridValue, Heading, Hidden, Reason, Table, TableRow, TableSource};
use std::ops::Range;

/// The line that names what the columns stand for.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    /// Its line.
    pub(super) line: usize,
    /// Columns with their wording.
    cols: Vec<(u32, String)>,
    /// Whether the columns are periods; otherwise kinds.
    periods: bool,
}

/// Periods and kinds that stand in a line, by column.
type Wordings = Vec<(u32, String)>;

fn wordings(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> (Wordings, Wordings) {
    let cells = view.cells(index);
    let (mut periods, mut kinds) = (Wordings::new(), Wordings::new());
    for cell in cells {
        let GridValue::Text(text) = &cell.value else { continue };
        if text.chars().count() > 16 {
            continue;
        }
        let Some(short) = folded(&cell.value) else { continue };
        if words::is_period(&short) {
            periods.push((cell.col, short));
        } else if cell.col > cells.first().map_or(0, |c| c.col)
            && lexicon.kinds.exact(&short).is_some()
            && lexicon.headers.whole(&short).is_none()
        {
            kinds.push((cell.col, short));
        }
    }
    (periods, kinds)
}

/// The axis in a line of which the office says that it is one; `None` where it names no period and no kind.
pub(super) fn at(view: &View<'_>, line: usize, lexicon: Lexicon<'_>) -> Option<Axis> {
    let (periods, kinds) = wordings(view, line, lexicon);
    let by_period = periods.len() >= kinds.len();
    let cols = if by_period { periods } else { kinds };
    (!cols.is_empty()).then_some(Axis { line, cols, periods: by_period })
}

/// The axis in a line, if it is one.
pub(super) fn find(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> Option<Axis> {
    let cells = view.cells(index);
    // An axis holds nothing but words.
    if cells.len() < 3 || !cells.iter().all(|c| matches!(c.value, GridValue::Text(_))) {
        return None;
    }
    let (periods, kinds) = wordings(view, index, lexicon);
    let quarters = periods.iter().filter(|(_, text)| words::is_quarter(text)).count();
    if (periods.len() >= 3 || quarters >= 2) && periods.len() * 2 >= cells.len() {
        return has_labels(view, index, &periods).then_some(Axis {
            line: index,
            cols: periods,
            periods: true,
        });
    }
    if kinds.len() >= 2 && kinds.len() * 2 >= cells.len() {
        let first = kinds.first().map_or(0, |(col, _)| *col);
        let periods_below = (index + 1..view.len().min(index + 14))
            .filter(|i| label(view, *i, first, lexicon).is_some_and(|l| words::is_period(&l.text)))
            .count();
        if periods_below >= 2 {
            return Some(Axis { line: index, cols: kinds, periods: false });
        }
    }
    None
}

/// The lines beneath need something to the left of the axis, and the axis no two equal wordings.
fn has_labels(view: &View<'_>, index: usize, cols: &[(u32, String)]) -> bool {
    let first = cols.first().map_or(0, |(col, _)| *col);
    let labelled =
        (index + 1..view.len().min(index + 6)).any(|i| view.cells(i).first().is_some_and(|c| c.col < first));
    let distinct = cols.windows(2).all(|pair| matches!(pair, [a, b] if a.1 != b.1));
    labelled && distinct
}

struct Label {
    text: String,
    raw: String,
    is_kind: bool,
}

/// What a line is about: a kind or period to the left of the axis, or else the last text there.
fn label(view: &View<'_>, index: usize, first: u32, lexicon: Lexicon<'_>) -> Option<Label> {
    let columns: std::collections::BTreeSet<u32> = (index.saturating_sub(40)..=index)
        .flat_map(|i| view.cells(i))
        .map(|c| c.col)
        .filter(|c| *c < first)
        .collect();
    let mut best: Option<Label> = None;
    for col in columns {
        let Some(value @ GridValue::Text(_)) = view.shown(index, col) else { continue };
        let Some(text) = folded(value) else { continue };
        let is_kind = context::kind_of_name(&text, lexicon).is_some();
        if is_kind || best.as_ref().is_none_or(|b| !b.is_kind) {
            best = Some(Label { raw: text_of(value).into_owned(), text, is_kind });
        }
    }
    best
}

/// Reads the lines beneath an axis.
pub(super) fn read(
    view: &View<'_>,
    axis: &Axis,
    band: Range<usize>,
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) {
    draft.leave(axis.line, Reason::Header);
    if axis.periods && grouped::read(view, &axis.cols, band.clone(), draft, lexicon) {
        return;
    }
    let first = axis.cols.first().map_or(1, |(col, _)| *col);
    let column = |field: Field| Heading { col: first, text: String::new(), field, minutes_per_unit: None };
    let headings = [Field::Date, Field::Kind, Field::Unit, Field::Title].map(column).to_vec();
    let place = view.place(axis.line, first);
    let table = draft.table(place, TableSource::Matrix, headings, Vec::new());
    // The line says the month, or nothing does.
    let mut table = Table { month: None, ..table };
    for index in band {
        if view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
            draft.leave(index, Reason::HiddenRow);
            continue;
        }
        let filled = axis.cols.iter().filter(|(col, _)| view.own(index, *col).is_some()).count();
        let label = label(view, index, first, lexicon);
        let named = label.as_ref().is_some_and(|l| l.is_kind || words::is_period(&l.text));
        if !named && (filled == 0 || view.cells(index).len() == 1) {
            match lines::classify(view, index, true, lexicon) {
                Some(Line::Continuation(_)) | None => draft.leave(index, Reason::Placeholder),
                Some(line) => draft.note(index, &line, lexicon),
            }
            continue;
        }
        if label.as_ref().is_some_and(|l| lines::is_total(&l.text, lexicon)) {
            draft.leave(index, Reason::Total);
            continue;
        }
        if !named && label.as_ref().is_some_and(|l| is_remark(view, index, &l.text, lexicon)) {
            draft.leave(index, Reason::Note);
            continue;
        }
        if !named
            && label.is_some()
            && lines::classify(view, index, true, lexicon).is_some_and(|l| l == Line::Other(Reason::Note))
        {
            draft.leave(index, Reason::Note);
            continue;
        }
        read_line(view, axis, index, label.as_ref(), &mut table, draft, lexicon);
    }
    draft.tables.push(table);
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

fn read_line(
    view: &View<'_>,
    axis: &Axis,
    index: usize,
    label: Option<&Label>,
    table: &mut Table,
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) {
    let mut counted = 0;
    for (col, wording) in &axis.cols {
        let Some(value) = view.own(index, *col) else { continue };
        match held(value, lexicon) {
            Held::No => continue,
            Held::Counted => {
                counted += 1;
                continue;
            }
            Held::Yes => {}
        }
        let (period, other) = match (axis.periods, label) {
            (true, label) => (Some(wording.clone()), label.map(|l| (l.raw.clone(), l.is_kind))),
            (false, label) => (label.map(|l| l.text.clone()), Some((wording.clone(), true))),
        };
        let text = |t: String| Some(GridValue::Text(t.into()));
        let (kind, unit) = match other {
            Some((raw, false)) if raw.ends_with("支部") || context::unit(&raw, lexicon).is_some() => {
                (None, text(raw))
            }
            Some((raw, _)) => (text(raw), None),
            None => (None, None),
        };
        let month = period.as_deref().and_then(|p| words::month(p, false));
        table.rows.push(TableRow {
            row: view.number(index),
            values: vec![period.and_then(text), kind, unit, Some(value.clone())],
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
