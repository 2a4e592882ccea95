//! Nothing that cuts a run short or refuses to be written hurts what lies in the folder.

use crate::bureau::{self, contents};
use crate::kills::{Cut, Ground};
use crate::program::{shuzhi, text};
use shuzhi::pipeline::outputs::claim;
use shuzhi::pipeline::run::run;
use shuzhi::pipeline::watch::{Unwatched, Watch};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex};

const PROGRAM: &str = env!("CARGO_BIN_EXE_shuzhi");

fn ground(folder: &Path, seed: u64) -> Ground {
    Ground::new(Path::new(PROGRAM), folder, 6, 40, seed)
}

/// The samples with results, and what of them must stay.
fn bureau() -> (tempfile::TempDir, Contents) {
    static ONCE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let folder = bureau::copy();
        run(folder.path(), &Unwatched).unwrap();
        folder
    });
    let folder = tempfile::tempdir().unwrap();
    bureau::copy_into(ONCE.path(), folder.path());
    let made = made(folder.path());
    (folder, made)
}

type Contents = std::collections::BTreeMap<String, Vec<u8>>;

fn made(folder: &Path) -> Contents {
    let mut made = contents(&folder.join("成果"));
    made.insert("核对表".to_owned(), fs::read(folder.join("核对/核对表.xlsx")).unwrap());
    made
}

/// Names that begin with a dot, anywhere.
fn hidden(folder: &Path) -> Vec<String> {
    let hidden = |name: &String| name.rsplit('/').any(|part| part.starts_with('.'));
    contents(folder).into_keys().filter(hidden).collect()
}

fn said(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

fn refused(output: &Output, folder: &Path, before: &Contents, words: &[&str]) {
    let said = said(output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert!(made(folder) == *before, "the old results stay whole: {said}");
    assert_eq!(hidden(folder), Vec::<String>::new());
}

#[test]
fn killed_runs_leave_old_or_new_results() {
    let folder = tempfile::tempdir().unwrap();
    let tally = ground(folder.path(), 3).cut(10, Cut::Kill, |_, _| {});
    assert!(tally.cut > 0 && tally.old + tally.new == 10, "{tally:?}");
}

#[test]
fn interrupted_runs_end_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let tally = ground(folder.path(), 5).cut(10, Cut::Interrupt, |_, _| {});
    assert!(tally.cut > 0 && tally.old + tally.new == 10, "{tally:?}");
}

/// Ends the run at a stage.
struct Until(&'static str, Mutex<bool>);

impl Watch for Until {
    fn stage(&self, name: &str, _: usize) {
        *self.1.lock().unwrap() |= name == self.0;
    }
    fn step(&self) {}
    fn stopped(&self) -> bool {
        *self.1.lock().unwrap()
    }
}

#[test]
fn a_run_can_be_called_off_at_every_stage() {
    let (folder, before) = bureau();
    fs::remove_file(folder.path().join("报送/设计室支部台账.ods")).unwrap();
    for stage in ["读取报送材料", "对照条目并计分", "写文书", "写排名表", "写评分表"]
    {
        let error = run(folder.path(), &Until(stage, Mutex::new(false))).unwrap_err();
        assert_eq!(error.to_string(), "已停止，原来的成果没有改动");
        assert!(made(folder.path()) == before, "{stage}");
        assert_eq!(hidden(folder.path()), Vec::<String>::new(), "{stage}");
    }
    run(folder.path(), &Until("查无此步", Mutex::new(false))).unwrap();
    assert!(made(folder.path()) != before);
}

#[test]
fn of_two_runs_in_a_folder_the_second_says_so_and_stops() {
    let (folder, before) = bureau();
    let dir = folder.path().to_str().unwrap();
    let held = claim(folder.path()).unwrap();
    for command in [
        &["run", dir][..],
        &["check", dir, "--return"],
        &["forms", dir, "--year", "2024"],
        &["learn", dir, "--undo"],
    ] {
        let output = shuzhi(command);
        let said = said(&output);
        let adopted = said.contains("没有采用过学习结果");
        assert!(output.status.code() == Some(2) || adopted, "{command:?} {said}");
        assert!(said.contains("另一个 shuzhi 正在处理这个文件夹") || adopted, "{said}");
        assert!(made(folder.path()) == before);
    }
    // Those that only read go on.
    assert_eq!(shuzhi(&["report", dir]).status.code(), Some(0));
    assert_eq!(shuzhi(&["explain", "一支部", "--dir", dir]).status.code(), Some(0));
    drop(held);
    assert_eq!(shuzhi(&["run", dir]).status.code(), Some(1));
    assert_eq!(hidden(folder.path()), Vec::<String>::new());
}

#[test]
fn results_set_aside_by_a_killed_run_are_put_back_by_any_command() {
    for command in [&["report"][..], &["check"], &["run"], &["forms", "--year", "2024"]] {
        let (folder, before) = bureau();
        let aside = folder.path().join(".成果-上一次");
        fs::rename(folder.path().join("成果"), &aside).unwrap();
        fs::create_dir(folder.path().join(".成果-正在写入")).unwrap();
        let dir = folder.path().to_str().unwrap();
        let output = shuzhi(&[&command[..1], &[dir], &command[1..]].concat());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{command:?} {}", said(&output));
        assert!(made(folder.path()) == before, "{command:?}");
        assert!(!aside.exists() && hidden(folder.path()).is_empty(), "{command:?}");
    }
}

/// A disk that takes no more, as far as it can be had without a disk: files may not grow beyond some blocks.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_leaves_the_old_results() {
    let (folder, before) = bureau();
    let dir = folder.path().to_str().unwrap();
    let limited = |command: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" {command}");
        Command::new("sh").args(["-c", &script, PROGRAM, dir]).output().unwrap()
    };
    refused(&limited("run \"$1\""), folder.path(), &before, &["写不进去", "成果", "请换一个盘", "没有改动"]);
    let output = limited("check \"$1\" --return");
    refused(&output, folder.path(), &before, &["写不进去", "退回意见", "请换一个盘"]);
    refused(&limited("forms \"$1\" --year 2024"), folder.path(), &before, &["写不进去", "填报表"]);
    let out = folder.path().join("一份.docx");
    let command = format!("report \"$1\" --kind 考核结果通报 --out '{}'", out.display());
    refused(&limited(&command), folder.path(), &before, &["一份.docx", "写不进去"]);
    let page = folder.path().join("页.html");
    let command = format!("check \"$1\" --html '{}'", page.display());
    refused(&limited(&command), folder.path(), &before, &["页.html", "网页写不出来"]);
    assert!(!out.exists() && !page.exists());
}

/// Runs the program as a user who may not write everywhere, also where the tests run as one who may.
#[cfg(unix)]
fn as_another(folder: &Path, arguments: &[&str]) -> Option<Output> {
    use std::os::unix::fs::{MetadataExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let mut command = Command::new(PROGRAM);
    let own = tempfile::tempdir().unwrap();
    if fs::metadata(own.path()).unwrap().uid() == 0 {
        chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
                if path.is_dir() {
                    folders.push(path);
                }
            }
        }
        command.uid(NOBODY).gid(NOBODY);
    }
    // A build that another user cannot reach cannot be run by one.
    command.args(arguments).output().ok()
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_only_read_is_told_at_once() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, before) = bureau();
    let dir = folder.path().to_str().unwrap();
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(folder.path(), 0o555);
    for command in [&["run", dir][..], &["check", dir, "--return"], &["forms", dir, "--year", "2024"]] {
        let Some(output) = as_another(folder.path(), command) else { return };
        refused(&output, folder.path(), &before, &[dir, "不能写入：没有写入的权限", "请检查"]);
    }
    // Only the sheet's folder is shut: the results are new, the sheet is the old one.
    set(folder.path(), 0o755);
    set(&folder.path().join("核对"), 0o555);
    fs::remove_file(folder.path().join("报送/设计室支部台账.ods")).unwrap();
    let output = as_another(folder.path(), &["run", dir]).unwrap();
    set(&folder.path().join("核对"), 0o755);
    let said = said(&output);
    assert!(said.contains("核对表没有更新，原来的保持不变：没有写入的权限"), "{said}");
    let now = made(folder.path());
    assert!(now["核对表"] == before["核对表"] && now["运行记录.json"] != before["运行记录.json"]);
    assert_eq!(hidden(folder.path()), Vec::<String>::new());
}

#[test]
fn a_file_in_the_place_of_the_results_is_told() {
    for name in ["成果", "退回意见", "填报表"] {
        let folder = bureau::copy();
        let place = folder.path().join(name);
        fs::write(&place, "别的东西").unwrap();
        let dir = folder.path().to_str().unwrap();
        let command = match name {
            "成果" => vec!["run", dir],
            "退回意见" => vec!["check", dir, "--return"],
            _ => vec!["forms", dir, "--year", "2024"],
        };
        let output = shuzhi(&command);
        let said = said(&output);
        assert!(output.status.code() == Some(2) && said.contains("改名或移走"), "{said}");
        assert_eq!(fs::read_to_string(&place).unwrap(), "别的东西");
        assert_eq!(hidden(folder.path()), Vec::<String>::new());
    }
}

/// Fills in the review sheet while the results are being written.
struct Busy(PathBuf);

impl Watch for Busy {
    fn stage(&self, name: &str, _: usize) {
        if name == "写评分表" {
            fs::write(&self.0, "刚刚保存的").unwrap();
        }
    }
    fn step(&self) {}
}

#[test]
fn what_is_saved_in_the_review_sheet_during_a_run_is_not_written_over() {
    let (folder, _) = bureau();
    let sheet = folder.path().join("核对/核对表.xlsx");
    let done = run(folder.path(), &Busy(sheet.clone())).unwrap();
    assert_eq!(fs::read_to_string(&sheet).unwrap(), "刚刚保存的");
    let told = done.assessed.findings.iter().any(|finding| finding.message.contains("在运行期间被改过"));
    assert!(done.review.is_none() && told);
    // Marked as read-only it stays as well.
    let (folder, before) = bureau();
    let sheet = folder.path().join("核对/核对表.xlsx");
    let mut only_read = fs::metadata(&sheet).unwrap().permissions();
    only_read.set_readonly(true);
    fs::set_permissions(&sheet, only_read).unwrap();
    fs::remove_file(folder.path().join("报送/设计室支部台账.ods")).unwrap();
    let done = run(folder.path(), &Unwatched).unwrap();
    assert!(done.review.is_none() && made(folder.path())["核对表"] == before["核对表"]);
}

/// Counts the steps that are announced and those that are done.
#[derive(Default)]
struct Steps(Mutex<Vec<(String, usize, usize)>>, Mutex<(u64, usize)>);

impl Watch for Steps {
    fn stage(&self, name: &str, total: usize) {
        self.0.lock().unwrap().push((name.to_owned(), total, 0));
    }
    fn step(&self) {
        self.0.lock().unwrap().last_mut().unwrap().2 += 1;
    }
    fn more(&self, steps: usize) {
        self.0.lock().unwrap().last_mut().unwrap().1 += steps;
    }
    fn read(&self, rows: u64, findings: usize) {
        let mut read = self.1.lock().unwrap();
        *read = (read.0 + rows, read.1 + findings);
    }
}

#[test]
fn the_members_of_an_archive_are_steps_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("报送")).unwrap();
    let ledger = fs::read(bureau::samples().join("报送/机关第一党支部2023年度活动台账.xlsx")).unwrap();
    let zip = |members: &[(&str, &[u8])]| {
        use std::io::Write;
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let inner = zip(&[("丙.xlsx", &ledger), ("丁.xlsx", &ledger)]);
    let outer = zip(&[("甲.xlsx", &ledger), ("乙.xlsx", &ledger), ("里面.zip", &inner)]);
    fs::write(folder.path().join("报送/某县.zip"), outer).unwrap();
    let steps = Steps::default();
    run(folder.path(), &steps).unwrap();
    let stages = steps.0.into_inner().unwrap();
    // The archive, three members, and the two of the archive among them.
    assert_eq!(stages[0], ("读取报送材料".to_owned(), 6, 6));
    let (rows, _) = steps.1.into_inner().unwrap();
    assert!(rows >= 280, "{rows}");
}
