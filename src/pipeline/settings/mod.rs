//! The settings of a run: `考核.toml`, or defaults where there is none.
//!
//! In: the folder of the assessment. Out: [`Settings`], or an error that names line, key and what was
//! expected. Never here: the register's workbook, the submissions.

mod books;
mod county;
mod papers;
mod redact;
mod tables;

pub use crate::seeds::chinese_toml::At;
pub(super) use crate::seeds::chinese_toml::{day, yes_or_no};
pub use papers::PaperSettings;
pub use redact::RedactSettings;
pub use tables::TableSection;

use super::books::Workbooks;
use crate::error::{Error, Result};
use crate::model::table_rule::keys;
use crate::model::{CountyRule, Date, ListId, Points, TableRule, Unit};
use crate::seeds::Catalogue;
use crate::seeds::chinese_toml::{self, Table};
use std::collections::BTreeMap;
use std::path::Path;

/// The name of the settings file.
pub const FILE: &str = "考核.toml";

/// Which words the requirements follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// The duty list's own.
    #[default]
    Bureau,
    /// The national rules.
    National,
}

/// What becomes of several submissions of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resubmission {
    /// All are read; what stands in several counts once.
    #[default]
    Merge,
    /// Of those with months in common only the newest counts.
    Newest,
}

/// What an office can set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// 年度.
    pub year: Option<i32>,
    /// 单位: the bureau's name.
    pub bureau: String,
    /// 数据截至.
    pub until: Option<Date>,
    /// 清单: `ZB`, `JW`, `DZ`, `CY`, or a file beside the settings.
    pub list: Option<At<String>>,
    /// 口径.
    pub preset: Preset,
    /// 名册: the register's file.
    pub register: Option<At<String>>,
    /// 县区局: whether there are county bureaus to check; unknown counts as yes.
    pub counties: Option<bool>,
    /// 方案: an example, or a file beside the settings.
    pub scheme: Option<At<String>>,
    /// 合并活动 = 只计一种: a joint event counts for its main kind only.
    pub joint_once: bool,
    /// 重复报送: what becomes of several submissions of one unit.
    pub resubmission: Resubmission,
    /// 截止日期: files that came later are told.
    pub deadline: Option<Date>,
    /// 对比组别: groups that are compared in a workbook of their own.
    pub compared: Vec<String>,
    /// Section 权重: by block of the scheme.
    pub weights: BTreeMap<String, At<Points>>,
    /// Section 名单: names of county bureaus.
    pub county_names: Vec<String>,
    /// Section 名单: names of leaders.
    pub leaders: Vec<String>,
    /// Section 定期: by requirement, how often.
    pub intervals: BTreeMap<String, At<String>>,
    /// Section 分值: by requirement, how many points.
    pub points: BTreeMap<String, At<Points>>,
    /// Sections 支部: units in place of a register.
    pub units: Vec<At<Unit>>,
    /// Sections 表格: how doubtful sheets are read.
    pub tables: Vec<TableSection>,
    /// Section 县区汇总: how branches go into the figure of their county.
    pub county_rule: CountyRule,
    /// Section 文书: which documents are written, and how.
    pub papers: PaperSettings,
    /// The workbooks that are written.
    pub books: Workbooks,
    /// Section 脱敏: names in results that are published.
    pub redact: RedactSettings,
}

const KEYS: [&str; 22] = [
    "年度",
    "单位",
    "数据截至",
    "清单",
    "口径",
    "名册",
    "县区局",
    "方案",
    "合并活动",
    "重复报送",
    "截止日期",
    "对比组别",
    "定期",
    "分值",
    "权重",
    "名单",
    "支部",
    "县区汇总",
    "文书",
    "工作簿",
    "脱敏",
    keys::SECTION,
];
const UNIT_KEYS: [&str; 10] =
    ["名称", "别名", "组别", "书记", "党员人数", "支委会", "党小组", "成立日期", "撤销日期", "县区"];

/// The name of a file as it is on every system: a folder copied from Windows keeps its settings.
fn as_path(mut at: At<String>) -> At<String> {
    at.value = at.value.replace('\\', "/");
    at
}

impl Settings {
    /// The settings of a folder; defaults where it has no settings file.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be read, [`Error::Seed`] with its line where it is broken.
    pub fn load(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        if !path.is_file() {
            return Ok(Self::default());
        }
        let bytes = std::fs::read(&path).map_err(|error| Error::File {
            path: path.clone(),
            message: format!("读不出来（{error}）。请确认文件没有被其他程序占用"),
        })?;
        let Ok(text) = String::from_utf8(bytes) else {
            return Err(Error::File {
                path,
                message: "不是 UTF-8 编码。请用记事本打开，另存为时编码选 UTF-8".into(),
            });
        };
        Self::parse(FILE, text.trim_start_matches('\u{feff}'))
    }

    /// The settings that a text describes.
    ///
    /// # Errors
    /// [`Error::Seed`] with the line, the key, and what was expected.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let root = chinese_toml::parse(file, text)?;
        root.only(&KEYS)?;
        let mut settings = Self {
            year: root.integer("年度", 2000..=2199, "四位数的年份，如 年度 = 2023")?,
            bureau: root.text("单位")?.map(|at| at.value).unwrap_or_default(),
            until: root.date("数据截至")?,
            list: root.text("清单")?.map(as_path),
            register: root.text("名册")?.map(as_path),
            counties: root.boolean("县区局")?,
            scheme: root.text("方案")?.map(as_path),
            compared: root.texts("对比组别")?,
            deadline: root.date("截止日期")?,
            ..Self::default()
        };
        if let Some(preset) = root.text("口径")? {
            settings.preset = match preset.value.as_str() {
                "本局" | "清单" => Preset::Bureau,
                "全国" | "国家" => Preset::National,
                other => {
                    return Err(
                        root.error(preset.line, format!("“口径”应为 \"本局\" 或 \"全国\"，现在是“{other}”"))
                    );
                }
            };
        }
        if let Some(joint) = root.text("合并活动")? {
            settings.joint_once = match joint.value.as_str() {
                "各算" => false,
                "只计一种" => true,
                other => {
                    let message = format!("“合并活动”应为 \"各算\" 或 \"只计一种\"，现在是“{other}”");
                    return Err(root.error(joint.line, message));
                }
            };
        }
        if let Some(again) = root.text("重复报送")? {
            settings.resubmission = match again.value.as_str() {
                "合并" => Resubmission::Merge,
                "以新代旧" => Resubmission::Newest,
                other => {
                    let message = format!("“重复报送”应为 \"合并\" 或 \"以新代旧\"，现在是“{other}”");
                    return Err(root.error(again.line, message));
                }
            };
        }
        if let (Some(year), Some(until)) = (settings.year, settings.until)
            && until.year() < year
        {
            let line = root.line_of("数据截至");
            return Err(root.error(
                line,
                format!("“数据截至”（{until}）早于考核年度 {year} 年，应为该年度内或之后的日期"),
            ));
        }
        if let Some(table) = root.table("定期")? {
            for (key, _) in table.keys() {
                if let Some(value) = table.text(key)? {
                    settings.intervals.insert(key.to_owned(), value);
                }
            }
        }
        if let Some(table) = root.table("分值")? {
            for (key, line) in table.keys() {
                let value = table.points(key)?;
                settings.points.insert(key.to_owned(), At { value, line });
            }
        }
        if let Some(table) = root.table("权重")? {
            for (key, line) in table.keys() {
                let value = table.points(key)?;
                settings.weights.insert(key.to_owned(), At { value, line });
            }
        }
        if let Some(table) = root.table("名单")? {
            table.only(&["县区局", "领导"])?;
            settings.county_names = table.texts("县区局")?;
            settings.leaders = table.texts("领导")?;
        }
        for table in root.tables("支部")? {
            let unit = unit(&table)?;
            if let Some(other) = settings.units.iter().find(|other| other.value.name == unit.name) {
                let message = format!("支部“{}”在第{}行已经写过，名称不能重复", unit.name, other.line);
                return Err(table.error(table.line, message));
            }
            settings.units.push(At { value: unit, line: table.line });
        }
        settings.county_rule = county::section(&root)?;
        settings.papers = papers::section(&root)?;
        settings.books = books::section(&root)?;
        settings.redact = redact::section(&root)?;
        settings.tables = tables::sections(&root)?;
        Ok(settings)
    }

    /// The rules of the sections 表格, their words looked up.
    ///
    /// # Errors
    /// [`Error::Seed`] with the line of a meaning or kind that nobody knows.
    pub fn table_rules(&self, catalogue: &Catalogue) -> Result<Vec<TableRule>> {
        self.tables.iter().map(|section| section.rule(catalogue)).collect()
    }
}

fn unit(table: &Table<'_>) -> Result<Unit> {
    table.only(&UNIT_KEYS)?;
    let Some(name) = table.text("名称")?.filter(|name| !name.value.trim().is_empty()) else {
        return Err(
            table.error(table.line, "这个支部没有写“名称”，应有一行如 名称 = \"机关第一党支部\"".to_owned())
        );
    };
    Ok(Unit {
        aliases: table.texts("别名")?,
        group: table.text("组别")?.map(|at| at.value).unwrap_or_default(),
        secretary: table.text("书记")?.map(|at| at.value).filter(|name| !name.trim().is_empty()),
        members: table.integer("党员人数", 0..=100_000, "整数，如 党员人数 = 23")?,
        committee: table.boolean("支委会")?,
        groups: table.boolean("党小组")?,
        founded: table.date("成立日期")?,
        dissolved: table.date("撤销日期")?,
        registered: true,
        county_of: table.text("县区")?.map(|at| at.value).filter(|name| !name.is_empty()).map(Into::into),
        ..Unit::named(name.value.trim(), ListId::from(""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clerk_may_write_chinese_names_without_quotes() {
        let settings = Settings::parse(
            FILE,
            "# 注释\n年度 = 2023\n单位 = \"某局\" # 局名\n数据截至 = 2023-12-31\n口径 = \"全国\"\n[定期]\n\"ZB-7a\" = \"每季度1次\"\nZB-2b = \"每半年1次\"\n[分值]\n\"ZB-3a\" = 8.5\n[[支部]]\n名称 = \"一支部\"\n别名 = [\"第一支部\", \"机关一支部\"]\n支委会 = \"否\"\n党员人数 = 6\n",
        )
        .unwrap();
        assert_eq!(settings.year, Some(2023));
        assert_eq!(settings.preset, Preset::National);
        assert_eq!(settings.until, Date::new(2023, 12, 31));
        assert_eq!(settings.intervals.get("ZB-2b").unwrap().value, "每半年1次");
        assert_eq!(settings.points.get("ZB-3a").unwrap().value, Points::from_hundredths(850));
        let unit = &settings.units.first().unwrap().value;
        assert_eq!((unit.committee, unit.members, unit.aliases.len()), (Some(false), Some(6), 2));
    }

    #[test]
    fn what_is_wrong_is_told_with_line_key_and_expectation() {
        for (text, message) in [
            ("年度 = \"2023\"", "考核.toml 第1行：“年度”应为四位数的年份，如 年度 = 2023，现在是文字“2023”"),
            (
                "\n年份 = 2023",
                "考核.toml 第2行：没有“年份”这个设置，是不是“年度”？可以用的有：年度、单位、数据截至、清单、口径、名册、县区局、方案、合并活动、重复报送、截止日期、对比组别、定期、分值、权重、名单、支部、县区汇总、文书、工作簿、脱敏、表格",
            ),
            ("合并活动 = \"不算\"", "考核.toml 第1行：“合并活动”应为 \"各算\" 或 \"只计一种\"，现在是“不算”"),
            ("重复报送 = \"最新\"", "考核.toml 第1行：“重复报送”应为 \"合并\" 或 \"以新代旧\"，现在是“最新”"),
            (
                "截止日期 = \"1月10日\"",
                "考核.toml 第1行：“截止日期”应为日期，如 \"2023-12-31\"，现在是文字“1月10日”",
            ),
            (
                "[名单]\n县局 = [\"甲\"]",
                "考核.toml 第2行：没有“县局”这个设置，是不是“县区局”？可以用的有：县区局、领导",
            ),
            (
                "单位 = 水务局",
                "考核.toml 第1行：“单位 = 水务局”写法不对。文字要放在英文双引号里，如 单位 = \"某某局\"",
            ),
            (
                "单位 = “水务局”",
                "考核.toml 第1行：“单位 = “水务局””写法不对。请把中文引号“ ”改成英文双引号 \" \"",
            ),
            (
                "数据截至 = \"2023-02-30\"",
                "考核.toml 第1行：“数据截至”应为日期，如 \"2023-12-31\"，现在是文字“2023-02-30”",
            ),
            ("口径 = \"省\"", "考核.toml 第1行：“口径”应为 \"本局\" 或 \"全国\"，现在是“省”"),
            ("年度 = 2023\n年度 = 2024", "考核.toml 第2行：“年度”写了两次，只能保留一处"),
            (
                "[分值]\nZB-3a = -1",
                "考核.toml 第2行：“ZB-3a”应为不小于 0、最多两位小数的数，如 8 或 7.5，现在是数字“-1”",
            ),
            (
                "[[支部]]\n组别 = \"机关\"",
                "考核.toml 第1行：这个支部没有写“名称”，应有一行如 名称 = \"机关第一党支部\"",
            ),
            (
                "[[支部]]\n名称 = \"甲\"\n[[支部]]\n名称 = \"甲\"",
                "考核.toml 第3行：支部“甲”在第1行已经写过，名称不能重复",
            ),
        ] {
            assert_eq!(Settings::parse(FILE, text).unwrap_err().to_string(), message);
        }
    }
}
