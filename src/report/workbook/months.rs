//! The sheet 按月完成: monthly demands, month by month, with colours.

use super::{Overview, column};
use crate::model::{Align, Cell, CellStyle, Column, Due, Period, Sheet, State, Value};

pub(super) fn sheet(overview: &Overview<'_>) -> Sheet {
    let mut rows = Vec::new();
    for result in overview.results {
        let requirements = result.card.items.iter().flat_map(|item| &item.requirements);
        for requirement in requirements.filter(|r| r.period == Period::Month) {
            let mut row = vec![Cell::text(&*result.unit.name), Cell::text(&*requirement.name)];
            row.extend(requirement.dues.iter().map(month));
            let due = requirement.dues.iter().filter(|d| d.state != State::NotApplicable).count();
            let met = requirement.dues.iter().filter(|d| d.state == State::Recorded).count();
            row.push(Cell::count(i64::try_from(due).unwrap_or(i64::MAX)));
            row.push(Cell::count(i64::try_from(met).unwrap_or(i64::MAX)));
            row.push(match (u32::try_from(met), u32::try_from(due)) {
                (Ok(met), Ok(due)) if due > 0 => Cell { value: Value::Rate(met, due), ..Cell::default() },
                _ => Cell::text("—").style(CellStyle::Muted),
            });
            rows.push(row);
        }
    }
    let mut columns = vec![column("单位", 28, Align::Left), column("形式", 18, Align::Left)];
    columns.extend((1..=12).map(|month| Column {
        title: format!("{month}月"),
        group: "按月次数".to_owned(),
        width: 7,
        align: Align::Centre,
        choices: Vec::new(),
        prompt: String::new(),
    }));
    columns.push(column("应开展月数", 8, Align::Right));
    columns.push(column("按时月数", 8, Align::Right));
    columns.push(column("完成率", 9, Align::Right));
    Sheet {
        name: "按月完成".into(),
        title: "三会一课等按月完成情况".into(),
        notes: vec!["绿色：有记录（数字为次数）；黄色：无记录待核实（“待核”表示台账中有可能相关的活动）；红色：经核实未开展；灰色：不适用或未到期。".into()],
        columns,
        rows,
        frozen: 2,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

fn month(due: &Due) -> Cell {
    match due.state {
        State::Recorded if due.found > 0 => Cell::count(due.found).style(CellStyle::Good),
        State::Recorded => Cell::text("已核").style(CellStyle::Good),
        State::Unverified if due.doubtful > 0 => Cell::text("待核").style(CellStyle::Doubtful),
        State::Unverified => Cell::count(due.found).style(CellStyle::Doubtful),
        State::NotHeld => Cell::text("未开展").style(CellStyle::Bad),
        State::NotApplicable => Cell::text("—").style(CellStyle::Muted),
    }
}
