//! Logistic regression with an L2 penalty, by coordinate descent on the dual problem.
//!
//! One thread, a fixed order of rows and no library functions whose last bit may differ: the same
//! rows give the same weights.

use crate::matching::math::ln;

/// A row as (feature, value), features ascending.
pub(super) type Vector = Vec<(u32, f32)>;

/// A question to be answered from rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem<'a> {
    pub(super) rows: &'a [&'a Vector],
    pub(super) truth: &'a [bool],
    /// Known part of each row's log-odds.
    pub(super) offset: &'a [f64],
    /// What an error on each row costs.
    pub(super) cost: &'a [f64],
    /// How many features there are.
    pub(super) width: usize,
}

/// Weights and constant part.
#[derive(Debug, Clone)]
pub(super) struct Solution {
    pub(super) weights: Vec<f64>,
    pub(super) constant: f64,
}

const ROUNDS: usize = 80;
const ENOUGH: f64 = 0.02;

impl Solution {
    /// The log-odds of a row, without its offset.
    pub(super) fn score(&self, row: &Vector) -> f64 {
        self.constant + row.iter().map(|&(at, value)| self.weight(at) * f64::from(value)).sum::<f64>()
    }

    pub(super) fn weight(&self, at: u32) -> f64 {
        self.weights.get(at as usize).copied().unwrap_or(0.0)
    }

    fn add(&mut self, row: &Vector, amount: f64, unit: f64) {
        for &(at, value) in row {
            if let Some(weight) = self.weights.get_mut(at as usize) {
                *weight += amount * f64::from(value);
            }
        }
        self.constant += amount * unit;
    }
}

/// The weights that answer a problem best.
pub(super) fn solve(problem: &Problem) -> Solution {
    descend(problem, 1.0)
}

/// The same without a constant part: a row without features has its offset alone.
pub(super) fn solve_without_constant(problem: &Problem) -> Solution {
    descend(problem, 0.0)
}

/// `unit` is the value of the feature that stands for the constant part.
fn descend(problem: &Problem, unit: f64) -> Solution {
    let mut solution = Solution { weights: vec![0.0; problem.width], constant: 0.0 };
    let count = problem.rows.len();
    // Of each row: the dual variable and its counterpart up to the cost.
    let mut dual: Vec<(f64, f64)> = problem
        .cost
        .iter()
        .map(|&cost| {
            let low = (0.001 * cost).min(1e-8);
            (low, cost - low)
        })
        .collect();
    let sign = |at: usize| if problem.truth.get(at) == Some(&true) { 1.0 } else { -1.0 };
    for (at, row) in problem.rows.iter().enumerate() {
        solution.add(row, sign(at) * dual.get(at).map_or(0.0, |pair| pair.0), unit);
    }
    let squares: Vec<f64> = problem
        .rows
        .iter()
        .map(|row| unit + row.iter().map(|&(_, value)| f64::from(value) * f64::from(value)).sum::<f64>())
        .collect();
    let mut order: Vec<usize> = (0..count).collect();
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    let mut inner_enough = 1e-2;
    for _ in 0..ROUNDS {
        for at in (1..count).rev() {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from((dice >> 33) % (at as u64 + 1)).unwrap_or(0);
            order.swap(at, other);
        }
        let mut worst = 0.0_f64;
        let mut steps = 0_usize;
        for &at in &order {
            let (Some(&row), Some(pair), Some(&square), Some(&cost), Some(&offset)) = (
                problem.rows.get(at),
                dual.get_mut(at),
                squares.get(at),
                problem.cost.get(at),
                problem.offset.get(at),
            ) else {
                continue;
            };
            let sign = sign(at);
            let margin = sign * (solution.score(row) + offset);
            let flip = 0.5 * square * (pair.1 - pair.0) + margin < 0.0;
            let (old, direction) = if flip { (pair.1, -1.0) } else { (pair.0, 1.0) };
            let mut z = if cost - old < 0.5 * cost { 0.1 * old } else { old };
            let slope = |z: f64| square * (z - old) + direction * margin + ln(z / (cost - z));
            let mut gradient = slope(z);
            worst = worst.max(gradient.abs());
            let mut inner = 0;
            while inner <= 100 && gradient.abs() >= inner_enough {
                let curve = square + cost / (cost - z) / z;
                let next = z - gradient / curve;
                z = if next <= 0.0 { z * 0.1 } else { next };
                gradient = slope(z);
                inner += 1;
            }
            if inner > 0 {
                *pair = if flip { (cost - z, z) } else { (z, cost - z) };
                solution.add(row, direction * (z - old) * sign, unit);
                steps += inner;
            }
        }
        if worst < ENOUGH {
            break;
        }
        if steps <= count / 10 {
            inner_enough = (inner_enough * 0.1).max(1e-8);
        }
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_vanishes_at_the_solution() {
        let rows: Vec<Vector> = (0..40_u16)
            .map(|n| vec![(0, f32::from(n % 7) / 7.0), (1, f32::from(n % 3) / 3.0), (2, 1.0)])
            .collect();
        let rows: Vec<&Vector> = rows.iter().collect();
        let truth: Vec<bool> = (0..40).map(|n| n % 7 > 3 || n % 11 == 0).collect();
        let cost: Vec<f64> = (0..40).map(|n| if n % 2 == 0 { 2.0 } else { 1.0 }).collect();
        let offset: Vec<f64> = (0..40).map(|n| if n % 5 == 0 { 1.0 } else { 0.0 }).collect();
        let solution = solve(&Problem { rows: &rows, truth: &truth, offset: &offset, cost: &cost, width: 3 });
        for feature in 0..3_u32 {
            let mut gradient = solution.weight(feature);
            for (at, row) in rows.iter().enumerate() {
                let y = if truth[at] { 1.0 } else { -1.0 };
                let margin = y * (solution.score(row) + offset[at]);
                let value: f64 = row.iter().filter(|f| f.0 == feature).map(|f| f64::from(f.1)).sum();
                gradient -= cost[at] * y * value / (1.0 + margin.exp());
            }
            assert!(gradient.abs() < 0.1, "{feature}: {gradient}");
        }
        let without = solve_without_constant(&Problem {
            rows: &rows,
            truth: &truth,
            offset: &offset,
            cost: &cost,
            width: 3,
        });
        assert!(without.constant == 0.0 && without.weights != solution.weights);
    }
}
