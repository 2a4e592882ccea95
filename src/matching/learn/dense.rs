//! Logistic regression over a few dense signs, by Newton's method; signs that may only speak for an
//! answer keep weights that are not negative.

use crate::matching::math::{ln, sigmoid};

/// One question: its signs, what is known of its log-odds, the answer, and what it weighs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) signs: &'a [f32],
    pub(super) offset: f64,
    pub(super) right: bool,
    pub(super) weight: f64,
}

const ROUNDS: usize = 40;
/// The last step is shorter than this.
const ENOUGH: f64 = 1e-8;
/// The penalty on the constant: none to speak of.
const LOOSE: f64 = 1e-6;

/// The constant and the weights of the signs. `speaks` tells which signs may only speak for an answer;
/// a sign outside `used` weighs nothing.
pub(super) fn solve(
    cases: &[Case],
    width: usize,
    penalty: f64,
    speaks: impl Fn(usize) -> bool,
    used: impl Fn(usize) -> bool,
) -> (f64, Vec<f64>) {
    let mut free: Vec<usize> = (0..width).filter(|sign| used(*sign)).collect();
    loop {
        let solution = newton(cases, &free, penalty);
        let weights = solution.get(1..).unwrap_or(&[]);
        let wrong: Vec<usize> = free
            .iter()
            .zip(weights)
            .filter(|(sign, weight)| speaks(**sign) && **weight < 0.0)
            .map(|(sign, _)| *sign)
            .collect();
        if wrong.is_empty() {
            let mut all = vec![0.0; width];
            for (sign, weight) in free.iter().zip(weights) {
                if let Some(place) = all.get_mut(*sign) {
                    *place = *weight;
                }
            }
            return (solution.first().copied().unwrap_or(0.0), all);
        }
        free.retain(|sign| !wrong.contains(sign));
    }
}

/// Constant, then the weights of these signs.
fn newton(cases: &[Case], signs: &[usize], penalty: f64) -> Vec<f64> {
    let size = signs.len() + 1;
    let mut solution = vec![0.0; size];
    let mut look = self::look(cases, signs, penalty, &solution);
    for _ in 0..ROUNDS {
        let step = cholesky(look.curve, &look.gradient);
        let mut share = 1.0;
        // Shorter steps until the cost falls: far from the goal a whole one may lead astray.
        loop {
            let next: Vec<f64> =
                solution.iter().zip(&step).map(|(weight, step)| weight - share * step).collect();
            let there = self::look(cases, signs, penalty, &next);
            if there.cost <= look.cost || share < 1e-3 {
                (solution, look) = (next, there);
                break;
            }
            share /= 2.0;
        }
        if step.iter().all(|step| step.abs() < ENOUGH) {
            break;
        }
    }
    solution
}

/// The cost at a solution, with its first and second derivatives.
struct Look {
    cost: f64,
    gradient: Vec<f64>,
    curve: Vec<f64>,
}

fn look(cases: &[Case], signs: &[usize], penalty: f64, solution: &[f64]) -> Look {
    let size = solution.len();
    let pull = |at: usize| if at == 0 { LOOSE } else { penalty };
    let weights = || solution.iter().enumerate();
    let mut look = Look {
        cost: weights().map(|(at, weight)| 0.5 * pull(at) * weight * weight).sum(),
        gradient: weights().map(|(at, weight)| pull(at) * weight).collect(),
        curve: vec![0.0; size * size],
    };
    for (at, place) in look.curve.iter_mut().step_by(size + 1).enumerate() {
        *place = pull(at);
    }
    let mut row = vec![1.0; size];
    for case in cases {
        for (place, sign) in row.iter_mut().skip(1).zip(signs) {
            *place = f64::from(case.signs.get(*sign).copied().unwrap_or(0.0));
        }
        let z = case.offset + row.iter().zip(solution).map(|(value, weight)| value * weight).sum::<f64>();
        let p = sigmoid(z);
        let (truth, told) = if case.right { (1.0, p) } else { (0.0, 1.0 - p) };
        look.cost -= case.weight * ln(told.max(1e-300));
        let (error, spread) = (case.weight * (p - truth), case.weight * p * (1.0 - p));
        for (at, value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            if let Some(place) = look.gradient.get_mut(at) {
                *place += error * value;
            }
            let line = look.curve.get_mut(at * size..=at * size + at).into_iter().flatten();
            for (place, other) in line.zip(&row) {
                *place += spread * value * other;
            }
        }
    }
    look
}

/// The solution of a positive definite system of which the lower half is given.
fn cholesky(mut a: Vec<f64>, b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut x = b.to_vec();
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
            let rest = a[i * n + j] - sum;
            a[i * n + j] = if i == j { rest.max(1e-12).sqrt() } else { rest / a[j * n + j] };
        }
    }
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| a[i * n + k] * x[k]).sum();
        x[i] = (x[i] - sum) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| a[k * n + i] * x[k]).sum();
        x[i] = (x[i] - sum) / a[i * n + i];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows in which the first sign speaks for the answer and the second against it.
    fn rows() -> Vec<([f32; 2], bool)> {
        let all = [([1.0, 0.0], true), ([0.8, 0.1], true), ([0.9, 0.8], false), ([0.1, 0.9], false)];
        let more = [([0.2, 0.3], false), ([0.7, 0.2], true), ([0.5, 0.5], true), ([0.4, 0.6], false)];
        all.into_iter().chain(more).collect()
    }

    fn solved(speaks: fn(usize) -> bool) -> (f64, Vec<f64>) {
        let rows = rows();
        let cases: Vec<Case> = rows
            .iter()
            .map(|(signs, right)| Case { signs, offset: 0.5, right: *right, weight: 2.0 })
            .collect();
        solve(&cases, 2, 0.1, speaks, |_| true)
    }

    #[test]
    fn no_weight_can_be_bettered() {
        let (constant, weights) = solved(|_| false);
        assert!(weights[0] > 0.0 && weights[1] < 0.0);
        let mut slopes = [0.0, 0.1 * weights[0], 0.1 * weights[1]];
        for (signs, right) in rows() {
            let z = 0.5 + constant + weights[0] * f64::from(signs[0]) + weights[1] * f64::from(signs[1]);
            let error = 2.0 * (sigmoid(z) - if right { 1.0 } else { 0.0 });
            for (slope, value) in slopes.iter_mut().zip([1.0, signs[0], signs[1]]) {
                *slope += error * f64::from(value);
            }
        }
        assert!(slopes.iter().all(|slope| slope.abs() < 1e-3), "{slopes:?}");
    }

    #[test]
    fn what_may_only_speak_for_an_answer_never_speaks_against_it() {
        let (_, weights) = solved(|_| true);
        assert!(weights[0] > 0.0);
        assert!(weights[1].abs() < 1e-12);
    }
}
