//! How sure it is that a row proves an item for which nobody labelled rows: a few signs of the pair,
//! weighed as they were learned from lists that were taken for unknown.

use super::duties::{Duties, Shared};
use super::features::Feature;
use super::lexicon::{Lexicon, SURE, Signs};
use super::model::Model;
use super::row::{Folded, Part};
use super::table::Known;
use super::transfer::{Relay, Relayed};
use crate::model::{DutyList, ListId};
use crate::seeds::pair_weights::{PairWeights, Relative, Sign};
use crate::seeds::{KindTable, PhraseTable, Weights};

/// Values of all signs, in the order of [`Sign::ALL`].
pub(crate) type Values = [f32; Sign::ALL.len()];

/// The items of an unknown list, made ready.
#[derive(Debug)]
pub(crate) struct Pairs {
    pub(crate) duties: Duties,
    pub(crate) relay: Relay,
    /// Topics that say that nothing took place, and those of matters beside Party work.
    nonevents: Vec<usize>,
    beside: Vec<usize>,
}

/// What was seen of a row and each item.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    pub(crate) shared: Vec<Shared>,
    pub(crate) relayed: Vec<Relayed>,
    pub(crate) values: Vec<Values>,
    /// The topic in kind or title that says that nothing took place, and the one of other matters.
    pub(crate) nonevent: Option<usize>,
    pub(crate) beside: Option<usize>,
    /// What the weights of the built-in items know of the row.
    pub(crate) known: Vec<Known>,
}

impl Pairs {
    /// The items of a list; `without` names a built-in list that is to stay unknown.
    pub(crate) fn new(
        list: &DutyList,
        kinds: &KindTable,
        phrases: &PhraseTable,
        lexicon: &Lexicon,
        weights: &Weights,
        without: Option<&ListId>,
    ) -> Option<Self> {
        let model = Model::first_look(weights)?;
        let duties = Duties::new(list, kinds, phrases, |a, b| model.rarity(a, b).powi(2));
        let relay = Relay::new(list, &duties, lexicon, model, without);
        let topics = |wanted: fn(&crate::seeds::phrases::Topic) -> bool| {
            let all = phrases.topics().iter().enumerate();
            all.filter_map(|(at, topic)| wanted(topic).then_some(at)).collect()
        };
        Some(Self {
            duties,
            relay,
            nonevents: topics(|topic| topic.nonevent),
            beside: topics(|topic| topic.beside),
        })
    }

    /// What a row and each item have in common.
    pub(crate) fn look(&self, folded: &Folded, signs: &Signs, features: &[Feature]) -> Looks {
        let shared = self.duties.shared(folded, signs);
        let mut known = Vec::new();
        self.relay.model().known(features, &mut known);
        let relayed = self.relay.relayed(&known);
        let head = Part::Kind.bit() | Part::Title.bit();
        let told = |topics: &[usize]| {
            topics.iter().copied().find(|topic| {
                signs.topics.get(*topic).is_some_and(|sign| sign.0 & SURE != 0 && sign.0 & head != 0)
            })
        };
        let flag = |topic: Option<usize>| if topic.is_some() { 1.0 } else { 0.0 };
        let (nonevent, beside) = (told(&self.nonevents), told(&self.beside));
        let values = shared.iter().zip(&relayed).map(|(shared, relayed)| {
            let mut values = [0.0; Sign::ALL.len()];
            let mut set = |sign: Sign, value: f32| values[sign as usize] = value;
            set(Sign::KindStated, shared.stated.0);
            set(Sign::KindNamed, shared.named.0);
            set(Sign::TopicHead, shared.head.0);
            set(Sign::TopicHeadMore, shared.head_more.min(2.0));
            set(Sign::TopicHeadBroad, shared.head_broad.0);
            set(Sign::TopicText, shared.text.0);
            set(Sign::TopicTextBroad, shared.text_broad.0);
            set(Sign::TopicFirst, shared.first.0);
            set(Sign::Clause, shared.clause.0);
            set(Sign::Shared, shared.all.sqrt());
            set(Sign::SharedHead, shared.head_words.sqrt());
            set(Sign::RelayText, relayed.text.0);
            set(Sign::RelayTextOwn, relayed.text_own.0);
            set(Sign::RelaySense, relayed.sense);
            set(Sign::RelaySenseOwn, relayed.sense_own.0);
            set(Sign::Nonevent, flag(nonevent));
            set(Sign::Beside, flag(beside));
            values
        });
        let values = values.collect();
        Looks { shared, relayed, values, nonevent, beside, known }
    }
}

/// The log-odds of each item by its own signs. The more items a list has, the less likely is each.
pub(crate) fn first_scores(weights: &PairWeights, looks: &[Values]) -> Vec<f32> {
    let constant = weights.constant + prior(looks.len());
    let sum = |values: &Values| {
        values.iter().zip(&weights.signs).map(|(value, weight)| value * weight).sum::<f32>()
    };
    looks.iter().map(|values| constant + sum(values)).collect()
}

/// The log-odds of an item of a list of so many before anything is seen.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a few items")]
pub(crate) fn prior(items: usize) -> f32 {
    -super::math::ln(items.max(2) as f64) as f32
}

/// What an item's standing among the others adds: own score, ahead, behind, best.
pub(crate) fn standing(scores: &[f32], item: usize) -> [f32; 4] {
    let own = scores.get(item).copied().unwrap_or(0.0);
    let others = scores.iter().enumerate().filter(|(at, _)| *at != item);
    let best = others.fold(FLOOR, |best, (_, score)| best.max(*score));
    [own, (own - best).clamp(0.0, WIDE), (best - own).clamp(0.0, WIDE), best.max(own)]
}

/// Log-odds below which no other item is in the way.
const FLOOR: f32 = -6.0;
/// Most that a lead or a gap counts.
const WIDE: f32 = 4.0;

/// The log-odds after looking at the other items.
pub(crate) fn relative(weights: &Relative, scores: &[f32], item: usize) -> f32 {
    let [own, ..] = standing(scores, item);
    weights.constant + weights.own * own + relative_shares(weights, scores, item)
}

/// What the other items add to that.
pub(crate) fn relative_shares(weights: &Relative, scores: &[f32], item: usize) -> f32 {
    let [_, ahead, behind, best] = standing(scores, item);
    weights.ahead * ahead + weights.behind * behind + weights.best * best
}

/// The log-odds of each item, calibrated.
pub(crate) fn scores(weights: &PairWeights, looks: &Looks) -> Vec<f32> {
    let scores = first_scores(weights, &looks.values);
    (0..scores.len()).map(|item| relative(&weights.relative, &scores, item)).collect()
}
