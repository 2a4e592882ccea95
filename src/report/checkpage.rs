//! A page that shows each sheet as it stands, coloured by what the program took every cell for.
//!
//! In: a submission with its sheets and tables. Out: the text of one HTML page that needs nothing
//! else. Never here: reading again, deciding anything, files.

use super::checkcells::{Role, Roles};
use crate::model::{
    Activity, Excluded, Finding, Grid, GridRow, GridValue, Reason, Severity, Submission, Table, TableSource,
    column_letters,
};
use std::collections::{BTreeMap, BTreeSet};

/// How much of a sheet is drawn, and how many activities are listed beside it.
const ROWS: usize = 300;
const COLS: u32 = 60;
const ACTIVITIES: usize = 300;

/// By this the program knows a page of its own again.
pub const MARK: &str = "<meta name=\"generator\" content=\"shuzhi check\"/>";

const STYLE: &str = include_str!("checkpage.css");

/// What is shown of one file.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'a> {
    /// The file's format in words.
    pub format: &'a str,
    /// What the file gave.
    pub submission: &'a Submission,
    /// Its sheets.
    pub grids: &'a [Grid],
    /// The tables found in them.
    pub tables: &'a [Table],
}

/// What is shown of one sheet.
#[derive(Debug)]
pub struct SheetView<'a> {
    /// The sheet.
    pub grid: &'a Grid,
    /// Its tables.
    pub tables: Vec<&'a Table>,
    /// Its activities.
    pub activities: Vec<&'a Activity>,
    /// Its rows left out.
    pub excluded: Vec<&'a Excluded>,
}

impl<'a> Checked<'a> {
    /// The sheets in order.
    pub fn sheets(&self) -> impl Iterator<Item = SheetView<'a>> + use<'a> {
        let Self { submission, grids, tables, .. } = *self;
        grids.iter().map(move |grid| {
            let sheet = &grid.place.sheet;
            SheetView {
                grid,
                tables: tables.iter().filter(|t| t.place.sheet == *sheet).collect(),
                activities: submission.activities.iter().filter(|a| a.place.sheet == *sheet).collect(),
                excluded: submission.excluded.iter().filter(|e| e.place.sheet == *sheet).collect(),
            }
        })
    }

    /// The units that the file names, each with its source.
    #[must_use]
    pub fn units(&self) -> String {
        let units: Vec<String> = self
            .submission
            .units
            .iter()
            .map(|guess| format!("{}（{}）", guess.name, guess.source.as_str()))
            .collect();
        if units.is_empty() { "没有认出".to_owned() } else { units.join("；") }
    }

    /// The years that titles, sheets and the file name give.
    #[must_use]
    pub fn years(&self) -> String {
        let years: BTreeSet<i32> = self.tables.iter().filter_map(|table| table.year).collect();
        let years: Vec<String> = years.iter().map(|year| format!("{year}年")).collect();
        if years.is_empty() { "标题和名称没有写明".to_owned() } else { years.join("、") }
    }

    /// Non-blank rows as the sum of activities and rows left out.
    #[must_use]
    pub fn balance(&self) -> String {
        let counts = self.submission.counts;
        format!("非空行{}＝活动行{}＋剔除行{}", counts.nonblank, counts.activity_rows, counts.excluded)
    }
}

impl SheetView<'_> {
    /// How the sheet was read.
    #[must_use]
    pub fn reading(&self) -> String {
        let mut sources: Vec<TableSource> = self.tables.iter().map(|table| table.source).collect();
        sources.sort_unstable();
        sources.dedup();
        if sources.is_empty() {
            return if self.grid.rows.is_empty() { "空表" } else { "没有读出活动" }.to_owned();
        }
        sources.iter().map(|source| source.as_str()).collect::<Vec<_>>().join("；")
    }

    /// The tables with a heading of their own, each wording once, with the number of its repetitions.
    #[must_use]
    pub fn headers(&self) -> Vec<(&Table, usize)> {
        let mut headers: Vec<(&Table, usize)> = Vec::new();
        for table in &self.tables {
            if !table.headings.iter().any(|heading| !heading.text.is_empty()) {
                continue;
            }
            match headers.iter_mut().find(|(known, _)| known.headings == table.headings) {
                Some((_, times)) => *times += 1,
                None => headers.push((table, 1)),
            }
        }
        headers
    }

    /// Why rows were left out, with their number.
    #[must_use]
    pub fn reasons(&self) -> String {
        let mut counts: BTreeMap<Reason, usize> = BTreeMap::new();
        for row in &self.excluded {
            *counts.entry(row.reason).or_default() += 1;
        }
        counts.iter().map(|(r, n)| format!("{}{n}", r.as_str())).collect::<Vec<_>>().join("、")
    }

    /// Rows from which activities were taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        let rows = self.tables.iter().flat_map(|table| &table.rows);
        rows.flat_map(|row| row.more_rows.iter().chain([&row.row])).collect::<BTreeSet<_>>().len()
    }
}

/// The names over the parts of an activity.
pub const COLUMNS: [&str; 8] = ["位置", "日期", "类型", "名称", "实到/应到", "时长", "主持或主讲", "地点"];

/// An activity in normal form, a text for each of [`COLUMNS`].
#[must_use]
pub fn activity_texts(activity: &Activity) -> [String; 8] {
    let number = |n: Option<u32>| n.map_or_else(|| "—".to_owned(), |n| n.to_string());
    let text = |t: Option<&str>| t.filter(|t| !t.is_empty()).unwrap_or("—").to_owned();
    let kinds: Vec<&str> = activity.kinds.iter().map(crate::model::KindId::as_str).collect();
    let kind = if kinds.is_empty() {
        activity.stated.as_ref().map_or_else(|| "—".to_owned(), |stated| format!("“{}”？", stated.raw))
    } else {
        kinds.join("、")
    };
    let mut date = activity.date.display();
    if date.is_empty() {
        date = "—".to_owned();
    } else if !activity.date.valid {
        date.push('？');
    }
    if activity.planned {
        date.push_str("（计划）");
    }
    let hours = activity.minutes.map_or_else(
        || "—".to_owned(),
        |minutes| match (minutes / 60, minutes % 60) {
            (0, rest) => format!("{rest}分钟"),
            (hours, 0) => format!("{hours}小时"),
            (hours, rest) => format!("{hours}小时{rest}分"),
        },
    );
    [
        activity.place.a1(),
        date,
        kind,
        text(Some(&activity.title)),
        format!("{}/{}", number(activity.attended), number(activity.expected)),
        hours,
        text(activity.host.as_deref()),
        text(activity.location.as_deref()),
    ]
}

/// The whole page, from the sections of its files in order.
#[must_use]
pub fn page(sections: &[String]) -> String {
    let mut out =
        String::from("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"zh-CN\">\n");
    out += "<head><meta charset=\"utf-8\"/>";
    out += MARK;
    out += "<title>报送材料读取情况</title>\n<style>\n";
    out += STYLE;
    out += "</style></head>\n<body>\n<h1>报送材料读取情况</h1>\n<p class=\"legend\">颜色：";
    for (class, name) in [
        ("f-date", "日期"),
        ("f-kind", "类型"),
        ("f-title", "名称"),
        ("f-text", "内容"),
        ("f-num", "人数、时长"),
        ("f-who", "人员、单位"),
        ("f-place", "地点"),
        ("f-off", "不使用"),
        ("f-unk", "没有认出"),
        ("x", "没有算作活动的行"),
        ("d", "有疑问，指针停在格子上看说明"),
    ] {
        out += &format!("<span class=\"{class}\">{name}</span> ");
    }
    out += "粗体是表头。</p>\n";
    for section in sections {
        out += section;
    }
    out += "</body>\n</html>\n";
    out
}

/// The section of one file.
#[must_use]
pub fn section(checked: &Checked<'_>) -> String {
    let submission = checked.submission;
    let mut out = format!("<section>\n<h2>{}</h2>\n<dl>", escape(&submission.file));
    let mut line = |name: &str, text: &str| out += &format!("<dt>{name}</dt><dd>{}</dd>", escape(text));
    line("格式", if checked.format.is_empty() { "—" } else { checked.format });
    if let Some((_, message)) = &submission.error {
        line("没有读取", message);
    }
    line("单位", &checked.units());
    if !checked.grids.is_empty() {
        line("年度", &checked.years());
        line("行数核对", &checked.balance());
    }
    out += "</dl>\n";
    out += &findings(&submission.findings);
    for sheet in checked.sheets() {
        out += &sheet_part(&sheet, &submission.findings);
    }
    out += "</section>\n";
    out
}

fn findings(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "<p>没有发现问题。</p>\n".to_owned();
    }
    let mut out = String::from("<table class=\"list\"><tr><th>级别</th><th>编号</th><th>位置</th>");
    out += "<th>问题</th><th>怎样处理</th></tr>\n";
    for finding in findings {
        let place = finding.place.as_ref().map_or_else(String::new, |place| {
            let sheet = if place.sheet.is_empty() { String::new() } else { format!("〔{}〕", place.sheet) };
            format!("{sheet}{}", place.a1())
        });
        out += &format!(
            "<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            severity(finding.rule.severity),
            finding.rule.severity.as_str(),
            finding.rule.code,
            escape(&place),
            escape(&finding.message),
            escape(finding.advice())
        );
    }
    out + "</table>\n"
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn sheet_part(sheet: &SheetView<'_>, findings: &[Finding]) -> String {
    let name = if sheet.grid.place.sheet.is_empty() { "全文" } else { &*sheet.grid.place.sheet };
    let mut out = format!("<h3>{}：{}</h3>\n", escape(name), sheet.reading());
    if sheet.grid.rows.is_empty() {
        return out;
    }
    out += &format!("<p>活动行{}，剔除行{}", sheet.taken(), sheet.excluded.len());
    if !sheet.excluded.is_empty() {
        out += &format!("（{}）", sheet.reasons());
    }
    out += "。</p>\n<div class=\"pair\">\n<div class=\"sheet\">";
    out += &grid_table(sheet, findings);
    out += "</div>\n<div class=\"read\">";
    out += &activity_table(&sheet.activities);
    out += "</div>\n</div>\n";
    out
}

fn activity_table(activities: &[&Activity]) -> String {
    if activities.is_empty() {
        return "<p>没有读出活动。</p>".to_owned();
    }
    let mut out = format!("<p>读出的活动{}项</p>\n<table class=\"list\"><tr>", activities.len());
    for name in COLUMNS {
        out += &format!("<th>{name}</th>");
    }
    out += "</tr>\n";
    for activity in activities.iter().take(ACTIVITIES) {
        out += "<tr>";
        for text in activity_texts(activity) {
            out += &format!("<td>{}</td>", escape(&text));
        }
        out += "</tr>\n";
    }
    out += "</table>";
    if activities.len() > ACTIVITIES {
        out += &format!("<p class=\"cut\">只列出前{ACTIVITIES}项，共{}项。</p>", activities.len());
    }
    out
}

fn grid_table(sheet: &SheetView<'_>, findings: &[Finding]) -> String {
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
                Some(Span::Over(down, across)) => format!(" rowspan=\"{down}\" colspan=\"{across}\""),
                None => String::new(),
            };
            let cell = value(row, col);
            let role = cell.and_then(|_| roles.get(at));
            let (class, title) = doubt(doubts.get(&at).map_or(&[], Vec::as_slice));
            let class =
                [role.map_or("", Role::class), if role.is_some_and(|r| r.header) { "h" } else { "" }, class];
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
    out + "</table>"
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
    Over(usize, u32),
    Covered,
}

/// Merges as far as they are drawn; one that would hide a text or cross another is left undrawn.
fn spans(grid: &Grid, rows: &[GridRow], last: u32) -> BTreeMap<(u32, u32), Span> {
    let mut spans: BTreeMap<(u32, u32), Span> = BTreeMap::new();
    for merge in &grid.merges {
        let from = rows.partition_point(|row| row.number < merge.top);
        let to = rows.partition_point(|row| row.number <= merge.bottom);
        let right = merge.right.min(last);
        let Some(lines) = rows.get(from..to) else { continue };
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
        spans.insert(corner, Span::Over(lines.len(), right - merge.left + 1));
    }
    spans
}

/// A value as its sheet would show it.
pub(super) fn shown(value: &GridValue) -> String {
    match value {
        GridValue::Text(text) | GridValue::Error(text) => text.clone(),
        GridValue::Number(number) => number.to_string(),
        GridValue::Serial(serial) => crate::model::Date::from_serial(*serial)
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
