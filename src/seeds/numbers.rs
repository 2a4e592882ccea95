//! Small numbers as lists write them: 12, １２, 十二, and the marks before items.
//!
//! In: text. Out: numbers and marks. Never here: a value that belongs to a ledger.

/// The levels of numbering of official papers, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// 一、
    Chinese,
    /// （一）
    ChineseBracket,
    /// 1. 1、 第1条 第一条
    Arabic,
    /// （1） 1） ①
    ArabicBracket,
}

/// A mark at the head of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark<'a> {
    /// Its level.
    pub(crate) style: Style,
    /// Its number.
    pub(crate) number: u32,
    /// The number as written, without brackets and stops.
    pub(crate) label: &'a str,
    /// The rest of the line, without leading blanks.
    pub(crate) rest: &'a str,
    /// Whether it may be no mark at all: only a blank after the number, or a date after it.
    pub(crate) weak: bool,
}

/// The number that a text writes in digits (either width) or in characters up to ninety-nine.
pub(crate) fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Some(digits) = text.chars().map(digit).collect::<Option<Vec<u32>>>() {
        return (digits.len() <= 5).then(|| digits.iter().fold(0, |sum, d| sum * 10 + d));
    }
    let unit =
        |c: char| "一二三四五六七八九".chars().position(|d| d == c).and_then(|at| u32::try_from(at + 1).ok());
    let chars: Vec<char> = text.chars().map(|c| if c == '两' { '二' } else { c }).collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        [a] => unit(*a),
        ['十', b] => Some(10 + unit(*b)?),
        [a, '十'] => Some(unit(*a)? * 10),
        [a, '十', b] => Some(unit(*a)? * 10 + unit(*b)?),
        _ => None,
    }
}

/// The value of a digit of either width.
pub(crate) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

/// Whether a character can stand in a number written in characters.
pub(crate) fn is_chinese_digit(c: char) -> bool {
    "一二三四五六七八九十两".contains(c)
}

/// The mark at the head of a trimmed line, if there is one.
pub(crate) fn mark(line: &str) -> Option<Mark<'_>> {
    circled(line).or_else(|| bracketed(line)).or_else(|| article(line)).or_else(|| plain(line))
}

fn circled(line: &str) -> Option<Mark<'_>> {
    let first = line.chars().next()?;
    let number = (u32::from(first)).checked_sub(u32::from('①')).filter(|n| *n < 20)? + 1;
    let (label, rest) = line.split_at(first.len_utf8());
    Some(Mark { style: Style::ArabicBracket, number, label, rest: rest.trim_start(), weak: false })
}

fn bracketed(line: &str) -> Option<Mark<'_>> {
    let inner = line.strip_prefix(['（', '(', '〔', '【']).unwrap_or(line);
    let (label, rest) = inner.split_once(['）', ')', '〕', '】'])?;
    if label.chars().count() > 4 {
        return None;
    }
    let number = number(label)?;
    let opened = inner.len() < line.len();
    let style = match label.trim().chars().next() {
        Some(c) if digit(c).is_some() => Style::ArabicBracket,
        _ if opened => Style::ChineseBracket,
        _ => return None,
    };
    Some(Mark { style, number, label: label.trim(), rest: rest.trim_start(), weak: false })
}

fn article(line: &str) -> Option<Mark<'_>> {
    let inner = line.strip_prefix('第')?;
    let (label, rest) = inner.split_once(['条', '项'])?;
    if label.chars().count() > 4 {
        return None;
    }
    let number = number(label)?;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "：:、.．。".contains(c));
    Some(Mark { style: Style::Arabic, number, label: label.trim(), rest, weak: false })
}

fn plain(line: &str) -> Option<Mark<'_>> {
    let first = line.chars().next()?;
    let arabic = digit(first).is_some();
    let end = line
        .char_indices()
        .find(|(_, c)| !(if arabic { digit(*c).is_some() } else { is_chinese_digit(*c) }))
        .map_or(line.len(), |(at, _)| at);
    let (label, after) = line.split_at(end);
    let number = number(label).filter(|n| *n <= 999)?;
    let style = if arabic { Style::Arabic } else { Style::Chinese };
    let blank = after.trim_start();
    let stop = if arabic { ".．、。：:，" } else { "、.．" };
    if let Some(c) = blank.chars().next().filter(|c| stop.contains(*c)) {
        let rest = &blank[c.len_utf8()..];
        // `1.5万元` is an amount, but `1.6月底前完成` may be the first item.
        let digits = rest.chars().take_while(|c| digit(*c).is_some()).count();
        let decimal = arabic && ".．：:，".contains(c) && digits > 0;
        let dated = rest.chars().nth(digits).is_some_and(|c| "月年".contains(c));
        return (!decimal || dated).then(|| Mark {
            style,
            number,
            label,
            rest: rest.trim_start(),
            weak: decimal,
        });
    }
    let weak = arabic && (blank.len() < after.len() || blank.is_empty());
    (weak && blank.chars().next().is_none_or(|c| digit(c).is_none())).then_some(Mark {
        style,
        number,
        label,
        rest: blank,
        weak: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_in_all_their_dress() {
        use Style::{Arabic, ArabicBracket, Chinese, ChineseBracket};
        for (line, style, number, rest, weak) in [
            ("1.认真", Arabic, 1, "认真", false),
            ("1、认真", Arabic, 1, "认真", false),
            ("１．认真", Arabic, 1, "认真", false),
            ("１２ ． 认真", Arabic, 12, "认真", false),
            ("1 认真", Arabic, 1, "认真", true),
            ("3.", Arabic, 3, "", false),
            ("1.6月底前完成", Arabic, 1, "6月底前完成", true),
            ("第十二条 认真", Arabic, 12, "认真", false),
            ("（1）认真", ArabicBracket, 1, "认真", false),
            ("2) 认真", ArabicBracket, 2, "认真", false),
            ("③认真", ArabicBracket, 3, "认真", false),
            ("（二）认真", ChineseBracket, 2, "认真", false),
            ("一、领导责任", Chinese, 1, "领导责任", false),
            ("二十一、领导责任", Chinese, 21, "领导责任", false),
        ] {
            let found = mark(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (found.style, found.number, found.rest, found.weak),
                (style, number, rest, weak),
                "{line}"
            );
        }
    }

    #[test]
    fn dates_and_amounts_are_no_marks() {
        for line in [
            "12.31前完成",
            "2023年工作",
            "3.5万元",
            "一是认真",
            "一岗双责",
            "12次以上",
            "（试行）",
            "1.1 认真",
        ] {
            assert_eq!(mark(line), None, "{line}");
        }
    }

    #[test]
    fn numbers_are_read_in_digits_and_characters() {
        for (text, value) in
            [("12", 12), ("１２", 12), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31), ("两", 2)]
        {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", "百", "一二三", "甲", "1a", "123456"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
