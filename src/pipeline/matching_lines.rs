//! Rows in, matched items out, a line each: the stable format of `shuzhi match`.
//!
//! In: a JSON object with `id`, `activity_type`, `title`, `description`; other keys are ignored,
//! missing ones are empty. Out: `{"id","items":[{"item","confidence","decision","evidence"}]}`.

use crate::matching::{Matcher, RowText};
use crate::model::Match;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    activity_type: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    item: &'a str,
    confidence: f64,
    decision: &'a str,
    evidence: Vec<&'a str>,
}

/// The answer to one line.
///
/// # Errors
/// A sentence in Chinese where the line is no JSON object with texts.
pub fn match_line(matcher: &Matcher, line: &str) -> Result<String, String> {
    let row = parse(line)?;
    let matches = matches(matcher, &row);
    let items = matches
        .iter()
        .map(|found| Item {
            item: found.item.as_str(),
            confidence: f64::from(found.confidence) / 1000.0,
            decision: found.decision.as_str(),
            evidence: found.evidence.iter().map(|e| e.sentence.as_str()).collect(),
        })
        .collect();
    serde_json::to_string(&Answer { id: &row.id, items }).map_err(|error| error.to_string())
}

/// The answer to one line for a person: the row, then an item a line with its reasons.
///
/// # Errors
/// As [`match_line`].
pub fn text_line(matcher: &Matcher, line: &str) -> Result<String, String> {
    let row = parse(line)?;
    let kind = row.activity_type.as_deref().unwrap_or_default();
    let title = row.title.as_deref().unwrap_or_default();
    let mut text = format!("{} {kind} {title}", row.id.as_str().unwrap_or_default());
    let matches = matches(matcher, &row);
    if matches.is_empty() {
        text += "\n  没有对应的条目";
    }
    for found in &matches {
        let review = if found.decision.as_str() == "review" { "（待核）" } else { "" };
        let reasons: Vec<&str> = found.evidence.iter().map(|e| e.sentence.as_str()).collect();
        text += &format!("\n  {}{review} 把握{}%：{}", found.item, found.confidence / 10, reasons.join("；"));
    }
    Ok(text)
}

fn parse(line: &str) -> Result<Row, String> {
    serde_json::from_str(line).map_err(|_| {
        "不是一个 JSON 对象。每行应如 {\"id\":\"1\",\"activity_type\":\"支委会\",\"title\":\"…\",\"description\":\"…\"}".to_owned()
    })
}

fn matches(matcher: &Matcher, row: &Row) -> Vec<Match> {
    matcher.matches(&RowText {
        kind: row.activity_type.as_deref().unwrap_or_default(),
        title: row.title.as_deref().unwrap_or_default(),
        description: row.description.as_deref().unwrap_or_default(),
        kinds: &[],
    })
}
