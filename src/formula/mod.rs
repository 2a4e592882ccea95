//! Exact figures and the formulas that give them: one arithmetic for the program and the workbooks.
//!
//! In: [`Expr`](crate::model::Expr)s over named figures or cells, and the figures. Out: exact values, and a
//! workbook whose formulas carry theirs. Never here: binary fractions, addresses as text, what a figure means.

mod book;
mod evaluate;
mod exact;
mod functions;
pub mod rules;
mod value;

pub use book::{Mismatch, cached, fill, verify};
pub use evaluate::{Leaves, evaluate};
pub use exact::{Exact, rounded_quotient};
pub use value::{Area, Fault, Value};
