//! The grammar of dates and times of day: what stands in a text, before any calendar.
//!
//! In: the pieces of a text. Out: years, months and days as far as they are written. Never here:
//! what is left out, and whether the day exists.

use super::date_words::{is_lunar_day, lone_stretch, stretch};
use super::scan::{Cursor, Piece, is_numeral, pieces, plain};

/// What one date says, as far as it says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) year: Option<i32>,
    pub(super) month: Option<u32>,
    pub(super) day: Option<u32>,
    /// First and last day of a stretch of the month (上旬, 月底, 下半月); 31 is its last day.
    pub(super) stretch: Option<(u32, u32)>,
    pub(super) quarter: Option<u32>,
    pub(super) half: Option<u32>,
}

/// A run of dates that belong together.
pub(super) struct Found {
    pub(super) parts: Vec<Part>,
    pub(super) clocks: Vec<u32>,
}

/// Whether a date may begin with this character: a look before the grammar, for most texts have none.
pub(super) fn may_begin(c: char) -> bool {
    let c = plain(c);
    c.is_ascii_digit() || is_numeral(c) || matches!(c, '上' | '中' | '下' | '月' | '第')
}

/// One date and all that are joined to it.
pub(super) fn run(cursor: &mut Cursor<'_>, bare: bool) -> Option<Found> {
    let first = part(cursor, bare, None)?;
    let mut found = Found { parts: vec![first], clocks: Vec::new() };
    loop {
        noise(cursor, &mut found.clocks);
        let before = *cursor;
        let joined = connector(cursor);
        let last = found.parts.last().copied().unwrap_or(first);
        match joined.then(|| part(cursor, bare, Some(&last))).flatten() {
            Some(next) if found.parts.len() < 40 => found.parts.push(next),
            _ => {
                *cursor = before;
                // `9:00-11:30`: the second time of day.
                if !found.clocks.is_empty() && connector(cursor) {
                    let count = found.clocks.len();
                    noise(cursor, &mut found.clocks);
                    if found.clocks.len() > count {
                        continue;
                    }
                }
                *cursor = before;
                return Some(found);
            }
        }
    }
}

fn connector(cursor: &mut Cursor<'_>) -> bool {
    let start = cursor.at;
    while cursor.is_any(0, "-~至到、,，和及与&;；/+暨 ") {
        cursor.at += 1;
    }
    cursor.at > start
}

/// Steps over brackets, weekdays and times of day, and collects the times.
fn noise(cursor: &mut Cursor<'_>, clocks: &mut Vec<u32>) {
    let mut afternoon = false;
    loop {
        let start = cursor.at;
        if cursor.is(0, ' ') && cursor.number(1).is_some() && !cursor.is_any(2, ":点时") {
            return;
        }
        if cursor.is(0, ' ') {
            cursor.at += 1;
        }
        if cursor.is(0, '(')
            && let Some(length) = (1..14).find(|offset| cursor.is(*offset, ')'))
        {
            let inner = cursor.pieces.get(cursor.at + 1..cursor.at + length).unwrap_or(&[]);
            if clocks.is_empty() {
                clocks.extend(clock_times(inner));
            }
            cursor.at += length + 1;
        }
        if cursor.skip("星期") || cursor.skip("周") || cursor.skip("礼拜") {
            if cursor.number(0).is_some() || cursor.is_any(0, "日天末") {
                cursor.at += 1;
            } else {
                cursor.at = start;
            }
        }
        for word in ["下午", "晚上", "晚", "傍晚"] {
            afternoon |= cursor.skip(word);
        }
        for word in ["上午", "早上", "中午", "全天", "凌晨", "左右", "前后", "整", "起", "T"]
        {
            cursor.skip(word);
        }
        if let Some((minutes, length)) = clock(cursor) {
            let late = afternoon && minutes < 12 * 60;
            clocks.push(if late { minutes + 12 * 60 } else { minutes });
            cursor.at += length;
        }
        if cursor.at == start {
            return;
        }
    }
}

/// A time of day here: its minutes, and its length in pieces.
fn clock(cursor: &Cursor<'_>) -> Option<(u32, usize)> {
    let (hour, digits) = cursor.number(0)?;
    if hour > 24 || digits > 3 {
        return None;
    }
    if cursor.is(1, ':') {
        let (minute, _) = cursor.number(2).filter(|(m, _)| *m < 60)?;
        let seconds = cursor.is(3, ':') && cursor.number(4).is_some();
        return Some((hour * 60 + minute, if seconds { 5 } else { 3 }));
    }
    if !(cursor.is_any(1, "点时")) {
        return None;
    }
    if cursor.is(2, '半') {
        return Some((hour * 60 + 30, 3));
    }
    if let Some((minute, _)) = cursor.number(2).filter(|(m, _)| *m < 60) {
        return Some((hour * 60 + minute, if cursor.is(3, '分') { 4 } else { 3 }));
    }
    Some((hour * 60, 2))
}

/// The times of day in a run of pieces.
fn clock_times(pieces: &[Piece]) -> Vec<u32> {
    let mut times = Vec::new();
    let mut cursor = Cursor::new(pieces);
    let mut afternoon = false;
    while !cursor.done() {
        afternoon |= cursor.skip("下午") || cursor.skip("晚上") || cursor.skip("晚");
        match clock(&cursor) {
            Some((minutes, length)) => {
                times.push(if afternoon && minutes < 12 * 60 { minutes + 12 * 60 } else { minutes });
                cursor.at += length;
            }
            None => cursor.at += 1,
        }
    }
    times
}

/// Minutes from the first to the second time of day in a text.
pub(super) fn clock_range_in(text: &str) -> Option<u32> {
    clock_range(&pieces(text))
}

pub(super) fn clock_range(pieces: &[Piece]) -> Option<u32> {
    between(&clock_times(pieces))
}

pub(super) fn between(clocks: &[u32]) -> Option<u32> {
    let [first, second] = clocks else { return None };
    let minutes = second.checked_sub(*first).or_else(|| (second + 12 * 60).checked_sub(*first))?;
    (10..=14 * 60).contains(&minutes).then_some(minutes)
}

const SEPARATORS: &str = "./-\\";

/// One date here; `last` is the date it is joined to, from which it takes what it leaves out.
fn part(cursor: &mut Cursor<'_>, bare: bool, last: Option<&Part>) -> Option<Part> {
    let start = *cursor;
    let found = part_here(cursor, bare, last);
    if found.is_none() {
        *cursor = start;
    }
    found
}

fn part_here(cursor: &mut Cursor<'_>, bare: bool, last: Option<&Part>) -> Option<Part> {
    if let Some(period) = period(cursor) {
        return Some(period);
    }
    if let Some(stretch) = lone_stretch(cursor) {
        let (year, month) = last.map_or((None, None), |l| (l.year, l.month));
        return Some(Part { year, month, stretch: Some(stretch), ..Part::default() });
    }
    let (value, digits) = cursor.number(0)?;
    let last_year = last.and_then(|l| l.year);
    if digits == 8 && (19_000_000..22_000_000).contains(&value) {
        cursor.at += 1;
        let year = i32::try_from(value / 10_000).ok();
        return Some(Part {
            year,
            month: Some(value / 100 % 100),
            day: Some(value % 100),
            ..Part::default()
        });
    }
    if digits == 6 && (190_001..=219_912).contains(&value) && (1..=12).contains(&(value % 100)) {
        cursor.at += 1;
        return Some(Part {
            year: i32::try_from(value / 100).ok(),
            month: Some(value % 100),
            ..Part::default()
        });
    }
    if digits == 6 && (100_101..=391_231).contains(&value) && (1..=12).contains(&(value / 100 % 100)) {
        cursor.at += 1;
        let year = i32::try_from(value / 10_000).ok().map(|y| y + 2000);
        return Some(Part {
            year,
            month: Some(value / 100 % 100),
            day: Some(value % 100),
            ..Part::default()
        });
    }
    if cursor.is(1, '年') && !cursor.is(2, '级') {
        let year = full_year(value, digits)?;
        cursor.at += 2;
        cursor.skip("度");
        return Some(Part { year: Some(year), ..after_year(cursor).unwrap_or_default() });
    }
    let separated = cursor.is_any(1, SEPARATORS);
    if separated && digits == 4 && (1900..2200).contains(&value) {
        let year = i32::try_from(value).ok();
        let (month, _) = cursor.number(2).filter(|(m, d)| *d <= 2 && *m > 0)?;
        cursor.at += 3;
        let mut part = Part { year, month: Some(month), ..Part::default() };
        if cursor.is(0, '月') {
            cursor.at += 1;
            day_or_stretch(cursor, &mut part);
        } else if cursor.is_any(0, SEPARATORS)
            && let Some((day, _)) = cursor.number(1).filter(|(_, d)| *d <= 2)
        {
            part.day = Some(day);
            cursor.at += 2;
            cursor.skip("日");
            cursor.skip("号");
        }
        return Some(part);
    }
    // `23.3.5` with a year of two digits.
    if separated
        && digits == 2
        && (10..=39).contains(&value)
        && cursor.ahead(1) == cursor.ahead(3)
        && let (Some((month, _)), Some((day, _))) = (cursor.number(2), cursor.number(4))
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
    {
        cursor.at += 5;
        let year = full_year(value, digits);
        return Some(Part { year, month: Some(month), day: Some(day), ..Part::default() });
    }
    if cursor.is(1, '月') && digits <= 2 && !is_lunar_day(cursor, 2) {
        cursor.at += 2;
        let mut part = Part { year: last_year, month: Some(value), ..Part::default() };
        cursor.skip("份");
        day_or_stretch(cursor, &mut part);
        return Some(part);
    }
    if cursor.is_any(1, "日号") && digits <= 3 && (1..=31).contains(&value) {
        cursor.at += 2;
        let month = last.and_then(|l| l.month);
        return Some(Part { year: last_year, month, day: Some(value), ..Part::default() });
    }
    // `1-3月`, `22-24日`: the unit stands after the last number only.
    if last.is_none()
        && cursor.is_any(1, "-至到、~")
        && digits <= 2
        && let Some((second, _)) = cursor.number(2).filter(|(_, d)| *d <= 2)
    {
        if cursor.is(3, '月') && (1..=12).contains(&value) && second > value {
            cursor.at += 1;
            return Some(Part { month: Some(value), ..Part::default() });
        }
        if cursor.is_any(3, "日号") && (1..=31).contains(&value) && second > value {
            cursor.at += 1;
            return Some(Part { day: Some(value), ..Part::default() });
        }
    }
    if separated && digits <= 2 && (bare || last.is_some()) && (1..=12).contains(&value) {
        let (day, day_digits) = cursor.number(2)?;
        let more = cursor.is_any(3, ".") || cursor.is_any(3, "小学课分人名%h时元");
        let date = (1..=31).contains(&day) && day_digits <= 2 && !more;
        // `3-15` is a date, `2-3` after another date a run of days.
        if date && !(last.is_some_and(|l| l.day.is_some()) && cursor.is(1, '-') && after_dash(cursor)) {
            cursor.at += 3;
            cursor.skip("日");
            cursor.skip("号");
            return Some(Part { year: last_year, month: Some(value), day: Some(day), ..Part::default() });
        }
    }
    // A bare day after a joined date: `3月22-24`, `12.6-7`.
    if let Some(last) = last.filter(|l| l.day.is_some() || l.month.is_some()) {
        let ends =
            cursor.ahead(1).is_none() || cursor.is_any(1, "-、,，;；( 至到和及") || cursor.is_any(1, "日号");
        let later = last.day.is_none_or(|day| value > day);
        if last.day.is_some() && digits <= 2 && (1..=31).contains(&value) && ends && later {
            cursor.at += 1;
            cursor.skip("日");
            cursor.skip("号");
            return Some(Part { year: last.year, month: last.month, day: Some(value), ..Part::default() });
        }
    }
    None
}

/// Whether a dash stands right before: then the next dash does not part month and day.
fn after_dash(cursor: &Cursor<'_>) -> bool {
    cursor.at.checked_sub(1).is_some_and(|at| Cursor { pieces: cursor.pieces, at }.is(0, '-'))
}

fn full_year(value: u32, digits: u32) -> Option<i32> {
    let year = if digits == 2 { value + 2000 } else { value };
    (1900..2200).contains(&year).then(|| i32::try_from(year).ok()).flatten()
}

/// What may follow `2023年`.
fn after_year(cursor: &mut Cursor<'_>) -> Option<Part> {
    if cursor.is(0, ' ') {
        cursor.at += 1;
    }
    if let Some(period) = period(cursor) {
        return Some(period);
    }
    let (month, digits) = cursor.number(0)?;
    if digits > 2 {
        return None;
    }
    if cursor.is(1, '月') && !is_lunar_day(cursor, 2) {
        cursor.at += 2;
        cursor.skip("份");
        let mut part = Part { month: Some(month), ..Part::default() };
        day_or_stretch(cursor, &mut part);
        return Some(part);
    }
    if cursor.is_any(1, SEPARATORS) {
        let (day, _) = cursor.number(2)?;
        cursor.at += 3;
        cursor.skip("日");
        return Some(Part { month: Some(month), day: Some(day), ..Part::default() });
    }
    // `2023年1-3月`.
    None
}

fn day_or_stretch(cursor: &mut Cursor<'_>, part: &mut Part) {
    if cursor.is(0, ' ') {
        cursor.at += 1;
    }
    part.stretch = stretch(cursor);
    if part.stretch.is_some() {
        return;
    }
    let Some((day, digits)) = cursor.number(0).filter(|(_, digits)| *digits <= 3) else { return };
    // The next month of a range (`3月-5月`) is no day, nor the count of `5月3次`.
    if cursor.is(1, '月')
        || cursor.is_any(1, "次人名个项点时:")
        || digits > 2 && day < 100 && !cursor.is_any(1, "日号")
    {
        return;
    }
    part.day = Some(day);
    cursor.at += 1;
    if !cursor.skip("日") {
        cursor.skip("号");
    }
}

/// 第一季度, 上半年.
fn period(cursor: &mut Cursor<'_>) -> Option<Part> {
    let start = cursor.at;
    for (word, half) in [("上半年", 1), ("下半年", 2)] {
        if cursor.skip(word) {
            return Some(Part { half: Some(half), ..Part::default() });
        }
    }
    cursor.skip("第");
    if let Some((quarter, 1)) = cursor.number(0)
        && cursor.is(1, '季')
        && (1..=4).contains(&quarter)
    {
        cursor.at += 2;
        cursor.skip("度");
        return Some(Part { quarter: Some(quarter), ..Part::default() });
    }
    cursor.at = start;
    None
}
