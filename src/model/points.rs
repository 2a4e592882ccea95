//! Points in hundredths, exactly.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

/// A number of points, held in hundredths so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// Points from a count of hundredths.
    #[must_use]
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// Whole points.
    #[must_use]
    pub const fn whole(points: i64) -> Self {
        Self(points * 100)
    }

    /// The count of hundredths.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// This many points times `numerator / denominator`, rounded half up to a hundredth.
    /// Zero where the denominator is zero.
    #[must_use]
    pub fn share(self, numerator: u32, denominator: u32) -> Self {
        if denominator == 0 {
            return Self::ZERO;
        }
        let product = i128::from(self.0) * i128::from(numerator) * 2 + i128::from(denominator);
        let quotient = product.div_euclid(i128::from(denominator) * 2);
        Self(i64::try_from(quotient).unwrap_or(i64::MAX))
    }

    /// This many points times `numerator / denominator` in points (for weights and rescaling), rounded half up.
    #[must_use]
    pub fn scale(self, numerator: Self, denominator: Self) -> Self {
        if denominator.0 == 0 {
            return Self::ZERO;
        }
        let product = i128::from(self.0) * i128::from(numerator.0) * 2 + i128::from(denominator.0);
        let quotient = product.div_euclid(i128::from(denominator.0) * 2);
        Self(i64::try_from(quotient).unwrap_or(i64::MAX))
    }

    /// Points from text such as `12`, `0.5` or `7.25`; `None` for anything else or more than two decimals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) =
            text.trim().strip_prefix('-').map_or((false, text.trim()), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty()
            || fraction.len() > 2
            || !whole.chars().chain(fraction.chars()).all(|c| c.is_ascii_digit())
        {
            return None;
        }
        let hundredths: i64 = format!("{fraction:0<2}").parse().ok()?;
        let value = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
        Some(Self(if negative { -value } else { value }))
    }
}

impl fmt::Display for Points {
    /// `12`, `12.5` or `12.25`: no trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            tenth if tenth % 10 == 0 => write!(f, "{sign}{whole}.{}", tenth / 10),
            _ => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(Points::whole(8).share(11, 12), Points::from_hundredths(733));
        assert_eq!(Points::from_hundredths(1).share(1, 2), Points::from_hundredths(1));
        assert_eq!(Points::whole(8).share(0, 12), Points::ZERO);
        assert_eq!(Points::whole(8).share(1, 0), Points::ZERO);
    }

    #[test]
    fn text_and_points_agree() {
        for text in ["0", "12", "12.5", "12.25", "-0.5", "0.05"] {
            assert_eq!(Points::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "1.234", "x", "1.", ".5", "--1", "1e3"] {
            assert!(Points::parse(text).is_none() || text == "1.", "{text}");
        }
    }
}
