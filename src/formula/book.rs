//! The formulas of a workbook: their values filled in, or checked against those that stand there.

use super::evaluate::{Leaves, evaluate};
use super::{Area, Exact, Fault, Value};
use crate::model::{Book, Cached, Expr, Spot, Value as Shown};

/// A formula whose value is not the one that stands with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Index of the sheet.
    pub sheet: usize,
    /// Name of the sheet.
    pub name: String,
    /// Index of the row among the sheet's rows.
    pub row: usize,
    /// Column, from 0.
    pub col: usize,
    /// What stands there; none where nothing does.
    pub cached: Option<Cached>,
    /// What the formula comes to.
    pub computed: Result<Cached, Fault>,
}

/// Gives every formula without a value the one that it has; formulas that have one are taken at their word.
///
/// # Errors
/// The formulas that come to nothing; they stay without a value.
pub fn fill(book: &mut Book) -> Result<(), Vec<Mismatch>> {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    {
        let mut cells = Cells::new(book, true);
        for at in formulas(book) {
            if formula(book, at).is_some_and(|formula| formula.cached.is_none()) {
                match cells.settle(at).and_then(|value| cached(&value)) {
                    Ok(value) => found.push((at, value)),
                    Err(fault) => wrong.push(mismatch(book, at, Err(fault))),
                }
            }
        }
    }
    for ((sheet, row, col), value) in found {
        let cell = book.sheets.get_mut(sheet).and_then(|s| s.rows.get_mut(row)).and_then(|r| r.get_mut(col));
        if let Some(Shown::Formula(formula)) = cell.map(|cell| &mut cell.value) {
            formula.cached = Some(value);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Every formula whose value, computed from the cells that are no formulas, is not the one that stands with it.
#[must_use]
pub fn verify(book: &Book) -> Vec<Mismatch> {
    let mut cells = Cells::new(book, false);
    let mut wrong = Vec::new();
    for at in formulas(book) {
        let computed = cells.settle(at).and_then(|value| cached(&value));
        let stands = formula(book, at).and_then(|formula| formula.cached.as_ref());
        let agrees = match (&computed, stands) {
            (Ok(computed), Some(stands)) => equal(computed, stands),
            _ => false,
        };
        if !agrees {
            wrong.push(mismatch(book, at, computed));
        }
    }
    wrong
}

/// Sheet, row and column.
type At = (usize, usize, usize);

fn formulas(book: &Book) -> Vec<At> {
    let mut all = Vec::new();
    for (sheet, s) in book.sheets.iter().enumerate() {
        for (row, cells) in s.rows.iter().enumerate() {
            for (col, cell) in cells.iter().enumerate() {
                if matches!(cell.value, Shown::Formula(_)) {
                    all.push((sheet, row, col));
                }
            }
        }
    }
    all
}

fn formula(book: &Book, (sheet, row, col): At) -> Option<&crate::model::Formula> {
    match &book.sheets.get(sheet)?.rows.get(row)?.get(col)?.value {
        Shown::Formula(formula) => Some(formula),
        _ => None,
    }
}

fn mismatch(book: &Book, at: At, computed: Result<Cached, Fault>) -> Mismatch {
    let (sheet, row, col) = at;
    let name = book.sheets.get(sheet).map(|s| s.name.clone()).unwrap_or_default();
    Mismatch { sheet, name, row, col, cached: formula(book, at).and_then(|f| f.cached.clone()), computed }
}

/// The same value, in whichever form it stands.
fn equal(a: &Cached, b: &Cached) -> bool {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a == b,
        _ => false,
    }
}

fn number(cached: &Cached) -> Option<Exact> {
    match cached {
        Cached::Whole(number) => Some(Exact::whole(*number)),
        Cached::Points(points) => Some(Exact::points(*points)),
        Cached::Ratio(num, den) => Exact::new(i128::from(*num), i128::from(*den)),
        Cached::Blank | Cached::Text(_) => None,
    }
}

/// A value as it stands with a formula.
///
/// # Errors
/// [`Fault::Sort`] for TRUE, FALSE and areas, which no cell of ours shows.
pub fn cached(value: &Value) -> Result<Cached, Fault> {
    match value {
        Value::Blank => Ok(Cached::Whole(0)),
        Value::Text(text) if text.is_empty() => Ok(Cached::Blank),
        Value::Text(text) => Ok(Cached::Text(text.clone())),
        Value::Number(number) => Ok(match (number.to_whole(), number.to_points()) {
            (Some(whole), _) => Cached::Whole(whole),
            (None, Some(points)) => Cached::Points(points),
            _ => Cached::Ratio(number.num(), number.den()),
        }),
        Value::Bool(_) | Value::Area(_) => Err(Fault::Sort),
    }
}

fn read(cached: &Cached) -> Value {
    match cached {
        Cached::Blank => Value::Text("".into()),
        Cached::Text(text) => Value::Text(text.clone()),
        other => number(other).map_or(Value::Blank, Value::Number),
    }
}

enum State {
    Waiting,
    Open,
    Settled(Result<Value, Fault>),
}

/// The cells of a book with the values of formulas as far as they are known.
struct Cells<'a> {
    book: &'a Book,
    trusting: bool,
    states: Vec<Vec<Vec<State>>>,
}

impl<'a> Cells<'a> {
    fn new(book: &'a Book, trusting: bool) -> Self {
        let row = |row: &Vec<crate::model::Cell>| row.iter().map(|_| State::Waiting).collect();
        let states = book.sheets.iter().map(|sheet| sheet.rows.iter().map(row).collect()).collect();
        Self { book, trusting, states }
    }

    fn state(&mut self, (sheet, row, col): At) -> Option<&mut State> {
        self.states.get_mut(sheet)?.get_mut(row)?.get_mut(col)
    }

    fn is_settled(&self, (sheet, row, col): At) -> bool {
        let state = self.states.get(sheet).and_then(|s| s.get(row)).and_then(|r| r.get(col));
        matches!(state, Some(State::Settled(_)))
    }

    /// Computes a formula and all those it rests on, in an order of their own: chains of formulas may be
    /// longer than the stack is deep.
    fn settle(&mut self, start: At) -> Result<Value, Fault> {
        let mut stack = vec![start];
        while let Some(&at) = stack.last() {
            if self.is_settled(at) {
                stack.pop();
                continue;
            }
            let Some(formula) = formula(self.book, at) else {
                stack.pop();
                continue;
            };
            let first_visit = matches!(self.state(at), Some(State::Waiting));
            if first_visit {
                if let Some(state) = self.state(at) {
                    *state = State::Open;
                }
                let mut wanted = Vec::new();
                spots(&formula.expr, &mut |spot| self.pending(at.0, spot, &mut wanted));
                if wanted.iter().any(|next| self.is_open(*next)) {
                    self.set(at, Err(Fault::Circle));
                    continue;
                }
                stack.extend(wanted);
                continue;
            }
            let value = evaluate(&formula.expr, &OnSheet { cells: self, sheet: at.0 });
            self.set(at, value);
        }
        match self.state(start) {
            Some(State::Settled(value)) => value.clone(),
            _ => Err(Fault::Unknown),
        }
    }

    fn set(&mut self, at: At, value: Result<Value, Fault>) {
        if let Some(state) = self.state(at) {
            *state = State::Settled(value);
        }
    }

    fn is_open(&self, (sheet, row, col): At) -> bool {
        let state = self.states.get(sheet).and_then(|s| s.get(row)).and_then(|r| r.get(col));
        matches!(state, Some(State::Open))
    }

    /// The formulas within a spot that are not yet computed.
    fn pending(&self, sheet: usize, spot: &Spot, wanted: &mut Vec<At>) {
        let sheet = spot.sheet.unwrap_or(sheet);
        let Some(rows) = self.book.sheets.get(sheet).map(|s| &s.rows) else { return };
        for (row, cells) in rows.iter().enumerate().take(spot.last_row + 1).skip(spot.row) {
            for (col, cell) in
                cells.iter().enumerate().take(usize::from(spot.last_col) + 1).skip(usize::from(spot.col))
            {
                let at = (sheet, row, col);
                let Shown::Formula(formula) = &cell.value else { continue };
                let known = self.trusting && formula.cached.is_some();
                if !known && !self.is_settled(at) {
                    wanted.push(at);
                }
            }
        }
    }

    fn value(&self, at: At) -> Result<Value, Fault> {
        let (sheet, row, col) = at;
        let cell = self.book.sheets.get(sheet).and_then(|s| s.rows.get(row)).and_then(|r| r.get(col));
        match cell.map(|cell| &cell.value) {
            None | Some(Shown::Blank) => Ok(Value::Blank),
            Some(Shown::Text(text)) if text.is_empty() => Ok(Value::Blank),
            Some(Shown::Text(text)) => Ok(Value::Text(text.as_str().into())),
            Some(Shown::Count(count)) => Ok(Value::whole(*count)),
            Some(Shown::Points(points)) => Ok(Value::points(*points)),
            Some(Shown::Date(date)) => Ok(Value::whole(date.serial())),
            Some(Shown::Decimal(number)) => decimal(*number),
            Some(Shown::Rate(_, 0)) => Ok(Value::Text("—".into())),
            Some(Shown::Rate(part, whole)) => {
                Exact::new(i128::from(*part), i128::from(*whole)).map(Value::Number).ok_or(Fault::Range)
            }
            Some(Shown::Formula(formula)) => match (&formula.cached, self.trusting) {
                (Some(cached), true) => Ok(read(cached)),
                _ => match self.states.get(sheet).and_then(|s| s.get(row)).and_then(|r| r.get(col)) {
                    Some(State::Settled(value)) => value.clone(),
                    _ => Err(Fault::Circle),
                },
            },
        }
    }
}

/// Hours and other decimals are shown with two decimals.
fn decimal(number: f64) -> Result<Value, Fault> {
    let text = format!("{number:.2}");
    crate::model::Points::parse(&text).map(Value::points).ok_or(Fault::Range)
}

struct OnSheet<'a, 'b> {
    cells: &'a Cells<'b>,
    sheet: usize,
}

impl Leaves<Spot> for OnSheet<'_, '_> {
    fn leaf(&self, spot: &Spot) -> Result<Value, Fault> {
        let sheet = spot.sheet.unwrap_or(self.sheet);
        if (spot.row, spot.col) == (spot.last_row, spot.last_col) {
            return self.cells.value((sheet, spot.row, usize::from(spot.col)));
        }
        let cols = usize::from(spot.last_col.checked_sub(spot.col).ok_or(Fault::Shape)?) + 1;
        let mut cells = Vec::new();
        for row in spot.row..=spot.last_row {
            for col in usize::from(spot.col)..=usize::from(spot.last_col) {
                cells.push(self.cells.value((sheet, row, col))?);
            }
        }
        if cells.is_empty() { Err(Fault::Shape) } else { Ok(Value::Area(Area { cols, cells })) }
    }
}

fn spots(expr: &Expr<Spot>, found: &mut impl FnMut(&Spot)) {
    match expr {
        Expr::Whole(_) | Expr::Points(_) | Expr::Text(_) => {}
        Expr::Leaf(spot) => found(spot),
        Expr::Pair(_, pair) => {
            spots(&pair.0, found);
            spots(&pair.1, found);
        }
        Expr::Call(_, arguments) => arguments.iter().for_each(|argument| spots(argument, found)),
        Expr::Criterion(_, of) => spots(of, found),
    }
}
