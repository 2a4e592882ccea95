//! What an office lays down about the reading of a sheet: a `[表格.…]` section of its settings.

use super::{Field, KindId, TableSource, column_letters};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The keys of a rule, as they stand in the settings.
pub mod keys {
    /// The section under which every rule stands.
    pub const SECTION: &str = "表格";
    /// Which files.
    pub const FILE: &str = "文件";
    /// Which sheets of them.
    pub const SHEET: &str = "工作表";
    /// How they are read.
    pub const READING: &str = "读法";
    /// The lines of the header.
    pub const HEADER: &str = "表头行";
    /// The first row of records.
    pub const FIRST: &str = "首行";
    /// The last row of records.
    pub const LAST: &str = "末行";
    /// Columns with their meanings.
    pub const COLUMNS: &str = "列";
    /// The year of dates without one.
    pub const YEAR: &str = "默认年份";
    /// The kind of rows that state none.
    pub const KIND: &str = "默认类型";
    /// The unit of the sheet.
    pub const UNIT: &str = "默认单位";
    /// All of them that a section may hold, in the order in which they are explained.
    pub const ALL: [&str; 10] = [FILE, SHEET, READING, HEADER, FIRST, LAST, COLUMNS, YEAR, KIND, UNIT];
}

/// A name in which `*` stands for any characters and `?` for any one; letters match in either case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// The pattern that a text describes.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a name without `*` and `?`.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.0.contains(['*', '?'])
    }

    /// Whether a name fits.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let fold = |text: &str| text.trim().chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
        fits(&fold(&self.0), &fold(name))
    }

    /// Whether a path with `/` between folders fits: part by part where the pattern has a `/` itself,
    /// by the last part alone where it has none.
    #[must_use]
    pub fn matches_path(&self, path: &str) -> bool {
        if !self.0.contains('/') {
            return self.matches(path.rsplit('/').next().unwrap_or(path));
        }
        let mut parts = path.split('/');
        let fits =
            self.0.split('/').all(|part| parts.next().is_some_and(|name| Self::new(part).matches(name)));
        fits && parts.next().is_none()
    }
}

/// Whether characters fit a pattern; takes a time that grows with their product at most.
fn fits(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    // Where the last `*` stands, and how far it has reached.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match (pattern.get(p), name.get(n)) {
            (Some('*'), _) => {
                star = Some((p, n));
                p += 1;
            }
            (Some(c), Some(d)) if c == d || *c == '?' => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, reached)) = star else { return false };
                star = Some((at, reached + 1));
                (p, n) = (at + 1, reached + 1);
            }
        }
    }
    pattern.get(p..).is_none_or(|rest| rest.iter().all(|c| *c == '*'))
}

/// Which sheets of a file a rule means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetChoice {
    /// Those whose names fit.
    Named(Pattern),
    /// This one, counted from 1 among those that can be seen.
    Nth(usize),
}

impl fmt::Display for SheetChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(pattern) => write!(f, "“{}”", pattern.as_str()),
            Self::Nth(number) => write!(f, "第{number}张"),
        }
    }
}

/// How a sheet is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// In this way.
    Read(TableSource),
    /// Not at all: every row is left out, with the rule as the reason.
    LeaveOut,
}

impl Wanted {
    /// All of them, in the order in which they are explained.
    pub const ALL: [Self; 7] = [
        Self::Read(TableSource::Rows),
        Self::Read(TableSource::Transposed),
        Self::Read(TableSource::Matrix),
        Self::Read(TableSource::Form),
        Self::Read(TableSource::Prose),
        Self::Read(TableSource::Calendar),
        Self::LeaveOut,
    ];

    /// The word of the settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read(source) => source.word(),
            Self::LeaveOut => "不读",
        }
    }
}

/// What a column means by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRule {
    /// The meaning.
    pub field: Field,
    /// The word by which the office stated it.
    pub word: String,
}

/// One rule. What it does not state is left to the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRule {
    /// The name that the office gave to it.
    pub name: Arc<str>,
    /// Its line in the settings, from 1.
    pub line: usize,
    /// Which files, by their names in the folder of submissions.
    pub file: Pattern,
    /// Which sheets; none means every sheet that can be seen and that its name does not make a template, a
    /// table of contents or a list of something else.
    pub sheet: Option<SheetChoice>,
    /// How they are read.
    pub reading: Option<Wanted>,
    /// Rows of the header, one after the other; empty where not stated.
    pub header: Vec<u32>,
    /// The first row that may hold a record.
    pub first: Option<u32>,
    /// The last row that may hold a record.
    pub last: Option<u32>,
    /// Meanings by column from 1.
    pub columns: BTreeMap<u32, ColumnRule>,
    /// The year of dates without year.
    pub year: Option<i32>,
    /// The kind of rows that state none.
    pub kind: Option<KindId>,
    /// The unit to which the sheet belongs.
    pub unit: Option<Arc<str>>,
}

impl TableRule {
    /// A rule that states nothing but its files.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, line: usize, file: &str) -> Self {
        Self {
            name: name.into(),
            line,
            file: Pattern::new(file),
            sheet: None,
            reading: None,
            header: Vec::new(),
            first: None,
            last: None,
            columns: BTreeMap::new(),
            year: None,
            kind: None,
            unit: None,
        }
    }

    /// Whether it says where records stand or how they are read, and not only what they lack.
    #[must_use]
    pub fn shapes(&self) -> bool {
        self.reading.is_some() || self.places()
    }

    fn places(&self) -> bool {
        !self.header.is_empty() || !self.columns.is_empty() || self.first.is_some() || self.last.is_some()
    }

    /// Why its parts cannot hold together, if they cannot: the key that does not fit, and a sentence.
    #[must_use]
    pub fn clash(&self) -> Option<(&'static str, String)> {
        let header = self.header.last().copied().unwrap_or(0);
        match self.reading {
            Some(Wanted::LeaveOut) if self.places() => {
                let message = "“读法”是“不读”，就不能再写“表头行”“首行”“末行”和“列”".to_owned();
                return Some((keys::READING, message));
            }
            Some(Wanted::Read(TableSource::Matrix)) if self.header.len() > 1 => {
                let message = "“方格表”的“表头行”只能是一行，就是写着月份、季度或类型的那一行".to_owned();
                return Some((keys::HEADER, message));
            }
            Some(Wanted::Read(source)) => {
                let word = source.word();
                if !self.columns.is_empty() && source != TableSource::Rows {
                    let message = format!("“读法”是“{word}”，不能再写“列”；“列”只用于普通表格");
                    return Some((keys::COLUMNS, message));
                }
                if header > 0 && !matches!(source, TableSource::Rows | TableSource::Matrix) {
                    let message =
                        format!("“读法”是“{word}”，不能再写“表头行”；“表头行”只用于普通表格和方格表");
                    return Some((keys::HEADER, message));
                }
            }
            _ => {}
        }
        match (self.first, self.last) {
            (Some(first), Some(last)) if first > last => {
                Some((keys::LAST, format!("“首行”（{first}）在“末行”（{last}）之后")))
            }
            (Some(first), _) if first <= header => {
                Some((keys::FIRST, format!("“首行”（{first}）应在“表头行”（{header}）之后")))
            }
            (_, Some(last)) if last <= header => {
                Some((keys::LAST, format!("“末行”（{last}）应在“表头行”（{header}）之后")))
            }
            _ => None,
        }
    }

    /// How messages name it.
    #[must_use]
    pub fn title(&self) -> String {
        format!("[{}.{}]（考核.toml 第{}行）", keys::SECTION, self.name, self.line)
    }

    /// What it lays down, in the words of the settings.
    #[must_use]
    pub fn says(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.reading.map(|reading| format!("{} {}", keys::READING, reading.as_str())));
        if !self.header.is_empty() {
            let lines: Vec<String> = self.header.iter().map(u32::to_string).collect();
            parts.push(format!("{} {}", keys::HEADER, lines.join("、")));
        }
        parts.extend(self.first.map(|row| format!("{} {row}", keys::FIRST)));
        parts.extend(self.last.map(|row| format!("{} {row}", keys::LAST)));
        if !self.columns.is_empty() {
            let columns: Vec<String> = self
                .columns
                .iter()
                .map(|(col, rule)| format!("{}＝{}", column_letters(*col), rule.field.word()))
                .collect();
            parts.push(format!("{} {}", keys::COLUMNS, columns.join("、")));
        }
        parts.extend(self.year.map(|year| format!("{} {year}", keys::YEAR)));
        parts.extend(self.kind.iter().map(|kind| format!("{} {kind}", keys::KIND)));
        parts.extend(self.unit.iter().map(|unit| format!("{} {unit}", keys::UNIT)));
        parts.join("，")
    }
}

/// What became of a rule in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleUse {
    /// The rule's line in the settings, by which it is known again.
    pub line: usize,
    /// How messages name it.
    pub title: String,
    /// What it lays down.
    pub says: String,
    /// The sheets that were read by it, in order.
    pub sheets: Vec<Arc<str>>,
    /// The other sheets of the file.
    pub others: Vec<Arc<str>>,
    /// The unit that it gives to the sheets.
    pub unit: Option<Arc<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_names_and_paths() {
        for (pattern, path, fit) in [
            ("一支部*.xlsx", "一支部2023年台账.xlsx", true),
            ("一支部*.xlsx", "县局/一支部.XLSX", true),
            ("一支部*.xlsx", "第一支部.xlsx", false),
            ("县局/*.xlsx", "县局/台账.xlsx", true),
            ("县局/*.xlsx", "县局/二级/台账.xlsx", false),
            ("县局/*.xlsx", "台账.xlsx", false),
            ("*/台账?.xls", "县局/台账1.xls", true),
            ("*/台账?.xls", "县局/台账12.xls", false),
            ("*", "随便/什么.csv", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("", "台账.xlsx", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches_path(path), fit, "{pattern} {path}");
        }
        let long = "*a".repeat(60);
        assert!(!Pattern::new(&long).matches(&"a".repeat(59)));
    }

    #[test]
    fn parts_that_cannot_hold_together_are_told() {
        let rule = || TableRule::new("甲", 1, "*");
        let rows = Some(Wanted::Read(TableSource::Rows));
        let form = Some(Wanted::Read(TableSource::Form));
        assert_eq!(TableRule { reading: rows, header: vec![3], first: Some(4), ..rule() }.clash(), None);
        for (broken, words) in [
            (TableRule { reading: Some(Wanted::LeaveOut), first: Some(4), ..rule() }, "不读"),
            (TableRule { reading: form, header: vec![3], ..rule() }, "“登记表”"),
            (TableRule { header: vec![3, 4], first: Some(4), ..rule() }, "“首行”（4）应在“表头行”（4）之后"),
            (TableRule { first: Some(9), last: Some(8), ..rule() }, "“首行”（9）在“末行”（8）之后"),
        ] {
            assert!(broken.clash().is_some_and(|(_, message)| message.contains(words)), "{words}");
        }
    }
}
