//! The books 县区局汇总表 and 排名表 of one county: branches, county bureaus, and how both become one figure.
//!
//! In: [`CountyScore`]s with the rule by which they came about. Out: [`Book`]s whose formulas carry the program's
//! own figures. Never here: activities, lines of the scheme, the arithmetic of the roll-up itself.

mod branches;
mod counties;

use super::live::terms::{Term, call};
use super::{Made, column};
use crate::model::{
    AbsentBranch, Align, Allow, Book, Cached, Cell, CountyRule, CountyScore, CountyWay, Cut, EntryRule, Expr,
    Function, NumberLook, Points, Rounding, Scheme, Scope, Sheet, Spot, Value,
};
use branches::branches;
use counties::counties;

/// Up to so many counties and branches the books compute themselves; beyond that they hold the values alone.
const LIVE: (usize, usize) = (120, 3000);
/// What stands where there is no figure.
const NONE: &str = "—";
const HANDED: &str = "是";
const NOT_HANDED: &str = "否";

/// What the books are made from.
#[derive(Debug, Clone, Copy)]
pub struct CountyRoll<'a> {
    /// Bureau, year, last day of the data.
    pub scope: &'a Scope,
    /// The scheme in use.
    pub scheme: &'a Scheme,
    /// How branches go into the figure of their county.
    pub rule: CountyRule,
    /// The counties in order of rank.
    pub counties: &'a [CountyScore],
    /// How many open questions there are about the units shown.
    pub open: usize,
}

/// Rows of the sheet 办法.
mod rule {
    pub(super) const WAY: usize = 0;
    pub(super) const OWN: usize = 1;
    pub(super) const ABSENT: usize = 2;
}

/// Where the sheets stand in a book.
#[derive(Debug, Clone, Copy)]
struct Order {
    counties: usize,
    branches: usize,
    rule: usize,
}

/// 县区局汇总表: the counties, then all their branches, then the rule.
#[must_use]
pub fn counties_book(roll: &CountyRoll<'_>) -> Made {
    let title = format!("{}{}年度县区局汇总表", roll.scope.bureau, roll.scope.year);
    let order = Order { counties: 0, branches: 1, rule: 2 };
    let sheets = vec![
        counties(roll, order, "县区排名", &title),
        branches(roll, order, "支部得分", &format!("{title}：支部得分"), false),
        the_rule(roll),
    ];
    finish(roll, title, sheets)
}

/// 排名表 of one county (the only one of the roll): its branches among themselves, then how its figure comes about.
#[must_use]
pub fn county_ranking_book(roll: &CountyRoll<'_>) -> Made {
    let name = roll.counties.first().map_or("", |county| &*county.county);
    let title = format!("{name}{}年度党支部考核排名表", roll.scope.year);
    let order = Order { branches: 0, counties: 1, rule: 2 };
    let sheets = vec![
        branches(roll, order, "排名", &title, true),
        counties(roll, order, "本县区汇总", &format!("{name}{}年度考核汇总", roll.scope.year)),
        the_rule(roll),
    ];
    finish(roll, title, sheets)
}

fn finish(roll: &CountyRoll<'_>, title: String, sheets: Vec<Sheet>) -> Made {
    let all: usize = roll.counties.iter().map(|county| county.branches.len()).sum();
    let live = roll.counties.len() <= LIVE.0 && all <= LIVE.1;
    let book = Book { title, author: roll.scope.bureau.clone(), sheets, ..Book::default() };
    let mut made = Made::finish(book, live);
    if !live {
        let rows = made.book.sheets.iter_mut().flat_map(|sheet| &mut sheet.rows);
        rows.flatten().for_each(still);
    }
    made
}

/// Puts the value of a formula in its place.
fn still(cell: &mut Cell) {
    let Value::Formula(formula) = &cell.value else { return };
    cell.value = match &formula.cached {
        Some(Cached::Text(text)) => Value::Text(text.to_string()),
        Some(Cached::Whole(whole)) if formula.look == NumberLook::Points => {
            Value::Points(Points::whole(*whole))
        }
        Some(Cached::Whole(whole)) => Value::Count(*whole),
        Some(Cached::Points(points)) => Value::Points(*points),
        Some(Cached::Blank | Cached::Ratio(..)) | None => Value::Blank,
    };
}

/// The rows of each county's branches on their sheet: first and last.
fn spans(roll: &CountyRoll<'_>) -> Vec<Option<(usize, usize)>> {
    let mut next = 0;
    let span = |county: &CountyScore| {
        let first = next;
        next += county.branches.len();
        (next > first).then(|| (first, next - 1))
    };
    roll.counties.iter().map(span).collect()
}

/// What is missing of a county, in words; empty where nothing is.
#[must_use]
pub fn remark(rule: CountyRule, county: &CountyScore) -> String {
    let mut told = Vec::new();
    if county.own.is_none() {
        told.push("没有本级得分，只用支部平均".to_owned());
    }
    if county.branches.is_empty() {
        told.push("没有支部，只用本级得分".to_owned());
    } else if county.mean.is_none() {
        told.push("没有计入的支部，只用本级得分".to_owned());
    }
    let missing = county.branches.len() - county.handed();
    if missing > 0 {
        told.push(format!("未报送支部{missing}个，{}", rule.absent.as_str()));
    }
    let unknown = county.branches.iter().filter(|branch| branch.members.is_none()).count();
    if rule.way == CountyWay::Weighted && unknown > 0 {
        told.push(format!("没有写党员人数的支部{unknown}个，按1人计"));
    }
    told.join("；")
}

fn the_rule(roll: &CountyRoll<'_>) -> Sheet {
    let text = |text: &str| Cell::text(text);
    let rows = vec![
        vec![
            text("办法"),
            text(roll.rule.way.as_str()).open(),
            text(
                "一个县区各支部的得分怎样合成“支部平均”：平均分、按党员人数加权（没有写人数的按1人），或中位数。",
            ),
        ],
        vec![
            text("本级占比"),
            Cell::count(i64::from(roll.rule.own)).open(),
            text("县区局自己的得分占百分之几，其余是支部平均。"),
        ],
        vec![
            text("未报送支部"),
            text(roll.rule.absent.as_str()).open(),
            text(
                "没有可以读取的报送材料的支部：计零分（最高可达仍按它自己的算，补报或核实以前不封死），或不计入。",
            ),
        ],
    ];
    let words = |row: usize, words: Vec<&str>, title: &str| EntryRule {
        area: Spot::cell(row, 1),
        allow: Allow::Words(words.into_iter().map(str::to_owned).collect()),
        title: title.into(),
        message: "从下拉列表里选；改在这里只是试算，定下来请写进 考核.toml 的 [县区汇总]。".into(),
    };
    Sheet {
        name: "办法".into(),
        title: "县区汇总办法".into(),
        notes: vec![
            "这三项在 考核.toml 的 [县区汇总] 里定；没有写的用缺省（平均分、40、计零分），缺省不是任何单位的规定。"
                .to_owned(),
        ],
        columns: vec![
            column("项目", 14, Align::Left),
            column("取值", 18, Align::Centre),
            column("含义", 70, Align::Left),
        ],
        rows,
        protected: true,
        entries: vec![
            words(rule::WAY, CountyWay::ALL.map(CountyWay::as_str).to_vec(), "办法"),
            EntryRule {
                area: Spot::cell(rule::OWN, 1),
                allow: Allow::Whole(0, 100),
                title: "本级占比".into(),
                message: "0 到 100 的整数。".into(),
            },
            words(rule::ABSENT, AbsentBranch::ALL.map(AbsentBranch::as_str).to_vec(), "未报送支部"),
        ],
        ..Sheet::default()
    }
}

/// A figure as the scheme rounds it.
fn rounded(of: Term, rounding: Rounding) -> Term {
    let places = || Expr::Whole(i64::from(rounding.places));
    match rounding.how {
        Cut::Nearest => call(Function::Round, [of, places()]),
        // Dust of binary fractions must not cost a hundredth.
        Cut::Down => call(Function::RoundDown, [call(Function::Round, [of, Expr::Whole(9)]), places()]),
        Cut::Up => call(Function::RoundUp, [call(Function::Round, [of, Expr::Whole(9)]), places()]),
    }
}
