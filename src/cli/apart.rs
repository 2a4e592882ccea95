//! The hidden command: one large file, read within limits that this process sets itself before it looks at it.
//!
//! In: on the standard input, what `pipeline::apart` sends. Out: on the standard output, what it takes back.

use super::Ending;
use shuzhi::error::{Error, Result};
use shuzhi::pipeline::apart;
use shuzhi::seeds::Catalogue;
use std::io;

pub(super) fn read(memory: u64) -> Result<Ending> {
    let failed = |error: io::Error| Error::File { path: "-".into(), message: error.to_string() };
    limit(memory).map_err(failed)?;
    let catalogue = Catalogue::builtin()?;
    apart::answer(io::stdin().lock(), io::stdout().lock(), &catalogue).map_err(failed)?;
    Ok(Ending::Clean)
}

/// No more memory than this, and no image of it on disk when it ends.
#[cfg(target_os = "linux")]
fn limit(memory: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let most = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    setrlimit(Resource::As, most(memory))?;
    Ok(setrlimit(Resource::Core, most(0))?)
}

/// Elsewhere no such limit can be set without code that the program forbids itself; that the process is
/// another one holds all the same.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail where there is a limit")]
fn limit(_: u64) -> io::Result<()> {
    Ok(())
}
