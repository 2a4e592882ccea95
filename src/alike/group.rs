//! From texts that are alike to pairs of records: each beside the one that says most about it.

use super::near::Link;
use super::{GROUPS, PAIRS, Record, Sketched, index, terms};
use crate::model::{AlikeGroup, AlikePair, Alikes, Date, RecordAt, Relation};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Up to this many records are looked through one by one.
const FEW: usize = 16;

/// The groups of records, which stand in their order; `text_of` gives the text of each, `sizes` the
/// runs of each text; links stand in the order of their later texts.
pub(super) fn groups(records: &[Sketched], text_of: &[u32], sizes: &[u32], links: &[Link]) -> Alikes {
    let mut together = Together::new(sizes.len());
    for link in links {
        together.join(link.later, link.earlier);
    }
    let texts = Texts::new(records, text_of, sizes.len());
    let mut counts: BTreeMap<u32, BTreeMap<Relation, usize>> = BTreeMap::new();
    let count = |root: u32, pair: AlikePair| {
        *counts.entry(root).or_default().entry(pair.relation).or_insert(0) += 1;
    };
    each_pair(&texts, sizes, links, &mut together, |_| true, count);
    let mut groups: Vec<(u32, BTreeMap<Relation, usize>)> = counts.into_iter().collect();
    // Those of one unit or of different days first, the largest first; equal ones in the order of their first records.
    groups.sort_by_key(|(_, counts)| {
        let telling = counts.keys().any(|relation| *relation != Relation::Joint);
        (!telling, Reverse(counts.values().sum::<usize>()))
    });
    let rest = groups.split_off(groups.len().min(GROUPS));
    let more_pairs = rest.iter().flat_map(|(_, counts)| counts.values()).sum();
    let mut shown: BTreeMap<u32, Vec<AlikePair>> =
        groups.iter().map(|(root, _)| (*root, Vec::new())).collect();
    let chosen: BTreeSet<u32> = shown.keys().copied().collect();
    let keep = |root: u32, pair: AlikePair| {
        if let Some(pairs) = shown.get_mut(&root) {
            pairs.push(pair);
            if pairs.len() > 4 * PAIRS {
                first(pairs);
            }
        }
    };
    each_pair(&texts, sizes, links, &mut together, |root| chosen.contains(&root), keep);
    let groups = groups.into_iter().map(|(root, counts)| {
        let mut pairs = shown.remove(&root).unwrap_or_default();
        first(&mut pairs);
        AlikeGroup { pairs, counts }
    });
    Alikes { groups: groups.collect(), more_groups: rest.len(), more_pairs, terms: terms() }
}

/// Leaves the pairs of a group that are shown.
fn first(pairs: &mut Vec<AlikePair>) {
    // Stable: pairs of one relation stay in their order.
    pairs.sort_by_key(|pair| pair.relation);
    pairs.truncate(PAIRS);
}

/// Shows every pair with the first text of its group, for the groups that are wanted.
fn each_pair(
    texts: &Texts<'_>,
    sizes: &[u32],
    mut links: &[Link],
    together: &mut Together,
    wanted: impl Fn(u32) -> bool,
    mut show: impl FnMut(u32, AlikePair),
) {
    let mut looked_up = vec![false; sizes.len()];
    for link in links {
        if let Some(mark) = looked_up.get_mut(index(link.earlier)) {
            *mark = true;
        }
    }
    let mut pools: BTreeMap<u32, Pool<'_>> = BTreeMap::new();
    for (text, size) in (0..).zip(sizes) {
        let (own_links, later) = links.split_at(links.partition_point(|link| link.later == text));
        links = later;
        let own = texts.records(text);
        let is_looked_up = looked_up.get(index(text)).copied().unwrap_or_default();
        let root = together.root(text);
        if (own.len() < 2 && own_links.is_empty() && !is_looked_up) || !wanted(root) {
            continue;
        }
        let mut pool = Pool::default();
        for (at, number) in own.iter().enumerate() {
            let Some(record) = texts.record(*number) else { continue };
            let before =
                if own.len() > FEW { Source::Many(&pool) } else { Source::Few(own.get(..at).unwrap_or(own)) };
            let linked = own_links.iter().filter_map(|link| {
                let few = texts.records(link.earlier);
                let source =
                    if few.len() > FEW { Source::Many(pools.get(&link.earlier)?) } else { Source::Few(few) };
                Some((source, link.shared, link.all))
            });
            let from: Vec<(Source<'_, '_>, u32, u32)> =
                std::iter::once((before, *size, *size)).chain(linked).collect();
            if let Some(pair) = pair(texts, record, &from) {
                show(root, pair);
            }
            if own.len() > FEW {
                pool.add(record);
            }
        }
        if is_looked_up && own.len() > FEW {
            pools.insert(text, pool);
        }
    }
}

/// The records of each text, in their order.
struct Texts<'a> {
    records: &'a [Sketched],
    /// Numbers of records, text after text.
    order: Vec<u32>,
    /// Where the records of each text end in the order.
    ends: Vec<u32>,
}

impl<'a> Texts<'a> {
    fn new(records: &'a [Sketched], text_of: &[u32], count: usize) -> Self {
        let mut ends = vec![0_u32; count];
        for text in text_of {
            if let Some(end) = ends.get_mut(index(*text)) {
                *end += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            // For now where the text begins: filling moves it to its end.
            sum += std::mem::replace(end, sum);
        }
        let mut order = vec![0_u32; index(sum)];
        for (number, text) in (0..).zip(text_of) {
            if let Some(end) = ends.get_mut(index(*text)) {
                if let Some(slot) = order.get_mut(index(*end)) {
                    *slot = number;
                }
                *end += 1;
            }
        }
        Self { records, order, ends }
    }

    fn records(&self, text: u32) -> &[u32] {
        let end = |text: u32| self.ends.get(index(text)).copied().map_or(0, index);
        let from = text.checked_sub(1).map_or(0, end);
        self.order.get(from..end(text)).unwrap_or_default()
    }

    fn record(&self, number: u32) -> Option<&'a Record> {
        self.records.get(index(number)).map(|own| &own.record)
    }
}

/// Records to be asked for the one beside which another is best shown.
#[derive(Clone, Copy)]
enum Source<'s, 'a> {
    Few(&'s [u32]),
    Many(&'s Pool<'a>),
}

impl<'a> Source<'_, 'a> {
    fn of_another_unit_that_day(self, texts: &Texts<'a>, record: &Record) -> Option<&'a Record> {
        let span = record.span()?;
        match self {
            Self::Few(few) => {
                let mut own = few.iter().filter_map(|number| texts.record(*number));
                own.find(|other| other.unit != record.unit && other.span() == Some(span))
            }
            Self::Many(pool) => pool.by_span.get(&span)?.not_of(record.unit),
        }
    }

    fn of_the_unit_in_another_month(self, texts: &Texts<'a>, record: &Record) -> Option<&'a Record> {
        let (first, last) = match self {
            Self::Few(few) => {
                let own = few.iter().filter_map(|number| texts.record(*number));
                let mut own = own.filter(|other| other.unit == record.unit);
                let first = own.next()?;
                (first, own.next_back().unwrap_or(first))
            }
            Self::Many(pool) => *pool.by_unit.get(&record.unit)?,
        };
        [first, last].into_iter().find(|other| relation(record, other).is_some())
    }

    fn of_another_unit(self, texts: &Texts<'a>, record: &Record) -> Option<&'a Record> {
        match self {
            Self::Few(few) => {
                let mut own = few.iter().filter_map(|number| texts.record(*number));
                own.find(|other| other.unit != record.unit)
            }
            Self::Many(pool) => pool.first.not_of(record.unit),
        }
    }
}

/// Many records of one text.
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
}

/// The record beside the one that says most about it: of another unit on the same day, else of the
/// same unit in another month, else of another unit. Its own text comes before those that are only like it.
fn pair<'a>(texts: &Texts<'a>, record: &'a Record, from: &[(Source<'_, 'a>, u32, u32)]) -> Option<AlikePair> {
    let find = |of: &dyn Fn(Source<'_, 'a>) -> Option<&'a Record>| {
        from.iter().find_map(|(source, shared, all)| of(*source).map(|other| (other, *shared, *all)))
    };
    let (other, shared, all) = find(&|source| source.of_another_unit_that_day(texts, record))
        .or_else(|| find(&|source| source.of_the_unit_in_another_month(texts, record)))
        .or_else(|| find(&|source| source.of_another_unit(texts, record)))?;
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
        self.parent.get(index(text)).copied().unwrap_or(text)
    }

    fn set(&mut self, text: u32, parent: u32) {
        if let Some(slot) = self.parent.get_mut(index(text)) {
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
