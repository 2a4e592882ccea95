//! Word files after GB/T 9704-2012.
//!
//! In: a [`Report`]. Out: the bytes of a .docx, the same for the same report. Never here: wording,
//! arithmetic, a clock, a file name.

mod body;
mod comments;
mod fonts;
mod repair;
mod skeleton;
mod table;
mod text;

use std::io::{Cursor, Write};
use std::sync::OnceLock;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::{Error, Result};
use crate::model::{Date, Report};
pub use fonts::Fonts;
use fonts::SETTINGS;
use text::{RunOpenings, escaped};

/// The day that stands as a document's first where the caller gives none.
const NO_DAY: &str = "1980-01-01";

/// The paper on which reports are written: everything that they have in common, packed once.
#[derive(Debug, Clone)]
pub struct Stationery {
    /// A package that lacks the body and the properties.
    package: Vec<u8>,
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
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in skeleton::parts(fonts)? {
            put(&mut zip, name, &bytes)?;
        }
        Ok(Self {
            package: zip.finish().map_err(|error| fault(&error))?.into_inner(),
            openings: SETTINGS.iter().map(|setting| RunOpenings::new(setting.style, fonts)).collect(),
            created: created.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string()),
        })
    }

    /// Writes a report on this paper.
    ///
    /// # Errors
    /// Only where the parts cannot be packed.
    pub fn docx(&self, report: &Report) -> Result<Vec<u8>> {
        let mut zip =
            ZipWriter::new_append(Cursor::new(self.package.clone())).map_err(|error| fault(&error))?;
        put(&mut zip, "docProps/core.xml", properties(report, &self.created).as_bytes())?;
        let (document, remarks) = body::document(report, &self.openings);
        put(&mut zip, "word/document.xml", document.as_bytes())?;
        put(&mut zip, "word/comments.xml", comments::part(&remarks).as_bytes())?;
        Ok(zip.finish().map_err(|error| fault(&error))?.into_inner())
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

fn put(zip: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, bytes: &[u8]) -> Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT);
    zip.start_file(name, options).map_err(|error| fault(&error))?;
    zip.write_all(bytes).map_err(|error| fault(&error))
}

fn fault(error: &dyn std::fmt::Display) -> Error {
    Error::Render { document: "Word 文件".into(), message: error.to_string() }
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
