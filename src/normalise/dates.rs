//! Dates in every spelling that ledgers use.
//!
//! In: a cell and what is known of its year and month. Out: the span, what was written, whether the
//! year stood there, and a time of day that stood beside it. Total: no text makes it fail.

use super::date_parts::{Found, Part, between, clock_range, may_begin, run};
use super::date_words::{skip_lunar, stretch};
use super::scan::{Cursor, Piece, Token, pieces};
use crate::model::{Date, DateSpan, GridValue, Precision};
use crate::seeds::text::is_invisible;

/// Characters of a text in which its first date is looked for.
const LONGEST: usize = 300;

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

    /// No date, because what stands there is none.
    pub(super) fn unreadable(raw: String) -> Self {
        Self::of(DateSpan::unreadable(raw))
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
    let (mut start, mut lunar) = (0, false);
    while start < pieces.len().min(24) {
        let mut cursor = Cursor { pieces: &pieces, at: start };
        if skip_lunar(&mut cursor) {
            (start, lunar) = (cursor.at, true);
            continue;
        }
        // Inside a word such as 第三党支部 or after other digits no date begins.
        if let Some(found) = run(&mut cursor, start == 0 || pieces.len() <= 16) {
            let end = cursor.byte(text);
            return resolve(text, &found, context, end);
        }
        start += 1;
    }
    if let Some(found) = festival(text) {
        return resolve(text, &found, context, text.len());
    }
    if lunar {
        return DateReading::of(DateSpan::unreadable(text));
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
    let first = text.chars().find(|c| !c.is_whitespace() && !is_invisible(*c))?;
    if !may_begin(first) {
        return None;
    }
    let text = text.char_indices().nth(LONGEST).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
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

/// Whether a text holds a date of the lunar calendar.
pub(super) fn is_lunar(text: &str) -> bool {
    let pieces = pieces(text);
    (0..pieces.len().min(24)).any(|at| skip_lunar(&mut Cursor { pieces: &pieces, at }))
}

/// Festivals that are always the same single day, where one is all that a cell says.
fn festival(text: &str) -> Option<Found> {
    const FESTIVALS: [(&str, u32, u32); 12] = [
        ("元旦", 1, 1),
        ("元旦节", 1, 1),
        ("妇女节", 3, 8),
        ("植树节", 3, 12),
        ("青年节", 5, 4),
        ("儿童节", 6, 1),
        ("七一", 7, 1),
        ("建党节", 7, 1),
        ("八一", 8, 1),
        ("建军节", 8, 1),
        ("教师节", 9, 10),
        ("国庆节", 10, 1),
    ];
    let bare = text.trim_matches(|c: char| c.is_whitespace() || "“”\"".contains(c));
    let bare = bare.strip_suffix("当天").or_else(|| bare.strip_suffix("当日")).unwrap_or(bare);
    let (_, month, day) = FESTIVALS.into_iter().find(|(name, ..)| *name == bare)?;
    let part = Part { month: Some(month), day: Some(day), ..Part::default() };
    Some(Found { parts: vec![part], clocks: Vec::new() })
}

/// Whether a text stands for no day at all: 待定, a dash.
pub(super) fn says_nothing(text: &str) -> bool {
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
    let part = match day.filter(|_| single) {
        None => stretch(&mut cursor).map(|days| Part { stretch: Some(days), ..Part::default() }),
        day => Some(Part { day, ..Part::default() }),
    };
    match (part, context.month) {
        (Some(part), Some(month)) => {
            let parts = vec![Part { month: Some(month), ..part }];
            Some(resolve(text, &Found { parts, clocks: Vec::new() }, context, text.len()))
        }
        _ => Some(DateReading::of(DateSpan { raw: text.to_owned(), ..DateSpan::blank() })),
    }
}

/// The days that a part stands for.
enum Days {
    Span(Date, Date, Precision),
    /// Year or month are not known.
    Open,
    /// There is no such day.
    None,
}

/// First and last day of a part with its precision.
fn days(part: &Part, context: DateContext) -> Days {
    let Some(year) = part.year.or(context.year) else { return Days::Open };
    let months = |from: u32, to: u32, precision: Precision| match (
        Date::new(year, from, 1),
        Date::last_of_month(year, to),
    ) {
        (Some(first), Some(last)) => Days::Span(first, last, precision),
        _ => Days::None,
    };
    if let Some(half) = part.half {
        return if half == 1 { months(1, 6, Precision::Half) } else { months(7, 12, Precision::Half) };
    }
    if let Some(quarter) = part.quarter {
        return months(quarter * 3 - 2, quarter * 3, Precision::Quarter);
    }
    let partly = part.day.is_some() || part.stretch.is_some();
    let Some(month) = part.month.or(context.month.filter(|_| partly)) else { return Days::Open };
    if let Some(day) = part.day {
        return Date::new(year, month, day).map_or(Days::None, |day| Days::Span(day, day, Precision::Day));
    }
    let last_of_month = Date::last_of_month(year, month);
    let (from, to) = part.stretch.unwrap_or((1, 31));
    let to = if to == 31 { last_of_month } else { Date::new(year, month, to) };
    match (Date::new(year, month, from), to) {
        (Some(first), Some(last)) => Days::Span(first, last, Precision::Month),
        _ => Days::None,
    }
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
            Days::None => return reading(DateSpan::unreadable(raw)),
            Days::Open => {}
            Days::Span(from, to, precision) => {
                year_here = Some(from.year());
                spans.push((from, to, precision));
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
            "叁月伍日",
            "贰零贰叁年叁月伍日",
            "3月5日（农历二月十四）",
            "农历二月十四（3月5日）",
        ] {
            assert_eq!(show(&from_text(text, YEAR)), d, "{text}");
        }
        assert_eq!(show(&from_text("下旬", MARCH)), "2023-03-21 2023-03-31 month");
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
            ("2023-03-05至03-07", "2023-03-05 2023-03-07 day"),
            ("3.5-3.7", "2023-03-05 2023-03-07 day"),
            ("3月1日到31日", "2023-03-01 2023-03-31 day"),
        ] {
            assert_eq!(show(&from_text(text, YEAR)), expected, "{text}");
        }
        for (text, expected) in [
            ("中旬", "2023-03-11 2023-03-20 month"),
            ("下旬", "2023-03-21 2023-03-31 month"),
            ("月初", "2023-03-01 2023-03-10 month"),
            ("月中", "2023-03-11 2023-03-20 month"),
            ("月底", "2023-03-21 2023-03-31 month"),
            ("月末", "2023-03-21 2023-03-31 month"),
            ("上半月", "2023-03-01 2023-03-15 month"),
            ("下半月", "2023-03-16 2023-03-31 month"),
            ("每月中旬", "2023-03-11 2023-03-20 month"),
            ("本月下旬", "2023-03-21 2023-03-31 month"),
            ("5日至月底", "2023-03-05 2023-03-31 month"),
            ("卅一日", "2023-03-31 2023-03-31 day"),
            ("廿一", "2023-03-21 2023-03-21 day"),
        ] {
            assert_eq!(show(&from_text(text, MARCH)), expected, "{text}");
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
            ("3月上半月", "2023-03-01 2023-03-15 month"),
            ("2月下半月", "2023-02-16 2023-02-28 month"),
            ("3月中", "2023-03-11 2023-03-20 month"),
            ("3月初", "2023-03-01 2023-03-10 month"),
            ("元月", "2023-01-01 2023-01-31 month"),
            ("元月份", "2023-01-01 2023-01-31 month"),
            ("2023年元月下旬", "2023-01-21 2023-01-31 month"),
            ("5月中旬至下旬", "2023-05-11 2023-05-31 month"),
            ("中旬", "- - none"),
            ("每月5日", "- - none"),
            ("待定", "- - none"),
            ("／", "- - none"),
            ("2023年", "- - none"),
        ] {
            assert_eq!(show(&from_text(text, YEAR)), expected, "{text}");
        }
    }

    #[test]
    fn festivals_of_one_day_are_days_and_the_others_are_not() {
        for (text, expected) in [
            ("元旦", "2023-01-01 2023-01-01 day"),
            ("国庆节当天", "2023-10-01 2023-10-01 day"),
            ("“七一”", "2023-07-01 2023-07-01 day"),
            ("元月五日", "2023-01-05 2023-01-05 day"),
            ("元旦前后", "- - none 误"),
            ("春节", "- - none 误"),
            ("腊月廿三", "- - none 误"),
            ("冬月初八日", "- - none 误"),
            ("农历五月初五", "- - none 误"),
            ("三月初三", "- - none 误"),
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
            ("中旬召开支委会", Some("召开支委会")),
            ("月底：慰问", Some("：慰问")),
            ("月末考核", None),
            ("月底前完成", None),
            ("中心组学习", None),
            ("3月中心组学习", Some("中心组学习")),
            ("3月初步研究", Some("初步研究")),
            ("3月底前完成", Some("完成")),
            ("元旦慰问", None),
            ("三月初三开展慰问", None),
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
