//! Which rules `[表格.…]` hold for which files, and which of them were of no use.
//!
//! In: the settings of a folder, or those that hold for a path inside one. Out: the rules of each file, and
//! a finding for every rule that no file or sheet fits. Never here: how a rule is applied.

use super::inputs::{self, Input, SUBMISSIONS};
use super::settings::{FILE, Settings};
use crate::error::Result;
use crate::model::table_rule::keys;
use crate::model::{Finding, RuleUse, TableRule, rules};
use crate::seeds::Catalogue;
use std::path::{Path, PathBuf};

/// How many names a message lists.
const NAMES: usize = 5;

/// The rules of one settings file, in the order of their lines.
#[derive(Debug, Clone, Default)]
pub struct TableRules {
    all: Vec<TableRule>,
}

/// The files of a path with the rules that hold there.
#[derive(Debug)]
pub struct Ruled {
    /// The files.
    pub inputs: Vec<Input>,
    /// The rules.
    pub rules: TableRules,
    /// Whether these are all the files of which the rules can speak.
    pub whole: bool,
}

/// What became of one file, as far as the rules are concerned.
#[derive(Debug, Clone, Copy)]
pub struct FileRead<'a> {
    /// Its name in the folder of submissions.
    pub submitted: &'a str,
    /// Whether it could be read.
    pub readable: bool,
    /// What became of the rules that hold for it.
    pub ruled: &'a [RuleUse],
}

impl TableRules {
    /// The rules of settings.
    ///
    /// # Errors
    /// [`crate::error::Error::Seed`] with the line of a meaning or kind that nobody knows.
    pub fn of(settings: &Settings, catalogue: &Catalogue) -> Result<Self> {
        Ok(Self { all: settings.table_rules(catalogue)? })
    }

    /// All rules.
    #[must_use]
    pub fn all(&self) -> &[TableRule] {
        &self.all
    }

    /// The rules that hold for a file of this name in the folder of submissions.
    #[must_use]
    pub fn for_file(&self, submitted: &str) -> Vec<&TableRule> {
        self.all.iter().filter(|rule| rule.file.matches_path(submitted)).collect()
    }

    /// The rules in words, a sentence each.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let note = |rule: &TableRule| {
            let sheet = rule.sheet.as_ref().map_or_else(String::new, |sheet| format!("，工作表{sheet}"));
            format!(
                "{FILE} 设定：[{}.{}] 文件“{}”{sheet}：{}。",
                keys::SECTION,
                rule.name,
                rule.file.as_str(),
                rule.says()
            )
        };
        self.all.iter().map(note).collect()
    }

    /// A finding for each rule by which no sheet was read. Where the files are not the whole folder, rules that
    /// speak of none of them are passed over.
    #[must_use]
    pub fn unused(&self, files: &[FileRead<'_>], whole: bool) -> Vec<Finding> {
        self.all.iter().filter_map(|rule| unused(rule, files, whole)).collect()
    }
}

fn unused(rule: &TableRule, files: &[FileRead<'_>], whole: bool) -> Option<Finding> {
    let meant: Vec<&FileRead<'_>> =
        files.iter().filter(|file| rule.file.matches_path(file.submitted)).collect();
    if meant.is_empty() {
        if !whole {
            return None;
        }
        let message = format!("{}：报送材料里没有“{}”", rule.title(), rule.file.as_str());
        let hint = match nearest(rule.file.as_str(), files) {
            Some(near) => format!("请核对“文件”一行；名称最接近的是“{near}”。"),
            None => String::new(),
        };
        return Some(Finding::general(&rules::UNUSED_RULE, message).hint(hint));
    }
    let uses = || meant.iter().flat_map(|file| file.ruled).filter(|used| used.line == rule.line);
    // Of a file that cannot be opened something else is told.
    if uses().any(|used| !used.sheets.is_empty()) || meant.iter().all(|file| !file.readable) {
        return None;
    }
    let mut names: Vec<String> =
        uses().flat_map(|used| &used.others).map(|name| format!("“{name}”")).collect();
    names.dedup();
    let more = if names.len() > NAMES { format!("等{}张", names.len()) } else { String::new() };
    names.truncate(NAMES);
    let file = meant.first().map_or("", |file| file.submitted);
    let files = if meant.len() > 1 { format!("等{}个文件", meant.len()) } else { String::new() };
    let sheet = match &rule.sheet {
        Some(sheet) => format!("没有{sheet}这样的、有内容的工作表"),
        None => "没有一张看得见、有内容、不是模板、目录或名册的工作表".to_owned(),
    };
    let message = format!("{}：“{file}”{files}里{sheet}", rule.title());
    let hint = if names.iter().all(|name| name == "“”") {
        "这个文件不分工作表，请删去“工作表”一行。".to_owned()
    } else {
        format!(
            "请核对“工作表”一行；文件里有{}{more}。空的工作表不算；隐藏的要写出全名，名称像模板、目录、名册的要写出名称，并写明“读法”。",
            names.join("、")
        )
    };
    Some(Finding::general(&rules::UNUSED_RULE, message).hint(hint))
}

/// The file whose name has most characters in common with a pattern.
fn nearest<'f>(pattern: &str, files: &[FileRead<'f>]) -> Option<&'f str> {
    let pattern = pattern.rsplit_once('.').map_or(pattern, |(stem, _)| stem);
    let common = |name: &str| pattern.chars().filter(|c| !"*?".contains(*c) && name.contains(*c)).count();
    let names = files.iter().map(|file| file.submitted);
    let near = names.filter(|name| common(name) * 2 > pattern.chars().count());
    near.min_by_key(|name| (std::cmp::Reverse(common(name)), name.chars().count()))
}

/// The files of a path, and the rules of the settings that hold for it: those in the folder itself, or in the
/// folder above whose submissions it is part of.
///
/// # Errors
/// [`crate::error::Error::File`] where the path is missing, and what broken settings say.
pub fn of_path(path: &Path, catalogue: &Catalogue) -> Result<Ruled> {
    let mut inputs = inputs::of_path(path)?;
    let Some((folder, inner)) = governed(path) else {
        return Ok(Ruled { inputs, rules: TableRules::default(), whole: false });
    };
    let rules = TableRules::of(&Settings::load(&folder)?, catalogue)?;
    let whole = path.is_dir() && inner.as_os_str().is_empty();
    let inner = if path.is_dir() { inner } else { inner.parent().map(Path::to_owned).unwrap_or_default() };
    let folders: Vec<String> = inner.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    for input in &mut inputs {
        let parts = folders.iter().map(String::as_str).chain([input.name.as_str()]);
        input.submitted = parts.collect::<Vec<_>>().join("/");
    }
    Ok(Ruled { inputs, rules, whole })
}

/// The folder whose settings hold for a path, and the path inside its submissions.
fn governed(path: &Path) -> Option<(PathBuf, PathBuf)> {
    // The file itself may be a link; where it lies counts.
    let path = match (path.is_dir(), path.parent(), path.file_name()) {
        (false, Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            parent.canonicalize().ok()?.join(name)
        }
        _ => path.canonicalize().ok()?,
    };
    let own = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
    for folder in path.ancestors().filter(|folder| folder.join(FILE).is_file()) {
        let submissions = folder.join(SUBMISSIONS);
        let base = if submissions.is_dir() { submissions.as_path() } else { folder };
        if let Ok(inner) = path.strip_prefix(base) {
            return Some((folder.to_owned(), inner.to_owned()));
        }
        if own == Some(folder) {
            // The whole folder, or a file that lies right beside the settings.
            let inner = if path.is_dir() { PathBuf::new() } else { PathBuf::from(path.file_name()?) };
            return Some((folder.to_owned(), inner));
        }
    }
    None
}
