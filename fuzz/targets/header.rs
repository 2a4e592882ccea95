//! The headings of a ledger: cells between tabs, one to three rows of them, with sound rows below.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::read;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut ledger = String::new();
    for row in text.lines().take(4) {
        let cells = row.split('\t').take(40).map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        ledger.push_str(&cells.collect::<Vec<_>>().join(","));
        ledger.push('\n');
    }
    ledger.push_str(
        "1,2023年3月5日,支委会,研究党费,12,15,何岸,会议室,2\n2,4月6日,党课,讲党史,20,,何岸,礼堂,3\n",
    );
    read("台账.csv", ledger.as_bytes());
});
