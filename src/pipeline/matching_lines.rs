//! The stable line format of `shuzhi match`: one row of JSON in, one line of JSON out.

use crate::matching::{Matcher, RowText};
use serde_json::{Map, Value, json};

/// The answer to one line.
///
/// In: an object with `id`, `activity_type`, `title` and `description`; missing keys and null count as
/// empty, other keys are passed over. Out, without line feed: `id` as it came and `items`, the surest first.
///
/// # Errors
/// A message in Chinese where the line is no JSON object or one of the four keys holds no text.
pub fn match_line(matcher: &Matcher, line: &str) -> Result<String, String> {
    let row: Map<String, Value> = serde_json::from_str(line.trim_start_matches('\u{feff}')).map_err(|error| {
        format!("不是一行 JSON 对象（第{}个字符附近），应形如 {{\"id\":\"1\",\"activity_type\":\"\",\"title\":\"\",\"description\":\"\"}}", error.column())
    })?;
    let id = match row.get("id") {
        None | Some(Value::Null) => json!(""),
        Some(id @ (Value::String(_) | Value::Number(_))) => id.clone(),
        Some(_) => return Err("“id”应是文字或数字".to_owned()),
    };
    let text = RowText {
        kind: text(&row, "activity_type")?,
        title: text(&row, "title")?,
        description: text(&row, "description")?,
        kinds: &[],
    };
    let items: Vec<String> = matcher
        .matches(&text)
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
    Ok(format!("{{\"id\":{id},\"items\":[{}]}}", items.join(",")))
}

fn text<'a>(row: &'a Map<String, Value>, key: &str) -> Result<&'a str, String> {
    match row.get(key) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(format!("“{key}”应是文字")),
    }
}
