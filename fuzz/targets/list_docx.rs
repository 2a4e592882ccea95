//! A duty list as a Word document: its text, numbering and styles, zipped here.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi::seeds::list_files::load;
use shuzhi_fuzz::{package, split};

fuzz_target!(|data: &[u8]| {
    let [document, numbering, styles] = split(data);
    let _ = load(
        "责任清单.docx",
        &package(&[
            ("word/document.xml", document),
            ("word/numbering.xml", numbering),
            ("word/styles.xml", styles),
        ]),
    );
});
