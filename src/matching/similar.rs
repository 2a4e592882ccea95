//! Likeness of a row to the text of the duty items, for lists that nobody has written rules for.

use super::lexicon::{SURE, Signs};
use super::row::Folded;
use super::rules::{Hit, Trigger, told};
use crate::model::DutyList;
use crate::seeds::text::fold;
use crate::seeds::{KindTable, PhraseTable};
use std::collections::BTreeMap;

/// Topics, kinds and pairs of characters that the items of a list name.
#[derive(Debug, Default)]
pub(crate) struct Likeness {
    /// Item, topic, points.
    topics: Vec<(usize, usize, i32)>,
    /// Item, kind, points.
    kinds: Vec<(usize, usize, i32)>,
    /// Pairs of characters with the items that have them, and points.
    pairs: BTreeMap<(char, char), Vec<(usize, i32)>>,
}

const TOPIC_POINTS: f64 = 330.0;
const KIND_POINTS: f64 = 400.0;
const PAIR_POINTS: f64 = 40.0;
/// What shared pairs of characters can add at most.
const PAIRS_MOST: i32 = 250;

impl Likeness {
    /// What the items of a list name; the rarer inside the list, the more it says.
    pub(crate) fn new(list: &DutyList, kinds: &KindTable, phrases: &PhraseTable) -> Self {
        let texts: Vec<String> = list.items.iter().map(|item| fold(&item.text)).collect();
        let mut likeness = Self::default();
        for (index, topic) in phrases.topics().iter().enumerate() {
            let named = texts.iter().map(|text| {
                topic.words.iter().chain(&topic.anchors).any(|word| text.contains(word.as_str()))
            });
            rare(named, texts.len(), TOPIC_POINTS, |item, points| {
                likeness.topics.push((item, index, points));
            });
        }
        for (index, kind) in kinds.all().iter().enumerate() {
            let named = texts.iter().map(|text| {
                kinds.wordings().any(|(word, of)| of == index && text.contains(word))
                    || text.contains(kind.id.as_str())
            });
            rare(named, texts.len(), KIND_POINTS, |item, points| likeness.kinds.push((item, index, points)));
        }
        let mut pairs: BTreeMap<(char, char), Vec<usize>> = BTreeMap::new();
        for (item, text) in texts.iter().enumerate() {
            for pair in text.chars().zip(text.chars().skip(1)) {
                let items = pairs.entry(pair).or_default();
                if is_word(pair) && items.last() != Some(&item) {
                    items.push(item);
                }
            }
        }
        for (pair, items) in pairs {
            let named = (0..texts.len()).map(|item| items.contains(&item));
            let mut shared = Vec::new();
            rare(named, texts.len(), PAIR_POINTS, |item, points| shared.push((item, points)));
            if !shared.is_empty() {
                likeness.pairs.insert(pair, shared);
            }
        }
        likeness
    }

    /// The same for some of the items only.
    pub(crate) fn for_items(mut self, items: &[usize]) -> Self {
        self.topics.retain(|(item, ..)| items.contains(item));
        self.kinds.retain(|(item, ..)| items.contains(item));
        for of in self.pairs.values_mut() {
            of.retain(|(item, _)| items.contains(item));
        }
        self
    }

    /// Hits of the topics and kinds that the items name.
    pub(crate) fn fire(&self, signs: &Signs, hits: &mut Vec<Hit>) {
        for &(item, topic, points) in &self.topics {
            let parts = signs.topics.get(topic).map_or(0, |sign| sign.0);
            if parts != 0 {
                let points = told(points, parts);
                hits.push(Hit { item, points, trigger: Trigger::Topic(topic, parts & !SURE) });
            }
        }
        for &(item, kind, points) in &self.kinds {
            if let Some(at) = signs.kinds.iter().position(|found| *found == kind) {
                hits.push(Hit { item, points, trigger: Trigger::Kind(kind, at < signs.stated) });
            }
        }
    }

    /// Points of each item for the words that its text shares with the row, and the longest such words.
    pub(crate) fn shared(&self, folded: &Folded, items: usize) -> Vec<(i32, String)> {
        let mut shared = vec![(0, String::new()); items];
        if self.pairs.is_empty() {
            return shared;
        }
        let mut runs: Vec<(usize, String)> = vec![(usize::MAX, String::new()); items];
        let mut seen = std::collections::BTreeSet::new();
        let text = folded.text();
        for (at, pair) in text.chars().zip(text.chars().skip(1)).enumerate() {
            let Some(of) = self.pairs.get(&pair) else { continue };
            let fresh = seen.insert(pair);
            for &(item, points) in of {
                let (Some(sum), Some(run)) = (shared.get_mut(item), runs.get_mut(item)) else { continue };
                if fresh {
                    sum.0 = (sum.0 + points).min(PAIRS_MOST);
                }
                if run.0 != usize::MAX && run.0 + 1 == at {
                    run.1.push(pair.1);
                } else {
                    run.1 = [pair.0, pair.1].iter().collect();
                }
                run.0 = at;
                if run.1.len() > sum.1.len() {
                    sum.1.clone_from(&run.1);
                }
            }
        }
        shared
    }
}

fn is_word((a, b): (char, char)) -> bool {
    a.is_alphanumeric() && b.is_alphanumeric()
}

/// Tells the items that are named, with points that fall with their number.
fn rare(named: impl Iterator<Item = bool>, items: usize, full: f64, mut tell: impl FnMut(usize, i32)) {
    let of: Vec<usize> = named.enumerate().filter_map(|(item, named)| named.then_some(item)).collect();
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let rarity =
        if items < 2 { 1.0 } else { (count(items) / count(of.len().max(1))).ln() / count(items).ln() };
    #[allow(clippy::cast_possible_truncation, reason = "at most the full points")]
    let points = (full * rarity).round() as i32;
    if points > 0 {
        for item in of {
            tell(item, points);
        }
    }
}
