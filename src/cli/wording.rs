//! `shuzhi explain --text`: which item a wording would prove, and why.

use super::Ending;
use super::explain::{evidence_lines, next_line};
use super::screen::Screen;
use shuzhi::error::Result;
use shuzhi::matching::RowText;
use shuzhi::model::Decision;
use shuzhi::pipeline::settings::Settings;
use shuzhi::pipeline::{learning, rules};
use shuzhi::seeds::Catalogue;
use std::path::Path;

pub(super) fn wording(
    text: &str,
    kind: &str,
    list: Option<&str>,
    folder: &Path,
    screen: &mut Screen,
) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let list = match list {
        Some(name) => rules::list(folder, name, 0, &catalogue)?,
        None => rules::main_list(folder, &Settings::load(folder)?, &catalogue)?,
    };
    let (matcher, told) = learning::matcher(folder, &list, &catalogue);
    if let Some(finding) = told {
        screen.err(&finding.to_string());
    }
    screen.out(&format!("按“{}”", list.title));
    let explanation = matcher.explain(&RowText { kind, title: text, description: "", kinds: &[] });
    if explanation.matches.is_empty() {
        screen.out("没有对应的条目");
    }
    for found in &explanation.matches {
        let review = if found.decision == Decision::Review { "（待核，不计分）" } else { "" };
        let short = list.item(&found.item).map_or("", |item| item.short());
        screen.out(&format!("{} {short}{review}，把握{}", found.item, found.surety()));
        evidence_lines(found, "    ", screen);
    }
    if let Some(next) = &explanation.next {
        screen.out(&next_line(next, explanation.matches.is_empty()));
        evidence_lines(next, "    ", screen);
    }
    Ok(Ending::Clean)
}
