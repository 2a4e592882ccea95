//! What one file gave: activities, rows that were left out, and why a file could not be read.

use super::{Activity, Finding, Place, RuleUse};
use std::sync::Arc;

/// Why a file gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileError {
    /// Protected by a password.
    Encrypted,
    /// Cut off or damaged.
    Corrupt,
    /// Another kind of file.
    Unsupported,
    /// Packed in a way that is not opened.
    Packed,
    /// Nothing in it, or no bytes at all.
    Empty,
    /// A header without rows.
    HeaderOnly,
    /// Over a stated limit.
    TooLarge,
    /// Its reading took too much memory or time, or failed on the way.
    BrokenOff,
}

impl FileError {
    /// The word of the stable line format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Corrupt => "corrupt",
            Self::Unsupported | Self::Packed => "unsupported",
            Self::Empty => "empty",
            Self::HeaderOnly => "header_only",
            Self::TooLarge => "too_large",
            Self::BrokenOff => "broken_off",
        }
    }
}

/// Why a row that is not blank is no activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Title.
    Title,
    /// Line with unit, date or reporter above the table.
    UnitLine,
    /// Heading, also where repeated.
    Header,
    /// Section row.
    Section,
    /// 第1页 共3页.
    PageLine,
    /// 小计, 合计, 总计.
    Total,
    /// 注, 说明, 填表人, 审核人, 公章.
    Note,
    /// 例, 示例.
    Example,
    /// Only a number, or only 无 and strokes.
    Placeholder,
    /// 本月无活动, 未开展.
    NotHeld,
    /// Hidden by hand.
    HiddenRow,
    /// On a hidden sheet.
    HiddenSheet,
    /// On a sheet of examples, templates or lists to choose from.
    TemplateSheet,
    /// On a sheet that only points at others.
    IndexSheet,
    /// On a sheet that is no ledger: 花名册, 党费.
    NotActivity,
    /// A second line of the row above, taken as its content.
    Continuation,
    /// A cell far from any table.
    Stray,
    /// A rule of the office leaves it out.
    ByRule,
    /// In a region that could not be understood; always comes with a finding.
    NotUnderstood,
}

impl Reason {
    /// The reason for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "标题",
            Self::UnitLine => "填报信息",
            Self::Header => "表头",
            Self::Section => "分段行",
            Self::PageLine => "页码行",
            Self::Total => "合计行",
            Self::Note => "说明落款",
            Self::Example => "示例",
            Self::Placeholder => "空行占位",
            Self::NotHeld => "未开展",
            Self::HiddenRow => "隐藏行",
            Self::HiddenSheet => "隐藏表",
            Self::TemplateSheet => "模板或选项表",
            Self::IndexSheet => "目录表",
            Self::NotActivity => "非活动表",
            Self::Continuation => "并入上一行",
            Self::Stray => "零散单元格",
            Self::ByRule => "按规则不读",
            Self::NotUnderstood => "未能识别",
        }
    }
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// Where: the row, `col` the first cell that is not blank.
    pub place: Place,
    /// Why.
    pub reason: Reason,
    /// The beginning of its text.
    pub text: String,
}

/// Rows that add up: `nonblank == activity_rows + excluded`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowCounts {
    /// Rows with at least one cell that is not blank, over all sheets.
    pub nonblank: u32,
    /// Rows from which at least one activity was taken.
    pub activity_rows: u32,
    /// Rows that were left out.
    pub excluded: u32,
}

/// From where the name of the reporting unit was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitSource {
    /// A rule of the office for the sheet.
    Rule,
    /// A line 填报单位：… .
    UnitLine,
    /// The title.
    Title,
    /// The file name.
    FileName,
    /// The folder's name.
    Folder,
}

impl UnitSource {
    /// The source for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "考核.toml 的默认单位",
            Self::UnitLine => "填报单位一栏",
            Self::Title => "标题",
            Self::FileName => "文件名",
            Self::Folder => "文件夹名",
        }
    }
}

/// The name of the reporting unit as the file gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitGuess {
    /// The name, as written.
    pub name: Arc<str>,
    /// From where.
    pub source: UnitSource,
}

/// What one file gave.
#[derive(Debug, Clone)]
pub struct Submission {
    /// File name relative to the folder that was read.
    pub file: Arc<str>,
    /// Names that the file offers for its unit, the most trustworthy first; empty where none.
    pub units: Vec<UnitGuess>,
    /// Activities in order of sheet and row.
    pub activities: Vec<Activity>,
    /// Rows left out, in order of sheet and row.
    pub excluded: Vec<Excluded>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Why the file gave nothing, where it gave nothing.
    pub error: Option<(FileError, String)>,
    /// Rows that add up.
    pub counts: RowCounts,
    /// Rules of the office for this file, with the sheets that were read by them.
    pub ruled: Vec<RuleUse>,
}

impl Submission {
    /// A file of which only findings are told.
    #[must_use]
    pub fn told(file: impl Into<Arc<str>>, findings: Vec<Finding>) -> Self {
        Self {
            file: file.into(),
            units: Vec::new(),
            activities: Vec::new(),
            excluded: Vec::new(),
            findings,
            error: None,
            counts: RowCounts::default(),
            ruled: Vec::new(),
        }
    }
}
