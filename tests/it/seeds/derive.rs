//! What is derived from a list's own words, beside what was written by hand.

use shuzhi::model::{By, Class, DutyList, Points, Requirement};
use shuzhi::seeds::{Catalogue, KindTable, duty_lists, requirements, scheme::default as schemes};
use std::fmt::Write as _;
use std::path::Path;

/// One line for each requirement.
fn shown(requirements: &[Requirement]) -> String {
    let mut text = String::new();
    for r in requirements {
        let kinds = r.counts.kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
        let any = r.counts.any.join("+");
        let months =
            if r.window == (1, 12) { String::new() } else { format!(" {}–{}月", r.window.0, r.window.1) };
        let secretary = if r.counts.by == By::Secretary { " 书记" } else { "" };
        let _ = writeln!(
            text,
            "{} {:?} {}{}{months} 〔{kinds}|{any}{secretary}〕 {}",
            r.id,
            r.class,
            r.period.every(),
            r.minimum,
            r.name
        );
    }
    text
}

fn fixture(name: &str) -> Vec<DutyList> {
    let bytes = std::fs::read(Path::new("tests/fixtures/lists").join(name)).unwrap_or_default();
    shuzhi::pipeline::own_list::load(name, &bytes).unwrap_or_default()
}

fn derived(list: &DutyList, kinds: &KindTable) -> String {
    let found = requirements::derive(list, kinds);
    for r in &found {
        assert!(
            list.item(&r.item).is_some_and(|item| item.text.contains(&r.source)),
            "{}: {}",
            r.id,
            r.source
        );
    }
    assert!(list.items.iter().all(|item| found.iter().any(|r| r.item == item.id)));
    shown(&found)
}

#[test]
fn the_branch_list_yields_what_was_written_by_hand() {
    let catalogue = Catalogue::builtin().unwrap();
    let list = catalogue.list(&"ZB".into()).unwrap();
    insta::assert_snapshot!(derived(list, &catalogue.kinds), @r"
    ZB-1a Narrative 每年1 〔|〕 坚持把政治建设放在首位
    ZB-2a Counted 每半年1 〔|思想政治〕 思想政治工作情况
    ZB-3a Counted 每月1 〔支委会|〕 支委会
    ZB-3b Counted 每月1 〔党员大会|〕 党员大会
    ZB-3c Counted 每月1 〔主题党日|〕 主题党日
    ZB-3d Counted 每月1 〔廉政自省日|〕 廉政自省日
    ZB-3e Counted 每季度1 〔党课|〕 党课
    ZB-3f Counted 每年1 〔党课| 书记〕 书记党课
    ZB-4a Calendar 每年1 〔组织生活会|〕 组织生活会
    ZB-5a Narrative 每年1 〔|〕 充分发挥党支部战斗堡垒作用
    ZB-6a Narrative 每年1 〔|〕 积极推进党务公开工作
    ZB-7a Interval 每季度1 〔|遵纪守法教育〕 遵纪守法教育
    ");
    let found = requirements::derive(list, &catalogue.kinds);
    for authored in
        catalogue.requirements.iter().filter(|r| r.item.as_str() == "ZB-3" && r.class == Class::Counted)
    {
        assert!(
            found.iter().any(|r| r.counts.kinds == authored.counts.kinds
                && r.counts.by == authored.counts.by
                && (r.class, r.period, r.minimum) == (authored.class, authored.period, authored.minimum)),
            "{}",
            authored.id
        );
    }
}

#[test]
fn lists_of_other_fields_yield_their_own_demands() {
    let catalogue = Catalogue::builtin().unwrap();
    insta::assert_snapshot!(derived(&fixture("学校党支部.txt")[0], &catalogue.kinds), @r"
    学校党支部-1a Counted 每月1 〔支委会|〕 支委会
    学校党支部-1b Counted 每季度1 〔党员大会|〕 党员大会
    学校党支部-1c Counted 每月1 〔主题党日|〕 主题党日
    学校党支部-2a Counted 每半年1 〔党课| 书记〕 书记党课
    学校党支部-2b Counted 每年2 〔党课| 书记〕 书记党课
    学校党支部-3a Calendar 每年1 〔组织生活会|〕 组织生活会
    学校党支部-4a Interval 每季度1 〔|教师思想动态〕 教师思想动态
    学校党支部-4b Counted 每半年1 〔|师德师风专题教育〕 师德师风专题教育
    学校党支部-5a Narrative 每年1 〔|〕 关心青年教师成长，做好入党积极分…
    学校党支部-6a Counted 每半年1 〔|〕 每学期组织党员教师与困难学生结对…
    学校党支部-6b Counted 每年10 〔|走访〕 走访
    ");
    insta::assert_snapshot!(derived(&fixture("安全生产.txt")[0], &catalogue.kinds), @r"
    安全生产-1.1a Counted 每季度1 〔|安全生产例会〕 安全生产例会
    安全生产-1.2a Counted 每半年1 〔|应急演练+消防演练〕 应急演练、消防演练
    安全生产-1.3a Calendar 每年1 1–3月 〔|安全生产目标责任书〕 安全生产目标责任书
    安全生产-2.1a Counted 每月2 〔|安全检查〕 安全检查
    安全生产-2.2a Interval 每季度1 〔教育培训|〕 教育培训
    安全生产-2.2b Calendar 每年1 〔|培训〕 培训
    安全生产-2.3a Narrative 每年1 〔|〕 落实安全生产投入，保障劳动防护用…
    ");
}

#[test]
fn every_built_in_item_yields_a_demand() {
    let catalogue = Catalogue::builtin().unwrap();
    for list in &catalogue.lists {
        assert!(!derived(list, &catalogue.kinds).is_empty());
    }
}

#[test]
fn an_office_that_puts_in_its_name_keeps_the_written_requirements() {
    let catalogue = Catalogue::builtin().unwrap();
    let own = duty_lists::BUILTIN_TEXT.replace("XX", "某某").replace("十九大及十九届历次全会", "二十大");
    let own = own.replace("每半年向局机关党委汇报一次", "每季度向局机关党委汇报一次");
    for list in duty_lists::parse_text("本局清单.txt", &own).unwrap() {
        let mut written: Vec<Requirement> =
            catalogue.requirements.iter().filter(|r| schemes::list_of(&r.id) == list.id).cloned().collect();
        if list.id.as_str() == "ZB" {
            written.retain(|r| r.id.as_str() != "ZB-2a");
        }
        assert_eq!(shown(&catalogue.requirements_for(&list)), shown(&written), "{}", list.id);
    }
}

#[test]
fn an_item_that_was_rewritten_yields_its_new_words() {
    let catalogue = Catalogue::builtin().unwrap();
    let text = "党支部书记责任清单\n1.每季度召开一次党员大会。\n2.做好其他工作。\n";
    let lists = duty_lists::parse_text("清单.txt", text).unwrap();
    insta::assert_snapshot!(shown(&catalogue.requirements_for(&lists[0])), @r"
    ZB-1a Counted 每季度1 〔党员大会|〕 党员大会
    ZB-2a Narrative 每年1 〔|〕 做好其他工作
    ");
}

#[test]
fn single_clauses_yield_what_they_say() {
    let catalogue = Catalogue::builtin().unwrap();
    for (text, expected) in [
        ("召开支委会，每月不少于1次。", "Counted 每月1 〔支委会|〕 支委会"),
        ("组织述职评议，12月底前完成。", "Calendar 每年1 〔|述职评议〕 述职评议"),
        ("每年12月底前组织开展述职评议。", "Calendar 每年1 〔|述职评议〕 述职评议"),
        ("6月30日前召开专题组织生活会。", "Calendar 每年1 1–6月 〔组织生活会|〕 组织生活会"),
        ("对各科室每季度进行一次作风检查。", "Counted 每季度1 〔|作风检查〕 作风检查"),
        ("上半年开展警示教育。", "Calendar 每年1 1–6月 〔|警示教育〕 警示教育"),
        ("定期听取安全工作汇报。", "Interval 每季度1 〔|安全工作〕 安全工作汇报"),
        ("每季度专题研究安全生产工作不少于两次。", "Counted 每季度2 〔|安全生产〕 安全生产工作"),
        ("开展一次性补助发放。", "Narrative 每年1 〔|〕 开展一次性补助发放"),
        ("第一次会议由书记主持。", "Narrative 每年1 〔|〕 第一次会议由书记主持"),
        (
            "每月至少组织1次主题党日和2次志愿服务。",
            "Counted 每月1 〔主题党日|〕 主题党日;Counted 每月2 〔志愿服务|〕 志愿服务",
        ),
    ] {
        let list = duty_lists::parse_text("甲.txt", &format!("甲责任清单\n1.{text}\n")).unwrap().remove(0);
        let lines = shown(&requirements::derive(&list, &catalogue.kinds));
        let lines: Vec<&str> =
            lines.lines().filter_map(|l| l.split_once(' ')).map(|(_, rest)| rest).collect();
        assert_eq!(lines.join(";"), expected, "{text}");
    }
}

#[test]
fn a_rewritten_item_keeps_its_points_and_a_new_list_shares_evenly() {
    let catalogue = Catalogue::builtin().unwrap();
    let scheme = catalogue.scheme("").unwrap();
    let own = duty_lists::BUILTIN_TEXT.replace(
        "7.加强党内廉政建设。深入开展廉政文化进支部活动",
        "7.每季度开展1次警示教育，每半年开展1次家风教育。深入开展清廉活动",
    );
    let own = own.replace("经常对党员进行遵纪守法教育", "对党员进行遵纪守法教育");
    let lists = duty_lists::parse_text("清单.txt", &own).unwrap();
    let points = scheme.spread(&catalogue.requirements_for(&lists[3]));
    assert_eq!(points.values().copied().sum::<Points>(), schemes::FULL);
    for (id, expected) in [("ZB-3a", "8"), ("ZB-7a", "2.5"), ("ZB-7b", "2.5")] {
        assert_eq!(points[&id.into()].to_string(), expected, "{id}");
    }
    let lists = duty_lists::parse_text("清单.txt", "党支部书记责任清单\n1.甲。\n2.乙。\n3.丙。\n").unwrap();
    let points = scheme.spread(&catalogue.requirements_for(&lists[0]));
    assert_eq!(points.values().map(ToString::to_string).collect::<Vec<_>>(), ["33.34", "33.33", "33.33"]);
}

#[test]
fn derived_demands_share_a_hundred_points_evenly() {
    let catalogue = Catalogue::builtin().unwrap();
    for name in ["学校党支部.txt", "安全生产.txt"] {
        let found = requirements::derive(&fixture(name)[0], &catalogue.kinds);
        let points = schemes::even(&found);
        assert_eq!(points.len(), found.len());
        assert_eq!(points.values().copied().sum::<Points>(), schemes::FULL);
        let (least, most) = (points.values().min().unwrap(), points.values().max().unwrap());
        assert!(most.hundredths() - least.hundredths() <= 1);
        assert_eq!(catalogue.scheme("").unwrap().spread(&found), points);
    }
}
