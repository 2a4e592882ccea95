//! What the program understood of each submission, for the clerk who wonders.
//!
//! In: files. Out: lines for a terminal and, where asked for, sections of a page, in the order of
//! the files. Never here: printing, writing, and reading in another way than a run does.

use super::apart;
use super::reading::{Understanding, understand_file};
use super::settings;
use super::sources::{Content, Source, each};
use super::suggestion::suggestions;
use super::table_rules::{FileRead, Ruled, TableRules};
use crate::ingest;
use crate::model::{Finding, RuleUse, Severity, Submission, TableRule, TableSource};
use crate::report::checkpage::{self, Checked, SheetView};
use crate::seeds::Catalogue;
use rayon::prelude::*;
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

/// Reads every file of a path by the rules that hold there and tells what was understood, in order; rules
/// that no file or sheet fits come last.
#[must_use]
pub fn check(ruled: &Ruled, catalogue: &Catalogue, page: bool) -> Vec<Shown> {
    let look = Look { catalogue, rules: &ruled.rules, page };
    let read: Vec<Vec<Looked>> =
        ruled.inputs.par_iter().map(|input| each(input, &|source| look.source(&source))).collect();
    let read: Vec<Looked> = read.into_iter().flatten().collect();
    let files = read.iter().filter(|file| !file.archive);
    let files: Vec<FileRead<'_>> = files
        .map(|file| FileRead { submitted: &file.submitted, readable: file.readable, ruled: &file.ruled })
        .collect();
    let unused = ruled.rules.unused(&files, ruled.whole);
    let mut shown: Vec<Shown> = read.into_iter().map(|file| file.shown).collect();
    if !unused.is_empty() {
        let mut lines = vec![settings::FILE.to_owned()];
        finding_lines(&unused, &mut lines);
        let section = if page { checkpage::unused_rules(settings::FILE, &unused) } else { String::new() };
        shown.push(Shown { lines: lines.iter().map(|line| plain(line)).collect(), section, failed: false });
    }
    shown
}

/// Tells what is understood of one file for which no rule holds.
#[must_use]
pub fn check_file(name: &str, bytes: &[u8], catalogue: &Catalogue, page: bool) -> Shown {
    let look = Look { catalogue, rules: &TableRules::default(), page };
    look.show(&understand_file(name, bytes, &[], catalogue), ingest::format_name(bytes), name)
}

/// What came of one file.
struct Looked {
    submitted: String,
    shown: Shown,
    ruled: Vec<RuleUse>,
    readable: bool,
    archive: bool,
}

/// How files are looked at.
struct Look<'a> {
    catalogue: &'a Catalogue,
    rules: &'a TableRules,
    page: bool,
}

impl Look<'_> {
    /// One file: what is shown, what became of its rules, and whether it could be read.
    fn source(&self, source: &Source<'_>) -> Looked {
        let submitted = source.submitted.clone();
        let (understood, format) = match &source.content {
            Content::Bytes(bytes) => {
                let rules: Vec<&TableRule> = self.rules.for_file(&submitted);
                let understood = apart::understand(&source.name, bytes, &rules, self.catalogue);
                (understood, ingest::format_name(bytes).to_owned())
            }
            content => {
                let submission = source.unread(self.catalogue);
                let format = match content {
                    Content::Archive { members, .. } => {
                        format!("zip 压缩包，其中的文件{members}个，分列于后")
                    }
                    _ => String::new(),
                };
                (Understanding { submission, grids: Vec::new(), tables: Vec::new() }, format)
            }
        };
        let shown = self.show(&understood, &format, &submitted);
        let Submission { ruled, error, .. } = understood.submission;
        let readable = error.is_none() && matches!(source.content, Content::Bytes(_));
        Looked { submitted, shown, ruled, readable, archive: source.members().is_some() }
    }

    fn show(&self, understanding: &Understanding, format: &str, submitted: &str) -> Shown {
        let suggestions = suggestions(understanding, submitted, &self.catalogue.headers);
        let Understanding { submission, grids, tables } = understanding;
        let checked = Checked { format, submission, grids, tables, suggestions: &suggestions };
        let error = |finding: &Finding| finding.rule.severity == Severity::Error;
        Shown {
            lines: lines(&checked).iter().map(|line| plain(line).trim_end().to_owned()).collect(),
            section: if self.page { checkpage::section(&checked) } else { String::new() },
            failed: submission.error.is_some() || submission.findings.iter().any(error),
        }
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
    for sheet in checked.sheets() {
        suggestion_lines(&sheet, &mut lines);
    }
    if !checked.grids.is_empty() {
        lines.push(format!("  行数核对：{}", checked.balance()));
    }
    lines
}

fn sheet_lines(sheet: &SheetView<'_>, lines: &mut Vec<String>) {
    let name = &sheet.grid.place.sheet;
    let name = if name.is_empty() { "全文".to_owned() } else { format!("工作表“{name}”") };
    lines.push(format!("  {name}：{}", sheet.reading()));
    lines.extend(sheet.ruled().into_iter().map(|rule| format!("    按规则 {rule}")));
    for (table, times) in sheet.headers() {
        let mut about = Vec::new();
        if table.source == TableSource::Rows && checkpage::has_header(table) {
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

fn suggestion_lines(sheet: &SheetView<'_>, lines: &mut Vec<String>) {
    let Some(suggestion) = sheet.suggestion else { return };
    let name = &sheet.grid.place.sheet;
    let name = if name.is_empty() { "全文".to_owned() } else { format!("工作表“{name}”") };
    lines.push(format!("  {name}{}", suggestion.lead));
    lines.extend(suggestion.lines.iter().map(|line| format!("    {line}")));
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
