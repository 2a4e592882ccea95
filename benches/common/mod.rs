//! How benches measure.

use std::time::{Duration, Instant};

/// The shortest of several rounds.
pub(crate) fn best(rounds: u32, mut work: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}
