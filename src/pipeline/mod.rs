//! The whole way from a folder of submissions to the finished results.
//!
//! In: a folder. Out: results on disk and a summary, or single lines for other programs. Never
//! here: printing, and the work of a stage itself.

pub mod answers;
pub mod apart;
pub mod assess;
pub mod books;
pub mod cases;
pub mod checking;
pub mod counties;
mod county_results;
pub mod external;
mod form;
pub mod gather;
mod grids;
pub mod inputs;
pub mod journal;
pub mod leaders;
pub mod learning;
pub mod ledger_forms;
mod likeness;
pub mod list_text;
mod marking;
pub mod masks;
pub mod matching_lines;
pub mod office;
mod office_templates;
pub mod open_questions;
pub mod outputs;
pub mod own_list;
pub mod papers;
pub mod persons;
pub mod reading;
pub mod record_lines;
pub mod redaction;
pub mod register;
mod resubmission;
pub mod returns;
pub mod review;
pub mod roll;
pub mod rules;
pub mod run;
pub mod scheme_files;
pub mod scheme_form;
pub mod scheme_template;
mod scored;
pub mod settings;
pub mod shelf;
pub mod sources;
mod suggestion;
pub mod table_rules;
mod unit_case;
pub mod units;
pub mod watch;
mod wire;

pub use office_templates::office_templates;
