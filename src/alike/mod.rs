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

use crate::model::{Activity, Alikes, Counted, RecordAt, Unit};
use crate::seeds::KindTable;
use rayon::prelude::*;
use sketch::Sketch;
use std::cmp::Ordering;
use std::collections::HashMap;

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

/// A record that has enough text of its own.
#[derive(Debug, Clone, Copy)]
struct Record<'a> {
    at: RecordAt,
    activity: &'a Activity,
}

impl Record<'_> {
    /// By date and then by place, so that the order of units and files does not matter.
    fn order(&self, other: &Self) -> Ordering {
        let key = |record: &Self| {
            let date = &record.activity.date;
            (date.start.is_none(), date.start, date.end)
        };
        let (one, two) = (self.activity, other.activity);
        key(self).cmp(&key(other)).then_with(|| (&one.place, one.ordinal).cmp(&(&two.place, two.ordinal)))
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
    let words = Words::new(kinds);
    let names: Vec<Vec<String>> = ledgers.iter().map(|ledger| text::unit_names(ledger.unit)).collect();
    let runs_of = |unit: usize, activity: &Activity| {
        text::runs(&words, activity, names.get(unit).map_or(&[][..], Vec::as_slice))
    };
    let mut sketched: Vec<(Record<'_>, Sketch)> = ledgers
        .par_iter()
        .enumerate()
        .flat_map(|(unit, ledger)| {
            let compared =
                |at: usize| !matches!(ledger.counted.get(at), Some(Counted::Duplicate(_) | Counted::Planned));
            ledger.activities.par_iter().enumerate().filter(move |(at, _)| compared(*at)).filter_map(
                move |(at, activity)| {
                    let runs = runs_of(unit, activity);
                    let least = if runs.content { OWN } else { OWN_TITLE };
                    let at = RecordAt { unit, activity: at };
                    (runs.own >= least).then(|| (Record { at, activity }, Sketch::new(&runs.all)))
                },
            )
        })
        .collect();
    sketched.par_sort_by(|(one, sketch), (two, other)| {
        one.order(two).then_with(|| sketch.set.cmp(&other.set)).then_with(|| one.at.cmp(&two.at))
    });

    // Texts in the order of their first records, each with the records that have it.
    let mut records: Vec<Record<'_>> = Vec::with_capacity(sketched.len());
    let mut texts: Vec<Sketch> = Vec::new();
    let mut first: Vec<Record<'_>> = Vec::new();
    let mut known: HashMap<u128, u32> = HashMap::new();
    let mut text_of: Vec<u32> = Vec::with_capacity(sketched.len());
    for (record, sketch) in sketched {
        let next = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        let text = *known.entry(sketch.set).or_insert(next);
        if text == next {
            texts.push(sketch);
            first.push(record);
        }
        records.push(record);
        text_of.push(text);
    }
    drop(known);
    let links = near::links(&texts, |text| {
        let record = usize::try_from(text).ok().and_then(|text| first.get(text));
        record.map_or_else(Vec::new, |record| runs_of(record.at.unit, record.activity).all)
    });
    let sizes: Vec<u32> = texts.iter().map(|text| text.size).collect();
    group::groups(&records, &text_of, &sizes, &links)
}
