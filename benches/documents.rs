//! How many documents are written a second on one core: `cargo bench --bench documents [活动数]`.
//!
//! First every kind of document of the sample, from the facts to the packed file; then an office's own template,
//! `templates/样例-述职报告.docx`, for a unit of 60 activities unless told otherwise. Prints the best of several rounds;
//! nothing here can fail a test.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench talks and may stop")]

mod common;

use common::best;
use shuzhi::model::{Block, FormRecord, FormSections, FormValue, Span};
use shuzhi::pipeline::assess::assess;
use shuzhi::pipeline::papers::{About, Desk, due};
use shuzhi::pipeline::run::templates;
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::render::Stationery;
use shuzhi::render::form::OfficeTemplate;
use shuzhi::report::PAPERS;
use shuzhi::seeds::Catalogue;
use std::hint::black_box;
use std::sync::Arc;

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

/// Every kind of document of the sample with the most kinds: the mean over the units it is for.
fn kinds() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/青岚市水务局2023年度班子和县区局");
    let assessed = assess(&folder, &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    let templates = templates(&folder, &assessed.papers).unwrap();
    let desk = Desk::new(&templates, &assessed);
    let paper = Stationery::new(&assessed.papers.fonts, None).unwrap();
    for kind in &PAPERS {
        let all: Vec<_> = due(&assessed).0.into_iter().filter(|due| due.paper == kind).collect();
        let activities: usize = all
            .iter()
            .filter_map(|due| match due.about {
                About::Unit(at) => assessed.results.get(at),
                About::Leader(at) => assessed.leadership.cases.get(at).map(|case| &case.result),
                About::Bureau => None,
            })
            .map(|result| result.activities.len())
            .sum();
        let time = best(10, || {
            for due in &all {
                let (report, _) = desk.compose(*due).unwrap().unwrap();
                black_box(paper.docx(&report).unwrap());
            }
        });
        let (count, mean) = (all.len(), activities.checked_div(all.len()).unwrap_or(0));
        let speed = f64::from(u32::try_from(count).unwrap()) / time.as_secs_f64();
        println!("{:<14}{speed:>8.0} 份/秒（{count}份，平均{mean}项活动）", kind.name);
    }
}

fn main() {
    kinds();
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
