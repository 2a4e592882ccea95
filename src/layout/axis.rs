//! The axes of a matrix: what its columns and its lines stand for.
//!
//! In: a line, with the line beneath where it divides the columns further. Out: the columns with the
//! period, kind or branch that they stand for, if they are an axis. Never here: what stands in the cells.

use super::context::{self, Lexicon};
use super::header;
use super::view::{View, folded, text_of};
use super::words;
use crate::model::{Field, GridCell, GridValue};
use crate::seeds::text::fold;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// How many lines beneath an axis are looked at for what they stand for.
const LOOK: usize = 14;
/// The longest wording of an axis, in characters.
const LONGEST: usize = 16;

/// What a column or a line stands for.
#[derive(Debug, Clone, Default)]
pub(super) struct Sense {
    /// A month, quarter or half, folded.
    pub(super) period: Option<Arc<str>>,
    /// The wording of a kind.
    pub(super) kind: Option<Arc<str>>,
    /// A branch.
    pub(super) unit: Option<Arc<str>>,
    /// What none of these explains.
    pub(super) other: Option<Arc<str>>,
}

/// What a wording can stand for.
enum Sort {
    Period,
    Kind,
    Unit,
}

impl Sort {
    /// What a text stands for, if it is short and known.
    fn of(text: &str, lexicon: Lexicon<'_>) -> Option<Self> {
        if text.chars().count() > LONGEST {
            return None;
        }
        let folded = fold(text);
        if words::is_period(&folded) {
            return Some(Self::Period);
        }
        // `支委会（每月1次）` is a kind; most wordings that are none hold no bracket.
        let bare = folded.split('(').next().filter(|bare| !bare.is_empty()).unwrap_or(&folded);
        if lexicon.kinds.exact(bare).is_some() && lexicon.headers.whole(&folded).is_none() {
            return Some(Self::Kind);
        }
        (folded.ends_with("支部") && folded.chars().count() > 2).then_some(Self::Unit)
    }
}

impl Sense {
    /// What the wording of a column stands for.
    fn of_column(text: &str, lexicon: Lexicon<'_>) -> Self {
        let wording = || Some(Arc::from(text));
        match Sort::of(text, lexicon) {
            Some(Sort::Period) => Self { period: Some(fold(text).into()), ..Self::default() },
            Some(Sort::Kind) => Self { kind: wording(), ..Self::default() },
            Some(Sort::Unit) => Self { unit: wording(), ..Self::default() },
            None => Self { other: wording(), ..Self::default() },
        }
    }

    /// What the wording at the beginning of a line stands for.
    pub(super) fn of_line(text: &str, lexicon: Lexicon<'_>) -> Self {
        let sense = Self::of_column(text, lexicon);
        if sense.is_known() {
            return sense;
        }
        if context::kind_of_name(text, lexicon).is_some() {
            return Self { kind: sense.other, ..Self::default() };
        }
        if context::unit(text, lexicon).is_some() {
            return Self { unit: sense.other, ..Self::default() };
        }
        sense
    }

    /// Both senses together: `other` is nearer to the cell, and what it says wins, but a month stays before
    /// a quarter.
    pub(super) fn with(mut self, other: &Self) -> Self {
        if self.period.is_none() || other.month().is_some() {
            self.period = other.period.clone().or(self.period);
        }
        self.kind = other.kind.clone().or(self.kind);
        self.unit = other.unit.clone().or(self.unit);
        self.other = other.other.clone().or(self.other);
        self
    }

    /// The month of its period.
    pub(super) fn month(&self) -> Option<u32> {
        self.period.as_deref().and_then(|period| words::month(period, false))
    }

    /// The wording of its kind; one that nobody knows is still what the ledger calls it.
    pub(super) fn kind_wording(&self) -> Option<&Arc<str>> {
        self.kind.as_ref().or_else(|| self.other.as_ref().filter(|_| self.unit.is_none()))
    }

    /// Whether it says more than an unknown wording.
    pub(super) fn is_known(&self) -> bool {
        self.period.is_some() || self.kind.is_some() || self.unit.is_some()
    }
}

/// The lines that name what the columns stand for.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    /// First line.
    pub(super) top: usize,
    /// Last line.
    pub(super) line: usize,
    /// Columns with what they stand for.
    pub(super) cols: Vec<(u32, Sense)>,
}

impl Axis {
    /// The first column.
    pub(super) fn first(&self) -> u32 {
        self.cols.first().map_or(1, |(col, _)| *col)
    }
}

/// The axis in a line of which the office says that it is one; `None` where it names no period, kind or branch.
pub(super) fn at(view: &View<'_>, line: usize, lexicon: Lexicon<'_>) -> Option<Axis> {
    // A tall heading that begins above reaches down to the line.
    let lines = line.saturating_sub(2)..=line;
    let cells = lines.flat_map(|above| view.cells(above).iter().map(move |cell| (above, cell)));
    let reaching = cells.filter(|(above, cell)| {
        *above == line || view.merge(*above, cell.col).is_some_and(|m| m.bottom >= view.number(line))
    });
    // What stands first names the lines, be it a kind or not.
    let first = view.cells(line).first().map_or(0, |cell| cell.col);
    let mut senses: Vec<(u32, Sense)> = reaching
        .filter_map(|(_, cell)| match &cell.value {
            GridValue::Text(text) => Some((cell.col, Sense::of_column(text.trim(), lexicon))),
            _ => None,
        })
        .filter(|(col, sense)| sense.period.is_some() || sense.is_known() && *col > first)
        .collect();
    senses.sort_by_key(|(col, _)| *col);
    let count = |has: fn(&Sense) -> bool| senses.iter().filter(|(_, sense)| has(sense)).count();
    let tests: [fn(&Sense) -> bool; 3] = [|s| s.period.is_some(), |s| s.kind.is_some(), |s| s.unit.is_some()];
    let most = tests.into_iter().rev().max_by_key(|has| count(*has))?;
    senses.retain(|(_, sense)| most(sense));
    (!senses.is_empty()).then_some(Axis { top: line, line, cols: senses })
}

/// The axis that begins in a line, if it is one.
pub(super) fn find(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> Option<Axis> {
    let width = view.cells(index).len();
    let upper = wordings(view.cells(index)).filter(|_| width >= 2)?;
    let known = |text: &str| Sort::of(text, lexicon).is_some();
    let divided = header::is_lower_level(view, index, lexicon);
    if !divided {
        let enough = width >= 3 && upper.clone().filter(|(_, text)| known(text)).nth(1).is_some();
        return enough.then(|| axis(view, index, index, &upper.collect::<Vec<_>>(), lexicon)).flatten();
    }
    let lower = wordings(view.cells(index + 1))?;
    // Lower headings such as 时间 and 议题 divide the columns into tables, not into the cells of a matrix.
    if !lower.clone().all(|(_, text)| known(text)) {
        return None;
    }
    let undivided = |(col, _): &(u32, &str)| {
        let right = view.right(index, *col);
        !view.cells(index + 1).iter().any(|cell| (*col..=right).contains(&cell.col))
    };
    let mut both: Vec<(u32, &str)> = upper.filter(undivided).chain(lower).collect();
    both.sort_unstable();
    axis(view, index, index + 1, &both, lexicon)
}

/// The texts of a line; `None` where something else stands there: an axis holds nothing but words.
fn wordings(cells: &[GridCell]) -> Option<impl Iterator<Item = (u32, &str)> + Clone> {
    let text = |cell: &GridCell| matches!(cell.value, GridValue::Text(_));
    cells.iter().all(text).then(|| {
        cells.iter().filter_map(|cell| match &cell.value {
            GridValue::Text(text) => Some((cell.col, text.trim())),
            _ => None,
        })
    })
}

fn axis(
    view: &View<'_>,
    top: usize,
    line: usize,
    columns: &[(u32, &str)],
    lexicon: Lexicon<'_>,
) -> Option<Axis> {
    if columns.len() < 3 {
        return None;
    }
    let sense = |(col, text): &(u32, &str)| (*col, Sense::of_column(text, lexicon));
    let senses: Vec<(u32, Sense)> = columns.iter().map(sense).filter(|(_, sense)| sense.is_known()).collect();
    let of = |has: fn(&Sense) -> bool| -> Vec<(u32, Sense)> {
        senses.iter().filter(|(_, sense)| has(sense)).cloned().collect()
    };
    let periods = of(|sense| sense.period.is_some());
    let quarters = periods.iter().filter(|(_, s)| s.period.as_deref().is_some_and(words::is_quarter)).count();
    if (periods.len() >= 3 || quarters >= 2) && periods.len() * 2 >= columns.len() {
        let found = has_labels(view, line, &periods) && !is_transposed(view, line, lexicon);
        return found.then_some(Axis { top, line, cols: periods });
    }
    let left = columns.first().map_or(0, |(col, _)| *col);
    for cols in [of(|sense| sense.kind.is_some()), of(|sense| sense.unit.is_some())] {
        let cols: Vec<(u32, Sense)> = cols.into_iter().filter(|(col, _)| *col > left).collect();
        let axis = Axis { top, line, cols };
        if axis.cols.len() >= 2
            && only_labels_beside(&axis, columns, lexicon)
            && lines_stand_for_something(view, &axis, lexicon)
        {
            return Some(axis);
        }
    }
    None
}

/// The lines beneath need something to the left of the axis, and the axis no two equal wordings.
fn has_labels(view: &View<'_>, index: usize, cols: &[(u32, Sense)]) -> bool {
    let first = cols.first().map_or(0, |(col, _)| *col);
    let labelled =
        (index + 1..view.len().min(index + 6)).any(|i| view.cells(i).first().is_some_and(|c| c.col < first));
    let distinct = cols.windows(2).all(|pair| matches!(pair, [a, b] if a.1.period != b.1.period));
    labelled && distinct
}

/// Whether months only head the columns of activities: 月份 stands before them, and beneath it 时间, 类型,
/// 主题, each once.
fn is_transposed(view: &View<'_>, line: usize, lexicon: Lexicon<'_>) -> bool {
    let key = |index: usize| {
        let cell = view.cells(index).first()?;
        let text = folded(&cell.value)?;
        Some((cell.col, lexicon.headers.whole(&text)?, text))
    };
    let Some(corner) = key(line).filter(|(_, f, _)| matches!(f, Field::Date | Field::Month)) else {
        return false;
    };
    let mut keys: Vec<(u32, Field, String)> = Vec::new();
    for key in (line + 1..view.len()).map_while(key) {
        if key == corner {
            break;
        }
        if key.0 != corner.0 || keys.contains(&key) {
            return false;
        }
        keys.push(key);
    }
    keys.len() >= 3 && keys.iter().any(|(_, field, _)| matches!(field, Field::Title | Field::Content))
}

/// Beside an axis of kinds or branches no column tells of an activity of its own (主题, 地点), and few
/// say what nobody knows.
fn only_labels_beside(axis: &Axis, columns: &[(u32, &str)], lexicon: Lexicon<'_>) -> bool {
    let tells = |field: Field| {
        let place = matches!(field, Field::Host | Field::Lecturer | Field::Location | Field::Day);
        place || matches!(field, Field::Title | Field::Content)
    };
    let own: BTreeSet<u32> = axis.cols.iter().map(|(col, _)| *col).collect();
    let beside = columns.iter().filter(|(col, _)| !own.contains(col));
    let mut unknown = 0;
    for (_, text) in beside {
        match lexicon.headers.label(&fold(text)) {
            Some(label) if tells(label.field) => return false,
            Some(_) => {}
            None => unknown += 1,
        }
    }
    unknown <= axis.cols.len()
}

/// Whether the lines beneath stand for months, or for branches with something told of them.
fn lines_stand_for_something(view: &View<'_>, axis: &Axis, lexicon: Lexicon<'_>) -> bool {
    let lines = axis.line + 1..view.len().min(axis.line + LOOK);
    let labels = label_columns(view, &lines, axis.first());
    let told = |index: usize| {
        axis.cols
            .iter()
            .filter_map(|(col, _)| view.own(index, *col))
            .any(|value| matches!(value, GridValue::Text(text) if text.chars().count() >= 6))
    };
    let by_kind = axis.cols.iter().all(|(_, sense)| sense.kind.is_some());
    let (mut periods, mut others) = (0, 0);
    for index in lines {
        let Some(label) = label(view, index, &labels, lexicon) else { continue };
        periods += usize::from(label.period.is_some());
        let crossed = if by_kind { label.unit.is_some() } else { label.kind.is_some() };
        others += usize::from(crossed && told(index));
    }
    periods >= 2 || others >= 2
}

/// The columns to the left of an axis in which something stands.
pub(super) fn label_columns(view: &View<'_>, lines: &Range<usize>, first: u32) -> BTreeSet<u32> {
    let cells = lines.clone().flat_map(|index| view.cells(index));
    cells.map(|cell| cell.col).filter(|col| *col < first).collect()
}

/// What a line stands for: everything that the cells to the left of the axis say.
pub(super) fn label(
    view: &View<'_>,
    index: usize,
    columns: &BTreeSet<u32>,
    lexicon: Lexicon<'_>,
) -> Option<Sense> {
    let mut label: Option<Sense> = None;
    for col in columns {
        let Some(value @ GridValue::Text(_)) = view.shown(index, *col) else { continue };
        if folded(value).is_none() {
            continue;
        }
        let sense = Sense::of_line(&text_of(value), lexicon);
        label = Some(label.unwrap_or_default().with(&sense));
    }
    label
}
