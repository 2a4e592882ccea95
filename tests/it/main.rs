//! One test binary: architecture, golden runs, broken inputs, properties and the command line.

mod architecture;
mod bad_inputs;
mod bureau;
mod cli;
mod matching;
mod office;
mod report;
mod samples;
mod scoring;
mod seeds;
