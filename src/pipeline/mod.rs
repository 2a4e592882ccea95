//! The whole way from a folder of submissions to the finished results.

mod form;
pub mod inputs;
pub mod list_text;
pub mod outputs;
pub mod register;
pub mod review;
pub mod settings;
pub mod units;
