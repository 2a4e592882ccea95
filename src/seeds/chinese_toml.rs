//! TOML as a clerk writes it: Chinese names without quotes, and errors in Chinese with their line.
//!
//! In: the text of settings or of a scheme. Out: tables whose keys and values know their line. Never here:
//! which keys there are and what they mean.

use crate::error::{Error, Result};
use crate::model::table_rule::keys;
use crate::model::{Date, Points, nearest};
use std::borrow::Cow;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The last row of a spreadsheet.
const LAST_ROW: u32 = 1_048_576;

/// A value with the line in which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its line, from 1.
    pub line: usize,
}

/// A table with its lines.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    file: &'a str,
    /// The line of its head, from 1.
    pub line: usize,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    key: String,
    line: usize,
    value: Value,
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Number(String),
    Boolean(bool),
    Date(String),
    List(Vec<Value>),
    Table(usize, Vec<Entry>),
}

/// A settings text as a table.
///
/// # Errors
/// [`Error::Seed`] with the line that is no `名称 = 值`.
pub fn parse<'a>(file: &'a str, text: &str) -> Result<Table<'a>> {
    let mut quoted = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        quoted.push_str(&quote_key(line));
        quoted.push('\n');
    }
    let line_at = |offset: usize| quoted.get(..offset).unwrap_or(&quoted).matches('\n').count() + 1;
    let parsed = DeTable::parse(&quoted).map_err(|error| {
        let line = error.span().map_or(0, |span| line_at(span.start)).min(text.lines().count().max(1));
        let written = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
        Error::Seed { file: file.to_owned(), line, message: explain(written, error.message()) }
    })?;
    Ok(Table { file, line: 1, entries: entries(parsed.get_ref(), &line_at) })
}

/// A line whose key is written in Chinese, with the quotes that TOML asks for.
fn quote_key(line: &str) -> Cow<'_, str> {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let lead = line.get(..indent).unwrap_or_default();
    let bare =
        |text: &str| !text.is_empty() && !text.is_ascii() && !text.contains(['"', '\'', '“', '”', '#']);
    if let Some(inner) = trimmed.strip_prefix("[[").and_then(|rest| rest.split("]]").next())
        && bare(inner)
    {
        let parts: Vec<String> = inner.split('.').map(|part| format!("\"{}\"", part.trim())).collect();
        return Cow::Owned(line.replacen(&format!("[[{inner}]]"), &format!("[[{}]]", parts.join(".")), 1));
    }
    if let Some(inner) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next())
        && let Some((section, name)) = inner.split_once('.').filter(|(section, _)| bare(section.trim()))
        && !name.trim().is_empty()
    {
        let head = format!("[\"{}\".{}]", section.trim(), quote_name(name.trim()));
        return Cow::Owned(line.replacen(&format!("[{inner}]"), &head, 1));
    }
    if let Some(inner) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next())
        && bare(inner)
    {
        return Cow::Owned(line.replacen(&format!("[{inner}]"), &format!("[\"{}\"]", inner.trim()), 1));
    }
    match trimmed.split_once('=') {
        Some((key, value)) if bare(key.trim()) && !key.trim().starts_with('[') => {
            Cow::Owned(format!("{lead}\"{}\" ={value}", key.trim()))
        }
        _ => Cow::Borrowed(line),
    }
}

/// What stands after the dot of `[表格.名称]`: one name, whatever it holds, and perhaps a `.列` behind it.
fn quote_name(name: &str) -> String {
    let quote = |name: &str| match name.trim() {
        name if name.contains(['"', '\'']) => name.to_owned(),
        name => format!("\"{name}\""),
    };
    match name.strip_suffix(&format!(".{}", keys::COLUMNS)) {
        Some(name) => format!("{}.\"{}\"", quote(name), keys::COLUMNS),
        None => quote(name),
    }
}

fn explain(written: &str, message: &str) -> String {
    if message.contains("duplicate key") {
        if written.contains('{') {
            return format!("“{written}”里有一列写了两次，只能保留一处");
        }
        let key = written.split('=').next().unwrap_or(written).trim().trim_matches(['"', '[', ']']);
        return format!("“{key}”写了两次，只能保留一处");
    }
    let advice = if written.contains(['“', '”']) {
        "请把中文引号“ ”改成英文双引号 \" \""
    } else if written.contains('＝') {
        "请把全角等号“＝”改成半角“=”"
    } else if written.contains(['，', '、']) && written.contains('[') {
        "几个值之间用英文逗号“,”分开，如 别名 = [\"一支部\", \"机关一支部\"]"
    } else if written.contains('{') {
        "各列写在一行的大括号里，列号用半角字母，中间用英文逗号“,”分开，如 列 = { B = \"日期\", C = \"类型\" }"
    } else if written.matches('"').count() % 2 == 1 {
        "英文双引号要成对"
    } else if written.contains('\\') {
        "文件夹之间的反斜杠“\\”请写成“/”，如 名册 = \"名册/单位名册.xlsx\""
    } else if written.matches('=').count() > 1 && written.contains([',', '，', '；', ';']) {
        "一行只写一项，请分成两行"
    } else if written.contains('=') {
        "文字要放在英文双引号里，如 单位 = \"某某局\""
    } else {
        "每行应为 名称 = 值，或 [小节名]，说明文字前面要加 #"
    };
    format!("“{written}”写法不对。{advice}")
}

fn entries(table: &DeTable<'_>, line_at: &dyn Fn(usize) -> usize) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            line: line_at(key.span().start),
            value: convert(value, line_at),
        })
        .collect();
    entries.sort_by_key(|entry| entry.line);
    entries
}

fn convert(value: &Spanned<DeValue<'_>>, line_at: &dyn Fn(usize) -> usize) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(values) => Value::List(values.iter().map(|value| convert(value, line_at)).collect()),
        DeValue::Table(table) => Value::Table(line_at(value.span().start), entries(table, line_at)),
    }
}

impl Value {
    /// The value as a message quotes it.
    fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("文字“{text}”"),
            Self::Number(number) => format!("数字“{number}”"),
            Self::Boolean(value) => format!("“{value}”"),
            Self::Date(date) => format!("日期“{date}”"),
            Self::List(_) => "一个列表".to_owned(),
            Self::Table(..) => "一个小节".to_owned(),
        }
    }
}

impl Table<'_> {
    fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The line of a key, or of the table where it has no such key.
    pub fn line_of(&self, key: &str) -> usize {
        self.entry(key).map_or(self.line, |entry| entry.line)
    }

    /// An error at a line of this file.
    pub fn error(&self, line: usize, message: String) -> Error {
        Error::Seed { file: self.file.to_owned(), line, message }
    }

    fn expected(&self, entry: &Entry, expected: &str) -> Error {
        self.error(entry.line, format!("“{}”应为{expected}，现在是{}", entry.key, entry.value.shown()))
    }

    /// All keys with their lines.
    pub fn keys(&self) -> impl Iterator<Item = (&str, usize)> {
        self.entries.iter().map(|entry| (entry.key.as_str(), entry.line))
    }

    /// Refuses keys that mean nothing.
    pub fn only(&self, known: &[&str]) -> Result<()> {
        let Some(entry) = self.entries.iter().find(|entry| !known.contains(&entry.key.as_str())) else {
            return Ok(());
        };
        let guess = guess(&entry.key, known.iter().copied());
        Err(self
            .error(entry.line, format!("没有“{}”这个设置{guess}可以用的有：{}", entry.key, known.join("、"))))
    }

    /// Whether a key has a number.
    pub fn has_number(&self, key: &str) -> bool {
        self.entry(key).is_some_and(|entry| matches!(entry.value, Value::Number(_)))
    }

    /// Whether a key has a table of its own.
    pub fn has_table(&self, key: &str) -> bool {
        self.entry(key).is_some_and(|entry| matches!(entry.value, Value::Table(..)))
    }

    /// A row of a spreadsheet, or several; none where the key is missing.
    pub fn rows(&self, key: &str, expected: &str) -> Result<Vec<u32>> {
        let Some(entry) = self.entry(key) else { return Ok(Vec::new()) };
        let values = match &entry.value {
            Value::List(values) if !values.is_empty() => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        let row = |value: &Value| match value {
            Value::Number(number) => number.parse().ok().filter(|row| (1..=LAST_ROW).contains(row)),
            _ => None,
        };
        let rows: Option<Vec<u32>> = values.iter().map(row).collect();
        rows.ok_or_else(|| self.expected(entry, expected))
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<Option<At<String>>> {
        self.text_as(key, "放在英文双引号里的文字")
    }

    /// A text of which more can be said than that.
    pub fn text_as(&self, key: &str, expected: &str) -> Result<Option<At<String>>> {
        let Some(entry) = self.entry(key) else { return Ok(None) };
        match &entry.value {
            Value::Text(text) => Ok(Some(At { value: text.clone(), line: entry.line })),
            _ => Err(self.expected(entry, expected)),
        }
    }

    /// A list of texts, or one text with its parts divided by 、.
    pub fn texts(&self, key: &str) -> Result<Vec<String>> {
        let Some(entry) = self.entry(key) else { return Ok(Vec::new()) };
        let split = |text: &str| {
            text.split(['、', '，', ',', '；', ';'])
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(String::from)
                .collect()
        };
        match &entry.value {
            Value::Text(text) => Ok(split(text)),
            Value::List(values) => values
                .iter()
                .map(|value| match value {
                    Value::Text(text) => Ok(text.trim().to_owned()),
                    _ => Err(self.expected(entry, "方括号里的几个文字，如 [\"一支部\", \"机关一支部\"]")),
                })
                .collect(),
            _ => Err(self.expected(entry, "方括号里的几个文字，如 [\"一支部\", \"机关一支部\"]")),
        }
    }

    /// A list of texts, or one text, none of them divided.
    ///
    /// # Errors
    /// With the line where it is something else.
    pub fn texts_whole(&self, key: &str) -> Result<Vec<String>> {
        match self.entry(key).map(|entry| &entry.value) {
            Some(Value::Text(text)) => Ok(vec![text.trim().to_owned()]),
            _ => self.texts(key),
        }
    }

    /// A whole number within bounds.
    pub fn integer<T: TryFrom<i64>>(
        &self,
        key: &str,
        bounds: RangeInclusive<i64>,
        expected: &str,
    ) -> Result<Option<T>> {
        let Some(entry) = self.entry(key) else { return Ok(None) };
        let number = match &entry.value {
            Value::Number(number) => number.replace('_', "").parse::<i64>().ok(),
            _ => None,
        };
        let number = number.filter(|n| bounds.contains(n)).and_then(|n| T::try_from(n).ok());
        number.map(Some).ok_or_else(|| self.expected(entry, expected))
    }

    /// A number of at most two decimals, not negative; none where the key is missing.
    ///
    /// # Errors
    /// With the line where it is something else.
    pub fn number(&self, key: &str) -> Result<Option<At<Points>>> {
        let Some(entry) = self.entry(key) else { return Ok(None) };
        self.points(key).map(|value| Some(At { value, line: entry.line }))
    }

    /// Points, at most two decimals, not negative.
    pub fn points(&self, key: &str) -> Result<Points> {
        let Some(entry) = self.entry(key) else { return Ok(Points::ZERO) };
        let points = match &entry.value {
            Value::Number(text) | Value::Text(text) => Points::parse(text),
            _ => None,
        };
        points
            .filter(|points| *points >= Points::ZERO)
            .ok_or_else(|| self.expected(entry, "不小于 0、最多两位小数的数，如 8 或 7.5"))
    }

    /// A day, as a TOML date or as text.
    pub fn date(&self, key: &str) -> Result<Option<Date>> {
        let Some(entry) = self.entry(key) else { return Ok(None) };
        let text = match &entry.value {
            Value::Text(text) | Value::Date(text) => text.as_str(),
            _ => "",
        };
        day(text).map(Some).ok_or_else(|| self.expected(entry, "日期，如 \"2023-12-31\""))
    }

    /// Yes or no.
    pub fn boolean(&self, key: &str) -> Result<Option<bool>> {
        let Some(entry) = self.entry(key) else { return Ok(None) };
        let value = match &entry.value {
            Value::Boolean(value) => Some(*value),
            Value::Text(text) => yes_or_no(text),
            _ => None,
        };
        value.map(Some).ok_or_else(|| self.expected(entry, "\"是\" 或 \"否\""))
    }

    /// A table beneath.
    pub fn table(&self, key: &str) -> Result<Option<Self>> {
        let Some(entry) = self.entry(key) else { return Ok(None) };
        match &entry.value {
            Value::Table(line, entries) => {
                Ok(Some(Table { file: self.file, line: *line, entries: entries.clone() }))
            }
            _ => Err(self.expected(entry, &format!("一个小节，单独一行写 [{key}]"))),
        }
    }

    /// Several tables of one name.
    pub fn tables(&self, key: &str) -> Result<Vec<Self>> {
        let Some(entry) = self.entry(key) else { return Ok(Vec::new()) };
        let expected = || self.expected(entry, &format!("若干小节，每个前面单独一行写 [[{key}]]"));
        let Value::List(values) = &entry.value else { return Err(expected()) };
        values
            .iter()
            .map(|value| match value {
                Value::Table(line, entries) => {
                    Ok(Table { file: self.file, line: *line, entries: entries.clone() })
                }
                _ => Err(expected()),
            })
            .collect()
    }
}

/// `，是不是“…”？` with the nearest of some known names, or a full stop where none has anything in common.
pub fn guess<'k>(written: &str, known: impl Iterator<Item = &'k str>) -> String {
    nearest(written, known).map_or_else(|| "。".to_owned(), |name| format!("，是不是“{name}”？"))
}

/// A day written as `2023-12-31`, `2023/12/31`, `2023.12.31` or `2023年12月31日`.
pub fn day(text: &str) -> Option<Date> {
    let mut parts =
        text.trim().split(['-', '/', '.', '年', '月', '日']).map(str::trim).filter(|part| !part.is_empty());
    let date =
        Date::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)?;
    parts.next().is_none().then_some(date)
}

/// 是 or 否 in the spellings of a form.
pub fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim() {
        "是" | "有" | "设" | "√" | "Y" | "y" | "1" => Some(true),
        "否" | "无" | "不设" | "×" | "N" | "n" | "0" => Some(false),
        _ => None,
    }
}
