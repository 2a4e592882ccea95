//! Rational numbers without error.
//!
//! In: whole numbers and points. Out: sums, products, quotients, roundings; `None` where a number leaves the
//! range in which comparisons cannot overflow. Never here: floats.

use crate::model::{Cut, Points, Rounding};
use std::cmp::Ordering;

/// Numerator and denominator stay below this, so that no cross product leaves `i128`.
const RANGE: i128 = 1 << 62;

/// A rational number, reduced, with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    num: i128,
    den: i128,
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self { num: 0, den: 1 };

    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// A whole number.
    #[must_use]
    pub fn whole(number: impl Into<i64>) -> Self {
        // i64 reaches twice as far as the range; nobody counts so far.
        let number = i128::from(number.into()).clamp(-(RANGE - 1), RANGE - 1);
        Self { num: number, den: 1 }
    }

    /// Points.
    #[must_use]
    pub fn points(points: Points) -> Self {
        Self::new(i128::from(points.hundredths()), 100).unwrap_or(Self::ZERO)
    }

    /// A quotient; `None` for a zero denominator or out of range.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den == 0 {
            return None;
        }
        let common = gcd(num.unsigned_abs(), den.unsigned_abs());
        let common = i128::try_from(common).ok().filter(|common| *common > 0)?;
        let sign = den.signum();
        let (num, den) = (num / common * sign, den / common * sign);
        (num.abs() < RANGE && den < RANGE).then_some(Self { num, den })
    }

    /// Numerator.
    #[must_use]
    pub fn num(self) -> i64 {
        i64::try_from(self.num).unwrap_or(i64::MAX)
    }

    /// Denominator, positive.
    #[must_use]
    pub fn den(self) -> i64 {
        i64::try_from(self.den).unwrap_or(i64::MAX)
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Self::new(self.num * other.den + other.num * self.den, self.den * other.den)
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        Self::new(self.num * other.den - other.num * self.den, self.den * other.den)
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(self.num * other.num, self.den * other.den)
    }

    /// The quotient; `None` where the divisor is zero.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        Self::new(self.num * other.den, self.den * other.num)
    }

    /// Rounded to so many decimals: half away from zero, towards zero, or away from zero (Excel's ROUND,
    /// ROUNDDOWN, ROUNDUP).
    #[must_use]
    pub fn round(self, places: u32, how: Cut) -> Option<Self> {
        let scale = 10_i128.checked_pow(places).filter(|scale| *scale < RANGE)?;
        let scaled = self.num.abs().checked_mul(scale)?;
        let (whole, rest) = (scaled / self.den, scaled % self.den);
        let up = match how {
            Cut::Nearest => rest * 2 >= self.den,
            Cut::Down => false,
            Cut::Up => rest > 0,
        };
        Self::new((whole + i128::from(up)) * self.num.signum(), scale)
    }

    /// The whole number that it is.
    #[must_use]
    pub fn to_whole(self) -> Option<i64> {
        if self.den == 1 { i64::try_from(self.num).ok() } else { None }
    }

    /// The points that it is; `None` where it has more than two decimals.
    #[must_use]
    pub fn to_points(self) -> Option<Points> {
        if 100 % self.den != 0 {
            return None;
        }
        i64::try_from(self.num.checked_mul(100 / self.den)?).ok().map(Points::from_hundredths)
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.num == 0
    }

    /// 1, 0 or -1.
    #[must_use]
    pub fn signum(self) -> i64 {
        i64::try_from(self.num.signum()).unwrap_or(0)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.num * other.den).cmp(&(other.num * self.den))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A quotient of hundredths rounded as figures of points are, in hundredths: what the rules of blocks and
/// totals come to, without the detour over a formula. Zero where the divisor is not positive.
#[must_use]
pub fn rounded_quotient(num: i64, den: i64, rounding: Rounding) -> i64 {
    let grain = match rounding.places {
        0 => 100,
        1 => 10,
        _ => 1,
    };
    let Some(den) = den.checked_mul(grain).filter(|den| *den > 0) else { return 0 };
    let size = num.unsigned_abs();
    let den = den.unsigned_abs();
    let (whole, rest) = (size / den, size % den);
    let up = match rounding.how {
        Cut::Nearest => rest >= den - rest,
        Cut::Down => false,
        Cut::Up => rest > 0,
    };
    let rounded = i64::try_from(whole + u64::from(up)).unwrap_or(i64::MAX).saturating_mul(grain);
    if num < 0 { -rounded } else { rounded }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(num: i128, den: i128) -> Exact {
        Exact::new(num, den).unwrap()
    }

    #[test]
    fn rounding_is_that_of_a_spreadsheet() {
        for (num, den, places, nearest, down, up) in [
            (42_875, 1000, 2, "42.88", "42.87", "42.88"),
            (-42_875, 1000, 2, "-42.88", "-42.87", "-42.88"),
            (1, 3, 2, "0.33", "0.33", "0.34"),
            (5, 2, 0, "3", "2", "3"),
            (-1, 2, 0, "-1", "0", "-1"),
            (7, 1, 1, "7", "7", "7"),
        ] {
            let rounded = |how| ratio(num, den).round(places, how).unwrap().to_points().unwrap().to_string();
            assert_eq!(rounded(Cut::Nearest), nearest);
            assert_eq!(rounded(Cut::Down), down);
            assert_eq!(rounded(Cut::Up), up);
        }
    }

    #[test]
    fn what_leaves_the_range_is_told() {
        let large = Exact::whole(i64::MAX);
        assert_eq!(large.times(large), None);
        assert_eq!(large.plus(large), None);
        assert_eq!(Exact::ONE.over(Exact::ZERO), None);
        assert_eq!(Exact::new(RANGE - 2, 3).unwrap().round(9, Cut::Nearest), None);
        assert_eq!(large.round(9, Cut::Nearest), Some(large));
        assert_eq!(ratio(1, 3).to_points(), None);
        assert!(ratio(1, 3) < ratio(34, 100) && ratio(-1, 3) > ratio(-34, 100));
    }
}
