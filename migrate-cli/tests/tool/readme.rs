//! The chapter of README about the tool, step by step, through cargo itself: what it says to type is typed, and what it says
//! comes of it has to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::package::{Package, TOOL};

const CHAPTER: &str = "### From `cargo new` to the third migration";

/// A line of dots stands for any lines, and one at the end of a line for its rest.
fn is_like(shown: &str, printed: &str) -> bool {
    let (shown, printed) = (untimed(shown), untimed(printed));
    let mut printed = printed.lines();
    let mut shown = shown.lines().peekable();
    while let Some(line) = shown.next() {
        if line == "…" {
            let Some(next) = shown.peek() else { return true };
            if !printed.by_ref().any(|printed| printed == *next) {
                return false;
            }
            shown.next();
            continue;
        }
        let same = match (line.strip_suffix('…'), printed.next()) {
            (Some(beginning), Some(printed)) => printed.starts_with(beginning),
            (None, printed) => printed == Some(line),
            (Some(_), None) => false,
        };
        if !same {
            return false;
        }
    }
    printed.next().is_none()
}

/// Without the times, which differ.
fn untimed(text: &str) -> String {
    let words = text.split(' ').collect::<Vec<_>>();
    let is_time = |word: &str| word.trim_start_matches('(').parse::<f64>().is_ok() && word.contains('.');
    let mut kept = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let unit = words
            .get(at + 1)
            .is_some_and(|next| next.starts_with("ms") || next.starts_with("s)") || next.starts_with("s,"));
        kept.push(if is_time(word) && unit { "N" } else { word });
    }
    kept.join(" ")
}

#[test]
fn the_chapter_in_the_readme_is_what_happens() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let (_, chapter) = readme.split_once(CHAPTER).expect("the chapter");
    let (chapter, _) = chapter.split_once("\n### ").expect("another one after it");

    let home = tempfile::tempdir().unwrap();
    let mut folder: PathBuf = home.path().to_owned();
    let path = format!("{}:{}", Path::new(TOOL).parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut typed = 0;
    for block in chapter.split("\n```").skip(1).step_by(2) {
        let (kind, text) = block.split_once('\n').unwrap();
        if kind == "sql" {
            let (name, text) = text.split_once('\n').unwrap();
            let file = folder.join(name.trim_start_matches("-- "));
            let there = fs::read_to_string(&file).unwrap();
            if there.contains("-- Write the change here.") {
                // Nothing but the change itself is new.
                let kept = |text: &str| {
                    text.lines()
                        .filter(|line| line.contains("schema_migrations"))
                        .map(str::to_owned)
                        .collect::<Vec<_>>()
                };
                assert_eq!(kept(&there), kept(text));
                fs::write(&file, format!("{text}\n")).unwrap();
            } else {
                assert_eq!(there, format!("{text}\n"), "{name}");
            }
            continue;
        }
        assert_eq!(kind, "console");
        for step in text.strip_prefix("$ ").expect("a command").split("\n$ ") {
            let (command, shown) = step.split_once('\n').unwrap_or((step, ""));
            if let Some(into) = command.strip_prefix("cd ") {
                folder.push(into);
                continue;
            }
            let output = Command::new("sh")
                .args(["-c", command])
                .current_dir(&folder)
                .env("PATH", &path)
                .env_remove("DATABASE_URL")
                .output()
                .unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(is_like(shown, &printed), "$ {command}\n{printed}{said}");
            typed += 1;
        }
    }
    assert!(typed > 10, "{typed}");
}

#[test]
fn the_task_of_the_editor_finds_each_problem() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let (_, json) = readme.split_once("```json\n").expect("the settings");
    let (json, _) = json.split_once("\n```").unwrap();
    let tasks: serde_json::Value = serde_json::from_str(json).unwrap();
    let task = &tasks["tasks"][0];
    assert_eq!(
        (&task["command"], &task["problemMatcher"]),
        (&"cargo migrate check".into(), &"$rustc".into())
    );
    let package = Package::with(&[("001_a.sql", "SELECT * FROM nowhere;"), ("003_b.sql", "SELECT 1;")]);
    let printed = package.finds(&["check"]);
    let lines: Vec<_> = printed.lines().collect();
    // `$rustc` is `^(warning|warn|error)(?:\[(.*?)\])?: (.*)$`, and in the next line `^[\s->=]*(.*?):([1-9]\d*):([1-9]\d*)\s*$`.
    let found = lines.windows(2).filter(|pair| pair[0].starts_with("error[")).map(|pair| {
        let mut place = pair[1].trim_start_matches([' ', '-', '>']).rsplitn(3, ':');
        let [column, line, file] = [(); 3].map(|()| place.next().expect("a file, a line and a column"));
        (file, line.parse::<usize>().unwrap(), column.parse::<usize>().unwrap())
    });
    let expected = [("migrations/001_a.sql", 2, 15), ("migrations/003_b.sql", 1, 1)];
    assert_eq!(found.collect::<Vec<_>>(), expected, "{printed}");
}
