//! Sheets that compute themselves: from the slots of the activities to the points of a unit.
//!
//! In: an [`Overview`](super::Overview). Out: the sheets 活动, 逐项, 得分, 参数 and those of external scores, whose formulas carry the
//! program's own figures. Never here: ranks, charts, the rules themselves.

pub(super) mod activities;
pub(super) mod checks;
mod fact_sheets;
pub(super) mod facts;
pub(super) mod line;
pub(super) mod params;
pub(super) mod places;
mod slots;
pub(super) mod terms;
pub(super) mod totals;

use crate::model::Spot;

/// Names that formulas and people may use.
pub(super) fn names(places: &places::Places) -> Vec<(String, Spot)> {
    let mut names = vec![
        ("考核年度".to_owned(), places.param(places.params.year)),
        ("合并活动".to_owned(), places.param(places.params.joint)),
    ];
    let simple = |id: &str| !id.is_empty() && id.chars().all(char::is_alphanumeric);
    let weights = places.params.weights.iter().filter(|(id, _)| simple(id.as_str()));
    names.extend(weights.map(|(id, row)| (format!("权重_{id}"), places.param(*row))));
    names
}

/// From this many units on the evidence is counted by the program and written as values.
pub(super) const LIVE_UNITS: usize = 120;
/// From this many activities of all units on the evidence is written as values.
pub(super) const LIVE_ACTIVITIES: usize = 12_000;
/// From this many activities of one unit on its own book holds values.
pub(super) const LIVE_OWN_ACTIVITIES: usize = 3_000;
