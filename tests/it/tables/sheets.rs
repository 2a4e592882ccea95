//! Which sheets a rule means, and what is said where two rules mean the same one.

use super::{book, read, told};
use shuzhi::model::Submission;

const ROWS: &[&str] = &["时间|主题", "2023-03-05|座谈"];

fn many(toml: &str) -> Submission {
    let sheets: &[(&str, &[&str])] = &[
        ("填表说明", &["时间|主题", "2023-03-01|示例"]),
        ("台账 ", ROWS),
        ("空", &[]),
        ("花名册", ROWS),
        ("藏起来的台账", ROWS),
        ("台账（二）", ROWS),
    ];
    read("一支部.xlsx", &book(sheets), toml)
}

/// The sheets that were read by the only rule of a text.
fn by(toml: &str) -> Vec<String> {
    many(toml).ruled[0].sheets.iter().map(ToString::to_string).collect()
}

#[test]
fn sheets_are_named_by_pattern_or_number() {
    for (sheet, reading, expected) in [
        // Every sheet that can be seen and that its name does not make something else; a default, every sheet
        // that is looked into.
        ("", "读法 = \"普通表格\"", &["台账 ", "台账（二）"][..]),
        ("", "读法 = \"不读\"", &["填表说明", "台账 ", "花名册", "台账（二）"]),
        ("工作表 = \"花*\"", "表头行 = 1", &["花名册"]),
        ("", "默认年份 = 2023", &["台账 ", "花名册", "台账（二）"]),
        ("工作表 = \"台账*\"", "读法 = \"普通表格\"", &["台账 ", "台账（二）"]),
        ("工作表 = \"台账\"", "读法 = \"普通表格\"", &["台账 "]),
        ("工作表 = \"台账（?）\"", "读法 = \"普通表格\"", &["台账（二）"]),
        // By its number among those that can be seen; one without content is no sheet to read.
        ("工作表 = 2", "读法 = \"普通表格\"", &["台账 "]),
        ("工作表 = 5", "读法 = \"普通表格\"", &["台账（二）"]),
        ("工作表 = 3", "读法 = \"普通表格\"", &[]),
        ("工作表 = 6", "读法 = \"普通表格\"", &[]),
        // A template has to be named and told how it is read, a hidden sheet called by its full name.
        ("工作表 = \"填表说明\"", "读法 = \"普通表格\"", &["填表说明"]),
        ("工作表 = \"填表说明\"", "默认年份 = 2023", &[]),
        ("工作表 = \"*台账*\"", "读法 = \"普通表格\"", &["台账 ", "台账（二）"]),
        ("工作表 = \"藏起来的台账\"", "读法 = \"普通表格\"", &["藏起来的台账"]),
    ] {
        assert_eq!(
            by(&format!("[表格.甲]\n文件 = \"*\"\n{sheet}\n{reading}")),
            expected,
            "{sheet} {reading}"
        );
    }
    let hidden = told(&many("[表格.甲]\n文件 = \"*\"\n工作表 = \"藏起来的台账\"\n读法 = \"普通表格\""));
    assert!(hidden.contains("藏起来的台账 A2 2023-03-05") && !hidden.contains("R013"), "{hidden}");
    // The only sheet is meant whatever its name, but not read for a default alone.
    let only = book(&[("模板", ROWS)]);
    for (rule, expected) in [("表头行 = 1", 1), ("默认年份 = 2023", 0)] {
        let toml = format!("[表格.甲]\n文件 = \"*\"\n{rule}");
        assert_eq!(read("一支部.xlsx", &only, &toml).activities.len(), expected, "{rule}");
    }
    // Text without sheets is one sheet without a name.
    let text = "时间,主题\n2023-03-05,座谈\n".as_bytes();
    for (rule, expected) in [("工作表 = 1\n", 1), ("工作表 = \"台账\"\n", 0), ("", 1)] {
        let toml = format!("[表格.甲]\n文件 = \"*\"\n{rule}读法 = \"普通表格\"");
        assert_eq!(read("一支部.csv", text, &toml).ruled[0].sheets.len(), expected, "{rule}");
    }
}

#[test]
fn rules_for_one_sheet_are_joined() {
    let toml = "[表格.都]\n文件 = \"*\"\n默认年份 = 2023\n默认单位 = \"甲支部\"\n[表格.这]\n文件 = \"一*\"\n列 = { B = \"内容\" }\n[表格.那]\n文件 = \"二*\"\n读法 = \"不读\"";
    let bytes = book(&[("台账", &["时间|主题", "3月5日|座谈"])]);
    let submission = read("一支部.xlsx", &bytes, toml);
    assert_eq!(told(&submission), "台账 A2 2023-03-05  座谈 @甲支部\n- 台账 1 表头");
    assert_eq!(submission.ruled.len(), 2);
    assert_eq!(&*submission.units[0].name, "甲支部");
}

#[test]
fn rules_that_contradict_each_other_are_told() {
    let bytes = book(&[("台账", &["时间|主题|内容", "3月5日|座谈|大家谈"])]);
    for (one, two, clash) in [
        ("读法 = \"不读\"", "读法 = \"普通表格\"", "“读法”一条写不读，一条写普通表格"),
        ("表头行 = 1", "表头行 = [1, 2]", "“表头行”一条写1，一条写1、2"),
        ("默认年份 = 2023", "默认年份 = 2022", "“默认年份”一条写2023，一条写2022"),
        ("默认类型 = \"党课\"", "默认类型 = \"支委会\"", "“默认类型”一条写党课，一条写支委会"),
        ("默认单位 = \"甲\"", "默认单位 = \"乙\"", "“默认单位”一条写甲，一条写乙"),
        ("列 = { B = \"名称\" }", "列 = { B = \"内容\" }", "“列”一条写B＝名称，一条写B＝内容"),
        ("首行 = 2", "末行 = 1", "合在一起时，“首行”（2）在“末行”（1）之后"),
        ("读法 = \"不读\"", "表头行 = 1", "合在一起时，“读法”是“不读”，就不能再写“表头行”“首行”“末行”和“列”"),
    ] {
        let toml = format!("[表格.甲]\n文件 = \"*\"\n{one}\n[表格.乙]\n文件 = \"*\"\n{two}");
        let both = read("一支部.xlsx", &bytes, &toml);
        let message = format!(
            "[表格.甲]（考核.toml 第1行）和[表格.乙]（考核.toml 第4行）对这张表的说法矛盾：{clash}。按先写的一条"
        );
        assert!(told(&both).contains(&format!("! R024 {message}")), "{}", told(&both));
        // The first holds as if the second were not there.
        let first = read("一支部.xlsx", &bytes, &format!("[表格.甲]\n文件 = \"*\"\n{one}"));
        assert_eq!(both.activities, first.activities, "{one} {two}");
    }
}
