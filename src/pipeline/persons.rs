//! The persons whom the inputs name as such: secretaries, leaders, who presided or kept the record, who was trained.
//!
//! In: units with their activities, leaders, training hours. Out: names, and what stands where a name is expected but may
//! be another word. Never here: names that only stand somewhere in a text, which nothing tells from other words.

use crate::model::{External, UnitResult};
use std::collections::BTreeSet;

/// Words for offices and bodies; what has one of them is no name of a person.
const OFFICES: [&str; 23] = [
    "书记", "主任", "委员", "支部", "支委", "组长", "小组", "局", "处长", "科", "室", "党", "工会", "负责",
    "全体", "轮流", "同志", "领导", "代表", "班子", "主席", "股", "干部",
];
/// Family names of one character, in the order of how many bear them.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季辛柯颜庄温牛樊葛邢安齐伍庞鲁倪殷梅章聂焦詹关耿左岳齐符阎欧申兰柳游单童尚舒岑翟包甘尤路翁俞凌霍裴卓涂艾冉宁柴牟华纪谷卜欧阳解管苗骆娄车喻成蓝党佟梅盛景裘祝房蒲缪鲍滕费应隋边桂窦屈饶池靳苟项席晏古麻蔺桑沙丛褚瞿占简商敖占卫原鞠储仲巩木司习幸瞿晋全阮花冼楼匡鄢储匡丘仇冀芦连宫师来闵盖臧那米计慕揭宗郎封宣糜练虞邝禹佘植曲元惠印强展查危戚寇桂衣官逯荆楚燕满年竺逄厉昌";
/// Family names of two characters.
const DOUBLE: [&str; 18] = [
    "欧阳", "上官", "司马", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "长孙", "宇文", "司徒", "令狐",
    "东方", "南宫", "端木", "轩辕", "呼延",
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
            self.unsure.remove(name);
            if !self.names.contains(name) {
                self.names.insert(name.to_owned());
            }
        }
    }

    /// Adds the names in a cell in which other words may stand too.
    fn add_perhaps(&mut self, cell: Option<&str>) {
        for name in parts(cell).filter(|name| !self.names.contains(*name)).collect::<Vec<_>>() {
            let own = if has_surname(name) { &mut self.names } else { &mut self.unsure };
            own.insert(name.to_owned());
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
fn parts(cell: Option<&str>) -> impl Iterator<Item = &str> {
    let parts = cell.unwrap_or_default().split(|c: char| !is_han(c) && c != '·');
    parts.map(|part| part.trim_matches('·')).filter(|part| {
        let most = if part.contains('·') { 16 } else { 4 };
        (2..=most).contains(&part.chars().count()) && !OFFICES.iter().any(|word| part.contains(word))
    })
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn has_surname(name: &str) -> bool {
    name.contains('·')
        || name.chars().next().is_some_and(|first| SURNAMES.contains(first))
        || DOUBLE.iter().any(|double| name.starts_with(double))
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
            "欧阳文静",
            "买买提·艾力",
        ] {
            persons.add_perhaps(Some(cell));
        }
        persons.add(None);
        persons.add(Some("央金"));
        let told = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(told(&persons.names), "买买提·艾力 何岸 央金 欧阳文静 章立 邢志平");
        assert_eq!(told(&persons.unsure), "记录");
    }
}
