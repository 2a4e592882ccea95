//! The section `[脱敏]`: which further names are masked, and what is none.
//!
//! In: the settings with their lines. Out: [`RedactSettings`], or an error that names line, key and what was expected.
//! Never here: names that the material tells.

use super::super::persons::is_han;
use crate::error::Result;
use crate::seeds::chinese_toml::Table;
use std::collections::BTreeSet;

const NAMES: &str = "姓名";
const KEPT: &str = "不遮盖";

/// What an office says about names in results that are published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedactSettings {
    /// 姓名: masked, whatever else the word may mean.
    pub names: BTreeSet<String>,
    /// 不遮盖: no names, or of persons who may be named.
    pub kept: BTreeSet<String>,
}

/// The section of a settings file; nothing where there is none.
pub(super) fn section(root: &Table<'_>) -> Result<RedactSettings> {
    let mut settings = RedactSettings::default();
    let Some(table) = root.table("脱敏")? else { return Ok(settings) };
    table.only(&[NAMES, KEPT])?;
    for (key, words) in [(NAMES, &mut settings.names), (KEPT, &mut settings.kept)] {
        for word in table.texts(key)? {
            let length = word.chars().count();
            if !(2..=16).contains(&length) || !word.chars().all(|c| is_han(c) || c == '·') {
                let message =
                    format!("“{key}”里的“{word}”应为2至16个汉字（可以有“·”），不带空格、标点和字母");
                return Err(table.error(table.line_of(key), message));
            }
            words.insert(word);
        }
    }
    if let Some(both) = settings.names.intersection(&settings.kept).next() {
        let message = format!("“{both}”既写在“{NAMES}”里，又写在“{KEPT}”里，只能保留一处");
        return Err(table.error(table.line_of(KEPT), message));
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::super::{FILE, Settings};
    use super::*;

    #[test]
    fn names_are_read_and_what_is_wrong_is_told() {
        let read = |text: &str| Settings::parse(FILE, text).map(|settings| settings.redact);
        assert_eq!(read("年度 = 2023").unwrap(), RedactSettings::default());
        let told = read("[脱敏]\n姓名 = [\"央金\", \"买买提·艾力\"]\n不遮盖 = \"高山、文明单位\"").unwrap();
        assert_eq!(told.names.iter().collect::<Vec<_>>(), ["买买提·艾力", "央金"]);
        assert_eq!(told.kept.iter().collect::<Vec<_>>(), ["文明单位", "高山"]);
        for (text, message) in [
            (
                "[脱敏]\n名字 = [\"央金\"]",
                "考核.toml 第2行：没有“名字”这个设置，是不是“姓名”？可以用的有：姓名、不遮盖",
            ),
            (
                "[脱敏]\n\n姓名 = 3",
                "考核.toml 第3行：“姓名”应为方括号里的几个文字，如 [\"一支部\", \"机关一支部\"]，现在是数字“3”",
            ),
            (
                "[脱敏]\n姓名 = [\"王\"]",
                "考核.toml 第2行：“姓名”里的“王”应为2至16个汉字（可以有“·”），不带空格、标点和字母",
            ),
            (
                "[脱敏]\n不遮盖 = [\"王 五\"]",
                "考核.toml 第2行：“不遮盖”里的“王 五”应为2至16个汉字（可以有“·”），不带空格、标点和字母",
            ),
            (
                "[脱敏]\n姓名 = [\"高山\"]\n不遮盖 = [\"高山\"]",
                "考核.toml 第3行：“高山”既写在“姓名”里，又写在“不遮盖”里，只能保留一处",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), message);
        }
    }
}
