//! Tables of web pages, which some programs save under the name .xls.

use super::cells::{Cells, Room};
use super::markup::{Tag, Token, decode, tokens};
use super::{Reading, Unreadable, limits, too_large};
use crate::model::{GridValue, Hidden, Merge};
use std::sync::Arc;

/// One grid of all tables of a page; a row is the number of its `<tr>`.
pub(super) fn read(file: &Arc<str>, text: &str, room: &mut Room) -> Reading {
    let mut page = Page {
        cells: Cells::default(),
        room,
        row: 0,
        col: 0,
        covered: Vec::new(),
        cell: None,
        filtered: text.contains("x:autofilter"),
    };
    let mut skipped: Option<String> = None;
    for token in tokens(text) {
        match token {
            Token::Open { tag, closed } if skipped.is_none() => {
                if !closed && (tag.is("style") || tag.is("script") || tag.is("title") || tag.is("head")) {
                    // A head that is never closed would hide the page: only its own tags are skipped.
                    skipped = (!tag.is("head")).then(|| tag.name.to_ascii_lowercase());
                }
                page.open(&tag)?;
            }
            Token::Close(name) => {
                if skipped.as_deref().is_some_and(|s| s.eq_ignore_ascii_case(name)) {
                    skipped = None;
                } else if skipped.is_none() {
                    page.close(name)?;
                }
            }
            Token::Text(text) if skipped.is_none() => page.text(text),
            _ => {}
        }
    }
    page.finish_cell()?;
    Ok(vec![page.cells.grid(file, "")])
}

struct Page<'r> {
    cells: Cells,
    room: &'r mut Room,
    row: u32,
    col: u32,
    /// By column, the last row that a cell above covers.
    covered: Vec<u32>,
    cell: Option<(u32, u32, String)>,
    /// Whether rows that are not shown were hidden by a filter.
    filtered: bool,
}

impl Page<'_> {
    fn open(&mut self, tag: &Tag<'_>) -> Result<(), Unreadable> {
        if tag.is("tr") {
            self.finish_cell()?;
            self.row = self.row.saturating_add(1);
            self.col = 0;
            let inside = self.row <= limits::ROWS;
            if inside && tag.attribute("style").is_some_and(|style| is_not_displayed(&style)) {
                let how = if self.filtered { Hidden::ByFilter } else { Hidden::ByHand };
                self.cells.hidden.insert(self.row, how);
            }
        } else if tag.is("td") || tag.is("th") {
            self.finish_cell()?;
            self.begin_cell(tag)?;
        } else if (tag.is("br") || tag.is("p") || tag.is("div"))
            && let Some((_, _, text)) = &mut self.cell
            && !text.is_empty()
            && !text.ends_with('\n')
        {
            text.push('\n');
        }
        Ok(())
    }

    /// A cell at the next place that no cell above covers; one beyond the limits of a sheet is passed over.
    fn begin_cell(&mut self, tag: &Tag<'_>) -> Result<(), Unreadable> {
        let (down, right) = (span(tag, "rowspan"), span(tag, "colspan"));
        self.row = self.row.max(1);
        let after = usize::try_from(self.col).unwrap_or(usize::MAX);
        let blocked = self.covered.get(after..).unwrap_or_default();
        let skipped = blocked.iter().take_while(|last| **last >= self.row).count();
        let (top, left) =
            (self.row, self.col + 1 + u32::try_from(skipped).unwrap_or(u32::MAX - limits::COLS));
        if top > limits::ROWS || left > limits::COLS {
            return Ok(());
        }
        let merge = Merge { top, left, bottom: top + down - 1, right: (left + right - 1).min(limits::COLS) };
        if down > 1 || right > 1 {
            self.cells.merges.push(merge);
            if self.cells.merges.len() > limits::MERGES {
                return Err(too_large("合并单元格太多"));
            }
        }
        if let (Ok(first), Ok(end)) = (usize::try_from(left - 1), usize::try_from(merge.right)) {
            self.covered.resize(self.covered.len().max(end), 0);
            self.covered.get_mut(first..end).unwrap_or_default().fill(merge.bottom);
        }
        self.col = merge.right;
        self.cell = Some((top, left, String::new()));
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        if ["td", "th", "tr", "table"].iter().any(|n| name.eq_ignore_ascii_case(n)) {
            self.finish_cell()?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some((_, _, so_far)) = &mut self.cell {
            let decoded = decode(text);
            let mut words = decoded.split_whitespace().peekable();
            if decoded.starts_with(char::is_whitespace) && !so_far.is_empty() && words.peek().is_some() {
                so_far.push(' ');
            }
            let joined = words.collect::<Vec<_>>().join(" ");
            so_far.push_str(&joined);
        }
    }

    fn finish_cell(&mut self) -> Result<(), Unreadable> {
        if let Some((row, col, text)) = self.cell.take() {
            let text = text.trim();
            if !text.is_empty() {
                let value = GridValue::Text(text.into());
                self.room.take(&value)?;
                self.cells.push(row, col, value);
            }
        }
        Ok(())
    }
}

fn is_not_displayed(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.to_ascii_lowercase().contains("display:none")
}

fn span(tag: &Tag<'_>, name: &str) -> u32 {
    tag.number(name).unwrap_or(1).clamp(1, 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_under_a_tall_cell_move_to_the_right() {
        let text = "<html><style>td {}</style><table><tr><td rowspan=2>甲<td>乙<br>丙</tr>\n<tr><td>丁&nbsp;戊</table>";
        let grids = read(&Arc::from("a.xls"), text, &mut Room::new()).unwrap();
        let cells: Vec<(u32, u32, String)> = grids[0]
            .rows
            .iter()
            .flat_map(|row| row.cells.iter().map(|c| (row.number, c.col, format!("{:?}", c.value))))
            .collect();
        assert_eq!(cells.len(), 3);
        assert_eq!((cells[2].0, cells[2].1), (2, 2));
        assert!(cells[1].2.contains("乙\\n丙"), "{cells:?}");
        assert_eq!(grids[0].merges.len(), 1);
    }
}
