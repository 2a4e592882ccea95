//! Runs of text in the shape of a placeholder.

use super::plan::Shape;
use crate::render::legal::legal;

/// What begins and ends a blank that only a person can fill.
const BLANK: (&str, char) = ("【待补", '】');
/// What may stand in the properties of a run behind its highlight, by the order of the standard.
const BEHIND_HIGHLIGHT: [&str; 18] = [
    "u",
    "effect",
    "bdr",
    "shd",
    "fitText",
    "vertAlign",
    "rtl",
    "cs",
    "em",
    "lang",
    "eastAsianLayout",
    "specVanish",
    "oMath",
    "ins",
    "del",
    "moveFrom",
    "moveTo",
    "rPrChange",
];
/// The same for bold type.
const BEHIND_BOLD: [&str; 16] = [
    "bCs",
    "i",
    "iCs",
    "caps",
    "smallCaps",
    "strike",
    "dstrike",
    "outline",
    "shadow",
    "emboss",
    "imprint",
    "noProof",
    "snapToGrid",
    "vanish",
    "webHidden",
    "color",
];
/// The same for the size.
const BEHIND_SIZE: [&str; 2] = ["szCs", "highlight"];

/// Writes text as runs of a shape, blanks made visible.
pub(super) fn text(out: &mut String, shape: &Shape, text: &str, prefix: &str) {
    let mut rest = text;
    while let Some(start) = rest.find(BLANK.0) {
        let (before, blank) = rest.split_at(start);
        let Some(end) = blank.find(BLANK.1) else { break };
        let (blank, after) = blank.split_at(end + BLANK.1.len_utf8());
        run(out, shape, before, prefix);
        run(out, &highlighted(shape, prefix), blank, prefix);
        rest = after;
    }
    run(out, shape, rest, prefix);
}

/// Writes one run; nothing for no text.
pub(super) fn run(out: &mut String, shape: &Shape, text: &str, prefix: &str) {
    let text = legal(text);
    if text.is_empty() {
        return;
    }
    out.push_str(&shape.run);
    out.push_str(&shape.properties);
    let mut open = false;
    for c in text.chars() {
        let mark = match c {
            '\n' => Some("br"),
            '\t' => Some("tab"),
            _ => None,
        };
        if open && mark.is_some() {
            add(out, &["</", prefix, "t>"]);
            open = false;
        } else if !open && mark.is_none() {
            add(out, &["<", prefix, "t xml:space=\"preserve\">"]);
            open = true;
        }
        match (mark, c) {
            (Some(mark), _) => add(out, &["<", prefix, mark, "/>"]),
            (None, '&') => out.push_str("&amp;"),
            (None, '<') => out.push_str("&lt;"),
            (None, '>') => out.push_str("&gt;"),
            (None, c) => out.push(c),
        }
    }
    if open {
        add(out, &["</", prefix, "t>"]);
    }
    add(out, &["</", prefix, "r>"]);
}

pub(super) fn add(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

/// The shape on yellow ground.
pub(super) fn highlighted(shape: &Shape, prefix: &str) -> Shape {
    let mark = format!("<{prefix}highlight {prefix}val=\"yellow\"/>");
    with(shape, prefix, "highlight", &mark, &[&BEHIND_HIGHLIGHT])
}

/// The shape in bold type.
pub(super) fn bold(shape: &Shape, prefix: &str) -> Shape {
    let rest: &[&[&str]] =
        &[&BEHIND_BOLD, &["spacing", "w", "kern", "position", "sz"], &BEHIND_SIZE, &BEHIND_HIGHLIGHT];
    with(shape, prefix, "b", &format!("<{prefix}b/>"), rest)
}

/// The shape in the size of tables (五号).
pub(super) fn small(shape: &Shape, prefix: &str) -> Shape {
    let size = format!("<{prefix}sz {prefix}val=\"21\"/>");
    let shape = with(shape, prefix, "sz", &size, &[&BEHIND_SIZE, &BEHIND_HIGHLIGHT]);
    let size = format!("<{prefix}szCs {prefix}val=\"21\"/>");
    with(&shape, prefix, "szCs", &size, &[&["highlight"], &BEHIND_HIGHLIGHT])
}

/// The shape with a property set, at the place that the standard gives it.
fn with(shape: &Shape, prefix: &str, name: &str, property: &str, behind: &[&[&str]]) -> Shape {
    let (open, close) = (format!("<{prefix}rPr>"), format!("</{prefix}rPr>"));
    let inner = shape.properties.strip_prefix(&open).and_then(|rest| rest.strip_suffix(&close));
    // Properties with attributes, or none at all.
    let inner = inner.unwrap_or("");
    let mut kept = inner.to_owned();
    if let Some((start, end)) = element(&kept, prefix, name) {
        kept.replace_range(start..end, "");
    }
    // What a former state of the run was stands last, and its own properties are not looked at.
    let limit = kept.find(&format!("<{prefix}rPrChange")).unwrap_or(kept.len());
    let head = kept.get(..limit).unwrap_or("");
    let first = behind
        .iter()
        .flat_map(|names| names.iter())
        .filter_map(|name| element(head, prefix, name))
        .map(|found| found.0);
    let foreign = head.find("<w14:").into_iter();
    let at = first.chain(foreign).min().unwrap_or(limit);
    kept.insert_str(at, property);
    Shape { run: shape.run.clone(), properties: format!("{open}{kept}{close}") }
}

/// Where an element without content stands.
fn element(text: &str, prefix: &str, name: &str) -> Option<(usize, usize)> {
    let opening = format!("<{prefix}{name}");
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find(&opening) {
        let start = from + found;
        let after = start + opening.len();
        if text.get(after..)?.starts_with([' ', '/', '>']) {
            let end = text.get(after..)?.find('>')? + after + 1;
            return Some((start, end));
        }
        from = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(properties: &str) -> Shape {
        Shape { run: "<w:r>".into(), properties: properties.into() }
    }

    #[test]
    fn properties_keep_the_order_of_the_standard() {
        for (properties, want) in [
            ("", "<w:rPr><w:highlight w:val=\"yellow\"/></w:rPr>"),
            (
                "<w:rPr><w:b/><w:sz w:val=\"32\"/></w:rPr>",
                "<w:rPr><w:b/><w:sz w:val=\"32\"/><w:highlight w:val=\"yellow\"/></w:rPr>",
            ),
            (
                "<w:rPr><w:sz w:val=\"32\"/><w:u w:val=\"single\"/></w:rPr>",
                "<w:rPr><w:sz w:val=\"32\"/><w:highlight w:val=\"yellow\"/><w:u w:val=\"single\"/></w:rPr>",
            ),
            (
                "<w:rPr><w:highlight w:val=\"red\"/><w:lang w:val=\"zh-CN\"/></w:rPr>",
                "<w:rPr><w:highlight w:val=\"yellow\"/><w:lang w:val=\"zh-CN\"/></w:rPr>",
            ),
            (
                "<w:rPr><w:rPrChange w:id=\"1\"><w:rPr><w:u/></w:rPr></w:rPrChange></w:rPr>",
                "<w:rPr><w:highlight w:val=\"yellow\"/><w:rPrChange w:id=\"1\"><w:rPr><w:u/></w:rPr></w:rPrChange></w:rPr>",
            ),
        ] {
            assert_eq!(highlighted(&shape(properties), "w:").properties, want);
        }
        let bold = bold(&shape("<w:rPr><w:rFonts w:hint=\"eastAsia\"/><w:sz w:val=\"32\"/></w:rPr>"), "w:");
        assert_eq!(
            bold.properties,
            "<w:rPr><w:rFonts w:hint=\"eastAsia\"/><w:b/><w:sz w:val=\"32\"/></w:rPr>"
        );
        let small = small(&shape("<w:rPr><w:b/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/></w:rPr>"), "w:");
        assert_eq!(small.properties, "<w:rPr><w:b/><w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/></w:rPr>");
    }

    #[test]
    fn text_is_made_safe() {
        let mut out = String::new();
        text(&mut out, &shape(""), "a<b>&\u{1}c\n二\t见【待补：原因】", "w:");
        assert_eq!(
            out,
            "<w:r><w:t xml:space=\"preserve\">a&lt;b&gt;&amp;c</w:t><w:br/><w:t xml:space=\"preserve\">二</w:t>\
             <w:tab/><w:t xml:space=\"preserve\">见</w:t></w:r><w:r><w:rPr><w:highlight w:val=\"yellow\"/></w:rPr>\
             <w:t xml:space=\"preserve\">【待补：原因】</w:t></w:r>"
        );
    }
}
