//! Rules `[表格.…]` of an office: what settings take, what each key does, and how a folder is read by them.

mod folders;
mod keys;
mod races;
mod random;
mod settings;
mod sheets;
mod suggestions;

use shuzhi::model::Submission;
use shuzhi::pipeline::reading::understand_file;
use shuzhi::pipeline::settings::{FILE, Settings};
use shuzhi::pipeline::table_rules::TableRules;
use shuzhi::seeds::Catalogue;
use std::sync::LazyLock;

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());
    &CATALOGUE
}

/// A workbook: sheets by name, each with lines of cells divided by `|`.
pub(crate) fn book(sheets: &[(&str, &[&str])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, lines) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        if name.starts_with('藏') {
            sheet.set_hidden(true);
        }
        for (row, line) in (0_u32..).zip(*lines) {
            for (col, cell) in (0_u16..).zip(line.split('|')) {
                match cell.parse::<f64>() {
                    _ if cell.is_empty() => {}
                    Ok(number) => drop(sheet.write(row, col, number).unwrap()),
                    Err(_) => drop(sheet.write(row, col, cell).unwrap()),
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn rules(toml: &str) -> TableRules {
    let settings = Settings::parse(FILE, toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
    TableRules::of(&settings, catalogue()).unwrap_or_else(|error| panic!("{error}\n{toml}"))
}

/// A file of this name read by the rules of a settings text.
fn read(name: &str, bytes: &[u8], toml: &str) -> Submission {
    let rules = rules(toml);
    let submission = understand_file(name, bytes, &rules.for_file(name), catalogue()).submission;
    let counts = submission.counts;
    assert_eq!(counts.nonblank, counts.activity_rows + counts.excluded, "{toml}");
    submission
}

/// What a file gives, a line each: activities, rows left out, findings about rules.
fn told(submission: &Submission) -> String {
    let mut lines = Vec::new();
    let sheet = |name: &str| if name.is_empty() { String::new() } else { format!("{name} ") };
    for activity in &submission.activities {
        let kinds: Vec<&str> = activity.kinds.iter().map(shuzhi::model::KindId::as_str).collect();
        let mut line = format!(
            "{}{} {} {} {}",
            sheet(&activity.place.sheet),
            activity.place.a1(),
            activity.date.display(),
            kinds.join("、"),
            activity.title
        );
        if let Some(text) = &activity.description {
            line += &format!("：{text}");
        }
        if let Some(attended) = activity.attended {
            line += &format!(" {attended}人");
        }
        if let Some(minutes) = activity.minutes {
            line += &format!(" {minutes}分钟");
        }
        if let Some(unit) = &activity.unit {
            line += &format!(" @{unit}");
        }
        lines.push(line);
    }
    for row in &submission.excluded {
        lines.push(format!("- {}{} {}", sheet(&row.place.sheet), row.place.row, row.reason.as_str()));
    }
    for finding in submission.findings.iter().filter(|f| !f.rule.code.starts_with('N')) {
        lines.push(format!("! {} {}", finding.rule.code, finding.message));
    }
    lines.join("\n")
}
