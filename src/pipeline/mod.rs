//! The whole way from a folder of submissions to the finished results.

pub mod inputs;
pub mod outputs;
pub mod settings;
pub mod units;
