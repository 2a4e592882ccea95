//! The readings that compete for a sheet, and what is said where two of them come out nearly even.
//!
//! A reading is a function from a view and a draft to a draft in which lines have found their fate. The one
//! that leaves least unexplained wins; of equally good ones the first that is tried.

use super::bands::{self, Mark};
use super::context::Lexicon;
use super::draft::{Draft, Fate};
use super::view::{View, text_of};
use super::{calendar, form, headless, transposed};
use crate::model::table_rule::keys;
use crate::model::{Field, Finding, Reason, TableSource, rules};

/// A reading of a whole sheet that needs no header.
struct Reading {
    read: fn(&View<'_>, Draft, Lexicon<'_>) -> Draft,
    /// What it reads; `None` where its tables tell.
    source: Option<TableSource>,
    /// Whether it explains by other cells than a header stands over; one that does not only knows less than
    /// the header's own reading.
    independent: bool,
}

/// The readings beside rows under a header and matrices, in the order in which they are tried.
const READINGS: [Reading; 3] = [
    Reading { read: transposed::read, source: Some(TableSource::Transposed), independent: true },
    Reading { read: form::read, source: Some(TableSource::Form), independent: true },
    Reading { read: headless::read, source: None, independent: false },
];

/// Two readings are nearly even where the second leaves at most this much more unexplained, in per cent of
/// all that there is to explain. The closest second readings of sheets that are read rightly stand at 12 and
/// 25 per cent (a header of three lines, a form in parts), nearly all others above 50.
const NEARLY_EVEN: usize = 10;

/// What a line costs at most.
const UNREAD: usize = 4;

/// How many lines a sheet with a header may have for another reading to be tried all the same.
const LOOK: usize = 400;

/// What one reading made of the sheet.
struct Candidate {
    draft: Draft,
    cost: usize,
    source: TableSource,
    independent: bool,
}

impl Candidate {
    fn new(draft: Draft, source: Option<TableSource>, independent: bool) -> Self {
        let own = || draft.tables.first().map_or(TableSource::Rows, |table| table.source);
        Self { cost: cost(&draft), source: source.unwrap_or_else(own), draft, independent }
    }
}

/// Reads a sheet, or a pane of one, in the way that leaves least unexplained. What names the weekdays and
/// the days beneath them is a calendar; nothing competes with it.
pub(super) fn read(view: &View<'_>, draft: &Draft, lexicon: Lexicon<'_>) -> Draft {
    if let Some(calendar) = calendar::read(view, draft, lexicon) {
        return calendar;
    }
    let marks = bands::marks(view, None, lexicon);
    let matrix = marks.iter().any(|mark| matches!(mark, Mark::Matrix(_)));
    let source = if matrix { TableSource::Matrix } else { TableSource::Rows };
    let banded = bands::read(view, &marks, draft.clone(), lexicon);
    let mut best = Candidate::new(banded, Some(source), true);
    let unexplained = best.draft.fates.iter().any(|f| {
        matches!(f, Fate::Open | Fate::Left(Reason::NotUnderstood | Reason::Placeholder | Reason::Stray))
    });
    let open =
        marks.is_empty() || best.draft.records() == 0 && unexplained || form::looks_like_form(view, lexicon);
    let mut others = Vec::new();
    for reading in READINGS.iter().filter(|r| open || r.independent && view.len() <= LOOK) {
        let read = (reading.read)(view, draft.clone(), lexicon);
        let candidate = Candidate::new(read, reading.source, reading.independent);
        if candidate.draft.records() > 0 && open && candidate.cost < best.cost {
            others.push(std::mem::replace(&mut best, candidate));
        } else {
            others.push(candidate);
        }
    }
    let rival = others
        .into_iter()
        .filter(|other| other.draft.records() > 0 && (marks.is_empty() || other.independent))
        .min_by_key(|other| other.cost);
    if let Some(other) = rival
        && other.cost <= best.cost + view.len() * UNREAD * NEARLY_EVEN / 100
        && !says_no_more(&records(&other.draft), &records(&best.draft))
    {
        let finding = close_race(view, &best, &other);
        best.draft.findings.push(finding);
    }
    best.draft
}

/// What is left unexplained, and what is explained poorly.
fn cost(draft: &Draft) -> usize {
    draft
        .fates
        .iter()
        .map(|fate| match fate {
            Fate::Open | Fate::Left(Reason::NotUnderstood) => UNREAD,
            Fate::Left(Reason::Stray | Reason::Placeholder) => 3,
            Fate::Left(Reason::Header | Reason::NotActivity | Reason::Continuation) => 2,
            Fate::Left(_) => 1,
            Fate::Taken => 0,
        })
        .sum::<usize>()
        + usize::from(draft.records() == 0) * UNREAD * draft.fates.len()
        + draft.misfits * 2
}

/// Row and column of a record, and what its main cells say.
type Said = (u32, u32, Vec<(Field, String)>);

/// Where each record stands, and what it says.
fn records(draft: &Draft) -> Vec<Said> {
    let main = [Field::Date, Field::DateStart, Field::Kind, Field::Title, Field::Content];
    let mut records = Vec::new();
    for table in &draft.tables {
        for row in &table.rows {
            let said = table.headings.iter().zip(&row.values).filter(|(h, _)| main.contains(&h.field));
            let said = said
                .filter_map(|(h, value)| Some((h.field, text_of(value.as_ref()?).into_owned())))
                .collect();
            records.push((row.row, row.cell.as_ref().map_or(0, |cell| cell.col), said));
        }
    }
    records.sort();
    records
}

/// Whether records say nothing that others in the same places do not say too.
fn says_no_more(some: &[Said], others: &[Said]) -> bool {
    let within = |(one, other): (&Said, &Said)| {
        (one.0, one.1) == (other.0, other.1) && one.2.iter().all(|said| other.2.contains(said))
    };
    some.len() == others.len() && some.iter().zip(others).all(within)
}

fn close_race(view: &View<'_>, best: &Candidate, other: &Candidate) -> Finding {
    let (chosen, passed_over) = (best.source.word(), other.source.word());
    let (now, then) = (best.draft.records(), other.draft.records());
    let differs = if now == then { "也是" } else { "会是" };
    let what = if now == then { "，内容不同" } else { "" };
    let message = format!(
        "这张表按“{chosen}”读出{now}项活动，按“{passed_over}”读{differs}{then}项{what}，两种读法都说得通；现在用的是“{chosen}”"
    );
    let (section, reading) = (keys::SECTION, keys::READING);
    let hint = format!(
        "请用 shuzhi check 看读得对不对，再在 考核.toml 的 [{section}.名称] 里定下来：读得不对，写 {reading} = \"{passed_over}\"；读得对，写 {reading} = \"{chosen}\"，以后不再提示。"
    );
    let first =
        best.draft.tables.first().map_or_else(|| view.grid.place.clone(), |table| table.place.clone());
    Finding::at(&rules::CLOSE_RACE, &first, message).hint(hint)
}
