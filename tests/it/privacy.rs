//! What may be kept in a log names no person: the screen of a run, and its journal.

use crate::bureau;
use crate::program::{shuzhi, text};
use shuzhi::pipeline::run::run;
use shuzhi::pipeline::watch::Unwatched;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn the_screen_and_the_journal_name_no_person() {
    let mut persons = 0;
    for sample in
        ["青岚市水务局2023年度考核", "青岚市水务系统2023年度综合考核", "青岚市水务局2023年度班子和县区局"]
    {
        let folder = tempfile::tempdir().unwrap();
        bureau::copy_into(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample), folder.path());
        let assessed = run(folder.path(), &Unwatched).unwrap().assessed;
        let mut names: BTreeSet<String> =
            assessed.results.iter().filter_map(|r| r.unit.secretary.clone()).collect();
        names.extend(assessed.leadership.cases.iter().map(|case| case.leader.name.to_string()));
        for activity in assessed.results.iter().flat_map(|result| &result.activities) {
            names.extend(activity.recorder.clone().filter(|name| name.chars().count() < 4));
        }
        persons += names.len();
        let output = shuzhi(&["run", folder.path().to_str().unwrap()]);
        let journal = fs::read_to_string(folder.path().join("成果/运行记录.json")).unwrap();
        let kept = text(&output.stdout) + &text(&output.stderr) + &journal;
        for name in names {
            assert!(!kept.contains(&name), "{sample}: {name}");
        }
    }
    assert!(persons > 30, "{persons}");
}

#[test]
fn names_in_what_is_told_are_shortened_unless_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("报送")).unwrap();
    let ledger = "填报单位：一支部,,,\n活动时间,活动类型,活动名称,主持人\n2023-02-30,党课,邢志平讲党课,邢志平\n2023-03-05,党课,讲党课,邢志平\n,党课,邢志平讲党课,邢志平\n";
    fs::write(folder.path().join("报送/一支部.csv"), ledger).unwrap();
    let dir = folder.path().to_str().unwrap();
    let usual = text(&shuzhi(&["run", dir]).stdout);
    let open = text(&shuzhi(&["run", dir, "--names"]).stdout);
    assert!(!usual.contains("邢志平"), "{usual}");
    assert!(usual.contains("邢某某讲党课") && open.contains("邢志平讲党课"), "{usual}{open}");
}
