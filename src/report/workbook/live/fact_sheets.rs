//! The sheets 评分数据, 票数, 打分, 加减分.
//!
//! In: the external scores, and where they stand. Out: the sheets. Never here: the rules.

use super::super::{Overview, column};
use super::facts::{EACH, FIRST, FIRST_RATER, Facts, SAME_CASE, STATE, STATES, VALUE};
use super::terms::{at, call, choose, derived, pair, text};
use crate::formula::rules::{self, End};
use crate::model::{
    Align, Allow, Cell, CellStyle, Column, EntryRule, Event, EventRule, Expr, FactState, Figure, Function,
    Given, LineId, Mode, NumberLook, Op, Points, Sheet, Spot, UnitScore, Value,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Columns by which units are compared with their group.
fn compared<'a>(overview: &'a Overview<'_>) -> BTreeSet<&'a str> {
    let modes = overview.scheme.lines().map(|(_, line)| &line.mode);
    let compared = modes.filter(|mode| matches!(mode, Mode::RankPoints { .. } | Mode::RatioToBest { .. }));
    compared.filter_map(Mode::column).collect()
}

impl Facts {
    /// The sheets that are wanted, in the order of their indexes.
    pub(in super::super) fn sheets(&self, overview: &Overview<'_>) -> Vec<Sheet> {
        let mut sheets = Vec::new();
        if self.sheets.values.is_some() {
            sheets.push(self.value_sheet(overview));
        }
        if self.sheets.votes.is_some() {
            sheets.push(self.vote_sheet(overview));
        }
        if self.sheets.raters.is_some() {
            sheets.push(self.rater_sheet(overview));
        }
        if self.sheets.events.is_some() {
            sheets.push(self.event_sheet(overview));
        }
        sheets
    }

    fn value_sheet(&self, overview: &Overview<'_>) -> Sheet {
        let mut rows = Vec::new();
        // Beside its peers' values a unit's own cannot be changed where they are not in the book.
        let fixed: BTreeSet<&str> = if self.alone { compared(overview) } else { BTreeSet::new() };
        let mut open = Vec::new();
        for word in self.values.keys() {
            for score in overview.scores {
                let given = overview.external.values.get(&(score.unit.clone(), word.clone()));
                let value = given.map_or_else(Cell::default, |given| Cell::points(given.value));
                let free = !fixed.contains(word.as_str());
                if free {
                    open.push(rows.len());
                }
                let mut row = vec![
                    Cell::text(word),
                    Cell::text(&*score.group),
                    Cell::text(&*score.unit),
                    if free { value.open() } else { value },
                ];
                if !free {
                    row.extend(peers(overview, word, score));
                } else if !fixed.is_empty() {
                    row.extend((0..4).map(|_| Cell::default()));
                }
                row.push(source(given));
                rows.push(row);
            }
        }
        let mut columns = vec![
            column("名称", 18, Align::Left),
            column("组别", 16, Align::Centre),
            column("单位", 28, Align::Left),
            column("数值", 12, Align::Right),
        ];
        if !fixed.is_empty() {
            columns.extend(
                ["组内最高（得分用）", "组内最高（最高用）", "组内名次（得分用）", "组内名次（最高用）"]
                    .map(|title| column(title, 10, Align::Right)),
            );
        }
        columns.push(column("出处", 40, Align::Left));
        let allow = || Allow::Points(Points::whole(-100_000), Points::whole(100_000));
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for row in open {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == row => *last = row,
                _ => runs.push((row, row)),
            }
        }
        let area = |(first, last): &(usize, usize)| Spot::area(*first, VALUE, *last, VALUE);
        let entries = runs.iter().map(|run| entry(area(run), allow(), "数值", "没有的留空。")).collect();
        let mut sheet =
            Sheet { entries, ..plain("评分数据", "从“评分”取来的数值", columns, rows) };
        if !fixed.is_empty() {
            let names: Vec<String> = fixed.iter().map(|word| format!("“{word}”")).collect();
            sheet.notes.push(format!(
                "{}按与组内其他单位的比较计分，其他单位的数不在本簿，要改请在排名表的“评分数据”里改。",
                names.join("、")
            ));
        }
        sheet
    }

    fn vote_sheet(&self, overview: &Overview<'_>) -> Sheet {
        let mut rows = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        for ((unit, id), _) in by_row(&self.votes) {
            let (Some(score), Some(line)) = (overview.scores.get(*unit), overview.scheme.line(id)) else {
                continue;
            };
            let Mode::Votes { grades, classes, fewest } = &line.mode else { continue };
            if names.is_empty() {
                names = grades.iter().map(|(name, _)| name.as_str()).collect();
            }
            let given = overview.external.votes.get(&(score.unit.clone(), id.clone()));
            for (class, (name, _)) in classes.iter().enumerate() {
                let votes = given.and_then(|given| given.iter().find(|votes| votes.class == *name));
                let here = rows.len();
                let mut row = vec![Cell::text(&*score.unit), Cell::text(id.as_str()), Cell::text(name)];
                row.extend((0..usize::from(self.grades)).map(|grade| {
                    let count = votes.and_then(|votes| votes.counts.get(grade)).copied();
                    let cell = count.map_or_else(Cell::default, Cell::count);
                    if grade < grades.len() { cell.open() } else { cell }
                }));
                let counts = Spot::area(here, FIRST, here, FIRST + self.grades - 1);
                row.push(derived(call(Function::Sum, [at(counts)]), NumberLook::Whole));
                for end in [End::Low, End::High] {
                    let mean = rules::class(class, grades, *fewest, overview.scheme.rounding, end);
                    let bound = mean.bind(&|figure| match figure {
                        Figure::Votes(_, grade) => {
                            at(Spot::cell(here, FIRST + u16::try_from(*grade).unwrap_or(0)))
                        }
                        _ => Expr::Whole(0),
                    });
                    row.push(derived(bound, NumberLook::Points));
                }
                row.push(Cell::text(votes.map_or_else(String::new, |votes| votes.place.to_string())));
                rows.push(row);
            }
        }
        let mut columns = vec![
            column("单位", 28, Align::Left),
            column("项目编号", 10, Align::Centre),
            column("票种", 14, Align::Centre),
        ];
        columns.extend((0..usize::from(self.grades)).map(|grade| {
            let name =
                names.get(grade).map_or_else(|| format!("等次{}", grade + 1), |name| (*name).to_owned());
            Column { group: "票数".into(), ..column(&name, 8, Align::Right) }
        }));
        columns.extend(["有效票", "均值", "最高均值"].map(|title| column(title, 9, Align::Right)));
        columns.push(column("出处", 40, Align::Left));
        let area = Spot::area(0, FIRST, rows.len().saturating_sub(1), FIRST + self.grades - 1);
        let entries = vec![entry(area, Allow::Whole(0, 1_000_000), "票数", "该等次的有效票数。")];
        Sheet { entries, ..plain("票数", "民主测评票数", columns, rows) }
    }

    fn rater_sheet(&self, overview: &Overview<'_>) -> Sheet {
        let mut rows = Vec::new();
        for ((unit, id), _) in by_row(&self.raters) {
            let Some(score) = overview.scores.get(*unit) else { continue };
            let given = overview.external.raters.get(&(score.unit.clone(), id.clone()));
            let mut row = vec![Cell::text(&*score.unit), Cell::text(id.as_str())];
            row.extend((0..usize::from(self.seats)).map(|seat| {
                let given = given.and_then(|given| given.get(seat));
                given.map_or_else(Cell::default, |given| Cell::points(given.value)).open()
            }));
            row.push(source(given.and_then(|given| given.first())));
            rows.push(row);
        }
        let mut columns = vec![column("单位", 28, Align::Left), column("项目编号", 10, Align::Centre)];
        columns.extend((1..=self.seats).map(|seat| column(&format!("评委{seat}"), 9, Align::Right)));
        columns.push(column("出处", 40, Align::Left));
        let area = Spot::area(0, FIRST_RATER, rows.len().saturating_sub(1), FIRST_RATER + self.seats - 1);
        let entries =
            vec![entry(area, Allow::Points(Points::ZERO, Points::whole(1000)), "打分", "废票留空。")];
        Sheet { entries, ..plain("打分", "评委打分（废票已经剔除）", columns, rows) }
    }

    fn event_sheet(&self, overview: &Overview<'_>) -> Sheet {
        let rows: Vec<Vec<Cell>> = self
            .event_rows
            .iter()
            .enumerate()
            .filter_map(|(here, index)| {
                Some(event_row(overview, overview.external.events.get(*index)?, here))
            })
            .collect();
        let columns = vec![
            column("单位", 24, Align::Left),
            column("项目编号", 9, Align::Centre),
            column("事项", 18, Align::Left),
            column("日期", 12, Align::Centre),
            column("每次分", 8, Align::Right),
            column("次数", 7, Align::Right),
            column("人数", 7, Align::Right),
            column("作者数", 7, Align::Right),
            column("加倍", 7, Align::Centre),
            column("状态", 8, Align::Centre),
            column("案号", 12, Align::Centre),
            column("同案不计", 8, Align::Centre),
            column("计分", 9, Align::Right),
            column("依据", 30, Align::Left),
            column("出处", 34, Align::Left),
        ];
        let last = rows.len().saturating_sub(1);
        let area = |first: u16, end: u16| Spot::area(0, first, last, end);
        let words = |words: &[&str]| Allow::Words(words.iter().map(|word| (*word).to_owned()).collect());
        let entries = vec![
            entry(area(EACH + 1, EACH + 3), Allow::Whole(1, 100_000), "次数、人数、作者数", "不少于1。"),
            entry(area(EACH + 4, EACH + 4), words(&["是"]), "加倍", "是，或者留空。"),
            entry(
                area(STATE, STATE),
                words(&STATES),
                "状态",
                "属实的计；待核的扣分先扣、加分先不加；不实的不计。",
            ),
        ];
        Sheet { entries, ..plain("加减分", "加分和扣分事项", columns, rows) }
    }
}

fn event_row(overview: &Overview<'_>, event: &Event, here: usize) -> Vec<Cell> {
    let rule = overview.scheme.line(&event.line).and_then(|line| match &line.mode {
        Mode::DeductEvents { rules, .. } => Some((rules, false)),
        Mode::EventPoints { rules, shared, .. } => Some((rules, *shared)),
        _ => None,
    });
    let (rule, shared): (Option<&EventRule>, bool) = rule.map_or((None, false), |(rules, shared)| {
        (rules.iter().find(|rule| rule.matter == event.matter), shared)
    });
    let cell = |column: u16| at(Spot::cell(here, column));
    let bound = rules::event_row(overview.scheme.rounding).bind(&|figure| match figure {
        Figure::Each => cell(EACH),
        Figure::Times => cell(EACH + 1),
        Figure::Persons if rule.is_some_and(|rule| rule.per_person) => cell(EACH + 2),
        Figure::Authors if shared => cell(EACH + 3),
        Figure::Doubled if rule.is_some_and(|rule| rule.doubles) => {
            choose(pair(Op::Eq, cell(EACH + 4), text("是")), Expr::Whole(2), Expr::Whole(1))
        }
        _ => Expr::Whole(1),
    });
    let outweighed = pair(Op::Eq, cell(SAME_CASE), text("是"));
    let yes = |yes: bool| Cell::text(if yes { "是" } else { "" });
    let state = match event.state {
        FactState::True => STATES[0],
        FactState::Open => STATES[1],
        FactState::False => STATES[2],
    };
    vec![
        Cell::text(&*event.unit),
        Cell::text(event.line.as_str()),
        Cell::text(&*event.matter),
        event.date.map_or_else(Cell::default, |day| Cell { value: Value::Date(day), ..Cell::default() }),
        Cell::points(event.each),
        Cell::count(event.times).open(),
        Cell::count(event.persons).open(),
        Cell::count(event.authors).open(),
        yes(event.doubled).open(),
        Cell::text(state).open(),
        Cell::text(&*event.case),
        yes(event.outweighed).style(CellStyle::Muted),
        derived(choose(outweighed, Expr::Whole(0), bound), NumberLook::Points),
        Cell::text(&*event.basis),
        Cell::text(event.place.to_string()),
    ]
}

/// 组内最高 and 组内名次 of a value, for the low and the high end.
fn peers(overview: &Overview<'_>, word: &str, score: &UnitScore) -> Vec<Cell> {
    let of = |unit: &Arc<str>| {
        overview.external.values.get(&(unit.clone(), word.to_owned())).map(|given| given.value)
    };
    let group: Vec<Option<Points>> =
        overview.peers.iter().filter(|peer| peer.group == score.group).map(|peer| of(&peer.unit)).collect();
    let missing = group.iter().filter(|value| value.is_none()).count();
    let best = group.iter().flatten().max().copied().unwrap_or_default();
    let full = overview.scheme.lines().find_map(|(_, line)| match &line.mode {
        Mode::RatioToBest { column, full } if column == word => *full,
        _ => None,
    });
    let low = if missing == 0 { best } else { full.map_or(Points::ZERO, |full| full.max(best)) };
    let ahead = of(&score.unit).map_or(0, |own| group.iter().flatten().filter(|value| **value > own).count());
    let number = |count: usize| Cell::count(i64::try_from(count).unwrap_or(i64::MAX));
    vec![Cell::points(low), Cell::points(best), number(1 + ahead + missing), number(1 + ahead)]
}

fn by_row(rows: &BTreeMap<(usize, LineId), usize>) -> Vec<(&(usize, LineId), &usize)> {
    let mut order: Vec<_> = rows.iter().collect();
    order.sort_by_key(|(_, row)| **row);
    order
}

fn source(given: Option<&Given>) -> Cell {
    Cell::text(given.map_or_else(String::new, |given| given.place.to_string()))
}

fn entry(area: Spot, allow: Allow, title: &str, message: &str) -> EntryRule {
    EntryRule { area, allow, title: title.to_owned(), message: message.to_owned() }
}

fn plain(name: &str, title: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet {
        name: name.into(),
        title: title.into(),
        notes: vec!["浅黄色的格可以改，改后得分随之重算；正式采用时请改“评分”里的原表，再运行一次。".into()],
        columns,
        rows,
        frozen: 1,
        filter: true,
        landscape: true,
        protected: true,
        ..Sheet::default()
    }
}
