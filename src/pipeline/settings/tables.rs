//! The sections `[表格.…]`: how an office lays down the reading of a sheet.
//!
//! In: the settings with their lines, later the words that the program knows. Out: rules, or an error that
//! names line, key and what was expected. Never here: a spreadsheet.

use super::{At, FILE};
use crate::error::{Error, Result};
use crate::model::table_rule::keys;
use crate::model::{ColumnRule, Field, Pattern, SheetChoice, TableRule, Wanted, column_number};
use crate::seeds::chinese_toml::{Table, guess};
use crate::seeds::text::fold;
use crate::seeds::{Catalogue, HeaderTable};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A section as it was written: what is said in words of the trade has not been looked up yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSection {
    rule: TableRule,
    columns: BTreeMap<u32, (String, At<String>)>,
    kind: Option<At<String>>,
}

/// The sections of a settings file, in the order of their lines.
pub(super) fn sections(root: &Table<'_>) -> Result<Vec<TableSection>> {
    let example = format!("[{}.一支部台账]", keys::SECTION);
    let line = root.line_of(keys::SECTION);
    if root.keys().any(|(key, _)| key == keys::SECTION) && !root.has_table(keys::SECTION) {
        let message = format!("“{}”应写成带名称的小节，如 {example}，名称可以随意取", keys::SECTION);
        return Err(root.error(line, message));
    }
    let Some(tables) = root.table(keys::SECTION)? else { return Ok(Vec::new()) };
    let mut sections = Vec::new();
    for (name, line) in tables.keys() {
        let Some(table) = tables.table(name).ok().flatten() else {
            let message = format!("[{}] 后面要有名称，如 {example}，名称可以随意取", keys::SECTION);
            return Err(tables.error(line, message));
        };
        sections.push(section(name, line, &table)?);
    }
    Ok(sections)
}

fn section(name: &str, line: usize, table: &Table<'_>) -> Result<TableSection> {
    table.only(&keys::ALL)?;
    let head = format!("[{}.{name}]", keys::SECTION);
    let Some(file) = filled(table, keys::FILE, "报送文件的名称，如 \"一支部*.xlsx\"")? else {
        return Err(table.error(line, format!("{head} 没有写“文件”，应有一行如 文件 = \"一支部*.xlsx\"")));
    };
    // Names are relative to 报送, which a clerk may well write out.
    let file = file.value.trim().replace('\\', "/");
    let file = file.trim_start_matches("./");
    let file = file.strip_prefix("报送/").unwrap_or(file);
    let rule = TableRule {
        sheet: sheet(table)?,
        reading: reading(table)?,
        header: header(table)?,
        first: row(table, keys::FIRST, "5")?,
        last: row(table, keys::LAST, "60")?,
        year: table.integer(keys::YEAR, 2000..=2199, "四位数的年份，如 默认年份 = 2023")?,
        unit: filled(table, keys::UNIT, "单位名称，如 \"机关第一党支部\"")?
            .map(|at| Arc::from(at.value.trim())),
        ..TableRule::new(name, line, file)
    };
    let section = TableSection {
        rule,
        columns: columns(table)?,
        kind: filled(table, keys::KIND, "活动类型，如 \"党课\"")?,
    };
    // For what can be told without looking words up, any meaning does.
    let any = |col: &u32| (*col, ColumnRule { field: Field::Ignored, word: String::new() });
    let sketch = TableRule { columns: section.columns.keys().map(any).collect(), ..section.rule.clone() };
    if let Some((key, message)) = sketch.clash() {
        return Err(table.error(table.line_of(key), format!("{head} {message}")));
    }
    if !sketch.shapes() && sketch.year.is_none() && sketch.unit.is_none() && section.kind.is_none() {
        let able = keys::ALL.get(2..).unwrap_or(&keys::ALL).join("、");
        let message = format!("{head} 没有规定任何事情，文件和工作表之外还应写一项：{able}");
        return Err(table.error(line, message));
    }
    Ok(section)
}

/// A text that is not empty.
fn filled(table: &Table<'_>, key: &str, expected: &str) -> Result<Option<At<String>>> {
    match table.text_as(key, expected)? {
        Some(at) if at.value.trim().is_empty() => {
            Err(table.error(at.line, format!("“{key}”应为{expected}，现在是空的")))
        }
        at => Ok(at),
    }
}

fn sheet(table: &Table<'_>) -> Result<Option<SheetChoice>> {
    let expected = "工作表的名称，如 \"台账*\"，或从左数第几张，如 1";
    if table.has_number(keys::SHEET) {
        let number: Option<u32> = table.integer(keys::SHEET, 1..=10_000, expected)?;
        return Ok(number.and_then(|n| usize::try_from(n).ok()).map(SheetChoice::Nth));
    }
    let text = filled(table, keys::SHEET, expected)?;
    Ok(text.map(|at| SheetChoice::Named(Pattern::new(&at.value))))
}

fn reading(table: &Table<'_>) -> Result<Option<Wanted>> {
    let words = Wanted::ALL.map(Wanted::as_str);
    let Some(at) = filled(table, keys::READING, &words.map(|word| format!("\"{word}\"")).join("、"))? else {
        return Ok(None);
    };
    let said = at.value.trim();
    let found = Wanted::ALL.into_iter().find(|wanted| wanted.as_str() == said);
    found.map(Some).ok_or_else(|| {
        let guess = guess(said, words.into_iter());
        table.error(at.line, format!("没有“{said}”这种读法{guess}可以写：{}", words.join("、")))
    })
}

/// The header's rows, one right after the other.
fn header(table: &Table<'_>) -> Result<Vec<u32>> {
    let expected = "行号（表格左边的数字），如 表头行 = 3；表头有几行的，写相连的几行，如 [3, 4]";
    let rows = table.rows(keys::HEADER, expected)?;
    if rows.windows(2).any(|pair| matches!(pair, [one, next] if *next != *one + 1)) {
        let shown: Vec<String> = rows.iter().map(u32::to_string).collect();
        let message = format!("“{}”应为{expected}，现在是 [{}]", keys::HEADER, shown.join(", "));
        return Err(table.error(table.line_of(keys::HEADER), message));
    }
    Ok(rows)
}

fn row(table: &Table<'_>, key: &str, example: &str) -> Result<Option<u32>> {
    let expected = format!("行号（表格左边的数字），如 {key} = {example}");
    match table.rows(key, &expected)?.as_slice() {
        [] => Ok(None),
        [row] => Ok(Some(*row)),
        _ => Err(table.error(table.line_of(key), format!("“{key}”应为一个{expected}，现在写了几行"))),
    }
}

fn columns(table: &Table<'_>) -> Result<BTreeMap<u32, (String, At<String>)>> {
    let mut columns = BTreeMap::new();
    let example = "列 = { B = \"日期\", C = \"类型\" }";
    let line = table.line_of(keys::COLUMNS);
    let Ok(given) = table.table(keys::COLUMNS) else {
        return Err(table.error(line, format!("“列”应为大括号里的列号和意思，如 {example}")));
    };
    let Some(given) = given else { return Ok(columns) };
    for (letters, _) in given.keys() {
        let Some(col) = column_number(&fold(letters)) else {
            let message = format!("“列”里的“{letters}”不是列号，应为表格上边的字母，如 {example}");
            return Err(table.error(line, message));
        };
        let expected = "列的意思，如 \"日期\"，放在英文双引号里";
        let Some(word) = given.text_as(letters, expected)? else { continue };
        if columns.insert(col, (letters.to_owned(), word)).is_some() {
            return Err(table.error(line, format!("“列”里的“{letters}”写了两次，只能保留一处")));
        }
    }
    if columns.is_empty() {
        return Err(table.error(line, format!("“列”里没有写任何一列，应如 {example}；不用的话删去这一行")));
    }
    Ok(columns)
}

impl TableSection {
    /// The rule, its meanings and kind looked up.
    pub(super) fn rule(&self, catalogue: &Catalogue) -> Result<TableRule> {
        let mut rule = self.rule.clone();
        let head = format!("[{}.{}]", keys::SECTION, rule.name);
        for (col, (letters, word)) in &self.columns {
            let field = meaning(&word.value, &catalogue.headers).ok_or_else(|| {
                let known: Vec<&str> = Field::MEANINGS.iter().map(|field| field.word()).collect();
                let guess = guess(&word.value, known.iter().copied());
                let message = format!(
                    "{head} 的{letters}列写的“{}”不认识{guess}可以写：{}；也可以写常见的列名，如 参加人数",
                    word.value,
                    known.join("、")
                );
                Error::Seed { file: FILE.to_owned(), line: word.line, message }
            })?;
            rule.columns.insert(*col, ColumnRule { field, word: word.value.clone() });
        }
        if let Some(kind) = &self.kind {
            let known = || catalogue.kinds.all().iter().map(|kind| kind.id.as_str());
            let found = catalogue.kinds.exact(&kind.value).ok_or_else(|| {
                let guess = guess(&kind.value, known());
                let names: Vec<&str> = known().collect();
                let message =
                    format!("{head} 没有“{}”这种类型{guess}可以写：{}", kind.value, names.join("、"));
                Error::Seed { file: FILE.to_owned(), line: kind.line, message }
            })?;
            rule.kind = Some(found);
        }
        Ok(rule)
    }
}

/// The meaning of a word: one of the program's own, or a heading that it knows.
fn meaning(word: &str, headers: &HeaderTable) -> Option<Field> {
    let folded = fold(word);
    let own = Field::MEANINGS.into_iter().find(|field| field.word() == folded);
    own.or_else(|| matches!(folded.as_str(), "不使用" | "不读" | "忽略").then_some(Field::Ignored))
        .or_else(|| headers.known(&folded))
}
