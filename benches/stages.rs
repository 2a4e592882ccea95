//! How fast each stage is, on made-up ledgers: `cargo bench`.
//!
//! Prints the best of several rounds; nothing here can fail a test.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench talks and may stop")]

mod common;

use common::best;
use shuzhi::alike::{self, Ledger};
use shuzhi::matching::{Matcher, RowText};
use shuzhi::model::{Activity, Counted, Unit};
use shuzhi::pipeline::reading::read_submission;
use shuzhi::pipeline::run::run;
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::seeds::{Catalogue, list_files};
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

const ROWS: u32 = 10_000;

const KINDS: [(&str, &str); 6] = [
    ("支委会", "研究本月工作安排和发展党员事项"),
    ("党员大会", "传达上级会议精神并通报支部工作"),
    ("主题党日", "到结对社区开展志愿服务"),
    ("党课", "学习党章，守住廉洁底线"),
    ("", "向机关党委汇报半年思想政治工作情况"),
    ("业务", "设备检修和台账整理"),
];

/// Kind and title of each made-up row.
fn rows() -> Vec<(&'static str, String)> {
    KINDS
        .iter()
        .cycle()
        .zip(0..ROWS)
        .map(|((kind, title), at)| (*kind, format!("{title}（第{at}次）")))
        .collect()
}

/// A ledger of these rows as an .xlsx.
fn ledger() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "某局机关第一党支部2023年度活动台账").unwrap();
    let titles = ["序号", "活动时间", "活动类型", "活动主题", "主要内容", "参加人数", "主持人"];
    for (column, title) in (0_u16..).zip(titles) {
        sheet.write(1, column, title).unwrap();
    }
    for (at, (kind, title)) in (0_u32..).zip(rows()) {
        let row = at + 2;
        sheet.write(row, 0, at + 1).unwrap();
        sheet.write(row, 1, format!("2023年{}月{}日", at % 12 + 1, at % 28 + 1)).unwrap();
        sheet.write(row, 2, kind).unwrap();
        sheet.write(row, 3, title).unwrap();
        sheet.write(row, 4, "会上结合岗位实际谈了认识和打算，形成会议决议三项。").unwrap();
        sheet.write(row, 5, at % 30 + 5).unwrap();
        sheet.write(row, 6, "何岸").unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn per_second(time: Duration) -> f64 {
    f64::from(ROWS) / time.as_secs_f64()
}

/// A copy of the samples' submissions, settings and register.
fn samples() -> tempfile::TempDir {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join("青岚市水务局2023年度考核");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("报送")).unwrap();
    for name in ["考核.toml", "单位名册.xlsx"] {
        std::fs::copy(from.join(name), folder.path().join(name)).unwrap();
    }
    for entry in std::fs::read_dir(from.join("报送")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, folder.path().join("报送").join(path.file_name().unwrap())).unwrap();
        }
    }
    folder
}

/// Activities of 20 units whose contents are put together of words by chance; every tenth is an
/// earlier one with another date. In a crowd there are few words, so that all texts are of one mould.
fn contents(catalogue: &Catalogue, rows: usize, crowd: bool) -> Vec<(Unit, Vec<Activity>)> {
    const WORDS: [&str; 24] = [
        "河堤",
        "水渠",
        "泵站",
        "仓库",
        "老党员",
        "学校",
        "社区",
        "清理",
        "检修",
        "走访",
        "讨论",
        "交流",
        "名单",
        "材料",
        "隐患",
        "记录",
        "计划",
        "意见",
        "逐条",
        "分组",
        "当场",
        "会后",
        "落实",
        "公示",
    ];
    let submission = read_submission("台账.xlsx", &ledger(), catalogue);
    let mould = submission.activities.first().unwrap();
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut units: Vec<(Unit, Vec<Activity>)> =
        (0..20).map(|at| (Unit::named(format!("第{at}党支部"), "ZB".into()), Vec::new())).collect();
    let mut texts: Vec<String> = Vec::new();
    for at in 0..rows {
        let text = if at % 10 == 9 {
            texts.get(next(texts.len())).cloned().unwrap_or_default()
        } else if crowd {
            let words: String = (0..3).map(|_| WORDS[next(WORDS.len())]).collect();
            format!("会上结合岗位实际谈了认识和打算，形成会议决议三项，由支委分头抓好{words}，下月检查")
        } else {
            (0..24).map(|_| WORDS[next(WORDS.len())]).collect()
        };
        texts.push(text.clone());
        let mut activity = mould.clone();
        activity.place.row = u32::try_from(at).unwrap();
        activity.date = submission.activities[next(submission.activities.len())].date.clone();
        activity.description = Some(text);
        units[at % 20].1.push(activity);
    }
    units
}

fn search_alike(catalogue: &Catalogue) {
    for (name, crowd) in [("雷同", false), ("雷同 一个模子", true)] {
        for rows in [10_000, 100_000] {
            let units = contents(catalogue, rows, crowd);
            let counted: Vec<Vec<Counted>> =
                units.iter().map(|(_, activities)| vec![Counted::Yes; activities.len()]).collect();
            let ledgers: Vec<Ledger<'_>> = units
                .iter()
                .zip(&counted)
                .map(|((unit, activities), counted)| Ledger { unit, activities, counted })
                .collect();
            let mut pairs = 0;
            let time = best(3, || {
                let alikes = black_box(alike::search(&ledgers, &catalogue.kinds));
                pairs = alikes.more_pairs;
                pairs += alikes.groups.iter().flat_map(|group| group.counts.values()).sum::<usize>();
            });
            let speed = f64::from(u32::try_from(rows).unwrap()) / time.as_secs_f64();
            println!("{name:<8}  {speed:>10.0} 行/秒（{rows}行，{pairs}条）");
        }
    }
    let units = contents(catalogue, 100_000, true);
    let time = best(3, || {
        for (_, activities) in &units {
            black_box(alike::repeats(activities.iter().enumerate()));
        }
    });
    println!("同一活动      {:>10.0} 行/秒（100000行）", 1e5 / time.as_secs_f64());
}

fn main() {
    let catalogue = Catalogue::builtin().unwrap();
    let time = best(10, || drop(black_box(Catalogue::builtin())));
    println!("载入种子      {:>10.2} 毫秒", time.as_secs_f64() * 1e3);

    let bytes = ledger();
    let time = best(5, || drop(black_box(read_submission("台账.xlsx", &bytes, &catalogue))));
    println!("读台账        {:>10.0} 行/秒", per_second(time));

    let rows = rows();
    for list in &catalogue.lists {
        let matcher = Matcher::new(list, &catalogue.kinds, &catalogue.phrases, catalogue.weights.as_ref());
        let time = best(5, || {
            for (kind, title) in &rows {
                let row = RowText { kind, title, description: "形成会议决议三项。", kinds: &[] };
                black_box(matcher.matches(&row));
            }
        });
        println!("对应条目 {:<4} {:>10.0} 行/秒（{}条）", list.id, per_second(time), list.items.len());
    }

    let file = include_bytes!("../tests/fixtures/fields/学校党支部责任清单.txt");
    let own = list_files::load("学校党支部责任清单.txt", file).unwrap().remove(0);
    let ready = || Matcher::new(&own, &catalogue.kinds, &catalogue.phrases, catalogue.weights.as_ref());
    let time = best(5, || drop(black_box(ready())));
    println!("准备自带清单  {:>10.2} 毫秒", time.as_secs_f64() * 1e3);
    let matcher = ready();
    let time = best(5, || {
        for (kind, title) in &rows {
            let row = RowText { kind, title, description: "形成会议决议三项。", kinds: &[] };
            black_box(matcher.matches(&row));
        }
    });
    println!("对应条目 自带 {:>10.0} 行/秒（{}条）", per_second(time), own.items.len());
    search_alike(&catalogue);

    let folder = samples();
    let time = best(5, || drop(black_box(run(folder.path(), &Unwatched))));
    println!("样例整项工作  {:>10.0} 毫秒", time.as_secs_f64() * 1e3);
}
