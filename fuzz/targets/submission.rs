//! Any bytes under any extension.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::read;

const NAMES: [&str; 8] =
    ["一.xlsx", "一.xls", "一.xlsb", "一.ods", "一.csv", "一.txt", "一.html", "二支部2023年台账（补）.et"];

fuzz_target!(|data: &[u8]| {
    if let Some((first, bytes)) = data.split_first() {
        read(NAMES[usize::from(*first) % NAMES.len()], bytes);
    }
});
