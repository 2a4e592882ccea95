//! A submission as lines: for other programs in the stable format, and for a person.
//!
//! In: a submission. Out: lines. Never here: reading files, and printing.

use crate::model::{Activity, Excluded, KindId, Place, Submission};
use serde::Serialize;

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
pub fn records_lines(submission: &Submission, excluded: bool) -> impl Iterator<Item = String> {
    let error = submission.error.iter().filter_map(|(error, message)| {
        line(&ErrorLine { file: &submission.file, error: error.as_str(), message })
    });
    let activities = submission.activities.iter().filter_map(|activity| line(&record_line(activity)));
    let left = submission.excluded.iter().filter(move |_| excluded).filter_map(|row| {
        let Excluded { place, reason, .. } = row;
        let Place { file, sheet, row, .. } = place;
        line(&ExcludedLine { file, sheet, row: *row, excluded: reason.as_str() })
    });
    error.chain(activities).chain(left)
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

/// Plain structs of strings and numbers always serialise.
fn line(line: &impl Serialize) -> Option<String> {
    serde_json::to_string(line).ok()
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
