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

    /// This many points divided in proportion to `weights`, exactly: the parts sum up to the whole.
    ///
    /// Hundredths that are left over go to the largest remainders, the earlier first. Nothing is
    /// given where all weights are zero.
    #[must_use]
    pub fn apportion(self, weights: &[Self]) -> Vec<Self> {
        let sum: i128 = weights.iter().map(|w| i128::from(w.0.max(0))).sum();
        if sum == 0 {
            return vec![Self::ZERO; weights.len()];
        }
        let exact: Vec<i128> = weights.iter().map(|w| i128::from(self.0) * i128::from(w.0.max(0))).collect();
        let mut parts: Vec<i128> = exact.iter().map(|e| e / sum).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(exact.get(i).map_or(0, |e| e % sum)), i));
        let left = i128::from(self.0) - parts.iter().sum::<i128>();
        for &i in order.iter().take(usize::try_from(left).unwrap_or(0)) {
            if let Some(part) = parts.get_mut(i) {
                *part += 1;
            }
        }
        parts.into_iter().map(|part| Self(i64::try_from(part).unwrap_or(0))).collect()
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
    fn parts_sum_up_to_the_whole() {
        let parts = Points::whole(100).apportion(&[Points::whole(1); 7]);
        assert_eq!(parts.iter().copied().sum::<Points>(), Points::whole(100));
        assert_eq!(parts.first(), Some(&Points::from_hundredths(1429)));
        assert_eq!(parts.last(), Some(&Points::from_hundredths(1428)));
        assert_eq!(Points::whole(100).apportion(&[Points::ZERO]), [Points::ZERO]);
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
