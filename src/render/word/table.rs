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
        cell(body, &Cell { style: head, width: *width, properties: "", text: &column.title, bookmark: None });
    }
    body.out.push_str("</w:tr>");
    let texts = |row: &'t ReportRow| {
        widths.iter().enumerate().map(|(at, width)| (*width, row.cells.get(at).map_or("", String::as_str)))
    };
    let page = text_height(orientation);
    let heights: Vec<usize> = table.rows.iter().map(|row| height(texts(row), text, margin)).collect();
    // A small table stays on one page.
    let small = heights.iter().sum::<usize>() < page / 6;
    for (index, (row, height)) in table.rows.iter().zip(&heights).enumerate() {
        // A row that no page can hold must be allowed to break.
        let tall = *height > page * 4 / 5;
        let keep = small && index + 1 < table.rows.len();
        let least = if table.by_hand { BY_HAND } else { "" };
        let split = if tall { "" } else { "<w:cantSplit/>" };
        body.out.push_str("<w:tr>");
        if !tall || table.by_hand {
            add(&mut body.out, format_args!("<w:trPr>{split}{least}</w:trPr>"));
        }
        let mut anchor = row.anchor.as_deref();
        for ((width, text_of_cell), column) in texts(row).zip(&table.columns) {
            let bookmark = anchor.take().and_then(|anchor| body.bookmark(anchor));
            let properties = match (keep, column.centred) {
                (false, false) => "",
                (false, true) => "<w:jc w:val=\"center\"/>",
                (true, false) => "<w:keepNext/>",
                (true, true) => "<w:keepNext/><w:jc w:val=\"center\"/>",
            };
            cell(body, &Cell { style: text, width, properties, text: text_of_cell, bookmark });
        }
        body.out.push_str("</w:tr>");
    }
    body.out.push_str("</w:tbl>");
}

/// A cell as it is written.
struct Cell<'a> {
    style: Style,
    width: usize,
    /// What its paragraph has beyond its style.
    properties: &'static str,
    text: &'a str,
    bookmark: Option<usize>,
}

fn cell(body: &mut Body<'_>, cell: &Cell<'_>) {
    let Cell { style, width, properties, text, bookmark } = *cell;
    add(
        &mut body.out,
        format_args!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>\
         <w:p><w:pPr><w:pStyle w:val=\"{}\"/>{properties}</w:pPr>",
            style.setting().id
        ),
    );
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

/// About how high a row becomes, in twips.
fn height<'a>(cells: impl Iterator<Item = (usize, &'a str)>, style: Style, margin: usize) -> usize {
    let setting = style.setting();
    let half_character = setting.size * 5;
    let lines = cells
        .map(|(width, text)| {
            let room = (width.saturating_sub(2 * margin) / half_character).max(1);
            text.lines().map(|line| line.width_cjk().div_ceil(room).max(1)).sum::<usize>()
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
