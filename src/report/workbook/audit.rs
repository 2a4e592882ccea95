//! The sheets 问题提示, 行数核对 and 剔除明细: what was noticed, and that no row was lost.

use super::{Overview, column};
use crate::model::{Align, Cell, CellStyle, Severity, Sheet};

pub(super) fn findings(overview: &Overview<'_>) -> Sheet {
    let rows = overview
        .findings
        .iter()
        .map(|finding| {
            let style = match finding.rule.severity {
                Severity::Error => CellStyle::Bad,
                Severity::Warning => CellStyle::Doubtful,
                Severity::Note => CellStyle::Plain,
            };
            let (file, sheet, cell) = finding.place.as_ref().map_or_else(
                || (String::new(), String::new(), String::new()),
                |place| (place.file.to_string(), place.sheet.to_string(), place.a1()),
            );
            vec![
                Cell::text(finding.rule.severity.as_str()).style(style),
                Cell::text(finding.rule.code),
                Cell::text(finding.rule.name),
                Cell::text(file),
                Cell::text(sheet),
                Cell::text(cell),
                Cell::text(&*finding.message),
                Cell::text(finding.advice()),
            ]
        })
        .collect();
    Sheet {
        name: "问题提示".into(),
        title: "读取和核对中发现的问题".into(),
        notes: vec!["“错误”必须处理，“提醒”应当核对，“说明”供了解。".into()],
        columns: vec![
            column("级别", 8, Align::Centre),
            column("编号", 8, Align::Centre),
            column("问题", 16, Align::Left),
            column("文件", 36, Align::Left),
            column("工作表", 14, Align::Left),
            column("单元格", 9, Align::Centre),
            column("具体情况", 56, Align::Left),
            column("怎样处理", 46, Align::Left),
        ],
        rows,
        frozen: 3,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

pub(super) fn files(overview: &Overview<'_>) -> Sheet {
    let rows = overview
        .files
        .iter()
        .map(|file| {
            let sums = file.counts.nonblank == file.counts.activity_rows + file.counts.excluded;
            let reasons: Vec<String> =
                file.reasons.iter().map(|(reason, count)| format!("{}{count}行", reason.as_str())).collect();
            let verdict = if !file.error.is_empty() {
                Cell::text(&*file.error).style(CellStyle::Bad)
            } else if sums {
                Cell::text("相符").style(CellStyle::Good)
            } else {
                Cell::text("不符").style(CellStyle::Bad)
            };
            vec![
                Cell::text(&*file.file),
                Cell::text(&*file.unit),
                Cell::count(file.counts.nonblank),
                Cell::count(file.counts.activity_rows),
                Cell::count(file.counts.excluded),
                verdict,
                Cell::count(i64::try_from(file.activities).unwrap_or(i64::MAX)),
                Cell::text(reasons.join("、")),
            ]
        })
        .collect();
    Sheet {
        name: "行数核对".into(),
        title: "每个文件的行数核对".into(),
        notes: vec!["非空行＝取出活动的行＋剔除的行。一行可以写几项活动，所以活动数可能多于行数。".into()],
        columns: vec![
            column("文件", 44, Align::Left),
            column("计入单位", 28, Align::Left),
            column("非空行", 9, Align::Right),
            column("活动行", 9, Align::Right),
            column("剔除行", 9, Align::Right),
            column("核对", 22, Align::Centre),
            column("活动数", 9, Align::Right),
            column("剔除原因", 50, Align::Left),
        ],
        rows,
        frozen: 1,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

pub(super) fn excluded(overview: &Overview<'_>) -> Sheet {
    let rows = overview
        .excluded
        .iter()
        .map(|row| {
            vec![
                Cell::text(&*row.place.file),
                Cell::text(&*row.place.sheet),
                Cell::count(row.place.row),
                Cell::text(row.reason.as_str()),
                Cell::text(&*row.text),
            ]
        })
        .collect();
    Sheet {
        name: "剔除明细".into(),
        title: "没有作为活动的行".into(),
        notes: vec!["如有误剔除的，请报送单位调整格式后重新报送。".into()],
        columns: vec![
            column("文件", 44, Align::Left),
            column("工作表", 16, Align::Left),
            column("行号", 8, Align::Right),
            column("原因", 14, Align::Centre),
            column("该行开头的文字", 70, Align::Left),
        ],
        rows,
        frozen: 0,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}
