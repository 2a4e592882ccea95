//! The sheet of counties: own duties, branches, and both together.

use super::super::live::terms::{Term, at, call, choose, count, criterion, pair, plus, points, text, times};
use super::super::{column, state};
use super::branches::branch;
use super::{CountyRoll, HANDED, NONE, Order, remark, rounded, rule, spans};
use crate::model::{
    Align, Bounds, Cached, Cell, CellStyle, Column, CountyScore, CountyWay, Expr, Function, NumberLook, Op,
    Points, Sheet, SheetLink, Spot,
};

/// Columns of the sheet of counties.
mod county {
    pub(super) const OWN_LOW: u16 = 2;
    pub(super) const OWN_HIGH: u16 = 3;
    pub(super) const MEAN_LOW: u16 = 6;
    pub(super) const MEAN_HIGH: u16 = 7;
    pub(super) const LOW: u16 = 8;
    pub(super) const HIGH: u16 = 10;
}

pub(super) fn counties(roll: &CountyRoll<'_>, order: Order, name: &str, title: &str) -> Sheet {
    let rows = roll
        .counties
        .iter()
        .zip(spans(roll))
        .enumerate()
        .map(|(row, (own, span))| county_row(roll, order, own, span, row))
        .collect();
    let alone = order.counties > 0;
    let mut notes = vec![
        format!(
            "汇总得分＝本级得分×本级占比＋支部平均×（100%－本级占比），按计分方案的位数取舍；办法、占比在“办法”里，改了随之重算。{}",
            if alone { "只算一个县区，没有县区之间的名次。" } else { "同分同名次，行的次序不变。" }
        ),
        "缺本级得分的只用支部平均，没有计入的支部的只用本级得分。最高可达是待核事项全部核实为已开展时的分数。"
            .to_owned(),
    ];
    if !alone {
        notes.push("点县区看它的支部。".to_owned());
    }
    let number = |title: &str, group: &str| column(title, 9, Align::Right).under(group);
    let columns: Vec<Column> = vec![
        column("名次", 7, Align::Centre),
        column("县区", 26, Align::Left),
        number("得分", "本级"),
        number("最高可达", "本级"),
        number("支部数", "支部"),
        number("报送数", "支部"),
        number("平均", "支部"),
        number("最高可达", "支部"),
        number("得分", "汇总"),
        number("待核分", "汇总"),
        number("最高可达", "汇总"),
        column("最好名次", 7, Align::Centre),
        column("最差名次", 7, Align::Centre),
        column("备注", 34, Align::Left),
    ];
    Sheet {
        name: name.into(),
        title: format!("{title}{}", if alone { String::new() } else { state(roll.open) }),
        notes,
        columns,
        rows,
        frozen: 2,
        landscape: true,
        protected: true,
        signature: Some(
            "考核组：                    单位（盖章）：                    日期：        年    月    日"
                .into(),
        ),
        ..Sheet::default()
    }
}

fn county_row(
    roll: &CountyRoll<'_>,
    order: Order,
    own: &CountyScore,
    span: Option<(usize, usize)>,
    row: usize,
) -> Vec<Cell> {
    let here = |column: u16| at(Spot::cell(row, column));
    let param = |row: usize| at(Spot::cell(row, 1).on(order.rule).fixed());
    let last = roll.counties.len().saturating_sub(1);
    let alone = order.counties > 0;
    let none = || Cell::text(NONE).style(CellStyle::Muted);
    let cell = |found: Option<Points>| found.map_or_else(none, Cell::points);
    let figure = |expr: Term, found: Option<Points>| match found {
        Some(found) => points(expr, found),
        None => Cell::formula(expr, Some(Cached::Text(NONE.into())), NumberLook::Points),
    };
    let area = |(first, last): (usize, usize), column: u16| {
        at(Spot::area(first, column, last, column).on(order.branches).fixed())
    };
    let mean = |counted: u16, found: Option<Points>| match span {
        None => none(),
        Some(span) => {
            let weights = || call(Function::Sum, [area(span, branch::WEIGHT)]);
            let middle = call(Function::Quartile, [area(span, counted), Expr::Whole(2)]);
            let sum = call(Function::SumProduct, [area(span, counted), area(span, branch::WEIGHT)]);
            let by_median = pair(Op::Eq, param(rule::WAY), text(CountyWay::Median.as_str()));
            let mean = choose(by_median, middle, pair(Op::Div, sum, weights()));
            let mean = rounded(mean, roll.scheme.rounding);
            figure(choose(pair(Op::Eq, weights(), Expr::Whole(0)), text(NONE), mean), found)
        }
    };
    let total = |own: u16, mean: u16, found: Option<Points>| {
        let missing = |column: u16| pair(Op::Eq, here(column), text(NONE));
        let rest = pair(Op::Sub, Expr::Whole(100), param(rule::OWN));
        let sum = plus([times(here(own), param(rule::OWN)), times(here(mean), rest)]);
        let joined = rounded(pair(Op::Div, sum, Expr::Whole(100)), roll.scheme.rounding);
        let of_one = choose(missing(own), here(mean), choose(missing(mean), here(own), joined));
        figure(of_one, found)
    };
    let all = |column: u16| at(Spot::area(0, column, last, column).fixed());
    let ahead = |column: u16, of: u16| call(Function::CountIf, [all(column), criterion(Op::Gt, here(of))]);
    let place = |expr: Term, cached: u32| {
        if alone || cached == 0 {
            return none();
        }
        let shown = choose(pair(Op::Eq, here(county::LOW), text(NONE)), text(NONE), expr);
        Cell::formula(shown, Some(Cached::Whole(i64::from(cached))), NumberLook::Whole)
    };
    let one = || Expr::Whole(1);
    let itself = choose(pair(Op::Gt, here(county::HIGH), here(county::LOW)), Expr::Whole(0), Expr::Whole(1));
    let low = |bounds: Option<Bounds>| bounds.map(|bounds| bounds.low);
    let high = |bounds: Option<Bounds>| bounds.map(|bounds| bounds.high);
    let open = own.total.map(|total| total.high - total.low);
    let difference =
        call(Function::Round, [pair(Op::Sub, here(county::HIGH), here(county::LOW)), Expr::Whole(2)]);
    let pending = figure(choose(pair(Op::Eq, here(county::LOW), text(NONE)), text(NONE), difference), open);
    let name = Cell::text(&*own.county);
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let handed = span.map_or_else(
        || Cell::count(0),
        |span| {
            let yes = criterion(Op::Eq, text(HANDED));
            count(call(Function::CountIf, [area(span, branch::HANDED), yes]), number(own.handed()))
        },
    );
    let branches = span.map_or_else(
        || Cell::count(0),
        |span| count(call(Function::CountA, [area(span, branch::UNIT)]), number(own.branches.len())),
    );
    vec![
        place(plus([ahead(county::LOW, county::LOW), one()]), own.rank).style(CellStyle::Strong),
        match span {
            Some((first, _)) if !alone => name.link(SheetLink { sheet: order.branches, row: first }),
            _ => name,
        },
        cell(low(own.own)),
        cell(high(own.own)),
        branches,
        handed,
        mean(branch::COUNTED_LOW, low(own.mean)),
        mean(branch::COUNTED_HIGH, high(own.mean)),
        total(county::OWN_LOW, county::MEAN_LOW, low(own.total)).style(CellStyle::Strong),
        if open.is_some_and(|open| open > Points::ZERO) {
            pending.style(CellStyle::Doubtful)
        } else {
            pending
        },
        total(county::OWN_HIGH, county::MEAN_HIGH, high(own.total)),
        place(plus([ahead(county::LOW, county::HIGH), one()]), own.best),
        place(plus([ahead(county::HIGH, county::LOW), itself]), own.worst),
        Cell::text(remark(roll.rule, own)),
    ]
}
