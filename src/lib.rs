//! shuzhi（述职）: reads activity ledgers, matches rows to duty items, scores and ranks the units,
//! and writes 述职 reports and ranking workbooks.
//!
//! The modules stand in the order in which data passes.

pub mod alike;
pub mod error;
pub mod formula;
pub mod ingest;
pub mod layout;
pub mod matching;
pub mod model;
pub mod normalise;
pub mod pipeline;
pub mod render;
pub mod report;
pub mod scoring;
pub mod seeds;
