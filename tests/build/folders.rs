//! What is wrong with a folder, in our own words: `folders/RULE/CASE/migrations/` breaks RULE, and `problems.txt`
//! beside it is everything that is said about it. How the compiler frames these words is `compiler`'s affair.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test build folders` writes the texts anew; read every line of the difference.

use std::fs;
use std::path::{Path, PathBuf};

use embed_migrations::Rule;
use embed_migrations_core::__build::{Args, embed};

use crate::crates;

/// A folder whose cases break several rules at once.
const SEVERAL: &str = "several-rules";

/// Cases whose folders git or a file system somewhere cannot hold. A test makes each.
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
fn every_problem_reads_as_it_did() {
    let cases = cases().into_iter().filter(|case| !MADE.contains(&case.as_str()));
    // Most of the time is SQLite's, and no case knows of another.
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut shares = vec![Vec::new(); workers];
    cases.enumerate().for_each(|(index, case)| shares[index % workers].push(case));
    let differences: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = shares
            .iter()
            .map(|cases| {
                scope.spawn(|| {
                    let differences = cases.iter().filter_map(|case| difference(case, &folders().join(case)));
                    differences.collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a folder does not panic")).collect()
    });
    assert!(differences.is_empty(), "{} cases differ:\n\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn every_case_is_whole_and_is_about_its_rule() {
    for case in cases() {
        let folder = folders().join(&case);
        let problems = fs::read_to_string(folder.join("problems.txt")).expect(&case);
        let (rule, _) = case.split_once('/').expect("RULE/CASE");
        assert!(
            rule == SEVERAL || problems.contains(&format!("[{rule}]\n")),
            "{case}/problems.txt is not about {rule}"
        );
        let mut entries = crates::names(&folder, true);
        entries.extend(crates::names(&folder, false).into_iter().filter(|name| name != "arguments.txt"));
        let expected: &[_] =
            if MADE.contains(&case.as_str()) { &["problems.txt"] } else { &["migrations", "problems.txt"] };
        assert_eq!(entries, expected, "{case}");
    }
}

#[test]
fn every_rule_has_a_plain_case_and_a_harder_one() {
    let cases = cases();
    for rule in Rule::ALL {
        let count = cases.iter().filter(|case| case.starts_with(&format!("{rule}/"))).count();
        assert!(
            count >= 2,
            "tests/build/folders/{rule}: there must be two cases or more, and there are {count}"
        );
    }
    for rule in crates::names(&folders(), true) {
        let known = rule == SEVERAL || Rule::ALL.iter().any(|known| known.id() == rule);
        assert!(known, "tests/build/folders/{rule}: there is no such rule");
    }
}

/// On the file systems of Linux, which hold every name and every link.
#[cfg(target_os = "linux")]
#[test]
fn folders_that_git_cannot_hold_read_as_they_did() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    type Make = fn(&Path) -> std::io::Result<()>;
    let cases: [(&str, Make); 9] = [
        ("bad-file-name/as_long_as_it_gets", |folder| {
            let name = format!("001_{}.sql", "Long".repeat(60) + "er");
            assert_eq!(name.len(), 250);
            first(folder)?;
            fs::write(folder.join(name), "")
        }),
        ("bad-file-name/control_characters", |folder| {
            first(folder)?;
            fs::write(folder.join("001_two\nlines\x1b[31m.sql"), "")
        }),
        ("bad-file-name/not_unicode", |folder| {
            first(folder)?;
            fs::write(folder.join(std::ffi::OsStr::from_bytes(b"001_gr\xf6sse.sql")), "")
        }),
        ("no-migrations/a_file", |folder| fs::write(folder, FIRST)),
        ("no-migrations/empty_folder", |folder| fs::create_dir(folder)),
        ("no-migrations/no_folder", |_| Ok(())),
        ("unexpected-entry/symlink_that_leaves_the_package", |folder| {
            first(folder)?;
            symlink(std::env::temp_dir(), folder.join("001_folder.sql"))?;
            symlink(env!("CARGO"), folder.join("002_file.sql"))
        }),
        ("unexpected-entry/symlink_to_nowhere", |folder| {
            first(folder)?;
            symlink("gone.sql", folder.join("001_gone.sql"))
        }),
        ("unexpected-entry/trailing_dot_or_space", |folder| {
            first(folder)?;
            // Windows drops both, and then the name is a good one.
            ["001_users.sql.", "002_posts.sql "].iter().try_for_each(|name| fs::write(folder.join(name), ""))
        }),
    ];
    let names: Vec<_> = cases.iter().map(|(case, _)| *case).collect();
    assert_eq!(names, MADE[..9], "the last one has a test of its own");
    for (case, make) in cases {
        let root = tempfile::tempdir().expect("a folder can be made");
        make(&root.path().join("migrations")).expect(case);
        assert_eq!(difference(case, root.path()), None, "{case}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_reads_as_it_did() {
    use std::os::unix::fs::PermissionsExt;

    let root = tempfile::tempdir().expect("a folder can be made");
    let folder = root.path().join("migrations");
    first(&folder).expect("the first file can be written");
    let secret = folder.join("001_secret.sql");
    crates::write(&secret, "");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o0)).expect("permissions can be taken away");
    if fs::read(&secret).is_ok() {
        crate::rights::again_without_them("folders::a_file_without_permission_reads_as_it_did");
    } else {
        // Compiled in, since whoever has no rights may not reach the sources either.
        let expected = include_str!("folders/unreadable-file/no_permission/problems.txt");
        assert_eq!(told(root.path(), &Args::of("migrations")), expected);
    }
}

/// What is said about the folder `migrations` of a root, one problem after the other.
fn told(root: &Path, args: &Args) -> String {
    let problems = embed(root, args).err().unwrap_or_default();
    problems.iter().map(|problem| format!("{problem}\n")).collect::<Vec<_>>().join("\n")
}

/// How what is said about a folder differs from what a case says, unless the case is to be written anew.
fn difference(case: &str, root: &Path) -> Option<String> {
    let snapshot = folders().join(case).join("problems.txt");
    let told = told(root, &arguments(case));
    let expected = fs::read_to_string(&snapshot).unwrap_or_default();
    if told == expected {
        return None;
    }
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        crates::write(&snapshot, told);
        return None;
    }
    Some(format!("---- {case}\n{expected}---- is now\n{told}"))
}

/// What a case is embedded with, where it says so in `arguments.txt`.
fn arguments(case: &str) -> Args {
    let arguments = fs::read_to_string(folders().join(case).join("arguments.txt")).unwrap_or_default();
    arguments.trim().parse().expect(case)
}

fn folders() -> PathBuf {
    crates::package().join("tests/build/folders")
}

/// `RULE/CASE` of each.
fn cases() -> Vec<String> {
    let rules = crates::names(&folders(), true).into_iter();
    let cases = rules.flat_map(|rule| {
        let cases = crates::names(&folders().join(&rule), true).into_iter();
        cases.map(|case| format!("{rule}/{case}")).collect::<Vec<_>>()
    });
    cases.collect()
}

const FIRST: &str = "BEGIN;
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO schema_migrations (version, name) VALUES ('000', 'first');
COMMIT;
";

/// Makes a folder with a first file that breaks no rule.
fn first(folder: &Path) -> std::io::Result<()> {
    fs::create_dir(folder)?;
    fs::write(folder.join("000_first.sql"), FIRST)
}
