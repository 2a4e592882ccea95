//! A sentence of a scheme, read from left to right.
//!
//! In: a sentence as a clerk writes it. Out: its clauses, numbers and names. Never here: what they mean.

use crate::model::Points;
use crate::seeds::text::is_invisible;

/// The sentence in one width, without blanks, with quotes in pairs “ ” and without a full stop at the end.
#[must_use]
pub(super) fn plain(text: &str) -> String {
    let mut open = false;
    let mut plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '「' | '『' => '“',
            '」' | '』' => '”',
            other => other,
        })
        .map(|c| {
            if c != '"' {
                return c;
            }
            open = !open;
            if open { '“' } else { '”' }
        })
        .collect();
    while plain.ends_with(['。', ';', '.']) {
        plain.pop();
    }
    plain
}

/// The clauses of a plain sentence; semicolons inside “ ” do not divide.
pub(super) fn clauses(plain: &str) -> Vec<&str> {
    let mut quoted = false;
    plain
        .split(move |c| {
            match c {
                '“' => quoted = true,
                '”' => quoted = false,
                _ => {}
            }
            c == ';' && !quoted
        })
        .collect()
}

/// What is left of a clause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    pub(super) fn new(rest: &'a str) -> Self {
        Self { rest }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Reads exactly this text.
    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    /// Reads this text where it stands.
    pub(super) fn maybe(&mut self, word: &str) -> bool {
        self.word(word).is_some()
    }

    /// Reads the first of these texts that stands here and gives its index.
    pub(super) fn one_of(&mut self, words: &[&str]) -> Option<usize> {
        words.iter().position(|word| self.maybe(word))
    }

    /// Reads up to a text, which is read too; something must stand before it.
    pub(super) fn until(&mut self, word: &str) -> Option<&'a str> {
        let (before, rest) = self.rest.split_once(word)?;
        if before.is_empty() {
            return None;
        }
        self.rest = rest;
        Some(before)
    }

    /// Reads a name in “ ”.
    pub(super) fn quoted(&mut self) -> Option<String> {
        self.word("“")?;
        self.until("”").map(str::to_owned)
    }

    /// Reads a number of at most two decimals.
    pub(super) fn number(&mut self) -> Option<Points> {
        let end = self.rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        // Bounds within which sums and products stay exact.
        let points = Points::parse(digits).filter(|points| *points <= Points::whole(100_000))?;
        self.rest = rest;
        Some(points)
    }

    /// Reads a whole number, also 一 to 十.
    pub(super) fn count(&mut self) -> Option<u32> {
        const WORDS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
        if let Some(at) = self.one_of(&WORDS) {
            return u32::try_from(at + 1).ok();
        }
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        let count = digits.parse().ok().filter(|count| *count <= 10_000)?;
        self.rest = rest;
        Some(count)
    }

    /// Whether everything has been read.
    pub(super) fn end(&self) -> Option<()> {
        self.rest.is_empty().then_some(())
    }
}

/// The value that a parser reads from a whole clause.
pub(super) fn whole<'a, T>(clause: &'a str, read: impl FnOnce(&mut Scan<'a>) -> Option<T>) -> Option<T> {
    let mut scan = Scan::new(clause);
    let value = read(&mut scan)?;
    scan.end()?;
    Some(value)
}
