//! Learning from the reviewer: decisions on rows become the office's own weights.
//!
//! In: a folder with its review workbook. Out: what would be learned and which rows would be matched
//! otherwise; after adoption the file 核对/本单位学习.json, which every run uses. Never here: changing a
//! decision.

mod file;
mod store;

pub use file::{Example, Learned, LearnedList};
pub use store::{Undone, adopt, load, path, undo};

use super::answers::answer;
use super::assess::{Assessed, assess};
use super::cases::Case;
use super::review::{self, Placed};
use super::rules::{self, RuleBook};
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::matching::learn;
use crate::matching::{Correction, Forms, Matcher, RowText};
use crate::model::{
    Activity, Align, Book, Cell, CellStyle, Column, Decision, DutyList, EvidenceSource, Finding, ItemId,
    KindId, Match, Place, Ruling, Sheet, rules as codes,
};
use crate::seeds::Catalogue;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Adds the office's own weights to the matchers of a run; says in words what was used.
///
/// A file that cannot be used is told, and the run goes on with the built-in weights.
pub(super) fn equip(
    folder: &Path,
    books: Vec<RuleBook>,
    catalogue: &Catalogue,
    findings: &mut Vec<Finding>,
) -> (Vec<RuleBook>, Vec<String>) {
    let learned = match load(folder) {
        Ok(None) => return (books, Vec::new()),
        Ok(Some(learned)) => learned,
        Err(message) => {
            findings.push(unusable(format!("{message}。本次用程序自带的权重")));
            return (books, Vec::new());
        }
    };
    let mut notes = Vec::new();
    let equipped = books.into_iter().map(|book| match usable(&learned, &book.list_rules.list, catalogue) {
        Usable::Nothing => book,
        Usable::Stale(finding) => {
            findings.push(finding);
            book
        }
        Usable::Use(correction, note) => {
            notes.push(note);
            RuleBook { matcher: book.matcher.with_own(&correction, catalogue.weights.as_ref()), ..book }
        }
    });
    (equipped.collect(), notes)
}

/// The matcher of a list with the own weights of a folder, and what kept them from being used.
#[must_use]
pub fn matcher(folder: &Path, list: &DutyList, catalogue: &Catalogue) -> (Matcher, Option<Finding>) {
    let matcher = rules::matcher(list, catalogue);
    match load(folder) {
        Ok(None) => (matcher, None),
        Err(message) => (matcher, Some(unusable(format!("{message}。本次用程序自带的权重")))),
        Ok(Some(learned)) => match usable(&learned, list, catalogue) {
            Usable::Nothing => (matcher, None),
            Usable::Stale(finding) => (matcher, Some(finding)),
            Usable::Use(correction, _) => (matcher.with_own(&correction, catalogue.weights.as_ref()), None),
        },
    }
}

fn unusable(message: String) -> Finding {
    let place = Place::file(format!("{}/{}", super::inputs::REVIEW, store::FILE));
    Finding::at(&codes::BAD_LEARNING, &place, message)
}

/// What of the own weights fits a list.
enum Usable {
    Nothing,
    Stale(Finding),
    Use(Correction, String),
}

fn usable(learned: &Learned, list: &DutyList, catalogue: &Catalogue) -> Usable {
    let Some(of_list) = learned.of(&list.id) else { return Usable::Nothing };
    if of_list.text != file::list_fingerprint(list) {
        let message = format!("“{}”的条目改过，从以前的结论学到的权重没有采用", list.title);
        let hint = "请核对“核对表”里的结论是否还对，再运行一次 shuzhi learn。";
        return Usable::Stale(unusable(message).hint(hint));
    }
    let mut note = format!("对应条目用了本单位从{}条核对结论学到的权重", of_list.examples.len());
    let correction = if of_list.weights == weights_fingerprint(catalogue) {
        of_list.correction.clone()
    } else {
        note += "；程序自带的权重已经更新，按保存的结论重新算过";
        corrected(list, &of_list.examples, catalogue)
    };
    Usable::Use(correction, format!("{note}。"))
}

fn weights_fingerprint(catalogue: &Catalogue) -> String {
    catalogue.weights.as_ref().map_or_else(String::new, |weights| file::fingerprint(&weights.to_bytes()))
}

/// What examples add to the program's own answers for a list.
fn corrected(list: &DutyList, examples: &[Example], catalogue: &Catalogue) -> Correction {
    let kinds: Vec<Vec<KindId>> = examples.iter().map(Example::kind_ids).collect();
    let decided: Vec<learn::Decided<'_>> = examples
        .iter()
        .zip(&kinds)
        .map(|(example, kinds)| learn::Decided {
            row: example.text(kinds),
            items: example.items.iter().map(|item| ItemId::from(item.as_str())).collect(),
        })
        .collect();
    learn::correct(&rules::matcher(list, catalogue), &decided, catalogue.weights.as_ref())
}

/// An activity whose items would be otherwise.
#[derive(Debug, Clone)]
pub struct Change {
    /// The unit.
    pub unit: String,
    /// The date in words.
    pub date: String,
    /// The title.
    pub title: String,
    /// Where it was read.
    pub place: Place,
    /// What it proves now.
    pub before: Vec<Match>,
    /// What it would prove.
    pub after: Vec<Match>,
    /// Why.
    pub reason: String,
}

/// What learning would do.
#[derive(Debug)]
pub struct Proposal {
    /// What would be stored.
    pub learned: Learned,
    /// Decisions of this folder that were used, by ruling.
    pub used: BTreeMap<Ruling, usize>,
    /// Decisions of earlier assessments that are used again.
    pub earlier: usize,
    /// Decisions that could not be used: refused, or contradicting each other.
    pub refused: usize,
    /// Activities looked at.
    pub looked_at: usize,
    /// Those whose items would be otherwise, in order of units and places.
    pub changes: Vec<Change>,
    /// Whether it is what is in use already.
    pub in_use: bool,
    /// What was left out of what was stored before, in words.
    pub notes: Vec<String>,
}

/// Learns from the decisions of a folder without writing anything.
///
/// # Errors
/// What stops a run, and a review workbook or a file of own weights that cannot be read.
pub fn propose(folder: &Path, catalogue: &Catalogue, watch: &dyn Watch) -> Result<Proposal> {
    let assessed = assess(folder, catalogue, watch)?;
    let broken = |path: &Path, message: String| Error::File { path: path.to_owned(), message };
    if !assessed.may_write_review {
        let path = folder.join(super::inputs::REVIEW).join(review::FILE);
        let bad = assessed.findings.iter().find(|finding| finding.rule == &codes::UNREADABLE_REVIEW);
        let message = bad.map_or_else(String::new, |finding| finding.message.clone());
        return Err(broken(&path, message));
    }
    let stored = load(folder).map_err(|message| {
        broken(&path(folder), format!("{message}。请把它改名移走，或用 --undo 退回上一次，再运行一次"))
    })?;
    let mut proposal = Proposal {
        learned: Learned::default(),
        used: BTreeMap::new(),
        earlier: 0,
        refused: 0,
        looked_at: 0,
        changes: Vec::new(),
        in_use: false,
        notes: Vec::new(),
    };
    let mut examples = examples(&assessed, &mut proposal)?;
    let before = stored.clone().unwrap_or_default();
    let weights = weights_fingerprint(catalogue);
    watch.stage("学习", assessed.rules.len());
    for rules_of in &assessed.rules {
        watch.go_on()?;
        let list = &rules_of.list;
        let text = file::list_fingerprint(list);
        let mut own = examples.remove(&list.id).unwrap_or_default();
        if let Some(known) = before.of(&list.id) {
            let year = assessed.scope.year;
            let earlier = || known.examples.iter().filter(|example| example.year != year);
            if known.text == text {
                proposal.earlier += earlier().count();
                own.extend(earlier().cloned());
            } else if earlier().count() > 0 {
                proposal.notes.push(format!(
                    "“{}”的条目改过，以前年度的{}条结论不再使用",
                    list.title,
                    earlier().count()
                ));
            }
        }
        own.sort();
        own.dedup();
        if !own.is_empty() {
            let correction = corrected(list, &own, catalogue);
            let (list, weights) = (list.id.clone(), weights.clone());
            proposal.learned.lists.push(LearnedList { list, text, weights, examples: own, correction });
        }
        watch.step();
    }
    // Lists that no unit of this folder answers to stay as they are.
    let used = |list: &LearnedList| assessed.rules.iter().any(|rules| rules.list.id == list.list);
    proposal.learned.lists.extend(before.lists.iter().filter(|list| !used(list)).cloned());
    proposal.learned.lists.sort_by(|a, b| a.list.cmp(&b.list));
    proposal.in_use = match &stored {
        Some(stored) => *stored == proposal.learned,
        None => proposal.learned.lists.is_empty(),
    };
    changes(&assessed, catalogue, &mut proposal)?;
    Ok(proposal)
}

/// The decisions of a folder as examples, by list.
fn examples(
    assessed: &Assessed,
    proposal: &mut Proposal,
) -> Result<BTreeMap<crate::model::ListId, Vec<Example>>> {
    let mut examples: BTreeMap<crate::model::ListId, Vec<Example>> = BTreeMap::new();
    let mut seen: BTreeSet<&(String, usize)> = BTreeSet::new();
    for placed in &assessed.placed {
        let Some(row) = assessed.reviewed.rows.get(placed.row) else { continue };
        let Placed { means, ruling: Some((ruling, items)), refused, .. } = placed else {
            proposal.refused += usize::from(!row.verdict().is_empty());
            continue;
        };
        let unit = means.as_ref().map_or(row.unit(), |(unit, _)| unit);
        let Some(at) = assessed.find(unit) else { continue };
        let Some(Case { result, .. }) = assessed.cases().told(at)? else { continue };
        let activity = means.as_ref().and_then(|(_, at)| result.activities.get(*at));
        if activity.is_some() && !refused.is_empty() {
            proposal.refused += 1;
            continue;
        }
        if means.as_ref().is_some_and(|means| !seen.insert(means)) {
            continue;
        }
        *proposal.used.entry(*ruling).or_default() += 1;
        let shown = RowText { kind: row.kind(), title: row.title(), description: row.content(), kinds: &[] };
        let text = activity.map_or(shown, RowText::from);
        let example = Example {
            year: assessed.scope.year,
            unit: result.unit.name.to_string(),
            kind: text.kind.to_owned(),
            kinds: text.kinds.iter().map(ToString::to_string).collect(),
            title: text.title.to_owned(),
            description: text.description.to_owned(),
            ruling: ruling.as_str().to_owned(),
            items: items.iter().map(ToString::to_string).collect(),
            note: row.note().to_owned(),
        };
        examples.entry(result.card.list.clone()).or_default().push(example);
    }
    Ok(examples)
}

/// Every activity without decision whose items would be otherwise.
fn changes(assessed: &Assessed, catalogue: &Catalogue, proposal: &mut Proposal) -> Result<()> {
    let weights = catalogue.weights.as_ref();
    for rules_of in &assessed.rules {
        let list = &rules_of.list;
        let matcher = rules::matcher(list, catalogue);
        let matcher = match proposal.learned.of(&list.id) {
            Some(learned) => matcher.with_own(&learned.correction, weights),
            None => matcher,
        };
        let forms = Forms::new(list, &rules_of.requirements);
        let book = RuleBook { list_rules: rules_of.clone(), matcher, forms };
        for (at, _) in assessed.results.iter().enumerate().filter(|(_, brief)| brief.card.list == list.id) {
            let Some(Case { result, .. }) = assessed.cases().told(at)? else { continue };
            let rulings = result.rulings.iter().map(Option::is_some).chain(std::iter::repeat(false));
            for ((activity, before), decided) in result.activities.iter().zip(&result.matches).zip(rulings) {
                if decided {
                    continue;
                }
                proposal.looked_at += 1;
                let after = answer(activity, &book).matches;
                let changed = items(before).symmetric_difference(&items(&after)).next().cloned();
                let Some((item, _)) = changed else { continue };
                proposal.changes.push(Change {
                    unit: result.unit.name.to_string(),
                    date: activity.date.display(),
                    title: activity.title.clone(),
                    place: activity.place.clone(),
                    before: before.clone(),
                    reason: reason(activity, before, &book, &item),
                    after,
                });
            }
        }
    }
    Ok(())
}

fn items(matches: &[Match]) -> BTreeSet<(ItemId, Decision)> {
    matches.iter().map(|found| (found.item.clone(), found.decision)).collect()
}

/// What the decisions taught about an item of an activity; where each word taught little, how the
/// confidence moved.
fn reason(activity: &Activity, before: &[Match], book: &RuleBook, item: &ItemId) -> String {
    let Some(about) = book.matcher.about(&RowText::from(activity), item) else { return String::new() };
    let taught = about.evidence.iter().filter(|e| e.source == EvidenceSource::Office);
    if let Some(strongest) = taught.max_by_key(|evidence| evidence.weight.abs()) {
        return strongest.sentence.clone();
    }
    let was = before.iter().find(|found| found.item == *item);
    let was = was.map_or_else(|| "不到待核的界线".to_owned(), Match::surety);
    format!("{item}的把握原来{was}，现在{}", about.surety())
}

/// The changes as a workbook, for when they are too many for a screen.
#[must_use]
pub fn changes_book(proposal: &Proposal) -> Book {
    let rows = proposal.changes.iter().map(|change| {
        vec![
            Cell::text(&*change.unit),
            Cell::text(&*change.date),
            Cell::text(&*change.title),
            Cell::text(in_words(&change.before)),
            Cell::text(in_words(&change.after)).style(CellStyle::Strong),
            Cell::text(&*change.reason),
            Cell::text(change.place.to_string()),
        ]
    });
    let title = "学习前后对应条目的变化".to_owned();
    Book {
        names: Vec::new(),
        title: title.clone(),
        author: String::new(),
        sheets: vec![Sheet {
            name: "学习前后".into(),
            title,
            notes: vec![format!(
                "没有核对结论的活动共{}项，采用学习结果后有{}项的对应条目会改变。本表只供查看，改动请填在核对表里。",
                proposal.looked_at,
                proposal.changes.len()
            )],
            columns: vec![
                Column::new("单位", 20, Align::Left),
                Column::new("日期", 12, Align::Centre),
                Column::new("活动名称", 34, Align::Left),
                Column::new("现在", 22, Align::Left),
                Column::new("学习以后", 22, Align::Left),
                Column::new("理由", 44, Align::Left),
                Column::new("出处", 30, Align::Left),
            ],
            rows: rows.collect(),
            frozen: 1,
            filter: true,
            landscape: true,
            ..Sheet::default()
        }],
    }
}

/// Items with their confidence: `ZB-3 98%、ZB-4 61%（待核）`.
#[must_use]
pub fn in_words(matches: &[Match]) -> String {
    if matches.is_empty() {
        return "没有对应的条目".to_owned();
    }
    let told = |found: &Match| {
        let review = if found.decision == Decision::Review { "（待核）" } else { "" };
        format!("{} {}{review}", found.item, found.surety())
    };
    matches.iter().map(told).collect::<Vec<_>>().join("、")
}
