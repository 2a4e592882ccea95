//! What a row tells: its title and content, the kind that is stated, and the activities in its text.

use super::asides::{self, Columns};
use super::dates::{self, DateReading};
use super::free::{self, Item};
use super::record::Row;
use super::{Scope, text};
use crate::model::{Date, Field, GridValue, KindId, Kinds, Precision, StatedKind, TableSource};
use crate::seeds::text::fold;

/// The text that says what was done, and the content where it stands apart.
pub(super) fn texts(row: &Row<'_>) -> (String, Option<String>) {
    let title = row.text(Field::Title);
    let content = row.text(Field::Content);
    let more = row.line.continuation.as_deref().map(text::clean).filter(|t| !t.is_empty());
    let joined = |first: Option<String>| match (first, more.clone()) {
        (Some(first), Some(more)) => Some(format!("{first}{more}")),
        (first, more) => first.or(more),
    };
    match (title, content) {
        (Some(title), content) => (title, joined(content)),
        (None, Some(content)) => (content, more),
        (None, None) => (String::new(), more),
    }
}

/// The kind that type column, section, or table states.
pub(super) fn stated_kind(row: &Row<'_>) -> Option<StatedKind> {
    let around = row.line.section_kind.clone().or_else(|| row.table.kind.clone());
    if let Some(raw) = row.text(Field::Kind) {
        // 学习形式 says how, where the ledger itself says what.
        let manner =
            || row.find(Field::Kind).is_some_and(|(h, _)| h.text.contains("形式") || h.text.contains("方式"));
        if around.is_some() && manner() {
            return Some(StatedKind { raw, kind: around });
        }
        if let Some(stated) = ticked_kind(row, &raw) {
            return Some(stated);
        }
        let kind = row.scope.kinds.exact(&raw).or_else(|| row.scope.kinds.named_in(&raw).first().cloned());
        return Some(StatedKind { raw, kind: kind.or(around) });
    }
    around.map(|kind| StatedKind { raw: kind.as_str().to_owned(), kind: Some(kind) })
}

/// The kind that is ticked among several: `□支委会 ☑党员大会`, `支委会□ 党课√`.
fn ticked_kind(row: &Row<'_>, raw: &str) -> Option<StatedKind> {
    const TICKS: [char; 6] = ['☑', '√', '✓', '✔', '■', '☒'];
    const BOXES: [char; 5] = ['□', '☐', '○', '▢', '◻'];
    if !raw.contains(TICKS) || !raw.contains(BOXES) {
        return None;
    }
    let marks: Vec<(usize, char)> =
        raw.char_indices().filter(|(_, c)| TICKS.contains(c) || BOXES.contains(c)).collect();
    let (first, _) = marks.first()?;
    let before = !raw.get(..*first)?.trim().is_empty();
    let at = marks.iter().position(|(_, c)| TICKS.contains(c))?;
    let (place, mark) = marks.get(at)?;
    let wording = if before {
        let start = at.checked_sub(1).and_then(|i| marks.get(i)).map_or(0, |(i, c)| i + c.len_utf8());
        raw.get(start..*place)?
    } else {
        let end = marks.get(at + 1).map_or(raw.len(), |(i, _)| *i);
        raw.get(place + mark.len_utf8()..end)?
    };
    let wording =
        wording.trim_matches(|c: char| c.is_whitespace() || "、，,；;()（）".contains(c)).to_owned();
    let kind = row.scope.kinds.exact(&wording);
    Some(StatedKind { raw: wording, kind })
}

/// The activities that the text of a row tells of.
pub(super) fn items(row: &Row<'_>, told: &str, date: &DateReading, stated: Option<&StatedKind>) -> Vec<Item> {
    let both = row.says(Field::Title) && row.says(Field::Content);
    let columns = Columns { headings: &row.table.headings, apart: both };
    let Scope { headers, kinds, .. } = row.scope;
    // In running text the word before the title says more than a heading above.
    let known = stated.filter(|_| row.table.source != TableSource::Prose).and_then(|s| s.kind.as_ref());
    let raw = [Field::Title, Field::Content].into_iter().find_map(|field| match row.value(field) {
        Some(GridValue::Text(text)) if row.says(field) => Some(text),
        _ => None,
    });
    let calendar = row.table.source == TableSource::Calendar;
    let running = calendar || matches!(row.table.source, TableSource::Matrix | TableSource::Prose);
    let Some(raw) = raw else {
        if running {
            return matrix_mark(row, stated);
        }
        return vec![whole(told, columns)];
    };
    let mut context = row.context();
    context.month = date
        .span
        .start
        .filter(|_| date.span.precision == Precision::Month)
        .map(Date::month)
        .or(context.month);
    context.year = date.span.start.map(Date::year).or(context.year);
    if let Some(item) = running.then(|| ticked(row, raw, stated)).flatten() {
        return vec![item];
    }
    let has_date_of_its_own = date.span.precision == Precision::Day;
    let by_kind = |line: &str| running && free::kind_before(line, headers, kinds).is_some();
    let pieces = free::split(raw, context, by_kind);
    if pieces.len() <= 1 && has_date_of_its_own && date.span.start.is_some() && !running {
        return vec![one(row, told, raw, stated, columns)];
    }
    let items: Vec<Item> =
        pieces.iter().map(|piece| free::item(piece, context, known, (headers, kinds), columns)).collect();
    let dated = items.iter().filter(|i| i.date.as_ref().is_some_and(|d| d.span.start.is_some())).count();
    let numbered = items.iter().filter(|i| i.numbered).count();
    let lists = items.len() >= 2
        && (dated >= 2 && dated * 2 >= items.len()
            || numbered * 2 > items.len() && !has_date_of_its_own && dated + 1 >= items.len().min(2))
        && !items.iter().any(|i| i.title.is_empty());
    let lists =
        lists || items.len() >= 2 && !has_date_of_its_own && numbered >= 2 && stands_for_period(row, date);
    // A cell of a calendar or matrix may hold one activity a line, each with its date or kind before it.
    let boxed = calendar || row.table.source == TableSource::Matrix && !has_date_of_its_own;
    let each_begins = items.iter().all(|i| i.kind.is_some() || i.date.is_some());
    if boxed && items.len() >= 2 && (each_begins || calendar && numbered == items.len()) {
        return items;
    }
    if lists && !both && !(has_date_of_its_own && dated < 2) {
        return items;
    }
    let item = free::item(raw, context, known, (headers, kinds), columns);
    let dateless = date.span.start.is_none() || date.span.precision != Precision::Day;
    let own_date =
        item.date.as_ref().is_some_and(|d| d.span.start.is_some() && d.span.precision == Precision::Day);
    if running || dateless && own_date {
        let kind_alone = || stated.filter(|_| running && item.date.is_some()).map(|s| s.raw.clone());
        let title = match item.title.as_str() {
            "" => kind_alone().unwrap_or_else(|| told.to_owned()),
            title => title.to_owned(),
        };
        return vec![Item { title, ..item }];
    }
    vec![one(row, told, raw, stated, columns)]
}

/// The one activity of a row whose date stands elsewhere.
fn one(row: &Row<'_>, told: &str, raw: &str, stated: Option<&StatedKind>, columns: Columns<'_>) -> Item {
    let Scope { headers, kinds, .. } = row.scope;
    if stated.is_none_or(|s| s.kind.is_none())
        && let Some((wording, kind, rest)) = free::kind_before(raw, headers, kinds)
    {
        let (rest, asides) = asides::take(text::bare_title(rest), columns, true);
        let title = if rest.is_empty() { wording.clone() } else { text::clean(&rest) };
        return Item { kind: Some((wording, kind)), title, asides, ..Item::default() };
    }
    whole(told, columns)
}

/// A text that is one activity and nothing else.
fn whole(told: &str, columns: Columns<'_>) -> Item {
    let (rest, asides) = asides::take(told, columns, false);
    Item { title: rest.into_owned(), asides, ..Item::default() }
}

/// Whether the row stands for a month or quarter, not for an activity.
fn stands_for_period(row: &Row<'_>, date: &DateReading) -> bool {
    let single = !row.says(Field::Title) || !row.says(Field::Content);
    let nobody = row.value(Field::Host).is_none()
        && row.value(Field::Attended).is_none()
        && row.value(Field::Location).is_none();
    let period = matches!(
        date.span.precision,
        Precision::Month | Precision::Quarter | Precision::Half | Precision::None
    );
    period && single && nobody || matches!(row.table.source, TableSource::Matrix)
}

/// A cell of a matrix that holds a date or nothing but a tick.
fn matrix_mark(row: &Row<'_>, stated: Option<&StatedKind>) -> Vec<Item> {
    let title = stated.map_or_else(String::new, |s| s.raw.clone());
    let date = match row.value(Field::Title) {
        Some(value @ (GridValue::Serial(_) | GridValue::Number(_))) => {
            Some(dates::read(Some(value), row.context()))
        }
        _ => None,
    };
    vec![Item { date, title, ..Item::default() }]
}

/// A tick, or only a date: the kind is all that is known of the title.
fn ticked(row: &Row<'_>, raw: &str, stated: Option<&StatedKind>) -> Option<Item> {
    let tick = row.scope.headers.words.ticked.is_written(raw);
    tick.then(|| Item { title: stated.map_or_else(String::new, |s| s.raw.clone()), ..Item::default() })
}

/// The stated kind, and those that a title names as what was held (党员大会暨主题党日).
pub(super) fn kinds(row: &Row<'_>, stated: Option<&StatedKind>, title: &str) -> Kinds {
    let table = row.scope.kinds;
    let mut kinds: Kinds = stated.and_then(|s| s.kind.clone()).into_iter().collect();
    // A kind by its own name names no other.
    if let Some(stated) = stated.filter(|s| s.kind.as_ref().is_none_or(|kind| kind.as_str() != s.raw)) {
        let named = table.named_in(&stated.raw);
        kinds.extend(named.into_iter().filter(|k| !kinds.contains(k)).collect::<Vec<KindId>>());
    }
    let named = table.named_in(title);
    if named.iter().all(|kind| kinds.contains(kind)) {
        return kinds;
    }
    let folded = fold(title);
    let talked = row.scope.headers.words.talked_about.within(&folded);
    let joined = ["暨", "和", "及", "、", "+", "/", "与"].iter().any(|mark| folded.contains(mark));
    if !talked && (joined || kinds.is_empty() || folded.chars().count() <= 20) {
        for kind in named {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    kinds
}
