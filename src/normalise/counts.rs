//! Persons: numbers with units, shares, words for everybody, lists of names.
//!
//! In: a cell. Out: present and expected as far as they are stated. Total: no text makes it fail.

use super::scan::{Cursor, Piece, Token, pieces};
use crate::model::GridValue;

/// Persons as stated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct People {
    pub(super) attended: Option<u32>,
    pub(super) expected: Option<u32>,
    /// Everybody came, without a number.
    pub(super) everybody: bool,
}

/// The most persons that a ledger can mean.
const MOST: u32 = 100_000;

const EXPECTED: [&str; 5] = ["应到", "应参加", "应出席", "应参会", "应参"];
const PRESENT: [&str; 9] = ["实到", "实际参加", "实际到会", "实参加", "实际", "到会", "出席", "参会", "参加"];
const ABSENT: [&str; 7] = ["请假", "缺席", "未到", "病假", "事假", "缺勤", "因公外出"];

/// The persons of a cell; `None` where it says something that cannot be read.
pub(super) fn read(value: &GridValue) -> Option<People> {
    match value {
        GridValue::Number(number) | GridValue::Serial(number) => {
            let whole = number.fract() == 0.0 && (0.0..=f64::from(MOST)).contains(number);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to lie in 0..=MOST"
            )]
            let count = *number as u32;
            whole.then_some(People { attended: Some(count), ..People::default() })
        }
        GridValue::Text(text) => from_text(text),
        GridValue::Bool(_) | GridValue::Error(_) => None,
    }
}

/// The persons of a text.
pub(super) fn from_text(text: &str) -> Option<People> {
    let pieces: Vec<Piece> = pieces(text).into_iter().filter(|p| p.token != Token::Ch(' ')).collect();
    if let Some(stated) = by_words(&pieces) {
        return Some(stated);
    }
    if let Some(share) = share(&pieces) {
        return Some(share);
    }
    let attended = total(&pieces);
    if attended.is_some() {
        return Some(People { attended, ..People::default() });
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if ["全体", "全员", "全部", "都到", "全到"].iter().any(|word| bare.contains(word))
        || bare == "支部党员"
        || bare == "党员"
    {
        return Some(People { everybody: true, ..People::default() });
    }
    names(text).map(|count| People { attended: Some(count), ..People::default() })
}

/// `应到30实到28`, `应到6人，请假2人`.
fn by_words(pieces: &[Piece]) -> Option<People> {
    let (mut expected, mut present) = (None, None);
    let mut absent: Option<u32> = None;
    let mut cursor = Cursor::new(pieces);
    while !cursor.done() {
        if EXPECTED.iter().any(|word| cursor.skip(word)) {
            expected = expected.or(number_after(&mut cursor));
        } else if PRESENT.iter().any(|word| cursor.skip(word)) {
            present = present.or(number_after(&mut cursor));
        } else if ABSENT.iter().any(|word| cursor.skip(word)) {
            if let Some(count) = number_after(&mut cursor) {
                absent = Some(absent.unwrap_or(0) + count);
            }
        } else {
            cursor.at += 1;
        }
    }
    // `应到5人，全部到会`, `应到5人，无人请假`: nobody was missing.
    if present.is_none() && absent.is_none() && expected.is_some() && says_all_came(pieces) {
        present = expected;
    }
    if expected.is_none() && (present.is_none() || absent.is_none() && pieces.len() > 12) {
        return None;
    }
    let attended = present.or_else(|| expected?.checked_sub(absent?));
    Some(People { attended, expected, everybody: false })
}

fn says_all_came(pieces: &[Piece]) -> bool {
    const ALL: [&str; 9] =
        ["全到", "全部到", "都到", "全勤", "无请假", "无缺席", "无人请假", "无人缺席", "全部参加"];
    (0..pieces.len()).any(|at| ALL.iter().any(|word| Cursor { pieces, at }.skip(word)))
}

/// The number after a word, past 会, 人数, colon and brackets.
fn number_after(cursor: &mut Cursor<'_>) -> Option<u32> {
    let start = cursor.at;
    while cursor.is_any(0, "会场党员人数:：(共为约=名") && cursor.at < start + 6 {
        cursor.at += 1;
    }
    match cursor.number(0) {
        Some((value, _)) if value <= MOST => {
            cursor.at += 1;
            Some(value)
        }
        _ => {
            cursor.at = start;
            None
        }
    }
}

/// `28/30`: the smaller were present.
fn share(pieces: &[Piece]) -> Option<People> {
    let numbers: Vec<u32> = pieces
        .iter()
        .filter_map(|p| match p.token {
            Token::Num { value, chinese: false, .. } if value <= MOST => Some(value),
            _ => None,
        })
        .collect();
    let slash = pieces.iter().any(|p| matches!(p.token, Token::Ch('/' | '\\' | ':')));
    let others = pieces.iter().all(|p| match p.token {
        Token::Num { .. } => true,
        Token::Ch(c) => "/\\:人名（）()".contains(c),
    });
    let [first, second] = numbers.as_slice() else { return None };
    (slash && others).then(|| People {
        attended: Some(*first.min(second)),
        expected: Some(*first.max(second)),
        everybody: false,
    })
}

/// Persons as a sum of groups, or as the total that is stated.
fn total(pieces: &[Piece]) -> Option<u32> {
    // `共31人，其中党员28人`.
    let cut = pieces
        .windows(2)
        .position(|w| matches!(w, [a, b] if a.token == Token::Ch('其') && b.token == Token::Ch('中')));
    let pieces = pieces.get(..cut.unwrap_or(pieces.len())).unwrap_or(pieces);
    let mut cursor = Cursor::new(pieces);
    let (mut sum, mut counted) = (0_u32, false);
    let mut only = None;
    let mut numbers = 0;
    let mut stated = None;
    while !cursor.done() {
        let Some(Token::Num { value, chinese, .. }) = cursor.ahead(0) else {
            cursor.at += 1;
            continue;
        };
        let before = |word: &str| {
            let length = word.chars().count();
            cursor.at.checked_sub(length).is_some_and(|at| Cursor { pieces, at }.skip(word))
        };
        let mut next = cursor;
        next.at += 1;
        while next.is_any(0, "余多几来约") {
            next.at += 1;
        }
        let unit = next.is_any(0, "人名位") || next.skip("个党员") || next.skip("个人");
        let more = next.at > cursor.at + 1 && !unit;
        let away = ABSENT.iter().any(|word| {
            before(word) || {
                let mut after = next;
                after.at += 1;
                after.skip(word)
            }
        });
        if away && unit {
            cursor.at += 1;
            continue;
        }
        if value <= MOST && (unit || more && next.done()) {
            if before("共") || before("合计") || before("总计") || before("等") || before("总数") {
                stated = Some(value);
            }
            sum = sum.saturating_add(value);
            counted = true;
        }
        // The numeral in a name (张三) is none.
        if !chinese || pieces.len() == 1 {
            only = Some(value);
            numbers += 1;
        }
        cursor.at += 1;
    }
    if stated.is_some() {
        return stated;
    }
    if counted {
        return Some(sum).filter(|s| *s <= MOST);
    }
    // A bare number, at most with brackets or a word around it.
    let few = pieces.iter().filter(|p| matches!(p.token, Token::Ch(c) if !"()约共+".contains(c))).count();
    only.filter(|value| numbers == 1 && few <= 1 && *value <= MOST)
}

/// A bare list of names.
fn names(text: &str) -> Option<u32> {
    let list: Vec<&str> = text
        .split(|c: char| "、，,；;\n\r\t|/".contains(c))
        .flat_map(|piece| {
            let blank_parted = piece.split_whitespace().all(|w| w.chars().count() >= 2);
            if blank_parted { piece.split_whitespace().collect::<Vec<_>>() } else { vec![piece.trim()] }
        })
        .map(|name| name.trim_end_matches(['。', '等']))
        .filter(|name| !name.is_empty())
        .collect();
    let is_name = |name: &str| {
        let bare: Vec<char> = name.chars().filter(|c| !c.is_whitespace()).collect();
        (2..=4).contains(&bare.len())
            && bare.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c) || *c == '·')
    };
    (list.len() >= 2 && list.iter().all(|name| is_name(name)))
        .then(|| u32::try_from(list.len()).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_counted_as_a_clerk_would() {
        let of = |attended, expected| Some(People { attended, expected, everybody: false });
        for (text, people) in [
            ("32", of(Some(32), None)),
            ("32人", of(Some(32), None)),
            ("共32人", of(Some(32), None)),
            ("32名党员", of(Some(32), None)),
            ("３２人", of(Some(32), None)),
            (" 48 人", of(Some(48), None)),
            ("三十二人", of(Some(32), None)),
            ("二十余人", of(Some(20), None)),
            ("20余人", of(Some(20), None)),
            ("约20人", of(Some(20), None)),
            ("全体党员（32人）", of(Some(32), None)),
            ("党员28名，入党积极分子3名", of(Some(31), None)),
            ("共31人，其中党员28人", of(Some(31), None)),
            ("张甲、李乙等5人", of(Some(5), None)),
            ("张甲、李乙、王丙", of(Some(3), None)),
            ("应到30实到28", of(Some(28), Some(30))),
            ("应到30人，实到28人", of(Some(28), Some(30))),
            ("应到：30 实到：28", of(Some(28), Some(30))),
            ("应到6人，请假2人", of(Some(4), Some(6))),
            ("18人参加，3人请假", of(Some(18), None)),
            ("15人（其中请假2人）", of(Some(15), None)),
            ("应到5人，全部到会", of(Some(5), Some(5))),
            ("应到5人，无人请假", of(Some(5), Some(5))),
            ("應到十四人，實到十二人", of(Some(12), Some(14))),
            ("叁拾人", of(Some(30), None)),
            ("实到叁人", of(Some(3), None)),
            ("两名党员", of(Some(2), None)),
            ("陆建文、伍一鸣", of(Some(2), None)),
            ("一千二百人", of(Some(1200), None)),
            ("28/30", of(Some(28), Some(30))),
            ("30/28", of(Some(28), Some(30))),
            ("全体党员", Some(People { everybody: true, ..People::default() })),
            ("人员较多", None),
            ("张三", None),
            ("三十", of(Some(30), None)),
            ("王甲三、李四乙", of(Some(2), None)),
        ] {
            assert_eq!(from_text(text), people, "{text}");
        }
        assert_eq!(read(&GridValue::Number(2.5)), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "[0-9应到实请假人名共等其中/、（）一二十百余约: ]{0,24}") {
            let _ = from_text(&text);
        }
    }
}
