//! Phrases that tell which duty item an activity proves: topics that hold for any list, and rules
//! of single items.

use super::KindTable;
use super::source::Source;
use super::text::fold;
use crate::error::Result;
use crate::model::{ItemId, KindId};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// The phrase files of the program, by name: topics first, then one file for each duty list.
pub const FILES: [(&str, &str); 5] = [
    ("phrases/topics.toml", include_str!("../../seeds/phrases/topics.toml")),
    ("phrases/zb.toml", include_str!("../../seeds/phrases/zb.toml")),
    ("phrases/jw.toml", include_str!("../../seeds/phrases/jw.toml")),
    ("phrases/dz.toml", include_str!("../../seeds/phrases/dz.toml")),
    ("phrases/cy.toml", include_str!("../../seeds/phrases/cy.toml")),
];

/// Topics and rules, checked.
#[derive(Debug, Clone, Default)]
pub struct PhraseTable {
    topics: Vec<Topic>,
    rules: Vec<PhraseRule>,
}

/// One sort of matter with the wordings under which ledgers speak of it.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its name.
    pub id: String,
    /// Folded wordings in an activity.
    pub words: Vec<String>,
    /// Folded wordings that point to it less surely.
    pub broad: Vec<String>,
    /// Folded wordings that count in the text of a duty item only.
    pub anchors: Vec<String>,
    /// Whether the words say that nothing took place.
    pub nonevent: bool,
}

/// How much a phrase says for its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Bears out another sign.
    Weak,
    /// More often right than wrong.
    Medium,
    /// The item itself names it.
    Strong,
}

/// In which part of an activity a phrase must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Anywhere.
    #[default]
    Any,
    /// In the kind or the title.
    Head,
    /// In the stated kind.
    Kind,
    /// In the title.
    Title,
    /// In the description.
    Description,
}

/// Words of which one must be there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct AnyOf {
    /// Folded words.
    pub words: Vec<String>,
    /// Indices of topics.
    pub topics: Vec<usize>,
}

/// A rule of one duty item.
#[derive(Debug, Clone)]
pub struct PhraseRule {
    /// The item that it speaks for.
    pub item: ItemId,
    /// How much it says.
    pub strength: Strength,
    /// Where the phrases of `any` must stand.
    pub scope: Scope,
    /// One of these, or one of `kinds`, makes the rule fire.
    pub any: AnyOf,
    /// Kinds of activity that make the rule fire.
    pub kinds: Vec<KindId>,
    /// Each group must have a word somewhere.
    pub also: Vec<AnyOf>,
    /// None of these may stand anywhere.
    pub not: AnyOf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    list: Option<Spanned<String>>,
    #[serde(default)]
    topic: Vec<TopicEntry>,
    #[serde(default)]
    rule: Vec<RuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicEntry {
    id: Spanned<String>,
    words: Vec<Spanned<String>>,
    #[serde(default)]
    broad: Vec<Spanned<String>>,
    #[serde(default)]
    anchors: Vec<Spanned<String>>,
    #[serde(default)]
    nonevent: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    item: Spanned<u32>,
    strength: Strength,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    any: Vec<Spanned<String>>,
    #[serde(default)]
    kinds: Vec<Spanned<String>>,
    #[serde(default)]
    also: Vec<Vec<Spanned<String>>>,
    #[serde(default)]
    not: Vec<Spanned<String>>,
}

impl PhraseTable {
    /// The phrases of the program.
    ///
    /// # Errors
    /// As [`PhraseTable::load`].
    pub fn builtin(kinds: &KindTable, items: &BTreeSet<ItemId>) -> Result<Self> {
        Self::load(&FILES, kinds, items)
    }

    /// The phrases of some files, given as name and text; topics may be used in any of them.
    ///
    /// `items` are the duty items in use: a rule for an item that a list in use does not have is an
    /// error; rules for lists that are not in use are passed over.
    ///
    /// # Errors
    /// [`crate::error::Error::Seed`] with the line of a phrase that stands twice, an unknown topic, kind or item,
    /// or a broken entry.
    pub fn load(files: &[(&str, &str)], kinds: &KindTable, items: &BTreeSet<ItemId>) -> Result<Self> {
        let mut table = Self::default();
        let mut parsed = Vec::new();
        for &(name, text) in files {
            let source = Source::new(name, text);
            parsed.push((source, source.parse::<File>()?));
        }
        let mut owner: BTreeMap<String, String> = BTreeMap::new();
        for (source, file) in &parsed {
            for entry in &file.topic {
                table.add_topic(*source, entry, &mut owner)?;
            }
        }
        for (source, file) in &parsed {
            table.add_rules(*source, file, kinds, items)?;
        }
        Ok(table)
    }

    /// The topics, in the order of the files.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The rules, in the order of the files.
    #[must_use]
    pub fn rules(&self) -> &[PhraseRule] {
        &self.rules
    }

    /// The same table with one more strong phrase for an item.
    #[must_use]
    pub fn with_phrase(mut self, item: &ItemId, phrase: &str) -> Self {
        self.rules.push(PhraseRule {
            item: item.clone(),
            strength: Strength::Strong,
            scope: Scope::Any,
            any: AnyOf { words: vec![fold(phrase)], topics: Vec::new() },
            kinds: Vec::new(),
            also: Vec::new(),
            not: AnyOf::default(),
        });
        self
    }

    fn add_topic(
        &mut self,
        source: Source,
        entry: &TopicEntry,
        owner: &mut BTreeMap<String, String>,
    ) -> Result<()> {
        let id = entry.id.get_ref();
        if self.topics.iter().any(|topic| topic.id == *id) {
            return Err(source.error_at(&entry.id.span(), format!("主题“{id}”已经有了")));
        }
        let mut own = |wordings: &[Spanned<String>]| {
            let mut words = Vec::new();
            for word in wordings {
                let folded = folded(source, word)?;
                if let Some(other) = owner.insert(folded.clone(), id.clone()) {
                    let message =
                        format!("“{}”已经在主题“{other}”里，一个写法只能属于一个主题", word.get_ref());
                    return Err(source.error_at(&word.span(), message));
                }
                words.push(folded);
            }
            Ok(words)
        };
        let (words, broad) = (own(&entry.words)?, own(&entry.broad)?);
        let anchors = entry.anchors.iter().map(|word| folded(source, word)).collect::<Result<_>>()?;
        self.topics.push(Topic { id: id.clone(), words, broad, anchors, nonevent: entry.nonevent });
        Ok(())
    }

    fn add_rules(
        &mut self,
        source: Source,
        file: &File,
        kinds: &KindTable,
        items: &BTreeSet<ItemId>,
    ) -> Result<()> {
        let Some(list) = &file.list else {
            return match file.rule.first() {
                Some(rule) => {
                    Err(source.error_at(&rule.item.span(), "有规则的文件要在开头写明 list，如 list = \"ZB\""))
                }
                None => Ok(()),
            };
        };
        let prefix = format!("{}-", list.get_ref());
        if !items.iter().any(|item| item.as_str().starts_with(&prefix)) {
            return Ok(());
        }
        let mut seen: BTreeMap<(u32, Scope, String), ()> = BTreeMap::new();
        for entry in &file.rule {
            let number = *entry.item.get_ref();
            let item = ItemId::from(format!("{prefix}{number}").as_str());
            if !items.contains(&item) {
                let message = format!("清单 {} 没有第{number}条", list.get_ref());
                return Err(source.error_at(&entry.item.span(), message));
            }
            if entry.any.is_empty() && entry.kinds.is_empty() {
                return Err(source.error_at(&entry.item.span(), "规则要有 any 或 kinds"));
            }
            for phrase in entry.any.iter().chain(&entry.kinds) {
                let key = (number, entry.scope, phrase.get_ref().clone());
                if entry.also.is_empty() && entry.not.is_empty() && seen.insert(key, ()).is_some() {
                    let message = format!("第{number}条已经有“{}”", phrase.get_ref());
                    return Err(source.error_at(&phrase.span(), message));
                }
            }
            let mut rule_kinds = Vec::new();
            for kind in &entry.kinds {
                let id = KindId::from(kind.get_ref().as_str());
                if kinds.get(&id).is_none() {
                    let message = format!("没有“{id}”这种活动类型，可用的见 kinds.toml");
                    return Err(source.error_at(&kind.span(), message));
                }
                rule_kinds.push(id);
            }
            let also = entry.also.iter().map(|group| self.any_of(source, group)).collect::<Result<_>>()?;
            self.rules.push(PhraseRule {
                item,
                strength: entry.strength,
                scope: entry.scope,
                any: self.any_of(source, &entry.any)?,
                kinds: rule_kinds,
                also,
                not: self.any_of(source, &entry.not)?,
            });
        }
        Ok(())
    }

    fn any_of(&self, source: Source, phrases: &[Spanned<String>]) -> Result<AnyOf> {
        let mut any = AnyOf::default();
        for phrase in phrases {
            if let Some(topic) = phrase.get_ref().strip_prefix('@') {
                let at = self.topics.iter().position(|t| t.id == topic).ok_or_else(|| {
                    source.error_at(&phrase.span(), format!("没有“{topic}”这个主题，可用的见 topics.toml"))
                })?;
                any.topics.push(at);
            } else {
                any.words.push(folded(source, phrase)?);
            }
        }
        Ok(any)
    }
}

fn folded(source: Source, word: &Spanned<String>) -> Result<String> {
    let folded = fold(word.get_ref());
    if folded.is_empty() {
        return Err(source.error_at(&word.span(), "写法不能为空"));
    }
    Ok(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> KindTable {
        KindTable::load("kinds.toml", "[[kind]]\nid = \"党课\"\n").unwrap()
    }

    fn items() -> BTreeSet<ItemId> {
        [ItemId::from("ZB-1")].into()
    }

    const TOPICS: &str = "[[topic]]\nid = \"党费\"\nwords = [\"党费\", \"缴费\"]\n";

    #[test]
    fn errors_name_file_and_line() {
        for (rules, message) in [
            (
                "list = \"ZB\"\n[[rule]]\nitem = 9\nstrength = \"strong\"\nany = [\"学\"]\n",
                "r.toml 第3行：清单 ZB 没有第9条",
            ),
            (
                "list = \"ZB\"\n[[rule]]\nitem = 1\nstrength = \"strong\"\nany = [\"学\", \"学\"]\n",
                "r.toml 第5行：第1条已经有“学”",
            ),
            (
                "list = \"ZB\"\n[[rule]]\nitem = 1\nstrength = \"strong\"\nany = [\"@学\"]\n",
                "r.toml 第5行：没有“学”这个主题，可用的见 topics.toml",
            ),
            (
                "list = \"ZB\"\n[[rule]]\nitem = 1\nstrength = \"strong\"\nkinds = [\"会\"]\n",
                "r.toml 第5行：没有“会”这种活动类型，可用的见 kinds.toml",
            ),
            (
                "list = \"ZB\"\n[[rule]]\nitem = 1\nstrength = \"strong\"\n",
                "r.toml 第3行：规则要有 any 或 kinds",
            ),
            (
                "[[topic]]\nid = \"缴\"\nwords = [\"缴 费\"]\n",
                "r.toml 第3行：“缴 费”已经在主题“党费”里，一个写法只能属于一个主题",
            ),
        ] {
            let error = PhraseTable::load(&[("t.toml", TOPICS), ("r.toml", rules)], &kinds(), &items());
            assert_eq!(error.unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn rules_of_lists_not_in_use_are_passed_over() {
        let rules = "list = \"JW\"\n[[rule]]\nitem = 9\nstrength = \"weak\"\nany = [\"@党费\"]\n";
        let table = PhraseTable::load(&[("t.toml", TOPICS), ("r.toml", rules)], &kinds(), &items()).unwrap();
        assert!(table.rules().is_empty());
        assert_eq!(table.topics().len(), 1);
    }
}
