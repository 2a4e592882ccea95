//! Scoring schemes: read from TOML or from the Excel form, checked, and written back.
//!
//! In: a scheme's text or its draft, and the requirements in use. Out: a [`Scheme`](crate::model::Scheme), or
//! everything that is wrong with it, each with its line or cell. Never here: what a unit has earned.

pub mod builtin;
pub mod check;
pub mod checks;
pub mod default;
pub mod draft;
pub mod grammar;
mod reading;
mod scan;
mod sentence;
mod sums;
pub mod toml;
pub mod words;

pub use builtin::EXAMPLES;
pub use check::{Known, Problems, build};
pub use checks::{Rosters, checks};
pub use draft::{Draft, Problem, Where};
