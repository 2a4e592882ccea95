//! `shuzhi check`: what was understood of each submission, as text and as a page.

use super::Ending;
use super::screen::Screen;
use shuzhi::error::{Error, Result};
use shuzhi::pipeline::{checking, table_rules};
use shuzhi::report::checkpage;
use shuzhi::seeds::Catalogue;
use std::path::{Path, PathBuf};

pub(super) fn check(paths: &[PathBuf], html: Option<&Path>, screen: &mut Screen) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let mut folders = Vec::new();
    for path in paths {
        folders.push(table_rules::of_path(path, &catalogue)?);
    }
    if let Some(html) = html {
        own_page(html)?;
        // An earlier page may lie beside the submissions.
        let own = html.canonicalize().ok();
        for folder in &mut folders {
            folder.inputs.retain(|input| own.is_none() || input.path.canonicalize().ok() != own);
        }
    }
    let shown: Vec<checking::Shown> =
        folders.iter().flat_map(|folder| checking::check(folder, &catalogue, html.is_some())).collect();
    for (at, file) in shown.iter().enumerate() {
        if at > 0 {
            screen.out("");
        }
        for line in &file.lines {
            screen.out(line);
        }
    }
    let failed = shown.iter().any(|file| file.failed);
    if let Some(html) = html {
        let sections: Vec<String> = shown.into_iter().map(|file| file.section).collect();
        std::fs::write(html, checkpage::page(&sections)).map_err(|error| Error::File {
            path: html.to_owned(),
            message: format!("网页写不出来（{error}）。请核对文件夹是否存在、能不能写入"),
        })?;
        screen.out(&format!("\n网页写在 {}", html.display()));
    }
    Ok(if failed { Ending::WithErrors } else { Ending::Clean })
}

/// Refuses to write over anything that is not a page of this command.
fn own_page(html: &Path) -> Result<()> {
    let Ok(bytes) = std::fs::read(html) else { return Ok(()) };
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(400)).unwrap_or(&[])).into_owned();
    if head.contains(checkpage::MARK) {
        return Ok(());
    }
    let message = "已经有这个文件，而且不是本命令写的网页，没有覆盖。请换一个文件名".to_owned();
    Err(Error::File { path: html.to_owned(), message })
}
