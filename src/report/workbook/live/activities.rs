//! The sheet 活动 (活动清单): every activity with what it proves, from which everything else is counted.
//!
//! In: the results with their proofs, and the places of the book. Out: the sheet. Never here: counting.

use super::super::{Overview, column};
use super::params::JOINT;
use super::places::{Places, UnitPlaces, activity};
use super::slots::Entries;
use super::terms::{Term, at, call, choose, criterion, derived, is_blank, pair, text, times};
use crate::model::{
    Activity, Align, Allow, Cell, CellStyle, Column, Counted, Date, EntryRule, Expr, Function, Highlight,
    NumberLook, Op, Precision, Ruling, Sheet, Spot, UnitResult, Value, When,
};

/// What 计入 may say.
const COUNTED: [&str; 4] = ["计入", "重复未计", "计划未计", "不计"];
/// A slot that counts for nothing.
const NOTHING: &str = "—";
/// How exact a date may be.
const PRECISION: [&str; 5] = ["日", "月", "季", "半年", "无"];

/// The sheet.
pub(in super::super) fn sheet(overview: &Overview<'_>, places: &Places, name: &str) -> Sheet {
    let mut rows = Vec::new();
    for (result, unit) in overview.results.iter().zip(&places.units) {
        for index in 0..result.activities.len() {
            rows.extend(row(places, unit, result, index));
        }
    }
    let highlights = highlights(places, rows.len());
    let entries = if places.live { entries(overview, places, rows.len()) } else { Vec::new() };
    let change = if places.live {
        "，从下拉列表改动，或改日期、计入，逐项次数和得分随之重算"
    } else {
        ""
    };
    let then = if places.live { "，核实后移到“认定”" } else { "" };
    let mut notes = vec![format!(
        "“认定”列是这项活动佐证的要求编号（名称见“参数”）{change}；“合并认定”是合并活动的其余形式；“待核”列把握不够，没有计分{then}；“其次”是排在后面、没有认定的条目和它的把握；“人工”是核对表里定下来的。"
    )];
    if places.slots.attendance {
        notes.push("“缺勤率”是应到人数中没有到的百分比，没有人数的写-1000，不参加计算。".into());
    }
    if !places.live {
        notes.push(
            "活动较多，次数不从本表用公式数出，而写成数值，所以本表不供改动：佐证的要求、日期请在核对表中改，再运行一次。".into(),
        );
        // What would change nothing is not offered.
        rows.iter_mut().flatten().for_each(|cell| cell.open = false);
    }
    Sheet {
        name: name.into(),
        title: "全部活动及佐证的要求".into(),
        notes,
        columns: columns(places),
        rows,
        frozen: places.shift + 1,
        printed: Some(places.slots.months_at() + places.shift),
        turn: Some(activity::SLOTS + places.shift),
        filter: true,
        landscape: true,
        protected: true,
        entries,
        highlights,
        ..Sheet::default()
    }
}

fn columns(places: &Places) -> Vec<Column> {
    let slots = places.slots;
    let mut columns = Vec::new();
    if places.shift > 0 {
        columns.push(column("单位", 22, Align::Left));
    }
    columns.extend([
        column("序号", 6, Align::Centre),
        column("起始日期", 12, Align::Centre),
        column("截止日期", 12, Align::Centre),
        column("精度", 6, Align::Centre),
        column("类型", 14, Align::Centre),
        column("活动名称", 32, Align::Left),
        column("内容", 48, Align::Left),
        column("应到", 7, Align::Right),
        column("实到", 7, Align::Right),
        column("时长（小时）", 8, Align::Right),
        column("主持或主讲", 11, Align::Centre),
        column("计入", 11, Align::Centre),
    ]);
    let group = |name: &str, count: u16, width: u16| {
        let name = name.to_owned();
        (1..=count)
            .map(move |n| Column { group: name.clone(), ..column(&n.to_string(), width, Align::Centre) })
    };
    columns.extend(group("认定", slots.sure, 9));
    columns.extend(group("合并认定", slots.joint, 9));
    columns.extend(group("待核", slots.open, 9));
    columns.extend([
        column("把握", 8, Align::Right),
        column("其次", 11, Align::Centre),
        column("依据", 56, Align::Left),
        column("文件", 26, Align::Left),
        column("工作表", 12, Align::Left),
        column("单元格", 9, Align::Centre),
    ]);
    columns.extend(
        ["起月", "止月"].map(|title| Column { group: "计算用".into(), ..column(title, 6, Align::Centre) }),
    );
    columns.extend(
        (1..=slots.counting())
            .map(|n| Column { group: "计算用".into(), ..column(&format!("效{n}"), 9, Align::Centre) }),
    );
    if slots.attendance {
        columns.extend(
            ["低勤", "缺勤率"]
                .map(|title| Column { group: "计算用".into(), ..column(title, 8, Align::Right) }),
        );
    }
    columns
}

fn row(places: &Places, unit: &UnitPlaces, result: &UnitResult, index: usize) -> Option<Vec<Cell>> {
    let activity = result.activities.get(index)?;
    let (counted, matches) = (*result.counted.get(index)?, result.matches.get(index)?);
    let proofs = result.proofs.get(index).map_or(&[] as &[_], Vec::as_slice);
    let slots = places.slots;
    let here = unit.activities.0 + index;
    let mut row = Vec::new();
    if places.shift > 0 {
        row.push(Cell::text(&*result.unit.name));
    }
    row.push(Cell::count(i64::try_from(index + 1).unwrap_or(i64::MAX)));
    row.extend(dates(activity));
    let number = |n: Option<u32>| n.map_or_else(Cell::default, Cell::count);
    let status = match counted {
        Counted::Yes | Counted::OtherYear => COUNTED[0],
        Counted::Duplicate(_) => COUNTED[1],
        Counted::Planned => COUNTED[2],
    };
    let status = Cell::text(status).open();
    row.extend([
        Cell::text(activity.kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")),
        Cell::text(&*activity.title),
        Cell::text(activity.description.as_deref().unwrap_or_default()),
        number(activity.expected).open(),
        number(activity.attended).open(),
        activity
            .hours()
            .map_or_else(Cell::default, |hours| Cell { value: Value::Decimal(hours), ..Cell::default() }),
        Cell::text(activity.host.as_deref().unwrap_or_default()),
        if counted == Counted::Yes { status } else { status.style(CellStyle::Muted) },
    ]);
    let entries = Entries::of(proofs, matches, counted);
    for (list, count, style) in [
        (&entries.sure, slots.sure, CellStyle::Plain),
        (&entries.joint, slots.joint, CellStyle::Plain),
        (&entries.open, slots.open, CellStyle::Doubtful),
    ] {
        for slot in 0..usize::from(count) {
            let cell = list.get(slot).map_or_else(Cell::default, |id| Cell::text(*id).style(style));
            row.push(cell.open());
        }
    }
    let ruling = result.rulings.get(index).copied().flatten();
    row.push(match matches.first() {
        _ if ruling.is_some() => Cell::text("人工"),
        Some(best) => Cell { value: Value::Rate(u32::from(best.confidence), 1000), ..Cell::default() },
        None => Cell::default(),
    });
    let next = result.next.get(index).and_then(Option::as_ref);
    row.push(Cell::text(next.map_or_else(String::new, |next| format!("{} {}", next.item, next.surety()))));
    let mut evidence: Vec<String> =
        matches.iter().filter_map(|m| m.evidence.first()).map(|evidence| evidence.sentence.clone()).collect();
    evidence.dedup();
    if ruling == Some(Ruling::NoProof) {
        evidence.push("核对表：不是佐证".to_owned());
    }
    evidence.extend(repeats(counted, activity, &result.activities));
    row.extend([
        Cell::text(evidence.join("\n")),
        Cell::text(&*activity.place.file),
        Cell::text(&*activity.place.sheet),
        Cell::text(activity.place.a1()),
    ]);
    if places.live {
        row.extend(helpers(places, here));
    } else {
        row.extend((slots.months_at()..slots.end()).map(|_| Cell::default()));
    }
    Some(row)
}

/// Where the activity stands that a repeated one repeats.
fn repeats(counted: Counted, activity: &Activity, activities: &[Activity]) -> Option<String> {
    let Counted::Duplicate(other) = counted else { return None };
    let other = &activities.get(other)?.place;
    Some(if other.file != activity.place.file {
        format!("重复，同{other}")
    } else if other.sheet != activity.place.sheet {
        format!("重复，同〔{}〕{}", other.sheet, other.a1())
    } else {
        format!("重复，同{}", other.a1())
    })
}

/// 起始日期, 截止日期, 精度.
fn dates(activity: &Activity) -> [Cell; 3] {
    let date = &activity.date;
    let day = |date: Option<Date>| {
        date.map_or_else(Cell::default, |day| Cell { value: Value::Date(day), ..Cell::default() })
    };
    let Some(start) = date.start.filter(|_| date.valid) else {
        // What cannot be read stays to be seen, as text that counts for nothing.
        let written = Cell::text(date.display());
        let written = if date.valid { written } else { written.style(CellStyle::Bad) };
        return [written.open(), Cell::default().open(), Cell::text(PRECISION[4]).open()];
    };
    let precision = match date.precision {
        Precision::Day | Precision::None => PRECISION[0],
        Precision::Month => PRECISION[1],
        Precision::Quarter => PRECISION[2],
        Precision::Half => PRECISION[3],
    };
    let end = date.end.filter(|end| *end != start);
    [day(Some(start)).open(), day(end).open(), Cell::text(precision).open()]
}

/// 起月, 止月, 效1 …, 低勤, 缺勤率.
fn helpers(places: &Places, row: usize) -> Vec<Cell> {
    let slots = places.slots;
    let cell = |column: u16| at(Spot::cell(row, column + places.shift));
    let year = at(places.param(places.params.year));
    let first = cell(slots.months_at());
    let month_in_year = |date: Term, otherwise: Term| {
        let same = pair(Op::Eq, call(Function::Year, [date.clone()]), year.clone());
        choose(same, call(Function::Month, [date]), otherwise)
    };
    let (start, end) = (cell(activity::START), cell(activity::END));
    let none = call(
        Function::Or,
        [
            pair(Op::Ne, cell(activity::COUNTED), text(COUNTED[0])),
            is_blank(start.clone()),
            pair(Op::Eq, cell(activity::PRECISION), text(PRECISION[4])),
        ],
    );
    let from = choose(none, Expr::Whole(0), month_in_year(start, Expr::Whole(0)));
    let exact = pair(Op::Eq, cell(activity::PRECISION), text(PRECISION[0]));
    let single = call(Function::Or, [exact, is_blank(end.clone())]);
    let nowhere = pair(Op::Eq, first.clone(), Expr::Whole(0));
    let to =
        choose(nowhere.clone(), Expr::Whole(0), choose(single, first.clone(), month_in_year(end, first)));
    let mut cells = vec![derived(from, NumberLook::Whole), derived(to, NumberLook::Whole)];
    for slot in 0..slots.counting() {
        let id = cell(activity::SLOTS + slot);
        let mut without = vec![nowhere.clone(), is_blank(id.clone())];
        if slot > 0 {
            let before = Spot::area(
                row,
                activity::SLOTS + places.shift,
                row,
                activity::SLOTS + places.shift + slot - 1,
            );
            let told = call(Function::CountIf, [at(before), criterion(Op::Eq, id.clone())]);
            without.push(pair(Op::Gt, told, Expr::Whole(0)));
        }
        if slot >= slots.sure {
            let joint = at(places.param(places.params.joint));
            without.push(pair(Op::Eq, joint, text(JOINT[1])));
        }
        cells.push(derived(choose(call(Function::Or, without), text(NOTHING), id), NumberLook::Text));
    }
    if slots.attendance {
        let (expected, attended) = (cell(activity::EXPECTED), cell(activity::ATTENDED));
        let known = || {
            let both =
                [pair(Op::Gt, expected.clone(), Expr::Whole(0)), pair(Op::Ne, attended.clone(), text(""))];
            call(Function::And, both)
        };
        let low = places.params.limit.map_or(Expr::Whole(0), |limit| {
            let have = times(attended.clone(), Expr::Whole(100));
            pair(Op::Lt, have, times(at(places.param(limit)), expected.clone()))
        });
        cells.push(derived(
            choose(known(), choose(low, Expr::Whole(1), Expr::Whole(0)), Expr::Whole(0)),
            NumberLook::Whole,
        ));
        let rate = pair(Op::Div, times(Expr::Whole(100), attended.clone()), expected.clone());
        let absence = call(Function::Round, [pair(Op::Sub, Expr::Whole(100), rate), Expr::Whole(9)]);
        let none = Expr::Whole(super::line::NO_ATTENDANCE);
        cells.push(derived(choose(known(), absence, none), NumberLook::Decimal));
    }
    cells
}

fn entries(overview: &Overview<'_>, places: &Places, rows: usize) -> Vec<EntryRule> {
    let Some(last) = rows.checked_sub(1) else { return Vec::new() };
    let slots = places.slots;
    let area = |first: u16, end: u16| Spot::area(0, first + places.shift, last, end + places.shift);
    let rule = |area: Spot, allow: Allow, title: &str, message: &str| EntryRule {
        area,
        allow,
        title: title.to_owned(),
        message: message.to_owned(),
    };
    let words = |words: &[&str]| Allow::Words(words.iter().map(|word| (*word).to_owned()).collect());
    let year = overview.scope.year;
    let mut rules = Vec::new();
    if let (Some(from), Some(to)) = (Date::new(year - 1, 1, 1), Date::new(year + 1, 12, 31)) {
        let message = "改后按新日期所在的月份计次；不在考核年度的不计。";
        rules.push(rule(area(activity::START, activity::END), Allow::Day(from, to), "日期", message));
    }
    rules.push(rule(
        area(activity::PRECISION, activity::PRECISION),
        words(&PRECISION),
        "日期精度",
        "只写到季的活动不能证明某一个月。",
    ));
    rules.push(rule(
        area(activity::EXPECTED, activity::ATTENDED),
        Allow::Whole(0, 100_000),
        "人数",
        "没有记载的留空。",
    ));
    rules.push(rule(
        area(activity::COUNTED, activity::COUNTED),
        words(&COUNTED),
        "计入",
        "不计入的活动不佐证任何要求。",
    ));
    let (first, end) = places.params.ids;
    let ids = Spot::area(first, 1, end, 1).on(places.sheets.params);
    let last_slot = slots.open_at() + slots.open - 1;
    rules.push(rule(
        area(activity::SLOTS, last_slot),
        Allow::OneOf(ids),
        "佐证编号",
        "这项活动佐证的要求，一格一个；不是佐证的清空。",
    ));
    rules
}

fn highlights(places: &Places, rows: usize) -> Vec<Highlight> {
    let Some(last) = rows.checked_sub(1) else { return Vec::new() };
    let counted = activity::COUNTED + places.shift;
    let not = pair(Op::Ne, at(Spot::cell(0, counted)), text(COUNTED[0]));
    vec![Highlight {
        area: Spot::area(0, counted, last, counted),
        when: When::Holds(not),
        style: CellStyle::Muted,
    }]
}
