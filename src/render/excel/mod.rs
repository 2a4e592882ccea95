//! Excel workbooks.
//!
//! In: a [`Book`]. Out: the bytes of an .xlsx, the same for the same book. Never here: arithmetic,
//! wording beyond the page number and what a wrong entry is told, a clock, a file name.

mod chart;
mod copy;
mod entries;
mod formula;
mod highlights;
mod looks;
mod measure;
mod names;
mod rows;
mod sheet;
mod value;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::error::{Error, Result};
use crate::model::{Book, Date, Sheet};
use looks::Looks;
use sheet::Plan;
use std::collections::BTreeSet;

/// The day that stands as a workbook's first where the caller gives none.
const NO_DAY: (u16, u8, u8) = (1980, 1, 1);

/// How hard parts are deflated: level 2 takes a quarter of the time of the usual level 6 and a fifth more bytes.
const LEVEL: u8 = 2;

/// Writes a book as an .xlsx.
///
/// # Errors
/// Where a sheet has more rows or columns than Excel can hold.
pub fn xlsx(book: &Book) -> Result<Vec<u8>> {
    xlsx_dated(book, None)
}

/// Writes a book as an .xlsx with a day of creation in its properties.
///
/// # Errors
/// Where a sheet has more rows or columns than Excel can hold.
pub fn xlsx_dated(book: &Book, created: Option<Date>) -> Result<Vec<u8>> {
    write(book, created).map_err(|error| refused(error, &book.title))
}

/// Writes sheets that say nothing of each other as an .xlsx, each let go before the next is made.
///
/// # Errors
/// Where a sheet has more rows or columns than Excel can hold.
pub fn xlsx_by_sheet(title: &str, author: &str, sheets: impl Iterator<Item = Sheet>) -> Result<Vec<u8>> {
    let write = || {
        let mut workbook = begun(title, author, None)?;
        let (mut taken, mut looks) = (BTreeSet::new(), Looks::default());
        for sheet in sheets {
            let name = names::sheet_name(&sheet.name, &mut taken);
            sheet::write(&mut workbook, 0, &[Plan::new(&sheet, &name)], &mut looks)?;
        }
        workbook.save_to_buffer()
    };
    write().map_err(|error| refused(error, title))
}

fn refused(error: XlsxError, title: &str) -> Error {
    Error::Render {
        document: if title.is_empty() { "Excel 文件".into() } else { title.to_owned() },
        message: match error {
            XlsxError::RowColumnLimitError => {
                "行数或列数超过 Excel 的上限（1048576 行、16384 列），请分单位或分年度输出".into()
            }
            XlsxError::IoError(error) => format!("临时文件写不了（{error}），请检查临时文件夹和磁盘空间"),
            other => other.to_string(),
        },
    }
}

/// A workbook without sheets.
fn begun(title: &str, author: &str, created: Option<Date>) -> std::result::Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(LEVEL);
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&*crate::render::legal::legal(title))
            .set_author(&*crate::render::legal::legal(author))
            .set_creation_datetime(&day(created)?),
    );
    Ok(workbook)
}

fn write(book: &Book, created: Option<Date>) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = begun(&book.title, &book.author, created)?;
    let names = names::sheet_names(book.sheets.iter().map(|sheet| sheet.name.as_str()));
    let plans: Vec<Plan<'_>> =
        book.sheets.iter().zip(&names).map(|(sheet, name)| Plan::new(sheet, name)).collect();
    let mut looks = Looks::default();
    for own in 0..plans.len() {
        sheet::write(&mut workbook, own, &plans, &mut looks)?;
    }
    for (name, spot) in &book.names {
        // A place of no sheet would print as a formula of its own; the name is left out then.
        if let Some(sheet) = spot.sheet.filter(|sheet| *sheet < plans.len()) {
            let on_sheet = formula::place(&spot.fixed(), sheet, &plans);
            let plan_name = plans.get(sheet).map_or("", Plan::name);
            workbook.define_name(name.as_str(), &format!("={}!{on_sheet}", formula::quoted(plan_name)))?;
        }
    }
    if plans.is_empty() {
        workbook.add_worksheet().set_name("表1")?;
    }
    workbook.save_to_buffer()
}

fn day(created: Option<Date>) -> std::result::Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = created.and_then(parts).unwrap_or(NO_DAY);
    ExcelDateTime::from_ymd(year, month, day)
}

/// A day as the writer of workbooks takes it.
fn parts(date: Date) -> Option<(u16, u8, u8)> {
    Some((u16::try_from(date.year()).ok()?, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?))
}
