//! A paragraph with placeholders: its runs are cut at them, everything else stays as it is.

use super::layout::Use;
use super::plan::{Node, Plan, Shape, Slot};
use super::scan::text_of;
use super::tag::Word;
use super::xml::{Tag, Tree};

/// What lies around the runs of a paragraph: an insertion, a link, a content control.
struct Wrapper {
    open: String,
    close: String,
}

/// The state of a paragraph that is being cut up.
struct Cut {
    wrappers: Vec<Wrapper>,
    /// How many of them have been written.
    written: usize,
}

/// A run that is being put together again.
#[derive(Default)]
struct Run {
    shape: Shape,
    content: Vec<Piece>,
}

enum Piece {
    Text(String),
    Element(usize),
}

impl Plan<'_, '_> {
    /// A paragraph that holds a placeholder, or a text box that does.
    pub(super) fn paragraph(&mut self, number: usize) {
        let layout = self.layout;
        let start = self.tree.get(number).start;
        let first = layout.tags.partition_point(|tag| tag.start < start);
        let section = layout.tags.get(first).filter(|tag| tag.paragraph == number);
        if let Some(Word::Section(name)) = section.map(|tag| &tag.word) {
            let slot = slot(self.tree, number, name);
            self.node(Node::Section(Box::new(slot)));
            return;
        }
        let element = self.tree.get(number);
        self.raw(self.tree.opening(number));
        let mut cut = Cut { wrappers: Vec::new(), written: 0 };
        self.level(number, element.inner, &mut cut);
        self.raw(self.tree.slice(element.close..element.end));
    }

    /// What stands inside a paragraph, or inside a wrapper of runs.
    fn level(&mut self, number: usize, from: usize, cut: &mut Cut) {
        let mut at = from;
        for child in self.tree.children(number) {
            let element = self.tree.get(child);
            if element.start < at {
                continue;
            }
            let gap = self.tree.slice(at..element.start);
            self.text(gap, cut);
            at = element.end;
            if !self.touches(element.start, element.end) {
                self.text(self.tree.raw(child), cut);
                continue;
            }
            match element.tag {
                Tag::R => self.run(child, cut),
                Tag::Sdt => {
                    let open = self.control_head(child);
                    let content = self.tree.child(child, Tag::SdtContent).unwrap_or(child);
                    let inner = self.tree.get(content);
                    let wrapper = Wrapper {
                        open: open + self.tree.slice(inner.start..inner.inner),
                        close: self.tree.slice(inner.close..element.end).to_owned(),
                    };
                    self.wrapped(content, wrapper, cut);
                }
                _ if element.close == element.end => self.text(self.tree.raw(child), cut),
                _ => {
                    let wrapper = Wrapper {
                        open: self.tree.opening(child).to_owned(),
                        close: self.tree.slice(element.close..element.end).to_owned(),
                    };
                    self.wrapped(child, wrapper, cut);
                }
            }
        }
        let close = self.tree.get(number).close;
        self.text(self.tree.slice(at..close), cut);
    }

    fn wrapped(&mut self, number: usize, wrapper: Wrapper, cut: &mut Cut) {
        cut.wrappers.push(wrapper);
        self.level(number, self.tree.get(number).inner, cut);
        let depth = cut.wrappers.len();
        if let Some(wrapper) = cut.wrappers.pop()
            && cut.written == depth
        {
            self.raw(&wrapper.close);
            cut.written -= 1;
        }
    }

    /// Copies text, inside its wrappers.
    fn text(&mut self, text: &str, cut: &mut Cut) {
        if text.is_empty() {
            return;
        }
        self.enter(cut);
        self.raw(text);
    }

    fn enter(&mut self, cut: &mut Cut) {
        let missing: Vec<String> =
            cut.wrappers.iter().skip(cut.written).map(|wrapper| wrapper.open.clone()).collect();
        for open in missing {
            self.raw(&open);
        }
        cut.written = cut.wrappers.len();
    }

    /// Leaves all wrappers: a block begins and ends in the paragraph itself.
    fn leave(&mut self, cut: &mut Cut) {
        let open: Vec<String> =
            cut.wrappers.iter().take(cut.written).rev().map(|wrapper| wrapper.close.clone()).collect();
        for close in open {
            self.raw(&close);
        }
        cut.written = 0;
    }

    fn run(&mut self, number: usize, cut: &mut Cut) {
        let mut run = Run { shape: shape(self.tree, number), content: Vec::new() };
        for child in self.tree.children(number) {
            let element = self.tree.get(child);
            match element.tag {
                Tag::RPr => {}
                Tag::T if self.touches(element.start, element.end) && text_of(self.tree, child).is_some() => {
                    self.pieces(child, &mut run, cut);
                }
                // A break inside a placeholder goes with it; whatever else is caught in one stays.
                Tag::Space if self.within(element.start) => {}
                _ => run.content.push(Piece::Element(child)),
            }
        }
        self.flush(&mut run, cut);
    }

    /// Whether a byte stands inside a placeholder.
    fn within(&self, byte: usize) -> bool {
        let tags = &self.layout.tags;
        let before = tags.partition_point(|tag| tag.start <= byte);
        before.checked_sub(1).and_then(|at| tags.get(at)).is_some_and(|tag| byte < tag.end)
    }

    /// A text, cut at the placeholders that begin in it or reach into it.
    fn pieces(&mut self, number: usize, run: &mut Run, cut: &mut Cut) {
        let layout = self.layout;
        let element = self.tree.get(number);
        let (start, close) = (element.inner, element.close);
        let first = layout.tags.partition_point(|tag| tag.end <= start);
        let mut at = start;
        let mut parts: Vec<(usize, usize, Option<usize>)> = Vec::new();
        for (index, tag) in layout.tags.iter().enumerate().skip(first) {
            if tag.start >= close {
                break;
            }
            let begins = tag.start >= start;
            parts.push((at, tag.start.max(start), begins.then_some(index)));
            at = tag.end.min(close);
        }
        for (from, until, tag) in parts {
            run.content.extend(self.kept(number, from, until));
            let Some(tag) = tag else { continue };
            self.flush(run, cut);
            self.placeholder(tag, &run.shape, cut);
        }
        run.content.extend(self.kept(number, at, close));
    }

    /// A part of a text that stays; where blanks are not kept, those at its ends were never shown.
    fn kept(&self, number: usize, from: usize, until: usize) -> Option<Piece> {
        let element = self.tree.get(number);
        let keeps = self.tree.opening(number).contains("preserve");
        let mut text = self.tree.slice(from..until);
        if !keeps && from == element.inner {
            text = text.trim_start();
        }
        if !keeps && until == element.close {
            text = text.trim_end();
        }
        let p = &self.tree.prefix;
        (!text.is_empty()).then(|| Piece::Text(format!("<{p}t xml:space=\"preserve\">{text}</{p}t>")))
    }

    fn placeholder(&mut self, at: usize, shape: &Shape, cut: &mut Cut) {
        let layout = self.layout;
        let Some(tag) = layout.tags.get(at) else { return };
        match (self.use_of(at), &tag.word) {
            (Use::Filled, Word::Value(path)) => {
                self.enter(cut);
                self.node(Node::Value(Box::new((path.clone(), shape.clone()))));
            }
            (Use::Inline, _) => {
                self.leave(cut);
                self.block(at);
            }
            _ => {}
        }
    }

    /// Writes what has been collected of a run.
    fn flush(&mut self, run: &mut Run, cut: &mut Cut) {
        if run.content.is_empty() {
            return;
        }
        self.enter(cut);
        let opening = format!("{}{}", run.shape.run, run.shape.properties);
        self.raw(&opening);
        for piece in std::mem::take(&mut run.content) {
            match piece {
                Piece::Text(text) => self.raw(&text),
                Piece::Element(number) => self.element(number),
            }
        }
        let close = format!("</{}r>", self.tree.prefix);
        self.raw(&close);
    }
}

fn shape(tree: &Tree<'_>, run: usize) -> Shape {
    let properties = tree.child(run, Tag::RPr).map_or("", |n| tree.raw(n));
    Shape { run: tree.opening(run).to_owned(), properties: properties.to_owned() }
}

/// The shape of the paragraph in which a section stands.
fn slot(tree: &Tree<'_>, paragraph: usize, name: &str) -> Slot {
    let first = (paragraph..tree.get(paragraph).after).find(|n| tree.tag(*n) == Tag::T);
    let run = first.and_then(|n| tree.around(n).find(|n| tree.tag(*n) == Tag::R));
    let plain = Shape { run: format!("<{}r>", tree.prefix), ..Shape::default() };
    let (mut inner, mut page) = (String::new(), String::new());
    if let Some(properties) = tree.child(paragraph, Tag::PPr) {
        let element = tree.get(properties);
        let end = tree.child(properties, Tag::SectPr);
        page = end.map_or_else(String::new, |n| tree.raw(n).to_owned());
        inner = tree.slice(element.inner..element.close).replace(page.as_str(), "");
    }
    Slot { name: name.to_owned(), inner, page, shape: run.map_or(plain, |n| shape(tree, n)) }
}
