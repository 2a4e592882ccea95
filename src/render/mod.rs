//! Writes the neutral trees as office files.
//!
//! In: a [`crate::model::Report`] or a [`crate::model::Book`], or an office's own .docx with values. Out:
//! bytes of a .docx or .xlsx, the same for the same tree, such bytes with words changed, and names under which files may be
//! stored. Never here: wording, arithmetic, decisions, the file system, a clock.

mod excel;
mod file_name;
pub mod form;
mod legal;
mod reword;
mod word;

pub use excel::{xlsx, xlsx_by_sheet, xlsx_dated};
pub use file_name::file_name;
pub use reword::{Change, Find, reworded};
pub use word::{Fonts, Stationery, docx};
