//! What the compiler says of a broken folder, as snapshots: `tests/ui/RULE/CASE/` breaks RULE, `CASE.rs` beside it
//! embeds it, and `CASE.stderr` is all that is said.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the snapshots anew; read every line of the difference.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by a panic, and says what it skips"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use embed_migrations::Rule;

/// Folders of `tests/ui` that break several rules at once, or none.
const NO_RULES: [&str; 2] = ["arguments", "several-rules"];

/// Cases whose folders git or a file system somewhere cannot hold. They are made by [`made`].
const MADE: [&str; 10] = [
    "bad-file-name/as_long_as_it_gets",
    "bad-file-name/control_characters",
    "bad-file-name/not_unicode",
    "no-migrations/a_file",
    "no-migrations/empty_folder",
    "no-migrations/no_folder",
    "unexpected-entry/symlink_that_leaves_the_package",
    "unexpected-entry/symlink_to_nowhere",
    "unexpected-entry/trailing_dot_or_space",
    "unreadable-file/no_permission",
];

#[test]
fn every_problem_is_told_as_it_was() {
    // trybuild makes its own package, and that is where the macro looks for folders. A copy, not a symlink:
    // the folders that git cannot hold are made in it.
    let folder = support::target_folder().join("tests/trybuild").join(env!("CARGO_PKG_NAME")).join("ui");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the last copy can be removed");
    }
    support::copy(&ui(), &folder);

    let cases = trybuild::TestCases::new();
    for case in cases_in_git() {
        cases.compile_fail(format!("tests/ui/{case}.rs"));
    }
    for case in MADE {
        if made(&folder, case) {
            cases.compile_fail(format!("tests/ui/{case}.rs"));
        } else {
            println!("skipped: {case} cannot be made here");
        }
    }
}

#[test]
fn every_rule_has_its_cases() {
    let rules: Vec<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    for rule in &rules {
        let cases = support::names(&ui().join(rule), false);
        let cases = cases.iter().filter(|file| file.ends_with(".rs")).count();
        assert!(cases >= 2, "tests/ui/{rule}: a rule has a plain case and a harder one, and here is {cases}");
    }
    for folder in support::names(&ui(), true) {
        let known = rules.contains(&folder.as_str()) || NO_RULES.contains(&folder.as_str());
        assert!(known, "tests/ui/{folder}: there is no such rule");
    }
}

#[test]
fn every_case_is_whole_and_tells_of_its_rule() {
    for rule in support::names(&ui(), true) {
        let folders = support::names(&ui().join(&rule), true);
        let files = support::names(&ui().join(&rule), false);
        for case in files.iter().filter_map(|file| file.strip_suffix(".rs")) {
            let id = format!("{rule}/{case}");
            let snapshot = fs::read_to_string(ui().join(format!("{id}.stderr"))).expect(&id);
            if rule == "arguments" {
                continue;
            }
            assert!(
                folders.iter().any(|folder| folder == case) || MADE.contains(&id.as_str()),
                "tests/ui/{id}: its folder is missing"
            );
            let source = fs::read_to_string(ui().join(format!("{id}.rs"))).expect(&id);
            assert!(source.contains(&format!("\"ui/{id}\"")), "tests/ui/{id}.rs embeds another folder");
            if !NO_RULES.contains(&rule.as_str()) {
                assert!(snapshot.contains(&format!("[{rule}]")), "tests/ui/{id}.stderr is not about {rule}");
            }
            assert!(
                !snapshot.contains("[E"),
                "tests/ui/{id}.stderr: the compiler found something of its own, which is an echo"
            );
        }
        for folder in folders {
            let source = format!("{folder}.rs");
            assert!(files.contains(&source), "tests/ui/{rule}/{folder}: nothing embeds it");
        }
    }
}

fn ui() -> PathBuf {
    support::package().join("tests/ui")
}

/// `RULE/CASE` of all that lie in git.
fn cases_in_git() -> Vec<String> {
    let cases = support::names(&ui(), true).into_iter().flat_map(|rule| {
        let files = support::names(&ui().join(&rule), false);
        let cases: Vec<_> =
            files.iter().filter_map(|file| Some(format!("{rule}/{}", file.strip_suffix(".rs")?))).collect();
        cases
    });
    cases.filter(|case| !MADE.contains(&case.as_str())).collect()
}

/// Makes the folder of a case. `false` where this machine cannot.
fn made(ui: &Path, case: &str) -> bool {
    const FIRST: &str = "BEGIN;
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('000', 'first');
COMMIT;
";
    let folder = ui.join(case);
    let first = || support::write(&folder.join("000_first.sql"), FIRST);
    match case {
        "bad-file-name/as_long_as_it_gets" => {
            first();
            let name = format!("001_{}.sql", "Long".repeat(60) + "er");
            assert_eq!(name.len(), 250);
            fs::write(folder.join(name), "").is_ok()
        }
        "bad-file-name/control_characters" => {
            first();
            fs::write(folder.join("001_two\nlines\x1b[31m.sql"), "").is_ok()
        }
        "bad-file-name/not_unicode" => {
            first();
            not_unicode(&folder)
        }
        "no-migrations/a_file" => {
            support::write(&folder, FIRST);
            true
        }
        "no-migrations/empty_folder" => fs::create_dir_all(&folder).is_ok(),
        "no-migrations/no_folder" => true,
        "unexpected-entry/symlink_that_leaves_the_package" => {
            first();
            symlink(&std::env::temp_dir(), &folder.join("001_folder.sql"))
                && symlink(Path::new(env!("CARGO")), &folder.join("002_file.sql"))
        }
        "unexpected-entry/symlink_to_nowhere" => {
            first();
            symlink(Path::new("gone.sql"), &folder.join("001_gone.sql"))
        }
        "unexpected-entry/trailing_dot_or_space" => {
            first();
            // Windows drops both, and then the name is a good one.
            ["001_users.sql.", "002_posts.sql "].iter().all(|name| fs::write(folder.join(name), "").is_ok())
                && folder
                    .join("001_users.sql.")
                    .canonicalize()
                    .is_ok_and(|path| path.ends_with("001_users.sql."))
        }
        "unreadable-file/no_permission" => {
            first();
            unreadable(&folder.join("001_secret.sql"))
        }
        _ => unreachable!("{case} is made by nothing"),
    }
}

#[cfg(unix)]
fn symlink(to: &Path, at: &Path) -> bool {
    std::os::unix::fs::symlink(to, at).is_ok()
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> bool {
    false
}

/// `false` for a superuser, who can read everything.
#[cfg(unix)]
fn unreadable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    support::write(path, "");
    fs::set_permissions(path, fs::Permissions::from_mode(0o0)).expect("permissions can be taken away");
    fs::read(path).is_err()
}

#[cfg(not(unix))]
fn unreadable(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn not_unicode(folder: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    fs::write(folder.join(std::ffi::OsStr::from_bytes(b"001_gr\xf6sse.sql")), "").is_ok()
}

#[cfg(not(unix))]
fn not_unicode(_: &Path) -> bool {
    false
}
