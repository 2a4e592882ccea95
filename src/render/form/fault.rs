//! What is wrong with a template.

use std::fmt;

/// One thing that is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// `正文第3段`; empty where it concerns the file.
    pub place: String,
    /// What is the matter.
    pub message: String,
    /// What to do.
    pub advice: String,
    /// The byte of the part at which it stands, by which faults are put in order.
    pub(super) at: usize,
}

impl Fault {
    pub(super) fn new(
        place: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { place: place.into(), message: message.into(), advice: advice.into(), at: 0 }
    }

    /// The same fault at a byte of its part.
    pub(super) fn at(mut self, at: usize) -> Self {
        self.at = at;
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}：", self.place)?;
        }
        write!(f, "{}。{}", self.message, self.advice)
    }
}

/// A text as a message shows it: one line, at most forty characters.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut kept: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        kept.push('…');
    }
    kept
}
