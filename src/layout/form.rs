//! Forms: keys with their values beside or beneath them, one activity a form.

use super::context::{self, Lexicon};
use super::draft::Draft;
use super::header;
use super::lines::{self, Line};
use super::view::{GATHERED, View, folded, text_of};
use crate::model::{
    Field, GridCell, GridValue, Heading, Hidden, KindId, Reason, Table, TableRow, TableSource, UnitSource,
};
use crate::seeds::text::fold;

/// How many lines are looked at to tell whether a sheet is made of forms.
const LOOK: usize = 60;

/// Whether lines begin with keys often enough for a form.
pub(super) fn looks_like_form(view: &View<'_>, lexicon: Lexicon<'_>) -> bool {
    let lines = view.len().min(LOOK);
    let keyed = (0..lines).filter(|index| begins_with_key(view, *index, lexicon)).count();
    keyed >= 3 && keyed * 10 >= lines * 4
}

fn begins_with_key(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> bool {
    view.cells(index).first().is_some_and(|cell| !keys(&cell.value, lexicon).is_empty())
}

/// The keys of a cell, each with its value where that stands in the same cell: `应到：12人  实到：10人`.
fn keys(value: &GridValue, lexicon: Lexicon<'_>) -> Vec<(Field, String, Option<String>)> {
    let GridValue::Text(text) = value else { return Vec::new() };
    let mut found = inline_keys(text, lexicon);
    if !found.is_empty() || text.trim().chars().count() > 20 {
        return found;
    }
    let Some(wording) = folded(value) else { return found };
    if let Some(field) = lexicon.headers.whole(&wording) {
        found.push((field, wording, None));
    }
    found
}

/// The keys with a colon that follow each other from the beginning of a text.
pub(super) fn inline_keys(text: &str, lexicon: Lexicon<'_>) -> Vec<(Field, String, Option<String>)> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some((field, wording, after)) = inline_key(rest, lexicon) {
        let (value, next) = lines::split_value(after);
        let more = inline_key(next, lexicon).is_some();
        let value = if more { value } else { after.trim() };
        found.push((field, wording, (!value.is_empty()).then(|| value.to_owned())));
        rest = if more { next } else { "" };
    }
    found
}

/// The key with which a cell begins: its meaning and wording.
pub(super) fn first_key(value: &GridValue, lexicon: Lexicon<'_>) -> Option<(Field, String)> {
    keys(value, lexicon).into_iter().next().map(|(field, wording, _)| (field, wording))
}

/// A key with a colon at the beginning of a text, and what follows it.
fn inline_key<'t>(text: &'t str, lexicon: Lexicon<'_>) -> Option<(Field, String, &'t str)> {
    let (key, rest) = text.split_once(['：', ':'])?;
    if key.chars().count() > 14 {
        return None;
    }
    let folded = fold(key);
    let signed = lines::is_signature(&folded).then_some(Field::Ignored);
    Some((lexicon.headers.whole(&folded).or(signed)?, folded, rest))
}

/// A form that is being filled in.
#[derive(Default)]
struct Form {
    lines: Vec<usize>,
    /// Headings with their values.
    values: Vec<(Heading, Option<GridValue>)>,
    kind: Option<KindId>,
    pending: Option<usize>,
}

impl Form {
    fn has(&self, field: Field) -> bool {
        self.values.iter().any(|(h, value)| h.field == field && value.is_some())
    }

    /// Gives a value to the last key; false where that key had one already.
    fn fill(&mut self, value: GridValue) -> bool {
        let mut free = true;
        if let Some((_, slot)) = self.pending.and_then(|at| self.values.get_mut(at)) {
            free = slot.is_none();
            match slot {
                None => *slot = Some(value),
                Some(GridValue::Text(so_far)) if so_far.len() < GATHERED => {
                    *so_far = format!("{so_far}\n{}", text_of(&value)).into();
                }
                Some(_) => {}
            }
        }
        free
    }
}

/// Reads a sheet as forms.
pub(super) fn read(view: &View<'_>, draft: Draft, lexicon: Lexicon<'_>) -> Draft {
    let mut reader =
        Reader { view, lexicon, sheet_kind: draft.state.kind.clone(), draft, form: Form::default() };
    if !reader.draft.settled() && !looks_like_form(view, lexicon) {
        return reader.draft;
    }
    for index in 0..view.len() {
        reader.line(index);
    }
    reader.flush();
    reader.draft
}

struct Reader<'v, 'g, 'l> {
    view: &'v View<'g>,
    lexicon: Lexicon<'l>,
    sheet_kind: Option<KindId>,
    draft: Draft,
    form: Form,
}

impl Reader<'_, '_, '_> {
    fn line(&mut self, index: usize) {
        if self.view.line(index).is_some_and(|line| line.hidden == Some(Hidden::ByHand)) {
            self.draft.leave(index, Reason::HiddenRow);
            return;
        }
        let cells = self.view.cells(index);
        let keyed = cells.iter().any(|cell| !keys(&cell.value, self.lexicon).is_empty());
        if !keyed || self.is_title(index) {
            self.unkeyed(index);
            return;
        }
        if let Some(next) = self.labels_above(index) {
            for cell in cells {
                for (field, text, _) in keys(&cell.value, self.lexicon) {
                    self.open(index, field, text, cell.col);
                    if let Some(value) = self.view.own(next, cell.col) {
                        self.form.fill(value.clone());
                    }
                }
            }
            self.form.lines.extend([index, next]);
            return;
        }
        if self.form.lines.last().is_some_and(|last| *last == index) {
            return;
        }
        let mut key_end = None;
        for cell in cells {
            let adjacent = key_end == Some(cell.col);
            let found = keys(&cell.value, self.lexicon);
            // Right beside a key without value even a known wording is its value.
            let is_value = found.first().is_none_or(|(_, _, value)| {
                adjacent && value.is_none() && self.waits() && !self.heads_a_group(index)
            });
            key_end = None;
            if is_value {
                if !self.form.fill(cell.value.clone()) {
                    self.draft.misfits += 1;
                }
                continue;
            }
            for (field, text, value) in found {
                self.open(index, field, text, cell.col);
                match value {
                    Some(value) => {
                        self.form.fill(GridValue::Text(value.into()));
                    }
                    None => key_end = Some(self.view.right(index, cell.col) + 1),
                }
            }
        }
        if self.form.lines.last() != Some(&index) {
            self.form.lines.push(index);
        }
    }

    /// The line beneath a line of nothing but keys, where it holds their values and no key.
    fn labels_above(&self, index: usize) -> Option<usize> {
        let bare = |value: &GridValue| {
            let found = keys(value, self.lexicon);
            matches!(found.as_slice(), [(_, _, None)])
        };
        let labels = self.view.cells(index);
        let values = self.view.cells(index + 1);
        let own = |cell: &GridCell| labels.iter().any(|label| label.col == cell.col);
        let is_values = |index: usize| {
            let cells = self.view.cells(index);
            cells.iter().all(|cell| own(cell) && keys(&cell.value, self.lexicon).is_empty())
        };
        // Between keys that stand right beside each other there is no room for a value.
        let close = labels
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if self.view.right(index, a.col) + 1 == b.col));
        let beneath = labels.len() >= 2
            && close
            && labels.iter().all(|cell| bare(&cell.value))
            && self.view.number(index + 1) == self.view.number(index) + 1
            && values.len() * 2 >= labels.len()
            && is_values(index + 1)
            // A second line of values makes it a table.
            && !(self.view.cells(index + 2).len() * 2 >= labels.len() && is_values(index + 2));
        beneath.then_some(index + 1)
    }

    fn is_title(&self, index: usize) -> bool {
        self.view.cells(index).len() == 1
            && matches!(
                lines::classify(self.view, index, false, self.lexicon),
                Some(Line::Title(_) | Line::Meta { .. })
            )
    }

    /// Whether the last key has no value yet.
    fn waits(&self) -> bool {
        self.form.pending.and_then(|at| self.form.values.get(at)).is_some_and(|(_, value)| value.is_none())
    }

    /// Whether the last key is a tall cell with further keys beside it: the name of a part of the form.
    fn heads_a_group(&self, index: usize) -> bool {
        let Some((heading, _)) = self.form.pending.and_then(|at| self.form.values.get(at)) else {
            return false;
        };
        let tall = self.view.merge(index, heading.col).filter(|m| m.bottom > m.top);
        tall.is_some_and(|merge| {
            self.view.cells(index + 1).first().is_some_and(|cell| {
                cell.col == merge.right + 1 && !keys(&cell.value, self.lexicon).is_empty()
            })
        })
    }

    /// A key begins; one that the form already has begins the next form.
    fn open(&mut self, index: usize, field: Field, text: String, col: u32) {
        let again = self.form.values.iter().any(|(h, _)| h.text == text)
            || matches!(field, Field::Date | Field::Title | Field::Kind) && self.form.has(field);
        let fresh_line = self.form.lines.last() != Some(&index);
        if again && fresh_line && !matches!(field, Field::Ignored) {
            self.flush();
        }
        let minutes_per_unit = header::minutes_per_unit(&text);
        self.form.values.push((Heading { col, text, field, minutes_per_unit }, None));
        self.form.pending = Some(self.form.values.len() - 1);
    }

    /// Whether a text that looks like a title is the value of the key above, or more of it: the key stands
    /// alone in its line and asks for a text, and no form has begun with such a title before.
    fn stands_beneath_its_key(&self, index: usize, line: &Line) -> bool {
        let Line::Title(text) = line else { return false };
        let key = self.form.pending.and_then(|at| self.form.values.get(at));
        let asks = key.is_some_and(|(h, _)| matches!(h.field, Field::Title | Field::Content));
        let last = self.form.lines.last().copied().unwrap_or(0);
        let below = self.view.cells(last).len() == 1 && !self.draft.knows_title(text);
        let goes_on = || {
            let names_a_ledger = self.lexicon.headers.words.ledgers.end(&fold(text)).is_some();
            self.view.number(last) + 1 == self.view.number(index) && !names_a_ledger
        };
        asks && below && (self.waits() || goes_on())
    }

    /// A line without a key: a title before a form, or more of the last value.
    fn unkeyed(&mut self, index: usize) {
        let line = lines::classify(self.view, index, !self.form.values.is_empty(), self.lexicon);
        let single = self.view.cells(index).len() == 1;
        let line = line.filter(|line| !(single && self.stands_beneath_its_key(index, line)));
        match line {
            Some(line @ Line::Title(_)) => {
                self.flush();
                self.draft.note(index, &line, self.lexicon);
                if let Line::Title(text) = &line {
                    self.form.kind = context::kind_in_title(text, self.lexicon);
                }
                self.form.lines.push(index);
            }
            Some(line @ (Line::Meta { .. } | Line::Other(Reason::Note | Reason::PageLine))) => {
                self.draft.note(index, &line, self.lexicon);
            }
            Some(Line::Section { kind: Some(kind), .. }) if !self.waits() => {
                self.flush();
                self.form.kind = Some(kind);
                self.form.lines.push(index);
            }
            _ if self.form.pending.is_some() && single => {
                if let Some(cell) = self.view.cells(index).first() {
                    self.form.fill(cell.value.clone());
                    self.form.lines.push(index);
                }
            }
            Some(line) => self.draft.note(index, &line, self.lexicon),
            None if self.form.values.is_empty() && single => {
                let text = self
                    .view
                    .cells(index)
                    .first()
                    .map(|c| text_of(&c.value).into_owned())
                    .unwrap_or_default();
                self.draft.note(index, &Line::Title(text), self.lexicon);
            }
            None => {}
        }
    }

    fn flush(&mut self) {
        let form = std::mem::take(&mut self.form);
        let Some(first) = form.lines.first().copied() else { return };
        let told = form.has(Field::Title) || form.has(Field::Content) || form.has(Field::Date);
        if !told {
            let reason = if form.values.is_empty() { Reason::Title } else { Reason::Placeholder };
            for index in form.lines {
                self.draft.leave(index, reason);
            }
            return;
        }
        let unit = form.values.iter().find(|(h, _)| h.field == Field::Unit).and_then(|(_, v)| v.as_ref());
        if let Some(unit) = unit.map(|v| text_of(v).into_owned()) {
            self.draft.unit(&unit, UnitSource::UnitLine);
        }
        let (headings, values): (Vec<Heading>, Vec<Option<GridValue>>) = form.values.into_iter().unzip();
        for index in &form.lines {
            self.draft.take(*index);
        }
        let first_col = self.view.cells(first).first().map_or(1, |c| c.col);
        let row = TableRow {
            row: self.view.number(first),
            values,
            section_kind: form.kind,
            cell: None,
            continuation: None,
            month: None,
            more_rows: form.lines.iter().skip(1).map(|i| self.view.number(*i)).collect(),
        };
        let place = self.view.place(first, first_col);
        let table = self.draft.table(place, TableSource::Form, headings, vec![row]);
        self.draft.tables.push(Table { kind: self.sheet_kind.clone(), ..table });
    }
}
