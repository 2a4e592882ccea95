//! Which cell of a sheet was taken for what, told back from the tables that were found in it.
//!
//! In: a sheet's tables and its rows. Out: a role for every cell that has one. Never here: HTML.

use super::checkgrid::shown;
use super::checkpage::SheetView;
use crate::model::{Field, GridRow, Heading, Reason, Table, TableRow, TableSource};
use std::collections::{BTreeMap, BTreeSet};

/// What a cell was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Role {
    /// Its meaning.
    pub(super) field: Field,
    /// Whether it is a heading and not a value.
    pub(super) header: bool,
}

impl Role {
    /// The class of its colour.
    pub(super) fn class(self) -> &'static str {
        match self.field {
            Field::Date
            | Field::PlannedDate
            | Field::DateStart
            | Field::DateEnd
            | Field::Year
            | Field::Month
            | Field::Day
            | Field::Time => "f-date",
            Field::Kind => "f-kind",
            Field::Title => "f-title",
            Field::Content => "f-text",
            Field::Attended | Field::Expected | Field::ExpectedAttended | Field::Absent | Field::Hours => {
                "f-num"
            }
            Field::Host | Field::Lecturer | Field::Recorder | Field::Unit => "f-who",
            Field::Location => "f-place",
            Field::Number | Field::Status | Field::Ignored => "f-off",
            Field::Unknown => "f-unk",
        }
    }
}

/// The rows that are drawn, by number.
type Lines<'a> = BTreeMap<u32, &'a GridRow>;
/// Texts with what they mean.
type Edges = BTreeMap<String, Field>;

/// The roles of a sheet's cells, by row and column.
#[derive(Debug, Default)]
pub(super) struct Roles(BTreeMap<(u32, u32), Role>);

impl Roles {
    /// The roles of the cells of some rows.
    pub(super) fn of(sheet: &SheetView<'_>, rows: &[GridRow]) -> Self {
        let mut roles = Self::default();
        let lines: Lines<'_> = rows.iter().map(|row| (row.number, row)).collect();
        let mut every = Edges::new();
        for table in &sheet.tables {
            let source = reading(table);
            let edges = if source == TableSource::Matrix { edges(table) } else { Edges::new() };
            let drawn = |row: &&TableRow| {
                row.more_rows.iter().chain([&row.row]).any(|number| lines.contains_key(number))
            };
            for row in table.rows.iter().filter(drawn) {
                match source {
                    TableSource::Rows | TableSource::Prose => roles.across(table, row),
                    TableSource::Transposed => roles.down(table, row),
                    TableSource::Matrix | TableSource::Calendar => roles.boxed(table, row, &lines, &edges),
                    TableSource::Form => roles.keyed(table, row, &lines),
                }
            }
            every.extend(edges);
        }
        let headers: BTreeSet<u32> =
            sheet.excluded.iter().filter(|e| e.reason == Reason::Header).map(|e| e.place.row).collect();
        let wide = sheet.grid.merges.iter().filter(|m| m.right > m.left && m.bottom == m.top);
        let wide: BTreeSet<(u32, u32)> = wide.map(|m| (m.top, m.left)).collect();
        for row in rows.iter().filter(|row| headers.contains(&row.number)) {
            roles.headings(sheet, row, &every, &wide);
        }
        roles
    }

    /// The role of a cell.
    pub(super) fn get(&self, at: (u32, u32)) -> Option<Role> {
        self.0.get(&at).copied()
    }

    fn put(&mut self, row: u32, col: u32, field: Field, header: bool) {
        self.0.entry((row, col)).or_insert(Role { field, header });
    }

    /// One record in a row.
    fn across(&mut self, table: &Table, row: &TableRow) {
        for (heading, _) in table.headings.iter().zip(&row.values).filter(|(_, value)| value.is_some()) {
            self.put(row.row, heading.col, heading.field, false);
        }
    }

    /// One record in a column: a heading's `col` is its row.
    fn down(&mut self, table: &Table, row: &TableRow) {
        let Some(cell) = &row.cell else { return };
        for heading in &table.headings {
            self.put(heading.col, table.place.col, heading.field, true);
            self.put(heading.col, cell.col, heading.field, false);
        }
    }

    /// One record in a cell, or in the cells of one column beneath each other.
    fn boxed(&mut self, table: &Table, row: &TableRow, lines: &Lines<'_>, edges: &Edges) {
        let Some(cell) = &row.cell else { return };
        for (at, number) in [row.row].iter().chain(&row.more_rows).enumerate() {
            let item = if grouped(table) { table.headings.get(at + 1) } else { None };
            self.put(*number, cell.col, item.map_or(Field::Title, |heading| heading.field), false);
            for left in lines.get(number).map_or(&[][..], |line| &line.cells) {
                let text = shown(&left.value);
                let field = match item {
                    Some(heading) if heading.text.trim() == text.trim() => Some(heading.field),
                    _ => edges.get(text.trim()).copied(),
                };
                if let Some(field) = field.filter(|_| left.col < cell.col) {
                    self.put(*number, left.col, field, true);
                }
            }
        }
    }

    /// One record in a form: its keys are found again by their wording.
    fn keyed(&mut self, table: &Table, row: &TableRow, lines: &Lines<'_>) {
        let mut field = None;
        for number in [row.row].iter().chain(&row.more_rows) {
            let Some(line) = lines.get(number) else { continue };
            for cell in &line.cells {
                let text = bare(&shown(&cell.value));
                let key = table.headings.iter().find(|h| !h.text.is_empty() && bare(&h.text) == text);
                if let Some(key) = key {
                    field = Some(key.field);
                    self.put(*number, cell.col, key.field, true);
                    continue;
                }
                let both = table.headings.iter().find(|h| {
                    let wording = bare(&h.text);
                    !wording.is_empty()
                        && text.strip_prefix(&wording).is_some_and(|t| t.starts_with(['：', ':']))
                });
                field = both.map(|heading| heading.field).or(field);
                if let Some(field) = field {
                    self.put(*number, cell.col, field, false);
                }
            }
        }
    }

    /// The headings over the columns of the nearest table.
    fn headings(&mut self, sheet: &SheetView<'_>, row: &GridRow, edges: &Edges, wide: &BTreeSet<(u32, u32)>) {
        for cell in &row.cells {
            let wide = wide.contains(&(row.number, cell.col));
            let over = |table: &&&Table| {
                matches!(reading(table), TableSource::Rows | TableSource::Prose)
                    && table.headings.iter().any(|heading| heading.col == cell.col)
            };
            let near = |table: &&&Table| (row.number..row.number + 4).contains(&table.place.row);
            let tables = || sheet.tables.iter().filter(over);
            let table = tables().find(near).or_else(|| tables().rfind(|table| table.place.row < row.number));
            let field = table.and_then(|t| t.headings.iter().find(|h| h.col == cell.col)).map(|h| h.field);
            if let Some(field) = field.filter(|_| !wide) {
                self.put(row.number, cell.col, field, true);
            } else {
                let text = shown(&cell.value);
                let months = sheet.tables.iter().any(|t| grouped(t) && t.place.col <= cell.col);
                let field = edges.get(text.trim()).copied().or(months.then_some(Field::Date));
                if let Some(field) = field {
                    self.put(row.number, cell.col, field, true);
                }
            }
        }
    }
}

/// How a table was read, for a reader: groups of lines under months look like a matrix.
pub(super) fn reading(table: &Table) -> TableSource {
    if grouped(table) { TableSource::Matrix } else { table.source }
}

/// Whether the table is a group of lines (时间, 主题 …) under columns of months: its first and last
/// headings stand for the group and the month, and have no wording.
fn grouped(table: &Table) -> bool {
    let silent = |heading: Option<&Heading>, field: Field| {
        heading.is_some_and(|heading| heading.field == field && heading.text.is_empty())
    };
    table.source == TableSource::Transposed
        && silent(table.headings.first(), Field::Kind)
        && silent(table.headings.last(), Field::DateStart)
}

/// What texts on the edge of a matrix give to its records.
fn edges(table: &Table) -> Edges {
    let mut edges = Edges::new();
    for field in [Field::Kind, Field::Date, Field::Unit] {
        let Some(at) = table.headings.iter().position(|h| h.field == field && h.text.is_empty()) else {
            continue;
        };
        for value in table.rows.iter().filter_map(|row| row.values.get(at).and_then(Option::as_ref)) {
            edges.entry(shown(value).trim().to_owned()).or_insert(field);
        }
    }
    edges
}

fn bare(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    text.trim_end_matches(['：', ':']).to_owned()
}
