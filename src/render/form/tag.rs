//! What a placeholder says.
//!
//! In: the text between its braces. Out: a [`Word`], or why it is none. Never here: whether a name is known.

use std::cmp::Ordering;
use unicode_normalization::UnicodeNormalization;

/// What a placeholder asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// A value.
    Value(Path),
    /// A generated section.
    Section(String),
    /// `每项 活动`, with the name of the entry.
    Each { list: String, entry: String },
    /// `如有 奖励`, `如果 得分 >= 90`.
    If(Condition),
    /// `否则如果 …`.
    ElseIf(Condition),
    /// `否则`.
    Else,
    /// `完`.
    End,
}

/// A name, or a name and a field of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// The list or entry; none for a plain name.
    pub of: Option<String>,
    pub name: String,
}

/// Tests, any of which must hold; within each, all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition(pub Vec<Vec<Test>>);

/// A test of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    pub path: Path,
    /// None: whether there is anything.
    pub compare: Option<(Compare, Operand)>,
    pub negated: bool,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// What a value is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Text(String),
    Name(Path),
}

impl Condition {
    /// The names that it asks for.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().flatten().flat_map(|test| {
            let other = match &test.compare {
                Some((_, Operand::Name(path))) => Some(path),
                _ => None,
            };
            std::iter::once(&test.path).chain(other)
        })
    }
}

/// Signs and words of comparison; those that begin like others come first.
const COMPARISONS: [(&str, Compare); 20] = [
    (">=", Compare::AtLeast),
    ("<=", Compare::AtMost),
    ("!=", Compare::Unequal),
    ("<>", Compare::Unequal),
    ("==", Compare::Equal),
    ("大于等于", Compare::AtLeast),
    ("小于等于", Compare::AtMost),
    ("不小于", Compare::AtLeast),
    ("不少于", Compare::AtLeast),
    ("不低于", Compare::AtLeast),
    ("不大于", Compare::AtMost),
    ("不超过", Compare::AtMost),
    ("不等于", Compare::Unequal),
    ("大于", Compare::Greater),
    ("小于", Compare::Less),
    ("低于", Compare::Less),
    ("等于", Compare::Equal),
    (">", Compare::Greater),
    ("<", Compare::Less),
    ("=", Compare::Equal),
];

/// Marks that may stand between a list and its field.
const DOTS: [char; 4] = ['.', '。', '·', '．'];

/// What a placeholder says.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(inner: &str) -> Result<Word, String> {
    let text: String = inner
        .nfkc()
        .map(|c| match c {
            c if c.is_whitespace() || c.is_control() => ' ',
            c => c,
        })
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .collect();
    let text = text.replace(['≥', '≧'], ">=").replace(['≤', '≦'], "<=").replace('≠', "!=");
    let text = text.trim().trim_matches('-').trim();
    if text.is_empty() {
        return Err("花括号里没有写名称".to_owned());
    }
    let squeezed: String = text.chars().filter(|c| *c != ' ').collect();
    match squeezed.as_str() {
        "完" | "结束" | "完毕" | "每项完" | "如有完" | "如果完" | "endfor" | "endif" | "end" => {
            return Ok(Word::End);
        }
        "否则" | "不然" | "else" => return Ok(Word::Else),
        _ => {}
    }
    if let Some(rest) = after(text, &["段落", "章节"], &[]) {
        return plain(rest).map(Word::Section);
    }
    if let Some(rest) = after(text, &["否则如果", "否则如有"], &["elif", "else if"]) {
        return condition(rest).map(Word::ElseIf);
    }
    if let Some(rest) = after(text, &["每项", "每个", "每一项", "循环"], &[]) {
        let list = plain(rest)?;
        return Ok(Word::Each { entry: list.clone(), list });
    }
    if let Some(rest) = after(text, &[], &["for"]) {
        let (entry, list) = rest.split_once(" in ").ok_or("循环应写成“每项 名称”")?;
        return Ok(Word::Each { entry: plain(entry)?, list: plain(list)? });
    }
    if let Some(rest) = after(text, &["如无", "如没有"], &["if not"]) {
        let path = path(rest)?;
        return Ok(Word::If(Condition(vec![vec![Test { path, compare: None, negated: true }]])));
    }
    if let Some(rest) = after(text, &["如有", "如果", "若有"], &["if"]) {
        return condition(rest).map(Word::If);
    }
    if squeezed.contains(['|', '(', ')', '%', '"', '+', '*']) {
        return Err("这里只能写名称，不能写算式或“|”".to_owned());
    }
    path(text).map(Word::Value)
}

/// What follows a word: a Chinese one may stand close to it, another has a blank behind it.
fn after<'t>(text: &'t str, chinese: &[&str], english: &[&str]) -> Option<&'t str> {
    let close = chinese.iter().find_map(|word| text.strip_prefix(word));
    let apart = || english.iter().find_map(|word| text.strip_prefix(word)?.strip_prefix(' '));
    close.or_else(apart).map(|rest| rest.trim_start_matches([' ', ':', ',']).trim())
}

/// A name without field.
fn plain(text: &str) -> Result<String, String> {
    let name: String = text.chars().filter(|c| *c != ' ').collect();
    if name.is_empty() { Err("没有写名称".to_owned()) } else { Ok(name) }
}

fn path(text: &str) -> Result<Path, String> {
    match text.split_once(DOTS) {
        Some((of, name)) => Ok(Path { of: Some(plain(of)?), name: plain(name)? }),
        None => Ok(Path { of: None, name: plain(text)? }),
    }
}

fn condition(text: &str) -> Result<Condition, String> {
    let spaced = text
        .replace(" 并且 ", " and ")
        .replace(" 且 ", " and ")
        .replace(" 或者 ", " or ")
        .replace(" 或 ", " or ");
    let any = spaced.split(" or ").map(|part| part.split(" and ").map(test).collect());
    any.collect::<Result<_, _>>().map(Condition)
}

fn test(text: &str) -> Result<Test, String> {
    let text = text.trim();
    let (negated, text) = after(text, &["没有"], &["not"]).map_or((false, text), |rest| (true, rest));
    let found = COMPARISONS.iter().filter_map(|(sign, compare)| Some((text.find(sign)?, *sign, *compare)));
    // The leftmost; where two begin at one place, the first of the table.
    let Some((at, sign, compare)) = found.min_by_key(|(at, ..)| *at) else {
        return Ok(Test { path: path(text)?, compare: None, negated });
    };
    let (left, right) = (text.get(..at).unwrap_or(""), text.get(at + sign.len()..).unwrap_or("").trim());
    if right.is_empty() {
        return Err("比较的后面没有写数或文字".to_owned());
    }
    let bare = right.trim_matches(['"', '\'', '“', '”', '‘', '’', '「', '」']);
    let quoted = bare.len() != right.len();
    let number = bare.strip_suffix('分').unwrap_or(bare);
    let operand = if !quoted && number_of(number).is_some() {
        Operand::Text(number.to_owned())
    } else if quoted {
        Operand::Text(bare.to_owned())
    } else {
        Operand::Name(path(bare)?)
    };
    Ok(Test { path: path(left)?, compare: Some((compare, operand)), negated })
}

impl Compare {
    /// Whether it holds: as numbers where both are, as texts otherwise.
    pub(super) fn holds(self, left: &str, right: &str) -> bool {
        let (left, right) = (left.trim(), right.trim());
        let order = match (number_of(left), number_of(right)) {
            (Some(one), Some(two)) => one.cmp_to(&two),
            // A text is neither more nor less than another.
            _ if left == right => Ordering::Equal,
            _ => return self == Self::Unequal,
        };
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// A decimal of any length: sign, digits before and behind the point without needless zeros.
struct Decimal<'t>(bool, &'t str, &'t str);

fn number_of(text: &str) -> Option<Decimal<'_>> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let all = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all(whole) || !all(rest) {
        return None;
    }
    let (whole, rest) = (whole.trim_start_matches('0'), rest.trim_end_matches('0'));
    Some(Decimal(negative && !(whole.is_empty() && rest.is_empty()), whole, rest))
}

impl Decimal<'_> {
    fn cmp_to(&self, other: &Self) -> Ordering {
        let size = |a: &Self, b: &Self| (a.1.len(), a.1, a.2).cmp(&(b.1.len(), b.1, b.2));
        match (self.0, other.0) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => size(self, other),
            (true, true) => size(other, self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn office_clerks_write_as_they_like() {
        let value = |of: Option<&str>, name: &str| {
            Ok(Word::Value(Path { of: of.map(str::to_owned), name: name.to_owned() }))
        };
        for (text, want) in [
            ("单位名称", value(None, "单位名称")),
            ("　单位 名称 ", value(None, "单位名称")),
            ("活动.日期", value(Some("活动"), "日期")),
            ("活动．日期", value(Some("活动"), "日期")),
            ("活动。 日期", value(Some("活动"), "日期")),
            ("段落：履职情况", Ok(Word::Section("履职情况".into()))),
            ("段落 履职情况", Ok(Word::Section("履职情况".into()))),
            ("每项 活动", Ok(Word::Each { list: "活动".into(), entry: "活动".into() })),
            ("每项：活动", Ok(Word::Each { list: "活动".into(), entry: "活动".into() })),
            ("for x in 活动", Ok(Word::Each { list: "活动".into(), entry: "x".into() })),
            ("完", Ok(Word::End)),
            (" endif ", Ok(Word::End)),
            ("否则", Ok(Word::Else)),
            ("", Err("花括号里没有写名称".into())),
            ("得分 | default", Err("这里只能写名称，不能写算式或“|”".into())),
        ] {
            assert_eq!(read(text), want, "{text:?}");
        }
    }

    #[test]
    fn conditions_are_read() {
        for (text, shown) in [
            ("如有 奖励", "奖励"),
            ("如无奖励", "!奖励"),
            ("if not 奖励", "!奖励"),
            ("如果 得分 >= 90", "得分 AtLeast 90"),
            ("如果 得分≥90分", "得分 AtLeast 90"),
            ("如果得分不低于90", "得分 AtLeast 90"),
            ("如果 等次 = “优秀”", "等次 Equal 优秀"),
            ("如果 得分 < 满分", "得分 Less #满分"),
            ("如果 得分 ＞ 80 且 名次 <= 3 或 缺项数 等于 0", "得分 Greater 80&名次 AtMost 3|缺项数 Equal 0"),
        ] {
            let Ok(Word::If(Condition(any))) = read(text) else { panic!("{text}") };
            let test = |test: &Test| {
                let compare =
                    test.compare.as_ref().map_or(String::new(), |(compare, operand)| match operand {
                        Operand::Text(text) => format!(" {compare:?} {text}"),
                        Operand::Name(path) => format!(" {compare:?} #{}", path.name),
                    });
                format!("{}{}{compare}", if test.negated { "!" } else { "" }, test.path.name)
            };
            let all: Vec<String> =
                any.iter().map(|all| all.iter().map(test).collect::<Vec<_>>().join("&")).collect();
            assert_eq!(all.join("|"), shown, "{text}");
        }
    }

    #[test]
    fn numbers_are_compared_exactly() {
        for (left, compare, right, holds) in [
            ("90", Compare::AtLeast, "90.0", true),
            ("9", Compare::Less, "10", true),
            ("0.1", Compare::Greater, "0.09", true),
            ("-1", Compare::Less, "0", true),
            ("-0", Compare::Equal, "0", true),
            ("优秀", Compare::Equal, "优秀", true),
            ("优秀", Compare::Greater, "良好", false),
            ("良好", Compare::Unequal, "优秀", true),
            ("", Compare::Less, "90", false),
        ] {
            assert_eq!(compare.holds(left, right), holds, "{left} {compare:?} {right}");
        }
    }
}
