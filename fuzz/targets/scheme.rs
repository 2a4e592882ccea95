//! A scoring scheme: TOML, or sheets as the Excel form has them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::office::scheme;

fuzz_target!(|data: &[u8]| scheme(data));
