//! Two readings of a sheet that come out nearly even.

use super::{book, read, told};

/// A form with remarks beside it, or two activities in two columns?
const EVEN: &[&str] = &[
    "活动时间|3月5日|",
    "活动类型|支委会|",
    "活动主题|研究工作|通报情况",
    "主持人|张三|",
    "地点|会议室|",
    "记录人|李四|",
];

#[test]
fn a_close_race_is_told_and_settled_by_a_rule() {
    let bytes = book(&[("表", EVEN)]);
    let submission = read("台账.xlsx", &bytes, "");
    let finding = submission.findings.iter().find(|f| f.rule.code == "R021").expect("a close race");
    assert_eq!(
        finding.to_string(),
        "提醒 R021 台账.xlsx〔表〕 A1：这张表按“横向表格”读出2项活动，按“登记表”读会是1项，两种读法都说得通；现在用的是“横向表格”"
    );
    for words in ["shuzhi check", "[表格.名称]", "读法 = \"登记表\"", "读法 = \"横向表格\""] {
        assert!(finding.advice().contains(words), "{}", finding.advice());
    }
    for (reading, activities) in [("横向表格", 2), ("登记表", 1)] {
        let settled = read("台账.xlsx", &bytes, &format!("[表格.甲]\n文件 = \"*\"\n读法 = \"{reading}\""));
        assert_eq!(settled.activities.len(), activities, "{}", told(&settled));
        assert!(settled.findings.iter().all(|f| f.rule.code != "R021"));
    }
}

#[test]
fn readings_that_say_the_same_or_far_less_are_no_race() {
    // With its remark gone both readings give the same record; with columns full it is no form.
    let same: Vec<String> = EVEN.iter().map(|line| line.replace("|通报情况", "|")).collect();
    let full: Vec<String> = EVEN
        .iter()
        .map(|line| format!("{}|另一格", line.trim_end_matches(['|']).replace("|通报情况", "")))
        .collect();
    for lines in [same, full] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let submission = read("台账.xlsx", &book(&[("表", &lines)]), "");
        assert!(submission.findings.iter().all(|f| f.rule.code != "R021"), "{}", told(&submission));
    }
}
