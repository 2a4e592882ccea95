//! The stable line format of `shuzhi match`: one row of JSON in, one line of JSON out.

use crate::matching::{Matcher, RowText};
use crate::model::{Decision, Match};
use serde_json::{Map, Value, json};

/// The answer to one line.
///
/// In: an object with `id`, `activity_type`, `title` and `description`; missing keys and null count as
/// empty, other keys are passed over. Out, without line feed: `id` as it came and `items`, the surest first.
///
/// # Errors
/// A message in Chinese where the line is no JSON object or one of the four keys holds no text.
pub fn match_line(matcher: &Matcher, line: &str) -> Result<String, String> {
    let row = parse(line)?;
    let items: Vec<String> = row
        .matches(matcher)?
        .iter()
        .map(|found| {
            let evidence: Vec<&str> = found.evidence.iter().map(|e| e.sentence.as_str()).collect();
            format!(
                "{{\"item\":{},\"confidence\":{},\"decision\":\"{}\",\"evidence\":{}}}",
                json!(found.item.as_str()),
                json!(f64::from(found.confidence) / 1000.0),
                found.decision.as_str(),
                json!(evidence)
            )
        })
        .collect();
    Ok(format!("{{\"id\":{},\"items\":[{}]}}", row.id, items.join(",")))
}

/// The answer to one line for a person: the row, then an item a line with its reasons.
///
/// # Errors
/// As [`match_line`].
pub fn text_line(matcher: &Matcher, line: &str) -> Result<String, String> {
    let row = parse(line)?;
    let id = row.id.as_str().map_or_else(|| row.id.to_string(), String::from);
    let mut answer = format!("{id} {} {}", row.text("activity_type")?, row.text("title")?);
    let matches = row.matches(matcher)?;
    if matches.is_empty() {
        answer += "\n  没有对应的条目";
    }
    for found in &matches {
        let review = if found.decision == Decision::Review { "（待核）" } else { "" };
        let reasons: Vec<&str> = found.evidence.iter().map(|e| e.sentence.as_str()).collect();
        answer +=
            &format!("\n  {}{review} 把握{}%：{}", found.item, found.confidence / 10, reasons.join("；"));
    }
    Ok(answer)
}

struct Row {
    id: Value,
    keys: Map<String, Value>,
}

fn parse(line: &str) -> Result<Row, String> {
    let keys: Map<String, Value> = serde_json::from_str(line.trim_start_matches('\u{feff}')).map_err(|error| {
        format!("不是一行 JSON 对象（第{}个字符附近），应形如 {{\"id\":\"1\",\"activity_type\":\"\",\"title\":\"\",\"description\":\"\"}}", error.column())
    })?;
    let id = match keys.get("id") {
        None | Some(Value::Null) => json!(""),
        Some(id @ (Value::String(_) | Value::Number(_))) => id.clone(),
        Some(_) => return Err("“id”应是文字或数字".to_owned()),
    };
    Ok(Row { id, keys })
}

impl Row {
    fn matches(&self, matcher: &Matcher) -> Result<Vec<Match>, String> {
        Ok(matcher.matches(&RowText {
            kind: self.text("activity_type")?,
            title: self.text("title")?,
            description: self.text("description")?,
            kinds: &[],
        }))
    }

    fn text(&self, key: &str) -> Result<&str, String> {
        match self.keys.get(key) {
            None | Some(Value::Null) => Ok(""),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(format!("“{key}”应是文字")),
        }
    }
}
