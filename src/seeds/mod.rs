//! Reference data that the program carries: duty lists, requirements, kinds of activity, header
//! wordings, phrases and schemes.
//!
//! In: text files of `seeds/` (built into the program) or of the office's folder. Out: checked
//! tables. Never here: a submission.

pub mod kinds;
pub mod phrases;
pub mod source;
pub mod text;
pub mod weights;

pub use kinds::KindTable;
pub use phrases::PhraseTable;
pub use weights::Weights;
