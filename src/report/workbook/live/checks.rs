//! The sheet 逐项: every check of every unit, period by period, up to the points of its line.
//!
//! In: the results and scores, and the places of the book. Out: the sheet. Never here: totals.

use super::super::{Overview, column};
use super::line::{NOT_GIVEN, OnUnit};
use super::places::{LinePlaces, Places, UnitPlaces, check, groups};
use super::terms::{Term, at, call, choose, count, criterion, is_blank, pair, plus, points, text, times};
use crate::formula::rules::{End, Role};
use crate::model::{
    Align, Allow, BlockScore, Cached, Cell, CellStyle, CheckScore, Column, Due, EntryRule, Expr, Function,
    Highlight, LineScore, NumberLook, Op, Points, RequirementId, Scheme, Sheet, Spot, State, UnitResult,
    When,
};
use std::collections::BTreeMap;

/// What 结论 may say.
pub(in super::super) const VERDICTS: [&str; 3] = ["已开展", "未开展", "不适用"];
/// A period that is not owed or does not exist.
const NOT_OWED: &str = "—";

/// The sheet.
pub(in super::super) fn sheet(overview: &Overview<'_>, places: &Places) -> Sheet {
    let mut rows = Vec::new();
    for (index, ((result, score), unit)) in
        overview.results.iter().zip(overview.scores).zip(&places.units).enumerate()
    {
        let mut first_rows = BTreeMap::new();
        for (nth_block, (block, block_places)) in score.blocks.iter().zip(&unit.blocks).enumerate() {
            for (nth_line, (line, at)) in block.lines.iter().zip(&block_places.lines).enumerate() {
                let nth = (nth_block, nth_line);
                let of = Of { overview, places, unit, index, result, block, line, at, nth };
                rows.extend(of.rows(&mut first_rows));
            }
        }
    }
    let mut notes = vec![
        "每行一项检查。“记录”是各期按活动表数出的次数；“结论”由人选定：已开展＝补足这一期，未开展＝经核实没有，不适用＝这一期不要求；“—”是不用检查的期间。".to_owned(),
        "得分只算有记录的，“最高”是待核的全部落实后的得分；考核分填了就按考核分计。".to_owned(),
    ];
    if !places.live {
        notes.push(
            "活动较多，“记录”是数值，不随活动表变动；结论、分值、考核分、权重仍可改动，得分随之重算。".into(),
        );
    }
    let last = rows.len().saturating_sub(1);
    let shift = places.shift;
    let area = |first: u16, end: u16| Spot::area(0, first + shift, last, end + shift);
    let (mut entries, mut highlights) = (Vec::new(), Vec::new());
    if !rows.is_empty() {
        let verdicts = area(check::VERDICT, check::VERDICT + 11);
        entries.push(EntryRule {
            area: verdicts,
            allow: Allow::Words(VERDICTS.map(str::to_owned).to_vec()),
            title: "结论".into(),
            message: "核实后选择：已开展、未开展或不适用；没有核实的留空。".into(),
        });
        if places.sheets.judged.is_none() {
            entries.push(EntryRule {
                area: area(check::JUDGED, check::JUDGED),
                allow: Allow::Points(Points::ZERO, Points::whole(1000)),
                title: "考核分".into(),
                message: "考核组认定的分数，不超过分值；空着就按得分计。".into(),
            });
        }
        highlights = colours(shift, last);
    }
    Sheet {
        name: "逐项".into(),
        title: "逐项逐期检查和得分".into(),
        notes,
        columns: columns(shift),
        rows,
        frozen: shift + 3,
        turn: Some(check::REQUIRED + shift),
        filter: true,
        landscape: true,
        protected: true,
        entries,
        highlights,
        ..Sheet::default()
    }
}

fn columns(shift: u16) -> Vec<Column> {
    let mut columns = Vec::new();
    if shift > 0 {
        columns.push(column("单位", 18, Align::Left));
    }
    columns.extend([
        column("板块", 9, Align::Left),
        column("项目编号", 8, Align::Centre),
        column("项目", 14, Align::Left),
        column("检查编号", 9, Align::Centre),
        column("佐证编号", 9, Align::Centre),
        column("检查内容", 16, Align::Left),
        column("周期", 7, Align::Centre),
        column("每期次数", 5, Align::Centre),
    ]);
    for (group, width) in [("记录（各期次数）", 4), ("结论（由人选定）", 7)] {
        columns.extend(
            (1..=12).map(|n| Column { group: group.into(), ..column(&n.to_string(), width, Align::Centre) }),
        );
    }
    columns.extend(
        ["应", "已", "待"].map(|title| Column { group: "次数".into(), ..column(title, 5, Align::Right) }),
    );
    columns.extend(
        ["分值", "适用", "得分", "最高", "自评", "考核分", "计分", "计分最高"]
            .map(|title| column(title, 8, Align::Right)),
    );
    columns.push(column("说明", 40, Align::Left));
    columns
}

/// A line of a unit on the way to its rows.
#[derive(Clone, Copy)]
struct Of<'a> {
    overview: &'a Overview<'a>,
    places: &'a Places,
    unit: &'a UnitPlaces,
    index: usize,
    result: &'a UnitResult,
    block: &'a BlockScore,
    line: &'a LineScore,
    at: &'a LinePlaces,
    /// Which block and line of the unit.
    nth: (usize, usize),
}

impl Of<'_> {
    /// The rows of the line; `first_rows` holds where each check of the unit stood first.
    fn rows(self, first_rows: &mut BTreeMap<RequirementId, usize>) -> Vec<Vec<Cell>> {
        let scheme = self.overview.scheme;
        let checks: Vec<&CheckScore> =
            groups(scheme, self.line, &self.result.card.checks).into_iter().flatten().collect();
        let count = checks.len().max(1);
        (0..count)
            .map(|nth| {
                let row = self.at.first + nth;
                let check = checks.get(nth).copied();
                let earlier = check.and_then(|check| {
                    let first = *first_rows.entry(check.id.clone()).or_insert(row);
                    (first != row).then_some(first)
                });
                self.row(scheme, row, nth, check, earlier, &checks)
            })
            .collect()
    }

    fn row(
        self,
        scheme: &Scheme,
        row: usize,
        nth: usize,
        check: Option<&CheckScore>,
        earlier: Option<usize>,
        checks: &[&CheckScore],
    ) -> Vec<Cell> {
        let mut cells = Vec::new();
        if self.places.shift > 0 {
            cells.push(Cell::text(&*self.result.unit.name));
        }
        let block = scheme.blocks.iter().find(|block| block.id == self.block.block);
        let line = scheme.line(&self.line.line);
        let first = nth == 0;
        let head = |text: &str| if first { Cell::text(text) } else { Cell::default() };
        cells.push(head(block.map_or("", |block| &block.name)));
        cells.push(head(self.line.line.as_str()));
        cells.push(head(line.map_or("", |line| &line.project)));
        match check {
            Some(check) => cells.extend(self.check(row, check, earlier)),
            None => cells.extend((0..32).map(|_| Cell::default())),
        }
        match (first, line, block) {
            (true, Some(line), Some(block)) => {
                let evidence: Vec<RequirementId> =
                    checks.iter().map(|check| check.evidence.clone()).collect();
                let on = OnUnit {
                    places: self.places,
                    unit: self.unit,
                    index: self.index,
                    line,
                    at: self.at,
                    evidence: &evidence,
                    absent: block.absent,
                    role: Role::of(block.kind),
                    rounding: scheme.rounding,
                };
                cells.extend(self.line_cells(&on));
            }
            _ => cells.extend((0..8).map(|_| Cell::default())),
        }
        cells.push(if first { Cell::text(&*self.line.reason) } else { Cell::default() });
        cells
    }

    fn line_cells(self, on: &OnUnit<'_>) -> Vec<Cell> {
        let (places, score) = (self.places, self.line);
        let value = |points: Option<Points>| points.map_or_else(Cell::default, Cell::points);
        let param = places.params.points.get(&score.line).map(|row| at(places.param(*row)));
        let full = on.line.points;
        let judged = match places.judged_at(self.index, self.nth.0, self.nth.1) {
            Some(spot) => {
                let value = score.judged.map_or(Cached::Text(NOT_GIVEN.into()), Cached::Points);
                let copy = choose(is_blank(at(spot)), text(NOT_GIVEN), at(spot));
                Cell::formula(copy, Some(value), NumberLook::Points)
            }
            None => value(score.judged).open(),
        };
        vec![
            param.map_or_else(|| Cell::points(full), |param| points(param, full)),
            points(on.base(), score.base),
            points(on.points(End::Low), score.rule.low),
            points(on.points(End::High), score.rule.high),
            value(score.own),
            judged,
            points(on.counted(check::LOW), score.counted.low).style(CellStyle::Strong),
            points(on.counted(check::HIGH), score.counted.high),
        ]
    }

    /// From 检查编号 to 待.
    fn check(self, row: usize, check: &CheckScore, earlier: Option<usize>) -> Vec<Cell> {
        let places = self.places;
        let here = |column: u16| Spot { sheet: None, ..places.check(row, column) };
        let mut cells = vec![
            Cell::text(check.id.as_str()),
            Cell::text(check.evidence.as_str()),
            Cell::text(&*check.name),
            Cell::text(check.period.every()),
            Cell::count(check.minimum),
        ];
        cells.extend((0..12).map(|period| self.recorded(here(check::EVIDENCE), check, period)));
        cells.extend((0..12_u16).map(|period| {
            let due = check.dues.get(usize::from(period));
            match (due.filter(|due| due.owed), earlier) {
                (None, _) => Cell::text(NOT_OWED).style(CellStyle::Muted),
                (Some(due), None) => verdict(due).map_or_else(Cell::default, Cell::text).open(),
                (Some(due), Some(first)) => {
                    let there = Spot { sheet: None, ..places.check(first, check::VERDICT + period) };
                    let copy = choose(is_blank(at(there)), text(""), at(there));
                    let value = verdict(due).map_or(Cached::Blank, |word| Cached::Text(word.into()));
                    Cell::formula(copy, Some(value), NumberLook::Text)
                }
            }
        }));
        let each = || at(here(check::EACH));
        let band = |column: u16| at(Spot { sheet: None, ..places.band(row, column) });
        let (verdicts, recorded) = (|| band(check::VERDICT), || band(check::RECORDED));
        let isnt = |word: &str| pair(Op::Ne, verdicts(), text(word));
        let owed = || times(isnt(VERDICTS[2]), isnt(NOT_OWED));
        let few = || pair(Op::Lt, recorded(), each());
        let enough = times(pair(Op::Ge, recorded(), each()), each());
        let seen = plus([times(few(), recorded()), enough]);
        let held = times(pair(Op::Eq, verdicts(), text(VERDICTS[0])), each());
        let met = times(owed(), plus([held, times(isnt(VERDICTS[0]), seen)]));
        let open = times(times(pair(Op::Eq, verdicts(), text("")), few()), pair(Op::Sub, each(), recorded()));
        let product = |term: Term| call(Function::SumProduct, [term]);
        cells.extend([
            count(times(each(), product(owed())), check.tally.required),
            count(product(met), check.tally.met),
            count(product(open), check.tally.open),
        ]);
        cells
    }

    /// How many activities are recorded in a period.
    fn recorded(self, evidence: Spot, check: &CheckScore, period: usize) -> Cell {
        let Some(due) = check.dues.get(period) else { return Cell::default() };
        let seen = i64::try_from(due.evidence.len()).unwrap_or(i64::MAX);
        let (slots, places) = (self.places.slots, self.places);
        let window = self.window(check);
        let (first, last) = check.period.months(due.index);
        let (first, last) = (first.max(window.0), last.min(window.1));
        let by_hand = !due.decided && i64::from(due.found) != seen;
        if by_hand {
            return Cell::count(due.found);
        }
        if !places.live || first > last {
            return Cell::count(seen);
        }
        let area = |column: u16| places.activities(self.unit, column);
        let (Some(from), Some(to)) = (area(slots.months_at()), area(slots.months_at() + 1)) else {
            return Cell::count(0);
        };
        let id = Spot { fixed: false, ..evidence };
        let counts = (0..slots.counting()).filter_map(|slot| {
            let valid = area(slots.valid_at() + slot)?;
            Some(call(
                Function::CountIfs,
                [
                    at(valid),
                    criterion(Op::Eq, at(id)),
                    at(from),
                    criterion(Op::Ge, Expr::Whole(i64::from(first))),
                    at(to),
                    criterion(Op::Le, Expr::Whole(i64::from(last))),
                ],
            ))
        });
        count(plus(counts), seen)
    }

    /// The months within which a check must be met.
    fn window(self, check: &CheckScore) -> (u32, u32) {
        let rules = self.overview.rules.iter().find(|rules| rules.list.id == self.result.card.list);
        let of = |id: &RequirementId| {
            rules.and_then(|rules| rules.requirements.iter().find(|r| r.id == *id)).map(|r| r.window)
        };
        of(&check.id).unwrap_or((1, 12))
    }
}

/// A person's word about a period.
fn verdict(due: &Due) -> Option<&'static str> {
    let word = match due.state {
        State::Recorded => VERDICTS[0],
        State::NotHeld => VERDICTS[1],
        State::NotApplicable => VERDICTS[2],
        State::Unverified => return None,
    };
    due.decided.then_some(word)
}

/// Periods by what is known of them.
fn colours(shift: u16, last: usize) -> Vec<Highlight> {
    let recorded = Spot::area(0, check::RECORDED + shift, last, check::RECORDED + shift + 11);
    let verdicts = Spot::area(0, check::VERDICT + shift, last, check::VERDICT + shift + 11);
    // Only the column of the count is fixed: the rule walks through the band cell by cell.
    let cell = at(Spot::cell(0, check::RECORDED + shift));
    let answer = at(Spot::cell(0, check::VERDICT + shift));
    let is = |word: &str| pair(Op::Eq, answer.clone(), text(word));
    let both = |left: Term, right: Term| call(Function::And, [left, right]);
    let there = || pair(Op::Ne, cell.clone(), text(""));
    let holds = |area: Spot, term: Term, style: CellStyle| Highlight { area, when: When::Holds(term), style };
    vec![
        holds(recorded, both(there(), is(NOT_OWED)), CellStyle::Muted),
        holds(recorded, both(there(), is(VERDICTS[2])), CellStyle::Muted),
        holds(recorded, both(there(), is(VERDICTS[1])), CellStyle::Bad),
        holds(recorded, pair(Op::Gt, cell.clone(), Expr::Whole(0)), CellStyle::Good),
        holds(recorded, both(there(), is(VERDICTS[0])), CellStyle::Good),
        holds(recorded, there(), CellStyle::Doubtful),
        holds(verdicts, pair(Op::Eq, answer.clone(), text(NOT_OWED)), CellStyle::Muted),
        holds(verdicts, pair(Op::Eq, answer.clone(), text(VERDICTS[1])), CellStyle::Bad),
        holds(verdicts, pair(Op::Eq, answer.clone(), text(VERDICTS[0])), CellStyle::Good),
    ]
}
