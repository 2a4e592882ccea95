//! From scores to confidences, and from confidences to decisions.

use crate::matching::answers::confidence;
use crate::matching::math::sigmoid;

/// A score that was given without knowing the row, whether the item was right, and what the row weighs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) score: f64,
    pub(super) right: bool,
    pub(super) weight: f64,
}

/// Rounds of Newton's method.
const ROUNDS: usize = 60;

/// Slope and constant that turn scores into log-odds.
#[allow(clippy::cast_possible_truncation, reason = "stored in single precision")]
pub(super) fn fit(answers: &[Answer]) -> (f32, f32) {
    let (mut slope, mut constant) = (1.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        // Gradient and second derivatives, with a weak pull towards slope 1 and constant 0.
        let (mut gs, mut gc) = (slope - 1.0, constant);
        let (mut ss, mut sc, mut cc) = (1.0, 0.0, 1.0);
        for answer in answers {
            let p = sigmoid(slope * answer.score + constant);
            let error = answer.weight * (p - if answer.right { 1.0 } else { 0.0 });
            let spread = answer.weight * p * (1.0 - p);
            gs += error * answer.score;
            gc += error;
            ss += spread * answer.score * answer.score;
            sc += spread * answer.score;
            cc += spread;
        }
        let determinant = ss * cc - sc * sc;
        if determinant <= 1e-12 {
            break;
        }
        slope -= (cc * gs - sc * gc) / determinant;
        constant -= (ss * gc - sc * gs) / determinant;
    }
    // A higher score never lowers the confidence.
    (slope.max(0.05) as f32, constant as f32)
}

/// Least confidence of reviews (best F1) and of links (of this precision), in thousandths.
///
/// Where confidences are honest, F1 is best when everything is proposed that is right more often than
/// half the best F1: a rule that a lucky spike on few rows cannot move.
pub(super) fn thresholds(answers: &[Answer], calibration: (f32, f32), precision: f64) -> (u16, u16) {
    // Right and wrong weight at each confidence.
    let mut at = vec![(0.0_f64, 0.0_f64); 1000];
    let mut all_right = 0.0;
    for answer in answers {
        let z = f64::from(calibration.0) * answer.score + f64::from(calibration.1);
        if let Some(sums) = at.get_mut(usize::from(confidence(z))) {
            if answer.right {
                sums.0 += answer.weight;
                all_right += answer.weight;
            } else {
                sums.1 += answer.weight;
            }
        }
    }
    let mut curve = vec![0.0_f64; 1000];
    let (mut right, mut wrong, mut expected) = (0.0, 0.0, 0.0);
    let mut link = 999_usize;
    for (confidence, sums) in at.iter().enumerate().rev() {
        right += sums.0;
        wrong += sums.1;
        expected += (sums.0 + sums.1) * f64::from(u32::try_from(confidence).unwrap_or(0)) / 1000.0;
        if let Some(f1) = curve.get_mut(confidence) {
            *f1 = 2.0 * right / (right + wrong + all_right).max(1e-9);
        }
        // What was counted and what the confidences promise, each taken for half: few rows count badly.
        if right + expected >= 2.0 * precision * (right + wrong) && right > 0.0 {
            link = confidence;
        }
    }
    let best = curve.iter().fold(0.0_f64, |best, f1| best.max(*f1));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 500")]
    let review = ((best * 500.0).round() as usize).clamp(150, 650);
    let link = link.clamp(review, 990);
    (u16::try_from(review).unwrap_or(500), u16::try_from(link).unwrap_or(990))
}
