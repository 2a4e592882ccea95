//! An office's own Word template: placeholders typed in Word or WPS are filled, everything else stays as it is.
//!
//! In: the bytes of a .docx; values and sections by name. Out: the bytes of the filled .docx, the same for the
//! same, parts without placeholders byte for byte; or everything that is wrong with the template. Never here:
//! what a value means, files, a clock.
//!
//! `package` opens the file, `xml` finds the elements, `scan` the placeholders in the text of paragraphs,
//! `tag` reads what they say, `layout` pairs them, `names` checks them; `plan` and `inline` cut a part up, and
//! `fill`, `write` and `section` put it together again.

mod fault;
mod fill;
mod inline;
mod layout;
mod names;
mod near;
mod package;
mod places;
mod plan;
mod scan;
mod section;
mod tag;
mod write;
mod xml;

pub use fault::Fault;
pub use names::{Placeholder, PlaceholderKind};

use crate::error::{Error, Result};
use crate::model::form::{Reach, term};
use crate::model::{FormRecord, FormSections};
use fill::Filling;
use layout::Layout;
use names::Names;
use package::{Package, Part};
use places::Places;
use plan::Node;
use section::Styles;
use xml::Tree;

/// A template that can be filled.
#[derive(Debug)]
pub struct OfficeTemplate {
    name: String,
    placeholders: Vec<Placeholder>,
    used: Vec<(&'static str, bool)>,
    /// Everything but the parts that are filled.
    package: Vec<u8>,
    parts: Vec<Planned>,
    styles: Styles,
    drawings: u64,
}

#[derive(Debug)]
struct Planned {
    path: String,
    prefix: String,
    nodes: Vec<Node>,
    length: usize,
}

/// What was found in a template, whether or not it can be used.
#[derive(Debug)]
pub struct Inspection {
    /// Its placeholders, part by part in order.
    pub placeholders: Vec<Placeholder>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// The template, where nothing is wrong.
    pub template: Option<OfficeTemplate>,
}

impl OfficeTemplate {
    /// Reads a template; `name` stands in messages.
    ///
    /// # Errors
    /// [`Error::Template`] with everything that is wrong.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        let Inspection { faults, template, .. } = Self::inspect(name, bytes);
        template.ok_or_else(|| Error::Template { template: name.to_owned(), message: listed(&faults) })
    }

    /// Looks a template through.
    #[must_use]
    pub fn inspect(name: &str, bytes: &[u8]) -> Inspection {
        let mut package = match Package::open(bytes) {
            Ok(package) => package,
            Err(fault) => {
                return Inspection { placeholders: Vec::new(), faults: vec![fault], template: None };
            }
        };
        let (mut names, mut faults) = (Names::default(), Vec::new());
        let mut planned = Vec::new();
        let mut drawings = 0;
        let parts = std::mem::take(&mut package.parts);
        for part in &parts {
            match Tree::read(&part.text, &part.name) {
                Ok(tree) => {
                    drawings = drawings.max(package::drawings(&tree));
                    let mut found = Vec::new();
                    planned.extend(read_part(part, &tree, &mut names, &mut found));
                    found.sort_by_key(|fault: &Fault| fault.at);
                    faults.extend(found);
                }
                Err(fault) => faults.push(fault),
            }
        }
        // A drawing has a copy for old programs with the same words in it.
        let mut seen = std::collections::BTreeSet::new();
        faults.retain(|fault: &Fault| seen.insert(fault.to_string()));
        names.used.sort_unstable();
        names.used.dedup();
        let styles = Styles::read(&package.styles);
        let mut template = None;
        if faults.is_empty() {
            let filled: Vec<&str> = planned.iter().map(|part| part.path.as_str()).collect();
            match package.without(&filled) {
                Ok(package) => {
                    template = Some(Self {
                        name: name.to_owned(),
                        placeholders: names.placeholders.clone(),
                        used: names.used,
                        package,
                        parts: planned,
                        styles,
                        drawings,
                    });
                }
                Err(error) => {
                    let message = format!("文件已损坏（{error}）");
                    faults.push(Fault::new("", message, "请用 WPS 或 Word 打开，另存一份再试"));
                }
            }
        }
        Inspection { placeholders: names.placeholders, faults, template }
    }

    /// Its placeholders, part by part in order.
    #[must_use]
    pub fn placeholders(&self) -> &[Placeholder] {
        &self.placeholders
    }

    /// Whether it asks for anything that differs from unit to unit.
    #[must_use]
    pub fn is_of_unit(&self) -> bool {
        let mut terms = self.used.iter().filter_map(|(name, section)| term(name, *section));
        terms.any(|term| term.reach == Reach::Unit)
    }

    /// Whether it asks for a generated section.
    #[must_use]
    pub fn has_sections(&self) -> bool {
        self.used.iter().any(|(_, section)| *section)
    }

    /// The filled document. What has no value becomes `【待补：名称】`.
    ///
    /// # Errors
    /// [`Error::Template`] where loops in loops make it too large, [`Error::Render`] where it cannot be packed.
    pub fn fill(&self, values: &FormRecord, sections: &FormSections) -> Result<Vec<u8>> {
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let filling = Filling { values, sections, styles: &self.styles, prefix: &part.prefix };
            let text = fill::fill(&part.nodes, filling, self.drawings, part.length).ok_or_else(|| {
                Error::Template {
                    template: self.name.clone(),
                    message: "填出来的文件太大，请减少循环里套的循环".to_owned(),
                }
            })?;
            parts.push((part.path.as_str(), text));
        }
        package::with(&self.package, &parts)
            .map_err(|error| Error::Render { document: self.name.clone(), message: error.to_string() })
    }
}

/// Plans a part; none where there is nothing to fill in it.
fn read_part(part: &Part, tree: &Tree<'_>, names: &mut Names, faults: &mut Vec<Fault>) -> Option<Planned> {
    let places = Places::count(tree, &part.name);
    let (tags, wrong) = scan::find(tree, &places);
    faults.extend(wrong);
    if tags.is_empty() {
        return None;
    }
    let layout = Layout::of(tree, tags, names, faults);
    let nodes = if faults.is_empty() { plan::plan(tree, &layout) } else { Vec::new() };
    Some(Planned { path: part.path.clone(), prefix: tree.prefix.clone(), nodes, length: part.text.len() })
}

/// Everything that is wrong, one below the other.
fn listed(faults: &[Fault]) -> String {
    match faults {
        [one] => one.to_string(),
        many => {
            let lines: Vec<String> = many.iter().map(|fault| format!("\n    {fault}")).collect();
            format!("有{}处不能使用{}", many.len(), lines.concat())
        }
    }
}

#[cfg(test)]
mod tests;
