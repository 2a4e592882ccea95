//! A draft checked against itself and against the requirements in use.
//!
//! In: a [`Draft`]. Out: a [`Scheme`], or everything that is wrong, each with its line or cell. Never here:
//! reading.

use super::draft::{Draft, DraftBlock, DraftLine, Problem, Where, Written};
use super::{checks, grammar, words};
use crate::model::{
    BlockKind, Condition, ItemId, Line, LineId, ListId, Measure, Measured, Mode, Points, Quota, Requirement,
    RequirementId, Scheme, SchemeBlock, VetoEffect,
};
use crate::seeds::requirements::item_of;
use crate::seeds::scheme::default::list_of;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a scheme may name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The requirements in use.
    pub requirements: &'a [Requirement],
    /// Their points where a block takes all of them and states none.
    pub points: &'a BTreeMap<RequirementId, Points>,
}

/// Everything that is wrong with a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

/// How many problems are told.
const TOLD: usize = 20;

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0.as_slice() {
            return only.fmt(f);
        }
        write!(f, "计分方案有{}处要改", self.0.len())?;
        for problem in self.0.iter().take(TOLD) {
            write!(f, "\n  {problem}")?;
        }
        if self.0.len() > TOLD {
            write!(f, "\n  ……改好以后再运行，会列出其余{}处", self.0.len() - TOLD)?;
        }
        Ok(())
    }
}

/// Characters that a name of a block or line must not hold: a spreadsheet takes some of them for placeholders.
const NOT_IN_IDS: [char; 14] = ['*', '?', '~', '"', '\'', '“', '”', '、', '，', ',', '；', ';', '·', ' '];
/// Characters of the longest name of a block or line.
const LONGEST_ID: usize = 20;

/// The scheme of a draft.
///
/// # Errors
/// All that is wrong, in the order of the file.
pub fn build(draft: &Draft, known: &Known<'_>) -> Result<Scheme, Problems> {
    let mut checker =
        Checker { known, problems: draft.problems.clone(), lines: BTreeMap::new(), blocks: BTreeSet::new() };
    let scheme = checker.scheme(draft);
    checker.whole(draft, &scheme);
    if checker.problems.is_empty() { Ok(scheme) } else { Err(Problems(checker.problems)) }
}

struct Checker<'a> {
    known: &'a Known<'a>,
    problems: Vec<Problem>,
    lines: BTreeMap<LineId, Where>,
    blocks: BTreeSet<String>,
}

impl Checker<'_> {
    fn wrong(&mut self, at: &Where, message: impl Into<String>) {
        self.problems.push(Problem { at: at.clone(), message: message.into() });
    }

    fn scheme(&mut self, draft: &Draft) -> Scheme {
        let mut blocks: Vec<SchemeBlock> = Vec::new();
        for block in &draft.blocks {
            self.id(&block.id, "板块编号");
            if let Some(other) = blocks.iter().find(|other| other.id.as_str() == block.id.value) {
                let message = format!("板块编号“{}”重复，前面的是“{}”", block.id.value, other.name);
                self.wrong(&block.id.at, message);
            }
            self.blocks.insert(block.id.value.clone());
            blocks.push(self.block(block, draft));
        }
        for (id, written) in &draft.weights {
            let weighted = |block: &SchemeBlock| matches!(block.kind, BlockKind::Weighted(_));
            if !blocks.iter().any(|block| block.id.as_str() == id && weighted(block)) {
                let ids: Vec<&str> =
                    blocks.iter().filter(|block| weighted(block)).map(|b| b.id.as_str()).collect();
                let message = format!("方案里没有编号为“{id}”的计分板块，可以写 {}", ids.join("、"));
                self.wrong(&written.at, message);
            }
        }
        for (id, written) in &draft.points {
            if !self.lines.contains_key(&LineId::from(id.as_str())) {
                let message = format!("方案里没有编号为“{id}”的项目，这里的分值用不上");
                self.wrong(&written.at, message);
            }
        }
        Scheme {
            name: draft.name.clone(),
            note: draft.note.clone(),
            example: draft.example,
            rounding: draft.rounding,
            blocks,
            ceiling: draft.ceiling,
            ties: draft.ties.iter().map(|w| w.value.clone()).collect(),
            grades: draft.grades.iter().map(|w| w.value.clone()).collect(),
            awards: draft.awards.iter().map(|w| w.value.clone()).collect(),
            vetoes: draft.vetoes.iter().map(|w| w.value.clone()).collect(),
        }
    }

    fn id(&mut self, id: &Written<String>, what: &str) {
        if id.value.is_empty() {
            self.wrong(&id.at, format!("没有写{what}"));
        } else if id.value.contains(NOT_IN_IDS) || id.value.chars().count() > LONGEST_ID {
            let message = format!(
                "{what}“{}”不能用：至多{LONGEST_ID}个字，不能有空格、引号、顿号、逗号、间隔号和 * ? ~",
                crate::model::within_quotes(&id.value)
            );
            self.wrong(&id.at, message);
        }
    }

    fn block(&mut self, block: &DraftBlock, draft: &Draft) -> SchemeBlock {
        let mut kind = block.kind.value;
        if let (BlockKind::Weighted(weight), Some(changed)) = (&mut kind, draft.weights.get(&block.id.value))
        {
            *weight = changed.value;
        }
        let mut lines = Vec::new();
        if block.all {
            lines.extend(self.known.requirements.iter().map(|requirement| {
                let default = self.known.points.get(&requirement.id).copied().unwrap_or_default();
                let own = draft.points.get(requirement.id.as_str()).map(|written| written.value);
                whole_requirement(requirement, own.unwrap_or(default))
            }));
            for line in &lines {
                self.claim(&line.id, &block.id.at);
            }
            if !block.lines.is_empty() {
                self.wrong(&block.id.at, "“全部要求”的板块不能再写项目");
            }
        }
        for written in &block.lines {
            if let Some(line) = self.line(written, kind, draft) {
                lines.push(line);
            }
        }
        if block.lines.is_empty() && !block.all {
            self.wrong(&block.id.at, format!("板块“{}”没有一个项目", block.id.value));
        }
        SchemeBlock {
            id: block.id.value.as_str().into(),
            name: if block.name.is_empty() { block.id.value.clone() } else { block.name.clone() },
            kind,
            groups: block.groups.clone(),
            absent: block.absent.unwrap_or(draft.absent),
            in_rank: block.in_rank,
            in_grade: block.in_grade,
            lines,
        }
    }

    /// Takes a line's name; one that is taken already is told.
    fn claim(&mut self, id: &LineId, at: &Where) {
        if let Some(first) = self.lines.get(id).cloned() {
            self.wrong(at, format!("项目编号“{id}”重复，{first} 已经用过"));
        } else {
            self.lines.insert(id.clone(), at.clone());
        }
    }

    fn line(&mut self, written: &DraftLine, kind: BlockKind, draft: &Draft) -> Option<Line> {
        let before = self.problems.len();
        self.id(&written.id, "项目编号");
        let id = LineId::from(written.id.value.as_str());
        self.claim(&id, &written.id.at);
        let changed = draft.points.get(&written.id.value);
        let points_at = changed.map_or(&written.points.at, |changed| &changed.at);
        let points = changed.map(|changed| changed.value).or(written.points.value).unwrap_or_default();
        if points <= Points::ZERO || points > Points::whole(10_000) {
            self.wrong(points_at, format!("项目“{id}”的分值应是大于0的数，至多两位小数"));
        }
        let mode = match grammar::parse(&written.mode.value, &written.standard.value) {
            Ok(mode) => Some(mode),
            Err(message) => {
                let unknown_way = !grammar::words().contains(&written.mode.value.trim());
                let at = if unknown_way { &written.mode.at } else { &written.standard.at };
                self.wrong(at, message);
                None
            }
        };
        let list = self.requirements(&id, written);
        let mode = mode?;
        if needs_checks(&mode) && written.requirements.value.is_empty() {
            let word = grammar::word(&mode);
            self.wrong(&written.requirements.at, format!("方式“{word}”要写明对应哪些要求，如 ZB-3a、ZB-3b"));
        }
        let at = if changed.is_some() { points_at } else { &written.standard.at };
        for message in super::sums::line(&mode, points, kind, &written.standard.value) {
            self.wrong(at, format!("项目“{id}”：{message}"));
        }
        let ids: Vec<RequirementId> =
            written.requirements.value.iter().map(|id| RequirementId::from(id.as_str())).collect();
        (self.problems.len() == before).then(|| Line {
            checks: checks::groups(&mode, &ids),
            id,
            project: written.project.clone(),
            content: written.content.clone(),
            standard: written.standard.value.trim().to_owned(),
            basis: written.basis.clone(),
            points,
            mode,
            list,
        })
    }

    /// The list of a line's requirements, which must be known and of one list.
    fn requirements(&mut self, line: &LineId, written: &DraftLine) -> Option<ListId> {
        let mut lists = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for id in &written.requirements.value {
            if !seen.insert(id) {
                self.wrong(&written.requirements.at, format!("项目“{line}”的要求“{id}”写了两次"));
            }
            if self.known.requirements.iter().any(|r| r.id.as_str() == id) {
                lists.insert(list_of(&RequirementId::from(id.as_str())));
            } else {
                let message = format!("没有编号为“{id}”的要求。{}", nearest(id, self.known.requirements));
                self.wrong(&written.requirements.at, message);
            }
        }
        if lists.len() > 1 {
            let lists: Vec<&str> = lists.iter().map(ListId::as_str).collect();
            let message =
                format!("项目“{line}”的要求分属清单 {}，一个项目只能用一份清单的要求", lists.join("、"));
            self.wrong(&written.requirements.at, message);
            return None;
        }
        lists.pop_first()
    }

    /// What concerns the scheme as a whole.
    fn whole(&mut self, draft: &Draft, scheme: &Scheme) {
        if draft.blocks.is_empty() {
            let message = "方案里没有一个板块。请写 [[板块]] 和其中的 [[板块.项目]]，或运行 shuzhi scheme --template 计分方案.xlsx 得到可以填写的表";
            self.wrong(&draft.at, message);
            return;
        }
        for (at, message) in super::sums::weights(draft, scheme) {
            self.wrong(&at, message);
        }
        for message in super::sums::thresholds(scheme) {
            self.wrong(&draft.at, message);
        }
        for tie in &draft.ties {
            self.measure(&tie.value, &tie.at);
        }
        for (at, grade) in draft.grades.iter().enumerate() {
            let (written, grade) = (&grade.at, &grade.value);
            if at > 0 && grade.share.is_some() {
                let message = format!("等次“{}”不是第一个等次，不能写名额；名额只用于最高的等次", grade.name);
                self.wrong(written, message);
            }
            let above = draft.grades.get(..at).unwrap_or_default();
            let lowest = above.iter().filter_map(|other| other.value.least).min();
            if let (Some(least), Some(lowest)) = (grade.least, lowest)
                && least >= lowest
            {
                let message =
                    format!("等次“{}”的分数{least}不低于前面的{lowest}，等次要从高到低写", grade.name);
                self.wrong(written, message);
            }
            if above.iter().any(|other| other.value.name == grade.name) {
                self.wrong(written, format!("等次“{}”写了两次", grade.name));
            }
            self.quota(grade.share, &grade.name, written);
            self.conditions(&grade.conditions, written);
        }
        for award in &draft.awards {
            self.quota(Some(award.value.quota), &award.value.name, &award.at);
            self.conditions(&award.value.conditions, &award.at);
        }
        for veto in &draft.vetoes {
            if let VetoEffect::Cap(grade) = &veto.value.effect
                && !draft.grades.iter().any(|known| known.value.name == *grade)
            {
                let names: Vec<&str> = draft.grades.iter().map(|known| known.value.name.as_str()).collect();
                let known = if names.is_empty() {
                    "方案没有写等次".to_owned()
                } else {
                    format!("方案的等次有 {}", names.join("、"))
                };
                self.wrong(&veto.at, format!("否决写的等次“{grade}”不在方案里，{known}"));
            }
        }
    }

    fn quota(&mut self, quota: Option<Quota>, name: &str, at: &Where) {
        if let Some(Quota::Share(share, _)) = quota
            && (share > Points::whole(100) || share <= Points::ZERO)
        {
            self.wrong(at, format!("“{name}”的名额比例是{share}%，应大于0、不超过100%"));
        }
    }

    fn conditions(&mut self, conditions: &[Condition], at: &Where) {
        for condition in conditions {
            self.measure(&condition.measure, at);
        }
    }

    fn measure(&mut self, measure: &Measure, at: &Where) {
        let text = words::measure_text(measure);
        match measure {
            Measure::Total | Measure::BeforeBonus | Measure::Column(_) => {}
            Measure::Block(_) | Measure::Line(_) => {
                if !self.names(measure) {
                    self.wrong(at, format!("“{text}”不在方案里，请核对编号"));
                }
            }
            Measure::Completion(ids) => {
                for id in ids {
                    let own = self.known.requirements.iter();
                    let known = own.into_iter().any(|r| r.id.as_str() == id || r.item.as_str() == id);
                    if !known {
                        let advice = nearest(id, self.known.requirements);
                        self.wrong(at, format!("“{text}”里没有编号为“{id}”的要求或条目。{advice}"));
                    }
                }
            }
        }
    }

    fn names(&self, measure: &Measure) -> bool {
        match measure {
            Measure::Line(id) => self.lines.contains_key(id),
            Measure::Block(id) => self.blocks.contains(id.as_str()),
            _ => true,
        }
    }
}

/// The line of a requirement in a block that takes all of them.
fn whole_requirement(requirement: &Requirement, points: Points) -> Line {
    let ids = [requirement.id.clone()];
    Line {
        id: LineId::from(requirement.id.as_str()),
        project: requirement.name.clone(),
        content: requirement.source.clone(),
        standard: grammar::sentence(&Mode::Share, points),
        basis: String::new(),
        points,
        mode: Mode::Share,
        checks: checks::groups(&Mode::Share, &ids),
        list: Some(list_of(&requirement.id)),
    }
}

/// Whether a mode says nothing without requirements.
fn needs_checks(mode: &Mode) -> bool {
    match mode {
        Mode::Share
        | Mode::DeductMissing { .. }
        | Mode::Tiers { .. }
        | Mode::LowMeetings { .. }
        | Mode::ActivityPoints { .. } => true,
        Mode::ValueTiers { of, .. } | Mode::Rate { of, .. } => !matches!(of, Measured::Column(_)),
        _ => false,
    }
}

/// What to write instead of an unknown requirement.
pub(crate) fn nearest(id: &str, requirements: &[Requirement]) -> String {
    let upper = id.to_uppercase();
    let item: ItemId = item_of(&RequirementId::from(id));
    let near: Vec<&str> = requirements
        .iter()
        .filter(|r| r.item == item || r.item.as_str() == upper || r.id.as_str().to_uppercase() == upper)
        .map(|r| r.id.as_str())
        .collect();
    if near.is_empty() {
        "编号见排名表“说明”，或运行 shuzhi lists 查看".to_owned()
    } else {
        format!("{item} 的要求有 {}", near.join("、"))
    }
}
