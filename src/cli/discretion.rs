//! What is shown on the screen may be kept in a log: names of persons are masked there.
//!
//! In: the persons whom the inputs name, and a line. Out: the line with 某 for the given names of the persons that the inputs
//! name as such (secretaries, leaders, who presided or kept the record). Never here: documents and workbooks.

use shuzhi::error::Result;
use shuzhi::pipeline::masks::Masks;
use shuzhi::pipeline::persons::Persons;
use std::collections::BTreeSet;

/// Masks names, or leaves them where the user has asked for them.
pub(super) struct Discretion(Masks);

impl Discretion {
    /// Knows the persons of an assessment, also those that may be other words; `open`: names were asked for.
    ///
    /// # Errors
    /// Where there are more names than can be looked for.
    pub(super) fn of(persons: &Persons, open: bool) -> Result<Self> {
        let names = persons.names.iter().chain(&persons.unsure);
        Masks::new(names.filter(|_| !open).map(String::as_str), &BTreeSet::new(), []).map(Self)
    }

    /// A line without names.
    pub(super) fn line(&self, line: &str) -> String {
        self.0.line(line).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_masked() {
        let names = ["邢志平", "邢志"].map(String::from).into();
        let persons = Persons { names, unsure: ["记录".to_owned()].into() };
        let line = |open: bool| Discretion::of(&persons, open).unwrap().line("“邢志平”和邢志记录；支部书记");
        assert_eq!(line(false), "“邢某某”和邢某记某；支部书记");
        assert_eq!(line(true), "“邢志平”和邢志记录；支部书记");
    }
}
