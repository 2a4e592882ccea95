//! A rule `[表格.…]` ready to be pasted, for each sheet that leaves a doubt.
//!
//! In: a file as it was understood, and the words of headings. Out: lines of TOML in which file, sheet and row
//! are filled in and which the settings take as they stand. Never here: deciding which reading is right.

use super::reading::Understanding;
use crate::model::table_rule::keys;
use crate::model::{
    Excluded, Field, Finding, Grid, GridRow, GridValue, Reason, Rule, Table, TableSource, Visibility, Wanted,
    column_letters, rules,
};
use crate::report::checkpage::Suggestion;
use crate::seeds::HeaderTable;
use crate::seeds::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Findings that a rule can settle.
const DOUBTS: [&Rule; 4] =
    [&rules::NOT_UNDERSTOOD, &rules::UNKNOWN_HEADING, &rules::DOUBLE_HEADING, &rules::CLOSE_RACE];

/// How far down a header is looked for, how long a heading is, and how many columns are written out.
const HEADER_ROWS: usize = 10;
const LONGEST: usize = 20;
const COLUMNS: usize = 30;

/// What can be laid down for the sheets of a file that leave a doubt; `submitted` is the file's name in the
/// folder of submissions.
pub(super) fn suggestions(
    understanding: &Understanding,
    submitted: &str,
    headers: &HeaderTable,
) -> Vec<Suggestion> {
    let Understanding { submission, grids, tables } = understanding;
    let mut suggestions: Vec<Suggestion> = Vec::new();
    for grid in grids.iter().filter(|grid| grid.visibility == Visibility::Visible) {
        let sheet = &grid.place.sheet;
        let doubts = submission.findings.iter().filter(|finding| {
            DOUBTS.contains(&finding.rule) && finding.place.as_ref().is_some_and(|p| p.sheet == *sheet)
        });
        let doubts: Vec<&Finding> = doubts.collect();
        if doubts.is_empty() {
            continue;
        }
        let ruled: Vec<&str> = submission
            .ruled
            .iter()
            .filter(|used| used.sheets.contains(sheet))
            .map(|used| used.title.as_str())
            .collect();
        if !ruled.is_empty() {
            let lead = format!("还有疑问，请改 {}", ruled.join("、"));
            suggestions.push(Suggestion { sheet: sheet.clone(), lead, lines: Vec::new() });
            continue;
        }
        let tables: Vec<&Table> = tables.iter().filter(|t| t.place.sheet == *sheet).collect();
        let header = |row: &&Excluded| row.reason == Reason::Header && row.place.sheet == *sheet;
        let header_rows = submission.excluded.iter().filter(header).map(|row| row.place.row).collect();
        let draft = Draft { grid, tables, header_rows, headers };
        let mut lines = vec![format!("[{}.{}]", keys::SECTION, section_name(submitted, sheet))];
        lines.push(format!("{} = {}", keys::FILE, quoted(submitted)));
        if !sheet.is_empty() {
            lines.push(format!("{} = {}", keys::SHEET, quoted(sheet)));
        }
        lines.extend(draft.body(&doubts));
        let lead = "可以在 考核.toml 里定下来：把下面几行粘贴到最后，照实际情况改好，再运行".to_owned();
        suggestions.push(Suggestion { sheet: sheet.clone(), lead, lines });
    }
    suggestions
}

/// A sheet for which a rule is drafted.
struct Draft<'a> {
    grid: &'a Grid,
    tables: Vec<&'a Table>,
    /// Rows that were taken for a header.
    header_rows: BTreeSet<u32>,
    headers: &'a HeaderTable,
}

impl Draft<'_> {
    fn body(&self, doubts: &[&Finding]) -> Vec<String> {
        let of = |rule: &Rule| doubts.iter().filter(|f| f.rule == rule).collect::<Vec<_>>();
        let records = self.tables.iter().any(|table| !table.rows.is_empty());
        let mut lines = Vec::new();
        if !of(&rules::CLOSE_RACE).is_empty() {
            lines.push(self.present_reading());
            return lines;
        }
        let unread = of(&rules::NOT_UNDERSTOOD);
        if !unread.is_empty() && !records {
            return self.unread();
        }
        let mut columns: BTreeMap<u32, (Field, String)> = BTreeMap::new();
        for finding in of(&rules::UNKNOWN_HEADING) {
            let Some(heading) = self.heading(finding) else { continue };
            let note = format!("“{}”没有用上；有用就把“不用”改成它的意思，如 \"内容\"", heading.1);
            columns.insert(heading.0, (Field::Ignored, note));
        }
        for finding in of(&rules::DOUBLE_HEADING) {
            let Some((col, text)) = self.heading(finding) else { continue };
            let field = self.headers.label(&leaf(&text)).map_or(Field::Ignored, |label| label.field);
            let used = self.tables.iter().flat_map(|table| &table.headings).find(|h| h.field == field);
            if let Some(used) = used.filter(|_| field != Field::Ignored) {
                let note = format!("“{}”，现在用的是这一列", used.text);
                columns.insert(used.col, (field, note));
            }
            columns.insert(col, (Field::Ignored, format!("“{text}”；要用这一列，就把两处的意思对调")));
        }
        if !columns.is_empty() {
            lines.extend(self.header_line());
            lines.extend(column_lines(&columns));
        }
        lines.extend(unread.first().and_then(|finding| self.beside(finding)));
        if lines.is_empty() {
            lines.push(self.present_reading());
        }
        lines
    }

    /// How the sheet is read now.
    fn present_reading(&self) -> String {
        let now = self.tables.first().map_or(TableSource::Rows, |table| table.source);
        let others = other_readings(now);
        format!("{} = \"{}\"  # 现在的读法；不对就改成{others}", keys::READING, now.word())
    }

    /// Column and wording of the heading to which a finding points.
    fn heading(&self, finding: &Finding) -> Option<(u32, String)> {
        let place = finding.place.as_ref()?;
        let headings = self.tables.iter().flat_map(|table| &table.headings);
        let text = headings.filter(|h| h.col == place.col && !h.text.is_empty()).map(|h| &h.text).next();
        Some((place.col, text.cloned().unwrap_or_default()))
    }

    /// The header of a sheet with one table.
    fn header_line(&self) -> Option<String> {
        let [table] = self.tables.as_slice() else { return None };
        if table.source != TableSource::Rows || table.headings.iter().all(|h| h.text.is_empty()) {
            return None;
        }
        let last = table.place.row;
        let mut rows: Vec<String> = (1..=last)
            .rev()
            .take_while(|row| self.header_rows.contains(row))
            .map(|r| r.to_string())
            .collect();
        rows.reverse();
        match rows.as_slice() {
            [] => None,
            [row] => Some(format!("{} = {row}", keys::HEADER)),
            rows => Some(format!("{} = [{}]", keys::HEADER, rows.join(", "))),
        }
    }

    /// Rows before or behind the records that nobody could explain: the rule says where the records end.
    fn beside(&self, finding: &Finding) -> Option<String> {
        let row = finding.place.as_ref()?.row;
        let taken: BTreeSet<u32> = self
            .tables
            .iter()
            .flat_map(|table| &table.rows)
            .flat_map(|row| row.more_rows.iter().chain([&row.row]).copied())
            .collect();
        let (first, last) = (*taken.first()?, *taken.last()?);
        if row > last {
            Some(format!(
                "{} = {last}  # 第{row}行起没有认出；如果其中有活动，改成最后一项活动的行号",
                keys::LAST
            ))
        } else if row < first {
            Some(format!(
                "{} = {first}  # 第{row}行起有几行没有认出；如果其中有活动，改成第一项活动的行号",
                keys::FIRST
            ))
        } else {
            None
        }
    }

    /// A sheet of which nothing was understood.
    fn unread(&self) -> Vec<String> {
        let rows = TableSource::Rows;
        let others = other_readings(rows);
        let mut lines = vec![format!("{} = \"{}\"  # 也可以是{others}", keys::READING, rows.word())];
        let header = self.likely_header();
        let Some(row) = header.or_else(|| self.grid.rows.iter().find(|row| row.cells.len() >= 2)) else {
            return lines;
        };
        lines.push(match header {
            Some(_) => format!("{} = {}  # 写着列名的那一行", keys::HEADER, row.number),
            None => format!("{} = {}  # 第一项活动的行号", keys::FIRST, row.number),
        });
        let mut columns = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for cell in row.cells.iter().take(COLUMNS) {
            let text = match &cell.value {
                GridValue::Text(text) => text.to_string(),
                GridValue::Error(text) => text.clone(),
                GridValue::Number(number) | GridValue::Serial(number) => number.to_string(),
                GridValue::Bool(_) => String::new(),
            };
            let field =
                self.headers.label(&fold(&text)).filter(|_| header.is_some()).map(|label| label.field);
            let field = field.filter(|field| *field == Field::Ignored || seen.insert(*field));
            columns.insert(cell.col, (field.unwrap_or(Field::Ignored), format!("“{}”", one_line(&text))));
        }
        lines.extend(column_lines(&columns));
        lines
    }

    /// Of the first rows the one with most short texts and nothing else.
    fn likely_header(&self) -> Option<&GridRow> {
        let heading = |text: &str| {
            text.chars().count() <= LONGEST && !text.trim().starts_with(|c: char| c.is_ascii_digit())
        };
        let short = |row: &&GridRow| {
            row.cells.len() >= 2
                && row.cells.iter().all(|cell| matches!(&cell.value, GridValue::Text(text) if heading(text)))
        };
        let rows = self.grid.rows.iter().take(HEADER_ROWS).filter(short);
        rows.max_by_key(|row| (row.cells.len(), std::cmp::Reverse(row.number)))
    }
}

/// The line of the columns, and what each of them is called in the sheet.
fn column_lines(columns: &BTreeMap<u32, (Field, String)>) -> Vec<String> {
    let parts: Vec<String> = columns
        .iter()
        .map(|(col, (field, _))| format!("{} = \"{}\"", column_letters(*col), field.word()))
        .collect();
    if parts.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<String> = columns
        .iter()
        .map(|(col, (_, note))| format!("# {}列{}", column_letters(*col), one_line(note)))
        .collect();
    if columns.values().any(|(field, _)| *field == Field::Ignored) {
        let words: Vec<&str> = Field::MEANINGS.into_iter().map(Field::word).collect();
        lines.push(format!("# 可以写的意思：{}", words.join("、")));
    }
    lines.push(format!("{} = {{ {} }}", keys::COLUMNS, parts.join(", ")));
    lines
}

fn other_readings(than: TableSource) -> String {
    let words = Wanted::ALL.into_iter().filter(|wanted| *wanted != Wanted::Read(than)).map(Wanted::as_str);
    words.collect::<Vec<_>>().join("、")
}

fn leaf(text: &str) -> String {
    fold(text.rsplit('/').next().unwrap_or(text))
}

/// A name for the section: what the file and the sheet are called, without marks that mean something in TOML.
fn section_name(submitted: &str, sheet: &str) -> String {
    let stem = submitted.rsplit_once('.').map_or(submitted, |(stem, _)| stem);
    let whole = if sheet.is_empty() { stem.to_owned() } else { format!("{stem}-{sheet}") };
    let name: String = whole.replace('/', "-").chars().filter(|c| c.is_alphanumeric() || *c == '-').collect();
    if name.is_empty() { "规则".to_owned() } else { name }
}

/// A text in the quotes of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out + "\""
}

fn one_line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(60)
        .collect()
}
