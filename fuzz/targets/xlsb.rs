//! The parts of an xlsb workbook, zipped here: workbook, looks, shared texts, sheet.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::{package, relations, sheets, split_binary};

fuzz_target!(|data: &[u8]| {
    let [workbook, styles, texts, sheet] = split_binary(data);
    sheets(
        "台账.xlsb",
        &package(&[
            ("xl/workbook.bin", workbook),
            ("xl/_rels/workbook.bin.rels", relations("bin").as_bytes()),
            ("xl/worksheets/sheet1.bin", sheet),
            ("xl/sharedStrings.bin", texts),
            ("xl/styles.bin", styles),
        ]),
    );
});
