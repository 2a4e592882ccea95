//! The section `[工作簿]`: which workbooks are written.
//!
//! In: the settings with their lines. Out: names of workbooks, or an error that names line, key and what was
//! expected. Never here: what stands in them.

use super::super::books::{Workbook, Workbooks};
use crate::error::Result;
use crate::seeds::chinese_toml::Table;

/// The workbooks to be written; all where there is no such section.
pub(super) fn section(root: &Table<'_>) -> Result<Workbooks> {
    let Some(table) = root.table("工作簿")? else { return Ok(Workbooks::default()) };
    table.only(&["写"])?;
    if !table.keys().any(|(key, _)| key == "写") {
        return Ok(Workbooks::default());
    }
    let line = table.line_of("写");
    let mut written = Vec::new();
    for name in table.texts("写")? {
        let known = Workbook::ALL.into_iter().find(|book| book.name() == name);
        let Some(book) = known else {
            let names = Workbook::ALL.map(|book| format!("“{}”", book.name())).join("、");
            return Err(table.error(line, format!("没有“{name}”这种工作簿，可以写的有{names}")));
        };
        written.push(book);
    }
    Ok(Workbooks(written))
}
