//! 填报表: a ledger for each unit to fill in, in the words that it is used to.
//!
//! In: an assessment's folder. Out: the folder 填报表, written aside and swapped in one step; a form that
//! somebody may have begun to fill in stays. Never here: how a form looks.

use super::apart;
use super::inputs::FORMS;
use super::outputs::{Staging, claim};
use super::roll::{self, Roll, UnitRoll};
use super::run::file_names;
use super::sources::{self, ByName};
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::model::{Field, Heading, Table, TableSource};
use crate::render;
use crate::report::workbook::{FormColumn, REQUIRED, STANDARD, USUAL, ledger_form};
use crate::seeds::text::fold;
use crate::seeds::{Catalogue, HeaderTable};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A unit's own columns beyond these are too many for a page.
const MOST_COLUMNS: usize = 16;
/// The longest heading that is taken over.
const LONGEST: usize = 16;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub folder: PathBuf,
    /// For which year.
    pub year: i32,
    /// Forms that are new, or in the place of different ones.
    pub fresh: usize,
    /// Forms that lay there just so.
    pub same: usize,
    /// Names of forms that lay there, differ, and were kept.
    pub kept: Vec<String>,
    /// How many forms have headings of their unit's own.
    pub own_headings: usize,
}

/// Writes a form for each unit; `overwrite`: also over forms that differ.
///
/// # Errors
/// No units or no year to write for, and what stops the writing; the old folder then stays as it was.
pub fn write(
    folder: &Path,
    year: Option<i32>,
    overwrite: bool,
    catalogue: &Catalogue,
    watch: &dyn Watch,
) -> Result<Written> {
    let claim = claim(folder)?;
    let roll = roll::call(folder, catalogue, watch)?;
    let fail = |message: &str| Error::File { path: folder.to_owned(), message: message.to_owned() };
    if roll.units.is_empty() {
        return Err(fail("没有单位名册，也看不出有哪些单位。请放一份 单位名册.xlsx（列名：单位名称）再运行"));
    }
    let year = year
        .or(roll.year)
        .ok_or_else(|| fail("不知道填哪一年的。请加上 --year 2024 这样的年度，或在 考核.toml 里写 年度"))?;
    if !(1990..=2100).contains(&year) {
        return Err(fail(&format!("年度“{year}”不对，请写四位数的年份，如 2024")));
    }
    let names = file_names(roll.units.iter().map(|unit| &*unit.name), &mut Vec::new());
    let staging = Staging::begin(&claim, FORMS, watch)?;
    let target = folder.join(FORMS);
    let ours: BTreeSet<String> = names.iter().map(|name| format!("{name}.xlsx")).collect();
    carry_over(&target, "", &ours, &staging)?;
    watch.stage("写填报表", names.len());
    let inputs = sources::by_name(&roll.inputs);
    let kinds: Vec<(&str, &[String])> =
        catalogue.kinds.all().iter().map(|kind| (kind.id.as_str(), kind.aliases.as_slice())).collect();
    let made: Vec<(Fate, bool)> = roll
        .units
        .par_iter()
        .zip(&names)
        .map(|(unit, name)| {
            let own = own_columns(unit, &roll, &inputs, catalogue);
            let columns = own.clone().unwrap_or_else(usual_columns);
            let bytes = render::xlsx(&ledger_form(&unit.name, year, &columns, &kinds))?;
            let file = format!("{name}.xlsx");
            let lying = std::fs::read(target.join(&file)).ok();
            let fate = match &lying {
                Some(lying) if *lying == bytes => Fate::Same,
                Some(_) if !overwrite => Fate::Kept,
                _ => Fate::Fresh,
            };
            let written = if fate == Fate::Kept { lying.unwrap_or_default() } else { bytes };
            staging.write(&file, &written)?;
            watch.step();
            Ok((fate, own.is_some()))
        })
        .collect::<Result<_>>()?;
    let count = |fate: Fate| made.iter().filter(|(own, _)| *own == fate).count();
    let (fresh, same) = (count(Fate::Fresh), count(Fate::Same));
    let kept = names.iter().zip(&made).filter(|(_, (fate, _))| *fate == Fate::Kept);
    let kept = kept.map(|(name, _)| name.clone()).collect();
    let own_headings = made.iter().filter(|(_, own)| *own).count();
    Ok(Written { folder: staging.finish()?, year, fresh, same, kept, own_headings })
}

/// What became of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Fresh,
    Same,
    Kept,
}

/// Whatever else lies in the folder goes into the new one as it is.
fn carry_over(from: &Path, prefix: &str, ours: &BTreeSet<String>, staging: &Staging) -> Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    let fail = |path: &Path, error: std::io::Error| Error::File {
        path: path.to_owned(),
        message: format!("读不出来（{error}），填报表没有更新。请关闭打开它的程序后再运行"),
    };
    for entry in std::fs::read_dir(from).map_err(|error| fail(from, error))? {
        let path = entry.map_err(|error| fail(from, error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            let message = "文件名不是文字，不能照搬到新的“填报表”里。请把它移走后再运行".to_owned();
            return Err(Error::File { path, message });
        };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            carry_over(&path, &format!("{name}/"), ours, staging)?;
        } else if !ours.contains(&name) {
            staging.write(&name, &std::fs::read(&path).map_err(|error| fail(&path, error))?)?;
        }
    }
    Ok(())
}

fn usual_columns() -> Vec<FormColumn> {
    USUAL.iter().filter_map(|field| FormColumn::usual(*field)).collect()
}

/// The columns of the longest table that a unit has sent, where they make a form.
fn own_columns(
    unit: &UnitRoll,
    roll: &Roll,
    inputs: &ByName<'_>,
    catalogue: &Catalogue,
) -> Option<Vec<FormColumn>> {
    let mut longest: Option<Table> = None;
    for file in &unit.files {
        let Some(bytes) = sources::bytes_of(inputs, file) else { continue };
        // Rules know a file by its name below 报送, which is how a submission is named.
        let submitted = inputs.get(&**file).map_or(&**file, |input| input.submitted.as_str());
        let rules = roll.rules.for_file(submitted);
        for table in apart::understand(file, &bytes, &rules, catalogue).tables {
            let rows = longest.as_ref().map_or(0, |table| table.rows.len());
            if table.source == TableSource::Rows && table.rows.len() > rows {
                longest = Some(table);
            }
        }
    }
    columns_of(&longest?.headings, &catalogue.headers)
}

/// Columns in the wording and order of these headings, with what they lack; none where they do not tell when
/// and what. Every wording is one that is known by itself.
#[must_use]
pub fn columns_of(headings: &[Heading], headers: &HeaderTable) -> Option<Vec<FormColumn>> {
    let mut columns: Vec<FormColumn> = Vec::new();
    for heading in headings {
        let place = STANDARD.iter().any(|(field, ..)| *field == heading.field);
        let again = |own: &FormColumn| {
            own.title == heading.leaf().trim()
                || own.field == heading.field && heading.field != Field::Ignored
        };
        if !place || columns.iter().any(again) {
            continue;
        }
        let title = heading.leaf().trim();
        let minutes = heading.minutes_per_unit;
        let known = headers.whole(&fold(title)) == Some(heading.field)
            && title.chars().count() <= LONGEST
            && !title.contains(char::is_control)
            && (heading.field != Field::Hours || matches!(minutes, Some(1 | 60)));
        let own =
            FormColumn { title: title.to_owned(), field: heading.field, minutes: minutes.unwrap_or(60) };
        let column = if known { Some(own) } else { FormColumn::usual(heading.field) };
        columns.extend(column.filter(|_| known || heading.field != Field::Ignored));
    }
    let has = |columns: &[FormColumn], field: Field| columns.iter().any(|own| own.field == field);
    let tells = has(&columns, Field::Date) && (has(&columns, Field::Title) || has(&columns, Field::Content));
    if !tells || columns.len() > MOST_COLUMNS {
        return None;
    }
    for field in REQUIRED {
        if has(&columns, field) {
            continue;
        }
        let rank = |field: Field| STANDARD.iter().position(|(own, ..)| *own == field);
        let after =
            columns.iter().rposition(|own| own.field != Field::Ignored && rank(own.field) < rank(field));
        let at = after.map_or(0, |at| at + 1);
        let column = FormColumn::usual(field).filter(|new| columns.iter().all(|own| own.title != new.title));
        columns.splice(at..at, column);
    }
    Some(columns)
}
