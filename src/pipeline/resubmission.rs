//! Units that handed in more than once, and those that were late.
//!
//! In: what was handed in, and the office's settings. Out: the same with older files set aside where the
//! newer replaces the older, each told. Never here: the dates that the file system keeps.

use super::gather::{Gathered, HandedIn};
use super::settings::{Resubmission, Settings};
use super::shelf::Shelf;
use crate::error::Result;
use crate::model::{Activity, Date, Finding, Place, rules as codes};
use crate::seeds::numbers;
use crate::seeds::text::fold;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Words of a file's name that say that it comes after another.
const LATER: [&str; 12] =
    ["更正", "补报", "重报", "修订", "修改", "改正", "订正", "最新", "新版", "定稿", "终稿", "最终"];

/// Whether there is a date or a word, the date, the edition.
type Rank = (u8, Option<Date>, u32);
/// Texts, each with the number that follows it.
type Natural = Vec<(String, u128)>;
/// A file, and the file that replaces it.
type Replaced = (Arc<str>, Arc<str>);

/// What a name says about when its file was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Stated {
    day: Option<Date>,
    /// N of 第N次.
    edition: u32,
    word: String,
}

impl Stated {
    /// What the file's name says, or else the nearest folder's or archive's that says something.
    fn of(file: &str) -> Self {
        let parts = file.rsplit('/').map(Self::of_name);
        parts.into_iter().find(|stated| *stated != Self::default()).unwrap_or_default()
    }

    fn of_name(name: &str) -> Self {
        let name = fold(name);
        let (edition, word) = match edition(&name) {
            Some((number, word)) => (number, word),
            None => (0, String::new()),
        };
        let later = LATER.iter().find(|word| name.contains(**word));
        let word = later.map_or(word, |later| (*later).to_owned());
        Self { day: days(&name).into_iter().max(), edition, word }
    }

    /// Undated names with such a word are newer than any date, undated names without one older.
    fn rank(&self) -> Rank {
        let class = match (self.day, self.word.is_empty()) {
            (None, true) => 0,
            (Some(_), _) => 1,
            (None, false) => 2,
        };
        (class, self.day, if self.word.is_empty() { self.edition } else { self.edition.max(1) })
    }
}

/// The days that a folded name writes in full: 20240105, 2024-1-5, 2024.01.05, 2024年1月5日.
fn days(name: &str) -> Vec<Date> {
    let runs = digits(name);
    let number = |run: &(usize, usize)| name.get(run.0..run.1).and_then(|text| text.parse::<u32>().ok());
    let length = |run: &(usize, usize)| run.1 - run.0;
    let mut days = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let Some(value) = number(run) else { continue };
        if length(run) == 8 {
            days.extend(Date::new((value / 10_000).cast_signed(), value / 100 % 100, value % 100));
        }
        let (Some(month), Some(day)) = (runs.get(at + 1), runs.get(at + 2)) else { continue };
        let between = |left: &(usize, usize), right: &(usize, usize)| name.get(left.1..right.0).unwrap_or("");
        let divided = |text: &str, chinese: &str| [".", "-", "_", chinese].contains(&text);
        if length(run) == 4
            && length(month) <= 2
            && length(day) <= 2
            && divided(between(run, month), "年")
            && divided(between(month, day), "月")
            && let (Some(month), Some(day)) = (number(month), number(day))
        {
            days.extend(Date::new(value.cast_signed(), month, day));
        }
    }
    days
}

/// Where runs of digits begin and end.
fn digits(name: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in name.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        match runs.last_mut() {
            Some(run) if run.1 == at => run.1 = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs
}

/// 第2次 (not 第二次党员大会), 第三版, 第2稿: the number, from 2, and the word.
fn edition(name: &str) -> Option<(u32, String)> {
    for (at, _) in name.match_indices('第') {
        let rest = name.get(at + '第'.len_utf8()..)?;
        let Some(end) = rest.find(['次', '版', '稿']) else { continue };
        let (number, tail) = rest.split_at(end);
        let mut tail = tail.chars();
        let unit = tail.next()?;
        let follows = tail.as_str();
        let sent = ["报", "上报", "补", "修", "更", "提交", "."].iter().any(|word| follows.starts_with(word));
        let ends = sent || !follows.starts_with(char::is_alphanumeric);
        let value = numbers::number(number).filter(|number| *number >= 2);
        if let Some(value) = value.filter(|_| unit != '次' || ends) {
            return Some((value, format!("第{number}{unit}")));
        }
    }
    None
}

/// A name as people order names: 台账2 before 台账10.
fn natural(name: &str) -> Natural {
    let mut parts = Vec::new();
    let mut from = 0;
    for (start, end) in digits(name) {
        let number = name.get(start..end).and_then(|text| text.parse().ok()).unwrap_or(u128::MAX);
        parts.push((name.get(from..start).unwrap_or("").to_owned(), number));
        from = end;
    }
    parts.push((name.get(from..).unwrap_or("").to_owned(), 0));
    parts
}

/// One file of a unit that handed in several.
struct Version {
    file: Arc<str>,
    stated: Stated,
    /// Months of its activities.
    months: BTreeSet<(i32, u32)>,
    newest: Option<Date>,
    activities: usize,
}

impl Version {
    fn of(file: &Arc<str>, all: &[Activity]) -> Self {
        let own: Vec<&Activity> = all.iter().filter(|activity| activity.place.file == *file).collect();
        let days = || own.iter().flat_map(|activity| [activity.date.start, activity.date.end]).flatten();
        Self {
            file: Arc::clone(file),
            stated: Stated::of(file),
            months: days().map(|day| (day.year(), day.month())).collect(),
            newest: days().max(),
            activities: own.len(),
        }
    }

    /// Whether two files can be versions of one: quarters handed in one by one are not.
    fn vies_with(&self, other: &Self) -> bool {
        let dated = !self.months.is_empty() && !other.months.is_empty();
        self.activities > 0 && other.activities > 0 && (!dated || !self.months.is_disjoint(&other.months))
    }

    fn key(&self) -> (Rank, Option<Date>, Natural) {
        (self.stated.rank(), self.newest, natural(&self.file))
    }

    /// Why this is newer than the other.
    fn reason(&self, other: &Self) -> String {
        let (own, older) = (self.stated.rank(), other.stated.rank());
        if own != older {
            let first = if other.stated.day.is_some() { "名称里" } else { "名称里写有" };
            return match self.stated.day {
                Some(day) if own.1 != older.1 && other.stated.day.is_none() => format!("{first}日期 {day}"),
                Some(day) if own.1 != older.1 => format!("{first}的日期 {day} 较晚"),
                _ => format!("名称里写有“{}”", self.stated.word),
            };
        }
        match self.newest {
            Some(day) if self.newest != other.newest => format!("活动记到 {day}，较晚"),
            _ => "别的分不出先后，文件名排在后面".to_owned(),
        }
    }
}

/// Sets older files aside where the office says so, and tells who handed in more than once and who was late.
///
/// # Errors
/// Where what was put aside cannot be read or written again.
pub(super) fn settle(gathered: &mut Gathered, settings: &Settings, shelf: Option<&Shelf>) -> Result<()> {
    let mut replaced: BTreeMap<Arc<str>, Vec<(String, Arc<str>)>> = BTreeMap::new();
    for (unit, handed_in) in gathered.units.all().iter().zip(&mut gathered.handed_in) {
        if handed_in.files.len() < 2 {
            continue;
        }
        let message = match settings.resubmission {
            Resubmission::Merge => {
                let names: Vec<String> = handed_in.files.iter().map(|file| format!("“{file}”")).collect();
                format!("“{}”报送了{}份材料：{}", unit.name, names.len(), names.join("、"))
            }
            Resubmission::Newest => {
                if let Some(shelf) = shelf {
                    handed_in.fetch(shelf)?;
                }
                let (message, older) = newest(&unit.name, handed_in);
                if let Some(shelf) = shelf {
                    handed_in.put_aside(shelf)?;
                }
                for (older, newer) in older {
                    replaced.entry(older).or_default().push((unit.name.to_string(), newer));
                }
                message
            }
        };
        gathered.findings.push(Finding::general(&codes::TWO_SUBMISSIONS, message));
    }
    let mut whole = BTreeSet::new();
    for rows in &mut gathered.files {
        let Some(by) = replaced.get(&rows.file) else { continue };
        if by.iter().map(|(unit, _)| unit.as_str()).eq(rows.unit.split('、')) {
            whole.insert(Arc::clone(&rows.file));
        }
        let told: Vec<String> =
            by.iter().map(|(unit, newer)| format!("“{unit}”已被“{newer}”代替，未计入")).collect();
        let left: Vec<&str> =
            rows.unit.split('、').filter(|unit| by.iter().all(|(other, _)| other != unit)).collect();
        rows.unit = left.into_iter().map(str::to_owned).chain(told).collect::<Vec<_>>().join("、");
    }
    // What is wrong in a file that does not count need not be put right.
    let counts = |finding: &Finding| finding.place.as_ref().is_none_or(|place| !whole.contains(&place.file));
    gathered.findings.retain(counts);
    tell_late(gathered, settings.deadline);
    Ok(())
}

/// Keeps the newest of the files that can be versions of each other: what is told, and which file was
/// replaced by which.
fn newest(unit: &str, handed_in: &mut HandedIn) -> (String, Vec<Replaced>) {
    let mut versions: Vec<Version> =
        handed_in.files.iter().map(|file| Version::of(file, &handed_in.activities)).collect();
    versions.sort_by_cached_key(|version| std::cmp::Reverse(version.key()));
    let mut kept: Vec<&Version> = Vec::new();
    let mut told = Vec::new();
    let mut older: Vec<Replaced> = Vec::new();
    for version in &versions {
        match kept.iter().find(|newer| newer.vies_with(version)) {
            Some(newer) => {
                let reason = newer.reason(version);
                told.push(format!("“{}”已被“{}”代替，未计入（{reason}）", version.file, newer.file));
                older.push((Arc::clone(&version.file), Arc::clone(&newer.file)));
            }
            None => kept.push(version),
        }
    }
    let gone: BTreeSet<&Arc<str>> = older.iter().map(|(file, _)| file).collect();
    let mut used: Vec<String> = kept.iter().map(|version| format!("“{}”", version.file)).collect();
    used.sort();
    let apart = if used.len() > 1 { "（没有相同的月份，合并计算）" } else { "" };
    let message = format!(
        "“{unit}”报送了{}份材料，计入{}{apart}{}{}",
        versions.len(),
        used.join("、"),
        if told.is_empty() { "" } else { "；" },
        told.join("；")
    );
    handed_in.activities.retain(|activity| !gone.contains(&activity.place.file));
    handed_in.files.retain(|file| !gone.contains(file));
    (message, older)
}

/// Names the files that, by their names or by the archive they lie in, came after the last day.
fn tell_late(gathered: &mut Gathered, deadline: Option<Date>) {
    let Some(deadline) = deadline else { return };
    for (input, rows) in gathered.inputs.iter().zip(&gathered.files) {
        let stated = Stated::of(&input.file).day;
        let (day, whence) = match (stated, input.modified) {
            (Some(day), _) if day > deadline => (day, "名称里写的日期是"),
            (_, Some(day)) if day > deadline => (day, "压缩包里记的修改日期是"),
            _ => continue,
        };
        if rows.unit.is_empty() || rows.activities == 0 {
            continue;
        }
        let message = format!("{}的材料晚于截止日期 {deadline}：{whence} {day}", rows.unit);
        gathered.findings.push(Finding::at(&codes::LATE, &Place::file(input.file.as_str()), message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_when_a_file_was_made() {
        for (name, day, edition, word) in [
            ("二支部台账20240105.xlsx", Some((2024, 1, 5)), 0, ""),
            ("二支部台账 2024-1-5（更正）.xlsx", Some((2024, 1, 5)), 0, "更正"),
            ("二支部２０２４年０１月０５日.xlsx", Some((2024, 1, 5)), 0, ""),
            ("2023.01.01-2023.12.31台账.xls", Some((2023, 12, 31)), 0, ""),
            ("2023年12月台账.xlsx", None, 0, ""),
            ("台账20231340.xlsx", None, 0, ""),
            ("电话13800002024.xlsx", None, 0, ""),
            ("台账（第2次报送）.xlsx", None, 2, "第2次"),
            ("台账第三版.xlsx", None, 3, "第三版"),
            ("第二次党员大会.xlsx", None, 0, ""),
            ("第一次报送.xlsx", None, 0, ""),
            ("补报/二支部.xlsx", None, 0, "补报"),
            ("20240105/二支部（最终）.xlsx", None, 0, "最终"),
            ("台账.xlsx", None, 0, ""),
        ] {
            let stated = Stated::of(name);
            let day = day.and_then(|(year, month, day)| Date::new(year, month, day));
            assert_eq!((stated.day, stated.edition, stated.word.as_str()), (day, edition, word), "{name}");
        }
    }

    #[test]
    fn names_have_one_order() {
        let order = [
            "台账.xlsx",
            "台账20231220.xlsx",
            "台账20240105.xlsx",
            "台账20240105（更正）.xlsx",
            "台账20240106.xlsx",
            "台账（更正）.xlsx",
            "台账（第2次）.xlsx",
            "台账（第3次更正）.xlsx",
        ];
        let ranks: Vec<_> = order.iter().map(|name| Stated::of(name).rank()).collect();
        assert!(ranks.is_sorted() && ranks.windows(2).all(|pair| pair[0] != pair[1]), "{ranks:?}");
        assert!(natural("台账2.xlsx") < natural("台账10.xlsx"));
    }
}
