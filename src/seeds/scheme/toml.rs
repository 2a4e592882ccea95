//! A scheme written in TOML.
//!
//! In: the text. Out: a [`Draft`] with the line of every part. Never here: whether the parts fit each other.

use super::draft::{Draft, DraftBlock, DraftLine, Where, Written, absent, whole_list};
use super::words;
use crate::error::{Error, Result};
use crate::model::{Absent, Award, BlockKind, Cut, Grade, Points, Quota, Veto};
use crate::seeds::chinese_toml::{self, At, Table};
use std::sync::Arc;

const KEYS: [&str; 15] = [
    "名称",
    "说明",
    "示例",
    "取整",
    "同分",
    "总分封顶",
    "不适用",
    "板块",
    "等次",
    "表彰",
    "否决",
    "分值",
    "name",
    "note",
    "points",
];
const BLOCK: [&str; 11] =
    ["编号", "名称", "权重", "类别", "封顶", "计入名次", "计入等次", "组别", "不适用", "全部要求", "项目"];
const LINE: [&str; 8] = ["编号", "项目", "内容", "分值", "方式", "要求", "标准", "依据"];
const GRADE: [&str; 6] = ["名称", "分数", "比例", "名额", "取整", "条件"];
const AWARD: [&str; 6] = ["名称", "组别", "比例", "名额", "取整", "条件"];
const VETO: [&str; 2] = ["事项", "后果"];

/// The draft in a TOML text.
///
/// # Errors
/// [`Error::Seed`] with the line that is no `名称 = 值`; what is readable but wrong is among the problems of the draft.
pub fn draft(file: &str, text: &str) -> Result<Draft> {
    let root = chinese_toml::parse(file, text)?;
    let mut reader = Reader { file: Arc::from(file), draft: Draft::empty(Where::Line(Arc::from(file), 0)) };
    reader.root(&root);
    Ok(reader.draft)
}

struct Reader {
    file: Arc<str>,
    draft: Draft,
}

impl Reader {
    fn at(&self, line: usize) -> Where {
        Where::Line(self.file.clone(), line)
    }

    fn wrong(&mut self, line: usize, message: impl Into<String>) {
        let at = self.at(line);
        self.draft.wrong(&at, message);
    }

    /// The value; an error becomes a problem at its line.
    fn take<T: Default>(&mut self, read: Result<T>) -> T {
        read.unwrap_or_else(|error| {
            match error {
                Error::Seed { line, message, .. } => self.wrong(line, message),
                other => self.wrong(0, other.to_string()),
            }
            T::default()
        })
    }

    fn text(&mut self, table: &Table<'_>, key: &str) -> String {
        self.take(table.text(key)).map(|at| at.value.trim().to_owned()).unwrap_or_default()
    }

    fn yes(&mut self, table: &Table<'_>, key: &str, otherwise: bool) -> bool {
        self.take(table.boolean(key)).unwrap_or(otherwise)
    }

    fn number(&mut self, table: &Table<'_>, key: &str) -> Option<At<Points>> {
        self.take(table.number(key))
    }

    fn absent(&mut self, table: &Table<'_>) -> Option<Absent> {
        let at = self.take(table.text("不适用"))?;
        let word = absent(&at.value);
        if word.is_none() {
            self.wrong(at.line, format!("“不适用”应为 \"折算\" 或 \"满分\"，现在是“{}”", at.value));
        }
        word
    }

    fn root(&mut self, root: &Table<'_>) {
        self.take(root.only(&KEYS));
        let name = self.text(root, "名称");
        self.draft.name = if name.is_empty() { self.text(root, "name") } else { name };
        let note = self.text(root, "说明");
        self.draft.note = if note.is_empty() { self.text(root, "note") } else { note };
        self.draft.example = self.yes(root, "示例", false);
        self.draft.ceiling = self.number(root, "总分封顶").map(|at| at.value);
        self.draft.absent = self.absent(root).unwrap_or_default();
        if let Some(table) = self.take(root.table("取整")) {
            self.rounding(&table);
        }
        let line = root.line_of("同分");
        for text in self.take(root.texts("同分")) {
            let at = self.at(line);
            match words::measure(&text) {
                Ok(value) => self.draft.ties.push(Written { value, at }),
                Err(message) => self.draft.wrong(&at, message),
            }
        }
        for key in ["分值", "points"] {
            if let Some(table) = self.take(root.table(key)) {
                for (id, line) in table.keys() {
                    let value = self.take(table.points(id));
                    let at = self.at(line);
                    self.draft.points.insert(id.to_owned(), Written { value, at });
                }
            }
        }
        for table in self.take(root.tables("板块")) {
            self.block(&table);
        }
        if self.draft.blocks.is_empty() && !self.draft.points.is_empty() {
            let at = self.at(1);
            self.draft.blocks.push(whole_list(&at));
        }
        for table in self.take(root.tables("等次")) {
            self.grade(&table);
        }
        for table in self.take(root.tables("表彰")) {
            self.award(&table);
        }
        for table in self.take(root.tables("否决")) {
            self.veto(&table);
        }
    }

    fn rounding(&mut self, table: &Table<'_>) {
        self.take(table.only(&["位数", "方式"]));
        if let Some(places) = self.take(table.integer::<u8>("位数", 1..=2, "1 或 2")) {
            self.draft.rounding.places = places;
        }
        if let Some(at) = self.take(table.text("方式")) {
            match words::cut(&at.value) {
                Some(how @ (Cut::Nearest | Cut::Down)) => self.draft.rounding.how = how,
                _ => self
                    .wrong(at.line, format!("取整“方式”应为 \"四舍五入\" 或 \"去尾\"，现在是“{}”", at.value)),
            }
        }
    }

    fn block(&mut self, table: &Table<'_>) {
        self.take(table.only(&BLOCK));
        let cap = self.number(table, "封顶").map(|at| at.value);
        let weight = self.number(table, "权重");
        let kind_at = weight.as_ref().map_or(table.line, |weight| weight.line);
        let kind = self.text(table, "类别");
        let value = match (kind.as_str(), weight) {
            ("加分", None) => BlockKind::Bonus(cap),
            ("扣分", None) => BlockKind::Deduction(cap),
            ("" | "计分", Some(weight)) if cap.is_none() => BlockKind::Weighted(weight.value),
            ("" | "计分", None) => {
                let message = "这个板块没有写“权重”；加分、扣分的板块请写 类别 = \"加分\" 或 \"扣分\"";
                self.wrong(table.line, message);
                BlockKind::Weighted(Points::ZERO)
            }
            ("" | "计分", Some(weight)) => {
                self.wrong(table.line_of("封顶"), "“封顶”只用于加分、扣分的板块");
                BlockKind::Weighted(weight.value)
            }
            ("加分" | "扣分", Some(_)) => {
                self.wrong(kind_at, "加分、扣分的板块不写“权重”，要限制的请写“封顶”");
                BlockKind::Bonus(cap)
            }
            (other, _) => {
                let message = format!("“类别”应为 \"计分\"、\"加分\" 或 \"扣分\"，现在是“{other}”");
                self.wrong(table.line_of("类别"), message);
                BlockKind::Bonus(cap)
            }
        };
        let mut block = DraftBlock {
            id: Written { value: self.text(table, "编号"), at: self.at(table.line_of("编号")) },
            name: self.text(table, "名称"),
            kind: Written { value, at: self.at(kind_at) },
            groups: self.take(table.texts("组别")),
            absent: self.absent(table),
            in_rank: self.yes(table, "计入名次", true),
            in_grade: self.yes(table, "计入等次", true),
            all: self.yes(table, "全部要求", false),
            lines: Vec::new(),
        };
        for line in self.take(table.tables("项目")) {
            let line = self.line(&line);
            block.lines.push(line);
        }
        self.draft.blocks.push(block);
    }

    fn line(&mut self, table: &Table<'_>) -> DraftLine {
        self.take(table.only(&LINE));
        let written = |reader: &mut Self, key: &str| Written {
            value: reader.text(table, key),
            at: reader.at(table.line_of(key)),
        };
        DraftLine {
            id: written(self, "编号"),
            project: self.text(table, "项目"),
            content: self.text(table, "内容"),
            points: Written {
                value: self.number(table, "分值").map(|at| at.value),
                at: self.at(table.line_of("分值")),
            },
            mode: written(self, "方式"),
            requirements: Written {
                value: self.take(table.texts("要求")),
                at: self.at(table.line_of("要求")),
            },
            standard: written(self, "标准"),
            basis: self.text(table, "依据"),
        }
    }

    fn name(&mut self, table: &Table<'_>, what: &str) -> String {
        let name = self.text(table, "名称");
        if name.is_empty() {
            self.wrong(table.line, format!("这个{what}没有写“名称”"));
        }
        name
    }

    fn quota(&mut self, table: &Table<'_>) -> Option<Quota> {
        let cut = self.take(table.text("取整")).and_then(|at| {
            let cut = words::cut(&at.value);
            if cut.is_none() {
                let message = format!("“取整”应为 \"去尾\"、\"四舍五入\" 或 \"进一\"，现在是“{}”", at.value);
                self.wrong(at.line, message);
            }
            cut
        });
        if let Some(heads) = self.take(table.integer::<u32>("名额", 1..=10_000, "个数，如 名额 = 3"))
        {
            if table.keys().any(|(key, _)| key == "比例") {
                self.wrong(table.line_of("名额"), "“名额”和“比例”只能写一个");
            }
            return Some(Quota::Heads(heads));
        }
        if table.has_number("比例") {
            let share = self.number(table, "比例")?;
            return Some(Quota::Share(share.value, cut.unwrap_or(Cut::Down)));
        }
        let at = self.take(table.text_as("比例", "百分数，如 比例 = \"30%\""))?;
        let quota = words::quota(&at.value, cut);
        if quota.is_none() {
            self.wrong(at.line, format!("“比例”应为百分数，如 \"30%\"，现在是“{}”", at.value));
        }
        quota
    }

    fn conditions(&mut self, table: &Table<'_>) -> Vec<crate::model::Condition> {
        let line = table.line_of("条件");
        let mut conditions = Vec::new();
        for text in self.take(table.texts_whole("条件")) {
            match words::condition(&text) {
                Ok(condition) => conditions.push(condition),
                Err(message) => self.wrong(line, message),
            }
        }
        conditions
    }

    fn grade(&mut self, table: &Table<'_>) {
        self.take(table.only(&GRADE));
        let value = Grade {
            name: self.name(table, "等次"),
            least: self.number(table, "分数").map(|at| at.value),
            share: self.quota(table),
            conditions: self.conditions(table),
        };
        let at = self.at(table.line);
        self.draft.grades.push(Written { value, at });
    }

    fn award(&mut self, table: &Table<'_>) {
        self.take(table.only(&AWARD));
        let name = self.name(table, "表彰");
        let groups = self.take(table.texts("组别"));
        let conditions = self.conditions(table);
        let at = self.at(table.line);
        match self.quota(table) {
            Some(quota) => {
                let value = Award { name, groups, quota, conditions };
                self.draft.awards.push(Written { value, at });
            }
            None => self.draft.wrong(&at, "这条表彰没有写名额，应有一行 比例 = \"30%\" 或 名额 = 3"),
        }
    }

    fn veto(&mut self, table: &Table<'_>) {
        self.take(table.only(&VETO));
        let matters = self.take(table.texts("事项"));
        let at = self.at(table.line);
        if matters.is_empty() {
            self.draft.wrong(&at, "这条否决没有写“事项”");
        }
        let effect = self.text(table, "后果");
        match words::effect(&effect) {
            Ok(effect) => self.draft.vetoes.push(Written { value: Veto { matters, effect }, at }),
            Err(message) => self.wrong(table.line_of("后果"), message),
        }
    }
}
