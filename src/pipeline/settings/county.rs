//! The section `[县区汇总]`: how the points of branches go into the figure of their county.
//!
//! In: the settings with their lines. Out: [`CountyRule`], or an error that names line, key and what was expected.
//! Never here: units, points.

use crate::error::Result;
use crate::model::{AbsentBranch, CountyRule, CountyWay};
use crate::seeds::chinese_toml::Table;

const KEYS: [&str; 3] = ["办法", "本级占比", "未报送支部"];

/// The section of a settings file; the usual where there is none.
pub(super) fn section(root: &Table<'_>) -> Result<CountyRule> {
    let mut rule = CountyRule::default();
    let Some(table) = root.table("县区汇总")? else { return Ok(rule) };
    table.only(&KEYS)?;
    rule.way = chosen(&table, "办法", &CountyWay::ALL, CountyWay::as_str)?.unwrap_or(rule.way);
    rule.own = table.integer("本级占比", 0..=100, "0 到 100 之间的整数，如 40")?.unwrap_or(rule.own);
    rule.absent =
        chosen(&table, "未报送支部", &AbsentBranch::ALL, AbsentBranch::as_str)?.unwrap_or(rule.absent);
    Ok(rule)
}

/// One of a few words.
fn chosen<T: Copy>(
    table: &Table<'_>,
    key: &str,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Result<Option<T>> {
    let Some(written) = table.text(key)? else { return Ok(None) };
    if let Some(found) = all.iter().copied().find(|one| word(*one) == written.value.trim()) {
        return Ok(Some(found));
    }
    let words: Vec<String> = all.iter().map(|one| format!("\"{}\"", word(*one))).collect();
    let message = format!("“{key}”应为 {} 之一，现在是“{}”", words.join("、"), written.value);
    Err(table.error(written.line, message))
}

#[cfg(test)]
mod tests {
    use super::super::{FILE, Settings};
    use super::*;

    #[test]
    fn the_rule_is_read_and_what_is_wrong_is_told() {
        let rule = |text: &str| Settings::parse(FILE, text).map(|settings| settings.county_rule);
        assert_eq!(rule("年度 = 2023").unwrap(), CountyRule::default());
        assert_eq!(
            rule("[县区汇总]\n办法 = \"中位数\"\n本级占比 = 30\n未报送支部 = \"不计入\"").unwrap(),
            CountyRule { way: CountyWay::Median, own: 30, absent: AbsentBranch::Left }
        );
        for (text, message) in [
            (
                "[县区汇总]\n办法 = \"平均\"",
                "考核.toml 第2行：“办法”应为 \"平均分\"、\"按党员人数加权\"、\"中位数\" 之一，现在是“平均”",
            ),
            (
                "[县区汇总]\n本级占比 = 140",
                "考核.toml 第2行：“本级占比”应为0 到 100 之间的整数，如 40，现在是数字“140”",
            ),
            (
                "[县区汇总]\n未报送 = \"不计入\"",
                "考核.toml 第2行：没有“未报送”这个设置，是不是“未报送支部”？可以用的有：办法、本级占比、未报送支部",
            ),
        ] {
            assert_eq!(rule(text).unwrap_err().to_string(), message);
        }
    }
}
