//! A workbook of 97–2003: a whole file, or else the stream that a compound file is put around.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::{sheets, xls};

fuzz_target!(|data: &[u8]| {
    if data.starts_with(&[0xd0, 0xcf]) {
        sheets("台账.xls", data);
    } else if data.len() < 1 << 20 {
        sheets("台账.xls", &xls(data));
    }
});
