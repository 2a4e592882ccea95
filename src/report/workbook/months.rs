//! The sheet 按月完成: monthly demands, month by month, read off the sheet 逐项.

use super::live::places::{Places, check, groups};
use super::live::terms::{Term, at, call, choose, criterion, derived, pair, text, times};
use super::{Overview, column};
use crate::model::{
    Align, Cached, Cell, CellStyle, CheckScore, Column, Due, Expr, Function, Highlight, NumberLook, Op,
    Period, Sheet, Spot, State, When,
};

/// The columns of the months.
const MONTHS: u16 = 2;
/// A month that was not met but is known to have been held.
const HELD: &str = "已核";
const NOT_HELD: &str = "未开展";
const NONE: &str = "—";

pub(super) fn sheet(overview: &Overview<'_>, places: &Places) -> Sheet {
    let mut rows = Vec::new();
    for ((result, score), unit) in overview.results.iter().zip(overview.scores).zip(&places.units) {
        let mut told: Vec<&str> = Vec::new();
        for (line, line_places) in
            score.blocks.iter().zip(&unit.blocks).flat_map(|(b, p)| b.lines.iter().zip(&p.lines))
        {
            let checks = groups(overview.scheme, line, &result.card.checks);
            for (nth, check) in checks.into_iter().flatten().enumerate() {
                if check.period == Period::Month && !told.contains(&check.id.as_str()) {
                    told.push(check.id.as_str());
                    rows.push(row(places, &result.unit.name, check, line_places.first + nth, rows.len()));
                }
            }
        }
    }
    let mut columns = vec![column("单位", 28, Align::Left), column("形式", 18, Align::Left)];
    columns.extend((1..=12).map(|month| Column {
        group: "按月次数".to_owned(),
        ..column(&format!("{month}月"), 7, Align::Centre)
    }));
    columns.extend(["应开展月数", "按时月数", "完成率"].map(|title| column(title, 9, Align::Right)));
    let area = Spot::area(0, MONTHS, rows.len().saturating_sub(1), MONTHS + 11);
    let highlights = if rows.is_empty() { Vec::new() } else { colours(area) };
    Sheet {
        name: "按月完成".into(),
        title: "三会一课等按月完成情况".into(),
        notes: vec!["数字为有记录的次数。绿色：有记录或已核实开展；黄色：无记录待核实；红色：经核实未开展；灰色：不适用或不用检查。由“逐项”算出。".into()],
        columns,
        rows,
        frozen: 2,
        filter: true,
        landscape: true,
        protected: true,
        highlights,
        ..Sheet::default()
    }
}

/// Colours of an area of months.
pub(super) fn colours(area: Spot) -> Vec<Highlight> {
    let is = |word: &str, style: CellStyle| Highlight { area, when: When::Is(word.to_owned()), style };
    vec![
        is(NONE, CellStyle::Muted),
        is(NOT_HELD, CellStyle::Bad),
        is(HELD, CellStyle::Good),
        Highlight { area, when: When::AtLeast(1), style: CellStyle::Good },
        Highlight { area, when: When::Below(1), style: CellStyle::Doubtful },
    ]
}

fn row(places: &Places, unit: &str, score: &CheckScore, at_row: usize, here: usize) -> Vec<Cell> {
    let mut cells = vec![Cell::text(unit), Cell::text(&*score.name)];
    let each = || at(places.check(at_row, check::EACH));
    for (month, due) in (0_u16..).zip(&score.dues) {
        let recorded = || at(places.check(at_row, check::RECORDED + month));
        let verdict = || at(places.check(at_row, check::VERDICT + month));
        let is = |word: &str| pair(Op::Eq, verdict(), text(word));
        let few = pair(Op::Lt, recorded(), each());
        let held = call(Function::And, [is("已开展"), few]);
        let none = call(Function::Or, [is(NONE), is("不适用")]);
        let shown = choose(
            none,
            text(NONE),
            choose(is(NOT_HELD), text(NOT_HELD), choose(held, text(HELD), recorded())),
        );
        cells.push(Cell::formula(shown, Some(shown_of(due)), NumberLook::Whole));
    }
    cells.resize_with(usize::from(MONTHS) + 12, Cell::default);
    let months = || at(Spot::area(here, MONTHS, here, MONTHS + 11));
    let due = times(pair(Op::Ne, months(), text(NONE)), Expr::Whole(1));
    let enough = |term: Term| call(Function::CountIf, [months(), term]);
    let met = pair(Op::Add, enough(criterion(Op::Ge, each())), enough(criterion(Op::Eq, text(HELD))));
    let cell = |column: u16| at(Spot::cell(here, column));
    cells.push(derived(call(Function::SumProduct, [due]), NumberLook::Whole));
    cells.push(derived(met, NumberLook::Whole));
    let rate = pair(Op::Div, cell(MONTHS + 13), cell(MONTHS + 12));
    cells.push(derived(
        choose(pair(Op::Eq, cell(MONTHS + 12), Expr::Whole(0)), text(NONE), rate),
        NumberLook::Share,
    ));
    cells
}

/// What the formula of a month comes to.
pub(super) fn shown_of(due: &Due) -> Cached {
    let word = |word: &str| Cached::Text(word.into());
    let recorded = u32::try_from(due.evidence.len()).unwrap_or(u32::MAX);
    let recorded = if due.decided { recorded } else { due.found };
    if !due.owed || (due.decided && due.state == State::NotApplicable) {
        return word(NONE);
    }
    match due.state {
        State::NotHeld if due.decided => word(NOT_HELD),
        State::Recorded if due.decided && recorded < due.required => word(HELD),
        _ => Cached::Whole(i64::from(recorded)),
    }
}
