//! `shuzhi check`: what was understood of each submission, as text and as a page; of an assessment, who has
//! submitted and what goes back.

use super::Ending;
use super::progress::Progress;
use super::screen::{Screen, left, right, widest};
use shuzhi::error::{Error, Result};
use shuzhi::pipeline::roll::{self, Roll};
use shuzhi::pipeline::settings::Settings;
use shuzhi::pipeline::{assess, checking, outputs, returns, table_rules};
use shuzhi::report::checkpage;
use shuzhi::seeds::Catalogue;
use std::path::{Path, PathBuf};

/// How many files without unit are named.
const UNPLACED: usize = 20;

pub(super) fn check(
    paths: &[PathBuf],
    html: Option<&Path>,
    send_back: bool,
    screen: &mut Screen,
) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let mut folders = Vec::new();
    let mut assessments: Vec<&Path> = Vec::new();
    for path in paths {
        let mut ruled = table_rules::of_path(path, &catalogue)?;
        if roll::is_assessment(path)? {
            // Beside submissions that lie in the folder itself lie register, scheme and list.
            let aside = assess::aside(path, &Settings::load(path)?)?;
            ruled.inputs.retain(|input| input.path.parent() != Some(path) || !aside.contains(&input.name));
            assessments.push(path);
        } else if send_back {
            return Err(Error::File {
                path: path.clone(),
                message: "写退回意见要指定考核文件夹：其中有“报送”文件夹或单位名册".to_owned(),
            });
        }
        folders.push(ruled);
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
    let mut failed = shown.iter().any(|file| file.failed);
    let mut sections: Vec<String> = Vec::new();
    for folder in assessments {
        let progress = Progress::new();
        let called = roll::call(folder, &catalogue, &progress);
        progress.clear();
        let called = called?;
        table(&called, screen);
        failed |= called.units.len() > called.count(roll::Handed::In);
        sections.push(checkpage::roll(&called.summary(), &roll::COLUMNS, &called.rows()));
        if send_back {
            let written = returns::write(folder, &called, &progress);
            progress.clear();
            tell(&written?, screen);
        }
    }
    if let Some(html) = html {
        sections.extend(shown.into_iter().map(|file| file.section));
        outputs::replace(html, checkpage::page(&sections).as_bytes()).map_err(|error| Error::File {
            path: html.to_owned(),
            message: format!("网页写不出来：{}", outputs::refusal(&error)),
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

/// Every unit with what it has sent and what is wrong.
fn table(roll: &Roll, screen: &mut Screen) {
    screen.out(&format!("\n{}", roll.summary()));
    let rows = roll.rows();
    let width = widest(rows.iter().map(|[name, ..]| name.as_str())).clamp(4, 44);
    for row in std::iter::once(&roll::COLUMNS.map(str::to_owned)).chain(&rows) {
        let [name, state, numbers @ ..] = row;
        let numbers: String = numbers.iter().map(|number| right(number, 8)).collect();
        screen.out(&format!("  {}  {}{numbers}", left(name, width), left(state, 8)));
    }
    let counties = roll.counties();
    if !counties.is_empty() {
        screen.out(&format!("\n各县区（{}个）", counties.len()));
    }
    let width = widest(counties.iter().map(|(county, ..)| &**county)).clamp(4, 44);
    for (county, own, all, handed) in &counties {
        let own = if own.is_empty() { "名册里没有" } else { own };
        screen.out(&format!("  {}  本级{own}；支部{all}个，已报送{handed}个", left(county, width)));
    }
    if !roll.unplaced.is_empty() {
        screen.out(&format!("看不出是哪个单位的文件{}个，没有算在上面：", roll.unplaced.len()));
        for file in roll.unplaced.iter().take(UNPLACED) {
            screen.out(&format!("  {file}"));
        }
        if roll.unplaced.len() > UNPLACED {
            screen.out(&format!("  ……另有{}个", roll.unplaced.len() - UNPLACED));
        }
        screen.out("  → 请在表内写明“填报单位：××党支部”，或把文件里的写法填到单位名册的别名中。");
    }
}

fn tell(written: &returns::Returned, screen: &mut Screen) {
    let Some(folder) = &written.folder else {
        screen.out("\n没有需要退回或催报的单位，没有写退回意见。");
        return;
    };
    screen.out(&format!(
        "\n退回意见写在 {}：退回更正{}份（其中{}份附标了黄色的原表），催报{}份。报送时限、日期请补写后再发。",
        folder.display(),
        written.corrections,
        written.workbooks,
        written.reminders
    ));
}
