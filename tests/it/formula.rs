//! Exact figures: the rules against arithmetic written out, the values of a workbook's formulas.

use proptest::prelude::*;
use shuzhi::formula::rules::{End, Role, block, event_row, line};
use shuzhi::formula::{Exact, Fault, Value, evaluate, fill, verify};
use shuzhi::model::{
    BlockKind, Book, Cached, Cell, Cut, Date, Expr, Figure, Function, Line, LineId, Mode, NumberLook, Op,
    Points, Rounding, Sheet, Spot, Value as Shown,
};

const TWO: Rounding = Rounding { places: 2, how: Cut::Nearest };

fn line_of(mode: Mode) -> Line {
    Line {
        id: LineId::from("A1"),
        project: String::new(),
        content: String::new(),
        standard: String::new(),
        basis: String::new(),
        points: Points::whole(10),
        mode,
        checks: Vec::new(),
        list: None,
    }
}

/// Half away from zero, in hundredths.
fn half_up(num: i128, den: i128) -> i128 {
    (2 * num + den).div_euclid(2 * den)
}

fn points(value: &Value) -> i64 {
    let Value::Number(number) = value else { panic!("{value:?}") };
    number.to_points().unwrap().hundredths()
}

#[test]
fn the_rules_are_the_arithmetic_that_is_printed() {
    let share = line(&line_of(Mode::Share), Role::Earned, TWO, End::Low);
    let missing =
        Mode::DeductMissing { each: 2, per: Points::from_hundredths(150), most: Some(Points::whole(7)) };
    let missing = line(&line_of(missing), Role::Earned, TWO, End::Low);
    let weighted = block(BlockKind::Weighted(Points::ZERO), TWO);
    let row = event_row(Rounding { places: 1, how: Cut::Down });
    let mut seed = 7_u64;
    let mut next = |most: i64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(seed >> 33).unwrap() % (most + 1)
    };
    for _ in 0..30_000 {
        let (base, required, extra) = (next(10_000), next(60), next(60));
        let met = required.min(extra);
        let figures = |figure: &Figure| -> Result<Value, Fault> {
            Ok(match figure {
                Figure::Base | Figure::Earned | Figure::Each => Value::points(Points::from_hundredths(base)),
                Figure::Required(0) => Value::whole(required),
                Figure::Met(0) => Value::whole(met),
                Figure::Weight => Value::points(Points::from_hundredths(extra * 50)),
                Figure::Applicable => Value::points(Points::from_hundredths(required * 125)),
                Figure::Times | Figure::Authors => Value::whole(required + 1),
                Figure::Persons => Value::whole(met + 1),
                Figure::Doubled => Value::whole(2),
                _ => return Err(Fault::Unknown),
            })
        };
        let got = |rule: &Expr<Figure>| i128::from(points(&evaluate(rule, &figures).unwrap()));
        let (base, required, met) = (i128::from(base), i128::from(required), i128::from(met));
        assert_eq!(got(&share), if required == 0 { 0 } else { half_up(base * met, required) });
        assert_eq!(got(&missing), base - base.min(700).min((required - met) / 2 * 150));
        let applicable = required * 125;
        let expected = if applicable == 0 { 0 } else { half_up(i128::from(extra) * 50 * base, applicable) };
        assert_eq!(got(&weighted), expected);
        assert_eq!(got(&row), base * 2 * (met + 1) / 10 * 10);
    }
}

#[test]
fn a_spreadsheet_rounds_the_same_ties() {
    // What a spreadsheet rounds has fifteen digits.
    let shown = |number: f64| {
        let text = format!("{number:.14e}");
        let (digits, exponent) = text.split_once('e').unwrap();
        let digits: i128 = digits.replace('.', "").parse().unwrap();
        (digits, exponent.parse::<i32>().unwrap() - 14)
    };
    let mut ties = 0;
    for weight in (100..10_000_i32).step_by(11) {
        for base in (25..4_000_i32).step_by(125) {
            let earned = base * 3 / 8;
            let exact = i128::from(weight) * i128::from(earned);
            if exact * 2 % i128::from(base) != 0 || exact % i128::from(base) == 0 {
                continue;
            }
            ties += 1;
            let (w, e, b) = (f64::from(weight) / 100.0, f64::from(earned) / 100.0, f64::from(base) / 100.0);
            let (digits, exponent) = shown(w * e / b);
            let ten = 10_i128.pow(u32::try_from(-exponent - 2).unwrap());
            let rounded = half_up(digits, ten);
            let ours = Exact::new(exact, i128::from(base) * 100).unwrap().round(2, Cut::Nearest).unwrap();
            assert_eq!(
                i128::from(ours.to_points().unwrap().hundredths()),
                rounded,
                "{weight} {earned} {base}"
            );
        }
    }
    assert!(ties > 200, "{ties}");
}

fn leaf(row: usize, col: u16) -> Expr<Spot> {
    Expr::Leaf(Spot::cell(row, col))
}

fn formula(expr: Expr<Spot>) -> Cell {
    Cell::formula(expr, None, NumberLook::Points)
}

fn book(rows: Vec<Vec<Cell>>) -> Book {
    Book { sheets: vec![Sheet { name: "算".into(), rows, ..Sheet::default() }], ..Book::default() }
}

fn filled(rows: Vec<Vec<Cell>>) -> Vec<Option<Cached>> {
    let mut book = book(rows);
    let _ = fill(&mut book);
    let cells = book.sheets[0].rows.iter().flatten();
    cells
        .filter_map(|c| if let Shown::Formula(f) = &c.value { Some(f.cached.clone()) } else { None })
        .collect()
}

#[test]
fn a_chain_of_formulas_of_any_length_is_filled_in() {
    // Each row rests on the one below.
    let mut rows: Vec<Vec<Cell>> =
        (1..20_000).map(|below| vec![formula(Expr::pair(Op::Add, leaf(below, 0), Expr::Whole(1)))]).collect();
    rows.push(vec![Cell::count(1)]);
    let mut book = book(rows);
    fill(&mut book).unwrap();
    let Shown::Formula(first) = &book.sheets[0].rows[0][0].value else { panic!() };
    assert_eq!(first.cached, Some(Cached::Whole(20_000)));
    assert!(verify(&book).is_empty());
}

#[test]
fn a_circle_is_a_fault_and_nothing_more() {
    let mut book = book(vec![vec![formula(leaf(0, 1)), formula(leaf(0, 0)), formula(Expr::Whole(3))]]);
    let wrong = fill(&mut book).unwrap_err();
    assert_eq!(wrong.len(), 2);
    assert!(wrong.iter().any(|w| w.computed == Err(Fault::Circle)), "{wrong:?}");
    assert_eq!(filled(vec![vec![formula(Expr::Whole(3))]]), [Some(Cached::Whole(3))]);
}

#[test]
fn a_value_that_is_not_the_formulas_own_is_found() {
    let cell = |cached| {
        Cell::formula(Expr::pair(Op::Div, Expr::Whole(1), Expr::Whole(4)), Some(cached), NumberLook::Points)
    };
    let right =
        book(vec![vec![cell(Cached::Points(Points::from_hundredths(25))), cell(Cached::Ratio(1, 4))]]);
    assert!(verify(&right).is_empty());
    let wrong = verify(&book(vec![vec![cell(Cached::Points(Points::from_hundredths(26)))]]));
    assert_eq!((wrong[0].row, wrong[0].col, wrong[0].name.as_str()), (0, 0, "算"));
    assert_eq!(wrong[0].computed, Ok(Cached::Points(Points::from_hundredths(25))));
}

#[test]
fn functions_give_what_a_spreadsheet_gives() {
    let day = Date::new(2023, 3, 5).unwrap();
    let data = vec![
        Cell::text("甲"),
        Cell::count(2),
        Cell::default(),
        Cell::text("ZB-3a"),
        Cell { value: Shown::Date(day), ..Cell::default() },
        Cell::points(Points::from_hundredths(250)),
    ];
    let band = || Expr::Leaf(Spot::area(0, 0, 0, 5));
    let numbers = || Expr::Leaf(Spot::area(0, 5, 0, 5));
    let text = |t: &str| Expr::Text(t.into());
    let call = |f, arguments: Vec<Expr<Spot>>| Expr::call(f, arguments);
    let is = |op, a, b| Expr::pair(op, a, b);
    let criterion = |op, of| Expr::Criterion(op, Box::new(of));
    let one = || Expr::Whole(1);
    for (expr, expected) in [
        (call(Function::CountIf, vec![band(), text("zb-3A")]), Ok(Cached::Whole(1))),
        (call(Function::CountIf, vec![band(), criterion(Op::Ge, Expr::Whole(2))]), Ok(Cached::Whole(3))),
        (call(Function::CountIf, vec![band(), criterion(Op::Ne, text("甲"))]), Ok(Cached::Whole(5))),
        (call(Function::CountIf, vec![band(), text("")]), Ok(Cached::Whole(1))),
        (call(Function::CountIf, vec![band(), text("甲*")]), Err(Fault::Unsupported)),
        (call(Function::CountA, vec![band()]), Ok(Cached::Whole(5))),
        (call(Function::Month, vec![leaf(0, 4)]), Ok(Cached::Whole(3))),
        (call(Function::Year, vec![leaf(0, 4)]), Ok(Cached::Whole(2023))),
        (call(Function::Match, vec![text("ZB-3A"), band(), Expr::Whole(0)]), Ok(Cached::Whole(4))),
        (call(Function::Index, vec![band(), Expr::Whole(4)]), Ok(Cached::Text("ZB-3a".into()))),
        (call(Function::Index, vec![band(), Expr::Whole(3)]), Ok(Cached::Whole(0))),
        (call(Function::Index, vec![band(), Expr::Whole(9)]), Err(Fault::NotFound)),
        (
            call(Function::Sum, vec![leaf(0, 0), leaf(0, 1), numbers()]),
            Ok(Cached::Points(Points::from_hundredths(450))),
        ),
        (call(Function::Max, vec![leaf(0, 0), leaf(0, 2)]), Ok(Cached::Whole(0))),
        (call(Function::Text, vec![leaf(0, 5), text("0.00")]), Ok(Cached::Text("2.50".into()))),
        (is(Op::Eq, leaf(0, 2), text("")), Err(Fault::Sort)),
        (call(Function::If, vec![is(Op::Eq, leaf(0, 2), text("")), text(""), one()]), Ok(Cached::Blank)),
        (is(Op::Add, leaf(0, 0), one()), Err(Fault::Sort)),
        (is(Op::Div, one(), leaf(0, 2)), Err(Fault::Zero)),
        (
            call(Function::IfError, vec![is(Op::Div, one(), leaf(0, 2)), text("—")]),
            Ok(Cached::Text("—".into())),
        ),
        (
            call(Function::SumProduct, vec![is(Op::Mul, is(Op::Ne, band(), text("甲")), one())]),
            Ok(Cached::Whole(5)),
        ),
        (call(Function::SumProduct, vec![is(Op::Ne, band(), text("甲"))]), Err(Fault::Sort)),
        (call(Function::Sum, vec![is(Op::Ne, band(), text("甲"))]), Err(Fault::Area)),
        (
            call(Function::Quartile, vec![Expr::Leaf(Spot::area(0, 1, 0, 5)), one()]),
            Ok(Cached::Points(Points::from_hundredths(225))),
        ),
        (call(Function::Large, vec![band(), Expr::Whole(3)]), Ok(Cached::Whole(2))),
        (
            call(Function::And, vec![is(Op::Gt, leaf(0, 1), one()), is(Op::Lt, leaf(0, 1), leaf(0, 5))]),
            Err(Fault::Sort),
        ),
    ] {
        let mut row = data.clone();
        row.push(formula(expr.clone()));
        let mut book = book(vec![row]);
        let result = fill(&mut book);
        let Shown::Formula(f) = &book.sheets[0].rows[0][6].value else { panic!() };
        let got = f.cached.clone().ok_or_else(|| result.unwrap_err().remove(0).computed.unwrap_err());
        assert_eq!(got, expected, "{expr:?}");
    }
}

proptest! {
    #[test]
    fn any_formula_is_answered(numbers in prop::collection::vec(any::<i64>(), 6), ops in prop::collection::vec(0_usize..11, 5)) {
        const OPS: [Op; 11] = [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge, Op::Join];
        let mut parts = numbers.into_iter();
        let mut expr: Expr<Spot> = Expr::Whole(parts.next().unwrap());
        for (number, op) in parts.zip(ops) {
            expr = Expr::pair(OPS[op], expr, Expr::Points(Points::from_hundredths(number)));
        }
        let mut book = book(vec![vec![formula(expr)]]);
        let _ = fill(&mut book);
    }
}
