//! Names of persons in a shape that may be shown: 邢志平 as 邢某某.
//!
//! In: names, and words that stay as they are. Out: texts in which each of the names is masked, no two alike. Never here:
//! which words are names, files.

use super::persons::{is_double, is_han};
use crate::error::{Error, Result};
use crate::render::Change;
use aho_corasick::{AhoCorasick, MatchKind};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for a character of a given name.
const HIDDEN: char = '某';
/// What parts the characters of a short name to make it as wide as a longer one.
const BLANKS: [&str; 4] = [" ", "\u{3000}", "  ", "\u{a0}"];
/// How the dot within a name may be written.
const DOTS: [char; 6] = ['·', '•', '‧', '・', '．', '∙'];
/// What follows a text that was cut, perhaps within a name.
const CUT: char = '…';

/// Masks of names.
#[derive(Debug, Default)]
pub struct Masks {
    finder: Option<AhoCorasick>,
    /// What stands in the place of each pattern; none for a word that stays.
    shown: Vec<Option<String>>,
    masked: Vec<(String, String)>,
}

impl Masks {
    /// Masks for these names, of which an earlier one has the simpler mask. What is `kept` stays, also where a name
    /// is a part of it. No mask is one that stands in `texts` already: what is different stays different.
    ///
    /// # Errors
    /// [`Error::Render`] where there are more names than can be looked for.
    pub fn new<'a>(
        names: impl IntoIterator<Item = &'a str>,
        kept: &BTreeSet<String>,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self> {
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let taken: BTreeSet<&str> =
            texts.into_iter().chain(names.iter().copied()).filter(|text| text.contains(HIDDEN)).collect();
        let mut masks = Self::default();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        for name in names {
            let plain = masked(name);
            if plain == name || kept.contains(name) || !seen.insert(name) {
                continue;
            }
            let number = numbers.entry(plain.clone()).or_default();
            let mask = loop {
                *number += 1;
                let mask = if *number == 1 { plain.clone() } else { format!("{plain}{number}") };
                if !taken.iter().any(|text| text.contains(&mask)) {
                    break mask;
                }
            };
            masks.masked.push((name.to_owned(), mask));
        }
        let mut patterns: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (name, mask) in &masks.masked {
            for (pattern, shown) in variants(name, mask) {
                patterns.entry(pattern).or_insert(Some(shown));
            }
        }
        // The names themselves come before another one's cut or parted shape.
        patterns.extend(masks.masked.iter().map(|(name, mask)| (name.clone(), Some(mask.clone()))));
        patterns.extend(kept.iter().filter(|word| !word.is_empty()).map(|word| (word.clone(), None)));
        if !masks.masked.is_empty() {
            // A name that begins with another one goes before it.
            let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns.keys());
            masks.finder = Some(finder.map_err(|error| Error::Render {
                document: "遮盖姓名的成果".into(),
                message: format!("姓名过多，不能逐个查找（{error}）"),
            })?);
            masks.shown = patterns.into_values().collect();
        }
        Ok(masks)
    }

    /// A text with its names masked.
    #[must_use]
    pub fn line<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = String::new();
        let mut done = 0;
        for change in self.found(text) {
            out.push_str(text.get(done..change.at.start).unwrap_or_default());
            out.push_str(&change.to);
            done = change.at.end;
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// Where names stand in a text, and what comes instead.
    #[must_use]
    pub fn found(&self, text: &str) -> Vec<Change> {
        let Some(finder) = &self.finder else { return Vec::new() };
        finder
            .find_iter(text)
            .filter_map(|found| {
                let mut to = self.shown.get(found.pattern().as_usize())?.clone()?;
                // The number of a mask is not that of what follows: 邢某某2 and 3月5日.
                if text.as_bytes().get(found.end()).is_some_and(u8::is_ascii_digit) {
                    to.push(' ');
                }
                Some(Change { at: found.range(), to })
            })
            .collect()
    }

    /// The names with their masks, in the order in which they were given.
    #[must_use]
    pub fn masked(&self) -> &[(String, String)] {
        &self.masked
    }
}

/// The family name, and 某 for each further character; of a name with a dot, two of them.
fn masked(name: &str) -> String {
    let count = name.chars().count();
    let (kept, hidden) = if name.contains('·') {
        (1, 2)
    } else if count > 2 && is_double(name) {
        (2, count - 2)
    } else {
        (1, count - 1)
    };
    name.chars().take(kept).chain(std::iter::repeat_n(HIDDEN, hidden)).collect()
}

/// Other shapes of a name: parted by blanks, with another dot, cut.
fn variants(name: &str, mask: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let count = name.chars().count();
    if name.contains('·') {
        let other = |dot: &char| (name.replace('·', dot.encode_utf8(&mut [0; 4])), mask.to_owned());
        all.extend(DOTS.iter().skip(1).map(other));
    } else if count <= 3 {
        let parted = |text: &str, blank: &str| {
            let (letters, number) = text.split_at(text.find(|c: char| !is_han(c)).unwrap_or(text.len()));
            letters.chars().map(String::from).collect::<Vec<_>>().join(blank) + number
        };
        all.extend(BLANKS.iter().map(|blank| (parted(name, blank), parted(mask, blank))));
    }
    let cut = |kept: usize| {
        let part: String = name.chars().take(kept).collect();
        let shown: String = mask.chars().take(kept).collect();
        (format!("{part}{CUT}"), format!("{shown}{CUT}"))
    };
    all.extend((2..count).map(cut));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(names: &[&str], kept: &[&str]) -> Masks {
        let kept = kept.iter().map(|word| (*word).to_owned()).collect();
        Masks::new(names.iter().copied(), &kept, []).unwrap()
    }

    #[test]
    fn the_family_name_stays() {
        for (name, want) in [
            ("邢志平", "邢某某"),
            ("高山", "高某"),
            ("欧阳文静", "欧阳某某"),
            ("欧阳静", "欧阳某"),
            ("欧阳", "欧某"),
            ("买买提·艾力", "买某某"),
            ("王㛃", "王某"),
        ] {
            assert_eq!(masks(&[name], &[]).line(name), want);
        }
        assert_eq!(masks(&[], &[]).line("邢志平"), "邢志平");
    }

    #[test]
    fn two_persons_never_look_alike() {
        let masks = masks(&["邢志", "邢志华", "邢志平", "邢某某", "欧阳静", "欧阳文静"], &[]);
        let all: Vec<String> = masks.masked().iter().map(|(name, mask)| format!("{name}{mask}")).collect();
        assert_eq!(
            all,
            ["邢志邢某2", "邢志华邢某某2", "邢志平邢某某3", "欧阳静欧阳某", "欧阳文静欧阳某某"],
            "one who is called 邢某某 keeps it"
        );
        assert_eq!(masks.line("邢志平、邢志华和邢志"), "邢某某3、邢某某2和邢某2");
        assert_eq!(masks.line("邢志华3月5日讲课"), "邢某某2 3月5日讲课");
        let texts = Masks::new(["邢志平"], &BTreeSet::new(), ["邢某某工作室"]).unwrap();
        assert_eq!(texts.line("邢志平工作室"), "邢某某2工作室");
    }

    #[test]
    fn other_shapes_of_a_name_are_masked_too() {
        let masks = masks(&["王五", "邢志平", "买买提·艾力"], &[]);
        for (text, want) in [
            ("王 五、王\u{3000}五", "王 某、王\u{3000}某"),
            ("邢 志 平", "邢 某 某"),
            ("买买提•艾力", "买某某"),
            ("主持人邢志……", "主持人邢某……"),
            ("邢志存高远", "邢志存高远"),
        ] {
            assert_eq!(masks.line(text), want);
        }
    }

    #[test]
    fn words_that_stay_go_before_the_names_in_them() {
        let masks = masks(&["文明", "高山"], &["文明单位", "高山"]);
        assert_eq!(masks.line("文明创建文明单位，高山"), "文某创建文明单位，高山");
    }
}
