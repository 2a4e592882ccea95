//! Clauses of running text that tell persons, chair, lecturer, place or duration and no topic.
//!
//! In: the text of one activity. Out: what its clauses tell, and the text without them. Only a whole
//! clause between separators is taken out (`，20人参加。`, `，某甲主持，`, `地点：会议室`); whatever else
//! names a person or place stays in the title. Total: no text makes it fail.

use super::counts::{self, People};
use super::hours;
use super::scan::{Cursor, pieces};
use super::text;
use crate::model::{Field, Heading};
use std::borrow::Cow;

/// What clauses told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asides {
    pub(super) people: People,
    pub(super) host: Option<String>,
    pub(super) lecturer: Option<String>,
    pub(super) recorder: Option<String>,
    pub(super) location: Option<String>,
    pub(super) minutes: Option<u32>,
}

/// The columns of a table: clauses may tell what has none. Where title and content stand `apart` the
/// title is as its writer wanted it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) headings: &'a [Heading],
    pub(super) apart: bool,
}

impl Columns<'_> {
    fn lack(&self, fields: &[Field]) -> bool {
        !self.apart && !self.headings.iter().any(|heading| fields.contains(&heading.field))
    }

    fn allow(&self, told: Told<'_>) -> bool {
        match told {
            Told::People(_) => self.lack(&[Field::Attended, Field::Expected, Field::ExpectedAttended]),
            Told::Host(_) | Told::Lecturer(_) => self.lack(&[Field::Host, Field::Lecturer]),
            Told::Recorder(_) => self.lack(&[Field::Recorder]),
            Told::Location(_) => self.lack(&[Field::Location]),
            Told::Minutes(_) => self.lack(&[Field::Hours]),
        }
    }
}

/// What one clause tells.
#[derive(Debug, Clone, Copy)]
enum Told<'t> {
    People(&'t str),
    Host(&'t str),
    Lecturer(&'t str),
    Recorder(&'t str),
    Location(&'t str),
    Minutes(u32),
}

/// Words without which no clause is an aside.
const MARKS: [&str; 16] = [
    "参加", "参与", "参会", "参学", "到会", "出席", "实到", "应到", "主持", "主讲", "授课", "记录", "地点",
    "时长", "历时", "用时",
];

/// The characters with which these words begin: most titles hold none.
const FIRSTS: [char; 12] = ['参', '到', '出', '实', '应', '主', '授', '记', '地', '时', '历', '用'];

/// A title without its asides, and what they tell.
///
/// Where nothing would remain, the title stays whole unless `may_be_empty`.
pub(super) fn take<'t>(title: &'t str, columns: Columns<'_>, may_be_empty: bool) -> (Cow<'t, str>, Asides) {
    let nothing = || (Cow::Borrowed(title), Asides::default());
    let likely = title.chars().any(|c| FIRSTS.contains(&c));
    if !(likely && MARKS.iter().any(|mark| title.contains(mark))) {
        return nothing();
    }
    let (main, behind) = brackets_behind(title);
    let clauses = clauses(main);
    let mut asides = Asides::default();
    let mut people = String::new();
    let mut kept: Vec<(&str, &str)> = Vec::with_capacity(clauses.len());
    let mut taken = 0;
    for (at, (separator, clause)) in clauses.iter().enumerate() {
        // A list of names that goes on behind the comma cannot be cut safely.
        let goes_on =
            || clauses.get(at + 1).is_some_and(|(mark, next)| "，,".contains(mark) && is_name(next.trim()));
        let told = told(clause.trim()).filter(|told| {
            columns.allow(*told)
                && !(matches!(told, Told::People(_)) && clause.contains(['：', ':']) && goes_on())
        });
        match told {
            Some(told) => {
                taken += 1;
                asides.note(told, &mut people);
            }
            None => kept.push((separator, clause)),
        }
    }
    if let Some((inside, whole)) = behind {
        match told(inside).filter(|told| columns.allow(*told)) {
            Some(told) => {
                taken += 1;
                asides.note(told, &mut people);
            }
            None => kept.push(("", whole)),
        }
    }
    let empty = kept.iter().all(|(_, clause)| clause.trim().is_empty());
    if taken == 0 || empty && !may_be_empty {
        return nothing();
    }
    if !people.is_empty() {
        asides.people = counts::from_text(&people).unwrap_or_default();
    }
    let mut rest = String::with_capacity(title.len());
    for (separator, clause) in kept {
        if !rest.is_empty() {
            rest.push_str(separator);
        }
        rest.push_str(clause);
    }
    (Cow::Owned(text::bare_title(&rest).to_owned()), asides)
}

/// Chair or place before the verb: `某甲主持召开支委会`, `在会议室召开支委会`; the rest begins with the verb.
pub(super) fn before_verb(text: &str) -> Option<(&str, Asides)> {
    const VERBS: [&str; 5] = ["召开", "举行", "举办", "开展", "组织"];
    if let Some((chair, rest)) = text.split_once("主持")
        && VERBS.iter().any(|verb| rest.starts_with(verb))
        && let Some(host) = person(chair)
    {
        return Some((rest, Asides { host: Some(text::name(host)), ..Asides::default() }));
    }
    let inner = text.strip_prefix('在')?;
    let at = VERBS.iter().filter_map(|verb| inner.find(verb)).min()?;
    let place = inner.get(..at).filter(|place| is_place(place))?;
    Some((inner.get(at..)?, Asides { location: Some(text::clean(place)), ..Asides::default() }))
}

impl Asides {
    fn note(&mut self, told: Told<'_>, people: &mut String) {
        match told {
            Told::People(text) => {
                people.push_str(text);
                people.push('，');
            }
            Told::Host(name) => self.host = Some(text::name(name)),
            Told::Lecturer(name) => self.lecturer = Some(text::name(name)),
            Told::Recorder(name) => self.recorder = Some(text::name(name)),
            Told::Location(place) => self.location = Some(text::clean(place)),
            Told::Minutes(minutes) => self.minutes = Some(minutes),
        }
    }

    /// These, and where they say nothing what `other` says.
    pub(super) fn or(self, other: Self) -> Self {
        let people = if self.people == People::default() { other.people } else { self.people };
        Self {
            people,
            host: self.host.or(other.host),
            lecturer: self.lecturer.or(other.lecturer),
            recorder: self.recorder.or(other.recorder),
            location: self.location.or(other.location),
            minutes: self.minutes.or(other.minutes),
        }
    }
}

/// The clauses of a text, each with the separator before it; brackets and quotes are not cut open.
fn clauses(text: &str) -> Vec<(&str, &str)> {
    let mut clauses = Vec::new();
    let (mut start, mut separator, mut depth) = (0, "", 0_u32);
    for (at, c) in text.char_indices() {
        match c {
            '（' | '(' | '《' | '“' | '【' | '[' => depth += 1,
            '）' | ')' | '》' | '”' | '】' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (c.is_whitespace() || "，,；;。".contains(c)) {
            clauses.push((separator, text.get(start..at).unwrap_or("")));
            start = at + c.len_utf8();
            separator = text.get(at..start).unwrap_or("");
        }
    }
    clauses.push((separator, text.get(start..).unwrap_or("")));
    clauses.retain(|(_, clause)| !clause.is_empty());
    clauses
}

/// A text cut before the brackets at its end, with what they hold and as they stand.
fn brackets_behind(text: &str) -> (&str, Option<(&str, &str)>) {
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || "。；;".contains(c));
    let cut = end.strip_suffix(['）', ')']).and_then(|inner| {
        let at = inner.rfind(['（', '('])?;
        let inside = inner.get(at..)?.trim_start_matches(['（', '(']);
        Some((text.get(..at)?, Some((inside.trim(), text.get(at..)?))))
    });
    cut.unwrap_or((text, None))
}

/// What a clause tells, if it is an aside from its first to its last character.
fn told(clause: &str) -> Option<Told<'_>> {
    if let Some(told) = keyed(clause) {
        return Some(told);
    }
    if is_people(clause) {
        return Some(Told::People(clause));
    }
    for (verb, chair) in [("主持", true), ("主讲", false), ("授课", false), ("讲授", false), ("领学", false)]
    {
        let Some((before, after)) = clause.split_once(verb) else { continue };
        let ends = ["", "会议", "召开", "活动", "学习", "党课", "大会", "本次会议", "会议并讲话", "并讲话"];
        if let Some(name) = person(before).filter(|_| ends.contains(&after)) {
            return Some(if chair { Told::Host(name) } else { Told::Lecturer(name) });
        }
    }
    let inner = clause.strip_prefix('在')?;
    let place = ["召开", "举行", "举办", "开展", "进行"].iter().find_map(|verb| inner.strip_suffix(verb))?;
    is_place(place).then_some(Told::Location(place))
}

/// Keys of persons.
const PEOPLE: [&str; 12] = [
    "参加人员",
    "参加人数",
    "参会人员",
    "参会人数",
    "出席人员",
    "出席人数",
    "参与人员",
    "参与人数",
    "到会人数",
    "实到人数",
    "参加对象",
    "参学人员",
];

/// `地点：会议室`, `主持人：某甲`, `参加人员：某甲、某乙`, `时长2小时`.
fn keyed(clause: &str) -> Option<Told<'_>> {
    let value_of = |keys: &[&str]| {
        let value = keys.iter().find_map(|key| clause.strip_prefix(key)?.strip_prefix(['：', ':']))?.trim();
        (!value.is_empty() && value.chars().count() <= 40).then_some(value)
    };
    if let Some(place) = value_of(&["地点", "会议地点", "活动地点", "学习地点", "开展地点"])
    {
        return Some(Told::Location(place));
    }
    if let Some(host) = value_of(&["主持", "主持人", "会议主持", "会议主持人", "召集人"]) {
        return Some(Told::Host(host));
    }
    if let Some(name) = value_of(&["主讲", "主讲人", "授课人", "讲课人", "领学人"]) {
        return Some(Told::Lecturer(name));
    }
    if let Some(name) = value_of(&["记录", "记录人", "会议记录", "会议记录人"]).filter(|n| is_name(n))
    {
        return Some(Told::Recorder(name));
    }
    if let Some(value) = value_of(&PEOPLE) {
        return counts::from_text(value).map(|_| Told::People(value));
    }
    let minutes = ["会议时长", "学习时长", "活动时长", "时长", "历时", "用时"]
        .iter()
        .find_map(|key| clause.strip_prefix(key))
        .map(|rest| rest.trim_start_matches(['：', ':', '约', ' ']))
        .filter(|rest| rest.chars().count() <= 8 && !rest.is_empty());
    minutes.and_then(|rest| hours::from_text(rest, None)).map(Told::Minutes)
}

/// `20人参加`, `党员18名、群众5人参加会议`, `全体党员参加`, `应到30人`, `参会20人`.
fn is_people(clause: &str) -> bool {
    const VERBS: [&str; 8] = ["参加", "参与", "参会", "参学", "参训", "到会", "出席", "与会"];
    const GROUPS: [&str; 30] = [
        "入党积极分子",
        "积极分子",
        "发展对象",
        "预备党员",
        "正式党员",
        "支部党员",
        "在职党员",
        "机关党员",
        "退休党员",
        "党员干部",
        "党员群众",
        "党员志愿者",
        "青年党员",
        "干部职工",
        "支委成员",
        "党员",
        "群众",
        "干部",
        "职工",
        "同志",
        "志愿者",
        "青年",
        "支委",
        "委员",
        "代表",
        "全体",
        "全部",
        "名",
        "人次",
        "余",
    ];
    const LEADS: [&str; 12] = [
        "应到会",
        "实到会",
        "应到",
        "实到",
        "应参加",
        "应出席",
        "参加",
        "参会",
        "到会",
        "出席",
        "请假",
        "缺席",
    ];
    if clause.chars().count() > 30 {
        return false;
    }
    let pieces = pieces(clause);
    let mut cursor = Cursor::new(&pieces);
    let led = LEADS.iter().any(|word| cursor.skip(word));
    let mut counted = false;
    while !cursor.done() {
        if let Some((value, _)) = cursor.number(0) {
            cursor.at += 1;
            while cursor.is_any(0, "余多来") {
                cursor.at += 1;
            }
            let unit = cursor.skip("人次") || cursor.is_any(0, "人名位");
            if !unit || value == 0 {
                return false;
            }
            cursor.at += usize::from(cursor.is_any(0, "人名位"));
            counted = true;
        } else if cursor.skip("全体") || cursor.skip("全部") {
            counted = true;
        } else if VERBS.iter().any(|word| cursor.skip(word)) {
            for tail in ["了", "本次", "此次", "该"] {
                cursor.skip(tail);
            }
            for tail in ["会议", "活动", "学习", "党课", "大会", "培训"] {
                cursor.skip(tail);
            }
            return counted && cursor.done();
        } else if !(GROUPS.iter().any(|word| cursor.skip(word))
            || cursor.skip("共计")
            || cursor.skip("共有")
            || cursor.skip("人数")
            || cursor.skip("人员"))
        {
            if !cursor.is_any(0, "、和及共约等计有:") {
                return false;
            }
            cursor.at += 1;
        }
    }
    led && counted
}

/// The person before a verb: a name, also behind an office; 由 does not belong to it.
fn person(text: &str) -> Option<&str> {
    const OTHER: [&str; 15] = [
        "会", "学", "习", "议", "研", "讨", "组织", "工作", "活动", "参加", "轮流", "集体", "大家", "党员",
        "制度",
    ];
    let text = text.trim();
    let text = ["会议由", "活动由", "党课由", "学习由", "由"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let text = text.strip_suffix("同志").unwrap_or(text);
    let length = text.chars().count();
    let chinese = text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) || c == '·' || c == '\u{3000}');
    ((2..=10).contains(&length) && chinese && !OTHER.iter().any(|word| text.contains(word))).then_some(text)
}

fn is_name(text: &str) -> bool {
    (2..=4).contains(&text.chars().count())
        && text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) || c == '·')
}

/// A short wording that ends as the names of rooms and places do.
fn is_place(text: &str) -> bool {
    const ENDS: [&str; 22] = [
        "室", "厅", "馆", "礼堂", "中心", "基地", "陵园", "广场", "学校", "楼", "会场", "院", "园", "站",
        "社区", "村", "村部", "大院", "阵地", "党校", "线上", "公园",
    ];
    (2..=20).contains(&text.chars().count())
        && !text.contains(['，', ',', '；', '。', '、'])
        && ENDS.iter().any(|end| text.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Columns<'_> = Columns { headings: &[], apart: false };

    fn shown(asides: &Asides) -> String {
        let mut out = Vec::new();
        if let Some(n) = asides.people.attended {
            out.push(format!("{n}人"));
        }
        if let Some(n) = asides.people.expected {
            out.push(format!("应{n}"));
        }
        if asides.people.everybody {
            out.push("全体".to_owned());
        }
        out.extend(asides.host.iter().map(|h| format!("持{h}")));
        out.extend(asides.lecturer.iter().map(|h| format!("讲{h}")));
        out.extend(asides.recorder.iter().map(|h| format!("记{h}")));
        out.extend(asides.location.iter().map(|h| format!("在{h}")));
        out.extend(asides.minutes.iter().map(|m| format!("{m}分")));
        out.join(" ")
    }

    #[test]
    fn each_mark_begins_with_a_character_that_is_looked_for() {
        assert!(MARKS.iter().all(|mark| mark.starts_with(FIRSTS)));
    }

    #[test]
    fn whole_clauses_are_taken_out_of_a_title() {
        for (title, rest, told) in [
            ("研究发展党员工作，20人参加", "研究发展党员工作", "20人"),
            ("学习党章，张甲主持，20名党员参加会议。", "学习党章", "20人 持张甲"),
            ("学习党章，由支部书记张甲主持", "学习党章", "持支部书记张甲"),
            ("学习党章，会议由张甲同志主持，共28人参加", "学习党章", "28人 持张甲"),
            ("学习党章；应到30人，实到28人；地点：二楼会议室", "学习党章", "28人 应30 在二楼会议室"),
            ("学习党章 地点：会议室 主持人：张甲 参加人数：12人", "学习党章", "12人 持张甲 在会议室"),
            ("参观纪念馆（32人参加）", "参观纪念馆", "32人"),
            ("参观纪念馆，党员18名、群众5人参加", "参观纪念馆", "23人"),
            ("参观纪念馆，全体党员参加，历时2小时", "参观纪念馆", "全体 120分"),
            (
                "坚定理想信念，李乙授课，在多功能厅举行，二十余人参加",
                "坚定理想信念",
                "20人 讲李乙 在多功能厅",
            ),
            ("学习党章，20人参加，讨论发言", "学习党章，讨论发言", "20人"),
            ("参加人员：张甲、李乙、王丙；学习党章；记录人：李乙", "学习党章", "3人 记李乙"),
        ] {
            let (found, asides) = take(title, ALL, false);
            assert_eq!((found.as_ref(), shown(&asides).as_str()), (rest, told), "{title}");
        }
    }

    #[test]
    fn whatever_is_no_whole_clause_stays() {
        for title in [
            "组织20人参加县党校培训",
            "动员群众参加志愿服务",
            "20人参加",
            "研究主持人选",
            "学习主持词，推选主持人",
            "通报参加培训情况，安排20人参加下期培训",
            "慰问困难党员，共20人",
            "讨论活动地点，确定在烈士陵园",
            "表彰优秀党员（20人）",
            "参加人员：张甲，李乙，王丙",
            "学习《党员20人参加，张甲主持》",
            "支部委员轮流主持，学习党章",
            "专题学习，集体主持",
            "学习历时弥坚的精神",
        ] {
            let (found, asides) = take(title, ALL, false);
            assert_eq!((found.as_ref(), asides), (title, Asides::default()));
        }
        let apart = Columns { apart: true, ..ALL };
        assert_eq!(take("学习，20人参加，张甲主持", apart, false).0, "学习，20人参加，张甲主持");
        let host = Heading { col: 1, text: String::new(), field: Field::Host, minutes_per_unit: None };
        let own = Columns { headings: &[host], ..ALL };
        assert_eq!(take("学习，20人参加，张甲主持", own, false).0, "学习，张甲主持");
        assert_eq!(take("20人参加", ALL, true).0, "");
    }

    #[test]
    fn chair_and_place_may_stand_before_the_verb() {
        for (text, rest, told) in [
            ("张甲主持召开支委会，研究", Some("召开支委会，研究"), "持张甲"),
            ("在二楼会议室召开支委会", Some("召开支委会"), "在二楼会议室"),
            ("在职党员开展志愿服务", None, ""),
            ("在全支部开展学习", None, ""),
            ("主持召开支委会", None, ""),
        ] {
            let found = before_verb(text);
            assert_eq!(found.as_ref().map(|(rest, _)| *rest), rest, "{text}");
            assert_eq!(found.map_or_else(String::new, |(_, asides)| shown(&asides)), told, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "[，。（）：参加人主持在地点室召开张甲0-9 名应到]{0,30}") {
            let (rest, _) = take(&text, ALL, true);
            proptest::prop_assert!(rest.len() <= text.len());
            let _ = before_verb(&text);
        }
    }
}
