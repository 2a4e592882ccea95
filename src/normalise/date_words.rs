//! Words that stand for a part of a month, and days of the lunar calendar.
//!
//! In: a place in the pieces of a text. Out: the days of the month that a word stands for, or the
//! place behind a lunar date. Never here: turning lunar days into days of the common calendar.

use super::scan::{Cursor, Token};

/// What marks the end of a word that stands for a part of a month, and the verbs that may follow it.
const AFTER_STRETCH: &str = "，,：:、；;。()-~/ 至到和及与召开组举进";

/// Stretches of a month, and whether their wording is also the beginning of other words (初步, 中心组).
const STRETCHES: [(&str, (u32, u32), bool); 9] = [
    ("上旬", (1, 10), false),
    ("中旬", (11, 20), false),
    ("下旬", (21, 31), false),
    ("上半月", (1, 15), false),
    ("下半月", (16, 31), false),
    ("底", (21, 31), false),
    ("末", (21, 31), false),
    ("初", (1, 10), true),
    ("中", (11, 20), true),
];

/// A stretch of a month behind its month.
pub(super) fn stretch(cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    let start = cursor.at;
    for (word, days, ambiguous) in STRETCHES {
        if !cursor.skip(word) {
            continue;
        }
        // 3月底前 names the same days.
        if !ambiguous && !cursor.is(1, '后') {
            cursor.skip("前");
        }
        if !ambiguous || cursor.done() || cursor.is_any(0, AFTER_STRETCH) {
            return Some(days);
        }
        cursor.at = start;
    }
    None
}

/// A stretch without a month: 中旬, 月底. It needs an end behind it, for 月末考核 is no date.
pub(super) fn lone_stretch(cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    if !cursor.is_any(0, "上中下月") {
        return None;
    }
    let start = cursor.at;
    let named = cursor.skip("月") || !cursor.is(0, '中') || cursor.is(1, '旬');
    let found = stretch(cursor).filter(|_| named && (cursor.done() || cursor.is_any(0, AFTER_STRETCH)));
    if found.is_none() {
        cursor.at = start;
    }
    found
}

/// Steps over a date of the lunar calendar (腊月廿三, 农历五月初五), which the cells of a ledger name
/// beside the day and seldom instead of it.
pub(super) fn skip_lunar(cursor: &mut Cursor<'_>) -> bool {
    if !(cursor.is_any(0, "农阴旧正腊冬") || cursor.is(1, '月') && is_lunar_day(cursor, 2)) {
        return false;
    }
    let start = cursor.at;
    let named = ["农历", "阴历", "旧历"].into_iter().any(|word| cursor.skip(word));
    if named && cursor.is(1, '年') {
        cursor.at += 2;
    }
    let month = ["正月", "腊月", "冬月"].into_iter().any(|word| cursor.skip(word));
    if !month && cursor.number(0).is_some() && cursor.is(1, '月') {
        cursor.at += 2;
    } else if !month {
        cursor.at = start;
        return false;
    }
    cursor.skip("初");
    if cursor.number(0).is_some() {
        cursor.at += 1;
        cursor.skip("日");
    }
    true
}

/// Whether 初三 and the like stand here: days that only the lunar calendar counts so.
pub(super) fn is_lunar_day(cursor: &Cursor<'_>, offset: usize) -> bool {
    cursor.is(offset, '初') && matches!(cursor.ahead(offset + 1), Some(Token::Num { chinese: true, .. }))
}
