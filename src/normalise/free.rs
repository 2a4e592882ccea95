//! Running text: several activities in one cell, and date, kind and title of one.

use super::asides::{self, Asides, Columns};
use super::dates::{self, DateContext, DateReading};
use super::scan::plain;
use super::text;
use crate::model::{KindId, Precision};
use crate::seeds::{HeaderTable, KindTable};

/// What one piece of running text says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Item {
    /// The date at its beginning.
    pub(super) date: Option<DateReading>,
    /// The kind before its title, as written.
    pub(super) kind: Option<(String, KindId)>,
    /// What remains.
    pub(super) title: String,
    /// Whether a number stood before it.
    pub(super) numbered: bool,
    /// What clauses beside the title tell.
    pub(super) asides: Asides,
}

/// A text without a numbering (`1.`, `（二）`, `③`, `一、`) at its beginning, and whether it had one.
pub(super) fn without_number(text: &str) -> (&str, bool) {
    let text = text.trim_start();
    let mut chars = text.char_indices();
    let Some((_, first)) = chars.next() else { return (text, false) };
    if ('①'..='⑳').contains(&first) || ('⑴'..='⒇').contains(&first) || ('❶'..='❿').contains(&first)
    {
        return (text.get(first.len_utf8()..).unwrap_or("").trim_start_matches(['、', '.', '．', ' ']), true);
    }
    let bracketed = matches!(first, '(' | '（' | '[' | '【');
    let start = if bracketed { first.len_utf8() } else { 0 };
    let inner = text.get(start..).unwrap_or("");
    let numeral = |c: char| plain(c).is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let length = inner.find(|c: char| !numeral(c)).unwrap_or(inner.len());
    let number = inner.get(..length).unwrap_or("");
    if number.is_empty() || number.chars().count() > 3 {
        return (text, false);
    }
    let after = inner.get(length..).unwrap_or("");
    let rest = if bracketed {
        after
            .strip_prefix([')', '）', ']', '】'])
            .map(|r| r.strip_prefix(['、', '.', '．', '：', ':']).unwrap_or(r))
    } else {
        after.strip_prefix(['、', '.', '．', ')', '）', '，', ',', '：', ':', ' '])
    };
    let Some(rest) = rest else { return (text, false) };
    // `3.15学习` is a date, `1.3月5日学习` a numbering before one.
    let point = after.starts_with(['.', '．', '-']);
    if point && rest.starts_with(|c: char| plain(c).is_ascii_digit()) {
        let digits = rest.find(|c: char| !plain(c).is_ascii_digit()).unwrap_or(rest.len());
        let unit = rest.get(digits..).and_then(|r| r.chars().next()).map(plain);
        let dated = matches!(unit, Some('月' | '年' | '日' | '号' | '.' | '/' | '-')) && digits <= 4;
        if !dated {
            return (text, false);
        }
    }
    (rest.trim_start(), true)
}

/// The pieces of a cell that are activities of their own.
///
/// A piece begins on a new line or after a stop, with a numbering or a date, or on a new line of which
/// `begins` says so. Without at least two such pieces the cell is one.
pub(super) fn split(text: &str, context: DateContext, begins: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut previous = '\n';
    for (at, c) in text.char_indices() {
        let circled = ('①'..='⑳').contains(&c);
        let after_stop = matches!(previous, '\n' | '\r' | '；' | ';' | '。' | '\t');
        if at > 0 && (circled || after_stop) && !c.is_whitespace() {
            let rest = text.get(at..).unwrap_or("");
            let (bare, numbered) = without_number(rest);
            if circled
                || numbered
                || dates::at_start(bare, context).is_some_and(|d| d.span.start.is_some() || !d.span.valid)
                || matches!(previous, '\n' | '\r') && begins(bare)
            {
                cuts.push(at);
            }
        }
        if !(c == ' ' || c == '\u{3000}') {
            previous = c;
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([text.len()]);
    cuts.iter()
        .zip(ends)
        .filter_map(|(from, to)| text.get(*from..to))
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// Date, kind and title of a piece of running text.
pub(super) fn item(
    piece: &str,
    context: DateContext,
    stated: Option<&KindId>,
    (headers, kinds): (&HeaderTable, &KindTable),
    columns: Columns<'_>,
) -> Item {
    let (rest, numbered) = without_number(piece);
    let mut rest = skip_openers(rest);
    let mut date = dates::at_start(rest, context).filter(|d| d.end > 0);
    for _ in 0..2 {
        if let Some(date) = &date {
            rest = rest.get(date.end..).unwrap_or("");
        }
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "，,：:、；;。.-—期间".contains(c));
        // `一季度：3月9日，…`: the day says more than the quarter before it.
        let coarse = date.as_ref().is_some_and(|d| d.span.precision != Precision::Day);
        let Some(finer) =
            dates::at_start(rest, context).filter(|d| coarse && d.span.precision == Precision::Day)
        else {
            break;
        };
        date = Some(finer);
    }
    if date.is_none()
        && let Some((before, found)) = date_behind(rest, context)
    {
        rest = before;
        date = Some(found);
    }
    let mut told = Asides::default();
    if let Some((verb, found)) = asides::before_verb(rest) {
        (rest, told) = (verb, found);
    }
    // Another kind than the one that is stated belongs to the title.
    let before = kind_before(rest, headers, kinds).filter(|(_, kind, _)| stated.is_none_or(|s| s == kind));
    let (kind, title) = match before {
        Some((raw, kind, title)) => (Some((raw, kind)), title),
        None => (None, rest),
    };
    let named = kind.as_ref().map(|(raw, _)| raw.as_str()).or(stated.map(KindId::as_str));
    let bare = text::bare_title(title);
    let (title, found) = asides::take(bare, columns, named.is_some());
    let title = match title.as_ref() {
        "" if bare.is_empty() => kind.as_ref().map_or_else(String::new, |(raw, _)| raw.clone()),
        "" => named.unwrap_or("").to_owned(),
        title => text::clean(title),
    };
    Item { date, kind, title, numbered, asides: found.or(told) }
}

/// A date in brackets at the end: `植树（3月12日）`, and what stands before it.
fn date_behind(text: &str, context: DateContext) -> Option<(&str, DateReading)> {
    let inner = text
        .trim_end_matches(|c: char| c.is_whitespace() || "。；;".contains(c))
        .strip_suffix(['）', ')'])?;
    let (before, inside) = inner.rsplit_once(['（', '('])?;
    let found =
        dates::at_start(inside, context).filter(|d| d.span.start.is_some() && d.end == inside.len())?;
    (!before.trim().is_empty()).then_some((before, found))
}

/// 于, 在 and the like before a date.
fn skip_openers(text: &str) -> &str {
    for word in ["我支部于", "本支部于", "支部于", "党支部于", "于", "在"] {
        if let Some(rest) = text.strip_prefix(word)
            && rest.starts_with(|c: char| plain(c).is_ascii_digit() || "一二三四五六七八九十".contains(c))
        {
            return rest;
        }
    }
    text
}

/// The kind that stands before a title: its wording, the kind, and the rest.
///
/// It counts where a verb (召开) stands before it, or a separator or nothing behind it.
pub(super) fn kind_before<'t>(
    text: &'t str,
    headers: &HeaderTable,
    kinds: &KindTable,
) -> Option<(String, KindId, &'t str)> {
    let mut rest = text.trim_start();
    let mut verb = false;
    for opener in ["我支部", "本支部", "党支部", "机关党支部", "支部", "全体党员"] {
        let next = rest.strip_prefix(opener);
        if let Some(next) = next.filter(|n| verb_at(n, headers).is_some()) {
            rest = next;
            break;
        }
    }
    if let Some(length) = verb_at(rest, headers) {
        let after =
            rest.get(length..)?.trim_start_matches(|c: char| "了“\"《".contains(c) || c.is_whitespace());
        // 上党课 is itself a wording.
        if kinds.prefix(rest).is_none() {
            let ordinal = after
                .strip_prefix('第')
                .and_then(|a| a.split_once('次'))
                .filter(|(n, _)| n.chars().count() <= 3);
            rest = ordinal.map_or(after, |(_, a)| a);
            verb = true;
        }
    }
    let rest_start = rest.trim_start_matches(|c: char| "“\"【[《".contains(c));
    let (kind, length) = kinds.prefix(rest_start)?;
    // A blank behind the wording parts it from the title.
    let wording = rest_start.get(..length)?.trim_end();
    let after = rest_start.get(wording.len()..)?.trim_start_matches(['”', '"', '】', ']', '》']);
    let tail = ["活动", "会议", "学习会", "学习", "记录"]
        .iter()
        .find_map(|t| after.strip_prefix(t))
        .unwrap_or(after);
    let separator = |s: &str| {
        let blank = s.starts_with(char::is_whitespace)
            && !s.trim_start().starts_with(['暨', '和', '及', '与', '+', '、', '/']);
        blank
            || s.trim().is_empty()
            || s.trim_start_matches(' ').starts_with(|c: char| "，,：:、；;。.—-–（( \u{3000}\n".contains(c))
    };
    // 党课《…》 names its title; 集体学习《…》 is a title itself.
    let quoted = tail.starts_with(['《', '“']) && wording.ends_with(kind.as_str());
    if separator(tail) || quoted {
        return Some((wording.to_owned(), kind, tail));
    }
    (verb && (separator(after) || tail.chars().count() >= 4)).then(|| (wording.to_owned(), kind, tail))
}

fn verb_at(text: &str, headers: &HeaderTable) -> Option<usize> {
    headers.words.holding.start(text).map(str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Columns<'_> = Columns { headings: &[], apart: false };
    const CONTEXT: DateContext = DateContext { year: Some(2023), month: Some(3), months: false };

    #[test]
    fn cells_are_split_at_numbers_and_dates() {
        for (text, count) in [
            ("1.1月9日召开党员大会，开展评选；\n2.1月21日召开支委会，分析动态。", 2),
            ("①1月1日召开党员大会；②1月10日召开党小组会", 2),
            ("（一）2月9日支委会：研究；\n（二）2月26日党员大会：学习。", 2),
            ("2月7日支委会：研究计划；2月15日支委会：研究工作", 2),
            ("13日：研究；28日：研究整改。", 2),
            ("学习党章；讨论预备党员转正。", 1),
            ("3.15学习；交流", 1),
        ] {
            assert_eq!(split(text, CONTEXT, |_| false).len(), count, "{text}");
        }
    }

    #[test]
    fn running_text_gives_date_kind_and_title() {
        let headers = HeaderTable::load("headers.toml", include_str!("../../seeds/headers.toml")).unwrap();
        let kinds = KindTable::load("kinds.toml", include_str!("../../seeds/kinds.toml")).unwrap();
        for (text, date, kind, title) in [
            (
                "1.3月8日召开支委会，研究发展党员工作。",
                Some("2023-03-08"),
                Some("支委会"),
                "研究发展党员工作",
            ),
            ("（一）2月9日支委会：研究转正", Some("2023-02-09"), Some("支委会"), "研究转正"),
            ("20日：研究品牌创建。", Some("2023-03-20"), None, "研究品牌创建"),
            ("3月20日党员大会", Some("2023-03-20"), Some("党员大会"), "党员大会"),
            ("开展主题党日活动：参观纪念馆", None, Some("主题党日"), "参观纪念馆"),
            ("研究组织生活会工作方案", None, None, "研究组织生活会工作方案"),
            ("组织生活会工作方案讨论", None, None, "组织生活会工作方案讨论"),
            (
                "党支部于3月5日召开支部党员大会传达上级精神",
                Some("2023-03-05"),
                Some("党员大会"),
                "传达上级精神",
            ),
            ("组织观看纪录片", None, None, "组织观看纪录片"),
            (
                "3月8日，张甲主持召开支委会，研究转正，5人参加。",
                Some("2023-03-08"),
                Some("支委会"),
                "研究转正",
            ),
            ("3月8日在党员活动室召开党员大会", Some("2023-03-08"), Some("党员大会"), "党员大会"),
            ("3月20日党员大会，28人参加", Some("2023-03-20"), Some("党员大会"), "党员大会"),
            ("中旬，主题党日：植树", Some("2023-03-11"), Some("主题党日"), "植树"),
        ] {
            let item = item(text, CONTEXT, None, (&headers, &kinds), ALL);
            let start = item.date.and_then(|d| d.span.start).map(|d| d.to_string());
            assert_eq!(start.as_deref(), date, "{text}");
            assert_eq!(item.kind.map(|(_, k)| k.as_str().to_owned()).as_deref(), kind, "{text}");
            assert_eq!(item.title, title, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "[0-9一二①②（）.、；。\n月日召开支委会党课，： ]{0,40}") {
            for piece in split(&text, CONTEXT, |_| true) {
                let _ = without_number(piece);
            }
        }
    }
}
