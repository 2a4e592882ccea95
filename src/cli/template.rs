//! `shuzhi template`: what an office's own Word template asks for, what is wrong with it, and what it may ask for.

use super::Ending;
use super::screen::{Screen, left, widest};
use shuzhi::error::{Error, Result};
use shuzhi::model::form::{Reach, TERMS, Term, TermKind};
use shuzhi::pipeline::outputs;
use shuzhi::render::form::{OfficeTemplate, Placeholder};
use shuzhi::report::Templates;
use std::path::{Path, PathBuf};

pub(super) fn template(files: &[PathBuf], screen: &mut Screen) -> Result<Ending> {
    let mut wrong = false;
    for path in files {
        wrong |= one(path, screen)?;
    }
    vocabulary(screen);
    Ok(if wrong { Ending::WithErrors } else { Ending::Clean })
}

/// Writes the built-in text templates where none of the same name lies.
pub(super) fn write_out(folder: &Path, screen: &mut Screen) -> Result<Ending> {
    let failed = |path: &Path, error: std::io::Error| Error::File {
        path: path.to_owned(),
        message: format!("写不进去：{}", outputs::refusal(&error)),
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (name, text) in Templates::built_in() {
        let path = folder.join(name);
        if path.exists() {
            screen.out(&format!("  {name}：已经有了，没有动"));
            continue;
        }
        outputs::create(&path, text.as_bytes()).map_err(|error| failed(&path, error))?;
        screen.out(&format!("  {name}"));
    }
    screen.out(&format!("写到 {}。用记事本修改，怎样改见其中的 说明.md", folder.display()));
    Ok(Ending::Clean)
}

/// Shows one template; whether anything is wrong with it.
fn one(path: &Path, screen: &mut Screen) -> Result<bool> {
    let bytes = std::fs::read(path).map_err(|error| Error::File {
        path: path.to_owned(),
        message: format!("读不出来（{error}）。请核对文件名和位置"),
    })?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let found = OfficeTemplate::inspect(&name, &bytes);
    let unknown = found.placeholders.iter().filter(|p| !p.unknown.is_empty()).count();
    screen.out(&format!(
        "{name}：占位符{}处，名称不认识的{unknown}处，要改的{}处",
        found.placeholders.len(),
        found.faults.len()
    ));
    let places = widest(found.placeholders.iter().map(|p| p.place.as_str()));
    for placeholder in &found.placeholders {
        screen.out(&format!(
            "  {}  {}  {}{}",
            left(&placeholder.place, places),
            placeholder.kind.as_str(),
            placeholder.text,
            doubts(placeholder)
        ));
    }
    if !found.faults.is_empty() {
        screen.out("要改的地方");
        for fault in &found.faults {
            screen.out(&format!("  {fault}"));
        }
    } else if found.placeholders.is_empty() {
        screen.out("  里面没有一个占位符，不会用它写文书");
    } else if let Some(template) = &found.template {
        let how = if template.is_of_unit() {
            "每个单位写一份，放在“成果”里与模板同名的文件夹"
        } else {
            "只写一份，放在“成果”里"
        };
        screen.out(&format!("可以使用：放进考核文件夹的“模板”文件夹，{how}"));
    }
    screen.out("");
    Ok(!found.faults.is_empty())
}

fn doubts(placeholder: &Placeholder) -> String {
    let of = |(name, near): &(String, Vec<String>)| {
        let near: Vec<String> = near.iter().map(|name| format!("“{name}”")).collect();
        let guess =
            if near.is_empty() { String::new() } else { format!("，是不是{}？", near.join("或")) };
        format!("  ← 没有“{name}”这个名称{guess}")
    };
    placeholder.unknown.iter().map(of).collect()
}

fn vocabulary(screen: &mut Screen) {
    let width = widest(TERMS.iter().map(|term| term.name));
    let mut show = |head: &str, wanted: &dyn Fn(&Term) -> bool| {
        screen.out(head);
        for term in TERMS.iter().filter(|term| wanted(term)) {
            let example =
                if term.example.is_empty() { String::new() } else { format!("，如“{}”", term.example) };
            let run = if term.reach == Reach::Run { "（全部单位相同）" } else { "" };
            screen.out(&format!("  {}  {}{run}{example}", left(term.name, width), term.meaning));
            if let TermKind::List(fields) = term.kind {
                let names: Vec<&str> = fields.iter().map(|field| field.0).collect();
                screen.out(&format!("  {}  每项有：{}", left("", width), names.join(" ")));
            }
        }
    };
    show("可以填入的值，写成 {{名称}}", &|term| term.kind == TermKind::Value);
    show(
        "有许多项的，在表格的一行里写 {{清单.字段}}，或写 {{每项 清单}} …… {{完}}",
        &|term| matches!(term.kind, TermKind::List(_)),
    );
    show("成段的文字，单独一段写 {{段落：名称}}", &|term| term.kind == TermKind::Section);
    screen.out("取舍：{{如有 名称}} …… {{否则}} …… {{完}}，{{如无 名称}}，{{如果 得分 >= 90}}。写法见 templates/说明.md");
}
