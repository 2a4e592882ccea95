//! Workbooks of 97–2003 built record by record, sound or not.

/// A record of a workbook stream.
pub fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
}

/// The record of a cell: row, column and look before what it holds.
pub fn cell(kind: u16, row: u16, col: u16, look: u16, rest: &[u8]) -> Vec<u8> {
    let head: Vec<u8> = [row, col, look].into_iter().flat_map(u16::to_le_bytes).collect();
    record(kind, &[&head, rest].concat())
}

/// A text of 97 after its length of two bytes, all letters wide.
pub fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = u16::try_from(units.len()).unwrap();
    let letters: Vec<u8> = units.into_iter().flat_map(u16::to_le_bytes).collect();
    [&length.to_le_bytes()[..], &[1], &letters].concat()
}

/// The beginning of a stream or sheet in the version of 97, or of 95.
pub fn begin(modern: bool, sheet: bool) -> Vec<u8> {
    let version: u16 = if modern { 0x0600 } else { 0x0500 };
    let kind: u16 = if sheet { 0x0010 } else { 0x0005 };
    let head: Vec<u8> = [version, kind, 0, 0].into_iter().flat_map(u16::to_le_bytes).collect();
    record(0x0809, &head)
}

/// The end of a stream or sheet.
pub fn end() -> Vec<u8> {
    record(0x000a, &[])
}

/// A sheet to come: the bytes of its name as they stand in the listing, state, kind, records.
pub struct Sheet {
    pub name: Vec<u8>,
    pub state: u8,
    pub kind: u8,
    pub records: Vec<Vec<u8>>,
}

impl Sheet {
    /// A visible sheet of this many records in the version of 97.
    pub fn of(records: Vec<Vec<u8>>) -> Self {
        Self { name: [&[3, 0][..], b"one"].concat(), state: 0, kind: 0, records }
    }
}

/// The stream of a workbook: what stands before the sheets, their listing, the sheets.
pub fn stream(modern: bool, globals: &[Vec<u8>], sheets: &[Sheet]) -> Vec<u8> {
    let listing = |start: usize, sheet: &Sheet| {
        let start = u32::try_from(start).unwrap().to_le_bytes();
        record(0x0085, &[&start[..], &[sheet.state, sheet.kind], &sheet.name].concat())
    };
    let before = [begin(modern, false), globals.concat()].concat();
    let lists: usize = sheets.iter().map(|sheet| listing(0, sheet).len()).sum();
    let mut start = before.len() + lists + end().len();
    let mut out = before;
    let mut bodies = Vec::new();
    for sheet in sheets {
        out.extend(listing(start, sheet));
        let body = [begin(modern, true), sheet.records.concat(), end()].concat();
        start += body.len();
        bodies.push(body);
    }
    [out, end(), bodies.concat()].concat()
}

fn entry(name: &str, kind: u8, child: u32, start: u32, size: u32) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    for (at, unit) in name.encode_utf16().enumerate() {
        bytes[at * 2..at * 2 + 2].copy_from_slice(&unit.to_le_bytes());
    }
    bytes[64] = u8::try_from(name.len() * 2 + 2).unwrap();
    bytes[66] = kind;
    bytes[68..76].fill(0xff);
    bytes[76..80].copy_from_slice(&child.to_le_bytes());
    bytes[116..120].copy_from_slice(&start.to_le_bytes());
    bytes[120..124].copy_from_slice(&size.to_le_bytes());
    bytes
}

/// A compound file that holds one stream: sector 0 is the directory, 1 the table of small sectors, then
/// come the stream and the allocation table.
pub fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const END: u32 = 0xffff_fffe;
    let small = stream.len() < 4096;
    let count = u32::try_from(stream.len().div_ceil(512)).unwrap();
    let tables = (count + 3).div_ceil(127).max(1);
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    header[24..34].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    header[76..512].fill(0xff);
    let mut put = |at: usize, value: u32| header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(44, tables);
    put(48, 0);
    put(56, 4096);
    put(60, if small { 1 } else { END });
    put(64, u32::from(small));
    put(68, END);
    for table in 0..tables {
        put(76 + 4 * table as usize, 2 + count + table);
    }
    // Directory, small table, stream, allocation.
    let mut next: Vec<u32> = vec![END, END];
    next.extend((0..count).map(|at| if at + 1 == count { END } else { at + 3 }));
    next.extend((0..tables).map(|_| 0xffff_fffd));
    next.resize(tables as usize * 128, 0xffff_ffff);
    let size = u32::try_from(stream.len()).unwrap();
    let (root, start) = if small { ((2, count * 512), 0) } else { ((END, 0), 2) };
    let directory =
        [entry("Root Entry", 5, 1, root.0, root.1), entry(name, 2, u32::MAX, start, size), vec![0; 256]];
    let smalls = u32::try_from(stream.len().div_ceil(64)).unwrap();
    let mut small_next: Vec<u32> =
        (1..=smalls.min(128)).map(|at| if at == smalls { END } else { at }).collect();
    small_next.resize(128, 0xffff_ffff);
    let words = |words: Vec<u32>| words.into_iter().flat_map(u32::to_le_bytes).collect::<Vec<u8>>();
    let mut padded = stream.to_vec();
    padded.resize(count as usize * 512, 0);
    [header, directory.concat(), words(small_next), padded, words(next)].concat()
}
