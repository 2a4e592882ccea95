//! The functions of a spreadsheet that the workbooks use.

use super::evaluate::{Leaves, alike, same, value};
use super::{Area, Exact, Fault, Value};
use crate::model::{Cut, Date, Expr, Function, Op};

pub(super) fn call<L>(
    function: Function,
    arguments: &[Expr<L>],
    leaves: &impl Leaves<L>,
    areas: bool,
) -> Result<Value, Fault> {
    let get = |at: usize| value(arguments.get(at).ok_or(Fault::Shape)?, leaves, areas);
    let number = |at: usize| get(at)?.number();
    let within = |number: Option<Exact>| number.map(Value::Number).ok_or(Fault::Range);
    let numbers = || listed(arguments, leaves, areas);
    match function {
        Function::If => {
            if get(0)?.truth()? {
                get(1)
            } else if arguments.len() > 2 {
                get(2)
            } else {
                Ok(Value::Bool(false))
            }
        }
        Function::IfError => get(0).or_else(|_| get(1)),
        Function::And => Ok(Value::Bool(numbers()?.iter().all(|number| !number.is_zero()))),
        Function::Or => Ok(Value::Bool(numbers()?.iter().any(|number| !number.is_zero()))),
        Function::Not => Ok(Value::Bool(!get(0)?.truth()?)),
        Function::Sum => within(total(numbers()?)),
        Function::Max => Ok(Value::Number(numbers()?.into_iter().max().unwrap_or(Exact::ZERO))),
        Function::Min => Ok(Value::Number(numbers()?.into_iter().min().unwrap_or(Exact::ZERO))),
        Function::SumProduct => sum_product(arguments, leaves),
        Function::CountIf | Function::CountIfs => {
            let matching = chosen(arguments, leaves)?;
            Ok(Value::whole(i64::try_from(matching.iter().filter(|yes| **yes).count()).unwrap_or(i64::MAX)))
        }
        Function::SumIfs => {
            let (first, rest) = arguments.split_first().ok_or(Fault::Shape)?;
            let summed = area(value(first, leaves, true)?);
            let matching = chosen(rest, leaves)?;
            if summed.cells.len() != matching.len() {
                return Err(Fault::Shape);
            }
            let parts = summed.cells.iter().zip(matching).filter(|(_, yes)| *yes);
            within(total(parts.filter_map(|(cell, _)| plain(cell))))
        }
        Function::CountA => {
            let mut count = 0;
            for at in 0..arguments.len() {
                count += area(get(at)?).cells.iter().filter(|cell| **cell != Value::Blank).count();
            }
            Ok(Value::whole(i64::try_from(count).unwrap_or(i64::MAX)))
        }
        Function::Sign => Ok(Value::whole(number(0)?.signum())),
        Function::Round => rounded(number(0)?, number(1)?, Cut::Nearest),
        Function::RoundDown => rounded(number(0)?, number(1)?, Cut::Down),
        Function::RoundUp => rounded(number(0)?, number(1)?, Cut::Up),
        Function::Year => Ok(Value::whole(i64::from(day(number(0)?)?.year()))),
        Function::Month => Ok(Value::whole(i64::from(day(number(0)?)?.month()))),
        Function::Index => {
            let from = area(get(0)?);
            let col = if arguments.len() > 2 { Some(number(2)?) } else { None };
            index(&from, number(1)?, col)
        }
        Function::Match => {
            if number(2)? != Exact::ZERO {
                return Err(Fault::Unsupported);
            }
            let (sought, within) = (get(0)?, area(get(1)?));
            if matches!(&sought, Value::Text(text) if wild(text)) {
                return Err(Fault::Unsupported);
            }
            let found = within.cells.iter().position(|cell| *cell != Value::Blank && same(cell, &sought));
            found.map(|at| Value::whole(i64::try_from(at + 1).unwrap_or(i64::MAX))).ok_or(Fault::NotFound)
        }
        Function::Large => {
            let mut sorted: Vec<Exact> = area(get(0)?).cells.iter().filter_map(plain).collect();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let place = number(1)?.to_whole().and_then(|place| usize::try_from(place - 1).ok());
            place.and_then(|at| sorted.get(at)).map(|found| Value::Number(*found)).ok_or(Fault::NotFound)
        }
        Function::Quartile => {
            let sorted: Vec<Exact> = area(get(0)?).cells.iter().filter_map(plain).collect();
            quartile(sorted, number(1)?)
        }
        Function::Text => shaped(number(0)?, &get(1)?.text()?),
    }
}

/// The numbers among arguments: of a reference only its numbers, of anything else its value.
fn listed<L>(arguments: &[Expr<L>], leaves: &impl Leaves<L>, areas: bool) -> Result<Vec<Exact>, Fault> {
    let mut numbers = Vec::new();
    for argument in arguments {
        match value(argument, leaves, areas)? {
            Value::Area(area) => numbers.extend(area.cells.iter().filter_map(plain)),
            single if matches!(argument, Expr::Leaf(_)) => numbers.extend(plain(&single)),
            single => numbers.push(single.number()?),
        }
    }
    Ok(numbers)
}

/// The number that stands in a cell of an area.
fn plain(cell: &Value) -> Option<Exact> {
    if let Value::Number(number) = cell { Some(*number) } else { None }
}

fn total(numbers: impl IntoIterator<Item = Exact>) -> Option<Exact> {
    numbers.into_iter().try_fold(Exact::ZERO, Exact::plus)
}

fn area(value: Value) -> Area {
    match value {
        Value::Area(area) => area,
        single => Area { cols: 1, cells: vec![single] },
    }
}

fn sum_product<L>(arguments: &[Expr<L>], leaves: &impl Leaves<L>) -> Result<Value, Fault> {
    let mut areas = Vec::new();
    for argument in arguments {
        areas.push(area(value(argument, leaves, true)?));
    }
    let first = areas.first().ok_or(Fault::Shape)?;
    let (cols, length) = (first.cols, first.cells.len());
    if areas.iter().any(|area| area.cols != cols || area.cells.len() != length) {
        return Err(Fault::Shape);
    }
    let mut sum = Exact::ZERO;
    for at in 0..length {
        let mut product = Exact::ONE;
        for area in &areas {
            let factor = match area.cells.get(at) {
                Some(Value::Number(number)) => *number,
                // Excel takes TRUE for nothing here; who means it must multiply.
                Some(Value::Bool(_)) => return Err(Fault::Sort),
                _ => Exact::ZERO,
            };
            product = product.times(factor).ok_or(Fault::Range)?;
        }
        sum = sum.plus(product).ok_or(Fault::Range)?;
    }
    Ok(Value::Number(sum))
}

/// Which cells meet all the criteria: pairs of area and criterion.
fn chosen<L>(arguments: &[Expr<L>], leaves: &impl Leaves<L>) -> Result<Vec<bool>, Fault> {
    let mut matching: Option<Vec<bool>> = None;
    for pair in arguments.chunks(2) {
        let [range, criterion] = pair else { return Err(Fault::Shape) };
        let cells = area(value(range, leaves, true)?).cells;
        let (op, sought) = match criterion {
            Expr::Criterion(op, of) => (*op, value(of, leaves, false)?),
            other => (Op::Eq, value(other, leaves, false)?),
        };
        let met = cells.iter().map(|cell| meets(cell, op, &sought)).collect::<Result<Vec<bool>, Fault>>()?;
        matching = Some(match matching {
            None => met,
            Some(before) if before.len() == met.len() => {
                before.into_iter().zip(met).map(|(a, b)| a && b).collect()
            }
            Some(_) => return Err(Fault::Shape),
        });
    }
    matching.ok_or(Fault::Shape)
}

/// Whether text holds what Excel takes for a pattern.
fn wild(text: &str) -> bool {
    text.contains(['*', '?', '~'])
}

fn meets(cell: &Value, op: Op, sought: &Value) -> Result<bool, Fault> {
    match (op, sought) {
        (_, Value::Text(text)) if wild(text) || text.starts_with(['<', '>', '=']) => Err(Fault::Unsupported),
        (Op::Eq, Value::Text(text)) if text.is_empty() => {
            Ok(matches!(cell, Value::Blank) || matches!(cell, Value::Text(t) if t.is_empty()))
        }
        (Op::Eq, Value::Text(text)) => Ok(matches!(cell, Value::Text(t) if alike(t, text))),
        (Op::Ne, Value::Text(text)) if !text.is_empty() => {
            Ok(!matches!(cell, Value::Text(t) if alike(t, text)))
        }
        (_, Value::Text(_) | Value::Area(_) | Value::Bool(_)) | (Op::Ne, Value::Blank) => {
            Err(Fault::Unsupported)
        }
        (_, Value::Blank | Value::Number(_)) => {
            let sought = sought.number()?;
            let Some(number) = plain(cell) else { return Ok(op == Op::Ne) };
            Ok(match op {
                Op::Eq => number == sought,
                Op::Ne => number != sought,
                Op::Lt => number < sought,
                Op::Le => number <= sought,
                Op::Gt => number > sought,
                Op::Ge => number >= sought,
                Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Join => return Err(Fault::Unsupported),
            })
        }
    }
}

fn rounded(number: Exact, places: Exact, how: Cut) -> Result<Value, Fault> {
    let places = places.to_whole().and_then(|places| u32::try_from(places).ok()).ok_or(Fault::Unsupported)?;
    number.round(places, how).map(Value::Number).ok_or(Fault::Range)
}

fn day(serial: Exact) -> Result<Date, Fault> {
    let whole = serial.round(0, Cut::Down).and_then(Exact::to_whole).ok_or(Fault::Range)?;
    let small = i32::try_from(whole).map_err(|_| Fault::Range)?;
    Date::from_serial(f64::from(small)).ok_or(Fault::Sort)
}

fn index(from: &Area, first: Exact, second: Option<Exact>) -> Result<Value, Fault> {
    let place = |number: Exact| {
        number.to_whole().and_then(|n| usize::try_from(n).ok()).and_then(|n| n.checked_sub(1))
    };
    let first = place(first).ok_or(Fault::NotFound)?;
    let (row, col) = match second {
        Some(second) => (first, place(second).ok_or(Fault::NotFound)?),
        None if from.rows() == 1 => (0, first),
        None if from.cols == 1 => (first, 0),
        None => return Err(Fault::Unsupported),
    };
    if row >= from.rows() || col >= from.cols {
        return Err(Fault::NotFound);
    }
    // A reference to an empty cell comes out as 0.
    Ok(match from.cells.get(row * from.cols + col) {
        None | Some(Value::Blank) => Value::whole(0),
        Some(found) => found.clone(),
    })
}

/// The inclusive quartile: a place between two numbers takes its share of both.
fn quartile(mut sorted: Vec<Exact>, which: Exact) -> Result<Value, Fault> {
    sorted.sort_unstable();
    let which = which.to_whole().filter(|which| (0..=4).contains(which)).ok_or(Fault::NotFound)?;
    let last = i64::try_from(sorted.len()).unwrap_or(i64::MAX) - 1;
    let (at, rest) = (which * last / 4, which * last % 4);
    let low = *usize::try_from(at).ok().and_then(|at| sorted.get(at)).ok_or(Fault::NotFound)?;
    let high = usize::try_from(at + 1).ok().and_then(|at| sorted.get(at)).copied().unwrap_or(low);
    let part = Exact::new(i128::from(rest), 4).ok_or(Fault::Range)?;
    high.minus(low)
        .and_then(|gap| gap.times(part))
        .and_then(|more| low.plus(more))
        .map(Value::Number)
        .ok_or(Fault::Range)
}

/// TEXT with one of the formats `0`, `0.0`, `0.00`.
fn shaped(number: Exact, format: &str) -> Result<Value, Fault> {
    let places = match format {
        "0" => 0,
        "0.0" => 1,
        "0.00" => 2,
        _ => return Err(Fault::Unsupported),
    };
    let points = number.round(places, Cut::Nearest).and_then(Exact::to_points).ok_or(Fault::Range)?;
    let (sign, hundredths) = (if points.hundredths() < 0 { "-" } else { "" }, points.hundredths().abs());
    let text = match places {
        0 => format!("{sign}{}", hundredths / 100),
        1 => format!("{sign}{}.{}", hundredths / 100, hundredths % 100 / 10),
        _ => format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100),
    };
    Ok(Value::Text(text.into()))
}
