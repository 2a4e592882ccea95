//! What a short text looks like: a month, a quarter, a date, a clock time, a numbered heading.

use crate::model::GridValue;

/// The number that Chinese or Arabic digits up to 99 stand for.
pub(super) fn numeral(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        return text.parse().ok().filter(|n| *n < 10_000);
    }
    let mut total = 0;
    let mut digit = None;
    for c in text.chars() {
        match c {
            '十' => {
                total += digit.take().unwrap_or(1) * 10;
            }
            '廿' => total += 20,
            '卅' => total += 30,
            _ => {
                let value =
                    "〇一二三四五六七八九".chars().position(|d| d == c).or((c == '零').then_some(0))?;
                if digit.is_some() {
                    return None;
                }
                digit = u32::try_from(value).ok();
            }
        }
    }
    Some(total + digit.unwrap_or(0))
}

/// The month that a folded text is: `1月`, `一月份`, `2023年3月`, `2023.03`, `03`.
///
/// Bare numbers count only where `bare` says so (names of sheets).
pub(super) fn month(text: &str, bare: bool) -> Option<u32> {
    let text = text.trim_matches(|c: char| "()[]【】“”\"：:、.".contains(c));
    let text = after_year(text).unwrap_or(text);
    let inner = ["月份", "月"].iter().find_map(|suffix| text.strip_suffix(suffix));
    match inner {
        Some("元") => Some(1),
        Some(inner) => numeral(inner.strip_prefix('第').unwrap_or(inner)),
        None if bare => numeral(text),
        None => None,
    }
    .filter(|month| (1..=12).contains(month))
}

/// What stands after a year such as `2023年`, `2023年度`, `2023.` or `2023-`.
fn after_year(text: &str) -> Option<&str> {
    let (year, rest) = text.split_at_checked(4)?;
    if !year.starts_with("20") || !year.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let rest = rest
        .strip_prefix("年度")
        .or_else(|| rest.strip_prefix('年'))
        .or_else(|| rest.strip_prefix('.'))
        .or_else(|| rest.strip_prefix('-'))?;
    Some(rest)
}

/// Whether a folded text is a quarter or half a year: `第一季度`, `上半年`, `1季度`.
pub(super) fn is_quarter(text: &str) -> bool {
    let text = text.trim_matches(|c: char| "()[]【】“”\"：:、".contains(c));
    let text = after_year(text).unwrap_or(text);
    if matches!(text, "上半年" | "下半年") {
        return true;
    }
    let inner = text.strip_prefix('第').unwrap_or(text);
    let inner = inner.strip_suffix("季度").or_else(|| inner.strip_suffix('季'));
    inner.and_then(numeral).is_some_and(|n| (1..=4).contains(&n))
}

/// Whether a folded text is a month, quarter or half a year.
pub(super) fn is_period(text: &str) -> bool {
    month(text, false).is_some() || is_quarter(text)
}

/// Whether a value looks like a date and little else.
pub(super) fn is_date(value: &GridValue) -> bool {
    match value {
        GridValue::Serial(serial) => *serial >= 1.0,
        GridValue::Number(number) => {
            number.fract() == 0.0
                && ((36_526.0..55_153.0).contains(number) || (19_900_101.0..21_000_000.0).contains(number))
        }
        GridValue::Text(text) => is_date_text(text),
        GridValue::Bool(_) | GridValue::Error(_) => false,
    }
}

fn is_date_text(text: &str) -> bool {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > 40 {
        return false;
    }
    let starts = starts_like_date(text);
    let digits = text.chars().filter(|c| is_digit(*c)).count();
    starts && (digits * 3 >= length || length <= 12) || matches!(text, "同上" | "〃") || is_stretch(text)
}

/// Whether a text is a part of the month that sheet or section gives: 中旬, 月底.
fn is_stretch(text: &str) -> bool {
    after_stretch(text).is_some_and(str::is_empty)
}

/// Whether a text begins with a part of the month and a mark behind it: `下旬，开展志愿服务`.
pub(super) fn starts_with_stretch(text: &str) -> bool {
    after_stretch(text.trim_start()).is_some_and(|rest| rest.starts_with(['，', ',', '：', ':', '、', ' ']))
}

fn after_stretch(text: &str) -> Option<&str> {
    const STRETCHES: [&str; 9] = ["上旬", "中旬", "下旬", "上半月", "下半月", "月初", "月中", "月底", "月末"];
    STRETCHES.iter().find_map(|word| text.strip_prefix(word))
}

/// Whether a text begins with a date, whatever follows.
pub(super) fn starts_like_date(text: &str) -> bool {
    // A lunar date is one, though nobody can tell its day.
    if ["腊月", "冬月", "正月", "农历", "阴历"].iter().any(|word| text.trim_start().starts_with(word))
    {
        return true;
    }
    let mut runs = 0;
    let mut last = ' ';
    let mut in_digits = false;
    let mut first = true;
    let mut count = 0;
    for c in text.trim_start().chars().filter(|c| !c.is_whitespace()).take(14) {
        // 元月 is the first month.
        if is_digit(c) || c == '元' {
            if !in_digits {
                runs += 1;
            }
            in_digits = true;
            count += 1;
            if count == 8 && runs == 1 {
                return true;
            }
        } else if matches!(c, '第' | '每' | '上' | '下') && first {
            in_digits = false;
        } else if in_digits && matches!(c, '月' | '日' | '号' | '季' | '旬')
            || matches!(c, '半' | '年') && matches!(last, '上' | '下' | '半')
        {
            return true;
        } else if in_digits && matches!(c, '年') {
            in_digits = false;
            if count == 4 {
                return true;
            }
        } else if in_digits && matches!(c, '.' | '/' | '-' | '．' | '／' | '－' | '—') {
            in_digits = false;
        } else {
            break;
        }
        first = false;
        last = c;
    }
    // `3.15` and `2023-3-15`, but not the numbering of `1.学习`.
    runs >= 2
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c) || "〇零一二三四五六七八九十廿卅".contains(c)
}

/// Whether a value is a time of day.
pub(super) fn is_clock(value: &GridValue) -> bool {
    match value {
        GridValue::Serial(serial) => (0.0..1.0).contains(serial),
        GridValue::Text(text) => {
            let digits = text.chars().any(is_digit);
            digits
                && !text.contains(['年', '月', '日', '号'])
                && (text.contains([':', '：']) || text.contains('点') || text.contains('时'))
                && text.chars().count() <= 20
        }
        _ => false,
    }
}

/// A text without a numbering such as `一、`, `（二）`, `3.` or `①`, and whether there was one.
pub(super) fn without_numbering(text: &str) -> (&str, bool) {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(|c: char| ('①'..='⑳').contains(&c)) {
        return (rest.trim_start(), true);
    }
    let (inner, bracketed) = match text.strip_prefix(['（', '(']) {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let end = inner.find(|c: char| !is_digit(c)).unwrap_or(inner.len());
    let (number, rest) = inner.split_at_checked(end).unwrap_or(("", inner));
    if number.is_empty() || number.chars().count() > 3 {
        return (text, false);
    }
    let rest = if bracketed {
        rest.strip_prefix(['）', ')']).map(|r| r.strip_prefix(['、', '.', '．']).unwrap_or(r))
    } else {
        rest.strip_prefix(['、', '.', '．', ')', '）', '，', ',', '：', ':'])
    };
    rest.map_or((text, false), |rest| (rest.trim_start(), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_quarters_are_told() {
        for (text, bare, expected) in [
            ("1月", false, Some(1)),
            ("十二月份", false, Some(12)),
            ("元月", false, Some(1)),
            ("2023年元月份", false, Some(1)),
            ("2023年3月", false, Some(3)),
            ("2023.03", true, Some(3)),
            ("04", true, Some(4)),
            ("04", false, None),
            ("13月", false, None),
            ("本月", false, None),
        ] {
            assert_eq!(month(text, bare), expected, "{text}");
        }
        assert!(is_quarter("第三季度") && is_quarter("2023年上半年") && !is_quarter("第五季度"));
    }

    #[test]
    fn dates_are_told_from_numbering_and_prose() {
        for text in [
            "2023年3月5日",
            "3.15",
            "二月二日下午",
            "20230309",
            "5月中旬",
            "一季度",
            "2024.12.6-2024.12.7",
            "5日",
            "上半年",
            "元月五日",
            "2023年元月",
            "卅一日",
            "中旬",
            "月底",
        ] {
            assert!(is_date(&GridValue::Text(text.into())), "{text}");
        }
        for text in [
            "1.学习党章",
            "第三党支部",
            "18人",
            "一是学习，二是讨论",
            "3月8日召开支委会，研究发展党员工作并讨论其他事项",
            "上级",
            "元旦慰问",
            "下旬工作安排会议",
            "20元",
            "1",
        ] {
            assert!(!is_date(&GridValue::Text(text.into())), "{text}");
        }
    }

    #[test]
    fn numbering_is_taken_off() {
        for (text, rest, numbered) in [
            ("一、支委会", "支委会", true),
            ("（二）党课", "党课", true),
            ("①学习", "学习", true),
            ("3.15学习", "15学习", true),
            ("学习", "学习", false),
        ] {
            assert_eq!(without_numbering(text), (rest, numbered));
        }
    }
}
