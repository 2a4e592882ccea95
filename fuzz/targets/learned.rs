//! 核对/本单位学习.json.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi::pipeline::learning::Learned;

fuzz_target!(|data: &[u8]| {
    match Learned::from_json(data) {
        Ok(learned) => assert!(Learned::from_json(learned.to_json().as_bytes()).as_ref() == Ok(&learned)),
        Err(message) => assert!(!message.is_empty()),
    }
});
