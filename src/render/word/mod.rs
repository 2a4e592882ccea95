//! Word files after GB/T 9704-2012.
//!
//! In: a [`Report`]. Out: the bytes of a .docx, the same for the same report. Never here: wording,
//! arithmetic, a clock, a file name.

mod body;
mod comments;
mod fonts;
mod package;
mod repair;
mod skeleton;
mod table;
mod text;

use std::cell::Cell;
use std::sync::OnceLock;

use crate::error::Result;
use crate::model::{Date, Report};
pub use fonts::Fonts;
use fonts::SETTINGS;
use package::Package;
use text::{RunOpenings, escaped};

/// The day that stands as a document's first where the caller gives none.
const NO_DAY: &str = "1980-01-01";

/// Bytes of a body whose room is kept for the next.
const MOST_KEPT: usize = 1 << 22;

thread_local! {
    /// Room for a body, as large as those that the thread wrote before.
    static ROOM: Cell<String> = const { Cell::new(String::new()) };
}

/// The paper on which reports are written: everything that they have in common, packed once.
#[derive(Debug, Clone)]
pub struct Stationery {
    /// A package that lacks the body, the comments and the properties.
    package: Package,
    /// In the order of [`fonts::Style`].
    openings: Vec<RunOpenings>,
    created: String,
}

impl Stationery {
    /// Prepares the common parts for these faces; `created` stands in the properties of every file.
    ///
    /// # Errors
    /// Only where a fixed part cannot be written, which is a fault of the program.
    pub fn new(fonts: &Fonts, created: Option<Date>) -> Result<Self> {
        let mut package = Package::default();
        for (name, bytes) in skeleton::parts(fonts)? {
            package.put(name, &bytes)?;
        }
        Ok(Self {
            package,
            openings: SETTINGS.iter().map(|setting| RunOpenings::new(setting.style, fonts)).collect(),
            created: created.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string()),
        })
    }

    /// Writes a report on this paper.
    ///
    /// # Errors
    /// Only where the parts cannot be packed.
    pub fn docx(&self, report: &Report) -> Result<Vec<u8>> {
        let mut package = self.package.clone();
        package.put("docProps/core.xml", properties(report, &self.created).as_bytes())?;
        let (document, remarks) = body::document(report, &self.openings, ROOM.take());
        package.put("word/document.xml", document.as_bytes())?;
        if document.capacity() <= MOST_KEPT {
            ROOM.set(document);
        }
        package.put("word/comments.xml", comments::part(&remarks).as_bytes())?;
        package.finish()
    }
}

/// Writes a report as a .docx in the usual faces.
///
/// # Errors
/// Only where the parts cannot be packed.
pub fn docx(report: &Report) -> Result<Vec<u8>> {
    static USUAL: OnceLock<Stationery> = OnceLock::new();
    if let Some(usual) = USUAL.get() {
        return usual.docx(report);
    }
    let made = Stationery::new(&Fonts::default(), None)?;
    USUAL.get_or_init(|| made).docx(report)
}

fn properties(report: &Report, created: &str) -> String {
    let title = escaped(&report.title.concat());
    let author = escaped(&report.author);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title>\
         <dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{created}T00:00:00Z</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{created}T00:00:00Z</dcterms:modified>\
         </cp:coreProperties>"
    )
}
