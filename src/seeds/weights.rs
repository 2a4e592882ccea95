//! Weights of the learned matcher: sparse, quantised, and canonical (a file that is loaded and written
//! again is the same file).

use super::pair_weights::PairWeights;
use crate::error::{Error, Result};
use crate::model::{ItemId, ListId};
use std::sync::Arc;

const MAGIC: &[u8; 4] = b"SZW1";
/// Bits of a feature's key.
pub const KEY_BITS: u32 = 28;

/// The weight of one feature for one item, in steps of that item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Index into the items.
    pub item: u8,
    /// Steps.
    pub steps: i8,
}

/// One feature with its rarity and where its weights stand in [`Content::entries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeatureWeights {
    /// Hash of the feature.
    pub key: u32,
    /// Rarity in sixteenths of a nat.
    pub rarity: u8,
    /// Where its entries begin.
    from: u32,
    /// How many there are for the items of the activity's own list, and then of the first look, whose
    /// answers for the other lists are signs for the own one.
    counts: (u8, u8),
}

/// What is learned for one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemWeights {
    /// The item.
    pub item: ItemId,
    /// Index of its list.
    pub list: u8,
    /// Constant part and step of `own`.
    pub own: (f32, f32),
    /// Constant part and step of `first`.
    pub first: (f32, f32),
    /// Step of `others`.
    pub others_step: f32,
    /// Weights of the first look's answers, one for each item of the file.
    pub others: Vec<i8>,
    /// Second look: constant part, then weights of the answers for the items of the own list, then of
    /// the greatest of these answers and of their sum.
    pub second: Vec<f32>,
}

/// What is learned for one list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListWeights {
    /// The list.
    pub list: ListId,
    /// Slope and constant that turn a score into log-odds.
    pub calibration: (f32, f32),
    /// Least confidence of a review, in thousandths.
    pub review: u16,
    /// Least confidence of a link, in thousandths.
    pub link: u16,
}

/// The content of a weights file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// How many labelled rows it was learned from.
    pub rows: u32,
    /// What a point of the item's own phrases adds.
    pub phrase_share: f32,
    /// Lists, in order.
    pub lists: Vec<ListWeights>,
    /// Items, in order.
    pub items: Vec<ItemWeights>,
    /// Features by ascending key.
    pub(crate) features: Vec<FeatureWeights>,
    /// Entries of all features, one after the other.
    pub(crate) entries: Vec<Entry>,
}

impl Content {
    /// The features, by ascending key.
    #[must_use]
    pub fn features(&self) -> &[FeatureWeights] {
        &self.features
    }

    /// The weights of a feature for the items of the activity's own list, and those of the first look.
    #[must_use]
    pub fn entries(&self, feature: &FeatureWeights) -> (&[Entry], &[Entry]) {
        let from = feature.from as usize;
        let middle = from + usize::from(feature.counts.0);
        let of = |from, to| self.entries.get(from..to).unwrap_or(&[]);
        (of(from, middle), of(middle, middle + usize::from(feature.counts.1)))
    }

    /// Adds a feature; its key is greater than those before.
    pub fn push_feature(&mut self, key: u32, rarity: u8, own: &[Entry], first: &[Entry]) {
        let count = |entries: &[Entry]| u8::try_from(entries.len()).unwrap_or(u8::MAX);
        let from = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.features.push(FeatureWeights { key, rarity, from, counts: (count(own), count(first)) });
        self.entries.extend(own.iter().take(usize::from(u8::MAX)));
        self.entries.extend(first.iter().take(usize::from(u8::MAX)));
    }
}

/// Loaded weights, cheap to clone and shareable between threads.
#[derive(Debug, Clone)]
pub struct Weights {
    content: Arc<Content>,
    pairs: Option<Arc<PairWeights>>,
}

impl Weights {
    /// The weights that the program carries.
    ///
    /// # Errors
    /// [`Error::Seed`] where the file is damaged.
    pub fn builtin() -> Result<Self> {
        let weights = Self::load("weights.bin", include_bytes!("../../seeds/weights.bin"))?;
        Ok(weights.with_pairs(PairWeights::builtin()?))
    }

    /// The weights of a file.
    ///
    /// # Errors
    /// [`Error::Seed`] where the bytes are no weights file.
    pub fn load(file: &str, bytes: &[u8]) -> Result<Self> {
        let damaged = || Error::Seed {
            file: file.to_owned(),
            line: 0,
            message: "不是完整的权重文件，请用程序自带的文件或重新训练".to_owned(),
        };
        let content = Reader { bytes, at: 0 }.content().ok_or_else(damaged)?;
        Ok(Self::new(content))
    }

    /// Weights from their content.
    #[must_use]
    pub fn new(content: Content) -> Self {
        Self { content: Arc::new(content), pairs: None }
    }

    /// The same with weights for items that no row was labelled for.
    #[must_use]
    pub fn with_pairs(self, pairs: PairWeights) -> Self {
        Self { pairs: Some(Arc::new(pairs)), ..self }
    }

    /// The weights for items that no row was labelled for, where there are any.
    #[must_use]
    pub fn pairs(&self) -> Option<&Arc<PairWeights>> {
        self.pairs.as_ref()
    }

    /// The content.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The file's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let content = self.content();
        let mut out = MAGIC.to_vec();
        number(&mut out, content.rows);
        real(&mut out, content.phrase_share);
        count(&mut out, content.lists.len());
        for list in &content.lists {
            text(&mut out, list.list.as_str());
            real(&mut out, list.calibration.0);
            real(&mut out, list.calibration.1);
            number(&mut out, u32::from(list.review));
            number(&mut out, u32::from(list.link));
        }
        count(&mut out, content.items.len());
        for item in &content.items {
            text(&mut out, item.item.as_str());
            out.push(item.list);
            for value in [item.own.0, item.own.1, item.first.0, item.first.1, item.others_step] {
                real(&mut out, value);
            }
            out.extend(item.others.iter().map(|steps| steps.cast_unsigned()));
            count(&mut out, item.second.len());
            for value in &item.second {
                real(&mut out, *value);
            }
        }
        count(&mut out, content.features.len());
        let mut last = 0;
        for feature in &content.features {
            number(&mut out, feature.key - last);
            last = feature.key;
            out.push(feature.rarity);
            let (own, first) = content.entries(feature);
            for entries in [own, first] {
                count(&mut out, entries.len());
                for entry in entries {
                    out.push(entry.item);
                    out.push(entry.steps.cast_unsigned());
                }
            }
        }
        out
    }
}

fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

fn count(out: &mut Vec<u8>, value: usize) {
    number(out, u32::try_from(value).unwrap_or(u32::MAX));
}

fn real(out: &mut Vec<u8>, value: f32) {
    out.extend(value.to_le_bytes());
}

fn text(out: &mut Vec<u8>, value: &str) {
    count(out, value.len());
    out.extend(value.as_bytes());
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take(&mut self, length: usize) -> Option<&[u8]> {
        let end = self.at.checked_add(length)?;
        let slice = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(slice)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0_u64;
        for shift in 0..5 {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << (7 * shift);
            if byte & 0x80 == 0 {
                // Only the shortest form is canonical.
                let shortest = byte != 0 || shift == 0;
                return u32::try_from(value).ok().filter(|_| shortest);
            }
        }
        None
    }

    /// A count of things that take at least `least` bytes each.
    fn count(&mut self, least: usize) -> Option<usize> {
        let count = self.number()? as usize;
        (count.checked_mul(least)? <= self.bytes.len() - self.at).then_some(count)
    }

    fn real(&mut self) -> Option<f32> {
        let value = f32::from_le_bytes(self.take(4)?.try_into().ok()?);
        value.is_finite().then_some(value)
    }

    fn reals(&mut self) -> Option<Vec<f32>> {
        (0..self.count(4)?).map(|_| self.real()).collect()
    }

    fn text(&mut self) -> Option<String> {
        let length = self.count(1)?;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }

    /// Adds entries for so many items to others, and tells how many.
    fn entries(&mut self, items: usize, entries: &mut Vec<Entry>) -> Option<u8> {
        let count = self.count(2)?;
        let fit = |entry: &Entry| usize::from(entry.item) < items;
        let found = self.take(count * 2)?.chunks_exact(2);
        for pair in found {
            let &[item, steps] = pair else { return None };
            entries.push(Some(Entry { item, steps: steps.cast_signed() }).filter(fit)?);
        }
        u8::try_from(count).ok()
    }

    fn content(mut self) -> Option<Content> {
        if self.take(4)? != MAGIC {
            return None;
        }
        let mut content = Content { rows: self.number()?, phrase_share: self.real()?, ..Content::default() };
        for _ in 0..self.count(11)? {
            content.lists.push(ListWeights {
                list: ListId::from(self.text()?.as_str()),
                calibration: (self.real()?, self.real()?),
                review: u16::try_from(self.number()?).ok()?,
                link: u16::try_from(self.number()?).ok()?,
            });
        }
        let items = self.count(22)?;
        for _ in 0..items {
            content.items.push(ItemWeights {
                item: ItemId::from(self.text()?.as_str()),
                list: self.byte().filter(|list| usize::from(*list) < content.lists.len())?,
                own: (self.real()?, self.real()?),
                first: (self.real()?, self.real()?),
                others_step: self.real()?,
                others: self.take(items)?.iter().map(|byte| byte.cast_signed()).collect(),
                second: self.reals()?,
            });
        }
        let mut last = 0_u32;
        let features = self.count(4)?;
        content.features.reserve(features);
        content.entries.reserve((self.bytes.len() - self.at) / 2);
        for index in 0..features {
            let step = self.number()?;
            let key = last.checked_add(step)?;
            if key >= 1 << KEY_BITS || (step == 0 && index > 0) {
                return None;
            }
            last = key;
            let rarity = self.byte()?;
            let from = u32::try_from(content.entries.len()).ok()?;
            let counts =
                (self.entries(items, &mut content.entries)?, self.entries(items, &mut content.entries)?);
            content.features.push(FeatureWeights { key, rarity, from, counts });
        }
        (self.at == self.bytes.len()).then_some(content)
    }
}
