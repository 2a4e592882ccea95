//! What the items of a list say: topics, kinds and clauses, for lists that nobody labelled rows for.
//!
//! In: the items' texts. Out: what a row shares with each of them. Never here: weights.

use super::lexicon::{SURE, Signs};
use super::math::ln;
use super::row::{Folded, Part};
use crate::model::DutyList;
use crate::seeds::text::fold;
use crate::seeds::{KindTable, PhraseTable};
use std::collections::BTreeMap;

/// A topic or a kind that an item names.
#[derive(Debug, Clone, Copy)]
struct Named {
    item: usize,
    /// Topic or kind.
    what: usize,
    /// From 0 (all items name it) to 1 (only this one).
    rarity: f32,
    /// Whether it stands in the item's first sentence.
    first: bool,
}

/// A pair of characters of the items.
#[derive(Debug, Default)]
struct Pair {
    weight: f32,
    items: Vec<usize>,
    clauses: Vec<usize>,
}

/// The items of a list, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Duties {
    items: usize,
    topics: Vec<Named>,
    kinds: Vec<Named>,
    /// Place of each pair of characters, by open addressing; a free place is `u16::MAX`.
    slots: Vec<(char, char, u16)>,
    pairs: Vec<Pair>,
    clauses: Vec<Clause>,
}

#[derive(Debug)]
struct Clause {
    item: usize,
    weight: f32,
    text: String,
}

/// What a row shares with one item.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shared {
    /// Rarity of a stated kind, and the kind.
    pub(crate) stated: (f32, usize),
    /// The same of a kind in the title.
    pub(crate) named: (f32, usize),
    /// Of topics in kind and title told surely: the rarest; the others together.
    pub(crate) head: (f32, usize),
    pub(crate) head_more: f32,
    /// Told broadly in kind or title, surely in the description, broadly there.
    pub(crate) head_broad: (f32, usize),
    pub(crate) text: (f32, usize),
    pub(crate) text_broad: (f32, usize),
    /// Told surely, and named in the item's first sentence.
    pub(crate) first: (f32, usize),
    /// Weight of shared pairs: with the best clause, with all, of kind and title.
    pub(crate) clause: (f32, usize),
    pub(crate) all: f32,
    pub(crate) head_words: f32,
    /// The longest run: weight, and its bytes in the row.
    pub(crate) run: (f32, usize, usize),
    /// Where the run that is being read stands: place, weight, first byte.
    open: (usize, f32, usize),
}

/// Least characters of a clause.
const SHORTEST: usize = 2;

impl Duties {
    /// The items of a list. `rarity` tells how rare a pair of characters is in ledgers, from 0 to 1.
    pub(crate) fn new(
        list: &DutyList,
        kinds: &KindTable,
        phrases: &PhraseTable,
        rarity: impl Fn(char, char) -> f32,
    ) -> Self {
        let texts: Vec<String> = list.items.iter().map(|item| fold(&item.text)).collect();
        let mut duties = Self { items: texts.len(), ..Self::default() };
        // What did not take place, or is no Party work, is no subject that an item could share.
        let subjects = phrases.topics().iter().enumerate().filter(|(_, t)| !t.nonevent && !t.beside);
        for (index, topic) in subjects {
            let words = || topic.words.iter().chain(&topic.anchors);
            let named = |text: &str| words().any(|word| text.contains(word.as_str()));
            duties.topics.extend(those_named(&texts, index, named));
        }
        for (index, kind) in kinds.all().iter().enumerate() {
            let named = |text: &str| {
                kinds.wordings().any(|(word, of)| of == index && text.contains(word))
                    || text.contains(kind.id.as_str())
            };
            duties.kinds.extend(those_named(&texts, index, named));
        }
        let mut pairs: BTreeMap<(char, char), Pair> = BTreeMap::new();
        for (item, text) in texts.iter().enumerate() {
            for clause in clauses(text) {
                let at = duties.clauses.len();
                for pair in clause.chars().zip(clause.chars().skip(1)) {
                    let place = pairs.entry(pair).or_default();
                    if place.items.last() != Some(&item) {
                        place.items.push(item);
                    }
                    if place.clauses.last() != Some(&at) {
                        place.clauses.push(at);
                    }
                }
                duties.clauses.push(Clause { item, weight: 0.0, text: clause.to_owned() });
            }
        }
        let size = (pairs.len() * 2).next_power_of_two().max(2);
        duties.slots = vec![('\0', '\0', u16::MAX); size];
        for ((a, b), mut pair) in pairs {
            pair.weight = scarcity(pair.items.len(), texts.len()) * rarity(a, b);
            let Ok(at) = u16::try_from(duties.pairs.len()) else { break };
            if pair.weight <= 0.0 || at == u16::MAX {
                continue;
            }
            for &clause in &pair.clauses {
                if let Some(clause) = duties.clauses.get_mut(clause) {
                    clause.weight += pair.weight;
                }
            }
            let mut place = spread(a, b) & (size - 1);
            while duties.slots.get(place).is_some_and(|taken| taken.2 != u16::MAX) {
                place = (place + 1) & (size - 1);
            }
            if let Some(slot) = duties.slots.get_mut(place) {
                *slot = (a, b, at);
            }
            duties.pairs.push(pair);
        }
        duties
    }

    /// The clauses with the items that they stand in.
    pub(crate) fn clauses(&self) -> impl Iterator<Item = (usize, &str)> {
        self.clauses.iter().map(|clause| (clause.item, clause.text.as_str()))
    }

    /// The text of a clause.
    pub(crate) fn clause(&self, at: usize) -> &str {
        self.clauses.get(at).map_or("", |clause| clause.text.as_str())
    }

    /// What a row shares with each item.
    pub(crate) fn shared(&self, folded: &Folded, signs: &Signs) -> Vec<Shared> {
        let mut shared = vec![Shared::default(); self.items];
        self.names(signs, &mut shared);
        self.words(folded, &mut shared);
        shared
    }

    fn names(&self, signs: &Signs, shared: &mut [Shared]) {
        for named in &self.kinds {
            let Some(at) = signs.kinds.iter().position(|kind| *kind == named.what) else { continue };
            let Some(shared) = shared.get_mut(named.item) else { continue };
            let sign = if at < signs.stated { &mut shared.stated } else { &mut shared.named };
            raise(sign, named.rarity, named.what);
        }
        let in_head = Part::Kind.bit() | Part::Title.bit();
        for named in &self.topics {
            let parts = signs.topics.get(named.what).map_or(0, |sign| sign.0);
            if parts == 0 {
                continue;
            }
            let Some(shared) = shared.get_mut(named.item) else { continue };
            let (sure, head) = (parts & SURE != 0, parts & in_head != 0);
            if sure && head {
                shared.head_more += named.rarity.min(shared.head.0);
            }
            let sign = match (head, sure) {
                (true, true) => &mut shared.head,
                (true, false) => &mut shared.head_broad,
                (false, true) => &mut shared.text,
                (false, false) => &mut shared.text_broad,
            };
            raise(sign, named.rarity, named.what);
            if named.first && sure {
                raise(&mut shared.first, named.rarity, named.what);
            }
        }
    }

    fn pair(&self, a: char, b: char) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut place = spread(a, b) & mask;
        loop {
            let &(c, d, at) = self.slots.get(place)?;
            if at == u16::MAX {
                return None;
            }
            if (a, b) == (c, d) {
                return Some(usize::from(at));
            }
            place = (place + 1) & mask;
        }
    }

    fn words(&self, folded: &Folded, shared: &mut [Shared]) {
        let mut seen = vec![false; self.pairs.len()];
        let mut in_clause = vec![0.0_f32; self.clauses.len()];
        let (from, _) = folded.part(Part::Description);
        let text = folded.text();
        let chars = text.char_indices().zip(text.chars().skip(1)).enumerate();
        for (place, ((byte, a), b)) in chars {
            let head = byte < from;
            let Some(at) = self.pair(a, b) else { continue };
            let Some(pair) = self.pairs.get(at) else { continue };
            let fresh = seen.get_mut(at).is_some_and(|seen| !std::mem::replace(seen, true));
            for &item in &pair.items {
                let Some(shared) = shared.get_mut(item) else { continue };
                if fresh {
                    shared.all += pair.weight;
                    if head {
                        shared.head_words += pair.weight;
                    }
                }
                if shared.open.1 > 0.0 && shared.open.0 + 1 == place {
                    shared.open.1 += pair.weight;
                } else {
                    shared.open = (place, pair.weight, byte);
                }
                shared.open.0 = place;
                if shared.open.1 > shared.run.0 {
                    shared.run = (shared.open.1, shared.open.2, byte + a.len_utf8() + b.len_utf8());
                }
            }
            if fresh {
                for &clause in &pair.clauses {
                    if let Some(sum) = in_clause.get_mut(clause) {
                        *sum += pair.weight;
                    }
                }
            }
        }
        for (at, (clause, sum)) in self.clauses.iter().zip(in_clause).enumerate() {
            let Some(shared) = shared.get_mut(clause.item).filter(|_| sum > 0.0) else { continue };
            let covered = sum / clause.weight.max(0.01);
            // A whole short clause says as much as a piece of a long one.
            let value = sum.sqrt() * (0.5 + 0.5 * covered);
            if value > shared.clause.0 {
                shared.clause = (value, at);
            }
        }
    }
}

/// The short duties of an item: its text between marks.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_word(c)).filter(|clause| clause.chars().count() >= SHORTEST)
}

fn raise(sign: &mut (f32, usize), value: f32, what: usize) {
    if value > sign.0 {
        *sign = (value, what);
    }
}

fn those_named(texts: &[String], what: usize, named: impl Fn(&str) -> bool) -> Vec<Named> {
    let of: Vec<usize> =
        texts.iter().enumerate().filter_map(|(item, text)| named(text).then_some(item)).collect();
    let rarity = scarcity(of.len(), texts.len());
    if rarity <= 0.0 {
        return Vec::new();
    }
    let first = |item: usize| {
        let text = texts.get(item).map_or("", String::as_str);
        named(text.split('。').next().unwrap_or(text))
    };
    of.into_iter().map(|item| Named { item, what, rarity, first: first(item) }).collect()
}

/// How much it says that `of` among `items` items name something: 1 for one, 0 for all.
fn scarcity(of: usize, items: usize) -> f32 {
    if items < 2 {
        return 1.0;
    }
    let (items, of) = (f64::from(real(items)), f64::from(real(of.max(1))));
    #[allow(clippy::cast_possible_truncation, reason = "between 0 and 1")]
    let scarcity = (ln(items / of) / ln(items)) as f32;
    scarcity
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

fn spread(a: char, b: char) -> usize {
    (u32::from(a).wrapping_mul(0x9e37_79b1) ^ u32::from(b).wrapping_mul(0x85eb_ca77)) as usize >> 7
}

#[allow(clippy::cast_precision_loss, reason = "a few thousands")]
fn real(count: usize) -> f32 {
    count as f32
}
