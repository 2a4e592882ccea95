//! Reference data that the program carries: duty lists, requirements, kinds of activity, header
//! wordings, phrases and schemes.
//!
//! In: text files of `seeds/` (built into the program) or of the office's folder. Out: checked
//! tables. Never here: a submission.

pub mod headers;
pub mod kinds;
pub mod source;
pub mod text;

pub use headers::HeaderTable;
pub use kinds::KindTable;
