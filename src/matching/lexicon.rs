//! All words that are looked for, found in one pass over a row.

use super::row::{Folded, Part, RowText};
use crate::model::KindId;
use crate::seeds::{KindTable, PhraseTable};
use daachorse::CharwiseDoubleArrayAhoCorasick;
use std::collections::BTreeMap;

/// Bit of a topic that was told by one of its sure words.
pub(crate) const SURE: u8 = 1 << 7;

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Topic(usize),
    Broad(usize),
    Word(usize),
    Kind(usize),
}

/// The words of topics, rules and kinds in one automaton.
pub(crate) struct Lexicon {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    /// Of each word of the automaton.
    uses: Vec<Vec<Use>>,
    words: Vec<String>,
    topics: usize,
    kinds: KindTable,
    /// Names of the topics.
    topic_names: Vec<String>,
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

/// What was found in a row.
#[derive(Debug, Default)]
pub(crate) struct Signs {
    /// Of each topic: the parts in which it stands, and the word that was found first.
    pub(crate) topics: Vec<(u8, u32)>,
    /// The topics that stand anywhere, in ascending order.
    pub(crate) found: Vec<u16>,
    /// Of each rule word: the parts.
    pub(crate) words: Vec<u8>,
    /// Indices of kinds, the stated first.
    pub(crate) kinds: Vec<usize>,
    /// How many of the kinds are stated rather than named in the text.
    pub(crate) stated: usize,
}

impl Signs {
    fn clear(&mut self, topics: usize, words: usize) {
        self.topics.clear();
        self.topics.resize(topics, (0, 0));
        self.found.clear();
        self.words.clear();
        self.words.resize(words, 0);
        self.kinds.clear();
        self.stated = 0;
    }

    fn topic(&mut self, topic: usize, word: u32, part: Part, sure: bool) {
        let Some(sign) = self.topics.get_mut(topic) else { return };
        if sign.0 == 0 {
            self.found.extend(u16::try_from(topic));
        }
        if sign.0 == 0 || (sure && sign.0 & SURE == 0) {
            sign.1 = word;
        }
        sign.0 |= part.bit() | if sure { SURE } else { 0 };
    }
}

impl Lexicon {
    /// The lexicon of these seeds and further words of rules (folded).
    pub(crate) fn new(kinds: &KindTable, phrases: &PhraseTable, rule_words: &[String]) -> Self {
        let mut uses: BTreeMap<String, Vec<Use>> = BTreeMap::new();
        for (index, topic) in phrases.topics().iter().enumerate() {
            for word in &topic.words {
                uses.entry(word.clone()).or_default().push(Use::Topic(index));
            }
            for word in &topic.broad {
                uses.entry(word.clone()).or_default().push(Use::Broad(index));
            }
        }
        for (index, word) in rule_words.iter().enumerate() {
            uses.entry(word.clone()).or_default().push(Use::Word(index));
        }
        for (word, index) in kinds.wordings() {
            uses.entry(word.to_owned()).or_default().push(Use::Kind(index));
        }
        uses.remove("");
        let (words, uses): (Vec<_>, Vec<_>) = uses.into_iter().unzip();
        Self {
            automaton: CharwiseDoubleArrayAhoCorasick::with_values(
                (0_u32..).zip(&words).map(|(at, word)| (word, at)),
            )
            .ok(),
            uses,
            words,
            topics: phrases.topics().len(),
            kinds: kinds.clone(),
            topic_names: phrases.topics().iter().map(|topic| topic.id.clone()).collect(),
        }
    }

    pub(crate) fn topic_name(&self, topic: usize) -> &str {
        self.topic_names.get(topic).map_or("", String::as_str)
    }

    pub(crate) fn word(&self, word: u32) -> &str {
        self.words.get(word as usize).map_or("", String::as_str)
    }

    pub(crate) fn kind_name(&self, kind: usize) -> &str {
        self.kinds.all().get(kind).map_or("", |kind| kind.id.as_str())
    }

    pub(crate) fn kind_index(&self, id: &KindId) -> Option<usize> {
        self.kinds.all().iter().position(|kind| kind.id == *id)
    }

    /// What stands in a row, instead of what stood in another.
    pub(crate) fn scan(&self, row: &RowText, folded: &Folded, rule_words: usize, signs: &mut Signs) {
        signs.clear(self.topics, rule_words);
        let mut named: Vec<(usize, usize, usize)> = Vec::new();
        if let Some(automaton) = &self.automaton {
            for found in automaton.find_overlapping_iter(folded.text()) {
                let word = found.value();
                let part = folded.part_at(found.start());
                for used in self.uses.get(word as usize).into_iter().flatten() {
                    match *used {
                        Use::Topic(topic) => signs.topic(topic, word, part, true),
                        Use::Broad(topic) => signs.topic(topic, word, part, false),
                        Use::Word(word) => {
                            if let Some(parts) = signs.words.get_mut(word) {
                                *parts |= part.bit();
                            }
                        }
                        Use::Kind(kind) if part != Part::Description => {
                            named.push((found.start(), found.end(), kind));
                        }
                        Use::Kind(_) => {}
                    }
                }
            }
        }
        signs.found.sort_unstable();
        self.kinds_of(row, folded, named, signs);
    }

    fn kinds_of(
        &self,
        row: &RowText,
        folded: &Folded,
        mut named: Vec<(usize, usize, usize)>,
        signs: &mut Signs,
    ) {
        if row.kinds.is_empty() {
            if !row.kind.is_empty() {
                signs.kinds.extend(self.kinds.exact(row.kind).and_then(|id| self.kind_index(&id)));
            }
        } else {
            signs.kinds.extend(row.kinds.iter().filter_map(|id| self.kind_index(id)));
        }
        signs.stated = signs.kinds.len();
        // Of overlapping wordings the longest stands.
        named.sort_unstable_by_key(|&(start, end, kind)| (std::cmp::Reverse(end - start), start, kind));
        let mut taken: Vec<(usize, usize, usize)> = Vec::new();
        for (start, end, kind) in named {
            if taken.iter().all(|&(s, e, _)| end <= s || start >= e) {
                taken.push((start, end, kind));
            }
        }
        taken.sort_unstable();
        for (_, _, kind) in taken {
            let ruled_out = self.kinds.all().get(kind).is_some_and(|kind| {
                kind.not_if.iter().any(|word| {
                    folded.part(Part::Title).1.contains(word.as_str())
                        || folded.part(Part::Kind).1.contains(word.as_str())
                })
            });
            if !ruled_out && !signs.kinds.contains(&kind) {
                signs.kinds.push(kind);
            }
        }
    }
}
