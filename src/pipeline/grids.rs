//! Cells of a form as people fill it in: merged areas, numbers in text, marks that mean nothing.
//!
//! In: a [`Grid`] or a text. Out: the same with merged texts in every row, or the number. Never here: what a
//! column means.

use crate::model::{Grid, Points};

/// Gives the text of a merged area to the first cell of each of its rows, as far as these are blank.
pub(super) fn spread_merged(grid: &mut Grid) {
    for merge in &grid.merges {
        let from = grid.rows.partition_point(|row| row.number < merge.top);
        let to = grid.rows.partition_point(|row| row.number <= merge.bottom);
        let Some((top, below)) = grid.rows.get_mut(from..to).and_then(|rows| rows.split_first_mut()) else {
            continue;
        };
        let Some(cell) = top.cells.iter().find(|cell| top.number == merge.top && cell.col == merge.left)
        else {
            continue;
        };
        for row in below {
            if row.cells.iter().all(|own| own.col != cell.col) {
                let at = row.cells.partition_point(|own| own.col < cell.col);
                row.cells.insert(at, cell.clone());
            }
        }
    }
}

/// A number in text or as a spreadsheet computes it, rounded half away from zero to two decimals; `分`, `%` and
/// blanks are set aside.
pub(super) fn number(text: &str) -> Option<Points> {
    let text = bare(text);
    Points::parse(text).or_else(|| hundredths(text).map(|(whole, _)| whole))
}

/// A number of at most two decimals, in text or as a spreadsheet computes it.
pub(super) fn exact(text: &str) -> Option<Points> {
    let text = bare(text);
    Points::parse(text).or_else(|| hundredths(text).filter(|(_, is_whole)| *is_whole).map(|(whole, _)| whole))
}

fn bare(text: &str) -> &str {
    text.trim().trim_end_matches(['分', '%', '％']).trim()
}

/// The nearest hundredths, and whether the number lies on them but for binary dust.
fn hundredths(text: &str) -> Option<(Points, bool)> {
    let exact = text.parse::<f64>().ok()? * 100.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be small")]
    let whole = (exact.abs() < 1e12).then(|| exact.round() as i64)?;
    Some((Points::from_hundredths(whole), (exact - exact.round()).abs() < 1e-6))
}

/// Whether a cell says that there is nothing.
pub(super) fn is_blank(text: &str) -> bool {
    matches!(text.trim(), "" | "/" | "—" | "——" | "-" | "--" | "无" | "／")
}

/// Names divided by 、 commas, semicolons or line breaks.
pub(super) fn names(text: &str) -> Vec<String> {
    let parts = text.split(['、', '，', ',', '；', ';', '\n']);
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
