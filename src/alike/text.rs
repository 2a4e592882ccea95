//! What is left of a record's text when date, numbers, kind and names are taken out.

use super::{OWN, OWN_TITLE};
use crate::model::{Activity, Unit};
use crate::seeds::KindTable;
use crate::seeds::text::{fold, is_letter};
use aho_corasick::{AhoCorasick, MatchKind};

/// Characters of a text that are compared; a longer one is told by its beginning.
const READ: usize = 2_000;
/// Stands for any number.
const NUMBER: char = '#';
const DATE_WORDS: [&str; 10] =
    ["上半年", "下半年", "上旬", "中旬", "下旬", "上午", "下午", "晚上", "星期日", "星期天"];
/// What a number is followed by in a date or time.
const DATE_UNITS: &str = "年月日号时点分旬季";
/// What stands between the numbers of a date or a span.
const JOINTS: &str = ".-/:~—、";
/// Words of a host's cell that are no name.
const POSTS: [&str; 8] = ["书记", "副书记", "委员", "主任", "组长", "支委", "党员", "站长"];

/// Whether the character is a numeral.
pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十百千两".contains(c)
}

/// The words that say nothing of an activity's own: kinds and dates.
#[derive(Debug)]
pub struct Words {
    common: Option<AhoCorasick>,
}

impl Words {
    /// The words of these kinds.
    #[must_use]
    pub fn new(kinds: &KindTable) -> Self {
        let words = kinds.wordings().map(|(word, _)| word).chain(DATE_WORDS);
        Self { common: AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok() }
    }

    /// The characters of a text that are compared; names are folded. 《 and 》 stay.
    fn bare(&self, text: &str, names: &[String]) -> Vec<char> {
        let text = text.char_indices().nth(READ).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
        let mut text = fold(text);
        for name in names {
            if text.contains(name.as_str()) {
                text = text.replace(name.as_str(), "");
            }
        }
        if let Some(common) = &self.common {
            let mut rest = String::with_capacity(text.len());
            common.replace_all_with(&text, &mut rest, |_, _, _| true);
            text = rest;
        }
        without_numbers(&text)
    }
}

/// Dates go, other numbers become one mark, punctuation goes.
fn without_numbers(text: &str) -> Vec<char> {
    let chars: Vec<char> = text.chars().collect();
    let is = |at: usize, test: &dyn Fn(char) -> bool| chars.get(at).is_some_and(|c| test(*c));
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        if is_numeral(c) {
            while is(at, &is_numeral) || is(at, &|c| JOINTS.contains(c)) && is(at + 1, &is_numeral) {
                at += 1;
            }
            if is(at, &|c| DATE_UNITS.contains(c)) {
                at += 1;
                at += usize::from(is(at, &|c| c == '份' || c == '度'));
            } else if out.last() != Some(&NUMBER) {
                out.push(NUMBER);
            }
        } else if is_letter(c) || c == '《' || c == '》' {
            out.push(c);
        }
    }
    out
}

/// The runs of three characters of a record.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Runs {
    /// Each once, sorted; a run is its three characters, so that two are equal only where these are.
    pub(super) all: Vec<u64>,
    /// Characters of its own, what is said again not counted: neither numbers nor names of documents.
    pub(super) own: usize,
    /// Whether there is content beside the title.
    pub(super) content: bool,
}

/// Name, aliases and secretary of a unit in the form in which they are taken out, the longest first.
pub(super) fn unit_names(unit: &Unit) -> Vec<String> {
    let all = unit.aliases.iter().map(String::as_str).chain([&*unit.name]);
    let mut names: Vec<String> = all.map(fold).filter(|name| name.chars().count() >= 3).collect();
    names.extend(unit.secretary.as_deref().map(fold).filter(|name| name.chars().count() >= 2));
    names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    names.dedup();
    names
}

/// Whether a record has so many characters at all that enough of its own may be left.
pub(super) fn may_tell(activity: &Activity) -> bool {
    let content = activity.description.as_deref().unwrap_or_default();
    let least = if content.is_empty() { OWN_TITLE } else { OWN };
    // Folding makes up to eighteen characters of one, but none of an ideograph.
    let han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    let counted = |text: &str| text.chars().map(|c| if han(c) { 1 } else { 18 }).sum::<usize>();
    counted(&activity.title) + counted(content) >= least
}

/// The runs of a record's title and content, without the names of its unit and of its people.
pub(super) fn runs(words: &Words, activity: &Activity, unit_names: &[String]) -> Runs {
    let people = [&activity.host, &activity.recorder].into_iter().flatten();
    let people: Vec<String> = people
        .flat_map(|people| people.split(|c: char| !is_letter(c)))
        .map(fold)
        .filter(|name| (2..=4).contains(&name.chars().count()) && !POSTS.contains(&name.as_str()))
        .collect();
    let names: Vec<String> = unit_names.iter().cloned().chain(people).collect();
    let (mut all, mut own) = (Vec::new(), Vec::new());
    let mut parts = 0;
    let content = activity.description.as_deref().unwrap_or_default();
    for part in [activity.title.as_str(), content] {
        let before = own.len();
        add(&words.bare(part, &names), &mut all, &mut own);
        parts += usize::from(own.len() > before);
    }
    for runs in [&mut all, &mut own] {
        runs.sort_unstable();
        runs.dedup();
    }
    all.shrink_to_fit();
    // A text of n characters has n - 2 runs.
    Runs { all, own: own.len() + 2 * parts, content: !content.is_empty() }
}

/// Adds the runs of a text, and those that pass over numbers and stay outside the names of documents.
fn add(chars: &[char], all: &mut Vec<u64>, own: &mut Vec<u64>) {
    // A character takes at most 21 bits.
    let with = |run: u64, c: char| (run << 21 | u64::from(u32::from(c))) & ((1 << 63) - 1);
    let (mut run, mut length) = (0, 0);
    let (mut own_run, mut own_length) = (0, 0);
    let mut document = false;
    for &c in chars {
        if c == '《' || c == '》' {
            document = c == '《';
            own_length = 0;
            continue;
        }
        (run, length) = (with(run, c), length + 1);
        if length >= 3 {
            all.push(run);
        }
        if document || c == NUMBER {
            continue;
        }
        (own_run, own_length) = (with(own_run, c), own_length + 1);
        if own_length >= 3 {
            own.push(own_run);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeds::Catalogue;

    fn bare(text: &str) -> String {
        let words = Words::new(&Catalogue::builtin().unwrap().kinds);
        words.bare(text, &[fold("机关第一党支部"), fold("何岸")]).into_iter().collect()
    }

    #[test]
    fn dates_numbers_kinds_and_names_are_taken_out() {
        for (text, left) in [
            ("2023年3月5日上午，机关第一党支部召开支委会", "召开"),
            ("3月上旬 主题党日：清理河道12处", "清理河道#处"),
            ("2023-03-05 14:30至16:00 何岸同志领学", "#至#同志领学"),
            ("第三季度党课学习《条例》第一章", "第学习《条例》第#章"),
            ("五月份，学习“两学一做”", "学习#学#做"),
        ] {
            assert_eq!(bare(text), left, "{text}");
        }
    }

    #[test]
    fn own_runs_leave_out_documents_and_numbers() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let (mut all, mut own) = (Vec::new(), Vec::new());
        add(&chars("甲乙丙丁《子丑寅卯》戊己庚#辛"), &mut all, &mut own);
        assert_eq!((all.len(), own.len()), (11, 4));
    }
}
