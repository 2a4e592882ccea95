//! A scheme as it was written, before it is checked: every part with the line or cell in which it stands.
//!
//! In: nothing. Out: plain data, filled by the TOML reader or by the reader of the Excel form. Never here:
//! whether the parts fit each other.

use crate::model::{Absent, Award, BlockKind, Grade, Measure, Place, Points, Rounding, Veto};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Where a part of a scheme stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// A line of a text file, from 1; 0 for the whole file.
    Line(Arc<str>, usize),
    /// A cell of a workbook.
    Cell(Place),
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(file, 0) => f.write_str(file),
            Self::Line(file, line) => write!(f, "{file} 第{line}行"),
            Self::Cell(place) => place.fmt(f),
        }
    }
}

/// Something that is wrong with a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub at: Where,
    /// What is the matter and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.at, self.message)
    }
}

/// A part with the place in which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The part.
    pub value: T,
    /// Where it stands.
    pub at: Where,
}

/// A scheme as it was written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The whole file.
    pub at: Where,
    /// 名称.
    pub name: String,
    /// 说明.
    pub note: String,
    /// 示例.
    pub example: bool,
    /// 取整.
    pub rounding: Rounding,
    /// 总分封顶.
    pub ceiling: Option<Points>,
    /// 不适用 of blocks that do not say otherwise.
    pub absent: Absent,
    /// 同分.
    pub ties: Vec<Written<Measure>>,
    /// 等次.
    pub grades: Vec<Written<Grade>>,
    /// 表彰.
    pub awards: Vec<Written<Award>>,
    /// 否决.
    pub vetoes: Vec<Written<Veto>>,
    /// 板块.
    pub blocks: Vec<DraftBlock>,
    /// 分值 by line, which go before what stands in the lines.
    pub points: BTreeMap<String, Written<Points>>,
    /// 权重 by block, which go before what stands in the blocks.
    pub weights: BTreeMap<String, Written<Points>>,
    /// What was found wrong while reading.
    pub problems: Vec<Problem>,
}

/// A block as it was written.
#[derive(Debug, Clone)]
pub struct DraftBlock {
    /// 编号.
    pub id: Written<String>,
    /// 名称.
    pub name: String,
    /// What its points do; where 权重 stands, if it has one.
    pub kind: Written<BlockKind>,
    /// 组别.
    pub groups: Vec<String>,
    /// 不适用; none: as the scheme.
    pub absent: Option<Absent>,
    /// 计入名次.
    pub in_rank: bool,
    /// 计入等次.
    pub in_grade: bool,
    /// 全部要求.
    pub all: bool,
    /// Its lines.
    pub lines: Vec<DraftLine>,
}

/// A line as it was written.
#[derive(Debug, Clone)]
pub struct DraftLine {
    /// 编号.
    pub id: Written<String>,
    /// 项目.
    pub project: String,
    /// 内容.
    pub content: String,
    /// 分值; none where it is missing.
    pub points: Written<Option<Points>>,
    /// 方式.
    pub mode: Written<String>,
    /// 要求.
    pub requirements: Written<Vec<String>>,
    /// 标准.
    pub standard: Written<String>,
    /// 依据.
    pub basis: String,
}

impl Draft {
    /// A scheme in which nothing stands yet.
    #[must_use]
    pub fn empty(at: Where) -> Self {
        Self {
            at,
            name: String::new(),
            note: String::new(),
            example: false,
            rounding: Rounding::default(),
            ceiling: None,
            absent: Absent::Rescale,
            ties: Vec::new(),
            grades: Vec::new(),
            awards: Vec::new(),
            vetoes: Vec::new(),
            blocks: Vec::new(),
            points: BTreeMap::new(),
            weights: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// Notes that something is wrong.
    pub fn wrong(&mut self, at: &Where, message: impl Into<String>) {
        self.problems.push(Problem { at: at.clone(), message: message.into() });
    }
}

/// The id and name of the block that stands for a scheme without blocks.
pub const WHOLE_LIST: (&str, &str) = ("清单", "责任清单");

/// The block of a scheme without blocks: the whole list, each requirement by what is done of it.
#[must_use]
pub fn whole_list(at: &Where) -> DraftBlock {
    let (id, name) = WHOLE_LIST;
    DraftBlock {
        id: Written { value: id.to_owned(), at: at.clone() },
        name: name.to_owned(),
        kind: Written { value: BlockKind::Weighted(Points::whole(100)), at: at.clone() },
        groups: Vec::new(),
        absent: None,
        in_rank: true,
        in_grade: true,
        all: true,
        lines: Vec::new(),
    }
}

/// 不适用, as a word.
#[must_use]
pub fn absent(text: &str) -> Option<Absent> {
    match text.trim() {
        "折算" => Some(Absent::Rescale),
        "满分" => Some(Absent::Full),
        _ => None,
    }
}
