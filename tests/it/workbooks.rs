//! The workbooks: every formula comes to the program's own figure, under every way of scoring.

use crate::bureau;
use crate::made::{Dice, all_questions};
use crate::schemes::written;
use shuzhi::formula::verify;
use shuzhi::model::{
    Activity, Bounds, Cached, Event, External, FactState, Given, LineId, Mode, Place, Points, RecordAt,
    Scheme, Standing, UnitName, Value, VetoFact, Votes,
};
use shuzhi::pipeline::assess::{Assessed, assess};
use shuzhi::pipeline::open_questions::OpenQuestions;
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::render::xlsx;
use shuzhi::report::workbook::{Made, Overview, county_book, meetings_book, ranking_book, score_book};
use shuzhi::scoring::{Asked, Assessment, Case, Verdicts, leeway, rank, score, scores};
use shuzhi::seeds::Catalogue;
use shuzhi::seeds::scheme::{Rosters, checks};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

impl Dice {
    fn points(&mut self, bound: u32) -> Points {
        Points::from_hundredths(i64::from(self.below(bound)))
    }
}

const UNITS: [&str; 6] = ["东山支部", "西河支部", "南坪支部", "北岭支部", "中原支部", "新设支部"];

/// Ledgers with attendance, joint events, coarse dates, rows of other years and rows that are only planned.
fn folder(path: &Path, dice: &mut Dice) {
    fs::create_dir_all(path.join("报送")).unwrap();
    let kinds = [
        "党员大会",
        "支委会",
        "主题党日",
        "廉政自省日",
        "党课",
        "党员大会暨主题党日",
        "谈心谈话",
        "学习",
        "入党积极分子培养",
    ];
    for unit in UNITS.iter().take(5) {
        let mut text = "日期,类型,活动名称,内容,应到,实到\n".to_owned();
        for number in 0..48 {
            let kind = kinds[usize::try_from(dice.below(9)).unwrap()];
            let (month, day) = (dice.below(12) + 1, dice.below(28) + 1);
            let date = match dice.below(12) {
                0 => format!("2023年{month}月"),
                1 => "2023年一季度".to_owned(),
                2 => String::new(),
                3 => format!("2022-{month:02}-{day:02}"),
                _ => format!("2023-{month:02}-{day:02}"),
            };
            let (due, there) = (dice.below(12) + 8, dice.below(20));
            let people =
                if dice.below(4) == 0 { ",".to_owned() } else { format!("{due},{}", there.min(due)) };
            text += &format!("{date},{kind},{kind}第{number}次,按计划开展,{people}\n");
        }
        fs::write(path.join("报送").join(format!("{unit}.csv")), text).unwrap();
    }
    fs::write(path.join("考核.toml"), "年度 = 2023\n单位 = \"试验局\"\n").unwrap();
}

/// Everything that a scheme may ask for beside the ledgers, with gaps.
fn external(scheme: &Scheme, units: &[UnitName], dice: &mut Dice) -> External {
    let mut external = External::default();
    let place = Place::sheet("评分/试验.xlsx", "表");
    let given = |value: Points| Given { value, place: place.clone() };
    for unit in units {
        for (_, line) in scheme.lines() {
            let key = (unit.clone(), line.id.clone());
            match &line.mode {
                Mode::External { column, .. }
                | Mode::RankPoints { column, .. }
                | Mode::RatioToBest { column, .. }
                    if dice.below(4) > 0 =>
                {
                    external.values.insert((unit.clone(), column.clone()), given(dice.points(10_000)));
                }
                Mode::ValueTiers { .. } if dice.below(4) > 0 => {
                    external
                        .values
                        .insert((unit.clone(), "称职以上率".to_owned()), given(dice.points(10_000)));
                }
                Mode::Votes { grades, classes, .. } => {
                    let votes = classes
                        .iter()
                        .filter(|_| dice.below(5) > 0)
                        .map(|(class, _)| class.clone())
                        .collect::<Vec<_>>();
                    let votes = votes.into_iter().map(|class| Votes {
                        class,
                        counts: grades.iter().map(|_| dice.below(6)).collect(),
                        place: place.clone(),
                    });
                    external.votes.insert(key, votes.collect());
                }
                Mode::Raters { .. } => {
                    let count = dice.below(9);
                    external.raters.insert(key, (0..count).map(|_| given(dice.points(10_000))).collect());
                }
                Mode::Judged if dice.below(2) == 0 => {
                    external.judged.insert(key, given(dice.points(1_500)));
                }
                Mode::DeductEvents { rules, .. } | Mode::EventPoints { rules, .. } => {
                    for _ in 0..dice.below(4) {
                        let rule =
                            &rules[usize::try_from(dice.below(u32::try_from(rules.len()).unwrap())).unwrap()];
                        external.events.push(Event {
                            unit: unit.clone(),
                            line: line.id.clone(),
                            matter: rule.matter.clone(),
                            date: None,
                            each: rule.points.0,
                            times: dice.below(3) + 1,
                            persons: dice.below(3) + 1,
                            authors: dice.below(3) + 1,
                            doubled: dice.below(3) == 0,
                            case: String::new(),
                            state: [FactState::True, FactState::Open, FactState::False]
                                [usize::try_from(dice.below(3)).unwrap()],
                            basis: "文件".into(),
                            place: place.clone(),
                            outweighed: dice.below(5) == 0,
                        });
                    }
                }
                _ => {}
            }
        }
        if dice.below(3) == 0
            && let Some(veto) = scheme.vetoes.first()
        {
            external.vetoes.push(VetoFact {
                unit: unit.clone(),
                matter: veto.matters[0].clone(),
                state: FactState::Open,
                basis: String::new(),
                place: place.clone(),
            });
        }
        let judged = LineId::from("A1");
        if scheme.line(&judged).is_some() && dice.below(4) == 0 {
            external.judged.insert((unit.clone(), judged), given(dice.points(400)));
        }
        external.last_year.insert(unit.clone(), (Some(dice.below(6) + 1), None));
    }
    external
}

/// A whole assessment under a scheme of one's own.
struct World {
    assessed: Assessed,
    scheme: Scheme,
    external: External,
}

impl World {
    fn new(assessed: Assessed, scheme: Scheme, dice: &mut Dice) -> Self {
        let units: Vec<UnitName> = assessed.results.iter().map(|result| result.unit.name.clone()).collect();
        let external = external(&scheme, &units, dice);
        let mut world = Self { assessed, scheme, external };
        world.score();
        world
    }

    fn score(&mut self) {
        let rules = self.assessed.rules[0].clone();
        let made = checks(&mut self.scheme, &rules.requirements, &Rosters::default());
        let assessment =
            Assessment::new(&rules.list, &rules.requirements, &rules.points, self.assessed.scope.clone())
                .with_checks(&made);
        for result in &mut self.assessed.results {
            let case = Case {
                unit: &result.unit,
                activities: &result.activities,
                matches: &result.matches,
                rulings: &result.rulings,
                counted: &result.counted,
                answers: &[],
                hours: &[],
            };
            let (card, proofs) = score(&assessment, &case, &Verdicts::new());
            result.card = card;
            result.proofs = proofs;
        }
        let cards: Vec<_> = self.assessed.results.iter().map(|result| (&result.unit, &result.card)).collect();
        let mut points = scores(&self.scheme, &cards, &self.external);
        let standings = rank(&self.scheme, &points, false);
        let asked: Vec<Asked<'_>> = self
            .assessed
            .results
            .iter()
            .map(|r| Asked { unit: &r.unit, card: &r.card, proofs: &r.proofs, counted: &r.counted })
            .collect();
        self.assessed.questions =
            OpenQuestions::all(all_questions(&self.scheme, &asked, &self.external, &points, &standings));
        self.assessed.leeway = leeway(&self.scheme, &points);
        let order: BTreeMap<_, usize> =
            standings.iter().enumerate().map(|(at, s)| (s.unit.clone(), at)).collect();
        self.assessed.overall = rank(&self.scheme, &points, true);
        self.assessed.results.sort_by_key(|result| order.get(&result.unit.name).copied());
        points.sort_by_key(|score| order.get(&score.unit).copied());
        self.assessed.standings = standings;
        self.assessed.scores = points;
    }

    fn overview(&self) -> Overview<'_> {
        overview(&self.assessed, &self.scheme, &self.external)
    }
}

/// The results stand in memory as a whole.
static NO_RECORDS: BTreeMap<RecordAt, Activity> = BTreeMap::new();

fn overview<'a>(assessed: &'a Assessed, scheme: &'a Scheme, external: &'a External) -> Overview<'a> {
    Overview {
        scope: &assessed.scope,
        results: &assessed.results,
        standings: &assessed.standings,
        overall: &assessed.overall,
        rules: &assessed.rules,
        findings: &assessed.findings,
        files: &assessed.files,
        excluded: &assessed.excluded,
        alikes: &assessed.alikes,
        records: &NO_RECORDS,
        notes: &assessed.notes,
        scheme,
        scores: &assessed.scores,
        peers: &assessed.scores,
        external,
        questions: &assessed.questions.listed,
        open: &assessed.questions.counts,
        leeway: &assessed.leeway,
        joint_once: false,
    }
}

fn agrees(made: &Made, name: &str) {
    assert!(made.wrong.is_empty(), "{name}: {:#?}", &made.wrong[..made.wrong.len().min(3)]);
    assert_eq!(verify(&made.book), [], "{name}");
    let bytes = xlsx(&made.book).unwrap();
    // For a look, or to be recalculated by .ci/workbooks.py.
    if let Some(out) = std::env::var_os("BOOKS_OUT") {
        fs::write(Path::new(&out).join(format!("{name}.xlsx")), bytes).unwrap();
    }
}

fn all_books(overview: &Overview<'_>, name: &str) {
    agrees(&ranking_book(overview), &format!("{name}-排名表"));
    agrees(&meetings_book(overview), &format!("{name}-三会一课统计表"));
    let ranks: Vec<Standing> = overview.overall.to_vec();
    agrees(&county_book(overview, &ranks), &format!("{name}-对比表"));
    for (at, result) in overview.results.iter().enumerate() {
        let own = Overview {
            results: &overview.results[at..=at],
            standings: &overview.standings[at..=at],
            scores: &overview.scores[at..=at],
            ..*overview
        };
        agrees(&score_book(&own, true), &format!("{name}-{}", result.unit.name));
    }
}

#[test]
fn every_formula_agrees_on_the_samples() {
    let assessed = assess(&bureau::samples(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    all_books(&overview(&assessed, &assessed.scheme, &assessed.external), "样例");
}

#[test]
fn every_formula_agrees_on_the_sample_with_its_own_scheme() {
    let sample = bureau::samples().parent().unwrap().join("青岚市水务系统2023年度综合考核");
    let assessed = assess(&sample, &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    // Every kind of data beside the ledgers is taken, and nothing of it is refused.
    let external = &assessed.external;
    assert!(!external.values.is_empty() && !external.votes.is_empty() && !external.raters.is_empty());
    assert!(!external.events.is_empty() && !external.vetoes.is_empty() && !external.own.is_empty());
    let codes: Vec<&str> =
        assessed.findings.iter().map(|f| f.rule.code).filter(|c| c.starts_with('S')).collect();
    assert_eq!(codes, ["S014"], "one unit's 业务得分 is not known yet");
    all_books(&overview(&assessed, &assessed.scheme, &assessed.external), "综合样例");
}

#[test]
fn every_formula_agrees_under_every_example() {
    for (seed, (name, scheme)) in (1_u64..).zip(written::examples()) {
        let dice = &mut Dice(seed);
        let folder_of = tempfile::tempdir().unwrap();
        folder(folder_of.path(), dice);
        let assessed = assess(folder_of.path(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
        assert_eq!(assessed.results.len(), 5);
        let world = World::new(assessed, scheme, dice);
        all_books(&world.overview(), name);
    }
}

/// What a formula of the ranking shows for a unit.
fn shown(made: &Made, sheet: &str, unit: &str, title: &str) -> Cached {
    let sheet = made.book.sheets.iter().find(|s| s.name == sheet).unwrap();
    let column = sheet.columns.iter().position(|column| column.title == title).unwrap();
    let at = sheet.columns.iter().position(|column| column.title == "单位").unwrap();
    let row = sheet.rows.iter().find(|row| row[at].value == Value::Text(unit.into())).unwrap();
    match &row[column].value {
        Value::Formula(formula) => formula.cached.clone().unwrap(),
        other => panic!("{other:?} is no formula"),
    }
}

#[test]
fn the_ranking_shows_the_figures_of_the_engine() {
    let assessed = assess(&bureau::samples(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    let made = ranking_book(&overview(&assessed, &assessed.scheme, &assessed.external));
    for (standing, score) in assessed.standings.iter().zip(&assessed.scores) {
        let of = |title: &str| shown(&made, "排名", &standing.unit, title);
        assert_eq!(of("总分"), Cached::Points(standing.total));
        assert_eq!(of("最高可达"), Cached::Points(standing.ceiling));
        assert_eq!(of("名次"), Cached::Whole(i64::from(standing.rank)));
        assert_eq!(of("最好名次"), Cached::Whole(i64::from(standing.best)));
        assert_eq!(of("最差名次"), Cached::Whole(i64::from(standing.worst)));
        assert_eq!(score.total, Bounds { low: standing.total, high: standing.ceiling });
    }
}

#[test]
fn a_changed_cell_moves_the_figures_that_rest_on_it() {
    let assessed = assess(&bureau::samples(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    let mut book = ranking_book(&overview(&assessed, &assessed.scheme, &assessed.external)).book;
    let params = book.sheets.iter_mut().find(|sheet| sheet.name == "参数").unwrap();
    let line = params.rows.iter_mut().find(|row| row[1].value == Value::Text("ZB-3c".into())).unwrap();
    assert!(line[3].open);
    line[3].value = Value::Points(Points::whole(20));
    let moved = verify(&book);
    // The line itself, its block, the total, and what is drawn from them.
    for sheet in ["逐项", "得分", "排名", "条目得分", "图表数据"] {
        assert!(moved.iter().any(|wrong| wrong.name == sheet), "{sheet}");
    }
}

#[test]
fn only_what_people_may_change_is_open() {
    let assessed = assess(&bureau::samples(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap();
    let made = ranking_book(&overview(&assessed, &assessed.scheme, &assessed.external));
    for sheet in &made.book.sheets {
        let formulas = sheet.rows.iter().flatten().any(|cell| matches!(cell.value, Value::Formula(_)));
        assert!(!formulas || sheet.protected, "{}", sheet.name);
        let open: Vec<_> = sheet.rows.iter().flatten().filter(|cell| cell.open).collect();
        assert!(open.iter().all(|cell| !matches!(cell.value, Value::Formula(_))), "{}", sheet.name);
        // Whatever is open says what may be entered.
        assert_eq!(open.is_empty(), sheet.entries.is_empty(), "{}", sheet.name);
        for entry in &sheet.entries {
            assert!(entry.title.encode_utf16().count() <= 32 && entry.message.encode_utf16().count() <= 255);
        }
    }
}
