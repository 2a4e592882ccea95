//! Headings of the sheets in 评分 with their meanings.
//!
//! In: `seeds/score-headers.toml`. Out: a [`ScoreHeaders`]. Never here: which layout a sheet has.

use super::source::Source;
use super::text::fold;
use crate::error::Result;
use std::collections::BTreeMap;
use toml::Spanned;

/// The file and its text.
const BUILTIN: (&str, &str) = ("seeds/score-headers.toml", include_str!("../../seeds/score-headers.toml"));

/// What a heading of a sheet in 评分 means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the file says what each means")]
pub enum Meaning {
    Unit,
    Line,
    Project,
    Class,
    Sent,
    Back,
    Valid,
    Abstain,
    Void,
    Rater,
    Score,
    Matter,
    Date,
    Times,
    Persons,
    Each,
    Authors,
    Case,
    Doubled,
    State,
    Basis,
    Veto,
    Own,
    Judged,
    Reason,
    Person,
    Role,
    Hours,
    Trainings,
    LastRank,
    LastPoints,
    Ignored,
}

const KEYS: [(&str, Meaning); 32] = [
    ("unit", Meaning::Unit),
    ("line", Meaning::Line),
    ("project", Meaning::Project),
    ("class", Meaning::Class),
    ("sent", Meaning::Sent),
    ("back", Meaning::Back),
    ("valid", Meaning::Valid),
    ("abstain", Meaning::Abstain),
    ("void", Meaning::Void),
    ("rater", Meaning::Rater),
    ("score", Meaning::Score),
    ("matter", Meaning::Matter),
    ("date", Meaning::Date),
    ("times", Meaning::Times),
    ("persons", Meaning::Persons),
    ("each", Meaning::Each),
    ("authors", Meaning::Authors),
    ("case", Meaning::Case),
    ("doubled", Meaning::Doubled),
    ("state", Meaning::State),
    ("basis", Meaning::Basis),
    ("veto", Meaning::Veto),
    ("own", Meaning::Own),
    ("judged", Meaning::Judged),
    ("reason", Meaning::Reason),
    ("person", Meaning::Person),
    ("role", Meaning::Role),
    ("hours", Meaning::Hours),
    ("trainings", Meaning::Trainings),
    ("last_rank", Meaning::LastRank),
    ("last_points", Meaning::LastPoints),
    ("ignored", Meaning::Ignored),
];

/// Headings with their meanings.
#[derive(Debug, Clone)]
pub struct ScoreHeaders {
    meanings: BTreeMap<String, Meaning>,
}

impl ScoreHeaders {
    /// The built-in headings.
    ///
    /// # Errors
    /// Never, unless the program was built with a broken file.
    pub fn builtin() -> Result<Self> {
        Self::load(BUILTIN.0, BUILTIN.1)
    }

    /// Headings from a text.
    ///
    /// # Errors
    /// [`crate::error::Error::Seed`] with the line of an unknown meaning, or of a wording that has two.
    pub fn load(file: &str, text: &str) -> Result<Self> {
        let source = Source::new(file, text);
        let parsed = source.parse::<BTreeMap<Spanned<String>, Vec<Spanned<String>>>>()?;
        let mut meanings = BTreeMap::new();
        let mut entries: Vec<_> = parsed.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, words) in entries {
            let Some((_, meaning)) = KEYS.iter().find(|(name, _)| name == key.get_ref()) else {
                return Err(source.error_at(&key.span(), format!("没有“{}”这个含义", key.get_ref())));
            };
            for word in words {
                if meanings.insert(fold(word.get_ref()), *meaning).is_some() {
                    return Err(source.error_at(&word.span(), format!("“{}”写了两次", word.get_ref())));
                }
            }
        }
        Ok(Self { meanings })
    }

    /// What a folded heading means.
    #[must_use]
    pub fn meaning(&self, folded: &str) -> Option<Meaning> {
        self.meanings.get(folded).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_mean_one_thing() {
        let headers = ScoreHeaders::builtin().unwrap();
        assert_eq!(headers.meaning(&fold("单 位")), Some(Meaning::Unit));
        for (_, meaning) in KEYS {
            assert!(headers.meanings.values().any(|known| *known == meaning), "{meaning:?} has no wording");
        }
        let error = ScoreHeaders::load("列名.toml", "unit = [\"单位\"]\nline = [\"单位\"]\n").unwrap_err();
        assert_eq!(error.to_string(), "列名.toml 第2行：“单位”写了两次");
    }
}
