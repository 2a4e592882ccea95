//! The one way in which wordings are compared: width, blanks and script do not count.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Traditional characters that ledgers of this field use, and their simplified forms.
const TRADITIONAL: &str = "黨党員员會会課课題题動动時时間间類类應应實实習习學学議议記记錄录傳传達达團团組组織织國国歷历話话談谈評评辦办書书備备資资講讲體体開开關关現现場场條条門门東东專专務务單单數数點点號号參参與与導导領领責责計计劃划際际註注負负聯联電电總总結结處处級级長长選选舉举審审訂订決决擴扩紀纪潔洁願愿層层範范圍围廣广農农業业財财軍军優优異异績绩覽览簡简網网絡络線线發发報报檔档臺台帳账續续兩两節节廳厅館馆內内稱称種种請请誰谁區区縣县鎮镇鄉乡隊队後后來来個个無无過过進进屆届換换圖图樓楼戶户衛卫醫医義义愛爱對对訪访問问溫温紅红讀读聽听說说論论調调質质轉转費费賬账隨随雙双預预項项順顺週周係系協协啟启執执將将屬属幹干幾几張张徵征採采擬拟構构標标樂乐機机權权歡欢氣气沒没況况減减產产當当監监眾众確确禮礼簽签約约終终給给統统經经綜综維维綱纲緊紧編编職职補补規规視视親亲覺觉觀观詢询誤误諮咨謀谋閱阅階阶雲云頭头額额養养餘余齡龄兒儿為为從从復复徹彻慶庆憲宪戰战據据擔担攝摄斷断歸归殘残滿满漁渔濟济營营爭争環环畫画療疗穩稳競竞築筑籌筹糧粮純纯紹绍縮缩罰罚聲声脫脱腦脑臨临舊旧藝艺蘇苏虛虚術术衝冲裝装製制複复討讨訊讯設设許许訴诉詞词試试認认語语誠诚諾诺謝谢證证識识譯译讓让變变豐丰貢贡貧贫購购贈赠趕赶車车軌轨輔辅輪轮辭辞運运違违遠远適适遷迁鄰邻錢钱鐘钟鐵铁陣阵陽阳險险離离難难靈灵靜静響响顧顾風风飛飞馬马驗验齊齐";

/// Text in the form in which it is compared: NFKC, without blanks and invisible characters,
/// lower case, simplified characters. Punctuation stays.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::new();
    fold_onto(&mut folded, text);
    folded
}

/// Adds the folded form of a text to another text.
pub(crate) fn fold_onto(folded: &mut String, text: &str) {
    let before = folded.len();
    folded.reserve(text.len());
    for c in text.chars() {
        match common(c) {
            Some(Common::Is(c)) => folded.push(c),
            Some(Common::Nothing) => {}
            None => {
                folded.truncate(before);
                folded.extend(fold_any(text));
                return;
            }
        }
    }
}

/// The folded form of any text.
fn fold_any(text: &str) -> impl Iterator<Item = char> {
    text.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)).flat_map(char::to_lowercase).map(simplify)
}

/// Whether the character is a letter, an ideograph or a numeral: [`char::is_alphanumeric`], quick where ledgers are.
#[must_use]
pub fn is_letter(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || c.is_alphanumeric()
}

/// The first character of a folded text, without folding the rest.
#[must_use]
pub fn folded_first(text: &str) -> Option<char> {
    let first = text.chars().find(|c| !c.is_whitespace() && !is_invisible(*c))?;
    match common(first) {
        Some(Common::Is(c)) => Some(c),
        _ => fold(first.encode_utf8(&mut [0; 4])).chars().next(),
    }
}

/// A common character in its folded form; `None` for a blank, or one that is not common.
#[must_use]
pub fn folded_char(c: char) -> Option<char> {
    match common(c)? {
        Common::Is(c) => Some(c),
        Common::Nothing => None,
    }
}

/// What becomes of a character of which nearly all ledgers consist; NFKC needs no tables for it.
enum Common {
    Is(char),
    Nothing,
}

#[inline]
fn common(c: char) -> Option<Common> {
    Some(match c {
        FIRST_HAN..=LAST_HAN => Common::Is(simplify(c)),
        ' ' | '\n' | '\r' | '\t' | '\u{3000}' => Common::Nothing,
        '!'..='~' => Common::Is(c.to_ascii_lowercase()),
        '\u{ff01}'..='\u{ff5e}' => Common::Is(char::from_u32(u32::from(c) - 0xfee0)?.to_ascii_lowercase()),
        '、' | '。' | '“' | '”' | '《' | '》' | '—' | '·' | '〇' => Common::Is(c),
        _ => return None,
    })
}

/// A set of characters, made for answering no.
#[derive(Debug, Clone, Default)]
pub(super) struct Chars {
    sorted: Vec<char>,
    /// A bit for each character's number, modulo 128.
    bits: u128,
}

impl Chars {
    fn bit(c: char) -> u128 {
        1 << (u32::from(c) % 128)
    }

    /// Whether the character is in the set.
    pub(super) fn has(&self, c: char) -> bool {
        self.bits & Self::bit(c) != 0 && self.sorted.binary_search(&c).is_ok()
    }
}

impl FromIterator<char> for Chars {
    fn from_iter<I: IntoIterator<Item = char>>(chars: I) -> Self {
        let sorted: Vec<char> = chars.into_iter().collect::<BTreeSet<char>>().into_iter().collect();
        let bits = sorted.iter().fold(0, |bits, c| bits | Self::bit(*c));
        Self { sorted, bits }
    }
}

/// Whether a character takes no room: zero-width marks, byte order marks, control characters.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    if (FIRST_HAN..=LAST_HAN).contains(&c) {
        return false;
    }
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
        || (c.is_control() && c != '\n' && c != '\t')
}

fn simplify(c: char) -> char {
    /// The simplified form of every character of the block, by its place in it.
    static FORMS: LazyLock<Vec<char>> = LazyLock::new(|| {
        let mut forms: Vec<char> = (FIRST_HAN..=LAST_HAN).collect();
        let mut chars = TRADITIONAL.chars();
        while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
            if let Some(form) = han_place(from).and_then(|at| forms.get_mut(at)) {
                *form = to;
            }
        }
        forms
    });
    han_place(c).and_then(|at| FORMS.get(at)).copied().unwrap_or(c)
}

const FIRST_HAN: char = '\u{4e00}';
const LAST_HAN: char = '\u{9fff}';

fn han_place(c: char) -> Option<usize> {
    u32::from(c).checked_sub(u32::from(FIRST_HAN)).and_then(|at| usize::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_blanks_and_script_do_not_count() {
        for (text, folded) in [
            ("支 委\u{200b}会", "支委会"),
            ("時間", "时间"),
            ("主要內容", "主要内容"),
            ("應到人數／請假", "应到人数/请假"),
            ("ＡＢ（１）", "ab(1)"),
            ("主题党日\n活动", "主题党日活动"),
            ("①", "1"),
            ("“三会一课”　登记表：《ＸＸ》、—·", "“三会一课”登记表:《xx》、—·"),
            ("ﾊﾞ…", "バ..."),
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}
