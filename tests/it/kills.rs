//! Runs cut short at any moment: what lies in the folder afterwards is the old results or the new ones, whole.
//!
//! The program of `examples/kill.rs` uses the same, with more units and more kills.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How a run is cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// SIGKILL: nothing of the program runs any more.
    Kill,
    /// Ctrl-C.
    Interrupt,
}

/// What the cuts came to.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How long a whole run takes.
    pub(crate) whole: Duration,
    /// Cuts that found the run at work, and those that came when it had just ended.
    pub(crate) cut: usize,
    pub(crate) late: usize,
    /// Cuts after which the old results lay there, and the new ones.
    pub(crate) old: usize,
    pub(crate) new: usize,
    /// Cuts that left results half written beside; those right at the swap.
    pub(crate) writing: usize,
    pub(crate) at_the_swap: usize,
    /// Longest wait for a run that was asked to stop.
    pub(crate) slowest_stop: Duration,
}

/// A folder of invented ledgers and the two states that its inputs take turns in.
pub(crate) struct Ground {
    pub(crate) folder: PathBuf,
    program: PathBuf,
    units: usize,
    rows: usize,
    seed: u64,
}

/// All files below a folder by their names; hidden ones too.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(
                    path.strip_prefix(folder).unwrap().display().to_string(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    all
}

impl Ground {
    pub(crate) fn new(program: &Path, folder: &Path, units: usize, rows: usize, seed: u64) -> Self {
        let (program, folder) = (program.to_owned(), folder.to_owned());
        let ground = Self { folder, program, units, rows, seed };
        ground.inputs(0);
        ground
    }

    /// Writes the ledgers of one of the two states.
    fn inputs(&self, state: usize) {
        const KINDS: [&str; 6] = ["支委会", "党员大会", "党课", "主题党日", "组织生活会", "其他"];
        const TITLES: [&str; 5] =
            ["研究发展党员工作", "学习党章党规", "安全生产例会", "民主评议党员", "慰问困难党员"];
        let submitted = self.folder.join("报送");
        fs::create_dir_all(&submitted).unwrap();
        for unit in 0..self.units {
            let mut text =
                format!("填报单位：第{unit}党支部\n活动时间,活动类型,活动名称,主要内容,参加人数\n");
            for row in 0..self.rows + state * (unit % 3) {
                let (month, day) = (row % 12 + 1, (row * 7 + unit) % 28 + 1);
                let (kind, title) = (KINDS[(row + unit) % 6], TITLES[(row * 3 + unit) % 5]);
                let number = row * 31 + unit * 17;
                text += &format!(
                    "2023-{month:02}-{day:02},{kind},{title}（第{number}次）,记录{number},{}\n",
                    row % 40
                );
            }
            fs::write(submitted.join(format!("第{unit}党支部.csv")), text).unwrap();
        }
    }

    fn next(&mut self, below: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % below.max(1)
    }

    fn start(&self) -> Child {
        let mut command = Command::new(&self.program);
        command.arg("run").arg(&self.folder).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// A run to its end: what it made.
    fn whole(&self) -> BTreeMap<String, Vec<u8>> {
        let output = self.start().wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{:?} {told}", output.status);
        let hidden: Vec<String> = fs::read_dir(&self.folder)
            .unwrap()
            .chain(fs::read_dir(self.folder.join("核对")).unwrap())
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with('.'))
            .collect();
        assert!(hidden.is_empty(), "left beside: {hidden:?}");
        self.made()
    }

    fn made(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.folder.join("成果"))
    }

    fn sheet(&self) -> Vec<u8> {
        fs::read(self.folder.join("核对/核对表.xlsx")).unwrap()
    }

    /// Cuts runs short again and again, half of them anywhere, half of them about the swap.
    pub(crate) fn cut(&mut self, times: usize, how: Cut, mut tell: impl FnMut(usize, &Tally)) -> Tally {
        let mut made = Vec::new();
        let mut sheets = Vec::new();
        let mut tally = Tally::default();
        for state in [0, 1] {
            self.inputs(state);
            let began = Instant::now();
            made.push(self.whole());
            tally.whole = began.elapsed();
            sheets.push(self.sheet());
        }
        assert!(made[0] != made[1] && made[0].len() > self.units, "two states of results");
        let mut present = 1;
        for round in 0..times {
            let wanted = 1 - present;
            self.inputs(wanted);
            let inputs = tree(&self.folder.join("报送"));
            let mut run = self.start();
            let whole = u64::try_from(tally.whole.as_millis()).unwrap();
            if round % 2 == 0 {
                std::thread::sleep(Duration::from_millis(self.next(whole * 21 / 20)));
            } else {
                // The journal is written last; then come the disk, the exchange, the old results, the sheet.
                let last = self.folder.join(".成果-正在写入/运行记录.json");
                while !last.exists() && run.try_wait().unwrap().is_none() {
                    std::thread::sleep(Duration::from_micros(200));
                }
                std::thread::sleep(Duration::from_micros(self.next(400) * self.next(400)));
                tally.at_the_swap += 1;
            }
            let asked = Instant::now();
            stop(&mut run, how);
            let output = run.wait_with_output().unwrap();
            tally.slowest_stop = tally.slowest_stop.max(asked.elapsed());
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            if cut_short(output.status, how) {
                tally.cut += 1;
            } else {
                tally.late += 1;
            }
            let half = self.folder.join(".成果-正在写入").exists();
            tally.writing += usize::from(half);
            let now = self.made();
            let is = made.iter().position(|made| *made == now);
            let is = is.unwrap_or_else(|| panic!("round {round}: neither old nor new results; {told}"));
            assert!(sheets.contains(&self.sheet()), "round {round}: the review sheet is broken");
            assert!(inputs == tree(&self.folder.join("报送")), "round {round}: the submissions were touched");
            if how == Cut::Interrupt && output.status.code() == Some(130) {
                assert!(told.contains("已停止，原来的成果没有改动"), "{told}");
                assert_eq!(is, present, "round {round}: said that nothing was changed");
                assert!(!half, "round {round}: left half written results");
            }
            if is == wanted {
                tally.new += 1;
            } else {
                tally.old += 1;
            }
            present = is;
            if round % 10 == 9 {
                assert!(self.whole() == made[wanted], "round {round}: the next run makes it good");
                assert!(self.sheet() == sheets[wanted], "round {round}: the sheet of the next run");
                present = wanted;
            }
            tell(round + 1, &tally);
        }
        tally
    }
}

fn stop(run: &mut Child, how: Cut) {
    match how {
        Cut::Kill => run.kill().unwrap(),
        Cut::Interrupt => {
            // A run that has ended takes no signal, which is no fault.
            let kill = format!("kill -INT {} 2>/dev/null", run.id());
            Command::new("sh").args(["-c", &kill]).status().unwrap();
        }
    }
}

fn cut_short(status: ExitStatus, how: Cut) -> bool {
    match how {
        Cut::Kill => status.code().is_none(),
        // Before the program listens, the signal itself ends it.
        Cut::Interrupt => matches!(status.code(), None | Some(130)),
    }
}
