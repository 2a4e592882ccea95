//! The sentences about a whole scheme: measures, conditions, grades, commendation lines, vetoes.
//!
//! In: sentences as a clerk writes them. Out: the parts of a scheme, and the sentences that give them back.
//! Never here: whether what they name is in the scheme.

use super::scan::{Scan, plain, whole};
use crate::model::{Award, Condition, Cut, Grade, Measure, Quota, Veto, VetoEffect};

/// How a measure may be written.
pub const MEASURES: &str = "总分、不含加分、板块 A、项目 A1、完成率 ZB-3a、外部 列名";
/// How a condition may be written.
const CONDITION: &str = "应写成“总分不低于80分”“完成率 ZB-3a、ZB-3b 不低于 90%”";
/// How a grade may be written.
const GRADE: &str =
    "应写成“优秀：90分以上，不超过30%，去尾；条件：完成率 ZB-3a 不低于 90%”，没有下限的只写名称";
/// How a commendation line may be written.
const AWARD: &str =
    "应写成“先进基层党组织：40%，去尾；组别：机关支部；条件：总分不低于80分”，名额也可写“3个”";
/// How a veto may be written.
const VETO: &str = "应写成“责任事故：等次最高为“良好””或“重处分：不得表彰”";

fn told(what: &str, text: &str, expected: &str) -> String {
    format!("{what}“{}”读不懂，{expected}", crate::model::within_quotes(text.trim()))
}

/// A measure.
///
/// # Errors
/// How it should be written.
pub fn measure(text: &str) -> Result<Measure, String> {
    let name = plain(text);
    let rest = |word: &str| {
        name.strip_prefix(word).map(|rest| rest.trim_matches(['“', '”'])).filter(|rest| !rest.is_empty())
    };
    if name == "总分" {
        return Ok(Measure::Total);
    }
    if name == "不含加分" {
        return Ok(Measure::BeforeBonus);
    }
    let found = (rest("板块").map(|id| Measure::Block(id.into())))
        .or_else(|| rest("项目").map(|id| Measure::Line(id.into())))
        .or_else(|| rest("外部").map(|column| Measure::Column(column.to_owned())))
        .or_else(|| {
            let ids = rest("完成率")?.split('、').map(str::to_owned).collect::<Vec<_>>();
            ids.iter().all(|id| !id.is_empty()).then_some(Measure::Completion(ids))
        });
    found.ok_or_else(|| told("比较的数", text, &format!("可以写 {MEASURES}")))
}

/// The sentence of a measure.
#[must_use]
pub fn measure_text(measure: &Measure) -> String {
    match measure {
        Measure::Total => "总分".to_owned(),
        Measure::BeforeBonus => "不含加分".to_owned(),
        Measure::Block(id) => format!("板块 {id}"),
        Measure::Line(id) => format!("项目 {id}"),
        Measure::Completion(ids) => format!("完成率 {}", ids.join("、")),
        Measure::Column(column) => format!("外部 {column}"),
    }
}

/// A condition.
///
/// # Errors
/// How it should be written.
pub fn condition(text: &str) -> Result<Condition, String> {
    let sentence = plain(text);
    let (subject, least) = sentence.split_once("不低于").ok_or_else(|| told("条件", text, CONDITION))?;
    let least = whole(least, |s| {
        let least = s.number()?;
        s.one_of(&["%", "分"]);
        Some(least)
    });
    let least = least.ok_or_else(|| told("条件", text, CONDITION))?;
    Ok(Condition { measure: measure(subject)?, least, text: text.trim().to_owned() })
}

/// The ways of cutting a part of a unit, with their words.
pub const CUTS: [(&str, Cut); 3] = [("四舍五入", Cut::Nearest), ("去尾", Cut::Down), ("进一", Cut::Up)];

/// The way of cutting that a word names.
#[must_use]
pub fn cut(text: &str) -> Option<Cut> {
    let word = plain(text);
    CUTS.iter().find(|(known, _)| *known == word).map(|(_, cut)| *cut)
}

/// The word of a way of cutting.
#[must_use]
pub fn cut_text(cut: Cut) -> &'static str {
    CUTS.iter().find(|(_, known)| *known == cut).map_or("", |(word, _)| word)
}

/// `30%`, `30` or `3个`; a share without cut is cut down.
pub(super) fn quota(text: &str, cut: Option<Cut>) -> Option<Quota> {
    let text = plain(text);
    let heads = whole(&text, |s| {
        let heads = s.count()?;
        s.word("个")?;
        Some(Quota::Heads(heads))
    });
    heads.or_else(|| {
        let share = whole(&text, |s| {
            let share = s.number()?;
            s.maybe("%");
            Some(share)
        })?;
        Some(Quota::Share(share, cut.unwrap_or(Cut::Down)))
    })
}

fn quota_text(quota: Quota) -> String {
    match quota {
        Quota::Share(share, cut) => format!("{share}%，{}", cut_text(cut)),
        Quota::Heads(heads) => format!("{heads}个"),
    }
}

/// The name before a colon, what stands behind it, and the further parts between semicolons.
fn parts(sentence: &str) -> (&str, Vec<String>, Vec<&str>) {
    let mut parts = sentence.split(['；', ';']).map(str::trim).filter(|part| !part.is_empty());
    let head = parts.next().unwrap_or_default();
    let (name, rest) = head.split_once(['：', ':']).unwrap_or((head, ""));
    let clauses = plain(rest).split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    (name.trim(), clauses, parts.collect())
}

fn conditions(parts: &[&str], groups: &mut Vec<String>) -> Result<Vec<Condition>, String> {
    let mut conditions = Vec::new();
    for part in parts {
        match part.split_once(['：', ':']) {
            Some((head, rest)) if plain(head) == "条件" => conditions.push(condition(rest)?),
            Some((head, rest)) if plain(head) == "组别" => groups.extend(names(rest)),
            _ => return Err(told("", part, "前面应写“条件：”或“组别：”")),
        }
    }
    Ok(conditions)
}

/// Names divided by 、 or commas.
pub(super) fn names(text: &str) -> Vec<String> {
    let parts = text.split(['、', '，', ',', '；', ';', '\n']);
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A grade as one sentence.
///
/// # Errors
/// How it should be written.
pub fn grade(sentence: &str) -> Result<Grade, String> {
    let wrong = || told("等次", sentence, GRADE);
    let (name, clauses, rest) = parts(sentence);
    let mut grade = Grade {
        name: name.to_owned(),
        least: None,
        share: None,
        conditions: conditions(&rest, &mut Vec::new())?,
    };
    let mut cutting = None;
    for clause in &clauses {
        let least = whole(clause, |s| {
            let least = s.number()?;
            s.word("分以上")?;
            Some(least)
        });
        match (least, clause.strip_prefix("不超过"), cut(clause)) {
            (Some(least), ..) => grade.least = Some(least),
            (None, Some(share), _) => grade.share = Some(quota(share, None).ok_or_else(wrong)?),
            (None, None, Some(word)) => cutting = Some(word),
            _ => return Err(wrong()),
        }
    }
    if let (Some(Quota::Share(_, cut)), Some(word)) = (&mut grade.share, cutting) {
        *cut = word;
    }
    if grade.name.is_empty() { Err(wrong()) } else { Ok(grade) }
}

fn condition_texts(conditions: &[Condition]) -> String {
    conditions.iter().flat_map(|condition| ["；条件：", condition.text.as_str()]).collect()
}

/// The sentence of a grade.
#[must_use]
pub fn grade_text(grade: &Grade) -> String {
    let least = grade.least.map(|least| format!("{least}分以上"));
    let share = grade.share.map(|share| format!("不超过{}", quota_text(share)));
    let clauses: Vec<String> = least.into_iter().chain(share).collect();
    let colon = if clauses.is_empty() { "" } else { "：" };
    format!("{}{colon}{}{}", grade.name, clauses.join("，"), condition_texts(&grade.conditions))
}

/// A commendation line as one sentence.
///
/// # Errors
/// How it should be written.
pub fn award(sentence: &str) -> Result<Award, String> {
    let wrong = || told("表彰", sentence, AWARD);
    let (name, clauses, rest) = parts(sentence);
    let mut groups = Vec::new();
    let conditions = conditions(&rest, &mut groups)?;
    let (first, cuts) = clauses.split_first().ok_or_else(wrong)?;
    let cutting = match cuts {
        [] => None,
        [word] => Some(cut(word).ok_or_else(wrong)?),
        _ => return Err(wrong()),
    };
    let quota = quota(first, cutting).ok_or_else(wrong)?;
    if name.is_empty() {
        Err(wrong())
    } else {
        Ok(Award { name: name.to_owned(), groups, quota, conditions })
    }
}

/// The sentence of a commendation line.
#[must_use]
pub fn award_text(award: &Award) -> String {
    let groups = if award.groups.is_empty() {
        String::new()
    } else {
        format!("；组别：{}", award.groups.join("、"))
    };
    format!("{}：{}{groups}{}", award.name, quota_text(award.quota), condition_texts(&award.conditions))
}

/// What follows from a veto.
pub(super) fn effect(text: &str) -> Result<VetoEffect, String> {
    let sentence = plain(text);
    if sentence == "不得表彰" {
        return Ok(VetoEffect::NoAward);
    }
    let grade = whole(&sentence, |s: &mut Scan<'_>| {
        s.word("等次最高为")?;
        s.quoted()
    });
    grade.map(VetoEffect::Cap).ok_or_else(|| told("否决的后果", text, "应写“等次最高为“良好””或“不得表彰”"))
}

/// The sentence of what follows from a veto.
#[must_use]
pub fn effect_text(effect: &VetoEffect) -> String {
    match effect {
        VetoEffect::Cap(grade) => format!("等次最高为“{grade}”"),
        VetoEffect::NoAward => "不得表彰".to_owned(),
    }
}

/// A veto as one sentence.
///
/// # Errors
/// How it should be written.
pub fn veto(sentence: &str) -> Result<Veto, String> {
    let (matters, effect_words) =
        sentence.split_once(['：', ':']).ok_or_else(|| told("否决", sentence, VETO))?;
    let matters = names(matters);
    if matters.is_empty() {
        return Err(told("否决", sentence, VETO));
    }
    Ok(Veto { matters, effect: effect(effect_words)? })
}

/// The sentence of a veto.
#[must_use]
pub fn veto_text(veto: &Veto) -> String {
    format!("{}：{}", veto.matters.join("、"), effect_text(&veto.effect))
}
