//! The Excel form of a scheme: a template is read back as the scheme, and mistakes are told with their cell.

use super::schemes::load;
use shuzhi::model::{Absent, Book, Cell, Points, RequirementId, Scheme};
use shuzhi::pipeline::{scheme_files, scheme_template};
use shuzhi::render;
use shuzhi::seeds::Catalogue;
use shuzhi::seeds::scheme::{EXAMPLES, Known};
use std::collections::BTreeMap;

const FILE: &str = "计分方案.xlsx";

fn read(book: &Book) -> Result<Scheme, String> {
    let catalogue = Catalogue::builtin().unwrap();
    let points: BTreeMap<RequirementId, Points> = BTreeMap::new();
    let known = Known { requirements: &catalogue.requirements, points: &points };
    let bytes = render::xlsx(book).unwrap();
    let draft = scheme_files::draft(FILE, &bytes).map_err(|error| error.to_string())?;
    scheme_files::checked(&draft, &known).map_err(|error| error.to_string())
}

fn template(scheme: &Scheme) -> Book {
    scheme_template::book(scheme, &Catalogue::builtin().unwrap().requirements)
}

fn example(at: usize) -> Scheme {
    load(EXAMPLES[at].1, EXAMPLES[at].2).unwrap()
}

#[test]
fn a_template_is_read_back_as_its_scheme() {
    let catalogue = Catalogue::builtin().unwrap();
    let table = catalogue.scheme("").unwrap();
    let known = Known { requirements: &catalogue.requirements, points: &table.points };
    let draft = scheme_files::built_in("缺省", &table.note).unwrap().unwrap();
    let default = scheme_files::checked(&draft, &known).unwrap();
    assert_eq!(default.lines().count(), catalogue.requirements.len());
    let mut odd = example(3);
    odd.blocks[0].groups = vec!["机关支部".into(), "直属支部".into()];
    odd.blocks[0].absent = Absent::Full;
    odd.blocks[1].in_rank = false;
    odd.blocks[1].groups = odd.blocks[0].groups.clone();
    for block in &mut odd.blocks[2..4] {
        block.groups.clone_from(&vec!["机关支部".into(), "直属支部".into()]);
    }
    odd.ceiling = Some(Points::whole(105));
    odd.rounding.places = 1;
    for scheme in (0..5).map(example).chain([default, odd]) {
        assert_eq!(read(&template(&scheme)).unwrap(), scheme);
    }
}

/// Row and column (from 0) of a cell of the sheet 项目 or 设置, and what a clerk makes of it.
const WRONG: [(usize, usize, usize, &str); 14] = [
    (0, 0, 10, "每缺扣一点"),
    (0, 1, 7, "十分"),
    (0, 1, 4, "A1"),
    (0, 0, 8, "缺项扣分"),
    (0, 0, 9, "ZB-3z"),
    (0, 0, 9, ""),
    (0, 0, 2, "35"),
    (0, 0, 3, "计分类"),
    (0, 3, 4, ""),
    (1, 3, 1, "3"),
    (1, 6, 1, "板块 Q"),
    (1, 9, 1, "优秀：120%"),
    (1, 9, 1, "优秀：90分以上，不超过130%，去尾"),
    (1, 10, 0, "奖励"),
];

#[test]
fn a_wrong_cell_is_told_by_its_name() {
    let mut told = String::new();
    for (sheet, row, col, text) in WRONG {
        let mut book = template(&example(0));
        let cells = &mut book.sheets[sheet].rows[row];
        cells.resize(cells.len().max(col + 1), Cell::default());
        cells[col] = Cell::text(text);
        if (sheet, row, col) == (1, 10, 0) {
            cells[1] = Cell::text("随便");
        }
        let message = read(&book).expect_err(text);
        told += &format!("“{text}”\n    {message}\n");
    }
    let mut book = template(&example(0));
    book.sheets[0].columns[10].title = "打分办法".into();
    told += &format!("列名改了\n    {}\n", read(&book).unwrap_err());
    insta::assert_snapshot!(told);
}

#[test]
fn a_form_may_be_filled_in_freely() {
    let scheme = example(0);
    let mut book = template(&scheme);
    let sheet = &mut book.sheets[0];
    // Columns in another order, aliases, blocks written out, weights in per cent, numbers as text, a total row.
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut block: Vec<Cell> = Vec::new();
    for row in sheet.rows.iter().filter(|row| !row.is_empty()) {
        if row[0] != Cell::default() {
            block = row[..4].to_vec();
        }
        let weight = match &block[1].value {
            shuzhi::model::Value::Text(name) if name == "责任落实" => "0.4",
            shuzhi::model::Value::Text(name) if name == "日常基础" => "0.35",
            _ => "0.25",
        };
        let mut cells = block.clone();
        cells[2] = Cell::text(weight);
        cells.extend_from_slice(&row[4..]);
        cells.reverse();
        rows.push(cells);
    }
    rows.push(vec![Cell::text("合计"), Cell::default(), Cell::default(), Cell::default(), Cell::count(100)]);
    sheet.rows = rows;
    sheet.columns.reverse();
    for (from, to) in
        [("评分标准", "评分要点"), ("项目", "考评项目"), ("内容", "工作要求"), ("依据", "考评依据")]
    {
        sheet.columns.iter_mut().find(|column| column.title == from).unwrap().title = to.into();
    }
    assert_eq!(read(&book).unwrap(), scheme);
}

#[test]
fn no_workbook_is_no_scheme() {
    let told: Vec<String> = [
        ("计分方案.xlsx", &b"PK\x03\x04"[..]),
        ("计分方案.xlsx", b"a,b\n1,2\n"),
        ("计分方案.toml", b"\xff\xfe"),
    ]
    .iter()
    .map(|(name, bytes)| scheme_files::draft(name, bytes).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn no_change_of_a_form_stops_the_program(
        at in 0_usize..5,
        changes in proptest::collection::vec((0_usize..2, 0_usize..12, 0_usize..12, proptest::sample::select(vec![
            "", "A1", "板块", "0", "-3", "1e300", "99999999999999999999", "每缺1次扣0.5分，扣完为止", "分档", "等次", "优秀：90分以上",
            "计分", "加分", "E：封顶5分", "：", "；；", "“", "ZB-3a、ZB-3a", "取“”，满分0分折算，没有的按待定",
        ])), 1..6),
    ) {
        let mut book = template(&example(at));
        for (sheet, row, col, text) in changes {
            if let Some(cell) = book.sheets[sheet].rows.get_mut(row).and_then(|row| row.get_mut(col)) {
                *cell = Cell::text(text);
            }
        }
        if let Ok(scheme) = read(&book) {
            proptest::prop_assert_eq!(read(&template(&scheme)), Ok(scheme));
        }
    }
}
