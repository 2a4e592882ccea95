//! The sheet 活动对应 as a person has filled it in: its rows, and what each decides.

use super::super::form::FormRow;
use super::super::settings::day;
use crate::model::{Date, DutyList, ItemId, Place, Requirement, Ruling};
use crate::seeds::text::fold;

/// The columns of the sheet, those that must be there first.
pub(super) const COLUMNS: [&[&str]; 15] = [
    &["单位"],
    &["日期", "活动日期", "活动时间"],
    &["活动名称", "名称"],
    &["活动内容", "内容"],
    &["程序的判断"],
    &["结论"],
    &["改为条目"],
    &["类型", "活动类型"],
    &["依据或说明", "说明", "备注"],
    &["理由"],
    &["其次"],
    &["出处"],
    &["更正日期"],
    &["影响"],
    &["涉及分"],
];
/// How many of them must be there.
pub(super) const REQUIRED: usize = 7;

/// Places of the columns in [`COLUMNS`].
const UNIT: usize = 0;
const DATE: usize = 1;
const TITLE: usize = 2;
const CONTENT: usize = 3;
const PROPOSED: usize = 4;
const VERDICT: usize = 5;
const ITEMS: usize = 6;
const KIND: usize = 7;
const NOTE: usize = 8;
const SOURCE: usize = 11;
const CORRECTED: usize = 12;

/// What stands in the cell of proposed items where the program proposes none.
pub(super) const NO_ITEM: &str = "没有对应的条目";
/// Words before the proposed items.
pub(super) const LINKED: &str = "对应";
pub(super) const DOUBTFUL: &str = "待核";

/// Other words by which a person gives a ruling.
const WORDS: [(&str, Ruling); 4] = [
    ("属实", Ruling::Confirmed),
    ("更改为", Ruling::Changed),
    ("不是", Ruling::NoProof),
    ("不算", Ruling::NoProof),
];

/// A row of the sheet in which a person has entered something.
#[derive(Debug, Clone)]
pub struct Row {
    row: FormRow,
}

/// Why a row decides nothing: the cell that is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) cell: Place,
    pub(super) reason: String,
}

/// The rows in which a person has entered something: a conclusion, items, a note, or a whole row by hand.
pub(super) fn filled(rows: Vec<FormRow>) -> Vec<Row> {
    let entered = |row: &FormRow| {
        [VERDICT, ITEMS, NOTE, CORRECTED].iter().any(|at| !row.text(*at).is_empty())
            || row.text(PROPOSED).is_empty()
    };
    rows.into_iter().filter(entered).map(|row| Row { row }).collect()
}

impl Row {
    /// 单位, as written.
    #[must_use]
    pub fn unit(&self) -> &str {
        self.row.text(UNIT)
    }

    /// 日期, as written.
    #[must_use]
    pub fn date(&self) -> &str {
        self.row.text(DATE)
    }

    /// 类型, as written.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.row.text(KIND)
    }

    /// 活动名称, as written.
    #[must_use]
    pub fn title(&self) -> &str {
        self.row.text(TITLE)
    }

    /// 活动内容, as written.
    #[must_use]
    pub fn content(&self) -> &str {
        self.row.text(CONTENT)
    }

    /// 程序的判断, as the person saw it.
    #[must_use]
    pub fn proposed(&self) -> &str {
        self.row.text(PROPOSED)
    }

    /// 结论, as written.
    #[must_use]
    pub fn verdict(&self) -> &str {
        self.row.text(VERDICT)
    }

    /// 改为条目, as written.
    #[must_use]
    pub fn items(&self) -> &str {
        self.row.text(ITEMS)
    }

    /// 依据或说明, as written.
    #[must_use]
    pub fn note(&self) -> &str {
        self.row.text(NOTE)
    }

    /// 出处, as it was told.
    #[must_use]
    pub fn source(&self) -> &str {
        self.row.text(SOURCE)
    }

    /// 更正日期, as written.
    #[must_use]
    pub fn corrected(&self) -> &str {
        self.row.text(CORRECTED)
    }

    /// The day that a person gives in place of the row's own; none where none is given.
    pub(super) fn correction(&self) -> Result<Option<Date>, Refusal> {
        match self.corrected() {
            "" => Ok(None),
            text => day(text).map(Some).ok_or_else(|| Refusal {
                cell: self.row.cell(CORRECTED),
                reason: format!("更正日期“{text}”看不懂，请写成 2023-03-15"),
            }),
        }
    }

    /// The requirements that a person names beside items: the row then proves exactly what is named.
    pub(super) fn requirements(&self, list: &DutyList, checks: &[Requirement]) -> Option<Vec<String>> {
        let parts = parts(self.items());
        let found: Vec<String> = parts
            .iter()
            .filter_map(|part| {
                // A line of tiers has only checks made from the requirement; what a person names is the requirement.
                let check = checks.iter().find(|check| is_named(check, part));
                check
                    .map(|check| check.evidence().to_string())
                    .or_else(|| item(part, list).map(|id| id.to_string()))
            })
            .collect();
        let any = found.iter().any(|id| checks.iter().any(|check| check.evidence().as_str() == id));
        any.then_some(found)
    }

    /// Where its title stands.
    pub(super) fn place(&self) -> Place {
        self.row.cell(TITLE)
    }

    pub(super) fn unit_place(&self) -> Place {
        self.row.cell(UNIT)
    }

    pub(super) fn verdict_place(&self) -> Place {
        self.row.cell(VERDICT)
    }

    /// What the row decides for an activity of this list; `None` where nothing is decided yet.
    pub(super) fn ruling(
        &self,
        list: &DutyList,
        checks: &[Requirement],
    ) -> Result<Option<(Ruling, Vec<ItemId>)>, Refusal> {
        let refuse = |column: usize, reason: String| Refusal { cell: self.row.cell(column), reason };
        if self.verdict().is_empty() {
            return match self.items() {
                "" => Ok(None),
                items => Err(refuse(
                    VERDICT,
                    format!(
                        "写了改为条目“{items}”，没有写结论。请在“结论”里选“{}”",
                        Ruling::Changed.as_str()
                    ),
                )),
            };
        }
        let word = fold(self.verdict());
        let own = Ruling::ALL.into_iter().map(|ruling| (ruling.as_str(), ruling));
        let Some(ruling) = own.chain(WORDS).find(|(known, _)| *known == word).map(|(_, ruling)| ruling)
        else {
            let words = Ruling::ALL.map(Ruling::as_str).join("、");
            return Err(refuse(VERDICT, format!("结论“{}”不认识。请写 {words} 之一", self.verdict())));
        };
        if ruling != Ruling::Changed && !self.items().is_empty() {
            return Err(refuse(
                ITEMS,
                format!(
                    "结论是“{}”，又写了改为条目“{}”。要改的请把结论写成“{}”，不改的请清空这一格",
                    ruling.as_str(),
                    self.items(),
                    Ruling::Changed.as_str()
                ),
            ));
        }
        let items = match ruling {
            Ruling::NoProof => Vec::new(),
            Ruling::Changed if self.items().is_empty() => {
                return Err(refuse(
                    ITEMS,
                    "结论是“改为”，没有写改为哪些条目，请填写，如 ZB-3、ZB-4".to_owned(),
                ));
            }
            Ruling::Changed => named(self.items(), list, checks).map_err(|what| refuse(ITEMS, what))?,
            Ruling::Confirmed if self.proposed().is_empty() => {
                let what = "“程序的判断”是空的，不知道确认的是哪些条目。请把结论写成“改为”，并写明条目";
                return Err(refuse(VERDICT, what.to_owned()));
            }
            Ruling::Confirmed => proposed(self.proposed(), list).map_err(|what| refuse(PROPOSED, what))?,
        };
        Ok(Some((ruling, items)))
    }
}

/// The items that the cell of the program's judgement shows.
fn proposed(text: &str, list: &DutyList) -> Result<Vec<ItemId>, String> {
    if fold(text) == fold(NO_ITEM) {
        return Ok(Vec::new());
    }
    // What stands in parentheses is the confidence.
    let mut depth = 0;
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let plain = plain.replace(LINKED, "、").replace(DOUBTFUL, "、");
    named(&plain, list, &[]).map_err(|what| format!("“程序的判断”里的条目认不出来：{what}"))
}

/// The names in a person's text.
fn parts(text: &str) -> Vec<&str> {
    let parts = text.split(|c: char| c.is_whitespace() || "、，,；;：:和/".contains(c));
    parts.filter(|part| !part.is_empty()).collect()
}

/// Whether a part of a person's text is a check's name, or that of the requirement whose evidence it takes.
fn is_named(check: &Requirement, part: &str) -> bool {
    let part = fold(part);
    fold(check.id.as_str()) == part || fold(check.evidence().as_str()) == part
}

/// The items that a person's text names: `ZB-3、ZB-4`, `3、4`, `第3条`, or one of their requirements `ZB-3a`.
fn named(text: &str, list: &DutyList, checks: &[Requirement]) -> Result<Vec<ItemId>, String> {
    let mut items: Vec<ItemId> = Vec::new();
    for part in parts(text) {
        let check = checks.iter().find(|check| is_named(check, part));
        let found = check.map(|check| check.item.clone()).or_else(|| item(part, list)).ok_or_else(|| {
            let known: Vec<&str> = list.items.iter().map(|item| item.id.as_str()).collect();
            format!("清单里没有条目“{part}”。可以写 {}，几个条目用“、”隔开", known.join("、"))
        })?;
        if !items.contains(&found) {
            items.push(found);
        }
    }
    if items.is_empty() { Err("没有写条目，如 ZB-3、ZB-4".to_owned()) } else { Ok(items) }
}

fn item(text: &str, list: &DutyList) -> Option<ItemId> {
    let bare = |text: &str| fold(text).replace(['-', '—', '–', '_', '.'], "");
    let wanted = bare(text);
    let by_name = list.items.iter().find(|item| bare(item.id.as_str()) == wanted);
    let number = wanted.trim_start_matches('第').trim_end_matches('条').parse::<u32>().ok();
    let by_number = || list.items.iter().find(|item| Some(item.number) == number);
    by_name.or_else(by_number).map(|item| item.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeds::duty_lists;

    fn list() -> DutyList {
        duty_lists::builtin().unwrap().into_iter().find(|list| list.id.as_str() == "ZB").unwrap()
    }

    #[test]
    fn items_are_named_as_people_write_them() {
        let names = |text: &str| {
            named(text, &list(), &[]).map(|items| items.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        for text in ["ZB-3、ZB-4", "zb-3，ZB4", "３；4", "第3条 第4条", "ZB—3/ZB-4、ZB-3"] {
            assert_eq!(names(text).unwrap(), ["ZB-3", "ZB-4"], "{text}");
        }
        for text in ["ZB-8", "JW-3", "支委会", "0", "、"] {
            assert!(names(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_shown_is_read_back() {
        let items = |text: &str| {
            proposed(text, &list()).map(|items| items.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(
            items("对应：ZB-3（98%）、ZB-1（93%）\n待核：ZB-4（61%）").unwrap(),
            ["ZB-3", "ZB-1", "ZB-4"]
        );
        assert_eq!(items("没有对应的条目").unwrap(), Vec::<String>::new());
        assert!(items("对应：ZB-9（98%）").unwrap_err().contains("ZB-9"));
    }
}
