//! Comments in the margin: what only the author can fill, what a person should check.
//!
//! In: spans. Out: references in the body, and the part that holds the texts. Never here: other text.

use super::text::{add, escaped};
use crate::model::Span;

/// Who stands as their author.
const AUTHOR: &str = "述职程序";

/// What is to be said about a span, if anything.
pub(super) fn remark(span: &Span) -> Option<String> {
    match span {
        Span::Blank(text) => {
            let hint =
                text.trim_start_matches("【待补").trim_end_matches('】').trim_start_matches(['：', ':']);
            Some(format!("由本人填写：{hint}。填好后删去括号和本批注。"))
        }
        Span::Note(text) => Some(text.clone()),
        Span::Text(_) | Span::Link { .. } => None,
    }
}

/// The mark of a comment behind the text that it is about.
pub(super) fn refer(out: &mut String, number: usize) {
    add(out, format_args!("<w:r><w:commentReference w:id=\"{number}\"/></w:r>"));
}

/// The part with all texts; its numbers are their places.
pub(super) fn part(remarks: &[String]) -> String {
    let mut out = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
        r#"<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#
    ));
    for (number, remark) in remarks.iter().enumerate() {
        add(
            &mut out,
            format_args!(
                "<w:comment w:id=\"{number}\" w:author=\"{AUTHOR}\" w:initials=\"述\"><w:p><w:pPr>\
                 <w:spacing w:line=\"240\" w:lineRule=\"auto\"/></w:pPr><w:r><w:rPr><w:sz w:val=\"21\"/></w:rPr>\
                 <w:t xml:space=\"preserve\">{}</w:t></w:r></w:p></w:comment>",
                escaped(remark)
            ),
        );
    }
    out.push_str("</w:comments>");
    out
}
