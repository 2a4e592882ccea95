//! From matches to points and ranks.
//!
//! In: a unit's activities with their matches, the requirements of its list, the points of the
//! scheme, and what a person decided. Out: a [`ScoreCard`](crate::model::ScoreCard) per unit and a
//! [`Standing`](crate::model::Standing) per unit and group. Never here: reading, wording of
//! documents, floats.

mod card;
mod check;
mod evidence;
mod rank;

pub use card::{Assessment, Case, Verdicts, score};
pub use rank::{Entry, rank};
