//! What the office lays down for each sheet of a file, from the rules that hold for the file.
//!
//! In: rules whose pattern fits the file, and its sheets one after the other. Out: one order a sheet, a
//! finding where two rules contradict each other, and what became of every rule. Never here: reading.

use super::header;
use crate::model::table_rule::keys;
use crate::model::{
    ColumnRule, Field, Finding, Grid, Heading, Place, RuleUse, SheetChoice, TableRule, Visibility, Wanted,
    column_letters, rules,
};
use crate::seeds::text::fold;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

/// Meanings that rules give to columns.
pub(super) type Columns = BTreeMap<u32, ColumnRule>;

/// What is laid down for one sheet.
#[derive(Debug)]
pub(super) struct Order {
    /// The rules that hold, joined into one.
    pub(super) rule: TableRule,
    /// How messages name them.
    pub(super) title: String,
}

impl Order {
    /// Whether it says how the sheet is read or where its header stands.
    pub(super) fn settles(&self) -> bool {
        let read = matches!(self.rule.reading, Some(Wanted::Read(_)));
        read || !self.rule.header.is_empty() || !self.rule.columns.is_empty()
    }

    /// The columns that belong to one of several tables side by side: those from its first column on.
    pub(super) fn columns(&self, groups: &[Vec<Heading>], nth: usize) -> Columns {
        let first = |group: &Vec<Heading>| group.first().map_or(0, |heading| heading.col);
        let from = if nth == 0 { 0 } else { groups.get(nth).map_or(0, first) };
        let until = groups.get(nth + 1).map_or(u32::MAX, first);
        // A column with a heading belongs to the tables that hold it, be it one or, under captions, all.
        let holds = |group: &Vec<Heading>, col: u32| group.iter().any(|heading| heading.col == col);
        let own = self.rule.columns.iter().filter(|(col, _)| {
            let headed = groups.iter().any(|group| holds(group, **col));
            let this = groups.get(nth).is_some_and(|group| holds(group, **col));
            if headed { this } else { (from..until).contains(*col) }
        });
        own.map(|(col, rule)| (*col, rule.clone())).collect()
    }
}

/// The rules for the sheets of one file.
pub(super) struct Orders<'r> {
    rules: &'r [&'r TableRule],
    uses: Vec<RuleUse>,
    visible: usize,
}

impl<'r> Orders<'r> {
    pub(super) fn new(rules: &'r [&'r TableRule]) -> Self {
        let used = |rule: &&TableRule| RuleUse {
            line: rule.line,
            title: rule.title(),
            says: rule.says(),
            sheets: Vec::new(),
            others: Vec::new(),
            unit: rule.unit.clone(),
        };
        Self { rules, uses: rules.iter().map(used).collect(), visible: 0 }
    }

    /// The order for the next sheet. `out` says that its name leaves it out, `doubted` that its name makes it
    /// something else than a ledger, and that it is not the only sheet with content.
    pub(super) fn next(
        &mut self,
        grid: &Grid,
        out: bool,
        doubted: bool,
        findings: &mut Vec<Finding>,
    ) -> Option<Arc<Order>> {
        self.visible += usize::from(grid.visibility == Visibility::Visible);
        let mut joined: Option<Order> = None;
        for (rule, used) in self.rules.iter().zip(&mut self.uses) {
            let holds = !grid.rows.is_empty() && holds(rule, grid, self.visible, out, doubted);
            let list = if holds { &mut used.sheets } else { &mut used.others };
            list.push(Arc::clone(&grid.place.sheet));
            match &mut joined {
                _ if !holds => {}
                Some(order) => order.join(rule, &grid.place, findings),
                None => joined = Some(Order { rule: (**rule).clone(), title: rule.title() }),
            }
        }
        joined.map(Arc::new)
    }

    /// What became of every rule.
    pub(super) fn done(self) -> Vec<RuleUse> {
        self.uses
    }
}

/// Whether a rule means a sheet. A hidden sheet has to be called by its full name, one that is doubted by any
/// name, and both have to be told how they are read.
fn holds(rule: &TableRule, grid: &Grid, visible: usize, out: bool, doubted: bool) -> bool {
    let hidden = grid.visibility != Visibility::Visible;
    let meant = match &rule.sheet {
        None => !hidden,
        Some(SheetChoice::Named(pattern)) => {
            pattern.matches(&grid.place.sheet) && (!hidden || pattern.is_plain())
        }
        Some(SheetChoice::Nth(number)) => !hidden && *number == visible,
    };
    let leaves = rule.reading == Some(Wanted::LeaveOut);
    let fits = if rule.shapes() { !doubted || rule.sheet.is_some() } else { !out };
    meant && (leaves || fits)
}

impl Order {
    /// Takes in a further rule; where the two contradict each other the one that was written first holds.
    fn join(&mut self, other: &TableRule, place: &Place, findings: &mut Vec<Finding>) {
        let mut clashes: Vec<String> = Vec::new();
        let before = self.rule.clone();
        let rule = &mut self.rule;
        let word = |wanted: &Wanted| wanted.as_str().to_owned();
        let lines = |lines: &Vec<u32>| lines.iter().map(u32::to_string).collect::<Vec<_>>().join("、");
        let mut note = |key: &str, both: Option<(String, String)>| {
            clashes.extend(both.map(|(one, two)| format!("“{key}”一条写{one}，一条写{two}")));
        };
        note(keys::READING, settle(&mut rule.reading, other.reading.as_ref(), word));
        let mut header = Some(rule.header.clone()).filter(|lines| !lines.is_empty());
        let others = Some(&other.header).filter(|lines| !lines.is_empty());
        note(keys::HEADER, settle(&mut header, others, lines));
        rule.header = header.unwrap_or_default();
        note(keys::FIRST, settle(&mut rule.first, other.first.as_ref(), u32::to_string));
        note(keys::LAST, settle(&mut rule.last, other.last.as_ref(), u32::to_string));
        note(keys::YEAR, settle(&mut rule.year, other.year.as_ref(), i32::to_string));
        note(keys::KIND, settle(&mut rule.kind, other.kind.as_ref(), ToString::to_string));
        note(keys::UNIT, settle(&mut rule.unit, other.unit.as_ref(), ToString::to_string));
        for (col, column) in &other.columns {
            let known = rule.columns.get(col).map(|known| known.field);
            match known {
                Some(field) if field != column.field => {
                    let (key, words) = (keys::COLUMNS, (field.word(), column.field.word()));
                    let letters = column_letters(*col);
                    note(key, Some((format!("{letters}＝{}", words.0), format!("{letters}＝{}", words.1))));
                }
                Some(_) => {}
                None => {
                    rule.columns.insert(*col, column.clone());
                }
            }
        }
        if let Some((_, clash)) = rule.clash() {
            clashes.push(format!("合在一起时，{clash}"));
            *rule = before;
        }
        for clash in clashes {
            let message =
                format!("{}和{}对这张表的说法矛盾：{clash}。按先写的一条", self.title, other.title());
            findings.push(Finding::at(&rules::RULES_CONTRADICT, place, message));
        }
        self.title = format!("{}、{}", self.title, other.title());
    }
}

/// Fills what is not stated yet; both values in words where they differ.
fn settle<T: Clone + PartialEq + Debug>(
    slot: &mut Option<T>,
    other: Option<&T>,
    word: impl Fn(&T) -> String,
) -> Option<(String, String)> {
    match (&slot, other) {
        (Some(one), Some(two)) if one != two => Some((word(one), word(two))),
        (None, Some(two)) => {
            *slot = Some(two.clone());
            None
        }
        _ => None,
    }
}

/// Gives columns the meanings of an order, whatever their headings say; another column of the same meaning
/// gives way.
pub(super) fn impose(columns: &Columns, headings: &mut Vec<Heading>) {
    for (col, rule) in columns {
        if headings.iter().all(|heading| heading.col != *col) {
            let heading =
                Heading { col: *col, text: String::new(), field: rule.field, minutes_per_unit: None };
            headings.push(heading);
        }
    }
    headings.sort_by_key(|heading| heading.col);
    let given = |field: Field| columns.values().any(|rule| rule.field == field);
    for heading in headings {
        match columns.get(&heading.col) {
            Some(rule) => {
                heading.field = rule.field;
                let stated = header::minutes_per_unit(&fold(&rule.word));
                heading.minutes_per_unit = stated.or(heading.minutes_per_unit);
            }
            None if given(heading.field) => heading.field = Field::Ignored,
            None => {}
        }
    }
}

/// The columns without those to which an earlier one has given their meaning already, each with a finding.
pub(super) fn without_doubles(
    mut columns: Columns,
    title: &str,
    place: &Place,
    findings: &mut Vec<Finding>,
) -> Columns {
    let mut first: BTreeMap<Field, u32> = BTreeMap::new();
    for (col, rule) in &mut columns {
        if rule.field == Field::Ignored {
            continue;
        }
        if let Some(earlier) = first.get(&rule.field) {
            let message = format!(
                "{title}把{}列和{}列都写成“{}”，只用了{}列",
                column_letters(*earlier),
                column_letters(*col),
                rule.field.word(),
                column_letters(*earlier)
            );
            let hint = format!("一个意思只能有一列；另一列请写成“{}”或别的意思。", Field::Ignored.word());
            findings.push(Finding::at(&rules::RULES_CONTRADICT, place, message).hint(hint));
            rule.field = Field::Ignored;
        } else {
            first.insert(rule.field, *col);
        }
    }
    columns
}
