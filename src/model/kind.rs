//! Kinds of activity (支委会, 党课 …) by their canonical name.

use std::fmt;
use std::sync::Arc;

/// The canonical name of a kind of activity, such as `支委会`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub Arc<str>);

impl KindId {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for KindId {
    fn from(name: &str) -> Self {
        Self(Arc::from(name))
    }
}

impl fmt::Display for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of one activity, each once, the stated one first.
pub type Kinds = Vec<KindId>;
