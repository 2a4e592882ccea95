//! Puts the children of elements in the order that the schema of `WordprocessingML` demands.
//!
//! In: a part as docx-rs writes it. Out: the same part, valid. Never here: what a part means.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, Result};

/// An element with its attributes, its children and its text, all of it escaped as it was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
}

/// The children of these elements stand in this order; those not named stay behind the named ones.
const ORDER: [(&str, &[&str]); 4] = [
    (
        "w:style",
        &[
            "w:name",
            "w:basedOn",
            "w:next",
            "w:link",
            "w:uiPriority",
            "w:qFormat",
            "w:pPr",
            "w:rPr",
            "w:tblPr",
        ],
    ),
    (
        "w:pPr",
        &[
            "w:pStyle",
            "w:keepNext",
            "w:keepLines",
            "w:pageBreakBefore",
            "w:widowControl",
            "w:autoSpaceDE",
            "w:autoSpaceDN",
            "w:snapToGrid",
            "w:spacing",
            "w:ind",
            "w:jc",
            "w:outlineLvl",
            "w:rPr",
        ],
    ),
    (
        "w:rPr",
        &[
            "w:rStyle",
            "w:rFonts",
            "w:b",
            "w:bCs",
            "w:color",
            "w:spacing",
            "w:sz",
            "w:szCs",
            "w:highlight",
            "w:u",
            "w:lang",
        ],
    ),
    ("w:docDefaults", &["w:rPrDefault", "w:pPrDefault"]),
];

impl Element {
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        if self.attribute(name).is_none() {
            self.attributes.push((name.into(), value.into()));
        }
    }

    fn arrange(&mut self, correct: fn(&mut Self)) {
        correct(self);
        for child in &mut self.children {
            child.arrange(correct);
        }
        self.children.retain(|child| {
            let properties = matches!(child.name.as_str(), "w:rPr" | "w:pPr");
            !(properties && child.children.is_empty())
        });
        if let Some((_, order)) = ORDER.iter().find(|(name, _)| *name == self.name) {
            self.children.sort_by_key(|child| {
                order.iter().position(|name| *name == child.name).unwrap_or(order.len())
            });
        }
    }

    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            out.push_str(value);
            out.push('"');
        }
        if self.children.is_empty() && self.text.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        out.push_str(&self.text);
        for child in &self.children {
            child.write(out);
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

/// The part with `correct` applied to every element and all children in order.
pub(super) fn repaired(xml: &[u8], part: &str, correct: fn(&mut Element)) -> Result<Vec<u8>> {
    let fault = |message: String| Error::Render { document: part.into(), message };
    let mut reader = Reader::from_reader(xml);
    let mut open: Vec<Element> = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| fault(error.to_string()))?;
        match event {
            Event::Start(start) => open.push(element(&start).map_err(fault)?),
            Event::Empty(start) => {
                let child = element(&start).map_err(fault)?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(child);
                }
            }
            Event::End(_) => {
                let child = open.pop().unwrap_or_default();
                if let Some(parent) = open.last_mut() {
                    parent.children.push(child);
                }
            }
            Event::Text(text) => {
                if let Some(parent) = open.last_mut() {
                    parent.text.push_str(&text);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let mut root =
        open.pop().and_then(|mut top| top.children.pop()).ok_or_else(|| fault("没有内容".into()))?;
    root.arrange(correct);
    let mut out = String::from(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#);
    root.write(&mut out);
    Ok(out.into_bytes())
}

fn element(start: &BytesStart<'_>) -> std::result::Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        attributes.push((attribute.key.as_ref().to_owned(), attribute.value.into_owned()));
    }
    Ok(Element { name: start.name().as_ref().to_owned(), attributes, ..Element::default() })
}
