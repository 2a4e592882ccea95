//! The sheet of branches: county by county, with what of each goes into the county's figure.

use super::super::live::terms::{
    Term, at, call, choose, count, criterion, derived, is_blank, pair, plus, points, text,
};
use super::super::{column, state};
use super::{CountyRoll, HANDED, NONE, NOT_HANDED, Order, rule, spans};
use crate::model::{
    AbsentBranch, Align, BlockId, Cell, CellStyle, CountyBranch, CountyScore, CountyWay, Expr, Function,
    NumberLook, Op, Points, Sheet, Spot,
};

/// Columns of the sheet of branches.
pub(super) mod branch {
    pub(in super::super) const UNIT: u16 = 2;
    pub(in super::super) const MEMBERS: u16 = 4;
    pub(in super::super) const HANDED: u16 = 5;
    pub(in super::super) const LOW: u16 = 6;
    pub(in super::super) const HIGH: u16 = 8;
    pub(in super::super) const COUNTED_LOW: u16 = 11;
    pub(in super::super) const COUNTED_HIGH: u16 = 12;
    pub(in super::super) const WEIGHT: u16 = 13;
}

pub(super) fn branches(roll: &CountyRoll<'_>, order: Order, name: &str, title: &str, alone: bool) -> Sheet {
    let mut rows = Vec::new();
    let parts = roll.counties.iter().zip(spans(roll));
    for (county, span) in parts {
        let Some(span) = span else { continue };
        for own in &county.branches {
            rows.push(branch_row(roll, order, county, own, span, rows.len(), alone));
        }
    }
    let mut notes = vec![
        format!(
            "数据截至{}。得分是有记录支撑的分数，待核分是没有找到记录、尚未核实的部分；同一县区内排名，同分{}。",
            roll.scope.until.chinese(),
            if roll.scheme.ties.is_empty() {
                "同名次"
            } else {
                "的依计分方案比较，名次由程序写入"
            },
        ),
        "计入得分、权数按“办法”算出，县区的支部平均由这两列得来。各支部的分数怎样得来，看它的评分表。"
            .to_owned(),
    ];
    if alone {
        notes.push("只在本县区的支部之间排名；全局的名次、等次和表彰建议在市局的排名表里。".to_owned());
    }
    let blocks = shown_blocks(roll, alone);
    let mut columns = vec![
        column("县区", 22, Align::Left),
        column("县内名次", 7, Align::Centre),
        column("支部", 28, Align::Left),
        column("组别", 14, Align::Centre),
        column("党员人数", 8, Align::Right),
        column("是否报送", 7, Align::Centre),
        column("得分", 9, Align::Right),
        column("待核分", 9, Align::Right),
        column("最高可达", 9, Align::Right),
        column("最好名次", 7, Align::Centre),
        column("最差名次", 7, Align::Centre),
        column("得分", 9, Align::Right).under("计入县区"),
        column("最高可达", 9, Align::Right).under("计入县区"),
        column("权数", 7, Align::Right).under("计入县区"),
    ];
    columns.extend(blocks.iter().map(|(_, name)| column(name, 10, Align::Right).under("各板块得分")));
    Sheet {
        name: name.into(),
        title: format!("{title}{}", if alone { state(roll.open) } else { String::new() }),
        notes,
        columns,
        rows,
        frozen: branch::UNIT + 1,
        filter: true,
        landscape: true,
        protected: true,
        ..Sheet::default()
    }
}

/// The blocks whose points are shown, with their names; none where there is a single one.
fn shown_blocks<'a>(roll: &CountyRoll<'a>, alone: bool) -> Vec<(&'a BlockId, &'a str)> {
    let blocks = &roll.scheme.blocks;
    let several = alone && blocks.len() > 1;
    blocks.iter().filter(|_| several).map(|block| (&block.id, block.name.as_str())).collect()
}

fn branch_row(
    roll: &CountyRoll<'_>,
    order: Order,
    county: &CountyScore,
    own: &CountyBranch,
    (first, last): (usize, usize),
    row: usize,
    alone: bool,
) -> Vec<Cell> {
    let here = |column: u16| at(Spot::cell(row, column));
    let peers = |column: u16| at(Spot::area(first, column, last, column).fixed());
    let ahead = |column: u16, of: u16| call(Function::CountIf, [peers(column), criterion(Op::Gt, here(of))]);
    let place = |expr: Term, cached: u32| {
        // What decides between equal points is not on the sheet.
        if roll.scheme.ties.is_empty() { count(expr, cached) } else { Cell::count(cached) }
    };
    let one = || Expr::Whole(1);
    let rank = plus([ahead(branch::LOW, branch::LOW), one()]);
    let best = plus([ahead(branch::LOW, branch::HIGH), one()]);
    let itself = choose(pair(Op::Gt, here(branch::HIGH), here(branch::LOW)), Expr::Whole(0), Expr::Whole(1));
    let worst = plus([ahead(branch::HIGH, branch::LOW), itself]);
    let handed = || pair(Op::Eq, here(branch::HANDED), text(HANDED));
    let param = |row: usize| at(Spot::cell(row, 1).on(order.rule).fixed());
    let zero = || pair(Op::Eq, param(rule::ABSENT), text(AbsentBranch::Zero.as_str()));
    let low = choose(handed(), here(branch::LOW), choose(zero(), Expr::Whole(0), text("")));
    let high = choose(handed(), here(branch::HIGH), choose(zero(), here(branch::HIGH), text("")));
    let by_members = pair(Op::Eq, param(rule::WAY), text(CountyWay::Weighted.as_str()));
    let members = choose(is_blank(here(branch::MEMBERS)), one(), here(branch::MEMBERS));
    let weight =
        choose(is_blank(here(branch::COUNTED_LOW)), Expr::Whole(0), choose(by_members, members, one()));
    let open = own.points.high - own.points.low;
    let difference = pair(Op::Sub, here(branch::HIGH), here(branch::LOW));
    let pending = points(call(Function::Round, [difference, Expr::Whole(2)]), open);
    let mut cells = vec![
        Cell::text(&*county.county),
        place(rank, own.rank).style(CellStyle::Strong),
        Cell::text(&*own.unit),
        Cell::text(&*own.group),
        own.members.map_or_else(Cell::default, Cell::count),
        Cell::text(if own.handed { HANDED } else { NOT_HANDED }).style(if own.handed {
            CellStyle::Plain
        } else {
            CellStyle::Bad
        }),
        Cell::points(own.points.low).style(CellStyle::Strong),
        if open > Points::ZERO { pending.style(CellStyle::Doubtful) } else { pending },
        Cell::points(own.points.high),
        place(best, own.best),
        place(worst, own.worst),
        derived(low, NumberLook::Points),
        derived(high, NumberLook::Points),
        derived(weight, NumberLook::Whole),
    ];
    cells.extend(shown_blocks(roll, alone).into_iter().map(|(id, _)| {
        let score = own.blocks.iter().find(|(block, _)| block == id);
        score.map_or_else(|| Cell::text(NONE).style(CellStyle::Muted), |(_, points)| Cell::points(*points))
    }));
    cells
}
