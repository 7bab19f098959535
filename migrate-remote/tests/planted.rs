//! Bugs that are planted in the protocols, to prove that the tests see them. A copy of the sources gets all of them at once,
//! each asleep until it is named; none of it stands in the library.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A piece of the library's text, found once, and what stands there while the bug is awake: expressions of one type.
struct Edit {
    file: &'static str,
    find: &'static str,
    bug: &'static str,
}

struct Bug {
    name: &'static str,
    edits: &'static [Edit],
    /// The crate of tests and the test that has to see it.
    seen_by: (&'static str, &'static str),
}

const ATTEMPT: &str = "migrate-remote/src/attempt.rs";
const COURSE: &str = "migrate-remote/src/session/course.rs";

const BUGS: &[Bug] = &[
    Bug {
        name: "random-rewritten",
        edits: &[Edit {
            file: "migrate-remote/src/session/mod.rs",
            find: "(rqlite::APPLY, rqlite::apply_body(attempt))",
            bug: "(\"/db/execute?transaction\", rqlite::apply_body(attempt))",
        }],
        seen_by: ("real", "plain::what_is_stored_is_what_the_file_says"),
    },
    Bug {
        // What a query says is 0 in the cases that the test has, so this is as if it had been asked.
        name: "keys-asked-by-query",
        edits: &[Edit {
            file: ATTEMPT,
            find: "format!(\"{UNLESS}(SELECT foreign_keys FROM pragma_foreign_keys)\")",
            bug: "String::from(\"SELECT 1\")",
        }],
        seen_by: ("real", "refused::a_cluster_that_enforces_foreign_keys_keeps_the_children"),
    },
    Bug {
        name: "guard-by-max",
        edits: &[Edit {
            file: ATTEMPT,
            find: "format!(\n        \"{UNLESS}(SELECT count(*) FROM {table}) <> {position} OR NOT EXISTS (SELECT 1 FROM {table} WHERE {before})\"\n    )",
            bug: "format!(\"{UNLESS}NOT EXISTS (SELECT 1 FROM {table} WHERE version = (SELECT max(version) FROM {table}) AND {before})\")",
        }],
        seen_by: ("session", "course::a_thousandth_version_comes_after_the_ones_before"),
    },
    Bug {
        name: "guard-after-the-statements",
        edits: &[
            Edit { file: ATTEMPT, find: "attempt.add(Role::Guard, guard(needs))", bug: "()" },
            Edit {
                file: ATTEMPT,
                find: "attempt.add_checks(needs)",
                bug: "{ attempt.add(Role::Guard, guard(&Needs { position: needs.position + 1, ..*needs })); attempt. add_checks(needs) }",
            },
        ],
        seen_by: ("session", "course::a_race_that_is_lost_runs_nothing_of_the_file"),
    },
    Bug {
        name: "no-guard",
        edits: &[Edit { file: ATTEMPT, find: "guard(needs)", bug: "String::from(\"SELECT 1\")" }],
        seen_by: ("session", "course::a_race_that_is_lost_runs_nothing_of_the_file"),
    },
    Bug {
        name: "no-second-read",
        edits: &[Edit {
            file: COURSE,
            find: "Want::Look(Beside::Nothing)\n            }\n            Want::Reread",
            bug: "{ self.tell_applied(attempt.position); return self.plan(attempt.position + 1) }",
        }],
        seen_by: ("session", "answers::every_fate_at_every_request_leaves_each_file_applied_once"),
    },
    Bug {
        name: "time-left-to-the-default",
        edits: &[Edit {
            file: ATTEMPT,
            find: "needs.stamps.iter().filter_map(|stamp| stamp.assignment(needs.time)).collect()",
            bug: "Vec::new()",
        }],
        seen_by: ("session", "course::a_tracking_table_may_need_quotes_and_its_time_is_the_clients"),
    },
    Bug {
        name: "errors-off-by-one",
        edits: &[Edit {
            file: COURSE,
            find: "core::statements(migration).into_iter().nth(index)",
            bug: "core::statements(migration).into_iter().nth(index + 1)",
        }],
        seen_by: ("session", "course::a_statement_that_fails_is_named_with_what_was_kept"),
    },
    Bug {
        name: "committed-without-commit",
        edits: &[Edit { file: "migrate-remote/src/libsql.rs", find: "!result.is_null()", bug: "true" }],
        seen_by: ("session", "course::a_file_that_breaks_its_contract_is_rolled_back"),
    },
    Bug {
        name: "fewer-results-taken-for-all",
        edits: &[Edit {
            file: "migrate-remote/src/rqlite.rs",
            find: "results.len() == sent",
            bug: "results.len() <= sent",
        }],
        seen_by: ("session", "answers::fewer_or_more_results_than_were_sent_are_no_answer"),
    },
    Bug {
        name: "trailing-comments-sent",
        edits: &[Edit { file: "migrate-core/src/remote/door.rs", find: "token.text != \";\"", bug: "true" }],
        seen_by: ("session", "course::statements_go_over_one_by_one_and_bare"),
    },
    Bug {
        name: "violations-not-checked",
        edits: &[Edit { file: ATTEMPT, find: "needs.violations", bug: "None" }],
        seen_by: ("session", "course::a_file_that_breaks_its_contract_is_rolled_back"),
    },
];

/// In the crates that get bugs.
const SWITCH: &str = "
/// Whether a planted bug is awake.
pub(crate) fn planted(bug: &str) -> bool {
    std::env::var_os(\"PLANTED_BUG\").is_some_and(|awake| awake == *bug)
}
";

#[test]
#[ignore = "builds a copy of the sources, and needs the servers of tests/servers/install"]
fn every_planted_bug_is_seen() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is around it");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in the folder of builds");
    let copy = target.join("planted-remote");
    // A file that has moved would be there twice.
    if copy.exists() {
        fs::remove_dir_all(&copy).expect("the last copy goes");
    }
    plant_all(root, &copy);
    for (name, seen_by) in BUGS.iter().map(|bug| (bug.name, bug.seen_by)) {
        let asleep = test(&copy, target, seen_by, "nothing");
        assert!(asleep.status.success(), "{seen_by:?} fails without a bug: {}", told(&asleep));
        let awake = test(&copy, target, seen_by, name);
        let text = told(&awake);
        assert!(
            !awake.status.success() && text.contains("1 failed"),
            "{name} is not seen by {seen_by:?}: {text}"
        );
        let first = text.lines().skip_while(|line| !line.contains("panicked at")).nth(1).unwrap_or_default();
        println!("{name:28} {}", first.chars().take(120).collect::<String>());
    }
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn test(copy: &Path, target: &Path, (of, name): (&str, &str), bug: &str) -> Output {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "test",
            "--quiet",
            "--offline",
            "--package",
            env!("CARGO_PKG_NAME"),
            "--features",
            "http",
            "--test",
            of,
        ])
        .args(["--", "--exact", "--include-ignored", "--nocapture", name])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .env("PLANTED_BUG", bug)
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("cargo is there")
}

/// Copies what git knows, and plants the bugs.
fn plant_all(root: &Path, copy: &Path) {
    let listed =
        Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().expect("git is there");
    let listed = String::from_utf8(listed.stdout).expect("names are UTF-8");
    // The tests of other packages stay behind, but the package among them, without which there is no workspace.
    let wanted = |file: &&str| !file.starts_with("tests/") || file.starts_with("tests/oracle/");
    for file in listed.split_terminator('\0').filter(wanted) {
        let Ok(bytes) = fs::read(root.join(file)) else { continue };
        write(&copy.join(file), &bytes);
    }
    let mut texts: Vec<(PathBuf, String)> = Vec::new();
    let mut text_of = |file: &str, change: &mut dyn FnMut(&str) -> String| {
        let path = copy.join(file);
        let at = texts.iter().position(|(known, _)| *known == path).unwrap_or_else(|| {
            texts.push((path, fs::read_to_string(root.join(file)).expect("it is there")));
            texts.len() - 1
        });
        texts[at].1 = change(&texts[at].1);
    };
    for bug in BUGS {
        for edit in bug.edits {
            text_of(edit.file, &mut |text| plant(text, bug.name, edit));
        }
    }
    for library in ["migrate-remote/src/lib.rs", "migrate-core/src/lib.rs"] {
        text_of(library, &mut |text| format!("#![allow(warnings)]\n{text}{SWITCH}"));
    }
    // Without another version cargo would take the copy for these sources, as it builds into the same folder.
    let version = concat!("[workspace.package]\nversion = \"", env!("CARGO_PKG_VERSION"));
    text_of("Cargo.toml", &mut |text| text.replace(version, &format!("{version}+planted")));
    for (path, text) in texts {
        write(&path, text.as_bytes());
    }
}

/// Puts a bug beside what it stands for.
fn plant(text: &str, name: &str, edit: &Edit) -> String {
    let Edit { file, find, bug } = edit;
    assert_eq!(text.matches(find).count(), 1, "{name}: {file} has `{find}` not once");
    let (before, after) = text.split_once(find).expect("it was found");
    // What follows the piece only tells it apart from others like it.
    let piece = find.split("\n            }\n").next().unwrap_or(find);
    let rest = find.strip_prefix(piece).unwrap_or_default();
    let awake = format!("crate::planted(\"{name}\")");
    format!("{before}(if {awake} {{ {bug} }} else {{ {piece} }}){rest}{after}")
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    fs::write(path, bytes).expect("it is written");
}
