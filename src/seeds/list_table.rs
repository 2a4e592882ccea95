//! Lists in tables: 类别, 序号 and 内容 in any order, and the lines around the table.
//!
//! In: blocks of lines and tables, in their order in a sheet or document. Out: [`Draft`]s.
//! Never here: how the blocks were read from bytes.

use super::list_draft::{Draft, DraftItem, refuse};
use super::list_lines::{Line, drafts, is_title};
use super::list_words::{ListWords, words};
use super::numbers::{Style, mark, number};
use super::text::fold;
use crate::error::Result;
use crate::model::Category;

/// The header is looked for in so many rows.
const HEADER_ROWS: usize = 20;

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// Number from 1.
    pub(crate) at: u32,
    /// What each cell says; blank cells are empty texts.
    pub(crate) cells: Vec<String>,
    /// The place of each cell, for messages.
    pub(crate) places: Vec<String>,
}

impl Row {
    /// Adds blank cells up to a width; `place` names a column from 1.
    pub(crate) fn reach(&mut self, width: u32, place: impl Fn(u32) -> String) {
        let have = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        for col in have..width {
            self.cells.push(String::new());
            self.places.push(place(col + 1));
        }
    }

    fn cell(&self, col: Option<usize>) -> &str {
        col.and_then(|col| self.cells.get(col)).map_or("", |cell| cell.trim())
    }

    fn place(&self, col: usize) -> &str {
        self.places.get(col).or(self.places.last()).map_or("", String::as_str)
    }

    /// The only cell that is not blank.
    fn only(&self) -> Option<(usize, &str)> {
        let mut filled = self.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        let (col, cell) = filled.next()?;
        filled.next().is_none().then(|| (col, cell.trim()))
    }

    /// The cells as lines, for a table without header: a bare number goes with the cell after it, a
    /// cell without number with the one before it.
    fn lines(&self) -> Vec<Line> {
        let mut found: Vec<Line> = Vec::new();
        let mut label = String::new();
        for (col, cell) in self.cells.iter().enumerate() {
            for text in cell.lines().map(str::trim).filter(|text| !text.is_empty()) {
                if label.is_empty() && number(text).is_some() {
                    label = format!("{text}.");
                } else if label.is_empty() && mark(text).is_some_and(|m| m.rest.is_empty()) {
                    text.clone_into(&mut label);
                } else {
                    let text = std::mem::take(&mut label) + text;
                    if let Some(line) = found.last_mut().filter(|_| mark(&text).is_none()) {
                        line.text.push_str(&text);
                    } else {
                        let (place, gap) = (self.place(col).to_owned(), found.is_empty());
                        found.push(Line { at: self.at, place, text, gap });
                    }
                }
            }
        }
        if !label.is_empty() {
            found.push(Line { at: self.at, place: self.place(0).to_owned(), text: label, gap: false });
        }
        found
    }
}

/// A part of a sheet or document.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    /// Running text.
    Lines(Vec<Line>),
    /// A table, with its header if it has one.
    Table(Vec<Row>),
}

/// Where the columns are.
struct Columns {
    header: usize,
    category: Option<usize>,
    number: Option<usize>,
    text: usize,
    more: Vec<usize>,
}

/// The lists of a sheet or document; `name` becomes the title of a table that has none above it.
///
/// # Errors
/// A number that is none, an item before any title in running text.
pub(crate) fn read(file: &str, blocks: Vec<Block>, name: &str) -> Result<Vec<Draft>> {
    let words = words()?;
    let mut found: Vec<Draft> = Vec::new();
    let mut pending: Vec<Line> = Vec::new();
    let mut in_table = false;
    for block in blocks {
        match block {
            Block::Lines(lines) => pending.extend(lines),
            Block::Table(rows) => {
                let Some(columns) = columns(words, &rows) else {
                    pending.extend(rows.iter().flat_map(Row::lines));
                    continue;
                };
                pending.extend(rows.iter().take(columns.header).flat_map(Row::lines));
                let table = rows.get(columns.header..).unwrap_or_default();
                let goes_on = in_table && !pending.iter().any(|line| is_title(words, &line.text));
                if goes_on {
                    if let Some(draft) = found.last_mut() {
                        for line in pending.drain(..) {
                            draft.categories.push(category(&line.text));
                        }
                        fill(file, words, draft, table, &columns)?;
                    }
                } else {
                    let mut draft = begin(file, words, &mut pending, &mut found, table, name)?;
                    fill(file, words, &mut draft, table, &columns)?;
                    found.push(draft);
                }
                in_table = true;
            }
        }
    }
    match found.last_mut() {
        Some(last) if in_table && !pending.iter().any(|line| is_title(words, &line.text)) => {
            last.preamble.extend(pending.into_iter().map(|line| line.text));
        }
        _ if pending.is_empty() => {}
        _ => found.extend(drafts(file, &pending)?),
    }
    Ok(found)
}

/// The draft of a table, titled by the lines above it; lists among those lines are read first.
fn begin(
    file: &str,
    words: &ListWords,
    pending: &mut Vec<Line>,
    found: &mut Vec<Draft>,
    table: &[Row],
    name: &str,
) -> Result<Draft> {
    let titled = pending.iter().rposition(|line| is_title(words, &line.text));
    let mut own = pending.split_off(titled.unwrap_or(0));
    let place = table.first().map_or_else(String::new, |row| row.place(0).to_owned());
    let mut draft = Draft { title: name.to_owned(), place, ..Draft::default() };
    let heading = |line: &Line| mark(&line.text).is_none() && line.text.chars().count() <= 40;
    if titled.is_some() || (!is_title(words, name) && own.first().is_some_and(heading)) {
        let title = own.remove(0);
        draft.title = title.text;
        draft.place = title.place;
    }
    let has_items = pending.iter().any(|line| mark(&line.text).is_some_and(|m| m.style >= Style::Arabic));
    if has_items {
        found.extend(drafts(file, pending)?);
    } else {
        draft.preamble.extend(pending.iter().map(|line| line.text.clone()));
    }
    pending.clear();
    for line in own {
        if mark(&line.text).is_some_and(|m| m.style < Style::Arabic) {
            draft.categories.push(category(&line.text));
        } else {
            draft.preamble.push(line.text);
        }
    }
    Ok(draft)
}

/// The header with the most known names among the first rows, the first of equals.
fn columns(words: &ListWords, rows: &[Row]) -> Option<Columns> {
    let names = &words.columns;
    let is = |cell: &str, known: &[String]| {
        let folded = fold(cell);
        let bare = folded.split('(').next().unwrap_or_default();
        known.iter().any(|name| name == bare)
    };
    let mut best: Option<(usize, Columns)> = None;
    for (at, row) in rows.iter().take(HEADER_ROWS).enumerate() {
        let find = |known: &[String]| row.cells.iter().position(|cell| is(cell, known));
        let length = |col: usize| -> usize {
            rows.iter().skip(at + 1).map(|row| row.cell(Some(col)).chars().count()).sum()
        };
        let text = (0..row.cells.len())
            .filter(|col| is(row.cell(Some(*col)), &names.text))
            .max_by_key(|col| (length(*col), std::cmp::Reverse(*col)));
        let Some(text) = text.filter(|col| length(*col) > 0) else { continue };
        let (category, number) = (find(&names.category), find(&names.number));
        let score = 1 + usize::from(category.is_some()) + usize::from(number.is_some());
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            let is_more = |col: &usize| *col != text && is(row.cell(Some(*col)), &names.more);
            let more = (0..row.cells.len()).filter(is_more).collect();
            best = Some((score, Columns { header: at, category, number, text, more }));
        }
    }
    best.map(|(_, columns)| columns)
}

fn fill(file: &str, words: &ListWords, draft: &mut Draft, table: &[Row], columns: &Columns) -> Result<()> {
    let mut current = draft.categories.len().checked_sub(1);
    let mut named = String::new();
    let header = table.first();
    for row in table.iter().skip(1) {
        let first = row.cells.iter().find(|cell| !cell.trim().is_empty());
        let Some(first) = first else { continue };
        if words.notes.iter().any(|note| fold(first).starts_with(note.as_str())) {
            draft.preamble.extend(row.lines().into_iter().map(|line| line.text));
            continue;
        }
        if header.is_some_and(|header| header.cells == row.cells) {
            continue;
        }
        if let Some((col, text)) = row.only()
            && col != columns.text
            && (columns.category == Some(col) || number_in(text).is_none())
            && (columns.number == Some(col) || columns.category == Some(col) || col == 0)
        {
            text.clone_into(&mut named);
            current = Some(draft.categories.len());
            draft.categories.push(category(text));
            continue;
        }
        let stated = row.cell(columns.category);
        if !stated.is_empty() && stated != named {
            stated.clone_into(&mut named);
            current = Some(draft.categories.len());
            draft.categories.push(category(stated));
        }
        let before = draft.items.len();
        item(file, draft, row, columns, current)?;
        let more = columns.more.iter().map(|col| row.cell(Some(*col))).filter(|cell| !cell.is_empty());
        let is_new = before < draft.items.len();
        if let Some(item) = draft.items.last_mut().filter(|_| is_new) {
            more.for_each(|cell| add(item, cell));
        }
    }
    Ok(())
}

/// More of an item, from a column of its own.
fn add(item: &mut DraftItem, cell: &str) {
    if item.text.trim().is_empty() || item.text.contains(cell) {
        return;
    }
    if !item.text.ends_with(['。', '；', '，', '：', ';', ',', ':']) {
        item.text.push('，');
    }
    for line in cell.lines() {
        item.extend(line.trim());
    }
}

/// The item or items of a row, or more of the item above.
fn item(file: &str, draft: &mut Draft, row: &Row, columns: &Columns, category: Option<usize>) -> Result<()> {
    let text = row.cell(Some(columns.text));
    let stated = row.cell(columns.number);
    let new = |number: u32, text: &str| DraftItem {
        category,
        number,
        text: text.to_owned(),
        at: row.at,
        place: row.place(columns.text).to_owned(),
    };
    if !stated.is_empty() {
        let Some(number) = number_in(stated) else {
            let place = columns.number.map_or("", |col| row.place(col));
            let message = format!("序号“{stated}”不是数字。请改为1、2、3这样的序号。");
            return Err(refuse(file, place, message));
        };
        let own = mark(text).filter(|m| m.style == Style::Arabic && m.number == number);
        let mut item = new(number, "");
        for line in own.map_or(text, |m| m.rest).lines() {
            item.extend(line.trim());
        }
        draft.items.push(item);
        return Ok(());
    }
    for (index, line) in text.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        let last = draft.items.last().map_or(0, |item| item.number);
        let own = mark(line).filter(|m| m.style == Style::Arabic && (!m.weak || m.number == last + 1));
        match (own, draft.items.last_mut()) {
            (Some(m), _) => draft.items.push(new(m.number, m.rest)),
            (None, Some(item)) if index > 0 || columns.number.is_some() => item.extend(line),
            (None, _) => draft.items.push(new(last + 1, line)),
        }
    }
    Ok(())
}

/// A category as a cell or heading writes it.
fn category(text: &str) -> Category {
    let text: String = text.split_whitespace().collect();
    match mark(&text).filter(|m| !m.rest.is_empty()) {
        Some(m) => {
            Category { label: m.label.to_owned(), name: m.rest.trim_end_matches(['。', '：']).to_owned() }
        }
        None => Category { label: String::new(), name: text },
    }
}

/// The number of a cell such as `1`, `1.`, `（1）`, `第一条`.
fn number_in(cell: &str) -> Option<u32> {
    let bare = cell.trim().trim_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.strip_prefix('第').unwrap_or(bare);
    let bare = bare.strip_suffix(['条', '项']).unwrap_or(bare);
    let bare = bare.strip_suffix(".0").unwrap_or(bare);
    number(bare).or_else(|| mark(cell.trim()).filter(|m| m.rest.is_empty()).map(|m| m.number))
}
