//! Headings of ledgers with their meanings, and the wordings by which rows and sheets are told apart.

use super::source::Source;
use super::text::{Chars, fold, folded_char, folded_first};
use crate::error::Result;
use crate::model::Field;
use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// What a heading means, and how surely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// The meaning.
    pub field: Field,
    /// Whether the whole heading is a known wording, not only a part of it.
    pub whole: bool,
}

/// Headings and words.
#[derive(Debug, Clone)]
pub struct HeaderTable {
    whole: BTreeMap<String, Field>,
    inside: AhoCorasick,
    inside_fields: Vec<Field>,
    /// The words by which rows, sheets and cells are told apart.
    pub words: Words,
}

/// A set of folded wordings.
#[derive(Debug, Clone, Default)]
pub struct WordSet {
    set: BTreeSet<String>,
    longest_first: Vec<String>,
    /// The characters with which wordings begin: most texts are told by theirs.
    firsts: Chars,
    /// The characters with which wordings end.
    lasts: Chars,
    /// Bytes of the longest wording.
    longest: usize,
}

impl WordSet {
    fn new(list: &[Spanned<String>]) -> Self {
        let set: BTreeSet<String> = list.iter().map(|w| fold(w.get_ref())).collect();
        let mut longest_first: Vec<String> = set.iter().cloned().collect();
        longest_first.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        let firsts = set.iter().filter_map(|word| word.chars().next()).collect();
        let lasts = set.iter().filter_map(|word| word.chars().next_back()).collect();
        let longest = longest_first.first().map_or(0, String::len);
        Self { set, longest_first, firsts, lasts, longest }
    }

    /// Whether a text as written, folded, is one of the wordings.
    #[must_use]
    pub fn is_written(&self, text: &str) -> bool {
        // Folding makes a character shorter by two bytes at most; blanks it takes out.
        text.len() <= self.longest * 3 + 30 && self.may_begin(text) && {
            let folded = fold(text);
            folded.len() <= self.longest && self.is(&folded)
        }
    }

    /// Whether a text as written may begin with one of the wordings, told by its first character.
    #[must_use]
    pub fn may_begin(&self, text: &str) -> bool {
        folded_first(text).is_some_and(|first| self.firsts.has(first))
    }

    /// Whether a text as written may hold one of the wordings, told by the characters in it.
    #[must_use]
    pub fn may_hold(&self, text: &str) -> bool {
        text.chars().any(|c| folded_char(c).is_none_or(|c| self.lasts.has(c)))
    }

    /// Whether a folded text is one of the wordings.
    #[must_use]
    pub fn is(&self, folded: &str) -> bool {
        self.set.contains(folded)
    }

    /// The longest wording with which a folded text begins.
    #[must_use]
    pub fn start(&self, folded: &str) -> Option<&str> {
        self.longest_first.iter().find(|word| folded.starts_with(word.as_str())).map(String::as_str)
    }

    /// The longest wording with which a folded text ends.
    #[must_use]
    pub fn end(&self, folded: &str) -> Option<&str> {
        self.longest_first.iter().find(|word| folded.ends_with(word.as_str())).map(String::as_str)
    }

    /// Whether a folded text contains one of the wordings.
    #[must_use]
    pub fn within(&self, folded: &str) -> bool {
        self.longest_first.iter().any(|word| folded.contains(word.as_str()))
    }

    /// The wordings, longest first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.longest_first.iter().map(String::as_str)
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Wordings by their use; all folded.
        #[derive(Debug, Clone)]
        pub struct Words {
            $($(#[$doc])* pub $name: WordSet,)*
        }

        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct RawWords {
            $($name: Vec<Spanned<String>>,)*
        }

        impl RawWords {
            fn check(&self, source: &Source<'_>) -> Result<Words> {
                $(no_word_twice(source, stringify!($name), &self.$name)?;)*
                Ok(Words { $($name: WordSet::new(&self.$name),)* })
            }
        }
    };
}

words! {
    /// Like the row above.
    same_as_above,
    /// Nothing is there.
    nothing,
    /// A tick: it was held.
    ticked,
    /// Beginnings of rows with sums.
    totals,
    /// Beginnings of notes and signature lines.
    notes,
    /// Marks of notes anywhere in a line.
    notes_anywhere,
    /// Cells that mark an example row.
    example_cells,
    /// Beginnings of the title of an example.
    example_starts,
    /// What an instruction row says under each heading (必填, 数字).
    format_hints,
    /// Names of sheets with templates and lists to choose from.
    template_sheets,
    /// Names of sheets that only point at others.
    index_sheets,
    /// Headings of a column that says on which sheet or page something stands.
    pointers,
    /// Names of sheets that are no ledger.
    not_activity_sheets,
    /// Headings that only lists of persons or dues have.
    roster_headings,
    /// Headings that alone say that a row is a person.
    person_headings,
    /// It was not held.
    not_held,
    /// Labels beside a matrix of lines that tell of no activity.
    remarks,
    /// Beginnings of a second line that holds the content of the row above.
    continuations,
    /// Keys of the line with the reporting unit.
    unit_lines,
    /// Keys of other lines above a table.
    meta_lines,
    /// Words for a ledger at the end of a title.
    ledgers,
    /// Endings of the names of Party organisations.
    party_suffixes,
    /// Endings of the names of offices.
    office_suffixes,
    /// Names that are too general for a unit.
    generic_units,
    /// Words that contain such an ending and name no unit.
    not_units,
    /// Words for everybody.
    people_words,
    /// What may follow a kind.
    kind_tails,
    /// Verbs before a kind in running text.
    holding,
    /// Words after which a kind is only talked about.
    talked_about,
    /// Lines that only say that a table goes on over the page.
    page_lines,
    /// What a calendar says of a day itself: holidays, solar terms, days off.
    day_names,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    field: Vec<Entry>,
    words: RawWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    whole: Vec<Spanned<String>>,
    #[serde(default)]
    inside: Vec<Spanned<String>>,
}

impl HeaderTable {
    /// The headings of a file.
    ///
    /// # Errors
    /// [`crate::error::Error::Seed`] with the line of a wording that is there twice, or of an unknown field.
    pub fn load(file: &str, text: &str) -> Result<Self> {
        let source = Source::new(file, text);
        let parsed = source.parse::<File>()?;
        let mut whole = BTreeMap::new();
        let mut inside: Vec<String> = Vec::new();
        let mut inside_fields = Vec::new();
        for entry in &parsed.field {
            let name = entry.id.get_ref();
            let Some(field) = field_named(name) else {
                return Err(source.error_at(&entry.id.span(), format!("不认识的含义“{name}”")));
            };
            for wording in &entry.whole {
                let folded = fold(wording.get_ref());
                if folded.is_empty() {
                    return Err(source.error_at(&wording.span(), "写法不能为空"));
                }
                if let Some(other) = whole.insert(folded, field) {
                    let message =
                        format!("“{}”写了两次（{other:?}、{field:?}），只能有一个含义", wording.get_ref());
                    return Err(source.error_at(&wording.span(), message));
                }
            }
            for wording in &entry.inside {
                let folded = fold(wording.get_ref());
                if inside.contains(&folded) {
                    let message = format!("“{}”写了两次，只能有一个含义", wording.get_ref());
                    return Err(source.error_at(&wording.span(), message));
                }
                inside.push(folded);
                inside_fields.push(field);
            }
        }
        let words = parsed.words.check(&source)?;
        let inside = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .prefilter(false)
            .build(&inside)
            .map_err(|error| source.error(0, error.to_string()))?;
        Ok(Self { whole, inside, inside_fields, words })
    }

    /// What a folded heading means. A wording that only stands inside it counts less; the longest
    /// such wording wins, and of equally long ones the last, which in Chinese is the head word.
    #[must_use]
    pub fn label(&self, folded: &str) -> Option<Label> {
        if folded.is_empty() || folded.len() > 120 {
            return None;
        }
        if let Some(field) = self.whole.get(folded) {
            return Some(Label { field: *field, whole: true });
        }
        let bare = without_brackets(folded);
        if let Some(field) = self.whole.get(bare.as_str()) {
            return Some(Label { field: *field, whole: true });
        }
        let field_of = |m: &aho_corasick::Match| self.inside_fields.get(m.pattern().as_usize()).copied();
        let found = self.inside.find_iter(&bare).max_by_key(|m| (m.end() - m.start(), m.start()))?;
        // 时间地点 in one column is a date with a place behind it.
        let dated = self.inside.find_iter(&bare).any(|m| field_of(&m) == Some(Field::Date));
        let field = field_of(&found)?;
        let field = if field == Field::Location && dated { Field::Date } else { field };
        Some(Label { field, whole: false })
    }

    /// What a folded word means that is known as it stands, be it a whole heading or a part of headings.
    #[must_use]
    pub fn known(&self, folded: &str) -> Option<Field> {
        self.whole(folded).or_else(|| {
            let found = self.inside.find(folded).filter(|m| m.start() == 0 && m.end() == folded.len())?;
            self.inside_fields.get(found.pattern().as_usize()).copied()
        })
    }

    /// What a folded heading means where the whole of it is a known wording.
    #[must_use]
    pub fn whole(&self, folded: &str) -> Option<Field> {
        self.label(folded).filter(|label| label.whole).map(|label| label.field)
    }
}

/// A folded heading without what stands in brackets, and without marks around it.
fn without_brackets(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut depth = 0_u32;
    for c in folded.chars() {
        match c {
            '(' | '[' | '【' | '〔' | '{' => depth += 1,
            ')' | ']' | '】' | '〕' | '}' => depth = depth.saturating_sub(1),
            '*' | ':' | '※' | '★' | '“' | '”' | '"' | '。' => {}
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn no_word_twice(source: &Source<'_>, name: &str, list: &[Spanned<String>]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for word in list {
        if word.get_ref().is_empty() || !seen.insert(word.get_ref().as_str()) {
            return Err(
                source.error_at(&word.span(), format!("{name} 里的“{}”是空的或写了两次", word.get_ref()))
            );
        }
    }
    Ok(())
}

fn field_named(name: &str) -> Option<Field> {
    Some(match name {
        "number" => Field::Number,
        "unit" => Field::Unit,
        "date" => Field::Date,
        "planned_date" => Field::PlannedDate,
        "date_start" => Field::DateStart,
        "date_end" => Field::DateEnd,
        "year" => Field::Year,
        "month" => Field::Month,
        "day" => Field::Day,
        "time" => Field::Time,
        "kind" => Field::Kind,
        "title" => Field::Title,
        "content" => Field::Content,
        "attended" => Field::Attended,
        "expected" => Field::Expected,
        "expected_attended" => Field::ExpectedAttended,
        "absent" => Field::Absent,
        "hours" => Field::Hours,
        "host" => Field::Host,
        "lecturer" => Field::Lecturer,
        "recorder" => Field::Recorder,
        "location" => Field::Location,
        "status" => Field::Status,
        "ignored" => Field::Ignored,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../seeds/headers.toml");

    #[test]
    fn headings_mean_what_offices_mean() {
        let table = HeaderTable::load("headers.toml", TEXT).unwrap();
        for (heading, field, whole) in [
            ("序 号", Field::Number, true),
            ("活动⏎时间".replace('⏎', "\n").as_str(), Field::Date, true),
            ("时长（分钟）", Field::Hours, true),
            ("实际开展的时间", Field::Date, false),
            ("計劃時間", Field::PlannedDate, true),
            ("参加党员人数", Field::Attended, true),
            ("缺席人员及原因", Field::Ignored, true),
            ("入党时间", Field::Ignored, true),
            ("应到/实到", Field::ExpectedAttended, true),
            ("活动主题", Field::Title, true),
            ("本次活动具体内容", Field::Content, false),
            ("时间、地点", Field::Date, false),
        ] {
            let label = table.label(&fold(heading)).unwrap();
            assert_eq!((label.field, label.whole), (field, whole), "{heading}");
        }
        assert_eq!(table.label(&fold("支委会")), None);
    }

    #[test]
    fn a_wording_with_two_meanings_is_refused_with_its_line() {
        let text = TEXT.replacen("\"编号\"", "\"活动时间\"", 1);
        let error = HeaderTable::load("headers.toml", &text).unwrap_err().to_string();
        assert!(error.starts_with("headers.toml 第") && error.contains("“活动时间”写了两次"), "{error}");
    }
}
