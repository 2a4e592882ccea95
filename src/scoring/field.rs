//! The values of 评分 over all units of a group: the best, and each unit's place.

use crate::model::{External, Points, Unit};
use std::collections::BTreeMap;

/// Values by column and unit, with the values of each group in falling order.
pub(super) struct Field<'a> {
    external: &'a External,
    groups: BTreeMap<&'a str, Vec<&'a Unit>>,
    columns: BTreeMap<(&'a str, &'a str), Column>,
}

#[derive(Debug, Default)]
struct Column {
    /// Falling.
    values: Vec<Points>,
    missing: u32,
}

impl<'a> Field<'a> {
    pub(super) fn new(units: &[&'a Unit], columns: &[&'a str], external: &'a External) -> Self {
        let mut groups: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
        for unit in units {
            groups.entry(unit.group.as_str()).or_default().push(unit);
        }
        let mut field = Self { external, groups, columns: BTreeMap::new() };
        for &column in columns {
            for (&group, members) in &field.groups {
                let mut values: Vec<Points> =
                    members.iter().filter_map(|unit| field.value(&unit.name, column)).collect();
                values.sort_unstable_by(|a, b| b.cmp(a));
                let missing = u32::try_from(members.len() - values.len()).unwrap_or(u32::MAX);
                field.columns.insert((group, column), Column { values, missing });
            }
        }
        field
    }

    pub(super) fn value(&self, unit: &std::sync::Arc<str>, column: &str) -> Option<Points> {
        self.external.values.get(&(unit.clone(), column.to_owned())).map(|given| given.value)
    }

    /// The best value, at the low and at the high end: a missing value may turn out the best there can be.
    pub(super) fn best(&self, group: &str, column: &str, full: Option<Points>) -> [Option<Points>; 2] {
        let Some(column) = self.columns.get(&(group, column)) else { return [None; 2] };
        let known = column.values.first().copied();
        let low =
            if column.missing == 0 { known } else { full.map(|full| known.map_or(full, |k| k.max(full))) };
        [low, known]
    }

    /// The place of a value, at the low end (missing values ahead) and at the high end (missing values behind).
    pub(super) fn place(&self, group: &str, column: &str, value: Option<Points>) -> [u32; 2] {
        let (Some(column), Some(value)) = (self.columns.get(&(group, column)), value) else { return [0; 2] };
        let ahead = column.values.partition_point(|other| *other > value);
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        [ahead + column.missing + 1, ahead + 1]
    }
}
