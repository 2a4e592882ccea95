//! A sheet drawn as an HTML table, with its merges, labels and doubts.
//!
//! In: a sheet with its tables, rows left out and findings. Out: HTML, cut at a stated size. Never
//! here: what a cell means.

use super::checkcells::{Role, Roles};
use super::checkpage::SheetView;
use crate::model::{Date, Finding, Grid, GridRow, GridValue, Reason, column_letters};
use std::collections::BTreeMap;

/// How much of a sheet is drawn.
const ROWS: usize = 300;
const COLS: u32 = 60;
/// How many cells of merges are looked at; a sheet that needs more was not made by hand.
const MERGED: usize = 500_000;

/// The sheet as a table, every cell in the colour of its meaning.
pub(super) fn draw(sheet: &SheetView<'_>, findings: &[Finding]) -> String {
    let grid = sheet.grid;
    let rows = grid.rows.get(..ROWS.min(grid.rows.len())).unwrap_or(&[]);
    let widest = grid.rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.col).max().unwrap_or(1);
    let last = widest.min(COLS);
    let mut out = String::new();
    if grid.rows.len() > ROWS {
        out += &format!("<p class=\"cut\">只画出前{ROWS}个非空行，共{}行。</p>", grid.rows.len());
    }
    if widest > COLS {
        out += &format!("<p class=\"cut\">只画出前{COLS}列，共{widest}列。</p>");
    }
    let roles = Roles::of(sheet, rows);
    let spans = spans(grid, rows, last);
    let reasons: BTreeMap<u32, Reason> = sheet.excluded.iter().map(|e| (e.place.row, e.reason)).collect();
    let mut doubts: BTreeMap<(u32, u32), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if let Some(place) = finding.place.as_ref().filter(|p| p.sheet == grid.place.sheet && p.row > 0) {
            doubts.entry((place.row, place.col)).or_default().push(finding);
        }
    }
    out += "<table class=\"grid\"><tr><th></th>";
    for col in 1..=last {
        out += &format!("<th>{}</th>", column_letters(col));
    }
    out += "<th>剔除原因</th></tr>\n";
    let mut before = 0;
    for row in rows {
        let reason = reasons.get(&row.number).copied();
        let mut classes = Vec::new();
        classes.extend(reason.map(|_| "x"));
        classes.extend((row.number > before + 1).then_some("gap"));
        before = row.number;
        let title = reason.map_or_else(String::new, |r| format!(" title=\"没有算作活动：{}\"", r.as_str()));
        out += &format!("<tr class=\"{}\"{title}>", classes.join(" "));
        let (class, title) = doubt(doubts.get(&(row.number, 0)).map_or(&[], Vec::as_slice));
        out += &format!("<th class=\"{class}\"{title}>{}</th>", row.number);
        for col in 1..=last {
            let at = (row.number, col);
            let span = match spans.get(&at) {
                Some(Span::Covered) => continue,
                Some(Span::Over(1, across)) => format!(" colspan=\"{across}\""),
                Some(Span::Over(down, 1)) => format!(" rowspan=\"{down}\""),
                Some(Span::Over(down, across)) => format!(" rowspan=\"{down}\" colspan=\"{across}\""),
                None => String::new(),
            };
            let cell = value(row, col);
            let role = cell.and_then(|_| roles.get(at));
            let (class, title) = doubt(doubts.get(&at).map_or(&[], Vec::as_slice));
            let class = [
                role.map_or("", Role::class),
                if role.map_or(reason == Some(Reason::Header), |r| r.header) { "h" } else { "" },
                class,
            ];
            let class: Vec<&str> = class.into_iter().filter(|c| !c.is_empty()).collect();
            let title = match role {
                _ if !title.is_empty() => title,
                Some(role) if reason.is_none() || role.header => {
                    format!(" title=\"{}\"", role.field.as_str())
                }
                _ => String::new(),
            };
            let text = cell.map_or_else(String::new, |value| escape(&shown(value)));
            out += &format!("<td class=\"{}\"{span}{title}>", class.join(" "));
            out += &if text.is_empty() { text } else { format!("<div>{text}</div>") };
            out += "</td>";
        }
        out += &format!("<td class=\"why\">{}</td></tr>\n", reason.map_or("", Reason::as_str));
    }
    out += "</table>";
    out.replace(" class=\"\"", "")
}

/// The class and the tooltip of a place with findings.
fn doubt(findings: &[&Finding]) -> (&'static str, String) {
    if findings.is_empty() {
        return ("", String::new());
    }
    let messages: Vec<String> = findings
        .iter()
        .map(|f| escape(&format!("{} {} {}", f.rule.severity.as_str(), f.rule.code, f.message)))
        .collect();
    ("d", format!(" title=\"{}\"", messages.join("；")))
}

fn value(row: &GridRow, col: u32) -> Option<&GridValue> {
    let at = row.cells.binary_search_by_key(&col, |cell| cell.col).ok()?;
    row.cells.get(at).map(|cell| &cell.value)
}

enum Span {
    Over(usize, usize),
    Covered,
}

/// Merges as far as they are drawn; one that would hide a text or cross another is left undrawn.
fn spans(grid: &Grid, rows: &[GridRow], last: u32) -> BTreeMap<(u32, u32), Span> {
    let mut spans: BTreeMap<(u32, u32), Span> = BTreeMap::new();
    let mut looked_at = 0;
    for merge in &grid.merges {
        let from = rows.partition_point(|row| row.number < merge.top);
        let to = rows.partition_point(|row| row.number <= merge.bottom);
        let right = merge.right.min(last);
        let Some(lines) = rows.get(from..to) else { continue };
        let width = usize::try_from(right.saturating_sub(merge.left)).unwrap_or(0) + 1;
        looked_at += lines.len() * width;
        if looked_at > MERGED {
            break;
        }
        let top = lines.first().map(|row| row.number);
        if top != Some(merge.top) || merge.left == 0 || merge.left > right {
            continue;
        }
        let cells = || lines.iter().flat_map(|row| (merge.left..=right).map(move |col| (row, col)));
        let corner = (merge.top, merge.left);
        let free = cells().all(|(row, col)| {
            let at = (row.number, col);
            !spans.contains_key(&at) && (at == corner || value(row, col).is_none())
        });
        if !free {
            continue;
        }
        let covered: Vec<(u32, u32)> = cells().map(|(row, col)| (row.number, col)).collect();
        spans.extend(covered.into_iter().map(|at| (at, Span::Covered)));
        spans.insert(corner, Span::Over(lines.len(), width));
    }
    spans
}

/// A value as its sheet would show it.
pub(super) fn shown(value: &GridValue) -> String {
    match value {
        GridValue::Text(text) => text.to_string(),
        GridValue::Error(error) => error.clone(),
        GridValue::Number(number) => number.to_string(),
        GridValue::Serial(serial) => Date::from_serial(*serial)
            .filter(|_| *serial >= 1.0)
            .map_or_else(|| serial.to_string(), |date| date.to_string()),
        GridValue::Bool(truth) => if *truth { "是" } else { "否" }.to_owned(),
    }
}

/// A text that is only text in HTML and XML, inside attributes too.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            // Neither HTML nor XML allows them.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
