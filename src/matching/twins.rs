//! Which items of a list are, word for word or nearly, items of the lists that the program knows.

use crate::model::{DutyItem, DutyList, ItemId, ListId};
use crate::seeds::duty_lists;
use crate::seeds::text::fold;
use std::collections::BTreeSet;

/// Share of common pairs of characters from which two items are the same duty in other words.
const SAME: f64 = 0.5;

/// The known list that a list is an edition of, and for each of its items the one whose phrases and
/// weights speak for it.
///
/// A list is judged by its text, not by its name: an office may call its own list as it likes.
pub(crate) fn twins(list: &DutyList) -> (ListId, Vec<Option<ItemId>>) {
    let known = duty_lists::builtin().unwrap_or_default();
    let names: BTreeSet<ItemId> =
        known.iter().flat_map(|known| known.items.iter().map(|item| item.id.clone())).collect();
    // Phrases that the office wrote for an item of its own stand under the item's own name.
    let unknown = |item: &DutyItem| Some(item.id.clone()).filter(|id| !names.contains(id));
    if let Some(same) = known.iter().find(|known| known.items == list.items) {
        return (same.id.clone(), same.items.iter().map(|item| Some(item.id.clone())).collect());
    }
    let own: Vec<BTreeSet<(char, char)>> = list.items.iter().map(pairs).collect();
    let editions = known.into_iter().map(|known| {
        let theirs: Vec<BTreeSet<(char, char)>> = known.items.iter().map(pairs).collect();
        let mut free: Vec<bool> = vec![true; theirs.len()];
        let mut twin_of = |own: &BTreeSet<(char, char)>| {
            let alike = theirs.iter().zip(&free).enumerate().filter(|(_, (_, free))| **free);
            let scored = alike.map(|(at, (theirs, _))| (likeness(own, theirs), at));
            let (score, at) = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
            let item = known.items.get(at).filter(|_| score >= SAME)?;
            if let Some(free) = free.get_mut(at) {
                *free = false;
            }
            Some(item.id.clone())
        };
        let found: Vec<Option<ItemId>> = own.iter().map(&mut twin_of).collect();
        (known.id, found)
    });
    let count = |found: &[Option<ItemId>]| found.iter().flatten().count();
    let best = editions.max_by(|a, b| count(&a.1).cmp(&count(&b.1)).then_with(|| b.0.cmp(&a.0)));
    let Some((id, mut found)) = best.filter(|(_, found)| count(found) > 0) else {
        return (list.id.clone(), list.items.iter().map(unknown).collect());
    };
    for (twin, item) in found.iter_mut().zip(&list.items).filter(|(twin, _)| twin.is_none()) {
        *twin = unknown(item);
    }
    (id, found)
}

fn pairs(item: &DutyItem) -> BTreeSet<(char, char)> {
    let text = fold(&item.text);
    text.chars().zip(text.chars().skip(1)).collect()
}

fn likeness(a: &BTreeSet<(char, char)>, b: &BTreeSet<(char, char)>) -> f64 {
    let size = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let common = a.intersection(b).count();
    size(common) / size((a.len() + b.len() - common).max(1))
}
