//! An answered 核对表: sheets, rows and cells.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::office::answers;

fuzz_target!(|data: &[u8]| answers(data));
