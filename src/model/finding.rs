//! What a person should know: a rule, a message, a place, and what to do.

use super::{Place, Rule};
use std::cmp::Ordering;
use std::fmt;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something was not read or cannot be counted; the run ends with exit code 1.
    Error,
    /// Something was read, but a person should look at it.
    Warning,
    /// Something that is as it should be but worth knowing.
    Note,
}

impl Severity {
    /// 错误, 提醒 or 说明.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "错误",
            Self::Warning => "提醒",
            Self::Note => "说明",
        }
    }
}

/// One thing that was noticed.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that it falls under: its code and severity.
    pub rule: &'static Rule,
    /// What is the matter, with the value in question in “ ”.
    pub message: String,
    /// Where; `None` where it belongs to no file.
    pub place: Option<Place>,
    /// What to do; the rule's own advice where this is empty.
    pub hint: String,
}

impl Finding {
    /// A finding at a place, with the rule's own advice.
    #[must_use]
    pub fn at(rule: &'static Rule, place: &Place, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), place: Some(place.clone()), hint: String::new() }
    }

    /// A finding that belongs to no file.
    #[must_use]
    pub fn general(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), place: None, hint: String::new() }
    }

    /// The same finding with advice of its own.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &str {
        if self.hint.is_empty() { self.rule.advice } else { &self.hint }
    }

    /// The order in which findings are shown: gravest first, then by place, code and text.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        (self.rule.severity, &self.place, self.rule.code, &self.message).cmp(&(
            other.rule.severity,
            &other.place,
            other.rule.code,
            &other.message,
        ))
    }
}

/// A text as it stands inside “ ”: its own quotes become ‘ ’.
#[must_use]
pub fn within_quotes(text: &str) -> String {
    text.replace('“', "‘").replace('”', "’")
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.rule.severity.as_str(), self.rule.code)?;
        if let Some(place) = &self.place {
            write!(f, "{place}：")?;
        }
        f.write_str(&self.message)
    }
}
