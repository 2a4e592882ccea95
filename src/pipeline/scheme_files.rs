//! Which scheme a run uses: the one that the settings name, the one that lies beside them, or the default.
//!
//! In: the folder, the settings, the requirements in use. Out: a checked scheme and what should be known about
//! it. Never here: the points of a unit.

use super::scheme_form;
use super::settings::{FILE, Settings};
use crate::error::{Error, Result};
use crate::ingest;
use crate::model::{Finding, Outcome, Place, Requirement, Scheme, rules as codes};
use crate::seeds::scheme::builtin::{self, DEFAULT};
use crate::seeds::scheme::draft::{Draft, Where, Written, whole_list};
use crate::seeds::scheme::{EXAMPLES, Known, build, toml};
use std::path::Path;
use std::sync::Arc;

/// The scheme that lies beside the settings without being named there; none where there is none.
///
/// # Errors
/// [`Error::File`] where several lie there.
pub fn dropped(folder: &Path) -> Result<Option<String>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(None) };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.contains("计分方案") && !ingest::is_lock_file(name))
        .filter(|name| {
            let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            ["toml", "xlsx"].iter().any(|known| ending.eq_ignore_ascii_case(known))
        })
        .collect();
    names.sort();
    if names.len() > 1 {
        return Err(Error::File {
            path: folder.to_owned(),
            message: format!(
                "文件夹里有{}个计分方案（{}），不知道用哪一个。请在 考核.toml 写 方案 = \"{}\"，或移走不用的",
                names.len(),
                names.join("、"),
                names.first().map_or("", String::as_str)
            ),
        });
    }
    Ok(names.pop())
}

/// The default scheme: the whole list, each requirement by what is done of it.
fn default(catalogue_note: &str) -> Draft {
    let at = Where::Line(Arc::from(DEFAULT), 0);
    let mut draft = Draft::empty(at.clone());
    DEFAULT.clone_into(&mut draft.name);
    catalogue_note.clone_into(&mut draft.note);
    draft.blocks.push(whole_list(&at));
    draft
}

/// The draft of an example or of the default; none for any other name.
///
/// # Errors
/// Never, unless the program was built with a broken file.
pub fn built_in(name: &str, note: &str) -> Result<Option<Draft>> {
    if name.trim() == DEFAULT {
        return Ok(Some(default(note)));
    }
    builtin::example(name).map(|(file, text)| toml::draft(file, text)).transpose()
}

/// The draft in a file's bytes: TOML or the Excel form.
///
/// # Errors
/// [`Error::Seed`] or [`Error::Scheme`] where the file cannot be read at all.
pub fn draft(name: &str, bytes: &[u8]) -> Result<Draft> {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if ending.eq_ignore_ascii_case("toml") {
        let text = std::str::from_utf8(bytes).map_err(|_| {
            Error::Scheme(format!("{name} 不是 UTF-8 编码。请用记事本打开，另存为时编码选 UTF-8"))
        })?;
        return toml::draft(name, text.trim_start_matches('\u{feff}'));
    }
    scheme_form::draft(name, bytes)
        .map_err(|message| Error::Scheme(format!("{name} 不能用作计分方案：{message}")))
}

/// A draft as a scheme.
///
/// # Errors
/// [`Error::Scheme`] with everything that is wrong.
pub fn checked(draft: &Draft, known: &Known<'_>) -> Result<Scheme> {
    build(draft, known).map_err(|problems| Error::Scheme(problems.to_string()))
}

/// The scheme of a run, with 权重 and 分值 of the settings in place, and whether it is another than the default.
///
/// # Errors
/// [`Error::Seed`] where the settings name no scheme, [`Error::Scheme`] with everything that is wrong with it.
pub fn choose(
    folder: &Path,
    settings: &Settings,
    note: &str,
    known: &Known<'_>,
) -> Result<Outcome<(Scheme, bool)>> {
    let mut findings = Vec::new();
    let (mut draft, own) = match &settings.scheme {
        Some(at) => match built_in(&at.value, note)? {
            Some(draft) => (draft, at.value.trim() != DEFAULT),
            None => (from_file(folder, &at.value, at.line)?, true),
        },
        None => match dropped(folder)? {
            Some(name) => {
                let draft = from_file(folder, &name, 0)?;
                let message = format!("没有设定方案，采用放在文件夹里的“{name}”");
                findings.push(Finding::at(&codes::OWN_SCHEME, &Place::file(name.as_str()), message));
                (draft, true)
            }
            None => (default(note), false),
        },
    };
    let here = |line: usize| Where::Line(Arc::from(FILE), line);
    for (id, at) in &settings.weights {
        draft.weights.insert(id.clone(), Written { value: at.value, at: here(at.line) });
    }
    if own {
        for (id, at) in &settings.points {
            draft.points.insert(id.clone(), Written { value: at.value, at: here(at.line) });
        }
    }
    let scheme = checked(&draft, known)?;
    Ok(Outcome::new((scheme, own), findings))
}

fn from_file(folder: &Path, name: &str, line: usize) -> Result<Draft> {
    let path = folder.join(name.trim());
    if !path.is_file() {
        let examples: Vec<&str> = EXAMPLES.iter().map(|(short, ..)| *short).collect();
        let message = format!(
            "没有“{}”这个计分方案。可以写 {DEFAULT}、{}，或方案文件的名称（.xlsx、.toml，放在 考核.toml 旁边）",
            name.trim(),
            examples.join("、")
        );
        return Err(Error::Seed { file: FILE.to_owned(), line, message });
    }
    let bytes = std::fs::read(&path)
        .map_err(|error| Error::File { path: path.clone(), message: format!("读不出来（{error}）") })?;
    draft(name.trim(), &bytes)
}

/// Groups that the scheme names and no unit has.
#[must_use]
pub fn unknown_groups(scheme: &Scheme, groups: &[&str]) -> Vec<Finding> {
    let blocks = scheme.blocks.iter().map(|block| (format!("板块“{}”", block.name), &block.groups));
    let awards = scheme.awards.iter().map(|award| (format!("表彰“{}”", award.name), &award.groups));
    let mut findings = Vec::new();
    for (what, named) in blocks.chain(awards) {
        for group in named.iter().filter(|group| !groups.contains(&group.as_str())) {
            let known: Vec<&str> = groups.iter().copied().filter(|group| !group.is_empty()).collect();
            let known = if known.is_empty() {
                "名册没有写组别".to_owned()
            } else {
                format!("名册的组别有 {}", known.join("、"))
            };
            let message = format!("计分方案{what}写的组别“{group}”在单位名册里没有，{known}");
            findings.push(Finding::general(&codes::GROUP_UNKNOWN, message));
        }
    }
    findings
}

/// A scheme in words, for a terminal.
#[must_use]
pub fn describe(scheme: &Scheme, requirements: &[Requirement]) -> String {
    use crate::model::BlockKind;
    use crate::seeds::scheme::{checks, grammar, words};
    use std::fmt::Write as _;
    let mut text = format!("{}\n{}\n", scheme.name, scheme.note);
    let how = words::cut_text(scheme.rounding.how);
    let _ = writeln!(text, "得分保留{}位小数，{how}", scheme.rounding.places);
    for block in &scheme.blocks {
        let kind = match block.kind {
            BlockKind::Weighted(weight) => format!("权重{weight}"),
            BlockKind::Bonus(cap) => {
                cap.map_or_else(|| "加分".to_owned(), |cap| format!("加分，封顶{cap}分"))
            }
            BlockKind::Deduction(cap) => {
                cap.map_or_else(|| "扣分".to_owned(), |cap| format!("扣分，封顶{cap}分"))
            }
        };
        let _ = writeln!(text, "\n{}  {}（{kind}）", block.id, block.name);
        for line in &block.lines {
            let named = checks::named(line);
            let names = requirements.iter().filter(|r| named.contains(&r.id));
            let names: Vec<String> = names.map(|r| format!("{} {}", r.id, r.name)).collect();
            let of = if names.is_empty() { String::new() } else { format!("（{}）", names.join("、")) };
            let _ = writeln!(
                text,
                "  {}  {}{of}  {}分  {}：{}",
                line.id,
                line.project,
                line.points,
                grammar::word(&line.mode),
                line.standard
            );
        }
    }
    for (name, line) in scheme_form::setting_rows(scheme) {
        if scheme_form::MANY.contains(&name) || name == "同分" && !line.is_empty() {
            let _ = writeln!(text, "{name}  {line}");
        }
    }
    text
}
