//! What an office's own Word template is filled with, and the names under which it may ask for it.

use super::Block;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormValue {
    /// Nobody has told it: a visible blank.
    Missing,
    /// Text or a figure as it is shown; empty where there is nothing to show.
    Text(String),
    /// Entries in order, shared by the units for which they are the same.
    List(Arc<Vec<FormRecord>>),
}

/// Values by name.
pub type FormRecord = BTreeMap<String, FormValue>;

/// Generated sections by name.
pub type FormSections = BTreeMap<String, Vec<Block>>;

impl FormValue {
    /// A value that may be unknown.
    pub fn known(value: Option<impl ToString>) -> Self {
        value.map_or(Self::Missing, |value| Self::Text(value.to_string()))
    }

    /// A value that is left empty where it is unknown.
    pub fn or_empty(value: Option<impl ToString>) -> Self {
        Self::Text(value.map_or_else(String::new, |value| value.to_string()))
    }
}

/// A name that a template may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The name.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// An invented example; empty for lists and sections.
    pub example: &'static str,
    /// Whether it differs from unit to unit.
    pub reach: Reach,
    /// What stands under it.
    pub kind: TermKind,
}

/// For what a value is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// For the whole run: a template with such names only is filled once.
    Run,
    /// For one unit: the template is filled for every unit.
    Unit,
}

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// One value.
    Value,
    /// Entries with these fields, each with its meaning.
    List(&'static [(&'static str, &'static str)]),
    /// Paragraphs and tables.
    Section,
}

/// The field that counts the entries of a list; every list has it.
pub const NUMBER: &str = "序号";

const ACTIVITY: &[(&str, &str)] = &[
    (NUMBER, "从1数起"),
    ("日期", "标准写法"),
    ("类型", "活动类型"),
    ("名称", "活动名称"),
    ("内容", "主要内容"),
    ("主持", "主持或讲课的人"),
    ("应到", "应到人数"),
    ("实到", "实到人数"),
    ("地点", "地点"),
    ("条目", "佐证的条目编号"),
    ("出处", "文件、工作表和行"),
];
const ITEM: &[(&str, &str)] = &[
    (NUMBER, "从1数起"),
    ("编号", "条目编号"),
    ("标题", "条目的简称"),
    ("分值", "适用分值"),
    ("应完成", "应完成的次数"),
    ("已完成", "有记录的次数"),
    ("缺", "缺的次数"),
    ("扣分", "已确定扣的分"),
    ("待核", "还没有核实的分"),
    ("得分", "有记录支撑的分"),
    ("活动数", "佐证的活动数"),
];
const PROBLEM: &[(&str, &str)] = &[
    (NUMBER, "从1数起"),
    ("问题", "哪项要求缺几次、缺在什么时候"),
    ("来源", "出自清单哪一条"),
    ("条目", "条目编号"),
    ("分值", "关系的分"),
    ("整改措施", "待补"),
    ("责任人", "待补"),
    ("时限", "待补"),
    ("完成情况", "待补"),
];
const RANK: &[(&str, &str)] = &[
    (NUMBER, "从1数起"),
    ("名次", "组内名次"),
    ("单位", "单位"),
    ("组别", "组别"),
    ("得分", "总分"),
    ("待核分", "还没有核实的分"),
    ("等次", "建议等次"),
    ("排名区间", "待核事项全部有结论后名次的范围"),
];
const BLOCK: &[(&str, &str)] =
    &[(NUMBER, "从1数起"), ("名称", "板块名称"), ("满分", "计入总分的满分"), ("得分", "计入总分的得分")];
const EXTRA: &[(&str, &str)] =
    &[(NUMBER, "从1数起"), ("名称", "事项"), ("分值", "加或扣的分"), ("依据", "依据")];

const fn value(name: &'static str, meaning: &'static str, example: &'static str, reach: Reach) -> Term {
    Term { name, meaning, example, reach, kind: TermKind::Value }
}

const fn list(
    name: &'static str,
    meaning: &'static str,
    fields: &'static [(&'static str, &'static str)],
    reach: Reach,
) -> Term {
    Term { name, meaning, example: "", reach, kind: TermKind::List(fields) }
}

const fn section(name: &'static str, meaning: &'static str) -> Term {
    Term { name, meaning, example: "", reach: Reach::Unit, kind: TermKind::Section }
}

/// Every name, in the order in which they are listed.
pub const TERMS: &[Term] = &[
    value("单位名称", "单位全称，前面带局名", "某某市水务局机关第一党支部", Reach::Unit),
    value("单位", "名册里的单位名称", "机关第一党支部", Reach::Unit),
    value("局名", "考核单位", "某某市水务局", Reach::Run),
    value("年度", "考核年度", "2023", Reach::Run),
    value("截至日期", "数据截至的日子", "2023年12月31日", Reach::Run),
    value("参评单位数", "参加考核的单位数", "24", Reach::Run),
    value("书记", "书记姓名，取自名册", "张三", Reach::Unit),
    value("党员人数", "党员人数，取自名册", "18", Reach::Unit),
    value("角色", "责任清单是谁的", "党支部书记", Reach::Unit),
    value("得分", "总分：有记录支撑的分", "92.5", Reach::Unit),
    value("满分", "总分的满分", "100", Reach::Run),
    value("待核分", "还没有核实的分", "3", Reach::Unit),
    value("等次", "建议等次", "优秀", Reach::Unit),
    value("名次", "组内名次", "2", Reach::Unit),
    value("排名区间", "待核事项全部有结论后名次的范围", "1～4", Reach::Unit),
    value("组别", "组别，不分组的为空", "机关组", Reach::Unit),
    value("表彰", "表彰建议，没有的为空", "先进基层党组织（入围）", Reach::Unit),
    value("要求数", "可以检查的要求数", "21", Reach::Unit),
    value("达标数", "记录齐全的要求数", "17", Reach::Unit),
    value("缺项数", "记录不齐的要求数", "4", Reach::Unit),
    value("活动数", "可以佐证履职的活动数", "63", Reach::Unit),
    value("人次", "这些活动的实到人次", "812", Reach::Unit),
    value("学时", "这些活动的学时", "46.5", Reach::Unit),
    value("条目数", "清单的条目数", "9", Reach::Unit),
    list("活动", "可以佐证履职的活动，按日期", ACTIVITY, Reach::Unit),
    list("条目", "责任清单的条目", ITEM, Reach::Unit),
    list("问题", "记录不齐的要求，关系的分多的在前", PROBLEM, Reach::Unit),
    list("板块", "计分方案的板块", BLOCK, Reach::Unit),
    list("加分", "加分事项", EXTRA, Reach::Unit),
    list("扣分", "扣分事项", EXTRA, Reach::Unit),
    list("排名", "全部单位，按组别和名次", RANK, Reach::Run),
    section("履职情况", "述职报告的履行职责情况部分"),
    section("存在问题", "述职报告的存在的主要问题部分"),
    section("下一步打算", "述职报告的下一步打算部分"),
    section("三会一课情况", "各种组织生活应有几次、有几次、缺哪几期"),
    section("佐证目录", "佐证材料目录表"),
    section("待补清单", "要由本人填写的内容"),
];

/// The term of this name; sections have names of their own, apart from values and lists.
#[must_use]
pub fn term(name: &str, section: bool) -> Option<&'static Term> {
    TERMS.iter().find(|term| term.name == name && (term.kind == TermKind::Section) == section)
}

/// The fields of a list; none where the name is no list.
#[must_use]
pub fn list_fields(name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    match term(name, false)?.kind {
        TermKind::List(fields) => Some(fields),
        TermKind::Value | TermKind::Section => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_told() {
        let mut seen = BTreeSet::new();
        for term in TERMS {
            assert!(seen.insert((term.name, term.kind == TermKind::Section)), "{} twice", term.name);
            assert!(!term.meaning.is_empty());
            if let TermKind::List(fields) = term.kind {
                assert_eq!(fields.first().map(|field| field.0), Some(NUMBER), "{}", term.name);
                let names: BTreeSet<_> = fields.iter().map(|field| field.0).collect();
                assert_eq!(names.len(), fields.len());
            }
        }
    }

    #[test]
    fn a_value_and_a_section_may_have_one_name() {
        assert!(term("履职情况", false).is_none() && term("履职情况", true).is_some());
        assert!(list_fields("活动").is_some() && list_fields("得分").is_none());
    }
}
