//! How fast ledgers are read, against calamine reading the same cells and doing nothing:
//! `cargo bench --bench reading`, or `cargo bench --bench reading -- FOLDER` for ledgers of one's own.
//!
//! Both work on one thread, so the time is the CPU time; nothing here can fail a test.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs, reason = "a bench talks and may stop")]

use calamine::{Reader, Xlsx};
use shuzhi::ingest;
use shuzhi::pipeline::reading::read_ruled;
use shuzhi::seeds::Catalogue;
use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const FILES: u32 = 2_000;
const ROWS: u32 = 60;
const ROUNDS: u32 = 7;

const KINDS: [(&str, &str); 6] = [
    ("支委会", "研究本月工作安排和发展党员事项"),
    ("党员大会", "传达上级会议精神并通报支部工作"),
    ("主题党日", "到结对社区开展志愿服务"),
    ("党课", "学习党章，守住廉洁底线"),
    ("组织生活会", "查摆问题，开展批评和自我批评"),
    ("志愿服务", "清理河道，入户宣传节水"),
];

/// A ledger as an office keeps it: title, unit line, header, 60 rows of seven columns with merges in the title.
fn ledger(number: u32) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.merge_range(0, 0, 0, 8, &format!("某局第{number}党支部2023年度活动台账"), &plain).unwrap();
    let titles =
        ["序号", "活动时间", "活动类型", "活动主题", "主要内容", "应到人数", "实到人数", "主持人", "地点"];
    for (column, title) in (0_u16..).zip(titles) {
        sheet.write(1, column, title).unwrap();
    }
    for at in 0..ROWS {
        let row = at + 2;
        let (kind, title) = KINDS[((at + number) % 6) as usize];
        sheet.write(row, 0, at + 1).unwrap();
        if number.is_multiple_of(2) {
            sheet.write_with_format(row, 1, 44_927 + at * 6, &date).unwrap();
        } else {
            sheet.write(row, 1, format!("2023年{}月{}日", at / 5 + 1, at % 28 + 1)).unwrap();
        }
        sheet.write(row, 2, kind).unwrap();
        sheet.write(row, 3, format!("{title}（第{}次）", at + number)).unwrap();
        sheet
            .write(
                row,
                4,
                format!(
                    "第{}项：会上结合岗位实际谈了认识和打算，形成会议决议三项，由支委分头落实。",
                    at * number % 997
                ),
            )
            .unwrap();
        sheet.write(row, 5, 32).unwrap();
        sheet.write(row, 6, at % 30 + 3).unwrap();
        sheet.write(row, 7, "何岸").unwrap();
        sheet.write(row, 8, "二楼会议室").unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn ledgers() -> Vec<Vec<u8>> {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    match folder {
        Some(folder) => files(Path::new(&folder)),
        None => (0..FILES).map(ledger).collect(),
    }
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "xlsx"));
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Cells that calamine streams from every sheet.
fn floor(bytes: &[u8]) -> usize {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut cells = 0;
    for sheet in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&sheet).unwrap();
        while let Some(cell) = reader.next_cell().unwrap() {
            black_box(cell.get_value());
            cells += 1;
        }
    }
    cells
}

fn main() {
    let ledgers = ledgers();
    let catalogue = Catalogue::builtin().unwrap();
    let name: Arc<str> = Arc::from("台账.xlsx");
    let (mut bare, mut grids, mut whole) = (Duration::MAX, Duration::MAX, Duration::MAX);
    let (mut cells, mut rows) = (0, 0);
    // In turn, so that what else the machine does falls on all three alike.
    for _ in 0..ROUNDS {
        bare = bare.min(timed(|| cells = ledgers.iter().map(|bytes| floor(bytes)).sum()));
        grids = grids.min(timed(|| {
            for bytes in &ledgers {
                drop(black_box(ingest::read(&name, bytes)));
            }
        }));
        whole = whole.min(timed(|| {
            let read = |bytes: &Vec<u8>| read_ruled("台账.xlsx", bytes, &[], &catalogue).activities.len();
            rows = ledgers.iter().map(read).sum::<usize>();
        }));
    }
    println!("{} 个文件，{cells} 个单元格，{rows} 项活动", ledgers.len());
    for (what, time) in
        [("calamine 只读单元格", bare), ("本程序读成单元格", grids), ("本程序读成活动", whole)]
    {
        let seconds = time.as_secs_f64();
        println!(
            "{what:<12} {seconds:>7.3} 秒 {:>9.0} 行/秒  {:>5.2} 倍",
            f64::from(u32::try_from(rows).unwrap()) / seconds,
            seconds / bare.as_secs_f64()
        );
    }
}
