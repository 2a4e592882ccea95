//! The reference data: whole, canonical, and refused with a clear word where it is broken.

mod derive;
mod files;

use sha2::{Digest, Sha256};
use shuzhi::model::{By, Class, DutyList, Period, Points, Requirement};
use shuzhi::seeds::{Catalogue, duty_lists, requirements, scheme::default as schemes};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The first line in which a seed file, without its comments, differs from the canonical text.
fn difference(file: &str, canonical: &str) -> Option<(String, String)> {
    let mut kept = file.lines().filter(|line| !line.starts_with('#')).skip_while(|line| line.is_empty());
    let mut canonical = canonical.lines();
    loop {
        match (kept.next(), canonical.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            (a, b) => return Some((a.unwrap_or("(end)").to_owned(), b.unwrap_or("(end)").to_owned())),
        }
    }
}

#[test]
fn the_built_in_lists_are_the_recorded_text() {
    let digest = Sha256::digest(duty_lists::BUILTIN_TEXT.as_bytes());
    let hash = digest.iter().fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    assert_eq!(hash, "5e82e71e88fde5040d93d275b51c9e99733a0da092f4eb6a0edbfdec8e8f0891");
}

fn written_out(lists: &[DutyList]) -> String {
    let mut text = String::new();
    for list in lists {
        let _ = writeln!(text, "{}", list.title);
        for line in &list.preamble {
            let _ = writeln!(text, "{line}");
        }
        let mut category = None;
        for item in &list.items {
            if item.category != category {
                category = item.category;
                if let Some(c) = category.and_then(|at| list.categories.get(at)) {
                    let _ = writeln!(text, "{}、{}", c.label, c.name);
                }
            }
            let _ = writeln!(text, "{}.{}", item.number, item.text);
        }
    }
    text
}

#[test]
fn reading_the_built_in_lists_loses_no_line() {
    let lists = duty_lists::builtin().unwrap();
    let text: String = duty_lists::BUILTIN_TEXT
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .fold(String::new(), |t, l| t + l + "\n");
    assert_eq!(written_out(&lists), text);
    let shape: Vec<_> =
        lists.iter().map(|l| (l.id.as_str(), l.role.as_str(), l.categories.len(), l.items.len())).collect();
    assert_eq!(
        shape,
        [
            ("DZ", "党组书记", 4, 17),
            ("JW", "机关党委书记", 5, 23),
            ("CY", "党组成员和局领导", 0, 5),
            ("ZB", "党支部书记", 0, 7)
        ]
    );
    for list in &lists {
        for (number, item) in (1..).zip(&list.items) {
            assert_eq!(item.id.as_str(), format!("{}-{number}", list.id));
        }
    }
}

#[test]
fn the_catalogue_holds_together() {
    let catalogue = Catalogue::builtin().unwrap();
    assert_eq!(catalogue.lists.iter().map(|l| l.items.len()).sum::<usize>(), 52);
    let ids: BTreeSet<_> = catalogue.requirements.iter().map(|r| &r.id).collect();
    assert_eq!(ids.len(), catalogue.requirements.len());
    let scheme = catalogue.scheme("").unwrap();
    for list in &catalogue.lists {
        assert_eq!(
            scheme.points_for(&list.id).values().copied().sum::<Points>(),
            schemes::FULL,
            "{}",
            list.id
        );
    }
    let countable: Points = ["a", "b", "c", "d", "e", "f"]
        .iter()
        .map(|l| scheme.points[&format!("ZB-3{l}").as_str().into()])
        .sum();
    assert_eq!(countable, Points::whole(40));
}

#[test]
fn every_seed_file_is_in_canonical_form() {
    let catalogue = Catalogue::builtin().unwrap();
    for (list, file, text) in requirements::BUILTIN {
        let of_list: Vec<Requirement> = catalogue
            .requirements
            .iter()
            .filter(|r| schemes::list_of(&r.id).as_str() == list)
            .cloned()
            .collect();
        assert_eq!(difference(text, &requirements::canonical(&of_list)), None, "{file}");
    }
    let scheme = catalogue.scheme("缺省").unwrap();
    assert_eq!(difference(schemes::BUILTIN.1, &schemes::canonical(scheme)), None);
}

#[test]
fn the_demands_of_the_branch_secretary_are_those_of_the_list() {
    let catalogue = Catalogue::builtin().unwrap();
    let find = |id: &str| catalogue.requirements.iter().find(|r| r.id.as_str() == id).unwrap();
    for (id, class, period, minimum) in [
        ("ZB-2a", Class::Counted, Period::Half, 1),
        ("ZB-3a", Class::Counted, Period::Month, 1),
        ("ZB-3b", Class::Counted, Period::Month, 1),
        ("ZB-3c", Class::Counted, Period::Month, 1),
        ("ZB-3d", Class::Counted, Period::Month, 1),
        ("ZB-3e", Class::Counted, Period::Quarter, 1),
        ("ZB-3f", Class::Counted, Period::Year, 1),
        ("ZB-4a", Class::Calendar, Period::Year, 1),
        ("JW-17a", Class::Counted, Period::Year, 12),
    ] {
        let r = find(id);
        assert_eq!((r.class, r.period, r.minimum), (class, period, minimum), "{id}");
    }
    assert!(find("ZB-3f").counts.by == By::Secretary && find("ZB-3g").counts.recorder);
    for r in catalogue.requirements.iter().filter(|r| r.class == Class::Interval) {
        assert!(!r.limits.is_empty(), "{}", r.id);
    }
}

#[test]
fn what_is_broken_in_a_seed_is_named_with_its_line() {
    let catalogue = Catalogue::builtin().unwrap();
    let (_, file, text) = requirements::BUILTIN[3];
    let list = catalogue.list(&"ZB".into()).unwrap();
    let good = text.lines().count();
    for (from, to, message) in [
        ("id = \"ZB-2a\"", "id = \"ZB-9a\"", "清单“市XX局党支部书记责任清单”没有条目“ZB-9”"),
        ("id = \"ZB-2b\"", "id = \"ZB-2a\"", "编号“ZB-2a”重复"),
        ("id = \"ZB-2a\"", "id = \"ZB-2aa\"", "编号“ZB-2aa”应是条目编号加一个小写字母"),
        (
            "class = \"counted\"",
            "class = \"many\"",
            "“many”应是 counted、calendar、interval、existence、narrative 之一",
        ),
        ("period = \"half\"", "period = \"week\"", "“week”应是 month、quarter、half、year 之一"),
        ("minimum = 1", "minimum = 0", "“ZB-1a”的最少次数应大于0"),
        ("kinds = [\"支委会\"]", "kinds = [\"例会\"]", "没有“例会”这一活动类型，见 seeds/kinds.toml"),
        (
            "exempt = \"no_committee\"",
            "exempt = \"none\"",
            "“none”应是 no_committee、no_groups、no_counties 之一",
        ),
        ("source = \"1次支部党员大会\"", "source = \"支部大会\"", "“支部大会”不是条目“ZB-3”的原文"),
        ("kinds = [\"党员大会\"]", "window = [1, 3]", "起止月份只用于 calendar，应在1至12之间，先起后止"),
    ] {
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        let line = broken.lines().position(|l| l == to).map_or(0, |at| at + 1);
        let line = if to == "id = \"ZB-2a\"" {
            broken.lines().enumerate().filter(|(_, l)| *l == to).nth(1).map_or(0, |(at, _)| at + 1)
        } else {
            line
        };
        let error = requirements::load(file, &broken, list, &catalogue.kinds).unwrap_err();
        assert_eq!(error.to_string(), format!("{file} 第{line}行：{message}"));
    }
    let without =
        text.split("[[requirement]]").filter(|entry| !entry.contains("\"ZB-1a\"")).collect::<Vec<_>>();
    let error =
        requirements::load(file, &without.join("[[requirement]]"), list, &catalogue.kinds).unwrap_err();
    assert!(error.to_string().ends_with("“ZB-1”没有一项考核要求，每一条目至少要有一项"), "{error} {good}");
}

#[test]
fn a_scheme_that_does_not_sum_is_refused() {
    let catalogue = Catalogue::builtin().unwrap();
    let (file, text) = schemes::BUILTIN;
    let (lines, head) = (text.lines().count(), text.lines().position(|l| l == "\"CY-1a\" = 18").unwrap() + 1);
    for (from, to, message) in [
        ("\"CY-1a\" = 18", "\"CY-1a\" = 17.5", format!("第{lines}行：清单“CY”的分值合计是99.5，应为100")),
        ("\"CY-1a\" = 18", "\"CY-1z\" = 18", format!("第{head}行：没有“CY-1z”这一项考核要求")),
        (
            "\"CY-1a\" = 18",
            "\"CY-1a\" = 18.001",
            format!("第{head}行：“CY-1a”的分值“18.001”应是大于0的数，至多两位小数"),
        ),
        ("\"CY-1a\" = 18\n", "", format!("第{}行：“CY-1a”（抓好所联系党支部的党建工作）没有分值", lines - 1)),
    ] {
        let error = schemes::PointTable::load(file, &text.replacen(from, to, 1), &catalogue.requirements)
            .unwrap_err();
        assert_eq!(error.to_string(), format!("{file} {message}"));
    }
}

#[test]
fn presets_change_period_minimum_or_leave_out() {
    let catalogue = Catalogue::builtin().unwrap();
    let national = requirements::apply_preset(catalogue.requirements.clone(), &catalogue.national);
    let find = |id: &str| national.iter().find(|r| r.id.as_str() == id).map(|r| (r.period, r.minimum));
    assert_eq!(find("ZB-3a"), Some((Period::Month, 1)));
    assert_eq!(find("ZB-3b"), Some((Period::Quarter, 1)));
    assert_eq!(find("ZB-3d"), None);
    assert_eq!(find("JW-17a"), Some((Period::Quarter, 1)));
    let list = "ZB".into();
    let own: Vec<Requirement> = national.into_iter().filter(|r| schemes::list_of(&r.id) == list).collect();
    let points = catalogue.scheme("").unwrap().spread(&own);
    assert_eq!(points.values().copied().sum::<Points>(), schemes::FULL);
    assert_eq!(points[&"ZB-3a".into()], Points::from_hundredths(851));
}

#[test]
fn dated_words_and_placeholders_are_reported_and_kept() {
    let lists = duty_lists::builtin().unwrap();
    let found: Vec<String> = lists
        .iter()
        .flat_map(duty_lists::wording_findings)
        .map(|f| format!("{} {}", f.rule.code, f.message))
        .collect();
    let dated = "是带年代的提法，请对照最新表述。";
    let blank = "是占位字样，尚未换成本单位的名称。";
    assert_eq!(
        found,
        [
            format!("C007 DZ-3 中的“十九大及十九届历次全会”{dated}"),
            format!("C007 DZ-16 中的“XX”{blank}"),
            format!("C007 DZ-17 中的“XX”{blank}"),
            format!("C007 JW-2 中的“XX”{blank}"),
            format!("C007 JW-6 中的“XX”{blank}"),
            format!("C007 JW-13 中的“XX”{blank}"),
            format!("C007 JW-14 中的“党史学习教育”{dated}"),
            format!("C007 JW-15 中的“XX”{blank}"),
            format!("C007 CY-1 中的“XX”{blank}"),
            format!("C007 ZB 清单标题 中的“XX”{blank}"),
            format!("C007 ZB-1 中的“十九大及十九届历次全会”、“党史学习教育”{dated}").replace(
                "“十九大及十九届历次全会”、“党史学习教育”",
                "“党史学习教育”、“十九大及十九届历次全会”"
            ),
            format!("C007 ZB-5 中的“AA”{blank}"),
        ]
    );
    let ours =
        duty_lists::parse_text("清单.txt", "安全责任清单\n1.争创AAA级企业，落实XXX公司制度。\n").unwrap();
    let found: Vec<String> = duty_lists::wording_findings(&ours[0]).into_iter().map(|f| f.message).collect();
    assert_eq!(found, [format!("清单-1 中的“XXX”{blank}")]);
}

#[test]
fn a_list_may_be_given_another_id() {
    let list = duty_lists::parse_text("清单.txt", "安全责任清单\n1.甲。\n2.乙。\n").unwrap().remove(0);
    let renamed = duty_lists::with_id(list, "AQ");
    assert_eq!(renamed.items.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(), ["AQ-1", "AQ-2"]);
    assert_eq!(renamed.id.as_str(), "AQ");
}

#[test]
fn a_broken_preset_is_refused_with_its_line() {
    let catalogue = Catalogue::builtin().unwrap();
    let entry = "[[override]]\nid = \"ZB-3b\"\nrule = \"每季度1次\"\nsource = \"甲\"\n";
    let head = "name = \"甲\"\nnote = \"\"\n";
    for (text, message) in [
        (format!("{head}{entry}{entry}"), "p.toml 第8行：“ZB-3b”重复"),
        (format!("{head}{entry}").replace("ZB-3b", "ZB-8b"), "p.toml 第4行：没有“ZB-8b”这一项考核要求"),
        (
            format!("{head}{entry}").replace("每季度1次", "常开"),
            "p.toml 第5行：“常开”读不懂，请写成“每月1次”“每季度1次”“每半年1次”“每年1次”这样的形式，或者“不考核”",
        ),
        (
            format!("{head}{entry}").replace("source = \"甲\"", "source = \" \""),
            "p.toml 第6行：“ZB-3b”没有写明依据",
        ),
    ] {
        let error = requirements::Preset::load("p.toml", &text, &catalogue.requirements).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let ids: Vec<&str> = catalogue.national.overrides.iter().map(|o| o.id.as_str()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
}
