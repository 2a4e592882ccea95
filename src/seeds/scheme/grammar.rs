//! The sentences of 评分标准: one grammar for the TOML and the Excel form of a scheme.
//!
//! In: the word of a mode and a sentence. Out: a [`Mode`], and the sentence that gives it back. Never here:
//! whether the numbers fit the line or the scheme.

use super::reading as read;
use super::scan::{clauses, plain};
use crate::model::Mode;

pub use super::sentence::sentence;

/// A way of scoring: its word, the pattern of its sentence, and an example.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// 方式.
    pub word: &'static str,
    /// How its sentence is built; what stands in ［ ］ may be missing.
    pub pattern: &'static str,
    /// A sentence that can be copied.
    pub example: &'static str,
    read: fn(&[&str]) -> Option<Mode>,
}

/// Every way of scoring. 分档 and 达标率 have two forms; the first that fits is taken.
pub const WAYS: [Way; 16] = [
    Way {
        word: "按完成率", pattern: "按完成比例得分", example: "按完成比例得分", read: read::share
    },
    Way {
        word: "缺次扣分",
        pattern: "每缺{次数}次扣{分}分，扣完为止（或：最多扣{分}分）",
        example: "每缺1次扣0.5分，扣完为止",
        read: read::missing,
    },
    Way {
        word: "分档",
        pattern: "每月（每季度、每半年、每年）{次数}次得{分}分；……；其余得0分",
        example: "每季度1次得20分；每半年1次得8分；每年1次得4分；其余得0分",
        read: read::tiers,
    },
    Way {
        word: "分档",
        pattern: "取“列名”（或：取完成率、取出勤率），达到{数}得{分}分；达到{数}得{分}分；……；其余得{分}分",
        example: "取“称职以上率”，达到90得15分；达到80得10分；其余得0分",
        read: read::value_tiers,
    },
    Way {
        word: "达标率",
        pattern: "出勤率（完成率、“列名”）低于{数}%的，每低{数}个百分点扣{分}分，不足{数}个百分点的不计（或：按一步计），扣完为止（或：最多扣{分}分）",
        example: "出勤率低于90%的，每低10个百分点扣1分，不足10个百分点的不计，扣完为止",
        read: read::rate,
    },
    Way {
        word: "达标率",
        pattern: "出勤率低于{数}%的会议，每次扣{分}分，扣完为止（或：最多扣{分}分）",
        example: "出勤率低于80%的会议，每次扣0.5分，最多扣5分",
        read: read::low_meetings,
    },
    Way {
        word: "事件扣分",
        pattern: "{事项}每次（每人次）扣{分}［至{分}］分；……；［扣分乘以{倍数}］；［同一案件只扣一次］；［逾期未改的加倍］；扣完为止（或：最多扣{分}分）",
        example: "欠缴党费每人次扣0.1分；公开通报每次扣1至2分；最多扣10分",
        read: read::deduct_events,
    },
    Way {
        word: "事件加分",
        pattern: "{事项}每次（每人次）加{分}［至{分}］分；……；［合作的按人数平分］；最多加{分}分",
        example: "县级稿件每次加0.5分；市级稿件每次加1分；合作的按人数平分；最多加3分",
        read: read::event_points,
    },
    Way {
        word: "活动加分",
        pattern: "超过{次数}次的，每次加{分}分，最多加{分}分",
        example: "超过1次的，每次加0.5分，最多加2分",
        read: read::activity_points,
    },
    Way {
        word: "民主测评",
        pattern: "{等次}{分}分、{等次}{分}分、……；{票种}占{数}%、{票种}占{数}%；有效票不少于{张数}张",
        example: "好100分、较好80分、一般60分、差40分；领导票占60%、职工票占40%；有效票不少于5张",
        read: read::votes,
    },
    Way {
        word: "评委打分",
        pattern: "满分{分}分；［评委超过{人数}人的去掉一个最高分和一个最低分］；［每张票{分}分以上的不超过{个数}个］；［每张票{分}分以下的不少于{个数}个］；有效票不少于{张数}张",
        example: "满分100分；评委超过5人的去掉一个最高分和一个最低分；有效票不少于3张",
        read: read::raters,
    },
    Way {
        word: "外部分数",
        pattern: "取“列名”，满分{分}分折算，没有的按待定（或：没有的得0分、没有的不适用）",
        example: "取“业务得分”，满分120分折算，没有的按待定",
        read: read::external,
    },
    Way {
        word: "名次计分",
        pattern: "取“列名”在组内的名次：第1名{分}分、第2名{分}分、……；其余{分}分",
        example: "取“业务得分”在组内的名次：第1名60分、第2名57分；其余48分",
        read: read::rank_points,
    },
    Way {
        word: "比例计分",
        pattern: "取“列名”，［满分{数}，］组内最高的得满分，其余按比例得分",
        example: "取“指标完成数”，组内最高的得满分，其余按比例得分",
        read: read::ratio_to_best,
    },
    Way {
        word: "人工评定", pattern: "由考核组评定", example: "由考核组评定", read: read::judged
    },
    Way { word: "起评分", pattern: "起评{分}分", example: "起评100分", read: read::fixed },
];

/// The words of the ways of scoring, each once, for a drop-down.
#[must_use]
pub fn words() -> Vec<&'static str> {
    let mut words: Vec<&str> = WAYS.iter().map(|way| way.word).collect();
    words.dedup();
    words
}

/// The mode that a word and a sentence name.
///
/// # Errors
/// What is the matter and how the sentence should be written.
pub fn parse(word: &str, sentence: &str) -> Result<Mode, String> {
    let word = plain(word);
    let ways: Vec<&Way> = WAYS.iter().filter(|way| way.word == word).collect();
    if ways.is_empty() {
        return Err(format!("方式“{word}”不认识。可以写 {}", words().join("、")));
    }
    let text = plain(sentence);
    let clauses = clauses(&text);
    ways.iter().find_map(|way| (way.read)(&clauses)).ok_or_else(|| {
        let patterns: Vec<String> = ways.iter().map(|way| format!("“{}”", way.pattern)).collect();
        let what = if sentence.trim().is_empty() {
            "没有写评分标准".to_owned()
        } else {
            format!("评分标准“{}”读不懂", crate::model::within_quotes(sentence.trim()))
        };
        let example = ways.first().map_or("", |way| way.example);
        format!("{what}。方式“{word}”应写成{}，例如：{example}", patterns.join("或"))
    })
}

/// The word of a mode.
#[must_use]
pub fn word(mode: &Mode) -> &'static str {
    match mode {
        Mode::Share => "按完成率",
        Mode::DeductMissing { .. } => "缺次扣分",
        Mode::Tiers { .. } | Mode::ValueTiers { .. } => "分档",
        Mode::Rate { .. } | Mode::LowMeetings { .. } => "达标率",
        Mode::DeductEvents { .. } => "事件扣分",
        Mode::EventPoints { .. } => "事件加分",
        Mode::ActivityPoints { .. } => "活动加分",
        Mode::Votes { .. } => "民主测评",
        Mode::Raters { .. } => "评委打分",
        Mode::External { .. } => "外部分数",
        Mode::RankPoints { .. } => "名次计分",
        Mode::RatioToBest { .. } => "比例计分",
        Mode::Judged => "人工评定",
        Mode::Fixed => "起评分",
    }
}
