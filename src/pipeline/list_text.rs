//! A duty list with its requirements and points, as text for a terminal.
//!
//! In: a list, its requirements, a scheme. Out: aligned lines. Never here: printing.

use crate::model::{Class, DutyList, Exemption, Points, Requirement};
use crate::seeds::scheme::default::PointTable;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// The list for a reader: title, categories, items, and under each item its requirements with period,
/// number, way of checking and points.
///
/// Requirements of other lists are passed over. Points sum to 100 (see [`PointTable::spread`]).
#[must_use]
pub fn describe(list: &DutyList, requirements: &[Requirement], scheme: &PointTable) -> String {
    let own: Vec<Requirement> =
        requirements.iter().filter(|r| list.item(&r.item).is_some()).cloned().collect();
    let points = scheme.spread(&own);
    let rows: Vec<[String; 5]> = own
        .iter()
        .map(|r| {
            let points = points.get(&r.id).copied().unwrap_or(Points::ZERO);
            [r.id.to_string(), r.name.clone(), rhythm(r), checked(r).to_owned(), format!("{points}分")]
        })
        .collect();
    let widths: [usize; 5] = std::array::from_fn(|col| {
        rows.iter().filter_map(|row| row.get(col)).map(|cell| cell.width()).max().unwrap_or(0)
    });
    let mut text = String::new();
    let _ = writeln!(text, "{}", list.title);
    let sum: Points = points.values().copied().sum();
    let _ = writeln!(
        text,
        "编号 {}，责任人：{}，共{}条、{}项考核要求，合计{sum}分",
        list.id,
        list.role,
        list.items.len(),
        own.len()
    );
    if !own.is_empty() {
        let _ = writeln!(text, "计分方案：{}。{}", scheme.name, scheme.note);
    }
    for line in &list.preamble {
        let _ = writeln!(text, "{line}");
    }
    let mut category = None;
    for item in &list.items {
        if item.category != category {
            category = item.category;
            if let Some(category) = category.and_then(|at| list.categories.get(at)) {
                let stop = if category.label.is_empty() { "" } else { "、" };
                let _ = writeln!(text, "\n{}{stop}{}", category.label, category.name);
            }
        }
        let _ = writeln!(text, "\n{}  {}", item.id, item.text);
        for (requirement, row) in own.iter().zip(&rows).filter(|(r, _)| r.item == item.id) {
            let _ = writeln!(text, "    {}", aligned(row, &widths));
            if let Some(note) = note(requirement) {
                let _ = writeln!(text, "    {}{note}", " ".repeat(widths[0] + 2));
            }
        }
    }
    text
}

/// `每月1次`; a demand without a number of its own has none.
fn rhythm(requirement: &Requirement) -> String {
    let times = format!("{}{}次", requirement.period.every(), requirement.minimum);
    match requirement.class {
        Class::Counted => times,
        Class::Calendar if requirement.window == (1, 12) => times,
        Class::Calendar => format!("{times}（{}至{}月）", requirement.window.0, requirement.window.1),
        Class::Interval => format!("{times}（建议）"),
        Class::Existence => "全年应有".to_owned(),
        Class::Narrative => "全年".to_owned(),
    }
}

fn checked(requirement: &Requirement) -> &'static str {
    match requirement.class {
        Class::Interval => "次数由本单位设定",
        other => other.as_str(),
    }
}

fn note(requirement: &Requirement) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    if let Some(minutes) = requirement.counts.minutes {
        parts.push(format!("每次不少于{minutes}分钟。"));
    }
    match requirement.exempt {
        Some(Exemption::NoCommittee) => parts.push("没有支委会的支部不适用。".to_owned()),
        Some(Exemption::NoGroups) => parts.push("没有党小组的支部不适用。".to_owned()),
        Some(Exemption::NoCounties) => parts.push("没有县（区）局的不适用。".to_owned()),
        None => {}
    }
    if !requirement.limits.is_empty() {
        parts.push(requirement.limits.clone());
    }
    (!parts.is_empty()).then(|| format!("注：{}", parts.concat()))
}

fn aligned(row: &[String; 5], widths: &[usize; 5]) -> String {
    let mut line = String::new();
    for (col, (cell, width)) in row.iter().zip(widths).enumerate() {
        let fill = " ".repeat(width.saturating_sub(cell.width()));
        if col == 4 {
            line.push_str(&fill);
        }
        line.push_str(cell);
        if col < 4 {
            line.push_str(&fill);
            line.push_str("  ");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeds::Catalogue;

    #[test]
    fn a_list_reads_in_aligned_columns() {
        let catalogue = Catalogue::builtin().unwrap();
        let list = catalogue.list(&"ZB".into()).unwrap();
        let text = describe(list, &catalogue.requirements, catalogue.scheme("").unwrap());
        assert!(text.starts_with(
            "市XX局党支部书记责任清单\n编号 ZB，责任人：党支部书记，共7条、30项考核要求，合计100分\n计分方案：缺省。"
        ));
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("    ZB-")).collect();
        assert_eq!(rows.len(), 30);
        assert!(rows.iter().all(|row| row.width() == rows[0].width()), "{rows:#?}");
        assert!(rows[4].contains("ZB-3a") && rows[4].contains("每月1次") && rows[4].ends_with(" 8分"));
        assert!(text.contains("注：没有支委会的支部不适用。"));
        assert!(text.contains("每季度1次（建议）") && text.contains("次数由本单位设定"));
    }

    #[test]
    fn what_is_left_out_is_spread_over_the_rest() {
        let catalogue = Catalogue::builtin().unwrap();
        let list = catalogue.list(&"CY".into()).unwrap();
        let kept: Vec<_> =
            catalogue.requirements.iter().filter(|r| r.item.as_str() == "CY-2").cloned().collect();
        let text = describe(list, &kept, catalogue.scheme("").unwrap());
        assert!(text.contains("4项考核要求，合计100分"), "{text}");
    }
}
