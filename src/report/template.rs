//! Templates: built in, replaceable file by file from the office's folder.

use super::markup;
use crate::error::{Error, Result};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use std::path::Path;

/// The name of the branch report's template.
pub const BRANCH_REPORT: &str = "党支部书记述职报告.txt";

const BUILT_IN: &[(&str, &str)] = &[(BRANCH_REPORT, include_str!("../../templates/党支部书记述职报告.txt"))];

/// The templates of a run.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// The built-in templates, each replaced by a file of the same name in `folder` where there is one.
    ///
    /// # Errors
    /// [`Error::Template`] with the line where a file is no valid template, [`Error::File`] where it cannot be read.
    pub fn load(folder: Option<&Path>) -> Result<Self> {
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
            if value.is_safe() {
                write!(out, "{value}")?;
            } else {
                write!(out, "{}", markup::escape(&value.to_string()))?;
            }
            Ok(())
        });
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| explain(BRANCH_REPORT, &error))?);
        for (name, built_in) in BUILT_IN {
            let path = folder.map(|folder| folder.join(name)).filter(|path| path.is_file());
            let text = match path {
                Some(path) => std::fs::read_to_string(&path).map_err(|error| Error::File {
                    path,
                    message: format!("模板读不出来（{error}）。请用记事本以 UTF-8 编码保存后再试"),
                })?,
                None => (*built_in).to_owned(),
            };
            environment.add_template_owned(*name, text).map_err(|error| explain(name, &error))?;
        }
        Ok(Self { environment })
    }

    /// The template filled with facts.
    ///
    /// # Errors
    /// [`Error::Template`] with the line where it names something unknown.
    pub(super) fn render(&self, name: &str, facts: &impl Serialize) -> Result<String> {
        let template = self.environment.get_template(name).map_err(|error| explain(name, &error))?;
        template.render(Serde(facts)).map_err(|error| explain(name, &error))
    }
}

fn explain(name: &str, error: &minijinja::Error) -> Error {
    let line = error.line().map_or_else(String::new, |line| format!("第{line}行："));
    let what = match error.kind() {
        minijinja::ErrorKind::SyntaxError => "模板语法不对",
        minijinja::ErrorKind::UndefinedError => "用到了没有的名称",
        minijinja::ErrorKind::UnknownFilter | minijinja::ErrorKind::UnknownFunction => "用到了没有的函数",
        _ => "模板不能使用",
    };
    let detail = error.detail().map_or_else(String::new, |detail| format!("（{detail}）"));
    Error::Template {
        template: name.to_owned(),
        message: format!("{line}{what}{detail}。可用的名称见 templates/说明.md"),
    }
}
