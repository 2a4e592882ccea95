//! Dates in every spelling that ledgers use.
//!
//! In: a cell and what is known of its year and month. Out: the span, what was written, whether the
//! year stood there, and a time of day that stood beside it. Total: no text makes it fail.

use super::scan::{Cursor, Piece, Token, pieces};
use crate::model::{Date, DateSpan, GridValue, Precision};

/// What is known where a date leaves something out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DateContext {
    pub(super) year: Option<i32>,
    pub(super) month: Option<u32>,
    /// Whether a bare number is a month (a column 月份), not a day.
    pub(super) months: bool,
}

/// A date as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateReading {
    pub(super) span: DateSpan,
    /// The year that stands in the text itself.
    pub(super) year: Option<i32>,
    /// Minutes from a first to a second time of day (9:00-11:30).
    pub(super) minutes: Option<u32>,
    /// Bytes of the text up to the end of the date; 0 where there is none.
    pub(super) end: usize,
}

impl DateReading {
    fn of(span: DateSpan) -> Self {
        Self { span, year: None, minutes: None, end: 0 }
    }

    /// No date, and no fault.
    pub(super) fn blank() -> Self {
        Self::of(DateSpan::blank())
    }
}

/// The date in a cell.
pub(super) fn read(value: Option<&GridValue>, context: DateContext) -> DateReading {
    match value {
        None => DateReading::blank(),
        Some(GridValue::Serial(serial)) => from_serial(*serial),
        Some(GridValue::Number(number)) => from_number(*number, context),
        Some(GridValue::Text(text)) => from_text(text.trim(), context),
        Some(GridValue::Bool(truth)) => DateReading::of(DateSpan::unreadable(truth.to_string())),
        Some(GridValue::Error(error)) => DateReading::of(DateSpan::unreadable(error.clone())),
    }
}

fn from_serial(serial: f64) -> DateReading {
    if (0.0..1.0).contains(&serial) {
        return DateReading::blank();
    }
    match Date::from_serial(serial) {
        Some(day) => {
            let span = DateSpan::new(day, day, Precision::Day, day.to_string());
            DateReading { year: Some(day.year()), ..DateReading::of(span) }
        }
        None => DateReading::of(DateSpan::unreadable(serial.to_string())),
    }
}

fn from_number(number: f64, context: DateContext) -> DateReading {
    if number.fract() == 0.0 && (30_000.0..80_000.0).contains(&number) {
        return from_serial(number);
    }
    // A serial with a time of day.
    if number.fract() != 0.0 && (30_000.0..80_000.0).contains(&number) {
        return from_serial(number);
    }
    from_text(&number.to_string(), context)
}

/// The date in a text.
pub(super) fn from_text(text: &str, context: DateContext) -> DateReading {
    let pieces = pieces(text);
    if let Some(reading) = recurring(text, &pieces, context) {
        return reading;
    }
    for start in 0..pieces.len().min(24) {
        let mut cursor = Cursor { pieces: &pieces, at: start };
        // Inside a word such as 第三党支部 or after other digits no date begins.
        if let Some(found) = run(&mut cursor, start == 0 || pieces.len() <= 16) {
            let end = cursor.byte(text);
            return resolve(text, &found, context, end);
        }
    }
    if let [Piece { token: Token::Num { value, .. }, .. }] = pieces.as_slice() {
        return bare_number(text, *value, context);
    }
    if pieces.is_empty() || says_nothing(text) {
        return DateReading::blank();
    }
    let minutes = clock_range(&pieces);
    if minutes.is_some() {
        return DateReading { minutes, ..DateReading::blank() };
    }
    DateReading::of(DateSpan::unreadable(text))
}

/// The date with which a text begins, if it begins with one.
pub(super) fn at_start(text: &str, context: DateContext) -> Option<DateReading> {
    let pieces = pieces(text);
    let mut cursor = Cursor::new(&pieces);
    let found = run(&mut cursor, true)?;
    // A bare `3.15` followed by a unit is no date.
    if cursor.is_any(0, "%％元名个次条件项倍") {
        return None;
    }
    let end = cursor.byte(text);
    Some(resolve(text, &found, context, end))
}

fn bare_number(text: &str, value: u32, context: DateContext) -> DateReading {
    let part = match value {
        1..=12 if context.months => Part { month: Some(value), ..Part::default() },
        1..=31 if context.month.is_some() => Part { day: Some(value), ..Part::default() },
        1990..=2100 => {
            return DateReading {
                year: i32::try_from(value).ok(),
                ..DateReading::of(DateSpan { raw: text.to_owned(), ..DateSpan::blank() })
            };
        }
        30_000..=80_000 => return from_serial(f64::from(value)),
        _ => return DateReading::of(DateSpan::unreadable(text)),
    };
    let found = Found { parts: vec![part], clocks: Vec::new() };
    resolve(text, &found, context, text.len())
}

fn says_nothing(text: &str) -> bool {
    const NOTHING: [&str; 23] = [
        "／",
        "待定",
        "无",
        "未定",
        "不定期",
        "长期",
        "全年",
        "常年",
        "/",
        "-",
        "—",
        "——",
        "\\",
        "暂无",
        "待补",
        "另行通知",
        "适时",
        "经常",
        "每周",
        "每月",
        "每季度",
        "每年",
        "年度",
    ];
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    NOTHING.contains(&bare.as_str())
        || bare.chars().all(|c| "/\\-—_－.…·×*、。".contains(c))
        || bare.starts_with("每周")
}

/// 每月5日: the day of the month that is known, or no date.
fn recurring(text: &str, pieces: &[Piece], context: DateContext) -> Option<DateReading> {
    let mut cursor = Cursor::new(pieces);
    if !cursor.skip("每月") && !cursor.skip("每个月") && !cursor.skip("当月") && !cursor.skip("本月")
    {
        if cursor.skip("每") {
            return Some(DateReading::of(DateSpan { raw: text.to_owned(), ..DateSpan::blank() }));
        }
        return None;
    }
    let day = cursor.number(0).filter(|_| cursor.is_any(1, "日号")).map(|(day, _)| day);
    let single = !cursor.is_any(2, "-至到、,");
    match (day.filter(|_| single), context.month) {
        (Some(day), Some(month)) => {
            let found = Found {
                parts: vec![Part { month: Some(month), day: Some(day), ..Part::default() }],
                clocks: Vec::new(),
            };
            Some(resolve(text, &found, context, text.len()))
        }
        _ => Some(DateReading::of(DateSpan { raw: text.to_owned(), ..DateSpan::blank() })),
    }
}

/// What one date says, as far as it says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Part {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    /// 上旬 1, 中旬 2, 下旬 and 月底 3.
    third: Option<u32>,
    quarter: Option<u32>,
    half: Option<u32>,
}

/// A run of dates that belong together.
struct Found {
    parts: Vec<Part>,
    clocks: Vec<u32>,
}

/// One date and all that are joined to it.
fn run(cursor: &mut Cursor<'_>, bare: bool) -> Option<Found> {
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

fn clock_range(pieces: &[Piece]) -> Option<u32> {
    between(&clock_times(pieces))
}

fn between(clocks: &[u32]) -> Option<u32> {
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
            day_or_third(cursor, &mut part);
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
    if cursor.is(1, '月') && digits <= 2 {
        cursor.at += 2;
        let mut part = Part { year: last_year, month: Some(value), ..Part::default() };
        cursor.skip("份");
        day_or_third(cursor, &mut part);
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
        if date && !(last.is_some_and(|l| l.day.is_some()) && cursor.is(1, '-')) {
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
    if cursor.is(1, '月') {
        cursor.at += 2;
        cursor.skip("份");
        let mut part = Part { month: Some(month), ..Part::default() };
        day_or_third(cursor, &mut part);
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

fn day_or_third(cursor: &mut Cursor<'_>, part: &mut Part) {
    if cursor.is(0, ' ') {
        cursor.at += 1;
    }
    for (word, third) in [("上旬", 1), ("中旬", 2), ("下旬", 3), ("底", 3), ("末", 3), ("初", 1), ("中", 2)]
    {
        if cursor.skip(word) {
            part.third = Some(third);
            return;
        }
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

/// First and last day of a part with its precision; `None` for a day that does not exist.
fn days(part: &Part, context: DateContext) -> Option<Option<(Date, Date, Precision)>> {
    let Some(year) = part.year.or(context.year) else { return Some(None) };
    if let Some(half) = part.half {
        let (from, to) = if half == 1 { (1, 6) } else { (7, 12) };
        return Some(Some((Date::new(year, from, 1)?, Date::last_of_month(year, to)?, Precision::Half)));
    }
    if let Some(quarter) = part.quarter {
        let from = quarter * 3 - 2;
        return Some(Some((
            Date::new(year, from, 1)?,
            Date::last_of_month(year, from + 2)?,
            Precision::Quarter,
        )));
    }
    let Some(month) = part.month.or(context.month.filter(|_| part.day.is_some())) else { return Some(None) };
    if let Some(day) = part.day {
        let day = Date::new(year, month, day)?;
        return Some(Some((day, day, Precision::Day)));
    }
    let last = Date::last_of_month(year, month)?;
    let (from, to) = match part.third {
        Some(1) => (Date::new(year, month, 1)?, Date::new(year, month, 10)?),
        Some(2) => (Date::new(year, month, 11)?, Date::new(year, month, 20)?),
        Some(_) => (Date::new(year, month, 21)?, last),
        None => (Date::new(year, month, 1)?, last),
    };
    Some(Some((from, to, Precision::Month)))
}

fn resolve(text: &str, found: &Found, context: DateContext, end: usize) -> DateReading {
    let raw = text.get(..end).unwrap_or(text).trim().to_owned();
    let year = found.parts.iter().find_map(|part| part.year);
    let minutes = between(&found.clocks);
    let reading = |span: DateSpan| DateReading { span, year, minutes, end };
    // A day before its month is known takes that of a later part: `22-24日` has none, `5、6月3日` rarely.
    let mut spans: Vec<(Date, Date, Precision)> = Vec::new();
    let mut year_here = year.or(context.year);
    for part in &found.parts {
        let context = DateContext { year: part.year.or(year_here), ..context };
        match days(part, context) {
            None => return reading(DateSpan::unreadable(raw)),
            Some(None) => {}
            Some(Some(span)) => {
                year_here = Some(span.0.year());
                spans.push(span);
            }
        }
    }
    let (Some(first), Some(last)) = (spans.first().copied(), spans.last().copied()) else {
        return reading(DateSpan { raw, ..DateSpan::blank() });
    };
    let mut to = last.1;
    // A run over New Year: 12月30日-1月2日.
    if to < first.0 && found.parts.last().is_some_and(|p| p.year.is_none() || p.year == year) {
        to = Date::new(to.year() + 1, to.month(), to.day()).unwrap_or(to);
        let far = to.month() > 2 || first.0.month() < 11;
        if far {
            to = spans.iter().map(|s| s.1).max().unwrap_or(first.1);
        }
    }
    let from = if to < first.0 { to } else { first.0 };
    let coarsest = spans.iter().map(|s| s.2).max().unwrap_or(Precision::Day);
    reading(DateSpan::new(from, to, coarsest, raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: DateContext = DateContext { year: Some(2023), month: None, months: false };
    const MARCH: DateContext = DateContext { year: Some(2023), month: Some(3), months: false };

    fn show(reading: &DateReading) -> String {
        let span = &reading.span;
        let day = |d: Option<Date>| d.map_or("-".to_owned(), |d| d.to_string());
        let valid = if span.valid { "" } else { " 误" };
        format!("{} {} {}{valid}", day(span.start), day(span.end), span.precision.as_str())
    }

    #[test]
    fn every_spelling_of_a_day_is_read() {
        let d = "2023-03-05 2023-03-05 day";
        for text in [
            "2023年3月5日",
            "2023.3.5",
            "2023-03-05",
            "2023/3/5",
            "2023 年 3 月 5 日 ",
            "20230305",
            "２０２３年３月５日",
            "二〇二三年三月五日",
            "二零二三年三月五日",
            "3月5日",
            "3.5",
            "3-5",
            "3/5",
            "3月5号",
            "三月五日下午",
            "3月5日（周日）",
            "2023年3月5日下午3:00",
            "2023/3/5 14:30",
            "2023-03-05 14:30:00",
            "23.3.5",
            "23年3月5日",
            "2023年3月5",
            "2023.03.05上午",
            "2023\\3\\5",
            "3月5日 星期日",
            "2023年03月05日9时30分",
            "230305",
        ] {
            assert_eq!(show(&from_text(text, YEAR)), d, "{text}");
        }
        for text in ["5日", "5号", "每月5日", "5", "5日下午"] {
            assert_eq!(show(&from_text(text, MARCH)), d, "{text}");
        }
    }

    #[test]
    fn ranges_run_from_the_first_to_the_last_day() {
        for (text, expected) in [
            ("3月2日至4日", "2023-03-02 2023-03-04 day"),
            ("2月22-24日", "2023-02-22 2023-02-24 day"),
            ("2023.12.6-2023.12.7", "2023-12-06 2023-12-07 day"),
            ("2023.12.6-12.7", "2023-12-06 2023-12-07 day"),
            ("2023.12.6-7", "2023-12-06 2023-12-07 day"),
            ("12月30日—1月2日", "2023-12-30 2024-01-02 day"),
            ("3月5、6日", "2023-03-05 2023-03-06 day"),
            ("3月5日、4月2日", "2023-03-05 2023-04-02 day"),
            ("3月5日上午9:00至3月6日下午5:00", "2023-03-05 2023-03-06 day"),
            ("2023年3月2日-2023年3月4日", "2023-03-02 2023-03-04 day"),
            ("1-3月", "2023-01-01 2023-03-31 month"),
            ("3月1日到31日", "2023-03-01 2023-03-31 day"),
        ] {
            assert_eq!(show(&from_text(text, YEAR)), expected, "{text}");
        }
        assert_eq!(show(&from_text("23日、25日", MARCH)), "2023-03-23 2023-03-25 day");
        assert_eq!(show(&from_text("22-24日", MARCH)), "2023-03-22 2023-03-24 day");
    }

    #[test]
    fn coarse_dates_keep_their_precision() {
        for (text, expected) in [
            ("5月中旬", "2023-05-11 2023-05-20 month"),
            ("2023年5月上旬", "2023-05-01 2023-05-10 month"),
            ("2月底", "2023-02-21 2023-02-28 month"),
            ("2023年4月", "2023-04-01 2023-04-30 month"),
            ("2023.05", "2023-05-01 2023-05-31 month"),
            ("202305", "2023-05-01 2023-05-31 month"),
            ("5月份", "2023-05-01 2023-05-31 month"),
            ("一季度", "2023-01-01 2023-03-31 quarter"),
            ("2023年第三季度", "2023-07-01 2023-09-30 quarter"),
            ("下半年", "2023-07-01 2023-12-31 half"),
            ("每月5日", "- - none"),
            ("待定", "- - none"),
            ("／", "- - none"),
            ("2023年", "- - none"),
        ] {
            assert_eq!(show(&from_text(text, YEAR)), expected, "{text}");
        }
    }

    #[test]
    fn impossible_dates_are_faults() {
        for text in
            ["2月30日", "6月31日", "13月5日", "20230231", "2023年2月29日", "2023.13.5", "#REF!", "3月0日"]
        {
            assert_eq!(show(&from_text(text, YEAR)), "- - none 误", "{text}");
        }
        assert_eq!(show(&read(Some(&GridValue::Error("#N/A".to_owned())), YEAR)), "- - none 误");
    }

    #[test]
    fn numbers_are_serials_or_dates_in_digits() {
        for (number, expected) in [
            (44_990.0, "2023-03-05 2023-03-05 day"),
            (44_990.6, "2023-03-05 2023-03-05 day"),
            (20_230_305.0, "2023-03-05 2023-03-05 day"),
            (3.15, "2023-03-15 2023-03-15 day"),
            (2023.05, "2023-05-01 2023-05-31 month"),
        ] {
            assert_eq!(show(&read(Some(&GridValue::Number(number)), YEAR)), expected, "{number}");
        }
    }

    #[test]
    fn times_of_day_give_a_duration() {
        for (text, minutes) in [
            ("3月5日9:00-11:30", Some(150)),
            ("3月5日（9:00-11:30）", Some(150)),
            ("3月5日下午2:30—4:00", Some(90)),
            ("3月5日下午3:00", None),
            ("3月5日下午", None),
            ("2023-03-05 14:30-16:00", Some(90)),
        ] {
            assert_eq!(from_text(text, YEAR).minutes, minutes, "{text}");
        }
    }

    #[test]
    fn a_date_begins_a_text_or_does_not() {
        for (text, rest) in [
            ("3月8日召开支委会", Some("召开支委会")),
            ("3月8日，召开支委会", Some("，召开支委会")),
            ("20日：研究", Some("：研究")),
            ("2023年3月8日下午，全体", Some("，全体")),
            ("第三党支部召开", None),
            ("1.学习", None),
            ("研究3月8日的事", None),
        ] {
            let found = at_start(text, MARCH).map(|r| text.get(r.end..).unwrap_or("").to_owned());
            assert_eq!(found.as_deref(), rest, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "[0-9年月日号季度上下半旬至到、.:/ \\-（）第每一二三十〇点时分 a-z]{0,24}") {
            let reading = from_text(&text, MARCH);
            proptest::prop_assert!(reading.end <= text.len());
            let _ = at_start(&text, DateContext::default());
        }

        #[test]
        fn no_text_at_all_makes_it_fail(text in "\\PC{0,30}") {
            let _ = from_text(&text, YEAR);
        }

        #[test]
        fn every_day_reads_back(year in 1990_i32..2099, month in 1_u32..=12, day in 1_u32..=31) {
            if let Some(date) = Date::new(year, month, day) {
                let reading = from_text(&date.chinese(), DateContext::default());
                proptest::prop_assert_eq!(reading.span.start, Some(date));
                let reading = from_text(&date.to_string(), DateContext::default());
                proptest::prop_assert_eq!(reading.span.end, Some(date));
            }
        }
    }
}
