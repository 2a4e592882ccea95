//! How many rows a second are matched on one core: `cargo bench --bench matching`.
//!
//! The rows are the labelled ones of each list, as offices write them. 判断 gives the items, 连理由 also the
//! sentences that say why. The best of many short rounds; nothing here can fail a test.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench talks and may stop")]

mod common;

use common::best;
use shuzhi::matching::learn::Labelled;
use shuzhi::matching::{Matcher, RowText};
use shuzhi::seeds::{Catalogue, list_files};
use std::hint::black_box;
use std::time::{Duration, Instant};

#[allow(clippy::cast_precision_loss, reason = "some thousand rows")]
fn measure(name: &str, matcher: &Matcher, items: usize, rows: &[Labelled]) {
    let per_second = |time: Duration| rows.len() as f64 / time.as_secs_f64();
    let texts: Vec<RowText> = rows.iter().map(Labelled::text).collect();
    let decide = best(200, || texts.iter().for_each(|row| drop(black_box(matcher.decide(row)))));
    let told = best(200, || texts.iter().for_each(|row| drop(black_box(matcher.matches(row)))));
    println!(
        "{name:<4} {items:>2}条  判断 {:>9.0} 行/秒  连理由 {:>9.0} 行/秒",
        per_second(decide),
        per_second(told)
    );
}

fn main() {
    let start = Instant::now();
    let catalogue = Catalogue::builtin().unwrap();
    println!("载入种子 {:.1} 毫秒", start.elapsed().as_secs_f64() * 1e3);
    let rows: Vec<Labelled> = include_str!("../seeds/training/judged.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ready = |list| Matcher::new(list, &catalogue.kinds, &catalogue.phrases, catalogue.weights.as_ref());
    for list in &catalogue.lists {
        let start = Instant::now();
        let matcher = ready(list);
        print!("准备 {:>5.1} 毫秒  ", start.elapsed().as_secs_f64() * 1e3);
        let own: Vec<Labelled> = rows.iter().filter(|row| row.list == list.id.as_str()).cloned().collect();
        measure(list.id.as_str(), &matcher, list.items.len(), &own);
    }
    let file = include_bytes!("../tests/fixtures/fields/学校党支部责任清单.txt");
    let own = list_files::load("学校党支部责任清单.txt", file).unwrap().remove(0);
    let start = Instant::now();
    let matcher = ready(&own);
    print!("准备 {:>5.1} 毫秒  ", start.elapsed().as_secs_f64() * 1e3);
    measure("自带", &matcher, own.items.len(), &rows);
}
