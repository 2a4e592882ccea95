//! A formula as data: one tree that is evaluated exactly and printed for a spreadsheet.
//!
//! In: nothing. Out: [`Expr`] over leaves of a caller's choice. Never here: evaluating, addresses as text.

use super::Points;
use std::sync::Arc;

/// How two operands are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `&`
    Join,
}

/// The functions in use; none is newer than Excel 2010. Each has Excel's name and meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is Excel's function of that name")]
pub enum Function {
    If,
    And,
    Or,
    Not,
    IfError,
    Sum,
    SumProduct,
    SumIfs,
    CountIf,
    CountIfs,
    CountA,
    Max,
    Min,
    Sign,
    Round,
    RoundDown,
    RoundUp,
    Year,
    Month,
    Index,
    Match,
    Large,
    Quartile,
    Text,
}

/// A formula over leaves `L`: named figures ([`Figure`]) in a rule, cells ([`Spot`]) in a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr<L> {
    /// A whole number.
    Whole(i64),
    /// Points; printed with as few decimals as they need.
    Points(Points),
    /// Text.
    Text(Arc<str>),
    /// A figure, a cell or an area.
    Leaf(L),
    /// Two operands.
    Pair(Op, Box<(Self, Self)>),
    /// A function with its arguments. Criteria of `CountIf`, `CountIfs`, `SumIfs` are [`Expr::Criterion`].
    Call(Function, Vec<Self>),
    /// A criterion such as `">="&F5`; `Op::Eq` prints the operand alone.
    Criterion(Op, Box<Self>),
}

impl<L> Expr<L> {
    /// Two operands joined.
    #[must_use]
    pub fn pair(op: Op, left: Self, right: Self) -> Self {
        Self::Pair(op, Box::new((left, right)))
    }

    /// A function of arguments.
    #[must_use]
    pub fn call(function: Function, arguments: impl Into<Vec<Self>>) -> Self {
        Self::Call(function, arguments.into())
    }

    /// The same formula with every leaf replaced.
    #[must_use]
    pub fn bind<M>(&self, leaf: &impl Fn(&L) -> Expr<M>) -> Expr<M> {
        match self {
            Self::Whole(number) => Expr::Whole(*number),
            Self::Points(points) => Expr::Points(*points),
            Self::Text(text) => Expr::Text(text.clone()),
            Self::Leaf(name) => leaf(name),
            Self::Pair(op, pair) => Expr::pair(*op, pair.0.bind(leaf), pair.1.bind(leaf)),
            Self::Call(function, arguments) => {
                Expr::Call(*function, arguments.iter().map(|argument| argument.bind(leaf)).collect())
            }
            Self::Criterion(op, of) => Expr::Criterion(*op, Box::new(of.bind(leaf))),
        }
    }
}

/// The figures that a scoring rule speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// 分值.
    Base,
    /// 应完成 of the line's n-th group of checks.
    Required(usize),
    /// 已完成 of the line's n-th group of checks; for the best case 已完成＋待核.
    Met(usize),
    /// How many activities count, whatever their period (活动加分).
    Count,
    /// 实到, summed (出勤率).
    Present,
    /// 应到, summed (出勤率).
    Expected,
    /// Meetings under the threshold (逐次).
    Under,
    /// Largest shortfall of a row in review (出勤率), in per cent.
    Deepest,
    /// Smallest shortfall of a row in review (出勤率), in per cent.
    Shallowest,
    /// Sum of event rows.
    Events,
    /// Points for one time and person (a row of events).
    Each,
    /// 次数 (a row of events).
    Times,
    /// 人数 (a row of events).
    Persons,
    /// 作者数 (a row of events).
    Authors,
    /// Two where the row counts twice, else one (a row of events).
    Doubled,
    /// The value of a column of 评分; the sum of raters' scores.
    Value,
    /// The best value of the group.
    Best,
    /// How many raters gave a score.
    Raters,
    /// The highest rater's score.
    Highest,
    /// The lowest rater's score.
    Lowest,
    /// The unit's place in its group.
    Place,
    /// Votes of a class for a grade (both from 0).
    Votes(usize, usize),
    /// The value of a class once its mean is taken.
    Class(usize),
    /// 权重.
    Weight,
    /// Sum of counted points of a block.
    Earned,
    /// Sum of the 分值 that apply, of a block.
    Applicable,
    /// Sum of the points of the weighted blocks.
    Blocks,
    /// Sum of the weights of all weighted blocks.
    Weights,
    /// Sum of the weights of the weighted blocks that apply.
    WeightsApplicable,
    /// The weighted blocks together.
    Before,
    /// Sum of what bonus blocks add.
    Bonus,
    /// Sum of what deduction blocks take off.
    Deduction,
}

/// A place in a book: sheet by index (`None` for the formula's own sheet), row by index among the sheet's
/// rows (not counting title, notes and head), column from 0. Offsets are added where it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Sheet.
    pub sheet: Option<usize>,
    /// First row.
    pub row: usize,
    /// First column.
    pub col: u16,
    /// Last row; equal to `row` for a cell.
    pub last_row: usize,
    /// Last column; equal to `col` for a cell.
    pub last_col: u16,
    /// Whether printed with `$`.
    pub fixed: bool,
}

impl Spot {
    /// A cell of the formula's own sheet.
    #[must_use]
    pub fn cell(row: usize, col: u16) -> Self {
        Self::area(row, col, row, col)
    }

    /// An area of the formula's own sheet, both corners included.
    #[must_use]
    pub fn area(row: usize, col: u16, last_row: usize, last_col: u16) -> Self {
        Self { sheet: None, row, col, last_row, last_col, fixed: false }
    }

    /// The same place on a sheet of the book.
    #[must_use]
    pub fn on(self, sheet: usize) -> Self {
        Self { sheet: Some(sheet), ..self }
    }

    /// The same place printed with `$`.
    #[must_use]
    pub fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }
}
