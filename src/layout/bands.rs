//! A sheet as bands of lines, each under the header or axis that opens it.

use super::axis::{self, Axis};
use super::context::Lexicon;
use super::draft::Draft;
use super::header::{self, Header};
use super::lines::{self, Line};
use super::view::View;
use super::{matrix, rows};
use crate::model::{Hidden, Reason, TableSource};
use std::ops::Range;

/// Something that opens a band of lines.
pub(super) enum Mark {
    /// A header over rows.
    Rows(Header),
    /// The months or kinds of a matrix.
    Matrix(Axis),
}

impl Mark {
    /// The lines that it takes itself.
    pub(super) fn lines(&self) -> Range<usize> {
        match self {
            Self::Rows(header) => header.lines.clone(),
            Self::Matrix(axis) => axis.top..axis.line + 1,
        }
    }
}

/// Headers and axes, from top to bottom; where `only` names rows or a matrix, only what opens these.
pub(super) fn marks(view: &View<'_>, only: Option<TableSource>, lexicon: Lexicon<'_>) -> Vec<Mark> {
    let wanted = |source: TableSource| only.is_none_or(|only| only == source);
    let mut marks: Vec<Mark> = Vec::new();
    let mut index = 0;
    while index < view.len() {
        if view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
            index += 1;
            continue;
        }
        let axis = || wanted(TableSource::Matrix).then(|| axis::find(view, index, lexicon)).flatten();
        let header = || wanted(TableSource::Rows).then(|| header::find(view, index, lexicon)).flatten();
        let mark = axis().map(Mark::Matrix).or_else(|| header().map(Mark::Rows));
        let Some(mark) = mark else {
            index += 1;
            continue;
        };
        let next = mark.lines().end;
        let repeated = match (&mark, marks.last()) {
            (Mark::Rows(new), Some(Mark::Rows(old))) => {
                old.groups.first().is_some_and(|g| header::repeats(view, new.last(), g))
                    && same_columns(old, new)
            }
            _ => false,
        };
        if !repeated {
            marks.push(mark);
        }
        index = next;
    }
    marks
}

fn same_columns(old: &Header, new: &Header) -> bool {
    let columns = |h: &Header| h.groups.concat().iter().map(|x| (x.col, x.text.clone())).collect::<Vec<_>>();
    columns(old) == columns(new)
}

/// Reads the lines above the first mark, and each band beneath its own.
pub(super) fn read(view: &View<'_>, marks: &[Mark], mut draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let first = marks.first().map_or(view.len(), |mark| mark.lines().start);
    preamble(view, 0..first, &mut draft, lexicon);
    for (at, mark) in marks.iter().enumerate() {
        let from = mark.lines().end;
        let end = marks.get(at + 1).map_or(view.len(), |next| next.lines().start);
        let band = from..end.max(from);
        match mark {
            Mark::Rows(header) => rows::read(view, header, band, &mut draft, lexicon),
            Mark::Matrix(axis) => matrix::read(view, axis, band, &mut draft, lexicon),
        }
    }
    draft
}

/// The lines above the first table.
pub(super) fn preamble(view: &View<'_>, lines: Range<usize>, draft: &mut Draft, lexicon: Lexicon<'_>) {
    for index in lines {
        if view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
            draft.leave(index, Reason::HiddenRow);
            continue;
        }
        match lines::classify(view, index, false, lexicon) {
            Some(line) => draft.note(index, &line, lexicon),
            // A single text above a header that is no ledger word is still a title.
            None => {
                if let [cell] = view.cells(index) {
                    let text = super::view::text_of(&cell.value).into_owned();
                    if text.chars().count() <= 60 {
                        draft.note(index, &Line::Title(text), lexicon);
                    } else {
                        draft.leave(index, Reason::Note);
                    }
                }
            }
        }
    }
}
