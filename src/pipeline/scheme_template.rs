//! The Excel form of a scheme, to be filled in: `shuzhi scheme --template`.
//!
//! In: a scheme and the requirements that it may name. Out: a [`Book`] that
//! [`scheme_form::draft`](super::scheme_form::draft) reads back. Never here: reading.

use super::scheme_form::{LINES, SETTINGS, setting_rows};
use crate::model::{Align, BlockKind, Book, Cell, Column, Requirement, Scheme, SchemeBlock, Sheet};
use crate::seeds::scheme::{checks, grammar, words};

/// Blank rows at the end of the sheet of lines.
const BLANK_ROWS: usize = 30;
/// Blank rows at the end of the sheet of settings.
const BLANK_SETTINGS: usize = 10;

/// The form filled in with a scheme.
#[must_use]
pub fn book(scheme: &Scheme, requirements: &[Requirement]) -> Book {
    Book {
        title: format!("计分方案 {}", scheme.name),
        sheets: vec![lines(scheme), settings(scheme), ids(requirements), guide()],
        ..Book::default()
    }
}

fn column(title: &str, width: u16, align: Align, choices: &[&str]) -> Column {
    Column::new(title, width, align).choosing(choices)
}

fn lines(scheme: &Scheme) -> Sheet {
    let mut rows = Vec::new();
    for block in &scheme.blocks {
        for (at, line) in block.lines.iter().enumerate() {
            let mut row = if at == 0 { head(block) } else { vec![Cell::default(); 4] };
            let requirements: Vec<String> = checks::named(line).iter().map(ToString::to_string).collect();
            row.extend([
                Cell::text(line.id.as_str()),
                Cell::text(line.project.as_str()),
                Cell::text(line.content.as_str()),
                Cell::points(line.points),
                Cell::text(grammar::word(&line.mode)),
                Cell::text(requirements.join("、")),
                Cell::text(line.standard.as_str()),
                Cell::text(line.basis.as_str()),
            ]);
            rows.push(row);
        }
    }
    rows.extend(std::iter::repeat_n(Vec::new(), BLANK_ROWS));
    let ways = grammar::words();
    Sheet {
        name: LINES.to_owned(),
        title: "计分方案".to_owned(),
        notes: vec![
            "一行一个项目。板块的编号、名称、权重、类别只写在它的第一个项目上，下面留空即可；计分板块的权重合计应为100，加分、扣分的板块不写权重。".to_owned(),
            "“方式”从下拉列表里选，“评分标准”按“填写说明”的句式写，程序照这句话计分，也照原样印在表上；“对应要求”写要求编号，几个之间用“、”，编号见“要求编号”。".to_owned(),
        ],
        columns: vec![
            column("板块编号", 9, Align::Centre, &[]),
            column("板块", 14, Align::Left, &[]),
            column("权重", 8, Align::Right, &[]),
            column("类别", 8, Align::Centre, &["计分", "加分", "扣分"]),
            column("项目编号", 9, Align::Centre, &[]),
            column("项目", 18, Align::Left, &[]),
            column("内容", 26, Align::Left, &[]),
            column("分值", 8, Align::Right, &[]),
            column("方式", 11, Align::Centre, &ways),
            column("对应要求", 14, Align::Left, &[]),
            column("评分标准", 44, Align::Left, &[]),
            column("依据", 18, Align::Left, &[]),
        ],
        rows,
        landscape: true,
        ..Sheet::default()
    }
}

fn head(block: &SchemeBlock) -> Vec<Cell> {
    let (weight, kind) = match block.kind {
        BlockKind::Weighted(weight) => (Cell::points(weight), "计分"),
        BlockKind::Bonus(_) => (Cell::default(), "加分"),
        BlockKind::Deduction(_) => (Cell::default(), "扣分"),
    };
    vec![Cell::text(block.id.as_str()), Cell::text(block.name.as_str()), weight, Cell::text(kind)]
}

/// What each setting means.
fn meaning(name: &str) -> &'static str {
    match name {
        "方案名称" => "印在各表上。",
        "说明" => "方案的来历，印在各表上。",
        "示例" => "写“是”的，各表注明“示例，不是任何单位的规定”；改成本单位的方案后写“否”。",
        "小数位数" => "每个得分保留几位小数：1 或 2。",
        "取整方式" => "四舍五入 或 去尾。",
        "总分封顶" => "总分最高多少，留空不限。",
        "同分" => {
            "总分相同时依次比什么，用“；”隔开；留空则同分同名次。可以写 总分、不含加分、板块 A、项目 A1、完成率 ZB-3a、外部 列名。"
        }
        "不适用" => "项目不适用时：折算（不计入分子分母）或 满分。",
        "板块" => "板块的其他设置，如 E：封顶5分；不计入等次；组别：机关支部。",
        "等次" => "从高到低一行一个，如 优秀：90分以上，不超过30%，去尾。",
        "表彰" => {
            "一行一项，如 先进基层党组织：40%，去尾；条件：完成率 ZB-3a 不低于 90%。不写的按每组30%、去尾列出建议。"
        }
        "否决" => "一行一项，如 责任事故：等次最高为“良好”；重处分：不得表彰 要分两行写。",
        _ => "",
    }
}

fn settings(scheme: &Scheme) -> Sheet {
    let mut rows: Vec<Vec<Cell>> = setting_rows(scheme)
        .into_iter()
        .map(|(name, text)| vec![Cell::text(name), Cell::text(text), Cell::text(meaning(name))])
        .collect();
    for name in super::scheme_form::MANY {
        if !rows.iter().any(|row| row.first() == Some(&Cell::text(name))) {
            rows.push(vec![Cell::text(name), Cell::default(), Cell::text(meaning(name))]);
        }
    }
    rows.extend(std::iter::repeat_n(Vec::new(), BLANK_SETTINGS));
    let names: Vec<&str> = super::scheme_form::SINGLE.into_iter().chain(super::scheme_form::MANY).collect();
    Sheet {
        name: SETTINGS.to_owned(),
        title: "方案的设置".to_owned(),
        notes: vec!["“板块”“等次”“表彰”“否决”可以写任意多行，留空的不起作用。".to_owned()],
        columns: vec![
            column("名称", 12, Align::Left, &names),
            column("内容", 60, Align::Left, &[]),
            column("说明", 60, Align::Left, &[]),
        ],
        rows,
        landscape: true,
        ..Sheet::default()
    }
}

fn ids(requirements: &[Requirement]) -> Sheet {
    let rows = requirements.iter().map(|requirement| {
        vec![
            Cell::text(requirement.id.as_str()),
            Cell::text(requirement.name.as_str()),
            Cell::text(format!("{}{}次", requirement.period.every(), requirement.minimum)),
            Cell::text(requirement.class.as_str()),
            Cell::text(requirement.source.as_str()),
        ]
    });
    Sheet {
        name: "编号对照".to_owned(),
        title: "要求编号".to_owned(),
        notes: vec!["“对应要求”一栏写这里的编号。".to_owned()],
        columns: vec![
            column("编号", 12, Align::Centre, &[]),
            column("要求", 24, Align::Left, &[]),
            column("次数", 14, Align::Centre, &[]),
            column("怎样核对", 26, Align::Left, &[]),
            column("清单原文", 60, Align::Left, &[]),
        ],
        rows: rows.collect(),
        frozen: 1,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

fn guide() -> Sheet {
    let mut rows: Vec<Vec<Cell>> = grammar::WAYS
        .iter()
        .map(|way| vec![Cell::text(way.word), Cell::text(way.pattern), Cell::text(way.example)])
        .collect();
    rows.push(vec![Cell::text("比较的数"), Cell::text(words::MEASURES), Cell::text("板块 A")]);
    Sheet {
        name: "填写说明".to_owned(),
        title: "评分标准的写法".to_owned(),
        notes: vec![
            "{ } 里换成自己的数和名称，［ ］里的可以不写，（ ）里的是别的写法；各句之间用“；”。数至多两位小数。".to_owned(),
            "写好后运行 shuzhi scheme 计分方案.xlsx 检查；放在考核文件夹里（与 考核.toml 同一处），运行时就按它计分。".to_owned(),
        ],
        columns: vec![
            column("方式", 12, Align::Centre, &[]),
            column("句式", 80, Align::Left, &[]),
            column("例子", 60, Align::Left, &[]),
        ],
        rows,
        landscape: true,
        ..Sheet::default()
    }
}
