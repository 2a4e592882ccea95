//! Sheets of which the office says how they are read.
//!
//! In: a sheet and its order. Out: a draft like that of any other reading, and the rows that the order cuts
//! off. What the order says and the sheet does not have is a finding; the rest is then read as usual.

use super::bands::{self, Mark};
use super::context::Lexicon;
use super::draft::{Draft, Fate, State};
use super::header::{self, Header};
use super::orders::Order;
use super::view::View;
use super::{axis, calendar, compete, form, headless, sheet, transposed};
use crate::model::{
    Excluded, Finding, Grid, GridRow, Reason, TableRule, TableSource, Wanted, column_letters, rules,
};
use std::ops::Range;
use std::sync::Arc;

/// Reads a sheet by its order.
pub(super) fn read(
    grid: &Grid,
    order: &Arc<Order>,
    state: State,
    lexicon: Lexicon<'_>,
) -> (Draft, Vec<Excluded>) {
    let rule = &order.rule;
    if rule.reading == Some(Wanted::LeaveOut) {
        let view = View::new(grid);
        let mut draft = sheet::leave_out(&view, state, Reason::ByRule);
        let message = format!("按{}不读，其中{}行没有计入", order.title, view.len());
        draft.findings.push(Finding::at(&rules::LEFT_OUT_BY_RULE, &grid.place, message));
        let excluded = draft.excluded(&view);
        return (draft, excluded);
    }
    let parts = Parts::of(grid, rule);
    let mut excluded = Vec::new();
    let mut draft = sheet::begin(&View::new(&parts.body), state, lexicon);
    draft.order = Some(Arc::clone(order));
    draft.state.kind = rule.kind.clone().or(draft.state.kind);
    if !parts.above.rows.is_empty() {
        let view = View::new(&parts.above);
        let mut above = Draft { fates: vec![Fate::Open; view.len()], ..draft.clone() };
        bands::preamble(&view, 0..view.len(), &mut above, lexicon);
        above.drop_above(&view, u32::MAX);
        sheet::finish(&view, &mut above);
        excluded.extend(above.excluded(&view));
        draft = Draft { fates: draft.fates, ..above };
    }
    let view = View::new(&parts.body);
    tell_blank_columns(&view, order, &mut draft);
    draft = if rule.shapes() {
        shaped(&view, draft, order, lexicon)
    } else {
        sheet::read(&view, &draft, lexicon)
    };
    if rule.shapes() && draft.records() == 0 {
        let message = format!("按{}读，没有读出活动；规则写的是：{}", order.title, rule.says());
        draft.findings.push(Finding::at(&rules::RULE_READS_NOTHING, &grid.place, message));
    }
    for table in &mut draft.tables {
        if rule.year.is_some() {
            (table.default_year, table.year) = (rule.year, None);
        }
        table.kind = rule.kind.clone().or(table.kind.take());
        table.unit = rule.unit.clone().or(table.unit.take());
    }
    sheet::finish(&view, &mut draft);
    excluded.extend(draft.excluded(&view));
    let cut = View::new(&parts.cut);
    excluded.extend((0..cut.len()).map(|index| cut.excluded(index, Reason::ByRule)));
    (draft, excluded)
}

/// The rows of a sheet as an order divides them.
struct Parts {
    /// Rows above the records of a reading that knows no header.
    above: Grid,
    /// Rows that are read.
    body: Grid,
    /// Rows in which the order allows no record.
    cut: Grid,
}

impl Parts {
    fn of(grid: &Grid, rule: &TableRule) -> Self {
        let headerless = matches!(
            rule.reading,
            Some(Wanted::Read(
                TableSource::Transposed | TableSource::Form | TableSource::Prose | TableSource::Calendar
            ))
        );
        let header =
            rule.header.last().filter(|_| grid.rows.iter().any(|row| rule.header.contains(&row.number)));
        let (mut above, mut body, mut cut) = (Vec::new(), Vec::new(), Vec::new());
        for row in &grid.rows {
            let late = rule.last.is_some_and(|last| row.number > last);
            let early = rule.first.is_some_and(|first| row.number < first);
            if late || early && header.is_some_and(|header| row.number > *header) {
                cut.push(row.clone());
            } else if early && headerless {
                above.push(row.clone());
            } else {
                body.push(row.clone());
            }
        }
        let part = |rows: Vec<GridRow>| Grid {
            place: grid.place.clone(),
            visibility: grid.visibility,
            rows,
            merges: grid.merges.clone(),
            since_1904: grid.since_1904,
        };
        Self { above: part(above), body: part(body), cut: part(cut) }
    }
}

fn shaped(view: &View<'_>, mut draft: Draft, order: &Order, lexicon: Lexicon<'_>) -> Draft {
    let rule = &order.rule;
    let stated = stated_header(view, order, &mut draft, lexicon);
    let header = stated.as_ref().map(|lines| view.number(lines.start));
    let mut draft = match rule.reading {
        Some(Wanted::Read(TableSource::Transposed)) => transposed::read(view, draft, lexicon),
        Some(Wanted::Read(TableSource::Form)) => form::read(view, draft, lexicon),
        Some(Wanted::Read(TableSource::Prose)) => headless::prose(view, draft, lexicon),
        Some(Wanted::Read(TableSource::Calendar)) => calendar::read(view, &draft, lexicon).unwrap_or(draft),
        Some(Wanted::Read(TableSource::Matrix)) => boxes(view, stated, draft, lexicon),
        Some(Wanted::Read(TableSource::Rows)) => rows(view, stated, draft, rule, lexicon),
        Some(Wanted::LeaveOut) | None => match stated {
            _ if !rule.columns.is_empty() => rows(view, stated, draft, rule, lexicon),
            Some(lines) => {
                match axis::find(view, lines.start, lexicon).filter(|axis| axis.line + 1 == lines.end) {
                    Some(axis) => bands::read(view, &[Mark::Matrix(axis)], draft, lexicon),
                    None => rows(view, Some(lines), draft, rule, lexicon),
                }
            }
            None => compete::read(view, &draft, lexicon),
        },
    };
    if let Some(first) = rule.first.or(header) {
        draft.drop_above(view, first);
    }
    draft
}

/// The lines of the header as the order states them; a finding where no header can stand there.
fn stated_header(
    view: &View<'_>,
    order: &Order,
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) -> Option<Range<usize>> {
    let (first, last) = (*order.rule.header.first()?, *order.rule.header.last()?);
    let start = (0..view.len()).find(|index| (first..=last).contains(&view.number(*index)));
    let Some(start) = start else {
        if view.len() == 0 {
            return None;
        }
        let (top, end) = (view.number(0), view.number(view.len().saturating_sub(1)));
        let message = format!(
            "{}写的表头行（第{first}行）在这张表里没有内容；这张表的内容在第{top}行至第{end}行。表头仍由程序判断",
            order.title
        );
        draft.findings.push(Finding::at(&rules::RULE_HEADER_MISSING, &view.grid.place, message));
        return None;
    };
    let matrix = order.rule.reading == Some(Wanted::Read(TableSource::Matrix));
    if matrix && axis::at(view, start, lexicon).is_none() {
        let message = format!(
            "{}写的表头行（第{first}行）里没有月份、季度，也没有活动类型。表头仍由程序判断",
            order.title
        );
        let place = view.grid.place.at(first, 0);
        draft.findings.push(Finding::at(&rules::RULE_HEADER_MISSING, &place, message));
        return None;
    }
    let end = (start..view.len()).find(|index| view.number(*index) > last).unwrap_or(view.len());
    Some(start..end)
}

/// One activity a row.
fn rows(
    view: &View<'_>,
    stated: Option<Range<usize>>,
    draft: Draft,
    rule: &TableRule,
    lexicon: Lexicon<'_>,
) -> Draft {
    let from = rule.first.and_then(|first| view.line_at(first));
    let mut headers = match stated {
        Some(lines) => vec![header::at(view, lines, lexicon)],
        // Where the office says from which row on records stand, no header stands among them.
        None => found_headers(view, from.unwrap_or(view.len()), lexicon),
    };
    if headers.is_empty() {
        if rule.columns.is_empty() {
            return headless::read_rows(view, draft, lexicon);
        }
        let start = from.unwrap_or_else(|| first_record(view, rule));
        headers.push(Header { lines: start..start, groups: Vec::new() });
    }
    for header in headers.iter_mut().filter(|header| header.groups.is_empty()) {
        header.groups.push(Vec::new());
    }
    let marks: Vec<Mark> = headers.into_iter().map(Mark::Rows).collect();
    bands::read(view, &marks, draft, lexicon)
}

/// Headers that the program finds itself and that end by a line.
fn found_headers(view: &View<'_>, until: usize, lexicon: Lexicon<'_>) -> Vec<Header> {
    let marks = bands::marks(view, Some(TableSource::Rows), lexicon).into_iter();
    let headers = marks.filter_map(|mark| match mark {
        Mark::Rows(header) => Some(header),
        Mark::Matrix(_) => None,
    });
    headers.filter(|header| header.lines.end <= until).collect()
}

/// The first line that may be a record where there is no header: with several columns, one of several cells.
fn first_record(view: &View<'_>, rule: &TableRule) -> usize {
    let several = |index: &usize| view.cells(*index).len() > 1;
    let first = (0..view.len()).find(several).filter(|_| rule.columns.len() > 1);
    first.unwrap_or(0)
}

/// Months or quarters one way, kinds the other.
fn boxes(view: &View<'_>, stated: Option<Range<usize>>, draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let axis = stated.and_then(|lines| axis::at(view, lines.start, lexicon));
    let marks = match axis {
        Some(axis) => vec![Mark::Matrix(axis)],
        None => bands::marks(view, Some(TableSource::Matrix), lexicon),
    };
    bands::read(view, &marks, draft, lexicon)
}

/// A finding for every column of the order in which nothing stands.
fn tell_blank_columns(view: &View<'_>, order: &Order, draft: &mut Draft) {
    for col in order.rule.columns.keys().filter(|_| view.len() > 0) {
        if (0..view.len()).all(|index| view.own(index, *col).is_none()) {
            let message = format!("{}写了{}列，这一列在这张表里没有内容", order.title, column_letters(*col));
            draft.findings.push(Finding::at(&rules::RULE_COLUMN_BLANK, &view.grid.place, message));
        }
    }
}
