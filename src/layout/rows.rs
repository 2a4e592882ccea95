//! The ordinary reading: a header, and one activity a row beneath it.

use super::captions;
use super::columns::Shapes;
use super::context::Lexicon;
use super::draft::{Draft, Fate};
use super::header::Header;
use super::lines::{self, Line};
use super::orders::{self, Columns};
use super::values;
use super::verdict::Verdict;
use super::view::{GATHERED, View};
use super::{headless, settle};
use crate::model::{Field, GridValue, Heading, Hidden, Reason, TableRow, TableSource};
use std::ops::Range;

/// Reads the lines of a band beneath its header into the draft.
pub(super) fn read(
    view: &View<'_>,
    header: &Header,
    band: Range<usize>,
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) {
    for line in header.lines.clone() {
        draft.leave(line, Reason::Header);
    }
    let before = draft.state.clone();
    let many = header.groups.len() > 1;
    let mut after = None;
    for (nth, group) in header.groups.iter().enumerate() {
        draft.state = before.clone();
        let entered = header.captioned.then(|| captions::enter(group, &mut draft.state, lexicon));
        let own = entered.unwrap_or_default();
        let columns = laid_down(view, header, nth, draft);
        let reader = Reader { view, lexicon, side_by_side: many, own, columns };
        reader.table(group.clone(), header, band.clone(), draft);
        after.get_or_insert_with(|| draft.state.clone());
    }
    draft.state = after.unwrap_or(before);
}

/// The meanings that the office gives to columns of a table.
fn laid_down(view: &View<'_>, header: &Header, nth: usize, draft: &mut Draft) -> Columns {
    let Some(order) = draft.order.clone() else { return Columns::new() };
    let place = view.grid.place.at(view.number(header.last()), 0);
    let columns = order.columns(&header.groups, nth);
    orders::without_doubles(columns, &order.title, &place, &mut draft.findings)
}

/// The reading of one table.
pub(super) struct Reader<'v, 'g, 'l> {
    pub(super) view: &'v View<'g>,
    pub(super) lexicon: Lexicon<'l>,
    /// Whether other tables stand beside this one.
    pub(super) side_by_side: bool,
    /// The columns that stand under a caption of this table, if it has one.
    pub(super) own: Vec<u32>,
    /// What the office lays down for its columns.
    pub(super) columns: Columns,
}

impl Reader<'_, '_, '_> {
    fn table(&self, mut headings: Vec<Heading>, header: &Header, band: Range<usize>, draft: &mut Draft) {
        let lines: Vec<usize> =
            band.clone().filter(|i| self.view.cells(*i).len() > 1 || self.side_by_side).collect();
        let bare = header.lines.is_empty();
        orders::impose(&self.columns, &mut headings);
        if !self.side_by_side {
            self.add_unnamed(&mut headings, &lines, bare);
        }
        if bare {
            let shapes = Shapes::new(self.view, &lines, &headings, self.lexicon);
            headless::tell_numbers(self.view, &lines, &mut headings, &shapes);
        }
        let mut findings = Vec::new();
        settle::settle(self.view, &mut headings, &lines, header.last(), self.lexicon, &mut findings);
        orders::impose(&self.columns, &mut headings);
        if !draft.settled() && self.is_roster(&headings) {
            for index in band {
                let line = lines::classify(self.view, index, true, self.lexicon);
                match line {
                    Some(line @ Line::Title(_)) => draft.note(index, &line, self.lexicon),
                    _ => draft.leave(index, Reason::NotActivity),
                }
            }
            return;
        }
        draft.findings.append(&mut findings);
        let first_col = headings.first().map_or(1, |h| h.col);
        let mut table =
            draft.table(self.view.place(header.last(), first_col), TableSource::Rows, headings, Vec::new());
        let mut previous: Vec<Option<GridValue>> = Vec::new();
        for index in band {
            if self.view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
                draft.leave(index, Reason::HiddenRow);
                continue;
            }
            match self.verdict(index, &table.headings, table.rows.is_empty(), draft) {
                Verdict::Record => {
                    let values = values::of(self.view, index, &table.headings, &previous, self.lexicon);
                    previous.clone_from(&values);
                    table.rows.push(draft.record(self.view.number(index), values));
                    draft.take(index);
                }
                Verdict::Append(text) => {
                    if let Some(last) = table.rows.last_mut() {
                        self.append_names(index, &table.headings, last);
                    }
                    if let (Some(last), false) = (table.rows.last_mut(), text.is_empty()) {
                        match &mut last.continuation {
                            Some(so_far) => {
                                so_far.push('\n');
                                so_far.push_str(&text);
                            }
                            None => last.continuation = Some(text),
                        }
                    }
                    draft.leave(index, Reason::Continuation);
                }
                Verdict::Line(line) => draft.note(index, &line, self.lexicon),
                Verdict::Leave(reason) => draft.leave(index, reason),
                Verdict::Elsewhere => {
                    if draft.fate(index) == Fate::Open {
                        draft.leave(index, Reason::Stray);
                    }
                }
            }
        }
        draft.tables.push(table);
    }

    /// Names of further lines belong to the list of the first.
    fn append_names(&self, index: usize, headings: &[Heading], last: &mut TableRow) {
        for (heading, value) in headings.iter().zip(&mut last.values) {
            let own = self.view.own(index, heading.col).filter(|_| heading.field == Field::Attended);
            if let (Some(GridValue::Text(names)), Some(GridValue::Text(more))) = (value, own)
                && names.len() < GATHERED
            {
                *names = format!("{names}、{more}").into();
            }
        }
    }

    /// Columns that hold something and have no heading: their cells will tell what they are.
    ///
    /// Under a header these lie between the others or right beside them; without one, anywhere.
    fn add_unnamed(&self, headings: &mut Vec<Heading>, lines: &[usize], anywhere: bool) {
        let (Some(left), Some(right)) = (headings.first().map(|h| h.col), headings.last().map(|h| h.col))
        else {
            return;
        };
        let range = if anywhere { 1..=u32::MAX } else { left..=right.saturating_add(1) };
        let headed: std::collections::BTreeSet<u32> = headings.iter().map(|h| h.col).collect();
        let mut counts = std::collections::BTreeMap::new();
        for index in lines.iter().take(60) {
            for cell in self.view.cells(*index) {
                if range.contains(&cell.col) && !headed.contains(&cell.col) {
                    *counts.entry(cell.col).or_insert(0_usize) += 1;
                }
            }
        }
        for (col, count) in counts {
            if count * 3 >= lines.len().min(60) && count > 0 {
                headings.push(Heading {
                    col,
                    text: String::new(),
                    field: Field::Unknown,
                    minutes_per_unit: None,
                });
            }
        }
        headings.sort_by_key(|h| h.col);
    }

    /// A list of persons or dues: such headings, and none that only a ledger has.
    fn is_roster(&self, headings: &[Heading]) -> bool {
        let words = &self.lexicon.headers.words;
        let persons = headings.iter().filter(|h| words.person_headings.is(h.leaf())).count();
        let roster = headings.iter().filter(|h| words.roster_headings.is(h.leaf())).count();
        let has = |field: Field| headings.iter().any(|h| h.field == field);
        let told = has(Field::Title) || has(Field::Content);
        let dated = has(Field::Date) || has(Field::DateStart) || has(Field::Day) || has(Field::PlannedDate);
        let useful = told
            || has(Field::Kind) && (dated || has(Field::Attended) || has(Field::Host))
            || dated && has(Field::Attended);
        persons >= 1 && (roster >= 2 || !told) && !has(Field::Host) || roster >= 3 && !told || !useful
    }
}
