//! One test binary: architecture, golden runs, broken inputs, properties and the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod alike;
mod architecture;
mod archives;
mod bad_inputs;
mod binary;
mod bureau;
mod checking;
mod cli;
mod counties;
mod decisions;
mod documents;
mod forms;
mod formula;
#[path = "../../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub, clippy::pedantic, reason = "the fuzz targets use more of it")]
mod harness;
mod hostile;
mod inputs;
mod interruptions;
mod intervals;
#[allow(dead_code, reason = "examples/kill.rs uses more of it")]
mod kills;
mod learning;
mod ledger_forms;
mod made;
mod many_units;
mod matching;
mod mutants;
mod office;
mod other_lists;
mod privacy;
mod program;
mod reading;
mod redaction;
mod report;
mod resubmissions;
mod returns;
mod same_bytes;
mod samples;
mod schemes;
mod scoring;
mod seeds;
mod tables;
mod unit_names;
mod windows;
mod workbooks;
mod worked;

/// A file of the fixtures.
fn fixture(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}
