//! What a calendar says of days: their numbers and names, and how months follow each other.

use super::view::text_of;
use crate::model::{Date, GridValue};

/// A day as far as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) year: Option<i32>,
    pub(super) month: Option<u32>,
    /// From 1 to 31.
    pub(super) number: u32,
}

impl Day {
    /// The day with which a cell begins, and the text behind it.
    pub(super) fn leading(value: &GridValue) -> Option<(Self, String)> {
        match value {
            GridValue::Number(number) => {
                let number = (1_u32..=31).find(|day| (f64::from(*day) - number).abs() < f64::EPSILON)?;
                Some((Self { year: None, month: None, number }, String::new()))
            }
            GridValue::Serial(serial) => {
                let date = Date::from_serial(*serial)?;
                let (year, month) = (Some(date.year()), Some(date.month()));
                Some((Self { year, month, number: date.day() }, String::new()))
            }
            GridValue::Text(_) => {
                let text = text_of(value);
                Self::leading_text(&text).map(|(day, rest)| (day, rest.to_owned()))
            }
            GridValue::Bool(_) | GridValue::Error(_) => None,
        }
    }

    /// The day with which a text begins, and what follows: `5`, `5日党课`, `3月5日`, `3/5`. A number that
    /// counts something is none.
    fn leading_text(text: &str) -> Option<(Self, &str)> {
        const COUNTED: &str = "人名次个项位年月点时分元%％：:.-—~～至、/";
        let number = |text: &str| -> Option<(u32, usize)> {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            let number = text.get(..end).filter(|digits| (1..=2).contains(&digits.len()))?;
            Some((number.parse().ok()?, end))
        };
        let (first, end) = number(text)?;
        let rest = text.get(end..)?;
        let after_month = rest.strip_prefix(['月', '/', '.']).filter(|_| (1..=12).contains(&first));
        let (month, number, rest) = match after_month.and_then(|after| Some((number(after)?, after))) {
            Some(((day, end), after)) => (Some(first), day, after.get(end..)?),
            None => (None, first, rest),
        };
        let behind = rest.strip_prefix(['日', '号']);
        let counts =
            behind.is_none() && rest.starts_with(|c: char| c.is_ascii_digit() || COUNTED.contains(c));
        let rest = behind.unwrap_or(rest);
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "：:，,、".contains(c));
        ((1..=31).contains(&number) && !counts).then_some((Self { year: None, month, number }, rest))
    }

    /// The first day in a text that names its month: `第2周（3月4日-8日）`, `3.4—3.8`.
    pub(super) fn first_in(text: &str) -> Option<Self> {
        let dated = |c: char| c.is_ascii_digit() || "月./".contains(c);
        let mut runs =
            text.split(|c: char| !dated(c)).filter(|run| run.starts_with(|c: char| c.is_ascii_digit()));
        runs.find_map(|run| Self::leading_text(run).map(|(day, _)| day).filter(|day| day.month.is_some()))
    }

    /// The day some days after, at most a month.
    pub(super) fn later(self, days: u32) -> Option<Self> {
        // Without a year February is taken as short; a ledger that names none is not read further.
        let last = Date::last_of_month(self.year.unwrap_or(2023), self.month?)?.day();
        let number = self.number + days;
        if number <= last {
            return Some(Self { number, ..self });
        }
        let (year, month) = next_month(self.year, self.month);
        Some(Self { year, month, number: number - last })
    }

    /// The wording that the stage after this one reads.
    pub(super) fn text(self) -> String {
        let year = self.year.map_or_else(String::new, |year| format!("{year}年"));
        let month = self.month.map_or_else(String::new, |month| format!("{month}月"));
        format!("{year}{month}{}日", self.number)
    }
}

/// The month after another.
pub(super) fn next_month(year: Option<i32>, month: Option<u32>) -> (Option<i32>, Option<u32>) {
    match month {
        Some(12) => (year.map(|year| year + 1), Some(1)),
        month => (year, month.map(|month| month + 1)),
    }
}

/// The month before another.
pub(super) fn month_before(year: Option<i32>, month: Option<u32>) -> (Option<i32>, Option<u32>) {
    match month {
        Some(1) => (year.map(|year| year - 1), Some(12)),
        month => (year, month.map(|month| month.saturating_sub(1))),
    }
}

/// The weekday that a text names, 1 for Monday: `星期一`, `周二`, `三`, `日`, also with a date behind it.
pub(super) fn weekday(text: &str) -> Option<u32> {
    let text = text.trim();
    let bare = ["星期", "礼拜", "周"].iter().find_map(|word| text.strip_prefix(word));
    let mut chars = bare.unwrap_or(text).chars().filter(|c| !c.is_whitespace());
    let named = chars.next()?;
    let after = chars.next();
    if after.is_some_and(|c| bare.is_none() || !(c.is_ascii_digit() || "(（".contains(c))) {
        return None;
    }
    let at = "一二三四五六日".chars().position(|c| c == named).or((named == '天').then_some(6))?;
    u32::try_from(at + 1).ok()
}

/// Whether a folded text is a day of the lunar calendar: `初六`, `廿三`, `正月`.
pub(super) fn is_lunar(text: &str) -> bool {
    let length = text.chars().count();
    let digits = |text: &str| text.chars().all(|c| "一二三四五六七八九十".contains(c));
    let text = text.split_once('月').map(|(_, day)| day).filter(|day| !day.is_empty()).unwrap_or(text);
    (2..=5).contains(&length)
        && text.chars().count() <= 3
        && (text.strip_prefix(['初', '廿']).is_some_and(digits)
            || digits(text) && text.contains('十')
            || text.strip_suffix('月').is_some_and(|month| digits(month) || "正冬腊闰".contains(month)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_from_counts() {
        let day = |month, number| Day { year: None, month, number };
        for (text, expected) in [
            ("5", Some((day(None, 5), ""))),
            ("5日党课", Some((day(None, 5), "党课"))),
            ("3月5日 支委会", Some((day(Some(3), 5), "支委会"))),
            ("3/5", Some((day(Some(3), 5), ""))),
            ("28党课：学党章", Some((day(None, 28), "党课：学党章"))),
            ("3名党员参加", None),
            ("3月份", None),
            ("32", None),
            ("12:30", None),
        ] {
            assert_eq!(Day::leading_text(text), expected, "{text}");
        }
    }

    #[test]
    fn weeks_begin_on_the_day_that_they_name() {
        assert_eq!(Day::first_in("第2周(1.29—2.2)").map(Day::text).as_deref(), Some("1月29日"));
        assert_eq!(Day::first_in("第3周"), None);
        let day = Day { year: Some(2023), month: Some(12), number: 30 };
        assert_eq!(day.later(3).map(Day::text).as_deref(), Some("2024年1月2日"));
        assert_eq!(month_before(Some(2024), Some(1)), (Some(2023), Some(12)));
    }

    #[test]
    fn weekdays_and_lunar_days_are_told() {
        for (text, expected) in [
            ("星期一", Some(1)),
            ("周日", Some(7)),
            ("三", Some(3)),
            ("周五\n3月8日", Some(5)),
            ("一月", None),
        ] {
            assert_eq!(weekday(text), expected, "{text}");
        }
        for (text, expected) in [
            ("初六", true),
            ("廿三", true),
            ("十五", true),
            ("腊月", true),
            ("八月初一", true),
            ("党课", false),
        ] {
            assert_eq!(is_lunar(text), expected, "{text}");
        }
    }
}
