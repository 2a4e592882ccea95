//! A value together with what was noticed while making it.

use super::Finding;

/// A value that is always there, and the findings that came with it.
#[derive(Debug, Clone, Default)]
pub struct Outcome<T> {
    /// What was made, as far as it could be made.
    pub value: T,
    /// What a person should know about it, in the order in which it was noticed.
    pub findings: Vec<Finding>,
}

impl<T> Outcome<T> {
    /// A value with nothing to say about it.
    #[must_use]
    pub fn clean(value: T) -> Self {
        Self { value, findings: Vec::new() }
    }

    /// A value with findings.
    #[must_use]
    pub fn new(value: T, findings: Vec<Finding>) -> Self {
        Self { value, findings }
    }

    /// The value, its findings appended to `sink`.
    pub fn drain_into(self, sink: &mut Vec<Finding>) -> T {
        sink.extend(self.findings);
        self.value
    }
}
