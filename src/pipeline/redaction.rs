//! Which names are masked in results that are published.
//!
//! In: an assessment, with what the settings say about names. Out: masks, and the words that were left because they may be
//! no names. Never here: how a mask looks, files.
//!
//! A word of two characters that stands in the texts of the run (duty lists, requirements, scheme, names of units and
//! groups), and any word that stands in the program's own (built-in lists, kinds, templates, headings, what findings
//! say, faces and styles of the files), is left: masked, it would go from those too. 姓名 of the settings overrules this.

use super::assess::Assessed;
use super::masks::Masks;
use super::settings::RedactSettings;
use crate::error::Result;
use crate::model::{Align, Book, Cell, Column, DutyList, Report, Requirement, Scheme, Sheet, Unit, rules};
use crate::render::{self, Stationery};
use crate::report::Templates;
use crate::report::workbook::headings;
use crate::seeds::Catalogue;
use aho_corasick::{AhoCorasick, MatchKind};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What the results themselves say about it.
pub(super) const NOTE: &str = "姓名已遮盖：留姓，名写作“某”；遮盖后相同的另一人，后面加数字。";

/// What is masked in the results of a run, and what is not.
#[derive(Debug, Default)]
pub struct Redaction {
    /// The masks.
    pub masks: Masks,
    /// Names that were left, because the same word stands in the texts of the run.
    pub words: BTreeSet<String>,
    /// What stands in the place of a name and was left, because it may be another word.
    pub unsure: BTreeSet<String>,
}

impl Redaction {
    /// What is to be masked of an assessment.
    ///
    /// # Errors
    /// Where there are more names than can be looked for.
    pub(super) fn of(assessed: &Assessed, catalogue: &Catalogue) -> Result<Self> {
        let RedactSettings { names: asked, kept } = &assessed.redact;
        let told = |name: &&String| !asked.contains(*name) && !kept.contains(*name);
        let candidates: Vec<&str> = assessed.persons.names.iter().filter(told).map(String::as_str).collect();
        let units = || assessed.results.iter().map(|result| &result.unit);
        let (headings, files) = (headings(), texts_of_files(assessed)?);
        let mut own = own_texts(catalogue);
        own.extend(headings.iter().chain(&files).map(String::as_str));
        let mut run = texts_of_run(assessed);
        // A unit may be one person, and then bears the very name.
        run.extend(units().flat_map(unit_names).filter(|name| !candidates.contains(name)));
        let mut words = BTreeSet::new();
        loop {
            let left: Vec<&str> = candidates.iter().copied().filter(|name| !words.contains(*name)).collect();
            let mut found = standing_in(&left, &own);
            found.extend(standing_in(&left, &run).into_iter().filter(|word| word.chars().count() == 2));
            if found.is_empty() {
                break;
            }
            words.extend(found);
        }
        let masked: BTreeSet<&str> = candidates
            .into_iter()
            .filter(|name| !words.contains(*name))
            .chain(asked.iter().map(String::as_str))
            .collect();
        let texts = units().flat_map(unit_names).chain(assessed.persons.unsure.iter().map(String::as_str));
        let masks = Masks::new(masked, kept, texts)?;
        let unsure = assessed.persons.unsure.iter().filter(told).cloned().collect();
        Ok(Self { masks, words, unsure })
    }
}

/// Which of these words stand in one of the texts, other than in a longer one of them.
fn standing_in(words: &[&str], texts: &[&str]) -> BTreeSet<String> {
    let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words);
    let Ok(finder) = finder else { return BTreeSet::new() };
    let found = texts.iter().flat_map(|text| finder.find_iter(*text));
    found.filter_map(|found| words.get(found.pattern().as_usize())).map(|word| (*word).to_owned()).collect()
}

fn unit_names(unit: &Unit) -> impl Iterator<Item = &str> {
    let own = [&*unit.name, unit.group.as_str(), unit.county_of.as_deref().unwrap_or_default()];
    own.into_iter().chain(unit.aliases.iter().map(String::as_str))
}

/// What stands in every document and workbook beside its text: faces, names of styles, formats.
fn texts_of_files(assessed: &Assessed) -> Result<Vec<String>> {
    let texts = RefCell::new(Vec::new());
    let look = |text: &str| {
        texts.borrow_mut().push(text.to_owned());
        Vec::new()
    };
    let cell = Cell::text("1");
    let sheet =
        Sheet { columns: vec![Column::new("1", 8, Align::Left)], rows: vec![vec![cell]], ..Sheet::default() };
    let book = Book { sheets: vec![sheet], ..Book::default() };
    render::reworded(&render::xlsx(&book)?, &look)?;
    render::reworded(&Stationery::new(&assessed.papers.fonts, None)?.docx(&Report::default())?, &look)?;
    Ok(texts.into_inner())
}

/// What the program brings with it.
fn own_texts(catalogue: &Catalogue) -> Vec<&str> {
    let mut texts: Vec<&str> = catalogue.lists.iter().flat_map(list_texts).collect();
    texts.extend(catalogue.requirements.iter().flat_map(requirement_texts));
    for kind in catalogue.kinds.all() {
        texts.push(kind.id.as_str());
        texts.extend(kind.aliases.iter().map(String::as_str));
    }
    for text in Templates::wordings() {
        texts.push(text);
    }
    texts.extend(rules::ALL.iter().flat_map(|rule| [rule.name, rule.meaning, rule.advice]));
    texts
}

/// What the lists, the scheme and the settings of the run say.
fn texts_of_run(assessed: &Assessed) -> Vec<&str> {
    let mut texts: Vec<&str> = assessed.rules.iter().flat_map(|rules| list_texts(&rules.list)).collect();
    texts.extend(assessed.rules.iter().flat_map(|rules| &rules.requirements).flat_map(requirement_texts));
    texts.extend(scheme_texts(&assessed.scheme));
    texts.push(&assessed.scope.bureau);
    texts
}

fn list_texts(list: &DutyList) -> impl Iterator<Item = &str> {
    let lines = list.preamble.iter().chain(list.categories.iter().map(|category| &category.name));
    let lines = lines.chain(list.items.iter().map(|item| &item.text));
    [list.title.as_str(), list.role.as_str()].into_iter().chain(lines.map(String::as_str))
}

fn requirement_texts(requirement: &Requirement) -> impl Iterator<Item = &str> {
    [requirement.name.as_str(), requirement.source.as_str(), requirement.limits.as_str()].into_iter()
}

fn scheme_texts(scheme: &Scheme) -> impl Iterator<Item = &str> {
    let lines =
        scheme.lines().flat_map(|(_, line)| [&line.project, &line.content, &line.standard, &line.basis]);
    let names = [&scheme.name, &scheme.note].into_iter().chain(scheme.blocks.iter().map(|block| &block.name));
    let places =
        scheme.grades.iter().map(|grade| &grade.name).chain(scheme.awards.iter().map(|award| &award.name));
    let vetoes = scheme.vetoes.iter().flat_map(|veto| &veto.matters);
    names.chain(lines).chain(places).chain(vetoes).map(String::as_str)
}
