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

/// The features of a row, each once, in the order in which they are met.
#[derive(Debug, Default)]
pub(crate) struct Met {
    features: Vec<Feature>,
    /// Open addressing: 0 is free, else a key and one. As many places as a power of two.
    keys: Vec<u32>,
}

impl Met {
    /// The features that were met.
    pub(crate) fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Forgets what was met, and meets those features of a row whose keys are wanted.
    pub(crate) fn meet(&mut self, folded: &Folded, signs: &Signs, wanted: impl Fn(u32) -> bool) {
        // A character is three bytes and begins three runs; some stand for themselves and for their part.
        let expected = folded.text().len() + folded.text().len() / 2;
        self.features.clear();
        self.clear_keys((expected * 2).next_power_of_two().max(64));
        let mut push = |key, origin| {
            if wanted(key) {
                self.add(key, origin);
            }
        };
        for part in Part::ALL {
            runs(folded, part, &mut push);
        }
        let head = Part::Kind.bit() | Part::Title.bit();
        for &topic in &signs.found {
            let index = usize::from(topic);
            let parts = signs.topics.get(index).map_or(0, |sign| sign.0);
            for (tag, wanted) in
                [(b'A', u8::MAX), (b'S', SURE), (b'H', head), (b'D', Part::Description.bit())]
            {
                if parts & wanted != 0 {
                    push(key(tag, index), Origin::Topic(topic, parts));
                }
            }
        }
        let paired = signs.found.get(..MOST_PAIRED).unwrap_or(&signs.found);
        for (place, &first) in paired.iter().enumerate() {
            for &second in paired.get(place + 1..).unwrap_or(&[]) {
                let both = usize::from(first) << 16 | usize::from(second);
                push(key(b'P', both), Origin::Pair(first, second));
            }
        }
        for &kind in &signs.kinds {
            if let Ok(index) = u16::try_from(kind) {
                push(key(b'K', kind), Origin::Kind(index));
            }
        }
        if folded.part(Part::Description).1.is_empty() {
            push(key(b'N', 0), Origin::Shape);
        }
    }

    fn add(&mut self, key: u32, origin: Origin) {
        if self.features.len() * 2 >= self.keys.len() {
            self.grow();
        }
        if self.is_new(key) {
            self.features.push(Feature { key, origin });
        }
    }

    fn is_new(&mut self, key: u32) -> bool {
        let mask = self.keys.len().wrapping_sub(1);
        let mut place = key as usize & mask;
        while let Some(taken) = self.keys.get_mut(place) {
            if *taken == key + 1 {
                return false;
            }
            if *taken == 0 {
                *taken = key + 1;
                return true;
            }
            place = (place + 1) & mask;
        }
        false
    }

    fn clear_keys(&mut self, size: usize) {
        self.keys.clear();
        self.keys.resize(size, 0);
    }

    fn grow(&mut self) {
        self.clear_keys(self.keys.len() * 4);
        for at in 0..self.features.len() {
            if let Some(key) = self.features.get(at).map(|feature| feature.key) {
                self.is_new(key);
            }
        }
    }
}

/// The features of a row, each once, in the order in which they are met.
pub(crate) fn features(folded: &Folded, signs: &Signs) -> Vec<Feature> {
    let mut met = Met::default();
    met.meet(folded, signs, |_| true);
    met.features
}

fn runs(folded: &Folded, part: Part, push: &mut impl FnMut(u32, Origin)) {
    let (from, text) = folded.part(part);
    // The two characters before, the nearer first, with the byte where each begins; a number of any length is
    // one 0.
    let mut before: [Option<(usize, char)>; 2] = [None, None];
    for (at, c) in text.char_indices() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c == '0' && before[0].is_some_and(|(_, before)| before == '0') {
            continue;
        }
        let end = at + c.len_utf8();
        // Tells a run, and whether a longer one can be told.
        let mut tell = |hash, begin| {
            let (Ok(place), Ok(length)) = (u32::try_from(from + begin), u8::try_from(end - begin)) else {
                return false;
            };
            let origin = Origin::Run(place, length);
            push(finish(hash), origin);
            if part != Part::Description {
                push(finish(mix(hash, u64::from(part.bit()) << 32)), origin);
            }
            true
        };
        let one = mix(SEED, u64::from(u32::from(c)));
        if let (true, Some((begin, c))) = (tell(one, at), before[0]) {
            let two = mix(one, u64::from(u32::from(c)));
            if let (true, Some((begin, c))) = (tell(two, begin), before[1]) {
                tell(mix(two, u64::from(u32::from(c))), begin);
            }
        }
        before = [Some((at, c)), before[0]];
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
