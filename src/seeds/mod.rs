//! Reference data that the program carries: duty lists, requirements, kinds of activity, header
//! wordings, phrases and schemes.
//!
//! In: text files of `seeds/` (built into the program) or of the office's folder. Out: checked
//! tables. Never here: a submission.

pub mod catalogue;
pub mod chinese_toml;
mod derive;
pub mod duty_lists;
pub mod headers;
pub mod kinds;
mod list_docx;
mod list_draft;
pub mod list_files;
mod list_lines;
mod list_table;
mod list_words;
pub(crate) mod numbers;
pub mod pair_weights;
pub mod phrases;
mod presets;
pub mod requirements;
pub mod scheme;
pub mod score_headers;
pub mod source;
pub mod text;
pub mod weights;

pub use catalogue::Catalogue;
pub use headers::HeaderTable;
pub use kinds::KindTable;
pub use phrases::PhraseTable;
pub use weights::Weights;
