//! Which placeholders belong together, and what each does to the paragraphs and rows around it.
//!
//! In: the placeholders of a part. Out: for each whether it is filled, stands within a sentence, or takes a
//! paragraph or row away. Never here: text of the result.

use super::fault::Fault;
use super::names::Names;
use super::scan::{Found, decoded, text_of};
use super::tag::{Path, Word};
use super::xml::{Tag, Tree};
use std::collections::BTreeMap;

/// Blocks inside blocks.
pub(super) const DEPTH: usize = 8;

/// A loop or a condition from its first to its last placeholder.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub open: usize,
    elses: Vec<usize>,
    close: Option<usize>,
    /// The block around it.
    above: Option<usize>,
}

/// What a placeholder does where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It is replaced.
    Filled,
    /// It begins, divides or ends a part of its own paragraph.
    Inline,
    /// It begins, divides or ends paragraphs or rows, and leaves nothing behind.
    Around,
}

/// The placeholders that count at a paragraph, table or row.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub before: Vec<usize>,
    /// Those for the sake of which it is taken away.
    pub inside: Vec<usize>,
    pub after: Vec<usize>,
}

/// What is known about a part.
#[derive(Debug)]
pub(super) struct Layout {
    pub tags: Vec<Found>,
    pub uses: Vec<Use>,
    pub events: BTreeMap<usize, Events>,
    /// Rows that are repeated for the entries of a list.
    pub rows: BTreeMap<usize, String>,
    blocks: Vec<Block>,
    /// The innermost block around each placeholder.
    scopes: Vec<Option<usize>>,
    /// Blocks: their bytes in order.
    hidden: Vec<(usize, usize)>,
    seen: BTreeMap<usize, Option<(usize, usize)>>,
}

impl Layout {
    /// Sorts out the placeholders of a part; whatever is wrong goes to `faults`.
    pub(super) fn of(tree: &Tree<'_>, tags: Vec<Found>, names: &mut Names, faults: &mut Vec<Fault>) -> Self {
        let is_block = |word: &Word| !matches!(word, Word::Value(_) | Word::Section(_));
        let hidden = tags.iter().filter(|t| is_block(&t.word)).map(|t| (t.start, t.end)).collect();
        let mut layout = Self {
            uses: vec![Use::Filled; tags.len()],
            scopes: vec![None; tags.len()],
            tags,
            events: BTreeMap::new(),
            rows: BTreeMap::new(),
            blocks: Vec::new(),
            hidden,
            seen: BTreeMap::new(),
        };
        layout.pair(tree, faults);
        for at in 0..layout.blocks.len() {
            layout.settle(tree, at, faults);
        }
        layout.check_names(tree, names, faults);
        for tag in layout.tags.iter().filter(|tag| matches!(tag.word, Word::Section(_))) {
            let paragraph = tree.get(tag.paragraph);
            let alone = tag_alone(tree, tag, paragraph.start..paragraph.end);
            if !alone {
                let message = format!("“{}”要单独写成一段", tag.written);
                faults.push(
                    Fault::new(&tag.place, message, "请把它前后的文字和图片移到别的段落").at(tag.start),
                );
            }
        }
        layout
    }

    fn pair(&mut self, tree: &Tree<'_>, faults: &mut Vec<Fault>) {
        let mut stacks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, tag) in self.tags.iter().enumerate() {
            let story = tree.around(tag.paragraph).find(|n| tree.tag(*n) == Tag::Story).unwrap_or(0);
            let stack = stacks.entry(story).or_default();
            // Beyond the depth that is allowed, blocks lie beside each other: the template is refused anyway.
            let above = stack.iter().take(DEPTH).next_back().copied();
            let fault = |message: &str, advice: &str| {
                Fault::new(&tag.place, format!("“{}”{message}", tag.written), advice).at(tag.start)
            };
            match &tag.word {
                Word::Value(_) | Word::Section(_) => {}
                Word::Each { .. } | Word::If(_) => {
                    if stack.len() >= DEPTH {
                        faults.push(fault(&format!("套得太深，最多{DEPTH}层"), "请减少层数"));
                    }
                    stack.push(self.blocks.len());
                    self.blocks.push(Block { open: at, above, ..Block::default() });
                }
                Word::Else | Word::ElseIf(_) => {
                    let block = stack.last().and_then(|n| self.blocks.get_mut(*n));
                    let last =
                        block.as_ref().and_then(|b| self.tags.get(b.elses.last().copied().unwrap_or(b.open)));
                    match (block, last.map(|tag| &tag.word)) {
                        (Some(block), Some(Word::If(_) | Word::ElseIf(_))) => block.elses.push(at),
                        _ => faults
                            .push(fault("前面没有与它相配的“{{如有 …}}”或“{{如果 …}}”", "请补上，或删去它")),
                    }
                }
                Word::End => match stack.pop().and_then(|n| self.blocks.get_mut(n)) {
                    Some(block) => block.close = Some(at),
                    None => {
                        faults
                            .push(fault("前面没有与它相配的“{{每项 …}}”或“{{如有 …}}”", "请补上，或删去它"));
                    }
                },
            }
            let own = matches!(tag.word, Word::Value(_) | Word::Section(_));
            if let Some(scope) = self.scopes.get_mut(at) {
                *scope = if own || matches!(tag.word, Word::Each { .. } | Word::If(_)) {
                    above
                } else {
                    above.and_then(|n| self.blocks.get(n)).and_then(|b| b.above)
                };
            }
        }
        for tag in self.blocks.iter().filter(|b| b.close.is_none()).filter_map(|b| self.tags.get(b.open)) {
            let message = format!("“{}”后面没有与它相配的“{{{{完}}}}”", tag.written);
            faults.push(Fault::new(&tag.place, message, "请在要重复或取舍的内容后面补上").at(tag.start));
        }
    }

    /// Finds what a block spans.
    fn settle(&mut self, tree: &Tree<'_>, at: usize, faults: &mut Vec<Fault>) {
        let Some(block) = self.blocks.get(at) else { return };
        let (open, elses) = (block.open, block.elses.clone());
        let Some(close) = block.close else { return };
        let paragraphs: BTreeMap<usize, usize> = [open, close]
            .iter()
            .chain(&elses)
            .filter_map(|at| Some((*at, self.tags.get(*at)?.paragraph)))
            .collect();
        let paragraph = |at: usize| paragraphs.get(&at).copied().unwrap_or(0);
        let all: Vec<usize> = [open].into_iter().chain(elses.iter().copied()).chain([close]).collect();
        if all.iter().all(|at| paragraph(*at) == paragraph(open)) {
            self.mark(&all, Use::Inline);
            return;
        }
        self.mark(&all, Use::Around);
        let chain = |at: usize| {
            let number = paragraph(at);
            let mut chain: Vec<usize> = std::iter::once(number).chain(tree.around(number)).collect();
            chain.reverse();
            chain
        };
        let (first, last) = (chain(open), chain(close));
        let mut depth = first.iter().zip(&last).take_while(|(a, b)| a == b).count();
        // From cell to cell of one row: the row.
        let one_row =
            depth.checked_sub(1).and_then(|n| first.get(n)).is_some_and(|n| tree.tag(*n) == Tag::Tr);
        if one_row {
            depth -= 1;
        }
        let start = first.get(depth).copied().unwrap_or(0);
        let end = last.get(depth).copied().unwrap_or(0);
        let goes = !one_row && self.is_empty(tree, start);
        let stays = one_row || tree.tag(start) == Tag::Tr || self.at_edge(tree, start, open, true);
        match (goes, stays) {
            (true, _) => self.events.entry(start).or_default().inside.push(open),
            (_, true) => self.events.entry(start).or_default().before.push(open),
            _ => self.stray(open, faults),
        }
        for at in elses {
            let inside = chain(at).get(depth).copied().filter(|_| !one_row);
            match inside.filter(|n| chain(at).get(..depth) == first.get(..depth) && self.is_empty(tree, *n)) {
                Some(inside) => self.events.entry(inside).or_default().inside.push(at),
                None => self.stray(at, faults),
            }
        }
        let goes = !one_row && self.is_empty(tree, end);
        let stays = one_row || tree.tag(end) == Tag::Tr || self.at_edge(tree, end, close, false);
        match (goes, stays) {
            (true, _) => self.events.entry(end).or_default().inside.push(close),
            (_, true) => self.events.entry(end).or_default().after.push(close),
            _ => self.stray(close, faults),
        }
    }

    fn mark(&mut self, tags: &[usize], how: Use) {
        for at in tags {
            if let Some(mark) = self.uses.get_mut(*at) {
                *mark = how;
            }
        }
    }

    fn stray(&self, at: usize, faults: &mut Vec<Fault>) {
        let Some(tag) = self.tags.get(at) else { return };
        let message = format!("“{}”和与它相配的不在同一段里，前后又有别的文字", tag.written);
        let advice = "请让它单独占一段（表格里单独占一行），或把一整句写在同一段里";
        faults.push(Fault::new(&tag.place, message, advice).at(tag.start));
    }

    /// Whether nothing is to be seen in an element besides the placeholders of blocks.
    fn is_empty(&mut self, tree: &Tree<'_>, number: usize) -> bool {
        tree.tag(number) != Tag::Tbl && self.visible(tree, number).is_none()
    }

    /// Whether a paragraph shows nothing before (or behind) a placeholder.
    fn at_edge(&mut self, tree: &Tree<'_>, number: usize, at: usize, before: bool) -> bool {
        let Some((start, end)) = self.tags.get(at).map(|tag| (tag.start, tag.end)) else { return false };
        tree.tag(number) == Tag::P
            && self
                .visible(tree, number)
                .is_none_or(|(first, last)| if before { end <= first } else { last <= start })
    }

    /// From the first to the last byte of an element at which there is something to be seen.
    fn visible(&mut self, tree: &Tree<'_>, number: usize) -> Option<(usize, usize)> {
        if let Some(seen) = self.seen.get(&number) {
            return *seen;
        }
        let mut span: Option<(usize, usize)> = None;
        let mut add = |start: usize, end: usize| {
            span = Some((span.map_or(start, |(first, _)| first), end));
        };
        for inner in number..tree.get(number).after {
            let element = tree.get(inner);
            match element.tag {
                Tag::Seen => add(element.start, element.end),
                Tag::T => match text_of(tree, inner) {
                    None => add(element.start, element.end),
                    Some(text) => {
                        for (at, length, c) in decoded(text) {
                            let at = element.inner + at;
                            if !c.is_whitespace() && !self.hides(at) {
                                add(at, at + length);
                            }
                        }
                    }
                },
                _ => {}
            }
        }
        self.seen.insert(number, span);
        span
    }

    fn hides(&self, byte: usize) -> bool {
        let before = self.hidden.partition_point(|(start, _)| *start <= byte);
        before.checked_sub(1).and_then(|at| self.hidden.get(at)).is_some_and(|(_, end)| byte < *end)
    }

    /// The lists of the blocks around a placeholder with the names of their entries, innermost first.
    fn loops(&self, at: usize) -> Vec<(&str, &str)> {
        let first = self.scopes.get(at).copied().flatten();
        let up = |n: &usize| self.blocks.get(*n).and_then(|block| block.above);
        let chain = std::iter::successors(first, up).filter_map(|n| self.tags.get(self.blocks.get(n)?.open));
        chain
            .filter_map(|tag| match &tag.word {
                Word::Each { list, entry } => Some((list.as_str(), entry.as_str())),
                _ => None,
            })
            .collect()
    }

    fn check_names(&mut self, tree: &Tree<'_>, names: &mut Names, faults: &mut Vec<Fault>) {
        let mut rows: BTreeMap<usize, String> = BTreeMap::new();
        // Rows first: a row that is repeated knows 序号.
        for (at, tag) in self.tags.iter().enumerate() {
            for path in paths(&tag.word) {
                let Some(list) = names.list_of(path, &self.loops(at)) else { continue };
                let row = tree
                    .around(tag.paragraph)
                    .take_while(|n| tree.tag(*n) != Tag::Story)
                    .find(|n| tree.tag(*n) == Tag::Tr)
                    .filter(|_| self.uses.get(at) != Some(&Use::Around));
                let Some(row) = row else {
                    let message = format!(
                        "“{}”不在表格的一行里，也不在“{{{{每项 {list}}}}}”和“{{{{完}}}}”之间",
                        tag.written
                    );
                    let advice = "请把它写在表格的一行里，或在前后加上“{{每项 …}}”和“{{完}}”";
                    faults.push(Fault::new(&tag.place, message, advice).at(tag.start));
                    continue;
                };
                let of_row = rows.entry(row).or_insert_with(|| list.to_owned());
                if of_row != list {
                    let message = format!("同一行里既有“{of_row}”又有“{list}”，不知道按哪一个重复");
                    faults.push(Fault::new(&tag.place, message, "请分成两张表，或两行").at(tag.start));
                }
            }
        }
        for (at, tag) in self.tags.iter().enumerate() {
            let row = tree.around(tag.paragraph).find_map(|n| rows.get(&n)).map(String::as_str);
            names.check(tag, &self.loops(at), row, faults);
        }
        self.rows = rows;
    }
}

/// Whether a section stands alone in its paragraph.
fn tag_alone(tree: &Tree<'_>, tag: &Found, range: std::ops::Range<usize>) -> bool {
    let end = tree.get(tag.paragraph).after;
    (tag.paragraph..end).all(|n| {
        let element = tree.get(n);
        match element.tag {
            Tag::Seen => !range.contains(&element.start),
            Tag::T => text_of(tree, n).is_some_and(|text| {
                decoded(text).all(|(at, _, c)| {
                    let at = element.inner + at;
                    c.is_whitespace() || (tag.start..tag.end).contains(&at)
                })
            }),
            _ => true,
        }
    })
}

/// The names in a placeholder.
pub(super) fn paths(word: &Word) -> Vec<&Path> {
    match word {
        Word::Value(path) => vec![path],
        Word::If(condition) | Word::ElseIf(condition) => condition.paths().collect(),
        Word::Section(_) | Word::Each { .. } | Word::Else | Word::End => Vec::new(),
    }
}
