//! The rules of a run: lists, requirements and points, as the settings change them.

use super::own_list;
use super::settings::{FILE, Preset, Resubmission, Settings};
use crate::error::{Error, Result};
use crate::matching::{Forms, Matcher};
use crate::model::{DutyList, Exemption, Finding, Points, Requirement, RequirementId, Unit};
use crate::report::workbook::ListRules;
use crate::seeds::scheme::check::nearest;
use crate::seeds::{Catalogue, duty_lists, requirements as demands, scheme::default as schemes};
use std::collections::BTreeMap;
use std::path::Path;

/// The rules of one list, with its matcher.
#[derive(Debug)]
pub struct RuleBook {
    /// List, requirements and points.
    pub list_rules: ListRules,
    /// What tells which rows prove which items.
    pub matcher: Matcher,
    /// Which items ask for which forms of activity.
    pub forms: Forms,
}

/// The list that units answer to where the register names none: 清单 of the settings, else a list that lies
/// beside them (see [`dropped`]), else ZB.
///
/// # Errors
/// [`Error::Seed`] where the settings name a list that is neither built in nor a file, and what the list's file lacks.
pub fn main_list(folder: &Path, settings: &Settings, catalogue: &Catalogue) -> Result<DutyList> {
    match &settings.list {
        Some(at) => list(folder, &at.value, at.line, catalogue),
        None => list(folder, dropped(folder).as_deref().unwrap_or("ZB"), 0, catalogue),
    }
}

/// The list that an office has put beside the settings without naming it there: the one .txt, .docx or
/// .xlsx whose name holds 责任清单; none where several do.
#[must_use]
pub fn dropped(folder: &Path) -> Option<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.contains("责任清单") && !crate::ingest::is_lock_file(name))
        .filter(|name| {
            let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            ["txt", "docx", "xlsx"].iter().any(|known| ending.eq_ignore_ascii_case(known))
        })
        .collect();
    let only = names.pop()?;
    names.is_empty().then_some(only)
}

/// A list by its short name, its role, or its file.
///
/// # Errors
/// As [`main_list`].
pub fn list(folder: &Path, name: &str, line: usize, catalogue: &Catalogue) -> Result<DutyList> {
    let name = name.trim();
    let built_in = catalogue
        .lists
        .iter()
        .find(|list| list.id.as_str().eq_ignore_ascii_case(name) || list.role == name || list.title == name);
    if let Some(list) = built_in {
        return Ok(list.clone());
    }
    let path = folder.join(name);
    if !path.is_file() {
        let known: Vec<String> =
            catalogue.lists.iter().map(|list| format!("{}（{}）", list.id, list.role)).collect();
        let message = format!(
            "没有“{name}”这个责任清单。可以写 {}，或清单文件的名称（.txt、.docx、.xlsx）",
            known.join("、")
        );
        return Err(Error::Seed { file: FILE.to_owned(), line, message });
    }
    let bytes = std::fs::read(&path)
        .map_err(|error| Error::File { path: path.clone(), message: format!("读不出来（{error}）") })?;
    let lists = own_list::load(name, &bytes)?;
    choose(lists, &path)
}

/// The one list of a file, or the branch secretary's among several.
fn choose(mut lists: Vec<DutyList>, path: &Path) -> Result<DutyList> {
    let unusable = |message: String| Error::File { path: path.to_owned(), message };
    if lists.len() > 1 {
        let titles: Vec<&str> = lists.iter().map(|list| list.title.as_str()).collect();
        let message = format!(
            "文件里有{}份清单（{}），不知道用哪一份。请把要用的一份单独存成文件",
            lists.len(),
            titles.join("、")
        );
        lists.retain(|list| list.role.contains("支部"));
        if lists.len() != 1 {
            return Err(unusable(message));
        }
    }
    lists.pop().ok_or_else(|| unusable("文件里没有责任清单".to_owned()))
}

/// The rules of every list that a unit answers to, the main list first.
///
/// # Errors
/// [`Error::Seed`] where the settings name an unknown requirement or a rule that cannot be read.
pub fn books(
    folder: &Path,
    settings: &Settings,
    catalogue: &Catalogue,
    main: &DutyList,
    units: &[Unit],
) -> Result<Vec<RuleBook>> {
    let mut lists: Vec<DutyList> = vec![main.clone()];
    for unit in units {
        if !lists.iter().any(|list| list.id == unit.list) {
            let found = list(folder, unit.list.as_str(), 0, catalogue)?;
            if !lists.iter().any(|list| list.id == found.id) {
                lists.push(found);
            }
        }
    }
    let mut books = Vec::new();
    for list in lists {
        books.push(book(list, settings, catalogue)?);
    }
    let has_scheme = settings.scheme.is_some() || super::scheme_files::dropped(folder)?.is_some();
    refuse_unknown(settings, &books, has_scheme)?;
    Ok(books)
}

/// The rules of one list.
///
/// # Errors
/// [`Error::Seed`] where the settings hold a rule that cannot be read.
pub fn book(list: DutyList, settings: &Settings, catalogue: &Catalogue) -> Result<RuleBook> {
    let mut requirements = catalogue.requirements_for(&list);
    if settings.preset == Preset::National {
        requirements = demands::apply_preset(requirements, &catalogue.national);
    }
    if settings.counties == Some(false) {
        requirements.retain(|r| r.exempt != Some(Exemption::NoCounties));
    }
    for (id, at) in &settings.intervals {
        let rule = demands::parse_rule(&at.value).map_err(|message| Error::Seed {
            file: FILE.to_owned(),
            line: at.line,
            message: format!("“{id}”的周期“{}”{message}", at.value),
        })?;
        requirements = demands::apply_rule(requirements, &RequirementId::from(id.as_str()), rule);
    }
    let mut points =
        scheme(catalogue).map_or_else(|| schemes::even(&requirements), |s| s.spread(&requirements));
    for (id, at) in &settings.points {
        let id = RequirementId::from(id.as_str());
        if requirements.iter().any(|r| r.id == id) {
            points.insert(id, at.value);
        }
    }
    let matcher = matcher(&list, catalogue);
    let forms = Forms::new(&list, &requirements);
    Ok(RuleBook { forms, list_rules: ListRules { list, requirements, points }, matcher })
}

/// The scheme in use: the default.
fn scheme(catalogue: &Catalogue) -> Option<&schemes::PointTable> {
    catalogue.scheme("")
}

/// The matcher of a list.
#[must_use]
pub fn matcher(list: &DutyList, catalogue: &Catalogue) -> Matcher {
    Matcher::new(list, &catalogue.kinds, &catalogue.phrases, catalogue.weights.as_ref())
}

/// Settings that name a requirement of no list in use.
fn refuse_unknown(settings: &Settings, books: &[RuleBook], has_scheme: bool) -> Result<()> {
    let lists: Vec<&ListRules> = books.iter().map(|book| &book.list_rules).collect();
    let known = |id: &str| {
        lists.iter().any(|rules| {
            rules.points.keys().any(|known| known.as_str() == id)
                || rules.requirements.iter().any(|r| r.id.as_str() == id)
        })
    };
    // With a scheme of the office points are those of its lines, which are checked with the scheme.
    let points = settings.points.iter().filter(|_| !has_scheme);
    let named =
        settings.intervals.iter().map(|(id, at)| (id, at.line)).chain(points.map(|(id, at)| (id, at.line)));
    for (id, line) in named {
        if !known(id) {
            let all: Vec<Requirement> = lists.iter().flat_map(|rules| rules.requirements.clone()).collect();
            let advice = nearest(id, &all);
            return Err(Error::Seed {
                file: FILE.to_owned(),
                line,
                message: format!("没有编号为“{id}”的要求。{advice}"),
            });
        }
    }
    Ok(())
}

/// Wording of a list that a person should look at.
#[must_use]
pub fn wording(list: &DutyList) -> Vec<Finding> {
    duty_lists::wording_findings(list)
}

/// Preset and changed values in words, for the sheet 说明.
#[must_use]
pub fn notes(settings: &Settings, books: &[RuleBook], own_scheme: bool) -> Vec<String> {
    let mut notes = vec![match settings.preset {
        Preset::Bureau => "次数要求按责任清单原文（本局口径）。".to_owned(),
        Preset::National => "次数要求按全国性规定（全国口径），低于责任清单原文的以本次设定为准。".to_owned(),
    }];
    if settings.resubmission == Resubmission::Newest {
        notes.push(format!(
            "{FILE} 设定：重复报送以新代旧。同一单位几份材料有相同月份的，只计最新的一份：名称（没有写的看文件夹、压缩包名称）写有更正、补报等字样又不写日期的最新，写有日期的比日期，再比第几次、活动记到哪一天、名称的次序。没有相同月份的合并计算。"
        ));
    }
    if let Some(day) = settings.deadline {
        notes.push(format!("{FILE} 设定：截止日期 {day}；晚于这一天的只提示，不影响得分。"));
    }
    for (id, at) in &settings.intervals {
        notes.push(format!("{FILE} 设定：{id} {}。", at.value));
    }
    if own_scheme {
        return notes;
    }
    let total: Vec<String> = books
        .iter()
        .map(|book| {
            let full: Points = full(&book.list_rules.requirements, &book.list_rules.points);
            let role = &book.list_rules.list.role;
            if full == schemes::FULL {
                format!("{role}满分{full}分")
            } else {
                format!("{role}各项分值合计{full}分，总分按{}分折算", schemes::FULL)
            }
        })
        .collect();
    notes.push(format!("{}。", total.join("，")));
    notes
}

fn full(requirements: &[Requirement], points: &BTreeMap<RequirementId, Points>) -> Points {
    requirements.iter().filter_map(|r| points.get(&r.id)).copied().sum()
}
