//! A zip archive of submissions.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::office::bundle;

fuzz_target!(|data: &[u8]| bundle(data));
