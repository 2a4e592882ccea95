//! A run over so many units that their results are put aside.

use crate::program::{shuzhi, text};
use shuzhi::pipeline::assess::{Assessed, assess};
use shuzhi::pipeline::watch::Unwatched;
use shuzhi::seeds::Catalogue;
use std::fs;
use std::path::Path;

/// So many units do not fit into one workbook.
pub(crate) const MANY: usize = 125;
const SETTINGS: &str = "年度 = 2023\n单位 = \"青岚市水务局\"\n\n[文书]\n写 = [\"考核结果通报\"]\n\n[工作簿]\n写 = [\"排名表\"]\n";

pub(crate) fn folder(path: &Path, units: usize) {
    let submissions = path.join("报送");
    fs::create_dir_all(&submissions).unwrap();
    fs::write(path.join("考核.toml"), SETTINGS).unwrap();
    for unit in 0..units {
        let month = unit % 12 + 1;
        let text = format!(
            "填报单位：第{unit}党支部\n时间,类型,主题,应到,实到,主持人\n\
             2023-{month:02}-05,支委会,研究第{month}季度工作,5,4,邢志平\n\
             2023-{month:02}-20,党课,从第{unit}个泵站看担当,9,9,邢志平\n\
             2022-03-01,党课,邢志平讲上一年的党课,9,9,邢志平\n"
        );
        fs::write(submissions.join(format!("{unit:03}.csv")), text).unwrap();
    }
}

fn assessed(units: usize) -> Assessed {
    let path = tempfile::tempdir().unwrap();
    folder(path.path(), units);
    assess(path.path(), &Catalogue::builtin().unwrap(), &Unwatched).unwrap()
}

#[test]
fn many_units_get_what_few_get() {
    let (many, few) = (assessed(MANY), assessed(10));
    assert!(many.aside.is_some() && few.aside.is_none());
    assert_eq!(many.results.len(), MANY);
    for at in 0..few.results.len() {
        let one = few.cases().told(at).unwrap().unwrap();
        let other = many.find(&one.result.unit.name).unwrap();
        assert!(many.results[other].activities.is_empty(), "in brief");
        let other = many.cases().told(other).unwrap().unwrap();
        assert!(one.result.matches.iter().flatten().any(|found| !found.evidence.is_empty()));
        assert_eq!(format!("{:?}", other.result), format!("{:?}", one.result));
        assert_eq!(other.score, one.score);
    }
    let asked = |assessed: &Assessed, unit: &str| {
        let at = assessed.find(unit).unwrap();
        let questions = assessed.questions.of_unit(at, assessed.cases()).unwrap();
        let count = assessed.questions.counts.get(unit).copied().unwrap_or_default();
        assert_eq!(questions.len(), count as usize);
        let mut subjects: Vec<_> = questions.into_iter().map(|question| question.subject).collect();
        subjects.sort();
        subjects
    };
    for result in &few.results {
        assert_eq!(asked(&many, &result.unit.name), asked(&few, &result.unit.name));
    }
    assert!(many.questions.listed.len() < many.questions.total());
}

#[test]
fn names_are_shortened_for_many_units_too() {
    let path = tempfile::tempdir().unwrap();
    folder(path.path(), MANY);
    let run = |more: &[&str]| {
        let folder = path.path().to_str().unwrap();
        text(&shuzhi(&[&["run", folder], more].concat()).stdout)
    };
    let (short, whole) = (run(&[]), run(&["--names"]));
    assert!(whole.contains("邢志平讲上一年的党课"), "{whole}");
    assert!(short.contains("邢某某讲上一年的党课") && !short.contains("邢志平"), "{short}");
    assert!(path.path().join("成果/排名表.xlsx").is_file());
    assert!(path.path().join("成果/考核结果通报.docx").is_file());
}
