//! What a clerk may write, and what is said about the rest.

use super::{catalogue, rules};
use shuzhi::model::{Field, SheetChoice, TableSource, Wanted};
use shuzhi::pipeline::settings::{FILE, Settings};
use shuzhi::pipeline::table_rules::TableRules;

#[test]
fn a_rule_is_read_as_it_was_meant() {
    let rules = rules(
        "年度 = 2023\n[表格.一支部台账]   # 名称随意\n文件 = \"报送\\\\县局\\\\一支部*.xlsx\"\n工作表 = 2\n读法 = \"普通表格\"\n\
         表头行 = [3, 4]\n首行 = 5\n末行 = 60\n列 = { B = \"日期\", c = \"大会类别\", D = \"名称\", E = \"参加人数\", AA = \"不用\", G = \"时长（小时）\" }\n\
         默认年份 = 2023\n默认类型 = \"支部大会\"\n默认单位 = \" 机关第一党支部 \"\n\n\
         [表格.第2条.带点]\n文件 = '*'\n读法 = \"不读\"\n[表格.\"第 3 条\"]\n文件 = \"a.csv\"\n[表格.\"第 3 条\".列]\nB = \"日期\"\n[表格.四.列]\nC = \"内容\"\n[表格.四]\n文件 = \"b.csv\"\n"
            .replace("大会类别", "会议类别")
            .as_str(),
    );
    let rules = rules.all();
    let names: Vec<&str> = rules.iter().map(|rule| &*rule.name).collect();
    assert_eq!(names, ["一支部台账", "第2条.带点", "第 3 条", "四"]);
    let rule = &rules[0];
    assert_eq!((rule.line, rule.file.as_str()), (2, "县局/一支部*.xlsx"));
    assert_eq!(rule.sheet, Some(SheetChoice::Nth(2)));
    assert_eq!(rule.reading, Some(Wanted::Read(TableSource::Rows)));
    assert_eq!((rule.header.as_slice(), rule.first, rule.last), (&[3, 4][..], Some(5), Some(60)));
    let columns: Vec<(u32, Field)> = rule.columns.iter().map(|(col, rule)| (*col, rule.field)).collect();
    let expected = [
        (2, Field::Date),
        (3, Field::Kind),
        (4, Field::Title),
        (5, Field::Attended),
        (7, Field::Hours),
        (27, Field::Ignored),
    ];
    assert_eq!(columns, expected);
    assert_eq!(rule.kind.as_ref().unwrap().as_str(), "党员大会");
    assert_eq!((rule.year, rule.unit.as_deref()), (Some(2023), Some("机关第一党支部")));
    assert_eq!(
        rule.says(),
        "读法 普通表格，表头行 3、4，首行 5，末行 60，列 B＝日期、C＝类型、D＝名称、E＝实到人数、G＝时长、AA＝不用，默认年份 2023，默认类型 党员大会，默认单位 机关第一党支部"
    );
    let columns = |at: usize| rules[at].columns.keys().copied().collect::<Vec<_>>();
    assert_eq!((rules[1].reading, columns(2), columns(3)), (Some(Wanted::LeaveOut), vec![2], vec![3]));
}

#[test]
fn every_meaning_can_be_written_by_its_word() {
    for field in Field::MEANINGS {
        let rules = rules(&format!("[表格.甲]\n文件 = \"*\"\n列 = {{ B = \"{}\" }}", field.word()));
        assert_eq!(rules.all()[0].columns[&2].field, field, "{}", field.word());
    }
}

#[test]
fn what_is_wrong_with_a_rule_is_told_with_line_key_and_expectation() {
    let mut told = Vec::new();
    for body in [
        "[[表格]]\n文件 = \"*\"",
        "表格 = 3",
        "[表格]\n文件 = \"*\"",
        "[表格.甲]\n读法 = \"不读\"",
        "[表格.甲]\n文件 = \" \"\n读法 = \"不读\"",
        "[表格.甲]\n文件 = 3\n读法 = \"不读\"",
        "[表格.甲]\n文件 = \"*\"",
        "[表格.甲]\n文件 = \"*\"\n表头 = 3",
        "[表格.甲]\n文件 = \"*\"\n工作表 = 0\n读法 = \"不读\"",
        "[表格.甲]\n文件 = \"*\"\n工作表 = [1]\n读法 = \"不读\"",
        "[表格.甲]\n文件 = \"*\"\n读法 = \"横着读\"",
        "[表格.甲]\n文件 = \"*\"\n读法 = true",
        "[表格.甲]\n文件 = \"*\"\n表头行 = \"3\"",
        "[表格.甲]\n文件 = \"*\"\n表头行 = [3, 5]",
        "[表格.甲]\n文件 = \"*\"\n表头行 = []",
        "[表格.甲]\n文件 = \"*\"\n首行 = 0",
        "[表格.甲]\n文件 = \"*\"\n首行 = [5, 6]",
        "[表格.甲]\n文件 = \"*\"\n末行 = 2000000",
        "[表格.甲]\n文件 = \"*\"\n首行 = 5, 末行 = 60",
        "[表格.甲]\n文件 = \"*\"\n首行 = 60\n末行 = 5",
        "[表格.甲]\n文件 = \"*\"\n表头行 = [3, 4]\n首行 = 4",
        "[表格.甲]\n文件 = \"*\"\n表头行 = 3\n末行 = 3",
        "[表格.甲]\n文件 = \"*\"\n读法 = \"不读\"\n表头行 = 3",
        "[表格.甲]\n文件 = \"*\"\n读法 = \"登记表\"\n列 = { B = \"日期\" }",
        "[表格.甲]\n文件 = \"*\"\n读法 = \"横向表格\"\n表头行 = 3",
        "[表格.甲]\n文件 = \"*\"\n读法 = \"方格表\"\n表头行 = [3, 4]",
        "[表格.甲]\n文件 = \"*\"\n列 = \"B\"",
        "[表格.甲]\n文件 = \"*\"\n列 = {}",
        "[表格.甲]\n文件 = \"*\"\n列 = { 2 = \"日期\" }",
        "[表格.甲]\n文件 = \"*\"\n列 = { XFE = \"日期\" }",
        "[表格.甲]\n文件 = \"*\"\n列 = { B = 3 }",
        "[表格.甲]\n文件 = \"*\"\n列 = { B = \"日期\", b = \"类型\" }",
        "[表格.甲]\n文件 = \"*\"\n列 = { B = \"日期\", B = \"类型\" }",
        "[表格.甲]\n文件 = \"*\"\n列 = { Ｂ = \"日期\" }",
        "[表格.甲]\n文件 = \"*\"\n列 = { B = \"日期\"，C = \"类型\" }",
        "[表格.甲]\n文件 = \"*\"\n列 = { B = \"日其\" }",
        "[表格.甲]\n文件 = \"*\"\n列 = { B = \"zzz\" }",
        "[表格.甲]\n文件 = \"*\"\n默认年份 = 23",
        "[表格.甲]\n文件 = \"*\"\n默认类型 = \"党可\"",
        "[表格.甲]\n文件 = \"*\"\n默认单位 = \"\"",
        "[表格.甲]\n文件 = \"*\"\n读法 = \"不读\"\n[表格.甲]\n文件 = \"*\"\n读法 = \"不读\"",
    ] {
        let error = Settings::parse(FILE, body)
            .and_then(|settings| TableRules::of(&settings, catalogue()).map(drop))
            .expect_err(body)
            .to_string();
        told.push(format!("{body}\n  → {error}\n"));
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn the_manual_can_be_copied() {
    let readme = include_str!("../../../README.md");
    let example = readme.split("```toml\n").find(|part| part.starts_with("[表格.")).unwrap();
    let rules = rules(example.split("```").next().unwrap());
    assert_eq!((rules.all().len(), rules.all()[0].columns.len()), (1, 5));
    let words: Vec<&str> = Field::MEANINGS.into_iter().map(Field::word).collect();
    assert!(readme.contains(&format!("意思可以写：{}；", words.join("、"))));
    for wanted in Wanted::ALL {
        assert!(readme.contains(&format!("`{}`", wanted.as_str())), "{}", wanted.as_str());
    }
    for key in shuzhi::model::table_rule::keys::ALL {
        assert!(readme.contains(&format!("`{key}`")), "{key}");
    }
}
