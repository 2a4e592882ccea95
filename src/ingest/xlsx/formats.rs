//! Which cell formats of a workbook show a number as a date or time.

use super::super::Unreadable;
use super::super::markup::{Token, tokens};
use super::super::number_format::{is_known_date, shows_date};
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
                        let date = self.own.get(&id).copied().unwrap_or_else(|| is_known_date(id));
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

#[cfg(test)]
mod tests {
    use super::*;

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
