//! The content of an ods spreadsheet, zipped here.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::{package, sheets};

fuzz_target!(|data: &[u8]| {
    let kind = b"application/vnd.oasis.opendocument.spreadsheet";
    sheets("台账.ods", &package(&[("mimetype", kind), ("content.xml", data)]));
});
