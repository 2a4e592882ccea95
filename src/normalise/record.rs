//! One row of a table, turned into its activity or activities.

use super::asides::Asides;
use super::counts::People;
use super::dates::{self, DateContext, DateReading};
use super::free::{self};
use super::{Scope, counts, dated, hours, text, told};
use crate::model::{
    Activity, Field, Finding, GridValue, Heading, HostRole, Outcome, Place, Rule, StatedKind, Table,
    TableRow, TableSource, rules,
};
use std::sync::Arc;

/// A row with its headings, for looks by field.
pub(super) struct Row<'a> {
    pub(super) table: &'a Table,
    pub(super) line: &'a TableRow,
    pub(super) scope: Scope<'a>,
}

impl<'a> Row<'a> {
    /// The first heading of a field that has a value.
    pub(super) fn find(&self, field: Field) -> Option<(&'a Heading, &'a GridValue)> {
        self.table
            .headings
            .iter()
            .zip(&self.line.values)
            .find_map(|(heading, value)| (heading.field == field).then_some((heading, value.as_ref()?)))
    }

    /// The value of a field.
    pub(super) fn value(&self, field: Field) -> Option<&'a GridValue> {
        self.find(field).map(|(_, value)| value)
    }

    /// The text of a field, unless it says that there is nothing.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        text::of(self.saying(field)?)
    }

    /// Whether a field says anything.
    pub(super) fn says(&self, field: Field) -> bool {
        self.saying(field).is_some()
    }

    /// The value of a field, unless it says that there is nothing.
    pub(super) fn saying(&self, field: Field) -> Option<&'a GridValue> {
        let value = self.value(field)?;
        match value {
            GridValue::Text(text) => {
                let nothing = &self.scope.headers.words.nothing;
                (!text::is_blank(text) && (text.len() > 120 || !nothing.is_written(text))).then_some(value)
            }
            GridValue::Error(_) => None,
            GridValue::Number(_) | GridValue::Serial(_) | GridValue::Bool(_) => Some(value),
        }
    }

    fn place(&self, field: Option<Field>) -> Place {
        if let Some(cell) = &self.line.cell {
            return cell.clone();
        }
        let col = field.and_then(|f| self.find(f)).map(|(heading, _)| heading.col);
        let in_row = matches!(self.table.source, TableSource::Rows | TableSource::Prose);
        let first = || self.table.headings.first().map_or(0, |h| h.col);
        self.table.place.at(self.line.row, col.filter(|_| in_row).unwrap_or_else(first))
    }

    /// What is known for its dates.
    pub(super) fn context(&self) -> DateContext {
        let month = self.line.month.or(self.table.month);
        let year = self.table.default_year.or(self.table.year).or(self.scope.usual_year);
        DateContext { year, month, months: false }
    }
}

/// The activities of a row, added to `out`.
pub(super) fn read(table: &Table, row: &TableRow, scope: Scope<'_>, out: &mut Outcome<Vec<Activity>>) {
    let row = Row { table, line: row, scope };
    let (date, planned) = dated::date_of(&row);
    let (title, description) = told::texts(&row);
    let stated = told::stated_kind(&row);
    let items = told::items(&row, &title, &date, stated.as_ref());
    let several = items.len() > 1;
    if several {
        let message = format!("一个单元格里写了{}项活动，已拆开：“{}”", items.len(), shortened(&title));
        note(out, &rules::SEVERAL_IN_CELL, &row, Some(Field::Title), message);
    }
    let mut common = Some(common(&row, &date, out));
    let last = items.len().saturating_sub(1);
    for (at, item) in items.into_iter().enumerate() {
        let shared = if at == last { common.take() } else { common.clone() };
        let Some(shared) = shared else { break };
        let span = item.date.as_ref().filter(|d| d.span.start.is_some() || !d.span.valid).unwrap_or(&date);
        let (span, minutes) = (dated::checked_year(&row, span.span.clone()), span.minutes);
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
            kinds: told::kinds(&row, stated.as_ref(), &item.title),
            stated,
            date: span,
            title: item.title,
            description: description.clone().filter(|_| !several),
            planned,
            ..shared
        };
        add_asides(&mut activity, item.asides);
        if activity.minutes.is_none() {
            activity.minutes = minutes;
        }
        note_faults(&row, &activity, out);
        out.value.push(activity);
    }
}

/// What the clauses of an activity's text tell, where the columns say nothing.
fn add_asides(activity: &mut Activity, asides: Asides) {
    let People { attended, expected, everybody } = asides.people;
    activity.expected = activity.expected.or(expected);
    activity.attended = activity.attended.or(attended).or(activity.expected.filter(|_| everybody));
    if activity.host.is_none() {
        (activity.host, activity.host_role) = match (asides.host, asides.lecturer) {
            (Some(host), _) => (Some(host), Some(HostRole::Chair)),
            (None, Some(lecturer)) => (Some(lecturer), Some(HostRole::Lecturer)),
            (None, None) => (None, activity.host_role),
        };
    }
    if activity.recorder.is_none() {
        activity.recorder = asides.recorder;
    }
    if activity.location.is_none() {
        activity.location = asides.location;
    }
    activity.minutes = activity.minutes.or(asides.minutes);
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
                years.extend(dated::number(value).and_then(|n| i32::try_from(n).ok()).filter(|y| *y > 1990));
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
        unit: row
            .text(Field::Unit)
            .map(|t| Arc::from(text::name(&t)))
            .or_else(|| row.table.unit.clone())
            .or_else(|| row.scope.unit.cloned()),
        attended,
        expected,
        minutes,
        host,
        host_role,
        recorder: person(Field::Recorder),
        location: row.text(Field::Location).or_else(|| place_behind_date(row, date)),
        ..Activity::blank(row.place(None))
    }
}

/// The place that stands behind the date, where the heading announces both.
fn place_behind_date(row: &Row<'_>, date: &DateReading) -> Option<String> {
    let (heading, value) = row.find(Field::Date)?;
    let GridValue::Text(raw) = value else { return None };
    let rest =
        raw.trim().get(date.end..)?.trim_matches(|c: char| c.is_whitespace() || "，,、；;。：:".contains(c));
    let announced = || ["地点", "场所", "地址"].iter().any(|word| heading.text.contains(word));
    (!rest.is_empty() && announced()).then(|| text::clean(rest))
}

fn people(row: &Row<'_>, out: &mut Outcome<Vec<Activity>>) -> (Option<u32>, Option<u32>) {
    let mut read = |field: Field| -> counts::People {
        let Some((_, value)) = row.find(field) else { return counts::People::default() };
        if !row.says(field) {
            return counts::People::default();
        }
        let everybody = &row.scope.headers.words.people_words;
        let everybody = matches!(value, GridValue::Text(text) if everybody.is_written(text));
        if everybody {
            return counts::People { everybody, ..counts::People::default() };
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
    let absent = read(Field::Absent).attended.or_else(|| nobody(row, Field::Absent));
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

/// 无 among those who are absent is a count of none, unlike a blank or a dash.
fn nobody(row: &Row<'_>, field: Field) -> Option<u32> {
    let raw = text::of(row.value(field)?)?;
    matches!(raw.as_str(), "无" | "無" | "没有" | "无人" | "全勤" | "全到").then_some(0)
}

fn minutes(row: &Row<'_>, out: &mut Outcome<Vec<Activity>>) -> Option<u32> {
    let (heading, _) = row.find(Field::Hours)?;
    let value = row.saying(Field::Hours)?;
    let minutes = hours::read(
        value,
        heading
            .minutes_per_unit
            .filter(|_| !matches!(value, GridValue::Text(t) if t.contains(['分', '时', '天', 'h']))),
    );
    if minutes.is_none() {
        let raw = row.text(Field::Hours).unwrap_or_default();
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
        (None, false) if dates::is_lunar(&date.raw) => {
            let message = format!("日期“{}”是农历，请换成公历日期", shortened(&date.raw));
            note(out, &rules::BAD_DATE, row, field, message);
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
