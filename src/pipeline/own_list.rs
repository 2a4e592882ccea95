//! An office's own duty list, in whatever file it lies.
//!
//! In: a file name and its bytes. Out: the lists in it. Never here: what a list says.

use super::apart;
use crate::error::{Error, Result};
use crate::model::{DutyList, FileError};
use crate::seeds::list_files;
use std::sync::Arc;

const BROKEN: &str = "文件已损坏，打不开。请用 WPS 或 Office 打开后重新保存。";

/// The lists of a text, Word document or workbook.
///
/// # Errors
/// [`Error::File`] with line, paragraph or cell where the list does not hold together, or why the file cannot
/// be read.
pub fn load(name: &str, bytes: &[u8]) -> Result<Vec<DutyList>> {
    let refused = |message: String| Error::File { path: name.into(), message };
    if !list_files::is_workbook(bytes) {
        let read = apart::unharmed(|| list_files::load(name, bytes));
        return read.unwrap_or_else(|| Err(refused(BROKEN.to_owned())));
    }
    let grids = apart::sheets(&Arc::from(name), bytes).value.map_err(|(error, message)| match error {
        FileError::Empty => refused("工作簿里没有内容。请核对是否选错了文件。".to_owned()),
        FileError::TooLarge | FileError::BrokenOff => refused(format!("{message}。请核对是否选错了文件。")),
        _ => refused(BROKEN.to_owned()),
    })?;
    list_files::of_sheets(name, &grids)
}
