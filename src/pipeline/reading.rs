//! Bytes of one file turned into a submission: ingest, layout and normalise joined.

use crate::ingest::limits;
use crate::model::{
    Activity, Excluded, FileError, Finding, Grid, Outcome, Place, Reason, RowCounts, Rule, Submission, Table,
    TableRule, UnitGuess, UnitSource, Visibility, rules as codes,
};
use crate::seeds::Catalogue;
use crate::{alike, ingest, layout, normalise};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reads one file; `relative_name` is its name relative to the folder, with `/` between folders.
///
/// Whatever the bytes are, a submission comes back: with activities, or with the reason why there are none.
#[must_use]
pub fn read_submission(relative_name: &str, bytes: &[u8], catalogue: &Catalogue) -> Submission {
    tell_repeats(read_ruled(relative_name, bytes, &[], catalogue))
}

/// Reads one file as the office's rules for it say. Activities that stand in it twice are not told, see
/// [`tell_repeats`].
#[must_use]
pub fn read_ruled(
    relative_name: &str,
    bytes: &[u8],
    rules: &[&TableRule],
    catalogue: &Catalogue,
) -> Submission {
    let file: Arc<str> = Arc::from(relative_name);
    let read = ingest::read(&file, bytes);
    understood(&file, read, rules, catalogue, false).submission
}

/// The same within the limits of a light reading; `None` where the file needs more than these.
pub(super) fn read_lightly(
    relative_name: &str,
    bytes: &[u8],
    rules: &[&TableRule],
    catalogue: &Catalogue,
) -> Option<Submission> {
    let file: Arc<str> = Arc::from(relative_name);
    let read = ingest::read_lightly(&file, bytes)?;
    Some(understood(&file, read, rules, catalogue, false).submission)
}

/// One file with everything that was seen on the way to its activities.
#[derive(Debug)]
pub struct Understanding {
    /// What the file gave.
    pub submission: Submission,
    /// Its sheets as they stand; none where the file cannot be read.
    pub grids: Vec<Grid>,
    /// The tables that were found in them.
    pub tables: Vec<Table>,
}

/// Reads one file and keeps its sheets and tables beside the submission, for showing; `rules` are those of
/// the office that hold for the file.
#[must_use]
pub fn understand_file(
    relative_name: &str,
    bytes: &[u8],
    rules: &[&TableRule],
    catalogue: &Catalogue,
) -> Understanding {
    let file: Arc<str> = Arc::from(relative_name);
    let read = ingest::read(&file, bytes);
    let understood = understood(&file, read, rules, catalogue, true);
    Understanding { submission: tell_repeats(understood.submission), ..understood }
}

/// The same within the limits of a light reading; `None` where the file needs more than these.
pub(super) fn understand_lightly(
    relative_name: &str,
    bytes: &[u8],
    rules: &[&TableRule],
    catalogue: &Catalogue,
) -> Option<Understanding> {
    let file: Arc<str> = Arc::from(relative_name);
    let read = ingest::read_lightly(&file, bytes)?;
    let understood = understood(&file, read, rules, catalogue, true);
    Some(Understanding { submission: tell_repeats(understood.submission), ..understood })
}

/// What is asked of the sheets of a file once their tables are known.
struct Sheets {
    order: BTreeMap<Arc<str>, usize>,
    visible: BTreeSet<Arc<str>>,
    nonblank: usize,
}

impl Sheets {
    fn of(grids: &[Grid]) -> Self {
        let name = |grid: &Grid| Arc::clone(&grid.place.sheet);
        let visible = grids.iter().filter(|grid| grid.visibility == Visibility::Visible);
        Self {
            order: grids.iter().enumerate().map(|(at, grid)| (name(grid), at)).collect(),
            visible: visible.map(name).collect(),
            nonblank: grids.iter().map(|grid| grid.rows.len()).sum(),
        }
    }
}

/// What the sheets of a file come to; sheets and tables that are not kept go as soon as they have served,
/// so that a long sheet does not stand in memory three times over.
fn understood(
    file: &Arc<str>,
    read: Outcome<ingest::Reading>,
    rules: &[&TableRule],
    catalogue: &Catalogue,
    keep: bool,
) -> Understanding {
    let mut findings = Vec::new();
    let mut grids = match read.drain_into(&mut findings) {
        Ok(grids) => grids,
        Err((error, message)) => {
            let submission = unreadable(file, error, message, findings, catalogue);
            return Understanding { submission, grids: Vec::new(), tables: Vec::new() };
        }
    };
    let understood = layout::understand(file, &grids, rules, &catalogue.headers, &catalogue.kinds)
        .drain_into(&mut findings);
    if understood.excluded.len() > limits::LEFT_OUT {
        let (rows, most) = (understood.excluded.len(), limits::LEFT_OUT);
        let message = format!("不是活动记录的行有{rows}行，多于{most}行，不像台账，没有读取");
        let submission = unreadable(file, FileError::TooLarge, message, Vec::new(), catalogue);
        return Understanding { submission, grids: Vec::new(), tables: Vec::new() };
    }
    let sheets = Sheets::of(&grids);
    if !keep {
        grids = Vec::new();
    }
    let counts = count(sheets.nonblank, &understood.tables, understood.excluded.len());
    let unit = understood.units.first().map(|guess| Arc::clone(&guess.name));
    let scope = normalise::Scope {
        headers: &catalogue.headers,
        kinds: &catalogue.kinds,
        unit: unit.as_ref(),
        usual_year: normalise::usual_year(&understood.tables).or(understood.filled_in),
    };
    let mut activities: Vec<Activity> = Vec::new();
    let mut tables = Vec::new();
    for table in understood.tables {
        if keep {
            activities.extend(normalise::activities(&table, scope).drain_into(&mut findings));
            tables.push(table);
            continue;
        }
        for part in parts(table) {
            activities.extend(normalise::activities(&part, scope).drain_into(&mut findings));
        }
    }
    let mut units = understood.units;
    units.extend(units.is_empty().then(|| only_unit(&activities)).flatten());
    let at = |place: &Place| (sheets.order.get(&place.sheet).copied().unwrap_or(usize::MAX), place.row);
    activities.sort_by_key(|a| (at(&a.place), a.place.col, a.ordinal));
    let mut excluded = understood.excluded;
    excluded.sort_by_key(|row| at(&row.place));
    let mut error = None;
    if activities.is_empty() && header_only(&sheets.visible, &excluded) {
        let message = "表格只有表头，没有一条活动记录".to_owned();
        findings.push(Finding::at(&codes::HEADER_ONLY, &Place::file(Arc::clone(file)), message.clone()));
        error = Some((FileError::HeaderOnly, message));
    }
    findings.sort_by(Finding::order);
    let ruled = understood.ruled;
    let submission =
        Submission { file: Arc::clone(file), units, activities, excluded, findings, error, counts, ruled };
    Understanding { submission, grids, tables }
}

/// Rows of a table that are turned into activities before the next are looked at.
const PART: usize = 4_096;

/// A table in parts of some thousand rows each, its rows given away as the parts are asked for.
fn parts(mut table: Table) -> impl Iterator<Item = Table> {
    let mut rows = std::mem::take(&mut table.rows).into_iter();
    std::iter::from_fn(move || {
        let part: Vec<_> = rows.by_ref().take(PART).collect();
        (!part.is_empty()).then(|| Table { rows: part, ..table.clone() })
    })
}

pub(super) fn unreadable(
    file: &Arc<str>,
    error: FileError,
    message: String,
    mut findings: Vec<Finding>,
    catalogue: &Catalogue,
) -> Submission {
    findings.push(Finding::at(rule_of(error), &Place::file(Arc::clone(file)), message.clone()));
    let named = layout::understand(file, &[], &[], &catalogue.headers, &catalogue.kinds);
    Submission {
        file: Arc::clone(file),
        units: named.value.units,
        activities: Vec::new(),
        excluded: Vec::new(),
        findings,
        error: Some((error, message)),
        counts: RowCounts::default(),
        ruled: Vec::new(),
    }
}

/// The unit that every row names, where neither title nor file does.
fn only_unit(activities: &[Activity]) -> Option<UnitGuess> {
    let name = activities.first()?.unit.clone()?;
    let same = activities.iter().all(|activity| activity.unit.as_ref() == Some(&name));
    same.then_some(UnitGuess { name, source: UnitSource::UnitLine })
}

fn rule_of(error: FileError) -> &'static Rule {
    match error {
        FileError::Encrypted => &codes::ENCRYPTED,
        FileError::Corrupt => &codes::CORRUPT,
        FileError::Unsupported => &codes::UNSUPPORTED,
        FileError::Packed => &codes::PACKED,
        FileError::Empty => &codes::EMPTY,
        FileError::HeaderOnly => &codes::HEADER_ONLY,
        FileError::TooLarge => &codes::TOO_LARGE,
        FileError::BrokenOff => &codes::BROKEN_OFF,
    }
}

/// Counted from the grids and the tables, not from what is left over: that they add up is a promise.
fn count(nonblank: usize, tables: &[Table], excluded: usize) -> RowCounts {
    let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut rows: Vec<(&str, u32)> = Vec::new();
    for table in tables {
        for row in &table.rows {
            rows.push((&table.place.sheet, row.row));
            rows.extend(row.more_rows.iter().map(|more| (&*table.place.sheet, *more)));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    RowCounts { nonblank: short(nonblank), activity_rows: short(rows.len()), excluded: short(excluded) }
}

/// Whether a file that gave no activity is a ledger that nobody filled in.
fn header_only(visible: &BTreeSet<Arc<str>>, excluded: &[Excluded]) -> bool {
    let rows: Vec<&Excluded> = excluded.iter().filter(|row| visible.contains(&row.place.sheet)).collect();
    let blank = |reason: Reason| {
        matches!(
            reason,
            Reason::Title
                | Reason::UnitLine
                | Reason::Header
                | Reason::Note
                | Reason::Placeholder
                | Reason::Example
                | Reason::PageLine
                | Reason::Section
                | Reason::Total
                | Reason::TemplateSheet
        )
    };
    // 无 in a row is an answer, not an empty form.
    let answered = rows.iter().any(|row| row.reason == Reason::Placeholder && row.text.contains('无'));
    !answered
        && rows.iter().any(|row| matches!(row.reason, Reason::Header | Reason::Placeholder))
        && rows.iter().all(|row| blank(row.reason))
}

/// The submission with the activities told that stand in it twice. Only for showing one file: a run looks
/// for them unit by unit, over all files of the unit.
#[must_use]
pub fn tell_repeats(mut submission: Submission) -> Submission {
    submission.findings.extend(duplicates(&submission.activities));
    submission.findings.sort_by(Finding::order);
    submission
}

/// Activities that stand in the file twice; both are kept.
fn duplicates(activities: &[Activity]) -> Vec<Finding> {
    let mut of_unit: BTreeMap<&str, Vec<(usize, &Activity)>> = BTreeMap::new();
    for (at, activity) in activities.iter().enumerate() {
        of_unit.entry(activity.unit.as_deref().unwrap_or("")).or_default().push((at, activity));
    }
    let mut findings = Vec::new();
    for own in of_unit.into_values() {
        for (at, counts) in alike::repeats(own.into_iter()) {
            let (Some(activity), Some(place)) =
                (activities.get(at), activities.get(counts).map(|counts| &counts.place))
            else {
                continue;
            };
            let same_sheet = place.sheet == activity.place.sheet;
            let sheet = if same_sheet { String::new() } else { format!("工作表“{}”", place.sheet) };
            let message = format!("与{sheet}{}是同一项活动：日期、类型相同，名称相同或基本相同", place.a1());
            findings.push(Finding::at(&codes::DUPLICATE, &activity.place, message));
        }
    }
    findings
}
