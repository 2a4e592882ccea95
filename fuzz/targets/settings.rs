//! 考核.toml.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi::pipeline::settings::Settings;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = Settings::parse("考核.toml", text) {
        assert!(error.to_string().starts_with("考核.toml"), "{error}");
    }
});
