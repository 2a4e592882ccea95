//! Tables of the body: fixed widths, a repeated head, rows that stay whole.
//!
//! In: a [`ReportTable`]. Out: its XML at the end of the body. Never here: which rows it has.

use unicode_width::UnicodeWidthStr;

use super::body::{Body, text_height, text_width};
use super::fonts::Style;
use super::text::add;
use crate::model::{Orientation, ReportRow, ReportTable};

/// Space left and right in a cell, in twips, and where a column is narrow.
const CELL_MARGINS: (usize, usize) = (85, 28);
/// A column under this width, in twips, is narrow.
const NARROW: usize = 700;
/// The least height of a row that is filled in by hand, in twips: a centimetre.
const BY_HAND: &str = "<w:trHeight w:val=\"567\" w:hRule=\"atLeast\"/>";
/// Space above and beneath in a cell, in twips.
const CELL_PADDING: usize = 40;
/// From this mean width of columns on, in twips, the text is set in 小四, beneath in 五号.
const ROOMY: usize = 2000;

/// Writes a table over the whole width of the text.
pub(super) fn write<'t>(body: &mut Body<'_>, table: &'t ReportTable, orientation: Orientation) {
    let total = text_width(orientation);
    let weights: Vec<u32> = table.columns.iter().map(|column| column.weight).collect();
    let widths = shares(total, &weights);
    let narrow = widths.iter().any(|width| *width < NARROW);
    let margin = if narrow { CELL_MARGINS.1 } else { CELL_MARGINS.0 };
    let (head, text) = if total / widths.len().max(1) >= ROOMY {
        (Style::TableHead, Style::TableText)
    } else {
        (Style::TableHeadSmall, Style::TableTextSmall)
    };
    add(
        &mut body.out,
        format_args!(
            "<w:tbl><w:tblPr><w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
         <w:tblBorders>{}</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>\
         <w:top w:w=\"{CELL_PADDING}\" w:type=\"dxa\"/><w:left w:w=\"{margin}\" w:type=\"dxa\"/>\
         <w:bottom w:w=\"{CELL_PADDING}\" w:type=\"dxa\"/><w:right w:w=\"{margin}\" w:type=\"dxa\"/>\
         </w:tblCellMar><w:tblLook w:val=\"0020\" w:firstRow=\"1\"/></w:tblPr><w:tblGrid>",
            ["top", "left", "bottom", "right", "insideH", "insideV"]
                .map(|side| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>"))
                .concat()
        ),
    );
    for width in &widths {
        add(&mut body.out, format_args!("<w:gridCol w:w=\"{width}\"/>"));
    }
    body.out.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (column, width) in table.columns.iter().zip(&widths) {
        cell(body, head, &opening(head, *width, ""), &column.title, None);
    }
    body.out.push_str("</w:tr>");
    let texts = |row: &'t ReportRow| {
        widths.iter().enumerate().map(|(at, width)| (*width, row.cells.get(at).map_or("", String::as_str)))
    };
    let page = text_height(orientation);
    // No row is lower than its padding.
    let small = table.rows.len() * 2 * CELL_PADDING < page / 6
        && table.rows.iter().map(|row| height(texts(row), text, margin, width)).sum::<usize>() < page / 6;
    let openings = |keep: bool| -> Vec<String> {
        let properties = |centred: bool| match (keep, centred) {
            (false, false) => "",
            (false, true) => "<w:jc w:val=\"center\"/>",
            (true, false) => "<w:keepNext/>",
            (true, true) => "<w:keepNext/><w:jc w:val=\"center\"/>",
        };
        let columns = table.columns.iter().zip(&widths);
        columns.map(|(column, width)| opening(text, *width, properties(column.centred))).collect()
    };
    let (alone, kept) = (openings(false), openings(true));
    let least = if table.by_hand { BY_HAND } else { "" };
    for (index, row) in table.rows.iter().enumerate() {
        // A row that no page can hold must be allowed to break; no text is wider than its bytes.
        let most = page * 4 / 5;
        let tall = height(texts(row), text, margin, str::len) > most
            && height(texts(row), text, margin, width) > most;
        // A small table stays on one page.
        let keep = small && index + 1 < table.rows.len();
        body.out.push_str("<w:tr>");
        if !tall || table.by_hand {
            let split = if tall { "" } else { "<w:cantSplit/>" };
            for piece in ["<w:trPr>", split, least, "</w:trPr>"] {
                body.out.push_str(piece);
            }
        }
        let mut anchor = row.anchor.as_deref();
        for ((_, text_of_cell), opening) in texts(row).zip(if keep { &kept } else { &alone }) {
            let bookmark = anchor.take().and_then(|anchor| body.bookmark(anchor));
            cell(body, text, opening, text_of_cell, bookmark);
        }
        body.out.push_str("</w:tr>");
    }
    body.out.push_str("</w:tbl>");
}

/// How a cell begins; `properties` is what its paragraph has beyond its style.
fn opening(style: Style, width: usize, properties: &str) -> String {
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>\
         <w:p><w:pPr><w:pStyle w:val=\"{}\"/>{properties}</w:pPr>",
        style.setting().id
    )
}

fn cell(body: &mut Body<'_>, style: Style, opening: &str, text: &str, bookmark: Option<usize>) {
    body.out.push_str(opening);
    if let Some(number) = bookmark {
        add(&mut body.out, format_args!("<w:bookmarkStart w:id=\"{number}\" w:name=\"R{number}\"/>"));
    }
    if let Some(openings) = body.openings(style) {
        openings.text(&mut body.out, text.trim_end());
    }
    if let Some(number) = bookmark {
        add(&mut body.out, format_args!("<w:bookmarkEnd w:id=\"{number}\"/>"));
    }
    body.out.push_str("</w:p></w:tc>");
}

/// How wide a line of text is, in half characters.
fn width(line: &str) -> usize {
    line.width_cjk()
}

/// The total divided by weight without a remainder; a column without weight counts as 1.
fn shares(total: usize, weights: &[u32]) -> Vec<usize> {
    let weight = |weight: &u32| usize::try_from(*weight).unwrap_or(1).clamp(1, 10_000);
    let sum: usize = weights.iter().map(weight).sum();
    let mut passed = 0;
    weights
        .iter()
        .map(|own| {
            let start = total * passed / sum.max(1);
            passed += weight(own);
            total * passed / sum.max(1) - start
        })
        .collect()
}

/// About how high a row becomes, in twips, by the widths of its lines that `wide` gives.
fn height<'a>(
    cells: impl Iterator<Item = (usize, &'a str)>,
    style: Style,
    margin: usize,
    wide: fn(&str) -> usize,
) -> usize {
    let setting = style.setting();
    let half_character = setting.size * 5;
    let lines = cells
        .map(|(width, text)| {
            let room = (width.saturating_sub(2 * margin) / half_character).max(1);
            text.lines().map(|line| wide(line).div_ceil(room).max(1)).sum::<usize>()
        })
        .max()
        .unwrap_or(1);
    lines * usize::try_from(setting.line).unwrap_or(0) + 2 * CELL_PADDING
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_fill_the_page_exactly() {
        for (weights, want) in [
            (vec![1, 1], vec![4422, 4422]),
            (vec![1, 1, 1], vec![2948, 2948, 2948]),
            (vec![1, 2, 4], vec![1263, 2527, 5054]),
            (vec![0, 0], vec![4422, 4422]),
            (vec![7], vec![8844]),
        ] {
            let got = shares(8844, &weights);
            assert_eq!(got, want, "{weights:?}");
            assert_eq!(got.iter().sum::<usize>(), 8844);
        }
        assert_eq!(shares(8844, &[u32::MAX, 1]).iter().sum::<usize>(), 8844);
        assert!(shares(8844, &[]).is_empty());
    }
}
