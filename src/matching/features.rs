//! The signs of a row as hashed features: runs of one to three characters, topics, kinds.

use super::lexicon::{SURE, Signs};
use super::row::{Folded, Part};
use crate::seeds::weights::KEY_BITS;

/// One feature of a row and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Feature {
    pub(crate) key: u32,
    pub(crate) origin: Origin,
}

/// Where a feature came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// A run of characters: byte in the folded row, and length in bytes.
    Run(u32, u8),
    /// A topic, and the parts in which it stands.
    Topic(u16, u8),
    /// Two topics that stand together.
    Pair(u16, u16),
    /// A kind.
    Kind(u16),
    /// The shape of the row.
    Shape,
}

impl Origin {
    /// The group in which it is weighed: signs, runs of characters, pairs of signs.
    pub(crate) fn group(self) -> usize {
        match self {
            Self::Topic(..) | Self::Kind(_) | Self::Shape => 0,
            Self::Run(..) => 1,
            Self::Pair(..) => 2,
        }
    }
}

/// Most topics of a row that are paired.
const MOST_PAIRED: usize = 16;
/// Number of groups in which features are weighed.
pub(crate) const GROUPS: usize = 3;

/// The features of a row that are met so far, each once, in the order in which they are met.
struct Met<F> {
    wanted: F,
    features: Vec<Feature>,
    /// Open addressing: 0 is free, else a key and one.
    keys: Vec<u32>,
    mask: usize,
}

impl<F: Fn(u32) -> bool> Met<F> {
    /// Room for so many features; further ones make room.
    fn new(expected: usize, wanted: F) -> Self {
        let size = (expected * 2).next_power_of_two().max(64);
        Self { wanted, features: Vec::with_capacity(expected), keys: vec![0; size], mask: size - 1 }
    }

    fn push(&mut self, key: u32, origin: Origin) {
        if !(self.wanted)(key) {
            return;
        }
        if self.features.len() * 2 > self.mask {
            self.grow();
        }
        if self.is_new(key) {
            self.features.push(Feature { key, origin });
        }
    }

    fn is_new(&mut self, key: u32) -> bool {
        let mut place = key as usize & self.mask;
        while let Some(taken) = self.keys.get_mut(place) {
            if *taken == key + 1 {
                return false;
            }
            if *taken == 0 {
                *taken = key + 1;
                return true;
            }
            place = (place + 1) & self.mask;
        }
        false
    }

    fn grow(&mut self) {
        let size = self.keys.len() * 4;
        (self.keys, self.mask) = (vec![0; size], size - 1);
        for at in 0..self.features.len() {
            if let Some(key) = self.features.get(at).map(|feature| feature.key) {
                self.is_new(key);
            }
        }
    }
}

/// The features of a row, each once, in the order in which they are met.
pub(crate) fn features(folded: &Folded, signs: &Signs) -> Vec<Feature> {
    features_of(folded, signs, |_| true)
}

/// The same, but only those whose keys are wanted.
pub(crate) fn features_of(folded: &Folded, signs: &Signs, wanted: impl Fn(u32) -> bool) -> Vec<Feature> {
    // A character is three bytes and begins three runs; some stand for themselves and for their part.
    let mut features = Met::new(folded.text().len() + folded.text().len() / 2, wanted);
    for part in Part::ALL {
        runs(folded, part, &mut features);
    }
    let head = Part::Kind.bit() | Part::Title.bit();
    for (index, &(parts, _)) in signs.topics.iter().enumerate() {
        if parts == 0 {
            continue;
        }
        let Ok(topic) = u16::try_from(index) else { break };
        let origin = Origin::Topic(topic, parts);
        features.push(key(b'A', index), origin);
        if parts & SURE != 0 {
            features.push(key(b'S', index), origin);
        }
        if parts & head != 0 {
            features.push(key(b'H', index), origin);
        }
        if parts & Part::Description.bit() != 0 {
            features.push(key(b'D', index), origin);
        }
    }
    let found = signs.topics.iter().enumerate().filter(|(_, (parts, _))| *parts != 0);
    let found: Vec<(usize, u16)> =
        found.filter_map(|(at, _)| Some((at, u16::try_from(at).ok()?))).take(MOST_PAIRED).collect();
    for (place, &(a, first)) in found.iter().enumerate() {
        for &(b, second) in found.get(place + 1..).unwrap_or(&[]) {
            features.push(key(b'P', a << 16 | b), Origin::Pair(first, second));
        }
    }
    for &kind in &signs.kinds {
        if let Ok(index) = u16::try_from(kind) {
            features.push(key(b'K', kind), Origin::Kind(index));
        }
    }
    if folded.part(Part::Description).1.is_empty() {
        features.push(key(b'N', 0), Origin::Shape);
    }
    features.features
}

fn runs<F: Fn(u32) -> bool>(folded: &Folded, part: Part, features: &mut Met<F>) {
    let (from, text) = folded.part(part);
    // The last two characters, with the byte where each begins; a number of any length is one 0.
    let mut last: [Option<(usize, char)>; 2] = [None, None];
    for (at, c) in text.char_indices() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c == '0' && last[1].is_some_and(|(_, before)| before == '0') {
            continue;
        }
        let end = at + c.len_utf8();
        let mut hash = SEED;
        let mut begin = at;
        for step in [Some((at, c)), last[1], last[0]] {
            let Some((start, c)) = step else { break };
            begin = start.min(begin);
            hash = mix(hash, u64::from(u32::from(c)));
            let (Ok(place), Ok(length)) = (u32::try_from(from + begin), u8::try_from(end - begin)) else {
                break;
            };
            let origin = Origin::Run(place, length);
            features.push(finish(hash), origin);
            if part != Part::Description {
                features.push(finish(mix(hash, u64::from(part.bit()) << 32)), origin);
            }
        }
        last = [last[1], Some((at, c))];
    }
}

/// The key of two characters that follow one another anywhere in a row.
pub(crate) fn pair_key(a: char, b: char) -> u32 {
    finish(mix(mix(SEED, u64::from(u32::from(b))), u64::from(u32::from(a))))
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29)
}

fn finish(hash: u64) -> u32 {
    let hash = (hash ^ (hash >> 31)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    u32::try_from(hash >> (64 - KEY_BITS)).unwrap_or(0)
}

fn key(tag: u8, index: usize) -> u32 {
    finish(mix(mix(SEED, u64::from(tag) << 40), index as u64))
}
