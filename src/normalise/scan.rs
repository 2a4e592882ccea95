//! A text cut into numbers and other characters, each with its place, for dates, counts and durations.

/// A number or a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A number; `digits` as written, `chinese` where in Chinese numerals.
    Num { value: u32, digits: u32, chinese: bool },
    /// Any other character, in its common half-width form.
    Ch(char),
}

/// A token with the bytes of the text that it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The common form of a character: half-width, one sort of dash, blank and zero; the words of dates,
/// counts and durations in simplified characters.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '—' | '–' | '−' | '‐' | '‑' | '―' | '─' | '〜' => '-',
        '○' | '零' | 'Ο' | '◯' => '〇',
        '\u{4e00}'..='\u{9fff}' => simplified(c),
        _ if c.is_whitespace() => ' ',
        _ => c,
    }
}

fn simplified(c: char) -> char {
    match c {
        '號' => '日',
        '應' => '应',
        '實' => '实',
        '際' => '际',
        '參' => '参',
        '會' => '会',
        '請' => '请',
        '總' => '总',
        '計' => '计',
        '數' => '数',
        '員' => '员',
        '黨' => '党',
        '個' => '个',
        '餘' => '余',
        '幾' => '几',
        '來' => '来',
        '約' => '约',
        '兩' => '两',
        '時' => '时',
        '點' => '点',
        '鐘' => '钟',
        '學' => '学',
        '課' => '课',
        '週' => '周',
        '禮' => '礼',
        '與' => '与',
        '後' => '后',
        '當' => '当',
        '農' => '农',
        '曆' => '历',
        '舊' => '旧',
        '陰' => '阴',
        '臘' => '腊',
        '開' => '开',
        _ => c,
    }
}

fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn is_chinese_numeral(c: char) -> bool {
    chinese_digit(c).is_some() || matches!(c, '十' | '百' | '廿' | '卅')
}

/// Whether a number may begin with this character in its plain form.
pub(super) fn is_numeral(c: char) -> bool {
    is_chinese_numeral(c) || everyday(c).is_some() || matches!(c, '元' | '两')
}

/// The everyday form of a numeral as it is written on receipts: 叁 for 三.
fn everyday(c: char) -> Option<char> {
    Some(match c {
        '壹' => '一',
        '贰' | '貳' => '二',
        '叁' | '叄' => '三',
        '肆' => '四',
        '伍' => '五',
        '陆' | '陸' => '六',
        '柒' => '七',
        '捌' => '八',
        '玖' => '九',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        _ => return None,
    })
}

/// The number that receipt numerals stand for here, with its length in characters.
///
/// 陆, 伍 and 拾 are also names and parts of words: one alone counts only between a boundary and a unit.
fn receipt_number(chars: &[(usize, char)], at: usize) -> Option<(u32, usize)> {
    let (_, first) = chars.get(at)?;
    everyday(*first)?;
    let run = chars.get(at..)?;
    let place = |c: char| matches!(c, '〇' | '十' | '百' | '千');
    let length = run.iter().take_while(|(_, c)| everyday(*c).is_some() || place(*c)).count();
    if length == 1 {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).map(|(_, c)| *c);
        let begins = before
            .is_none_or(|c| !('\u{4e00}'..='\u{9fff}').contains(&c) || "年月至到共约等加席".contains(c));
        let unit = run.get(1).is_some_and(|(_, c)| "人名位月日号年次天个小学课分".contains(*c));
        if !(begins && unit) {
            return None;
        }
    }
    let numerals: Vec<char> = run.iter().take(length).map(|(_, c)| everyday(*c).unwrap_or(*c)).collect();
    Some((chinese_number(&numerals)?, length))
}

/// 元月 is the first month, and 两 before a counted word is two.
fn spoken_number(chars: &[(usize, char)], at: usize, after_number: bool) -> Option<(u32, usize)> {
    let next = chars.get(at + 1).map(|(_, c)| *c)?;
    match chars.get(at)?.1 {
        '元' if next == '月' && !after_number => Some((1, 1)),
        '两' if "人名位".contains(next) => Some((2, 1)),
        '两' if "百千".contains(next) => {
            let rest = chars.iter().skip(at + 1).map(|(_, c)| *c);
            let rest = rest.take_while(|c| is_chinese_numeral(*c) || *c == '千');
            let numerals: Vec<char> = std::iter::once('二').chain(rest).collect();
            Some((chinese_number(&numerals)?, numerals.len()))
        }
        _ => None,
    }
}

/// The pieces of a text; blanks stand only between two digits. Invisible characters are passed over.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let chars: Vec<(usize, char)> = text
        .char_indices()
        .map(|(at, c)| (at, plain(c)))
        .filter(|(_, c)| !crate::seeds::text::is_invisible(*c))
        .collect();
    let mut pieces: Vec<Piece> = Vec::with_capacity(chars.len());
    let mut blank = None;
    let mut at = 0;
    while let Some((start, c)) = chars.get(at).copied() {
        let end_of = |length: usize| chars.get(at + length).map_or(text.len(), |(byte, _)| *byte);
        if c == ' ' {
            let behind_number = pieces.last().is_some_and(|p| matches!(p.token, Token::Num { .. }));
            if blank.is_none() && behind_number {
                blank = Some(Piece { token: Token::Ch(' '), start, end: end_of(1) });
            }
            at += 1;
            continue;
        }
        pieces.extend(blank.take().filter(|_| c.is_ascii_digit()));
        let (token, length) = token(&chars, at, c, pieces.last());
        pieces.push(Piece { token, start, end: end_of(length) });
        at += length;
    }
    pieces
}

/// The token here, and its length in characters.
fn token(chars: &[(usize, char)], at: usize, c: char, last: Option<&Piece>) -> (Token, usize) {
    let rest = || chars.iter().skip(at).map(|(_, c)| *c);
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    if c.is_ascii_digit() {
        let length = rest().take_while(char::is_ascii_digit).count();
        let mut digits = rest().take(length).filter_map(|c| c.to_digit(10));
        let value = digits.try_fold(0_u32, |sum, digit| sum.checked_mul(10)?.checked_add(digit));
        let value = value.unwrap_or(u32::MAX);
        return (Token::Num { value, digits: count(length), chinese: false }, length);
    }
    if let Some((value, length)) = named_number(chars, at, last) {
        return (Token::Num { value, digits: count(length), chinese: true }, length);
    }
    if !is_chinese_numeral(c) {
        return (Token::Ch(c), 1);
    }
    let numerals: Vec<char> = rest().take_while(|c| is_chinese_numeral(*c) || *c == '千').collect();
    let length = numerals.len();
    match chinese_number(&numerals) {
        Some(value) => (Token::Num { value, digits: count(length), chinese: true }, length),
        None => (Token::Ch(c), length),
    }
}

/// A number in words other than the usual numerals, with its length in characters.
fn named_number(chars: &[(usize, char)], at: usize, last: Option<&Piece>) -> Option<(u32, usize)> {
    let c = chars.get(at)?.1;
    if !matches!(c, '元' | '两') {
        return receipt_number(chars, at);
    }
    // 2024元月 is a month, 50元 an amount.
    let amount = last.is_some_and(|p| matches!(p.token, Token::Num { digits, .. } if digits != 4));
    spoken_number(chars, at, amount)
}

/// 二〇二三 digit by digit, 二十三 and 一百零二 by place.
fn chinese_number(numerals: &[char]) -> Option<u32> {
    let placed = numerals.iter().any(|c| matches!(c, '十' | '百' | '千' | '廿' | '卅'));
    if !placed {
        if numerals.len() > 8 {
            return None;
        }
        return numerals
            .iter()
            .try_fold(0_u32, |sum, c| sum.checked_mul(10)?.checked_add(chinese_digit(*c)?));
    }
    if numerals.len() > 8 {
        return None;
    }
    let (mut total, mut digit) = (0_u32, None);
    for c in numerals {
        match c {
            '千' => total += digit.take().unwrap_or(1) * 1000,
            '百' => total += digit.take().unwrap_or(1) * 100,
            '十' => total += digit.take().filter(|d| *d > 0).unwrap_or(1) * 10,
            '廿' => total += 20,
            '卅' => total += 30,
            '〇' => digit = None,
            c => digit = Some(chinese_digit(*c)?),
        }
    }
    Some(total + digit.unwrap_or(0))
}

/// A place in the pieces, with looks ahead that never fail.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'p> {
    pub(super) pieces: &'p [Piece],
    pub(super) at: usize,
}

impl<'p> Cursor<'p> {
    pub(super) fn new(pieces: &'p [Piece]) -> Self {
        Self { pieces, at: 0 }
    }

    pub(super) fn ahead(&self, offset: usize) -> Option<Token> {
        self.pieces.get(self.at + offset).map(|p| p.token)
    }

    /// Value and digits of a number ahead.
    pub(super) fn number(&self, offset: usize) -> Option<(u32, u32)> {
        match self.ahead(offset)? {
            Token::Num { value, digits, .. } => Some((value, digits)),
            Token::Ch(_) => None,
        }
    }

    pub(super) fn is(&self, offset: usize, c: char) -> bool {
        self.ahead(offset) == Some(Token::Ch(c))
    }

    pub(super) fn is_any(&self, offset: usize, set: &str) -> bool {
        matches!(self.ahead(offset), Some(Token::Ch(c)) if set.contains(c))
    }

    /// Steps over a word if it stands here.
    pub(super) fn skip(&mut self, word: &str) -> bool {
        let fits = word.chars().enumerate().all(|(offset, c)| self.is(offset, c));
        if fits {
            self.at += word.chars().count();
        }
        fits
    }

    pub(super) fn done(&self) -> bool {
        self.at >= self.pieces.len()
    }

    /// The byte of the text at which this place stands.
    pub(super) fn byte(&self, text: &str) -> usize {
        self.pieces.get(self.at).map_or(text.len(), |p| p.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_script_are_read() {
        for (text, expected) in [
            ("二〇二四", vec![2024]),
            ("十二", vec![12]),
            ("二十一", vec![21]),
            ("廿五", vec![25]),
            ("一百零二", vec![102]),
            ("２０２４年３", vec![2024, 3]),
            ("99999999999", vec![u32::MAX]),
            ("叁拾人", vec![30]),
            ("贰零贰叁年叁月拾伍日", vec![2023, 3, 15]),
            ("壹佰零贰名", vec![102]),
            ("实到伍人", vec![5]),
            ("一千二百人", vec![1200]),
            ("元月五日", vec![1, 5]),
            ("2024元月", vec![2024, 1]),
            ("20元", vec![20]),
            ("两名党员", vec![2]),
            ("两百一十人", vec![210]),
            ("讨论两个问题", vec![]),
            ("陆建文、伍某", vec![]),
            ("退伍军人捡拾垃圾", vec![]),
        ] {
            let values: Vec<u32> = pieces(text)
                .iter()
                .filter_map(|p| match p.token {
                    Token::Num { value, .. } => Some(value),
                    Token::Ch(_) => None,
                })
                .collect();
            assert_eq!(values, expected, "{text}");
        }
    }
}
