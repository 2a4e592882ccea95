//! Which files of a folder are submissions.

use crate::error::{Error, Result};
use crate::ingest;
use std::path::{Path, PathBuf};

/// The folder of submissions inside an assessment's folder.
pub const SUBMISSIONS: &str = "报送";
/// The folder that the program writes.
pub const RESULTS: &str = "成果";
/// The folder of the reviewer's decisions.
pub const REVIEW: &str = "核对";
/// The folder of scores, votes and events.
pub const SCORES: &str = "评分";
/// The folder of the office's own templates.
pub const TEMPLATES: &str = "模板";

/// The folder of letters on what to correct.
pub const RETURNS: &str = "退回意见";
/// The folder of forms to be filled in.
pub const FORMS: &str = "填报表";

/// The folder of what was written about single counties.
pub const COUNTY_RESULTS: &str = "县区成果";

/// The folder of results in which persons are not named.
pub const REDACTED: &str = "脱敏成果";
/// The folder of such results about single counties.
pub const COUNTY_REDACTED: &str = "县区脱敏成果";

/// Folders beside the submissions that hold something else.
const OTHER: [&str; 9] =
    [RESULTS, REVIEW, TEMPLATES, SCORES, RETURNS, FORMS, COUNTY_RESULTS, REDACTED, COUNTY_REDACTED];

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// Name relative to the folder that was asked for, with `/`.
    pub name: String,
    /// Name relative to the folder of submissions, by which rules know it.
    pub submitted: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// The files under `folder/报送`, or under the folder itself where there is no 报送, in order of name.
///
/// `aside` names files of the folder itself that are no submissions (settings, register).
///
/// # Errors
/// [`Error::File`] where the folder is missing or cannot be listed.
pub fn find(folder: &Path, aside: &[&str]) -> Result<Vec<Input>> {
    must_be_folder(folder)?;
    let own = folder.join(SUBMISSIONS);
    let mut inputs = Vec::new();
    if own.is_dir() {
        walk(&own, "", &[], &mut inputs)?;
    } else {
        walk(folder, "", aside, &mut inputs)?;
    }
    inputs.sort();
    Ok(inputs)
}

/// Refuses what is no folder.
///
/// # Errors
/// [`Error::File`] with what it is instead.
pub(super) fn must_be_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let zipped = folder.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    let message = if folder.is_file() && zipped {
        "这是一个压缩包，不是文件夹。请建一个文件夹，把压缩包放进其中的“报送”，不用解压"
    } else if folder.exists() {
        "这是一个文件，不是文件夹。请指定存放报送材料的文件夹"
    } else {
        "没有这个文件夹。请核对名称和位置"
    };
    Err(Error::File { path: folder.to_owned(), message: message.to_owned() })
}

/// One file, or all files of a folder, for the commands that read without assessing.
///
/// # Errors
/// [`Error::File`] where the path is missing or cannot be listed.
pub fn of_path(path: &Path) -> Result<Vec<Input>> {
    if path.is_file() {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return Ok(vec![Input { submitted: name.clone(), name, path: path.to_owned() }]);
    }
    find(path, &[super::settings::FILE])
}

fn walk(folder: &Path, prefix: &str, aside: &[&str], inputs: &mut Vec<Input>) -> Result<()> {
    let listing = |error: std::io::Error| Error::File {
        path: folder.to_owned(),
        message: format!("文件夹打不开（{error}）。请核对是否有权限"),
    };
    for entry in std::fs::read_dir(folder).map_err(listing)? {
        let entry = entry.map_err(listing)?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if ingest::is_system(&name) {
            continue;
        }
        let relative = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if path.is_dir() {
            if !(prefix.is_empty() && OTHER.contains(&name.as_str())) {
                walk(&path, &relative, &[], inputs)?;
            }
        } else if !aside.contains(&name.as_str()) {
            inputs.push(Input { submitted: relative.clone(), name: relative, path });
        }
    }
    Ok(())
}
