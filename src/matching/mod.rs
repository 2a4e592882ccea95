//! Which duty items an activity proves.
//!
//! In: the text of a row and a duty list. Out: the items that it proves or may prove, each with a
//! confidence and sentences that say why. Never here: dates, counts, points, or a decision of a
//! person.

mod answers;
mod duties;
mod evidence;
mod features;
mod forms;
pub mod learn;
mod lexicon;
mod math;
mod model;
mod own;
mod pair_evidence;
mod pairs;
mod row;
mod rules;
mod table;
mod transfer;
mod twins;

pub use forms::Forms;
pub use own::Correction;
pub use row::RowText;

use crate::model::{Decision, DutyList, Evidence, ItemId, ListId, Match};
use crate::seeds::pair_weights::PairWeights;
use crate::seeds::{KindTable, PhraseTable, Weights};
use evidence::Words;
use features::{Feature, Met};
use lexicon::{Lexicon, SURE, Signs};
use model::Model;
use own::Own;
use pairs::{Looks, Pairs};
use row::{Folded, Part};
use rules::{Hit, Rules};
use std::cell::Cell;
use std::sync::Arc;
use table::Known;

/// Most items that one activity is taken to prove.
const MOST: usize = 3;
/// Log-odds, in hundredths, of an item before anything is seen, where nothing was learned.
const PRIOR: i32 = -300;
/// Where there are no weights at all: least confidence of review and link, in thousandths.
const PHRASE_THRESHOLDS: (u16, u16) = (300, 700);
/// What words that say that nothing took place take away, in hundredths of a logit.
const NONEVENT: i32 = 150;
/// What words of matters beside Party work take away, in hundredths of a logit.
const BESIDE: i32 = 130;

/// A duty list made ready: phrases in one automaton, weights at hand. Immutable, shareable between
/// threads.
#[derive(Debug)]
pub struct Matcher {
    items: Vec<Item>,
    lexicon: Lexicon,
    rules: Rules,
    model: Option<Model>,
    /// For the items that the program does not know.
    pairs: Option<(Pairs, Arc<PairWeights>)>,
    /// What the office's own decisions add.
    own: Option<Own>,
    /// Topics that speak against every item, with what they take away.
    against: Vec<(usize, i32)>,
}

#[derive(Debug)]
struct Item {
    id: ItemId,
    number: u32,
    /// Place in the learned weights.
    learned: Option<usize>,
    /// Least confidence of review and link.
    thresholds: (u16, u16),
    /// Log-odds from which on it is worth while to see whether that of review is reached.
    least: f32,
}

/// A match list with what nearly came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The items that the row proves or may prove, the surest first.
    pub matches: Vec<Match>,
    /// The item that came next, as [`Decision::NonLink`]; `None` where nothing speaks for any other.
    pub next: Option<Match>,
}

/// One item's standing for a row; the score is in log-odds.
#[derive(Debug, Clone, Copy)]
struct Standing {
    item: usize,
    confidence: u16,
    score: f32,
}

impl Standing {
    fn new((item, &score): (usize, &f32)) -> Self {
        Self { item, confidence: answers::confidence(f64::from(score)), score }
    }

    /// The surest first.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let by_score = || other.score.total_cmp(&self.score);
        other.confidence.cmp(&self.confidence).then_with(by_score).then(self.item.cmp(&other.item))
    }
}

/// All that was seen in a row.
#[derive(Debug, Default)]
struct Seen {
    folded: Folded,
    signs: Signs,
    hits: Vec<Hit>,
    met: Met,
    known: Vec<Known>,
    looks: Looks,
    /// Features that the office's own weights know, with their values.
    felt: Vec<(f32, Feature)>,
}

thread_local! {
    /// What the thread saw last: room for the next row.
    static SEEN: Cell<Seen> = Cell::default();
}

/// Bytes of a row whose room is kept.
const MOST_KEPT: usize = 1 << 14;

impl Matcher {
    /// A matcher for a duty list. An edition of a list that the program knows, whatever its name, is
    /// matched with the phrases and weights of that list; items that the program does not know are
    /// matched by their text and by what their likes in the built-in lists say.
    #[must_use]
    pub fn new(list: &DutyList, kinds: &KindTable, phrases: &PhraseTable, weights: Option<&Weights>) -> Self {
        let (known, twins) = twins::twins(list);
        Self::of(list, (&known, &twins), kinds, phrases, weights, None)
    }

    /// A matcher for a built-in list as if the program did not know it, for measuring.
    fn stranger(list: &DutyList, kinds: &KindTable, phrases: &PhraseTable, weights: &Weights) -> Self {
        let twins = vec![None; list.items.len()];
        Self::of(list, (&list.id, &twins), kinds, phrases, Some(weights), Some(&list.id))
    }

    fn of(
        list: &DutyList,
        (known, twins): (&ListId, &[Option<ItemId>]),
        kinds: &KindTable,
        phrases: &PhraseTable,
        weights: Option<&Weights>,
        without: Option<&ListId>,
    ) -> Self {
        let names: Vec<String> = kinds.all().iter().map(|kind| kind.id.as_str().to_owned()).collect();
        let rules = Rules::new(twins, phrases, &names);
        let lexicon = Lexicon::new(kinds, phrases, &rules.words);
        let weights_of_twins = weights.filter(|_| twins.iter().any(Option::is_some));
        let model = weights_of_twins.and_then(|weights| Model::new(weights, known));
        let place = |twin: &Option<ItemId>| model.as_ref().zip(twin.as_ref()).and_then(|(m, t)| m.place(t));
        let places: Vec<Option<usize>> = twins.iter().map(place).collect();
        let model = model.filter(|_| places.iter().any(Option::is_some));
        let unknown = places.iter().any(Option::is_none);
        let pairs = weights.filter(|_| unknown).and_then(|weights| {
            let pairs = Pairs::new(list, kinds, phrases, &lexicon, weights, without)?;
            Some((pairs, Arc::clone(weights.pairs()?)))
        });
        let items = list.items.iter().zip(places).map(|(item, learned)| {
            let thresholds = match (&model, &pairs) {
                (Some(model), _) if learned.is_some() => model.thresholds(),
                (_, Some((_, weights))) => (weights.review, weights.link),
                _ => PHRASE_THRESHOLDS,
            };
            let least = answers::below(thresholds.0);
            Item { id: item.id.clone(), number: item.number, learned, thresholds, least }
        });
        let items = items.collect();
        let against = phrases.topics().iter().enumerate().filter_map(|(index, topic)| match topic {
            topic if topic.nonevent => Some((index, NONEVENT)),
            topic if topic.beside => Some((index, BESIDE)),
            _ => None,
        });
        Self { items, lexicon, rules, model, pairs, own: None, against: against.collect() }
    }

    /// The same matcher with what an office's decisions add to its answers; `weights` are those of
    /// [`Matcher::new`].
    #[must_use]
    pub fn with_own(mut self, correction: &Correction, weights: Option<&Weights>) -> Self {
        let items: Vec<&ItemId> = self.items.iter().map(|item| &item.id).collect();
        self.own = (!correction.is_empty()).then(|| Own::new(correction, &items, weights));
        self
    }

    /// The items that a row proves or may prove, the surest first, three at most.
    #[must_use]
    pub fn matches(&self, row: &RowText) -> Vec<Match> {
        self.looking(row, |seen| {
            self.chosen(&self.scores(seen)).iter().map(|standing| self.told(seen, standing)).collect()
        })
    }

    /// The same without the sentences that say why, for many rows of which only the items are wanted.
    #[must_use]
    pub fn decide(&self, row: &RowText) -> Vec<(&ItemId, u16, Decision)> {
        let chosen = self.chosen(&self.looking(row, |seen| self.scores(seen)));
        let decided = chosen.iter().filter_map(|standing| {
            let item = self.items.get(standing.item)?;
            Some((&item.id, standing.confidence, self.decision(standing)))
        });
        decided.collect()
    }

    /// The same with the item that came next: the runner-up, or the nearest miss of a row without item.
    #[must_use]
    pub fn explain(&self, row: &RowText) -> Explanation {
        self.looking(row, |seen| {
            let scores = self.scores(seen);
            let chosen = self.chosen(&scores);
            let next = next(&scores, &chosen)
                .map(|standing| Match { decision: Decision::NonLink, ..self.told(seen, &standing) });
            Explanation {
                matches: chosen.iter().map(|standing| self.told(seen, standing)).collect(),
                next: next.filter(|next| next.evidence.iter().any(|evidence| evidence.weight > 0)),
            }
        })
    }

    /// The same without the sentences that say why. Beside other items the next one is given only from a
    /// confidence of `least` thousandths on.
    #[must_use]
    pub fn answer(&self, row: &RowText, least: u16) -> Explanation {
        self.looking(row, |seen| {
            let scores = self.scores(seen);
            let chosen = self.chosen(&scores);
            let next = next(&scores, &chosen)
                .filter(|next| chosen.is_empty() || next.confidence >= least)
                .filter(|next| self.speaks(seen, next.item))
                .map(|next| Match { decision: Decision::NonLink, ..self.untold(&next) });
            Explanation { matches: chosen.iter().map(|standing| self.untold(standing)).collect(), next }
        })
    }

    /// The confidence of every item of the list for a row, in thousandths, the surest first.
    #[must_use]
    pub fn confidences(&self, row: &RowText) -> Vec<(ItemId, u16)> {
        let standings = standings(&self.looking(row, |seen| self.scores(seen)));
        let named = standings.iter().filter_map(|standing| {
            self.items.get(standing.item).map(|item| (item.id.clone(), standing.confidence))
        });
        named.collect()
    }

    /// How one item stands for a row, whether or not it is among the matches; `None` where the list has no
    /// such item.
    #[must_use]
    pub fn about(&self, row: &RowText, item: &ItemId) -> Option<Match> {
        let place = self.items.iter().position(|known| known.id == *item)?;
        self.looking(row, |seen| {
            let scores = self.scores(seen);
            Some(self.told(seen, &Standing::new((place, scores.get(place)?))))
        })
    }

    /// Sees a row instead of another.
    fn see(&self, row: &RowText, seen: &mut Seen) {
        let Seen { folded, signs, hits, met, known, looks, felt } = seen;
        folded.fill(row);
        self.lexicon.scan(row, folded, self.rules.words.len(), signs);
        hits.clear();
        self.rules.fire(signs, hits);
        match &self.model {
            _ if self.pairs.is_some() || self.own.is_some() => met.meet(folded, signs, |_| true),
            Some(model) => met.meet(folded, signs, |key| model.may_know(key)),
            None => met.meet(folded, signs, |_| false),
        }
        known.clear();
        if let Some(model) = &self.model {
            model.known(met.features(), known);
        }
        let look = |(pairs, _): &(Pairs, _)| pairs.look(folded, signs, met.features());
        *looks = self.pairs.as_ref().map(look).unwrap_or_default();
        *felt = self.own.as_ref().map(|own| own.felt(met.features())).unwrap_or_default();
    }

    /// What a row answers. What is seen of it stands where the thread saw the row before.
    fn looking<T>(&self, row: &RowText, answer: impl FnOnce(&Seen) -> T) -> T {
        let mut seen = SEEN.take();
        self.see(row, &mut seen);
        let answer = answer(&seen);
        if seen.folded.text().len() <= MOST_KEPT {
            SEEN.set(seen);
        }
        answer
    }

    /// Points of each item's own phrases, in hundredths of a logit.
    fn phrase_points(&self, hits: &[Hit]) -> Vec<i32> {
        let mut points = vec![0; self.items.len()];
        let mut by_item: Vec<(usize, i32)> = hits.iter().map(|hit| (hit.item, hit.points)).collect();
        by_item.sort_unstable_by_key(|&(item, points)| (item, std::cmp::Reverse(points)));
        for of_item in by_item.chunk_by(|a, b| a.0 == b.0) {
            if let Some(sum) = of_item.first().and_then(|(item, _)| points.get_mut(*item)) {
                *sum = rules::sum(of_item.iter().map(|(_, points)| *points));
            }
        }
        points
    }

    /// The topic that speaks most against every item, with what it takes away.
    fn against(&self, signs: &Signs) -> Option<(usize, i32)> {
        let head = Part::Kind.bit() | Part::Title.bit();
        let stands = |topic| signs.topics.get(topic).is_some_and(|&(p, _)| p & SURE != 0 && p & head != 0);
        let found = self.against.iter().copied().filter(|(topic, _)| stands(*topic));
        found.max_by_key(|(topic, points)| (*points, std::cmp::Reverse(*topic)))
    }

    /// The log-odds of each item.
    fn scores(&self, seen: &Seen) -> Vec<f32> {
        let points = self.phrase_points(&seen.hits);
        let points = |index: usize| hundredths(points.get(index).copied().unwrap_or(0));
        let learned = self.model.as_ref().map(|model| (model, self.learned_scores(model, seen, &points)));
        let by_text =
            self.pairs.as_ref().map(|(_, weights)| pairs::scores(weights, &seen.looks)).unwrap_or_default();
        let taken = self.against(&seen.signs).map_or(0, |(_, points)| points);
        let score = |(index, item): (usize, &Item)| {
            let place = learned.as_ref().zip(item.learned);
            let of_model =
                place.and_then(|((model, scores), place)| Some(model.log_odds(*scores.get(place)?)));
            of_model.unwrap_or_else(|| {
                points(index) + by_text.get(index).copied().unwrap_or(hundredths(PRIOR - taken))
            })
        };
        let mut scores: Vec<f32> = self.items.iter().enumerate().map(score).collect();
        if let Some(own) = &self.own {
            scores.iter_mut().zip(own.added(&seen.felt)).for_each(|(score, added)| *score += added);
        }
        scores
    }

    /// The learned scores of the items that the program knows, by their place in the weights.
    fn learned_scores(&self, model: &Model, seen: &Seen, points: &dyn Fn(usize) -> f32) -> Vec<f32> {
        let mut scores = model.scores(&seen.known);
        for (index, item) in self.items.iter().enumerate() {
            if let Some(score) = item.learned.and_then(|place| scores.get_mut(place)) {
                *score += model.phrase_share() * points(index);
            }
        }
        model.second_look(scores)
    }

    /// The surest of the items that are worth a review.
    fn chosen(&self, scores: &[f32]) -> Vec<Standing> {
        let near =
            self.items.iter().zip(scores).enumerate().filter(|(_, (item, score))| **score >= item.least);
        let sure = near.filter_map(|(index, (item, score))| {
            Some(Standing::new((index, score))).filter(|standing| standing.confidence >= item.thresholds.0)
        });
        let mut chosen: Vec<Standing> = sure.collect();
        chosen.sort_unstable_by(Standing::order);
        chosen.truncate(MOST);
        chosen
    }

    fn decision(&self, standing: &Standing) -> Decision {
        let (review, link) = self.items.get(standing.item).map_or(PHRASE_THRESHOLDS, |item| item.thresholds);
        match standing.confidence {
            confidence if confidence >= link => Decision::Link,
            confidence if confidence >= review => Decision::Review,
            _ => Decision::NonLink,
        }
    }

    fn told(&self, seen: &Seen, standing: &Standing) -> Match {
        Match { evidence: self.evidence(seen, standing.item), ..self.untold(standing) }
    }

    fn untold(&self, standing: &Standing) -> Match {
        let item = self.items.get(standing.item);
        Match {
            item: item.map_or_else(|| ItemId::from(""), |item| item.id.clone()),
            confidence: standing.confidence,
            decision: self.decision(standing),
            evidence: Vec::new(),
        }
    }

    /// Whether anything speaks for an item; what its phrases say is known without a sentence.
    fn speaks(&self, seen: &Seen, index: usize) -> bool {
        let learned = self.items.get(index).and_then(|item| item.learned);
        let model = self.model.as_ref().filter(|_| learned.is_some());
        let weight = |points| model.map_or(points, |model| model.phrase_points(points));
        seen.hits.iter().any(|hit| hit.item == index && weight(hit.points) > 0)
            || self.evidence(seen, index).iter().any(|evidence| evidence.weight > 0)
    }

    fn evidence(&self, seen: &Seen, index: usize) -> Vec<Evidence> {
        let Some(item) = self.items.get(index) else { return Vec::new() };
        let words = Words { lexicon: &self.lexicon, rules: &self.rules, folded: &seen.folded };
        let mut evidence = words.of_hits(&seen.hits, index, item.number, &seen.signs);
        match (&self.model, item.learned, &self.pairs) {
            (Some(model), Some(place), _) => {
                // What a phrase adds beside the learned words, not what it would add alone.
                for told in &mut evidence {
                    told.weight = model.phrase_points(told.weight);
                }
                evidence.extend(words.of_weights(model, &seen.known, place, item.number));
            }
            (_, _, Some((pairs, weights))) => {
                let (looks, signs) = (&seen.looks, &seen.signs);
                let told = pair_evidence::Told { pairs, weights, looks, words: &words, signs };
                let number_of = |item: usize| self.items.get(item).map_or(0, |item| item.number);
                evidence.extend(told.of_item(index, &number_of));
            }
            _ => evidence.extend(
                self.against(&seen.signs).map(|(topic, points)| words.of_against(topic, &seen.signs, points)),
            ),
        }
        if let Some(own) = &self.own {
            evidence.extend(words.of_own(own.shares(&seen.felt, index), item.number));
        }
        evidence.sort_by_key(|evidence| std::cmp::Reverse(evidence.weight));
        evidence
    }
}

/// The surest item that was not chosen.
fn next(scores: &[f32], chosen: &[Standing]) -> Option<Standing> {
    let others = scores.iter().enumerate().filter(|(at, _)| chosen.iter().all(|chosen| chosen.item != *at));
    // The confidence rises with the score.
    others.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0))).map(Standing::new)
}

/// All items by falling confidence.
fn standings(scores: &[f32]) -> Vec<Standing> {
    let mut standings: Vec<Standing> = scores.iter().enumerate().map(Standing::new).collect();
    standings.sort_unstable_by(Standing::order);
    standings
}

#[allow(clippy::cast_precision_loss, reason = "a few hundreds")]
fn hundredths(points: i32) -> f32 {
    points as f32 / 100.0
}
