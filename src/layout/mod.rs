//! Grids understood: which cells are a header, which a record, and which neither.
//!
//! In: the sheets of a file, with header wordings and kinds, and what the office lays down for them. Out:
//! tables in a uniform shape, every other row with the reason why it is no activity, and names that titles
//! give to the unit. Never here: the meaning of a date, a count or a text, and reading of files.
//!
//! Several readings compete for a sheet (rows under a header, a matrix of months, forms, columns
//! as activities, no header at all); the one that leaves least unexplained wins. What none
//! explains is a finding (R010), never a row. Where the office has settled the matter, nothing competes.

mod axis;
mod bands;
mod calendar;
mod captions;
mod columns;
mod compete;
mod context;
mod days;
mod draft;
mod form;
mod grouped;
mod header;
mod headless;
mod lines;
mod matrix;
mod orders;
mod panes;
mod rows;
mod ruled;
mod settle;
mod sheet;
mod transposed;
mod values;
mod verdict;
mod view;
mod words;

use crate::model::{
    Excluded, Finding, Grid, Outcome, RuleUse, Table, TableRule, UnitGuess, UnitSource, Visibility,
};
use crate::seeds::{HeaderTable, KindTable};
use context::Lexicon;
use draft::State;
use orders::Orders;
use std::sync::Arc;
use view::View;

/// The sheets of a file, understood.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Tables in order of sheet and row.
    pub tables: Vec<Table>,
    /// Rows that are no activity, in order.
    pub excluded: Vec<Excluded>,
    /// Names of the unit, the most trustworthy first.
    pub units: Vec<UnitGuess>,
    /// The year in which the file says it was filled in: a last resort for dates without year.
    pub filled_in: Option<i32>,
    /// What became of each rule.
    pub ruled: Vec<RuleUse>,
}

/// Understands the grids of a file. `file` is its name relative to the folder that was read; `rules` are
/// those of the office that hold for it.
#[must_use]
pub fn understand(
    file: &str,
    grids: &[Grid],
    rules: &[&TableRule],
    headers: &HeaderTable,
    kinds: &KindTable,
) -> Outcome<Layout> {
    let lexicon = Lexicon { headers, kinds };
    let mut layout = Layout::default();
    let mut findings: Vec<Finding> = Vec::new();
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let state = State {
        year: context::year(stem).or_else(|| context::year(folder)),
        month: context::month_in_title(stem),
        kind: context::kind_in_title(stem, lexicon),
        ..State::default()
    };
    let filled = grids.iter().filter(|g| !g.rows.is_empty() && g.visibility == Visibility::Visible).count();
    let mut orders = Orders::new(rules);
    for grid in grids {
        let alone = filled <= 1;
        let by_name = sheet::left_out(grid, alone, lexicon);
        let doubted = by_name.is_some() || sheet::is_doubted(grid, lexicon);
        let order = orders.next(grid, by_name.is_some(), doubted && !alone, &mut findings);
        let draft = if let Some(order) = order {
            let (draft, excluded) = ruled::read(grid, &order, state.clone(), lexicon);
            layout.excluded.extend(excluded);
            // A unit laid down for the file, or for its only sheet, is the file's.
            if let Some(name) = order.rule.unit.clone().filter(|_| alone || order.rule.sheet.is_none()) {
                layout.units.push(UnitGuess { name, source: UnitSource::Rule });
            }
            draft
        } else {
            let view = View::new(grid);
            let mut draft = match by_name {
                Some(reason) => sheet::leave_out(&view, state.clone(), reason),
                None => sheet::read(&view, &sheet::begin(&view, state.clone(), lexicon), lexicon),
            };
            if by_name.is_none() {
                sheet::finish(&view, &mut draft);
            }
            layout.excluded.extend(draft.excluded(&view));
            draft
        };
        layout.tables.extend(draft.tables);
        layout.units.extend(draft.units);
        layout.filled_in = layout.filled_in.or(draft.filled_in);
        findings.extend(draft.findings);
    }
    let nearest = folder.rsplit('/').next().unwrap_or("");
    // An archive stands as a folder of its name.
    let nearest = match nearest.rsplit_once('.') {
        Some((name, extension)) if extension.eq_ignore_ascii_case("zip") => name,
        _ => nearest,
    };
    for (text, source) in [(stem, UnitSource::FileName), (nearest, UnitSource::Folder)] {
        if let Some(unit) = context::unit(text, lexicon) {
            layout.units.push(UnitGuess { name: Arc::from(unit), source });
        }
    }
    layout.ruled = orders.done();
    layout.units.sort_by_key(|guess| guess.source);
    let mut seen = std::collections::BTreeSet::new();
    layout.units.retain(|guess| seen.insert(Arc::clone(&guess.name)));
    Outcome::new(layout, findings)
}
