//! The words that stand in the workbooks whatever the units have done: titles, headings, notes.
//!
//! In: nothing. Out: texts. Never here: what is particular to a run.

use super::{Overview, county_book, meetings_book, ranking_book, score_book, score_sheet};
use crate::model::{Alikes, Book, Date, External, Scheme, Scope, Value};
use std::collections::BTreeMap;

/// The texts of workbooks about no unit under a scheme without lines.
#[must_use]
pub fn headings() -> Vec<String> {
    let scheme = Scheme {
        name: String::new(),
        note: String::new(),
        example: false,
        rounding: crate::model::Rounding::default(),
        blocks: Vec::new(),
        ceiling: None,
        ties: Vec::new(),
        grades: Vec::new(),
        awards: Vec::new(),
        vetoes: Vec::new(),
    };
    let (scope, alikes, external) = (
        Scope { bureau: String::new(), year: 2000, until: Date::default() },
        Alikes::default(),
        External::default(),
    );
    let overview = Overview {
        scope: &scope,
        results: &[],
        standings: &[],
        overall: &[],
        rules: &[],
        alikes: &alikes,
        records: &BTreeMap::new(),
        findings: &[],
        files: &[],
        excluded: &[],
        notes: &[],
        scheme: &scheme,
        scores: &[],
        peers: &[],
        external: &external,
        questions: &[],
        open: &BTreeMap::new(),
        leeway: &[],
        joint_once: false,
    };
    let books = [
        ranking_book(&overview).book,
        score_book(&overview, false).book,
        county_book(&overview, &[]).book,
        meetings_book(&overview).book,
    ];
    // Without a unit its sheet has no columns.
    let columns = score_sheet::columns().into_iter().flat_map(|column| [column.title, column.group]);
    books.into_iter().flat_map(texts).chain(columns).collect()
}

fn texts(book: Book) -> Vec<String> {
    let mut all = vec![book.title];
    for sheet in book.sheets {
        all.extend([sheet.name, sheet.title]);
        all.extend(sheet.notes);
        all.extend(sheet.signature);
        for column in sheet.columns {
            all.extend([column.title, column.group, column.prompt]);
            all.extend(column.choices);
        }
        for cell in sheet.rows.into_iter().flatten() {
            if let Value::Text(text) = cell.value {
                all.push(text);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_stand_there_without_any_unit() {
        let all = headings().join("\n");
        for word in ["名次", "应完成", "活动清单", "问题提示", "剔除明细"] {
            assert!(all.contains(word), "{word}");
        }
    }
}
