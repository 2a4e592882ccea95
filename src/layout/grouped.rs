//! A matrix in which an activity takes several lines: 时间, 主题, 人数 beneath each other.

use super::axis::{Axis, Sense};
use super::context::Lexicon;
use super::draft::Draft;
use super::header;
use super::lines;
use super::view::{View, folded, text_of};
use crate::model::{Field, GridValue, Heading, Reason, Table, TableRow, TableSource};
use std::ops::Range;
use std::sync::Arc;

/// A line with the meaning that its own heading gives it.
struct Lead {
    index: usize,
    field: Field,
    text: String,
    /// The kind or other wording beside the heading.
    group: Option<String>,
}

/// Reads the lines beneath an axis as groups; false where they are none.
pub(super) fn read(
    view: &View<'_>,
    axis: &Axis,
    band: Range<usize>,
    draft: &mut Draft,
    lexicon: Lexicon<'_>,
) -> bool {
    let first = axis.first();
    let leads: Vec<Lead> = band.clone().filter_map(|index| lead(view, index, first, lexicon)).collect();
    let told = leads.iter().any(|l| matches!(l.field, Field::Title | Field::Content));
    let dated = leads.iter().any(|l| l.field == Field::Date);
    if !(told && dated) || leads.len() * 10 < band.len() * 6 {
        return false;
    }
    let mut groups: Vec<Vec<&Lead>> = Vec::new();
    for lead in &leads {
        let joins = groups.last().is_some_and(|group: &Vec<&Lead>| {
            group.iter().all(|l| l.field != lead.field)
                && group.first().is_some_and(|l| lead.group.is_none() || l.group == lead.group)
        });
        match groups.last_mut() {
            Some(group) if joins => group.push(lead),
            _ => groups.push(vec![lead]),
        }
    }
    for group in &groups {
        one_group(view, axis, group, draft, lexicon);
    }
    for index in band {
        if leads.iter().all(|l| l.index != index)
            && let Some(line) = lines::classify(view, index, true, lexicon)
        {
            draft.note(index, &line, lexicon);
        }
    }
    true
}

fn lead(view: &View<'_>, index: usize, first: u32, lexicon: Lexicon<'_>) -> Option<Lead> {
    let heading = view.cells(index).iter().rev().find(|c| c.col < first)?;
    let text = folded(&heading.value)?;
    let field = lexicon.headers.whole(&text)?;
    let group = (1..heading.col)
        .rev()
        .filter(|col| *col + 6 > heading.col)
        .find_map(|col| view.shown(index, col))
        .map(|value| text_of(value).into_owned());
    Some(Lead { index, field, text, group })
}

fn one_group(view: &View<'_>, axis: &Axis, group: &[&Lead], draft: &mut Draft, lexicon: Lexicon<'_>) {
    let Some(top) = group.first() else { return };
    let col = axis.first();
    let beside = top.group.as_deref().map(|text| Sense::of_line(text, lexicon)).unwrap_or_default();
    let heading = |field: Field, text: &str| Heading {
        col,
        text: text.to_owned(),
        field,
        minutes_per_unit: header::minutes_per_unit(text),
    };
    let mut headings = vec![heading(Field::Kind, "")];
    headings.extend(group.iter().map(|lead| heading(lead.field, &lead.text)));
    headings.push(heading(Field::Unit, ""));
    // The period of the column or group, where no day is written.
    headings.push(heading(Field::DateStart, ""));
    let mut rows = Vec::new();
    for (col, across) in &axis.cols {
        let sense = beside.clone().with(across);
        let text = |t: Option<&Arc<str>>| t.map(|t| GridValue::Text(Arc::clone(t)));
        let mut values = vec![text(sense.kind_wording())];
        values.extend(group.iter().map(|lead| view.own(lead.index, *col).cloned()));
        let says = |value: &Option<GridValue>| {
            value.as_ref().is_some_and(|v| folded(v).is_none_or(|t| !lexicon.headers.words.nothing.is(&t)))
        };
        if !values.iter().skip(1).any(says) {
            continue;
        }
        values.push(text(sense.unit.as_ref()));
        // Where no day is written the month of the column stands for it.
        let undated = !values.iter().skip(1).zip(group).any(|(v, lead)| lead.field == Field::Date && says(v));
        values.push(text(sense.period.as_ref().filter(|_| undated)));
        rows.push(TableRow {
            row: view.number(top.index),
            values,
            section_kind: None,
            cell: Some(view.place(top.index, *col)),
            continuation: None,
            month: sense.month(),
            more_rows: group.iter().skip(1).map(|lead| view.number(lead.index)).collect(),
        });
    }
    for lead in group {
        if rows.is_empty() { draft.leave(lead.index, Reason::Placeholder) } else { draft.take(lead.index) }
    }
    if rows.is_empty() {
        return;
    }
    let table = draft.table(view.place(top.index, col), TableSource::Transposed, headings, rows);
    // The column says the month.
    draft.tables.push(Table { month: None, ..table });
}
