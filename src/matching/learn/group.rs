//! Rows that look alike, so that none of them is learned from while its twin is tested.

use super::Labelled;
use crate::seeds::text::fold;
use std::collections::BTreeMap;

/// Share of common pairs of characters from which rows are alike.
const ALIKE: f64 = 0.6;

/// The group of each row: the index of its first look-alike, directly or over others.
pub(super) fn groups(rows: &[Labelled]) -> Vec<usize> {
    let pairs: Vec<Vec<(char, char)>> = rows.iter().map(pairs).collect();
    let mut holders: BTreeMap<(char, char), Vec<usize>> = BTreeMap::new();
    for (row, pairs) in pairs.iter().enumerate() {
        for pair in pairs {
            holders.entry(*pair).or_default().push(row);
        }
    }
    let mut group: Vec<usize> = (0..rows.len()).collect();
    let mut shared = vec![0_u32; rows.len()];
    for (row, own) in pairs.iter().enumerate() {
        let mut met = Vec::new();
        for pair in own {
            for &other in holders.get(pair).into_iter().flatten() {
                if other >= row {
                    break;
                }
                if let Some(count) = shared.get_mut(other) {
                    if *count == 0 {
                        met.push(other);
                    }
                    *count += 1;
                }
            }
        }
        for other in met {
            let common = shared.get_mut(other).map_or(0, std::mem::take);
            let size = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let all = size(own.len()) + size(pairs.get(other).map_or(0, Vec::len)) - common;
            if f64::from(common) >= ALIKE * f64::from(all) {
                join(&mut group, row, other);
            }
        }
    }
    (0..rows.len()).map(|row| root(&group, row)).collect()
}

fn pairs(row: &Labelled) -> Vec<(char, char)> {
    let text = fold(&format!("{}{}", row.title, row.description));
    let mut pairs: Vec<_> = text.chars().zip(text.chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn root(group: &[usize], mut row: usize) -> usize {
    while let Some(&above) = group.get(row) {
        if above == row {
            break;
        }
        row = above;
    }
    row
}

fn join(group: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(group, a), root(group, b));
    if let Some(above) = group.get_mut(a.max(b)) {
        *above = a.min(b);
    }
}
