//! What an office lays beside the submissions: schemes, scores, answered 核对表, archives, lists of wordings.

use super::CATALOGUE;
use shuzhi::ingest::{self, Allowance, Bundle};
use shuzhi::model::{ListId, Scheme, Unit};
use shuzhi::pipeline::external::of_files;
use shuzhi::pipeline::units::Units;
use shuzhi::pipeline::{review, scheme_files};
use shuzhi::seeds::scheme::{EXAMPLES, Known, build};
use shuzhi::seeds::score_headers::ScoreHeaders;
use shuzhi::seeds::{HeaderTable, KindTable, chinese_toml, requirements};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::{Arc, LazyLock};

/// A workbook of 2003 whose sheets stand between form feeds: a line with the name, then cells between tabs.
pub fn tabbed(data: &[u8]) -> Vec<u8> {
    let text =
        String::from_utf8_lossy(data).replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let mut book =
        "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">".to_owned();
    for sheet in text.split('\u{c}') {
        let (name, rows) = sheet.split_once('\n').unwrap_or((sheet, ""));
        book.push_str(&format!("<Worksheet ss:Name=\"{name}\"><Table>"));
        for row in rows.split('\n') {
            book.push_str("<Row>");
            for cell in row.split('\t') {
                book.push_str(&format!("<Cell><Data ss:Type=\"String\">{cell}</Data></Cell>"));
            }
            book.push_str("</Row>");
        }
        book.push_str("</Table></Worksheet>");
    }
    (book + "</Workbook>").into_bytes()
}

static SCHEMES: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    let points = BTreeMap::new();
    let known = Known { requirements: &CATALOGUE.requirements, points: &points };
    let draft = |name: &str| scheme_files::built_in(name, "").unwrap().unwrap();
    EXAMPLES.iter().map(|(name, ..)| build(&draft(name), &known).unwrap()).collect()
});

static UNITS: LazyLock<Units> = LazyLock::new(|| {
    let unit = |name: &str| Unit { registered: true, ..Unit::named(name, ListId::from("ZB")) };
    let units = ["机关第一党支部", "机关第二党支部", "水文监测站党支部"].map(unit).to_vec();
    Units::new(units, "青岚市水务局", &ListId::from("ZB"))
});

/// A scheme, as TOML or as the form of a workbook; the first byte says which.
pub fn scheme(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let draft = if first % 2 == 0 {
        scheme_files::draft("计分方案.toml", rest)
    } else {
        scheme_files::draft("计分方案.xlsx", &tabbed(rest))
    };
    let points = BTreeMap::new();
    let known = Known { requirements: &CATALOGUE.requirements, points: &points };
    match draft {
        Ok(draft) => {
            if let Ok(scheme) = build(&draft, &known) {
                let _ = scheme_files::describe(&scheme, &CATALOGUE.requirements);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Scores, votes, ballots and events, as files of the folder 评分; the first byte picks a scheme.
pub fn scores(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let scheme = &SCHEMES[usize::from(*first) % SCHEMES.len()];
    let book = tabbed(rest);
    let outcome = of_files(&[("评分/表.xlsx", &book)], scheme, &UNITS, &CATALOGUE.headers.words.totals);
    assert!(outcome.findings.iter().all(|finding| !finding.message.is_empty()));
}

/// An answered 核对表.
pub fn answers(data: &[u8]) {
    if let Err(message) = review::read(&tabbed(data)) {
        assert!(!message.is_empty());
    }
}

/// An archive: whatever its members are called, they stay inside, and each is read as far as it goes.
pub fn bundle(data: &[u8]) {
    let Ok(Some(bundle)) = Bundle::open(Cursor::new(data), &mut Allowance::default()) else { return };
    for member in bundle.members.iter().take(50) {
        assert!(!member.name.is_empty() && !member.name.starts_with('/') && !member.name.contains('\0'));
        assert!(member.name.split('/').all(|part| part != ".." && !part.is_empty()));
        if let Ok(bytes) = member.bytes(&mut Cursor::new(data)) {
            let _ = ingest::is_bundle(&bytes);
            let _ = ingest::read_lightly(&Arc::from(member.name.as_str()), &bytes);
        }
    }
}

/// Wordings and requirements; the first byte says of what.
pub fn seeds(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let told = match first % 5 {
        0 => KindTable::load("a.toml", text).err().map(|error| error.to_string()),
        1 => HeaderTable::load("a.toml", text).err().map(|error| error.to_string()),
        2 => ScoreHeaders::load("a.toml", text).err().map(|error| error.to_string()),
        3 => requirements::load("a.toml", text, &CATALOGUE.lists[0], &CATALOGUE.kinds)
            .err()
            .map(|error| error.to_string()),
        _ => chinese_toml::parse("a.toml", text).err().map(|error| error.to_string()),
    };
    assert!(told.is_none_or(|message| message.contains("a.toml")));
}
