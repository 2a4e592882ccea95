//! Cuts runs short at random moments and looks at what is left.
//!
//! `cargo run --release --example kill -- [times] [units] [rows] [kill|interrupt] [seed]`: builds a folder of
//! invented ledgers large enough for a run of some seconds and kills runs on it. Ends with an error where the
//! results are ever neither the old nor the new ones, whole.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a check that cannot go on has failed")]

#[path = "../tests/it/kills.rs"]
mod kills;

use kills::{Cut, Ground};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: usize| arguments.get(at).map_or(usual, |text| text.parse().unwrap());
    let how = match arguments.get(3).map(String::as_str) {
        Some("interrupt") => Cut::Interrupt,
        _ => Cut::Kill,
    };
    let program = std::env::current_exe().unwrap().with_file_name("../shuzhi");
    let folder = tempfile::tempdir().unwrap();
    let seed = u64::try_from(number(4, 1)).unwrap();
    let mut ground = Ground::new(&program, folder.path(), number(1, 300), number(2, 200), seed);
    let times = number(0, 200);
    let tally = ground.cut(times, how, |round, tally| {
        if round % 20 == 0 {
            println!("{round}/{times} {tally:?}");
        }
    });
    println!("{how:?} {times}: {tally:#?}");
}
