//! Text to the terminal, Chinese characters taking two columns.

use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Standard output and error; a closed pipe ends the output without complaint.
#[derive(Debug)]
pub(super) struct Screen {
    out: io::BufWriter<io::Stdout>,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { out: io::BufWriter::new(io::stdout()) }
    }

    /// A line of result.
    pub(super) fn out(&mut self, line: &str) {
        // A reader that has gone away (`| head`) wants no more lines and no error.
        let _ = writeln!(self.out, "{line}");
    }

    /// A question, with the answer on the same line.
    pub(super) fn ask(&mut self, question: &str) {
        let _ = write!(self.out, "{question}");
        let _ = self.out.flush();
    }

    /// A line about what went wrong, after everything written so far.
    pub(super) fn err(&mut self, line: &str) {
        let _ = self.out.flush();
        let _ = writeln!(io::stderr(), "{line}");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.out.flush();
    }
}

/// Text filled up with blanks to a width.
pub(super) fn left(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(blanks))
}

/// Text moved right to a width.
pub(super) fn right(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(text.width());
    format!("{}{text}", " ".repeat(blanks))
}

/// The widest of some texts.
pub(super) fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(UnicodeWidthStr::width).max().unwrap_or(0)
}
