//! What the built-in items, for which rows were labelled, say to an item of a list that the program
//! does not know: an item that is like a built-in one is proved by the same activities.

use super::duties::Duties;
use super::features;
use super::lexicon::Lexicon;
use super::model::Model;
use super::row::{Folded, RowText};
use crate::model::{DutyList, ItemId, ListId};
use crate::seeds::text::fold;
use crate::seeds::duty_lists;
use std::collections::{BTreeMap, BTreeSet};

/// The built-in items with their likeness to each item of a list.
#[derive(Debug)]
pub(crate) struct Relay {
    model: Model,
    /// Title and number of each built-in item, for the sentences.
    names: Vec<(String, u32)>,
    /// Of each item of the list, and each built-in item: likeness by text, by sense, alone by sense.
    likeness: Vec<Vec<[f32; 3]>>,
}

/// What the built-in items say on one item for one row.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Relayed {
    /// The best by text, by sense, alone by sense; and the built-in item.
    pub(crate) text: (f32, usize),
    pub(crate) sense: (f32, usize),
    pub(crate) own: (f32, usize),
    /// All by sense together.
    pub(crate) all: f32,
}

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
        let named: BTreeMap<&ItemId, (&DutyList, u32, &str)> = known
            .iter()
            .filter(|list| without != Some(&list.id))
            .flat_map(|list| list.items.iter().map(move |item| (&item.id, (list, item.number, item.text.as_str()))))
            .collect();
        let items: Vec<Option<&(&DutyList, u32, &str)>> =
            model.all_items().map(|item| named.get(item)).collect();
        let names = items
            .iter()
            .map(|item| item.map_or_else(Default::default, |(list, number, _)| (list.role.clone(), *number)))
            .collect();
        let texts: Vec<Option<Grams>> = items.iter().map(|item| item.map(|item| grams(item.2, &model))).collect();
        let by_text: Vec<Vec<f32>> = list
            .items
            .iter()
            .map(|item| {
                let own = grams(&item.text, &model);
                texts.iter().map(|text| text.as_ref().map_or(0.0, |text| likeness(&own, text))).collect()
            })
            .collect();
        let mut by_sense = vec![vec![0.0_f32; texts.len()]; list.items.len()];
        for (item, clause) in duties.clauses() {
            let row = RowText { title: clause, ..RowText::default() };
            let folded = Folded::new(&row);
            let signs = lexicon.scan(&row, &folded, 0);
            let answers = model.first_answers(&model.known(&features::features(&folded, &signs)));
            for ((sum, answer), text) in by_sense.get_mut(item).into_iter().flatten().zip(answers).zip(&texts) {
                if text.is_some() {
                    *sum = sum.max(answer);
                }
            }
        }
        let most: Vec<f32> = (0..texts.len())
            .map(|at| by_sense.iter().filter_map(|row| row.get(at)).fold(0.0_f32, |most, sum| most.max(*sum)))
            .collect();
        let likeness = by_text
            .iter()
            .zip(&by_sense)
            .map(|(text, sense)| {
                let both = text.iter().zip(sense).zip(&most);
                both.map(|((text, sense), most)| {
                    let share = sense / most.max(0.05);
                    [*text, *sense, sense.sqrt() * share.powi(3)]
                })
                .collect()
            })
            .collect();
        Self { model, names, likeness }
    }

    /// What the built-in items say to each item of the list for a row with these features.
    pub(crate) fn relayed(&self, features: &[features::Feature]) -> Vec<Relayed> {
        let answers = self.model.first_answers(&self.model.known(features));
        let answers: Vec<(usize, f32)> =
            answers.into_iter().enumerate().filter(|(_, answer)| *answer > 0.0).collect();
        let of = |likeness: &Vec<[f32; 3]>| {
            let mut relayed = Relayed::default();
            for &(at, answer) in &answers {
                let Some(&[text, sense, own]) = likeness.get(at) else { continue };
                for (sign, value) in
                    [(&mut relayed.text, text), (&mut relayed.sense, sense), (&mut relayed.own, own)]
                {
                    if value * answer > sign.0 {
                        *sign = (value * answer, at);
                    }
                }
                relayed.all += sense * answer;
            }
            relayed
        };
        self.likeness.iter().map(of).collect()
    }

    /// The list (by role) and number of a built-in item.
    pub(crate) fn name(&self, item: usize) -> Option<(&str, u32)> {
        self.names.get(item).map(|(role, number)| (role.as_str(), *number))
    }
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
fn likeness(a: &Grams, b: &Grams) -> f32 {
    let square = |grams: &Grams| grams.values().map(|weight| weight * weight).sum::<f32>();
    let common: f32 = a.iter().filter_map(|(pair, weight)| Some(weight * b.get(pair)?)).sum();
    common / (square(a) * square(b)).sqrt().max(0.01)
}
