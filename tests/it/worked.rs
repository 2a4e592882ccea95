//! `docs/评分算例.md`: one unit's score, line by line, counted and multiplied here once more.
//!
//! Nothing of the program is used for the figures: the ledgers, votes, marks and events of the sample are read
//! cell by cell with calamine, and all arithmetic is on exact fractions. The document must be these words and
//! figures, and the program must come to the same. `UPDATE_WORKED=1` writes the document anew.

use crate::bureau;
use calamine::{Data, Reader};
use shuzhi::model::Points;
use shuzhi::pipeline::run::{Done, run};
use shuzhi::pipeline::watch::Unwatched;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const UNIT: &str = "石桥县水务局党支部";
/// The units of the group with the short names that the sheets of 评分 use.
const GROUP: [(&str, &str); 4] = [
    ("青东区水务局党支部", "青东区局"),
    ("青西区水务局党支部", "青西区局"),
    ("石桥县水务局党支部", "石桥县局"),
    ("云溪县水务局党支部", "云溪县局"),
];

/// A fraction.
#[derive(Clone, Copy)]
struct Exact(i128, i128);

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.0 * other.1 == other.0 * self.1
    }
}

impl Exact {
    fn of(hundredths: i128) -> Self {
        Self(hundredths, 100)
    }
    fn whole(number: i128) -> Self {
        Self(number, 1)
    }
    fn plus(self, other: Self) -> Self {
        Self(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }
    fn minus(self, other: Self) -> Self {
        self.plus(Self(-other.0, other.1))
    }
    fn times(self, other: Self) -> Self {
        Self(self.0 * other.0, self.1 * other.1)
    }
    fn over(self, other: Self) -> Self {
        let sign = other.0.signum();
        Self(self.0 * other.1 * sign, self.1 * other.0.abs())
    }
    fn least(self, other: Self) -> Self {
        if self.minus(other).0 <= 0 { self } else { other }
    }
    /// To two decimals, half away from zero.
    fn rounded(self) -> Self {
        let doubled = 200 * self.0.abs() + self.1;
        Self::of(self.0.signum() * (doubled / (2 * self.1)))
    }
    fn hundredths(self) -> i128 {
        self.0 * 100 / self.1
    }
}

impl std::fmt::Display for Exact {
    /// As written in the sheets: at most four decimals, none that are not needed.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scaled = (20_000 * self.0.abs() + self.1) / (2 * self.1);
        let sign = if self.0 < 0 { "-" } else { "" };
        let text = format!("{sign}{}.{:04}", scaled / 10_000, scaled % 10_000);
        out.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

fn sum(parts: impl IntoIterator<Item = Exact>) -> Exact {
    parts.into_iter().fold(Exact::whole(0), Exact::plus)
}

/// A figure of a cell, exact to two decimals.
fn figure(cell: &Data) -> Option<Exact> {
    let text = cell.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = format!("{part:0<2}");
    assert!(part.len() == 2, "{text}");
    if whole.is_empty() { None } else { Some(Exact::of(format!("{whole}{part}").parse().ok()?)) }
}

/// The rows under a heading, by the heading's words.
fn rows(path: &Path, sheet: &str, heading: &str) -> Vec<BTreeMap<String, Data>> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let all: Vec<&[Data]> = range.rows().collect();
    let head = all.iter().position(|row| row.iter().any(|cell| *cell == heading)).unwrap();
    let named = |row: &&[Data]| all[head].iter().map(ToString::to_string).zip(row.iter().cloned()).collect();
    all[head + 1..].iter().map(named).collect()
}

fn sample() -> PathBuf {
    bureau::samples().parent().unwrap().join("青岚市水务系统2023年度综合考核")
}

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join("评分算例.md")
}

/// The months in which a ledger has a kind of meeting.
fn months(ledger: &[BTreeMap<String, Data>], kind: &str) -> BTreeSet<u32> {
    let of_kind = ledger.iter().filter(|row| row["活动类型"] == kind);
    of_kind
        .map(|row| {
            let Data::DateTime(day) = &row["活动时间"] else {
                panic!("{:?} is no day", row["活动时间"])
            };
            let (year, month, ..) = day.to_ymd_hms_milli();
            assert_eq!(year, 2023);
            u32::from(month)
        })
        .collect()
}

/// A line: what was owed, done, open and found missing, and the points that follow.
#[derive(Clone)]
struct Line {
    name: &'static str,
    points: i128,
    counts: Option<[i128; 4]>,
    how: String,
    low: Exact,
    high: Exact,
}

/// A block: its name, its weight or its sign, its lines.
struct Block {
    id: &'static str,
    name: &'static str,
    weight: Option<i128>,
    sign: i128,
    lines: Vec<Line>,
}

impl Block {
    fn points(&self, of: fn(&Line) -> Exact) -> Exact {
        let earned = sum(self.lines.iter().map(of));
        match self.weight {
            Some(weight) => {
                let full = self.lines.iter().map(|line| line.points).sum();
                Exact::whole(weight).times(earned).over(Exact::whole(full)).rounded()
            }
            None => earned.times(Exact::whole(self.sign)),
        }
    }
}

fn low(line: &Line) -> Exact {
    line.low
}

fn high(line: &Line) -> Exact {
    line.high
}

/// What people have settled: a requirement's missing periods that were found not held, and those that were held.
#[derive(Clone, Copy, Default)]
struct Settled {
    missing: i128,
    held: i128,
}

/// 党建工作.
fn party(unit: &str, settled: Settled) -> Block {
    let path = sample().join(format!("报送/{unit}2023年组织生活台账.xlsx"));
    let ledger = rows(&path, "2023年", "活动类型");
    let counts = |kind: &str, settled: Settled| {
        let met = i128::try_from(months(&ledger, kind).len()).unwrap() + settled.held;
        [12, met, 12 - met - settled.missing, settled.missing]
    };
    let deduct = |name, kind, settled, points: i128, per: Exact, most: Option<Exact>| {
        let [owed, met, open, missing] = counts(kind, settled);
        let off = |times: i128| {
            let off = per.times(Exact::whole(times));
            most.map_or(off, |most| off.least(most)).least(Exact::whole(points))
        };
        let cap = most.map_or_else(String::new, |most| format!("（最多扣{most}分）"));
        Line {
            name,
            points,
            counts: Some([owed, met, open, missing]),
            how: format!(
                "{points}－{per}×({owed}－{met})={}{cap}",
                Exact::whole(points).minus(off(owed - met))
            ),
            low: Exact::whole(points).minus(off(owed - met)).rounded(),
            high: Exact::whole(points).minus(off(missing)).rounded(),
        }
    };
    let share = |name, kind, points: i128| {
        let [owed, met, open, missing] = counts(kind, Settled::default());
        let of = |count: i128| Exact(points * count, owed).rounded();
        Line {
            name,
            points,
            counts: Some([owed, met, open, missing]),
            how: format!("{points}×{met}÷{owed}={}", of(met)),
            low: of(met),
            high: of(met + open),
        }
    };
    let lectures: BTreeSet<u32> = months(&ledger, "党课").iter().map(|month| (month - 1) / 3).collect();
    let quarters = i128::try_from(lectures.len()).unwrap();
    let halves: BTreeSet<u32> = lectures.iter().map(|quarter| quarter / 2).collect();
    let (tier, points) = match (quarters, halves.len()) {
        (4, _) => ("每季度1次", 8),
        (_, 2) => ("每半年1次", 5),
        (1.., _) => ("每年1次", 2),
        _ => ("其余", 0),
    };
    let lecture = Line {
        name: "A4 党课",
        points: 8,
        counts: Some([4, quarters, 4 - quarters, 0]),
        how: format!("达到“{tier}”，得{points}分"),
        low: Exact::whole(points),
        high: Exact::whole(8),
    };
    let none = Settled::default();
    Block {
        id: "A",
        name: "党建工作",
        weight: Some(50),
        sign: 1,
        lines: vec![
            deduct("A1 支部委员会", "支委会", none, 10, Exact::whole(1), None),
            deduct("A2 支部党员大会", "党员大会", settled, 10, Exact::of(150), Some(Exact::whole(6))),
            share("A3 主题党日", "主题党日", 12),
            lecture,
            share("A5 廉政自省日", "廉政自省日", 10),
        ],
    }
}

fn sure(name: &'static str, points: i128, how: String, value: Exact) -> Line {
    Line { name, points, counts: None, how, low: value, high: value }
}

fn single(id: &'static str, name: &'static str, weight: i128, line: Line) -> Block {
    Block { id, name, weight: Some(weight), sign: 1, lines: vec![line] }
}

/// 业务工作.
fn business(unit: &str) -> Block {
    let scores = rows(&sample().join("评分/2023年业务考核通报.xlsx"), "得分", "业务得分");
    let given = scores.iter().find(|row| row["单位"] == unit).unwrap();
    let given = figure(&given["业务得分"]).unwrap();
    let value = given.times(Exact(100, 120)).rounded();
    single("B", "业务工作", 25, sure("B1 业务考核", 100, format!("{given}÷120×100={value}"), value))
}

/// 民主测评.
fn votes(unit: &str) -> Block {
    let sheet = rows(&sample().join("评分/民主测评计票.xlsx"), "计票", "票种");
    let mut how = Vec::new();
    let mut parts = Vec::new();
    for (class, share) in [("领导票", 60), ("职工票", 40)] {
        let row = sheet.iter().find(|row| row["单位"] == unit && row["票种"] == class);
        let row = row.unwrap();
        let count = |grade: &str| figure(&row[grade]).unwrap();
        let grades = [("好", 100), ("较好", 80), ("一般", 60), ("差", 40)];
        let valid = sum(grades.iter().map(|(grade, _)| count(grade)));
        assert!(valid == figure(&row["有效票"]).unwrap() && valid.minus(Exact::whole(5)).0 >= 0);
        let points = sum(grades.iter().map(|(grade, value)| count(grade).times(Exact::whole(*value))));
        let mean = points.over(valid).rounded();
        let terms: Vec<String> = grades
            .iter()
            .filter(|(grade, _)| count(grade).0 > 0)
            .map(|(grade, value)| format!("{value}×{}", count(grade)))
            .collect();
        how.push(format!("{class} ({})÷{valid}={mean}", terms.join("＋")));
        parts.push((mean, share));
    }
    let value = sum(parts.iter().map(|(mean, share)| mean.times(Exact(*share, 100)))).rounded();
    let mixed: Vec<String> = parts.iter().map(|(mean, share)| format!("{mean}×{share}%")).collect();
    let how = format!("{}；{}={value}", how.join("；"), mixed.join("＋"));
    single("C", "民主测评", 15, sure("C1 民主测评", 100, how, value))
}

/// 上级评分.
fn marks(short: &str) -> Block {
    let sheet = rows(&sample().join("评分/述职现场打分.xlsx"), "打分", "评委1");
    let row = sheet.iter().find(|row| row["单位"] == short).unwrap();
    let mut marks: Vec<Exact> = (1..=6).map(|nth| figure(&row[&format!("评委{nth}")]).unwrap()).collect();
    marks.sort_by_key(|mark| mark.hundredths());
    let kept = &marks[1..5];
    let value = sum(kept.iter().copied()).over(Exact::whole(4)).rounded();
    let kept: Vec<String> = kept.iter().map(ToString::to_string).collect();
    let how = format!("6人打分，去掉最高{}、最低{}；({})÷4={value}", marks[5], marks[0], kept.join("＋"));
    single("D", "上级评分", 10, sure("D1 上级评分", 100, how, value))
}

/// 加分 and 扣分.
fn events(short: &str) -> [Block; 2] {
    let sheet = rows(&sample().join("评分/加分扣分事项.xlsx"), "加分扣分", "事项");
    let each = |row: &BTreeMap<String, Data>| match row["事项"].to_string().as_str() {
        "受表彰" => Exact::whole(1),
        "信息采用" | "逾期报送" => Exact::of(50),
        "通报批评" => figure(&row["分值"]).unwrap(),
        other => panic!("{other}"),
    };
    let of = |id: &str, name: &'static str, most: i128| {
        let (mut how, mut sure, mut open) = (Vec::new(), Vec::new(), Vec::new());
        let own = |row: &&BTreeMap<String, Data>| row["单位"] == short && row["项目编号"] == id;
        for row in sheet.iter().filter(own) {
            let times = figure(&row["次数"]).unwrap();
            let authors = figure(&row["作者数"]).unwrap_or(Exact::whole(1));
            let value = each(row).times(times).over(authors).rounded();
            let shared = if authors == Exact::whole(1) { String::new() } else { format!("÷{authors}人") };
            let state = row["状态"].to_string();
            how.push(format!("{} {}×{times}次{shared}={value}（{state}）", row["事项"], each(row)));
            if state == "属实" { sure.push(value) } else { open.push(value) }
        }
        let how = if how.is_empty() { "没有".to_owned() } else { how.join("；") };
        let capped = |value: Exact| value.least(Exact::whole(most));
        let (sure, all) = (sum(sure.clone()), sum(sure.into_iter().chain(open)));
        (Line { name, points: most, counts: None, how, low: capped(sure), high: capped(all) }, most)
    };
    let (bonus, _) = of("E1", "E1 表彰和信息", 3);
    let (off, _) = of("F1", "F1 通报和逾期", 5);
    // What is open weighs against the unit at the low end, and for it at the high one.
    let off = Line { low: off.high, high: off.low, ..off };
    [
        Block { id: "E", name: "加分", weight: None, sign: 1, lines: vec![bonus] },
        Block { id: "F", name: "扣分", weight: None, sign: -1, lines: vec![off] },
    ]
}

fn blocks(unit: &str, short: &str, settled: Settled) -> Vec<Block> {
    let mut all = vec![party(unit, settled), business(unit), votes(unit), marks(short)];
    all.extend(events(short));
    all
}

/// A unit's total at both ends, and 党建工作, which decides between equal totals.
#[derive(Clone)]
struct Total {
    unit: &'static str,
    blocks: Vec<(&'static str, Exact)>,
    low: Exact,
    high: Exact,
}

fn totals(settled: Settled) -> Vec<Total> {
    let of = |(unit, short): &(&'static str, &'static str)| {
        let settled = if *unit == UNIT { settled } else { Settled::default() };
        let blocks = blocks(unit, short, settled);
        Total {
            unit,
            low: sum(blocks.iter().map(|block| block.points(low))),
            high: sum(blocks.iter().map(|block| block.points(high))),
            blocks: blocks.iter().map(|block| (block.name, block.points(low))).collect(),
        }
    };
    let mut all: Vec<Total> = GROUP.iter().map(of).collect();
    all.sort_by_key(|total| -total.low.hundredths());
    all
}

/// Rank, best rank, worst rank.
fn ranks(total: &Total, all: &[Total]) -> [usize; 3] {
    let ahead = |ahead: &dyn Fn(&Total) -> bool| {
        1 + all.iter().filter(|other| other.unit != total.unit && ahead(other)).count()
    };
    let above = |a: Exact, b: Exact| a.minus(b).0 > 0;
    for other in all {
        assert!(other.unit == total.unit || other.low.hundredths() != total.low.hundredths(), "no ties here");
    }
    [
        ahead(&|other| above(other.low, total.low)),
        ahead(&|other| above(other.low, total.high)),
        ahead(&|other| above(other.high, total.low)),
    ]
}

fn line_rows(text: &mut String, block: &Block) {
    for line in &block.lines {
        let counts = line.counts.map_or_else(|| "—|—|—|—".to_owned(), |c| c.map(|n| n.to_string()).join("|"));
        let _ = writeln!(
            text,
            "|{}|{}|{counts}|{}|{}|{}|",
            line.name, line.points, line.how, line.low, line.high
        );
    }
}

fn rank_rows(text: &mut String, all: &[Total]) {
    text.push_str("|名次|单位|党建|业务|测评|上级|加分|扣分|总分|最高可达|名次区间|\n|---|---|---|---|---|---|---|---|---|---|---|\n");
    for total in all {
        let [rank, best, worst] = ranks(total, all);
        let blocks: Vec<String> = total.blocks.iter().map(|(_, points)| points.to_string()).collect();
        let range = if best == worst { best.to_string() } else { format!("{best}～{worst}") };
        let _ = writeln!(
            text,
            "|{rank}|{}|{}|{}|{}|{range}|",
            total.unit,
            blocks.join("|"),
            total.low,
            total.high
        );
    }
}

fn written() -> String {
    let mut text = format!(
        "# 一个单位的分数是怎样来的\n\n\
         样例 `samples/青岚市水务系统2023年度综合考核` 里的{UNIT}，从要求到名次，一项一项算。方案是该文件夹里的`计分方案.xlsx`。\
         下面的每个数由测试从样例的台账、票数、打分、事项重新数、重新乘（`tests/it/worked.rs`，不用程序的计分部分），\
         与本文、与程序的结果三方一致；改动本文的任何一个数，测试不通过。\n\n\
         自己看：`shuzhi run samples/青岚市水务系统2023年度综合考核`，打开`成果/评分表/{UNIT}.xlsx`。\n\n\
         取整：每个分数算出时即四舍五入到两位小数，再用取整后的分数往下算。“待核”是没有找到记录、还没有核实的次数；\
         “缺”是经核实没有开展的。得分只算有记录的，最高是待核的全部落实后的得分。\n\n\
         ## 逐项\n\n\
         |项目|分值|应完成|已完成|待核|缺|怎样算|得分|最高|\n|---|---|---|---|---|---|---|---|---|\n"
    );
    let short = GROUP.iter().find(|(unit, _)| *unit == UNIT).unwrap().1;
    let all = blocks(UNIT, short, Settled::default());
    for block in &all {
        line_rows(&mut text, block);
    }
    text.push_str("\n## 板块和总分\n\n计分板块＝权重×各项目得分之和÷各项目分值之和。\n\n|板块|怎样算|得分|最高|\n|---|---|---|---|\n");
    for block in &all {
        let how = match block.weight {
            Some(weight) => {
                let earned: Vec<String> = block.lines.iter().map(|line| line.low.to_string()).collect();
                let full: i128 = block.lines.iter().map(|line| line.points).sum();
                format!("{weight}×({})÷{full}", earned.join("＋"))
            }
            None => "见上".to_owned(),
        };
        let _ = writeln!(
            text,
            "|{} {}|{how}|{}|{}|",
            block.id,
            block.name,
            block.points(low),
            block.points(high)
        );
    }
    let totals_now = totals(Settled::default());
    let own = totals_now.iter().find(|total| total.unit == UNIT).unwrap();
    let parts: Vec<String> = own.blocks.iter().map(|(_, points)| points.to_string()).collect();
    let _ = writeln!(
        text,
        "\n总分＝{}＝**{}**；待核的全部落实，最高可达**{}**。\n\n## 名次\n\n\
         县区局一组4个单位。最好名次＝1＋总分高于本单位最高可达的单位数，最差名次＝1＋最高可达高于本单位总分的单位数。\n",
        parts.join("＋").replace("＋-", "－"),
        own.low,
        own.high,
    );
    rank_rows(&mut text, &totals_now);
    let after = totals(SETTLED);
    let block = party(UNIT, SETTLED);
    text.push_str(
        "\n## 核实以后\n\n在核对表里把支部党员大会7月写“未开展”，8月写“已开展”、开展日期2023-08-16，再运行一次：待核没有了，缺的1次扣分。\n\n\
         |项目|分值|应完成|已完成|待核|缺|怎样算|得分|最高|\n|---|---|---|---|---|---|---|---|---|\n",
    );
    line_rows(&mut text, &Block { lines: vec![block.lines[1].clone()], ..party(UNIT, SETTLED) });
    let _ = writeln!(text, "\n党建工作{}，最高{}。\n", block.points(low), block.points(high));
    rank_rows(&mut text, &after);
    text
}

/// Two open periods of one requirement that a person has settled.
const SETTLED: Settled = Settled { missing: 1, held: 1 };

fn agree(done: &Done, totals: &[Total]) {
    let points = |value: Exact| Points::from_hundredths(i64::try_from(value.hundredths()).unwrap());
    for total in totals {
        let standing = done.assessed.standings.iter().find(|s| &*s.unit == total.unit).unwrap();
        let ranks = ranks(total, totals).map(|rank| u32::try_from(rank).unwrap());
        assert_eq!(
            (standing.total, standing.ceiling),
            (points(total.low), points(total.high)),
            "{}",
            total.unit
        );
        assert_eq!([standing.rank, standing.best, standing.worst], ranks, "{}", total.unit);
    }
}

#[test]
fn the_worked_example_holds_in_the_document_and_in_the_program() {
    let text = written();
    if std::env::var_os("UPDATE_WORKED").is_some() {
        fs::write(document(), &text).unwrap();
    }
    assert_eq!(fs::read_to_string(document()).unwrap(), text, "docs/评分算例.md");

    let folder = tempfile::tempdir().unwrap();
    bureau::copy_into(&sample(), folder.path());
    let done = run(folder.path(), &Unwatched).unwrap();
    agree(&done, &totals(Settled::default()));
    let score = done.assessed.scores.iter().find(|score| &*score.unit == UNIT).unwrap();
    let short = GROUP.iter().find(|(unit, _)| *unit == UNIT).unwrap().1;
    for block in blocks(UNIT, short, Settled::default()) {
        let lines = score.blocks.iter().find(|own| own.block.as_str() == block.id).unwrap();
        for (own, line) in lines.lines.iter().zip(&block.lines) {
            assert!(line.name.starts_with(own.line.as_str()));
            let points = [line.low, line.high].map(Exact::hundredths);
            assert_eq!(
                [own.counted.low, own.counted.high].map(|p| i128::from(p.hundredths())),
                points,
                "{}",
                line.name
            );
        }
    }
    settle(folder.path());
    agree(&run(folder.path(), &Unwatched).unwrap(), &totals(SETTLED));
}

/// Answers in the review workbook, as a person gives them.
fn settle(folder: &Path) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet().set_name("核对").unwrap();
    let head = ["单位", "要求编号", "期间", "结论", "开展日期", "依据或说明"];
    let answers = [
        [UNIT, "ZB-3b", "7月", "未开展", "", "查原始记录本"],
        [UNIT, "ZB-3b", "8月", "已开展", "2023-08-16", "会议记录补交"],
    ];
    for (row, cells) in (0_u32..).zip(std::iter::once(&head).chain(&answers)) {
        for (col, text) in (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            page.write(row, col, *text).unwrap();
        }
    }
    book.save(folder.join("核对/核对表.xlsx")).unwrap();
}
