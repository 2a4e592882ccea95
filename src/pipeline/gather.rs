//! All submissions read, and their activities given to the units they belong to.

use super::counties;
use super::inputs::Input;
use super::review::Doubt;
use super::shelf::{Shelf, Slot};
use super::sources::{Source, each};
use super::table_rules::{FileRead, TableRules};
use super::units::{Resolution, Units};
use super::watch::Watch;
use crate::error::Result;
use crate::model::{
    Activity, Date, Excluded, Finding, Place, RuleUse, Submission, UnitGuess, rules as codes,
};
use crate::report::workbook::FileRows;
use crate::seeds::Catalogue;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What to do about a name that is doubtful.
const CONFIRM: &str =
    "请核对，在核对表“单位对应”里确认一次，以后都照此办理；也可以把这种写法填到名册的别名中。";
const CONFIRM_OR_ADD: &str =
    "请把它加入单位名册；是名册里的单位的，在核对表“单位对应”里确认一次，或把这种写法填到该单位的别名中。";

/// A file as it was found: its bytes are told by their hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputRecord {
    /// Name relative to the folder of submissions.
    pub file: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal; empty where the file could not be opened.
    pub sha256: String,
    /// The day on which it was last changed, where an archive tells it.
    pub modified: Option<Date>,
}

/// What one unit handed in.
#[derive(Debug, Clone, Default)]
pub struct HandedIn {
    /// Files, in order.
    pub files: Vec<Arc<str>>,
    /// Activities in order of file, sheet and row; none while they are put aside.
    pub activities: Vec<Activity>,
    /// Where they are put aside, file by file.
    aside: Vec<Slot>,
}

impl HandedIn {
    /// Takes all activities of a further file, which lie on the shelf.
    fn add_aside(&mut self, slot: Slot, shelf: &Shelf) -> Result<()> {
        if self.activities.is_empty() {
            self.aside.push(slot);
        } else {
            self.activities.extend(shelf.get::<Vec<Activity>>(slot)?);
        }
        Ok(())
    }

    /// Takes the activities from the shelf into memory.
    ///
    /// # Errors
    /// Where the shelf cannot be read.
    pub(super) fn fetch(&mut self, shelf: &Shelf) -> Result<()> {
        for slot in std::mem::take(&mut self.aside) {
            self.activities.extend(shelf.get::<Vec<Activity>>(slot)?);
        }
        Ok(())
    }

    /// Puts the activities of memory aside.
    ///
    /// # Errors
    /// Where the shelf cannot be written.
    pub(super) fn put_aside(&mut self, shelf: &Shelf) -> Result<()> {
        self.fetch(shelf)?;
        let slot = shelf.put(&std::mem::take(&mut self.activities))?;
        self.aside.push(slot);
        Ok(())
    }
}

/// Everything that was handed in.
#[derive(Debug)]
pub struct Gathered {
    /// The units, the registered ones first.
    pub units: Units,
    /// What each handed in, parallel to the units.
    pub handed_in: Vec<HandedIn>,
    /// Names of units of which the program is not sure.
    pub doubts: Vec<Doubt>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// What was read, file by file.
    pub files: Vec<FileRows>,
    /// Rows left out.
    pub excluded: Vec<Excluded>,
    /// The files themselves.
    pub inputs: Vec<InputRecord>,
}

/// From this many bytes of submissions on, what was read is put aside at once.
const LARGE: u64 = 4 * 1024 * 1024;

/// Whether submissions are so many that they should not stand in memory together.
#[must_use]
pub fn are_many(inputs: &[Input]) -> bool {
    let bytes = |input: &Input| std::fs::metadata(&input.path).map_or(0, |known| known.len());
    inputs.iter().map(bytes).sum::<u64>() >= LARGE
}

/// Reads every input by the rules of the office and sorts the activities by unit; where there is a shelf, they
/// are put aside on it.
///
/// # Errors
/// Where the shelf cannot be written or read.
pub fn gather(
    inputs: &[Input],
    mut units: Units,
    rules: &TableRules,
    catalogue: &Catalogue,
    shelf: Option<&Shelf>,
    watch: &dyn Watch,
) -> Result<Gathered> {
    watch.stage("读取报送材料", inputs.len());
    let read: Vec<Vec<Result<Read>>> = inputs
        .par_iter()
        .map(|input| {
            each(input, &|source| {
                let found = read(&source, rules, catalogue, watch);
                watch.step();
                found.put_aside(shelf)
            })
        })
        .collect();
    let read: Vec<Read> = read.into_iter().flatten().collect::<Result<_>>()?;
    let mut gathered = Gathered {
        handed_in: vec![HandedIn::default(); units.all().len()],
        units: Units::new(Vec::new(), "", &crate::model::ListId::from("")),
        doubts: Vec::new(),
        findings: Vec::new(),
        files: Vec::new(),
        excluded: Vec::new(),
        inputs: Vec::new(),
    };
    let files: Vec<FileRead<'_>> = read
        .iter()
        .filter(|read| read.archive.is_none())
        .map(|Read { record, readable, ruled, .. }| FileRead {
            submitted: &record.file,
            readable: *readable,
            ruled,
        })
        .collect();
    gathered.findings.extend(rules.unused(&files, true));
    gathered.tell_unknown_units(rules, &units);
    for Read { record, submission, aside, archive, .. } in read {
        gathered.inputs.push(record);
        let submission = match (submission, shelf) {
            (Kept::Here(submission), _) => *submission,
            (Kept::OnShelf(slot), Some(shelf)) => shelf.get(slot)?,
            (Kept::OnShelf(_), None) => continue,
        };
        gathered.take(submission, aside.zip(shelf), &mut units)?;
        if let (Some(members), Some(rows)) = (archive, gathered.files.last_mut()) {
            rows.unit = format!("压缩包，其中的文件{members}个");
        }
    }
    gathered.units = units;
    gathered.tell_missing();
    Ok(gathered)
}

/// A file that was read.
struct Read {
    record: InputRecord,
    submission: Kept,
    /// Whether it could be read, and the rules that were used on it.
    readable: bool,
    ruled: Vec<RuleUse>,
    aside: Option<Aside>,
    /// How many files lie in it, where it is an archive.
    archive: Option<usize>,
}

/// What a file gave, without activities that are put aside.
enum Kept {
    Here(Box<Submission>),
    OnShelf(Slot),
}

/// The activities of a file, put aside.
#[derive(Debug)]
struct Aside {
    slot: Slot,
    count: usize,
    /// The unit that all of them name.
    unit: Option<Arc<str>>,
}

impl Read {
    /// Puts the activities aside, unless they are of several units, and the rest with them.
    fn put_aside(mut self, shelf: Option<&Shelf>) -> Result<Self> {
        let (Some(shelf), Kept::Here(submission)) = (shelf, &mut self.submission) else { return Ok(self) };
        let activities = &mut submission.activities;
        let unit = activities.first().and_then(|activity| activity.unit.clone());
        if activities.is_empty() || activities.iter().any(|activity| activity.unit != unit) {
            return Ok(self);
        }
        let count = activities.len();
        self.aside = Some(Aside { slot: shelf.put(&std::mem::take(activities))?, count, unit });
        self.submission = Kept::OnShelf(shelf.put(&**submission)?);
        Ok(self)
    }
}

fn read(source: &Source<'_>, rules: &TableRules, catalogue: &Catalogue, watch: &dyn Watch) -> Read {
    let (size, sha256) = source.fingerprint();
    let record = InputRecord { file: source.name.clone(), size, sha256, modified: source.modified };
    let archive = source.members();
    watch.more(archive.unwrap_or_default());
    // A run that is called off reads no further; what it has gathered is not used.
    let stopped = watch.stopped();
    let submission = if stopped { source.unread(catalogue) } else { source.submission(rules, catalogue) };
    watch.read(submission.counts.nonblank.into(), submission.findings.len());
    let (readable, ruled) = (submission.error.is_none(), submission.ruled.clone());
    Read { record, submission: Kept::Here(Box::new(submission)), readable, ruled, aside: None, archive }
}

impl Gathered {
    /// Gives the activities of a submission to their units.
    fn take(
        &mut self,
        submission: Submission,
        aside: Option<(Aside, &Shelf)>,
        units: &mut Units,
    ) -> Result<()> {
        let Submission { file, units: guesses, activities, excluded, findings, error, counts, ruled } =
            submission;
        // A unit that only a rule names is a unit of the run, if the run knows no others.
        for name in ruled.iter().filter(|used| !used.sheets.is_empty()).filter_map(|used| used.unit.as_ref())
        {
            units.resolve_or_add(name);
        }
        let mut reasons = BTreeMap::new();
        for row in &excluded {
            *reasons.entry(row.reason).or_insert(0_u32) += 1;
        }
        self.findings.extend(findings);
        let place = Place::file(file.clone());
        let readable = error.is_none();
        let count = aside.as_ref().map_or(activities.len(), |(aside, _)| aside.count);
        let own = self.own_unit(&place, &guesses, units, readable, count == 0);
        let mut rows = FileRows {
            file: file.clone(),
            unit: own
                .and_then(|at| units.all().get(at))
                .map_or_else(String::new, |unit| unit.name.to_string()),
            counts,
            activities: count,
            reasons,
            error: error.map_or_else(String::new, |(_, message)| message),
        };
        let mut by_name: BTreeMap<Arc<str>, Option<usize>> = BTreeMap::new();
        let mut touched = BTreeSet::new();
        let mut unit_of = |named: Option<&Arc<str>>, gathered: &mut Self| match named {
            Some(name) => *by_name.entry(name.clone()).or_insert_with(|| {
                let found = units.resolve_in(name, Some(&file));
                gathered.doubt(name, &file, found, own, units);
                match found {
                    Resolution::Known(at) | Resolution::Guessed(at) => Some(at),
                    Resolution::Unknown => own,
                }
            }),
            None => own,
        };
        if let Some((aside, shelf)) = aside
            && let Some(at) = unit_of(aside.unit.as_ref(), self)
        {
            touched.insert(at);
            self.slot(at).add_aside(aside.slot, shelf)?;
        }
        for activity in activities {
            let Some(at) = unit_of(activity.unit.as_ref(), self) else { continue };
            touched.insert(at);
            self.slot(at).activities.push(activity);
        }
        if readable && let Some(own) = own {
            touched.insert(own);
        }
        for &at in &touched {
            self.slot(at).files.push(file.clone());
        }
        if touched.len() > 1 {
            let names = touched.iter().filter_map(|&at| units.all().get(at)).map(|unit| &*unit.name);
            rows.unit = names.collect::<Vec<_>>().join("、");
        }
        self.files.push(rows);
        self.excluded.extend(excluded);
        Ok(())
    }

    /// Keeps a name that a row gives and of which the program is not sure, for a person to confirm.
    fn doubt(
        &mut self,
        name: &Arc<str>,
        file: &Arc<str>,
        found: Resolution,
        own: Option<usize>,
        units: &Units,
    ) {
        let proposed = match found {
            Resolution::Guessed(at) => units.all().get(at).map(|unit| unit.name.clone()),
            Resolution::Unknown if own.is_none() && units.closed() => None,
            Resolution::Known(_) | Resolution::Unknown => return,
        };
        self.doubts.push(Doubt { writing: Arc::clone(name), file: Arc::clone(file), proposed });
    }

    /// Units that rules give to sheets and the register does not know: their rows fall to the file's own unit.
    fn tell_unknown_units(&mut self, rules: &TableRules, units: &Units) {
        for rule in rules.all().iter().filter(|_| units.closed()) {
            let Some(name) = &rule.unit else { continue };
            if units.resolve(name) == Resolution::Unknown {
                let message = format!("{}的默认单位“{name}”不在单位名册中，没有采用", rule.title());
                let hint = "请把“默认单位”改成名册里的名称，或把它加入单位名册。";
                self.findings.push(Finding::general(&codes::UNKNOWN_UNIT, message).hint(hint));
            }
        }
    }

    fn slot(&mut self, at: usize) -> &mut HandedIn {
        if self.handed_in.len() <= at {
            self.handed_in.resize(at + 1, HandedIn::default());
        }
        &mut self.handed_in[at]
    }

    /// The unit of a whole file, told with a finding where it is a guess or unknown.
    fn own_unit(
        &mut self,
        place: &Place,
        guesses: &[UnitGuess],
        units: &mut Units,
        readable: bool,
        bare: bool,
    ) -> Option<usize> {
        let file = Some(&*place.file);
        let guesses = &*counties::without_folder(guesses, units);
        let known = guesses.iter().find_map(|guess| match units.resolve_in(&guess.name, file) {
            Resolution::Known(at) => Some(at),
            _ => None,
        });
        if known.is_some() {
            return known;
        }
        let likely = guesses.iter().find_map(|guess| match units.resolve_in(&guess.name, file) {
            Resolution::Guessed(at) => Some((at, guess)),
            _ => None,
        });
        if let Some((at, guess)) = likely {
            let unit = units.all().get(at).map_or("", |unit| &*unit.name);
            let message = format!("{}写的是“{}”，按“{unit}”计入", guess.source.as_str(), guess.name);
            self.findings.push(Finding::at(&codes::UNIT_GUESSED, place, message).hint(CONFIRM));
            self.doubt(&guess.name, &place.file, Resolution::Guessed(at), None, units);
            return Some(at);
        }
        match guesses.first() {
            // A file that cannot be read and is not registered makes no unit of its own.
            Some(guess) if units.closed() => {
                let message = format!("{}写的单位“{}”不在单位名册中", guess.source.as_str(), guess.name);
                self.findings.push(Finding::at(&codes::UNKNOWN_UNIT, place, message).hint(CONFIRM_OR_ADD));
                if readable && !bare {
                    self.doubt(&guess.name, &place.file, Resolution::Unknown, None, units);
                }
                None
            }
            Some(guess) if readable => match units.resolve_or_add_in(&guess.name, file) {
                Resolution::Known(at) | Resolution::Guessed(at) => Some(at),
                Resolution::Unknown => None,
            },
            Some(_) => None,
            // A file without unit and without activity (a lock file, a note) makes no unit either.
            None if units.closed() || !readable || bare => {
                if readable && !bare {
                    self.findings.push(Finding::at(&codes::NO_UNIT, place, "看不出是哪个单位报送的"));
                }
                None
            }
            None => {
                let stem = place.file.rsplit('/').next().unwrap_or(&place.file);
                let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
                if units.is_confirmed(stem, file) {
                    return match units.resolve_or_add_in(stem, file) {
                        Resolution::Known(at) | Resolution::Guessed(at) => Some(at),
                        Resolution::Unknown => None,
                    };
                }
                let message = format!("没有写明填报单位，暂以文件名“{stem}”作为单位名称");
                self.findings.push(Finding::at(&codes::UNIT_GUESSED, place, message));
                let writing: Arc<str> = Arc::from(stem);
                let proposed = Some(Arc::clone(&writing));
                self.doubts.push(Doubt { writing, file: Arc::clone(&place.file), proposed });
                match units.resolve_or_add_in(stem, file) {
                    Resolution::Known(at) | Resolution::Guessed(at) => Some(at),
                    Resolution::Unknown => None,
                }
            }
        }
    }

    /// Findings about units that handed in nothing.
    fn tell_missing(&mut self) {
        self.handed_in.resize(self.units.all().len(), HandedIn::default());
        for (unit, _) in self.units.all().iter().zip(&self.handed_in).filter(|(_, own)| own.files.is_empty())
        {
            let message = format!("“{}”没有可以读取的报送材料", unit.name);
            self.findings.push(Finding::general(&codes::NO_SUBMISSION, message));
        }
    }
}
