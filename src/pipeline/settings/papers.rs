//! The section `[文书]`: which documents are written, for whom, from which template, how long, in which faces.
//!
//! In: the settings with their lines. Out: [`PaperSettings`], or an error that names line, key and what was
//! expected. Never here: templates, units.

use crate::error::Result;
use crate::render::Fonts;
use crate::report::{PAPERS, Paper};
use crate::seeds::chinese_toml::Table;
use std::collections::BTreeMap;

const KEYS: [&str; 8] = ["写", "字数上限", "成绩占比上限", "问题占比下限", "批注", "模板", "单位", "字体"];
const FACES: [&str; 5] = ["正文", "二级标题", "一级标题", "标题", "页码和表格"];
/// A report that is read out in ten minutes.
const USUAL_LENGTH: usize = 3000;

/// How documents are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperSettings {
    /// Names of the documents that are written.
    pub written: Vec<&'static str>,
    /// At most so many characters, blanks and attachments not counted.
    pub most: usize,
    /// At most so many per cent on what was done.
    pub results: Option<usize>,
    /// At least so many per cent on problems and causes.
    pub problems: Option<usize>,
    /// Whether blanks are comments in the margin as well.
    pub remarks: bool,
    /// Files of templates by the document's name.
    pub templates: BTreeMap<&'static str, String>,
    /// Units for which alone a document is written, by the document's name.
    pub units: BTreeMap<&'static str, Vec<String>>,
    /// The faces.
    pub fonts: Fonts,
}

impl Default for PaperSettings {
    fn default() -> Self {
        Self {
            written: PAPERS.iter().map(|paper| paper.name).collect(),
            most: USUAL_LENGTH,
            results: None,
            problems: None,
            remarks: true,
            templates: BTreeMap::new(),
            units: BTreeMap::new(),
            fonts: Fonts::default(),
        }
    }
}

impl PaperSettings {
    /// Whether this document is written for this unit.
    #[must_use]
    pub fn asks(&self, paper: &Paper, unit: &str) -> bool {
        self.written.contains(&paper.name)
            && self.units.get(paper.name).is_none_or(|units| units.iter().any(|own| own == unit))
    }
}

/// The section of a settings file; the usual where there is none.
pub(super) fn section(root: &Table<'_>) -> Result<PaperSettings> {
    let mut papers = PaperSettings::default();
    let Some(table) = root.table("文书")? else { return Ok(papers) };
    table.only(&KEYS)?;
    if table.keys().any(|(key, _)| key == "写") {
        let line = table.line_of("写");
        papers.written = Vec::new();
        for name in table.texts("写")? {
            papers.written.extend(named(&table, line, &name)?);
        }
    }
    let per_cent = "0 到 100 之间的整数，如 60";
    papers.most = table.integer("字数上限", 100..=1_000_000, "整数，如 3000")?.unwrap_or(USUAL_LENGTH);
    papers.results = table.integer("成绩占比上限", 0..=100, per_cent)?;
    papers.problems = table.integer("问题占比下限", 0..=100, per_cent)?;
    papers.remarks = table.boolean("批注")?.unwrap_or(true);
    if let Some(own) = table.table("模板")? {
        for (key, line) in own.keys() {
            let Some(file) = own.text(key)? else { continue };
            for name in named(&own, line, key)? {
                papers.templates.insert(name, file.value.clone());
            }
        }
    }
    if let Some(own) = table.table("单位")? {
        for (key, line) in own.keys() {
            let units = own.texts(key)?;
            for name in named(&own, line, key)? {
                papers.units.insert(name, units.clone());
            }
        }
    }
    if let Some(own) = table.table("字体")? {
        own.only(&FACES)?;
        let fonts = &mut papers.fonts;
        let places = [
            &mut fonts.text,
            &mut fonts.second_heading,
            &mut fonts.first_heading,
            &mut fonts.title,
            &mut fonts.small,
        ];
        for (key, place) in FACES.into_iter().zip(places) {
            if let Some(face) = own.text(key)?.filter(|face| !face.value.trim().is_empty()) {
                face.value.trim().clone_into(place);
            }
        }
    }
    Ok(papers)
}

/// The names of the documents that a name means.
fn named(table: &Table<'_>, line: usize, name: &str) -> Result<Vec<&'static str>> {
    let papers = Paper::meant(name.trim()).map_err(|message| table.error(line, message))?;
    Ok(papers.into_iter().map(|paper| paper.name).collect())
}
