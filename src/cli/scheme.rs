//! `shuzhi scheme`: schemes listed, checked, and written as a form to be filled in.

use super::Ending;
use super::screen::Screen;
use shuzhi::error::{Error, Result};
use shuzhi::model::{Points, RequirementId, Scheme};
use shuzhi::pipeline::{outputs, scheme_files, scheme_template};
use shuzhi::render;
use shuzhi::seeds::Catalogue;
use shuzhi::seeds::scheme::builtin::DEFAULT;
use shuzhi::seeds::scheme::{EXAMPLES, Known};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn scheme(
    name: Option<&str>,
    template: Option<&Path>,
    from: Option<&str>,
    screen: &mut Screen,
) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    if let Some(path) = template {
        let base = find(from.or(name).unwrap_or("示例一"), &catalogue)?;
        return write(path, &base, &catalogue, screen);
    }
    if let Some(name) = name {
        let scheme = find(name, &catalogue)?;
        screen.out(scheme_files::describe(&scheme, &catalogue.requirements).trim_end());
        return Ok(Ending::Clean);
    }
    for name in std::iter::once(DEFAULT).chain(EXAMPLES.iter().map(|(short, ..)| *short)) {
        let scheme = find(name, &catalogue)?;
        screen.out(&format!("{}\n    {}", scheme.name, scheme.note));
    }
    screen.out(
        "\n查看一个方案：shuzhi scheme 示例一；写出可以填写的方案表：shuzhi scheme --template 计分方案.xlsx --from 示例一",
    );
    Ok(Ending::Clean)
}

/// A scheme by its name or its file, checked against the requirements of the built-in lists.
fn find(name: &str, catalogue: &Catalogue) -> Result<Scheme> {
    let table = catalogue.scheme("");
    let note = table.map_or("", |table| table.note.as_str());
    let points: BTreeMap<RequirementId, Points> = table.map(|table| table.points.clone()).unwrap_or_default();
    let known = Known { requirements: &catalogue.requirements, points: &points };
    if let Some(draft) = scheme_files::built_in(name, note)? {
        return scheme_files::checked(&draft, &known);
    }
    let path = Path::new(name);
    let bytes = std::fs::read(path).map_err(|error| Error::File {
        path: path.to_owned(),
        message: format!("读不出来（{error}）。可以写方案文件，或 {DEFAULT}、示例一 至 示例五"),
    })?;
    let file = path.file_name().map_or_else(|| name.to_owned(), |file| file.to_string_lossy().into());
    let draft = scheme_files::draft(&file, &bytes)?;
    scheme_files::checked(&draft, &known)
}

fn write(path: &Path, base: &Scheme, catalogue: &Catalogue, screen: &mut Screen) -> Result<Ending> {
    let failed = |message: String| Error::File { path: path.to_owned(), message };
    let bytes = render::xlsx(&scheme_template::book(base, &catalogue.requirements))?;
    outputs::create(path, &bytes).map_err(|error| {
        failed(match error.kind() {
            std::io::ErrorKind::AlreadyExists => "已经有这个文件，没有覆盖。请换一个名称".to_owned(),
            _ => format!("写不出来：{}", outputs::refusal(&error)),
        })
    })?;
    screen.out(&format!("已写好 {}（以“{}”为底本）", path.display(), base.name));
    screen.out("填好后用 shuzhi scheme 检查，再放进考核文件夹（与 考核.toml 同一处）。");
    Ok(Ending::Clean)
}
