//! The elements of a part with the places where they stand.
//!
//! In: XML. Out: elements in their order with byte ranges, so that whatever is not filled can be copied as it
//! stands. Never here: what a placeholder is.

use super::fault::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::ops::Range;

/// Elements of a part.
const ELEMENTS: usize = 1_000_000;
/// Elements inside elements.
const DEPTH: usize = 256;
/// Where elements of Word's own are named, in the usual and in the strict form.
const NAMESPACES: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];

/// What an element is, as far as filling asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// The whole text of a part, or a note of it: `w:body`, `w:hdr`, `w:ftr`, `w:footnote`, `w:endnote`,
    /// `w:txbxContent`.
    Story,
    P,
    PPr,
    R,
    RPr,
    T,
    Tbl,
    Tr,
    Tc,
    Sdt,
    SdtPr,
    SdtContent,
    SectPr,
    /// Deleted or moved away: its text is not there.
    Gone,
    /// A break or tab within text.
    Space,
    /// Something to be seen that is no text.
    Seen,
    /// One end of a range, such as a bookmark.
    RangeMark,
    /// What binds a content control to data, or marks its content as a hint.
    Binding,
    /// The number of a drawing.
    DrawingId,
    Other,
}

/// An element.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub tag: Tag,
    /// From its opening to its closing tag, both included.
    pub start: usize,
    /// The end of the opening tag.
    pub inner: usize,
    /// The start of the closing tag.
    pub close: usize,
    pub end: usize,
    pub parent: usize,
    /// The number of the first element after it that is not inside it.
    pub after: usize,
}

/// A part as elements; the first is the whole.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    pub text: &'t str,
    /// The prefix of Word's own elements with its colon.
    pub prefix: String,
    elements: Vec<Element>,
}

impl<'t> Tree<'t> {
    /// The elements of a part.
    ///
    /// # Errors
    /// Where it is no XML, or beyond the limits.
    pub(super) fn read(text: &'t str, part: &str) -> Result<Self, Fault> {
        let broken = |what: &str| {
            Fault::new(part, format!("内容损坏（{what}）"), "请用 WPS 或 Word 打开，另存一份再试")
        };
        let prefix = prefix(text);
        let whole = Element {
            tag: Tag::Other,
            start: 0,
            inner: 0,
            close: text.len(),
            end: text.len(),
            parent: 0,
            after: 0,
        };
        let mut elements = vec![whole];
        let mut open = vec![0_usize];
        let mut reader = Reader::from_str(text);
        let mut at = 0;
        loop {
            let event = reader.read_event().map_err(|_| broken("不是完整的 XML"))?;
            let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let (start, empty) = match &event {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(_) => {
                    let closed =
                        open.pop().filter(|_| !open.is_empty()).ok_or_else(|| broken("标记不成对"))?;
                    let after = elements.len();
                    if let Some(element) = elements.get_mut(closed) {
                        (element.close, element.end, element.after) = (at, end, after);
                    }
                    at = end;
                    continue;
                }
                Event::Eof => break,
                _ => {
                    at = end;
                    continue;
                }
            };
            if elements.len() >= ELEMENTS || open.len() >= DEPTH {
                return Err(Fault::new(part, "内容太多，或层层套得太深", "请删去用不着的内容再试"));
            }
            let number = elements.len();
            let parent = open.last().copied().unwrap_or(0);
            let name = start.name();
            let name: &str = name.as_ref();
            let tag = name
                .strip_prefix(prefix.as_str())
                .map_or_else(|| foreign(name), |local| tag(local, start.attributes_raw()));
            let element = Element { tag, start: at, inner: end, close: end, end, parent, after: number + 1 };
            elements.push(element);
            if !empty {
                open.push(number);
            }
            at = end;
        }
        if open.len() != 1 || elements.len() < 2 {
            return Err(broken("内容不全"));
        }
        let after = elements.len();
        if let Some(whole) = elements.first_mut() {
            whole.after = after;
        }
        Ok(Self { text, prefix, elements })
    }

    /// The element of a number; the whole where there is no such number.
    pub(super) fn get(&self, number: usize) -> &Element {
        static NONE: Element =
            Element { tag: Tag::Other, start: 0, inner: 0, close: 0, end: 0, parent: 0, after: 0 };
        self.elements.get(number).unwrap_or(&NONE)
    }

    pub(super) fn tag(&self, number: usize) -> Tag {
        self.get(number).tag
    }

    pub(super) fn len(&self) -> usize {
        self.elements.len()
    }

    /// The text of a range of bytes.
    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or("")
    }

    /// An element as it stands.
    pub(super) fn raw(&self, number: usize) -> &'t str {
        let element = self.get(number);
        self.slice(element.start..element.end)
    }

    /// An element's opening tag.
    pub(super) fn opening(&self, number: usize) -> &'t str {
        let element = self.get(number);
        self.slice(element.start..element.inner)
    }

    /// The elements directly inside an element, in order.
    pub(super) fn children(&self, number: usize) -> impl Iterator<Item = usize> + use<'_, 't> {
        let end = self.get(number).after;
        let mut next = number + 1;
        std::iter::from_fn(move || {
            let child = Some(next).filter(|child| *child < end)?;
            next = self.get(child).after.max(child + 1);
            Some(child)
        })
    }

    /// The first child of a kind.
    pub(super) fn child(&self, number: usize, tag: Tag) -> Option<usize> {
        self.children(number).find(|child| self.tag(*child) == tag)
    }

    /// The elements around an element, the innermost first, without the whole.
    pub(super) fn around(&self, number: usize) -> impl Iterator<Item = usize> + use<'_, 't> {
        std::iter::successors(Some(self.get(number).parent), |n| Some(self.get(*n).parent))
            .take_while(|n| *n != 0)
    }
}

/// The prefix that stands for Word's own namespace.
fn prefix(text: &str) -> String {
    let bound = NAMESPACES.iter().filter_map(|space| text.find(space)).min().and_then(|at| text.get(..at));
    let name = bound.and_then(|before| before.trim_end_matches(['"', '\'']).trim_end().strip_suffix('='));
    let name = name.map(|before| before.trim_end().rsplit([' ', '\n', '\r', '\t']).next().unwrap_or(""));
    match name {
        Some("xmlns") => String::new(),
        Some(name) => name.strip_prefix("xmlns:").map_or_else(|| "w:".to_owned(), |name| format!("{name}:")),
        None => "w:".to_owned(),
    }
}

fn tag(local: &str, attributes: &str) -> Tag {
    match local {
        "body" | "hdr" | "ftr" | "footnote" | "endnote" | "txbxContent" => Tag::Story,
        "p" => Tag::P,
        "pPr" => Tag::PPr,
        "r" => Tag::R,
        "rPr" => Tag::RPr,
        "t" => Tag::T,
        "tbl" => Tag::Tbl,
        "tr" => Tag::Tr,
        "tc" => Tag::Tc,
        "sdt" => Tag::Sdt,
        "sdtPr" => Tag::SdtPr,
        "sdtContent" => Tag::SdtContent,
        "sectPr" => Tag::SectPr,
        "del" | "moveFrom" => Tag::Gone,
        "br" if attributes.contains("page") || attributes.contains("column") => Tag::Seen,
        "br" | "cr" | "tab" => Tag::Space,
        "drawing" | "pict" | "object" | "footnoteReference" | "endnoteReference" | "sym" | "fldChar"
        | "fldSimple" | "ptab" | "ruby" => Tag::Seen,
        "bookmarkStart" | "bookmarkEnd" | "commentRangeStart" | "commentRangeEnd" | "permStart"
        | "permEnd" => Tag::RangeMark,
        "dataBinding" | "showingPlcHdr" => Tag::Binding,
        _ => Tag::Other,
    }
}

fn foreign(name: &str) -> Tag {
    match name.rsplit(':').next() {
        Some("docPr") => Tag::DrawingId,
        Some("oMath" | "oMathPara") => Tag::Seen,
        Some("Fallback") => Tag::Other,
        _ => match name {
            "w15:dataBinding" => Tag::Binding,
            _ => Tag::Other,
        },
    }
}

/// Calls `look` for every opening or empty tag, up to the end or the first fault.
pub(super) fn each_tag(xml: &str, mut look: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => look(&tag),
            _ => {}
        }
    }
}

/// The value of the first attribute with such a key.
pub(super) fn attribute(tag: &BytesStart<'_>, is: impl Fn(&str) -> bool) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| is(attribute.key.as_ref()));
    found.map(|attribute| attribute.value.into_owned())
}
