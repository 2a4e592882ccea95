//! The sheet 雷同记录: records of like text, two by two, side by side.

use super::{Overview, column};
use crate::model::{
    Align, AlikeGroup, AlikePair, Cell, CellStyle, Column, Precision, RecordAt, Relation, Sheet, UnitResult,
    Value,
};

/// Characters of a record's text that are shown.
const TEXT: usize = 160;
const NAME: &str = "雷同记录";

pub(super) fn sheet(overview: &Overview<'_>) -> Sheet {
    let alikes = overview.alikes;
    let mut rows = Vec::new();
    for (number, group) in (1_i64..).zip(&alikes.groups) {
        rows.extend(group.pairs.iter().map(|pair| row(overview, number, pair)));
        rows.extend(rest(number, group));
    }
    let side = |side: &str, title: &str, width: u16, align: Align| Column {
        group: side.to_owned(),
        ..column(title, width, align)
    };
    let mut columns = vec![column("序号", 6, Align::Centre), column("相似程度", 8, Align::Centre)];
    for name in ["甲", "乙"] {
        columns.push(side(name, "单位", 20, Align::Left));
        columns.push(side(name, "日期", 12, Align::Centre));
        columns.push(side(name, "文字", 46, Align::Left));
        columns.push(side(name, "出处", 24, Align::Left));
    }
    columns.push(column("提示", 16, Align::Centre));
    Sheet {
        name: NAME.into(),
        title: "文字雷同、请核实的记录".into(),
        notes: vec![
            summary(overview),
            "雷同只说明文字相近，不等于照抄，更不等于没有开展；请向有关单位核实，并对照原始记录本。序号相同的为一组，左右两条对照着看。".into(),
            alikes.terms.clone(),
        ],
        columns,
        rows,
        frozen: 1,
        filter: true,
        landscape: true,
        ..Sheet::default()
    }
}

/// How much was found, and how much of it is not shown.
fn summary(overview: &Overview<'_>) -> String {
    let alikes = overview.alikes;
    let pairs: usize = alikes.groups.iter().flat_map(|group| group.counts.values()).sum();
    let (groups, pairs) = (alikes.groups.len() + alikes.more_groups, pairs + alikes.more_pairs);
    if groups == 0 {
        return "没有发现雷同的记录。".to_owned();
    }
    let shown: usize = alikes.groups.iter().map(|group| group.pairs.len()).sum();
    let mut text = format!("共{groups}组、{pairs}条");
    if shown < pairs {
        text += &format!("，列出{shown}条，其余{}条没有列出", pairs - shown);
        if alikes.more_groups > 0 {
            text += &format!("（其中{}组一条也没有列出，都比列出的组小）", alikes.more_groups);
        }
    }
    text + "。"
}

fn row(overview: &Overview<'_>, number: i64, pair: &AlikePair) -> Vec<Cell> {
    let mut row =
        vec![Cell::count(number), Cell { value: Value::Rate(pair.shared, pair.all), ..Cell::default() }];
    for at in [pair.first, pair.second] {
        row.extend(record(overview, at));
    }
    let style = if pair.relation == Relation::Joint { CellStyle::Plain } else { CellStyle::Doubtful };
    row.push(Cell::text(pair.relation.as_str()).style(style));
    row
}

/// Unit, date, text and place of a record.
fn record(overview: &Overview<'_>, at: RecordAt) -> [Cell; 4] {
    let result = overview.results.get(at.unit);
    let kept = |result: &'_ UnitResult| result.activities.get(at.activity).cloned();
    let activity = result.and_then(|result| kept(result).or_else(|| overview.records.get(&at).cloned()));
    let Some((result, activity)) = result.zip(activity) else {
        return Default::default();
    };
    let date = match (activity.date.precision, activity.date.start, activity.date.end) {
        (Precision::Day, Some(start), Some(end)) if start == end => {
            Cell { value: Value::Date(start), ..Cell::default() }
        }
        _ => Cell::text(activity.date.display()),
    };
    let content = activity.description.as_deref().unwrap_or_default();
    let between = if content.is_empty() || activity.title.is_empty() { "" } else { "：" };
    let whole = format!("{}{between}{content}", activity.title);
    let mut text: String = whole.chars().take(TEXT).collect();
    if text.len() < whole.len() {
        text.push_str("……");
    }
    [Cell::text(&*result.unit.name), date, Cell::text(text), Cell::text(activity.place.to_string())]
}

/// A line that tells how many pairs of a group are not shown.
fn rest(number: i64, group: &AlikeGroup) -> Option<Vec<Cell>> {
    if group.more() == 0 {
        return None;
    }
    let counts: Vec<String> =
        group.counts.iter().map(|(relation, count)| format!("{}{count}条", relation.as_str())).collect();
    let text = format!("本组共{}，另有{}条没有列出", counts.join("、"), group.more());
    let mut row = vec![Cell::default(); 11];
    for (at, cell) in [(0, Cell::count(number)), (4, Cell::text(text).style(CellStyle::Muted))] {
        if let Some(slot) = row.get_mut(at) {
            *slot = cell;
        }
    }
    Some(row)
}
