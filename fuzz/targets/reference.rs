//! References of cells and ranges, in the places of a sheet where they stand.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::{read, xlsx};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut references = text.split(['"', '<', '>', '&', '\n']);
    let mut next = || references.next().unwrap_or("B2");
    let sheet = format!(
        "<worksheet><sheetData><row r=\"{}\" hidden=\"1\"><c r=\"{}\" t=\"str\"><v>时间</v></c><c r=\"{}\"><v>2</v></c>\
         <c r=\"{}\"><f>A1</f></c></row></sheetData><autoFilter ref=\"{}\"><filterColumn/></autoFilter>\
         <mergeCells><mergeCell ref=\"{}\"/><mergeCell ref=\"{}\"/></mergeCells></worksheet>",
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
    );
    read("台账.xlsx", &xlsx(sheet.as_bytes(), b"", b"", b""));
});
