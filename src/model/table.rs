//! A region of a grid that was understood: which column means what, and the rows beneath.

use super::{GridValue, KindId, Place};
use std::sync::Arc;

/// What a column (or a key of a form) means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// 序号.
    Number,
    /// The unit of the row (支部).
    Unit,
    /// The day, or the actual day.
    Date,
    /// The planned day.
    PlannedDate,
    /// First day, where first and last stand apart.
    DateStart,
    /// Last day.
    DateEnd,
    /// Year, where split.
    Year,
    /// Month, where split.
    Month,
    /// Day of the month, where split.
    Day,
    /// Clock time.
    Time,
    /// Kind of activity.
    Kind,
    /// Title or topic.
    Title,
    /// Content.
    Content,
    /// Present (实到, 参加人数).
    Attended,
    /// Expected (应到).
    Expected,
    /// Both in one cell (应到/实到).
    ExpectedAttended,
    /// Absent.
    Absent,
    /// Duration or study hours.
    Hours,
    /// Chair.
    Host,
    /// Lecturer.
    Lecturer,
    /// Who kept the minutes.
    Recorder,
    /// Place.
    Location,
    /// Whether it was held (完成情况).
    Status,
    /// Something that is known but not used (备注, 佐证材料, 责任人 …).
    Ignored,
    /// A heading that no wording explains.
    Unknown,
}

impl Field {
    /// The meaning for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "序号",
            Self::Unit => "单位",
            Self::Date => "日期",
            Self::PlannedDate => "计划日期",
            Self::DateStart => "开始日期",
            Self::DateEnd => "结束日期",
            Self::Year => "年",
            Self::Month => "月",
            Self::Day => "日",
            Self::Time => "钟点",
            Self::Kind => "类型",
            Self::Title => "名称",
            Self::Content => "内容",
            Self::Attended => "实到人数",
            Self::Expected => "应到人数",
            Self::ExpectedAttended => "应到和实到",
            Self::Absent => "缺席人数",
            Self::Hours => "时长",
            Self::Host => "主持人",
            Self::Lecturer => "主讲人",
            Self::Recorder => "记录人",
            Self::Location => "地点",
            Self::Status => "完成情况",
            Self::Ignored => "（不使用）",
            Self::Unknown => "（没有认出）",
        }
    }

    /// Every meaning that an office can give to a column, in the order in which they are explained.
    pub const MEANINGS: [Self; 24] = [
        Self::Date,
        Self::Kind,
        Self::Title,
        Self::Content,
        Self::Attended,
        Self::Expected,
        Self::ExpectedAttended,
        Self::Absent,
        Self::Hours,
        Self::Host,
        Self::Lecturer,
        Self::Recorder,
        Self::Location,
        Self::Unit,
        Self::Number,
        Self::PlannedDate,
        Self::DateStart,
        Self::DateEnd,
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Time,
        Self::Status,
        Self::Ignored,
    ];

    /// The word by which settings name the meaning.
    #[must_use]
    pub fn word(self) -> &'static str {
        if self == Self::Ignored { "不用" } else { self.as_str() }
    }
}

/// A column with its heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// Column from 1.
    pub col: u32,
    /// Wording, parents first, joined by `/`.
    pub text: String,
    /// What it means.
    pub field: Field,
    /// What one unit of a duration in this column is, in minutes, where the heading says so.
    pub minutes_per_unit: Option<u32>,
}

impl Heading {
    /// The wording of the column itself, without its parents.
    #[must_use]
    pub fn leaf(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or("")
    }
}

/// A row of a table, its cells already joined with their merges.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// Row from 1; the activity's first line.
    pub row: u32,
    /// Values by heading, in the order of the table's headings; `None` where blank.
    pub values: Vec<Option<GridValue>>,
    /// The kind that a section row or block title above gives.
    pub section_kind: Option<KindId>,
    /// Cell from which the record was taken, where it is not a whole row (matrix, transposed).
    pub cell: Option<Place>,
    /// A line beneath that belongs to this row (主要内容：…).
    pub continuation: Option<String>,
    /// The month that a section row above gives to this row, before the table's own.
    pub month: Option<u32>,
    /// Other rows of the grid that this record was taken from (the further lines of a form).
    pub more_rows: Vec<u32>,
}

/// Which reading explained the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableSource {
    /// Rows are activities.
    Rows,
    /// Columns are activities.
    Transposed,
    /// Months or quarters across, kinds down, free text in the cells.
    Matrix,
    /// Key and value cells, one activity a form.
    Form,
    /// One activity a paragraph.
    Prose,
    /// Weekdays across, days beneath, free text in or under them.
    Calendar,
}

impl TableSource {
    /// The word by which settings and messages name the reading.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rows => "普通表格",
            Self::Transposed => "横向表格",
            Self::Matrix => "方格表",
            Self::Form => "登记表",
            Self::Prose => "文字叙述",
            Self::Calendar => "月历",
        }
    }

    /// The reading for a reader.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rows => "普通表格，一行一项活动",
            Self::Transposed => "横向表格，一列一项活动",
            Self::Matrix => "按月份或季度排列的方格表",
            Self::Form => "登记表，一张表一项活动",
            Self::Prose => "文字叙述，一段一项活动",
            Self::Calendar => "月历，一天一格",
        }
    }
}

/// A table that was found in a grid.
#[derive(Debug, Clone)]
pub struct Table {
    /// The sheet, at the table's first heading.
    pub place: Place,
    /// How it was read.
    pub source: TableSource,
    /// Its columns.
    pub headings: Vec<Heading>,
    /// Its rows.
    pub rows: Vec<TableRow>,
    /// The kind that the sheet's name or the title gives to every row.
    pub kind: Option<KindId>,
    /// The year from title, sheet or file name.
    pub year: Option<i32>,
    /// The year that a rule of the office gives to dates without one; no date is checked against it.
    pub default_year: Option<i32>,
    /// The month from sheet name or title.
    pub month: Option<u32>,
    /// The unit that a title or unit line above the table names.
    pub unit: Option<Arc<str>>,
}
