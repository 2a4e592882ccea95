//! From matches to points and ranks.
//!
//! In: a unit's activities with their matches, the requirements of its list, a scheme, what stands in 评分,
//! and what a person decided. Out: a [`ScoreCard`](crate::model::ScoreCard) and a
//! [`UnitScore`](crate::model::UnitScore) per unit, a [`Standing`](crate::model::Standing) per unit and group,
//! the open questions and how far weights may shift. Never here: reading, wording of documents, binary
//! fractions.

mod award;
mod before;
mod card;
mod check;
mod county;
mod evidence;
mod field;
mod leeway;
mod lines;
mod questions;
mod rank;
mod reasons;
mod total;

pub use award::{DEFAULT_AWARD, awards_for, heads};
pub use card::{Assessment, Case, JointRule, Verdicts, score};
pub use county::{Reported, branch_points, branch_weight, county_scores};
pub use leeway::leeway;
pub use lines::outweigh;
pub use questions::{Asked, questions, turns};
pub use rank::rank;
pub use total::{Ledger, scores};
