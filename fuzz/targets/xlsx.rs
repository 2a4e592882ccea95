//! The parts of an xlsx workbook, zipped here: sheet, shared texts, looks, workbook.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::{sheets, split, xlsx};

fuzz_target!(|data: &[u8]| {
    let [sheet, texts, styles, workbook] = split(data);
    sheets("台账.xlsx", &xlsx(sheet, texts, styles, workbook));
});
