//! One sheet: candidate readings, of which the one that leaves least unexplained is taken.

use super::axis::{self, Axis};
use super::context::{self, Lexicon};
use super::draft::{Draft, Fate, State};
use super::header::{self, Header};
use super::lines::{self, Line};
use super::view::View;
use super::{calendar, form, headless, matrix, panes, rows, transposed};
use crate::model::{Finding, GridValue, Hidden, Reason, Visibility, rules};
use crate::seeds::text::fold;

/// Something that opens a band of lines.
enum Mark {
    Rows(Header),
    Matrix(Axis),
}

impl Mark {
    fn top(&self) -> usize {
        match self {
            Self::Rows(header) => header.top,
            Self::Matrix(axis) => axis.top,
        }
    }

    fn bottom(&self) -> usize {
        match self {
            Self::Rows(header) => header.bottom,
            Self::Matrix(axis) => axis.line,
        }
    }
}

/// Reads a sheet; `state` is what the file's name says, `alone` whether no other sheet has content.
pub(super) fn read(view: &View<'_>, state: State, alone: bool, lexicon: Lexicon<'_>) -> Draft {
    let lines = view.len();
    let mut draft = Draft::new(lines, state);
    if view.grid.visibility != Visibility::Visible {
        leave_all(&mut draft, Reason::HiddenSheet);
        if lines > 0 {
            let message = format!("工作表“{}”是隐藏的，其中{lines}行没有计入", view.grid.place.sheet);
            draft.findings.push(Finding::at(&rules::HIDDEN_SHEET, &view.grid.place, message));
        }
        return draft;
    }
    let name = fold(&view.grid.place.sheet);
    let words = &lexicon.headers.words;
    // The only sheet of a file is what was reported, though it be called 台账模板.
    let templates = &words.template_sheets;
    if templates.is(&name) || !alone && named_like(&name, templates) {
        leave_all(&mut draft, Reason::TemplateSheet);
        return draft;
    }
    if words.index_sheets.is(&name) || !alone && points_elsewhere(view, lexicon) {
        leave_all(&mut draft, Reason::IndexSheet);
        return draft;
    }
    if let Some(year) = context::year(&name) {
        draft.state.year = Some(year);
    }
    if let Some(month) = super::words::month(&name, true).or_else(|| context::month_in_title(&name)) {
        draft.state.month = Some(month);
    }
    draft.state.kind = context::kind_of_name(&name, lexicon).or(draft.state.kind);
    let mut best = panes::read(view, &draft, lexicon).unwrap_or_else(|| whole(view, &draft, lexicon));
    if best.records() == 0 && (named_like(&name, &words.not_activity_sheets) || is_index(view, lexicon)) {
        let reason = if is_index(view, lexicon) { Reason::IndexSheet } else { Reason::NotActivity };
        for fate in &mut best.fates {
            if !matches!(fate, Fate::Left(Reason::Title | Reason::HiddenRow | Reason::UnitLine)) {
                *fate = Fate::Left(reason);
            }
        }
    }
    if best.records() == 0 && is_statistics(view) {
        for fate in &mut best.fates {
            if matches!(fate, Fate::Open | Fate::Left(Reason::NotUnderstood)) {
                *fate = Fate::Left(Reason::NotActivity);
            }
        }
    }
    note_hidden_rows(view, &mut best);
    note_open_lines(view, &mut best);
    best
}

/// Reads a sheet, or a pane of one: of the candidate readings the one that leaves least unexplained.
pub(super) fn whole(view: &View<'_>, draft: &Draft, lexicon: Lexicon<'_>) -> Draft {
    if let Some(calendar) = calendar::read(view, draft, lexicon) {
        return calendar;
    }
    let marks = marks(view, lexicon);
    let mut best = banded(view, &marks, draft.clone(), lexicon);
    let unexplained = best.fates.iter().any(|f| {
        matches!(f, Fate::Open | Fate::Left(Reason::NotUnderstood | Reason::Placeholder | Reason::Stray))
    });
    if marks.is_empty() || best.records() == 0 && unexplained || form::looks_like_form(view, lexicon) {
        for read in [transposed::read, form::read, headless::read] {
            let candidate = read(view, draft.clone(), lexicon);
            if candidate.records() > 0 && cost(&candidate) < cost(&best) {
                best = candidate;
            }
        }
    }
    best
}

fn leave_all(draft: &mut Draft, reason: Reason) {
    for index in 0..draft.fates.len() {
        draft.leave(index, reason);
    }
}

/// Whether a sheet's name is one of the wordings, or begins or ends with a longer one.
fn named_like(name: &str, words: &crate::seeds::headers::WordSet) -> bool {
    let bare = name.trim_matches(|c: char| c.is_ascii_digit() || "()[]【】_-.、（）".contains(c));
    let bare = bare.split(['(', '（']).next().unwrap_or(bare);
    words.is(name)
        || words.is(bare)
        || words.start(bare).is_some_and(|w| {
            w.chars().count() >= 2
                && !matches!(w, "说明" | "统计" | "名单" | "积分" | "经费" | "选项" | "封面")
        }) && !bare.contains("台账")
        || words.end(bare).is_some_and(|w| {
            w.chars().count() >= 2 && !matches!(w, "说明" | "统计" | "统计表" | "经费" | "积分")
        })
}

/// A list of what stands on other sheets or pages: 目录 ends its title, and a column says where.
fn points_elsewhere(view: &View<'_>, lexicon: Lexicon<'_>) -> bool {
    let words = &lexicon.headers.words;
    let texts = |index: usize| view.cells(index).iter().filter_map(|cell| super::view::folded(&cell.value));
    let called = (0..view.len().min(3)).any(|index| {
        let title = texts(index).next().filter(|_| view.cells(index).len() == 1);
        title.is_some_and(|t| words.index_sheets.end(t.split('(').next().unwrap_or(&t)).is_some())
    });
    called && (0..view.len().min(6)).any(|index| texts(index).any(|text| words.pointers.is(&text)))
}

/// A sheet whose lines only name other things: 目录 in its first lines and no dates.
fn is_index(view: &View<'_>, lexicon: Lexicon<'_>) -> bool {
    (0..view.len().min(3)).any(|index| {
        view.cells(index).iter().any(|cell| {
            super::view::folded(&cell.value)
                .is_some_and(|text| lexicon.headers.words.index_sheets.is(&text) && text != "首页")
        })
    })
}

/// A table of figures: most lines hold more numbers than other cells.
fn is_statistics(view: &View<'_>) -> bool {
    let figure = |value: &GridValue| match value {
        GridValue::Number(_) => true,
        GridValue::Text(text) => {
            let bare = text.trim().trim_end_matches(['次', '%', '人']);
            !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || c == '.')
        }
        _ => false,
    };
    let lines = (0..view.len()).filter(|i| view.cells(*i).len() >= 2);
    let counts: Vec<bool> = lines
        .map(|i| view.cells(i).iter().filter(|c| figure(&c.value)).count() * 2 >= view.cells(i).len())
        .collect();
    let full = counts.iter().filter(|full| **full).count();
    full >= 1 && full * 2 >= counts.len()
}

/// What is left unexplained, and what is explained poorly.
fn cost(draft: &Draft) -> usize {
    draft
        .fates
        .iter()
        .map(|fate| match fate {
            Fate::Open | Fate::Left(Reason::NotUnderstood) => 4,
            Fate::Left(Reason::Stray | Reason::Placeholder) => 3,
            Fate::Left(Reason::Header | Reason::NotActivity | Reason::Continuation) => 2,
            Fate::Left(_) => 1,
            Fate::Taken => 0,
        })
        .sum::<usize>()
        + usize::from(draft.records() == 0) * 4 * draft.fates.len()
        + draft.misfits * 2
}

/// Headers and axes, from top to bottom.
fn marks(view: &View<'_>, lexicon: Lexicon<'_>) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut index = 0;
    while index < view.len() {
        if view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
            index += 1;
            continue;
        }
        let mark = axis::find(view, index, lexicon)
            .map(Mark::Matrix)
            .or_else(|| header::find(view, index, lexicon).map(Mark::Rows));
        let Some(mark) = mark else {
            index += 1;
            continue;
        };
        let bottom = mark.bottom();
        let repeated = match (&mark, marks.last()) {
            (Mark::Rows(new), Some(Mark::Rows(old))) => {
                old.groups.first().is_some_and(|g| header::repeats(view, new.bottom, g))
                    && same_columns(old, new)
            }
            _ => false,
        };
        if !repeated {
            marks.push(mark);
        }
        index = bottom + 1;
    }
    marks
}

fn same_columns(old: &Header, new: &Header) -> bool {
    let columns = |h: &Header| h.groups.concat().iter().map(|x| (x.col, x.text.clone())).collect::<Vec<_>>();
    columns(old) == columns(new)
}

fn banded(view: &View<'_>, marks: &[Mark], mut draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let first = marks.first().map_or(view.len(), Mark::top);
    preamble(view, 0..first, &mut draft, lexicon);
    for (at, mark) in marks.iter().enumerate() {
        let end = marks.get(at + 1).map_or(view.len(), Mark::top);
        let band = mark.bottom() + 1..end.max(mark.bottom() + 1);
        match mark {
            Mark::Rows(header) => rows::read(view, header, band, &mut draft, lexicon),
            Mark::Matrix(axis) => matrix::read(view, axis, band, &mut draft, lexicon),
        }
    }
    draft
}

/// The lines above the first table.
pub(super) fn preamble(
    view: &View<'_>,
    lines: std::ops::Range<usize>,
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) {
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

fn note_hidden_rows(view: &View<'_>, draft: &mut Draft) {
    let hidden: Vec<u32> = (0..view.len())
        .filter(|i| draft.fate(*i) == Fate::Left(Reason::HiddenRow))
        .map(|i| view.number(i))
        .collect();
    if let Some(first) = hidden.first() {
        let message = format!("有{}行被手工隐藏，没有计入（第{first}行起）", hidden.len());
        draft.findings.push(Finding::at(&rules::HIDDEN_ROWS, &view.grid.place.at(*first, 0), message));
    }
}

/// Every run of lines that nobody could explain is a finding.
fn note_open_lines(view: &View<'_>, draft: &mut Draft) {
    let mut run: Option<(usize, usize)> = None;
    let mut runs = Vec::new();
    for index in 0..=view.len() {
        let open =
            index < view.len() && matches!(draft.fate(index), Fate::Open | Fate::Left(Reason::NotUnderstood));
        match (&mut run, open) {
            (Some((_, last)), true) => *last = index,
            (None, true) => run = Some((index, index)),
            (Some(found), false) => {
                runs.push(*found);
                run = None;
            }
            (None, false) => {}
        }
    }
    for (first, last) in runs {
        let col = view.cells(first).first().map_or(0, |c| c.col);
        let (from, to) = (view.number(first), view.number(last));
        let message = format!("第{from}行至第{to}行没有认出是怎样的活动记录，没有计入");
        draft.findings.push(Finding::at(&rules::NOT_UNDERSTOOD, &view.place(first, col), message));
        for index in first..=last {
            draft.leave(index, Reason::NotUnderstood);
        }
    }
}
