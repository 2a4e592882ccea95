//! What is shown on the screen may be kept in a log: names of persons are shortened there.
//!
//! In: an assessment and a line. Out: the line with 某某 for the given names of the persons that the inputs
//! name as such (secretaries, leaders, who presided or kept the record). Never here: documents and workbooks.

use aho_corasick::{AhoCorasick, MatchKind};
use shuzhi::error::Result;
use shuzhi::pipeline::assess::Assessed;
use std::collections::BTreeSet;

/// Words for offices and bodies; what has one of them is no name of a person.
const OFFICES: [&str; 17] = [
    "书记", "主任", "委员", "支部", "组长", "局", "处长", "科", "室", "党", "工会", "负责", "全体", "轮流",
    "同志", "领导", "代表",
];

/// Shortens names, or leaves them where the user has asked for them.
pub(super) struct Discretion {
    names: Option<AhoCorasick>,
    short: Vec<String>,
}

impl Discretion {
    /// Knows the persons of an assessment; `open`: names were asked for.
    ///
    /// # Errors
    /// Where what was put aside cannot be read.
    pub(super) fn of(assessed: &Assessed, open: bool) -> Result<Self> {
        let mut names: BTreeSet<String> = BTreeSet::new();
        if !open {
            let mut add = |name: Option<&str>| {
                if let Some(name) = name.filter(|name| is_of_person(name) && !names.contains(*name)) {
                    names.insert(name.to_owned());
                }
            };
            assessed.leadership.cases.iter().for_each(|case| add(Some(&*case.leader.name)));
            assessed.cases().each(|_, case| {
                add(case.result.unit.secretary.as_deref());
                for activity in &case.result.activities {
                    add(activity.host.as_deref());
                    add(activity.recorder.as_deref());
                }
            })?;
        }
        Ok(Self::new(names.iter().map(String::as_str)))
    }

    fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.filter(|name| is_of_person(name)).collect();
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

fn is_of_person(name: &str) -> bool {
    let han = |character: char| ('\u{4e00}'..='\u{9fff}').contains(&character);
    (2..=4).contains(&name.chars().count())
        && name.chars().all(han)
        && !OFFICES.iter().any(|word| name.contains(word))
}

/// The first character, and 某 for each other one.
fn shortened(name: &str) -> String {
    name.chars().enumerate().map(|(at, character)| if at == 0 { character } else { '某' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_are_shortened_and_offices_are_not() {
        let discreet = Discretion::new(["邢志平", "邢志", "支部书记", "办公室", "Li"].into_iter());
        assert_eq!(discreet.line("“邢志平”和邢志；支部书记、办公室"), "“邢某某”和邢某；支部书记、办公室");
        assert_eq!(Discretion::new(std::iter::empty()).line("邢志平"), "邢志平");
    }
}
