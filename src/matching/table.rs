//! The features that the weights know, laid out so that a row's are found and added up fast.
//!
//! In: the content of a weights file, and features. Out: those that are known, with their values, and what
//! they add up to for each item of the file. Never here: what the sums mean.

use super::features::{Feature, GROUPS, Origin};
use crate::seeds::weights::{Content, Entry};
use std::ops::Range;

/// How much the group of topics and kinds weighs beside the group of character runs.
const SIGN_SHARE: f32 = 0.3;
/// How much the group of pairs of topics weighs.
const PAIR_SHARE: f32 = 0.25;
/// How many bits the hints have.
const HINTS: usize = 1 << 20;
/// Items of a line.
const LINE: usize = 64;
/// Items of a block, four to a word.
const BLOCK: usize = 16;
/// Blocks that are added up at a time: as many sums as stay in registers.
const BLOCKS: usize = 2;
/// Bits of a rarity.
const RARITY_BITS: u32 = 8;

/// The steps of one feature for so many items: a line of the processor's cache, fetched by one look.
///
/// A word holds the steps of items that stand four apart, so that a shift of four words brings those of four
/// neighbours to the top, where they are numbers.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Line([[[u32; 4]; BLOCKS]; LINE / BLOCK / BLOCKS]);

impl Line {
    /// The word of an item, and by how much its steps stand to the left.
    fn place(item: usize) -> (usize, usize) {
        (item % LINE / BLOCK * 4 + item % 4, item % BLOCK / 4 * 8)
    }

    fn set(&mut self, item: usize, steps: i8) {
        let (word, left) = Self::place(item);
        if let Some(word) = self.0.as_flattened_mut().as_flattened_mut().get_mut(word) {
            *word |= u32::from(steps.cast_unsigned()) << left;
        }
    }

    fn steps(&self, item: usize) -> i8 {
        let (word, left) = Self::place(item);
        let word = self.0.as_flattened().as_flattened().get(word);
        word.map_or(0, |word| (word >> left & 0xff) as i8)
    }
}

/// Steps that stand at the top of a word are 2²⁴ times too great.
const TOP: f32 = 16_777_216.0;

/// A place of the table.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u32,
    /// Which feature it is, above the bits of its rarity; 0 where the place is free.
    found: u32,
}

/// All features of the weights, with the steps that one list wants.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Open addressing by key.
    slots: Vec<Slot>,
    lines: Vec<Line>,
    /// How many lines a feature has.
    width: usize,
    items: usize,
    /// A bit for each key, modulo their number: most features that no row had before are told by it alone,
    /// without a look into the great table.
    hints: Vec<u64>,
}

/// A feature that the weights know, with its value in this row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    origin: Origin,
    place: u32,
    value: f32,
}

impl Table {
    /// The features of a file, for `own` items with the weights for rows of their list, for the others with
    /// those of the first look. `None` where there are more than can be told apart.
    pub(super) fn new(content: &Content, own: &Range<usize>) -> Option<Self> {
        let size = (content.features().len() * 2).next_power_of_two().max(2);
        let width = content.items.len().div_ceil(LINE);
        let mut table = Self {
            slots: vec![Slot::default(); size],
            lines: vec![Line::default(); width * content.features().len()],
            width,
            items: content.items.len(),
            hints: vec![0; HINTS / 64],
        };
        for (at, feature) in content.features().iter().enumerate() {
            let place = u32::try_from(at).ok().filter(|place| *place < 1 << (u32::BITS - RARITY_BITS))?;
            let found = place << RARITY_BITS | u32::from(feature.rarity.max(1));
            table.insert(Slot { key: feature.key, found })?;
            let (of_own, of_first) = content.entries(feature);
            let is_own = |entry: &Entry| own.contains(&usize::from(entry.item));
            let entries = of_own.iter().filter(|e| is_own(e)).chain(of_first.iter().filter(|e| !is_own(e)));
            for entry in entries {
                let item = usize::from(entry.item);
                table.lines.get_mut(at * width + item / LINE)?.set(item, entry.steps);
            }
        }
        Some(table)
    }

    fn insert(&mut self, slot: Slot) -> Option<()> {
        *self.hints.get_mut(hint(slot.key) / 64)? |= 1 << (hint(slot.key) % 64);
        let mask = self.slots.len() - 1;
        let mut place = slot.key as usize & mask;
        while self.slots.get(place)?.found != 0 {
            place = (place + 1) & mask;
        }
        *self.slots.get_mut(place)? = slot;
        Some(())
    }

    /// Whether the weights may know a feature; where not, they do not.
    pub(super) fn may_know(&self, key: u32) -> bool {
        self.hints.get(hint(key) / 64).is_some_and(|bits| bits >> (hint(key) % 64) & 1 != 0)
    }

    /// The place and the rarity of a feature.
    fn find(&self, key: u32) -> Option<(u32, u8)> {
        let mask = self.slots.len() - 1;
        let mut place = key as usize & mask;
        loop {
            let slot = self.slots.get(place)?;
            if slot.found == 0 {
                return None;
            }
            if slot.key == key {
                return Some((slot.found >> RARITY_BITS, (slot.found & 0xff) as u8));
            }
            place = (place + 1) & mask;
        }
    }

    /// The rarity of a feature, in sixteenths of a nat.
    pub(super) fn rarity(&self, key: u32) -> Option<u8> {
        self.find(key).map(|(_, rarity)| rarity)
    }

    /// The features that the weights know, with their values, instead of what was known of another row.
    pub(super) fn known(&self, features: &[Feature], known: &mut Vec<Known>) {
        known.clear();
        known.reserve(features.len());
        let [mut signs, mut runs, mut pairs] = [0.0_f32; GROUPS];
        for &Feature { key, origin } in features {
            let Some((place, rarity)) = self.find(key) else { continue };
            let group = origin.group();
            let value = raw_value(rarity, group);
            // Not by index: the sums would go through memory.
            match group {
                0 => signs += value * value,
                1 => runs += value * value,
                _ => pairs += value * value,
            }
            known.push(Known { origin, place, value });
        }
        let scale = group_scale([signs, runs, pairs]);
        for known in known {
            known.value *= scale[known.origin.group()];
        }
    }

    /// What the features add up to for each item of the file, in steps.
    pub(super) fn sums(&self, known: &[Known]) -> Vec<f32> {
        let mut all = Vec::with_capacity(self.items.next_multiple_of(BLOCK * BLOCKS));
        for from in (0..self.items).step_by(BLOCK * BLOCKS) {
            let (line, part) = (from / LINE, from % LINE / BLOCK / BLOCKS);
            let mut sums = [[[0.0_f32; 4]; 4]; BLOCKS];
            for known in known {
                let Some(line) = self.lines.get(known.place as usize * self.width + line) else { continue };
                let Some(blocks) = line.0.get(part) else { continue };
                let value = known.value / TOP;
                for (sums, words) in sums.iter_mut().zip(blocks) {
                    for (sums, left) in sums.iter_mut().zip([24, 16, 8, 0]) {
                        for (sum, word) in sums.iter_mut().zip(words) {
                            #[allow(clippy::cast_precision_loss, reason = "eight bits and zeros")]
                            let steps = (word << left & 0xff00_0000).cast_signed() as f32;
                            *sum += value * steps;
                        }
                    }
                }
            }
            all.extend_from_slice(sums.as_flattened().as_flattened());
        }
        all.truncate(self.items);
        all
    }

    /// What each feature adds to an item of the file, in steps, where it says anything.
    pub(super) fn shares(&self, known: &[Known], item: usize) -> impl Iterator<Item = (f32, Origin)> {
        known.iter().filter_map(move |known| {
            let line = self.lines.get(known.place as usize * self.width + item / LINE)?;
            let steps = line.steps(item);
            (steps != 0).then(|| (known.value * f32::from(steps), known.origin))
        })
    }
}

fn hint(key: u32) -> usize {
    key as usize % HINTS
}

/// The value of a feature before its group is brought to length one.
pub(super) fn raw_value(rarity: u8, group: usize) -> f32 {
    let rarity = f32::from(rarity) / 16.0;
    match group {
        0 => rarity.sqrt(),
        1 => rarity,
        _ => 1.0,
    }
}

/// The factors that bring the groups to their lengths.
pub(super) fn group_scale([signs, runs, pairs]: [f32; GROUPS]) -> [f32; GROUPS] {
    let inverse = |square: f32| if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 };
    [SIGN_SHARE * inverse(signs), inverse(runs), PAIR_SHARE * inverse(pairs)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemId, ListId};
    use crate::seeds::weights::{ItemWeights, ListWeights};

    fn content(items: u8) -> Content {
        let item = |at: u8| ItemWeights {
            item: ItemId::from(format!("Q-{at}").as_str()),
            list: 0,
            own: (0.0, 1.0),
            first: (0.0, 1.0),
            others_step: 1.0,
            others: Vec::new(),
            second: Vec::new(),
        };
        let list = ListWeights { list: ListId::from("Q"), calibration: (1.0, 0.0), review: 500, link: 900 };
        Content { lists: vec![list], items: (0..items).map(item).collect(), ..Content::default() }
    }

    /// Whatever the number of items, each gets its own steps, and those of the look that it is asked for.
    #[test]
    fn every_item_has_its_own_steps() {
        for items in [1, 4, 15, 16, 17, 52, 64, 65, 200, 255] {
            let mut content = content(items);
            let steps = |item: u8, times: i32| i8::try_from(i32::from(item) * times % 255 - 127).unwrap();
            let entries = |times| (0..items).map(move |item| Entry { item, steps: steps(item, times) });
            let own = usize::from(items / 3)..usize::from(items / 2);
            for (key, times) in [(5, 7), (9, 11)] {
                let both: (Vec<Entry>, Vec<Entry>) = (entries(times).collect(), entries(times + 2).collect());
                content.push_feature(key, 160, &both.0, &both.1);
            }
            let table = Table::new(&content, &own).unwrap();
            let feature = |key| Feature { key, origin: Origin::Run(0, 3) };
            let mut known = Vec::new();
            table.known(&[feature(5), feature(7), feature(9)], &mut known);
            assert_eq!(known.len(), 2);
            let sums = table.sums(&known);
            assert_eq!(sums.len(), usize::from(items));
            for item in 0..items {
                let more = if own.contains(&usize::from(item)) { 0 } else { 2 };
                let of = |known: &Known, times| known.value * f32::from(steps(item, times + more));
                let expected = of(&known[0], 7) + of(&known[1], 11);
                assert_eq!(
                    sums[usize::from(item)].to_bits(),
                    (0.0 + expected).to_bits(),
                    "{item} of {items}"
                );
                let shares: f32 = table.shares(&known, usize::from(item)).map(|(share, _)| share).sum();
                assert_eq!((0.0 + shares).to_bits(), (0.0 + expected).to_bits());
            }
        }
    }
}
