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

/// The common form of a character: half-width, one sort of dash, blank and zero.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '—' | '–' | '−' | '‐' | '‑' | '―' | '─' | '〜' => '-',
        '。' => '。',
        '○' | '零' | 'Ο' | '◯' => '〇',
        '號' => '日',
        _ if c.is_whitespace() => ' ',
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

pub(super) fn is_chinese_numeral(c: char) -> bool {
    chinese_digit(c).is_some() || matches!(c, '十' | '百' | '廿' | '卅')
}

/// The pieces of a text; blanks stand only between two digits. Invisible characters are passed over.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut chars = text
        .char_indices()
        .map(|(at, c)| (at, plain(c)))
        .filter(|(_, c)| !crate::seeds::text::is_invisible(*c))
        .peekable();
    let mut pieces: Vec<Piece> = Vec::with_capacity(text.len().min(96) / 3 + 1);
    let mut blank = None;
    let mut numerals = Vec::new();
    while let Some((start, c)) = chars.next() {
        let mut end = || chars.peek().map_or(text.len(), |(byte, _)| *byte);
        if c == ' ' {
            let behind_number = pieces.last().is_some_and(|p| matches!(p.token, Token::Num { .. }));
            if blank.is_none() && behind_number {
                blank = Some(Piece { token: Token::Ch(' '), start, end: end() });
            }
            continue;
        }
        let between_digits = blank.take().filter(|_| c.is_ascii_digit());
        pieces.extend(between_digits);
        let token = if c.is_ascii_digit() {
            let mut value = c.to_digit(10);
            let mut digits = 1_u32;
            while let Some((_, c)) = chars.next_if(|(_, c)| c.is_ascii_digit()) {
                value = value.and_then(|v| v.checked_mul(10)?.checked_add(c.to_digit(10)?));
                digits = digits.saturating_add(1);
            }
            Token::Num { value: value.unwrap_or(u32::MAX), digits, chinese: false }
        } else if is_chinese_numeral(c) {
            numerals.clear();
            numerals.push(c);
            while let Some((_, c)) = chars.next_if(|(_, c)| is_chinese_numeral(*c)) {
                numerals.push(c);
            }
            let digits = u32::try_from(numerals.len()).unwrap_or(u32::MAX);
            match chinese_number(&numerals) {
                Some(value) => Token::Num { value, digits, chinese: true },
                None => Token::Ch(c),
            }
        } else {
            Token::Ch(c)
        };
        let end = chars.peek().map_or(text.len(), |(byte, _)| *byte);
        pieces.push(Piece { token, start, end });
    }
    pieces
}

/// 二〇二三 digit by digit, 二十三 and 一百零二 by place.
fn chinese_number(numerals: &[char]) -> Option<u32> {
    let placed = numerals.iter().any(|c| matches!(c, '十' | '百' | '廿' | '卅'));
    if !placed {
        if numerals.len() > 8 {
            return None;
        }
        return numerals
            .iter()
            .try_fold(0_u32, |sum, c| sum.checked_mul(10)?.checked_add(chinese_digit(*c)?));
    }
    if numerals.len() > 6 {
        return None;
    }
    let (mut total, mut digit) = (0_u32, None);
    for c in numerals {
        match c {
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
