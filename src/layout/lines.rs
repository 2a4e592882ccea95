//! Lines that are no record: titles, unit lines, sections, page lines, sums, notes.

use super::context::{self, Lexicon};
use super::view::{View, folded, text_of};
use super::words;
use crate::model::{Field, GridValue, KindId, Reason};
use crate::seeds::text::fold;

/// What a line with little in it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// A title.
    Title(String),
    /// Unit, date or reporter above a table: the unit and the year of the ledger where they are
    /// named, and the year in which it was filled in.
    Meta { unit: Option<String>, year: Option<i32>, filled_in: Option<i32> },
    /// A heading of the rows beneath: kind, month.
    Section { kind: Option<KindId>, month: Option<u32> },
    /// The content of the line above.
    Continuation(String),
    /// Something else that is no record.
    Other(Reason),
}

impl Line {
    /// Why such a line is no activity.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::Title(_) => Reason::Title,
            Self::Meta { .. } => Reason::UnitLine,
            Self::Section { .. } => Reason::Section,
            Self::Continuation(_) => Reason::Continuation,
            Self::Other(reason) => *reason,
        }
    }
}

/// What a line is that has one text (or only keys with values); `None` where it may be a record.
///
/// `inside` says that a table's header stands above it.
pub(super) fn classify(view: &View<'_>, index: usize, inside: bool, lexicon: Lexicon<'_>) -> Option<Line> {
    let cells = view.cells(index);
    let words = &lexicon.headers.words;
    let texts: Vec<String> = cells.iter().map(|c| text_of(&c.value).into_owned()).collect();
    let first = texts.first()?;
    let short =
        folded(&cells.first()?.value).unwrap_or_else(|| fold(&first.chars().take(60).collect::<String>()));
    let alone = texts.len() == 1 || texts.iter().all(|t| t == first);
    if let Some(line) = meta(&texts, inside, lexicon) {
        return Some(line);
    }
    if is_note(&texts, &short, lexicon) || inside && is_signed(&texts, lexicon) {
        return Some(Line::Other(Reason::Note));
    }
    if !alone {
        return multi_cell_section(&texts, lexicon);
    }
    if is_credit(&short, lexicon) {
        return Some(Line::Other(Reason::Note));
    }
    if is_page(&short) || words.page_lines.is(bare_of(&short)) {
        return Some(Line::Other(Reason::PageLine));
    }
    if is_total(&short, lexicon) {
        return Some(Line::Other(Reason::Total));
    }
    let bare = bare_of(&short);
    if words.not_held.is(bare)
        || words.not_held.start(bare).is_some_and(|w| w.chars().count() >= 4 && bare.chars().count() <= 20)
    {
        return Some(Line::Other(Reason::NotHeld));
    }
    if words.nothing.is(&short) || words.ticked.is(&short) && inside || is_rule(&short) {
        return Some(Line::Other(Reason::Placeholder));
    }
    if let Some(word) = words.continuations.start(&short)
        && inside
    {
        return Some(Line::Continuation(after_chars(first, word)));
    }
    if let Some(line) = section(first, lexicon) {
        return Some(line);
    }
    (is_title(first, &short, lexicon)
        && !matches!(cells.first()?.value, GridValue::Number(_) | GridValue::Serial(_)))
    .then(|| Line::Title(first.clone()))
}

fn bare_of(short: &str) -> &str {
    short.trim_matches(|c: char| "()[]【】。.!！，,：:".contains(c))
}

/// Keys with values above a table: `填报单位：… | 填报日期：…`, also with the value in the next cell.
fn meta(texts: &[String], inside: bool, lexicon: Lexicon<'_>) -> Option<Line> {
    let words = &lexicon.headers.words;
    let mut unit = None;
    let mut keys = 0;
    let mut expects_value = false;
    for (at, text) in texts.iter().enumerate() {
        // One cell may hold several keys: `填报单位：甲支部　　填报时间：…`.
        let mut rest = text.as_str();
        let mut found = false;
        while let Some((key, value)) = context::key_and_value(rest) {
            if !words.unit_lines.is(&key) && !words.meta_lines.is(&key) {
                break;
            }
            found = true;
            let (value, next) = split_value(value);
            if words.unit_lines.is(&key) {
                if value.is_empty() {
                    expects_value = true;
                    unit = texts
                        .get(at + 1)
                        .filter(|t| !t.contains(['：', ':']))
                        .map(|t| t.trim().to_owned())
                        .or(unit);
                } else if unit.is_none() && !words.meta_lines.is(&fold(&format!("{key}:{value}"))) {
                    unit = Some(value.to_owned());
                }
            } else {
                expects_value = value.is_empty();
            }
            rest = next;
        }
        keys += usize::from(found || at > 0 && expects_value);
        if !found && at > 0 {
            expects_value = false;
        }
    }
    let first_is_key = texts
        .first()
        .and_then(|t| context::key_and_value(t))
        .is_some_and(|(key, _)| words.unit_lines.is(&key) || words.meta_lines.is(&key));
    let known = first_is_key && keys * 2 >= texts.len() && (texts.len() <= 6);
    if known {
        // Under a table the same keys are a signature line.
        return Some(if inside && unit.is_none() {
            Line::Other(Reason::Note)
        } else {
            Line::Meta {
                year: stated_year(texts),
                filled_in: texts.iter().find_map(|t| context::year(t)),
                unit,
            }
        });
    }
    // `填报单位 | 甲党支部` without colon, above any header.
    if !inside && texts.len() == 2 && words.unit_lines.is(&fold(texts.first()?)) {
        let value = texts.get(1)?;
        if context::unit(value, lexicon).is_some() {
            return Some(Line::Meta { unit: Some(value.clone()), year: None, filled_in: None });
        }
    }
    None
}

/// The year that a cell states as the ledger's: `2023年度`, `年度：2023`.
fn stated_year(texts: &[String]) -> Option<i32> {
    texts.iter().find_map(|text| {
        let short = fold(text);
        let bare = short.trim_matches(|c: char| "()年度份:".contains(c));
        (bare.len() == 4).then(|| context::year(text)).flatten()
    })
}

/// A value and what stands after two blanks or more.
pub(super) fn split_value(value: &str) -> (&str, &str) {
    let mut blanks = 0;
    let mut start = None;
    for (at, c) in value.char_indices() {
        if c.is_whitespace() {
            start.get_or_insert(at);
            blanks += if c == '\u{3000}' { 2 } else { 1 };
        } else {
            if blanks >= 2 || blanks == 1 && value.get(at..).and_then(context::key_and_value).is_some() {
                let cut = start.unwrap_or(at);
                return (value.get(..cut).unwrap_or(value).trim(), value.get(at..).unwrap_or(""));
            }
            blanks = 0;
            start = None;
        }
    }
    (value.trim(), "")
}

fn is_note(texts: &[String], short: &str, lexicon: Lexicon<'_>) -> bool {
    let words = &lexicon.headers.words;
    if texts.len() > 8 {
        return false;
    }
    let signed = is_signature(short) && (texts.len() == 1 || short.contains(':'));
    if texts.len() <= 3 && (words.notes_anywhere.within(short) || signed) {
        return true;
    }
    let Some(word) = words.notes.start(short) else {
        // `年　　月　　日` and `（盖章）`.
        return texts.len() == 1 && matches!(short, "年月日" | "签章" | "(签章)");
    };
    let rest = short.get(word.len()..).unwrap_or("");
    let marked = word.ends_with([':', '.', '1'])
        || rest.is_empty()
        || rest.starts_with([':', '(', '、', '1', '.', '2']);
    let all_keys = texts.iter().filter(|t| t.contains(['：', ':'])).count() * 2 >= texts.len();
    (marked && (texts.len() == 1 || all_keys || texts.len() <= 3))
        || texts.len() == 1 && word.chars().count() >= 2 && is_statement(word)
}

/// Whether a folded text only says who wrote it down: `（整理：某甲）`, `供稿人：某乙`.
fn is_credit(short: &str, lexicon: Lexicon<'_>) -> bool {
    let bare = short.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let Some((key, value)) = bare.unwrap_or(short).split_once(':') else { return false };
    let known = lexicon.headers.label(key).is_some_and(|label| label.field != Field::Ignored);
    (2..=4).contains(&key.chars().count())
        && (1..=8).contains(&value.chars().count())
        && (bare.is_some() || key.ends_with(['人', '者', '员']))
        && !known
        && lexicon.kinds.exact(key).is_none()
        && !words::starts_like_date(key)
}

/// Whether a folded text asks for a signature: `支部书记签字：`, `（盖章）`.
pub(super) fn is_signature(short: &str) -> bool {
    let key = short.split(':').next().unwrap_or(short).trim_matches(['(', ')']);
    key.chars().count() <= 12 && ["签字", "签名", "签章", "盖章"].iter().any(|end| key.ends_with(end))
}

/// `填表：某甲 | 审核：某乙`: every cell a short key with a short value, and no key that tells of an activity.
fn is_signed(texts: &[String], lexicon: Lexicon<'_>) -> bool {
    let signs = |text: &String| {
        context::key_and_value(text).is_some_and(|(key, value)| {
            let telling = matches!(
                lexicon.headers.whole(&key),
                Some(
                    Field::Title
                        | Field::Content
                        | Field::Kind
                        | Field::Location
                        | Field::Attended
                        | Field::Hours
                )
            );
            (2..=6).contains(&key.chars().count())
                && !telling
                && lexicon.kinds.exact(&key).is_none()
                && value.chars().count() <= 12
                && !key.starts_with(|c: char| c.is_ascii_digit())
        })
    };
    texts.len() >= 2 && texts.iter().all(signs)
}

/// A line drawn with dashes.
fn is_rule(short: &str) -> bool {
    short.len() >= 3 && short.chars().all(|c| "-=_~*+|—─━═┄".contains(c))
}

fn is_statement(word: &str) -> bool {
    [
        "本表",
        "此表",
        "以上",
        "特此",
        "填表说明",
        "填报说明",
        "填写说明",
        "填写要求",
        "填报要求",
        "温馨提示",
        "抄送",
        "统计口径",
        "数据来源",
    ]
    .contains(&word)
}

fn is_page(short: &str) -> bool {
    let bare: String = short.chars().filter(|c| !"-—_·".contains(*c)).collect();
    let Some(rest) = bare.strip_prefix('第') else {
        return bare.starts_with("page")
            || bare.starts_with("共") && bare.ends_with('页') && bare.len() < 20
            || bare.split_once('/').is_some_and(|(a, b)| {
                !a.is_empty() && [a, b].iter().all(|n| n.len() <= 3 && n.chars().all(|c| c.is_ascii_digit()))
            });
    };
    let page = rest.split('页').next().unwrap_or("");
    rest.contains('页') && words::numeral(page).is_some() && bare.chars().count() <= 16
}

/// Whether a folded text begins a row of sums.
pub(super) fn is_total(short: &str, lexicon: Lexicon<'_>) -> bool {
    let totals = &lexicon.headers.words.totals;
    let (bare, _) = words::without_numbering(short);
    let bare = bare.trim_matches(|c: char| "：:()".contains(c));
    totals.is(bare)
        || totals.start(bare).is_some_and(|word| {
            let rest = bare.get(word.len()..).unwrap_or("");
            rest.starts_with([':', '(', '：'])
                || rest.starts_with(|c: char| c.is_ascii_digit())
                || bare.chars().count() <= 8
        })
        || bare.chars().count() <= 12 && ["小计", "合计", "总计"].iter().any(|word| bare.ends_with(word))
}

fn multi_cell_section(texts: &[String], lexicon: Lexicon<'_>) -> Option<Line> {
    // `支委会 | 共4次`.
    let (first, second) = (texts.first()?, texts.get(1)?);
    let count = fold(second);
    let counted = count.ends_with('次') && count.chars().count() <= 6;
    if texts.len() == 2 && counted { section(first, lexicon) } else { None }
}

/// A heading of the rows beneath.
fn section(text: &str, lexicon: Lexicon<'_>) -> Option<Line> {
    let short = fold(text);
    if short.chars().count() > 24 {
        return None;
    }
    if let Some(kind) = context::kind_of_name(text, lexicon) {
        return Some(Line::Section { kind: Some(kind), month: None });
    }
    let (bare, numbered) = words::without_numbering(&short);
    let head = bare.split('(').next().unwrap_or(bare);
    let head = ["活动开展情况", "开展情况", "活动情况", "活动", "情况", "工作"]
        .iter()
        .find_map(|tail| head.strip_suffix(tail))
        .unwrap_or(head);
    if let Some(month) = words::month(head, false) {
        return Some(Line::Section { kind: None, month: Some(month) });
    }
    if words::is_quarter(head) {
        return Some(Line::Section { kind: None, month: None });
    }
    let ends_open = !short.ends_with(['。', '；', ';']);
    let chapter = numbered && short.starts_with(|c: char| "一二三四五六七八九十(".contains(c));
    (chapter && ends_open && bare.chars().count() <= 14 && !words::starts_like_date(text))
        .then_some(Line::Section { kind: None, month: None })
}

/// A title names a ledger, or a unit, or stands alone without a date at its beginning.
fn is_title(text: &str, short: &str, lexicon: Lexicon<'_>) -> bool {
    let words = &lexicon.headers.words;
    let bare = short.trim_end_matches(|c: char| "()续表一二三0123456789、：:".contains(c));
    let length = short.chars().count();
    if !(2..=60).contains(&length) || short.ends_with(['。', '；', ';']) {
        return false;
    }
    let ledger = words.ledgers.end(bare).is_some()
        || words.ledgers.iter().any(|w| w.chars().count() >= 2 && bare.contains(w));
    let dated =
        words::starts_like_date(text) && !short.contains("年度") && words::month(short, false).is_none();
    ledger && (!dated || context::year(text).is_some())
        || short.starts_with("附件") && length <= 8
        || context::unit(text, lexicon).is_some_and(|unit| fold(&unit).chars().count() + 14 >= length)
            && !dated
}

/// What follows the first characters of a text that fold to `word`.
fn after_chars(text: &str, word: &str) -> String {
    let mut taken = String::new();
    for (at, c) in text.char_indices() {
        if taken.chars().count() >= word.chars().count() {
            return text.get(at..).unwrap_or("").trim().to_owned();
        }
        taken.push_str(&fold(&c.to_string()));
    }
    String::new()
}
