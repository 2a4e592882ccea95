//! Texts as they stand in a report: clean, but never reworded.

use crate::model::GridValue;
use crate::seeds::text::is_invisible;

/// A text without invisible characters and blanks around it; runs of blanks become one, line breaks
/// between Chinese characters go.
pub(super) fn clean(text: &str) -> String {
    if !text.chars().any(|c| c.is_whitespace() || is_invisible(c)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut broken = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            gap = true;
            broken |= c == '\n' || c == '\r';
            continue;
        }
        if gap {
            let before = out.chars().next_back();
            let joined =
                broken && before.is_some_and(|b| !b.is_ascii_alphanumeric()) && !c.is_ascii_alphanumeric();
            if before.is_some() && !joined {
                out.push(' ');
            }
            (gap, broken) = (false, false);
        }
        out.push(c);
    }
    out
}

/// Whether a text holds nothing that can be seen.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// The clean text of a value; an error value is no text.
pub(super) fn of(value: &GridValue) -> Option<String> {
    let text = match value {
        GridValue::Text(text) => clean(text),
        GridValue::Number(number) | GridValue::Serial(number) => number.to_string(),
        GridValue::Bool(truth) => if *truth { "是" } else { "否" }.to_owned(),
        GridValue::Error(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A name without inner blanks; several names keep their separators.
pub(super) fn name(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect()
}

/// A title without stops and separators around it.
pub(super) fn bare_title(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "，,：:、；;。.—-–".contains(c));
    let inner = text.strip_prefix('“').and_then(|t| t.strip_suffix('”'));
    inner.filter(|t| !t.contains('“')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned_and_not_reworded() {
        for (text, expected) in [
            (" 学习\u{200b}党章 ", "学习党章"),
            ("学习\n党章", "学习党章"),
            ("学习　　党章", "学习 党章"),
            ("part 1\nend", "part 1 end"),
            ("=学习", "=学习"),
        ] {
            assert_eq!(clean(text), expected);
            assert_eq!(clean(&clean(text)), clean(text));
        }
        assert_eq!(name("张　三"), "张三");
    }
}
