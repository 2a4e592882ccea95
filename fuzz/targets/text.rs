//! Text of any encoding: csv, tab-separated, narrative.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::read;

fuzz_target!(|data: &[u8]| {
    read("台账.csv", data);
});
