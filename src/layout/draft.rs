//! What is known of a sheet while it is being read: the fate of every line, and the tables so far.

use super::context::{self, Lexicon};
use super::lines::Line;
use super::orders::Order;
use super::view::View;
use crate::model::{
    Excluded, Finding, GridValue, Heading, KindId, Place, Reason, Table, TableRow, TableSource, UnitGuess,
    UnitSource,
};
use crate::seeds::text::fold;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nobody has looked at it yet.
    Open,
    /// A record was taken from it.
    Taken,
    /// It is no record.
    Left(Reason),
}

/// What titles, names and sections say at the current line.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) year: Option<i32>,
    pub(super) month: Option<u32>,
    pub(super) kind: Option<KindId>,
    pub(super) section_kind: Option<KindId>,
    pub(super) section_month: Option<u32>,
    pub(super) unit: Option<Arc<str>>,
}

/// A reading of a sheet, or of a part of it.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) fates: Vec<Fate>,
    pub(super) tables: Vec<Table>,
    pub(super) findings: Vec<Finding>,
    pub(super) units: Vec<UnitGuess>,
    pub(super) state: State,
    /// Titles read so far, without what a further page adds to them.
    pub(super) titles: BTreeSet<String>,
    /// Values that found no place of their own.
    pub(super) misfits: usize,
    /// The year in which the ledger says it was filled in.
    pub(super) filled_in: Option<i32>,
    /// What the office lays down for the sheet.
    pub(super) order: Option<Arc<Order>>,
}

/// A name without a bracket that ends it; brackets inside a name belong to it: `机关党委（直属）二支部`.
fn without_last_bracket(name: &str) -> &str {
    let cut = name.find(['（', '(']).filter(|at| {
        let rest = name.get(*at..).unwrap_or("");
        rest.find(['）', ')']).is_none_or(|end| rest.get(end..).is_some_and(|rest| rest.chars().count() == 1))
    });
    let cut = cut.and_then(|at| name.get(..at)).filter(|short| short.chars().count() > 2);
    cut.unwrap_or(name)
}

/// A folded title without what a further page adds: `（续）`, `续表`.
fn page_title(text: &str) -> String {
    fold(text).trim_end_matches(|c| "()续表上接前页".contains(c)).to_owned()
}

impl Draft {
    /// Nothing read yet.
    pub(super) fn new(lines: usize, state: State) -> Self {
        Self {
            fates: vec![Fate::Open; lines],
            tables: Vec::new(),
            findings: Vec::new(),
            units: Vec::new(),
            state,
            titles: BTreeSet::new(),
            misfits: 0,
            filled_in: None,
            order: None,
        }
    }

    /// Whether the office says how the sheet is read: then no reading doubts that it is the right one.
    pub(super) fn settled(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.settles())
    }

    /// A table under what titles and sections have said so far.
    pub(super) fn table(
        &self,
        place: Place,
        source: TableSource,
        headings: Vec<Heading>,
        rows: Vec<TableRow>,
    ) -> Table {
        Table {
            place,
            source,
            headings,
            rows,
            kind: self.state.kind.clone(),
            year: self.state.year,
            default_year: None,
            month: self.state.month,
            unit: self.state.unit.clone(),
        }
    }

    /// A record that is a whole row, under the section that was read last.
    pub(super) fn record(&self, row: u32, values: Vec<Option<GridValue>>) -> TableRow {
        TableRow {
            row,
            values,
            section_kind: self.state.section_kind.clone(),
            cell: None,
            continuation: None,
            month: self.state.section_month,
            more_rows: Vec::new(),
        }
    }

    /// Marks a line as taken, whatever was said of it before.
    pub(super) fn take(&mut self, index: usize) {
        if let Some(fate) = self.fates.get_mut(index) {
            *fate = Fate::Taken;
        }
    }

    /// Leaves a line out, unless a record was taken from it.
    pub(super) fn leave(&mut self, index: usize, reason: Reason) {
        if let Some(fate) = self.fates.get_mut(index)
            && *fate != Fate::Taken
        {
            *fate = Fate::Left(reason);
        }
    }

    /// The fate of a line.
    pub(super) fn fate(&self, index: usize) -> Fate {
        self.fates.get(index).copied().unwrap_or(Fate::Open)
    }

    /// Takes in a line that is no record, with what it says.
    pub(super) fn note(&mut self, index: usize, line: &Line, lexicon: Lexicon<'_>) {
        self.leave(index, line.reason());
        match line {
            Line::Title(text) => self.title(text, lexicon),
            Line::Meta { unit, year, filled_in } => {
                if let Some(unit) = unit {
                    self.unit(unit, UnitSource::UnitLine);
                }
                self.state.year = year.or(self.state.year);
                self.filled_in = self.filled_in.or(*filled_in);
            }
            Line::Section { kind, month } => {
                if month.is_some() {
                    self.state.section_month = *month;
                }
                if kind.is_some() || month.is_none() {
                    self.state.section_kind.clone_from(kind);
                }
            }
            Line::Continuation(_) | Line::Other(_) => {}
        }
    }

    /// Whether a title has been read before, as at the head of an earlier page.
    pub(super) fn knows_title(&self, text: &str) -> bool {
        self.titles.contains(&page_title(text))
    }

    /// Takes in a title.
    pub(super) fn title(&mut self, text: &str, lexicon: Lexicon<'_>) {
        let turned = !self.titles.insert(page_title(text));
        if let Some(year) = context::year(text) {
            self.state.year = Some(year);
        }
        // A title over a repeated header holds for the rows beneath, like a section.
        let month = context::month_in_title(text);
        self.state.month = month.or(self.state.month);
        // The office's word on rows that state no kind stands above that of a title.
        let ruled = self.order.as_ref().is_some_and(|order| order.rule.kind.is_some());
        let kind = context::kind_in_title(text, lexicon).filter(|_| !ruled);
        // The heading of a further page lets the section go on that the page before it left open.
        if !turned || month.is_some() || kind.is_some() {
            self.state.section_month = month;
            self.state.section_kind.clone_from(&kind);
        }
        self.state.kind = kind.or(self.state.kind.take());
        if let Some(unit) = context::unit(text, lexicon) {
            self.unit(&unit, UnitSource::Title);
        }
    }

    /// Takes in the name of the reporting unit.
    pub(super) fn unit(&mut self, name: &str, source: UnitSource) {
        let whole: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        let name = without_last_bracket(&whole);
        let filled = !name.is_empty() && !name.chars().all(|c| "_-—×xX*/".contains(c));
        if filled {
            self.state.unit = Some(Arc::from(name));
        }
        // What stands in brackets at the end is mostly a remark, but may belong to the name.
        let sealed = whole.get(name.len()..).is_some_and(|rest| rest.contains(['章', '签']));
        for guess in [name, whole.as_str()].into_iter().take(if sealed { 1 } else { 2 }) {
            if filled && self.units.iter().all(|known| *known.name != *guess) {
                self.units.push(UnitGuess { name: Arc::from(guess), source });
            }
        }
    }

    /// Takes back records that begin above a row, and leaves out what nobody could explain there.
    pub(super) fn drop_above(&mut self, view: &View<'_>, first: u32) {
        for table in &mut self.tables {
            for row in table.rows.extract_if(.., |row| row.row < first) {
                for number in row.more_rows.iter().chain([&row.row]) {
                    if let Some(at) = view.line_at(*number)
                        && let Some(fate) = self.fates.get_mut(at)
                    {
                        *fate = Fate::Left(Reason::ByRule);
                    }
                }
            }
        }
        for index in (0..view.len()).take_while(|index| view.number(*index) < first) {
            if matches!(self.fate(index), Fate::Open | Fate::Left(Reason::NotUnderstood)) {
                self.leave(index, Reason::ByRule);
            }
        }
    }

    /// How many records there are.
    pub(super) fn records(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// The lines left out, in order.
    pub(super) fn excluded(&self, view: &View<'_>) -> Vec<Excluded> {
        let reasons = self.fates.iter().enumerate().filter_map(|(index, fate)| match fate {
            Fate::Taken => None,
            Fate::Left(reason) => Some((index, *reason)),
            Fate::Open => Some((index, Reason::NotUnderstood)),
        });
        reasons.map(|(index, reason)| view.excluded(index, reason)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bracket_at_the_end_is_cut() {
        for (name, want) in [
            ("甲党支部（盖章）", "甲党支部"),
            ("甲党支部(公章", "甲党支部"),
            ("机关党委（直属）第2支部", "机关党委（直属）第2支部"),
            ("（盖章）", "（盖章）"),
            ("甲（乙）", "甲（乙）"),
            ("甲党支部", "甲党支部"),
            ("", ""),
        ] {
            assert_eq!(without_last_bracket(name), want, "{name}");
        }
    }
}
