//! Rules that `check` offers for pasting: they are taken as they stand, and do what they say.

use super::{book, catalogue, read, rules, told};
use shuzhi::pipeline::inputs::Input;
use shuzhi::pipeline::table_rules::{Ruled, TableRules};
use std::fs;

/// What `check` shows of a workbook without rules: the lines of the terminal, and the page.
fn check(name: &str, bytes: &[u8], rules: TableRules) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("表.xlsx");
    fs::write(&path, bytes).unwrap();
    let inputs = vec![Input { name: name.to_owned(), submitted: format!("县局/{name}"), path }];
    let shown = shuzhi::pipeline::checking::check(&Ruled { inputs, rules, whole: true }, catalogue(), true);
    (shown[0].lines.clone(), shown.iter().map(|shown| shown.section.as_str()).collect())
}

/// The lines to paste, from the name in brackets on.
fn pasted(lines: &[String]) -> String {
    let start =
        lines.iter().position(|line| line.trim_start().starts_with("[表格.")).expect("a rule to paste");
    let rule = lines[start..].iter().take_while(|line| line.starts_with("    ")).cloned();
    rule.collect::<Vec<_>>().join("\n")
}

#[test]
fn each_doubt_brings_a_rule_that_can_be_pasted() {
    let mut told = Vec::new();
    for (name, lines) in [
        // A heading that nobody knows, under a header of two lines.
        (
            "不认识.xlsx",
            &["台账", "时间|主题|参加情况||落实举措", "||应到|实到|", "2023-03-05|座谈|6|5|好"][..],
        ),
        // Two columns for one meaning.
        ("重复.xlsx", &["时间|主题|主持人|召集人", "2023-03-05|座谈|张三|李四"]),
        // Nothing understood: with headings, and without.
        ("没认出.xlsx", &["台账", "何时|大类|干啥|主持人", "春天|甲|乙|丙", "夏天|甲|乙|丙"]),
        ("没列名.xlsx", &["1|春天|甲\n乙|\"好\\\"", "2|夏天|丙|不好"]),
        // Lines above the records.
        ("上面.xlsx", &["春天|某处", "夏天|那里", "时间|主题", "2023-03-05|座谈"]),
        // Two readings.
        (
            "两可.xlsx",
            &[
                "活动时间|3月5日|",
                "活动类型|支委会|",
                "活动主题|研究工作|通报情况",
                "主持人|张三|",
                "地点|会议室|",
            ],
        ),
    ] {
        let bytes = book(&[("台账“一”\"", lines)]);
        let (shown, page) = check(name, &bytes, TableRules::default());
        let rule = pasted(&shown);
        let settings = rules(&rule);
        let given = &settings.all()[0];
        let file = format!("县局/{name}");
        assert!(given.file.matches_path(&file) && !given.file.matches_path(name), "{rule}");
        assert!(page.contains("<pre>[表格."), "{page}");
        let by_rule = read(&file, &bytes, &rule);
        assert_eq!(by_rule.ruled[0].sheets.len(), 1, "{rule}");
        for code in ["R015", "R016", "R021", "R022", "R023", "R024"] {
            assert!(
                by_rule.findings.iter().all(|f| f.rule.code != code),
                "{code}: {rule}\n{}",
                super::told(&by_rule)
            );
        }
        // What was read before is read still.
        let before = read(&file, &bytes, "");
        if !before.activities.is_empty() {
            assert_eq!(before.activities, by_rule.activities, "{rule}");
        }
        told.push(rule);
    }
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_sheet_with_a_rule_tells_which() {
    let bytes = book(&[
        ("台账", &["时间|主题|落实举措", "2023-03-05|座谈|好"]),
        ("其他", &["时间|主题", "2023-03-06|走访"]),
    ]);
    let toml = "\n[表格.一]\n文件 = \"县局/*\"\n工作表 = \"台账\"\n默认类型 = \"党课\"\n[表格.二]\n文件 = \"县局/*\"\n工作表 = \"表三\"\n读法 = \"不读\"\n";
    let (lines, page) = check("一.xlsx", &bytes, rules(toml));
    let text = lines.join("\n");
    let by = "按规则 [表格.一]（考核.toml 第2行）：默认类型 党课";
    assert_eq!((text.matches(by).count(), page.matches(by).count()), (1, 1), "{text}");
    assert!(text.contains("工作表“台账”还有疑问，请改 [表格.一]（考核.toml 第2行）"), "{text}");
    // The rule that nothing fits stands in a section of its own.
    let unused = "[表格.二]（考核.toml 第6行）：“县局/一.xlsx”里没有“表三”这样的、有内容的工作表";
    assert!(page.contains(unused), "{page}");
    assert!(page.contains("文件里有“台账”、“其他”"), "{page}");
    assert!(told(&read("县局/一.xlsx", &bytes, toml)).contains("台账 A2 2023-03-05 党课 座谈"));
}
