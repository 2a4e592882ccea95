//! Durations with their units, in minutes.
//!
//! In: a cell and what its heading says of the unit. Out: minutes. Total: no text makes it fail.

use super::date_parts;
use super::scan::{Cursor, Token, pieces};
use crate::model::GridValue;

/// The longest duration that a ledger can mean: thirty days.
const LONGEST: f64 = 30.0 * 480.0;

/// The minutes of a cell; `per_unit` are the minutes of a bare number, where the heading says so.
pub(super) fn read(value: &GridValue, per_unit: Option<u32>) -> Option<u32> {
    match value {
        GridValue::Number(number) => bare(*number, per_unit),
        // A time of day as duration: 1:30.
        GridValue::Serial(serial) if (0.0..2.0).contains(serial) => whole(serial * 24.0 * 60.0),
        GridValue::Text(text) => from_text(text, per_unit),
        GridValue::Serial(_) | GridValue::Bool(_) | GridValue::Error(_) => None,
    }
}

fn bare(number: f64, per_unit: Option<u32>) -> Option<u32> {
    let unit = match per_unit {
        Some(minutes) => f64::from(minutes),
        // Without a unit anywhere 90 are minutes: nobody sits for 90 hours.
        None if number >= 15.0 => 1.0,
        None => 60.0,
    };
    whole(number * unit)
}

fn whole(minutes: f64) -> Option<u32> {
    let sound = minutes.is_finite() && (0.0..=LONGEST).contains(&minutes);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie in 0..=LONGEST"
    )]
    sound.then(|| minutes.round() as u32)
}

/// The minutes of a text.
pub(super) fn from_text(text: &str, per_unit: Option<u32>) -> Option<u32> {
    // 两 is a numeral only before a unit.
    let text: String = text
        .chars()
        .map(|c| if matches!(c, '两' | '兩') { '二' } else { c })
        .filter(|c| !c.is_whitespace())
        .collect();
    if let Some(minutes) = date_parts::clock_range_in(&text) {
        return Some(minutes);
    }
    let pieces = pieces(&text);
    let mut cursor = Cursor::new(&pieces);
    let (mut total, mut found) = (0.0, false);
    let mut single: Option<f64> = None;
    while !cursor.done() {
        if cursor.skip("半") {
            let of = ["天", "日", "小时", "个小时", "学时", "课时", "个学时"]
                .into_iter()
                .find(|unit| cursor.skip(unit));
            if let Some(unit) = of {
                total += if unit == "天" || unit == "日" { 240.0 } else { 30.0 };
                found = true;
            }
            continue;
        }
        let Some(number) = decimal(&mut cursor) else {
            cursor.at += 1;
            continue;
        };
        cursor.skip("个");
        let half = cursor.skip("半");
        let number = if half { number + 0.5 } else { number };
        match unit(&mut cursor) {
            Some(minutes) => {
                let half_after = !half && cursor.skip("半");
                total += (if half_after { number + 0.5 } else { number }) * minutes;
                found = true;
            }
            None => single = single.or(Some(number)),
        }
    }
    if found {
        return whole(total);
    }
    let rest = pieces.iter().filter(|p| matches!(p.token, Token::Ch(c) if !"约.".contains(c))).count();
    single.filter(|_| rest == 0).and_then(|number| bare(number, per_unit))
}

fn decimal(cursor: &mut Cursor<'_>) -> Option<f64> {
    let (value, _) = cursor.number(0)?;
    cursor.at += 1;
    let mut number = f64::from(value);
    if cursor.is_any(0, ".点")
        && let Some((fraction, digits)) = cursor.number(1).filter(|(_, digits)| *digits <= 4)
    {
        let chinese_clock = cursor.is(0, '点') && cursor.is_any(2, "分-至");
        if !chinese_clock {
            number += f64::from(fraction) / 10_f64.powi(i32::try_from(digits).unwrap_or(4));
            cursor.at += 2;
        }
    }
    Some(number)
}

fn unit(cursor: &mut Cursor<'_>) -> Option<f64> {
    let units: [(&str, f64); 20] = [
        ("小时", 60.0),
        ("学时", 60.0),
        ("课时", 60.0),
        ("钟头", 60.0),
        ("hours", 60.0),
        ("hour", 60.0),
        ("hrs", 60.0),
        ("hr", 60.0),
        ("h", 60.0),
        ("H", 60.0),
        ("分钟", 1.0),
        ("minutes", 1.0),
        ("mins", 1.0),
        ("min", 1.0),
        ("分", 1.0),
        ("m", 1.0),
        ("整天", 480.0),
        ("天", 480.0),
        ("日", 480.0),
        ("刻钟", 15.0),
    ];
    if let Some((_, minutes)) = units.iter().find(|(word, _)| cursor.skip(word)) {
        return Some(*minutes);
    }
    // 时 alone, but not the clock of `9时-11时`.
    if cursor.is(0, '时') && !cursor.is_any(1, "-至到") {
        cursor.at += 1;
        return Some(60.0);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_their_units() {
        for (text, minutes) in [
            ("90分钟", Some(90)),
            ("1学时", Some(60)),
            ("0.5课时", Some(30)),
            ("2.5h", Some(150)),
            ("半天", Some(240)),
            ("一天", Some(480)),
            ("1天", Some(480)),
            ("1.5天", Some(720)),
            ("两小时", Some(120)),
            ("一个半小时", Some(90)),
            ("两个半小时", Some(150)),
            ("半小时", Some(30)),
            ("半个小时", Some(30)),
            ("约2小时", Some(120)),
            ("2小时30分", Some(150)),
            ("0小时30分", Some(30)),
            ("２．５小时", Some(150)),
            ("9:00-11:30", Some(150)),
            ("9时-11时", Some(120)),
            ("2", Some(120)),
            ("90", Some(90)),
            ("1小时半", Some(90)),
            ("兩小時", Some(120)),
            ("叁小时", Some(180)),
            ("贰课时", Some(120)),
            ("较长", None),
        ] {
            assert_eq!(from_text(text, None), minutes, "{text}");
        }
        assert_eq!(read(&GridValue::Number(45.0), Some(1)), Some(45));
        assert_eq!(read(&GridValue::Number(2.0), Some(60)), Some(120));
        assert_eq!(read(&GridValue::Number(f64::NAN), None), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "[0-9一二两半个小时分钟天学课.:hm约-]{0,16}") {
            let _ = from_text(&text, None);
        }
    }
}
