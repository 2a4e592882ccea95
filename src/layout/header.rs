//! Headers: which lines are one, and what its columns mean.

use super::captions;
use super::context::Lexicon;
use super::view::{View, folded};
use super::words;
use crate::model::{Field, GridValue, Heading};
use crate::seeds::headers::Label;
use crate::seeds::text::{fold, folded_first};
use std::ops::Range;

/// The longest heading, in characters.
const LONGEST: usize = 45;

/// A header of one to three lines.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Its lines; empty, at the first record, where there is none.
    pub(super) lines: Range<usize>,
    /// Columns in order; more than one group where tables stand side by side.
    pub(super) groups: Vec<Vec<Heading>>,
    /// Whether captions made the groups.
    pub(super) captioned: bool,
}

impl Header {
    /// Its last line, at which its table is said to stand.
    pub(super) fn last(&self) -> usize {
        self.lines.end.saturating_sub(1).max(self.lines.start)
    }
}

/// The header that stands in exactly these lines.
pub(super) fn at(view: &View<'_>, lines: Range<usize>, lexicon: Lexicon<'_>) -> Header {
    let headings = headings(view, lines.start, lines.end.saturating_sub(1), lexicon);
    match captions::groups(&headings, lexicon) {
        Some(groups) => Header { lines, groups, captioned: true },
        None => Header { lines, groups: side_by_side(headings, lexicon), captioned: false },
    }
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
    let mut labelled = labels.iter().filter(|(_, label)| label.is_some()).count();
    if whole.len() >= 2 {
        labelled += kinds_in(view, index, lexicon);
    }
    if whole.len() < 2 && !(whole.len() == 1 && any.len() >= 3) || labelled * 10 < labels.len() * 6 {
        return None;
    }
    let useful = any.iter().any(|f| !matches!(f, Field::Number | Field::Ignored | Field::Status));
    if !useful || is_form_line(view, index, &labels, lexicon) {
        return None;
    }
    let (top, bottom) = extent(view, index, lexicon);
    Some(at(view, top..bottom + 1, lexicon))
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
        let near = view.number(above) + 1 == view.number(top);
        let captions = inside && near && captions::is_line(view, above, lexicon);
        if !(parents || captions || tall && cells.len() >= 2) {
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
pub(super) fn is_lower_level(view: &View<'_>, above: usize, lexicon: Lexicon<'_>) -> bool {
    let below = above + 1;
    let cells = view.cells(below);
    if cells.is_empty() || view.number(below) != view.number(above) + 1 {
        return false;
    }
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
    if !(fits && inside && blank_first && own_above >= 2 && cells.len() >= 2) {
        return false;
    }
    let labelled = labels(view, below, lexicon).iter().filter(|(_, label)| label.is_some()).count();
    (labelled + captions_in(view, below, lexicon)) * 2 >= cells.len()
}

/// How many cells of a line are kinds, periods or branches, and no headings.
fn captions_in(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> usize {
    let cells = view.cells(index).iter().filter_map(|cell| folded(&cell.value));
    cells.filter(|text| lexicon.headers.label(text).is_none() && captions::is_caption(text, lexicon)).count()
}

/// How many cells of a line name a kind and nothing else: headings of columns in which kinds are ticked.
fn kinds_in(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> usize {
    let texts = view.cells(index).iter().filter_map(|cell| match &cell.value {
        GridValue::Text(text) if text.len() <= LONGEST => Some(text),
        _ => None,
    });
    texts
        .filter(|text| lexicon.kinds.exact(text).is_some() && lexicon.headers.label(&fold(text)).is_none())
        .count()
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
                let unmerged = || view.grid.merges.is_empty() || captions::is_line(view, line, lexicon);
                let loose = line < bottom && own_heading(view, bottom, col).is_some() && unmerged();
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

/// The most tables side by side; each of them looks at every cell of every line.
const ABREAST: usize = 60;

/// One group of columns, or several where the first heading comes again.
fn side_by_side(headings: Vec<Heading>, lexicon: Lexicon<'_>) -> Vec<Vec<Heading>> {
    let Some(first) = headings.first().cloned() else { return Vec::new() };
    let again = |heading: &Heading| heading.text == first.text && first.field != Field::Ignored;
    if headings.iter().filter(|h| again(h)).count() < 2 {
        return by_gap(headings, lexicon);
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
    if groups.len() > ABREAST || groups.iter().any(|g| g.len() < 2) { vec![groups.concat()] } else { groups }
}

/// Two groups where a blank column parts them and a main meaning comes again.
fn by_gap(headings: Vec<Heading>, lexicon: Lexicon<'_>) -> Vec<Vec<Heading>> {
    let gaps =
        headings.windows(2).enumerate().filter(|(_, pair)| matches!(pair, [a, b] if b.col > a.col + 1));
    for (at, _) in gaps {
        let (left, right) = headings.split_at(at + 1);
        // Columns headed by kinds in which kinds are ticked belong to one table.
        let main = |h: &&Heading| {
            matches!(h.field, Field::Number | Field::Date | Field::Title | Field::Kind)
                && lexicon.kinds.exact(&h.text).is_none()
        };
        let repeats = right.iter().filter(main).any(|r| left.iter().any(|l| l.field == r.field));
        if left.len() >= 2 && right.len() >= 2 && repeats {
            return vec![left.to_vec(), right.to_vec()];
        }
    }
    vec![headings]
}

/// Whether a line repeats a header above it.
pub(super) fn repeats(view: &View<'_>, index: usize, headings: &[Heading]) -> bool {
    let cells = view.cells(index);
    let ordered = headings.is_sorted_by_key(|h| h.col);
    let mut same = 0;
    for cell in cells {
        let from = if ordered { headings.partition_point(|h| h.col < cell.col) } else { 0 };
        let to = if ordered { headings.len().min(from + 1) } else { headings.len() };
        let among = headings.get(from..to).unwrap_or_default();
        let Some(heading) = among.iter().find(|h| h.col == cell.col) else { continue };
        let leaf = heading.leaf();
        let parent = heading.text.split('/').next().unwrap_or("");
        if let GridValue::Text(text) = &cell.value
            && text.len() <= LONGEST * 3
        {
            let first = folded_first(text);
            let likely = first.is_some() && (first == leaf.chars().next() || first == parent.chars().next());
            same += usize::from(
                likely && {
                    let text = fold(text);
                    text == leaf || text == parent
                },
            );
        }
    }
    same >= 2 && same * 10 >= cells.len() * 6
}
