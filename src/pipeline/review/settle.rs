//! Which activities the rows of a person mean, and what is decided about each.
//!
//! A row means an activity by its content (date, title, content, and the kind where that alone tells two
//! apart), not by its place: neither sorting the sheet nor handing in the ledger once more loses it.

use super::rows::{Refusal, Row};
use crate::model::{
    Activity, Date, DutyList, Finding, ItemId, Place, Requirement, Ruling, rules, within_quotes,
};
use crate::seeds::text::{fold, is_letter};
use std::collections::BTreeMap;

/// Characters of a folded content by which rows are told apart.
const CONTENT: usize = 160;
/// Room that is left when a content is cut for display, so that a cut content means the same row.
const SPARE: usize = 40;

/// An activity as rows mean it: the folded texts of date, kind, title and content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Sense {
    title: String,
    date: String,
    content: String,
    kind: String,
}

impl Sense {
    fn new(date: &str, kind: &str, title: &str, content: &str) -> Self {
        Self {
            title: bare(title),
            date: day(date),
            content: bare(content).chars().take(CONTENT).collect(),
            kind: bare(kind),
        }
    }
}

/// Folded, without punctuation: an office program changes quotes and blanks on the way.
fn bare(text: &str) -> String {
    let folded = fold(text);
    let bare: String = folded.chars().filter(|c| is_letter(*c)).collect();
    if bare.is_empty() { folded } else { bare }
}

/// `2023年3月5日`, `2023/3/5` and `2023-03-05` alike; other wordings as they stand.
fn day(text: &str) -> String {
    let folded = fold(text);
    let parts: Vec<&str> = folded.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let plain = folded.chars().all(|c| c.is_ascii_digit() || "年月日-./".contains(c));
    if plain && parts.len() == 3 {
        return parts.iter().map(|part| format!("{part:0>2}")).collect::<Vec<_>>().join("-");
    }
    folded
}

/// The kind of an activity as the sheet shows it.
pub(super) fn kind(activity: &Activity) -> String {
    if activity.kinds.is_empty() {
        return activity.stated.as_ref().map_or_else(String::new, |stated| stated.raw.clone());
    }
    activity.kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}

/// The content of an activity as the sheet shows it: cut where it is long, but not before what tells rows apart.
pub(super) fn content(activity: &Activity) -> String {
    let text = activity.description.as_deref().unwrap_or_default();
    let mut told = 0;
    for (at, c) in text.char_indices() {
        if told >= CONTENT + SPARE {
            return format!("{}……", text.get(..at).unwrap_or(text));
        }
        told += bare(c.encode_utf8(&mut [0; 4])).chars().filter(|c| is_letter(*c)).count();
    }
    text.to_owned()
}

/// Activities of one unit that no row can tell apart: the same date, kind, title and content.
pub(super) fn alike(activities: &[Activity]) -> Vec<Vec<usize>> {
    groups(activities).into_iter().map(|(_, group)| group).collect()
}

fn groups(activities: &[Activity]) -> Vec<(Sense, Vec<usize>)> {
    let mut at: BTreeMap<Sense, usize> = BTreeMap::new();
    let mut groups: Vec<(Sense, Vec<usize>)> = Vec::new();
    for (index, activity) in activities.iter().enumerate() {
        let description = activity.description.as_deref().unwrap_or_default();
        let sense = Sense::new(&activity.date.display(), &kind(activity), &activity.title, description);
        let group = *at.entry(sense.clone()).or_insert(groups.len());
        match groups.get_mut(group) {
            Some((_, members)) => members.push(index),
            None => groups.push((sense, vec![index])),
        }
    }
    groups
}

/// Where a row of a person belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Index of the row among those of [`super::Reviewed::rows`].
    pub row: usize,
    /// The unit and the first of the activities that it means; `None` where it means none of this run.
    pub means: Option<(String, usize)>,
    /// What the row decides.
    pub ruling: Option<(Ruling, Vec<ItemId>)>,
    /// Why it was not adopted; empty where it was, or where it decides nothing.
    pub refused: String,
}

/// What the rows of one unit come to.
#[derive(Debug, Default)]
pub struct Settled {
    /// Of each activity: what is decided, with the note.
    pub rulings: Vec<Option<(Ruling, Vec<ItemId>, String)>>,
    /// Of each activity: the requirements that a person names in place of items.
    pub assigned: Vec<Option<Vec<String>>>,
    /// Of each activity: the day that a person gives in place of its own.
    pub dates: Vec<Option<Date>>,
    /// Each row of the unit.
    pub placed: Vec<Placed>,
}

/// Applies the rows of one unit, told by their index, to its activities.
pub fn settle(
    unit: &str,
    activities: &[Activity],
    rows: &[(usize, &Row)],
    list: &DutyList,
    checks: &[Requirement],
    findings: &mut Vec<Finding>,
) -> Settled {
    let count = activities.len();
    let mut settled = Settled {
        rulings: vec![None; count],
        assigned: vec![None; count],
        dates: vec![None; count],
        placed: Vec::new(),
    };
    if rows.is_empty() {
        return settled;
    }
    let groups = groups(activities);
    let mut by_title: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, (sense, _)) in groups.iter().enumerate() {
        by_title.entry(&sense.title).or_default().push(at);
    }
    // Of each group: the rows that mean it, with what they decide.
    let mut decided: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(index, row) in rows {
        let mut placed = Placed { row: index, means: None, ruling: None, refused: String::new() };
        let wanted = Sense::new(row.date(), row.kind(), row.title(), row.content());
        let titled = by_title.get(wanted.title.as_str()).map_or(&[][..], Vec::as_slice);
        let refusal = match meant(&wanted, titled, &groups).as_slice() {
            [] => {
                // The decision still says what such a text proves: learning takes it.
                placed.ruling = row.ruling(list, checks).ok().flatten();
                Some(Refusal { cell: row.place(), reason: "本次运行中没有这一行".to_owned() })
            }
            [group] => {
                let first = groups.get(*group).and_then(|(_, members)| members.first());
                placed.means = first.map(|first| (unit.to_owned(), *first));
                let members = groups.get(*group).map_or(&[][..], |(_, members)| members);
                match row.ruling(list, checks).and_then(|ruling| Ok((ruling, row.correction()?))) {
                    Ok((ruling, date)) => {
                        for (place, member) in members.iter().filter_map(|m| Some((*m, date?))) {
                            if let Some(slot) = settled.dates.get_mut(place) {
                                *slot = Some(member);
                            }
                        }
                        if ruling.is_some() {
                            decided.entry(*group).or_default().push(settled.placed.len());
                        }
                        placed.ruling = ruling;
                        None
                    }
                    Err(refusal) => Some(refusal),
                }
            }
            several => {
                let which = several.iter().filter_map(|at| groups.get(*at)?.1.first());
                let told: Vec<String> =
                    which.filter_map(|at| activities.get(*at)).take(4).map(told).collect();
                let reason = format!("可能是这几行：{}。请补上日期或内容，只说其中一行", told.join("；"));
                Some(Refusal { cell: row.place(), reason })
            }
        };
        if let Some(Refusal { cell, reason }) = refusal {
            if [row.verdict(), row.items(), row.corrected()].iter().any(|text| !text.is_empty()) {
                refuse(&cell, row, &reason, findings);
            }
            placed.refused = reason;
        }
        settled.placed.push(placed);
    }
    for (group, of) in decided {
        let items = |at: &usize| {
            let ruling = settled.placed.get(*at)?.ruling.as_ref()?;
            let mut items = ruling.1.clone();
            items.sort();
            Some((items, row_at(rows, &settled, *at).and_then(|row| row.requirements(list, checks))))
        };
        let agreed = of.iter().all(|at| items(at) == of.first().and_then(items));
        if !agreed {
            let places: Vec<Place> =
                of.iter().filter_map(|at| row_at(rows, &settled, *at)).map(Row::verdict_place).collect();
            for (turn, at) in of.iter().enumerate() {
                let Some(row) = row_at(rows, &settled, *at) else { continue };
                let others = places.iter().enumerate().filter(|(other, _)| *other != turn);
                let others: Vec<String> = others.map(|(_, place)| place.a1()).collect();
                let reason = format!("这一行与{}对同一项活动写了不同的结论，请只留一种", others.join("、"));
                refuse(&row.verdict_place(), row, &reason, findings);
                if let Some(placed) = settled.placed.get_mut(*at) {
                    placed.refused = reason;
                }
            }
            continue;
        }
        let Some(first) = of.first().and_then(|at| settled.placed.get(*at)) else { continue };
        let Some((ruling, items)) = first.ruling.clone() else { continue };
        let assigned = of
            .first()
            .and_then(|at| row_at(rows, &settled, *at))
            .filter(|_| ruling == Ruling::Changed)
            .and_then(|row| row.requirements(list, checks));
        let note = of.iter().filter_map(|at| row_at(rows, &settled, *at)).map(Row::note);
        let note = note.into_iter().find(|note| !note.is_empty()).unwrap_or_default().to_owned();
        for member in groups.get(group).map_or(&[][..], |(_, members)| members) {
            if let Some(place) = settled.rulings.get_mut(*member) {
                *place = Some((ruling, items.clone(), note.clone()));
            }
            if let Some(place) = settled.assigned.get_mut(*member) {
                place.clone_from(&assigned);
            }
        }
    }
    settled
}

fn row_at<'a>(rows: &[(usize, &'a Row)], settled: &Settled, placed: usize) -> Option<&'a Row> {
    let index = settled.placed.get(placed)?.row;
    rows.iter().find(|(at, _)| *at == index).map(|(_, row)| *row)
}

/// The groups that a row may mean, the plainest reading first: all four texts; all but the kind; what is
/// not left blank.
fn meant(wanted: &Sense, titled: &[usize], groups: &[(Sense, Vec<usize>)]) -> Vec<usize> {
    let with = |fits: &dyn Fn(&Sense) -> bool| -> Vec<usize> {
        titled.iter().copied().filter(|at| groups.get(*at).is_some_and(|(sense, _)| fits(sense))).collect()
    };
    let exact = with(&|sense| sense == wanted);
    if !exact.is_empty() {
        return exact;
    }
    let same = with(&|sense| sense.date == wanted.date && sense.content == wanted.content);
    if !same.is_empty() {
        return same;
    }
    let blank_or = |wanted: &str, own: &str| wanted.is_empty() || wanted == own;
    let loosely =
        |sense: &Sense| blank_or(&wanted.date, &sense.date) && blank_or(&wanted.content, &sense.content);
    let by_kind = with(&|sense| loosely(sense) && wanted.kind == sense.kind);
    if by_kind.len() == 1 { by_kind } else { with(&loosely) }
}

/// An activity in a few words.
fn told(activity: &Activity) -> String {
    format!("{} {}（{}）", activity.date.display(), activity.title, activity.place)
}

fn refuse(cell: &Place, row: &Row, reason: &str, findings: &mut Vec<Finding>) {
    let title = within_quotes(row.title());
    let message = format!("“{}”“{title}”一行没有采用：{reason}", row.unit());
    findings.push(Finding::at(&rules::BAD_VERDICT, cell, message));
}

/// Rows whose unit does not take part: kept, told, not adopted.
pub(in super::super) fn homeless(index: usize, row: &Row, findings: &mut Vec<Finding>) -> Placed {
    let reason = match row.unit() {
        "" => "没有写单位".to_owned(),
        unit => format!("单位“{unit}”不在本次考核的单位中"),
    };
    if !row.verdict().is_empty() || !row.items().is_empty() {
        refuse(&row.unit_place(), row, &reason, findings);
    }
    Placed { row: index, means: None, ruling: None, refused: reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_day_however_it_is_written() {
        for text in ["2023年3月5日", "2023/3/5", "2023.03.05", "2023-03-05", "２０２３-3-5"] {
            assert_eq!(day(text), "2023-03-05", "{text}");
        }
        assert_ne!(day("2023-1-15"), day("2023-11-5"));
        assert_eq!(day("2023年第1季度"), "2023年第1季度");
    }

    #[test]
    fn what_an_office_program_changes_does_not_count() {
        let sense = |title, content| Sense::new("2023-03-05", "党课", title, content);
        assert_eq!(sense("学习“两会”精神", "甲。\n乙"), sense("学习\"两会\"精神 ", "甲。乙"));
        assert_ne!(sense("学习", "甲"), sense("学习", "乙"));
        let long = "一二三四五六七八九十".repeat(60);
        let mut activity = crate::model::Activity { description: Some(long.clone()), ..activity() };
        let shown = content(&activity);
        assert!(shown.chars().count() < 300 && sense("", &shown) == sense("", &long));
        activity.description = Some("短".into());
        assert_eq!(content(&activity), "短");
    }

    fn activity() -> Activity {
        Activity::blank(Place::file("台账.xlsx"))
    }
}
