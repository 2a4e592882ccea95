//! Learns the matcher's weights from `seeds/training/*.jsonl`, or tests them on rows held back.
//!
//! `learn train OUT` writes the weights, and `seeds/pairs.toml` with those of the program; `learn pairs`
//! writes the latter alone. `learn cv OUT` answers the judged rows blindly, fold by fold, one line each;
//! `learn lists OUT` answers the rows of each list as if the list were unknown (`WITHOUT=topic,relay` leaves
//! out the signs that begin so; `ALL=1` answers all rows). `learn match LIST WEIGHTS|-` answers rows from
//! standard input, `learn own FILE` those of an office's own list. Only `seeds/weights.bin` and
//! `seeds/pairs.toml` are ever written over.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::format_collect
)]

mod ground;

use ground::{PHRASES, ROWS, Seeds, create, rows};
use sha2::{Digest, Sha256};
use shuzhi::matching::Matcher;
use shuzhi::matching::learn::{Labelled, Settings, cross_validate, learn, learn_pairs, leave_lists_out};
use shuzhi::model::Match;
use shuzhi::seeds::Weights;
use shuzhi::seeds::pair_weights::{PairWeights, Sign};
use std::io::{BufRead, Write};

/// SHA-256 over everything that the weights depend on; a test compares it with the seeds as they are.
fn fingerprint() -> String {
    let mut files = vec!["seeds/duty-lists.txt".to_owned(), "seeds/kinds.toml".to_owned()];
    files.extend(PHRASES.map(|name| format!("seeds/phrases/{name}.toml")));
    files.extend(ROWS.map(|name| format!("seeds/training/{name}.jsonl")));
    let mut hash = Sha256::new();
    for file in files {
        hash.update(std::fs::read(file).unwrap());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn line(id: &str, matches: &[Match]) -> String {
    let items: Vec<_> = matches
        .iter()
        .map(|m| {
            serde_json::json!({
                "item": m.item.as_str(),
                "confidence": f64::from(m.confidence) / 1000.0,
                "decision": m.decision.as_str(),
                "evidence": m.evidence.iter().map(|e| format!("{} {}", e.weight, e.sentence)).collect::<Vec<_>>(),
            })
        })
        .collect();
    serde_json::json!({ "id": id, "items": items }).to_string()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let seeds = Seeds::load();
    let (lists, ground) = (&seeds.lists, seeds.ground());
    let mut settings = Settings::default();
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse::<f64>().unwrap());
    settings.cost = number("COST").unwrap_or(settings.cost);
    settings.judged_cost = number("JUDGED").unwrap_or(settings.judged_cost);
    settings.judged_weight = number("JWEIGHT").unwrap_or(settings.judged_weight);
    settings.second_cost = number("SC").unwrap_or(settings.second_cost);
    settings.second_judged = number("SJ").unwrap_or(settings.second_judged);
    #[allow(clippy::cast_possible_truncation)]
    if let Some(share) = number("SHARE") {
        settings.phrase_share = share as f32;
    }
    let started = std::time::Instant::now();
    match args[0].as_str() {
        "train" => {
            let weights = learn(&rows(), &ground, &settings);
            let bytes = weights.to_bytes();
            let content = weights.content();
            eprintln!(
                "{} bytes, {} features, {:?}, lists {:?}",
                bytes.len(),
                content.features().len(),
                started.elapsed(),
                content.lists
            );
            create(&args[1]).write_all(&bytes).unwrap();
            if args[1] == "seeds/weights.bin" {
                let pairs = learn_pairs(&rows(), &ground, &weights);
                std::fs::write("seeds/pairs.toml", pairs.to_toml()).unwrap();
                std::fs::write("seeds/weights.sha256", format!("{}\n", fingerprint())).unwrap();
            }
        }
        "cv" => {
            let rows = rows();
            let mut out = create(&args[1]);
            for blind in cross_validate(&rows, &ground, &settings, 5) {
                writeln!(out, "{}", line(&rows[blind.row].id, &blind.matches)).unwrap();
            }
            eprintln!("{:?}", started.elapsed());
        }
        "pairs" => {
            let weights = Weights::load("w", &std::fs::read("seeds/weights.bin").unwrap()).unwrap();
            let pairs = learn_pairs(&rows(), &ground, &weights);
            eprintln!("{:?}", started.elapsed());
            std::fs::write("seeds/pairs.toml", pairs.to_toml()).unwrap();
        }
        "lists" => {
            let weights = Weights::load("w", &std::fs::read("seeds/weights.bin").unwrap()).unwrap();
            let out = std::env::var("WITHOUT").unwrap_or_default();
            let used =
                |sign: Sign| !out.split(',').any(|part| !part.is_empty() && sign.name().starts_with(part));
            let rows = rows();
            let mut file = create(&args[1]);
            for blind in leave_lists_out(&rows, &ground, &weights, &used) {
                writeln!(file, "{}", line(&rows[blind.row].id, &blind.matches)).unwrap();
            }
            eprintln!("{:?}", started.elapsed());
        }
        "own" => {
            let weights = Weights::load("w", &std::fs::read("seeds/weights.bin").unwrap()).unwrap();
            let pairs = std::fs::read_to_string("seeds/pairs.toml").unwrap();
            let weights = weights.with_pairs(PairWeights::load("p", &pairs).unwrap());
            let own = shuzhi::pipeline::own_list::load(&args[1], &std::fs::read(&args[1]).unwrap()).unwrap();
            let loaded = std::time::Instant::now();
            let matcher = Matcher::new(&own[0], ground.kinds, ground.phrases, Some(&weights));
            eprintln!("ready in {:?}", loaded.elapsed());
            let lines: Vec<String> = std::io::stdin().lock().lines().map(Result::unwrap).collect();
            let rows: Vec<Labelled> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
            let ready = std::time::Instant::now();
            let found: Vec<Vec<Match>> = rows.iter().map(|row| matcher.matches(&row.text())).collect();
            eprintln!("{} rows in {:?}", rows.len(), ready.elapsed());
            for (row, found) in rows.iter().zip(&found) {
                println!("{}", line(&row.id, found));
            }
        }
        _ => {
            let weights =
                (args[2] != "-").then(|| Weights::load("w", &std::fs::read(&args[2]).unwrap()).unwrap());
            let loaded = started.elapsed();
            let matchers: Vec<Matcher> = lists
                .iter()
                .map(|list| Matcher::new(list, ground.kinds, ground.phrases, weights.as_ref()))
                .collect();
            let rows: Vec<Labelled> = std::io::stdin()
                .lock()
                .lines()
                .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
                .collect();
            let ready = started.elapsed();
            let mut out = Vec::new();
            for row in &rows {
                let at = lists.iter().position(|list| list.id.as_str() == row.list).unwrap();
                out.push(matchers[at].matches(&row.text()));
            }
            let done = started.elapsed();
            eprintln!(
                "loaded {loaded:?}, ready {ready:?}, {} rows in {:?}",
                rows.len(),
                done.saturating_sub(ready)
            );
            for (row, matches) in rows.iter().zip(&out) {
                println!("{}", line(&row.id, matches));
            }
        }
    }
}
