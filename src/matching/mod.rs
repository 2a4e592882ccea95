//! Which duty items an activity proves.
//!
//! In: the text of a row and a duty list. Out: the items that it proves or may prove, each with a
//! confidence and sentences that say why. Never here: dates, counts, points, or a decision of a
//! person.

mod evidence;
mod features;
mod forms;
pub mod learn;
mod lexicon;
mod math;
mod model;
mod own;
mod row;
mod rules;
mod similar;
mod twins;

pub use forms::Forms;
pub use own::Correction;
pub use row::RowText;

use crate::model::{Decision, DutyList, Evidence, ItemId, Match};
use crate::seeds::{KindTable, PhraseTable, Weights};
use evidence::Words;
use features::Feature;
use lexicon::{Lexicon, SURE, Signs};
use model::Model;
use own::Own;
use row::{Folded, Part};
use rules::{Hit, Rules};
use similar::Likeness;

/// Most items that one activity is taken to prove.
const MOST: usize = 3;
/// Log-odds, in hundredths, of an item before anything is seen, where nothing was learned.
const PRIOR: i32 = -300;
/// Where nothing was learned: least confidence of review and link, in thousandths.
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
    likeness: Option<Likeness>,
    model: Option<Model>,
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

/// All that was seen in a row.
struct Seen<'a> {
    folded: Folded,
    signs: Signs,
    hits: Vec<Hit>,
    shared: Vec<(i32, String)>,
    known: Vec<model::Known<'a>>,
    /// Features that the office's own weights know, with their values.
    felt: Vec<(f32, Feature)>,
}

impl Matcher {
    /// A matcher for a duty list. An edition of a list that the program knows, whatever its name, is
    /// matched with the phrases and weights of that list; items that the program does not know are
    /// matched by their text.
    #[must_use]
    pub fn new(list: &DutyList, kinds: &KindTable, phrases: &PhraseTable, weights: Option<&Weights>) -> Self {
        let names: Vec<String> = kinds.all().iter().map(|kind| kind.id.as_str().to_owned()).collect();
        let (known, twins) = twins::twins(list);
        let rules = Rules::new(&twins, phrases, &names);
        let model = weights.and_then(|weights| Model::new(weights, &known));
        let items: Vec<Item> = list
            .items
            .iter()
            .zip(&twins)
            .map(|(item, twin)| Item {
                id: item.id.clone(),
                number: item.number,
                learned: model.as_ref().zip(twin.as_ref()).and_then(|(model, twin)| model.place(twin)),
            })
            .collect();
        let model = model.filter(|_| items.iter().all(|item| item.learned.is_some()));
        let unspoken: Vec<usize> = (0..items.len()).filter(|item| !rules.speak_for(*item)).collect();
        let likeness = (!unspoken.is_empty() && model.is_none())
            .then(|| Likeness::new(list, kinds, phrases).for_items(&unspoken));
        let against = phrases.topics().iter().enumerate().filter_map(|(index, topic)| match topic {
            topic if topic.nonevent => Some((index, NONEVENT)),
            topic if topic.beside => Some((index, BESIDE)),
            _ => None,
        });
        Self {
            items,
            lexicon: Lexicon::new(kinds, phrases, &rules.words),
            rules,
            likeness,
            model,
            own: None,
            against: against.collect(),
        }
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
        let seen = self.see(row);
        let standings = self.standings(&seen);
        self.chosen(&standings).iter().map(|standing| self.told(&seen, standing)).collect()
    }

    /// The same with the item that came next: the runner-up, or the nearest miss of a row without item.
    #[must_use]
    pub fn explain(&self, row: &RowText) -> Explanation {
        let seen = self.see(row);
        let standings = self.standings(&seen);
        let chosen = self.chosen(&standings);
        let next = standings
            .get(chosen.len())
            .map(|standing| Match { decision: Decision::NonLink, ..self.told(&seen, standing) });
        Explanation {
            matches: chosen.iter().map(|standing| self.told(&seen, standing)).collect(),
            next: next.filter(|next| next.evidence.iter().any(|evidence| evidence.weight > 0)),
        }
    }

    /// How one item stands for a row, whether or not it is among the matches; `None` where the list has no
    /// such item.
    #[must_use]
    pub fn about(&self, row: &RowText, item: &ItemId) -> Option<Match> {
        let seen = self.see(row);
        let standings = self.standings(&seen);
        let of_item =
            |standing: &&Standing| self.items.get(standing.item).is_some_and(|known| known.id == *item);
        standings.iter().find(of_item).map(|standing| self.told(&seen, standing))
    }

    fn see(&self, row: &RowText) -> Seen<'_> {
        let folded = Folded::new(row);
        let signs = self.lexicon.scan(row, &folded, self.rules.words.len());
        let mut hits = Vec::new();
        self.rules.fire(&signs, &mut hits);
        let mut shared = Vec::new();
        if let Some(likeness) = &self.likeness {
            likeness.fire(&signs, &mut hits);
            shared = likeness.shared(&folded, self.items.len());
        }
        let features = if self.model.is_some() || self.own.is_some() {
            features::features(&folded, &signs)
        } else {
            Vec::new()
        };
        let known = self.model.as_ref().map(|model| model.known(&features)).unwrap_or_default();
        let felt = self.own.as_ref().map(|own| own.felt(&features)).unwrap_or_default();
        Seen { folded, signs, hits, shared, known, felt }
    }

    /// Points of an item's own phrases, in hundredths of a logit.
    fn phrase_points(hits: &[Hit], item: usize) -> i32 {
        let mut points: Vec<i32> = hits.iter().filter(|hit| hit.item == item).map(|hit| hit.points).collect();
        rules::sum(&mut points)
    }

    /// The topic that speaks most against every item, with what it takes away.
    fn against(&self, signs: &Signs) -> Option<(usize, i32)> {
        let head = Part::Kind.bit() | Part::Title.bit();
        let stands = |topic| signs.topics.get(topic).is_some_and(|&(p, _)| p & SURE != 0 && p & head != 0);
        let found = self.against.iter().copied().filter(|(topic, _)| stands(*topic));
        found.max_by_key(|(topic, points)| (*points, std::cmp::Reverse(*topic)))
    }

    /// All items by falling confidence.
    fn standings(&self, seen: &Seen) -> Vec<Standing> {
        let points = |index| Self::phrase_points(&seen.hits, index);
        let mut scores: Vec<f32> = if let Some(model) = &self.model {
            let mut scores = model.scores(&seen.known);
            for (index, item) in self.items.iter().enumerate() {
                if let Some(score) = item.learned.and_then(|place| scores.get_mut(place)) {
                    *score += model.phrase_share() * hundredths(points(index));
                }
            }
            let scores = model.second_look(&scores);
            let of = |item: &Item| item.learned.and_then(|place| scores.get(place)).copied().unwrap_or(0.0);
            self.items.iter().map(|item| model.log_odds(of(item))).collect()
        } else {
            let taken = self.against(&seen.signs).map_or(0, |(_, points)| points);
            (0..self.items.len())
                .map(|item| {
                    let shared = seen.shared.get(item).map_or(0, |shared| shared.0);
                    hundredths(PRIOR + points(item) + shared - taken)
                })
                .collect()
        };
        if let Some(own) = &self.own {
            scores.iter_mut().zip(own.added(&seen.felt)).for_each(|(score, added)| *score += added);
        }
        let placed = scores.iter().enumerate();
        let standing = |(item, &score): (usize, &f32)| Standing {
            item,
            confidence: model::confidence(f64::from(score)),
            score,
        };
        let mut standings: Vec<Standing> = placed.map(standing).collect();
        standings.sort_by(|a, b| {
            b.confidence.cmp(&a.confidence).then(b.score.total_cmp(&a.score)).then(a.item.cmp(&b.item))
        });
        standings
    }

    fn thresholds(&self) -> (u16, u16) {
        self.model.as_ref().map_or(PHRASE_THRESHOLDS, Model::thresholds)
    }

    fn chosen<'a>(&self, standings: &'a [Standing]) -> &'a [Standing] {
        let (review, _) = self.thresholds();
        let count = standings.iter().take(MOST).take_while(|standing| standing.confidence >= review).count();
        standings.get(..count).unwrap_or(standings)
    }

    fn told(&self, seen: &Seen, standing: &Standing) -> Match {
        let (review, link) = self.thresholds();
        let decision = match standing.confidence {
            confidence if confidence >= link => Decision::Link,
            confidence if confidence >= review => Decision::Review,
            _ => Decision::NonLink,
        };
        let item = self.items.get(standing.item);
        Match {
            item: item.map_or_else(|| ItemId::from(""), |item| item.id.clone()),
            confidence: standing.confidence,
            decision,
            evidence: self.evidence(seen, standing.item),
        }
    }

    fn evidence(&self, seen: &Seen, index: usize) -> Vec<Evidence> {
        let Some(item) = self.items.get(index) else { return Vec::new() };
        let words = Words { lexicon: &self.lexicon, rules: &self.rules, folded: &seen.folded };
        let mut evidence = words.of_hits(&seen.hits, index, item.number, &seen.signs);
        if let Some((points, shared)) = seen.shared.get(index) {
            evidence.extend(Words::of_likeness(*points, shared, item.number));
        }
        match (&self.model, item.learned) {
            (Some(model), Some(place)) => {
                evidence.extend(words.of_weights(model, &seen.known, place, item.number));
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

#[allow(clippy::cast_precision_loss, reason = "a few hundreds")]
fn hundredths(points: i32) -> f32 {
    points as f32 / 100.0
}
