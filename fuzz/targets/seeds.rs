//! Wordings, kinds and requirements in TOML.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::office::seeds;

fuzz_target!(|data: &[u8]| seeds(data));
