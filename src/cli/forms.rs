//! `shuzhi forms`: ledgers to be filled in, one for each unit.

use super::Ending;
use super::progress::Progress;
use super::screen::Screen;
use shuzhi::error::Result;
use shuzhi::pipeline::ledger_forms;
use shuzhi::seeds::Catalogue;
use std::path::Path;

/// How many forms that were kept are named.
const NAMED: usize = 20;

pub(super) fn forms(
    folder: &Path,
    year: Option<i32>,
    overwrite: bool,
    screen: &mut Screen,
) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let progress = Progress::new();
    let written = ledger_forms::write(folder, year, overwrite, &catalogue, &progress);
    progress.clear();
    let written = written?;
    screen.out(&format!(
        "{}年度填报表在 {}：新写{}份，原来就一样的{}份，其中{}份沿用了单位报送材料里的列名",
        written.year,
        written.folder.display(),
        written.fresh,
        written.same,
        written.own_headings
    ));
    if !written.kept.is_empty() {
        screen.out(&format!(
            "已有的{}份与新写的不同（可能已经填过），没有动；确实要换成新的，加上 --overwrite：",
            written.kept.len()
        ));
        for name in written.kept.iter().take(NAMED) {
            screen.out(&format!("  {name}.xlsx"));
        }
        if written.kept.len() > NAMED {
            screen.out(&format!("  ……另有{}份", written.kept.len() - NAMED));
        }
    }
    Ok(Ending::Clean)
}
