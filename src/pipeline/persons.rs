//! The persons whom the inputs name as such: secretaries, leaders, who presided or kept the record, who was trained.
//!
//! In: units with their activities, leaders, training hours, who answers for last year's problems. Out: names, and what
//! stands where a name is expected but may be another word. Never here: names that only stand somewhere in a text, which
//! nothing tells from other words.

use crate::model::{External, UnitResult};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Words for offices and bodies; what has one of them is no name of a person.
const OFFICES: [&str; 23] = [
    "书记", "主任", "委员", "支部", "支委", "组长", "小组", "局", "处长", "科", "室", "党", "工会", "负责",
    "全体", "轮流", "同志", "领导", "代表", "班子", "主席", "股", "干部",
];
/// What a person is called behind the name: 邢志平同志.
const TITLES: [&str; 4] = ["同志", "书记", "老师", "教授"];
/// What a person is called before the name: 党支部书记邢志平.
const POSTS: [&str; 6] = ["书记", "主任", "局长", "科长", "处长", "委员"];
/// What a word before a title ends with that names a place or body: 沙坪村书记.
const BODIES: &str = "村镇乡县区街办组队站所院校厂司会";
/// Family names of one character, in the order of how many bear them.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季辛柯颜庄温牛樊葛邢安齐伍庞鲁倪殷梅章聂焦詹关耿左岳齐符阎欧申兰柳游单童尚舒岑翟包甘尤路翁俞凌霍裴卓涂艾冉宁柴牟华纪谷卜欧阳解管苗骆娄车喻成蓝党佟梅盛景裘祝房蒲缪鲍滕费应隋边桂窦屈饶池靳苟项席晏古麻蔺桑沙丛褚瞿占简商敖占卫原鞠储仲巩木司习幸瞿晋全阮花冼楼匡鄢储匡丘仇冀芦连宫师来闵盖臧那米计慕揭宗郎封宣糜练虞邝禹佘植曲元惠印强展查危戚寇桂衣官逯荆楚燕满年竺逄厉昌亓仝郗蔚邸郏缑麦戎仉佴咸郄鄂亢阚郦濮笪谌谯郜邬郇綦蒯滑沃甄栾尉屠卞祖穆茹贲漆旷宰宓暨殳邰郁鹿乜嵇帅璩禚苌晁钭麴厍";
/// Family names of two characters.
const DOUBLE: [&str; 34] = [
    "欧阳", "上官", "司马", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "长孙", "宇文", "司徒", "令狐",
    "东方", "南宫", "端木", "轩辕", "呼延", "司空", "鲜于", "濮阳", "亓官", "相里", "申屠", "淳于", "单于",
    "澹台", "公冶", "宗政", "闻人", "赫连", "万俟", "独孤", "拓跋",
];

/// Names of persons, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Persons {
    /// What is a name.
    pub names: BTreeSet<String>,
    /// What stands in the place of a name but does not begin with a family name: perhaps another word.
    pub unsure: BTreeSet<String>,
}

impl Persons {
    /// Whom a unit's material names.
    pub(super) fn of_unit(result: &UnitResult) -> Self {
        let mut persons = Self::default();
        persons.add(result.unit.secretary.as_deref());
        for activity in &result.activities {
            persons.add_perhaps(activity.host.as_deref());
            persons.add_perhaps(activity.recorder.as_deref());
        }
        persons
    }

    /// Adds whom the figures in 评分 name.
    pub(super) fn add_trained(&mut self, external: &External) {
        external.hours.iter().for_each(|own| self.add(Some(&own.person)));
    }

    /// Adds the names in a cell that holds nothing but names.
    pub(super) fn add(&mut self, cell: Option<&str>) {
        for name in parts(cell) {
            self.unsure.remove(&*name);
            if !self.names.contains(&*name) {
                self.names.insert(name.into_owned());
            }
        }
    }

    /// Adds the names in a cell in which other words may stand too.
    pub(super) fn add_perhaps(&mut self, cell: Option<&str>) {
        for name in parts(cell) {
            if !self.names.contains(&*name) {
                let own = if has_surname(&name) { &mut self.names } else { &mut self.unsure };
                own.insert(name.into_owned());
            }
        }
    }

    /// Adds others.
    pub(super) fn append(&mut self, mut others: Self) {
        self.names.append(&mut others.names);
        self.unsure.append(&mut others.unsure);
        let names = &self.names;
        self.unsure.retain(|name| !names.contains(name));
    }
}

/// What may be names in a cell, by their form: one, or several with something between them.
fn parts(cell: Option<&str>) -> Vec<Cow<'_, str>> {
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    for part in cell.unwrap_or_default().split(|c: char| !is_han(c) && c != '·' && !c.is_whitespace()) {
        let mut letters = Vec::new();
        for word in part.split_whitespace() {
            if word.chars().count() == 1 {
                letters.push(word);
                continue;
            }
            parts.extend(joined(&mut letters));
            let word = word.trim_matches('·');
            parts.push(Cow::Borrowed(titled(word).unwrap_or(word)));
        }
        parts.extend(joined(&mut letters));
    }
    parts.retain(|part| {
        let most = if part.contains('·') { 16 } else { 4 };
        (2..=most).contains(&part.chars().count()) && !OFFICES.iter().any(|word| part.contains(word))
    });
    parts
}

/// The name in a word that holds a title too.
fn titled(word: &str) -> Option<&str> {
    let behind = |title: &&str| word.strip_suffix(*title).map(|name| name.trim_end_matches('副'));
    let before = |post: &&str| word.rfind(*post).and_then(|at| word.get(at + post.len()..));
    let short = |name: &&str| {
        let most = if is_double(name) { 4 } else { 3 };
        (2..=most).contains(&name.chars().count())
            && has_surname(name)
            && !name.ends_with(|last| BODIES.contains(last))
            && !OFFICES.iter().any(|office| name.contains(office))
    };
    // 书记 is also what a body has: 宣传书记.
    let whole = |name: &&str| short(name) && (name.chars().count() > 2 || word.ends_with("同志"));
    let names = TITLES.iter().filter_map(behind).filter(whole);
    names.chain(POSTS.iter().filter_map(before).filter(short)).next()
}

/// Names written with blanks between their characters: 王 五; four are two names.
fn joined(letters: &mut Vec<&str>) -> Vec<Cow<'static, str>> {
    let length = if letters.len() == 4 { 2 } else { letters.len().max(1) };
    std::mem::take(letters).chunks(length).map(|name| Cow::Owned(name.concat())).collect()
}

/// Whether it is a character of a Chinese name, also a rare one.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether the family name has two characters.
pub(super) fn is_double(name: &str) -> bool {
    DOUBLE.iter().any(|double| name.starts_with(double))
}

fn has_surname(name: &str) -> bool {
    name.contains('·') || name.chars().next().is_some_and(|first| SURNAMES.contains(first)) || is_double(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_offices_and_other_words() {
        let mut persons = Persons::default();
        for cell in [
            "邢志平",
            "支部书记",
            "办公室",
            "Li",
            "何岸、章立（记录）",
            "",
            "王 五",
            "李\u{3000}四 赵 六、钱多多 孙 七",
            "周㛃",
            "郑明同志",
            "吴长河副书记、党支部书记冯立",
            "沙坪村书记",
            "宣传委员",
            "纪检书记",
            "安全科科长",
            "志平同志",
            "欧阳文静",
            "买买提·艾力",
        ] {
            persons.add_perhaps(Some(cell));
        }
        persons.add(None);
        persons.add(Some("央金"));
        let told = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(
            told(&persons.names),
            "买买提·艾力 何岸 冯立 吴长河 周㛃 央金 孙七 李四 欧阳文静 王五 章立 赵六 邢志平 郑明 钱多多"
        );
        assert_eq!(told(&persons.unsure), "记录");
    }
}
