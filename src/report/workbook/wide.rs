//! The ranking workbook of very many units: figures only. How they came about stands in each unit's own book.
//!
//! In: an overview whose results may stand in brief. Out: the [`Book`]. Never here: formulas over all units,
//! which take a spreadsheet minutes at that size.

use super::{Overview, alike, audit, column, rules, state};
use crate::model::{
    Align, AwardPlace, Cell, CellStyle, Column, Counted, ItemId, Points, Sheet, Standing, UnitResult,
    UnitScore,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most rows of the sheets that list what was noticed and what was left out.
const MOST_LISTED: usize = 20_000;

/// The sheets of the workbook with its title. Each is made when it is asked for, so that not all of them have to be
/// held at once.
pub fn wide_sheets<'a>(overview: &'a Overview<'_>) -> (String, impl Iterator<Item = Sheet> + 'a) {
    let title = format!("{}{}年度党建工作考核排名表", overview.scope.bureau, overview.scope.year);
    let listed = Overview {
        findings: first(overview.findings),
        files: first(overview.files),
        excluded: first(overview.excluded),
        ..*overview
    };
    let heading = title.clone();
    let sheet = move |at: u8| match at {
        0 => ranking(overview, &heading),
        1 => items(overview),
        2 => awards(overview),
        3 => alike::sheet(overview),
        4 => of_all(audit::findings(&listed), overview.findings.len()),
        5 => of_all(audit::files(&listed), overview.files.len()),
        6 => of_all(audit::excluded(&listed), overview.excluded.len()),
        _ => rules::sheet(overview),
    };
    (title, (0..8).map(sheet))
}

/// As many rows as can be looked through.
fn first<T>(rows: &[T]) -> &[T] {
    rows.get(..MOST_LISTED).unwrap_or(rows)
}

/// A sheet with the first of so many rows, and a note about the others.
fn of_all(mut sheet: Sheet, count: usize) -> Sheet {
    let left = count.saturating_sub(MOST_LISTED);
    if left > 0 {
        sheet.notes.push(format!(
            "共{count}行，这里列出前{MOST_LISTED}行，其余{left}行用 shuzhi check 按单位查看。"
        ));
    }
    sheet
}

fn ranking(overview: &Overview<'_>, title: &str) -> Sheet {
    let scheme = overview.scheme;
    let graded = !scheme.grades.is_empty();
    let mut columns = vec![
        column("组别", 16, Align::Left),
        column("名次", 7, Align::Centre),
        column("单位", 30, Align::Left),
    ];
    columns.extend(scheme.blocks.iter().map(|block| column(&block.name, 10, Align::Right)));
    columns.extend(["总分", "待核分", "最高可达"].map(|title| column(title, 10, Align::Right)));
    columns.extend(["最好名次", "最差名次", "全局位次"].map(|title| column(title, 8, Align::Centre)));
    if graded {
        columns.push(column("等次建议", 12, Align::Centre));
    }
    columns.extend(["计入活动", "待核事项", "报送份数"].map(|title| column(title, 8, Align::Right)));
    let overall: BTreeMap<&Arc<str>, u32> =
        overview.overall.iter().map(|standing| (&standing.unit, standing.rank)).collect();
    let row = |((standing, result), score): ((&Standing, &UnitResult), &UnitScore)| {
        let rank = overall.get(&standing.unit).copied().unwrap_or_default();
        let open = overview.open.get(&standing.unit).copied().unwrap_or_default();
        cells(overview, (standing, result, score), rank, open)
    };
    let rows = overview.standings.iter().zip(overview.results).zip(overview.scores).map(row).collect();
    let mut notes = vec![
        format!(
            "数据截至{}。总分是有记录支撑的分数；待核分是没有找到记录、尚未核实的部分，不等于没有开展。",
            overview.scope.until.chinese()
        ),
        format!(
            "共{}个单位，数多，这张表只列数，不带公式；每个数怎样得来，见“评分表”文件夹里各单位自己的评分表，那里可以改、可以试算。待核事项按影响排在核对表里。",
            overview.standings.len()
        ),
    ];
    if scheme.example {
        notes.insert(0, format!("采用的计分方案“{}”是示例，不是任何单位的规定。", scheme.name));
    }
    Sheet {
        name: "排名".into(),
        title: format!("{title}{}", state(overview.open_questions())),
        notes,
        columns,
        rows,
        frozen: 3,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

fn cells(
    overview: &Overview<'_>,
    (standing, result, score): (&Standing, &UnitResult, &UnitScore),
    overall: u32,
    open: u32,
) -> Vec<Cell> {
    let rank_style = if standing.rank <= 3 { CellStyle::Strong } else { CellStyle::Plain };
    let mut cells = vec![
        Cell::text(&*standing.group),
        Cell::count(standing.rank).style(rank_style),
        Cell::text(&*standing.unit),
    ];
    cells.extend(overview.scheme.blocks.iter().map(|block| {
        match score.blocks.iter().find(|score| score.block == block.id) {
            None => Cell::text("—").style(CellStyle::Muted),
            Some(score) if score.applicable == Points::ZERO => Cell::text("不适用").style(CellStyle::Muted),
            Some(score) => Cell::points(score.points.low),
        }
    }));
    let pending = standing.ceiling - standing.total;
    let style = if pending > Points::ZERO { CellStyle::Doubtful } else { CellStyle::Plain };
    cells.push(Cell::points(standing.total).style(CellStyle::Strong));
    cells.push(Cell::points(pending).style(style));
    cells.push(Cell::points(standing.ceiling));
    cells.extend([standing.best, standing.worst, overall].map(Cell::count));
    if !overview.scheme.grades.is_empty() {
        cells.push(standing.grade.as_ref().map_or_else(Cell::default, |grade| {
            Cell::text(format!("{}{}", grade.name, if grade.tied { "（并列待定）" } else { "" }))
        }));
    }
    let counted = result.counted.iter().filter(|counted| **counted == Counted::Yes).count();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    cells.extend([Cell::count(number(counted)), Cell::count(open), Cell::count(number(result.files.len()))]);
    cells
}

/// The points of each duty item.
fn items(overview: &Overview<'_>) -> Sheet {
    let all: Vec<(&str, &ItemId)> = overview
        .rules
        .iter()
        .flat_map(|rules| rules.list.items.iter().map(move |item| (rules.list.title.as_str(), &item.id)))
        .collect();
    let mut columns = vec![column("组别", 16, Align::Left), column("单位", 30, Align::Left)];
    columns.extend(
        all.iter().map(|(list, item)| Column {
            group: (*list).to_owned(),
            ..column(item.as_str(), 8, Align::Right)
        }),
    );
    let rows = overview
        .results
        .iter()
        .map(|result| {
            let own: BTreeMap<&ItemId, Points> =
                result.card.items.iter().map(|score| (&score.item, score.earned)).collect();
            let mut cells = vec![Cell::text(&*result.unit.group), Cell::text(&*result.unit.name)];
            cells.extend(
                all.iter().map(|(_, item)| own.get(item).copied().map_or_else(Cell::default, Cell::points)),
            );
            cells
        })
        .collect();
    Sheet {
        name: "条目得分".into(),
        title: "各条目得分（按要求折算，不含加减分）".into(),
        notes: vec![
            "空白的是不用这份清单的单位。各条目的要求、应有次数、实有次数和佐证见各单位的评分表。".into(),
        ],
        columns,
        rows,
        frozen: 2,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

/// Who is proposed, or stands at the line; the others are counted.
fn awards(overview: &Overview<'_>) -> Sheet {
    let mut rows = Vec::new();
    let mut outside = 0;
    for standing in overview.standings {
        for awarded in &standing.awards {
            let style = match awarded.place {
                AwardPlace::In => CellStyle::Good,
                AwardPlace::Tied => CellStyle::Doubtful,
                AwardPlace::NotEligible | AwardPlace::Outside if awarded.firm => {
                    outside += 1;
                    continue;
                }
                AwardPlace::NotEligible | AwardPlace::Outside => CellStyle::Muted,
            };
            rows.push(vec![
                Cell::text(&*awarded.award),
                Cell::text(&*standing.group),
                Cell::count(standing.rank),
                Cell::text(&*standing.unit),
                Cell::points(standing.total),
                Cell::text(awarded.place.as_str()).style(style),
                Cell::text(if awarded.firm { "已定" } else { "待核后可能变动" }),
                Cell::text(&*awarded.reason),
            ]);
        }
    }
    Sheet {
        name: "表彰建议".into(),
        title: "表彰建议及理由".into(),
        notes: vec![
            format!("列出入围的、并列待定的和待核后可能变动的；已经确定不入围的{outside}个不列。"),
            "名额线上总分（含同分比较）相同的都标“并列待定”，由考核组定。".into(),
        ],
        columns: vec![
            column("表彰项目", 20, Align::Left),
            column("组别", 14, Align::Centre),
            column("名次", 7, Align::Centre),
            column("单位", 28, Align::Left),
            column("总分", 9, Align::Right),
            column("建议", 12, Align::Centre),
            column("是否已定", 14, Align::Centre),
            column("理由", 50, Align::Left),
        ],
        rows,
        frozen: 4,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}
