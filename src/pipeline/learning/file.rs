//! The file of the office's own weights (核对/本单位学习.json).
//!
//! In: what was learned. Out: the same bytes for the same content, and back. Never here: learning.

use crate::matching::{Correction, RowText};
use crate::model::{DutyList, ItemId, KindId, ListId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The number of the format.
const FORMAT: u32 = 1;
/// What the file says of itself.
const ABOUT: &str = "本单位的学习结果：从核对表的结论学到的权重，加在程序自带的权重上。由 shuzhi learn 写出，请不要手改；shuzhi learn 文件夹 --undo 退回上一次。";
/// A weight beyond so many thousandths of a logit was not learned by this program.
const MOST_STEPS: u32 = 200_000;
/// Digits of a fingerprint.
const DIGITS: usize = 16;

/// A decided row that was learned from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Example {
    /// The year of the assessment in which it was decided.
    #[serde(rename = "年度")]
    pub year: i32,
    /// The unit whose row it is.
    #[serde(rename = "单位")]
    pub unit: String,
    /// The kind as stated.
    #[serde(rename = "类型")]
    pub kind: String,
    /// The kinds that were known.
    #[serde(rename = "活动形式")]
    pub kinds: Vec<String>,
    /// Title.
    #[serde(rename = "活动名称")]
    pub title: String,
    /// Content.
    #[serde(rename = "活动内容")]
    pub description: String,
    /// The conclusion: 确认, 改为 or 不是佐证.
    #[serde(rename = "结论")]
    pub ruling: String,
    /// The items that it proves, by name.
    #[serde(rename = "条目")]
    pub items: Vec<String>,
    /// The person's note.
    #[serde(rename = "依据或说明")]
    pub note: String,
}

impl Example {
    /// The kinds as the matcher takes them.
    #[must_use]
    pub fn kind_ids(&self) -> Vec<KindId> {
        self.kinds.iter().map(|kind| KindId::from(kind.as_str())).collect()
    }

    /// Its text, with [`Example::kind_ids`].
    #[must_use]
    pub fn text<'a>(&'a self, kinds: &'a [KindId]) -> RowText<'a> {
        RowText { kind: &self.kind, title: &self.title, description: &self.description, kinds }
    }
}

/// What was learned for one duty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedList {
    /// The list.
    pub list: ListId,
    /// Fingerprint of the list's items.
    pub text: String,
    /// Fingerprint of the built-in weights beside which it was learned.
    pub weights: String,
    /// The rows, in order.
    pub examples: Vec<Example>,
    /// What they add.
    pub correction: Correction,
}

/// The content of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learned {
    /// By list.
    pub lists: Vec<LearnedList>,
}

#[derive(Deserialize)]
struct Stored {
    #[serde(rename = "格式")]
    format: u32,
    #[serde(rename = "清单")]
    lists: Vec<StoredList>,
}

#[derive(Deserialize)]
struct StoredList {
    #[serde(rename = "名称")]
    list: String,
    #[serde(rename = "清单指纹")]
    text: String,
    #[serde(rename = "权重指纹")]
    weights: String,
    #[serde(rename = "例子")]
    examples: Vec<Example>,
    #[serde(rename = "学到")]
    learned: BTreeMap<String, String>,
}

/// The fingerprint of bytes.
#[must_use]
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    let digits = Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    digits.chars().take(DIGITS).collect()
}

/// The fingerprint of a list's items.
#[must_use]
pub(super) fn list_fingerprint(list: &DutyList) -> String {
    let lines: Vec<String> = list.items.iter().map(|item| format!("{}\n{}", item.id, item.text)).collect();
    fingerprint(lines.join("\n").as_bytes())
}

impl Learned {
    /// What was learned for a list.
    #[must_use]
    pub fn of(&self, list: &ListId) -> Option<&LearnedList> {
        self.lists.iter().find(|learned| learned.list == *list)
    }

    /// How many rows it was learned from.
    #[must_use]
    pub fn examples(&self) -> usize {
        self.lists.iter().map(|list| list.examples.len()).sum()
    }

    /// The file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Plain strings and numbers always serialise.
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let lists: Vec<String> = self
            .lists
            .iter()
            .map(|list| {
                let examples: Vec<String> = list
                    .examples
                    .iter()
                    .map(|example| format!("  {}", serde_json::to_string(example).unwrap_or_default()))
                    .collect();
                let learned: Vec<String> = list
                    .correction
                    .items
                    .iter()
                    .map(|(item, features)| {
                        let steps: Vec<String> =
                            features.iter().map(|(key, steps)| format!("{key:x} {steps}")).collect();
                        format!("  {}: {}", quoted(item.as_str()), quoted(&steps.join(",")))
                    })
                    .collect();
                format!(
                    " {{\"名称\": {}, \"清单指纹\": {}, \"权重指纹\": {},\n \"例子\": [\n{}\n ],\n \"学到\": {{\n{}\n }}}}",
                    quoted(list.list.as_str()),
                    quoted(&list.text),
                    quoted(&list.weights),
                    examples.join(",\n"),
                    learned.join(",\n")
                )
            })
            .collect();
        format!(
            "{{\"格式\": {FORMAT},\n\"说明\": {},\n\"清单\": [\n{}\n]}}\n",
            quoted(ABOUT),
            lists.join(",\n")
        )
    }

    /// What a file holds.
    ///
    /// # Errors
    /// A sentence that says why it cannot be used.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "文件不是 UTF-8 文字，已经损坏".to_owned())?;
        let stored: Stored = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
            format!("不是完整的学习结果（第{}行第{}个字符附近）", error.line(), error.column())
        })?;
        if stored.format != FORMAT {
            return Err(format!("格式是{}，本程序只认格式{FORMAT}，可能是别的版本写的", stored.format));
        }
        let lists = stored.lists.into_iter().map(|list| {
            let mut items = BTreeMap::new();
            for (item, steps) in &list.learned {
                let features = features(steps).ok_or_else(|| format!("“{item}”的权重写法不对"))?;
                items.insert(ItemId::from(item.as_str()), features);
            }
            Ok(LearnedList {
                list: ListId::from(list.list.as_str()),
                text: list.text,
                weights: list.weights,
                examples: list.examples,
                correction: Correction { items },
            })
        });
        Ok(Self { lists: lists.collect::<Result<_, String>>()? })
    }
}

fn features(text: &str) -> Option<BTreeMap<u32, i32>> {
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, steps) = part.split_once(' ')?;
            let steps = steps.parse::<i32>().ok().filter(|steps| steps.unsigned_abs() <= MOST_STEPS)?;
            Some((u32::from_str_radix(key, 16).ok()?, steps))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned() -> Learned {
        let example = Example {
            year: 2023,
            unit: "某支部".into(),
            kind: String::new(),
            kinds: vec!["党课".into()],
            title: "“引号”\n\\".into(),
            description: String::new(),
            ruling: "改为".into(),
            items: vec!["ZB-2".into()],
            note: String::new(),
        };
        let items = [(ItemId::from("ZB-2"), [(7, -12), (0x0fff_ffff, 900)].into())].into();
        let list = LearnedList {
            list: ListId::from("ZB"),
            text: "00".into(),
            weights: "11".into(),
            examples: vec![example],
            correction: Correction { items },
        };
        Learned { lists: vec![list] }
    }

    #[test]
    fn what_is_written_is_read_back_and_written_again() {
        for learned in [learned(), Learned::default()] {
            let text = learned.to_json();
            assert_eq!(Learned::from_json(text.as_bytes()).unwrap(), learned);
        }
    }

    #[test]
    fn damaged_files_say_why() {
        let whole = learned().to_json();
        for (bytes, words) in [
            (&b""[..], "第1行"),
            (b"{\"a\":1}", "不是完整的学习结果"),
            (whole.replace("\"格式\": 1", "\"格式\": 9").as_bytes(), "格式是9"),
            (whole.replace("7 -12", "7 -1200000").as_bytes(), "权重写法不对"),
            (whole.replace("7 -12", "7 -2147483648").as_bytes(), "权重写法不对"),
            (whole.replace("7 -12", "xyz").as_bytes(), "权重写法不对"),
            (whole.chars().take(whole.chars().count() / 2).collect::<String>().as_bytes(), "第"),
            (&[0xff, 0xfe, 0x00], "UTF-8"),
        ] {
            let message = Learned::from_json(bytes).unwrap_err();
            assert!(message.contains(words), "{message}");
        }
    }
}
