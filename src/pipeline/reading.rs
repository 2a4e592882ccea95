//! Bytes of one file turned into a submission: ingest, layout and normalise joined.

use crate::model::{
    Activity, Date, Excluded, FileError, Finding, Grid, KindId, Place, Reason, RowCounts, Rule, Submission,
    Table, TableRule, UnitGuess, UnitSource, Visibility, rules as codes,
};
use crate::seeds::Catalogue;
use crate::seeds::text::fold;
use crate::{ingest, layout, normalise};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reads one file; `relative_name` is its name relative to the folder, with `/` between folders.
///
/// Whatever the bytes are, a submission comes back: with activities, or with the reason why there are none.
#[must_use]
pub fn read_submission(relative_name: &str, bytes: &[u8], catalogue: &Catalogue) -> Submission {
    understand_file(relative_name, bytes, &[], catalogue).submission
}

/// One file with everything that was seen on the way to its activities.
#[derive(Debug)]
pub struct Understanding {
    /// What the file gave.
    pub submission: Submission,
    /// Its sheets as they stand; none where the file cannot be read.
    pub grids: Vec<Grid>,
    /// The tables that were found in them.
    pub tables: Vec<Table>,
}

/// Reads one file and keeps its sheets and tables beside the submission, for showing; `rules` are those of
/// the office that hold for the file.
#[must_use]
pub fn understand_file(
    relative_name: &str,
    bytes: &[u8],
    rules: &[&TableRule],
    catalogue: &Catalogue,
) -> Understanding {
    let file: Arc<str> = Arc::from(relative_name);
    let mut findings = Vec::new();
    let grids = match ingest::read(&file, bytes).drain_into(&mut findings) {
        Ok(grids) => grids,
        Err((error, message)) => {
            let submission = unreadable(&file, error, message, findings, catalogue);
            return Understanding { submission, grids: Vec::new(), tables: Vec::new() };
        }
    };
    let understood = layout::understand(relative_name, &grids, rules, &catalogue.headers, &catalogue.kinds)
        .drain_into(&mut findings);
    let unit = understood.units.first().map(|guess| Arc::clone(&guess.name));
    let scope = normalise::Scope {
        headers: &catalogue.headers,
        kinds: &catalogue.kinds,
        unit: unit.as_ref(),
        usual_year: normalise::usual_year(&understood.tables).or(understood.filled_in),
    };
    let mut activities: Vec<Activity> = Vec::new();
    for table in &understood.tables {
        activities.extend(normalise::activities(table, scope).drain_into(&mut findings));
    }
    let mut units = understood.units;
    units.extend(units.is_empty().then(|| only_unit(&activities)).flatten());
    let order = sheet_order(&grids);
    let at = |place: &Place| (order.get(&place.sheet).copied().unwrap_or(usize::MAX), place.row);
    activities.sort_by_key(|a| (at(&a.place), a.place.col, a.ordinal));
    let mut excluded = understood.excluded;
    excluded.sort_by_key(|row| at(&row.place));
    findings.extend(duplicates(&activities));
    let counts = count(&grids, &understood.tables, &excluded);
    let mut error = None;
    if activities.is_empty() && header_only(&grids, &excluded) {
        let message = "表格只有表头，没有一条活动记录".to_owned();
        findings.push(Finding::at(&codes::HEADER_ONLY, &Place::file(Arc::clone(&file)), message.clone()));
        error = Some((FileError::HeaderOnly, message));
    }
    findings.sort_by(Finding::order);
    let ruled = understood.ruled;
    let submission = Submission { file, units, activities, excluded, findings, error, counts, ruled };
    Understanding { submission, grids, tables: understood.tables }
}

fn unreadable(
    file: &Arc<str>,
    error: FileError,
    message: String,
    mut findings: Vec<Finding>,
    catalogue: &Catalogue,
) -> Submission {
    findings.push(Finding::at(rule_of(error), &Place::file(Arc::clone(file)), message.clone()));
    let named = layout::understand(file, &[], &[], &catalogue.headers, &catalogue.kinds);
    Submission {
        file: Arc::clone(file),
        units: named.value.units,
        activities: Vec::new(),
        excluded: Vec::new(),
        findings,
        error: Some((error, message)),
        counts: RowCounts::default(),
        ruled: Vec::new(),
    }
}

/// The unit that every row names, where neither title nor file does.
fn only_unit(activities: &[Activity]) -> Option<UnitGuess> {
    let name = activities.first()?.unit.clone()?;
    let same = activities.iter().all(|activity| activity.unit.as_ref() == Some(&name));
    same.then_some(UnitGuess { name, source: UnitSource::UnitLine })
}

fn rule_of(error: FileError) -> &'static Rule {
    match error {
        FileError::Encrypted => &codes::ENCRYPTED,
        FileError::Corrupt => &codes::CORRUPT,
        FileError::Unsupported => &codes::UNSUPPORTED,
        FileError::Empty => &codes::EMPTY,
        FileError::HeaderOnly => &codes::HEADER_ONLY,
        FileError::TooLarge => &codes::TOO_LARGE,
    }
}

fn sheet_order(grids: &[Grid]) -> BTreeMap<Arc<str>, usize> {
    grids.iter().enumerate().map(|(at, grid)| (Arc::clone(&grid.place.sheet), at)).collect()
}

/// Counted from the grids and the tables, not from what is left over: that they add up is a promise.
fn count(grids: &[Grid], tables: &[Table], excluded: &[Excluded]) -> RowCounts {
    let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut rows: Vec<(&str, u32)> = Vec::new();
    for table in tables {
        for row in &table.rows {
            rows.push((&table.place.sheet, row.row));
            rows.extend(row.more_rows.iter().map(|more| (&*table.place.sheet, *more)));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    RowCounts {
        nonblank: short(grids.iter().map(|grid| grid.rows.len()).sum()),
        activity_rows: short(rows.len()),
        excluded: short(excluded.len()),
    }
}

/// Whether a file that gave no activity is a ledger that nobody filled in.
fn header_only(grids: &[Grid], excluded: &[Excluded]) -> bool {
    let visible: BTreeSet<&str> =
        grids.iter().filter(|g| g.visibility == Visibility::Visible).map(|g| &*g.place.sheet).collect();
    let rows: Vec<&Excluded> = excluded.iter().filter(|row| visible.contains(&*row.place.sheet)).collect();
    let blank = |reason: Reason| {
        matches!(
            reason,
            Reason::Title
                | Reason::UnitLine
                | Reason::Header
                | Reason::Note
                | Reason::Placeholder
                | Reason::Example
                | Reason::PageLine
                | Reason::Section
                | Reason::Total
                | Reason::TemplateSheet
        )
    };
    // 无 in a row is an answer, not an empty form.
    let answered = rows.iter().any(|row| row.reason == Reason::Placeholder && row.text.contains('无'));
    !answered
        && rows.iter().any(|row| matches!(row.reason, Reason::Header | Reason::Placeholder))
        && rows.iter().all(|row| blank(row.reason))
}

/// Activities that agree in date, kind and title; both are kept.
fn duplicates(activities: &[Activity]) -> Vec<Finding> {
    // Titles are compared only where day, kind and unit agree, which they rarely do.
    let mut like: BTreeMap<(Date, &str, &str), Vec<&Activity>> = BTreeMap::new();
    for activity in activities.iter().filter(|activity| !activity.title.is_empty()) {
        let Some(start) = activity.date.start else { continue };
        let kind = activity.stated.as_ref().and_then(|s| s.kind.as_ref()).map_or("", KindId::as_str);
        like.entry((start, kind, activity.unit.as_deref().unwrap_or(""))).or_default().push(activity);
    }
    let mut findings = Vec::new();
    for activities in like.into_values().filter(|activities| activities.len() > 1) {
        findings.extend(same_titles(&activities));
    }
    findings
}

/// Of activities in order, those with the title of an earlier one.
fn same_titles(activities: &[&Activity]) -> Vec<Finding> {
    let mut first: BTreeMap<String, &Place> = BTreeMap::new();
    let mut findings = Vec::new();
    for activity in activities {
        let title = fold(&activity.title);
        match first.get(&title) {
            Some(place) => {
                let sheet = if place.sheet == activity.place.sheet {
                    String::new()
                } else {
                    format!("工作表“{}”", place.sheet)
                };
                let message = format!("与{sheet}{}的活动日期、类型和名称都相同", place.a1());
                findings.push(Finding::at(&codes::DUPLICATE, &activity.place, message));
            }
            None => {
                first.insert(title, &activity.place);
            }
        }
    }
    findings
}

#[derive(Serialize)]
struct RecordLine<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    cell: String,
    unit: Option<&'a str>,
    date_start: Option<String>,
    date_end: Option<String>,
    date_precision: &'static str,
    date_valid: bool,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    kinds: Vec<&'a str>,
    title: &'a str,
    description: Option<&'a str>,
    attended: Option<u32>,
    expected: Option<u32>,
    hours: Option<f64>,
    host: Option<&'a str>,
    location: Option<&'a str>,
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    file: &'a str,
    error: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct ExcludedLine<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    excluded: &'static str,
}

/// The lines of the stable format for one submission: activities in order, or the error; with
/// `excluded` also the rows left out, after the activities.
pub fn records_lines(submission: &Submission, excluded: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((error, message)) = &submission.error {
        push(&mut lines, &ErrorLine { file: &submission.file, error: error.as_str(), message });
    }
    for activity in &submission.activities {
        push(&mut lines, &record_line(activity));
    }
    if excluded {
        for row in &submission.excluded {
            let Excluded { place, reason, .. } = row;
            push(
                &mut lines,
                &ExcludedLine {
                    file: &place.file,
                    sheet: &place.sheet,
                    row: place.row,
                    excluded: reason.as_str(),
                },
            );
        }
    }
    lines
}

fn record_line(activity: &Activity) -> RecordLine<'_> {
    RecordLine {
        file: &activity.place.file,
        sheet: &activity.place.sheet,
        row: activity.place.row,
        cell: activity.place.a1(),
        unit: activity.unit.as_deref(),
        date_start: activity.date.start.map(|d| d.to_string()),
        date_end: activity.date.end.map(|d| d.to_string()),
        date_precision: activity.date.precision.as_str(),
        date_valid: activity.date.valid,
        kind: activity.stated.as_ref().and_then(|s| s.kind.as_ref()).map(KindId::as_str),
        kinds: activity.kinds.iter().map(KindId::as_str).collect(),
        title: &activity.title,
        description: activity.description.as_deref(),
        attended: activity.attended,
        expected: activity.expected,
        hours: activity.hours(),
        host: activity.host.as_deref(),
        location: activity.location.as_deref(),
    }
}

fn push(lines: &mut Vec<String>, line: &impl Serialize) {
    // Plain structs of strings and numbers always serialise.
    lines.extend(serde_json::to_string(line).ok());
}

/// The same for a person: the file, an activity a line, and what was left out.
pub fn text_lines(submission: &Submission, excluded: bool) -> Vec<String> {
    let mut lines = vec![submission.file.to_string()];
    if let Some(unit) = submission.units.first() {
        lines.push(format!("  填报单位：{}", unit.name));
    }
    if let Some((_, message)) = &submission.error {
        lines.push(format!("  没有读取：{message}"));
    }
    let sheet =
        |place: &Place| if place.sheet.is_empty() { String::new() } else { format!("〔{}〕", place.sheet) };
    for activity in &submission.activities {
        let kinds: Vec<&str> = activity.kinds.iter().map(crate::model::KindId::as_str).collect();
        let number = |n: Option<u32>| n.map_or_else(|| "—".to_owned(), |n| n.to_string());
        lines.push(format!(
            "  {}{}  {}  {}  {}  实到{}",
            sheet(&activity.place),
            activity.place.a1(),
            activity.date.display(),
            kinds.join("、"),
            activity.title,
            number(activity.attended)
        ));
    }
    for row in submission.excluded.iter().filter(|_| excluded) {
        let Excluded { place, reason, text } = row;
        lines.push(format!("  剔除 {}第{}行（{}）：{text}", sheet(place), place.row, reason.as_str()));
    }
    let counts = submission.counts;
    lines.push(format!(
        "  非空行{}＝活动行{}＋剔除行{}",
        counts.nonblank, counts.activity_rows, counts.excluded
    ));
    lines.extend(submission.findings.iter().map(|finding| format!("  {finding}")));
    lines
}
