//! Scores, votes, ballots and events under the examples of schemes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::office::scores;

fuzz_target!(|data: &[u8]| scores(data));
