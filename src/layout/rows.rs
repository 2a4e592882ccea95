//! The ordinary reading: a header, and one activity a row beneath it.

use super::columns::Shapes;
use super::context::Lexicon;
use super::draft::{Draft, Fate};
use super::header::{self, Header};
use super::lines::{self, Line};
use super::orders::{self, Columns};
use super::values;
use super::view::{GATHERED, View, folded, is_one_of, text_of};
use super::words;
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
        let columns = laid_down(view, header, nth, draft);
        let reader = Reader { view, lexicon, side_by_side: many, columns };
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

struct Reader<'v, 'g, 'l> {
    view: &'v View<'g>,
    lexicon: Lexicon<'l>,
    side_by_side: bool,
    columns: Columns,
}

/// What a line beneath a header is.
enum Verdict {
    Record,
    Append(String),
    Line(Line),
    Leave(Reason),
    /// Nothing of the line lies in the columns of this table.
    Elsewhere,
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
        let mut counts = std::collections::BTreeMap::new();
        for index in lines.iter().take(60) {
            for cell in self.view.cells(*index) {
                if range.contains(&cell.col) && headings.iter().all(|h| h.col != cell.col) {
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
        let leaf = |h: &Heading| h.text.rsplit('/').next().unwrap_or("").to_owned();
        let persons = headings.iter().filter(|h| words.person_headings.is(&leaf(h))).count();
        let roster = headings.iter().filter(|h| words.roster_headings.is(&leaf(h))).count();
        let has = |field: Field| headings.iter().any(|h| h.field == field);
        let told = has(Field::Title) || has(Field::Content);
        let dated = has(Field::Date) || has(Field::DateStart) || has(Field::Day) || has(Field::PlannedDate);
        let useful = told
            || has(Field::Kind) && (dated || has(Field::Attended) || has(Field::Host))
            || dated && has(Field::Attended);
        persons >= 1 && (roster >= 2 || !told) && !has(Field::Host) || roster >= 3 && !told || !useful
    }

    fn value(&self, index: usize, headings: &[Heading], field: Field) -> Option<&GridValue> {
        let heading = headings.iter().find(|h| h.field == field)?;
        self.view.shown(index, heading.col)
    }

    fn own(&self, index: usize, headings: &[Heading], field: Field) -> Option<&GridValue> {
        let heading = headings.iter().find(|h| h.field == field)?;
        self.view.own(index, heading.col)
    }

    /// Whether a value says something.
    fn says(&self, value: Option<&GridValue>) -> bool {
        value.is_some_and(|v| !is_one_of(v, &self.lexicon.headers.words.nothing))
    }

    fn verdict(&self, index: usize, headings: &[Heading], first: bool, draft: &Draft) -> Verdict {
        let words = &self.lexicon.headers.words;
        if header::repeats(self.view, index, headings) {
            return Verdict::Leave(Reason::Header);
        }
        let full = self.is_full(index, headings);
        let nothing_inside =
            !full && !self.view.cells(index).iter().any(|c| headings.iter().any(|h| h.col == c.col));
        if !(full || self.side_by_side && nothing_inside)
            && let Some(line) = lines::classify(self.view, index, true, self.lexicon)
        {
            // The kind alone in its own column, beside merged cells, is a record's.
            let covered = || headings.iter().any(|h| self.view.covered_by(index, h.col).is_some());
            let own_record = matches!(line, Line::Section { .. } | Line::Title(_)) && covered();
            if !own_record {
                return match line {
                    Line::Continuation(text) if !first => Verdict::Append(text),
                    Line::Continuation(_) => Verdict::Leave(Reason::Note),
                    line => Verdict::Line(line),
                };
            }
        }
        if nothing_inside {
            return Verdict::Elsewhere;
        }
        for cell in self.view.cells(index).iter().take(3) {
            let of = headings.iter().find(|h| h.col == cell.col).map(|h| h.field);
            let leading = matches!(
                of,
                Some(Field::Number | Field::Date | Field::Kind | Field::Unit | Field::Month | Field::Year)
                    | None
            );
            if leading && is_one_of(&cell.value, &words.notes) {
                return Verdict::Leave(Reason::Note);
            }
            if leading && is_one_of(&cell.value, &words.example_cells) {
                return Verdict::Leave(Reason::Example);
            }
            if (leading || of == Some(Field::Title) && !full) && self.is_total(&cell.value) {
                return Verdict::Leave(Reason::Total);
            }
        }
        for field in [Field::Title, Field::Content] {
            let Some(GridValue::Text(text)) = self.value(index, headings, field) else { continue };
            if !words.example_starts.may_begin(text) {
                continue;
            }
            let head: String = text.trim_start().chars().take(12).collect();
            if words.example_starts.start(&crate::seeds::text::fold(&head)).is_some() {
                return Verdict::Leave(Reason::Example);
            }
        }
        // 必填, 是/否, 数字: what should be filled in, not what was.
        let hints = self.view.cells(index).iter().filter(|c| is_one_of(&c.value, &words.format_hints));
        if hints.count() >= 2 {
            return Verdict::Leave(Reason::Example);
        }
        self.record_or_not(index, headings, first, draft)
    }

    fn record_or_not(&self, index: usize, headings: &[Heading], first: bool, draft: &Draft) -> Verdict {
        let says = |field: Field| self.says(self.value(index, headings, field));
        let own = |field: Field| self.own(index, headings, field).is_some();
        let not_held = |field: Field| {
            let value = self.value(index, headings, field);
            value.is_some_and(|v| is_one_of(v, &self.lexicon.headers.words.not_held))
        };
        let dated = [Field::Date, Field::DateStart, Field::DateEnd, Field::Day]
            .into_iter()
            .any(|field| says(field) && !not_held(field));
        if self.is_not_held(index, headings, dated) {
            return Verdict::Leave(Reason::NotHeld);
        }
        let told = says(Field::Title) || says(Field::Content);
        let own_told = own(Field::Title) || own(Field::Content);
        let own_key = own(Field::Date)
            || own(Field::Kind)
            || own(Field::Number)
            || own(Field::DateStart)
            || own(Field::Day);
        // The text is merged from above and nothing else is new: more names of the same activity.
        if !first && told && !own_told && !own_key {
            return Verdict::Append(String::new());
        }
        if !first && own_told && !own_key {
            let only_text = self.view.cells(index).iter().all(|cell| {
                headings
                    .iter()
                    .find(|h| h.col == cell.col)
                    .is_some_and(|h| matches!(h.field, Field::Title | Field::Content))
            });
            let numbered = headings.iter().any(|h| h.field == Field::Number);
            let merged = headings.iter().any(|h| self.view.covered_by(index, h.col).is_some());
            if only_text
                && (numbered && !merged
                    || !own(Field::Title) && headings.iter().any(|h| h.field == Field::Title))
            {
                let text = self
                    .own(index, headings, Field::Content)
                    .or_else(|| self.own(index, headings, Field::Title));
                return Verdict::Append(text.map(|t| text_of(t).into_owned()).unwrap_or_default());
            }
        }
        let evidence = || {
            [
                Field::Attended,
                Field::ExpectedAttended,
                Field::Host,
                Field::Lecturer,
                Field::Location,
                Field::Hours,
            ]
            .into_iter()
            .any(&says)
        };
        let kind = || says(Field::Kind) || draft.state.section_kind.is_some() || draft.state.kind.is_some();
        if told || dated && (kind() || evidence()) || says(Field::Kind) && evidence() {
            Verdict::Record
        } else {
            Verdict::Leave(Reason::Placeholder)
        }
    }

    /// Whether a line has what only a record has: a date or number, and a text.
    fn is_full(&self, index: usize, headings: &[Heading]) -> bool {
        let date = [Field::Date, Field::DateStart, Field::PlannedDate]
            .into_iter()
            .any(|field| self.own(index, headings, field).is_some_and(words::is_date));
        let number = self.own(index, headings, Field::Number).is_some_and(|v| {
            matches!(v, GridValue::Number(_))
                || text_of(v).trim_end_matches(['.', '、']).chars().all(|c| c.is_ascii_digit())
        });
        let text =
            self.own(index, headings, Field::Title).or_else(|| self.own(index, headings, Field::Content));
        let other =
            self.own(index, headings, Field::Kind).or_else(|| self.own(index, headings, Field::Attended));
        let cells = self.view.cells(index).len();
        date && (text.is_some() || other.is_some())
            || number && text.is_some() && cells >= 2
            || text.is_some()
                && other.is_some()
                && cells >= 3
                && !self.leads_with_total(index)
                && !self.leads_with_key(index)
    }

    /// `填表人：…` begins a signature line, whatever its other cells are.
    fn leads_with_key(&self, index: usize) -> bool {
        self.view.cells(index).first().is_some_and(|c| text_of(&c.value).contains(['：', ':']))
    }

    fn leads_with_total(&self, index: usize) -> bool {
        self.view.cells(index).iter().take(2).any(|c| self.is_total(&c.value))
    }

    /// Whether a cell begins a row of sums. A number does not.
    fn is_total(&self, value: &GridValue) -> bool {
        matches!(value, GridValue::Text(text) if self.lexicon.headers.words.totals.may_hold(text))
            && folded(value).is_some_and(|text| lines::is_total(&text, self.lexicon))
    }

    /// `…（未开展，延至下半年）`, `…——因故取消`: the topic of what was not held.
    fn ends_not_held(&self, value: &GridValue) -> bool {
        let text = text_of(value);
        let text = text.trim_end_matches(|c: char| "。.；;!！".contains(c));
        let tail = match text.strip_suffix(['）', ')', '】']) {
            Some(inner) => inner.rsplit_once(['（', '(', '【']).map(|(_, tail)| tail),
            None => text.rsplit_once(['—', '－', '：', ':']).map(|(_, tail)| tail),
        };
        let Some(tail) = tail.filter(|tail| tail.chars().count() <= 20) else { return false };
        let tail = crate::seeds::text::fold(tail);
        let words = &self.lexicon.headers.words.not_held;
        words.is(&tail) && tail.chars().count() >= 2
            || words.start(&tail).is_some_and(|word| {
                let rest = tail.get(word.len()..).unwrap_or("");
                word.chars().count() >= 2 && rest.starts_with(['，', ',', '；', ';', '、', '。'])
            })
    }

    fn is_not_held(&self, index: usize, headings: &[Heading], dated: bool) -> bool {
        let words = &self.lexicon.headers.words;
        // With persons and places at hand `未落实整改通报` is a topic.
        let held = || {
            [Field::Attended, Field::Host, Field::Lecturer, Field::Location]
                .into_iter()
                .any(|field| self.says(self.own(index, headings, field)))
        };
        let says_not = |value: &GridValue| {
            let GridValue::Text(written) = value else { return false };
            let bare =
                written.trim_start_matches(|c: char| c.is_whitespace() || "（()。.，,；;：:!！".contains(c));
            if !words.not_held.may_begin(bare) {
                return false;
            }
            folded(value).is_some_and(|text| {
                let text = text.trim_matches(|c: char| "()。.，,；;：:!".contains(c)).to_owned();
                words.not_held.is(&text)
                    || words.not_held.start(&text).is_some_and(|w| {
                        !held()
                            && w.chars().count() >= 3
                            && (text.get(w.len()..).is_some_and(|r| r.starts_with(['，', ',', '(', '。']))
                                || text.chars().count() <= w.chars().count() + 4)
                    })
            })
        };
        for heading in headings {
            let Some(value) = self.view.own(index, heading.col) else { continue };
            let telling = match heading.field {
                Field::Title | Field::Content => true,
                Field::Status => !dated,
                // The office has said that the column is not used.
                Field::Ignored if self.columns.contains_key(&heading.col) => false,
                Field::Ignored | Field::Unknown | Field::Date | Field::Attended => {
                    !dated && !matches!(value, GridValue::Number(_))
                }
                _ => false,
            };
            // 否 means "not held" only as an answer to whether it was.
            if telling && says_not(value) {
                let plain_no = folded(value).is_some_and(|t| t == "否") && heading.field != Field::Status;
                if !plain_no {
                    return true;
                }
            }
            let text = matches!(heading.field, Field::Title | Field::Content);
            if text && !dated && !held() && self.ends_not_held(value) {
                return true;
            }
        }
        false
    }
}
