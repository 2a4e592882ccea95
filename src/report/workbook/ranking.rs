//! The sheet 排名.

use super::{ACTIVITIES, GAPS, Overview, POINTS, column};
use crate::model::{Align, Cell, CellStyle, Counted, Points, Sheet, SheetLink, State, UnitResult};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn sheet(
    overview: &Overview<'_>,
    title: &str,
    first_activity: &BTreeMap<Arc<str>, usize>,
    first_gap: &BTreeMap<Arc<str>, usize>,
) -> Sheet {
    let grouped = overview.standings.windows(2).any(|pair| matches!(pair, [a, b] if a.group != b.group));
    let mut rows = Vec::new();
    for (at, (standing, result)) in overview.standings.iter().zip(overview.results).enumerate() {
        let to = |sheet: usize, row: Option<usize>| row.map(|row| SheetLink { sheet, row });
        let with = |cell: Cell, link: Option<SheetLink>| Cell { link, ..cell };
        let open = open_demands(result);
        let rank_style = if standing.rank <= 3 { CellStyle::Strong } else { CellStyle::Plain };
        let interval = if standing.best == standing.worst {
            standing.best.to_string()
        } else {
            format!("{}～{}", standing.best, standing.worst)
        };
        let mut row = Vec::new();
        if grouped {
            row.push(Cell::text(&*standing.group));
        }
        row.push(Cell::count(standing.rank).style(rank_style));
        row.push(with(
            Cell::text(&*standing.unit),
            to(ACTIVITIES, first_activity.get(&standing.unit).copied()),
        ));
        row.push(with(Cell::points(standing.total).style(CellStyle::Strong), to(POINTS, Some(at))));
        let open_points = standing.ceiling - standing.total;
        let pending = Cell::points(open_points);
        let pending = if open_points > Points::ZERO { pending.style(CellStyle::Doubtful) } else { pending };
        row.push(with(pending, to(GAPS, first_gap.get(&standing.unit).copied())));
        row.push(Cell::points(result.card.lost));
        row.push(Cell::points(standing.ceiling));
        row.push(Cell::text(interval));
        if grouped {
            let rank = overview.overall.iter().find(|s| s.unit == standing.unit).map_or(0, |s| s.rank);
            row.push(Cell::count(rank));
        }
        let counted = result.counted.iter().filter(|c| **c == Counted::Yes).count();
        row.push(Cell::count(i64::try_from(counted).unwrap_or(i64::MAX)));
        row.push(Cell::count(i64::from(open)));
        row.push(Cell::text(remark(result)));
        rows.push(row);
    }
    let mut columns = Vec::new();
    if grouped {
        columns.push(column("组别", 16, Align::Centre));
    }
    columns.push(column("名次", 7, Align::Centre));
    columns.push(column("单位", 30, Align::Left));
    columns.push(column("得分", 10, Align::Right));
    columns.push(column("待核实分", 10, Align::Right));
    columns.push(column("已扣分", 9, Align::Right));
    columns.push(column("最高可达", 10, Align::Right));
    columns.push(column("名次区间", 10, Align::Centre));
    if grouped {
        columns.push(column("全局位次", 10, Align::Centre));
    }
    columns.push(column("计入活动", 10, Align::Right));
    columns.push(column("待核事项", 10, Align::Right));
    columns.push(column("备注", 30, Align::Left));
    let frozen = if grouped { 3 } else { 2 };
    Sheet {
        name: "排名".into(),
        title: title.to_owned(),
        notes: vec![
            format!("数据截至{}。得分是有记录支撑的分数；待核实分是没有找到记录、尚未核实的部分，不等于没有开展。", overview.scope.until.chinese()),
            "名次按得分排列，同分同名次；名次区间是待核实事项全部有结论后名次可能变动的范围。点单位看活动，点得分看各条目，点待核实分看缺项。".into(),
        ],
        columns,
        rows,
        frozen,
        filter: true,
        landscape: true,
        signature: Some("考核组：                    单位（盖章）：                    日期：        年    月    日".into()),
        ..Sheet::default()
    }
}

/// How many demands of the unit wait for a person, period by period.
fn open_demands(result: &UnitResult) -> u32 {
    let dues = result.card.items.iter().flat_map(|i| &i.requirements).flat_map(|r| &r.dues);
    u32::try_from(dues.filter(|due| due.state == State::Unverified).count()).unwrap_or(u32::MAX)
}

fn remark(result: &UnitResult) -> String {
    let mut remarks = Vec::new();
    if result.files.is_empty() {
        remarks.push("未报送，或报送文件不能读取".to_owned());
    }
    if result.files.len() > 1 {
        remarks.push(format!("报送{}份，合并计算", result.files.len()));
    }
    if let Some(day) = result.unit.founded {
        remarks.push(format!("{}成立", day.chinese()));
    }
    if let Some(day) = result.unit.dissolved {
        remarks.push(format!("{}撤销", day.chinese()));
    }
    remarks.join("；")
}
