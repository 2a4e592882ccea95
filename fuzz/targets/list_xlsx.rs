//! A duty list as a workbook.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi::pipeline::own_list::load;
use shuzhi_fuzz::{split, xlsx};

fuzz_target!(|data: &[u8]| {
    let [sheet, texts, styles, workbook] = split(data);
    let _ = load("责任清单.xlsx", &xlsx(sheet, texts, styles, workbook));
});
