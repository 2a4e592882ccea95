//! The body of a document: its blocks as XML.
//!
//! In: a [`Report`] and the openings of runs. Out: `word/document.xml`. Never here: files, faces.

use std::collections::BTreeMap;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::comments;
use super::fonts::{LINE, Style};
use super::skeleton::{EVEN_FOOTER, ODD_FOOTER};
use super::table;
use super::text::RunOpenings;
use crate::model::{Block, Orientation, Report, Span};

/// Half a character of text in twips.
const HALF_CHARACTER: usize = 160;
/// The property that keeps a paragraph on the page of the next.
const KEEP_NEXT: &str = "<w:keepNext/>";
/// How many half characters a line of text holds.
const LINE_HALVES: usize = 56;

/// The width of the text on a page in twips.
pub(super) fn text_width(orientation: Orientation) -> usize {
    match orientation {
        Orientation::Portrait => 8844,
        Orientation::Landscape => 12_756,
    }
}

/// The height of the text on a page in twips.
pub(super) fn text_height(orientation: Orientation) -> usize {
    match orientation {
        Orientation::Portrait => 12_756,
        Orientation::Landscape => 8844,
    }
}

/// The body, and the comments that it refers to. `openings` stand in the order of [`Style`]; the body takes the
/// place of what stands in `room`.
pub(super) fn document(report: &Report, openings: &[RunOpenings], room: String) -> (String, Vec<String>) {
    let mut body = Body::new(openings, report, room);
    body.number_rows(report);
    let title: Vec<&str> =
        report.title.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    if !title.is_empty() {
        body.text(Style::Title, "", &title.join("\n"));
    }
    for block in &report.blocks {
        body.block(block);
    }
    body.finish()
}

/// What stands last in the text so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    /// A paragraph whose properties begin behind its style and end here.
    Paragraph(usize, usize),
    Table,
}

/// The text written so far.
pub(super) struct Body<'a> {
    pub out: String,
    openings: &'a [RunOpenings],
    /// Numbers of rows by anchor, from 1 in order of the document.
    rows: BTreeMap<&'a str, usize>,
    /// How many rows carry a bookmark so far.
    bookmarked: usize,
    orientation: Orientation,
    last: Last,
    remarks: bool,
    /// Texts of the comments so far; the number of each is its place.
    comments: Vec<String>,
}

impl<'a> Body<'a> {
    fn new(openings: &'a [RunOpenings], report: &Report, mut out: String) -> Self {
        out.clear();
        out.reserve(64 * 1024);
        out.push_str(concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" "#,
            r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>"#
        ));
        Self {
            out,
            openings,
            rows: BTreeMap::new(),
            bookmarked: 0,
            orientation: report.orientation,
            remarks: report.remarks,
            last: Last::Nothing,
            comments: Vec::new(),
        }
    }

    fn number_rows(&mut self, report: &'a Report) {
        for block in &report.blocks {
            let Block::Table(table) = block else { continue };
            if table.columns.is_empty() {
                continue;
            }
            for anchor in table.rows.iter().filter_map(|row| row.anchor.as_deref()) {
                let next = self.rows.len() + 1;
                self.rows.entry(anchor).or_insert(next);
            }
        }
    }

    /// The number of the bookmark for a row's anchor; none for a second row of the same name.
    pub(super) fn bookmark(&mut self, anchor: &str) -> Option<usize> {
        let next = self.bookmarked + 1;
        let number = self.rows.get(anchor).copied().filter(|number| *number == next)?;
        self.bookmarked = number;
        Some(number)
    }

    pub(super) fn openings(&self, style: Style) -> Option<&'a RunOpenings> {
        self.openings.get(style as usize)
    }

    fn block(&mut self, block: &'a Block) {
        if self.last == Last::Table && !matches!(block, Block::Attachment { .. }) {
            self.paragraph(Style::TableGap, "", |_, _| {});
        }
        match block {
            Block::Salutation(text) => self.text(Style::Recipient, "", text),
            Block::Heading { level, text } => self.text(heading(*level), "", text),
            Block::Paragraph(spans) => self.spans(spans),
            Block::Table(report_table) => {
                if !report_table.caption.is_empty() {
                    self.text(Style::Caption, "", &report_table.caption);
                }
                if !report_table.columns.is_empty() {
                    table::write(self, report_table, self.orientation);
                    self.last = Last::Table;
                }
            }
            Block::AttachmentNote(names) => {
                self.keep_last_with_next();
                self.attachment_note(names);
            }
            Block::Attachment { label, title, orientation } => {
                let new_page = self.turn(*orientation);
                self.text(Style::AttachmentLabel, new_page, label);
                if !title.is_empty() {
                    self.text(Style::AttachmentTitle, "", title);
                }
            }
            Block::Signature { name, date } => {
                self.keep_last_with_next();
                self.signature(name, date);
            }
        }
    }

    fn spans(&mut self, spans: &[Span]) {
        self.paragraph(Style::Body, "", |body, openings| {
            for span in spans {
                openings.span(&mut body.out, span, |anchor| body.rows.get(anchor).copied());
                if body.remarks
                    && let Some(remark) = comments::remark(span)
                {
                    comments::refer(&mut body.out, body.comments.len());
                    body.comments.push(remark);
                }
            }
        });
    }

    /// A paragraph of plain text; `properties` follow the style.
    fn text(&mut self, style: Style, properties: &str, text: &str) {
        self.paragraph(style, properties, |body, openings| openings.text(&mut body.out, text));
    }

    fn paragraph(&mut self, style: Style, properties: &str, runs: impl FnOnce(&mut Self, &RunOpenings)) {
        self.out.push_str("<w:p><w:pPr><w:pStyle w:val=\"");
        self.out.push_str(style.setting().id);
        self.out.push_str("\"/>");
        let begin = self.out.len();
        self.out.push_str(properties);
        self.last = Last::Paragraph(begin, self.out.len());
        self.out.push_str("</w:pPr>");
        if let Some(openings) = self.openings(style) {
            runs(self, openings);
        }
        self.out.push_str("</w:p>");
    }

    /// Turns the page for an attachment; gives the property that begins a new page where the
    /// section goes on.
    fn turn(&mut self, orientation: Orientation) -> &'static str {
        let begun = self.last != Last::Nothing;
        if self.orientation == orientation {
            return if begun { "<w:pageBreakBefore/>" } else { "" };
        }
        if begun {
            self.end_section();
        }
        self.orientation = orientation;
        ""
    }

    /// Closes the section in the properties of its last paragraph.
    fn end_section(&mut self) {
        if !matches!(self.last, Last::Paragraph(..)) {
            self.closing_paragraph();
        }
        if let Last::Paragraph(_, end) = self.last {
            self.out.insert_str(end, &section(self.orientation));
        }
    }

    /// Keeps the last paragraph with what follows, so that no signature stands alone on a page.
    fn keep_last_with_next(&mut self) {
        if let Last::Paragraph(begin, end) = self.last
            && !self.out.get(begin..end).is_some_and(|properties| properties.starts_with(KEEP_NEXT))
        {
            self.out.insert_str(begin, KEEP_NEXT);
            self.last = Last::Paragraph(begin, end + KEEP_NEXT.len());
        }
    }

    /// A paragraph that takes no room; the format demands one behind a table.
    fn closing_paragraph(&mut self) {
        self.paragraph(Style::TableGap, "<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>", |_, _| {});
    }

    /// `附件：1. …`, each name hanging under its own first character. Several names stand in one
    /// paragraph, so that no number is taken for that of a heading.
    fn attachment_note(&mut self, names: &[String]) {
        let clean = |name: &str| name.trim().trim_end_matches(['。', '；', '，', ';', ',']).to_owned();
        // Two characters, then the three of 附件：.
        let numbers_begin = 10;
        let space = format!("<w:spacing w:before=\"{LINE}\"/>");
        if let [name] = names {
            let indent = hanging(numbers_begin, 6);
            self.text(Style::AttachmentNote, &format!("{space}{indent}"), &format!("附件：{}", clean(name)));
            return;
        }
        let names_begin = numbers_begin + names.len().to_string().len() + 2;
        let lines: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let room = LINE_HALVES.saturating_sub(names_begin + 2);
                format!("{}.\t{}", index + 1, broken(&clean(name), room).join("\n\t"))
            })
            .collect();
        let stop = names_begin * HALF_CHARACTER;
        let properties = format!(
            "<w:tabs><w:tab w:val=\"left\" w:pos=\"{stop}\"/></w:tabs>{space}{}",
            hanging(numbers_begin, 6)
        );
        if !lines.is_empty() {
            self.text(Style::AttachmentNote, &properties, &format!("附件：{}", lines.join("\n")));
        }
    }

    /// Name and date as the standard sets them without a seal: the date begins two characters
    /// to the right of the name, and the longer of the two ends two characters from the edge.
    fn signature(&mut self, name: &str, date: &str) {
        let (wide, narrow) = (name.width_cjk(), date.width_cjk());
        let (name_right, date_right) = if wide >= narrow + 4 {
            (4, if wide + 4 > LINE_HALVES { 4 } else { wide - narrow })
        } else {
            (narrow + 8 - wide, 4)
        };
        let right = |halves: usize| {
            format!("<w:ind w:rightChars=\"{}\" w:right=\"{}\"/>", halves * 50, halves * HALF_CHARACTER)
        };
        let space = format!("<w:spacing w:before=\"{LINE}\"/>");
        if name.is_empty() {
            self.text(Style::Signature, &format!("{space}{}", right(date_right)), date);
            return;
        }
        self.text(Style::Signature, &format!("{KEEP_NEXT}{space}{}", right(name_right)), name);
        if !date.is_empty() {
            self.text(Style::Signature, &right(date_right), date);
        }
    }

    fn finish(mut self) -> (String, Vec<String>) {
        if !matches!(self.last, Last::Paragraph(..)) {
            self.closing_paragraph();
        }
        let section = section(self.orientation);
        self.out.push_str(&section);
        self.out.push_str("</w:body></w:document>");
        (self.out, self.comments)
    }
}

fn heading(level: u8) -> Style {
    match level {
        0 | 1 => Style::Heading1,
        2 => Style::Heading2,
        3 => Style::Heading3,
        _ => Style::Heading4,
    }
}

/// An indent in half characters whose first line stands `hangs` further out.
fn hanging(left: usize, hangs: usize) -> String {
    format!("<w:ind w:left=\"{}\" w:hanging=\"{}\"/>", left * HALF_CHARACTER, hangs * HALF_CHARACTER)
}

/// Text in lines of at most so many half characters; no line begins with a closing mark.
fn broken(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for character in text.chars() {
        let width = character.width_cjk().unwrap_or(0);
        let full = used + width > room && used > 0;
        if let Some(line) = lines.last_mut() {
            if full {
                let mut next = String::new();
                if "，。、；：）》”’】？！〉」』〕".contains(character) {
                    next.extend(line.pop());
                }
                next.push(character);
                used = next.width_cjk();
                lines.push(next);
            } else {
                line.push(character);
                used += width;
            }
        }
    }
    lines
}

/// The page, its margins, its 22 lines and its page numbers, which run on through all sections.
fn section(orientation: Orientation) -> String {
    let (size, margins) = match orientation {
        Orientation::Portrait => (
            r#"w:w="11906" w:h="16838""#,
            r#"w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1429""#,
        ),
        // The upright page turned: its head lies to the right.
        Orientation::Landscape => (
            r#"w:w="16838" w:h="11906" w:orient="landscape""#,
            r#"w:top="1588" w:right="2098" w:bottom="1474" w:left="1984" w:header="851" w:footer="919""#,
        ),
    };
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"{ODD_FOOTER}\"/>\
         <w:footerReference w:type=\"even\" r:id=\"{EVEN_FOOTER}\"/><w:type w:val=\"nextPage\"/>\
         <w:pgSz {size}/><w:pgMar {margins} w:gutter=\"0\"/><w:cols w:space=\"425\"/>\
         <w:docGrid w:type=\"lines\" w:linePitch=\"{LINE}\"/></w:sectPr>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_broken_before_the_edge() {
        for (text, room, want) in [
            ("", 4, vec![""]),
            ("甲乙", 4, vec!["甲乙"]),
            ("甲乙丙", 4, vec!["甲乙", "丙"]),
            ("甲乙、丙", 4, vec!["甲", "乙、", "丙"]),
            ("2023年度表", 6, vec!["2023年", "度表"]),
            ("甲", 0, vec!["甲"]),
        ] {
            assert_eq!(broken(text, room), want, "{text}");
        }
    }
}
