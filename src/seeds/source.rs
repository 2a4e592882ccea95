//! A reference file with its name and text, and errors that name its lines.

use crate::error::{Error, Result};
use serde::de::DeserializeOwned;
use std::ops::Range;

/// A TOML file that is being loaded.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name for messages.
    pub file: &'a str,
    /// The whole text.
    pub text: &'a str,
}

impl<'a> Source<'a> {
    /// A file with its text.
    #[must_use]
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text }
    }

    /// The file as data.
    ///
    /// # Errors
    /// [`Error::Seed`] with the line where the text is no TOML or does not have the expected shape.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        toml::from_str(self.text).map_err(|error| {
            let line = error.span().map_or(0, |span| self.line(&span));
            self.error(line, error.message())
        })
    }

    /// The line, from 1, in which a span begins.
    #[must_use]
    pub fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    /// An error at a line (0 for the whole file).
    #[must_use]
    pub fn error(&self, line: usize, message: impl Into<String>) -> Error {
        Error::Seed { file: self.file.to_owned(), line, message: message.into() }
    }

    /// An error at a span.
    #[must_use]
    pub fn error_at(&self, span: &Range<usize>, message: impl Into<String>) -> Error {
        self.error(self.line(span), message)
    }
}
