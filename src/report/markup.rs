//! The small markup in which templates are written, read into a [`Report`].
//!
//! One line is one block: `# 标题`, `@ 称谓`, `##`–`#####` headings, `%表 名称`, `%附件说明 名称`,
//! `%附件 标签|纵或横|标题`, `%落款 名称|日期`, `%待补清单`, `%字数`, `%版面 横`; any other line is a paragraph, in
//! which `【待补：…】` is a blank, `[[文字|锚]]` leads to a row of evidence and `[[!文字]]` is a comment.

use crate::error::{Error, Result};
use crate::model::{Block, Orientation, Report, ReportColumn, ReportRow, ReportTable, Span};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What gives each table once, by its name.
pub(super) type Tables<'t> = dyn FnMut(&str) -> Option<ReportTable> + 't;

/// Characters with a meaning in the markup; where they come from data they travel as private ones.
const SPECIAL: [char; 9] = ['#', '@', '%', '[', ']', '|', '【', '】', '\n'];
const PRIVATE: u32 = 0xF_0000;
/// With this byte a private character begins.
const PRIVATE_BYTE: u8 = 0xF3;

/// Writes data so that nothing in it can be taken for markup, as much at once as needs no change.
pub(super) fn escape_onto(out: &mut dyn Write, text: &str) -> std::fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '\r' || SPECIAL.contains(&c)) {
        let (plain, special) = rest.split_at(at);
        out.write_str(plain)?;
        let mut characters = special.chars();
        let met = characters.next();
        let at =
            SPECIAL.iter().position(|special| Some(*special) == met).and_then(|at| u32::try_from(at).ok());
        if let Some(private) = at.and_then(|at| char::from_u32(PRIVATE + at)) {
            out.write_char(private)?;
        }
        rest = characters.as_str();
    }
    out.write_str(rest)
}

fn unescape(text: &str) -> String {
    if !text.bytes().any(|byte| byte == PRIVATE_BYTE) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| {
            let at = u32::from(c).checked_sub(PRIVATE).and_then(|at| usize::try_from(at).ok());
            // A line break inside a sentence would tear it apart.
            at.and_then(|at| SPECIAL.get(at))
                .map_or(c, |special| if *special == '\n' { ' ' } else { *special })
        })
        .collect()
}

/// How long a document is, in characters without blanks and spaces; attachments are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lengths {
    /// All of it.
    pub total: usize,
    /// Sections on what was done.
    pub results: usize,
    /// Sections on problems and their causes.
    pub problems: usize,
}

impl Lengths {
    fn of(report: &Report) -> Self {
        let mut lengths =
            Self { total: report.title.iter().map(|line| length(line)).sum(), ..Self::default() };
        let mut section = "";
        for block in &report.blocks {
            let here = match block {
                Block::Attachment { .. } => break,
                Block::Heading { level, text } => {
                    if *level == 1 {
                        section = text;
                    }
                    length(text)
                }
                Block::Salutation(text) => length(text),
                Block::Paragraph(spans) => spans
                    .iter()
                    .map(|span| match span {
                        Span::Text(text) | Span::Link { text, .. } => length(text),
                        Span::Blank(_) | Span::Note(_) => 0,
                    })
                    .sum(),
                Block::Table(_) | Block::AttachmentNote(_) | Block::Signature { .. } => 0,
            };
            lengths.total += here;
            if ["问题", "原因", "不足"].iter().any(|word| section.contains(word)) {
                lengths.problems += here;
            } else if ["履行", "履职", "做法", "成绩", "工作情况"].iter().any(|word| section.contains(word))
            {
                lengths.results += here;
            }
        }
        lengths
    }

    /// A part of the whole in per cent, rounded down.
    #[must_use]
    pub fn per_cent(self, part: usize) -> usize {
        (part * 100).checked_div(self.total).unwrap_or(0)
    }
}

fn length(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// The document that a filled template describes, and how long it is.
///
/// # Errors
/// [`Error::Template`] with the line of an unknown directive, table, or anchor form.
pub(super) fn parse(
    template: &str,
    text: &str,
    tables: &mut Tables<'_>,
    author: &str,
) -> Result<(Report, Lengths)> {
    let mut report = Report { author: author.to_owned(), remarks: true, ..Report::default() };
    let mut notes: Vec<String> = Vec::new();
    let (mut blanks_at, mut lengths_at) = (None, None);
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let fail = |message: String| Error::Template {
            template: template.to_owned(),
            message: format!("生成的文字第{}行：{message}", at + 1),
        };
        if !notes.is_empty() && !line.starts_with("%附件说明") && !line.is_empty() {
            report.blocks.push(Block::AttachmentNote(std::mem::take(&mut notes)));
        }
        if line.is_empty() {
            continue;
        }
        if let Some(rest) = line.strip_prefix("%附件说明") {
            notes.push(unescape(rest.trim()));
        } else if line == "%待补清单" {
            blanks_at = Some(report.blocks.len());
            report.blocks.push(Block::Table(ReportTable::default()));
        } else if line == "%字数" {
            lengths_at = Some(report.blocks.len());
            report.blocks.push(Block::Paragraph(Vec::new()));
        } else if let Some(lie) = line.strip_prefix("%版面") {
            report.orientation = orientation(lie.trim());
        } else if let Some(directive) = line.strip_prefix('%') {
            report.blocks.push(self::directive(directive, tables).map_err(fail)?);
        } else if let Some(rest) = line.strip_prefix('@') {
            report.blocks.push(Block::Salutation(unescape(rest.trim())));
        } else if line.starts_with('#') {
            let level = line.chars().take_while(|c| *c == '#').count();
            let text = plain(line.trim_start_matches('#').trim());
            match u8::try_from(level - 1) {
                Ok(0) => report.title.push(text),
                Ok(level @ 1..=4) => report.blocks.push(Block::Heading { level, text }),
                _ => return Err(fail("标题最多四级（##### 为第四级）".to_owned())),
            }
        } else {
            report.blocks.push(Block::Paragraph(spans(line)));
        }
    }
    if !notes.is_empty() {
        report.blocks.push(Block::AttachmentNote(notes));
    }
    let blanks = blanks(&report.blocks);
    if let Some(Block::Table(table)) = blanks_at.and_then(|at| report.blocks.get_mut(at)) {
        *table = blanks;
    }
    let lengths = Lengths::of(&report);
    if let Some(Block::Paragraph(spans)) = lengths_at.and_then(|at| report.blocks.get_mut(at)) {
        let mut text = format!("正文（不含附件和待补内容）{}字", lengths.total);
        if lengths.results > 0 {
            text.push_str(&format!("，其中履行职责情况占{}%", lengths.per_cent(lengths.results)));
        }
        if lengths.problems > 0 {
            text.push_str(&format!("，存在问题和原因分析占{}%", lengths.per_cent(lengths.problems)));
        }
        spans.push(Span::Text(format!("{text}。")));
    }
    keep_linked(&mut report);
    Ok((report, lengths))
}

fn orientation(lie: &str) -> Orientation {
    if lie == "横" { Orientation::Landscape } else { Orientation::Portrait }
}

/// Of a table of figures only those rows stay to which the document leads.
fn keep_linked(report: &mut Report) {
    let linked: BTreeSet<String> = report
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(spans) => Some(spans),
            _ => None,
        })
        .flatten()
        .filter_map(|span| match span {
            Span::Link { anchor, .. } => Some(anchor.clone()),
            _ => None,
        })
        .collect();
    for block in &mut report.blocks {
        if let Block::Table(table) = block
            && table.only_linked
        {
            table.rows.retain(|row| row.anchor.as_ref().is_some_and(|anchor| linked.contains(anchor)));
            for (at, row) in table.rows.iter_mut().enumerate() {
                if let Some(cell) = row.cells.first_mut() {
                    *cell = (at + 1).to_string();
                }
            }
        }
    }
}

/// Every blank of the document and everything to be checked, with the heading under which it stands.
fn blanks(blocks: &[Block]) -> ReportTable {
    let mut rows: Vec<ReportRow> = Vec::new();
    let mut heading = "开头";
    let mut add = |heading: &str, what: &str, text: &str| {
        let number = (rows.len() + 1).to_string();
        let cells = vec![number, heading.to_owned(), what.to_owned(), text.to_owned()];
        rows.push(ReportRow { anchor: None, cells });
    };
    let bare = |text: &str| {
        text.trim_start_matches("【待补").trim_start_matches(['：', ':']).trim_end_matches('】').to_owned()
    };
    for block in blocks {
        match block {
            Block::Heading { text, .. } => heading = text,
            Block::Attachment { label, .. } => heading = label,
            Block::Paragraph(spans) => {
                for span in spans {
                    match span {
                        Span::Blank(text) => add(heading, "补写", &bare(text)),
                        Span::Note(text) => add(heading, "核实", text),
                        Span::Text(_) | Span::Link { .. } => {}
                    }
                }
            }
            Block::Signature { name, date } => {
                for text in [name, date].into_iter().filter(|text| text.contains("【待补")) {
                    add("落款", "补写", &bare(text));
                }
            }
            Block::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                let blanks = cells.filter(|cell| cell.starts_with("【待补")).count();
                if blanks > 0 {
                    add(heading, "补写", &format!("表中有{blanks}处空格"));
                }
            }
            Block::Salutation(_) | Block::AttachmentNote(_) => {}
        }
    }
    let column = ReportColumn::new;
    ReportTable {
        caption: String::new(),
        columns: vec![
            column("序号", 6, true),
            column("位置", 30, false),
            column("做什么", 8, true),
            column("内容", 56, false),
        ],
        rows,
        ..ReportTable::default()
    }
}

fn directive(text: &str, tables: &mut Tables<'_>) -> std::result::Result<Block, String> {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let parts: Vec<String> = rest.split('|').map(|part| unescape(part.trim())).collect();
    match (name, parts.as_slice()) {
        ("表", [table]) => tables(table)
            .map(Block::Table)
            .ok_or_else(|| format!("没有名为“{table}”的表，或者这张表已经用过一次")),
        ("附件", [label, lie, title]) => Ok(Block::Attachment {
            label: label.clone(),
            title: title.clone(),
            orientation: orientation(lie),
        }),
        ("落款", [name, date]) => Ok(Block::Signature { name: name.clone(), date: date.clone() }),
        _ => Err(format!("不认识的指令“%{}”", unescape(text))),
    }
}

/// A line of text without its links, for places that have none.
fn plain(line: &str) -> String {
    let text = |span: Span| match span {
        Span::Text(text) | Span::Blank(text) | Span::Link { text, .. } => text,
        Span::Note(_) => String::new(),
    };
    spans(line).into_iter().map(text).collect()
}

/// A line of text with its blanks and links.
pub(super) fn spans(line: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let blank = rest.find("【待补");
        let linked = rest.find("[[");
        let at = [blank, linked].into_iter().flatten().min().unwrap_or(rest.len());
        let (plain, marked) = rest.split_at(at);
        if !plain.is_empty() {
            spans.push(Span::Text(unescape(plain)));
        }
        rest = marked;
        if rest.is_empty() {
            break;
        }
        let (close, is_blank) = if blank == Some(at) { ("】", true) } else { ("]]", false) };
        let Some(end) = rest.find(close).map(|end| end + close.len()) else {
            spans.push(Span::Text(unescape(rest)));
            break;
        };
        let (inside, after) = rest.split_at(end);
        rest = after;
        if is_blank {
            spans.push(Span::Blank(unescape(inside)));
        } else {
            let inner = inside.trim_start_matches("[[").trim_end_matches("]]");
            if let Some(note) = inner.strip_prefix('!') {
                spans.push(Span::Note(unescape(note)));
                continue;
            }
            match inner.split_once('|') {
                Some((text, anchor)) if !anchor.is_empty() => {
                    spans.push(Span::Link { text: unescape(text), anchor: unescape(anchor) });
                }
                _ => spans.push(Span::Text(unescape(inner.trim_end_matches('|')))),
            }
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn escape(text: &str) -> String {
        let mut out = String::new();
        escape_onto(&mut out, text).unwrap();
        out
    }

    #[test]
    fn lines_become_blocks() {
        let text = "# 甲\n# 乙\n@ 各位：\n\n## 一、做了什么\n有[[3次|e1]]记录，【待补：成效】。\n%附件说明 目录\n%附件 附件1|横|目录\n%表 佐证\n%落款 某支部|【待补：日期】\n";
        let mut tables = BTreeMap::from([("佐证".to_owned(), ReportTable::default())]);
        let (report, _) = parse("t", text, &mut |name| tables.remove(name), "某支部").unwrap();
        assert_eq!(report.title, ["甲", "乙"]);
        assert_eq!(
            report.blocks,
            [
                Block::Salutation("各位：".into()),
                Block::Heading { level: 1, text: "一、做了什么".into() },
                Block::Paragraph(vec![
                    Span::Text("有".into()),
                    Span::Link { text: "3次".into(), anchor: "e1".into() },
                    Span::Text("记录，".into()),
                    Span::Blank("【待补：成效】".into()),
                    Span::Text("。".into()),
                ]),
                Block::AttachmentNote(vec!["目录".into()]),
                Block::Attachment {
                    label: "附件1".into(),
                    title: "目录".into(),
                    orientation: Orientation::Landscape
                },
                Block::Table(ReportTable::default()),
                Block::Signature { name: "某支部".into(), date: "【待补：日期】".into() },
            ]
        );
    }

    #[test]
    fn data_are_never_taken_for_markup() {
        for data in ["# 甲", "%表 佐证", "[[甲|e1]]", "【待补：x】", "第一行\n## 第二行", "a|b"]
        {
            let (report, _) = parse("t", &format!("文{}", escape(data)), &mut |_| None, "").unwrap();
            let expected = format!("文{}", data.replace('\n', " "));
            assert_eq!(report.blocks, [Block::Paragraph(vec![Span::Text(expected)])]);
        }
    }

    #[test]
    fn unknown_directives_are_told_with_their_line() {
        let error = parse("某模板", "甲\n%图 一\n", &mut |_| None, "").unwrap_err();
        assert_eq!(error.to_string(), "模板 某模板：生成的文字第2行：不认识的指令“%图 一”");
        let error = parse("某模板", "%表 乙\n", &mut |_| None, "").unwrap_err();
        assert!(error.to_string().contains("没有名为“乙”的表"));
    }
}
