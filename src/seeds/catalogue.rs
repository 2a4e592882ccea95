//! Everything that is built in, loaded and checked against each other once.
//!
//! In: the files of `seeds/`. Out: one [`Catalogue`]. Never here: an office's own files.

use super::duty_lists;
use super::requirements::{self, Preset};
use super::scheme::default::PointTable;
use super::{HeaderTable, KindTable, PhraseTable, Weights};
use crate::error::Result;
use crate::model::{DutyList, ListId, Requirement};

/// The built-in reference data.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The four duty lists, in the order of their file.
    pub lists: Vec<DutyList>,
    /// Their requirements: list by list, item by item.
    pub requirements: Vec<Requirement>,
    /// Kinds of activity.
    pub kinds: KindTable,
    /// Scoring schemes, the default first.
    pub schemes: Vec<PointTable>,
    /// Header wordings and the words by which rows are told apart.
    pub headers: HeaderTable,
    /// Phrases of the items and of general topics.
    pub phrases: PhraseTable,
    /// Weights learned from labelled rows.
    pub weights: Option<Weights>,
    /// What national rules ask instead.
    pub national: Preset,
}

impl Catalogue {
    /// The built-in data; takes a few milliseconds.
    ///
    /// # Errors
    /// [`crate::error::Error`] with file and line where the data does not hold together.
    pub fn builtin() -> Result<Self> {
        let kinds = KindTable::load("seeds/kinds.toml", include_str!("../../seeds/kinds.toml"))?;
        let lists = duty_lists::builtin()?;
        let mut requirements = Vec::new();
        for list in &lists {
            for (id, file, text) in requirements::BUILTIN {
                if list.id.as_str() == id {
                    requirements.extend(requirements::load(file, text, list, &kinds)?);
                }
            }
        }
        let schemes = vec![PointTable::builtin(&requirements)?];
        let national = Preset::national(&requirements)?;
        let headers = HeaderTable::load("seeds/headers.toml", include_str!("../../seeds/headers.toml"))?;
        let items = lists.iter().flat_map(|list| &list.items).map(|item| item.id.clone()).collect();
        let phrases = PhraseTable::builtin(&kinds, &items)?;
        let weights = Some(Weights::builtin()?);
        Ok(Self { lists, requirements, kinds, schemes, headers, phrases, weights, national })
    }

    /// The built-in list of this id.
    #[must_use]
    pub fn list(&self, id: &ListId) -> Option<&DutyList> {
        self.lists.iter().find(|list| list.id == *id)
    }

    /// The requirements of a list, built in or an office's own; see [`requirements::fit`].
    #[must_use]
    pub fn requirements_for(&self, list: &DutyList) -> Vec<Requirement> {
        requirements::fit(list, &self.requirements, &self.kinds)
    }

    /// The scheme of this name; the default for an empty one.
    #[must_use]
    pub fn scheme(&self, name: &str) -> Option<&PointTable> {
        if name.is_empty() {
            return self.schemes.first();
        }
        self.schemes.iter().find(|scheme| scheme.name == name)
    }
}
