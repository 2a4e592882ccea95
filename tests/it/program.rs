//! The program run as its user runs it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

pub(crate) fn shuzhi<A: AsRef<OsStr>>(arguments: &[A]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shuzhi")).args(arguments).output().unwrap()
}

/// Run inside a folder: the exit code, and all that it says.
pub(crate) fn inside<A: AsRef<OsStr>>(folder: &Path, arguments: &[A]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shuzhi"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
