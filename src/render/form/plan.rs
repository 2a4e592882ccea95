//! A part cut up into what is copied and what is filled.
//!
//! In: the elements of a part and what its placeholders do. Out: [`Node`]s; filling is then only joining texts.
//! Never here: values.

use super::layout::{Events, Layout, Use};
use super::tag::{Condition, Path, Word};
use super::xml::{Tag, Tree};

/// A piece of a part.
#[derive(Debug)]
pub(super) enum Node {
    /// Copied as it stands; in a loop, from the second round on, without what may stand there only once.
    Raw { first: String, again: Option<String> },
    /// The number of a drawing, which a second round may not have.
    DrawingId(String),
    /// A value in the shape of the run in which it was typed.
    Value(Box<(Path, Shape)>),
    /// A section in the shape of its paragraph.
    Section(Box<Slot>),
    /// Once for each entry.
    Each { list: String, entry: String, body: Vec<Node> },
    /// A row, once for each entry, or once to say that there is none.
    Row { list: String, body: Vec<Node> },
    /// The first of which the condition holds.
    Choice(Vec<(Option<Condition>, Vec<Node>)>),
    /// A table, which is left out where no row remains.
    Table(Vec<Node>),
    /// What must end in a paragraph, and the one that is put in where none remains.
    Holder { body: Vec<Node>, filler: String },
    /// What now stands last.
    Did(Last),
}

/// What stands last in a cell or table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    Nothing,
    Paragraph,
    Row,
    Other,
}

/// The run in which a placeholder begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Shape {
    /// Its opening tag.
    pub run: String,
    /// Its properties as they stand; may be empty.
    pub properties: String,
}

/// The paragraph of a section.
#[derive(Debug)]
pub(super) struct Slot {
    pub name: String,
    /// What is inside its properties, without the end of a page section.
    pub inner: String,
    /// The page section that ends here; may be empty.
    pub page: String,
    pub shape: Shape,
}

/// The pieces of a part.
pub(super) fn plan(tree: &Tree<'_>, layout: &Layout) -> Vec<Node> {
    let mut plan = Plan::new(tree, layout);
    plan.children(0);
    plan.finish()
}

/// A loop or condition that is being collected.
struct Frame {
    kind: Kind,
    arms: Vec<(Option<Condition>, Vec<Node>)>,
}

enum Kind {
    Whole,
    Each { list: String, entry: String },
    Row { list: String },
    Choice,
    Table,
    Holder { filler: String },
}

/// Pieces in the making.
pub(super) struct Plan<'p, 't> {
    pub tree: &'p Tree<'t>,
    pub layout: &'p Layout,
    starts: Vec<usize>,
    frames: Vec<Frame>,
    loops: usize,
}

impl<'p, 't> Plan<'p, 't> {
    fn new(tree: &'p Tree<'t>, layout: &'p Layout) -> Self {
        let starts = layout.tags.iter().map(|tag| tag.start).collect();
        let whole = Frame { kind: Kind::Whole, arms: vec![(None, Vec::new())] };
        Self { tree, layout, starts, frames: vec![whole], loops: 0 }
    }

    fn finish(mut self) -> Vec<Node> {
        while self.frames.len() > 1 {
            self.close();
        }
        self.frames.pop().and_then(|mut frame| frame.arms.pop()).map_or_else(Vec::new, |arm| arm.1)
    }

    /// Whether anything is to be done in a range of bytes.
    pub(super) fn touches(&self, start: usize, end: usize) -> bool {
        let at = self.starts.partition_point(|tag| *tag < start);
        self.starts.get(at).is_some_and(|tag| *tag < end)
            // A placeholder that began in an earlier run may reach in here.
            || at > 0 && self.layout.tags.get(at - 1).is_some_and(|tag| tag.end > start && tag.start < end)
    }

    pub(super) fn node(&mut self, node: Node) {
        let arm = self.frames.last_mut().and_then(|frame| frame.arms.last_mut());
        let Some((_, nodes)) = arm else { return };
        if let (Some(Node::Raw { first, again }), Node::Raw { first: more, again: more_again }) =
            (nodes.last_mut(), &node)
        {
            if again.is_some() || more_again.is_some() {
                let old = again.take().unwrap_or_else(|| first.clone());
                *again = Some(old + more_again.as_deref().unwrap_or(more));
            }
            first.push_str(more);
            return;
        }
        nodes.push(node);
    }

    /// Copies text as it stands.
    pub(super) fn raw(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.loops == 0 {
            self.node(Node::Raw { first: text.to_owned(), again: None });
            return;
        }
        let mut rest = text;
        while let Some((before, id, behind)) = drawing_id(rest) {
            self.raw_in_loop(before);
            self.node(Node::DrawingId(id.to_owned()));
            rest = behind;
        }
        self.raw_in_loop(rest);
    }

    fn raw_in_loop(&mut self, text: &str) {
        let again = once_only(text, &self.tree.prefix);
        self.node(Node::Raw { first: text.to_owned(), again });
    }

    fn open(&mut self, kind: Kind, condition: Option<Condition>) {
        self.loops += usize::from(matches!(kind, Kind::Each { .. } | Kind::Row { .. }));
        self.frames.push(Frame { kind, arms: vec![(condition, Vec::new())] });
    }

    fn close(&mut self) {
        if self.frames.len() < 2 {
            return;
        }
        let Some(Frame { kind, mut arms }) = self.frames.pop() else { return };
        self.loops -= usize::from(matches!(kind, Kind::Each { .. } | Kind::Row { .. }));
        if matches!(kind, Kind::Choice) {
            self.node(Node::Choice(arms));
            return;
        }
        let body = arms.pop().map_or_else(Vec::new, |arm| arm.1);
        match kind {
            Kind::Each { list, entry } => self.node(Node::Each { list, entry, body }),
            Kind::Row { list } => self.node(Node::Row { list, body }),
            Kind::Table => self.node(Node::Table(body)),
            Kind::Holder { filler } => self.node(Node::Holder { body, filler }),
            Kind::Whole | Kind::Choice => body.into_iter().for_each(|node| self.node(node)),
        }
    }

    /// Begins, divides or ends a block.
    pub(super) fn block(&mut self, at: usize) {
        let Some(tag) = self.layout.tags.get(at) else { return };
        match &tag.word {
            Word::Each { list, entry } => {
                self.open(Kind::Each { list: list.clone(), entry: entry.clone() }, None);
            }
            Word::If(condition) => self.open(Kind::Choice, Some(condition.clone())),
            Word::ElseIf(condition) => self.arm(Some(condition.clone())),
            Word::Else => self.arm(None),
            Word::End => self.close(),
            Word::Value(_) | Word::Section(_) => {}
        }
    }

    fn arm(&mut self, condition: Option<Condition>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.arms.push((condition, Vec::new()));
        }
    }

    /// What stands inside an element.
    fn children(&mut self, number: usize) {
        let layout = self.layout;
        let (mut at, close) = (self.tree.get(number).inner, self.tree.get(number).close);
        let told = matches!(self.tree.tag(number), Tag::Tbl | Tag::Tc | Tag::Story | Tag::SdtContent);
        for child in self.tree.children(number) {
            let element = self.tree.get(child);
            self.raw(self.tree.slice(at..element.start));
            at = element.end;
            let none = Events::default();
            let events = layout.events.get(&child).unwrap_or(&none);
            events.before.iter().for_each(|tag| self.block(*tag));
            if events.inside.is_empty() {
                let repeated = layout.rows.get(&child);
                if let Some(list) = repeated {
                    self.open(Kind::Row { list: list.clone() }, None);
                }
                self.element(child);
                if told || element.tag == Tag::Tr {
                    self.told(number, child);
                }
                if repeated.is_some() {
                    self.close();
                }
            } else {
                self.removed(child, &events.inside);
            }
            events.after.iter().for_each(|tag| self.block(*tag));
        }
        self.raw(self.tree.slice(at..close));
    }

    /// Notes what now stands last; rows inside a wrapper speak for themselves unless it was copied whole.
    fn told(&mut self, number: usize, child: usize) {
        let element = self.tree.get(child);
        if self.tree.tag(number) == Tag::Tbl && element.tag != Tag::Tr {
            let whole = !self.touches(element.start, element.end);
            if whole && (child..element.after).any(|n| self.tree.tag(n) == Tag::Tr) {
                self.node(Node::Did(Last::Row));
            }
            return;
        }
        self.node(Node::Did(match element.tag {
            Tag::P | Tag::Sdt => Last::Paragraph,
            Tag::Tr => Last::Row,
            Tag::Tbl => Last::Other,
            _ => return,
        }));
    }

    /// An element that stays.
    pub(super) fn element(&mut self, number: usize) {
        let element = self.tree.get(number);
        if !self.touches(element.start, element.end) {
            self.raw(self.tree.raw(number));
            return;
        }
        match element.tag {
            Tag::P => self.paragraph(number),
            Tag::Tbl => self.around(number, Some(Kind::Table), true),
            Tag::Tc | Tag::Story | Tag::SdtContent if self.holds(number) => {
                let filler = self.filler(number);
                self.around(number, Some(Kind::Holder { filler }), false);
            }
            Tag::Sdt => {
                let head = self.control_head(number);
                self.raw(&head);
                let content = self.tree.child(number, Tag::SdtContent).unwrap_or(number);
                self.element(content);
                self.raw(self.tree.slice(self.tree.get(content).end..element.end));
            }
            _ => self.around(number, None, false),
        }
    }

    /// An element with what is inside it; the tags themselves inside or outside of the frame.
    fn around(&mut self, number: usize, frame: Option<Kind>, with_tags: bool) {
        let element = self.tree.get(number);
        let framed = frame.is_some();
        let mut frame = frame;
        if with_tags && let Some(kind) = frame.take() {
            self.open(kind, None);
        }
        self.raw(self.tree.opening(number));
        if let Some(kind) = frame.take() {
            self.open(kind, None);
        }
        self.children(number);
        if framed && !with_tags {
            self.close();
        }
        self.raw(self.tree.slice(element.close..element.end));
        if framed && with_tags {
            self.close();
        }
    }

    /// Whether an element has to hold a paragraph.
    fn holds(&self, number: usize) -> bool {
        let body = self.tree.opening(number).starts_with(&format!("<{}body", self.tree.prefix));
        !body && self.tree.children(number).any(|n| matches!(self.tree.tag(n), Tag::P | Tag::Tbl))
    }

    /// An empty paragraph like the last of an element.
    fn filler(&self, number: usize) -> String {
        let last = self.tree.children(number).filter(|n| self.tree.tag(*n) == Tag::P).last();
        let properties = last.and_then(|n| self.tree.child(n, Tag::PPr));
        let p = &self.tree.prefix;
        let properties = properties.filter(|n| self.tree.child(*n, Tag::SectPr).is_none());
        format!("<{p}p>{}</{p}p>", properties.map_or("", |n| self.tree.raw(n)))
    }

    /// What stands before the content of a content control; a filled one is no hint and has no data behind it.
    pub(super) fn control_head(&self, number: usize) -> String {
        let element = self.tree.get(number);
        let Some(content) = self.tree.child(number, Tag::SdtContent) else {
            return self.tree.opening(number).to_owned();
        };
        let mut head = String::new();
        let mut at = element.start;
        for inner in number + 1..content {
            let inner = self.tree.get(inner);
            if inner.tag == Tag::Binding && inner.start >= at {
                head.push_str(self.tree.slice(at..inner.start));
                at = inner.end;
            }
        }
        head.push_str(self.tree.slice(at..self.tree.get(content).start));
        head
    }

    /// An element that goes; ends of ranges and of page sections stay.
    fn removed(&mut self, number: usize, tags: &[usize]) {
        let mut kept = String::new();
        let mut page = None;
        for inner in number..self.tree.get(number).after {
            match self.tree.tag(inner) {
                Tag::RangeMark => kept.push_str(self.tree.raw(inner)),
                Tag::SectPr => page = Some(inner),
                _ => {}
            }
        }
        if let Some(page) = page {
            let p = &self.tree.prefix;
            kept += &format!("<{p}p><{p}pPr>{}</{p}pPr></{p}p>", self.tree.raw(page));
        }
        let opens = tags.first().and_then(|at| self.layout.tags.get(*at));
        let opens = opens.is_some_and(|tag| matches!(tag.word, Word::Each { .. } | Word::If(_)));
        if opens {
            self.raw(&kept);
        }
        for tag in tags {
            self.block(*tag);
        }
        if !opens {
            self.raw(&kept);
        }
    }

    /// What a placeholder does.
    pub(super) fn use_of(&self, at: usize) -> Use {
        self.layout.uses.get(at).copied().unwrap_or(Use::Around)
    }
}

/// The text before the number of a drawing, the number, and the text behind it.
fn drawing_id(text: &str) -> Option<(&str, &str, &str)> {
    let element = text.find(":docPr ")?;
    let tag = text.get(element..)?;
    let attribute = tag.find(" id=\"").filter(|at| !tag.get(..*at).unwrap_or("").contains('>'))? + 5;
    let length = tag.get(attribute..)?.find('"')?;
    let start = element + attribute;
    Some((text.get(..start)?, text.get(start..start + length)?, text.get(start + length..)?))
}

/// The text without what may stand in a document only once; none where there is nothing of the kind.
fn once_only(text: &str, prefix: &str) -> Option<String> {
    const MARKS: [&str; 6] =
        ["bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd"];
    const NUMBERS: [&str; 2] = [" w14:paraId=\"", " w14:textId=\""];
    if !MARKS.iter().chain(&NUMBERS).any(|mark| text.contains(mark)) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', ' ']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let name = found.strip_prefix('<').and_then(|tag| tag.strip_prefix(prefix));
        let mark = name.is_some_and(|name| MARKS.iter().any(|mark| name.starts_with(mark)));
        let end = mark.then(|| found.find('>')).flatten().map_or(0, |end| end + 1);
        if found.get(..end).is_some_and(|tag| tag.ends_with("/>")) {
            rest = found.get(end..).unwrap_or("");
        } else if let Some(number) = NUMBERS.iter().find(|number| found.starts_with(**number)) {
            let value = found.get(number.len()..).unwrap_or("");
            rest = value.find('"').and_then(|end| value.get(end + 1..)).unwrap_or("");
        } else {
            let (one, more) = found.split_at(1);
            out.push_str(one);
            rest = more;
        }
    }
    out.push_str(rest);
    Some(out)
}
