//! What a line beneath a header is: a record, more of the one above, or neither.
//!
//! In: a line and the meanings of its columns. Out: a verdict. Never here: values, and which lines are a
//! header.

use super::draft::Draft;
use super::header;
use super::lines::{self, Line};
use super::rows::Reader;
use super::view::{folded, is_one_of, text_of};
use super::words;
use crate::model::{Field, GridCell, GridValue, Heading, Reason};

/// What a line beneath a header is.
pub(super) enum Verdict {
    /// A record.
    Record,
    /// More of the record above.
    Append(String),
    /// A title, section or the like.
    Line(Line),
    /// No record.
    Leave(Reason),
    /// Nothing of the line lies in the columns of this table.
    Elsewhere,
}

impl Reader<'_, '_, '_> {
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

    /// What a line is; `first` says that no record of the table stands above it.
    pub(super) fn verdict(&self, index: usize, headings: &[Heading], first: bool, draft: &Draft) -> Verdict {
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
        if !self.own.is_empty() && self.view.cells(index).iter().all(|c| !self.own.contains(&c.col)) {
            return Verdict::Leave(Reason::Placeholder);
        }
        let field_of = |col: u32| headings.iter().find(|h| h.col == col).map(|h| h.field);
        let own = self.view.cells(index).iter().map(|cell| (cell, field_of(cell.col)));
        // What stands in the columns of another table says nothing of this one.
        for (cell, of) in own.filter(|(_, of)| !self.side_by_side || of.is_some()).take(3) {
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
        let here = |c: &&GridCell| !self.side_by_side || field_of(c.col).is_some();
        let cells = self.view.cells(index).iter().filter(here);
        let hints = cells.filter(|c| is_one_of(&c.value, &words.format_hints));
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
