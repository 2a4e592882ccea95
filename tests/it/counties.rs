//! Counties: whose branches they have, what these come to, where results go, and one county alone.

use crate::bureau;
use crate::program::{inside, shuzhi, text};
use crate::tables::book;
use calamine::Reader;
use shuzhi::model::{Bounds, CountyScore, Points, UnitScore};
use shuzhi::pipeline::assess::{Assessed, assess, assess_only};
use shuzhi::pipeline::run::{run, run_only};
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::report::workbook::{CountyRoll, counties_book};
use shuzhi::seeds::Catalogue;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const COUNTIES: [&str; 3] = ["桐川县水务局", "柳河区水务局", "雁山县水务局"];

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join("青岚市水务局2023年度县区汇总")
}

fn copy() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    bureau::copy_into(&sample(), folder.path());
    folder
}

fn assessed(folder: &Path) -> Assessed {
    assess(folder, &Catalogue::builtin().unwrap(), &Unwatched).unwrap()
}

fn told(assessed: &Assessed, code: &str) -> Vec<String> {
    let findings = assessed.findings.iter().filter(|finding| finding.rule.code == code);
    findings.map(|finding| finding.message.clone()).collect()
}

/// The units of each county, the bureau first.
fn members(assessed: &Assessed) -> BTreeMap<String, Vec<String>> {
    let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for unit in assessed.results.iter().map(|result| &result.unit) {
        if let Some(county) = &unit.county_of {
            let own = members.entry(county.to_string()).or_default();
            if unit.name == *county {
                own.insert(0, unit.name.to_string());
            } else {
                own.push(unit.name.to_string());
            }
        }
    }
    members
}

/// Every cell of a workbook as text, by sheet.
fn cells(path: &Path) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let names = book.sheet_names();
    let rows = |range: calamine::Range<calamine::Data>| {
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    };
    names.into_iter().map(|name| (name.clone(), rows(book.worksheet_range(&name).unwrap()))).collect()
}

fn score<'a>(assessed: &'a Assessed, unit: &str) -> &'a UnitScore {
    assessed.scores.iter().find(|score| *score.unit == *unit).unwrap()
}

#[test]
fn branches_belong_to_the_county_of_the_register_or_of_their_folder() {
    let done = assessed(&sample());
    let members = members(&done);
    let counts: Vec<(&str, usize)> = members.iter().map(|(county, units)| (&**county, units.len())).collect();
    assert_eq!(counts, [("柳河区水务局", 5), ("桐川县水务局", 5), ("雁山县水务局", 4)]);
    // Three counties have a 机关党支部, and each file says no more than that.
    for county in COUNTIES {
        let name = format!("{county}机关党支部");
        let result = done.results.iter().find(|result| *result.unit.name == *name).unwrap();
        assert_eq!(result.files.len(), 1, "{name}");
        assert!(result.files[0].ends_with("/机关党支部.xlsx") && result.files[0].starts_with(&county[..6]));
    }
    assert_eq!(
        told(&done, "C015"),
        [
            "按文件夹计入“雁山县水务局”的支部3个：雁山县水务局机关党支部、雁山水库管理所党支部、雁山县水务局节水办党支部"
        ]
    );
    assert_eq!(told(&done, "C003"), ["“桐川县水务局离退休党支部”没有可以读取的报送材料"]);
    for code in ["C001", "C005", "C016", "C017", "S020"] {
        assert!(told(&done, code).is_empty(), "{code}: {:?}", told(&done, code));
    }
}

#[test]
fn the_figure_of_a_county_is_that_of_the_rule() {
    let done = assessed(&sample());
    let counties = done.counties();
    assert_eq!(counties.len(), 3);
    for county in &counties {
        // 平均分, 本级占比 40, 计零分: reckoned here in hundredths, half up.
        let sum = |end: fn(&Bounds) -> Points, absent: bool| -> i64 {
            let of = |branch: &shuzhi::model::CountyBranch| {
                let own = end(&score(&done, &branch.unit).total).hundredths();
                if branch.handed || absent { own } else { 0 }
            };
            county.branches.iter().map(of).sum()
        };
        let halved = |sum: i64, parts: i64| (sum * 2 + parts) / (parts * 2);
        let parts = i64::try_from(county.branches.len()).unwrap();
        let own = score(&done, &county.county).total;
        for (own, mean, total) in [
            (own.low, halved(sum(|b| b.low, false), parts), county.total.unwrap().low),
            (own.high, halved(sum(|b| b.high, true), parts), county.total.unwrap().high),
        ] {
            assert_eq!(
                total.hundredths(),
                halved(own.hundredths() * 40 + mean * 60, 100),
                "{}",
                county.county
            );
        }
    }
    assert!(counties.windows(2).all(|pair| pair[0].total.unwrap().low >= pair[1].total.unwrap().low));
}

#[test]
fn results_of_a_county_lie_in_its_folder_and_nowhere_else() {
    let folder = copy();
    let done = run(folder.path(), &Unwatched).unwrap();
    assert!(told(&done.assessed, "S020").is_empty(), "{:?}", told(&done.assessed, "S020"));
    let written: BTreeSet<String> = bureau::contents(&done.results).into_keys().collect();
    for (county, units) in members(&done.assessed) {
        assert!(written.contains(&format!("县区/{county}/排名表.xlsx")));
        for unit in units {
            for paper in ["评分表", "述职报告", "佐证材料目录"] {
                let own = written.iter().filter(|name| {
                    name.contains(&format!("{paper}/"))
                        && name.rsplit('/').next().unwrap().starts_with(&format!("{unit}."))
                });
                let at: Vec<&String> = own.collect();
                assert!(at.len() == 1 && at[0].starts_with(&format!("县区/{county}/")), "{at:?}");
            }
        }
    }
    let report = fs::read(done.results.join("县区/桐川县水务局/县区局考核报告/桐川县水务局.docx")).unwrap();
    let report = crate::office::words(&report);
    assert!(report.contains("所属支部4个，报送台账3个，支部平均得分43.61分。"), "{report}");
    assert!(written.contains("述职报告/局机关第一党支部.docx") && written.contains("县区局汇总表.xlsx"));
    // What stands in the book are the figures of the program, rank by rank.
    let book = cells(&done.results.join("县区局汇总表.xlsx"));
    let ranks: Vec<&Vec<String>> =
        book["县区排名"].iter().filter(|row| COUNTIES.contains(&&*row[1])).collect();
    for (row, county) in ranks.iter().zip(done.assessed.counties()) {
        let total = county.total.unwrap();
        assert_eq!(row[..2], [county.rank.to_string(), county.county.to_string()]);
        assert_eq!([&row[8], &row[10]], [&total.low.to_string(), &total.high.to_string()]);
        assert_eq!(row[4..6], [county.branches.len().to_string(), county.handed().to_string()]);
    }
    assert_eq!(book["支部得分"].iter().filter(|row| row[2].ends_with("党支部")).count(), 11);
}

#[test]
fn one_county_alone_has_the_figures_of_the_whole() {
    let folder = copy();
    let whole = run(folder.path(), &Unwatched).unwrap();
    let before = bureau::contents(folder.path());
    for county in COUNTIES {
        let alone = run_only(folder.path(), Some(&county[..9]), &Unwatched).unwrap();
        assert_eq!(alone.results, folder.path().join("县区成果").join(county));
        let units = &members(&whole.assessed)[county];
        assert_eq!(alone.assessed.results.len(), units.len());
        for unit in units {
            assert_eq!(score(&alone.assessed, unit), score(&whole.assessed, unit), "{unit}");
        }
        let of = |done: &Assessed| -> CountyScore {
            let found = done.counties().into_iter().find(|c| *c.county == *county).unwrap();
            CountyScore { rank: 0, best: 0, worst: 0, ..found }
        };
        assert_eq!(of(&alone.assessed), of(&whole.assessed));
        let theirs = whole.results.join("县区").join(county);
        assert_eq!(cells(&alone.results.join("排名表.xlsx")), cells(&theirs.join("排名表.xlsx")));
        let names = |folder: &Path| -> BTreeSet<String> {
            bureau::contents(folder)
                .into_keys()
                .filter(|name| !["运行记录.json", "问题提示.xlsx"].contains(&&**name))
                .collect()
        };
        assert_eq!(names(&alone.results), names(&theirs));
        // What says nothing of other units is the same to the byte.
        let catalogue = format!("佐证材料目录/{county}.docx");
        assert_eq!(
            fs::read(alone.results.join(&catalogue)).unwrap(),
            fs::read(theirs.join(&catalogue)).unwrap()
        );
        let others = alone.assessed.files.iter().filter(|rows| rows.unit.starts_with(county)).count();
        assert!(others >= 3 && alone.assessed.files.len() < whole.assessed.files.len());
        assert!(told(&alone.assessed, "C003").iter().all(|message| message.contains(county)));
    }
    // Results and the review workbook of the whole run stay as they were.
    let after = bureau::contents(folder.path());
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)));
}

#[test]
fn a_folder_that_holds_one_county_only_scores_it_as_the_whole() {
    let whole = assessed(&sample());
    let folder = copy();
    for gone in ["柳河区.zip", "局机关第一党支部台账.xlsx"] {
        fs::remove_file(folder.path().join("报送").join(gone)).unwrap();
    }
    fs::remove_dir_all(folder.path().join("报送/雁山县报送材料")).unwrap();
    let alone = assessed(folder.path());
    for unit in &members(&whole)["桐川县水务局"] {
        assert_eq!(score(&alone, unit), score(&whole, unit), "{unit}");
    }
    let of = |done: &Assessed| done.counties().into_iter().find(|c| *c.county == *"桐川县水务局").unwrap();
    assert_eq!(
        (of(&alone).own, of(&alone).mean, of(&alone).total),
        (of(&whole).own, of(&whole).mean, of(&whole).total)
    );
}

/// A folder with these units (name, county) in its settings and these ledgers (file, unit that it names).
fn made(units: &[(&str, &str)], files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut toml =
        "年度 = 2023\n单位 = \"某市局\"\n[名单]\n县区局 = [\"东山县局\", \"西山县局\"]\n".to_owned();
    for (name, county) in units {
        toml += &format!("[[支部]]\n名称 = \"{name}\"\n县区 = \"{county}\"\n");
    }
    fs::write(folder.path().join("考核.toml"), toml).unwrap();
    for (name, unit) in files {
        let path = folder.path().join("报送").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let named = format!("填报单位：{unit}");
        let ledger = book(&[("台账", &[&named, "日期|类型|名称", "2023-03-05|支委会|研究工作"])]);
        fs::write(path, ledger).unwrap();
    }
    folder
}

#[test]
fn the_register_wins_over_the_folder_and_doubts_are_told() {
    let folder = made(
        &[
            ("东山县局", ""),
            ("西山县局", ""),
            ("机关一支部", "某市局"),
            ("河东支部", "东山县局"),
            ("河西支部", "西山县"),
            ("河南支部", ""),
            ("河北支部", "北山县局"),
        ],
        &[
            ("东山县局/河西支部.xlsx", "河西支部"),
            ("东山县局/河东支部.xlsx", "河东支部"),
            ("东山县局/河南支部.xlsx", "河南支部"),
            ("西山县/河南支部补报.xlsx", "河南支部"),
            ("东山县局/没有的支部.xlsx", "没有的支部"),
            ("机关一支部.xlsx", "机关一支部"),
            ("东山县局/东山县局.xlsx", "东山县局"),
        ],
    );
    let done = assessed(folder.path());
    let of: Vec<(String, Vec<String>)> = members(&done).into_iter().collect();
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        of,
        [
            ("东山县局".to_owned(), names(&["东山县局", "河东支部", "河南支部"])),
            ("北山县局".to_owned(), names(&["河北支部"])),
            ("西山县局".to_owned(), names(&["西山县局", "河西支部"])),
        ]
    );
    let mut doubts = told(&done, "C016");
    doubts.sort();
    assert_eq!(
        doubts,
        [
            "“河南支部”的台账在几个县区的文件夹里（东山县局、西山县局），按“东山县局”计入",
            "“河西支部”名册中属于“西山县局”，台账却在“东山县局”的文件夹里，按名册计入",
            "“河西支部”的县区：名册写的是“西山县”，按“西山县局”计入",
        ]
    );
    // A branch that nobody knows is not the county bureau in whose folder it lies.
    assert_eq!(told(&done, "C001"), ["填报单位一栏写的单位“没有的支部”不在单位名册中"]);
    let bureau = done.results.iter().find(|result| *result.unit.name == *"东山县局").unwrap();
    assert_eq!(bureau.files.len(), 1);
    let done = run(folder.path(), &Unwatched).unwrap();
    assert_eq!(
        told(&done.assessed, "C017"),
        ["“北山县局”的汇总得分：没有本级得分，只用支部平均；未报送支部1个，计零分"]
    );
}

#[test]
fn a_county_that_is_not_there_is_told_with_those_that_are() {
    let catalogue = Catalogue::builtin().unwrap();
    let message = assess_only(&sample(), &catalogue, &Unwatched, Some("南泽县")).unwrap_err().to_string();
    assert!(
        message.contains("没有“南泽县”这个县区")
            && message.contains("桐川县水务局、柳河区水务局、雁山县水务局"),
        "{message}"
    );
    let plain = bureau::samples();
    let message = assess_only(&plain, &catalogue, &Unwatched, Some("桐川县")).unwrap_err().to_string();
    assert!(message.contains("单位名册里没有县区局"), "{message}");
    let folder = copy();
    let (code, shown) = inside(folder.path(), &["run", ".", "--县区", "柳河区"]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        !folder.path().join("成果").exists()
            && folder.path().join("县区成果/柳河区水务局/排名表.xlsx").exists()
    );
}

#[test]
fn check_counts_by_county() {
    let output = shuzhi(&["check", &sample().display().to_string()]);
    let shown = text(&output.stdout);
    for line in [
        "各县区（3个）",
        "桐川县水务局  本级已报送；支部4个，已报送3个",
        "雁山县水务局  本级已报送；支部3个，已报送3个",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
}

#[test]
fn many_branches_stand_as_values() {
    let done = assessed(&sample());
    let mut counties = done.counties();
    let branch = counties[0].branches[0].clone();
    counties[0].branches = vec![branch; 3001];
    let of = |counties: &[CountyScore]| {
        let roll = CountyRoll {
            scope: &done.scope,
            scheme: &done.scheme,
            rule: done.county_rule,
            counties,
            open: 0,
        };
        let made = counties_book(&roll);
        let formula = |cell: &shuzhi::model::Cell| matches!(cell.value, shuzhi::model::Value::Formula(_));
        (made.wrong.len(), made.book.sheets.iter().flat_map(|sheet| &sheet.rows).flatten().any(formula))
    };
    assert_eq!(of(&done.counties()), (0, true));
    assert_eq!(of(&counties), (0, false));
}
