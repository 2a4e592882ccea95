//! Exponential and logarithm that give the same bits on every machine, so that weights learned from
//! the same rows are the same bytes.

use std::array::from_fn;
use std::f64::consts::{LN_2, SQRT_2};

/// A number to which a smaller one is added so that its fraction is rounded away.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// e to the power of `x`, for `x` within ±700.
#[cfg(test)]
fn exp(x: f64) -> f64 {
    exps([x])[0]
}

/// e to the power of several numbers within ±700, side by side.
fn exps<const N: usize>(x: [f64; N]) -> [f64; N] {
    let x = x.map(|x| x.clamp(-700.0, 700.0));
    let whole = x.map(|x| nearest(x / LN_2));
    let r: [f64; N] = from_fn(|at| x[at] - whole[at] * LN_2);
    // Halves and quarters are exact, so that half of the divisions suffice; terms after the thirteenth are
    // less than half of the last place of the sum.
    let (by_3, by_5, by_7) = (r.map(|r| r / 3.0), r.map(|r| r / 5.0), r.map(|r| r / 7.0));
    let (mut term, mut sum) = ([1.0; N], [1.0; N]);
    let mut add = |of: &[f64; N], share: f64| {
        for at in 0..N {
            term[at] *= of[at] * share;
            sum[at] += term[at];
        }
    };
    add(&r, 1.0);
    add(&r, 0.5);
    add(&by_3, 1.0);
    add(&r, 0.25);
    add(&by_5, 1.0);
    add(&by_3, 0.5);
    add(&by_7, 1.0);
    add(&r, 0.125);
    add(&r.map(|r| r / 9.0), 1.0);
    add(&by_5, 0.5);
    add(&r.map(|r| r / 11.0), 1.0);
    add(&by_3, 0.25);
    add(&r.map(|r| r / 13.0), 1.0);
    // The whole part, within ±1010, stands in the last bits.
    from_fn(|at| sum[at] * f64::from_bits((whole[at] + ROUNDER).to_bits().wrapping_add(1023) << 52))
}

/// The nearest whole number, halves away from zero, of a number within ±2⁵⁰.
pub(super) fn nearest(x: f64) -> f64 {
    // Halves come out even here.
    let even = (x + ROUNDER) - ROUNDER;
    let half = 0.5_f64.copysign(x);
    if (x - even).to_bits() == half.to_bits() { even + 2.0 * half } else { even }
}

/// The natural logarithm of a positive normal number.
pub(super) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0) - 1023;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | (1023 << 52));
    if mantissa > SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    for n in (0..12).rev() {
        sum = sum * square + 1.0 / f64::from(2 * n + 1);
    }
    f64::from(exponent) * LN_2 + 2.0 * s * sum
}

/// The probability of these log-odds.
pub(super) fn sigmoid(z: f64) -> f64 {
    sigmoids([z])[0]
}

/// The same of several, side by side.
pub(super) fn sigmoids<const N: usize>(z: [f64; N]) -> [f64; N] {
    exps(z.map(|z| -z)).map(|power| 1.0 / (1.0 + power))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of all terms, each with its own division.
    fn plain_exp(x: f64) -> f64 {
        let k = (x / LN_2).round();
        let r = x - k * LN_2;
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 1..=16 {
            term *= r / f64::from(n);
            sum += term;
        }
        #[allow(clippy::cast_possible_truncation, reason = "within ±1010")]
        let exponent = (1023 + k as i64).cast_unsigned();
        sum * f64::from_bits(exponent << 52)
    }

    #[test]
    fn spared_divisions_change_no_bit() {
        for n in -400_000..=400_000 {
            let x = f64::from(n) / 999.7;
            assert_eq!(exp(x).to_bits(), plain_exp(x).to_bits(), "{x}");
            let x = f64::from(n) * 0.25;
            assert_eq!(nearest(x).total_cmp(&(x.round() + 0.0)), std::cmp::Ordering::Equal, "{x}");
        }
        for x in [0.0, 1e-300, -1e-310, 5e-324, LN_2 / 2.0, -LN_2 / 2.0, 1.5 * LN_2] {
            assert_eq!(exp(x).to_bits(), plain_exp(x).to_bits(), "{x}");
        }
    }

    #[test]
    fn close_to_the_library() {
        for n in -200..200 {
            let x = f64::from(n) / 7.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-13, "{x}");
            assert!((ln(exp(x)) - x).abs() < 1e-12, "{x}");
        }
        assert!((sigmoid(0.0) - 0.5).abs() < 1e-15);
    }
}
