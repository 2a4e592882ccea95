//! Binary workbooks: read by ourselves, and compared cell by cell with another reader of them.

use crate::harness::biff::{Sheet as Written, cell, compound, record, stream, wide};
use calamine::{Data, Reader, SheetType, Xls, XlsOptions, Xlsb};
use shuzhi::ingest;
use shuzhi::model::{FileError, Grid, GridValue, Hidden, Merge, Visibility};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is compared of a sheet: its cells by place, and its merges.
#[derive(Debug, Default, PartialEq)]
struct Sheet {
    name: String,
    cells: BTreeMap<(u32, u32), String>,
    merges: Vec<(u32, u32, u32, u32)>,
}

fn ours(file: &str, bytes: &[u8]) -> Option<Vec<Sheet>> {
    let grids = ingest::read(&Arc::from(file), bytes).value.ok()?;
    let sheets = grids.into_iter().map(|grid| {
        let rows = grid.rows.iter().flat_map(|row| row.cells.iter().map(|cell| (row.number, cell)));
        let cells = rows.map(|(row, cell)| ((row, cell.col), format!("{:?}", cell.value))).collect();
        let merges = grid.merges.iter().map(|m| (m.top, m.left, m.bottom, m.right)).collect();
        Sheet { name: grid.place.sheet.to_string(), cells, merges }
    });
    Some(sheets.collect())
}

fn told(data: &Data, shift: f64) -> Option<GridValue> {
    Some(match data {
        #[expect(clippy::cast_precision_loss, reason = "whole numbers of a ledger are small")]
        Data::Int(number) => GridValue::Number(*number as f64),
        Data::Float(number) => GridValue::Number(*number),
        Data::String(text) if text.trim().is_empty() => return None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            GridValue::Text(text.as_str().into())
        }
        Data::Bool(truth) => GridValue::Bool(*truth),
        Data::DateTime(time) => GridValue::Serial(time.as_f64() + shift),
        Data::Error(error) => GridValue::Error(error.to_string()),
        Data::Empty => return None,
    })
}

/// The same sheets through calamine; its dense ranges are why it does not read them in the program.
fn theirs(bytes: &[u8]) -> Vec<Sheet> {
    fn sheets<R: Reader<Cursor<Vec<u8>>>>(
        book: &mut R,
        shift: f64,
        merges: impl Fn(&mut R, &str) -> Vec<calamine::Dimensions>,
    ) -> Vec<Sheet> {
        let listed: Vec<_> =
            book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet).cloned().collect();
        let mut out = Vec::new();
        for sheet in listed {
            let range = book.worksheet_range(&sheet.name).ok().unwrap();
            let (top, left) = range.start().unwrap_or_default();
            let cells = range.used_cells().filter_map(|(row, col, data)| {
                let at = (u32::try_from(row).unwrap() + top + 1, u32::try_from(col).unwrap() + left + 1);
                Some((at, format!("{:?}", told(data, shift)?)))
            });
            let cells = cells.collect();
            let mut merges: Vec<_> = merges(book, &sheet.name)
                .iter()
                .map(|m| (m.start.0 + 1, m.start.1 + 1, m.end.0 + 1, m.end.1 + 1))
                .collect();
            merges.sort_unstable();
            merges.dedup();
            out.push(Sheet { name: sheet.name, cells, merges });
        }
        out
    }
    if bytes.starts_with(b"PK") {
        let mut book = Xlsb::new(Cursor::new(bytes.to_vec())).unwrap();
        let shift = if book.has_1904_epoch() { 1462.0 } else { 0.0 };
        return sheets(&mut book, shift, |_, _| Vec::new());
    }
    let wide: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut options = XlsOptions::default();
    if !bytes.windows(wide.len()).any(|window| window == wide) {
        options.force_codepage = Some(936);
    }
    let mut book = Xls::new_with_options(Cursor::new(bytes.to_vec()), options).unwrap();
    let shift = if book.has_1904_epoch() { 1462.0 } else { 0.0 };
    sheets(&mut book, shift, |book, name| book.merge_cells_by_sheet_name(name).unwrap_or_default())
}

/// Workbooks of these formats in a folder and its folders.
fn workbooks(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            workbooks(&path, found);
        } else if path.extension().is_some_and(|e| e == "xls" || e == "xlsb") || path.ends_with("xls_as.xlsx")
        {
            found.push(path);
        }
    }
}

/// `BINARY_WORKBOOKS=FOLDER` compares the workbooks of a folder of one's own as well.
#[test]
fn two_readers_agree_on_every_cell() {
    let mut found = Vec::new();
    for folder in ["tests/fixtures", "samples"] {
        workbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    found.extend(std::env::var_os("BINARY_WORKBOOKS").into_iter().flat_map(|folder| {
        let mut own = Vec::new();
        workbooks(Path::new(&folder), &mut own);
        own
    }));
    let mut compared = 0;
    let mut wrong = Vec::new();
    for path in found {
        let bytes = std::fs::read(&path).unwrap();
        let kind = ingest::format_name(&bytes);
        if !kind.contains("xls）") && !kind.contains("xlsb") || path.ends_with("truncated.xls") {
            continue;
        }
        let Some(ours) = ours("台账.xls", &bytes) else {
            wrong.push(format!("{}: not read", path.display()));
            continue;
        };
        let theirs = theirs(&bytes);
        // Of a binary workbook of 2007 calamine tells no merges, and passes over cells that leave out their column.
        let partly = kind.contains("xlsb");
        for (one, other) in ours.iter().zip(&theirs) {
            let differ = |(at, value): (&(u32, u32), &String)| {
                let same = one.cells.get(at) == Some(value);
                (!same).then(|| format!("{at:?} {value} but {:?}", one.cells.get(at)))
            };
            let mut odd: Vec<String> = other.cells.iter().filter_map(differ).take(3).collect();
            if !partly {
                let more = one.cells.iter().filter(|(at, _)| !other.cells.contains_key(at));
                odd.extend(more.take(3).map(|cell| format!("only ours: {cell:?}")));
            }
            if !odd.is_empty() || one.name != other.name || !partly && one.merges != other.merges {
                wrong.push(format!("{} {}: {}", path.display(), one.name, odd.join("; ")));
            }
        }
        if ours.len() != theirs.len() {
            wrong.push(format!("{}: {} and {} sheets", path.display(), ours.len(), theirs.len()));
        }
        compared += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 3, "{compared} workbooks compared");
}

const FORMAT: u16 = 0x041e;
const XF: u16 = 0x00e0;
const SST: u16 = 0x00fc;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const LABELSST: u16 = 0x00fd;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;

/// Looks 0 and 1 of a workbook: plain, and a date.
fn looks() -> Vec<u8> {
    [record(XF, &[0; 20]), record(XF, &[&[0, 0, 14, 0][..], &[0; 16]].concat())].concat()
}

fn read(stream: &[u8]) -> Result<Vec<Grid>, FileError> {
    let name = if stream[5] == 5 { "Book" } else { "Workbook" };
    ingest::read(&Arc::from("甲.xls"), &compound(name, stream)).value.map_err(|(error, _)| error)
}

fn values(grid: &Grid) -> Vec<(u32, u32, GridValue)> {
    let cells =
        grid.rows.iter().flat_map(|row| row.cells.iter().map(|c| (row.number, c.col, c.value.clone())));
    cells.collect()
}

fn text(text: &str) -> GridValue {
    GridValue::Text(text.into())
}

#[test]
fn every_kind_of_cell_is_read() {
    let shared = [&[0; 8][..], &wide("甲"), &wide("乙")].concat();
    let formula = |row: u16, result: [u8; 8]| cell(FORMULA, row, 0, 0, &[&result[..], &[0; 8]].concat());
    let sheet = Written::of(vec![
        cell(LABELSST, 0, 0, 0, &1_u32.to_le_bytes()),
        cell(LABEL, 0, 1, 0, &[&[2, 0, 0][..], b"ab"].concat()),
        cell(0x00d6, 0, 2, 0, &[wide("丙"), vec![1, 0, 0, 0, 0, 0]].concat()),
        cell(NUMBER, 1, 0, 0, &1.5_f64.to_le_bytes()),
        cell(NUMBER, 1, 1, 1, &45_000_f64.to_le_bytes()),
        cell(0x027e, 1, 2, 0, &(12_300_u32 << 2 | 3).to_le_bytes()),
        // Three packed numbers: a whole one, a date, the upper half of a fraction.
        record(
            0x00bd,
            &[
                &[2, 0, 3, 0][..],
                &[0, 0, 0x1e, 0, 0, 0],
                &[1, 0, 0x22, 0xbf, 2, 0],
                &[0, 0, 0, 0, 0xe0, 0x3f],
                &[5, 0],
            ]
            .concat(),
        ),
        cell(0x0205, 3, 0, 0, &[1, 0]),
        cell(0x0205, 3, 1, 0, &[0x17, 1]),
        formula(4, 2.5_f64.to_le_bytes()),
        formula(5, [0, 0, 0, 0, 0, 0, 0xff, 0xff]),
        record(0x04bc, &[0; 10]),
        record(STRING, &wide("结果")),
        formula(6, [1, 0, 1, 0, 0, 0, 0xff, 0xff]),
        formula(7, [2, 0, 0x07, 0, 0, 0, 0xff, 0xff]),
        formula(8, [3, 0, 0, 0, 0, 0, 0xff, 0xff]),
    ]);
    let grids = read(&stream(true, &[looks(), record(SST, &shared)], &[sheet])).unwrap();
    let number = GridValue::Number;
    assert_eq!(
        values(&grids[0]),
        [
            (1, 1, text("乙")),
            (1, 2, text("ab")),
            (1, 3, text("丙")),
            (2, 1, number(1.5)),
            (2, 2, GridValue::Serial(45_000.0)),
            (2, 3, number(123.0)),
            (3, 4, number(7.0)),
            (3, 5, GridValue::Serial(45_000.0)),
            (3, 6, number(0.5)),
            (4, 1, GridValue::Bool(true)),
            (4, 2, GridValue::Error("#REF!".to_owned())),
            (5, 1, number(2.5)),
            (6, 1, text("结果")),
            (7, 1, GridValue::Bool(true)),
            (8, 1, GridValue::Error("#DIV/0!".to_owned())),
        ]
    );
}

#[test]
fn a_formula_without_result_is_told() {
    let awaiting = cell(FORMULA, 2, 1, 0, &[&[0, 0, 0, 0, 0, 0, 0xff, 0xff][..], &[0; 8]].concat());
    let sheet = Written::of(vec![cell(LABEL, 0, 0, 0, &wide("标题")), awaiting.clone(), awaiting]);
    let bytes = compound("Workbook", &stream(true, &[], &[sheet]));
    let outcome = ingest::read(&Arc::from("甲.xls"), &bytes);
    let told: Vec<String> = outcome.findings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("R018") && told[0].contains("B3") && told[0].contains("有2个单元格是公式"),
        "{told:?}"
    );
}

#[test]
fn a_text_that_is_not_there_is_told() {
    let sheet = Written::of(vec![
        cell(LABEL, 0, 0, 0, &wide("标题")),
        cell(LABELSST, 0, 1, 0, &[9, 0, 0, 0]),
        cell(LABEL, 0, 2, 0, &wide("主题")),
    ]);
    let outcome = ingest::read(&Arc::from("甲.xls"), &compound("Workbook", &stream(true, &[], &[sheet])));
    let told: Vec<String> = outcome.findings.iter().map(ToString::to_string).collect();
    assert!(told.len() == 1 && told[0].contains("R020") && told[0].contains("B1"), "{told:?}");
    assert_eq!(values(&outcome.value.unwrap()[0]).len(), 2);
}

#[test]
fn a_long_result_of_a_formula_runs_on() {
    let long: String = "长".repeat(5000);
    let bytes = wide(&long);
    let sheet = Written::of(vec![
        cell(FORMULA, 0, 0, 0, &[&[0, 0, 0, 0, 0, 0, 0xff, 0xff][..], &[0; 8]].concat()),
        record(STRING, &bytes[..8003]),
        record(0x003c, &[&[1], &bytes[8003..]].concat()),
    ]);
    let grids = read(&stream(true, &[], &[sheet])).unwrap();
    assert_eq!(values(&grids[0]), [(1, 1, text(&long))]);
}

#[test]
fn workbooks_of_95_are_read_in_their_letters() {
    let name = [&[4][..], &[0xcc, 0xa8, 0xd5, 0xcb]].concat();
    let words = [0xd6, 0xd0, 0xce, 0xc4];
    let code = [&[0xa4, 0, 6][..], b"yyyy-m"].concat();
    let looks = [record(FORMAT, &code), record(XF, &[0, 0, 0xa4, 0, 0, 0, 0, 0])];
    let records = vec![
        cell(LABEL, 0, 0, 0, &[&[4, 0][..], &words].concat()),
        cell(0x00d6, 0, 1, 0, &[&[4, 0][..], &words, &[0]].concat()),
        cell(NUMBER, 0, 2, 0, &45_000_f64.to_le_bytes()),
        cell(FORMULA, 1, 0, 0, &[&[0, 0, 0, 0, 0, 0, 0xff, 0xff][..], &[0; 8]].concat()),
        record(STRING, &[&[4, 0][..], &words].concat()),
    ];
    // The page of another tongue, as programs of that time often named it.
    let globals = [record(0x0042, &1252_u16.to_le_bytes()), looks.concat()];
    let sheets = [Written { name, state: 0, kind: 0, records }];
    let grids = read(&stream(false, &globals, &sheets)).unwrap();
    assert_eq!(&*grids[0].place.sheet, "台账");
    let expected = [
        (1, 1, text("中文")),
        (1, 2, text("中文")),
        (1, 3, GridValue::Serial(45_000.0)),
        (2, 1, text("中文")),
    ];
    assert_eq!(values(&grids[0]), expected);
}

#[test]
fn days_count_from_1904_where_the_workbook_says_so() {
    let sheet = Written::of(vec![cell(NUMBER, 0, 0, 1, &40_000_f64.to_le_bytes())]);
    let grids = read(&stream(true, &[looks(), record(0x0022, &[1, 0])], &[sheet])).unwrap();
    assert!(grids[0].since_1904);
    assert_eq!(values(&grids[0]), [(1, 1, GridValue::Serial(41_462.0))]);
}

#[test]
fn what_is_hidden_and_merged_is_told() {
    let hidden = |row: u8| record(0x0208, &[row, 0, 0, 0, 9, 0, 0xff, 0, 0, 0, 0, 0, 0x20, 1, 0, 0]);
    let one = |row: u16| cell(LABEL, row, 0, 0, &wide("行"));
    let chart = [
        crate::harness::biff::begin(true, true),
        one(9),
        record(0x00e5, &[1, 0, 9, 0, 9, 0, 0, 0, 1, 0]),
        crate::harness::biff::end(),
    ];
    let by_hand = vec![
        hidden(1),
        one(0),
        one(1),
        chart.concat(),
        one(2),
        record(0x00e5, &[1, 0, 0, 0, 2, 0, 0, 0, 1, 0]),
    ];
    let filtered = vec![record(0x009b, &[]), hidden(0), one(0)];
    let sheet = |state, kind, records| Written { name: vec![1, 0, b'a' + state], state, kind, records };
    let sheets =
        [sheet(0, 0, by_hand), sheet(1, 0, filtered), sheet(0, 2, vec![one(0)]), sheet(2, 0, vec![one(0)])];
    let grids = read(&stream(true, &[], &sheets)).unwrap();
    let states: Vec<Visibility> = grids.iter().map(|grid| grid.visibility).collect();
    assert_eq!(states, [Visibility::Visible, Visibility::Hidden, Visibility::VeryHidden]);
    let hidden: Vec<Vec<_>> =
        grids.iter().map(|grid| grid.rows.iter().map(|row| row.hidden).collect()).collect();
    assert_eq!(hidden, [vec![None, Some(Hidden::ByHand), None], vec![Some(Hidden::ByFilter)], vec![None]]);
    assert_eq!(grids[0].merges, [Merge { top: 1, left: 1, bottom: 3, right: 2 }]);
}

#[test]
fn of_two_values_of_a_cell_the_later_holds() {
    let one = |row: u16, value: &str| cell(LABEL, row, 0, 0, &wide(value));
    let sheet = Written::of(vec![one(1, "先"), one(0, "上"), one(1, "后")]);
    let grids = read(&stream(true, &[], &[sheet])).unwrap();
    assert_eq!(values(&grids[0]), [(1, 1, text("上")), (2, 1, text("后"))]);
}

#[test]
fn hostile_workbooks_are_refused_or_read_in_bounds() {
    let label = cell(LABEL, 0, 0, 0, &wide("标题"));
    let sheet = |records| [Written::of(records)];
    // A stray cell at the far corner, which a dense reader lays out in full.
    let far = cell(NUMBER, 65_535, 255, 0, &1_f64.to_le_bytes());
    let grids = read(&stream(true, &[], &sheet(vec![label.clone(), far]))).unwrap();
    assert_eq!(values(&grids[0]).len(), 2);
    // A long text that every cell shares.
    let shared = [vec![0; 8], wide(&"字".repeat(4000))].concat();
    let many = (0..20_000_u16).map(|row| cell(LABELSST, row, 0, 0, &[0; 4])).collect();
    assert_eq!(read(&stream(true, &[record(SST, &shared)], &sheet(many))).unwrap_err(), FileError::TooLarge);
    // Encrypted; a record longer than the stream.
    let locked = stream(true, &[record(0x002f, &[1, 0, 1, 0])], &sheet(vec![label.clone()]));
    assert_eq!(read(&locked).unwrap_err(), FileError::Encrypted);
    let whole = stream(true, &[], &sheet(vec![label.clone()]));
    assert_eq!(read(&whole[..whole.len() - 6]).unwrap_err(), FileError::Corrupt);
    // A thousand listings of one sheet, each of which would be read anew.
    let mut again = stream(true, &[], &sheet(vec![label.clone(); 500]));
    let at = again.windows(4).position(|w| w[..2] == [0x85, 0]).unwrap();
    let length = 4 + usize::from(again[at + 2]);
    let mut listing = again[at..at + length].to_vec();
    let start = u32::from_le_bytes(listing[4..8].try_into().unwrap());
    let moved = start + u32::try_from(999 * length).unwrap();
    listing[4..8].copy_from_slice(&moved.to_le_bytes());
    again.splice(at..at + length, listing.repeat(1000));
    assert_eq!(read(&again).unwrap_err(), FileError::Corrupt);
}

#[test]
fn a_document_that_holds_a_workbook_is_a_document() {
    let mut inside: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    inside.resize(5000, 0);
    let bytes = compound("WordDocument", &inside);
    let (error, message) = ingest::read(&Arc::from("甲.doc"), &bytes).value.unwrap_err();
    assert_eq!(error, FileError::Unsupported);
    assert!(message.contains("Word"), "{message}");
}

#[test]
fn containers_that_lie_or_run_in_circles_come_to_an_end() {
    let many = |count: u16| (0..count).map(|row| cell(LABEL, row, 0, 0, &wide("标题"))).collect();
    let long = compound("Workbook", &stream(true, &[], &[Written::of(many(600))]));
    let short = compound("Workbook", &stream(true, &[], &[Written::of(many(3))]));
    let rows = |bytes: &[u8]| {
        let grids = ingest::read(&Arc::from("甲.xls"), bytes).value;
        grids.ok().map(|grids| grids.iter().map(|grid| grid.rows.len()).sum::<usize>())
    };
    assert_eq!((rows(&long), rows(&short)), (Some(600), Some(3)));
    let put = |bytes: &[u8], at: usize, value: u32| {
        let mut bytes = bytes.to_vec();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        bytes
    };
    let table = long.len() - 512;
    // A directory, a stream and a list of tables that lead back to themselves.
    assert_eq!(rows(&put(&long, table, 0)), Some(600));
    assert_eq!(rows(&put(&long, table + 4 * 4, 2)), None);
    assert_eq!(rows(&put(&long, 68, 2)), Some(600));
    let circle = put(&long, 68, 1);
    let circle = put(&circle, 1024 + 508, 1);
    assert_eq!(rows(&circle), Some(600));
    // A size far beyond the file; a name that is in no tree; the sibling of itself.
    assert_eq!(rows(&put(&long, 512 + 128 + 120, u32::MAX)), Some(600));
    assert_eq!(rows(&put(&long, 512 + 76, 77)), Some(600));
    assert_eq!(rows(&put(&long, 512 + 128 + 68, 1)), Some(600));
    // Small sectors that run in a circle.
    assert_eq!(rows(&put(&short, 1024, 0)), None);
    // Bytes after the last sector, and a last sector that is short.
    let stretched = [long.clone(), vec![0; 100]].concat();
    assert_eq!(rows(&stretched), Some(600));
    assert_eq!(rows(&long[..long.len() - 200]), Some(600));
}
