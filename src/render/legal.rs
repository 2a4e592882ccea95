//! Text that any office file can hold.
//!
//! In: any text. Out: the same without characters that XML forbids, its line ends as `\n`.
//! Never here: escaping, which differs from format to format.

use std::borrow::Cow;

/// The text without control characters and non-characters; every kind of line end becomes `\n`.
pub(super) fn legal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(needs_change) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            other if needs_change(other) => {}
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

fn needs_change(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => true,
        // The last two code points of every plane are no characters.
        other => u32::from(other) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_file_can_hold_is_dropped() {
        for (text, want) in [
            ("", ""),
            ("第一支部 A\tB\nC", "第一支部 A\tB\nC"),
            ("一\r\n二\r三\u{2028}四\u{b}五", "一\n二\n三\n四\n五"),
            ("\0甲\u{1}\u{8}乙\u{1b}\u{fffe}\u{ffff}\u{feff}", "甲乙"),
            ("\u{fdd0}\u{1fffe}\u{10ffff}𠮷㛃\u{e000}", "𠮷㛃\u{e000}"),
            ("\u{7f}\u{80}", ""),
        ] {
            assert_eq!(legal(text), want, "{text:?}");
        }
        assert!(matches!(legal("照旧"), Cow::Borrowed(_)));
    }
}
