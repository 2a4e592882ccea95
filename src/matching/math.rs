//! Exponential and logarithm that give the same bits on every machine, so that weights learned from
//! the same rows are the same bytes.

use std::f64::consts::{LN_2, SQRT_2};

/// e to the power of `x`, for `x` within ±700.
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let k = nearest(x / LN_2);
    let r = x - k * LN_2;
    // The factors of the terms. Halves and quarters are exact, so that half of the divisions suffice; terms
    // after the thirteenth are less than half of the last place of the sum.
    let (by3, by5, by7) = (r / 3.0, r / 5.0, r / 7.0);
    let factors =
        [r, r * 0.5, by3, r * 0.25, by5, by3 * 0.5, by7, r * 0.125, r / 9.0, by5 * 0.5, r / 11.0, by3 * 0.25];
    let (mut term, mut sum) = (1.0, 1.0);
    for factor in factors.into_iter().chain([r / 13.0]) {
        term *= factor;
        sum += term;
    }
    #[allow(clippy::cast_possible_truncation, reason = "within ±1010")]
    let exponent = (1023 + k as i64).cast_unsigned();
    sum * f64::from_bits(exponent << 52)
}

/// The nearest whole number, halves away from zero, of a number within ±2⁵².
pub(super) fn nearest(x: f64) -> f64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "within ±2⁵²")]
    let whole = x as i64 as f64;
    let rest = x - whole;
    if rest.abs() < 0.5 { whole } else { whole + 1.0_f64.copysign(rest) }
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
    1.0 / (1.0 + exp(-z))
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
        sum * f64::from_bits((1023 + k as i64).cast_unsigned() << 52)
    }

    #[test]
    fn spared_divisions_change_no_bit() {
        for n in -400_000..=400_000 {
            let x = f64::from(n) / 999.7;
            assert_eq!(exp(x).to_bits(), plain_exp(x).to_bits(), "{x}");
            let x = f64::from(n) * 0.25;
            assert_eq!(nearest(x).to_bits(), (x.round() + 0.0).to_bits(), "{x}");
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
