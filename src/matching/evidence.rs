//! The sentences that say why.

use super::features::Origin;
use super::lexicon::{Lexicon, Signs};
use super::model::Model;
use super::row::{Folded, first_part};
use super::rules::{Hit, Rules, Trigger};
use super::table::Known;
use crate::model::{Evidence, EvidenceSource};

/// Most words that a sentence names.
const WORDS: usize = 4;
/// Learned words against an item are told from here on, in hundredths of a logit.
const LEAST_AGAINST: i32 = -20;
/// Most learned words that are looked at for a sentence.
const LOOKED_AT: usize = 12;
/// Least share of a logit for which a learned word is named.
const LEAST: f32 = 0.05;
/// The same for the office's own weights, which a few decisions spread thin.
const LEAST_OWN: f32 = 0.01;

/// What the sentences are made from.
#[derive(Debug)]
pub(crate) struct Words<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) rules: &'a Rules,
    pub(crate) folded: &'a Folded,
}

impl Words<'_> {
    /// The phrases and kinds that speak for an item.
    pub(crate) fn of_hits(&self, hits: &[Hit], item: usize, number: u32, signs: &Signs) -> Vec<Evidence> {
        let mut hits: Vec<&Hit> = hits.iter().filter(|hit| hit.item == item).collect();
        hits.sort_by_key(|hit| (std::cmp::Reverse(hit.points), hit.trigger));
        hits.dedup_by_key(|hit| hit.trigger);
        hits.iter().map(|hit| self.of_hit(hit, number, signs)).collect()
    }

    fn of_hit(&self, hit: &Hit, number: u32, signs: &Signs) -> Evidence {
        let (source, sentence) = match hit.trigger {
            Trigger::Kind(kind, stated) => {
                let name = self.lexicon.kind_name(kind);
                let place = if stated { "类型" } else { "活动名称中的" };
                (EvidenceSource::Kind, format!("{place}“{name}”属于第{number}条所指的活动形式"))
            }
            Trigger::Topic(topic, parts) => {
                let word = signs.topics.get(topic).map_or("", |sign| self.lexicon.word(sign.1));
                let name = self.lexicon.topic_name(topic);
                let place = first_part(parts).name();
                let about = if word == name { String::new() } else { format!("，说的是{name}") };
                (EvidenceSource::Phrase, format!("{place}中有“{word}”{about}，与第{number}条相符"))
            }
            Trigger::Word(word, parts) => {
                let word = self.rules.words.get(word).map_or("", String::as_str);
                let place = first_part(parts).name();
                (EvidenceSource::Phrase, format!("{place}中有“{word}”，与第{number}条相符"))
            }
        };
        Evidence { source, sentence, weight: hit.points }
    }

    /// The words of a row that speak most for a built-in item at the first look.
    pub(crate) fn of_first_look(&self, model: &Model, known: &[Known], item: usize) -> String {
        let mut shares: Vec<(f32, Origin)> =
            model.first_shares(known, item).filter(|share| share.0 >= LEAST).collect();
        self.named(&mut shares).0
    }

    /// That the row speaks of something that did not take place, or that is no Party work.
    pub(crate) fn of_against(&self, topic: usize, signs: &Signs, points: i32) -> Evidence {
        let (parts, word) = signs.topics.get(topic).copied().unwrap_or_default();
        let (place, word) = (first_part(parts).name(), self.lexicon.word(word));
        let name = self.lexicon.topic_name(topic);
        Evidence {
            source: EvidenceSource::Phrase,
            sentence: format!("{place}中有“{word}”，像是{name}，不像这一条的活动"),
            weight: -points,
        }
    }

    /// The learned words that weigh most for the item, and those that weigh most against it.
    pub(crate) fn of_weights(
        &self,
        model: &Model,
        known: &[Known],
        place: usize,
        number: u32,
    ) -> Vec<Evidence> {
        self.of_shares(model.shares(known, place), number, EvidenceSource::Learned, "从已标注的活动学到")
    }

    /// The same for the words that the office's own decisions taught.
    pub(crate) fn of_own(&self, shares: impl Iterator<Item = (f32, Origin)>, number: u32) -> Vec<Evidence> {
        self.of_shares(shares, number, EvidenceSource::Office, "从本单位的核对结论学到")
    }

    fn of_shares(
        &self,
        shares: impl Iterator<Item = (f32, Origin)>,
        number: u32,
        source: EvidenceSource,
        taught: &str,
    ) -> Vec<Evidence> {
        let least = if source == EvidenceSource::Office { LEAST_OWN } else { LEAST };
        let shares = shares.filter(|(share, _)| share.abs() >= least);
        let (mut speaking, mut against): (Vec<_>, Vec<_>) = shares.partition(|(share, _)| *share > 0.0);
        let mut evidence = Vec::new();
        let (words, sum) = self.named(&mut speaking);
        if !words.is_empty() {
            evidence.push(Evidence {
                source,
                sentence: format!("{taught}：{words}常见于第{number}条的活动"),
                weight: sum,
            });
        }
        let (words, sum) = self.named(&mut against);
        if !words.is_empty() && sum <= LEAST_AGAINST {
            evidence.push(Evidence {
                source,
                sentence: format!("{taught}：{words}少见于第{number}条的活动"),
                weight: sum,
            });
        }
        evidence
    }

    /// The weightiest of some words, in quotation marks, and what all of them add.
    fn named(&self, shares: &mut [(f32, Origin)]) -> (String, i32) {
        let mut named: Vec<Named> = Vec::new();
        let sum: f32 = shares.iter().map(|(share, _)| share).sum();
        for (_, origin) in weightiest(shares) {
            match *origin {
                Origin::Run(at, length) => {
                    let (from, to) = (at as usize, at as usize + usize::from(length));
                    // Runs that overlap are pieces of one word.
                    let met = named.iter_mut().find_map(|named| match named {
                        Named::Span(f, t) if from < *t && *f < to => Some((f, t)),
                        _ => None,
                    });
                    if let Some((f, t)) = met {
                        (*f, *t) = (from.min(*f), to.max(*t));
                    } else if length > 3 {
                        named.push(Named::Span(from, to));
                    }
                }
                Origin::Topic(topic, _) => {
                    named.push(Named::Text(format!(
                        "{}一类的话",
                        self.lexicon.topic_name(usize::from(topic))
                    )));
                }
                Origin::Kind(kind) => {
                    named.push(Named::Text(format!("类型“{}”", self.lexicon.kind_name(usize::from(kind)))));
                }
                Origin::Shape => named.push(Named::Text("没有写内容".to_owned())),
                Origin::Pair(..) => {}
            }
        }
        let mut words: Vec<String> = Vec::new();
        for named in named {
            let word = match named {
                Named::Text(text) => text,
                Named::Span(from, to) => match self.folded.text().get(from..to) {
                    Some(text) if text.chars().all(char::is_alphanumeric) => format!("“{text}”"),
                    _ => continue,
                },
            };
            if words.len() < WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
        #[allow(clippy::cast_possible_truncation, reason = "a few logits")]
        let sum = (sum * 100.0).round() as i32;
        (words.join("、"), sum)
    }
}

/// The few of some shares that weigh most, in this order; the rest is not put in order.
fn weightiest(shares: &mut [(f32, Origin)]) -> &[(f32, Origin)] {
    let order = |a: &(f32, Origin), b: &(f32, Origin)| b.0.abs().total_cmp(&a.0.abs()).then(a.1.cmp(&b.1));
    if shares.len() > LOOKED_AT {
        shares.select_nth_unstable_by(LOOKED_AT - 1, order);
    }
    let few = shares.len().min(LOOKED_AT);
    let Some(few) = shares.get_mut(..few) else { return &[] };
    few.sort_unstable_by(order);
    few
}

/// A word of a sentence, or where it stands.
enum Named {
    Text(String),
    Span(usize, usize),
}
