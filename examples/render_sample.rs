//! Writes invented documents into a folder, to look at what the renderer makes of them.

use std::path::PathBuf;

use shuzhi::model::{
    Align, Block, Book, Cell, CellStyle, ColorScale, Column, Date, Orientation, Points, Report, ReportColumn,
    ReportRow, ReportTable, Sheet, SheetLink, Span, Value,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    std::fs::create_dir_all(&folder)?;
    for (name, report) in [("plain", plain()), ("long", long()), ("empty", Report::default()), ("odd", odd())]
    {
        std::fs::write(folder.join(format!("{name}.docx")), shuzhi::render::docx(&report)?)?;
    }
    for (name, book) in [("ranking", ranking(24)), ("strange", strange()), ("nothing", Book::default())] {
        std::fs::write(folder.join(format!("{name}.xlsx")), shuzhi::render::xlsx(&book)?)?;
    }
    if let Some(rows) = std::env::args().nth(2) {
        let book = ranking(rows.parse()?);
        let start = std::time::Instant::now();
        let bytes = shuzhi::render::xlsx(&book)?;
        std::fs::write(folder.join("large.xlsx"), &bytes)?;
        let report = plain();
        let middle = std::time::Instant::now();
        for _ in 0..1000 {
            shuzhi::render::docx(&report)?;
        }
        let end = std::time::Instant::now();
        std::fs::write(
            folder.join("times.txt"),
            format!("xlsx {:?}, 1000 docx {:?}\n", middle - start, end - middle),
        )?;
    }
    Ok(())
}

fn column(group: &str, title: &str, width: u16, align: Align) -> Column {
    Column::new(title, width, align).under(group)
}

fn ranking(units: usize) -> Book {
    let item = |n: i64| Cell::points(Points::from_hundredths(n)).style(CellStyle::Plain);
    let columns = vec![
        column("", "名次", 6, Align::Centre),
        column("", "单位", 26, Align::Left),
        column("支部责任清单", "组织生活", 10, Align::Right),
        column("支部责任清单", "教育管理", 10, Align::Right),
        column("支部责任清单", "廉政建设", 10, Align::Right),
        column("外部评分", "业务得分", 10, Align::Right),
        column("外部评分", "民主测评", 10, Align::Right),
        column("", "总分", 10, Align::Right),
        column("", "待核实", 10, Align::Right),
        column("", "名次区间", 10, Align::Centre),
        column("", "到会率", 10, Align::Right),
        column("", "建议等次", 10, Align::Centre),
        column("", "说明", 40, Align::Left),
    ];
    let rows = (0..units)
        .map(|n| {
            let i = i64::try_from(n % 20).unwrap_or(0);
            let style = match n % 4 {
                0 => CellStyle::Good,
                1 => CellStyle::Doubtful,
                2 => CellStyle::Bad,
                _ => CellStyle::Muted,
            };
            vec![
                Cell::count(i64::try_from(n + 1).unwrap_or(0)).style(CellStyle::Strong),
                Cell::text(format!("某某县局机关第{}党支部委员会", n + 1))
                    .link(SheetLink { sheet: 1, row: n }),
                item(3000 - i * 55),
                item(2500 - i * 35),
                item(1000 - i * 25),
                item(1500 - i * 5),
                item(1950 - i * 50),
                Cell::points(Points::from_hundredths(9950 - i * 170)).style(CellStyle::Strong),
                item(i * 100),
                Cell::text(format!("{}—{}", n + 1, n + 3)),
                Cell { value: Value::Rate(90 + u32::try_from(i % 10).unwrap_or(0), 100), ..Cell::default() },
                Cell::text(["先进", "良好", "一般", "不适用"][n % 4]).style(style),
                Cell::text(
                    "谈心谈话无记录待核实；第三季度支部党员大会缺1次，参见明细表中对应的责任条目和出处。",
                ),
            ]
        })
        .collect();
    let details = (0..units)
        .map(|n| {
            vec![
                Cell::text(format!("某某县局机关第{}党支部委员会", n + 1))
                    .link(SheetLink { sheet: 0, row: n }),
                Cell { value: Date::new(2023, 3, 5).map_or(Value::Blank, Value::Date), ..Cell::default() },
                Cell::count(12).link(SheetLink { sheet: 0, row: 0 }),
                Cell { value: Value::Decimal(32.5), ..Cell::default() },
                Cell::text("=1+1的活动名称"),
                Cell::text("传达学习上级会议精神，讨论预备党员转正事项，部署第一季度支部工作"),
            ]
        })
        .collect();
    Book {
        names: Vec::new(),
        title: "2023年度党建工作考核评分排名表".into(),
        author: "某某局机关党委".into(),
        sheets: vec![
            Sheet {
                name: "评分排名".into(),
                title: "某某局2023年度党建工作考核评分排名表".into(),
                notes: vec![
                    "数据截至2023年12月31日；待核实的分数未计入总分，名次区间为全部核实后可能的名次。".into(),
                    "说明：一、总分由支部责任清单、外部评分两部分组成；二、名次相同的按组织生活得分高低排列；三、无记录待核实不等于未开展，请各单位核对后填写核对表；四、本表由程序按照评分办法计算，每个分数都可以在明细表中找到依据。".into(),
                ],
                columns,
                rows,
                frozen: 2,
                filter: true,
                landscape: true,
                scales: vec![ColorScale { first: 7, last: 7 }],
                signature: Some("考评组组长：              复核：              日期：    年  月  日".into()),
                ..Sheet::default()
            },
            Sheet {
                name: "明细/依据".into(),
                title: "活动依据明细".into(),
                columns: vec![
                    column("", "单位", 26, Align::Left),
                    column("", "日期", 8, Align::Centre),
                    column("", "次数", 8, Align::Right),
                    column("", "学时", 8, Align::Right),
                    column("", "活动名称", 20, Align::Left),
                    column("", "内容", 30, Align::Left),
                ],
                rows: details,
                frozen: 1,
                filter: true,
                ..Sheet::default()
            },
        ],
    }
}

fn strange() -> Book {
    let texts = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1+2",
        "@SUM(A1)",
        "00123",
        "\u{1}\u{0}控制",
        "一\r\n二",
        "𠮷㛃",
        "_x000D_",
    ];
    let long = "很长的说明，".repeat(9000);
    let cell = |value| Cell { value, ..Cell::default() };
    Book {
        names: Vec::new(),
        title: "怪\u{1}表<&>".into(),
        author: String::new(),
        sheets: vec![
            Sheet {
                name: "[a]:*?/\\".into(),
                columns: vec![column("", "文本", 20, Align::Left), column("组", "数", 4, Align::Right)],
                rows: texts
                    .iter()
                    .map(|text| vec![Cell::text(*text)])
                    .chain([
                        vec![Cell::text(long), cell(Value::Decimal(f64::NAN))],
                        vec![Cell::default(), cell(Value::Decimal(f64::INFINITY))],
                        vec![Cell::default(), cell(Value::Rate(0, 0))],
                        vec![Cell::default(), cell(Value::Decimal(1234.5678))],
                        vec![Cell::default(), Cell::count(i64::MAX)],
                        vec![Cell::default(), Cell::points(Points::from_hundredths(i64::MIN))],
                        vec![Cell::default(), Cell::count(123_456_789)],
                        vec![Cell::text("去无处").link(SheetLink { sheet: 9, row: 0 })],
                        vec![Cell::text("去引号").link(SheetLink { sheet: 1, row: 0 })],
                    ])
                    .collect(),
                filter: true,
                frozen: 5,
                ..Sheet::default()
            },
            Sheet {
                name: "'it''s'x'y".into(),
                title: "只有一列".into(),
                columns: vec![column("", "甲", 10, Align::Centre)],
                rows: vec![vec![Cell::text("甲"), Cell::text("多余")]],
                ..Sheet::default()
            },
            Sheet {
                name: "无行".into(),
                columns: vec![column("", "甲", 10, Align::Centre)],
                filter: true,
                ..Sheet::default()
            },
            Sheet {
                name: "无列".into(),
                title: "只有标题".into(),
                notes: vec!["一行说明".into()],
                ..Sheet::default()
            },
            Sheet::default(),
        ],
    }
}

fn text(text: &str) -> Block {
    Block::Paragraph(vec![Span::Text(text.into())])
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.into() }
}

fn columns(columns: &[(&str, u32, bool)]) -> Vec<ReportColumn> {
    columns
        .iter()
        .map(|(title, weight, centred)| ReportColumn {
            title: (*title).into(),
            weight: *weight,
            centred: *centred,
        })
        .collect()
}

fn row(anchor: Option<&str>, cells: &[&str]) -> ReportRow {
    ReportRow { anchor: anchor.map(Into::into), cells: cells.iter().map(|cell| (*cell).into()).collect() }
}

fn evidence(count: usize) -> ReportTable {
    ReportTable {
        caption: String::new(),
        columns: columns(&[
            ("序号", 2, true),
            ("日期", 4, true),
            ("活动类型", 4, true),
            ("活动名称", 12, false),
            ("应到", 2, true),
            ("实到", 2, true),
            ("对应责任条目", 5, true),
            ("出处", 9, false),
        ]),
        rows: (1..=count)
            .map(|n| {
                row(
                    Some(&format!("a{n}")),
                    &[
                        &n.to_string(),
                        "2023-03-05",
                        "支部党员大会",
                        "传达学习上级会议精神，讨论预备党员转正事项，部署第一季度支部工作",
                        "32",
                        "30",
                        "ZB-3、ZB-7",
                        &format!("第一支部活动台账.xlsx【2023年】A{}", n + 3),
                    ],
                )
            })
            .collect(),
        ..ReportTable::default()
    }
}

fn plain() -> Report {
    let body = "一年来，支部认真落实组织生活制度，按期召开支部党员大会、支部委员会、党小组会，按时上好党课。\
                全年召开支部党员大会";
    Report {
        title: vec!["某某局机关第一党支部书记".into(), "2023年度抓党建工作述职报告".into()],
        author: "某某局机关第一党支部".into(),
        blocks: vec![
            Block::Salutation("局党组、机关党委：".into()),
            text("按照年度考核安排，现将2023年度抓党建工作情况报告如下（数据截至12月31日）。"),
            heading(1, "一、履职情况"),
            heading(2, "（一）组织生活情况"),
            Block::Paragraph(vec![
                Span::Text(body.into()),
                Span::Link { text: "12次".into(), anchor: "a1".into() },
                Span::Text("，支部委员会".into()),
                Span::Link { text: "13次".into(), anchor: "a2".into() },
                Span::Text("，党小组会24次，党课4次。平均到会率96.5%，".into()),
                Span::Blank("【待补：组织生活的成效】".into()),
                Span::Text("。".into()),
            ]),
            heading(3, "1.主题党日活动"),
            text("全年开展主题党日活动12次，参加人员364人次。"),
            heading(4, "（1）活动内容"),
            text("围绕“学思想、强党性、重实践、建新功”开展活动，其中现场学习3次、志愿服务4次、交流研讨5次。"),
            heading(2, "（二）党员教育管理"),
            text("组织党员集中学习32学时，人均32.5学时。"),
            Block::Table(ReportTable {
                caption: "表1  主要工作完成情况".into(),
                columns: columns(&[
                    ("项目", 4, false),
                    ("要求", 3, true),
                    ("完成", 3, true),
                    ("备注", 6, false),
                ]),
                rows: vec![
                    row(None, &["支部党员大会", "每季度1次", "12次", ""]),
                    row(None, &["支部委员会", "每月1次", "13次", "超出要求1次"]),
                    row(None, &["党课", "每季度1次", "4次", "书记讲党课2次"]),
                    row(None, &["谈心谈话", "每年2次", "【待补：次数】", "台账无记录，待核实"]),
                ],
                ..ReportTable::default()
            }),
            heading(1, "二、存在的主要问题"),
            Block::Paragraph(vec![
                Span::Text("谈心谈话在台账中没有记录。原因：".into()),
                Span::Blank("【待补：原因分析】".into()),
            ]),
            heading(1, "三、下一步打算"),
            Block::Paragraph(vec![Span::Blank("【待补：下一步打算】".into())]),
            Block::AttachmentNote(vec![
                "履职依据明细表".into(),
                "某某局机关第一党支部2023年度责任清单逐条对照情况以及需要核实的活动记录汇总表。".into(),
            ]),
            Block::Signature {
                name: "某某局机关第一党支部书记 某某某".into(),
                date: "2023年12月31日".into(),
            },
            Block::Attachment {
                label: "附件1".into(),
                title: "履职依据明细表".into(),
                orientation: Orientation::Landscape,
            },
            Block::Table(evidence(45)),
            Block::Attachment {
                label: "附件2".into(),
                title: "待补事项清单".into(),
                orientation: Orientation::Portrait,
            },
            Block::Table(ReportTable {
                caption: String::new(),
                columns: columns(&[("序号", 1, true), ("所在部分", 4, false), ("待补内容", 6, false)]),
                rows: vec![row(None, &["1", "一、（一）", "【待补：组织生活的成效】"])],
                ..ReportTable::default()
            }),
        ],
        ..Report::default()
    }
}

fn long() -> Report {
    let mut report = plain();
    let table = evidence(12);
    for n in 0..250 {
        report
            .blocks
            .push(text(&"按照年度考核安排，支部认真落实组织生活制度，按期召开支部党员大会。".repeat(14)));
        if n % 20 == 0 {
            report.blocks.push(Block::Table(ReportTable {
                caption: format!("表{}  明细", n / 20 + 2),
                ..table.clone()
            }));
        }
    }
    report
}

fn odd() -> Report {
    let unit = "某某省某某市某某区某某街道某某社区".repeat(12);
    let tall = "很长的说明，".repeat(900);
    Report {
        title: vec![
            "中共某某省某某市某某区某某局".into(),
            "机关委员会第一党支部委员会".into(),
            "2023年度述职报告".into(),
        ],
        author: unit.clone(),
        blocks: vec![
            Block::Salutation(format!("{unit}：")),
            text("=HYPERLINK(\"http://a\")，+1，-1，@甲 <b>&\u{1}\u{0}控制\u{8}字符\r\n第二行\t制表"),
            text("罕见字：𠮷、㛃、䶮、𬭚。"),
            Block::Paragraph(vec![]),
            Block::Paragraph(vec![Span::Link { text: "无处可去".into(), anchor: "没有".into() }]),
            Block::Table(ReportTable {
                caption: "表1  一列".into(),
                columns: columns(&[("说明", 0, false)]),
                rows: vec![row(Some("同名"), &[&tall]), row(Some("同名"), &[]), row(None, &[&unit])],
                ..ReportTable::default()
            }),
            Block::Table(ReportTable {
                caption: "表2  无行".into(),
                columns: columns(&[("甲", 1, false), ("乙", 1, true)]),
                rows: vec![],
                ..ReportTable::default()
            }),
            Block::Table(ReportTable::default()),
            Block::AttachmentNote(vec!["唯一的附件".into()]),
            Block::Signature { name: "甲".into(), date: "2023年12月31日".into() },
            Block::Signature { name: unit, date: "【待补：日期】".into() },
        ],
        ..Report::default()
    }
}
