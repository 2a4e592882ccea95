//! Calendars: weekdays across, weeks beneath, and in or under the number of a day what was held on it.
//!
//! In: a sheet. Out: its draft with one record a text, or nothing where no line names the weekdays.
//! Never here: which kind a text states, and whether the day exists.

use super::bands::preamble;
use super::context::{self, Lexicon};
use super::days::{self, Day};
use super::draft::Draft;
use super::lines::{self, Line};
use super::view::{View, folded, text_of};
use super::words;
use crate::model::{
    Field, Finding, GridCell, GridValue, Heading, Hidden, Reason, TableRow, TableSource, rules,
};
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
        let Some(day) = (text.len() <= 30).then(|| days::weekday(text)).flatten() else { continue };
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
        let mut month = Reader::new(view, lexicon, columns, &draft);
        month.read(*head, head + 1..end, &mut draft);
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
    let told =
        draft.tables.iter().flat_map(|table| &table.rows).filter_map(|row| row.values.last()?.as_ref());
    let (mut texts, mut short) = (0, 0);
    for value in told {
        let text = text_of(value);
        texts += 1;
        short += usize::from(text.chars().count() <= 4 && lexicon.kinds.named_in(&text).is_empty());
    }
    ((days >= DAYS || weeks >= 2) && short * 10 <= texts * 6).then_some(draft)
}

/// What was read of a week so far: for every weekday its day, and the record of a kind that waits for its title.
type Week = Vec<(Option<Day>, Option<usize>)>;

/// A calendar that is being read.
struct Reader<'v, 'g, 'l> {
    view: &'v View<'g>,
    lexicon: Lexicon<'l>,
    columns: Vec<u32>,
    year: Option<i32>,
    month: Option<u32>,
    /// The last day, and whether the first of the month has come.
    last: Option<u32>,
    begun: bool,
    days: usize,
    weeks: usize,
    rows: Vec<TableRow>,
}

impl<'v, 'g, 'l> Reader<'v, 'g, 'l> {
    fn new(view: &'v View<'g>, lexicon: Lexicon<'l>, columns: Vec<u32>, draft: &Draft) -> Self {
        Self {
            view,
            lexicon,
            columns,
            year: draft.state.year,
            month: draft.state.section_month.or(draft.state.month),
            last: None,
            begun: false,
            days: 0,
            weeks: 0,
            rows: Vec::new(),
        }
    }

    fn read(&mut self, head: usize, band: Range<usize>, draft: &mut Draft) {
        let mut week: Week = self.days_of_head(head).into_iter().map(|day| (day, None)).collect();
        for index in band {
            if self.view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
                draft.leave(index, Reason::HiddenRow);
            } else if let Some(found) = self.day_line(index) {
                week = found.iter().map(|found| (found.as_ref().map(|(day, _)| *day), None)).collect();
                for (at, found) in found.into_iter().enumerate() {
                    if let Some((day, rest)) = found {
                        self.tell(index, at, day.text(), &rest, &mut week, draft);
                    }
                }
                draft.leave(index, Reason::Header);
            } else if let Some(line) = self.aside(index, &week) {
                draft.note(index, &line, self.lexicon);
            } else if let Some(dates) = self.week_row(index) {
                self.weeks += 1;
                week = dates.iter().map(|_| (None, None)).collect();
                for (at, date) in dates.into_iter().enumerate() {
                    self.cell(index, at, Some(date), &mut week, draft);
                }
                draft.leave(index, Reason::Placeholder);
            } else {
                for at in 0..self.columns.len() {
                    let date = week.get(at).and_then(|(day, _)| *day);
                    let date = date.map(|day| self.span(index, at, day, &week));
                    self.cell(index, at, date, &mut week, draft);
                }
                draft.leave(index, Reason::Placeholder);
            }
        }
    }

    /// The days that stand behind the weekdays of the head: `周一 3月4日`.
    fn days_of_head(&mut self, head: usize) -> Vec<Option<Day>> {
        let (year, month) = (self.year, self.month);
        let day = |col: &u32| {
            let text = text_of(self.view.own(head, *col)?);
            let number = text.get(text.find(|c: char| c.is_ascii_digit())?..)?.to_owned();
            let (day, _) = Day::leading(&GridValue::Text(number.into()))?;
            Some(Day { year, month: day.month.or(month), ..day })
        };
        let days: Vec<Option<Day>> = self.columns.iter().map(day).collect();
        self.days += days.iter().flatten().count();
        days
    }

    /// The day of a cell, or the days that a wide one covers.
    fn span(&self, index: usize, at: usize, day: Day, week: &Week) -> String {
        let right = self.columns.get(at).map_or(0, |col| self.view.right(index, *col));
        let covered = self.columns.iter().zip(week).skip(at).take_while(|(col, _)| **col <= right);
        let last = covered.filter_map(|(_, (day, _))| *day).last().unwrap_or(day);
        if last == day { day.text() } else { format!("{}至{}", day.text(), last.text()) }
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
        let mut found: Vec<Option<(Day, String)>> = Vec::new();
        let (mut texts, mut numbers, mut first) = (0, 0, false);
        let mut last = self.last;
        for col in &self.columns {
            let value = self.view.own(index, *col);
            let day = value.and_then(Day::leading);
            texts += usize::from(value.is_some());
            if let Some((day, _)) = &day {
                // The days of a line follow each other, and those of the line above.
                if last.is_some_and(|last| day.number != last + 1 && !(day.number == 1 && last >= 28)) {
                    return None;
                }
                numbers += 1;
                first |= day.number == 1;
                last = Some(day.number);
            } else if numbers > 0 {
                last = last.map(|last| last + 1).filter(|_| value.is_some());
            }
            found.push(day);
        }
        let begins = self.last.is_some() || numbers >= 2 || first;
        if numbers == 0 || numbers * 2 < texts || !begins {
            return None;
        }
        self.days += numbers;
        Some(found.into_iter().map(|day| day.map(|(day, rest)| (self.placed(day), rest))).collect())
    }

    /// A day in its month: days before the first belong to the month before, days after the last to the next.
    fn placed(&mut self, day: Day) -> Day {
        if day.month.is_some() {
            self.month = day.month;
            self.year = day.year.or(self.year);
        } else if self.begun && self.last.is_some_and(|last| day.number < last) {
            (self.year, self.month) = days::next_month(self.year, self.month);
        }
        self.begun |= day.number < 20;
        self.last = Some(day.number);
        let before = !self.begun && day.month.is_none();
        let (year, month) =
            if before { days::month_before(self.year, self.month) } else { (self.year, self.month) };
        Day { year, month, ..day }
    }

    /// The dates of a line that stands for a week: `第2周（3.4—3.8）`; without days only the month is known.
    fn week_row(&self, index: usize) -> Option<Vec<String>> {
        let first = *self.columns.first()?;
        let labels = self.view.cells(index).iter().take_while(|c| c.col < first);
        let mut labels = labels.filter_map(|c| folded(&c.value));
        let label = labels.find(|text| text.contains('周') || words::starts_like_date(text))?;
        if self.days > 0 {
            return None;
        }
        let begin = Day::first_in(&label).map(|day| Day { year: self.year, ..day });
        let month = self.month.map_or_else(String::new, |month| format!("{month}月"));
        let date = |offset: u32| begin.and_then(|day| day.later(offset)).map(Day::text);
        Some((0_u32..).zip(&self.columns).map(|(at, _)| date(at).unwrap_or_else(|| month.clone())).collect())
    }

    /// What a cell says of the day that it stands under or beside.
    fn cell(&mut self, index: usize, at: usize, date: Option<String>, week: &mut Week, draft: &mut Draft) {
        let Some(col) = self.columns.get(at).copied() else { return };
        let Some(value @ GridValue::Text(_)) = self.view.own(index, col) else { return };
        let text = text_of(value);
        if let Some(date) = date {
            self.tell(index, at, date, &text, week, draft);
        } else if says_something(&text, self.lexicon)
            && self.lexicon.headers.words.notes.start(&fold(&text)).is_none()
        {
            let message = "这一格的上面没有日子，不知道是哪一天，没有计入".to_owned();
            draft.findings.push(Finding::at(&rules::NOT_UNDERSTOOD, &self.view.place(index, col), message));
        }
    }

    /// Takes a text in as what was held on a day; a kind alone in a line waits for its title in the next.
    fn tell(
        &mut self,
        index: usize,
        at: usize,
        date: String,
        text: &str,
        week: &mut Week,
        draft: &mut Draft,
    ) {
        if !says_something(text, self.lexicon) {
            return;
        }
        let text = without_day_names(text, self.lexicon);
        let Some((_, slot)) = week.get_mut(at) else { return };
        draft.take(index);
        // A text with a kind of its own is no title of the kind above.
        let waiting = slot.take().filter(|_| self.lexicon.kinds.prefix(text).is_none());
        if let Some(above) = waiting.and_then(|row| self.rows.get_mut(row)) {
            if let Some(Some(GridValue::Text(kind))) = above.values.last_mut() {
                *kind = format!("{kind}：{text}").into();
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
                vec![Some(GridValue::Text(date.into())), Some(GridValue::Text(text.into()))],
            )
        });
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

/// Whether a text tells of anything but the day itself.
fn says_something(text: &str, lexicon: Lexicon<'_>) -> bool {
    let words = &lexicon.headers.words;
    let short = fold(without_day_names(text, lexicon));
    !(short.is_empty() || words.nothing.is(&short) || words.not_held.is(&short))
}

/// A text without what a calendar itself says of the day before it: 初六, 清明节, 休, （周三）.
fn without_day_names<'t>(text: &'t str, lexicon: Lexicon<'_>) -> &'t str {
    let mut rest = text.trim();
    loop {
        let token = rest.split(char::is_whitespace).next().unwrap_or("");
        let bare = token.trim_matches(|c: char| "()（）【】[]".contains(c));
        let short = fold(bare);
        let named = !token.is_empty()
            && (is_day_name(&short, lexicon) || days::weekday(bare).is_some() || days::is_lunar(&short));
        if !named {
            return rest;
        }
        rest = rest.get(token.len()..).unwrap_or("").trim_start();
    }
}
