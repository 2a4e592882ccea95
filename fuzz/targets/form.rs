//! An office's own Word template: its text, a header and its styles, zipped and filled here.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::{fill, split};

fuzz_target!(|data: &[u8]| {
    let [document, header, styles] = split(data);
    fill(document, header, styles);
});
