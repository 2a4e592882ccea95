//! `shuzhi records`, `shuzhi match` and `shuzhi lists`: lines in, lines out.

use super::Ending;
use super::args::Format;
use super::screen::Screen;
use shuzhi::error::{Error, Result};
use shuzhi::model::{RuleUse, Severity, rules as codes};
use shuzhi::pipeline::record_lines::{records_lines, text_lines};
use shuzhi::pipeline::sources::{Content, Source, each};
use shuzhi::pipeline::table_rules::{self, FileRead};
use shuzhi::pipeline::{learning, list_text, matching_lines, own_list, reading, rules};
use shuzhi::seeds::Catalogue;
use std::io::BufRead;
use std::path::{Path, PathBuf};

pub(super) fn records(
    paths: &[PathBuf],
    format: Format,
    excluded: bool,
    screen: &mut Screen,
) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let mut failed = false;
    for path in paths {
        let folder = table_rules::of_path(path, &catalogue)?;
        let mut uses: Vec<(String, bool, Vec<RuleUse>)> = Vec::new();
        for input in &folder.inputs {
            let read = |source: Source<'_>| {
                let submission = source.submission(&folder.rules, &catalogue);
                let unopened = matches!(source.content, Content::Unopened(_) | Content::LockFile);
                (source.submitted.clone(), submission, source.members(), unopened)
            };
            for (submitted, mut submission, members, unopened) in each(input, &read) {
                failed |= submission.error.is_some();
                if unopened || members.is_some() {
                    failed |= submission.findings.iter().any(|told| told.rule.severity == Severity::Error);
                    for finding in submission.findings.iter().filter(|told| told.rule != &codes::LOCK_FILE) {
                        screen.err(&finding.to_string());
                    }
                    continue;
                }
                match format {
                    Format::Jsonl => records_lines(&submission, excluded).for_each(|line| screen.out(&line)),
                    Format::Text => {
                        submission = reading::tell_repeats(submission);
                        for line in text_lines(&submission, excluded) {
                            screen.out(&line);
                        }
                    }
                }
                uses.push((submitted, submission.error.is_none(), submission.ruled));
            }
        }
        let files: Vec<FileRead<'_>> = uses
            .iter()
            .map(|(submitted, readable, ruled)| FileRead { submitted, readable: *readable, ruled })
            .collect();
        for finding in folder.rules.unused(&files, folder.whole) {
            screen.err(&finding.to_string());
        }
    }
    Ok(if failed { Ending::WithErrors } else { Ending::Clean })
}

pub(super) fn matches(
    list: &str,
    folder: Option<&Path>,
    format: Format,
    screen: &mut Screen,
) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let list = rules::list(folder.unwrap_or(Path::new(".")), list, 0, &catalogue)?;
    let (matcher, told) = match folder {
        Some(folder) => learning::matcher(folder, &list, &catalogue),
        None => (rules::matcher(&list, &catalogue), None),
    };
    if let Some(finding) = told {
        screen.err(&finding.to_string());
    }
    let mut failed = false;
    for (at, line) in std::io::stdin().lock().split(b'\n').enumerate() {
        let line = line.map_err(|error| Error::File {
            path: PathBuf::from("标准输入"),
            message: format!("读不出来（{error}）"),
        })?;
        let line = String::from_utf8_lossy(&line);
        if line.trim().is_empty() {
            continue;
        }
        let answer = match format {
            Format::Jsonl => matching_lines::match_line(&matcher, line.trim()),
            Format::Text => matching_lines::text_line(&matcher, line.trim()),
        };
        match answer {
            Ok(answer) => screen.out(&answer),
            Err(message) => {
                screen.err(&format!("标准输入第{}行：{message}", at + 1));
                failed = true;
            }
        }
    }
    Ok(if failed { Ending::WithErrors } else { Ending::Clean })
}

pub(super) fn lists(file: Option<&Path>, screen: &mut Screen) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let lists = match file {
        None => catalogue.lists.clone(),
        Some(path) => {
            let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let bytes = std::fs::read(path).map_err(|error| Error::File {
                path: path.to_owned(),
                message: format!("读不出来（{error}）。请核对文件名和位置"),
            })?;
            own_list::load(&name, &bytes)?
        }
    };
    for (at, list) in lists.iter().enumerate() {
        if at > 0 {
            screen.out("");
        }
        let requirements = catalogue.requirements_for(list);
        if let Some(scheme) = catalogue.scheme("") {
            screen.out(list_text::describe(list, &requirements, scheme).trim_end());
        }
        for finding in rules::wording(list) {
            screen.out(&format!("  {finding}"));
        }
    }
    Ok(Ending::Clean)
}
