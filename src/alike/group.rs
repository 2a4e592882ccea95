//! From texts that are alike to pairs of records: each beside the one that says most about it.

use super::near::Link;
use super::{GROUPS, PAIRS, Record, Sketched, terms};
use crate::model::{AlikeGroup, AlikePair, Alikes, Date, RecordAt, Relation};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The groups of records, which stand in their order; `text_of` gives the text of each, `sizes` the
/// runs of each text.
pub(super) fn groups(records: &[Sketched], text_of: &[u32], sizes: &[u32], links: &[Link]) -> Alikes {
    let mut together = Together::new(sizes.len());
    let mut earlier: BTreeMap<u32, Vec<&Link>> = BTreeMap::new();
    for link in links {
        together.join(link.later, link.earlier);
        earlier.entry(link.later).or_default().push(link);
    }
    let looked_up: BTreeSet<u32> = links.iter().map(|link| link.earlier).collect();
    let records = records.iter().map(|own| &own.record);
    let mut by_text: Vec<(u32, &Record)> = text_of.iter().copied().zip(records).collect();
    // Stable: the records of a text stay in their order.
    by_text.sort_by_key(|(text, _)| *text);

    let mut pools: BTreeMap<u32, Pool<'_>> = BTreeMap::new();
    let mut groups: BTreeMap<u32, Vec<AlikePair>> = BTreeMap::new();
    for of_text in by_text.chunk_by(|a, b| a.0 == b.0) {
        let Some(&(text, _)) = of_text.first() else { continue };
        let links = earlier.get(&text).map_or(&[][..], Vec::as_slice);
        let size = usize::try_from(text).ok().and_then(|at| sizes.get(at)).copied().unwrap_or_default();
        if of_text.len() < 2 && links.is_empty() && !looked_up.contains(&text) {
            continue;
        }
        let mut own = Pool::default();
        for (_, record) in of_text {
            let linked = links
                .iter()
                .filter_map(|link| pools.get(&link.earlier).map(|pool| (pool, link.shared, link.all)));
            let from: Vec<(&Pool<'_>, u32, u32)> =
                std::iter::once((&own, size, size)).chain(linked).collect();
            if let Some(pair) = pair(record, &from) {
                groups.entry(together.root(text)).or_default().push(pair);
            }
            own.add(record);
        }
        if looked_up.contains(&text) {
            pools.insert(text, own);
        }
    }
    shown(groups.into_values())
}

/// The groups that are shown: those of one unit or of different days first, the largest first.
fn shown(groups: impl Iterator<Item = Vec<AlikePair>>) -> Alikes {
    let mut groups: Vec<AlikeGroup> = groups
        .map(|mut pairs| {
            let mut counts = BTreeMap::new();
            for pair in &pairs {
                *counts.entry(pair.relation).or_insert(0) += 1;
            }
            pairs.sort_by_key(|pair| pair.relation);
            pairs.truncate(PAIRS);
            AlikeGroup { pairs, counts }
        })
        .collect();
    // Stable: equal ones stay in the order of their first records.
    groups.sort_by_key(|group| {
        let telling = group.counts.keys().any(|relation| *relation != Relation::Joint);
        (!telling, Reverse(group.counts.values().sum::<usize>()))
    });
    let rest = groups.split_off(groups.len().min(GROUPS));
    let more_pairs = rest.iter().flat_map(|group| group.counts.values()).sum();
    Alikes { groups, more_groups: rest.len(), more_pairs, terms: terms() }
}

/// Records of one text, to be asked for the one beside which another is best shown.
#[derive(Debug, Default)]
struct Pool<'a> {
    /// The first record, and the first of another unit.
    first: Two<'a>,
    /// Of each span of days the same.
    by_span: BTreeMap<(Date, Date), Two<'a>>,
    /// Of each unit the first and the last record.
    by_unit: BTreeMap<u32, (&'a Record, &'a Record)>,
}

/// A first record, and the first after it of another unit.
#[derive(Debug, Default)]
struct Two<'a> {
    one: Option<&'a Record>,
    other: Option<&'a Record>,
}

impl<'a> Two<'a> {
    fn add(&mut self, record: &'a Record) {
        match self.one {
            None => self.one = Some(record),
            Some(one) if self.other.is_none() && one.unit != record.unit => self.other = Some(record),
            Some(_) => {}
        }
    }

    /// The first that is not of this unit.
    fn not_of(&self, unit: u32) -> Option<&'a Record> {
        [self.one, self.other].into_iter().flatten().find(|record| record.unit != unit)
    }
}

impl<'a> Pool<'a> {
    fn add(&mut self, record: &'a Record) {
        self.first.add(record);
        if let Some(span) = record.span() {
            self.by_span.entry(span).or_default().add(record);
        }
        self.by_unit.entry(record.unit).or_insert((record, record)).1 = record;
    }

    fn of_another_unit_that_day(&self, record: &Record) -> Option<&'a Record> {
        self.by_span.get(&record.span()?)?.not_of(record.unit)
    }

    fn of_the_unit_in_another_month(&self, record: &Record) -> Option<&'a Record> {
        let (first, last) = self.by_unit.get(&record.unit)?;
        [first, last].into_iter().find(|other| relation(record, other).is_some()).copied()
    }
}

/// The record beside the one that says most about it: of another unit on the same day, else of the
/// same unit in another month, else of another unit. Its own text comes before those that are only like it.
fn pair<'a>(record: &'a Record, from: &[(&Pool<'a>, u32, u32)]) -> Option<AlikePair> {
    let find = |of: &dyn Fn(&Pool<'a>) -> Option<&'a Record>| {
        from.iter().find_map(|(pool, shared, all)| of(pool).map(|other| (other, *shared, *all)))
    };
    let (other, shared, all) = find(&|pool| pool.of_another_unit_that_day(record))
        .or_else(|| find(&|pool| pool.of_the_unit_in_another_month(record)))
        .or_else(|| find(&|pool| pool.first.not_of(record.unit)))?;
    let relation = relation(record, other)?;
    let (first, second): (RecordAt, RecordAt) =
        if other.order(record).is_le() { (other.at(), record.at()) } else { (record.at(), other.at()) };
    Some(AlikePair { relation, shared, all, first, second })
}

/// How two records stand to each other; `None` for one unit in one month, or without date.
fn relation(one: &Record, two: &Record) -> Option<Relation> {
    let spans = (one.span(), two.span());
    let overlap = matches!(spans, (Some(a), Some(b)) if a.0 <= b.1 && b.0 <= a.1);
    if one.unit != two.unit {
        return Some(if overlap { Relation::Joint } else { Relation::Units });
    }
    let month = |span: (Date, Date)| (span.0.year(), span.0.month());
    let months = matches!(spans, (Some(a), Some(b)) if month(a) != month(b));
    (months && !overlap).then_some(Relation::Months)
}

/// Texts that hang together.
struct Together {
    parent: Vec<u32>,
}

impl Together {
    fn new(count: usize) -> Self {
        Self { parent: (0..u32::try_from(count).unwrap_or(u32::MAX)).collect() }
    }

    fn parent(&self, text: u32) -> u32 {
        usize::try_from(text).ok().and_then(|at| self.parent.get(at)).copied().unwrap_or(text)
    }

    fn set(&mut self, text: u32, parent: u32) {
        if let Some(slot) = usize::try_from(text).ok().and_then(|at| self.parent.get_mut(at)) {
            *slot = parent;
        }
    }

    /// The first text of those that hang together with this one.
    fn root(&mut self, text: u32) -> u32 {
        let mut at = text;
        while self.parent(at) != at {
            let above = self.parent(self.parent(at));
            self.set(at, above);
            at = above;
        }
        at
    }

    fn join(&mut self, one: u32, two: u32) {
        let (one, two) = (self.root(one), self.root(two));
        self.set(one.max(two), one.min(two));
    }
}
