//! What the signs of a pair (a row, an item of a list that nobody labelled rows for) weigh.
//!
//! Learned from the built-in lists, each taken for unknown in turn; a small file that can be read.

use super::source::Source;
use crate::error::Result;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use toml::Spanned;

macro_rules! signs {
    ($($(#[doc = $doc:literal])+ $sign:ident = $name:literal, $word:literal;)+) => {
        /// A sign of a pair: a number from 0 to about 3, greater where it says more.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Sign {
            $($(#[doc = $doc])+ $sign,)+
        }

        impl Sign {
            /// All signs, in the order of the file.
            pub const ALL: &[Self] = &[$(Self::$sign,)+];

            /// Its name in the file.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$sign => $name,)+ }
            }

            /// What it is, in the words of the file's remarks.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$sign => $word,)+ }
            }
        }
    };
}

signs! {
    /// The row's stated kind stands in the item's text.
    KindStated = "kind_stated", "登记的类型写在条目原文里";
    /// A kind named in the title stands in the item's text.
    KindNamed = "kind_named", "活动名称中的类型写在条目原文里";
    /// The rarest topic that a sure word of kind or title tells and the item names.
    TopicHead = "topic_head", "名称里确切说到的主题，条目也有，以最少见的计";
    /// The other such topics together.
    TopicHeadMore = "topic_head_more", "其余这样的主题合计";
    /// The rarest topic that only a broad word of kind or title tells.
    TopicHeadBroad = "topic_head_broad", "名称里只有宽泛说法的主题";
    /// The rarest topic that a sure word of the description alone tells.
    TopicText = "topic_text", "只在内容里确切说到的主题";
    /// The rarest topic that only a broad word of the description tells.
    TopicTextBroad = "topic_text_broad", "只在内容里有宽泛说法的主题";
    /// The rarest topic that the row tells surely and the item's first sentence names.
    TopicFirst = "topic_first", "主题写在条目的第一句";
    /// Rarity of the words shared with the clause of the item that is most alike.
    Clause = "clause", "与条目中最像的一句共有的词";
    /// Rarity of all words shared with the item.
    Shared = "shared", "与整条共有的词";
    /// Rarity of the words that kind and title share with the item.
    SharedHead = "shared_head", "名称与整条共有的词";
    /// The best answer of a built-in item, by the likeness of its text to the item's.
    RelayText = "relay_text", "原文相近的内置条目对这一行的回答";
    /// The same, where no other item of the list is as like to that built-in item.
    RelayTextOwn = "relay_text_own", "同上，并且清单里没有别的条目更相近";
    /// Whether the built-in items answer to the row as they answer to the item's own clauses.
    RelaySense = "relay_sense", "各内置条目对这一行的回答，与它们对条目原文的回答有多像";
    /// The best answer of a built-in item that answers to the item's clauses as to no other item's.
    RelaySenseOwn = "relay_sense_own", "对条目原文也这样回答、而不这样回答别的条目的内置条目";
    /// Words in kind or title that say that nothing took place.
    Nonevent = "nonevent", "名称像是没有开展";
    /// Words in kind or title of matters beside Party work.
    Beside = "beside", "名称像是与党建无关";
}

/// What an item's standing among the others of its list weighs.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relative {
    /// Constant part.
    pub constant: f32,
    /// The item's own signs.
    pub own: f32,
    /// By how much the item is ahead of all others.
    pub ahead: f32,
    /// By how much it is behind the best.
    pub behind: f32,
    /// How much the best of all items has.
    pub best: f32,
}

/// The weights of all signs.
#[derive(Debug, Clone, PartialEq)]
pub struct PairWeights {
    /// From how many rows they were learned.
    pub rows: u32,
    /// Least confidence of a review, in thousandths.
    pub review: u16,
    /// Least confidence of a link, in thousandths.
    pub link: u16,
    /// Constant part of an item's signs.
    pub constant: f32,
    /// Of each sign, in the order of [`Sign::ALL`].
    pub signs: Vec<f32>,
    /// What the standing among the other items weighs.
    pub relative: Relative,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rows: u32,
    review: u16,
    link: u16,
    constant: f32,
    signs: Spanned<BTreeMap<String, f32>>,
    relative: Relative,
}

impl PairWeights {
    /// The weights that the program carries.
    ///
    /// # Errors
    /// As [`PairWeights::load`].
    pub fn builtin() -> Result<Self> {
        Self::load("seeds/pairs.toml", include_str!("../../seeds/pairs.toml"))
    }

    /// The weights of a file.
    ///
    /// # Errors
    /// [`crate::error::Error::Seed`] where a sign is missing, unknown, or no number.
    pub fn load(file: &str, text: &str) -> Result<Self> {
        let source = Source::new(file, text);
        let read = source.parse::<File>()?;
        let span = read.signs.span();
        let mut named = read.signs.into_inner();
        let mut signs = Vec::new();
        for sign in Sign::ALL {
            let weight = named.remove(sign.name()).filter(|weight| weight.is_finite());
            let missing = || source.error_at(&span, format!("signs 里没有“{}”", sign.name()));
            signs.push(weight.ok_or_else(missing)?);
        }
        if let Some(name) = named.keys().next() {
            return Err(source.error_at(&span, format!("signs 里的“{name}”不是已知的特征")));
        }
        let File { rows, review, link, constant, relative, .. } = read;
        Ok(Self { rows, review, link, constant, signs, relative })
    }

    /// What a sign weighs.
    #[must_use]
    pub fn of(&self, sign: Sign) -> f32 {
        self.signs.get(sign as usize).copied().unwrap_or(0.0)
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut out = String::from(
            "# 办公室自带的清单没有标注的行：一行活动与一个条目有多像，由这些特征加权得出。\n\
             # 由 cargo run --release --example learn train seeds/weights.bin 学出，不要手改；\n\
             # 学的时候把内置清单逐一当作没见过的清单。权重的单位是对数几率，特征大多在0到3之间。\n\n",
        );
        let Relative { constant, own, ahead, behind, best } = self.relative;
        let _ = write!(
            out,
            "rows = {}\n# 待核、对应的最低把握（千分之几）\nreview = {}\nlink = {}\nconstant = {:.4}\n\n\
             # 与清单里别的条目相比：自身、领先最接近的条目、落后于最好的条目、最好的条目有多好\n\
             [relative]\nconstant = {constant:.4}\nown = {own:.4}\nahead = {ahead:.4}\n\
             behind = {behind:.4}\nbest = {best:.4}\n\n[signs]\n",
            self.rows, self.review, self.link, self.constant
        );
        for sign in Sign::ALL {
            let _ = writeln!(out, "# {}\n{} = {:.4}", sign.word(), sign.name(), self.of(*sign));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_what_it_is_when_written_again() {
        let text = include_str!("../../seeds/pairs.toml");
        assert_eq!(PairWeights::builtin().unwrap().to_toml(), text);
    }

    #[test]
    fn a_sign_that_is_missing_or_unknown_is_named() {
        let text = include_str!("../../seeds/pairs.toml");
        let missing = text.replace("\nclause = ", "\nclauses = ");
        let error = PairWeights::load("p.toml", &missing).unwrap_err().to_string();
        assert!(error.contains("signs 里没有“clause”"), "{error}");
        let more = format!("{text}\nmore = 1.0\n");
        let error = PairWeights::load("p.toml", &more).unwrap_err().to_string();
        assert!(error.contains("“more”不是已知的特征"), "{error}");
    }
}
