//! What is shown on the screen may be kept in a log: names of persons are shortened there.
//!
//! In: the persons whom the inputs name, and a line. Out: the line with 某某 for the given names of the persons that the inputs
//! name as such (secretaries, leaders, who presided or kept the record). Never here: documents and workbooks.

use aho_corasick::{AhoCorasick, MatchKind};
use shuzhi::pipeline::persons::Persons;

/// Shortens names, or leaves them where the user has asked for them.
pub(super) struct Discretion {
    names: Option<AhoCorasick>,
    short: Vec<String>,
}

impl Discretion {
    /// Knows the persons of an assessment, also those that may be other words; `open`: names were asked for.
    pub(super) fn of(persons: &Persons, open: bool) -> Self {
        let names = persons.names.iter().chain(&persons.unsure);
        Self::new(names.filter(|_| !open).map(String::as_str))
    }

    fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.collect();
        let short = names.iter().map(|name| shortened(name)).collect();
        // A name that begins with another one goes before it.
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names).ok();
        Self { names: finder.filter(|_| !names.is_empty()), short }
    }

    /// A line without names.
    pub(super) fn line(&self, line: &str) -> String {
        match &self.names {
            Some(names) => names.replace_all(line, &self.short),
            None => line.to_owned(),
        }
    }
}

/// The first character, and 某 for each other one.
fn shortened(name: &str) -> String {
    name.chars().enumerate().map(|(at, character)| if at == 0 { character } else { '某' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_shortened() {
        let discreet = Discretion::new(["邢志平", "邢志"].into_iter());
        assert_eq!(discreet.line("“邢志平”和邢志；支部书记、办公室"), "“邢某某”和邢某；支部书记、办公室");
        assert_eq!(Discretion::new(std::iter::empty()).line("邢志平"), "邢志平");
    }
}
