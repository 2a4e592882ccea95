//! The ledger that a unit fills in: explained, bounded, and worded so that it is read back without a doubt.
//!
//! In: unit, year, columns and kinds of activity. Out: a [`Book`]. Never here: which columns a unit is used to.

use crate::model::{
    Align, Allow, Book, Cell, Column, Date, EntryRule, Field, NumberLook, Points, Sheet, Spot,
};

/// Rows that are ready to be filled in.
pub const ROWS: usize = 200;
/// Where the ledger stands among the sheets of the book.
pub const LEDGER: usize = 1;

/// What a column of the form is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormColumn {
    /// Its heading.
    pub title: String,
    /// What it means.
    pub field: Field,
    /// What one of a duration is, in minutes.
    pub minutes: u32,
}

impl FormColumn {
    /// A column in the usual wording.
    #[must_use]
    pub fn usual(field: Field) -> Option<Self> {
        let (_, title, ..) = STANDARD.iter().find(|(own, ..)| *own == field)?;
        Some(Self { title: (*title).to_owned(), field, minutes: 60 })
    }
}

/// Meaning, wording, width, alignment and whether it must be filled in, in the usual order.
pub const STANDARD: [(Field, &str, u16, Align, bool); 13] = [
    (Field::Number, "序号", 6, Align::Centre, false),
    (Field::Date, "日期", 13, Align::Centre, true),
    (Field::Kind, "活动类型", 14, Align::Centre, true),
    (Field::Title, "活动名称", 30, Align::Left, true),
    (Field::Content, "内容", 38, Align::Left, false),
    (Field::Host, "主持人", 10, Align::Centre, false),
    (Field::Lecturer, "主讲人", 10, Align::Centre, false),
    (Field::Expected, "应到", 7, Align::Centre, false),
    (Field::Attended, "实到", 7, Align::Centre, true),
    (Field::Location, "地点", 16, Align::Left, false),
    (Field::Hours, "时长（小时）", 13, Align::Centre, false),
    (Field::Recorder, "记录人", 10, Align::Centre, false),
    (Field::Ignored, "备注", 16, Align::Left, false),
];

/// Columns of the form where nothing is known of what a unit is used to.
pub const USUAL: [Field; 11] = [
    Field::Number,
    Field::Date,
    Field::Kind,
    Field::Title,
    Field::Content,
    Field::Host,
    Field::Expected,
    Field::Attended,
    Field::Location,
    Field::Hours,
    Field::Recorder,
];

/// Columns without which an activity proves little.
pub const REQUIRED: [Field; 4] = [Field::Date, Field::Kind, Field::Title, Field::Attended];

/// More persons than any branch has, and more hours than any activity takes.
const MOST_PERSONS: i64 = 100_000;
const MOST_MINUTES: u32 = 6_000;
/// Other wordings for a kind that the guide names.
const WORDINGS: usize = 4;

/// The form of a unit for a year; `kinds`: each kind of activity with other wordings for it.
#[must_use]
pub fn ledger_form(unit: &str, year: i32, columns: &[FormColumn], kinds: &[(&str, &[String])]) -> Book {
    let title = format!("{unit}{year}年度党建活动台账");
    let names: Vec<String> = kinds.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    let ledger = ledger(unit, year, &title, columns, &names);
    Book {
        title,
        author: String::new(),
        sheets: vec![guide(year, columns, kinds), ledger],
        ..Book::default()
    }
}

fn ledger(unit: &str, year: i32, title: &str, columns: &[FormColumn], kinds: &[String]) -> Sheet {
    let row = |at: usize| {
        let cell = |column: &FormColumn| match column.field {
            Field::Number => Cell::count(i64::try_from(at + 1).unwrap_or(i64::MAX)),
            _ => Cell::default().open(),
        };
        columns.iter().map(cell).collect()
    };
    let mut entries = Vec::new();
    for (at, column) in (0_u16..).zip(columns) {
        let allow = match column.field {
            Field::Kind => Allow::Words(kinds.to_vec()),
            Field::Date => match (Date::new(year, 1, 1), Date::new(year, 12, 31)) {
                (Some(first), Some(last)) => Allow::Day(first, last),
                _ => continue,
            },
            Field::Expected | Field::Attended | Field::Absent => Allow::Whole(0, MOST_PERSONS),
            Field::Hours => {
                let most = MOST_MINUTES / column.minutes.max(1);
                Allow::Points(Points::default(), Points::from_hundredths(i64::from(most) * 100))
            }
            _ => continue,
        };
        entries.push(EntryRule {
            area: Spot::area(0, at, ROWS - 1, at),
            allow,
            title: column.title.clone(),
            message: told(column, year),
        });
    }
    Sheet {
        name: "活动台账".to_owned(),
        title: title.to_owned(),
        notes: vec![format!("填报单位：{unit}")],
        columns: columns.iter().map(|column| shown(column, year, &entries, columns)).collect(),
        rows: (0..ROWS).map(row).collect(),
        frozen: columns
            .iter()
            .take_while(|column| column.field == Field::Number)
            .count()
            .try_into()
            .unwrap_or(0),
        landscape: true,
        protected: true,
        entries,
        ..Sheet::default()
    }
}

fn shown(column: &FormColumn, year: i32, entries: &[EntryRule], all: &[FormColumn]) -> Column {
    let usual = STANDARD.iter().find(|(field, ..)| *field == column.field);
    let (width, align) = usual.map_or((14, Align::Left), |(_, _, width, align, _)| (*width, *align));
    let at = all.iter().position(|own| own == column);
    let ruled = entries.iter().any(|rule| Some(usize::from(rule.area.col)) == at);
    Column {
        // A cell takes one message; where values are bounded it stands with the bounds.
        prompt: if ruled || column.field == Field::Number { String::new() } else { told(column, year) },
        required: REQUIRED.contains(&column.field),
        entered: (column.field == Field::Date).then_some(NumberLook::Day),
        ..Column::new(&column.title, width, align)
    }
}

/// What is told on entering a cell of the column.
fn told(column: &FormColumn, year: i32) -> String {
    let what = match column.field {
        Field::Number => "已经编好，不用填。".to_owned(),
        Field::Date => format!("写实际开展的日期，如 {year}-03-05，应在{year}年内；跨几天的写第一天。"),
        Field::Kind => "从下拉列表里选。合并开展的选主要的一种，另一种写进活动名称。".to_owned(),
        Field::Title => "写这次活动的议题、课题或主题。一行只写一项活动。".to_owned(),
        Field::Content => "写做了什么、议了什么、形成什么结果。".to_owned(),
        Field::Host => "写主持人（召集人）姓名。".to_owned(),
        Field::Lecturer => "写主讲人（授课人）姓名。".to_owned(),
        Field::Expected => "写应到人数，只写数字。".to_owned(),
        Field::Attended => "写实到人数，只写数字，不多于应到人数。".to_owned(),
        Field::Absent => "写缺席人数，只写数字。".to_owned(),
        Field::Location => "写开展活动的地点。".to_owned(),
        Field::Hours if column.minutes == 60 => "写多少小时，只写数字，如 1.5。".to_owned(),
        Field::Hours => "写多少分钟，只写数字，如 90。".to_owned(),
        Field::Recorder => "写记录人姓名。".to_owned(),
        _ => "需要说明的写在这里。".to_owned(),
    };
    if REQUIRED.contains(&column.field) { format!("必填。{what}") } else { what }
}

fn guide(year: i32, columns: &[FormColumn], kinds: &[(&str, &[String])]) -> Sheet {
    let line = |item: &str, required: &str, how: String| {
        vec![Cell::text(item), Cell::text(required), Cell::text(how)]
    };
    let mut rows: Vec<Vec<Cell>> = columns
        .iter()
        .map(|column| {
            let required = if REQUIRED.contains(&column.field) { "必填" } else { "" };
            line(&column.title, required, told(column, year).trim_start_matches("必填。").to_owned())
        })
        .collect();
    for (kind, wordings) in kinds {
        let also = wordings.iter().take(WORDINGS).map(String::as_str).collect::<Vec<_>>().join("、");
        let also = match wordings.len() {
            0 => "没有别的写法。".to_owned(),
            few if few <= WORDINGS => format!("{also}，都选这一种。"),
            _ => format!("{also}等，都选这一种。"),
        };
        rows.push(line(&format!("类型：{kind}"), "", also));
    }
    Sheet {
        name: "填写说明".to_owned(),
        title: "填写说明".to_owned(),
        notes: vec![
            "在“活动台账”里填写，一行一项活动；浅黄色的格可以填，红字的列必填。没有开展的不要写，也不要写计划。".to_owned(),
            format!("备好了{ROWS}行，不够的，在“审阅”里撤销工作表保护（没有密码），接着往下写。表头和列的次序不要改。"),
            "填好后保存报送，文件名可以不改。".to_owned(),
        ],
        columns: vec![
            Column::new("项目", 20, Align::Left),
            Column::new("必填", 8, Align::Centre),
            Column::new("怎样填", 80, Align::Left),
        ],
        rows,
        landscape: true,
        ..Sheet::default()
    }
}
