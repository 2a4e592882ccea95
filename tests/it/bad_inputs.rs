//! Broken, hostile and foreign files: each gets its message, the rest goes on, nothing panics.

use crate::bureau;
use serde_json::Value;
use shuzhi::model::Severity;
use shuzhi::pipeline::reading::read_submission;
use shuzhi::pipeline::record_lines::records_lines;
use shuzhi::pipeline::run::run;
use shuzhi::pipeline::settings::{FILE, Settings};
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::seeds::Catalogue;
use std::fs;
use std::path::Path;

fn expected() -> Value {
    serde_json::from_str(&fs::read_to_string(bureau::fixture("bad/expected.json")).unwrap()).unwrap()
}

#[test]
fn each_file_gives_its_error_or_its_activities() {
    let catalogue = Catalogue::builtin().unwrap();
    let mut wrong = Vec::new();
    for (name, truth) in expected()["files"].as_object().unwrap() {
        let bytes = fs::read(bureau::fixture("bad").join(name)).unwrap();
        let submission = read_submission(name, &bytes, &catalogue);
        let error = submission.error.as_ref().map_or("ok", |(error, _)| error.as_str());
        let accepted = truth["accept"].as_array().unwrap();
        if !accepted.iter().any(|kind| kind == error || kind == "any") {
            wrong.push(format!("{name}: {error}, expected one of {accepted:?}"));
        }
        if let Some(count) = truth["activities"].as_u64()
            && submission.activities.len() as u64 != count
        {
            wrong.push(format!("{name}: {} activities, expected {count}", submission.activities.len()));
        }
        let counts = submission.counts;
        if counts.nonblank != counts.activity_rows + counts.excluded {
            wrong.push(format!("{name}: rows do not add up: {counts:?}"));
        }
        for line in records_lines(&submission, true) {
            if serde_json::from_str::<Value>(&line).is_err() {
                wrong.push(format!("{name}: no JSON: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_folder_of_nothing_but_bad_files_still_runs_through() {
    let folder = tempfile::tempdir().unwrap();
    let submissions = folder.path().join("报送");
    fs::create_dir(&submissions).unwrap();
    for name in expected()["files"].as_object().unwrap().keys() {
        fs::copy(bureau::fixture("bad").join(name), submissions.join(name)).unwrap();
    }
    let done = run(folder.path(), &Unwatched).unwrap();
    assert!(done.assessed.findings.iter().any(|f| f.rule.severity == Severity::Error));
    // Whatever a unit calls itself, its report lies in the folder of reports, and nothing lies beside.
    let mut names: Vec<String> = bureau::contents(folder.path()).into_keys().collect();
    names.retain(|name| !name.starts_with("报送"));
    assert!(names.iter().filter(|name| name.starts_with("成果/述职报告")).count() >= 5, "{names:?}");
    for name in &names {
        let parts: Vec<_> = Path::new(name).iter().collect();
        let expected =
            name.starts_with("成果") && parts.len() <= 3 || name.starts_with("核对") && parts.len() == 2;
        assert!(expected, "{name}");
        let stem = Path::new(name).file_stem().unwrap().to_string_lossy().to_uppercase();
        assert!(!["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()), "{name}");
        assert!(!name.contains(['<', '>', ':', '"', '|', '?', '*']), "{name}");
    }
}

#[test]
fn broken_settings_stop_the_run_at_their_line() {
    for (name, line) in expected()["toml"].as_object().unwrap() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("报送")).unwrap();
        fs::copy(bureau::fixture("bad").join(name), folder.path().join(FILE)).unwrap();
        let message = Settings::load(folder.path()).unwrap_err().to_string();
        if let Some(line) = line.as_u64() {
            assert!(message.starts_with(&format!("考核.toml 第{line}行：")), "{name}: {message}");
        }
        assert!(run(folder.path(), &Unwatched).is_err());
        assert!(!folder.path().join("成果").exists(), "{name}: nothing is written");
    }
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("报送")).unwrap();
    fs::copy(bureau::fixture("bad/formula_like.xlsx"), folder.path().join("报送/甲党支部.xlsx")).unwrap();
    run(folder.path(), &Unwatched).unwrap();
    let mut fixture: calamine::Xlsx<_> =
        calamine::open_workbook(bureau::fixture("bad/formula_like.xlsx")).unwrap();
    let mut evil = Vec::new();
    for sheet in calamine::Reader::sheet_names(&fixture) {
        let range = calamine::Reader::worksheet_range(&mut fixture, &sheet).unwrap();
        let texts = range.cells().map(|(_, _, cell)| cell.to_string());
        let risky = texts.filter(|text| text.starts_with(['=', '+', '-', '@']) && text.len() > 3);
        evil.extend(risky.map(|text| text[1..].replace('&', "&amp;").replace('<', "&lt;")));
    }
    assert!(!evil.is_empty());
    let bytes = fs::read(folder.path().join("成果/排名表.xlsx")).unwrap();
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut sheets = 0;
    for at in 0..package.len() {
        let mut part = package.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.starts_with("xl/worksheets/sheet") {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut part, &mut text).unwrap();
            // The program's own formulas are calls, sums of calls, or other cells; what was handed in never is one.
            for formula in text.split("<f>").skip(1).filter_map(|rest| rest.split("</f>").next()) {
                assert!(!evil.iter().any(|evil| formula.contains(evil.as_str())), "{name}: {formula}");
            }
            sheets += 1;
        }
    }
    assert!(sheets >= 8);
}

#[test]
fn tables_without_end_side_by_side_are_not_read_one_by_one() {
    let catalogue = Catalogue::builtin().unwrap();
    let read = |count: usize| {
        let line = |cells: &str| vec![cells; count].join(",");
        let text = format!("{}\n{}\n", line("时间,活动类型,活动主题"), line("3月5日,支委会,学习党章"));
        let submission = read_submission("台账.csv", text.as_bytes(), &catalogue);
        assert_eq!(submission.counts.nonblank, submission.counts.activity_rows + submission.counts.excluded);
        submission.activities.len()
    };
    assert_eq!(read(12), 12);
    assert!(read(3000) < 3000);
}
