//! What a run with masked names tells: how many were masked, what was not, and what remains to be read.
//!
//! In: what was masked. Out: lines. Never here: masking, the names that were masked unless they are asked for.

use super::screen::Screen;
use shuzhi::pipeline::inputs::{COUNTY_REDACTED, REDACTED};
use shuzhi::pipeline::redaction::Redaction;
use shuzhi::pipeline::settings::FILE;
use std::collections::BTreeSet;

/// So many words are shown.
const WORDS: usize = 10;

/// The lines about names in results of a whole run, or of one `county`.
pub(super) fn told(redaction: &Redaction, county: bool, names: bool, screen: &mut Screen) {
    let masked = redaction.masks.masked();
    let folder = if county { COUNTY_REDACTED } else { REDACTED };
    screen.out(&format!(
        "\n遮盖姓名\n  “{folder}”的文书、表格、文件名里遮盖了{}个人的姓名（留姓，名写作“某”）",
        masked.len()
    ));
    if names && !masked.is_empty() {
        let all: Vec<String> = masked.iter().map(|(name, mask)| format!("{name}→{mask}")).collect();
        screen.out(&format!("  {}", all.join("、")));
    }
    let Redaction { words, unsure, .. } = redaction;
    if !words.is_empty() {
        let why = "是人名，但清单、方案、表头、字体或单位名称里也有同样的字，没有遮盖";
        screen.out(&format!("  {why}：{}", first(words)));
    }
    if !unsure.is_empty() {
        screen.out(&format!("  写在人名的位置，但可能不是姓名，没有遮盖：{}", first(unsure)));
    }
    if let Some(word) = words.iter().chain(unsure).next() {
        screen
            .out(&format!("  其中是姓名、要遮盖的，在{FILE}的 [脱敏] 里写 姓名 = [\"{word}\"]，再运行一次"));
    }
    let kept = "不遮盖 = [\"…\"]";
    screen.out(&format!("  遮盖错了的词、可以写明的人，在{FILE}的 [脱敏] 里写 {kept}，再运行一次"));
    screen.out("  只在文字叙述、没有算作活动的行里出现的姓名程序认不出，图片里的不会遮盖；公布以前，请把每一份从头到尾看一遍");
}

fn first(words: &BTreeSet<String>) -> String {
    let shown: Vec<&str> = words.iter().take(WORDS).map(String::as_str).collect();
    let more = words.len() - shown.len();
    let more = if more > 0 { format!("，还有{more}个") } else { String::new() };
    format!("{}{more}", shown.join("、"))
}
