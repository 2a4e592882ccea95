//! `shuzhi report`: one document of an assessment.

use super::Ending;
use super::progress::Progress;
use super::screen::Screen;
use shuzhi::error::{Error, Result};
use shuzhi::pipeline::assess::{Assessed, assess};
use shuzhi::pipeline::outputs;
use shuzhi::pipeline::papers::{self, About, Desk, Due};
use shuzhi::pipeline::run::templates;
use shuzhi::render::{self, Stationery};
use shuzhi::report::{PAPERS, Paper, REPORTS};
use shuzhi::seeds::Catalogue;
use shuzhi::seeds::chinese_toml::guess;
use std::path::{Path, PathBuf};

pub(super) fn report(
    folder: &Path,
    kind: Option<&str>,
    unit: Option<&str>,
    out: Option<&Path>,
    screen: &mut Screen,
) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let progress = Progress::new();
    let assessed = assess(folder, &catalogue, &progress);
    drop(progress);
    let assessed = assessed?;
    let Some(kind) = kind else {
        list(&assessed, screen);
        return Ok(Ending::Clean);
    };
    let due = match find(&assessed, kind.trim(), unit.map(str::trim)) {
        Ok(due) => due,
        Err(message) => {
            screen.err(&message);
            return Ok(Ending::WithErrors);
        }
    };
    let templates = templates(folder, &assessed.papers)?;
    let Some((report, lengths)) = Desk::new(&templates, &assessed).compose(due)? else {
        screen.err("没有可写的内容。");
        return Ok(Ending::WithErrors);
    };
    let bytes = Stationery::new(&assessed.papers.fonts, None)?.docx(&report)?;
    let path = out.map_or_else(|| free(due.paper, &papers::name_of(&assessed, due.about)), Path::to_owned);
    outputs::replace(&path, &bytes).map_err(|error| Error::File {
        path: path.clone(),
        message: format!("写不进去：{}", outputs::refusal(&error)),
    })?;
    screen.out(&format!("已写好 {}（正文{}字）", path.display(), lengths.total));
    Ok(Ending::Clean)
}

/// Every kind with those about whom it can be written.
fn list(assessed: &Assessed, screen: &mut Screen) {
    for paper in &PAPERS {
        let names: Vec<String> = papers::subjects(assessed, paper)
            .into_iter()
            .map(|about| papers::name_of(assessed, about))
            .filter(|name| !name.is_empty())
            .collect();
        let whom = match (names.is_empty(), paper.folder == REPORTS || !names.is_empty()) {
            (true, true) => "没有可写的单位".to_owned(),
            (true, false) => "全局一份".to_owned(),
            (false, _) => names.join("、"),
        };
        screen.out(&format!("{}：{whom}", paper.name));
    }
}

/// The document that is meant, or what is wrong with how it is named.
fn find(assessed: &Assessed, kind: &str, unit: Option<&str>) -> std::result::Result<Due, String> {
    let candidates = Paper::meant(kind)?;
    let all: Vec<Due> = candidates
        .iter()
        .flat_map(|paper| papers::subjects(assessed, paper).into_iter().map(|about| Due { paper, about }))
        .collect();
    let Some(unit) = unit else {
        return match all.as_slice() {
            [only] => Ok(*only),
            [] => Err(format!("这次考核没有要写“{kind}”的单位。")),
            _ => Err(format!("“{kind}”每个单位一份，还要用 --unit 写明是哪个单位。")),
        };
    };
    let by_name = |name: &str| all.iter().find(|due| papers::name_of(assessed, due.about) == name).copied();
    let found = by_name(unit).or_else(|| {
        let at = assessed.find(unit)?;
        all.iter().find(|due| due.about == About::Unit(at)).copied()
    });
    found.ok_or_else(|| {
        let names: Vec<String> = all.iter().map(|due| papers::name_of(assessed, due.about)).collect();
        let guess = guess(unit, names.iter().map(String::as_str));
        format!("没有要给“{unit}”写的“{kind}”{guess}不写 --kind 可以看到各种文书和可写的单位。")
    })
}

/// A name in the current folder that is not taken.
fn free(paper: &Paper, about: &str) -> PathBuf {
    let stem = render::file_name(&format!("{about}{}", paper.name));
    let mut path = PathBuf::from(format!("{stem}.docx"));
    let mut number = 2;
    while path.exists() {
        path = PathBuf::from(format!("{stem}（{number}）.docx"));
        number += 1;
    }
    path
}
