//! What the system says when it refuses to write, in words that tell what to do.
//!
//! In: an error of the system. Out: half a sentence. Never here: which file it was.

use std::io::{Error, ErrorKind};

/// Another program has the file open; Windows has numbers for it.
const IN_USE: [i32; 2] = [32, 33];
/// The sentence for what is open in an office program.
const OPEN: &str = "可能正在 WPS、Excel 或 Word 中打开。请关闭后再运行一次";

/// Why it cannot be written and what to do, without a full stop.
#[must_use]
pub fn refusal(error: &Error) -> String {
    let told = match error.kind() {
        ErrorKind::StorageFull => "磁盘已满。请清出空间，或把文件夹复制到别的盘，再运行一次",
        ErrorKind::QuotaExceeded => "超过了给这个用户的磁盘限额。请清出空间，再运行一次",
        ErrorKind::FileTooLarge => "文件超过了系统允许的大小。请换一个盘，或请管理员放宽限制，再运行一次",
        ErrorKind::ReadOnlyFilesystem => "这个盘是只读的。请把文件夹复制到可以写入的地方，再运行一次",
        ErrorKind::PermissionDenied if !cfg!(windows) => {
            "没有写入的权限。请检查文件夹或文件是不是只读的、属于哪个用户，再运行一次"
        }
        ErrorKind::PermissionDenied => {
            return format!("没有写入的权限，文件夹或文件可能是只读的，也{OPEN}");
        }
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => OPEN,
        ErrorKind::InvalidFilename => "路径太长，或名称里有不能用的字。请把文件夹移到上一级，或改短名称",
        ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::AlreadyExists => {
            "同名的位置上是别的东西。请把它移走或改名，再运行一次"
        }
        ErrorKind::NotFound => "所在的文件夹不在了。请核对名称和位置",
        _ if cfg!(windows) && error.raw_os_error().is_some_and(|code| IN_USE.contains(&code)) => OPEN,
        _ => return format!("{error}。请检查文件夹能不能写入、磁盘是否已满"),
    };
    told.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_tells_what_to_do() {
        for kind in [
            ErrorKind::StorageFull,
            ErrorKind::QuotaExceeded,
            ErrorKind::FileTooLarge,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::PermissionDenied,
            ErrorKind::ResourceBusy,
            ErrorKind::InvalidFilename,
            ErrorKind::NotADirectory,
            ErrorKind::NotFound,
            ErrorKind::Other,
        ] {
            let told = refusal(&Error::from(kind));
            assert!(told.contains('请') && !told.ends_with('。'), "{told}");
        }
    }
}
