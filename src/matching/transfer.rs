//! What the built-in items, for which rows were labelled, say to an item of a list that the program
//! does not know: an item that is like a built-in one is proved by the same activities.
//!
//! Two items are alike by their texts, and by their sense: where the learned weights, asked which
//! built-in items the clauses of an item would prove, answer alike.

use super::duties::Duties;
use super::features;
use super::lexicon::{Lexicon, Signs};
use super::model::Model;
use super::row::{Folded, RowText};
use super::table::Known;
use crate::model::{DutyList, ItemId, ListId};
use crate::seeds::duty_lists;
use crate::seeds::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The built-in items with their likeness to each item of a list.
#[derive(Debug)]
pub(crate) struct Relay {
    model: Model,
    /// Role and number of each built-in item, for the sentences.
    names: Vec<(String, u32)>,
    /// Of each item of the list: its likeness to each built-in item.
    likeness: Vec<Vec<Likeness>>,
    /// Of each item of the list: length of its answers by sense.
    lengths: Vec<f32>,
}

/// How like an item is to a built-in one, from 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
struct Likeness {
    text: f32,
    /// The same where no other item of the list is more like to it.
    text_own: f32,
    /// Square root of its answer to the item's clauses.
    sense: f32,
    sense_own: f32,
}

/// What the built-in items say on one item for one row; with the built-in item that says most.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Relayed {
    pub(crate) text: (f32, usize),
    pub(crate) text_own: (f32, usize),
    pub(crate) sense: f32,
    pub(crate) sense_own: (f32, usize),
}

/// Least of the greatest likeness against which an item's own is measured.
const FAINT: f32 = 0.05;

impl Relay {
    /// The likeness of a list's items to the built-in ones, without those of a list that is to stay unknown.
    pub(crate) fn new(
        list: &DutyList,
        duties: &Duties,
        lexicon: &Lexicon,
        model: Model,
        without: Option<&ListId>,
    ) -> Self {
        let known = duty_lists::builtin().unwrap_or_default();
        let mut named: BTreeMap<&ItemId, (&str, u32, &str)> = BTreeMap::new();
        for list in known.iter().filter(|list| without != Some(&list.id)) {
            for item in &list.items {
                named.insert(&item.id, (&list.role, item.number, &item.text));
            }
        }
        let items: Vec<Option<(&str, u32, &str)>> =
            model.all_items().map(|item| named.get(item).copied()).collect();
        let texts: Vec<Grams> =
            items.iter().map(|item| grams(item.map_or("", |item| item.2), &model)).collect();
        let of_text = |text: &str| -> Vec<f32> {
            let own = grams(text, &model);
            texts.iter().map(|text| cosine(&own, text)).collect()
        };
        let by_text: Vec<Vec<f32>> = list.items.iter().map(|item| of_text(&item.text)).collect();
        let mut by_sense = vec![vec![0.0_f32; items.len()]; list.items.len()];
        let (mut signs, mut known) = (Signs::default(), Vec::new());
        for (item, clause) in duties.clauses() {
            let row = RowText { title: clause, ..RowText::default() };
            let folded = Folded::new(&row);
            lexicon.scan(&row, &folded, 0, &mut signs);
            model.known(&features::features(&folded, &signs), &mut known);
            let answers = model.first_answers(&known);
            let sums = by_sense.get_mut(item).into_iter().flatten();
            for ((sum, answer), _) in sums.zip(answers).zip(&items).filter(|(_, known)| known.is_some()) {
                *sum = sum.max(answer);
            }
        }
        let (most_text, most_sense) = (greatest(&by_text, items.len()), greatest(&by_sense, items.len()));
        let mut likeness = Vec::new();
        for (text, sense) in by_text.iter().zip(&by_sense) {
            let both = text.iter().zip(&most_text).zip(sense.iter().zip(&most_sense));
            let of = both.map(|((text, most_text), (sense, most_sense))| Likeness {
                text: *text,
                text_own: text.sqrt() * (text / most_text).powi(3),
                sense: sense.sqrt(),
                sense_own: sense.sqrt() * (sense / most_sense).powi(3),
            });
            likeness.push(of.collect());
        }
        let lengths = by_sense.iter().map(|answers| answers.iter().sum::<f32>().sqrt()).collect();
        let names = items.iter().map(|item| item.map_or_else(Default::default, |i| (i.0.to_owned(), i.1)));
        Self { names: names.collect(), model, likeness, lengths }
    }

    /// What the built-in items say to each item of the list for a row of which the weights know this.
    pub(crate) fn relayed(&self, known: &[Known]) -> Vec<Relayed> {
        let answers = self.model.first_answers(known);
        let answers: Vec<(usize, f32, f32)> = answers
            .into_iter()
            .enumerate()
            .filter(|(_, answer)| *answer > 0.0)
            .map(|(at, answer)| (at, answer, answer.sqrt()))
            .collect();
        let length = answers.iter().map(|answer| answer.1).sum::<f32>().sqrt();
        let of = |(likeness, own_length): (&Vec<Likeness>, &f32)| {
            let mut relayed = Relayed::default();
            for &(at, answer, root) in &answers {
                let Some(like) = likeness.get(at) else { continue };
                raise(&mut relayed.text, like.text * root, at);
                raise(&mut relayed.text_own, like.text_own * answer, at);
                raise(&mut relayed.sense_own, like.sense_own * answer, at);
                relayed.sense += like.sense * root;
            }
            relayed.sense /= (length * own_length).max(0.1);
            relayed
        };
        self.likeness.iter().zip(&self.lengths).map(of).collect()
    }

    /// The list (by role) and number of a built-in item.
    pub(crate) fn name(&self, item: usize) -> Option<(&str, u32)> {
        self.names.get(item).map(|(role, number)| (role.as_str(), *number))
    }

    /// The weights that answer for the built-in items.
    pub(crate) fn model(&self) -> &Model {
        &self.model
    }
}

fn raise(sign: &mut (f32, usize), value: f32, at: usize) {
    if value > sign.0 {
        *sign = (value, at);
    }
}

/// The greatest likeness that any item of the list has to each built-in item.
fn greatest(rows: &[Vec<f32>], width: usize) -> Vec<f32> {
    let column =
        |at| rows.iter().filter_map(|row| row.get(at)).fold(FAINT, |most: f32, like| most.max(*like));
    (0..width).map(column).collect()
}

/// Pairs of characters of a text with what they weigh.
type Grams = BTreeMap<(char, char), f32>;

fn grams(text: &str, model: &Model) -> Grams {
    let text = fold(text);
    let pairs: BTreeSet<(char, char)> = text
        .chars()
        .zip(text.chars().skip(1))
        .filter(|(a, b)| a.is_alphanumeric() && b.is_alphanumeric())
        .collect();
    pairs.into_iter().map(|(a, b)| ((a, b), model.rarity(a, b).powi(2))).collect()
}

/// The cosine of two texts.
fn cosine(a: &Grams, b: &Grams) -> f32 {
    let square = |grams: &Grams| grams.values().map(|weight| weight * weight).sum::<f32>();
    let common: f32 = a.iter().filter_map(|(pair, weight)| Some(weight * b.get(pair)?)).sum();
    common / (square(a) * square(b)).sqrt().max(0.01)
}
