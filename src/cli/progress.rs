//! What a long run shows while it works, and how it is called off: a bar on a terminal, a plain line now and
//! then elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use shuzhi::pipeline::watch::Watch;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

/// How often a plain line is written where there is no terminal; short runs write none.
const EVERY: Duration = Duration::from_secs(10);
/// How often the bar is drawn anew, a second.
const DRAWN: u8 = 8;

/// How far a run is that can be called off in good order.
static WATCHED: AtomicU8 = AtomicU8::new(NOBODY);
const NOBODY: u8 = 0;
const AT_WORK: u8 = 1;
/// It is over and only tells what it did; being called off would say too much.
const OVER: u8 = 2;
/// How often the user has asked to stop.
static ASKED: AtomicU8 = AtomicU8::new(0);
static LISTENING: Once = Once::new();

/// The exit code of a run that was called off, as shells have it.
pub(super) const STOPPED: u8 = 130;

/// Watches one run from its making until it is dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    terminal: bool,
    present: Mutex<Present>,
    rows: AtomicU64,
    findings: AtomicUsize,
}

/// The stage that is being worked on.
struct Present {
    name: String,
    total: usize,
    done: usize,
    began: Instant,
    told: Instant,
}

impl Progress {
    pub(super) fn new() -> Self {
        WATCHED.store(AT_WORK, Ordering::SeqCst);
        LISTENING.call_once(|| {
            // Where the system gives no notice, the process simply ends, and the results are safe as well.
            let _ = ctrlc::set_handler(asked_to_stop);
        });
        let now = Instant::now();
        Self {
            bar: ProgressBar::hidden(),
            terminal: std::io::stderr().is_terminal(),
            present: Mutex::new(Present { name: String::new(), total: 0, done: 0, began: now, told: now }),
            rows: AtomicU64::new(0),
            findings: AtomicUsize::new(0),
        }
    }

    /// Takes the bar away; what follows only tells what was done.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
        WATCHED.store(OVER, Ordering::SeqCst);
    }

    /// Rows and findings so far, in words.
    fn so_far(&self) -> String {
        let (rows, findings) = (self.rows.load(Ordering::Relaxed), self.findings.load(Ordering::Relaxed));
        if rows == 0 && findings == 0 {
            String::new()
        } else {
            format!("，已读{rows}行，发现问题{findings}条")
        }
    }
}

/// The first time the run is told; the second time, or where nothing can be told, the process ends at once.
#[expect(clippy::exit, reason = "the user insists; what is half written is removed by the next run")]
fn asked_to_stop() {
    let before = ASKED.fetch_add(1, Ordering::SeqCst);
    let watched = WATCHED.load(Ordering::SeqCst);
    if before > 0 || watched == NOBODY {
        std::process::exit(i32::from(STOPPED));
    }
    if watched == AT_WORK {
        let _ = writeln!(std::io::stderr(), "\n正在停下……（再按一次 Ctrl-C 立即结束）");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        // Once it is over it stays so: there is nothing more to be called off.
        let _ = WATCHED.compare_exchange(AT_WORK, NOBODY, Ordering::SeqCst, Ordering::SeqCst);
    }
}

impl Watch for Progress {
    fn stage(&self, name: &str, total: usize) {
        WATCHED.store(AT_WORK, Ordering::SeqCst);
        if let Ok(mut present) = self.present.lock() {
            let told = present.told;
            *present = Present { name: name.to_owned(), total, done: 0, began: Instant::now(), told };
        }
        if !self.terminal {
            return;
        }
        if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len}{msg}{left}") {
            let left = |state: &ProgressState, line: &mut dyn std::fmt::Write| {
                // Too few steps tell nothing about the others.
                if state.pos() > 0 && state.pos() < state.len().unwrap_or_default() {
                    let _ = line.write_str(&left_in_words(state.eta()));
                }
            };
            self.bar.set_style(style.progress_chars("=> ").with_key("left", left));
        }
        self.bar.reset();
        self.bar.set_length(total as u64);
        self.bar.set_prefix(name.to_owned());
        self.bar.set_message(self.so_far());
        // Not before there is something to draw.
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(DRAWN));
        }
    }

    fn step(&self) {
        if self.terminal {
            self.bar.set_message(self.so_far());
            self.bar.inc(1);
        }
        let Ok(mut present) = self.present.lock() else { return };
        present.done += 1;
        if self.terminal || present.told.elapsed() < EVERY {
            return;
        }
        present.told = Instant::now();
        let Present { name, total, done, began, .. } = &*present;
        let mut line = format!("{name} {done}/{total}{}", self.so_far());
        if let Some(left) = left_of(began.elapsed(), *done, *total) {
            let _ = line.write_str(&left_in_words(left));
        }
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    fn more(&self, steps: usize) {
        self.bar.inc_length(steps as u64);
        if let Ok(mut present) = self.present.lock() {
            present.total += steps;
        }
    }

    fn read(&self, rows: u64, findings: usize) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.findings.fetch_add(findings, Ordering::Relaxed);
    }

    fn stopped(&self) -> bool {
        ASKED.load(Ordering::SeqCst) > 0
    }
}

/// How long the other steps take if they take as long as those that are done.
fn left_of(gone: Duration, done: usize, total: usize) -> Option<Duration> {
    let (done, left) = (u32::try_from(done).ok()?, u32::try_from(total.checked_sub(done)?).ok()?);
    (left > 0).then(|| gone.checked_div(done)?.checked_mul(left)).flatten()
}

fn left_in_words(left: Duration) -> String {
    match left.as_secs() {
        seconds @ 0..=90 => format!("，约剩{}秒", seconds.max(1)),
        seconds @ 91..=5400 => format!("，约剩{}分钟", seconds.div_ceil(60)),
        seconds => format!("，约剩{}小时", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_roughly() {
        let left = |gone, done, total| left_of(Duration::from_secs(gone), done, total).map(left_in_words);
        assert_eq!(left(10, 10, 30).unwrap(), "，约剩20秒");
        assert_eq!(left(600, 1, 3).unwrap(), "，约剩20分钟");
        assert_eq!(left(3600, 1, 3).unwrap(), "，约剩2小时");
        assert_eq!(left(10, 0, 30), None);
        assert_eq!(left(10, 30, 30), None);
    }
}
