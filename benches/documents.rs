//! How many documents of an office's own template are filled a second: `cargo bench --bench documents [活动数]`.
//!
//! The template is `templates/样例-述职报告.docx`; the unit has 60 activities unless told otherwise. Prints the best
//! of several rounds; nothing here can fail a test.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench talks and may stop")]

use shuzhi::model::{Block, FormRecord, FormSections, FormValue, Span};
use shuzhi::render::form::OfficeTemplate;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const DOCUMENTS: u32 = 200;

fn text(value: &str) -> FormValue {
    FormValue::Text(value.to_owned())
}

fn values(activities: usize) -> FormRecord {
    const NAMES: [&str; 17] = [
        "单位名称",
        "局名",
        "年度",
        "截至日期",
        "参评单位数",
        "书记",
        "党员人数",
        "得分",
        "满分",
        "待核分",
        "名次",
        "排名区间",
        "要求数",
        "达标数",
        "缺项数",
        "活动数",
        "人次",
    ];
    let mut values: FormRecord = NAMES.iter().map(|name| ((*name).to_owned(), text("12"))).collect();
    let activity = |at: usize| -> FormRecord {
        let fields = [
            ("日期", format!("2023-{:02}-{:02}", at % 12 + 1, at % 28 + 1)),
            ("类型", "主题党日".to_owned()),
            ("名称", format!("到结对社区开展志愿服务（第{at}次）")),
            ("实到", "17".to_owned()),
            ("条目", "ZB-3".to_owned()),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), text(&value))).collect()
    };
    values.insert("活动".to_owned(), FormValue::List(Arc::new((0..activities).map(activity).collect())));
    values
}

fn best(rounds: u32, mut work: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn main() {
    let activities = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(60);
    let bytes = include_bytes!("../templates/样例-述职报告.docx");
    let time = best(10, || drop(black_box(OfficeTemplate::read("样例.docx", bytes).unwrap())));
    println!("读模板        {:>10.2} 毫秒", time.as_secs_f64() * 1e3);
    let template = OfficeTemplate::read("样例.docx", bytes).unwrap();
    let sentence = Block::Paragraph(vec![Span::Text("全年开展主题党日12次，参加204人次。".repeat(4))]);
    let sections = FormSections::from([("履职情况".to_owned(), vec![sentence; 20])]);
    for activities in [activities, activities * 10] {
        let values = values(activities);
        let time = best(5, || {
            for _ in 0..DOCUMENTS {
                black_box(template.fill(&values, &sections).unwrap());
            }
        });
        let speed = f64::from(DOCUMENTS) / time.as_secs_f64();
        println!("填写          {speed:>10.0} 份/秒（{activities}项活动）");
    }
}
