//! Records that are alike: one activity entered twice, and texts that were used again.
//!
//! In: the activities of units. Out: which activities of a unit are the same ([`repeats`]), and over
//! all units and months the records of like text, side by side ([`search`]). Never here: points, and a
//! judgement: whether anything was copied is for a person to find out.

mod group;
mod near;
mod repeats;
mod sketch;
mod text;

pub use repeats::repeats;
pub use text::Words;

use crate::model::{Activity, Alikes, Counted, Date, RecordAt, Unit};
use crate::seeds::KindTable;
use rayon::prelude::*;
use sketch::Sketch;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// From what likeness on two texts are told: shared runs of three characters as a part of all.
pub const LIKE: (u32, u32) = (4, 5);
/// How many characters of its own a record needs to be compared; less is a formula that everybody writes.
pub const OWN: usize = 30;
/// How many it needs where it is a title without content: titles of documents and speeches are long.
pub const OWN_TITLE: usize = 45;
/// Groups that are shown.
pub const GROUPS: usize = 500;
/// Pairs of a group that are shown.
pub const PAIRS: usize = 20;

/// The activities of one unit.
#[derive(Debug, Clone, Copy)]
pub struct Ledger<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Its activities.
    pub activities: &'a [Activity],
    /// Whether each takes part, parallel to the activities: what repeats another or is only planned
    /// is not compared.
    pub counted: &'a [Counted],
}

/// A record that has enough text of its own, as far as comparing it takes.
#[derive(Debug, Clone, Copy)]
struct Record {
    unit: u32,
    activity: u32,
    start: Option<Date>,
    end: Option<Date>,
    /// File, sheet, row and ordinal as numbers, so that the order of units does not matter.
    place: (u32, u16, u32, u16),
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

impl Record {
    fn at(&self) -> RecordAt {
        RecordAt { unit: index(self.unit), activity: index(self.activity) }
    }

    /// By date and then by place.
    fn order(&self, other: &Self) -> Ordering {
        let key = |record: &Self| (record.start.is_none(), record.start, record.end, record.place);
        key(self).cmp(&key(other))
    }

    fn span(&self) -> Option<(Date, Date)> {
        let start = self.start?;
        Some((start, self.end.unwrap_or(start)))
    }
}

/// A day as a number that is not 0; 0 for none.
fn told(day: Option<Date>) -> u32 {
    let number =
        |day: Date| u32::try_from(day.year()).unwrap_or_default() << 16 | day.month() << 8 | day.day();
    day.map_or(0, number)
}

/// The day of such a number.
fn heard(number: u32) -> Option<Date> {
    let [day, month, ..] = number.to_le_bytes();
    Date::new(i32::try_from(number >> 16).ok()?, month.into(), day.into())
}

/// A record with what tells how like its text is to others.
#[derive(Debug, Clone)]
pub struct Sketched {
    record: Record,
    sketch: Sketch,
    /// The runs of the unit's records before it.
    before: u32,
}

impl Sketched {
    /// Which runs are its own, where those of the unit's records lie one after the other.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        let from = index(self.before);
        from..from.saturating_add(index(self.sketch.size))
    }

    /// Bytes that it takes to be put aside.
    pub const BYTES: usize = 32 + Sketch::BYTES;

    /// As bytes, to be put aside; its unit is not among them.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let Record { unit: _, activity, start, end, place: (file, sheet, row, ordinal) } = self.record;
        let words = [activity, told(start), told(end), file, sheet.into(), row, ordinal.into(), self.before];
        let mut bytes = [0; Self::BYTES];
        let (own, sketch) = bytes.split_at_mut(32);
        for (slot, word) in own.chunks_exact_mut(4).zip(words) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        sketch.copy_from_slice(&self.sketch.to_bytes());
        bytes
    }

    /// From its bytes, of the unit with this index.
    #[must_use]
    pub fn from_bytes(unit: usize, bytes: &[u8; Self::BYTES]) -> Self {
        let (words, _) = bytes.as_chunks();
        let word = |at: usize| words.get(at).map_or(0, |word| u32::from_le_bytes(*word));
        let short = |at: usize| u16::try_from(word(at)).unwrap_or(u16::MAX);
        let record = Record {
            unit: u32::try_from(unit).unwrap_or(u32::MAX),
            activity: word(0),
            start: heard(word(1)),
            end: heard(word(2)),
            place: (word(3), short(4), word(5), short(6)),
        };
        let sketch = Sketch::from_bytes(bytes.last_chunk().unwrap_or(&[0; Sketch::BYTES]));
        Self { record, sketch, before: word(7) }
    }

    /// The same of a unit with another index.
    #[must_use]
    pub fn moved_to(mut self, unit: usize) -> Self {
        self.record.unit = u32::try_from(unit).unwrap_or(u32::MAX);
        self
    }
}

/// What looks at the texts of units, one unit after the other.
#[derive(Debug)]
pub struct Sketcher {
    words: Words,
    /// The files of the run in order of name.
    files: BTreeMap<Arc<str>, u32>,
}

impl Sketcher {
    /// Looks at records of these files.
    pub fn new<'f>(kinds: &KindTable, files: impl Iterator<Item = &'f Arc<str>>) -> Self {
        let files: BTreeSet<&Arc<str>> = files.collect();
        Self { words: Words::new(kinds), files: files.into_iter().cloned().zip(0..).collect() }
    }

    /// The records of a unit that are compared, each with its runs; `unit` is the unit's index.
    #[must_use]
    pub fn sketch(&self, unit: usize, ledger: &Ledger<'_>) -> Vec<(Sketched, Vec<u64>)> {
        let names = text::unit_names(ledger.unit);
        let sheets: BTreeSet<(&str, &str)> =
            ledger.activities.iter().map(|own| (&*own.place.file, &*own.place.sheet)).collect();
        let sheets: BTreeMap<(&str, &str), u16> = sheets.into_iter().zip(0..).collect();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut before = 0_u32;
        let activities = ledger.activities.iter().enumerate().zip(ledger.counted);
        activities
            .filter(|(_, counted)| !matches!(counted, Counted::Duplicate(_) | Counted::Planned))
            .filter_map(|((at, activity), _)| {
                if !text::may_tell(activity) {
                    return None;
                }
                let runs = text::runs(&self.words, activity, &names);
                let least = if runs.content { OWN } else { OWN_TITLE };
                let place = &activity.place;
                let sheet = sheets.get(&(&*place.file, &*place.sheet)).copied().unwrap_or(u16::MAX);
                let ordinal = u16::try_from(activity.ordinal).unwrap_or(u16::MAX);
                let record = Record {
                    unit: number(unit),
                    activity: number(at),
                    start: activity.date.start,
                    end: activity.date.end,
                    place: (
                        self.files.get(&place.file).copied().unwrap_or(u32::MAX),
                        sheet,
                        place.row,
                        ordinal,
                    ),
                };
                if runs.own < least {
                    return None;
                }
                let sketched = Sketched { record, sketch: Sketch::new(&runs.all), before };
                before = before.saturating_add(sketched.sketch.size);
                Some((sketched, runs.all))
            })
            .collect()
    }

    /// The runs of an activity of a unit.
    #[must_use]
    pub fn runs(&self, unit: &Unit, activity: &Activity) -> Vec<u64> {
        text::runs(&self.words, activity, &text::unit_names(unit)).all
    }
}

/// What was compared and how, for a reader.
#[must_use]
pub fn terms() -> String {
    let (part, whole) = LIKE;
    format!(
        "雷同记录：逐条比较活动的名称和内容，日期、数字、活动类型名称和本单位、书记、主持人、记录人的名称不比；连续三个字为一组，两条共有的组占全部的{}%以上即列出。除去这些和《》里的文件名，自己的文字不足{OWN}字（只有名称没有内容的，不足{OWN_TITLE}字）的属通用写法，不比。同一单位同一个月内的不列；不同单位日期相同的，可能是联合活动。只供核实，不影响得分。",
        part * 100 / whole
    )
}

/// The records of like text of all units; the index of a unit is its place in `ledgers`.
#[must_use]
pub fn search(ledgers: &[Ledger<'_>], kinds: &KindTable) -> Alikes {
    let files = ledgers.iter().flat_map(|ledger| ledger.activities).map(|activity| &activity.place.file);
    let sketcher = Sketcher::new(kinds, files);
    let of_unit = |(unit, ledger): (usize, &Ledger<'_>)| -> Vec<Sketched> {
        sketcher.sketch(unit, ledger).into_iter().map(|(sketched, _)| sketched).collect()
    };
    let sketched: Vec<Vec<Sketched>> = ledgers.par_iter().enumerate().map(of_unit).collect();
    let found = compare(sketched.into_iter().flatten().collect(), |at, _| {
        let ledger = ledgers.get(at.unit);
        let activity = ledger.and_then(|ledger| Some((ledger.unit, ledger.activities.get(at.activity)?)));
        Ok::<_, std::convert::Infallible>(
            activity.map_or_else(Vec::new, |(unit, activity)| sketcher.runs(unit, activity)),
        )
    });
    match found {
        Ok(alikes) => alikes,
    }
}

/// The records of like text among these; `runs` gives the runs of one of them, as [`Sketcher::runs`] does, from the
/// record or from its [`Sketched::span`].
///
/// # Errors
/// Where the runs of a record cannot be had.
pub fn compare<E: Send>(
    mut sketched: Vec<Sketched>,
    runs: impl Fn(RecordAt, Range<usize>) -> Result<Vec<u64>, E> + Sync,
) -> Result<Alikes, E> {
    sketched.par_sort_unstable_by(|one, two| {
        let (a, b) = (&one.record, &two.record);
        let at = |record: &Record| (record.unit, record.activity);
        a.order(b).then_with(|| one.sketch.set.cmp(&two.sketch.set)).then_with(|| at(a).cmp(&at(b)))
    });
    // Texts in the order of their first records, each with the records that have it.
    let mut texts: Vec<u32> = Vec::new();
    let mut text_of: Vec<u32> = Vec::with_capacity(sketched.len());
    let mut known: HashMap<u64, u32> = HashMap::new();
    for (at, own) in (0_u32..).zip(&sketched) {
        let next = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        let text = *known.entry(own.sketch.set).or_insert(next);
        if text == next {
            texts.push(at);
        }
        text_of.push(text);
    }
    drop(known);
    let first = |text: u32| texts.get(index(text)).and_then(|at| sketched.get(index(*at)));
    let count = u32::try_from(texts.len()).unwrap_or(u32::MAX);
    let links = near::links(
        count,
        |text| first(text).map(|own| &own.sketch),
        |text| first(text).map_or_else(|| Ok(Vec::new()), |own| runs(own.record.at(), own.span())),
    )?;
    let sizes: Vec<u32> = (0..count).map(|text| first(text).map_or(0, |own| own.sketch.size)).collect();
    Ok(group::groups(&sketched, &text_of, &sizes, &links))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_from_its_bytes() {
        for start in [None, Date::new(2023, 12, 31), Date::new(2024, 2, 29)] {
            let record = Record { unit: 7, activity: 59, start, end: None, place: (3, 2, 70_000, 1) };
            let own = Sketched { record, sketch: Sketch::new(&[5, 6, 900]), before: 1_234 };
            let again = Sketched::from_bytes(7, &own.to_bytes());
            assert_eq!(format!("{again:?}"), format!("{own:?}"));
        }
    }
}
