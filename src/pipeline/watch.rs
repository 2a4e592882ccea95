//! How a long run tells what it is doing, and is told to stop.

use crate::error::{Error, Result};

/// Someone who watches a run; the library itself never prints.
pub trait Watch: Sync {
    /// A stage of `total` steps begins.
    fn stage(&self, name: &str, total: usize);
    /// One step of the present stage is done.
    fn step(&self);
    /// The present stage turns out to have more steps, as when an archive is opened.
    fn more(&self, _steps: usize) {}
    /// A step has read so many rows and found so much to tell.
    fn read(&self, _rows: u64, _findings: usize) {}
    /// Whether the run is to end as soon as it can, with the old results untouched.
    fn stopped(&self) -> bool {
        false
    }
    /// Goes on with the run.
    ///
    /// # Errors
    /// [`Error::Stopped`] where it is to end.
    fn go_on(&self) -> Result<()> {
        if self.stopped() { Err(Error::Stopped) } else { Ok(()) }
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn stage(&self, _: &str, _: usize) {}
    fn step(&self) {}
}
