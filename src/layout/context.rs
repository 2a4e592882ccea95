//! What titles, sheet names and file names say of unit, year, month and kind.

use super::words;
use crate::model::KindId;
use crate::seeds::text::fold;
use crate::seeds::{HeaderTable, KindTable};

/// Words and kinds, which every part of the stage looks things up in.
#[derive(Clone, Copy)]
pub(super) struct Lexicon<'a> {
    pub(super) headers: &'a HeaderTable,
    pub(super) kinds: &'a KindTable,
}

/// The year that a title or name states: one with 年度 first, then one with 年, then a bare one.
///
/// Two different years at the best level state none.
pub(super) fn year(text: &str) -> Option<i32> {
    let folded: Vec<char> = chinese_years(&fold(text)).chars().collect();
    let mut levels: [Vec<i32>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    for at in 0..folded.len() {
        let Some(window) = folded.get(at..at + 4) else { break };
        let digits: String = window.iter().collect();
        let before = at.checked_sub(1).and_then(|i| folded.get(i)).is_some_and(char::is_ascii_digit);
        let Some(year) = digits.parse::<i32>().ok().filter(|y| (1990..2100).contains(y) && !before) else {
            continue;
        };
        if !window.iter().all(char::is_ascii_digit) {
            continue;
        }
        let after = |i: usize| folded.get(at + 4 + i).copied().unwrap_or(' ');
        if after(0) == '年' && after(1) == '度' {
            levels[0].push(year);
        } else if after(0) == '年' {
            levels[1].push(year);
        } else if !after(0).is_ascii_digit() || (0..4).all(|i| after(i).is_ascii_digit()) {
            levels[2].push(year);
        }
    }
    if spans_years(&folded) {
        return None;
    }
    for level in &levels {
        if let Some(first) = level.first() {
            return level.iter().all(|y| y == first).then_some(*first);
        }
    }
    None
}

/// Whether a text names a run of years (`2022-2023年`).
fn spans_years(text: &[char]) -> bool {
    text.windows(7).any(|w| {
        w.starts_with(&['2', '0'])
            && "-—~至到、".contains(w[4])
            && w.ends_with(&['2', '0'])
            && w[2].is_ascii_digit()
    })
}

/// A text with years such as 二〇二三 written in digits.
fn chinese_years(text: &str) -> String {
    const DIGITS: &str = "〇一二三四五六七八九";
    let value = |c: char| DIGITS.chars().position(|d| d == c).or((c == '零' || c == '○').then_some(0));
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let window = chars.get(at..at + 4).unwrap_or(&[]);
        if *c == '二' && window.len() == 4 && window.iter().all(|c| value(*c).is_some()) {
            for c in window {
                out.push_str(&value(*c).unwrap_or(0).to_string());
            }
            at += 4;
        } else {
            out.push(*c);
            at += 1;
        }
    }
    out
}

/// The month that a title states (`2023年2月份党建活动台账`), if only one.
pub(super) fn month_in_title(text: &str) -> Option<u32> {
    let folded = fold(text);
    let mut found = None;
    for (at, _) in folded.match_indices('月') {
        let before = folded.get(..at)?;
        let after = folded.get(at + '月'.len_utf8()..)?;
        if after.starts_with(|c: char| c.is_ascii_digit()) || before.ends_with(['本', '每', '当']) {
            continue;
        }
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c))
            .last()
            .map(|(i, _)| i);
        let first = before.ends_with('元').then_some(1);
        let numeral = start.and_then(|s| before.get(s..)).and_then(words::numeral);
        let Some(month) = numeral.or(first) else { continue };
        // `1-3月` and two different months are no month.
        let range = start
            .and_then(|s| before.get(..s))
            .is_some_and(|b| b.ends_with(['-', '—', '至', '~', '、', '到']));
        if range || !(1..=12).contains(&month) || found.is_some_and(|m| m != month) {
            return None;
        }
        found = Some(month);
    }
    found
}

/// The kind that a name states as a whole: `支部委员会记录`, `1.党课`, `（三）主题党日活动（共4次）`.
pub(super) fn kind_of_name(text: &str, lexicon: Lexicon<'_>) -> Option<KindId> {
    let folded = fold(text);
    let (bare, _) = words::without_numbering(&folded);
    // A section that goes on after a page: `（续）支委会`, `续：支委会`, `支委会 续表`.
    let bare = bare.strip_prefix("(续)").or_else(|| bare.strip_prefix('续')).unwrap_or(bare);
    let bare = cut_tail(bare);
    let mut bare = bare.strip_suffix("续表").or_else(|| bare.strip_suffix('续')).unwrap_or(bare);
    for _ in 0..4 {
        if let Some(kind) = whole_kind(bare, lexicon) {
            return Some(kind);
        }
        let tail = lexicon.headers.words.kind_tails.end(bare)?;
        bare = bare.get(..bare.len() - tail.len())?;
    }
    None
}

/// The kind of which a text is a wording as it stands: 组织生活 in a title is no 组织生活会.
fn whole_kind(text: &str, lexicon: Lexicon<'_>) -> Option<KindId> {
    lexicon.kinds.prefix(text).filter(|(_, length)| *length == text.len()).map(|(kind, _)| kind)
}

/// A folded text without brackets, colon and stops at its end.
fn cut_tail(text: &str) -> &str {
    let text = text.split('(').next().filter(|t| !t.is_empty()).unwrap_or(text);
    text.trim_matches(|c: char| "：:。;；、，,“”\"【】[]<>《》".contains(c))
}

/// The kind that a title gives to the whole table: one kind right before the ledger word.
pub(super) fn kind_in_title(text: &str, lexicon: Lexicon<'_>) -> Option<KindId> {
    let folded = fold(text);
    let text = cut_tail(&folded);
    let tail = match unit(text, lexicon) {
        Some(unit) => text.split_once(fold(&unit).as_str()).map_or(text, |(_, rest)| rest),
        None => text,
    };
    let tail = tail.rsplit_once("年度").or_else(|| tail.rsplit_once('年')).map_or(tail, |(_, rest)| rest);
    let tail = tail.rsplit_once("月份").or_else(|| tail.rsplit_once('月')).map_or(tail, |(_, rest)| rest);
    let mut bare = tail.trim_matches(|c: char| "“”\"《》()".contains(c));
    for _ in 0..4 {
        let words = &lexicon.headers.words;
        // 学习情况 at the end of a title says how little it says.
        if words.kind_tails.is(bare) {
            return None;
        }
        if let Some(kind) = whole_kind(bare, lexicon) {
            return Some(kind);
        }
        let ends = [words.ledgers.end(bare), words.kind_tails.end(bare)];
        let cut = ends.into_iter().flatten().max_by_key(|end| end.len())?;
        bare = bare.get(..bare.len() - cut.len())?.trim_matches(|c: char| "“”\"《》()".contains(c));
    }
    None
}

/// The name of the unit in a title or file name: the organisation that it begins with.
pub(super) fn unit(text: &str, lexicon: Lexicon<'_>) -> Option<String> {
    let words = &lexicon.headers.words;
    let cleaned: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let pieces = cleaned.split(|c: char| "_-—－：:;；|+《》【】[]“”\"".contains(c));
    // A name may hold brackets or stand in them: `某公司（本部）党支部`, `活动台账（城关所党支部）`.
    let brackets = ['（', '）', '(', ')'];
    let inner = |piece: &'_ str| piece.contains(brackets);
    pieces
        .flat_map(|piece| {
            let parts = piece.split(brackets).filter(move |_| inner(piece)).map(|part| (false, part));
            std::iter::once((true, piece)).chain(parts)
        })
        .filter_map(|(whole, piece)| unit_in_piece(piece, words).map(|(party, name)| ((party, whole), name)))
        .max_by_key(|(rank, _)| *rank)
        .map(|(_, name)| name)
}

fn unit_in_piece(piece: &str, words: &crate::seeds::headers::Words) -> Option<(bool, String)> {
    let piece = before_year(without_leading_date(piece));
    // Words such as 中心组 contain an ending and name no unit: they are covered with blanks of the same length.
    let mut masked = piece.to_owned();
    for word in words.not_units.iter() {
        if masked.contains(word) {
            masked = masked.replace(word, &"\u{1}".repeat(word.len()));
        }
    }
    for (party, suffixes) in [(true, &words.party_suffixes), (false, &words.office_suffixes)] {
        let end = suffixes
            .iter()
            .flat_map(|suffix| masked.match_indices(suffix).map(move |(at, _)| at + suffix.len()))
            .filter(|end| party || office_may_end(&masked, *end, words))
            .max();
        let Some(name) = end.and_then(|end| piece.get(..end)) else { continue };
        let name = name.trim_start_matches(['的', '、', '，', ',', '.', '（', '(']);
        let folded = fold(name);
        let open = name.matches(['（', '(']).count();
        if open != name.matches(['）', ')']).count() {
            continue;
        }
        if name.chars().count() >= 3 && name.chars().count() <= 40 && !words.generic_units.is(&folded) {
            return Some((party, name.to_owned()));
        }
    }
    None
}

/// What stands before a year or 关于: a unit's name holds neither.
fn before_year(piece: &str) -> &str {
    let years = piece.match_indices("20").map(|(at, _)| at).filter(|at| {
        piece.get(at + 2..at + 4).is_some_and(|digits| digits.chars().all(|c| c.is_ascii_digit()))
    });
    let cut = years.chain(piece.find("二〇")).chain(piece.find("关于")).filter(|at| *at > 0).min();
    cut.and_then(|at| piece.get(..at)).unwrap_or(piece)
}

/// An office's name ends before a year, a ledger word, an opening bracket or the end.
fn office_may_end(text: &str, end: usize, words: &crate::seeds::headers::Words) -> bool {
    let Some(rest) = text.get(end..) else { return false };
    rest.is_empty()
        || rest.starts_with(|c: char| c.is_ascii_digit() || "二（(\u{1}".contains(c))
        || rest.starts_with("党")
        || words.ledgers.start(rest).is_some()
        || rest.starts_with("组织生活")
        || rest.starts_with("活动")
        || rest.starts_with("主题")
        || rest.starts_with("学习")
}

/// A name without what stands before it: codes, `附件1`, a year or month.
fn without_leading_date(piece: &str) -> &str {
    let mut rest = piece;
    for _ in 0..6 {
        let before = rest;
        rest = rest
            .trim_start_matches(|c: char| c.is_ascii_punctuation() || c == '、' || c == '．' || c == '（');
        rest = rest
            .strip_prefix("附件")
            .or_else(|| rest.strip_prefix("附表"))
            .or_else(|| rest.strip_prefix("附"))
            .unwrap_or(rest);
        let digits = rest.trim_start_matches(|c: char| {
            c.is_ascii_alphanumeric() || "〇○零一二三四五六七八九十".contains(c)
        });
        if digits.len() < rest.len() {
            let after = ["年度", "年", "月份", "月", "日", "号", "季度", "上半年", "下半年"]
                .iter()
                .find_map(|word| digits.strip_prefix(word));
            // `第三党支部` keeps its numeral; digits and years do not belong to a name.
            if let Some(after) = after {
                rest = after;
            } else {
                rest = without_code(rest);
            }
        }
        rest = rest.strip_prefix("关于").unwrap_or(rest);
        rest = ["上半年", "下半年", "第一季度", "第二季度", "第三季度", "第四季度", "度"]
            .iter()
            .find_map(|word| rest.strip_prefix(word))
            .unwrap_or(rest);
        if rest == before {
            break;
        }
    }
    rest
}

/// A name without a code such as `P05a`, `3` or `20231228` before it; `12345热线` and `XX局` keep theirs.
fn without_code(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    let code = name.get(..name.len() - rest.len()).unwrap_or("");
    let digits = code.chars().filter(char::is_ascii_digit).count();
    let is_code = digits > 0 && (digits < code.len() || digits <= 2 || digits >= 6);
    if is_code { rest } else { name }
}

/// What a line such as `填报单位：××党支部` names: its key and value.
pub(super) fn key_and_value(text: &str) -> Option<(String, &str)> {
    let (key, value) = text.split_once(['：', ':'])?;
    let key = fold(key);
    let key = key.split('(').next().unwrap_or(&key).to_owned();
    (key.chars().count() <= 10).then(|| (key, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> (HeaderTable, KindTable) {
        let headers = HeaderTable::load("headers.toml", include_str!("../../seeds/headers.toml")).unwrap();
        let kinds = KindTable::load("kinds.toml", include_str!("../../seeds/kinds.toml")).unwrap();
        (headers, kinds)
    }

    #[test]
    fn titles_name_their_unit() {
        let (headers, kinds) = tables();
        let lexicon = Lexicon { headers: &headers, kinds: &kinds };
        for (title, expected) in [
            ("青山县司法局综合党支部2023年度党组织活动台账", Some("青山县司法局综合党支部")),
            ("2023年龙湾县退役军人局机关第三党支部“三会一课”登记表", Some("龙湾县退役军人局机关第三党支部")),
            ("2023年1月青山县民政局机关党支部活动登记", Some("青山县民政局机关党支部")),
            ("A05_青山县住建局综合党支部2022年活动台账", Some("青山县住建局综合党支部")),
            ("青山县水利局2023年党建工作台账", Some("青山县水利局")),
            ("青山县水利局党组理论学习中心组学习台账", Some("青山县水利局党组")),
            ("党支部活动记录表", None),
            ("2023年党支部工作任务清单（东城所支部）", Some("东城所支部")),
            ("青山供水公司（本部）党支部2023年台账", Some("青山供水公司（本部）党支部")),
            ("三会一课登记表(1)", None),
            ("2024年党员教育培训活动台账", None),
            ("附件1：二〇二三年青山县财政局第二党支部台账", Some("青山县财政局第二党支部")),
        ] {
            assert_eq!(unit(title, lexicon).as_deref(), expected, "{title}");
        }
    }

    #[test]
    fn titles_state_year_month_and_kind() {
        let (headers, kinds) = tables();
        let lexicon = Lexicon { headers: &headers, kinds: &kinds };
        for (title, expected) in [
            ("2024年1月报送2023年度台账", Some(2023)),
            ("二〇二三年台账", Some(2023)),
            ("台账20231228", Some(2023)),
            ("2022-2023年台账", None),
            ("2022年、2023年台账", None),
            ("三会一课登记表(1)", None),
        ] {
            assert_eq!(year(title), expected, "{title}");
        }
        assert_eq!(month_in_title("2023年2月党支部活动登记"), Some(2));
        assert_eq!(month_in_title("2023年1-3月党支部活动登记"), None);
        let kind = |title: &str| kind_in_title(title, lexicon).map(|k| k.as_str().to_owned());
        assert_eq!(kind("青山县水利局综合党支部2021年支委会台账").as_deref(), Some("支委会"));
        assert_eq!(kind("中共青山县水利局支部委员会2021年活动台账"), None);
        assert_eq!(kind("青山县水利局第一党支部主题党日活动记录").as_deref(), Some("主题党日"));
        let name = |text: &str| kind_of_name(text, lexicon).map(|k| k.as_str().to_owned());
        assert_eq!(name("一、支委会（共4次）").as_deref(), Some("支委会"));
        assert_eq!(name("支部党员大会记录").as_deref(), Some("党员大会"));
        assert_eq!(name("情况"), None);
    }
}
