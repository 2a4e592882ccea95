//! The facts of one unit under the names that a template uses.
//!
//! In: a [`Subject`]. Out: [`Facts`], and the rows that prove their figures. Never here: wording.

mod acts;
mod bureau;
mod items;
mod marks;
mod shortfalls;

pub use bureau::{Demands, Whole};
pub(super) use bureau::{award_names, bureau, group_name, members};

use super::choice::Evidence;
use super::numerals::chinese;
use super::proof::{Count, Proofs, Sourced, numbers};
use crate::model::{
    CountyScore, DutyList, Leader, Points, Rectification, Requirement, Scheme, Scope, Standing, UnitResult,
    UnitScore,
};
use items::ItemFacts;
use marks::{Marks, marks};
use serde::Serialize;
use shortfalls::{Shortfall, Task};

/// Whose report is written, and from what.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The unit with its activities and points.
    pub result: &'a UnitResult,
    /// The list that it answers to.
    pub list: &'a DutyList,
    /// What the list's items demand.
    pub requirements: &'a [Requirement],
    /// Bureau, year, last day of the data.
    pub scope: &'a Scope,
    /// Points and rank; none for a leader, who is not ranked.
    pub marked: Option<Marked<'a>>,
    /// What the unit had to put right from last year.
    pub tasks: &'a [Rectification],
    /// The leader whose report it is, and the branches that he is in touch with.
    pub leader: Option<(&'a Leader, &'a [&'a UnitResult])>,
}

impl<'a> Subject<'a> {
    /// A unit of which nothing but its activities and points by the list is known.
    #[must_use]
    pub fn new(
        result: &'a UnitResult,
        list: &'a DutyList,
        requirements: &'a [Requirement],
        scope: &'a Scope,
    ) -> Self {
        Self { result, list, requirements, scope, marked: None, tasks: &[], leader: None }
    }

    /// Who speaks, where the name is known.
    fn author(&self) -> Option<&'a str> {
        self.leader.map_or(self.result.unit.secretary.as_deref(), |(leader, _)| Some(&*leader.name))
    }
}

/// The points and the place of a unit.
#[derive(Debug, Clone, Copy)]
pub struct Marked<'a> {
    /// What its branches add to a county bureau that has any.
    pub county: Option<&'a CountyScore>,
    /// Its place.
    pub standing: &'a Standing,
    /// Its points.
    pub score: &'a UnitScore,
    /// By which scheme.
    pub scheme: &'a Scheme,
    /// How many units its group has.
    pub peers: usize,
    /// 业务工作得分, where it is given.
    pub business: Option<Points>,
    /// Rank and points of last year.
    pub last_year: Option<(Option<u32>, Option<Points>)>,
}

/// Everything that a template about one unit may name.
#[derive(Debug, Serialize)]
pub(super) struct Facts {
    单位: String,
    单位简称: String,
    局名: String,
    年度: i32,
    书记: Option<String>,
    职务: String,
    党员人数: Option<Count>,
    截至: String,
    角色: String,
    主体: &'static str,
    活动数: Count,
    人次: Option<Count>,
    未填人数: Count,
    出勤: Option<Attendance>,
    本人: Own,
    条目数: Count,
    有记录条目数: Count,
    要求数: Count,
    达标数: Count,
    缺项数: Count,
    待核分: String,
    条目: Vec<ItemFacts>,
    类别: Vec<CategoryFacts>,
    问题: Vec<Shortfall>,
    整改: Vec<Task>,
    成绩: Option<Marks>,
    联系支部: Vec<Contact>,
    待核活动数: Count,
    文件: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CategoryFacts {
    名称: String,
    序: String,
    条目: Vec<usize>,
    /// Those of them that an activity proves, and the titles of the others.
    有: Vec<usize>,
    无: Vec<Untold>,
}

/// An item without any activity.
#[derive(Debug, Serialize)]
struct Untold {
    标题: String,
}

/// How many came of those who should.
#[derive(Debug, Serialize)]
struct Attendance {
    次数: Count,
    应到: Count,
    实到: Count,
    率: Sourced<String>,
}

/// What the author did in person.
#[derive(Debug, Serialize)]
struct Own {
    主持: Count,
    讲课: Count,
    题目: Vec<String>,
}

/// A branch that a leader is in touch with.
#[derive(Debug, Serialize)]
struct Contact {
    名称: String,
    活动数: Count,
    要求数: Count,
    达标数: Count,
}

/// The facts of a unit; `told` activities are named under each item.
pub(super) fn facts(subject: &Subject<'_>, evidence: &Evidence, told: usize) -> (Facts, Proofs) {
    let Subject { result, list, scope, .. } = *subject;
    let mut proofs = Proofs::default();
    let order = evidence.order();
    let people = present(subject, order);
    let silent =
        order.iter().filter(|&&i| result.activities.get(i).is_some_and(|a| a.attended.is_none())).count();
    let total = proofs.add(
        "t1".into(),
        "全部佐证",
        format!("{}项，{people}人次，没有填写实到人数的{silent}项", order.len()),
        "佐证目录各行合计",
        numbers(evidence, order),
    );
    let attendance = attendance(subject, evidence, &mut proofs);
    let own = own(subject, evidence, &mut proofs);
    let members = result.unit.members.map(|members| {
        let anchor = proofs.add("u1".into(), "党员人数", members.to_string(), "单位名册", String::new());
        Sourced::new(acts::to_usize(members), &anchor)
    });
    let items = items::items(subject, evidence, &mut proofs, told);
    let demands = || items.iter().flat_map(|i| &i.要求).filter(|d| !d.不适用);
    let (asked, met) = (demands().count(), demands().filter(|d| d.达标).count());
    let lacking = asked - met;
    let with_record = items.iter().filter(|i| *i.次数.value() > 0).count();
    let waiting =
        result.card.items.iter().flat_map(|i| &i.review).collect::<std::collections::BTreeSet<_>>().len();
    let checked = proofs.add(
        "t2".into(),
        "逐项核对",
        format!(
            "清单{}条，有记录{with_record}条；要求{asked}项，齐全{met}项，有缺{lacking}项；待确认的活动{waiting}项",
            items.len()
        ),
        "逐项核对，不适用的除外",
        String::new(),
    );
    let count = |n: usize| Sourced::new(n, &checked);
    let problems = shortfalls::shortfalls(subject, &items, &mut proofs);
    let tasks = shortfalls::tasks(subject, &items);
    let marks = subject.marked.map(|marked| marks(subject, &marked, &mut proofs));
    let contacts = contacts(subject, &mut proofs);
    let facts = Facts {
        单位: full_name(&scope.bureau, &result.unit.name),
        单位简称: result.unit.name.to_string(),
        局名: scope.bureau.clone(),
        年度: scope.year,
        书记: subject.author().map(str::to_owned),
        职务: subject.leader.map_or_else(String::new, |(leader, _)| leader.post.clone()),
        党员人数: members,
        截至: scope.until.chinese(),
        角色: list.role.clone(),
        主体: body_word(subject),
        活动数: Sourced::new(order.len(), &total),
        人次: (people > 0).then(|| Sourced::new(acts::to_usize(people), &total)),
        未填人数: Sourced::new(silent, &total),
        出勤: attendance,
        本人: own,
        条目数: count(items.len()),
        有记录条目数: count(with_record),
        要求数: count(asked),
        达标数: count(met),
        缺项数: count(lacking),
        待核分: result.card.pending.to_string(),
        类别: categories(list, &items),
        问题: problems,
        整改: tasks,
        成绩: marks,
        联系支部: contacts,
        条目: items,
        待核活动数: count(waiting),
        文件: result.files.iter().map(ToString::to_string).collect(),
    };
    (facts, proofs)
}

fn categories(list: &DutyList, items: &[ItemFacts]) -> Vec<CategoryFacts> {
    let told = |(at, category): (usize, &crate::model::Category)| {
        let own = |i: &usize| list.items.get(*i).is_some_and(|item| item.category == Some(at));
        let all: Vec<usize> = (0..list.items.len()).filter(own).collect();
        let proved = |i: &usize| items.get(*i).is_some_and(|item| *item.次数.value() > 0);
        let (with, without): (Vec<usize>, Vec<usize>) = all.iter().partition(|i| proved(i));
        CategoryFacts {
            名称: category.name.clone(),
            序: chinese(at + 1),
            条目: all,
            有: with,
            无: without
                .into_iter()
                .filter_map(|i| Some(Untold { 标题: items.get(i)?.标题.clone() }))
                .collect(),
        }
    };
    list.categories.iter().enumerate().map(told).collect()
}

/// What the author's organisation calls itself.
fn body_word(subject: &Subject<'_>) -> &'static str {
    let role = subject.list.role.as_str();
    if subject.leader.is_some() {
        "我"
    } else if role.contains("支部") {
        "支部"
    } else if role.contains("机关党委") {
        "机关党委"
    } else if role.contains("党组") {
        "党组"
    } else {
        "本单位"
    }
}

/// Persons present at some activities together.
pub(super) fn present(subject: &Subject<'_>, indexes: &[usize]) -> u32 {
    let present = indexes.iter().filter_map(|&i| subject.result.activities.get(i)?.attended);
    present.fold(0, u32::saturating_add)
}

fn attendance(subject: &Subject<'_>, evidence: &Evidence, proofs: &mut Proofs) -> Option<Attendance> {
    let mut behind = Vec::new();
    let (mut expected, mut came) = (0_u32, 0_u32);
    for &i in evidence.order() {
        let Some(activity) = subject.result.activities.get(i) else { continue };
        if let (Some(due), Some(there)) = (activity.expected, activity.attended)
            && due > 0
            && there <= due
        {
            behind.push(i);
            expected = expected.saturating_add(due);
            came = came.saturating_add(there);
        }
    }
    if expected == 0 {
        return None;
    }
    let rate = rate(came, expected);
    let anchor = proofs.add(
        "t3".into(),
        "出勤",
        format!("{}项，应到{expected}人次，实到{came}人次，{rate}%", behind.len()),
        "实到合计÷应到合计",
        numbers(evidence, &behind),
    );
    Some(Attendance {
        次数: Sourced::new(behind.len(), &anchor),
        应到: Sourced::new(acts::to_usize(expected), &anchor),
        实到: Sourced::new(acts::to_usize(came), &anchor),
        率: Sourced::new(format!("{rate}%"), &anchor),
    })
}

/// Per cent with one decimal, half up: `96.5`, `100`.
fn rate(part: u32, whole: u32) -> String {
    let whole = u64::from(whole).max(1);
    let tenths = (u64::from(part) * 2000 + whole) / (2 * whole);
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

fn own(subject: &Subject<'_>, evidence: &Evidence, proofs: &mut Proofs) -> Own {
    let (mut hosted, mut lectured) = (Vec::new(), Vec::new());
    for &i in evidence.order() {
        let Some(activity) = subject.result.activities.get(i).filter(|a| acts::own(subject, a)) else {
            continue;
        };
        if acts::lecture(activity) { &mut lectured } else { &mut hosted }.push(i);
    }
    let mut row = |anchor: &str, what: &str, how: &str, behind: &[usize]| {
        let figure = format!("{}次", behind.len());
        let anchor = proofs.add(anchor.into(), what, figure, how, numbers(evidence, behind));
        Sourced::new(behind.len(), &anchor)
    };
    let title = |i: &usize| Some(crate::model::within_quotes(&subject.result.activities.get(*i)?.title));
    Own {
        题目: lectured.iter().filter_map(title).collect(),
        主持: row("p1", "述职人主持", "主持人写有述职人姓名的佐证", &hosted),
        讲课: row("p2", "述职人讲课", "主讲人写有述职人姓名的佐证", &lectured),
    }
}

fn contacts(subject: &Subject<'_>, proofs: &mut Proofs) -> Vec<Contact> {
    let branches = subject.leader.map_or(&[][..], |(_, branches)| branches);
    branches
        .iter()
        .enumerate()
        .map(|(at, branch)| {
            let acts = Evidence::number(branch).order().len();
            let requirements = || branch.card.items.iter().flat_map(|item| &item.requirements);
            let asked = requirements().filter(|r| r.applies()).count();
            let full = requirements().filter(|r| r.applies() && r.missing().is_empty()).count();
            let anchor = proofs.add(
                format!("b{}", at + 1),
                format!("联系支部“{}”", branch.unit.name),
                format!("佐证{acts}项；要求{asked}项，齐全{full}项"),
                format!("评分表“{}”", branch.unit.name),
                String::new(),
            );
            let count = |n| Sourced::new(n, &anchor);
            Contact {
                名称: branch.unit.name.to_string(),
                活动数: count(acts),
                要求数: count(asked),
                达标数: count(full),
            }
        })
        .collect()
}

/// The unit's name with the bureau before it, unless it already stands there.
pub(super) fn full_name(bureau: &str, unit: &str) -> String {
    if bureau.is_empty() || unit.contains(bureau) || unit.contains('市') || unit.contains('县') {
        unit.to_owned()
    } else if bureau.ends_with('局') {
        // 局党组, 局机关党委: the bureau's own name says it already.
        format!("{bureau}{}", unit.strip_prefix('局').unwrap_or(unit))
    } else {
        format!("{bureau}{unit}")
    }
}

/// Hours with at most one decimal: `1.5`, `12`.
pub(super) fn hours(minutes: u32) -> String {
    let tenths = (minutes + 3) / 6;
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// At most `limit` characters, cut at a mark of punctuation where there is one near the end.
pub(super) fn shortened(text: &str, limit: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= limit {
        return text.trim_end_matches(['。', '；', '，', '、']).to_owned();
    }
    let head = chars.get(..limit).unwrap_or(&chars);
    let cut =
        head.iter().rposition(|c| "，。；、（ ".contains(*c)).filter(|at| *at * 2 > limit).unwrap_or(limit);
    let kept: String = head.iter().take(cut).collect();
    format!("{kept}……")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_are_cut_at_punctuation() {
        assert_eq!(shortened("学习党章。", 10), "学习党章");
        assert_eq!(shortened("一二三四五六七，八九十十一", 10), "一二三四五六七……");
        assert_eq!(shortened("一二三四五六七八九十", 5), "一二三四五……");
    }

    #[test]
    fn hours_have_one_decimal_at_most() {
        for (minutes, text) in [(60, "1"), (90, "1.5"), (100, "1.7"), (45, "0.8")] {
            assert_eq!(hours(minutes), text);
        }
    }

    #[test]
    fn rates_are_rounded_half_up() {
        for (part, whole, text) in
            [(1, 3, "33.3"), (2, 3, "66.7"), (12, 12, "100"), (1, 16, "6.3"), (0, 5, "0")]
        {
            assert_eq!(rate(part, whole), text);
        }
    }

    #[test]
    fn the_bureau_stands_before_a_branch_once() {
        for (bureau, unit, name) in [
            ("青岚市水务局", "机关第一党支部", "青岚市水务局机关第一党支部"),
            ("青岚市水务局", "青岚市水务局机关第一党支部", "青岚市水务局机关第一党支部"),
            ("青岚市水务局", "局党组", "青岚市水务局党组"),
            ("", "机关第一党支部", "机关第一党支部"),
        ] {
            assert_eq!(full_name(bureau, unit), name);
        }
    }
}
