//! One test binary: architecture, golden runs, broken inputs, properties and the command line.

mod reading;
