//! Headers: which lines are one, and what its columns mean.

use super::columns::{self, Shape};
use super::context::Lexicon;
use super::view::{View, folded};
use super::words;
use crate::model::{Field, Finding, GridValue, Heading, rules};
use crate::seeds::headers::Label;
use crate::seeds::text::fold;

/// The longest heading, in characters.
const LONGEST: usize = 45;

/// A header of one to three lines.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// First line.
    pub(super) top: usize,
    /// Last line.
    pub(super) bottom: usize,
    /// Columns in order; more than one group where tables stand side by side.
    pub(super) groups: Vec<Vec<Heading>>,
}

/// Labels of a line's own cells, by column.
pub(super) fn labels(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> Vec<(u32, Option<Label>)> {
    view.cells(index)
        .iter()
        .map(|cell| {
            let label = match &cell.value {
                GridValue::Text(_) => folded(&cell.value)
                    .filter(|text| text.chars().count() <= LONGEST)
                    .and_then(|text| lexicon.headers.label(&text)),
                _ => None,
            };
            (cell.col, label)
        })
        .collect()
}

/// Whether a line could be a header at all, without looking anything up.
fn plausible(view: &View<'_>, index: usize) -> bool {
    let cells = view.cells(index);
    if cells.len() < 2 {
        return false;
    }
    let mut plain = 0;
    for cell in cells {
        let GridValue::Text(text) = &cell.value else { continue };
        let numeric = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
        plain += usize::from(!numeric && text.len() <= LONGEST * 3);
    }
    plain * 10 >= cells.len() * 6
}

/// The header whose main line is this one, if it is one.
pub(super) fn find(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> Option<Header> {
    if !plausible(view, index) {
        return None;
    }
    let labels = labels(view, index, lexicon);
    let whole = fields(&labels, true);
    let any = fields(&labels, false);
    let labelled = labels.iter().filter(|(_, label)| label.is_some()).count();
    if whole.len() < 2 && !(whole.len() == 1 && any.len() >= 3) || labelled * 10 < labels.len() * 6 {
        return None;
    }
    let useful = any.iter().any(|f| !matches!(f, Field::Number | Field::Ignored | Field::Status));
    if !useful || is_form_line(view, index, &labels, lexicon) {
        return None;
    }
    let (top, bottom) = extent(view, index, lexicon);
    let headings = headings(view, top, bottom, lexicon);
    Some(Header { top, bottom, groups: side_by_side(headings) })
}

fn fields(labels: &[(u32, Option<Label>)], whole: bool) -> Vec<Field> {
    let mut fields: Vec<Field> =
        labels.iter().filter_map(|(_, label)| label.filter(|l| l.whole || !whole).map(|l| l.field)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// A line of a form has another key beneath its first key.
fn is_form_line(view: &View<'_>, index: usize, own: &[(u32, Option<Label>)], lexicon: Lexicon<'_>) -> bool {
    let Some((col, _)) = own.iter().find(|(_, label)| label.is_some_and(|l| l.whole)) else { return false };
    let next = index + 1;
    let beneath = labels(view, next, lexicon);
    let below = beneath.iter().find(|(c, _)| c == col).and_then(|(_, label)| *label);
    let same = own.iter().find(|(c, _)| c == col).and_then(|(_, label)| *label);
    below.is_some_and(|l| l.whole) && below.map(|l| l.field) != same.map(|l| l.field)
        // In a header of two lines the second repeats no key and holds nothing but headings.
        && !(beneath.len() >= 2 && beneath.iter().all(|(_, label)| label.is_some()) && beneath.len() < own.len() && !own.iter().any(|(c, _)| view.right(index, *c) == *c))
}

/// First and last line of a header: tall merges reach down, wide parents stand above.
fn extent(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> (usize, usize) {
    let (mut top, mut bottom) = (index, index);
    let (left, right) = span(view, index);
    for _ in 0..2 {
        let Some(above) = top.checked_sub(1) else { break };
        let tall = view
            .cells(above)
            .iter()
            .any(|cell| view.merge(above, cell.col).is_some_and(|m| m.bottom >= view.number(top)));
        let cells = view.cells(above);
        let inside = cells.iter().all(|c| c.col + 1 >= left && view.right(above, c.col) <= right + 1);
        let parents = cells.len() >= 2
            && inside
            && view.number(above) + 1 == view.number(top)
            && cells.iter().all(|c| matches!(&c.value, GridValue::Text(t) if t.chars().count() <= 16 && !words::is_date(&c.value) && !t.contains(['：', ':'])))
            && cells.iter().any(|c| view.right(above, c.col) > c.col);
        if !(tall && cells.len() >= 2) && !parents {
            break;
        }
        top = above;
    }
    for line in top..=index {
        for cell in view.cells(line) {
            if let Some(merge) = view.merge(line, cell.col) {
                while bottom + 1 < view.len() && bottom < index + 3 && view.number(bottom + 1) <= merge.bottom
                {
                    bottom += 1;
                }
            }
        }
    }
    while bottom < index + 2 && is_lower_level(view, bottom, lexicon) {
        bottom += 1;
    }
    (top, bottom)
}

fn span(view: &View<'_>, index: usize) -> (u32, u32) {
    let cells = view.cells(index);
    let left = cells.first().map_or(1, |c| c.col);
    (left, cells.last().map_or(left, |c| view.right(index, c.col)))
}

/// Whether the line beneath holds only headings, in columns where the line above has none of its own.
fn is_lower_level(view: &View<'_>, above: usize, lexicon: Lexicon<'_>) -> bool {
    let below = above + 1;
    let cells = view.cells(below);
    if cells.is_empty() || view.number(below) != view.number(above) + 1 {
        return false;
    }
    let labelled = labels(view, below, lexicon).iter().filter(|(_, label)| label.is_some()).count();
    let fits = cells.iter().all(|cell| {
        let short = matches!(&cell.value, GridValue::Text(text) if text.chars().count() <= 14);
        let under_parent = view.own(above, cell.col).is_none()
            || view.right(above, cell.col) > cell.col
            || view.own(above, cell.col + 1).is_none();
        short && under_parent && !words::is_date(&cell.value)
    });
    let own_above = view.cells(above).len();
    let wide = view.cells(above).iter().any(|c| view.right(above, c.col) > c.col);
    let (left, right) = span(view, above);
    let inside = cells.iter().all(|c| c.col >= left && c.col <= right + 2);
    let blank_first = view.own(below, left).is_none() || wide && view.right(above, left) > left;
    fits && inside && blank_first && own_above >= 2 && cells.len() >= 2 && labelled * 2 >= cells.len()
}

/// The headings of all columns of a header.
fn headings(view: &View<'_>, top: usize, bottom: usize, lexicon: Lexicon<'_>) -> Vec<Heading> {
    let mut columns: Vec<u32> = Vec::new();
    for line in top..=bottom {
        columns.extend(view.cells(line).iter().map(|cell| cell.col));
    }
    columns.sort_unstable();
    columns.dedup();
    let parts_of = |col: u32| -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        for line in top..=bottom {
            let part = own_heading(view, line, col).or_else(|| {
                // A parent over several columns, by merge or, where nothing is merged, by position.
                let parent = view.cells(line).iter().rev().find(|cell| cell.col < col)?;
                let covers = view.right(line, parent.col) >= col;
                let loose =
                    line < bottom && view.grid.merges.is_empty() && own_heading(view, bottom, col).is_some();
                (covers && line < bottom || loose).then(|| own_heading(view, line, parent.col)).flatten()
            });
            if let Some(part) = part.filter(|p| parts.last() != Some(p)) {
                parts.push(part);
            }
        }
        parts
    };
    let mut headings = Vec::new();
    for col in columns {
        let parts = parts_of(col);
        if parts.is_empty() {
            continue;
        }
        let field = field_of(&parts, lexicon);
        let text = parts.join("/");
        headings.push(Heading { col, minutes_per_unit: minutes_per_unit(&text), text, field });
    }
    headings
}

fn own_heading(view: &View<'_>, line: usize, col: u32) -> Option<String> {
    let value = view.own(line, col)?;
    let text = folded(value)?;
    (!text.is_empty()).then_some(text)
}

/// What a column means, by its heading under its parents.
pub(super) fn field_of(parts: &[String], lexicon: Lexicon<'_>) -> Field {
    let headers = lexicon.headers;
    let joined = parts.concat();
    if let Some(field) = headers.whole(&joined) {
        return field;
    }
    let Some((leaf, parents)) = parts.split_last() else { return Field::Unknown };
    let parent = parents.last().map_or("", String::as_str);
    let label = headers.label(leaf);
    if !parent.is_empty() {
        if parent.contains("计划") || parent.contains("拟") {
            return if label.is_some_and(|l| l.field == Field::Date) {
                Field::PlannedDate
            } else {
                Field::Ignored
            };
        }
        if let Some(field) = headers.whole(&format!("{parent}{leaf}")) {
            return field;
        }
    }
    match label {
        Some(label) if label.whole => label.field,
        Some(label) if parents.is_empty() => label.field,
        Some(label) => parents.iter().rev().find_map(|p| headers.whole(p)).unwrap_or(label.field),
        None => match parents.iter().rev().find_map(|p| headers.whole(p)) {
            Some(Field::Attended) | None => Field::Unknown,
            Some(field) => field,
        },
    }
}

/// What one unit of a duration is, where the heading says so.
pub(super) fn minutes_per_unit(text: &str) -> Option<u32> {
    if text.contains("分钟") || text.ends_with("(分)") {
        Some(1)
    } else if text.contains("小时") || text.contains("学时") || text.contains("课时") {
        Some(60)
    } else if text.contains("(天)") || text.contains("天数") {
        Some(480)
    } else {
        None
    }
}

/// One group of columns, or several where the first heading comes again.
fn side_by_side(headings: Vec<Heading>) -> Vec<Vec<Heading>> {
    let Some(first) = headings.first().cloned() else { return Vec::new() };
    let again = |heading: &Heading| heading.text == first.text && first.field != Field::Ignored;
    if headings.iter().filter(|h| again(h)).count() < 2 {
        return by_gap(headings);
    }
    let mut groups: Vec<Vec<Heading>> = Vec::new();
    for heading in headings {
        if again(&heading) || groups.is_empty() {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(heading);
        }
    }
    if groups.iter().any(|g| g.len() < 2) { vec![groups.concat()] } else { groups }
}

/// Two groups where a blank column parts them and a main meaning comes again.
fn by_gap(headings: Vec<Heading>) -> Vec<Vec<Heading>> {
    let gaps =
        headings.windows(2).enumerate().filter(|(_, pair)| matches!(pair, [a, b] if b.col > a.col + 1));
    for (at, _) in gaps {
        let (left, right) = headings.split_at(at + 1);
        let main = |h: &&Heading| matches!(h.field, Field::Number | Field::Date | Field::Title | Field::Kind);
        let repeats = right.iter().filter(main).any(|r| left.iter().any(|l| l.field == r.field));
        if left.len() >= 2 && right.len() >= 2 && repeats {
            return vec![left.to_vec(), right.to_vec()];
        }
    }
    vec![headings]
}

/// Settles columns by what they hold: two columns for one meaning, unknown headings, names that are kinds.
pub(super) fn settle(
    view: &View<'_>,
    headings: &mut [Heading],
    lines: &[usize],
    header_line: usize,
    lexicon: Lexicon<'_>,
    findings: &mut Vec<Finding>,
) {
    let shapes: Vec<Shape> = headings.iter().map(|h| columns::shape(view, lines, h.col, lexicon)).collect();
    let has = |headings: &[Heading], field: Field| headings.iter().any(|h| h.field == field);
    settle_split_dates(headings);
    settle_dates(headings, &shapes);
    // `活动名称` over 支委会, 党课 … is the kind; `项目` over free text is the title.
    let texts = headings.iter().filter(|h| matches!(h.field, Field::Title | Field::Content)).count();
    if !has(headings, Field::Kind)
        && texts >= 2
        && let Some(at) =
            first_where(headings, &shapes, |h, s| h.field == Field::Title && s.mostly(s.kinds, 7))
    {
        set(headings, at, Field::Kind);
    }
    if !has(headings, Field::Title) && !has(headings, Field::Content) {
        let prose = first_where(headings, &shapes, |h, s| {
            h.field == Field::Kind && s.cells > 0 && !s.mostly(s.kinds, 3) && s.length() >= 6
        });
        if let Some(at) = prose {
            set(headings, at, Field::Title);
        }
    }
    if !has(headings, Field::Content)
        && let Some(at) =
            first_where(headings, &shapes, |h, s| h.field == Field::Recorder && s.mostly(s.prose, 7))
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
    shapes: &[Shape],
    test: impl Fn(&Heading, &Shape) -> bool,
) -> Option<usize> {
    headings.iter().zip(shapes).position(|(h, s)| test(h, s))
}

/// 年, 月, 日 mean a split date only together.
fn settle_split_dates(headings: &mut [Heading]) {
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

fn settle_dates(headings: &mut [Heading], shapes: &[Shape]) {
    let dates: Vec<usize> =
        headings.iter().enumerate().filter(|(_, h)| h.field == Field::Date).map(|(at, _)| at).collect();
    if dates.len() < 2 {
        return;
    }
    let is_period = |at: usize| {
        headings
            .get(at)
            .is_some_and(|h| h.text.ends_with("月份") || h.text.ends_with("季度") || h.text == "时段")
    };
    let shape = |at: usize| shapes.get(at).copied().unwrap_or_default();
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

/// Two title columns: the second is the content, where there is none.
fn settle_texts(headings: &mut [Heading], shapes: &[Shape]) {
    let of = |headings: &[Heading], field: Field| -> Vec<usize> {
        headings.iter().enumerate().filter(|(_, h)| h.field == field).map(|(at, _)| at).collect()
    };
    let filled = |at: &usize| shapes.get(*at).map_or(0, |s| s.cells);
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
        let longest = others.iter().copied().max_by_key(|at| shapes.get(*at).map_or(0, Shape::length));
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
        let keep = contents
            .iter()
            .copied()
            .max_by_key(|at| (filled(at) > 0, shapes.get(*at).map_or(0, Shape::length)));
        for at in contents.into_iter().filter(|at| Some(*at) != keep) {
            set(headings, at, Field::Ignored);
        }
    }
}

/// Keeps the best of several columns with the same meaning and notes it.
fn keep_one(
    view: &View<'_>,
    headings: &mut [Heading],
    shapes: &[Shape],
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
        let shape = shapes.get(*at).copied().unwrap_or_default();
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
            && shapes.get(at).is_some_and(|s| s.cells > 0)
        {
            let used = keep.and_then(|k| headings.get(k)).map_or("", |h| h.text.as_str());
            let message = format!("“{}”与“{used}”意思相同，只用了“{used}”一列", heading.text);
            findings.push(Finding::at(&rules::DOUBLE_HEADING, &view.place(line, heading.col), message));
        }
        set(headings, at, Field::Ignored);
    }
}

/// Gives columns with unknown or missing headings the meanings that the table still lacks.
pub(super) fn infer_unknown(headings: &mut [Heading], shapes: &[Shape]) {
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
        if let Some(at) = first_where(headings, shapes, |h, s| free(h) && s.cells > 0 && test(s)) {
            set(headings, at, field);
        }
    }
}

/// Whether a line repeats a header above it.
pub(super) fn repeats(view: &View<'_>, index: usize, headings: &[Heading]) -> bool {
    let cells = view.cells(index);
    let mut same = 0;
    for cell in cells {
        let Some(heading) = headings.iter().find(|h| h.col == cell.col) else { continue };
        let leaf = heading.text.rsplit('/').next().unwrap_or("");
        let parent = heading.text.split('/').next().unwrap_or("");
        if let GridValue::Text(text) = &cell.value
            && text.len() <= LONGEST * 3
        {
            let text = fold(text);
            same += usize::from(text == leaf || text == parent);
        }
    }
    same >= 2 && same * 10 >= cells.len() * 6
}
