//! What the rehearsal with rows finds in real histories, against labels that were made by hand and by another
//! program. `cargo run --bin hazards -- FOLDER`, where each history in FOLDER has its `migrations/` (and `mended/`)
//! and an `expected.json`.
//!
//! Exits with 1 where a certain hazard is missed, or where more than 1 % of the files are accused without a cause.

use std::collections::BTreeSet;
use std::path::Path;

use embed_migrations_core::__build::{Args, embed};
use serde_json::Value;

/// Hazards that the labels know nothing of: they are listed, to be read by a person.
const UNLABELLED: [&str; 5] =
    ["fails-with-nulls", "fails-with-duplicates", "loses-values", "loses-constraint", "bare-default"];

#[derive(Default)]
struct Score {
    files: usize,
    unlabelled: usize,
    found: usize,
    missed: usize,
    data: usize,
    false_alarms: BTreeSet<String>,
    refused: BTreeSet<String>,
}

fn main() {
    let folder = std::env::args().nth(1).expect("a folder with histories");
    let mut histories: Vec<_> = std::fs::read_dir(&folder)
        .expect("it can be read")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    histories.sort();
    let mut score = Score::default();
    for history in histories {
        for set in ["migrations", "mended"] {
            if history.join(set).is_dir() {
                judge(&history, set, &mut score);
            }
        }
    }
    let percent = 100.0 * score.false_alarms.len() as f64 / score.files as f64;
    println!(
        "\n{} files: {} certain hazards found, {} missed, {} that depend on data; false alarms in {} files ({percent:.1} %); \
         refused by another rule: {}; to be read: {}",
        score.files,
        score.found,
        score.missed,
        score.data,
        score.false_alarms.len(),
        score.refused.len(),
        score.unlabelled
    );
    std::process::exit(i32::from(score.missed > 0 || percent > 1.0 || !score.refused.is_empty()));
}

fn judge(history: &Path, set: &str, score: &mut Score) {
    let name = format!("{}/{set}", history.file_name().expect("it has a name").to_string_lossy());
    let text = std::fs::read(history.join("expected.json")).expect("labels");
    let expected: Value = serde_json::from_slice(&text).expect("labels are JSON");
    let problems = match embed(history, &Args::of(set)) {
        Ok(embedded) => {
            score.files += embedded.migrations.len();
            Vec::new()
        }
        Err(problems) => {
            score.files += expected["files"].as_object().map_or(0, serde_json::Map::len);
            problems
        }
    };
    let labels = |file: &str, kind: &str| -> Vec<Value> {
        expected["files"][file][kind].as_array().cloned().unwrap_or_default()
    };
    let file_of = |problem: &embed_migrations_core::Problem| {
        problem.file.strip_prefix(&format!("{set}/")).unwrap_or(&problem.file).to_owned()
    };
    for problem in &problems {
        let file = file_of(problem);
        if !problem.rule.is_hazard() {
            println!("{name}: REFUSED {problem}");
            score.refused.insert(file);
            continue;
        }
        if UNLABELLED.contains(&problem.rule.id()) {
            println!("{name}: TO BE READ {problem}\n");
            score.unlabelled += 1;
            continue;
        }
        let is_label = |label: &Value| label["hazard"] == problem.rule.id();
        let labelled = labels(&file, "hazards").iter().chain(&labels(&file, "tolerated")).any(is_label);
        if !labelled {
            println!("{name}: FALSE ALARM {problem}\n");
            score.false_alarms.insert(format!("{name}/{file}"));
        }
    }
    let files = expected["files"].as_object().expect("files");
    for (file, _) in files {
        for label in labels(file, "hazards") {
            // The mended set holds no double-quoted strings any more.
            if set == "mended" && label["hazard"] == "double-quoted-string" {
                continue;
            }
            let rule = label["hazard"].as_str().unwrap_or_default();
            let mut objects: Vec<String> = ["table", "object", "missing"]
                .iter()
                .filter_map(|key| label[*key].as_str().map(str::to_owned))
                .collect();
            for key in ["objects", "direct_children"] {
                objects.extend(
                    label[key]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|name| name.as_str().map(str::to_owned)),
                );
            }
            let line = label["line"].as_u64();
            let hit = problems.iter().any(|problem| {
                let says_line = line
                    .is_none_or(|line| problem.place.as_ref().is_some_and(|place| place.line as u64 >= line));
                file_of(problem) == *file
                    && problem.rule.id() == rule
                    && says_line
                    && objects.iter().all(|object| problem.message.contains(object.as_str()))
            });
            match (label["confidence"].as_str(), hit) {
                (Some("certain"), true) => score.found += 1,
                (Some("certain"), false) => {
                    println!("{name}: MISSED {file} {label}\n");
                    score.missed += 1;
                }
                (_, true) => score.data += 1,
                _ => {}
            }
        }
    }
}
