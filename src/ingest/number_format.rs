//! Which number formats show a number as a date or a time (ECMA-376 part 1, 18.8.30 and 18.8.31).

/// The formats, by number, that need no code because every program knows them. Those of 27–36 and
/// 50–58 are dates in Chinese editions.
pub(super) fn is_known_date(number: u32) -> bool {
    matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format code such as `yyyy"年"m"月"` shows a date or a time. Its first section decides.
pub(super) fn shows_date(code: &str) -> bool {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            // What follows stands as it is, as a gap or as filling.
            '\\' | '_' | '*' => {
                letters.next();
            }
            '"' => {
                letters.by_ref().find(|c| *c == '"');
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                if is_elapsed(&inside) {
                    return true;
                }
            }
            ';' => return false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return true,
            // General, in any case of letters.
            'g' | 'G'
                if letters.as_str().get(..6).is_some_and(|rest| rest.eq_ignore_ascii_case("eneral")) =>
            {
                return false;
            }
            _ => {}
        }
    }
    false
}

/// `[h]`, `[mm]`, `[s]`: time that has passed; brackets also hold colours, conditions and tongues.
fn is_elapsed(inside: &str) -> bool {
    ['h', 'm', 's']
        .iter()
        .any(|unit| !inside.is_empty() && inside.chars().all(|c| c.eq_ignore_ascii_case(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_amounts() {
        for code in [
            "yyyy/m/d;@",
            "yyyy\"年\"m\"月\"d\"日\"",
            "[$-804]yyyy\"年\"m\"月\";@",
            "[DBNum1][$-804]m\"月\"d\"日\"",
            "h:mm AM/PM",
            "[h]:mm",
            "[ss]",
            "mm:ss.0",
            "[Red]yyyy-mm-dd",
            "上午/下午h\"时\"",
        ] {
            assert!(shows_date(code), "{code}");
        }
        for code in [
            "General",
            "G/通用格式",
            "@",
            "0.00",
            "#,##0.00_);[Red](#,##0.00)",
            "0\"days\"",
            "0\\d",
            "#,##0*y",
            "_m0",
            "[Red]0",
            "[$-804]0",
            "[DBNum2]0",
            "0\"元\"",
            "\"m",
            "[yyyy",
            "",
        ] {
            assert!(!shows_date(code), "{code}");
        }
    }
}
