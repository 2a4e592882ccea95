//! The manual, the samples and the vocabulary say the same.

use super::{sample, templates};
use shuzhi::model::form::{Reach, TERMS, TermKind};
use shuzhi::render::form::OfficeTemplate;

const BEGIN: &str = "<!-- 名称表开始：由程序的名称生成，不要手改 -->\n";
const END: &str = "<!-- 名称表结束 -->";

/// The table of names as it stands in the manual.
fn table() -> String {
    let mut out = String::from("| 写法 | 含义 | 例子 |\n|---|---|---|\n");
    for term in TERMS {
        let run = if term.reach == Reach::Run { "（全部单位相同）" } else { "" };
        let (name, more) = match term.kind {
            TermKind::Value => (format!("{{{{{}}}}}", term.name), String::new()),
            TermKind::Section => (format!("{{{{段落：{}}}}}", term.name), String::new()),
            TermKind::List(fields) => {
                let fields: Vec<String> = fields.iter().map(|(name, _)| format!("`{name}`")).collect();
                (format!("{{{{{}.…}}}}", term.name), format!("。每项有 {}", fields.join(" ")))
            }
        };
        out += &format!("| `{name}` | {}{run}{more} | {} |\n", term.meaning, term.example);
    }
    out
}

#[test]
fn the_manual_lists_every_name() {
    let path = templates().join("说明.md");
    let manual = std::fs::read_to_string(&path).unwrap();
    let start = manual.find(BEGIN).expect("the table of names") + BEGIN.len();
    let end = manual.find(END).unwrap();
    if std::env::var_os("SHUZHI_BLESS").is_some() {
        std::fs::write(&path, format!("{}{}{}", &manual[..start], table(), &manual[end..])).unwrap();
        return;
    }
    assert_eq!(&manual[start..end], table(), "SHUZHI_BLESS=1 cargo test 更新");
}

#[test]
fn the_samples_can_be_used() {
    for (name, of_unit, sections) in
        [("样例-述职报告.docx", true, true), ("样例-考核结果表.docx", false, false)]
    {
        let template = OfficeTemplate::read(name, &sample(name)).unwrap();
        assert_eq!((template.is_of_unit(), template.has_sections()), (of_unit, sections), "{name}");
        assert!(template.placeholders().len() > 10);
    }
}
