//! The register of units (单位名册.xlsx).

use super::form;
use super::settings::{Settings, day, yes_or_no};
use crate::error::{Error, Result};
use crate::model::{Finding, ListId, Outcome, Place, Unit, rules};
use std::path::Path;

/// The register's usual name.
pub const FILE: &str = "单位名册.xlsx";

const COLUMNS: [&[&str]; 11] = [
    &["单位名称", "支部名称", "党支部名称", "党支部", "支部", "单位", "名称"],
    &["别名", "简称", "其他写法"],
    &["组别", "分组", "类别"],
    &["书记", "支部书记", "书记姓名"],
    &["党员人数", "党员数", "正式党员"],
    &["设支委会", "支委会", "是否设支委会"],
    &["设党小组", "党小组", "是否设党小组"],
    &["成立日期", "成立时间"],
    &["撤销日期", "撤销时间"],
    &["责任清单", "清单"],
    &[
        "县区",
        "所属县区",
        "所属县（市、区）",
        "县（市、区）",
        "县市区",
        "县区局",
        "所属单位",
        "上级党组织",
        "上级单位",
        "上级",
    ],
];

/// The units of the settings, or else of the register's workbook; none where there is neither.
///
/// # Errors
/// [`Error::File`] where the register cannot be used at all, [`Error::Seed`] where two units have one name.
pub fn load(folder: &Path, settings: &Settings) -> Result<Outcome<Vec<Unit>>> {
    if !settings.units.is_empty() {
        return Ok(Outcome::clean(settings.units.iter().map(|at| at.value.clone()).collect()));
    }
    let name = settings.register.as_ref().map_or(FILE, |at| at.value.as_str());
    let path = folder.join(name);
    if !path.is_file() {
        return match &settings.register {
            Some(at) => Err(Error::Seed {
                file: super::settings::FILE.to_owned(),
                line: at.line,
                message: format!("“名册”写的“{name}”找不到。请核对文件名，并把它放在 考核.toml 旁边"),
            }),
            None => Ok(Outcome::clean(Vec::new())),
        };
    }
    let unusable = |message: String| Error::File {
        path: path.clone(),
        message: format!("名册不能使用：{message}"),
    };
    let bytes = std::fs::read(&path).map_err(|error| unusable(format!("读不出来（{error}）")))?;
    let rows = form::read(name, &bytes, &COLUMNS, 1).map_err(unusable)?;
    let mut units: Vec<Unit> = Vec::new();
    let mut findings = Vec::new();
    for row in rows {
        let text = |at: usize| row.texts.get(at).map_or("", String::as_str);
        if text(0).is_empty() || text(0).starts_with('注') || text(0).starts_with("说明") {
            continue;
        }
        if let Some(other) = units.iter().position(|unit| &*unit.name == text(0)) {
            return Err(unusable(format!(
                "〔{}〕 {}的“{}”与第{}个单位重名，请删去一个，或把不同的单位写出区别",
                row.place.sheet,
                row.cell(0).a1(),
                text(0),
                other + 1
            )));
        }
        units.push(unit(&row, &mut findings));
    }
    if units.is_empty() {
        return Err(unusable("表头下面没有一个单位".to_owned()));
    }
    Ok(Outcome::new(units, findings))
}

fn unit(row: &form::FormRow, findings: &mut Vec<Finding>) -> Unit {
    let text = |at: usize| row.texts.get(at).map_or("", String::as_str);
    let mut doubt = |column: &str, value: &str, expected: &str| {
        let message = format!("名册中“{}”的{column}“{value}”看不懂，按没有填写处理", text(0));
        findings
            .push(Finding::at(&rules::BAD_REGISTER, &row.place, message).hint(format!("请改为{expected}。")));
    };
    let mut yes = |at: usize, column: &str| match text(at) {
        "" => None,
        value => yes_or_no(value).or_else(|| {
            doubt(column, value, "“是”或“否”");
            None
        }),
    };
    let committee = yes(5, "设支委会");
    let groups = yes(6, "设党小组");
    let mut date = |at: usize, column: &str| match text(at) {
        "" | "/" | "—" | "-" | "无" => None,
        value => day(value).or_else(|| {
            doubt(column, value, "日期，如 2023-05-10");
            None
        }),
    };
    let founded = date(7, "成立日期");
    let dissolved = date(8, "撤销日期");
    let members = match text(4).trim_end_matches(['人', '名']) {
        "" => None,
        value => value.parse().ok().or_else(|| {
            doubt("党员人数", text(4), "整数");
            None
        }),
    };
    Unit {
        aliases: text(1)
            .split(['、', '，', ',', '；', ';', '/', '\n'])
            .map(|alias| alias.trim().to_owned())
            .filter(|alias| !alias.is_empty())
            .collect(),
        group: text(2).to_owned(),
        secretary: Some(text(3).to_owned()).filter(|name| !name.is_empty()),
        members,
        committee,
        groups,
        founded,
        dissolved,
        registered: true,
        county_of: Some(text(10)).filter(|name| !name.is_empty()).map(Into::into),
        ..Unit::named(text(0), ListId::from(text(9)))
    }
}

/// The register as a place, for findings that concern it as a whole.
#[must_use]
pub fn place(settings: &Settings) -> Place {
    Place::file(settings.register.as_ref().map_or(FILE, |at| at.value.as_str()))
}
