//! A progress bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use shuzhi::pipeline::watch::Watch;
use std::io::IsTerminal;
use std::sync::Mutex;

/// Shows each stage as a bar on standard error.
pub(super) struct Progress {
    bar: Mutex<ProgressBar>,
    shown: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { bar: Mutex::new(ProgressBar::hidden()), shown: std::io::stderr().is_terminal() }
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if let Ok(bar) = self.bar.lock() {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Progress {
    fn stage(&self, name: &str, total: usize) {
        if !self.shown {
            return;
        }
        let bar = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} 剩余{eta}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(name.to_owned());
        if let Ok(mut current) = self.bar.lock() {
            current.finish_and_clear();
            *current = bar;
        }
    }

    fn step(&self) {
        if let Ok(bar) = self.bar.lock() {
            bar.inc(1);
        }
    }
}
