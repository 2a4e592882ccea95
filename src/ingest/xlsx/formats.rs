//! Which cell formats show a number as a date or time (ECMA-376 part 1, 18.8.30 and 18.8.31).

use super::super::Unreadable;
use super::super::markup::{Token, tokens};
use super::super::package::Package;
use std::collections::BTreeMap;

/// By number of the cell format, whether it shows dates.
#[derive(Debug, Default)]
pub(super) struct DateFormats(Vec<bool>);

impl DateFormats {
    /// Whether cells of this format show dates or times.
    pub(super) fn is_date(&self, style: usize) -> bool {
        self.0.get(style).copied().unwrap_or(false)
    }
}

/// The formats of a workbook.
pub(super) fn read(package: &mut Package<'_>, path: &str) -> Result<DateFormats, Unreadable> {
    let mut reading = Formats::default();
    package.pieces(path, |piece| {
        reading.take(piece);
        Ok(())
    })?;
    Ok(DateFormats(reading.cells))
}

#[derive(Default)]
struct Formats {
    own: BTreeMap<u32, bool>,
    in_cells: bool,
    cells: Vec<bool>,
}

impl Formats {
    fn take(&mut self, piece: &str) {
        for token in tokens(piece) {
            match token {
                Token::Open { tag, closed } => match tag.name {
                    "numFmt" => {
                        if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.attribute("formatCode"))
                        {
                            self.own.insert(id, shows_date(&code));
                        }
                    }
                    "cellXfs" => self.in_cells = !closed,
                    "xf" if self.in_cells => {
                        let id = tag.number("numFmtId").unwrap_or(0);
                        let date = self.own.get(&id).copied().unwrap_or_else(|| is_builtin_date(id));
                        self.cells.push(date);
                    }
                    _ => {}
                },
                Token::Close("cellXfs") => self.in_cells = false,
                Token::Close(_) | Token::Text(_) => {}
            }
        }
    }
}

/// Formats without code: 14–22 and 45–47 everywhere, 27–36 and 50–58 in Chinese offices.
fn is_builtin_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format code has a letter of year, month, day, hour, minute or second outside quotes,
/// brackets and escapes; only the part for positive numbers counts.
fn shows_date(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => return false,
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => {
                chars.by_ref().find(|c| *c == '"');
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let elapsed = !inside.is_empty() && inside.chars().all(|c| "hHmMsS".contains(c));
                if elapsed {
                    return true;
                }
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return true,
            // General, in any case of letters.
            'g' | 'G' if chars.as_str().get(..6).is_some_and(|rest| rest.eq_ignore_ascii_case("eneral")) => {
                return false;
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        for (code, date) in [
            ("yyyy\"年\"m\"月\"d\"日\";@", true),
            ("[$-804]aaaa;@m", false),
            ("[$-F800]dddd, mmmm dd, yyyy", true),
            ("m/d", true),
            ("[h]:mm", true),
            ("上午/下午h\"时\"", true),
            ("General", false),
            ("0.00E+00", false),
            ("#,##0\"元\"", false),
            ("0\\d", false),
            ("[Red]0", false),
            ("0_m", false),
            ("@", false),
        ] {
            assert_eq!(shows_date(code), date, "{code}");
        }
    }

    #[test]
    fn cell_formats_lead_to_number_formats() {
        let mut formats = Formats::default();
        formats.take(
            "<styleSheet><numFmts><numFmt numFmtId=\"176\" formatCode=\"m&quot;月&quot;\"/></numFmts>\
             <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
             <cellXfs><xf/><xf numFmtId=\"176\"><alignment/></xf><xf numFmtId=\"31\"/><xf numFmtId=\"2\"/></cellXfs></styleSheet>",
        );
        assert_eq!(formats.cells, [false, true, true, false]);
    }
}
