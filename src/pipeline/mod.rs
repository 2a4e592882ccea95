//! The stages joined.

pub mod reading;
