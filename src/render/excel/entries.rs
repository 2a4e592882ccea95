//! What a person may enter: drop-downs, bounds, messages, and the lock on all other cells.
//!
//! In: the rules of a sheet. Out: validations and protection of the worksheet. Never here: values.

use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Formula, ProtectionOptions, Worksheet, XlsxError,
};

use super::formula;
use super::parts;
use super::sheet::Plan;
use crate::model::{Allow, Date, EntryRule, Points};

/// Excel's limit for a drop-down list, in units of UTF-16 with the commas.
pub(super) const LONGEST_LIST: usize = 255;
const LONGEST_TITLE: usize = 32;
const LONGEST_MESSAGE: usize = 255;

/// Validations over the areas of a sheet's entry rules.
pub(super) fn offer(
    worksheet: &mut Worksheet,
    plan: &Plan<'_>,
    own: usize,
    all: &[Plan<'_>],
) -> Result<(), XlsxError> {
    for rule in &plan.sheet().entries {
        let Some(validation) = validation(rule, own, all)? else { continue };
        let area = &rule.area;
        let (first, last) = (plan.row(area.row), plan.row(area.last_row));
        worksheet.add_data_validation(first, area.col, last, area.last_col, &validation)?;
    }
    Ok(())
}

fn validation(rule: &EntryRule, own: usize, all: &[Plan<'_>]) -> Result<Option<DataValidation>, XlsxError> {
    let new = DataValidation::new();
    let (kind, error) = match &rule.allow {
        Allow::Words(words) => {
            // Excel calls a file with a longer list damaged.
            if words.join(",").encode_utf16().count() > LONGEST_LIST {
                return Ok(None);
            }
            (new.allow_list_strings(words)?, "请从下拉列表中选择，或者留空。".to_owned())
        }
        Allow::OneOf(spot) => {
            let list = Formula::new(format!("={}", formula::place(&spot.fixed(), own, all)));
            (new.allow_list_formula(list), "请从下拉列表中选择，或者留空。".to_owned())
        }
        Allow::Points(least, most) => (
            new.allow_decimal_number(DataValidationRule::Between(float(*least), float(*most))),
            format!("请填{least}到{most}之间的数，或者留空。"),
        ),
        Allow::Whole(least, most) => (
            new.allow_whole_number(DataValidationRule::Between(whole(*least), whole(*most))),
            format!("请填{least}到{most}之间的整数，或者留空。"),
        ),
        Allow::Day(first, last) => match (day(*first), day(*last)) {
            (Some(from), Some(to)) => (
                new.allow_date(DataValidationRule::Between(from, to)),
                format!("请填{first}到{last}之间的日期，或者留空。"),
            ),
            _ => return Ok(None),
        },
    };
    let mut kind = kind.set_error_title("填写有误")?.set_error_message(cut(&error, LONGEST_MESSAGE))?;
    if !rule.title.is_empty() {
        kind = kind.set_input_title(cut(&rule.title, LONGEST_TITLE))?;
    }
    if !rule.message.is_empty() {
        kind = kind.set_input_message(cut(&rule.message, LONGEST_MESSAGE))?;
    }
    Ok(Some(kind))
}

/// Locks all but the open cells, without a password; columns may be widened, filters used.
pub(super) fn lock(worksheet: &mut Worksheet) {
    let options = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    worksheet.protect_with_options(&options);
}

#[expect(clippy::cast_precision_loss, reason = "points have far fewer digits than a double")]
fn float(points: Points) -> f64 {
    points.hundredths() as f64 / 100.0
}

fn whole(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}

fn day(date: Date) -> Option<ExcelDateTime> {
    let (year, month, day) = parts(date)?;
    ExcelDateTime::from_ymd(year, month, day).ok()
}

fn cut(text: &str, longest: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|character| {
            used += character.len_utf16();
            used <= longest
        })
        .collect()
}
