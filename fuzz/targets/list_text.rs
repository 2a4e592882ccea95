//! A duty list as text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi::seeds::list_files::load;

fuzz_target!(|data: &[u8]| {
    for list in load("责任清单.txt", data).unwrap_or_default() {
        assert!(!list.items.is_empty());
        let _ = shuzhi_fuzz::CATALOGUE.requirements_for(&list);
    }
});
