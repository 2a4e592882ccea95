//! Kinds of activity with the wordings under which they appear.

use super::source::Source;
use super::text::{Chars, fold, folded_first};
use crate::error::Result;
use crate::model::{KindId, Kinds};
use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Characters of a text in which kinds are looked for; what stands behind them names nothing.
const READ: usize = 2_000;

/// The kinds, with a way from wordings to them.
#[derive(Debug, Clone)]
pub struct KindTable {
    kinds: Vec<Kind>,
    exact: BTreeMap<String, usize>,
    /// The characters with which wordings begin: most texts are told by theirs.
    firsts: Chars,
    /// Characters of the longest wording.
    longest: usize,
    /// Folded wordings that are looked for inside longer texts, longest first.
    inside: Vec<(String, usize)>,
    /// All of them at once: most texts hold none.
    any: AhoCorasick,
}

/// One kind.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Canonical name.
    pub id: KindId,
    /// Wordings of a type column or sheet name.
    pub aliases: Vec<String>,
    /// Folded words that, standing around a wording, mean that the kind is only talked about.
    pub not_if: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    #[serde(default)]
    inside: Vec<Spanned<String>>,
    #[serde(default)]
    not_if: Vec<Spanned<String>>,
}

impl KindTable {
    /// The kinds of a file.
    ///
    /// # Errors
    /// [`crate::error::Error::Seed`] with the line of a wording that stands for two kinds, or of a broken entry.
    pub fn load(file: &str, text: &str) -> Result<Self> {
        let source = Source::new(file, text);
        let entries = source.parse::<File>()?.kind;
        let mut table = Self {
            kinds: Vec::new(),
            exact: BTreeMap::new(),
            firsts: Chars::default(),
            longest: 0,
            inside: Vec::new(),
            any: AhoCorasick::new(["\u{0}"]).map_err(|error| source.error(0, error.to_string()))?,
        };
        for (index, entry) in entries.iter().enumerate() {
            let id = entry.id.get_ref();
            for wording in std::iter::once(&entry.id).chain(&entry.aliases) {
                let folded = fold(wording.get_ref());
                if folded.is_empty() {
                    return Err(source.error_at(&wording.span(), format!("“{id}”的别名不能为空")));
                }
                if let Some(other) = table.exact.insert(folded, index) {
                    let other = entries.get(other).map_or("", |e| e.id.get_ref().as_str());
                    let message =
                        format!("“{}”已经是“{other}”的写法，不能再作“{id}”的写法", wording.get_ref());
                    return Err(source.error_at(&wording.span(), message));
                }
            }
            for wording in std::iter::once(&entry.id).chain(&entry.inside) {
                table.inside.push((fold(wording.get_ref()), index));
            }
            table.kinds.push(Kind {
                id: KindId::from(id.as_str()),
                aliases: entry.aliases.iter().map(|a| a.get_ref().clone()).collect(),
                not_if: entry.not_if.iter().map(|w| fold(w.get_ref())).collect(),
            });
        }
        table.firsts = table.exact.keys().filter_map(|wording| wording.chars().next()).collect();
        table.longest = table.exact.keys().map(|wording| wording.chars().count()).max().unwrap_or(0);
        table
            .inside
            .sort_by(|a, b| b.0.chars().count().cmp(&a.0.chars().count()).then_with(|| a.0.cmp(&b.0)));
        // Chinese characters share their first bytes, so that looking for these first is no shortcut.
        table.any = AhoCorasick::builder()
            .prefilter(false)
            .build(table.inside.iter().map(|(wording, _)| wording))
            .map_err(|error| source.error(0, error.to_string()))?;
        Ok(table)
    }

    /// All kinds, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kind of this name.
    #[must_use]
    pub fn get(&self, id: &KindId) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == *id)
    }

    /// The kind that a whole cell, sheet name or section title states.
    #[must_use]
    pub fn exact(&self, wording: &str) -> Option<KindId> {
        if !self.may_begin(wording) {
            return None;
        }
        let folded = fold(wording);
        let at = self.exact.get(&folded).or_else(|| {
            let bare = folded.trim_end_matches("活动").trim_end_matches("会议");
            if bare.chars().count() > self.longest {
                return None;
            }
            self.exact.get(bare).or_else(|| self.exact.get(&format!("{bare}会")))
        })?;
        self.kinds.get(*at).map(|kind| kind.id.clone())
    }

    /// The folded wordings that are looked for inside longer texts, with the index of their kind.
    pub fn wordings(&self) -> impl Iterator<Item = (&str, usize)> {
        self.inside.iter().map(|(wording, index)| (wording.as_str(), *index))
    }

    /// The kind whose wording stands at the beginning of a text, with the bytes that it covers;
    /// the longest wording wins.
    #[must_use]
    pub fn prefix(&self, text: &str) -> Option<(KindId, usize)> {
        if !self.may_begin(text) {
            return None;
        }
        let mut folded = String::new();
        let mut best = None;
        for (at, c) in text.char_indices().take(self.longest + 8) {
            folded.push_str(&fold(c.encode_utf8(&mut [0; 4])));
            if let Some(kind) = self.exact.get(&folded).and_then(|at| self.kinds.get(*at)) {
                best = Some((kind.id.clone(), at + c.len_utf8()));
            }
        }
        best
    }

    /// Whether a text may begin with a wording, told by its first character.
    fn may_begin(&self, text: &str) -> bool {
        folded_first(text).is_some_and(|first| self.firsts.has(first))
    }

    /// The kinds that a longer text names, in the order in which they stand, each once.
    ///
    /// A wording inside a longer one (`党员大会` in `党员大会暨主题党日`, `组织生活会` in `专题组织生活会`)
    /// is taken once; a wording next to one of its `not_if` words is passed over.
    #[must_use]
    pub fn named_in(&self, text: &str) -> Kinds {
        let text = text.char_indices().nth(READ).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
        let folded = fold(text);
        // Longest wordings first, as they stand in the list; of one wording the first place.
        let mut found: Vec<(usize, usize, usize)> = self
            .any
            .find_overlapping_iter(&folded)
            .map(|m| (m.pattern().as_usize(), m.start(), m.end()))
            .collect();
        if found.is_empty() {
            return Kinds::new();
        }
        found.sort_unstable();
        let mut taken: Vec<(usize, usize, usize)> = Vec::new();
        for (at, start, end) in found {
            let free = taken.iter().all(|&(s, e, _)| end <= s || start >= e);
            if let Some((_, index)) = self.inside.get(at).filter(|_| free) {
                taken.push((start, end, *index));
            }
        }
        taken.sort_unstable();
        let mut kinds = Kinds::new();
        for (_, _, index) in taken {
            let Some(kind) = self.kinds.get(index) else { continue };
            let ruled_out = kind.not_if.iter().any(|word| folded.contains(word.as_str()));
            if !ruled_out && !kinds.contains(&kind.id) {
                kinds.push(kind.id.clone());
            }
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[[kind]]\nid = \"党员大会\"\naliases = [\"支部大会\"]\ninside = [\"支部大会\"]\nnot_if = [\"职工大会\"]\n\n[[kind]]\nid = \"主题党日\"\n";

    #[test]
    fn wordings_lead_to_kinds() {
        let table = KindTable::load("kinds.toml", TEXT).unwrap();
        assert_eq!(table.exact("支部 大会").unwrap().as_str(), "党员大会");
        assert_eq!(table.exact("主题党日活动").unwrap().as_str(), "主题党日");
        assert_eq!(table.exact("大会"), None);
        let named = table.named_in("支部大会暨主题党日活动");
        assert_eq!(named.iter().map(KindId::as_str).collect::<Vec<_>>(), ["党员大会", "主题党日"]);
    }

    #[test]
    fn a_wording_of_two_kinds_is_refused_with_its_line() {
        let text = format!("{TEXT}aliases = [\"支部大会\"]\n");
        let error = KindTable::load("kinds.toml", &text).unwrap_err();
        assert_eq!(
            error.to_string(),
            "kinds.toml 第9行：“支部大会”已经是“党员大会”的写法，不能再作“主题党日”的写法"
        );
    }
}
