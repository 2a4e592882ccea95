//! Calendars: weekdays across, weeks beneath, and in or under the number of a day what was held on it.
//!
//! In: a sheet. Out: its draft with one record a text, or nothing where no line names the weekdays.
//! Never here: which kind a text states, and whether the day exists.

use super::context::{self, Lexicon};
use super::draft::Draft;
use super::lines::{self, Line};
use super::sheet::preamble;
use super::view::{View, folded, text_of};
use super::words;
use crate::model::{Date, Field, GridCell, GridValue, Heading, Hidden, Reason, TableRow, TableSource};
use crate::seeds::text::fold;
use std::ops::Range;

/// Weekdays that a line has to name to be the head of a calendar.
const WEEK: usize = 5;
/// Days that have to stand beneath.
const DAYS: usize = 5;

/// Whether cells are the head of a calendar: most weekdays, one after the other.
pub(super) fn is_week(cells: &[GridCell]) -> bool {
    cells.len() >= WEEK && weekdays(cells).len() >= WEEK
}

/// The columns of the weekdays that some cells name; none where they do not follow each other.
fn weekdays(cells: &[GridCell]) -> Vec<u32> {
    let mut columns = Vec::new();
    let mut last = None;
    for cell in cells {
        let GridValue::Text(text) = &cell.value else { continue };
        let Some(day) = (text.len() <= 30).then(|| words::weekday(text)).flatten() else { continue };
        if last.is_some_and(|last: u32| day != last % 7 + 1) {
            return Vec::new();
        }
        last = Some(day);
        columns.push(cell.col);
    }
    columns
}

/// Reads a sheet as calendars; `None` where it is none.
pub(super) fn read(view: &View<'_>, draft: &Draft, lexicon: Lexicon<'_>) -> Option<Draft> {
    let heads: Vec<usize> = (0..view.len()).filter(|index| is_week(view.cells(*index))).collect();
    let first = *heads.first()?;
    let mut draft = draft.clone();
    let (mut days, mut weeks) = (0, 0);
    preamble(view, 0..first, &mut draft, lexicon);
    for (at, head) in heads.iter().enumerate() {
        draft.leave(*head, Reason::Header);
        let columns = weekdays(view.cells(*head));
        let end = heads.get(at + 1).copied().unwrap_or(view.len());
        let mut month = Month::new(view, lexicon, columns, &draft);
        month.read(head + 1..end, &mut draft);
        days += month.days;
        weeks += month.weeks;
        let heading = |field: Field| Heading {
            col: month.columns.first().copied().unwrap_or(1),
            text: String::new(),
            field,
            minutes_per_unit: None,
        };
        let headings = vec![heading(Field::Date), heading(Field::Title)];
        if !month.rows.is_empty() {
            let place = view.place(*head, month.columns.first().copied().unwrap_or(1));
            let table = draft.table(place, TableSource::Calendar, headings, month.rows);
            draft.tables.push(table);
        }
    }
    // Names in a duty roster and lessons in a timetable are short and state no kind.
    let told = draft.tables.iter().flat_map(|table| &table.rows).filter_map(|row| row.values.last()?.as_ref());
    let (mut texts, mut short) = (0, 0);
    for value in told {
        let text = text_of(value);
        texts += 1;
        short += usize::from(text.chars().count() <= 4 && lexicon.kinds.named_in(&text).is_empty());
    }
    ((days >= DAYS || weeks >= 2) && short * 10 <= texts * 6).then_some(draft)
}

/// A day as it is written, in words that the stage after this one reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Day {
    year: Option<i32>,
    month: Option<u32>,
    day: u32,
}

impl Day {
    fn text(self) -> String {
        let year = self.year.map_or_else(String::new, |year| format!("{year}年"));
        let month = self.month.map_or_else(String::new, |month| format!("{month}月"));
        format!("{year}{month}{}日", self.day)
    }
}

/// What was read of a week so far: for every weekday its day, and the record that its first text gave.
type Week = Vec<(Option<Day>, Option<usize>)>;

struct Month<'v, 'g, 'l> {
    view: &'v View<'g>,
    lexicon: Lexicon<'l>,
    columns: Vec<u32>,
    year: Option<i32>,
    month: Option<u32>,
    /// The last day number, and whether the first of the month has come.
    last: Option<u32>,
    begun: bool,
    days: usize,
    weeks: usize,
    rows: Vec<TableRow>,
}

impl<'v, 'g, 'l> Month<'v, 'g, 'l> {
    fn new(view: &'v View<'g>, lexicon: Lexicon<'l>, columns: Vec<u32>, draft: &Draft) -> Self {
        let state = &draft.state;
        Self {
            view,
            lexicon,
            columns,
            year: state.year,
            month: state.section_month.or(state.month),
            last: None,
            begun: false,
            days: 0,
            weeks: 0,
            rows: Vec::new(),
        }
    }

    fn read(&mut self, band: Range<usize>, draft: &mut Draft) {
        // The head itself may name the days: `周一 3月4日`.
        let head = band.start.saturating_sub(1);
        let mut week: Week = self.columns.clone().iter().map(|col| (self.day_of_head(head, *col), None)).collect();
        for index in band {
            if self.view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
                draft.leave(index, Reason::HiddenRow);
                continue;
            }
            if let Some(found) = self.day_line(index) {
                week = found.iter().map(|found| (found.as_ref().map(|(day, _)| *day), None)).collect();
                for (at, text) in found.into_iter().enumerate() {
                    if let Some((day, rest)) = text {
                        self.tell(index, at, day.text(), &rest, &mut week, draft);
                    }
                }
                draft.leave(index, Reason::Header);
                continue;
            }
            if let Some(line) = self.aside(index, &week) {
                draft.note(index, &line, self.lexicon);
                continue;
            }
            if let Some(dates) = self.week_row(index) {
                self.weeks += 1;
                week = dates.iter().map(|_| (None, None)).collect();
                for (at, date) in dates.into_iter().enumerate() {
                    self.cell(index, at, date, &mut week, draft);
                }
            } else {
                for at in 0..week.len() {
                    if let Some(day) = week.get(at).and_then(|(day, _)| *day) {
                        let date = self.until(index, at, day, &week).text();
                        let date = if date == day.text() { date } else { format!("{}至{date}", day.text()) };
                        self.cell(index, at, date, &mut week, draft);
                    }
                }
            }
            draft.leave(index, Reason::Placeholder);
        }
    }

    /// The day that stands behind a weekday.
    fn day_of_head(&mut self, head: usize, col: u32) -> Option<Day> {
        let text = self.view.own(head, col).map(|value| text_of(value))?;
        let (month, day, _) = words::leading_day(text.get(text.find(|c: char| c.is_ascii_digit())?..)?)?;
        self.days += 1;
        Some(Day { year: self.year, month: month.or(self.month), day })
    }

    /// The last day that a wide cell covers.
    fn until(&self, index: usize, at: usize, day: Day, week: &Week) -> Day {
        let right = self.columns.get(at).map_or(0, |col| self.view.right(index, *col));
        let covered = self.columns.iter().zip(week).skip(at).take_while(|(col, _)| **col <= right);
        covered.filter_map(|(_, (day, _))| *day).last().unwrap_or(day)
    }

    /// A line that is no part of the calendar: a note, or the title of the next.
    fn aside(&self, index: usize, week: &Week) -> Option<Line> {
        let line = lines::classify(self.view, index, true, self.lexicon)?;
        let cell = self.view.cells(index).first()?;
        let on_a_day = self.columns.iter().zip(week).any(|(col, (day, _))| *col == cell.col && day.is_some());
        match &line {
            Line::Title(text) => {
                let wide = self.columns.iter().filter(|c| **c <= self.view.right(index, cell.col)).count();
                let names_month = context::month_in_title(text).is_some();
                (!on_a_day || wide >= WEEK || names_month).then_some(line)
            }
            Line::Section { month, .. } => (!on_a_day || month.is_some()).then_some(line),
            Line::Continuation(_) | Line::Other(Reason::Placeholder) => None,
            Line::Meta { .. } | Line::Other(_) => Some(line),
        }
    }

    /// The days of a line, each with the text behind it, if it is a line of days.
    fn day_line(&mut self, index: usize) -> Option<Vec<Option<(Day, String)>>> {
        let mut found: Vec<Option<(Option<i32>, Option<u32>, u32, String)>> = Vec::new();
        let (mut texts, mut numbers) = (0, 0);
        let mut last = self.last;
        for col in &self.columns {
            let value = self.view.own(index, *col);
            let day = value.and_then(day_of);
            texts += usize::from(value.is_some());
            if let Some((_, _, day, _)) = &day {
                // The days of a line follow each other, and those of the line above.
                if last.is_some_and(|last| *day != last + 1 && !(*day == 1 && last >= 28)) {
                    return None;
                }
                numbers += 1;
                last = Some(*day);
            } else if numbers > 0 {
                last = last.map(|last| last + 1).filter(|_| value.is_some());
            }
            found.push(day);
        }
        let begins = self.last.is_some() || numbers >= 2 || found.iter().flatten().any(|(_, _, day, _)| *day == 1);
        if numbers == 0 || numbers * 2 < texts || !begins {
            return None;
        }
        self.days += numbers;
        Some(found.into_iter().map(|day| day.map(|(y, m, d, rest)| (self.place(y, m, d), rest))).collect())
    }

    /// The month of a day: days before the first belong to the month before, days after the last to the next.
    fn place(&mut self, year: Option<i32>, month: Option<u32>, day: u32) -> Day {
        let again = self.begun && self.last.is_some_and(|last| day < last);
        if let Some(month) = month {
            self.month = Some(month);
            self.year = year.or(self.year);
        } else if again {
            (self.year, self.month) = shifted(self.year, self.month, true);
        }
        self.begun |= day < 20;
        self.last = Some(day);
        let before = !self.begun && month.is_none() && day > 20;
        let (shifted_year, month) =
            if before { shifted(self.year, self.month, false) } else { (self.year, self.month) };
        Day { year: shifted_year, month, day }
    }

    /// The dates of the days of a line that begins with a week: `第2周（3.4—3.8）`.
    fn week_row(&self, index: usize) -> Option<Vec<String>> {
        let first = *self.columns.first()?;
        let label = self.view.cells(index).iter().take_while(|c| c.col < first);
        let mut labels = label.filter_map(|c| folded(&c.value));
        let label = labels.find(|text| text.contains('周') || words::starts_like_date(text))?;
        let begin = words::first_day(&label).or_else(|| words::first_day(label.split_once('(')?.1));
        let month = || self.month.map_or_else(String::new, |month| format!("{month}月"));
        Some(
            (0_u32..)
                .zip(&self.columns)
                .map(|(offset, _)| match begin {
                    Some((m, day)) => self.after(m, day, offset).map_or_else(month, Day::text),
                    None => month(),
                })
                .collect(),
        )
    }

    /// The day some days after another.
    fn after(&self, month: u32, day: u32, offset: u32) -> Option<Day> {
        let last = Date::last_of_month(self.year.unwrap_or(2024), month)?.day();
        if day + offset <= last {
            return Some(Day { year: self.year, month: Some(month), day: day + offset });
        }
        let (year, month) = shifted(self.year, Some(month), true);
        Some(Day { year, month, day: day + offset - last })
    }

    /// What a cell under or beside a day says.
    fn cell(&mut self, index: usize, at: usize, date: String, week: &mut Week, draft: &mut Draft) {
        let Some(value) = self.columns.get(at).and_then(|col| self.view.own(index, *col)) else { return };
        if let GridValue::Text(_) = value {
            let text = text_of(value).into_owned();
            self.tell(index, at, date, &text, week, draft);
        }
    }

    /// Takes a text in as what was held on a day; a kind alone in a line waits for its title in the next.
    fn tell(&mut self, index: usize, at: usize, date: String, text: &str, week: &mut Week, draft: &mut Draft) {
        let words = &self.lexicon.headers.words;
        let text = without_days_names(text, self.lexicon);
        let short = fold(text);
        if text.is_empty() || words.nothing.is(&short) || words.not_held.is(&short) {
            return;
        }
        let Some((_, slot)) = week.get_mut(at) else { return };
        draft.take(index);
        if let Some(above) = slot.take().and_then(|row| self.rows.get_mut(row)) {
            if let Some(Some(GridValue::Text(kind))) = above.values.last_mut() {
                kind.push('：');
                kind.push_str(text);
            }
            above.more_rows.push(self.view.number(index));
            return;
        }
        let col = self.columns.get(at).copied().unwrap_or(0);
        *slot = self.lexicon.kinds.exact(text).is_some().then_some(self.rows.len());
        self.rows.push(TableRow {
            cell: Some(self.view.place(index, col)),
            month: self.month,
            ..draft.record(
                self.view.number(index),
                vec![Some(GridValue::Text(date)), Some(GridValue::Text(text.to_owned()))],
            )
        });
    }
}

/// The month after another, or before it.
fn shifted(year: Option<i32>, month: Option<u32>, forward: bool) -> (Option<i32>, Option<u32>) {
    match (month, forward) {
        (Some(12), true) => (year.map(|year| year + 1), Some(1)),
        (Some(1), false) => (year.map(|year| year - 1), Some(12)),
        (Some(month), true) => (year, Some(month + 1)),
        (Some(month), false) => (year, Some(month - 1)),
        (None, _) => (year, None),
    }
}

/// The day with which a cell begins, with year and month where they stand there, and the text behind it.
fn day_of(value: &GridValue) -> Option<(Option<i32>, Option<u32>, u32, String)> {
    match value {
        GridValue::Number(number) => {
            let day = (1_u32..=31).find(|day| (f64::from(*day) - number).abs() < f64::EPSILON)?;
            Some((None, None, day, String::new()))
        }
        GridValue::Serial(serial) => {
            let date = Date::from_serial(*serial)?;
            Some((Some(date.year()), Some(date.month()), date.day(), String::new()))
        }
        GridValue::Text(_) => {
            let text = text_of(value);
            let (month, day, rest) = words::leading_day(&text)?;
            Some((None, month, day, rest.to_owned()))
        }
        GridValue::Bool(_) | GridValue::Error(_) => None,
    }
}

/// Whether a folded text only names a day, or says of it that it is off: 清明节, 劳动节放假.
fn is_day_name(text: &str, lexicon: Lexicon<'_>) -> bool {
    let names = &lexicon.headers.words.day_names;
    let mut rest = text;
    while let Some(name) = names.start(rest) {
        rest = rest.get(name.len()..).unwrap_or("");
    }
    !text.is_empty() && rest.is_empty()
}

/// A text without what a calendar itself says of the day before it: 初六, 清明节, 休, （周三）.
fn without_days_names<'t>(text: &'t str, lexicon: Lexicon<'_>) -> &'t str {
    let mut rest = text.trim();
    loop {
        let token = rest.split(char::is_whitespace).next().unwrap_or("");
        let bare = token.trim_matches(|c: char| "()（）【】[]".contains(c));
        let short = fold(bare);
        let named = !token.is_empty()
            && (is_day_name(&short, lexicon) || words::weekday(bare).is_some() || words::is_lunar(&short));
        if !named {
            return rest;
        }
        rest = rest.get(token.len()..).unwrap_or("").trim_start();
    }
}
