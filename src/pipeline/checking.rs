//! What the program understood of each submission, for the clerk who wonders.
//!
//! In: files. Out: lines for a terminal and, where asked for, sections of a page, in the order of
//! the files. Never here: printing, writing, and reading in another way than a run does.

use super::inputs::Input;
use super::reading::{Understanding, understand_file};
use crate::ingest;
use crate::model::{Finding, Place, RowCounts, Rule, Severity, Submission, TableSource, rules};
use crate::report::checkpage::{self, Checked, SheetView};
use crate::seeds::Catalogue;
use rayon::prelude::*;
use std::sync::Arc;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How much is shown of a sheet on a terminal.
const ACTIVITIES: usize = 5;
const EXCLUDED: usize = 8;

/// What is to be shown of one file.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Lines for a terminal.
    pub lines: Vec<String>,
    /// The section of the page; empty where no page was asked for.
    pub section: String,
    /// Whether something in it was not read or cannot be counted.
    pub failed: bool,
}

/// Reads every input and tells what was understood, in order.
#[must_use]
pub fn check(inputs: &[Input], catalogue: &Catalogue, page: bool) -> Vec<Shown> {
    inputs.par_iter().map(|input| check_input(input, catalogue, page)).collect()
}

fn check_input(input: &Input, catalogue: &Catalogue, page: bool) -> Shown {
    if ingest::is_lock_file(&input.name) {
        let message = "办公软件留下的临时文件，已跳过".to_owned();
        return show(&bare(&input.name, &rules::LOCK_FILE, message), "", page);
    }
    match std::fs::read(&input.path) {
        Ok(bytes) => check_file(&input.name, &bytes, catalogue, page),
        Err(error) => {
            let message = format!("文件打不开（{error}）");
            show(&bare(&input.name, &rules::CORRUPT, message), "", page)
        }
    }
}

/// Tells what is understood of one file.
#[must_use]
pub fn check_file(name: &str, bytes: &[u8], catalogue: &Catalogue, page: bool) -> Shown {
    show(&understand_file(name, bytes, catalogue), ingest::format_name(bytes), page)
}

/// A file that was not looked into.
fn bare(name: &str, rule: &'static Rule, message: String) -> Understanding {
    let submission = Submission {
        file: Arc::from(name),
        units: Vec::new(),
        activities: Vec::new(),
        excluded: Vec::new(),
        findings: vec![Finding::at(rule, &Place::file(name), message)],
        error: None,
        counts: RowCounts::default(),
    };
    Understanding { submission, grids: Vec::new(), tables: Vec::new() }
}

fn show(understanding: &Understanding, format: &str, page: bool) -> Shown {
    let Understanding { submission, grids, tables } = understanding;
    let checked = Checked { format, submission, grids, tables };
    let error = |finding: &Finding| finding.rule.severity == Severity::Error;
    Shown {
        lines: lines(&checked).iter().map(|line| plain(line).trim_end().to_owned()).collect(),
        section: if page { checkpage::section(&checked) } else { String::new() },
        failed: submission.error.is_some() || submission.findings.iter().any(error),
    }
}

fn lines(checked: &Checked<'_>) -> Vec<String> {
    let submission = checked.submission;
    let mut lines = vec![submission.file.to_string()];
    if !checked.format.is_empty() {
        lines.push(format!("  格式  {}", checked.format));
    }
    if let Some((_, message)) = &submission.error {
        lines.push(format!("  没有读取：{message}"));
    }
    if !checked.grids.is_empty() {
        lines.push(format!("  单位  {}", checked.units()));
        lines.push(format!("  年度  {}", checked.years()));
    }
    for sheet in checked.sheets() {
        sheet_lines(&sheet, &mut lines);
    }
    finding_lines(&submission.findings, &mut lines);
    if !checked.grids.is_empty() {
        lines.push(format!("  行数核对：{}", checked.balance()));
    }
    lines
}

fn sheet_lines(sheet: &SheetView<'_>, lines: &mut Vec<String>) {
    let name = &sheet.grid.place.sheet;
    let name = if name.is_empty() { "全文".to_owned() } else { format!("工作表“{name}”") };
    lines.push(format!("  {name}：{}", sheet.reading()));
    for (table, times) in sheet.headers() {
        let mut about = Vec::new();
        if table.source == TableSource::Rows {
            about.push(format!("第{}行", table.place.row));
        }
        if times > 1 {
            about.push(format!("同样的共{times}处"));
        }
        let about = if about.is_empty() { String::new() } else { format!("（{}）", about.join("，")) };
        lines.push(format!("    列名{about}"));
        let rows: Vec<Vec<String>> = SheetView::headings(table)
            .into_iter()
            .map(|[place, text, meaning]| vec![place, short(&text, 40), format!("→ {meaning}")])
            .collect();
        aligned(&rows, "      ", lines);
    }
    if !sheet.excluded.is_empty() {
        lines.push(format!(
            "    活动行{}，剔除行{}：{}",
            sheet.taken(),
            sheet.excluded.len(),
            sheet.reasons()
        ));
        let rows: Vec<Vec<String>> = sheet
            .excluded
            .iter()
            .take(EXCLUDED)
            .map(|row| {
                vec![format!("第{}行", row.place.row), row.reason.as_str().to_owned(), short(&row.text, 50)]
            })
            .collect();
        aligned(&rows, "      ", lines);
        if sheet.excluded.len() > EXCLUDED {
            lines.push(format!("      ……另有{}行", sheet.excluded.len() - EXCLUDED));
        }
    } else if !sheet.grid.rows.is_empty() {
        lines.push(format!("    活动行{}，没有剔除的行", sheet.taken()));
    }
    let total = sheet.activities.len();
    if total > 0 {
        let some = if total > ACTIVITIES { format!("，前{ACTIVITIES}项") } else { String::new() };
        lines.push(format!("    活动{total}项{some}"));
        let mut rows = vec![checkpage::COLUMNS.iter().map(|name| (*name).to_owned()).collect()];
        for activity in sheet.activities.iter().take(ACTIVITIES) {
            let texts = checkpage::activity_texts(activity);
            rows.push(texts.iter().map(|text| short(text, 30)).collect());
        }
        aligned(&rows, "      ", lines);
    }
}

fn finding_lines(findings: &[Finding], lines: &mut Vec<String>) {
    if findings.is_empty() {
        lines.push("  没有发现问题".to_owned());
        return;
    }
    lines.push(format!("  问题{}条", findings.len()));
    for finding in findings {
        let place = finding.place.as_ref().map_or_else(String::new, |place| {
            let sheet = if place.sheet.is_empty() { String::new() } else { format!("〔{}〕", place.sheet) };
            format!("{sheet}{}", place.a1())
        });
        let place = if place.is_empty() { place } else { format!("{place}：") };
        let rule = finding.rule;
        lines.push(format!("    {} {} {place}{}", rule.severity.as_str(), rule.code, finding.message));
        lines.push(format!("        → {}", finding.advice()));
    }
}

/// Texts in columns that stand under each other.
fn aligned(rows: &[Vec<String>], indent: &str, lines: &mut Vec<String>) {
    let mut widths: Vec<usize> = Vec::new();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|t| plain(t)).collect()).collect();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, text) in widths.iter_mut().zip(row) {
            *width = (*width).max(text.width());
        }
    }
    for row in &rows {
        let mut line = indent.to_owned();
        for (width, text) in widths.iter().zip(row) {
            line.push_str(text);
            line.push_str(&" ".repeat(width.saturating_sub(text.width()) + 2));
        }
        lines.push(line);
    }
}

/// The beginning of a text that takes no more than some columns.
fn short(text: &str, width: usize) -> String {
    let text = plain(text);
    if text.width() <= width {
        return text;
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used + 2 > width {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// A text on one line that cannot steer a terminal.
fn plain(text: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if steers(c) { ' ' } else { c }).collect()
}
