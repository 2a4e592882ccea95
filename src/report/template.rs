//! Templates: built in, replaceable file by file from the office's folder.

use super::markup;
use super::turns::Turns;
use crate::error::{Error, Result};
use crate::model::nearest;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        /// Every template that is built in, by file name.
        const BUILT_IN: &[(&str, &str)] =
            &[$((concat!($name, ".txt"), include_str!(concat!("../../templates/", $name, ".txt")))),*];
    };
}

built_in![
    "公用",
    "述职正文",
    "党组书记述职报告",
    "机关党委书记述职报告",
    "一岗双责述职报告",
    "党支部书记述职报告",
    "县区局考核报告",
    "述职评议测评表",
    "综合评价意见",
    "考核结果通报",
    "表彰决定",
    "问题整改清单",
    "佐证材料目录",
    "退回意见",
];

/// The templates of a run.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

/// What stands in the folder of templates for those who change them.
const GUIDE: (&str, &str) = ("说明.md", include_str!("../../templates/说明.md"));

impl Templates {
    /// Name and text of every built-in template, and the guide to them.
    pub fn built_in() -> impl Iterator<Item = (&'static str, &'static str)> {
        BUILT_IN.iter().copied().chain(std::iter::once(GUIDE))
    }

    /// The text of every built-in template.
    pub fn wordings() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(_, text)| *text)
    }

    /// The built-in templates, each replaced by a file of `folder` where there is one: the file that `named`
    /// gives by the name of the document, else one of the same name.
    ///
    /// # Errors
    /// [`Error::Template`] with the line where a file is no valid template, [`Error::File`] where it cannot be read.
    pub fn load(folder: Option<&Path>, named: &BTreeMap<&str, String>) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Custom("markup".into()));
        environment.set_formatter(|out, _, value: &Value| {
            if value.is_undefined() {
                return Err(minijinja::Error::from(minijinja::ErrorKind::UndefinedError));
            }
            if value.is_none() {
                return Ok(());
            }
            // A figure with its proof prints itself as a link to the row that proves it.
            if let Some((figure, anchor)) = sourced(value) {
                let anchor = anchor.as_str().unwrap_or_default();
                if anchor.is_empty() {
                    escaped(out, &figure)?;
                } else {
                    out.write_str("[[")?;
                    escaped(out, &figure)?;
                    write!(out, "|{anchor}]]")?;
                }
                return Ok(());
            }
            match value.as_str() {
                Some(text) if value.is_safe() => out.write_str(text)?,
                _ if value.is_safe() => write!(out, "{value}")?,
                _ => escaped(out, value)?,
            }
            Ok(())
        });
        environment.add_filter("汉字", |number: usize| super::numerals::chinese(number));
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| explain("", &error, &[]))?);
        for (name, built_in) in BUILT_IN {
            let wanted = named.get(name.trim_end_matches(".txt"));
            if let Some(file) = wanted
                && !folder.is_some_and(|folder| folder.join(file).is_file())
            {
                let message = format!("考核.toml [文书.模板] 写的“{file}”不在“模板”文件夹里，请核对文件名");
                return Err(Error::Template { template: (*name).to_owned(), message });
            }
            let file = wanted.map_or(*name, String::as_str);
            let path = folder.map(|folder| folder.join(file)).filter(|path| path.is_file());
            let text = match path {
                Some(path) => match std::fs::read_to_string(&path) {
                    // As Notepad writes it.
                    Ok(text) => text.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
                    Err(error) => {
                        let message = format!("模板读不出来（{error}）。请用记事本以 UTF-8 编码保存后再试");
                        return Err(Error::File { path, message });
                    }
                },
                None => (*built_in).to_owned(),
            };
            environment.add_template_owned(*name, text).map_err(|error| explain(name, &error, &[]))?;
        }
        Ok(Self { environment })
    }

    /// The template filled with facts; `seed` decides with which wordings its turns begin.
    ///
    /// # Errors
    /// [`Error::Template`] with the line where it names something unknown.
    pub(super) fn render(&self, name: &str, facts: &impl Serialize, seed: &str) -> Result<String> {
        let failed = |error: &minijinja::Error| {
            let names = serde_json::to_value(facts).map(|value| names_in(&value)).unwrap_or_default();
            explain(name, error, &names)
        };
        let template = self.environment.get_template(name).map_err(|error| failed(&error))?;
        let turns = Value::from_object(Turns::new(seed));
        let facts = Value::from(Serde(facts));
        template.render(context! { 轮 => turns, ..facts }).map_err(|error| failed(&error))
    }
}

/// A value that carries its proof: the figure and the anchor, which is text.
fn sourced(value: &Value) -> Option<(Value, Value)> {
    if value.kind() != ValueKind::Map {
        return None;
    }
    let anchor = value.get_attr("据").ok().filter(|anchor| anchor.as_str().is_some())?;
    let figure = value.get_attr("数").ok().filter(|figure| !figure.is_undefined())?;
    Some((figure, anchor))
}

/// Writes a value so that nothing in it can be taken for markup.
fn escaped(out: &mut dyn Write, value: &Value) -> std::fmt::Result {
    match value.as_str() {
        Some(text) => markup::escape_onto(out, text),
        None => markup::escape_onto(out, &value.to_string()),
    }
}

/// Every name that stands somewhere in the facts.
fn names_in(value: &serde_json::Value) -> Vec<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Object(map) => {
                names.extend(map.keys().cloned());
                open.extend(map.values());
            }
            serde_json::Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    names.into_iter().collect()
}

fn explain(name: &str, error: &minijinja::Error, names: &[String]) -> Error {
    // An error in a template that another one takes in is told with that one's name.
    let name = error.name().unwrap_or(name);
    let line = error.line().map_or_else(String::new, |line| format!("第{line}行："));
    let what = match error.kind() {
        minijinja::ErrorKind::SyntaxError => "模板语法不对",
        minijinja::ErrorKind::UndefinedError => "用到了没有的名称",
        minijinja::ErrorKind::UnknownFilter | minijinja::ErrorKind::UnknownFunction => "用到了没有的函数",
        minijinja::ErrorKind::TemplateNotFound => "要引用的模板不存在",
        _ => "模板不能使用",
    };
    let unknown = (error.kind() == minijinja::ErrorKind::UndefinedError)
        .then(|| error.template_source().zip(error.range()).and_then(|(text, range)| text.get(range)))
        .flatten()
        .and_then(|expression| expression.rsplit(['.', ' ', '(', '[']).find(|part| !part.trim().is_empty()))
        .map(|word| word.trim_matches([' ', '}', '{', ')', ']', '"']).to_owned())
        .filter(|word| !word.is_empty());
    let detail = match &unknown {
        Some(word) => {
            let near = nearest(word, names.iter().map(String::as_str).filter(|known| known != word));
            near.map_or_else(|| format!("“{word}”"), |near| format!("“{word}”，是不是“{near}”"))
        }
        None => error.detail().map_or_else(String::new, |detail| format!("（{detail}）")),
    };
    Error::Template {
        template: name.to_owned(),
        message: format!("{line}{what}{detail}。可用的名称见 templates/说明.md"),
    }
}
