//! Web tables, web pages saved as one file and SpreadsheetML, under the extension that offices give them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::sheets;

fuzz_target!(|data: &[u8]| {
    let head: &[u8] = match data.first() {
        Some(b'<' | b'M') => b"",
        Some(byte) if byte % 2 == 0 => {
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"
        }
        _ => b"<html><table>",
    };
    sheets("台账.xls", &[head, data].concat());
});
