//! Civil dates, and the spans that a ledger's wording gives.

use std::fmt;

/// A day of the Gregorian calendar that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Default for Date {
    /// 1900-01-01, the first day there is.
    fn default() -> Self {
        Self { year: 1900, month: 1, day: 1 }
    }
}

impl Date {
    /// The day, or `None` where there is no such day (2月30日) or the year is outside 1900–2199.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1900..=2199).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let month = u8::try_from(month).ok()?;
        let day = u8::try_from(day).ok()?;
        (day <= days_in_month(year, month)).then_some(Self { year: i16::try_from(year).ok()?, month, day })
    }

    /// The last day of a month, or `None` where there is no such month.
    #[must_use]
    pub fn last_of_month(year: i32, month: u32) -> Option<Self> {
        let short = u8::try_from(month).ok().filter(|m| (1..=12).contains(m))?;
        Self::new(year, month, u32::from(days_in_month(year, short)))
    }

    /// The day of a spreadsheet serial number in the 1900 system (1 is 1900-01-01, 60 the day
    /// that never was); a fraction is a time of day and is dropped.
    #[must_use]
    pub fn from_serial(serial: f64) -> Option<Self> {
        if !(1.0..=109_000.0).contains(&serial) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "checked to lie in 1..=109000")]
        let whole = serial.floor() as i64;
        let since_1900 = if whole >= 60 { whole - 1 } else { whole };
        Self::from_days(since_1900 - 25_568)
    }

    /// The day that lies `days` after 1970-01-01.
    fn from_days(days: i64) -> Option<Self> {
        // Counted in 400-year eras that begin on 1 March, so that the leap day is the last of its year.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    }

    /// The spreadsheet serial number in the 1900 system.
    #[must_use]
    pub fn serial(self) -> i64 {
        // Counted in 400-year eras that begin on 1 March, as in `from_days`.
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let since_1900 = year.div_euclid(400) * 146_097 + day_of_era - 719_468 + 25_568;
        if since_1900 >= 60 { since_1900 + 1 } else { since_1900 }
    }

    /// The year, in full.
    #[must_use]
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// The month, 1–12.
    #[must_use]
    pub fn month(self) -> u32 {
        u32::from(self.month)
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u32 {
        u32::from(self.day)
    }

    /// The quarter, 1–4.
    #[must_use]
    pub fn quarter(self) -> u32 {
        (self.month() - 1) / 3 + 1
    }

    /// `2023年3月5日`, as it stands in a document.
    #[must_use]
    pub fn chinese(self) -> String {
        format!("{}年{}月{}日", self.year, self.month, self.day)
    }
}

impl fmt::Display for Date {
    /// `2023-03-05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How exactly a ledger dates an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Precision {
    /// A day, or a run of days.
    Day,
    /// A month, or a third of one.
    Month,
    /// A quarter.
    Quarter,
    /// Half a year.
    Half,
    /// No date, or none that can be read.
    #[default]
    None,
}

impl Precision {
    /// The word of the stable line format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::None => "none",
        }
    }
}

/// The date of an activity, as coarse as its source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DateSpan {
    /// First day; `None` where no date can be read.
    pub start: Option<Date>,
    /// Last day; equal to `start` for a single day.
    pub end: Option<Date>,
    /// How exact the wording is.
    pub precision: Precision,
    /// False for an impossible date, an error cell, and a date outside the ledger's year.
    pub valid: bool,
    /// The wording of the cell.
    pub raw: String,
}

impl DateSpan {
    /// No date was given, which is no error.
    #[must_use]
    pub fn blank() -> Self {
        Self { valid: true, ..Self::default() }
    }

    /// Something stands there that is no date.
    #[must_use]
    pub fn unreadable(raw: impl Into<String>) -> Self {
        Self { raw: raw.into(), ..Self::default() }
    }

    /// A valid span.
    #[must_use]
    pub fn new(start: Date, end: Date, precision: Precision, raw: impl Into<String>) -> Self {
        Self { start: Some(start), end: Some(end), precision, valid: true, raw: raw.into() }
    }

    /// The span in words for a reader: `2023-03-05`, `2023-03-05至2023-03-07`, `2023年3月`, or the raw wording.
    #[must_use]
    pub fn display(&self) -> String {
        match (self.start, self.end, self.precision) {
            (Some(start), Some(end), Precision::Day) if start == end => start.to_string(),
            (Some(start), Some(end), Precision::Day) => format!("{start}至{end}"),
            (Some(start), _, Precision::Month) => format!("{}年{}月", start.year(), start.month()),
            (Some(start), _, Precision::Quarter) => format!("{}年第{}季度", start.year(), start.quarter()),
            (Some(start), _, Precision::Half) => {
                format!("{}年{}半年", start.year(), if start.month() <= 6 { "上" } else { "下" })
            }
            _ => self.raw.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn serials_are_those_of_a_spreadsheet() {
        for (y, m, d, serial) in [(1900, 1, 1, 1), (1900, 2, 28, 59), (1900, 3, 1, 61), (2023, 3, 5, 44_990)]
        {
            let date = Date::new(y, m, d).unwrap();
            assert_eq!(date.serial(), serial);
            assert_eq!(Date::from_serial(serial as f64), Some(date));
        }
        for serial in 61..109_000 {
            assert_eq!(Date::from_serial(f64::from(serial)).unwrap().serial(), i64::from(serial));
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for (y, m, d) in
            [(2023, 2, 29), (2023, 2, 30), (2023, 6, 31), (2023, 13, 1), (2023, 1, 0), (1899, 1, 1)]
        {
            assert_eq!(Date::new(y, m, d), None, "{y}-{m}-{d}");
        }
        assert!(Date::new(2024, 2, 29).is_some());
        assert!(Date::new(2100, 2, 29).is_none());
    }

    #[test]
    fn serial_numbers_are_those_of_spreadsheets() {
        for (serial, text) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (44_577.0, "2022-01-16"),
            (45_292.75, "2024-01-01"),
        ] {
            assert_eq!(Date::from_serial(serial).map(|d| d.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Date::from_serial(f64::NAN), None);
        assert_eq!(Date::from_serial(0.5), None);
    }

    #[test]
    fn a_span_reads_as_coarse_as_it_is() {
        let day = |m, d| Date::new(2023, m, d).unwrap();
        let show = |a, b, p| DateSpan::new(a, b, p, "").display();
        assert_eq!(show(day(3, 5), day(3, 5), Precision::Day), "2023-03-05");
        assert_eq!(show(day(3, 1), day(3, 31), Precision::Month), "2023年3月");
        assert_eq!(show(day(7, 1), day(9, 30), Precision::Quarter), "2023年第3季度");
        assert_eq!(show(day(7, 1), day(12, 31), Precision::Half), "2023年下半年");
        assert_eq!(DateSpan::unreadable("2月30日").display(), "2月30日");
    }
}
