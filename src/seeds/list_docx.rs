//! Paragraphs and tables of a Word document, with the numbers that Word itself counts.
//!
//! In: the XML of document, numbering and styles. Out: [`Block`]s in their order. Deleted text, field
//! codes and the fallback of drawings are left out. Never here: what a paragraph means.

use super::list_lines::Line;
use super::list_table::{Block, Row};
use super::text::is_invisible;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// Tables inside tables inside tables: no list is deeper.
const DEPTH: usize = 64;

#[derive(Default)]
struct Paragraph {
    text: String,
    numbering: Option<String>,
    level: Option<usize>,
    style: String,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    span: usize,
}

/// The paragraphs and tables of a document; `None` where it is no XML.
pub(crate) fn blocks(document: &str, numbering: &str, styles: &str) -> Option<Vec<Block>> {
    let mut counters = Counters { formats: formats(numbering)?, ..Counters::default() };
    let by_style = styled_numbering(styles)?;
    let mut walk = Walk::default();
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => walk.open(&tag, false)?,
            Event::Empty(tag) => walk.open(&tag, true)?,
            Event::End(tag) => walk.close(tag.local_name().as_ref(), &mut counters, &by_style),
            Event::Text(text) if walk.in_text => walk.push(&text.xml10_content()),
            Event::CData(text) if walk.in_text => walk.push(&text.xml10_content()),
            Event::GeneralRef(entity) if walk.in_text => {
                let c = entity.resolve_char_ref().ok().flatten();
                let named =
                    quick_xml::escape::resolve_predefined_entity(&entity.xml10_content()).map(str::to_owned);
                walk.push(&c.map(String::from).or(named).unwrap_or_default());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Some(walk.finish())
}

#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    lines: Vec<Line>,
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    count: u32,
    table_count: u32,
    skipped: usize,
    in_text: bool,
    in_numbering: bool,
    gap: bool,
}

impl Walk {
    fn open(&mut self, tag: &BytesStart<'_>, empty: bool) -> Option<()> {
        let name = tag.local_name();
        let name: &str = name.as_ref();
        if self.skipped > 0 || matches!(name, "Fallback" | "del" | "moveFrom") {
            if !empty && matches!(name, "Fallback" | "del" | "moveFrom") {
                self.skipped += 1;
            }
            return Some(());
        }
        match name {
            "p" if !empty => self.paragraphs.push(Paragraph::default()),
            "p" => self.line(""),
            "t" => self.in_text = !empty,
            "tab" if !self.in_numbering => self.push(" "),
            "br" | "cr" => self.push("\n"),
            "numPr" => self.in_numbering = !empty,
            "numId" if self.in_numbering => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.numbering = value(tag);
                }
            }
            "ilvl" if self.in_numbering => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.level = value(tag).and_then(|v| v.parse().ok());
                }
            }
            "pStyle" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.style = value(tag).unwrap_or_default();
                }
            }
            "tbl" if !empty => {
                if self.tables.is_empty() {
                    self.flush();
                }
                self.tables.push(Table::default());
            }
            "tr" if !empty => self.table(|table| table.rows.push(Vec::new())),
            "tc" if !empty => self.table(|table| {
                table.span = 1;
                if let Some(row) = table.rows.last_mut() {
                    row.push(String::new());
                }
            }),
            "gridSpan" => {
                let span = value(tag).and_then(|v| v.parse().ok()).unwrap_or(1);
                self.table(|table| table.span = std::cmp::min(span, DEPTH));
            }
            _ => {}
        }
        (self.paragraphs.len() + self.tables.len() < DEPTH).then_some(())
    }

    fn close(&mut self, name: &str, counters: &mut Counters, by_style: &BTreeMap<String, (String, usize)>) {
        if self.skipped > 0 {
            if matches!(name, "Fallback" | "del" | "moveFrom") {
                self.skipped -= 1;
            }
            return;
        }
        match name {
            "t" => self.in_text = false,
            "numPr" => self.in_numbering = false,
            "p" => {
                let Some(paragraph) = self.paragraphs.pop() else { return };
                let label = counters.label(&paragraph, by_style);
                self.line(&(label + &paragraph.text));
            }
            "tc" => self.table(|table| {
                let extra = table.span.saturating_sub(1);
                if let Some(row) = table.rows.last_mut() {
                    row.extend(std::iter::repeat_n(String::new(), extra));
                }
                table.span = 1;
            }),
            "tbl" => {
                let Some(table) = self.tables.pop() else { return };
                if self.tables.is_empty() {
                    self.table_count += 1;
                    let block = Block::Table(rows(table.rows, self.table_count));
                    self.blocks.push(block);
                } else {
                    for cell in table.rows.into_iter().flatten() {
                        self.line(&cell);
                    }
                }
            }
            _ => {}
        }
    }

    fn table(&mut self, change: impl FnOnce(&mut Table)) {
        if let Some(table) = self.tables.last_mut() {
            change(table);
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    /// A whole paragraph: more of a cell, or one or more lines of the text.
    fn line(&mut self, text: &str) {
        let text: String = text.chars().filter(|c| *c == '\n' || !is_invisible(*c)).collect();
        if let Some(cell) = self.tables.last_mut().and_then(|t| t.rows.last_mut()).and_then(|r| r.last_mut())
        {
            if !cell.is_empty() && !text.trim().is_empty() {
                cell.push('\n');
            }
            cell.push_str(text.trim());
            return;
        }
        self.count += 1;
        self.gap |= text.trim().is_empty();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let place = format!("第{}段", self.count);
            self.lines.push(Line { at: self.count, place, text: line.to_owned(), gap: self.gap });
            self.gap = false;
        }
    }

    fn flush(&mut self) {
        if !self.lines.is_empty() {
            self.blocks.push(Block::Lines(std::mem::take(&mut self.lines)));
        }
        self.gap = true;
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }
}

fn rows(cells: Vec<Vec<String>>, table: u32) -> Vec<Row> {
    let row = |(at, cells): (u32, Vec<String>)| Row {
        at,
        places: (1..=cells.len()).map(|col| format!("表{table}第{at}行第{col}列")).collect(),
        cells,
    };
    (1..).zip(cells).map(row).collect()
}

/// The `w:val` of a tag.
fn value(tag: &BytesStart<'_>) -> Option<String> {
    attribute(tag, "val")
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        tag.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// How a level of a numbering is written.
#[derive(Debug, Clone, Default)]
struct Format {
    start: u32,
    kind: String,
    text: String,
}

/// Which levels have been counted how far.
#[derive(Default)]
struct Counters {
    formats: BTreeMap<String, BTreeMap<usize, Format>>,
    counts: BTreeMap<(String, usize), u32>,
}

impl Counters {
    /// The number that Word shows before a paragraph; empty where it shows none.
    fn label(&mut self, paragraph: &Paragraph, by_style: &BTreeMap<String, (String, usize)>) -> String {
        let by_style = by_style.get(&paragraph.style);
        let Some(id) = paragraph.numbering.clone().or_else(|| by_style.map(|(id, _)| id.clone())) else {
            return String::new();
        };
        let level = paragraph.level.unwrap_or_else(|| by_style.map_or(0, |(_, level)| *level));
        let Some(levels) = self.formats.get(&id) else { return String::new() };
        let Some(format) = levels.get(&level) else { return String::new() };
        if paragraph.text.trim().is_empty() || format.kind == "bullet" || format.kind == "none" {
            return String::new();
        }
        let start = |level: usize| levels.get(&level).map_or(1, |format| format.start);
        let count =
            self.counts.get(&(id.clone(), level)).map_or(start(level), |count| count.saturating_add(1));
        self.counts.insert((id.clone(), level), count);
        self.counts.retain(|(other, deeper), _| *other != id || *deeper <= level);
        let mut label = format.text.clone();
        for at in 0..=level {
            let mark = format!("%{}", at + 1);
            if label.contains(&mark) {
                let count = self.counts.get(&(id.clone(), at)).copied().unwrap_or_else(|| start(at));
                let kind = levels.get(&at).map_or("decimal", |format| format.kind.as_str());
                label = label.replace(&mark, &written(count, kind));
            }
        }
        label
    }
}

/// A count as a numbering writes it; kinds that are not used for duties come out in digits.
fn written(count: u32, kind: &str) -> String {
    if !(kind.starts_with("chinese") || kind.starts_with("ideograph") || kind.starts_with("japanese")) {
        return count.to_string();
    }
    let unit = |n: u32| {
        let at = usize::try_from(n).unwrap_or(0);
        "〇一二三四五六七八九".chars().nth(at).map(String::from).unwrap_or_default()
    };
    match (count / 10, count % 10) {
        (0, ones) => unit(ones),
        (tens @ 1..=9, ones) => {
            let tens = if tens == 1 { String::new() } else { unit(tens) };
            let ones = if ones == 0 { String::new() } else { unit(ones) };
            format!("{tens}十{ones}")
        }
        _ => count.to_string(),
    }
}

/// The levels of every numbering, by its id; `None` where the text is no XML.
fn formats(xml: &str) -> Option<BTreeMap<String, BTreeMap<usize, Format>>> {
    let mut patterns: BTreeMap<String, BTreeMap<usize, Format>> = BTreeMap::new();
    let mut found: BTreeMap<String, BTreeMap<usize, Format>> = BTreeMap::new();
    let (mut pattern, mut id, mut level) = (None, None, 0);
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    loop {
        let (Event::Start(tag) | Event::Empty(tag)) = (match reader.read_event().ok()? {
            Event::Eof => return Some(found),
            event => event,
        }) else {
            continue;
        };
        let name = tag.local_name();
        let name: &str = name.as_ref();
        match name {
            "abstractNum" => (pattern, id) = (attribute(&tag, "abstractNumId"), None),
            "num" => (pattern, id) = (None, attribute(&tag, "numId")),
            "abstractNumId" => {
                let levels = value(&tag).and_then(|of| patterns.get(&of)).cloned().unwrap_or_default();
                if let Some(id) = &id {
                    found.insert(id.clone(), levels);
                }
            }
            "lvl" | "lvlOverride" => {
                level = attribute(&tag, "ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
            }
            _ => {}
        }
        let levels = match (&pattern, &id) {
            (Some(pattern), _) => patterns.entry(pattern.clone()).or_default(),
            (None, Some(id)) => found.entry(id.clone()).or_default(),
            (None, None) => continue,
        };
        if !matches!(name, "start" | "startOverride" | "numFmt" | "lvlText") {
            continue;
        }
        let format = levels.entry(level).or_insert_with(|| Format { start: 1, ..Format::default() });
        let Some(value) = value(&tag) else { continue };
        match name {
            "numFmt" => format.kind = value,
            "lvlText" => format.text = value,
            _ => format.start = value.parse().unwrap_or(1),
        }
    }
}

/// The numbering that paragraph styles bring, by style id.
fn styled_numbering(xml: &str) -> Option<BTreeMap<String, (String, usize)>> {
    let mut own: BTreeMap<String, (Option<String>, Option<usize>)> = BTreeMap::new();
    let mut based: BTreeMap<String, String> = BTreeMap::new();
    let mut style = String::new();
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    loop {
        let (Event::Start(tag) | Event::Empty(tag)) = (match reader.read_event().ok()? {
            Event::Eof => break,
            event => event,
        }) else {
            continue;
        };
        match tag.local_name().as_ref() {
            "style" => style = attribute(&tag, "styleId").unwrap_or_default(),
            "basedOn" => {
                based.insert(style.clone(), value(&tag).unwrap_or_default());
            }
            "numId" => own.entry(style.clone()).or_default().0 = value(&tag),
            "ilvl" => own.entry(style.clone()).or_default().1 = value(&tag).and_then(|v| v.parse().ok()),
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    for style in own.keys().chain(based.keys()) {
        let mut at = style;
        for _ in 0..DEPTH {
            if let Some((Some(id), level)) = own.get(at) {
                found.insert(style.clone(), (id.clone(), level.unwrap_or(0)));
                break;
            }
            let Some(next) = based.get(at) else { break };
            at = next;
        }
    }
    Some(found)
}
