//! Tables or forms abreast: a sheet cut where each of its panes could stand alone.
//!
//! In: a sheet. Out: the joined draft of its panes, each read as a sheet of its own, or nothing
//! where the sheet is one. Never here: how a pane is read.

use super::context::Lexicon;
use super::draft::{Draft, Fate};
use super::lines::{self, Line};
use super::view::{View, folded};
use super::{bands, calendar, compete, form};
use crate::model::{Field, Finding, Grid, GridCell, GridRow, GridValue, Merge, Reason, rules};

/// How many lines are looked at to find the panes.
const LOOK: usize = 300;
/// The last column that can begin a pane.
const WIDEST: u32 = 400;
/// How many lines may hold something in a column that parts two panes: a signature, a date of filling in.
const STRAY: u32 = 2;
/// How often a key has to come again further right to begin a pane there.
const AGAIN: u32 = 3;

/// Reads a sheet pane by pane; `None` where it has only one, or where the panes give nothing.
pub(super) fn read(view: &View<'_>, draft: &Draft, lexicon: Lexicon<'_>) -> Option<Draft> {
    let starts = starts(view, lexicon);
    let second = *starts.get(1)?;
    let mut whole = draft.clone();
    let from = (0..view.len()).find(|index| !is_shared(view, *index, second, lexicon))?;
    bands::preamble(view, 0..from, &mut whole, lexicon);
    let mut torn = vec![false; view.len()];
    for (at, start) in starts.iter().enumerate() {
        let left = if at == 0 { 1 } else { *start };
        let right = starts.get(at + 1).map_or(u32::MAX, |next| next - 1);
        let grid = pane(view, from, left, right);
        let pane = View::new(&grid);
        let mut part = Draft::new(pane.len(), whole.state.clone());
        part.order.clone_from(&whole.order);
        match aside(&pane, lexicon) {
            Some(reason) => (0..pane.len()).for_each(|index| part.leave(index, reason)),
            None => part = compete::read(&pane, &part, lexicon),
        }
        for index in 0..pane.len() {
            let Some(line) = view.line_at(pane.number(index)) else { continue };
            let fate = part.fate(index);
            if let Some(mark) = torn.get_mut(line) {
                *mark |= is_open(fate);
            }
            match fate {
                Fate::Taken => whole.take(line),
                Fate::Left(reason) if whole.fate(line) == Fate::Open => whole.leave(line, reason),
                _ => {}
            }
        }
        whole.tables.extend(part.tables);
        whole.findings.extend(part.findings);
        whole.units.extend(part.units);
        whole.misfits += part.misfits;
        whole.filled_in = whole.filled_in.or(part.filled_in);
    }
    note_torn(view, &torn, &mut whole);
    let explained = whole.fates.iter().all(|fate| !is_open(*fate));
    (whole.records() > 0 || explained).then_some(whole)
}

fn is_open(fate: Fate) -> bool {
    matches!(fate, Fate::Open | Fate::Left(Reason::NotUnderstood))
}

/// Why a pane is no ledger, if it is none: it shows how the others are filled in, or lists persons.
fn aside(pane: &View<'_>, lexicon: Lexicon<'_>) -> Option<Reason> {
    let words = &lexicon.headers.words;
    let title = pane.cells(0).first().filter(|_| pane.cells(0).len() == 1).and_then(|c| folded(&c.value));
    let example = title.is_some_and(|text| {
        let bare = text.trim_matches(|c: char| "()[]【】:：".contains(c));
        words.template_sheets.is(bare) || words.example_cells.is(bare)
    });
    if example {
        return Some(Reason::Example);
    }
    (0..pane.len().min(LOOK))
        .any(|index| lists_persons(pane.cells(index), lexicon))
        .then_some(Reason::NotActivity)
}

/// Whether cells are the headings of a list of persons, and of nothing that was held.
fn lists_persons(cells: &[GridCell], lexicon: Lexicon<'_>) -> bool {
    let words = &lexicon.headers.words;
    let texts = || cells.iter().filter_map(|cell| folded(&cell.value));
    texts().any(|text| words.person_headings.is(&text))
        && texts().filter(|text| words.roster_headings.is(text)).count() >= 2
        && !tells_all(
            &texts().filter_map(|text| Some(lexicon.headers.label(&text)?.field)).collect::<Vec<_>>(),
        )
}

/// Lines of which one pane gave a record and another could not be explained.
fn note_torn(view: &View<'_>, torn: &[bool], draft: &mut Draft) {
    for (index, _) in torn.iter().enumerate().filter(|(_, torn)| **torn) {
        if draft.fate(index) == Fate::Taken {
            let message = "这一行并排的几栏里，有一栏没有认出是怎样的活动记录，没有计入".to_owned();
            let place = view.grid.place.at(view.number(index), 0);
            draft.findings.push(Finding::at(&rules::NOT_UNDERSTOOD, &place, message));
        } else {
            draft.leave(index, Reason::NotUnderstood);
        }
    }
}

/// Whether a line at the head of the sheet speaks for all panes: it reaches over them, or names the ledger.
fn is_shared(view: &View<'_>, index: usize, second: u32, lexicon: Lexicon<'_>) -> bool {
    let line = || lines::classify(view, index, false, lexicon);
    match view.cells(index) {
        [cell] if view.right(index, cell.col) > cell.col => view.right(index, cell.col) >= second,
        [_] => matches!(line(), Some(Line::Title(_) | Line::Meta { .. } | Line::Other(Reason::Note))),
        _ => matches!(line(), Some(Line::Meta { .. } | Line::Other(Reason::Note))),
    }
}

/// The cells of a pane from a line on; what reaches into it from the left stands in its first column.
fn pane(view: &View<'_>, from: usize, left: u32, right: u32) -> Grid {
    let mut rows = Vec::new();
    for (index, line) in view.grid.rows.iter().enumerate().skip(from) {
        let mut cells = between(&line.cells, left, right).to_vec();
        if cells.first().is_none_or(|cell| cell.col > left)
            && let Some(before) = between(&line.cells, 1, left - 1).last()
            && view.right(index, before.col) >= left
        {
            cells.insert(0, GridCell { col: left, value: before.value.clone() });
        }
        if !cells.is_empty() {
            rows.push(GridRow { number: line.number, hidden: line.hidden, cells });
        }
    }
    let merges = view.grid.merges.iter().filter(|m| m.left <= right && m.right >= left);
    let clip = |m: &Merge| Merge { left: m.left.max(left), right: m.right.min(right), ..*m };
    Grid {
        place: view.grid.place.clone(),
        visibility: view.grid.visibility,
        rows,
        merges: merges.map(clip).collect(),
        since_1904: view.grid.since_1904,
    }
}

/// The cells from one column to another.
fn between(cells: &[GridCell], left: u32, right: u32) -> &[GridCell] {
    let first = cells.partition_point(|cell| cell.col < left);
    let end = cells.partition_point(|cell| cell.col <= right);
    cells.get(first..end).unwrap_or(&[])
}

/// The first columns of the panes.
fn starts(view: &View<'_>, lexicon: Lexicon<'_>) -> Vec<u32> {
    let mut cuts = after_gaps(view);
    cuts.extend(key_columns(view, lexicon));
    cuts.sort_unstable();
    cuts.dedup();
    let [first, _, ..] = cuts.as_slice() else { return cuts };
    let first = *first;
    // A part that cannot stand alone belongs to its neighbour.
    let mut starts = vec![first];
    let mut alone = false;
    for (at, cut) in cuts.iter().enumerate() {
        let right = cuts.get(at + 1).map_or(u32::MAX, |next| next - 1);
        let this = stands_alone(view, *cut, right, lexicon);
        if this && alone {
            starts.push(*cut);
        }
        let begin = starts.last().copied().unwrap_or(first);
        alone = alone || this || stands_alone(view, begin, right, lexicon);
    }
    starts
}

/// The first column, and every column after one in which nothing stands.
fn after_gaps(view: &View<'_>) -> Vec<u32> {
    let mut used: Vec<u32> = Vec::new();
    for index in 0..view.len().min(LOOK) {
        // A text alone in its line may run over a gap.
        if view.cells(index).len() < 2 {
            continue;
        }
        for cell in view.cells(index) {
            for col in cell.col..=view.right(index, cell.col).min(WIDEST) {
                let at = col as usize;
                if used.len() <= at {
                    used.resize(at + 1, 0);
                }
                if let Some(count) = used.get_mut(at) {
                    *count += 1;
                }
            }
        }
    }
    let mut starts = Vec::new();
    let mut blank = true;
    for (col, count) in (0_u32..).zip(used) {
        if count > STRAY && blank {
            starts.push(col);
        }
        blank = count <= STRAY;
    }
    starts
}

/// Columns in which the key at the beginning of a line comes again, line after line.
fn key_columns(view: &View<'_>, lexicon: Lexicon<'_>) -> Vec<u32> {
    let mut votes = std::collections::BTreeMap::new();
    for index in 0..view.len().min(LOOK) {
        let Some((first, rest)) = view.cells(index).split_first() else { continue };
        let Some((_, wording)) = form::first_key(&first.value, lexicon) else { continue };
        for cell in rest.iter().filter(|cell| cell.col > first.col + 1) {
            if form::first_key(&cell.value, lexicon).is_some_and(|(_, text)| text == wording) {
                *votes.entry(cell.col).or_insert(0) += 1;
            }
        }
    }
    votes.into_iter().filter(|(_, count)| *count >= AGAIN).map(|(col, _)| col).collect()
}

/// Whether the cells between two columns tell by themselves when something was held, and what, or list
/// persons.
fn stands_alone(view: &View<'_>, left: u32, right: u32, lexicon: Lexicon<'_>) -> bool {
    let mut headed: Vec<Field> = Vec::new();
    let mut keyed: Vec<Field> = Vec::new();
    for index in 0..view.len().min(LOOK) {
        let cells = between(view.cells(index), left, right);
        let Some(first) = cells.first() else { continue };
        if calendar::is_week(cells) {
            return true;
        }
        if cells.len() == 1 && is_planned(first, lexicon) {
            return false;
        }
        // A list of persons is no part of the ledger beside it.
        if lists_persons(cells, lexicon) {
            return true;
        }
        keyed.extend(form::first_key(&first.value, lexicon).map(|(field, _)| field));
        if cells.len() >= 2 && cells.iter().all(|cell| matches!(cell.value, GridValue::Text(_))) {
            let short = |cell: &GridCell| folded(&cell.value).filter(|t| t.chars().count() <= 16);
            let labels = cells.iter().filter_map(|cell| lexicon.headers.label(&short(cell)?));
            let fields: Vec<Field> = labels.map(|label| label.field).collect();
            if fields.len() >= 2 && fields.len() * 10 >= cells.len() * 6 {
                headed.extend(fields);
            }
        }
        if tells_all(&headed) || keyed.len() >= 3 && tells_all(&keyed) {
            return true;
        }
    }
    false
}

/// Whether a heading says that what stands beneath is only planned.
fn is_planned(cell: &GridCell, lexicon: Lexicon<'_>) -> bool {
    folded(&cell.value).is_some_and(|text| {
        text.contains("计划") && text.chars().count() <= 8 && lexicon.headers.whole(&text).is_none()
    })
}

fn tells_all(fields: &[Field]) -> bool {
    let has = |field: &Field| fields.contains(field);
    [Field::Date, Field::DateStart, Field::Day].iter().any(has)
        && [Field::Title, Field::Content, Field::Kind].iter().any(has)
}
