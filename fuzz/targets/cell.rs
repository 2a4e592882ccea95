//! One cell of a sound ledger: the first byte says under which heading; dates, counts, hours and the
//! rest are read through it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shuzhi_fuzz::read;

const HEADINGS: [&str; 12] = [
    "时间",
    "参加人数",
    "学时",
    "实到人数",
    "应到人数",
    "时长",
    "活动类型",
    "活动主题",
    "主要内容",
    "主持人",
    "地点",
    "参加人员",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let chosen = usize::from(*first) % HEADINGS.len();
    let cell = format!("\"{}\"", text.replace('"', "\"\""));
    let mut ledger = format!("第一党支部2023年台账\n序号,{}\n", HEADINGS.join(","));
    for row in 1..=2 {
        let sound = [
            "3月5日",
            "12",
            "2",
            "12",
            "15",
            "2小时",
            "支委会",
            "学习",
            "学习党章",
            "何岸",
            "会议室",
            "全体党员",
        ];
        let cells = sound
            .iter()
            .enumerate()
            .map(|(at, sound)| if at == chosen && row == 2 { cell.as_str() } else { sound });
        ledger.push_str(&format!("{row},{}\n", cells.collect::<Vec<_>>().join(",")));
    }
    read("台账.csv", ledger.as_bytes());
});
