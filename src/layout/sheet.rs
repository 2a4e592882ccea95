//! One sheet: whether its name leaves it out, what its name says, and what is noted when it has been read.

use super::context::{self, Lexicon};
use super::draft::{Draft, Fate, State};
use super::view::{View, folded};
use super::{compete, panes};
use crate::model::{Finding, Grid, GridRow, GridValue, Reason, Visibility, rules};
use crate::seeds::text::fold;

/// Why a sheet is left out before anybody looks into it: hidden, or named like a template or index.
///
/// `alone` says that no other sheet of the file has content.
pub(super) fn left_out(grid: &Grid, alone: bool, lexicon: Lexicon<'_>) -> Option<Reason> {
    if grid.visibility != Visibility::Visible {
        return Some(Reason::HiddenSheet);
    }
    let name = fold(&grid.place.sheet);
    let words = &lexicon.headers.words;
    // The only sheet of a file is what was reported, though it be called 台账模板.
    let templates = &words.template_sheets;
    if templates.is(&name) || !alone && named_like(&name, templates) {
        return Some(Reason::TemplateSheet);
    }
    let index = words.index_sheets.is(&name) || !alone && points_elsewhere(grid, lexicon);
    index.then_some(Reason::IndexSheet)
}

/// Whether a sheet is no ledger by its name, though it may turn out to be one: 花名册, 党费.
pub(super) fn is_doubted(grid: &Grid, lexicon: Lexicon<'_>) -> bool {
    named_like(&fold(&grid.place.sheet), &lexicon.headers.words.not_activity_sheets)
}

/// Leaves a whole sheet out.
pub(super) fn leave_out(view: &View<'_>, state: State, reason: Reason) -> Draft {
    let lines = view.len();
    let mut draft = Draft::new(lines, state);
    for index in 0..lines {
        draft.leave(index, reason);
    }
    if reason == Reason::HiddenSheet && lines > 0 {
        let message = format!("工作表“{}”是隐藏的，其中{lines}行没有计入", view.grid.place.sheet);
        draft.findings.push(Finding::at(&rules::HIDDEN_SHEET, &view.grid.place, message));
    }
    draft
}

/// A draft of nothing yet; `state` is what the file's name says, to which the sheet's name adds.
pub(super) fn begin(view: &View<'_>, state: State, lexicon: Lexicon<'_>) -> Draft {
    let mut draft = Draft::new(view.len(), state);
    let name = fold(&view.grid.place.sheet);
    if let Some(year) = context::year(&name) {
        draft.state.year = Some(year);
    }
    if let Some(month) = super::words::month(&name, true).or_else(|| context::month_in_title(&name)) {
        draft.state.month = Some(month);
    }
    draft.state.kind = context::kind_of_name(&name, lexicon).or(draft.state.kind);
    draft
}

/// Reads a sheet of which no rule says how.
pub(super) fn read(view: &View<'_>, draft: &Draft, lexicon: Lexicon<'_>) -> Draft {
    let panes = panes::read(view, draft, lexicon);
    let mut best = panes.unwrap_or_else(|| compete::read(view, draft, lexicon));
    let index = is_index(view, lexicon);
    if best.records() == 0 && (index || is_doubted(view.grid, lexicon)) {
        let reason = if index { Reason::IndexSheet } else { Reason::NotActivity };
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
    best
}

/// Notes hidden rows and what nobody could explain.
pub(super) fn finish(view: &View<'_>, draft: &mut Draft) {
    note_hidden_rows(view, draft);
    note_open_lines(view, draft);
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
fn points_elsewhere(grid: &Grid, lexicon: Lexicon<'_>) -> bool {
    let words = &lexicon.headers.words;
    let title = |row: &GridRow| match row.cells.as_slice() {
        [cell] => folded(&cell.value),
        _ => None,
    };
    let called = |text: String| words.index_sheets.end(text.split('(').next().unwrap_or(&text)).is_some();
    let points = |row: &GridRow| {
        row.cells.iter().any(|cell| folded(&cell.value).is_some_and(|text| words.pointers.is(&text)))
    };
    grid.rows.iter().take(3).filter_map(title).any(called) && grid.rows.iter().take(6).any(points)
}

/// A sheet whose lines only name other things: 目录 in its first lines and no dates.
fn is_index(view: &View<'_>, lexicon: Lexicon<'_>) -> bool {
    (0..view.len().min(3)).any(|index| {
        view.cells(index).iter().any(|cell| {
            folded(&cell.value)
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
