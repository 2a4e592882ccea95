//! Reading that cannot end the program: large files are read in a second process of it.
//!
//! In: a file's name and bytes. Out: what the file gives, or a finding that its reading was broken off.
//! Never here: how a file is read, and which limits a process sets itself.
//!
//! Rust ends a process that is refused memory or runs out of stack. So whatever needs more than a light
//! reading (`ingest::limits`) is handed to a process that may end. Without a program of our own, as in tests
//! and in other people's programs, everything is read in place.

mod wire;

use super::reading::{self, Understanding};
use crate::ingest::{self, Reading, limits};
use crate::model::{FileError, Outcome, Submission, TableRule};
use crate::seeds::Catalogue;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::Duration;
use wire::{Incoming, Outgoing, Wire};

/// The command by which the program reads one file for another process of it; see [`answer`].
pub const COMMAND: &str = "read-apart";
/// The argument of that command: bytes of memory that it may take.
pub const MEMORY: &str = "--memory";

/// How much of a complaint is listened to.
const COMPLAINT: u64 = 4_096;
/// What Rust says when it is refused memory.
const REFUSED: &str = "memory allocation of";

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
/// Large files are read one at a time, so that two of them never stand in memory together.
static TURN: Mutex<()> = Mutex::new(());

/// Names the program whose [`COMMAND`] reads large files from now on.
pub fn rely_on(program: PathBuf) {
    // A process has one program; the first that is named stays.
    let _ = PROGRAM.set(program);
}

/// Why a reading was broken off.
#[derive(Debug)]
enum End {
    Memory,
    Time,
    Fault,
    NotBegun(io::Error),
}

impl End {
    fn message(&self) -> String {
        match self {
            Self::Memory => {
                let most = limits::MEMORY_BYTES / 1024 / 1024;
                format!("读这个文件要用的内存超过上限（{most} MB），读取中止，其中的内容没有采用")
            }
            Self::Time => {
                format!("读这个文件用了{}秒还没有读完，读取中止，其中的内容没有采用", limits::SECONDS)
            }
            Self::Fault => "读这个文件时程序出错，读取中止，其中的内容没有采用".to_owned(),
            Self::NotBegun(error) => {
                format!("这个文件大，要另开一个进程来读，没有开成（{error}），其中的内容没有采用")
            }
        }
    }

    fn submission(&self, name: &str, catalogue: &Catalogue) -> Submission {
        let file: Arc<str> = Arc::from(name);
        reading::unreadable(&file, FileError::BrokenOff, self.message(), Vec::new(), catalogue)
    }
}

/// What a file gives, read by these rules. Activities that stand in it twice are not told.
pub(super) fn read(name: &str, bytes: &[u8], rules: &[&TableRule], catalogue: &Catalogue) -> Submission {
    let Some(program) = PROGRAM.get() else { return reading::read_ruled(name, bytes, rules, catalogue) };
    let read = match guarded(|| reading::read_lightly(name, bytes, rules, catalogue)) {
        Ok(Some(light)) => Ok(light),
        Ok(None) => ask(program, name, bytes, rules),
        Err(end) => Err(end),
    };
    read.unwrap_or_else(|end| end.submission(name, catalogue))
}

/// A file with its sheets and tables, for showing. A large one is shown only once it was read apart without
/// harm.
pub(super) fn understand(
    name: &str,
    bytes: &[u8],
    rules: &[&TableRule],
    catalogue: &Catalogue,
) -> Understanding {
    let whole = || reading::understand_file(name, bytes, rules, catalogue);
    let Some(program) = PROGRAM.get() else { return whole() };
    let understood = guarded(|| reading::understand_lightly(name, bytes, rules, catalogue)).and_then(
        |light| match light {
            Some(light) => Ok(light),
            None => ask(program, name, bytes, rules).and_then(|_| guarded(whole)),
        },
    );
    understood.unwrap_or_else(|end| {
        let submission = end.submission(name, catalogue);
        Understanding { submission, grids: Vec::new(), tables: Vec::new() }
    })
}

/// The sheets of a file that is no submission, such as a form or scores. A large one is read only once it was
/// read apart without harm.
pub(super) fn sheets(file: &Arc<str>, bytes: &[u8]) -> Outcome<Reading> {
    let whole = || ingest::read(file, bytes);
    let Some(program) = PROGRAM.get() else { return whole() };
    let light = guarded(|| ingest::read_lightly(file, bytes));
    let read = light.and_then(|light| match light {
        Some(light) => Ok(light),
        None => ask(program, file, bytes, &[]).and_then(|_| guarded(whole)),
    });
    read.unwrap_or_else(|end| Outcome::clean(Err((FileError::BrokenOff, end.message()))))
}

/// What a reader of other files gives; none where it fails in a way that it should not.
pub(super) fn unharmed<T>(read: impl FnOnce() -> T) -> Option<T> {
    guarded(read).ok()
}

/// A reading in place whose failure is no end of the program.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, End> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| End::Fault)
}

/// Reads the file that a process of the program was handed, and tells what it gives: the other side of a
/// large file. The process has limited itself before.
///
/// # Errors
/// Where the other side hangs up.
pub fn answer(input: impl Read, output: impl Write, catalogue: &Catalogue) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let mut incoming = Incoming::new(&mut input);
    let name = String::take(&mut incoming)?;
    let rules: Vec<TableRule> = Vec::take(&mut incoming)?;
    let mut bytes = Vec::new();
    input.take(limits::FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let rules: Vec<&TableRule> = rules.iter().collect();
    let submission = reading::read_ruled(&name, &bytes, &rules, catalogue);
    drop(bytes);
    let mut output = BufWriter::new(output);
    submission.put(&mut Outgoing::new(&mut output))?;
    output.flush()
}

/// Has a file read by a process of its own.
fn ask(program: &Path, name: &str, bytes: &[u8], rules: &[&TableRule]) -> Result<Submission, End> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut child = Command::new(program)
        .args([COMMAND, MEMORY, &limits::MEMORY_BYTES.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(End::NotBegun)?;
    let heard = conversation(&mut child, name, bytes, rules);
    // It has ended or is made to: nothing of it stays behind.
    let _ = child.kill();
    let _ = child.wait();
    heard
}

/// What a process answers within the time that it has.
fn conversation(
    child: &mut Child,
    name: &str,
    bytes: &[u8],
    rules: &[&TableRule],
) -> Result<Submission, End> {
    let (Some(to), Some(from), Some(complaints)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(End::Fault);
    };
    thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        let talk = move || {
            // A process that ended hangs up; why it did, it says elsewhere.
            let _ = request(to, name, bytes, rules);
            let _ = tell.send(reply(from, complaints));
        };
        thread::Builder::new().spawn_scoped(scope, talk).map_err(End::NotBegun)?;
        let heard = told.recv_timeout(Duration::from_secs(limits::SECONDS));
        if heard.is_err() {
            let _ = child.kill();
        }
        heard.unwrap_or(Err(End::Time))
    })
}

fn request(mut to: ChildStdin, name: &str, bytes: &[u8], rules: &[&TableRule]) -> io::Result<()> {
    let mut head = Vec::new();
    let mut outgoing = Outgoing::new(&mut head);
    name.to_owned().put(&mut outgoing)?;
    let rules: Vec<TableRule> = rules.iter().copied().cloned().collect();
    rules.put(&mut outgoing)?;
    to.write_all(&head)?;
    to.write_all(bytes)
}

fn reply(from: ChildStdout, complaints: ChildStderr) -> Result<Submission, End> {
    Submission::take(&mut Incoming::new(&mut BufReader::new(from))).map_err(|_| {
        let mut said = Vec::new();
        let _ = complaints.take(COMPLAINT).read_to_end(&mut said);
        let refused = String::from_utf8_lossy(&said).contains(REFUSED);
        if refused { End::Memory } else { End::Fault }
    })
}
