//! One row of a table, turned into its activity or activities.

use super::dates::{self, DateContext, DateReading};
use super::free::{self, Item};
use super::{Scope, counts, hours, text};
use crate::model::{
    Activity, Date, DateSpan, Field, Finding, GridValue, Heading, HostRole, KindId, Kinds, Outcome, Place,
    Precision, Rule, StatedKind, Table, TableRow, TableSource, rules,
};
use crate::seeds::text::fold;
use std::sync::Arc;

/// A row with its headings, for looks by field.
struct Row<'a> {
    table: &'a Table,
    row: &'a TableRow,
    scope: Scope<'a>,
}

impl<'a> Row<'a> {
    fn find(&self, field: Field) -> Option<(&'a Heading, &'a GridValue)> {
        self.table
            .headings
            .iter()
            .zip(&self.row.values)
            .find_map(|(heading, value)| (heading.field == field).then_some((heading, value.as_ref()?)))
    }

    fn value(&self, field: Field) -> Option<&'a GridValue> {
        self.find(field).map(|(_, value)| value)
    }

    /// The text of a field, unless it says that there is nothing.
    fn text(&self, field: Field) -> Option<String> {
        text::of(self.value(field)?)
            .filter(|t| t.len() > 120 || !self.scope.headers.words.nothing.is(&fold(t)))
    }

    fn place(&self, field: Option<Field>) -> Place {
        if let Some(cell) = &self.row.cell {
            return cell.clone();
        }
        let col = field.and_then(|f| self.find(f)).map(|(heading, _)| heading.col);
        let in_row = matches!(self.table.source, TableSource::Rows | TableSource::Prose);
        let first = || self.table.headings.first().map_or(0, |h| h.col);
        self.table.place.at(self.row.row, col.filter(|_| in_row).unwrap_or_else(first))
    }

    fn context(&self) -> DateContext {
        let month = self.row.month.or(self.table.month);
        DateContext { year: self.table.year.or(self.scope.usual_year), month, months: false }
    }
}

/// The activities of a row, added to `out`.
pub(super) fn read(table: &Table, row: &TableRow, scope: Scope<'_>, out: &mut Outcome<Vec<Activity>>) {
    let row = Row { table, row, scope };
    let (date, planned) = date_of(&row);
    let (told, description) = texts(&row);
    let stated = stated_kind(&row);
    let items = items(&row, &told, &date, stated.as_ref());
    let several = items.len() > 1;
    if several {
        let message = format!("一个单元格里写了{}项活动，已拆开：“{}”", items.len(), shortened(&told));
        note(out, &rules::SEVERAL_IN_CELL, &row, Some(Field::Title), message);
    }
    let common = common(&row, &date, out);
    for (at, item) in items.into_iter().enumerate() {
        let span = item.date.as_ref().filter(|d| d.span.start.is_some() || !d.span.valid).unwrap_or(&date);
        let (span, minutes) = (checked_year(&row, span.span.clone()), span.minutes);
        let stated = match (&stated, item.kind) {
            (Some(stated), item)
                if stated.kind.is_some() && (item.is_none() || table.source != TableSource::Prose) =>
            {
                Some(stated.clone())
            }
            (_, Some((raw, kind))) => Some(StatedKind { raw, kind: Some(kind) }),
            (stated, None) => stated.clone(),
        };
        let mut activity = Activity {
            ordinal: u32::try_from(at + 1).unwrap_or(u32::MAX),
            kinds: kinds(&row, stated.as_ref(), &item.title),
            stated,
            date: span,
            title: item.title,
            description: description.clone().filter(|_| !several),
            planned,
            ..common.clone()
        };
        if activity.minutes.is_none() {
            activity.minutes = minutes;
        }
        note_faults(&row, &activity, out);
        out.value.push(activity);
    }
}

/// Years that the dates of a row state.
pub(super) fn years(table: &Table, row: &TableRow) -> Vec<i32> {
    let mut years = Vec::new();
    for (heading, value) in table.headings.iter().zip(&row.values) {
        let Some(value) = value else { continue };
        match heading.field {
            Field::Date | Field::DateStart | Field::PlannedDate => {
                years.extend(dates::read(Some(value), DateContext::default()).year);
            }
            Field::Year => {
                years.extend(number(value).and_then(|n| i32::try_from(n).ok()).filter(|y| *y > 1990));
            }
            Field::Title if matches!(table.source, TableSource::Prose | TableSource::Matrix) => {
                if let GridValue::Text(text) = value {
                    years.extend(
                        dates::at_start(free::without_number(text).0, DateContext::default())
                            .and_then(|d| d.year),
                    );
                }
            }
            _ => {}
        }
    }
    years
}

/// The date of a row, and whether it is only planned.
fn date_of(row: &Row<'_>) -> (DateReading, bool) {
    let context = row.context();
    let own_year = row.value(Field::Year).and_then(number).and_then(|n| i32::try_from(n).ok());
    let context = DateContext {
        year: own_year
            .map(|y| if y < 100 { y + 2000 } else { y })
            .filter(|y| (1900..2200).contains(y))
            .or(context.year),
        month: row.value(Field::Month).and_then(month_number).or(context.month),
        ..context
    };
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
                row.value(Field::Time).and_then(text::of).and_then(|t| dates::clock_range_in(&t));
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
                let month_only =
                    context.month.filter(|_| row.table.headings.iter().any(|h| h.field == Field::Month));
                match month_only.filter(|_| row.value(Field::Month).is_some()) {
                    Some(month) => (time(dates::from_text(&format!("{month}月"), context)), false),
                    None => (time(blank), false),
                }
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

fn number(value: &GridValue) -> Option<u32> {
    let text = text::of(value)?;
    let digits: String = super::scan::pieces(&text).first().and_then(|p| match p.token {
        super::scan::Token::Num { value, .. } => Some(value.to_string()),
        super::scan::Token::Ch(_) => None,
    })?;
    digits.parse().ok()
}

fn month_number(value: &GridValue) -> Option<u32> {
    number(value).filter(|m| (1..=12).contains(m))
}

/// A date outside the year of the ledger is kept and marked.
fn checked_year(row: &Row<'_>, mut span: DateSpan) -> DateSpan {
    if let (Some(year), Some(start), Some(end)) = (row.table.year, span.start, span.end)
        && start.year() != year
        && end.year() != year
    {
        span.valid = false;
    }
    span
}

/// The text that says what was done, and the content where it stands apart.
fn texts(row: &Row<'_>) -> (String, Option<String>) {
    let title = row.text(Field::Title);
    let content = row.text(Field::Content);
    let more = row.row.continuation.as_deref().map(text::clean).filter(|t| !t.is_empty());
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
fn stated_kind(row: &Row<'_>) -> Option<StatedKind> {
    let around = row.row.section_kind.clone().or_else(|| row.table.kind.clone());
    if let Some(raw) = row.text(Field::Kind) {
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
fn items(row: &Row<'_>, told: &str, date: &DateReading, stated: Option<&StatedKind>) -> Vec<Item> {
    let whole = |title: String| vec![Item { date: None, kind: None, title, numbered: false }];
    let Scope { headers, kinds, .. } = row.scope;
    // In running text the word before the title says more than a heading above.
    let known = stated.filter(|_| row.table.source != TableSource::Prose).and_then(|s| s.kind.as_ref());
    let raw = [Field::Title, Field::Content].into_iter().find_map(|field| match row.value(field) {
        Some(GridValue::Text(text)) if row.text(field).is_some() => Some(text.as_str()),
        _ => None,
    });
    let running = matches!(row.table.source, TableSource::Matrix | TableSource::Prose);
    let Some(raw) = raw else {
        if running {
            return matrix_mark(row, stated);
        }
        return whole(told.to_owned());
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
    let both = row.text(Field::Title).is_some() && row.text(Field::Content).is_some();
    let pieces = free::split(raw, context);
    let items: Vec<Item> =
        pieces.iter().map(|piece| free::item(piece, context, known, headers, kinds)).collect();
    let dated = items.iter().filter(|i| i.date.as_ref().is_some_and(|d| d.span.start.is_some())).count();
    let numbered = items.iter().filter(|i| i.numbered).count();
    let lists = items.len() >= 2
        && (dated >= 2 && dated * 2 >= items.len()
            || numbered * 2 > items.len() && !has_date_of_its_own && dated + 1 >= items.len().min(2))
        && !items.iter().any(|i| i.title.is_empty());
    let lists =
        lists || items.len() >= 2 && !has_date_of_its_own && numbered >= 2 && stands_for_period(row, date);
    if lists && !both && !(has_date_of_its_own && dated < 2) {
        return items;
    }
    let item = free::item(raw, context, known, headers, kinds);
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
    if stated.is_none_or(|s| s.kind.is_none())
        && let Some((wording, kind, rest)) = free::kind_before(raw, headers, kinds)
    {
        let rest = text::bare_title(rest);
        let title = if rest.is_empty() { wording.clone() } else { text::clean(rest) };
        return vec![Item { date: None, kind: Some((wording, kind)), title, numbered: false }];
    }
    whole(told.to_owned())
}

/// Whether the row stands for a month or quarter, not for an activity.
fn stands_for_period(row: &Row<'_>, date: &DateReading) -> bool {
    let single = row.text(Field::Title).is_none() || row.text(Field::Content).is_none();
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
    vec![Item { date, kind: None, title, numbered: false }]
}

/// A tick, or only a date: the kind is all that is known of the title.
fn ticked(row: &Row<'_>, raw: &str, stated: Option<&StatedKind>) -> Option<Item> {
    let tick = row.scope.headers.words.ticked.is(&fold(raw));
    tick.then(|| Item {
        date: None,
        kind: None,
        title: stated.map_or_else(String::new, |s| s.raw.clone()),
        numbered: false,
    })
}

/// The stated kind, and those that a title names as what was held (党员大会暨主题党日).
fn kinds(row: &Row<'_>, stated: Option<&StatedKind>, title: &str) -> Kinds {
    let table = row.scope.kinds;
    let mut kinds: Kinds = stated.and_then(|s| s.kind.clone()).into_iter().collect();
    if let Some(stated) = stated {
        let named = table.named_in(&stated.raw);
        kinds.extend(named.into_iter().filter(|k| !kinds.contains(k)).collect::<Vec<KindId>>());
    }
    let folded = fold(title);
    let talked = row.scope.headers.words.talked_about.iter().any(|word| folded.contains(word));
    let joined = ["暨", "和", "及", "、", "+", "/", "与"].iter().any(|mark| folded.contains(mark));
    if !talked && (joined || kinds.is_empty() || folded.chars().count() <= 20) {
        for kind in table.named_in(title) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    kinds
}

/// What all activities of a row share.
fn common(row: &Row<'_>, date: &DateReading, out: &mut Outcome<Vec<Activity>>) -> Activity {
    let (attended, expected) = people(row, out);
    let minutes = minutes(row, out).or(date.minutes);
    let person = |field: Field| row.text(field).map(|t| text::name(&t)).filter(|t| !t.is_empty());
    let (host, host_role) = match (person(Field::Host), person(Field::Lecturer)) {
        (Some(host), _) => (Some(host), Some(HostRole::Chair)),
        (None, Some(lecturer)) => (Some(lecturer), Some(HostRole::Lecturer)),
        (None, None) => (None, None),
    };
    Activity {
        place: row.place(None),
        ordinal: 1,
        unit: row
            .text(Field::Unit)
            .map(|t| Arc::from(text::name(&t)))
            .or_else(|| row.table.unit.clone())
            .or_else(|| row.scope.unit.cloned()),
        date: DateSpan::blank(),
        stated: None,
        kinds: Kinds::new(),
        title: String::new(),
        description: None,
        attended,
        expected,
        minutes,
        host,
        host_role,
        recorder: person(Field::Recorder),
        location: row.text(Field::Location),
        planned: false,
    }
}

fn people(row: &Row<'_>, out: &mut Outcome<Vec<Activity>>) -> (Option<u32>, Option<u32>) {
    let mut read = |field: Field| -> counts::People {
        let Some((_, value)) = row.find(field) else { return counts::People::default() };
        if row.text(field).is_none() {
            return counts::People::default();
        }
        counts::read(value).unwrap_or_else(|| {
            let raw = shortened(&row.text(field).unwrap_or_default());
            note(out, &rules::BAD_VALUE, row, Some(field), format!("人数“{raw}”读不懂，按空白处理"));
            counts::People::default()
        })
    };
    let both = read(Field::ExpectedAttended);
    let present = read(Field::Attended);
    let expected = read(Field::Expected);
    let absent = read(Field::Absent).attended;
    let due = expected.attended.or(expected.expected).or(present.expected).or(both.expected);
    let mut attended = present.attended.or(both.attended);
    if attended.is_none()
        && (present.everybody || both.everybody || expected.everybody && present == counts::People::default())
    {
        attended = due;
    }
    if attended.is_none() && row.value(Field::Attended).is_none() {
        attended = due.zip(absent).and_then(|(due, absent)| due.checked_sub(absent));
    }
    (attended, due)
}

fn minutes(row: &Row<'_>, out: &mut Outcome<Vec<Activity>>) -> Option<u32> {
    let (heading, value) = row.find(Field::Hours)?;
    let raw = row.text(Field::Hours)?;
    let minutes = hours::read(
        value,
        heading
            .minutes_per_unit
            .filter(|_| !matches!(value, GridValue::Text(t) if t.contains(['分', '时', '天', 'h']))),
    );
    if minutes.is_none() {
        note(
            out,
            &rules::BAD_VALUE,
            row,
            Some(Field::Hours),
            format!("时长“{}”读不懂，按空白处理", shortened(&raw)),
        );
    }
    minutes
}

fn note(
    out: &mut Outcome<Vec<Activity>>,
    rule: &'static Rule,
    row: &Row<'_>,
    field: Option<Field>,
    message: String,
) {
    out.findings.push(Finding::at(rule, &row.place(field), message));
}

fn note_faults(row: &Row<'_>, activity: &Activity, out: &mut Outcome<Vec<Activity>>) {
    let date = &activity.date;
    let field = [Field::Date, Field::DateStart, Field::Day, Field::PlannedDate]
        .into_iter()
        .find(|f| row.value(*f).is_some());
    match (date.start, date.valid) {
        (Some(start), false) => {
            let year = row.table.year.unwrap_or_default();
            note(out, &rules::OTHER_YEAR, row, field, format!("日期“{start}”不在{year}年，请核对年份"));
        }
        (None, false) => {
            note(out, &rules::BAD_DATE, row, field, format!("日期“{}”不存在或读不懂", shortened(&date.raw)));
        }
        (None, true) if date.raw.is_empty() => {
            note(out, &rules::NO_DATE, row, field, format!("“{}”没有写日期", shortened(&activity.title)));
        }
        (None, true) => {
            note(out, &rules::NO_DATE, row, field, format!("日期“{}”不能确定是哪一天", shortened(&date.raw)));
        }
        (Some(_), true) => {}
    }
    if let (Some(attended), Some(expected)) = (activity.attended, activity.expected)
        && attended > expected
    {
        let message = format!("实到{attended}人，多于应到{expected}人");
        note(out, &rules::OVER_ATTENDANCE, row, Some(Field::Attended), message);
    }
    if activity.title.is_empty() {
        note(out, &rules::NO_TITLE, row, Some(Field::Title), "这条活动没有写主题和内容".to_owned());
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(20).collect();
    if text.chars().count() > 20 {
        short.push('…');
    }
    short
}
