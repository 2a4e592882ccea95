//! Some fifty bytes that tell how like two texts are, without the texts.

use sha2::{Digest, Sha256};

/// How many independent orders of all runs are looked at.
pub(super) const ORDERS: usize = 40;
/// How many of them make a band: two texts are compared where a whole band agrees.
pub(super) const BAND: usize = 4;
/// How many bands there are. Of two texts four fifths alike a band agrees with probability 0.99.
pub(super) const BANDS: usize = ORDERS / BAND;

/// The sketch of a text's runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sketch {
    /// The same for the same set of runs; for another one of a million with a probability of 10⁻⁷.
    pub(super) set: u64,
    /// How many runs the text has.
    pub(super) size: u32,
    /// Of each order, the run that comes first, shortened.
    least: [u8; ORDERS],
}

/// Multipliers, all odd.
const FACTORS: [u32; ORDERS] = factors();

const fn factors() -> [u32; ORDERS] {
    let mut all = [0; ORDERS];
    let mut at = 0;
    let mut state = 0_u64;
    while at < ORDERS {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let factor = (mixed(state) >> 32) as u32;
        all[at] = factor | 1;
        at += 1;
    }
    all
}

/// A number in which every bit depends on every bit (the finaliser of splitmix64).
const fn mixed(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

impl Sketch {
    /// The sketch of runs that are sorted and each there once.
    pub(super) fn new(runs: &[u64]) -> Self {
        let mut hash = Sha256::new();
        let mut least = [u32::MAX; ORDERS];
        for &run in runs {
            hash.update(run.to_le_bytes());
            let short = (mixed(run) >> 32) as u32;
            for (least, factor) in least.iter_mut().zip(FACTORS) {
                // The factor twice, so that no two orders are shifts of each other.
                *least = (*least).min((short ^ factor).wrapping_mul(factor));
            }
        }
        let set = hash.finalize().iter().take(8).fold(0, |set, byte| set << 8 | u64::from(*byte));
        #[expect(
            clippy::cast_possible_truncation,
            reason = "two runs have the same lowest byte once in 256 times"
        )]
        let least = least.map(|least| least as u8);
        Self { set, size: u32::try_from(runs.len()).unwrap_or(u32::MAX), least }
    }

    /// Bytes that it takes to be put aside.
    pub(super) const BYTES: usize = 12 + ORDERS;

    pub(super) fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let (set, rest) = bytes.split_at_mut(8);
        let (size, least) = rest.split_at_mut(4);
        set.copy_from_slice(&self.set.to_le_bytes());
        size.copy_from_slice(&self.size.to_le_bytes());
        least.copy_from_slice(&self.least);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let (set, rest) = bytes.split_first_chunk().unwrap_or((&[0; 8], &[]));
        let (size, least) = rest.split_first_chunk().unwrap_or((&[0; 4], &[]));
        Self {
            set: u64::from_le_bytes(*set),
            size: u32::from_le_bytes(*size),
            least: *least.first_chunk().unwrap_or(&[0; ORDERS]),
        }
    }

    /// The orders of which both have the same run first.
    pub(super) fn agreement(&self, other: &Self) -> usize {
        self.least.iter().zip(&other.least).filter(|(a, b)| a == b).count()
    }

    /// A band as one number.
    pub(super) fn band(&self, band: usize) -> u32 {
        let parts = self.least.iter().skip(band * BAND).take(BAND);
        parts.fold(0, |key, part| key << 8 | u32::from(*part))
    }

    /// The orders from a band on, and then those before it: texts that agree in more stand closer together.
    pub(super) fn turned(&self, band: usize) -> impl Iterator<Item = u8> {
        let (before, from) = self.least.split_at_checked(band * BAND).unwrap_or((&[], &self.least));
        from.iter().chain(before).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_follows_likeness() {
        // 100 runs each, of which `shared` are the same.
        for (shared, expected) in [(100, 40..=40), (89, 26..=39), (50, 6..=20), (0, 0..=2)] {
            let one: Vec<u64> = (0..100).collect();
            let two: Vec<u64> = (100 - shared..200 - shared).collect();
            let agreement = Sketch::new(&one).agreement(&Sketch::new(&two));
            assert!(expected.contains(&agreement), "{shared}: {agreement}");
        }
    }
}
