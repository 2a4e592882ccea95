//! Columns settled by what they hold, where headings leave it open.
//!
//! In: headings with first meanings, and the lines beneath. Out: one meaning a column, each main
//! meaning once. Never here: which lines are a header.

use super::columns::{Shape, Shapes};
use super::context::Lexicon;
use super::values;
use super::view::View;
use crate::model::{Field, Finding, Heading, rules};

/// Settles columns by what they hold: two columns for one meaning, unknown headings, names that are kinds.
pub(super) fn settle(
    view: &View<'_>,
    headings: &mut [Heading],
    lines: &[usize],
    header_line: usize,
    lexicon: Lexicon<'_>,
    findings: &mut Vec<Finding>,
) {
    let shapes = Shapes::new(view, lines, headings, lexicon);
    let has = |headings: &[Heading], field: Field| headings.iter().any(|h| h.field == field);
    settle_ticks(view, headings, lines, lexicon);
    settle_split_dates(headings);
    settle_dates(headings, &shapes);
    // `活动名称` over 支委会, 党课 … is the kind; `项目` over free text is the title.
    let texts = headings.iter().filter(|h| matches!(h.field, Field::Title | Field::Content)).count();
    if !has(headings, Field::Kind)
        && texts >= 2
        && let Some(at) =
            first_where(headings, &shapes, |h| h.field == Field::Title, |s| s.mostly(s.kinds, 6))
    {
        set(headings, at, Field::Kind);
    }
    if !has(headings, Field::Title) && !has(headings, Field::Content) {
        let prose = first_where(
            headings,
            &shapes,
            |h| h.field == Field::Kind,
            |s| s.cells > 0 && !s.mostly(s.kinds, 3) && s.length() >= 6,
        );
        if let Some(at) = prose {
            set(headings, at, Field::Title);
        }
    }
    if !has(headings, Field::Content)
        && let Some(at) =
            first_where(headings, &shapes, |h| h.field == Field::Recorder, |s| s.mostly(s.prose, 7))
    {
        set(headings, at, Field::Content);
    }
    settle_texts(headings, &shapes);
    for field in [
        Field::Attended,
        Field::Expected,
        Field::Kind,
        Field::Unit,
        Field::Host,
        Field::Lecturer,
        Field::Location,
        Field::Hours,
        Field::Number,
        Field::Recorder,
        Field::Status,
        Field::ExpectedAttended,
        Field::Absent,
    ] {
        keep_one(view, headings, &shapes, field, header_line, findings);
    }
    infer_unknown(headings, &shapes);
    note_unknown(view, header_line, headings, findings);
}

/// Notes headings that nothing explains.
pub(super) fn note_unknown(view: &View<'_>, line: usize, headings: &[Heading], findings: &mut Vec<Finding>) {
    for heading in headings.iter().filter(|h| h.field == Field::Unknown && !h.text.is_empty()) {
        let message = format!("列名“{}”不认识，这一列没有使用", heading.text);
        findings.push(Finding::at(&rules::UNKNOWN_HEADING, &view.place(line, heading.col), message));
    }
}

fn set(headings: &mut [Heading], at: usize, field: Field) {
    if let Some(heading) = headings.get_mut(at) {
        heading.field = field;
    }
}

fn first_where(
    headings: &[Heading],
    shapes: &Shapes<'_, '_>,
    headed: impl Fn(&Heading) -> bool,
    test: impl Fn(&Shape) -> bool,
) -> Option<usize> {
    headings.iter().enumerate().position(|(at, heading)| headed(heading) && test(&shapes.get(at)))
}

/// Columns headed by kinds (支委会 | 党员大会 | 党课), of which one is ticked a row, are one column of kinds:
/// the first of them; the others are read together with it.
fn settle_ticks(view: &View<'_>, headings: &mut [Heading], lines: &[usize], lexicon: Lexicon<'_>) {
    let ticks = |heading: &Heading| {
        let mut cells = lines.iter().filter_map(|line| view.own(*line, heading.col)).peekable();
        cells.peek().is_some() && cells.all(|value| values::is_tick(value, lexicon))
    };
    let blank = |heading: &Heading| lines.iter().all(|line| view.own(*line, heading.col).is_none());
    // Whatever a part of the wording may mean: 主题党日 is no 主题.
    let of_kinds = |h: &Heading| values::kind_of_heading(h, lexicon).is_some();
    let columns: Vec<usize> =
        (0..headings.len()).filter(|at| headings.get(*at).is_some_and(of_kinds)).collect();
    let heading = |at: &usize| headings.get(*at);
    let ticked = columns.iter().filter_map(heading).filter(|h| ticks(h)).count();
    let all = columns.iter().filter_map(heading).all(|h| ticks(h) || blank(h));
    let other = headings.iter().any(|h| h.field == Field::Kind && !of_kinds(h));
    if ticked < 2 || !all || other {
        return;
    }
    for (nth, at) in columns.into_iter().enumerate() {
        set(headings, at, if nth == 0 { Field::Kind } else { Field::Ignored });
    }
}

/// 年, 月, 日 mean a split date only together.
pub(super) fn settle_split_dates(headings: &mut [Heading]) {
    let split =
        headings.iter().filter(|h| matches!(h.field, Field::Year | Field::Month | Field::Day)).count();
    let dated = headings.iter().any(|h| h.field == Field::Date);
    for heading in headings.iter_mut() {
        match heading.field {
            Field::Month | Field::Day if split < 2 && !dated => heading.field = Field::Date,
            Field::Date if dated && split >= 1 && heading.text == "月份" => heading.field = Field::Month,
            _ => {}
        }
    }
}

fn settle_dates(headings: &mut [Heading], shapes: &Shapes<'_, '_>) {
    // 起止时间 beside 开始日期 or 月 | 日 holds times of day.
    if headings.iter().any(|h| matches!(h.field, Field::DateStart | Field::Day)) {
        for (at, heading) in headings.iter_mut().enumerate().filter(|(_, h)| h.field == Field::Date) {
            let shape = shapes.get(at);
            if shape.mostly(shape.clocks, 5) {
                heading.field = Field::Time;
            }
        }
    }
    let dates: Vec<usize> =
        headings.iter().enumerate().filter(|(_, h)| h.field == Field::Date).map(|(at, _)| at).collect();
    if dates.len() < 2 {
        return;
    }
    let is_period = |at: usize| headings.get(at).is_some_and(is_period);
    let shape = |at: usize| shapes.get(at);
    let score = |at: usize| -> usize {
        let s = shape(at);
        let actual = headings.get(at).is_some_and(|h| h.text.contains("实际"));
        if s.cells == 0 && !actual {
            return 0;
        }
        1 + usize::from(actual) * 8 + usize::from(s.mostly(s.dates, 5)) * 4 + usize::from(!is_period(at)) * 2
    };
    let best = dates.iter().copied().rev().max_by_key(|at| score(*at));
    let decisions: Vec<(usize, Field)> = dates
        .iter()
        .filter(|at| Some(**at) != best)
        .map(|at| {
            let s = shape(*at);
            let field = if s.mostly(s.clocks, 5) {
                Field::Time
            } else if is_period(*at) {
                Field::Month
            } else {
                Field::Ignored
            };
            (*at, field)
        })
        .collect();
    for (at, field) in decisions {
        set(headings, at, field);
    }
}

/// Whether a heading announces a month or quarter, not a day.
fn is_period(heading: &Heading) -> bool {
    heading.text.ends_with("月份") || heading.text.ends_with("季度") || heading.text == "时段"
}

/// A month or quarter beside a date only says what the date leaves out.
pub(super) fn settle_periods(headings: &mut [Heading]) {
    let dated = headings.iter().any(|h| h.field == Field::Date && !is_period(h));
    for heading in headings.iter_mut().filter(|h| dated && h.field == Field::Date && is_period(h)) {
        heading.field = Field::Month;
    }
}

/// Two title columns: the second is the content, where there is none.
fn settle_texts(headings: &mut [Heading], shapes: &Shapes<'_, '_>) {
    let of = |headings: &[Heading], field: Field| -> Vec<usize> {
        headings.iter().enumerate().filter(|(_, h)| h.field == field).map(|(at, _)| at).collect()
    };
    let filled = |at: &usize| shapes.get(*at).cells;
    let titles = of(headings, Field::Title);
    if titles.len() > 1 {
        // A blank title column gives way to a filled one; `主题` comes before `名称` and `情况`.
        let rank = |at: &usize| {
            let text = headings.get(*at).map_or("", |h| h.text.as_str());
            let strong = ["主题", "议题", "题目", "课题"].iter().any(|word| text.contains(word));
            (filled(at) > 0, strong, usize::MAX - at)
        };
        let keep = titles.iter().copied().max_by_key(rank);
        let others: Vec<usize> = titles.into_iter().filter(|at| Some(*at) != keep).collect();
        let longest = others.iter().copied().max_by_key(|at| shapes.get(*at).length());
        let no_content = of(headings, Field::Content).is_empty();
        for at in others {
            set(
                headings,
                at,
                if no_content && Some(at) == longest && filled(&at) > 0 {
                    Field::Content
                } else {
                    Field::Ignored
                },
            );
        }
    }
    let contents = of(headings, Field::Content);
    if contents.len() > 1 {
        let keep = contents.iter().copied().max_by_key(|at| (filled(at) > 0, shapes.get(*at).length()));
        for at in contents.into_iter().filter(|at| Some(*at) != keep) {
            set(headings, at, Field::Ignored);
        }
    }
}

/// Keeps the best of several columns with the same meaning and notes it.
fn keep_one(
    view: &View<'_>,
    headings: &mut [Heading],
    shapes: &Shapes<'_, '_>,
    field: Field,
    line: usize,
    findings: &mut Vec<Finding>,
) {
    let all: Vec<usize> =
        headings.iter().enumerate().filter(|(_, h)| h.field == field).map(|(at, _)| at).collect();
    if all.len() < 2 {
        return;
    }
    let rank = |at: &usize| {
        let shape = shapes.get(*at);
        let text = headings.get(*at).map_or("", |h| h.text.as_str());
        let exact = text.contains("实到") || text.contains("人数") || text.contains("实际");
        (
            shape.cells > 0,
            shape.mostly(shape.whole_numbers, 5) && field == Field::Attended,
            exact,
            usize::MAX - at,
        )
    };
    let keep = all.iter().copied().max_by_key(rank);
    for at in all.into_iter().filter(|at| Some(*at) != keep) {
        if let Some(heading) = headings.get(at)
            && field != Field::Number
            && shapes.get(at).cells > 0
        {
            let used = keep.and_then(|k| headings.get(k)).map_or("", |h| h.text.as_str());
            let message = format!("“{}”与“{used}”意思相同，只用了“{used}”一列", heading.text);
            findings.push(Finding::at(&rules::DOUBLE_HEADING, &view.place(line, heading.col), message));
        }
        set(headings, at, Field::Ignored);
    }
}

/// Gives columns with unknown or missing headings the meanings that the table still lacks.
pub(super) fn infer_unknown(headings: &mut [Heading], shapes: &Shapes<'_, '_>) {
    type Test = fn(&Shape) -> bool;
    let tests: [(Field, Test); 9] = [
        (Field::Date, |s| s.mostly(s.dates, 7)),
        (Field::Kind, |s| s.mostly(s.kinds, 7)),
        (Field::Attended, |s| s.people > 0 && s.mostly(s.people + s.whole_numbers, 7)),
        (Field::Hours, |s| s.mostly(s.hours, 8) && !s.mostly(s.whole_numbers, 9)),
        (Field::Unit, |s| s.mostly(s.units, 8)),
        (Field::Location, |s| s.mostly(s.places, 7)),
        (Field::Title, |s| s.mostly(s.prose, 6)),
        (Field::Content, |s| s.mostly(s.prose, 8) && s.length() > 15),
        (Field::Host, |s| s.mostly(s.names, 8)),
    ];
    for (field, test) in tests {
        let covered = headings.iter().any(|h| {
            h.field == field
                || field == Field::Host && h.field == Field::Lecturer
                || field == Field::Date && matches!(h.field, Field::Day | Field::DateStart)
        });
        // A heading that says something unknown is only overruled where the table would be useless without.
        if covered {
            continue;
        }
        let needed = matches!(field, Field::Date | Field::Kind | Field::Title | Field::Content);
        let free = |h: &Heading| h.field == Field::Unknown && (h.text.is_empty() || needed);
        if let Some(at) = first_where(headings, shapes, free, |s| s.cells > 0 && test(s)) {
            set(headings, at, field);
        }
    }
}
