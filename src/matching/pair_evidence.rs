//! The sentences that say why an item of a list that the program does not know is proved, each with what
//! it really adds to the log-odds.

use super::evidence::Words;
use super::lexicon::Signs;
use super::pairs::{Looks, Pairs, first_scores, relative_shares};
use super::row::first_part;
use crate::model::{Evidence, EvidenceSource};
use crate::seeds::pair_weights::{PairWeights, Sign};

/// What the sentences are made from.
pub(crate) struct Told<'a> {
    pub(crate) pairs: &'a Pairs,
    pub(crate) weights: &'a PairWeights,
    pub(crate) looks: &'a Looks,
    pub(crate) words: &'a Words<'a>,
    pub(crate) signs: &'a Signs,
}

/// Parts of the log-odds, in hundredths, from which they are worth a sentence.
const WORTH: i32 = 10;

impl Told<'_> {
    /// The reasons for and against an item. `number_of` gives the number of an item of the list.
    pub(crate) fn of_item(&self, item: usize, number_of: &dyn Fn(usize) -> u32) -> Vec<Evidence> {
        let number = number_of(item);
        let mut evidence = Vec::new();
        evidence.extend(self.of_kinds(item, number));
        evidence.extend(self.of_topics(item, number));
        evidence.extend(self.of_text(item, number));
        evidence.extend(self.of_likes(item, number));
        evidence.extend(self.of_matter(item));
        evidence.extend(self.of_rivals(item, number_of));
        evidence.retain(|evidence| evidence.weight.abs() >= WORTH);
        evidence
    }

    /// What these signs add, in hundredths.
    fn points(&self, item: usize, signs: &[Sign]) -> i32 {
        let values = self.looks.values.get(item);
        let value = |sign: &Sign| values.map_or(0.0, |values| values[*sign as usize]);
        let sum: f32 = signs.iter().map(|sign| value(sign) * self.weights.of(*sign)).sum();
        hundredths(sum * self.weights.relative.own)
    }

    fn of_kinds(&self, item: usize, number: u32) -> Vec<Evidence> {
        let Some(shared) = self.looks.shared.get(item) else { return Vec::new() };
        let told = |sign, kind: usize, place| Evidence {
            source: EvidenceSource::Kind,
            sentence: format!(
                "{place}“{}”是第{number}条原文写到的活动形式",
                self.words.lexicon.kind_name(kind)
            ),
            weight: self.points(item, &[sign]),
        };
        vec![
            told(Sign::KindStated, shared.stated.1, "类型"),
            told(Sign::KindNamed, shared.named.1, "活动名称中的"),
        ]
    }

    /// One sentence for each topic, whatever signs it gives.
    fn of_topics(&self, item: usize, number: u32) -> Vec<Evidence> {
        let Some(shared) = self.looks.shared.get(item) else { return Vec::new() };
        let signs = [
            (Sign::TopicHead, shared.head),
            (Sign::TopicHeadBroad, shared.head_broad),
            (Sign::TopicText, shared.text),
            (Sign::TopicTextBroad, shared.text_broad),
            (Sign::TopicFirst, shared.first),
        ];
        let mut points: Vec<(usize, i32)> = Vec::new();
        for (sign, (value, topic)) in signs {
            let more = if value > 0.0 { self.points(item, &[sign]) } else { 0 };
            match points.iter_mut().find(|known| known.0 == topic) {
                Some(known) => known.1 += more,
                None => points.push((topic, more)),
            }
        }
        let mut evidence: Vec<Evidence> = points
            .into_iter()
            .map(|(topic, weight)| {
                let (parts, word) = self.signs.topics.get(topic).copied().unwrap_or_default();
                let (place, word) = (first_part(parts).name(), self.words.lexicon.word(word));
                let name = self.words.lexicon.topic_name(topic);
                let about = if word == name { String::new() } else { format!("，说的是{name}") };
                let sentence = format!("{place}中有“{word}”{about}，与第{number}条原文相符");
                Evidence { source: EvidenceSource::Phrase, sentence, weight }
            })
            .collect();
        evidence.push(Evidence {
            source: EvidenceSource::Phrase,
            sentence: format!("类型和活动名称里还有别的话与第{number}条原文相符"),
            weight: self.points(item, &[Sign::TopicHeadMore]),
        });
        evidence
    }

    /// The clause that is most alike, and all words that are shared.
    fn of_text(&self, item: usize, number: u32) -> Vec<Evidence> {
        let Some(shared) = self.looks.shared.get(item) else { return Vec::new() };
        let run = self.words.folded.text().get(shared.run.1..shared.run.2).unwrap_or("");
        let clause = self.pairs.duties.clause(shared.clause.1);
        vec![
            Evidence {
                source: EvidenceSource::Similar,
                sentence: format!("与第{number}条中“{clause}”一句用词相近"),
                weight: self.points(item, &[Sign::Clause]),
            },
            Evidence {
                source: EvidenceSource::Similar,
                sentence: format!("与第{number}条原文都写到“{run}”"),
                weight: self.points(item, &[Sign::Shared, Sign::SharedHead]),
            },
        ]
    }

    /// The built-in items that are like it and that such rows prove: those of the text and of the sense.
    fn of_likes(&self, item: usize, number: u32) -> Vec<Evidence> {
        let Some(relayed) = self.looks.relayed.get(item) else { return Vec::new() };
        let signs = [
            (&[Sign::RelayText][..], relayed.text.1),
            (&[Sign::RelayTextOwn], relayed.text_own.1),
            (&[Sign::RelaySense, Sign::RelaySenseOwn], relayed.sense_own.1),
        ];
        let mut points: Vec<(usize, i32)> = Vec::new();
        for (signs, built_in) in signs {
            let more = self.points(item, signs);
            match points.iter_mut().find(|known| known.0 == built_in) {
                Some(known) => known.1 += more,
                None => points.push((built_in, more)),
            }
        }
        let told = |(built_in, weight): (usize, i32)| {
            let (role, like) = self.pairs.relay.name(built_in)?;
            let words = self.words.of_first_look(self.pairs.relay.model(), &self.looks.known, built_in);
            let by = if words.is_empty() { String::new() } else { format!("（{words}）") };
            Some(Evidence {
                source: EvidenceSource::Learned,
                sentence: format!(
                    "第{number}条与内置的{role}清单第{like}条相近，已标注的这类活动常佐证后者{by}"
                ),
                weight,
            })
        };
        points.into_iter().filter(|(_, points)| *points >= WORTH).filter_map(told).collect()
    }

    /// That the row speaks of something that did not take place, or of other matters.
    fn of_matter(&self, item: usize) -> Vec<Evidence> {
        let topics = [(Sign::Nonevent, self.looks.nonevent), (Sign::Beside, self.looks.beside)];
        let told = |(sign, topic): (Sign, Option<usize>)| {
            Some(self.words.of_against(topic?, self.signs, -self.points(item, &[sign])))
        };
        topics.into_iter().filter_map(told).collect()
    }

    /// How the item stands among the others of its list.
    fn of_rivals(&self, item: usize, number_of: &dyn Fn(usize) -> u32) -> Vec<Evidence> {
        let scores = first_scores(self.weights, &self.looks.values);
        let weight = hundredths(relative_shares(&self.weights.relative, &scores, item));
        let others = (0..scores.len()).filter(|other| *other != item);
        let score = |item: usize| scores.get(item).copied().unwrap_or(0.0);
        let Some(rival) = others.max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.cmp(a))) else {
            return Vec::new();
        };
        let sentence = if weight > 0 {
            format!("比清单中别的条目更像这一行说的事，其次是第{}条", number_of(rival))
        } else {
            format!("这一行也像第{}条说的事", number_of(rival))
        };
        vec![Evidence { source: EvidenceSource::Similar, sentence, weight }]
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a few logits")]
fn hundredths(value: f32) -> i32 {
    (value * 100.0).round() as i32
}
