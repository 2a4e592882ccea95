//! How a long run tells what it is doing.

/// Someone who watches a run; the library itself never prints.
pub trait Watch: Sync {
    /// A stage of `total` steps begins.
    fn stage(&self, name: &str, total: usize);
    /// One step of the present stage is done.
    fn step(&self);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn stage(&self, _: &str, _: usize) {}
    fn step(&self) {}
}
