//! What a unit gets back: a letter on what to correct, and its own sheets with the doubtful cells marked.
//!
//! In: a unit's findings and sheets. Out: a [`Report`] by the template 退回意见, and a [`Book`]. Never here:
//! files, deciding who has submitted.

use super::markup;
use super::template::Templates;
use crate::error::Result;
use crate::model::{
    Align, Book, Cell, CellMark, Column, Finding, Grid, Place, Report, ReportColumn, ReportRow, ReportTable,
    Rule, Severity, Sheet, SheetCopy, SheetLink, Visibility, rules,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name of the template, and the folder that the letters lie in.
pub const RETURNS: &str = "退回意见";

/// What only the unit can put right, and how; whatever else is noticed is for the office.
static RETURNED: [(&Rule, &str); 18] = [
    (&rules::ENCRYPTED, "取消打开密码，重新保存后报送。"),
    (&rules::CORRUPT, "用 WPS 或 Excel 打开核对，另存为 .xlsx 后重新报送；打不开的，重新填写。"),
    (&rules::UNSUPPORTED, "改用电子表格填写，或另存为 .xlsx 后重新报送。"),
    (&rules::EMPTY, "核对是否发错文件，重新报送。"),
    (&rules::HEADER_ONLY, "补填全年的活动后重新报送；确实没有开展活动的，书面说明。"),
    (&rules::TOO_LARGE, "删去图片和空白区域的格式后另存，或分成几个文件报送。"),
    (&rules::NOT_UNDERSTOOD, "改成普通台账：第一行写列名，下面一行一项活动。"),
    (&rules::SEVERAL_IN_CELL, "分开写，一行一项活动。"),
    (&rules::NO_CACHED_VALUE, "用 WPS 或 Excel 打开文件，保存后重新报送；或把公式改成数值。"),
    (&rules::SHEET_MISSING, "用 WPS 或 Excel 打开文件核对这张工作表，另存后重新报送。"),
    (&rules::TEXT_MISSING, "对照原始记录补填这一格。"),
    (&rules::BAD_DATE, "对照原始记录改成实际日期，写明年月日，如 2023-03-05。"),
    (&rules::OTHER_YEAR, "核对年份；不是本年度的活动，删去这一行。"),
    (&rules::NO_DATE, "补填实际日期，写明年月日，如 2023-03-05。"),
    (&rules::OVER_ATTENDANCE, "核对应到、实到人数。"),
    (&rules::BAD_VALUE, "改成数字。"),
    (&rules::DUPLICATE, "是同一次活动的，只留一行；不是的，把日期或名称写清楚。"),
    (&rules::NO_TITLE, "补填活动名称。"),
];
/// Dates that prove no month are for the unit as well, beside the table above.
static COARSE: (&Rule, &str) = (&rules::COARSE_DATE, "补填实际日期，写明年月日。");

/// Rows of the letter's table; what goes beyond stands in the workbook only.
const LISTED: usize = 100;
/// Rows of a sheet that are drawn again.
const DRAWN: usize = 20_000;

/// What a unit has to do about a finding; none where it is not for the unit.
#[must_use]
pub fn advice(finding: &Finding) -> Option<&'static str> {
    let returned = RETURNED.iter().chain([&COARSE]).find(|(rule, _)| rule.code == finding.rule.code);
    returned.filter(|(rule, _)| rule.severity != Severity::Note).map(|(_, advice)| *advice)
}

/// One thing that a unit has to correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Where.
    pub place: Place,
    /// What is the matter.
    pub message: String,
    /// What to do.
    pub advice: &'static str,
}

impl Correction {
    /// The corrections among some findings, in order of place; findings of no file are none.
    #[must_use]
    pub fn among(findings: &[Finding]) -> Vec<Self> {
        let of = |finding: &Finding| {
            let (place, advice) = (finding.place.clone()?, advice(finding)?);
            Some(Self { place, message: finding.message.clone(), advice })
        };
        let mut corrections: Vec<Self> = findings.iter().filter_map(of).collect();
        corrections.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
        corrections.dedup();
        corrections
    }

    /// The cell or row, in words.
    fn cell(&self) -> String {
        match (self.place.row, self.place.sheet.is_empty()) {
            (0, true) => "整个文件".to_owned(),
            (0, false) => "整张表".to_owned(),
            _ => self.place.a1(),
        }
    }
}

/// To whom a letter goes, and about what.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// The unit.
    pub unit: &'a str,
    /// The office that writes; may be empty.
    pub bureau: &'a str,
    /// The year, where it is known.
    pub year: Option<i32>,
    /// What to correct; nothing where the unit has not submitted anything.
    pub corrections: &'a [Correction],
    /// Whether a workbook with marks goes with it.
    pub workbook: bool,
}

/// Everything that the template may name.
#[derive(Debug, Serialize)]
struct LetterFacts<'a> {
    单位: &'a str,
    局名: &'a str,
    年度: Option<i32>,
    未报送: bool,
    更正数: usize,
    列出数: usize,
    有工作簿: bool,
    文件: Vec<String>,
}

/// The letter to a unit.
///
/// # Errors
/// [`crate::error::Error::Template`] where the template names something unknown or breaks the markup.
pub fn letter(templates: &Templates, letter: &Letter<'_>) -> Result<Report> {
    let corrections = letter.corrections;
    let mut files: Vec<String> = corrections.iter().map(|own| own.place.file.to_string()).collect();
    files.dedup();
    let facts = LetterFacts {
        单位: letter.unit,
        局名: letter.bureau,
        年度: letter.year,
        未报送: corrections.is_empty(),
        更正数: corrections.len(),
        列出数: corrections.len().min(LISTED),
        有工作簿: letter.workbook,
        文件: files,
    };
    let name = format!("{RETURNS}.txt");
    let text = templates.render(&name, &facts, letter.unit)?;
    let mut tables = BTreeMap::from([("更正事项".to_owned(), table(corrections))]);
    Ok(markup::parse(&name, &text, &mut |name| tables.remove(name), letter.bureau)?.0)
}

fn table(corrections: &[Correction]) -> ReportTable {
    let column = ReportColumn::new;
    let rows = corrections.iter().take(LISTED).enumerate().map(|(at, own)| ReportRow {
        anchor: None,
        cells: vec![
            (at + 1).to_string(),
            own.place.file.to_string(),
            own.place.sheet.to_string(),
            own.cell(),
            own.message.clone(),
            own.advice.to_owned(),
        ],
    });
    ReportTable {
        columns: vec![
            column("序号", 5, true),
            column("文件", 18, false),
            column("工作表", 11, false),
            column("单元格", 9, true),
            column("问题", 29, false),
            column("怎样改", 28, false),
        ],
        rows: rows.collect(),
        ..ReportTable::default()
    }
}

/// The sheets of one file.
#[derive(Debug)]
pub struct ReturnedFile {
    /// The file's name.
    pub file: Arc<str>,
    /// Its sheets as they were read.
    pub grids: Vec<Grid>,
}

/// By file and sheet: where the sheet stands in the book, and the first row that holds anything.
type Stands = BTreeMap<(Arc<str>, Arc<str>), (usize, u32)>;

/// A unit's own sheets with marks and comments, behind a sheet that lists what to correct; none where there is
/// no sheet to draw.
#[must_use]
pub fn marked_book(letter: &Letter<'_>, files: Vec<ReturnedFile>) -> Option<Book> {
    let several = files.len() > 1;
    let mut copies: Vec<Sheet> = Vec::new();
    let mut cut: Vec<String> = Vec::new();
    let mut stands: Stands = BTreeMap::new();
    for (at, file) in files.into_iter().enumerate() {
        for mut grid in file.grids {
            if grid.visibility != Visibility::Visible || grid.rows.is_empty() {
                continue;
            }
            let key = (file.file.clone(), grid.place.sheet.clone());
            let (top, first) = grid
                .rows
                .first()
                .map_or((1, 1), |row| (row.number, row.cells.first().map_or(1, |cell| cell.col)));
            stands.insert(key, (copies.len() + 1, top));
            if grid.rows.len() > DRAWN {
                cut.push(format!(
                    "“{}”只画出前{DRAWN}个非空行，共{}行。",
                    named(&grid, several, at),
                    grid.rows.len()
                ));
                grid.rows.truncate(DRAWN);
            }
            let here = |own: &&Correction| own.place.file == file.file && own.place.sheet == grid.place.sheet;
            let marks = letter
                .corrections
                .iter()
                .filter(here)
                .filter(|own| !own.place.sheet.is_empty() || own.place.row > 0);
            let marks = marks.map(|own| CellMark {
                row: if own.place.row == 0 { top } else { own.place.row },
                col: if own.place.row == 0 { first } else { own.place.col },
                note: format!("{}。怎样改：{}", own.message.trim_end_matches('。'), own.advice),
            });
            let marks = marks.collect();
            let name = named(&grid, several, at);
            let source = file.file.to_string();
            copies.push(Sheet { name, copy: Some(SheetCopy { grid, source, marks }), ..Sheet::default() });
        }
    }
    if copies.is_empty() {
        return None;
    }
    let mut sheets = vec![list(letter, &stands, cut)];
    sheets.extend(copies);
    let title = format!("{}需要更正的内容", letter.unit);
    Some(Book { title, author: letter.bureau.to_owned(), sheets, ..Book::default() })
}

/// The name of a sheet in the book: its own; with the number of its file where there are several.
fn named(grid: &Grid, several: bool, at: usize) -> String {
    let file = &grid.place.file;
    let stem = file.rsplit('/').next().unwrap_or(file);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let own = if grid.place.sheet.is_empty() { stem } else { &grid.place.sheet };
    if !several {
        return own.to_owned();
    }
    // Excel takes 31 units; the number must stay.
    let kept: String = own.chars().take(12).collect();
    format!("{kept}（{}）", at + 1)
}

fn list(letter: &Letter<'_>, stands: &Stands, cut: Vec<String>) -> Sheet {
    let rows = letter.corrections.iter().enumerate().map(|(at, own)| {
        let stand = stands.get(&(own.place.file.clone(), own.place.sheet.clone()));
        let row = |top: u32| usize::try_from(own.place.row.max(top).saturating_sub(1)).unwrap_or(0);
        let link = stand.map(|(sheet, top)| SheetLink { sheet: *sheet, row: row(*top) });
        let place = Cell { link, ..Cell::text(own.cell()) };
        vec![
            Cell::count(i64::try_from(at + 1).unwrap_or(i64::MAX)),
            Cell::text(own.place.file.to_string()),
            Cell::text(own.place.sheet.to_string()),
            place,
            Cell::text(own.message.clone()),
            Cell::text(own.advice),
        ]
    });
    let mut notes = vec![
        "后面各张工作表是报送的原表，行号、列号不变；黄色的格有批注，写明问题和改法。点“单元格”一列可以转到那一行。".to_owned(),
        "请在原来的文件里改好后重新报送；直接在本文件里改也可以，改后把本文件报来。".to_owned(),
    ];
    let mut files: Vec<&Arc<str>> = stands.keys().map(|(file, _)| file).collect();
    files.dedup();
    if files.len() > 1 {
        notes.push("报送了几个文件的，工作表名后面的数字表示取自第几个文件，页眉印有文件名。".to_owned());
    }
    notes.extend(cut);
    let column = |title: &str, width, align| Column::new(title, width, align);
    Sheet {
        name: "说明".to_owned(),
        title: format!("{}需要更正的内容", letter.unit),
        notes,
        columns: vec![
            column("序号", 6, Align::Centre),
            column("文件", 26, Align::Left),
            column("工作表", 16, Align::Left),
            column("单元格", 10, Align::Centre),
            column("问题", 40, Align::Left),
            column("怎样改", 40, Align::Left),
        ],
        rows: rows.collect(),
        landscape: true,
        ..Sheet::default()
    }
}
