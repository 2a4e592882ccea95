//! Names under which files can be stored on Windows as on any other system.
//!
//! In: the name of a unit. Out: a file name without its ending. Never here: folders, endings.

use sha2::{Digest, Sha256};

use super::legal::legal;

/// The longest name in characters; with an ending and a folder it stays below Windows' 260.
const LONGEST: usize = 80;
/// The longest name in bytes; Linux allows 255 with the ending.
const LONGEST_BYTES: usize = 240;
/// How many characters of the hash keep cut names apart.
const HASH: usize = 8;

/// A unit's name as a file name without ending. What no file may be called is replaced by `_`;
/// a name that is too long is cut and carries a short hash of the whole, so that it stays unique.
#[must_use]
pub fn file_name(unit: &str) -> String {
    let clean: String =
        legal(unit).chars().filter(|character| !invisible(*character)).map(replaced).collect();
    // Windows drops dots and blanks at the end, and a dot in front hides a file elsewhere.
    let edge = |character: char| character == '.' || character.is_whitespace();
    let clean = clean.trim_matches(edge);
    let name = if clean.is_empty() { "未命名" } else { clean };
    let name = if reserved(name) { format!("_{name}") } else { name.to_owned() };
    if name.chars().count() <= LONGEST && name.len() <= LONGEST_BYTES {
        return name;
    }
    let mut bytes = 0;
    let kept: String = name
        .chars()
        .take(LONGEST - HASH - 1)
        .take_while(|character| {
            bytes += character.len_utf8();
            bytes < LONGEST_BYTES - HASH
        })
        .collect();
    format!("{}_{}", kept.trim_end_matches(edge), hash(unit))
}

fn replaced(character: char) -> char {
    match character {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        '\n' | '\t' => ' ',
        other => other,
    }
}

/// Characters that nobody sees and that turn the direction of a name.
fn invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{ad}')
}

/// Names of devices, with or without an ending.
fn reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|number| {
            matches!(number, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let number = digest.iter().take(HASH / 2).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:0HASH$x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_windows() {
        for (unit, want) in [
            ("第一党支部", "第一党支部"),
            ("综合/办公室\\支部", "综合_办公室_支部"),
            ("a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h"),
            ("../../密码", "_.._密码"),
            ("..", "未命名"),
            ("", "未命名"),
            ("  第一支部 . ", "第一支部"),
            ("第一支部\u{3000}", "第一支部"),
            ("一\r\n二\t三", "一 二 三"),
            ("\u{0}甲\u{1f}乙\u{7f}", "甲乙"),
            ("甲\u{202e}xcod.exe", "甲xcod.exe"),
            ("CON", "_CON"),
            ("con", "_con"),
            ("NUL.2023", "_NUL.2023"),
            ("Com1", "_Com1"),
            ("LPT9", "_LPT9"),
            ("COM", "COM"),
            ("COM10", "COM10"),
            ("CONTROL", "CONTROL"),
            ("nul ", "_nul"),
            ("2023.12", "2023.12"),
            ("𠮷村党支部", "𠮷村党支部"),
        ] {
            assert_eq!(file_name(unit), want, "{unit:?}");
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let long = "某".repeat(80);
        assert_eq!(file_name(&long), long);
        let (one, two) = (file_name(&format!("{long}一")), file_name(&format!("{long}二")));
        assert_ne!(one, two);
        for name in [&one, &two] {
            assert_eq!(name.chars().count(), 80);
            assert!(name.starts_with(&"某".repeat(71)));
        }
        assert_eq!(one, file_name(&format!("{long}一")));
        assert!(file_name(&"𠮷".repeat(80)).len() <= 240);
    }
}
