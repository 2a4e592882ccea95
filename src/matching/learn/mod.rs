//! Learning weights from labelled rows.
//!
//! In: rows with the items that they prove, duty lists, kinds and phrases. Out: weights, always the
//! same bytes for the same input. Never here: reading files.

mod calibrate;
mod dense;
mod group;
mod own;
mod pairs;
mod solve;
mod train;

pub use own::{Decided, correct};
pub use pairs::{learn_pairs, leave_lists_out};

use super::{Matcher, RowText};
use crate::model::{DutyList, ItemId, ListId, Match};
use crate::seeds::{KindTable, PhraseTable, Weights};
use std::collections::BTreeSet;

/// A row with the items that it proves.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct Labelled {
    /// Name of the row.
    #[serde(default)]
    pub id: String,
    /// The list whose items were asked for.
    pub list: String,
    /// The kind as stated.
    #[serde(rename = "activity_type", default)]
    pub kind: String,
    /// Title.
    #[serde(default)]
    pub title: String,
    /// Content.
    #[serde(default)]
    pub description: String,
    /// The items, by name.
    pub items: Vec<String>,
    /// Whether it is one of the rows by which the matcher is judged: they weigh more and are tested.
    #[serde(default)]
    pub judged: bool,
}

impl Labelled {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> RowText<'_> {
        RowText { kind: &self.kind, title: &self.title, description: &self.description, kinds: &[] }
    }
}

/// What learning can do without, to see what each kind of sign is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The activity's kinds.
    Kinds,
    /// The topics.
    Topics,
    /// Runs of one to three characters.
    Runs,
    /// Topics that stand together.
    Pairs,
    /// The authored phrases of the items.
    Phrases,
    /// The first look's answers for the items of the other lists.
    OtherLists,
    /// The second look at what the other items of the list say.
    SecondLook,
}

impl Sign {
    /// All, in the order in which a row is looked at.
    pub const ALL: [Self; 7] = [
        Self::Kinds,
        Self::Topics,
        Self::Runs,
        Self::Pairs,
        Self::Phrases,
        Self::OtherLists,
        Self::SecondLook,
    ];
}

/// How to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What an error on a row costs, against the penalty on weights.
    pub cost: f64,
    /// How many rows a judged row weighs in learning.
    pub judged_cost: f64,
    /// How many rows a judged row weighs where thresholds are chosen.
    pub judged_weight: f64,
    /// What a point of the item's own phrases adds.
    pub phrase_share: f32,
    /// Parts into which the rows are dealt to choose thresholds.
    pub inner_parts: usize,
    /// What an error costs in the second look.
    pub second_cost: f64,
    /// How many rows a judged row weighs in the second look.
    pub second_judged: f64,
    /// A kind of sign that is left out.
    pub without: Option<Sign>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cost: 15.0,
            judged_cost: 3.0,
            judged_weight: 30.0,
            phrase_share: 0.5,
            inner_parts: 4,
            second_cost: 0.7,
            second_judged: 5.0,
            without: None,
        }
    }
}

/// The seeds that learning works with.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The lists.
    pub lists: &'a [DutyList],
    /// The kinds.
    pub kinds: &'a KindTable,
    /// The phrases.
    pub phrases: &'a PhraseTable,
}

impl Ground<'_> {
    /// The names of all items.
    #[must_use]
    pub fn items(&self) -> BTreeSet<ItemId> {
        self.lists.iter().flat_map(|list| list.items.iter().map(|item| item.id.clone())).collect()
    }
}

/// Weights learned from rows. Rows of unknown lists are passed over.
#[must_use]
pub fn learn(rows: &[Labelled], ground: &Ground, settings: &Settings) -> Weights {
    let groups = group::groups(rows);
    let samples = train::samples(rows, &groups, ground, settings);
    let all: Vec<&train::Sample> = samples.iter().collect();
    train::train(&all, ground, settings)
}

/// An answer to a judged row from weights that were learned without it and its look-alikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blind {
    /// The row, by its index.
    pub row: usize,
    /// The answer.
    pub matches: Vec<Match>,
    /// The confidence of every item of the list, in thousandths.
    pub confidences: Vec<(ItemId, u16)>,
}

/// Answers each judged row from the others: the judged rows are dealt into `parts`, look-alikes
/// together, and each part is answered by weights (and thresholds) learned from all other rows.
#[must_use]
pub fn cross_validate(rows: &[Labelled], ground: &Ground, settings: &Settings, parts: usize) -> Vec<Blind> {
    let groups = group::groups(rows);
    let samples = train::samples(rows, &groups, ground, settings);
    let judged: BTreeSet<usize> =
        rows.iter().zip(&groups).filter(|(row, _)| row.judged).map(|(_, group)| *group).collect();
    // Dealt in turn within each list, so that every part has rows of every list.
    let mut dealt: Vec<Option<usize>> = vec![None; rows.len()];
    let mut turn: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for &group in &judged {
        let list = rows.get(group).map_or("", |row| row.list.as_str());
        let turn = turn.entry(list).or_default();
        if let Some(part) = dealt.get_mut(group) {
            *part = Some(*turn % parts.max(1));
        }
        *turn += 1;
    }
    let part_of = |row: usize| groups.get(row).and_then(|group| dealt.get(*group).copied().flatten());
    let mut answers = Vec::new();
    for part in 0..parts {
        let learned: Vec<&train::Sample> =
            samples.iter().filter(|sample| part_of(sample.row) != Some(part)).collect();
        let weights = train::train(&learned, ground, settings);
        let matchers: Vec<(ListId, Matcher)> = ground
            .lists
            .iter()
            .map(|list| (list.id.clone(), Matcher::new(list, ground.kinds, ground.phrases, Some(&weights))))
            .collect();
        for (index, row) in rows.iter().enumerate() {
            if row.judged && part_of(index) == Some(part) {
                let of_list = matchers.iter().find(|(list, _)| list.as_str() == row.list);
                let Some((_, matcher)) = of_list else { continue };
                answers.push(Blind {
                    row: index,
                    matches: matcher.matches(&row.text()),
                    confidences: matcher.confidences(&row.text()),
                });
            }
        }
    }
    answers.sort_by_key(|answer| answer.row);
    answers
}
