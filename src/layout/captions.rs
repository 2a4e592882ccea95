//! Captions: wide headings that divide the columns beneath them into tables of their own.
//!
//! 支委会 over 时间 and 议题, 党课 over 时间 and 课题: each is a table, and the columns under no caption
//! (月份, 党支部) belong to all of them. In: the headings of a header. Out: a group of columns for every
//! caption, with what it says. Never here: the lines beneath.

use super::context::{self, Lexicon};
use super::draft::State;
use super::view::{View, folded};
use super::words;
use crate::model::{Field, GridCell, Heading, KindId};
use std::sync::Arc;

/// What a caption says of the table beneath it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Caption {
    kind: Option<KindId>,
    period: bool,
    month: Option<u32>,
    unit: Option<Arc<str>>,
}

/// The caption that a folded heading is.
fn read(text: &str, lexicon: Lexicon<'_>) -> Option<Caption> {
    let caption = Caption {
        kind: context::kind_of_name(text, lexicon).filter(|_| lexicon.headers.whole(text).is_none()),
        period: words::is_period(text),
        month: words::month(text, false),
        unit: (text.chars().count() > 2 && text.ends_with("支部")).then(|| Arc::from(text)),
    };
    (caption != Caption::default()).then_some(caption)
}

/// Whether a folded heading is a caption.
pub(super) fn is_caption(text: &str, lexicon: Lexicon<'_>) -> bool {
    read(text, lexicon).is_some()
}

/// Whether a line holds nothing but captions, be they merged over their columns or not.
pub(super) fn is_line(view: &View<'_>, index: usize, lexicon: Lexicon<'_>) -> bool {
    let cells = view.cells(index);
    let caption = |cell: &GridCell| folded(&cell.value).is_some_and(|text| is_caption(&text, lexicon));
    cells.len() >= 2 && cells.iter().all(caption)
}

/// The wording of the caption over a column: the lowest of its parents that is one.
fn over<'h>(heading: &'h Heading, lexicon: Lexicon<'_>) -> Option<&'h str> {
    let (parents, _) = heading.text.rsplit_once('/')?;
    parents.rsplit('/').find(|part| is_caption(part, lexicon))
}

/// Columns by caption, each group with the columns that stand under none; `None` where fewer than two
/// captions have a table beneath them.
pub(super) fn groups(headings: &[Heading], lexicon: Lexicon<'_>) -> Option<Vec<Vec<Heading>>> {
    let mut shared: Vec<Heading> = Vec::new();
    let mut groups: Vec<(String, Vec<Heading>)> = Vec::new();
    let mut single: Vec<Vec<Heading>> = Vec::new();
    for heading in headings {
        match over(heading, lexicon) {
            Some(caption) => match groups.last_mut().filter(|(last, _)| last == caption) {
                Some((_, group)) => group.push(heading.clone()),
                None => groups.push((caption.to_owned(), vec![heading.clone()])),
            },
            // A kind without columns of its own is a table of one column.
            None if lexicon.kinds.exact(&heading.text).is_some() => {
                single.push(vec![Heading { field: Field::Title, ..heading.clone() }]);
            }
            None => shared.push(heading.clone()),
        }
    }
    let tells = |h: &Heading| matches!(h.field, Field::Title | Field::Content);
    let whole = |(_, group): &(String, Vec<Heading>)| group.len() >= 2 && group.iter().any(tells);
    if groups.len() < 2 || !groups.iter().all(whole) || shared.iter().any(tells) {
        return None;
    }
    let mut all: Vec<Vec<Heading>> = groups.into_iter().map(|(_, group)| group).chain(single).collect();
    for group in &mut all {
        group.extend(shared.iter().cloned());
        group.sort_by_key(|heading| heading.col);
    }
    all.sort_by_key(|group| group.iter().find(|h| shared.iter().all(|s| s.col != h.col)).map(|h| h.col));
    Some(all)
}

/// The columns of a group that stand under its caption; what the caption says goes into the state.
pub(super) fn enter(group: &[Heading], state: &mut State, lexicon: Lexicon<'_>) -> Vec<u32> {
    let mut own = Vec::new();
    for heading in group {
        let single = || lexicon.kinds.exact(&heading.text).map(|_| heading.text.as_str());
        let caption = over(heading, lexicon).or_else(single);
        let Some(said) = caption.and_then(|text| read(text, lexicon)) else { continue };
        if own.is_empty() {
            state.section_kind = said.kind.or(state.section_kind.take());
            state.section_month = said.month.or(state.section_month);
            state.unit = said.unit.or(state.unit.take());
        }
        own.push(heading.col);
    }
    own
}
