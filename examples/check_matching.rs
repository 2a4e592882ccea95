//! Tests the matcher on the judged rows, blindly, and writes what it found to `docs/`: the table by list,
//! what each kind of sign is worth, what more rows are worth, and whether the confidences are honest.
//!
//! `cargo run --release --example check_matching`, some minutes.
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::cast_precision_loss)]

mod ground;

use ground::{Seeds, rows, write};
use shuzhi::matching::learn::{Blind, Labelled, Settings, Sign, cross_validate};
use shuzhi::model::Decision;
use std::fmt::Write as _;

const FOLDS: usize = 5;

/// Right, proposed and labelled items, and of the links those that are right and all.
#[derive(Default, Clone, Copy)]
struct Tally {
    rows: usize,
    right: usize,
    proposed: usize,
    labelled: usize,
    exact: usize,
    right_links: usize,
    links: usize,
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Tally {
    fn of(rows: &[Labelled], answers: &[Blind], list: Option<&str>) -> Self {
        let mut tally = Self::default();
        for answer in answers {
            let row = &rows[answer.row];
            if list.is_some_and(|list| list != row.list) {
                continue;
            }
            let is_right = |item: &str| row.items.iter().any(|right| right == item);
            let right = answer.matches.iter().filter(|found| is_right(found.item.as_str())).count();
            let links: Vec<_> =
                answer.matches.iter().filter(|found| found.decision == Decision::Link).collect();
            tally.rows += 1;
            tally.right += right;
            tally.proposed += answer.matches.len();
            tally.labelled += row.items.len();
            tally.exact += usize::from(right == row.items.len() && right == answer.matches.len());
            tally.right_links += links.iter().filter(|found| is_right(found.item.as_str())).count();
            tally.links += links.len();
        }
        tally
    }

    fn f1(&self) -> f64 {
        share(2 * self.right, self.proposed + self.labelled)
    }

    fn line(&self, name: &str) -> String {
        format!(
            "| {name} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |\n",
            self.rows,
            self.f1(),
            share(self.right, self.proposed),
            share(self.right, self.labelled),
            share(self.exact, self.rows),
            share(self.right_links, self.links),
            share(self.right_links, self.labelled),
        )
    }
}

fn sign_name(sign: Sign) -> &'static str {
    match sign {
        Sign::Kinds => "活动类型",
        Sign::Topics => "主题",
        Sign::Runs => "一至三个字的字串",
        Sign::Pairs => "两个主题同时出现",
        Sign::Phrases => "人写的用语规则",
        Sign::OtherLists => "其他清单相近条目的判断",
        Sign::SecondLook => "同一清单其他条目的判断",
    }
}

/// Of every tenth of confidence: how many, their mean confidence, how many are right.
fn deciles(rows: &[Labelled], answers: &[Blind], list: Option<&str>) -> Vec<(usize, f64, usize)> {
    let mut tenths = vec![(0, 0.0, 0); 10];
    for answer in answers {
        let row = &rows[answer.row];
        if list.is_some_and(|list| list != row.list) {
            continue;
        }
        for (item, confidence) in &answer.confidences {
            let tenth = &mut tenths[usize::from(*confidence) / 100];
            tenth.0 += 1;
            tenth.1 += f64::from(*confidence) / 1000.0;
            tenth.2 += usize::from(row.items.iter().any(|right| right == item.as_str()));
        }
    }
    tenths.iter().map(|&(count, sum, right)| (count, sum / f64::max(1.0, count as f64), right)).collect()
}

/// The reliability diagram: mean confidence across, share of right answers up, one dot for each tenth.
fn picture(tenths: &[(usize, f64, usize)]) -> String {
    let at = |share: f64| 60.0 + share * 400.0;
    let up = |share: f64| 440.0 - share * 400.0;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 500 500\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"500\" height=\"500\" fill=\"white\"/>\n",
    );
    for step in 0..=10 {
        let share = f64::from(step) / 10.0;
        let (x, y) = (at(share), up(share));
        writeln!(svg, "<path d=\"M{x:.0} 40V440M60 {y:.0}H460\" stroke=\"#ddd\" fill=\"none\"/>").unwrap();
        writeln!(svg, "<text x=\"{x:.0}\" y=\"458\" text-anchor=\"middle\">{share:.1}</text>").unwrap();
        writeln!(svg, "<text x=\"52\" y=\"{:.0}\" text-anchor=\"end\">{share:.1}</text>", y + 4.0).unwrap();
    }
    svg.push_str("<path d=\"M60 440L460 40\" stroke=\"#888\" stroke-dasharray=\"5 4\"/>\n");
    let mut line = String::new();
    for &(count, mean, right) in tenths.iter().filter(|tenth| tenth.0 > 0) {
        let found = share(right, count);
        let error = 1.96 * (found * (1.0 - found) / count as f64).sqrt();
        let (x, y) = (at(mean), up(found));
        let (low, high) = (up((found - error).max(0.0)), up((found + error).min(1.0)));
        write!(line, "{}{x:.1} {y:.1}", if line.is_empty() { 'M' } else { 'L' }).unwrap();
        writeln!(svg, "<path d=\"M{x:.1} {low:.1}V{high:.1}\" stroke=\"#b22\"/>").unwrap();
        writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#b22\"/>").unwrap();
        writeln!(svg, "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"#555\">{count}</text>", x + 7.0, y + 14.0)
            .unwrap();
    }
    writeln!(svg, "<path d=\"{line}\" stroke=\"#b22\" fill=\"none\"/>").unwrap();
    svg.push_str(
        "<text x=\"260\" y=\"485\" text-anchor=\"middle\">程序给的把握</text>\n\
         <text transform=\"translate(20 240) rotate(-90)\" text-anchor=\"middle\">实际对的比例</text>\n\
         <text x=\"260\" y=\"26\" text-anchor=\"middle\">每十分之一把握里对了多少（竖线是 95% 区间，数字是个数）</text>\n\
         </svg>\n",
    );
    svg
}

fn main() {
    let seeds = Seeds::load();
    let rows = rows();
    let full = Settings::default();
    let answer =
        |rows: &[Labelled], settings: &Settings| cross_validate(rows, &seeds.ground(), settings, FOLDS);
    let answers = answer(&rows, &full);
    let judged = rows.iter().filter(|row| row.judged).count();
    let mut page = format!(
        "# 对应判断的检验\n\n由 `cargo run --release --example check_matching` 生成，不要手改。\n\n\
         经两人标注、第三人裁定的 {judged} 行分成 {FOLDS} 份（相似的行总在同一份），每一份由没有见过它的程序作答：\
         权重、把握的校准和取舍的界线都只从其余 {} 份和另外 {} 行学来。两个认真的人分别标注同样的行，F1 约为 0.95。\n\n\
         | 清单 | 行数 | F1 | 准确率 | 召回率 | 全对的行 | 直接采用的准确率 | 直接采用占应有 |\n|---|---|---|---|---|---|---|---|\n",
        FOLDS - 1,
        rows.len() - judged,
    );
    for list in &seeds.lists {
        page += &Tally::of(&rows, &answers, Some(list.id.as_str())).line(list.id.as_str());
    }
    page += &Tally::of(&rows, &answers, None).line("合计");

    let names: Vec<&str> = seeds.lists.iter().map(|list| list.id.as_str()).collect();
    let header = |first: &str| {
        format!("\n| {first} | 合计 | {} |\n|---|---|{}\n", names.join(" | "), "---|".repeat(names.len()))
    };
    let line = |name: &str, rows: &[Labelled], answers: &[Blind]| {
        let of = |list: Option<&str>| format!("{:.3}", Tally::of(rows, answers, list).f1());
        let lists: Vec<String> = names.iter().map(|list| of(Some(list))).collect();
        format!("| {name} | {} | {} |\n", of(None), lists.join(" | "))
    };
    page += "\n## 每一种依据值多少\n\n去掉一种依据重新学习、重新作答，F1：\n";
    page += &header("去掉");
    page += &line("（都用）", &rows, &answers);
    for sign in Sign::ALL {
        let without = answer(&rows, &Settings { without: Some(sign), ..full });
        page += &line(sign_name(sign), &rows, &without);
        eprintln!("{}", sign_name(sign));
    }

    page += "\n## 再多的行值多少\n\n只用一部分供学习的行（每隔几行取一行，相同的检验），F1：\n";
    page += &header("用多少");
    for (name, keep) in [("四分之一", 1_usize), ("一半", 2), ("四分之三", 3), ("全部", 4)] {
        let some: Vec<Labelled> = rows
            .iter()
            .enumerate()
            .filter(|(at, row)| row.judged || at % 4 < keep)
            .map(|(_, row)| row.clone())
            .collect();
        page += &line(name, &some, &answer(&some, &full));
        eprintln!("{name}");
    }

    page += "\n## 把握是不是实在\n\n“把握 0.9”应当十次里对九次。下图和下表把所有条目（包括没有提出的）按程序给的把握分成十段：\n\n\
             ![把握与实际](images/把握.svg)\n\n| 把握 | 个数 | 平均把握 | 实际对的比例 |\n|---|---|---|---|\n";
    let tenths = deciles(&rows, &answers, None);
    for (tenth, (count, mean, right)) in tenths.iter().enumerate() {
        writeln!(
            page,
            "| 0.{tenth}—{} | {count} | {mean:.3} | {:.3} |",
            if tenth == 9 { "1".to_owned() } else { format!("0.{}", tenth + 1) },
            share(*right, *count)
        )
        .unwrap();
    }
    write("docs/对应检验.md", &page);
    write("docs/images/把握.svg", &picture(&tenths));
}
