//! Pieces of a part and values become its text.
//!
//! In: [`Node`]s, values, sections. Out: XML. Never here: reading, and what is allowed.

use super::plan::{Last, Node, Shape};
use super::section::{self, Styles};
use super::tag::{Condition, Operand, Path, Test};
use super::write;
use crate::model::form::{NUMBER, term};
use crate::model::{FormRecord, FormSections, FormValue};

/// Pieces that are written in all: loops in loops over long lists could go on for ever.
const PIECES: u64 = 5_000_000;
/// Bytes of a part that is filled.
const BYTES: usize = 300 * 1024 * 1024;
/// What the only row of an empty list says.
pub(super) const NONE: &str = "无";

/// What a part is filled with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filling<'f> {
    pub values: &'f FormRecord,
    pub sections: &'f FormSections,
    pub styles: &'f Styles,
    pub prefix: &'f str,
}

/// An entry that a loop has come to.
#[derive(Clone, Copy)]
struct Entry<'f> {
    list: &'f str,
    name: &'f str,
    /// None: the list is empty, and its only row says so.
    record: Option<&'f FormRecord>,
    number: usize,
    /// Whether its fields may be named alone.
    open: bool,
}

struct Writer<'f> {
    filling: Filling<'f>,
    entries: Vec<Entry<'f>>,
    out: String,
    last: Last,
    again: bool,
    drawings: u64,
    pieces: u64,
    /// Whether the row of an empty list has already said so.
    said: bool,
}

/// The text of a filled part; none where it would become too large. `drawings` is a number above those of
/// all drawings.
pub(super) fn fill<'f>(
    nodes: &'f [Node],
    filling: Filling<'f>,
    drawings: u64,
    length: usize,
) -> Option<String> {
    let mut writer = Writer {
        filling,
        entries: Vec::new(),
        out: String::with_capacity(length + length / 4),
        last: Last::Nothing,
        again: false,
        drawings,
        pieces: 0,
        said: false,
    };
    writer.nodes(nodes);
    (!writer.is_full()).then_some(writer.out)
}

/// What a name stands for.
enum Held<'f> {
    Value(&'f FormValue),
    Number(usize),
    Missing,
    /// A field of an entry that is not there.
    Empty,
}

impl<'f> Writer<'f> {
    fn is_full(&self) -> bool {
        self.pieces > PIECES || self.out.len() > BYTES
    }

    fn nodes(&mut self, nodes: &'f [Node]) {
        for node in nodes {
            self.pieces += 1;
            if self.is_full() {
                return;
            }
            self.node(node);
        }
    }

    fn node(&mut self, node: &'f Node) {
        match node {
            Node::Raw { first, again } => {
                let again = again.as_ref().filter(|_| self.again);
                self.out.push_str(again.unwrap_or(first));
            }
            Node::DrawingId(id) if self.again => {
                self.drawings += 1;
                let _ = id;
                self.out.push_str(&self.drawings.to_string());
            }
            Node::DrawingId(id) => self.out.push_str(id),
            Node::Value(value) => self.value(&value.0, &value.1),
            Node::Section(slot) => {
                let blocks = self.filling.sections.get(&slot.name).map(Vec::as_slice);
                section::write(&mut self.out, slot, blocks, self.filling.styles, self.filling.prefix);
                self.last = Last::Paragraph;
            }
            Node::Each { list, entry, body } => self.each(list, entry, body, true),
            Node::Row { list, body } => self.each(list, list, body, false),
            Node::Choice(arms) => {
                let arm = arms.iter().find(|(condition, _)| condition.as_ref().is_none_or(|c| self.holds(c)));
                if let Some((_, body)) = arm {
                    self.nodes(body);
                }
            }
            Node::Table(body) => {
                let (start, before) = (self.out.len(), self.last);
                self.last = Last::Nothing;
                self.nodes(body);
                let rows = self.last == Last::Row;
                self.last = before;
                if !rows {
                    self.out.truncate(start);
                }
            }
            Node::Holder { body, filler } => {
                let before = std::mem::replace(&mut self.last, Last::Nothing);
                self.nodes(body);
                if self.last != Last::Paragraph {
                    self.out.push_str(filler);
                }
                self.last = before;
            }
            Node::Did(last) => self.last = *last,
        }
    }

    /// Once for each entry; the row of an empty list once to say so.
    fn each(&mut self, list: &'f str, name: &'f str, body: &'f [Node], open: bool) {
        let entries = match self.filling.values.get(list) {
            Some(FormValue::List(entries)) => entries.as_slice(),
            _ => &[],
        };
        let before = self.again;
        for (at, record) in entries.iter().enumerate() {
            self.pieces += 1;
            if self.is_full() {
                return;
            }
            self.again = before || at > 0;
            self.entries.push(Entry { list, name, record: Some(record), number: at + 1, open });
            self.nodes(body);
            self.entries.pop();
        }
        self.again = before;
        if entries.is_empty() && !open {
            self.said = false;
            self.entries.push(Entry { list, name, record: None, number: 0, open });
            self.nodes(body);
            self.entries.pop();
        }
    }

    fn held(&self, path: &Path) -> Held<'f> {
        let name = path.name.as_str();
        let in_entry = |entry: &Entry<'f>| match entry.record {
            None => Held::Empty,
            Some(record) => match record.get(name) {
                Some(value) => Held::Value(value),
                None if name == NUMBER => Held::Number(entry.number),
                None => Held::Missing,
            },
        };
        let Some(of) = path.of.as_deref() else {
            let near = self.entries.iter().rev().find(|entry| {
                entry.open && entry.record.is_some_and(|record| record.contains_key(name)) || name == NUMBER
            });
            if let Some(entry) = near {
                return in_entry(entry);
            }
            return self.filling.values.get(name).map_or(Held::Missing, Held::Value);
        };
        let entry = self.entries.iter().rev().find(|entry| entry.name == of || entry.list == of);
        entry.map_or(Held::Missing, in_entry)
    }

    fn value(&mut self, path: &Path, shape: &Shape) {
        let text = match self.held(path) {
            Held::Value(FormValue::Text(text)) => text.clone(),
            Held::Number(number) => number.to_string(),
            Held::Value(FormValue::Missing | FormValue::List(_)) | Held::Missing => {
                format!("【待补：{}】", path.name)
            }
            Held::Empty if self.said => String::new(),
            Held::Empty => {
                self.said = true;
                NONE.to_owned()
            }
        };
        write::text(&mut self.out, shape, &text, self.filling.prefix);
    }

    fn holds(&self, condition: &Condition) -> bool {
        condition.0.iter().any(|all| all.iter().all(|test| self.test(test)))
    }

    fn test(&self, test: &Test) -> bool {
        let left = self.held(&test.path);
        let holds = match &test.compare {
            None => match left {
                Held::Value(FormValue::Text(text)) => !matches!(text.trim(), "" | "0" | "否" | "无"),
                Held::Value(FormValue::List(list)) => !list.is_empty(),
                Held::Number(_) => true,
                Held::Value(FormValue::Missing) | Held::Missing | Held::Empty => false,
            },
            Some((compare, operand)) => {
                let right = match operand {
                    Operand::Text(text) => Some(text.clone()),
                    Operand::Name(path) => self.compared(path),
                };
                shown(&left).zip(right).is_some_and(|(left, right)| compare.holds(&left, &right))
            }
        };
        holds != test.negated
    }

    /// What a name behind a comparison stands for; what is no name is a text.
    fn compared(&self, path: &Path) -> Option<String> {
        let held = self.held(path);
        let unknown = path.of.is_none() && matches!(held, Held::Missing) && term(&path.name, false).is_none();
        if unknown { Some(path.name.clone()) } else { shown(&held) }
    }
}

/// A value as it is compared; a list by its length.
fn shown(held: &Held<'_>) -> Option<String> {
    match held {
        Held::Value(FormValue::Text(text)) => Some(text.clone()),
        Held::Value(FormValue::List(list)) => Some(list.len().to_string()),
        Held::Number(number) => Some(number.to_string()),
        Held::Value(FormValue::Missing) | Held::Missing | Held::Empty => None,
    }
}
