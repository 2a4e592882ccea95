//! Periods in words: runs of months are drawn together.

use crate::model::{Due, Period};

/// `1月、5月至8月、12月`, `各月`, `第2季度`, `各季度`, `全年`.
#[must_use]
pub(super) fn listed(period: Period, dues: &[&Due]) -> String {
    let all = u32::try_from(dues.len()) == Ok(period.per_year());
    match period {
        Period::Month if all => return "各月".to_owned(),
        Period::Quarter if all => return "各季度".to_owned(),
        Period::Half if all => return "上半年和下半年".to_owned(),
        _ => {}
    }
    let mut runs: Vec<Vec<&Due>> = Vec::new();
    for due in dues {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| last.index + 1 == due.index) => run.push(due),
            _ => runs.push(vec![due]),
        }
    }
    let mut words: Vec<String> = Vec::new();
    for run in runs {
        match (run.as_slice(), run.first(), run.last()) {
            ([_, _, _, ..], Some(first), Some(last)) => {
                words.push(format!("{}至{}", first.label, last.label));
            }
            (few, ..) => words.extend(few.iter().map(|due| due.label.clone())),
        }
    }
    words.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::State;

    #[test]
    fn runs_of_months_are_drawn_together() {
        let due = |index: u32| Due {
            label: Period::Month.label(index),
            index,
            required: 1,
            found: 0,
            doubtful: 0,
            state: State::Unverified,
            decided: false,
            owed: true,
            evidence: Vec::new(),
            open: Vec::new(),
        };
        for (indexes, text) in [
            (&[0, 4, 5, 6, 7, 11][..], "1月、5月至8月、12月"),
            (&[2, 3], "3月、4月"),
            (&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "各月"),
            (&[], ""),
        ] {
            let dues: Vec<Due> = indexes.iter().map(|i| due(*i)).collect();
            assert_eq!(listed(Period::Month, &dues.iter().collect::<Vec<_>>()), text);
        }
    }
}
