//! A page that shows each sheet as it stands, coloured by what the program took every cell for.
//!
//! In: a submission with its sheets and tables. Out: the text of one HTML page that needs nothing
//! else. Never here: reading again, deciding anything, files.

use super::checkcells::reading;
use super::checkgrid;
pub use super::checkgrid::escape;
use crate::model::{
    Activity, Date, Excluded, Finding, Grid, Heading, KindId, Reason, RuleUse, Severity, Submission, Table,
    TableSource, column_letters,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many activities are listed beside a sheet.
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
    /// What the office can lay down for sheets that leave a doubt.
    pub suggestions: &'a [Suggestion],
}

/// A rule that an office can lay down for a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The sheet.
    pub sheet: Arc<str>,
    /// What to do, in a sentence.
    pub lead: String,
    /// The lines to paste into the settings; none where there is a rule already.
    pub lines: Vec<String>,
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
    /// The rules by which it was read.
    pub rules: Vec<&'a RuleUse>,
    /// What the office can lay down for it.
    pub suggestion: Option<&'a Suggestion>,
}

impl<'a> Checked<'a> {
    /// The sheets in order.
    pub fn sheets(&self) -> impl Iterator<Item = SheetView<'a>> + use<'a> {
        let Self { submission, grids, tables, suggestions, .. } = *self;
        grids.iter().map(move |grid| {
            let sheet = &grid.place.sheet;
            SheetView {
                grid,
                tables: tables.iter().filter(|t| t.place.sheet == *sheet).collect(),
                activities: submission.activities.iter().filter(|a| a.place.sheet == *sheet).collect(),
                excluded: submission.excluded.iter().filter(|e| e.place.sheet == *sheet).collect(),
                rules: submission.ruled.iter().filter(|used| used.sheets.contains(sheet)).collect(),
                suggestion: suggestions.iter().find(|suggestion| suggestion.sheet == *sheet),
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

    /// The years that titles, sheets and the file name give, or else those of the activities.
    #[must_use]
    pub fn years(&self) -> String {
        let words = |years: BTreeSet<i32>| {
            years.iter().map(|year| format!("{year}年")).collect::<Vec<_>>().join("、")
        };
        let named = words(self.tables.iter().filter_map(|table| table.default_year.or(table.year)).collect());
        let dates = self.submission.activities.iter().filter_map(|activity| activity.date.start);
        let dated = words(dates.map(Date::year).collect());
        match (named.is_empty(), dated.is_empty()) {
            (false, _) => named,
            (true, false) => format!("标题和名称没有写明，活动日期在{dated}"),
            (true, true) => "没有写明".to_owned(),
        }
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
        let mut sources: Vec<TableSource> = self.tables.iter().map(|table| reading(table)).collect();
        sources.sort_unstable();
        sources.dedup();
        if sources.is_empty() {
            return if self.grid.rows.is_empty() { "空表" } else { "没有读出活动" }.to_owned();
        }
        sources.iter().map(|source| source.as_str()).collect::<Vec<_>>().join("；")
    }

    /// The rules by which the sheet was read, each with what it lays down.
    #[must_use]
    pub fn ruled(&self) -> Vec<String> {
        self.rules.iter().map(|used| format!("{}：{}", used.title, used.says)).collect()
    }

    /// The tables with a heading of their own, each wording once, with the number of its repetitions.
    #[must_use]
    pub fn headers(&self) -> Vec<(&Table, usize)> {
        let mut headers: Vec<(&Table, usize)> = Vec::new();
        for table in &self.tables {
            // Where the office has said what columns are, that is shown, whatever stands above them.
            if !has_header(table) && (self.rules.is_empty() || table.source != TableSource::Rows) {
                continue;
            }
            match headers.iter_mut().find(|(known, _)| known.headings == table.headings) {
                Some((_, times)) => *times += 1,
                None => headers.push((table, 1)),
            }
        }
        headers
    }

    /// Where the headings of a table stand, their wording and meaning.
    #[must_use]
    pub fn headings(table: &Table) -> Vec<[String; 3]> {
        let source = reading(table);
        let named = |heading: &&Heading| !heading.text.is_empty() || source == TableSource::Rows;
        let parts = |heading: &Heading| {
            let place = match source {
                // In a table of columns a heading stands in a row.
                TableSource::Transposed => format!("第{}行", heading.col),
                TableSource::Matrix | TableSource::Calendar => String::new(),
                _ => column_letters(heading.col),
            };
            let none = || "（没有列名）".to_owned();
            let text = Some(&heading.text).filter(|t| !t.is_empty()).map_or_else(none, |t| format!("“{t}”"));
            [place, text, heading.field.as_str().to_owned()]
        };
        table.headings.iter().filter(named).map(parts).collect()
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

/// Whether any column of a table has a heading.
#[must_use]
pub fn has_header(table: &Table) -> bool {
    table.headings.iter().any(|heading| !heading.text.is_empty())
}

/// The names over the parts of an activity.
pub const COLUMNS: [&str; 8] = ["位置", "日期", "类型", "名称", "实到/应到", "时长", "主持或主讲", "地点"];

/// An activity in normal form, a text for each of [`COLUMNS`].
#[must_use]
pub fn activity_texts(activity: &Activity) -> [String; 8] {
    let number = |n: Option<u32>| n.map_or_else(|| "—".to_owned(), |n| n.to_string());
    let text = |t: Option<&str>| t.filter(|t| !t.is_empty()).unwrap_or("—").to_owned();
    let kinds: Vec<&str> = activity.kinds.iter().map(KindId::as_str).collect();
    let kind = if kinds.is_empty() {
        activity.stated.as_ref().map_or_else(|| "—".to_owned(), |stated| format!("“{}”？", stated.raw))
    } else {
        kinds.join("、")
    };
    let mut date = activity.date.display();
    if date.is_empty() {
        "—".clone_into(&mut date);
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

/// The section of rules that fit no file or sheet.
#[must_use]
pub fn unused_rules(file: &str, unused: &[Finding]) -> String {
    format!("<section>\n<h2>{}</h2>\n{}</section>\n", escape(file), findings(unused))
}

/// The section of all units: who has submitted, and how much is wrong.
#[must_use]
pub fn roll<const N: usize>(summary: &str, columns: &[&str; N], rows: &[[String; N]]) -> String {
    let mut out = format!("<section>\n<h2>{}</h2>\n<table class=\"list\"><tr>", escape(summary));
    for column in columns {
        out += &format!("<th>{}</th>", escape(column));
    }
    for row in rows {
        out += "</tr>\n<tr>";
        for cell in row {
            out += &format!("<td>{}</td>", escape(cell));
        }
    }
    out + "</tr></table>\n</section>\n"
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
    out += "。</p>\n";
    for rule in sheet.ruled() {
        out += &format!("<p>按规则 {}</p>\n", escape(&rule));
    }
    if let Some(suggestion) = sheet.suggestion {
        out += &format!("<p>{}</p>\n", escape(&suggestion.lead));
        if !suggestion.lines.is_empty() {
            out += &format!("<pre>{}</pre>\n", escape(&suggestion.lines.join("\n")));
        }
    }
    out += "<div class=\"pair\">\n<div class=\"sheet\">";
    out += &checkgrid::draw(sheet, findings);
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
