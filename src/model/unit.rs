//! A unit that is assessed.

use super::{Date, ListId};
use std::sync::Arc;

/// A branch or county bureau from the register (or found in the submissions where there is none).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Full name, unique.
    pub name: Arc<str>,
    /// Other names under which it writes.
    pub aliases: Vec<String>,
    /// The group in which it is ranked; empty where there are no groups.
    pub group: String,
    /// The duty list that it answers to.
    pub list: ListId,
    /// The secretary's name, where known.
    pub secretary: Option<String>,
    /// Party members, where known.
    pub members: Option<u32>,
    /// Whether it has a committee (支委会); unknown counts as yes.
    pub committee: Option<bool>,
    /// Whether it has 党小组; unknown counts as yes.
    pub groups: Option<bool>,
    /// Founded in the course of the year.
    pub founded: Option<Date>,
    /// Dissolved in the course of the year.
    pub dissolved: Option<Date>,
    /// Whether it stands in the register.
    pub registered: bool,
    /// Whether it is itself one of the county bureaus (县区局) that its superior checks.
    pub county: bool,
    /// The county into whose figure its points go: for a branch its county bureau, for a county bureau with
    /// branches its own name; none for all others. The name is that of the register where it stands there.
    pub county_of: Option<Arc<str>>,
}

impl Unit {
    /// A unit of which only the name is known.
    #[must_use]
    pub fn named(name: impl Into<Arc<str>>, list: ListId) -> Self {
        Self {
            name: name.into(),
            aliases: Vec::new(),
            group: String::new(),
            list,
            secretary: None,
            members: None,
            committee: None,
            groups: None,
            founded: None,
            dissolved: None,
            registered: false,
            county: false,
            county_of: None,
        }
    }

    /// Whether it is a branch of a county: it belongs to one and is not the county bureau itself.
    #[must_use]
    pub fn is_county_branch(&self) -> bool {
        self.county_of.as_ref().is_some_and(|county| *county != self.name)
    }
}
