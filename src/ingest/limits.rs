//! Every limit of reading in one place; a file or a member beyond one of them is `too_large`.
//!
//! What one file may cost is bounded twice. A *light* reading stays within the `LIGHT_…` limits, which keeps the
//! worst files that are known below [`LIGHT_MEMORY`], and is done by the program itself: every ordinary ledger is
//! read so.
//! A file that needs more is read by a second process of the program, one at a time, within
//! [`MEMORY_BYTES`] and [`SECONDS`]; where it asks for more, that process ends and the file becomes a finding
//! (`pipeline::apart`). The limits beneath stop most such files long before, with a message that says why.

/// Bytes of memory for reading one file, the program's own code and tables counted in.
pub const MEMORY_BYTES: u64 = 600 * 1024 * 1024;
/// Bytes of memory that a light reading is allowed by the measurement (`docs/坚固检验.md`); nothing enforces it but
/// the limits beneath.
pub const LIGHT_MEMORY: u64 = 200 * 1024 * 1024;
/// Seconds for reading one file in a process of its own.
pub const SECONDS: u64 = 120;
/// Bytes of a file that is no package, for a light reading.
pub const LIGHT_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of a zipped workbook once unpacked, for a light reading.
pub const LIGHT_UNPACKED: u128 = 16 * 1024 * 1024;
/// Cells of a file that are not empty, for a light reading.
pub const LIGHT_CELLS: usize = 300_000;
/// Bytes of text in the cells of a file, for a light reading.
pub const LIGHT_TEXT: usize = 16 * 1024 * 1024;

/// Bytes of a file.
pub const FILE_BYTES: usize = 100 * 1024 * 1024;
/// Bytes of a zipped workbook once unpacked.
pub const UNPACKED_BYTES: u128 = 400 * 1024 * 1024;
/// Parts of a zipped workbook.
pub const PARTS: usize = 10_000;
/// Different texts that the cells of a workbook share.
pub const SHARED_TEXTS: usize = 3_000_000;
/// Bytes of text in the cells of a file; cells that share a text count it each.
pub const TEXT_BYTES: usize = 200 * 1024 * 1024;
/// Bytes of a tag or a text between two tags.
pub const TOKEN_BYTES: usize = 8 * 1024 * 1024;
/// Merged ranges of a sheet.
pub const MERGES: usize = 1_000_000;
/// Cells of a file that are not empty.
pub const CELLS: usize = 5_000_000;
/// Cells of a row that are not empty.
pub const ROW_CELLS: usize = 2_000;
/// Bytes of text in one cell; a spreadsheet program lets in 32767 characters.
pub const CELL_BYTES: usize = 256 * 1024;
/// Rows of a file that are no activities; each of them is told to the reader.
pub const LEFT_OUT: usize = 100_000;
/// Rows of a sheet.
pub const ROWS: u32 = 1_048_576;
/// Columns of a sheet.
pub const COLS: u32 = 16_384;
/// Sheets of a workbook.
pub const SHEETS: usize = 1_000;
/// Archives in archives: a file inside more of them is not read.
pub const ARCHIVE_DEPTH: usize = 3;
/// Members of an archive, those of the archives inside it counted in.
pub const ARCHIVE_MEMBERS: usize = 50_000;
/// Bytes of all members of an archive once unpacked, those of the archives inside it counted in.
pub const ARCHIVE_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// How many times its packed size a member may grow to, once it is larger than [`RATIO_FROM`].
pub const ARCHIVE_RATIO: u64 = 200;
/// Bytes below which no ratio is looked at.
pub const RATIO_FROM: u64 = 16 * 1024 * 1024;
/// Characters of a member's name, its folders counted in.
pub const NAME_CHARS: usize = 2_000;
