//! What stops a run.

use std::path::PathBuf;

/// An error that stops the whole run; everything smaller is a [`crate::model::Finding`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder of the user cannot be read or written.
    #[error("{path}：{message}", path = .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is the matter and what to do.
        message: String,
    },
    /// Reference data or settings that do not hold together.
    #[error("{file} 第{line}行：{message}")]
    Seed {
        /// The file's name.
        file: String,
        /// Line from 1; 0 where it concerns the whole file.
        line: usize,
        /// What is the matter and what was expected.
        message: String,
    },
    /// A scoring scheme with everything that is wrong with it.
    #[error("{0}")]
    Scheme(String),
    /// A template that cannot be used.
    #[error("模板 {template}：{message}")]
    Template {
        /// The template's name.
        template: String,
        /// What is the matter.
        message: String,
    },
    /// A document that cannot be written.
    #[error("写不出 {document}：{message}")]
    Render {
        /// Which document, or which part of one.
        document: String,
        /// What is the matter.
        message: String,
    },
    /// The run was called off before it had replaced anything.
    #[error("已停止，原来的成果没有改动")]
    Stopped,
}

/// A result that is only an error where the run must stop.
pub type Result<T> = std::result::Result<T, Error>;
