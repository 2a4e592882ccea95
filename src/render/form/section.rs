//! Generated sections in the shape of the paragraph that asked for them.
//!
//! In: blocks of a report. Out: paragraphs and tables. Never here: wording.

use super::plan::{Shape, Slot};
use super::write::{add, bold, highlighted, run, small, text};
use super::xml::{attribute, each_tag};
use crate::model::{Block, ReportTable, Span};

/// The width of a table in twentieths of a point, shared out over its columns; shown as the whole width.
const WIDTH: u32 = 9000;

/// The heading styles of a template by level from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Styles([Option<String>; 4]);

impl Styles {
    /// The heading styles among the styles of a template; none where they cannot be read.
    pub(super) fn read(xml: &str) -> Self {
        let mut styles = Self::default();
        let mut current = String::new();
        each_tag(xml, |tag| {
            let value = |wanted: &str| attribute(tag, |key| key.rsplit(':').next() == Some(wanted));
            match tag.local_name().as_ref() {
                "style" => {
                    let paragraph = value("type").is_none_or(|kind| kind == "paragraph");
                    current = value("styleId").filter(|_| paragraph).unwrap_or_default();
                }
                "name" if !current.is_empty() => {
                    let name = value("val").unwrap_or_default().to_lowercase();
                    let level = name.strip_prefix("heading ").or_else(|| name.strip_prefix("标题 "));
                    let level = level.and_then(|level| level.trim().parse::<usize>().ok());
                    let slot = level.and_then(|level| styles.0.get_mut(level.checked_sub(1)?));
                    if let Some(slot @ None) = slot {
                        *slot = Some(std::mem::take(&mut current));
                    }
                }
                _ => {}
            }
        });
        styles
    }

    fn heading(&self, level: u8) -> Option<&str> {
        self.0.get(usize::from(level).checked_sub(1)?)?.as_deref()
    }
}

/// A section that is being written.
struct Writer<'s> {
    out: &'s mut String,
    slot: &'s Slot,
    styles: &'s Styles,
    p: &'s str,
}

/// Writes a section; a visible blank where there is none.
pub(super) fn write(out: &mut String, slot: &Slot, blocks: Option<&[Block]>, styles: &Styles, prefix: &str) {
    let mut writer = Writer { out, slot, styles, p: prefix };
    let blocks = blocks.filter(|blocks| !blocks.is_empty());
    let mut table_last = false;
    for block in blocks.unwrap_or(&[]) {
        let table = matches!(block, Block::Table(_));
        if table && table_last {
            writer.paragraph("", |_| {});
        }
        table_last = table;
        writer.block(block);
    }
    if blocks.is_none() {
        let blank = format!("【待补：{}】", slot.name);
        writer.line(&blank, "");
    }
    if !slot.page.is_empty() {
        let page = format!("<{prefix}pPr>{}</{prefix}pPr>", slot.page);
        add(writer.out, &["<", prefix, "p>", &page, "</", prefix, "p>"]);
    } else if table_last {
        // A cell ends in a paragraph, and two tables would grow together.
        writer.paragraph("", |_| {});
    }
}

impl Writer<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Salutation(text) => self.line(text, ""),
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph(spans) => self.paragraph("", |writer| writer.spans(spans)),
            Block::Table(table) => self.table(table),
            Block::AttachmentNote(names) => {
                for (at, name) in names.iter().enumerate() {
                    let label = if at == 0 { "附件：" } else { "" };
                    let number = if names.len() > 1 { format!("{}.", at + 1) } else { String::new() };
                    self.line(&format!("{label}{number}{name}"), "");
                }
            }
            Block::Attachment { label, title, .. } => {
                self.line(label, "");
                self.heading(1, title);
            }
            Block::Signature { name, date } => {
                self.line(name, "right");
                self.line(date, "right");
            }
        }
    }

    /// A paragraph with the properties of the slot's; `jc` sets another alignment.
    fn paragraph(&mut self, jc: &str, content: impl FnOnce(&mut Self)) {
        let p = self.p;
        add(self.out, &["<", p, "p>"]);
        if jc.is_empty() {
            if !self.slot.inner.is_empty() {
                add(self.out, &["<", p, "pPr>", &self.slot.inner, "</", p, "pPr>"]);
            }
        } else {
            // A caption stays with its table.
            let keep = if jc == "center" { format!("<{p}keepNext/>") } else { String::new() };
            add(self.out, &["<", p, "pPr>", &keep, "<", p, "jc ", p, "val=\"", jc, "\"/></", p, "pPr>"]);
        }
        content(self);
        add(self.out, &["</", p, "p>"]);
    }

    fn line(&mut self, line: &str, jc: &str) {
        self.paragraph(jc, |writer| text(writer.out, &writer.slot.shape, line, writer.p));
    }

    fn heading(&mut self, level: u8, heading: &str) {
        let p = self.p;
        if let Some(style) = self.styles.heading(level) {
            let plain = Shape { run: format!("<{p}r>"), properties: String::new() };
            add(
                self.out,
                &["<", p, "p><", p, "pPr><", p, "pStyle ", p, "val=\"", style, "\"/></", p, "pPr>"],
            );
            text(self.out, &plain, heading, p);
            add(self.out, &["</", p, "p>"]);
        } else {
            let shape = bold(&self.slot.shape, p);
            self.paragraph("", |writer| text(writer.out, &shape, heading, p));
        }
    }

    fn spans(&mut self, spans: &[Span]) {
        for span in spans {
            match span {
                Span::Note(_) => {}
                Span::Text(plain) | Span::Link { text: plain, .. } => {
                    run(self.out, &self.slot.shape, plain, self.p);
                }
                Span::Blank(blank) => run(self.out, &highlighted(&self.slot.shape, self.p), blank, self.p),
            }
        }
    }

    fn table(&mut self, table: &ReportTable) {
        let p = self.p;
        if !table.caption.is_empty() {
            self.line(&table.caption, "center");
        }
        if table.columns.is_empty() {
            return;
        }
        let total: u32 = table.columns.iter().map(|c| c.weight.max(1)).fold(0, u32::saturating_add);
        let width =
            |weight: u32| (u64::from(WIDTH) * u64::from(weight.max(1)) / u64::from(total.max(1))).to_string();
        let sides = ["top", "left", "bottom", "right", "insideH", "insideV"];
        let border = |side: &&str| {
            format!("<{p}{side} {p}val=\"single\" {p}sz=\"4\" {p}space=\"0\" {p}color=\"auto\"/>")
        };
        let borders: String = sides.iter().map(border).collect();
        let mut head = format!(
            "<{p}tbl><{p}tblPr><{p}tblW {p}w=\"5000\" {p}type=\"pct\"/><{p}jc {p}val=\"center\"/>\
             <{p}tblBorders>{borders}</{p}tblBorders><{p}tblLayout {p}type=\"fixed\"/></{p}tblPr><{p}tblGrid>"
        );
        for column in &table.columns {
            head += &format!("<{p}gridCol {p}w=\"{}\"/>", width(column.weight));
        }
        self.out.push_str(&head);
        add(self.out, &["</", p, "tblGrid>"]);
        let shape = small(&self.slot.shape, p);
        let titles: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
        self.row(table, &titles, &bold(&shape, p), true, &width);
        for row in &table.rows {
            let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            self.row(table, &cells, &shape, false, &width);
        }
        add(self.out, &["</", p, "tbl>"]);
    }

    fn row(
        &mut self,
        table: &ReportTable,
        cells: &[&str],
        shape: &Shape,
        head: bool,
        width: &dyn Fn(u32) -> String,
    ) {
        let p = self.p;
        let header = if head { format!("<{p}tblHeader/>") } else { String::new() };
        add(self.out, &["<", p, "tr><", p, "trPr><", p, "cantSplit/>", &header, "</", p, "trPr>"]);
        for (at, column) in table.columns.iter().enumerate() {
            let jc = if head || column.centred { "center" } else { "left" };
            let open = format!(
                "<{p}tc><{p}tcPr><{p}tcW {p}w=\"{}\" {p}type=\"dxa\"/><{p}vAlign {p}val=\"center\"/></{p}tcPr><{p}p><{p}pPr>\
                 <{p}spacing {p}before=\"0\" {p}after=\"0\" {p}line=\"320\" {p}lineRule=\"atLeast\"/><{p}ind {p}firstLine=\"0\" {p}firstLineChars=\"0\"/><{p}jc {p}val=\"{jc}\"/></{p}pPr>",
                width(column.weight)
            );
            self.out.push_str(&open);
            text(self.out, shape, cells.get(at).copied().unwrap_or(""), p);
            add(self.out, &["</", p, "p></", p, "tc>"]);
        }
        add(self.out, &["</", p, "tr>"]);
    }
}
