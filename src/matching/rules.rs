//! The authored phrases: which rules of a list fire on a row, and what they add up to.

use super::lexicon::{SURE, Signs};
use super::row::Part;
use crate::model::ItemId;
use crate::seeds::phrases::{AnyOf, PhraseTable, Scope, Strength};

/// The rules of one list, ready to fire.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
    /// Words of the rules, folded, each once.
    pub(crate) words: Vec<String>,
}

#[derive(Debug)]
struct Rule {
    item: usize,
    points: i32,
    scope: u8,
    any: Compiled,
    kinds: Vec<usize>,
    also: Vec<Compiled>,
    not: Compiled,
}

#[derive(Debug, Default)]
struct Compiled {
    words: Vec<usize>,
    topics: Vec<usize>,
}

/// What made a rule fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trigger {
    /// A kind, and whether it is stated.
    Kind(usize, bool),
    /// A topic and the parts in which it stands.
    Topic(usize, u8),
    /// A word of the rule and the parts.
    Word(usize, u8),
}

/// A sign for an item with its points in hundredths of a logit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) item: usize,
    pub(crate) points: i32,
    pub(crate) trigger: Trigger,
}

fn points(strength: Strength) -> i32 {
    match strength {
        Strength::Strong => 400,
        Strength::Medium => 230,
        Strength::Weak => 110,
    }
}

fn parts(scope: Scope) -> u8 {
    match scope {
        Scope::Any => Part::ALL.iter().map(|part| part.bit()).sum(),
        Scope::Head => Part::Kind.bit() | Part::Title.bit(),
        Scope::Kind => Part::Kind.bit(),
        Scope::Title => Part::Title.bit(),
        Scope::Description => Part::Description.bit(),
    }
}

impl Rules {
    /// The rules of a list.
    ///
    /// `items` names the item whose rules speak for each item of the list.
    pub(crate) fn new(items: &[Option<ItemId>], phrases: &PhraseTable, kinds: &[String]) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut compile = |any: &AnyOf| {
            let mut place = |word: &String| {
                words.iter().position(|known| known == word).unwrap_or_else(|| {
                    words.push(word.clone());
                    words.len() - 1
                })
            };
            Compiled { words: any.words.iter().map(&mut place).collect(), topics: any.topics.clone() }
        };
        let mut rules = Vec::new();
        for rule in phrases.rules() {
            let Some(item) = items.iter().position(|item| item.as_ref() == Some(&rule.item)) else {
                continue;
            };
            rules.push(Rule {
                item,
                points: points(rule.strength),
                scope: parts(rule.scope),
                any: compile(&rule.any),
                kinds: rule
                    .kinds
                    .iter()
                    .filter_map(|kind| kinds.iter().position(|name| name == kind.as_str()))
                    .collect(),
                also: rule.also.iter().map(&mut compile).collect(),
                not: compile(&rule.not),
            });
        }
        Self { rules, words }
    }

    /// The hits of the rules that fire.
    pub(crate) fn fire(&self, signs: &Signs, hits: &mut Vec<Hit>) {
        for rule in &self.rules {
            let from = hits.len();
            for &kind in &rule.kinds {
                if let Some(at) = signs.kinds.iter().position(|found| *found == kind) {
                    let trigger = Trigger::Kind(kind, at < signs.stated);
                    hits.push(Hit { item: rule.item, points: rule.points, trigger });
                }
            }
            for &topic in &rule.any.topics {
                let found = signs.topics.get(topic).map_or(0, |sign| sign.0);
                let parts = found & rule.scope;
                if parts != 0 {
                    hits.push(Hit {
                        item: rule.item,
                        points: weaken(told(rule.points, found), parts),
                        trigger: Trigger::Topic(topic, parts),
                    });
                }
            }
            for &word in &rule.any.words {
                let parts = signs.words.get(word).map_or(0, |parts| *parts) & rule.scope;
                if parts != 0 {
                    hits.push(Hit {
                        item: rule.item,
                        points: weaken(rule.points, parts),
                        trigger: Trigger::Word(word, parts),
                    });
                }
            }
            if hits.len() > from && (stands(&rule.not, signs) || !rule.also.iter().all(|g| stands(g, signs)))
            {
                hits.truncate(from);
            }
        }
    }
}

/// A topic that only broad words tell says less.
pub(crate) fn told(points: i32, found: u8) -> i32 {
    if found & SURE == 0 { points * 4 / 10 } else { points }
}

/// A word that stands in the description alone says less.
fn weaken(points: i32, parts: u8) -> i32 {
    if parts == Part::Description.bit() { points * 6 / 10 } else { points }
}

fn stands(any: &Compiled, signs: &Signs) -> bool {
    any.topics.iter().any(|&topic| signs.topics.get(topic).is_some_and(|sign| sign.0 != 0))
        || any.words.iter().any(|&word| signs.words.get(word).is_some_and(|parts| *parts != 0))
}

/// What an item's hits add up to, the strongest first: that one in full, each further one a quarter of the
/// one before.
pub(crate) fn sum(points: impl Iterator<Item = i32>) -> i32 {
    let mut share = 100;
    points.fold(0, |total, points| {
        let total = total + points * share / 100;
        share /= 4;
        total
    })
}
