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
/// Items that are added up at a time: as many sums as stay in registers.
const LANES: usize = 32;
/// Bits of a rarity.
const RARITY_BITS: u32 = 8;

/// The steps of one feature for so many items: a line of the processor's cache, fetched by one look.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line([i8; LINE]);

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
            lines: vec![Line([0; LINE]); width * content.features().len()],
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
                let line = table.lines.get_mut(at * width + item / LINE)?;
                line.0[item % LINE] = entry.steps;
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
        let mut squares = [0.0_f32; GROUPS];
        for &Feature { key, origin } in features {
            let Some((place, rarity)) = self.find(key) else { continue };
            let group = origin.group();
            let value = raw_value(rarity, group);
            squares[group] += value * value;
            known.push(Known { origin, place, value });
        }
        let scale = group_scale(squares);
        for known in known {
            known.value *= scale[known.origin.group()];
        }
    }

    /// What the features add up to for each item of the file, in steps.
    pub(super) fn sums(&self, known: &[Known]) -> Vec<f32> {
        let mut all = Vec::with_capacity(self.items.next_multiple_of(LANES));
        for from in (0..self.items).step_by(LANES) {
            let (line, block) = (from / LINE, from % LINE / LANES);
            let mut sums = [0.0_f32; LANES];
            for known in known {
                let Some(line) = self.lines.get(known.place as usize * self.width + line) else { continue };
                let Some(steps) = line.0.as_chunks::<LANES>().0.get(block) else { continue };
                for (sum, &steps) in sums.iter_mut().zip(steps) {
                    *sum += known.value * f32::from(steps);
                }
            }
            all.extend_from_slice(&sums);
        }
        all.truncate(self.items);
        all
    }

    /// What each feature adds to an item of the file, in steps, where it says anything.
    pub(super) fn shares(&self, known: &[Known], item: usize) -> impl Iterator<Item = (f32, Origin)> {
        known.iter().filter_map(move |known| {
            let line = self.lines.get(known.place as usize * self.width + item / LINE)?;
            let steps = line.0[item % LINE];
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
