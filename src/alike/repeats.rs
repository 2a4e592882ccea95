//! Which activities of one unit are the same activity, entered twice.
//!
//! The same activity has the same date and kind, and the same topic. On one sheet that means the same
//! words; another sheet or file may tell more or less of it, or only the month. Two activities that
//! one sheet tells apart are never taken as one because of what another sheet says.

use super::text::is_numeral;
use crate::model::{Activity, Date, KindId, Place, Precision};
use crate::seeds::text::{fold, is_letter};
use std::collections::{BTreeMap, BTreeSet};

/// Characters from which on a topic is told apart well enough to be looked for inside another.
const TELLING: usize = 6;
/// Characters of a topic that may be added or left out, one in so many.
const LOOSE: usize = 5;
/// Characters of a title or content that are compared.
const READ: usize = 300;
/// Activities of one day that are compared with each other; beyond, only the same words are the same.
const OF_A_DAY: usize = 64;
/// Words of a title that has no topic.
const EMPTY_WORDS: [&str; 8] = ["召开", "开展", "组织", "举行", "活动", "会议", "记录", "情况"];
/// What makes a short addition a part of its own: 第二讲, （下）.
const PARTS: &str = "上中下续";

/// Of the activities of one unit, those that another one makes superfluous: their index leads to the
/// index of the fullest record of the same activity, which counts in their stead.
#[must_use]
pub fn repeats<'a>(activities: impl Iterator<Item = (usize, &'a Activity)>) -> BTreeMap<usize, usize> {
    let activities: Vec<(usize, &Activity)> = activities.collect();
    let alone = alone(&activities);
    let told = activities.iter().filter(|(_, activity)| !alone.contains(&span(activity)));
    let told: Vec<Told<'_>> = told.filter_map(|(at, activity)| Told::new(*at, activity)).collect();
    let mut repeats = BTreeMap::new();
    for group in across_sheets(in_the_same_words(&told)) {
        let mut best: Option<&Told<'_>> = None;
        for &one in &group.members {
            if best.is_none_or(|best| one.fullness() > best.fullness()) {
                best = Some(one);
            }
        }
        let Some(best) = best else { continue };
        repeats.extend(group.members.iter().filter(|one| one.at != best.at).map(|one| (one.at, best.at)));
    }
    repeats
}

/// The spans of days of which there is only one record, where all stand on one sheet: none of these is told twice.
fn alone(activities: &[(usize, &Activity)]) -> BTreeSet<Span> {
    let mut sheets = activities.iter().map(|(_, activity)| (&activity.place.file, &activity.place.sheet));
    let first = sheets.next();
    if sheets.any(|sheet| Some(sheet) != first) {
        return BTreeSet::new();
    }
    let mut spans: Vec<Span> = activities.iter().map(|(_, activity)| span(activity)).collect();
    spans.sort_unstable();
    spans.chunk_by(|one, two| one == two).filter(|same| same.len() == 1).flatten().copied().collect()
}

/// First and last day.
type Span = (Option<Date>, Option<Date>);

fn span(activity: &Activity) -> Span {
    (activity.date.start, activity.date.end.or(activity.date.start))
}

/// An activity with what it is compared by.
#[derive(Debug)]
struct Told<'a> {
    at: usize,
    activity: &'a Activity,
    span: (Date, Date),
    /// The title, or the content where the title has no topic; without punctuation.
    topic: String,
    /// The content; without punctuation.
    content: String,
    /// Title and content.
    whole: String,
}

impl<'a> Told<'a> {
    /// `None` for an activity that has neither day nor month.
    fn new(at: usize, activity: &'a Activity) -> Option<Self> {
        let date = &activity.date;
        let start = date.start.filter(|_| matches!(date.precision, Precision::Day | Precision::Month))?;
        let title = clean(&activity.title);
        let content = clean(activity.description.as_deref().unwrap_or_default());
        let topic = if has_topic(&title, activity) { &title } else { &content }.clone();
        let whole = format!("{title}\n{content}");
        Some(Self { at, activity, span: (start, date.end.unwrap_or(start)), topic, content, whole })
    }

    fn sheet(&self) -> (&'a str, &'a str) {
        let Place { file, sheet, .. } = &self.activity.place;
        (file, sheet)
    }

    fn is_of_a_day(&self) -> bool {
        self.activity.date.precision == Precision::Day
    }

    /// How much it tells.
    fn fullness(&self) -> (bool, usize, usize, usize) {
        let activity = self.activity;
        let known = [
            !self.topic.is_empty(),
            !self.content.is_empty(),
            activity.attended.is_some(),
            activity.minutes.is_some(),
            activity.host.is_some(),
            activity.recorder.is_some(),
        ];
        let known = known.into_iter().filter(|known| *known).count();
        (self.is_of_a_day(), activity.kinds.len(), known, self.whole.len())
    }

    /// Whether both may be of one kind: one is everything that the other is.
    fn kind_agrees(&self, other: &Self) -> bool {
        let (one, two) = (&self.activity.kinds, &other.activity.kinds);
        let within = |one: &[KindId], two: &[KindId]| one.iter().all(|kind| two.contains(kind));
        within(one, two) || within(two, one)
    }

    /// Whether records on two sheets tell of the same.
    fn topic_agrees(&self, other: &Self) -> bool {
        let (one, two) = (&self.topic, &other.topic);
        let kindless = self.activity.kinds.is_empty() || other.activity.kinds.is_empty();
        if one.is_empty() || two.is_empty() {
            return !kindless;
        }
        if one == two {
            return !kindless || one.chars().count() >= TELLING;
        }
        if kindless {
            return false;
        }
        let inside = |short: &str, long: &str| {
            short.chars().count() >= TELLING && long.contains(short) && !is_part(short, long)
        };
        inside(one, two)
            || inside(two, one)
            || inside(one, &other.whole)
            || inside(two, &self.whole)
            || nearly(one, two)
    }
}

/// The characters of a text by which it is compared.
fn clean(text: &str) -> String {
    fold(text).chars().filter(|c| is_letter(*c)).take(READ).collect()
}

/// Whether a clean title says more than that there was a meeting of this kind.
fn has_topic(title: &str, activity: &Activity) -> bool {
    let mut rest = title.to_owned();
    let stated = activity.stated.as_ref().map(|stated| clean(&stated.raw));
    let kinds = activity.kinds.iter().map(|kind| kind.as_str().to_owned());
    for word in stated.into_iter().chain(kinds).chain(EMPTY_WORDS.map(str::to_owned)) {
        if !word.is_empty() {
            rest = rest.replace(&word, "");
        }
    }
    rest.chars().any(|c| !is_numeral(c) && !"年月日".contains(c))
}

/// Whether the longer is a part of its own rather than a fuller wording: “专题党课”, “专题党课（二）”.
fn is_part(short: &str, long: &str) -> bool {
    let added = long.replacen(short, "", 1);
    added.chars().count() <= 4 && added.chars().any(|c| is_numeral(c) || PARTS.contains(c))
}

/// Whether one has all characters of the other in their order and few more, none of them a number.
fn nearly(one: &str, two: &str) -> bool {
    let (short, long) = if one.len() <= two.len() { (one, two) } else { (two, one) };
    let (least, most) = (short.chars().count(), long.chars().count());
    if least < TELLING || most * (LOOSE - 1) > least * LOOSE {
        return false;
    }
    let mut rest = short.chars().peekable();
    let fits = long.chars().all(|c| rest.next_if_eq(&c).is_some() || !(is_numeral(c) || PARTS.contains(c)));
    fits && rest.peek().is_none()
}

/// Whether two contents of the same title can be of one activity: there is only one, or they are not
/// about different things.
fn content_agrees(one: &str, two: &str) -> bool {
    if one.is_empty() || two.is_empty() || one.contains(two) || two.contains(one) {
        return true;
    }
    let pairs = |text: &str| {
        let mut pairs: Vec<(char, char)> = text.chars().zip(text.chars().skip(1)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    };
    let (one, two) = (pairs(one), pairs(two));
    let shared = one.iter().filter(|pair| two.binary_search(pair).is_ok()).count();
    shared * 2 >= one.len().min(two.len())
}

/// Records of one activity.
#[derive(Debug)]
struct Group<'t, 'a> {
    /// In the order in which they were entered.
    members: Vec<&'t Told<'a>>,
    /// The sheets on which they stand, with their files.
    sheets: Vec<(&'a str, &'a str)>,
}

impl<'t, 'a> Group<'t, 'a> {
    fn new(one: &'t Told<'a>) -> Self {
        Self { members: vec![one], sheets: vec![one.sheet()] }
    }

    fn add(&mut self, one: &'t Told<'a>) {
        self.members.push(one);
        if !self.sheets.contains(&one.sheet()) {
            self.sheets.push(one.sheet());
        }
    }

    /// Whether another group, which a sheet of its own tells of, is about the same activity.
    fn agrees(&self, other: &Self) -> bool {
        let apart = self.sheets.iter().all(|sheet| !other.sheets.contains(sheet));
        let agree = |one: &Told<'_>, two: &Told<'_>| one.kind_agrees(two) && one.topic_agrees(two);
        apart
            && matches!((self.members.first(), other.members.first()), (Some(one), Some(two)) if agree(one, two))
    }
}

/// Groups of the same day, kind and words, in the order of their first records; what is only dated to
/// a month stays alone.
fn in_the_same_words<'t, 'a>(told: &'t [Told<'a>]) -> Vec<Group<'t, 'a>> {
    type Words<'t> = ((Date, Date), Option<&'t KindId>, &'t str);
    let mut groups: Vec<Group<'t, 'a>> = Vec::new();
    let mut of_words: BTreeMap<Words<'t>, Vec<usize>> = BTreeMap::new();
    let mut of_content: BTreeMap<(Words<'t>, &str), usize> = BTreeMap::new();
    for one in told {
        if !one.is_of_a_day() {
            groups.push(Group::new(one));
            continue;
        }
        let words = (one.span, one.activity.kinds.first(), one.topic.as_str());
        let same = of_words.entry(words).or_default();
        let known = of_content.get(&(words, one.content.as_str())).copied().or_else(|| {
            same.iter().take(OF_A_DAY).copied().find(|at| {
                let first = groups.get(*at).and_then(|group| group.members.first());
                first.is_some_and(|first| content_agrees(&first.content, &one.content))
            })
        });
        let at = known.unwrap_or(groups.len());
        of_content.entry((words, one.content.as_str())).or_insert(at);
        if let Some(group) = groups.get_mut(at) {
            group.add(one);
        } else {
            same.push(at);
            groups.push(Group::new(one));
        }
    }
    groups
}

/// The groups with those put together that different sheets tell of the same activity.
fn across_sheets<'t, 'a>(groups: Vec<Group<'t, 'a>>) -> Vec<Group<'t, 'a>> {
    let several = groups.iter().flat_map(|group| &group.sheets).collect::<BTreeSet<_>>().len() > 1;
    if !several {
        return groups;
    }
    let mut kept: Vec<Group<'t, 'a>> = Vec::new();
    let mut of_day: BTreeMap<(Date, Date), Vec<usize>> = BTreeMap::new();
    let mut of_month: BTreeMap<(i32, u32, String), Vec<usize>> = BTreeMap::new();
    let (days, months): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| group.members.first().is_some_and(|one| one.is_of_a_day()));
    for group in days.into_iter().chain(months) {
        let Some(one) = group.members.first().copied() else { continue };
        let month = (one.span.0.year(), one.span.0.month(), one.topic.clone());
        let same = if one.is_of_a_day() { of_day.get(&one.span) } else { of_month.get(&month) };
        let known = same.into_iter().flatten().take(OF_A_DAY).copied().find(|at| {
            kept.get(*at)
                .is_some_and(|other| other.agrees(&group) && (one.is_of_a_day() || is_in_month(other, one)))
        });
        if let Some(other) = known.and_then(|at| kept.get_mut(at)) {
            for one in group.members {
                other.add(one);
            }
            continue;
        }
        if one.is_of_a_day() {
            of_day.entry(one.span).or_default().push(kept.len());
        }
        of_month.entry(month).or_default().push(kept.len());
        kept.push(group);
    }
    kept
}

/// Whether a record that names no day can mean the activity of a group: its topic is telling, and the
/// days lie within each other.
fn is_in_month(group: &Group<'_, '_>, one: &Told<'_>) -> bool {
    let within = |inner: (Date, Date), outer: (Date, Date)| outer.0 <= inner.0 && inner.1 <= outer.1;
    one.topic.chars().count() >= TELLING
        && group
            .members
            .first()
            .is_some_and(|first| within(first.span, one.span) || within(one.span, first.span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DateSpan;

    fn on(day: u32) -> DateSpan {
        let date = Date::new(2023, 3, day).unwrap();
        DateSpan::new(date, date, Precision::Day, "")
    }

    /// Sheet, day, kind, title, content.
    type Line = (&'static str, u32, &'static str, &'static str, &'static str);

    fn activities(lines: &[Line]) -> Vec<Activity> {
        let activity = |(row, &(sheet, day, kind, title, content)): (u32, &Line)| Activity {
            date: if day == 0 {
                let (first, last) = (Date::new(2023, 3, 1).unwrap(), Date::new(2023, 3, 31).unwrap());
                DateSpan::new(first, last, Precision::Month, "3月")
            } else {
                on(day)
            },
            kinds: kind.split('、').filter(|kind| !kind.is_empty()).map(KindId::from).collect(),
            title: title.to_owned(),
            description: Some(content.to_owned()).filter(|content| !content.is_empty()),
            ..Activity::blank(Place::sheet("台账.xlsx", sheet).at(row, 1))
        };
        (1..).zip(lines).map(activity).collect()
    }

    fn repeated(lines: &[Line]) -> Vec<(usize, usize)> {
        repeats(activities(lines).iter().enumerate()).into_iter().collect()
    }

    #[test]
    fn one_activity_on_two_sheets_counts_once() {
        let whole = "研究发展党员工作，确定张某某为入党积极分子";
        for (one, two, repeat) in [
            // The same words, with other punctuation; the first counts.
            (("一", 5, "支委会", "研究发展党员。", ""), ("二", 5, "支委会", "研究 发展党员", ""), (1, 0)),
            // The fuller one counts, wherever it stands.
            (("一", 5, "支委会", "研究发展党员工作", ""), ("二", 5, "支委会", whole, ""), (0, 1)),
            (("一", 5, "支委会", whole, ""), ("二", 5, "支委会", "研究发展党员工作", ""), (1, 0)),
            (("一", 5, "支委会", "支委会", whole), ("二", 5, "支委会", "研究发展党员工作", ""), (1, 0)),
            (("一", 5, "支委会", "", ""), ("二", 5, "支委会", "研究发展党员", ""), (0, 1)),
            (
                ("一", 5, "党课", "学习党的二十大精神", ""),
                ("二", 5, "党课", "学习贯彻党的二十大精神", ""),
                (0, 1),
            ),
            (("一", 5, "党员大会、主题党日", "重温誓词", ""), ("二", 5, "主题党日", "重温誓词", ""), (1, 0)),
            (("一", 5, "", "清理河道垃圾", ""), ("二", 5, "主题党日", "清理河道垃圾", ""), (0, 1)),
            // Another sheet names only the month.
            (("一", 0, "党课", "从党章看担当", ""), ("二", 5, "党课", "从党章看担当", ""), (0, 1)),
            // On one sheet only the same words are the same.
            (("一", 5, "党课", "守住底线", "讲案例"), ("一", 5, "党课", "守住底线", ""), (1, 0)),
        ] {
            assert_eq!(repeated(&[one, two]), [repeat], "{one:?} {two:?}");
        }
    }

    #[test]
    fn different_activities_of_a_day_both_count() {
        for (one, two) in [
            (("一", 5, "支委会", "研究发展党员", ""), ("二", 5, "支委会", "研究党费收缴使用", "")),
            (("一", 5, "支委会", "研究发展党员", ""), ("二", 6, "支委会", "研究发展党员", "")),
            (("一", 5, "党员大会", "学习二十大报告", ""), ("二", 5, "主题党日", "学习二十大报告", "")),
            (("一", 5, "党课", "守住廉洁底线", ""), ("二", 5, "党课", "守住廉洁底线（二）", "")),
            (("一", 5, "党课", "廉洁专题党课（上）", ""), ("二", 5, "党课", "廉洁专题党课（下）", "")),
            (("一", 5, "支委会", "研究张某转正", ""), ("二", 5, "支委会", "研究李某转正", "")),
            (("一", 5, "支委会", "研究发展党员", ""), ("一", 5, "支委会", "研究发展党员工作", "")),
            (("一", 5, "支委会", "", ""), ("一", 5, "支委会", "研究发展党员", "")),
            (
                ("一", 5, "谈心谈话", "谈心谈话", "与王某谈家庭困难"),
                ("一", 5, "谈心谈话", "谈心谈话", "与赵某谈岗位调整"),
            ),
            (
                ("一", 5, "主题党日", "走访慰问", "到东村看望老党员"),
                ("一", 5, "主题党日", "走访慰问", "给困难职工送米面"),
            ),
            (("一", 0, "党费", "收缴党费", ""), ("二", 5, "党费", "收缴党费", "")),
            (("一", 0, "党课", "从党章看担当", ""), ("一", 5, "党课", "从党章看担当", "")),
        ] {
            assert_eq!(repeated(&[one, two]), [], "{one:?} {two:?}");
        }
    }

    #[test]
    fn what_one_sheet_tells_apart_stays_apart() {
        let lines = [
            ("一", 5, "支委会", "传达上级会议精神", ""),
            ("一", 5, "支委会", "研究发展党员工作", ""),
            ("二", 5, "支委会", "传达上级会议精神，研究发展党员工作", ""),
            ("三", 5, "支委会", "", ""),
        ];
        assert_eq!(repeated(&lines), [(0, 2), (3, 2)]);
    }

    #[test]
    fn a_crowd_on_one_day_costs_no_more_than_its_number() {
        let mut crowd = Vec::new();
        for at in 0..20_000_u32 {
            let sheet = if at % 2 == 0 { "一" } else { "二" };
            let mut one = activities(&[(sheet, 5, "主题党日", "走访慰问", "")]);
            one[0].description = Some(format!("第{at}户，{}", at * 7));
            crowd.append(&mut one);
        }
        assert!(repeats(crowd.iter().enumerate()).len() < crowd.len());
    }
}
