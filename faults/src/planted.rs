//! Bugs that are planted in the runner, to prove that the suite sees them. A copy of the sources gets all of them
//! at once, each asleep until it is named; none of it stands in the library.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// A piece of the library's text, found once (a bug that repeats it writes it with another space), and what stands there while the bug is awake: expressions of one type.
struct Edit {
    file: &'static str,
    find: &'static str,
    bug: &'static str,
}

const fn edit(file: &'static str, find: &'static str, bug: &'static str) -> Edit {
    Edit { file, find, bug }
}

struct Bug {
    name: &'static str,
    edits: &'static [Edit],
    /// The command that has to see it.
    seen_by: &'static str,
}

const PASS: &str = "migrate-core/src/run/pass.rs";
const APPLY: &str = "migrate-core/src/run/apply.rs";
const STEP: &str = "migrate-core/src/run/step.rs";
const CONNECTION: &str = "migrate-core/src/run/connection.rs";
const COPY: &str = "migrate-core/src/run/backup/copy.rs";
const BASELINE: &str = "migrate-core/src/run/baseline.rs";
const OPEN: &str = "migrate-core/src/run/open.rs";

const BEGIN: &str = r#"row::execute(self.conn, "BEGIN IMMEDIATE")"#;

const BUGS: &[Bug] = &[
    Bug {
        name: "deferred-begin",
        edits: &[edit(PASS, BEGIN, r#"row::execute(self.conn, "BEGIN")"#)],
        seen_by: "race",
    },
    Bug {
        name: "begin-not-retried",
        edits: &[edit(
            PASS,
            r#"begin().map_err(Error::sqlite("beginning a transaction"))"#,
            "begin().map_err(|_| Error::InTransaction.into())",
        )],
        seen_by: "race",
    },
    Bug {
        name: "no-second-read",
        edits: &[edit(
            PASS,
            "self.plan()?;\n        self.applied = plan.applied;\n        // Another process may have",
            "Plan::new(self.applied, self.migrations.first(self.end));",
        )],
        seen_by: "race",
    },
    Bug {
        name: "no-rollback",
        edits: &[edit(CONNECTION, "self.in_transaction || self.conn.is_autocommit()", "true")],
        seen_by: "denied",
    },
    Bug {
        name: "failing-file-kept",
        edits: &[edit(PASS, "savepoint.roll_back_to(self.conn)", "rusqlite::Result::Ok(())")],
        seen_by: "denied",
    },
    Bug {
        name: "foreign-keys-not-restored",
        edits: &[edit(CONNECTION, "conn.set_db_config(config, on)", "Ok::<_, rusqlite::Error>(on)")],
        seen_by: "denied",
    },
    Bug {
        name: "not-read-back",
        edits: &[edit(CONNECTION, "read(conn, wait, setting)? != on", "false")],
        seen_by: "denied",
    },
    Bug {
        name: "record-not-checked",
        edits: &[
            edit(APPLY, "self.history.recorded(conn, migration, before, closely)?", "Ok::<(), String>(())"),
            edit(
                PASS,
                "self.history.read(self.conn)",
                "Ok::<Standing, Unread>(Standing { applied: self.applied +  ran.len(), newer: None })",
            ),
        ],
        seen_by: "denied",
    },
    Bug {
        name: "commit-not-retried",
        edits: &[edit(
            PASS,
            r#"self.wait.retry(|| row::execute(conn, "COMMIT"))"#,
            r#"row::execute(conn, "COMMIT;")"#,
        )],
        seen_by: "race",
    },
    Bug {
        name: "going-on-after-an-error",
        edits: &[edit(APPLY, "step(conn, statement)", "{ let _ = step(conn,  statement); Answer::Ok(()) }")],
        seen_by: "denied",
    },
    Bug {
        name: "savepoint-not-released",
        edits: &[edit(APPLY, "savepoint.release.raw_execute()", "rusqlite::Result::Ok(0)")],
        seen_by: "frames",
    },
    Bug {
        name: "applied-before-commit",
        edits: &[edit(
            PASS,
            "ran.push((migration, start.map_or(Duration::ZERO, Moment::elapsed)))",
            "{ self.tell(Event::Applied { migration, elapsed: Duration::ZERO }); ran.push((migration, Duration::ZERO)) }",
        )],
        seen_by: "kill",
    },
    Bug {
        name: "kept-not-read",
        edits: &[edit(
            PASS,
            "self.wait.grace().retry(|| self.loan.snapshot(reread))",
            "Ok::<_, Box<Error>>(reread().map_or(Standing { applied: 0, newer: None }, |read| Standing { applied: 0, ..read }))",
        )],
        seen_by: "denied",
    },
    Bug {
        name: "nothing-synced",
        edits: &[edit(
            PASS,
            BEGIN,
            r#"row::execute(self.conn, "PRAGMA synchronous = OFF; BEGIN IMMEDIATE")"#,
        )],
        seen_by: "power",
    },
    Bug {
        name: "panic-without-memory",
        edits: &[edit(APPLY, "step(conn, statement)", "Answer::Ok(step(conn,  statement).unwrap())")],
        seen_by: "memory",
    },
    Bug {
        name: "step-outside-of-its-savepoint",
        edits: &[edit(
            STEP,
            "(step.run)(conn);",
            r#"{
                conn.execute_batch(&format!("RELEASE {own}")).unwrap();
                let ran = (step.run) (conn);
                conn.execute_batch(&format!("SAVEPOINT {own}")).unwrap();
                ran
            }"#,
        )],
        seen_by: "frames",
    },
    Bug {
        // Around each statement, and none around the file.
        name: "no-transaction",
        edits: &[edit(
            APPLY,
            "step(conn, statement)",
            r#"{
                let done = step(conn,  statement);
                if done.is_ok() && !mode.defers {
                    let name = &savepoint.name;
                    let around = format!("RELEASE {name}; COMMIT; BEGIN IMMEDIATE; SAVEPOINT {name}");
                    conn.execute_batch(&around).unwrap();
                }
                done
            }"#,
        )],
        seen_by: "kill",
    },
    Bug {
        name: "backup-before-the-lock",
        edits: &[
            edit(COPY, r#"locking == "exclusive""#, "true"),
            edit(COPY, "data_version(conn).map_err(reading)? == version", "true"),
        ],
        seen_by: "backup",
    },
    Bug {
        name: "backup-not-synced",
        edits: &[edit(COPY, r#""PRAGMA synchronous = FULL""#, r#""PRAGMA synchronous=OFF""#)],
        seen_by: "backup",
    },
    Bug {
        name: "backup-not-checked",
        edits: &[edit(COPY, r#"check(&copy).map_err(failed("checking the copy"))?"#, r#""ok".to_owned()"#)],
        seen_by: "backup",
    },
    Bug {
        name: "backup-not-removed",
        edits: &[edit(
            "migrate-core/src/run/backup/mod.rs",
            "taken.stays = changed || (ended && taken.may_have_changed());",
            "taken.stays  = true;",
        )],
        seen_by: "backup",
    },
    Bug {
        name: "baseline-without-the-second-look",
        edits: &[edit(
            BASELINE,
            r#"row::execute(conn, "BEGIN IMMEDIATE")"#,
            r#"row::execute(conn, "BEGIN")"#,
        )],
        seen_by: "baseline",
    },
    Bug {
        name: "switch-to-wal-not-retried",
        edits: &[edit(
            OPEN,
            r#"row::first(conn, "PRAGMA main.journal_mode = WAL", &[], |_| Ok(()))"#,
            r#"row::first(conn, "PRAGMA  main.journal_mode = WAL", &[], |_| Ok(())).map_err(|_| rusqlite::Error::InvalidQuery.into())"#,
        )],
        seen_by: "open",
    },
];

/// Which bug is awake, in the copy.
const AWAKE: &str = "PLANTED_BUG";

const SWITCH: &str = "
/// Whether a planted bug is awake.
pub(crate) fn planted(bug: &str) -> bool {
    std::env::var_os(\"PLANTED_BUG\").is_some_and(|awake| awake == *bug)
}
";

/// The program of the copy. It shares the folder of builds, and must not take the place of this one.
const PROGRAM: &str = "faults-with-bugs";

pub fn planted(only: Option<&str>) -> ExitCode {
    let start = Instant::now();
    if let Some(only) = only
        && BUGS.iter().all(|bug| bug.name != only)
    {
        let names: Vec<_> = BUGS.iter().map(|bug| bug.name).collect();
        println!("planted: there is no bug `{only}`; there are {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is around it").to_owned();
    let program = match build(&root) {
        Ok(program) => program,
        Err(error) => {
            println!("planted: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut unseen = 0;
    let bugs = BUGS.iter().filter(|bug| only.is_none_or(|only| only == bug.name));
    let mut count = 0;
    for bug in bugs {
        count += 1;
        let output = Command::new(&program)
            .args([bug.seen_by, "--first"])
            .env(AWAKE, bug.name)
            .stderr(Stdio::null())
            .output()
            .expect("it was built");
        let told = String::from_utf8_lossy(&output.stdout);
        // Not any failure: it has to have seen a violation.
        let seen = !output.status.success() && told.contains(&format!("{}: 1 violation", bug.seen_by));
        unseen += usize::from(!seen);
        let first = told.lines().nth(1).unwrap_or_default().trim();
        let first: String = first.chars().take(150).collect();
        println!(
            "  {:26} {:8} {}",
            bug.name,
            bug.seen_by,
            if seen { first } else { format!("NOT SEEN: {told}") }
        );
    }
    println!("planted: {count} bugs, {unseen} unseen, {:.1} s", start.elapsed().as_secs_f64());
    if unseen == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Copies what git knows, plants the bugs, and builds.
fn build(root: &Path) -> Result<PathBuf, String> {
    let told = |error: std::io::Error| error.to_string();
    let target = root.join("target");
    let copy = target.join("planted");
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().map_err(told)?;
    let listed = String::from_utf8(listed.stdout).map_err(|error| error.to_string())?;
    // No tests, but the package among them, without which there is no workspace.
    let wanted = |file: &&str| !file.starts_with("tests/") || file.starts_with("tests/oracle/");
    for file in listed.split_terminator('\0').filter(wanted) {
        let Ok(bytes) = fs::read(root.join(file)) else { continue };
        write_if_new(&copy.join(file), &bytes).map_err(told)?;
    }
    let mut texts: Vec<(&str, String)> = Vec::new();
    for file in BUGS.iter().flat_map(|bug| bug.edits).map(|edit| edit.file) {
        if texts.iter().all(|(known, _)| *known != file) {
            texts.push((file, fs::read_to_string(root.join(file)).map_err(told)?));
        }
    }
    for bug in BUGS {
        for edit in bug.edits {
            let text = texts.iter_mut().find(|(file, _)| *file == edit.file).expect("it was read");
            text.1 = plant(&text.1, bug, edit)?;
        }
    }
    let library = "migrate-core/src/lib.rs";
    let text = fs::read_to_string(root.join(library)).map_err(told)?;
    texts.push((library, format!("#![allow(warnings)]\n{text}{SWITCH}")));
    let manifest = "faults/Cargo.toml";
    let text = fs::read_to_string(root.join(manifest)).map_err(told)?;
    texts.push((
        manifest,
        text.replace("[[bin]]\nname = \"faults\"", &format!("[[bin]]\nname = \"{PROGRAM}\"")),
    ));
    // Without another version cargo would take the copy for these sources, as it builds into the same folder.
    let text = fs::read_to_string(root.join("Cargo.toml")).map_err(told)?;
    let version = concat!("[workspace.package]\nversion = \"", env!("CARGO_PKG_VERSION"));
    texts.push(("Cargo.toml", text.replace(version, &format!("{version}+planted"))));
    for (file, text) in texts {
        write_if_new(&copy.join(file), text.as_bytes()).map_err(told)?;
    }
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--offline", "--package", env!("CARGO_PKG_NAME")])
        .current_dir(&copy)
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .map_err(told)?;
    if !built.status.success() {
        let why = String::from_utf8_lossy(&built.stderr);
        return Err(format!("the copy with the bugs does not compile:\n{why}"));
    }
    Ok(target.join("debug").join(PROGRAM))
}

/// Puts a bug beside what it stands for. Where several stand for the same piece, the later ones wrap the earlier.
fn plant(text: &str, bug: &Bug, edit: &Edit) -> Result<String, String> {
    let Edit { file, find, bug: bad } = edit;
    // What follows the piece only tells it apart from others like it.
    let (piece, _) = find.split_once(['\n']).unwrap_or((find, ""));
    let piece = piece.trim_end_matches([';', '{', ' ']);
    let bad = bad.trim_end_matches([';', '{', ' ']);
    let mut places = text.match_indices(find);
    let Some((at, _)) = places.next() else {
        return Err(format!("{}: {file} has no `{find}`; where is it now?", bug.name));
    };
    if places.next().is_some() {
        return Err(format!("{}: {file} has `{find}` more than once", bug.name));
    }
    let (before, after) = (&text[..at], &text[at + piece.len()..]);
    Ok(format!("{before}(if crate::planted(\"{}\") {{ {bad} }} else {{ {piece} }}){after}", bug.name))
}

/// So that cargo builds again only what differs.
fn write_if_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().expect("it is in a folder"))?;
    fs::write(path, bytes)
}
