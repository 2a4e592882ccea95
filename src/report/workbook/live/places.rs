//! Where every figure of a live workbook stands.
//!
//! In: the results that a book shows and the indexes of its sheets. Out: [`Places`], by which all sheets
//! name each other's cells. Never here: cells.

use super::facts::Facts;
use super::params::Params;
use super::slots::Slots;
use crate::model::{CheckScore, LineScore, Mode, RequirementId, Scheme, Spot, UnitResult, UnitScore};
use crate::report::workbook::Overview;

/// Indexes of the common sheets in a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Sheets {
    pub params: usize,
    pub checks: usize,
    pub activities: usize,
    /// The sheet on which 考核分 is entered, and its column; none: on 逐项 itself.
    pub judged: Option<(usize, u16)>,
}

/// Where everything stands.
#[derive(Debug)]
pub(in super::super) struct Places {
    pub sheets: Sheets,
    /// One where the sheets begin with a column 单位, else none.
    pub shift: u16,
    pub slots: Slots,
    pub params: Params,
    pub facts: Facts,
    /// Whether the evidence is counted by formulas.
    pub live: bool,
    pub units: Vec<UnitPlaces>,
}

/// Where one unit stands.
#[derive(Debug)]
pub(in super::super) struct UnitPlaces {
    /// First row in 活动 and how many.
    pub activities: (usize, usize),
    pub blocks: Vec<BlockPlaces>,
}

/// Where the lines of a block stand.
#[derive(Debug)]
pub(in super::super) struct BlockPlaces {
    /// First row in 逐项, and the one after the last.
    pub rows: (usize, usize),
    pub lines: Vec<LinePlaces>,
}

/// Where a line stands.
#[derive(Debug)]
pub(in super::super) struct LinePlaces {
    /// Its first row in 逐项.
    pub first: usize,
    /// First row of each group of checks, and the one after the last.
    pub groups: Vec<(usize, usize)>,
}

impl LinePlaces {
    /// The row after its last.
    pub(in super::super) fn end(&self) -> usize {
        self.groups.iter().map(|(_, end)| *end).max().unwrap_or(0).max(self.first + 1)
    }
}

/// Columns of 逐项, before the shift.
pub(in super::super) mod check {
    pub(in super::super::super) const LINE: u16 = 1;
    pub(in super::super::super) const EVIDENCE: u16 = 4;
    pub(in super::super::super) const EACH: u16 = 7;
    pub(in super::super::super) const RECORDED: u16 = 8;
    pub(in super::super::super) const VERDICT: u16 = 20;
    pub(in super::super::super) const REQUIRED: u16 = 32;
    pub(in super::super::super) const MET: u16 = 33;
    pub(in super::super::super) const OPEN: u16 = 34;
    pub(in super::super::super) const POINTS: u16 = 35;
    pub(in super::super::super) const BASE: u16 = 36;
    pub(in super::super::super) const LOW: u16 = 37;
    pub(in super::super::super) const HIGH: u16 = 38;
    pub(in super::super::super) const JUDGED: u16 = 40;
    pub(in super::super::super) const COUNTED: u16 = 41;
    pub(in super::super::super) const CEILING: u16 = 42;
}

/// Columns of 活动, before the shift and up to the slots.
pub(in super::super) mod activity {
    pub(in super::super::super) const START: u16 = 1;
    pub(in super::super::super) const END: u16 = 2;
    pub(in super::super::super) const PRECISION: u16 = 3;
    pub(in super::super::super) const EXPECTED: u16 = 7;
    pub(in super::super::super) const ATTENDED: u16 = 8;
    pub(in super::super::super) const COUNTED: u16 = 11;
    pub(in super::super::super) const SLOTS: u16 = 12;
}

/// The checks of a line on a unit, group by group.
pub(in super::super) fn groups<'a>(
    scheme: &Scheme,
    score: &LineScore,
    checks: &'a [CheckScore],
) -> Vec<Vec<&'a CheckScore>> {
    let Some(line) = scheme.line(&score.line) else { return Vec::new() };
    let find = |id: &RequirementId| checks.iter().find(|check| check.id == *id);
    line.checks.iter().map(|group| group.iter().filter_map(find).collect()).collect()
}

impl Places {
    /// Places for the units of an overview; of one unit where `shift` is none.
    pub(in super::super) fn new(
        overview: &Overview<'_>,
        sheets: Sheets,
        shift: u16,
        live: bool,
        facts: Facts,
    ) -> Self {
        let (mut activity, mut row) = (0, 0);
        let mut units = Vec::new();
        for (result, score) in overview.results.iter().zip(overview.scores) {
            let activities = (activity, result.activities.len());
            activity += result.activities.len();
            let blocks = blocks(overview.scheme, result, score, &mut row);
            units.push(UnitPlaces { activities, blocks });
        }
        Self {
            sheets,
            shift,
            slots: Slots::of(overview),
            params: Params::of(overview, live),
            facts,
            live,
            units,
        }
    }

    /// A cell of 逐项.
    pub(in super::super) fn check(&self, row: usize, column: u16) -> Spot {
        Spot::cell(row, column + self.shift).on(self.sheets.checks)
    }

    /// A stretch of a column of 逐项, from `first` to before `end`.
    pub(in super::super) fn checks(&self, (first, end): (usize, usize), column: u16) -> Spot {
        let column = column + self.shift;
        Spot::area(first, column, end.saturating_sub(1).max(first), column).on(self.sheets.checks)
    }

    /// A band of twelve cells of 逐项.
    pub(in super::super) fn band(&self, row: usize, column: u16) -> Spot {
        let column = column + self.shift;
        Spot::area(row, column, row, column + 11).on(self.sheets.checks)
    }

    /// Where a person enters 考核分 of a line, where that is not on 逐项 itself.
    pub(in super::super) fn judged_at(&self, unit: usize, block: usize, line: usize) -> Option<Spot> {
        let (sheet, column) = self.sheets.judged?;
        let row = self.units.get(unit)?.blocks.get(..block)?.iter().map(|b| b.lines.len() + 1).sum::<usize>()
            + line;
        Some(Spot::cell(row, column).on(sheet))
    }

    /// A figure of 参数.
    pub(in super::super) fn param(&self, row: usize) -> Spot {
        Spot::cell(row, super::params::VALUE).on(self.sheets.params).fixed()
    }

    /// A column of 活动 over the rows of a unit; none where it has no activities.
    pub(in super::super) fn activities(&self, unit: &UnitPlaces, column: u16) -> Option<Spot> {
        let (first, count) = unit.activities;
        let column = column + self.shift;
        let area = Spot::area(first, column, first + count.checked_sub(1)?, column);
        Some(area.on(self.sheets.activities).fixed())
    }
}

fn blocks(scheme: &Scheme, result: &UnitResult, score: &UnitScore, row: &mut usize) -> Vec<BlockPlaces> {
    let block = |block: &crate::model::BlockScore| {
        let start = *row;
        let lines = block
            .lines
            .iter()
            .map(|line| {
                let first = *row;
                let mut at = first;
                let groups: Vec<(usize, usize)> = groups(scheme, line, &result.card.checks)
                    .iter()
                    .map(|group| {
                        let from = at;
                        at += group.len();
                        (from, at)
                    })
                    .collect();
                *row = at.max(first + 1);
                LinePlaces { first, groups }
            })
            .collect();
        BlockPlaces { rows: (start, *row), lines }
    };
    score.blocks.iter().map(block).collect()
}

/// The attendance in per cent that lines of single meetings ask for; at most one is in a scheme.
pub(in super::super) fn meeting_limit(scheme: &Scheme) -> Option<crate::model::Points> {
    scheme.lines().find_map(|(_, line)| match &line.mode {
        Mode::LowMeetings { least, .. } => Some(*least),
        _ => None,
    })
}
